package appraisal

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/waiting"
)

// What waits: for a member, and for the branch.
const (
	WaitSelf   = "appraisal.self"   // their self-appraisal is not written
	WaitBallot = "appraisal.ballot" // their vote is not used
	WaitResult = "appraisal.result" // their result is not read
	WaitStep   = "appraisal.step"   // a step can be closed, or stands for two weeks
	WaitFollow = "appraisal.follow" // what came of the help for a basically qualified member
)

// stepDays is after how many days a step that is not complete is brought to mind.
const stepDays = 14

// Waiting says what of appraisals waits for the actor.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	own, keep, today := actor.Scope(PermOwn), actor.Scope(PermKeep), s.Today()
	const entries = "appraisal_entry e JOIN appraisal_round r ON r.tenant_id = e.tenant_id AND r.id = e.round_id WHERE "
	none := func(w string) string {
		return "NOT EXISTS (SELECT 1 FROM appraisal_entry x WHERE x.tenant_id = r.tenant_id AND x.round_id = r.id AND " + w + ")"
	}
	open := `NOT EXISTS (SELECT 1 FROM appraisal_mark k WHERE k.tenant_id = r.tenant_id AND k.round_id = r.id AND k.way = '')`
	var out []waiting.Item
	for _, w := range []struct {
		kind    string
		scope   authz.Scope
		owners  authz.Columns
		subject string
		since   string
		due     string
		from    string
	}{
		{WaitSelf, own, entryOwners, "e.id", "r.step_on", "''", entries + "r.step = 'self' AND e.self_on = ''"},
		{WaitBallot, own, entryOwners, "e.id", "r.step_on", "''", entries + `r.step = 'ballot' AND EXISTS (SELECT 1 FROM appraisal_mark k WHERE k.tenant_id = e.tenant_id AND k.round_id = e.round_id
			AND k.entry_id = e.id AND k.way = '')`},
		{WaitResult, own, entryOwners, "e.id", "r.step_on", "''", entries + "r.step IN ('told', 'closed') AND e.grade <> '' AND e.read_on = ''"},
		{WaitStep, keep, roundOwners, "r.id", "r.step_on", "''", "appraisal_round r WHERE r.step <> 'closed' AND (r.step_on <= '" + today.AddDays(-stepDays).String() + "' OR r.step = 'opinion'" +
			" OR r.step = 'self' AND " + none("x.self_on = ''") + " OR r.step = 'ballot' AND " + open + " OR r.step = 'told' AND " + none("x.grade <> '' AND x.read_on = ''") + ")"},
		{WaitFollow, keep, entryOwners, "e.id", "e.follow_on", "e.follow_on", entries + "e.follow_on <> '' AND e.followed_on = '' AND e.follow_on <= '" + today.String() + "'"},
	} {
		if w.scope.Empty() {
			continue
		}
		a := &db.Args{}
		var subject id.ID
		var since string
		item := waiting.Item{Kind: w.kind}
		_, err := db.One(ctx, s.db, func(*struct{}) []any { return []any{&item.Count, &subject, &since, &item.DueOn} },
			"SELECT count(*), coalesce(min("+w.subject+"), 0), coalesce(min("+w.since+"), ''), coalesce(min("+w.due+"), '') FROM "+w.from+" AND "+w.scope.Where(a, w.owners), a.Values()...)
		if err != nil {
			return nil, err
		}
		if item.Count == 0 {
			continue
		}
		if item.Count == 1 {
			item.Subject = subject
		}
		item.Since = dayOf(since)
		out = append(out, item)
	}
	return out, nil
}
