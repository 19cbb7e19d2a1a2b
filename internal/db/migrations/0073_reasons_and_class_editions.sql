-- +goose Up

-- Why more time is asked for, in words that whoever reported a case may read (casework.Hold); '' where it was asked before there were any.
ALTER TABLE service_case ADD COLUMN extension_reason TEXT NOT NULL DEFAULT '';

-- Every edition of a class of the catalogue as it was, the present one included; account_id is 0 for what the platform set up. What was changed before editions were kept begins with the present one.
CREATE TABLE catalogue_class_edition (
  tenant_id  BIGINT NOT NULL,
  list       TEXT NOT NULL,
  code       TEXT NOT NULL,
  edition    BIGINT NOT NULL,
  name       TEXT NOT NULL,
  name_en    TEXT NOT NULL DEFAULT '',
  rank       BIGINT NOT NULL DEFAULT 0,
  retired    BOOLEAN NOT NULL DEFAULT FALSE,
  account_id BIGINT NOT NULL DEFAULT 0,
  at         BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, list, code, edition)
);
INSERT INTO catalogue_class_edition (tenant_id, list, code, edition, name, name_en, rank, retired, account_id, at)
  SELECT k.tenant_id, k.list, k.code, k.version, k.name, k.name_en, k.rank, k.retired, 0, 0 FROM catalogue_class k;
