-- +goose Up
-- The person may take back that somebody runs a case for them (PRIV-2). ended_by is the account that noted it, 0 where they did it themselves; consent_on stays with what was agreed.
ALTER TABLE case_takeover ADD COLUMN ended_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_takeover ADD COLUMN ended_by BIGINT NOT NULL DEFAULT 0;
