package hall

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// MostDays is over how many days figures are made at once.
const MostDays = 31

// Days is the stretch that figures are of.
type Days struct{ From, To calendar.Date }

// Tidy puts a stretch into order: today where nothing is said, and at most MostDays.
func (d Days) Tidy(today calendar.Date) Days {
	if d.To.IsZero() {
		d.To = today
	}
	if d.From.IsZero() || d.From.After(d.To) {
		d.From = d.To
	}
	if d.From.DaysUntil(d.To) >= MostDays {
		d.From = d.To.AddDays(1 - MostDays)
	}
	return d
}

// Figures are what is counted of a window on some days, or of a day: no worker is part of it.
type Figures struct {
	Window  string
	Name    i18n.Text
	Day     calendar.Date
	Tickets int64
	First   int64 // with priority
	Done    int64
	Cases   int64
	Absent  int64
	Left    int64
	Expired int64
	Open    int64
	Wait    time.Duration // median until the first call
	Serve   time.Duration // median of serving

	waits, serves []time.Duration
}

func (f *Figures) add(t Ticket) {
	f.Tickets++
	if t.Priority != Usual {
		f.First++
	}
	if t.CaseID != 0 {
		f.Cases++
	}
	switch t.State {
	case Done:
		f.Done++
	case Absent:
		f.Absent++
	case Left:
		f.Left++
	case Expired:
		f.Expired++
	default:
		f.Open++
	}
	if !t.FirstCalledAt.IsZero() {
		f.waits = append(f.waits, t.Waited())
	}
	if d := t.Served(); d > 0 {
		f.serves = append(f.serves, d)
	}
}

func (f *Figures) settle() { f.Wait, f.Serve = Median(f.waits), Median(f.serves) }

// About is how many tickets were about a matter.
type About struct {
	ItemID  id.ID
	Name    i18n.Text
	Window  i18n.Text
	Tickets int64
	Cases   int64
}

// Report are the figures of a hall on some days.
type Report struct {
	Days    Days
	Total   Figures
	Windows []Figures
	ByDay   []Figures // where it is more than one
	About   []About
}

// Report counts the tickets of a hall on some days (PermSee). Each number opens to its tickets (Tickets with the same filter).
func (s *Service) Report(ctx context.Context, actor authz.Actor, hall id.ID, days Days) (Report, error) {
	days = days.Tidy(today(s.db.Now()))
	out := Report{Days: days}
	all, err := windows(ctx, s.db, actor.Tenant)
	if err != nil {
		return out, err
	}
	byWindow, byDay, about := map[string]*Figures{}, map[calendar.Date]*Figures{}, map[id.ID]*About{}
	a := &db.Args{}
	query := `SELECT t.day, t.class_code, t.item_id, coalesce(i.name, ''), coalesce(i.name_en, ''), t.priority, t.state, t.taken_at, t.first_called_at, t.started_at, t.ended_at, t.case_id FROM hall_ticket t
		JOIN hall h ON h.tenant_id = t.tenant_id AND h.id = t.hall_id
		LEFT JOIN catalogue_item i ON i.tenant_id = t.tenant_id AND i.id = t.item_id AND t.item_id <> 0
		WHERE ` + actor.Scope(PermSee).Where(a, owned) + " AND t.hall_id = " + a.Add(hall) + " AND t.day >= " + a.Add(days.From) + " AND t.day <= " + a.Add(days.To) + " ORDER BY t.day, t.id"
	err = db.Each(ctx, s.db, func(t *Ticket) []any {
		return []any{&t.Day, &t.Window, &t.ItemID, &t.item, &t.itemEN, &t.Priority, &t.State, db.Instant(&t.TakenAt), db.Instant(&t.FirstCalledAt), db.Instant(&t.StartedAt), db.Instant(&t.EndedAt), &t.CaseID}
	}, func(t Ticket) error {
		if byWindow[t.Window] == nil {
			w, _ := window(all, t.Window)
			byWindow[t.Window] = &Figures{Window: t.Window, Name: w.Name}
		}
		if byDay[t.Day] == nil {
			byDay[t.Day] = &Figures{Day: t.Day}
		}
		out.Total.add(t)
		byWindow[t.Window].add(t)
		byDay[t.Day].add(t)
		if t.ItemID != 0 && t.State == Done {
			if about[t.ItemID] == nil {
				about[t.ItemID] = &About{ItemID: t.ItemID, Name: i18n.Both(t.item, t.itemEN), Window: byWindow[t.Window].Name}
			}
			about[t.ItemID].Tickets++
			if t.CaseID != 0 {
				about[t.ItemID].Cases++
			}
		}
		return nil
	}, query, a.Values()...)
	if err != nil {
		return out, err
	}
	out.Total.settle()
	for _, w := range all {
		if f := byWindow[w.Code]; f != nil {
			f.settle()
			out.Windows = append(out.Windows, *f)
		}
	}
	if days.From != days.To {
		for d := days.To; !d.Before(days.From); d = d.AddDays(-1) {
			if f := byDay[d]; f != nil {
				f.settle()
				out.ByDay = append(out.ByDay, *f)
			}
		}
	}
	for _, x := range about {
		out.About = append(out.About, *x)
	}
	slices.SortFunc(out.About, func(x, y About) int {
		return cmp.Or(cmp.Compare(y.Tickets, x.Tickets), cmp.Compare(x.ItemID, y.ItemID))
	})
	return out, nil
}

// TicketFilter narrows the list of tickets; zero fields do not filter.
type TicketFilter struct {
	HallID   id.ID
	Days     Days
	Window   string
	State    State
	Item     id.ID
	First    bool // with priority
	WithCase bool
	Page     db.Page
}

// Tickets lists the tickets of halls in scope, the latest first (PermSee).
func (s *Service) Tickets(ctx context.Context, actor authz.Actor, f TicketFilter) (db.List[Ticket], error) {
	a := &db.Args{}
	where := actor.Scope(PermSee).Where(a, owned)
	if f.HallID != 0 {
		where += " AND t.hall_id = " + a.Add(f.HallID)
	}
	days := f.Days.Tidy(today(s.db.Now()))
	where += " AND t.day >= " + a.Add(days.From) + " AND t.day <= " + a.Add(days.To)
	if f.Window != "" {
		where += " AND t.class_code = " + a.Add(f.Window)
	}
	if f.State != "" {
		where += " AND t.state = " + a.Add(string(f.State))
	}
	if f.Item != 0 {
		where += " AND t.item_id = " + a.Add(f.Item)
	}
	if f.First {
		where += " AND t.priority <> ''"
	}
	if f.WithCase {
		where += " AND t.case_id <> 0"
	}
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "t.id", Desc: true})
	list, err := tickets(ctx, s.db, a, where+page+tail)
	return db.Cut(list, f.Page, func(t Ticket) db.Cursor { return db.Cursor{ID: t.ID} }), err
}

// Ticket gives a ticket of a hall in scope with its steps (PermSee).
func (s *Service) Ticket(ctx context.Context, actor authz.Actor, t id.ID) (Ticket, []Entry, error) {
	k, err := findTicket(ctx, s.db, actor.Scope(PermSee).Or(actor.Scope(PermServe)), t)
	if err != nil {
		return k, nil, err
	}
	steps, err := entries(ctx, s.db, actor.Tenant, k.ID)
	return k, steps, err
}
