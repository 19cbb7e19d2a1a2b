package assess

import (
	"context"
	"encoding/json"
	"slices"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/id"
)

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
