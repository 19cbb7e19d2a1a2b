// Package technician draws the pages of technicians: their list and records at the desk, the dispatch board, their own pages on the phone, and receipts.
package technician

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/technician"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// The addresses.
const (
	Path      = "/technicians"
	BoardPath = "/dispatch"
	MinePath  = "/m/jobs"
)

// Href is the address of a technician.
func Href(t id.ID) string { return Path + "/" + t.String() }

// JobHref is the address of a job at the desk.
func JobHref(j id.ID) string { return BoardPath + "/jobs/" + j.String() }

// MyHref is the address of a job on its technician's phone.
func MyHref(j id.ID) string { return MinePath + "/" + j.String() }

// BoardHref is the board with a case chosen.
func BoardHref(c id.ID) string { return BoardPath + "?case=" + c.String() }

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func yuan(fen int64) string {
	if fen < 0 {
		return "-" + catalogue.Yuan(-fen)
	}
	return catalogue.Yuan(fen)
}

var weekdays = [7]i18n.Text{i18n.Monday, i18n.Tuesday, i18n.Wednesday, i18n.Thursday, i18n.Friday, i18n.Saturday, i18n.Sunday}

// when is a moment without its year where that is this one.
func when(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	s := i18n.DateTime(t)
	if len(s) > 5 && s[:4] == i18n.DateTime(now)[:4] {
		return s[5:]
	}
	return s
}

// DutyOf says whether somebody is on duty.
func DutyOf(t technician.Technician) partial.State {
	switch {
	case !t.Active():
		return partial.State{Text: i18n.TechnicianShowEnded, Tone: partial.Ended}
	case t.OnDuty:
		return partial.State{Text: i18n.TechnicianDuty, Tone: partial.Active}
	}
	return partial.State{Text: i18n.TechnicianOff, Tone: partial.Draft}
}

// StateOf is the state of a job as a badge.
func StateOf(s technician.State) partial.State {
	return partial.State{Text: s.Text(), Tone: map[technician.State]partial.Tone{technician.Offered: partial.Waiting, technician.Taken: partial.Active, technician.Arrived: partial.Active,
		technician.Finished: partial.Closed, technician.Declined: partial.Warned, technician.Returned: partial.Warned, technician.Withdrawn: partial.Ended, technician.Gone: partial.Ended}[s]}
}

// List is a page of the list.
type List struct {
	Query         url.Values
	Items         []technician.Technician
	Before, After string
	Choices       []technician.Choice
	Places        []field.Option
	Keeps         bool
	Today         calendar.Date
}

var columns = []partial.Column{{Key: "name", Title: i18n.TechnicianName, Main: true}, {Key: "skills", Title: i18n.TechnicianSkills}, {Key: "areas", Title: i18n.TechnicianAreas, Minor: true},
	{Key: "open", Title: i18n.TechnicianOpen, Num: true, Tight: true}, {Key: "expires", Title: i18n.TechnicianExpires, Tight: true, Minor: true}, {Key: "duty", Title: i18n.TechnicianDuty, Tight: true}}

// Skills are the skills in one line.
func Skills(l i18n.Lang, list []technician.Skill) string {
	names := make([]string, len(list))
	for i, s := range list {
		names[i] = s.Name.In(l)
	}
	return strings.Join(names, i18n.CatalogueComma.In(l))
}

// Areas are the areas in one line.
func Areas(l i18n.Lang, list []technician.Area) string {
	names := make([]string, len(list))
	for i, a := range list {
		names[i] = a.Name
	}
	return strings.Join(names, i18n.CatalogueComma.In(l))
}

func expires(ctx context.Context, d, today calendar.Date) string {
	switch {
	case d.IsZero():
		return ""
	case d.Before(today):
		return i18n.T(ctx, i18n.TechnicianExpired, d.String())
	}
	return d.String()
}

func (l List) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, t := range l.Items {
		out = append(out, partial.Row{ID: t.ID.String(), Name: t.Name, Href: Href(t.ID), Cells: []templ.Component{partial.Two(t.Name, t.Org), partial.Text(Skills(i18n.From(ctx), t.Skills)),
			partial.Text(Areas(i18n.From(ctx), t.Areas)), partial.Num(t.Open), partial.Text(expires(ctx, t.Expires, l.Today)), partial.Badge(DutyOf(t))}})
	}
	return out
}

func showText(s string) i18n.Text {
	return map[string]i18n.Text{technician.ShowDuty: i18n.TechnicianShowDuty, technician.ShowOff: i18n.TechnicianShowOff, technician.ShowExpiring: i18n.TechnicianShowSoon,
		technician.ShowEnded: i18n.TechnicianShowEnded}[s]
}

func classOptions(list []technician.Choice) []field.Option {
	var out []field.Option
	for _, c := range list {
		out = append(out, field.Option{Value: c.Class, Text: c.Name})
	}
	return out
}

func (l List) filters() []partial.Filter {
	out := []partial.Filter{{Name: "show", Label: i18n.TechnicianShow, Options: field.Choices(technician.Shows(), showText)}, {Name: "class", Label: i18n.TechnicianClass, Options: classOptions(l.Choices)}}
	if len(l.Places) > 1 {
		out = append(out, partial.Filter{Name: "area", Label: i18n.TechnicianGoes, Options: l.Places})
	}
	return out
}

// New is the form of a technician.
type New struct {
	field.Form
	ID       id.ID // 0 for a new one
	HasPhone bool
	Orgs     []field.Option
	Areas    []field.Option
	Choices  []technician.Choice
}

func (n New) action() string {
	if n.ID == 0 {
		return Path
	}
	return Href(n.ID) + "/edit"
}

func (n New) back() string {
	if n.ID == 0 {
		return Path
	}
	return Href(n.ID)
}

// SkillValue is a skill as the form posts it.
func SkillValue(s technician.Skill) string {
	if s.ItemID != 0 {
		return s.ItemID.String()
	}
	return s.Class
}

func (n New) skills(ctx context.Context) []field.OptionGroup {
	var out []field.OptionGroup
	for _, c := range n.Choices {
		g := field.OptionGroup{Title: c.Name, Options: []field.Option{{Value: c.Class, Text: i18n.Verbatim(i18n.T(ctx, i18n.TechnicianWhole, c.Name))}}}
		for _, s := range c.Items {
			g.Options = append(g.Options, field.Option{Value: SkillValue(s), Text: s.Name})
		}
		out = append(out, g)
	}
	return out
}

// Values are a technician as the form shows them.
func Values(t technician.Technician) url.Values {
	v := url.Values{"name": {t.Name}, "login": {t.Login}, "org": {t.OrgID.String()}, "note": {t.Note}, "version": {decimal(t.Version)}}
	for _, s := range t.Skills {
		v.Add("skills", SkillValue(s))
	}
	for _, a := range t.Areas {
		v.Add("areas", a.OrgID.String())
	}
	for i := 1; i <= 7; i++ {
		v.Set(technician.WeekField(i), technician.Hours(t.Week, i))
	}
	return v
}

// Show is the page of a technician.
type Show struct {
	technician.Technician
	Sent    field.Form
	SentBy  string
	Keeps   bool
	Calls   bool
	Today   calendar.Date
	Version string
}

func (s Show) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if s.SentBy == "technician."+name {
		f = s.Sent
	}
	f.ID = name + "-"
	return f
}

func (s Show) facts(ctx context.Context) []partial.Fact {
	l := i18n.From(ctx)
	login := s.Login
	if login == "" {
		login = i18n.T(ctx, i18n.TechnicianNoAcc)
	}
	return []partial.Fact{partial.F(i18n.TechnicianOrg, s.Org), partial.F(i18n.TechnicianLogin, login), partial.F(i18n.TechnicianOpen, decimal(s.Open)),
		{Label: i18n.TechnicianSkills, Value: partial.Text(Skills(l, s.Skills)), Wide: true}, {Label: i18n.TechnicianAreas, Value: partial.Text(Areas(l, s.Areas)), Wide: true}, partial.F(i18n.TechnicianNote, s.Note)}
}

func (s Show) head(ctx context.Context) partial.Head {
	h := partial.Head{Title: s.Name, Under: s.Org, State: DutyOf(s.Technician)}
	if !s.Keeps {
		return h
	}
	version := []partial.Value{{Name: "version", Value: decimal(s.Technician.Version)}}
	if !s.Active() {
		h.Acts = []partial.Act{{Text: i18n.TechnicianResume, Href: Href(s.ID) + "/resume", Post: true, Values: version}}
		return h
	}
	h.Acts = []partial.Act{{Text: i18n.TechnicianEdit, Href: Href(s.ID) + "/edit"}}
	h.More = []partial.Act{{Text: i18n.TechnicianEnd, Href: Href(s.ID) + "/end", Post: true, Look: partial.Danger, Values: version,
		Confirm: &partial.Confirm{ID: "end", Question: i18n.T(ctx, i18n.TechnicianEndAsk, s.Name)}}}
	return h
}

// dayText says what is different on a day.
func dayText(ctx context.Context, d technician.Day) string {
	s := i18n.T(ctx, i18n.TechnicianDayOff)
	if d.Working {
		s = d.Span.String()
	}
	if d.Reason != "" {
		s += " · " + d.Reason
	}
	return s
}

// Board is the dispatch board.
type Board struct {
	Query         url.Values
	Items         []technician.Waiting
	Before, After string
	Choices       []technician.Choice
	Places        []field.Option
	Chosen        technician.Waiting // its CaseID is 0 for none
	Gone          bool               // what the address names waits no longer
	Who           []technician.Candidate
	Now           time.Time
	Sees          bool // cases
}

func boardText(s string) i18n.Text {
	return map[string]i18n.Text{technician.BoardNew: i18n.DispatchShowNew, technician.BoardOffered: i18n.DispatchShowAsked, technician.BoardLate: i18n.DispatchShowLate,
		technician.BoardUrgent: i18n.DispatchShowUrgent}[s]
}

func (b Board) filters() []partial.Filter {
	out := []partial.Filter{{Name: "show", Label: i18n.DispatchShow, Options: field.Choices(technician.BoardShows(), boardText)}, {Name: "class", Label: i18n.DispatchClass, Options: classOptions(b.Choices)}}
	if len(b.Places) > 1 {
		out = append(out, partial.Filter{Name: "community", Label: i18n.DispatchCommunity, Options: b.Places})
	}
	return out
}

// filterQuery is the address without what is chosen, so that a filter does not keep it.
func (b Board) filterQuery() url.Values {
	q := url.Values{}
	for k, v := range b.Query {
		if k != "case" && k != "who" {
			q[k] = v
		}
	}
	return q
}

// choose is the address of the board with a case chosen: the same page of the same list.
func (b Board) choose(c id.ID) string {
	q := b.filterQuery()
	q.Set("case", c.String())
	return BoardPath + "?" + q.Encode() + "#chosen"
}

func current(on bool) string {
	if on {
		return "true"
	}
	return "false"
}

func itemOf(ctx context.Context, item i18n.Text) string {
	if s := i18n.T(ctx, item); s != "" {
		return s
	}
	return i18n.T(ctx, i18n.DispatchNoItem)
}

// dueOf is the limit of what waits.
func (b Board) dueOf(w technician.Waiting) partial.State {
	switch {
	case w.Suspended:
		return partial.State{Text: i18n.DispatchStood, Tone: partial.Ended}
	case w.Overdue(b.Now):
		return partial.State{Text: i18n.DispatchShowLate, Tone: partial.Refused}
	case w.Urgent:
		return partial.State{Text: i18n.DispatchShowUrgent, Tone: partial.Warned}
	case w.Reopened > 0:
		return partial.State{Text: i18n.DispatchReopened, Tone: partial.Warned}
	}
	return partial.State{}
}

func (b Board) asked(ctx context.Context, w technician.Waiting) string {
	switch {
	case w.Offers == 1:
		return i18n.T(ctx, i18n.DispatchAsked, w.OfferedTo)
	case w.Offers > 1:
		return i18n.T(ctx, i18n.DispatchAskedMany, w.Offers)
	}
	return ""
}

func (b Board) facts(ctx context.Context) []partial.Fact {
	w := b.Chosen
	due := when(w.DueAt, b.Now)
	return []partial.Fact{partial.F(i18n.VisitWhat, itemOf(ctx, w.Item)), partial.F(i18n.DispatchCommunity, w.Community), partial.F(i18n.CaseDue, due), partial.F(i18n.VisitPrice, i18n.T(ctx, w.Price.Text()))}
}

func reasons(ctx context.Context, c technician.Candidate) []partial.State {
	pick := func(on bool, yes, no i18n.Text) partial.State {
		if on {
			return partial.State{Text: yes, Tone: partial.Closed}
		}
		return partial.State{Text: no, Tone: partial.Ended}
	}
	load := partial.State{Text: i18n.DispatchIdle, Tone: partial.Closed}
	if c.Open > 0 {
		load = partial.State{Text: i18n.Verbatim(i18n.T(ctx, i18n.DispatchOpenJobs, c.Open)), Tone: partial.Neutral}
	}
	out := []partial.State{pick(c.Skilled, i18n.DispatchSkilled, i18n.DispatchUnskilled), pick(c.Covers, i18n.DispatchCovers, i18n.DispatchNotCovers), pick(c.OnDuty, i18n.DispatchOnDuty, i18n.DispatchOffDuty), load}
	if c.Expired {
		out = append(out, partial.State{Text: i18n.DispatchExpired, Tone: partial.Refused})
	}
	if !c.Account {
		out = append(out, partial.State{Text: i18n.DispatchNoPhone, Tone: partial.Warned})
	}
	return out
}

// offerable says whether a candidate can be asked: they have not been asked for this case and not taken it.
func offerable(c technician.Candidate) bool {
	return c.Last != technician.Offered && !c.Last.Active()
}

// Day is who has what on a day.
type Day struct {
	Day  calendar.Date
	Jobs []technician.Job
	Now  time.Time
}

// of is one technician's part of the day.
type of struct {
	id        id.ID
	name, org string
	jobs      []technician.Job
}

func (d Day) people() []of {
	var out []of
	for _, j := range d.Jobs {
		if n := len(out); n == 0 || out[n-1].id != j.TechnicianID {
			out = append(out, of{id: j.TechnicianID, name: j.Technician, org: j.Org})
		}
		last := &out[len(out)-1]
		last.jobs = append(last.jobs, j)
	}
	return out
}

var dayColumns = []partial.Column{{Key: "what", Title: i18n.VisitCase, Main: true}, {Key: "community", Title: i18n.DispatchCommunity, Minor: true}, {Key: "at", Title: i18n.VisitAt}, {Key: "state", Title: i18n.VisitStage, Tight: true}}

func (d Day) rows(ctx context.Context, list []technician.Job) []partial.Row {
	var out []partial.Row
	for _, j := range list {
		at := j.OfferedAt
		for _, t := range []time.Time{j.TakenAt, j.ArrivedAt, j.FinishedAt} {
			if !t.IsZero() {
				at = t
			}
		}
		out = append(out, partial.Row{ID: j.ID.String(), Href: JobHref(j.ID), Cells: []templ.Component{partial.Two(j.Title, itemOf(ctx, j.Item)+" · "+j.No), partial.Text(j.Community), partial.Text(when(at, d.Now)),
			partial.Badge(StateOf(j.State))}})
	}
	return out
}

var classColumns = []partial.Column{{Key: "class", Title: i18n.DispatchClass, Main: true}, {Key: "n", Title: i18n.DispatchFinished, Num: true}, {Key: "rated", Title: i18n.DispatchRated, Num: true},
	{Key: "good", Title: i18n.DispatchSatisfied, Num: true}, {Key: "code", Title: i18n.DispatchByCode, Num: true, Minor: true}, {Key: "call", Title: i18n.DispatchByCall, Num: true, Minor: true},
	{Key: "self", Title: i18n.DispatchBySelf, Num: true, Minor: true}, {Key: "none", Title: i18n.DispatchSilent, Num: true, Minor: true}, {Key: "fen", Title: i18n.DispatchFen, Num: true}}

func classRows(ctx context.Context, list []technician.ClassFigures) []partial.Row {
	var all technician.ClassFigures
	row := func(name string, f technician.ClassFigures) partial.Row {
		n := func(n int64, only string) templ.Component { return partial.NumLink(n, DoneHref(f.Key, only)) }
		return partial.Row{ID: name, Cells: []templ.Component{partial.Text(name), n(f.Finished, ""), n(f.Rated, technician.OnlyRated), n(f.Satisfied, technician.OnlySatisfied), n(f.Code, technician.ByCode),
			n(f.Call, technician.ByCall), n(f.Self, technician.BySelf), n(f.Silent, technician.OnlySilent), partial.Link(yuan(f.Fen), DoneHref(f.Key, ""))}}
	}
	var out []partial.Row
	for _, f := range list {
		out = append(out, row(itemOf(ctx, f.Class), f))
		all.Finished, all.Rated, all.Satisfied, all.Fen = all.Finished+f.Finished, all.Rated+f.Rated, all.Satisfied+f.Satisfied, all.Fen+f.Fen
		all.Code, all.Call, all.Self, all.Silent = all.Code+f.Code, all.Call+f.Call, all.Self+f.Self, all.Silent+f.Silent
	}
	if len(out) > 1 {
		out = append(out, row(i18n.T(ctx, i18n.DispatchTotal), all))
	}
	return out
}

// DoneHref is the list of the finished jobs of a class, or of a group of them.
func DoneHref(class, only string) string {
	q := url.Values{}
	if class != "" {
		q.Set("class", class)
	}
	if only != "" {
		q.Set("only", only)
	}
	if len(q) == 0 {
		return BoardPath + "/done"
	}
	return BoardPath + "/done?" + q.Encode()
}

// Done is the list of finished jobs behind the figures of services.
type Done struct {
	Query         url.Values
	Jobs          []technician.Job
	Before, After string
	Classes       []technician.ClassFigures
	Now           time.Time
	Opens         bool // the reader opens jobs
}

var doneColumns = []partial.Column{{Key: "what", Title: i18n.VisitWhat, Main: true}, {Key: "community", Title: i18n.CaseCommunity, Minor: true}, {Key: "at", Title: i18n.VisitFinishedAt, Tight: true},
	{Key: "confirmed", Title: i18n.VisitConfirmed, Tight: true}, {Key: "rating", Title: i18n.CaseRating, Num: true, Minor: true}, {Key: "fen", Title: i18n.DispatchFen, Num: true}}

func (d Done) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, j := range d.Jobs {
		row := partial.Row{ID: j.ID.String(), Name: j.Title, Cells: []templ.Component{partial.Two(j.Title, itemOf(ctx, j.Item)+" · "+j.No), partial.Text(j.Community), partial.Text(when(j.FinishedAt, d.Now)),
			partial.Label(technician.ConfirmedText(j.Confirmed)), partial.Num(j.Rating), partial.Text(yuan(j.Sum))}}
		if d.Opens {
			row.Href = JobHref(j.ID)
		}
		out = append(out, row)
	}
	return out
}

func (d Done) filters(ctx context.Context) []partial.Filter {
	var classes []field.Option
	for _, c := range d.Classes {
		classes = append(classes, field.Option{Value: c.Key, Text: i18n.Verbatim(itemOf(ctx, c.Class))})
	}
	only := []field.Option{{Value: technician.OnlyRated, Text: i18n.DispatchRated}, {Value: technician.OnlySatisfied, Text: i18n.DispatchSatisfied}, {Value: technician.ByCode, Text: i18n.DispatchByCode},
		{Value: technician.ByCall, Text: i18n.DispatchByCall}, {Value: technician.BySelf, Text: i18n.DispatchBySelf}, {Value: technician.OnlySilent, Text: i18n.DispatchSilent}}
	return []partial.Filter{{Name: "class", Label: i18n.DispatchClass, Options: classes}, {Name: "only", Label: i18n.DispatchShow, Options: only}}
}

// Job is the page of a job at the desk.
type Job struct {
	technician.Job
	Sent   field.Form
	SentBy string
	Now    time.Time
	Case   string // its address, "" where the actor does not see it
}

func (j Job) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if j.SentBy == "dispatch."+name || j.SentBy == "technician."+name {
		f = j.Sent
	}
	f.ID = name + "-"
	return f
}

func (j Job) facts(ctx context.Context) []partial.Fact {
	events := []string{}
	for _, t := range []struct {
		at   time.Time
		what i18n.Text
	}{{j.OfferedAt, i18n.VisitOfferedAt}, {j.TakenAt, i18n.VisitTakenAt}, {j.ArrivedAt, i18n.VisitArrivedAt}, {j.FinishedAt, i18n.VisitFinishedAt}, {j.EndedAt, i18n.VisitEndedAt}} {
		if !t.at.IsZero() {
			events = append(events, i18n.T(ctx, t.what)+" "+when(t.at, j.Now))
		}
	}
	list := []partial.Fact{partial.F(i18n.VisitTechnician, j.Technician+" · "+j.Job.Org), partial.F(i18n.VisitWhat, itemOf(ctx, j.Item)), partial.F(i18n.DispatchCommunity, j.Community),
		partial.F(i18n.VisitPrice, i18n.T(ctx, j.Price.Text())), {Label: i18n.VisitAt, Value: partial.Lines(strings.Join(events, "\n")), Wide: true}}
	if j.State == technician.Finished {
		confirmed := i18n.T(ctx, technician.ConfirmedText(j.Confirmed))
		if !j.ConfirmedAt.IsZero() {
			confirmed += " " + when(j.ConfirmedAt, j.Now)
		}
		list = append(list, partial.F(i18n.VisitMinutes, decimal(j.Minutes)), partial.F(i18n.VisitConfirmed, confirmed))
	}
	return list
}

// correctable are the charges that can be corrected.
func correctable(ctx context.Context, list []technician.Charge) []field.Option {
	var out []field.Option
	for _, c := range list {
		if c.Counters == 0 && !c.Countered {
			out = append(out, field.Option{Value: c.ID.String(), Text: i18n.Verbatim(i18n.T(ctx, c.Part.Text()) + " " + i18n.T(ctx, i18n.VisitYuan, yuan(c.Fen)))})
		}
	}
	return out
}

func chargeText(ctx context.Context, c technician.Charge) string {
	s := i18n.T(ctx, c.Part.Text())
	if c.Counters != 0 {
		s += " · " + i18n.T(ctx, i18n.VisitCounter)
	}
	if c.Words != "" {
		s += " · " + c.Words
	}
	return s
}

// Mine is the technician's page.
type Mine struct {
	technician.Pocket
	Now time.Time
}

// group gives the open jobs in some states.
func (m Mine) group(states ...technician.State) []technician.Job {
	var out []technician.Job
	for _, j := range m.Open {
		for _, s := range states {
			if j.State == s {
				out = append(out, j)
			}
		}
	}
	return out
}

// until is the limit of what waits, with what parts it from what follows.
func until(ctx context.Context, w technician.Waiting, now time.Time) string {
	if w.DueAt.IsZero() {
		return ""
	}
	return i18n.T(ctx, i18n.MyJobUntil, when(w.DueAt, now)) + " · "
}

// MyJob is the page of one job on its technician's phone.
type MyJob struct {
	technician.Detail
	Sent        field.Form
	SentBy      string
	Now         time.Time
	Name, Phone string // whom to call, where it was asked for
	Shown       bool
	Pictures    []partial.KeptFile
	Size        string // largest photograph
}

func (j MyJob) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if j.SentBy == "technician."+name {
		f = j.Sent
	}
	f.ID = name + "-"
	return f
}

func (j MyJob) sentBy(name string) bool { return j.SentBy == "technician."+name }

func (j MyJob) facts(ctx context.Context) []partial.Fact {
	place := j.Community
	for _, s := range []string{j.Building, j.Place} {
		if s != "" {
			place += " · " + s
		}
	}
	list := []partial.Fact{{Label: i18n.MyJobWhere, Value: partial.Text(place), Wide: true}}
	if j.Body != "" {
		list = append(list, partial.Fact{Label: i18n.MyJobSaid, Value: partial.Lines(j.Body), Wide: true})
	}
	if j.When != "" {
		list = append(list, partial.F(i18n.MyJobWhen, j.When))
	}
	return append(list, partial.F(i18n.VisitPrice, i18n.T(ctx, j.Price.Text())), partial.F(i18n.CaseNo, j.No))
}

// minutes is how long the job took so far, which the form proposes.
func (j MyJob) minutes() string {
	from := j.ArrivedAt
	if from.IsZero() {
		from = j.TakenAt
	}
	return decimal(min(technician.MaxMinutes, max(1, int64(j.Now.Sub(from)/time.Minute))))
}

func outcomes() []field.Option {
	return field.Choices([]casework.Outcome{casework.Fulfilled, casework.Half, casework.Outside, casework.PassedOn}, casework.Outcome.Text)
}

// digits keeps of a telephone number what is dialled.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, s)
}

// paid says on a receipt what was charged in all.
func paid(ctx context.Context, r technician.Receipt) string {
	switch {
	case r.Sum > 0:
		return i18n.T(ctx, i18n.VisitReceiptPaid, yuan(r.Sum))
	case r.Price.Charges():
		return i18n.T(ctx, i18n.VisitReceiptNone)
	}
	return i18n.T(ctx, i18n.VisitReceiptFree)
}
