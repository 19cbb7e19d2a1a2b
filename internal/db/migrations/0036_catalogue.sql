-- +goose Up

-- Groups within a list of the catalogue: the windows of the hall, the classes of the hotline, the major classes of grid events (GRD-10), groups of opinions.
CREATE TABLE catalogue_class (
  tenant_id BIGINT NOT NULL,
  list      TEXT NOT NULL,
  code      TEXT NOT NULL,
  name      TEXT NOT NULL,
  name_en   TEXT NOT NULL DEFAULT '',
  rank      BIGINT NOT NULL DEFAULT 0,
  retired   BOOLEAN NOT NULL DEFAULT FALSE,
  version   BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, list, code)
);

-- What people can ask for, and what can be found on the ground. standard is '' or the name of a published code list; a code is unique within its
-- standard and its part ('part', 'matter' or ''), because the new national list numbers parts and matters separately (GRD-11). search_key is the folded
-- names, the initials and the code; sort_key is class, standard, part and code. days are working days, 0 is the limit of the kind; hours 0 is none.
-- edition counts the texts it had; the present one is in force since valid_from.
CREATE TABLE catalogue_item (
  tenant_id     BIGINT NOT NULL,
  id            BIGINT NOT NULL,
  list          TEXT NOT NULL,
  standard      TEXT NOT NULL DEFAULT '',
  part          TEXT NOT NULL DEFAULT '',
  code          TEXT NOT NULL,
  class_code    TEXT NOT NULL DEFAULT '',
  name          TEXT NOT NULL,
  name_en       TEXT NOT NULL DEFAULT '',
  search_key    TEXT NOT NULL,
  sort_key      TEXT NOT NULL,
  who           TEXT NOT NULL DEFAULT '',
  who_en        TEXT NOT NULL DEFAULT '',
  bring         TEXT NOT NULL DEFAULT '',
  bring_en      TEXT NOT NULL DEFAULT '',
  forms         TEXT NOT NULL DEFAULT '',
  forms_en      TEXT NOT NULL DEFAULT '',
  note          TEXT NOT NULL DEFAULT '',
  note_en       TEXT NOT NULL DEFAULT '',
  price_kind    TEXT NOT NULL DEFAULT '',
  price_fen     BIGINT NOT NULL DEFAULT 0,
  price_note    TEXT NOT NULL DEFAULT '',
  price_note_en TEXT NOT NULL DEFAULT '',
  days          BIGINT NOT NULL DEFAULT 0,
  hours         BIGINT NOT NULL DEFAULT 0,
  level         TEXT NOT NULL,
  is_local      BOOLEAN NOT NULL DEFAULT FALSE,
  public        BOOLEAN NOT NULL DEFAULT FALSE,
  edition       BIGINT NOT NULL DEFAULT 1,
  valid_from    TEXT NOT NULL,
  retired       BOOLEAN NOT NULL DEFAULT FALSE,
  version       BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX catalogue_item_code ON catalogue_item (tenant_id, list, standard, part, code);
CREATE INDEX catalogue_item_list ON catalogue_item (tenant_id, list, sort_key, id);

-- Every edition of an item as it was, the present one included: who made it, when, why. account_id is 0 for what the platform set up; import_id is the
-- import that brought it.
CREATE TABLE catalogue_edition (
  tenant_id  BIGINT NOT NULL,
  item_id    BIGINT NOT NULL,
  edition    BIGINT NOT NULL,
  valid_from TEXT NOT NULL,
  body       TEXT NOT NULL,
  reason     TEXT NOT NULL DEFAULT '',
  account_id BIGINT NOT NULL DEFAULT 0,
  import_id  BIGINT NOT NULL DEFAULT 0,
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, item_id, edition)
);
