-- +goose Up

-- Administrative divisions from the published list; code and level together are the key (CODE-20 to CODE-24).
CREATE TABLE division (
  tenant_id   BIGINT NOT NULL,
  code        TEXT NOT NULL,
  level       BIGINT NOT NULL,
  name        TEXT NOT NULL,
  parent_code TEXT NOT NULL,
  province    TEXT NOT NULL DEFAULT '',
  city        TEXT NOT NULL DEFAULT '',
  county      TEXT NOT NULL DEFAULT '',
  street      TEXT NOT NULL DEFAULT '',
  valid_from  TEXT NOT NULL DEFAULT '',
  valid_to    TEXT NOT NULL DEFAULT '',
  successor   TEXT NOT NULL DEFAULT '',
  import_id   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, code, level)
);
CREATE INDEX division_parent ON division (tenant_id, parent_code, level, code);
CREATE INDEX division_level ON division (tenant_id, level, code);

-- Organisations: Party organisations of every level, units, committees and bureaus. search_key holds the keys of the name, the
-- short name and former names, one per line. parent_id and path follow the
-- leadership line of today; organisation_relation keeps every relation with its dates.
CREATE TABLE organisation (
  tenant_id      BIGINT NOT NULL,
  id             BIGINT NOT NULL,
  kind           TEXT NOT NULL,
  name           TEXT NOT NULL,
  name_key       TEXT NOT NULL,
  short_name     TEXT NOT NULL DEFAULT '',
  search_key     TEXT NOT NULL DEFAULT '',
  code           TEXT NOT NULL DEFAULT '',
  uscc           TEXT NOT NULL DEFAULT '',
  division_code  TEXT NOT NULL DEFAULT '',
  sector         TEXT NOT NULL DEFAULT '',
  parent_id      BIGINT NOT NULL DEFAULT 0,
  path           TEXT NOT NULL,
  community_id   BIGINT NOT NULL DEFAULT 0,
  address        TEXT NOT NULL DEFAULT '',
  contact_name   TEXT NOT NULL DEFAULT '',
  contact_phone  BYTEA,
  contact_phone_mask TEXT NOT NULL DEFAULT '',
  established_on TEXT NOT NULL DEFAULT '',
  dissolved_on   TEXT NOT NULL DEFAULT '',
  import_id      BIGINT NOT NULL DEFAULT 0,
  created_at     BIGINT NOT NULL,
  updated_at     BIGINT NOT NULL,
  version        BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX organisation_path ON organisation (tenant_id, path);
CREATE INDEX organisation_list ON organisation (tenant_id, kind, name_key, id);
CREATE INDEX organisation_parent ON organisation (tenant_id, parent_id, name_key, id);
CREATE INDEX organisation_community ON organisation (tenant_id, community_id, name_key, id) WHERE community_id <> 0;
CREATE UNIQUE INDEX organisation_uscc ON organisation (tenant_id, uscc) WHERE uscc <> '';
CREATE UNIQUE INDEX organisation_code ON organisation (tenant_id, code) WHERE code <> '';

CREATE TABLE organisation_gram (
  tenant_id       BIGINT NOT NULL,
  gram            TEXT NOT NULL,
  organisation_id BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, gram, organisation_id)
);

-- leadership: subordinate -> superior; area: unit -> community; merged_into, split_from, succeeds: acts of change.
CREATE TABLE organisation_relation (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  kind       TEXT NOT NULL,
  from_id    BIGINT NOT NULL,
  to_id      BIGINT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to   TEXT NOT NULL DEFAULT '',
  document   TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX organisation_relation_from ON organisation_relation (tenant_id, from_id, kind, valid_from);
CREATE INDEX organisation_relation_to ON organisation_relation (tenant_id, to_id, kind, valid_from);

-- Former and present names, so that "as of" a date an organisation bears the name of that day.
CREATE TABLE organisation_name (
  tenant_id       BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  valid_from      TEXT NOT NULL,
  valid_to        TEXT NOT NULL DEFAULT '',
  name            TEXT NOT NULL,
  PRIMARY KEY (tenant_id, organisation_id, valid_from)
);

-- Acts of change (set up, rename, re-parent, merge, split, dissolve) with their document.
CREATE TABLE organisation_act (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  other_id        BIGINT NOT NULL DEFAULT 0,
  kind            TEXT NOT NULL,
  on_date         TEXT NOT NULL,
  document        TEXT NOT NULL DEFAULT '',
  detail          TEXT NOT NULL DEFAULT '',
  account_id      BIGINT NOT NULL DEFAULT 0,
  at              BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX organisation_act_org ON organisation_act (tenant_id, organisation_id, id);
CREATE INDEX organisation_act_other ON organisation_act (tenant_id, other_id, id) WHERE other_id <> 0;

CREATE TABLE quarter_area (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  name         TEXT NOT NULL,
  address      TEXT NOT NULL DEFAULT '',
  ended_on     TEXT NOT NULL DEFAULT '',
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX quarter_area_name ON quarter_area (tenant_id, community_id, name);

-- Social-governance grids (GRD-2, GRD-3); outline is GeoJSON coordinates in micro-degrees, CGCS2000.
CREATE TABLE grid (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  code         TEXT NOT NULL,
  name         TEXT NOT NULL,
  worker_id    BIGINT NOT NULL DEFAULT 0,
  worker_name  TEXT NOT NULL DEFAULT '',
  outline      TEXT NOT NULL DEFAULT '',
  ended_on     TEXT NOT NULL DEFAULT '',
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX grid_code ON grid (tenant_id, code);
CREATE INDEX grid_community ON grid (tenant_id, community_id, code);

-- Buildings; x and y are longitude and latitude in micro-degrees (CGCS2000), 0 where unknown.
CREATE TABLE building (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  quarter_id   BIGINT NOT NULL DEFAULT 0,
  grid_id      BIGINT NOT NULL DEFAULT 0,
  name         TEXT NOT NULL,
  name_key     TEXT NOT NULL,
  address      TEXT NOT NULL DEFAULT '',
  floors       BIGINT NOT NULL DEFAULT 0,
  stairwells   BIGINT NOT NULL DEFAULT 0,
  x            BIGINT NOT NULL DEFAULT 0,
  y            BIGINT NOT NULL DEFAULT 0,
  ended_on     TEXT NOT NULL DEFAULT '',
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX building_name ON building (tenant_id, community_id, quarter_id, name_key);
CREATE INDEX building_grid ON building (tenant_id, grid_id, name_key) WHERE grid_id <> 0;

-- A dwelling and the people living in it.
CREATE TABLE household (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  grid_id      BIGINT NOT NULL DEFAULT 0,
  building_id  BIGINT NOT NULL DEFAULT 0,
  stairwell    TEXT NOT NULL DEFAULT '',
  room         TEXT NOT NULL DEFAULT '',
  address      TEXT NOT NULL DEFAULT '',
  number       TEXT NOT NULL DEFAULT '',
  import_id    BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX household_building ON household (tenant_id, building_id, stairwell, room) WHERE building_id <> 0;
CREATE INDEX household_community ON household (tenant_id, community_id, address, id);

-- Residents, and everybody else the platform knows as a person. Sealed: ID number and phone.
CREATE TABLE person (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  community_id BIGINT NOT NULL DEFAULT 0,
  household_id BIGINT NOT NULL DEFAULT 0,
  grid_id      BIGINT NOT NULL DEFAULT 0,
  building_id  BIGINT NOT NULL DEFAULT 0,
  name         TEXT NOT NULL,
  name_key     TEXT NOT NULL,
  initials     TEXT NOT NULL DEFAULT '',
  sex          TEXT NOT NULL DEFAULT '0',
  born_on      TEXT NOT NULL DEFAULT '',
  id_number    BYTEA,
  id_index     TEXT NOT NULL DEFAULT '',
  id_mask      TEXT NOT NULL DEFAULT '',
  phone        BYTEA,
  phone_index  TEXT NOT NULL DEFAULT '',
  phone_mask   TEXT NOT NULL DEFAULT '',
  ethnic       TEXT NOT NULL DEFAULT '',
  political    TEXT NOT NULL DEFAULT '',
  schooling    TEXT NOT NULL DEFAULT '',
  residence    TEXT NOT NULL DEFAULT '',
  head_relation TEXT NOT NULL DEFAULT '',
  work_unit    TEXT NOT NULL DEFAULT '',
  moved_in_on  TEXT NOT NULL DEFAULT '',
  moved_out_on TEXT NOT NULL DEFAULT '',
  died_on      TEXT NOT NULL DEFAULT '',
  flagged      TEXT NOT NULL DEFAULT '',
  source       TEXT NOT NULL DEFAULT '',
  import_id    BIGINT NOT NULL DEFAULT 0,
  row_hash     TEXT NOT NULL DEFAULT '',
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX person_id_index ON person (tenant_id, id_index) WHERE id_index <> '';
CREATE INDEX person_phone_index ON person (tenant_id, phone_index) WHERE phone_index <> '';
CREATE INDEX person_community ON person (tenant_id, community_id, name_key, id);
CREATE INDEX person_name ON person (tenant_id, name_key, id);
CREATE INDEX person_household ON person (tenant_id, household_id) WHERE household_id <> 0;

-- One- and two-character grams of names, so that a search is an index range within one community or the district (community_id 0).
CREATE TABLE person_gram (
  tenant_id    BIGINT NOT NULL,
  gram         TEXT NOT NULL,
  community_id BIGINT NOT NULL,
  person_id    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, gram, community_id, person_id)
);

-- Categories of residents (SRV-9) with their dates; several at once.
CREATE TABLE person_category (
  tenant_id  BIGINT NOT NULL,
  person_id  BIGINT NOT NULL,
  category   TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to   TEXT NOT NULL DEFAULT '',
  source     TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, person_id, category, valid_from)
);
CREATE INDEX person_category_list ON person_category (tenant_id, category, person_id);

-- The register of processing purposes (PRIV-1).
CREATE TABLE purpose (
  tenant_id  BIGINT NOT NULL,
  code       TEXT NOT NULL,
  name       TEXT NOT NULL,
  name_en    TEXT NOT NULL DEFAULT '',
  basis      TEXT NOT NULL,
  data_kinds TEXT NOT NULL,
  retention  TEXT NOT NULL,
  needs_consent BOOLEAN NOT NULL,
  PRIMARY KEY (tenant_id, code)
);

-- Consent per purpose, with the version of the text that was shown (PRIV-2).
CREATE TABLE consent (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  person_id    BIGINT NOT NULL,
  purpose_code TEXT NOT NULL,
  text_version TEXT NOT NULL,
  channel      TEXT NOT NULL,
  answer       TEXT NOT NULL,
  at           BIGINT NOT NULL,
  withdrawn_at BIGINT NOT NULL DEFAULT 0,
  account_id   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX consent_person ON consent (tenant_id, person_id, purpose_code, id);
