-- +goose Up

-- The file of a volunteer: one for a person as long as it has not ended. skills, times and kinds are codes between spaces. Sealed: the words about oneself.
CREATE TABLE volunteer (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  no           TEXT NOT NULL,
  org_id       BIGINT NOT NULL,
  person_id    BIGINT NOT NULL DEFAULT 0,
  skills       TEXT NOT NULL DEFAULT '',
  times        TEXT NOT NULL DEFAULT '',
  kinds        TEXT NOT NULL DEFAULT '',
  words        BYTEA,
  contact      BOOLEAN NOT NULL DEFAULT FALSE,
  publish      BOOLEAN NOT NULL DEFAULT FALSE,
  by_self      BOOLEAN NOT NULL DEFAULT FALSE,
  entered_on   TEXT NOT NULL,
  ended_on     TEXT NOT NULL DEFAULT '',
  ending       TEXT NOT NULL DEFAULT '',
  forgotten_on TEXT NOT NULL DEFAULT '',
  entered_by   BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX volunteer_once ON volunteer (tenant_id, person_id) WHERE ended_on = '' AND person_id <> 0;
CREATE UNIQUE INDEX volunteer_no ON volunteer (tenant_id, no);
CREATE INDEX volunteer_org ON volunteer (tenant_id, org_id, id);
CREATE INDEX volunteer_person ON volunteer (tenant_id, person_id, id);
CREATE INDEX volunteer_ended ON volunteer (tenant_id, ended_on, id) WHERE ended_on <> '';

-- A team of one of the nine kinds. org_id keeps it, unit_id is the organisation that it belongs to (0 is org_id itself), leader_id a volunteer of it.
CREATE TABLE volunteer_team (
  tenant_id BIGINT NOT NULL,
  id        BIGINT NOT NULL,
  org_id    BIGINT NOT NULL,
  unit_id   BIGINT NOT NULL DEFAULT 0,
  kind      TEXT NOT NULL,
  name      TEXT NOT NULL,
  about     TEXT NOT NULL DEFAULT '',
  leader_id BIGINT NOT NULL DEFAULT 0,
  opened_on TEXT NOT NULL,
  ended_on  TEXT NOT NULL DEFAULT '',
  version   BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX volunteer_team_name ON volunteer_team (tenant_id, org_id, name) WHERE ended_on = '';
CREATE INDEX volunteer_team_org ON volunteer_team (tenant_id, org_id, kind, id);
CREATE INDEX volunteer_team_leader ON volunteer_team (tenant_id, leader_id) WHERE leader_id <> 0;

-- Who is in a team, from and to a day; asked by the volunteer or invited by the team before.
CREATE TABLE volunteer_membership (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  team_id      BIGINT NOT NULL,
  org_id       BIGINT NOT NULL,
  volunteer_id BIGINT NOT NULL,
  state        TEXT NOT NULL,
  asked_on     TEXT NOT NULL,
  from_on      TEXT NOT NULL DEFAULT '',
  to_on        TEXT NOT NULL DEFAULT '',
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX volunteer_membership_once ON volunteer_membership (tenant_id, team_id, volunteer_id) WHERE state IN ('asked', 'invited', 'in');
CREATE INDEX volunteer_membership_team ON volunteer_membership (tenant_id, team_id, state, id);
CREATE INDEX volunteer_membership_volunteer ON volunteer_membership (tenant_id, volunteer_id, id);

-- A task of a team with its time, place and number of people. taken counts those who stand in it and is never above seats.
CREATE TABLE volunteer_shift (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  team_id    BIGINT NOT NULL,
  org_id     BIGINT NOT NULL,
  task       TEXT NOT NULL,
  place      TEXT NOT NULL,
  starts_at  BIGINT NOT NULL,
  ends_at    BIGINT NOT NULL,
  seats      BIGINT NOT NULL,
  taken      BIGINT NOT NULL DEFAULT 0,
  skill      TEXT NOT NULL DEFAULT '',
  clearance  TEXT NOT NULL DEFAULT '',
  dangerous  BOOLEAN NOT NULL DEFAULT FALSE,
  state      TEXT NOT NULL,
  reason     TEXT NOT NULL DEFAULT '',
  created_by BIGINT NOT NULL DEFAULT 0,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  CHECK (taken >= 0 AND taken <= seats)
);
CREATE INDEX volunteer_shift_team ON volunteer_shift (tenant_id, team_id, starts_at, id);
CREATE INDEX volunteer_shift_org ON volunteer_shift (tenant_id, org_id, state, ends_at);

-- Who stands in a shift; its times stand here as well, so that two at one time are found. substitute_id was asked to stand in. minutes is what came of it once attended is said.
CREATE TABLE volunteer_signup (
  tenant_id     BIGINT NOT NULL,
  id            BIGINT NOT NULL,
  shift_id      BIGINT NOT NULL,
  team_id       BIGINT NOT NULL,
  org_id        BIGINT NOT NULL,
  volunteer_id  BIGINT NOT NULL,
  starts_at     BIGINT NOT NULL,
  ends_at       BIGINT NOT NULL,
  state         TEXT NOT NULL,
  substitute_id BIGINT NOT NULL DEFAULT 0,
  replaces_id   BIGINT NOT NULL DEFAULT 0,
  attended      TEXT NOT NULL DEFAULT '',
  minutes       BIGINT NOT NULL DEFAULT 0,
  ticked_by     BIGINT NOT NULL DEFAULT 0,
  at            BIGINT NOT NULL,
  version       BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX volunteer_signup_once ON volunteer_signup (tenant_id, shift_id, volunteer_id) WHERE state = 'in';
CREATE INDEX volunteer_signup_shift ON volunteer_signup (tenant_id, shift_id, id);
CREATE INDEX volunteer_signup_volunteer ON volunteer_signup (tenant_id, volunteer_id, starts_at);
CREATE INDEX volunteer_signup_substitute ON volunteer_signup (tenant_id, substitute_id) WHERE substitute_id <> 0;

-- An insurance of a team or of one volunteer. Sealed: the number of the policy.
CREATE TABLE volunteer_cover (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  org_id       BIGINT NOT NULL,
  team_id      BIGINT NOT NULL DEFAULT 0,
  volunteer_id BIGINT NOT NULL DEFAULT 0,
  insurer      TEXT NOT NULL,
  policy       BYTEA,
  from_on      TEXT NOT NULL,
  to_on        TEXT NOT NULL,
  struck_on    TEXT NOT NULL DEFAULT '',
  account_id   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX volunteer_cover_team ON volunteer_cover (tenant_id, team_id, to_on) WHERE team_id <> 0;
CREATE INDEX volunteer_cover_volunteer ON volunteer_cover (tenant_id, volunteer_id, to_on) WHERE volunteer_id <> 0;

-- A qualification or a check of a volunteer: what it is, until when, who saw it on which day. The paper itself is not kept.
CREATE TABLE volunteer_clearance (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  org_id       BIGINT NOT NULL,
  volunteer_id BIGINT NOT NULL,
  kind         TEXT NOT NULL,
  valid_to     TEXT NOT NULL,
  seen_on      TEXT NOT NULL,
  struck_on    TEXT NOT NULL DEFAULT '',
  account_id   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX volunteer_clearance_volunteer ON volunteer_clearance (tenant_id, volunteer_id, kind, valid_to);
CREATE INDEX volunteer_clearance_org ON volunteer_clearance (tenant_id, org_id, valid_to) WHERE struck_on = '';

-- A word of thanks to a volunteer. Sealed: the words, and who says them.
CREATE TABLE volunteer_thanks (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  org_id       BIGINT NOT NULL,
  volunteer_id BIGINT NOT NULL,
  words        BYTEA,
  giver        BYTEA,
  said_on      TEXT NOT NULL,
  account_id   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX volunteer_thanks_volunteer ON volunteer_thanks (tenant_id, volunteer_id, id);

-- A certificate of hours as it was given. Sealed: what it says. hash is that of what it says.
CREATE TABLE volunteer_certificate (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  org_id       BIGINT NOT NULL,
  volunteer_id BIGINT NOT NULL,
  number       TEXT NOT NULL,
  code         TEXT NOT NULL,
  from_on      TEXT NOT NULL,
  to_on        TEXT NOT NULL,
  minutes      BIGINT NOT NULL,
  content      BYTEA,
  hash         TEXT NOT NULL,
  issued_at    BIGINT NOT NULL,
  account_id   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX volunteer_certificate_volunteer ON volunteer_certificate (tenant_id, volunteer_id, id);

-- A club of residents.
CREATE TABLE club (
  tenant_id BIGINT NOT NULL,
  id        BIGINT NOT NULL,
  org_id    BIGINT NOT NULL,
  name      TEXT NOT NULL,
  about     TEXT NOT NULL DEFAULT '',
  place     TEXT NOT NULL,
  meets     TEXT NOT NULL DEFAULT '',
  opened_on TEXT NOT NULL,
  ended_on  TEXT NOT NULL DEFAULT '',
  version   BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX club_name ON club (tenant_id, org_id, name) WHERE ended_on = '';

-- Who is in a club, from and to a day.
CREATE TABLE club_member (
  tenant_id BIGINT NOT NULL,
  id        BIGINT NOT NULL,
  club_id   BIGINT NOT NULL,
  org_id    BIGINT NOT NULL,
  person_id BIGINT NOT NULL DEFAULT 0,
  by_self   BOOLEAN NOT NULL DEFAULT FALSE,
  from_on   TEXT NOT NULL,
  to_on     TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX club_member_once ON club_member (tenant_id, club_id, person_id) WHERE to_on = '' AND person_id <> 0;
CREATE INDEX club_member_person ON club_member (tenant_id, person_id, id) WHERE person_id <> 0;

-- Which activities are the programme of a club.
CREATE TABLE club_activity (
  tenant_id   BIGINT NOT NULL,
  activity_id BIGINT NOT NULL,
  club_id     BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, activity_id)
);
CREATE INDEX club_activity_club ON club_activity (tenant_id, club_id, activity_id);

-- Hours of voluntary service stand in the book of the ledger in the name of a person.
CREATE INDEX posting_person ON posting (tenant_id, person_id, on_date, id);
