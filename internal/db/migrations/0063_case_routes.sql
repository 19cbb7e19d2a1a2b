-- +goose Up

-- Which office answers for a category in an area. item_id is a category, class_code a class of them; both empty mean the whole kind. area_id is the organisation whose
-- area it is for: a district, a sub-district or a community. One of three says who: level (the organisation of that level itself), org_kind (the one of its kind that is
-- nearest to the place; word is part of its name), org_id. auto gives a new case out by itself. A rule is never changed: it ends (until_at), and another begins.
CREATE TABLE case_route (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  kind_code  TEXT NOT NULL,
  class_code TEXT NOT NULL DEFAULT '',
  item_id    BIGINT NOT NULL DEFAULT 0,
  area_id    BIGINT NOT NULL,
  level      TEXT NOT NULL DEFAULT '',
  org_kind   TEXT NOT NULL DEFAULT '',
  word       TEXT NOT NULL DEFAULT '',
  org_id     BIGINT NOT NULL DEFAULT 0,
  auto       BOOLEAN NOT NULL DEFAULT TRUE,
  reason     TEXT NOT NULL DEFAULT '',
  from_at    BIGINT NOT NULL,
  from_by    BIGINT NOT NULL DEFAULT 0,
  until_at   BIGINT NOT NULL DEFAULT 0,
  until_by   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX case_route_now ON case_route (tenant_id, kind_code, class_code, item_id, area_id) WHERE until_at = 0;
CREATE INDEX case_route_area ON case_route (tenant_id, area_id, id);
CREATE INDEX case_route_org ON case_route (tenant_id, org_id) WHERE org_id <> 0;

-- The steps of a kind, in their order, and those of a case, as they stood when it was taken on. A step's limit is in working days or in hours; due_at is 0 for none, and
-- while the clock of the case stands. What somebody wrote at a step is sealed.
ALTER TABLE case_kind ADD COLUMN steps TEXT NOT NULL DEFAULT '[]';
CREATE TABLE case_step (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  case_id     BIGINT NOT NULL,
  rank        BIGINT NOT NULL,
  name        TEXT NOT NULL,
  name_en     TEXT NOT NULL DEFAULT '',
  who         TEXT NOT NULL DEFAULT '',
  needed      BOOLEAN NOT NULL DEFAULT FALSE,
  limit_days  BIGINT NOT NULL DEFAULT 0,
  limit_hours BIGINT NOT NULL DEFAULT 0,
  from_at     BIGINT NOT NULL,
  due_at      BIGINT NOT NULL DEFAULT 0,
  done_at     BIGINT NOT NULL DEFAULT 0,
  done_by     BIGINT NOT NULL DEFAULT 0,
  note        BYTEA,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX case_step_case ON case_step (tenant_id, case_id, rank);
CREATE INDEX case_step_late ON case_step (tenant_id, due_at, case_id) WHERE done_at = 0 AND due_at <> 0;
