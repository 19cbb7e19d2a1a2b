-- +goose Up
-- When somebody last said at the door that the register is right for a household, and how the dwelling is used: own, let or empty, "" where nobody has asked.
ALTER TABLE household ADD COLUMN confirmed_on TEXT NOT NULL DEFAULT '';
ALTER TABLE household ADD COLUMN confirmed_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE household ADD COLUMN occupancy TEXT NOT NULL DEFAULT '';
ALTER TABLE household ADD COLUMN occupancy_on TEXT NOT NULL DEFAULT '';
ALTER TABLE household ADD COLUMN occupancy_by BIGINT NOT NULL DEFAULT 0;

-- What was said at a door about a household's part of the register: applied, waiting for the community, or left out. said_on is the day at the door. Sealed: what was
-- said, as long as it waits.
CREATE TABLE household_check (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  household_id BIGINT NOT NULL,
  person_id    BIGINT NOT NULL DEFAULT 0,
  what         TEXT NOT NULL,
  purpose      TEXT NOT NULL,
  said_on      TEXT NOT NULL,
  said         BYTEA,
  state        TEXT NOT NULL,
  said_by      BIGINT NOT NULL,
  received_at  BIGINT NOT NULL,
  decided_by   BIGINT NOT NULL DEFAULT 0,
  decided_at   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX household_check_household ON household_check (tenant_id, household_id, id);
CREATE INDEX household_check_waiting ON household_check (tenant_id, community_id, id) WHERE state = 'waiting';
CREATE INDEX household_check_person ON household_check (tenant_id, person_id) WHERE person_id <> 0;
