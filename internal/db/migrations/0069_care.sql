-- +goose Up

-- The need that was made of what a helper found lacking on a visit.
ALTER TABLE pairing_visit ADD COLUMN need_id BIGINT NOT NULL DEFAULT 0;
-- The sending by which a visit was noted: the form that is sent twice notes it once.
ALTER TABLE pairing_visit ADD COLUMN key TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX pairing_visit_key ON pairing_visit (tenant_id, key) WHERE key <> '';
CREATE INDEX pairing_visit_need ON pairing_visit (tenant_id, need_id) WHERE need_id <> 0;

-- named says that whoever gives a resource of their own agreed that who asked reads their name. It stands with the resource alone.
ALTER TABLE need_pledge ADD COLUMN named BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE need_pledge SET team = '' WHERE resource_id <> 0 AND org_id = 0 AND team_id = 0 AND person_id = 0;

-- As what a pledge was confirmed, met or met in part, and with how many stars: a need may have several. What was said of a need before is of its only helper, or of nobody.
ALTER TABLE need_pledge ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
ALTER TABLE need_pledge ADD COLUMN stars BIGINT NOT NULL DEFAULT 0;
UPDATE need_pledge SET outcome = coalesce((SELECT CASE WHEN n.outcome = 'partly' THEN 'partly' ELSE 'met' END FROM need n WHERE n.tenant_id = need_pledge.tenant_id AND n.id = need_pledge.need_id), ''),
	stars = coalesce((SELECT n.stars FROM need n WHERE n.tenant_id = need_pledge.tenant_id AND n.id = need_pledge.need_id), 0)
	WHERE state = 'confirmed' AND NOT EXISTS (SELECT 1 FROM need_pledge o WHERE o.tenant_id = need_pledge.tenant_id AND o.need_id = need_pledge.need_id AND o.id <> need_pledge.id AND o.state = 'confirmed');

-- What training a team's shifts, or one shift, ask for, in words that its title has: whoever did not do it is warned. Trainings are activities of the kind 'training' that somebody attended.
ALTER TABLE volunteer_team ADD COLUMN training TEXT NOT NULL DEFAULT '';
ALTER TABLE volunteer_shift ADD COLUMN training TEXT NOT NULL DEFAULT '';
CREATE INDEX attendance_person ON attendance (tenant_id, person_id, in_at) WHERE person_id <> 0;

-- How often the volunteer was told that a clearance ends: once when it is soon, and once when it is near.
ALTER TABLE volunteer_clearance ADD COLUMN told BIGINT NOT NULL DEFAULT 0;
