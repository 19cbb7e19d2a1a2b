-- +goose Up

-- A place that an organisation opens to others. community_id is where it stands. slot is the unit of booking in minutes, longest the longest booking; ahead is how many days
-- before people book. door is what the picture at the door carries: it shows that somebody is there, and opens nothing.
CREATE TABLE venue (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  org_id       BIGINT NOT NULL,
  community_id BIGINT NOT NULL DEFAULT 0,
  kind         TEXT NOT NULL,
  name         TEXT NOT NULL,
  name_key     TEXT NOT NULL,
  address      TEXT NOT NULL DEFAULT '',
  capacity     BIGINT NOT NULL DEFAULT 0,
  facilities   TEXT NOT NULL DEFAULT '',
  terms        TEXT NOT NULL,
  price        TEXT NOT NULL DEFAULT '',
  rules        TEXT NOT NULL DEFAULT '',
  contact      TEXT NOT NULL DEFAULT '',
  audience     TEXT NOT NULL,
  approves     BOOLEAN NOT NULL DEFAULT FALSE,
  ahead        BIGINT NOT NULL,
  longest      BIGINT NOT NULL,
  slot         BIGINT NOT NULL,
  holidays     BOOLEAN NOT NULL DEFAULT FALSE,
  door         TEXT NOT NULL,
  ended_on     TEXT NOT NULL DEFAULT '',
  end_reason   TEXT NOT NULL DEFAULT '',
  created_at   BIGINT NOT NULL,
  updated_at   BIGINT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX venue_door ON venue (tenant_id, door);
CREATE INDEX venue_org ON venue (tenant_id, org_id, id);
CREATE INDEX venue_community ON venue (tenant_id, community_id, id);

-- Its week from a day on, in minutes of the day in Beijing; the set with the latest valid_from that is not after a day holds on it. weekday is 1 for Monday; an end of 0 is
-- midnight. A set of one row with weekday 0 is a time in which it was closed.
CREATE TABLE venue_hours (
  tenant_id  BIGINT NOT NULL,
  venue_id   BIGINT NOT NULL,
  valid_from TEXT NOT NULL,
  weekday    BIGINT NOT NULL,
  from_min   BIGINT NOT NULL,
  to_min     BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, venue_id, valid_from, weekday, from_min)
);

-- A day that is not as the week has it: one row for each stretch, or one that is closed.
CREATE TABLE venue_day (
  tenant_id BIGINT NOT NULL,
  venue_id  BIGINT NOT NULL,
  day       TEXT NOT NULL,
  from_min  BIGINT NOT NULL,
  to_min    BIGINT NOT NULL,
  closed    BOOLEAN NOT NULL,
  reason    TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, venue_id, day, from_min)
);

-- A booking. org_id is the organisation that books, 0 for a resident by themselves. Sealed: what a resident is called, their telephone, what it is for, what was answered, what was said
-- afterwards. phone_key is the blind index of the telephone, code_key that of the code that opens the booking. often: it is confirmed first because some before were missed.
CREATE TABLE venue_booking (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  no         TEXT NOT NULL,
  venue_id   BIGINT NOT NULL,
  org_id     BIGINT NOT NULL DEFAULT 0,
  channel    TEXT NOT NULL,
  starts_at  BIGINT NOT NULL,
  ends_at    BIGINT NOT NULL,
  people     BIGINT NOT NULL,
  name       BYTEA,
  phone      BYTEA,
  purpose    BYTEA,
  answer     BYTEA,
  said       BYTEA,
  stars      BIGINT NOT NULL DEFAULT 0,
  phone_key  TEXT NOT NULL DEFAULT '',
  code_key   TEXT NOT NULL DEFAULT '',
  sent_key   TEXT NOT NULL DEFAULT '',
  person_id  BIGINT NOT NULL DEFAULT 0,
  entered_by BIGINT NOT NULL DEFAULT 0,
  state      TEXT NOT NULL,
  often      BOOLEAN NOT NULL DEFAULT FALSE,
  forgotten  BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL,
  checked_at BIGINT NOT NULL DEFAULT 0,
  ended_at   BIGINT NOT NULL DEFAULT 0,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX venue_booking_no ON venue_booking (tenant_id, no);
CREATE UNIQUE INDEX venue_booking_code ON venue_booking (tenant_id, code_key) WHERE code_key <> '';
CREATE UNIQUE INDEX venue_booking_sent ON venue_booking (tenant_id, sent_key) WHERE sent_key <> '';
CREATE INDEX venue_booking_of ON venue_booking (tenant_id, venue_id, starts_at, id);
CREATE INDEX venue_booking_org ON venue_booking (tenant_id, org_id, starts_at) WHERE org_id <> 0;
CREATE INDEX venue_booking_phone ON venue_booking (tenant_id, phone_key, ends_at) WHERE phone_key <> '';
CREATE INDEX venue_booking_person ON venue_booking (tenant_id, person_id, id) WHERE person_id <> 0;
CREATE INDEX venue_booking_state ON venue_booking (tenant_id, state, starts_at, id);
CREATE INDEX venue_booking_ended ON venue_booking (tenant_id, ends_at, id) WHERE forgotten = FALSE;

-- The half hours of a place that are taken, each by one booking. The key is what keeps two bookings from one place at one time.
CREATE TABLE venue_slot (
  tenant_id  BIGINT NOT NULL,
  venue_id   BIGINT NOT NULL,
  starts_at  BIGINT NOT NULL,
  booking_id BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, venue_id, starts_at)
);
CREATE INDEX venue_slot_booking ON venue_slot (tenant_id, booking_id);

-- Every step of a booking. Sealed: the words.
CREATE TABLE venue_entry (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  booking_id BIGINT NOT NULL,
  act        TEXT NOT NULL,
  state      TEXT NOT NULL,
  words      BYTEA,
  account_id BIGINT NOT NULL DEFAULT 0,
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX venue_entry_of ON venue_entry (tenant_id, booking_id, id);
