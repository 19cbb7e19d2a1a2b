-- +goose Up

-- Who holds a post or is contact by an agreement of twins, of a contact point or of double posts (CO-1, CO-6): a person of the party org_id, who serves at host_id. A member (person_id is who that
-- is), an account of staff, or somebody whose name alone is known. to_on '' holds as long as the agreement. Sealed: the name that was typed, and the words of the end.
CREATE TABLE cobuild_person (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  cobuild_id BIGINT NOT NULL,
  org_id     BIGINT NOT NULL,
  host_id    BIGINT NOT NULL,
  post       TEXT NOT NULL,
  post_key   TEXT NOT NULL,
  member_id  BIGINT NOT NULL DEFAULT 0,
  person_id  BIGINT NOT NULL DEFAULT 0,
  account_id BIGINT NOT NULL DEFAULT 0,
  name       BYTEA,
  from_on    TEXT NOT NULL,
  to_on      TEXT NOT NULL DEFAULT '',
  ended_on   TEXT NOT NULL DEFAULT '',
  ending     TEXT NOT NULL DEFAULT '',
  end_words  BYTEA,
  entered_by BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX cobuild_person_of ON cobuild_person (tenant_id, cobuild_id, id);
CREATE INDEX cobuild_person_org ON cobuild_person (tenant_id, org_id, id);
CREATE INDEX cobuild_person_host ON cobuild_person (tenant_id, host_id, id);
CREATE INDEX cobuild_person_member ON cobuild_person (tenant_id, member_id, id) WHERE member_id <> 0;
CREATE INDEX cobuild_person_person ON cobuild_person (tenant_id, person_id, id) WHERE person_id <> 0;
CREATE INDEX cobuild_person_account ON cobuild_person (tenant_id, account_id, id) WHERE account_id <> 0;

-- The posts from which one chooses, one a line; as long as there is no row, the standard ones.
CREATE TABLE cobuild_posts (
  tenant_id BIGINT NOT NULL,
  names     TEXT NOT NULL,
  set_by    BIGINT NOT NULL DEFAULT 0,
  set_at    BIGINT NOT NULL,
  version   BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id)
);

-- The first day on which a resource is there; '' from the day on which it was entered.
ALTER TABLE resource ADD COLUMN valid_from TEXT NOT NULL DEFAULT '';
