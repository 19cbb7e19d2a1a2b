-- +goose Up

-- Who moved up from the waiting list, and whether they have seen it.
ALTER TABLE enrolment ADD COLUMN moved_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE enrolment ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX enrolment_moved ON enrolment (tenant_id, person_id) WHERE moved_at <> 0 AND seen_at = 0;

-- When the member saw the answer to their wish; old answers count as seen.
ALTER TABLE correction ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
UPDATE correction SET seen_at = decided_at;

-- A code that the person helped enters without an account begins with ref; they confirm or object.
ALTER TABLE countersign ADD COLUMN ref TEXT NOT NULL DEFAULT '';
ALTER TABLE countersign ADD COLUMN objected_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE countersign ADD COLUMN objection TEXT NOT NULL DEFAULT '';
ALTER TABLE countersign ADD COLUMN settled_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE countersign ADD COLUMN settled_note TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX countersign_ref ON countersign (tenant_id, ref) WHERE ref <> '';
CREATE INDEX countersign_objected ON countersign (tenant_id, subject_kind, subject_id) WHERE objected_at <> 0 AND settled_at = 0;

-- What came of checking the chain of the audit record.
CREATE TABLE audit_check (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  linked     BIGINT NOT NULL,
  unlinked   BIGINT NOT NULL,
  faults     BIGINT NOT NULL,
  first      TEXT NOT NULL DEFAULT '',
  tail       TEXT NOT NULL,
  account_id BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);

-- A member's first page asks for their own rows.
CREATE INDEX slip_line_person ON slip_line (tenant_id, person_id, slip_id);
CREATE INDEX correction_person ON correction (tenant_id, person_id, id);
CREATE INDEX enrolment_person ON enrolment (tenant_id, person_id, state);
CREATE INDEX promise_person ON promise (tenant_id, person_id) WHERE state = 'open';
CREATE INDEX claim_person ON claim (tenant_id, person_id, state);
CREATE INDEX attendance_in_person ON attendance (tenant_id, person_id) WHERE state = 'in';

-- The year whose notice a day was loaded from by the district; 0 for those that came with the program.
ALTER TABLE calendar_day ADD COLUMN year BIGINT NOT NULL DEFAULT 0;
CREATE INDEX calendar_day_year ON calendar_day (tenant_id, year) WHERE year <> 0;
