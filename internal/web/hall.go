package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/hall"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/technician"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/hall"
	"linli/internal/web/view/layout"
)

func (h *Handler) hallRoutes() []route {
	see, manage := may(hall.PermSee, hall.PermServe), may(hall.PermManage)
	figures := may(hall.PermSee)
	act := func(done i18n.Text, do func(r *http.Request, f *form, v id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(done, do), view.Href, h.hallShown)
	}
	return []route{
		{pattern: "GET /halls", who: see, serve: h.hallsPage},
		{pattern: "GET /halls/new", who: manage, serve: h.hallNewPage},
		{pattern: "POST /halls", who: manage, serve: h.hallCreate},
		{pattern: "GET /halls/{id}", who: see, serve: h.hallPage},
		{pattern: "GET /halls/{id}/edit", who: manage, serve: h.hallEditPage},
		{pattern: "POST /halls/{id}/edit", who: manage, serve: h.hallEdit},
		{pattern: "POST /halls/{id}/end", who: manage, serve: act(i18n.HallSaved, func(r *http.Request, f *form, v id.ID) error {
			return h.Hall.End(r.Context(), actor(r), v, f.Version())
		})},
		{pattern: "POST /halls/{id}/resume", who: manage, serve: act(i18n.HallSaved, func(r *http.Request, f *form, v id.ID) error {
			return h.Hall.Resume(r.Context(), actor(r), v, f.Version())
		})},
		{pattern: "POST /halls/{id}/counters", who: manage, serve: act(i18n.HallSaved, func(r *http.Request, f *form, v id.ID) error {
			n := counterEntry(f)
			if err := f.Err(); err != nil {
				return err
			}
			return h.Hall.AddCounter(r.Context(), actor(r), v, n)
		})},
		{pattern: "GET /halls/offices", who: manage, serve: h.hallOffices},
		{pattern: "GET /halls/{id}/figures", who: figures, serve: h.hallFigures},
		{pattern: "GET /halls/{id}/tickets", who: figures, serve: h.hallTickets},
		{pattern: "GET /halls/{id}/tickets/export", who: figures, serve: h.exportHallTickets},
		{pattern: "GET /hall/counters/{id}/edit", who: manage, serve: h.counterEditPage},
		{pattern: "POST /hall/counters/{id}/edit", who: manage, serve: h.counterEdit},
		{pattern: "POST /hall/counters/{id}/vacate", who: manage, serve: h.counterVacate},
		{pattern: "POST /hall/counters/{id}/remove", who: manage, serve: h.counterRemove},
		{pattern: "GET /hall/tickets/{id}", who: see, serve: h.hallTicketPage},
	}
}

func counterEntry(f *form) hall.NewCounter {
	return hall.NewCounter{Number: f.Int("number"), Name: f.Text("name", hall.MaxName), OrgID: f.ID("org"), Windows: f.Strings("windows"), Version: f.Version()}
}

// hallOffices answers the choosing of the organisation whose counter it is.
func (h *Handler) hallOffices(w http.ResponseWriter, r *http.Request) error {
	return h.caseMatches(w, r, func(id.ID) bool { return true }, append(casework.RouteKinds(), organisation.Working, organisation.Community, organisation.Committee)...)
}

// seesHalls is where the actor sees halls: to look at, or to sit in.
func seesHalls(a authz.Actor) authz.Scope { return a.Scope(hall.PermSee).Or(a.Scope(hall.PermServe)) }

func (h *Handler) hallsPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Hall.List(r.Context(), actor(r), hall.ListFilter{Show: r.URL.Query().Get("show"), Page: pageOf(r)})
	if err != nil {
		return err
	}
	l := view.List{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Manages: actor(r).Can(hall.PermManage), Serves: actor(r).Can(hall.PermServe), Now: h.Hall.Now()}
	if l.Hours, err = h.Hall.HoursOfAll(r.Context(), actor(r).Tenant, list.Items); err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.HallTitle), l))
}

func (h *Handler) hallCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.HallTitle.In(lang(r)), Href: view.Path}}
	return p
}

func (h *Handler) hallNewPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.hallForm(w, r, 0, field.Form{Values: url.Values{"by_phone": {"1"}}})))
}

func (h *Handler) hallForm(w http.ResponseWriter, r *http.Request, v id.ID, f field.Form) (templ.Component, error) {
	orgs, err := h.organisationOptions(r, actor(r).Scope(hall.PermManage), organisation.Working, organisation.Community)
	if err != nil {
		return nil, err
	}
	title := i18n.HallNew
	if v != 0 {
		title = i18n.HallEdit
	}
	return view.Edit(h.hallCrumbs(w, r, title), view.New{Form: f, ID: v, Orgs: orgs}), nil
}

func hallEntry(f *form) hall.NewHall {
	n := hall.NewHall{Name: f.Text("name", hall.MaxName), OrgID: f.ID("org"), Place: f.Text("place", hall.MaxPlace), ByPhone: f.Bool("by_phone"), Holidays: f.Bool("holidays"), Version: f.Version()}
	for i := range 7 {
		n.Week = append(n.Week, f.Text(technician.WeekField(i+1), 60))
	}
	return n
}

func (h *Handler) hallCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := hallEntry(f)
	var v id.ID
	if err = f.Err(); err == nil {
		v, err = h.Hall.Create(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.hallForm(w, r, 0, f.Show(e))) })
	}
	return h.done(w, r, view.Href(v), i18n.HallCreated, n.Name)
}

func (h *Handler) hallEditPage(w http.ResponseWriter, r *http.Request) error {
	v, err := pathID(r)
	if err != nil {
		return err
	}
	got, err := h.Hall.Get(r.Context(), actor(r), v)
	if err != nil {
		return err
	}
	return h.show(w, r, orFault(h.hallForm(w, r, v, field.Form{Values: view.Values(got)})))
}

func (h *Handler) hallEdit(w http.ResponseWriter, r *http.Request) error {
	return h.acted(saying(i18n.HallSaved, func(r *http.Request, f *form, v id.ID) error {
		n := hallEntry(f)
		if err := f.Err(); err != nil {
			return err
		}
		return h.Hall.Edit(r.Context(), actor(r), v, n)
	}), view.Href, func(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
		v, err := pathID(r)
		if err != nil {
			return nil, err
		}
		return h.hallForm(w, r, v, f)
	})(w, r)
}

func (h *Handler) hallPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.hallShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) hallShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	v, err := pathID(r)
	if err != nil {
		return nil, err
	}
	a := actor(r)
	s := view.Show{Sent: sent, Office: h.label(r, sent.Values.Get("org")), Base: h.base(r), Now: h.Hall.Now()}
	if s.Hall, err = h.Hall.Get(r.Context(), a, v); err != nil {
		return nil, err
	}
	if s.Hours, err = h.Hall.HoursOf(r.Context(), s.Hall); err != nil {
		return nil, err
	}
	if s.Windows, err = h.Hall.Windows(r.Context(), a.Tenant); err != nil {
		return nil, err
	}
	s.Manages, s.Serves = a.Scope(hall.PermManage).Covers(s.OrgID), a.Scope(hall.PermServe).Covers(s.OrgID)
	if s.ByPhone {
		if s.QR, err = qrPicture(s.Base + view.KioskHref(s.Address(), false)); err != nil {
			return nil, err
		}
	}
	return view.One(h.hallCrumbs(w, r, i18n.Verbatim(s.Name)), s), nil
}

func (h *Handler) counterForm(w http.ResponseWriter, r *http.Request, c hall.Counter, f field.Form) (templ.Component, error) {
	all, err := h.Hall.Windows(r.Context(), actor(r).Tenant)
	if err != nil {
		return nil, err
	}
	return view.CounterEdit(h.hallCrumbs(w, r, i18n.Verbatim(i18n.HallCounterN.In(lang(r), c.Number))), view.CounterForm{Form: f, ID: c.ID, HallID: c.HallID, Windows: all, Office: h.label(r, f.Values.Get("org"))}), nil
}

func (h *Handler) counterEditPage(w http.ResponseWriter, r *http.Request) error {
	v, err := pathID(r)
	if err != nil {
		return err
	}
	c, err := h.Hall.Counter(r.Context(), actor(r), v)
	if err != nil {
		return err
	}
	return h.show(w, r, orFault(h.counterForm(w, r, c, field.Form{Values: view.CounterValues(c)})))
}

// counterDone does something to a counter and goes back to its hall.
func (h *Handler) counterDone(w http.ResponseWriter, r *http.Request, do func(f *form, c hall.Counter) error) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	v, err := pathID(r)
	if err != nil {
		return err
	}
	c, err := h.Hall.Counter(r.Context(), actor(r), v)
	if err != nil {
		return err
	}
	if err := do(f, c); err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			shown := f.Show(e)
			if shown.Values.Get("number") == "" { // nothing but the version was sent
				shown.Values = view.CounterValues(c)
			}
			return orFault(h.counterForm(w, r, c, shown))
		})
	}
	return h.done(w, r, view.Href(c.HallID), i18n.HallSaved)
}

func (h *Handler) counterEdit(w http.ResponseWriter, r *http.Request) error {
	return h.counterDone(w, r, func(f *form, c hall.Counter) error {
		n := counterEntry(f)
		if err := f.Err(); err != nil {
			return err
		}
		return h.Hall.EditCounter(r.Context(), actor(r), c.ID, n)
	})
}

func (h *Handler) counterRemove(w http.ResponseWriter, r *http.Request) error {
	return h.counterDone(w, r, func(f *form, c hall.Counter) error {
		return h.Hall.RemoveCounter(r.Context(), actor(r), c.ID, f.Version())
	})
}

func (h *Handler) counterVacate(w http.ResponseWriter, r *http.Request) error {
	return h.counterDone(w, r, func(_ *form, c hall.Counter) error { return h.Hall.Vacate(r.Context(), actor(r), c.ID) })
}

func hallDays(r *http.Request) (d hall.Days) {
	q := r.URL.Query()
	d.From, _ = calendar.Parse(q.Get("from")) // no day is today
	d.To, _ = calendar.Parse(q.Get("to"))
	return d
}

func (h *Handler) hallFigures(w http.ResponseWriter, r *http.Request) error {
	v, err := pathID(r)
	if err != nil {
		return err
	}
	f := view.Figures{}
	if f.Hall, err = h.Hall.Get(r.Context(), actor(r), v); err != nil {
		return err
	}
	if f.Report, err = h.Hall.Report(r.Context(), actor(r), v, hallDays(r)); err != nil {
		return err
	}
	return h.show(w, r, view.FiguresPage(h.hallCrumbs(w, r, i18n.Verbatim(f.Hall.Name)), f))
}

func ticketFilter(r *http.Request, v id.ID) hall.TicketFilter {
	q := r.URL.Query()
	return hall.TicketFilter{HallID: v, Days: hallDays(r), Window: q.Get("window"), State: hall.State(q.Get("state")), Item: queryID(r, "item"), First: q.Get("first") != "", WithCase: q.Get("case") != "", Page: pageOf(r)}
}

func (h *Handler) hallTickets(w http.ResponseWriter, r *http.Request) error {
	v, err := pathID(r)
	if err != nil {
		return err
	}
	f := ticketFilter(r, v)
	l := view.Tickets{Query: r.URL.Query(), Days: f.Days.Tidy(calendar.DateOf(h.Hall.Now()))}
	if l.Hall, err = h.Hall.Get(r.Context(), actor(r), v); err != nil {
		return err
	}
	list, err := h.Hall.Tickets(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	l.Items, l.Before, l.After = list.Items, list.Prev, list.Next
	if l.Windows, err = h.Hall.Windows(r.Context(), actor(r).Tenant); err != nil {
		return err
	}
	return h.show(w, r, view.TicketsPage(h.hallCrumbs(w, r, i18n.Verbatim(l.Hall.Name)), l))
}

func (h *Handler) exportHallTickets(w http.ResponseWriter, r *http.Request) error {
	v, err := pathID(r)
	if err != nil {
		return err
	}
	type t = hall.Ticket
	f := ticketFilter(r, v)
	return exportList(h, w, r, i18n.HallTabTickets, []exportColumn[t]{
		{title: i18n.HallNumber, value: func(v t) any { return v.Label() }},
		{title: i18n.HallDay, value: func(v t) any { return v.Day.String() }},
		{title: i18n.HallTitle, value: func(v t) any { return v.Hall }},
		{title: i18n.HallWindow, value: func(v t) any { return v.WindowName }},
		{title: i18n.HallMatter, value: func(v t) any { return v.Item }},
		{title: i18n.HallChannel, value: func(v t) any { return v.Channel.Text() }},
		{title: i18n.HallFirst, value: func(v t) any {
			if v.Priority == hall.Usual {
				return i18n.Text{}
			}
			return i18n.HallFirst
		}},
		{title: i18n.HallTakenAt, value: func(v t) any { return i18n.DateTime(v.TakenAt) }},
		{title: i18n.HallWaited, number: true, value: func(v t) any { return int64(v.Waited().Minutes()) }},
		{title: i18n.HallServedFor, number: true, value: func(v t) any { return int64(v.Served().Minutes()) }},
		{title: i18n.HallState, value: func(v t) any { return v.State.Text() }},
		{title: i18n.HallCase, value: func(v t) any { return v.CaseNo }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Hall.Tickets(ctx, actor(r), f)
	}))
}

func (h *Handler) hallTicketPage(w http.ResponseWriter, r *http.Request) error {
	v, err := pathID(r)
	if err != nil {
		return err
	}
	t, steps, err := h.Hall.Ticket(r.Context(), actor(r), v)
	if err != nil {
		return err
	}
	p := h.hallCrumbs(w, r, i18n.Verbatim(i18n.HallTicketTitle.In(lang(r), t.Label())))
	p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: t.Hall, Href: view.Href(t.HallID)})
	return h.show(w, r, view.NumberPage(p, t, steps))
}
