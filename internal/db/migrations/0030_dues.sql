-- +goose Up

-- Party dues. What they are worked out from and every single amount are sealed: only the member and who keeps the dues of the branch see them.

-- From which month on a member pays how, and out of how much: entered once, added to, never changed. terms holds the kind of payer and the base in fen.
-- review: the base is nothing, somebody should look at it. own: entered by the member.
CREATE TABLE dues_base (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  member_id  BIGINT NOT NULL,
  person_id  BIGINT NOT NULL,
  from_month TEXT NOT NULL,
  terms      BYTEA NOT NULL,
  review     BOOLEAN NOT NULL,
  own        BOOLEAN NOT NULL,
  account_id BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX dues_base_member ON dues_base (tenant_id, member_id, from_month, id);

-- Less, nothing or later because of hardship (DUES-13): decided by the branch, approved one level up. share is the part of the charge that stays due,
-- in per cent.
CREATE TABLE dues_relief (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  member_id   BIGINT NOT NULL,
  person_id   BIGINT NOT NULL,
  branch_id   BIGINT NOT NULL,
  kind        TEXT NOT NULL,
  share       BIGINT NOT NULL,
  from_month  TEXT NOT NULL,
  to_month    TEXT NOT NULL,
  decided_on  TEXT NOT NULL,
  reason      BYTEA NOT NULL,
  state       TEXT NOT NULL,
  note        TEXT NOT NULL DEFAULT '',
  account_id  BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  answered_by BIGINT NOT NULL DEFAULT 0,
  answered_on TEXT NOT NULL DEFAULT '',
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  CHECK (share >= 0 AND share <= 100)
);
CREATE INDEX dues_relief_member ON dues_relief (tenant_id, member_id, from_month);
CREATE INDEX dues_relief_open ON dues_relief (tenant_id, branch_id, id) WHERE state = 'proposed';

-- The ledger of payments (DUES-15): added to, never changed. A counter-payment takes back the one that counters_id names. booked is the month in which
-- it was entered, by which it stands in the totals.
CREATE TABLE dues_payment (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  member_id   BIGINT NOT NULL,
  person_id   BIGINT NOT NULL,
  branch_id   BIGINT NOT NULL,
  kind        TEXT NOT NULL,
  from_month  TEXT NOT NULL DEFAULT '',
  to_month    TEXT NOT NULL DEFAULT '',
  amount      BYTEA NOT NULL,
  paid_on     TEXT NOT NULL,
  means       TEXT NOT NULL,
  counters_id BIGINT NOT NULL DEFAULT 0,
  reason      TEXT NOT NULL DEFAULT '',
  booked      TEXT NOT NULL,
  import_id   BIGINT NOT NULL DEFAULT 0,
  account_id  BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX dues_payment_counter ON dues_payment (tenant_id, counters_id) WHERE counters_id <> 0;
CREATE INDEX dues_payment_member ON dues_payment (tenant_id, member_id, id);
CREATE INDEX dues_payment_branch ON dues_payment (tenant_id, branch_id, booked);

-- Which months a payment is for. settles is 1, of a counter-payment -1.
CREATE TABLE dues_entry (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  payment_id BIGINT NOT NULL,
  member_id  BIGINT NOT NULL,
  month      TEXT NOT NULL,
  settles    BIGINT NOT NULL,
  amount     BYTEA NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX dues_entry_member ON dues_entry (tenant_id, member_id, month);
CREATE INDEX dues_entry_payment ON dues_entry (tenant_id, payment_id);

-- What a branch took in a month, together: the sum that is no single person's. kind is dues or voluntary; amount in fen; payers are the members.
CREATE TABLE dues_total (
  tenant_id BIGINT NOT NULL,
  branch_id BIGINT NOT NULL,
  month     TEXT NOT NULL,
  kind      TEXT NOT NULL,
  amount    BIGINT NOT NULL,
  payers    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, branch_id, month, kind)
);

-- A greeting on a political birthday: the activity at which it was brought.
CREATE TABLE birthday_greeting (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  member_id   BIGINT NOT NULL,
  person_id   BIGINT NOT NULL,
  year        BIGINT NOT NULL,
  activity_id BIGINT NOT NULL,
  account_id  BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX birthday_greeting_once ON birthday_greeting (tenant_id, member_id, year, activity_id);
CREATE INDEX birthday_greeting_activity ON birthday_greeting (tenant_id, activity_id);
