package activity_test

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/activity"
	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/testkit"
	"linli/internal/waiting"
)

type waitingItem = waiting.Item

// TestLedgerEqualsAttendances does at random what people do at activities and says after each run: the sum in the ledger is the sum of
// the minutes that stand, for every member, and every check of the book is clean.
func TestLedgerEqualsAttendances(t *testing.T) {
	each(t, func(w *world) {
		var holders []ledger.Holder
		var actors []authz.Actor
		for i := range 3 {
			h, me := w.member("1380000000" + strconv.Itoa(i))
			holders, actors = append(holders, h), append(actors, me)
		}
		w.starts = w.starts.Add(24 * time.Hour)
		rapid.Check(w.t, func(rt *rapid.T) {
			w.clock.Set(w.starts.Add(-10 * time.Minute))
			acts := []id.ID{w.published(func(p *activity.Plan) { p.DeedTitle = "实事" }), w.published(func(p *activity.Plan) { p.GivesHours = rapid.Bool().Draw(rt, "hours") })}
			nobody := authz.Actor{Tenant: testkit.Tenant}
			for range rapid.IntRange(3, 10).Draw(rt, "steps") {
				w.clock.Advance(time.Duration(rapid.IntRange(0, 25).Draw(rt, "wait")) * time.Minute)
				i, a := rapid.IntRange(0, 2).Draw(rt, "who"), rapid.SampledFrom(acts).Draw(rt, "where")
				var all []activity.AttendanceItem
				if l, err := w.s.Attendances(ctx, w.staff, activity.Attended{ActivityID: a, All: true}); err != nil {
					rt.Fatal(err)
				} else {
					all = l.Items
				}
				one := func() id.ID {
					if len(all) == 0 {
						return 1
					}
					return rapid.SampledFrom(all).Draw(rt, "attendance").ID
				}
				from := w.starts.Add(time.Duration(rapid.IntRange(0, 60).Draw(rt, "from")) * time.Minute)
				to := from.Add(time.Duration(rapid.IntRange(1, 60).Draw(rt, "stay")) * time.Minute)
				phone := "1380000000" + strconv.Itoa(i)
				var err error
				switch rapid.SampledFrom([]string{"in", "in", "out", "out", "guest", "guest out", "join", "enter", "correct", "void", "close", "all out"}).Draw(rt, "act") {
				case "in":
					_, err = w.s.SignIn(ctx, actors[i], w.code(a), nil)
				case "out":
					_, err = w.s.SignOut(ctx, actors[i], w.code(a))
				case "guest":
					_, err = w.s.SignInGuest(ctx, nobody, w.code(a), activity.Guest{Name: "客", Phone: phone}, nil)
				case "guest out":
					_, err = w.s.SignOutGuest(ctx, nobody, w.code(a), phone)
				case "join":
					err = w.s.Join(ctx, w.staff, one(), holders[i].MemberID)
				case "enter":
					_, err = w.s.Enter(ctx, w.staff, a, activity.Entry{MemberID: holders[i].MemberID, InAt: from, OutAt: to, Reason: "补录"})
				case "correct":
					err = w.s.Correct(ctx, w.staff, one(), activity.Correction{InAt: from, OutAt: to, Reason: "更正"})
				case "void":
					err = w.s.Void(ctx, w.staff, one(), "作废")
				case "close":
					err = w.s.Close(ctx, w.staff, a)
				case "all out":
					_, err = w.s.SignOutAll(ctx, w.staff, a)
				}
				if err != nil && errs.KindOf(err) == errs.Internal {
					rt.Fatal(err)
				}
			}
			want := map[id.ID]int64{}
			for _, a := range acts {
				l, err := w.s.Attendances(ctx, w.staff, activity.Attended{ActivityID: a})
				if err != nil {
					rt.Fatal(err)
				}
				for _, x := range l.Items {
					if x.GivesHours && x.State == activity.Out {
						want[x.MemberID] += x.Minutes
					}
				}
				for _, x := range l.Items {
					sum, err := w.book.Total(ctx, w.staff, ledger.Filter{SourceID: x.ID, Account: ledger.Hours})
					if err != nil {
						rt.Fatal(err)
					}
					if x.GivesHours && x.State == activity.Out && x.MemberID != 0 {
						want[x.MemberID] -= sum.Hours.Total()
					} else if sum.Hours.Total() != 0 {
						rt.Fatalf("%d minutes stand for %+v", sum.Hours.Total(), x)
					}
				}
			}
			for m, left := range want {
				if m != 0 && left != 0 {
					rt.Fatalf("member %s: the ledger misses %d minutes", m, left)
				}
			}
			faults, err := w.book.Verify(ctx, w.d, testkit.Tenant, w.s, w.deeds)
			if err != nil || len(faults) > 0 {
				rt.Fatalf("verify: %v %v", faults, err)
			}
		})
	})
}
