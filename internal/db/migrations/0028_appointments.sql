-- +goose Up

-- Who holds which post of an organisation, from when on (ORG-8). ended_on is the first day on which it is no longer held. sole: one person at a
-- time. post_rank puts the posts of an organisation in their order.
CREATE TABLE appointment (
  tenant_id       BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  organisation_id BIGINT NOT NULL,
  post            TEXT NOT NULL,
  post_rank       TEXT NOT NULL,
  sole            BOOLEAN NOT NULL,
  title           TEXT NOT NULL DEFAULT '',
  person_id       BIGINT NOT NULL,
  way             TEXT NOT NULL,
  origin          TEXT NOT NULL,
  from_on         TEXT NOT NULL,
  term_ends_on    TEXT NOT NULL DEFAULT '',
  document        TEXT NOT NULL DEFAULT '',
  ended_on        TEXT NOT NULL DEFAULT '',
  end_reason      TEXT NOT NULL DEFAULT '',
  end_document    TEXT NOT NULL DEFAULT '',
  created_by      BIGINT NOT NULL,
  created_at      BIGINT NOT NULL,
  updated_at      BIGINT NOT NULL,
  version         BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX appointment_sole ON appointment (tenant_id, organisation_id, post) WHERE sole AND ended_on = '';
CREATE UNIQUE INDEX appointment_once ON appointment (tenant_id, organisation_id, post, person_id) WHERE ended_on = '';
CREATE INDEX appointment_person ON appointment (tenant_id, person_id);
CREATE INDEX appointment_term ON appointment (tenant_id, term_ends_on) WHERE ended_on = '' AND term_ends_on <> '';
