package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/hall"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/hall"
	"linli/internal/web/view/layout"
)

func (h *Handler) counterRoutes() []route {
	serve := may(hall.PermServe)
	simply := func(name string, said i18n.Text, do func(*http.Request) error) route {
		return route{pattern: "POST " + view.CounterPath + "/" + name, who: serve, serve: h.atCounter(func(r *http.Request, _ *form) (layout.Flash, error) {
			return layout.Flash{Kind: layout.Done, Text: said.In(lang(r))}, do(r)
		})}
	}
	act := func(name string, do func(*http.Request, *form) (layout.Flash, error)) route {
		return route{pattern: "POST " + view.CounterPath + "/" + name, who: serve, serve: h.atCounter(do)}
	}
	return []route{
		{pattern: "GET " + view.CounterPath, who: serve, serve: h.counterPage},
		{pattern: "GET " + view.CounterPath + "/queue", who: serve, serve: h.counterQueue},
		act("sit", func(r *http.Request, f *form) (layout.Flash, error) {
			c := f.ID("counter")
			if err := f.Err(); err != nil {
				return layout.Flash{}, err
			}
			return layout.Flash{Text: i18n.CounterSat.In(lang(r))}, h.Hall.Sit(r.Context(), actor(r), c)
		}),
		act("pause", func(r *http.Request, f *form) (layout.Flash, error) {
			word := f.Text("word", hall.MaxWord)
			if err := f.Err(); err != nil {
				return layout.Flash{}, err
			}
			return layout.Flash{Text: i18n.CounterPaused.In(lang(r), word)}, h.Hall.Pause(r.Context(), actor(r), word)
		}),
		simply("goon", i18n.CounterSat, func(r *http.Request) error { return h.Hall.GoOn(r.Context(), actor(r)) }),
		simply("rise", i18n.CounterRose, func(r *http.Request) error { return h.Hall.Rise(r.Context(), actor(r)) }),
		act("next", func(r *http.Request, _ *form) (layout.Flash, error) { return h.callNext(r) }),
		simply("start", i18n.HallActStart, func(r *http.Request) error { return h.Hall.Start(r.Context(), actor(r)) }),
		simply("again", i18n.HallActAgain, func(r *http.Request) error { return h.Hall.Again(r.Context(), actor(r)) }),
		simply("absent", i18n.CounterMissed, func(r *http.Request) error { return h.Hall.NotThere(r.Context(), actor(r)) }),
		act("pass", func(r *http.Request, f *form) (layout.Flash, error) {
			return layout.Flash{Text: i18n.CounterPassed.In(lang(r))}, h.Hall.Pass(r.Context(), actor(r), f.Text("window", 20))
		}),
		act("done", func(r *http.Request, f *form) (layout.Flash, error) {
			return layout.Flash{Text: i18n.CounterFinished.In(lang(r))}, h.finishHere(r, f)
		}),
		act("done-next", func(r *http.Request, f *form) (layout.Flash, error) {
			if err := h.finishHere(r, f); err != nil {
				return layout.Flash{}, err
			}
			return h.callNext(r)
		}),
		act("back", func(r *http.Request, f *form) (layout.Flash, error) {
			t := f.ID("ticket")
			if err := f.Err(); err != nil {
				return layout.Flash{}, err
			}
			return layout.Flash{Text: i18n.CounterBackDone.In(lang(r))}, h.Hall.BackFor(r.Context(), actor(r), t)
		}),
		act("take", h.takeFor),
	}
}

func (h *Handler) finishHere(r *http.Request, f *form) error {
	item := f.ID("item")
	if err := f.Err(); err != nil {
		return err
	}
	return h.Hall.Finish(r.Context(), actor(r), item)
}

// callNext calls who is next, and says so; that nobody waits is no fault.
func (h *Handler) callNext(r *http.Request) (layout.Flash, error) {
	t, ok, err := h.Hall.Next(r.Context(), actor(r))
	if err != nil {
		return layout.Flash{}, err
	}
	if !ok {
		return layout.Flash{Kind: layout.Note, Text: i18n.CounterNobodyWaits.In(lang(r))}, nil
	}
	return layout.Flash{Text: i18n.CounterCalled.In(lang(r), t.Label())}, nil
}

// takeFor takes a number on behalf of somebody at the counter's hall.
func (h *Handler) takeFor(r *http.Request, f *form) (layout.Flash, error) {
	at, err := h.Hall.Queue(r.Context(), actor(r))
	if err != nil {
		return layout.Flash{}, err
	}
	t, err := h.Hall.TakeFor(r.Context(), actor(r), at.Hall.ID, hall.NewTicket{Window: f.Text("window", 20), Priority: hall.Priority(f.Text("priority", 20)), Key: f.Text("key", 60)})
	if err != nil {
		return layout.Flash{}, err
	}
	held, err := h.Hall.ByCode(r.Context(), t.Code)
	if err != nil {
		return layout.Flash{}, err
	}
	return layout.Flash{Text: i18n.CounterTaken.In(lang(r), t.Label(), held.Ahead), More: view.TicketHref(t.Code, false), Says: i18n.CounterPrintIt.In(lang(r))}, nil
}

// atCounter answers a press at the counter: it goes on to the counter's page and says there what was done. What is wrong is shown on it.
func (h *Handler) atCounter(do func(*http.Request, *form) (layout.Flash, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		said, err := do(r, f)
		if e := errs.As(err); e != nil && e.Kind == errs.Conflict && len(e.Fields) == 0 {
			return h.say(w, r, view.CounterPath, failedFlash(e, lang(r)))
		}
		if err != nil {
			return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.counterShown(w, r, f.Show(e))) })
		}
		if said.Kind == "" {
			said.Kind = layout.Done
		}
		return h.say(w, r, view.CounterPath, said)
	}
}

func (h *Handler) counterPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.counterShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) counterShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	a := actor(r)
	p := h.page(w, r, i18n.CounterTitle)
	p.Script = "hall.js"
	all, err := h.Hall.Windows(r.Context(), a.Tenant)
	if err != nil {
		return nil, err
	}
	at, err := h.Hall.At(r.Context(), a)
	if errs.KindOf(err) == errs.NotFound {
		list, err := h.Hall.List(r.Context(), a, hall.ListFilter{Show: hall.ShowUsed, Page: db.Page{Limit: mostRows}})
		if err != nil {
			return nil, err
		}
		var halls []hall.Hall
		for _, v := range list.Items {
			if a.Scope(hall.PermServe).Covers(v.OrgID) && len(v.Counters) > 0 {
				halls = append(halls, v)
			}
		}
		return view.Sit(p, halls, all), nil
	} else if err != nil {
		return nil, err
	}
	s := view.Post{Post: at, All: all, Sent: sent, SentBy: sent.Values.Get(formKey), Key: newKey()}
	if s.Ticket.CaseID != 0 {
		if s.Sees, err = h.Casework.Sees(r.Context(), a, s.Ticket.CaseID); err != nil {
			return nil, err
		}
	}
	return view.At(p, s), nil
}

// counterQueue is the part of the counter's page that renews itself.
func (h *Handler) counterQueue(w http.ResponseWriter, r *http.Request) error {
	at, err := h.Hall.Queue(r.Context(), actor(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Queue(view.Post{Post: at}))
}

// caseTicket is the ticket from which a case is to be made: one that is at the actor's counter.
func (h *Handler) caseTicket(r *http.Request, t id.ID) (hall.Ticket, error) {
	if !actor(r).Can(hall.PermServe) {
		return hall.Ticket{}, errs.ErrNotFound
	}
	got, _, err := h.Hall.Ticket(r.Context(), actor(r), t)
	return got, err
}

// fromTicket fills the form of a case in from a ticket: the matter, the hall's community, and that somebody asks for the matter.
func (h *Handler) fromTicket(r *http.Request, t hall.Ticket, f *field.Form) error {
	v, err := h.Hall.Get(r.Context(), actor(r), t.HallID)
	if err != nil {
		return err
	}
	set := func(name, value string) {
		if f.Values.Get(name) == "" && value != "" {
			f.Values.Set(name, value)
			f.Filled[name] = true
		}
	}
	f.Values.Set("ticket", t.ID.String())
	f.Values.Set("channel", string(casework.ByHall))
	if t.ItemID != 0 {
		set("item", t.ItemID.String())
		set("body", i18n.HallCaseAsk.In(i18n.ZH, t.Item))
	}
	if places, err := h.communityOptions(r, actor(r).Scope(casework.PermEnter)); err != nil {
		return err
	} else if len(places) > 0 {
		for _, o := range places {
			if o.Value == v.OrgID.String() {
				set("community", o.Value)
			}
		}
	}
	return nil
}

// caseFromTicket enters a case from a ticket and answers with the receipt: the code stands in no address.
func (h *Handler) caseFromTicket(w http.ResponseWriter, r *http.Request, t id.ID, n casework.Report) (done bool, err error) {
	got, err := h.Hall.EnterCase(r.Context(), actor(r), t, n)
	if err != nil {
		return false, err
	}
	from, _, err := h.Hall.Ticket(r.Context(), actor(r), t)
	if err != nil {
		return true, err
	}
	c := view.CaseReceipt{Receipt: got, Ticket: from, Item: from.Item, Page: h.base(r) + followPath, At: h.Casework.Now()}
	if c.Sees, err = h.Casework.Sees(r.Context(), actor(r), got.ID); err != nil {
		return true, err
	}
	if c.QR, err = qrPicture(c.Page + "?c=" + url.QueryEscape(got.Code)); err != nil {
		return true, err
	}
	p := h.page(w, r, i18n.HallReceiptTitle)
	p.Back = view.CounterPath
	return true, h.show(w, r, view.ReceiptPage(p, c))
}
