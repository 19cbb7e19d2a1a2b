-- +goose Up

-- Rubrics by which organisations are assessed, one row for each edition; a row is never changed. body is JSON as it was handed in.
CREATE TABLE rubric (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  code         TEXT NOT NULL,
  edition      BIGINT NOT NULL,
  title        TEXT NOT NULL,
  subject      TEXT NOT NULL,
  every        TEXT NOT NULL,
  body         TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  created_by   BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX rubric_edition ON rubric (tenant_id, code, edition);

-- An assessment applies one edition of a rubric to organisations in a period. States: open -> frozen.
CREATE TABLE assessment (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  rubric_id    BIGINT NOT NULL,
  organiser_id BIGINT NOT NULL,
  title        TEXT NOT NULL,
  period       TEXT NOT NULL,
  state        TEXT NOT NULL,
  opened_by    BIGINT NOT NULL DEFAULT 0,
  opened_at    BIGINT NOT NULL,
  frozen_by    BIGINT NOT NULL DEFAULT 0,
  frozen_at    BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX assessment_rubric ON assessment (tenant_id, rubric_id, period);

-- The organisations assessed.
CREATE TABLE assessment_party (
  tenant_id       BIGINT NOT NULL,
  assessment_id   BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, assessment_id, organisation_id)
);
CREATE INDEX assessment_party_organisation ON assessment_party (tenant_id, organisation_id, assessment_id);

-- What was found, once each. amount is in ten-thousandths; yes is 10000. A finding is withdrawn, never changed. appeal_id: the appeal that brought it.
CREATE TABLE assessment_finding (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  assessment_id   BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  indicator       TEXT NOT NULL,
  measure         TEXT NOT NULL,
  amount          BIGINT NOT NULL,
  on_date         TEXT NOT NULL,
  note            TEXT NOT NULL DEFAULT '',
  source          TEXT NOT NULL DEFAULT '',
  appeal_id       BIGINT NOT NULL DEFAULT 0,
  entered_by      BIGINT NOT NULL DEFAULT 0,
  entered_at      BIGINT NOT NULL,
  withdrawn_by    BIGINT NOT NULL DEFAULT 0,
  withdrawn_at    BIGINT NOT NULL DEFAULT 0,
  reason          TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX assessment_finding_party ON assessment_finding (tenant_id, assessment_id, organisation_id, id);

-- Scores as they were settled: edition 1 for every organisation when the assessment is frozen, the next after each accepted appeal. content holds evidence
-- and score as JSON, content_hash its digest.
CREATE TABLE assessment_sheet (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  assessment_id   BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  edition         BIGINT NOT NULL,
  total           BIGINT NOT NULL,
  content         TEXT NOT NULL,
  content_hash    TEXT NOT NULL,
  appeal_id       BIGINT NOT NULL DEFAULT 0,
  frozen_by       BIGINT NOT NULL DEFAULT 0,
  frozen_at       BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX assessment_sheet_edition ON assessment_sheet (tenant_id, assessment_id, organisation_id, edition);

-- What an organisation says against its sheet. States: open -> accepted | declined.
CREATE TABLE assessment_appeal (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  assessment_id   BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  indicator       TEXT NOT NULL,
  body            TEXT NOT NULL,
  state           TEXT NOT NULL,
  answer          TEXT NOT NULL DEFAULT '',
  made_by         BIGINT NOT NULL DEFAULT 0,
  made_at         BIGINT NOT NULL,
  answered_by     BIGINT NOT NULL DEFAULT 0,
  answered_at     BIGINT NOT NULL DEFAULT 0,
  version         BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX assessment_appeal_party ON assessment_appeal (tenant_id, assessment_id, organisation_id, id);
CREATE INDEX assessment_appeal_state ON assessment_appeal (tenant_id, state, id);
