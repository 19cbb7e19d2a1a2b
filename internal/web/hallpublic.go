package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"linli/internal/errs"
	"linli/internal/hall"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/hall"
	"linli/internal/web/view/layout"
)

// A terminal gives a number every few seconds at most; a phone behind the address of a whole street may as well.
const (
	numbersPerMinute = 40
	numbersAtOnce    = 20
)

// A number is looked at four times a minute while its page is open; behind one address there may be a whole hall.
const (
	looksPerMinute = 1200
	looksASlice    = 60
)

func (h *Handler) hallPublicRoutes() []route {
	return []route{
		{pattern: "GET /k/{hall}", who: everyone, serve: h.kioskPage},
		{pattern: "POST /k/{hall}/terminal", who: everyone, serve: h.kioskSet},
		{pattern: "GET /k/{hall}/{window}", who: everyone, serve: h.kioskAsk},
		{pattern: "POST /k/{hall}/{window}", who: everyone, serve: h.kioskTake},
		{pattern: "GET /k/t/{code}", who: everyone, serve: h.numberPage},
		{pattern: "GET /k/t/{code}/now", who: everyone, serve: h.numberNow},
		{pattern: "POST /k/t/{code}/leave", who: everyone, serve: h.numberAct(i18n.TicketLeftDone, func(r *http.Request, code string) error {
			return h.Hall.LeaveBy(r.Context(), code, byHolder(), visitOf(r).id)
		})},
		{pattern: "POST /k/t/{code}/back", who: everyone, serve: h.numberAct(i18n.TicketBackDone, func(r *http.Request, code string) error {
			return h.Hall.BackBy(r.Context(), code, byHolder(), visitOf(r).id)
		})},
		{pattern: "GET /d/{hall}", who: everyone, serve: h.screenPage},
		{pattern: "GET /d/{hall}/now", who: everyone, serve: h.screenNow},
	}
}

// byHolder names whoever holds a number in the record of acts, which knows nothing else of them.
func byHolder() string { return i18n.KioskBy.In(i18n.ZH) }

// atTerminal says whether the page was opened by a terminal of the hall, which goes back to its beginning by itself.
func atTerminal(r *http.Request) bool { return r.URL.Query().Get(view.TermKey) != "" }

// terminalCookie says that the browser is a terminal, and of which hall: the residents' pages are used there by one after another.
const terminalCookie = "linli_terminal"

// terminalOf is the address of the hall whose terminal the browser is, "" where it is none.
func terminalOf(r *http.Request) string {
	c, err := r.Cookie(terminalCookie)
	if err != nil || strings.Trim(c.Value, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.") != "" {
		return ""
	}
	return c.Value
}

// terminalAge is for how long a browser stays a terminal: over every restart.
const terminalAge = 400 * 24 * time.Hour

// beginAnew lets the next user of a terminal find nothing of the last: whoever had entered their account there has left.
func (h *Handler) beginAnew(w http.ResponseWriter, r *http.Request) error {
	z, ok, err := h.session(r)
	if err != nil {
		return err
	}
	if ok {
		if err := h.Resident.Leave(r.Context(), z, false); err != nil {
			return err
		}
		h.setCookie(w, ownCookie, "", 0)
	}
	return nil
}

// kioskSet makes a browser a terminal of a hall, or one no more. It takes a press: who opens the address of a terminal on their own phone stays who they are.
func (h *Handler) kioskSet(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	b, err := h.Hall.Board(r.Context(), r.PathValue("hall"))
	if err != nil {
		return err
	}
	on := f.Bool("on")
	if on {
		h.setCookie(w, terminalCookie, b.Hall.Address(), terminalAge)
	} else {
		h.setCookie(w, terminalCookie, "", 0)
	}
	http.Redirect(w, r, view.KioskHref(b.Hall.Address(), on), http.StatusSeeOther)
	return nil
}

// hallPublic is the frame of a page of terminals, screens and numbers.
func (h *Handler) hallPublic(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Script = "hall.js"
	return p
}

func (h *Handler) kioskPage(w http.ResponseWriter, r *http.Request) error {
	b, err := h.Hall.Board(r.Context(), r.PathValue("hall"))
	if err != nil {
		return err
	}
	p := h.hallPublic(w, r, i18n.KioskTitle)
	k := view.Kiosk{Board: b, Term: atTerminal(r), Is: terminalOf(r) == b.Hall.Address()}
	if k.Term && terminalOf(r) != "" { // of this hall, or of another
		if err := h.beginAnew(w, r); err != nil {
			return err
		}
	}
	switch {
	case k.Term && !k.Is:
		return h.show(w, r, view.KioskSetPage(p, k))
	case k.Term:
		p.Renew = "60"
		h.setCookie(w, terminalCookie, b.Hall.Address(), terminalAge) // what is in use stays one
	}
	return h.show(w, r, view.KioskPage(p, k))
}

func (h *Handler) kioskAsk(w http.ResponseWriter, r *http.Request) error {
	return h.kioskAskWith(w, r, http.StatusOK, field.Form{Values: url.Values{}}, newKey())
}

func (h *Handler) kioskAskWith(w http.ResponseWriter, r *http.Request, code int, f field.Form, key string) error {
	b, err := h.Hall.Board(r.Context(), r.PathValue("hall"))
	if err != nil {
		return err
	}
	a := view.Asked{Board: b, Form: f, Term: atTerminal(r), Key: key}
	for _, l := range b.Lines {
		if l.Window.Code == r.PathValue("window") {
			a.Window, a.Line = l.Window, l
		}
	}
	if a.Window.Code == "" {
		return errs.ErrNotFound
	}
	if !b.Hours.Gives && code == http.StatusOK {
		http.Redirect(w, r, view.KioskHref(b.Hall.Address(), a.Term), http.StatusSeeOther)
		return nil
	}
	if a.Matters, err = h.Hall.Matters(r.Context(), b.Hall.Tenant, a.Window.Code); err != nil {
		return err
	}
	return h.answer(w, r, code, view.AskPage(h.hallPublic(w, r, a.Window.Name), a))
}

func (h *Handler) kioskTake(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err := h.numbers.Allow(network(r), h.DB.Now()); err != nil {
		return err
	}
	n := hall.NewTicket{Window: r.PathValue("window"), ItemID: f.ID("item"), Priority: hall.Priority(f.Text("priority", 20)), Channel: hall.ByPhone, Key: f.Text("key", 60)}
	if atTerminal(r) {
		n.Channel = hall.AtTerminal
	}
	var t hall.Ticket
	if err = f.Err(); err == nil {
		t, err = h.Hall.Take(r.Context(), r.PathValue("hall"), byHolder(), visitOf(r).id, n)
	}
	if e := errs.As(err); e != nil && (e.Kind == errs.Invalid || e.Kind == errs.Conflict) {
		return h.kioskAskWith(w, r, status(e.Kind), f.Show(e), f.values.Get("key"))
	} else if err != nil {
		return err
	}
	http.Redirect(w, r, view.TicketHref(t.Code, atTerminal(r)), http.StatusSeeOther)
	return nil
}

// numberOf finds the number of a code; every look counts, and every wrong code counts as a guess.
func (h *Handler) numberOf(r *http.Request) (view.Held, error) {
	if err := h.looks.Allow(network(r), h.DB.Now()); err != nil {
		return view.Held{}, err
	}
	held, err := h.Hall.ByCode(r.Context(), r.PathValue("code"))
	if errs.KindOf(err) == errs.NotFound {
		if busy := h.guesses.Allow(network(r), h.DB.Now()); busy != nil {
			return view.Held{}, busy
		}
	}
	return view.Held{Held: held, Term: atTerminal(r)}, err
}

func (h *Handler) numberPage(w http.ResponseWriter, r *http.Request) error {
	v, err := h.numberOf(r)
	if err != nil {
		return err
	}
	if v.QR, err = qrPicture(h.base(r) + view.TicketHref(v.Code, false)); err != nil {
		return err
	}
	p := h.hallPublic(w, r, i18n.TicketTitle)
	p.Renew = "30"
	w.Header().Set("Referrer-Policy", "no-referrer") // the code stands in the address
	return h.show(w, r, view.TicketPage(p, v))
}

func (h *Handler) numberNow(w http.ResponseWriter, r *http.Request) error {
	v, err := h.numberOf(r)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Standing(v))
}

func (h *Handler) numberAct(done i18n.Text, do func(*http.Request, string) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := h.numberOf(r)
		if err != nil {
			return err
		}
		if actor(r).AccountID != 0 && actor(r).PersonID == 0 {
			return errs.New(errs.Forbidden, i18n.CasePublicNotStaff)
		}
		if err := do(r, v.Code); err != nil {
			if e := errs.As(err); e != nil && e.Kind == errs.Conflict {
				return h.say(w, r, view.TicketHref(v.Code, false), failedFlash(e, lang(r)))
			}
			return err
		}
		return h.done(w, r, view.TicketHref(v.Code, false), done)
	}
}

func (h *Handler) screenOf(r *http.Request) (view.Screen, error) {
	b, err := h.Hall.Screen(r.Context(), r.PathValue("hall"))
	if err != nil || !b.Hall.ByPhone {
		return view.Screen{Board: b}, err
	}
	qr, err := qrPicture(h.base(r) + view.KioskHref(b.Hall.Address(), false))
	return view.Screen{Board: b, QR: qr}, err
}

func (h *Handler) screenPage(w http.ResponseWriter, r *http.Request) error {
	s, err := h.screenOf(r)
	if err != nil {
		return err
	}
	p := h.hallPublic(w, r, i18n.ScreenTitle)
	p.Renew, p.Notice = "10", ""
	return h.show(w, r, view.ScreenPage(p, s))
}

func (h *Handler) screenNow(w http.ResponseWriter, r *http.Request) error {
	b, err := h.Hall.Screen(r.Context(), r.PathValue("hall"))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Now(view.Screen{Board: b}))
}

// takeoverRoutes are the pages of what is run for others.
func (h *Handler) takeoverRoutes() []route {
	take := may(hall.PermTakeOver)
	return []route{
		{pattern: "GET " + view.TakenPath, who: take, serve: h.takenPage},
		{pattern: "GET " + view.TakenPath + "/export", who: take, serve: h.exportTaken},
		{pattern: "GET /cases/{id}/papers", who: take, serve: h.papersPage},
		{pattern: "POST /cases/{id}/takeover", who: take, serve: h.caseActed(i18n.TakeOverDone, func(r *http.Request, f *form, c id.ID) error {
			n := hall.Agreed{Reason: hall.Reason(f.Text("reason", 20)), Consent: hall.Consent(f.Text("consent", 20)), On: f.Date("on")}
			if err := f.Err(); err != nil {
				return err
			}
			return h.Hall.TakeOver(r.Context(), actor(r), c, n)
		})},
		{pattern: "POST /cases/{id}/takeover-end", who: take, serve: h.caseActed(i18n.TakeOverEndDone, func(r *http.Request, f *form, c id.ID) error {
			return h.Hall.EndRun(r.Context(), actor(r), c, hall.Consent(f.Text("how", 20)))
		})},
		{pattern: "POST /cases/{id}/papers", who: take, serve: h.caseActed(i18n.TakeOverPaperDone, func(r *http.Request, f *form, c id.ID) error {
			name, copies := strings.TrimSpace(f.Text("name", hall.MaxName)), f.Int("copies")
			if err := f.Err(); err != nil {
				return err
			}
			return h.Hall.TakePaper(r.Context(), actor(r), c, name, copies)
		})},
		{pattern: "POST /cases/{id}/give-back", who: take, serve: h.caseActed(i18n.TakeOverPaperDone, func(r *http.Request, f *form, c id.ID) error {
			paper := f.ID("paper")
			if err := f.Err(); err != nil {
				return err
			}
			return h.Hall.GiveBack(r.Context(), actor(r), c, paper)
		})},
	}
}
