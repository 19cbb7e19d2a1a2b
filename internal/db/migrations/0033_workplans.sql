-- +goose Up

-- What an organisation means to do in a year, item by item, and what the organisation above says of it (LIFE-6). edition counts how often the plan
-- was handed in; reviewer_id is who it was handed in to.
CREATE TABLE workplan (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  plan_year       BIGINT NOT NULL,
  state           TEXT NOT NULL,
  edition         BIGINT NOT NULL DEFAULT 0,
  reviewer_id     BIGINT NOT NULL DEFAULT 0,
  submitted_by    BIGINT NOT NULL DEFAULT 0,
  submitted_at    BIGINT NOT NULL DEFAULT 0,
  decided_by      BIGINT NOT NULL DEFAULT 0,
  decided_at      BIGINT NOT NULL DEFAULT 0,
  remark          TEXT NOT NULL DEFAULT '',
  created_by      BIGINT NOT NULL,
  created_at      BIGINT NOT NULL,
  updated_at      BIGINT NOT NULL,
  version         BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX workplan_year ON workplan (tenant_id, organisation_id, plan_year);
CREATE INDEX workplan_reviewer ON workplan (tenant_id, reviewer_id, state);

-- An item. With a figure its progress is read and never reported: reached is in tenths of the figure's unit, measured_at when it was last read.
CREATE TABLE workplan_item (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  workplan_id BIGINT NOT NULL,
  place_no    BIGINT NOT NULL,
  title       TEXT NOT NULL,
  title_key   TEXT NOT NULL,
  measure     TEXT NOT NULL DEFAULT '',
  answerable  TEXT NOT NULL DEFAULT '',
  due_on      TEXT NOT NULL,
  figure      TEXT NOT NULL DEFAULT '',
  target      BIGINT NOT NULL DEFAULT 0,
  reached     BIGINT NOT NULL DEFAULT 0,
  measured_at BIGINT NOT NULL DEFAULT 0,
  state       TEXT NOT NULL,
  ended_on    TEXT NOT NULL DEFAULT '',
  updated_at  BIGINT NOT NULL,
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX workplan_item_plan ON workplan_item (tenant_id, workplan_id, place_no, id);
CREATE INDEX workplan_item_due ON workplan_item (tenant_id, state, due_on, id);

-- What was said of an item in an edition of its plan, and what the organisation answered.
CREATE TABLE workplan_review (
  tenant_id  BIGINT NOT NULL,
  item_id    BIGINT NOT NULL,
  edition    BIGINT NOT NULL,
  verdict    TEXT NOT NULL,
  comment    TEXT NOT NULL DEFAULT '',
  answer     TEXT NOT NULL DEFAULT '',
  account_id BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, item_id, edition)
);

-- What happened with an item through the year.
CREATE TABLE workplan_entry (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  item_id    BIGINT NOT NULL,
  kind       TEXT NOT NULL,
  note       TEXT NOT NULL DEFAULT '',
  account_id BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX workplan_entry_item ON workplan_entry (tenant_id, item_id, id);
