package assess

import (
	"context"
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
