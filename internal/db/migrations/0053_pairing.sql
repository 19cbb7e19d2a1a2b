-- +goose Up

-- A household in hardship that is to have a helper. person_id is whom one speaks with, of the register. Sealed: the situation, the words of the end. since_on is when it was
-- paired last, visited_on its last visit: both stand here so that lists find who was forgotten. One person has one household that has not ended.
CREATE TABLE pairing_household (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  org_id       BIGINT NOT NULL,
  person_id    BIGINT NOT NULL DEFAULT 0,
  difficulty   TEXT NOT NULL,
  situation    BYTEA,
  consent      TEXT NOT NULL DEFAULT '',
  consent_on   TEXT NOT NULL DEFAULT '',
  state        TEXT NOT NULL,
  entered_on   TEXT NOT NULL,
  since_on     TEXT NOT NULL DEFAULT '',
  visited_on   TEXT NOT NULL DEFAULT '',
  ended_on     TEXT NOT NULL DEFAULT '',
  ending       TEXT NOT NULL DEFAULT '',
  end_words    BYTEA,
  forgotten_on TEXT NOT NULL DEFAULT '',
  entered_by   BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX pairing_household_once ON pairing_household (tenant_id, person_id) WHERE ended_on = '' AND person_id <> 0;
CREATE INDEX pairing_household_org ON pairing_household (tenant_id, org_id, state, id);
CREATE INDEX pairing_household_person ON pairing_household (tenant_id, person_id, id);
CREATE INDEX pairing_household_ended ON pairing_household (tenant_id, ended_on, id) WHERE ended_on <> '';

-- Who helps a household, from a day on: a member (person_id is who that is), an account of staff, or a unit. Sealed: the words of the end.
CREATE TABLE pairing_pair (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  household_id BIGINT NOT NULL,
  org_id       BIGINT NOT NULL,
  member_id    BIGINT NOT NULL DEFAULT 0,
  person_id    BIGINT NOT NULL DEFAULT 0,
  account_id   BIGINT NOT NULL DEFAULT 0,
  unit_id      BIGINT NOT NULL DEFAULT 0,
  from_on      TEXT NOT NULL,
  visited_on   TEXT NOT NULL DEFAULT '',
  next_on      TEXT NOT NULL DEFAULT '',
  ended_on     TEXT NOT NULL DEFAULT '',
  ending       TEXT NOT NULL DEFAULT '',
  end_words    BYTEA,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX pairing_pair_once ON pairing_pair (tenant_id, household_id, member_id, account_id, unit_id) WHERE ended_on = '';
CREATE INDEX pairing_pair_household ON pairing_pair (tenant_id, household_id, id);
CREATE INDEX pairing_pair_person ON pairing_pair (tenant_id, person_id, id) WHERE person_id <> 0;
CREATE INDEX pairing_pair_account ON pairing_pair (tenant_id, account_id, id) WHERE account_id <> 0;
CREATE INDEX pairing_pair_unit ON pairing_pair (tenant_id, unit_id, id) WHERE unit_id <> 0;

-- What is to be done for a household, and by when. Sealed: the words.
CREATE TABLE pairing_item (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  household_id BIGINT NOT NULL,
  what         BYTEA,
  by_on        TEXT NOT NULL DEFAULT '',
  done_on      TEXT NOT NULL DEFAULT '',
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX pairing_item_household ON pairing_item (tenant_id, household_id, id);

-- A visit of a helper. Sealed: what came of it. org_id stands for the counts.
CREATE TABLE pairing_visit (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  household_id BIGINT NOT NULL,
  pair_id      BIGINT NOT NULL,
  org_id       BIGINT NOT NULL,
  visited_on   TEXT NOT NULL,
  form         TEXT NOT NULL,
  deed         TEXT NOT NULL,
  note         BYTEA,
  next_on      TEXT NOT NULL DEFAULT '',
  account_id   BIGINT NOT NULL,
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX pairing_visit_household ON pairing_visit (tenant_id, household_id, visited_on, id);
CREATE INDEX pairing_visit_org ON pairing_visit (tenant_id, org_id, visited_on);
CREATE INDEX pairing_visit_pair ON pairing_visit (tenant_id, pair_id);
