package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/pairing"
	"linli/internal/person"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/pairing"
)

func (h *Handler) pairingRoutes() []route {
	manage, help := may(pairing.PermManage), may(pairing.PermOwn, pairing.PermHelp, pairing.PermUnit)
	act := func(name string, do func(r *http.Request, f *form, household id.ID) error) route {
		return route{pattern: "POST /pairing/{id}/" + name, who: manage, serve: h.acted(saying(i18n.PairSaved, do), view.Href, h.pairingAgain(name))}
	}
	mine := func(name string, said i18n.Text, do func(r *http.Request, f *form, household id.ID) error) route {
		return route{pattern: "POST /my-pairing/{id}/" + name, who: help, serve: h.acted(saying(said, do), view.MineHref, h.pairingMineAgain(name))}
	}
	visit := func(r *http.Request, f *form, household id.ID) error {
		pair, n := f.ID("pair"), pairing.NewVisit{On: f.Date("on"), Form: pairing.Form(f.Text("form", 20)), Deed: pairing.Deed(f.Text("deed", 20)), Note: f.Text("note", pairing.MaxNote), NextOn: f.Date("next_on"), Ask: f.Bool("ask"), Lack: f.Text("lack", pairing.MaxLack), Key: sendingKey(f, nil)}
		if err := f.Err(); err != nil {
			return err
		}
		return h.Pairing.Visit(r.Context(), actor(r), household, pair, n)
	}
	plan := func(r *http.Request, f *form, household id.ID) error {
		what, by := f.Text("what", pairing.MaxWhat), f.Date("by_on")
		if err := f.Err(); err != nil {
			return err
		}
		return h.Pairing.Plan(r.Context(), actor(r), household, what, by)
	}
	tick := func(r *http.Request, f *form, household id.ID) error {
		item, version := f.ID("item"), f.Version()
		if err := f.Err(); err != nil {
			return err
		}
		return h.Pairing.Tick(r.Context(), actor(r), household, item, version)
	}
	ask := func(r *http.Request, f *form, household id.ID) error {
		visit, lack := f.ID("visit"), f.Text("lack", pairing.MaxLack)
		if err := f.Err(); err != nil {
			return err
		}
		return h.Pairing.Ask(r.Context(), actor(r), household, visit, lack)
	}
	return []route{
		{pattern: "GET /pairing", who: may(pairing.PermManage, pairing.PermSee), serve: h.pairingDesk},
		{pattern: "GET /pairing/export", who: manage, serve: h.exportPairing},
		{pattern: "GET /pairing/counts", who: may(pairing.PermManage, pairing.PermSee), serve: h.pairingCounts},
		{pattern: "GET /pairing/new", who: manage, serve: h.shown(h.pairingNew)},
		{pattern: "POST /pairing", who: manage, serve: h.pairingEnter},
		{pattern: "GET /pairing/people", who: manage, serve: h.pairingPeople},
		{pattern: "GET /pairing/members", who: manage, serve: h.pairingMembers},
		{pattern: "GET /pairing/{id}", who: manage, serve: h.shown(h.pairingAgain(""))},
		act("correct", func(r *http.Request, f *form, household id.ID) error {
			n, version := pairingEntry(f), f.Version()
			if err := f.Err(); err != nil {
				return err
			}
			return h.Pairing.Correct(r.Context(), actor(r), household, n, version)
		}),
		act("pair", func(r *http.Request, f *form, household id.ID) error {
			who, from := pairing.Helper{MemberID: f.ID("member"), AccountID: f.ID("account"), UnitID: f.ID("unit")}, f.Date("from_on")
			if err := f.Err(); err != nil {
				return err
			}
			_, err := h.Pairing.Pair(r.Context(), actor(r), household, who, from)
			return err
		}),
		act("unpair", func(r *http.Request, f *form, household id.ID) error {
			text, typedVersion, _ := strings.Cut(f.values.Get("pair"), ".")
			pair, err := id.Parse(text)
			if err != nil {
				return errs.Field("pair", i18n.ErrRequired)
			}
			version, err := strconv.ParseInt(typedVersion, 10, 64)
			if err != nil {
				return errs.Field("pair", i18n.ErrBadChoice)
			}
			return h.Pairing.Unpair(r.Context(), actor(r), household, pair, pairing.Ending(f.Text("ending", 20)), f.Text("words", pairing.MaxNote), version)
		}),
		act("end", func(r *http.Request, f *form, household id.ID) error {
			return h.Pairing.End(r.Context(), actor(r), household, pairing.Ending(f.Text("ending", 20)), f.Text("words", pairing.MaxNote), f.Version())
		}),
		act("visit", visit), act("plan", plan), act("tick", tick), act("ask", ask),
		{pattern: "GET /my-pairing", who: help, serve: h.pairingMine},
		{pattern: "GET /my-pairing/{id}", who: help, serve: h.shown(h.pairingMineAgain(""))},
		mine("visit", i18n.PairVisited, visit), mine("plan", i18n.PairSaved, plan), mine("tick", i18n.PairSaved, tick), mine("ask", i18n.PairAsked1, ask),
	}
}

func (h *Handler) pairingCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.PairTitle.In(lang(r)), Href: view.Path}}
	return p
}

func pairingFilter(r *http.Request) pairing.Filter {
	q := r.URL.Query()
	days, _ := strconv.ParseInt(q.Get("days"), 10, 64) // no number is no wish
	return pairing.Filter{State: pairing.State(q.Get("state")), Difficulty: pairing.Difficulty(q.Get("difficulty")), Days: days, OrgID: queryID(r, "org"), Text: q.Get("q"), Page: pageOf(r)}
}

// pairingDesk is the list of a community; who only sees figures is led there.
func (h *Handler) pairingDesk(w http.ResponseWriter, r *http.Request) error {
	if !actor(r).Can(pairing.PermManage) {
		http.Redirect(w, r, view.CountsPath, http.StatusSeeOther)
		return nil
	}
	list, err := h.Pairing.List(r.Context(), actor(r), pairingFilter(r))
	if err != nil {
		return err
	}
	d := view.Desk{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next}
	if d.Places, err = h.communityOptions(r, actor(r).Scope(pairing.PermManage)); err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.PairTitle), d))
}

func (h *Handler) exportPairing(w http.ResponseWriter, r *http.Request) error {
	type t = pairing.Household
	f := pairingFilter(r)
	return exportList(h, w, r, i18n.PairTitle, []exportColumn[t]{
		{title: i18n.PairContact, value: func(v t) any { return v.Name }},
		{title: i18n.PairCommunity, value: func(v t) any { return v.Org }},
		{title: i18n.PairAddress, value: func(v t) any { return v.Address }},
		{title: i18n.PairDifficulty, value: func(v t) any { return v.Difficulty.Text() }},
		{title: i18n.PairHelper, value: func(v t) any { return view.Helpers(lang(r), v) }},
		{title: i18n.PairSince, value: func(v t) any { return v.SinceOn.String() }},
		{title: i18n.PairLast, value: func(v t) any { return v.VisitedOn.String() }},
		{title: i18n.PairState, value: func(v t) any { return v.State.Text() }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Pairing.List(ctx, actor(r), f)
	}))
}

func (h *Handler) pairingCounts(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Pairing.Counts(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.CountsPage(h.pairingCrumbs(w, r, i18n.PairCounts), view.Counts{Query: r.URL.Query(), Items: list, Opens: actor(r).Scope(pairing.PermManage).Covers}))
}

func (h *Handler) pairingNew(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	if f.Values == nil {
		f.Values = url.Values{}
	}
	return view.Edit(h.pairingCrumbs(w, r, i18n.PairNew), view.New{Form: f, Today: h.today()}), nil
}

func pairingEntry(f *form) pairing.Entry {
	return pairing.Entry{PersonID: f.ID("person"), Difficulty: pairing.Difficulty(f.Text("difficulty", 20)), Situation: f.Text("situation", pairing.MaxSituation), Consent: pairing.Consent(f.Text("consent", 20)), ConsentOn: f.Date("consent_on")}
}

func (h *Handler) pairingEnter(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := pairingEntry(f)
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Pairing.Enter(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.pairingNew(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.Href(made), i18n.PairEntered)
}

// pairingPeople finds residents whose households can be entered.
func (h *Handler) pairingPeople(w http.ResponseWriter, r *http.Request) error {
	text := typed(r)
	if text == "" {
		return h.show(w, r, field.Matches(nil))
	}
	list, err := h.Person.List(r.Context(), actor(r), person.Filter{Text: text, Page: db.Page{Limit: matchLimit}})
	if err != nil {
		return err
	}
	var out []field.Option
	for _, p := range list.Items {
		out = append(out, field.Option{Value: p.ID.String(), Text: i18n.Verbatim(p.Name), Note: p.Address})
	}
	return h.show(w, r, field.Matches(out))
}

// pairingMembers finds members who can help.
func (h *Handler) pairingMembers(w http.ResponseWriter, r *http.Request) error {
	text := typed(r)
	if text == "" {
		return h.show(w, r, field.Matches(nil))
	}
	list, err := h.Member.List(r.Context(), actor(r), member.Filter{Text: text, Page: db.Page{Limit: matchLimit}})
	if err != nil {
		return err
	}
	var out []field.Option
	for _, m := range list.Items {
		out = append(out, field.Option{Value: m.ID.String(), Text: i18n.Verbatim(m.Name), Note: m.Home})
	}
	return h.show(w, r, field.Matches(out))
}

// pairingAgain draws a household at the desk, with the form that was sent.
func (h *Handler) pairingAgain(sent string) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
		household, err := pathID(r)
		if err != nil {
			return nil, err
		}
		o := view.One{Sent: f, SentBy: sent, Key: newKey(), Today: h.today()}
		if o.Household, err = h.Pairing.Get(r.Context(), actor(r), household); err != nil {
			return nil, err
		}
		if o.Manages = pairing.Manages(actor(r), o.Household); !o.Manages {
			return nil, errs.ErrNotFound // a helper has a page of their own
		}
		o.Needs = actor(r).Scope(exchange.PermSee).Covers(o.OrgID)
		staff, err := h.Pairing.StaffFor(r.Context(), actor(r), o.OrgID)
		if err != nil {
			return nil, err
		}
		for _, s := range staff {
			o.Staff = append(o.Staff, field.Option{Value: s.ID.String(), Text: i18n.Verbatim(s.Name)})
		}
		return view.File(h.pairingCrumbs(w, r, i18n.PairTitle), o), nil
	}
}

func (h *Handler) pairingMine(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Pairing.Own(r.Context(), actor(r), pageOf(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.MinePage(h.page(w, r, i18n.PairMine), view.Mine{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Today: h.today(), Pocket: landing(actor(r)) != ""}))
}

// pairingMineAgain draws a household for its helper, with the form that was sent.
func (h *Handler) pairingMineAgain(sent string) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
		household, err := pathID(r)
		if err != nil {
			return nil, err
		}
		o := view.One{Sent: f, SentBy: sent, Key: newKey(), Today: h.today(), Pocket: landing(actor(r)) != ""}
		if o.Household, err = h.Pairing.Get(r.Context(), actor(r), household); err != nil {
			return nil, err
		}
		p := h.page(w, r, i18n.PairMine)
		p.Back = view.MinePath
		return view.MineFile(p, o), nil
	}
}
