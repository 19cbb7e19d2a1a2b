-- +goose Up

-- A tenant is one county-level district; its key is the six-digit division code.
CREATE TABLE tenant (
  tenant_id  BIGINT NOT NULL PRIMARY KEY,
  name       TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

-- Dated policy values (GEN-2): targets, limits, switches. value is text read by its owner.
CREATE TABLE policy (
  tenant_id  BIGINT NOT NULL,
  name       TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  value      TEXT NOT NULL,
  source     TEXT NOT NULL DEFAULT '',
  set_by     BIGINT NOT NULL DEFAULT 0,
  set_at     BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, name, valid_from)
);

-- Days off and exchange work days per year (CAL-6).
CREATE TABLE calendar_day (
  tenant_id BIGINT NOT NULL,
  day       TEXT NOT NULL,
  off       BOOLEAN NOT NULL,
  name      TEXT NOT NULL,
  notice    TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, day)
);

CREATE TABLE account (
  tenant_id        BIGINT NOT NULL,
  id               BIGINT NOT NULL,
  login            TEXT NOT NULL,
  name             TEXT NOT NULL,
  password_hash    TEXT NOT NULL DEFAULT '',
  password_set_at  BIGINT NOT NULL DEFAULT 0,
  must_change      BOOLEAN NOT NULL DEFAULT FALSE,
  totp_secret      BYTEA,
  totp_pending     BYTEA,
  totp_last_step   BIGINT NOT NULL DEFAULT 0,
  person_id        BIGINT NOT NULL DEFAULT 0,
  status           TEXT NOT NULL DEFAULT 'active',
  failed_count     BIGINT NOT NULL DEFAULT 0,
  locked_until     BIGINT NOT NULL DEFAULT 0,
  lang             TEXT NOT NULL DEFAULT 'zh',
  created_at       BIGINT NOT NULL,
  version          BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX account_login ON account (tenant_id, login);
CREATE INDEX account_person ON account (tenant_id, person_id) WHERE person_id <> 0;

CREATE TABLE session (
  tenant_id    BIGINT NOT NULL,
  token_hash   TEXT NOT NULL,
  id           BIGINT NOT NULL,
  account_id   BIGINT NOT NULL,
  stage        TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  ip           TEXT NOT NULL DEFAULT '',
  user_agent   TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, token_hash)
);
CREATE INDEX session_account ON session (tenant_id, account_id);
CREATE INDEX session_expires ON session (tenant_id, expires_at);

CREATE TABLE api_token (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  token_hash   TEXT NOT NULL,
  account_id   BIGINT NOT NULL,
  name         TEXT NOT NULL,
  permissions  TEXT NOT NULL DEFAULT '',
  created_at   BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL DEFAULT 0,
  revoked_at   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX api_token_hash ON api_token (tenant_id, token_hash);

-- Roles are data: permissions is a list of concept.verb names separated by blanks, gives the codes of the roles that its
-- holders may give to others; staff is false for roles of people who only see to their own affairs.
CREATE TABLE role (
  tenant_id   BIGINT NOT NULL,
  code        TEXT NOT NULL,
  name        TEXT NOT NULL,
  name_en     TEXT NOT NULL DEFAULT '',
  permissions TEXT NOT NULL,
  gives       TEXT NOT NULL DEFAULT '',
  staff       BOOLEAN NOT NULL DEFAULT TRUE,
  built_in    BOOLEAN NOT NULL DEFAULT FALSE,
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, code)
);

CREATE TABLE role_grant (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  account_id      BIGINT NOT NULL,
  role_code       TEXT NOT NULL,
  organisation_id BIGINT NOT NULL,
  valid_from      TEXT NOT NULL,
  valid_to        TEXT NOT NULL DEFAULT '',
  granted_by      BIGINT NOT NULL DEFAULT 0,
  granted_at      BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX role_grant_account ON role_grant (tenant_id, account_id);

-- Who did or read what, when, for what purpose. Never changed; chained by audit_link.
CREATE TABLE audit_entry (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  at              BIGINT NOT NULL,
  account_id      BIGINT NOT NULL,
  actor_name      TEXT NOT NULL,
  actor_role      TEXT NOT NULL,
  action          TEXT NOT NULL,
  subject_kind    TEXT NOT NULL,
  subject_id      BIGINT NOT NULL DEFAULT 0,
  person_id       BIGINT NOT NULL DEFAULT 0,
  organisation_id BIGINT NOT NULL DEFAULT 0,
  purpose         TEXT NOT NULL DEFAULT '',
  detail          TEXT NOT NULL DEFAULT '',
  request_id      TEXT NOT NULL DEFAULT '',
  digest          TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_entry_person ON audit_entry (tenant_id, person_id, id) WHERE person_id <> 0;
CREATE INDEX audit_entry_account ON audit_entry (tenant_id, account_id, id);
CREATE INDEX audit_entry_subject ON audit_entry (tenant_id, subject_id, id) WHERE subject_id <> 0;
CREATE INDEX audit_entry_action ON audit_entry (tenant_id, action, id);

CREATE TABLE audit_link (
  tenant_id BIGINT NOT NULL,
  seq       BIGINT NOT NULL,
  entry_id  BIGINT NOT NULL,
  hash      TEXT NOT NULL,
  PRIMARY KEY (tenant_id, seq)
);
CREATE UNIQUE INDEX audit_link_entry ON audit_link (tenant_id, entry_id);

CREATE TABLE job (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  kind        TEXT NOT NULL,
  args        TEXT NOT NULL,
  unique_key  TEXT NOT NULL DEFAULT '',
  state       TEXT NOT NULL,
  run_at      BIGINT NOT NULL,
  attempts    BIGINT NOT NULL DEFAULT 0,
  leased_until BIGINT NOT NULL DEFAULT 0,
  done        BIGINT NOT NULL DEFAULT 0,
  total       BIGINT NOT NULL DEFAULT 0,
  message     TEXT NOT NULL DEFAULT '',
  account_id  BIGINT NOT NULL DEFAULT 0,
  created_at  BIGINT NOT NULL,
  finished_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX job_due ON job (tenant_id, state, run_at);
CREATE UNIQUE INDEX job_unique ON job (tenant_id, kind, unique_key) WHERE unique_key <> '' AND state IN ('waiting', 'running');

CREATE TABLE idempotency (
  tenant_id    BIGINT NOT NULL,
  account_id   BIGINT NOT NULL,
  key          TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status       BIGINT NOT NULL,
  content_type TEXT NOT NULL,
  body         BYTEA,
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, account_id, key)
);

-- Files that people hand in or that the platform keeps for them; content is sealed.
CREATE TABLE file (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  name         TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size         BIGINT NOT NULL,
  hash         TEXT NOT NULL,
  content      BYTEA NOT NULL,
  account_id   BIGINT NOT NULL,
  created_at   BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);

-- One table read from a file: what was in it, what became of it.
CREATE TABLE import (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  kind            TEXT NOT NULL,
  organisation_id BIGINT NOT NULL DEFAULT 0,
  file_id         BIGINT NOT NULL DEFAULT 0,
  file_name       TEXT NOT NULL,
  file_hash       TEXT NOT NULL,
  mapping         TEXT NOT NULL DEFAULT '',
  options         TEXT NOT NULL DEFAULT '',
  state           TEXT NOT NULL,
  dry_run         BOOLEAN NOT NULL,
  take_good       BOOLEAN NOT NULL,
  rows_read       BIGINT NOT NULL DEFAULT 0,
  inserted        BIGINT NOT NULL DEFAULT 0,
  updated         BIGINT NOT NULL DEFAULT 0,
  unchanged       BIGINT NOT NULL DEFAULT 0,
  rejected        BIGINT NOT NULL DEFAULT 0,
  warnings        BIGINT NOT NULL DEFAULT 0,
  job_id          BIGINT NOT NULL DEFAULT 0,
  account_id      BIGINT NOT NULL DEFAULT 0,
  created_at      BIGINT NOT NULL,
  finished_at     BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE import_problem (
  tenant_id BIGINT NOT NULL,
  import_id BIGINT NOT NULL,
  seq       BIGINT NOT NULL,
  row_no    BIGINT NOT NULL,
  col       TEXT NOT NULL,
  masked    TEXT NOT NULL,
  message   TEXT NOT NULL,
  advice    TEXT NOT NULL,
  warning   BOOLEAN NOT NULL,
  PRIMARY KEY (tenant_id, import_id, seq)
);

-- Counts of form fields asked, filled by the program and typed by people, per day, form and role: the burden ledger.
CREATE TABLE form_use (
  tenant_id BIGINT NOT NULL,
  day       TEXT NOT NULL,
  form      TEXT NOT NULL,
  role_code TEXT NOT NULL,
  uses      BIGINT NOT NULL,
  fields    BIGINT NOT NULL,
  filled    BIGINT NOT NULL,
  typed     BIGINT NOT NULL,
  seconds   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, day, form, role_code)
);

-- Complaints about the platform itself, and their answers.
CREATE TABLE complaint (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  account_id      BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL DEFAULT 0,
  page            TEXT NOT NULL,
  body            TEXT NOT NULL,
  state           TEXT NOT NULL,
  answer          TEXT NOT NULL DEFAULT '',
  answered_by     BIGINT NOT NULL DEFAULT 0,
  created_at      BIGINT NOT NULL,
  answered_at     BIGINT NOT NULL DEFAULT 0,
  version         BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX complaint_state ON complaint (tenant_id, state, id);
