-- +goose Up

-- Files that belong to a record: photographs and documents. Their content stands apart, so that lists never read it.
CREATE TABLE attachment (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  owner_kind TEXT NOT NULL,
  owner_id   BIGINT NOT NULL,
  type       TEXT NOT NULL,
  name       TEXT NOT NULL,
  alt        TEXT NOT NULL DEFAULT '',
  size       BIGINT NOT NULL,
  width      BIGINT NOT NULL DEFAULT 0,
  height     BIGINT NOT NULL DEFAULT 0,
  hash       TEXT NOT NULL,
  personal   BOOLEAN NOT NULL DEFAULT FALSE,
  account_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX attachment_owner ON attachment (tenant_id, owner_kind, owner_id, id);
CREATE INDEX attachment_age ON attachment (tenant_id, owner_kind, created_at, id);

-- The content of files in sealed parts: the whole, and of a picture a small one.
CREATE TABLE attachment_part (
  tenant_id     BIGINT NOT NULL,
  id            BIGINT NOT NULL,
  attachment_id BIGINT NOT NULL,
  form          TEXT NOT NULL,
  seq           BIGINT NOT NULL,
  size          BIGINT NOT NULL,
  content       BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX attachment_part_seq ON attachment_part (tenant_id, attachment_id, form, seq);
