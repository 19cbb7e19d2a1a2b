-- +goose Up

-- Party members. home_id is the organisation of the formal relation, unit_id the employer, community_id the community
-- in which the member is registered (0 until a registration is accepted). A member may belong to both at once (ORG-4).
CREATE TABLE member (
  tenant_id      BIGINT NOT NULL,
  id             BIGINT NOT NULL,
  person_id      BIGINT NOT NULL,
  kind           TEXT NOT NULL,
  name           TEXT NOT NULL,
  name_key       TEXT NOT NULL,
  home_id        BIGINT NOT NULL DEFAULT 0,
  unit_id        BIGINT NOT NULL DEFAULT 0,
  community_id   BIGINT NOT NULL DEFAULT 0,
  grid_id        BIGINT NOT NULL DEFAULT 0,
  standing       TEXT NOT NULL DEFAULT 'full',
  joined_on      TEXT NOT NULL DEFAULT '',
  full_on        TEXT NOT NULL DEFAULT '',
  skills         TEXT NOT NULL DEFAULT '',
  plaque_no      TEXT NOT NULL DEFAULT '',
  plaque_shown   BOOLEAN NOT NULL DEFAULT FALSE,
  plaque_motto   TEXT NOT NULL DEFAULT '',
  since          TEXT NOT NULL DEFAULT '',
  ended_on       TEXT NOT NULL DEFAULT '',
  end_reason     TEXT NOT NULL DEFAULT '',
  import_id      BIGINT NOT NULL DEFAULT 0,
  created_at     BIGINT NOT NULL,
  updated_at     BIGINT NOT NULL,
  version        BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX member_person ON member (tenant_id, person_id) WHERE ended_on = '';
CREATE INDEX member_community ON member (tenant_id, community_id, name_key, id);
CREATE INDEX member_unit ON member (tenant_id, unit_id, name_key, id) WHERE unit_id <> 0;
CREATE INDEX member_name ON member (tenant_id, name_key, id);
CREATE INDEX member_home ON member (tenant_id, home_id, id);
CREATE UNIQUE INDEX member_plaque ON member (tenant_id, plaque_no) WHERE plaque_no <> '';

-- Two-way registration: the unit or the member starts it, the community accepts (VOL-1, VOL-2).
CREATE TABLE registration (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  member_id    BIGINT NOT NULL,
  person_id    BIGINT NOT NULL,
  unit_id      BIGINT NOT NULL DEFAULT 0,
  community_id BIGINT NOT NULL,
  started_by   TEXT NOT NULL,
  state        TEXT NOT NULL,
  reason       TEXT NOT NULL DEFAULT '',
  skills       TEXT NOT NULL DEFAULT '',
  proposed_at  BIGINT NOT NULL,
  proposed_by  BIGINT NOT NULL,
  decided_at   BIGINT NOT NULL DEFAULT 0,
  decided_by   BIGINT NOT NULL DEFAULT 0,
  ended_on     TEXT NOT NULL DEFAULT '',
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX registration_open ON registration (tenant_id, member_id) WHERE state IN ('proposed', 'accepted');
CREATE INDEX registration_community ON registration (tenant_id, community_id, state, id);
CREATE INDEX registration_unit ON registration (tenant_id, unit_id, state, id);
CREATE INDEX registration_member ON registration (tenant_id, member_id, id);

-- Contacts between member, community and unit: talks, visits, calls (contact slip and booklet are views of these).
CREATE TABLE contact (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  member_id    BIGINT NOT NULL,
  person_id    BIGINT NOT NULL,
  community_id BIGINT NOT NULL DEFAULT 0,
  unit_id      BIGINT NOT NULL DEFAULT 0,
  kind         TEXT NOT NULL,
  on_date      TEXT NOT NULL,
  note         TEXT NOT NULL,
  follow_up_on TEXT NOT NULL DEFAULT '',
  account_id   BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX contact_member ON contact (tenant_id, member_id, id);

CREATE TABLE promise (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  member_id    BIGINT NOT NULL,
  person_id    BIGINT NOT NULL,
  community_id BIGINT NOT NULL DEFAULT 0,
  unit_id      BIGINT NOT NULL DEFAULT 0,
  body         TEXT NOT NULL,
  due_on       TEXT NOT NULL DEFAULT '',
  state        TEXT NOT NULL,
  result       TEXT NOT NULL DEFAULT '',
  made_at      BIGINT NOT NULL,
  closed_at    BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX promise_member ON promise (tenant_id, member_id, id);
CREATE INDEX promise_due ON promise (tenant_id, due_on, id) WHERE state = 'open';

-- Why a member does not take part (MEM-9).
CREATE TABLE absence_reason (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  member_id    BIGINT NOT NULL,
  person_id    BIGINT NOT NULL,
  community_id BIGINT NOT NULL DEFAULT 0,
  unit_id      BIGINT NOT NULL DEFAULT 0,
  reason       TEXT NOT NULL,
  note         TEXT NOT NULL DEFAULT '',
  valid_from   TEXT NOT NULL,
  valid_to     TEXT NOT NULL DEFAULT '',
  account_id   BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX absence_reason_member ON absence_reason (tenant_id, member_id, id);
CREATE UNIQUE INDEX absence_reason_open ON absence_reason (tenant_id, member_id, reason) WHERE valid_to = '';
CREATE INDEX absence_reason_kind ON absence_reason (tenant_id, reason, id) WHERE valid_to = '';

-- Floating members in and out (MEM-7, MOB-1, MOB-2).
CREATE TABLE floating_move (
  tenant_id     BIGINT NOT NULL,
  id            BIGINT NOT NULL,
  member_id     BIGINT NOT NULL,
  person_id     BIGINT NOT NULL,
  community_id  BIGINT NOT NULL DEFAULT 0,
  unit_id       BIGINT NOT NULL DEFAULT 0,
  direction     TEXT NOT NULL,
  place         TEXT NOT NULL,
  other_branch  TEXT NOT NULL DEFAULT '',
  from_on       TEXT NOT NULL,
  back_on       TEXT NOT NULL DEFAULT '',
  last_contact  TEXT NOT NULL DEFAULT '',
  account_id    BIGINT NOT NULL,
  at            BIGINT NOT NULL,
  version       BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX floating_move_member ON floating_move (tenant_id, member_id, id);
CREATE UNIQUE INDEX floating_move_open ON floating_move (tenant_id, member_id, direction) WHERE back_on = '';
CREATE INDEX floating_move_contact ON floating_move (tenant_id, last_contact, id) WHERE back_on = '';

-- Papers that carry a verification code: certificates, slips, agreements.
CREATE TABLE paper (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  kind         TEXT NOT NULL,
  subject_id   BIGINT NOT NULL,
  number       TEXT NOT NULL,
  code         TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  issued_at    BIGINT NOT NULL,
  issued_by    BIGINT NOT NULL,
  valid_to     TEXT NOT NULL DEFAULT '',
  revoked_at   BIGINT NOT NULL DEFAULT 0,
  reason       TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX paper_code ON paper (tenant_id, code);
CREATE UNIQUE INDEX paper_number ON paper (tenant_id, kind, number);
CREATE INDEX paper_subject ON paper (tenant_id, subject_id, id);

-- Responsibility areas and posts that a community offers (MEM-6).
CREATE TABLE responsibility (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  kind         TEXT NOT NULL,
  name         TEXT NOT NULL,
  duties       TEXT NOT NULL,
  grid_id      BIGINT NOT NULL DEFAULT 0,
  building_id  BIGINT NOT NULL DEFAULT 0,
  capacity     BIGINT NOT NULL,
  taken        BIGINT NOT NULL DEFAULT 0,
  open         BOOLEAN NOT NULL DEFAULT TRUE,
  created_at   BIGINT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  CHECK (taken >= 0 AND taken <= capacity)
);
CREATE INDEX responsibility_community ON responsibility (tenant_id, community_id, name, id);

CREATE TABLE claim (
  tenant_id         BIGINT NOT NULL,
  id                BIGINT NOT NULL,
  responsibility_id BIGINT NOT NULL,
  member_id         BIGINT NOT NULL,
  person_id         BIGINT NOT NULL,
  community_id      BIGINT NOT NULL,
  unit_id           BIGINT NOT NULL DEFAULT 0,
  state             TEXT NOT NULL,
  terms             TEXT NOT NULL,
  content_hash      TEXT NOT NULL,
  from_on           TEXT NOT NULL,
  to_on             TEXT NOT NULL,
  renews_id         BIGINT NOT NULL DEFAULT 0,
  reason            TEXT NOT NULL DEFAULT '',
  created_at        BIGINT NOT NULL,
  agreed_at         BIGINT NOT NULL DEFAULT 0,
  ended_on          TEXT NOT NULL DEFAULT '',
  version           BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX claim_responsibility ON claim (tenant_id, responsibility_id, state);
CREATE INDEX claim_member ON claim (tenant_id, member_id, id);
CREATE INDEX claim_community ON claim (tenant_id, community_id, state, id);
CREATE INDEX claim_unit ON claim (tenant_id, unit_id, state, id) WHERE unit_id <> 0;
-- A claim and its renewal may stand side by side until the renewal is agreed.
CREATE UNIQUE INDEX claim_once ON claim (tenant_id, responsibility_id, member_id, renews_id) WHERE state IN ('proposed', 'agreed');

-- method is account (the signer's own log-in) or paper (signed on paper, entered by staff with the reason).
CREATE TABLE signature (
  tenant_id    BIGINT NOT NULL,
  subject_id   BIGINT NOT NULL,
  side         TEXT NOT NULL,
  account_id   BIGINT NOT NULL,
  name         TEXT NOT NULL,
  at           BIGINT NOT NULL,
  content_hash TEXT NOT NULL,
  method       TEXT NOT NULL DEFAULT 'account',
  reason       TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, subject_id, side)
);

-- Kinds of activity; fields is a JSON list of own fields asked at sign-in, per kind.
CREATE TABLE activity_kind (
  tenant_id BIGINT NOT NULL,
  code      TEXT NOT NULL,
  name      TEXT NOT NULL,
  name_en   TEXT NOT NULL DEFAULT '',
  gives_hours BOOLEAN NOT NULL,
  deed_title TEXT NOT NULL DEFAULT '',
  fields    TEXT NOT NULL DEFAULT '[]',
  retired   BOOLEAN NOT NULL DEFAULT FALSE,
  version   BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, code)
);

CREATE TABLE activity (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  kind_code    TEXT NOT NULL,
  title        TEXT NOT NULL,
  body         TEXT NOT NULL DEFAULT '',
  place        TEXT NOT NULL,
  building_id  BIGINT NOT NULL DEFAULT 0,
  starts_at    BIGINT NOT NULL,
  ends_at      BIGINT NOT NULL,
  capacity     BIGINT NOT NULL DEFAULT 0,
  enrolled     BIGINT NOT NULL DEFAULT 0,
  state        TEXT NOT NULL,
  reason       TEXT NOT NULL DEFAULT '',
  gives_hours  BOOLEAN NOT NULL,
  deed_title   TEXT NOT NULL DEFAULT '',
  secret       BYTEA,
  organiser_id BIGINT NOT NULL,
  created_at   BIGINT NOT NULL,
  closed_at    BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  CHECK (enrolled >= 0 AND (capacity = 0 OR enrolled <= capacity)),
  CHECK (ends_at > starts_at)
);
CREATE INDEX activity_community ON activity (tenant_id, community_id, starts_at, id);
CREATE INDEX activity_time ON activity (tenant_id, starts_at, id);

CREATE TABLE enrolment (
  tenant_id   BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  activity_id BIGINT NOT NULL,
  member_id   BIGINT NOT NULL,
  person_id   BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  unit_id     BIGINT NOT NULL DEFAULT 0,
  state       TEXT NOT NULL,
  at          BIGINT NOT NULL,
  by_account  BIGINT NOT NULL,
  version     BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX enrolment_once ON enrolment (tenant_id, activity_id, member_id);
CREATE INDEX enrolment_activity ON enrolment (tenant_id, activity_id, state, id);
CREATE INDEX enrolment_member ON enrolment (tenant_id, member_id, id);

-- Presence at an activity. A guest has member_id 0 and a name until joined to a member. community_id is the activity's, credit_id the
-- community in whose book the hours stand (the one the member is registered with). minutes are those worked out from in_at and out_at.
CREATE TABLE attendance (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  activity_id  BIGINT NOT NULL,
  member_id    BIGINT NOT NULL DEFAULT 0,
  person_id    BIGINT NOT NULL DEFAULT 0,
  community_id BIGINT NOT NULL,
  unit_id      BIGINT NOT NULL DEFAULT 0,
  credit_id    BIGINT NOT NULL DEFAULT 0,
  guest_name   TEXT NOT NULL DEFAULT '',
  guest_phone  BYTEA,
  guest_phone_index TEXT NOT NULL DEFAULT '',
  guest_phone_mask  TEXT NOT NULL DEFAULT '',
  guest_key    TEXT NOT NULL DEFAULT '',
  in_at        BIGINT NOT NULL,
  out_at       BIGINT NOT NULL DEFAULT 0,
  minutes      BIGINT NOT NULL DEFAULT 0,
  proof        TEXT NOT NULL,
  reason       TEXT NOT NULL DEFAULT '',
  overlap_id   BIGINT NOT NULL DEFAULT 0,
  long_day     BOOLEAN NOT NULL DEFAULT FALSE,
  fields       TEXT NOT NULL DEFAULT '{}',
  state        TEXT NOT NULL,
  helped_name  TEXT NOT NULL DEFAULT '',
  by_account   BIGINT NOT NULL DEFAULT 0,
  at           BIGINT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX attendance_once ON attendance (tenant_id, activity_id, member_id) WHERE member_id <> 0 AND state <> 'void';
CREATE INDEX attendance_activity ON attendance (tenant_id, activity_id, id);
CREATE INDEX attendance_member ON attendance (tenant_id, member_id, in_at) WHERE member_id <> 0;
CREATE INDEX attendance_open ON attendance (tenant_id, community_id, activity_id) WHERE state = 'in';
CREATE INDEX attendance_to_join ON attendance (tenant_id, community_id, id) WHERE person_id = 0 AND state <> 'void';
CREATE UNIQUE INDEX attendance_guest ON attendance (tenant_id, activity_id, guest_key) WHERE guest_key <> '' AND state <> 'void';

-- A code given to the person helped; entering it counter-signs the hours or the deed.
CREATE TABLE countersign (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id   BIGINT NOT NULL,
  code_hash    TEXT NOT NULL,
  created_at   BIGINT NOT NULL,
  expires_at   BIGINT NOT NULL,
  tries        BIGINT NOT NULL DEFAULT 0,
  used_at      BIGINT NOT NULL DEFAULT 0,
  helped_name  TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX countersign_subject ON countersign (tenant_id, subject_id, id);

-- Practical deeds: proposed by the member, an activity or the community; confirmed by the community.
CREATE TABLE deed (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  member_id    BIGINT NOT NULL,
  person_id    BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  unit_id      BIGINT NOT NULL DEFAULT 0,
  title        TEXT NOT NULL,
  body         TEXT NOT NULL DEFAULT '',
  on_date      TEXT NOT NULL,
  state        TEXT NOT NULL,
  proof        TEXT NOT NULL,
  reason       TEXT NOT NULL DEFAULT '',
  source_kind  TEXT NOT NULL DEFAULT '',
  source_id    BIGINT NOT NULL DEFAULT 0,
  helped_name  TEXT NOT NULL DEFAULT '',
  proposed_by  BIGINT NOT NULL,
  proposed_at  BIGINT NOT NULL,
  decided_by   BIGINT NOT NULL DEFAULT 0,
  decided_at   BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX deed_source ON deed (tenant_id, source_kind, source_id) WHERE source_id <> 0;
CREATE INDEX deed_community ON deed (tenant_id, community_id, state, id);
CREATE INDEX deed_member ON deed (tenant_id, member_id, id);

-- The ledger: postings only. amount is minutes for account 'hours' and a count for 'deeds'; a counter-posting has the
-- opposite sign and names the posting it reverses.
CREATE TABLE posting (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  account      TEXT NOT NULL,
  member_id    BIGINT NOT NULL,
  person_id    BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  unit_id      BIGINT NOT NULL DEFAULT 0,
  on_date      TEXT NOT NULL,
  quarter      TEXT NOT NULL,
  amount       BIGINT NOT NULL,
  proof        TEXT NOT NULL,
  source_kind  TEXT NOT NULL,
  source_id    BIGINT NOT NULL,
  reverses_id  BIGINT NOT NULL DEFAULT 0,
  reason       TEXT NOT NULL DEFAULT '',
  posted_at    BIGINT NOT NULL,
  posted_by    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX posting_source ON posting (tenant_id, source_id, account);
CREATE UNIQUE INDEX posting_reverses ON posting (tenant_id, reverses_id) WHERE reverses_id <> 0;
CREATE INDEX posting_member ON posting (tenant_id, member_id, quarter, account, id);
CREATE INDEX posting_quarter ON posting (tenant_id, quarter, community_id, unit_id, member_id, account, proof, amount);
