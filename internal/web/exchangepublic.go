package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/resident"
	view "linli/internal/web/view/exchange"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	bankview "linli/internal/web/view/lovebank"
	"linli/internal/web/view/ownpage"
)

func (h *Handler) exchangePublicRoutes() []route {
	return []route{
		{pattern: "GET " + view.PublicPath, who: everyone, serve: h.wishesPage},
		{pattern: "GET " + view.PublicPath + "/new", who: everyone, serve: h.wishAskPage},
		{pattern: "POST " + view.PublicPath + "/new", who: everyone, serve: h.wishAsk},
		{pattern: "POST /p/wish/rate", who: everyone, serve: h.wishAct("rate", h.wishRate)},
		{pattern: "POST /p/wish/withdraw", who: everyone, serve: h.wishAct("withdraw", h.wishWithdraw)},
		{pattern: "POST /p/wish/helper", who: everyone, serve: h.wishHelper},
		{pattern: "POST /p/wish/share", who: everyone, serve: h.wishAct("share", h.wishShare)},
		{pattern: "GET " + view.PublicResources, who: everyone, serve: h.resourcesPublic},
		{pattern: "GET /p/me/wish/{id}", who: everyone, serve: h.asResident(h.ownWish)},
	}
}

// wishesPage is public: what somebody could help with. It names nobody.
func (h *Handler) wishesPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	tenant, err := h.district(r, q.Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	f := exchange.CardFilter{Kind: exchange.Kind(q.Get("kind")), Community: queryID(r, "c"), Text: q.Get("q"), Page: pageOf(r)}
	list, err := h.Exchange.Public(r.Context(), tenant, f)
	if err != nil {
		return err
	}
	v := view.Wishes{Cards: list.Items, Query: q, Before: list.Prev, After: list.Next, District: q.Get(districtKey)}
	if v.Granted, err = h.Exchange.Granted(r.Context(), tenant); err != nil {
		return err
	}
	if v.Communities, err = h.wishPlaces(r, tenant); err != nil {
		return err
	}
	return h.show(w, r, view.PublicIndex(h.public(w, r, i18n.WishTitle), v))
}

func (h *Handler) wishAskPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	tenant, err := h.district(r, q.Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	f := field.Form{Values: url.Values{"community": q["c"], districtKey: q[districtKey]}, Filled: map[string]bool{"community": q.Get("c") != ""}}
	if n := queryID(r, "resource"); n != 0 { // what somebody saw in the list of resources is said already
		what, err := h.Exchange.ListedOne(r.Context(), tenant, n)
		if err != nil {
			return err
		}
		f.Values.Set("kind", string(what.Kind))
		f.Values.Set("body", i18n.WishOfResource.In(lang(r), what.Title))
		f.Filled["kind"], f.Filled["body"] = true, true
	}
	return h.show(w, r, orFault(h.wishForm(r, h.public(w, r, i18n.WishNew), tenant, newKey(), f)))
}

func (h *Handler) wishForm(r *http.Request, p layout.Page, tenant int64, key string, f field.Form) (templ.Component, error) {
	places, err := h.Casework.Communities(r.Context(), tenant)
	if err != nil {
		return nil, err
	}
	own, err := h.reportKnown(r, tenant, f)
	if err != nil {
		return nil, err
	}
	a := view.AskForm{Form: f, Key: key, District: f.Values.Get(districtKey), Own: own}
	for _, c := range places {
		a.Communities = inGroup(a.Communities, i18n.Verbatim(c.Above), c.ID, i18n.Verbatim(c.Name))
	}
	return view.Ask(p, a), nil
}

// wishAsk takes a need and answers with the receipt, which is no address: the code stands in none.
func (h *Handler) wishAsk(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	busy := h.reportAllowed(r)
	if busy != nil && errs.KindOf(busy) != errs.RateLimited {
		return busy
	}
	tenant, err := h.district(r, f.values.Get(districtKey))
	if err != nil {
		return err
	}
	if busy != nil {
		return h.ownAgain(w, r, busy, func(e *errs.Error) templ.Component {
			return orFault(h.wishForm(r, h.answered(w, r, i18n.WishNew, ""), tenant, f.values.Get("key"), f.Show(e)))
		})
	}
	in := exchange.Asking{Kind: exchange.Kind(f.values.Get("kind")), Small: true, Body: f.values.Get("body"), CommunityID: f.ID("community"), Place: f.values.Get("place"), DueOn: f.Date("due_on"),
		Name: f.values.Get("name"), Phone: f.values.Get("phone"), Share: f.Bool("share"), Key: needKey(f)}
	if z, ok, err := h.session(r); err != nil {
		return err
	} else if ok && z.Tenant == tenant {
		if f.Bool("keep") {
			in.ResidentID, in.PersonID = z.Account, z.PersonID
		} else { // it is anonymous: what was filled in for them goes too
			in.Name, in.Phone = "", ""
		}
	}
	var got exchange.Receipt
	if err = f.Err(); err == nil {
		got, err = h.Exchange.Ask(r.Context(), tenant, byReporter(), visitOf(r).id, in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return orFault(h.wishForm(r, h.answered(w, r, i18n.WishNew, ""), tenant, f.values.Get("key"), f.Show(e)))
		})
	}
	v := view.Receipt{Receipt: got, Page: h.base(r) + followPath}
	if got.Code != "" {
		if v.QR, err = qrPicture(v.Page + "?c=" + url.QueryEscape(got.Code)); err != nil {
			return err
		}
	}
	return h.show(w, r, view.Taken(h.answered(w, r, i18n.WishTaken, ""), v))
}

// wishing is a need that whoever asked follows: by its code, as they typed it, or through their account.
type wishing struct {
	key   exchange.Key
	typed string
	own   id.ID
	// member says that it is followed from a member's account, not a resident's.
	member bool
}

// wishBy reads which need a form is about.
func (h *Handler) wishBy(r *http.Request, f *form) (wishing, error) {
	own := f.ID("need")
	if own == 0 {
		return wishing{key: exchange.Code(f.values.Get("code")), typed: f.values.Get("code")}, f.Err()
	}
	z, ok, err := h.session(r)
	if err == nil && !ok && actor(r).PersonID != 0 { // help that a member redeemed at the love bank
		key, err := h.Exchange.Mine(r.Context(), personHolder(actor(r)), own)
		return wishing{key: key, own: own, member: true}, err
	}
	if err != nil || !ok {
		return wishing{}, errOrNotFound(err)
	}
	key, err := h.Exchange.Mine(r.Context(), wishHolder(z), own)
	return wishing{key: key, own: own}, err
}

func errOrNotFound(err error) error {
	if err != nil {
		return err
	}
	return errs.ErrNotFound
}

// personHolder is somebody who is known by the account with which they are logged in.
func personHolder(a authz.Actor) exchange.Holder {
	return exchange.Holder{Tenant: a.Tenant, PersonID: a.PersonID}
}

func wishHolder(z resident.Session) exchange.Holder {
	return exchange.Holder{Tenant: z.Tenant, Account: z.Account, PersonID: z.PersonID}
}

// wishDraw shows a need to who asked.
func (h *Handler) wishDraw(w http.ResponseWriter, r *http.Request, by wishing, code int, with func(*layout.Page, *view.Following)) error {
	_, f, err := h.Exchange.ToAsker(r.Context(), by.key)
	if err != nil {
		return err
	}
	d := view.Following{Followed: f, Code: by.typed, Own: by.own, Rate: field.Form{ID: "rate-"}, Leave: field.Form{ID: "leave-"}}
	switch {
	case f.OrderID != 0 && by.member:
		d.OrderHref = bankview.Member.OrderHref(f.OrderID)
	case f.OrderID != 0 && by.own != 0:
		d.OrderHref = bankview.Resident.OrderHref(f.OrderID)
	}
	var p layout.Page
	if by.member {
		p = h.public(w, r, i18n.WishFollowTitle)
		p.Breadcrumb = []layout.Crumb{{Text: i18n.BankTitle.In(lang(r)), Href: bankview.Member.Base}}
	} else if by.own != 0 {
		p = h.ownFrame(w, r, i18n.WishFollowTitle)
		p.Path = "/p/me/wish/" + by.own.String()
	} else {
		w.Header().Set("Referrer-Policy", "no-referrer") // the code may stand in the address that the picture on the receipt gave
		p = h.answered(w, r, i18n.WishFollowTitle, by.typed)
	}
	if with != nil {
		with(&p, &d)
	}
	return h.answer(w, r, code, view.Follow(p, d))
}

func (h *Handler) ownWish(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	n, err := pathID(r)
	if err != nil {
		return err
	}
	key, err := h.Exchange.Mine(r.Context(), wishHolder(z), n)
	if err != nil {
		return err
	}
	return h.wishDraw(w, r, wishing{key: key, own: n}, http.StatusOK, nil)
}

// wishAct does something with a need for who asked and shows it again, with what happened said. name is the form that shows what was wrong.
func (h *Handler) wishAct(name string, act func(*http.Request, *form, exchange.Key) (i18n.Text, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		if err := h.follows.Allow(network(r), h.DB.Now()); err != nil {
			return h.followAgain(w, r, err, f.values.Get("code"))
		}
		by, err := h.wishBy(r, f)
		if err != nil {
			return h.wishFailed(w, r, err, by)
		}
		said, err := act(r, f, by.key)
		if err == nil {
			return h.wishDraw(w, r, by, http.StatusOK, func(p *layout.Page, _ *view.Following) {
				p.Flash = &layout.Flash{Kind: layout.Done, Text: said.In(lang(r))}
			})
		}
		e := errs.As(err)
		if e == nil || e.Kind != errs.Invalid && e.Kind != errs.Conflict {
			return h.wishFailed(w, r, err, by)
		}
		return h.wishDraw(w, r, by, status(e.Kind), func(p *layout.Page, d *view.Following) {
			if e.Kind == errs.Conflict {
				p.Flash = &layout.Flash{Kind: layout.Failed, Text: e.Message.In(lang(r))}
				return
			}
			own := map[string]*field.Form{"rate": &d.Rate, "withdraw": &d.Leave}[name]
			shown := f.Show(e)
			own.Values, own.Err = shown.Values, shown.Err
		})
	}
}

// wishFailed asks for the code once more; a need of one's own that is not found is not there.
func (h *Handler) wishFailed(w http.ResponseWriter, r *http.Request, err error, by wishing) error {
	if by.typed == "" {
		return err
	}
	return h.followAgain(w, r, err, by.typed)
}

func (h *Handler) wishRate(r *http.Request, f *form, k exchange.Key) (i18n.Text, error) {
	in := exchange.Rating{Answer: exchange.Answer(f.values.Get("answer")), Stars: f.Int("stars"), Words: f.values.Get("words")}
	if err := f.Err(); err != nil {
		return i18n.Text{}, err
	}
	if actor(r).AccountID != 0 && actor(r).PersonID == 0 {
		return i18n.Text{}, errs.New(errs.Conflict, i18n.CasePublicNotStaff)
	}
	z, _, err := h.session(r)
	if err != nil {
		return i18n.Text{}, err
	}
	_, err = h.Exchange.RateBy(r.Context(), k.With(actor(r).PersonID, z.PersonID), byReporter(), visitOf(r).id, in)
	if in.Answer == exchange.No {
		return i18n.WishRatedNo, err
	}
	return i18n.WishRated, err
}

func (h *Handler) wishShare(r *http.Request, f *form, k exchange.Key) (i18n.Text, error) {
	p := f.ID("pledge")
	if err := f.Err(); err != nil {
		return i18n.Text{}, err
	}
	return i18n.WishShared, h.Exchange.ShareBy(r.Context(), k, byReporter(), visitOf(r).id, p)
}

// resourcesPublic is what organisations and neighbours have to give, for everybody to read and ask for.
func (h *Handler) resourcesPublic(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	tenant, err := h.district(r, q.Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	list, err := h.Exchange.Listed(r.Context(), tenant, exchange.ResourceFilter{Kind: exchange.Kind(q.Get("kind")), Terms: exchange.Terms(q.Get("terms")), Place: queryID(r, "c"), Text: q.Get("q"), Page: pageOf(r)})
	if err != nil {
		return err
	}
	v := view.Offers{Items: list.Items, Query: q, Before: list.Prev, After: list.Next, District: q.Get(districtKey), Today: h.today()}
	if v.Communities, err = h.wishPlaces(r, tenant); err != nil {
		return err
	}
	return h.show(w, r, view.PublicOffers(h.public(w, r, i18n.OffersTitle), v))
}

// wishPlaces are the communities of a district to choose from.
func (h *Handler) wishPlaces(r *http.Request, tenant int64) (out []field.Option, err error) {
	places, err := h.Casework.Communities(r.Context(), tenant)
	for _, c := range places {
		out = append(out, field.Option{Value: c.ID.String(), Text: i18n.Verbatim(c.Name)})
	}
	return out, err
}

func (h *Handler) wishWithdraw(r *http.Request, f *form, k exchange.Key) (i18n.Text, error) {
	return i18n.WishWithdrawn, h.Exchange.WithdrawBy(r.Context(), k, byReporter(), visitOf(r).id, f.values.Get("words"))
}

// wishHelper shows who asked the number of somebody who helps, once.
func (h *Handler) wishHelper(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err := h.follows.Allow(network(r), h.DB.Now()); err != nil {
		return h.followAgain(w, r, err, f.values.Get("code"))
	}
	pledge := f.ID("pledge")
	by, err := h.wishBy(r, f)
	if err != nil {
		return h.wishFailed(w, r, err, by)
	}
	name, number, err := h.Exchange.HelperNumber(r.Context(), by.key, byReporter(), visitOf(r).id, pledge)
	if e := errs.As(err); err != nil && (e == nil || e.Kind != errs.Conflict) {
		return h.wishFailed(w, r, err, by)
	}
	return h.wishDraw(w, r, by, http.StatusOK, func(p *layout.Page, d *view.Following) {
		if err != nil {
			p.Flash = &layout.Flash{Kind: layout.Failed, Text: errs.As(err).Message.In(lang(r))}
			return
		}
		d.Shown, d.Name, d.Number = pledge, name, number
	})
}

// ownWishes are the needs on the first page of an account.
func (h *Handler) ownWishes(r *http.Request, z resident.Session) ([]ownpage.Wish, error) {
	list, err := h.Exchange.OwnNeeds(r.Context(), wishHolder(z))
	var out []ownpage.Wish
	for _, c := range list {
		out = append(out, ownpage.Wish{Card: c, State: view.StateOf(c.State)})
	}
	return out, err
}
