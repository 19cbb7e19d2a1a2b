package web

import (
	"strings"

	"linli/internal/activity"
	"linli/internal/appointment"
	"linli/internal/appraisal"
	"linli/internal/ask"
	"linli/internal/assess"
	"linli/internal/audit"
	"linli/internal/authn"
	"linli/internal/body"
	"linli/internal/casework"
	"linli/internal/cobuild"
	"linli/internal/complaint"
	"linli/internal/counselling"
	"linli/internal/dataright"
	"linli/internal/deed"
	"linli/internal/dues"
	"linli/internal/employment"
	"linli/internal/exchange"
	"linli/internal/feedback"
	"linli/internal/hall"
	"linli/internal/holiday"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/jobs"
	"linli/internal/lovebank"
	"linli/internal/mediation"
	"linli/internal/meeting"
	"linli/internal/member"
	"linli/internal/notice"
	"linli/internal/organisation"
	"linli/internal/outlet"
	"linli/internal/pairing"
	"linli/internal/patrol"
	"linli/internal/place"
	"linli/internal/policy"
	"linli/internal/project"
	"linli/internal/request"
	"linli/internal/table"
	"linli/internal/technician"
	"linli/internal/transfer"
	"linli/internal/venue"
	"linli/internal/volunteer"
	"linli/internal/webhook"
	"linli/internal/workplan"
)

// todoOf has the words and the page of every kind of thing that can wait (waiting.Item.Kind).
var todoOf = map[string]todo{
	organisation.WaitUnattached: {i18n.WaitUnitUnattached, "/units?where=none", "/organisations/{id}/attach"},
	appointment.WaitVacant:      {i18n.PostWaitVacant, "/posts/concerns?about=vacant", "/organisations/{id}/roster"},
	appointment.WaitTerm:        {i18n.PostWaitTerm, "/posts/concerns?about=term", "/organisations/{id}/roster"},
	place.WaitUnstaffed:         {i18n.WaitGridUnstaffed, "/grids?worker=none", "/grids/{id}/edit"},

	appraisal.WaitSelf:   {i18n.AppraisalWaitSelf, "/m/appraisal", "/m/appraisal/{id}"},
	appraisal.WaitBallot: {i18n.AppraisalWaitBallot, "/m/appraisal", "/m/appraisal/{id}/ballot"},
	appraisal.WaitResult: {i18n.AppraisalWaitResult, "/m/appraisal", "/m/appraisal/{id}"},
	appraisal.WaitStep:   {i18n.AppraisalWaitStep, "/appraisals?show=open", "/appraisals/{id}"},
	appraisal.WaitFollow: {i18n.AppraisalWaitFollow, "/appraisals", "/appraised/{id}"},

	activity.WaitPublish:        {i18n.WaitActivityPublish, "/activities?state=draft", "/activities/{id}"},
	activity.WaitClose:          {i18n.WaitActivityClose, "/activities?state=held", "/activities/{id}"},
	activity.WaitForgotten:      {i18n.WaitAttendanceForgotten, "/attendances?forgotten=1", "/activities/{id}/sheet?state=in"},
	activity.WaitJoin:           {i18n.WaitAttendanceJoin, "/attendances?guests=1", "/activities/{id}/sheet?guests=1"},
	activity.WaitFlagged:        {i18n.WaitAttendanceFlagged, "/attendances?flagged=1", "/activities/{id}/sheet?flagged=1"},
	activity.WaitCountersign:    {i18n.WaitCountersign, "/attendances?proof=vouched", "/activities/{id}/sheet?proof=vouched"},
	activity.WaitEnrolled:       {i18n.WaitActivityEnrolled, "/m/activities", "/m/activities/{id}"},
	activity.WaitSignOut:        {i18n.WaitAttendanceSignOut, "/m/sign", "/m/sign?activity={id}"},
	activity.WaitMovedUp:        {i18n.WaitMovedUp, "/m/activities", "/m/activities/{id}"},
	activity.WaitMoves:          {i18n.WaitActivityMoves, "/activities?state=published", "/activities/{id}/enrolments"},
	activity.WaitObjected:       {i18n.WaitAttendanceObjected, "/attendances?objected=1", "/attendances/{id}"},
	ask.WaitAnswer:              {i18n.AskWait, "/questions", ""},
	ask.WaitAnswerOwn:           {i18n.AskWaitOwn, "/m/questions", ""},
	ask.WaitSettle:              {i18n.AskWaitSettle, "/questions/differs", ""},
	audit.WaitBroken:            {i18n.WaitAuditBroken, "/audit/checks", ""},
	audit.WaitUnsealed:          {i18n.WaitAuditUnsealed, "/audit/checks", ""},
	audit.WaitCheck:             {i18n.WaitAuditCheck, "/audit/checks", ""},
	authn.WaitLocked:            {i18n.WaitAccountLocked, "/accounts?about=locked", "/accounts/{id}"},
	authn.WaitNever:             {i18n.WaitAccountNever, "/accounts?about=never", "/accounts/{id}"},
	authn.WaitSecond:            {i18n.WaitAccountSecond, "/accounts?about=second", "/accounts/{id}"},
	authn.WaitLost:              {i18n.WaitAccountLost, "/accounts?about=lost", "/accounts/{id}"},
	authn.WaitEnding:            {i18n.WaitAccountEnding, "/accounts?about=ending", "/accounts/{id}"},
	assess.WaitAnswered:         {i18n.AssessWaitAnswered, "/assessments", "/assessments/{id}"},
	assess.WaitAppeal:           {i18n.AssessWait, "/assessments?appealed=1", "/assessments/{id}"},
	body.WaitRules:              {i18n.BodyWaitRules, "/bodies", "/bodies/{id}#rules"},
	meeting.WaitOverdue:         {i18n.MeetingWaitOverdue, "/meetings/due?only=overdue", ""},
	meeting.WaitDue:             {i18n.MeetingWaitDue, "/meetings/due?only=due", ""},
	meeting.WaitMinutes:         {i18n.MeetingWaitMinutes, "/meetings?state=planned", "/meetings/{id}#minutes"},
	meeting.WaitTopic:           {i18n.MeetingWaitTopic, "/topics?state=raised", ""},
	meeting.WaitTask:            {i18n.MeetingWaitTask, "/tasks?show=open", "/tasks/{id}"},
	meeting.WaitSettle:          {i18n.MeetingWaitSettle, "/tasks?state=reported", "/tasks/{id}"},
	meeting.WaitReply:           {i18n.MeetingWaitReply, "/meetings?when=coming", "/meetings/{id}"},
	meeting.WaitOwn:             {i18n.MeetingWaitReply, "/m/meetings", ""},
	workplan.WaitReview:         {i18n.PlanWaitReview, "/workplans?state=submitted", "/workplans/{id}"},
	workplan.WaitReturned:       {i18n.PlanWaitReturned, "/workplans?state=returned", "/workplans/{id}"},
	workplan.WaitOverdue:        {i18n.PlanWaitOverdue, "/workplans/items?show=overdue", "/workplans/{id}"},
	casework.WaitSoon:           {i18n.CaseWaitSoon, "/cases?order=due&wait=" + casework.WaitSoon, "/cases/{id}"},
	casework.WaitAccept:         {i18n.CaseWaitAccept, "/cases?wait=" + casework.WaitAccept, "/cases/{id}"},
	casework.WaitDispatch:       {i18n.CaseWaitDispatch, "/cases?wait=" + casework.WaitDispatch, "/cases/{id}"},
	casework.WaitSign:           {i18n.CaseWaitSign, "/cases?wait=" + casework.WaitSign, "/cases/{id}"},
	casework.WaitMine:           {i18n.CaseWaitMine, "/cases?wait=" + casework.WaitMine, "/cases/{id}"},
	casework.WaitStep:           {i18n.CaseWaitStep, "/cases?wait=" + casework.WaitStep, "/cases/{id}"},
	casework.WaitJoint:          {i18n.CaseWaitJoint, "/cases?wait=" + casework.WaitJoint, "/cases/{id}"},
	casework.WaitGrant:          {i18n.CaseWaitGrant, "/cases?wait=" + casework.WaitGrant, "/cases/{id}"},
	casework.WaitUnsigned:       {i18n.CaseWaitUnsigned, "/cases?wait=" + casework.WaitUnsigned, "/cases/{id}"},
	casework.WaitRoute:          {i18n.CaseWaitRoute, "/case-routes?show=idle", ""},
	casework.WaitCall:           {i18n.CaseWaitCall, "/cases?wait=" + casework.WaitCall, "/cases/{id}"},
	casework.WaitCheck:          {i18n.CaseWaitCheck, "/cases?wait=" + casework.WaitCheck, "/cases/{id}"},
	casework.WaitOverdue:        {i18n.CaseWaitOverdue, "/cases?order=due&wait=" + casework.WaitOverdue, "/cases/{id}"},
	casework.WaitLate:           {i18n.CaseWaitLate, "/cases?order=due&wait=" + casework.WaitLate, "/cases/{id}"},
	casework.WaitSupervise:      {i18n.CaseWaitSupervise, "/cases?wait=" + casework.WaitSupervise, "/cases/{id}"},
	patrol.WaitCheck:            {i18n.CheckWait, "/households/checks", ""},
	dataright.WaitDecide:        {i18n.DataRightWait, "/data-requests?state=open", "/data-requests/{id}"},
	technician.WaitOffer:        {i18n.TechnicianWaitOffer, "/m/jobs", "/m/jobs/{id}"},
	technician.WaitSignOff:      {i18n.TechnicianWaitSign, "/m/jobs", "/m/jobs/{id}"},
	technician.WaitAgain:        {i18n.TechnicianWaitAgain, "/dispatch?show=" + technician.BoardNew, "/dispatch?case={id}"},
	technician.WaitCertificate:  {i18n.TechnicianWaitCert, "/technicians?show=" + technician.ShowExpiring, "/technicians/{id}"},
	employment.WaitApprove:      {i18n.EmployWaitApprove, "/employment/jobs?state=asked", "/employment/jobs/{id}"},
	employment.WaitFollow:       {i18n.EmployWaitFollow, "/employment/results?due=1", "/employment/{id}#result"},
	employment.WaitDecide:       {i18n.EmployWaitDecide, "/unit-jobs", "/unit-jobs/{id}"},
	pairing.WaitUnpaired:        {i18n.PairWaitUnpaired, "/pairing?state=waiting", "/pairing/{id}"},
	pairing.WaitUnvisited:       {i18n.PairWaitUnvisited, "/pairing?days=30", "/pairing/{id}"},
	pairing.WaitMine:            {i18n.PairWaitMine, "/my-pairing", "/my-pairing/{id}"},
	volunteer.WaitAsked:         {i18n.VolWaitAsked, "/teams?show=asked", "/teams/{id}"},
	volunteer.WaitUnticked:      {i18n.VolWaitUnticked, "/shifts", "/shifts/{id}"},
	volunteer.WaitNear:          {i18n.VolWaitNear, "/volunteers?expiring=14", "/volunteers/{id}"},
	volunteer.WaitSoon:          {i18n.VolWaitSoon, "/volunteers?expiring=60", "/volunteers/{id}"},
	volunteer.WaitMine:          {i18n.VolWaitMine, "/my-volunteer", ""},
	volunteer.WaitOwnSoon:       {i18n.VolWaitOwnSoon, "/my-volunteer", ""},
	volunteer.WaitOff:           {i18n.VolWaitOff, "/my-volunteer", ""},
	volunteer.WaitSubstitute:    {i18n.VolWaitSubstitute, "/my-volunteer", ""},
	counselling.WaitToday:       {i18n.CounselWaitToday, "/counselling", "/counselling/files/{id}"},
	counselling.WaitWrite:       {i18n.CounselWaitWrite, "/counselling", "/counselling/files/{id}"},
	mediation.WaitOpened:        {i18n.MediationWaitOpened, "/mediations?wait=" + mediation.WaitOpened, "/mediations/{id}"},
	mediation.WaitLimit:         {i18n.MediationWaitLimit, "/mediations?wait=" + mediation.WaitLimit, "/mediations/{id}"},
	mediation.WaitConfirm:       {i18n.MediationWaitConfirm, "/mediations?wait=" + mediation.WaitConfirm, "/mediations/{id}"},
	mediation.WaitDuty:          {i18n.MediationWaitDuty, "/mediations?wait=" + mediation.WaitDuty, "/mediations/{id}"},
	mediation.WaitVisit:         {i18n.MediationWaitVisit, "/mediations?wait=" + mediation.WaitVisit, "/mediations/{id}"},
	exchange.WaitApprove:        {i18n.ExchangeWaitApprove, "/needs?wait=" + exchange.WaitApprove, "/needs/{id}"},
	exchange.WaitAgree:          {i18n.ExchangeWaitAgree, "/needs?wait=" + exchange.WaitAgree, "/needs/{id}"},
	exchange.WaitEvaluate:       {i18n.ExchangeWaitEvaluate, "/needs?wait=" + exchange.WaitEvaluate, "/needs/{id}"},
	exchange.WaitLate:           {i18n.ExchangeWaitLate, "/needs?wait=" + exchange.WaitLate, "/needs/{id}"},
	exchange.WaitUnmatched:      {i18n.ExchangeWaitUnmatched, "/needs?wait=" + exchange.WaitUnmatched, "/needs/{id}"},
	outlet.WaitCheck:            {i18n.OutletWaitCheck, "/outlets?show=unchecked", "/outlets/{id}"},
	exchange.WaitProposed:       {i18n.ExchangeWaitProposed, "/needs/week", "/needs/week"},
	exchange.WaitDeliver:        {i18n.ExchangeWaitDeliver, "/m/help", "/m/help/pledges/{id}"},
	exchange.WaitAsked:          {i18n.ExchangeWaitAsked, "/m/help", "/m/help/pledges/{id}"},
	exchange.WaitGive:           {i18n.ExchangeWaitGive, "/unit-help", "/unit-help/pledges/{id}"},
	exchange.WaitUnit:           {i18n.ExchangeWaitDeliver, "/unit-help", "/unit-help/pledges/{id}"},
	venue.WaitAsk:               {i18n.VenueWaitAsk, "/bookings?wait=" + venue.WaitAsk, "/bookings/{id}"},
	lovebank.WaitDonation:       {i18n.BankWaitDonation, "/bank/donations?state=offered", "/bank/donations/{id}"},
	lovebank.WaitAccord:         {i18n.BankWaitAccord, "/bank/districts", "/bank/districts"},
	lovebank.WaitCollect:        {i18n.BankWaitCollect, "/m/bank", "/m/bank/orders/{id}"},
	project.WaitAnswer:          {i18n.ProjectWaitAnswer, "/projects?wait=" + project.WaitAnswer, "/projects/{id}"},
	project.WaitStep:            {i18n.ProjectWaitStep, "/projects?wait=" + project.WaitStep, "/projects/{id}#steps"},
	project.WaitSoon:            {i18n.ProjectWaitSoon, "/projects?wait=" + project.WaitSoon, "/projects/{id}#steps"},
	project.WaitDeclined:        {i18n.ProjectWaitDeclined, "/projects?wait=" + project.WaitDeclined, "/projects/{id}"},
	project.WaitFinish:          {i18n.ProjectWaitFinish, "/projects?wait=" + project.WaitFinish, "/projects/{id}"},
	cobuild.WaitAnswer:          {i18n.CobuildWaitAnswer, "/cobuilds?wait=" + cobuild.WaitAnswer, "/cobuilds/{id}"},
	cobuild.WaitEndAsk:          {i18n.CobuildWaitEndAsk, "/cobuilds?wait=" + cobuild.WaitEndAsk, "/cobuilds/{id}"},
	cobuild.WaitLate:            {i18n.CobuildWaitLate, "/cobuilds?wait=" + cobuild.WaitLate, "/cobuilds/{id}#tasks"},
	cobuild.WaitDue:             {i18n.CobuildWaitDue, "/cobuilds?wait=" + cobuild.WaitDue, "/cobuilds/{id}#tasks"},
	cobuild.WaitConfirm:         {i18n.CobuildWaitConfirm, "/cobuilds?wait=" + cobuild.WaitConfirm, "/cobuilds/{id}#tasks"},
	cobuild.WaitEnd30:           {i18n.CobuildWaitEnd30, "/cobuilds?wait=" + cobuild.WaitEnd30, "/cobuilds/{id}"},
	cobuild.WaitEnding:          {i18n.CobuildWaitEnding, "/cobuilds?wait=" + cobuild.WaitEnding, "/cobuilds/{id}"},
	hall.WaitDue:                {i18n.TakeOverWaitDue, "/takeovers?whose=mine&show=" + hall.ShowOpen, "/cases/{id}"},
	hall.WaitPapers:             {i18n.TakeOverWaitPaper, "/takeovers?whose=mine&show=" + hall.ShowPapers, "/cases/{id}"},
	complaint.WaitAnswer:        {i18n.ComplaintWait, "/complaints?state=open", "/complaints/{id}"},
	deed.WaitConfirm:            {i18n.WaitDeedConfirm, "/deeds?state=proposed", "/deeds/{id}"},
	deed.WaitCountersign:        {i18n.WaitDeedCountersign, "/deeds?proof=vouched", "/deeds/{id}"},
	deed.WaitObjected:           {i18n.WaitDeedObjected, "/deeds?objected=1", "/deeds/{id}"},
	dues.WaitOwnBase:            {i18n.WaitDuesOwnBase, "/m/dues", ""},
	dues.WaitOwnOwed:            {i18n.WaitDuesOwnOwed, "/m/dues", ""},
	dues.WaitReview:             {i18n.WaitDuesReview, "/dues", "/dues/members/{id}"},
	dues.WaitUnpaid:             {i18n.WaitDuesUnpaid, "/dues/unpaid", "/dues/members/{id}"},
	dues.WaitRelief:             {i18n.WaitDuesRelief, "/dues/reliefs", ""},
	feedback.WaitClose:          {i18n.WaitQuarterClose, "/slips", ""},
	feedback.WaitUnsent:         {i18n.WaitSlipUnsent, "/slips?state=draft&late=1", "/slips/{id}"},
	feedback.WaitUnanswered:     {i18n.WaitSlipUnanswered, "/slips?state=sent&late=1", "/slips/{id}"},
	feedback.WaitLook:           {i18n.WaitSlipLook, "/m/slips", "/m/slips#slip-{id}"},
	feedback.WaitDecided:        {i18n.WaitCorrectionAnswer, "/m/slips", "/m/slips#slip-{id}"},
	holiday.WaitYear:            {i18n.WaitCalendarYear, "/calendar", ""},
	intake.WaitStopped:          {i18n.WaitImportStopped, "/imports?show=stopped", "/imports/{id}"},
	jobs.WaitFailed:             {i18n.WaitJobFailed, "/jobs?state=failed", ""},
	member.WaitRegistrationLate: {i18n.WaitRegistrationLate, "/registrations?state=proposed", "/registrations/{id}"},
	member.WaitFloatingWatch:    {i18n.WaitFloatingWatch, "/floating?show=overdue", "/members/{id}/contacts"},
	member.WaitHomeWatch:        {i18n.WaitHomeWatch, "/members?show=nohome", "/members/{id}"},
	request.WaitAnswer:          {i18n.RequestWait, "/requests?state=open", "/requests/{id}"},
	notice.WaitFailed:           {i18n.WaitNotice, "/notices?state=failed", ""},
	webhook.WaitStopped:         {i18n.WaitWebhook, "/webhooks", "/webhooks/{id}"},
	transfer.WaitApprove:        {i18n.TransferWaitApprove, "/transfers?state=requested", "/transfers/{id}"},
	transfer.WaitIssue:          {i18n.TransferWaitIssue, "/transfers?state=approved_out", "/transfers/{id}"},
	transfer.WaitReceive:        {i18n.TransferWaitReceive, "/transfers?state=in_transit", "/transfers/{id}"},
	transfer.WaitExpired:        {i18n.TransferWaitExpired, "/transfers?show=late", "/transfers/{id}"},
	transfer.WaitReturned:       {i18n.TransferWaitReturned, "/transfers?show=back", "/transfers/{id}"},
	transfer.WaitReport:         {i18n.TransferWaitReport, "/m/transfer", ""},
	transfer.WaitAnswered:       {i18n.TransferWaitAnswered, "/m/transfer", ""},
	table.WaitEdition:           {i18n.TableWait, "/tables", "/table-files/{id}"},
	table.WaitFailed:            {i18n.TableWaitFailed, "/tables", "/table-files/{id}"},
	policy.WaitComing:           {i18n.WaitPolicyComing, "/settings", ""},
	intake.WaitFinish:           {i18n.WaitImportFinish, "/imports", "/imports/{id}"},
	feedback.WaitSend:           {i18n.WaitSlipSend, "/slips?state=draft", "/slips/{id}"},
	feedback.WaitAnswer:         {i18n.WaitSlipAnswer, "/slips?state=sent", "/slips/{id}"},
	feedback.WaitCorrection:     {i18n.WaitSlipCorrection, "/slips", "/slips/{id}"},
	"registration.accept":       {i18n.WaitRegistrationAccept, "/registrations?state=proposed", "/registrations/{id}"},
	"registration.returned":     {i18n.WaitRegistrationReturned, "/registrations?state=returned", "/registrations/new?id={id}"},
	"registration.start":        {i18n.WaitRegistrationStart, "/members?kind=in_service&state=none", "/registrations/new?id={id}"},
	"registration.returned.own": {i18n.WaitRegistrationBackOwn, "/m/member", "/m/member"},
	"registration.start.own":    {i18n.WaitRegistrationStartOwn, "/m/member", "/m/member"},
	"promise.due":               {i18n.WaitPromiseDue, "/members", "/members/{id}/promises"},
	"promise.due.own":           {i18n.WaitPromiseDue, "/m/member", "/m/member"},
	"floating.contact":          {i18n.WaitFloatingContact, "/floating?show=overdue", "/members/{id}/contacts"},
	"contact.follow_up":         {i18n.WaitContactFollowUp, "/members", "/members/{id}/contacts"},
	"member.home":               {i18n.WaitMemberHome, "/members?show=nohome", "/members/{id}/edit"},
	"claim.sign":                {i18n.WaitClaimSign, "/claims?unsigned=community", "/claims/{id}"},
	"claim.sign.own":            {i18n.WaitClaimSignOwn, "/m/claims", "/m/claims/{id}"},
	"claim.renew":               {i18n.WaitClaimRenew, "/claims?ends=soon", "/claims/{id}"},
	"claim.renew.own":           {i18n.WaitClaimRenew, "/m/claims", "/m/claims/{id}"},
}

func replaceID(pattern string, i id.ID) string {
	return strings.Replace(pattern, "{id}", i.String(), 1)
}
