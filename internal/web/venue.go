package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/technician"
	"linli/internal/venue"
	exchangeview "linli/internal/web/view/exchange"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/venue"
)

func (h *Handler) venueRoutes() []route {
	look, keep, book := may(venue.PermSee, venue.PermBook, venue.PermKeep), may(venue.PermKeep), may(venue.PermBook)
	act := func(name string, who who, done i18n.Text, do func(r *http.Request, f *form, b id.ID) error) route {
		return route{pattern: "POST " + view.BookingsPath + "/{id}/" + name, who: who, serve: h.acted(saying(done, do), view.BookingHref, h.bookingShown)}
	}
	theirs := may(venue.PermKeep, venue.PermBook)
	return []route{
		{pattern: "GET " + view.Path, who: look, serve: h.venuesPage},
		{pattern: "GET " + view.Path + "/export", who: look, serve: h.exportVenues},
		{pattern: "GET " + view.Path + "/new", who: keep, serve: h.venueNewPage},
		{pattern: "POST " + view.Path, who: keep, serve: h.venueSave},
		{pattern: "GET " + view.FiguresPath, who: may(venue.PermSee), serve: h.venueFigures},
		{pattern: "GET " + view.FiguresPath + "/export", who: may(venue.PermSee), serve: h.exportVenueFigures},
		{pattern: "GET " + view.Path + "/{id}", who: look, serve: h.venuePage},
		{pattern: "GET " + view.Path + "/{id}/edit", who: keep, serve: h.venueEditPage},
		{pattern: "POST " + view.Path + "/{id}", who: keep, serve: h.venueSave},
		{pattern: "POST " + view.Path + "/{id}/day", who: keep, serve: h.acted(h.venueDay, view.Href, h.venueAgain)},
		{pattern: "POST " + view.Path + "/{id}/stop", who: keep, serve: h.acted(h.venueStop, view.Href, h.venueAgain)},
		{pattern: "POST " + view.Path + "/{id}/resume", who: keep, serve: h.acted(saying(i18n.VenueSaved, func(r *http.Request, f *form, v id.ID) error {
			return h.Venue.Resume(r.Context(), actor(r), v, f.Version())
		}), view.Href, h.venueAgain)},
		{pattern: "GET " + view.Path + "/{id}/book", who: book, serve: h.venueBookPage},
		{pattern: "POST " + view.Path + "/{id}/book", who: book, serve: h.venueBook},
		{pattern: "GET " + view.Path + "/{id}/sheet", who: keep, serve: h.venueSheet},
		{pattern: "GET " + view.Path + "/{id}/calendar.ics", who: look, serve: h.venueICS},
		{pattern: "GET " + view.BookingsPath, who: may(venue.PermSee), serve: h.bookingsPage},
		{pattern: "GET " + view.BookingsPath + "/export", who: may(venue.PermSee), serve: h.exportBookings},
		{pattern: "GET " + view.BookingsPath + "/{id}", who: may(venue.PermSee), serve: h.bookingPage},
		{pattern: "POST " + view.BookingsPath + "/{id}/reveal", who: may(venue.PermReveal), serve: h.bookingReveal},
		act("agree", keep, i18n.VenueSaved, func(r *http.Request, f *form, b id.ID) error {
			return h.Venue.Agree(r.Context(), actor(r), b, f.Version())
		}),
		act("refuse", keep, i18n.VenueSaved, func(r *http.Request, f *form, b id.ID) error {
			return h.Venue.Refuse(r.Context(), actor(r), b, f.Version(), f.Text("reason", venue.MaxPurpose))
		}),
		act("cancel", theirs, i18n.VenueCancelled2, func(r *http.Request, f *form, b id.ID) error {
			return h.Venue.Cancel(r.Context(), actor(r), b, f.Version(), f.Text("reason", venue.MaxPurpose))
		}),
		act("check_in", keep, i18n.VenueSaved, func(r *http.Request, f *form, b id.ID) error {
			return h.Venue.CheckIn(r.Context(), actor(r), b, f.Version())
		}),
		act("came", keep, i18n.VenueSaved, func(r *http.Request, f *form, b id.ID) error {
			return h.Venue.Came(r.Context(), actor(r), b, f.Version())
		}),
		act("move", theirs, i18n.VenueSaved, func(r *http.Request, f *form, b id.ID) error {
			starts, ends := f.stretch()
			if err := f.Err(); err != nil {
				return err
			}
			return h.Venue.Move(r.Context(), actor(r), b, f.Version(), starts, ends)
		}),
	}
}

// stretch reads from when and for how long.
func (f *form) stretch() (starts, ends time.Time) {
	starts = f.Time("starts")
	return starts, starts.Add(time.Duration(f.Int("minutes")) * time.Minute)
}

// queryDay reads a day among the filters in the address; none if it is none.
func queryDay(r *http.Request, name string) calendar.Date {
	d, err := calendar.Parse(r.URL.Query().Get(name))
	if err != nil {
		return calendar.Date{}
	}
	return d
}

// queryMonth reads a month among the filters in the address; none if it is none.
func queryMonth(r *http.Request, name string) calendar.Date {
	d, err := calendar.Parse(r.URL.Query().Get(name) + "-01")
	if err != nil {
		return calendar.Date{}
	}
	return d
}

func venueFilter(r *http.Request) venue.ListFilter {
	q := r.URL.Query()
	return venue.ListFilter{Kind: venue.Kind(q.Get("kind")), Community: queryID(r, "community"), Text: q.Get("q"), Own: q.Get("show") == view.ShowOwn, Ended: q.Get("show") == view.ShowEnded, Free: queryDay(r, "free"), Page: pageOf(r)}
}

func (h *Handler) venuesPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Venue.List(r.Context(), actor(r), venueFilter(r))
	if err != nil {
		return err
	}
	l := view.List{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Keeps: actor(r).Can(venue.PermKeep), Today: h.today()}
	if l.Places, err = h.communityOptions(r, actor(r).Scope(venue.PermSee)); err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.VenueTitle), l))
}

func (h *Handler) exportVenues(w http.ResponseWriter, r *http.Request) error {
	type t = venue.Row
	f, today := venueFilter(r), h.today()
	return exportList(h, w, r, i18n.VenueTitle, []exportColumn[t]{
		{title: i18n.VenueName, value: func(v t) any { return v.Name }},
		{title: i18n.VenueKind, value: func(v t) any { return v.Kind.Text() }},
		{title: i18n.VenueOwner, value: func(v t) any { return v.Org }},
		{title: i18n.VenueWhere, value: func(v t) any { return v.Community }},
		{title: i18n.VenueAddress, value: func(v t) any { return v.Address }},
		{title: i18n.VenueCapacity, number: true, value: func(v t) any { return v.Capacity }},
		{title: i18n.VenueTerms, value: func(v t) any { return v.Terms.Text() }},
		{title: i18n.VenueAudience, value: func(v t) any { return v.Audience.Text() }},
		{title: i18n.VenueOpenWeek, value: func(v t) any { return view.Week(r.Context(), v.Venue, today) }},
		{title: i18n.VenueContact, value: func(v t) any { return v.Contact }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Venue.List(ctx, actor(r), f)
	}))
}

func (h *Handler) venueCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, args ...any) layout.Page {
	p := h.page(w, r, title, args...)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.VenueTitle.In(lang(r)), Href: view.Path}}
	return p
}

func (h *Handler) venueNewPage(w http.ResponseWriter, r *http.Request) error {
	v := url.Values{}
	for day := 1; day <= 5; day++ {
		v.Set(technician.WeekField(day), "08:00-12:00 14:00-18:00")
	}
	return h.show(w, r, orFault(h.venueForm(w, r, venue.Venue{}, field.Form{Values: v})))
}

func (h *Handler) venueForm(w http.ResponseWriter, r *http.Request, v venue.Venue, f field.Form) (templ.Component, error) {
	orgs, err := h.organisationOptions(r, actor(r).Scope(venue.PermKeep), organisation.District, organisation.Working, organisation.Community, organisation.Unit)
	if err != nil {
		return nil, err
	}
	communities, err := h.communityOptions(r, actor(r).Scope(venue.PermKeep))
	if err != nil {
		return nil, err
	}
	title := i18n.VenueNew
	if v.ID != 0 {
		title = i18n.VenueEdit
	}
	p := h.venueCrumbs(w, r, title)
	if v.ID != 0 {
		p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: v.Name, Href: view.Href(v.ID)})
	}
	return view.Edit(p, view.Form{Form: f, ID: v.ID, Name: v.Name, Orgs: orgs, Communities: communities}), nil
}

func (h *Handler) venueEditPage(w http.ResponseWriter, r *http.Request) error {
	v, err := h.venueKept(r)
	if err != nil {
		return err
	}
	n := func(x int64) string { return strconv.FormatInt(x, 10) }
	f := url.Values{"org": {v.OrgID.String()}, "community": {v.CommunityID.String()}, "kind": {string(v.Kind)}, "name": {v.Name}, "address": {v.Address}, "capacity": {n(v.Capacity)}, "facilities": {v.Facilities}, "terms": {string(v.Terms)},
		"price": {v.Price}, "rules": {v.Rules}, "contact": {v.Contact}, "audience": {string(v.Audience)}, "ahead": {n(v.Ahead)}, "longest": {n(v.Longest)}, "slot": {n(v.Slot)}, "version": {n(v.Version)}}
	for name, on := range map[string]bool{"approves": v.Approves, "holidays": v.Holidays} {
		if on {
			f.Set(name, "1")
		}
	}
	week := v.WeekOn(h.today())
	for day := 1; day <= 7; day++ {
		f.Set(technician.WeekField(day), strings.ReplaceAll(technician.Hours(week, day), "-00:00", "-24:00"))
	}
	return h.show(w, r, orFault(h.venueForm(w, r, v, field.Form{Values: f})))
}

// venueKept is the place of an address, as long as the actor keeps it.
func (h *Handler) venueKept(r *http.Request) (venue.Venue, error) {
	of, err := pathID(r)
	if err != nil {
		return venue.Venue{}, err
	}
	v, keeps, err := h.Venue.Venue(r.Context(), actor(r), of)
	if err == nil && !keeps {
		err = errs.ErrNotFound
	}
	return v, err
}

func (h *Handler) venueSave(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var v venue.Venue
	if r.PathValue("id") != "" {
		if v, err = h.venueKept(r); err != nil {
			return err
		}
	}
	n := venue.NewVenue{OrgID: f.ID("org"), CommunityID: f.ID("community"), Kind: venue.Kind(f.Text("kind", 20)), Name: f.Text("name", venue.MaxName), Address: f.Text("address", venue.MaxLine), Capacity: f.Int("capacity"),
		Facilities: f.Text("facilities", venue.MaxLine), Terms: exchange.Terms(f.Text("terms", 20)), Price: f.Text("price", venue.MaxName), Rules: f.Text("rules", venue.MaxWords), Contact: f.Text("contact", venue.MaxName),
		Audience: venue.Audience(f.Text("audience", 20)), Approves: f.Bool("approves"), Ahead: f.Int("ahead"), Longest: f.Int("longest"), Slot: f.Int("slot"), Holidays: f.Bool("holidays")}
	if v.ID != 0 {
		n.Version = f.Version()
	}
	for day := 1; day <= 7; day++ {
		n.Week = append(n.Week, f.Text(technician.WeekField(day), 60))
	}
	made, outside := v.ID, int64(0)
	if err = f.Err(); err == nil {
		made, outside, err = h.Venue.Save(r.Context(), actor(r), v.ID, n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.venueForm(w, r, v, f.Show(e))) })
	}
	if outside > 0 {
		return h.done(w, r, view.Href(made), i18n.VenueWeekMet, outside)
	}
	return h.done(w, r, view.Href(made), i18n.VenueSaved)
}

// venueDay says how a place is open on one day, and how many bookings that meets.
func (h *Handler) venueDay(r *http.Request, f *form, v id.ID) (i18n.Text, []any, error) {
	n := venue.NewDay{On: f.Date("day"), Hours: f.Text("hours", 60), Reason: f.Text("day_reason", venue.MaxLine), Usual: f.Bool("usual")}
	if err := f.Err(); err != nil {
		return i18n.Text{}, nil, err
	}
	outside, err := h.Venue.SetDay(r.Context(), actor(r), v, n)
	if err == nil && outside > 0 {
		return i18n.VenueDayMet, []any{outside}, nil
	}
	return i18n.VenueSaved, nil, err
}

// venueStop closes a place, and says how many bookings stand.
func (h *Handler) venueStop(r *http.Request, f *form, v id.ID) (i18n.Text, []any, error) {
	ahead, err := h.Venue.Stop(r.Context(), actor(r), v, f.Text("reason", venue.MaxLine), f.Version())
	if err == nil && ahead > 0 {
		return i18n.VenueStillAhead, []any{ahead}, nil
	}
	return i18n.VenueSaved, nil, err
}

func (h *Handler) venuePage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.venueAgain(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// venueFrame reads which days of its calendar the page of a place shows.
func venueFrame(r *http.Request, s *view.Show) (first calendar.Date, days int) {
	if first = queryDay(r, "on"); first.IsZero() {
		first = s.Today
	}
	switch s.View = view.View(r.URL.Query().Get("view")); s.View {
	case view.DayView:
		days = 1
	case view.MonthView:
		first = first.StartOfMonth()
		days = first.EndOfMonth().Day()
	default:
		s.View, first, days = view.WeekView, view.Monday(first), 7
	}
	s.First = first
	return first, days
}

// venueAgain is the page of a place; sent is the form that was not accepted.
func (h *Handler) venueAgain(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	v, err := pathID(r)
	if err != nil {
		return nil, err
	}
	s := view.Show{Today: h.today(), Books: actor(r).Can(venue.PermBook), Sent: sent, SentBy: sent.Values.Get(formKey)}
	first, days := venueFrame(r, &s)
	if s.Schedule, err = h.Venue.Calendar(r.Context(), actor(r), v, first, days); err != nil {
		return nil, err
	}
	return view.Place(h.venueCrumbs(w, r, i18n.Verbatim(s.Name)), s), nil
}

func (h *Handler) venueBookPage(w http.ResponseWriter, r *http.Request) error {
	v, err := pathID(r)
	if err != nil {
		return err
	}
	return h.show(w, r, orFault(h.venueBookForm(w, r, v, newKey(), field.Form{Values: bookOf(r)})))
}

// atOf is the time that the address names, as a form has it.
func atOf(r *http.Request) url.Values {
	v := url.Values{}
	if at, err := strconv.ParseInt(r.URL.Query().Get("at"), 10, 64); err == nil {
		v.Set("starts", field.Stamp(time.Unix(at, 0)))
	}
	return v
}

// bookOf is what the address says of a booking: the time, and the need for which it is made.
func bookOf(r *http.Request) url.Values {
	v := atOf(r)
	if n := queryID(r, "need"); n != 0 {
		v.Set("need", n.String())
	}
	return v
}

func (h *Handler) venueBookForm(w http.ResponseWriter, r *http.Request, of id.ID, key string, f field.Form) (templ.Component, error) {
	v, _, err := h.Venue.Venue(r.Context(), actor(r), of)
	if err != nil {
		return nil, err
	}
	b := view.BookForm{Form: f, Venue: v, Key: key}
	if b.Orgs, err = h.organisationOptions(r, actor(r).Scope(venue.PermBook), organisation.District, organisation.Working, organisation.Community, organisation.Unit); err != nil {
		return nil, err
	}
	if at, _ := actor(r).Roots(venue.PermBook); len(at) == 1 && f.Values.Get("org") == "" {
		f.Values.Set("org", at[0].String())
	}
	if of, err := id.Parse(f.Values.Get("need")); err == nil && of != 0 {
		n, err := h.Exchange.ToBook(r.Context(), actor(r), of)
		if err != nil {
			return nil, err
		}
		b.NeedID, b.Need, b.NeedHref = n.ID, n.Title, exchangeview.Href(n.ID)
		if !f.Values.Has("purpose") {
			f.Values.Set("purpose", n.Title)
			f.Filled = map[string]bool{"purpose": true}
		}
		if f.Values.Get("org") == "" && slices.ContainsFunc(b.Orgs, func(o field.Option) bool { return o.Value == n.CommunityID.String() }) {
			f.Values.Set("org", n.CommunityID.String())
		}
	}
	p := h.venueCrumbs(w, r, i18n.VenueBookTitle, v.Name)
	p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: v.Name, Href: view.Href(v.ID)})
	return view.Book(p, b), nil
}

// venueKey names one sending of the form of a booking.
func venueKey(f *form) string { return strings.Replace(sendingKey(f, nil), "case-", "venue-", 1) }

func askingOf(f *form, v id.ID) venue.Asking {
	in := venue.Asking{VenueID: v, People: f.Int("people"), Purpose: f.Text("purpose", venue.MaxPurpose), Name: f.Text("name", venue.MaxCalled), Phone: f.Text("phone", 40), Agree: f.Bool("agree"), Key: venueKey(f)}
	in.Starts, in.Ends = f.stretch()
	return in
}

func (h *Handler) venueBook(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	v, err := pathID(r)
	if err != nil {
		return err
	}
	in := askingOf(f, v)
	in.OrgID, in.NeedID = f.ID("org"), f.ID("need")
	var got venue.Receipt
	if err = f.Err(); err == nil {
		got, err = h.Venue.Book(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return orFault(h.venueBookForm(w, r, v, f.values.Get("key"), f.Show(e)))
		})
	}
	switch {
	case got.Code != "":
		return h.done(w, r, view.BookingHref(got.ID), i18n.VenueBookedCode, got.No, got.Code)
	case got.State == venue.Asked:
		return h.done(w, r, view.BookingHref(got.ID), i18n.VenueBookedAsk, got.No)
	}
	return h.done(w, r, view.BookingHref(got.ID), i18n.VenueBooked, got.No)
}

func (h *Handler) venueSheet(w http.ResponseWriter, r *http.Request) error {
	v, err := pathID(r)
	if err != nil {
		return err
	}
	s := view.Sheet{First: queryDay(r, "on")}
	if s.First.IsZero() {
		s.First = h.today()
	}
	s.First = view.Monday(s.First)
	code, err := h.Venue.Door(r.Context(), actor(r), v)
	if err != nil {
		return err
	}
	if s.Schedule, err = h.Venue.Calendar(r.Context(), actor(r), v, s.First, 7); err != nil {
		return err
	}
	s.Page = h.base(r) + view.DoorPath
	if s.QR, err = qrPicture(s.Page + "?k=" + url.QueryEscape(code)); err != nil {
		return err
	}
	p := h.page(w, r, i18n.VenueSheetTitle, s.Name)
	p.Back = view.Href(v)
	return h.show(w, r, view.SheetPaper(p, s))
}

func (h *Handler) venueICS(w http.ResponseWriter, r *http.Request) error {
	v, err := pathID(r)
	if err != nil {
		return err
	}
	name, file, err := h.Venue.ICS(r.Context(), actor(r), v, h.base(r))
	if err != nil {
		return err
	}
	attachment(w, name+".ics", "text/calendar; charset=utf-8")
	_, err = w.Write(file)
	return err
}

func bookingFilter(r *http.Request) venue.Filter {
	q := r.URL.Query()
	return venue.Filter{Venue: queryID(r, "venue"), State: venue.State(q.Get("state")), Wait: q.Get("wait"), Used: q.Get("used") != "", Off: q.Get("off") != "", Month: queryMonth(r, "month"), Text: q.Get("q"), Page: pageOf(r)}
}

func (h *Handler) bookingsPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Venue.Bookings(r.Context(), actor(r), bookingFilter(r))
	if err != nil {
		return err
	}
	p := h.venueCrumbs(w, r, i18n.VenueBookings)
	return h.show(w, r, view.BookingIndex(p, view.Bookings{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Today: h.today()}))
}

func (h *Handler) exportBookings(w http.ResponseWriter, r *http.Request) error {
	type t = venue.Booking
	f, l := bookingFilter(r), lang(r)
	return exportList(h, w, r, i18n.VenueBookings, []exportColumn[t]{
		{title: i18n.VenueNo, value: func(b t) any { return b.No }},
		{title: i18n.VenueName, value: func(b t) any { return b.Venue }},
		{title: i18n.VenueStarts, value: func(b t) any { return i18n.DateTime(b.Starts) }},
		{title: i18n.VenueHowLong, value: func(b t) any { return i18n.VenueHoursN.In(l, i18n.Hours(b.Minutes())) }},
		{title: i18n.VenueWho, value: func(b t) any { return view.Who(l, b) }},
		{title: i18n.VenueHowMany, number: true, value: func(b t) any { return b.People }},
		{title: i18n.VenueState, value: func(b t) any { return b.State.Text() }},
		{title: i18n.VenueChannel, value: func(b t) any { return b.Channel.Text() }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Venue.Bookings(ctx, actor(r), f)
	}))
}

func (h *Handler) bookingPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.bookingShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// bookingShown is the page of a booking; sent is the form that was not accepted.
func (h *Handler) bookingShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	b, err := pathID(r)
	if err != nil {
		return nil, err
	}
	a := actor(r)
	o := view.One{Sent: sent, SentBy: sent.Values.Get(formKey), Now: h.Venue.Now()}
	if o.Detail, err = h.Venue.Booking(r.Context(), a, b); err != nil {
		return nil, err
	}
	if o.NeedID != 0 && a.Scope(exchange.PermSee).Covers(o.OrgID) {
		o.NeedHref = exchangeview.Href(o.NeedID)
	}
	if reveal := a.Scope(venue.PermReveal); o.Resident && (reveal.Covers(o.OwnerID) || o.OrgID != 0 && reveal.Covers(o.OrgID)) {
		if o.Purposes, err = h.purposeOptions(r, i18n.VenueRevealWhy); err != nil {
			return nil, err
		}
	}
	p := h.venueCrumbs(w, r, i18n.VenueOneTitle, o.No)
	p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: i18n.VenueBookings.In(lang(r)), Href: view.BookingsPath})
	return view.Booking(p, o), nil
}

func (h *Handler) bookingReveal(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	b, err := pathID(r)
	if err != nil {
		return err
	}
	who, err := h.Venue.Reveal(r.Context(), actor(r), b, f.Text("purpose", 40))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.bookingShown(w, r, f.Show(e))) })
	}
	return h.show(w, r, view.Revealed(h.venueCrumbs(w, r, i18n.VenueRevealTitle, who.No), b, who))
}

func (h *Handler) venueMonth(r *http.Request) (calendar.Date, []venue.Line, error) {
	month := queryMonth(r, "month")
	if month.IsZero() {
		month = h.today().StartOfMonth()
	}
	lines, err := h.Venue.Figures(r.Context(), actor(r), month, queryID(r, "community"))
	return month, lines, err
}

func (h *Handler) venueFigures(w http.ResponseWriter, r *http.Request) error {
	month, lines, err := h.venueMonth(r)
	if err != nil {
		return err
	}
	f := view.Figures{Query: r.URL.Query(), Month: month, Lines: lines, Today: h.today()}
	if f.Places, err = h.communityOptions(r, actor(r).Scope(venue.PermSee)); err != nil {
		return err
	}
	return h.show(w, r, view.FiguresPage(h.venueCrumbs(w, r, i18n.VenueTabFigures), f))
}

func (h *Handler) exportVenueFigures(w http.ResponseWriter, r *http.Request) error {
	type t = venue.Line
	_, lines, err := h.venueMonth(r)
	if err != nil {
		return err
	}
	return exportList(h, w, r, i18n.VenueTabFigures, []exportColumn[t]{
		{title: i18n.VenueName, value: func(l t) any { return l.Venue.Name }},
		{title: i18n.VenueOwner, value: func(l t) any { return l.Venue.Org }},
		{title: i18n.VenueHoursOpen, number: true, value: func(l t) any { return i18n.Hours(l.Opened) }},
		{title: i18n.VenueHoursUsed, number: true, value: func(l t) any { return i18n.Hours(l.Used) }},
		{title: i18n.VenueCount, number: true, value: func(l t) any { return l.Bookings }},
		{title: i18n.VenueCountUsed, number: true, value: func(l t) any { return l.UsedTimes }},
		{title: i18n.VenueCountOff, number: true, value: func(l t) any { return l.Off }},
		{title: i18n.VenueCountMiss, number: true, value: func(l t) any { return l.Missed }},
	}, func(_ context.Context, yield func(t) error) error {
		for _, l := range lines {
			if err := yield(l); err != nil {
				return err
			}
		}
		return nil
	})
}
