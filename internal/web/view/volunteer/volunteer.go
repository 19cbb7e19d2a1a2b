// Package volunteer draws the pages of volunteers, their teams and shifts, and of clubs.
package volunteer

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
	"linli/internal/volunteer"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// The addresses. Those of one's own pages begin with the door through which somebody came.
const (
	Path        = "/volunteers"
	CountsPath  = Path + "/counts"
	TeamsPath   = "/teams"
	ShiftsPath  = "/shifts"
	ClubsPath   = "/clubs"
	MinePath    = "/my-volunteer"
	OwnPath     = "/p/me/volunteer"
	PublicTeams = "/p/teams"
	PublicClubs = "/p/clubs"
)

// Href is the address of a file at the desk.
func Href(v id.ID) string { return Path + "/" + v.String() }

// TeamHref is the address of a team, ShiftHref of a shift and ClubHref of a club, behind a door ("" is the desk).
func TeamHref(base string, t id.ID) string { return base + TeamsPath + "/" + t.String() }

// ShiftHref is the address of a shift behind a door.
func ShiftHref(base string, f id.ID) string { return base + ShiftsPath + "/" + f.String() }

// ClubHref is the address of a club behind a door.
func ClubHref(base string, c id.ID) string { return base + ClubsPath + "/" + c.String() }

// Look is the frame in which a page stands.
type Look int

// The frames: at the desk, on a member's phone, and for residents.
const (
	Desk Look = iota
	Pocket
	Public
)

// Door is the way through which somebody came to their own pages.
type Door struct {
	Base string
	Look Look
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func clock(t time.Time) string { return t.In(i18n.Zone).Format("15:04") }

// when is the time of a shift, as people read it.
func when(f volunteer.Shift) string {
	if calendar.DateOf(f.StartsAt) == calendar.DateOf(f.EndsAt) {
		return i18n.DateTime(f.StartsAt) + "–" + clock(f.EndsAt)
	}
	return i18n.DateTime(f.StartsAt) + " – " + i18n.DateTime(f.EndsAt)
}

// words joins the words of some codes.
func words[T any](ctx context.Context, list []T, word func(T) i18n.Text) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = i18n.T(ctx, word(x))
	}
	return strings.Join(out, i18n.T(ctx, i18n.CatalogueComma))
}

// Skills are the skills of a volunteer in words.
func Skills(lang i18n.Lang, list []volunteer.Skill) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = x.Text().In(lang)
	}
	return strings.Join(out, i18n.CatalogueComma.In(lang))
}

// stateOf is the state of a shift with its tone.
func stateOf(f volunteer.Shift, now time.Time) partial.State {
	switch {
	case f.State == volunteer.Open && !f.EndsAt.After(now) && f.Taken > 0:
		return partial.State{Text: i18n.VolShiftOver, Tone: partial.Warned}
	case f.State == volunteer.Open && f.Taken >= f.Seats:
		return partial.State{Text: i18n.VolFullBadge, Tone: partial.Closed}
	}
	return partial.State{Text: f.State.Text(), Tone: map[volunteer.ShiftState]partial.Tone{volunteer.Open: partial.Active, volunteer.Ticked: partial.Closed, volunteer.Cancelled: partial.Ended}[f.State]}
}

func standingOf(s volunteer.Standing) partial.State {
	return partial.State{Text: s.Text(), Tone: map[volunteer.Standing]partial.Tone{volunteer.Asked: partial.Waiting, volunteer.Invited: partial.Waiting, volunteer.In: partial.Active, volunteer.Out: partial.Ended}[s]}
}

// clearanceState says how long a clearance is good.
func clearanceState(ctx context.Context, c volunteer.Clearance, today calendar.Date) partial.State {
	switch {
	case !c.StruckOn.IsZero():
		return partial.State{Text: i18n.VolStruck, Tone: partial.Ended}
	case today.After(c.ValidTo):
		return partial.State{Text: i18n.VolExpired, Tone: partial.Refused}
	}
	if n := today.DaysUntil(c.ValidTo); n <= volunteer.SoonDays {
		tone := partial.Waiting
		if n <= volunteer.NearDays {
			tone = partial.Warned
		}
		return partial.State{Text: i18n.Verbatim(i18n.T(ctx, i18n.VolExpires, n)), Tone: tone}
	}
	return partial.State{}
}

// forms are the forms of a page, as one was sent or all fresh.
type forms struct {
	Sent   field.Form
	SentBy string
}

func (o forms) form(name string, fresh url.Values) field.Form {
	f := o.Sent
	if o.SentBy != name {
		f = field.Form{Values: fresh}
	}
	if f.Values == nil {
		f.Values = url.Values{}
	}
	f.ID = name + "-"
	return f
}

// Sent is the form that was sent, for pages with several.
func Sent(name string, f field.Form) forms { return forms{Sent: f, SentBy: name} }

// fields are the values of a file in its form.
func fields(f volunteer.Fields) url.Values {
	v := url.Values{"words": {f.Words}}
	for _, x := range f.Skills {
		v.Add("skills", string(x))
	}
	for _, x := range f.Times {
		v.Add("times", string(x))
	}
	for _, x := range f.Kinds {
		v.Add("kinds", string(x))
	}
	if f.Contact {
		v.Set("contact", "1")
	}
	if f.Publish {
		v.Set("publish", "1")
	}
	return v
}

// List is the list of volunteers at the desk.
type List struct {
	Query         url.Values
	Items         []volunteer.Volunteer
	Before, After string
	Places, Teams []field.Option
}

var columns = []partial.Column{{Key: "name", Title: i18n.VolName, Main: true}, {Key: "skills", Title: i18n.VolSkills}, {Key: "teams", Title: i18n.VolTeamsOf}, {Key: "times", Title: i18n.VolTimes, Minor: true}, {Key: "phone", Title: i18n.VolPhone, Tight: true}}

func (d List) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, v := range d.Items {
		phone := v.PhoneMask
		if !v.Contact {
			phone = ""
		}
		out = append(out, partial.Row{ID: v.ID.String(), Name: v.Name, Href: Href(v.ID), Cells: []templ.Component{partial.Two(v.Name, v.Org+" · "+v.No), partial.Text(words(ctx, v.Skills, volunteer.Skill.Text)),
			partial.Text(strings.Join(v.Teams, i18n.T(ctx, i18n.CatalogueComma))), partial.Text(words(ctx, v.Times, volunteer.Slot.Text)), partial.Text(phone)}})
	}
	return out
}

func (d List) filters() []partial.Filter {
	list := []partial.Filter{{Name: "skill", Label: i18n.VolSkills, Options: field.Choices(volunteer.Skills(), volunteer.Skill.Text)}, {Name: "time", Label: i18n.VolFilterTime, Options: field.Choices(volunteer.Slots(), volunteer.Slot.Text)},
		{Name: "kind", Label: i18n.VolFilterKind, Options: field.Choices(volunteer.Kinds(), volunteer.Kind.Text)}}
	if len(d.Teams) > 0 {
		list = append(list, partial.Filter{Name: "team", Label: i18n.VolTeamsOf, Options: d.Teams})
	}
	list = append(list, partial.Filter{Name: "clearance", Label: i18n.VolClearKind, Options: field.Choices(volunteer.ClearanceKinds(), volunteer.ClearanceKind.Text)},
		partial.Filter{Name: "expiring", Label: i18n.VolExpiring, Options: []field.Option{{Value: "14", Text: i18n.VolExpiring14}, {Value: "60", Text: i18n.VolExpiring60}}})
	list = append(list, partial.Filter{Name: "show", Label: i18n.VolShow, Options: []field.Option{{Value: "ended", Text: i18n.VolShowEnded}}})
	if len(d.Places) > 1 {
		list = append(list, partial.Filter{Name: "org", Label: i18n.VolCommunity, Options: d.Places})
	}
	return list
}

func (d List) acts() []partial.Act {
	return []partial.Act{{Text: i18n.VolNew, Href: Path + "/new", Look: partial.Primary}, {Text: i18n.VolShifts, Href: ShiftsPath}, {Text: i18n.VolCounts, Href: CountsPath}}
}

// One is a file at the desk.
type One struct {
	volunteer.File
	forms
	Today calendar.Date
	Now   time.Time
}

// NewOne makes the page of a file.
func NewOne(f volunteer.File, sent forms, today calendar.Date, now time.Time) One {
	return One{File: f, forms: sent, Today: today, Now: now}
}

func yes(b bool) i18n.Text {
	if b {
		return i18n.VolYes
	}
	return i18n.VolNoWord
}

func (o One) facts(ctx context.Context) []partial.Fact {
	how := i18n.VolByDesk
	if o.BySelf {
		how = i18n.VolBySelf
	}
	list := []partial.Fact{partial.F(i18n.VolNo, o.No), partial.F(i18n.VolSkills, words(ctx, o.Skills, volunteer.Skill.Text)), partial.F(i18n.VolTimes, words(ctx, o.Times, volunteer.Slot.Text)),
		partial.F(i18n.VolKinds, words(ctx, o.Kinds, volunteer.Kind.Text))}
	if o.Words != "" {
		list = append(list, partial.F(i18n.VolWords, o.Words))
	}
	list = append(list, partial.F(i18n.VolContact, i18n.T(ctx, yes(o.Contact))), partial.F(i18n.VolPublish, i18n.T(ctx, yes(o.Publish))), partial.F(i18n.VolSince, o.EnteredOn.String()+" "+i18n.T(ctx, how)))
	if !o.Active() {
		list = append(list, partial.F(i18n.VolReason, o.EndedOn.String()+" "+i18n.T(ctx, o.Ending.Text())))
	}
	return list
}

// drawn says whether the form that was sent shows by itself what is wrong with it.
func (o One) drawn() bool {
	switch o.SentBy {
	case "correct", "end", "clear", "insure", "thank", "certify":
		return o.Active() || o.SentBy == "certify"
	}
	return false
}

// New is the form on which a volunteer is entered.
type New struct{ field.Form }

// TeamList is a list of teams with the counts of their kinds.
type TeamList struct {
	Door
	Query         url.Values
	Items         []volunteer.Team
	Before, After string
	Counts        map[volunteer.Kind]int64
	Places        []field.Option
	Manages       bool
	District      string
}

func (l TeamList) path() string {
	if l.Look == Public && l.Base == "" {
		return PublicTeams
	}
	return l.Base + TeamsPath
}

func (l TeamList) kindHref(k volunteer.Kind) string {
	return partial.Href(l.path(), l.Query, "kind", string(k))
}

func (l TeamList) here(k volunteer.Kind) bool { return l.Query.Get("kind") == string(k) }

func (l TeamList) sum() (n int64) {
	for _, c := range l.Counts {
		n += c
	}
	return n
}

var teamColumns = []partial.Column{{Key: "name", Title: i18n.VolTeamName, Main: true}, {Key: "kind", Title: i18n.VolTeamKind, Tight: true}, {Key: "people", Title: i18n.VolTeamPeople, Num: true, Tight: true}, {Key: "coming", Title: i18n.VolTeamComing, Num: true, Tight: true},
	{Key: "leader", Title: i18n.VolTeamLeader, Tight: true}}

func belongs(t volunteer.Team) string {
	if t.Unit != "" {
		return t.Org + " · " + t.Unit
	}
	return t.Org
}

func (l TeamList) rows() []partial.Row {
	var out []partial.Row
	for _, t := range l.Items {
		out = append(out, partial.Row{ID: t.ID.String(), Name: t.Name, Href: TeamHref("", t.ID), Cells: []templ.Component{partial.Two(t.Name, belongs(t)), partial.Label(t.Kind.Text()), partial.Num(t.People), partial.Num(t.Coming), partial.Text(t.Leader)}})
	}
	return out
}

// OneTeam is the page of a team, at the desk or behind a door.
type OneTeam struct {
	volunteer.TeamFile
	Door
	forms
	Today calendar.Date
	Now   time.Time
	Find  string // name that is looked for among its people

	Said   bool // what was said of the team may be read
	Echoes exchange.TeamEchoes
}

// fewPeople is how many are seen at a glance, without looking for a name.
const fewPeople = 20

// NewTeamPage makes the page of a team.
func NewTeamPage(f volunteer.TeamFile, d Door, sent forms, find string, today calendar.Date, now time.Time) OneTeam {
	return OneTeam{TeamFile: f, Door: d, forms: sent, Today: today, Now: now, Find: find}
}

func (o OneTeam) path() string { return TeamHref(o.Base, o.ID) }

func (o OneTeam) fresh() url.Values {
	v := url.Values{"name": {o.Name}, "kind": {string(o.Kind)}, "about": {o.About}, "training": {o.Training}}
	if o.UnitID != 0 {
		v.Set("unit", o.UnitID.String())
		v.Set("unit_text", o.Unit)
	}
	return v
}

// likeLast is the next shift as it will mostly be: the latest one, on the same day of the week.
func (o OneTeam) likeLast() url.Values {
	var last volunteer.Shift
	for _, f := range o.Shifts {
		if f.State != volunteer.Cancelled && f.StartsAt.After(last.StartsAt) {
			last = f
		}
	}
	if last.ID == 0 {
		return url.Values{}
	}
	weeks := max(1, int(o.Now.Sub(last.StartsAt).Hours()/(7*24))+1)
	day := func(t time.Time) string { return field.Stamp(t.In(i18n.Zone).AddDate(0, 0, 7*weeks)) }
	v := url.Values{"task": {last.Task}, "place": {last.Place}, "starts_at": {day(last.StartsAt)}, "ends_at": {day(last.EndsAt)}, "seats": {decimal(last.Seats)},
		"skill": {string(last.Skill)}, "clearance": {string(last.Clearance)}}
	if last.Dangerous {
		v.Set("dangerous", "1")
	}
	if last.Training != o.Training {
		v.Set("training", last.Training)
	}
	return v
}

func (o OneTeam) drawn() bool {
	switch o.SentBy {
	case "edit", "invite", "insure":
		return o.Manages
	case "plan":
		return o.Keeps()
	}
	return false
}

func (o OneTeam) facts(ctx context.Context) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.VolTeamKind, i18n.T(ctx, o.Kind.Text())), partial.F(i18n.VolCommunity, belongs(o.Team)), partial.F(i18n.VolTeamPeople, i18n.T(ctx, i18n.VolPeopleN, i18n.Number(o.Team.People)))}
	if o.Leader != "" {
		list = append(list, partial.F(i18n.VolTeamLeader, o.Leader))
	}
	if o.About != "" {
		list = append(list, partial.F(i18n.VolTeamAbout, o.About))
	}
	if o.Training != "" {
		list = append(list, partial.F(i18n.VolTrainNeed, o.Training))
	}
	return list
}

// said are the sums of what was said of the team.
func (o OneTeam) said(ctx context.Context) []partial.Fact {
	e := o.Echoes
	list := []partial.Fact{partial.F(i18n.VolEchoDone, i18n.Number(e.Deliveries)), partial.F(i18n.VolHours, i18n.T(ctx, i18n.VolHoursN, i18n.Hours(e.Minutes))), partial.F(i18n.VolEchoMet, i18n.Number(e.Met)),
		partial.F(i18n.VolEchoPartly, i18n.Number(e.Partly)), partial.F(i18n.VolEchoRated, i18n.Number(e.Rated))}
	for n := len(e.Stars); n > 0; n-- {
		if e.Stars[n-1] > 0 {
			list = append(list, partial.F(i18n.Both(i18n.VolEchoStars.In(i18n.ZH, n), i18n.VolEchoStars.In(i18n.EN, n)), i18n.Number(e.Stars[n-1])))
		}
	}
	return list
}

// Echoes are what was said of one's own help.
type Echoes struct {
	Door
	Query         url.Values
	Items         []exchange.Echo
	Before, After string
}

// echoTitle is what somebody helped with.
func echoTitle(ctx context.Context, e exchange.Echo) string {
	if e.Title == "" || e.Title == retention.Gone() {
		return i18n.T(ctx, i18n.VolEchoGone)
	}
	return e.Title
}

// ending are clearances of one's own that end soon, of which none of the kind lasts longer.
func (m Mine) ending() (out []volunteer.Clearance) {
	last := map[volunteer.ClearanceKind]volunteer.Clearance{}
	for _, c := range m.Clearances {
		if c.Holds(m.Today) && !last[c.Kind].ValidTo.After(c.ValidTo) {
			last[c.Kind] = c
		}
	}
	for _, k := range volunteer.ClearanceKinds() {
		if c, ok := last[k]; ok && m.Today.DaysUntil(c.ValidTo) <= volunteer.SoonDays {
			out = append(out, c)
		}
	}
	return out
}

// needs are what a shift asks for, in words.
func needs(ctx context.Context, f volunteer.Shift) string {
	var out []string
	if f.Skill != "" {
		out = append(out, i18n.T(ctx, f.Skill.Text()))
	}
	if f.Clearance != "" {
		out = append(out, i18n.T(ctx, f.Clearance.Text()))
	}
	if f.Dangerous {
		out = append(out, i18n.T(ctx, i18n.VolShiftDanger))
	}
	if f.Training != "" {
		out = append(out, i18n.T(ctx, i18n.VolTrainAsks, f.Training))
	}
	return strings.Join(out, i18n.T(ctx, i18n.CatalogueComma))
}

// ShiftList is the list of shifts at the desk.
type ShiftList struct {
	Query         url.Values
	Items         []volunteer.Shift
	Before, After string
	Places        []field.Option
	Now           time.Time
}

var shiftColumns = []partial.Column{{Key: "task", Title: i18n.VolShiftTask, Main: true}, {Key: "when", Title: i18n.VolShiftStart}, {Key: "place", Title: i18n.VolShiftPlace, Minor: true}, {Key: "taken", Title: i18n.VolTeamPeople, Tight: true}, {Key: "state", Title: i18n.VolShiftState, Tight: true}}

func (l ShiftList) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, f := range l.Items {
		out = append(out, partial.Row{ID: f.ID.String(), Name: f.Task, Href: ShiftHref("", f.ID), Cells: []templ.Component{partial.Two(f.Task, f.Team), partial.Text(when(f)), partial.Text(f.Place),
			partial.Text(i18n.T(ctx, i18n.VolShiftTaken, f.Taken, f.Seats)), partial.Badge(stateOf(f, l.Now))}})
	}
	return out
}

func (l ShiftList) filters() []partial.Filter {
	list := []partial.Filter{{Name: "show", Label: i18n.VolShiftState, Options: []field.Option{{Value: "unticked", Text: i18n.VolShiftOver}, {Value: "ticked", Text: i18n.VolShiftTicked}}},
		partial.Years(i18n.VolShiftYear, "year", l.Now.Year())}
	if len(l.Places) > 1 {
		list = append(list, partial.Filter{Name: "org", Label: i18n.VolCommunity, Options: l.Places})
	}
	return list
}

// OneShift is the page of a shift for who keeps its team.
type OneShift struct {
	volunteer.ShiftFile
	Door
	forms
	Me  id.ID // person of the reader
	Now time.Time
}

// NewShiftPage makes the page of a shift.
func NewShiftPage(f volunteer.ShiftFile, d Door, sent forms, me id.ID, now time.Time) OneShift {
	return OneShift{ShiftFile: f, Door: d, forms: sent, Me: me, Now: now}
}

func (o OneShift) path() string { return ShiftHref(o.Base, o.ID) }

// open says that somebody may still be put in: before it begins, and who came without having signed up until it is ticked.
func (o OneShift) open() bool { return o.State == volunteer.Open }

func (o OneShift) coming() bool { return o.State == volunteer.Open && o.StartsAt.After(o.Now) }

// addable are those of the team who do not stand in it.
func (o OneShift) addable() (out []field.Option) {
	in := map[id.ID]bool{}
	for _, u := range o.Signups {
		in[u.VolunteerID] = true
	}
	for _, m := range o.People {
		if !in[m.VolunteerID] && (o.coming() || o.Me == 0 || m.PersonID != o.Me) {
			out = append(out, field.Option{Value: m.VolunteerID.String(), Text: i18n.Verbatim(m.Name)})
		}
	}
	return out
}

// ticks are the values of the form in which who was there is said.
func (o OneShift) ticks() url.Values {
	v := url.Values{}
	for _, u := range o.Signups {
		if u.Attended != "" {
			v.Set("attended."+u.ID.String(), string(u.Attended))
		}
		if u.Attended == volunteer.Present && u.Minutes != o.Minutes() {
			v.Set("minutes."+u.ID.String(), decimal(u.Minutes))
		}
	}
	return v
}

func (o OneShift) mine(u volunteer.Signup) bool { return o.Me != 0 && u.PersonID == o.Me }

func (o OneShift) tickable() bool {
	for _, u := range o.Signups {
		if !o.mine(u) {
			return true
		}
	}
	return false
}

func named(name string) i18n.Text { return i18n.Verbatim(name) }

func minutesOf(ctx context.Context, name string) i18n.Text {
	return i18n.Verbatim(name + " · " + i18n.T(ctx, i18n.VolTickMinutes))
}

// ClubList is a list of clubs.
type ClubList struct {
	Door
	Query         url.Values
	Items         []volunteer.Club
	Before, After string
	Places        []field.Option
	Manages       bool
	District      string
}

var clubColumns = []partial.Column{{Key: "name", Title: i18n.ClubName, Main: true}, {Key: "place", Title: i18n.ClubPlace}, {Key: "meets", Title: i18n.ClubMeets}, {Key: "people", Title: i18n.ClubPeople, Num: true, Tight: true}, {Key: "next", Title: i18n.ClubNext, Tight: true}}

func (l ClubList) rows() []partial.Row {
	var out []partial.Row
	for _, c := range l.Items {
		out = append(out, partial.Row{ID: c.ID.String(), Name: c.Name, Href: ClubHref("", c.ID), Cells: []templ.Component{partial.Two(c.Name, c.Org), partial.Text(c.Place), partial.Text(c.Meets), partial.Num(c.People), partial.Text(i18n.DateTime(c.NextAt))}})
	}
	return out
}

// OneClub is the page of a club.
type OneClub struct {
	volunteer.ClubFile
	forms
	Find string // name that is looked for among its people
	Now  time.Time
}

// NewClubPage makes the page of a club.
func NewClubPage(f volunteer.ClubFile, sent forms, find string, now time.Time) OneClub {
	return OneClub{ClubFile: f, forms: sent, Now: now, Find: find}
}

func (o OneClub) path() string { return ClubHref("", o.ID) }

func (o OneClub) drawn() bool {
	return (o.SentBy == "edit" || o.SentBy == "plan" || o.SentBy == "add") && o.Manages
}

// NewThing is a form for a new team or club.
type NewThing struct {
	field.Form
	Places []field.Option
}

// one is the only choice where there is one.
func (n NewThing) one() string {
	if len(n.Places) == 1 {
		return n.Places[0].Value
	}
	return ""
}

// Mine is one's own page.
type Mine struct {
	volunteer.File
	Has bool // there is a file
	Door
	forms
	Helps  string // where needs of neighbours are, "" where one may not help
	Asks   int    // of them for which the community asked
	Duties volunteer.Duties
	Now    time.Time
	Today  calendar.Date
}

// NewMine makes one's own page.
func NewMine(f volunteer.File, has bool, d Door, sent forms, duties volunteer.Duties, today calendar.Date, now time.Time) Mine {
	return Mine{File: f, Has: has, Door: d, forms: sent, Duties: duties, Today: today, Now: now}
}

func (m Mine) drawn() bool {
	switch m.SentBy {
	case "register":
		return !m.Has
	case "certify":
		return m.Has || m.past()
	case "correct":
		return m.Has
	}
	return false
}

// past says that there was a file, and there is none now.
func (m Mine) past() bool { return !m.Has && m.ID != 0 }

func (m Mine) invitations() (out []volunteer.Membership) {
	for _, x := range m.Memberships {
		if x.State == volunteer.Invited {
			out = append(out, x)
		}
	}
	return out
}

// offWhy says why somebody need not come to a shift any more.
func offWhy(ctx context.Context, f volunteer.Shift) string {
	if f.State == volunteer.Cancelled {
		return i18n.T(ctx, i18n.VolOffBy, f.Reason)
	}
	return i18n.T(ctx, i18n.VolOffUnfit)
}

// Sub is the page on which somebody names a substitute.
type Sub struct {
	field.Form
	Door
	Shift id.ID
	List  []volunteer.Colleague
}

func (s Sub) options() (out []field.Option) {
	for _, c := range s.List {
		out = append(out, field.Option{Value: c.VolunteerID.String(), Text: i18n.Verbatim(c.Name)})
	}
	return out
}

// Counts are the figures of communities.
type Counts struct {
	Query url.Values
	Items []volunteer.Count
	Opens func(org id.ID) bool
	Year  int
}

var countColumns = []partial.Column{{Key: "org", Title: i18n.VolCommunity, Main: true}, {Key: "volunteers", Title: i18n.VolCountVol, Num: true, Tight: true}, {Key: "teams", Title: i18n.VolCountTeams, Num: true, Tight: true},
	{Key: "shifts", Title: i18n.VolCountShift, Num: true, Tight: true}, {Key: "hours", Title: i18n.VolCountHours, Num: true, Tight: true}, {Key: "clubs", Title: i18n.VolCountClubs, Num: true, Tight: true}}

func (c Counts) rows() []partial.Row {
	var out []partial.Row
	for _, v := range c.Items {
		of := "?org=" + v.OrgID.String()
		cell := func(n int64, path string, opens bool) templ.Component {
			if n == 0 || !opens {
				return partial.Num(n)
			}
			return partial.NumLink(n, path+of)
		}
		ticked := ShiftsPath + of + "&show=ticked&year=" + strconv.Itoa(c.Year)
		shifts, hours := partial.Num(v.Shifts), partial.Hours(v.Minutes)
		if c.Opens(v.OrgID) {
			if v.Shifts > 0 {
				shifts = partial.NumLink(v.Shifts, ticked)
			}
			if v.Minutes > 0 {
				hours = partial.Link(i18n.Hours(v.Minutes), ticked)
			}
		}
		out = append(out, partial.Row{ID: v.OrgID.String(), Name: v.Org, Cells: []templ.Component{partial.Text(v.Org), cell(v.Volunteers, Path, c.Opens(v.OrgID)), cell(v.Teams, TeamsPath, true), shifts, hours, cell(v.Clubs, ClubsPath, true)}})
	}
	return out
}

// Joined are some names in a row.
func Joined(lang i18n.Lang, names []string) string {
	return strings.Join(names, i18n.CatalogueComma.In(lang))
}

// Times are times of the week in words.
func Times(lang i18n.Lang, list []volunteer.Slot) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = x.Text().In(lang)
	}
	return Joined(lang, out)
}
