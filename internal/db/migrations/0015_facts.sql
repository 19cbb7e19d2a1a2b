-- +goose Up

-- Facts that a district adds to what the platform knows. type is text, choice, date, number or yes_no; options are the choices, one
-- "code=label" per line; synonyms one per line. Asked and kept for a purpose, from a day and until a day.
CREATE TABLE own_fact (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  subject     TEXT NOT NULL,
  code        TEXT NOT NULL,
  name        TEXT NOT NULL,
  name_en     TEXT NOT NULL DEFAULT '',
  question    TEXT NOT NULL DEFAULT '',
  doc         TEXT NOT NULL DEFAULT '',
  synonyms    TEXT NOT NULL DEFAULT '',
  type        TEXT NOT NULL,
  options     TEXT NOT NULL DEFAULT '',
  unit        TEXT NOT NULL DEFAULT '',
  sensitivity TEXT NOT NULL,
  purpose     TEXT NOT NULL,
  asked_by    TEXT NOT NULL DEFAULT '',
  valid_from  TEXT NOT NULL,
  valid_to    TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  created_by  BIGINT NOT NULL,
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX own_fact_code ON own_fact (tenant_id, subject, code);

-- What is known of an own fact about a row; the newest is the one that is not superseded. Of a sealed fact value is the mask.
CREATE TABLE own_value (
  tenant_id     BIGINT NOT NULL,
  id            BIGINT NOT NULL,
  fact_id       BIGINT NOT NULL,
  subject_id    BIGINT NOT NULL,
  value         TEXT NOT NULL,
  sealed        BYTEA,
  on_date       TEXT NOT NULL,
  source        TEXT NOT NULL DEFAULT '',
  account_id    BIGINT NOT NULL DEFAULT 0,
  at            BIGINT NOT NULL,
  superseded_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX own_value_now ON own_value (tenant_id, fact_id, subject_id) WHERE superseded_at = 0;
CREATE INDEX own_value_subject ON own_value (tenant_id, subject_id, fact_id, id);

-- Labels that somebody taught the catalogue: on a row of subject, label means ref.
CREATE TABLE fact_label (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  subject    TEXT NOT NULL,
  label_key  TEXT NOT NULL,
  label      TEXT NOT NULL,
  ref        TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  taught_by  TEXT NOT NULL,
  at         BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL DEFAULT 0,
  revoked_by BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX fact_label_now ON fact_label (tenant_id, subject, label_key) WHERE revoked_at = 0;

-- Declarations that a list is complete: whoever stood in the records on that day and is not listed is not meant.
CREATE TABLE fact_register (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  fact        TEXT NOT NULL,
  complete_on TEXT NOT NULL,
  note        TEXT NOT NULL DEFAULT '',
  account_id  BIGINT NOT NULL,
  declared_by TEXT NOT NULL,
  at          BIGINT NOT NULL,
  withdrawn_at BIGINT NOT NULL DEFAULT 0,
  withdrawn_by BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX fact_register_now ON fact_register (tenant_id, fact) WHERE withdrawn_at = 0;
