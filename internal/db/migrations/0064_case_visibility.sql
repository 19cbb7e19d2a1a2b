-- +goose Up

-- Who sees the cases of a kind: '' everybody who works where it happened or at who has it, 'handling' who has it, had it given out or handles it jointly,
-- 'confidential' who may see such cases at the organisation that has it, 'named' of those whoever handles it. A case keeps what its kind said when it came in.
-- confidential is true for all but ''.
ALTER TABLE case_kind ADD COLUMN visibility TEXT NOT NULL DEFAULT '';
ALTER TABLE service_case ADD COLUMN visibility TEXT NOT NULL DEFAULT '';
UPDATE case_kind SET visibility = 'confidential' WHERE confidential = TRUE;
UPDATE service_case SET visibility = 'confidential' WHERE confidential = TRUE;

-- Petitions (CASE-9): their days are those of the calendar; review counts how often a result was reviewed by the office above.
ALTER TABLE case_kind ADD COLUMN petition BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE service_case ADD COLUMN petition BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE service_case ADD COLUMN review BIGINT NOT NULL DEFAULT 0;

-- The number of the district's own service by telephone, as residents' pages show it; '' for none.
ALTER TABLE tenant ADD COLUMN service_number TEXT NOT NULL DEFAULT '';
