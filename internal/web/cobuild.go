package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/activity"
	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/cobuild"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/pairing"
	"linli/internal/print"
	"linli/internal/project"
	activityview "linli/internal/web/view/activity"
	view "linli/internal/web/view/cobuild"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	projectview "linli/internal/web/view/project"
)

func (h *Handler) cobuildRoutes() []route {
	see, party, sign := may(cobuild.PermSee, cobuild.PermUnit), may(cobuild.PermKeep, cobuild.PermUnit), may(cobuild.PermSign)
	act := func(done i18n.Text, do func(r *http.Request, f *form, g id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(done, do), view.Href, h.cobuildShown)
	}
	task := func(done i18n.Text, do func(r *http.Request, f *form, t id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(done, do), view.TaskHref, h.cobuildTaskShown)
	}
	return []route{
		{pattern: "GET /cobuilds", who: may(cobuild.PermSee, cobuild.PermUnit), serve: h.cobuildsPage},
		{pattern: "GET /cobuilds/export", who: see, serve: h.exportCobuilds},
		{pattern: "GET /cobuilds/new", who: party, serve: h.cobuildNewPage},
		{pattern: "POST /cobuilds", who: party, serve: h.cobuildDraft},
		{pattern: "GET /cobuilds/orgs", who: party, serve: h.cobuildOrgs},
		{pattern: "GET /cobuilds/{id}", who: see, serve: h.cobuildPage},
		{pattern: "GET /cobuilds/{id}/paper", who: see, serve: h.cobuildPrint},
		{pattern: "POST /cobuilds/{id}/terms", who: party, serve: act(i18n.CobuildSaved, func(r *http.Request, f *form, g id.ID) error {
			t := cobuildTerms(f)
			if err := f.Err(); err != nil {
				return err
			}
			return h.Cobuild.SetTerms(r.Context(), actor(r), g, f.Version(), f.ID("as"), t)
		})},
		{pattern: "POST /cobuilds/{id}/items", who: party, serve: act(i18n.CobuildItemSaved, func(r *http.Request, f *form, g id.ID) error {
			n := cobuildItem(f)
			if err := f.Err(); err != nil {
				return err
			}
			return h.Cobuild.Add(r.Context(), actor(r), g, f.Version(), f.ID("as"), n)
		})},
		{pattern: "GET /cobuilds/{id}/items/{item}", who: party, serve: h.cobuildItemPage},
		{pattern: "POST /cobuilds/{id}/items/{item}", who: party, serve: h.acted(saying(i18n.CobuildItemSaved, func(r *http.Request, f *form, g id.ID) error {
			item, err := itemID(r)
			if err != nil {
				return err
			}
			n := cobuildItem(f)
			if err := f.Err(); err != nil {
				return err
			}
			return h.Cobuild.Edit(r.Context(), actor(r), g, f.Version(), f.ID("as"), item, n)
		}), view.Href, h.cobuildItemShown)},
		{pattern: "POST /cobuilds/{id}/items/{item}/remove", who: party, serve: act(i18n.CobuildSaved, func(r *http.Request, f *form, g id.ID) error {
			item, err := itemID(r)
			if err != nil {
				return err
			}
			return h.Cobuild.Remove(r.Context(), actor(r), g, f.Version(), f.ID("as"), item)
		})},
		{pattern: "POST /cobuilds/{id}/send", who: party, serve: act(i18n.CobuildSendDone, func(r *http.Request, f *form, g id.ID) error {
			return h.Cobuild.Send(r.Context(), actor(r), g, f.Version(), f.ID("as"))
		})},
		{pattern: "POST /cobuilds/{id}/sign", who: sign, serve: h.acted(func(r *http.Request, f *form, g id.ID) (i18n.Text, []any, error) {
			all, err := h.Cobuild.Sign(r.Context(), actor(r), g, f.Version(), f.ID("as"))
			return signedText(all), nil, err
		}, view.Href, h.cobuildShown)},
		{pattern: "POST /cobuilds/{id}/paper", who: sign, serve: h.acted(func(r *http.Request, f *form, g id.ID) (i18n.Text, []any, error) {
			all, err := h.Cobuild.SignOnPaper(r.Context(), actor(r), g, f.Version(), f.ID("as"), f.ID("party"), f.Text("note", cobuild.MaxWords))
			return signedText(all), nil, err
		}, view.Href, h.cobuildShown)},
		{pattern: "POST /cobuilds/{id}/give-up", who: party, serve: act(i18n.CobuildSaved, func(r *http.Request, f *form, g id.ID) error {
			return h.Cobuild.GiveUp(r.Context(), actor(r), g, f.Version(), f.ID("as"), f.Text("reason", cobuild.MaxWords))
		})},
		{pattern: "POST /cobuilds/{id}/renew", who: party, serve: h.cobuildRenew},
		{pattern: "POST /cobuilds/{id}/end", who: sign, serve: h.acted(func(r *http.Request, f *form, g id.ID) (i18n.Text, []any, error) {
			in := cobuild.Ending{As: f.ID("as"), On: f.Date("on"), Reason: f.Text("reason", cobuild.MaxWords), Alone: f.Text("how", 10) == "alone"}
			if err := f.Err(); err != nil {
				return i18n.Text{}, nil, err
			}
			said := i18n.CobuildEndSent
			if in.Alone {
				said = i18n.CobuildEndDone
			}
			return said, nil, h.Cobuild.End(r.Context(), actor(r), g, f.Version(), in)
		}, view.Href, h.cobuildShown)},
		{pattern: "POST /cobuilds/{id}/answer-end", who: sign, serve: act(i18n.CobuildSaved, func(r *http.Request, f *form, g id.ID) error {
			return h.Cobuild.AnswerEnd(r.Context(), actor(r), g, f.Version(), f.ID("as"), f.Bool("agree"))
		})},
		{pattern: "POST /cobuilds/{id}/contact", who: party, serve: act(i18n.CobuildContactDone, func(r *http.Request, f *form, g id.ID) error {
			return h.Cobuild.SetContact(r.Context(), actor(r), g, f.ID("as"), f.Text("contact", cobuild.MaxName), f.Text("phone", cobuild.MaxName))
		})},
		{pattern: "POST /cobuilds/{id}/reveal", who: may(cobuild.PermReveal), serve: h.cobuildReveal},
		{pattern: "GET /cobuild-tasks/{id}", who: see, serve: h.cobuildTaskPage},
		{pattern: "POST /cobuild-tasks/{id}/say", who: party, serve: task(i18n.CobuildSaidDone, func(r *http.Request, f *form, t id.ID) error {
			in := cobuild.Done{As: f.ID("as"), On: f.Date("done_on"), Words: f.Text("words", cobuild.MaxWords), Amount: f.Int("amount"), Note: f.Text("note", cobuild.MaxWords)}
			if err := f.Err(); err != nil {
				return err
			}
			return h.Cobuild.Say(r.Context(), actor(r), t, f.Version(), in)
		})},
		{pattern: "POST /cobuild-tasks/{id}/link", who: party, serve: task(i18n.CobuildSaidDone, func(r *http.Request, f *form, t id.ID) error {
			amount := f.Int("amount")
			if err := f.Err(); err != nil {
				return err
			}
			return h.Cobuild.Link(r.Context(), actor(r), t, f.Version(), f.ID("as"), f.Text("kind", 20), f.ID("source"), amount)
		})},
		{pattern: "POST /cobuild-tasks/{id}/unsay", who: party, serve: task(i18n.CobuildUnsayDone, func(r *http.Request, f *form, t id.ID) error {
			return h.Cobuild.Unsay(r.Context(), actor(r), t, f.Version(), f.ID("as"))
		})},
		{pattern: "POST /cobuild-tasks/{id}/confirm", who: party, serve: task(i18n.CobuildConfirmDone, func(r *http.Request, f *form, t id.ID) error {
			return h.Cobuild.ConfirmFor(r.Context(), actor(r), t, f.Version(), f.ID("as"), f.Text("note", cobuild.MaxWords))
		})},
		{pattern: "POST /cobuild-tasks/{id}/missing", who: party, serve: task(i18n.CobuildMissingDone, func(r *http.Request, f *form, t id.ID) error {
			return h.Cobuild.Lacks(r.Context(), actor(r), t, f.Version(), f.ID("as"), f.Text("missing", cobuild.MaxWords))
		})},
		{pattern: "POST /cobuild-tasks/{id}/files", who: party, serve: h.addFiles(h.cobuildFiles()), upload: true},
		{pattern: "GET /cobuild-tasks/{id}/files/{attachment}", who: see, serve: h.oneFile(h.cobuildFiles())},
		{pattern: "POST /cobuild-tasks/{id}/files/{attachment}/remove", who: party, serve: h.removeFile(h.cobuildFiles())},
		{pattern: "GET /programmes", who: see, serve: h.programmesPage},
		{pattern: "GET /programmes/new", who: may(cobuild.PermProgrammes), serve: h.programmeNewPage},
		{pattern: "POST /programmes", who: may(cobuild.PermProgrammes), serve: h.programmeSetUp},
		{pattern: "GET /programmes/{id}", who: see, serve: h.programmePage},
		{pattern: "POST /programmes/{id}/edit", who: may(cobuild.PermProgrammes), serve: h.acted(saying(i18n.ProgrammeSaved, func(r *http.Request, f *form, p id.ID) error {
			in := programmeOf(f)
			if err := f.Err(); err != nil {
				return err
			}
			return h.Cobuild.EditProgramme(r.Context(), actor(r), p, f.Version(), in)
		}), view.ProgrammeHref, h.programmeShown)},
	}
}

func (h *Handler) cobuildUnitRoutes() []route {
	return []route{
		{pattern: "GET " + view.UnitPath, who: may(cobuild.PermUnit), serve: h.unitAgreementsPage},
		{pattern: "GET " + view.PublicPath, who: everyone, serve: h.publicAgreementsPage},
	}
}

func signedText(all bool) i18n.Text {
	if all {
		return i18n.CobuildForceDone
	}
	return i18n.CobuildSignDone
}

func cobuildTerms(f *form) cobuild.Terms {
	return cobuild.Terms{Kind: cobuild.Kind(f.Text("kind", 20)), Goal: f.Text("goal", cobuild.MaxGoal), From: f.Date("valid_from"), To: f.Date("valid_to")}
}

func cobuildItem(f *form) cobuild.NewItem {
	n := cobuild.NewItem{Title: f.Text("title", cobuild.MaxTitle), OrgID: f.ID("who"), Often: cobuild.Often(f.Text("often", 10)), DueOn: f.Date("due_on"), Measure: cobuild.Measure(f.Text("measure", 10)), Amount: f.Int("amount")}
	if theme := f.Text("theme", 60); theme != "" {
		programme, part, _ := strings.Cut(theme, ":")
		var err error
		if n.ProgrammeID, err = id.Parse(programme); err != nil {
			f.err = f.err.With("theme", i18n.ErrBadChoice)
		}
		n.Part = part
	}
	return n
}

func cobuildFilter(r *http.Request) cobuild.Filter {
	q := r.URL.Query()
	ending, _ := strconv.Atoi(q.Get("ending")) // no number is no wish
	return cobuild.Filter{Text: q.Get("q"), Community: queryID(r, "community"), Unit: queryID(r, "unit"), Kind: cobuild.Kind(q.Get("kind")), State: cobuild.State(q.Get("state")), Ending: ending, Late: q.Get("late") != "",
		Wait: q.Get("wait"), ByEnd: q.Get("sort") == view.ByEnd, Page: pageOf(r)}
}

func (h *Handler) cobuildsPage(w http.ResponseWriter, r *http.Request) error {
	f := cobuildFilter(r)
	list, err := h.Cobuild.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	l := view.List{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Today: h.today(), Drafts: may(cobuild.PermKeep, cobuild.PermUnit).lets(actor(r))}
	if l.First = f.Page.After == (db.Cursor{}) && f.Page.Before == (db.Cursor{}); l.First {
		if l.Summary, err = h.Cobuild.Summary(r.Context(), actor(r), f); err != nil {
			return err
		}
	}
	if l.Places, err = h.placeOptions(r, actor(r).Scope(cobuild.PermSee)); err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.CobuildTitle), l))
}

func (h *Handler) exportCobuilds(w http.ResponseWriter, r *http.Request) error {
	type t = cobuild.Row
	f, today := cobuildFilter(r), h.today()
	return exportList(h, w, r, i18n.CobuildTitle, []exportColumn[t]{
		{title: i18n.CobuildNo, value: func(v t) any { return v.No }},
		{title: i18n.CobuildCommunity, value: func(v t) any { return v.Community }},
		{title: i18n.CobuildUnits, value: func(v t) any { return v.Units() }},
		{title: i18n.CobuildKind, value: func(v t) any { return v.Kind.Text() }},
		{title: i18n.CobuildGoal, value: func(v t) any { return v.Goal }},
		{title: i18n.CobuildFrom, value: func(v t) any { return v.From.String() }},
		{title: i18n.CobuildTo, value: func(v t) any { return v.LastDay().String() }},
		{title: i18n.CobuildState, value: func(v t) any { return v.Standing(today).Text() }},
		{title: i18n.CobuildTasks, number: true, value: func(v t) any { return v.Tasks }},
		{title: i18n.CobuildTasksDue, number: true, value: func(v t) any { return v.Due }},
		{title: i18n.CobuildTasksDone, number: true, value: func(v t) any { return v.Done }},
		{title: i18n.CobuildLateCol, number: true, value: func(v t) any { return v.Late }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Cobuild.List(ctx, actor(r), f)
	}))
}

// cobuildHome is the list from which an actor comes: that of the desk, or that of their unit.
func cobuildHome(a authz.Actor) (string, i18n.Text) {
	if a.Can(cobuild.PermSee) {
		return view.Path, i18n.CobuildTitle
	}
	return view.UnitPath, i18n.CobuildUnitTitle
}

func (h *Handler) cobuildCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, more ...layout.Crumb) layout.Page {
	p := h.page(w, r, title)
	href, name := cobuildHome(actor(r))
	p.Active = href
	p.Breadcrumb = append([]layout.Crumb{{Text: name.In(lang(r)), Href: href}}, more...)
	return p
}

func (h *Handler) cobuildNewPage(w http.ResponseWriter, r *http.Request) error {
	from := h.today()
	return h.show(w, r, orFault(h.cobuildNew(w, r, known(url.Values{"valid_from": {from.String()}, "valid_to": {from.AddYears(1).AddDays(-1).String()}, "unit": {r.URL.Query().Get("unit")}}))))
}

// cobuildNew is the form in which an agreement is drafted: for a community, or by a liaison for their unit.
func (h *Handler) cobuildNew(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	a := actor(r)
	n := view.New{Form: f}
	var err error
	if n.Communities, err = h.organisationOptions(r, a.Held(cobuild.PermKeep), organisation.Working, organisation.Community); err != nil {
		return nil, err
	}
	if n.Unit = len(n.Communities) == 0; n.Unit {
		if n.Orgs, err = h.unitOptions(r, a.Held(cobuild.PermUnit)); err != nil {
			return nil, err
		}
		n.Place = h.label(r, f.Values.Get("community"))
	} else {
		for i := range n.Shown {
			n.Shown[i] = h.label(r, f.Values.Get(view.UnitField(i)))
		}
	}
	return view.NewPage(h.cobuildCrumbs(w, r, i18n.CobuildNew), n), nil
}

// unitOptions are the organisations of any kind at which somebody holds a right.
func (h *Handler) unitOptions(r *http.Request, held authz.Scope) ([]field.Option, error) {
	var out []field.Option
	for _, o := range held.Organisations() { // those at which one person is liaison
		name, err := h.Organisation.Label(r.Context(), actor(r), o)
		if err != nil {
			return nil, err
		}
		out = append(out, field.Option{Value: o.String(), Text: i18n.Verbatim(name)})
	}
	return out, nil
}

func (h *Handler) cobuildDraft(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := cobuild.NewAgreement{CommunityID: f.ID("community"), Terms: cobuildTerms(f)}
	for _, name := range view.UnitFields() {
		if u := f.ID(name); u != 0 {
			in.Units = append(in.Units, u)
		} else if f.Text(name+"_text", 60) != "" {
			f.err = f.err.With(name, i18n.ErrBadChoice)
		}
	}
	if in.As = in.CommunityID; !actor(r).Held(cobuild.PermKeep).Covers(in.CommunityID) && len(in.Units) > 0 {
		in.As = in.Units[0]
	}
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Cobuild.Draft(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.cobuildNew(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.Href(made), i18n.CobuildDrafted)
}

// cobuildOrgs answers the choosing of a party.
func (h *Handler) cobuildOrgs(w http.ResponseWriter, r *http.Request) error {
	kinds := []organisation.Kind{organisation.Unit, organisation.Community, organisation.Working}
	if r.URL.Query().Get("side") == string(cobuild.OfCommunity) {
		kinds = kinds[1:]
	}
	refs, err := h.Organisation.Directory(r.Context(), actor(r), typed(r), kinds, matchLimit)
	if err != nil {
		return err
	}
	return h.show(w, r, field.Matches(refOptions(r, refs)))
}

func (h *Handler) cobuildPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.cobuildShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// cobuildShown is the page of an agreement; sent is the form that was not accepted.
func (h *Handler) cobuildShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	g, err := pathID(r)
	if err != nil {
		return nil, err
	}
	s := view.Show{Sent: sent, SentBy: sent.Values.Get(formKey), Today: h.today(), Desk: actor(r).Can(cobuild.PermSee)}
	if s.Detail, err = h.Cobuild.Get(r.Context(), actor(r), g); err != nil {
		return nil, err
	}
	if s.Themes, err = h.Cobuild.Themes(r.Context(), actor(r)); err != nil {
		return nil, err
	}
	if s.Kind.Names() && len(s.Naming) > 0 {
		if s.Posts, err = h.postOptions(r); err != nil {
			return nil, err
		}
	}
	if s.Reveals {
		if s.Purposes, err = h.purposeOptions(r, i18n.CaseWhy); err != nil {
			return nil, err
		}
	}
	return view.One(h.cobuildCrumbs(w, r, i18n.Verbatim(view.Title(s.Agreement))), s), nil
}

func (h *Handler) cobuildItemPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.cobuildItemShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// cobuildItemShown is the page on which an item is changed.
func (h *Handler) cobuildItemShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	g, err := pathID(r)
	if err != nil {
		return nil, err
	}
	item, err := itemID(r)
	if err != nil {
		return nil, err
	}
	e := view.EditItem{Form: sent}
	if e.Of, err = h.Cobuild.Get(r.Context(), actor(r), g); err != nil {
		return nil, err
	}
	n := slices.IndexFunc(e.Of.Items, func(i cobuild.Item) bool { return i.ID == item })
	if n < 0 || len(e.Of.Acts) == 0 {
		return nil, errs.ErrNotFound
	}
	e.Item = e.Of.Items[n]
	if e.Form.Values == nil {
		i := e.Item
		e.Form.Values = url.Values{"title": {i.Title}, "who": {i.OrgID.String()}, "often": {string(i.Often)}, "due_on": {i.DueOn.String()}, "measure": {string(i.Measure)}, "theme": {view.ThemeValue(i.ProgrammeID, i.Part)}}
		if i.Amount != 0 {
			e.Form.Values.Set("amount", strconv.FormatInt(i.Amount, 10))
		}
	}
	if e.Themes, err = h.Cobuild.Themes(r.Context(), actor(r)); err != nil {
		return nil, err
	}
	e.Themes = withTheme(e.Themes, e.Item)
	return view.ChangeItem(h.cobuildCrumbs(w, r, i18n.CobuildEditItem, layout.Crumb{Text: view.Title(e.Of.Agreement), Href: view.Href(g)}), e), nil
}

// withTheme adds the programme that an item carries to those to choose, where it has ended or lost that part: saving the item keeps it.
func withTheme(list []cobuild.Theme, i cobuild.Item) []cobuild.Theme {
	if i.ProgrammeID == 0 {
		return list
	}
	n := slices.IndexFunc(list, func(t cobuild.Theme) bool { return t.ID == i.ProgrammeID })
	if n < 0 {
		t := cobuild.Theme{ID: i.ProgrammeID, Name: i.Programme}
		if i.Part != "" {
			t.Parts = []string{i.Part}
		}
		return append(list, t)
	}
	if i.Part != "" && !slices.Contains(list[n].Parts, i.Part) {
		list[n].Parts = append(list[n].Parts, i.Part)
	}
	return list
}

func (h *Handler) cobuildRenew(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	g, err := pathID(r)
	if err != nil {
		return err
	}
	made, err := h.Cobuild.Renew(r.Context(), actor(r), g, f.ID("as"))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.cobuildShown(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.Href(made), i18n.CobuildRenewDone)
}

func (h *Handler) cobuildReveal(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	g, err := pathID(r)
	if err != nil {
		return err
	}
	who, err := h.Cobuild.Reveal(r.Context(), actor(r), g, f.ID("party"), f.Text("purpose", 40))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.cobuildShown(w, r, f.Show(e))) })
	}
	return h.show(w, r, view.Revealed(h.cobuildCrumbs(w, r, i18n.Verbatim(i18n.CobuildRevealTitle.In(lang(r), who.No))), g, who))
}

// cobuildPrint prints the agreement: with the signatures given and its code once all have signed, to be signed by hand before.
func (h *Handler) cobuildPrint(w http.ResponseWriter, r *http.Request) error {
	g, err := pathID(r)
	if err != nil {
		return err
	}
	d, err := h.Cobuild.Get(r.Context(), actor(r), g)
	if err != nil {
		return err
	}
	l := lang(r)
	doc := print.CobuildAgreement{Head: print.Head{Lang: l, At: h.DB.Now(), Number: d.No, Issuer: d.Community}, Kind: d.Kind.Text().In(l), Goal: d.Goal, From: day(r, d.From), To: day(r, d.To)}
	if d.Paper.Code != "" {
		doc.Head.Verify = print.Verification{Code: d.Paper.Code, URL: h.base(r) + feedback.CheckPath + d.Paper.Code}
	}
	for _, p := range d.Parties {
		role := i18n.PrintCobuildUnit
		if p.Side == cobuild.OfCommunity {
			role = i18n.PrintCobuildSide
		}
		doc.Parties = append(doc.Parties, print.Pair{Name: role.In(l), Value: p.Name})
		s := print.Signature{Role: role.In(l), Name: p.Name, Seal: !p.Signed()}
		if p.Signed() {
			s.At = i18n.DateTime(p.SignedAt)
			if s.By = p.SignedBy; p.OnPaper {
				s.By = i18n.CobuildByPaper.In(l)
			}
		}
		doc.Signatures = append(doc.Signatures, s)
	}
	for n, i := range d.Items {
		doc.Items = append(doc.Items, []string{strconv.Itoa(n + 1), i.Title, i.Who, i.Often.Text().In(l) + " " + i.DueOn.String(), i.Counted(l)})
	}
	p, err := h.Printer.CobuildAgreement(doc)
	if err != nil {
		return err
	}
	return sendPDF(w, i18n.PaperCobuild.In(l)+" "+d.No, p)
}

func (h *Handler) cobuildFiles() fileKeeper {
	return fileKeeper{h.Cobuild.FileLimits, h.Cobuild.AddFiles, func(ctx context.Context, a authz.Actor, task, file id.ID) (attach.File, []byte, error) {
		return h.Cobuild.File(ctx, a, task, file)
	}, h.Cobuild.RemoveFile, func(t id.ID) string { return view.TaskHref(t) + "#files" }, h.cobuildTaskShown}
}

func (h *Handler) cobuildTaskPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.cobuildTaskShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// cobuildTaskShown is the page of a task; sent is the form that was not accepted.
func (h *Handler) cobuildTaskShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	t, err := pathID(r)
	if err != nil {
		return nil, err
	}
	s := view.TaskShow{Sent: sent, SentBy: sent.Values.Get(formKey), Today: h.today(), Desk: actor(r).Can(cobuild.PermSee)}
	if s.TaskPage, err = h.Cobuild.Task(r.Context(), actor(r), t); err != nil {
		return nil, err
	}
	s.Pairs = actor(r).Scope(pairing.PermManage).Covers(s.Agreement.CommunityID)
	limits, err := h.Cobuild.FileLimits(r.Context(), actor(r))
	if err != nil {
		return nil, err
	}
	s.Limit = megabytes(limits)
	return view.Task(h.cobuildCrumbs(w, r, i18n.Verbatim(s.Title), layout.Crumb{Text: view.Title(s.Agreement), Href: view.Href(s.AgreementID)}), s), nil
}

// unitDays is how far ahead the page of a unit shows what is to be done.
const unitDays = 90

func (h *Handler) unitAgreementsPage(w http.ResponseWriter, r *http.Request) error {
	a := actor(r)
	u := view.Unit{Query: r.URL.Query(), Today: h.today(), Drafts: true}
	var err error
	if u.Do, u.Confirm, err = h.Cobuild.Todos(r.Context(), a, unitDays); err != nil {
		return err
	}
	list, err := h.Cobuild.List(r.Context(), a, cobuild.Filter{Page: pageOf(r)})
	if err != nil {
		return err
	}
	u.Items, u.Before, u.After = list.Items, list.Prev, list.Next
	people, err := h.Cobuild.People(r.Context(), a, cobuild.PeopleFilter{State: cobuild.Serving, Page: db.Page{Limit: 20}})
	if err != nil {
		return err
	}
	u.People = people.Items
	orgs, err := h.unitOptions(r, a.Held(cobuild.PermUnit))
	if err != nil {
		return err
	}
	for _, o := range orgs {
		u.Orgs = append(u.Orgs, o.Text.In(lang(r)))
	}
	return h.show(w, r, view.UnitPage(h.page(w, r, i18n.CobuildUnitTitle), u))
}

func (h *Handler) programmesPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Cobuild.Programmes(r.Context(), actor(r), pageOf(r))
	if err != nil {
		return err
	}
	l := view.Programmes{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next}
	if l.Orgs, err = h.programmeOrgs(r); err != nil {
		return err
	}
	return h.show(w, r, view.ProgrammeIndex(h.cobuildCrumbs(w, r, i18n.ProgrammeTitle), l))
}

// programmeOrgs are the organisations at which an actor may set programmes up.
func (h *Handler) programmeOrgs(r *http.Request) ([]field.Option, error) {
	return h.organisationOptions(r, actor(r).Scope(cobuild.PermProgrammes), organisation.District, organisation.Working)
}

func (h *Handler) programmeNewPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.programmeNew(w, r, known(url.Values{"valid_from": {h.today().String()}}))))
}

func (h *Handler) programmeNew(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	n := view.ProgrammeForm{Form: f}
	var err error
	if n.Orgs, err = h.programmeOrgs(r); err != nil {
		return nil, err
	}
	return view.ProgrammeNew(h.cobuildCrumbs(w, r, i18n.ProgrammeNew, layout.Crumb{Text: i18n.ProgrammeTitle.In(lang(r)), Href: view.ProgrammesPath}), n), nil
}

func programmeOf(f *form) cobuild.NewProgramme {
	return cobuild.NewProgramme{OrgID: f.ID("org"), Name: f.Text("name", cobuild.MaxName), Kind: cobuild.ProgrammeKind(f.Text("kind", 10)), Detail: f.Text("detail", cobuild.MaxWords),
		Parts: strings.Split(f.Text("parts", 1000), "\n"), From: f.Date("valid_from"), To: f.Date("valid_to")}
}

func (h *Handler) programmeSetUp(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := programmeOf(f)
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Cobuild.SetUp(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.programmeNew(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.ProgrammeHref(made), i18n.ProgrammeSaved)
}

func (h *Handler) programmePage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.programmeShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) programmeShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	p, err := pathID(r)
	if err != nil {
		return nil, err
	}
	s := view.ProgrammeShow{Sent: sent, Query: r.URL.Query(), Today: h.today()}
	if s.Programme, err = h.Cobuild.Programme(r.Context(), actor(r), p); err != nil {
		return nil, err
	}
	list, err := h.Cobuild.UnderProgramme(r.Context(), actor(r), p, pageOf(r))
	if err != nil {
		return nil, err
	}
	s.Under, s.Before, s.After = list.Items, list.Prev, list.Next
	projects, err := h.Project.List(r.Context(), actor(r), project.Filter{Programme: p, Page: db.Page{Limit: 20}})
	if err != nil {
		return nil, err
	}
	s.Projects = projectview.Under(projectview.List{Items: projects.Items, After: projects.Next, Today: h.today()}, projectview.Path+"?programme="+p.String())
	if a := actor(r); a.Can(activity.PermSee) || a.Can(activity.PermPlan) || a.Can(activity.PermBrowse) {
		held, err := h.Activity.List(r.Context(), a, activity.Filter{ProgrammeID: p, Page: db.Page{Limit: 20}})
		if err != nil {
			return nil, err
		}
		s.Activities = activityview.Under(held.Items, held.Next != "", "/activities?programme="+p.String())
	}
	s.Keeps = actor(r).Scope(cobuild.PermProgrammes).Covers(s.OrgID)
	return view.ProgrammeOne(h.cobuildCrumbs(w, r, i18n.Verbatim(s.Name), layout.Crumb{Text: i18n.ProgrammeTitle.In(lang(r)), Href: view.ProgrammesPath}), s), nil
}

// publicAgreementsPage is public: the agreements that are in force. It names organisations only.
func (h *Handler) publicAgreementsPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	tenant, err := h.district(r, q.Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	list, err := h.Cobuild.Public(r.Context(), tenant, queryID(r, "c"), pageOf(r))
	if err != nil {
		return err
	}
	v := view.PublicList{Query: q, Items: list.Items, Before: list.Prev, After: list.Next}
	places, err := h.Casework.Communities(r.Context(), tenant)
	if err != nil {
		return err
	}
	for _, c := range places {
		v.Communities = append(v.Communities, field.Option{Value: c.ID.String(), Text: i18n.Verbatim(c.Name)})
	}
	return h.show(w, r, view.PublicIndex(h.public(w, r, i18n.PublicCobuildTitle), v))
}
