-- +goose Up

-- warned says that an act was past a soft limit, and that whoever did it was told so and did it all the same. across says that a journal touches the banks of several communities.
ALTER TABLE bank_journal ADD COLUMN warned BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE bank_journal ADD COLUMN across BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE bank_journal SET across = TRUE WHERE kind IN ('remit', 'gift', 'correction');
CREATE INDEX bank_journal_warned ON bank_journal (tenant_id, id) WHERE warned = TRUE;
ALTER TABLE bank_donation ADD COLUMN warned BOOLEAN NOT NULL DEFAULT FALSE;

-- What returned of an order whose help was corrected after it came: hearts, and whole hours to the stock. It may happen more than once.
ALTER TABLE bank_order ADD COLUMN refunded BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bank_order ADD COLUMN hours_back BIGINT NOT NULL DEFAULT 0;
DROP INDEX bank_journal_once;
CREATE UNIQUE INDEX bank_journal_once ON bank_journal (tenant_id, source_id, kind, source_kind) WHERE source_kind IN ('posting', 'order', 'line', 'journal') AND kind <> 'refund';
