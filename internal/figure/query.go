package figure

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/member"
	"linli/internal/policy"
)

// The statement of a figure yields these columns:
//
//	place_id    the organisation it counts for: a community, a sub-district, the district, or 0
//	rec_id      number of the record; unique, together with ord where the figure is Ordered
//	subject_id  what the record opens to (0 for none)
//	amount      what it adds
//	on_date     its day, '' where at holds the instant or there is none
//	at          its instant in microseconds, or 0
//	d_<key>     the item of each breakdown
//	ord         Ordered only
//
// Names that begin with a colon stand for arguments:
//
//	:tenant                    the tenant
//	:from :to                  first and last day, as text; :from_us :until_us the instants (until excluded)
//	:q_from :q_to              first and last quarter, as text; :year the year of the last day
//	:day :day_us               the day on which things stand, and the instant at which it ends; :day_year its year, :md its month and day
//	:y18 :y35 …                the day so many years before :day; :y1_us the instant at which the day a year before ends
//	:target_minutes :target_deeds :contact_limit   from the settings in force on :day
//
// {place} in a Distinct figure is the place of community pl on the level that is counted.

// Level is how far up places are gathered.
type Level int

// The levels.
const (
	InCommunity Level = iota
	InSubdistrict
	InTenant
)

var placeOf = map[Level]string{
	InCommunity:   "coalesce(pl.id, 0)",
	InSubdistrict: "coalesce(pl.parent_id, 0)",
	InTenant:      "CAST(0 AS BIGINT)",
}

// settings are the values of the district that go into figures.
type settings map[string]int64

var settingValues = []policy.Value{ledger.TargetHours, ledger.TargetDeeds, member.ContactDays}

// readSettings reads the values in force on a day.
func readSettings(ctx context.Context, q db.Querier, tenant int64, day calendar.Date) (settings, error) {
	s := settings{}
	for _, v := range settingValues { // three
		n, err := v.On(ctx, q, tenant, day)
		if err != nil {
			return nil, err
		}
		s[v.Name] = n
	}
	return s, nil
}

// question is a figure at a time in a tenant, ready to be asked.
type question struct {
	*Figure
	tenant int64
	period Period
	today  calendar.Date
	set    settings
}

var argument = regexp.MustCompile(`:[a-z][a-z0-9_]*`)

// text expands the statement of the figure; each argument is added once.
func (q question) text(a *db.Args, level Level) string {
	places := map[string]string{}
	text := strings.ReplaceAll(q.SQL, "{place}", placeOf[level])
	return argument.ReplaceAllStringFunc(text, func(name string) string {
		if places[name] == "" {
			places[name] = a.Add(q.argument(name[1:]))
		}
		return places[name]
	})
}

func (q question) argument(name string) any {
	from, to, day := q.period.bounds(q.When, q.today)
	end := func(d calendar.Date) int64 { return db.Micros(d.AddDays(1).Time()) }
	switch name {
	case "tenant":
		return q.tenant
	case "from":
		return from.String()
	case "to":
		return to.String()
	case "from_us":
		return db.Micros(from.Time())
	case "until_us":
		return end(to)
	case "q_from":
		return calendar.QuarterOf(from).String()
	case "q_to":
		return calendar.QuarterOf(to).String()
	case "year":
		return int64(to.Year())
	case "day":
		return day.String()
	case "day_us":
		return end(day)
	case "day_year":
		return int64(day.Year())
	case "y1_us":
		return end(day.AddYears(-1))
	case "md":
		return day.String()[5:]
	case "target_minutes":
		return 60 * q.set[ledger.TargetHours.Name]
	case "target_deeds":
		return q.set[ledger.TargetDeeds.Name]
	case "contact_limit":
		return day.AddDays(-int(q.set[member.ContactDays.Name])).String()
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(name, "y")); err == nil {
		return day.AddYears(-n).String()
	}
	panic("figure: no argument " + name) // a fault of the catalogue, found by its test
}

// columns of the breakdowns, each with a comma before it.
func (f *Figure) columns() string {
	var b strings.Builder
	for _, d := range f.Dims {
		b.WriteString(", r.d_" + d.Key)
	}
	return b.String()
}

// cell is a sum for one place and one combination of items.
type cell struct {
	place           id.ID
	items           []string
	amount, records int64
}

func (c *cell) dest() []any {
	dest := []any{&c.place}
	for i := range c.items {
		dest = append(dest, &c.items[i])
	}
	return append(dest, &c.amount, &c.records)
}

// cells asks for the sums of all places at once, in one statement.
func (q question) cells(ctx context.Context, at db.Querier, level Level, where func(*db.Args) string, fn func(cell) error) error {
	a := &db.Args{}
	text := "SELECT r.place_id" + q.columns() + ", sum(r.amount), count(*) FROM (" + q.text(a, level) + ") r"
	if where != nil {
		text += " WHERE " + where(a)
	}
	text += " GROUP BY r.place_id" + q.columns()
	return db.Each(ctx, at, func(c *cell) []any {
		c.items = make([]string, len(q.Dims))
		return c.dest()
	}, fn, text, a.Values()...)
}
