-- +goose Up

-- What is proposed for a need in a week's sharing out is one of three: a resource, a volunteer who may be asked, or a shared place that may be booked; the other two are 0.
-- The table is made anew because its key has two columns more.
CREATE TABLE need_candidate (
  tenant_id    BIGINT NOT NULL,
  need_id      BIGINT NOT NULL,
  resource_id  BIGINT NOT NULL DEFAULT 0,
  volunteer_id BIGINT NOT NULL DEFAULT 0,
  venue_id     BIGINT NOT NULL DEFAULT 0,
  reasons      TEXT NOT NULL,
  state        TEXT NOT NULL,
  made_at      BIGINT NOT NULL,
  decided_by   BIGINT NOT NULL DEFAULT 0,
  decided_at   BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, need_id, resource_id, volunteer_id, venue_id)
);
INSERT INTO need_candidate (tenant_id, need_id, resource_id, reasons, state, made_at, decided_by, decided_at)
  SELECT tenant_id, need_id, resource_id, reasons, state, made_at, decided_by, decided_at FROM need_proposal;
DROP TABLE need_proposal;
ALTER TABLE need_candidate RENAME TO need_proposal;
CREATE INDEX need_proposal_state ON need_proposal (tenant_id, state, need_id);
CREATE INDEX need_proposal_resource ON need_proposal (tenant_id, resource_id, state);
CREATE INDEX need_proposal_volunteer ON need_proposal (tenant_id, volunteer_id, state) WHERE volunteer_id <> 0;
CREATE INDEX need_proposal_venue ON need_proposal (tenant_id, venue_id, state) WHERE venue_id <> 0;

-- A shared place that was booked for a need: the booking names the need, and the pledge of the organisation whose place it is names the booking.
ALTER TABLE venue_booking ADD COLUMN need_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX venue_booking_need ON venue_booking (tenant_id, need_id, id) WHERE need_id <> 0;
ALTER TABLE need_pledge ADD COLUMN booking_id BIGINT NOT NULL DEFAULT 0;
CREATE INDEX need_pledge_booking ON need_pledge (tenant_id, booking_id) WHERE booking_id <> 0;
