package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/agreement"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/place"
	"linli/internal/print"
	view "linli/internal/web/view/agreement"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
)

// claimFilter reads the filters of the list of claims; "soon" are those that are listed for renewal.
func (h *Handler) claimFilter(r *http.Request) (agreement.Filter, error) {
	q := r.URL.Query()
	f := agreement.Filter{State: agreement.State(q.Get("state")), Unsigned: agreement.Side(q.Get("unsigned")), CommunityID: queryID(r, "community"),
		UnitID: queryID(r, "unit"), MemberID: queryID(r, "member"), ResponsibilityID: queryID(r, "responsibility"), Page: pageOf(r)}
	if q.Get("ends") == "soon" {
		today := calendar.DateOf(h.DB.Now())
		days, err := agreement.RenewDays.On(r.Context(), h.DB, actor(r).Tenant, today)
		if err != nil {
			return f, err
		}
		f.EndsBy = today.AddDays(int(days))
	}
	return f, nil
}

func (h *Handler) claimsPage(w http.ResponseWriter, r *http.Request) error {
	f, err := h.claimFilter(r)
	if err != nil {
		return err
	}
	l, err := h.Agreement.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	total, err := h.Agreement.Count(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	d := view.ListData[agreement.Item]{Query: r.URL.Query(), Items: l.Items, Next: l.Next, Prev: l.Prev,
		Acts: []partial.Act{{Text: i18n.ResponsibilityMap, Href: "/responsibilities/map", Icon: icon.Map}}}
	if actor(r).Can(agreement.PermPropose) {
		d.Acts = append(d.Acts, partial.Act{Text: i18n.ClaimNew, Href: "/responsibilities?show=free", Look: partial.Primary, Icon: icon.Signature})
	}
	return h.show(w, r, view.Claims(h.page(w, r, i18n.ClaimTitle), d, total))
}

var claimExport = []exportColumn[agreement.Item]{
	{title: i18n.ResponsibilityName, value: func(c agreement.Item) any { return c.Name }},
	{title: i18n.ClaimMember, value: func(c agreement.Item) any { return c.Member }},
	{title: i18n.MemberUnit, value: func(c agreement.Item) any { return c.Unit }},
	{title: i18n.MemberCommunity, value: func(c agreement.Item) any { return c.Community }},
	{title: i18n.ClaimFrom, value: func(c agreement.Item) any { return c.From }},
	{title: i18n.ClaimTo, value: func(c agreement.Item) any { return c.To }},
	{title: i18n.ClaimStateLabel, value: func(c agreement.Item) any { return c.State.Text() }},
	{title: i18n.MemberReasonLabel, value: func(c agreement.Item) any { return c.Reason }},
}

func (h *Handler) claimsExport(w http.ResponseWriter, r *http.Request) error {
	f, err := h.claimFilter(r)
	if err != nil {
		return err
	}
	return exportList(h, w, r, i18n.ClaimTitle, claimExport, func(ctx context.Context, fn func(agreement.Item) error) error {
		return h.Agreement.Export(ctx, actor(r), f, fn)
	})
}

func offerFilter(r *http.Request) agreement.OfferFilter {
	q := r.URL.Query()
	return agreement.OfferFilter{Text: q.Get("q"), CommunityID: queryID(r, "community"), GridID: queryID(r, "grid"), BuildingID: queryID(r, "building"),
		Kind: agreement.Kind(q.Get("kind")), Free: q.Get("show") == "free", Closed: q.Get("show") == "closed", Page: pageOf(r)}
}

func (h *Handler) offersPage(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Agreement.Offers(r.Context(), actor(r), offerFilter(r))
	if err != nil {
		return err
	}
	d := view.ListData[agreement.OfferItem]{Query: r.URL.Query(), Items: l.Items, Next: l.Next, Prev: l.Prev,
		Acts: []partial.Act{{Text: i18n.ResponsibilityMap, Href: partial.Href("/responsibilities/map", url.Values{}, "community", r.URL.Query().Get("community")), Icon: icon.Map}}}
	if actor(r).Can(agreement.PermOffer) {
		d.Acts = append(d.Acts, partial.Act{Text: i18n.ResponsibilityNew, Href: offerHref(r.URL.Query()), Look: partial.Primary, Icon: icon.Plus})
	}
	return h.show(w, r, view.Offers(h.page(w, r, i18n.ResponsibilityTitle), d))
}

// offerHref leads to the form of a new responsibility, for the community and building that the list is about.
func offerHref(q url.Values) string {
	keep := url.Values{}
	for _, name := range []string{"community", "building"} {
		if v := q.Get(name); v != "" {
			keep.Set(name, v)
		}
	}
	return partial.Href("/responsibilities/new", keep, "", "")
}

var offerExport = []exportColumn[agreement.OfferItem]{
	{title: i18n.ResponsibilityName, value: func(o agreement.OfferItem) any { return o.Name }},
	{title: i18n.ResponsibilityKind, value: func(o agreement.OfferItem) any { return o.Kind.Text() }},
	{title: i18n.MemberCommunity, value: func(o agreement.OfferItem) any { return o.Community }},
	{title: i18n.ResponsibilityGrid, value: func(o agreement.OfferItem) any { return o.Grid }},
	{title: i18n.ResponsibilityHouse, value: func(o agreement.OfferItem) any { return o.Building }},
	{title: i18n.ResponsibilityDuties, value: func(o agreement.OfferItem) any { return o.Duties }},
	{title: i18n.ResponsibilityTaken, number: true, value: func(o agreement.OfferItem) any { return o.Taken }},
	{title: i18n.ResponsibilityPlaces, number: true, value: func(o agreement.OfferItem) any { return o.Capacity }},
}

func (h *Handler) offersExport(w http.ResponseWriter, r *http.Request) error {
	return exportList(h, w, r, i18n.ResponsibilityTitle, offerExport, func(ctx context.Context, fn func(agreement.OfferItem) error) error {
		return h.Agreement.ExportOffers(ctx, actor(r), offerFilter(r), fn)
	})
}

func (h *Handler) offerPage(w http.ResponseWriter, r *http.Request) error {
	res, err := pathID(r)
	if err != nil {
		return err
	}
	o, err := h.Agreement.OfferDetail(r.Context(), actor(r), res)
	if err != nil {
		return err
	}
	claims, err := h.Agreement.List(r.Context(), actor(r), agreement.Filter{ResponsibilityID: res})
	if err != nil {
		return err
	}
	a := actor(r)
	acts := []partial.Act{view.MapAct(o.CommunityID)}
	if a.Scope(agreement.PermOffer).Covers(o.CommunityID) {
		acts = append(acts, partial.Act{Text: i18n.ResponsibilityEdit, Href: view.OfferHref(res) + "/edit", Icon: icon.Edit})
	}
	if o.Open && o.Free() > 0 && a.Can(agreement.PermPropose) {
		acts = append(acts, partial.Act{Text: i18n.ClaimNew, Href: "/claims/new?responsibility=" + res.String(), Look: partial.Primary, Icon: icon.Signature})
	}
	p := h.page(w, r, i18n.Verbatim(o.Name))
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ResponsibilityTitle.In(lang(r)), Href: "/responsibilities"}}
	return h.show(w, r, view.Offer(p, o, claims.Items, acts))
}

// offerForm draws the form of a responsibility with the grids and buildings of its community.
func (h *Handler) offerForm(w http.ResponseWriter, r *http.Request, f view.OfferForm, community id.ID, wrong error) error {
	page := place.Filter{CommunityID: community, Page: db.Page{Limit: 500}}
	grids, err := h.Place.Grids(r.Context(), actor(r), page)
	if err != nil {
		return err
	}
	for _, g := range grids.Items {
		f.Grids = append(f.Grids, field.Option{Value: g.ID.String(), Text: i18n.Verbatim(g.Name)})
	}
	buildings, err := h.Place.Buildings(r.Context(), actor(r), page)
	if err != nil {
		return err
	}
	for _, b := range buildings.Items {
		f.Buildings = append(f.Buildings, field.Option{Value: b.ID.String(), Text: i18n.Verbatim(b.Quarter + b.Name)})
	}
	f.Community = h.label(r, community.String())
	title := i18n.ResponsibilityNew
	if f.Of.ID != 0 {
		title = i18n.ResponsibilityEdit
	}
	p := h.page(w, r, title)
	p.Active = "/responsibilities"
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ResponsibilityTitle.In(lang(r)), Href: "/responsibilities"}}
	if wrong == nil {
		return h.show(w, r, view.Form(p, f))
	}
	return h.again(w, r, wrong, func(e *errs.Error) templ.Component {
		f.Err = e
		return view.Form(p, f)
	})
}

func (h *Handler) offerNewPage(w http.ResponseWriter, r *http.Request) error {
	community := queryID(r, "community")
	if community == 0 {
		options, err := h.communityOptions(r, actor(r).Scope(agreement.PermOffer))
		if err != nil {
			return err
		}
		if len(options) != 1 {
			return h.show(w, r, view.ChooseCommunity(h.page(w, r, i18n.ResponsibilityNew), "/responsibilities/new", options))
		}
		if community, err = id.Parse(options[0].Value); err != nil {
			return err
		}
	}
	o, err := h.Agreement.Draft(r.Context(), actor(r), community, queryID(r, "building"))
	if err != nil {
		return err
	}
	f := view.OfferForm{Action: "/responsibilities", Form: known(url.Values{"community_id": {community.String()}, "kind": {string(o.Kind)}, "name": {o.Name},
		"duties": {o.Duties}, "capacity": {strconv.FormatInt(o.Capacity, 10)}, "building_id": {r.URL.Query().Get("building")}})}
	return h.offerForm(w, r, f, community, nil)
}

func readOffer(f *form) agreement.Offer {
	return agreement.Offer{Kind: agreement.Kind(f.Text("kind", 20)), Name: f.Text("name", 60), Duties: f.Text("duties", 2000), Capacity: f.Int("capacity"),
		BuildingID: f.ID("building_id"), GridID: f.ID("grid_id")}
}

func (h *Handler) offerCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	o := readOffer(f)
	o.CommunityID = f.ID("community_id")
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Agreement.Offer(r.Context(), actor(r), o)
	}
	if err != nil {
		return h.offerForm(w, r, view.OfferForm{Form: f.Show(nil), Action: "/responsibilities"}, o.CommunityID, err)
	}
	return h.done(w, r, view.OfferHref(made), i18n.ResponsibilitySaved, o.Name)
}

func (h *Handler) offerEditPage(w http.ResponseWriter, r *http.Request) error {
	return h.offerEditWith(w, r, nil, nil)
}

func (h *Handler) offerEditWith(w http.ResponseWriter, r *http.Request, sent *form, wrong error) error {
	res, err := pathID(r)
	if err != nil {
		return err
	}
	o, err := h.Agreement.OfferDetail(r.Context(), actor(r), res)
	if err != nil {
		return err
	}
	d := view.OfferForm{Of: o, Action: view.OfferHref(res) + "/edit"}
	if sent != nil {
		d.Form = sent.Show(nil)
	} else {
		d.Form = field.Form{Values: url.Values{"kind": {string(o.Kind)}, "name": {o.Name}, "duties": {o.Duties}, "capacity": {strconv.FormatInt(o.Capacity, 10)},
			"building_id": {o.BuildingID.String()}, "grid_id": {o.GridID.String()}}, Filled: map[string]bool{"kind": true, "name": true, "duties": true,
			"capacity": true, "building_id": o.BuildingID != 0, "grid_id": o.GridID != 0, "open": true}}
		if o.Open {
			d.Values.Set("open", "1")
		}
	}
	return h.offerForm(w, r, d, o.CommunityID, wrong)
}

func (h *Handler) offerEdit(w http.ResponseWriter, r *http.Request) error {
	res, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	o := readOffer(f)
	if err = f.Err(); err == nil {
		err = h.Agreement.Change(r.Context(), actor(r), res, o, f.Bool("open"), f.Version())
	}
	if err != nil {
		return h.offerEditWith(w, r, f, err)
	}
	return h.done(w, r, view.OfferHref(res), i18n.ResponsibilitySaved, o.Name)
}

func (h *Handler) claimMap(w http.ResponseWriter, r *http.Request) error {
	choices, err := h.Agreement.Communities(r.Context(), actor(r))
	if err != nil {
		return err
	}
	community := queryID(r, "community")
	if community == 0 && len(choices) > 0 {
		community = choices[0].ID
	}
	m, err := h.Agreement.Map(r.Context(), actor(r), community)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.ResponsibilityMapOf, m.Community)
	p.Active = "/responsibilities"
	return h.show(w, r, view.Map(p, m, choices))
}

// claimNewPage arrives with what was chosen before: a responsibility or a member.
func (h *Handler) claimNewPage(w http.ResponseWriter, r *http.Request) error {
	today := calendar.DateOf(h.DB.Now())
	months, err := agreement.Months.On(r.Context(), h.DB, actor(r).Tenant, today)
	if err != nil {
		return err
	}
	f := field.Form{Values: url.Values{"from": {today.String()}, "to": {today.AddMonths(int(months)).AddDays(-1).String()}, "sign": {"1"}},
		Filled: map[string]bool{"from": true, "to": true, "sign": true}}
	for from, to := range map[string]string{"responsibility": "responsibility_id", "member": "member_id"} {
		if v := r.URL.Query().Get(from); v != "" {
			f.Values.Set(to, v)
			f.Filled[to] = true
		}
	}
	return h.claimForm(w, r, f, nil)
}

// claimForm offers the places that are free for the member, or the members who can take the place.
func (h *Handler) claimForm(w http.ResponseWriter, r *http.Request, f field.Form, wrong error) error {
	d := view.ClaimForm{Form: f, CanSign: actor(r).Can(agreement.PermSign)}
	offers := agreement.OfferFilter{Free: true, Page: db.Page{Limit: 500}}
	members := member.Filter{State: member.Accepted, Page: db.Page{Limit: 500}}
	if res, err := id.Parse(f.Values.Get("responsibility_id")); err == nil {
		o, err := h.Agreement.OfferDetail(r.Context(), actor(r), res)
		if err != nil {
			return err
		}
		d.Offer = o
		offers.CommunityID, members.CommunityID, members.State = o.CommunityID, o.CommunityID, ""
	}
	if m, err := id.Parse(f.Values.Get("member_id")); err == nil {
		x, err := h.Member.Get(r.Context(), actor(r), m)
		if err != nil {
			return err
		}
		offers.CommunityID, members.CommunityID, members.State = x.CommunityID, x.CommunityID, ""
		d.Members = append(d.Members, field.Option{Value: m.String(), Text: i18n.Verbatim(x.Name), Note: x.Unit})
	}
	l, err := h.Agreement.Offers(r.Context(), actor(r), offers)
	if err != nil {
		return err
	}
	for _, o := range l.Items {
		d.Offers = append(d.Offers, field.Option{Value: o.ID.String(), Text: i18n.Verbatim(o.Name), Note: i18n.ResponsibilityFreeN.In(lang(r), o.Free())})
	}
	if len(d.Members) == 0 {
		list, err := h.Member.List(r.Context(), actor(r), members)
		if err != nil {
			return err
		}
		for _, m := range list.Items {
			d.Members = append(d.Members, field.Option{Value: m.ID.String(), Text: i18n.Verbatim(m.Name), Note: m.Unit})
		}
	}
	p := h.page(w, r, i18n.ClaimNew)
	p.Active = "/claims"
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ClaimTitle.In(lang(r)), Href: "/claims"}}
	if wrong == nil {
		return h.show(w, r, view.New(p, d))
	}
	return h.again(w, r, wrong, func(e *errs.Error) templ.Component {
		d.Err = e
		return view.New(p, d)
	})
}

func (h *Handler) claimCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := agreement.NewClaim{ResponsibilityID: f.ID("responsibility_id"), MemberID: f.ID("member_id"), From: f.Date("from"), To: f.Date("to"), Sign: f.Bool("sign")}
	for name, v := range map[string]id.ID{"responsibility_id": n.ResponsibilityID, "member_id": n.MemberID} {
		if v == 0 {
			f.err = f.err.With(name, i18n.ErrRequired)
		}
	}
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Agreement.Propose(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.claimForm(w, r, f.Show(nil), err)
	}
	return h.done(w, r, view.Href(made), i18n.ClaimProposeDone)
}

func (h *Handler) claimPage(w http.ResponseWriter, r *http.Request) error {
	return h.claimWith(w, r, field.Form{Values: url.Values{}}, nil)
}

// claimData is a claim with what the actor may do about it; base is the address of the claim's page on the surface in use.
func (h *Handler) claimData(r *http.Request, base string, f field.Form) (view.ClaimData, error) {
	c, err := pathID(r)
	if err != nil {
		return view.ClaimData{}, err
	}
	d := view.ClaimData{Base: base + c.String(), Form: f, Today: calendar.DateOf(h.DB.Now()).String()}
	if d.Detail, err = h.Agreement.Get(r.Context(), actor(r), c); err != nil {
		return d, err
	}
	a := actor(r)
	own := a.PersonID != 0 && a.PersonID == d.PersonID && a.Can(agreement.PermOwn)
	staff := a.Scope(agreement.PermSign).Covers(d.CommunityID)
	propose := a.Scope(agreement.PermPropose).Covers(d.CommunityID) || a.Scope(agreement.PermPropose).Covers(d.UnitID)
	add := func(may bool, act partial.Act) {
		if may {
			d.Acts = append(d.Acts, act)
		}
	}
	l := lang(r)
	// Who has signed takes the claim back; who has not may decline it.
	declines := staff || own && d.Signed(agreement.Member) == nil
	add(d.State == agreement.Proposed && declines, partial.Act{Text: i18n.ClaimDecline, Href: d.Base + "/decline", Post: true, Look: partial.Danger,
		Confirm: &partial.Confirm{ID: "decline", Question: i18n.ClaimDeclineQ.In(l), Reason: i18n.ClaimDeclineWhy, Form: "claim.decline"}})
	add(d.State == agreement.Proposed && (own || propose), partial.Act{Text: i18n.ClaimWithdrawAct, Href: d.Base + "/withdraw", Post: true, Icon: icon.Undo})
	add(d.State == agreement.Agreed && d.RenewedBy == 0 && (own || propose), partial.Act{Text: i18n.ClaimRenewAct, Href: d.Base + "/renew", Post: true, Icon: icon.Refresh})
	add(true, partial.Act{Text: i18n.ClaimPDF, Href: d.Base + "/pdf", Icon: icon.Print})
	d.OnPaper = staff && d.State == agreement.Proposed && d.Signed(agreement.Member) == nil
	d.CanEnd = d.State == agreement.Agreed && a.Scope(agreement.PermEnd).Covers(d.CommunityID)
	return d, nil
}

func (h *Handler) claimWith(w http.ResponseWriter, r *http.Request, f field.Form, wrong error) error {
	d, err := h.claimData(r, "/claims/", f)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.Verbatim(d.Says.Area))
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ClaimTitle.In(lang(r)), Href: "/claims"}}
	if wrong == nil {
		return h.show(w, r, view.Claim(p, d))
	}
	return h.again(w, r, wrong, func(e *errs.Error) templ.Component {
		d.Form.Err = e
		return view.Claim(p, d)
	})
}

// claimAct handles one act on a claim, at the desk or on the phone; it may go on to another claim.
func (h *Handler) claimAct(base string, done i18n.Text, again func(http.ResponseWriter, *http.Request, field.Form, error) error,
	act func(*http.Request, *form, id.ID) (id.ID, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		c, err := pathID(r)
		if err != nil {
			return err
		}
		f, err := readForm(r)
		if err != nil {
			return err
		}
		next, err := act(r, f, c)
		if err != nil {
			return again(w, r, f.Show(nil), err)
		}
		if next == 0 {
			next = c
		}
		return h.done(w, r, base+next.String(), done)
	}
}

func (h *Handler) claimSign(r *http.Request, f *form, c id.ID) (id.ID, error) {
	return 0, h.Agreement.Sign(r.Context(), actor(r), c, f.values.Get("_digest"))
}

func (h *Handler) claimPaperSign(r *http.Request, f *form, c id.ID) (id.ID, error) {
	return 0, h.Agreement.SignOnPaper(r.Context(), actor(r), c, f.values.Get("_digest"), f.values.Get("reason"))
}

func (h *Handler) claimDecline(r *http.Request, f *form, c id.ID) (id.ID, error) {
	return 0, h.Agreement.Decline(r.Context(), actor(r), c, f.values.Get("reason"))
}

func (h *Handler) claimWithdraw(r *http.Request, _ *form, c id.ID) (id.ID, error) {
	return 0, h.Agreement.Withdraw(r.Context(), actor(r), c)
}

func (h *Handler) claimRenew(r *http.Request, _ *form, c id.ID) (id.ID, error) {
	return h.Agreement.Renew(r.Context(), actor(r), c, calendar.Date{}, true)
}

func (h *Handler) claimEnd(r *http.Request, f *form, c id.ID) (id.ID, error) {
	on := f.Date("on")
	if err := f.Err(); err != nil {
		return 0, err
	}
	return 0, h.Agreement.End(r.Context(), actor(r), c, on, f.values.Get("reason"))
}

// claimPDF prints the agreement: with both signatures and its code once it is agreed, to be signed by hand before.
func (h *Handler) claimPDF(w http.ResponseWriter, r *http.Request) error {
	c, err := pathID(r)
	if err != nil {
		return err
	}
	d, err := h.Agreement.Get(r.Context(), actor(r), c)
	if err != nil {
		return err
	}
	doc := print.ClaimAgreement{Head: print.Head{Lang: lang(r), At: d.CreatedAt, Number: d.ID.String(), Issuer: d.Says.Community},
		Community: d.Says.Community, Member: d.Says.Member, Unit: d.Says.Unit, Area: d.Says.Area, Place: d.Says.Place,
		From: day(r, d.Says.From), To: day(r, d.Says.To), Duties: d.Says.Duties}
	if len(d.Papers) > 0 {
		doc.Head.Verify = print.Verification{Code: d.Papers[0].Code, URL: h.base(r) + feedback.CheckPath + d.Papers[0].Code}
	}
	doc.PartyA, doc.PartyB = printedSignature(d.Signed(agreement.Community)), printedSignature(d.Signed(agreement.Member))
	p, err := h.Printer.ClaimAgreement(doc)
	if err != nil {
		return err
	}
	return sendPDF(w, d.Says.Area+"-"+d.Says.Member, p)
}

// printedSignature is a signature as it stands on paper; one that was not given leaves its place.
func printedSignature(s *agreement.Signature) print.Signature {
	if s == nil || s.Paper {
		return print.Signature{}
	}
	return print.Signature{By: s.Name, At: i18n.DateTime(s.At), Hash: s.Hash}
}
