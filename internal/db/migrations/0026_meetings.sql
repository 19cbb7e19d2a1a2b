-- +goose Up

-- Joint bodies (ORG-3), each led by one organisation. kind is a name of package body; ended_on is '' while it exists.
CREATE TABLE body (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  kind        TEXT NOT NULL,
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL,
  leader_id   BIGINT NOT NULL,
  founded_on  TEXT NOT NULL,
  term_to     TEXT NOT NULL DEFAULT '',
  document    TEXT NOT NULL DEFAULT '',
  ended_on    TEXT NOT NULL DEFAULT '',
  reason      TEXT NOT NULL DEFAULT '',
  created_by  BIGINT NOT NULL DEFAULT 0,
  created_at  BIGINT NOT NULL,
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX body_name ON body (tenant_id, name_key, id);
CREATE INDEX body_leader ON body (tenant_id, leader_id, id);

-- Seats: an organisation with its representative, from a day to a day. A representative is a member of the register (member_id) or a name.
CREATE TABLE body_seat (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  body_id         BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  member_id       BIGINT NOT NULL DEFAULT 0,
  name            TEXT NOT NULL,
  title           TEXT NOT NULL DEFAULT '',
  role            TEXT NOT NULL,
  valid_from      TEXT NOT NULL,
  valid_to        TEXT NOT NULL DEFAULT '',
  reason          TEXT NOT NULL DEFAULT '',
  created_at      BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX body_seat_body ON body_seat (tenant_id, body_id, valid_to, id);
CREATE INDEX body_seat_organisation ON body_seat (tenant_id, organisation_id, body_id);
CREATE UNIQUE INDEX body_seat_once ON body_seat (tenant_id, body_id, organisation_id, name) WHERE valid_to = '';

-- Rules of procedure: every edition stays.
CREATE TABLE body_rules (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  body_id     BIGINT NOT NULL,
  edition     BIGINT NOT NULL,
  title       TEXT NOT NULL,
  body_text   TEXT NOT NULL,
  account_id  BIGINT NOT NULL DEFAULT 0,
  at          BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX body_rules_edition ON body_rules (tenant_id, body_id, edition);

-- Who has read an edition, for which organisation.
CREATE TABLE body_reading (
  tenant_id       BIGINT NOT NULL,
  rules_id        BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  account_id      BIGINT NOT NULL,
  at              BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, rules_id, organisation_id, account_id)
);

-- Kinds of meeting and how often they are owed: every is month, quarter, half, year or none; needs is '', members (somebody's formal relation is
-- there) or committee (seven full members, PARTY-10). Periods that began before since are not counted.
CREATE TABLE meeting_kind (
  tenant_id   BIGINT NOT NULL,
  code        TEXT NOT NULL,
  name        TEXT NOT NULL,
  name_en     TEXT NOT NULL DEFAULT '',
  every       TEXT NOT NULL,
  needs       TEXT NOT NULL DEFAULT '',
  votes       BOOLEAN NOT NULL DEFAULT FALSE,
  source      TEXT NOT NULL DEFAULT '',
  template    TEXT NOT NULL DEFAULT '',
  position    BIGINT NOT NULL,
  since       TEXT NOT NULL,
  retired     BOOLEAN NOT NULL DEFAULT FALSE,
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, code)
);

-- Which kinds of organisation, and of body (with body: before it), owe a kind of meeting.
CREATE TABLE meeting_kind_holder (
  tenant_id   BIGINT NOT NULL,
  kind_code   TEXT NOT NULL,
  holder      TEXT NOT NULL,
  PRIMARY KEY (tenant_id, kind_code, holder)
);
CREATE INDEX meeting_kind_holder_holder ON meeting_kind_holder (tenant_id, holder, kind_code);

-- A meeting of an organisation, or (body_id) of a body that the organisation leads. on_day is the day in China. activity_id is where presence is
-- entered, passes_id the meeting above that it passes on. minutes is the latest text, minutes_version counts its savings. States: planned -> held | cancelled.
CREATE TABLE meeting (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  kind_code       TEXT NOT NULL,
  owner_id        BIGINT NOT NULL,
  body_id         BIGINT NOT NULL DEFAULT 0,
  title           TEXT NOT NULL,
  title_key       TEXT NOT NULL,
  place           TEXT NOT NULL DEFAULT '',
  starts_at       BIGINT NOT NULL,
  ends_at         BIGINT NOT NULL,
  on_day          TEXT NOT NULL,
  state           TEXT NOT NULL,
  reason          TEXT NOT NULL DEFAULT '',
  notice          TEXT NOT NULL DEFAULT '',
  noticed_at      BIGINT NOT NULL DEFAULT 0,
  activity_id     BIGINT NOT NULL DEFAULT 0,
  passes_id       BIGINT NOT NULL DEFAULT 0,
  minutes         TEXT NOT NULL DEFAULT '',
  minutes_version BIGINT NOT NULL DEFAULT 0,
  minutes_by      BIGINT NOT NULL DEFAULT 0,
  minutes_at      BIGINT NOT NULL DEFAULT 0,
  created_by      BIGINT NOT NULL DEFAULT 0,
  created_at      BIGINT NOT NULL,
  held_at         BIGINT NOT NULL DEFAULT 0,
  version         BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX meeting_owner ON meeting (tenant_id, owner_id, starts_at, id);
CREATE INDEX meeting_body ON meeting (tenant_id, body_id, starts_at, id) WHERE body_id <> 0;
CREATE INDEX meeting_time ON meeting (tenant_id, starts_at, id);
CREATE INDEX meeting_passes ON meeting (tenant_id, passes_id, id) WHERE passes_id <> 0;

-- What a meeting counts for: its kind, and further kinds with which it is tagged (PARTY-29). owner, body, day and state are the meeting's.
CREATE TABLE meeting_duty (
  tenant_id   BIGINT NOT NULL,
  meeting_id  BIGINT NOT NULL,
  kind_code   TEXT NOT NULL,
  owner_id    BIGINT NOT NULL,
  body_id     BIGINT NOT NULL DEFAULT 0,
  on_day      TEXT NOT NULL,
  state       TEXT NOT NULL,
  PRIMARY KEY (tenant_id, meeting_id, kind_code)
);
CREATE INDEX meeting_duty_counted ON meeting_duty (tenant_id, owner_id, body_id, kind_code, on_day, state);

-- Who is invited: an organisation through its representative, or a member of the branch; and the receipt.
CREATE TABLE meeting_recipient (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  meeting_id      BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL DEFAULT 0,
  member_id       BIGINT NOT NULL DEFAULT 0,
  person_id       BIGINT NOT NULL DEFAULT 0,
  name            TEXT NOT NULL,
  answer          TEXT NOT NULL DEFAULT '',
  reason          TEXT NOT NULL DEFAULT '',
  answered_by     BIGINT NOT NULL DEFAULT 0,
  answered_at     BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX meeting_recipient_meeting ON meeting_recipient (tenant_id, meeting_id, id);
CREATE INDEX meeting_recipient_person ON meeting_recipient (tenant_id, person_id, meeting_id) WHERE person_id <> 0;
CREATE INDEX meeting_recipient_organisation ON meeting_recipient (tenant_id, organisation_id, meeting_id) WHERE organisation_id <> 0;

-- Revisions of minutes. aside is a text that met a newer one when it was saved; it was kept beside it.
CREATE TABLE meeting_minutes (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  meeting_id  BIGINT NOT NULL,
  number      BIGINT NOT NULL,
  text        TEXT NOT NULL,
  aside       BOOLEAN NOT NULL DEFAULT FALSE,
  account_id  BIGINT NOT NULL DEFAULT 0,
  at          BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX meeting_minutes_meeting ON meeting_minutes (tenant_id, meeting_id, id);

-- Topics that organisations raise: raised -> agenda (meeting_id) -> decided; or declined with an answer, or withdrawn.
CREATE TABLE meeting_topic (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  owner_id        BIGINT NOT NULL,
  body_id         BIGINT NOT NULL DEFAULT 0,
  organisation_id BIGINT NOT NULL,
  title           TEXT NOT NULL,
  detail          TEXT NOT NULL DEFAULT '',
  state           TEXT NOT NULL,
  meeting_id      BIGINT NOT NULL DEFAULT 0,
  answer          TEXT NOT NULL DEFAULT '',
  raised_by       BIGINT NOT NULL DEFAULT 0,
  raised_at       BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX meeting_topic_meeting ON meeting_topic (tenant_id, meeting_id, id) WHERE meeting_id <> 0;
CREATE INDEX meeting_topic_owner ON meeting_topic (tenant_id, owner_id, body_id, state, id);

CREATE TABLE meeting_resolution (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  meeting_id  BIGINT NOT NULL,
  topic_id    BIGINT NOT NULL DEFAULT 0,
  text        TEXT NOT NULL,
  eligible    BIGINT NOT NULL DEFAULT 0,
  present     BIGINT NOT NULL DEFAULT 0,
  yes         BIGINT NOT NULL DEFAULT 0,
  passed      BOOLEAN NOT NULL,
  decided_by  BIGINT NOT NULL DEFAULT 0,
  at          BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX meeting_resolution_meeting ON meeting_resolution (tenant_id, meeting_id, id);

-- What a resolution gives to an organisation to do: open -> reported (with proof) -> done; back to open.
CREATE TABLE meeting_task (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  resolution_id   BIGINT NOT NULL,
  meeting_id      BIGINT NOT NULL,
  owner_id        BIGINT NOT NULL,
  body_id         BIGINT NOT NULL DEFAULT 0,
  organisation_id BIGINT NOT NULL,
  title           TEXT NOT NULL,
  due_on          TEXT NOT NULL,
  state           TEXT NOT NULL,
  note            TEXT NOT NULL DEFAULT '',
  done_on         TEXT NOT NULL DEFAULT '',
  created_by      BIGINT NOT NULL DEFAULT 0,
  created_at      BIGINT NOT NULL,
  version         BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX meeting_task_meeting ON meeting_task (tenant_id, meeting_id, id);
CREATE INDEX meeting_task_owner ON meeting_task (tenant_id, owner_id, body_id, state, due_on);
CREATE INDEX meeting_task_organisation ON meeting_task (tenant_id, organisation_id, state, due_on);

CREATE TABLE meeting_progress (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  task_id     BIGINT NOT NULL,
  state       TEXT NOT NULL,
  note        TEXT NOT NULL,
  account_id  BIGINT NOT NULL DEFAULT 0,
  at          BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX meeting_progress_task ON meeting_progress (tenant_id, task_id, id);

-- Addresses at which a calendar program reads meetings: those of the account, or (body_id) of a body. Only a hash of the secret is kept.
CREATE TABLE calendar_feed (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  account_id  BIGINT NOT NULL,
  body_id     BIGINT NOT NULL DEFAULT 0,
  token_hash  TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  revoked_at  BIGINT NOT NULL DEFAULT 0,
  used_at     BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX calendar_feed_token ON calendar_feed (tenant_id, token_hash);
CREATE INDEX calendar_feed_account ON calendar_feed (tenant_id, account_id, id);
