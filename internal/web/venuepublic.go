package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/venue"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/venue"
)

func (h *Handler) venuePublicRoutes() []route {
	return []route{
		{pattern: "GET " + view.PublicPath, who: everyone, serve: h.placesPage},
		{pattern: "GET " + view.PublicPath + "/{id}", who: everyone, serve: h.sharedPage},
		{pattern: "GET " + view.PublicPath + "/{id}/book", who: everyone, serve: h.placeBookPage},
		{pattern: "POST " + view.PublicPath + "/{id}/book", who: everyone, serve: h.placeBook},
		{pattern: "POST " + view.PublicPath + "/rate", who: everyone, serve: h.placeAct("rate", h.placeRate)},
		{pattern: "POST " + view.PublicPath + "/cancel", who: everyone, serve: h.placeAct("cancel", h.placeCancel)},
		{pattern: "GET " + view.DoorPath, who: everyone, serve: h.doorPage},
		{pattern: "POST " + view.DoorPath, who: everyone, serve: h.doorCheckIn},
	}
}

// A whole club behind one address books its evenings; who books a hall out for fun is stopped.
const (
	placesPerMinute = 1
	placesAtOnce    = 12
)

// placesPage is public: what can be booked. It names nobody.
func (h *Handler) placesPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	tenant, err := h.district(r, q.Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	list, err := h.Venue.Public(r.Context(), tenant, venue.ListFilter{Kind: venue.Kind(q.Get("kind")), Community: queryID(r, "c"), Text: q.Get("q"), Free: queryDay(r, "free"), Page: pageOf(r)})
	if err != nil {
		return err
	}
	v := view.Public{Items: list.Items, Query: q, Before: list.Prev, After: list.Next, District: q.Get(districtKey), Today: h.today()}
	places, err := h.Casework.Communities(r.Context(), tenant)
	if err != nil {
		return err
	}
	for _, c := range places {
		v.Communities = append(v.Communities, field.Option{Value: c.ID.String(), Text: i18n.Verbatim(c.Name)})
	}
	return h.show(w, r, view.PublicIndex(h.public(w, r, i18n.VenuePublic), v))
}

func (h *Handler) sharedPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	tenant, err := h.district(r, q.Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	of, err := pathID(r)
	if err != nil {
		return err
	}
	o := view.PublicOne{First: queryDay(r, "w"), Today: h.today(), District: q.Get(districtKey)}
	if o.First.Before(o.Today) {
		o.First = o.Today
	}
	if o.Venue, o.Columns, err = h.Venue.PublicWeek(r.Context(), tenant, of, o.First, 7); err != nil {
		return err
	}
	return h.show(w, r, view.PublicPlace(h.public(w, r, i18n.Verbatim(o.Name)), o))
}

func (h *Handler) placeBookPage(w http.ResponseWriter, r *http.Request) error {
	tenant, err := h.district(r, r.URL.Query().Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	v := atOf(r)
	v[districtKey] = r.URL.Query()[districtKey]
	return h.show(w, r, orFault(h.placeBookForm(w, r, tenant, newKey(), field.Form{Values: v})))
}

func (h *Handler) placeBookForm(w http.ResponseWriter, r *http.Request, tenant int64, key string, f field.Form) (templ.Component, error) {
	of, err := pathID(r)
	if err != nil {
		return nil, err
	}
	v, _, err := h.Venue.PublicWeek(r.Context(), tenant, of, h.today(), 1)
	if err != nil {
		return nil, err
	}
	b := view.BookForm{Form: f, Venue: v, Key: key, District: f.Values.Get(districtKey)}
	if b.Times, err = venue.MissedTimes.On(r.Context(), h.DB, tenant, h.today()); err != nil {
		return nil, err
	}
	p := h.public(w, r, i18n.Verbatim(i18n.VenueBookTitle.In(lang(r), v.Name)))
	if r.Method != http.MethodGet {
		p.Prefs = ""
	}
	return view.PublicBook(p, b), nil
}

// placeBook takes a time and answers with the receipt, which is no address: the code stands in none.
func (h *Handler) placeBook(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	tenant, err := h.district(r, f.values.Get(districtKey))
	if err != nil {
		return err
	}
	of, err := pathID(r)
	if err != nil {
		return err
	}
	in := askingOf(f, of)
	if z, ok, err := h.session(r); err != nil {
		return err
	} else if ok && z.Tenant == tenant {
		in.PersonID = z.PersonID
	} else if a := actor(r); a.Tenant == tenant {
		in.PersonID = a.PersonID
	}
	var got venue.Receipt
	if err = f.Err(); err == nil {
		err = in.CheckPublic()
	}
	if err == nil { // what is not filled in does not count
		err = h.placeBookings.Allow(network(r), h.DB.Now())
	}
	if err == nil {
		got, err = h.Venue.BookPublic(r.Context(), tenant, byReporter(), visitOf(r).id, in)
	}
	if err != nil {
		return h.ownAgain(w, r, err, func(e *errs.Error) templ.Component {
			return orFault(h.placeBookForm(w, r, tenant, f.values.Get("key"), f.Show(e)))
		})
	}
	v, _, err := h.Venue.PublicWeek(r.Context(), tenant, of, h.today(), 1)
	if err != nil {
		return err
	}
	out := view.Receipt{Receipt: got, Venue: v.Name, When: view.When(r.Context(), in.Starts, in.Ends), Page: h.base(r) + followPath, District: f.values.Get(districtKey)}
	if got.Code != "" {
		if out.QR, err = qrPicture(out.Page + "?c=" + url.QueryEscape(got.Code)); err != nil {
			return err
		}
	}
	title := i18n.VenueReceipt
	if got.State == venue.Asked {
		title = i18n.VenueReceiptAsk
	}
	return h.show(w, r, view.Taken(h.answered(w, r, title, ""), out))
}

// placeDraw shows a booking to who booked it.
func (h *Handler) placeDraw(w http.ResponseWriter, r *http.Request, typed string, code int, with func(*layout.Page, *view.Following)) error {
	f, err := h.Venue.ToBooker(r.Context(), typed)
	if err != nil {
		return err
	}
	d := view.Following{Followed: f, Rate: field.Form{ID: "rate-", Values: url.Values{}}, Leave: field.Form{ID: "leave-", Values: url.Values{}}}
	w.Header().Set("Referrer-Policy", "no-referrer") // the code may stand in the address that the picture on the receipt gave
	p := h.answered(w, r, i18n.VenueFollowTitle, typed)
	if with != nil {
		with(&p, &d)
	}
	return h.answer(w, r, code, view.Follow(p, d))
}

// placeAct does something with a booking for who holds its code and shows it again, with what happened said.
func (h *Handler) placeAct(name string, act func(*http.Request, *form, string) (i18n.Text, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		typed := f.values.Get("code")
		if err := h.follows.Allow(network(r), h.DB.Now()); err != nil {
			return h.followAgain(w, r, err, typed)
		}
		said, err := act(r, f, typed)
		if err == nil {
			return h.placeDraw(w, r, typed, http.StatusOK, func(p *layout.Page, _ *view.Following) {
				p.Flash = &layout.Flash{Kind: layout.Done, Text: said.In(lang(r))}
			})
		}
		e := errs.As(err)
		if e == nil || e.Kind != errs.Invalid && e.Kind != errs.Conflict {
			return h.followAgain(w, r, err, typed)
		}
		return h.placeDraw(w, r, typed, status(e.Kind), func(p *layout.Page, d *view.Following) {
			if e.Kind == errs.Conflict {
				p.Flash = &layout.Flash{Kind: layout.Failed, Text: e.Message.In(lang(r))}
				return
			}
			own := map[string]*field.Form{"rate": &d.Rate, "cancel": &d.Leave}[name]
			shown := f.Show(e)
			own.Values, own.Err = shown.Values, shown.Err
		})
	}
}

func (h *Handler) placeRate(r *http.Request, f *form, typed string) (i18n.Text, error) {
	in := venue.Rating{Stars: f.Int("stars"), Words: f.values.Get("words")}
	if err := f.Err(); err != nil {
		return i18n.Text{}, err
	}
	return i18n.VenueRated, h.Venue.RateBy(r.Context(), typed, byReporter(), visitOf(r).id, in)
}

func (h *Handler) placeCancel(r *http.Request, f *form, typed string) (i18n.Text, error) {
	return i18n.VenueOffDone, h.Venue.CancelBy(r.Context(), typed, byReporter(), visitOf(r).id, f.values.Get("words"))
}

// doorPage is where the picture at the door leads.
func (h *Handler) doorPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.doorDraw(w, r, r.URL.Query().Get("k"), field.Form{Values: url.Values{}}, false)))
}

func (h *Handler) doorDraw(w http.ResponseWriter, r *http.Request, door string, f field.Form, done bool) (templ.Component, error) {
	_, v, err := h.Venue.AtDoor(r.Context(), door)
	if errs.KindOf(err) == errs.NotFound {
		err = errs.New(errs.NotFound, i18n.VenueDoorNone)
	}
	p := h.public(w, r, i18n.VenueDoorTitle)
	if r.Method != http.MethodGet {
		p.Prefs = ""
	}
	return view.DoorPage(p, view.Door{Form: f, Venue: v, Door: door, Done: done}), err
}

// doorCheckIn takes the code that somebody types in at the door. Only what is wrong counts as a guess.
func (h *Handler) doorCheckIn(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	door := f.values.Get("door")
	if err = h.follows.Allow(network(r), h.DB.Now()); err == nil {
		if _, _, err = h.Venue.AtDoor(r.Context(), door); err != nil {
			return err
		}
		if err = h.Venue.CheckInBy(r.Context(), door, f.values.Get("code"), byReporter(), visitOf(r).id); errs.KindOf(err) == errs.NotFound {
			if err = h.guesses.Allow(network(r), h.DB.Now()); err == nil {
				err = errs.Field("code", i18n.VenueDoorWrong)
			}
		}
	}
	if err != nil {
		return h.ownAgain(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.doorDraw(w, r, door, f.Show(e), false)) })
	}
	return h.show(w, r, orFault(h.doorDraw(w, r, door, field.Form{Values: url.Values{}}, true)))
}

// isBooking says whether a code is that of a booking.
func (h *Handler) isBooking(r *http.Request, typed string) (bool, error) {
	_, err := h.Venue.ToBooker(r.Context(), typed)
	if errs.KindOf(err) == errs.NotFound {
		return false, nil
	}
	return err == nil, err
}
