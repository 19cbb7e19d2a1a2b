package ask_test

import (
	"context"
	"testing"
	"time"

	"linli/internal/ask"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/person"
	"linli/internal/place"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

var east, west = id.ID(101), id.ID(102)

type world struct {
	t      *testing.T
	d      *db.DB
	clock  *testkit.Clock
	s      *ask.Service
	facts  *fact.Catalogue
	people *person.Service
	street authz.Actor // asks, and edits nothing
	worker authz.Actor // of the eastern community
	other  authz.Actor // of the western one
	dog    string      // a fact of the district's own
	wang   id.ID       // in the east
	li     id.ID       // in the west
}

func each(t *testing.T, f func(w *world)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		for org, name := range map[id.ID]string{east: "朝阳", west: "雅和"} {
			testkit.Exec(t, d, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, short_name, path, created_at, updated_at)
				VALUES ($1,$2,'community_party',$3,$3,$4,$5,1,1)`, testkit.Tenant, org, name+"社区党委", name+"社区", "/"+org.String()+"/")
		}
		ring := seal.Ephemeral()
		w := &world{t: t, d: d, clock: clock, people: person.New(d, ring)}
		w.facts = fact.New(d, ring, w.people, w.people.Facts(), place.New(d).Facts(), organisation.New(d, ring).Facts())
		w.s = ask.New(d, ring, w.facts)
		sees := []authz.Permission{person.PermSee, place.PermSee, organisation.PermSee, ask.PermAsk}
		works := append([]authz.Permission{person.PermEdit, ask.PermAnswer}, sees...)
		w.street = testkit.Actor(testkit.Tenant, nil, append([]authz.Permission{fact.PermDefine}, sees...)...)
		w.worker, w.other = testkit.Actor(testkit.Tenant, []id.ID{east}, works...), testkit.Actor(testkit.Tenant, []id.ID{west}, works...)
		w.wang, w.li = w.person(east, "王芳"), w.person(west, "李雷")
		o, err := w.facts.Define(ctx, w.street, fact.OwnFact{Subject: fact.Person, Code: "dog", Name: "是否养犬", Question: "养犬吗？", Doc: "文明养犬", Type: fact.YesNo,
			Sensitivity: fact.Personal, Purpose: "safety", AskedBy: "公安分局", ValidTo: calendar.DateOf(d.Now()).AddYears(1)})
		w.must(err)
		w.dog = o.FactID()
		f(w)
	})
}

func (w *world) person(community id.ID, name string) id.ID {
	w.t.Helper()
	p, err := w.people.Create(ctx, testkit.Actor(testkit.Tenant, nil, person.PermSee, person.PermEdit), person.NewPerson{CommunityID: community, Fields: person.Fields{Name: name}})
	w.must(err)
	return p
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) raise(actor authz.Actor, refs ...fact.Ref) ask.Raised {
	w.t.Helper()
	var wanted []ask.Wanted
	for _, r := range refs {
		wanted = append(wanted, ask.Wanted{Subject: fact.Person, Row: w.wang, Ref: r}, ask.Wanted{Subject: fact.Person, Row: w.li, Ref: r})
	}
	out, err := w.s.Raise(ctx, actor, "文明养犬情况表", 0, calendar.DateOf(w.d.Now()).AddDays(7), wanted)
	w.must(err)
	return out
}

func (w *world) asked(actor authz.Actor) []ask.Sheet {
	w.t.Helper()
	l, err := w.s.List(ctx, actor, ask.Filter{})
	w.must(err)
	return l.Items
}

func (w *world) value(row id.ID, ref fact.Ref) fact.Value {
	w.t.Helper()
	v, err := w.facts.Read(ctx, w.street, fact.Ask{Subject: fact.Person, IDs: []id.ID{row}, Refs: []fact.Ref{ref}})
	w.must(err)
	return v.At(0, ref)
}

func (w *world) waits(actor authz.Actor, kind string) int64 {
	w.t.Helper()
	list, err := w.s.Waiting(ctx, actor)
	w.must(err)
	for _, it := range list {
		if it.Kind == kind {
			return it.Count
		}
	}
	return 0
}

func TestWhatIsAskedOnceGoesToTheRecord(t *testing.T) {
	each(t, func(w *world) {
		dog := fact.Ref(w.dog)
		if out := w.raise(w.street, dog, "person.schooling"); out.Asked != 4 || out.RoundID == 0 {
			t.Fatalf("raised %+v", out)
		}
		if out := w.raise(w.street, dog); out.Asked != 0 || out.Already != 2 || out.RoundID != 0 {
			t.Errorf("asked again: %+v", out)
		}
		sheets := w.asked(w.worker)
		if len(sheets) != 1 || sheets[0].Row != w.wang || sheets[0].Name != "王芳" || len(sheets[0].Questions) != 2 || sheets[0].DueOn.IsZero() {
			t.Fatalf("the worker is asked %+v", sheets)
		}
		if n := len(w.asked(w.street)); n != 0 {
			t.Errorf("who may not answer is asked about %d records", n)
		}
		if n := w.waits(w.worker, ask.WaitAnswer); n != 1 {
			t.Errorf("%d records wait", n)
		}
		q := map[string]id.ID{}
		for _, x := range sheets[0].Questions {
			q[x.FactID] = x.ID
		}
		_, err := w.s.Answer(ctx, w.worker, []ask.Said{{Question: q[w.dog], Text: "有"}, {Question: q["person.schooling"], Text: "火星大学"}})
		if e := errs.As(err); e == nil || e.Kind != errs.Invalid || len(e.Fields) != 1 || e.Fields[q["person.schooling"].String()].Text != i18n.ErrBadChoice {
			t.Errorf("a schooling that there is not: %v", err)
		}
		if w.value(w.wang, dog).Known {
			t.Error("half of a sheet was recorded")
		}
		_, err = w.s.Answer(ctx, w.other, []ask.Said{{Question: q[w.dog], Text: "有"}})
		if errs.KindOf(err) != errs.Conflict {
			t.Errorf("somebody elsewhere answers: %v", err)
		}
		got, err := w.s.Answer(ctx, w.worker, []ask.Said{{Question: q[w.dog], Text: "有"}, {Question: q["person.schooling"], Text: "大学本科"}})
		if w.must(err); got != (ask.Taken{Recorded: 2}) {
			t.Errorf("taken %+v", got)
		}
		if v := w.value(w.wang, dog); v.Text != fact.Yes {
			t.Errorf("the record says %+v", v)
		}
		if v := w.value(w.wang, "person.schooling"); !v.Known {
			t.Error("the schooling is not in the record")
		}
		if n := len(w.asked(w.worker)); n != 0 {
			t.Errorf("%d records are still asked about", n)
		}
		if out := w.raise(w.street, dog); out.Asked != 0 || out.Held != 1 || out.Already != 1 {
			t.Errorf("the next form asks %+v", out)
		}
		said, err := audit.Search(ctx, w.d, testkit.Actor(testkit.Tenant, nil, audit.PermRead).Scope(audit.PermRead), audit.Filter{Action: "question.answered"})
		if w.must(err); len(said.Items) != 2 || said.Items[0].PersonID != w.wang {
			t.Errorf("the record of acts has %+v", said.Items)
		}
	})
}

func TestWhatIsWorkedOutIsAskedByItsBase(t *testing.T) {
	each(t, func(w *world) {
		if out := w.raise(w.street, "person.age"); out.Asked != 2 {
			t.Fatalf("raised %+v", out)
		}
		q := w.asked(w.worker)[0].Questions
		if len(q) != 1 || q[0].FactID != "person.born_on" {
			t.Fatalf("asked %+v", q)
		}
		_, err := w.s.Answer(ctx, w.worker, []ask.Said{{Question: q[0].ID, Text: "1990年5月1日"}})
		w.must(err)
		if v := w.value(w.wang, "person.age"); !v.Known {
			t.Error("the age does not follow")
		}
		if _, err := w.s.Raise(ctx, w.street, "表", 0, calendar.Date{}, []ask.Wanted{{Subject: fact.Person, Row: w.li, Ref: "person.moved_out_on"}}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("what no answer can put into a record is asked: %v", err)
		}
	})
}

func TestAResidentAnswersAboutThemselvesOnly(t *testing.T) {
	each(t, func(w *world) {
		w.raise(w.street, "person.schooling")
		wang := testkit.Own(testkit.Tenant, w.wang, ask.PermAnswerOwn, person.PermSeeOwn)
		l, err := w.s.List(ctx, wang, ask.Filter{Own: true})
		if w.must(err); len(l.Items) != 1 || l.Items[0].Row != w.wang || w.waits(wang, ask.WaitAnswerOwn) != 1 {
			t.Fatalf("asked about oneself: %+v", l.Items)
		}
		li := w.asked(w.other)[0].Questions[0]
		if _, err := w.s.Answer(ctx, wang, []ask.Said{{Question: li.ID, Text: "小学"}}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("an answer about somebody else: %v", err)
		}
		if got, err := w.s.Answer(ctx, wang, []ask.Said{{Question: l.Items[0].Questions[0].ID, Text: "小学"}}); err != nil || got.Recorded != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		if !w.value(w.wang, "person.schooling").Known {
			t.Error("the answer is not in the record")
		}
		if err := w.people.Edit(ctx, wang, w.wang, person.Change{Version: 2}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("after the answer the resident may edit: %v", err)
		}
	})
}

func TestWhatContradictsTheRecordIsSettledOnce(t *testing.T) {
	each(t, func(w *world) {
		dog := fact.Ref(w.dog)
		w.raise(w.street, dog)
		q := w.asked(w.worker)[0].Questions[0]
		w.must(w.facts.Record(ctx, w.worker, w.dog, []fact.Entry{{Row: w.wang, Value: "无"}})) // somebody was there meanwhile
		got, err := w.s.Answer(ctx, w.worker, []ask.Said{{Question: q.ID, Text: "有"}})
		if w.must(err); got != (ask.Taken{Differs: 1}) {
			t.Fatalf("taken %+v", got)
		}
		if v := w.value(w.wang, dog); v.Text != fact.No {
			t.Errorf("the record changed by itself: %+v", v)
		}
		c, err := w.s.Conflicts(ctx, w.worker, db.Page{})
		if w.must(err); len(c.Items) != 1 || c.Items[0].Record != i18n.FactNo.In(i18n.ZH) || c.Items[0].Answer != i18n.FactYes.In(i18n.ZH) || c.Items[0].Name != "王芳" {
			t.Fatalf("side by side %+v", c.Items)
		}
		if n := w.waits(w.worker, ask.WaitSettle); n != 1 {
			t.Errorf("%d to settle", n)
		}
		if err := w.s.Settle(ctx, w.other, q.ID, true); errs.KindOf(err) != errs.NotFound {
			t.Errorf("somebody elsewhere settles: %v", err)
		}
		w.must(w.s.Settle(ctx, w.worker, q.ID, true))
		if v := w.value(w.wang, dog); v.Text != fact.Yes {
			t.Errorf("after settling the record says %+v", v)
		}
		if err := w.s.Settle(ctx, w.worker, q.ID, false); errs.KindOf(err) != errs.NotFound {
			t.Errorf("settled twice: %v", err)
		}
		if n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM question WHERE tenant_id = $1 AND answer IS NOT NULL`, testkit.Tenant); err != nil || n != 0 {
			t.Errorf("%d answers are kept after settling, %v", n, err)
		}
	})
}

func TestAFormThatContradictsTheRecordIsSettledToo(t *testing.T) {
	each(t, func(w *world) {
		w.must(w.facts.Record(ctx, w.worker, w.dog, []fact.Entry{{Row: w.wang, Value: "无"}}))
		out, err := w.s.Raise(ctx, w.street, "表", 0, calendar.Date{}, []ask.Wanted{{Subject: fact.Person, Row: w.wang, Ref: fact.Ref(w.dog), Says: "有"}})
		if w.must(err); out.Asked != 1 || len(w.asked(w.worker)) != 0 {
			t.Fatalf("raised %+v", out)
		}
		c, err := w.s.Conflicts(ctx, w.worker, db.Page{})
		if w.must(err); len(c.Items) != 1 {
			t.Fatalf("side by side %+v", c.Items)
		}
		w.must(w.s.Settle(ctx, w.worker, c.Items[0].ID, false))
		if v := w.value(w.wang, fact.Ref(w.dog)); v.Text != fact.No {
			t.Errorf("the record was to stay: %+v", v)
		}
	})
}

func TestWhatNobodyKnowsIsNotAskedAgainForAWhile(t *testing.T) {
	each(t, func(w *world) {
		dog := fact.Ref(w.dog)
		round := w.raise(w.street, dog).RoundID
		q := w.asked(w.worker)[0].Questions[0]
		if _, err := w.s.Answer(ctx, w.worker, []ask.Said{{Question: q.ID, Text: "有", Unknown: true}}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("an answer and no answer: %v", err)
		}
		got, err := w.s.Answer(ctx, w.worker, []ask.Said{{Question: q.ID, Unknown: true}})
		if w.must(err); got.Unknown != 1 {
			t.Fatalf("taken %+v", got)
		}
		if out := w.raise(w.street, dog); out.Asked != 0 || out.Already != 2 {
			t.Errorf("asked again at once: %+v", out)
		}
		r, parts, err := w.s.Round(ctx, w.street, round)
		if w.must(err); r.Asked() != 2 || r.Waits() != 1 || r.Counts[ask.Unknown] != 1 || len(parts) != 2 {
			t.Errorf("the round %+v, %+v", r, parts)
		}
		if _, _, err := w.s.Round(ctx, w.worker, round); errs.KindOf(err) != errs.NotFound {
			t.Errorf("somebody else's round: %v", err)
		}
		w.must(w.s.Withdraw(ctx, w.street, round))
		if n := len(w.asked(w.other)); n != 0 {
			t.Errorf("%d records are asked about after withdrawing", n)
		}
		w.clock.Advance(91 * 24 * time.Hour)
		if out := w.raise(w.street, dog); out.Asked != 2 {
			t.Errorf("asked again after a while: %+v", out)
		}
	})
}

func TestAskingIsChecked(t *testing.T) {
	each(t, func(w *world) {
		one := []ask.Wanted{{Subject: fact.Person, Row: w.wang, Ref: fact.Ref(w.dog)}}
		today := calendar.DateOf(w.d.Now())
		for name, c := range map[string]struct {
			actor  authz.Actor
			title  string
			form   id.ID
			due    calendar.Date
			wanted []ask.Wanted
			kind   errs.Kind
		}{
			"who may not":      {testkit.Actor(testkit.Tenant, nil, person.PermSee), "表", 0, today, one, errs.Forbidden},
			"no title":         {w.street, " ", 0, today, one, errs.Invalid},
			"past":             {w.street, "表", 0, today.AddDays(-1), one, errs.Invalid},
			"far":              {w.street, "表", 0, today.AddDays(91), one, errs.Invalid},
			"nothing":          {w.street, "表", 0, today, nil, errs.Invalid},
			"a form not there": {w.street, "表", 77, today, one, errs.NotFound},
		} {
			if _, err := w.s.Raise(ctx, c.actor, c.title, c.form, c.due, c.wanted); errs.KindOf(err) != c.kind {
				t.Errorf("%s: %v, want kind %d", name, err, c.kind)
			}
		}
		for name, x := range map[string]ask.Wanted{"a fact that there is not": {Subject: fact.Person, Row: w.wang, Ref: "person.nothing"},
			"somebody outside the scope": {Subject: fact.Person, Row: w.li, Ref: fact.Ref(w.dog)}} {
			if out, err := w.s.Raise(ctx, w.worker, "表", 0, today, []ask.Wanted{x}); errs.KindOf(err) != errs.Invalid || out.Never != 1 {
				t.Errorf("%s: %+v, %v", name, out, err)
			}
		}
	})
}
