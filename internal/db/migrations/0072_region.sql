-- +goose Up

-- What a district lets a city or a province above it see of its figures: above is the tenant of that level. ended_at is 0 while it holds; cleared_at is when what had been
-- sent was removed there after the end.
CREATE TABLE region_share (
  tenant_id  BIGINT NOT NULL,
  above      BIGINT NOT NULL,
  since      BIGINT NOT NULL,
  since_by   BIGINT NOT NULL DEFAULT 0,
  ended_at   BIGINT NOT NULL DEFAULT 0,
  ended_by   BIGINT NOT NULL DEFAULT 0,
  cleared_at BIGINT NOT NULL DEFAULT 0,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, above)
);

-- At the city or province: a period as a district has rolled it up. computed_at and changed_at are the district's own times, by which it is seen that nothing is new.
CREATE TABLE region_period (
  tenant_id     BIGINT NOT NULL,
  district      BIGINT NOT NULL,
  period        TEXT NOT NULL,
  district_name TEXT NOT NULL,
  state         TEXT NOT NULL,
  computed_at   BIGINT NOT NULL,
  changed_at    BIGINT NOT NULL,
  arrived_at    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, period, district)
);
CREATE INDEX region_period_district ON region_period (tenant_id, district, period);

-- The figures of the whole district in a period, and by the items of their breakdowns (dimension, item). hidden: a small count of people, whose amount does not leave the district.
CREATE TABLE region_value (
  tenant_id BIGINT NOT NULL,
  district  BIGINT NOT NULL,
  period    TEXT NOT NULL,
  figure    TEXT NOT NULL,
  dimension TEXT NOT NULL DEFAULT '',
  item      TEXT NOT NULL DEFAULT '',
  amount    BIGINT NOT NULL,
  hidden    BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (tenant_id, period, figure, dimension, item, district)
);
CREATE INDEX region_value_district ON region_value (tenant_id, district, period);
