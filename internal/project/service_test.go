package project_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/project"
	"linli/internal/retention"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

func mask(s string) (string, bool) {
	out := strings.ReplaceAll(s, "13912345678", "***")
	return out, out != s
}

type world struct {
	t                                        *testing.T
	d                                        *db.DB
	clock                                    *testkit.Clock
	s                                        *project.Service
	street, community, other, unit, u2, u3   id.ID
	desk, beside, liaison, liaison2, street0 authz.Actor
	need                                     id.ID
}

func each(t *testing.T, fn func(w *world)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 7, 1).Time().Add(9 * time.Hour))
		w := &world{t: t, d: d, clock: clock, s: project.New(d, seal.Ephemeral(), mask)}
		w.street = w.org("working_committee", "示例街道", 0)
		w.community, w.other = w.org("community_party", "文港社区", w.street), w.org("community_party", "先锋社区", w.street)
		w.unit, w.u2, w.u3 = w.org("unit", "第一医院", 0), w.org("unit", "城南小学", 0), w.org("unit", "老年大学", 0)
		// What a community's people hold reaches the units in it too: that must not make them act for these.
		w.desk = w.as([]id.ID{w.community, w.unit, w.u2, w.u3}, project.PermSee, project.PermKeep)
		w.beside = w.as([]id.ID{w.other}, project.PermSee, project.PermKeep)
		w.street0 = w.as([]id.ID{w.street, w.community, w.other}, project.PermSee)
		w.liaison = w.as([]id.ID{w.unit}, project.PermUnit)
		w.liaison2 = w.as([]id.ID{w.u2}, project.PermUnit)
		for i, u := range []id.ID{w.unit, w.u2} { // somebody can act for these two, and nobody for the third
			k := id.ID(900 + i)
			testkit.Exec(t, d, `INSERT INTO account (tenant_id, id, login, name, status, created_at) VALUES ($1,$2,$3,'联络员','active',1)`, testkit.Tenant, k, fmt.Sprintf("l%d", i))
			testkit.Exec(t, d, `INSERT INTO role_grant (tenant_id, id, account_id, role_code, organisation_id, valid_from, granted_at) VALUES ($1,$2,$2,'liaison',$3,'2026-01-01',1)`, testkit.Tenant, k, u)
		}
		testkit.Exec(t, d, `INSERT INTO role (tenant_id, code, name, permissions) VALUES ($1,'liaison','联络员','project.unit')`, testkit.Tenant)
		w.need = w.wants("给孩子找个托管的地方", w.community, "open")
		fn(w)
	})
}

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

func (w *world) wants(title string, at id.ID, state string) id.ID {
	w.t.Helper()
	n := id.New()
	testkit.Exec(w.t, w.d, `INSERT INTO need (tenant_id, id, no, kind, small, title, title_key, words, community_id, wanted, due_on, channel, flagged, sent_key, state, received_at, opened_at, skill, code_key) VALUES ($1,$2,$3,'place',FALSE,$4,$4,'暑假每天上午，十五个孩子。',$5,3,'2026-08-31','org',FALSE,$3,$6,1,1,'','')`,
		testkit.Tenant, n, n.String(), title, at, state)
	return n
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) refused(err error, k errs.Kind, field string) {
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

func (w *world) get(a authz.Actor, p id.ID) project.Detail {
	w.t.Helper()
	d, err := w.s.Get(ctx, a, p)
	w.ok(err)
	return d
}

func (w *world) step(p id.ID, title string) project.Step {
	w.t.Helper()
	for _, x := range w.get(w.desk, p).Steps {
		if x.Title == title {
			return x
		}
	}
	w.t.Fatalf("there is no step %s", title)
	return project.Step{}
}

func (w *world) line(p id.ID, title string) project.Line {
	w.t.Helper()
	for _, x := range w.get(w.desk, p).Lines {
		if x.Title == title {
			return x
		}
	}
	w.t.Fatalf("there is no line %s", title)
	return project.Line{}
}

func (w *world) addStep(p, org id.ID, title string, due calendar.Date) {
	w.t.Helper()
	_, err := w.s.AddStep(ctx, w.desk, p, 0, w.community, project.NewStep{OrgID: org, Title: title, DueOn: due})
	w.ok(err)
}

// drafted is a project of the need with two partners, a step of each and a line of one.
func (w *world) drafted() id.ID {
	w.t.Helper()
	p, err := w.s.FromNeed(ctx, w.desk, w.need)
	w.ok(err)
	w.ok(w.s.Invite(ctx, w.desk, p, 0, w.community, w.unit))
	w.ok(w.s.Invite(ctx, w.desk, p, 0, w.community, w.u2))
	w.addStep(p, w.community, "招募志愿者", calendar.On(2026, 7, 10))
	w.addStep(p, w.unit, "健康课", calendar.On(2026, 7, 20))
	w.addStep(p, w.u2, "开放教室", calendar.On(2026, 7, 5))
	_, err = w.s.AddLine(ctx, w.desk, p, 0, w.community, project.NewLine{OrgID: w.community, Source: project.OfParty, Title: "材料", Amount: 100_000})
	w.ok(err)
	_, err = w.s.AddLine(ctx, w.desk, p, 0, w.community, project.NewLine{OrgID: w.unit, Source: project.OfUnit, Title: "药箱", Amount: 50_000})
	w.ok(err)
	return p
}

func (w *world) running() id.ID {
	w.t.Helper()
	p := w.drafted()
	w.ok(w.s.Propose(ctx, w.desk, p, 0, w.community))
	w.ok(w.s.Answer(ctx, w.liaison, p, project.Reply{As: w.unit, Yes: true}))
	w.ok(w.s.Answer(ctx, w.liaison2, p, project.Reply{As: w.u2, Yes: true}))
	return p
}

func TestAProjectIsMadeOfANeedByOnePress(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.s.FromNeed(ctx, w.beside, w.need)
		w.refused(err, errs.NotFound, "")
		_, err = w.s.FromNeed(ctx, w.liaison, w.need)
		w.refused(err, errs.NotFound, "")
		p, err := w.s.FromNeed(ctx, w.desk, w.need)
		w.ok(err)
		d := w.get(w.desk, p)
		if d.Title != "给孩子找个托管的地方" || d.Goal != "暑假每天上午，十五个孩子。" || d.CommunityID != w.community || d.Kind != project.Place || d.Wanted != 3 || d.From.String() != "2026-07-01" || d.To.String() != "2026-08-31" || d.State != project.Draft {
			t.Errorf("filled in is %+v", d.Project)
		}
		if len(d.Needs) != 1 || d.Needs[0].ID != w.need {
			t.Errorf("it answers %+v", d.Needs)
		}
		again, err := w.s.FromNeed(ctx, w.desk, w.need)
		w.ok(err)
		if again != p {
			t.Error("a second press makes a second project")
		}
		if of, there, err := w.s.OfNeed(ctx, w.desk, w.need); err != nil || !there || of.ID != p {
			t.Errorf("the need shows %+v, %v, %v", of, there, err)
		}
		if _, there, err := w.s.OfNeed(ctx, w.beside, w.need); err != nil || there {
			t.Errorf("another community sees the project: %v, %v", there, err)
		}
		// Needs of another community, and those that are over, are refused; one has one project.
		w.refused(w.s.LinkNeed(ctx, w.desk, p, 0, w.community, w.wants("别处的需求", w.other, "open")), errs.Invalid, "need")
		w.refused(w.s.LinkNeed(ctx, w.desk, p, 0, w.community, w.wants("办过的需求", w.community, "done")), errs.Invalid, "need")
		second := w.wants("还要两张桌子", w.community, "open")
		w.ok(w.s.LinkNeed(ctx, w.desk, p, 0, w.community, second))
		q, err := w.s.Create(ctx, w.desk, project.NewProject{As: w.community, CommunityID: w.community, About: project.About{Title: "另一个", Goal: "别的事", Kind: project.Mixed, From: calendar.On(2026, 7, 1), To: calendar.On(2026, 7, 31)}})
		w.ok(err)
		w.refused(w.s.LinkNeed(ctx, w.desk, q, 0, w.community, second), errs.Invalid, "need")
		w.ok(w.s.Stop(ctx, w.desk, p, 0, w.community, "不办了"))
		w.ok(w.s.LinkNeed(ctx, w.desk, q, 0, w.community, second)) // a project that was stopped lets its needs go
	})
}

func TestADraftIsCheckedAndSeenByItsOwn(t *testing.T) {
	each(t, func(w *world) {
		about := project.About{Title: "暑期托管", Goal: "有人管", Kind: project.Mixed, From: calendar.On(2026, 7, 1), To: calendar.On(2026, 8, 31)}
		in := project.NewProject{As: w.community, CommunityID: w.community, About: about}
		bad := in
		bad.To = about.From.AddDays(-1)
		_, err := w.s.Create(ctx, w.desk, bad)
		w.refused(err, errs.Invalid, "to_on")
		bad = in
		bad.Goal = "打 13912345678 报名"
		_, err = w.s.Create(ctx, w.desk, bad)
		w.refused(err, errs.Invalid, "goal")
		bad = in
		bad.Partners = []id.ID{w.unit, w.unit}
		_, err = w.s.Create(ctx, w.desk, bad)
		w.refused(err, errs.Invalid, "partner")
		_, err = w.s.Create(ctx, w.beside, in)
		w.refused(err, errs.Forbidden, "")
		in.Partners = []id.ID{w.unit}
		p, err := w.s.Create(ctx, w.desk, in)
		w.ok(err)
		w.refused(w.s.Invite(ctx, w.desk, p, 0, w.community, w.unit), errs.Invalid, "partner")
		for name, a := range map[string]authz.Actor{"the partner": w.liaison, "another community": w.beside, "another unit": w.liaison2} {
			if _, err := w.s.Get(ctx, a, p); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s sees the draft: %v", name, err)
			}
		}
		if _, err := w.s.Get(ctx, w.street0, p); err != nil {
			t.Errorf("the sub-district sees nothing: %v", err)
		}
		w.refused(w.s.Propose(ctx, w.street0, p, 0, w.community), errs.Forbidden, "") // and does nothing
		w.refused(w.s.Propose(ctx, w.desk, p, 0, w.community), errs.Conflict, "")     // without steps
		_, err = w.s.AddStep(ctx, w.desk, p, 0, w.community, project.NewStep{OrgID: w.unit, Title: "太晚", DueOn: calendar.On(2026, 9, 1)})
		w.refused(err, errs.Invalid, "due_on")
		w.addStep(p, w.unit, "讲课", calendar.On(2026, 8, 20))
		about.To = calendar.On(2026, 8, 1)
		w.refused(w.s.SetAbout(ctx, w.desk, p, 0, w.community, about), errs.Invalid, "to_on") // the step would lie outside
		w.refused(w.s.SetAbout(ctx, w.desk, p, 99, w.community, in.About), errs.Conflict, "")
		// A unit that leads drafts for itself, and takes part by that.
		lead, err := w.s.Create(ctx, w.liaison, project.NewProject{As: w.unit, CommunityID: w.community, LeadID: w.unit, About: in.About})
		w.ok(err)
		_, err = w.s.AddStep(ctx, w.liaison, lead, 0, w.unit, project.NewStep{OrgID: w.unit, Title: "讲课", DueOn: calendar.On(2026, 8, 1)})
		w.ok(err)
		w.ok(w.s.Propose(ctx, w.liaison, lead, 0, w.unit))
		if d := w.get(w.liaison, lead); d.State != project.Proposed || d.Partners[0].State != project.Agreed {
			t.Errorf("who leads and proposes agrees by that, and no more: %+v", d.Project)
		}
		w.refused(w.s.Answer(ctx, w.liaison, lead, project.Reply{As: w.community, Yes: true}), errs.Forbidden, "") // the community is asked in whose name it is
		w.refused(w.s.Remove(ctx, w.liaison, lead, 0, w.unit, w.community, "不要了"), errs.Conflict, "")
		w.ok(w.s.Answer(ctx, w.desk, lead, project.Reply{As: w.community, Yes: true}))
		if d := w.get(w.liaison, lead); d.State != project.Running {
			t.Errorf("it runs when the community agrees too: %+v", d.Project)
		}
		later, err := w.s.AddStep(ctx, w.liaison, lead, 0, w.unit, project.NewStep{OrgID: w.community, Title: "借场地", DueOn: calendar.On(2026, 8, 2)})
		w.ok(err)
		if !later {
			t.Error("a unit gives the community work without asking it")
		}
	})
}

func TestEachPartnerAgreesForItself(t *testing.T) {
	each(t, func(w *world) {
		p := w.drafted()
		w.refused(w.s.Answer(ctx, w.desk, p, project.Reply{As: w.unit, Yes: true}), errs.Forbidden, "") // there is somebody of the unit
		w.ok(w.s.Propose(ctx, w.desk, p, 0, w.community))
		w.refused(w.s.Answer(ctx, w.liaison2, p, project.Reply{As: w.unit, Yes: true}), errs.Forbidden, "")
		w.refused(w.s.Answer(ctx, w.desk, p, project.Reply{As: w.unit, Yes: true, Note: "电话里说的"}), errs.Forbidden, "")
		if it, err := w.s.Waiting(ctx, w.liaison); err != nil || len(it) == 0 || it[0].Kind != project.WaitAnswer || it[0].Subject != p {
			t.Errorf("waiting for the unit: %+v, %v", it, err)
		}
		w.refused(w.s.Answer(ctx, w.liaison, p, project.Reply{As: w.unit}), errs.Invalid, "reason")
		seen := w.get(w.liaison, p).Edition
		w.addStep(p, w.unit, "再加一课", calendar.On(2026, 7, 25)) // it has not answered: what it agrees to is looked at again
		w.refused(w.s.Answer(ctx, w.liaison, p, project.Reply{As: w.unit, Edition: seen, Yes: true}), errs.Conflict, "")
		w.ok(w.s.Answer(ctx, w.liaison, p, project.Reply{As: w.unit, Edition: w.get(w.liaison, p).Edition, Yes: true}))
		w.refused(w.s.Answer(ctx, w.liaison, p, project.Reply{As: w.unit, Yes: true}), errs.Conflict, "")
		w.ok(w.s.Answer(ctx, w.liaison2, p, project.Reply{As: w.u2, Reason: "暑假装修"}))
		if d := w.get(w.desk, p); d.State != project.Proposed {
			t.Errorf("it runs although one declined: %s", d.State)
		}
		if it, err := w.s.Waiting(ctx, w.desk); err != nil || len(it) != 1 || it[0].Kind != project.WaitDeclined || it[0].Subject != p {
			t.Errorf("waiting for the desk: %+v, %v", it, err)
		}
		// Who is taken out does no more of it; what it was to do is dropped, and the rest begins.
		w.ok(w.s.Remove(ctx, w.desk, p, 0, w.community, w.u2, "不参加"))
		d := w.get(w.desk, p)
		if d.State != project.Running || d.BegunAt.IsZero() {
			t.Errorf("all who are left agreed: %s", d.State)
		}
		if slices.ContainsFunc(d.Steps, func(s project.Step) bool { return s.OrgID == w.u2 }) {
			t.Errorf("the steps of who left stay: %+v", d.Steps)
		}
		if _, err := w.s.Get(ctx, w.liaison2, p); errs.KindOf(err) != errs.NotFound {
			t.Errorf("who was taken out sees it still: %v", err)
		}
	})
}

func TestTheCommunityAnswersForAUnitOfWhichNobodyCould(t *testing.T) {
	each(t, func(w *world) {
		p := w.drafted()
		w.ok(w.s.Invite(ctx, w.desk, p, 0, w.community, w.u3))
		w.addStep(p, w.u3, "教书法", calendar.On(2026, 7, 12))
		w.ok(w.s.Propose(ctx, w.desk, p, 0, w.community))
		w.refused(w.s.Answer(ctx, w.desk, p, project.Reply{As: w.u3, Yes: true}), errs.Invalid, "note")
		w.refused(w.s.Answer(ctx, w.beside, p, project.Reply{As: w.u3, Yes: true, Note: "听说"}), errs.NotFound, "")
		w.ok(w.s.Answer(ctx, w.desk, p, project.Reply{As: w.u3, Yes: true, Note: "7 月 1 日刘校长电话同意"}))
		w.ok(w.s.Answer(ctx, w.liaison, p, project.Reply{As: w.unit, Yes: true}))
		w.ok(w.s.Answer(ctx, w.liaison2, p, project.Reply{As: w.u2, Yes: true}))
		d := w.get(w.desk, p)
		x, _ := d.Partner(w.u3)
		if d.State != project.Running || !x.OnPaper || x.Note != "7 月 1 日刘校长电话同意" {
			t.Errorf("%s, %+v", d.State, x)
		}
		w.refused(w.s.Do(ctx, w.desk, p, w.step(p, "教书法").ID, 0, project.Done{Words: "教了三次"}), errs.Invalid, "note")
		w.ok(w.s.Do(ctx, w.desk, p, w.step(p, "教书法").ID, 0, project.Done{Words: "教了三次", Note: "刘校长说的"}))
		if e := w.get(w.desk, p).Entries[0]; e.Act != project.ActDone || e.Org != "文港社区" || !strings.Contains(e.Words, "刘校长") {
			t.Errorf("the history says %+v", e)
		}
		w.refused(w.s.Do(ctx, w.desk, p, w.step(p, "健康课").ID, 0, project.Done{Words: "讲了", Note: "说过"}), errs.Forbidden, "")
	})
}

func TestWhatWasAgreedChangesByANewYesAlone(t *testing.T) {
	each(t, func(w *world) {
		p := w.running()
		course := w.step(p, "健康课")
		waits, err := w.s.ChangeStep(ctx, w.desk, p, 0, w.community, course.ID, project.NewStep{OrgID: w.unit, Title: "健康课两次", DueOn: calendar.On(2026, 7, 15)})
		w.ok(err)
		if s := w.step(p, "健康课"); !waits || s.DueOn != course.DueOn {
			t.Errorf("what was agreed changed without a yes: %v %+v", waits, s)
		}
		_, err = w.s.ChangeStep(ctx, w.desk, p, 0, w.community, course.ID, project.NewStep{OrgID: w.community, Title: "健康课", DueOn: course.DueOn})
		w.refused(err, errs.Invalid, "org")
		g := w.get(w.liaison, p).Changes[0]
		if it, err := w.s.Waiting(ctx, w.liaison); err != nil || len(it) == 0 || it[0].Kind != project.WaitAnswer {
			t.Errorf("waiting: %+v, %v", it, err)
		}
		w.refused(w.s.Settle(ctx, w.desk, p, g.ID, 0, true, "", "说过"), errs.Forbidden, "")
		w.refused(w.s.Settle(ctx, w.liaison2, p, g.ID, 0, true, "", ""), errs.Forbidden, "")
		w.refused(w.s.Settle(ctx, w.liaison, p, g.ID, 0, false, "", ""), errs.Invalid, "reason")
		w.ok(w.s.Settle(ctx, w.liaison, p, g.ID, g.Version, true, "", ""))
		if s := w.step(p, "健康课两次"); s.DueOn != calendar.On(2026, 7, 15) {
			t.Errorf("after the yes it is %+v", s)
		}
		w.refused(w.s.Settle(ctx, w.liaison, p, g.ID, 0, true, "", ""), errs.Conflict, "")
		// Money likewise: a no leaves it.
		waits, err = w.s.ChangeLine(ctx, w.desk, p, 0, w.community, w.line(p, "药箱").ID, project.NewLine{OrgID: w.unit, Source: project.OfUnit, Title: "药箱", Amount: 90_000})
		w.ok(err)
		g = w.get(w.liaison, p).Changes[0]
		w.ok(w.s.Settle(ctx, w.liaison, p, g.ID, 0, false, "超了预算", ""))
		if l := w.line(p, "药箱"); !waits || l.Amount != 50_000 {
			t.Errorf("after the no it is %+v", l)
		}
		// A step more for the partner waits; one of the community's own does not.
		waits, err = w.s.AddStep(ctx, w.desk, p, 0, w.community, project.NewStep{OrgID: w.unit, Title: "再来一次", DueOn: calendar.On(2026, 8, 1)})
		w.ok(err)
		if n := len(w.get(w.desk, p).Steps); !waits || n != 3 {
			t.Errorf("%d steps", n)
		}
		w.ok(w.s.Recall(ctx, w.desk, p, w.community, w.get(w.desk, p).Changes[0].ID))
		waits, err = w.s.AddStep(ctx, w.desk, p, 0, w.community, project.NewStep{OrgID: w.community, Title: "小结", DueOn: calendar.On(2026, 8, 30)})
		w.ok(err)
		if waits {
			t.Error("the community's own step waits for somebody")
		}
		waits, err = w.s.DropStep(ctx, w.desk, p, 0, w.community, w.step(p, "开放教室").ID)
		w.ok(err)
		if !waits {
			t.Error("a step of a partner is dropped without it")
		}
		_, err = w.s.AddStep(ctx, w.liaison, p, 0, w.unit, project.NewStep{OrgID: w.unit, Title: "自己加", DueOn: calendar.On(2026, 8, 1)})
		w.refused(err, errs.Forbidden, "") // it does not lead
	})
}

func TestAStepIsDoneInWordsOrByARecord(t *testing.T) {
	each(t, func(w *world) {
		p := w.running()
		room, course := w.step(p, "开放教室"), w.step(p, "健康课")
		w.refused(w.s.Do(ctx, w.liaison, p, room.ID, 0, project.Done{Words: "开了"}), errs.Forbidden, "")
		w.refused(w.s.Do(ctx, w.liaison2, p, room.ID, 0, project.Done{}), errs.Invalid, "words")
		w.refused(w.s.Do(ctx, w.liaison2, p, room.ID, 0, project.Done{Words: "开了", On: calendar.On(2026, 7, 2)}), errs.Invalid, "done_on")
		w.clock.Set(calendar.On(2026, 7, 8).Time().Add(9 * time.Hour))
		if it, err := w.s.Waiting(ctx, w.liaison2); err != nil || len(it) != 1 || it[0].Kind != project.WaitStep || it[0].DueOn != "2026-07-05" {
			t.Errorf("late for the school: %+v, %v", it, err)
		}
		todo, err := w.s.Todos(ctx, w.liaison2)
		w.ok(err)
		if len(todo) != 1 || todo[0].Title != "开放教室" || todo[0].ProjectID != p {
			t.Errorf("to do: %+v", todo)
		}
		late, err := w.s.List(ctx, w.desk, project.Filter{Late: true})
		w.ok(err)
		if len(late.Items) != 1 || late.Items[0].Late != 1 || late.Items[0].Steps != 3 {
			t.Errorf("late are %+v", late.Items)
		}
		w.ok(w.s.Do(ctx, w.liaison2, p, room.ID, 0, project.Done{Words: "教室开了"}))
		w.refused(w.s.Do(ctx, w.liaison2, p, room.ID, 0, project.Done{Words: "教室开了"}), errs.Conflict, "")
		w.ok(w.s.Undo(ctx, w.liaison2, p, room.ID, 0, ""))
		if s := w.step(p, "开放教室"); s.State != project.StepOpen || s.Words != "" {
			t.Errorf("it is %+v", s)
		}
		// An activity that belongs to the project, with who came.
		at := db.Micros(calendar.On(2026, 7, 7).Time().Add(9 * time.Hour))
		held, elsewhere := id.New(), id.New()
		for a, c := range map[id.ID]id.ID{held: w.community, elsewhere: w.other} {
			testkit.Exec(t, w.d, `INSERT INTO activity (tenant_id, id, community_id, kind_code, title, place, starts_at, ends_at, state, gives_hours, organiser_id, created_at) VALUES ($1,$2,$3,'volunteer','健康课一讲','教室',$4,$5,'held',TRUE,0,1)`, testkit.Tenant, a, c, at, at+1)
			for range 2 {
				testkit.Exec(t, w.d, `INSERT INTO attendance (tenant_id, id, activity_id, community_id, guest_name, in_at, minutes, proof, state, at) VALUES ($1,$2,$3,$4,'来的人',$5,90,'vouched','out',1)`, testkit.Tenant, id.New(), a, c, at)
			}
		}
		w.refused(w.s.LinkActivity(ctx, w.liaison, p, held), errs.Forbidden, "")
		w.refused(w.s.LinkActivity(ctx, w.desk, p, elsewhere), errs.Invalid, "activity")
		w.ok(w.s.LinkActivity(ctx, w.desk, p, held))
		w.refused(w.s.LinkActivity(ctx, w.desk, p, held), errs.Invalid, "activity")
		d := w.get(w.liaison, p)
		if len(d.Activities) != 1 || d.Activities[0].People != 2 || d.Activities[0].Minutes != 180 {
			t.Errorf("the activities are %+v", d.Activities)
		}
		can, err := w.s.Candidates(ctx, w.liaison, p, course.ID)
		w.ok(err)
		if len(can) != 1 || can[0].ID != held || !can[0].Of {
			t.Fatalf("the candidates are %+v", can)
		}
		w.refused(w.s.DoBy(ctx, w.liaison, p, course.ID, 0, project.FromActivity, elsewhere, ""), errs.NotFound, "")
		w.ok(w.s.DoBy(ctx, w.liaison, p, course.ID, course.Version, project.FromActivity, held, ""))
		if s := w.step(p, "健康课"); s.State != project.StepDone || s.DoneOn != calendar.On(2026, 7, 7) || s.SourceID != held {
			t.Errorf("done: %+v", s)
		}
		w.refused(w.s.DoBy(ctx, w.liaison2, p, room.ID, 0, project.FromActivity, held, ""), errs.NotFound, "") // one record does one step
		// A need that was met.
		testkit.Exec(t, w.d, `UPDATE need SET state = 'done', outcome = 'met', stars = 5, ended_at = $1 WHERE tenant_id = $2 AND id = $3`, at, testkit.Tenant, w.need)
		w.ok(w.s.DoBy(ctx, w.liaison2, p, room.ID, 0, project.FromNeed, w.need, ""))
		w.refused(w.s.UnlinkNeed(ctx, w.desk, p, 0, w.community, w.need), errs.Conflict, "")
		if n := w.get(w.desk, p).Needs[0]; n.Outcome != "met" || n.Stars != 5 {
			t.Errorf("what became of the need: %+v", n)
		}
	})
}

func TestMoneyIsWarnedOfAndReversedNeverDeleted(t *testing.T) {
	each(t, func(w *world) {
		p := w.running()
		line := w.line(p, "材料").ID
		in := project.NewExpense{LineID: line, Amount: 60_000, Payee: "新华文具店", Words: "绘本和纸笔", Receipt: "No.0012"}
		_, err := w.s.Spend(ctx, w.liaison, p, in)
		w.refused(err, errs.Forbidden, "") // the line of somebody else
		_, err = w.s.Spend(ctx, w.desk, p, project.NewExpense{LineID: w.line(p, "药箱").ID, Amount: 1, Payee: "药店", Words: "创可贴", Note: "说过"})
		w.refused(err, errs.Forbidden, "")
		bad := in
		bad.Amount = -5
		_, err = w.s.Spend(ctx, w.desk, p, bad)
		w.refused(err, errs.Invalid, "amount")
		bad = in
		bad.On = calendar.On(2026, 7, 2)
		_, err = w.s.Spend(ctx, w.desk, p, bad)
		w.refused(err, errs.Invalid, "on_date")
		bad.On = calendar.On(2026, 6, 30)
		_, err = w.s.Spend(ctx, w.desk, p, bad)
		w.refused(err, errs.Invalid, "on_date")
		first, err := w.s.Spend(ctx, w.desk, p, in)
		w.ok(err)
		over := in
		over.Amount, over.Receipt = 50_000, "No.0013"
		_, err = w.s.Spend(ctx, w.desk, p, over)
		w.refused(err, errs.Invalid, "over")
		over.Over = "多来了五个孩子"
		_, err = w.s.Spend(ctx, w.desk, p, over)
		w.ok(err)
		d := w.get(w.desk, p)
		if m := d.Money(); m.Planned != 150_000 || m.Spent != 110_000 || m.Left() != 40_000 {
			t.Errorf("the money is %+v", m)
		}
		_, err = w.s.ChangeLine(ctx, w.desk, p, 0, w.community, line, project.NewLine{OrgID: w.community, Source: project.OfParty, Title: "材料", Amount: 1})
		w.refused(err, errs.Invalid, "amount")
		_, err = w.s.DropLine(ctx, w.desk, p, 0, w.community, line)
		w.refused(err, errs.Conflict, "")
		w.refused(w.s.Reverse(ctx, w.desk, p, first, "", ""), errs.Invalid, "reason")
		w.refused(w.s.Reverse(ctx, w.liaison, p, first, "记错", ""), errs.Forbidden, "")
		w.ok(w.s.Reverse(ctx, w.desk, p, first, "记错了", ""))
		w.refused(w.s.Reverse(ctx, w.desk, p, first, "再冲", ""), errs.Conflict, "")
		d = w.get(w.desk, p)
		if m := d.Money(); m.Spent != 50_000 || len(d.Expenses) != 3 {
			t.Errorf("after the reversal %+v, %d entries", m, len(d.Expenses))
		}
		w.refused(w.s.Reverse(ctx, w.desk, p, d.Expenses[0].ID, "冲冲销", ""), errs.Conflict, "")
		if d.Expenses[0].Payee != "新华文具店" || d.Expenses[2].Payee != "新华文具店" {
			t.Errorf("payees: %+v", d.Expenses)
		}
		if seen := w.get(w.street0, p); seen.Expenses[0].Payee != "" || seen.Expenses[0].Amount != -60_000 { // who stands above sees the books, not to whom
			t.Errorf("the sub-district sees %+v", seen.Expenses[0])
		}
		row, err := w.s.List(ctx, w.street0, project.Filter{})
		w.ok(err)
		if row.Items[0].Planned != 150_000 || row.Items[0].Spent != 50_000 {
			t.Errorf("in the list %+v", row.Items[0].Sum)
		}
	})
}

func TestAProjectIsFinishedStoppedAndHadAgain(t *testing.T) {
	each(t, func(w *world) {
		p := w.running()
		w.refused(w.s.Finish(ctx, w.liaison, p, 0, w.unit, project.Ending{Result: "办成了"}), errs.Forbidden, "")
		w.refused(w.s.Finish(ctx, w.desk, p, 0, w.community, project.Ending{Result: "打 13912345678"}), errs.Invalid, "result")
		w.refused(w.s.Finish(ctx, w.desk, p, 0, w.community, project.Ending{Result: "十五个孩子有人管"}), errs.Invalid, "open")
		w.ok(w.s.Finish(ctx, w.desk, p, 0, w.community, project.Ending{Result: "十五个孩子有人管", Open: "教室提前收回"}))
		w.refused(w.s.Do(ctx, w.liaison, p, w.step(p, "健康课").ID, 0, project.Done{Words: "讲了"}), errs.Conflict, "")
		w.refused(w.s.Stop(ctx, w.desk, p, 0, w.community, "不办"), errs.Conflict, "")
		second, err := w.s.FromNeed(ctx, w.desk, w.need) // nobody met it: it is free for another
		w.ok(err)
		if second == p {
			t.Error("a finished project keeps a need that is open")
		}
		w.ok(w.s.Stop(ctx, w.desk, second, 0, w.community, "还是用原来的"))
		w.ok(w.s.Reopen(ctx, w.desk, p, 0, w.community, "按错了"))
		if same, err := w.s.FromNeed(ctx, w.desk, w.need); err != nil || same != p {
			t.Errorf("the need that ran again is answered by %s, %v", same, err)
		}
		w.ok(w.s.Finish(ctx, w.desk, p, 0, w.community, project.Ending{Result: "十五个孩子有人管", Open: "教室提前收回"}))
		w.clock.Set(calendar.On(2026, 8, 20).Time())
		w.refused(w.s.Reopen(ctx, w.desk, p, 0, w.community, "想起来了"), errs.Conflict, "")
		pub, err := w.s.Public(ctx, testkit.Tenant, 0, "", db.Page{})
		w.ok(err)
		if len(pub.Items) != 1 || pub.Items[0].State != project.Finished || pub.Items[0].Steps != 3 || len(pub.Items[0].Partners) != 2 || pub.Items[0].Result != "十五个孩子有人管" {
			t.Errorf("public: %+v", pub.Items)
		}
		sum, err := w.s.Summary(ctx, w.street0, project.Filter{})
		w.ok(err)
		if sum.Finished != 1 || sum.Running != 0 {
			t.Errorf("the summary is %+v", sum)
		}
		again, err := w.s.Copy(ctx, w.desk, p, w.community, calendar.On(2027, 7, 1))
		w.ok(err)
		d := w.get(w.desk, again)
		if d.State != project.Draft || d.From.String() != "2027-07-01" || d.To.String() != "2027-08-31" || len(d.Steps) != 3 || len(d.Lines) != 2 || len(d.In()) != 2 || len(d.Needs) != 0 || d.CopiedFrom != p {
			t.Errorf("the copy is %+v with %d steps, %d lines, %d needs", d.Project, len(d.Steps), len(d.Lines), len(d.Needs))
		}
		if d.Steps[0].DueOn.String() != "2027-07-05" || d.Lines[0].Amount != 100_000 || d.Lines[0].Spent != 0 {
			t.Errorf("taken over: %+v %+v", d.Steps[0], d.Lines[0])
		}
		w.ok(w.s.Stop(ctx, w.desk, again, 0, w.community, "明年不办"))
		pub, err = w.s.Public(ctx, testkit.Tenant, w.community, project.Running, db.Page{})
		w.ok(err)
		if len(pub.Items) != 0 {
			t.Errorf("public: %+v", pub.Items)
		}
	})
}

func TestPeopleAreOfWhoTakesPartAndGoAfterAWhile(t *testing.T) {
	each(t, func(w *world) {
		p := w.running()
		rows := testkit.NewRows(t, w.d, testkit.Tenant)
		mine := rows.Member(rows.Person(w.community, "王勇", "x1"), w.community, w.unit, "王勇")
		w.ok(w.s.AddPerson(ctx, w.liaison, p, project.NewPerson{OrgID: w.unit, MemberID: mine, Task: "讲课"}))
		w.ok(w.s.AddPerson(ctx, w.liaison, p, project.NewPerson{OrgID: w.unit, Name: "李护士", Task: "量血压"}))
		w.refused(w.s.AddPerson(ctx, w.liaison, p, project.NewPerson{OrgID: w.u2, Name: "赵老师", Task: "看教室"}), errs.Forbidden, "")
		w.refused(w.s.AddPerson(ctx, w.liaison2, p, project.NewPerson{OrgID: w.u2, MemberID: mine, Task: "看教室"}), errs.Invalid, "member")
		w.refused(w.s.AddPerson(ctx, w.liaison2, p, project.NewPerson{OrgID: w.u2, TeamID: id.New(), Task: "看教室"}), errs.Invalid, "team")
		d := w.get(w.liaison, p)
		if len(d.People) != 2 || d.People[0].Name != "王勇" || d.People[1].Name != "李护士" {
			t.Errorf("people: %+v", d.People)
		}
		if seen := w.get(w.street0, p); len(seen.People) != 0 || seen.Persons != 2 {
			t.Errorf("the sub-district sees %+v", seen.People)
		}
		w.ok(w.s.Invite(ctx, w.desk, p, 0, w.community, w.u3))
		if seen := w.get(w.as([]id.ID{w.u3}, project.PermUnit), p); len(seen.People) != 0 || seen.Persons != 2 { // before it agreed
			t.Errorf("a partner that is asked sees %+v", seen.People)
		}
		w.refused(w.s.RemovePerson(ctx, w.liaison2, p, d.People[1].ID), errs.Forbidden, "")
		w.ok(w.s.RemovePerson(ctx, w.liaison, p, d.People[0].ID))
		_, err := w.s.Spend(ctx, w.desk, p, project.NewExpense{LineID: w.line(p, "材料").ID, Amount: 100, Payee: "李四", Words: "搬运"})
		w.ok(err)
		w.ok(w.s.Finish(ctx, w.desk, p, 0, w.community, project.Ending{Result: "好", Open: "其余不办"}))
		run := func() {
			_, err := retention.New(w.d, project.RetentionKinds(), nil).Run(ctx, testkit.Tenant, nil)
			w.ok(err)
		}
		testkit.Exec(t, w.d, `INSERT INTO policy (tenant_id, name, valid_from, value, set_at) VALUES ($1, 'retention.project_months', '2000-01-01', '12', 1)`, testkit.Tenant)
		w.clock.Set(calendar.On(2027, 6, 1).Time())
		run()
		if d = w.get(w.desk, p); d.Persons != 1 || d.Expenses[0].Payee != "李四" {
			t.Error("they went before their time")
		}
		w.clock.Set(calendar.On(2027, 9, 1).Time())
		run()
		if d = w.get(w.desk, p); d.Persons != 0 || d.Expenses[0].Payee != "" || d.Expenses[0].Amount != 100 {
			t.Errorf("they stay: %+v %+v", d.People, d.Expenses[0])
		}
		found, err := audit.Search(ctx, w.d, authz.System(testkit.Tenant, "test").Scope(audit.PermRead), audit.Filter{SubjectID: p})
		w.ok(err)
		if len(found.Items) < 10 || found.Items[0].Action != "project.finish" {
			t.Errorf("recorded are %d, the last %s", len(found.Items), found.Items[0].Action)
		}
	})
}

func TestTwoPartnersAgreeAtOnceAndItBeginsOnce(t *testing.T) {
	each(t, func(w *world) {
		for range 5 {
			p := w.drafted()
			w.ok(w.s.Propose(ctx, w.desk, p, 0, w.community))
			var g sync.WaitGroup
			for a, o := range map[id.ID]authz.Actor{w.unit: w.liaison, w.u2: w.liaison2} {
				g.Add(1)
				go func() {
					defer g.Done()
					if err := w.s.Answer(ctx, o, p, project.Reply{As: a, Yes: true}); err != nil {
						t.Error(err)
					}
				}()
			}
			g.Wait()
			d := w.get(w.desk, p)
			begun := 0
			for _, e := range d.Entries {
				if e.Act == project.ActBegin {
					begun++
				}
			}
			if d.State != project.Running || begun != 1 {
				t.Errorf("it is %s and began %d times", d.State, begun)
			}
			w.ok(w.s.Stop(ctx, w.desk, p, 0, w.community, "下一轮"))
		}
	})
}

func TestExpensesAtOnceAreAllThereAndTheLineHolds(t *testing.T) {
	each(t, func(w *world) {
		p := w.running()
		line := w.line(p, "材料").ID
		const n = 16
		var g sync.WaitGroup
		var mu sync.Mutex
		taken, warned := 0, 0
		for i := range n { // of 100,000 fen, 10,000 each: ten fit
			g.Add(1)
			go func() {
				defer g.Done()
				_, err := w.s.Spend(ctx, w.desk, p, project.NewExpense{LineID: line, Amount: 10_000, Payee: "店", Words: fmt.Sprintf("第 %d 笔", i)})
				mu.Lock()
				defer mu.Unlock()
				switch e := errs.As(err); {
				case err == nil:
					taken++
				case e != nil && e.Kind == errs.Invalid:
					warned++
				default:
					t.Error(err)
				}
			}()
		}
		g.Wait()
		d := w.get(w.desk, p)
		if l := w.line(p, "材料"); taken != 10 || warned != n-10 || l.Spent != 100_000 || len(d.Expenses) != 10 {
			t.Errorf("%d taken, %d warned, %d spent in %d entries", taken, warned, l.Spent, len(d.Expenses))
		}
	})
}

func TestListsPageByKey(t *testing.T) {
	each(t, func(w *world) {
		for i := range 5 {
			_, err := w.s.Create(ctx, w.desk, project.NewProject{As: w.community, CommunityID: w.community, Partners: []id.ID{w.unit}, About: project.About{Title: fmt.Sprintf("项目%d", i), Goal: "办事", Kind: project.Mixed, From: calendar.On(2026, 7, 1), To: calendar.On(2026, 7, 31)}})
			w.ok(err)
		}
		var titles []string
		page := db.Page{Limit: 2}
		for {
			l, err := w.s.List(ctx, w.desk, project.Filter{Page: page})
			w.ok(err)
			for _, r := range l.Items {
				titles = append(titles, r.Title)
			}
			if l.Next == "" {
				break
			}
			page.After = db.ParseCursor(l.Next)
		}
		if !slices.Equal(titles, []string{"项目4", "项目3", "项目2", "项目1", "项目0"}) {
			t.Errorf("the list is %v", titles)
		}
		for name, f := range map[string]project.Filter{"a part of the title": {Text: "项目3"}, "another kind": {Kind: project.Goods}, "another unit": {Unit: w.u2}} {
			l, err := w.s.List(ctx, w.desk, f)
			w.ok(err)
			if want := map[string]int{"a part of the title": 1}[name]; len(l.Items) != want {
				t.Errorf("%s finds %d", name, len(l.Items))
			}
		}
		if l, err := w.s.List(ctx, w.beside, project.Filter{}); err != nil || len(l.Items) != 0 {
			t.Errorf("another community sees %d, %v", len(l.Items), err)
		}
		if l, err := w.s.List(ctx, w.desk, project.Filter{Text: "第一医院", State: project.Draft, Community: w.street}); err != nil || len(l.Items) != 5 {
			t.Errorf("by a partner: %d, %v", len(l.Items), err)
		}
	})
}
