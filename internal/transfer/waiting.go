package transfer

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/waiting"
)

// What waits for whom.
const (
	WaitApprove  = "transfer.approve"  // asked for; the sending side decides
	WaitIssue    = "transfer.issue"    // approved, the letter is not issued
	WaitReceive  = "transfer.receive"  // on its way to a branch of the actor
	WaitExpired  = "transfer.expired"  // the letter ran out; somebody has to talk to the member (MOB-7)
	WaitReturned = "transfer.returned" // came back; noted or started anew
	WaitReport   = "transfer.report.own"
	WaitAnswered = "transfer.answered.own" // refused, returned, or expired
)

// noticeDays is for how long a member is told that a transfer was refused or came back.
const noticeDays = 30

// question is one question of Waiting.
type question struct {
	kind    string
	scope   authz.Scope
	columns authz.Columns
	since   string
	due     string
	where   string
}

func (s *Service) questions(a *db.Args, actor authz.Actor, kind string) question {
	today := func() string { return a.Add(s.Today()) }
	sending := authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.from_id"}}
	either := authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"CASE WHEN t.direction = 'in' THEN t.to_id ELSE t.from_id END"}}
	mine := authz.Columns{Tenant: "t.tenant_id", Person: "t.person_id"}
	decide, own := actor.Scope(PermDecide), actor.Scope(PermAskOwn)
	switch kind {
	case WaitApprove:
		return question{kind, decide, sending, "t.created_at", "''", "t.state = 'requested'"}
	case WaitIssue:
		return question{kind, decide, sending, "t.updated_at", "''", "t.state = 'approved_out'"}
	case WaitReceive:
		return question{kind, decide, authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.to_id"}}, "t.updated_at", "t.valid_to",
			"t.state = 'in_transit' AND t.direction <> 'out' AND t.valid_to >= " + today()}
	case WaitExpired:
		return question{kind, decide, either, "t.updated_at", "t.valid_to", "t.state = 'in_transit' AND t.valid_to < " + today()}
	case WaitReturned:
		return question{kind, decide, sending, "t.updated_at", "''", "1 = 1" + unsettled}
	case WaitReport:
		return question{kind, own, mine, "t.updated_at", "t.valid_to", "t.state = 'in_transit' AND t.valid_to >= " + today()}
	}
	return question{WaitAnswered, own, mine, "t.updated_at", "''", "(t.state = 'in_transit' AND t.valid_to < " + today() + " OR t.state IN ('refused', 'returned') AND t.closed_on > " +
		a.Add(s.Today().AddDays(-noticeDays)) + ") AND NOT EXISTS (SELECT 1 FROM transfer n WHERE n.tenant_id = t.tenant_id AND n.person_id = t.person_id AND n.id > t.id)"}
}

// Waiting says what of transfers waits for the actor: on the sending side, on the receiving side, and for the member.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	var out []waiting.Item
	for _, kind := range []string{WaitApprove, WaitIssue, WaitReceive, WaitExpired, WaitReturned, WaitReport, WaitAnswered} {
		a := &db.Args{}
		q := s.questions(a, actor, kind)
		if q.scope.Empty() {
			continue
		}
		it := waiting.Item{Kind: kind}
		var since int64
		var subject id.ID
		_, err := db.One(ctx, s.db, func(*struct{}) []any { return []any{&it.Count, &since, &it.DueOn, &subject} },
			"SELECT count(*), coalesce(min("+q.since+"), 0), coalesce(min("+q.due+"), ''), coalesce(min(t.id), 0) FROM transfer t WHERE "+q.where+" AND "+
				q.scope.Where(a, q.columns), a.Values()...)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return nil, err
		}
		if it.Count == 0 {
			continue
		}
		if it.Count == 1 {
			it.Subject = subject
		}
		it.Since = db.FromMicros(since)
		out = append(out, it)
	}
	return out, nil
}
