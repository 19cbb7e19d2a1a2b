package web

import (
	"slices"

	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/burden"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/web/view/icon"
)

// routes is every address of the surface with who may call it. Adding one here adds it to the table of permissions that the
// tests hold against every role.
func (h *Handler) routes() []route {
	return slices.Concat(
		h.commonRoutes(),
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
	{i18n.NavPlatform, []navEntry{
		{i18n.NavBurden, "/burden", icon.Burden, []authz.Permission{burden.PermSee}},
	}},
}

// pocketNav is the bottom bar on phones: at most five.
var pocketNav = []navEntry{
	{i18n.FeedbackOwn, "/m/slips", icon.File, []authz.Permission{feedback.PermSeeOwn}},
}
