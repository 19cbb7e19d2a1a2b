package notice

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/outbox"
)

// belongs are the columns by which a message belongs to somebody: to the whole district alone.
var belongs = authz.Columns{Tenant: "m.tenant_id"}

func (s *Service) insert(ctx context.Context, tx *db.Tx, row, contact id.ID, k Kind, m Message, address []byte, key string) error {
	content, err := encode(m.Values, m.Path)
	if err != nil {
		return err
	}
	if m.Language == "" {
		m.Language = i18n.ZH
	}
	if m.Expires.IsZero() {
		m.Expires = tx.Now().Add(lapse)
	}
	return tx.Later(ctx, `INSERT INTO notice_message (tenant_id, id, kind, channel, language, subject_kind, subject_id, contact_id, account_id, address, address_key, content, urgent, expires_at, state, due_at, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,'waiting',$15,$15)`, m.Tenant, row, k.Code, string(m.Channel), string(m.Language), m.SubjectKind, m.SubjectID, contact, m.AccountID,
		address, key, s.ring.Seal("notice_message", "content", row, content), m.Urgent, db.Micros(m.Expires), db.Micros(tx.Now()))
}

func (s *Service) insertContact(ctx context.Context, tx *db.Tx, n id.ID, c Contact, to string) error {
	token := newToken(c.Tenant)
	if c.Language == "" {
		c.Language = i18n.ZH
	}
	return tx.Later(ctx, `INSERT INTO notice_contact (tenant_id, id, subject_kind, subject_id, channel, language, address, address_key, code, token, token_key, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`, c.Tenant, n, c.SubjectKind, c.SubjectID, string(c.Channel), string(c.Language), s.ring.Seal("notice_contact", "address", n, to),
		s.key(c.Channel, to), s.ring.Seal("notice_contact", "code", n, c.Code), s.ring.Seal("notice_contact", "token", n, token), s.tokenKey(token), db.Micros(tx.Now()))
}

// generalContact is the contact of a number of itself, for messages about records that nobody follows with a code: it has the page on which they say no.
func (s *Service) generalContact(ctx context.Context, tx *db.Tx, m Message, to string) (id.ID, error) {
	there, err := db.Value[id.ID](ctx, tx, `SELECT id FROM notice_contact WHERE tenant_id = $1 AND address_key = $2 AND subject_id = 0 AND channel = $3 ORDER BY id LIMIT 1`, m.Tenant, s.key(m.Channel, to), string(m.Channel))
	if err != nil || there != 0 {
		return there, err
	}
	n := id.New()
	return n, s.insertContact(ctx, tx, n, Contact{Tenant: m.Tenant, Channel: m.Channel, Language: m.Language}, to)
}

// follower is a contact as it is told.
type follower struct {
	id, subject id.ID
	channel     Channel
	language    i18n.Lang
	key         string
}

func following(ctx context.Context, q db.Querier, tenant int64, kind string, subjects []id.ID) ([]follower, error) {
	a := &db.Args{}
	return db.All(ctx, q, func(f *follower) []any { return []any{&f.id, &f.subject, &f.channel, &f.language, &f.key} }, "SELECT c.id, c.subject_id, c.channel, c.language, c.address_key FROM notice_contact c WHERE c.tenant_id = "+
		a.Add(tenant)+" AND c.subject_kind = "+a.Add(kind)+" AND "+db.In(a, "c.subject_id", subjects)+" AND c.stopped_at = 0 ORDER BY c.id LIMIT 500", a.Values()...)
}

// Following says how somebody is told of a record.
type Following struct {
	There   bool
	Mail    bool // by e-mail too
	Stopped bool // for this record
	Refused bool // for every number and address that was left, whatever the record
}

func followingOf(ctx context.Context, q db.Querier, tenant int64, kind string, subject id.ID) (Following, error) {
	type row struct{ all, on, no, mail int64 }
	r, err := db.One(ctx, q, func(r *row) []any { return []any{&r.all, &r.on, &r.no, &r.mail} }, `SELECT count(*), coalesce(sum(CASE WHEN c.stopped_at = 0 THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN r.at IS NULL THEN 0 ELSE 1 END), 0),
		coalesce(sum(CASE WHEN c.channel = 'mail' THEN 1 ELSE 0 END), 0)
		FROM notice_contact c LEFT JOIN notice_refusal r ON r.tenant_id = c.tenant_id AND r.channel = c.channel AND r.address_key = c.address_key
		WHERE c.tenant_id = $1 AND c.subject_kind = $2 AND c.subject_id = $3`, tenant, kind, subject)
	return Following{There: r.all > 0, Mail: r.mail > 0, Stopped: r.all > 0 && r.on == 0, Refused: r.all > 0 && r.no >= r.all}, err
}

// Row is a message of the log.
type Row struct {
	ID          id.ID
	Kind        string
	Channel     Channel
	Language    i18n.Lang
	SubjectKind string
	SubjectID   id.ID
	Masked      string
	State       outbox.State
	Reason      string
	Attempts    int64
	Edition     int64
	Parts       int64
	CreatedAt   time.Time
	DueAt       time.Time
	DoneAt      time.Time
	kept
}

// kept is what a message holds for being sent.
type kept struct {
	address, content     []byte
	contact              id.ID
	contactAddress       []byte
	code, token          []byte
	urgent, off, refused bool
	expires              time.Time
	key                  string
}

const rowColumns = `m.id, m.kind, m.channel, m.language, m.subject_kind, m.subject_id, m.state, m.reason, m.attempts, m.edition, m.parts, m.created_at, m.due_at, m.done_at, m.address, m.contact_id, c.address`

const rowFrom = ` FROM notice_message m LEFT JOIN notice_contact c ON c.tenant_id = m.tenant_id AND c.id = m.contact_id AND m.contact_id <> 0 WHERE `

func (r *Row) dest() []any {
	return []any{&r.ID, &r.Kind, &r.Channel, &r.Language, &r.SubjectKind, &r.SubjectID, &r.State, &r.Reason, &r.Attempts, &r.Edition, &r.Parts, db.Instant(&r.CreatedAt), db.Instant(&r.DueAt), db.Instant(&r.DoneAt),
		&r.address, &r.contact, &r.contactAddress}
}

// find reads a message with what decides on it.
func find(ctx context.Context, q db.Querier, tenant int64, row id.ID) (Row, error) {
	return db.One(ctx, q, func(r *Row) []any {
		return append(r.dest(), &r.content, &r.urgent, db.Instant(&r.expires), &r.key, &r.code, &r.token, &r.off, &r.refused)
	}, "SELECT "+rowColumns+`, m.content, m.urgent, m.expires_at, m.address_key, c.code, c.token,
		CASE WHEN EXISTS (SELECT 1 FROM notice_switch w WHERE w.tenant_id = m.tenant_id AND w.kind = m.kind) THEN TRUE ELSE FALSE END,
		CASE WHEN coalesce(c.stopped_at, 0) <> 0 OR EXISTS (SELECT 1 FROM notice_refusal r WHERE r.tenant_id = m.tenant_id AND r.channel = m.channel AND r.address_key = m.address_key AND m.address_key <> '') THEN TRUE ELSE FALSE END`+
		rowFrom+"m.tenant_id = $1 AND m.id = $2", tenant, row)
}

// opened opens the address of a message, its own or its contact's, and what is in the link.
func (s *Service) opened(m Row) (address, code, token string, err error) {
	if address, err = s.ring.Open("notice_message", "address", m.ID, m.address); err != nil {
		return
	}
	if m.contact == 0 {
		return
	}
	if address == "" {
		if address, err = s.ring.Open("notice_contact", "address", m.contact, m.contactAddress); err != nil {
			return
		}
	}
	if code, err = s.ring.Open("notice_contact", "code", m.contact, m.code); err != nil {
		return
	}
	token, err = s.ring.Open("notice_contact", "token", m.contact, m.token)
	return
}

const templateColumns = `t.kind, t.channel, t.language, t.edition, t.subject, t.body, coalesce(k.name, ''), t.at, t.id FROM notice_template t
	LEFT JOIN account k ON k.tenant_id = t.tenant_id AND k.id = t.account_id WHERE `

func (t *Template) dest() []any {
	return []any{&t.Kind, &t.Channel, &t.Language, &t.Edition, &t.Subject, &t.Body, &t.By, db.Instant(&t.At), &t.ID}
}

// current is the text that holds: the district's last edition, or the standard one.
func current(ctx context.Context, q db.Querier, tenant int64, k Kind, c Channel, l i18n.Lang) (Template, error) {
	list, err := editions(ctx, q, tenant, k, c, l, 1)
	if err != nil {
		return Template{}, err
	}
	if len(list) == 0 || list[0].Body == "" {
		t := Template{Kind: k.Code, Channel: c, Language: l}
		if len(list) > 0 {
			t = list[0]
		}
		t.Subject, t.Body = k.Standard(c, l)
		return t, nil
	}
	list[0].Own = true
	return list[0], nil
}

// editions are the texts that the district wrote, the newest first.
func editions(ctx context.Context, q db.Querier, tenant int64, k Kind, c Channel, l i18n.Lang, n int) ([]Template, error) {
	return db.All(ctx, q, (*Template).dest, "SELECT "+templateColumns+"t.tenant_id = $1 AND t.kind = $2 AND t.channel = $3 AND t.language = $4 ORDER BY t.edition DESC LIMIT $5", tenant, k.Code, string(c), string(l), int64(n))
}
