package web

import (
	"context"
	"linli/internal/authn"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/agreement"
	"linli/internal/appraisal"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/member"
	"linli/internal/transfer"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/member"
	"linli/internal/web/view/partial"
	transfers "linli/internal/web/view/transfer"
)

// memberFilter reads the filters of the list of members from the address.
func memberFilter(r *http.Request) member.Filter {
	q := r.URL.Query()
	f := member.Filter{Text: q.Get("q"), Kind: member.Kind(q.Get("kind")), Standing: member.Standing(q.Get("standing")), Skill: q.Get("skill"),
		CommunityID: queryID(r, "community"), UnitID: queryID(r, "unit"), HomeID: queryID(r, "home"), Page: pageOf(r)}
	switch state := q.Get("state"); state {
	case "none":
		f.Unregistered = true
	default:
		f.State = member.State(state)
	}
	switch q.Get("show") {
	case "nohome":
		f.NoHome = true
	case "plaque":
		f.Plaque = true
	case "away":
		f.Away = true
	case "ended":
		f.Ended = true
	}
	return f
}

func (h *Handler) membersPage(w http.ResponseWriter, r *http.Request) error {
	f := memberFilter(r)
	l, err := h.Member.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	d := view.ListData[member.Item]{Query: r.URL.Query(), Items: l.Items, Next: l.Next, Prev: l.Prev}
	if d.Counts, err = h.Member.Count(r.Context(), actor(r), f); err != nil {
		return err
	}
	a := actor(r)
	if a.Can(member.PermImport) {
		d.Acts = append(d.Acts, partial.Act{Text: i18n.MemberImport, Href: "/imports/new?kind=members", Icon: icon.Import})
	}
	d.Acts = append(d.Acts, partial.Act{Text: i18n.MemberBooklet, Href: partial.Href("/members/booklet.pdf", r.URL.Query(), "", ""), Icon: icon.Print})
	if a.Can(member.PermEdit) {
		d.Acts = append(d.Acts, partial.Act{Text: i18n.MemberNew, Href: "/members/new", Look: partial.Primary, Icon: icon.Plus})
	}
	if a.Can(member.PermRegister) {
		d.Bulk = append(d.Bulk, partial.Act{Text: i18n.RegistrationStart, Href: "/registrations/choose", Look: partial.Primary, Icon: icon.Send})
	}
	if a.Can(transfer.PermStart) {
		d.Bulk = append(d.Bulk, partial.Act{Text: i18n.TransferNew, Href: "/transfers/choose", Icon: icon.Send})
	}
	if a.Can(member.PermCertificate) {
		d.Bulk = append(d.Bulk, partial.Act{Text: i18n.CertificateIssue, Href: "/certificates/issue", Icon: icon.Certificate})
	}
	if a.Can(member.PermSee) && (a.Can(member.PermCertificate) || a.Can(member.PermAccept)) {
		d.Bulk = append(d.Bulk, partial.Act{Text: i18n.CertificatePrint, Href: "/certificates/print", Icon: icon.Print})
	}
	return h.show(w, r, view.List(h.page(w, r, i18n.MemberTitle), d))
}

var memberExport = []exportColumn[member.Item]{
	{title: i18n.MemberName, value: func(m member.Item) any { return m.Name }},
	{title: i18n.MemberKind, value: func(m member.Item) any { return m.Kind.Text() }},
	{title: i18n.MemberStanding, value: func(m member.Item) any { return m.Standing.Text() }},
	{title: i18n.MemberUnit, value: func(m member.Item) any { return m.Unit }},
	{title: i18n.MemberHome, value: func(m member.Item) any { return m.Home }},
	{title: i18n.MemberCommunity, value: func(m member.Item) any { return m.Community }},
	{title: i18n.MemberSince, value: func(m member.Item) any { return m.Since }},
	{title: i18n.MemberState, value: func(m member.Item) any { return view.StateOf(m).Text }},
	{title: i18n.MemberGrid, value: func(m member.Item) any { return m.Grid }},
	{title: i18n.MemberJoined, value: func(m member.Item) any { return m.JoinedOn }},
	{title: i18n.MemberFullOn, value: func(m member.Item) any { return m.FullOn }},
	{title: i18n.MemberSkills, value: func(m member.Item) any { return m.Skills }},
	{title: i18n.MemberPhoneMasked, value: func(m member.Item) any { return m.PhoneMask }},
}

func (h *Handler) membersExport(w http.ResponseWriter, r *http.Request) error {
	return exportList(h, w, r, i18n.MemberTitle, memberExport, func(ctx context.Context, fn func(member.Item) error) error {
		return h.Member.Export(ctx, actor(r), memberFilter(r), fn)
	})
}

// memberDetail reads the member in the address.
func (h *Handler) memberDetail(r *http.Request) (member.Detail, error) {
	m, err := pathID(r)
	if err != nil {
		return member.Detail{}, err
	}
	return h.Member.Get(r.Context(), actor(r), m)
}

var memberTabs = map[string]bool{"": true, "claims": true, "contacts": true, "promises": true, "papers": true, "history": true}

func (h *Handler) memberPage(w http.ResponseWriter, r *http.Request) error {
	tab := r.PathValue("tab")
	if !memberTabs[tab] {
		return errs.ErrNotFound
	}
	return h.memberTab(w, r, tab, field.Form{Values: url.Values{}}, nil)
}

// memberTab draws a member's page with a form that was sent, if there was one.
func (h *Handler) memberTab(w http.ResponseWriter, r *http.Request, tab string, f field.Form, wrong error) error {
	m, err := h.memberDetail(r)
	if err != nil {
		return err
	}
	d := view.DetailData{Detail: m, Tab: tab, Form: f, Today: calendar.DateOf(h.DB.Now()).String(), Year: calendar.DateOf(h.DB.Now()).Year()}
	claims, err := h.Agreement.List(r.Context(), actor(r), agreement.Filter{MemberID: m.ID})
	if err != nil {
		return err
	}
	d.Claims = claims.Items
	d.LedgerOK = actor(r).Can(ledger.PermSee)
	if no := m.PlaqueAddress(actor(r).Tenant); no != "" {
		d.PlaqueURL = "/p/plaque/" + no
	}
	if tab == "papers" {
		if d.Rare, err = h.missing(m.Name + m.Unit + m.Community); err != nil {
			return err
		}
	}
	if actor(r).Can(transfer.PermSee) {
		if d.Transfers, err = h.Transfer.Of(r.Context(), actor(r), m.ID); err != nil {
			return err
		}
	}
	h.memberActs(r, &d)
	p := h.page(w, r, i18n.Verbatim(m.Name))
	p.Active = "/members"
	p.Breadcrumb = []layout.Crumb{{Text: i18n.MemberTitle.In(lang(r)), Href: "/members"}}
	if wrong == nil {
		return h.show(w, r, view.Detail(p, d))
	}
	return h.again(w, r, wrong, func(e *errs.Error) templ.Component {
		d.Form.Err = e
		return view.Detail(p, d)
	})
}

// missing are the characters that no font has, in a row.
func (h *Handler) missing(text string) (string, error) {
	runes, err := h.Printer.Missing(text)
	return string(runes), err
}

// within says whether the actor holds a permission where a member belongs.
func within(a authz.Actor, p authz.Permission, m member.Member) bool {
	s := a.Scope(p)
	return s.Covers(m.CommunityID) || s.Covers(m.UnitID) || s.Covers(m.HomeID)
}

func (h *Handler) memberActs(r *http.Request, d *view.DetailData) {
	a, at := actor(r), view.Href(d.ID)
	if !d.Living() {
		return
	}
	d.CanNote = within(a, member.PermContact, d.Member)
	if a.Can(appraisal.PermSee) {
		d.Acts = append(d.Acts, partial.Act{Text: i18n.AppraisalRecord, Href: at + "/record", Icon: icon.Clipboard})
	}
	d.CanIssue = a.Scope(member.PermCertificate).Covers(d.CommunityID)
	if within(a, member.PermEdit, d.Member) {
		d.Acts = append(d.Acts, partial.Act{Text: i18n.MemberEditAct, Href: at + "/edit", Icon: icon.Edit})
		d.More = append(d.More, partial.Act{Text: i18n.MemberEndAct, Href: at + "/end", Icon: icon.Archive, Look: partial.Danger})
	}
	switch {
	case d.RegistrationID != 0 && (within(a, member.PermAccept, d.Member) || within(a, member.PermRegister, d.Member)):
		d.Acts = append(d.Acts, partial.Act{Text: i18n.RegistrationTitle, Href: view.RegistrationHref(d.RegistrationID), Icon: icon.Home})
	case d.RegistrationID == 0 && d.Kind != member.OfCommunity && within(a, member.PermRegister, d.Member):
		d.Acts = append(d.Acts, partial.Act{Text: i18n.RegistrationStart, Href: "/registrations/new?id=" + d.ID.String(), Look: partial.Primary, Icon: icon.Send})
	}
	if account, err := h.Authn.OfPerson(r.Context(), a, d.PersonID); err == nil && account == 0 && within(a, authn.PermAdmin, d.Member) {
		d.More = append(d.More, partial.Act{Text: i18n.AccountOpen, Href: "/accounts/new?member=" + d.ID.String(), Icon: icon.Key})
	}
	if d.HomeID != 0 && a.Scope(transfer.PermStart).Covers(d.HomeID) && (len(d.Transfers) == 0 || !d.Transfers[0].State.Open()) {
		d.More = append(d.More, partial.Act{Text: i18n.TransferNew, Href: transfers.NewHref(d.ID), Icon: icon.Send})
	}
	if d.CommunityID != 0 && a.Can(agreement.PermPropose) {
		d.Acts = append(d.Acts, partial.Act{Text: i18n.ClaimNew, Href: "/claims/new?member=" + d.ID.String(), Icon: icon.Signature})
	}
}

// memberForm draws the form of a new member; err is what was wrong with it.
func (h *Handler) memberForm(w http.ResponseWriter, r *http.Request, f field.Form, err error) error {
	d := view.FormData{Form: f, Today: calendar.DateOf(h.DB.Now()).String(), Counter: actor(r).Can(member.PermAccept)}
	d.Unit, d.Home, d.Community = h.label(r, f.Values.Get("unit_id")), h.label(r, f.Values.Get("home_id")), h.label(r, f.Values.Get("community_id"))
	p := h.page(w, r, i18n.MemberNew)
	p.Active = "/members"
	p.Breadcrumb = []layout.Crumb{{Text: i18n.MemberTitle.In(lang(r)), Href: "/members"}}
	if err == nil {
		return h.show(w, r, view.New(p, d))
	}
	return h.again(w, r, err, func(e *errs.Error) templ.Component {
		d.Err = e
		return view.New(p, d)
	})
}

// memberNewPage arrives with what follows from who enters: the liaison's unit, the worker's community.
func (h *Handler) memberNewPage(w http.ResponseWriter, r *http.Request) error {
	f := field.Form{Values: url.Values{}, Filled: map[string]bool{}}
	known := func(name, value string) {
		if value != "" && f.Values.Get(name) == "" {
			f.Values.Set(name, value)
			f.Filled[name] = true
		}
	}
	for _, g := range actor(r).Grants {
		switch {
		case g.All || !g.Permissions[member.PermEdit]:
		case g.Permissions[member.PermRegister]:
			known("unit_id", g.Root.String())
			known("kind", string(member.InService))
		case g.Permissions[member.PermAccept]:
			known("community_id", g.Root.String())
			known("kind", string(member.OfCommunity))
		}
	}
	known("standing", string(member.Full))
	return h.memberForm(w, r, f, nil)
}

func readMember(f *form) member.NewMember {
	return member.NewMember{Name: f.Need("name", 60), IDNumber: f.Text("id_number", 30), Phone: f.Text("phone", 30), CommunityID: f.ID("community_id"),
		Fields: member.Fields{Kind: member.Kind(f.Need("kind", 20)), HomeID: f.ID("home_id"), UnitID: f.ID("unit_id"),
			Standing: member.Standing(f.Text("standing", 20)), JoinedOn: f.Date("joined_on"), FullOn: f.Date("full_on"), Skills: f.Text("skills", 200)}}
}

func (h *Handler) memberCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := readMember(f)
	err = f.Err()
	var out member.Entered
	if err == nil {
		out, err = h.Member.Register(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.memberForm(w, r, f.Show(nil), err)
	}
	if out.AlreadyMember {
		return h.done(w, r, view.Href(out.ID), i18n.MemberCounter, in.Name)
	}
	return h.done(w, r, view.Href(out.ID), i18n.MemberCreated, in.Name)
}

// memberOf is the form of an act on one member.
func (h *Handler) memberOf(w http.ResponseWriter, r *http.Request, title i18n.Text) (layout.Page, view.FormData, error) {
	d, err := h.memberDetail(r)
	if err != nil {
		return layout.Page{}, view.FormData{}, err
	}
	p := h.page(w, r, title)
	p.Active = "/members"
	p.Breadcrumb = []layout.Crumb{{Text: i18n.MemberTitle.In(lang(r)), Href: "/members"}, {Text: d.Name, Href: view.Href(d.ID)}}
	return p, view.FormData{Of: d.Item, Unit: d.Unit, Home: d.Home, Today: calendar.DateOf(h.DB.Now()).String(),
		Form: field.Form{Values: url.Values{}, Filled: map[string]bool{}}}, nil
}

func (h *Handler) memberEditPage(w http.ResponseWriter, r *http.Request) error {
	p, f, err := h.memberOf(w, r, i18n.MemberEditAct)
	if err != nil {
		return err
	}
	for name, v := range map[string]string{"kind": string(f.Of.Kind), "unit_id": f.Of.UnitID.String(), "home_id": f.Of.HomeID.String(),
		"standing": string(f.Of.Standing), "joined_on": f.Of.JoinedOn.String(), "full_on": f.Of.FullOn.String(), "skills": f.Of.Skills} {
		if v != "" {
			f.Values.Set(name, v)
			f.Filled[name] = true
		}
	}
	return h.show(w, r, view.Edit(p, f))
}

func (h *Handler) memberEdit(w http.ResponseWriter, r *http.Request) error {
	p, d, err := h.memberOf(w, r, i18n.MemberEditAct)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	kind, standing := member.Kind(f.Need("kind", 20)), member.Standing(f.Text("standing", 20))
	home, unit, joined, full, skills := f.ID("home_id"), f.ID("unit_id"), f.Date("joined_on"), f.Date("full_on"), f.Text("skills", 200)
	if err = f.Err(); err == nil {
		err = h.Member.Edit(r.Context(), actor(r), d.Of.ID, member.Edit{Version: f.Version(), Kind: &kind, HomeID: &home, UnitID: &unit,
			Standing: &standing, JoinedOn: &joined, FullOn: &full, Skills: &skills})
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			d.Form, d.Unit, d.Home = f.Show(e), h.label(r, f.values.Get("unit_id")), h.label(r, f.values.Get("home_id"))
			return view.Edit(p, d)
		})
	}
	return h.done(w, r, view.Href(d.Of.ID), i18n.MemberSaved)
}

func (h *Handler) memberEndPage(w http.ResponseWriter, r *http.Request) error {
	p, f, err := h.memberOf(w, r, i18n.MemberEndAct)
	if err != nil {
		return err
	}
	return h.show(w, r, view.End(p, f))
}

func (h *Handler) memberEnd(w http.ResponseWriter, r *http.Request) error {
	p, d, err := h.memberOf(w, r, i18n.MemberEndAct)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	on, reason := f.Date("on"), f.Text("reason", 200)
	if err = f.Err(); err == nil {
		err = h.Member.End(r.Context(), actor(r), d.Of.ID, on, reason, f.Version())
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			d.Form = f.Show(e)
			return view.End(p, d)
		})
	}
	return h.done(w, r, view.Href(d.Of.ID), i18n.MemberEndDone, d.Of.Name)
}

// memberAct handles a small form on a tab of a member's page: it goes back there, or shows the form again with what is wrong.
func (h *Handler) memberAct(tab string, done i18n.Text, act func(*http.Request, *form, id.ID) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		m, err := pathID(r)
		if err != nil {
			return err
		}
		f, err := readForm(r)
		if err != nil {
			return err
		}
		if err = act(r, f, m); err == nil {
			err = f.Err()
		}
		if err != nil {
			return h.memberTab(w, r, tab, f.Show(nil), err)
		}
		return h.done(w, r, view.Href(m)+"/"+tab, done)
	}
}

func (h *Handler) contactAdd(r *http.Request, f *form, m id.ID) error {
	n := member.NewContact{Kind: member.ContactKind(f.Text("kind", 20)), On: f.Date("on"), Note: f.Text("note", 500), FollowUpOn: f.Date("follow_up_on")}
	if err := f.Err(); err != nil {
		return err
	}
	return h.Member.AddContact(r.Context(), actor(r), m, n)
}

func (h *Handler) promiseAdd(r *http.Request, f *form, m id.ID) error {
	body, due := f.Text("body", 200), f.Date("due_on")
	if err := f.Err(); err != nil {
		return err
	}
	_, err := h.Member.Promise(r.Context(), actor(r), m, body, due)
	return err
}

func (h *Handler) reasonAdd(r *http.Request, f *form, m id.ID) error {
	return h.Member.AddReason(r.Context(), actor(r), m, member.Absence(f.Text("reason", 20)), f.Text("note", 200))
}

func (h *Handler) reasonEnd(r *http.Request, _ *form, m id.ID) error {
	reason, err := id.Parse(r.PathValue("reason"))
	if err != nil {
		return errs.ErrNotFound
	}
	return h.Member.EndReason(r.Context(), actor(r), m, reason)
}

func (h *Handler) moveAdd(r *http.Request, f *form, m id.ID) error {
	n := member.NewMove{Direction: member.Direction(f.Text("direction", 10)), Place: f.Text("place", 100), OtherBranch: f.Text("other_branch", 100),
		FromOn: f.Date("from_on"), LastContact: f.Date("last_contact")}
	if err := f.Err(); err != nil {
		return err
	}
	return h.Member.Float(r.Context(), actor(r), m, n)
}

func (h *Handler) moveBack(w http.ResponseWriter, r *http.Request) error {
	move, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	on, m := f.Date("back_on"), f.ID("member")
	if err = f.Err(); err == nil {
		err = h.Member.FloatBack(r.Context(), actor(r), move, on)
	}
	if err != nil {
		return err
	}
	return h.done(w, r, view.Href(m)+"/contacts", i18n.FloatingDone)
}

// promiseClose comes from the member's page at the desk or from the member's own page.
func (h *Handler) promiseClose(w http.ResponseWriter, r *http.Request) error {
	promise, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err := h.Member.ClosePromise(r.Context(), actor(r), promise, f.values.Get("kept") == "1", f.Text("result", 200)); err != nil {
		return err
	}
	back := f.Text("back", 200)
	if back == "" || !strings.HasPrefix(back, "/m/") {
		back = view.Href(f.ID("member")) + "/promises"
	}
	return h.done(w, r, back, i18n.PromiseDone)
}

func (h *Handler) floatingPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	l, err := h.Member.Floating(r.Context(), actor(r), floatingFilter(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Station(h.page(w, r, i18n.FloatingStation), view.FloatingData{Query: q, Items: l.Items, Next: l.Next, Prev: l.Prev}))
}

func (h *Handler) reasonsPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := member.ReasonFilter{CommunityID: queryID(r, "community"), UnitID: queryID(r, "unit")}
	counts, err := h.Member.ReasonCounts(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	f.Reason, f.Page = member.Absence(q.Get("reason")), pageOf(r)
	l, err := h.Member.Reasons(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	d := view.ListData[member.ReasonItem]{Query: q, Items: l.Items, Next: l.Next, Prev: l.Prev}
	return h.show(w, r, view.Reasons(h.page(w, r, i18n.AbsenceTitle), q, counts, d))
}
