package member

import (
	"context"
	"strconv"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/waiting"
)

// waitFor is one question of Waiting: how many, which if it is one, since when and until when.
type waitFor struct {
	kind  string
	scope authz.Scope
	alias string
	since string // column of micros, or "0"
	due   string // column of a day, or "''"
	id    string // column of the subject
	from  string
}

// questions are what can wait for the actor. Those of the office and those of the member are asked separately, because they
// lead to different pages.
func questions(actor authz.Actor, contactLimit, today calendar.Date) []waitFor {
	due := func(scope authz.Scope, kind string) waitFor {
		return waitFor{kind, scope, "t", "t.made_at", "t.due_on", "t.member_id",
			"promise t WHERE t.state = 'open' AND t.due_on <> '' AND t.due_on <= '" + today.String() + "'"}
	}
	returned := `registration r JOIN member m ON m.tenant_id = r.tenant_id AND m.id = r.member_id WHERE r.state = 'returned' AND m.ended_on = ''
		AND NOT EXISTS (SELECT 1 FROM registration n WHERE n.tenant_id = r.tenant_id AND n.member_id = r.member_id AND n.id > r.id)`
	unstarted := `member m WHERE m.ended_on = '' AND m.kind = 'in_service' AND m.community_id = 0
		AND NOT EXISTS (SELECT 1 FROM registration n WHERE n.tenant_id = m.tenant_id AND n.member_id = m.id)`
	homeless := "member m WHERE m.ended_on = '' AND m.home_id = 0"
	overdue := "floating_move t WHERE t.back_on = '' AND t.last_contact < '" + contactLimit.String() + "'"
	list := []waitFor{
		{"registration.accept", actor.Scope(PermAccept), "r", "r.proposed_at", "''", "r.id", "registration r WHERE r.state = 'proposed'"},
		{"registration.returned", actor.Scope(PermRegister), "r", "r.decided_at", "''", "r.member_id", returned},
		{"registration.returned.own", actor.Scope(PermRegisterOwn), "r", "r.decided_at", "''", "r.member_id", returned},
		{"registration.start", actor.Scope(PermRegister), "m", "m.created_at", "''", "m.id", unstarted},
		{"registration.start.own", actor.Scope(PermRegisterOwn), "m", "m.created_at", "''", "m.id", unstarted},
		due(actor.Scope(PermContact), "promise.due"),
		due(actor.Scope(PermPromiseOwn), "promise.due.own"),
		{"floating.contact", actor.Scope(PermContact), "t", "0", "''", "t.member_id", overdue},
		{"contact.follow_up", actor.Scope(PermContact), "t", "t.at", "t.follow_up_on", "t.member_id",
			`contact t WHERE t.follow_up_on <> '' AND t.follow_up_on <= '` + today.String() + `' AND NOT EXISTS (SELECT 1 FROM contact n
			 WHERE n.tenant_id = t.tenant_id AND n.member_id = t.member_id AND n.id > t.id)`},
		{"member.home", actor.Scope(PermEdit), "m", "m.created_at", "''", "m.id", homeless},
	}
	if actor.Can(PermEdit) {
		return list
	}
	// Who looks after communities without working in one sees what lies there for long.
	see, long := actor.Scope(PermSee), strconv.FormatInt(db.Micros(today.AddDays(-registrationDays).Time()), 10)
	return append(list,
		waitFor{WaitRegistrationLate, see, "r", "r.proposed_at", "''", "r.id", "registration r WHERE r.state = 'proposed' AND r.proposed_at < " + long},
		waitFor{WaitFloatingWatch, see, "t", "0", "''", "t.member_id", overdue},
		waitFor{WaitHomeWatch, see, "m", "m.created_at", "''", "m.id", homeless})
}

// What waits for those who look after communities: not done by themselves.
const (
	WaitRegistrationLate = "registration.late"      // not answered by the community for two weeks
	WaitFloatingWatch    = "floating.contact.watch" // floating members that nobody has spoken to for long
	WaitHomeWatch        = "member.home.watch"      // members without a home branch
)

// registrationDays is how long a registration may lie at a community before those above it are told.
const registrationDays = 14

// Waiting says what of members waits for the actor.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	var out []waiting.Item
	err := s.db.View(ctx, func(tx *db.Tx) error {
		today := calendar.DateOf(s.db.Now())
		days, err := ContactDays.On(ctx, tx, actor.Tenant, today)
		if err != nil {
			return err
		}
		for _, w := range questions(actor, today.AddDays(-int(days)), today) {
			if w.scope.Empty() {
				continue
			}
			it, err := ask(ctx, tx, w)
			if err != nil {
				return err
			}
			if it.Count > 0 {
				out = append(out, it)
			}
		}
		return nil
	})
	return out, err
}

func ask(ctx context.Context, q db.Querier, w waitFor) (waiting.Item, error) {
	a := &db.Args{}
	columns := owners(w.alias)
	switch w.kind {
	case "registration.accept", WaitRegistrationLate:
		columns.Orgs = []string{"r.community_id"} // answered by the community, not by the unit that reported the member
	case "registration.start", "registration.start.own":
		columns.Orgs = []string{"m.unit_id", "m.home_id"} // who is in no community is found by none
	case "member.home", WaitHomeWatch:
		columns.Orgs = []string{"m.community_id", "m.unit_id"} // nor who is in no branch by one
	}
	row := "SELECT " + w.alias + ".id AS row_id, " + w.since + " AS since, " + w.due + " AS due, " + w.id + " AS subject FROM " + w.from + " AND "
	ways, number := w.scope.Ways(a, columns), "count(*)"
	if len(ways) > 1 {
		number = "count(DISTINCT row_id)"
	}
	query := "SELECT " + number + ", coalesce(min(since), 0), coalesce(min(due), ''), coalesce(min(subject), 0) FROM (" + row + strings.Join(ways, " UNION ALL "+row) + ") found"
	it := waiting.Item{Kind: w.kind}
	var since int64
	var subject id.ID
	_, err := db.One(ctx, q, func(*struct{}) []any { return []any{&it.Count, &since, &it.DueOn, &subject} }, query, a.Values()...)
	if errs.KindOf(err) == errs.NotFound {
		return it, nil
	}
	it.Since = db.FromMicros(since)
	if it.Count == 1 {
		it.Subject = subject
	}
	if since == 0 {
		it.Since = time.Time{}
	}
	return it, err
}
