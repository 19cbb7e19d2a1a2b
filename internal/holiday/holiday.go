// Package holiday keeps the years of the working calendar that a district loads itself: the notice of the next year comes out each
// November, after this version was made (CAL-1, CAL-6). What a year may hold, package calendar knows.
//
// Until the year is there, deadlines that reach into it are provisional: they suppose plain weeks. From November on it waits for
// those who may load it. A year that came with the program is not loaded over.
//
// Table: calendar_day (rows with a year).
package holiday

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/policy"
	"linli/internal/waiting"
)

// WaitYear is a year whose days off are not known although it is near.
const WaitYear = "calendar.year"

// noticeMonth is the month in which the notice of the next year is out.
const noticeMonth = time.November

// Service knows the working calendar of each district.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d} }

// Year is a year that the calendar knows.
type Year struct {
	calendar.Year
	Loaded bool // by the district; otherwise it came with the program
}

type dayRow struct {
	year   int64
	notice string
	calendar.Day
}

// loaded gives the years that a tenant loaded, in order.
func loaded(ctx context.Context, q db.Querier, tenant int64) ([]calendar.Year, error) {
	rows, err := db.All(ctx, q, func(r *dayRow) []any { return []any{&r.year, &r.notice, &r.Date, &r.Off, &r.Name} },
		`SELECT year, notice, day, off, name FROM calendar_day WHERE tenant_id = $1 AND year <> 0 ORDER BY year, day`, tenant)
	var out []calendar.Year
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].Year != int(r.year) {
			out = append(out, calendar.Year{Year: int(r.year), Notice: r.notice})
		}
		out[len(out)-1].Days = append(out[len(out)-1].Days, r.Day)
	}
	return out, err
}

func builtIn(year int) bool {
	return slices.ContainsFunc(calendar.Builtin(), func(y calendar.Year) bool { return y.Year == year })
}

// years are all that a tenant's calendar knows, in order.
func years(ctx context.Context, q db.Querier, tenant int64) ([]Year, error) {
	var out []Year
	for _, y := range calendar.Builtin() {
		out = append(out, Year{Year: y})
	}
	own, err := loaded(ctx, q, tenant)
	for _, y := range own {
		if !builtIn(y.Year) { // a newer version of the program brings it with it
			out = append(out, Year{Year: y, Loaded: true})
		}
	}
	slices.SortFunc(out, func(a, b Year) int { return a.Year.Year - b.Year.Year })
	return out, err
}

// Years gives the years that the calendar of the actor's district knows.
func (s *Service) Years(ctx context.Context, actor authz.Actor) ([]Year, error) {
	if actor.Scope(policy.PermSee).Or(actor.Scope(policy.PermSet)).Empty() {
		return nil, errs.ErrForbidden
	}
	return years(ctx, s.db, actor.Tenant)
}

// Calendar is the working calendar of a tenant. It reveals nothing about anybody, so it needs no permission.
func (s *Service) Calendar(ctx context.Context, tenant int64) (*calendar.Calendar, error) {
	own, err := loaded(ctx, s.db, tenant)
	own = slices.DeleteFunc(own, func(y calendar.Year) bool { return builtIn(y.Year) })
	if err != nil || len(own) == 0 {
		return calendar.Default(), err
	}
	return calendar.New(append(own, calendar.Builtin()...)...)
}

// Notice is a year as it is typed in.
type Notice struct {
	Year  int
	Title string // of the notice
	Text  string // see calendar.ReadNotice
}

// Load takes a year into the calendar of the district; loading it again replaces it. It needs policy.PermSet in the whole tenant.
func (s *Service) Load(ctx context.Context, actor authz.Actor, in Notice) (calendar.Year, error) {
	if !actor.Scope(policy.PermSet).All() {
		return calendar.Year{}, errs.ErrForbidden
	}
	y, err := s.read(in)
	if err != nil {
		return calendar.Year{}, err
	}
	return y, s.db.WithTx(ctx, func(tx *db.Tx) error {
		days := make([]string, len(y.Days))
		for i, d := range y.Days {
			days[i] = d.Date.String()
		}
		a := &db.Args{}
		if _, err := tx.Exec(ctx, "DELETE FROM calendar_day WHERE tenant_id = "+a.Add(actor.Tenant)+" AND (year = "+a.Add(y.Year)+" OR "+db.In(a, "day", days)+")", a.Values()...); err != nil {
			return err
		}
		err := tx.InsertMany(ctx, "calendar_day", []string{"tenant_id", "day", "off", "name", "notice", "year"}, len(days), func(i int) []any {
			return []any{actor.Tenant, days[i], y.Days[i].Off, y.Days[i].Name, y.Notice, y.Year}
		})
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "calendar.load", Permission: policy.PermSet, SubjectKind: "calendar_day",
			Detail: map[string]any{"year": y.Year, "days": len(days), "notice": y.Notice}})
	})
}

// read checks what was typed and puts what is wrong beside its field.
func (s *Service) read(in Notice) (calendar.Year, error) {
	in.Title = strings.TrimSpace(in.Title)
	var e *errs.Error
	if n := utf8.RuneCountInString(in.Title); n > 200 {
		e = e.With("title", i18n.ErrTooLong, 200, n)
	}
	if strings.TrimSpace(in.Text) == "" {
		e = e.With("text", i18n.ErrRequired)
	}
	if err := e.OrNil(); err != nil {
		return calendar.Year{}, err
	}
	y, err := calendar.ReadNotice(in.Year, in.Title, in.Text)
	if why := errs.As(err); why != nil {
		return y, errs.Field("text", why.Message.Text, why.Message.Args...)
	}
	if err == nil && builtIn(y.Year) {
		return y, errs.Field("year", i18n.CalendarBuiltIn, y.Year)
	}
	y.Days = once(y.Days)
	return y, err
}

// once drops a day that is named twice.
func once(days []calendar.Day) []calendar.Day {
	seen := map[calendar.Date]bool{}
	return slices.DeleteFunc(days, func(d calendar.Day) bool {
		twice := seen[d.Date]
		seen[d.Date] = true
		return twice
	})
}

// Waiting says, from November on, that the next year is not known yet; and at any time that this year is not.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	if !actor.Scope(policy.PermSet).All() {
		return nil, nil
	}
	list, err := years(ctx, s.db, actor.Tenant)
	if err != nil {
		return nil, err
	}
	it := waiting.Item{Kind: WaitYear}
	for _, y := range wanted(calendar.DateOf(s.db.Now())) {
		if slices.ContainsFunc(list, func(have Year) bool { return have.Year.Year == y }) {
			continue
		}
		if it.Count++; it.Count == 1 {
			it.Since, it.DueOn = calendar.On(y-1, noticeMonth, 1).Time(), calendar.On(y-1, time.December, 31).String()
		}
	}
	if it.Count == 0 {
		return nil, nil
	}
	return []waiting.Item{it}, nil
}

// wanted are the years that should be known on a day.
func wanted(today calendar.Date) []int {
	if today.Month() >= noticeMonth {
		return []int{today.Year(), today.Year() + 1}
	}
	return []int{today.Year()}
}

// Next is the year that is most likely to be loaded now: the first that is wanted and not known, otherwise next year.
func (s *Service) Next(list []Year) int {
	today := calendar.DateOf(s.db.Now())
	for _, y := range wanted(today) {
		if !slices.ContainsFunc(list, func(have Year) bool { return have.Year.Year == y }) {
			return y
		}
	}
	return today.Year() + 1
}
