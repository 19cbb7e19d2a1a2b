package exchange_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/id"
	"linli/internal/testkit"
)

// need is one of the community's own, which is open at once.
func (w *street) need(kind exchange.Kind, title string, by calendar.Date) id.ID {
	w.t.Helper()
	got, err := w.s.Enter(ctx, w.worker, exchange.Asking{Kind: kind, Body: title, CommunityID: w.community, DueOn: by}, true)
	w.ok(err)
	return got.ID
}

func (w *street) gives(o exchange.Offer) id.ID {
	w.t.Helper()
	o.PlaceID = w.community
	r, err := w.s.AddResource(ctx, w.worker, o)
	w.ok(err)
	return r
}

// week is what is proposed now: needs with the titles of the resources.
func (w *street) week() map[id.ID][]string {
	w.t.Helper()
	list, err := w.s.Week(ctx, w.worker, exchange.WeekFilter{})
	w.ok(err)
	out := map[id.ID][]string{}
	for _, n := range list.Items {
		for _, p := range n.Proposals {
			out[n.ID] = append(out[n.ID], p.Title)
		}
	}
	return out
}

func TestTheWeekIsSharedOut(t *testing.T) {
	each(t, func(w *street) {
		today := calendar.DateOf(w.clock.Now())
		later, soon := w.need(exchange.Goods, "借一把轮椅", today.AddDays(20)), w.need(exchange.Goods, "借轮椅", today.AddDays(2))
		hair := w.need(exchange.Trade, "请人上门理发", today.AddDays(20))
		chair := w.gives(exchange.Offer{Kind: exchange.Goods, Title: "轮椅", Giver: "热心居民", Terms: exchange.Free, Amount: 1})
		w.gives(exchange.Offer{Kind: exchange.Trade, Title: "水电小修", Skill: "水电", OrgID: w.unit, Terms: exchange.Paid, Price: "面议"})
		barber := w.gives(exchange.Offer{Kind: exchange.Trade, Title: "义务理发", Skill: "理发", OrgID: w.unit, Terms: exchange.Free})

		_, err := w.s.Propose(ctx, w.helper)
		w.refused(err, errs.Forbidden)
		got, err := w.s.Propose(ctx, w.worker)
		w.ok(err)
		if got != (exchange.Shared{Needs: 3, Covered: 2, Proposals: 2}) {
			t.Fatalf("shared %+v", got)
		}
		if have := w.week(); len(have) != 2 || !slices.Equal(have[soon], []string{"轮椅"}) || !slices.Equal(have[hair], []string{"义务理发"}) {
			t.Errorf("proposed %v: the chair is for what is due first, the barber for hair", have)
		}
		if other, err := w.s.Week(ctx, w.beside, exchange.WeekFilter{}); err != nil || len(other.Items) != 0 {
			t.Errorf("another community sees %+v, %v", other.Items, err)
		}
		counts, err := w.s.WeekCounts(ctx, w.worker)
		w.ok(err)
		if counts.Open != 3 || counts.Covered != 2 || counts.Offers != 2 || counts.Givers != 2 || counts.Most != 1 || !counts.MadeAt.Equal(w.clock.Now()) {
			t.Errorf("counts %+v", counts)
		}
		if bare, err := w.s.List(ctx, w.worker, exchange.Filter{Show: exchange.ShowBare}); err != nil || len(bare.Items) != 1 || bare.Items[0].ID != later {
			t.Errorf("without a proposal: %+v, %v", bare.Items, err)
		}
		if kinds := w.waits(); kinds[exchange.WaitProposed] != 2 {
			t.Errorf("there waits %v", kinds)
		}

		// Another community's turn takes nothing away here, and leaves what is promised here alone.
		_, err = w.s.Propose(ctx, w.beside)
		w.ok(err)
		if len(w.week()) != 2 {
			t.Errorf("another community's turn changed what is proposed here: %v", w.week())
		}

		w.refused(w.s.Pass(ctx, w.worker, soon, chair, "  "), errs.Invalid)
		w.refused(w.s.Pass(ctx, w.beside, soon, chair, "太旧"), errs.NotFound)
		w.refused(w.s.Pass(ctx, w.worker, later, chair, "没有建议过"), errs.Conflict)
		w.ok(w.s.Pass(ctx, w.worker, soon, chair, "要带靠背的"))
		if list, err := w.s.Proposals(ctx, w.worker, soon); err != nil || len(list) != 0 {
			t.Errorf("what was declined is proposed on the page of the need: %+v, %v", list, err)
		}
		if e := w.get(soon).Entries; e[len(e)-1].Act != exchange.ActPass || e[len(e)-1].Words != "要带靠背的" {
			t.Errorf("the reason is not kept: %+v", e[len(e)-1])
		}
		_, err = w.s.Accept(ctx, w.worker, soon, chair, 1) // somebody declined it meanwhile
		w.refused(err, errs.Conflict)
		pledge, err := w.s.Accept(ctx, w.worker, hair, barber, 1)
		w.ok(err)
		_, err = w.s.Accept(ctx, w.worker, hair, barber, 1)
		w.refused(err, errs.Conflict)

		// The unit is asked, and sees nothing of who asked before it says yes.
		if p := w.get(hair).Pledges; len(p) != 1 || !p[0].ForGiver() {
			t.Fatalf("after accepting there is %+v", p)
		}
		if kinds := w.waits(); kinds[exchange.WaitAgree] != 0 {
			t.Errorf("the community waits for itself: %v", kinds)
		}
		if items, err := w.s.Waiting(ctx, w.liaison); err != nil || len(items) != 1 || items[0].Kind != exchange.WaitGive || items[0].Subject != pledge {
			t.Errorf("for the unit there waits %+v, %v", items, err)
		}
		_, _, err = w.s.Contact(ctx, w.liaison, pledge)
		w.refused(err, errs.Conflict)
		w.refused(w.s.Give(ctx, w.helper, pledge, 0), errs.NotFound)
		w.refused(w.s.Give(ctx, w.worker, pledge, 0), errs.Forbidden)
		w.ok(w.s.Give(ctx, w.liaison, pledge, 0))
		w.refused(w.s.Give(ctx, w.liaison, pledge, 0), errs.Conflict)
		_, _, err = w.s.Contact(ctx, w.liaison, pledge)
		w.ok(err)
		w.clock.Advance(time.Hour)
		w.ok(w.s.ProposeWeek(ctx, testkit.Tenant))
		if have := w.week(); len(have) != 1 || !slices.Equal(have[later], []string{"轮椅"}) {
			t.Errorf("after a refusal and an acceptance: %v", have)
		}
		list, err := w.s.Week(ctx, w.worker, exchange.WeekFilter{Community: w.community})
		w.ok(err)
		if len(list.Items) != 1 {
			t.Errorf("in the community there are %+v", list.Items)
		}
		testkit.Exec(t, w.d, `UPDATE resource SET left_over = 0 WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, chair) // given away otherwise
		if have := w.week(); len(have) != 0 {
			t.Errorf("what is not there any more is proposed: %v", have)
		}
		testkit.Exec(t, w.d, `UPDATE resource SET left_over = 1 WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, chair)

		// What is over, or past its day, is not shown any more, though nobody decided it.
		w.clock.Advance(21 * 24 * time.Hour)
		if have := w.week(); len(have) != 0 {
			t.Errorf("past its day: %v", have)
		}
	})
}

// A resource without an amount is not promised to more needs in a week than the district allows, over communities and turns.
func TestNobodyIsPromisedTooOften(t *testing.T) {
	each(t, func(w *street) {
		barber := w.gives(exchange.Offer{Kind: exchange.Trade, Title: "义务理发", Skill: "理发", OrgID: w.unit, Terms: exchange.Free})
		var needs []id.ID
		for range 5 {
			needs = append(needs, w.need(exchange.Trade, "请人上门理发", calendar.Date{}))
		}
		got, err := w.s.Propose(ctx, w.worker)
		w.ok(err)
		if got.Covered != 3 {
			t.Fatalf("one barber goes to %d in a week", got.Covered)
		}
		for _, n := range needs[:2] {
			_, err := w.s.Use(ctx, w.worker, n, barber, 1)
			w.ok(err)
		}
		if got, err = w.s.Propose(ctx, w.worker); err != nil || got.Covered != 1 {
			t.Errorf("after two of this week there is room for %+v, %v", got, err)
		}
		w.clock.Advance(8 * 24 * time.Hour)
		if got, err = w.s.Propose(ctx, w.worker); err != nil || got.Covered != 3 {
			t.Errorf("a week later there is room for %+v, %v", got, err)
		}
	})
}

// Two who accept the same proposal at once make one pledge, and a sharing out beside them loses nothing.
func TestAProposalIsAcceptedOnce(t *testing.T) {
	each(t, func(w *street) {
		chair := w.gives(exchange.Offer{Kind: exchange.Goods, Title: "轮椅", Giver: "热心居民", Terms: exchange.Free, Amount: 50})
		for range 4 {
			got, err := w.s.Enter(ctx, w.worker, exchange.Asking{Kind: exchange.Goods, Body: "借轮椅", CommunityID: w.community}, true)
			w.ok(err)
			d := w.get(got.ID)
			w.ok(w.s.Edit(ctx, w.worker, got.ID, d.Version, exchange.Public{Title: "借轮椅", Kind: exchange.Goods, Wanted: 5, DueOn: d.DueOn}))
			_, err = w.s.Propose(ctx, w.worker)
			w.ok(err)
			var wg sync.WaitGroup
			errors := make([]error, 4)
			for i := range errors {
				wg.Go(func() {
					if i == 3 {
						_, errors[i] = w.s.Propose(ctx, w.worker)
						return
					}
					_, errors[i] = w.s.Accept(ctx, w.worker, got.ID, chair, 1)
				})
			}
			wg.Wait()
			for _, err := range errors {
				if err != nil {
					w.refused(err, errs.Conflict)
				}
			}
			if p := w.get(got.ID).Pledges; len(p) != 1 {
				t.Fatalf("one proposal made %d pledges: %v", len(p), errors)
			}
		}
	})
}

// volunteer puts somebody into the files who may be asked.
func (w *street) volunteer(name string, skills ...string) exchange.Volunteer {
	w.t.Helper()
	v := exchange.Volunteer{ID: id.New(), PersonID: w.rows.Person(w.community, name, ""), OrgID: w.community, Name: name, Skills: skills}
	testkit.Exec(w.t, w.d, `INSERT INTO volunteer (tenant_id, id, no, org_id, person_id, contact, entered_on) VALUES ($1,$2,$3,$4,$5,TRUE,'2026-01-01')`, testkit.Tenant, v.ID, v.ID.String(), v.OrgID, v.PersonID)
	w.files.list = append(w.files.list, v)
	return v
}

// hall opens a place to others.
func (w *street) hall(name string) exchange.SharedPlace {
	w.t.Helper()
	p := exchange.SharedPlace{ID: id.New(), OrgID: w.unit, Org: "供电公司", CommunityID: w.community, Name: name, Words: "排练厅 音响", Terms: exchange.Free}
	testkit.Exec(w.t, w.d, `INSERT INTO venue (tenant_id, id, org_id, community_id, kind, name, name_key, terms, audience, ahead, longest, slot, door, created_at, updated_at) VALUES ($1,$2,$3,$4,'studio',$5,'','free','residents',30,120,60,$6,1,1)`,
		testkit.Tenant, p.ID, p.OrgID, p.CommunityID, name, p.ID.String())
	w.halls.list = append(w.halls.list, p)
	return p
}

// Volunteers and shared places are weighed in the same sharing out as resources; a volunteer who is accepted is asked, and a place is booked.
func TestTheWeekSharesOutPeopleAndPlaces(t *testing.T) {
	each(t, func(w *street) {
		today := calendar.DateOf(w.clock.Now())
		barber, hand := w.volunteer("何理发", "理发"), w.volunteer("吴帮手")
		room := w.hall("职工之家排练厅")
		hair, wall, place := w.need(exchange.Trade, "请人上门理发", today.AddDays(20)), w.need(exchange.People, "搬书", today.AddDays(20)), w.need(exchange.Place, "合唱队找排练厅用", today.AddDays(20))
		goods := w.need(exchange.Goods, "借轮椅", today.AddDays(20))
		got, err := w.s.Propose(ctx, w.worker)
		w.ok(err)
		if got != (exchange.Shared{Needs: 4, Covered: 3, Proposals: 3}) {
			t.Fatalf("shared %+v", got)
		}
		list, err := w.s.Week(ctx, w.worker, exchange.WeekFilter{})
		w.ok(err)
		seen := map[id.ID]exchange.Suggestion{}
		for _, n := range list.Items {
			if len(n.Proposals) != 1 {
				t.Fatalf("for %s there is %+v", n.Title, n.Proposals)
			}
			seen[n.ID] = n.Proposals[0]
		}
		if p := seen[hair]; p.Source != exchange.OfVolunteer || p.ID != barber.ID || p.Title != "何理发" || p.Giver != "文港社区" || !slices.Equal(p.Reasons, []exchange.Reason{exchange.SkillFits, exchange.SamePlace}) {
			t.Errorf("for hair %+v", p)
		}
		if p := seen[place]; p.Source != exchange.OfPlace || p.ID != room.ID || p.Giver != "供电公司" || !slices.Contains(p.Reasons, exchange.WordsMeet) {
			t.Errorf("for the choir %+v", p)
		}
		if looks, err := audit.Search(ctx, w.d, authz.System(testkit.Tenant, "x").Scope(audit.PermRead), audit.Filter{PersonID: barber.PersonID, Looks: true}); err != nil || len(looks.Items) != 1 {
			t.Errorf("%d looks at who is named, %v", len(looks.Items), err)
		}
		counts, err := w.s.WeekCounts(ctx, w.worker)
		w.ok(err)
		if counts.Open != 4 || counts.Covered != 3 || counts.Offers != 3 || counts.Givers != 3 || counts.Most != 1 {
			t.Errorf("counts %+v", counts)
		}
		if bare, err := w.s.List(ctx, w.worker, exchange.Filter{Show: exchange.ShowBare}); err != nil || len(bare.Items) != 1 || bare.Items[0].ID != goods {
			t.Errorf("without a proposal: %+v, %v", bare.Items, err)
		}

		// Accepting asks: the place is kept, nobody's contact is seen, and a second press finds it decided.
		_, err = w.s.Accept(ctx, w.beside, hair, barber.ID, 1)
		w.refused(err, errs.NotFound)
		pledge, err := w.s.Accept(ctx, w.worker, hair, barber.ID, 1)
		w.ok(err)
		_, err = w.s.Accept(ctx, w.worker, hair, barber.ID, 1)
		w.refused(err, errs.Conflict)
		if p := w.get(hair).Pledges; len(p) != 1 || p[0].ID != pledge || !p[0].ForVolunteer() || p[0].VolunteerID != barber.ID {
			t.Fatalf("after accepting there is %+v", p)
		}
		own := testkit.Own(testkit.Tenant, barber.PersonID, exchange.PermOwn)
		_, _, err = w.s.Contact(ctx, own, pledge)
		w.refused(err, errs.Conflict)
		_, err = w.s.Accept(ctx, w.worker, place, room.ID, 1) // it needs a time
		w.refused(err, errs.Conflict)

		// Who is not suitable is not proposed again, here or on the page of the need; who declined is not either.
		w.ok(w.s.Pass(ctx, w.worker, wall, hand.ID, "手上有伤"))
		w.ok(w.s.TakeBack(ctx, own, pledge, 0, "那天有事"))
		_, err = w.s.Propose(ctx, w.worker)
		w.ok(err)
		list, err = w.s.Week(ctx, w.worker, exchange.WeekFilter{})
		w.ok(err)
		for _, n := range list.Items {
			for _, p := range n.Proposals {
				if n.ID == hair || n.ID == wall && p.ID == hand.ID {
					t.Errorf("for %s %s is proposed again", n.Title, p.Title)
				}
			}
		}
		if _, found, err := w.s.VolunteersFor(ctx, w.worker, wall); err != nil || slices.ContainsFunc(found, func(v exchange.VolunteerProposal) bool { return v.ID == hand.ID }) {
			t.Errorf("the page of the need proposes %+v, %v", found, err)
		}
		if places, err := w.s.PlacesFor(ctx, w.worker, place); err != nil || len(places) != 1 || places[0].ID != room.ID {
			t.Errorf("the page of the need has the places %+v, %v", places, err)
		}
		w.ok(w.s.Pass(ctx, w.worker, place, room.ID, "太小"))
		if places, err := w.s.PlacesFor(ctx, w.worker, place); err != nil || len(places) != 0 {
			t.Errorf("what was declined is a place still: %+v, %v", places, err)
		}

		// Who moved away or does not wish to be contacted any more, and a place that closed, are not shown.
		more := w.need(exchange.Trade, "请人理发", today.AddDays(20))
		_, err = w.s.Propose(ctx, w.worker)
		w.ok(err)
		if have := w.week(); len(have[more]) == 0 {
			t.Fatalf("proposed %v", have)
		}
		testkit.Exec(t, w.d, `UPDATE person SET moved_out_on = '2026-03-01' WHERE tenant_id = $1`, testkit.Tenant)
		if have := w.week(); len(have[more]) != 0 {
			t.Errorf("who moved away is shown: %v", have)
		}
		testkit.Exec(t, w.d, `UPDATE person SET moved_out_on = '' WHERE tenant_id = $1`, testkit.Tenant)

		// Why somebody was not suitable goes with them; why a place was not stays.
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return exchange.ForgetTx(ctx, tx, testkit.Tenant, []id.ID{hand.PersonID}) }))
		words := func(n id.ID) (out []string) {
			for _, e := range w.get(n).Entries {
				if e.Act == exchange.ActPass {
					out = append(out, e.Words)
				}
			}
			return out
		}
		if a, b := words(wall), words(place); !slices.Equal(a, []string{""}) || !slices.Equal(b, []string{"太小"}) {
			t.Errorf("kept are %q and %q", a, b)
		}
		testkit.Exec(t, w.d, `UPDATE volunteer SET contact = FALSE WHERE tenant_id = $1`, testkit.Tenant)
		testkit.Exec(t, w.d, `UPDATE venue SET ended_on = '2026-03-01' WHERE tenant_id = $1`, testkit.Tenant)
		if have, err := w.s.Week(ctx, w.worker, exchange.WeekFilter{}); err != nil || len(have.Items) != 0 {
			t.Errorf("still shown: %+v, %v", have.Items, err)
		}
	})
}

// A volunteer is proposed to no more needs in a week than the district says; what they pledged and their shifts count.
func TestAVolunteersWeekIsLimited(t *testing.T) {
	each(t, func(w *street) {
		v := w.volunteer("何理发", "理发")
		for range 5 {
			w.need(exchange.Trade, "请人上门理发", calendar.Date{})
		}
		covered := func(want int64) {
			t.Helper()
			if got, err := w.s.Propose(ctx, w.worker); err != nil || got.Covered != want {
				t.Errorf("covered %+v, %v; want %d", got, err, want)
			}
		}
		covered(2)
		list, err := w.s.Week(ctx, w.worker, exchange.WeekFilter{})
		w.ok(err)
		_, err = w.s.Accept(ctx, w.worker, list.Items[0].ID, v.ID, 1)
		w.ok(err)
		covered(1)
		w.files.list[0].Shifts = 1
		covered(0)
		w.clock.Advance(8 * 24 * time.Hour)
		covered(1)
	})
}

// A booking for a need makes the owner of the place who helps, as soon as it stands, and not any more when it is called off.
func TestABookingMeetsANeed(t *testing.T) {
	each(t, func(w *street) {
		room := w.hall("排练厅")
		place, other := w.need(exchange.Place, "合唱队找地方排练", calendar.Date{}), w.need(exchange.Goods, "借轮椅", calendar.Date{})
		_, err := w.s.Propose(ctx, w.worker)
		w.ok(err)
		booked := func() id.ID {
			b := id.New()
			testkit.Exec(t, w.d, `INSERT INTO venue_booking (tenant_id, id, no, venue_id, channel, starts_at, ends_at, people, state, created_at, need_id) VALUES ($1,$2,$3,$4,'desk',1,2,1,'asked',1,$5)`, testkit.Tenant, b, b.String(), room.ID, place)
			return b
		}
		r := exchange.Reservation{Booking: booked(), Venue: room.ID, Owner: w.unit}
		in := func(do func(tx *db.Tx) error) error { return w.d.WithTx(ctx, do) }
		w.refused(in(func(tx *db.Tx) error { return w.s.BookTx(ctx, tx, w.beside, place, r) }), errs.Invalid)
		w.refused(in(func(tx *db.Tx) error { return w.s.BookTx(ctx, tx, w.worker, other, r) }), errs.Invalid)
		w.ok(in(func(tx *db.Tx) error { return w.s.BookTx(ctx, tx, w.worker, place, r) })) // it is to be confirmed
		if d := w.get(place); len(d.Pledges) != 0 || d.State != exchange.Open {
			t.Fatalf("before it stands there is %+v", d.Pledges)
		}
		if len(w.week()) != 0 {
			t.Errorf("what was booked is proposed: %v", w.week())
		}
		// While it waits it stands on the page of the need, and the place is not proposed again, whoever booked it without a proposal.
		testkit.Exec(t, w.d, `DELETE FROM need_proposal WHERE tenant_id = $1`, testkit.Tenant)
		if got, err := w.s.Propose(ctx, w.worker); err != nil || got.Proposals != 0 {
			t.Errorf("while it waits %+v is proposed, %v", got, err)
		}
		if list, err := w.s.PlacesFor(ctx, w.worker, place); err != nil || len(list) != 0 {
			t.Errorf("while it waits the page proposes %+v, %v", list, err)
		}
		if b := w.get(place).Bookings; len(b) != 1 || b[0].ID != r.Booking || b[0].State != "asked" || b[0].Venue != "排练厅" || b[0].OwnerID != w.unit {
			t.Errorf("the page of the need shows %+v", b)
		}
		r.Stands = true
		for range 2 {
			w.ok(in(func(tx *db.Tx) error { return w.s.ReserveTx(ctx, tx, w.liaison, exchange.PermOffer, place, r) }))
		}
		d := w.get(place)
		if len(d.Pledges) != 1 || d.Pledges[0].OrgID != w.unit || d.Pledges[0].BookingID != r.Booking || d.Pledges[0].State != exchange.Agreed || d.State != exchange.Taken {
			t.Fatalf("after the booking it is %s, %+v", d.State, d.Pledges)
		}
		if d.Told(d.Pledges[0]) { // it was booked, and nobody there said yes to helping
			t.Error("the owner of a place that was booked sees who asked")
		}
		if _, _, err := w.s.Contact(ctx, w.liaison, d.Pledges[0].ID); errs.KindOf(err) != errs.Conflict {
			t.Errorf("the owner reads who asked: %v", err)
		}
		if log, err := audit.Search(ctx, w.d, authz.System(testkit.Tenant, "x").Scope(audit.PermRead), audit.Filter{Action: "exchange.pledge"}); err != nil || len(log.Items) != 1 || log.Items[0].ActorRole == "" {
			t.Errorf("it is recorded as %+v, %v", log.Items, err)
		}
		again := exchange.Reservation{Booking: booked(), Venue: room.ID, Owner: w.unit}
		w.refused(in(func(tx *db.Tx) error {
			return w.s.BookTx(ctx, tx, w.worker, place, again)
		}), errs.Conflict) // it is taken
		w.ok(w.s.Share(ctx, w.worker, d.Pledges[0].ID, 0))
		if d := w.get(place); !d.Told(d.Pledges[0]) {
			t.Error("who asked agreed, and the owner does not see them")
		}
		r.Stands = false
		for range 2 {
			w.ok(in(func(tx *db.Tx) error { return w.s.ReserveTx(ctx, tx, w.liaison, exchange.PermOffer, place, r) }))
		}
		if d := w.get(place); d.State != exchange.Open || d.Taken != 0 || d.Pledges[0].State != exchange.TakenBack {
			t.Errorf("after it was called off it is %s, %+v", d.State, d.Pledges)
		}
		late := exchange.Reservation{Booking: booked(), Venue: room.ID, Owner: w.unit, Stands: true, On: w.get(place).DueOn.AddDays(1)}
		w.refused(in(func(tx *db.Tx) error { return w.s.BookTx(ctx, tx, w.worker, place, late) }), errs.Invalid)
		second := exchange.Reservation{Booking: booked(), Venue: room.ID, Owner: w.unit, Stands: true, On: w.get(place).DueOn}
		w.ok(in(func(tx *db.Tx) error { return w.s.BookTx(ctx, tx, w.worker, place, second) }))
		p := w.get(place).Pledges[0]
		w.ok(w.s.Deliver(ctx, w.worker, p.ID, 0, exchange.Delivery{}))
		second.Stands = false
		w.ok(in(func(tx *db.Tx) error { return w.s.ReserveTx(ctx, tx, w.liaison, exchange.PermOffer, place, second) }))
		if d := w.get(place); d.Pledges[0].State != exchange.Brought {
			t.Errorf("what was delivered is taken back: %+v", d.Pledges[0])
		}
	})
}

// A resource has a first day: it suits what is due from then on. Its page shows the needs that it suits, and one press uses it.
func TestAResourceSuitsNeeds(t *testing.T) {
	each(t, func(w *street) {
		today := calendar.DateOf(w.clock.Now())
		_, err := w.s.AddResource(ctx, w.worker, exchange.Offer{Kind: exchange.Goods, Title: "轮椅", Giver: "热心居民", Terms: exchange.Free, PlaceID: w.community, ValidFrom: today.AddDays(9), ValidUntil: today.AddDays(8)})
		w.refused(err, errs.Invalid)
		soon, later, far := w.need(exchange.Goods, "借轮椅", today.AddDays(2)), w.need(exchange.Goods, "借一把轮椅", today.AddDays(20)), w.need(exchange.Goods, "借雨伞", today.AddDays(20))
		w.need(exchange.Place, "轮椅停放的地方", today.AddDays(20))
		chair := w.gives(exchange.Offer{Kind: exchange.Goods, Title: "轮椅", OrgID: w.unit, Terms: exchange.Free, Amount: 2, ValidFrom: today.AddDays(5)})
		r, err := w.s.Resource(ctx, w.worker, chair)
		w.ok(err)
		if r.ValidFrom != today.AddDays(5) {
			t.Errorf("it is there from %s", r.ValidFrom)
		}
		suits := func(a authz.Actor) (out []id.ID) {
			t.Helper()
			list, err := w.s.Suits(ctx, a, chair)
			w.ok(err)
			for _, n := range list {
				out = append(out, n.ID)
			}
			return out
		}
		for name, a := range map[string]authz.Actor{"community": w.worker, "giver": w.liaison} {
			if got := suits(a); !slices.Equal(got, []id.ID{later, far}) {
				t.Errorf("for the %s it suits %v, want %v", name, got, []id.ID{later, far})
			}
		}
		_, err = w.s.Propose(ctx, w.worker)
		w.ok(err)
		if have := w.week(); len(have[soon]) != 0 || len(have[later]) != 1 {
			t.Errorf("proposed %v", have)
		}
		if list, err := w.s.Proposals(ctx, w.worker, soon); err != nil || len(list) != 0 {
			t.Errorf("before its first day it is proposed: %+v, %v", list, err)
		}
		_, err = w.s.Use(ctx, w.worker, soon, chair, 1)
		w.refused(err, errs.Invalid)
		_, err = w.s.Use(ctx, w.worker, later, chair, 1)
		w.ok(err)
		w.ok(w.s.EditResource(ctx, w.worker, chair, exchange.Offer{Kind: exchange.Goods, Title: "轮椅", Terms: exchange.Free, Amount: 2, ValidUntil: today.AddDays(60), Version: 2}))
		if got := suits(w.worker); !slices.Equal(got, []id.ID{soon, far}) {
			t.Errorf("from now on it suits %v", got)
		}
		_, err = w.s.Suits(ctx, w.beside, chair)
		w.refused(err, errs.NotFound)
	})
}
