-- +goose Up

-- The account through which a resident follows a case, 0 for none: it was reported from there, or its code was entered there.
ALTER TABLE service_case ADD COLUMN resident_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX service_case_resident ON service_case (tenant_id, resident_id, id) WHERE resident_id <> 0;

-- A resident's own account: a telephone that somebody has shown to hold. held_since: what was reported with the telephone before may be another holder's.
-- person_id: whom the register knows them to be, 0 until that is shown. Sealed: the telephone.
CREATE TABLE resident_account (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  phone      BYTEA,
  phone_key  TEXT NOT NULL,
  person_id  BIGINT NOT NULL DEFAULT 0,
  proven_at  BIGINT NOT NULL DEFAULT 0,
  proven_by  TEXT NOT NULL DEFAULT '',
  held_since BIGINT NOT NULL,
  used_at    BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX resident_account_phone ON resident_account (tenant_id, phone_key);
CREATE INDEX resident_account_person ON resident_account (tenant_id, person_id) WHERE person_id <> 0;
CREATE INDEX resident_account_used ON resident_account (tenant_id, used_at, id);

-- The last code that was sent to a telephone. sent counts those of the day; proofs the tries of the day to show who somebody is.
CREATE TABLE resident_code (
  tenant_id BIGINT NOT NULL,
  phone_key TEXT NOT NULL,
  code_key  TEXT NOT NULL,
  sent_at   BIGINT NOT NULL,
  tries     BIGINT NOT NULL DEFAULT 0,
  day       TEXT NOT NULL,
  sent      BIGINT NOT NULL,
  proofs    BIGINT NOT NULL DEFAULT 0,
  proofs_on TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, phone_key)
);
CREATE INDEX resident_code_sent ON resident_code (tenant_id, sent_at, phone_key);

CREATE TABLE resident_session (
  tenant_id  BIGINT NOT NULL,
  token_hash TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, token_hash)
);
CREATE INDEX resident_session_account ON resident_session (tenant_id, account_id);

-- What is given to somebody at the counter who has shown who they are; entered once in an account, it links the account with their record.
CREATE TABLE resident_slip (
  tenant_id  BIGINT NOT NULL,
  slip_key   TEXT NOT NULL,
  person_id  BIGINT NOT NULL,
  made_by    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, slip_key)
);
CREATE INDEX resident_slip_person ON resident_slip (tenant_id, person_id);

-- What somebody asks about their own data (PRIV-9): to have a part of their record corrected or deleted, to have its use restricted or explained.
-- Sealed: what the part is to become, what they say, and the answer.
CREATE TABLE data_request (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  no           TEXT NOT NULL,
  kind         TEXT NOT NULL,
  person_id    BIGINT NOT NULL,
  part         TEXT NOT NULL DEFAULT '',
  value        BYTEA,
  said         BYTEA,
  channel      TEXT NOT NULL,
  entered_by   BIGINT NOT NULL DEFAULT 0,
  state        TEXT NOT NULL,
  answer       BYTEA,
  received_at  BIGINT NOT NULL,
  due_on       TEXT NOT NULL,
  provisional  BOOLEAN NOT NULL DEFAULT FALSE,
  decided_at   BIGINT NOT NULL DEFAULT 0,
  decided_by   BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX data_request_no ON data_request (tenant_id, no);
CREATE INDEX data_request_person ON data_request (tenant_id, person_id, id);
CREATE INDEX data_request_open ON data_request (tenant_id, due_on, id) WHERE state = 'open';
CREATE INDEX data_request_decided ON data_request (tenant_id, decided_at, id) WHERE decided_at <> 0;
