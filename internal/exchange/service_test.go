package exchange_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

// purposes knows one.
type purposes struct{}

func (purposes) Covered(_ context.Context, _ db.Querier, _ int64, purpose, _ string) error {
	if purpose != "service" {
		return errs.Field("purpose", i18n.ErrBadChoice)
	}
	return nil
}

// cases lets every number be a case of somebody, and keeps how they ended; the real ones are tested in package app.
type cases struct {
	community, person id.ID
	ended             []string
}

func (c *cases) TurnTx(context.Context, *db.Tx, authz.Actor, id.ID, int64, string) (exchange.FromCase, error) {
	return exchange.FromCase{No: "C1", Body: "独居老人想有人帮着买菜", CommunityID: c.community, PersonID: c.person}, nil
}
func (c *cases) EndTx(_ context.Context, _ *db.Tx, _ authz.Actor, _ id.ID, outcome exchange.Outcome, said string) error {
	c.ended = append(c.ended, string(outcome)+" "+said)
	return nil
}
func (*cases) NumberTx(context.Context, *db.Tx, authz.Actor, authz.Permission, id.ID) (string, string, error) {
	return "", "", errs.ErrNotFound
}

// agenda keeps what was raised and taken back.
type agenda struct {
	raised, by, to []string
	taken          []id.ID
	decided        bool
	conference     id.ID
}

func (a *agenda) WithdrawTx(_ context.Context, _ *db.Tx, _ authz.Actor, topic id.ID) error {
	if a.decided {
		return errs.New(errs.Conflict, i18n.TopicOver)
	}
	a.taken = append(a.taken, topic)
	return nil
}

func (a *agenda) Conference(context.Context, db.Querier, int64, id.ID) (id.ID, error) {
	return a.conference, nil
}

// files are the volunteers that there are; the real ones are tested in their package and with the whole program.
type files struct {
	list []exchange.Volunteer
	led  map[id.ID][]exchange.Team // by the person who leads
	in   map[id.ID][]exchange.Volunteer
}

func (f *files) Led(_ context.Context, _ db.Querier, _ int64, person id.ID) ([]exchange.Team, error) {
	return f.led[person], nil
}

func (f *files) InTeam(_ context.Context, _ db.Querier, _ int64, team id.ID) ([]exchange.Volunteer, error) {
	return f.in[team], nil
}

func (f *files) Around(context.Context, db.Querier, int64, id.ID) ([]exchange.Volunteer, error) {
	return slices.Clone(f.list), nil
}

func (f *files) Near(context.Context, db.Querier, int64, []id.ID, time.Time, time.Time) ([]exchange.Volunteer, error) {
	return slices.Clone(f.list), nil
}

// halls are the shared places that there are; the real ones are tested in their package.
type halls struct{ list []exchange.SharedPlace }

func (h *halls) Open(context.Context, db.Querier, int64) ([]exchange.SharedPlace, error) {
	return slices.Clone(h.list), nil
}

func (f *files) OfPerson(_ context.Context, _ db.Querier, _ int64, person id.ID) (exchange.Volunteer, error) {
	for _, v := range f.list {
		if v.PersonID == person {
			return v, nil
		}
	}
	return exchange.Volunteer{}, errs.ErrNotFound
}

func (a *agenda) RaiseTx(_ context.Context, _ *db.Tx, actor authz.Actor, _, body, owner id.ID, title, detail string) (id.ID, error) {
	a.by, a.to = append(a.by, actor.Name), append(a.to, body.String()+" "+owner.String())
	a.raised = append(a.raised, title+"\n"+detail)
	return id.New(), nil
}

type street struct {
	t                         *testing.T
	d                         *db.DB
	clock                     *testkit.Clock
	rows                      testkit.Rows
	s                         *exchange.Service
	book                      *ledger.Service
	agenda                    *agenda
	files                     *files
	halls                     *halls
	cases                     *cases
	community, other, unit    id.ID
	worker, beside, liaison   authz.Actor
	helper, second            authz.Actor
	memberOfHelper            id.ID
	memberOfSecond, colleague id.ID
}

var staff = []authz.Permission{exchange.PermSee, exchange.PermEnter, exchange.PermKeep, exchange.PermReveal, exchange.PermResources, ledger.PermSee}

func each(t *testing.T, fn func(w *street)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 3, 2).Time().Add(2 * time.Hour)) // ten in the morning there
		w := &street{t: t, d: d, clock: clock, agenda: &agenda{}, files: &files{}, halls: &halls{}, cases: &cases{}, rows: testkit.NewRows(t, d, testkit.Tenant)}
		w.book = ledger.New(d)
		w.s = exchange.New(d, seal.Ephemeral(), w.book, ledger.Register{}, w.cases, w.agenda, purposes{}).WithFiles(attach.NewStore(seal.Ephemeral())).WithVolunteers(w.files).WithPlaces(w.halls)
		w.community, w.other, w.unit = w.rows.Organisation("community_party", "文港社区"), w.rows.Organisation("community_party", "先锋社区"), w.rows.Organisation("unit", "供电公司")
		w.worker, w.beside = testkit.Actor(testkit.Tenant, []id.ID{w.community}, staff...), testkit.Actor(testkit.Tenant, []id.ID{w.other}, staff...)
		w.liaison = testkit.Actor(testkit.Tenant, []id.ID{w.unit}, exchange.PermOffer, ledger.PermSee)
		w.worker.Grants[0].Root, w.beside.Grants[0].Root, w.liaison.Grants[0].Root = w.community, w.other, w.unit
		p, q, r := w.rows.Person(w.community, "陈党员", ""), w.rows.Person(w.community, "李党员", ""), w.rows.Person(w.community, "王同事", "")
		w.memberOfHelper, w.memberOfSecond, w.colleague = w.rows.Member(p, w.community, w.unit, "陈党员"), w.rows.Member(q, w.community, 0, "李党员"), w.rows.Member(r, w.community, w.unit, "王同事")
		w.helper, w.second = testkit.Own(testkit.Tenant, p, exchange.PermOwn), testkit.Own(testkit.Tenant, q, exchange.PermOwn)
		for _, a := range []authz.Actor{w.worker, w.beside, w.liaison, w.helper, w.second} {
			testkit.Exec(t, d, `INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,$3,'x',1)`, testkit.Tenant, a.AccountID, "a"+a.AccountID.String())
		}
		fn(w)
	})
}

func (w *street) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *street) refused(err error, kind errs.Kind) {
	w.t.Helper()
	if errs.KindOf(err) != kind {
		w.t.Fatalf("got %v, want %v", err, kind)
	}
}

// wish is a wish that a resident made on the phone.
func (w *street) wish(body string) exchange.Receipt {
	w.t.Helper()
	got, err := w.s.Ask(ctx, testkit.Tenant, "居民", "", exchange.Asking{Kind: exchange.People, Small: true, Body: body, CommunityID: w.community, Place: "3 单元 301", Name: "吕奶奶", Phone: "13800138000", Share: true})
	w.ok(err)
	return got
}

// open is one that is public.
func (w *street) open(wanted int64) exchange.Receipt {
	w.t.Helper()
	got := w.wish("想找人陪我去医院")
	w.ok(w.s.Approve(ctx, w.worker, got.ID, 1, exchange.Public{Title: "陪老人就医", Words: "周三上午", Kind: exchange.People, Small: true, Wanted: wanted, Minutes: 120}))
	return got
}

// waits is how much waits for the worker, by kind.
func (w *street) waits() map[string]int64 {
	w.t.Helper()
	items, err := w.s.Waiting(ctx, w.worker)
	w.ok(err)
	out := map[string]int64{}
	for _, i := range items {
		out[i.Kind] = i.Count
	}
	return out
}

func (w *street) get(n id.ID) exchange.Detail {
	w.t.Helper()
	d, err := w.s.Get(ctx, w.worker, n)
	w.ok(err)
	return d
}

func (w *street) minutes(member id.ID) ledger.Mix {
	w.t.Helper()
	total, err := w.book.Total(ctx, testkit.Actor(testkit.Tenant, nil, ledger.PermSee), ledger.Filter{MemberID: member})
	w.ok(err)
	return total.Hours
}

// books checks that the ledger holds exactly what was confirmed.
func (w *street) books() {
	w.t.Helper()
	faults, err := w.book.Verify(ctx, w.d, testkit.Tenant, w.s)
	w.ok(err)
	if len(faults) > 0 {
		w.t.Fatalf("the books: %v", faults)
	}
}

// A wish goes from the phone to the ledger, and is shown to each only as far as it is theirs.
func TestFromAWishToTheLedger(t *testing.T) {
	each(t, func(w *street) {
		wish := w.wish("我的腿不好，想找人陪我去医院，电话 13800138000")
		if wish.Code == "" || wish.No == "" {
			t.Fatalf("the receipt is %+v", wish)
		}
		d := w.get(wish.ID)
		if d.State != exchange.Asked || !d.Flagged || strings.Contains(d.Body, "138") || d.Title != "" || d.Proposed() != "我的腿不好，想找人陪我去医院，电话 ***" || !d.HasHolder || !d.HasPhone {
			t.Errorf("it came in as %+v", d.Need)
		}
		list, err := w.s.Public(ctx, testkit.Tenant, exchange.CardFilter{})
		w.ok(err)
		if len(list.Items) != 0 {
			t.Errorf("before it is approved %d are public", len(list.Items))
		}
		_, err = w.s.Pledge(ctx, w.helper, wish.ID, exchange.NewPledge{})
		w.refused(err, errs.NotFound) // what is not public is not there
		_, err = w.s.Get(ctx, w.beside, wish.ID)
		w.refused(err, errs.NotFound)
		w.refused(w.s.Approve(ctx, w.beside, wish.ID, 1, exchange.Public{Title: "x", Kind: exchange.People}), errs.NotFound)

		w.refused(w.s.Approve(ctx, w.worker, wish.ID, d.Version, exchange.Public{Title: "陪老人就医 13800138000", Kind: exchange.People}), errs.Invalid) // not altered silently
		w.ok(w.s.Approve(ctx, w.worker, wish.ID, d.Version, exchange.Public{Title: "陪老人就医", Words: "周三上午，约两小时", Kind: exchange.People, Small: true, Minutes: 120}))
		list, err = w.s.Public(ctx, testkit.Tenant, exchange.CardFilter{Kind: exchange.People, Community: w.community, Text: "就医"})
		w.ok(err)
		if len(list.Items) != 1 || list.Items[0].Title != "陪老人就医" {
			t.Fatalf("public are %+v", list.Items)
		}

		p, err := w.s.Pledge(ctx, w.helper, wish.ID, exchange.NewPledge{Said: "我周三有空", Contact: "13912345678"})
		w.ok(err)
		_, err = w.s.Pledge(ctx, w.helper, wish.ID, exchange.NewPledge{})
		w.refused(err, errs.Conflict)
		if _, _, err = w.s.Contact(ctx, w.helper, p); errs.KindOf(err) != errs.Conflict {
			t.Errorf("before the community agreed the contact is shown: %v", err)
		}
		_, f, err := w.s.ToAsker(ctx, exchange.Code(wish.Code))
		w.ok(err)
		if f.State != exchange.Taken || len(f.Helpers) != 1 || f.Helpers[0].Name != "" || f.Rateable {
			t.Errorf("who asked sees %+v", f.Helpers)
		}
		w.refused(w.s.Agree(ctx, w.beside, p, 0), errs.NotFound)
		w.refused(w.s.Agree(ctx, w.helper, p, 0), errs.Forbidden) // nobody agrees to themselves
		w.ok(w.s.Agree(ctx, w.worker, p, 1))

		who, place, err := w.s.Contact(ctx, w.helper, p)
		w.ok(err)
		if who.Name != "吕奶奶" || who.Phone != "13800138000" || place != "3 单元 301" {
			t.Errorf("the contact is %+v %s", who, place)
		}
		_, _, err = w.s.Contact(ctx, w.second, p)
		w.refused(err, errs.NotFound)
		_, f, err = w.s.ToAsker(ctx, exchange.Code(wish.Code))
		w.ok(err)
		looked := false
		for _, e := range f.Entries {
			looked = looked || e.Act == exchange.ActLook && e.Words == "陈党员"
		}
		if !looked || f.Helpers[0].Name != "陈党员" {
			t.Errorf("who asked does not see who looked: %+v", f.Entries)
		}
		name, number, err := w.s.HelperNumber(ctx, exchange.Code(wish.Code), "居民", "", p)
		w.ok(err)
		if name != "陈党员" || number != "13912345678" {
			t.Errorf("the helper's number is %s %s", name, number)
		}

		w.refused(w.s.Deliver(ctx, w.helper, p, 0, exchange.Delivery{Minutes: -60}), errs.Invalid)
		w.refused(w.s.Deliver(ctx, w.helper, p, 0, exchange.Delivery{Minutes: 13 * 60}), errs.Invalid)
		w.ok(w.s.Deliver(ctx, w.helper, p, 0, exchange.Delivery{Minutes: 90, Words: "陪同取药"}))
		if got := w.minutes(w.memberOfHelper); got.Total() != 0 {
			t.Errorf("what is not confirmed is booked: %v", got)
		}
		state, err := w.s.RateBy(ctx, exchange.Code(wish.Code), "居民", "", exchange.Rating{Answer: exchange.No, Words: "他还没来"})
		w.ok(err)
		if state != exchange.Taken {
			t.Errorf("not delivered, it is %s", state)
		}
		w.ok(w.s.Deliver(ctx, w.helper, p, 0, exchange.Delivery{Minutes: 90}))
		state, err = w.s.RateBy(ctx, exchange.Code(wish.Code), "居民", "", exchange.Rating{Answer: exchange.Yes, Stars: 5, Words: "谢谢"})
		w.ok(err)
		if state != exchange.Done {
			t.Errorf("rated, it is %s", state)
		}
		if got := w.minutes(w.memberOfHelper); got.Vouched != 90 || got.Total() != 90 {
			t.Errorf("booked is %+v", got)
		}
		_, err = w.s.RateBy(ctx, exchange.Code(wish.Code), "居民", "", exchange.Rating{Answer: exchange.Yes})
		w.refused(err, errs.Conflict)
		postings, err := w.book.List(ctx, w.worker, ledger.Filter{MemberID: w.memberOfHelper})
		w.ok(err)
		if len(postings.Items) != 1 || postings.Items[0].SourceTitle != "陪老人就医" || postings.Items[0].Need != wish.ID || postings.Items[0].UnitID != w.unit || postings.Items[0].CommunityID != w.community {
			t.Errorf("the posting is %+v", postings.Items)
		}
		_, _, err = w.s.Contact(ctx, w.helper, p)
		w.refused(err, errs.Conflict) // it is over
		w.books()

		// A correction takes the posting back and books anew; 0 takes it back alone.
		d = w.get(wish.ID)
		help := d.Pledges[0].Help[0].ID
		w.refused(w.s.Correct(ctx, w.worker, help, 60, 0, ""), errs.Invalid)
		w.refused(w.s.Correct(ctx, w.beside, help, 60, 0, "x"), errs.NotFound)
		w.ok(w.s.Correct(ctx, w.worker, help, 60, 0, "只用了一小时"))
		if got := w.minutes(w.memberOfHelper); got.Total() != 60 || got.Vouched != 60 {
			t.Errorf("corrected to %+v", got)
		}
		w.ok(w.s.Correct(ctx, w.worker, help, 0, 0, "记错了人"))
		if got := w.minutes(w.memberOfHelper); got.Total() != 0 {
			t.Errorf("taken back, there is %+v", got)
		}
		w.books()
	})
}

// Two who pledge at once do not both get the last place.
func TestTheLastPlaceIsTakenOnce(t *testing.T) {
	each(t, func(w *street) {
		wish := w.open(2)
		const people = 8
		helpers := make([]authz.Actor, people)
		for i := range helpers {
			p := w.rows.Person(w.community, fmt.Sprintf("党员%d", i), "")
			w.rows.Member(p, w.community, 0, fmt.Sprintf("党员%d", i))
			helpers[i] = testkit.Own(testkit.Tenant, p, exchange.PermOwn)
		}
		var took, none atomic.Int64
		var all sync.WaitGroup
		for _, h := range helpers {
			all.Go(func() {
				switch _, err := w.s.Pledge(ctx, h, wish.ID, exchange.NewPledge{}); {
				case err == nil:
					took.Add(1)
				case errs.KindOf(err) == errs.Conflict:
					none.Add(1)
				default:
					t.Errorf("pledge: %v", err)
				}
			})
		}
		all.Wait()
		if took.Load() != 2 || none.Load() != people-2 {
			t.Errorf("%d took one of two places, %d were told that there is none", took.Load(), none.Load())
		}
		if d := w.get(wish.ID); d.Taken != 2 || d.State != exchange.Taken {
			t.Errorf("it is %s with %d taken", d.State, d.Taken)
		}
	})
}

// A unit's liaison pledges, names who went, and sees what the unit delivered; nobody from elsewhere is named.
func TestAUnitHelps(t *testing.T) {
	each(t, func(w *street) {
		wish := w.open(1)
		_, err := w.s.PledgeFor(ctx, w.liaison, wish.ID, w.community, exchange.NewPledge{})
		w.refused(err, errs.Invalid)
		p, err := w.s.PledgeFor(ctx, w.liaison, wish.ID, w.unit, exchange.NewPledge{})
		w.ok(err)
		w.ok(w.s.Agree(ctx, w.worker, p, 1))
		who, err := w.s.Colleagues(ctx, w.liaison, w.unit)
		w.ok(err)
		if len(who) != 2 {
			t.Errorf("%d colleagues", len(who))
		}
		w.refused(w.s.Deliver(ctx, w.liaison, p, 0, exchange.Delivery{Minutes: 60, Members: []id.ID{w.memberOfSecond}}), errs.Invalid)
		w.ok(w.s.Deliver(ctx, w.liaison, p, 0, exchange.Delivery{Minutes: 60, Members: []id.ID{w.memberOfHelper, w.colleague}}))
		w.ok(w.s.Confirm(ctx, w.worker, p, 0, exchange.Rating{Answer: exchange.Half, Stars: 4}))
		for _, m := range []id.ID{w.memberOfHelper, w.colleague} {
			if got := w.minutes(m); got.Vouched != 60 || got.Total() != 60 {
				t.Errorf("booked is %+v", got)
			}
		}
		mine, err := w.s.OfOrganisations(ctx, w.liaison)
		w.ok(err)
		if len(mine.Past) != 1 || mine.Past[0].Pledge.Minutes() != 120 || mine.Past[0].Pledge.State != exchange.Confirmed {
			t.Errorf("the unit sees %+v", mine)
		}
		if d := w.get(wish.ID); d.State != exchange.Done || d.Outcome != exchange.Partly {
			t.Errorf("it is %s, %s", d.State, d.Outcome)
		}
		w.books()
	})
}

// Who looks at who asked names a purpose, and only at home; a worker who helped does not confirm it.
func TestWhatStaffMay(t *testing.T) {
	each(t, func(w *street) {
		wish := w.open(1)
		_, err := w.s.Reveal(ctx, w.worker, wish.ID, "")
		w.refused(err, errs.Invalid)
		_, err = w.s.Reveal(ctx, w.beside, wish.ID, "service")
		w.refused(err, errs.NotFound)
		who, err := w.s.Reveal(ctx, w.worker, wish.ID, "service")
		w.ok(err)
		if who.Name != "吕奶奶" || who.Phone != "13800138000" {
			t.Errorf("revealed %+v", who)
		}
		both := w.worker
		both.PersonID = w.helper.PersonID
		both.Grants = append(both.Grants, w.helper.Grants...)
		p, err := w.s.Pledge(ctx, both, wish.ID, exchange.NewPledge{})
		w.ok(err)
		w.ok(w.s.Agree(ctx, w.worker, p, 0))
		w.ok(w.s.Deliver(ctx, both, p, 0, exchange.Delivery{Minutes: 30}))
		w.refused(w.s.Confirm(ctx, both, p, 0, exchange.Rating{Answer: exchange.Yes}), errs.Forbidden)
		w.ok(w.s.Confirm(ctx, w.worker, p, 0, exchange.Rating{Answer: exchange.Yes}))

		refused := w.wish("想要一辆跑车")
		w.refused(w.s.Refuse(ctx, w.worker, refused.ID, 1, " "), errs.Invalid)
		w.ok(w.s.Refuse(ctx, w.worker, refused.ID, 1, "不属于互助的范围"))
		_, f, err := w.s.ToAsker(ctx, exchange.Code(refused.Code))
		w.ok(err)
		if f.State != exchange.Refused || f.Answer != "不属于互助的范围" {
			t.Errorf("who asked reads %q", f.Answer)
		}
		own, err := w.s.Enter(ctx, w.worker, exchange.Asking{Kind: exchange.Goods, Body: "图书角缺两个书架", CommunityID: w.community}, true)
		w.ok(err)
		if d := w.get(own.ID); d.State != exchange.Open || own.Code != "" {
			t.Errorf("the community's own is %s", d.State)
		}
		_, err = w.s.Enter(ctx, w.worker, exchange.Asking{Kind: exchange.Goods, Body: "x", CommunityID: w.other}, true)
		w.refused(err, errs.Forbidden)
		_, err = w.s.Pledge(ctx, w.helper, own.ID, exchange.NewPledge{})
		w.ok(err)
		w.clock.Advance(31 * 24 * time.Hour)
		_, err = w.s.Pledge(ctx, w.second, own.ID, exchange.NewPledge{})
		w.refused(err, errs.Conflict)
	})
}

// What nobody takes waits after some days, and goes before a meeting; a form that is sent twice makes one need.
func TestWhatNobodyTakes(t *testing.T) {
	each(t, func(w *street) {
		wish := w.open(1)
		kinds := w.waits
		if k := kinds(); k[exchange.WaitUnmatched] != 0 {
			t.Errorf("on the first day there waits %v", k)
		}
		w.clock.Advance(15 * 24 * time.Hour)
		if k := kinds(); k[exchange.WaitUnmatched] != 1 {
			t.Errorf("after 15 days there waits %v", k)
		}
		list, err := w.s.List(ctx, w.worker, exchange.Filter{Wait: exchange.WaitUnmatched, ByDue: true})
		w.ok(err)
		if len(list.Items) != 1 {
			t.Errorf("the list shows %d", len(list.Items))
		}
		w.ok(w.s.RaiseTopic(ctx, w.worker, wish.ID, 0, exchange.Topic{BodyID: 1, Title: "没人认领：陪老人就医"}))
		if len(w.agenda.raised) != 1 || strings.Contains(w.agenda.raised[0], "吕奶奶") {
			t.Errorf("raised %v", w.agenda.raised)
		}
		if k := kinds(); k[exchange.WaitUnmatched] != 0 {
			t.Errorf("raised, there waits %v", k)
		}
		w.refused(w.s.End(ctx, w.worker, wish.ID, 0, exchange.Met, "好了"), errs.Invalid) // nothing came
		w.ok(w.s.End(ctx, w.worker, wish.ID, 0, exchange.Nobody, "暂时没有人"))

		in := exchange.Asking{Kind: exchange.Goods, Body: "一辆轮椅", CommunityID: w.community, Key: "need-1"}
		first, err := w.s.Ask(ctx, testkit.Tenant, "居民", "", in)
		w.ok(err)
		again, err := w.s.Ask(ctx, testkit.Tenant, "居民", "", in)
		w.ok(err)
		if again.ID != first.ID || !again.Again || again.Code != "" {
			t.Errorf("sent again it gives %+v", again)
		}
		w.ok(w.s.WithdrawBy(ctx, exchange.Code(first.Code), "居民", "", ""))
		_, _, err = w.s.ToAsker(ctx, exchange.Code("nonsense"))
		w.refused(err, errs.NotFound)
	})
}

// A resource gives no more than there is, and gets back what a pledge that ended had of it.
// What is offered to a whole sub-district is listed in its communities, and in no other.
func TestWhatIsOfferedToAWiderPlaceIsListed(t *testing.T) {
	each(t, func(w *street) {
		above := w.rows.Organisation("working_committee", "示例街道")
		w.rows.Organisation("working_committee", "别的街道")
		testkit.Exec(t, w.d, `UPDATE organisation SET path = (SELECT o.path FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2) || $3 || '/' WHERE tenant_id = $1 AND id = $4`, testkit.Tenant, above, w.community.String(), w.community)
		boss := testkit.Actor(testkit.Tenant, []id.ID{above, w.community}, staff...)
		boss.Grants[0].Root = above
		r, err := w.s.AddResource(ctx, boss, exchange.Offer{Kind: exchange.Goods, Title: "轮椅", Giver: "红十字会", Contact: "13800138000", PlaceID: above, Terms: exchange.Free})
		w.ok(err)
		for who, want := range map[string]int{"worker": 1, "beside": 0, "liaison": 0} {
			a := map[string]authz.Actor{"worker": w.worker, "beside": w.beside, "liaison": w.liaison}[who]
			list, err := w.s.Resources(ctx, a, exchange.ResourceFilter{})
			if err != nil || len(list.Items) != want {
				t.Errorf("%s sees %d resources, %v, want %d", who, len(list.Items), err, want)
			}
			if _, err := w.s.Resource(ctx, a, r); (err == nil) != (want == 1) {
				t.Errorf("%s opens it: %v", who, err)
			}
		}
		_, err = w.s.RevealGiver(ctx, w.worker, r, "service") // the number is for those of the place
		w.refused(err, errs.NotFound)
	})
}

func TestAResourceRunsOut(t *testing.T) {
	each(t, func(w *street) {
		r, err := w.s.AddResource(ctx, w.liaison, exchange.Offer{Kind: exchange.Goods, Title: "轮椅", OrgID: w.unit, Terms: exchange.Free, Amount: 1, Unit: "辆"})
		w.ok(err)
		_, err = w.s.AddResource(ctx, w.liaison, exchange.Offer{Kind: exchange.Goods, Title: "轮椅", OrgID: w.unit, PlaceID: w.community, Terms: "gift"})
		w.refused(err, errs.Invalid)
		_, err = w.s.AddResource(ctx, w.liaison, exchange.Offer{Kind: exchange.Goods, Title: "轮椅", OrgID: w.community, Terms: exchange.Free})
		w.refused(err, errs.Invalid)
		mine, err := w.s.AddResource(ctx, w.worker, exchange.Offer{Kind: exchange.Goods, Title: "轮椅 2", Giver: "热心居民", PlaceID: w.community, Terms: exchange.Free, Amount: 1})
		w.ok(err)
		need := func() id.ID {
			got, err := w.s.Enter(ctx, w.worker, exchange.Asking{Kind: exchange.Goods, Body: "轮椅", CommunityID: w.community}, true)
			w.ok(err)
			return got.ID
		}
		first, second := need(), need()
		if _, err = w.s.Use(ctx, w.worker, first, r, 1); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a unit's resource that is for its own place is used elsewhere: %v", err)
		}
		list, err := w.s.Proposals(ctx, w.worker, first)
		w.ok(err)
		if len(list) != 1 || list[0].ID != mine {
			t.Fatalf("proposed %+v", list)
		}
		p, err := w.s.Use(ctx, w.worker, first, mine, 1)
		w.ok(err)
		_, err = w.s.Use(ctx, w.worker, second, mine, 1)
		w.refused(err, errs.Invalid)
		w.ok(w.s.TakeBack(ctx, w.worker, p, 0, "不用了"))
		_, err = w.s.Use(ctx, w.worker, second, mine, 1)
		w.ok(err)
		got, err := w.s.Resources(ctx, w.worker, exchange.ResourceFilter{})
		w.ok(err)
		if len(got.Items) != 1 || got.Items[0].Left != 0 || got.Items[0].Used != 1 {
			t.Errorf("the resource stands at %+v", got.Items)
		}
		w.refused(w.s.EndResource(ctx, w.beside, mine, 1), errs.NotFound)
		w.ok(w.s.EndResource(ctx, w.worker, mine, got.Items[0].Version))
	})
}

// Whatever is done, in whatever order: no more stand than are wanted, and the ledger holds exactly what was confirmed.
func TestTheBooksHoldWhatWasDelivered(t *testing.T) {
	each(t, func(w *street) {
		helpers := []authz.Actor{w.helper, w.second}
		members := []id.ID{w.memberOfHelper, w.memberOfSecond}
		rapid.Check(t, func(r *rapid.T) {
			wish := w.open(rapid.Int64Range(1, 2).Draw(r, "wanted"))
			before := w.minutes(members[0]).Total() + w.minutes(members[1]).Total()
			for range rapid.IntRange(1, 14).Draw(r, "acts") {
				d := w.get(wish.ID)
				pick := func() (id.ID, int) {
					if len(d.Pledges) == 0 {
						return 0, 0
					}
					i := rapid.IntRange(0, len(d.Pledges)-1).Draw(r, "pledge")
					if d.Pledges[i].MemberID == members[1] {
						return d.Pledges[i].ID, 1
					}
					return d.Pledges[i].ID, 0
				}
				p, of := pick()
				switch rapid.IntRange(0, 9).Draw(r, "act") {
				case 0, 1:
					_, _ = w.s.Pledge(ctx, helpers[rapid.IntRange(0, 1).Draw(r, "who")], wish.ID, exchange.NewPledge{})
				case 2, 3:
					_ = w.s.Agree(ctx, w.worker, p, 0)
				case 4, 5:
					_ = w.s.Deliver(ctx, helpers[of], p, 0, exchange.Delivery{Minutes: rapid.Int64Range(-10, 800).Draw(r, "minutes")})
				case 6:
					_ = w.s.Confirm(ctx, w.worker, p, 0, exchange.Rating{Answer: rapid.SampledFrom(exchange.Answers()).Draw(r, "answer"), Words: "x"})
				case 7:
					_, _ = w.s.RateBy(ctx, exchange.Code(wish.Code), "居民", "", exchange.Rating{Answer: rapid.SampledFrom(exchange.Answers()).Draw(r, "answer"), Words: "x"})
				case 8:
					_ = w.s.TakeBack(ctx, w.worker, p, 0, "x")
				case 9:
					for _, x := range d.Pledges {
						for _, h := range x.Help {
							_ = w.s.Correct(ctx, w.worker, h.ID, rapid.Int64Range(0, 300).Draw(r, "right"), 0, "x")
						}
					}
				}
				d = w.get(wish.ID)
				var stand, counted int64
				for _, x := range d.Pledges {
					if x.State.Stands() {
						stand++
					}
					for _, h := range x.Help {
						if h.Counted {
							counted += h.Minutes
						}
						if h.Counted && x.State != exchange.Confirmed {
							r.Fatalf("hours count of a pledge that is %s", x.State)
						}
					}
				}
				if stand > d.Wanted || stand != d.Taken {
					r.Fatalf("%d stand of %d wanted, %d taken", stand, d.Wanted, d.Taken)
				}
				if now := w.minutes(members[0]).Total() + w.minutes(members[1]).Total(); now-before != counted {
					r.Fatalf("%d minutes are booked, %d were confirmed", now-before, counted)
				}
			}
		})
		w.books()
	})
}
