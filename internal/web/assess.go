package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/assess"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/tabular"
	view "linli/internal/web/view/assess"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
)

func (h *Handler) assessRoutes() []route {
	see, hold, rubric, read := may(assess.PermSee), may(assess.PermHold), may(assess.PermRubric), may(assess.PermSee, assess.PermRubric, assess.PermHold)
	return []route{
		{pattern: "GET /assessments", who: see, serve: h.assessmentsPage},
		{pattern: "GET /assessments/new", who: hold, serve: h.assessmentNewPage},
		{pattern: "POST /assessments", who: hold, serve: h.assessmentOpen},
		{pattern: "GET /assessments/{id}", who: see, serve: h.assessmentPage},
		{pattern: "GET /assessments/{id}/print", who: see, serve: h.assessmentPrint},
		{pattern: "GET /assessments/{id}/export", who: see, serve: h.assessmentExport},
		{pattern: "POST /assessments/{id}/freeze", who: hold, serve: h.assessmentFreeze},
		{pattern: "POST /assessments/{id}/findings/{finding}/withdraw", who: hold, serve: h.findingWithdraw},
		{pattern: "GET /assessments/{id}/organisations/{organisation}", who: see, serve: h.sheetPage},
		{pattern: "POST /assessments/{id}/organisations/{organisation}/findings", who: hold, serve: h.findingAdd},
		{pattern: "POST /assessments/{id}/organisations/{organisation}/appeals", who: may(assess.PermAppeal), serve: h.appealMake},
		{pattern: "GET /assessments/{id}/organisations/{organisation}/appeals/{appeal}", who: hold, serve: h.appealPage},
		{pattern: "POST /assessments/{id}/organisations/{organisation}/appeals/{appeal}", who: hold, serve: h.appealAnswer},
		{pattern: "GET /rubrics", who: read, serve: h.rubricsPage},
		{pattern: "GET /rubrics/new", who: rubric, serve: h.rubricNewPage},
		{pattern: "POST /rubrics", who: rubric, serve: h.rubricImport},
		{pattern: "GET /rubrics/{id}", who: read, serve: h.rubricPage},
		{pattern: "GET /rubrics/{id}/edit", who: rubric, serve: h.rubricEditPage},
		{pattern: "POST /rubrics/{id}/edit", who: rubric, serve: h.rubricRevise},
	}
}

func (h *Handler) assessmentsPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	list, err := h.Assess.List(r.Context(), actor(r), assess.Filter{State: assess.State(q.Get("state")), Appealed: q.Get("appealed") != "", Page: pageOf(r)})
	if err != nil {
		return err
	}
	l := view.List{Query: q, Items: list.Items, Before: list.Prev, After: list.Next, Acts: []partial.Act{{Text: i18n.RubricTitle, Href: "/rubrics", Icon: icon.Scale}}}
	if actor(r).Can(assess.PermHold) {
		l.Acts = append([]partial.Act{{Text: i18n.AssessNew, Href: "/assessments/new", Icon: icon.Plus, Look: partial.Primary}}, l.Acts...)
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.AssessTitle), l))
}

func (h *Handler) assessCrumbs(w http.ResponseWriter, r *http.Request, more []layout.Crumb, title i18n.Text, args ...any) layout.Page {
	p := h.page(w, r, title, args...)
	p.Active = "/assessments"
	p.Breadcrumb = append([]layout.Crumb{{Text: i18n.AssessTitle.In(lang(r)), Href: "/assessments"}}, more...)
	return p
}

func (h *Handler) assessmentNewPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.assessmentForm(w, r, r.URL.Query().Get("of") == "units", field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// assessmentForm draws the form of a new assessment; what the program can say is filled in: the period that is over, who assesses, and all communities.
func (h *Handler) assessmentForm(w http.ResponseWriter, r *http.Request, units bool, f field.Form) (templ.Component, error) {
	a := actor(r)
	c := view.Choices{Units: units}
	rubrics, err := h.Assess.Rubrics(r.Context(), a)
	if err != nil {
		return nil, err
	}
	every := assess.Quarter
	for _, e := range rubrics {
		if e.Subject == assess.Organisations {
			if len(c.Rubrics) == 0 {
				every = e.Every
			}
			c.Rubrics = append(c.Rubrics, field.Option{Value: e.ID.String(), Text: i18n.Verbatim(e.Title), Note: e.Every.Text().In(lang(r))})
		}
	}
	if c.Organisers, err = h.heldOptions(r, organisation.Working, organisation.District); err != nil {
		return nil, err
	}
	kind := organisation.Community
	if units {
		kind = organisation.Unit
	}
	if c.Organisations, err = h.heldOptions(r, kind); err != nil {
		return nil, err
	}
	if f.Values == nil {
		f = field.Form{Values: url.Values{"period": {assess.PeriodOf(every, calendar.DateOf(h.DB.Now())).Before().String()}}, Filled: map[string]bool{"period": true}}
		if len(c.Organisers) > 0 {
			f.Values.Set("organiser", c.Organisers[len(c.Organisers)-1].Value)
			f.Filled["organiser"] = true
		}
		if !units {
			for _, o := range c.Organisations {
				f.Values.Add("organisation", o.Value)
			}
			f.Filled["organisation"] = true
		}
	}
	return view.New(h.assessCrumbs(w, r, nil, i18n.AssessNew), f, c), nil
}

// heldOptions are the organisations of some kinds in which the actor assesses.
func (h *Handler) heldOptions(r *http.Request, kinds ...organisation.Kind) ([]field.Option, error) {
	return h.organisationOptions(r, actor(r).Scope(assess.PermHold), kinds...)
}

func (h *Handler) assessmentOpen(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := assess.NewAssessment{RubricID: f.ID("rubric"), OrganiserID: f.ID("organiser"), Title: f.Text("title", 100), Period: f.Need("period", 7)}
	for _, s := range f.Strings("organisation") {
		o, err := id.Parse(s)
		if err != nil {
			return errs.ErrNotFound
		}
		in.OrganisationIDs = append(in.OrganisationIDs, o)
	}
	if in.OrganiserID == 0 {
		f.Need("organiser", 30)
	}
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Assess.Open(r.Context(), actor(r), in)
	}
	if e := errs.As(err); e != nil && e.Kind == errs.Invalid {
		body, ferr := h.assessmentForm(w, r, f.values.Get("of") == "units", f.Show(e))
		if ferr != nil {
			return ferr
		}
		return h.again(w, r, e, func(*errs.Error) templ.Component { return body })
	}
	if err != nil {
		return err
	}
	return h.done(w, r, view.Href(made), i18n.AssessOpened)
}

func (h *Handler) assessment(r *http.Request) (assess.Detail, error) {
	a, err := pathID(r)
	if err != nil {
		return assess.Detail{}, err
	}
	return h.Assess.Get(r.Context(), actor(r), a)
}

func (h *Handler) assessmentPage(w http.ResponseWriter, r *http.Request) error {
	d, err := h.assessment(r)
	if err != nil {
		return err
	}
	return h.show(w, r, h.assessmentBody(w, r, d, field.Form{}))
}

func (h *Handler) assessmentBody(w http.ResponseWriter, r *http.Request, d assess.Detail, f field.Form) templ.Component {
	return view.Show(h.assessCrumbs(w, r, nil, i18n.Verbatim(d.Title)), d, assess.MayHold(actor(r), d.Assessment), f)
}

func (h *Handler) assessmentPrint(w http.ResponseWriter, r *http.Request) error {
	d, err := h.assessment(r)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.AssessAbout, d.Title, d.Period)
	p.Back = view.Href(d.ID)
	return h.show(w, r, view.Paper(p, d))
}

func (h *Handler) assessmentExport(w http.ResponseWriter, r *http.Request) error {
	d, err := h.assessment(r)
	if err != nil {
		return err
	}
	out := &firstWrite{w: w, before: func() {
		attachment(w, i18n.AssessAbout.In(lang(r), d.Title, d.Period)+".xlsx", tabular.ContentType)
	}}
	return view.Excel(out, lang(r), d)
}

func (h *Handler) assessmentFreeze(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	a, err := pathID(r)
	if err != nil {
		return err
	}
	version := f.Version()
	if err = f.Err(); err == nil {
		err = h.Assess.Freeze(r.Context(), actor(r), a, version)
	}
	if e := errs.As(err); e != nil && e.Kind == errs.Conflict {
		d, derr := h.assessment(r)
		if derr != nil {
			return derr
		}
		return h.again(w, r, e, func(e *errs.Error) templ.Component { return h.assessmentBody(w, r, d, f.Show(e)) })
	}
	if err != nil {
		return err
	}
	return h.done(w, r, view.Href(a), i18n.AssessFrozenDone)
}

// sheetOf reads the sheet that an address names.
func (h *Handler) sheetOf(r *http.Request) (assess.Sheet, error) {
	a, err := pathID(r)
	if err != nil {
		return assess.Sheet{}, err
	}
	org, err := id.Parse(r.PathValue("organisation"))
	if err != nil {
		return assess.Sheet{}, errs.ErrNotFound
	}
	edition, known := assess.ParseDecimal(r.URL.Query().Get("edition"))
	if !known {
		edition = 0
	}
	return h.Assess.Sheet(r.Context(), actor(r), a, org, int64(edition/assess.Whole(1)))
}

func (h *Handler) sheetPage(w http.ResponseWriter, r *http.Request) error {
	s, err := h.sheetOf(r)
	if err != nil {
		return err
	}
	return h.show(w, r, h.sheetBody(w, r, s, field.Form{}))
}

func (h *Handler) sheetBody(w http.ResponseWriter, r *http.Request, s assess.Sheet, f field.Form) templ.Component {
	p := h.assessCrumbs(w, r, []layout.Crumb{{Text: s.Assessment.Title, Href: view.Href(s.Assessment.ID)}}, i18n.AssessSheetOf, s.Party.Name)
	if f.Values == nil {
		f = field.Form{Values: url.Values{"on": {calendar.DateOf(h.DB.Now()).String()}}, Filled: map[string]bool{"on": true}}
	}
	return view.Sheet(p, view.SheetPage{Sheet: s, Form: f, Hold: assess.MayHold(actor(r), s.Assessment), Appeal: actor(r).Scope(assess.PermAppeal).Covers(s.Party.OrganisationID), Figures: actor(r).Can(figure.PermSee)})
}

// sheetAgain shows the sheet once more with what is wrong with the form.
func (h *Handler) sheetAgain(w http.ResponseWriter, r *http.Request, s assess.Sheet, f *form, err error) error {
	return h.again(w, r, err, func(e *errs.Error) templ.Component { return h.sheetBody(w, r, s, f.Show(e)) })
}

func (h *Handler) findingAdd(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	s, err := h.sheetOf(r)
	if err != nil {
		return err
	}
	in := assess.NewFinding{AssessmentID: s.Assessment.ID, OrganisationID: s.Party.OrganisationID, Value: f.Text("value", 20), On: f.Date("on"), Note: f.Text("note", 500), Source: f.Text("source", 100)}
	in.Indicator, in.Measure = view.Item(f.Need("measure", 120))
	if err = f.Err(); err == nil {
		_, err = h.Assess.AddFinding(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.sheetAgain(w, r, s, f, err)
	}
	return h.done(w, r, view.SheetHref(s.Assessment.ID, s.Party.OrganisationID), i18n.AssessFindingDone)
}

func (h *Handler) findingWithdraw(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	finding, err := id.Parse(r.PathValue("finding"))
	if err != nil {
		return errs.ErrNotFound
	}
	gone, err := h.Assess.WithdrawFinding(r.Context(), actor(r), finding, f.Text("reason", 200))
	if err != nil {
		return err
	}
	return h.done(w, r, view.SheetHref(gone.AssessmentID, gone.OrganisationID), i18n.AssessUndone)
}

func (h *Handler) appealMake(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	s, err := h.sheetOf(r)
	if err != nil {
		return err
	}
	in := assess.NewAppeal{AssessmentID: s.Assessment.ID, OrganisationID: s.Party.OrganisationID, Indicator: f.Need("indicator", 20), Body: f.Need("body", 1000)}
	if err = f.Err(); err == nil {
		_, err = h.Assess.Appeal(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.sheetAgain(w, r, s, f, err)
	}
	return h.done(w, r, view.SheetHref(s.Assessment.ID, s.Party.OrganisationID), i18n.AssessAppealSent)
}

// appealOf reads the sheet and the appeal that an address names.
func (h *Handler) appealOf(r *http.Request) (assess.Sheet, assess.Appeal, error) {
	s, err := h.sheetOf(r)
	if err != nil {
		return s, assess.Appeal{}, err
	}
	for _, a := range s.Appeals {
		if a.ID.String() == r.PathValue("appeal") && assess.MayHold(actor(r), s.Assessment) {
			return s, a, nil
		}
	}
	return s, assess.Appeal{}, errs.ErrNotFound
}

func (h *Handler) appealBody(w http.ResponseWriter, r *http.Request, s assess.Sheet, a assess.Appeal, f field.Form) templ.Component {
	p := h.assessCrumbs(w, r, []layout.Crumb{{Text: s.Assessment.Title, Href: view.Href(s.Assessment.ID)}, {Text: s.Party.Name, Href: view.SheetHref(s.Assessment.ID, s.Party.OrganisationID)}}, i18n.AssessAppealAnswer)
	return view.Answer(p, s, a, f)
}

func (h *Handler) appealPage(w http.ResponseWriter, r *http.Request) error {
	s, a, err := h.appealOf(r)
	if err != nil {
		return err
	}
	return h.show(w, r, h.appealBody(w, r, s, a, field.Form{}))
}

func (h *Handler) appealAnswer(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	s, a, err := h.appealOf(r)
	if err != nil {
		return err
	}
	in := assess.Answer{Accept: f.Need("decision", 10) == string(assess.Accepted), Answer: f.Need("answer", 1000), FindingID: f.ID("finding"), Measure: f.Text("measure", 80), Value: f.Text("value", 20), Version: f.Version()}
	if err = f.Err(); err == nil {
		_, err = h.Assess.AnswerAppeal(r.Context(), actor(r), a.ID, in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return h.appealBody(w, r, s, a, f.Show(e)) })
	}
	return h.done(w, r, view.SheetHref(s.Assessment.ID, s.Party.OrganisationID), i18n.AssessAppealDone)
}

func (h *Handler) rubricsPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Assess.Rubrics(r.Context(), actor(r))
	if err != nil {
		return err
	}
	var acts []partial.Act
	if actor(r).Scope(assess.PermRubric).All() {
		acts = append(acts, partial.Act{Text: i18n.RubricNew, Href: "/rubrics/new", Icon: icon.Plus, Look: partial.Primary})
	}
	return h.show(w, r, view.Rubrics(h.assessCrumbs(w, r, nil, i18n.RubricTitle), list, acts))
}

func (h *Handler) rubricCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	return h.assessCrumbs(w, r, []layout.Crumb{{Text: i18n.RubricTitle.In(lang(r)), Href: "/rubrics"}}, title)
}

func (h *Handler) rubricPage(w http.ResponseWriter, r *http.Request) error {
	rubricID, err := pathID(r)
	if err != nil {
		return err
	}
	e, rubric, err := h.Assess.Rubric(r.Context(), actor(r), rubricID)
	if err != nil {
		return err
	}
	all, err := h.Assess.Editions(r.Context(), actor(r), e.Code)
	if err != nil {
		return err
	}
	var acts []partial.Act
	if actor(r).Scope(assess.PermRubric).All() && e.Edition == e.Latest {
		acts = append(acts, partial.Act{Text: i18n.RubricEdit, Href: view.RubricHref(e.ID) + "/edit", Icon: icon.Edit})
	}
	return h.show(w, r, view.Rubric(h.rubricCrumbs(w, r, i18n.Verbatim(e.Title)), e, rubric, all, acts, actor(r).Can(figure.PermSee)))
}

func (h *Handler) rubricNewPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, h.rubricNewBody(w, r, field.Form{}))
}

func (h *Handler) rubricNewBody(w http.ResponseWriter, r *http.Request, f field.Form) templ.Component {
	return view.Paste(h.rubricCrumbs(w, r, i18n.RubricNew), f, "/rubrics", "/rubrics", false)
}

func (h *Handler) rubricImport(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	body := f.Need("body", 200_000)
	var made []id.ID
	if err = f.Err(); err == nil {
		made, err = h.Assess.Import(r.Context(), actor(r), body)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return h.rubricNewBody(w, r, f.Show(e)) })
	}
	return h.done(w, r, "/rubrics", i18n.RubricSaved, len(made))
}

func (h *Handler) rubricEditBody(w http.ResponseWriter, r *http.Request, e assess.Edition, f field.Form) templ.Component {
	return view.Paste(h.rubricCrumbs(w, r, i18n.Verbatim(e.Title)), f, view.RubricHref(e.ID)+"/edit", view.RubricHref(e.ID), true)
}

func (h *Handler) rubricEditPage(w http.ResponseWriter, r *http.Request) error {
	rubricID, err := pathID(r)
	if err != nil {
		return err
	}
	e, _, err := h.Assess.Rubric(r.Context(), actor(r), rubricID)
	if err != nil {
		return err
	}
	return h.show(w, r, h.rubricEditBody(w, r, e, field.Form{Values: url.Values{"body": {e.Body}}, Filled: map[string]bool{"body": true}}))
}

func (h *Handler) rubricRevise(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	rubricID, err := pathID(r)
	if err != nil {
		return err
	}
	e, _, err := h.Assess.Rubric(r.Context(), actor(r), rubricID)
	if err != nil {
		return err
	}
	body := f.Need("body", 200_000)
	var made assess.Edition
	if err = f.Err(); err == nil {
		made, err = h.Assess.Revise(r.Context(), actor(r), rubricID, body)
	}
	if err != nil {
		return h.again(w, r, err, func(x *errs.Error) templ.Component { return h.rubricEditBody(w, r, e, f.Show(x)) })
	}
	return h.done(w, r, view.RubricHref(made.ID), i18n.RubricRevised, made.Edition)
}
