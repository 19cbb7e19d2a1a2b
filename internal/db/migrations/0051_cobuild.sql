-- +goose Up

-- A co-building agreement of a community (or sub-district) with units (CO-1). state is draft, talks, agreed or withdrawn; whether an agreed one is to come, in force or over follows
-- from its days. begun_by and moved_by are parties: who began it, and who changed or sent it last. edition counts how often it was sent across. ended_on is the last day where it
-- ends before valid_to. end_asked_by and end_asked_on are an end that one side proposes.
CREATE TABLE cobuild (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  no           TEXT NOT NULL,
  kind         TEXT NOT NULL,
  community_id BIGINT NOT NULL,
  goal         TEXT NOT NULL,
  goal_key     TEXT NOT NULL,
  valid_from   TEXT NOT NULL,
  valid_to     TEXT NOT NULL,
  state        TEXT NOT NULL,
  edition      BIGINT NOT NULL DEFAULT 0,
  begun_by     BIGINT NOT NULL,
  moved_by     BIGINT NOT NULL,
  moved_at     BIGINT NOT NULL,
  agreed_at    BIGINT NOT NULL DEFAULT 0,
  end_asked_by BIGINT NOT NULL DEFAULT 0,
  end_asked_on TEXT NOT NULL DEFAULT '',
  ended_on     TEXT NOT NULL DEFAULT '',
  ended_by     BIGINT NOT NULL DEFAULT 0,
  end_reason   TEXT NOT NULL DEFAULT '',
  renews_id    BIGINT NOT NULL DEFAULT 0,
  created_by   BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX cobuild_no ON cobuild (tenant_id, no);
CREATE UNIQUE INDEX cobuild_renews ON cobuild (tenant_id, renews_id) WHERE renews_id <> 0 AND state <> 'withdrawn';
CREATE INDEX cobuild_community ON cobuild (tenant_id, community_id, id);
CREATE INDEX cobuild_state ON cobuild (tenant_id, state, valid_to, id);

-- The parties: the community and the units, with their contact person and their signature. on_paper: signed by hand, and entered by the community; note says where the paper is.
-- Sealed: who is contacted, and their number.
CREATE TABLE cobuild_party (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  cobuild_id BIGINT NOT NULL,
  org_id     BIGINT NOT NULL,
  side       TEXT NOT NULL,
  contact    BYTEA,
  phone      BYTEA,
  signed_by  BIGINT NOT NULL DEFAULT 0,
  signed_at  BIGINT NOT NULL DEFAULT 0,
  on_paper   BOOLEAN NOT NULL DEFAULT FALSE,
  note       TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX cobuild_party_once ON cobuild_party (tenant_id, cobuild_id, org_id);
CREATE INDEX cobuild_party_org ON cobuild_party (tenant_id, org_id, cobuild_id);

-- What is promised, by which party, how often. due_on is the first day on which it is due; amount 0 is just done.
CREATE TABLE cobuild_item (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  cobuild_id   BIGINT NOT NULL,
  place_no     BIGINT NOT NULL,
  title        TEXT NOT NULL,
  title_key    TEXT NOT NULL,
  org_id       BIGINT NOT NULL,
  often        TEXT NOT NULL,
  due_on       TEXT NOT NULL,
  measure      TEXT NOT NULL DEFAULT '',
  amount       BIGINT NOT NULL DEFAULT 0,
  programme_id BIGINT NOT NULL DEFAULT 0,
  part         TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX cobuild_item_of ON cobuild_item (tenant_id, cobuild_id, place_no, id);
CREATE INDEX cobuild_item_programme ON cobuild_item (tenant_id, programme_id, id) WHERE programme_id <> 0;

-- The dated tasks of an item, written when the last party signs. state is open, said (done, says who promised it), confirmed (by the other side) or dropped (the agreement ended
-- before its day). source is what was entered elsewhere and fulfils it.
CREATE TABLE cobuild_task (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  cobuild_id   BIGINT NOT NULL,
  item_id      BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  org_id       BIGINT NOT NULL,
  due_on       TEXT NOT NULL,
  state        TEXT NOT NULL,
  done_on      TEXT NOT NULL DEFAULT '',
  amount       BIGINT NOT NULL DEFAULT 0,
  words        TEXT NOT NULL DEFAULT '',
  source_kind  TEXT NOT NULL DEFAULT '',
  source_id    BIGINT NOT NULL DEFAULT 0,
  missing      TEXT NOT NULL DEFAULT '',
  said_by      BIGINT NOT NULL DEFAULT 0,
  said_at      BIGINT NOT NULL DEFAULT 0,
  answered_by  BIGINT NOT NULL DEFAULT 0,
  answered_at  BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX cobuild_task_day ON cobuild_task (tenant_id, item_id, due_on);
CREATE UNIQUE INDEX cobuild_task_source ON cobuild_task (tenant_id, item_id, source_kind, source_id) WHERE source_id <> 0;
CREATE INDEX cobuild_task_of ON cobuild_task (tenant_id, cobuild_id, due_on, id);
CREATE INDEX cobuild_task_org ON cobuild_task (tenant_id, org_id, state, due_on);
CREATE INDEX cobuild_task_community ON cobuild_task (tenant_id, community_id, due_on);

-- Every step of an agreement: which party did what; before and after are a change of its text.
CREATE TABLE cobuild_entry (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  cobuild_id  BIGINT NOT NULL,
  task_id     BIGINT NOT NULL DEFAULT 0,
  act         TEXT NOT NULL,
  org_id      BIGINT NOT NULL DEFAULT 0,
  edition     BIGINT NOT NULL DEFAULT 0,
  words       TEXT NOT NULL DEFAULT '',
  text_before TEXT NOT NULL DEFAULT '',
  text_after  TEXT NOT NULL DEFAULT '',
  account_id  BIGINT NOT NULL DEFAULT 0,
  at          BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX cobuild_entry_of ON cobuild_entry (tenant_id, cobuild_id, id);

-- Programmes (CO-4, CO-5): a theme with its parts, one a line, kept by a sub-district or the district. valid_to '' has no end.
CREATE TABLE programme (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  org_id     BIGINT NOT NULL,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,
  kind       TEXT NOT NULL,
  detail     TEXT NOT NULL DEFAULT '',
  parts      TEXT NOT NULL DEFAULT '',
  valid_from TEXT NOT NULL,
  valid_to   TEXT NOT NULL DEFAULT '',
  created_by BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX programme_name ON programme (tenant_id, org_id, name);
