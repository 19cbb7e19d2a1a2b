package api

import (
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/assess"
	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// RubricHead is one edition of a rubric.
type RubricHead struct {
	ID        rest.ID   `json:"id" doc:"Identifier of the edition."`
	Code      string    `json:"code" doc:"The same for all editions."`
	Edition   int64     `json:"edition" doc:"Number of the edition."`
	Latest    int64     `json:"latest" doc:"Number of the newest edition."`
	Title     string    `json:"title" doc:"Title."`
	Subject   string    `json:"subject" doc:"organisation or person. No assessment is opened with a rubric about persons."`
	Period    string    `json:"period" doc:"month, quarter, year."`
	Digest    string    `json:"digest" doc:"SHA-256 over the rubric without blanks."`
	CreatedAt time.Time `json:"created_at" doc:"When."`
}

// RubricDetail is an edition with what it says.
type RubricDetail struct {
	RubricHead
	Body string `json:"body" doc:"The rubric as JSON, as it was handed in."`
}

func rubricOf(e assess.Edition) RubricHead {
	return RubricHead{ID: rest.IDOf(e.ID), Code: e.Code, Edition: e.Edition, Latest: e.Latest, Title: e.Title, Subject: string(e.Subject), Period: string(e.Every), Digest: e.Digest, CreatedAt: e.CreatedAt.UTC()}
}

// RubricImport hands in rubrics.
type RubricImport struct {
	Body string `json:"body" maxLength:"200000" doc:"One rubric as JSON, or a list of several; see the guide."`
}

// Imported are the editions made.
type Imported struct {
	ID  rest.ID   `json:"id" doc:"The first of them."`
	IDs []rest.ID `json:"ids" nullable:"false" doc:"All of them."`
}

// Assessment applies a rubric to organisations in a period.
type Assessment struct {
	ID          rest.ID    `json:"id" doc:"Identifier."`
	RubricID    rest.ID    `json:"rubric_id" doc:"Edition of the rubric."`
	Rubric      string     `json:"rubric" doc:"Its title."`
	Edition     int64      `json:"edition" doc:"Its number."`
	Title       string     `json:"title" doc:"Title."`
	Period      string     `json:"period" doc:"2026-09, 2026Q3 or 2026."`
	OrganiserID rest.ID    `json:"organiser_id" doc:"Who assesses."`
	Organiser   string     `json:"organiser" doc:"Its name."`
	State       string     `json:"state" doc:"open, frozen."`
	Parties     int64      `json:"parties" doc:"How many organisations are assessed."`
	OpenedAt    time.Time  `json:"opened_at" doc:"When it was opened."`
	FrozenAt    *time.Time `json:"frozen_at,omitempty" doc:"When scores were settled."`
	Version     int64      `json:"version" doc:"Version, for settling."`
}

// RecordVersion is the version of the assessment.
func (a Assessment) RecordVersion() int64 { return a.Version }

func assessmentOf(a assess.Assessment) Assessment {
	return Assessment{ID: rest.IDOf(a.ID), RubricID: rest.IDOf(a.RubricID), Rubric: a.Rubric, Edition: a.Edition, Title: a.Title, Period: a.Period, OrganiserID: rest.IDOf(a.OrganiserID),
		Organiser: a.Organiser, State: string(a.State), Parties: a.Parties, OpenedAt: a.OpenedAt.UTC(), FrozenAt: rest.UTC(a.FrozenAt), Version: a.Version}
}

// AssessmentScore is how one organisation stands.
type AssessmentScore struct {
	OrganisationID rest.ID `json:"organisation_id" doc:"Organisation."`
	Name           string  `json:"name" doc:"Its name."`
	Total          string  `json:"total" doc:"Score, as a decimal in text so that it stays exact."`
	Missing        int     `json:"missing" doc:"Values not known yet."`
	Edition        int64   `json:"edition" doc:"Of the settled sheet; 0 while it is provisional."`
}

// AssessmentDetail is an assessment with the organisations that you may see, by name.
type AssessmentDetail struct {
	Assessment
	Scores []AssessmentScore `json:"scores" nullable:"false" doc:"By name; nothing is ranked."`
}

// NewAssessment opens an assessment.
type NewAssessment struct {
	RubricID        rest.ID   `json:"rubric_id" doc:"Latest edition of a rubric about organisations."`
	OrganiserID     rest.ID   `json:"organiser_id" doc:"Who assesses."`
	Title           string    `json:"title,omitempty" maxLength:"100" doc:"Title; the rubric's if absent."`
	Period          string    `json:"period" maxLength:"7" doc:"2026-09, 2026Q3 or 2026, as the rubric wants it."`
	OrganisationIDs []rest.ID `json:"organisation_ids" minItems:"1" maxItems:"300" doc:"Organisations assessed."`
}

// SheetEvidence is one value that counts.
type SheetEvidence struct {
	Value     string    `json:"value" doc:"Count or value."`
	On        rest.Date `json:"on" doc:"Its day."`
	FindingID rest.ID   `json:"finding_id,omitempty" doc:"The finding."`
	Figure    string    `json:"figure,omitempty" doc:"The figure that it was read from."`
}

// SheetLine is what one item came to.
type SheetLine struct {
	Rule     string          `json:"rule" doc:"deduct_per, add_per, bands, proportional, zero_if, formula."`
	Measure  string          `json:"measure" doc:"Item."`
	Known    bool            `json:"known" doc:"False: no value yet."`
	Value    string          `json:"value" doc:"Count or value."`
	Effect   string          `json:"effect" doc:"What it adds to the score."`
	Evidence []SheetEvidence `json:"evidence" nullable:"false" doc:"Where it comes from."`
}

// SheetPart is the score of one indicator.
type SheetPart struct {
	Indicator string      `json:"indicator" doc:"Code of the indicator."`
	Name      string      `json:"name" doc:"Its name."`
	Points    string      `json:"points,omitempty" doc:"All its points; absent if open-ended."`
	Score     string      `json:"score" doc:"Score."`
	Lines     []SheetLine `json:"lines" nullable:"false" doc:"How it came about."`
}

// AssessmentAppeal is what an organisation says against its sheet.
type AssessmentAppeal struct {
	ID        rest.ID   `json:"id" doc:"Identifier."`
	Indicator string    `json:"indicator" doc:"Code of the indicator."`
	Body      string    `json:"body" doc:"Why."`
	State     string    `json:"state" doc:"open, accepted, declined."`
	Answer    string    `json:"answer,omitempty" doc:"Answer."`
	MadeAt    time.Time `json:"made_at" doc:"When."`
	Version   int64     `json:"version" doc:"Version, for answering."`
}

// AssessmentSheet is the score of one organisation with its evidence.
type AssessmentSheet struct {
	AssessmentScore
	Digest   string             `json:"digest,omitempty" doc:"Fingerprint of the settled sheet."`
	Editions int                `json:"editions" doc:"How many editions were settled."`
	Parts    []SheetPart        `json:"parts" nullable:"false" doc:"By indicator."`
	Appeals  []AssessmentAppeal `json:"appeals" nullable:"false" doc:"Latest first."`
}

// NewFinding is a thing that was found.
type NewFinding struct {
	OrganisationID rest.ID   `json:"organisation_id" doc:"About which organisation."`
	Indicator      string    `json:"indicator" maxLength:"20" doc:"Code of the indicator."`
	Measure        string    `json:"measure" maxLength:"80" doc:"Item of the rubric."`
	Value          string    `json:"value,omitempty" maxLength:"20" doc:"Count or value, as a decimal in text; absent for what happens or does not."`
	OnDate         rest.Date `json:"on_date,omitempty" doc:"Day; today if absent."`
	Note           string    `json:"note,omitempty" maxLength:"500" doc:"What was seen."`
	Source         string    `json:"source,omitempty" maxLength:"100" doc:"Number of the checklist, notice or survey."`
}

type assessmentQuery struct {
	rest.Paging
	State    string `query:"state" enum:"open,frozen" doc:"In this state."`
	Appealed bool   `query:"appealed" doc:"An appeal waits for an answer."`
}

// RubricPath names an edition of a rubric.
type RubricPath struct {
	ID rest.ID `path:"rubric" doc:"Edition of a rubric."`
}

// AssessmentPath names an assessment.
type AssessmentPath struct {
	ID rest.ID `path:"assessment" doc:"Assessment."`
}

type sheetInput struct {
	AssessmentPath
	Organisation rest.ID `path:"organisation" doc:"Organisation."`
	Edition      int64   `query:"edition" minimum:"0" doc:"A settled edition; the latest if absent."`
}

func (h *handlers) assessments(k *rest.Kit) {
	const tag = "assessments"
	see, hold, rubric := perms(assess.PermSee), perms(assess.PermHold), perms(assess.PermRubric)
	read := perms(assess.PermSee, assess.PermRubric, assess.PermHold)
	rest.Get(k, rest.Op{ID: "rubric-list", Path: "/rubrics", Tag: tag, Title: "The latest editions of all rubrics", Needs: read},
		func(ctx context.Context, a authz.Actor, _ *rest.None) (rest.All[RubricHead], error) {
			list, err := h.Assess.Rubrics(ctx, a)
			return rest.AllOf(list, rubricOf), err
		})
	rest.Get(k, rest.Op{ID: "rubric-get", Path: "/rubrics/{rubric}", Tag: tag, Title: "An edition of a rubric", Needs: read},
		func(ctx context.Context, a authz.Actor, in *RubricPath) (RubricDetail, error) {
			e, _, err := h.Assess.Rubric(ctx, a, in.ID.ID())
			return RubricDetail{rubricOf(e), e.Body}, err
		})
	rest.Post(k, rest.Op{ID: "rubric-import", Path: "/rubrics", Tag: tag, Title: "Import rubrics: all or none", Needs: rubric},
		func(ctx context.Context, a authz.Actor, in *struct{ Body RubricImport }) (Imported, error) {
			ids, err := h.Assess.Import(ctx, a, in.Body.Body)
			if err != nil {
				return Imported{}, err
			}
			return Imported{ID: rest.IDOf(ids[0]), IDs: rest.IDsOf(ids)}, nil
		})
	rest.Post(k, rest.Op{ID: "rubric-revise", Path: "/rubrics/{rubric}/editions", Tag: tag, Title: "Keep a change as the next edition", Needs: rubric},
		func(ctx context.Context, a authz.Actor, in *struct {
			RubricPath
			Body RubricImport
		}) (RubricHead, error) {
			e, err := h.Assess.Revise(ctx, a, in.ID.ID(), in.Body.Body)
			if err != nil {
				return RubricHead{}, err
			}
			e, _, err = h.Assess.Rubric(ctx, a, e.ID)
			return rubricOf(e), err
		})
	rest.Get(k, rest.Op{ID: "assessment-list", Path: "/assessments", Tag: tag, Title: "Assessments, latest first", Needs: see},
		func(ctx context.Context, a authz.Actor, in *assessmentQuery) (rest.Page[Assessment], error) {
			l, err := h.Assess.List(ctx, a, assess.Filter{State: assess.State(in.State), Appealed: in.Appealed, Page: in.Page()})
			return rest.PageOf(l, assessmentOf), err
		})
	rest.Post(k, rest.Op{ID: "assessment-open", Path: "/assessments", Tag: tag, Title: "Open an assessment of organisations", Needs: hold}, h.assessmentOpen)
	rest.Get(k, rest.Op{ID: "assessment-get", Path: "/assessments/{assessment}", Tag: tag, Title: "An assessment with its scores", Needs: see},
		func(ctx context.Context, a authz.Actor, in *AssessmentPath) (AssessmentDetail, error) {
			d, err := h.Assess.Get(ctx, a, in.ID.ID())
			out := AssessmentDetail{Assessment: assessmentOf(d.Assessment), Scores: []AssessmentScore{}}
			for _, s := range d.Sheets {
				out.Scores = append(out.Scores, scoreOf(s.Party))
			}
			return out, err
		})
	rest.Get(k, rest.Op{ID: "assessment-sheet", Path: "/assessments/{assessment}/organisations/{organisation}", Tag: tag, Title: "The score of one organisation with its evidence", Needs: see},
		func(ctx context.Context, a authz.Actor, in *sheetInput) (AssessmentSheet, error) {
			s, err := h.Assess.Sheet(ctx, a, in.ID.ID(), in.Organisation.ID(), in.Edition)
			return sheetOf(s), err
		})
	rest.Act(k, rest.Op{ID: "assessment-freeze", Method: "POST", Path: "/assessments/{assessment}/freeze", Tag: tag, Title: "Settle the scores", Needs: hold},
		func(ctx context.Context, a authz.Actor, in *struct {
			AssessmentPath
			Body struct {
				Version int64 `json:"version" doc:"Version that you saw."`
			}
		}) error {
			return h.Assess.Freeze(ctx, a, in.ID.ID(), in.Body.Version)
		})
	h.assessmentActs(k)
}

func (h *handlers) assessmentOpen(ctx context.Context, a authz.Actor, in *struct{ Body NewAssessment }) (Assessment, error) {
	made, err := h.Assess.Open(ctx, a, assess.NewAssessment{RubricID: in.Body.RubricID.ID(), OrganiserID: in.Body.OrganiserID.ID(), Title: in.Body.Title, Period: in.Body.Period,
		OrganisationIDs: rest.IDs(in.Body.OrganisationIDs)})
	if err != nil {
		return Assessment{}, err
	}
	d, err := h.Assess.Get(ctx, a, made)
	return assessmentOf(d.Assessment), err
}

// Entered names a row that was made.
type Entered struct {
	ID rest.ID `json:"id" doc:"Identifier."`
}

func (h *handlers) assessmentActs(k *rest.Kit) {
	const tag = "assessments"
	hold := perms(assess.PermHold)
	rest.Post(k, rest.Op{ID: "assessment-finding", Path: "/assessments/{assessment}/findings", Tag: tag, Title: "Enter a finding", Needs: hold},
		func(ctx context.Context, a authz.Actor, in *struct {
			AssessmentPath
			Body NewFinding
		}) (Entered, error) {
			b := in.Body
			f, err := h.Assess.AddFinding(ctx, a, assess.NewFinding{AssessmentID: in.ID.ID(), OrganisationID: b.OrganisationID.ID(), Indicator: b.Indicator, Measure: b.Measure, Value: b.Value,
				On: b.OnDate.Date(), Note: b.Note, Source: b.Source})
			return Entered{rest.IDOf(f)}, err
		})
	rest.Act(k, rest.Op{ID: "assessment-finding-withdraw", Method: "POST", Path: "/assessment-findings/{finding}/withdraw", Tag: tag, Title: "Withdraw a finding", Needs: hold},
		func(ctx context.Context, a authz.Actor, in *struct {
			ID   rest.ID `path:"finding" doc:"Finding."`
			Body struct {
				Reason string `json:"reason" maxLength:"200" doc:"Why."`
			}
		}) error {
			_, err := h.Assess.WithdrawFinding(ctx, a, in.ID.ID(), in.Body.Reason)
			return err
		})
	rest.Post(k, rest.Op{ID: "assessment-appeal", Path: "/assessments/{assessment}/organisations/{organisation}/appeals", Tag: tag, Title: "Appeal for the organisation assessed", Needs: perms(assess.PermAppeal)},
		func(ctx context.Context, a authz.Actor, in *struct {
			AssessmentPath
			Organisation rest.ID `path:"organisation" doc:"Organisation."`
			Body         struct {
				Indicator string `json:"indicator" maxLength:"20" doc:"Code of the indicator."`
				Body      string `json:"body" maxLength:"1000" doc:"Why."`
			}
		}) (Entered, error) {
			p, err := h.Assess.Appeal(ctx, a, assess.NewAppeal{AssessmentID: in.ID.ID(), OrganisationID: in.Organisation.ID(), Indicator: in.Body.Indicator, Body: in.Body.Body})
			return Entered{rest.IDOf(p)}, err
		})
	rest.Act(k, rest.Op{ID: "assessment-appeal-answer", Method: "POST", Path: "/assessment-appeals/{appeal}/answer", Tag: tag, Title: "Answer an appeal", Needs: hold},
		func(ctx context.Context, a authz.Actor, in *struct {
			ID   rest.ID `path:"appeal" doc:"Appeal."`
			Body struct {
				Decision  string  `json:"decision" enum:"accepted,declined" doc:"Accepting changes something and makes the next edition of the sheet."`
				Answer    string  `json:"answer" maxLength:"1000" doc:"In words."`
				FindingID rest.ID `json:"finding_id,omitempty" doc:"Finding to withdraw."`
				Measure   string  `json:"measure,omitempty" maxLength:"80" doc:"Item to correct."`
				Value     string  `json:"value,omitempty" maxLength:"20" doc:"Its right count or value, as a decimal in text."`
				Version   int64   `json:"version" doc:"Version that you saw."`
			}
		}) error {
			b := in.Body
			if b.Decision != string(assess.Accepted) && b.Decision != string(assess.Declined) {
				return errs.Field("decision", i18n.ErrBadChoice)
			}
			_, err := h.Assess.AnswerAppeal(ctx, a, in.ID.ID(), assess.Answer{Accept: b.Decision == string(assess.Accepted), Answer: b.Answer, FindingID: b.FindingID.ID(), Measure: b.Measure, Value: b.Value, Version: b.Version})
			return err
		})
}

func scoreOf(p assess.Party) AssessmentScore {
	return AssessmentScore{OrganisationID: rest.IDOf(p.OrganisationID), Name: p.Name, Total: p.Total.String(), Missing: p.Missing, Edition: p.Edition}
}

func sheetOf(s assess.Sheet) AssessmentSheet {
	out := AssessmentSheet{AssessmentScore: scoreOf(s.Party), Editions: len(s.Editions), Parts: []SheetPart{}, Appeals: []AssessmentAppeal{}}
	if s.Settled != nil {
		out.Digest, out.Edition = s.Settled.Digest, s.Settled.Edition
	}
	for _, p := range s.Result.Parts {
		part := SheetPart{Indicator: p.Code, Name: p.Name, Score: p.Score.String(), Lines: []SheetLine{}}
		if p.Points != nil {
			part.Points = p.Points.String()
		}
		for _, l := range p.Lines {
			line := SheetLine{Rule: string(l.Kind), Measure: l.Measure, Known: l.Known, Value: l.Value.String(), Effect: l.Effect.String(), Evidence: []SheetEvidence{}}
			for _, e := range l.Evidence {
				line.Evidence = append(line.Evidence, SheetEvidence{Value: e.Value.String(), On: rest.DateOf(e.On), FindingID: rest.IDOf(e.Finding), Figure: e.Figure})
			}
			part.Lines = append(part.Lines, line)
		}
		out.Parts = append(out.Parts, part)
	}
	for _, a := range s.Appeals {
		out.Appeals = append(out.Appeals, AssessmentAppeal{ID: rest.IDOf(a.ID), Indicator: a.Indicator, Body: a.Body, State: string(a.State), Answer: a.Answer, MadeAt: a.MadeAt.UTC(), Version: a.Version})
	}
	return out
}
