-- +goose Up

-- What somebody asks once of those who can know, and the questions of it: one fact of one record each. The answer goes to the record; answer
-- holds it, sealed, only while it contradicts the record and waits to be settled.
CREATE TABLE question_round (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  title       TEXT NOT NULL,
  form_id     BIGINT NOT NULL DEFAULT 0,
  account_id  BIGINT NOT NULL,
  due_on      TEXT NOT NULL DEFAULT '',
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX question_round_account ON question_round (tenant_id, account_id, id);

CREATE TABLE question (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  round_id    BIGINT NOT NULL,
  subject     TEXT NOT NULL,
  row_id      BIGINT NOT NULL,
  fact        TEXT NOT NULL,
  owner_id    BIGINT NOT NULL,
  other_id    BIGINT NOT NULL DEFAULT 0,
  person_id   BIGINT NOT NULL DEFAULT 0,
  grid_id     BIGINT NOT NULL DEFAULT 0,
  building_id BIGINT NOT NULL DEFAULT 0,
  due_on      TEXT NOT NULL DEFAULT '',
  state       TEXT NOT NULL,
  answer      BYTEA,
  said_by     BIGINT NOT NULL DEFAULT 0,
  said_at     BIGINT NOT NULL DEFAULT 0,
  created_at  BIGINT NOT NULL,
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX question_open ON question (tenant_id, subject, row_id, fact) WHERE state IN ('open', 'differs');
CREATE INDEX question_row ON question (tenant_id, state, building_id, row_id);
CREATE INDEX question_owner ON question (tenant_id, owner_id, state, building_id, row_id);
CREATE INDEX question_other ON question (tenant_id, other_id, state) WHERE other_id <> 0;
CREATE INDEX question_person ON question (tenant_id, person_id, state) WHERE person_id <> 0;
CREATE INDEX question_of_round ON question (tenant_id, round_id, state);
