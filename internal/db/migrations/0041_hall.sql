-- +goose Up

-- The service hall of a sub-district or a community. code names it in the addresses of its terminals and screens; it is no secret.
CREATE TABLE hall (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  org_id     BIGINT NOT NULL,
  code       TEXT NOT NULL,
  name       TEXT NOT NULL,
  place      TEXT NOT NULL DEFAULT '',
  by_phone   BOOLEAN NOT NULL DEFAULT TRUE,
  holidays   BOOLEAN NOT NULL DEFAULT FALSE,
  ended_on   TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX hall_code ON hall (tenant_id, code);
CREATE INDEX hall_org ON hall (tenant_id, org_id, id);

-- The week of a hall, in minutes of the day in Beijing. weekday is 1 for Monday; an end that is not after its beginning is midnight.
CREATE TABLE hall_hours (
  tenant_id BIGINT NOT NULL,
  hall_id   BIGINT NOT NULL,
  weekday   BIGINT NOT NULL,
  from_min  BIGINT NOT NULL,
  to_min    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, hall_id, weekday, from_min)
);

-- A counter and who sits at it now. Nothing is kept of who sat there before.
CREATE TABLE hall_counter (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  hall_id    BIGINT NOT NULL,
  number     BIGINT NOT NULL,
  name       TEXT NOT NULL DEFAULT '',
  state      TEXT NOT NULL,
  account_id BIGINT NOT NULL DEFAULT 0,
  word       TEXT NOT NULL DEFAULT '',
  since_at   BIGINT NOT NULL DEFAULT 0,
  removed_at BIGINT NOT NULL DEFAULT 0,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX hall_counter_number ON hall_counter (tenant_id, hall_id, number) WHERE removed_at = 0;
CREATE UNIQUE INDEX hall_counter_account ON hall_counter (tenant_id, account_id) WHERE account_id <> 0;

-- Which windows of the catalogue a counter serves: one or several.
CREATE TABLE hall_counter_window (
  tenant_id  BIGINT NOT NULL,
  counter_id BIGINT NOT NULL,
  class_code TEXT NOT NULL,
  PRIMARY KEY (tenant_id, counter_id, class_code)
);

-- A ticket: a number of a window on a day, and a code that only whoever holds it knows. Nothing says who that is. turn is the instant by which it is in the
-- queue; priority is why it goes first, or ''; item_id what it is about, where that was said. sent_key names one sending of the form.
CREATE TABLE hall_ticket (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  hall_id         BIGINT NOT NULL,
  day             TEXT NOT NULL,
  class_code      TEXT NOT NULL,
  letter          TEXT NOT NULL,
  number          BIGINT NOT NULL,
  code            TEXT NOT NULL,
  item_id         BIGINT NOT NULL DEFAULT 0,
  priority        TEXT NOT NULL DEFAULT '',
  channel         TEXT NOT NULL,
  state           TEXT NOT NULL,
  counter_id      BIGINT NOT NULL DEFAULT 0,
  taken_at        BIGINT NOT NULL,
  turn            BIGINT NOT NULL,
  first_called_at BIGINT NOT NULL DEFAULT 0,
  called_at       BIGINT NOT NULL DEFAULT 0,
  calls           BIGINT NOT NULL DEFAULT 0,
  returns         BIGINT NOT NULL DEFAULT 0,
  started_at      BIGINT NOT NULL DEFAULT 0,
  ended_at        BIGINT NOT NULL DEFAULT 0,
  case_id         BIGINT NOT NULL DEFAULT 0,
  sent_key        TEXT NOT NULL DEFAULT '',
  version         BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX hall_ticket_number ON hall_ticket (tenant_id, hall_id, day, letter, number);
CREATE UNIQUE INDEX hall_ticket_code ON hall_ticket (tenant_id, code);
CREATE UNIQUE INDEX hall_ticket_sent ON hall_ticket (tenant_id, sent_key) WHERE sent_key <> '';
CREATE UNIQUE INDEX hall_ticket_at ON hall_ticket (tenant_id, counter_id) WHERE state IN ('called', 'serving');
CREATE UNIQUE INDEX hall_ticket_case ON hall_ticket (tenant_id, case_id) WHERE case_id <> 0;
CREATE INDEX hall_ticket_queue ON hall_ticket (tenant_id, hall_id, day, state, turn, id);
CREATE INDEX hall_ticket_day ON hall_ticket (tenant_id, hall_id, day, id);
CREATE INDEX hall_ticket_old ON hall_ticket (tenant_id, day, id);

-- Every step of a ticket: at which counter and window, not by whom.
CREATE TABLE hall_ticket_entry (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  ticket_id  BIGINT NOT NULL,
  act        TEXT NOT NULL,
  state      TEXT NOT NULL,
  counter_id BIGINT NOT NULL DEFAULT 0,
  class_code TEXT NOT NULL DEFAULT '',
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX hall_ticket_entry_of ON hall_ticket_entry (tenant_id, ticket_id, id);

-- A case that somebody of the office runs for the person: for whom in a word, how and when they agreed. Who it is stands in the case alone. Sealed: why they cannot come.
CREATE TABLE case_takeover (
  tenant_id  BIGINT NOT NULL,
  case_id    BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  reason     BYTEA,
  consent    TEXT NOT NULL,
  consent_on TEXT NOT NULL,
  taken_at   BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, case_id)
);
CREATE INDEX case_takeover_of ON case_takeover (tenant_id, account_id, case_id);

-- Papers that were taken in for it, and given back. Sealed: what paper it is.
CREATE TABLE case_paper (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  case_id     BIGINT NOT NULL,
  name        BYTEA,
  copies      BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  received_by BIGINT NOT NULL,
  returned_at BIGINT NOT NULL DEFAULT 0,
  returned_by BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX case_paper_case ON case_paper (tenant_id, case_id, id);
