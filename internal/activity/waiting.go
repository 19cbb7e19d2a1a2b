package activity

import (
	"context"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/waiting"
)

// The kinds of thing that wait.
const (
	WaitPublish     = "activity.publish"       // a draft that begins within two weeks
	WaitClose       = "activity.close"         // over, not closed
	WaitForgotten   = "attendance.forgotten"   // signed in, never out, activity over
	WaitJoin        = "attendance.join"        // a guest to be joined to a member
	WaitFlagged     = "attendance.flagged"     // overlaps and long days of the last 30 days
	WaitCountersign = "attendance.countersign" // a code is out with the person helped
	WaitEnrolled    = "activity.enrolled"      // the actor is enrolled, within a week
	WaitSignOut     = "attendance.sign_out"    // the actor is signed in
	WaitMovedUp     = "activity.moved_up"      // the actor moved up from a waiting list and has not seen it
	WaitMoves       = "activity.moves"         // members moved up in an activity that is still to come, in the last days
	WaitObjected    = "attendance.objected"    // the person helped says that it was not so
)

// Waiting says what waits for the actor.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	now := s.db.Now()
	soon, lately := db.Micros(now.Add(14*24*time.Hour)), db.Micros(now.Add(-30*24*time.Hour))
	at := db.Micros(now)
	plan, hold, own := actor.Scope(PermPlan), holding(actor), actor.Scope(PermSeeOwn)
	counter := actor.Scope(PermCountersign)
	enrolled := authz.Columns{Tenant: "e.tenant_id", Person: "e.person_id"}
	person := authz.Columns{Tenant: "t.tenant_id", Person: "t.person_id"}
	attendance := authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.community_id"}}
	const joined = `FROM attendance t JOIN activity a ON a.tenant_id = t.tenant_id AND a.id = t.activity_id WHERE `
	asks := []ask{
		{WaitPublish, plan, activityScope, `a.id`, `a.created_at`, `FROM activity a WHERE `, ` AND a.state = 'draft' AND a.starts_at < `, []any{soon}},
		{WaitClose, hold, activityScope, `a.id`, `a.ends_at`, `FROM activity a WHERE `, ` AND a.state IN ('published', 'held') AND a.ends_at < `, []any{at}},
		{WaitForgotten, hold, attendance, `t.activity_id`, `a.ends_at`, joined, ` AND t.state = 'in' AND a.ends_at < `, []any{at}},
		{WaitJoin, hold, attendance, `t.activity_id`, `t.at`, `FROM attendance t WHERE `, ` AND t.person_id = 0 AND t.state <> 'void' AND t.guest_name <> ''
			AND NOT EXISTS (SELECT 1 FROM organisation w WHERE w.tenant_id = t.tenant_id AND w.id = t.community_id AND w.kind <> 'community_party')`, nil},
		{WaitFlagged, hold, attendance, `t.activity_id`, `t.at`, `FROM attendance t WHERE `, ` AND (t.overlap_id <> 0 OR t.long_day = TRUE) AND t.state <> 'void' AND t.in_at > `, []any{lately}},
		{WaitCountersign, counter, attendance, `t.activity_id`, `s.created_at`, `FROM countersign s JOIN attendance t ON t.tenant_id = s.tenant_id AND t.id = s.subject_id WHERE `,
			` AND s.subject_kind = 'attendance' AND s.used_at = 0 AND t.proof = 'vouched' AND s.expires_at > `, []any{at}},
		{WaitEnrolled, own, enrolled, `a.id`, `a.starts_at`, `FROM enrolment e JOIN activity a ON a.tenant_id = e.tenant_id AND a.id = e.activity_id WHERE `,
			` AND e.state = 'enrolled' AND a.state IN ('published', 'held') AND a.ends_at > $at AND a.starts_at < `, []any{db.Micros(now.Add(7 * 24 * time.Hour))}},
		{WaitMovedUp, own, enrolled, `a.id`, `e.moved_at`, `FROM enrolment e JOIN activity a ON a.tenant_id = e.tenant_id AND a.id = e.activity_id WHERE `,
			` AND e.moved_at <> 0 AND e.seen_at = 0 AND e.state = 'enrolled' AND a.state IN ('published', 'held') AND a.ends_at > `, []any{at}},
		{WaitMoves, plan, authz.Columns{Tenant: "e.tenant_id", Orgs: []string{"e.community_id"}}, `a.id`, `e.moved_at`, `FROM enrolment e JOIN activity a ON a.tenant_id = e.tenant_id AND a.id = e.activity_id WHERE `,
			` AND e.moved_at > $at AND e.state = 'enrolled' AND a.state = 'published' AND a.starts_at > `, []any{at}},
		{WaitObjected, hold, attendance, `t.id`, `s.objected_at`, `FROM countersign s JOIN attendance t ON t.tenant_id = s.tenant_id AND t.id = s.subject_id WHERE `,
			` AND s.subject_kind = 'attendance' AND s.objected_at <> 0 AND s.settled_at = 0 AND t.state <> 'void'`, nil},
		{WaitSignOut, own, person, `t.activity_id`, `t.in_at`, `FROM attendance t WHERE `, ` AND t.state = 'in'`, nil},
	}
	var out []waiting.Item
	for _, a := range asks {
		since := at
		if a.kind == WaitMoves { // the days in which a move is news
			since = db.Micros(now.Add(-3 * 24 * time.Hour))
		}
		item, err := a.count(ctx, s.db, since)
		if err != nil {
			return nil, err
		}
		if item.Count > 0 {
			out = append(out, item)
		}
	}
	return out, nil
}

// ask is one question to the records: how many, since when, and which one if it is only one. Its condition may end in a place
// for one argument, and may name the instant of now as $at.
type ask struct {
	kind    string
	scope   authz.Scope
	columns authz.Columns
	subject string
	since   string
	from    string
	and     string
	last    []any
}

func (a ask) count(ctx context.Context, q db.Querier, now int64) (waiting.Item, error) {
	if a.scope.Empty() {
		return waiting.Item{}, nil
	}
	args := &db.Args{}
	w := a.scope.Where(args, a.columns)
	if before, after, found := strings.Cut(a.and, "$at"); found {
		w += before + args.Add(now) + after
	} else {
		w += a.and
	}
	for _, v := range a.last {
		w += args.Add(v)
	}
	var since int64
	var subject id.ID
	item := waiting.Item{Kind: a.kind}
	err := q.QueryRow(ctx, `SELECT count(*), coalesce(min(`+a.since+`), 0), coalesce(min(`+a.subject+`), 0) `+a.from+w, args.Values()...).Scan(&item.Count, &since, &subject)
	if item.Count == 1 {
		item.Subject = subject
	}
	item.Since = db.FromMicros(since)
	return item, err
}
