-- +goose Up

-- Figures rolled up: what each figure was at each place in each period, whole (dimension '') and by item of a breakdown. It holds
-- nothing that cannot be worked out again from the records, until its period is frozen. No row is 0.
CREATE TABLE figure_value (
  tenant_id BIGINT NOT NULL,
  place_id  BIGINT NOT NULL,
  period    TEXT NOT NULL,
  dimension TEXT NOT NULL,
  figure    TEXT NOT NULL,
  item      TEXT NOT NULL,
  amount    BIGINT NOT NULL,
  records   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, place_id, period, dimension, figure, item)
);
CREATE INDEX figure_value_places ON figure_value (tenant_id, period, figure, dimension, place_id);

-- When a period was rolled up, and whether it is frozen. policies are the values of the district that went in, as JSON.
CREATE TABLE figure_period (
  tenant_id   BIGINT NOT NULL,
  period      TEXT NOT NULL,
  state       TEXT NOT NULL,
  computed_at BIGINT NOT NULL,
  catalogue   TEXT NOT NULL DEFAULT '',
  policies    TEXT NOT NULL DEFAULT '',
  changed_at  BIGINT NOT NULL DEFAULT 0,
  changed_by  BIGINT NOT NULL DEFAULT 0,
  reason      TEXT NOT NULL DEFAULT '',
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, period)
);
