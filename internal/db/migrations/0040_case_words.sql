-- +goose Up

-- What was learnt from the titles of a district's own cases, for each list of the catalogue: grams and weights, no message and no sender. Measured on a fifth of the
-- cases that was kept back; thousandths.
CREATE TABLE case_words (
  tenant_id  BIGINT NOT NULL,
  list       TEXT NOT NULL,
  model      BYTEA NOT NULL,
  cases      BIGINT NOT NULL,
  categories BIGINT NOT NULL,
  macro_f1   BIGINT NOT NULL,
  accuracy   BIGINT NOT NULL,
  learnt_at  BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, list)
);

