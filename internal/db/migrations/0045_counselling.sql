-- +goose Up

-- The weekly hours of a counsellor at a place, in which people book: how long one appointment is, in minutes.
CREATE TABLE counselling_post (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  org_id     BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  place      TEXT NOT NULL,
  minutes    BIGINT NOT NULL,
  ended_on   TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX counselling_post_org ON counselling_post (tenant_id, org_id, id);
CREATE INDEX counselling_post_account ON counselling_post (tenant_id, account_id, id);

-- Its week, in minutes of the day in Beijing. weekday is 1 for Monday; an end of 0 is midnight.
CREATE TABLE counselling_hours (
  tenant_id BIGINT NOT NULL,
  post_id   BIGINT NOT NULL,
  weekday   BIGINT NOT NULL,
  from_min  BIGINT NOT NULL,
  to_min    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, post_id, weekday, from_min)
);

-- Somebody who is counselled. Sealed: what they want to be called, their telephone, what they said when they booked. code_key is the blind index of the code that opens
-- their appointments; link_key that of a code given once, face to face, with which they link the file: person_id and resident_id are then who they are and their own account.
CREATE TABLE counselling_file (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  no         TEXT NOT NULL,
  org_id     BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  person_id  BIGINT NOT NULL DEFAULT 0,
  resident_id BIGINT NOT NULL DEFAULT 0,
  code_key   TEXT NOT NULL,
  link_key   TEXT NOT NULL DEFAULT '',
  link_until BIGINT NOT NULL DEFAULT 0,
  name       BYTEA,
  phone      BYTEA,
  word       BYTEA,
  agreed     TEXT NOT NULL DEFAULT '',
  state      TEXT NOT NULL,
  ending     TEXT NOT NULL DEFAULT '',
  ended_on   TEXT NOT NULL DEFAULT '',
  opened_at  BIGINT NOT NULL,
  resumed_at BIGINT NOT NULL DEFAULT 0,
  handed_at  BIGINT NOT NULL DEFAULT 0,
  handed_by  TEXT NOT NULL DEFAULT '',
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX counselling_file_no ON counselling_file (tenant_id, no);
CREATE UNIQUE INDEX counselling_file_code ON counselling_file (tenant_id, code_key);
CREATE UNIQUE INDEX counselling_file_link ON counselling_file (tenant_id, link_key) WHERE link_key <> '';
CREATE INDEX counselling_file_of ON counselling_file (tenant_id, account_id, state, id);
CREATE INDEX counselling_file_org ON counselling_file (tenant_id, org_id, id);
CREATE INDEX counselling_file_person ON counselling_file (tenant_id, person_id, id) WHERE person_id <> 0;
CREATE INDEX counselling_file_ended ON counselling_file (tenant_id, ended_on, id) WHERE ended_on <> '';

-- An appointment, and the conversation it became. Sealed: the note, which the counsellor and the person read and nobody else. org_id stands for the counts.
CREATE TABLE counselling_session (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  file_id    BIGINT NOT NULL,
  org_id     BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  post_id    BIGINT NOT NULL DEFAULT 0,
  form       TEXT NOT NULL,
  state      TEXT NOT NULL,
  at         BIGINT NOT NULL,
  minutes    BIGINT NOT NULL,
  note       BYTEA,
  booked_by  TEXT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX counselling_session_slot ON counselling_session (tenant_id, account_id, at) WHERE state = 'planned';
CREATE INDEX counselling_session_file ON counselling_session (tenant_id, file_id, at, id);
CREATE INDEX counselling_session_of ON counselling_session (tenant_id, account_id, state, at, id);
CREATE INDEX counselling_session_org ON counselling_session (tenant_id, org_id, at);

