package web

import (
	"slices"

	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/burden"
	"linli/internal/i18n"
	"linli/internal/web/view/icon"
)

// routes is every address of the surface with who may call it. Adding one here adds it to the table of permissions that the
// tests hold against every role.
func (h *Handler) routes() []route {
	return slices.Concat(
		h.commonRoutes(),
		h.burdenRoutes(),
	)
}

func (h *Handler) commonRoutes() []route {
	return []route{
		{pattern: "GET /{$}", who: anybody, serve: h.homePage},
		{pattern: "GET /login", who: everyone, serve: h.loginPage},
		{pattern: "POST /login", who: everyone, serve: h.login},
		{pattern: "GET /login/code", who: everyone, serve: h.step(authn.StageCode, h.codePage)},
		{pattern: "POST /login/code", who: everyone, serve: h.step(authn.StageCode, h.loginCode)},
		{pattern: "GET /login/password", who: everyone, serve: h.step(authn.StageChange, h.passwordPage)},
		{pattern: "POST /login/password", who: everyone, serve: h.step(authn.StageChange, h.loginPassword)},
		{pattern: "GET /login/enrol", who: everyone, serve: h.step(authn.StageEnrol, h.enrolPage)},
		{pattern: "POST /login/enrol", who: everyone, serve: h.step(authn.StageEnrol, h.loginEnrol)},
		{pattern: "POST /logout", who: everyone, serve: h.logout},
		{pattern: "POST /prefs", who: everyone, serve: h.setPrefs},
		{pattern: "GET /about", who: everyone, serve: h.aboutPage},
	}
}

func (h *Handler) burdenRoutes() []route {
	see := may(burden.PermSee)
	return []route{
		{pattern: "GET /burden", who: see, serve: h.burdenPage},
		{pattern: "GET /burden/{form}", who: see, serve: h.burdenForm},
	}
}

// deskNav is the navigation at the desk; an entry is shown to who holds one of its permissions.
var deskNav = []navGroup{
	{i18n.Text{}, []navEntry{
		{i18n.NavHome, "/", icon.Home, nil},
	}},
	{i18n.NavPlatform, []navEntry{
		{i18n.NavBurden, "/burden", icon.Burden, []authz.Permission{burden.PermSee}},
	}},
}

// pocketNav is the bottom bar on phones: at most five.
var pocketNav = []navEntry{}

// searchPerms lets those search who may see any of what is found.
var searchPerms = []authz.Permission{}
