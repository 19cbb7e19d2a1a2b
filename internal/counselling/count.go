package counselling

import (
	"cmp"
	"context"
	"slices"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Fewest is the smallest number of people that a count shows.
const Fewest = 3

// Line is what was done in one community in a year: conversations by form, and with how many people.
type Line struct {
	OrgID             id.ID
	Org               string
	People            int64
	Room, Phone, Home int64
	Hidden            bool // too few people, or it would give such a line away; all figures are 0 then
	Together          bool // too few people in one of the forms: only the whole is shown

	byRoom, byPhone, byHome int64 // people
}

// All is how many conversations there were.
func (l Line) All() int64 { return l.Room + l.Phone + l.Home }

// few says whether one of the forms is about somebody, but too few.
func (l Line) few() bool {
	for _, n := range []int64{l.byRoom, l.byPhone, l.byHome} {
		if n > 0 && n < Fewest {
			return true
		}
	}
	return false
}

// Counts are the lines of a year and their sum.
type Counts struct {
	Year  int
	Lines []Line
	Sum   Line // Hidden where it would give a line away
	None  bool // nothing was done
}

// hide takes out of a list what is about fewer than Fewest people. One hidden line alone could be computed from the sum: then the next smallest goes as well, and where
// there is no other, the sum does.
func hide(lines []Line, sum Line) ([]Line, Line) {
	if sum.People < Fewest {
		sum = Line{Hidden: sum.People > 0}
	}
	var hidden []int
	for i, l := range lines {
		if l.People < Fewest {
			hidden = append(hidden, i)
		}
	}
	var few int64
	for _, i := range hidden {
		few += lines[i].People
	}
	if len(hidden) > 0 && (len(hidden) == 1 || few < Fewest) { // what is missing in the sum would still tell
		rest := -1
		for i, l := range lines {
			if !slices.Contains(hidden, i) && (rest < 0 || cmp.Less(l.People, lines[rest].People)) {
				rest = i
			}
		}
		if rest >= 0 {
			hidden = append(hidden, rest)
		} else {
			sum = Line{Hidden: true}
		}
	}
	for _, i := range hidden {
		lines[i] = Line{OrgID: lines[i].OrgID, Org: lines[i].Org, Hidden: true}
	}
	return lines, sum
}

// Count counts the conversations of a year by community, of organisations in scope (PermCount). Nothing in it says who.
func (s *Service) Count(ctx context.Context, actor authz.Actor, year int) (Counts, error) {
	out := Counts{Year: year}
	if year < 2000 || year > 9999 {
		return out, errs.Field("year", i18n.ErrBadChoice)
	}
	from, until := calendar.On(year, 1, 1).Time(), calendar.On(year+1, 1, 1).Time()
	a := &db.Args{}
	lines, err := db.All(ctx, s.db, func(l *Line) []any {
		return []any{&l.OrgID, &l.Org, &l.People, &l.Room, &l.Phone, &l.Home, &l.byRoom, &l.byPhone, &l.byHome}
	},
		"SELECT v.org_id, "+reference.Label("o")+`, count(DISTINCT v.file_id), count(CASE WHEN v.form = 'room' THEN 1 END), count(CASE WHEN v.form = 'phone' THEN 1 END), count(CASE WHEN v.form = 'home' THEN 1 END),
		count(DISTINCT CASE WHEN v.form = 'room' THEN v.file_id END), count(DISTINCT CASE WHEN v.form = 'phone' THEN v.file_id END), count(DISTINCT CASE WHEN v.form = 'home' THEN v.file_id END)
		FROM counselling_session v LEFT JOIN organisation o ON o.tenant_id = v.tenant_id AND o.id = v.org_id WHERE `+actor.Scope(PermCount).Where(a, authz.Columns{Tenant: "v.tenant_id", Orgs: []string{"v.org_id"}})+
			" AND v.state = 'held' AND v.at >= "+a.Add(db.Micros(from))+" AND v.at < "+a.Add(db.Micros(until))+" GROUP BY v.org_id, o.short_name, o.name ORDER BY v.org_id LIMIT 5000", a.Values()...)
	if err != nil {
		return out, err
	}
	var sum Line
	for i, l := range lines {
		lines[i].Together = l.few()
		sum.Together = sum.Together || l.few()
		sum.People, sum.Room, sum.Phone, sum.Home = sum.People+l.People, sum.Room+l.Room, sum.Phone+l.Phone, sum.Home+l.Home
	}
	out.None = len(lines) == 0
	out.Lines, out.Sum = hide(lines, sum)
	return out, nil
}
