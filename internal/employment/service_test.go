package employment_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/employment"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

type town struct {
	t                       *testing.T
	d                       *db.DB
	clock                   *testkit.Clock
	s                       *employment.Service
	rows                    testkit.Rows
	here, there, unit, shop id.ID
	station, far, seer      authz.Actor
	liaison, other          authz.Actor
	person                  id.ID
	self                    authz.Actor
	today                   calendar.Date
	ring                    *seal.Ring
}

func each(t *testing.T, fn func(w *town)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 6, 15).Time().Add(9 * time.Hour))
		w := &town{t: t, d: d, clock: clock, rows: testkit.NewRows(t, d, testkit.Tenant), today: calendar.On(2026, 6, 15), ring: seal.Ephemeral()}
		w.s = employment.New(d, w.ring)
		w.here, w.there, w.unit, w.shop = w.rows.Organisation("community_party", "文港社区"), w.rows.Organisation("community_party", "先锋社区"), w.rows.Organisation("unit", "第一纺织厂"), w.rows.Organisation("unit", "便民超市")
		testkit.Exec(t, d, `UPDATE organisation SET community_id = $1 WHERE tenant_id = $2 AND kind = 'unit'`, w.here, testkit.Tenant)
		w.station = testkit.Actor(testkit.Tenant, []id.ID{w.here}, employment.PermManage)
		w.far = testkit.Actor(testkit.Tenant, []id.ID{w.there}, employment.PermManage)
		w.seer = testkit.Actor(testkit.Tenant, nil, employment.PermSee)
		w.liaison = testkit.Actor(testkit.Tenant, []id.ID{w.unit}, employment.PermUnit)
		w.other = testkit.Actor(testkit.Tenant, []id.ID{w.shop}, employment.PermUnit)
		w.person = w.rows.Person(w.here, "赵求职", "")
		w.self = testkit.Own(testkit.Tenant, w.person)
		fn(w)
	})
}

func (w *town) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) wants(err error, kind errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if errs.KindOf(err) != kind || field != "" && (e == nil || e.Fields[field].Text.IsZero()) {
		w.t.Errorf("error %v (%+v), want %v at %q", err, e, kind, field)
	}
}

func (w *town) entry(person id.ID) employment.Entry {
	return employment.Entry{PersonID: person, Difficulty: "laid_off", Kinds: []employment.Kind{"factory", "repair"}, Skills: "电工证、挡车", WageFrom: 3000, Hours: "full", Area: "any", Words: "孩子上小学，要接送", Phone: "138 0013 8000", Consent: "in_person", ConsentOn: w.today}
}

func (w *town) register() id.ID {
	w.t.Helper()
	k, err := w.s.Register(ctx, w.station, w.entry(w.person))
	w.ok(err)
	return k
}

func (w *town) job() employment.NewJob {
	return employment.NewJob{UnitID: w.unit, Kind: "factory", Title: "挡车工", Places: 1, WageFrom: 3500, WageTo: 4500, Hours: "full", Place: "东风路 8 号", Needs: "会挡车，三班可选白班", UntilOn: w.today.AddDays(60), Contact: "孙师傅", Phone: "13912340000"}
}

// offer is a job that is public.
func (w *town) offer(n employment.NewJob) id.ID {
	w.t.Helper()
	j, err := w.s.Offer(ctx, w.liaison, n)
	w.ok(err)
	w.ok(w.s.Approve(ctx, w.station, j, true, 1))
	return j
}

func (w *town) get(k id.ID) employment.File {
	w.t.Helper()
	f, err := w.s.Get(ctx, w.station, k)
	w.ok(err)
	return f
}

func (w *town) hire() employment.Decision {
	return employment.Decision{State: employment.Hired, Hire: employment.Hire{FromOn: w.today, Contract: "fixed", Wage: "b3"}}
}

// accepted brings a seeker and a job together, up to the seeker's yes.
func (w *town) accepted(k, j id.ID) id.ID {
	w.t.Helper()
	m, err := w.s.Propose(ctx, w.station, k, j)
	w.ok(err)
	w.ok(w.s.Answer(ctx, w.station, m, true, "", "", 1))
	return m
}

func TestFromTheJobToTheFollowUp(t *testing.T) {
	each(t, func(w *town) {
		j, err := w.s.Offer(ctx, w.liaison, w.job())
		w.ok(err)
		public, err := w.s.Public(ctx, testkit.Tenant, employment.JobFilter{})
		w.ok(err)
		if len(public.Items) != 0 {
			t.Error("a job is public before the station looked at it")
		}
		w.wants(w.s.Approve(ctx, w.liaison, j, true, 1), errs.Forbidden, "")
		w.ok(w.s.Approve(ctx, w.station, j, false, 1))
		public, err = w.s.Public(ctx, testkit.Tenant, employment.JobFilter{Kind: "factory", WageFrom: 4000, Text: "挡车", Community: w.here})
		w.ok(err)
		if len(public.Items) != 1 || public.Items[0].Unit != "第一纺织厂" || public.Items[0].Phone != "" {
			t.Errorf("public: %+v", public.Items)
		}

		n := w.entry(0)
		_, err = w.s.RegisterOwn(ctx, w.self, n, false)
		w.wants(err, errs.Invalid, "consent")
		k, err := w.s.RegisterOwn(ctx, w.self, n, true)
		w.ok(err)
		f := w.get(k)
		if f.Consent != employment.ConsentOwn || f.Channel != "own" || f.Phone != "13800138000" || len(f.Suggestions) != 1 || f.Suggestions[0].ID != j ||
			!slices.Equal(f.Suggestions[0].Reasons, []employment.Reason{employment.SameKind, employment.SkillFits, employment.WageFits, employment.HoursFit, employment.Here}) {
			t.Fatalf("registered: %+v", f)
		}
		o, err := w.s.Job(ctx, w.station, j)
		w.ok(err)
		if len(o.Candidates) != 1 || o.Candidates[0].Name != "赵**" || o.Candidates[0].Phone != "" || o.Candidates[0].Skills != "" {
			t.Errorf("candidates: %+v", o.Candidates)
		}
		m, err := w.s.Propose(ctx, w.station, k, j)
		w.ok(err)
		if o, err = w.s.Job(ctx, w.liaison, j); err != nil || len(o.Matches) != 0 || len(o.Candidates) != 0 {
			t.Errorf("the unit sees who has not said yes: %+v, %v", o, err)
		}
		w.wants(w.s.Decide(ctx, w.liaison, m, w.hire(), 1), errs.NotFound, "")
		mine, ok, err := w.s.Mine(ctx, w.self)
		w.ok(err)
		if !ok || len(mine.Matches) != 1 || mine.Matches[0].Job.Phone != "" {
			t.Errorf("before the answer the contact is shown: %+v", mine.Matches)
		}
		w.ok(w.s.Answer(ctx, w.self, m, true, "", "", 1))
		if mine, _, err = w.s.Mine(ctx, w.self); err != nil || mine.Matches[0].Job.Phone != "13912340000" || mine.Matches[0].Job.Contact != "孙师傅" {
			t.Errorf("after it, it is not: %+v, %v", mine.Matches, err)
		}
		o, err = w.s.Job(ctx, w.liaison, j)
		w.ok(err)
		if len(o.Matches) != 1 || o.Matches[0].Name != "赵求职" || o.Matches[0].Phone != "13800138000" {
			t.Fatalf("the unit sees %+v", o.Matches)
		}
		w.ok(w.s.Decide(ctx, w.liaison, m, employment.Decision{State: employment.Interview}, 2))
		w.ok(w.s.Decide(ctx, w.liaison, m, w.hire(), 3))
		f = w.get(k)
		if f.State != employment.Employed || f.Result == nil || f.Result.Employer != "第一纺织厂" || f.Result.Post != "挡车工" || f.Result.NextOn.String() != "2026-09-15" {
			t.Fatalf("hired: %+v", f)
		}
		if o, err = w.s.Job(ctx, w.station, j); err != nil || o.StateOn(w.today) != employment.Filled || o.Taken != 1 {
			t.Errorf("the job that took its last: %+v, %v", o.Job, err)
		}
		_, err = w.s.Propose(ctx, w.station, k, j)
		w.wants(err, errs.Conflict, "")

		r := f.Result
		w.wants(w.s.FollowUp(ctx, w.station, r.ID, employment.Still, "", "", r.Version), errs.Invalid, "found")
		w.clock.Advance(93 * 24 * time.Hour)
		due, err := w.s.Results(ctx, w.station, employment.ResultFilter{Due: true})
		w.ok(err)
		if len(due.Items) != 1 || due.Items[0].Employer != "第一纺织厂" || due.Items[0].Name != "赵求职" {
			t.Fatalf("due: %+v", due.Items)
		}
		w.wants(w.s.FollowUp(ctx, w.far, r.ID, employment.Still, "", "", r.Version), errs.NotFound, "")
		w.ok(w.s.FollowUp(ctx, w.station, r.ID, employment.Still, "", "师傅带得好", r.Version))
		w.ok(w.s.FollowUp(ctx, w.station, r.ID, employment.Left, "quit", "想离家近一点", r.Version+1))
		if f = w.get(k); f.Result.Reason != "quit" || f.Result.Words != "师傅带得好\n想离家近一点" || !f.Result.HasLeft() {
			t.Errorf("left: %+v", f.Result)
		}
		_, err = w.s.Again(ctx, w.station, k, "", w.today)
		w.wants(err, errs.Invalid, "consent")
		_, err = w.s.Again(ctx, w.station, k, employment.ConsentOwn, w.today)
		w.wants(err, errs.Invalid, "consent")
		_, err = w.s.Again(ctx, w.self, k, employment.InPerson, w.today)
		w.wants(err, errs.Forbidden, "")
		again, err := w.s.Again(ctx, w.station, k, employment.InPerson, w.today)
		w.ok(err)
		if f = w.get(again); f.State != employment.Seeking || f.Skills != "电工证、挡车" || f.ID == k || f.Consent != employment.InPerson || f.Channel != "desk" {
			t.Errorf("seeks again: %+v", f.Seeker)
		}
		_, err = w.s.Again(ctx, w.station, k, employment.InPerson, w.today)
		w.wants(err, errs.Conflict, "")
		counts, err := w.s.Counts(ctx, w.seer)
		w.ok(err)
		if len(counts) != 1 || counts[0].Found != 1 || counts[0].Seeking != 1 || counts[0].Asked3 != 1 || counts[0].Stayed3 != 1 || counts[0].Asked6 != 1 || counts[0].Stayed6 != 0 {
			t.Errorf("counts: %+v", counts)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	each(t, func(w *town) {
		n := w.job()
		n.Needs = "限女，四十岁以下"
		_, err := w.s.Offer(ctx, w.liaison, n)
		w.wants(err, errs.Invalid, "needs")
		n = w.job()
		n.UnitID = w.shop
		_, err = w.s.Offer(ctx, w.liaison, n)
		w.wants(err, errs.Invalid, "unit")
		_, err = w.s.Offer(ctx, w.far, n)
		w.wants(err, errs.Invalid, "unit")
		n = w.job()
		n.WageTo, n.UntilOn, n.Places, n.Phone = 100, w.today.AddDays(-1), 0, "12"
		_, err = w.s.Offer(ctx, w.liaison, n)
		for _, field := range []string{"wage_to", "until_on", "places", "phone"} {
			w.wants(err, errs.Invalid, field)
		}

		n = w.job()
		n.Needs = "交押金 200 元"
		j, err := w.s.Offer(ctx, w.station, n) // what is to be looked at is not public at once, whoever enters it
		w.ok(err)
		w.wants(w.s.Approve(ctx, w.station, j, false, 1), errs.Invalid, "checked")
		w.wants(w.s.Refuse(ctx, w.station, j, " ", 1), errs.Invalid, "why")
		w.ok(w.s.Refuse(ctx, w.station, j, "不能收押金", 1))
		w.wants(w.s.Approve(ctx, w.station, j, true, 2), errs.Conflict, "")
		n.Needs = "会挡车"
		w.ok(w.s.Change(ctx, w.liaison, j, n, 2))
		if o, err := w.s.Job(ctx, w.liaison, j); err != nil || o.State != employment.Asked || o.Answer != "" || o.Contact != "孙师傅" {
			t.Errorf("changed: %+v, %v", o.Job, err)
		}
		w.ok(w.s.Approve(ctx, w.station, j, false, 3))
		w.wants(w.s.Approve(ctx, w.station, j, false, 3), errs.Conflict, "")

		k := w.register()
		_, err = w.s.Register(ctx, w.station, w.entry(w.person))
		w.wants(err, errs.Invalid, "person")
		_, err = w.s.Register(ctx, w.station, w.entry(w.rows.Person(w.there, "远方", "")))
		w.wants(err, errs.Invalid, "person")
		bad := w.entry(w.person)
		bad.Consent, bad.Difficulty, bad.Kinds, bad.Phone = "", "x", []employment.Kind{"nothing"}, "12"
		_, err = w.s.Register(ctx, w.station, bad)
		for _, field := range []string{"consent", "difficulty", "kinds", "phone"} {
			w.wants(err, errs.Invalid, field)
		}
		bad = w.entry(w.person)
		bad.Consent = employment.ConsentOwn // is said by nobody else
		_, err = w.s.Register(ctx, w.station, bad)
		w.wants(err, errs.Invalid, "consent")
		_, err = w.s.Propose(ctx, w.far, k, j)
		w.wants(err, errs.NotFound, "")
		_, err = w.s.Propose(ctx, w.self, k, j)
		w.wants(err, errs.Forbidden, "")
		m, err := w.s.Propose(ctx, w.station, k, j)
		w.ok(err)
		w.wants(w.s.Answer(ctx, w.self, m, false, "", "", 1), errs.Invalid, "reason")
		w.wants(w.s.Answer(ctx, testkit.Own(testkit.Tenant, w.rows.Person(w.here, "旁人", "")), m, true, "", "", 1), errs.NotFound, "")
		w.ok(w.s.Answer(ctx, w.self, m, false, "far", "坐车要一小时", 1))
		_, err = w.s.Propose(ctx, w.station, k, j)
		w.wants(err, errs.Conflict, "") // what was declined is not proposed again
		if f := w.get(k); len(f.Suggestions) != 0 || f.Matches[0].Words != "坐车要一小时" {
			t.Errorf("declined: %+v", f)
		}
		w.wants(w.s.Withdraw(ctx, w.self, k, "", 1), errs.Invalid, "ending")
		w.ok(w.s.Withdraw(ctx, w.self, k, "asked", 1))
		w.wants(w.s.Employ(ctx, w.station, k, employment.Found{Hire: employment.Hire{FromOn: w.today, Contract: "own"}, Employer: "自己的店", Post: "修车"}), errs.Conflict, "")
	})
}

func TestWorkFoundElsewhereEndsWhatGoesOn(t *testing.T) {
	each(t, func(w *town) {
		n := w.job()
		n.Places = 3
		j := w.offer(n)
		k := w.register()
		m := w.accepted(k, j)
		w.ok(w.s.Employ(ctx, w.station, k, employment.Found{Hire: employment.Hire{FromOn: w.today.AddDays(-100), Contract: "own"}, Employer: "自己的修车铺", Post: "店主", Kind: "repair"}))
		f := w.get(k)
		if f.State != employment.Employed || f.Matches[0].State != employment.Over || f.Result.NextOn.String() != "2026-06-07" {
			t.Errorf("employed: %+v", f)
		}
		w.wants(w.s.Decide(ctx, w.liaison, m, w.hire(), 3), errs.Conflict, "")
		o, err := w.s.Job(ctx, w.liaison, j)
		w.ok(err)
		if o.Taken != 0 || len(o.Matches) != 0 {
			t.Errorf("the job: %+v", o)
		}
		w.ok(w.s.Close(ctx, w.liaison, j, o.Version))
		w.wants(w.s.Close(ctx, w.liaison, j, o.Version), errs.Conflict, "")
	})
}

func TestJobsExpireAndAreFound(t *testing.T) {
	each(t, func(w *town) {
		first := w.offer(w.job())
		n := w.job()
		n.Title, n.Kind, n.UntilOn = "夜班保安", "security", w.today.AddDays(5)
		second := w.offer(n)
		list := func(f employment.JobFilter) (out []id.ID) {
			l, err := w.s.Public(ctx, testkit.Tenant, f)
			w.ok(err)
			for _, j := range l.Items {
				out = append(out, j.ID)
			}
			return out
		}
		l, err := w.s.Public(ctx, testkit.Tenant, employment.JobFilter{Page: db.Page{Limit: 1}})
		w.ok(err)
		if len(l.Items) != 1 || l.Items[0].ID != second || l.Next == "" {
			t.Fatalf("the first page: %+v", l)
		}
		if got := list(employment.JobFilter{Page: db.Page{Limit: 1, After: db.ParseCursor(l.Next)}}); !slices.Equal(got, []id.ID{first}) {
			t.Errorf("the second page: %v", got)
		}
		if got := list(employment.JobFilter{Text: "纺织"}); len(got) != 2 {
			t.Errorf("by the unit: %v", got)
		}
		if got := list(employment.JobFilter{WageFrom: 5000}); len(got) != 0 {
			t.Errorf("for more than is paid: %v", got)
		}
		w.clock.Advance(6 * 24 * time.Hour)
		if got := list(employment.JobFilter{}); !slices.Equal(got, []id.ID{first}) {
			t.Errorf("after the last day: %v", got)
		}
		past, err := w.s.Jobs(ctx, w.station, false, employment.JobFilter{State: employment.Expired})
		w.ok(err)
		if len(past.Items) != 1 || past.Items[0].ID != second {
			t.Errorf("expired: %+v", past.Items)
		}
		units, err := w.s.Jobs(ctx, w.other, true, employment.JobFilter{})
		w.ok(err)
		if len(units.Items) != 0 {
			t.Error("a unit lists the jobs of another")
		}
		_, err = w.s.Jobs(ctx, w.liaison, false, employment.JobFilter{})
		w.wants(err, errs.Forbidden, "")
		_, err = w.s.Job(ctx, w.other, first)
		w.wants(err, errs.NotFound, "")
	})
}

func TestTwoForTheLastPlace(t *testing.T) {
	each(t, func(w *town) {
		j := w.offer(w.job())
		var all []id.ID
		for _, name := range []string{"甲", "乙", "丙"} {
			k, err := w.s.Register(ctx, w.station, w.entry(w.rows.Person(w.here, name, "")))
			w.ok(err)
			all = append(all, w.accepted(k, j))
		}
		done := w.race(len(all), func(i int) error { return w.s.Decide(ctx, w.liaison, all[i], w.hire(), 2) }, errs.Conflict)
		if done != 1 {
			t.Errorf("%d were hired for one place", done)
		}
		n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM employment_result WHERE tenant_id = $1`, testkit.Tenant)
		w.ok(err)
		if n != 1 {
			t.Errorf("%d results", n)
		}
	})
}

func (w *town) race(n int, do func(i int) error, lost ...errs.Kind) (done int) {
	var wg sync.WaitGroup
	all := make([]error, n)
	for i := range all {
		wg.Go(func() { all[i] = do(i) })
	}
	wg.Wait()
	for _, err := range all {
		if err == nil {
			done++
		} else if !slices.Contains(lost, errs.KindOf(err)) {
			w.t.Errorf("who lost is told %v", err)
		}
	}
	return done
}

func TestTwoAtOnceRegisterOne(t *testing.T) {
	each(t, func(w *town) {
		if done := w.race(4, func(int) error { _, err := w.s.Register(ctx, w.station, w.entry(w.person)); return err }, errs.Invalid); done != 1 {
			t.Errorf("%d of them registered them", done)
		}
	})
}

func (w *town) certificate(k id.ID, uses int64) employment.Certificate {
	w.t.Helper()
	made, err := w.s.Issue(ctx, w.station, k, employment.NewCertificate{Version: 1, FromOn: w.today, ToOn: w.today.AddYears(3), UsesMax: uses, Entitles: []employment.Entitlement{"loan", "tax"}})
	w.ok(err)
	c, err := w.s.Certificate(ctx, w.station, made)
	w.ok(err)
	return c
}

func TestACertificateFromIssueToItsLastUse(t *testing.T) {
	each(t, func(w *town) {
		k := w.register()
		_, err := w.s.Issue(ctx, w.station, k, employment.NewCertificate{Version: 1, FromOn: w.today, ToOn: w.today.AddYears(9)})
		w.wants(err, errs.Invalid, "entitles")
		w.wants(err, errs.Invalid, "to_on")
		c := w.certificate(k, 3)
		if c.Number != "2026-000001" || c.Code == "" || !slices.Equal(c.Entitles, []employment.Entitlement{"tax", "loan"}) || c.StateOn(w.today) != employment.Valid {
			t.Fatalf("issued: %+v", c)
		}
		_, err = w.s.Issue(ctx, w.station, k, employment.NewCertificate{Version: 1, FromOn: w.today, ToOn: w.today.AddYears(1), Entitles: []employment.Entitlement{"tax"}})
		w.wants(err, errs.Conflict, "") // one holds
		other := w.entry(w.rows.Person(w.here, "钱打工", ""))
		other.Difficulty = "migrant"
		ok, err := w.s.Register(ctx, w.station, other)
		w.ok(err)
		_, err = w.s.Issue(ctx, w.station, ok, employment.NewCertificate{Version: 1, FromOn: w.today, ToOn: w.today.AddYears(1), Entitles: []employment.Entitlement{"tax"}})
		w.wants(err, errs.Conflict, "") // does not entitle

		use := employment.NewUse{UnitID: w.unit, Entitlement: "tax", On: w.today, Note: "本季度"}
		shown, err := w.s.Presented(ctx, w.liaison, strings.ToLower(c.Code))
		w.ok(err)
		if shown.Name != "赵**" || shown.PersonID != 0 || shown.Difficulty != "" {
			t.Errorf("the unit reads %+v", shown)
		}
		_, err = w.s.Use(ctx, w.other, c.Code, use, c.Version)
		w.wants(err, errs.Invalid, "unit")
		_, err = w.s.Use(ctx, w.liaison, "110101-AAAABBBBCCCC", use, 1)
		w.wants(err, errs.Invalid, "code")
		wrong := use
		wrong.Entitlement = "post"
		_, err = w.s.Use(ctx, w.liaison, c.Code, wrong, c.Version)
		w.wants(err, errs.Invalid, "entitlement")
		wrong = use
		wrong.On = w.today.AddDays(-1)
		_, err = w.s.Use(ctx, w.liaison, c.Code, wrong, c.Version)
		w.wants(err, errs.Invalid, "code") // it did not hold then
		left, err := w.s.Use(ctx, w.liaison, c.Code, use, c.Version)
		w.ok(err)
		_, err = w.s.Use(ctx, w.liaison, c.Code, use, c.Version) // the form sent twice
		w.wants(err, errs.Conflict, "")
		if left != 2 {
			t.Errorf("%d uses left", left)
		}
		left, err = w.s.Use(ctx, w.station, c.Code, employment.NewUse{UnitID: w.shop, Entitlement: "loan", On: w.today}, c.Version+1)
		w.ok(err)
		if left != 1 {
			t.Errorf("%d uses left", left)
		}
		if done := w.race(4, func(int) error { _, err := w.s.Use(ctx, w.liaison, c.Code, use, c.Version+2); return err }, errs.Invalid, errs.Conflict); done != 1 {
			t.Errorf("%d took the last use", done)
		}
		c, err = w.s.Certificate(ctx, w.self, c.ID)
		w.ok(err)
		if c.StateOn(w.today) != employment.Used || len(c.Used) != 3 || c.Used[2].Note != "本季度" || c.Used[2].Unit != "第一纺织厂" {
			t.Errorf("used: %+v", c)
		}
		_, p, err := paper.Find(ctx, w.d, c.Code)
		w.ok(err)
		public, err := w.s.Check(ctx, testkit.Tenant, p)
		w.ok(err)
		if public.Name != "赵**" || public.Uses != 3 {
			t.Errorf("public: %+v", public)
		}
		counts, err := w.s.Counts(ctx, w.seer)
		w.ok(err)
		if counts[0].Issued != 1 || counts[0].ValidNow != 0 || counts[0].UsedUp != 1 || counts[0].UsedNow != 3 {
			t.Errorf("counts: %+v", counts)
		}
		second := w.certificate(k, 0) // the first is up
		w.wants(w.s.TakeBack(ctx, w.station, second.ID, "", second.Version), errs.Invalid, "why")
		w.wants(w.s.TakeBack(ctx, w.far, second.ID, "lost", second.Version), errs.NotFound, "")
		w.ok(w.s.TakeBack(ctx, w.station, second.ID, "lost", second.Version))
		w.wants(w.s.TakeBack(ctx, w.station, second.ID, "lost", second.Version+1), errs.Conflict, "")
		_, p, err = paper.Find(ctx, w.d, second.Code)
		w.ok(err)
		if p.RevokedAt.IsZero() {
			t.Error("its code still holds")
		}
		for state, want := range map[employment.CertificateState]int{employment.Used: 1, employment.TakenBack: 1, employment.Valid: 0, employment.Past: 0, employment.Issued: 0, "": 2} {
			l, err := w.s.Certificates(ctx, w.station, employment.CertificateFilter{State: state})
			w.ok(err)
			if len(l.Items) != want {
				t.Errorf("%d are %q, want %d", len(l.Items), state, want)
			}
			for _, c := range l.Items {
				if state != "" && c.StateOn(w.today) != state {
					t.Errorf("the list of %s has one that is %s", state, c.StateOn(w.today))
				}
			}
		}
	})
}

func TestWhoReadsWhat(t *testing.T) {
	each(t, func(w *town) {
		k := w.register()
		c := w.certificate(k, 0)
		for name, a := range map[string]authz.Actor{"another community": w.far, "who sees counts": w.seer, "a unit": w.liaison, "another resident": testkit.Own(testkit.Tenant, w.rows.Person(w.here, "旁人", "")), "another tenant": testkit.Actor(testkit.Other, nil, employment.PermManage)} {
			if _, err := w.s.Get(ctx, a, k); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s reads the seeker: %v", name, err)
			}
			if _, err := w.s.Certificate(ctx, a, c.ID); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s reads the certificate: %v", name, err)
			}
			if err := w.s.Withdraw(ctx, a, k, "asked", 1); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s withdraws: %v", name, err)
			}
		}
		if l, err := w.s.List(ctx, w.far, employment.Filter{}); err != nil || len(l.Items) != 0 {
			t.Errorf("another community lists %+v, %v", l, err)
		}
		_, err := w.s.List(ctx, w.seer, employment.Filter{})
		w.wants(err, errs.Forbidden, "")
		w.get(k)
		j := w.offer(w.job())
		w.accepted(k, j)
		_, err = w.s.Presented(ctx, w.liaison, c.Code)
		w.ok(err)
		_, err = w.s.Job(ctx, w.liaison, j)
		w.ok(err)
		looks, err := audit.Search(ctx, w.d, authz.System(testkit.Tenant, "x").Scope(audit.PermRead), audit.Filter{PersonID: w.person, Looks: true})
		w.ok(err)
		acts := map[string]int{}
		for _, l := range looks.Items {
			acts[l.Action]++
		}
		if acts["employment.applicant"] != 1 || acts["employment.read"] != 1 || acts["employment.certificate_read"] != 1 || acts["employment.presented"] != 1 {
			t.Errorf("the person sees the looks %v", acts)
		}
		for _, q := range []string{"SELECT skills FROM employment_seeker", "SELECT words FROM employment_seeker", "SELECT phone FROM employment_seeker", "SELECT phone FROM employment_job", "SELECT contact FROM employment_job"} {
			b, err := db.Value[[]byte](ctx, w.d, q)
			w.ok(err)
			for _, plain := range []string{"电工", "小学", "138", "139", "孙"} {
				if len(b) == 0 || strings.Contains(string(b), plain) {
					t.Errorf("%s is not sealed", q)
				}
			}
		}
	})
}

func TestListsAndWhatWaits(t *testing.T) {
	each(t, func(w *town) {
		k := w.register()
		n := w.entry(w.rows.Person(w.here, "孙残疾", ""))
		n.Difficulty, n.Kinds = "disabled", nil
		second, err := w.s.Register(ctx, w.station, n)
		w.ok(err)
		for name, c := range map[string]struct {
			f    employment.Filter
			want []id.ID
		}{
			"difficulty": {employment.Filter{Difficulty: "disabled"}, []id.ID{second}}, "kind": {employment.Filter{Kind: "repair"}, []id.ID{k}}, "name": {employment.Filter{Text: "求职"}, []id.ID{k}}, "state": {employment.Filter{State: employment.Seeking}, []id.ID{second, k}},
			"community": {employment.Filter{OrgID: w.there}, nil},
		} {
			l, err := w.s.List(ctx, w.station, c.f)
			w.ok(err)
			var got []id.ID
			for _, x := range l.Items {
				got = append(got, x.ID)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
		waits := func(who authz.Actor) string {
			items, err := w.s.Waiting(ctx, who)
			w.ok(err)
			var out []string
			for _, i := range items {
				out = append(out, i.Kind)
			}
			return strings.Join(out, " ")
		}
		j, err := w.s.Offer(ctx, w.liaison, w.job())
		w.ok(err)
		if got := waits(w.station) + "|" + waits(w.liaison); got != employment.WaitApprove+"|" {
			t.Errorf("waits: %s", got)
		}
		w.ok(w.s.Approve(ctx, w.station, j, false, 1))
		m, err := w.s.Apply(ctx, w.self, j)
		w.ok(err)
		_, err = w.s.Apply(ctx, w.self, j)
		w.wants(err, errs.Conflict, "")
		_, err = w.s.Apply(ctx, testkit.Own(testkit.Tenant, w.rows.Person(w.here, "没登记", "")), j)
		w.wants(err, errs.Conflict, "")
		if got := waits(w.station) + "|" + waits(w.liaison) + "|" + waits(w.other); got != "|"+employment.WaitDecide+"|" {
			t.Errorf("waits: %s", got)
		}
		w.ok(w.s.Decide(ctx, w.liaison, m, w.hire(), 1))
		w.clock.Advance(100 * 24 * time.Hour)
		if got := waits(w.station) + "|" + waits(w.liaison); got != employment.WaitFollow+"|" {
			t.Errorf("waits: %s", got)
		}
	})
}

func TestForgottenAndFollowed(t *testing.T) {
	each(t, func(w *town) {
		k := w.register()
		c := w.certificate(k, 2)
		_, err := w.s.Use(ctx, w.liaison, c.Code, employment.NewUse{UnitID: w.unit, Entitlement: "tax", On: w.today, Note: "本季度"}, c.Version)
		w.ok(err)
		j := w.offer(w.job())
		w.ok(w.s.Decide(ctx, w.liaison, w.accepted(k, j), w.hire(), 2))
		kinds := employment.RetentionKinds()
		past := func(i int, before calendar.Date) []id.ID {
			a := &db.Args{}
			rows := kinds[i].Past(a, testkit.Tenant, before)
			out, err := db.Column[id.ID](ctx, w.d, "SELECT "+rows.ID+" FROM "+rows.From, a.Values()...)
			w.ok(err)
			return out
		}
		if len(past(0, w.today)) != 0 || len(past(0, w.today.AddDays(1))) != 1 {
			t.Error("the period begins with the end of the seeking")
		}
		if len(past(1, c.ToOn)) != 0 || len(past(1, c.ToOn.AddDays(1))) != 1 {
			t.Error("the period begins with the end of the certificate")
		}
		if len(past(2, w.today.AddDays(60))) != 0 || len(past(2, w.today.AddDays(61))) != 1 {
			t.Error("the period begins with the last day of the job")
		}
		for i, rows := range [][]id.ID{{k}, {c.ID}, {j}} {
			w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return kinds[i].Remove(ctx, tx, testkit.Tenant, rows) }))
			if len(past(i, c.ToOn.AddYears(5))) != 0 {
				t.Errorf("%s is removed again", kinds[i].Code)
			}
		}
		f := w.get(k)
		if !f.Forgotten || f.Name != "" || f.Phone != "" || f.Skills != "" || f.Result == nil || f.Result.Employer != "" || !f.Result.NextOn.IsZero() {
			t.Errorf("forgotten: %+v %+v", f.Seeker, f.Result)
		}
		if c, err = w.s.Certificate(ctx, w.station, c.ID); err != nil || c.Name != "" || c.Used[0].Note != "" {
			t.Errorf("forgotten: %+v, %v", c, err)
		}
		if o, err := w.s.Job(ctx, w.station, j); err != nil || o.Phone != "" {
			t.Errorf("forgotten: %+v, %v", o.Job, err)
		}

		again := w.register()
		w.certificate(again, 0)
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return employment.ForgetTx(ctx, tx, testkit.Tenant, []id.ID{w.person}) }))
		if f := w.get(again); f.State != employment.Withdrawn || f.Name != "" || f.Certificates[0].Name != "" {
			t.Errorf("forgotten by the register: %+v", f)
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.station, w.here, w.there) }))
		if f, err := w.s.Get(ctx, w.far, again); err != nil || f.OrgID != w.there {
			t.Errorf("followed: %+v, %v", f, err)
		}
		if o, err := w.s.Job(ctx, w.far, j); err != nil || !o.Station {
			t.Errorf("followed: %+v, %v", o, err)
		}
	})
}

func TestFairsCountWhoSeeks(t *testing.T) {
	each(t, func(w *town) {
		w.register()
		activity, start := id.New(), db.Micros(w.clock.Now().Add(24*time.Hour))
		testkit.Exec(t, w.d, `INSERT INTO activity (tenant_id, id, community_id, kind_code, title, place, starts_at, ends_at, state, gives_hours, organiser_id, created_at) VALUES ($1,$2,$3,'other','夏季招聘会','广场',$4,$5,'published',FALSE,1,1)`, testkit.Tenant, activity, w.here, start, start+3_600_000_000)
		for i, p := range []id.ID{w.person, w.person, w.rows.Person(w.here, "路人", ""), 0} {
			testkit.Exec(t, w.d, `INSERT INTO attendance (tenant_id, id, activity_id, person_id, community_id, guest_key, in_at, proof, state, at) VALUES ($1,$2,$3,$4,$5,$6,1,'timed','out',1)`, testkit.Tenant, id.New(), activity, p, w.here, string(rune('a'+i)))
		}
		w.wants(w.s.Link(ctx, w.far, activity, "fair"), errs.NotFound, "")
		w.wants(w.s.Link(ctx, w.station, activity, "x"), errs.Invalid, "kind")
		w.ok(w.s.Link(ctx, w.station, activity, "training"))
		w.ok(w.s.Link(ctx, w.station, activity, "fair"))
		l, err := w.s.Events(ctx, w.seer, "fair", db.Page{})
		w.ok(err)
		if len(l.Items) != 1 || l.Items[0].Seekers != 1 || l.Items[0].Title != "夏季招聘会" {
			t.Errorf("events: %+v", l.Items)
		}
		coming, err := w.s.Coming(ctx, testkit.Tenant)
		w.ok(err)
		if len(coming) != 1 {
			t.Errorf("coming: %+v", coming)
		}
		w.clock.Advance(72 * time.Hour)
		if coming, err = w.s.Coming(ctx, testkit.Tenant); err != nil || len(coming) != 0 {
			t.Errorf("past: %+v, %v", coming, err)
		}
	})
}

// A job that the station stopped learns nobody's name, and takes nobody.
func TestAJobThatWasStopped(t *testing.T) {
	each(t, func(w *town) {
		n := w.job()
		n.Places = 2
		j, k := w.offer(n), w.register()
		m, err := w.s.Propose(ctx, w.station, k, j)
		w.ok(err)
		second, err := w.s.Register(ctx, w.station, w.entry(w.rows.Person(w.here, "钱求职", "")))
		w.ok(err)
		yes := w.accepted(second, j)
		w.ok(w.s.Change(ctx, w.liaison, j, n, 2))
		w.wants(w.s.Answer(ctx, w.self, m, true, "", "", 1), errs.Conflict, "")
		w.wants(w.s.Decide(ctx, w.liaison, yes, w.hire(), 2), errs.Conflict, "")
		w.ok(w.s.Refuse(ctx, w.station, j, "单位不实", 3))
		w.wants(w.s.Answer(ctx, w.self, m, true, "", "", 2), errs.Conflict, "")
		o, err := w.s.Job(ctx, w.liaison, j)
		w.ok(err)
		if len(o.Matches) != 0 || w.get(k).Matches[0].State != employment.Over {
			t.Errorf("the unit sees %+v", o.Matches)
		}
	})
}

// One person is counted once for a spell: who is at work seeks again after it is noted that they left.
func TestWhoIsAtWorkIsNotRegisteredAgain(t *testing.T) {
	each(t, func(w *town) {
		k := w.register()
		w.ok(w.s.Employ(ctx, w.station, k, employment.Found{Hire: employment.Hire{FromOn: w.today, Contract: "own"}, Employer: "自己的店", Post: "修车"}))
		_, err := w.s.Register(ctx, w.station, w.entry(w.person))
		w.wants(err, errs.Conflict, "")
		_, err = w.s.RegisterOwn(ctx, w.self, w.entry(0), true)
		w.wants(err, errs.Conflict, "")
		_, err = w.s.Again(ctx, w.station, k, employment.InPerson, w.today)
		w.wants(err, errs.Conflict, "")
		r := w.get(k).Result
		w.ok(w.s.FollowUp(ctx, w.station, r.ID, employment.Left, "quit", "", r.Version))
		_, err = w.s.RegisterOwn(ctx, w.self, w.entry(0), true)
		w.ok(err)
	})
}

func TestAResultIsTakenBack(t *testing.T) {
	each(t, func(w *town) {
		j, k := w.offer(w.job()), w.register()
		m := w.accepted(k, j)
		w.ok(w.s.Decide(ctx, w.liaison, m, w.hire(), 2))
		r := w.get(k).Result
		w.wants(w.s.Void(ctx, w.station, r.ID, "", r.Version), errs.Invalid, "voiding")
		w.wants(w.s.Void(ctx, w.far, r.ID, "wrong", r.Version), errs.NotFound, "")
		w.wants(w.s.Void(ctx, w.liaison, r.ID, "wrong", r.Version), errs.NotFound, "")
		w.ok(w.s.Void(ctx, w.station, r.ID, "wrong", r.Version))
		w.wants(w.s.Void(ctx, w.station, r.ID, "wrong", r.Version+1), errs.NotFound, "")
		f := w.get(k)
		if f.State != employment.Seeking || !f.EndedOn.IsZero() || f.Result != nil || f.Matches[0].State != employment.Accepted {
			t.Errorf("taken back: %+v", f)
		}
		o, err := w.s.Job(ctx, w.station, j)
		w.ok(err)
		if o.Taken != 0 || o.StateOn(w.today) != employment.Open {
			t.Errorf("the job: %+v", o.Job)
		}
		counts, err := w.s.Counts(ctx, w.seer)
		w.ok(err)
		list, err := w.s.Results(ctx, w.station, employment.ResultFilter{})
		w.ok(err)
		if counts[0].Found != 0 || len(list.Items) != 0 {
			t.Errorf("it counts still: %+v, %+v", counts, list.Items)
		}
		w.ok(w.s.Decide(ctx, w.liaison, m, w.hire(), f.Matches[0].Version))
		if r := w.get(k).Result; r == nil {
			t.Error("the right result is missing")
		} else {
			w.ok(w.s.Void(ctx, w.station, r.ID, "never", r.Version))
		}
		if f := w.get(k); f.Matches[0].State != employment.Over {
			t.Errorf("who never began: %+v", f.Matches)
		}
	})
}

func TestNobodyActsForThemselves(t *testing.T) {
	each(t, func(w *town) {
		j, k := w.offer(w.job()), w.register()
		c := w.certificate(k, 0)
		worker, liaison := w.station, w.liaison
		worker.PersonID, liaison.PersonID = w.person, w.person
		_, err := w.s.Register(ctx, worker, w.entry(w.person))
		w.wants(err, errs.Conflict, "")
		_, err = w.s.Propose(ctx, worker, k, j)
		w.wants(err, errs.Conflict, "")
		m := w.accepted(k, j)
		w.wants(w.s.Decide(ctx, worker, m, w.hire(), 2), errs.Conflict, "")
		w.wants(w.s.Decide(ctx, liaison, m, w.hire(), 2), errs.Conflict, "")
		_, err = w.s.Issue(ctx, worker, k, employment.NewCertificate{Version: 1, FromOn: w.today, ToOn: w.today.AddYears(1), Entitles: []employment.Entitlement{"tax"}})
		w.wants(err, errs.Conflict, "")
		_, err = w.s.Use(ctx, liaison, c.Code, employment.NewUse{UnitID: w.unit, Entitlement: "tax", On: w.today}, c.Version)
		w.wants(err, errs.Conflict, "")
		found := employment.Found{Hire: employment.Hire{FromOn: w.today, Contract: "own"}, Employer: "自己的店", Post: "修车"}
		w.wants(w.s.Employ(ctx, worker, k, found), errs.Conflict, "")
		w.ok(w.s.Employ(ctx, w.station, k, found))
		r := w.get(k).Result
		w.wants(w.s.FollowUp(ctx, worker, r.ID, employment.Left, "quit", "", r.Version), errs.Conflict, "")
		w.wants(w.s.Void(ctx, worker, r.ID, "wrong", r.Version), errs.Conflict, "")
	})
}

// What was declined is proposed in no later spell; hours and distance are asked where the rows are read.
func TestNoIsNotAskedAgain(t *testing.T) {
	each(t, func(w *town) {
		j, k := w.offer(w.job()), w.register()
		m, err := w.s.Propose(ctx, w.station, k, j)
		w.ok(err)
		w.ok(w.s.Answer(ctx, w.self, m, false, "far", "", 1))
		w.ok(w.s.Withdraw(ctx, w.self, k, "asked", 1))
		n := w.entry(w.person)
		n.Area = employment.InCommunity
		again, err := w.s.Register(ctx, w.station, n)
		w.ok(err)
		if f := w.get(again); len(f.Suggestions) != 0 {
			t.Errorf("suggested again: %+v", f.Suggestions)
		}
		o, err := w.s.Job(ctx, w.station, j)
		w.ok(err)
		if len(o.Candidates) != 0 {
			t.Errorf("a candidate again: %+v", o.Candidates)
		}
		_, err = w.s.Propose(ctx, w.station, again, j)
		w.wants(err, errs.Conflict, "")
		other := w.job()
		other.Title, other.Place = "落纱工", "女儿桥 3 号"
		second := w.offer(other)
		shifts := other
		shifts.Hours = "shift"
		w.offer(shifts)
		if f := w.get(again); len(f.Suggestions) != 1 || f.Suggestions[0].ID != second {
			t.Errorf("suggested: %+v", f.Suggestions)
		}
		if o, err = w.s.Job(ctx, w.station, second); err != nil || len(o.Candidates) != 1 || o.Candidates[0].ID != again {
			t.Errorf("candidates: %+v, %v", o.Candidates, err)
		}
		other.WageFrom, other.WageTo = 4000, 0 // from 4,000
		open := w.offer(other)
		l, err := w.s.Public(ctx, testkit.Tenant, employment.JobFilter{WageFrom: 5000})
		w.ok(err)
		if len(l.Items) != 1 || l.Items[0].ID != open {
			t.Errorf("without a highest wage: %+v", l.Items)
		}
	})
}

// What the station has not let through reaches nobody: not by closing it, and not while what a unit changed waits.
func TestWhatIsNotLetThroughStaysHidden(t *testing.T) {
	each(t, func(w *town) {
		j, err := w.s.Offer(ctx, w.liaison, w.job())
		w.ok(err)
		w.ok(w.s.Close(ctx, w.liaison, j, 1))
		if _, err := w.s.PublicJob(ctx, testkit.Tenant, j); errs.KindOf(err) != errs.NotFound {
			t.Errorf("what was never let through is public after it was closed: %v", err)
		}
		k, open := w.register(), w.offer(w.job())
		_, err = w.s.Propose(ctx, w.station, k, open)
		w.ok(err)
		changed := w.job()
		changed.Title = "别的活"
		w.ok(w.s.Change(ctx, w.liaison, open, changed, 2))
		own, _, err := w.s.Mine(ctx, w.self)
		w.ok(err)
		if len(own.Matches) != 0 {
			t.Errorf("the seeker reads what waits: %+v", own.Matches[0].Job)
		}
		w.ok(w.s.Approve(ctx, w.station, open, true, 3))
		if own, _, err = w.s.Mine(ctx, w.self); err != nil || len(own.Matches) != 1 || own.Matches[0].Job.Title != "别的活" {
			t.Errorf("after it was let through: %+v, %v", own.Matches, err)
		}
		w.ok(w.s.Close(ctx, w.liaison, open, 4))
		if _, err := w.s.PublicJob(ctx, testkit.Tenant, open); err != nil {
			t.Errorf("what was public says no longer that it is closed: %v", err)
		}
	})
}

// A certificate is for what the station saw, a result that is voided starts no second spell beside a later one, and a telephone that the register has is not typed.
func TestTheLaterSpellTheSeenGroupAndTheKnownTelephone(t *testing.T) {
	each(t, func(w *town) {
		k := w.register()
		changed := w.entry(w.person)
		changed.Difficulty = "disabled"
		w.ok(w.s.Correct(ctx, w.self, k, changed, 1))
		_, err := w.s.Issue(ctx, w.station, k, employment.NewCertificate{Version: 1, FromOn: w.today, ToOn: w.today.AddYears(1), Entitles: []employment.Entitlement{"tax"}})
		w.wants(err, errs.Conflict, "")
		found := employment.Found{Hire: employment.Hire{FromOn: w.today, Contract: "own"}, Employer: "自己的店", Post: "修车"}
		w.ok(w.s.Employ(ctx, w.station, k, found))
		first := w.get(k).Result
		w.ok(w.s.FollowUp(ctx, w.station, first.ID, employment.Left, "quit", "", first.Version))
		again, err := w.s.Again(ctx, w.station, k, employment.InPerson, w.today)
		w.ok(err)
		w.ok(w.s.Employ(ctx, w.station, again, found))
		w.ok(w.s.Void(ctx, w.station, first.ID, "wrong", first.Version+1))
		if f := w.get(k); f.State == employment.Seeking {
			t.Error("who works in a later spell seeks again in an earlier one")
		}

		other := w.rows.Person(w.here, "钱没电话", "")
		n := w.entry(other)
		n.Phone = ""
		_, err = w.s.Register(ctx, w.station, n)
		w.wants(err, errs.Invalid, "phone")
		testkit.Exec(t, w.d, `UPDATE person SET phone = $1 WHERE tenant_id = $2 AND id = $3`, w.ring.Seal("person", "phone", other, "13700137000"), testkit.Tenant, other)
		known, err := w.s.Register(ctx, w.station, n)
		w.ok(err)
		if f := w.get(known); f.Phone != "13700137000" {
			t.Errorf("the telephone is %q", f.Phone)
		}
	})
}
