-- +goose Up

-- Democratic appraisal of members (PARTY-26, PARTY-40 to 47): one round per branch and year. step: self -> mutual -> ballot -> opinion -> told -> closed,
-- entered on step_on. paper_* are the ballots on paper as they were counted; counted_on is '' until then. excellent_why is why more than a third are excellent.
CREATE TABLE appraisal_round (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  year            BIGINT NOT NULL,
  step            TEXT NOT NULL,
  step_on         TEXT NOT NULL,
  opened_on       TEXT NOT NULL,
  opened_by       BIGINT NOT NULL,
  meeting_id      BIGINT NOT NULL DEFAULT 0,
  paper_returned  BIGINT NOT NULL DEFAULT 0,
  paper_valid     BIGINT NOT NULL DEFAULT 0,
  teller          TEXT NOT NULL DEFAULT '',
  second_teller   TEXT NOT NULL DEFAULT '',
  counted_on      TEXT NOT NULL DEFAULT '',
  excellent_why   TEXT NOT NULL DEFAULT '',
  closed_on       TEXT NOT NULL DEFAULT '',
  emptied_on      TEXT NOT NULL DEFAULT '',
  version         BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX appraisal_round_once ON appraisal_round (tenant_id, organisation_id, year);
CREATE INDEX appraisal_round_year ON appraisal_round (tenant_id, year, id);

-- Who takes part, from the register on the day of opening. votes: may cast a ballot (PARTY-32); graded: is given a grade. away: the organisation that
-- assesses a floating member instead (MOB-4). grade is what was decided, standing_grade what holds after corrections.
CREATE TABLE appraisal_entry (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  round_id        BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  member_id       BIGINT NOT NULL,
  person_id       BIGINT NOT NULL,
  name            TEXT NOT NULL,
  name_key        TEXT NOT NULL,
  standing        TEXT NOT NULL,
  party_group     TEXT NOT NULL DEFAULT '',
  votes           BOOLEAN NOT NULL,
  graded          BOOLEAN NOT NULL,
  why             TEXT NOT NULL DEFAULT '',
  away            TEXT NOT NULL DEFAULT '',
  self_text       TEXT NOT NULL DEFAULT '',
  self_gaps       TEXT NOT NULL DEFAULT '',
  self_paper      BOOLEAN NOT NULL DEFAULT FALSE,
  self_on         TEXT NOT NULL DEFAULT '',
  grade           TEXT NOT NULL DEFAULT '',
  standing_grade  TEXT NOT NULL DEFAULT '',
  opinion         TEXT NOT NULL DEFAULT '',
  gaps            TEXT NOT NULL DEFAULT '',
  help            TEXT NOT NULL DEFAULT '',
  follow_on       TEXT NOT NULL DEFAULT '',
  followed        TEXT NOT NULL DEFAULT '',
  followed_on     TEXT NOT NULL DEFAULT '',
  decision        TEXT NOT NULL DEFAULT '',
  approval        TEXT NOT NULL DEFAULT '',
  decided_on      TEXT NOT NULL DEFAULT '',
  read_on         TEXT NOT NULL DEFAULT '',
  read_paper      BOOLEAN NOT NULL DEFAULT FALSE,
  own_view        TEXT NOT NULL DEFAULT '',
  version         BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX appraisal_entry_once ON appraisal_entry (tenant_id, round_id, member_id);
CREATE INDEX appraisal_entry_name ON appraisal_entry (tenant_id, round_id, name_key, id);
CREATE INDEX appraisal_entry_person ON appraisal_entry (tenant_id, person_id, id);
CREATE INDEX appraisal_entry_member ON appraisal_entry (tenant_id, member_id, id);
CREATE INDEX appraisal_entry_follow ON appraisal_entry (tenant_id, organisation_id, follow_on) WHERE follow_on <> '' AND followed_on = '';

-- Words of one member about another.
CREATE TABLE appraisal_remark (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  round_id    BIGINT NOT NULL,
  from_id     BIGINT NOT NULL,
  about_id    BIGINT NOT NULL,
  text        TEXT NOT NULL,
  paper       BOOLEAN NOT NULL DEFAULT FALSE,
  written_by  BIGINT NOT NULL,
  on_day      TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX appraisal_remark_once ON appraisal_remark (tenant_id, round_id, from_id, about_id);
CREATE INDEX appraisal_remark_about ON appraisal_remark (tenant_id, about_id, id);

-- The secret ballot (PARTY-44, ELECT-20). There are no ballots here: appraisal_mark says who has voted (way: '' not yet, phone, paper), appraisal_tally how
-- many ballots chose what about whom. Neither has an ID, a time or an order, and every vote rewrites all rows of both for its round.
CREATE TABLE appraisal_mark (
  tenant_id   BIGINT NOT NULL,
  round_id    BIGINT NOT NULL,
  entry_id    BIGINT NOT NULL,
  way         TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, round_id, entry_id)
);
CREATE TABLE appraisal_tally (
  tenant_id   BIGINT NOT NULL,
  round_id    BIGINT NOT NULL,
  entry_id    BIGINT NOT NULL,
  choice      TEXT NOT NULL,
  votes       BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, round_id, entry_id, choice),
  CHECK (votes >= 0)
);

-- What was corrected after a round was closed.
CREATE TABLE appraisal_correction (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  entry_id    BIGINT NOT NULL,
  was         TEXT NOT NULL,
  grade       TEXT NOT NULL,
  reason      TEXT NOT NULL,
  document    TEXT NOT NULL DEFAULT '',
  on_day      TEXT NOT NULL,
  account_id  BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX appraisal_correction_entry ON appraisal_correction (tenant_id, entry_id, id);
