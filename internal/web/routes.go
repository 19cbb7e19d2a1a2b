package web

import (
	"slices"

	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/burden"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/organisation"
	"linli/internal/place"
	"linli/internal/web/view/icon"
)

// routes is every address of the surface with who may call it. Adding one here adds it to the table of permissions that the
// tests hold against every role.
func (h *Handler) routes() []route {
	return slices.Concat(
		h.commonRoutes(),
		h.organisationRoutes(),
		h.placeRoutes(),
		h.slipRoutes(),
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
		{pattern: "GET /search", who: may(searchPerms...), serve: h.searchPage},
		{pattern: "GET /search/suggest", who: may(searchPerms...), serve: h.suggest},
	}
}

func (h *Handler) organisationRoutes() []route {
	see, find, found := may(organisation.PermSee), may(organisation.PermFind), may(organisation.PermFound)
	list := []route{
		{pattern: "GET /organisations", who: see, serve: h.organisationsPage},
		{pattern: "GET /organisations/export", who: see, serve: h.organisationsExport},
		{pattern: "GET /organisations/match", who: find, serve: h.organisationMatch},
		{pattern: "GET /organisations/chart", who: find, serve: h.organisationChart},
		{pattern: "GET /organisations/new", who: found, serve: h.organisationNewPage},
		{pattern: "POST /organisations", who: found, serve: h.organisationCreate},
		{pattern: "GET /organisations/found", who: found, serve: h.organisationFoundPage},
		{pattern: "POST /organisations/found", who: found, serve: h.organisationFound},
		{pattern: "GET /organisations/{id}", who: see, serve: h.organisationPage},
		{pattern: "GET /organisations/{id}/edit", who: may(organisation.PermEdit), serve: h.organisationEditPage},
		{pattern: "POST /organisations/{id}/edit", who: may(organisation.PermEdit), serve: h.organisationEdit},
		{pattern: "POST /organisations/{id}/phone", who: may(organisation.PermContact), serve: h.organisationPhone},
		{pattern: "GET /organisations/{id}/map", who: may(place.PermSee), serve: h.communityMap},
		{pattern: "GET /units", who: see, serve: h.unitsPage},
		{pattern: "GET /units/export", who: see, serve: h.unitsExport},
	}
	for _, act := range []string{"rename", "reparent", "merge", "split", "dissolve"} {
		list = append(list, h.actRoutes(act, may(organisation.PermChange))...)
	}
	for _, act := range []string{"attach", "detach"} {
		list = append(list, h.actRoutes(act, may(organisation.PermAttach))...)
	}
	return list
}

// actRoutes are the form of an act of change and the act itself.
func (h *Handler) actRoutes(act string, who who) []route {
	f := organisationForms[act]
	return []route{
		{pattern: "GET /organisations/{id}/" + act, who: who, serve: f.get(h)},
		{pattern: "POST /organisations/{id}/" + act, who: who, serve: f.post(h)},
	}
}

func (h *Handler) placeRoutes() []route {
	see, edit, divisions := may(place.PermSee), may(place.PermEdit), may(place.PermDivisions)
	return []route{
		{pattern: "GET /divisions", who: divisions, serve: h.divisionsPage},
		{pattern: "GET /divisions/{level}/{code}", who: divisions, serve: h.divisionPage},
		{pattern: "GET /grids", who: see, serve: h.gridsPage},
		{pattern: "GET /grids/export", who: see, serve: h.gridsExport},
		{pattern: "GET /grids/new", who: edit, serve: h.gridNewPage},
		{pattern: "POST /grids", who: edit, serve: h.gridCreate},
		{pattern: "GET /grids/{id}", who: see, serve: h.gridPage},
		{pattern: "GET /grids/{id}/edit", who: edit, serve: h.gridEditPage},
		{pattern: "POST /grids/{id}/edit", who: edit, serve: h.gridEdit},
		{pattern: "POST /grids/{id}/end", who: edit, serve: h.gridEnd},
		{pattern: "GET /quarters", who: see, serve: h.quartersPage},
		{pattern: "GET /quarters/new", who: edit, serve: h.quarterNewPage},
		{pattern: "POST /quarters", who: edit, serve: h.quarterCreate},
		{pattern: "GET /quarters/{id}/edit", who: edit, serve: h.quarterEditPage},
		{pattern: "POST /quarters/{id}/edit", who: edit, serve: h.quarterEdit},
		{pattern: "GET /buildings", who: see, serve: h.buildingsPage},
		{pattern: "GET /buildings/export", who: see, serve: h.buildingsExport},
		{pattern: "GET /buildings/new", who: edit, serve: h.buildingNewPage},
		{pattern: "POST /buildings", who: edit, serve: h.buildingCreate},
		{pattern: "GET /buildings/{id}", who: see, serve: h.buildingPage},
		{pattern: "GET /buildings/{id}/edit", who: edit, serve: h.buildingEditPage},
		{pattern: "POST /buildings/{id}/edit", who: edit, serve: h.buildingEdit},
	}
}

func (h *Handler) slipRoutes() []route {
	read := may(feedback.PermReview, feedback.PermSee)
	review := may(feedback.PermReview)
	return []route{
		{pattern: "GET /slips", who: read, serve: h.slips},
		{pattern: "GET /slips/export", who: read, serve: h.exportSlips},
		{pattern: "POST /slips/close", who: may(feedback.PermClose), serve: h.closeQuarter},
		{pattern: "GET /slips/{id}", who: read, serve: h.slip},
		{pattern: "GET /slips/{id}/pdf", who: read, serve: h.slipPDF},
		{pattern: "POST /slips/{id}/remark", who: review, serve: h.slipAct(h.remarkSlip, i18n.FeedbackRemarksSaved)},
		{pattern: "POST /slips/{id}/refresh", who: review, serve: h.slipAct(h.refreshSlip, i18n.FeedbackRefreshed)},
		{pattern: "POST /slips/{id}/send", who: review, serve: h.slipAct(h.sendSlip, i18n.FeedbackSendDone)},
		{pattern: "POST /slips/{id}/send-again", who: review, serve: h.slipAct(h.sendSlipAgain, i18n.FeedbackSendAgainDone)},
		{pattern: "POST /slips/{id}/answer", who: may(feedback.PermAnswer), serve: h.slipAct(h.answerSlip, i18n.FeedbackAnswerDone)},
		{pattern: "POST /corrections/{id}", who: review, serve: h.decideCorrection},
		{pattern: "GET /evaluations", who: may(feedback.PermEvaluate, feedback.PermSee), serve: h.evaluations},
		{pattern: "POST /evaluations/open", who: may(feedback.PermEvaluate), serve: h.openYear},
		{pattern: "GET /evaluations/{year}/{id}", who: may(feedback.PermEvaluate, feedback.PermSee, feedback.PermSeeOwn), serve: h.evaluation},
		{pattern: "POST /evaluations/{year}/{id}", who: may(feedback.PermEvaluate), serve: h.evaluate},
		{pattern: "GET /evaluations/{year}/{id}/pdf", who: may(feedback.PermEvaluate, feedback.PermSee, feedback.PermSeeOwn), serve: h.evaluationPDF},
		{pattern: "GET /m/slips", who: may(feedback.PermSeeOwn), serve: h.ownSlips},
		{pattern: "POST /m/slips/{id}/correction", who: may(feedback.PermAskOwn), serve: h.askCorrection},
		{pattern: "GET /p/check", who: everyone, serve: h.checkPaper},
		{pattern: "GET /p/check/{code}", who: everyone, serve: h.checkPaper},
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
	{i18n.NavFollows, []navEntry{
		{i18n.FeedbackTitle, "/slips", icon.File, []authz.Permission{feedback.PermReview, feedback.PermSee}},
		{i18n.FeedbackEvaluations, "/evaluations", icon.Award, []authz.Permission{feedback.PermEvaluate, feedback.PermSee}},
	}},
	{i18n.NavNetwork, []navEntry{
		{i18n.OrgTitle, "/organisations", icon.Tree, []authz.Permission{organisation.PermSee}},
		{i18n.OrgUnitsTitle, "/units", icon.Building, []authz.Permission{organisation.PermSee}},
		{i18n.PlaceGrids, "/grids", icon.Grid, []authz.Permission{place.PermSee}},
		{i18n.PlaceBuildings, "/buildings", icon.Household, []authz.Permission{place.PermSee}},
		{i18n.PlaceQuarters, "/quarters", icon.Community, []authz.Permission{place.PermSee}},
		{i18n.PlaceDivisions, "/divisions", icon.Map, []authz.Permission{place.PermSee, place.PermImport}},
	}},
	{i18n.NavPlatform, []navEntry{
		{i18n.NavBurden, "/burden", icon.Burden, []authz.Permission{burden.PermSee}},
	}},
}

// pocketNav is the bottom bar on phones: at most five.
var pocketNav = []navEntry{
	{i18n.FeedbackOwn, "/m/slips", icon.File, []authz.Permission{feedback.PermSeeOwn}},
}
