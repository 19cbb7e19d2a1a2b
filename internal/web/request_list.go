package web

import (
	"context"
	"net/http"
	"strings"

	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/request"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/request"
)

func requestFilter(r *http.Request) request.Filter {
	q := r.URL.Query()
	return request.Filter{Text: q.Get("q"), State: request.State(q.Get("state")), Office: q.Get("office"), OrganisationID: queryID(r, "organisation"), Due: request.DueState(q.Get("due")),
		NoGround: q.Get("ground") == "none", Page: pageOf(r)}
}

func (h *Handler) requestsPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Request.List(r.Context(), actor(r), requestFilter(r))
	if err != nil {
		return err
	}
	l := view.List{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Register: actor(r).Can(request.PermRegister)}
	office, err := h.officeFilter(r)
	if err != nil {
		return err
	}
	l.Filters = []partial.Filter{{Name: "state", Label: i18n.RequestState}, {Name: "due", Label: i18n.RequestStanding, Options: []partial.Option{
		{Value: string(request.Late), Text: i18n.RequestLate}, {Value: string(request.Waits), Text: i18n.RequestWaits}}}, office,
		{Name: "ground", Label: i18n.RequestGround, Options: []partial.Option{{Value: "none", Text: i18n.RequestNoGround}}}}
	for _, s := range request.States() {
		l.Filters[0].Options = append(l.Filters[0].Options, partial.Option{Value: string(s), Text: s.Text()})
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.RequestTitle), l))
}

func (h *Handler) officeFilter(r *http.Request) (partial.Filter, error) {
	f := partial.Filter{Name: "office", Label: i18n.RequestOffice}
	list, err := h.Request.Offices(r.Context(), actor(r))
	for _, o := range list {
		f.Options = append(f.Options, partial.Option{Value: o, Text: i18n.Verbatim(o)})
	}
	return f, err
}

func (h *Handler) exportRequests(w http.ResponseWriter, r *http.Request) error {
	type t = request.Request
	f := requestFilter(r)
	return exportList(h, w, r, i18n.RequestTitle, []exportColumn[t]{
		{title: i18n.RequestName, value: func(v t) any { return v.Title }},
		{title: i18n.RequestOffice, value: func(v t) any { return v.Office }},
		{title: i18n.RequestGround, value: func(v t) any { return strings.TrimSpace(v.Ground + " " + v.GroundNo) }},
		{title: i18n.RequestEvery, value: func(v t) any { return v.Every.Text() }},
		{title: i18n.RequestFirstDue, value: func(v t) any { return v.FirstDue.String() }},
		{title: i18n.RequestEndsOn, value: func(v t) any { return v.EndsOn.String() }},
		{title: i18n.RequestState, value: func(v t) any { return v.State.Text() }},
		{title: i18n.RequestAnswered, number: true, value: func(v t) any { return v.Answered }},
		{title: i18n.RequestWaits, number: true, value: func(v t) any { return v.Waiting }},
		{title: i18n.RequestLate, number: true, value: func(v t) any { return v.Late }},
		{title: i18n.RequestOwner, value: func(v t) any { return v.Owner }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Request.List(ctx, actor(r), f)
	}))
}

func (h *Handler) requestsPrint(w http.ResponseWriter, r *http.Request) error {
	f := requestFilter(r)
	f.Page = db.Page{Limit: mostRows}
	list, err := h.Request.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.RequestTitle)
	p.Back = view.Path
	return h.show(w, r, view.PaperList(p, list.Items))
}
