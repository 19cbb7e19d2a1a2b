-- +goose Up

-- What other systems may do with cases of a kind over Open311: '' nothing, 'sent' send them in and read their own, 'public' that, and anybody reads how far
-- they are. Kinds that are there stay closed until the district opens them.
ALTER TABLE case_kind ADD COLUMN georeport TEXT NOT NULL DEFAULT '';

-- Lists by the time at which a case came in, and steps by when they were taken.
CREATE INDEX service_case_received ON service_case (tenant_id, received_at, id);
CREATE INDEX case_entry_at ON case_entry (tenant_id, at, id);

-- The building nearest to a position.
CREATE INDEX building_spot ON building (tenant_id, x) WHERE x <> 0;
