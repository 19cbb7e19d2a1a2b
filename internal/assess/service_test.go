package assess_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"linli/internal/assess"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/testkit"
)

// figures are those of a test: share is known of the organisations that have one.
type figures map[id.ID]int64

func (f figures) Known(name string) bool { return name == "life.turnout" }

func (f figures) Amounts(_ context.Context, _ int64, names []string, organisations []id.ID, _ string) (map[id.ID]map[string]assess.Amount, error) {
	out := map[id.ID]map[string]assess.Amount{}
	for _, o := range organisations {
		if v, ok := f[o]; ok {
			out[o] = map[string]assess.Amount{names[0]: {Value: assess.Whole(v), Known: true}}
		}
	}
	return out, nil
}

const rubric = `{"id":"tidy","title":"Tidy","period":"quarter","total":30,"complete":true,"indicators":[
 {"code":"1","name":"Tidy","points":10,"rules":[{"type":"deduct_per","unit":"litter","points":0.5},{"type":"zero_if","condition":"accident"}]},
 {"code":"2","name":"Share","points":20,"rules":[{"type":"proportional","measure":"share","figure":"life.turnout"}]}]}`

const aboutPersons = `{"id":"points","title":"Points","period":"quarter","base":60,"items":[{"type":"add_per","unit":"lesson","points":1}]}`

type world struct {
	t                         *testing.T
	d                         *db.DB
	s                         *assess.Service
	f                         figures
	clock                     *testkit.Clock
	street, north, south      id.ID
	district, staff           authz.Actor
	northerner, other, worker authz.Actor
}

func newWorld(t *testing.T, d *db.DB, clock *testkit.Clock) *world {
	clock.Set(time.Date(2026, 9, 15, 2, 0, 0, 0, time.UTC))
	rows := testkit.NewRows(t, d, testkit.Tenant)
	w := &world{t: t, d: d, f: figures{}, clock: clock, street: rows.Organisation("working_committee", "street"), north: rows.Organisation("community_party", "north"), south: rows.Organisation("community_party", "south")}
	w.s = assess.New(d, w.f)
	all := []authz.Permission{assess.PermSee, assess.PermRubric, assess.PermHold}
	w.district = testkit.Actor(testkit.Tenant, nil, all...)
	w.staff = testkit.Actor(testkit.Tenant, []id.ID{w.street, w.north, w.south}, assess.PermSee, assess.PermHold)
	w.northerner = testkit.Actor(testkit.Tenant, []id.ID{w.north}, assess.PermSee, assess.PermAppeal)
	w.worker = testkit.Actor(testkit.Tenant, []id.ID{w.north}, assess.PermSee)
	w.other = testkit.Actor(testkit.Other, nil, append(all, assess.PermAppeal)...)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) want(k errs.Kind, err error, what string) {
	w.t.Helper()
	if got := errs.KindOf(err); err == nil || got != k {
		w.t.Errorf("%s = %v, want kind %d", what, err, k)
	}
}

func (w *world) open() (rubricID, assessment id.ID) {
	w.t.Helper()
	ids, err := w.s.Import(w.t.Context(), w.district, "["+rubric+","+aboutPersons+"]")
	w.must(err)
	a, err := w.s.Open(w.t.Context(), w.staff, assess.NewAssessment{RubricID: ids[0], OrganiserID: w.street, Title: "Third quarter", Period: "2026Q3", OrganisationIDs: []id.ID{w.south, w.north, w.north}})
	w.must(err)
	_, err = w.s.Open(w.t.Context(), w.staff, assess.NewAssessment{RubricID: ids[1], OrganiserID: w.street, Title: "x", Period: "2026Q3", OrganisationIDs: []id.ID{w.north}})
	w.want(errs.Invalid, err, "an assessment of persons")
	if e := errs.As(err); e == nil || !strings.Contains(e.Fields["rubric"].In(i18n.ZH), "不给个人打分") {
		w.t.Errorf("it should say in words that persons are not assessed: %v", err)
	}
	return ids[0], a
}

func each(t *testing.T, fn func(*world)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) { fn(newWorld(t, d, clock)) })
}

func TestFromFindingToFrozenSheetAndAppeal(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		_, a := w.open()
		find := func(org id.ID, indicator, measure, value string) (id.ID, error) {
			return w.s.AddFinding(ctx, w.staff, assess.NewFinding{AssessmentID: a, OrganisationID: org, Indicator: indicator, Measure: measure, Value: value, Note: "seen"})
		}
		first, err := find(w.north, "1", "litter", "3")
		w.must(err)
		second, err := find(w.north, "1", "litter", "1")
		w.must(err)
		accident, err := find(w.south, "1", "accident", "")
		w.must(err)
		for _, v := range []string{"", "0", "-1", "1.5", "many"} {
			_, err := find(w.north, "1", "litter", v)
			w.want(errs.Invalid, err, "a count of "+v)
		}
		_, err = find(w.north, "2", "litter", "1")
		w.want(errs.Invalid, err, "an item of another indicator")
		_, err = w.s.AddFinding(ctx, w.staff, assess.NewFinding{AssessmentID: a, OrganisationID: w.north, Indicator: "1", Measure: "litter", Value: "1", On: calendar.MustParse("2026-09-16")})
		w.want(errs.Invalid, err, "a finding of tomorrow")

		sh, err := w.s.Sheet(ctx, w.worker, a, w.north, 0)
		w.must(err)
		if sh.Result.Parts[0].Score.String() != "8" || sh.Result.Missing != 1 || len(sh.Findings) != 2 {
			w.t.Errorf("north stands at %s, missing %d, %d findings", sh.Result.Parts[0].Score, sh.Result.Missing, len(sh.Findings))
		}
		w.f[w.north] = 90
		_, err = find(w.north, "2", "share", "99")
		w.want(errs.Invalid, err, "typing what a figure tells")
		_, err = find(w.south, "2", "share", "50") // no figure of the south: it is measured by hand
		w.must(err)

		_, err = w.s.WithdrawFinding(ctx, w.staff, accident, "")
		w.want(errs.Invalid, err, "withdrawing without a reason")
		_, err = w.s.WithdrawFinding(ctx, w.staff, accident, "another community's")
		w.must(err)
		_, err = w.s.WithdrawFinding(ctx, w.staff, accident, "again")
		w.want(errs.Conflict, err, "withdrawing twice")

		w.want(errs.Conflict, w.s.Freeze(ctx, w.staff, a, 1), "settling before the period is over")
		_, err = w.s.Appeal(ctx, w.northerner, assess.NewAppeal{AssessmentID: a, OrganisationID: w.north, Indicator: "1", Body: "no"})
		w.want(errs.Conflict, err, "an appeal before scores are settled")
		w.clock.Set(time.Date(2026, 10, 8, 2, 0, 0, 0, time.UTC))
		w.want(errs.Conflict, w.s.Freeze(ctx, w.staff, a, 7), "settling another version")
		w.must(w.s.Freeze(ctx, w.staff, a, 1))
		w.want(errs.Conflict, w.s.Freeze(ctx, w.staff, a, 2), "settling twice")
		_, err = find(w.north, "1", "litter", "1")
		w.want(errs.Conflict, err, "a finding afterwards")
		_, err = w.s.WithdrawFinding(ctx, w.staff, first, "late")
		w.want(errs.Conflict, err, "withdrawing afterwards")

		w.f[w.north] = 10 // what is settled stays, whatever the figures do
		d, err := w.s.Get(ctx, w.staff, a)
		w.must(err)
		if len(d.Sheets) != 2 || d.Sheets[0].Party.Name != "north" || d.Sheets[0].Party.Total.String() != "26" || d.Sheets[1].Party.Total.String() != "20" {
			w.t.Errorf("settled: %+v", d.Sheets)
		}
		w.f[w.north] = 90

		appeal, err := w.s.Appeal(ctx, w.northerner, assess.NewAppeal{AssessmentID: a, OrganisationID: w.north, Indicator: "1", Body: "three were one"})
		w.must(err)
		_, err = w.s.Appeal(ctx, w.northerner, assess.NewAppeal{AssessmentID: a, OrganisationID: w.north, Indicator: "1", Body: "again"})
		w.want(errs.Invalid, err, "a second appeal about the same")
		_, err = w.s.Appeal(ctx, w.northerner, assess.NewAppeal{AssessmentID: a, OrganisationID: w.south, Indicator: "1", Body: "theirs"})
		w.want(errs.NotFound, err, "an appeal for another community")
		_, err = w.s.Appeal(ctx, w.worker, assess.NewAppeal{AssessmentID: a, OrganisationID: w.north, Indicator: "2", Body: "x"})
		w.want(errs.NotFound, err, "an appeal without the right")
		if it, err := w.s.Waiting(ctx, w.staff); err != nil || len(it) != 1 || it[0].Subject != a {
			w.t.Errorf("Waiting = %v, %v", it, err)
		}
		_, err = w.s.AnswerAppeal(ctx, w.northerner, appeal, assess.Answer{Accept: true, Answer: "yes", Version: 1})
		w.want(errs.NotFound, err, "answering oneself")
		_, err = w.s.AnswerAppeal(ctx, w.staff, appeal, assess.Answer{Accept: true, Answer: "yes", Version: 1})
		w.want(errs.Conflict, err, "accepting without changing anything")
		_, err = w.s.AnswerAppeal(ctx, w.staff, appeal, assess.Answer{Accept: true, Answer: "yes", FindingID: accident, Version: 1})
		w.want(errs.NotFound, err, "withdrawing another's finding")
		_, err = w.s.AnswerAppeal(ctx, w.staff, appeal, assess.Answer{Accept: true, Answer: "one it is", FindingID: first, Measure: "litter", Value: "1", Version: 1})
		w.must(err)
		_, err = w.s.AnswerAppeal(ctx, w.staff, appeal, assess.Answer{Answer: "no", Version: 2})
		w.want(errs.Conflict, err, "answering twice")
		if it, err := w.s.Waiting(ctx, w.staff); err != nil || len(it) != 0 {
			w.t.Errorf("Waiting of those who answered = %v, %v", it, err)
		}
		if it, err := w.s.Waiting(ctx, w.northerner); err != nil || len(it) != 1 || it[0].Kind != assess.WaitAnswered || it[0].Subject != a {
			w.t.Errorf("Waiting of those who appealed = %v, %v", it, err)
		}
		if it, err := w.s.Waiting(ctx, w.worker); err != nil || len(it) != 0 {
			w.t.Errorf("Waiting of those who may not appeal = %v, %v", it, err)
		}
		for edition, want := range map[int64]string{0: "27", 2: "27", 1: "26"} {
			sh, err := w.s.Sheet(ctx, w.northerner, a, w.north, edition)
			w.must(err)
			if sh.Party.Total.String() != want || len(sh.Editions) != 2 {
				w.t.Errorf("edition %d = %s of %d editions, want %s", edition, sh.Party.Total, len(sh.Editions), want)
			}
		}
		_, err = w.s.Sheet(ctx, w.northerner, a, w.north, 3)
		w.want(errs.NotFound, err, "an edition that is not there")
		if faults, err := assess.Verify(ctx, w.d, testkit.Tenant); err != nil || len(faults) > 0 {
			w.t.Errorf("Verify = %v, %v", faults, err)
		}
		testkit.Exec(w.t, w.d, `UPDATE assessment_sheet SET content = replace(content, 'north', 'South') WHERE tenant_id = $1`, testkit.Tenant)
		testkit.Exec(w.t, w.d, `UPDATE assessment_sheet SET total = 300000 WHERE tenant_id = $1 AND organisation_id = $2`, testkit.Tenant, w.south)
		if faults, err := assess.Verify(ctx, w.d, testkit.Tenant); err != nil || len(faults) != 3 {
			w.t.Errorf("Verify of what was tampered with = %v, %v", faults, err)
		}
		_ = second
	})
}

func TestDeclinedAppealChangesNothing(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		_, a := w.open()
		w.f[w.north], w.f[w.south] = 100, 100
		w.clock.Set(time.Date(2026, 10, 8, 2, 0, 0, 0, time.UTC))
		w.must(w.s.Freeze(ctx, w.district, a, 1))
		p, err := w.s.Appeal(ctx, w.northerner, assess.NewAppeal{AssessmentID: a, OrganisationID: w.north, Indicator: "2", Body: "more"})
		w.must(err)
		_, err = w.s.AnswerAppeal(ctx, w.staff, p, assess.Answer{Answer: " ", Version: 1})
		w.want(errs.Invalid, err, "an answer without words")
		_, err = w.s.AnswerAppeal(ctx, w.staff, p, assess.Answer{Answer: "it is right", Version: 1})
		w.must(err)
		sh, err := w.s.Sheet(ctx, w.northerner, a, w.north, 0)
		w.must(err)
		if len(sh.Editions) != 1 || sh.Party.Total.String() != "30" || sh.Appeals[0].State != assess.Declined {
			w.t.Errorf("%+v", sh)
		}
	})
}

func TestNothingIsSettledWhileSomethingIsMissing(t *testing.T) {
	each(t, func(w *world) {
		_, a := w.open()
		w.f[w.north] = 100
		w.clock.Set(time.Date(2026, 10, 8, 2, 0, 0, 0, time.UTC))
		err := w.s.Freeze(w.t.Context(), w.staff, a, 1)
		w.want(errs.Conflict, err, "settling without the south's share")
		if err != nil && !strings.Contains(err.Error(), "south") {
			w.t.Errorf("the message should name who lacks something: %v", err)
		}
		if sh, err := w.s.Sheet(w.t.Context(), w.staff, a, w.north, 0); err != nil || sh.Assessment.State != assess.Open || len(sh.Editions) != 0 {
			w.t.Errorf("something stayed of it: %+v, %v", sh, err)
		}
	})
}

func TestRubricsHaveEditions(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		r, a := w.open()
		_, err := w.s.Import(ctx, w.district, rubric)
		w.want(errs.Invalid, err, "a second import of a code")
		_, err = w.s.Revise(ctx, w.district, r, strings.ReplaceAll(rubric, "\n", "\n\n"))
		w.want(errs.Invalid, err, "a change that is none")
		_, err = w.s.Revise(ctx, w.district, r, aboutPersons)
		w.want(errs.Invalid, err, "another rubric")
		_, err = w.s.Revise(ctx, w.staff, r, rubric)
		w.want(errs.Forbidden, err, "a change by who may not")
		_, err = w.s.Import(ctx, w.staff, rubric)
		w.want(errs.Forbidden, err, "an import by who may not")
		e, err := w.s.Revise(ctx, w.district, r, strings.Replace(rubric, `"points":0.5`, `"points":5`, 1))
		w.must(err)
		if e.Edition != 2 {
			w.t.Errorf("edition %d, want 2", e.Edition)
		}
		_, err = w.s.Revise(ctx, w.district, r, strings.Replace(rubric, `"points":0.5`, `"points":4`, 1))
		w.want(errs.Conflict, err, "a change of an old edition")
		_, err = w.s.Open(ctx, w.district, assess.NewAssessment{RubricID: r, OrganiserID: w.street, Title: "x", Period: "2026Q2", OrganisationIDs: []id.ID{w.north}})
		w.want(errs.Invalid, err, "an assessment with an old edition")
		_, err = w.s.AddFinding(ctx, w.staff, assess.NewFinding{AssessmentID: a, OrganisationID: w.north, Indicator: "1", Measure: "litter", Value: "1"})
		w.must(err)
		if sh, err := w.s.Sheet(ctx, w.staff, a, w.north, 0); err != nil || sh.Result.Parts[0].Score.String() != "9.5" {
			w.t.Errorf("an assessment stays with its edition: %v, %v", sh.Result.Parts[0].Score, err)
		}
		if list, err := w.s.Rubrics(ctx, w.worker); err != nil || len(list) != 2 {
			w.t.Errorf("Rubrics = %v, %v", list, err)
		}
		if list, err := w.s.Editions(ctx, w.worker, "tidy"); err != nil || len(list) != 2 || list[1].Used != 1 {
			w.t.Errorf("Editions = %+v, %v", list, err)
		}
	})
}

func TestScopes(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		r, a := w.open()
		open := func(actor authz.Actor, organiser id.ID, period string, orgs ...id.ID) error {
			_, err := w.s.Open(ctx, actor, assess.NewAssessment{RubricID: r, OrganiserID: organiser, Title: "x", Period: period, OrganisationIDs: orgs})
			return err
		}
		w.want(errs.Forbidden, open(w.northerner, w.north, "2026Q3", w.north), "opening without the right")
		w.want(errs.Forbidden, open(w.staff, w.street, "2026Q2", w.north, id.New()), "an organisation out of scope")
		w.want(errs.NotFound, open(w.district, w.street, "2026Q2", w.north, id.New()), "an organisation that is not there")
		w.want(errs.NotFound, open(w.other, w.street, "2026Q2", w.north), "another district")
		w.want(errs.Invalid, open(w.staff, w.street, "2026Q3", w.north), "the same again")
		w.want(errs.Invalid, open(w.staff, w.street, "2027Q1", w.north), "the future")
		w.must(open(w.district, w.street, "2026Q3", testkit.NewRows(w.t, w.d, testkit.Tenant).Organisation("unit", "works")))
		w.want(errs.Invalid, open(w.staff, w.street, "2026", w.north), "a year by a quarterly rubric")
		w.want(errs.Invalid, open(w.staff, w.street, "2026Q2"), "nobody")

		southern := testkit.Actor(testkit.Tenant, []id.ID{w.south}, assess.PermSee)
		stranger := testkit.Actor(testkit.Tenant, []id.ID{id.New()}, assess.PermSee, assess.PermHold)
		for name, actor := range map[string]authz.Actor{"another district": w.other, "elsewhere": stranger, "nobody": {}} {
			_, err := w.s.Get(ctx, actor, a)
			w.want(errs.NotFound, err, "Get by "+name)
			_, err = w.s.Sheet(ctx, actor, a, w.north, 0)
			w.want(errs.NotFound, err, "Sheet by "+name)
			_, err = w.s.AddFinding(ctx, actor, assess.NewFinding{AssessmentID: a, OrganisationID: w.north, Indicator: "1", Measure: "litter", Value: "1"})
			w.want(errs.NotFound, err, "AddFinding by "+name)
			w.want(errs.NotFound, w.s.Freeze(ctx, actor, a, 1), "Freeze by "+name)
			if l, err := w.s.List(ctx, actor, assess.Filter{}); err != nil || len(l.Items) != 0 {
				w.t.Errorf("List by %s = %v, %v", name, l.Items, err)
			}
		}
		d, err := w.s.Get(ctx, southern, a)
		w.must(err)
		if len(d.Sheets) != 1 || d.Sheets[0].Party.OrganisationID != w.south {
			w.t.Errorf("the south sees %+v", d.Sheets)
		}
		_, err = w.s.Sheet(ctx, southern, a, w.north, 0)
		w.want(errs.NotFound, err, "the south looking at the north")
		if l, err := w.s.List(ctx, southern, assess.Filter{State: assess.Open}); err != nil || len(l.Items) != 1 || l.Items[0].Parties != 2 {
			w.t.Errorf("List = %+v, %v", l.Items, err)
		}
		if list, err := w.s.Rubrics(ctx, w.other); err != nil || len(list) != 0 {
			w.t.Errorf("rubrics of another district: %v, %v", list, err)
		}
	})
}
