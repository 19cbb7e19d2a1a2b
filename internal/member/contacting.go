package member

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// act runs an act on a member in scope and records it.
func (s *Service) act(ctx context.Context, actor authz.Actor, scope authz.Scope, p authz.Permission, action string, member id.ID, fn func(*db.Tx, Member) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := find(ctx, tx, scope, member)
		if err != nil {
			return err
		}
		if !m.Living() {
			return errs.New(errs.Conflict, i18n.MemberEnded, m.EndedOn.String())
		}
		if err := fn(tx, m); err != nil {
			return err
		}
		return record(ctx, tx, actor, p, action, m, nil)
	})
}

// AddContact records a talk, visit or call (PermContact). It counts as the last contact of a floating member. A talk that a member records with an account
// of their own is theirs (PARTY-27).
func (s *Service) AddContact(ctx context.Context, actor authz.Actor, member id.ID, n NewContact) error {
	return s.contact(ctx, actor, actor.Scope(PermContact), member, n)
}

func (s *Service) contact(ctx context.Context, actor authz.Actor, scope authz.Scope, member id.ID, n NewContact) error {
	return s.act(ctx, actor, scope, PermContact, "contact.add", member, func(tx *db.Tx, m Member) error {
		if err := n.check(calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		if n.Kind == Talk && n.WithID == 0 && actor.PersonID != 0 && actor.PersonID != m.PersonID {
			own, err := db.Value[id.ID](ctx, tx, "SELECT id FROM member WHERE tenant_id = $1 AND person_id = $2 AND ended_on = '' ORDER BY id DESC LIMIT 1", actor.Tenant, actor.PersonID)
			if err != nil {
				return err
			}
			n.WithID = own
		} else if n.WithID != 0 {
			other, err := find(ctx, tx, scope, n.WithID)
			switch {
			case errs.KindOf(err) == errs.NotFound || err == nil && !other.Living():
				return errs.Field("with", i18n.TalkNobody)
			case err != nil:
				return err
			case other.PersonID == m.PersonID:
				return errs.Field("with", i18n.TalkOneself)
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO contact (tenant_id, id, member_id, person_id, community_id, unit_id, kind, on_date, note,
			follow_up_on, account_id, at, with_id, reason) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`, actor.Tenant, id.New(), m.ID, m.PersonID,
			m.CommunityID, m.UnitID, n.Kind, n.On, n.Note, n.FollowUpOn, actor.AccountID, db.Micros(tx.Now()), n.WithID, n.Reason); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE floating_move SET last_contact = $1, version = version + 1
			WHERE tenant_id = $2 AND (member_id = $3 OR member_id = $4) AND back_on = '' AND last_contact < $1`, n.On, actor.Tenant, m.ID, n.WithID)
		return err
	})
}

// contactsOf gives the talks, visits and calls of a member, and the talks that they themselves had with others (PARTY-27). Of the latter a reader who does
// not see the other one learns the day alone: what was said belongs to the one it was said of.
func contactsOf(ctx context.Context, q db.Querier, scope authz.Scope, member id.ID) ([]Contact, error) {
	a := &db.Args{}
	of := a.Add(member)
	seen := "t.member_id = " + of + " OR (" + scope.Where(a, owners("w")) + ")"
	list, err := db.All(ctx, q, func(c *Contact) []any {
		return []any{&c.ID, &c.Kind, &c.On, &c.Note, &c.FollowUpOn, &c.ByName, db.Instant(&c.At), &c.Reason, &c.WithID, &c.With, &c.open}
	}, `SELECT t.id, t.kind, t.on_date, t.note, t.follow_up_on, coalesce(a.name, ''), t.at, t.reason, coalesce(w.id, 0), coalesce(w.name, ''), CASE WHEN `+seen+` THEN TRUE ELSE FALSE END FROM contact t
		LEFT JOIN account a ON a.tenant_id = t.tenant_id AND a.id = t.account_id
		LEFT JOIN member w ON w.tenant_id = t.tenant_id AND t.with_id <> 0 AND w.id = CASE WHEN t.member_id = `+of+` THEN t.with_id ELSE t.member_id END
		WHERE t.tenant_id = `+a.Add(scope.Tenant())+` AND (t.member_id = `+of+` OR t.with_id = `+of+` AND t.with_id <> 0) ORDER BY t.on_date DESC, t.id DESC LIMIT 200`, a.Values()...)
	for i := range list {
		if c := &list[i]; !c.open {
			c.Note, c.Reason, c.FollowUpOn, c.ByName, c.WithID, c.With = "", OfTheYear, calendar.Date{}, "", 0, ""
		}
	}
	return list, err
}

// Promise records what a member promises (PermContact, or PermPromiseOwn for oneself).
func (s *Service) Promise(ctx context.Context, actor authz.Actor, member id.ID, body string, due calendar.Date) (id.ID, error) {
	promise := id.New()
	body = clean(body)
	scope := actor.Scope(PermContact).Or(actor.Scope(PermPromiseOwn))
	err := s.act(ctx, actor, scope, PermPromiseOwn, "promise.make", member, func(tx *db.Tx, m Member) error {
		e := need(nil, "body", body, 200)
		if !due.IsZero() && due.Before(calendar.DateOf(tx.Now())) {
			e = e.With("due_on", i18n.PromiseDuePast)
		}
		if err := e.OrNil(); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO promise (tenant_id, id, member_id, person_id, community_id, unit_id, body, due_on, state, made_at)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`, actor.Tenant, promise, m.ID, m.PersonID, m.CommunityID, m.UnitID, body, due, Open, db.Micros(tx.Now()))
		return err
	})
	return promise, err
}

const promiseColumns = "t.id, t.member_id, t.body, t.due_on, t.state, t.result, t.made_at, t.closed_at, t.version"

func (p *Promise) dest() []any {
	return []any{&p.ID, &p.MemberID, &p.Body, &p.DueOn, &p.State, &p.Result, db.Instant(&p.MadeAt), db.Instant(&p.ClosedAt), &p.Version}
}

// ClosePromise says that a promise was kept, or not and why (PermContact, or PermPromiseOwn).
func (s *Service) ClosePromise(ctx context.Context, actor authz.Actor, promise id.ID, kept bool, result string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		scope, a := actor.Scope(PermContact).Or(actor.Scope(PermPromiseOwn)), &db.Args{}
		p, err := db.One(ctx, tx, (*Promise).dest, "SELECT "+promiseColumns+" FROM promise t WHERE "+scope.Where(a, owners("t"))+" AND t.id = "+
			a.Add(promise), a.Values()...)
		if err != nil {
			return err
		}
		if err := p.Close(tx.Now(), kept, clean(result)); err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE promise SET state = $1, result = $2, closed_at = $3, version = version + 1
			WHERE tenant_id = $4 AND id = $5 AND version = $6`, p.State, p.Result, db.Micros(p.ClosedAt), actor.Tenant, p.ID, p.Version); err != nil {
			return err
		}
		m, err := load(ctx, tx, actor.Tenant, p.MemberID)
		if err != nil {
			return err
		}
		return record(ctx, tx, actor, PermPromiseOwn, "promise.close", m, map[string]any{"state": p.State})
	})
}

func promisesOf(ctx context.Context, q db.Querier, tenant int64, member id.ID) ([]Promise, error) {
	return db.All(ctx, q, (*Promise).dest, "SELECT "+promiseColumns+` FROM promise t WHERE t.tenant_id = $1 AND t.member_id = $2
		ORDER BY t.id DESC LIMIT 200`, tenant, member)
}

// Reason is why a member does not take part, from a day on (MEM-9).
type Reason struct {
	ID       id.ID
	MemberID id.ID
	Reason   Absence
	Note     string
	From, To calendar.Date // To is the first day on which it no longer holds
}

// AddReason records why a member does not take part (PermContact).
func (s *Service) AddReason(ctx context.Context, actor authz.Actor, member id.ID, reason Absence, note string) error {
	note = clean(note)
	return s.act(ctx, actor, actor.Scope(PermContact), PermContact, "absence.add", member, func(tx *db.Tx, m Member) error {
		var e *errs.Error
		if reason.Text().IsZero() {
			e = e.With("reason", i18n.ErrBadChoice)
		}
		if reason == OtherReason {
			e = need(e, "note", note, maxReason)
		}
		if err := limit(e, "note", note, maxReason).OrNil(); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO absence_reason (tenant_id, id, member_id, person_id, community_id, unit_id, reason, note, valid_from,
			account_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`, actor.Tenant, id.New(), m.ID, m.PersonID, m.CommunityID, m.UnitID,
			reason, note, calendar.DateOf(tx.Now()), actor.AccountID, db.Micros(tx.Now()))
		if db.IsUnique(err) {
			return errs.New(errs.Conflict, i18n.AbsenceThere, reason.Text()).Because(err)
		}
		return err
	})
}

// EndReason says that a reason no longer holds (PermContact).
func (s *Service) EndReason(ctx context.Context, actor authz.Actor, member, reason id.ID) error {
	return s.act(ctx, actor, actor.Scope(PermContact), PermContact, "absence.end", member, func(tx *db.Tx, m Member) error {
		return tx.Update(ctx, `UPDATE absence_reason SET valid_to = $1 WHERE tenant_id = $2 AND id = $3 AND member_id = $4 AND valid_to = ''`,
			calendar.DateOf(tx.Now()), actor.Tenant, reason, m.ID)
	})
}

func reasonsOf(ctx context.Context, q db.Querier, tenant int64, member id.ID) ([]Reason, error) {
	return db.All(ctx, q, func(r *Reason) []any { return []any{&r.ID, &r.MemberID, &r.Reason, &r.Note, &r.From, &r.To} },
		`SELECT id, member_id, reason, note, valid_from, valid_to FROM absence_reason WHERE tenant_id = $1 AND member_id = $2
		 ORDER BY id DESC LIMIT 100`, tenant, member)
}

// ReasonFilter narrows the reasons; zero fields do not filter.
type ReasonFilter struct {
	Reason      Absence
	CommunityID id.ID
	UnitID      id.ID
	Page        db.Page
}

// ReasonItem is a reason with its member.
type ReasonItem struct {
	Reason
	Name, Unit, Community string
}

func (f ReasonFilter) where(a *db.Args, actor authz.Actor) string {
	w := actor.Scope(PermSee).Where(a, owners("t")) + " AND t.valid_to = ''"
	if f.Reason != "" {
		w += " AND t.reason = " + a.Add(f.Reason)
	}
	if f.CommunityID != 0 {
		w += " AND t.community_id = " + a.Add(f.CommunityID)
	}
	if f.UnitID != 0 {
		w += " AND t.unit_id = " + a.Add(f.UnitID)
	}
	return w
}

// ReasonCounts says how many members name each reason today, in the order of the list (MEM-9). The records behind a count are
// Reasons with the same filter.
func (s *Service) ReasonCounts(ctx context.Context, actor authz.Actor, f ReasonFilter) ([]ReasonCount, error) {
	a := &db.Args{}
	rows, err := db.All(ctx, s.db, func(c *ReasonCount) []any { return []any{&c.Reason, &c.Count} },
		"SELECT t.reason, count(*) FROM absence_reason t WHERE "+f.where(a, actor)+" GROUP BY t.reason", a.Values()...)
	if err != nil {
		return nil, err
	}
	counts := map[Absence]int64{}
	for _, r := range rows {
		counts[r.Reason] = r.Count
	}
	out := make([]ReasonCount, 0, len(counts))
	for _, r := range Absences() {
		out = append(out, ReasonCount{r, counts[r]})
	}
	return out, nil
}

// ReasonCount is how many members name a reason.
type ReasonCount struct {
	Reason Absence
	Count  int64
}

// Reasons gives the reasons that hold today, newest first.
func (s *Service) Reasons(ctx context.Context, actor authz.Actor, f ReasonFilter) (db.List[ReasonItem], error) {
	a := &db.Args{}
	where := f.where(a, actor)
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "t.id", Desc: true})
	rows, err := db.All(ctx, s.db, func(i *ReasonItem) []any {
		return []any{&i.ID, &i.MemberID, &i.Reason.Reason, &i.Note, &i.From, &i.To, &i.Name, &i.Unit, &i.Community}
	}, "SELECT t.id, t.member_id, t.reason, t.note, t.valid_from, t.valid_to, m.name, "+reference.Label("un")+", "+reference.Label("co")+` FROM absence_reason t
		JOIN member m ON m.tenant_id = t.tenant_id AND m.id = t.member_id
		LEFT JOIN organisation un ON un.tenant_id = t.tenant_id AND un.id = t.unit_id
		LEFT JOIN organisation co ON co.tenant_id = t.tenant_id AND co.id = t.community_id WHERE `+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[ReasonItem]{}, err
	}
	return db.Cut(rows, f.Page, func(i ReasonItem) db.Cursor { return db.Cursor{ID: i.ID} }), nil
}
