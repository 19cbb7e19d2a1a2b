package feedback

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/waiting"
)

// The kinds of thing that wait.
const (
	WaitSend       = "slip.send"             // drafts to look at and send
	WaitAnswer     = "slip.answer"           // slips that the unit has not answered
	WaitCorrection = "slip.correction"       // wishes of members to be decided
	WaitClose      = "quarter.close"         // the last quarter is over and not closed
	WaitUnsent     = "slip.unsent"           // drafts in the communities one looks after that should be sent by now
	WaitUnanswered = "slip.unanswered"       // slips of one's communities that units should have answered by now
	WaitLook       = "slip.look.own"         // a slip with one's own line, not sent yet: the time to have it corrected
	WaitDecided    = "correction.answer.own" // one's own wish was answered
)

// closeAfter is how many days after its end a quarter that is not closed is worth a word: the job closes it in the first night.
const closeAfter = 1

// Waiting says what of the slips waits for the actor.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	today := calendar.DateOf(s.db.Now())
	send, answer, err := s.days(ctx, actor.Tenant, today)
	if err != nil {
		return nil, err
	}
	l := s.limitsOn(send, answer)
	review, see := actor.Scope(PermReview), actor.Scope(PermSee)
	asks := []func() (waiting.Item, error){
		func() (waiting.Item, error) {
			return waitingSlips(ctx, s.db, review, "community_id", Draft, "created_at", WaitSend, send)
		},
		func() (waiting.Item, error) { return waitingCorrections(ctx, s.db, review) },
		func() (waiting.Item, error) {
			return waitingSlips(ctx, s.db, actor.Scope(PermAnswer), "unit_id", Sent, "sent_at", WaitAnswer, answer)
		},
		func() (waiting.Item, error) { return s.unclosed(ctx, actor, today) },
		func() (waiting.Item, error) {
			return lateSlips(ctx, s.db, see.Or(review), Sent, "sent_at", l.sent, WaitUnanswered)
		},
		func() (waiting.Item, error) { return waitingOwn(ctx, s.db, actor.Scope(PermSeeOwn)) },
		func() (waiting.Item, error) { return answeredOwn(ctx, s.db, actor.Scope(PermAskOwn)) },
	}
	if review.Empty() { // who reviews has the drafts above
		asks = append(asks, func() (waiting.Item, error) {
			return lateSlips(ctx, s.db, see, Draft, "created_at", l.made, WaitUnsent)
		})
	}
	var items []waiting.Item
	for _, ask := range asks {
		it, err := ask()
		if err != nil {
			return nil, err
		}
		if it.Count > 0 {
			items = append(items, it)
		}
	}
	return items, nil
}

func (s *Service) days(ctx context.Context, tenant int64, today calendar.Date) (send, answer int64, err error) {
	if send, err = SendDays.On(ctx, s.db, tenant, today); err != nil {
		return 0, 0, err
	}
	answer, err = AnswerDays.On(ctx, s.db, tenant, today)
	return send, answer, err
}

func (s *Service) limitsOn(send, answer int64) limits {
	ago := func(days int64) int64 { return db.Micros(s.db.Now().Add(-time.Duration(days) * 24 * time.Hour)) }
	return limits{ago(send), ago(answer)}
}

// unclosed is the last quarter, if it is over and nobody closed it, for those who can.
func (s *Service) unclosed(ctx context.Context, actor authz.Actor, today calendar.Date) (waiting.Item, error) {
	if !actor.Scope(PermClose).All() {
		return waiting.Item{}, nil
	}
	now := calendar.QuarterOf(today)
	if today.Before(now.Start().AddDays(closeAfter)) {
		return waiting.Item{}, nil
	}
	n, err := db.Value[int64](ctx, s.db, `SELECT count(*) FROM quarter_close WHERE tenant_id = $1 AND quarter = $2`, actor.Tenant, now.Prev())
	if err != nil || n > 0 {
		return waiting.Item{}, err
	}
	return waiting.Item{Kind: WaitClose, Count: 1, Since: now.Start().Time()}, nil
}

// waits counts waiting rows: how many, the one if it is only one, the oldest.
type waits struct {
	count, one, oldest int64
}

func (w *waits) dest() []any { return []any{&w.count, &w.one, &w.oldest} }

func (w waits) item(kind string) waiting.Item {
	it := waiting.Item{Kind: kind, Count: w.count, Since: db.FromMicros(w.oldest)}
	if w.count == 1 {
		it.Subject = id.ID(w.one)
	}
	return it
}

func countSlips(ctx context.Context, q db.Querier, a *db.Args, since, where string) (waits, error) {
	return db.One(ctx, q, (*waits).dest, "SELECT count(*), coalesce(max(id), 0), coalesce(min("+since+"), 0) FROM slip WHERE "+where, a.Values()...)
}

func waitingSlips(ctx context.Context, q db.Querier, scope authz.Scope, column string, state State, since, kind string, days int64) (waiting.Item, error) {
	if scope.Empty() {
		return waiting.Item{}, nil
	}
	a := &db.Args{}
	w, err := countSlips(ctx, q, a, since, scope.Where(a, authz.Columns{Tenant: "tenant_id", Orgs: []string{column}})+" AND state = "+a.Add(string(state)))
	it := w.item(kind)
	if w.oldest != 0 {
		it.DueOn = calendar.DateOf(it.Since).AddDays(int(days)).String()
	}
	return it, err
}

// lateSlips counts slips of communities in scope that stand in a state since before an instant.
func lateSlips(ctx context.Context, q db.Querier, scope authz.Scope, state State, since string, before int64, kind string) (waiting.Item, error) {
	if scope.Empty() {
		return waiting.Item{}, nil
	}
	a := &db.Args{}
	w, err := countSlips(ctx, q, a, since, scope.Where(a, authz.Columns{Tenant: "tenant_id", Orgs: []string{"community_id"}})+
		" AND state = "+a.Add(string(state))+" AND "+since+" < "+a.Add(before))
	return w.item(kind), err
}

func waitingCorrections(ctx context.Context, q db.Querier, scope authz.Scope) (waiting.Item, error) {
	if scope.Empty() {
		return waiting.Item{}, nil
	}
	a := &db.Args{}
	where := scope.Where(a, authz.Columns{Tenant: "tenant_id", Orgs: []string{"community_id"}}) + " AND state = 'open'"
	w, err := db.One(ctx, q, (*waits).dest, "SELECT count(*), coalesce(max(slip_id), 0), coalesce(min(at), 0) FROM correction WHERE "+where, a.Values()...)
	return w.item(WaitCorrection), err
}

// waitingOwn counts the slips with the actor's own line that are not sent yet and about which they have not asked for a correction.
func waitingOwn(ctx context.Context, q db.Querier, scope authz.Scope) (waiting.Item, error) {
	if scope.Empty() {
		return waiting.Item{}, nil
	}
	a := &db.Args{}
	where := scope.Where(a, authz.Columns{Tenant: "l.tenant_id", Person: "l.person_id"})
	w, err := db.One(ctx, q, (*waits).dest, `SELECT count(*), coalesce(max(s.id), 0), coalesce(min(s.created_at), 0)
		FROM slip_line l JOIN slip s ON s.tenant_id = l.tenant_id AND s.id = l.slip_id WHERE `+where+` AND s.state = 'draft'
		AND NOT EXISTS (SELECT 1 FROM correction k WHERE k.tenant_id = l.tenant_id AND k.slip_id = l.slip_id AND k.member_id = l.member_id)`, a.Values()...)
	return w.item(WaitLook), err
}

// answeredOwn counts the actor's wishes that were answered and whose answer they have not seen.
func answeredOwn(ctx context.Context, q db.Querier, scope authz.Scope) (waiting.Item, error) {
	if scope.Empty() {
		return waiting.Item{}, nil
	}
	a := &db.Args{}
	where := scope.Where(a, authz.Columns{Tenant: "tenant_id", Person: "person_id"})
	w, err := db.One(ctx, q, (*waits).dest, `SELECT count(*), coalesce(max(slip_id), 0), coalesce(min(decided_at), 0) FROM correction WHERE `+where+
		` AND state <> 'open' AND seen_at = 0`, a.Values()...)
	return w.item(WaitDecided), err
}

// SeeAnswers notes that the actor has seen the answers to their wishes. Nothing is recorded in the audit: it is their own page.
func (s *Service) SeeAnswers(ctx context.Context, actor authz.Actor) error {
	scope := actor.Scope(PermAskOwn)
	if scope.Empty() {
		return nil
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		now := a.Add(db.Micros(tx.Now()))
		_, err := tx.Exec(ctx, `UPDATE correction SET seen_at = `+now+` WHERE `+scope.Where(a, authz.Columns{Tenant: "tenant_id", Person: "person_id"})+
			` AND state <> 'open' AND seen_at = 0`, a.Values()...)
		return err
	})
}
