package authn

import (
	"context"
	"strconv"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/waiting"
)

// The kinds of thing that wait for those who manage accounts.
const (
	WaitLocked = "account.locked" // too many wrong passwords, locked now
	WaitNever  = "account.never"  // made or reset a week ago, and still not opened with a password of its own
	WaitSecond = "account.second" // should have one-time codes and has none
	WaitLost   = "account.lost"   // holds a role at an organisation that is dissolved: to be given anew where its people work now
	WaitEnding = "account.ending" // a role ends within a month
)

// Concern narrows a list to accounts about which something is to be done; the values are the kinds that wait, without "account.".
type Concern string

// The concerns.
const (
	Locked Concern = "locked"
	Never  Concern = "never"
	Second Concern = "second"
	Lost   Concern = "lost"
	Ending Concern = "ending"
)

// neverAfter is how long a temporary password may lie unused; endingWithin how soon a role ends that is worth a look.
const (
	neverAfter   = 7 * 24 * time.Hour
	endingWithin = 30
)

// concerned is the condition on account that c concerns it. totp says that the district asks its staff for one-time codes.
func concerned(a *db.Args, c Concern, now time.Time, totp bool) string {
	day := calendar.DateOf(now)
	// held begins the condition that a role is held today, with h, ro and ho in sight; it is asked for only where it is used, because
	// PostgreSQL takes no argument without a place.
	held := func() string {
		return `EXISTS (SELECT 1 FROM role_grant h JOIN role ro ON ro.tenant_id = h.tenant_id AND ro.code = h.role_code
			LEFT JOIN organisation ho ON ho.tenant_id = h.tenant_id AND ho.id = h.organisation_id
			WHERE h.tenant_id = account.tenant_id AND h.account_id = account.id AND h.valid_from <= ` + a.Add(day.String()) +
			` AND (h.valid_to = '' OR h.valid_to >= ` + a.Add(day.String()) + `) AND `
	}
	where := "account.status = 'active' AND "
	switch c {
	case Locked:
		return where + "account.locked_until > " + a.Add(db.Micros(now))
	case Never:
		return where + "account.must_change = TRUE AND account.created_at < " + a.Add(db.Micros(now.Add(-neverAfter))) +
			" AND account.password_set_at < " + a.Add(db.Micros(now.Add(-neverAfter)))
	case Second:
		where += "account.totp_secret IS NULL AND " + held()
		if totp {
			return where + "ro.staff = TRUE)"
		}
		return where + "' ' || ro.permissions || ' ' LIKE '% " + string(PermAdmin) + " %' AND (h.organisation_id = 0 OR ho.kind = " + a.Add(rootKind) + "))"
	case Lost:
		return where + held() + "ho.dissolved_on <> '' AND ho.dissolved_on <= " + a.Add(day.String()) + ")"
	case Ending:
		return where + held() + "h.valid_to <> '' AND h.valid_to <= " + a.Add(day.AddDays(endingWithin).String()) + ")"
	}
	return "1 = 0"
}

// concerns are asked in this order; since is what the oldest began to wait with: a column of account, or 0.
var concerns = []struct {
	kind  string
	about Concern
	since string
}{
	{WaitLocked, Locked, "0"},
	{WaitNever, Never, "account.password_set_at"},
	{WaitSecond, Second, "0"},
	{WaitLost, Lost, "0"},
	{WaitEnding, Ending, "0"},
}

// Waiting says which accounts wait for an actor who manages some, in one question.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	scope := actor.Scope(PermAdmin)
	if scope.Empty() {
		return nil, nil
	}
	now := s.db.Now()
	day := calendar.DateOf(now)
	totp, err := TOTPStaff.On(ctx, s.db, actor.Tenant, day)
	if err != nil {
		return nil, err
	}
	// Those in scope are gone through once, whatever may concern them.
	a := &db.Args{}
	flags, parts := "", make([]string, len(concerns))
	for i, c := range concerns {
		n := strconv.Itoa(i)
		flags += ", " + c.since + " AS since" + n + ", CASE WHEN " + concerned(a, c.about, now, totp == 1) + " THEN 1 ELSE 0 END AS is" + n
		parts[i] = "SELECT " + n + " AS n, count(*), coalesce(min(id), 0), CAST(coalesce(min(since" + n + "), 0) AS BIGINT) FROM mine WHERE is" + n + " = 1"
	}
	mine := "WITH mine AS MATERIALIZED (SELECT account.id AS id" + flags + " FROM account WHERE " + inScope(a, scope, day, 0) + " AND account.id <> " + a.Add(actor.AccountID) + ") "
	type found struct {
		at int64
		waiting.Item
	}
	list, err := db.All(ctx, s.db, func(f *found) []any { return []any{&f.at, &f.Count, &f.Subject, db.Instant(&f.Since)} },
		mine+strings.Join(parts, " UNION ALL ")+" ORDER BY n", a.Values()...)
	var out []waiting.Item
	for _, f := range list {
		if f.Count > 0 {
			f.Kind = concerns[f.at].kind
			out = append(out, f.Item)
		}
	}
	return out, err
}
