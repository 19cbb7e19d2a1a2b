package web

import (
	"slices"
	"strings"

	"linli/internal/activity"
	"linli/internal/agreement"
	"linli/internal/appointment"
	"linli/internal/appraisal"
	"linli/internal/ask"
	"linli/internal/assess"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/body"
	"linli/internal/burden"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/cobuild"
	"linli/internal/complaint"
	"linli/internal/counselling"
	"linli/internal/dataright"
	"linli/internal/deed"
	"linli/internal/dues"
	"linli/internal/employment"
	"linli/internal/exchange"
	"linli/internal/fact"
	"linli/internal/feedback"
	"linli/internal/figure"
	"linli/internal/fill"
	"linli/internal/hall"
	"linli/internal/i18n"
	"linli/internal/jobs"
	"linli/internal/ledger"
	"linli/internal/lovebank"
	"linli/internal/mediation"
	"linli/internal/meeting"
	"linli/internal/member"
	"linli/internal/notice"
	"linli/internal/organisation"
	"linli/internal/outlet"
	"linli/internal/pairing"
	"linli/internal/patrol"
	"linli/internal/person"
	"linli/internal/place"
	"linli/internal/policy"
	"linli/internal/project"
	"linli/internal/region"
	"linli/internal/request"
	"linli/internal/retention"
	"linli/internal/table"
	"linli/internal/technician"
	"linli/internal/transfer"
	"linli/internal/twonew"
	"linli/internal/venue"
	"linli/internal/volunteer"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	"linli/internal/webhook"
	"linli/internal/workplan"
)

// navEntry is a place in the navigation; who lacks all its permissions does not see it.
type navEntry struct {
	text  i18n.Text
	href  string
	icon  icon.Name
	perms []authz.Permission
	only  func(authz.Actor) bool // nil: shown to all who hold a permission
}

type navGroup struct {
	title   i18n.Text
	entries []navEntry
}

// navigation is what the actor may go to at the desk.
func navigation(a authz.Actor) []layout.NavGroup {
	var list []layout.NavGroup
	for _, g := range deskNav {
		var items []layout.NavItem
		for _, e := range g.entries {
			if may(e.perms...).lets(a) && (e.only == nil || e.only(a)) {
				items = append(items, layout.NavItem{Text: e.text, Href: e.href, Icon: e.icon})
			}
		}
		if len(items) > 0 {
			list = append(list, layout.NavGroup{Title: g.title, Items: items})
		}
	}
	return list
}

// active is the navigation entry that an address belongs to: the longest that it starts with.
func active(path string) string {
	best := ""
	for _, g := range deskNav {
		for _, e := range g.entries {
			if (path == e.href || strings.HasPrefix(path, e.href+"/")) && len(e.href) > len(best) {
				best = e.href
			}
		}
	}
	if path == "/m" || !strings.HasPrefix(path, "/m/") {
		if path == "/m" {
			best = path
		}
		return best
	}
	best = "/m/member" // slips, claims, certificate, looks: all that is the member's own and has no place in the bar
	for _, e := range pocketNav {
		if e.href != "/m" && (path == e.href || strings.HasPrefix(path, e.href+"/")) {
			best = e.href
		}
	}
	return best
}

// pocketTabs is the bottom bar on phones.
func pocketTabs(a authz.Actor) []layout.NavItem {
	var items []layout.NavItem
	for _, e := range pocketNav {
		if may(e.perms...).lets(a) {
			items = append(items, layout.NavItem{Text: e.text, Href: e.href, Icon: e.icon})
		}
	}
	if len(items) > mostTabs {
		items = slices.DeleteFunc(items, func(it layout.NavItem) bool { return it.Href == hoursTab })
	}
	return items
}

// accountMenu is what concerns the account itself.
func accountMenu(a authz.Actor) []layout.NavItem {
	items := []layout.NavItem{{Text: i18n.NavAccount, Href: "/account", Icon: icon.User}, {Text: i18n.NoticeMine, Href: "/account/reminder", Icon: icon.Clock}}
	if a.PersonID != 0 {
		items = append(items, layout.NavItem{Text: i18n.NavMyLooks, Href: "/m/looks", Icon: icon.Eye})
	}
	if may(meeting.PermOwn).lets(a) {
		items = append(items, layout.NavItem{Text: i18n.MineMeetings, Href: "/m/meetings", Icon: icon.Notes})
	}
	if may(exchange.PermOwn).lets(a) {
		items = append(items, layout.NavItem{Text: i18n.HelpTitle, Href: "/m/help", Icon: icon.Heart})
	}
	if may(cobuild.PermOwn, cobuild.PermSee, cobuild.PermUnit).lets(a) {
		items = append(items, layout.NavItem{Text: i18n.CobuildOwnTitle, Href: "/m/posts", Icon: icon.Award})
	}
	if may(pairing.PermOwn).lets(a) {
		items = append(items, layout.NavItem{Text: i18n.PairMine, Href: "/my-pairing", Icon: icon.Heart})
	}
	if may(volunteer.PermOwn).lets(a) {
		items = append(items, layout.NavItem{Text: i18n.VolMine, Href: "/my-volunteer", Icon: icon.Heart})
	}
	if may(lovebank.PermOwn).lets(a) {
		items = append(items, layout.NavItem{Text: i18n.BankTitle, Href: "/m/bank", Icon: icon.Gift})
	}
	if may(appraisal.PermOwn).lets(a) {
		items = append(items, layout.NavItem{Text: i18n.AppraisalMine, Href: "/m/appraisal", Icon: icon.Scale})
	}
	if may(meeting.PermSee, meeting.PermOwn).lets(a) {
		items = append(items, layout.NavItem{Text: i18n.FeedTitle, Href: "/calendars", Icon: icon.Calendar})
	}
	return items
}

func userOf(a authz.Actor) layout.User {
	u := layout.User{Name: a.Name, ID: a.AccountID.String()}
	if len(a.Grants) > 0 {
		u.Role, u.Org = a.Grants[0].RoleName, a.Grants[0].RootName
	}
	return u
}

// deskNav is the navigation at the desk; an entry is shown to who holds one of its permissions.
var deskNav = []navGroup{
	{i18n.Text{}, []navEntry{
		{i18n.NavHome, "/", icon.Home, nil, nil},
	}},
	{i18n.NavWork, []navEntry{
		{i18n.MemberTitle, "/members", icon.Member, []authz.Permission{member.PermSee}, nil},
		{i18n.RegistrationTitle, "/registrations", icon.Household, []authz.Permission{member.PermSee, member.PermAccept}, nil},
		{i18n.ClaimTitle, "/claims", icon.Signature, []authz.Permission{agreement.PermSee}, nil},
		{i18n.ResponsibilityTitle, "/responsibilities", icon.Pin, []authz.Permission{agreement.PermSee, agreement.PermOffer}, nil},
		{i18n.TalkTitle, "/talks", icon.Message, []authz.Permission{member.PermTalk}, nil},
		{i18n.TransferTitle, "/transfers", icon.Send, []authz.Permission{transfer.PermSee}, nil},
		{i18n.FloatingTitle, "/floating", icon.Users, []authz.Permission{member.PermSee}, nil},
		{i18n.AbsenceTitle, "/reasons", icon.Chart, []authz.Permission{member.PermSee}, nil},
		{i18n.DuesTitle, "/dues", icon.Ledger, []authz.Permission{dues.PermSee, dues.PermKeep}, nil},
		{i18n.BirthdayTitle, "/birthdays", icon.Award, []authz.Permission{dues.PermBirthdays}, nil},
	}},
	{i18n.ActivityNav, []navEntry{
		{i18n.ActivityTitle, "/activities", icon.Calendar, []authz.Permission{activity.PermSee, activity.PermPlan, activity.PermKinds}, nil},
		{i18n.MeetingTitle, "/meetings", icon.Notes, []authz.Permission{meeting.PermSee, meeting.PermPlan}, nil},
		{i18n.AppraisalsTitle, "/appraisals", icon.Scale, []authz.Permission{appraisal.PermSee, appraisal.PermOpen, appraisal.PermKeep}, nil},
		{i18n.TaskTitlePage, "/tasks", icon.Flag, []authz.Permission{meeting.PermSee, meeting.PermRaise}, nil},
		{i18n.TopicTitlePage, "/topics", icon.Message, []authz.Permission{meeting.PermSee, meeting.PermRaise}, nil},
		{i18n.PlanTitle, "/workplans", icon.Clipboard, []authz.Permission{workplan.PermSee}, nil},
		{i18n.DeedTitle, "/deeds", icon.Heart, []authz.Permission{deed.PermSee, deed.PermDecide}, nil},
		{i18n.LedgerTitle, "/ledger", icon.Ledger, []authz.Permission{ledger.PermSee}, nil},
	}},
	{i18n.CaseNavGroup, []navEntry{
		{i18n.CaseTitle, "/cases", icon.Handshake, []authz.Permission{casework.PermSee}, nil},
		{i18n.CallTitle, "/calls/new", icon.Phone, []authz.Permission{casework.PermEnter}, nil},
		{i18n.ExchangeTitle, "/needs", icon.Heart, []authz.Permission{exchange.PermSee}, nil},
		{i18n.HelpUnit, "/unit-help", icon.Heart, []authz.Permission{exchange.PermOffer}, nil},
		{i18n.ProjectTitle, "/projects", icon.Tasks, []authz.Permission{project.PermSee}, nil},
		{i18n.ProjectUnitTitle, "/unit-projects", icon.Tasks, []authz.Permission{project.PermUnit}, nil},
		{i18n.CobuildTitle, "/cobuilds", icon.Signature, []authz.Permission{cobuild.PermSee}, nil},
		{i18n.CobuildUnitTitle, "/unit-agreements", icon.Signature, []authz.Permission{cobuild.PermUnit}, nil},
		{i18n.ResourceTitle, "/resources", icon.Box, []authz.Permission{exchange.PermSee, exchange.PermOffer}, nil},
		{i18n.OutletTitle, "/outlets", icon.Pin, []authz.Permission{outlet.PermSee}, nil},
		{i18n.VenueTitle, "/venues", icon.Calendar, []authz.Permission{venue.PermSee, venue.PermBook, venue.PermKeep}, nil},
		{i18n.BankTitle, "/bank", icon.Gift, []authz.Permission{lovebank.PermSee}, nil},
		{i18n.BankUnitTitle, "/unit-bank", icon.Gift, []authz.Permission{lovebank.PermOffer}, nil},
		{i18n.NavCounter, "/hall/counter", icon.Speaker, []authz.Permission{hall.PermServe}, nil},
		{i18n.NavHalls, "/halls", icon.Building, []authz.Permission{hall.PermSee, hall.PermManage}, nil},
		{i18n.EmployTitle, "/employment", icon.Clipboard, []authz.Permission{employment.PermManage, employment.PermSee}, nil},
		{i18n.EmployUnitJobs, "/unit-jobs", icon.Clipboard, []authz.Permission{employment.PermUnit}, nil},
		{i18n.PairTitle, "/pairing", icon.Handshake, []authz.Permission{pairing.PermManage, pairing.PermSee}, nil},
		{i18n.PairMine, "/my-pairing", icon.Heart, []authz.Permission{pairing.PermHelp, pairing.PermUnit}, nil},
		{i18n.VolTitle, "/volunteers", icon.Users, []authz.Permission{volunteer.PermManage, volunteer.PermSee}, nil},
		{i18n.VolTeams, "/teams", icon.Flag, []authz.Permission{volunteer.PermManage, volunteer.PermSee}, nil},
		{i18n.ClubTitle, "/clubs", icon.Users, []authz.Permission{volunteer.PermManage, volunteer.PermSee}, nil},
		{i18n.NavCounselling, "/counselling", icon.Heart, []authz.Permission{counselling.PermServe, counselling.PermKeep, counselling.PermCount}, nil},
		{i18n.MediationTitle, "/mediations", icon.Scale, []authz.Permission{mediation.PermSee, mediation.PermServe, mediation.PermMediate}, nil},
		{i18n.NavTakeOvers, "/takeovers", icon.Heart, []authz.Permission{hall.PermTakeOver}, nil},
		{i18n.DispatchTitle, "/dispatch", icon.Send, []authz.Permission{technician.PermDispatch}, nil},
		{i18n.TechnicianTitle, "/technicians", icon.Users, []authz.Permission{technician.PermSee}, nil},
		{i18n.PatrolTitle, "/m/patrol", icon.Flag, []authz.Permission{patrol.PermEnter}, nil},
	}},
	{i18n.NavPeople, []navEntry{
		{i18n.ResidentTitle, "/residents", icon.Users, []authz.Permission{person.PermSee}, nil},
		{i18n.DataRightTitle, "/data-requests", icon.Shield, []authz.Permission{dataright.PermDecide}, nil},
		{i18n.HouseholdTitle, "/households", icon.Household, []authz.Permission{person.PermSee}, nil},
		{i18n.IntakeTitle, "/imports", icon.Import, []authz.Permission{person.PermImport, organisation.PermImport, place.PermImport}, nil},
	}},
	{i18n.NavFollows, []navEntry{
		{i18n.FillTitle, "/forms", icon.Upload, []authz.Permission{fill.PermFill}, nil},
		{i18n.RequestTitle, "/requests", icon.Clipboard, []authz.Permission{request.PermSee}, nil},
		{i18n.TableTitle, "/tables", icon.Rows, []authz.Permission{table.PermUse}, nil},
		{i18n.AskTitle, "/questions", icon.Message, []authz.Permission{ask.PermAnswer, ask.PermAsk}, nil},
		{i18n.FigureReport, "/report", icon.Chart, []authz.Permission{figure.PermSee, fill.PermFill}, nil},
		{i18n.RegionTitle, "/region", icon.Map, []authz.Permission{figure.PermSee}, func(a authz.Actor) bool { return region.IsAbove(a.Tenant) && a.Scope(figure.PermSee).All() }},
		{i18n.FigureTitle, "/figures", icon.Table, []authz.Permission{figure.PermSee, fill.PermFill}, nil},
		{i18n.AssessTitle, "/assessments", icon.Scale, []authz.Permission{assess.PermSee, assess.PermHold}, nil},
		{i18n.FeedbackTitle, "/slips", icon.File, []authz.Permission{feedback.PermReview, feedback.PermSee}, nil},
		{i18n.FeedbackEvaluations, "/evaluations", icon.Award, []authz.Permission{feedback.PermEvaluate, feedback.PermSee}, nil},
	}},
	{i18n.NavNetwork, []navEntry{
		{i18n.OrgTitle, "/organisations", icon.Tree, []authz.Permission{organisation.PermSee}, nil},
		{i18n.BodyTitle, "/bodies", icon.Handshake, []authz.Permission{body.PermSee, body.PermKeep}, nil},
		{i18n.PostsTitle, "/posts", icon.Award, []authz.Permission{appointment.PermSee}, nil},
		{i18n.OrgUnitsTitle, "/units", icon.Building, []authz.Permission{organisation.PermSee}, nil},
		{i18n.TwoNewTitle, "/two-new", icon.Flag, []authz.Permission{twonew.PermSee}, nil},
		{i18n.PlaceGrids, "/grids", icon.Grid, []authz.Permission{place.PermSee}, nil},
		{i18n.PlaceBuildings, "/buildings", icon.Household, []authz.Permission{place.PermSee}, nil},
		{i18n.PlaceQuarters, "/quarters", icon.Community, []authz.Permission{place.PermSee}, nil},
		{i18n.CatalogueTitle, "/catalogue", icon.Clipboard, []authz.Permission{place.PermSee, catalogue.PermKeep}, nil}, // members read it on the residents' pages
		{i18n.PlaceDivisions, "/divisions", icon.Map, []authz.Permission{place.PermSee, place.PermImport}, nil},
	}},
	{i18n.NavPlatform, []navEntry{
		{i18n.FactTitle, "/facts", icon.Ledger, []authz.Permission{fact.PermSee}, nil},
		{i18n.PurposeTitle, "/purposes", icon.Shield, []authz.Permission{person.PermSee, person.PermPurpose}, nil},
		{i18n.AccountsTitle, "/accounts", icon.Users, []authz.Permission{authn.PermSee, authn.PermAdmin}, nil},
		{i18n.RoleTitle, "/roles", icon.Key, []authz.Permission{authn.PermRoles}, nil},
		{i18n.AuditTitle, "/audit", icon.History, []authz.Permission{permAudit}, nil},
		{i18n.PolicyTitle, "/settings", icon.Settings, []authz.Permission{policy.PermSee, policy.PermSet}, nil},
		{i18n.RetentionTitle, "/retention", icon.Lock, []authz.Permission{retention.PermSee}, nil},
		{i18n.CalendarTitle, "/calendar", icon.Calendar, []authz.Permission{policy.PermSet}, nil},
		{i18n.JobTitle, "/jobs", icon.Clock, []authz.Permission{jobs.PermSee}, nil},
		{i18n.NoticeTitle, "/notices", icon.Send, []authz.Permission{notice.PermSee}, nil},
		{i18n.WebhookTitle, "/webhooks", icon.Upload, []authz.Permission{webhook.PermManage}, nil},
		{i18n.ComplaintTitle, "/complaints", icon.Message, []authz.Permission{complaint.PermAnswer}, nil},
		{i18n.NavBurden, "/burden", icon.Burden, []authz.Permission{burden.PermSee}, nil},
	}},
}

// pocketNav is the bottom bar on phones: at most five.
var pocketNav = []navEntry{
	{i18n.NavToday, "/m", icon.Home, []authz.Permission{member.PermSeeOwn}, nil},
	{i18n.ActivityTitle, "/m/activities", icon.Calendar, []authz.Permission{activity.PermEnrolOwn}, nil},
	{i18n.NavSign, "/m/sign", icon.Scan, []authz.Permission{activity.PermSignOwn}, nil},
	{i18n.NavHours, "/m/hours", icon.Ledger, []authz.Permission{ledger.PermSeeOwn}, nil},
	{i18n.MemberMine, "/m/member", icon.Member, []authz.Permission{member.PermSeeOwn}, nil},
	{i18n.MyJobs, "/m/jobs", icon.Clipboard, []authz.Permission{technician.PermServe}, nil},
}

// mostTabs is how many places the bar on phones has; hoursTab makes room where somebody is a member and a technician, and is reached from the first page.
const (
	mostTabs = 5
	hoursTab = "/m/hours"
)
