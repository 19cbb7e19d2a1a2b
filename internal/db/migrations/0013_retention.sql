-- +goose Up

-- What the nightly work of retention has taken out (PRIV-7, PRIV-8): counts, never names.
CREATE TABLE retention_run (
  tenant_id BIGINT NOT NULL,
  id        BIGINT NOT NULL,
  kind      TEXT NOT NULL,
  before_on TEXT NOT NULL,
  period    BIGINT NOT NULL,
  removed   BIGINT NOT NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

-- Day on which a record lost everything that tells who it was.
ALTER TABLE person ADD COLUMN anonymised_on TEXT NOT NULL DEFAULT '';
ALTER TABLE member ADD COLUMN anonymised_on TEXT NOT NULL DEFAULT '';
CREATE INDEX person_left ON person (tenant_id, id) WHERE (moved_out_on <> '' OR died_on <> '') AND anonymised_on = '';
CREATE INDEX member_ended ON member (tenant_id, ended_on, id) WHERE ended_on <> '' AND anonymised_on = '';
CREATE INDEX attendance_guest_known ON attendance (tenant_id, in_at, id) WHERE guest_name <> '' OR guest_phone_index <> '' OR guest_key <> '';
CREATE INDEX attendance_helped ON attendance (tenant_id, in_at, id) WHERE helped_name <> '';
CREATE INDEX deed_helped ON deed (tenant_id, on_date, id) WHERE helped_name <> '';
CREATE INDEX consent_withdrawn ON consent (tenant_id, withdrawn_at, id) WHERE withdrawn_at <> 0;

-- Where the audit chain begins after its oldest links were taken out: the last link that is gone.
CREATE TABLE audit_cut (
  tenant_id BIGINT NOT NULL PRIMARY KEY,
  seq       BIGINT NOT NULL,
  hash      TEXT NOT NULL,
  at        BIGINT NOT NULL
);
