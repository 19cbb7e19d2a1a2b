-- +goose Up

-- A talk (PARTY-27) is between two members: member_id and with_id (0: with_id is not known, as of contacts before). reason says why it was held; '' is the
-- talk of the year.
ALTER TABLE contact ADD COLUMN with_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE contact ADD COLUMN reason TEXT NOT NULL DEFAULT '';
CREATE INDEX contact_with ON contact (tenant_id, with_id, on_date) WHERE with_id <> 0;
