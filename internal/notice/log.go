package notice

import (
	"context"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/outbox"
	"linli/internal/retention"
	"linli/internal/waiting"
)

// Filter narrows the log; zero fields do not filter.
type Filter struct {
	State   outbox.State
	Channel Channel
	Kind    string
	Text    string // a whole telephone number or address
	Subject id.ID  // record that it is about
	Page    db.Page
}

// known leaves out what the actor is not to know of (WithHidden).
func (s *Service) known(a *db.Args, actor authz.Actor) string {
	if s.hidden == nil {
		return ""
	}
	return " AND NOT (" + s.hidden(a, actor) + ")"
}

func (s *Service) where(a *db.Args, actor authz.Actor, scope authz.Scope, f Filter) string {
	w := scope.Where(a, belongs) + s.known(a, actor)
	if f.State != "" {
		w += " AND m.state = " + a.Add(string(f.State))
	}
	if f.Channel != "" {
		w += " AND m.channel = " + a.Add(string(f.Channel))
	}
	if f.Kind != "" {
		w += " AND m.kind = " + a.Add(f.Kind)
	}
	if f.Subject != 0 {
		w += " AND m.subject_id = " + a.Add(f.Subject)
	}
	if text := strings.TrimSpace(f.Text); text != "" {
		var keys []string
		for _, c := range Channels() {
			if to, err := Address(c, text, "q"); err == nil {
				keys = append(keys, s.key(c, to))
			}
		}
		w += " AND " + db.In(a, "m.address_key", keys)
	}
	return w
}

// List gives the messages of a district, the newest first (PermSee), without those about what the actor is not to know of (WithHidden). Addresses are masked; a search by a whole number or address finds its messages, and is recorded.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Row], error) {
	a := &db.Args{}
	where := s.where(a, actor, actor.Scope(PermSee), f)
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "m.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Row).dest, "SELECT "+rowColumns+rowFrom+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Row]{}, err
	}
	for i, r := range rows {
		address, _, _, err := s.opened(r)
		if err != nil {
			return db.List[Row]{}, err
		}
		rows[i].Masked = Masked(r.Channel, address)
	}
	list := db.Cut(rows, f.Page, func(r Row) db.Cursor { return db.Cursor{ID: r.ID} })
	if strings.TrimSpace(f.Text) == "" || actor.Scope(PermSee).Empty() || f.Page.After.ID != 0 || f.Page.Before.ID != 0 {
		return list, nil
	}
	return list, s.db.WithTx(ctx, func(tx *db.Tx) error {
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "notice.lookup", Permission: PermSee, SubjectKind: "notice_message", Detail: map[string]any{"found": len(list.Items)}})
	})
}

// Failed counts what stands as failed, for the page of channels (PermSee).
func (s *Service) Failed(ctx context.Context, actor authz.Actor) (int64, error) {
	a := &db.Args{}
	return db.Value[int64](ctx, s.db, "SELECT count(*) FROM notice_message m WHERE "+s.where(a, actor, actor.Scope(PermSee), Filter{State: outbox.Failed}), a.Values()...)
}

// Again puts a message that failed back into the box (PermKeep).
func (s *Service) Again(ctx context.Context, actor authz.Actor, row id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		state, err := db.Value[string](ctx, tx, "SELECT m.state FROM notice_message m WHERE "+actor.Scope(PermKeep).Where(a, belongs)+s.known(a, actor)+" AND m.id = "+a.Add(row), a.Values()...)
		switch {
		case err != nil:
			return err
		case state == "":
			return errs.ErrNotFound
		case outbox.State(state) != outbox.Failed:
			return errs.New(errs.Conflict, i18n.NoticeNotFailed)
		}
		m, err := find(ctx, tx, actor.Tenant, row)
		if err != nil {
			return err
		}
		if k, ok := KindOf(m.Kind); !ok || k.Secret || len(m.content) == 0 {
			return errs.New(errs.Conflict, i18n.NoticeNotAgain)
		}
		if ok, err := box.AgainTx(ctx, tx, actor.Tenant, 0, row, outbox.Failed); err != nil || !ok {
			if err == nil {
				err = errs.New(errs.Conflict, i18n.NoticeNotFailed)
			}
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "notice.again", Permission: PermKeep, SubjectKind: "notice_message", SubjectID: row})
	})
}

// WaitFailed is what waits for who keeps notices: messages that could not be sent this week.
const WaitFailed = "notice.failed"

const failedDays = 7

// Waiting says what waits for the actor.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	if actor.Scope(PermKeep).Empty() {
		return nil, nil
	}
	a := &db.Args{}
	it, err := db.One(ctx, s.db, func(i *waiting.Item) []any { return []any{&i.Count, db.Instant(&i.Since)} }, "SELECT count(*), coalesce(min(m.done_at), 0) FROM notice_message m WHERE "+
		actor.Scope(PermKeep).Where(a, belongs)+s.known(a, actor)+" AND m.state = 'failed' AND m.done_at >= "+a.Add(db.Micros(s.db.Now().AddDate(0, 0, -failedDays))), a.Values()...)
	if err != nil || it.Count == 0 {
		return nil, err
	}
	it.Kind = WaitFailed
	return []waiting.Item{it}, nil
}

// RetentionKinds are the addresses of messages, and the numbers that people left: after the period they go, the rows of the log stay for the count.
func RetentionKinds() []retention.Kind {
	days := func(name string, title i18n.Text) retention.Kind {
		k := retention.Kind{Title: title, Act: i18n.RetentionActNotice, Days: true, Period: retention.Days(name, title, 30, "PRIV-7")}
		k.Period.Default = 90
		return k
	}
	log, contact := days("retention.notice_days", i18n.RetentionNotice), days("retention.contact_days", i18n.RetentionContact)
	log.Code, contact.Code = "notice.log", "notice.contact"
	contact.Period.Default = 365 // a case may stay open for long without a message
	log.Past = func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
		return retention.Rows{ID: "m.id", From: "notice_message m WHERE m.tenant_id = " + a.Add(tenant) + " AND m.created_at < " + a.Add(db.Micros(before.Time())) + " AND m.address_key <> '' AND m.state IN ('sent', 'failed', 'dropped')"}
	}
	log.Remove = func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
		a := &db.Args{}
		_, err := tx.Exec(ctx, "UPDATE notice_message SET address = NULL, address_key = '', content = NULL, contact_id = 0 WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
		return err
	}
	contact.Past = func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
		day := a.Add(db.Micros(before.Time()))
		return retention.Rows{ID: "c.id", From: "notice_contact c WHERE c.tenant_id = " + a.Add(tenant) + " AND c.created_at < " + day +
			" AND NOT EXISTS (SELECT 1 FROM notice_message m WHERE m.tenant_id = c.tenant_id AND m.address_key = c.address_key AND m.created_at >= " + day + ")"}
	}
	contact.Remove = func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, "UPDATE notice_message SET contact_id = 0 WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "contact_id", rows), a.Values()...); err != nil {
			return err
		}
		a = &db.Args{}
		_, err := tx.Exec(ctx, "DELETE FROM notice_contact WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
		return err
	}
	return []retention.Kind{log, contact}
}
