package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/twonew"
	"linli/internal/web/view/chart"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/twonew"
)

func (h *Handler) plansPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.TwoNew.Proposals(r.Context(), actor(r))
	if err != nil {
		return err
	}
	if len(list) == 1 { // a community of one's own
		http.Redirect(w, r, view.PlanHref(list[0].CommunityID), http.StatusSeeOther)
		return nil
	}
	p := h.page(w, r, i18n.TwoNewPlan)
	p.Active = view.Path
	return h.show(w, r, view.Plans(p, list))
}

// planned is an organisation without a branch with its next step.
type planned struct {
	twonew.Organisation
	next twonew.Next
	with string
}

func (h *Handler) exportPlans(w http.ResponseWriter, r *http.Request) error {
	return exportList(h, w, r, i18n.TwoNewPlan, []exportColumn[planned]{
		{title: i18n.OrgColCommunity, value: func(v planned) any { return v.Community }},
		{title: i18n.TwoNewName, value: func(v planned) any { return v.Name }},
		{title: i18n.OrgUSCC, value: func(v planned) any { return v.USCC }},
		{title: i18n.TwoNewTrade, value: func(v planned) any { return v.Trade }},
		{title: i18n.TwoNewFull, number: true, value: func(v planned) any { return v.Full }},
		{title: i18n.TwoNewProbationary, number: true, value: func(v planned) any { return v.Probationary }},
		{title: i18n.TwoNewState, value: func(v planned) any { return v.State.Text() }},
		{title: i18n.TwoNewNextIs, value: func(v planned) any { return v.next.Text() }},
		{title: i18n.TwoNewWith, value: func(v planned) any { return v.with }},
	}, func(ctx context.Context, fn func(planned) error) error {
		list, err := h.TwoNew.Proposals(ctx, actor(r))
		for _, p := range list {
			p.Each(func(o twonew.Organisation, n twonew.Next, with string) {
				if err == nil {
					err = fn(planned{o, n, with})
				}
			})
		}
		return err
	})
}

// planBody draws the proposal of a community; name is the group whose form was sent.
func (h *Handler) planBody(w http.ResponseWriter, r *http.Request, community id.ID, name string, f field.Form) (layout.Page, view.Plan, error) {
	p := view.Plan{Forms: map[string]field.Form{}, Today: h.today().String(), Decide: actor(r).Scope(twonew.PermDecide).Covers(community)}
	var err error
	if p.Proposal, err = h.TwoNew.ProposalFor(r.Context(), actor(r), community); err != nil {
		return layout.Page{}, p, err
	}
	if p.Rules, err = h.TwoNew.Rules(r.Context(), actor(r)); err != nil {
		return layout.Page{}, p, err
	}
	switch {
	case f.Err != nil && f.Err.Kind == errs.Conflict: // the proposal is another one by now
		p.Problem = field.Form{Err: f.Err}
	case name != "":
		p.Forms[name] = f
	}
	page := h.page(w, r, i18n.TwoNewPlanOf, p.Community)
	page.Active = view.Path
	page.Breadcrumb = []layout.Crumb{{Text: i18n.TwoNewPlan.In(lang(r)), Href: view.PlanPath}}
	return page, p, nil
}

func (h *Handler) planPage(w http.ResponseWriter, r *http.Request) error {
	community, err := pathID(r)
	if err != nil {
		return err
	}
	page, p, err := h.planBody(w, r, community, "", field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, view.Proposal(page, p))
}

// chosen reads the organisations that were ticked, and the one that was added, each with the version that was seen.
func chosen(f *form) ([]twonew.Chosen, error) {
	var out []twonew.Chosen
	for _, s := range append(f.Strings("items"), f.Strings("more")...) {
		if s == "" {
			continue
		}
		first, last, _ := strings.Cut(s, ".")
		o, err := id.Parse(first)
		if err != nil {
			return nil, errs.Field("items", i18n.ErrBadChoice)
		}
		version, err := strconv.ParseInt(last, 10, 64)
		if err != nil {
			return nil, errs.Field("items", i18n.ErrBadChoice)
		}
		out = append(out, twonew.Chosen{TwoNewID: o, Version: version})
	}
	return out, nil
}

func (h *Handler) planJoint(w http.ResponseWriter, r *http.Request) error {
	return h.planAct(w, r, i18n.TwoNewAccepted, i18n.TwoNewAcceptedBut, func(f *form, community id.ID, items []twonew.Chosen) (twonew.Saved, error) {
		n := twonew.NewJoint{CommunityID: community, Name: f.Text("name", 60), On: f.Date("on"), DocumentNo: f.Text("document_no", 60), Document: f.Text("document", 120), Reason: f.Text("reason", 200), Items: items}
		if err := f.Err(); err != nil {
			return twonew.Saved{}, err
		}
		return h.TwoNew.AcceptJoint(r.Context(), actor(r), n)
	})
}

func (h *Handler) planSend(w http.ResponseWriter, r *http.Request) error {
	return h.planAct(w, r, i18n.TwoNewSent, i18n.TwoNewSent, func(f *form, community id.ID, items []twonew.Chosen) (twonew.Saved, error) {
		n := twonew.NewSending{CommunityID: community, MemberID: f.ID("member"), On: f.Date("on"), DocumentNo: f.Text("document_no", 60), Document: f.Text("document", 120), Items: items}
		if err := f.Err(); err != nil {
			return twonew.Saved{}, err
		}
		return h.TwoNew.Send(r.Context(), actor(r), n)
	})
}

// planAct accepts a part of a proposal and goes back to what is left of it.
func (h *Handler) planAct(w http.ResponseWriter, r *http.Request, done, but i18n.Text, act func(*form, id.ID, []twonew.Chosen) (twonew.Saved, error)) error {
	community, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	items, err := chosen(f)
	var saved twonew.Saved
	if err == nil {
		saved, err = act(f, community, items)
	}
	if e := errs.As(err); e != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		page, p, berr := h.planBody(w, r, community, f.values.Get("group"), f.Show(e))
		if berr != nil {
			return berr
		}
		return h.answer(w, r, status(e.Kind), view.Proposal(page, p))
	}
	if err != nil {
		return err
	}
	flash := layout.Flash{Kind: layout.Done, Text: done.In(lang(r)), More: view.LetterHref(saved.ID), Says: i18n.TwoNewLetter.In(lang(r))}
	if len(saved.Warnings) > 0 {
		flash.Kind, flash.Text = layout.Caution, but.In(lang(r), saved.Warnings[0])
	}
	return h.say(w, r, view.PlanHref(community), flash)
}

// coverage works the three coverages of the place and period of an address out.
func (h *Handler) coverage(r *http.Request) (view.Coverage, error) {
	var c view.Coverage
	var err error
	if c.Period, err = h.period(r); err != nil {
		return c, err
	}
	at, err := placeOf(r)
	if err != nil {
		return c, err
	}
	figures := append([]string{view.AllFigure}, view.ShareFigures[:]...)
	var cells []figure.Cell
	if c.At, cells, err = h.Figure.Fresh(r.Context(), actor(r), figures, at, c.Period); err != nil {
		return c, err
	}
	n := len(cells) / len(figures)
	for i := range n {
		c.Lines = append(c.Lines, view.Line{Place: cells[i].Place, All: cells[i].Value, Shares: [3]figure.Value{cells[n+i].Value, cells[2*n+i].Value, cells[3*n+i].Value}})
	}
	return c, nil
}

func (h *Handler) coveragePage(w http.ResponseWriter, r *http.Request) error {
	c, err := h.coverage(r)
	if err != nil {
		return err
	}
	if c.Places, c.Periods, err = h.choices(r, c.Period); err != nil {
		return err
	}
	if n := len(c.Lines); n > 0 && c.Lines[0].All.Amount > 0 {
		if n == 1 {
			if c.Grids, err = h.coverageOfGrids(r, c); err != nil {
				return err
			}
		}
		if err := h.coverageCentres(r, &c); err != nil {
			return err
		}
		if c.Trend, err = h.coverageTrend(r, c); err != nil {
			return err
		}
	}
	p := h.page(w, r, i18n.TwoNewCoverage)
	p.Active = view.Path
	return h.show(w, r, view.ThreeCoverages(p, c))
}

// coverageCentres reads where the places, or the grids of a community, lie.
func (h *Handler) coverageCentres(r *http.Request, c *view.Coverage) (err error) {
	if len(c.Grids) > 0 {
		c.GridCentres, err = h.Place.GridCentres(r.Context(), actor(r), c.At.ID)
		return err
	}
	var at []id.ID
	for _, l := range c.Lines {
		at = append(at, l.Place.ID)
	}
	c.Centres, err = h.Place.Centres(r.Context(), actor(r), at)
	return err
}

// coverageOfGrids gives the coverages of the grids of a community.
func (h *Handler) coverageOfGrids(r *http.Request, c view.Coverage) ([]view.GridLine, error) {
	var out []view.GridLine
	at := map[string]int{}
	for n, name := range append([]string{view.AllFigure}, view.PartFigures[:]...) { // four
		d, err := h.Figure.Get(r.Context(), actor(r), name, c.At.ID, c.Period)
		if err != nil {
			return nil, err
		}
		for _, b := range d.Breakdowns {
			for _, it := range b.Items {
				switch {
				case b.Dim.Key != "grid":
				case n == 0:
					at[it.Code] = len(out)
					out = append(out, view.GridLine{Grid: it.Code, All: it.Value.Amount})
				default:
					if i, ok := at[it.Code]; ok {
						out[i].Parts[n-1] = it.Value.Amount
					}
				}
			}
		}
	}
	return out, nil
}

// coverageTrend draws the coverages of a place over the periods that were rolled up.
func (h *Handler) coverageTrend(r *http.Request, c view.Coverage) ([]chart.Chart, error) {
	var out []chart.Chart
	for i, name := range view.ShareFigures { // three
		d, err := h.Figure.Get(r.Context(), actor(r), name, c.At.ID, c.Period)
		if err != nil {
			return nil, err
		}
		ch := chart.Chart{Title: []i18n.Text{i18n.TwoNewCovOrg, i18n.TwoNewCovWork, i18n.TwoNewCovCohesion}[i].In(lang(r)), Unit: d.Figure.Unit, Most: 1000}
		for _, x := range d.Line.History {
			v := x.Value
			if x.Period == c.Period {
				v = c.Lines[0].Shares[i]
			}
			ch.Items = append(ch.Items, chart.Item{Label: x.Period.String(), Value: v.Amount, Shown: d.Figure.Show(v)})
		}
		if len(ch.Items) > 1 {
			out = append(out, ch)
		}
	}
	return out, nil
}

func (h *Handler) exportCoverage(w http.ResponseWriter, r *http.Request) error {
	c, err := h.coverage(r)
	if err != nil {
		return err
	}
	type t = view.Line
	cols := []exportColumn[t]{
		{title: i18n.TwoNewCovPlace, value: func(v t) any { return v.Place.Name }},
		{title: i18n.TwoNewCovAll, number: true, value: func(v t) any { return v.All.Amount }},
	}
	for i, name := range view.ShareFigures {
		f, err := figure.ByID(name)
		if err != nil {
			return err
		}
		part, err := figure.ByID(view.PartFigures[i])
		if err != nil {
			return err
		}
		cols = append(cols, exportColumn[t]{title: part.Name(), number: true, value: func(v t) any { return v.Shares[i].Num }},
			exportColumn[t]{title: f.Name(), number: true, value: func(v t) any { return f.Number(v.Shares[i]) }})
	}
	return exportList(h, w, r, i18n.TwoNewCoverage, cols, func(_ context.Context, fn func(t) error) error {
		for _, l := range c.Lines {
			if err := fn(l); err != nil {
				return err
			}
		}
		return nil
	})
}
