-- +goose Up

-- Kinds of case whose work is done by technicians and volunteers who are sent.
ALTER TABLE case_kind ADD COLUMN by_technician BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE case_kind SET by_technician = TRUE WHERE code = 'service';

-- Who is sent: a tradesperson or volunteer, at an organisation, with or without an account of their own. The phone is sealed.
CREATE TABLE technician (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  account_id BIGINT NOT NULL DEFAULT 0,
  name       TEXT NOT NULL,
  search_key TEXT NOT NULL,
  org_id     BIGINT NOT NULL,
  phone      BYTEA,
  note       TEXT NOT NULL DEFAULT '',
  ended_on   TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX technician_list ON technician (tenant_id, ended_on, search_key, id);
CREATE UNIQUE INDEX technician_account ON technician (tenant_id, account_id) WHERE account_id <> 0 AND ended_on = '';

-- What they can do: a whole class of the hotline's catalogue (item_id 0), or one item of it.
CREATE TABLE technician_skill (
  tenant_id     BIGINT NOT NULL,
  technician_id BIGINT NOT NULL,
  class_code    TEXT NOT NULL,
  item_id       BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, technician_id, class_code, item_id)
);

-- Where they go: communities, or a sub-district or the district for everything below it.
CREATE TABLE technician_area (
  tenant_id     BIGINT NOT NULL,
  technician_id BIGINT NOT NULL,
  org_id        BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, technician_id, org_id)
);
CREATE INDEX technician_area_org ON technician_area (tenant_id, org_id, technician_id);

-- Certificates that their work needs, with the last day on which each holds.
CREATE TABLE technician_certificate (
  tenant_id     BIGINT NOT NULL,
  id            BIGINT NOT NULL,
  technician_id BIGINT NOT NULL,
  name          TEXT NOT NULL,
  valid_until   TEXT NOT NULL,
  removed_at    BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX technician_certificate_of ON technician_certificate (tenant_id, technician_id, id);
CREATE INDEX technician_certificate_until ON technician_certificate (tenant_id, valid_until, id) WHERE removed_at = 0;

-- The week as a rule. Minutes of the day in Beijing; an end that is not after its beginning lies on the next day. weekday is 1 for Monday.
CREATE TABLE technician_shift (
  tenant_id     BIGINT NOT NULL,
  technician_id BIGINT NOT NULL,
  weekday       BIGINT NOT NULL,
  from_min      BIGINT NOT NULL,
  to_min        BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, technician_id, weekday, from_min)
);

-- A day that is not as the week has it: off, or at other hours.
CREATE TABLE technician_day (
  tenant_id     BIGINT NOT NULL,
  technician_id BIGINT NOT NULL,
  day           TEXT NOT NULL,
  working       BOOLEAN NOT NULL,
  from_min      BIGINT NOT NULL DEFAULT 0,
  to_min        BIGINT NOT NULL DEFAULT 0,
  reason        TEXT NOT NULL DEFAULT '',
  account_id    BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, technician_id, day)
);

-- A case that was offered to a technician, or that one took. The price is that of the catalogue's edition when the job began. nth is how often the case had
-- been opened again; confirmed says how the result was: by the resident's code, on a call, by the resident's own rating, or not at all.
CREATE TABLE technician_job (
  tenant_id     BIGINT NOT NULL,
  id            BIGINT NOT NULL,
  case_id       BIGINT NOT NULL,
  technician_id BIGINT NOT NULL,
  state         TEXT NOT NULL,
  item_id       BIGINT NOT NULL DEFAULT 0,
  item_edition  BIGINT NOT NULL DEFAULT 0,
  price_kind    TEXT NOT NULL DEFAULT '',
  price_fen     BIGINT NOT NULL DEFAULT 0,
  nth           BIGINT NOT NULL DEFAULT 0,
  offered_by    BIGINT NOT NULL DEFAULT 0,
  offered_at    BIGINT NOT NULL DEFAULT 0,
  taken_at      BIGINT NOT NULL DEFAULT 0,
  arrived_at    BIGINT NOT NULL DEFAULT 0,
  finished_at   BIGINT NOT NULL DEFAULT 0,
  ended_at      BIGINT NOT NULL DEFAULT 0,
  minutes       BIGINT NOT NULL DEFAULT 0,
  confirmed     TEXT NOT NULL DEFAULT '',
  confirmed_at  BIGINT NOT NULL DEFAULT 0,
  tries         BIGINT NOT NULL DEFAULT 0,
  version       BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX technician_job_one ON technician_job (tenant_id, case_id) WHERE state IN ('taken', 'arrived');
CREATE UNIQUE INDEX technician_job_offer ON technician_job (tenant_id, case_id, technician_id) WHERE state IN ('offered', 'taken', 'arrived');
CREATE INDEX technician_job_case ON technician_job (tenant_id, case_id, state, id);
CREATE INDEX technician_job_of ON technician_job (tenant_id, technician_id, state, id);
CREATE INDEX technician_job_open ON technician_job (tenant_id, state, id) WHERE state IN ('offered', 'taken', 'arrived');

-- What was charged for a job, in fen. Nothing is changed: an entry is taken back by another that counters it.
CREATE TABLE technician_charge (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  job_id      BIGINT NOT NULL,
  part        TEXT NOT NULL,
  fen         BIGINT NOT NULL,
  words       TEXT NOT NULL DEFAULT '',
  counters_id BIGINT NOT NULL DEFAULT 0,
  account_id  BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX technician_charge_job ON technician_charge (tenant_id, job_id, id);
CREATE UNIQUE INDEX technician_charge_counter ON technician_charge (tenant_id, counters_id) WHERE counters_id <> 0;
