package cobuild_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/cobuild"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/retention"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

// purposes knows one.
type purposes struct{}

func (purposes) Covered(_ context.Context, _ db.Querier, _ int64, purpose, _ string) error {
	if purpose != "contact" {
		return errs.ErrForbidden
	}
	return nil
}

type world struct {
	t                                  *testing.T
	d                                  *db.DB
	clock                              *testkit.Clock
	s                                  *cobuild.Service
	street, community, other, unit, u2 id.ID
	secretary, worker, beside          authz.Actor
	liaison, liaison2, above           authz.Actor
}

func each(t *testing.T, fn func(w *world)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 1, 5).Time().Add(9 * time.Hour))
		ring := seal.Ephemeral()
		w := &world{t: t, d: d, clock: clock, s: cobuild.New(d, ring, purposes{}).WithFiles(attach.NewStore(ring))}
		w.street = w.org("working_committee", "示例街道", 0)
		w.community, w.other = w.org("community_party", "文港社区", w.street), w.org("community_party", "先锋社区", w.street)
		w.unit, w.u2 = w.org("unit", "第一医院", 0), w.org("unit", "城南小学", 0)
		staff := []authz.Permission{cobuild.PermSee, cobuild.PermKeep, cobuild.PermReveal}
		// What a community's people hold reaches the units in it too: that must not make them act for these.
		w.worker = w.as([]id.ID{w.community, w.unit, w.u2}, staff...)
		w.secretary = w.as([]id.ID{w.community, w.unit, w.u2}, append(staff, cobuild.PermSign)...)
		w.beside = w.as([]id.ID{w.other}, append(staff, cobuild.PermSign)...)
		w.above = w.as([]id.ID{w.street, w.community, w.other, w.unit, w.u2}, append(staff, cobuild.PermSign, cobuild.PermProgrammes)...)
		w.liaison = w.as([]id.ID{w.unit}, cobuild.PermUnit, cobuild.PermSign, cobuild.PermReveal)
		w.liaison2 = w.as([]id.ID{w.u2}, cobuild.PermUnit, cobuild.PermSign, cobuild.PermReveal)
		fn(w)
	})
}

// as holds permissions at the first of some organisations, which reach the others.
func (w *world) as(orgs []id.ID, perms ...authz.Permission) authz.Actor {
	root := orgs[0]
	slices.Sort(orgs)
	a := testkit.Actor(testkit.Tenant, orgs, perms...)
	a.Grants[0].Root = root
	return a
}

func (w *world) org(kind, name string, parent id.ID) id.ID {
	w.t.Helper()
	o := id.New()
	path := "/" + o.String() + "/"
	if parent != 0 {
		path = "/" + parent.String() + path
	}
	testkit.Exec(w.t, w.d, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, parent_id, created_at, updated_at) VALUES ($1,$2,$3,$4,$4,$5,$6,1,1)`, testkit.Tenant, o, kind, name, path, parent)
	return o
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) wants(err error, k errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if e == nil || e.Kind != k {
		w.t.Errorf("%v is no %v", err, k)
		return
	}
	if _, ok := e.Fields[field]; field != "" && !ok {
		w.t.Errorf("%v says nothing of %s", e.Fields, field)
	}
}

func (w *world) get(a authz.Actor, g id.ID) cobuild.Detail {
	w.t.Helper()
	d, err := w.s.Get(ctx, a, g)
	w.ok(err)
	return d
}

func (w *world) terms() cobuild.Terms {
	return cobuild.Terms{Kind: cobuild.General, Goal: "一起服务老人", From: calendar.On(2026, 1, 1), To: calendar.On(2026, 12, 31)}
}

// drafted is a draft of the community with two items of the unit and one of its own.
func (w *world) drafted(units ...id.ID) id.ID {
	w.t.Helper()
	if len(units) == 0 {
		units = []id.ID{w.unit}
	}
	g, err := w.s.Draft(ctx, w.worker, cobuild.NewAgreement{As: w.community, CommunityID: w.community, Units: units, Terms: w.terms(), Items: []cobuild.NewItem{
		{Title: "每季度义诊", OrgID: w.unit, Often: cobuild.Quarter, DueOn: calendar.On(2026, 1, 31), Measure: cobuild.Persons, Amount: 30},
		{Title: "捐一批图书", OrgID: w.unit, Often: cobuild.Once, DueOn: calendar.On(2026, 6, 1)},
		{Title: "提供活动场地", Often: cobuild.Year, DueOn: calendar.On(2026, 3, 1)},
	}})
	w.ok(err)
	return g
}

func (w *world) agreed() id.ID {
	w.t.Helper()
	g := w.drafted()
	w.ok(w.s.Send(ctx, w.worker, g, 0, w.community))
	_, err := w.s.Sign(ctx, w.liaison, g, w.get(w.liaison, g).Version, w.unit)
	w.ok(err)
	agreed, err := w.s.Sign(ctx, w.secretary, g, w.get(w.secretary, g).Version, w.community)
	w.ok(err)
	if !agreed {
		w.t.Fatal("all have signed, and it is not agreed")
	}
	return g
}

func (w *world) waits(a authz.Actor) []string {
	w.t.Helper()
	list, err := w.s.Waiting(ctx, a)
	w.ok(err)
	var out []string
	for _, i := range list {
		out = append(out, i.Kind)
		rows, err := w.s.List(ctx, a, cobuild.Filter{Wait: i.Kind})
		w.ok(err)
		if int64(len(rows.Items)) != i.Count {
			w.t.Errorf("%s counts %d, and the list shows %d", i.Kind, i.Count, len(rows.Items))
		}
	}
	return out
}

func (w *world) waitsFor(a authz.Actor, want ...string) {
	w.t.Helper()
	if got := w.waits(a); !slices.Equal(got, want) {
		w.t.Errorf("%v waits, want %v", got, want)
	}
}

func TestOnlyThoseWithTheRightAtAPartySignForIt(t *testing.T) {
	each(t, func(w *world) {
		g := w.drafted()
		if _, err := w.s.Get(ctx, w.liaison, g); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the other side sees a draft: %v", err)
		}
		_, err := w.s.Sign(ctx, w.secretary, g, 0, w.community)
		w.wants(err, errs.Conflict, "") // a draft is nobody's to sign
		w.ok(w.s.Send(ctx, w.worker, g, 0, w.community))
		w.waitsFor(w.liaison, cobuild.WaitAnswer)
		w.waitsFor(w.secretary)
		seen := w.get(w.liaison, g).Version
		for _, c := range []struct {
			name string
			who  authz.Actor
			as   id.ID
			want errs.Kind
		}{
			{"the liaison of another unit", w.liaison2, w.unit, errs.NotFound},
			{"the liaison of another unit, for theirs", w.liaison2, w.u2, errs.NotFound},
			{"staff of another community", w.beside, w.community, errs.NotFound},
			{"who may not sign", w.worker, w.community, errs.Forbidden},
			{"the secretary, for a unit in the community", w.secretary, w.unit, errs.Forbidden},
			{"the street above, for the community", w.above, w.community, errs.Forbidden},
			{"the liaison, for the community", w.liaison, w.community, errs.Forbidden},
			{"for an organisation that is no party", w.secretary, w.u2, errs.Forbidden},
		} {
			if _, err := w.s.Sign(ctx, c.who, g, seen, c.as); errs.KindOf(err) != c.want {
				t.Errorf("%s signs: %v, want %v", c.name, err, c.want)
			} else if c.want == errs.Forbidden && errs.As(err).Message.Text.IsZero() {
				t.Errorf("%s is refused without a word", c.name)
			}
		}
		_, err = w.s.Sign(ctx, w.liaison, g, seen+1, w.unit)
		w.wants(err, errs.Conflict, "") // not the text that was seen
		agreed, err := w.s.Sign(ctx, w.liaison, g, seen, w.unit)
		w.ok(err)
		if agreed {
			t.Error("one signature is enough")
		}
		_, err = w.s.Sign(ctx, w.liaison, g, 0, w.unit)
		w.wants(err, errs.Conflict, "") // twice
		w.waitsFor(w.secretary, cobuild.WaitAnswer)

		// A change takes the signature back, and says who changed what.
		w.ok(w.s.SetTerms(ctx, w.worker, g, 0, w.community, cobuild.Terms{Kind: cobuild.Twin, Goal: "一起服务老人和孩子", From: calendar.On(2026, 1, 1), To: calendar.On(2026, 12, 31)}))
		d := w.get(w.liaison, g)
		if p, _ := d.Party(w.unit); p.Signed() {
			t.Error("the unit has signed what was changed afterwards")
		}
		if e := d.Entries[0]; e.Act != cobuild.ActTerms || e.Org != "文港社区" || !strings.Contains(e.Before, "一起服务老人；") || !strings.Contains(e.After, "和孩子") {
			t.Errorf("the change is kept as %+v", e)
		}
		w.waitsFor(w.liaison, cobuild.WaitAnswer)
		for _, x := range []struct {
			who authz.Actor
			as  id.ID
		}{{w.liaison, w.unit}, {w.secretary, w.community}} {
			agreed, err = w.s.Sign(ctx, x.who, g, w.get(x.who, g).Version, x.as)
			w.ok(err)
		}
		d = w.get(w.secretary, g)
		if !agreed || d.Standing(calendar.On(2026, 1, 5)) != cobuild.InForce || d.Paper.Code == "" {
			t.Errorf("agreed %v, %s, paper %q", agreed, d.State, d.Paper.Code)
		}
		if len(d.Tasks) != 4+1+1 {
			t.Errorf("there are %d tasks", len(d.Tasks))
		}
		w.wants(w.s.Add(ctx, w.worker, g, 0, w.community, cobuild.NewItem{}), errs.Conflict, "") // what is signed is not changed
		if _, p, err := paper.Find(ctx, w.d, d.Paper.Code); err != nil || p.SubjectID != g || !p.InForce(calendar.On(2026, 12, 31)) {
			t.Errorf("the paper is %+v, %v", p, err)
		}
	})
}

// Somebody may hold a right on both sides; they stand on one of them all the same.
func TestOnePersonDoesNotStandOnBothSides(t *testing.T) {
	each(t, func(w *world) {
		both := w.secretary
		both.Grants = slices.Concat(w.secretary.Grants, w.liaison.Grants)
		g := w.drafted()
		w.ok(w.s.Send(ctx, w.worker, g, 0, w.community))
		_, err := w.s.Sign(ctx, both, g, w.get(both, g).Version, w.unit)
		w.ok(err)
		_, err = w.s.Sign(ctx, both, g, w.get(both, g).Version, w.community)
		w.wants(err, errs.Forbidden, "")
		second := w.as([]id.ID{w.community}, cobuild.PermSee, cobuild.PermKeep, cobuild.PermSign)
		agreed, err := w.s.Sign(ctx, second, g, w.get(second, g).Version, w.community)
		if w.ok(err); !agreed {
			t.Fatal("all have signed, and it is not agreed")
		}
		task := w.task(w.get(both, g), "捐一批图书", "2026-06-01")
		w.ok(w.s.Say(ctx, both, task.ID, 0, cobuild.Done{As: w.unit, Words: "办了"}))
		w.wants(w.s.Confirm(ctx, both, task.ID, 0, w.community), errs.Forbidden, "")
		w.ok(w.s.Confirm(ctx, second, task.ID, 0, w.community))
		var late bytes.Buffer
		w.ok(png.Encode(&late, image.NewGray(image.Rect(0, 0, 40, 30))))
		w.wants(w.s.AddFiles(ctx, w.liaison, task.ID, []attach.New{{Name: "后来的.png", Content: late.Bytes()}}), errs.Conflict, "") // the other side saw what there was

		w.ok(w.s.End(ctx, both, g, 0, cobuild.Ending{As: w.community, On: calendar.On(2026, 10, 1), Reason: "搬走了", Alone: true}))
		w.wants(w.s.End(ctx, both, g, 0, cobuild.Ending{As: w.unit, On: calendar.On(2026, 9, 1), Reason: "早一点"}), errs.Conflict, "") // its end is fixed
	})
}

func TestEitherSideDraftsAndChanges(t *testing.T) {
	each(t, func(w *world) {
		in := cobuild.NewAgreement{As: w.unit, CommunityID: w.community, Units: []id.ID{w.unit}, Terms: w.terms()}
		g, err := w.s.Draft(ctx, w.liaison, in)
		w.ok(err)
		if _, err := w.s.Get(ctx, w.worker, g); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the community sees what a unit drafts: %v", err)
		}
		w.wants(w.s.Send(ctx, w.liaison, g, 0, w.unit), errs.Conflict, "") // nothing is promised
		item := cobuild.NewItem{Title: "开放会议室", OrgID: w.unit, Often: cobuild.Month, DueOn: calendar.On(2026, 1, 31)}
		w.ok(w.s.Add(ctx, w.liaison, g, 0, w.unit, item))
		w.ok(w.s.Send(ctx, w.liaison, g, 0, w.unit))
		d := w.get(w.worker, g)
		w.wants(w.s.Remove(ctx, w.worker, g, d.Version-1, w.community, d.Items[0].ID), errs.Conflict, "")
		item.Title = "每月开放会议室"
		w.ok(w.s.Edit(ctx, w.worker, g, d.Version, w.community, d.Items[0].ID, item))
		d = w.get(w.liaison, g)
		if d.Items[0].Title != item.Title || d.Entries[0].Act != cobuild.ActEdit || d.Entries[0].Before == d.Entries[0].After {
			t.Errorf("the item is %+v, the change %+v", d.Items[0], d.Entries[0])
		}
		w.ok(w.s.SetTerms(ctx, w.liaison, g, 0, w.unit, cobuild.Terms{Kind: cobuild.General, Goal: "x", From: calendar.On(2026, 2, 1), To: calendar.On(2026, 12, 31)}))
		_, err = w.s.Sign(ctx, w.liaison, g, 0, w.unit)
		w.wants(err, errs.Conflict, "") // the item is due before it begins
		w.ok(w.s.Remove(ctx, w.liaison, g, 0, w.unit, d.Items[0].ID))
		w.wants(w.s.GiveUp(ctx, w.worker, g, 0, w.community, " "), errs.Invalid, "reason")
		w.ok(w.s.GiveUp(ctx, w.worker, g, 0, w.community, "先不签"))
		if d := w.get(w.liaison, g); d.State != cobuild.Withdrawn || d.Entries[0].Words != "先不签" {
			t.Errorf("it is %s, %+v", d.State, d.Entries[0])
		}
		in.As = w.community
		_, err = w.s.Draft(ctx, w.liaison, in)
		w.wants(err, errs.Forbidden, "") // not theirs to draft for
		in.As, in.Units = w.unit, []id.ID{w.unit, w.unit}
		_, err = w.s.Draft(ctx, w.liaison, in)
		w.wants(err, errs.Invalid, "unit")
		in.Units = nil
		_, err = w.s.Draft(ctx, w.liaison, in)
		w.wants(err, errs.Invalid, "unit")
		in.Units, in.CommunityID = []id.ID{w.unit}, w.u2
		_, err = w.s.Draft(ctx, w.liaison, in)
		w.wants(err, errs.Invalid, "community")
	})
}

func (w *world) task(d cobuild.Detail, title, due string) cobuild.Task {
	w.t.Helper()
	for _, t := range d.Tasks {
		if t.Title == title && t.DueOn.String() == due {
			return t
		}
	}
	w.t.Fatalf("there is no %s on %s", title, due)
	return cobuild.Task{}
}

func TestWhoPromisedDoesAndTheOtherSideConfirms(t *testing.T) {
	each(t, func(w *world) {
		g := w.agreed()
		w.clock.Set(calendar.On(2026, 1, 20).Time().Add(10 * time.Hour))
		w.waitsFor(w.liaison, cobuild.WaitDue)
		w.clock.Set(calendar.On(2026, 2, 3).Time().Add(10 * time.Hour))
		w.waitsFor(w.liaison, cobuild.WaitLate)
		w.waitsFor(w.secretary)
		d := w.get(w.liaison, g)
		task := w.task(d, "每季度义诊", "2026-01-31")
		done := cobuild.Done{As: w.unit, On: calendar.On(2026, 2, 1), Words: "来了 26 人", Amount: 26}
		w.wants(w.s.Say(ctx, w.worker, task.ID, 0, cobuild.Done{As: w.community, Words: "办了"}), errs.Forbidden, "")
		w.wants(w.s.Say(ctx, w.liaison2, task.ID, 0, cobuild.Done{As: w.u2, Words: "办了"}), errs.NotFound, "")
		later := done
		later.On = calendar.On(2026, 2, 4)
		w.wants(w.s.Say(ctx, w.liaison, task.ID, 0, later), errs.Invalid, "done_on") // tomorrow
		early := done
		early.On = calendar.On(2025, 12, 31)
		w.wants(w.s.Say(ctx, w.liaison, task.ID, 0, early), errs.Invalid, "done_on")
		w.ok(w.s.Say(ctx, w.liaison, task.ID, task.Version, done))
		w.wants(w.s.Say(ctx, w.liaison, task.ID, 0, done), errs.Conflict, "")
		w.wants(w.s.Confirm(ctx, w.liaison, task.ID, 0, w.unit), errs.Forbidden, "") // nobody confirms their own
		w.waitsFor(w.worker, cobuild.WaitConfirm)
		w.waitsFor(w.liaison)
		w.wants(w.s.Lacks(ctx, w.worker, task.ID, 0, w.community, ""), errs.Invalid, "missing")
		w.ok(w.s.Lacks(ctx, w.worker, task.ID, 0, w.community, "还差 4 人"))
		p, err := w.s.Task(ctx, w.liaison, task.ID)
		w.ok(err)
		if p.State != cobuild.Open || p.Missing != "还差 4 人" || len(p.Does) != 1 {
			t.Errorf("it is %s, %q is missing, %v do it", p.State, p.Missing, p.Does)
		}
		done.Amount = 30
		w.ok(w.s.Say(ctx, w.liaison, task.ID, 0, done))
		w.ok(w.s.Unsay(ctx, w.liaison, task.ID, 0, w.unit))
		w.ok(w.s.Say(ctx, w.liaison, task.ID, 0, done))
		w.ok(w.s.Confirm(ctx, w.worker, task.ID, 0, w.community))
		w.wants(w.s.Unsay(ctx, w.liaison, task.ID, 0, w.unit), errs.Conflict, "")
		for _, a := range []authz.Actor{w.liaison, w.worker, w.above} {
			if all, due, done, late := w.get(a, g).Count(calendar.On(2026, 2, 3)); all != 6 || due != 1 || done != 1 || late != 0 {
				t.Errorf("%d tasks, %d due, %d done, %d late", all, due, done, late)
			}
		}
		rows, err := w.s.List(ctx, w.above, cobuild.Filter{Text: "第一医院", Community: w.street, State: cobuild.InForce})
		w.ok(err)
		if len(rows.Items) != 1 || rows.Items[0].Done != 1 || rows.Items[0].Tasks != 6 || rows.Items[0].Units() != "第一医院" {
			t.Errorf("the list shows %+v", rows.Items)
		}
		if rows, err := w.s.List(ctx, w.beside, cobuild.Filter{}); err != nil || len(rows.Items) != 0 {
			t.Errorf("another community sees %d, %v", len(rows.Items), err)
		}
		// What the community promised is confirmed by the unit.
		own := w.task(d, "提供活动场地", "2026-03-01")
		w.ok(w.s.Say(ctx, w.worker, own.ID, 0, cobuild.Done{As: w.community, Words: "给了活动室"}))
		w.wants(w.s.Confirm(ctx, w.worker, own.ID, 0, w.community), errs.Forbidden, "")
		w.waitsFor(w.liaison, cobuild.WaitConfirm)
		do, confirm, err := w.s.Todos(ctx, w.liaison, 90)
		w.ok(err)
		if len(do) != 1 || do[0].DueOn.String() != "2026-04-30" || len(confirm) != 1 || confirm[0].ID != own.ID {
			t.Errorf("to do %+v, to confirm %+v", do, confirm)
		}
		w.ok(w.s.Confirm(ctx, w.liaison, own.ID, 0, w.unit))
	})
}

// took enters an activity with people of a unit, a need that it met, and a meeting to which it was invited.
func (w *world) took(community, unit id.ID, on calendar.Date) (activity, pledge, meeting id.ID) {
	w.t.Helper()
	activity, pledge, meeting = id.New(), id.New(), id.New()
	at := db.Micros(on.Time().Add(10 * time.Hour))
	testkit.Exec(w.t, w.d, `INSERT INTO activity (tenant_id, id, community_id, kind_code, title, place, starts_at, ends_at, state, gives_hours, organiser_id, created_at) VALUES ($1,$2,$3,'volunteer','广场义诊','广场',$4,$5,'held',FALSE,1,1)`,
		testkit.Tenant, activity, community, at, at+3600_000_000)
	for range 2 {
		testkit.Exec(w.t, w.d, `INSERT INTO attendance (tenant_id, id, activity_id, community_id, unit_id, in_at, proof, state, by_account, at) VALUES ($1,$2,$3,$4,$5,$6,'vouched','done',1,1)`, testkit.Tenant, id.New(), activity, community, unit, at)
	}
	need := id.New()
	testkit.Exec(w.t, w.d, `INSERT INTO need (tenant_id, id, no, kind, title, community_id, wanted, due_on, channel, state, received_at) VALUES ($1,$2,$3,'people','陪老人看病',$4,1,'2026-12-31','org','done',1)`, testkit.Tenant, need, "X"+need.String(), community)
	testkit.Exec(w.t, w.d, `INSERT INTO need_pledge (tenant_id, id, need_id, org_id, state, pledged_at, delivered_at) VALUES ($1,$2,$3,$4,'confirmed',1,$5)`, testkit.Tenant, pledge, need, unit, at+1)
	testkit.Exec(w.t, w.d, `INSERT INTO meeting (tenant_id, id, kind_code, owner_id, title, title_key, starts_at, ends_at, on_day, state, created_at) VALUES ($1,$2,'joint_conference',$3,'联席会议','x',1,2,$4,'held',1)`, testkit.Tenant, meeting, community, on.String())
	testkit.Exec(w.t, w.d, `INSERT INTO meeting_recipient (tenant_id, id, meeting_id, organisation_id, name) VALUES ($1,$2,$3,$4,'代表')`, testkit.Tenant, id.New(), meeting, unit)
	return activity, pledge, meeting
}

func TestATaskIsDoneByWhatWasEnteredElsewhere(t *testing.T) {
	each(t, func(w *world) {
		g := w.agreed()
		activity, pledge, meeting := w.took(w.community, w.unit, calendar.On(2026, 1, 20))
		w.took(w.other, w.unit, calendar.On(2026, 1, 20))                      // elsewhere
		w.took(w.community, w.u2, calendar.On(2026, 1, 20))                    // with others
		before, _, _ := w.took(w.community, w.unit, calendar.On(2025, 12, 20)) // before it began
		w.clock.Set(calendar.On(2026, 2, 3).Time().Add(10 * time.Hour))
		d := w.get(w.liaison, g)
		task := w.task(d, "每季度义诊", "2026-01-31")
		p, err := w.s.Task(ctx, w.liaison, task.ID)
		w.ok(err)
		var got []string
		for _, c := range p.Candidates {
			got = append(got, c.Kind+" "+c.ID.String())
		}
		slices.Sort(got)
		want := []string{"activity " + activity.String(), "meeting " + meeting.String(), "need_pledge " + pledge.String()}
		if !slices.Equal(got, want) {
			t.Errorf("the candidates are %v, want %v", got, want)
		}
		w.wants(w.s.Link(ctx, w.liaison, task.ID, 0, w.unit, cobuild.FromActivity, before, 0), errs.NotFound, "")
		w.wants(w.s.Link(ctx, w.liaison, task.ID, 0, w.unit, "anything", activity, 0), errs.Invalid, "")
		w.wants(w.s.Link(ctx, w.worker, task.ID, 0, w.community, cobuild.FromActivity, activity, 0), errs.Forbidden, "")
		w.ok(w.s.Link(ctx, w.liaison, task.ID, task.Version, w.unit, cobuild.FromActivity, activity, 0))
		done := w.task(w.get(w.worker, g), "每季度义诊", "2026-01-31")
		if done.State != cobuild.Said || done.Amount != 2 || done.DoneOn.String() != "2026-01-20" || done.Words != "广场义诊" || done.SourceID != activity {
			t.Errorf("it is done by %+v", done)
		}
		w.ok(w.s.Confirm(ctx, w.worker, task.ID, 0, w.community))
		// What fulfilled one task of an item fulfils no other of it, and the next is fulfilled by what took place after the day of the one before.
		second := w.task(d, "每季度义诊", "2026-04-30")
		p, err = w.s.Task(ctx, w.liaison, second.ID)
		w.ok(err)
		if len(p.Candidates) != 0 {
			t.Errorf("the next task is offered %+v", p.Candidates)
		}
		// A need that members of the unit met by themselves counts for the unit, with the hours that the ledger has; what somebody of another unit did does not.
		helped, far := id.New(), id.New()
		for i, x := range []struct {
			pledge, unit id.ID
			counted      bool
		}{{helped, w.unit, true}, {far, w.u2, true}, {id.New(), w.unit, false}} {
			need, at := id.New(), db.Micros(calendar.On(2026, 2, 2).Time().Add(time.Duration(10+i)*time.Hour))
			testkit.Exec(t, w.d, `INSERT INTO need (tenant_id, id, no, kind, title, community_id, wanted, due_on, channel, state, received_at) VALUES ($1,$2,$3,'people','陪老人买菜',$4,1,'2026-12-31','web','done',1)`, testkit.Tenant, need, "X"+need.String(), w.community)
			testkit.Exec(t, w.d, `INSERT INTO need_pledge (tenant_id, id, need_id, member_id, person_id, state, pledged_at, delivered_at) VALUES ($1,$2,$3,$4,$5,'confirmed',1,$6)`, testkit.Tenant, x.pledge, need, need, need, at)
			testkit.Exec(t, w.d, `INSERT INTO need_help (tenant_id, id, need_id, pledge_id, member_id, person_id, community_id, unit_id, on_date, minutes, counted) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,'2026-02-02',100,$9)`,
				testkit.Tenant, id.New(), need, x.pledge, need, need, w.community, x.unit, x.counted)
		}
		p, err = w.s.Task(ctx, w.liaison, second.ID)
		w.ok(err)
		if len(p.Candidates) != 1 || p.Candidates[0].ID != helped || p.Candidates[0].Minutes != 100 || p.Candidates[0].People != 1 || !p.Candidates[0].Counts(cobuild.Hours) {
			t.Errorf("of what members did there is offered %+v", p.Candidates)
		}
		w.ok(w.s.Link(ctx, w.liaison, second.ID, 0, w.unit, cobuild.FromNeed, helped, 0))
		if done := w.task(w.get(w.worker, g), "每季度义诊", "2026-04-30"); done.State != cobuild.Said || done.Words != "陪老人买菜" || done.NeedID == 0 {
			t.Errorf("it is done by %+v", done)
		}
		// A promise of the community is fulfilled by what took place with the units.
		own := w.task(d, "提供活动场地", "2026-03-01")
		p, err = w.s.Task(ctx, w.worker, own.ID)
		w.ok(err)
		if len(p.Candidates) != 4 {
			t.Errorf("the community is offered %+v", p.Candidates)
		}
		w.ok(w.s.Link(ctx, w.worker, own.ID, 0, w.community, cobuild.FromMeeting, meeting, 0))
		w.ok(w.s.Confirm(ctx, w.liaison, own.ID, 0, w.unit))
	})
}

func TestItEndsByBothByOneOrByItsDayAndIsRenewed(t *testing.T) {
	each(t, func(w *world) {
		g := w.agreed()
		end := cobuild.Ending{As: w.unit, On: calendar.On(2026, 5, 31), Reason: "单位搬迁"}
		w.wants(w.s.End(ctx, w.liaison, g, 0, cobuild.Ending{As: w.unit}), errs.Invalid, "reason")
		early := end
		early.On = calendar.On(2026, 1, 4)
		w.wants(w.s.End(ctx, w.liaison, g, 0, early), errs.Invalid, "on")
		w.wants(w.s.End(ctx, w.worker, g, 0, cobuild.Ending{As: w.community, Reason: "x", Alone: true}), errs.Forbidden, "")
		w.ok(w.s.End(ctx, w.liaison, g, 0, end))
		w.waitsFor(w.secretary, cobuild.WaitEndAsk)
		w.wants(w.s.AnswerEnd(ctx, w.liaison, g, 0, w.unit, true), errs.Forbidden, "")
		w.ok(w.s.AnswerEnd(ctx, w.secretary, g, 0, w.community, false))
		w.waitsFor(w.secretary)
		w.wants(w.s.AnswerEnd(ctx, w.secretary, g, 0, w.community, true), errs.Conflict, "") // nobody asks any more
		w.ok(w.s.End(ctx, w.liaison, g, 0, end))
		w.ok(w.s.AnswerEnd(ctx, w.secretary, g, 0, w.community, true))
		d := w.get(w.secretary, g)
		if d.Standing(calendar.On(2026, 5, 31)) != cobuild.InForce || d.Standing(calendar.On(2026, 6, 1)) != cobuild.Ended {
			t.Errorf("it ends on %s", d.EndedOn)
		}
		if all, _, _, _ := d.Count(calendar.On(2026, 1, 5)); all != 3 { // what was due after May is dropped
			t.Errorf("%d tasks are left", all)
		}
		if !d.Paper.InForce(calendar.On(2026, 5, 31)) || d.Paper.InForce(calendar.On(2026, 6, 1)) {
			t.Errorf("the paper holds until %s, revoked %s", d.Paper.ValidTo, d.Paper.RevokedAt)
		}

		two := w.agreed()
		w.clock.Set(calendar.On(2026, 11, 10).Time())
		if got := w.waits(w.liaison); !slices.Contains(got, cobuild.WaitEnding) || slices.Contains(got, cobuild.WaitEnd30) {
			t.Errorf("51 days before the end %v waits", got)
		}
		w.clock.Set(calendar.On(2026, 12, 10).Time())
		for _, a := range []authz.Actor{w.liaison, w.worker} {
			if got := w.waits(a); !slices.Contains(got, cobuild.WaitEnd30) || slices.Contains(got, cobuild.WaitEnding) {
				t.Errorf("21 days before the end %v waits", got)
			}
		}
		w.ok(w.s.SetContact(ctx, w.worker, two, w.community, "王书记", "13800138000"))
		next, err := w.s.Renew(ctx, w.worker, two, w.community)
		w.ok(err)
		_, err = w.s.Renew(ctx, w.liaison, two, w.unit)
		w.wants(err, errs.Conflict, "")
		if got := w.waits(w.liaison); !slices.Contains(got, cobuild.WaitEnd30) {
			t.Errorf("%v waits: a renewal that lies in a drawer renews nothing", got)
		}
		if got := w.get(w.liaison, two).Renewed.ID; got != next {
			t.Errorf("the other side sees the renewal %v, want %v", got, next)
		}
		if _, err := w.s.Get(ctx, w.liaison2, next); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a unit that is no party sees the renewal: %v", err)
		}
		if _, err := w.s.Get(ctx, w.above, next); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the street sees a draft: %v", err)
		}
		d = w.get(w.worker, next)
		if d.From.String() != "2027-01-01" || d.To.String() != "2027-12-31" || len(d.Items) != 3 || d.Items[0].DueOn.String() != "2027-01-31" || d.Renews.ID != two || d.Parties[0].Contact != "王书记" {
			t.Errorf("the next is %+v", d)
		}
		if got := w.get(w.worker, two).Renewed.ID; got != next {
			t.Errorf("it is renewed by %v, want %v", got, next)
		}
		w.clock.Set(calendar.On(2027, 1, 2).Time())
		if s := w.get(w.liaison, two).Standing(calendar.On(2027, 1, 2)); s != cobuild.Over {
			t.Errorf("after its day it is %s", s)
		}
		w.ok(w.s.Send(ctx, w.liaison, next, 0, w.unit)) // either side takes it on
		off := w.signer(w.unit)
		_, err = w.s.SignOnPaper(ctx, w.secretary, next, 0, w.community, w.unit, "原件在社区档案柜")
		w.wants(err, errs.Forbidden, "") // somebody of the unit can sign
		testkit.Exec(t, w.d, `UPDATE account SET status = 'disabled' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, off)
		agreed, err := w.s.SignOnPaper(ctx, w.secretary, next, 0, w.community, w.unit, "原件在社区档案柜，1 月 2 日签")
		w.ok(err)
		if agreed {
			t.Error("the community has not signed yet")
		}
		_, err = w.s.SignOnPaper(ctx, w.liaison, next, 0, w.unit, w.community, "x")
		w.wants(err, errs.Forbidden, "")
		agreed, err = w.s.Sign(ctx, w.secretary, next, 0, w.community)
		w.ok(err)
		if p, _ := w.get(w.liaison, next).Party(w.unit); !agreed || !p.OnPaper || p.Note == "" {
			t.Errorf("agreed %v, the unit %+v", agreed, p)
		}
		// A third of the same kind with the same unit is warned of.
		g3 := w.drafted()
		w.ok(w.s.SetTerms(ctx, w.worker, g3, 0, w.community, cobuild.Terms{Kind: cobuild.General, Goal: "x", From: calendar.On(2027, 1, 1), To: calendar.On(2027, 3, 1)}))
		if d := w.get(w.worker, g3); len(d.Doubles) != 1 || d.Doubles[0].ID != next {
			t.Errorf("the doubles are %+v", d.Doubles)
		}
	})
}

func TestContactsAreSealedLookedAtForAPurposeAndForgotten(t *testing.T) {
	each(t, func(w *world) {
		g := w.agreed()
		w.ok(w.s.SetContact(ctx, w.liaison, g, w.unit, "李干事", "13912340000"))
		w.wants(w.s.SetContact(ctx, w.liaison, g, w.community, "假的", "1"), errs.Forbidden, "")
		if p, _ := w.get(w.worker, g).Party(w.unit); p.Contact != "李干事" || !p.HasPhone {
			t.Errorf("the contact is %+v", p)
		}
		_, err := w.s.Reveal(ctx, w.worker, g, w.unit, "")
		w.wants(err, errs.Invalid, "purpose")
		c, err := w.s.Reveal(ctx, w.worker, g, w.unit, "contact")
		w.ok(err)
		if c.Phone != "13912340000" {
			t.Errorf("the number is %q", c.Phone)
		}
		_, err = w.s.Reveal(ctx, w.liaison2, g, w.unit, "contact")
		w.wants(err, errs.NotFound, "")
		found, err := audit.Search(ctx, w.d, authz.System(testkit.Tenant, "test").Scope(audit.PermRead), audit.Filter{SubjectID: g})
		w.ok(err)
		if len(found.Items) == 0 || found.Items[0].Action != "cobuild.reveal" || found.Items[0].Purpose != "contact" {
			t.Errorf("the look is recorded as %+v", found.Items[0])
		}
		testkit.Exec(t, w.d, `INSERT INTO policy (tenant_id, name, valid_from, value, set_at) VALUES ($1, 'retention.cobuild_months', '2000-01-01', '12', 1)`, testkit.Tenant)
		r := retention.New(w.d, cobuild.RetentionKinds(), nil)
		w.clock.Set(calendar.On(2027, 12, 1).Time())
		w.ok(run(r))
		if p, _ := w.get(w.worker, g).Party(w.unit); p.Contact == "" {
			t.Error("the contact went before its time")
		}
		w.clock.Set(calendar.On(2028, 2, 1).Time())
		w.ok(run(r))
		if p, _ := w.get(w.worker, g).Party(w.unit); p.Contact != "" || p.HasPhone {
			t.Errorf("the contact stays: %+v", p)
		}
	})
}

func run(r *retention.Service) error {
	_, err := r.Run(ctx, testkit.Tenant, nil)
	return err
}

func TestProgrammesGatherWhatWasDoneUnderThem(t *testing.T) {
	each(t, func(w *world) {
		in := cobuild.NewProgramme{OrgID: w.street, Name: "四进社区", Kind: cobuild.Set, Parts: []string{"科技", " 卫生 ", ""}, From: calendar.On(2026, 1, 1)}
		_, err := w.s.SetUp(ctx, w.worker, in)
		w.wants(err, errs.Forbidden, "")
		four, err := w.s.SetUp(ctx, w.above, in)
		w.ok(err)
		_, err = w.s.SetUp(ctx, w.above, in)
		w.wants(err, errs.Invalid, "name")
		bad := in
		bad.To = calendar.On(2025, 1, 1)
		w.wants(w.s.EditProgramme(ctx, w.above, four, 1, bad), errs.Invalid, "valid_to")
		g := w.drafted()
		w.ok(w.s.Add(ctx, w.worker, g, 0, w.community, cobuild.NewItem{Title: "健康讲座", OrgID: w.unit, Often: cobuild.Month, DueOn: calendar.On(2026, 1, 4), ProgrammeID: four, Part: "卫生"}))
		w.wants(w.s.Add(ctx, w.worker, g, 0, w.community, cobuild.NewItem{Title: "x", OrgID: w.unit, Often: cobuild.Once, DueOn: calendar.On(2026, 1, 4), ProgrammeID: id.New()}), errs.NotFound, "")
		w.wants(w.s.Add(ctx, w.worker, g, 0, w.community, cobuild.NewItem{Title: "x", OrgID: w.unit, Often: cobuild.Once, DueOn: calendar.On(2026, 1, 4), ProgrammeID: four, Part: "没有这项"}), errs.Invalid, "theme")
		w.ok(w.s.Send(ctx, w.worker, g, 0, w.community))
		_, err = w.s.Sign(ctx, w.liaison, g, 0, w.unit)
		w.ok(err)
		_, err = w.s.Sign(ctx, w.secretary, g, 0, w.community)
		w.ok(err)
		task := w.task(w.get(w.liaison, g), "健康讲座", "2026-01-04")
		w.ok(w.s.Say(ctx, w.liaison, task.ID, 0, cobuild.Done{As: w.unit, Words: "讲了高血压"}))
		w.ok(w.s.Confirm(ctx, w.worker, task.ID, 0, w.community))
		p, err := w.s.Programme(ctx, w.above, four)
		w.ok(err)
		if p.Agreements != 1 || p.Due != 1 || p.Done != 1 || !slices.Equal(p.Parts, []string{"科技", "卫生"}) {
			t.Errorf("the programme has %+v", p)
		}
		under, err := w.s.UnderProgramme(ctx, w.above, four, db.Page{})
		w.ok(err)
		if len(under.Items) != 1 || under.Items[0].ID != task.ID {
			t.Errorf("under it are %+v", under.Items)
		}
		if p, err := w.s.Programme(ctx, w.beside, four); err != nil || p.Agreements != 0 { // the programme is no secret, the agreements of others are
			t.Errorf("another community sees %+v, %v", p, err)
		}
		list, err := w.s.Programmes(ctx, w.liaison, db.Page{})
		w.ok(err)
		if len(list.Items) != 1 || list.Items[0].Done != 1 {
			t.Errorf("the unit sees %+v", list.Items)
		}
		pub, err := w.s.Public(ctx, testkit.Tenant, 0, db.Page{})
		w.ok(err)
		if len(pub.Items) != 1 || pub.Items[0].Units != "第一医院" {
			t.Errorf("the public list shows %+v", pub.Items)
		}
	})
}

func TestSeveralUnitsSignOneAgreement(t *testing.T) {
	each(t, func(w *world) {
		g := w.drafted(w.unit, w.u2)
		w.ok(w.s.Send(ctx, w.worker, g, 0, w.community))
		_, err := w.s.Sign(ctx, w.liaison, g, 0, w.unit)
		w.ok(err)
		agreed, err := w.s.Sign(ctx, w.secretary, g, 0, w.community)
		w.ok(err)
		if agreed {
			t.Error("one unit has not signed")
		}
		w.waitsFor(w.liaison2, cobuild.WaitAnswer)
		agreed, err = w.s.Sign(ctx, w.liaison2, g, 0, w.u2)
		w.ok(err)
		if !agreed {
			t.Error("all have signed")
		}
		task := w.task(w.get(w.liaison2, g), "捐一批图书", "2026-06-01")
		w.wants(w.s.Say(ctx, w.liaison2, task.ID, 0, cobuild.Done{As: w.u2, Words: "办了"}), errs.Forbidden, "") // the other unit promised it
		w.ok(w.s.Say(ctx, w.liaison, task.ID, 0, cobuild.Done{As: w.unit, Words: "办了"}))
		w.wants(w.s.Confirm(ctx, w.liaison2, task.ID, 0, w.u2), errs.Forbidden, "") // it stands on the same side
		w.ok(w.s.Confirm(ctx, w.worker, task.ID, 0, w.community))
		s, err := w.s.Summary(ctx, w.above, cobuild.Filter{})
		w.ok(err)
		if s.InForce != 1 || s.Talks != 0 {
			t.Errorf("the sums are %+v", s)
		}
		// One unit takes the other in.
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.above, w.u2, w.unit) }))
		if d := w.get(w.worker, g); len(d.Parties) != 2 {
			t.Errorf("the parties are %+v", d.Parties)
		}
	})
}

// signer opens an account that may sign for an organisation.
func (w *world) signer(org id.ID) id.ID {
	w.t.Helper()
	k := id.New()
	testkit.Exec(w.t, w.d, `INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,$3,'联络员',1)`, testkit.Tenant, k, "a"+k.String())
	testkit.Exec(w.t, w.d, `INSERT INTO role (tenant_id, code, name, permissions) VALUES ($1,$2,'联络员','cobuild.unit cobuild.sign')`, testkit.Tenant, "r"+k.String())
	testkit.Exec(w.t, w.d, `INSERT INTO role_grant (tenant_id, id, account_id, role_code, organisation_id, valid_from, granted_at) VALUES ($1,$2,$3,$4,$5,'2026-01-01',1)`, testkit.Tenant, id.New(), k, "r"+k.String(), org)
	return k
}

func TestWhatIsOverIsNotEndedByALateAnswer(t *testing.T) {
	each(t, func(w *world) {
		g := w.agreed()
		w.ok(w.s.End(ctx, w.liaison, g, 0, cobuild.Ending{As: w.unit, On: calendar.On(2026, 12, 31), Reason: "单位搬迁"}))
		w.clock.Set(calendar.On(2027, 3, 1).Time())
		w.wants(w.s.AnswerEnd(ctx, w.secretary, g, 0, w.community, true), errs.Conflict, "")
		d := w.get(w.secretary, g)
		if got := d.Standing(calendar.On(2027, 3, 1)); got != cobuild.Over || d.LastDay() != calendar.On(2026, 12, 31) {
			t.Errorf("it is %s and ends on %s", got, d.LastDay())
		}
		w.waitsFor(w.secretary)
	})
}

func TestAnEndOfWhatIsToComeWaits(t *testing.T) {
	each(t, func(w *world) {
		g := w.drafted()
		terms := w.terms()
		w.ok(w.s.SetTerms(ctx, w.worker, g, 0, w.community, terms))
		w.ok(w.s.Send(ctx, w.worker, g, 0, w.community))
		_, err := w.s.Sign(ctx, w.liaison, g, 0, w.unit)
		w.ok(err)
		_, err = w.s.Sign(ctx, w.secretary, g, 0, w.community)
		w.ok(err)
		w.clock.Set(calendar.On(2025, 12, 20).Time())
		w.ok(w.s.End(ctx, w.liaison, g, 0, cobuild.Ending{As: w.unit, On: calendar.On(2025, 12, 25), Reason: "不办了"}))
		w.waitsFor(w.secretary, cobuild.WaitEndAsk)
		w.ok(w.s.AnswerEnd(ctx, w.secretary, g, 0, w.community, true))
		w.waitsFor(w.secretary)
	})
}

func TestADraftThatWasGivenUpStaysItsDrafters(t *testing.T) {
	each(t, func(w *world) {
		g := w.drafted()
		w.ok(w.s.GiveUp(ctx, w.worker, g, 0, w.community, "先不签"))
		for _, a := range []authz.Actor{w.liaison, w.above} {
			if _, err := w.s.Get(ctx, a, g); errs.KindOf(err) != errs.NotFound {
				t.Errorf("it is seen: %v", err)
			}
		}
		if d := w.get(w.secretary, g); d.State != cobuild.Withdrawn {
			t.Errorf("it is %s", d.State)
		}
	})
}

func TestAnotherContactHasNoNumberOfTheOneBefore(t *testing.T) {
	each(t, func(w *world) {
		g := w.agreed()
		w.ok(w.s.SetContact(ctx, w.liaison, g, w.unit, "李干事", "13912340000"))
		w.ok(w.s.SetContact(ctx, w.liaison, g, w.unit, "李干事", ""))
		if p, _ := w.get(w.worker, g).Party(w.unit); !p.HasPhone {
			t.Error("the number is gone though the person is the same")
		}
		// Who is no party sees that there is a contact, and looks at it for a purpose.
		if p, _ := w.get(w.above, g).Party(w.unit); p.Contact != "" || !p.HasContact {
			t.Errorf("the street sees %+v", p)
		}
		c, err := w.s.Reveal(ctx, w.above, g, w.unit, "contact")
		w.ok(err)
		if c.Name != "李干事" || c.Phone != "13912340000" {
			t.Errorf("for a purpose it sees %+v", c)
		}
		w.ok(w.s.SetContact(ctx, w.liaison, g, w.unit, "王干事", ""))
		p, _ := w.get(w.worker, g).Party(w.unit)
		c, err = w.s.Reveal(ctx, w.worker, g, w.unit, "contact")
		w.ok(err)
		if p.HasPhone || c.Phone != "" || c.Name != "王干事" {
			t.Errorf("the new contact has the number %q", c.Phone)
		}
	})
}

func TestTheCommunitySpeaksForAUnitThatSignedOnPaper(t *testing.T) {
	each(t, func(w *world) {
		g := w.drafted()
		w.ok(w.s.Send(ctx, w.worker, g, 0, w.community))
		_, err := w.s.SignOnPaper(ctx, w.secretary, g, 0, w.community, w.unit, "原件在社区档案柜")
		w.ok(err)
		_, err = w.s.Sign(ctx, w.secretary, g, 0, w.community)
		w.ok(err)
		w.clock.Set(calendar.On(2026, 3, 3).Time().Add(10 * time.Hour))
		w.waitsFor(w.secretary, cobuild.WaitLate)
		d := w.get(w.secretary, g)
		task, own := w.task(d, "每季度义诊", "2026-01-31"), w.task(d, "提供活动场地", "2026-03-01")
		done := cobuild.Done{As: w.unit, Words: "来了 30 人", Amount: 30}
		w.wants(w.s.Say(ctx, w.secretary, task.ID, 0, done), errs.Invalid, "note")
		done.Note = "医院王主任 3 月 2 日电话"
		w.wants(w.s.Say(ctx, w.worker, task.ID, 0, done), errs.Forbidden, "") // may not sign
		w.ok(w.s.Say(ctx, w.secretary, task.ID, 0, done))
		if e := w.get(w.secretary, g).Entries[0]; e.Act != cobuild.ActSaidFor || e.Org != "文港社区" || !strings.Contains(e.Words, "第一医院") || !strings.Contains(e.Words, done.Note) {
			t.Errorf("it is kept as %+v", e)
		}
		w.ok(w.s.Confirm(ctx, w.worker, task.ID, 0, w.community))
		w.ok(w.s.Say(ctx, w.worker, own.ID, 0, cobuild.Done{As: w.community, Words: "给了活动室"}))
		w.waitsFor(w.secretary, cobuild.WaitConfirm)
		w.waitsFor(w.worker)
		p, err := w.s.Task(ctx, w.secretary, own.ID)
		w.ok(err)
		if p.Instead.OrgID != w.unit || !slices.Equal(p.Answers, []id.ID{w.unit}) {
			t.Errorf("instead of %+v answers %v", p.Instead, p.Answers)
		}
		w.wants(w.s.Confirm(ctx, w.secretary, own.ID, 0, w.unit), errs.Invalid, "note")
		able := w.signer(w.unit)
		w.wants(w.s.ConfirmFor(ctx, w.secretary, own.ID, 0, w.unit, "王主任电话"), errs.Forbidden, "") // the unit speaks for itself now
		testkit.Exec(t, w.d, `UPDATE account SET status = 'disabled' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, able)
		w.ok(w.s.ConfirmFor(ctx, w.secretary, own.ID, 0, w.unit, "王主任电话"))
		if e := w.get(w.secretary, g).Entries[0]; e.Act != cobuild.ActConFor {
			t.Errorf("it is kept as %+v", e)
		}
	})
}
