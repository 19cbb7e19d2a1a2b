-- +goose Up

-- An outlet of the service network: a centre, a station, or a shop or service that somebody recommends, in one of the seven elements of life. open_1, open_2, open_6
-- and open_7 say in which of the 48 half hours of a Monday, of Tuesday to Friday, of a Saturday and a Sunday it is open, as bits; the hours as people write them stand beside them. same_key is what makes two
-- rows the same outlet. checked_on is when somebody last made sure that it is still so.
CREATE TABLE outlet (
  tenant_id      BIGINT NOT NULL,
  id             BIGINT NOT NULL,
  level          TEXT NOT NULL,
  element        TEXT NOT NULL,
  name           TEXT NOT NULL,
  name_key       TEXT NOT NULL,
  search_key     TEXT NOT NULL,
  same_key       TEXT NOT NULL,
  about          TEXT NOT NULL DEFAULT '',
  community_id   BIGINT NOT NULL,
  address        TEXT NOT NULL,
  phone          TEXT NOT NULL DEFAULT '',
  weekdays       TEXT NOT NULL DEFAULT '',
  weekend        TEXT NOT NULL DEFAULT '',
  open_1         BIGINT NOT NULL DEFAULT 0,
  open_2         BIGINT NOT NULL DEFAULT 0,
  open_6         BIGINT NOT NULL DEFAULT 0,
  open_7         BIGINT NOT NULL DEFAULT 0,
  terms          TEXT NOT NULL,
  price          TEXT NOT NULL DEFAULT '',
  barrier_free   BOOLEAN NOT NULL DEFAULT FALSE,
  recommended_by BIGINT NOT NULL DEFAULT 0,
  why            TEXT NOT NULL DEFAULT '',
  checked_on     TEXT NOT NULL,
  ended_on       TEXT NOT NULL DEFAULT '',
  import_id      BIGINT NOT NULL DEFAULT 0,
  entered_by     BIGINT NOT NULL DEFAULT 0,
  created_at     BIGINT NOT NULL,
  version        BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX outlet_same ON outlet (tenant_id, community_id, same_key);
CREATE INDEX outlet_element ON outlet (tenant_id, element, name_key, id);
CREATE INDEX outlet_name ON outlet (tenant_id, name_key, id);
CREATE INDEX outlet_community ON outlet (tenant_id, community_id, name_key, id);
CREATE INDEX outlet_checked ON outlet (tenant_id, checked_on, id);
