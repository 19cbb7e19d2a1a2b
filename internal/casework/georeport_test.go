package casework_test

import (
	"slices"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/testkit"
)

// connected is the account of a program, for a part of the tree.
func (w *street) connected(at ...id.ID) authz.Actor { return w.as(at[0], at, casework.PermConnect) }

func (w *street) opens(kind string, o casework.Opening) error {
	k, err := w.s.Kind(ctx, testkit.Tenant, kind)
	w.ok(err)
	k.Georeport = o
	return w.s.SaveKind(ctx, testkit.Actor(testkit.Tenant, nil, casework.PermKinds), k)
}

func (w *street) public(a authz.Actor, f casework.ShownFilter) (nos []string) {
	w.t.Helper()
	l, err := w.s.PublicCases(ctx, a, f)
	w.ok(err)
	for _, c := range l.Items {
		nos = append(nos, c.No)
	}
	return nos
}

// TestWhatAKindOpensToOtherSystems holds who may change it, what is never opened, and what is offered.
func TestWhatAKindOpensToOtherSystems(t *testing.T) {
	each(t, func(w *street) {
		if err := w.opens("dispute", casework.Public); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a confidential kind is opened: %v", err)
		}
		w.wants(w.opens("event", "everything"), errs.Invalid, "georeport")
		keeps := testkit.Actor(testkit.Tenant, nil, casework.PermKinds)
		w.wants(w.s.SaveKind(ctx, keeps, casework.Kind{Code: "secret", Name: "密", Days: 1, Confidential: true, Georeport: casework.SentIn}), errs.Invalid, "georeport")
		codes := func() (out []string) {
			l, err := w.s.Offers(ctx, testkit.Tenant)
			w.ok(err)
			for _, o := range l {
				out = append(out, o.Code)
			}
			return out
		}
		road, lamp := "event-"+w.road.String(), "service-"+w.lamp.String()
		if got := codes(); !slices.Contains(got, road) || !slices.Contains(got, lamp) || !slices.Contains(got, "opinion") || slices.Contains(got, "dispute") || slices.Contains(got, "matter") {
			t.Errorf("at first there are offered %v", got)
		}
		testkit.Exec(t, w.d, `UPDATE catalogue_item SET public = FALSE WHERE id = $1`, w.road)
		w.ok(w.opens("service", casework.NotOpen))
		if got := codes(); slices.Contains(got, road) || slices.Contains(got, lamp) || slices.Contains(got, "service") || !slices.Contains(got, "event") {
			t.Errorf("then there are offered %v", got)
		}
		for _, code := range []string{road, lamp, "service", "dispute", "nothing", "event-x", "event-", "-1", ""} {
			if _, err := w.s.Offer(ctx, testkit.Tenant, code); errs.KindOf(err) != errs.NotFound {
				t.Errorf("the offer %q: %v", code, err)
			}
		}
		if l, err := w.s.Offers(ctx, testkit.Other); err != nil || len(l) != 0 {
			t.Errorf("another district offers %v, %v", l, err)
		}
	})
}

// TestWhatASystemSendsIsItsOwn holds the right to send, its part of the tree, and that each system reads its own.
func TestWhatASystemSendsIsItsOwn(t *testing.T) {
	each(t, func(w *street) {
		one, two := w.connected(w.street, w.community, w.other), w.connected(w.other)
		send := func(a authz.Actor, offer, address, words string) (casework.Receipt, error) {
			return w.s.Receive(ctx, a, casework.Incoming{Offer: offer, Address: address, Body: words, First: "芳", Last: "王", Phone: "13900001234"})
		}
		if _, err := send(w.worker, "event", "文港社区", "灯坏了"); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("without the right: %v", err)
		}
		if _, err := send(two, "event", "文港社区", "灯坏了"); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("outside its part: %v", err)
		}
		if _, err := w.s.Receive(ctx, one, casework.Incoming{Offer: "event", AddressID: w.street.String()}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("at an organisation that is no community: %v", err)
		}
		own, err := send(one, "opinion-"+w.complaint.String(), "文港社区 3 号楼", "王芳家楼上吵")
		w.ok(err)
		open, err := send(one, "event", "文港社区", "路灯")
		w.ok(err)
		nobody := authz.Actor{Tenant: testkit.Tenant}
		for name, c := range map[string]struct {
			who  authz.Actor
			want []string
		}{"the sender": {one, []string{own.No, open.No}}, "another system": {two, []string{open.No}}, "nobody": {nobody, []string{open.No}}, "staff": {w.top, []string{open.No}}, "the platform": {authz.System(testkit.Tenant, "x"), []string{open.No}}} {
			got := w.public(c.who, casework.ShownFilter{})
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("%s is shown %v, want %v", name, got, c.want)
			}
		}
		if got := w.public(authz.Actor{Tenant: testkit.Other}, casework.ShownFilter{}); len(got) != 0 {
			t.Errorf("another district is shown %v", got)
		}
		if got, err := w.s.PublicCase(ctx, one, own.No, true); err != nil || got.Body != "王芳家楼上吵" || got.Place != "文港社区 3 号楼" || len(got.Steps) != 1 {
			t.Errorf("the sender reads %+v, %v", got, err)
		}
		if got, err := w.s.PublicCase(ctx, nobody, open.No, true); err != nil || got.Body != "" || got.Place != "" || got.Own || len(got.Steps) != 1 || got.Steps[0].Words != "" {
			t.Errorf("nobody reads %+v, %v", got, err)
		}
		looks, err := db.Column[id.ID](ctx, w.d, `SELECT account_id FROM audit_entry WHERE tenant_id = $1 AND action = 'casework.read' ORDER BY id`, testkit.Tenant)
		if w.ok(err); !slices.Equal(looks, []id.ID{one.AccountID, one.AccountID}) {
			t.Errorf("looks at what was said are recorded of %v, want two of the sender", looks)
		}
		// It goes to who answers for the place, as any other case, and who sent it stands in the audit.
		d := w.get(w.secretary, own.ID)
		if d.Channel != casework.ByOther || d.OrgID != w.community || d.EnteredBy != one.AccountID || !d.HasReporter || !d.HasPhone {
			t.Errorf("it is %+v", d.Case)
		}
		n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'casework.report' AND account_id = $2`, testkit.Tenant, one.AccountID)
		if w.ok(err); n != 2 {
			t.Errorf("%d sendings are recorded", n)
		}
		// When the words of a case have gone, it is still counted, and still shown without them.
		w.finished(own)
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			return casework.RetentionKinds()[0].Remove(ctx, tx, testkit.Tenant, []id.ID{own.ID})
		}))
		if got, err := w.s.PublicCase(ctx, one, own.No, true); err != nil || got.Body != "" || got.Result != "" || got.Open {
			t.Errorf("without its words it is %+v, %v", got, err)
		}
	})
}

// TestAKeyIsForgottenWhenItsTimeIsOver holds that a key kept longer than it is known names a new sending.
func TestAKeyIsForgottenWhenItsTimeIsOver(t *testing.T) {
	each(t, func(w *street) {
		in := casework.Report{Key: "case-1", Body: "灯坏了"}
		first := w.report(in)
		w.clock.Advance(23 * time.Hour)
		if again := w.report(in); again.ID != first.ID || !again.Again {
			t.Errorf("after 23 hours it is %+v", again)
		}
		w.clock.Advance(2 * time.Hour)
		if later := w.report(in); later.ID == first.ID {
			t.Error("after 25 hours it is the first")
		}
	})
}

// A public case that turns out to be the same as one of a kind that is only sent in shows no more than that it ended; the other's progress is not told. One that
// follows a public case does.
func TestWhatADoubleShowsOfTheOther(t *testing.T) {
	each(t, func(w *street) {
		sender := w.connected(w.street, w.community)
		nobody := authz.Actor{Tenant: testkit.Tenant}
		event := func(words string) casework.Receipt {
			r, err := w.s.Receive(ctx, sender, casework.Incoming{Offer: "event", Address: "文港社区", Body: words})
			w.ok(err)
			return r
		}
		closed, open, main := event("门口的灯"), event("门口的灯又灭了"), event("东门的灯")
		other := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "灯不亮"})
		w.ok(w.s.Merge(ctx, w.top, closed.ID, w.v(closed.ID), other.ID))
		w.ok(w.s.Merge(ctx, w.top, open.ID, w.v(open.ID), main.ID))
		w.ok(w.s.Take(ctx, w.worker, other.ID, w.v(other.ID)))

		c, err := w.s.PublicCase(ctx, nobody, closed.No, false)
		w.ok(err)
		if c.Open || !c.SameAs || c.Same != "" || c.DoneAt.IsZero() || c.Outcome != "" {
			t.Errorf("the double of a case that is not public shows %+v", c)
		}
		d, err := w.s.PublicCase(ctx, nobody, open.No, false)
		w.ok(err)
		if !d.Open || !d.SameAs || d.Same != main.No {
			t.Errorf("the double of a public case shows %+v", d)
		}
		if got := w.public(nobody, casework.ShownFilter{Open: true}); !slices.Contains(got, open.No) || slices.Contains(got, closed.No) {
			t.Errorf("open are %v", got)
		}
		if got := w.public(nobody, casework.ShownFilter{Closed: true}); slices.Contains(got, open.No) || !slices.Contains(got, closed.No) {
			t.Errorf("closed are %v", got)
		}
	})
}
