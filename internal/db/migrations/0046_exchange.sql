-- +goose Up

-- A need, or with small a small wish: what somebody lacks. title and words are what is public, and empty until the community has approved them; title_key finds the
-- title. taken counts pledges that stand, and never exceeds wanted. due_on is the last day on which it helps; after it nobody pledges. code_key opens it to whoever
-- asked, '' where a case does that. Sealed: what was said, where exactly, who asked, their number, and what was answered to them.
CREATE TABLE need (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  no           TEXT NOT NULL,
  kind         TEXT NOT NULL,
  small        BOOLEAN NOT NULL DEFAULT FALSE,
  title        TEXT NOT NULL DEFAULT '',
  title_key    TEXT NOT NULL DEFAULT '',
  words        TEXT NOT NULL DEFAULT '',
  skill        TEXT NOT NULL DEFAULT '',
  body         BYTEA,
  place        BYTEA,
  community_id BIGINT NOT NULL,
  wanted       BIGINT NOT NULL,
  taken        BIGINT NOT NULL DEFAULT 0,
  minutes      BIGINT NOT NULL DEFAULT 0,
  due_on       TEXT NOT NULL,
  channel      TEXT NOT NULL,
  flagged      BOOLEAN NOT NULL DEFAULT FALSE,
  entered_by   BIGINT NOT NULL DEFAULT 0,
  holder       BYTEA,
  phone        BYTEA,
  person_id    BIGINT NOT NULL DEFAULT 0,
  resident_id  BIGINT NOT NULL DEFAULT 0,
  code_key     TEXT NOT NULL DEFAULT '',
  sent_key     TEXT NOT NULL DEFAULT '',
  case_id      BIGINT NOT NULL DEFAULT 0,
  topic_id     BIGINT NOT NULL DEFAULT 0,
  state        TEXT NOT NULL,
  outcome      TEXT NOT NULL DEFAULT '',
  answer       BYTEA,
  stars        BIGINT NOT NULL DEFAULT 0,
  received_at  BIGINT NOT NULL,
  opened_at    BIGINT NOT NULL DEFAULT 0,
  ended_at     BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX need_no ON need (tenant_id, no);
CREATE UNIQUE INDEX need_code ON need (tenant_id, code_key) WHERE code_key <> '';
CREATE UNIQUE INDEX need_sent ON need (tenant_id, sent_key) WHERE sent_key <> '';
CREATE UNIQUE INDEX need_case ON need (tenant_id, case_id) WHERE case_id <> 0;
CREATE INDEX need_community ON need (tenant_id, community_id, id);
CREATE INDEX need_state ON need (tenant_id, state, due_on, id);
CREATE INDEX need_person ON need (tenant_id, person_id, id) WHERE person_id <> 0;
CREATE INDEX need_resident ON need (tenant_id, resident_id, id) WHERE resident_id <> 0;
CREATE INDEX need_ended ON need (tenant_id, ended_at, id) WHERE ended_at <> 0;

-- A pledge to meet a need: of a member, of an organisation, or of a team whose name somebody gave. Sealed: the number at which they are reached, what they say.
CREATE TABLE need_pledge (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  need_id      BIGINT NOT NULL,
  member_id    BIGINT NOT NULL DEFAULT 0,
  person_id    BIGINT NOT NULL DEFAULT 0,
  org_id       BIGINT NOT NULL DEFAULT 0,
  team         TEXT NOT NULL DEFAULT '',
  resource_id  BIGINT NOT NULL DEFAULT 0,
  amount       BIGINT NOT NULL DEFAULT 0,
  contact      BYTEA,
  said         BYTEA,
  state        TEXT NOT NULL,
  account_id   BIGINT NOT NULL DEFAULT 0,
  decided_by   BIGINT NOT NULL DEFAULT 0,
  pledged_at   BIGINT NOT NULL,
  agreed_at    BIGINT NOT NULL DEFAULT 0,
  delivered_at BIGINT NOT NULL DEFAULT 0,
  ended_at     BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX need_pledge_need ON need_pledge (tenant_id, need_id, id);
CREATE UNIQUE INDEX need_pledge_member ON need_pledge (tenant_id, need_id, member_id) WHERE member_id <> 0 AND state IN ('pledged', 'agreed', 'delivered', 'confirmed');
CREATE UNIQUE INDEX need_pledge_org ON need_pledge (tenant_id, need_id, org_id) WHERE org_id <> 0 AND resource_id = 0 AND state IN ('pledged', 'agreed', 'delivered', 'confirmed');
CREATE INDEX need_pledge_of_member ON need_pledge (tenant_id, member_id, id) WHERE member_id <> 0;
CREATE INDEX need_pledge_of_org ON need_pledge (tenant_id, org_id, id) WHERE org_id <> 0;
CREATE INDEX need_pledge_state ON need_pledge (tenant_id, state, id);
CREATE INDEX need_pledge_resource ON need_pledge (tenant_id, resource_id, id) WHERE resource_id <> 0;

-- The help that one member gave with a pledge. It is what the ledger names as the source of hours; minutes 0 counts nothing.
CREATE TABLE need_help (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  need_id      BIGINT NOT NULL,
  pledge_id    BIGINT NOT NULL,
  member_id    BIGINT NOT NULL,
  person_id    BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  unit_id      BIGINT NOT NULL DEFAULT 0,
  on_date      TEXT NOT NULL,
  minutes      BIGINT NOT NULL,
  proof        TEXT NOT NULL DEFAULT '',
  counted      BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX need_help_member ON need_help (tenant_id, pledge_id, member_id);
CREATE INDEX need_help_person ON need_help (tenant_id, person_id);

-- Every step of a need. Sealed: the words. open_to_all: whoever asked reads them.
CREATE TABLE need_entry (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  need_id     BIGINT NOT NULL,
  pledge_id   BIGINT NOT NULL DEFAULT 0,
  act         TEXT NOT NULL,
  state       TEXT NOT NULL,
  words       BYTEA,
  open_to_all BOOLEAN NOT NULL DEFAULT FALSE,
  account_id  BIGINT NOT NULL DEFAULT 0,
  at          BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX need_entry_of ON need_entry (tenant_id, need_id, id);

-- A resource: goods, a place, people with a skill, money, a service, offered by an organisation or by somebody whose name stands in giver. left_over is what of
-- amount is not promised; amount 0 is not counted. Sealed: the number at which the giver is reached.
CREATE TABLE resource (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  kind        TEXT NOT NULL,
  title       TEXT NOT NULL,
  title_key   TEXT NOT NULL,
  detail      TEXT NOT NULL DEFAULT '',
  skill       TEXT NOT NULL DEFAULT '',
  org_id      BIGINT NOT NULL DEFAULT 0,
  giver       TEXT NOT NULL DEFAULT '',
  contact     BYTEA,
  place_id    BIGINT NOT NULL,
  terms       TEXT NOT NULL,
  price       TEXT NOT NULL DEFAULT '',
  amount      BIGINT NOT NULL DEFAULT 0,
  left_over   BIGINT NOT NULL DEFAULT 0,
  unit        TEXT NOT NULL DEFAULT '',
  times       TEXT NOT NULL DEFAULT '',
  valid_until TEXT NOT NULL,
  ended_at    BIGINT NOT NULL DEFAULT 0,
  entered_by  BIGINT NOT NULL DEFAULT 0,
  created_at  BIGINT NOT NULL,
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX resource_place ON resource (tenant_id, place_id, id);
CREATE INDEX resource_org ON resource (tenant_id, org_id, id) WHERE org_id <> 0;
CREATE INDEX resource_valid ON resource (tenant_id, valid_until, id);
