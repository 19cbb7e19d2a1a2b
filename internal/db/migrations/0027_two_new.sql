-- +goose Up

-- Organisations of the census of new economic and new social organisations (ORG-5). One with the credit code of a living unit in the register is that
-- unit: nothing links the two but the code. x and y are longitude and latitude in micro-degrees (CGCS2000), 0 where unknown.
CREATE TABLE two_new (
  tenant_id            BIGINT NOT NULL,
  id                   BIGINT NOT NULL,
  kind                 TEXT NOT NULL,
  name                 TEXT NOT NULL,
  name_key             TEXT NOT NULL,
  search_key           TEXT NOT NULL,
  uscc                 TEXT NOT NULL DEFAULT '',
  trade                TEXT NOT NULL DEFAULT '',
  address              TEXT NOT NULL DEFAULT '',
  community_id         BIGINT NOT NULL,
  grid_id              BIGINT NOT NULL DEFAULT 0,
  x                    BIGINT NOT NULL DEFAULT 0,
  y                    BIGINT NOT NULL DEFAULT 0,
  employees            BIGINT NOT NULL DEFAULT 0,
  full_members         BIGINT NOT NULL DEFAULT 0,
  probationary_members BIGINT NOT NULL DEFAULT 0,
  listed_on            TEXT NOT NULL,
  ended_on             TEXT NOT NULL DEFAULT '',
  end_reason           TEXT NOT NULL DEFAULT '',
  import_id            BIGINT NOT NULL DEFAULT 0,
  created_at           BIGINT NOT NULL,
  updated_at           BIGINT NOT NULL,
  version              BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  CHECK (employees >= 0 AND full_members >= 0 AND probationary_members >= 0)
);
CREATE UNIQUE INDEX two_new_uscc ON two_new (tenant_id, uscc) WHERE uscc <> '' AND ended_on = '';
CREATE INDEX two_new_name ON two_new (tenant_id, name_key, id);
CREATE INDEX two_new_community ON two_new (tenant_id, community_id, name_key, id);

-- What a person decided about several of them at once: a joint branch, or an instructor for some. The letter is a paper about it.
CREATE TABLE two_new_decision (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  kind         TEXT NOT NULL,
  community_id BIGINT NOT NULL,
  branch_id    BIGINT NOT NULL DEFAULT 0,
  member_id    BIGINT NOT NULL DEFAULT 0,
  on_date      TEXT NOT NULL,
  document_no  TEXT NOT NULL DEFAULT '',
  document     TEXT NOT NULL,
  note         TEXT NOT NULL DEFAULT '',
  letter       TEXT NOT NULL,
  account_id   BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX two_new_decision_community ON two_new_decision (tenant_id, community_id, id);

-- The way of each from nothing to a branch. until_on is the day of the next step, '' for the one in force. A step entered by mistake is struck, not
-- removed.
CREATE TABLE two_new_step (
  tenant_id     BIGINT NOT NULL,
  id            BIGINT NOT NULL,
  two_new_id    BIGINT NOT NULL,
  kind          TEXT NOT NULL,
  on_date       TEXT NOT NULL,
  until_on      TEXT NOT NULL DEFAULT '',
  document_no   TEXT NOT NULL DEFAULT '',
  document      TEXT NOT NULL,
  note          TEXT NOT NULL DEFAULT '',
  branch_id     BIGINT NOT NULL DEFAULT 0,
  member_id     BIGINT NOT NULL DEFAULT 0,
  decision_id   BIGINT NOT NULL DEFAULT 0,
  struck_at     BIGINT NOT NULL DEFAULT 0,
  struck_by     BIGINT NOT NULL DEFAULT 0,
  struck_reason TEXT NOT NULL DEFAULT '',
  account_id    BIGINT NOT NULL DEFAULT 0,
  at            BIGINT NOT NULL,
  version       BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX two_new_step_of ON two_new_step (tenant_id, two_new_id, on_date, id);
CREATE UNIQUE INDEX two_new_step_now ON two_new_step (tenant_id, two_new_id) WHERE until_on = '' AND struck_at = 0;
CREATE INDEX two_new_step_branch ON two_new_step (tenant_id, branch_id) WHERE branch_id <> 0;
