package assess

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/waiting"
)

// settle makes the next edition of a sheet.
func settle(a Assessment, e Edition, p Party, r Result, edition int64, appeal id.ID) (Settled, error) {
	c := Content{Assessment: a.ID.String(), Rubric: e.Code, Edition: e.Edition, RubricDigest: e.Digest, Period: a.Period, Organisation: p.OrganisationID.String(), Name: p.Name, Result: r}
	text, err := c.text()
	return Settled{ID: id.New(), Edition: edition, Total: r.Total, Digest: Digest([]byte(text)), AppealID: appeal, content: text}, err
}

// Freeze settles the scores of an assessment whose period is over (PermHold at the organiser): evidence and score of each organisation are kept as they
// are. Nothing may be missing.
func (s *Service) Freeze(ctx context.Context, actor authz.Actor, assessmentID id.ID, version int64) error {
	scope := actor.Scope(PermHold)
	a, err := findHeld(ctx, s.db, scope, assessmentID)
	if err != nil {
		return err
	}
	if a.State != Open {
		return errs.New(errs.Conflict, i18n.AssessFrozen)
	}
	p, err := ParsePeriod(a.Every, a.Period)
	if err != nil {
		return err
	}
	if !p.End().Before(today(s.db)) {
		return errs.New(errs.Conflict, i18n.AssessNotOver, p.End())
	}
	e, err := findRubric(ctx, s.db, scope, a.RubricID)
	if err != nil {
		return err
	}
	r, err := load(e.Body)
	if err != nil {
		return err
	}
	all := wholeOf(actor)
	list, err := parties(ctx, s.db, all, a.ID)
	if err != nil {
		return err
	}
	amounts, err := s.amounts(ctx, actor.Tenant, r, a.Period, list)
	if err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		found, err := findings(ctx, tx, all, a.ID, 0)
		if err != nil {
			return err
		}
		if err := setFrozen(ctx, tx, actor, a.ID, version); err != nil {
			return err
		}
		if err := s.settleAll(ctx, tx, actor, a, e, r, list, found, amounts); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "assess.freeze", Permission: PermHold, SubjectKind: "assessment", SubjectID: a.ID, OrgID: a.OrganiserID})
	})
}

func (s *Service) settleAll(ctx context.Context, tx *db.Tx, actor authz.Actor, a Assessment, e Edition, r *Rubric, list []Party, found []Finding, amounts map[id.ID]map[string]Amount) error {
	lack := incomplete{}
	for _, p := range list {
		result := r.of(p.OrganisationID, a, found, amounts)
		if result.Missing > 0 {
			lack.add(p, result)
			continue
		}
		sheet, err := settle(a, e, p, result, 1, 0)
		if err != nil {
			return err
		}
		if err := insertSheet(ctx, tx, actor, a.ID, p.OrganisationID, sheet); err != nil {
			return err
		}
	}
	return lack.err()
}

// incomplete gathers what is missing before scores can be settled.
type incomplete struct {
	names   []string
	missing int
}

func (i *incomplete) add(p Party, r Result) {
	i.missing += r.Missing
	i.names = append(i.names, p.Name)
}

func (i *incomplete) err() error {
	if i.missing == 0 {
		return nil
	}
	shown := i.names[:min(3, len(i.names))]
	return errs.New(errs.Conflict, i18n.AssessIncomplete, len(i.names), i.missing, i18n.Names{List: shown, More: len(i.names) > len(shown)})
}

// NewAppeal says what is wrong with a sheet.
type NewAppeal struct {
	AssessmentID   id.ID
	OrganisationID id.ID
	Indicator      string
	Body           string
}

// Appeal is handed in by the organisation assessed (PermAppeal there) once the scores are settled.
func (s *Service) Appeal(ctx context.Context, actor authz.Actor, in NewAppeal) (id.ID, error) {
	scope := actor.Scope(PermAppeal)
	if !scope.Covers(in.OrganisationID) {
		return 0, errs.ErrNotFound
	}
	body, err := words("body", in.Body, 1000, true)
	if err != nil {
		return 0, err
	}
	p := Appeal{ID: id.New(), AssessmentID: in.AssessmentID, OrganisationID: in.OrganisationID, Indicator: in.Indicator, Body: body}
	return p.ID, s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := findAssessment(ctx, tx, scope, in.AssessmentID)
		if err != nil {
			return err
		}
		list, err := parties(ctx, tx, scope, a.ID)
		if err != nil {
			return err
		}
		e, err := findRubric(ctx, tx, scope, a.RubricID)
		if err != nil {
			return err
		}
		r, err := load(e.Body)
		if err != nil {
			return err
		}
		switch {
		case !slices.ContainsFunc(list, func(x Party) bool { return x.OrganisationID == in.OrganisationID }):
			return errs.ErrNotFound
		case a.State != Frozen:
			return errs.New(errs.Conflict, i18n.AssessNotFrozen)
		case !slices.ContainsFunc(r.Indicators, func(i Indicator) bool { return i.Code == in.Indicator }):
			return errs.Field("indicator", i18n.ErrBadChoice)
		}
		before, err := appeals(ctx, tx, scope, a.ID, in.OrganisationID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(before, func(x Appeal) bool { return x.State == Waiting && x.Indicator == in.Indicator }) {
			return errs.Field("indicator", i18n.AssessAppealOpen)
		}
		if err := insertAppeal(ctx, tx, actor, p); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermAppeal), SubjectKind: "assessment_appeal", SubjectID: p.ID, OrgID: in.OrganisationID,
			Detail: map[string]any{"assessment": a.ID.String(), "indicator": in.Indicator}})
	})
}

// Answer is what the organiser says to an appeal. When it is accepted, FindingID is the finding that is withdrawn and Measure with Value the one that is right; either
// may be left out. Figures are read again.
type Answer struct {
	Accept    bool
	Answer    string
	FindingID id.ID
	Measure   string // of the indicator that the appeal is about
	Value     string
	Version   int64
}

// AnswerAppeal answers an appeal (PermHold at the organiser). An accepted one changes something and makes the next edition of the sheet.
func (s *Service) AnswerAppeal(ctx context.Context, actor authz.Actor, appealID id.ID, in Answer) (Appeal, error) {
	answer, err := words("answer", in.Answer, 1000, true)
	if err != nil {
		return Appeal{}, err
	}
	p, err := findAppeal(ctx, s.db, actor.Scope(PermHold), appealID)
	if err != nil {
		return p, err
	}
	if p.State != Waiting {
		return p, errs.New(errs.Conflict, i18n.AssessAppealClosed)
	}
	if !in.Accept {
		return p, s.db.WithTx(ctx, func(tx *db.Tx) error { return s.answered(ctx, tx, actor, p, Declined, answer, in.Version) })
	}
	return p, s.accept(ctx, actor, p, answer, in)
}

func (s *Service) answered(ctx context.Context, tx *db.Tx, actor authz.Actor, p Appeal, to AppealState, answer string, version int64) error {
	if err := setAnswered(ctx, tx, actor, p.ID, to, answer, version); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "assess.answer", Permission: PermHold, SubjectKind: "assessment_appeal", SubjectID: p.ID, OrgID: p.OrganisationID,
		Detail: map[string]any{"state": string(to)}})
}

func (s *Service) accept(ctx context.Context, actor authz.Actor, p Appeal, answer string, in Answer) error {
	a, r, party, err := s.held(ctx, actor, p.AssessmentID, p.OrganisationID)
	if err != nil {
		return err
	}
	var right *Finding
	if in.Measure != "" {
		f, err := r.finding(NewFinding{AssessmentID: a.ID, OrganisationID: p.OrganisationID, Indicator: p.Indicator, Measure: in.Measure, Value: in.Value}, today(s.db))
		if err != nil {
			return err
		}
		if err := s.notByFigure(ctx, actor.Tenant, r, a, party, f); err != nil {
			return err
		}
		period, err := ParsePeriod(a.Every, a.Period)
		if err != nil {
			return err
		}
		f.AppealID, f.Note, f.On = p.ID, i18n.AssessCorrected.In(i18n.ZH), period.End()
		right = &f
	}
	amounts, err := s.amounts(ctx, actor.Tenant, r, a.Period, []Party{party})
	if err != nil {
		return err
	}
	scope := wholeOf(actor)
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := s.answered(ctx, tx, actor, p, Accepted, answer, in.Version); err != nil {
			return err
		}
		if in.FindingID != 0 {
			f, err := findFinding(ctx, tx, scope, in.FindingID)
			if err != nil {
				return err
			}
			if f.AssessmentID != a.ID || f.OrganisationID != p.OrganisationID {
				return errs.ErrNotFound
			}
			if err := s.withdraw(ctx, tx, actor, f, i18n.AssessCorrected.In(i18n.ZH)); err != nil {
				return err
			}
		}
		if right != nil {
			if err := insertFinding(ctx, tx, actor, *right); err != nil {
				return err
			}
			if err := s.recordFinding(ctx, tx, actor, "assess.find", *right); err != nil {
				return err
			}
		}
		return s.next(ctx, tx, actor, scope, a, r, party, amounts, p.ID)
	})
}

// next makes the edition of a sheet that an accepted appeal leads to.
func (s *Service) next(ctx context.Context, tx *db.Tx, actor authz.Actor, scope authz.Scope, a Assessment, r *Rubric, party Party, amounts map[id.ID]map[string]Amount, appeal id.ID) error {
	found, err := findings(ctx, tx, scope, a.ID, party.OrganisationID)
	if err != nil {
		return err
	}
	kept, err := sheets(ctx, tx, scope, a.ID, party.OrganisationID)
	if err != nil {
		return err
	}
	before := Sheet{Editions: kept[party.OrganisationID]}
	if err := before.show(0); err != nil {
		return err
	}
	result := r.of(party.OrganisationID, a, found, amounts)
	if reflect.DeepEqual(result.evidence(), before.Result.evidence()) {
		return errs.New(errs.Conflict, i18n.AssessNothingChanges)
	}
	if result.Missing > 0 {
		lack := incomplete{}
		lack.add(party, result)
		return lack.err()
	}
	e, err := findRubric(ctx, tx, scope, a.RubricID)
	if err != nil {
		return err
	}
	sheet, err := settle(a, e, party, result, before.Editions[0].Edition+1, appeal)
	if err != nil {
		return err
	}
	return insertSheet(ctx, tx, actor, a.ID, party.OrganisationID, sheet)
}

// The kinds of waiting items: appeals to answer, and answers that the organisation has not had for long.
const (
	WaitAppeal   = "assess.appeal"
	WaitAnswered = "assess.answered"
)

// newsFor is how long an answer is news to the organisation that appealed.
const newsFor = 7 * 24 * time.Hour

// Waiting says which appeals wait for an answer where the actor may give it (PermHold at the organiser), and which were answered lately for
// organisations for which the actor may appeal (PermAppeal).
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	args := &db.Args{}
	open := actor.Scope(PermHold).Where(args, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"s.organiser_id"}}) + " AND p.state = " + args.Add(string(Waiting))
	toAnswer, err := s.count(ctx, WaitAppeal, "p.made_at", open, args)
	if err != nil {
		return nil, err
	}
	args = &db.Args{}
	told := actor.Scope(PermAppeal).Where(args, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.organisation_id"}}) + " AND p.state <> " + args.Add(string(Waiting)) +
		" AND p.answered_at > " + args.Add(db.Micros(s.db.Now().Add(-newsFor)))
	answered, err := s.count(ctx, WaitAnswered, "p.answered_at", told, args)
	return append(toAnswer, answered...), err
}

// count counts appeals for a waiting item, none if there are none.
func (s *Service) count(ctx context.Context, kind, since, where string, args *db.Args) ([]waiting.Item, error) {
	it := waiting.Item{Kind: kind}
	err := s.db.QueryRow(ctx, `SELECT count(*), coalesce(min(p.assessment_id), 0), coalesce(min(`+since+`), 0) FROM assessment_appeal p
		JOIN assessment s ON s.tenant_id = p.tenant_id AND s.id = p.assessment_id WHERE `+where, args.Values()...).Scan(&it.Count, &it.Subject, db.Instant(&it.Since))
	if err != nil || it.Count == 0 {
		return nil, err
	}
	return []waiting.Item{it}, nil
}

// Verify names sheets that are not what they were when they were settled, or whose score does not follow from their evidence.
func Verify(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	type row struct {
		id, rubric    id.ID
		total         Decimal
		content, hash string
	}
	var faults []string
	rubrics := map[id.ID]*Rubric{}
	bodies, err := db.All(ctx, q, func(e *Edition) []any { return []any{&e.ID, &e.Body} }, `SELECT id, body FROM rubric WHERE tenant_id = $1`, tenant)
	if err != nil {
		return nil, err
	}
	for _, e := range bodies {
		r, err := load(e.Body)
		if err != nil {
			faults = append(faults, fmt.Sprintf("rubric %s cannot be read: %v", e.ID, err))
			continue
		}
		rubrics[e.ID] = r
	}
	return faults, db.Each(ctx, q, func(r *row) []any { return []any{&r.id, &r.rubric, &r.total, &r.content, &r.hash} }, func(r row) error {
		var c Content
		switch err := json.Unmarshal([]byte(r.content), &c); {
		case Digest([]byte(r.content)) != r.hash:
			faults = append(faults, fmt.Sprintf("sheet %s was changed after it was settled", r.id))
		case err != nil:
			faults = append(faults, fmt.Sprintf("sheet %s cannot be read", r.id))
		case rubrics[r.rubric] == nil:
		case c.Result.Total != r.total || Score(rubrics[r.rubric], c.Result.evidence()).Total != r.total:
			faults = append(faults, fmt.Sprintf("the score of sheet %s does not follow from its evidence", r.id))
		}
		return nil
	}, `SELECT h.id, s.rubric_id, h.total, h.content, h.content_hash FROM assessment_sheet h JOIN assessment s ON s.tenant_id = h.tenant_id AND s.id = h.assessment_id
		WHERE h.tenant_id = $1`, tenant)
}
