-- +goose Up

-- A resource that was proposed for a need in a week's sharing out, and what people made of it: proposed, accepted (there is a pledge with it), or declined, and then it
-- is not proposed again for this need. reasons are codes, separated by commas. What was said in declining is a step of the need.
CREATE TABLE need_proposal (
  tenant_id   BIGINT NOT NULL,
  need_id     BIGINT NOT NULL,
  resource_id BIGINT NOT NULL,
  reasons     TEXT NOT NULL,
  state       TEXT NOT NULL,
  made_at     BIGINT NOT NULL,
  decided_by  BIGINT NOT NULL DEFAULT 0,
  decided_at  BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, need_id, resource_id)
);
CREATE INDEX need_proposal_state ON need_proposal (tenant_id, state, need_id);
CREATE INDEX need_proposal_resource ON need_proposal (tenant_id, resource_id, state);
