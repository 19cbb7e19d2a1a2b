-- +goose Up

-- An agreement of two districts of one installation that hearts may be transferred between them. Each keeps its own row, under the same id: proposed by itself, offered by the
-- other, active, ended. other is the tenant of the other district; ceiling is how many hearts one person may transfer in a year. told is false until the other side has
-- been told of the state.
CREATE TABLE bank_accord (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  other      BIGINT NOT NULL,
  other_name TEXT NOT NULL,
  state      TEXT NOT NULL,
  ceiling    BIGINT NOT NULL,
  reason     TEXT NOT NULL DEFAULT '',
  told       BOOLEAN NOT NULL DEFAULT FALSE,
  changed_by BIGINT NOT NULL DEFAULT 0,
  changed_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  CHECK (ceiling > 0)
);
CREATE UNIQUE INDEX bank_accord_other ON bank_accord (tenant_id, other) WHERE state <> 'ended';
CREATE INDEX bank_accord_told ON bank_accord (tenant_id, id) WHERE told = FALSE;

-- A transfer between districts. The sender's district has the row with way 'out': sent, then arrived or returned; the receiver's has one under the same id with way 'in':
-- arrived or refused. to_no is the number of the account that receives, account_id that of the own side, 0 where there is none; lots are the parts with their days; reason is why it was refused.
CREATE TABLE bank_transfer (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  way        TEXT NOT NULL,
  other      BIGINT NOT NULL,
  other_name TEXT NOT NULL,
  account_id BIGINT NOT NULL DEFAULT 0,
  to_no      TEXT NOT NULL,
  amount     BIGINT NOT NULL,
  lots       TEXT NOT NULL,
  state      TEXT NOT NULL,
  reason     TEXT NOT NULL DEFAULT '',
  made_at    BIGINT NOT NULL,
  ended_at   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id),
  CHECK (amount > 0)
);
CREATE INDEX bank_transfer_state ON bank_transfer (tenant_id, state, id);
CREATE INDEX bank_transfer_account ON bank_transfer (tenant_id, account_id, id);
CREATE UNIQUE INDEX bank_journal_transfer ON bank_journal (tenant_id, source_id, kind) WHERE source_kind = 'transfer';

-- The other district, of the account through which transfers with it are cleared; 0 of all others.
ALTER TABLE bank_account ADD COLUMN district BIGINT NOT NULL DEFAULT 0;
DROP INDEX bank_account_system;
CREATE UNIQUE INDEX bank_account_system ON bank_account (tenant_id, community_id, kind, item_id, org_id, district) WHERE person_id = 0;
