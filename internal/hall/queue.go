package hall

import (
	"context"
	"time"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
)

// paceFor is how long what was read of the time of serving is used.
const paceFor = time.Minute

// paceOf is how long serving takes at the windows of a hall: the median of the last days, or the usual minutes.
func (s *Service) paceOf(ctx context.Context, tenant int64, hall id.ID) (func(string) time.Duration, error) {
	now, key := s.db.Now(), paceKey{tenant, hall}
	s.mu.Lock()
	k, known := s.pace[key]
	s.mu.Unlock()
	if age := now.Sub(k.at); !known || age < 0 || age > paceFor {
		usual, err := UsualMinutes.On(ctx, s.db, tenant, today(now))
		if err != nil {
			return nil, err
		}
		each, err := paces(ctx, s.db, tenant, hall, today(now).AddDays(-PaceDays))
		if err != nil {
			return nil, err
		}
		k = kept{now, each, time.Duration(usual) * time.Minute}
		s.mu.Lock()
		s.pace[key] = k
		s.mu.Unlock()
	}
	return func(w string) time.Duration {
		if d, ok := k.each[w]; ok {
			return d
		}
		return k.usual
	}, nil
}

// queue is a hall's queue at an instant.
type queue struct {
	hall  Hall
	list  []Waiter // in the order in which they are called
	desks []Desk
	pace  func(string) time.Duration
	run   int64
}

// queueOf reads the queue of a hall now.
func (s *Service) queueOf(ctx context.Context, h Hall) (queue, error) {
	q := queue{hall: h}
	day := today(s.db.Now())
	waiting, err := waiters(ctx, s.db, h.Tenant, h.ID, day, nil)
	if err != nil {
		return q, err
	}
	if q.run, err = Run.On(ctx, s.db, h.Tenant, day); err != nil {
		return q, err
	}
	before, err := inARow(ctx, s.db, h.Tenant, h.ID, day, nil, q.run)
	if err != nil {
		return q, err
	}
	if q.pace, err = s.paceOf(ctx, h.Tenant, h.ID); err != nil {
		return q, err
	}
	q.list = Order(waiting, before, int(q.run))
	now := s.db.Now()
	for _, c := range h.Counters {
		if c.State != Opened {
			continue
		}
		d := Desk{Windows: c.Windows}
		if c.current != "" {
			d.Left = left(q.pace(c.window), now.Sub(c.at))
			if c.state == Called {
				d.Left = q.pace(c.window)
			}
		}
		q.desks = append(q.desks, d)
	}
	return q, nil
}

// Line is how it stands at a window.
type Line struct {
	Window  Window
	Waiting int64
	Served  bool         // a counter that serves it is open
	Wait    errs.Message // for who would come now
	Most    time.Duration
}

// line is how it stands at a window for somebody without priority who would come now.
func (q queue) line(w Window) Line {
	out := Line{Window: w}
	ahead := make([]string, len(q.list))
	for i, x := range q.list {
		ahead[i] = x.Window
		if x.Window == w.Code {
			out.Waiting++
		}
	}
	wait, ok := Estimate(w.Code, ahead, q.desks, q.pace)
	out.Served, out.Wait, out.Most = ok, InWords(wait, ok), wait
	return out
}

// place is where a ticket stands: who is ahead at its window, and how long it may take.
func (q queue) place(t id.ID, window string) (ahead int64, wait time.Duration, ok bool) {
	var before []string
	for _, x := range q.list {
		if x.ID == t {
			break
		}
		before = append(before, x.Window)
		if x.Window == window {
			ahead++
		}
	}
	wait, ok = Estimate(window, before, q.desks, q.pace)
	return ahead, wait, ok
}

// served are the windows that a hall has counters for, in the catalogue's order.
func served(h Hall, all []Window) []Window {
	var out []Window
	for _, w := range all {
		if w.Retired {
			continue
		}
		for _, c := range h.Counters {
			if c.Serves(w.Code) {
				out = append(out, w)
				break
			}
		}
	}
	return out
}

func (s *Service) calendar(ctx context.Context, tenant int64) (*calendar.Calendar, error) {
	return s.days.Calendar(ctx, tenant)
}

// Board is how a hall stands now, as its terminals, screens and the residents' page show it.
type Board struct {
	Hall  Hall
	Hours Hours
	Lines []Line
	Run   int64 // how many with priority go in a row
	Calls []Call
	Now   time.Time
}

// Call is who is at a counter now: a number, and no name.
type Call struct {
	Label   string
	Counter int64
	Name    string // of the counter
	Serving bool   // they are there; otherwise they are called
	At      time.Time
	Nth     int64 // how often they were called
}

func (s *Service) board(ctx context.Context, h Hall) (Board, error) {
	b := Board{Hall: h, Now: s.db.Now()}
	var err error
	if b.Hours, err = s.HoursOf(ctx, h); err != nil {
		return b, err
	}
	q, err := s.queueOf(ctx, h)
	if err != nil {
		return b, err
	}
	b.Run = q.run
	all, err := windows(ctx, s.db, h.Tenant)
	if err != nil {
		return b, err
	}
	for _, w := range served(h, all) {
		b.Lines = append(b.Lines, q.line(w))
	}
	return b, nil
}

// calls reads who is at the counters of a hall, those who are called first, the latest in front.
func calls(ctx context.Context, q db.Querier, tenant int64, hall id.ID, day calendar.Date) ([]Call, error) {
	type row struct {
		letter string
		number int64
		Call
		state State
	}
	rows, err := db.All(ctx, q, func(r *row) []any {
		return []any{&r.letter, &r.number, &r.Counter, &r.Name, &r.state, db.Instant(&r.At), &r.Nth}
	}, `SELECT t.letter, t.number, c.number, c.name, t.state, t.called_at, t.calls FROM hall_ticket t JOIN hall_counter c ON c.tenant_id = t.tenant_id AND c.id = t.counter_id
		WHERE t.tenant_id = $1 AND t.hall_id = $2 AND t.day = $3 AND t.state IN ('called', 'serving') ORDER BY CASE WHEN t.state = 'called' THEN 0 ELSE 1 END, t.called_at DESC, t.id LIMIT 60`, tenant, hall, day)
	out := make([]Call, len(rows))
	for i, r := range rows {
		out[i] = r.Call
		out[i].Label, out[i].Serving = label(r.letter, r.number), r.state == Serving
	}
	return out, err
}
