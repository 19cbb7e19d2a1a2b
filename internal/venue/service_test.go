package venue_test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/seal"
	"linli/internal/testkit"
	"linli/internal/venue"
)

var ctx = context.Background()

// purposes knows one.
type purposes struct{}

func (purposes) Covered(_ context.Context, _ db.Querier, _ int64, purpose, _ string) error {
	if purpose != "service" {
		return errs.Field("purpose", i18n.ErrBadChoice)
	}
	return nil
}

// days is the published calendar.
type days struct{}

func (days) Calendar(context.Context, int64) (*calendar.Calendar, error) {
	return calendar.Default(), nil
}

type town struct {
	t                               *testing.T
	d                               *db.DB
	clock                           *testkit.Clock
	rows                            testkit.Rows
	s                               *venue.Service
	school, community, other        id.ID
	liaison, worker, beside, looker authz.Actor
}

var monday = calendar.On(2026, 3, 2)

func each(t *testing.T, fn func(w *town)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(at(monday, 10, 0))
		w := &town{t: t, d: d, clock: clock, rows: testkit.NewRows(t, d, testkit.Tenant), s: venue.New(d, seal.Ephemeral(), days{}, purposes{})}
		w.community, w.other, w.school = w.rows.Organisation("community_party", "文港社区"), w.rows.Organisation("community_party", "先锋社区"), w.rows.Organisation("unit", "实验小学")
		all := []authz.Permission{venue.PermSee, venue.PermBook, venue.PermKeep, venue.PermReveal}
		w.liaison, w.worker, w.beside = testkit.Actor(testkit.Tenant, []id.ID{w.school}, all...), testkit.Actor(testkit.Tenant, []id.ID{w.community}, all...), testkit.Actor(testkit.Tenant, []id.ID{w.other}, all...)
		w.liaison.Grants[0].Root, w.worker.Grants[0].Root, w.beside.Grants[0].Root = w.school, w.community, w.other
		w.looker = testkit.Actor(testkit.Tenant, []id.ID{w.school}, venue.PermSee)
		for _, a := range []authz.Actor{w.liaison, w.worker, w.beside, w.looker} {
			testkit.Exec(t, d, `INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,$3,'x',1)`, testkit.Tenant, a.AccountID, "a"+a.AccountID.String())
		}
		fn(w)
	})
}

func at(d calendar.Date, hour, minute int) time.Time {
	return d.Time().Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

func (w *town) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) refused(err error, kind errs.Kind) {
	w.t.Helper()
	if errs.KindOf(err) != kind {
		w.t.Fatalf("got %v, want %v", err, kind)
	}
}

func gym(org id.ID) venue.NewVenue {
	return venue.NewVenue{OrgID: org, Kind: venue.Sports, Name: "羽毛球馆", Address: "迎宾路 8 号", Capacity: 20, Terms: exchange.Free, Contact: "门卫 0515-88880000", Audience: venue.Residents, Ahead: 30, Longest: 120, Slot: 60,
		Week: []string{"08:00-22:00", "08:00-22:00", "08:00-22:00", "08:00-22:00", "08:00-22:00", "08:00-12:00", ""}}
}

// gym opens a sports ground of the school; change says what is different about it.
func (w *town) gym(change func(*venue.NewVenue)) id.ID {
	w.t.Helper()
	n := gym(w.school)
	if change != nil {
		change(&n)
	}
	v, _, err := w.s.Save(ctx, w.liaison, 0, n)
	w.ok(err)
	return v
}

func asking(v id.ID, start time.Time, hours int, phone string) venue.Asking {
	return venue.Asking{VenueID: v, Starts: start, Ends: start.Add(time.Duration(hours) * time.Hour), People: 4, Name: "吕女士", Phone: phone, Purpose: "打羽毛球", Agree: true}
}

func (w *town) book(v id.ID, start time.Time, hours int, phone string) venue.Receipt {
	w.t.Helper()
	got, err := w.s.BookPublic(ctx, testkit.Tenant, "居民", "", asking(v, start, hours, phone))
	w.ok(err)
	return got
}

// whole says that each booking that holds its time has exactly its half hours, and nobody else has any.
func (w *town) whole(fail func(string, ...any)) {
	n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM venue_slot s LEFT JOIN venue_booking b ON b.tenant_id = s.tenant_id AND b.id = s.booking_id AND b.venue_id = s.venue_id AND s.starts_at >= b.starts_at AND s.starts_at < b.ends_at
		AND b.state NOT IN ('refused', 'cancelled', 'lapsed') WHERE b.id IS NULL`)
	if err != nil || n != 0 {
		fail("%d half hours belong to nobody (%v)", n, err)
	}
	n, err = db.Value[int64](ctx, w.d, `SELECT count(*) FROM venue_booking b WHERE b.state NOT IN ('refused', 'cancelled', 'lapsed') AND (b.ends_at - b.starts_at) / 1800000000 <> (SELECT count(*) FROM venue_slot s WHERE s.tenant_id = b.tenant_id AND s.booking_id = b.id)`)
	if err != nil || n != 0 {
		fail("%d bookings do not have their time (%v)", n, err)
	}
	n, err = db.Value[int64](ctx, w.d, `SELECT count(*) FROM venue_booking b JOIN venue_booking o ON o.tenant_id = b.tenant_id AND o.venue_id = b.venue_id AND o.id > b.id AND o.starts_at < b.ends_at AND b.starts_at < o.ends_at
		WHERE b.state NOT IN ('refused', 'cancelled', 'lapsed') AND o.state NOT IN ('refused', 'cancelled', 'lapsed')`)
	if err != nil || n != 0 {
		fail("%d pairs of bookings overlap (%v)", n, err)
	}
}

// 64 ask at once for times that overlap: exactly those get one that fit, and everybody else is told what is free next.
func TestNobodyIsBookedTwice(t *testing.T) {
	each(t, func(w *town) {
		v := w.gym(func(n *venue.NewVenue) {
			n.Slot, n.Week = 30, []string{"", "08:00-22:00", "08:00-22:00", "08:00-22:00", "", "", ""}
		})
		for round := range 3 {
			day := monday.AddDays(1 + round)
			var wg sync.WaitGroup
			got := make([]error, 64)
			for i := range got {
				wg.Add(1)
				go func() {
					defer wg.Done()
					// Two hours beginning at 14:00, 14:30, 15:00 or 15:30: whichever two of them are given, no two overlap.
					_, got[i] = w.s.BookPublic(ctx, testkit.Tenant, "居民", "", asking(v, at(day, 14, 30*(i%4)), 2, fmt.Sprintf("138%08d", 100*round+i)))
				}()
			}
			wg.Wait()
			given := 0
			for i, err := range got {
				if err == nil {
					given++
					continue
				}
				e := errs.As(err)
				if e == nil || e.Fields["starts"].Text != i18n.VenueTaken || len(e.Fields["starts"].Args) != 1 {
					t.Fatalf("request %d: %v", i, err)
				}
			}
			if given != 1 {
				t.Fatalf("round %d: %d bookings from 14:00 to 17:30 were given, want 1: any two overlap", round, given)
			}
			w.whole(t.Fatalf)
		}
		// One hour each, every half hour from 08:00: of 27 beginnings that overlap their neighbours at most 14 fit, and never two that overlap.
		day := monday.AddDays(2)
		var wg sync.WaitGroup
		for i := range 64 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				_, _ = w.s.BookPublic(ctx, testkit.Tenant, "居民", "", asking(v, at(day, 8, 30*(i%27)), 1, fmt.Sprintf("139%08d", i)))
			}()
		}
		wg.Wait()
		w.whole(t.Fatalf)
		_, grid, err := w.s.PublicWeek(ctx, testkit.Tenant, v, day, 1)
		w.ok(err)
		for i, c := range grid[0].Cells {
			if c.State == venue.CellFree && i+1 < len(grid[0].Cells) && grid[0].Cells[i+1].State == venue.CellFree {
				t.Errorf("an hour from %s on stayed free though somebody asked for it", i18n.Clock(c.At))
			}
		}
	})
}

// Whatever is booked, moved, called off, refused, checked in or settled, in whatever order: no two overlap, and nothing is taken by nobody.
func TestNoOrderLeavesAnOverlap(t *testing.T) {
	each(t, func(w *town) {
		loose, strict := w.gym(nil), w.gym(func(n *venue.NewVenue) { n.Approves, n.Slot = true, 30 })
		n := 0
		rapid.Check(t, func(r *rapid.T) {
			w.clock.Set(at(monday, 10, 0))
			testkit.Exec(t, w.d, `DELETE FROM venue_slot`)
			testkit.Exec(t, w.d, `DELETE FROM venue_booking`)
			var made []venue.Receipt
			for range rapid.IntRange(1, 16).Draw(r, "acts") {
				start := at(monday.AddDays(rapid.IntRange(0, 2).Draw(r, "day")), rapid.IntRange(7, 22).Draw(r, "hour"), 30*rapid.IntRange(0, 1).Draw(r, "half"))
				end := start.Add(time.Duration(rapid.IntRange(-1, 5).Draw(r, "length")) * 30 * time.Minute)
				v := []id.ID{loose, strict}[rapid.IntRange(0, 1).Draw(r, "place")]
				var one venue.Receipt
				if len(made) > 0 {
					one = made[rapid.IntRange(0, len(made)-1).Draw(r, "which")]
				}
				switch rapid.IntRange(0, 9).Draw(r, "act") {
				case 0, 1, 2, 3:
					n++
					in := asking(v, start, 1, fmt.Sprintf("137%08d", n))
					in.Ends = end
					if got, err := w.s.BookPublic(ctx, testkit.Tenant, "居民", "", in); err == nil {
						made = append(made, got)
					}
				case 4:
					if got, err := w.s.Book(ctx, w.worker, venue.Asking{VenueID: v, OrgID: w.community, Starts: start, Ends: end, People: 3}); err == nil {
						made = append(made, got)
					}
				case 5:
					_ = w.s.Move(ctx, w.liaison, one.ID, 0, start, end)
				case 6:
					_ = w.s.Cancel(ctx, w.liaison, one.ID, 0, "x")
				case 7:
					_ = w.s.Refuse(ctx, w.liaison, one.ID, 0, "x")
					_ = w.s.Agree(ctx, w.liaison, one.ID, 0)
				case 8:
					_ = w.s.CheckIn(ctx, w.liaison, one.ID, 0)
					_ = w.s.CancelBy(ctx, one.Code, "居民", "", "")
				case 9:
					w.clock.Advance(time.Duration(rapid.IntRange(1, 10).Draw(r, "hours")) * time.Hour)
					if err := w.s.Settle(ctx, testkit.Tenant); err != nil {
						r.Fatal(err)
					}
				}
				w.whole(r.Fatalf)
			}
		})
	})
}

func TestFromTheBookingToTheRating(t *testing.T) {
	each(t, func(w *town) {
		v := w.gym(func(n *venue.NewVenue) { n.Approves = true })
		got := w.book(v, at(monday, 14, 0), 2, "13800138000")
		if got.State != venue.Asked || got.Code == "" {
			t.Fatalf("got %+v", got)
		}
		items, err := w.s.Waiting(ctx, w.liaison)
		w.ok(err)
		if len(items) != 1 || items[0].Count != 1 || items[0].Subject != got.ID {
			t.Errorf("waits %+v", items)
		}
		if items, err = w.s.Waiting(ctx, w.worker); err != nil || len(items) != 0 {
			t.Errorf("the community is waited for: %+v %v", items, err)
		}
		_, err = w.s.BookPublic(ctx, testkit.Tenant, "居民", "", asking(v, at(monday, 15, 0), 1, "13800138001"))
		if e := errs.As(err); e == nil || e.Fields["starts"].In(i18n.ZH) != i18n.VenueTaken.In(i18n.ZH, "2026-03-02 16:00") {
			t.Errorf("the second is told %v", err)
		}
		d, err := w.s.Booking(ctx, w.liaison, got.ID)
		w.ok(err)
		if d.Purpose != "打羽毛球" || !d.Resident || !d.Keeps {
			t.Errorf("the owner sees %+v", d)
		}
		_, err = w.s.Booking(ctx, w.beside, got.ID)
		w.refused(err, errs.NotFound)
		_, err = w.s.Reveal(ctx, w.beside, got.ID, "service")
		w.refused(err, errs.NotFound)
		_, err = w.s.Reveal(ctx, w.liaison, got.ID, "curiosity")
		w.refused(err, errs.Invalid)
		who, err := w.s.Reveal(ctx, w.liaison, got.ID, "service")
		w.ok(err)
		if who.Name != "吕女士" || who.Phone != "13800138000" {
			t.Errorf("revealed %+v", who)
		}
		w.refused(w.s.Agree(ctx, w.beside, got.ID, 0), errs.NotFound)
		w.refused(w.s.Agree(ctx, w.looker, got.ID, 0), errs.NotFound)
		w.refused(w.s.Agree(ctx, w.liaison, got.ID, d.Version+7), errs.Conflict)
		w.ok(w.s.Agree(ctx, w.liaison, got.ID, d.Version))

		door, err := w.s.Door(ctx, w.liaison, v)
		w.ok(err)
		_, err = w.s.Door(ctx, w.beside, v)
		w.refused(err, errs.NotFound)
		w.refused(w.s.CheckInBy(ctx, door, got.Code, "居民", ""), errs.Conflict) // at ten
		w.clock.Set(at(monday, 13, 40))
		elsewhere, _, err := w.s.Save(ctx, w.worker, 0, gym(w.community))
		w.ok(err)
		wrong, err := w.s.Door(ctx, w.worker, elsewhere)
		w.ok(err)
		w.refused(w.s.CheckInBy(ctx, wrong, got.Code, "居民", ""), errs.Invalid)
		w.refused(w.s.CheckInBy(ctx, door, "320902-NONSENSE", "居民", ""), errs.NotFound)
		w.ok(w.s.CheckInBy(ctx, door, got.Code, "居民", ""))
		w.refused(w.s.RateBy(ctx, got.Code, "居民", "", venue.Rating{Stars: 9}), errs.Invalid)
		w.ok(w.s.RateBy(ctx, got.Code, "居民", "", venue.Rating{Stars: 5, Words: "地面干净"}))
		w.clock.Set(at(monday, 16, 1))
		w.ok(w.s.Settle(ctx, testkit.Tenant))
		f, err := w.s.ToBooker(ctx, got.Code)
		w.ok(err)
		acts := ""
		for _, e := range f.Entries {
			acts += string(e.Act) + " "
		}
		if f.State != venue.Done || f.Stars != 5 || acts != "ask reveal agree check_in rate done " {
			t.Errorf("the booking is %s with %d stars after %s", f.State, f.Stars, acts)
		}
		lines, err := w.s.Figures(ctx, w.liaison, monday, 0)
		w.ok(err)
		if len(lines) != 1 || lines[0].Used != 120 || lines[0].UsedTimes != 1 || lines[0].Opened == 0 {
			t.Errorf("figures %+v", lines)
		}
		used, err := w.s.Bookings(ctx, w.liaison, venue.Filter{Venue: v, Month: monday, Used: true})
		w.ok(err)
		if int64(len(used.Items)) != lines[0].UsedTimes {
			t.Errorf("the figure opens to %d bookings", len(used.Items))
		}
		if lines, err = w.s.Figures(ctx, w.beside, monday, 0); err != nil || len(lines) != 0 {
			t.Errorf("beside there are figures: %v %v", lines, err)
		}
		name, file, err := w.s.ICS(ctx, w.liaison, v, "https://example.org")
		if w.ok(err); name != "羽毛球馆" || !bytes.Contains(file, []byte("DTSTART;TZID=Asia/Shanghai:20260302T140000")) || bytes.Contains(file, []byte("吕")) {
			t.Errorf("calendar %s:\n%s", name, file)
		}
	})
}

// What is missed is noted by itself; after two the next is confirmed first; the owner may correct it, and it ends by itself.
func TestWhoDoesNotComeIsConfirmedFirst(t *testing.T) {
	each(t, func(w *town) {
		v := w.gym(nil)
		phone := "13800138000"
		used := w.book(v, at(monday, 11, 0), 1, phone)
		first := w.book(v, at(monday, 14, 0), 1, phone)
		w.book(v, at(monday, 16, 0), 1, phone)
		w.clock.Set(at(monday, 11, 0))
		w.ok(w.s.CheckIn(ctx, w.liaison, used.ID, 0)) // since then the number is known
		w.clock.Set(at(monday, 18, 0))
		w.ok(w.s.Settle(ctx, testkit.Tenant))
		if f, _ := w.s.ToBooker(ctx, first.Code); f.State != venue.Missed {
			t.Fatalf("it is %s", f.State)
		}
		third := w.book(v, at(monday.AddDays(1), 14, 0), 1, phone)
		d, err := w.s.Booking(ctx, w.liaison, third.ID)
		w.ok(err)
		if third.State != venue.Asked || !d.Often || d.Times != 2 {
			t.Errorf("after two it is %s, often %v of %d", third.State, d.Often, d.Times)
		}
		if other := w.book(v, at(monday.AddDays(1), 15, 0), 1, "13800138009"); other.State != venue.Agreed {
			t.Errorf("somebody else's is %s", other.State)
		}
		w.refused(w.s.Came(ctx, w.beside, first.ID, 0), errs.NotFound)
		w.ok(w.s.Came(ctx, w.liaison, first.ID, 0))
		if again := w.book(v, at(monday.AddDays(1), 16, 0), 1, phone); again.State != venue.Agreed {
			t.Errorf("after the correction it is %s", again.State)
		}
		// An organisation, and that it ends after 90 days.
		for i := range 2 {
			_, err := w.s.Book(ctx, w.worker, venue.Asking{VenueID: v, OrgID: w.community, Starts: at(monday.AddDays(2), 9+i, 0), Ends: at(monday.AddDays(2), 10+i, 0), People: 3})
			w.ok(err)
		}
		w.clock.Set(at(monday.AddDays(3), 9, 30))
		w.ok(w.s.Settle(ctx, testkit.Tenant))
		ask := func() venue.State {
			day := calendar.DateOf(w.clock.Now()).AddDays(1)
			for day.Weekday() == time.Sunday || day.Weekday() == time.Saturday {
				day = day.AddDays(1)
			}
			got, err := w.s.Book(ctx, w.worker, venue.Asking{VenueID: v, OrgID: w.community, Starts: at(day, 9, 0), Ends: at(day, 10, 0), People: 3})
			w.ok(err)
			return got.State
		}
		if s := ask(); s != venue.Asked {
			t.Errorf("an organisation's third is %s", s)
		}
		w.clock.Advance(97 * 24 * time.Hour)
		w.ok(w.s.Settle(ctx, testkit.Tenant))
		if s := ask(); s != venue.Agreed {
			t.Errorf("after 90 days it is %s", s)
		}
	})
}

func TestBadInputOfBookings(t *testing.T) {
	each(t, func(w *town) {
		v := w.gym(nil)
		for name, c := range map[string]struct {
			change func(*venue.Asking)
			field  string
		}{
			"in the past":         {func(a *venue.Asking) { a.Starts, a.Ends = at(monday, 9, 0), at(monday, 10, 0) }, "starts"},
			"outside the hours":   {func(a *venue.Asking) { a.Starts, a.Ends = at(monday, 22, 0), at(monday, 23, 0) }, "starts"},
			"too long":            {func(a *venue.Asking) { a.Ends = a.Starts.Add(3 * time.Hour) }, "minutes"},
			"off the grid":        {func(a *venue.Asking) { a.Starts, a.Ends = a.Starts.Add(10*time.Minute), a.Ends.Add(10*time.Minute) }, "starts"},
			"too far":             {func(a *venue.Asking) { a.Starts, a.Ends = a.Starts.AddDate(0, 2, 0), a.Ends.AddDate(0, 2, 0) }, "starts"},
			"far too many":        {func(a *venue.Asking) { a.People = venue.MaxRoom + 1 }, "people"},
			"too many":            {func(a *venue.Asking) { a.People = 21 }, "people"},
			"the end first":       {func(a *venue.Asking) { a.Ends = a.Starts.Add(-time.Hour) }, "minutes"},
			"no telephone":        {func(a *venue.Asking) { a.Phone = "" }, "phone"},
			"no telephone at all": {func(a *venue.Asking) { a.Phone = "12" }, "phone"},
			"no name":             {func(a *venue.Asking) { a.Name = "" }, "name"},
			"not agreed":          {func(a *venue.Asking) { a.Agree = false }, "agree"},
		} {
			in := asking(v, at(monday, 14, 0), 1, "13800138000")
			c.change(&in)
			_, err := w.s.BookPublic(ctx, testkit.Tenant, "居民", "", in)
			if e := errs.As(err); e == nil || e.Fields[c.field].Text.IsZero() {
				t.Errorf("%s: %v, want something under %s", name, err, c.field)
			}
		}
		_, err := w.s.BookPublic(ctx, testkit.Other, "居民", "", asking(v, at(monday, 14, 0), 1, "13800138000"))
		w.refused(err, errs.NotFound)
		_, err = w.s.Book(ctx, w.worker, venue.Asking{VenueID: v, OrgID: w.other, Starts: at(monday, 14, 0), Ends: at(monday, 15, 0), People: 1})
		w.refused(err, errs.Forbidden)
		_, err = w.s.Book(ctx, w.looker, venue.Asking{VenueID: v, OrgID: w.school, Starts: at(monday, 14, 0), Ends: at(monday, 15, 0), People: 1})
		w.refused(err, errs.Forbidden)
		for i := range 3 {
			w.book(v, at(monday.AddDays(1), 9+i, 0), 1, "13800138000")
		}
		_, err = w.s.BookPublic(ctx, testkit.Tenant, "居民", "", asking(v, at(monday.AddDays(1), 15, 0), 1, "138 0013 8000"))
		if e := errs.As(err); e == nil || e.Fields["phone"].Text != i18n.VenueEnough {
			t.Errorf("a fourth: %v", err)
		}
		in := asking(v, at(monday.AddDays(1), 18, 0), 1, "13800138002")
		in.Key = "once"
		first, err := w.s.BookPublic(ctx, testkit.Tenant, "居民", "", in)
		w.ok(err)
		again, err := w.s.BookPublic(ctx, testkit.Tenant, "居民", "", in)
		if w.ok(err); !again.Again || again.ID != first.ID || again.Code != first.Code || again.Code == "" {
			t.Errorf("sent twice: %+v", again)
		}
		w.clock.Advance(25 * time.Hour)
		if again, err = w.s.BookPublic(ctx, testkit.Tenant, "居民", "", in); err != nil || again.Code != "" || again.ID != first.ID {
			t.Errorf("a day later: %+v, %v", again, err)
		}
		w.whole(t.Errorf)
	})
}

// Who may book is kept to, whichever way somebody comes; staff tell a resident the code.
func TestWhoMayBook(t *testing.T) {
	each(t, func(w *town) {
		through := w.gym(func(n *venue.NewVenue) { n.Audience = venue.Community })
		closed := w.gym(func(n *venue.NewVenue) { n.Audience = venue.Organisations })
		for _, v := range []id.ID{through, closed} {
			_, err := w.s.BookPublic(ctx, testkit.Tenant, "居民", "", asking(v, at(monday, 14, 0), 1, "13800138000"))
			w.refused(err, errs.Conflict)
		}
		on := asking(through, at(monday, 14, 0), 1, "13800138000")
		on.OrgID = w.community
		got, err := w.s.Book(ctx, w.worker, on)
		w.ok(err)
		if got.Code == "" {
			t.Error("there is no code to tell the resident")
		}
		on.VenueID = closed
		_, err = w.s.Book(ctx, w.worker, on)
		w.refused(err, errs.Invalid)
		own, err := w.s.Book(ctx, w.worker, venue.Asking{VenueID: closed, OrgID: w.community, Starts: at(monday, 14, 0), Ends: at(monday, 15, 0), People: 5})
		w.ok(err)
		if own.Code != "" {
			t.Error("an organisation got a code")
		}
		// Who booked moves and calls off; beside it is not there.
		w.refused(w.s.Move(ctx, w.beside, own.ID, 0, at(monday, 16, 0), at(monday, 17, 0)), errs.NotFound)
		w.refused(w.s.Move(ctx, w.worker, own.ID, 0, at(monday, 9, 0), at(monday, 10, 0)), errs.Invalid)
		w.ok(w.s.Move(ctx, w.worker, own.ID, 0, at(monday, 14, 0), at(monday, 16, 0))) // over its own old time
		w.whole(t.Errorf)
		w.refused(w.s.Cancel(ctx, w.worker, own.ID, 0, " "), errs.Invalid)
		w.ok(w.s.Cancel(ctx, w.worker, own.ID, 0, "改期"))
		w.whole(t.Errorf)
		w.ok(w.s.CancelBy(ctx, got.Code, "居民", "", ""))
		w.refused(w.s.CancelBy(ctx, got.Code, "居民", "", ""), errs.Conflict)
	})
}

// Closing a place keeps what is booked, and tells who booked; a special day says how many bookings it meets; a changed week leaves the past as it was.
func TestAPlaceIsClosed(t *testing.T) {
	each(t, func(w *town) {
		v := w.gym(nil)
		got := w.book(v, at(monday.AddDays(1), 14, 0), 1, "13800138000")
		outside, err := w.s.SetDay(ctx, w.liaison, v, venue.NewDay{On: monday.AddDays(1), Hours: "08:00-12:00", Reason: "考试"})
		if w.ok(err); outside != 1 {
			t.Errorf("%d bookings are outside", outside)
		}
		_, err = w.s.SetDay(ctx, w.liaison, v, venue.NewDay{On: monday.AddDays(-1)})
		w.refused(err, errs.Invalid)
		_, err = w.s.SetDay(ctx, w.beside, v, venue.NewDay{On: monday.AddDays(1)})
		w.refused(err, errs.NotFound)
		if outside, err = w.s.SetDay(ctx, w.liaison, v, venue.NewDay{On: monday.AddDays(1), Usual: true}); err != nil || outside != 0 {
			t.Errorf("as usual again: %d, %v", outside, err)
		}
		w.clock.Set(at(monday.AddDays(1), 9, 0))
		now, keeps, err := w.s.Venue(ctx, w.liaison, v)
		if w.ok(err); !keeps {
			t.Error("the owner does not keep it")
		}
		n := gym(w.school)
		n.Version, n.Week = now.Version, []string{"", "", "", "18:00-20:00", "", "", ""}
		_, _, err = w.s.Save(ctx, w.beside, v, n)
		w.refused(err, errs.Forbidden)
		_, _, err = w.s.Save(ctx, w.liaison, v, n)
		w.ok(err)
		_, _, err = w.s.Save(ctx, w.liaison, v, n)
		w.refused(err, errs.Conflict) // an old version
		now, _, err = w.s.Venue(ctx, w.liaison, v)
		w.ok(err)
		if a, b := now.Opened(calendar.Default(), monday), now.Opened(calendar.Default(), monday.AddDays(7)); a != 14*60 || b != 0 {
			t.Errorf("open %d minutes last Monday and %d next", a, b)
		}
		ahead, err := w.s.Stop(ctx, w.liaison, v, "装修", now.Version)
		if w.ok(err); ahead != 1 {
			t.Errorf("%d bookings are ahead", ahead)
		}
		f, err := w.s.ToBooker(ctx, got.Code)
		if w.ok(err); f.State != venue.Agreed || f.Closed != "装修" {
			t.Errorf("who booked reads %s, %q", f.State, f.Closed)
		}
		_, err = w.s.BookPublic(ctx, testkit.Tenant, "居民", "", asking(v, at(monday.AddDays(3), 18, 0), 1, "13800138001"))
		w.refused(err, errs.Conflict)
		list, err := w.s.Public(ctx, testkit.Tenant, venue.ListFilter{})
		if w.ok(err); len(list.Items) != 0 {
			t.Error("it is still listed")
		}
		w.ok(w.s.Resume(ctx, w.liaison, v, now.Version+1))
	})
}

// The list finds what is free on a day, and the free time it says is there.
func TestWhatIsFreeOnADay(t *testing.T) {
	each(t, func(w *town) {
		hour := w.gym(func(n *venue.NewVenue) { n.Week = []string{"09:00-12:00", "14:00-15:00", "", "", "", "", ""} })
		names := func(day calendar.Date) (n int) {
			list, err := w.s.Public(ctx, testkit.Tenant, venue.ListFilter{Free: day, Kind: venue.Sports, Text: "羽毛", Community: w.school})
			w.ok(err)
			return len(list.Items)
		}
		tuesday := monday.AddDays(1)
		for _, c := range []struct {
			name string
			day  calendar.Date
			want int
		}{{"today, still an hour", monday, 1}, {"tomorrow", tuesday, 1}, {"a day that is closed", monday.AddDays(2), 0}, {"yesterday", monday.AddDays(-1), 0}, {"too far ahead", monday.AddDays(35), 0}, {"Qingming", calendar.On(2026, 4, 6), 0}} {
			if got := names(c.day); got != c.want {
				t.Errorf("%s: %d places, want %d", c.name, got, c.want)
			}
		}
		w.clock.Set(at(monday, 11, 45))
		if names(monday) != 0 {
			t.Error("a quarter of an hour before the end something is free")
		}
		got := w.book(hour, at(tuesday, 14, 0), 1, "13800138000")
		if names(tuesday) != 0 {
			t.Error("all is taken, and it is listed")
		}
		w.ok(w.s.CancelBy(ctx, got.Code, "居民", "", ""))
		if names(tuesday) != 1 {
			t.Error("it is free again, and not listed")
		}
		_, err := w.s.SetDay(ctx, w.liaison, hour, venue.NewDay{On: monday.AddDays(2), Hours: "19:00-21:00"})
		w.ok(err)
		if names(monday.AddDays(2)) != 1 {
			t.Error("opened additionally, and not listed")
		}
	})
}

// After the period, or when the register forgets somebody, nothing says who booked; the count stays, and the time of what is ahead is free.
func TestWhoBookedIsForgotten(t *testing.T) {
	each(t, func(w *town) {
		v := w.gym(nil)
		p := w.rows.Person(w.community, "吕女士", "")
		in := asking(v, at(monday, 14, 0), 1, "13800138000")
		in.PersonID = p
		got, err := w.s.BookPublic(ctx, testkit.Tenant, "居民", "", in)
		w.ok(err)
		other := w.book(v, at(monday, 16, 0), 1, "13800138001")
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return venue.ForgetTx(ctx, tx, testkit.Tenant, []id.ID{p}) }))
		_, err = w.s.ToBooker(ctx, got.Code)
		w.refused(err, errs.NotFound)
		d, err := w.s.Booking(ctx, w.liaison, got.ID)
		if w.ok(err); d.State != venue.Cancelled || d.Purpose != "" || !d.Forgotten {
			t.Errorf("left is %+v", d.Booking)
		}
		w.whole(t.Errorf)
		kind := venue.RetentionKinds()[0]
		w.clock.Advance(400 * 24 * time.Hour)
		w.ok(w.s.Settle(ctx, testkit.Tenant))
		a := &db.Args{}
		rows := kind.Past(a, testkit.Tenant, calendar.DateOf(w.clock.Now()).AddMonths(-12))
		ids, err := db.Column[id.ID](ctx, w.d, "SELECT "+rows.ID+" FROM "+rows.From, a.Values()...)
		if w.ok(err); len(ids) != 1 || ids[0] != other.ID {
			t.Fatalf("past are %v", ids)
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return kind.Remove(ctx, tx, testkit.Tenant, ids) }))
		left, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM venue_booking WHERE name IS NOT NULL OR phone IS NOT NULL OR purpose IS NOT NULL OR phone_key <> '' OR code_key <> ''`)
		if w.ok(err); left != 0 {
			t.Errorf("%d still say who", left)
		}
	})
}

// What is public of a place names nobody, and another tenant's places are not there.
func TestWhatIsPublic(t *testing.T) {
	each(t, func(w *town) {
		v := w.gym(nil)
		got := w.book(v, at(monday, 14, 0), 1, "13800138000")
		_, grid, err := w.s.PublicWeek(ctx, testkit.Tenant, v, monday, 7)
		w.ok(err)
		for _, c := range grid {
			for _, x := range c.Cells {
				if x.Booking != 0 {
					t.Error("a cell names its booking")
				}
			}
		}
		_, _, err = w.s.PublicWeek(ctx, testkit.Other, v, monday, 7)
		w.refused(err, errs.NotFound)
		c, err := w.s.Calendar(ctx, w.beside, v, monday, 7)
		if w.ok(err); len(c.Bookings) != 0 || c.Keeps {
			t.Errorf("beside sees %+v", c.Bookings)
		}
		if c, err = w.s.Calendar(ctx, w.liaison, v, monday, 7); err != nil || c.Bookings[got.ID].No != got.No || len(c.Listed) != 1 {
			t.Errorf("the owner sees %+v, %v", c.Listed, err)
		}
		list, err := w.s.List(ctx, w.beside, venue.ListFilter{Own: true})
		if w.ok(err); len(list.Items) != 0 {
			t.Error("beside keeps it")
		}
		list, err = w.s.List(ctx, w.beside, venue.ListFilter{})
		if w.ok(err); len(list.Items) != 1 || list.Items[0].Keeps || len(list.Items[0].Hours) == 0 {
			t.Errorf("listed beside: %+v", list.Items)
		}
		_, err = w.s.List(ctx, testkit.Actor(testkit.Tenant, []id.ID{w.other}), venue.ListFilter{})
		w.refused(err, errs.Forbidden)
	})
}
