-- +goose Up

-- share says that whoever asked agreed beforehand that those who help see who they are; shared says it of one pledge. Without either the community passes on what is said.
ALTER TABLE need ADD COLUMN share BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE need_pledge ADD COLUMN shared BOOLEAN NOT NULL DEFAULT FALSE;
-- What a community asks for itself hides nobody, and helpers who were agreed to before were told already.
UPDATE need SET share = TRUE WHERE channel = 'org';
UPDATE need_pledge SET shared = TRUE WHERE state IN ('agreed', 'delivered', 'confirmed');

-- A pledge of a team of volunteers: person_id and volunteer_id are its leader, who pledged; the help is of those who came.
ALTER TABLE need_pledge ADD COLUMN team_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX need_pledge_team ON need_pledge (tenant_id, team_id, id) WHERE team_id <> 0;
DROP INDEX need_help_member;
CREATE UNIQUE INDEX need_help_member ON need_help (tenant_id, pledge_id, member_id) WHERE member_id <> 0;
CREATE INDEX need_help_pledge ON need_help (tenant_id, pledge_id, id);

-- listed says that everybody reads of a resource on the residents' pages, but for who gives it where that is no organisation.
ALTER TABLE resource ADD COLUMN listed BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX resource_listed ON resource (tenant_id, valid_until, id) WHERE listed = TRUE;

-- The theme programme (CO-4, CO-5) that an activity is part of.
ALTER TABLE activity ADD COLUMN programme_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX activity_programme ON activity (tenant_id, programme_id, id) WHERE programme_id <> 0;
