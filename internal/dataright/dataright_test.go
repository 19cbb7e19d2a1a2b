package dataright_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/dataright"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

type days struct{}

func (days) Calendar(context.Context, int64) (*calendar.Calendar, error) {
	return calendar.Default(), nil
}

type town struct {
	t                      *testing.T
	d                      *db.DB
	clock                  *testkit.Clock
	s                      *dataright.Service
	people                 *person.Service
	community              id.ID
	wang, li               id.ID
	self, clerk, secretary authz.Actor
}

func each(t *testing.T, fn func(w *town)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 3, 2).Time().Add(10 * time.Hour)) // a Monday
		ring := seal.Ephemeral()
		w := &town{t: t, d: d, clock: clock, people: person.New(d, ring)}
		w.s = dataright.NewService(d, ring, days{}, w.people)
		w.community = testkit.NewRows(t, d, testkit.Tenant).Organisation("community_party", "文港社区")
		here := []id.ID{w.community}
		w.clerk = testkit.Actor(testkit.Tenant, here, person.PermSee, person.PermEdit, dataright.PermEnter)
		w.secretary = testkit.Actor(testkit.Tenant, here, person.PermSee, dataright.PermDecide)
		w.secretary.Grants[0].Root = w.community
		w.wang = w.resident(person.Fields{Name: "王小明", IDNumber: code.WithCheck("32090219800101001"), Phone: "13800001234", WorkUnit: "旧单位"})
		w.li = w.resident(person.Fields{Name: "李秀英"})
		w.self = testkit.Own(testkit.Tenant, w.wang, person.PermSeeOwn)
		fn(w)
	})
}

func (w *town) resident(f person.Fields) id.ID {
	w.t.Helper()
	p, err := w.people.Create(ctx, w.clerk, person.NewPerson{Fields: f, CommunityID: w.community})
	w.ok(err)
	return p
}

func (w *town) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// refused fails unless err is of a kind, about a field ("" for none).
func (w *town) refused(err error, kind errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if e == nil || e.Kind != kind {
		w.t.Fatalf("error = %v, want kind %v", err, kind)
	}
	if _, there := e.Fields[field]; field != "" && !there {
		w.t.Fatalf("error = %v, want one about %s", err, field)
	}
}

func (w *town) ask(n dataright.New) dataright.Request {
	w.t.Helper()
	n.PersonID = w.wang
	i, err := w.s.Ask(ctx, w.self, n)
	w.ok(err)
	r, err := w.s.Get(ctx, w.self, i)
	w.ok(err)
	return r
}

func (w *town) person() person.Person {
	w.t.Helper()
	p, err := w.people.Get(ctx, w.clerk, w.wang)
	w.ok(err)
	return p
}

func TestACorrectionIsCarriedOutByTheDecision(t *testing.T) {
	each(t, func(w *town) {
		bad := func(n dataright.New, field string) {
			t.Helper()
			n.PersonID = w.wang
			_, err := w.s.Ask(ctx, w.self, n)
			w.refused(err, errs.Invalid, field)
		}
		bad(dataright.New{Kind: "else"}, "kind")
		bad(dataright.New{Kind: dataright.Correct, Part: "version", Value: "1"}, "part")
		bad(dataright.New{Kind: dataright.Correct, Part: "work_unit", Value: " "}, "value")
		bad(dataright.New{Kind: dataright.Correct, Part: "id_number", Value: "320902198001010011"}, "value") // a wrong check digit
		bad(dataright.New{Kind: dataright.Correct, Part: "born_on", Value: "昨天"}, "value")
		bad(dataright.New{Kind: dataright.Correct, Part: "schooling", Value: "zz"}, "value")
		bad(dataright.New{Kind: dataright.Delete, Part: "name"}, "part")
		bad(dataright.New{Kind: dataright.Explain}, "said")
		bad(dataright.New{Kind: dataright.Explain, Said: strings.Repeat("长", 1001)}, "said")

		r := w.ask(dataright.New{Kind: dataright.Correct, Part: "work_unit", Value: "新单位", Said: "换工作了"})
		if want := calendar.On(2026, 3, 23); r.DueOn != want || r.State != dataright.Open || r.Value != "新单位" || r.Channel != dataright.ByAccount {
			t.Errorf("request = %+v, want one due on %s: 15 working days", r, want)
		}
		_, err := w.s.Ask(ctx, w.self, dataright.New{Kind: dataright.Correct, PersonID: w.wang, Part: "work_unit", Value: "又一个"})
		w.refused(err, errs.Conflict, "")
		items, err := w.s.Waiting(ctx, w.secretary)
		w.ok(err)
		if len(items) != 1 || items[0].Count != 1 || items[0].DueOn != "2026-03-23" || items[0].Subject != r.ID {
			t.Errorf("Waiting = %+v", items)
		}
		w.refused(w.s.Decide(ctx, w.clerk, r.ID, dataright.Decision{Grant: true, Version: r.Version}), errs.Forbidden, "")
		w.refused(w.s.Decide(ctx, w.secretary, r.ID, dataright.Decision{Version: r.Version}), errs.Invalid, "answer")
		w.ok(w.s.Decide(ctx, w.secretary, r.ID, dataright.Decision{Grant: true, Version: r.Version}))
		if got := w.person().WorkUnit; got != "新单位" {
			t.Errorf("the record has %q, want 新单位", got)
		}
		w.refused(w.s.Decide(ctx, w.secretary, r.ID, dataright.Decision{Grant: true, Version: r.Version + 1}), errs.Conflict, "")
		r, err = w.s.Get(ctx, w.self, r.ID)
		w.ok(err)
		if r.State != dataright.Granted || r.DecidedAt.IsZero() {
			t.Errorf("request = %+v", r)
		}
	})
}

func TestADeletionEmptiesThePartAndARefusalSaysWhy(t *testing.T) {
	each(t, func(w *town) {
		r := w.ask(dataright.New{Kind: dataright.Delete, Part: "phone"})
		w.ok(w.s.Decide(ctx, w.secretary, r.ID, dataright.Decision{Grant: true, Version: r.Version}))
		if got := w.person().PhoneMask; got != "" {
			t.Errorf("the record still has %q", got)
		}
		r = w.ask(dataright.New{Kind: dataright.Restrict, Said: "不要给物业"})
		w.refused(w.s.Decide(ctx, w.secretary, r.ID, dataright.Decision{Grant: true, Version: r.Version}), errs.Invalid, "answer")
		w.ok(w.s.Decide(ctx, w.secretary, r.ID, dataright.Decision{Answer: "法律要求", Version: r.Version}))
		r, err := w.s.Get(ctx, w.self, r.ID)
		w.ok(err)
		if r.State != dataright.Refused || r.Answer != "法律要求" || r.Said != "不要给物业" {
			t.Errorf("request = %+v", r)
		}
		r = w.ask(dataright.New{Kind: dataright.Explain, Said: "电话用在哪里"})
		w.refused(w.s.Withdraw(ctx, w.clerk, r.ID), errs.Forbidden, "")
		w.ok(w.s.Withdraw(ctx, w.self, r.ID))
		w.refused(w.s.Withdraw(ctx, w.self, r.ID), errs.Conflict, "")
	})
}

func TestRequestsAreSeenByTheirPersonAndTheirCommunity(t *testing.T) {
	each(t, func(w *town) {
		r := w.ask(dataright.New{Kind: dataright.Explain, Said: "电话用在哪里"})
		elsewhere := testkit.Actor(testkit.Tenant, []id.ID{id.New()}, dataright.PermDecide, dataright.PermEnter, person.PermSee)
		for name, a := range map[string]authz.Actor{"elsewhere": elsewhere, "another": testkit.Own(testkit.Tenant, w.li, person.PermSeeOwn), "another district": testkit.Actor(testkit.Other, []id.ID{w.community}, dataright.PermDecide), "nobody": {}} {
			if _, err := w.s.Get(ctx, a, r.ID); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s: Get = %v, want not found", name, err)
			}
			if l, err := w.s.List(ctx, a, dataright.Filter{}); err != nil || len(l.Items) != 0 {
				t.Errorf("%s: List = %v, %v", name, l.Items, err)
			}
		}
		// Whoever looks is seen by the resident.
		_, err := w.s.Get(ctx, w.secretary, r.ID)
		w.ok(err)
		own := testkit.Own(testkit.Tenant, w.wang, person.PermLooksOwn)
		_, looks, err := w.people.Looks(ctx, own, w.wang, db.Page{})
		w.ok(err)
		found := false
		for _, l := range looks.Items {
			found = found || l.Purpose != ""
		}
		if !found {
			t.Errorf("looks = %+v, want the secretary's", looks.Items)
		}
		for _, f := range []dataright.Filter{{State: dataright.Open}, {Kind: dataright.Explain}, {Community: w.community}, {Text: r.No}, {Text: "王小明"}} {
			if l, err := w.s.List(ctx, w.secretary, f); err != nil || len(l.Items) != 1 || l.Items[0].Said != "" {
				t.Errorf("List(%+v) = %+v, %v", f, l.Items, err)
			}
		}
		for _, f := range []dataright.Filter{{State: dataright.Granted}, {Kind: dataright.Correct}, {Late: true}, {Text: "王"}} {
			if l, err := w.s.List(ctx, w.secretary, f); err != nil || len(l.Items) != 0 {
				t.Errorf("List(%+v) = %+v, %v", f, l.Items, err)
			}
		}
		w.clock.Advance(30 * 24 * time.Hour)
		if l, err := w.s.List(ctx, w.secretary, dataright.Filter{Late: true}); err != nil || len(l.Items) != 1 {
			t.Errorf("late ones: %+v, %v", l.Items, err)
		}
	})
}

func TestACounterTakesARequest(t *testing.T) {
	each(t, func(w *town) {
		i, err := w.s.Ask(ctx, w.clerk, dataright.New{Kind: dataright.Correct, PersonID: w.wang, Part: "name", Value: "王晓明"})
		w.ok(err)
		_, err = w.s.Ask(ctx, w.secretary, dataright.New{Kind: dataright.Explain, PersonID: w.wang, Said: "x"})
		w.refused(err, errs.Forbidden, "")
		r, err := w.s.Get(ctx, w.secretary, i)
		w.ok(err)
		if r.Channel != dataright.ByCounter {
			t.Errorf("channel = %q", r.Channel)
		}
		// Nobody decides on what they took themselves, nor on their own request.
		both := w.secretary
		both.AccountID = w.clerk.AccountID
		w.refused(w.s.Decide(ctx, both, i, dataright.Decision{Grant: true, Version: r.Version}), errs.Forbidden, "")
		self := w.secretary
		self.PersonID = w.wang
		w.refused(w.s.Decide(ctx, self, i, dataright.Decision{Grant: true, Version: r.Version}), errs.Forbidden, "")
		w.ok(w.s.Decide(ctx, w.secretary, i, dataright.Decision{Grant: true, Version: r.Version}))
		if got := w.person().Name; got != "王晓明" {
			t.Errorf("the record has %q", got)
		}
		// A word of a list stands for its code.
		i, err = w.s.Ask(ctx, w.clerk, dataright.New{Kind: dataright.Correct, PersonID: w.wang, Part: "schooling", Value: "大学本科"})
		w.ok(err)
		w.ok(w.s.Decide(ctx, w.secretary, i, dataright.Decision{Grant: true, Version: 1}))
		if want, known := code.Schoolings.Find("大学本科"); !known || w.person().Schooling != want.Code {
			t.Errorf("the record has %q", w.person().Schooling)
		}
	})
}

// A request goes with the person: the community in which they live now decides, and the former one does not see it any more.
func TestARequestFollowsThePerson(t *testing.T) {
	each(t, func(w *town) {
		r := w.ask(dataright.New{Kind: dataright.Delete, Part: "work_unit"})
		there := testkit.NewRows(t, w.d, testkit.Tenant).Organisation("community_party", "先锋社区")
		testkit.Exec(t, w.d, "UPDATE person SET community_id = $1 WHERE tenant_id = $2 AND id = $3", there, testkit.Tenant, w.wang)
		if _, err := w.s.Get(ctx, w.secretary, r.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the former community: %v", err)
		}
		now := testkit.Actor(testkit.Tenant, []id.ID{there}, dataright.PermDecide)
		w.ok(w.s.Decide(ctx, now, r.ID, dataright.Decision{Grant: true, Version: r.Version}))
	})
}

// A number that somebody asks to have recorded is masked for who may not open numbers, and shown with a record to who may.
func TestANumberInARequestIsSealed(t *testing.T) {
	each(t, func(w *town) {
		number := code.WithCheck("32090219800101003")
		r := w.ask(dataright.New{Kind: dataright.Correct, Part: "id_number", Value: number})
		if strings.Contains(r.Value, number) {
			t.Errorf("one's own page shows %q", r.Value)
		}
		if got, err := w.s.Get(ctx, w.secretary, r.ID); err != nil || got.Value == number || got.Value == "" {
			t.Errorf("without the right: %q, %v", got.Value, err)
		}
		opens := testkit.Actor(testkit.Tenant, []id.ID{w.community}, dataright.PermDecide, person.PermReveal)
		if got, err := w.s.Get(ctx, opens, r.ID); err != nil || got.Value != number {
			t.Errorf("with the right: %q, %v", got.Value, err)
		}
		_, looks, err := w.people.Looks(ctx, testkit.Own(testkit.Tenant, w.wang, person.PermLooksOwn), w.wang, db.Page{})
		w.ok(err)
		told := false
		for _, l := range looks.Items {
			told = told || l.Field == person.FieldIDNumber
		}
		if !told {
			t.Errorf("looks = %+v, want one at the number", looks.Items)
		}
		w.ok(w.s.Decide(ctx, opens, r.ID, dataright.Decision{Grant: true, Version: r.Version}))
		if got := w.person().IDMask; got != code.MaskID(number) {
			t.Errorf("the record has %q", got)
		}
	})
}
