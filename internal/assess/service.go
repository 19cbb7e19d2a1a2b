package assess

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// The permissions of this package.
const (
	PermSee    authz.Permission = "assess.see"    // rubrics, and the sheets of organisations in scope
	PermRubric authz.Permission = "assess.rubric" // import and change rubrics, in the whole tenant
	PermHold   authz.Permission = "assess.hold"   // open assessments, enter findings, settle scores, answer appeals
	PermAppeal authz.Permission = "assess.appeal" // appeal for the organisations in scope
)

// maxParties is how many organisations one assessment may have.
const maxParties = 300

// Amount is what a figure is; not Known where it is not recorded, or there is none for the place.
type Amount struct {
	Value Decimal
	Known bool
}

// Figures reads the figures that rubrics name.
type Figures interface {
	// Known says whether there is a figure of that name.
	Known(figure string) bool
	// Amounts reads figures of organisations in a quarter or a year, by organisation and figure. What is not there is not known.
	Amounts(ctx context.Context, tenant int64, figures []string, organisations []id.ID, period string) (map[id.ID]map[string]Amount, error)
}

// Service keeps rubrics and assessments.
type Service struct {
	db      *db.DB
	figures Figures
}

// New makes the service.
func New(d *db.DB, f Figures) *Service { return &Service{db: d, figures: f} }

func today(d *db.DB) calendar.Date { return calendar.DateOf(d.Now()) }

func words(field, s string, limit int, need bool) (string, error) {
	s = strings.TrimSpace(s)
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && need:
		return "", errs.Field(field, i18n.ErrRequired)
	case n > limit:
		return "", errs.Field(field, i18n.ErrTooLong, limit, n)
	}
	return s, nil
}

func reading(actor authz.Actor) authz.Scope {
	return actor.Scope(PermSee).Or(actor.Scope(PermRubric)).Or(actor.Scope(PermHold))
}

// Rubrics are the latest editions, by title.
func (s *Service) Rubrics(ctx context.Context, actor authz.Actor) ([]Edition, error) {
	return latestRubrics(ctx, s.db, reading(actor))
}

// Rubric is one edition with what it says.
func (s *Service) Rubric(ctx context.Context, actor authz.Actor, rubricID id.ID) (Edition, *Rubric, error) {
	e, err := findRubric(ctx, s.db, reading(actor), rubricID)
	if err != nil {
		return e, nil, err
	}
	r, err := load(e.Body)
	return e, r, err
}

// Editions are all editions of the rubric with a code, the latest first.
func (s *Service) Editions(ctx context.Context, actor authz.Actor, code string) ([]Edition, error) {
	return editionsOf(ctx, s.db, reading(actor), code)
}

// Import keeps one rubric or a list of them (PermRubric in the whole tenant). All are kept or none.
func (s *Service) Import(ctx context.Context, actor authz.Actor, body string) ([]id.ID, error) {
	if !actor.Scope(PermRubric).All() {
		return nil, errs.ErrForbidden
	}
	list, bodies, faults := Read(body, s.figures.Known)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	var made []id.ID
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		made = nil
		for i, r := range list {
			before, err := editionsOf(ctx, tx, actor.Scope(PermRubric), r.Code)
			if err != nil {
				return err
			}
			if len(before) > 0 {
				return errs.Field("body", i18n.RubricThere, r.Code)
			}
			e, err := s.keep(ctx, tx, actor, r, bodies[i], 1)
			if err != nil {
				return err
			}
			made = append(made, e.ID)
		}
		return nil
	})
	return made, err
}

// Revise keeps a change of a rubric as its next edition (PermRubric in the whole tenant). rubricID must be the latest edition.
func (s *Service) Revise(ctx context.Context, actor authz.Actor, rubricID id.ID, body string) (Edition, error) {
	if !actor.Scope(PermRubric).All() {
		return Edition{}, errs.ErrForbidden
	}
	list, bodies, faults := Read(body, s.figures.Known)
	if err := faults.Err(); err != nil {
		return Edition{}, err
	}
	var made Edition
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		e, err := findRubric(ctx, tx, actor.Scope(PermRubric), rubricID)
		switch {
		case err != nil:
			return err
		case e.Edition != e.Latest:
			return errs.ErrConflict
		case len(list) != 1 || list[0].Code != e.Code:
			return errs.Field("body", i18n.RubricOther, e.Code)
		case Digest(canonical([]byte(bodies[0]))) == e.Digest:
			return errs.Field("body", i18n.RubricSame, e.Edition)
		}
		made, err = s.keep(ctx, tx, actor, list[0], bodies[0], e.Edition+1)
		return err
	})
	return made, err
}

func (s *Service) keep(ctx context.Context, tx *db.Tx, actor authz.Actor, r *Rubric, body string, edition int64) (Edition, error) {
	e := Edition{ID: id.New(), Code: r.Code, Edition: edition, Latest: edition, Title: r.Title, Subject: r.Subject, Every: r.Every, Body: body, Digest: Digest(canonical([]byte(body)))}
	if err := insertRubric(ctx, tx, actor, e); err != nil {
		if db.IsUnique(err) {
			return e, errs.ErrConflict
		}
		return e, err
	}
	return e, audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermRubric), SubjectKind: "rubric", SubjectID: e.ID, Detail: map[string]any{"code": e.Code, "edition": edition, "digest": e.Digest}})
}

// NewAssessment opens an assessment.
type NewAssessment struct {
	RubricID        id.ID
	OrganiserID     id.ID  // who assesses
	Title           string // the rubric's if empty
	Period          string
	OrganisationIDs []id.ID
}

// Open opens an assessment of organisations that are in the actor's scope (PermHold at the organiser and at each of them). A rubric about persons is refused.
func (s *Service) Open(ctx context.Context, actor authz.Actor, in NewAssessment) (id.ID, error) {
	scope := actor.Scope(PermHold)
	if scope.Empty() {
		return 0, errs.ErrForbidden
	}
	title, err := words("title", in.Title, 100, false)
	if err != nil {
		return 0, err
	}
	orgs := slices.Clone(in.OrganisationIDs)
	slices.Sort(orgs)
	orgs = slices.Compact(orgs)
	switch {
	case len(orgs) == 0:
		return 0, errs.Field("organisation", i18n.AssessNoParties)
	case len(orgs) > maxParties:
		return 0, errs.Field("organisation", i18n.AssessTooMany, maxParties, len(orgs))
	}
	for _, o := range append([]id.ID{in.OrganiserID}, orgs...) {
		if err := scope.Require(o); err != nil {
			return 0, err
		}
	}
	made := Assessment{ID: id.New(), RubricID: in.RubricID, OrganiserID: in.OrganiserID}
	return made.ID, s.db.WithTx(ctx, func(tx *db.Tx) error {
		e, err := findRubric(ctx, tx, scope, in.RubricID)
		switch {
		case err != nil:
			return err
		case e.Subject != Organisations:
			return errs.Field("rubric", i18n.AssessNoPersons)
		case e.Edition != e.Latest:
			return errs.Field("rubric", i18n.AssessOldEdition)
		}
		p, err := ParsePeriod(e.Every, in.Period)
		if err != nil {
			return err
		}
		if made.Title = title; title == "" {
			made.Title = e.Title
		}
		if p.Start().After(calendar.DateOf(tx.Now())) {
			return errs.Field("period", i18n.AssessFuture)
		}
		made.Period = p.String()
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, append([]id.ID{in.OrganiserID}, orgs...)...); err != nil {
			return err
		}
		if n, err := opened(ctx, tx, actor.Tenant, e.Code, made.Period, in.OrganiserID, orgs); err != nil || n > 0 {
			if err != nil {
				return err
			}
			return errs.Field("period", i18n.AssessAlready)
		}
		if err := insertAssessment(ctx, tx, actor, made, orgs); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "assess.open", Permission: PermHold, SubjectKind: "assessment", SubjectID: made.ID, OrgID: in.OrganiserID,
			Detail: map[string]any{"rubric": e.Code, "edition": e.Edition, "period": made.Period, "organisations": len(orgs)}})
	})
}

// Filter narrows a list; zero fields do not filter.
type Filter struct {
	State    State
	RubricID id.ID
	Appealed bool // an appeal waits for an answer
	Page     db.Page
}

// List gives assessments of organisations in scope, the latest first.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Assessment], error) {
	rows, err := listAssessments(ctx, s.db, actor.Scope(PermSee), f)
	return db.Cut(rows, f.Page, func(a Assessment) db.Cursor { return db.Cursor{ID: a.ID} }), err
}

// MayHold says whether the actor assesses: whether the organiser of the assessment is in scope.
func MayHold(actor authz.Actor, a Assessment) bool {
	return actor.Scope(PermHold).Covers(a.OrganiserID)
}

// Detail is an assessment with the sheets of the organisations in scope, by name.
type Detail struct {
	Assessment
	Rubric *Rubric
	Sheets []Sheet // without findings and appeals
}

// Get gives an assessment: while it is open the scores of now, afterwards the latest settled ones.
func (s *Service) Get(ctx context.Context, actor authz.Actor, assessmentID id.ID) (Detail, error) {
	scope := actor.Scope(PermSee)
	a, err := findAssessment(ctx, s.db, scope, assessmentID)
	if err != nil {
		return Detail{}, err
	}
	list, err := parties(ctx, s.db, scope, a.ID)
	if err != nil {
		return Detail{}, err
	}
	return s.detail(ctx, actor.Tenant, scope, a, list)
}

func (s *Service) detail(ctx context.Context, tenant int64, scope authz.Scope, a Assessment, list []Party) (Detail, error) {
	out := Detail{Assessment: a}
	e, err := findRubric(ctx, s.db, scope, a.RubricID)
	if err != nil {
		return out, err
	}
	if out.Rubric, err = load(e.Body); err != nil {
		return out, err
	}
	if a.State == Frozen {
		kept, err := sheets(ctx, s.db, scope, a.ID, 0)
		if err != nil {
			return out, err
		}
		for _, p := range list {
			sh := Sheet{Assessment: a, Rubric: out.Rubric, Party: p, Editions: kept[p.OrganisationID]}
			if err := sh.show(0); err != nil {
				return out, err
			}
			out.Sheets = append(out.Sheets, sh)
		}
		return out, nil
	}
	found, err := findings(ctx, s.db, scope, a.ID, 0)
	if err != nil {
		return out, err
	}
	amounts, err := s.amounts(ctx, tenant, out.Rubric, a.Period, list)
	if err != nil {
		return out, err
	}
	for _, p := range list {
		sh := Sheet{Assessment: a, Rubric: out.Rubric, Party: p, Result: out.Rubric.of(p.OrganisationID, a, found, amounts)}
		sh.Party.Total, sh.Party.Missing = sh.Result.Total, sh.Result.Missing
		out.Sheets = append(out.Sheets, sh)
	}
	return out, nil
}

func (s *Service) amounts(ctx context.Context, tenant int64, r *Rubric, period string, list []Party) (map[id.ID]map[string]Amount, error) {
	names := r.Figures()
	if len(names) == 0 || len(list) == 0 {
		return nil, nil
	}
	var ids []id.ID
	for _, p := range list {
		ids = append(ids, p.OrganisationID)
	}
	return s.figures.Amounts(ctx, tenant, names, ids, period)
}

// of scores one organisation from findings and figures. Where a figure is known it holds, and findings about it do not.
func (r *Rubric) of(organisation id.ID, a Assessment, found []Finding, amounts map[id.ID]map[string]Amount) Result {
	var list []Evidence
	byFigure := map[[2]string]bool{}
	p, _ := ParsePeriod(a.Every, a.Period) // it was read when the assessment was opened
	for _, i := range r.Indicators {
		for _, m := range i.Measures() {
			if v := amounts[organisation][m.Figure]; m.Figure != "" && v.Known {
				byFigure[[2]string{i.Code, m.Name}] = true
				list = append(list, Evidence{Indicator: i.Code, Measure: m.Name, Value: v.Value, On: p.End(), Figure: m.Figure})
			}
		}
	}
	for _, f := range found {
		if f.OrganisationID == organisation && f.Counts() && !byFigure[[2]string{f.Indicator, f.Measure}] {
			list = append(list, Evidence{Indicator: f.Indicator, Measure: f.Measure, Value: f.Value, On: f.On, Finding: f.ID})
		}
	}
	return Score(r, list)
}

// show reads an edition of the sheet; 0 is the latest.
func (sh *Sheet) show(edition int64) error {
	for i, e := range sh.Editions {
		if edition != 0 && e.Edition != edition {
			continue
		}
		var c Content
		if err := json.Unmarshal([]byte(e.content), &c); err != nil {
			return err
		}
		sh.Settled, sh.Result = &sh.Editions[i], c.Result
		sh.Party.Total, sh.Party.Edition = e.Total, sh.Editions[0].Edition
		return nil
	}
	return errs.ErrNotFound
}

// Sheet gives the score of one organisation with its evidence, findings and appeals. Edition 0 is the latest.
func (s *Service) Sheet(ctx context.Context, actor authz.Actor, assessmentID, organisationID id.ID, edition int64) (Sheet, error) {
	scope := actor.Scope(PermSee)
	if !scope.Covers(organisationID) {
		return Sheet{}, errs.ErrNotFound
	}
	a, err := findAssessment(ctx, s.db, scope, assessmentID)
	if err != nil {
		return Sheet{}, err
	}
	return s.sheet(ctx, actor.Tenant, scope, a, organisationID, edition)
}

func (s *Service) sheet(ctx context.Context, tenant int64, scope authz.Scope, a Assessment, organisation id.ID, edition int64) (Sheet, error) {
	list, err := parties(ctx, s.db, scope, a.ID)
	if err != nil {
		return Sheet{}, err
	}
	i := slices.IndexFunc(list, func(p Party) bool { return p.OrganisationID == organisation })
	if i < 0 || edition != 0 && a.State != Frozen {
		return Sheet{}, errs.ErrNotFound
	}
	d, err := s.detail(ctx, tenant, scope, a, list[i:i+1])
	if err != nil {
		return Sheet{}, err
	}
	sh := d.Sheets[0]
	if edition != 0 {
		if err := sh.show(edition); err != nil {
			return sh, err
		}
	}
	if sh.Findings, err = findings(ctx, s.db, scope, a.ID, organisation); err != nil {
		return sh, err
	}
	sh.Appeals, err = appeals(ctx, s.db, scope, a.ID, organisation)
	return sh, err
}

// NewFinding is a thing that was found.
type NewFinding struct {
	AssessmentID   id.ID
	OrganisationID id.ID
	Indicator      string
	Measure        string
	Value          string // a count or a value; not read for what happens or does not
	On             calendar.Date
	Note           string
	Source         string
}

// finding checks a finding against the rubric.
func (r *Rubric) finding(in NewFinding, day calendar.Date) (Finding, error) {
	f := Finding{ID: id.New(), AssessmentID: in.AssessmentID, OrganisationID: in.OrganisationID, Indicator: in.Indicator, Measure: in.Measure, On: in.On}
	m, known := r.Measure(in.Indicator, in.Measure)
	if !known {
		return f, errs.Field("measure", i18n.AssessNoMeasure)
	}
	v, ok := ParseDecimal(in.Value)
	switch {
	case m.Takes == TakesYes:
		v = Whole(1)
	case !ok || v < 0:
		return f, errs.Field("value", i18n.AssessBadValue)
	case m.Takes == TakesCount && (v%scale != 0 || v < Whole(1)):
		return f, errs.Field("value", i18n.AssessBadCount)
	}
	f.Value = v
	if f.On.IsZero() {
		f.On = day
	}
	if f.On.After(day) {
		return f, errs.Field("on", i18n.AssessBadDay)
	}
	var err error
	if f.Note, err = words("note", in.Note, 500, false); err != nil {
		return f, err
	}
	f.Source, err = words("source", in.Source, 100, false)
	return f, err
}

// AddFinding enters a finding about an organisation (PermHold at the organiser). What a figure tells is not entered.
func (s *Service) AddFinding(ctx context.Context, actor authz.Actor, in NewFinding) (id.ID, error) {
	scope := actor.Scope(PermHold)
	a, r, party, err := s.held(ctx, actor, in.AssessmentID, in.OrganisationID)
	if err != nil {
		return 0, err
	}
	f, err := r.finding(in, today(s.db))
	if err != nil {
		return 0, err
	}
	if err := s.notByFigure(ctx, actor.Tenant, r, a, party, f); err != nil {
		return 0, err
	}
	return f.ID, s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := findHeld(ctx, tx, scope, in.AssessmentID)
		if err != nil {
			return err
		}
		if a.State != Open {
			return errs.New(errs.Conflict, i18n.AssessFrozen)
		}
		if err := insertFinding(ctx, tx, actor, f); err != nil {
			return err
		}
		return s.recordFinding(ctx, tx, actor, "assess.find", f)
	})
}

func (s *Service) recordFinding(ctx context.Context, tx *db.Tx, actor authz.Actor, action string, f Finding) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, Permission: PermHold, SubjectKind: "assessment_finding", SubjectID: f.ID, OrgID: f.OrganisationID,
		Detail: map[string]any{"assessment": f.AssessmentID.String(), "indicator": f.Indicator, "measure": f.Measure, "value": f.Value.String()}})
}

// wholeOf is the scope for the organisations of an assessment that was found to be the actor's to hold: also of one that has left their part of the
// tree since.
func wholeOf(actor authz.Actor) authz.Scope {
	return authz.System(actor.Tenant, "assessment").Scope(PermHold)
}

// held loads an assessment that the actor holds, its rubric and one of its organisations.
func (s *Service) held(ctx context.Context, actor authz.Actor, assessment, organisation id.ID) (Assessment, *Rubric, Party, error) {
	scope := actor.Scope(PermHold)
	a, err := findHeld(ctx, s.db, scope, assessment)
	if err != nil {
		return a, nil, Party{}, err
	}
	list, err := parties(ctx, s.db, wholeOf(actor), a.ID)
	if err != nil {
		return a, nil, Party{}, err
	}
	i := slices.IndexFunc(list, func(p Party) bool { return p.OrganisationID == organisation })
	if i < 0 {
		return a, nil, Party{}, errs.ErrNotFound
	}
	e, err := findRubric(ctx, s.db, scope, a.RubricID)
	if err != nil {
		return a, nil, Party{}, err
	}
	r, err := load(e.Body)
	return a, r, list[i], err
}

// notByFigure refuses to take by hand what a figure tells.
func (s *Service) notByFigure(ctx context.Context, tenant int64, r *Rubric, a Assessment, p Party, f Finding) error {
	m, _ := r.Measure(f.Indicator, f.Measure)
	if m.Figure == "" {
		return nil
	}
	amounts, err := s.figures.Amounts(ctx, tenant, []string{m.Figure}, []id.ID{p.OrganisationID}, a.Period)
	if err != nil {
		return err
	}
	if amounts[p.OrganisationID][m.Figure].Known {
		return errs.Field("measure", i18n.AssessByFigure, i18n.Figures[m.Figure].Name)
	}
	return nil
}

// WithdrawFinding takes a finding back, for a reason (PermHold at the organiser). It is kept and no longer counts.
func (s *Service) WithdrawFinding(ctx context.Context, actor authz.Actor, findingID id.ID, reason string) (Finding, error) {
	reason, err := words("reason", reason, 200, true)
	if err != nil {
		return Finding{}, err
	}
	scope := actor.Scope(PermHold)
	var f Finding
	return f, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if f, err = findFinding(ctx, tx, wholeOf(actor), findingID); err != nil {
			return err
		}
		a, err := findHeld(ctx, tx, scope, f.AssessmentID)
		switch {
		case err != nil:
			return err
		case a.State != Open:
			return errs.New(errs.Conflict, i18n.AssessFrozen)
		}
		return s.withdraw(ctx, tx, actor, f, reason)
	})
}

func (s *Service) withdraw(ctx context.Context, tx *db.Tx, actor authz.Actor, f Finding, reason string) error {
	if !f.Counts() {
		return errs.New(errs.Conflict, i18n.AssessGone)
	}
	if err := setWithdrawn(ctx, tx, actor, f.ID, reason); err != nil {
		return err
	}
	return s.recordFinding(ctx, tx, actor, "assess.withdraw", f)
}
