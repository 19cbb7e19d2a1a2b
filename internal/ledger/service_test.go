package ledger_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/testkit"
)

var ctx = context.Background()

// world is a district with two communities, a unit and three members.
type world struct {
	d                      *db.DB
	s                      *ledger.Service
	clock                  *testkit.Clock
	east, west, unit       id.ID
	li, wang, zhao         ledger.Holder
	district, staff, other authz.Actor
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		r := testkit.NewRows(t, d, testkit.Tenant)
		w := &world{d: d, s: ledger.New(d), clock: clock}
		w.east, w.west, w.unit = r.Organisation("community_party", "东社区"), r.Organisation("community_party", "西社区"), r.Organisation("unit", "甲单位")
		hold := func(community, unit id.ID, name string) ledger.Holder {
			p := r.Person(community, name, "")
			return ledger.Holder{MemberID: r.Member(p, community, unit, name), PersonID: p, CommunityID: community, UnitID: unit, Name: name}
		}
		w.li, w.wang, w.zhao = hold(w.east, w.unit, "李甲"), hold(w.east, 0, "王乙"), hold(w.west, w.unit, "赵丙")
		w.district = testkit.Actor(testkit.Tenant, nil, ledger.PermSee)
		w.staff = testkit.Actor(testkit.Tenant, []id.ID{w.east}, ledger.PermSee)
		w.other = testkit.Actor(testkit.Other, nil, ledger.PermSee)
		fn(t, w)
	})
}

func posting(h ledger.Holder, a ledger.Account, p ledger.Proof, amount int64, on calendar.Date) ledger.Posting {
	kind := ledger.SourceAttendance
	if a == ledger.Deeds {
		kind = ledger.SourceDeed
	}
	return ledger.Posting{Account: a, MemberID: h.MemberID, PersonID: h.PersonID, CommunityID: h.CommunityID, UnitID: h.UnitID,
		OnDate: on, Amount: amount, Proof: p, SourceKind: kind, SourceID: id.New()}
}

func (w *world) post(t *testing.T, p ledger.Posting) (out id.ID) {
	t.Helper()
	err := w.d.WithTx(ctx, func(tx *db.Tx) (err error) {
		out, err = w.s.PostTx(ctx, tx, w.district, p)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (w *world) reverse(p id.ID) error {
	return w.d.WithTx(ctx, func(tx *db.Tx) error {
		_, err := w.s.ReverseTx(ctx, tx, w.district, p, "记错")
		return err
	})
}

var (
	august   = calendar.On(2026, 8, 20)
	february = calendar.On(2026, 2, 3)
)

func TestTotalsAreTheSumOfTheListedPostings(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i, h := range []ledger.Holder{w.li, w.wang, w.zhao} {
			w.post(t, posting(h, ledger.Hours, ledger.Timed, int64(60+i), august))
			w.post(t, posting(h, ledger.Hours, ledger.Vouched, 30, february))
			w.post(t, posting(h, ledger.Deeds, ledger.Countersigned, 1, august))
		}
		wrong := w.post(t, posting(w.li, ledger.Hours, ledger.Timed, 45, august))
		if err := w.reverse(wrong); err != nil {
			t.Fatal(err)
		}
		filters := map[string]ledger.Filter{
			"everything": {}, "a quarter": {Quarter: calendar.NewQuarter(2026, 3)}, "a year": {Year: 2026}, "another year": {Year: 2025},
			"a member": {MemberID: w.li.MemberID}, "a community": {CommunityID: w.east}, "a unit": {UnitID: w.unit}, "an account": {Account: ledger.Deeds},
			"a proof": {Proof: ledger.Vouched}, "a source kind": {SourceKind: ledger.SourceDeed}, "days": {From: august, To: august},
			"what stands": {Standing: true}, "several at once": {MemberID: w.li.MemberID, Account: ledger.Hours, Quarter: calendar.NewQuarter(2026, 3)},
		}
		for name, f := range filters {
			for who, actor := range map[string]authz.Actor{"district": w.district, "community": w.staff, "member": testkit.Own(testkit.Tenant, w.li.PersonID, ledger.PermSeeOwn)} {
				want := w.total(t, actor, f)
				var got ledger.Totals
				for _, i := range w.list(t, actor, f) {
					services := int64(1)
					if i.ReversesID != 0 {
						services = -1
					}
					got.Add(i.Account, i.Proof, i.Amount, services)
				}
				if got != want {
					t.Errorf("%s seen by the %s: listed postings sum to %+v, Total says %+v", name, who, got, want)
				}
			}
		}
		if all := w.total(t, w.district, ledger.Filter{}); all.Hours.Total() != 273 || all.Deeds.Total() != 3 || all.Services != 6 {
			t.Errorf("Total = %+v, want 273 minutes, 3 deeds, 6 services", all)
		}
		if standing := w.list(t, w.district, ledger.Filter{Standing: true}); len(standing) != 9 {
			t.Errorf("%d postings stand, want 9 without the reversed pair", len(standing))
		}
	})
}

func (w *world) total(t *testing.T, a authz.Actor, f ledger.Filter) ledger.Totals {
	t.Helper()
	got, err := w.s.Total(ctx, a, f)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// list reads every page, two postings at a time.
func (w *world) list(t *testing.T, a authz.Actor, f ledger.Filter) (all []ledger.Item) {
	t.Helper()
	f.Page.Limit = 2
	for {
		l, err := w.s.List(ctx, a, f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l.Items...)
		if l.Next == "" {
			return all
		}
		f.Page.After = db.ParseCursor(l.Next)
	}
}

func TestReversedAtMostOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := w.post(t, posting(w.li, ledger.Hours, ledger.Timed, 60, august))
		if err := w.reverse(p); err != nil {
			t.Fatal(err)
		}
		if err := w.reverse(p); errs.KindOf(err) != errs.Conflict {
			t.Errorf("second reversal = %v, want a conflict", err)
		}
		items := w.list(t, w.district, ledger.Filter{})
		if len(items) != 2 {
			t.Fatalf("%d postings, want the posting and its counter-posting", len(items))
		}
		if err := w.reverse(items[0].ID); errs.KindOf(err) != errs.Conflict {
			t.Errorf("reversing a counter-posting = %v, want a conflict", err)
		}
		if items[1].ReversedByID != items[0].ID || items[0].Reason != "记错" || items[0].OnDate != august {
			t.Errorf("pair = %+v", items)
		}
	})
}

func TestOneStandingPostingPerSource(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := posting(w.li, ledger.Hours, ledger.Timed, 60, august)
		w.post(t, p)
		err := w.d.WithTx(ctx, func(tx *db.Tx) error {
			_, err := w.s.PostTx(ctx, tx, w.district, p)
			return err
		})
		if err == nil {
			t.Fatal("a source was posted twice")
		}
		err = w.d.WithTx(ctx, func(tx *db.Tx) error {
			if err := w.s.ReverseSourceTx(ctx, tx, w.district, p.SourceKind, p.SourceID, ledger.Hours, "改时间"); err != nil {
				return err
			}
			p.Amount = 50
			_, err := w.s.PostTx(ctx, tx, w.district, p)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := w.total(t, w.district, ledger.Filter{}); got.Hours.Total() != 50 || got.Services != 1 {
			t.Errorf("Total = %+v, want 50 minutes of one service", got)
		}
	})
}

func TestScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, h := range []ledger.Holder{w.li, w.wang, w.zhao} {
			w.post(t, posting(h, ledger.Hours, ledger.Timed, 60, august))
		}
		liaison := testkit.Actor(testkit.Tenant, []id.ID{w.unit}, ledger.PermSee)
		own := testkit.Own(testkit.Tenant, w.zhao.PersonID, ledger.PermSeeOwn)
		cases := []struct {
			name  string
			actor authz.Actor
			want  string
		}{
			{"the district sees all", w.district, "李甲王乙赵丙"},
			{"a community its own members", w.staff, "李甲王乙"},
			{"a unit those it employs", liaison, "李甲赵丙"},
			{"a member only their own", own, "赵丙"},
			{"another tenant nothing", w.other, ""},
			{"nobody nothing", authz.Actor{Tenant: testkit.Tenant}, ""},
		}
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				var names, people []string
				for _, i := range w.list(t, c.actor, ledger.Filter{}) {
					names = append([]string{i.MemberName}, names...)
				}
				m, err := w.s.Members(ctx, c.actor, ledger.MemberFilter{})
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range m.Items {
					people = append(people, s.Name)
					if s.Totals.Hours.Total() != 60 || s.Targets != (ledger.Targets{Hours: 16, Deeds: 12}) {
						t.Errorf("%s: %+v, want 60 minutes towards 16 h and 12 deeds", s.Name, s.Progress)
					}
				}
				if strings.Join(names, "") != c.want || strings.Join(people, "") != c.want {
					t.Errorf("postings of %v, members %v; want %s", names, people, c.want)
				}
			})
		}
		if _, err := w.s.Member(ctx, w.staff, w.zhao.MemberID, 2026); errs.KindOf(err) != errs.NotFound {
			t.Errorf("Member outside the scope = %v, want not found", err)
		}
	})
}

func TestTargetsAreDated(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		err := w.d.WithTx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO policy (tenant_id, name, valid_from, value, set_at) VALUES ($1, 'target.hours', '2026-01-01', '20', 0), ($1, 'target.hours', '2027-01-01', '24', 0)`, testkit.Tenant)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for year, want := range map[int]int64{2025: 16, 2026: 20, 2027: 24} {
			m, err := w.s.Member(ctx, w.district, w.li.MemberID, year)
			if err != nil || m.Targets.Hours != want || m.Targets.Deeds != 12 {
				t.Errorf("%d: targets %+v, %v; want %d hours, 12 deeds", year, m.Targets, err, want)
			}
		}
	})
}

func TestMemberYearHasItsQuarters(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.post(t, posting(w.li, ledger.Hours, ledger.Timed, 100, february))
		w.post(t, posting(w.li, ledger.Hours, ledger.Timed, 20, august))
		w.post(t, posting(w.li, ledger.Hours, ledger.Timed, 7, calendar.On(2025, 12, 31)))
		m, err := w.s.Member(ctx, w.district, w.li.MemberID, 0)
		if err != nil {
			t.Fatal(err)
		}
		if m.Year != 2026 || m.Quarters[0].Hours.Total() != 100 || m.Quarters[2].Hours.Total() != 20 || m.Totals.Hours.Total() != 120 {
			t.Errorf("Member = %+v", m)
		}
	})
}

func TestFollowMovesTheBooksOfAMergedCommunity(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.post(t, posting(w.li, ledger.Hours, ledger.Timed, 60, august))
		err := w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.district, w.east, w.west) })
		if err != nil {
			t.Fatal(err)
		}
		if got := w.total(t, w.district, ledger.Filter{CommunityID: w.west}); got.Hours.Total() != 60 {
			t.Errorf("the successor's book has %d minutes, want 60", got.Hours.Total())
		}
		if got := w.total(t, w.staff, ledger.Filter{}); got.Hours.Total() != 0 {
			t.Errorf("the merged community still has %d minutes", got.Hours.Total())
		}
	})
}

// fixed is a Source that a test makes up.
type fixed map[id.ID]int64

func (f fixed) Amounts(_ context.Context, _ db.Querier, _ int64, each func(string, id.ID, ledger.Account, int64) error) error {
	for source, amount := range f {
		if err := each(ledger.SourceAttendance, source, ledger.Hours, amount); err != nil {
			return err
		}
	}
	return nil
}

func TestVerifySeesEachFault(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		p := posting(w.li, ledger.Hours, ledger.Timed, 60, august)
		at := w.post(t, p)
		verify := func(want string, src fixed) {
			t.Helper()
			faults, err := w.s.Verify(ctx, w.d, testkit.Tenant, src)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(faults, "\n"); (want == "") != (got == "") || !strings.Contains(got, want) {
				t.Errorf("Verify = %q, want it to say %q", got, want)
			}
		}
		verify("", fixed{p.SourceID: 60})
		verify("amount of hours is 61, its postings sum to 60", fixed{p.SourceID: 61})
		verify("60 stands in hours without a source", nil)
		verify("its postings sum to 0", fixed{p.SourceID: 60, 7: 5})
		spoil := func(query string) {
			err := w.d.WithTx(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, query, testkit.Tenant, at); return err })
			if err != nil {
				t.Fatal(err)
			}
		}
		spoil(`UPDATE posting SET quarter = '2026Q2' WHERE tenant_id = $1 AND id = $2`)
		verify("another quarter than its day", fixed{p.SourceID: 60})
		spoil(`UPDATE posting SET quarter = '2026Q3' WHERE tenant_id = $1 AND id = $2`)
		if err := w.reverse(at); err != nil {
			t.Fatal(err)
		}
		verify("", fixed{p.SourceID: 0})
		spoil(`UPDATE posting SET amount = 59 WHERE tenant_id = $1 AND id = $2`)
		verify("does not cancel its posting", fixed{p.SourceID: -1})
	})
}

// TestBookEqualsModel posts and reverses at random and compares every sum with a model kept beside it.
func TestBookEqualsModel(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		days := []calendar.Date{february, august, calendar.On(2026, 12, 31), calendar.On(2025, 12, 31)}
		holders := []ledger.Holder{w.li, w.wang, w.zhao}
		type key struct {
			member  id.ID
			quarter calendar.Quarter
			account ledger.Account
			proof   ledger.Proof
		}
		model, open := map[key]int64{}, []ledger.Posting{}
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 5).Draw(rt, "steps") {
				if len(open) > 0 && rapid.Bool().Draw(rt, "reverse") {
					i := rapid.IntRange(0, len(open)-1).Draw(rt, "which")
					if err := w.reverse(open[i].ID); err != nil {
						rt.Fatal(err)
					}
					model[key{open[i].MemberID, open[i].Quarter(), open[i].Account, open[i].Proof}] -= open[i].Amount
					open = append(open[:i], open[i+1:]...)
					continue
				}
				p := posting(rapid.SampledFrom(holders).Draw(rt, "who"), rapid.SampledFrom(ledger.Accounts).Draw(rt, "account"),
					rapid.SampledFrom(ledger.Proofs).Draw(rt, "proof"), rapid.Int64Range(1, 600).Draw(rt, "amount"), rapid.SampledFrom(days).Draw(rt, "day"))
				p.ID = w.post(t, p)
				open = append(open, p)
				model[key{p.MemberID, p.Quarter(), p.Account, p.Proof}] += p.Amount
			}
		})
		for q := range map[calendar.Quarter]bool{calendar.QuarterOf(february): true, calendar.QuarterOf(august): true, calendar.NewQuarter(2026, 4): true, calendar.NewQuarter(2025, 4): true} {
			err := w.s.Sums(ctx, w.d, testkit.Tenant, q, func(s ledger.Sum) error {
				k := key{s.MemberID, q, s.Account, s.Proof}
				if model[k] != s.Amount {
					t.Errorf("%v: book %d, model %d", k, s.Amount, model[k])
				}
				delete(model, k)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for k, left := range model {
			if left != 0 {
				t.Errorf("%v: the book misses %d", k, left)
			}
		}
	})
}

func TestExportGivesWhatListGives(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 5 {
			w.post(t, posting(w.li, ledger.Hours, ledger.Timed, 10, august))
			w.clock.Advance(time.Second)
		}
		n := 0
		err := w.s.Export(ctx, w.staff, ledger.Filter{MemberID: w.li.MemberID}, func(i ledger.Item) error {
			n++
			if i.MemberName != "李甲" || i.CommunityName != "东社区" || i.UnitName != "甲单位" {
				t.Errorf("names %+v", i)
			}
			return nil
		})
		if err != nil || n != 5 {
			t.Errorf("Export gave %d, %v; want 5", n, err)
		}
		members := 0
		if err := w.s.ExportMembers(ctx, w.district, ledger.MemberFilter{Search: "%"}, func(ledger.Standing) error { members++; return nil }); err != nil || members != 0 {
			t.Errorf("a %% sign found %d members, %v; want none: it is a letter like any other", members, err)
		}
	})
}
