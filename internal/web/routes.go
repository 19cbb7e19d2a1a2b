package web

import (
	"net/http"
	"slices"

	"linli/internal/activity"
	"linli/internal/agreement"
	"linli/internal/authn"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/organisation"
	"linli/internal/person"
	"linli/internal/place"
)

// routes is every address of the surface with who may call it. Adding one here adds it to the table of permissions that the
// tests hold against every role.
func (h *Handler) routes() []route {
	return slices.Concat(
		h.commonRoutes(),
		h.organisationRoutes(),
		h.appointmentRoutes(),
		h.workplanRoutes(),
		h.catalogueRoutes(),
		h.duesRoutes(),
		h.placeRoutes(),
		h.slipRoutes(),
		h.memberRoutes(),
		h.claimRoutes(),
		h.activityRoutes(),
		h.ledgerRoutes(),
		h.deedRoutes(),
		h.figureRoutes(),
		h.regionRoutes(),
		h.questionRoutes(),
		h.requestRoutes(),
		h.assessRoutes(),
		h.burdenRoutes(),
		h.residentRoutes(),
		h.privacyRoutes(),
		h.importRoutes(),
		h.accountRoutes(),
		h.factRoutes(),
		h.platformRoutes(),
		h.formRoutes(),
		h.tableRoutes(),
		h.bodyRoutes(),
		h.meetingRoutes(),
		h.twoNewRoutes(),
		h.appraisalRoutes(),
		h.transferRoutes(),
		h.caseworkRoutes(),
		h.caseKindRoutes(),
		h.caseRouteRoutes(),
		h.casePublicRoutes(),
		h.ownAccountRoutes(),
		h.ownDataRoutes(),
		h.dataRightRoutes(),
		h.technicianRoutes(),
		h.dispatchRoutes(),
		h.myJobRoutes(),
		h.patrolRoutes(),
		h.householdCheckRoutes(),
		h.hallRoutes(),
		h.mediationRoutes(),
		h.counterRoutes(),
		h.hallPublicRoutes(),
		h.counsellingRoutes(),
		h.pairingRoutes(),
		h.volunteerRoutes(),
		h.volunteerOwnRoutes(),
		h.clubRoutes(),
		h.employmentRoutes(),
		h.employmentJobRoutes(),
		h.employmentPublicRoutes(),
		h.counsellingPublicRoutes(),
		h.takeoverRoutes(),
		h.exchangeRoutes(),
		h.exchangeWeekRoutes(),
		h.outletRoutes(),
		h.venueRoutes(),
		h.venuePublicRoutes(),
		h.exchangeHelpRoutes(),
		h.exchangePublicRoutes(),
		h.loveBankRoutes(),
		h.loveBankOwnRoutes(),
		h.cobuildRoutes(),
		h.cobuildUnitRoutes(),
		h.cobuildPeopleRoutes(),
		h.projectRoutes(),
		h.noticeRoutes(),
		h.webhookRoutes(),
	)
}

func (h *Handler) commonRoutes() []route {
	return []route{
		{pattern: "GET /{$}", who: anybody, serve: h.homePage},
		{pattern: "GET /m", who: anybody, serve: h.memberHome},
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
		{pattern: "GET /favicon.ico", who: everyone, serve: h.favicon},
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
		{pattern: "GET /organisations/chart/print", who: find, serve: h.organisationChartPrint},
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
	for _, act := range []string{"rename", "reform", "reparent", "merge", "split", "dissolve"} {
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
		{pattern: "GET /divisions/export", who: divisions, serve: h.exportDivisions},
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
		{pattern: "GET /quarters/export", who: see, serve: h.exportQuarters},
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
		{pattern: "GET /evaluations/export", who: may(feedback.PermEvaluate, feedback.PermSee), serve: h.exportEvaluations},
		{pattern: "POST /evaluations/open", who: may(feedback.PermEvaluate), serve: h.openYear},
		{pattern: "GET /evaluations/{year}/{id}", who: may(feedback.PermEvaluate, feedback.PermSee, feedback.PermSeeOwn), serve: h.evaluation},
		{pattern: "POST /evaluations/{year}/{id}", who: may(feedback.PermEvaluate), serve: h.evaluate},
		{pattern: "GET /evaluations/{year}/{id}/pdf", who: may(feedback.PermEvaluate, feedback.PermSee, feedback.PermSeeOwn), serve: h.evaluationPDF},
		{pattern: "GET /m/slips", who: may(feedback.PermSeeOwn), serve: h.ownSlips},
		{pattern: "POST /m/slips/{id}/correction", who: may(feedback.PermAskOwn), serve: h.askCorrection},
		{pattern: "GET /p/confirm", who: everyone, serve: h.confirmPage},
		{pattern: "POST /p/confirm", who: everyone, serve: h.confirmLook},
		{pattern: "POST /p/confirm/yes", who: everyone, serve: h.confirmYes},
		{pattern: "POST /p/confirm/no", who: everyone, serve: h.confirmNo},
		{pattern: "GET /p/check", who: everyone, serve: h.checkPaper},
		{pattern: "GET /p/check/{code}", who: everyone, serve: h.checkPaper},
	}
}

// accountRoutes are one's own account, the accounts of others, and roles.
func (h *Handler) accountRoutes() []route {
	see, manage, roles := may(authn.PermSee, authn.PermAdmin), may(authn.PermAdmin), may(authn.PermRoles)
	return []route{
		{pattern: "GET /account", who: anybody, serve: h.ownPage},
		{pattern: "GET /account/password", who: anybody, serve: h.ownPasswordPage},
		{pattern: "POST /account/password", who: anybody, serve: h.ownPassword},
		{pattern: "GET /account/totp", who: anybody, serve: h.ownTOTPPage},
		{pattern: "POST /account/totp", who: anybody, serve: h.ownTOTP},
		{pattern: "POST /account/tokens", who: anybody, serve: h.tokenCreate},
		{pattern: "POST /tokens/{id}/revoke", who: anybody, serve: h.belowAccount(h.tokenRevoke, i18n.AccountTokenRevoked)},
		{pattern: "POST /sessions/{id}/end", who: anybody, serve: h.belowAccount(h.sessionEnd, i18n.AccountSessionEnded)},
		{pattern: "GET /accounts", who: see, serve: h.accountsPage},
		{pattern: "GET /accounts/export", who: see, serve: h.exportAccounts},
		{pattern: "GET /accounts/new", who: manage, serve: h.accountNewPage},
		{pattern: "POST /accounts", who: manage, serve: h.accountCreate},
		{pattern: "GET /accounts/{id}", who: see, serve: h.accountPage},
		{pattern: "POST /accounts/{id}/grants", who: manage, serve: h.accountGrant},
		{pattern: "POST /grants/{id}/end", who: manage, serve: h.belowAccount(h.grantEnd, i18n.AccountGrantEnded)},
		{pattern: "POST /accounts/{id}/reset", who: manage, serve: h.accountReset},
		{pattern: "POST /accounts/{id}/totp", who: manage, serve: h.accountAct(h.accountNoTOTP, i18n.AccountResetTOTPDone)},
		{pattern: "POST /accounts/{id}/disable", who: manage, serve: h.accountAct(h.accountSet(authn.Disabled), i18n.AccountDisabledDone)},
		{pattern: "POST /accounts/{id}/enable", who: manage, serve: h.accountAct(h.accountSet(authn.Active), i18n.AccountEnabledDone)},
		{pattern: "GET /roles", who: may(authn.PermSee, authn.PermAdmin, authn.PermRoles), serve: h.rolesPage},
		{pattern: "GET /roles/new", who: roles, serve: h.roleNewPage},
		{pattern: "POST /roles", who: roles, serve: h.roleSave},
		{pattern: "GET /roles/{code}", who: may(authn.PermSee, authn.PermAdmin, authn.PermRoles), serve: h.rolePage},
		{pattern: "POST /roles/{code}", who: roles, serve: h.roleSave},
		{pattern: "POST /roles/{code}/remove", who: roles, serve: h.roleRemove},
	}
}

func (h *Handler) activityRoutes() []route {
	browse, plan, hold := may(activity.PermBrowse, activity.PermSee), may(activity.PermPlan), may(activity.PermHold, activity.PermHost)
	enrol, see, kinds := may(activity.PermEnrol), may(activity.PermSee, activity.PermHold, activity.PermHost), may(activity.PermKinds)
	enrolOwn, signOwn := may(activity.PermEnrolOwn), may(activity.PermSignOwn)
	return []route{
		{pattern: "GET /activities", who: browse, serve: h.activities},
		{pattern: "GET /activities/calendar", who: browse, serve: h.activityCalendar},
		{pattern: "GET /activities/export", who: browse, serve: h.exportActivities},
		{pattern: "GET /activities/new", who: plan, serve: h.newActivity},
		{pattern: "POST /activities", who: plan, serve: h.createActivity},
		{pattern: "GET /activities/{id}", who: browse, serve: h.activityPage},
		{pattern: "GET /activities/{id}/edit", who: plan, serve: h.editActivity},
		{pattern: "POST /activities/{id}", who: plan, serve: h.saveActivity},
		{pattern: "GET /activities/{id}/copy", who: plan, serve: h.copyActivity},
		{pattern: "POST /activities/{id}/publish", who: plan, serve: h.activityAct("", i18n.ActivityPublishDone, h.publishActivity)},
		{pattern: "POST /activities/{id}/cancel", who: plan, serve: h.activityAct("", i18n.ActivityCancelDone, h.cancelActivity)},
		{pattern: "POST /activities/{id}/close", who: hold, serve: h.activityAct("", i18n.ActivityCloseDone, h.closeActivity)},
		{pattern: "POST /activities/{id}/out", who: hold, serve: h.allOut},
		{pattern: "GET /activities/{id}/enrolments", who: browse, serve: h.enrolments},
		{pattern: "POST /activities/{id}/enrolments", who: enrol, serve: h.enrolMember},
		{pattern: "POST /activities/{id}/withdraw", who: enrol, serve: h.activityAct("/enrolments", i18n.ActivityWithdrawDone, h.withdrawMembers)},
		{pattern: "GET /activities/{id}/sheet", who: browse, serve: h.activitySheet},
		{pattern: "GET /activities/{id}/sheet/export", who: browse, serve: h.exportSheet},
		{pattern: "POST /activities/{id}/sheet", who: hold, serve: h.signInHere},
		{pattern: "POST /activities/{id}/enter", who: hold, serve: h.enterLater},
		{pattern: "GET /activities/{id}/screen", who: hold, serve: h.activityScreen},
		{pattern: "GET /activities/{id}/screen/code", who: hold, serve: h.screenCode},
		{pattern: "GET /activities/{id}/poster", who: browse, serve: h.activityPoster},
		{pattern: "GET /activities/{id}/paper", who: hold, serve: h.paperSheet},
		{pattern: "GET /activities/{id}/photos/{photo}", who: browse, serve: h.photo},
		{pattern: "POST /activities/{id}/photos", who: may(activity.PermHold, activity.PermHost, activity.PermPlan), serve: h.addPhotos("/activities/", h.activityWith), upload: true},
		{pattern: "POST /activities/{id}/photos/{photo}/remove", who: may(activity.PermHold, activity.PermHost, activity.PermPlan), serve: h.removePhoto("/activities/")},
		{pattern: "GET /attendances", who: see, serve: h.attendances},
		{pattern: "GET /attendances/export", who: see, serve: h.exportAttendances},
		{pattern: "GET /attendances/{id}", who: may(activity.PermSee, activity.PermHold, activity.PermHost, activity.PermSeeOwn), serve: h.attendance},
		{pattern: "POST /attendances/{id}/out", who: hold, serve: h.attendanceAct(i18n.ActivitySignedOut, h.signOutHere)},
		{pattern: "POST /attendances/{id}/correct", who: hold, serve: h.attendanceAct(i18n.ActivityCorrectDone, h.correctAttendance)},
		{pattern: "POST /attendances/{id}/void", who: hold, serve: h.attendanceAct(i18n.ActivityVoidDone, h.voidAttendance)},
		{pattern: "POST /attendances/{id}/join", who: hold, serve: h.attendanceAct(i18n.ActivityJoinDone, h.joinAttendance)},
		{pattern: "POST /attendances/{id}/code", who: may(activity.PermCountersign), serve: h.issueCode},
		{pattern: "POST /attendances/{id}/objection", who: hold, serve: h.attendanceAct(i18n.CountersignSettleDone, h.settleAttendance)},
		{pattern: "POST /attendances/{id}/countersign", who: hold, serve: h.attendanceAct(i18n.ActivityRaisedDone, h.countersignAttendance)},
		{pattern: "GET /activity-kinds", who: kinds, serve: h.activityKinds},
		{pattern: "GET /activity-kinds/{code}", who: kinds, serve: h.activityKind},
		{pattern: "POST /activity-kinds/{code}", who: kinds, serve: h.saveKind},
		{pattern: "GET /m/activities", who: browse, serve: h.near},
		{pattern: "GET /m/activities/{id}", who: browse, serve: h.pocketActivity},
		{pattern: "POST /m/activities/{id}/enrol", who: enrolOwn, serve: h.enrolMe},
		{pattern: "POST /m/activities/{id}/withdraw", who: enrolOwn, serve: h.withdrawMe},
		{pattern: "POST /m/activities/{id}/photos", who: signOwn, serve: h.addPhotos("/m/activities/", h.pocketActivityWith), upload: true},
		{pattern: "POST /m/activities/{id}/photos/{photo}/remove", who: signOwn, serve: h.removePhoto("/m/activities/")},
		{pattern: "GET /m/sign", who: everyone, serve: h.signPage},
		{pattern: "POST /m/sign", who: signOwn, serve: h.signDigits},
		{pattern: "POST /m/sign/in", who: signOwn, serve: h.signIn},
		{pattern: "POST /m/sign/out", who: signOwn, serve: h.signOut},
		{pattern: "POST /m/sign/guest", who: everyone, serve: h.signGuest},
		{pattern: "POST /m/attendances/{id}/countersign", who: signOwn, serve: h.ownCode},
	}
}

func (h *Handler) residentRoutes() []route {
	see, edit := may(person.PermSee), may(person.PermEdit)
	return []route{
		{pattern: "GET /residents", who: see, serve: h.residents},
		{pattern: "GET /residents/export", who: may(person.PermExport), serve: h.exportResidents},
		{pattern: "GET /residents/new", who: edit, serve: h.newResident},
		{pattern: "POST /residents", who: edit, serve: h.createResident},
		{pattern: "GET /residents/take-in", who: edit, serve: h.takeInPage},
		{pattern: "POST /residents/take-in", who: edit, serve: h.takeIn},
		{pattern: "GET /residents/{id}", who: see, serve: h.resident},
		{pattern: "GET /residents/{id}/edit", who: edit, serve: h.editResident},
		{pattern: "POST /residents/{id}/edit", who: edit, serve: h.saveResident},
		{pattern: "GET /residents/{id}/leave", who: edit, serve: h.leavePage},
		{pattern: "POST /residents/{id}/move-out", who: edit, serve: h.moveOut},
		{pattern: "POST /residents/{id}/died", who: edit, serve: h.died},
		{pattern: "POST /residents/{id}/categories", who: edit, serve: h.categoriseResident},
		{pattern: "GET /households", who: see, serve: h.households},
		{pattern: "GET /households/export", who: may(person.PermExport), serve: h.exportHouseholds},
		{pattern: "GET /households/{id}", who: see, serve: h.household},
	}
}

func (h *Handler) memberRoutes() []route {
	see, edit, note := may(member.PermSee), may(member.PermEdit), may(member.PermContact)
	start, accept, issue := may(member.PermRegister), may(member.PermAccept), may(member.PermCertificate)
	inbox, own := may(member.PermSee, member.PermAccept), may(member.PermSeeOwn)
	return []route{
		{pattern: "GET /members", who: see, serve: h.membersPage},
		{pattern: "GET /members/export", who: see, serve: h.membersExport},
		{pattern: "GET /members/booklet.pdf", who: see, serve: h.bookletPDF},
		{pattern: "GET /members/new", who: edit, serve: h.memberNewPage},
		{pattern: "POST /members", who: edit, serve: h.memberCreate},
		{pattern: "GET /talks", who: see, serve: h.talksPage},
		{pattern: "POST /talks", who: may(member.PermTalk, member.PermContact), serve: h.talkAdd},
		{pattern: "GET /members/{id}", who: see, serve: h.memberPage},
		{pattern: "GET /members/{id}/{tab}", who: see, serve: h.memberPage},
		{pattern: "GET /members/{id}/edit", who: edit, serve: h.memberEditPage},
		{pattern: "POST /members/{id}/edit", who: edit, serve: h.memberEdit},
		{pattern: "GET /members/{id}/end", who: edit, serve: h.memberEndPage},
		{pattern: "POST /members/{id}/end", who: edit, serve: h.memberEnd},
		{pattern: "GET /members/{id}/form.pdf", who: see, serve: h.registrationFormPDF},
		{pattern: "GET /members/{id}/slip.pdf", who: see, serve: h.contactSlipPDF},
		{pattern: "GET /members/{id}/card.pdf", who: see, serve: h.contactCardPDF},
		{pattern: "GET /members/{id}/certificate.pdf", who: see, serve: h.certificatePDF},
		{pattern: "POST /members/{id}/certificate", who: issue, serve: h.memberAct("papers", i18n.CertificateNew, h.certificateIssue)},
		{pattern: "POST /members/{id}/certificate/reissue", who: issue, serve: h.memberAct("papers", i18n.CertificateNew, h.certificateReissue)},
		{pattern: "POST /members/{id}/certificate/revoke", who: issue, serve: h.memberAct("papers", i18n.CertificateRevDone, h.certificateRevoke)},
		{pattern: "POST /members/{id}/contacts", who: note, serve: h.memberAct("contacts", i18n.ContactDone, h.contactAdd)},
		{pattern: "POST /members/{id}/moves", who: note, serve: h.memberAct("contacts", i18n.FloatingDone, h.moveAdd)},
		{pattern: "POST /members/{id}/promises", who: note, serve: h.memberAct("promises", i18n.PromiseMade, h.promiseAdd)},
		{pattern: "POST /members/{id}/reasons", who: note, serve: h.memberAct("promises", i18n.AbsenceDone, h.reasonAdd)},
		{pattern: "POST /members/{id}/reasons/{reason}/end", who: note, serve: h.memberAct("promises", i18n.AbsenceEnded, h.reasonEnd)},
		{pattern: "POST /moves/{id}/back", who: note, serve: h.moveBack},
		{pattern: "POST /promises/{id}", who: may(member.PermContact, member.PermPromiseOwn), serve: h.promiseClose},
		{pattern: "POST /certificates/issue", who: issue, serve: h.certificatesIssue},
		{pattern: "POST /certificates/print", who: see, serve: h.certificatesPrint},
		{pattern: "GET /registrations", who: inbox, serve: h.registrationsPage},
		{pattern: "GET /registrations/export", who: inbox, serve: h.registrationsExport},
		{pattern: "POST /registrations/choose", who: start, serve: h.registrationsChoose},
		{pattern: "GET /registrations/new", who: start, serve: h.registrationNewPage},
		{pattern: "POST /registrations", who: start, serve: h.registrationStart},
		{pattern: "POST /registrations/accept", who: accept, serve: h.registrationsAccept},
		{pattern: "GET /registrations/{id}", who: inbox, serve: h.registrationPage},
		{pattern: "POST /registrations/{id}/accept", who: accept, serve: h.registrationAct(i18n.RegistrationTaken, h.registrationAccept)},
		{pattern: "POST /registrations/{id}/return", who: accept, serve: h.registrationAct(i18n.RegistrationBack, h.registrationReturn)},
		{pattern: "POST /registrations/{id}/withdraw", who: start, serve: h.registrationAct(i18n.RegistrationUndone, h.registrationWithdraw)},
		{pattern: "POST /registrations/{id}/end", who: may(member.PermAccept, member.PermRegister), serve: h.registrationAct(i18n.RegistrationOver, h.registrationEnd)},
		{pattern: "POST /registrations/{id}/move", who: may(member.PermAccept, member.PermRegister), serve: h.registrationAct(i18n.RegistrationMoved, h.registrationMove)},
		{pattern: "GET /floating", who: see, serve: h.floatingPage},
		{pattern: "GET /floating/export", who: see, serve: h.exportFloating},
		{pattern: "GET /reasons", who: see, serve: h.reasonsPage},
		{pattern: "GET /reasons/export", who: see, serve: h.exportReasons},
		{pattern: "GET /m/member", who: own, serve: h.minePage},
		{pattern: "POST /m/registration", who: may(member.PermRegisterOwn), serve: h.mineAct(i18n.RegistrationDone, h.mineRegister)},
		{pattern: "POST /m/registration/{id}/withdraw", who: may(member.PermRegisterOwn), serve: h.mineAct(i18n.RegistrationUndone, h.mineWithdraw)},
		{pattern: "POST /m/promises", who: may(member.PermPromiseOwn), serve: h.mineAct(i18n.PromiseMade, h.minePromise)},
		{pattern: "POST /m/plaque", who: may(member.PermPlaqueOwn), serve: h.mineAct(i18n.PlaqueSaved, h.minePlaque)},
		{pattern: "GET /m/certificate", who: own, serve: h.mineCertificate},
		{pattern: "GET /p/plaque/{no}", who: everyone, serve: h.plaquePage},
	}
}

func (h *Handler) claimRoutes() []route {
	see, offer, propose := may(agreement.PermSee, agreement.PermOffer), may(agreement.PermOffer), may(agreement.PermPropose)
	sign, end, own := may(agreement.PermSign), may(agreement.PermEnd), may(agreement.PermOwn)
	mine := func(done i18n.Text, act func(*http.Request, *form, id.ID) (id.ID, error)) func(http.ResponseWriter, *http.Request) error {
		return h.claimAct("/m/claims/", done, h.mineClaimWith, act)
	}
	desk := func(done i18n.Text, act func(*http.Request, *form, id.ID) (id.ID, error)) func(http.ResponseWriter, *http.Request) error {
		return h.claimAct("/claims/", done, h.claimWith, act)
	}
	return []route{
		{pattern: "GET /responsibilities", who: see, serve: h.offersPage},
		{pattern: "GET /responsibilities/export", who: see, serve: h.offersExport},
		{pattern: "GET /responsibilities/map", who: see, serve: h.claimMap},
		{pattern: "GET /responsibilities/new", who: offer, serve: h.offerNewPage},
		{pattern: "POST /responsibilities", who: offer, serve: h.offerCreate},
		{pattern: "GET /responsibilities/{id}", who: see, serve: h.offerPage},
		{pattern: "GET /responsibilities/{id}/edit", who: offer, serve: h.offerEditPage},
		{pattern: "POST /responsibilities/{id}/edit", who: offer, serve: h.offerEdit},
		{pattern: "GET /claims", who: see, serve: h.claimsPage},
		{pattern: "GET /claims/export", who: see, serve: h.claimsExport},
		{pattern: "GET /claims/new", who: propose, serve: h.claimNewPage},
		{pattern: "POST /claims", who: propose, serve: h.claimCreate},
		{pattern: "GET /claims/{id}", who: see, serve: h.claimPage},
		{pattern: "GET /claims/{id}/pdf", who: see, serve: h.claimPDF},
		{pattern: "POST /claims/{id}/sign", who: sign, serve: desk(i18n.ClaimSignDone, h.claimSign)},
		{pattern: "POST /claims/{id}/paper", who: sign, serve: desk(i18n.ClaimSignDone, h.claimPaperSign)},
		{pattern: "POST /claims/{id}/decline", who: sign, serve: desk(i18n.ClaimDeclineDone, h.claimDecline)},
		{pattern: "POST /claims/{id}/withdraw", who: propose, serve: desk(i18n.ClaimUndone, h.claimWithdraw)},
		{pattern: "POST /claims/{id}/renew", who: propose, serve: desk(i18n.ClaimRenewDone, h.claimRenew)},
		{pattern: "POST /claims/{id}/end", who: end, serve: desk(i18n.ClaimEndDone, h.claimEnd)},
		{pattern: "GET /m/claims", who: own, serve: h.mineClaims},
		{pattern: "POST /m/claims", who: own, serve: h.mineClaimNew},
		{pattern: "GET /m/claims/{id}", who: own, serve: h.mineClaim},
		{pattern: "GET /m/claims/{id}/pdf", who: own, serve: h.claimPDF},
		{pattern: "POST /m/claims/{id}/sign", who: own, serve: mine(i18n.ClaimSignDone, h.claimSign)},
		{pattern: "POST /m/claims/{id}/decline", who: own, serve: mine(i18n.ClaimDeclineDone, h.claimDecline)},
		{pattern: "POST /m/claims/{id}/withdraw", who: own, serve: mine(i18n.ClaimUndone, h.claimWithdraw)},
		{pattern: "POST /m/claims/{id}/renew", who: own, serve: mine(i18n.ClaimRenewDone, h.claimRenew)},
	}
}
