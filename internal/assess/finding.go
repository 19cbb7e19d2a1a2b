package assess

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

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
