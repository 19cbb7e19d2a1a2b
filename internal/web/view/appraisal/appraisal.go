// Package appraisal draws the pages of the democratic appraisal of members.
package appraisal

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/appraisal"
	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// The addresses.
const (
	Path     = "/appraisals"
	OnePath  = "/appraised"
	MinePath = "/m/appraisal"
)

// Href is the address of a round.
func Href(round id.ID) string { return Path + "/" + round.String() }

// OneHref is the address of a member in a round, for the branch.
func OneHref(entry id.ID) string { return OnePath + "/" + entry.String() }

// MineHref is the address of one's own entry.
func MineHref(entry id.ID) string { return MinePath + "/" + entry.String() }

// RecordHref is the address of a member's year.
func RecordHref(memberID id.ID, year int) string {
	h := "/members/" + memberID.String() + "/record"
	if year != 0 {
		h += "?year=" + strconv.Itoa(year)
	}
	return h
}

// Sent is a form that was not accepted, with its name; a page with several forms shows it at its own.
type Sent struct {
	Form field.Form
	Name string
}

// form is the form of a name on a page.
func (s Sent) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if s.Name == "appraisal."+name {
		f = s.Form
	}
	f.ID = name + "-"
	return f
}

func (s Sent) open(name string) bool { return s.Name == "appraisal."+name }

// List is the page of rounds.
type List struct {
	Query         url.Values
	Items         []appraisal.Item
	Before, After string
	Year          int
	Open          bool // the actor may open rounds
}

// New is the form that opens rounds.
type New struct {
	Form   field.Form
	Chosen string // name of the organisation
	Year   int
}

// Show is the page of a round.
type Show struct {
	appraisal.Shown
	Sent     Sent
	Query    url.Values
	Members  []appraisal.Row
	Before   string
	After    string
	Unvoted  []appraisal.Other
	Subjects []appraisal.Other
	Meetings []field.Option
	Plans    bool
}

// Gives says whether ballots on paper can be given out, so that Unvoted is shown.
func (s Show) Gives() bool { return s.Step == appraisal.Voting && s.CountedOn.IsZero() }

// Counts says whether ballots on paper can be counted, so that Subjects is shown.
func (s Show) Counts() bool {
	return s.Turnout.Paper > 0 && (s.CountedOn.IsZero() || s.Turnout.Phone == 0) && (s.Step == appraisal.Voting || s.Step == appraisal.Opinion)
}

// Links says whether a meeting can be chosen, so that Meetings is shown.
func (s Show) Links() bool {
	return s.Keep && s.Plans && (s.MeetingID == 0 || s.Step != appraisal.Closed)
}

// Sheet is the page of a member in a round.
type Sheet struct {
	appraisal.Sheet
	Sent  Sent
	Today calendar.Date
}

// Mine is one's own entry.
type Mine struct {
	appraisal.Sheet
	Sent Sent
}

// Record is a member's year.
type Record struct {
	appraisal.Year
	Own  bool
	This int // this year
}

var columns = []partial.Column{{Key: "org", Title: i18n.AppraisalBranch, Main: true}, {Key: "year", Title: i18n.AppraisalYear, Tight: true}, {Key: "step", Title: i18n.AppraisalStep},
	{Key: "people", Title: i18n.AppraisalPeople, Num: true}, {Key: "written", Title: i18n.AppraisalWritten, Num: true, Minor: true}, {Key: "voted", Title: i18n.AppraisalVoted, Num: true, Minor: true},
	{Key: "excellent", Title: i18n.AppraisalExcellent, Num: true}, {Key: "qualified", Title: i18n.AppraisalQualified, Num: true}, {Key: "basic", Title: i18n.AppraisalBasic, Num: true},
	{Key: "unqualified", Title: i18n.AppraisalUnqualified, Num: true}}

func stepState(s appraisal.Step) partial.State {
	tone := partial.Active
	switch s {
	case appraisal.Closed:
		tone = partial.Closed
	case appraisal.Voting, appraisal.Told:
		tone = partial.Waiting
	}
	return partial.State{Text: s.Text(), Tone: tone}
}

// stepOf is how a step stands in a round that is at another.
func stepOf(s, at appraisal.Step) partial.State {
	switch {
	case s.Past(at), s == at && at == appraisal.Closed:
		return partial.State{Text: s.Text(), Tone: partial.Closed}
	case s == at:
		return partial.State{Text: s.Text(), Tone: partial.Active}
	}
	return partial.State{Text: s.Text(), Tone: partial.Draft}
}

func gradeState(g appraisal.Grade) partial.State {
	return partial.State{Text: g.Text(), Tone: map[appraisal.Grade]partial.Tone{appraisal.Excellent: partial.Active, appraisal.Qualified: partial.Closed, appraisal.Basic: partial.Warned,
		appraisal.Unqualified: partial.Refused}[g]}
}

func badge(ctx context.Context, g appraisal.Grade) templ.Component {
	if g == "" {
		return partial.Text("")
	}
	return partial.Badge(gradeState(g))
}

func rows(l List) []partial.Row {
	var out []partial.Row
	for _, i := range l.Items {
		cells := []templ.Component{partial.Text(i.Organisation), partial.Text(strconv.Itoa(i.Year)), partial.Badge(stepState(i.Step)), partial.Num(i.Members), partial.Num(i.Written), partial.Num(i.Voted)}
		for _, g := range appraisal.Grades() {
			cells = append(cells, partial.Num(i.Of(g)))
		}
		out = append(out, partial.Row{ID: i.ID.String(), Name: i.Organisation, Href: Href(i.ID), Cells: cells})
	}
	return out
}

func (l List) filters() []partial.Filter {
	var years []field.Option
	for y := l.Year; y > l.Year-6; y-- {
		years = append(years, field.Option{Value: strconv.Itoa(y), Text: i18n.Verbatim(strconv.Itoa(y))})
	}
	return []partial.Filter{{Name: "year", Label: i18n.AppraisalYear, Options: years}, {Name: "step", Label: i18n.AppraisalStep, Options: field.Choices(appraisal.Steps(), appraisal.Step.Text)},
		{Name: "show", Label: i18n.AppraisalShow, Options: []field.Option{{Value: "open", Text: i18n.AppraisalShowOpen}}}}
}

func (l List) acts() []partial.Act {
	if !l.Open {
		return nil
	}
	return []partial.Act{{Text: i18n.AppraisalNew, Href: Path + "/new", Look: partial.Primary, Icon: icon.Plus}}
}

func n(v int64) string { return strconv.FormatInt(v, 10) }

func (s Show) title(ctx context.Context) string {
	return i18n.T(ctx, i18n.AppraisalOf, s.Organisation, strconv.Itoa(s.Year))
}

func (s Show) head(ctx context.Context) partial.Head {
	h := partial.Head{Title: s.title(ctx), Under: i18n.T(ctx, i18n.AppraisalSince, s.StepOn.String()), State: stepState(s.Step)}
	if !s.Keep {
		return h
	}
	h.Acts = []partial.Act{{Text: i18n.LayoutPrint, Href: Href(s.ID) + "/print", Icon: icon.Print}, {Text: i18n.PartialExport, Href: Href(s.ID) + "/export", Icon: icon.Download}}
	if s.Step == appraisal.Self || s.Step == appraisal.Mutual {
		h.More = []partial.Act{{Text: i18n.AppraisalStrikeAct, Href: Href(s.ID) + "/strike", Look: partial.Danger,
			Confirm: &partial.Confirm{ID: "strike", Question: i18n.T(ctx, i18n.AppraisalStrikeAsk, s.title(ctx)), Reason: i18n.AppraisalWhyGo, Form: "appraisal.strike"}}}
	}
	return h
}

func (s Show) stats() []partial.Stat {
	list := []partial.Stat{{Label: i18n.AppraisalPeople, Value: n(s.Item.Members)}, {Label: i18n.AppraisalGraded, Value: n(s.Graded)}, {Label: i18n.AppraisalWritten, Value: n(s.Written)}}
	if !s.Step.Past(appraisal.Voting) && s.Turnout.Voters > 0 {
		list = append(list, partial.Stat{Label: i18n.AppraisalVoted, Value: n(s.Turnout.Used()) + " / " + n(s.Turnout.Voters)})
	}
	if appraisal.Opinion.Past(s.Step) {
		for _, g := range appraisal.Grades() {
			list = append(list, partial.Stat{Label: g.Text(), Value: n(s.Of(g))})
		}
		list = append(list, partial.Stat{Label: i18n.AppraisalUnread, Value: n(s.Unread)})
	}
	return list
}

func (s Show) now() i18n.Text {
	return map[appraisal.Step]i18n.Text{appraisal.Self: i18n.AppraisalNowSelf, appraisal.Mutual: i18n.AppraisalNowMutual, appraisal.Voting: i18n.AppraisalNowVoting,
		appraisal.Opinion: i18n.AppraisalNowOpinion, appraisal.Told: i18n.AppraisalNowTold, appraisal.Closed: i18n.AppraisalNowClosed}[s.Step]
}

func (s Show) next() i18n.Text {
	return map[appraisal.Step]i18n.Text{appraisal.Self: i18n.AppraisalNextMutual, appraisal.Mutual: i18n.AppraisalNextVoting, appraisal.Voting: i18n.AppraisalNextOpinion,
		appraisal.Opinion: i18n.AppraisalNextTold, appraisal.Told: i18n.AppraisalNextClosed}[s.Step]
}

var memberColumns = []partial.Column{{Key: "name", Title: i18n.AppraisalName, Main: true}, {Key: "self", Title: i18n.AppraisalSelfOn, Tight: true}, {Key: "vote", Title: i18n.AppraisalHasVote},
	{Key: "votes", Title: i18n.AppraisalVotes}, {Key: "grade", Title: i18n.AppraisalGrade}, {Key: "read", Title: i18n.AppraisalReadOn, Tight: true}}

// part says how somebody takes part, where it is not as everybody does.
func part(ctx context.Context, e appraisal.Entry) string {
	var words []string
	if e.Group != "" {
		words = append(words, e.Group)
	}
	switch {
	case e.Probationary:
		words = append(words, i18n.T(ctx, i18n.AppraisalProbationary))
	case !e.Graded:
		words = append(words, i18n.T(ctx, i18n.AppraisalUngraded, e.Why))
	case !e.Votes:
		words = append(words, i18n.T(ctx, i18n.AppraisalNoRights, e.Why))
	}
	if e.Away != "" {
		words = append(words, i18n.T(ctx, i18n.AppraisalAwayAt, e.Away))
	}
	return strings.Join(words, " · ")
}

// split is how ballots were split, in words; "" where there is nothing to see.
func split(ctx context.Context, s appraisal.Split, there bool) string {
	if !there {
		return ""
	}
	if !s.Shown {
		return i18n.T(ctx, i18n.AppraisalVotesHidden)
	}
	var words []string
	for _, g := range appraisal.Choices() {
		if s.Votes[g] > 0 {
			words = append(words, i18n.T(ctx, g.ChoiceText())+" "+n(s.Votes[g]))
		}
	}
	return strings.Join(words, " · ")
}

func (s Show) voteWord(ctx context.Context, r appraisal.Row) string {
	switch {
	case !r.Votes || s.Step.Past(appraisal.Voting):
		return ""
	case r.Voted:
		return i18n.T(ctx, i18n.AppraisalVoteDone)
	}
	return i18n.T(ctx, i18n.AppraisalVoteOpen)
}

func (s Show) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, r := range s.Members {
		out = append(out, partial.Row{ID: r.ID.String(), Name: r.Name, Href: OneHref(r.ID), Cells: []templ.Component{partial.Two(r.Name, part(ctx, r.Entry)), partial.Text(r.SelfOn.String()),
			partial.Text(s.voteWord(ctx, r)), partial.Text(split(ctx, r.Split, r.OnBallot() && appraisal.Voting.Past(s.Step))), badge(ctx, r.Standing), partial.Text(r.ReadOn.String())}})
	}
	return out
}

func checks(list []appraisal.Other) []field.Option {
	out := make([]field.Option, len(list))
	for i, o := range list {
		out[i] = field.Option{Value: o.ID.String(), Text: i18n.Verbatim(o.Name), Note: o.Group}
	}
	return out
}

// lineHref is the record behind a line.
func lineHref(y appraisal.Year, l appraisal.Line, own bool) string {
	if own {
		switch l.Kind {
		case appraisal.DidDeed:
			return "/m/deeds/" + l.ID.String()
		case appraisal.Contacted, appraisal.Promised:
			return "/m/member"
		}
		return "/m/activities/" + l.ID.String()
	}
	switch {
	case l.MeetingID != 0:
		return "/meetings/" + l.MeetingID.String()
	case l.Kind == appraisal.DidDeed:
		return "/deeds/" + l.ID.String()
	case l.Kind == appraisal.Contacted:
		return "/members/" + y.MemberID.String() + "/contacts"
	case l.Kind == appraisal.Promised:
		return "/members/" + y.MemberID.String() + "/promises"
	}
	return "/activities/" + l.ID.String()
}

// lineNote says more of a line: how long, how, what became of it.
func lineNote(ctx context.Context, l appraisal.Line) string {
	switch {
	case l.Kind == appraisal.Contacted:
		return i18n.T(ctx, member.ContactKind(l.Detail).Text())
	case l.Kind == appraisal.Promised:
		return i18n.T(ctx, member.PromiseState(l.Detail).Text())
	case l.Minutes > 0:
		return i18n.T(ctx, i18n.AppraisalHowLong, l.Hours())
	}
	return ""
}

func yearStats(ctx context.Context, y appraisal.Year) []partial.Stat {
	study := partial.Stat{Label: i18n.AppraisalStudy, Value: y.StudyShown(), Note: i18n.T(ctx, i18n.AppraisalStudyOf, y.StudyTarget())}
	return []partial.Stat{{Label: i18n.AppraisalAttended, Value: n(y.Meetings)}, study, {Label: i18n.AppraisalLineActivity, Value: n(y.Joined)}, {Label: i18n.AppraisalService, Value: y.ServiceShown()},
		{Label: i18n.AppraisalLineDeed, Value: n(y.Deeds)}, {Label: i18n.AppraisalLineContact, Value: n(y.Contacts)},
		{Label: i18n.AppraisalLinePromise, Value: n(y.Promises), Note: i18n.T(ctx, i18n.AppraisalKept, y.Kept)}}
}

func (r Record) title(ctx context.Context) string {
	return i18n.T(ctx, i18n.AppraisalRecordOf, r.Name, strconv.Itoa(r.Year.Year))
}

func (r Record) href(year int) string {
	if r.Own {
		return "/m/record?year=" + strconv.Itoa(year)
	}
	return RecordHref(r.MemberID, year)
}

func (r Record) years() []int { return []int{r.This, r.This - 1, r.This - 2} }

func version(v int64) string { return strconv.FormatInt(v, 10) }

func (s Sheet) title(ctx context.Context) string {
	return i18n.T(ctx, i18n.AppraisalOf, s.Round.Organisation, strconv.Itoa(s.Round.Year))
}

func (s Sheet) head(ctx context.Context) partial.Head {
	h := partial.Head{Title: s.Name, Under: part(ctx, s.Entry), State: stepState(s.Round.Step), Acts: []partial.Act{
		{Text: i18n.AppraisalRecord, Href: RecordHref(s.MemberID, s.Round.Year), Icon: icon.Clipboard}, {Text: i18n.LayoutPrint, Href: OneHref(s.ID) + "/print", Icon: icon.Print}}}
	if s.Standing != "" {
		h.State = gradeState(s.Standing)
	}
	return h
}

// decides says whether a grade can be decided now.
func (s Sheet) decides() bool {
	return s.Graded && (s.Round.Step == appraisal.Opinion || s.Round.Step == appraisal.Told)
}

// opinion is the draft of an opinion: what was decided, or the year in words.
func (s Sheet) opinion(l i18n.Lang) string {
	if s.Opinion != "" {
		return s.Opinion
	}
	return s.Year.Summary(l)
}

// self is what the form of a self-appraisal begins with.
func self(e appraisal.Entry, y appraisal.Year, l i18n.Lang) string {
	if e.SelfText != "" {
		return e.SelfText
	}
	return y.Summary(l)
}

func others(list []appraisal.Other) []field.Option { return checks(list) }

// writers are who can have written about a member: the others of the round.
func (s Sheet) writers() []field.Option { return checks(s.Others) }

func (m Mine) title(ctx context.Context) string {
	return i18n.T(ctx, i18n.AppraisalOf, m.Round.Organisation, strconv.Itoa(m.Round.Year))
}

// wrote is what the member wrote about another, "" for nothing.
func (m Mine) wrote(about id.ID) string {
	for _, r := range m.Wrote {
		if r.AboutID == about {
			return r.Text
		}
	}
	return ""
}

// result are the facts of a result.
func result(ctx context.Context, e appraisal.Entry) []partial.Fact {
	list := []partial.Fact{{Label: i18n.AppraisalGrade, Value: badge(ctx, e.Standing)}, {Label: i18n.AppraisalDecidedOn, Value: partial.Text(e.DecidedOn.String())}}
	add := func(t i18n.Text, v string) {
		if v != "" {
			list = append(list, partial.Fact{Label: t, Value: partial.Lines(v), Wide: true})
		}
	}
	add(i18n.AppraisalOpinionText, e.Opinion)
	add(i18n.AppraisalGaps, e.Gaps)
	add(i18n.AppraisalHelp, e.Help)
	add(i18n.AppraisalFollowOn, e.FollowOn.String())
	add(i18n.AppraisalFollowed, e.Followed)
	add(i18n.AppraisalDecision, e.Decision)
	add(i18n.AppraisalApproval, e.Approval)
	if !e.ReadOn.IsZero() {
		add(i18n.AppraisalReadOn, i18n.T(ctx, i18n.AppraisalReadWhen, e.ReadOn.String()))
	}
	add(i18n.AppraisalOwnView, e.OwnView)
	return list
}

// Ballot is what a voter is asked; Err is what was wrong with what they sent.
type Ballot struct {
	appraisal.BallotForm
	Form field.Form
}

// chosen says whether a choice about somebody is marked: what was sent, or else qualified.
func (b Ballot) chosen(about id.ID, g appraisal.Grade) bool {
	if v := b.Form.Values.Get(appraisal.VoteField(about)); v != "" {
		return v == string(g)
	}
	return g == appraisal.Qualified
}

// ticked is a check box that begins as it is kept; sent says that the form came back, so that what it said holds.
func ticked(f field.Field, on, sent bool) field.Field {
	if on && !sent {
		return f.Or("1")
	}
	return f
}
