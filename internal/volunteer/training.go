package volunteer

import (
	"context"
	"slices"
	"strings"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/id"
)

// trainingKind is the kind of activity that trains volunteers.
const trainingKind = "training"

// Training is a training that somebody attended: an activity of the kind for it, entered there and nowhere else.
type Training struct {
	Title string
	On    calendar.Date
}

// trainings reads what trainings some persons attended, with one query for all, the latest first.
func trainings(ctx context.Context, q db.Querier, tenant int64, persons []id.ID) (map[id.ID][]Training, error) {
	out := map[id.ID][]Training{}
	if persons = slices.DeleteFunc(slices.Clone(persons), func(p id.ID) bool { return p == 0 }); len(persons) == 0 {
		return out, nil
	}
	type row struct {
		person id.ID
		title  string
		at     int64
	}
	a := &db.Args{}
	return out, db.Each(ctx, q, func(r *row) []any { return []any{&r.person, &r.title, &r.at} }, func(r row) error {
		out[r.person] = append(out[r.person], Training{Title: r.title, On: calendar.DateOf(db.FromMicros(r.at))})
		return nil
	}, "SELECT t.person_id, a.title, a.starts_at FROM attendance t JOIN activity a ON a.tenant_id = t.tenant_id AND a.id = t.activity_id AND a.kind_code = "+a.Add(trainingKind)+" AND a.state <> 'cancelled' WHERE t.tenant_id = "+
		a.Add(tenant)+" AND t.person_id <> 0 AND t.state <> 'void' AND "+db.In(a, "t.person_id", persons)+" ORDER BY t.person_id, a.starts_at DESC LIMIT 5000", a.Values()...)
}

// trained says whether one of some trainings is what is asked for; without words nothing is.
func trained(list []Training, words string) bool {
	want := gram.Key(words)
	return want == "" || slices.ContainsFunc(list, func(t Training) bool { return strings.Contains(gram.Key(t.Title), want) })
}

// warn says of shifts which of them ask for a training that their reader has not done.
func warn(done []Training, lists ...[]Shift) {
	for _, list := range lists {
		for i := range list {
			list[i].Untrained = !trained(done, list[i].Training)
		}
	}
}
