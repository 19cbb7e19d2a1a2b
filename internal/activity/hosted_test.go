package activity_test

import (
	"testing"
	"time"

	"linli/internal/activity"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/testkit"
)

// TestWhatNoCommunityHolds takes presence at something that a unit and a sub-district hold: by the same code, without hours and deeds, and in nobody's book
// but the member's own.
func TestWhatNoCommunityHolds(t *testing.T) {
	each(t, func(w *world) {
		street := w.rows.Organisation("working_committee", "街道党工委")
		hold := func(actor authz.Actor, p activity.Plan) (made id.ID, err error) {
			err = w.d.WithTx(ctx, func(tx *db.Tx) error {
				made, err = w.s.HoldTx(ctx, tx, actor, p)
				return err
			})
			return made, err
		}
		p := w.plan()
		p.CommunityID, p.KindCode, p.Title, p.GivesHours = w.unit, "meeting", "支部党员大会", false
		liaison := testkit.Actor(testkit.Tenant, []id.ID{w.unit}, activity.PermSee, activity.PermHold)
		host := testkit.Actor(testkit.Tenant, []id.ID{street, w.east}, activity.PermSee, activity.PermHost)
		host.Grants[0].Root = street
		if _, err := hold(host, p); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("another organisation's: %v", err)
		}
		paid := p
		paid.GivesHours = true
		if _, err := hold(liaison, paid); errs.KindOf(err) != errs.Invalid {
			t.Errorf("hours from a unit's meeting: %v", err)
		}
		if _, err := w.s.Create(ctx, testkit.Actor(testkit.Tenant, []id.ID{w.unit}, activity.PermPlan), p); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("a unit plans an activity of its own: %v", err)
		}
		a, err := hold(liaison, p)
		w.must(err)
		both := testkit.Actor(testkit.Tenant, []id.ID{w.unit}, activity.PermSee, activity.PermPlan)
		if err := w.s.Edit(ctx, both, a, 1, paid); errs.KindOf(err) != errs.Invalid {
			t.Errorf("hours put on later: %v", err)
		}

		// Two members sign in by the code on the screen: one at home in the eastern community, one who reports to no community.
		screen, err := w.s.Screen(ctx, liaison, a)
		w.must(err)
		_, own := w.member("13800138001")
		if _, err := w.s.SignIn(ctx, own, activity.Presented{Code: screen.Code.String()}, nil); err != nil {
			t.Fatal(err)
		}
		stray := w.rows.Member(w.rows.Person(w.east, "流动党员", ""), 0, w.unit, "流动党员")
		at, err := w.s.SignInFor(ctx, liaison, a, stray, nil)
		w.must(err)
		if at.CreditID != 0 {
			t.Errorf("the unit stands for a community: credit %d", at.CreditID)
		}
		w.clock.Set(w.starts.Add(2 * time.Hour))
		_, err = w.s.SignOutFor(ctx, liaison, at.ID)
		w.must(err)
		w.must(w.s.Close(ctx, liaison, a))
		for _, m := range []id.ID{stray, at.MemberID} {
			if n := w.minutes(m); n.Total() != 0 {
				t.Errorf("hours %v", n)
			}
		}
		w.sound()

		// A guest's phone tells a unit nobody's name, and joins nobody.
		w.clock.Set(w.starts)
		p.CommunityID = w.unit
		open, err := hold(liaison, p)
		w.must(err)
		known := w.rows.Person(w.east, "有人", w.ring.Index("phone", "13900139000"))
		guest, err := w.s.SignInGuestFor(ctx, liaison, open, activity.Guest{Name: "来宾", Phone: "13900139000"}, nil)
		w.must(err)
		if found, err := w.s.Candidates(ctx, liaison, guest.ID); err != nil || len(found) != 0 {
			t.Errorf("a phone names %v, %v", found, err)
		}
		if err := w.s.JoinPerson(ctx, liaison, guest.ID, known); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a resident is joined: %v", err)
		}
		if err := w.s.Join(ctx, liaison, guest.ID, stray); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a member is joined: %v", err)
		}

		// The sub-district takes presence at its own, and leaves those of its communities to them.
		w.clock.Set(w.starts)
		p.CommunityID = street
		mine, err := hold(host, p)
		w.must(err)
		_, err = w.s.Screen(ctx, host, mine)
		w.must(err)
		theirs := w.published(nil)
		if _, err := w.s.Screen(ctx, host, theirs); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the sub-district shows the code of a community's activity: %v", err)
		}
		if !activity.Holds(host, street) || activity.Holds(host, w.east) {
			t.Error("the sub-district takes presence at its own and no other")
		}
		w.must(w.d.WithTx(ctx, func(tx *db.Tx) error {
			return w.s.MoveTx(ctx, tx, host, mine, "街道例会", "二楼", p.StartsAt, p.EndsAt)
		}))
		w.must(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.CallOffTx(ctx, tx, host, mine, "改期") }))
	})
}
