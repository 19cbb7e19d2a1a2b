package feedback_test

import (
	"context"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/feedback"
	"linli/internal/id"
	"linli/internal/testkit"
)

func (w *world) waits(a authz.Actor) map[string]int64 {
	w.t.Helper()
	list, err := w.s.Waiting(context.Background(), a)
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]int64{}
	for _, it := range list {
		out[it.Kind] = it.Count
	}
	return out
}

func TestSlipsWaitForThoseWhoLookAfterCommunities(t *testing.T) {
	ctx := context.Background()
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, clock, 8)
		watcher := testkit.Actor(testkit.Tenant, []id.ID{w.communities[0]}, feedback.PermSee)
		clock.Set(time.Date(2026, 10, 2, 4, 0, 0, 0, time.UTC))
		if got := w.waits(w.district()); got[feedback.WaitClose] != 1 {
			t.Errorf("the quarter that is over: %v", got)
		}
		w.close()
		clock.Set(time.Date(2026, 10, 2, 4, 0, 0, 0, time.UTC))
		if got := w.waits(w.district()); len(got) != 0 {
			t.Errorf("closed today: %v", got)
		}
		me := w.members[0]
		if got := w.waits(w.self(me)); len(got) != 1 || got[feedback.WaitLook] != 1 {
			t.Errorf("the member looks at the line before it is sent: %v", got)
		}
		clock.Set(time.Date(2026, 12, 20, 4, 0, 0, 0, time.UTC))
		if got := w.waits(watcher); got[feedback.WaitUnsent] != 2 {
			t.Errorf("drafts of one community after months: %v", got)
		}
		if got := w.waits(w.district()); got[feedback.WaitUnsent] != 4 {
			t.Errorf("drafts of the district after months: %v", got)
		}
		if got := w.waits(w.secretary(0)); got[feedback.WaitSend] != 2 || got[feedback.WaitUnsent] != 0 {
			t.Errorf("the secretary is told once: %v", got)
		}
		l, err := w.s.List(ctx, watcher, feedback.Filter{State: feedback.Draft, Late: true})
		if err != nil || len(l.Items) != 2 {
			t.Errorf("the list behind it: %d, %v", len(l.Items), err)
		}

		sl := w.slip()
		if err := w.s.AskCorrection(ctx, w.self(me), sl.Slip.ID, "少一次"); err != nil {
			t.Fatal(err)
		}
		if got := w.waits(w.self(me)); len(got) != 0 {
			t.Errorf("after asking: %v", got)
		}
		wishes, err := w.s.OwnCorrections(ctx, w.self(me))
		if err != nil || len(wishes) != 1 {
			t.Fatalf("%d wishes, %v", len(wishes), err)
		}
		if err := w.s.DecideCorrection(ctx, w.secretary(0), wishes[0].ID, false, "已核对，无误。"); err != nil {
			t.Fatal(err)
		}
		if got := w.waits(w.self(me)); got[feedback.WaitDecided] != 1 {
			t.Errorf("an answer: %v", got)
		}
		if err := w.s.SeeAnswers(ctx, w.self(w.members[2])); err != nil {
			t.Fatal(err)
		}
		if got := w.waits(w.self(me)); got[feedback.WaitDecided] != 1 {
			t.Errorf("another's look counts as seen: %v", got)
		}
		if err := w.s.SeeAnswers(ctx, w.self(me)); err != nil {
			t.Fatal(err)
		}
		if got := w.waits(w.self(me)); got[feedback.WaitDecided] != 0 {
			t.Errorf("after it was seen: %v", got)
		}
		if got := w.waits(testkit.Actor(testkit.Other, nil, feedback.PermSee, feedback.PermReview, feedback.PermAnswer)); len(got) != 0 {
			t.Errorf("for the other tenant: %v", got)
		}
	})
}
