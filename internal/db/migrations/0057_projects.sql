-- +goose Up

-- A project (CO-2): what is done about one or several needs that one pledge cannot meet, by a community and partners, with steps, a budget and people. lead_id is the community, or
-- the unit that leads it. edition counts changes of what partners agree to. Whether it is late follows from its steps and days.
CREATE TABLE project (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  no           TEXT NOT NULL,
  community_id BIGINT NOT NULL,
  lead_id      BIGINT NOT NULL,
  title        TEXT NOT NULL,
  title_key    TEXT NOT NULL,
  goal         TEXT NOT NULL,
  kind         TEXT NOT NULL,
  wanted       BIGINT NOT NULL DEFAULT 0,
  from_on      TEXT NOT NULL,
  to_on        TEXT NOT NULL,
  programme_id BIGINT NOT NULL DEFAULT 0,
  state        TEXT NOT NULL,
  edition      BIGINT NOT NULL DEFAULT 1,
  result       TEXT NOT NULL DEFAULT '',
  end_reason   TEXT NOT NULL DEFAULT '',
  ended_on     TEXT NOT NULL DEFAULT '',
  copied_from  BIGINT NOT NULL DEFAULT 0,
  created_by   BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL,
  proposed_at  BIGINT NOT NULL DEFAULT 0,
  begun_at     BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX project_no ON project (tenant_id, no);
CREATE INDEX project_community ON project (tenant_id, community_id, id);
CREATE INDEX project_state ON project (tenant_id, state, id);
CREATE INDEX project_programme ON project (tenant_id, programme_id, id) WHERE programme_id <> 0;

-- The needs that a project answers. live: the project was not stopped; a need has one such project.
CREATE TABLE project_need (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  need_id    BIGINT NOT NULL,
  live       BOOLEAN NOT NULL DEFAULT TRUE,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX project_need_once ON project_need (tenant_id, need_id) WHERE live = TRUE;
CREATE INDEX project_need_of ON project_need (tenant_id, project_id, id);

-- Organisations that take part besides the community, the unit that leads among them. state is asked, agreed, declined or left. on_paper: the community noted the answer of a unit of
-- which nobody could give it; note says who said so.
CREATE TABLE project_partner (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  project_id  BIGINT NOT NULL,
  org_id      BIGINT NOT NULL,
  state       TEXT NOT NULL,
  reason      TEXT NOT NULL DEFAULT '',
  on_paper    BOOLEAN NOT NULL DEFAULT FALSE,
  note        TEXT NOT NULL DEFAULT '',
  answered_by BIGINT NOT NULL DEFAULT 0,
  answered_at BIGINT NOT NULL DEFAULT 0,
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX project_partner_once ON project_partner (tenant_id, project_id, org_id);
CREATE INDEX project_partner_org ON project_partner (tenant_id, org_id, state, project_id);

-- Steps: state is open, done or dropped. source is a record entered elsewhere by which it was done.
CREATE TABLE project_step (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  project_id  BIGINT NOT NULL,
  org_id      BIGINT NOT NULL,
  title       TEXT NOT NULL,
  due_on      TEXT NOT NULL,
  state       TEXT NOT NULL,
  done_on     TEXT NOT NULL DEFAULT '',
  words       TEXT NOT NULL DEFAULT '',
  source_kind TEXT NOT NULL DEFAULT '',
  source_id   BIGINT NOT NULL DEFAULT 0,
  done_by     BIGINT NOT NULL DEFAULT 0,
  done_at     BIGINT NOT NULL DEFAULT 0,
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX project_step_of ON project_step (tenant_id, project_id, due_on, id);
CREATE INDEX project_step_org ON project_step (tenant_id, org_id, state, due_on);
CREATE UNIQUE INDEX project_step_source ON project_step (tenant_id, project_id, source_kind, source_id) WHERE source_id <> 0;

-- Lines of the budget, in fen. org_id answers for the line and enters its expenses; source says whose money it is.
CREATE TABLE project_line (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  org_id     BIGINT NOT NULL,
  source     TEXT NOT NULL,
  title      TEXT NOT NULL,
  amount     BIGINT NOT NULL,
  dropped    BOOLEAN NOT NULL DEFAULT FALSE,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX project_line_of ON project_line (tenant_id, project_id, id);
CREATE INDEX project_line_org ON project_line (tenant_id, org_id, id);

-- Expenses are entered and reversed by an entry with the opposite amount, never changed. over is why more was spent than the line has. Sealed: the payee.
CREATE TABLE project_expense (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  project_id  BIGINT NOT NULL,
  line_id     BIGINT NOT NULL,
  org_id      BIGINT NOT NULL,
  on_date     TEXT NOT NULL,
  amount      BIGINT NOT NULL,
  payee       BYTEA,
  words       TEXT NOT NULL DEFAULT '',
  receipt     TEXT NOT NULL DEFAULT '',
  over        TEXT NOT NULL DEFAULT '',
  reverses_id BIGINT NOT NULL DEFAULT 0,
  entered_by  BIGINT NOT NULL DEFAULT 0,
  at          BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX project_expense_of ON project_expense (tenant_id, project_id, line_id, id);
CREATE INDEX project_expense_org ON project_expense (tenant_id, org_id, id);
CREATE UNIQUE INDEX project_expense_reverses ON project_expense (tenant_id, reverses_id) WHERE reverses_id <> 0;

-- A change of what a partner agreed to, which waits for its yes. what is step or line; subject_id 0 is a new one.
CREATE TABLE project_change (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  project_id  BIGINT NOT NULL,
  org_id      BIGINT NOT NULL,
  what        TEXT NOT NULL,
  subject_id  BIGINT NOT NULL DEFAULT 0,
  drops       BOOLEAN NOT NULL DEFAULT FALSE,
  title       TEXT NOT NULL DEFAULT '',
  due_on      TEXT NOT NULL DEFAULT '',
  source      TEXT NOT NULL DEFAULT '',
  amount      BIGINT NOT NULL DEFAULT 0,
  state       TEXT NOT NULL,
  reason      TEXT NOT NULL DEFAULT '',
  asked_by    BIGINT NOT NULL DEFAULT 0,
  asked_at    BIGINT NOT NULL,
  answered_by BIGINT NOT NULL DEFAULT 0,
  answered_at BIGINT NOT NULL DEFAULT 0,
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX project_change_of ON project_change (tenant_id, project_id, id);
CREATE INDEX project_change_org ON project_change (tenant_id, org_id, state, id);

-- Who does what: a member, a team of volunteers, or somebody of a partner by name. Sealed: the name.
CREATE TABLE project_person (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  org_id     BIGINT NOT NULL,
  member_id  BIGINT NOT NULL DEFAULT 0,
  team_id    BIGINT NOT NULL DEFAULT 0,
  name       BYTEA,
  task       TEXT NOT NULL,
  added_by   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX project_person_of ON project_person (tenant_id, project_id, id);
CREATE INDEX project_person_org ON project_person (tenant_id, org_id, id);
CREATE INDEX project_person_member ON project_person (tenant_id, member_id) WHERE member_id <> 0;

-- Which activities belong to a project: people and hours come from them.
CREATE TABLE project_activity (
  tenant_id   BIGINT NOT NULL,
  activity_id BIGINT NOT NULL,
  project_id  BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, activity_id)
);
CREATE INDEX project_activity_of ON project_activity (tenant_id, project_id, activity_id);

-- Every step of a project: which organisation did what, and when.
CREATE TABLE project_entry (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  project_id BIGINT NOT NULL,
  act        TEXT NOT NULL,
  org_id     BIGINT NOT NULL DEFAULT 0,
  words      TEXT NOT NULL DEFAULT '',
  account_id BIGINT NOT NULL DEFAULT 0,
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX project_entry_of ON project_entry (tenant_id, project_id, id);
CREATE INDEX project_entry_org ON project_entry (tenant_id, org_id, id);
