-- +goose Up

-- An account of the love bank: of a person, of a community's bank, or of what stands on the other side. unit is 'hearts', or 'goods' for pieces of one item. balance is
-- what its lines sum to, credits and debits what went in and out; kinds that stand on the other side of what comes into being may be below zero. minutes are the minutes
-- of service behind a person's credits. since is the first day whose service counts. closed_on is set while the person does not want the account.
CREATE TABLE bank_account (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  no           TEXT NOT NULL DEFAULT '',
  kind         TEXT NOT NULL,
  unit         TEXT NOT NULL,
  community_id BIGINT NOT NULL,
  person_id    BIGINT NOT NULL DEFAULT 0,
  item_id      BIGINT NOT NULL DEFAULT 0,
  org_id       BIGINT NOT NULL DEFAULT 0,
  balance      BIGINT NOT NULL DEFAULT 0,
  credits      BIGINT NOT NULL DEFAULT 0,
  debits       BIGINT NOT NULL DEFAULT 0,
  minutes      BIGINT NOT NULL DEFAULT 0,
  since        TEXT NOT NULL DEFAULT '',
  closed_on    TEXT NOT NULL DEFAULT '',
  opened_by    BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CHECK (balance = credits - debits),
  CHECK (balance >= 0 OR kind IN ('issued', 'written_off', 'supply', 'between'))
);
CREATE UNIQUE INDEX bank_account_no ON bank_account (tenant_id, no) WHERE no <> '';
CREATE UNIQUE INDEX bank_account_person ON bank_account (tenant_id, person_id) WHERE person_id <> 0;
CREATE UNIQUE INDEX bank_account_system ON bank_account (tenant_id, community_id, kind, item_id, org_id) WHERE person_id = 0;
CREATE INDEX bank_account_item ON bank_account (tenant_id, item_id) WHERE item_id <> 0;

-- A journal: one act of the bank, whose lines sum to zero in each unit. It names its source: a posting of the
-- ledger, an order, a lot that expired and a journal that is countered have one journal of a kind; what comes from an account or an item happens again. sent_key names one sending of a form.
CREATE TABLE bank_journal (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  kind         TEXT NOT NULL,
  community_id BIGINT NOT NULL,
  source_kind  TEXT NOT NULL,
  source_id    BIGINT NOT NULL,
  counters_id  BIGINT NOT NULL DEFAULT 0,
  on_date      TEXT NOT NULL,
  minutes      BIGINT NOT NULL DEFAULT 0,
  reason       TEXT NOT NULL DEFAULT '',
  sent_key     TEXT NOT NULL DEFAULT '',
  posted_at    BIGINT NOT NULL,
  posted_by    BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX bank_journal_once ON bank_journal (tenant_id, source_id, kind, source_kind) WHERE source_kind IN ('posting', 'order', 'line', 'journal');
CREATE INDEX bank_journal_source ON bank_journal (tenant_id, source_id, kind, source_kind);
CREATE UNIQUE INDEX bank_journal_counters ON bank_journal (tenant_id, counters_id) WHERE counters_id <> 0;
CREATE UNIQUE INDEX bank_journal_sent ON bank_journal (tenant_id, sent_key) WHERE sent_key <> '';
CREATE INDEX bank_journal_community ON bank_journal (tenant_id, community_id, id);

-- A line of a journal. balance is that of the account after it. What comes into a person's account is a lot: left_over of it is not spent yet, earned_on is the day of
-- the service behind it, expires_on the last day on which it can be spent. origin_id is, of what returned and of what service booked again took over, the lot as which it
-- counts; written_off is how much of such a lot was spent when the ledger took it back, and is paid first by what returns or is booked again.
CREATE TABLE bank_line (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  journal_id BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  amount     BIGINT NOT NULL,
  balance    BIGINT NOT NULL,
  left_over  BIGINT NOT NULL DEFAULT 0,
  earned_on  TEXT NOT NULL DEFAULT '',
  expires_on TEXT NOT NULL DEFAULT '',
  origin_id  BIGINT NOT NULL DEFAULT 0,
  written_off BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id),
  CHECK (written_off >= 0),
  CHECK (left_over >= 0 AND (left_over = 0 OR left_over <= amount))
);
CREATE INDEX bank_line_account ON bank_line (tenant_id, account_id, id);
CREATE INDEX bank_line_journal ON bank_line (tenant_id, journal_id, id);
CREATE INDEX bank_line_lot ON bank_line (tenant_id, account_id, expires_on, id) WHERE left_over > 0;

-- What a line that takes out of a person's account takes of which lot, so that it can be given back as it was.
CREATE TABLE bank_draw (
  tenant_id BIGINT NOT NULL,
  id        BIGINT NOT NULL,
  line_id   BIGINT NOT NULL,
  lot_id    BIGINT NOT NULL,
  amount    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CHECK (amount > 0)
);
CREATE INDEX bank_draw_line ON bank_draw (tenant_id, line_id, id);

-- What can be redeemed: goods or hours of help of a community's bank. Its stock is the balance of an account. org_id gives it where a firm does.
CREATE TABLE bank_item (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  org_id       BIGINT NOT NULL DEFAULT 0,
  kind         TEXT NOT NULL,
  title        TEXT NOT NULL,
  title_key    TEXT NOT NULL,
  detail       TEXT NOT NULL DEFAULT '',
  unit         TEXT NOT NULL DEFAULT '',
  price        BIGINT NOT NULL,
  who          TEXT NOT NULL,
  last_on      TEXT NOT NULL,
  ended_at     BIGINT NOT NULL DEFAULT 0,
  created_by   BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  CHECK (price > 0)
);
CREATE INDEX bank_item_community ON bank_item (tenant_id, community_id, id);
CREATE INDEX bank_item_org ON bank_item (tenant_id, org_id, id) WHERE org_id <> 0;

-- What somebody redeems: ordered, then handed over, or cancelled, or lapsed after its last day. Sealed: the code that is shown at the counter, until it is over.
CREATE TABLE bank_order (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  no           TEXT NOT NULL,
  community_id BIGINT NOT NULL,
  item_id      BIGINT NOT NULL,
  account_id   BIGINT NOT NULL,
  person_id    BIGINT NOT NULL,
  amount       BIGINT NOT NULL,
  hearts       BIGINT NOT NULL,
  state        TEXT NOT NULL,
  code         BYTEA,
  code_key     TEXT NOT NULL DEFAULT '',
  until_on     TEXT NOT NULL,
  entered_by   BIGINT NOT NULL DEFAULT 0,
  ordered_at   BIGINT NOT NULL,
  ended_at     BIGINT NOT NULL DEFAULT 0,
  ended_by     BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX bank_order_no ON bank_order (tenant_id, no);
CREATE UNIQUE INDEX bank_order_code ON bank_order (tenant_id, code_key) WHERE code_key <> '';
CREATE INDEX bank_order_account ON bank_order (tenant_id, account_id, id);
CREATE INDEX bank_order_community ON bank_order (tenant_id, community_id, state, id);
CREATE INDEX bank_order_item ON bank_order (tenant_id, item_id, id);
CREATE INDEX bank_order_until ON bank_order (tenant_id, state, until_on);

-- What a firm offers to give: offered, then accepted (it becomes an item) or declined or withdrawn.
CREATE TABLE bank_donation (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  org_id       BIGINT NOT NULL,
  community_id BIGINT NOT NULL,
  title        TEXT NOT NULL,
  detail       TEXT NOT NULL DEFAULT '',
  amount       BIGINT NOT NULL,
  unit         TEXT NOT NULL DEFAULT '',
  last_on      TEXT NOT NULL,
  state        TEXT NOT NULL,
  answer       TEXT NOT NULL DEFAULT '',
  item_id      BIGINT NOT NULL DEFAULT 0,
  offered_by   BIGINT NOT NULL DEFAULT 0,
  offered_at   BIGINT NOT NULL,
  decided_by   BIGINT NOT NULL DEFAULT 0,
  decided_at   BIGINT NOT NULL DEFAULT 0,
  version      BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  CHECK (amount > 0)
);
CREATE INDEX bank_donation_community ON bank_donation (tenant_id, community_id, state, id);
CREATE INDEX bank_donation_org ON bank_donation (tenant_id, org_id, id);

