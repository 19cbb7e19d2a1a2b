package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/attach"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/mediation"
	caseview "linli/internal/web/view/casework"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/mediation"
	"linli/internal/web/view/partial"
)

func (h *Handler) mediationRoutes() []route {
	see := may(mediation.PermSee, mediation.PermMediate, mediation.PermServe)
	records, mediate := may(mediation.PermMediate, mediation.PermServe), may(mediation.PermMediate)
	keeps, looks := may(mediation.PermCommittee), may(mediation.PermCommittee, mediation.PermMediate)
	list := []route{
		{pattern: "GET /mediations", who: see, serve: h.mediationsPage},
		{pattern: "GET /mediations/export", who: records, serve: h.exportMediations},
		{pattern: "GET /mediations/new", who: mediate, serve: h.mediationNewPage},
		{pattern: "POST /mediations", who: mediate, serve: h.mediationOpen},
		{pattern: "POST /cases/{id}/mediate", who: mediate, serve: h.mediationFromCase},
		{pattern: "GET /mediations/{id}", who: records, serve: h.mediationPage},
		{pattern: "GET /mediations/{id}/papers/{paper}", who: records, serve: h.mediationPaper},
		{pattern: "GET /mediations/{id}/parties/{party}", who: records, serve: h.mediationPartyPage},
		{pattern: "POST /mediations/{id}/parties/{party}", who: records, serve: h.mediationPartySave},
		{pattern: "POST /mediations/{id}/parties/{party}/remove", who: records, serve: h.mediationPartyRemove},
		{pattern: "POST /mediations/{id}/scans", who: records, serve: h.mediationScan, upload: true},
		{pattern: "GET /mediations/{id}/scans/{attachment}", who: records, serve: h.mediationScanFile},
		{pattern: "POST /mediations/{id}/scans/{attachment}/remove", who: records, serve: h.mediationScanRemove},
		{pattern: "GET /mediation-committees", who: looks, serve: h.committeesPage},
		{pattern: "GET /mediation-committees/{id}", who: looks, serve: h.committeePage},
		{pattern: "POST /mediation-committees/{id}", who: keeps, serve: h.committeeSave},
		{pattern: "POST /mediation-committees/{id}/members", who: keeps, serve: h.committeeMember},
		{pattern: "POST /mediation-committees/{id}/end", who: keeps, serve: h.committeeEnd},
	}
	for act, do := range h.mediationActs() {
		list = append(list, route{pattern: "POST /mediations/{id}/" + string(act), who: records, serve: h.acted(saying(i18n.MediationSaved, do), view.Href, h.mediationShown)})
	}
	slices.SortFunc(list, func(a, b route) int {
		if a.pattern < b.pattern {
			return -1
		}
		return 1
	})
	return list
}

func seesRecords(r *http.Request) bool {
	a := actor(r)
	return a.Can(mediation.PermServe) || !a.Held(mediation.PermMediate).Empty()
}

func mediationFilter(r *http.Request) mediation.Filter {
	q := r.URL.Query()
	f := mediation.Filter{Show: q.Get("show"), State: mediation.State(q.Get("state")), Wait: q.Get("wait"), ItemID: queryID(r, "item"), Text: q.Get("q"), Page: pageOf(r)}
	f.Year, _ = strconv.Atoi(q.Get("year")) // no number does not narrow
	return f
}

func (h *Handler) mediationsPage(w http.ResponseWriter, r *http.Request) error {
	f, a := mediationFilter(r), actor(r)
	l := view.List{Query: r.URL.Query(), Now: h.today(), Records: seesRecords(r), Enters: !a.Held(mediation.PermMediate).Empty(), Committees: a.Can(mediation.PermCommittee) || a.Can(mediation.PermMediate)}
	l.First = f.Page.After == (db.Cursor{}) && f.Page.Before == (db.Cursor{})
	var err error
	if l.Records {
		list, err := h.Mediation.List(r.Context(), a, f)
		if err != nil {
			return err
		}
		l.Items, l.Before, l.After = list.Items, list.Prev, list.Next
		if l.Kinds, err = h.disputeKinds(r); err != nil {
			return err
		}
	}
	if l.First {
		year := f.Year
		if year == 0 {
			year = l.Now.Year()
		}
		if l.Year, err = h.Mediation.Count(r.Context(), a, year); err != nil {
			return err
		}
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.MediationTitle), l))
}

// disputeKinds are the kinds of dispute of the catalogue.
func (h *Handler) disputeKinds(r *http.Request) ([]field.Option, error) {
	items, err := h.Casework.Categories(r.Context(), actor(r).Tenant, catalogue.Dispute, false)
	var out []field.Option
	for _, i := range items {
		out = append(out, field.Option{Value: i.ID.String(), Text: i.Name})
	}
	return out, err
}

func (h *Handler) exportMediations(w http.ResponseWriter, r *http.Request) error {
	type t = mediation.Row
	f := mediationFilter(r)
	return exportList(h, w, r, i18n.MediationTitle, []exportColumn[t]{
		{title: i18n.MediationNo, value: func(v t) any { return v.No }},
		{title: i18n.CaseCommunity, value: func(v t) any { return v.Org }},
		{title: i18n.MediationKind, value: func(v t) any { return v.Item }},
		{title: i18n.CaseState, value: func(v t) any { return v.State.Text() }},
		{title: i18n.MediationMediators, value: func(v t) any { return v.Mediators }},
		{title: i18n.MediationAskedOn, value: func(v t) any { return v.AskedOn.String() }},
		{title: i18n.MediationEffectiveOn, value: func(v t) any { return v.EffectiveOn.String() }},
		{title: i18n.MediationConfirmState, value: func(v t) any {
			if v.EffectiveOn.IsZero() {
				return ""
			}
			return v.Confirm.Text()
		}},
		{title: i18n.MediationNext, value: func(v t) any { return v.Next.Text() }},
		{title: i18n.CaseDue, value: func(v t) any { return v.NextOn.String() }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Mediation.List(ctx, actor(r), f)
	}))
}

func (h *Handler) mediationCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.MediationTitle.In(lang(r)), Href: view.Path}}
	return p
}

func (h *Handler) mediationNewPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.mediationNew(w, r, field.Form{Values: url.Values{}})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) mediationNew(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	n := view.New{Form: f, Day: h.today().String()}
	var err error
	if n.Communities, err = h.communityOptions(r, actor(r).Held(mediation.PermMediate)); err != nil {
		return nil, err
	}
	if len(n.Communities) == 1 {
		n.Home = n.Communities[0].Value
	}
	if n.Kinds, err = h.disputeKinds(r); err != nil {
		return nil, err
	}
	return view.NewPage(h.mediationCrumbs(w, r, i18n.MediationNew), n), nil
}

func newParty(f *form, at string) mediation.NewParty {
	return mediation.NewParty{Name: f.Text("name"+at, mediation.MaxName), Phone: f.Text("phone"+at, 40), IDNumber: f.Text("id_number"+at, 40), Address: f.Text("address"+at, mediation.MaxPlace)}
}

func (h *Handler) mediationOpen(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := mediation.NewMediation{OrgID: f.ID("org"), ItemID: f.ID("item"), Start: mediation.Start(f.Text("start", 20)), Private: !f.Bool("open"), Place: f.Text("place", mediation.MaxPlace),
		Matter: f.Text("matter", mediation.MaxWords), AskedOn: f.Date("asked")}
	for i := 1; i <= view.NewParties; i++ {
		if p := newParty(f, "."+strconv.Itoa(i)); p != (mediation.NewParty{}) || i <= 2 {
			n.Parties = append(n.Parties, p)
		}
	}
	var m id.ID
	if err = f.Err(); err == nil {
		m, err = h.Mediation.Open(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.mediationNew(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.Href(m), i18n.MediationSaved)
}

func (h *Handler) mediationFromCase(w http.ResponseWriter, r *http.Request) error {
	c, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	m, err := h.Mediation.FromCase(r.Context(), actor(r), c, f.Bool("is_party"))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return orFault(h.caseShown(w, r, field.Form{Values: url.Values{}, Err: e}))
		})
	}
	return h.done(w, r, view.Href(m), i18n.MediationBegun)
}

func (h *Handler) mediationPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.mediationShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// mediationShown is the page of a mediation; sent is the form that was not accepted.
func (h *Handler) mediationShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	m, err := pathID(r)
	if err != nil {
		return nil, err
	}
	s := view.Show{Sent: sent, SentBy: sent.Values.Get(formKey), Today: h.today(), Lang: lang(r)}
	if s.Mediation, err = h.Mediation.Get(r.Context(), actor(r), m); err != nil {
		return nil, err
	}
	if s.CaseID != 0 {
		if s.Case, err = h.Casework.Sees(r.Context(), actor(r), s.CaseID); err != nil {
			return nil, err
		}
	}
	if s.Members, err = h.Mediation.Members(r.Context(), actor(r), m); err != nil {
		return nil, err
	}
	if s.Can(mediation.ActCorrect) {
		if s.Kinds, err = h.disputeKinds(r); err != nil {
			return nil, err
		}
	}
	for _, x := range s.Scans {
		s.Kept = append(s.Kept, partial.KeptFiles(lang(r), view.Href(m)+"/scans", []attach.File{x.File}, x.Removable)...)
	}
	limits, err := h.Mediation.ScanLimits(r.Context(), actor(r))
	if err != nil {
		return nil, err
	}
	s.Size = size(limits.Bytes)
	return view.One(h.mediationCrumbs(w, r, i18n.Verbatim(s.No)), s), nil
}

// mediationScan keeps what was scanned of the signed agreement.
func (h *Handler) mediationScan(w http.ResponseWriter, r *http.Request) error {
	m, err := pathID(r)
	if err != nil {
		return err
	}
	limits, err := h.Mediation.ScanLimits(r.Context(), actor(r))
	if err != nil {
		return err
	}
	f, files, done, err := h.readFiles(w, r, limits.Bytes)
	defer done()
	if err == nil {
		err = h.Mediation.AddScans(r.Context(), actor(r), m, files)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.mediationShown(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.Href(m)+"#scans", i18n.FilesAdded, len(files))
}

// mediationScanFile shows a scan; the look is recorded.
func (h *Handler) mediationScanFile(w http.ResponseWriter, r *http.Request) error {
	m, scan, err := fileID(r)
	if err != nil {
		return err
	}
	small := r.URL.Query().Get("small") != ""
	f, content, err := h.Mediation.Scan(r.Context(), actor(r), m, scan, small)
	if err != nil {
		return err
	}
	return sendAttachment(w, r, f, content, small)
}

// mediationScanRemove takes out a scan that was added by mistake.
func (h *Handler) mediationScanRemove(w http.ResponseWriter, r *http.Request) error {
	m, scan, err := fileID(r)
	if err != nil {
		return err
	}
	if err := h.Mediation.RemoveScan(r.Context(), actor(r), m, scan); err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return orFault(h.mediationShown(w, r, field.Form{Values: url.Values{}, Err: e}))
		})
	}
	return h.done(w, r, view.Href(m)+"#scans", i18n.FileRemoved)
}

// caseMediation adds to the page of a dispute the way to its mediation.
func (h *Handler) caseMediation(r *http.Request, s *caseview.Show) error {
	a := actor(r)
	if !seesRecords(r) || !s.Of.Mediates() {
		return nil
	}
	o := view.CaseOffer{CaseID: s.ID, Named: s.HasReporter, Form: field.Form{ID: "mediate-"}}
	var err error
	if o.Mediation, o.Begun, err = h.Mediation.OfCase(r.Context(), a, s.ID); err != nil {
		return err
	}
	here := a.Held(mediation.PermMediate)
	o.Offers = !o.Begun && s.Can(casework.ActMediate) && here.Covers(s.OrgID) && here.Covers(s.CommunityID)
	if o.Begun || o.Offers || o.Mediation != 0 {
		s.Mediation = view.OnCase(o)
	}
	return nil
}

func pathParty(r *http.Request) (id.ID, error) {
	p, err := id.Parse(r.PathValue("party"))
	if err != nil && r.PathValue("party") != "0" {
		return 0, errs.ErrNotFound
	}
	return p, nil
}

func (h *Handler) mediationPartyPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.mediationParty(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) mediationParty(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	m, err := pathID(r)
	if err != nil {
		return nil, err
	}
	party, err := pathParty(r)
	if err != nil {
		return nil, err
	}
	d, err := h.Mediation.Get(r.Context(), actor(r), m)
	if err != nil {
		return nil, err
	}
	s := view.PartyShow{Form: sent, Of: m, No: d.No, Party: party, Version: d.Version}
	title := i18n.MediationPartyAdd
	if party != 0 {
		at := slices.IndexFunc(d.Parties, func(p mediation.Party) bool { return p.ID == party })
		if at < 0 {
			return nil, errs.ErrNotFound
		}
		p := d.Parties[at]
		title, s.HasID, s.Removes = i18n.Verbatim(p.Name), p.IDNumber != "", d.Can(mediation.ActUnparty) && len(d.Parties) > 2
		if sent.Values == nil {
			s.Values = url.Values{"name": {p.Name}, "phone": {p.Phone}, "address": {p.Address}}
		}
	} else if sent.Values == nil {
		s.Values = url.Values{}
	}
	page := h.mediationCrumbs(w, r, title)
	page.Breadcrumb = append(page.Breadcrumb, layout.Crumb{Text: d.No, Href: view.Href(m)})
	return view.PartyPage(page, s), nil
}

func (h *Handler) mediationPartySave(w http.ResponseWriter, r *http.Request) error {
	party, err := pathParty(r)
	if err != nil {
		return err
	}
	return h.acted(saying(i18n.MediationSaved, func(r *http.Request, f *form, m id.ID) error {
		in := newParty(f, "")
		if err := f.Err(); err != nil {
			return err
		}
		return h.Mediation.SaveParty(r.Context(), actor(r), m, f.Version(), party, in)
	}), view.Href, h.mediationParty)(w, r)
}

func (h *Handler) mediationPartyRemove(w http.ResponseWriter, r *http.Request) error {
	party, err := pathParty(r)
	if err != nil {
		return err
	}
	return h.acted(saying(i18n.MediationSaved, func(r *http.Request, f *form, m id.ID) error {
		return h.Mediation.RemoveParty(r.Context(), actor(r), m, f.Version(), party)
	}), view.Href, func(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
		return h.mediationParty(w, r, field.Form{Err: sent.Err}) // nothing of the party was sent: their form shows what is kept
	})(w, r)
}

func (h *Handler) committeesPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Mediation.Committees(r.Context(), actor(r), pageOf(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.CommitteesPage(h.mediationCrumbs(w, r, i18n.MediationCommittees), view.Committees{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Today: h.today()}))
}

func (h *Handler) committeePage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.committeeShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) committeeShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	org, err := pathID(r)
	if err != nil {
		return nil, err
	}
	s := view.CommitteeShow{Sent: sent, SentBy: sent.Values.Get(formKey), Today: h.today(), Keeps: actor(r).Scope(mediation.PermCommittee).Covers(org)}
	if s.Committee, err = h.Mediation.Committee(r.Context(), actor(r), org); err != nil {
		return nil, err
	}
	title := i18n.Verbatim(s.Name)
	if s.Name == "" {
		title = i18n.MediationCommittee
	}
	p := h.mediationCrumbs(w, r, title)
	p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: i18n.MediationCommittees.In(lang(r)), Href: view.CommitteesPath})
	return view.CommitteePage(p, s), nil
}

func (h *Handler) committeeSave(w http.ResponseWriter, r *http.Request) error {
	return h.acted(saying(i18n.MediationSaved, func(r *http.Request, f *form, org id.ID) error {
		name, elected := f.Text("name", mediation.MaxName), f.Date("elected")
		if err := f.Err(); err != nil {
			return err
		}
		return h.Mediation.SaveCommittee(r.Context(), actor(r), org, f.Version(), name, elected)
	}), view.CommitteeHref, h.committeeShown)(w, r)
}

func (h *Handler) committeeMember(w http.ResponseWriter, r *http.Request) error {
	return h.acted(saying(i18n.MediationSaved, func(r *http.Request, f *form, org id.ID) error {
		return h.Mediation.AddMember(r.Context(), actor(r), org, mediation.NewMember{Name: f.Text("member", mediation.MaxName), Sex: f.Text("sex", 2), Head: f.Bool("head"), Login: f.Text("login", 60)})
	}), view.CommitteeHref, h.committeeShown)(w, r)
}

func (h *Handler) committeeEnd(w http.ResponseWriter, r *http.Request) error {
	return h.acted(saying(i18n.MediationSaved, func(r *http.Request, f *form, org id.ID) error {
		return h.Mediation.EndMember(r.Context(), actor(r), org, f.ID("member"))
	}), view.CommitteeHref, h.committeeShown)(w, r)
}
