package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/casework"
	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/resident"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/ownpage"
)

// ownCookie is the name of the cookie that holds a resident's session. It opens nothing of the desk.
const ownCookie = "linli_resident"

// ownCasePath is the beginning of the addresses of one's own cases.
const ownCasePath = view.Base + "/case/"

func (h *Handler) ownAccountRoutes() []route {
	own := h.asResident
	return []route{
		{pattern: "GET /p/me", who: everyone, serve: own(h.ownHome)},
		{pattern: "GET /p/me/login", who: everyone, serve: h.ownDoor},
		{pattern: "POST /p/me/code", who: everyone, serve: h.doorCode},
		{pattern: "POST /p/me/login", who: everyone, serve: h.ownEnter},
		{pattern: "POST /p/me/logout", who: everyone, serve: own(h.ownLeave)},
		{pattern: "POST /p/me/end", who: everyone, serve: own(h.ownEnd)},
		{pattern: "GET /p/me/case/{id}", who: everyone, serve: own(h.ownCase)},
		{pattern: "POST /p/me/case/keep", who: everyone, serve: own(h.ownKeep)},
		{pattern: "POST /p/me/case/rate", who: everyone, serve: own(h.ownCaseAct("rate", h.followRate))},
		{pattern: "POST /p/me/case/reopen", who: everyone, serve: own(h.ownCaseAct("reopen", h.followReopen))},
		{pattern: "POST /p/me/case/review", who: everyone, serve: own(h.ownCaseAct("review", h.followReview))},
		{pattern: "POST /p/me/case/add", who: everyone, serve: own(h.ownCaseAct("add", h.followAdd)), upload: true},
		{pattern: "POST /p/me/case/unfile", who: everyone, serve: own(h.ownCaseAct("add", h.followUnfile))},
		{pattern: "POST /p/me/case/tell", who: everyone, serve: own(h.ownCaseAct("tell", h.followTell))},
		{pattern: "POST /p/me/case/end", who: everyone, serve: own(h.ownCaseAct("end", h.followEnd))},
		{pattern: "POST /p/me/case/photo", who: everyone, serve: own(h.ownPhoto)},
		{pattern: "POST /p/me/case/receipt", who: everyone, serve: own(h.ownReceipt)},
	}
}

// session is the session of a resident, if there is one.
func (h *Handler) session(r *http.Request) (z resident.Session, ok bool, err error) {
	c, err := r.Cookie(ownCookie)
	if err != nil {
		return z, false, nil
	}
	z, err = h.Resident.Authenticate(r.Context(), c.Value)
	if errs.KindOf(err) == errs.Unauthenticated {
		return z, false, nil
	}
	return z, err == nil, err
}

// asResident serves whoever has entered their account, as themselves and with no other rights; others are led to the door.
func (h *Handler) asResident(serve func(http.ResponseWriter, *http.Request, resident.Session) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		z, ok, err := h.session(r)
		if err != nil {
			return err
		}
		if !ok {
			q := url.Values{}
			if r.Method == http.MethodGet && r.URL.Path != view.Base {
				q.Set("next", r.URL.RequestURI())
			}
			if d := r.URL.Query().Get(districtKey); d != "" {
				q.Set(districtKey, d)
			}
			http.Redirect(w, r, strings.TrimSuffix(view.Base+"/login?"+q.Encode(), "?"), http.StatusSeeOther)
			return nil
		}
		v := visitOf(r)
		v.actor = z.Actor(byResidentSelf(), v.id)
		return serve(w, r, z)
	}
}

// byResidentSelf names whoever acts through their own account in the record of acts.
func byResidentSelf() string { return i18n.DataRightByAccount.In(i18n.ZH) }

func (h *Handler) ownDoor(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if _, ok, err := h.session(r); err != nil || ok && q.Get(districtKey) == "" {
		if err == nil {
			http.Redirect(w, r, afterDoor(q.Get("next")), http.StatusSeeOther)
		}
		return err
	}
	tenant, err := h.district(r, q.Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	open, err := h.Resident.Open(r.Context(), tenant)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Phone(h.doorFrame(w, r), view.Door{Next: q.Get("next"), District: q.Get(districtKey), Closed: !open, Guest: h.guest()}))
}

// doorCode sends a code and asks for it. Whether the telephone has an account is not said.
func (h *Handler) doorCode(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	tenant, err := h.district(r, f.values.Get(districtKey))
	if err != nil {
		return err
	}
	d := view.Door{Phone: f.values.Get("phone"), Next: f.values.Get("next"), District: f.values.Get(districtKey)}
	if err = h.codes.Allow(network(r), h.DB.Now()); err == nil {
		if err = h.Resident.AskCode(r.Context(), tenant, d.Phone); errs.KindOf(err) == errs.RateLimited { // the one that was sent is good still
			e := errs.As(err)
			d.Form = field.Form{Err: errs.Field("code", i18n.ResidentCodeSoon, e.Message.Args...)}
			return h.answer(w, r, status(errs.RateLimited), orFault(h.ownCodePage(w, r, tenant, d)))
		}
	}
	if err != nil {
		return h.ownAgain(w, r, err, func(e *errs.Error) templ.Component {
			d.Form = f.Show(e)
			return view.Phone(h.doorFrame(w, r), d)
		})
	}
	return h.show(w, r, orFault(h.ownCodePage(w, r, tenant, d)))
}

// guest is the telephone, name and number's end with which guests of a demonstration enter; all empty elsewhere.
func (h *Handler) guest() view.Guest {
	if h.Guest == nil {
		return view.Guest{}
	}
	return view.Guest{Phone: h.Guest.Phone, Name: h.Guest.Name, Tail: h.Guest.Tail}
}

// ownAgain is again, for what comes too often as well.
func (h *Handler) ownAgain(w http.ResponseWriter, r *http.Request, err error, body func(*errs.Error) templ.Component) error {
	if e := errs.As(err); e != nil && (e.Kind == errs.RateLimited || e.Kind == errs.Unavailable) {
		return h.answer(w, r, status(e.Kind), body(e))
	}
	return h.again(w, r, err, body)
}

func (h *Handler) ownCodePage(w http.ResponseWriter, r *http.Request, tenant int64, d view.Door) (templ.Component, error) {
	minutes, err := resident.CodeMinutes.On(r.Context(), h.DB, tenant, h.today())
	d.Minutes, d.Masked = minutes, code.MaskPhone(d.Phone)
	if h.Guest != nil {
		d.Shown = h.Guest.Code(d.Phone)
	}
	return view.Code(h.doorFrame(w, r), d), err
}

func (h *Handler) ownEnter(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	tenant, err := h.district(r, f.values.Get(districtKey))
	if err != nil {
		return err
	}
	d := view.Door{Phone: f.values.Get("phone"), Next: f.values.Get("next"), District: f.values.Get(districtKey)}
	var cookie string
	if err = h.codes.Allow(network(r), h.DB.Now()); err == nil {
		cookie, _, err = h.Resident.Enter(r.Context(), tenant, d.Phone, f.values.Get("code"), byResidentSelf(), visitOf(r).id)
	}
	if err != nil {
		return h.ownAgain(w, r, err, func(e *errs.Error) templ.Component {
			f.values.Del("code")
			d.Form = f.Show(e)
			return orFault(h.ownCodePage(w, r, tenant, d))
		})
	}
	days, err := resident.SessionDays.On(r.Context(), h.DB, tenant, h.today())
	if err != nil {
		return err
	}
	h.setCookie(w, ownCookie, cookie, time.Duration(days)*24*time.Hour)
	if z, ok, err := h.session(r); err == nil && ok { // the session that this one takes the place of
		if err := h.Resident.Leave(r.Context(), z, false); err != nil {
			return err
		}
	}
	http.Redirect(w, r, afterDoor(d.Next), http.StatusSeeOther)
	return nil
}

// afterDoor is the page that somebody wanted before they entered, or their first.
func afterDoor(next string) string {
	if strings.HasPrefix(next, view.Base+"/") || strings.HasPrefix(next, reportPath) {
		return local(next)
	}
	return view.Base
}

func (h *Handler) ownLeave(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err := h.Resident.Leave(r.Context(), z, f.values.Get("all") != ""); err != nil {
		return err
	}
	h.setCookie(w, ownCookie, "", 0)
	return h.done(w, r, publicHome, i18n.OwnLeft)
}

func (h *Handler) ownEnd(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	if err := h.Resident.End(r.Context(), z, byResidentSelf(), visitOf(r).id); err != nil {
		return err
	}
	h.setCookie(w, ownCookie, "", 0)
	return h.done(w, r, publicHome, i18n.OwnEnded)
}

func (h *Handler) ownHome(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	return h.ownHomeWith(w, r, z, http.StatusOK, field.Form{})
}

func (h *Handler) ownHomeWith(w http.ResponseWriter, r *http.Request, z resident.Session, code int, add field.Form) error {
	list, err := h.Casework.OwnCases(r.Context(), z.Holder(), pageOf(r))
	if err != nil {
		return err
	}
	asked, err := h.DataRight.Own(r.Context(), actor(r), firstRequests)
	if err != nil {
		return err
	}
	wishes, err := h.ownWishes(r, z)
	if err != nil {
		return err
	}
	add.ID = "add-"
	return h.answer(w, r, code, view.Start(h.ownFrame(w, r, i18n.OwnTitle), view.Home{Session: z, Cases: list.Items, Query: r.URL.Query(), Before: list.Prev, After: list.Next, Add: add, Requests: asked.Items, Wishes: wishes, Today: h.today()}))
}

// ownKeep adds a case by its code. What is wrong counts as a guess, as where a code is asked for without an account.
func (h *Handler) ownKeep(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err = h.follows.Allow(network(r), h.DB.Now()); err == nil {
		_, err = h.Casework.Keep(r.Context(), z.Holder(), casework.Code(f.values.Get("code")), byResidentSelf(), visitOf(r).id)
	}
	if err == nil {
		return h.done(w, r, view.Base, i18n.OwnAdded)
	}
	e := errs.As(err)
	if e == nil {
		return err
	}
	answer := status(e.Kind)
	switch e.Kind {
	case errs.NotFound:
		e, answer = errs.Field("code", i18n.CasePublicWrong), http.StatusUnprocessableEntity
		if busy := errs.As(h.guesses.Allow(network(r), h.DB.Now())); busy != nil {
			e, answer = errs.Field("code", busy.Message.Text, busy.Message.Args...), http.StatusTooManyRequests
		}
	case errs.RateLimited, errs.Conflict:
		e = errs.Field("code", e.Message.Text, e.Message.Args...)
	}
	return h.ownHomeWith(w, r, z, answer, f.Show(e))
}

// ownKey is the key of the case that the address or the form names.
func (h *Handler) ownKey(r *http.Request, z resident.Session, named string) (casework.Key, id.ID, error) {
	c, err := id.Parse(named)
	if err != nil {
		return casework.Key{}, 0, errs.ErrNotFound
	}
	k, err := h.Casework.Mine(r.Context(), z.Holder(), c)
	return k, c, err
}

func (h *Handler) ownCase(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	k, c, err := h.ownKey(r, z, r.PathValue("id"))
	if err != nil {
		return err
	}
	return h.followDraw(w, r, following{key: k, own: c}, http.StatusOK, nil)
}

// ownCaseAct is followAct for whoever has entered their account.
func (h *Handler) ownCaseAct(name string, act func(*http.Request, *form, casework.Key) (i18n.Text, error)) func(http.ResponseWriter, *http.Request, resident.Session) error {
	return func(w http.ResponseWriter, r *http.Request, z resident.Session) error {
		f, done, err := h.readAct(w, r, name)
		defer done()
		if err != nil {
			return err
		}
		k, c, err := h.ownKey(r, z, f.values.Get("case"))
		if err != nil {
			return err
		}
		said, err := act(r, f, k)
		return h.followSaid(w, r, following{key: k, own: c}, name, f, said, err)
	}
}

func (h *Handler) ownPhoto(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	k, _, err := h.ownKey(r, z, f.values.Get("case"))
	if err != nil {
		return err
	}
	file := f.ID("file")
	if f.Err() != nil {
		return errs.ErrNotFound
	}
	a, content, err := h.Casework.FileBy(r.Context(), k, byResidentSelf(), visitOf(r).id, file)
	if err != nil {
		return err
	}
	return sendAttachment(w, r, a, content, false)
}

func (h *Handler) ownReceipt(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	k, _, err := h.ownKey(r, z, f.values.Get("case"))
	if err != nil {
		return err
	}
	return h.receiptTo(w, r, k)
}

// doorFrame is the frame of the pages on which somebody enters. One that answers a form has no address to come back to.
func (h *Handler) doorFrame(w http.ResponseWriter, r *http.Request) layout.Page {
	p := h.public(w, r, i18n.OwnEnter)
	if p.Login = ""; r.Method != http.MethodGet {
		p.Prefs = ""
	}
	return p
}

// ownFrame is the frame of a page of somebody's own account.
func (h *Handler) ownFrame(w http.ResponseWriter, r *http.Request, title i18n.Text, args ...any) layout.Page {
	p := h.public(w, r, title)
	p.Title, p.Login = title.In(lang(r), args...), "" // the desk's log-in is another
	if r.URL.Path != view.Base {
		p.Breadcrumb = []layout.Crumb{{Text: i18n.OwnTitle.In(lang(r)), Href: view.Base}}
	}
	return p
}
