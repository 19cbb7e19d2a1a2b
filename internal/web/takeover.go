package web

import (
	"context"
	"net/http"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/hall"
	"linli/internal/i18n"
	caseview "linli/internal/web/view/casework"
	view "linli/internal/web/view/hall"
)

func takenFilter(r *http.Request) hall.TakenFilter {
	q := r.URL.Query()
	return hall.TakenFilter{Show: q.Get("show"), Mine: q.Get("whose") == "mine", Page: pageOf(r)}
}

func (h *Handler) takenPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Hall.Taken(r.Context(), actor(r), takenFilter(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.TakenPage(h.page(w, r, i18n.TakeOverTitle), view.Taken{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Now: h.Hall.Now()}))
}

func (h *Handler) exportTaken(w http.ResponseWriter, r *http.Request) error {
	type t = hall.TakenOver
	f := takenFilter(r)
	return exportList(h, w, r, i18n.TakeOverTitle, []exportColumn[t]{
		{title: i18n.CaseNo, value: func(v t) any { return v.No }},
		{title: i18n.TakeOverCase, value: func(v t) any { return v.Title }},
		{title: i18n.CaseCommunity, value: func(v t) any { return v.Community }},
		{title: i18n.TakeOverBy, value: func(v t) any { return v.Account }},
		{title: i18n.TakeOverReason, value: func(v t) any { return v.Reason.Text() }},
		{title: i18n.TakeOverHow, value: func(v t) any { return v.Consent.Text() }},
		{title: i18n.TakeOverOn, value: func(v t) any { return v.On.String() }},
		{title: i18n.TakeOverPapers, number: true, value: func(v t) any { return v.Held }},
		{title: i18n.TakeOverDue, value: func(v t) any { return i18n.DateTime(v.DueAt) }},
		{title: i18n.HallState, value: func(v t) any { return v.State.Text() }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Hall.Taken(ctx, actor(r), f)
	}))
}

// papersPage is the receipt for papers that were taken in.
func (h *Handler) papersPage(w http.ResponseWriter, r *http.Request) error {
	c, err := pathID(r)
	if err != nil {
		return err
	}
	t, err := h.Hall.Of(r.Context(), actor(r), c)
	if err != nil {
		return err
	}
	d, err := h.Casework.Get(r.Context(), actor(r), c)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.TakeOverPaperTitle)
	p.Back = view.CaseHref(c)
	return h.show(w, r, view.PapersPage(p, t, d.Org))
}

// caseHall adds to the page of a case the number it came from, and how it is run for somebody.
func (h *Handler) caseHall(r *http.Request, s *caseview.Show) error {
	a := actor(r)
	t, err := h.Hall.OfCase(r.Context(), a, s.ID)
	switch {
	case err == nil && seesHalls(a).Covers(t.OrgID):
		s.Number = view.OfCase(t)
	case err != nil && errs.KindOf(err) != errs.NotFound:
		return err
	}
	takes, err := h.Hall.Takes(r.Context(), a, s.ID)
	if err != nil || !takes {
		return err
	}
	o := view.OnCase{CaseID: s.ID, Over: !s.State.Open(), Sent: s.Sent, SentBy: s.SentBy, Today: calendar.DateOf(h.Hall.Now())}
	if o.Taken, err = h.Hall.Of(r.Context(), a, s.ID); errs.KindOf(err) == errs.NotFound {
		o.None = true
	} else if err != nil {
		return err
	}
	o.Own = !s.State.Open() || o.Taken.AccountID == a.AccountID && o.Taken.EndedAt.IsZero() // there is nothing to take on
	if !o.None || s.State.Open() {
		s.Run = view.Run(o)
	}
	return nil
}
