package venue_test

import (
	"fmt"
	"testing"
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/testkit"
	"linli/internal/venue"
)

// Who did not come cannot call off once the time has begun; who keeps the place can, until it is over.
func TestNobodyCallsOffWhatHasBegun(t *testing.T) {
	each(t, func(w *town) {
		v := w.gym(nil)
		mine := w.book(v, at(monday, 14, 0), 2, "13800138000")
		org, err := w.s.Book(ctx, w.worker, venue.Asking{VenueID: v, OrgID: w.community, Starts: at(monday, 16, 0), Ends: at(monday, 17, 0), People: 5})
		w.ok(err)
		kept := w.book(v, at(monday, 17, 0), 1, "13800138001")
		f, err := w.s.ToBooker(ctx, mine.Code)
		if w.ok(err); !f.Endable {
			t.Error("it cannot be called off before it begins")
		}
		w.clock.Set(at(monday, 14, 0))
		err = w.s.CancelBy(ctx, mine.Code, "居民", "", "")
		if e := errs.As(err); e == nil || e.Message.Text != i18n.VenueBegun {
			t.Errorf("called off when it began: %v", err)
		}
		if f, err = w.s.ToBooker(ctx, mine.Code); err != nil || f.Endable {
			t.Errorf("it is offered to call it off: %v", err)
		}
		w.clock.Set(at(monday, 16, 30))
		w.refused(w.s.Cancel(ctx, w.worker, org.ID, 0, "没去"), errs.Conflict)
		d, err := w.s.Booking(ctx, w.worker, org.ID)
		if w.ok(err); d.Endable {
			t.Error("it is offered to who booked")
		}
		if d, err = w.s.Booking(ctx, w.liaison, org.ID); err != nil || !d.Endable {
			t.Errorf("it is not offered to the owner: %v", err)
		}
		w.clock.Set(at(monday, 17, 30))
		w.ok(w.s.Cancel(ctx, w.liaison, kept.ID, 0, "停电"))
		w.ok(w.s.Settle(ctx, testkit.Tenant))
		for _, b := range []id.ID{mine.ID, org.ID} {
			if d, err = w.s.Booking(ctx, w.liaison, b); err != nil || d.State != venue.Missed {
				t.Errorf("it is %s, %v", d.State, err)
			}
		}
		w.refused(w.s.Cancel(ctx, w.liaison, org.ID, 0, "x"), errs.Conflict)
		e := errs.As(w.s.CancelBy(ctx, mine.Code, "居民", "", string(make([]byte, 5000))))
		if e == nil || e.Fields["words"].Text.IsZero() {
			t.Errorf("words that are too long: %v", e)
		}
		w.whole(t.Errorf)
	})
}

// Special days that are over do not count; as many as there may be, one of them can still be changed.
func TestSpecialDaysArePast(t *testing.T) {
	each(t, func(w *town) {
		v := w.gym(nil)
		for i := range venue.MaxDays { // two stretches each: days count, not rows
			for _, from := range []int{480, 840} {
				testkit.Exec(t, w.d, `INSERT INTO venue_day (tenant_id, venue_id, day, from_min, to_min, closed) VALUES ($1,$2,$3,$4,$5,FALSE)`, testkit.Tenant, v, monday.AddDays(i).String(), from, from+120)
			}
		}
		next := venue.NewDay{On: monday.AddDays(venue.MaxDays + 5), Hours: "09:00-11:00"}
		_, err := w.s.SetDay(ctx, w.liaison, v, next)
		if e := errs.As(err); e == nil || e.Fields["day"].Text != i18n.VenueDayMany {
			t.Fatalf("one too many: %v", err)
		}
		_, err = w.s.SetDay(ctx, w.liaison, v, venue.NewDay{On: monday.AddDays(3), Hours: "09:00-11:00"})
		w.ok(err)
		_, err = w.s.SetDay(ctx, w.liaison, v, venue.NewDay{On: monday.AddDays(4), Usual: true})
		w.ok(err)
		_, err = w.s.SetDay(ctx, w.liaison, v, next)
		w.ok(err)
		next.On = next.On.AddDays(1)
		_, err = w.s.SetDay(ctx, w.liaison, v, next)
		w.refused(err, errs.Invalid)
		w.clock.Set(at(monday.AddDays(1), 9, 0)) // the first of them is over
		_, err = w.s.SetDay(ctx, w.liaison, v, next)
		w.ok(err)
		_, err = w.s.SetDay(ctx, w.liaison, v, venue.NewDay{On: monday.AddDays(6), Hours: "09:00-09:30"})
		if e := errs.As(err); e == nil || e.Fields["hours"].Text != i18n.VenueShortHours {
			t.Errorf("shorter than an hour: %v", err)
		}
	})
}

// An organisation reads on its booking that the place was closed, and changed hours say whom they meet.
func TestChangedHoursAndClosingAreTold(t *testing.T) {
	each(t, func(w *town) {
		v := w.gym(nil)
		var first venue.Receipt
		for i, day := range []int{1, 8, 15} {
			got, err := w.s.Book(ctx, w.worker, venue.Asking{VenueID: v, OrgID: w.community, Starts: at(monday.AddDays(day), 14+2*i, 0), Ends: at(monday.AddDays(day), 15+2*i, 0), People: 5})
			w.ok(err)
			if i == 0 {
				first = got
			}
		}
		n := gym(w.school)
		n.Version, n.Name = 1, "体育馆"
		_, outside, err := w.s.Save(ctx, w.liaison, v, n)
		if w.ok(err); outside != 0 {
			t.Errorf("another name meets %d bookings", outside)
		}
		n.Version, n.Week[1] = 2, "16:00-20:00"
		_, outside, err = w.s.Save(ctx, w.liaison, v, n)
		if w.ok(err); outside != 1 {
			t.Errorf("the new hours meet %d bookings, want the one at two", outside)
		}
		_, err = w.s.Stop(ctx, w.liaison, v, "装修", 3)
		w.ok(err)
		d, err := w.s.Booking(ctx, w.worker, first.ID)
		if w.ok(err); d.Closed != "装修" || d.State != venue.Agreed {
			t.Errorf("who booked reads %q, %s", d.Closed, d.State)
		}
	})
}

// A place is listed as free on a day just where a unit of its grid is free, whatever was taken by halves.
func TestFreeIsWhatTheGridHas(t *testing.T) {
	each(t, func(w *town) {
		tuesday := monday.AddDays(1)
		listed := func(day calendar.Date) bool {
			list, err := w.s.Public(ctx, testkit.Tenant, venue.ListFilter{Free: day})
			w.ok(err)
			return len(list.Items) == 1
		}
		grid := func(v id.ID, day calendar.Date) bool {
			_, columns, err := w.s.PublicWeek(ctx, testkit.Tenant, v, day, 1)
			w.ok(err)
			for _, c := range columns[0].Cells {
				if c.State == venue.CellFree {
					return true
				}
			}
			return false
		}
		// Two hours by 30 minutes; then by 60, with half an hour taken in the middle of each hour, and half an hour at the end that is no unit.
		n := gym(w.school)
		n.Slot, n.Week = 30, []string{"", "09:00-11:30", "", "", "", "", ""}
		v, _, err := w.s.Save(ctx, w.liaison, 0, n)
		w.ok(err)
		for i, from := range []time.Time{at(tuesday, 9, 30), at(tuesday, 10, 0)} {
			in := asking(v, from, 1, fmt.Sprintf("1380013800%d", i))
			in.Ends = from.Add(30 * time.Minute)
			_, err := w.s.BookPublic(ctx, testkit.Tenant, "居民", "", in)
			w.ok(err)
		}
		if !listed(tuesday) || !grid(v, tuesday) {
			t.Error("by half hours there is something free")
		}
		n.Slot, n.Version = 60, 1
		_, _, err = w.s.Save(ctx, w.liaison, v, n)
		w.ok(err)
		if listed(tuesday) || grid(v, tuesday) {
			t.Errorf("by hours nothing is free: listed %v, in the grid %v", listed(tuesday), grid(v, tuesday))
		}
		// In the middle of a unit the next one counts.
		later := tuesday.AddDays(7)
		for minute := 0; minute < 200; minute += 10 {
			now := at(later, 8, 30).Add(time.Duration(minute) * time.Minute)
			w.clock.Set(now)
			if a, b := listed(later), grid(v, later); a != b {
				t.Errorf("at %s it is listed %v, in the grid %v", i18n.Clock(now), a, b)
			}
		}
	})
}

// What was, stays: a place that was closed for a while was not open then, and what was used after it was closed is counted.
func TestFiguresOfAPlaceThatWasClosed(t *testing.T) {
	each(t, func(w *town) {
		v := w.gym(nil)
		april := calendar.On(2026, 4, 1)
		w.book(v, at(april, 14, 0), 1, "13800138000")
		_, err := w.s.Stop(ctx, w.liaison, v, "装修", 1)
		w.ok(err)
		of := func(month calendar.Date) venue.Line {
			lines, err := w.s.Figures(ctx, w.liaison, month, w.school)
			if w.ok(err); len(lines) != 1 {
				t.Fatalf("%d places in %s", len(lines), month)
			}
			return lines[0]
		}
		if l := of(april); l.Bookings != 1 || l.Opened != 0 {
			t.Errorf("after closing: %d bookings, %d minutes", l.Bookings, l.Opened)
		}
		before := of(monday).Opened
		w.clock.Set(at(april.AddDays(6), 9, 0))
		w.ok(w.s.Resume(ctx, w.liaison, v, 2))
		if after := of(monday).Opened; after != before {
			t.Errorf("March had %d minutes, and after opening again %d", before, after)
		}
		now, _, err := w.s.Venue(ctx, w.liaison, v)
		w.ok(err)
		if now.Opened(calendar.Default(), april) != 0 || now.Opened(calendar.Default(), april.AddDays(7)) == 0 || len(now.WeekOn(april)) != 0 {
			t.Error("it was open while it was closed, or is closed now")
		}
		if lines, err := w.s.Figures(ctx, w.liaison, april, w.community); err != nil || len(lines) != 0 {
			t.Errorf("in another community there are %d, %v", len(lines), err)
		}
	})
}

// A number that somebody typed on the public page does not count against the one whose number it is.
func TestANumberThatIsNotKnown(t *testing.T) {
	each(t, func(w *town) {
		v := w.gym(nil)
		phone := "13800138000"
		for i := range 3 {
			w.book(v, at(monday, 14+i, 0), 1, phone)
		}
		on := asking(v, at(monday.AddDays(1), 9, 0), 1, phone)
		on.OrgID = w.community
		_, err := w.s.Book(ctx, w.worker, on) // who calls is not kept out by what others typed
		w.ok(err)
		w.clock.Set(at(monday, 18, 0))
		w.ok(w.s.Settle(ctx, testkit.Tenant))
		if got := w.book(v, at(monday.AddDays(1), 14, 0), 1, phone); got.State != venue.Agreed {
			t.Errorf("after three that anybody may have made it is %s", got.State)
		}
	})
}

// What somebody else types with the number of a resident who books with an account neither fills what the resident may have ahead nor counts as missed.
func TestWhatOthersTypeIsNotTheResidents(t *testing.T) {
	each(t, func(w *town) {
		v := w.gym(nil)
		phone := "13800138000"
		owner, other := w.rows.Person(w.community, "机主", ""), w.rows.Person(w.community, "别人", "")
		as := func(p id.ID, start time.Time) venue.Receipt {
			t.Helper()
			in := asking(v, start, 1, phone)
			in.PersonID = p
			got, err := w.s.BookPublic(ctx, testkit.Tenant, "居民", "", in)
			w.ok(err)
			return got
		}
		for i := range 3 {
			as(other, at(monday, 14+i, 0)) // somebody else’s account, with this number
		}
		mine := as(owner, at(monday, 11, 0))
		w.clock.Set(at(monday, 11, 0))
		w.ok(w.s.CheckIn(ctx, w.liaison, mine.ID, 0))
		w.clock.Set(at(monday, 18, 0))
		w.ok(w.s.Settle(ctx, testkit.Tenant))
		if got := as(owner, at(monday.AddDays(1), 14, 0)); got.State != venue.Agreed {
			t.Errorf("after three that somebody else missed it is %s", got.State)
		}
	})
}

// A place stands in a community that its keeper may choose, or where it or its owner is.
func TestWhereAPlaceStands(t *testing.T) {
	each(t, func(w *town) {
		testkit.Exec(t, w.d, `UPDATE organisation SET community_id = $1 WHERE tenant_id = $2 AND id = $3`, w.community, testkit.Tenant, w.school)
		n := gym(w.school)
		for _, c := range []id.ID{w.other, w.school, 4711} {
			n.CommunityID = c
			_, _, err := w.s.Save(ctx, w.liaison, 0, n)
			if e := errs.As(err); e == nil || e.Fields["community"].Text.IsZero() {
				t.Errorf("in %d: %v", c, err)
			}
		}
		n.CommunityID = w.community
		v, _, err := w.s.Save(ctx, w.liaison, 0, n)
		w.ok(err)
		in := func() id.ID {
			now, _, err := w.s.Venue(ctx, w.liaison, v)
			w.ok(err)
			return now.CommunityID
		}
		testkit.Exec(t, w.d, `UPDATE venue SET community_id = $1 WHERE tenant_id = $2 AND id = $3`, w.other, testkit.Tenant, v)
		n.CommunityID, n.Version = 0, 1
		_, _, err = w.s.Save(ctx, w.liaison, v, n)
		if w.ok(err); in() != w.other {
			t.Errorf("left open it went to %d", in())
		}
		n.CommunityID, n.Version = w.other, 2
		_, _, err = w.s.Save(ctx, w.liaison, v, n)
		w.ok(err)
		n.CommunityID, n.Version = w.community, 3
		_, _, err = w.s.Save(ctx, w.liaison, v, n)
		if w.ok(err); in() != w.community {
			t.Errorf("it did not go where the owner is: %d", in())
		}
	})
}

// Who is confirmed first cannot get around it by moving the booking.
func TestMovingIsConfirmedFirstToo(t *testing.T) {
	each(t, func(w *town) {
		v := w.gym(nil)
		book := func(day, hour int) venue.Receipt {
			got, err := w.s.Book(ctx, w.worker, venue.Asking{VenueID: v, OrgID: w.community, Starts: at(monday.AddDays(day), hour, 0), Ends: at(monday.AddDays(day), hour+1, 0), People: 3})
			w.ok(err)
			return got
		}
		book(0, 14)
		book(0, 16)
		w.clock.Set(at(monday, 18, 0))
		w.ok(w.s.Settle(ctx, testkit.Tenant))
		third := book(1, 14)
		state := func() venue.State {
			d, err := w.s.Booking(ctx, w.liaison, third.ID)
			w.ok(err)
			return d.State
		}
		w.ok(w.s.Agree(ctx, w.liaison, third.ID, 0))
		w.ok(w.s.Move(ctx, w.liaison, third.ID, 0, at(monday.AddDays(1), 15, 0), at(monday.AddDays(1), 16, 0)))
		if state() != venue.Agreed {
			t.Errorf("moved by the owner it is %s", state())
		}
		w.ok(w.s.Move(ctx, w.worker, third.ID, 0, at(monday.AddDays(1), 16, 0), at(monday.AddDays(1), 17, 0)))
		if state() != venue.Asked {
			t.Errorf("moved by who booked it is %s", state())
		}
	})
}
