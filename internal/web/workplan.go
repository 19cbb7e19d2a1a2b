package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/workplan"
	"linli/internal/workplan"
)

func (h *Handler) workplanRoutes() []route {
	see, keep, review := may(workplan.PermSee), may(workplan.PermKeep), may(workplan.PermReview)
	plan := func(do act) func(http.ResponseWriter, *http.Request) error {
		return h.acted(do, view.Href, h.workplanShown)
	}
	return []route{
		{pattern: "GET /workplans", who: see, serve: h.workplansPage},
		{pattern: "GET /workplans/export", who: see, serve: h.exportWorkplans},
		{pattern: "GET /workplans/items", who: see, serve: h.workplanItemsPage},
		{pattern: "GET /workplans/items/export", who: see, serve: h.exportWorkplanItems},
		{pattern: "GET /workplans/new", who: keep, serve: h.workplanNewPage},
		{pattern: "POST /workplans", who: keep, serve: h.workplanBegin},
		{pattern: "GET /workplans/{id}", who: see, serve: h.workplanPage},
		{pattern: "GET /workplans/{id}/export", who: see, serve: h.exportWorkplan},
		{pattern: "GET /workplans/{id}/print", who: see, serve: h.workplanPrint},
		{pattern: "POST /workplans/{id}/items", who: keep, serve: plan(h.workplanAdd)},
		{pattern: "GET /workplans/{id}/items/{item}", who: keep, serve: h.workplanItemPage},
		{pattern: "POST /workplans/{id}/items/{item}", who: keep, serve: h.acted(saying(i18n.PlanSaved, h.workplanEdit), view.Href, h.workplanItemShown)},
		{pattern: "POST /workplans/{id}/items/{item}/remove", who: keep, serve: plan(saying(i18n.PlanRemoved, h.workplanRemove))},
		{pattern: "POST /workplans/{id}/items/{item}/track", who: keep, serve: plan(saying(i18n.PlanTracked, h.workplanTrack))},
		{pattern: "POST /workplans/{id}/submit", who: keep, serve: plan(h.workplanSubmit)},
		{pattern: "POST /workplans/{id}/recall", who: keep, serve: plan(saying(i18n.PlanRecallDone, func(r *http.Request, f *form, p id.ID) error {
			return h.Workplan.Recall(r.Context(), actor(r), p, f.Version())
		}))},
		{pattern: "POST /workplans/{id}/decide", who: review, serve: plan(h.workplanDecide)},
		{pattern: "POST /workplans/{id}/give-back", who: review, serve: plan(saying(i18n.PlanReturnDone, func(r *http.Request, f *form, p id.ID) error {
			return h.Workplan.GiveBack(r.Context(), actor(r), p, f.Text("reason", workplan.MaxNote), f.Version())
		}))},
	}
}

// figuresOfPlans names the figures that items can be measured by, and gives them as choices.
func (h *Handler) figuresOfPlans() (map[string]view.Figure, []field.Option) {
	named := map[string]view.Figure{}
	var choices []field.Option
	for _, f := range figure.Catalogue() {
		if h.Workplan.Measurable(f.ID) {
			named[f.ID] = view.Figure{Name: f.Name(), Unit: f.Unit}
			choices = append(choices, field.Option{Value: f.ID, Text: f.Name(), Note: f.Unit.In(i18n.ZH)})
		}
	}
	return named, choices
}

// planYears are the years that plans are asked for: two back, and the next.
func (h *Handler) planYears() []int64 {
	now := int64(h.today().Year())
	return []int64{now + 1, now, now - 1, now - 2}
}

func workplanFilter(r *http.Request) workplan.Filter {
	q := r.URL.Query()
	year, _ := strconv.ParseInt(q.Get("year"), 10, 64) // no number is this year
	return workplan.Filter{Year: year, State: workplan.State(q.Get("state")), Text: q.Get("q"), Below: queryID(r, "below"), Page: pageOf(r)}
}

func (h *Handler) workplansPage(w http.ResponseWriter, r *http.Request) error {
	f := workplanFilter(r)
	list, err := h.Workplan.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	l := view.List{Query: r.URL.Query(), Year: f.Year, Years: h.planYears(), Items: list.Items, Before: list.Prev, After: list.Next, Keep: map[id.ID]bool{}}
	if l.Year == 0 {
		l.Year = int64(h.today().Year())
		l.Query.Set("year", strconv.FormatInt(l.Year, 10)) // the filter says which year it is
	}
	if l.Summary, err = h.Workplan.Summary(r.Context(), actor(r), f); err != nil {
		return err
	}
	keep := actor(r).Scope(workplan.PermKeep)
	for _, row := range list.Items {
		l.Keep[row.OrganisationID] = keep.Covers(row.OrganisationID)
	}
	if !keep.Empty() {
		l.New = view.Path + "/new"
	}
	if l.Streets, err = h.organisationOptions(r, actor(r).Scope(workplan.PermSee), organisation.Working); err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.PlanTitle), l))
}

func (h *Handler) exportWorkplans(w http.ResponseWriter, r *http.Request) error {
	type t = workplan.Row
	f := workplanFilter(r)
	return exportList(h, w, r, i18n.PlanTitle, []exportColumn[t]{
		{title: i18n.PlanOrg, value: func(v t) any { return v.Organisation }},
		{title: i18n.PlanState, value: func(v t) any { return v.State.Text() }},
		{title: i18n.PlanEditions, number: true, value: func(v t) any { return v.Edition }},
		{title: i18n.PlanItemCount, number: true, value: func(v t) any { return v.Items }},
		{title: i18n.PlanDoneCount, number: true, value: func(v t) any { return v.Done }},
		{title: i18n.PlanOverdue, number: true, value: func(v t) any { return v.Overdue }},
		{title: i18n.PlanSubmittedOn, value: func(v t) any { return i18n.DateTime(v.Plan.SubmittedAt) }},
		{title: i18n.PlanDecidedOn, value: func(v t) any { return i18n.DateTime(v.Plan.DecidedAt) }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Workplan.List(ctx, actor(r), f)
	}))
}

func workplanItemFilter(r *http.Request) workplan.ItemFilter {
	q := r.URL.Query()
	f := workplanFilter(r)
	out := workplan.ItemFilter{Year: f.Year, Text: f.Text, Below: f.Below, Page: f.Page}
	if show := q.Get("show"); show == view.Overdue {
		out.Overdue = true
	} else {
		out.State = workplan.ItemState(show)
	}
	return out
}

func (h *Handler) workplanItemsPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Workplan.Items(r.Context(), actor(r), workplanItemFilter(r))
	if err != nil {
		return err
	}
	units, _ := h.figuresOfPlans()
	return h.show(w, r, view.ItemsIndex(h.workplanCrumbs(w, r, i18n.PlanItems), view.Items{Query: r.URL.Query(), Years: h.planYears(), List: list.Items, Before: list.Prev, After: list.Next,
		Today: h.today(), Units: units}))
}

// workplanColumns are what is exported of items.
func (h *Handler) workplanColumns(r *http.Request) []exportColumn[workplan.Item] {
	type t = workplan.Item
	units, _ := h.figuresOfPlans()
	return []exportColumn[t]{
		{title: i18n.PlanItem, value: func(v t) any { return v.Title }},
		{title: i18n.PlanMeasure, value: func(v t) any { return v.Measure }},
		{title: i18n.PlanAnswers, value: func(v t) any { return v.Answers }},
		{title: i18n.PlanDue, value: func(v t) any { return v.DueOn }},
		{title: i18n.PlanFigure, value: func(v t) any { return units[v.Figure].Name }},
		{title: i18n.PlanTarget, value: func(v t) any { return view.Reached(r.Context(), v, units) }},
		{title: i18n.PlanState, value: func(v t) any { return view.ItemState(v, h.today()).Text }},
	}
}

func (h *Handler) exportWorkplanItems(w http.ResponseWriter, r *http.Request) error {
	type t = workplan.Listed
	f := workplanItemFilter(r)
	columns := []exportColumn[t]{{title: i18n.PlanOrg, value: func(v t) any { return v.Organisation }}}
	for _, c := range h.workplanColumns(r) {
		columns = append(columns, exportColumn[t]{title: c.title, number: c.number, value: func(v t) any { return c.value(v.Item) }})
	}
	return exportList(h, w, r, i18n.PlanItems, columns, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Workplan.Items(ctx, actor(r), f)
	}))
}

func (h *Handler) exportWorkplan(w http.ResponseWriter, r *http.Request) error {
	d, err := h.workplanOf(r)
	if err != nil {
		return err
	}
	return exportList(h, w, r, i18n.Verbatim(i18n.PlanPaper.In(lang(r), d.Organisation, d.Year)), h.workplanColumns(r), func(_ context.Context, fn func(workplan.Item) error) error {
		for _, i := range d.Items {
			if err := fn(i.Item); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h *Handler) workplanCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, more ...layout.Crumb) layout.Page {
	p := h.page(w, r, title)
	p.Active = view.Path
	p.Breadcrumb = append([]layout.Crumb{{Text: i18n.PlanTitle.In(lang(r)), Href: view.Path}}, more...)
	return p
}

func (h *Handler) workplanNew(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	d := view.Form{Form: f, Years: h.planYears()[:3]}
	d.Year, _ = strconv.ParseInt(f.Values.Get("year"), 10, 64) // no number is the first year without a plan
	p := h.workplanCrumbs(w, r, i18n.PlanNew)
	org, err := id.Parse(f.Values.Get("organisation"))
	if err != nil {
		refs, err := h.organisationsIn(r, actor(r).Scope(workplan.PermKeep), organisation.Working, organisation.Community)
		if err != nil {
			return nil, err
		}
		if len(refs) != 1 {
			for _, o := range refs {
				d.Orgs = append(d.Orgs, organisationOption(o))
			}
			return view.New(p, d), nil
		}
		org = refs[0].ID
	}
	o, err := h.Organisation.Get(r.Context(), actor(r), org)
	if err != nil {
		return nil, err
	}
	if d.Year == 0 {
		if d.Year, err = h.Workplan.NextYear(r.Context(), actor(r), org); err != nil {
			return nil, err
		}
		d.Form.Values.Set("year", strconv.FormatInt(d.Year, 10))
	}
	sources, err := h.Workplan.Sources(r.Context(), actor(r), org, d.Year)
	if err != nil {
		return nil, err
	}
	d.OrgID, d.Organisation = org, o.Label()
	for _, s := range sources {
		d.Sources = append(d.Sources, field.Option{Value: s.ID.String(), Text: i18n.Verbatim(i18n.PlanOfYear.In(lang(r), s.Organisation, s.Year))})
	}
	d.Sources = append(d.Sources, field.Option{Value: "0", Text: i18n.PlanFromNothing})
	if !d.Form.Values.Has("from") {
		d.Form.Values.Set("from", d.Sources[0].Value)
	}
	return view.New(p, d), nil
}

func (h *Handler) workplanNewPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	page, err := h.workplanNew(w, r, known(url.Values{"organisation": {q.Get("organisation")}, "year": {q.Get("year")}}))
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) workplanBegin(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	org, year, from := f.ID("organisation"), f.Int("year"), f.ID("from")
	var made id.ID
	taken := 0
	if err = f.Err(); err == nil {
		made, taken, err = h.Workplan.Begin(r.Context(), actor(r), org, year, from)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.workplanNew(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.Href(made), i18n.PlanCreated, taken)
}

func (h *Handler) workplanOf(r *http.Request) (workplan.Detail, error) {
	p, err := pathID(r)
	if err != nil {
		return workplan.Detail{}, err
	}
	return h.Workplan.Get(r.Context(), actor(r), p)
}

var workplanWords = map[string]i18n.Text{"workplan.begin": i18n.PlanHistBegin, "workplan.add": i18n.PlanHistAdd, "workplan.edit": i18n.PlanHistEdit, "workplan.remove": i18n.PlanHistRemove,
	"workplan.submit": i18n.PlanHistSubmit, "workplan.recall": i18n.PlanHistRecall, "workplan.return": i18n.PlanHistReturn, "workplan.accept": i18n.PlanHistAccept,
	"workplan.give_back": i18n.PlanHistGiveBack, "workplan.track": i18n.PlanHistTrack}

// workplanShow gathers the page of a plan; sent is the form that was not accepted.
func (h *Handler) workplanShow(r *http.Request, sent field.Form) (view.Show, error) {
	s := view.Show{Today: h.today(), Sent: sent, SentBy: sent.Values.Get(formKey)}
	var err error
	if s.Detail, err = h.workplanOf(r); err != nil {
		return s, err
	}
	s.Units, s.Choices = h.figuresOfPlans()
	s.History, err = h.events(r, s.ID, workplanWords)
	return s, err
}

func (h *Handler) workplanShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	s, err := h.workplanShow(r, sent)
	if err != nil {
		return nil, err
	}
	return view.One(h.workplanCrumbs(w, r, i18n.Verbatim(i18n.PlanOfYear.In(lang(r), s.Organisation, s.Year))), s), nil
}

func (h *Handler) workplanPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.workplanShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) workplanPrint(w http.ResponseWriter, r *http.Request) error {
	s, err := h.workplanShow(r, field.Form{})
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.Verbatim(i18n.PlanPaper.In(lang(r), s.Organisation, s.Year)))
	p.Back = view.Href(s.ID)
	return h.show(w, r, view.Paper(p, s))
}

func readWorkplanItem(f *form) workplan.NewItem {
	return workplan.NewItem{Title: f.Need("title", workplan.MaxTitle), Measure: f.Text("measure", workplan.MaxMeasure), Answers: f.Text("answers", 40), DueOn: f.Date("due_on"),
		Figure: f.Text("figure", 60), Target: f.Int("target")}
}

// workplanAdd puts one item, or those that were pasted, into a plan.
func (h *Handler) workplanAdd(r *http.Request, f *form, p id.ID) (i18n.Text, []any, error) {
	var news []workplan.NewItem
	if f.values.Has("items") {
		news = workplan.Lines(f.values.Get("items"))
	} else {
		news = []workplan.NewItem{readWorkplanItem(f)}
	}
	if err := f.Err(); err != nil {
		return i18n.Text{}, nil, err
	}
	return i18n.PlanAdded, []any{len(news)}, h.Workplan.Add(r.Context(), actor(r), p, news)
}

func itemID(r *http.Request) (id.ID, error) {
	v, err := id.Parse(r.PathValue("item"))
	if err != nil {
		return 0, errs.ErrNotFound
	}
	return v, nil
}

// workplanItemShown draws the page on which an item is changed.
func (h *Handler) workplanItemShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	d, err := h.workplanOf(r)
	if err != nil {
		return nil, err
	}
	item, err := itemID(r)
	if err != nil {
		return nil, err
	}
	n := slices.IndexFunc(d.Items, func(i workplan.Shown) bool { return i.ID == item })
	if n < 0 || !d.Keeps {
		return nil, errs.ErrNotFound
	}
	e := view.Edit{Form: sent, Plan: d, Item: d.Items[n]}
	if e.Form.Values == nil {
		i := e.Item
		e.Form.Values = url.Values{"title": {i.Title}, "measure": {i.Measure}, "answers": {i.Answers}, "due_on": {i.DueOn.String()}, "figure": {i.Figure}, "version": {strconv.FormatInt(i.Version, 10)},
			"answer": {i.Said(d.Edition).Answer}}
		if i.Measured() {
			e.Form.Values.Set("target", strconv.FormatInt(i.Target, 10))
		}
	}
	_, e.Choices = h.figuresOfPlans()
	title := i18n.PlanOfYear.In(lang(r), d.Organisation, d.Year)
	return view.Change(h.workplanCrumbs(w, r, i18n.PlanEdit, layout.Crumb{Text: title, Href: view.Href(d.ID)}), e), nil
}

func (h *Handler) workplanItemPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.workplanItemShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) workplanEdit(r *http.Request, f *form, p id.ID) error {
	item, err := itemID(r)
	if err != nil {
		return err
	}
	n, answer := readWorkplanItem(f), f.Text("answer", workplan.MaxNote)
	if err := f.Err(); err != nil {
		return err
	}
	return h.Workplan.Edit(r.Context(), actor(r), p, item, n, answer, f.Version())
}

func (h *Handler) workplanRemove(r *http.Request, _ *form, p id.ID) error {
	item, err := itemID(r)
	if err != nil {
		return err
	}
	return h.Workplan.Remove(r.Context(), actor(r), p, item)
}

func (h *Handler) workplanTrack(r *http.Request, f *form, p id.ID) error {
	item, err := itemID(r)
	if err != nil {
		return err
	}
	return h.Workplan.Track(r.Context(), actor(r), p, item, workplan.EntryKind(f.values.Get("kind")), f.values.Get("reason"))
}

func (h *Handler) workplanSubmit(r *http.Request, f *form, p id.ID) (i18n.Text, []any, error) {
	above, err := h.Workplan.Submit(r.Context(), actor(r), p, f.Version())
	return i18n.PlanSubmitDone, []any{above}, err
}

func (h *Handler) workplanDecide(r *http.Request, f *form, p id.ID) (i18n.Text, []any, error) {
	in := workplan.Decision{Remark: f.Text("remark", workplan.MaxNote), Accept: f.values.Get("decision") == "accept", Version: f.Version()}
	for name := range f.values {
		if item, ok := workplan.Judged(name); ok {
			in.Opinions = append(in.Opinions, workplan.Opinion{ItemID: item, Verdict: workplan.Verdict(f.values.Get(name)), Comment: f.Text(workplan.CommentKey(item), workplan.MaxNote)})
		}
	}
	if err := f.Err(); err != nil {
		return i18n.Text{}, nil, err
	}
	said := i18n.PlanReturnDone
	if in.Accept {
		said = i18n.PlanAcceptDone
	}
	return said, nil, h.Workplan.Decide(r.Context(), actor(r), p, in)
}
