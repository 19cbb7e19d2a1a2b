-- +goose Up

-- Somebody who seeks work (SRV-5): once at a time. Sealed: skills, words, the telephone. kinds are codes with a blank before and after each. skills are matched with what
-- jobs ask for after they are opened. A spell ends with employment (employment_result) or when it is withdrawn.
CREATE TABLE employment_seeker (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  org_id       BIGINT NOT NULL,
  person_id    BIGINT NOT NULL DEFAULT 0,
  difficulty   TEXT NOT NULL,
  kinds        TEXT NOT NULL DEFAULT '',
  skills       BYTEA,
  wage_from    BIGINT NOT NULL DEFAULT 0,
  hours        TEXT NOT NULL,
  area         TEXT NOT NULL,
  education    TEXT NOT NULL DEFAULT '',
  words        BYTEA,
  phone        BYTEA,
  consent      TEXT NOT NULL,
  consent_on   TEXT NOT NULL,
  state        TEXT NOT NULL,
  channel      TEXT NOT NULL,
  entered_on   TEXT NOT NULL,
  ended_on     TEXT NOT NULL DEFAULT '',
  ending       TEXT NOT NULL DEFAULT '',
  forgotten_on TEXT NOT NULL DEFAULT '',
  entered_by   BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX employment_seeker_once ON employment_seeker (tenant_id, person_id) WHERE state = 'seeking' AND person_id <> 0;
CREATE INDEX employment_seeker_org ON employment_seeker (tenant_id, org_id, state, id);
CREATE INDEX employment_seeker_person ON employment_seeker (tenant_id, person_id, id);
CREATE INDEX employment_seeker_ended ON employment_seeker (tenant_id, ended_on, id) WHERE ended_on <> '';

-- Work that a unit offers. community_id is the station that answers for it. Sealed: whom to speak with. taken counts who was hired; it cannot pass places.
CREATE TABLE employment_job (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  unit_id      BIGINT NOT NULL,
  community_id BIGINT NOT NULL DEFAULT 0,
  kind         TEXT NOT NULL,
  title        TEXT NOT NULL,
  title_key    TEXT NOT NULL,
  places       BIGINT NOT NULL,
  taken        BIGINT NOT NULL DEFAULT 0,
  wage_from    BIGINT NOT NULL DEFAULT 0,
  wage_to      BIGINT NOT NULL DEFAULT 0,
  hours        TEXT NOT NULL,
  place        TEXT NOT NULL,
  needs        TEXT NOT NULL DEFAULT '',
  education    TEXT NOT NULL DEFAULT '',
  until_on     TEXT NOT NULL,
  contact      BYTEA,
  phone        BYTEA,
  state        TEXT NOT NULL,
  answer       TEXT NOT NULL DEFAULT '',
  entered_on   TEXT NOT NULL,
  entered_by   BIGINT NOT NULL DEFAULT 0,
  decided_on   TEXT NOT NULL DEFAULT '',
  decided_by   BIGINT NOT NULL DEFAULT 0,
  closed_on    TEXT NOT NULL DEFAULT '',
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  CHECK (taken >= 0 AND taken <= places)
);
CREATE INDEX employment_job_open ON employment_job (tenant_id, state, until_on, id);
CREATE INDEX employment_job_unit ON employment_job (tenant_id, unit_id, id);
CREATE INDEX employment_job_community ON employment_job (tenant_id, community_id, state, id);

-- A seeker and a job that were brought together: one row for each pair, so what was declined is not proposed again. Sealed: words.
CREATE TABLE employment_match (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  seeker_id   BIGINT NOT NULL,
  job_id      BIGINT NOT NULL,
  org_id      BIGINT NOT NULL,
  state       TEXT NOT NULL,
  reason      TEXT NOT NULL DEFAULT '',
  words       BYTEA,
  proposed_on TEXT NOT NULL,
  answered_on TEXT NOT NULL DEFAULT '',
  decided_on  TEXT NOT NULL DEFAULT '',
  account_id  BIGINT NOT NULL DEFAULT 0,
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX employment_match_once ON employment_match (tenant_id, seeker_id, job_id);
CREATE INDEX employment_match_job ON employment_match (tenant_id, job_id, state, id);

-- Work that a seeker found: one for each spell, and those that were taken back because they were wrong (voided_on). next_on is when it is asked next whether they are still there ('' when it is not). Sealed: where, as what, the words.
CREATE TABLE employment_result (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  seeker_id  BIGINT NOT NULL,
  person_id  BIGINT NOT NULL DEFAULT 0,
  org_id     BIGINT NOT NULL,
  job_id     BIGINT NOT NULL DEFAULT 0,
  difficulty TEXT NOT NULL,
  employer   BYTEA,
  post       BYTEA,
  kind       TEXT NOT NULL DEFAULT '',
  from_on    TEXT NOT NULL,
  contract   TEXT NOT NULL,
  wage       TEXT NOT NULL DEFAULT '',
  next_on    TEXT NOT NULL DEFAULT '',
  after3     TEXT NOT NULL DEFAULT '',
  after3_on  TEXT NOT NULL DEFAULT '',
  after6     TEXT NOT NULL DEFAULT '',
  after6_on  TEXT NOT NULL DEFAULT '',
  reason     TEXT NOT NULL DEFAULT '',
  words      BYTEA,
  voided_on  TEXT NOT NULL DEFAULT '',
  voided_for TEXT NOT NULL DEFAULT '',
  entered_on TEXT NOT NULL,
  entered_by BIGINT NOT NULL DEFAULT 0,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX employment_result_once ON employment_result (tenant_id, seeker_id) WHERE voided_on = '';
CREATE INDEX employment_result_org ON employment_result (tenant_id, org_id, from_on, id);
CREATE INDEX employment_result_next ON employment_result (tenant_id, org_id, next_on) WHERE next_on <> '';
CREATE INDEX employment_result_person ON employment_result (tenant_id, person_id, id);

-- A preferential certificate. uses_max 0 is without limit. Its code stands in the register of papers.
CREATE TABLE employment_certificate (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  seeker_id  BIGINT NOT NULL,
  person_id  BIGINT NOT NULL DEFAULT 0,
  org_id     BIGINT NOT NULL,
  difficulty TEXT NOT NULL,
  number     TEXT NOT NULL,
  entitles   TEXT NOT NULL,
  from_on    TEXT NOT NULL,
  to_on      TEXT NOT NULL,
  uses_max   BIGINT NOT NULL DEFAULT 0,
  uses       BIGINT NOT NULL DEFAULT 0,
  issued_on  TEXT NOT NULL,
  issued_by  BIGINT NOT NULL DEFAULT 0,
  ended_on   TEXT NOT NULL DEFAULT '',
  ending     TEXT NOT NULL DEFAULT '',
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  CHECK (uses >= 0 AND (uses_max = 0 OR uses <= uses_max))
);
CREATE INDEX employment_certificate_org ON employment_certificate (tenant_id, org_id, issued_on, id);
CREATE INDEX employment_certificate_person ON employment_certificate (tenant_id, person_id, id);
CREATE INDEX employment_certificate_seeker ON employment_certificate (tenant_id, seeker_id, id);

-- One use of a certificate: at whom, for what, when. Sealed: the note. org_id is the station of the certificate.
CREATE TABLE employment_use (
  tenant_id      BIGINT NOT NULL,
  id             BIGINT NOT NULL,
  certificate_id BIGINT NOT NULL,
  org_id         BIGINT NOT NULL,
  unit_id        BIGINT NOT NULL,
  entitlement    TEXT NOT NULL,
  note           BYTEA,
  used_on        TEXT NOT NULL,
  account_id     BIGINT NOT NULL DEFAULT 0,
  created_at     BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX employment_use_certificate ON employment_use (tenant_id, certificate_id, id);
CREATE INDEX employment_use_org ON employment_use (tenant_id, org_id, used_on);

-- Which activities are job fairs and which are training for work; who came stands with the activity.
CREATE TABLE employment_event (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  activity_id BIGINT NOT NULL,
  kind        TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX employment_event_activity ON employment_event (tenant_id, activity_id);
