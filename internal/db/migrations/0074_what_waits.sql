-- +goose Up

-- What waits for somebody is asked for on every first page; each of these questions is answered from the rows of the place or the person it is about.
CREATE INDEX member_persons ON member (tenant_id, person_id, id);
CREATE INDEX registration_person ON registration (tenant_id, person_id, id);
CREATE INDEX slip_community ON slip (tenant_id, community_id, state, id);
CREATE INDEX role_grant_organisation ON role_grant (tenant_id, organisation_id, account_id);
CREATE INDEX member_homeless ON member (tenant_id, community_id, created_at, id) WHERE home_id = 0 AND ended_on = '';
CREATE INDEX member_homeless_unit ON member (tenant_id, unit_id, created_at, id) WHERE home_id = 0 AND ended_on = '' AND unit_id <> 0;
CREATE INDEX member_unregistered ON member (tenant_id, unit_id, kind, created_at, id) WHERE community_id = 0 AND ended_on = '' AND unit_id <> 0;
CREATE INDEX member_unregistered_home ON member (tenant_id, home_id, kind, created_at, id) WHERE community_id = 0 AND ended_on = '' AND home_id <> 0;
