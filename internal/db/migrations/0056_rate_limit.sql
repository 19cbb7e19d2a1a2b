-- +goose Up

-- How often somebody who is not known yet has tried something lately, so that several servers on one database count together. tenant_id is 0: which tenant is
-- meant is not known yet. who is a keyed digest of a name or an address, until_at when the tries so far are forgotten (the virtual schedule of ITU-T I.371). failed counts wrong
-- log-ins of a name that nobody has. Kept for a day, those of names for a month.
CREATE TABLE rate_limit (
  tenant_id BIGINT NOT NULL,
  kind      TEXT NOT NULL,
  who       TEXT NOT NULL,
  until_at  BIGINT NOT NULL,
  failed    BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, kind, who)
);
CREATE INDEX rate_limit_until ON rate_limit (tenant_id, until_at);
