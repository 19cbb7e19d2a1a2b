-- +goose Up

-- What was reported out of reach of the network comes in later: happened_at is when the phone says that it was, 0 where it says nothing. The clock of the case
-- starts when it comes in.
ALTER TABLE service_case ADD COLUMN happened_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX service_case_grid ON service_case (tenant_id, grid_id, id) WHERE grid_id <> 0;
CREATE INDEX service_case_entered ON service_case (tenant_id, entered_by, id) WHERE entered_by <> 0;

-- How many people live in a dwelling, as was said at its door on a day; no day means that nobody has asked.
ALTER TABLE household ADD COLUMN occupants BIGINT NOT NULL DEFAULT 0;
ALTER TABLE household ADD COLUMN occupants_on TEXT NOT NULL DEFAULT '';
ALTER TABLE household ADD COLUMN occupants_by BIGINT NOT NULL DEFAULT 0;
CREATE INDEX household_grid ON household (tenant_id, grid_id, address, id) WHERE grid_id <> 0;

-- What a grid worker sent from a round, once for each key that their phone made: an event, a visit, the upkeep of a household. happened_at as of cases.
-- Sealed: what was noted on a visit, and the answer, which is given again when the entry comes again.
CREATE TABLE patrol_entry (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  account_id   BIGINT NOT NULL,
  key          TEXT NOT NULL,
  kind         TEXT NOT NULL,
  community_id BIGINT NOT NULL DEFAULT 0,
  grid_id      BIGINT NOT NULL DEFAULT 0,
  building_id  BIGINT NOT NULL DEFAULT 0,
  household_id BIGINT NOT NULL DEFAULT 0,
  happened_at  BIGINT NOT NULL DEFAULT 0,
  received_at  BIGINT NOT NULL,
  note         BYTEA,
  answer       BYTEA,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX patrol_entry_key ON patrol_entry (tenant_id, account_id, key);
CREATE INDEX patrol_entry_account ON patrol_entry (tenant_id, account_id, id);
CREATE INDEX patrol_entry_household ON patrol_entry (tenant_id, household_id, id) WHERE household_id <> 0;
