-- +goose Up

-- The need that was made of what a helper found lacking on a visit.
ALTER TABLE pairing_visit ADD COLUMN need_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX pairing_visit_need ON pairing_visit (tenant_id, need_id) WHERE need_id <> 0;
