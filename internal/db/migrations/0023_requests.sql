-- +goose Up

-- What offices above ask of communities and sub-districts: who asks, on what ground, which fields, how often, until when. form_id is the blank
-- workbook in file, choice what was said about it (JSON). office_id is 0 where the office is no organisation of the tenant. own_end is TRUE
-- where the program set the end; what would have fallen due before from_on does not. States: open <-> paused -> ended | expired.
CREATE TABLE request (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  owner_id        BIGINT NOT NULL,
  office_id       BIGINT NOT NULL DEFAULT 0,
  office          TEXT NOT NULL,
  ground          TEXT NOT NULL DEFAULT '',
  ground_no       TEXT NOT NULL DEFAULT '',
  title           TEXT NOT NULL,
  search_key      TEXT NOT NULL,
  every           TEXT NOT NULL,
  first_due_on    TEXT NOT NULL,
  from_on         TEXT NOT NULL,
  ends_on         TEXT NOT NULL,
  own_end         BOOLEAN NOT NULL DEFAULT FALSE,
  form_id         BIGINT NOT NULL,
  form_name       TEXT NOT NULL,
  choice          TEXT NOT NULL DEFAULT '{}',
  sealed          BOOLEAN NOT NULL DEFAULT FALSE,
  state           TEXT NOT NULL,
  reason          TEXT NOT NULL DEFAULT '',
  created_by      BIGINT NOT NULL DEFAULT 0,
  created_at      BIGINT NOT NULL,
  changed_at      BIGINT NOT NULL,
  version         BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX request_state ON request (tenant_id, state, ends_on);
CREATE INDEX request_owner ON request (tenant_id, owner_id, id);

-- The organisations that must answer.
CREATE TABLE request_party (
  tenant_id       BIGINT NOT NULL,
  request_id      BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, request_id, organisation_id)
);
CREATE INDEX request_party_organisation ON request_party (tenant_id, organisation_id, request_id);

-- What the form asks, in its order. fact is the path from the subject to the fact, or the name of a figure; '' where the platform knows nothing of it.
CREATE TABLE request_field (
  tenant_id       BIGINT NOT NULL,
  request_id      BIGINT NOT NULL,
  position        BIGINT NOT NULL,
  sheet           TEXT NOT NULL,
  label           TEXT NOT NULL,
  subject         TEXT NOT NULL,
  fact            TEXT NOT NULL,
  sealed          BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (tenant_id, request_id, position)
);
CREATE INDEX request_field_fact ON request_field (tenant_id, subject, fact);

-- When an organisation is to answer: one row for each period, made a few weeks ahead.
CREATE TABLE request_due (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  request_id      BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  period          TEXT NOT NULL,
  due_on          TEXT NOT NULL,
  answered        BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX request_due_period ON request_due (tenant_id, request_id, organisation_id, period);
CREATE INDEX request_due_waits ON request_due (tenant_id, answered, due_on);

-- Answers. A later one replaces the one before, which stays until its time is over; file_id is 0 once the file was removed then.
CREATE TABLE request_answer (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  request_id      BIGINT NOT NULL,
  due_id          BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  edition         BIGINT NOT NULL,
  way             TEXT NOT NULL,
  file_id         BIGINT NOT NULL DEFAULT 0,
  file_name       TEXT NOT NULL,
  rows_asked      BIGINT NOT NULL,
  fields_asked    BIGINT NOT NULL,
  fields_filled   BIGINT NOT NULL,
  minutes         BIGINT NOT NULL,
  purpose         TEXT NOT NULL DEFAULT '',
  note            TEXT NOT NULL DEFAULT '',
  answered_on     TEXT NOT NULL,
  answered_by     BIGINT NOT NULL DEFAULT 0,
  answered_at     BIGINT NOT NULL,
  replaced_at     BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX request_answer_edition ON request_answer (tenant_id, due_id, edition);
CREATE UNIQUE INDEX request_answer_latest ON request_answer (tenant_id, due_id) WHERE replaced_at = 0;
CREATE INDEX request_answer_day ON request_answer (tenant_id, answered_on);

-- What was done with a request, and how it stood before.
CREATE TABLE request_change (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  request_id      BIGINT NOT NULL,
  act             TEXT NOT NULL,
  reason          TEXT NOT NULL DEFAULT '',
  before          TEXT NOT NULL DEFAULT '',
  account_id      BIGINT NOT NULL DEFAULT 0,
  at              BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX request_change_request ON request_change (tenant_id, request_id, id);
