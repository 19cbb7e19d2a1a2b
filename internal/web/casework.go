package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/attach"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/notice"
	"linli/internal/organisation"
	"linli/internal/place"
	view "linli/internal/web/view/casework"
	catalogueview "linli/internal/web/view/catalogue"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	meetingview "linli/internal/web/view/meeting"
	"linli/internal/web/view/partial"
)

func (h *Handler) caseworkRoutes() []route {
	see, enter, dispatch := may(casework.PermSee), may(casework.PermEnter), may(casework.PermDispatch)
	list := []route{
		{pattern: "GET /cases", who: see, serve: h.casesPage},
		{pattern: "GET /cases/export", who: see, serve: h.exportCases},
		{pattern: "GET /cases/new", who: enter, serve: h.caseNewPage},
		{pattern: "POST /cases", who: enter, serve: h.caseEnter, upload: true},
		{pattern: "POST /cases/propose", who: enter, serve: h.casePropose},
		{pattern: "GET /cases/targets", who: dispatch, serve: h.caseTargets},
		{pattern: "GET /cases/buildings", who: may(casework.PermEnter), serve: h.caseBuildings},
		{pattern: "GET /cases/about", who: may(casework.PermEnter, casework.PermDispatch), serve: h.caseAbouts},
		{pattern: "GET /cases/hot", who: see, serve: h.caseHotPage},
		{pattern: "GET /cases/pictures", who: see, serve: h.casePicturesPage},
		{pattern: "GET /cases/map", who: see, serve: h.caseMap},
		{pattern: "GET /cases/{id}", who: see, serve: h.casePage},
		{pattern: "POST /cases/{id}/reporter", who: may(casework.PermReveal), serve: h.caseReporter},
	}
	for _, a := range h.caseActs() {
		list = append(list, route{pattern: "POST /cases/{id}/" + a.name, who: a.who, serve: h.caseActed(a.done, a.do), upload: a.files})
	}
	return append(list, h.callRoutes()...)
}

func caseFilter(r *http.Request) casework.Filter {
	q := r.URL.Query()
	f := casework.Filter{State: casework.State(q.Get("state")), Show: q.Get("show"), Wait: q.Get("wait"), Kind: q.Get("kind"), ItemID: queryID(r, "item"), Below: queryID(r, "below"), Community: queryID(r, "community"),
		In: queryID(r, "in"), Grid: queryID(r, "grid"),
		Channel: casework.Channel(q.Get("channel")), Text: q.Get("q"), ByDue: q.Get("order") == view.ByDue, Page: pageOf(r)}
	f.From, _ = calendar.Parse(q.Get("from")) // no day does not narrow
	f.To, _ = calendar.Parse(q.Get("to"))
	f.Rating, _ = strconv.ParseInt(q.Get("rating"), 10, 64) // no number does not narrow
	return f
}

func (h *Handler) casesPage(w http.ResponseWriter, r *http.Request) error {
	f := caseFilter(r)
	list, err := h.Casework.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	l := view.List{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Now: h.Casework.Now()}
	if l.First = f.Page.After == (db.Cursor{}) && f.Page.Before == (db.Cursor{}); l.First {
		if l.Summary, err = h.Casework.Summary(r.Context(), actor(r), f); err != nil {
			return err
		}
		if !actor(r).Can(figure.PermSee) { // who sees figures has them on the page of pictures
			rates, err := h.Casework.Rates(r.Context(), actor(r), f)
			if err != nil {
				return err
			}
			l.Rates = &rates
		}
	}
	if l.Kinds, err = h.Casework.Kinds(r.Context(), actor(r).Tenant); err != nil {
		return err
	}
	if f.Grid != 0 && actor(r).Can(place.PermSee) {
		if g, err := h.Place.Grid(r.Context(), actor(r), f.Grid); err == nil {
			l.Grid = g.Name
		} else if !errors.Is(err, errs.ErrNotFound) {
			return err
		}
	}
	if l.Places, err = h.placeOptions(r, actor(r).Scope(casework.PermSee)); err != nil {
		return err
	}
	l.Enters, l.Kept = actor(r).Can(casework.PermEnter), actor(r).Scope(casework.PermKinds).All()
	l.Routes = actor(r).Can(casework.PermRoute)
	return h.show(w, r, view.Index(h.page(w, r, i18n.CaseTitle), l))
}

func (h *Handler) exportCases(w http.ResponseWriter, r *http.Request) error {
	type t = casework.Row
	f := caseFilter(r)
	return exportList(h, w, r, i18n.CaseTitle, []exportColumn[t]{
		{title: i18n.CaseNo, value: func(v t) any { return v.No }},
		{title: i18n.CaseKindLabel, value: func(v t) any { return v.Kind }},
		{title: i18n.CaseItem, value: func(v t) any { return v.Item }},
		{title: i18n.CaseWhat, value: func(v t) any { return v.Title }},
		{title: i18n.CaseCommunity, value: func(v t) any { return v.Community }},
		{title: i18n.CaseChannel, value: func(v t) any { return v.Channel.Text() }},
		{title: i18n.CaseOrg, value: func(v t) any { return v.Org }},
		{title: i18n.CaseHandler, value: func(v t) any { return v.Handler }},
		{title: i18n.CaseState, value: func(v t) any { return v.State.Text() }},
		{title: i18n.CaseReceivedAt, value: func(v t) any { return i18n.DateTime(v.ReceivedAt) }},
		{title: i18n.CaseDue, value: func(v t) any { return i18n.DateTime(v.DueAt) }},
		{title: i18n.CaseResult, value: func(v t) any { return v.Outcome.Text() }},
		{title: i18n.CaseRating, number: true, value: func(v t) any { return v.Rating }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Casework.List(ctx, actor(r), f)
	}))
}

func (h *Handler) caseCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.CaseTitle.In(lang(r)), Href: view.Path}}
	return p
}

func (h *Handler) caseNewPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := field.Form{Values: url.Values{"kind": {q.Get("kind")}, "key": {newKey()}}, Filled: map[string]bool{}}
	for _, name := range []string{"community", "item"} {
		if v := q.Get(name); v != "" {
			f.Values.Set(name, v)
			f.Filled[name] = true
		}
	}
	if t := queryID(r, "ticket"); t != 0 {
		got, err := h.caseTicket(r, t)
		if err != nil {
			return err
		}
		if err := h.fromTicket(r, got, &f); err != nil {
			return err
		}
	}
	page, err := h.caseNew(w, r, f)
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) caseNew(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	d, err := h.caseNewOf(r, f)
	if err != nil {
		return nil, err
	}
	limits, err := h.Casework.PaperLimits(r.Context(), actor(r).Tenant)
	if err != nil {
		return nil, err
	}
	d.Size = size(limits.Bytes)
	return view.NewPage(h.caseCrumbs(w, r, i18n.CaseNew), d), nil
}

// caseNewOf is the form of a case with what it offers.
func (h *Handler) caseNewOf(r *http.Request, f field.Form) (d view.New, err error) {
	d = view.New{Form: f}
	if t, err := id.Parse(f.Values.Get("ticket")); err == nil && t != 0 {
		if d.Ticket, err = h.caseTicket(r, t); err != nil {
			return d, err
		}
	}
	kinds, err := h.Casework.Kinds(r.Context(), actor(r).Tenant)
	if err != nil {
		return d, err
	}
	for _, k := range kinds {
		if k.Retired {
			continue
		}
		d.Kinds = append(d.Kinds, k)
		if k.Code == f.Values.Get("kind") || d.Kind.Code == "" {
			d.Kind = k
		}
	}
	items, err := h.Casework.Categories(r.Context(), actor(r).Tenant, d.Kind.List, false)
	if err != nil {
		return d, err
	}
	for _, i := range items {
		d.Items = append(d.Items, field.Option{Value: i.ID.String(), Text: i.Name, Note: i.Class.In(lang(r))})
	}
	if item, err := id.Parse(f.Values.Get("item")); err == nil && item != 0 {
		blanks, err := h.Catalogue.BlanksOf(r.Context(), actor(r).Tenant, item)
		if err != nil {
			return d, err
		}
		d.Blanks = partial.KeptFiles(lang(r), catalogueview.Href(item)+"/files", blanks, false)
	}
	if d.Communities, err = h.communityOptions(r, actor(r).Scope(casework.PermEnter)); err != nil {
		return d, err
	}
	if at, _ := actor(r).Roots(casework.PermEnter); len(at) == 1 {
		d.Home = at[0].String()
	}
	d.About = h.label(r, f.Values.Get("about"))
	d.Mail = h.Notice.SetUp(notice.Mail)
	if b, err := id.Parse(f.Values.Get("building")); err == nil && actor(r).Can(place.PermSee) {
		if at, err := h.Place.Building(r.Context(), actor(r), b); err == nil {
			d.Building = buildingLabel(at)
		} else if !errors.Is(err, errs.ErrNotFound) {
			return d, err
		}
	}
	return d, nil
}

// caseReport reads what is said of a case.
func caseReport(f *form) casework.Report {
	n := casework.Report{Kind: f.Text("kind", 30), ItemID: f.ID("item"), CommunityID: f.ID("community"), BuildingID: f.ID("building"), Place: f.Text("place", casework.MaxPlace),
		Body: f.Text("body", casework.MaxBody), Channel: casework.Channel(f.Text("channel", 20)), Name: f.Text("name", 40), Phone: f.Text("phone", 40), AboutID: f.ID("about"), Urgent: f.Bool("urgent"), Tell: f.Bool("tell"), TellByMail: f.Bool("tell_mail"), Email: f.Text("email", 254),
		Answers: map[string]string{}}
	for name := range f.values {
		if code, ok := strings.CutPrefix(name, "field."); ok {
			n.Answers[code] = f.Text(name, 200)
		}
	}
	return n
}

func (h *Handler) caseEnter(w http.ResponseWriter, r *http.Request) error {
	f, done, err := h.readEither(w, r)
	defer done()
	if err != nil {
		return err
	}
	n := caseReport(f)
	n.Files, n.Scans, n.Key = f.files, true, sendingKey(f, f.files)
	ticket := f.ID("ticket")
	err = f.Err()
	var got casework.Receipt
	switch {
	case err != nil:
	case ticket != 0:
		var done bool
		if done, err = h.caseFromTicket(w, r, ticket, n); done {
			return err
		}
	default:
		got, err = h.Casework.Enter(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.caseNew(w, r, f.Show(e))) })
	}
	to := view.Href(got.ID)
	if sees, err := h.Casework.Sees(r.Context(), actor(r), got.ID); err != nil {
		return err
	} else if !sees { // it went to where the actor does not see it
		to = view.Path
	}
	return h.caseEntered(w, r, to, got)
}

// casePropose answers what was typed with the categories that it may have.
func (h *Handler) casePropose(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	list, err := h.Casework.Propose(r.Context(), actor(r).Tenant, f.Text("kind", 30), f.Text("body", casework.MaxBody))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Proposals(list))
}

// buildingLabel is what a building is called where several communities are in sight.
func buildingLabel(b place.BuildingItem) string {
	if b.Quarter != "" && !strings.Contains(b.Name, b.Quarter) {
		return b.Quarter + " " + b.Name
	}
	return b.Name
}

// caseBuildings answers the choosing of where something is; who sees no buildings finds none.
func (h *Handler) caseBuildings(w http.ResponseWriter, r *http.Request) error {
	var out []field.Option
	if actor(r).Can(place.PermSee) {
		list, err := h.Place.Buildings(r.Context(), actor(r), place.Filter{Text: typed(r), Page: db.Page{Limit: matchLimit}})
		if err != nil {
			return err
		}
		for _, b := range list.Items {
			out = append(out, field.Option{Value: b.ID.String(), Text: i18n.Verbatim(buildingLabel(b)), Note: b.Community})
		}
	}
	return h.show(w, r, field.Matches(out))
}

// caseTargets answers the choosing of who handles a case.
func (h *Handler) caseTargets(w http.ResponseWriter, r *http.Request) error {
	return h.caseMatches(w, r, actor(r).Scope(casework.PermDispatch).Covers, organisation.Working, organisation.Community, organisation.Unit)
}

// caseAbouts answers the choosing of whom a complaint is about.
func (h *Handler) caseAbouts(w http.ResponseWriter, r *http.Request) error {
	return h.caseMatches(w, r, func(id.ID) bool { return true }, organisation.Working, organisation.Community, organisation.Unit)
}

func (h *Handler) caseMatches(w http.ResponseWriter, r *http.Request, covers func(id.ID) bool, kinds ...organisation.Kind) error {
	refs, err := h.Organisation.Directory(r.Context(), actor(r), typed(r), kinds, 1000)
	if err != nil {
		return err
	}
	kept := refs[:0]
	for _, o := range refs {
		if covers(o.ID) && len(kept) < matchLimit {
			kept = append(kept, o)
		}
	}
	return h.show(w, r, field.Matches(refOptions(r, kept)))
}

func (h *Handler) casePage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.caseShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// caseShown is the page of a case; sent is the form that was not accepted.
func (h *Handler) caseShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	c, err := pathID(r)
	if err != nil {
		return nil, err
	}
	a := actor(r)
	s := view.Show{Sent: sent, SentBy: sent.Values.Get(formKey), Now: h.Casework.Now(), Lang: lang(r), To: h.label(r, sent.Values.Get("to"))}
	if s.Detail, err = h.Casework.Get(r.Context(), a, c); err != nil {
		return nil, err
	}
	s.Dispatches, s.Works = casework.MayAct(a, casework.PermDispatch, casework.ActDispatch, s.OrgID), casework.MayAct(a, casework.PermWork, casework.ActTake, s.OrgID)
	s.Recalls = s.Recalled(a) && s.Unsigned(s.Now)
	s.Own = casework.MayAct(a, casework.PermDispatch, casework.ActAccept, s.OrgID)
	for _, x := range s.Files {
		if x.AccountID == 0 {
			x.By = i18n.CaseByReporter.In(lang(r))
		}
		s.Kept = append(s.Kept, view.Kept{CaseFile: x, KeptFile: partial.KeptFiles(lang(r), view.Href(s.ID)+"/files", []attach.File{x.File}, x.Removable)[0]})
	}
	if s.Works {
		limits, err := h.Casework.PaperLimits(r.Context(), a.Tenant)
		if err != nil {
			return nil, err
		}
		s.Size, s.MostFiles = size(limits.Bytes), limits.Files
	}
	s.Approves, s.Supervises = a.Scope(casework.PermApprove).Covers(s.OrgID), a.Scope(casework.PermSupervise).Covers(s.OrgID)
	s.Checks = a.Scope(casework.PermWork).Covers(s.CommunityID)
	s.Mine = s.HandlerID == a.AccountID
	work := a.Scope(casework.PermWork)
	for _, p := range s.Parties {
		if p.DoneAt.IsZero() && work.Covers(p.OrgID) {
			s.Ours = append(s.Ours, p)
		}
	}
	if s.Of, err = h.Casework.Kind(r.Context(), a.Tenant, s.KindCode); err != nil {
		return nil, err
	}
	if a.Scope(casework.PermReveal).Covers(s.OrgID) && (s.HasReporter || s.HasPhone) {
		if s.Purposes, err = h.purposeOptions(r, i18n.CaseWhy); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(h.caseJobs(r, &s), h.caseHall(r, &s), h.caseMediation(r, &s)); err != nil {
		return nil, err
	}
	if s.Need, err = h.caseNeed(r, a, s.ID, s.Version, s.Works && s.Own && s.Can(casework.ActNeed) && !s.Confidential && s.AboutID == 0); err != nil {
		return nil, err
	}
	if s.Own && s.Can(casework.ActTopic) {
		_, to, err := h.Meeting.RaiseWhere(r.Context(), a)
		if err != nil {
			return nil, err
		}
		for _, x := range to {
			s.Topics = append(s.Topics, field.Option{Value: meetingview.HolderValue(meeting.Holder{BodyID: x.BodyID, OwnerID: x.OwnerID}), Text: i18n.Verbatim(x.Name)})
		}
	}
	return view.One(h.caseCrumbs(w, r, i18n.Verbatim(s.Title)), s), nil
}

func (h *Handler) caseReporter(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	c, err := pathID(r)
	if err != nil {
		return err
	}
	who, err := h.Casework.Reveal(r.Context(), actor(r), c, f.Text("purpose", 40))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.caseShown(w, r, f.Show(e))) })
	}
	return h.show(w, r, view.Revealed(h.caseCrumbs(w, r, i18n.Verbatim(i18n.CaseRevealTitle.In(lang(r), who.No))), c, who))
}
