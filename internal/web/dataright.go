package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"linli/internal/dataright"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"

	"linli/internal/resident"
	view "linli/internal/web/view/dataright"
	"linli/internal/web/view/field"
	"linli/internal/web/view/ownpage"
	residentview "linli/internal/web/view/resident"
)

func (h *Handler) dataRightRoutes() []route {
	see := may(dataright.PermDecide, dataright.PermEnter)
	return []route{
		{pattern: "GET " + view.Path, who: see, serve: h.dataRequestsPage},
		{pattern: "GET " + view.Path + "/export", who: see, serve: h.exportDataRequests},
		{pattern: "GET " + view.Path + "/{id}", who: see, serve: h.dataRequestPage},
		{pattern: "POST " + view.Path + "/{id}/decide", who: may(dataright.PermDecide), serve: h.decideDataRequest},
		{pattern: "GET /residents/{id}/data-request", who: may(dataright.PermEnter), serve: h.counterRequestPage},
		{pattern: "POST /residents/{id}/data-request", who: may(dataright.PermEnter), serve: h.counterRequest},
		{pattern: "POST /residents/{id}/unlink", who: may(resident.PermSlip), serve: h.residentCut},
		{pattern: "POST /residents/{id}/slip", who: may(resident.PermSlip), serve: h.residentSlip},
	}
}

func (h *Handler) dataRequestFilter(r *http.Request) dataright.Filter {
	q := r.URL.Query()
	return dataright.Filter{State: dataright.State(q.Get("state")), Kind: dataright.Kind(q.Get("kind")), Community: queryID(r, "community"), Late: q.Get("late") != "", Text: q.Get("q"), Page: pageOf(r)}
}

func (h *Handler) dataRequestsPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.DataRight.List(r.Context(), actor(r), h.dataRequestFilter(r))
	if err != nil {
		return err
	}
	communities, err := h.communityOptions(r, actor(r).Scope(dataright.PermDecide).Or(actor(r).Scope(dataright.PermEnter)))
	if err != nil {
		return err
	}
	return h.show(w, r, view.List(h.page(w, r, i18n.DataRightTitle), view.Page{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Today: h.today(), Communities: communities}))
}

func (h *Handler) exportDataRequests(w http.ResponseWriter, r *http.Request) error {
	type t = dataright.Request
	f, l := h.dataRequestFilter(r), lang(r)
	ctx := r.Context()
	return exportList(h, w, r, i18n.DataRightTitle, []exportColumn[t]{
		{title: i18n.DataRightNo, value: func(v t) any { return v.No }},
		{title: i18n.ResidentName, value: func(v t) any { return v.Name }},
		{title: i18n.DataRightKind, value: func(v t) any { return ownpage.Summary(ctx, v) }},
		{title: i18n.ResidentCommunity, value: func(v t) any { return v.Community }},
		{title: i18n.DataRightChannel, value: func(v t) any { return view.Channel(v).In(l) }},
		{title: i18n.DataRightReceived, value: func(v t) any { return i18n.DateTime(v.ReceivedAt) }},
		{title: i18n.DataRightDue, value: func(v t) any { return v.DueOn.String() }},
		{title: i18n.DataRightState, value: func(v t) any { return v.State.Text().In(l) }},
		{title: i18n.DataRightBy, value: func(v t) any { return v.DecidedBy }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.DataRight.List(ctx, actor(r), f)
	}))
}

func (h *Handler) dataRequestShown(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	i, err := pathID(r)
	if err != nil {
		return nil, err
	}
	q, err := h.DataRight.Get(r.Context(), actor(r), i)
	if err != nil {
		return nil, err
	}
	one := view.One{Request: q, Today: h.today(), Form: f, Decide: actor(r).Scope(dataright.PermDecide).Covers(q.CommunityID)}
	p, err := h.Person.Get(r.Context(), actor(r), q.PersonID)
	if err == nil {
		one.Now, one.Sees = ownpage.Now(r.Context(), p, q.Part), true
	} else if errs.KindOf(err) != errs.NotFound {
		return nil, err
	}
	return view.Show(h.page(w, r, i18n.DataRightOne, q.No), one), nil
}

func (h *Handler) dataRequestPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.dataRequestShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) decideDataRequest(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	i, err := pathID(r)
	if err != nil {
		return err
	}
	d := dataright.Decision{Grant: f.values.Get("grant") == "1", Answer: f.values.Get("answer"), Version: f.Int("version")}
	if err = f.Err(); err == nil {
		err = h.DataRight.Decide(r.Context(), actor(r), i, d)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.dataRequestShown(w, r, f.Show(e))) })
	}
	q, err := h.DataRight.Get(r.Context(), actor(r), i)
	if err != nil {
		return err
	}
	said := i18n.DataRightRefusedOK
	if d.Grant && q.Part != "" {
		said = i18n.DataRightGrantedOK
	}
	return h.done(w, r, view.Path+"/"+i.String(), said)
}

func (h *Handler) counterAsked(r *http.Request, f field.Form) (ownpage.Ask, error) {
	i, err := pathID(r)
	if err != nil {
		return ownpage.Ask{}, err
	}
	p, err := h.Person.Get(r.Context(), actor(r), i)
	return ownpage.Ask{Form: f, Choosing: true, Person: p, Action: residentview.Href(p) + "/data-request", Cancel: residentview.Href(p)}, err
}

func (h *Handler) counterRequestPage(w http.ResponseWriter, r *http.Request) error {
	a, err := h.counterAsked(r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, view.Counter(h.page(w, r, i18n.DataRightEnter), a))
}

func (h *Handler) counterRequest(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	i, err := pathID(r)
	if err != nil {
		return err
	}
	i, err = h.DataRight.Ask(r.Context(), actor(r), askIn(f, i))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			a, err := h.counterAsked(r, f.Show(e))
			return orFault(view.Counter(h.page(w, r, i18n.DataRightEnter), a), err)
		})
	}
	q, err := h.DataRight.Get(r.Context(), actor(r), i)
	if err != nil {
		return err
	}
	return h.done(w, r, view.Href(q), i18n.DataRightSent, q.DueOn.String())
}

// residentSlip gives somebody at the counter the code that links their account with their record. It is shown once, so the answer is the page itself.
func (h *Handler) residentSlip(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID(r)
	if err != nil {
		return err
	}
	p, err := h.Person.Get(r.Context(), actor(r), i)
	if err != nil {
		return err
	}
	code, err := h.Resident.Slip(r.Context(), actor(r), i)
	if err != nil {
		return err
	}
	days, err := resident.SlipDays.On(r.Context(), h.DB, actor(r).Tenant, h.today())
	if err != nil {
		return err
	}
	return h.show(w, r, view.Given(h.page(w, r, i18n.ResidentSlipMake), view.Slip{Name: p.Name, Back: residentview.Href(p), Code: code, Page: h.base(r) + ownpage.Base, Days: days}))
}

// residentCut ends every account's link with somebody's record.
func (h *Handler) residentCut(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID(r)
	if err != nil {
		return err
	}
	n, err := h.Resident.Cut(r.Context(), actor(r), i)
	if err != nil {
		return err
	}
	return h.done(w, r, "/residents/"+i.String(), i18n.ResidentCutDone, n)
}
