-- +goose Up

-- The people's mediation committee of a community (MED-2): elected for three years.
CREATE TABLE mediation_committee (
  tenant_id  BIGINT NOT NULL,
  org_id     BIGINT NOT NULL,
  name       TEXT NOT NULL,
  elected_on TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, org_id)
);

-- Who is or was a member of it. account_id is with which they see what they mediate; 0 for none. head sees all of the committee.
CREATE TABLE mediation_member (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  org_id     BIGINT NOT NULL,
  name       TEXT NOT NULL,
  sex        TEXT NOT NULL,
  head       BOOLEAN NOT NULL DEFAULT FALSE,
  account_id BIGINT NOT NULL DEFAULT 0,
  since_on   TEXT NOT NULL,
  ended_on   TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX mediation_member_org ON mediation_member (tenant_id, org_id, ended_on, id);
CREATE INDEX mediation_member_account ON mediation_member (tenant_id, account_id) WHERE account_id <> 0;

-- A mediation from the application to the last visit. Sealed: where and what it is about, what was feared and done, the terms agreed, the words of its end.
-- named_on is when its mediators were named, drafted_on when the agreement was written. next_on is the next day by which something is to be done, apart from
-- confirm_by, which binds nobody and passes by itself; limit_on and confirm_by follow from the calendar (MED-4, MED-11). case_id is the dispute it was
-- made from, of which one at a time is open; case_ended says that it has finished it.
CREATE TABLE mediation (
  tenant_id     BIGINT NOT NULL,
  id            BIGINT NOT NULL,
  no            TEXT NOT NULL,
  org_id        BIGINT NOT NULL,
  case_id       BIGINT NOT NULL DEFAULT 0,
  case_ended    BOOLEAN NOT NULL DEFAULT FALSE,
  item_id       BIGINT NOT NULL DEFAULT 0,
  start_kind    TEXT NOT NULL,
  state         TEXT NOT NULL,
  in_private    BOOLEAN NOT NULL DEFAULT TRUE,
  place         BYTEA,
  matter        BYTEA,
  asked_on      TEXT NOT NULL,
  named_on      TEXT NOT NULL DEFAULT '',
  started_on    TEXT NOT NULL DEFAULT '',
  limit_on      TEXT NOT NULL DEFAULT '',
  extended_on   TEXT NOT NULL DEFAULT '',
  risk          TEXT NOT NULL DEFAULT '',
  risk_note     BYTEA,
  agreed_form   TEXT NOT NULL DEFAULT '',
  drafted_on    TEXT NOT NULL DEFAULT '',
  terms         BYTEA,
  settles       TEXT NOT NULL DEFAULT '',
  mediator_on   TEXT NOT NULL DEFAULT '',
  seal_on       TEXT NOT NULL DEFAULT '',
  effective_on  TEXT NOT NULL DEFAULT '',
  confirm_by    TEXT NOT NULL DEFAULT '',
  bar           TEXT NOT NULL DEFAULT '',
  confirmation  TEXT NOT NULL DEFAULT '',
  court         TEXT NOT NULL DEFAULT '',
  court_on      TEXT NOT NULL DEFAULT '',
  answer_on     TEXT NOT NULL DEFAULT '',
  provisional   BOOLEAN NOT NULL DEFAULT FALSE,
  ended_on      TEXT NOT NULL DEFAULT '',
  end_words     BYTEA,
  next_on       TEXT NOT NULL DEFAULT '',
  next_what     TEXT NOT NULL DEFAULT '',
  created_by    BIGINT NOT NULL,
  forgotten_on  TEXT NOT NULL DEFAULT '',
  updated_at    BIGINT NOT NULL,
  version       BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX mediation_no ON mediation (tenant_id, no);
CREATE UNIQUE INDEX mediation_case ON mediation (tenant_id, case_id) WHERE case_id <> 0 AND ended_on = '';
CREATE INDEX mediation_of_case ON mediation (tenant_id, case_id, id) WHERE case_id <> 0;
CREATE INDEX mediation_org ON mediation (tenant_id, org_id, id);
CREATE INDEX mediation_next ON mediation (tenant_id, org_id, next_on) WHERE next_on <> '';
CREATE INDEX mediation_ended ON mediation (tenant_id, ended_on, id) WHERE ended_on <> '';

-- The parties, in their order. details is sealed: name, telephone, identity number, address. phone_key is its blind index.
CREATE TABLE mediation_party (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  mediation_id BIGINT NOT NULL,
  details      BYTEA,
  phone_key    TEXT NOT NULL DEFAULT '',
  person_id    BIGINT NOT NULL DEFAULT 0,
  consent      TEXT NOT NULL DEFAULT '',
  consent_on   TEXT NOT NULL DEFAULT '',
  signed_on    TEXT NOT NULL DEFAULT '',
  signed_how   TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX mediation_party_of ON mediation_party (tenant_id, mediation_id, id);
CREATE INDEX mediation_party_phone ON mediation_party (tenant_id, phone_key) WHERE phone_key <> '';
CREATE INDEX mediation_party_person ON mediation_party (tenant_id, person_id) WHERE person_id <> 0;

-- Who mediates: members of the committee, or invited by it, whose name is sealed (invited) and not in name. chosen says whether the parties chose them.
CREATE TABLE mediation_mediator (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  mediation_id BIGINT NOT NULL,
  member_id    BIGINT NOT NULL DEFAULT 0,
  name         TEXT NOT NULL,
  invited      BYTEA,
  account_id   BIGINT NOT NULL DEFAULT 0,
  chosen       BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX mediation_mediator_of ON mediation_mediator (tenant_id, mediation_id, id);
CREATE INDEX mediation_mediator_account ON mediation_mediator (tenant_id, account_id, mediation_id) WHERE account_id <> 0;

-- A session. record is sealed: where, who was there, what was said.
CREATE TABLE mediation_session (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  mediation_id BIGINT NOT NULL,
  held_on      TEXT NOT NULL,
  record       BYTEA,
  account_id   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX mediation_session_of ON mediation_session (tenant_id, mediation_id, id);

-- What the agreement says is to be done, by when. Sealed: what, and what came of it.
CREATE TABLE mediation_duty (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  mediation_id BIGINT NOT NULL,
  party_id     BIGINT NOT NULL,
  words        BYTEA,
  due_on       TEXT NOT NULL,
  done_on      TEXT NOT NULL DEFAULT '',
  note         BYTEA,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX mediation_duty_of ON mediation_duty (tenant_id, mediation_id, due_on, id);

-- Follow-up visits: planned for a day, and made. Sealed: what was found.
CREATE TABLE mediation_visit (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  mediation_id BIGINT NOT NULL,
  due_on       TEXT NOT NULL,
  made_on      TEXT NOT NULL DEFAULT '',
  words        BYTEA,
  account_id   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX mediation_visit_of ON mediation_visit (tenant_id, mediation_id, due_on, id);

-- Every step, with who did it. Sealed: why.
CREATE TABLE mediation_entry (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  mediation_id BIGINT NOT NULL,
  act          TEXT NOT NULL,
  state        TEXT NOT NULL,
  words        BYTEA,
  account_id   BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX mediation_entry_of ON mediation_entry (tenant_id, mediation_id, id);
