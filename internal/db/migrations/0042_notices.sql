-- +goose Up

-- Where somebody is told of a record: a telephone number left with a case, with the code of the case for the link. token opens the page on which they say no.
-- Sealed: address, code, token. address_key and token_key are blind indexes.
CREATE TABLE notice_contact (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id   BIGINT NOT NULL,
  channel      TEXT NOT NULL,
  language     TEXT NOT NULL DEFAULT 'zh',
  address      BYTEA,
  address_key  TEXT NOT NULL DEFAULT '',
  code         BYTEA,
  token        BYTEA,
  token_key    TEXT NOT NULL DEFAULT '',
  stopped_at   BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX notice_contact_subject ON notice_contact (tenant_id, subject_kind, subject_id, id);
CREATE INDEX notice_contact_address ON notice_contact (tenant_id, address_key, id) WHERE address_key <> '';
CREATE UNIQUE INDEX notice_contact_token ON notice_contact (tenant_id, token_key) WHERE token_key <> '';

-- Numbers and addresses whose holder wants no messages.
CREATE TABLE notice_refusal (
  tenant_id   BIGINT NOT NULL,
  channel     TEXT NOT NULL,
  address_key TEXT NOT NULL,
  at          BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, channel, address_key)
);

-- A message to be sent, being sent, or done with (package outbox). The text is made when it is sent; content holds the values for it, sealed, and goes when the
-- message is done with. The address goes after the retention period.
CREATE TABLE notice_message (
  tenant_id    BIGINT NOT NULL,
  id           BIGINT NOT NULL,
  kind         TEXT NOT NULL,
  channel      TEXT NOT NULL,
  language     TEXT NOT NULL DEFAULT 'zh',
  subject_kind TEXT NOT NULL DEFAULT '',
  subject_id   BIGINT NOT NULL DEFAULT 0,
  contact_id   BIGINT NOT NULL DEFAULT 0,
  account_id   BIGINT NOT NULL DEFAULT 0,
  address      BYTEA,
  address_key  TEXT NOT NULL DEFAULT '',
  content      BYTEA,
  urgent       BOOLEAN NOT NULL DEFAULT FALSE,
  expires_at   BIGINT NOT NULL DEFAULT 0,
  edition      BIGINT NOT NULL DEFAULT 0,
  parts        BIGINT NOT NULL DEFAULT 0,
  state        TEXT NOT NULL,
  due_at       BIGINT NOT NULL,
  attempts     BIGINT NOT NULL DEFAULT 0,
  unsure       BIGINT NOT NULL DEFAULT 0,
  leased_until BIGINT NOT NULL DEFAULT 0,
  reason       TEXT NOT NULL DEFAULT '',
  done_at      BIGINT NOT NULL DEFAULT 0,
  created_at   BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX notice_message_due ON notice_message (tenant_id, state, due_at, id) WHERE state IN ('waiting', 'sending');
CREATE INDEX notice_message_state ON notice_message (tenant_id, state, id);
CREATE INDEX notice_message_subject ON notice_message (tenant_id, subject_kind, subject_id, id) WHERE subject_id <> 0;
CREATE INDEX notice_message_address ON notice_message (tenant_id, address_key, done_at) WHERE address_key <> '';
CREATE INDEX notice_message_old ON notice_message (tenant_id, created_at, id) WHERE address_key <> '';

-- Texts that a district wrote itself; the last edition holds. An empty body is the standard text again.
CREATE TABLE notice_template (
  tenant_id  BIGINT NOT NULL,
  id         BIGINT NOT NULL,
  kind       TEXT NOT NULL,
  channel    TEXT NOT NULL,
  language   TEXT NOT NULL,
  edition    BIGINT NOT NULL,
  subject    TEXT NOT NULL DEFAULT '',
  body       TEXT NOT NULL DEFAULT '',
  account_id BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX notice_template_edition ON notice_template (tenant_id, kind, channel, language, edition);

-- Kinds of message that a district does not send.
CREATE TABLE notice_switch (
  tenant_id  BIGINT NOT NULL,
  kind       TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, kind)
);

-- How an account wants to be told once a day what waits. The address is sealed.
CREATE TABLE notice_choice (
  tenant_id  BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  channel    TEXT NOT NULL,
  language   TEXT NOT NULL DEFAULT 'zh',
  address    BYTEA,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, account_id)
);

-- Another system that is told what happens. events lists types, each between blanks; org_id is the organisation whose part it is told of. Secrets are sealed; the
-- former one holds until old_until.
CREATE TABLE webhook_subscription (
  tenant_id     BIGINT NOT NULL,
  id            BIGINT NOT NULL,
  name          TEXT NOT NULL,
  address       TEXT NOT NULL,
  events        TEXT NOT NULL,
  org_id        BIGINT NOT NULL,
  state         TEXT NOT NULL,
  secret        BYTEA,
  old_secret    BYTEA,
  old_until     BIGINT NOT NULL DEFAULT 0,
  failing_since BIGINT NOT NULL DEFAULT 0,
  stopped_at    BIGINT NOT NULL DEFAULT 0,
  account_id    BIGINT NOT NULL,
  created_at    BIGINT NOT NULL,
  updated_at    BIGINT NOT NULL,
  version       BIGINT NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id)
);

-- An event for a subscription (package outbox). id is that of the entry that the event is about, so that a receiver drops doubles.
CREATE TABLE webhook_delivery (
  tenant_id       BIGINT NOT NULL,
  subscription_id BIGINT NOT NULL,
  id              BIGINT NOT NULL,
  type            TEXT NOT NULL,
  subject         TEXT NOT NULL,
  happened_at     BIGINT NOT NULL,
  data            TEXT NOT NULL,
  status          BIGINT NOT NULL DEFAULT 0,
  state           TEXT NOT NULL,
  due_at          BIGINT NOT NULL,
  attempts        BIGINT NOT NULL DEFAULT 0,
  unsure          BIGINT NOT NULL DEFAULT 0,
  leased_until    BIGINT NOT NULL DEFAULT 0,
  reason          TEXT NOT NULL DEFAULT '',
  done_at         BIGINT NOT NULL DEFAULT 0,
  created_at      BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, subscription_id, id)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (tenant_id, state, due_at, id) WHERE state IN ('waiting', 'sending');
CREATE INDEX webhook_delivery_lane ON webhook_delivery (tenant_id, subscription_id, subject, id) WHERE state IN ('waiting', 'sending');
CREATE INDEX webhook_delivery_state ON webhook_delivery (tenant_id, subscription_id, state, id);
CREATE INDEX webhook_delivery_old ON webhook_delivery (tenant_id, created_at, id);
