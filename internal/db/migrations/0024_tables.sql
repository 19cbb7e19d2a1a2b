-- +goose Up

-- Tables that people put together and keep: which rows, which columns. definition is JSON and holds no values. shared_id is the organisation
-- with which a table is shared; who has rights there sees it, and rows within their own scope. A removed table is deleted later.
CREATE TABLE saved_table (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  title       TEXT NOT NULL,
  subject     TEXT NOT NULL,
  definition  TEXT NOT NULL,
  owner_id    BIGINT NOT NULL,
  shared_id   BIGINT NOT NULL DEFAULT 0,
  created_at  BIGINT NOT NULL,
  updated_at  BIGINT NOT NULL,
  removed_at  BIGINT NOT NULL DEFAULT 0,
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX saved_table_owner ON saved_table (tenant_id, owner_id, id);
CREATE INDEX saved_table_shared ON saved_table (tenant_id, shared_id, id) WHERE shared_id <> 0;
CREATE INDEX saved_table_removed ON saved_table (tenant_id, removed_at) WHERE removed_at <> 0;

-- When a table is made again by itself, under the rights that its owner has by then.
CREATE TABLE table_schedule (
  tenant_id   BIGINT NOT NULL,
  table_id    BIGINT NOT NULL,
  every       TEXT NOT NULL,
  on_day      BIGINT NOT NULL,
  purpose     TEXT NOT NULL DEFAULT '',
  reason      TEXT NOT NULL DEFAULT '',
  keep_months BIGINT NOT NULL,
  next_on     TEXT NOT NULL,
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, table_id)
);
CREATE INDEX table_schedule_next ON table_schedule (tenant_id, next_on);

-- Files made of a table in the background: exports that somebody asked for, and editions of a schedule. The rows stand in file, sealed; only
-- the account for which a file was made sees it.
CREATE TABLE table_run (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  table_id     BIGINT NOT NULL,
  account_id   BIGINT NOT NULL,
  kind         TEXT NOT NULL,
  state        TEXT NOT NULL,
  title        TEXT NOT NULL,
  on_date      TEXT NOT NULL,
  place_id     BIGINT NOT NULL DEFAULT 0,
  purpose      TEXT NOT NULL DEFAULT '',
  reason       TEXT NOT NULL DEFAULT '',
  job_id       BIGINT NOT NULL DEFAULT 0,
  file_id      BIGINT NOT NULL DEFAULT 0,
  previous_id  BIGINT NOT NULL DEFAULT 0,
  row_count    BIGINT NOT NULL DEFAULT 0,
  added        BIGINT NOT NULL DEFAULT 0,
  removed      BIGINT NOT NULL DEFAULT 0,
  changed      BIGINT NOT NULL DEFAULT 0,
  message      TEXT NOT NULL DEFAULT '',
  created_at   BIGINT NOT NULL,
  finished_at  BIGINT NOT NULL DEFAULT 0,
  seen_at      BIGINT NOT NULL DEFAULT 0,
  expires_on   TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX table_run_table ON table_run (tenant_id, table_id, account_id, id);
CREATE INDEX table_run_unseen ON table_run (tenant_id, account_id, state) WHERE seen_at = 0;
CREATE INDEX table_run_expiry ON table_run (tenant_id, expires_on);
