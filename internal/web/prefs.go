package web

import (
	"net/http"
	"time"

	"linli/internal/i18n"
	"linli/internal/web/view/layout"
)

// prefs are a person's choices of appearance, kept in cookies of their browser and nowhere else.
type prefs struct {
	lang    i18n.Lang
	theme   layout.Theme
	compact bool
	elder   bool
}

const prefsAge = 365 * 24 * time.Hour

func readPrefs(r *http.Request) prefs {
	// Chinese until somebody chooses: browsers in offices often ask for English without anybody having wanted it.
	p := prefs{lang: i18n.ZH, theme: layout.System}
	if c, err := r.Cookie("lang"); err == nil {
		p.lang = i18n.Parse(c.Value)
	}
	if c, err := r.Cookie("theme"); err == nil && (c.Value == string(layout.Light) || c.Value == string(layout.Dark)) {
		p.theme = layout.Theme(c.Value)
	}
	if c, err := r.Cookie("density"); err == nil {
		p.compact = c.Value == "compact"
	}
	if c, err := r.Cookie("elder"); err == nil {
		p.elder = c.Value == "1"
	}
	return p
}

// setPrefs keeps the choices that were sent and goes back to the page.
func (h *Handler) setPrefs(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	h.keepPrefs(w, r)
	http.Redirect(w, r, local(r.PostForm.Get("back")), http.StatusSeeOther)
	return nil
}

func (h *Handler) keepPrefs(w http.ResponseWriter, r *http.Request) {
	for _, name := range []string{"lang", "theme", "density", "elder"} {
		if r.PostForm.Has(name) {
			h.setCookie(w, name, r.PostForm.Get(name), prefsAge)
		}
	}
}

// prefsHere keeps choices of appearance that came with the form of a public page, and gives the request that answers in them.
func (h *Handler) prefsHere(w http.ResponseWriter, r *http.Request) *http.Request {
	h.keepPrefs(w, r)
	v := visitOf(r)
	if r.PostForm.Has("elder") {
		v.prefs.elder = r.PostForm.Get("elder") == "1"
	}
	if r.PostForm.Has("lang") {
		v.prefs.lang = i18n.Parse(r.PostForm.Get("lang"))
	}
	return r.WithContext(i18n.With(r.Context(), v.prefs.lang))
}
