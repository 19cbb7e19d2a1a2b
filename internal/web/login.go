package web

import (
	"encoding/base64"
	"net"
	"net/http"
	"net/netip"

	"github.com/a-h/templ"

	"linli/internal/authn"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/web/view/field"
	"linli/internal/web/view/home"
)

// SessionCookie is the name of the cookie that holds the session.
const SessionCookie = "linli_session"

// enter finds out who is calling. A session that has ended is no fault of a page that needs none.
func (h *Handler) enter(w http.ResponseWriter, r *http.Request, v *visit) error {
	c, err := r.Cookie(SessionCookie)
	if err != nil {
		return nil
	}
	who, err := h.Authn.Authenticate(r.Context(), c.Value)
	if errs.KindOf(err) == errs.Unauthenticated {
		h.setCookie(w, SessionCookie, "", 0)
		return nil
	}
	if err != nil {
		return err
	}
	v.caller = who
	if who.Full() {
		v.actor = who.Actor
		v.actor.RequestID = v.id
	}
	if _, err := r.Cookie("lang"); err != nil && who.Lang != "" {
		v.prefs.lang = who.Lang
	}
	return nil
}

// remoteIP is the caller's address, for the limit of log-ins.
func remoteIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func (h *Handler) loginPage(w http.ResponseWriter, r *http.Request) error {
	if visitOf(r).caller.Full() {
		http.Redirect(w, r, local(r.URL.Query().Get("next")), http.StatusSeeOther)
		return nil
	}
	return h.show(w, r, h.loginForm(w, r, field.Form{Values: r.URL.Query()}, r.URL.Query().Get("next")))
}

func (h *Handler) loginForm(w http.ResponseWriter, r *http.Request, f field.Form, next string) templ.Component {
	var demo []home.DemoAccount
	for _, d := range h.Demo {
		demo = append(demo, home.DemoAccount(d))
	}
	return home.Login(h.page(w, r, i18n.LoginTitle), f, next, demo)
}

func (h *Handler) login(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := authn.Attempt{Login: f.Need("login", 80), Password: f.values.Get("password"), IP: remoteIP(r), UserAgent: r.UserAgent()}
	next := f.values.Get("next")
	err = f.Err()
	var cookie string
	var who authn.Caller
	if err == nil {
		cookie, who, err = h.Authn.Login(r.Context(), in)
	}
	if e := errs.As(err); e != nil && e.Kind != errs.Unavailable {
		f.values.Del("password")
		return h.answer(w, r, status(e.Kind), h.loginForm(w, r, f.Show(e), next))
	}
	if err != nil {
		return err
	}
	return h.entered(w, r, cookie, who, next)
}

// entered keeps the session and goes to the next step of the log-in, or to the page that was asked for.
func (h *Handler) entered(w http.ResponseWriter, r *http.Request, cookie string, who authn.Caller, next string) error {
	h.setCookie(w, SessionCookie, cookie, 0)
	to := local(next)
	switch who.Stage {
	case authn.StageCode:
		to = "/login/code?next=" + queryEscape(to)
	case authn.StageChange:
		to = "/login/password?next=" + queryEscape(to)
	case authn.StageEnrol:
		to = "/login/enrol?next=" + queryEscape(to)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// step is a page of the log-in after the password: it serves only a session that stands there.
func (h *Handler) step(stage authn.Stage, serve func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if visitOf(r).caller.Stage != stage {
			http.Redirect(w, r, "/login", http.StatusSeeOther)
			return nil
		}
		return serve(w, r)
	}
}

func sessionOf(r *http.Request) string {
	c, err := r.Cookie(SessionCookie)
	if err != nil {
		return ""
	}
	return c.Value
}

func (h *Handler) codePage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, home.Code(h.page(w, r, i18n.LoginCodeTitle), field.Form{}, r.URL.Query().Get("next")))
}

func (h *Handler) loginCode(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	code, next := f.Need("code", 10), f.values.Get("next")
	if err = f.Err(); err == nil {
		var cookie string
		var who authn.Caller
		if cookie, who, err = h.Authn.Code(r.Context(), sessionOf(r), code); err == nil {
			return h.entered(w, r, cookie, who, next)
		}
	}
	return h.again(w, r, err, func(e *errs.Error) templ.Component {
		return home.Code(h.page(w, r, i18n.LoginCodeTitle), field.Form{Err: e}, next)
	})
}

func (h *Handler) passwordPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, home.NewPassword(h.page(w, r, i18n.LoginNewPassword), field.Form{}, r.URL.Query().Get("next")))
}

func (h *Handler) loginPassword(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	next := f.values.Get("next")
	password := f.Need("password", 200)
	if password != f.values.Get("again") {
		f.err = f.err.With("again", i18n.LoginNotSame)
	}
	if err = f.Err(); err == nil {
		var cookie string
		var who authn.Caller
		if cookie, who, err = h.Authn.ChangePassword(r.Context(), sessionOf(r), "", password); err == nil {
			return h.entered(w, r, cookie, who, next)
		}
	}
	return h.again(w, r, err, func(e *errs.Error) templ.Component {
		return home.NewPassword(h.page(w, r, i18n.LoginNewPassword), field.Form{Err: e}, next)
	})
}

func (h *Handler) enrolPage(w http.ResponseWriter, r *http.Request) error {
	e, err := h.Authn.EnrolTOTP(r.Context(), sessionOf(r))
	if err != nil {
		return err
	}
	return h.show(w, r, home.Enrol(h.page(w, r, i18n.LoginEnrol), field.Form{}, pngURL(e.PNG), e.Secret, r.URL.Query().Get("next")))
}

func (h *Handler) loginEnrol(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	next := f.values.Get("next")
	cookie, who, err := h.Authn.ConfirmTOTP(r.Context(), sessionOf(r), f.Text("code", 10))
	if err == nil {
		return h.entered(w, r, cookie, who, next)
	}
	return h.again(w, r, err, func(e *errs.Error) templ.Component {
		fresh, ferr := h.Authn.EnrolTOTP(r.Context(), sessionOf(r))
		if ferr != nil {
			return home.Error(h.page(w, r, i18n.ErrorTitle), e, visitOf(r).id)
		}
		return home.Enrol(h.page(w, r, i18n.LoginEnrol), field.Form{Err: e}, pngURL(fresh.PNG), fresh.Secret, next)
	})
}

// pngURL puts a small picture into the page itself.
func pngURL(png []byte) string {
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(png)
}

func (h *Handler) logout(w http.ResponseWriter, r *http.Request) error {
	if c := sessionOf(r); c != "" {
		if err := h.Authn.Logout(r.Context(), c); err != nil && errs.KindOf(err) != errs.Unauthenticated {
			return err
		}
	}
	h.setCookie(w, SessionCookie, "", 0)
	visitOf(r).actor.AccountID = 0
	return h.done(w, r, "/login", i18n.LoggedOut)
}

// network is the caller's address, or the network of one subscriber where there are as many addresses as one likes.
func network(r *http.Request) string {
	ip := remoteIP(r)
	if a, err := netip.ParseAddr(ip); err == nil && a.Is6() && !a.Is4In6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip
}
