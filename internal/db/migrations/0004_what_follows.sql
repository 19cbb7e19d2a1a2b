-- +goose Up

CREATE TABLE quarter_close (
  tenant_id BIGINT NOT NULL,
  quarter   TEXT NOT NULL,
  closed_at BIGINT NOT NULL,
  closed_by BIGINT NOT NULL,
  slips     BIGINT NOT NULL,
  members   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, quarter)
);

-- The quarterly feedback slip of one community to one unit (MEM-5).
CREATE TABLE slip (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  quarter      TEXT NOT NULL,
  community_id BIGINT NOT NULL,
  unit_id      BIGINT NOT NULL,
  state        TEXT NOT NULL,
  members      BIGINT NOT NULL,
  minutes      BIGINT NOT NULL,
  deeds        BIGINT NOT NULL,
  remark       TEXT NOT NULL DEFAULT '',
  version_no   BIGINT NOT NULL DEFAULT 0,
  sent_at      BIGINT NOT NULL DEFAULT 0,
  sent_by      BIGINT NOT NULL DEFAULT 0,
  read_at      BIGINT NOT NULL DEFAULT 0,
  answer       TEXT NOT NULL DEFAULT '',
  answered_at  BIGINT NOT NULL DEFAULT 0,
  answered_by  BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX slip_once ON slip (tenant_id, quarter, community_id, unit_id);
CREATE INDEX slip_unit ON slip (tenant_id, unit_id, quarter);
CREATE INDEX slip_state ON slip (tenant_id, state, id);

-- One member's line on the slip's current draft. minutes = timed + countersigned + vouched.
CREATE TABLE slip_line (
  tenant_id     BIGINT NOT NULL,
  slip_id       BIGINT NOT NULL,
  member_id     BIGINT NOT NULL,
  person_id     BIGINT NOT NULL,
  name          TEXT NOT NULL,
  minutes       BIGINT NOT NULL,
  timed         BIGINT NOT NULL,
  countersigned BIGINT NOT NULL,
  vouched       BIGINT NOT NULL,
  deeds         BIGINT NOT NULL,
  activities    BIGINT NOT NULL,
  year_minutes  BIGINT NOT NULL DEFAULT 0,
  year_deeds    BIGINT NOT NULL DEFAULT 0,
  remark        TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, slip_id, member_id)
);
CREATE INDEX slip_line_member ON slip_line (tenant_id, member_id, slip_id);

-- Every version that was sent, as it was sent: content is JSON, hash covers it, code verifies it.
CREATE TABLE slip_version (
  tenant_id  BIGINT NOT NULL,
  slip_id    BIGINT NOT NULL,
  version_no BIGINT NOT NULL,
  content    TEXT NOT NULL,
  hash       TEXT NOT NULL,
  code       TEXT NOT NULL,
  reason     TEXT NOT NULL DEFAULT '',
  sent_at    BIGINT NOT NULL,
  sent_by    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, slip_id, version_no)
);
CREATE UNIQUE INDEX slip_version_code ON slip_version (tenant_id, code);

-- A member's wish to have their line corrected before (or after) it is sent.
CREATE TABLE correction (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  slip_id    BIGINT NOT NULL,
  member_id  BIGINT NOT NULL,
  person_id  BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  body       TEXT NOT NULL,
  state      TEXT NOT NULL,
  answer     TEXT NOT NULL DEFAULT '',
  at         BIGINT NOT NULL,
  decided_at BIGINT NOT NULL DEFAULT 0,
  decided_by BIGINT NOT NULL DEFAULT 0,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX correction_slip ON correction (tenant_id, slip_id, id);
CREATE INDEX correction_community ON correction (tenant_id, community_id, state, id);

-- The community branch's yearly evaluation of a member, from the same postings (MEM-5). Never a rank.
CREATE TABLE evaluation (
  tenant_id    BIGINT NOT NULL,
  member_id    BIGINT NOT NULL,
  year         BIGINT NOT NULL,
  person_id    BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  unit_id      BIGINT NOT NULL DEFAULT 0,
  name         TEXT NOT NULL,
  minutes      BIGINT NOT NULL,
  deeds        BIGINT NOT NULL,
  activities   BIGINT NOT NULL,
  opinion      TEXT NOT NULL DEFAULT '',
  state        TEXT NOT NULL,
  decided_at   BIGINT NOT NULL DEFAULT 0,
  decided_by   BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, year, member_id)
);
CREATE INDEX evaluation_community ON evaluation (tenant_id, community_id, year, name, member_id);
