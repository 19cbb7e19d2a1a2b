-- +goose Up

-- Cases that came in with a table: the import, and a blind index of what the row said, so that the same table read again makes no doubles.
ALTER TABLE service_case ADD COLUMN import_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE service_case ADD COLUMN import_key TEXT NOT NULL DEFAULT '';
CREATE INDEX service_case_import ON service_case (tenant_id, import_key) WHERE import_key <> '';
