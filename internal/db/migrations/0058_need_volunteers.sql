-- +goose Up

-- A pledge of a volunteer who is no member has their person and their file; asked says that the community asked them, and that their answer is waited for. A volunteer who is a
-- member has both. One person has one pledge that stands for a need.
ALTER TABLE need_pledge ADD COLUMN volunteer_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE need_pledge ADD COLUMN asked BOOLEAN NOT NULL DEFAULT FALSE;
CREATE UNIQUE INDEX need_pledge_volunteer ON need_pledge (tenant_id, need_id, person_id) WHERE volunteer_id <> 0 AND person_id <> 0 AND state IN ('pledged', 'agreed', 'delivered', 'confirmed');
CREATE INDEX need_pledge_of_person ON need_pledge (tenant_id, person_id, id) WHERE person_id <> 0;
CREATE INDEX need_help_unit ON need_help (tenant_id, unit_id, pledge_id) WHERE unit_id <> 0;
