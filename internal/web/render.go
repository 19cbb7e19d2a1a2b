package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/a-h/templ"

	"linli/internal/complaint"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/web/view/home"
	"linli/internal/web/view/layout"
)

// page is the frame's data for one request: navigation, who is logged in, the message of the last act. Handlers add Breadcrumb
// and, where the page is not under its own navigation item, Active.
func (h *Handler) page(w http.ResponseWriter, r *http.Request, title i18n.Text, args ...any) layout.Page {
	v := visitOf(r)
	p := layout.Page{
		Title: title.In(lang(r), args...), Path: r.URL.RequestURI(), Theme: v.prefs.theme, Compact: v.prefs.compact, Elder: v.prefs.elder,
		Prefs: "/prefs", Login: "/login", About: "/about", Flash: h.takeFlash(w, r),
	}
	if h.Demo != nil {
		p.Notice = i18n.LayoutDemo.In(lang(r))
		if h.faking(r) {
			p.NoticeHref, p.NoticeLink = "/outbox", i18n.NoticeTabFake.In(lang(r))
		}
	}
	if v.actor.AccountID == 0 {
		return p
	}
	p.Logout = "/logout"
	if may(complaint.PermMake).lets(v.actor) { // the account of a program makes none
		p.Feedback = "/complaints/new?page=" + queryEscape(r.URL.Path)
	}
	p.User = userOf(v.actor)
	p.Account = accountMenu(v.actor)
	p.Nav, p.Active = navigation(v.actor), active(r.URL.Path)
	p.Tabs = pocketTabs(v.actor)
	if may(searchPerms...).lets(v.actor) {
		p.Search, p.Suggest = "/search", "/search/suggest"
	}
	return p
}

// show answers with a page.
func (h *Handler) show(w http.ResponseWriter, r *http.Request, body templ.Component) error {
	return h.answer(w, r, http.StatusOK, body)
}

// again answers with the form once more because err says what is wrong with it (422), or that somebody else changed the
// record (409); any other error is returned.
//
//	if err := h.Activities.Plan(…); err != nil {
//		return h.again(w, r, err, func(e *errs.Error) templ.Component { return activity.New(p, form.Show(e), kinds) })
//	}
func (h *Handler) again(w http.ResponseWriter, r *http.Request, err error, body func(*errs.Error) templ.Component) error {
	e := errs.As(err)
	if e == nil || (e.Kind != errs.Invalid && e.Kind != errs.Conflict) {
		return err
	}
	return h.answer(w, r, statusOf(e), body(e))
}

// orFault is body, or a component that fails with err when it is drawn.
func orFault(body templ.Component, err error) templ.Component {
	if err != nil {
		return templ.ComponentFunc(func(context.Context, io.Writer) error { return err })
	}
	return body
}

// answer draws the page into a buffer and sends it when it is whole.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, code int, body templ.Component) error {
	var buf bytes.Buffer
	if err := body.Render(r.Context(), &buf); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	if _, err := buf.WriteTo(w); err != nil {
		h.Log.Debug("the reader went away", "request", visitOf(r).id, "error", err)
	}
	return nil
}

const flashCookie = "linli_flash"

// done goes to another page and says there what happened.
func (h *Handler) done(w http.ResponseWriter, r *http.Request, to string, t i18n.Text, args ...any) error {
	return h.say(w, r, to, layout.Flash{Kind: layout.Done, Text: t.In(lang(r), args...)})
}

// say goes to another page with a message: with Undo set it offers to take the act back.
func (h *Handler) say(w http.ResponseWriter, r *http.Request, to string, f layout.Flash) error {
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	h.setCookie(w, flashCookie, base64.RawURLEncoding.EncodeToString(b), 0)
	http.Redirect(w, r, local(to), http.StatusSeeOther)
	return nil
}

// takeFlash reads the message of the last act and forgets it.
func (h *Handler) takeFlash(w http.ResponseWriter, r *http.Request) *layout.Flash {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	h.setCookie(w, flashCookie, "", 0)
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return nil
	}
	var f layout.Flash
	if json.Unmarshal(b, &f) != nil || f.Text == "" {
		return nil
	}
	if f.Undo != "" {
		f.Undo = local(f.Undo)
	}
	if f.More != "" {
		f.More = local(f.More)
	}
	return &f
}

// status is the HTTP status of a kind of error.
func status(k errs.Kind) int {
	switch k {
	case errs.Invalid:
		return http.StatusUnprocessableEntity
	case errs.Unauthenticated:
		return http.StatusUnauthorized
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Conflict:
		return http.StatusConflict
	case errs.RateLimited:
		return http.StatusTooManyRequests
	case errs.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// statusGone is how servers count a request whose sender went away before it was answered.
const statusGone = 499

// fail answers with an error page. An internal error is logged here, once, and shown as its number only.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, err error) {
	v := visitOf(r)
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil { // who has gone reads no page, and nothing is wrong
		h.Log.Debug("the visitor has gone", "request", v.id, "method", r.Method, "path", r.URL.Path)
		w.WriteHeader(statusGone)
		return
	}
	e := errs.As(err)
	if e == nil || e.Kind == errs.Invalid && e.Message.Text == i18n.ErrInvalid { // what says more stays
		if big := tooLarge(err); big != nil {
			e = big
		}
	}
	if e == nil {
		h.Log.Error("request failed", "request", v.id, "method", r.Method, "path", r.URL.Path, "error", err.Error())
		if e = errs.Outage(err); e == nil || r.Context().Err() != nil { // who has gone is no outage
			e = errs.New(errs.Internal, i18n.ErrInternal, v.id)
		}
	}
	if e.Kind == errs.Unauthenticated && r.Method == http.MethodGet {
		h.toLogin(w, r)
		return
	}
	l := v.prefs.lang
	if l == "" {
		l = readPrefs(r).lang
	}
	r = r.WithContext(i18n.With(r.Context(), l))
	if rerr := h.answer(w, r, statusOf(e), home.Error(h.page(w, r, i18n.ErrorTitle), e, v.id)); rerr != nil {
		h.Log.Error("the error page failed", "request", v.id, "error", rerr)
		http.Error(w, e.Message.In(l), statusOf(e))
	}
}

func (h *Handler) notFound(http.ResponseWriter, *http.Request) error { return errs.ErrNotFound }

// size shows a number of bytes: 64 MB.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return i18n.Number(n>>20) + " MB"
	case n >= 1<<10:
		return i18n.Number(n>>10) + " KB"
	}
	return i18n.Number(n) + " B"
}
