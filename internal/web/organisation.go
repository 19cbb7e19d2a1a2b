package web

import (
	"context"
	"linli/internal/authn"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/appointment"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/organisation"
	"linli/internal/web/view/partial"
)

// organisationFilter reads the filters of a list of organisations from the address.
func organisationFilter(r *http.Request) organisation.Filter {
	q := r.URL.Query()
	f := organisation.Filter{Text: q.Get("q"), CommunityID: queryID(r, "community"), ParentID: queryID(r, "parent"), BelowID: queryID(r, "below"),
		Sector: q.Get("sector"), Unattached: q.Get("where") == "none", Page: pageOf(r)}
	if k := organisation.Kind(q.Get("kind")); k.Valid() {
		f.Kinds = []organisation.Kind{k}
	}
	switch q.Get("show") {
	case "ended":
		f.Living = organisation.OnlyDissolved
	case "all":
		f.Living = organisation.Either
	}
	return f
}

func unitFilter(r *http.Request) organisation.Filter {
	f := organisationFilter(r)
	f.Kinds = []organisation.Kind{organisation.Unit}
	return f
}

func (h *Handler) organisationsPage(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Organisation.List(r.Context(), actor(r), organisationFilter(r))
	if err != nil {
		return err
	}
	acts := []partial.Act{{Text: i18n.OrgChartTitle, Href: "/organisations/chart", Icon: icon.Tree}}
	if actor(r).Can(organisation.PermFound) {
		if actor(r).Scope(organisation.PermFound).All() {
			acts = append(acts, partial.Act{Text: i18n.OrgFromDivisions, Href: "/organisations/found", Icon: icon.Import})
		}
		acts = append(acts, partial.Act{Text: i18n.OrgNew, Href: "/organisations/new", Look: partial.Primary, Icon: icon.Plus})
	}
	return h.show(w, r, view.List(h.page(w, r, i18n.OrgTitle), view.ListData{Path: "/organisations", Query: r.URL.Query(), Items: l.Items, Next: l.Next, Prev: l.Prev, Acts: acts}))
}

func (h *Handler) unitsPage(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Organisation.List(r.Context(), actor(r), unitFilter(r))
	if err != nil {
		return err
	}
	var acts []partial.Act
	if actor(r).Can(organisation.PermImport) {
		acts = append(acts, partial.Act{Text: i18n.OrgImport, Href: "/imports/new?kind=units", Icon: icon.Import})
	}
	if actor(r).Can(organisation.PermFound) {
		acts = append(acts, partial.Act{Text: i18n.OrgNewUnit, Href: "/organisations/new?kind=unit", Look: partial.Primary, Icon: icon.Plus})
	}
	return h.show(w, r, view.List(h.page(w, r, i18n.OrgUnitsTitle), view.ListData{Path: "/units", Query: r.URL.Query(), Items: l.Items, Units: true, Next: l.Next, Prev: l.Prev, Acts: acts}))
}

var organisationExport = []exportColumn[organisation.Item]{
	{title: i18n.OrgName, value: func(o organisation.Item) any { return o.Name }},
	{title: i18n.OrgShortName, value: func(o organisation.Item) any { return o.ShortName }},
	{title: i18n.OrgKindLabel, value: func(o organisation.Item) any { return o.Kind.Text() }},
	{title: i18n.OrgUSCC, value: func(o organisation.Item) any { return o.USCC }},
	{title: i18n.OrgCode, value: func(o organisation.Item) any { return o.Code }},
	{title: i18n.OrgDivision, value: func(o organisation.Item) any { return o.DivisionCode }},
	{title: i18n.OrgColSystem, value: func(o organisation.Item) any { return o.ParentName }},
	{title: i18n.OrgCommunity, value: func(o organisation.Item) any { return o.CommunityName }},
	{title: i18n.OrgSector, value: func(o organisation.Item) any { return o.Sector }},
	{title: i18n.OrgAddress, value: func(o organisation.Item) any { return o.Address }},
	{title: i18n.OrgContact, value: func(o organisation.Item) any { return o.ContactName }},
	{title: i18n.OrgPhone, value: func(o organisation.Item) any { return o.PhoneMask }},
	{title: i18n.OrgEstablished, value: func(o organisation.Item) any { return o.EstablishedOn }},
	{title: i18n.OrgDissolvedOn, value: func(o organisation.Item) any { return o.DissolvedOn }},
}

func (h *Handler) organisationsExport(w http.ResponseWriter, r *http.Request) error {
	return h.exportOrganisations(w, r, i18n.OrgTitle, organisationFilter(r))
}

func (h *Handler) unitsExport(w http.ResponseWriter, r *http.Request) error {
	return h.exportOrganisations(w, r, i18n.OrgUnitsTitle, unitFilter(r))
}

func (h *Handler) exportOrganisations(w http.ResponseWriter, r *http.Request, name i18n.Text, f organisation.Filter) error {
	return exportList(h, w, r, name, organisationExport, func(ctx context.Context, fn func(organisation.Item) error) error {
		return h.Organisation.Export(ctx, actor(r), f, fn)
	})
}

// matchLimit is how many organisations are offered while somebody types.
const matchLimit = 12

// organisationMatch answers the choosing of an organisation: any kind, one kind (kind), or what may stand above a kind (above).
func (h *Handler) organisationMatch(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	var kinds []organisation.Kind
	if k := organisation.Kind(q.Get("kind")); k.Valid() {
		kinds = append(kinds, k)
	}
	if k := organisation.Kind(q.Get("above")); k.Valid() {
		kinds = k.Superiors()
	}
	refs, err := h.Organisation.Directory(r.Context(), actor(r), typed(r), kinds, matchLimit)
	if err != nil {
		return err
	}
	return h.show(w, r, field.Matches(refOptions(r, refs)))
}

func refOptions(r *http.Request, refs []organisation.Ref) []field.Option {
	var out []field.Option
	for _, x := range refs {
		note := x.Kind.Text().In(lang(r))
		if x.Parent != "" {
			note += " · " + x.Parent
		}
		out = append(out, field.Option{Value: x.ID.String(), Text: i18n.Verbatim(x.Label), Note: note})
	}
	return out
}

func (h *Handler) organisationPage(w http.ResponseWriter, r *http.Request) error {
	org, err := pathID(r)
	if err != nil {
		return err
	}
	d := view.DetailData{}
	if d.Detail, err = h.Organisation.Get(r.Context(), actor(r), org); err != nil {
		return err
	}
	around := func(f organisation.Filter) ([]organisation.Item, error) {
		f.Page = db.Page{Limit: 10}
		l, err := h.Organisation.List(r.Context(), actor(r), f)
		return l.Items, err
	}
	if d.Children, err = around(organisation.Filter{ParentID: org}); err != nil {
		return err
	}
	if d.Kind == organisation.Community {
		if d.Units, err = around(organisation.Filter{CommunityID: org}); err != nil {
			return err
		}
	}
	if d.Posts, err = h.postsAt(r, actor(r), org); err != nil {
		return err
	}
	h.organisationActs(r, &d)
	p := h.page(w, r, i18n.Verbatim(d.Label()))
	p.Breadcrumb = h.line(r, d.Detail)
	return h.show(w, r, view.Detail(p, d))
}

// line is the way from the top to an organisation.
func (h *Handler) line(r *http.Request, d organisation.Detail) []layout.Crumb {
	crumbs := []layout.Crumb{{Text: i18n.OrgTitle.In(lang(r)), Href: "/organisations"}}
	for _, x := range d.Line {
		crumbs = append(crumbs, layout.Crumb{Text: x.Label, Href: view.Href(x.ID)})
	}
	return crumbs
}

// organisationActs offers what the actor may do with a living organisation.
func (h *Handler) organisationActs(r *http.Request, d *view.DetailData) {
	a, at := actor(r), view.Href(d.ID)
	if a.Scope(organisation.PermContact).Covers(d.ID) || a.Scope(organisation.PermContact).Covers(d.CommunityID) {
		d.PhoneAct = at + "/phone"
	}
	if d.Kind == organisation.Community {
		d.Acts = append(d.Acts, partial.Act{Text: i18n.OrgMap, Href: at + "/map", Icon: icon.Map})
	}
	if a.Scope(appointment.PermSee).Covers(d.ID) {
		d.Acts = append(d.Acts, partial.Act{Text: i18n.PostRoster, Href: at + "/roster", Icon: icon.Award})
	}
	if !d.Living() {
		return
	}
	add := func(scope bool, act partial.Act) {
		if scope {
			d.More = append(d.More, act)
		}
	}
	if a.Scope(organisation.PermEdit).Covers(d.ID) {
		d.Acts = append(d.Acts, partial.Act{Text: i18n.OrgEdit, Href: at + "/edit", Icon: icon.Edit})
	}
	add(a.Scope(organisation.PermFound).Covers(d.ID) && len(organisation.Below(d.Kind)) > 0, partial.Act{Text: i18n.OrgNewBelow, Href: "/organisations/new?parent=" + d.ID.String(), Icon: icon.Plus})
	if d.Kind == organisation.Unit {
		s := a.Scope(organisation.PermAttach)
		may := s.Covers(d.ID) || s.Covers(d.CommunityID)
		admin := a.Scope(authn.PermAdmin)
		add(admin.Covers(d.ID) || admin.Covers(d.CommunityID), partial.Act{Text: i18n.AccountOpenLiaison, Href: "/accounts/new?unit=" + d.ID.String(), Icon: icon.Key})
		add(a.Can(organisation.PermAttach), partial.Act{Text: i18n.OrgAttachAct, Href: at + "/attach", Icon: icon.Community})
		add(may && d.CommunityID != 0, partial.Act{Text: i18n.OrgDetachAct, Href: at + "/detach", Icon: icon.Close})
	}
	change := a.Scope(organisation.PermChange).Covers(d.ID)
	add(change, partial.Act{Text: i18n.OrgRename, Href: at + "/rename", Icon: icon.Notes})
	add(change && d.Kind == organisation.Branch, partial.Act{Text: i18n.OrgReform, Href: at + "/reform", Icon: icon.Plus})
	if d.Kind != organisation.District {
		add(change, partial.Act{Text: i18n.OrgReparent, Href: at + "/reparent", Icon: icon.Tree})
		add(change, partial.Act{Text: i18n.OrgMerge, Href: at + "/merge", Icon: icon.Merge})
		add(change, partial.Act{Text: i18n.OrgSplit, Href: at + "/split", Icon: icon.Tree})
		add(change, partial.Act{Text: i18n.OrgDissolve, Href: at + "/dissolve", Icon: icon.Archive, Look: partial.Danger})
	}
}

// organisationNewPage arrives with the superior, the kind and the community that the page before knew.
func (h *Handler) organisationNewPage(w http.ResponseWriter, r *http.Request) error {
	f := view.FormData{Form: field.Form{Values: url.Values{}, Filled: map[string]bool{}}}
	q := r.URL.Query()
	for from, to := range map[string]string{"parent": "parent_id", "community": "community_id", "kind": "kind"} {
		if v := q.Get(from); v != "" {
			f.Values.Set(to, v)
			f.Filled[to] = true
		}
	}
	return h.organisationNewForm(w, r, f, nil)
}

// organisationNewForm draws the form; err is what was wrong with it.
func (h *Handler) organisationNewForm(w http.ResponseWriter, r *http.Request, f view.FormData, err error) error {
	f.Today = calendar.DateOf(h.DB.Now()).String()
	kinds := organisation.Kinds()
	if parent, perr := id.Parse(f.Values.Get("parent_id")); perr == nil {
		d, derr := h.Organisation.Get(r.Context(), actor(r), parent)
		if derr != nil {
			return derr
		}
		f.Parent = d.Label()
		if err == nil {
			kinds = organisation.Below(d.Kind)
		}
	}
	if len(kinds) == 1 && f.Values.Get("kind") == "" {
		f.Values.Set("kind", string(kinds[0]))
		f.Filled["kind"] = true
	}
	f.Comm = h.label(r, f.Values.Get("community_id"))
	f.Kinds = view.KindOptions(kinds)
	p := h.page(w, r, i18n.OrgNew)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.OrgTitle.In(lang(r)), Href: "/organisations"}}
	if err == nil {
		return h.show(w, r, view.New(p, f))
	}
	return h.again(w, r, err, func(e *errs.Error) templ.Component {
		f.Err = e
		return view.New(p, f)
	})
}

// label is the name of an organisation that a form refers to, "" if it cannot be seen.
func (h *Handler) label(r *http.Request, ref string) string {
	org, err := id.Parse(ref)
	if err != nil {
		return ""
	}
	name, err := h.Organisation.Label(r.Context(), actor(r), org)
	if err != nil {
		return ""
	}
	return name
}

func (h *Handler) organisationCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := organisation.NewOrganisation{
		Kind: organisation.Kind(f.Need("kind", 40)), Name: f.Need("name", 60), ShortName: f.Text("short_name", 30), ParentID: f.ID("parent_id"),
		CommunityID: f.ID("community_id"), EstablishedOn: f.Date("established_on"), Document: f.Text("document", 120), USCC: f.Text("uscc", 30),
		Code: f.Text("code", 40), DivisionCode: f.Text("division_code", 20), Sector: f.Text("sector", 40), Address: f.Text("address", 120),
		ContactName: f.Text("contact_name", 30), ContactPhone: f.Text("contact_phone", 30),
	}
	err = f.Err()
	var saved organisation.Saved
	if err == nil {
		saved, err = h.Organisation.Create(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.organisationNewForm(w, r, view.FormData{Form: f.Show(nil)}, err)
	}
	return h.organisationSaved(w, r, saved, i18n.OrgCreated, n.Name)
}

// organisationSaved goes to the organisation and says what was saved, with what looks odd.
func (h *Handler) organisationSaved(w http.ResponseWriter, r *http.Request, saved organisation.Saved, done i18n.Text, name string) error {
	if len(saved.Warnings) == 0 {
		return h.done(w, r, view.Href(saved.ID), done, name)
	}
	return h.say(w, r, view.Href(saved.ID), layout.Flash{Kind: layout.Caution, Text: i18n.OrgSavedWarn.In(lang(r), name, saved.Warnings[0])})
}

// ofOrganisation reads the organisation that a form is about, by the permission that the act needs.
func (h *Handler) ofOrganisation(r *http.Request) (view.FormData, error) {
	org, err := pathID(r)
	if err != nil {
		return view.FormData{}, err
	}
	d, err := h.Organisation.Get(r.Context(), actor(r), org)
	if err != nil {
		return view.FormData{}, err
	}
	today := calendar.DateOf(h.DB.Now()).String()
	return view.FormData{Form: field.Form{Values: url.Values{"on": {today}}, Filled: map[string]bool{"on": true}}, Of: d.Item, Today: today}, nil
}

// actPage is the frame of a form about one organisation.
func (h *Handler) actPage(w http.ResponseWriter, r *http.Request, title i18n.Text, f view.FormData) layout.Page {
	p := h.page(w, r, title)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.OrgTitle.In(lang(r)), Href: "/organisations"}, {Text: f.Of.Label(), Href: view.Href(f.Of.ID)}}
	return p
}

func (h *Handler) organisationEditPage(w http.ResponseWriter, r *http.Request) error {
	f, err := h.ofOrganisation(r)
	if err != nil {
		return err
	}
	for name, v := range map[string]string{"name": f.Of.Name, "short_name": f.Of.ShortName, "uscc": f.Of.USCC, "code": f.Of.Code,
		"division_code": f.Of.DivisionCode, "sector": f.Of.Sector, "address": f.Of.Address, "contact_name": f.Of.ContactName, "contact_phone": f.Of.PhoneMask} {
		if v != "" {
			f.Values.Set(name, v)
			f.Filled[name] = true
		}
	}
	return h.show(w, r, view.Edit(h.actPage(w, r, i18n.OrgEdit, f), f))
}

func (h *Handler) organisationEdit(w http.ResponseWriter, r *http.Request) error {
	d, err := h.ofOrganisation(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	text := func(name string, limit int) *string { s := f.Text(name, limit); return &s }
	name := f.Need("name", 60)
	ed := organisation.Edit{Version: f.Version(), Name: &name, ShortName: text("short_name", 30), USCC: text("uscc", 30), Code: text("code", 40),
		DivisionCode: text("division_code", 20), Sector: text("sector", 40), Address: text("address", 120), ContactName: text("contact_name", 30)}
	if phone := f.Text("contact_phone", 30); phone != d.Of.PhoneMask { // the masked number that was shown is no new number
		ed.ContactPhone = &phone
	}
	err = f.Err()
	var saved organisation.Saved
	if err == nil {
		saved, err = h.Organisation.Edit(r.Context(), actor(r), d.Of.ID, ed)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			d.Form = f.Show(e)
			return view.Edit(h.actPage(w, r, i18n.OrgEdit, d), d)
		})
	}
	return h.organisationSaved(w, r, saved, i18n.OrgSaved, name)
}

func (h *Handler) organisationPhone(w http.ResponseWriter, r *http.Request) error {
	d, err := h.ofOrganisation(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	phone, err := h.Organisation.Phone(r.Context(), actor(r), d.Of.ID, f.Need("purpose", 40), f.Text("reason", 200))
	if err != nil {
		return err
	}
	p := h.actPage(w, r, i18n.Verbatim(i18n.OrgPhoneTitle.In(lang(r), d.Of.Label())), d)
	return h.show(w, r, view.Phone(p, d.Of, phone))
}
