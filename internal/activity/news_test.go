package activity_test

import (
	"testing"
	"time"

	"linli/internal/activity"
	"linli/internal/authz"
	"linli/internal/countersign"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
)

// waits gives how many things of a kind wait for an actor.
func (w *world) waits(actor authz.Actor, kind string) int64 {
	w.t.Helper()
	items, err := w.s.Waiting(ctx, actor)
	w.must(err)
	for _, it := range items {
		if it.Kind == kind {
			return it.Count
		}
	}
	return 0
}

// tellsWhoMovedUp checks that who moved up learns it until they have seen it, that the organiser sees who, and that nobody else is told.
func (w *world) tellsWhoMovedUp(a id.ID, up, stays authz.Actor) {
	w.t.Helper()
	if w.waits(up, activity.WaitMovedUp) != 1 || w.waits(stays, activity.WaitMovedUp) != 0 || w.waits(w.staff, activity.WaitMoves) != 1 {
		w.t.Errorf("moved up: told %d, who still waits %d, the organiser %d; want 1, 0, 1",
			w.waits(up, activity.WaitMovedUp), w.waits(stays, activity.WaitMovedUp), w.waits(w.staff, activity.WaitMoves))
	}
	m, err := w.s.Mine(ctx, up, a)
	if w.must(err); m.MovedAt.IsZero() {
		w.t.Error("the activity does not say that they moved up")
	}
	w.must(w.s.SeeMove(ctx, stays, a)) // seeing one's own leaves others' alone
	if w.waits(up, activity.WaitMovedUp) != 1 {
		w.t.Error("another's look counts as seen")
	}
	w.must(w.s.SeeMove(ctx, up, a))
	if m, err = w.s.Mine(ctx, up, a); err != nil || m.MovedAt.IsZero() || w.waits(up, activity.WaitMovedUp) != 0 {
		w.t.Errorf("after it was seen: %+v, %v, %d wait", m, err, w.waits(up, activity.WaitMovedUp))
	}
	items, err := w.s.Enrolments(ctx, w.staff, a)
	w.must(err)
	moved := 0
	for _, e := range items {
		if !e.MovedAt.IsZero() {
			moved++
		}
	}
	if moved != 1 {
		w.t.Errorf("the organiser sees %d who moved up, want 1", moved)
	}
}

// handed is an attendance entered later, with a code in the hands of the person helped.
func (w *world) handed() (activity.Attendance, ledger.Holder, countersign.Issued) {
	w.t.Helper()
	li, _ := w.member("")
	a := w.published(nil)
	w.clock.Set(w.starts.Add(3 * time.Hour))
	t, err := w.s.Enter(ctx, w.staff, a, activity.Entry{MemberID: li.MemberID, InAt: w.starts, OutAt: w.starts.Add(time.Hour), Reason: "上门服务"})
	w.must(err)
	issued, err := w.s.IssueCode(ctx, w.staff, t.ID, "王奶奶")
	w.must(err)
	return t, li, issued
}

func (w *world) read(code string) countersign.Entered {
	w.t.Helper()
	e, err := countersign.Read(code)
	w.must(err)
	return e
}

func TestThePersonHelpedConfirmsOnThePublicPage(t *testing.T) {
	each(t, func(w *world) {
		_, li, issued := w.handed()
		e := w.read(issued.Link)
		f, err := countersign.New(w.ring).Look(ctx, w.d, e)
		w.must(err)
		c, err := w.s.Confirmation(ctx, f)
		if w.must(err); c.Who != li.Name || c.What != "清理楼道" || c.Minutes != 60 || c.Helped != "王奶奶" || c.Community != "东社区" {
			w.t.Errorf("asked to confirm %+v", c)
		}
		if m := w.minutes(li.MemberID); m != (ledger.Mix{Vouched: 60}) {
			w.t.Errorf("looking changed the ledger: %+v", m)
		}
		if _, err = w.s.ConfirmByHelped(ctx, e, "r"); err != nil {
			w.t.Fatal(err)
		}
		if m := w.minutes(li.MemberID); m != (ledger.Mix{Countersigned: 60}) {
			w.t.Errorf("ledger %+v, want 60 counter-signed", m)
		}
		_, err = w.s.ConfirmByHelped(ctx, e, "r")
		wants(w.t, err, errs.Invalid, i18n.CountersignPublicWrong)
		w.sound()
	})
}

func TestThePersonHelpedObjects(t *testing.T) {
	each(t, func(w *world) {
		att, li, issued := w.handed()
		e := w.read(issued.Link)
		w.must(w.s.ObjectByHelped(ctx, e, "没有来过", "r"))
		if m := w.minutes(li.MemberID); m != (ledger.Mix{Vouched: 60}) || w.waits(w.staff, activity.WaitObjected) != 1 {
			w.t.Errorf("ledger %+v, %d objections wait", m, w.waits(w.staff, activity.WaitObjected))
		}
		if _, err := w.s.ConfirmByHelped(ctx, e, "r"); errs.KindOf(err) != errs.Invalid {
			w.t.Errorf("confirmed after the objection: %v", err)
		}
		l, err := w.s.Attendances(ctx, w.staff, activity.Attended{Objected: true})
		if w.must(err); len(l.Items) != 1 || l.Items[0].ID != att.ID {
			w.t.Errorf("the list of objections: %d", len(l.Items))
		}
		stranger := w.staff
		stranger.Grants = nil
		if err := w.s.Settle(ctx, stranger, att.ID, "看过"); errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("a stranger settles: %v", err)
		}
		wants(w.t, w.s.Settle(ctx, w.staff, att.ID, " "), errs.Invalid, i18n.ErrRequired)
		w.must(w.s.Settle(ctx, w.staff, att.ID, "已与双方核对，时间属实。"))
		o, err := w.s.Objection(ctx, w.staff, att.ID)
		if w.must(err); o.Words != "没有来过" || o.Settled.IsZero() || w.waits(w.staff, activity.WaitObjected) != 0 {
			w.t.Errorf("after settling: %+v", o)
		}
		wants(w.t, w.s.Settle(ctx, w.staff, att.ID, "again"), errs.Conflict, i18n.CountersignNoObjection)
	})
}

func TestGuessingAPublicCodeTellsNothingAndEnds(t *testing.T) {
	each(t, func(w *world) {
		_, _, issued := w.handed()
		public := issued.Public
		other := "0"
		if public[11] == '0' {
			other = "1"
		}
		wrong := issued.Link[:len(issued.Link)-1] + other
		nowhere := issued.Link[:7] + "999999999999"
		signing := countersign.New(w.ring)
		for _, code := range []string{wrong, nowhere, wrong, wrong, wrong, wrong} {
			_, err := signing.Look(ctx, w.d, w.read(code))
			wants(w.t, err, errs.Invalid, i18n.CountersignPublicWrong)
		}
		_, err := signing.Look(ctx, w.d, w.read(issued.Link)) // five wrong tries switched it off
		wants(w.t, err, errs.Invalid, i18n.CountersignPublicWrong)
		for _, junk := range []string{"", "12345678901", "1234567890123", "320902-12345678901x", "abc", "0-123456789012"} {
			if _, err := countersign.Read(junk); errs.KindOf(err) != errs.Invalid {
				w.t.Errorf("Read(%q) = %v", junk, err)
			}
		}
		if e, err := countersign.Read(" １２３ 456-789 012 "); err != nil || e.Tenant != 0 {
			w.t.Errorf("a code with blanks = %+v, %v", e, err)
		}
	})
}
