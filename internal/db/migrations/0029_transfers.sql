-- +goose Up

-- Transfers of the formal relation of members (MOB-7, MOB-8): inside the district from one branch to another, out of it, or into it. from_id is 0 for
-- those that come in, to_id for those that go out; outside names the other side then. member_id is 0 until somebody who comes from outside is received.
-- valid_to is the last day of the letter; a letter past it is expired, which is not stored. letter and receipt are what the papers say. settled_at is when
-- the sender noted that it came back.
CREATE TABLE transfer (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  direction  TEXT NOT NULL,
  state      TEXT NOT NULL,
  person_id  BIGINT NOT NULL,
  member_id  BIGINT NOT NULL DEFAULT 0,
  from_id    BIGINT NOT NULL DEFAULT 0,
  to_id      BIGINT NOT NULL DEFAULT 0,
  outside    TEXT NOT NULL DEFAULT '',
  address    TEXT NOT NULL DEFAULT '',
  cause      TEXT NOT NULL,
  note       TEXT NOT NULL DEFAULT '',
  asked_by   TEXT NOT NULL,
  asked_on   TEXT NOT NULL,
  standing   TEXT NOT NULL DEFAULT '',
  joined_on  TEXT NOT NULL DEFAULT '',
  full_on    TEXT NOT NULL DEFAULT '',
  letter_no  TEXT NOT NULL DEFAULT '',
  issued_on  TEXT NOT NULL DEFAULT '',
  valid_to   TEXT NOT NULL DEFAULT '',
  closed_on  TEXT NOT NULL DEFAULT '',
  reason     TEXT NOT NULL DEFAULT '',
  receipt_no TEXT NOT NULL DEFAULT '',
  letter     TEXT NOT NULL DEFAULT '',
  receipt    TEXT NOT NULL DEFAULT '',
  settled_at BIGINT NOT NULL DEFAULT 0,
  created_by BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX transfer_open ON transfer (tenant_id, person_id) WHERE state IN ('requested', 'approved_out', 'in_transit');
CREATE INDEX transfer_from ON transfer (tenant_id, from_id, id);
CREATE INDEX transfer_to ON transfer (tenant_id, to_id, id);
CREATE INDEX transfer_member ON transfer (tenant_id, member_id, id);
CREATE INDEX transfer_person ON transfer (tenant_id, person_id, id);
CREATE INDEX transfer_valid ON transfer (tenant_id, valid_to, id) WHERE state = 'in_transit';

-- What happened to a transfer, day by day.
CREATE TABLE transfer_step (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  transfer_id BIGINT NOT NULL,
  act         TEXT NOT NULL,
  on_date     TEXT NOT NULL,
  valid_to    TEXT NOT NULL DEFAULT '',
  document_no TEXT NOT NULL DEFAULT '',
  note        TEXT NOT NULL DEFAULT '',
  account_id  BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX transfer_step_of ON transfer_step (tenant_id, transfer_id, id);
