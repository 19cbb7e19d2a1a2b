-- +goose Up

-- Forms of offices that were dropped in, with what somebody said about them and what came of filling them in. The workbooks themselves stand
-- in file, sealed. Only the account that dropped a form in sees it; it is removed on expires_on.
CREATE TABLE office_form (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  account_id   BIGINT NOT NULL,
  name         TEXT NOT NULL,
  title        TEXT NOT NULL DEFAULT '',
  file_id      BIGINT NOT NULL,
  filled_id    BIGINT NOT NULL DEFAULT 0,
  choice       TEXT NOT NULL DEFAULT '{}',
  outcome      TEXT NOT NULL DEFAULT '',
  rows_asked   BIGINT NOT NULL DEFAULT 0,
  cells_asked  BIGINT NOT NULL DEFAULT 0,
  cells_filled BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL,
  filled_at    BIGINT NOT NULL DEFAULT 0,
  expires_on   TEXT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX office_form_account ON office_form (tenant_id, account_id, id);
CREATE INDEX office_form_expiry ON office_form (tenant_id, expires_on);
