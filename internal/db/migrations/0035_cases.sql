-- +goose Up

-- The kinds of case, as data: which list of the catalogue they choose from, how long they may take, who sees them.
CREATE TABLE case_kind (
  tenant_id    BIGINT NOT NULL,
  code         TEXT NOT NULL,
  name         TEXT NOT NULL,
  name_en      TEXT NOT NULL DEFAULT '',
  list         TEXT NOT NULL DEFAULT '',
  fields       TEXT NOT NULL DEFAULT '[]',
  days         BIGINT NOT NULL DEFAULT 0,
  hours        BIGINT NOT NULL DEFAULT 0,
  urgent_hours BIGINT NOT NULL DEFAULT 0,
  open_to_all  BOOLEAN NOT NULL,
  confidential BOOLEAN NOT NULL,
  rank         BIGINT NOT NULL DEFAULT 0,
  retired      BOOLEAN NOT NULL DEFAULT FALSE,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, code)
);

-- A case from the first word to the rating. org_id is who has it now, dispatched_by who gave it out. Sealed: who reported it and their phone, what they
-- said and where, what was answered. late says that a limit was missed, and stays. respond_at is until when somebody is to take it on. phone_key and code_key are blind indexes. due_at is 0 while the clock stands. x and y as of buildings.
CREATE TABLE service_case (
  tenant_id      BIGINT NOT NULL,
  id             BIGINT NOT NULL,
  no             TEXT NOT NULL,
  kind_code      TEXT NOT NULL,
  item_id        BIGINT NOT NULL DEFAULT 0,
  item_edition   BIGINT NOT NULL DEFAULT 0,
  community_id   BIGINT NOT NULL,
  grid_id        BIGINT NOT NULL DEFAULT 0,
  building_id    BIGINT NOT NULL DEFAULT 0,
  place          BYTEA,
  x              BIGINT NOT NULL DEFAULT 0,
  y              BIGINT NOT NULL DEFAULT 0,
  title          TEXT NOT NULL,
  title_key      TEXT NOT NULL,
  body           BYTEA,
  answers        BYTEA,
  channel        TEXT NOT NULL,
  entered_by     BIGINT NOT NULL DEFAULT 0,
  reporter       BYTEA,
  phone          BYTEA,
  phone_key      TEXT NOT NULL DEFAULT '',
  person_id      BIGINT NOT NULL DEFAULT 0,
  code_key       TEXT NOT NULL,
  about_id       BIGINT NOT NULL DEFAULT 0,
  urgent         BOOLEAN NOT NULL DEFAULT FALSE,
  confidential   BOOLEAN NOT NULL DEFAULT FALSE,
  state          TEXT NOT NULL,
  org_id         BIGINT NOT NULL,
  dispatched_by  BIGINT NOT NULL DEFAULT 0,
  handler_id     BIGINT NOT NULL DEFAULT 0,
  received_at    BIGINT NOT NULL,
  accepted_at    BIGINT NOT NULL DEFAULT 0,
  dispatched_at  BIGINT NOT NULL DEFAULT 0,
  started_at     BIGINT NOT NULL DEFAULT 0,
  done_at        BIGINT NOT NULL DEFAULT 0,
  closed_at      BIGINT NOT NULL DEFAULT 0,
  clock_at       BIGINT NOT NULL,
  limit_days     BIGINT NOT NULL DEFAULT 0,
  limit_hours    BIGINT NOT NULL DEFAULT 0,
  extended       BIGINT NOT NULL DEFAULT 0,
  extension      TEXT NOT NULL DEFAULT '',
  extension_days BIGINT NOT NULL DEFAULT 0,
  extension_by   BIGINT NOT NULL DEFAULT 0,
  due_at         BIGINT NOT NULL DEFAULT 0,
  sign_due_at    BIGINT NOT NULL DEFAULT 0,
  respond_at     BIGINT NOT NULL DEFAULT 0,
  late           BOOLEAN NOT NULL DEFAULT FALSE,
  provisional    BOOLEAN NOT NULL DEFAULT FALSE,
  suspended_at   BIGINT NOT NULL DEFAULT 0,
  outcome        TEXT NOT NULL DEFAULT '',
  result         BYTEA,
  address        TEXT NOT NULL DEFAULT '',
  confirmed      TEXT NOT NULL DEFAULT '',
  solved         TEXT NOT NULL DEFAULT '',
  rating         BIGINT NOT NULL DEFAULT 0,
  rated_at       BIGINT NOT NULL DEFAULT 0,
  supervised_at  BIGINT NOT NULL DEFAULT 0,
  escalated_at   BIGINT NOT NULL DEFAULT 0,
  reopened       BIGINT NOT NULL DEFAULT 0,
  merged_id      BIGINT NOT NULL DEFAULT 0,
  topic_id       BIGINT NOT NULL DEFAULT 0,
  updated_at     BIGINT NOT NULL,
  version        BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX service_case_no ON service_case (tenant_id, no);
CREATE UNIQUE INDEX service_case_code ON service_case (tenant_id, code_key);
CREATE INDEX service_case_org ON service_case (tenant_id, org_id, state, id);
CREATE INDEX service_case_community ON service_case (tenant_id, community_id, id);
CREATE INDEX service_case_handler ON service_case (tenant_id, handler_id, state, id) WHERE handler_id <> 0;
CREATE INDEX service_case_due ON service_case (tenant_id, due_at, id) WHERE due_at <> 0 AND closed_at = 0;
CREATE INDEX service_case_open ON service_case (tenant_id, state, done_at, id) WHERE closed_at = 0;
CREATE INDEX service_case_asked ON service_case (tenant_id, extension, id) WHERE extension = 'asked';
CREATE INDEX service_case_provisional ON service_case (tenant_id, id) WHERE provisional = TRUE;
CREATE INDEX service_case_done ON service_case (tenant_id, done_at, id) WHERE done_at <> 0;
CREATE INDEX service_case_phone ON service_case (tenant_id, phone_key, id) WHERE phone_key <> '';
CREATE INDEX service_case_person ON service_case (tenant_id, person_id, id) WHERE person_id <> 0;
CREATE INDEX service_case_merged ON service_case (tenant_id, merged_id) WHERE merged_id <> 0;
CREATE INDEX service_case_closed ON service_case (tenant_id, closed_at, id) WHERE closed_at <> 0;

-- Every step, with its day and hour. open_to_all: whoever reported the case reads the words; source_id: only whoever reported that case does.
CREATE TABLE case_entry (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  case_id     BIGINT NOT NULL,
  act         TEXT NOT NULL,
  state       TEXT NOT NULL,
  from_id     BIGINT NOT NULL DEFAULT 0,
  to_id       BIGINT NOT NULL DEFAULT 0,
  words       BYTEA,
  open_to_all BOOLEAN NOT NULL DEFAULT FALSE,
  source_id   BIGINT NOT NULL DEFAULT 0,
  account_id  BIGINT NOT NULL DEFAULT 0,
  at          BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX case_entry_case ON case_entry (tenant_id, case_id, id);

-- Organisations that handle a case jointly with the one that has it.
CREATE TABLE case_party (
  tenant_id BIGINT NOT NULL,
  case_id   BIGINT NOT NULL,
  org_id    BIGINT NOT NULL,
  asked_at  BIGINT NOT NULL,
  done_at   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, case_id, org_id)
);
CREATE INDEX case_party_org ON case_party (tenant_id, org_id, case_id);

-- The stretches in which the clock of a case stood.
CREATE TABLE case_pause (
  tenant_id BIGINT NOT NULL,
  id        BIGINT NOT NULL,
  case_id   BIGINT NOT NULL,
  from_at   BIGINT NOT NULL,
  until_at  BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX case_pause_case ON case_pause (tenant_id, case_id, id);
