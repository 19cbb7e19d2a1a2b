package venue_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/id"
	"linli/internal/testkit"
	"linli/internal/venue"
)

// needs keeps what it is told; the real ones are tested in their package and with the whole program.
type needs struct {
	known  id.ID
	booked []exchange.Reservation
	told   []exchange.Reservation
	by     []authz.Permission
}

func (n *needs) BookTx(_ context.Context, _ *db.Tx, _ authz.Actor, need id.ID, r exchange.Reservation) error {
	if need != n.known {
		return errs.ErrNotFound
	}
	n.booked = append(n.booked, r)
	return nil
}

func (n *needs) ReserveTx(_ context.Context, _ *db.Tx, _ authz.Actor, by authz.Permission, _ id.ID, r exchange.Reservation) error {
	n.told, n.by = append(n.told, r), append(n.by, by)
	return nil
}

// A booking for a need tells it whether it stands: when it is made, confirmed, moved to be confirmed again, and called off.
func TestABookingTellsItsNeed(t *testing.T) {
	each(t, func(w *town) {
		n := &needs{known: id.New()}
		w.s.WithNeeds(n)
		v := w.gym(func(n *venue.NewVenue) { n.Approves = true })
		in := venue.Asking{VenueID: v, OrgID: w.community, Starts: at(monday, 14, 0), Ends: at(monday, 15, 0), People: 4, NeedID: id.New()}
		_, err := w.s.Book(ctx, w.worker, in)
		w.refused(err, errs.NotFound)
		in.NeedID = n.known
		got, err := w.s.Book(ctx, w.worker, in)
		w.ok(err)
		if len(n.booked) != 1 || n.booked[0] != (exchange.Reservation{Booking: got.ID, Venue: v, Owner: w.school, On: calendar.DateOf(in.Starts)}) {
			t.Errorf("it was told %+v", n.booked)
		}
		w.ok(w.s.Agree(ctx, w.liaison, got.ID, 0))
		w.ok(w.s.Move(ctx, w.worker, got.ID, 0, at(monday, 16, 0), at(monday, 17, 0))) // another time is confirmed again
		w.ok(w.s.Agree(ctx, w.liaison, got.ID, 0))
		w.clock.Set(at(monday, 15, 50))
		w.ok(w.s.CheckIn(ctx, w.liaison, got.ID, 0))
		var stands []bool
		for _, r := range n.told {
			stands = append(stands, r.Stands)
		}
		if len(stands) != 3 || !stands[0] || stands[1] || !stands[2] {
			t.Errorf("it was told %v", stands)
		}
		if !slices.Equal(n.by, []authz.Permission{venue.PermKeep, venue.PermBook, venue.PermKeep}) {
			t.Errorf("it was told by %v", n.by)
		}
		if d, err := w.s.Booking(ctx, w.worker, got.ID); err != nil || d.NeedID != n.known {
			t.Errorf("the booking names need %s, %v", d.NeedID, err)
		}
		second, err := w.s.Book(ctx, w.liaison, venue.Asking{VenueID: v, OrgID: w.school, Starts: at(monday, 18, 0), Ends: at(monday, 19, 0), People: 4, NeedID: n.known})
		w.ok(err)
		w.ok(w.s.Refuse(ctx, w.liaison, second.ID, 0, "有比赛"))
		if len(n.told) != 3 { // it never stood
			t.Errorf("it was told %+v", n.told)
		}
		residents, err := w.s.BookPublic(ctx, testkit.Tenant, "居民", "", func() venue.Asking {
			a := asking(v, at(monday, 20, 0), 1, "13800138000")
			a.NeedID = n.known
			return a
		}())
		w.ok(err)
		if d, err := w.s.Booking(ctx, w.liaison, residents.ID); err != nil || d.NeedID != 0 {
			t.Errorf("what a resident sends names need %s, %v", d.NeedID, err)
		}
	})
}

// What can be booked is told for needs, with when it is open.
func TestWhatIsOpenForNeeds(t *testing.T) {
	each(t, func(w *town) {
		testkit.Exec(t, w.d, `UPDATE organisation SET community_id = $1 WHERE tenant_id = $2 AND id = $3`, w.community, testkit.Tenant, w.school)
		v := w.gym(func(n *venue.NewVenue) { n.Facilities = "羽毛球网" })
		list, err := w.s.Open(ctx, w.d, testkit.Tenant)
		w.ok(err)
		if len(list) != 1 || list[0].ID != v || list[0].OrgID != w.school || list[0].CommunityID != w.community || list[0].Terms != exchange.Free || list[0].Times == "" {
			t.Fatalf("open are %+v", list)
		}
		if got := list[0].Times[:15]; got != "mon 08:00-22:00" {
			t.Errorf("it is open %q", got)
		}
		d, _, err := w.s.Venue(ctx, w.liaison, v)
		w.ok(err)
		_, err = w.s.Stop(ctx, w.liaison, v, "装修", d.Version)
		w.ok(err)
		w.clock.Advance(24 * time.Hour)
		if list, err = w.s.Open(ctx, w.d, testkit.Tenant); err != nil || len(list) != 0 {
			t.Errorf("after it closed there are %+v, %v", list, err)
		}
		if list, err = w.s.Open(ctx, w.d, testkit.Other); err != nil || len(list) != 0 {
			t.Errorf("another tenant has %+v, %v", list, err)
		}
	})
}
