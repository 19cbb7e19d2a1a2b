-- +goose Up
-- Whose counter it is: the organisation that answers for its windows, to which a case goes that is entered there. 0: the hall's own.
ALTER TABLE hall_counter ADD COLUMN org_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX hall_counter_org ON hall_counter (tenant_id, org_id) WHERE org_id <> 0;
