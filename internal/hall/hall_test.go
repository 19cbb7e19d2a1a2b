package hall_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/hall"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

type days struct{}

func (days) Calendar(context.Context, int64) (*calendar.Calendar, error) {
	return calendar.Default(), nil
}

type agenda struct{}

func (agenda) RaiseTx(context.Context, *db.Tx, authz.Actor, id.ID, id.ID, id.ID, string, string) (id.ID, error) {
	return 0, errors.New("no agenda")
}

type purposes struct{}

func (purposes) Covered(context.Context, db.Querier, int64, string, string) error { return nil }

type town struct {
	t                                   *testing.T
	d                                   *db.DB
	clock                               *testkit.Clock
	cases                               *casework.Service
	s                                   *hall.Service
	street, community, other            id.ID
	pension, medical                    id.ID
	manager, first, second, beside, low authz.Actor
	hall                                id.ID
	address                             string
	counters                            []hall.Counter
}

var desk = []authz.Permission{hall.PermSee, hall.PermServe, hall.PermTakeOver, casework.PermSee, casework.PermEnter, casework.PermWork, casework.PermDispatch}

func each(t *testing.T, fn func(w *town)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 3, 2).Time().Add(9 * time.Hour)) // a Monday
		w := &town{t: t, d: d, clock: clock}
		ring := seal.Ephemeral()
		w.cases = casework.New(d, ring, days{}, agenda{}, purposes{})
		w.s = hall.New(d, ring, w.cases, days{})
		w.street = w.org("working_committee", "示例街道", "/1/")
		w.community, w.other = w.org("community_party", "文港社区", "/1/2/"), w.org("community_party", "先锋社区", "/1/3/")
		for i, name := range []string{"党务", "社会保险", "医疗保障"} {
			w.exec(`INSERT INTO catalogue_class (tenant_id, list, code, name, rank) VALUES ($1,'matter',$2,$3,$4)`, fmt.Sprintf("%02d", i+1), name, int64(i))
		}
		w.pension, w.medical = w.item("02", "养老金申领"), w.item("03", "医保参保")
		w.ok(d.WithTx(ctx, func(tx *db.Tx) error { return w.cases.PrepareTx(ctx, tx, testkit.Tenant) }))
		w.manager = w.as("街道", []id.ID{w.street, w.community, w.other}, append(slices.Clone(desk), hall.PermManage)...)
		w.first, w.second = w.as("甲", []id.ID{w.community}, desk...), w.as("乙", []id.ID{w.community}, desk...)
		w.beside, w.low = w.as("丙", []id.ID{w.other}, desk...), w.as("丁", []id.ID{w.community}, hall.PermSee)
		var err error
		w.hall, err = w.s.Create(ctx, w.manager, hall.NewHall{OrgID: w.community, Name: "文港社区便民服务大厅", Place: "文港路 18 号", ByPhone: true, Week: week("08:30-12:00 14:00-17:30")})
		w.ok(err)
		w.ok(w.s.AddCounter(ctx, w.manager, w.hall, hall.NewCounter{Number: 1, Name: "社保", Windows: []string{"02"}}))
		w.ok(w.s.AddCounter(ctx, w.manager, w.hall, hall.NewCounter{Number: 2, Name: "综合", Windows: []string{"02", "03"}}))
		h, err := w.s.Get(ctx, w.manager, w.hall)
		w.ok(err)
		w.address, w.counters = h.Address(), h.Counters
		fn(w)
	})
}

func week(hours string) []string { return []string{hours, hours, hours, hours, hours} }

func (w *town) exec(query string, args ...any) {
	w.t.Helper()
	testkit.Exec(w.t, w.d, query, append([]any{testkit.Tenant}, args...)...)
}

func (w *town) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) wants(err error, kind errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if errs.KindOf(err) != kind || field != "" && (e == nil || e.Fields[field].Text.IsZero()) {
		w.t.Errorf("error %v (%+v), want %v at %q", err, e, kind, field)
	}
}

func (w *town) org(kind, name, path string) id.ID {
	o := id.New()
	w.exec(`INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, created_at, updated_at) VALUES ($1,$2,$3,$4,$4,$5,1,1)`, o, kind, name, path)
	return o
}

func (w *town) item(class, name string) id.ID {
	i := id.New()
	w.exec(`INSERT INTO catalogue_item (tenant_id, id, list, code, class_code, name, search_key, sort_key, level, public, valid_from, bring) VALUES ($1,$2,'matter',$3,$4,$5,'','','community',TRUE,'2026-01-01','身份证')`, i, class+"01", class, name)
	return i
}

func (w *town) as(name string, within []id.ID, perms ...authz.Permission) authz.Actor {
	a := testkit.Actor(testkit.Tenant, within, perms...)
	a.Grants[0].Root, a.Name = within[0], name
	w.exec(`INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,$3,$4,1)`, a.AccountID, "a"+a.AccountID.String(), name)
	return a
}

func (w *town) take(window string, why hall.Priority) hall.Ticket {
	w.t.Helper()
	w.clock.Advance(time.Second)
	k, err := w.s.Take(ctx, w.address, "居民", "", hall.NewTicket{Window: window, Priority: why, Channel: hall.AtTerminal})
	w.ok(err)
	return k
}

func (w *town) sit(a authz.Actor, n int) {
	w.t.Helper()
	w.ok(w.s.Sit(ctx, a, w.counters[n].ID))
}

func (w *town) next(a authz.Actor) hall.Ticket {
	w.t.Helper()
	w.clock.Advance(time.Second)
	k, ok, err := w.s.Next(ctx, a)
	w.ok(err)
	if !ok {
		return hall.Ticket{}
	}
	return k
}

func (w *town) serve(a authz.Actor, took time.Duration) {
	w.t.Helper()
	w.ok(w.s.Start(ctx, a))
	w.clock.Advance(took)
	w.ok(w.s.Finish(ctx, a, w.pension))
}

func (w *town) count(query string, args ...any) int64 {
	w.t.Helper()
	n, err := db.Value[int64](ctx, w.d, query, append([]any{testkit.Tenant}, args...)...)
	w.ok(err)
	return n
}

func TestFromTheNumberToTheCase(t *testing.T) {
	each(t, func(w *town) {
		k := w.take("02", hall.Usual)
		if k.Label() != "B001" || k.State != hall.Waiting {
			t.Fatalf("the first number is %s, %s", k.Label(), k.State)
		}
		held, err := w.s.ByCode(ctx, k.Code)
		w.ok(err)
		if held.Ahead != 0 || held.Wait.Text != i18n.HallNoCounter {
			t.Errorf("before a counter is open: %d ahead, %v", held.Ahead, held.Wait)
		}
		_, _, err = w.s.Next(ctx, w.first)
		w.wants(err, errs.Conflict, "") // who sits nowhere calls nobody
		w.sit(w.first, 0)
		w.wants(w.s.Sit(ctx, w.second, w.counters[0].ID), errs.Conflict, "")
		w.wants(w.s.Sit(ctx, w.first, w.counters[1].ID), errs.Conflict, "")
		w.wants(w.s.Sit(ctx, w.beside, w.counters[1].ID), errs.NotFound, "")
		w.wants(w.s.Sit(ctx, w.low, w.counters[1].ID), errs.NotFound, "")
		if got := w.next(w.first); got.ID != k.ID {
			t.Fatalf("called %s", got.Label())
		}
		_, _, err = w.s.Next(ctx, w.first)
		w.wants(err, errs.Conflict, "")
		w.wants(w.s.Pause(ctx, w.first, "吃饭"), errs.Conflict, "")
		w.wants(w.s.Finish(ctx, w.first, 0), errs.Invalid, "item")
		w.wants(w.s.Finish(ctx, w.first, w.pension), errs.Conflict, "")
		screen, err := w.s.Screen(ctx, w.address)
		w.ok(err)
		if len(screen.Calls) != 1 || screen.Calls[0].Label != "B001" || screen.Calls[0].Counter != 1 || screen.Calls[0].Serving {
			t.Errorf("the screen shows %+v", screen.Calls)
		}
		w.ok(w.s.Start(ctx, w.first))
		r := casework.Report{Kind: "matter", ItemID: w.pension, CommunityID: w.community, Body: "办理养老金申领", Name: "王大爷", Phone: "13800138000", Key: "one"}
		_, err = w.s.EnterCase(ctx, w.second, k.ID, r)
		w.wants(err, errs.Conflict, "") // it is at another counter
		if n := w.count(`SELECT count(*) FROM service_case WHERE tenant_id = $1`); n != 0 {
			t.Fatalf("%d cases are left of what was refused", n)
		}
		got, err := w.s.EnterCase(ctx, w.first, k.ID, r)
		w.ok(err)
		again, err := w.s.EnterCase(ctx, w.first, k.ID, r)
		w.ok(err)
		if again.ID != got.ID || !again.Again || again.Code != got.Code {
			t.Errorf("sent twice it gives %+v", again)
		}
		r.Key = "two"
		_, err = w.s.EnterCase(ctx, w.first, k.ID, r)
		w.wants(err, errs.Conflict, "")
		if n := w.count(`SELECT count(*) FROM service_case WHERE tenant_id = $1`); n != 1 {
			t.Fatalf("%d cases, want 1", n)
		}
		from, err := w.s.OfCase(ctx, w.first, got.ID)
		w.ok(err)
		if from.ID != k.ID || from.CaseNo != got.No || from.ItemID != w.pension {
			t.Errorf("the case is from %+v", from)
		}
		_, err = w.s.OfCase(ctx, w.beside, got.ID)
		w.wants(err, errs.NotFound, "")
		w.wants(w.s.Pass(ctx, w.first, "03"), errs.Conflict, "")
		w.ok(w.s.Finish(ctx, w.first, 0))
		full, steps, err := w.s.Ticket(ctx, w.first, k.ID)
		w.ok(err)
		var acts []hall.Act
		for _, e := range steps {
			acts = append(acts, e.Act)
		}
		if want := []hall.Act{hall.ActTake, hall.ActCall, hall.ActStart, hall.ActCase, hall.ActDone}; !slices.Equal(acts, want) || full.State != hall.Done {
			t.Errorf("steps %v, %s", acts, full.State)
		}
		_, _, err = w.s.Ticket(ctx, w.beside, k.ID)
		w.wants(err, errs.NotFound, "")
		if n := w.count(`SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action IN ('hall.take', 'hall.call', 'hall.start', 'hall.case', 'hall.done')`); n != 5 {
			t.Errorf("%d audit entries, want 5", n)
		}
		w.ok(w.s.Rise(ctx, w.first))
		if n := w.count(`SELECT count(*) FROM hall_counter WHERE tenant_id = $1 AND account_id <> 0`); n != 0 {
			t.Errorf("after getting up %d counters know somebody", n)
		}
	})
}

// Workers who press at once never get the same number, and nobody is called twice.
func TestTwoNeverCallTheSame(t *testing.T) {
	each(t, func(w *town) {
		const counters, people = 8, 40
		var staff []authz.Actor
		for i := range counters {
			w.ok(w.s.AddCounter(ctx, w.manager, w.hall, hall.NewCounter{Number: int64(10 + i), Windows: []string{"02", "03"}}))
			staff = append(staff, w.as(fmt.Sprintf("柜员%d", i), []id.ID{w.community}, desk...))
		}
		h, err := w.s.Get(ctx, w.manager, w.hall)
		w.ok(err)
		for i, a := range staff {
			w.ok(w.s.Sit(ctx, a, h.Counters[2+i].ID))
		}
		// Numbers are drawn at once as well: each is one that nobody else has.
		var wg sync.WaitGroup
		labels := make([]string, people)
		fails := make(chan error, people+counters*people)
		for i := range people {
			wg.Add(1)
			go func() {
				defer wg.Done()
				k, err := w.s.Take(ctx, w.address, "居民", "", hall.NewTicket{Window: []string{"02", "03"}[i%2], Channel: hall.AtTerminal, Priority: []hall.Priority{hall.Usual, hall.Old, hall.Usual}[i%3]})
				if err != nil {
					fails <- err
					return
				}
				labels[i] = k.Label()
			}()
		}
		wg.Wait()
		slices.Sort(labels)
		if n := len(slices.Compact(slices.Clone(labels))); n != people {
			t.Fatalf("%d numbers for %d people: %v", n, people, labels)
		}
		var mu sync.Mutex
		got := map[id.ID]int{}
		for _, a := range staff {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for {
					k, ok, err := w.s.Next(ctx, a)
					if errs.KindOf(err) == errs.Unavailable { // busy beyond the attempts; pressing again is right
						continue
					}
					if err != nil {
						fails <- err
						return
					}
					if !ok {
						return
					}
					mu.Lock()
					got[k.ID]++
					mu.Unlock()
					for _, step := range []func() error{func() error { return w.s.Start(ctx, a) }, func() error { return w.s.Finish(ctx, a, w.pension) }} {
						err := step()
						for errs.KindOf(err) == errs.Unavailable {
							err = step()
						}
						if err != nil {
							fails <- err
							return
						}
					}
				}
			}()
		}
		wg.Wait()
		close(fails)
		for err := range fails {
			t.Errorf("%v", err)
		}
		if len(got) != people {
			t.Errorf("%d of %d were called", len(got), people)
		}
		for k, n := range got {
			if n != 1 {
				t.Errorf("%v was called %d times", k, n)
			}
		}
		if n := w.count(`SELECT count(*) FROM hall_ticket_entry WHERE tenant_id = $1 AND act = 'call'`); n != people {
			t.Errorf("%d calls are written down, want %d", n, people)
		}
	})
}

func TestWhoGoesFirst(t *testing.T) {
	each(t, func(w *town) {
		a, b, c := w.take("02", hall.Usual), w.take("02", hall.Usual), w.take("03", hall.Usual)
		p, q, r := w.take("02", hall.Old), w.take("02", hall.Infant), w.take("02", hall.Disabled)
		held, err := w.s.ByCode(ctx, b.Code)
		w.ok(err)
		if held.Ahead != 4 { // two with priority, the one before, and one with priority more
			t.Errorf("%d ahead of the second, want 4", held.Ahead)
		}
		w.sit(w.first, 0)
		var got []string
		for range 5 {
			k := w.next(w.first)
			got = append(got, k.Label())
			w.serve(w.first, time.Minute)
		}
		if want := []string{p.Label(), q.Label(), a.Label(), r.Label(), b.Label()}; !slices.Equal(got, want) {
			t.Errorf("called %v, want %v", got, want)
		}
		if k := w.next(w.first); k.ID != 0 { // the counter does not serve the other window
			t.Errorf("called %s", k.Label())
		}
		w.sit(w.second, 1)
		if k := w.next(w.second); k.ID != c.ID {
			t.Errorf("the other counter called %s, want %s", k.Label(), c.Label())
		}
	})
}

func TestAbsentBackAndPassedOn(t *testing.T) {
	each(t, func(w *town) {
		a := w.take("02", hall.Usual)
		var rest []hall.Ticket
		for range 4 {
			rest = append(rest, w.take("02", hall.Usual))
		}
		w.sit(w.first, 0)
		if w.next(w.first).ID != a.ID {
			t.Fatal("the first is not called first")
		}
		w.wants(w.s.NotThere(ctx, w.first), errs.Conflict, "")
		w.ok(w.s.Again(ctx, w.first))
		w.ok(w.s.Again(ctx, w.first))
		w.wants(w.s.Again(ctx, w.first), errs.Conflict, "")
		w.ok(w.s.NotThere(ctx, w.first))
		w.ok(w.s.BackBy(ctx, a.Code, "居民", ""))
		w.wants(w.s.BackBy(ctx, a.Code, "居民", ""), errs.Conflict, "")
		held, err := w.s.ByCode(ctx, a.Code)
		w.ok(err)
		if held.Ahead != hall.BackBehind {
			t.Errorf("back with %d ahead, want %d", held.Ahead, hall.BackBehind)
		}
		w.ok(w.s.LeaveBy(ctx, rest[0].Code, "居民", ""))
		k := w.next(w.first)
		if k.ID != rest[1].ID {
			t.Fatalf("called %s", k.Label())
		}
		w.ok(w.s.Start(ctx, w.first))
		w.wants(w.s.Pass(ctx, w.first, "01"), errs.Invalid, "window") // no counter serves it
		late := w.take("03", hall.Usual)
		w.ok(w.s.Pass(ctx, w.first, "03"))
		w.sit(w.second, 1)
		if got := w.next(w.second); got.ID != rest[1].ID || got.Window != "03" || got.Label() != rest[1].Label() {
			t.Errorf("after passing on %s of window %s is called, want %s before %s", got.Label(), got.Window, rest[1].Label(), late.Label())
		}
		w.wants(w.s.BackBy(ctx, "320902-AAAAAAAAAAAA", "居民", ""), errs.NotFound, "")
		w.wants(w.s.LeaveBy(ctx, "nonsense", "居民", ""), errs.NotFound, "")
	})
}

func TestTheWaitComesFromWhatServingTook(t *testing.T) {
	each(t, func(w *town) {
		w.sit(w.first, 0)
		for range 6 {
			w.take("02", hall.Usual)
			w.next(w.first)
			w.serve(w.first, 20*time.Minute)
		}
		w.clock.Advance(2 * time.Minute) // what was read of the time of serving is old
		for range 2 {
			w.take("02", hall.Usual)
		}
		k := w.take("02", hall.Usual)
		held, err := w.s.ByCode(ctx, k.Code)
		w.ok(err)
		if held.Ahead != 2 || held.Wait.Text != i18n.HallAbout || held.Wait.Args[0] != int64(30) || held.Wait.Args[1] != int64(50) {
			t.Errorf("%d ahead, wait %v %v; want 2 and 30 to 50 minutes", held.Ahead, held.Wait.In(i18n.ZH), held.Wait.Args)
		}
		b, err := w.s.Board(ctx, w.address)
		w.ok(err)
		if len(b.Lines) != 2 || b.Lines[0].Waiting != 3 || b.Lines[1].Served { // nobody sits at the counter that serves the other
			t.Errorf("lines %+v", b.Lines)
		}
		report, err := w.s.Report(ctx, w.manager, w.hall, hall.Days{})
		w.ok(err)
		if report.Total.Tickets != 9 || report.Total.Done != 6 || report.Total.Serve != 20*time.Minute || len(report.About) != 1 || report.About[0].Tickets != 6 {
			t.Errorf("figures %+v", report)
		}
		list, err := w.s.Tickets(ctx, w.manager, hall.TicketFilter{HallID: w.hall, State: hall.Done})
		w.ok(err)
		if int64(len(list.Items)) != report.Total.Done {
			t.Errorf("the figure opens to %d tickets", len(list.Items))
		}
		if report, err := w.s.Report(ctx, w.beside, w.hall, hall.Days{}); err != nil || report.Total.Tickets != 0 {
			t.Errorf("who is beside counts %+v, %v", report.Total, err)
		}
	})
}

func TestWhatIsRefusedAndTheEndOfTheDay(t *testing.T) {
	each(t, func(w *town) {
		_, err := w.s.Take(ctx, w.address, "居民", "", hall.NewTicket{Window: "01", Channel: hall.AtTerminal})
		w.wants(err, errs.Invalid, "window")
		_, err = w.s.Take(ctx, w.address, "居民", "", hall.NewTicket{Window: "02", ItemID: w.medical, Channel: hall.AtTerminal})
		w.wants(err, errs.Invalid, "item")
		_, err = w.s.Take(ctx, w.address, "居民", "", hall.NewTicket{Window: "02", Priority: "vip", Channel: hall.AtTerminal})
		w.wants(err, errs.Invalid, "priority")
		_, err = w.s.Take(ctx, w.address, "居民", "", hall.NewTicket{Window: "02", Channel: hall.AtDesk})
		w.wants(err, errs.Invalid, "channel")
		_, err = w.s.Take(ctx, "320902-22222", "居民", "", hall.NewTicket{Window: "02", Channel: hall.AtTerminal})
		w.wants(err, errs.NotFound, "")
		one := hall.NewTicket{Window: "02", Channel: hall.ByPhone, Key: "k1"}
		a, err := w.s.Take(ctx, w.address, "居民", "", one)
		w.ok(err)
		b, err := w.s.Take(ctx, w.address, "居民", "", one)
		w.ok(err)
		if a.ID != b.ID {
			t.Error("sent twice it gives two numbers")
		}
		h, err := w.s.Get(ctx, w.manager, w.hall)
		w.ok(err)
		w.ok(w.s.Edit(ctx, w.manager, w.hall, hall.NewHall{OrgID: w.community, Name: h.Name, Week: week("08:30-12:00 14:00-17:30"), Version: h.Version}))
		_, err = w.s.Take(ctx, w.address, "居民", "", hall.NewTicket{Window: "02", Channel: hall.ByPhone})
		w.wants(err, errs.Conflict, "")
		_, err = w.s.TakeFor(ctx, w.low, w.hall, hall.NewTicket{Window: "02"})
		w.wants(err, errs.NotFound, "")
		got, err := w.s.TakeFor(ctx, w.first, w.hall, hall.NewTicket{Window: "02", ItemID: w.pension})
		w.ok(err)
		if got.Channel != hall.AtDesk {
			t.Errorf("taken by %s", got.Channel)
		}
		w.sit(w.first, 0)
		w.next(w.first)
		w.ok(w.s.Start(ctx, w.first))
		w.wants(w.s.End(ctx, w.manager, w.hall, h.Version+1), errs.Conflict, "")
		w.wants(w.s.RemoveCounter(ctx, w.manager, w.counters[0].ID, 2), errs.Conflict, "")
		// Whoever sat there has gone: the counter is vacated, and the number that was there waits again where it was.
		w.wants(w.s.Vacate(ctx, w.first, w.counters[0].ID), errs.NotFound, "")
		serving := w.count(`SELECT count(*) FROM hall_ticket WHERE tenant_id = $1 AND state = 'serving'`)
		w.ok(w.s.Vacate(ctx, w.manager, w.counters[0].ID))
		if n := w.count(`SELECT count(*) FROM hall_ticket WHERE tenant_id = $1 AND state = 'serving'`); serving != 1 || n != 0 {
			t.Errorf("%d and then %d are being served, want 1 and 0", serving, n)
		}
		if n := w.count(`SELECT count(*) FROM hall_ticket_entry WHERE tenant_id = $1 AND act = 'queue'`); n != 1 {
			t.Errorf("%d went back to the queue, want 1", n)
		}
		// The last counter that serves what somebody waits for stays.
		waits, err := w.s.Take(ctx, w.address, "居民", "", hall.NewTicket{Window: "03", Channel: hall.AtTerminal})
		w.ok(err)
		only, err := w.s.Counter(ctx, w.manager, w.counters[1].ID)
		w.ok(err)
		w.wants(w.s.RemoveCounter(ctx, w.manager, only.ID, only.Version), errs.Conflict, "")
		w.wants(w.s.EditCounter(ctx, w.manager, only.ID, hall.NewCounter{Number: 2, Windows: []string{"02"}, Version: only.Version}), errs.Conflict, "")
		w.ok(w.s.LeaveBy(ctx, waits.Code, "居民", ""))
		w.sit(w.first, 0)
		w.next(w.first)
		w.ok(w.s.Start(ctx, w.first))
		w.wants(w.s.AddCounter(ctx, w.manager, w.hall, hall.NewCounter{Number: 2, Windows: []string{"02"}}), errs.Invalid, "number")
		w.wants(w.s.AddCounter(ctx, w.manager, w.hall, hall.NewCounter{Number: 3}), errs.Invalid, "windows")
		w.wants(w.s.AddCounter(ctx, w.first, w.hall, hall.NewCounter{Number: 3, Windows: []string{"02"}}), errs.NotFound, "")
		_, err = w.s.Create(ctx, w.manager, hall.NewHall{OrgID: w.community, Name: "夜里", Week: week("22:00-06:00")})
		w.wants(err, errs.Invalid, "week1")
		_, err = w.s.Create(ctx, w.first, hall.NewHall{OrgID: w.community, Name: "自设", Week: week("08:00-12:00")})
		w.wants(err, errs.Forbidden, "")

		w.clock.Set(calendar.On(2026, 3, 2).Time().Add(20 * time.Hour))
		_, err = w.s.Take(ctx, w.address, "居民", "", hall.NewTicket{Window: "02", Channel: hall.AtTerminal})
		w.wants(err, errs.Conflict, "")
		w.clock.Set(calendar.On(2026, 3, 3).Time().Add(time.Hour))
		for range 2 { // once more changes nothing
			w.ok(w.s.CloseDay(ctx, testkit.Tenant))
		}
		if n := w.count(`SELECT count(*) FROM hall_ticket WHERE tenant_id = $1 AND state = 'expired'`); n != 2 {
			t.Errorf("%d expired, want 2", n)
		}
		if n := w.count(`SELECT count(*) FROM hall_ticket WHERE tenant_id = $1 AND priority NOT IN ('', 'first')`); n != 0 {
			t.Errorf("%d say after the day why somebody went first", n)
		}
		if n := w.count(`SELECT count(*) FROM hall_counter WHERE tenant_id = $1 AND state <> 'closed'`); n != 0 {
			t.Errorf("%d counters are open in the night", n)
		}
		if n := w.count(`SELECT count(*) FROM hall_ticket_entry WHERE tenant_id = $1 AND act = 'expire'`); n != 2 {
			t.Errorf("%d ends are written down, want 2", n)
		}
		w.wants(w.s.BackBy(ctx, a.Code, "居民", ""), errs.Conflict, "")

		w.clock.Set(calendar.On(2028, 4, 3).Time().Add(9 * time.Hour))
		s := retention.New(w.d, hall.RetentionKinds(), nil)
		_, err = s.Run(ctx, testkit.Tenant, func(int64, int64) {})
		w.ok(err)
		if n := w.count(`SELECT count(*) FROM hall_ticket WHERE tenant_id = $1`) + w.count(`SELECT count(*) FROM hall_ticket_entry WHERE tenant_id = $1`); n != 0 {
			t.Errorf("%d rows of tickets are left after two years", n)
		}
	})
}

func TestRunForSomebodyWhoCannotCome(t *testing.T) {
	each(t, func(w *town) {
		got, err := w.cases.Enter(ctx, w.first, casework.Report{Kind: "matter", ItemID: w.pension, CommunityID: w.community, Body: "养老金认证", Channel: casework.ByPhone, Name: "李奶奶"})
		w.ok(err)
		today := calendar.On(2026, 3, 2)
		yes := hall.Agreed{Reason: hall.Elderly, Consent: hall.OnPhone, On: today}
		w.wants(w.s.TakeOver(ctx, w.first, got.ID, hall.Agreed{Reason: hall.Elderly, On: today}), errs.Invalid, "consent")
		w.wants(w.s.TakeOver(ctx, w.first, got.ID, hall.Agreed{Reason: hall.Elderly, Consent: hall.Family, On: today.AddDays(1)}), errs.Invalid, "on")
		w.wants(w.s.TakeOver(ctx, w.beside, got.ID, yes), errs.NotFound, "")
		w.wants(w.s.TakePaper(ctx, w.first, got.ID, "身份证", 1), errs.NotFound, "") // nobody runs it yet
		w.ok(w.s.TakeOver(ctx, w.first, got.ID, yes))
		w.wants(w.s.TakeOver(ctx, w.first, got.ID, yes), errs.Conflict, "")
		w.wants(w.s.TakePaper(ctx, w.first, got.ID, "", 0), errs.Invalid, "copies")
		w.ok(w.s.TakePaper(ctx, w.first, got.ID, "身份证 320902194001011234", 1))
		w.ok(w.s.TakePaper(ctx, w.second, got.ID, "银行卡复印件", 2))
		x, err := w.s.Of(ctx, w.first, got.ID)
		w.ok(err)
		if x.Held != 2 || len(x.Papers) != 2 || x.Papers[0].Name != "身份证 ***" || x.Account != "甲" {
			t.Errorf("taken over %+v", x)
		}
		d, err := w.cases.Get(ctx, w.first, got.ID)
		w.ok(err)
		if last := d.Entries[len(d.Entries)-1]; last.Act != casework.ActNote || !last.Public {
			t.Errorf("the history ends with %+v", last)
		}
		w.clock.Set(today.AddDays(7).Time().Add(10 * time.Hour)) // the limit is the end of that day
		waits, err := w.s.Waiting(ctx, w.first)
		w.ok(err)
		if len(waits) != 1 || waits[0].Kind != hall.WaitDue {
			t.Errorf("waits %+v before the limit %v", waits, got.DueAt)
		}
		for _, a := range []struct {
			who  authz.Actor
			f    hall.TakenFilter
			want int
		}{{w.first, hall.TakenFilter{Mine: true, Show: hall.ShowOpen}, 1}, {w.second, hall.TakenFilter{Mine: true}, 0}, {w.second, hall.TakenFilter{}, 1}, {w.beside, hall.TakenFilter{}, 0}, {w.first, hall.TakenFilter{Show: hall.ShowPapers}, 0}} {
			list, err := w.s.Taken(ctx, a.who, a.f)
			w.ok(err)
			if len(list.Items) != a.want {
				t.Errorf("%s with %+v sees %d, want %d", a.who.Name, a.f, len(list.Items), a.want)
			}
		}
		w.ok(w.cases.Take(ctx, w.first, got.ID, d.Version))
		d, err = w.cases.Get(ctx, w.first, got.ID)
		w.ok(err)
		w.ok(w.cases.Finish(ctx, w.first, got.ID, d.Version, casework.Result{Outcome: casework.Fulfilled, Words: "已认证"}))
		waits, err = w.s.Waiting(ctx, w.first)
		w.ok(err)
		if len(waits) != 1 || waits[0].Kind != hall.WaitPapers {
			t.Errorf("waits %+v with papers still here", waits)
		}
		w.wants(w.s.GiveBack(ctx, w.beside, got.ID, x.Papers[0].ID), errs.NotFound, "")
		for _, p := range x.Papers {
			w.ok(w.s.GiveBack(ctx, w.second, got.ID, p.ID))
			w.wants(w.s.GiveBack(ctx, w.second, got.ID, p.ID), errs.NotFound, "")
		}
		if waits, err = w.s.Waiting(ctx, w.first); err != nil || len(waits) != 0 {
			t.Errorf("waits %+v, %v", waits, err)
		}
		if n := w.count(`SELECT count(*) FROM case_takeover WHERE tenant_id = $1 AND reason IS NOT NULL`); n != 1 {
			t.Fatalf("%d say why, want 1", n)
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return hall.ForgetCasesTx(ctx, tx, testkit.Tenant, []id.ID{got.ID}) }))
		if n := w.count(`SELECT (SELECT count(*) FROM case_paper WHERE tenant_id = $1) + (SELECT count(*) FROM case_takeover WHERE tenant_id = $1 AND reason IS NOT NULL)`); n != 0 {
			t.Errorf("%d papers and reasons are left of a case that is forgotten", n)
		}
	})
}

// TestThePersonTakesTheirConsentBack ends what is run for somebody: by themselves with the code, or by the desk; papers stay to be given back, and a new consent begins anew (PRIV-2).
func TestThePersonTakesTheirConsentBack(t *testing.T) {
	each(t, func(w *town) {
		got, err := w.cases.Enter(ctx, w.first, casework.Report{Kind: "matter", ItemID: w.pension, CommunityID: w.community, Body: "养老金认证", Channel: casework.ByPhone, Name: "李奶奶"})
		w.ok(err)
		yes := hall.Agreed{Reason: hall.Elderly, Consent: hall.OnPhone, On: calendar.On(2026, 3, 2)}
		key := casework.Code(got.Code)
		w.wants(w.s.EndRunBy(ctx, key, "居民", ""), errs.Conflict, "")
		w.wants(w.s.EndRunBy(ctx, casework.Code("320902-AAAAAAAAAAAA"), "居民", ""), errs.NotFound, "")
		w.ok(w.s.TakeOver(ctx, w.first, got.ID, yes))
		w.ok(w.s.TakePaper(ctx, w.first, got.ID, "身份证", 1))
		if x, err := w.s.RunFor(ctx, testkit.Tenant, got.ID); err != nil || x.Account != "甲" {
			w.t.Errorf("the person reads %+v, %v", x, err)
		}
		w.ok(w.s.EndRunBy(ctx, key, "居民", ""))
		w.wants(w.s.EndRunBy(ctx, key, "居民", ""), errs.Conflict, "")
		_, err = w.s.RunFor(ctx, testkit.Tenant, got.ID)
		w.wants(err, errs.NotFound, "")
		for show, want := range map[string]int{hall.ShowOpen: 0, hall.ShowPapers: 1} {
			list, err := w.s.Taken(ctx, w.first, hall.TakenFilter{Show: show, Mine: true})
			w.ok(err)
			if len(list.Items) != want {
				w.t.Errorf("%s shows %d, want %d", show, len(list.Items), want)
			}
		}
		w.ok(w.s.TakeOver(ctx, w.first, got.ID, yes)) // they agree again
		w.wants(w.s.EndRun(ctx, w.first, got.ID, ""), errs.Invalid, "how")
		w.wants(w.s.EndRun(ctx, w.beside, got.ID, hall.OnPhone), errs.NotFound, "")
		w.ok(w.s.EndRun(ctx, w.second, got.ID, hall.OnPhone))
		_, f, err := w.cases.ToReporter(ctx, key)
		w.ok(err)
		told := 0
		for _, e := range f.Entries {
			if e.Act == casework.ActNote {
				told++
			}
		}
		if told != 4 {
			w.t.Errorf("the person reads %d notes of it, want 4", told)
		}
	})
}

// TestACounterOfAnOfficeSendsItsCasesThere holds that what is entered at the counter of an office goes to it at once, where somebody works there and the kind lets it.
func TestACounterOfAnOfficeSendsItsCasesThere(t *testing.T) {
	each(t, func(w *town) {
		office := w.org("other", "社会事务办", "/1/4/")
		w.exec(`UPDATE organisation SET path = '/1/' || $3 || '/' WHERE tenant_id = $1 AND id = $2`, office, office.String())
		one := w.counters[0]
		change := func(org id.ID) error {
			c, err := w.s.Counter(ctx, w.manager, one.ID)
			w.ok(err)
			return w.s.EditCounter(ctx, w.manager, one.ID, hall.NewCounter{Number: c.Number, Name: c.Name, Windows: c.Windows, OrgID: org, Version: c.Version})
		}
		w.wants(change(id.New()), errs.Invalid, "org")
		w.wants(change(w.org("other", "别的街道的办公室", "/9/8/")), errs.Invalid, "org") // neither near nor the manager's
		w.ok(change(office))
		if c, err := w.s.Counter(ctx, w.manager, one.ID); err != nil || c.OrgID != office || c.Org != "社会事务办" {
			t.Errorf("the counter is that of %q, %v", c.Org, err)
		}
		w.sit(w.first, 0)
		enter := func(key string) casework.Receipt {
			k := w.take("02", "")
			w.next(w.first)
			w.ok(w.s.Start(ctx, w.first))
			got, err := w.s.EnterCase(ctx, w.first, k.ID, casework.Report{Kind: "matter", ItemID: w.pension, CommunityID: w.community, Body: "办理养老金申领", Key: key})
			w.ok(err)
			w.ok(w.s.Finish(ctx, w.first, 0))
			return got
		}
		if got := enter("nobody"); got.Org != "文港社区" {
			t.Errorf("to an office where nobody works: %s", got.Org)
		}
		w.as("办事员", []id.ID{office}, casework.PermSee, casework.PermWork)
		w.exec(`INSERT INTO role (tenant_id, code, name, permissions) VALUES ($1,'hand','经办','casework.work')`)
		account, err := db.Value[id.ID](ctx, w.d, `SELECT max(id) FROM account WHERE tenant_id = $1 AND name = '办事员'`, testkit.Tenant)
		w.ok(err)
		w.exec(`INSERT INTO role_grant (tenant_id, id, account_id, role_code, organisation_id, valid_from, granted_at) VALUES ($1,$2,$3,'hand',$4,'2026-01-01',1)`, id.New(), account, office)
		got := enter("staffed")
		if got.Org != "社会事务办" || w.count(`SELECT count(*) FROM service_case WHERE tenant_id = $1 AND id = $2 AND org_id = $3 AND state = 'dispatched'`, got.ID, office) != 1 {
			t.Errorf("entered at the office's counter it goes to %s", got.Org)
		}
		w.ok(change(0))
		if got := enter("own"); got.Org != "文港社区" {
			t.Errorf("at the hall's own counter: %s", got.Org)
		}
	})
}
