package technician

import (
	"context"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
)

// ClassFigures are what was done of one class of services. Each number opens to its jobs (Done).
type ClassFigures struct {
	Key                      string // of the class, Unclassed for none
	Class                    i18n.Text
	Finished                 int64
	Rated, Satisfied         int64 // of those that count: done or half done; satisfied is four stars or five
	Code, Call, Self, Silent int64 // how they were confirmed
	Fen                      int64 // charged
	name, nameEN             string
}

// Unclassed is the key of services without a class.
const Unclassed = "-"

// The groups of finished jobs that are counted and listed, besides the ways of confirming.
const (
	OnlyRated     = "rated"
	OnlySatisfied = "satisfied"
	OnlySilent    = "silent"
)

var doneOnly = map[string]string{
	OnlyRated: "c.outcome IN ('done', 'half') AND c.rating > 0", OnlySatisfied: "c.outcome IN ('done', 'half') AND c.rating >= 4", OnlySilent: "j.confirmed IN ('', 'none')",
	ByCode: "j.confirmed = 'code'", ByCall: "j.confirmed = 'call'", BySelf: "j.confirmed = 'self'",
}

const classKey = "CASE WHEN i.class_code IS NULL OR i.class_code = '' THEN '" + Unclassed + "' ELSE i.list || ':' || i.class_code END"

// doneSince is the condition that a job j of case c was finished since a day, and not done again since, in the actor's scope.
func doneSince(a *db.Args, actor authz.Actor, from calendar.Date) string {
	return actor.Scope(PermSee).Where(a, caseOrg) + " AND j.state = 'finished' AND j.nth = c.reopened AND j.finished_at >= " + a.Add(db.Micros(from.Time()))
}

// ByClass counts what technicians have finished since a day, by class of service, of organisations in scope (PermSee). It is of services and organisations; there is
// no such list of technicians.
func (s *Service) ByClass(ctx context.Context, actor authz.Actor, from calendar.Date) ([]ClassFigures, error) {
	a := &db.Args{}
	count := func(only string) string {
		return ", coalesce(sum(CASE WHEN " + doneOnly[only] + " THEN 1 ELSE 0 END), 0)"
	}
	var counts strings.Builder
	for _, only := range []string{OnlyRated, OnlySatisfied, ByCode, ByCall, BySelf, OnlySilent} {
		counts.WriteString(count(only))
	}
	rows, err := db.All(ctx, s.db, func(f *ClassFigures) []any {
		return []any{&f.Key, &f.name, &f.nameEN, &f.Finished, &f.Rated, &f.Satisfied, &f.Code, &f.Call, &f.Self, &f.Silent, &f.Fen}
	}, "SELECT "+classKey+", coalesce(max(g.name), ''), coalesce(max(g.name_en), ''), count(*)"+counts.String()+
		`, coalesce(sum((SELECT coalesce(sum(x.fen), 0) FROM technician_charge x WHERE x.tenant_id = j.tenant_id AND x.job_id = j.id)), 0) FROM technician_job j
		JOIN service_case c ON c.tenant_id = j.tenant_id AND c.id = j.case_id
		LEFT JOIN catalogue_item i ON i.tenant_id = j.tenant_id AND i.id = j.item_id
		LEFT JOIN catalogue_class g ON g.tenant_id = i.tenant_id AND g.list = i.list AND g.code = i.class_code
		WHERE `+doneSince(a, actor, from)+" GROUP BY "+classKey+" ORDER BY "+classKey, a.Values()...)
	for i := range rows {
		rows[i].Class = i18n.Both(rows[i].name, rows[i].nameEN)
	}
	return rows, err
}

// DoneFilter narrows the list of finished jobs; zero fields do not filter.
type DoneFilter struct {
	From  calendar.Date
	Class string // key of a class
	Only  string // one of the groups
	Page  db.Page
}

// Done lists the finished jobs that ByClass counts, the newest first (PermSee).
func (s *Service) Done(ctx context.Context, actor authz.Actor, f DoneFilter) (db.List[Job], error) {
	a := &db.Args{}
	where := doneSince(a, actor, f.From)
	if f.Class != "" {
		where += " AND " + classKey + " = " + a.Add(f.Class)
	}
	if f.Only != "" {
		only, known := doneOnly[f.Only]
		if !known {
			only = "1 = 0"
		}
		where += " AND " + only
	}
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "j.id", Desc: true})
	list, err := jobs(ctx, s.db, a, where+page+tail)
	return db.Cut(list, f.Page, func(j Job) db.Cursor { return db.Cursor{ID: j.ID} }), err
}
