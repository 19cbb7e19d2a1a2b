-- +goose Up

-- How many pieces somebody gave with a delivery of goods; 0 where it was time alone.
ALTER TABLE need_help ADD COLUMN pieces BIGINT NOT NULL DEFAULT 0;

-- The order of the love bank from which a need is made: hours of help that somebody redeemed. One order has one need.
ALTER TABLE need ADD COLUMN order_id BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX need_order ON need (tenant_id, order_id) WHERE order_id <> 0;

-- How many pieces stand behind a credit for goods, as minutes do behind one for service.
ALTER TABLE bank_journal ADD COLUMN pieces BIGINT NOT NULL DEFAULT 0;
