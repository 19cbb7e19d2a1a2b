package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/dues"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	view "linli/internal/web/view/dues"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
)

// birthdayFilter reads the month and the filters of the political birthdays.
func (h *Handler) birthdayFilter(r *http.Request) dues.BirthdayFilter {
	q := r.URL.Query()
	m, err := dues.ParseMonth(q.Get("month"))
	if err != nil || m == 0 {
		m = h.thisMonth()
	}
	return dues.BirthdayFilter{Month: m, OrganisationID: queryID(r, "organisation"), Round: q.Get("show") == "round", Open: q.Get("show") == "open", Page: pageOf(r)}
}

func (h *Handler) birthdays(r *http.Request, list db.List[dues.Birthday], m dues.Month) (view.Birthdays, error) {
	b := view.Birthdays{Query: withUsual(r, "month", m.String()), Month: m, Items: list.Items, Prev: list.Prev, Next: list.Next, Greet: actor(r).Can(dues.PermGreet)}
	months := partial.Filter{Name: "month", Label: i18n.BirthdayMonth}
	for n := h.thisMonth() - 1; n <= h.thisMonth()+11; n++ {
		months.Options = append(months.Options, partial.Option{Value: n.String(), Text: i18n.Verbatim(n.String())})
	}
	b.Filters = []partial.Filter{months}
	places, err := h.placeOptions(r, actor(r).Scope(dues.PermBirthdays))
	if len(places) > 1 {
		b.Filters = append(b.Filters, partial.Filter{Name: "organisation", Label: i18n.BirthdayCommunity, Options: places})
	}
	b.Filters = append(b.Filters, partial.Filter{Name: "show", Label: i18n.BirthdayShow, Options: []partial.Option{{Value: "round", Text: i18n.BirthdayRound}, {Value: "open", Text: i18n.BirthdayOpen}}})
	return b, err
}

func (h *Handler) birthdaysBody(w http.ResponseWriter, r *http.Request) (templ.Component, error) {
	f := h.birthdayFilter(r)
	list, err := h.Dues.Birthdays(r.Context(), actor(r), f)
	if err != nil {
		return nil, err
	}
	b, err := h.birthdays(r, list, f.Month)
	return view.BirthdaysPage(h.page(w, r, i18n.BirthdayTitle), b), err
}

func (h *Handler) birthdaysPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.birthdaysBody(w, r)
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// allBirthdays reads every political birthday that the filters leave.
func (h *Handler) allBirthdays(r *http.Request, f dues.BirthdayFilter) func(context.Context, func(dues.Birthday) error) error {
	return pages(func(ctx context.Context, p db.Page) (db.List[dues.Birthday], error) {
		f.Page = p
		return h.Dues.Birthdays(ctx, actor(r), f)
	})
}

func (h *Handler) birthdaysPrint(w http.ResponseWriter, r *http.Request) error {
	f := h.birthdayFilter(r)
	items, err := first(r.Context(), h.allBirthdays(r, f), mostPrinted)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.BirthdayTitle)
	p.Back = view.BirthdaysPath
	return h.show(w, r, view.BirthdaysPaper(p, view.Birthdays{Month: f.Month, Items: items}))
}

func (h *Handler) exportBirthdays(w http.ResponseWriter, r *http.Request) error {
	type t = dues.Birthday
	f := h.birthdayFilter(r)
	return exportList(h, w, r, i18n.BirthdayTitle, []exportColumn[t]{
		{title: i18n.DuesColName, value: func(v t) any { return v.Name }},
		{title: i18n.BirthdayDay, value: func(v t) any { return v.On(f.Month.Year()) }},
		{title: i18n.BirthdayJoined, value: func(v t) any { return v.JoinedOn }},
		{title: i18n.BirthdayYears, number: true, value: func(v t) any { return int64(v.Years) }},
		{title: i18n.DuesBranch, value: func(v t) any { return v.Branch }},
		{title: i18n.BirthdayCommunity, value: func(v t) any { return v.Community }},
		{title: i18n.BirthdayState, value: func(v t) any { return v.Activity }},
	}, h.allBirthdays(r, f))
}

// birthdaysVisit makes a visit of the ticked members and opens it, so that day and place can be changed.
func (h *Handler) birthdaysVisit(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	g := dues.Greeting{Year: h.birthdayFilter(r).Month.Year()}
	for _, v := range f.Strings("id") {
		m, err := id.Parse(v)
		if err != nil {
			return errs.ErrNotFound
		}
		g.Members = append(g.Members, m)
	}
	made, err := h.Dues.Greet(r.Context(), actor(r), g)
	if err != nil {
		return h.backSaying(w, r, err, "/birthdays?"+r.URL.RawQuery)
	}
	to := "/activities/" + made[0].String()
	if len(made) > 1 {
		to = "/birthdays?" + r.URL.RawQuery
	}
	return h.done(w, r, to, i18n.BirthdayGreeted, len(g.Members))
}

// backSaying goes back to a list and says what stands in the way of an act on its rows.
func (h *Handler) backSaying(w http.ResponseWriter, r *http.Request, err error, to string) error {
	e := errs.As(err)
	if e == nil || e.Kind != errs.Invalid && e.Kind != errs.Conflict {
		return err
	}
	said := e.Message
	for _, m := range e.Fields {
		said = m
	}
	return h.say(w, r, to, layout.Flash{Kind: layout.Caution, Text: said.In(lang(r))})
}
