package web

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/print"
	"linli/internal/twonew"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/twonew"
)

func (h *Handler) twoNewRoutes() []route {
	see, keep, decide := may(twonew.PermSee), may(twonew.PermKeep), may(twonew.PermDecide)
	return []route{
		{pattern: "GET /two-new", who: see, serve: h.twoNewPage},
		{pattern: "GET /two-new/export", who: see, serve: h.exportTwoNew},
		{pattern: "GET /two-new/print", who: see, serve: h.twoNewPrint},
		{pattern: "GET /two-new/new", who: keep, serve: h.twoNewNewPage},
		{pattern: "POST /two-new", who: keep, serve: h.twoNewRegister},
		{pattern: "GET /coverage", who: see, serve: h.coveragePage},
		{pattern: "GET /coverage/export", who: see, serve: h.exportCoverage},
		{pattern: "GET /coverage/plan", who: see, serve: h.plansPage},
		{pattern: "GET /coverage/plan/export", who: see, serve: h.exportPlans},
		{pattern: "GET /coverage/plan/{id}", who: see, serve: h.planPage},
		{pattern: "POST /coverage/plan/{id}/joint", who: decide, serve: h.planJoint},
		{pattern: "POST /coverage/plan/{id}/send", who: decide, serve: h.planSend},
		{pattern: "GET /coverage/letters/{id}/pdf", who: see, serve: h.twoNewLetter},
		{pattern: "GET /coverage/steps/{id}", who: decide, serve: h.mendPage},
		{pattern: "POST /coverage/steps/{id}/correct", who: decide, serve: h.stepCorrect},
		{pattern: "POST /coverage/steps/{id}/strike", who: decide, serve: h.stepStrike},
		{pattern: "GET /two-new/{id}", who: see, serve: h.twoNewOne},
		{pattern: "GET /two-new/{id}/edit", who: keep, serve: h.twoNewEditPage},
		{pattern: "POST /two-new/{id}/edit", who: keep, serve: h.twoNewEdit},
		{pattern: "GET /two-new/{id}/end", who: keep, serve: h.twoNewEndPage},
		{pattern: "POST /two-new/{id}/end", who: keep, serve: h.twoNewEnd},
		{pattern: "POST /two-new/{id}/reopen", who: keep, serve: h.twoNewReopen},
		{pattern: "GET /two-new/{id}/step", who: decide, serve: h.stepPage},
		{pattern: "POST /two-new/{id}/step", who: decide, serve: h.stepTake},
	}
}

// twoNewFilter reads the filters of the census from the address.
func twoNewFilter(r *http.Request) twonew.Filter {
	q := r.URL.Query()
	f := twonew.Filter{Text: q.Get("q"), Kind: twonew.Kind(q.Get("kind")), State: twonew.State(q.Get("state")), CommunityID: queryID(r, "community"),
		GridID: queryID(r, "grid"), BranchID: queryID(r, "branch"), Trade: q.Get("trade"), Known: twonew.Known(q.Get("members")), Page: pageOf(r)}
	if q.Get("state") == view.Uncovered {
		f.State, f.Uncovered = "", true
	}
	sort := q.Get(partial.SortKey)
	f.Desc = strings.HasPrefix(sort, "-")
	switch twonew.Sort(strings.TrimPrefix(sort, "-")) {
	case twonew.SortMembers:
		f.Sort = twonew.SortMembers
	case twonew.SortEmployees:
		f.Sort = twonew.SortEmployees
	}
	switch q.Get("show") {
	case "ended":
		f.Living = twonew.OnlyEnded
	case "all":
		f.Living = twonew.Either
	}
	return f
}

func twoNewMay(r *http.Request, community id.ID) view.May {
	a := actor(r)
	if community == 0 {
		return view.May{Keep: a.Can(twonew.PermKeep), Import: a.Can(twonew.PermImport), Decide: a.Can(twonew.PermDecide)}
	}
	return view.May{Keep: a.Scope(twonew.PermKeep).Covers(community), Import: a.Can(twonew.PermImport), Decide: a.Scope(twonew.PermDecide).Covers(community)}
}

func (h *Handler) twoNewPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.TwoNew.List(r.Context(), actor(r), twoNewFilter(r))
	if err != nil {
		return err
	}
	l := view.List{Query: r.URL.Query(), Items: list.Items, Prev: list.Prev, Next: list.Next, May: twoNewMay(r, 0)}
	if l.Counts, err = h.TwoNew.Count(r.Context(), actor(r)); err != nil {
		return err
	}
	communities, err := h.communityOptions(r, actor(r).Scope(twonew.PermSee))
	if err != nil {
		return err
	}
	trades, err := h.TwoNew.Trades(r.Context(), actor(r))
	if err != nil {
		return err
	}
	trade := partial.Filter{Name: "trade", Label: i18n.TwoNewTrade}
	for _, t := range trades {
		trade.Options = append(trade.Options, partial.Option{Value: t, Text: i18n.Verbatim(t)})
	}
	l.Filters = []partial.Filter{{Name: "state", Label: i18n.TwoNewState, Options: view.StateFilter()}, {Name: "kind", Label: i18n.TwoNewKind, Options: view.KindOptions()}}
	if len(communities) > 1 {
		l.Filters = append(l.Filters, partial.Filter{Name: "community", Label: i18n.OrgCommunity, Options: communities})
	}
	l.Filters = append(l.Filters, trade, partial.Filter{Name: "members", Label: i18n.TwoNewKnown, Options: []partial.Option{{Value: string(twonew.KnownOwn), Text: i18n.TwoNewKnownOwn},
		{Value: string(twonew.KnownSome), Text: i18n.TwoNewKnownSome}, {Value: string(twonew.KnownNone), Text: i18n.TwoNewKnownNone}}},
		partial.Filter{Name: "show", Label: i18n.TwoNewShow, Options: []partial.Option{{Value: "ended", Text: i18n.TwoNewOnlyEnded}, {Value: "all", Text: i18n.TwoNewWithEnded}}})
	return h.show(w, r, view.Index(h.page(w, r, i18n.TwoNewTitle), l))
}

func (h *Handler) exportTwoNew(w http.ResponseWriter, r *http.Request) error {
	type t = twonew.Organisation
	f := twoNewFilter(r)
	return exportList(h, w, r, i18n.TwoNewTitle, []exportColumn[t]{
		{title: i18n.TwoNewName, value: func(v t) any { return v.Name }},
		{title: i18n.OrgUSCC, value: func(v t) any { return v.USCC }},
		{title: i18n.TwoNewKind, value: func(v t) any { return v.Kind.Text() }},
		{title: i18n.TwoNewTrade, value: func(v t) any { return v.Trade }},
		{title: i18n.OrgColCommunity, value: func(v t) any { return v.Community }},
		{title: i18n.TwoNewGridCol, value: func(v t) any { return v.Grid }},
		{title: i18n.TwoNewAddress, value: func(v t) any { return v.Address }},
		{title: i18n.TwoNewEmployees, number: true, value: func(v t) any { return v.Employees }},
		{title: i18n.TwoNewFull, number: true, value: func(v t) any { return v.Full }},
		{title: i18n.TwoNewProbationary, number: true, value: func(v t) any { return v.Probationary }},
		{title: i18n.TwoNewState, value: func(v t) any { return v.State.Text() }},
		{title: i18n.TwoNewOn, value: func(v t) any { return v.Since.String() }},
		{title: i18n.TwoNewBranchIs, value: func(v t) any { return v.Branch }},
		{title: i18n.TwoNewMemberIs, value: func(v t) any { return v.Member }},
		{title: i18n.TwoNewEndedOn, value: func(v t) any { return v.EndedOn.String() }},
	}, func(ctx context.Context, fn func(t) error) error { return h.TwoNew.Export(ctx, actor(r), f, fn) })
}

func (h *Handler) twoNewPrint(w http.ResponseWriter, r *http.Request) error {
	items, err := first(r.Context(), func(ctx context.Context, fn func(twonew.Organisation) error) error {
		return h.TwoNew.Export(ctx, actor(r), twoNewFilter(r), fn)
	}, mostPrinted)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.TwoNewTitle)
	p.Back = view.Path
	return h.show(w, r, view.PaperList(p, items))
}

// twoNewCrumbs is a page about one organisation.
func (h *Handler) twoNewCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, o twonew.Organisation) layout.Page {
	p := h.page(w, r, title)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.TwoNewTitle.In(lang(r)), Href: view.Path}}
	if o.ID != 0 {
		p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: o.Name, Href: view.Href(o.ID)})
	}
	return p
}

func (h *Handler) twoNewOne(w http.ResponseWriter, r *http.Request) error {
	d, err := h.twoNewOf(r)
	if err != nil {
		return err
	}
	p := h.twoNewCrumbs(w, r, i18n.Verbatim(d.Name), twonew.Organisation{})
	return h.show(w, r, view.Show(p, view.One{Detail: d, May: twoNewMay(r, d.CommunityID)}))
}

// twoNewOf reads the organisation of an address.
func (h *Handler) twoNewOf(r *http.Request) (twonew.Detail, error) {
	o, err := pathID(r)
	if err != nil {
		return twonew.Detail{}, err
	}
	return h.TwoNew.Get(r.Context(), actor(r), o)
}

func (h *Handler) twoNewNewPage(w http.ResponseWriter, r *http.Request) error {
	options, err := h.communityOptions(r, actor(r).Scope(twonew.PermKeep))
	if err != nil {
		return err
	}
	community := r.URL.Query().Get("community")
	if community == "" && len(options) == 1 {
		community = options[0].Value
	}
	if community == "" {
		return h.show(w, r, view.Choose(h.twoNewCrumbs(w, r, i18n.TwoNewNew, twonew.Organisation{}), options))
	}
	body, err := h.twoNewForm(w, r, known(url.Values{"kind": {string(twonew.Economic)}}), community)
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// twoNewForm draws the form in which one is entered.
func (h *Handler) twoNewForm(w http.ResponseWriter, r *http.Request, f field.Form, community string) (templ.Component, error) {
	at, err := id.Parse(community)
	if err != nil {
		return nil, errs.ErrNotFound
	}
	grids, err := h.gridOptions(r, at)
	e := view.Entry{Form: f, Action: view.Path, Cancel: view.Path, Community: community, Grids: grids}
	return view.Form(h.twoNewCrumbs(w, r, i18n.TwoNewNew, twonew.Organisation{}), e), err
}

// readEntry reads what is said of an organisation.
func readEntry(f *form) twonew.Entry {
	return twonew.Entry{Kind: twonew.Kind(f.values.Get("kind")), Name: f.Need("name", 60), USCC: f.Text("uscc", 30), Trade: f.Text("trade", 40), Address: f.Text("address", 120),
		CommunityID: f.ID("community"), GridID: f.ID("grid"), X: f.degrees("x"), Y: f.degrees("y"), Employees: f.Int("employees"), Full: f.Int("full"), Probationary: f.Int("probationary")}
}

// degrees reads degrees as micro-degrees; empty is 0.
func (f *form) degrees(name string) int64 {
	s := strings.TrimSpace(f.values.Get(name))
	if s == "" {
		return 0
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.Abs(v) > 180 {
		f.err = f.err.With(name, i18n.PlaceCoordinates)
		return 0
	}
	return int64(math.Round(v * 1e6))
}

func (h *Handler) twoNewRegister(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := readEntry(f)
	err = f.Err()
	var saved twonew.Saved
	if err == nil {
		saved, err = h.TwoNew.Register(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return orFault(h.twoNewForm(w, r, f.Show(e), f.values.Get("community")))
		})
	}
	return h.twoNewSaved(w, r, view.Href(saved.ID), saved, i18n.TwoNewSaved, i18n.TwoNewSavedBut)
}

// twoNewSaved goes on and says what was saved, with what somebody should look at.
func (h *Handler) twoNewSaved(w http.ResponseWriter, r *http.Request, to string, saved twonew.Saved, done, but i18n.Text) error {
	if len(saved.Warnings) == 0 {
		return h.done(w, r, to, done)
	}
	var said []string
	for _, m := range saved.Warnings {
		said = append(said, m.In(lang(r)))
	}
	return h.say(w, r, to, layout.Flash{Kind: layout.Caution, Text: but.In(lang(r), strings.Join(said, " "))})
}

func (h *Handler) twoNewEditForm(w http.ResponseWriter, r *http.Request, d twonew.Detail, f field.Form) (templ.Component, error) {
	e := view.Entry{Form: f, Action: view.Href(d.ID) + "/edit", Cancel: view.Href(d.ID), Version: d.Version, Known: d.UnitID != 0}
	var err error
	if e.Communities, err = h.communityOptions(r, actor(r).Scope(twonew.PermKeep)); err != nil {
		return nil, err
	}
	e.Grids, err = h.gridOptions(r, d.CommunityID)
	return view.Form(h.twoNewCrumbs(w, r, i18n.TwoNewEdit, d.Organisation), e), err
}

func (h *Handler) twoNewEditPage(w http.ResponseWriter, r *http.Request) error {
	d, err := h.twoNewOf(r)
	if err != nil {
		return err
	}
	v := url.Values{"name": {d.Name}, "uscc": {d.USCC}, "kind": {string(d.Kind)}, "trade": {d.Trade}, "community": {d.CommunityID.String()}, "address": {d.Address},
		"employees": {strconv.FormatInt(d.Employees, 10)}, "full": {strconv.FormatInt(d.Full, 10)}, "probationary": {strconv.FormatInt(d.Probationary, 10)}, "x": {degreesText(d.X)}, "y": {degreesText(d.Y)}}
	if d.GridID != 0 {
		v.Set("grid", d.GridID.String())
	}
	body, err := h.twoNewEditForm(w, r, d, known(v))
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) twoNewEdit(w http.ResponseWriter, r *http.Request) error {
	d, err := h.twoNewOf(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := readEntry(f)
	if n.CommunityID != d.CommunityID && n.GridID == d.GridID {
		n.GridID = 0 // the grid stays behind
	}
	err = f.Err()
	var saved twonew.Saved
	if err == nil {
		saved, err = h.TwoNew.Edit(r.Context(), actor(r), d.ID, n, f.Version())
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.twoNewEditForm(w, r, d, f.Show(e))) })
	}
	return h.twoNewSaved(w, r, view.Href(d.ID), saved, i18n.TwoNewSaved, i18n.TwoNewSavedBut)
}

func (h *Handler) twoNewEndPage(w http.ResponseWriter, r *http.Request) error {
	d, err := h.twoNewOf(r)
	if err != nil {
		return err
	}
	return h.show(w, r, view.End(h.twoNewCrumbs(w, r, i18n.TwoNewEnd, d.Organisation), d.Organisation, field.Form{}, h.today().String()))
}

func (h *Handler) twoNewEnd(w http.ResponseWriter, r *http.Request) error {
	d, err := h.twoNewOf(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	on, reason := f.Date("on"), f.Text("reason", 200)
	if err = f.Err(); err == nil {
		err = h.TwoNew.End(r.Context(), actor(r), d.ID, on, reason, f.Version())
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return view.End(h.twoNewCrumbs(w, r, i18n.TwoNewEnd, d.Organisation), d.Organisation, f.Show(e), h.today().String())
		})
	}
	return h.done(w, r, view.Href(d.ID), i18n.TwoNewSaved)
}

func (h *Handler) twoNewReopen(w http.ResponseWriter, r *http.Request) error {
	o, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err := h.TwoNew.Reopen(r.Context(), actor(r), o, f.Version()); err != nil {
		return err
	}
	return h.done(w, r, view.Href(o), i18n.TwoNewSaved)
}

// stepForm draws the form of a step with the branches and people of the community.
func (h *Handler) stepForm(w http.ResponseWriter, r *http.Request, d twonew.Detail, f field.Form) (templ.Component, error) {
	s := view.Step{Form: f, Of: d.Organisation, Today: h.today().String()}
	branches, err := h.TwoNew.Branches(r.Context(), actor(r), d.CommunityID)
	if err != nil {
		return nil, err
	}
	for _, b := range branches {
		s.Branches = append(s.Branches, field.Option{Value: b.ID.String(), Text: i18n.Verbatim(b.Name)})
	}
	people, err := h.TwoNew.Candidates(r.Context(), actor(r), d.CommunityID)
	if err != nil {
		return nil, err
	}
	for _, c := range people {
		s.Members = append(s.Members, field.Option{Value: c.MemberID.String(), Text: i18n.Verbatim(c.Name)})
	}
	s.Rules, err = h.TwoNew.Rules(r.Context(), actor(r))
	return view.TakeStep(h.twoNewCrumbs(w, r, i18n.TwoNewStep, d.Organisation), s), err
}

func (h *Handler) stepPage(w http.ResponseWriter, r *http.Request) error {
	d, err := h.twoNewOf(r)
	if err != nil {
		return err
	}
	v := url.Values{}
	if k := twonew.State(r.URL.Query().Get("kind")); k.Valid() {
		v.Set("kind", string(k))
		if k == twonew.OwnBranch {
			v.Set("branch_name", i18n.TwoNewOwnName.In(i18n.ZH, d.Name))
		}
	}
	body, err := h.stepForm(w, r, d, known(v))
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) stepTake(w http.ResponseWriter, r *http.Request) error {
	d, err := h.twoNewOf(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := twonew.NewStep{Kind: twonew.State(f.Need("kind", 20)), On: f.Date("on"), DocumentNo: f.Text("document_no", 60), Document: f.Text("document", 120), BranchID: f.ID("branch"),
		BranchName: f.Text("branch_name", 60), MemberID: f.ID("member"), Reason: f.Text("reason", 200)}
	if n.BranchID != 0 {
		n.BranchName = ""
	}
	err = f.Err()
	var saved twonew.Saved
	if err == nil {
		saved, err = h.TwoNew.TakeStep(r.Context(), actor(r), d.ID, n, f.Version())
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.stepForm(w, r, d, f.Show(e))) })
	}
	return h.twoNewSaved(w, r, view.Href(d.ID), saved, i18n.TwoNewStepped, i18n.TwoNewSteppedBut)
}

// mending reads the step of an address.
func (h *Handler) mending(r *http.Request) (view.Mend, error) {
	step, err := pathID(r)
	if err != nil {
		return view.Mend{}, err
	}
	m := view.Mend{Today: h.today().String()}
	m.Step, m.Of, err = h.TwoNew.StepOf(r.Context(), actor(r), step)
	m.Correct = known(url.Values{"on": {m.Step.On.String()}, "document": {m.Step.Document}, "document_no": {m.Step.DocumentNo}})
	m.Strike.ID = "strike-"
	return m, err
}

func (h *Handler) mendBody(w http.ResponseWriter, r *http.Request, m view.Mend) templ.Component {
	return view.MendStep(h.twoNewCrumbs(w, r, i18n.TwoNewCorrect, m.Of), m)
}

func (h *Handler) mendPage(w http.ResponseWriter, r *http.Request) error {
	m, err := h.mending(r)
	if err != nil {
		return err
	}
	return h.show(w, r, h.mendBody(w, r, m))
}

func (h *Handler) stepCorrect(w http.ResponseWriter, r *http.Request) error {
	return h.mend(w, r, func(f *form, m view.Mend) error {
		on, number, title := f.Date("on"), f.Text("document_no", 60), f.Text("document", 120)
		if err := f.Err(); err != nil {
			return err
		}
		return h.TwoNew.Correct(r.Context(), actor(r), m.Step.ID, on, number, title, f.Version())
	}, func(m *view.Mend, f field.Form) { m.Correct = f })
}

func (h *Handler) stepStrike(w http.ResponseWriter, r *http.Request) error {
	return h.mend(w, r, func(f *form, m view.Mend) error {
		return h.TwoNew.Strike(r.Context(), actor(r), m.Step.ID, f.values.Get("reason"), f.Version())
	}, func(m *view.Mend, f field.Form) {
		f.ID = "strike-"
		m.Strike = f
	})
}

func (h *Handler) mend(w http.ResponseWriter, r *http.Request, act func(*form, view.Mend) error, put func(*view.Mend, field.Form)) error {
	m, err := h.mending(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err := act(f, m); err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			put(&m, f.Show(e))
			return h.mendBody(w, r, m)
		})
	}
	return h.done(w, r, view.Href(m.Of.ID), i18n.TwoNewSaved)
}

// twoNewLetter prints the letter about a decision.
func (h *Handler) twoNewLetter(w http.ResponseWriter, r *http.Request) error {
	decision, err := pathID(r)
	if err != nil {
		return err
	}
	l, err := h.TwoNew.LetterOf(r.Context(), actor(r), decision)
	if err != nil {
		return err
	}
	p := print.BranchLetter{Head: print.Head{Lang: lang(r), At: db.FromMicros(l.PaperAt), Number: l.PaperNumber, Issuer: l.Community,
		Verify: print.Verification{Code: l.PaperCode, URL: h.base(r) + feedback.CheckPath + l.PaperCode}},
		Community: l.Community, Branch: l.Branch, Instructor: l.Member, Document: strings.TrimSpace(l.Document + " " + l.DocumentNo), On: day(r, l.On)}
	for _, x := range l.Items {
		p.Rows = append(p.Rows, print.BranchLetterRow(x))
	}
	out, err := h.Printer.BranchLetter(p)
	if err != nil {
		return err
	}
	return sendPDF(w, i18n.PaperTwoNew.In(lang(r)), out)
}
