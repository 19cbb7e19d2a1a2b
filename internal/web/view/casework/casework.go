// Package casework draws the pages of cases at the desk.
package casework

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/hall"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// Path is the address of the list.
const Path = "/cases"

// ByDue asks for what is due first.
const ByDue = "due"

// Href is the address of a case.
func Href(c id.ID) string { return Path + "/" + c.String() }

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// List is the list of cases.
type List struct {
	Query         url.Values
	Items         []casework.Row
	Before, After string
	Summary       casework.Summary
	Rates         *casework.Rates // nil where they are not shown
	Kinds         []casework.Kind
	Places        []field.Option
	Grid          string // name of the grid that is filtered by
	Enters        bool
	Kept          bool // the actor keeps the kinds
	Routes        bool // the actor says which office answers for what
	First         bool // the first page, which counts
	Now           time.Time
}

// New is the form in which a case is entered on behalf.
type New struct {
	field.Form
	Kinds       []casework.Kind
	Kind        casework.Kind
	Items       []field.Option
	Communities []field.Option
	Home        string // the community in which the actor works, where there is one
	About       string // what is chosen is called
	Mail        bool   // e-mail is set up, so that an address may be left
	Building    string
	Ticket      hall.Ticket        // from which the case is made; its ID is 0 for none
	Size        string             // largest file that is added
	Blanks      []partial.KeptFile // blank forms of the matter that was chosen before
}

// Show is the page of a case.
type Show struct {
	casework.Detail
	Sent       field.Form
	SentBy     string
	Now        time.Time
	Lang       i18n.Lang
	To         string        // what was chosen in the form that was not accepted
	Of         casework.Kind // its kind
	Dispatches bool          // gives it out, merges it, opens it again: also from above
	Own        bool          // accepts, refuses, passes up, calls back: at the organisation that has it
	Recalls    bool          // may take it back from where nobody signed
	Kept       []Kept        // photographs and papers
	Size       string        // largest file that is added
	MostFiles  int64         // of one case
	Works      bool
	Approves   bool
	Supervises bool
	Checks     bool // may look at the place whether it is solved
	Mine       bool
	Ours       []casework.Party // parts that the actor's organisations are to do
	Purposes   []field.Option   // for which who reported it is shown; none for who may not see it
	Topics     []field.Option
	Jobs       templ.Component // of technicians, and the way to the board; nil for none
	Need       templ.Component // the need that was made from it, or the press that makes one; nil for none
	Number     templ.Component // of the hall from which it came; nil for none
	Mediation  templ.Component // the way to its mediation; nil where that is no question
	Run        templ.Component // how it is run for somebody; nil where that is no question
}

// Kept is a file of a case as it is listed.
type Kept struct {
	casework.CaseFile
	partial.KeptFile
}

// form is a form of the page; what was typed into it comes back when it was not accepted.
func (s Show) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if s.SentBy == "casework."+name {
		f = s.Sent
	}
	f.ID = name + "-"
	return f
}

// sentBy says whether a form was sent and not accepted, so that it is not folded away.
func (s Show) sentBy(name string) bool { return s.SentBy == "casework."+name }

// StateOf is a state as it is drawn.
func StateOf(s casework.State) partial.State {
	tone := map[casework.State]partial.Tone{casework.Received: partial.Waiting, casework.Accepted: partial.Waiting, casework.Dispatched: partial.Waiting, casework.Working: partial.Active,
		casework.Done: partial.Warned, casework.Closed: partial.Closed, casework.Merged: partial.Ended}[s]
	return partial.State{Text: s.Text(), Tone: tone}
}

var columns = []partial.Column{{Key: "what", Title: i18n.CaseWhat, Main: true}, {Key: "kind", Title: i18n.CaseKindLabel, Minor: true}, {Key: "community", Title: i18n.CaseCommunity, Minor: true},
	{Key: "org", Title: i18n.CaseOrg}, {Key: "at", Title: i18n.CaseReceivedAt, Tight: true, Minor: true}, {Key: "due", Title: i18n.CaseDue, Tight: true}, {Key: "state", Title: i18n.CaseState, Tight: true}}

// when is a moment in lists: day and time without the year where it is this year.
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

// dueCell says until when there is time, and that it is over.
func dueCell(state casework.State, due time.Time, suspended bool, now time.Time) templ.Component {
	switch {
	case suspended:
		return partial.Badge(partial.State{Text: i18n.CaseSuspended, Tone: partial.Ended})
	case due.IsZero() || !state.Open():
		return partial.Text("")
	case now.After(due):
		return partial.Badge(partial.State{Text: i18n.CaseStatLate, Tone: partial.Refused})
	}
	return partial.Text(when(due, now))
}

func (l List) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, c := range l.Items {
		state := StateOf(c.State)
		switch {
		case c.Supervised && c.State.Open():
			state = partial.State{Text: i18n.Verbatim(i18n.T(ctx, c.State.Text()) + " · " + i18n.T(ctx, i18n.CasePressed)), Tone: partial.Refused}
		case c.Rating > 0:
			state.Text = i18n.Verbatim(i18n.T(ctx, c.State.Text()) + " · " + i18n.T(ctx, i18n.CaseRatingOf, c.Rating))
		}
		kind := i18n.T(ctx, c.Item)
		if kind == "" {
			kind = i18n.T(ctx, i18n.CaseItemNone)
		}
		note := c.No
		if c.Urgent {
			note += " · " + i18n.T(ctx, i18n.CaseUrgent)
		}
		if c.Confidential {
			note += " · " + i18n.T(ctx, i18n.CaseConfidential)
		}
		who := c.Handler
		if who == "" {
			who = i18n.T(ctx, c.Channel.Text())
		}
		out = append(out, partial.Row{ID: c.ID.String(), Name: c.Title, Href: Href(c.ID), Cells: []templ.Component{partial.Two(c.Title, note), partial.Two(kind, i18n.T(ctx, c.Kind)), partial.Text(c.Community),
			partial.Two(c.Org, who), partial.Text(when(c.ReceivedAt, l.Now)), dueCell(c.State, c.DueAt, c.Suspended, l.Now), partial.Badge(state)}})
	}
	return out
}

func showText(s string) i18n.Text {
	return map[string]i18n.Text{casework.ShowOpen: i18n.CaseShowOpen, casework.ShowMine: i18n.CaseShowMine, casework.ShowOverdue: i18n.CaseShowOverdue, casework.ShowSigning: i18n.CaseShowSigning,
		casework.ShowSupervised: i18n.CaseShowPressed, casework.ShowAsking: i18n.CaseShowAsking, casework.ShowUnsolved: i18n.CaseShowUnsolved, casework.ShowJoint: i18n.CaseShowJoint,
		casework.ShowFinished: i18n.CaseShowFinished, casework.ShowRated: i18n.CaseShowRated}[s]
}

func (l List) filters() []partial.Filter {
	var kinds []field.Option
	for _, k := range l.Kinds {
		kinds = append(kinds, field.Option{Value: k.Code, Text: k.Text()})
	}
	out := []partial.Filter{
		{Name: "show", Label: i18n.CaseShow, Options: field.Choices(casework.Shows(), showText)},
		{Name: "state", Label: i18n.CaseState, Options: field.Choices(casework.States(), casework.State.Text)},
		{Name: "kind", Label: i18n.CaseKindLabel, Options: kinds},
		{Name: "channel", Label: i18n.CaseChannel, Options: field.Choices(append(casework.Channels(), casework.ByWeb, casework.ByKiosk), casework.Channel.Text)},
	}
	if len(l.Places) > 1 {
		out = append(out, partial.Filter{Name: "in", Label: i18n.CaseCommunity, Options: l.Places}, partial.Filter{Name: "below", Label: i18n.CaseOrg, Options: l.Places})
	}
	if g := l.Query.Get("grid"); g != "" {
		out = append(out, partial.Filter{Name: "grid", Label: i18n.CaseMapGrid, Options: []field.Option{{Value: g, Text: i18n.Verbatim(l.Grid)}}})
	}
	return append(out, partial.Filter{Name: "order", Label: i18n.CaseOrder, Options: []field.Option{{Value: ByDue, Text: i18n.CaseOrderDue}}})
}

func rate(part, of int64) string {
	if of == 0 {
		return "—"
	}
	return strconv.FormatInt((part*1000+of/2)/of/10, 10) + "." + strconv.FormatInt((part*1000+of/2)/of%10, 10) + "%"
}

func (l List) stats(ctx context.Context) []partial.Stat {
	with := func(more ...string) string {
		q := url.Values{}
		for k, v := range l.Query {
			if k != "show" && k != "state" && k != "rating" && k != "wait" && k != "q" && k != partial.AfterKey && k != partial.BeforeKey {
				q[k] = v
			}
		}
		for i := 0; i < len(more); i += 2 {
			q.Set(more[i], more[i+1])
		}
		if len(q) == 0 {
			return Path
		}
		return Path + "?" + q.Encode()
	}
	s := l.Summary
	tone := func(n int64) partial.Tone {
		if n > 0 {
			return partial.Refused
		}
		return partial.Neutral
	}
	out := []partial.Stat{
		{Label: i18n.CaseStatOpen, Value: decimal(s.Open), Href: with("show", casework.ShowOpen)},
		{Label: i18n.CaseStatLate, Value: decimal(s.Overdue), Href: with("show", casework.ShowOverdue, "order", ByDue), Tone: tone(s.Overdue)},
		{Label: i18n.CaseStatPressed, Value: decimal(s.Supervised), Href: with("show", casework.ShowSupervised), Tone: tone(s.Supervised)},
	}
	r := l.Rates
	if r == nil {
		return out
	}
	of := func(n int64) string {
		return i18n.T(ctx, i18n.CaseStatOf, n) + " · " + i18n.T(ctx, i18n.CaseStatSince, r.From.String())
	}
	liked := of(r.Answered)
	if r.Outside > 0 {
		liked += " · " + i18n.T(ctx, i18n.CaseStatOutside, r.Outside)
	}
	return append(out,
		partial.Stat{Label: i18n.CaseStatTaken, Value: rate(r.Responded, r.Answerable), Href: with("from", r.From.String()), Note: of(r.Answerable)},
		partial.Stat{Label: i18n.CaseStatInTime, Value: rate(r.InTime, r.Finished), Href: with("show", casework.ShowFinished), Note: of(r.Finished) + " · " + i18n.T(ctx, i18n.CaseStatAverage, r.Hours)},
		partial.Stat{Label: i18n.CaseStatSolved, Value: rate(r.Solved, r.Answered), Href: with("show", casework.ShowRated), Note: of(r.Answered)},
		partial.Stat{Label: i18n.CaseStatLiked, Value: rate(r.Satisfied, r.Answered), Href: with("show", casework.ShowRated), Note: liked},
	)
}

func (l List) acts() []partial.Act {
	out := []partial.Act{{Text: i18n.CasePictures, Href: Path + "/pictures", Icon: icon.Chart}}
	if !l.Enters {
		return out
	}
	return append(out, partial.Act{Text: i18n.CallPress, Href: CallPath, Icon: icon.Phone}, partial.Act{Text: i18n.CaseNew, Href: Path + "/new", Look: partial.Primary, Icon: icon.Plus})
}

func (l List) more() []partial.Act {
	out := []partial.Act{{Text: i18n.CaseHot, Href: HotPath, Icon: icon.Speaker}}
	if l.Enters {
		out = append(out, partial.Act{Text: i18n.CaseTable, Href: "/imports/new?kind=" + casework.ImportName, Icon: icon.Import})
	}
	if l.Routes {
		out = append(out, partial.Act{Text: i18n.CaseRoutes, Href: RoutesPath, Icon: icon.Tree})
	}
	if l.Kept {
		out = append(out, partial.Act{Text: i18n.CaseKinds, Href: KindsPath, Icon: icon.Options})
	}
	return out
}

func (n New) tabs() []partial.Tab {
	var out []partial.Tab
	for _, k := range n.Kinds {
		q := url.Values{"kind": {k.Code}}
		if c := n.Values.Get("community"); c != "" {
			q.Set("community", c)
		}
		out = append(out, partial.Tab{Text: k.Text(), Href: Path + "/new?" + q.Encode(), Active: k.Code == n.Kind.Code, Count: -1})
	}
	return out
}

// asked is the input of a kind's own field.
func asked(f field.Form, k casework.Field) field.Field {
	d := f.In("field."+k.Code, k.Text())
	if k.Required {
		d = d.Need()
	}
	return d
}

func options(f casework.Field) []field.Option {
	var out []field.Option
	for _, o := range f.Options {
		out = append(out, field.Option{Value: o, Text: i18n.Verbatim(o)})
	}
	return out
}

func yesNo() []field.Option {
	return []field.Option{{Value: "yes", Text: i18n.ActivityYes}, {Value: "no", Text: i18n.ActivityNo}}
}

func stars() []field.Option {
	var out []field.Option
	for n := int64(5); n >= 1; n-- {
		out = append(out, field.Option{Value: decimal(n), Text: i18n.Verbatim(decimal(n))})
	}
	return out
}

func (s Show) head(ctx context.Context) partial.Head {
	under := s.No + " · " + i18n.T(ctx, s.Kind)
	if name := i18n.T(ctx, s.Item); name != "" {
		under += " · " + name
	}
	return partial.Head{Title: s.Title, Under: under, State: StateOf(s.State)}
}

// badges are what to know at once.
func (s Show) badges() []partial.State {
	var out []partial.State
	if s.Urgent {
		out = append(out, partial.State{Text: i18n.CaseUrgent, Tone: partial.Refused})
	}
	if s.Confidential {
		out = append(out, partial.State{Text: i18n.CaseConfidential, Tone: partial.Neutral})
	}
	if s.Petition {
		out = append(out, partial.State{Text: i18n.CasePetition, Tone: partial.Neutral})
	}
	if !s.SupervisedAt.IsZero() && s.State.Open() {
		out = append(out, partial.State{Text: i18n.CasePressed, Tone: partial.Refused})
	}
	switch {
	case !s.State.Open():
	case !s.SuspendedAt.IsZero():
		out = append(out, partial.State{Text: i18n.CaseDueNone, Tone: partial.Ended})
	case s.Overdue(s.Now):
		out = append(out, partial.State{Text: i18n.CaseStatLate, Tone: partial.Refused})
	case s.LimitHours > 0 && !s.DueAt.IsZero():
		out = append(out, partial.State{Text: i18n.Verbatim(i18n.CaseHoursLeft.In(s.Lang, int64(s.DueAt.Sub(s.Now).Hours()))), Tone: partial.Warned})
	case s.Petition && !s.DueAt.IsZero():
		out = append(out, partial.DeadlineDays(s.Lang, s.Left))
	case s.LimitDays > 0 && !s.DueAt.IsZero():
		out = append(out, partial.Deadline(s.Lang, s.Left))
	}
	return out
}

func (s Show) facts(ctx context.Context) []partial.Fact {
	place := s.Community
	for _, p := range []string{s.Building, s.Place} {
		if p != "" {
			place += " " + p
		}
	}
	due := i18n.DateTime(s.DueAt)
	if s.Provisional {
		due += i18n.T(ctx, i18n.CaseProvisional)
	}
	if s.DueAt.IsZero() && !s.SuspendedAt.IsZero() {
		due = i18n.T(ctx, i18n.CaseDueNone)
	}
	out := []partial.Fact{partial.F(i18n.CaseCommunity, place), partial.F(i18n.CaseOrg, s.Org)}
	if s.Handler != "" {
		out = append(out, partial.F(i18n.CaseHandler, s.Handler))
	}
	out = append(out, partial.F(i18n.CaseChannel, i18n.T(ctx, s.Channel.Text())), partial.F(i18n.CaseReceivedAt, i18n.DateTime(s.ReceivedAt)), partial.F(i18n.CaseDue, due))
	if !s.HappenedAt.IsZero() {
		out = append(out, partial.F(i18n.PatrolSaidAt, i18n.DateTime(s.HappenedAt)))
	}
	if s.About != "" {
		out = append(out, partial.F(i18n.CaseAbout, s.About))
	}
	for _, f := range s.Of.Fields {
		v := s.Answers[f.Code]
		switch {
		case v == "":
			continue
		case f.Type == casework.YesNoField && v == "yes":
			v = i18n.T(ctx, i18n.ActivityYes)
		case f.Type == casework.YesNoField:
			v = i18n.T(ctx, i18n.ActivityNo)
		}
		out = append(out, partial.F(f.Text(), v))
	}
	if s.Rating > 0 {
		out = append(out, partial.F(i18n.CaseRating, i18n.T(ctx, i18n.CaseRatingOf, s.Rating)+" · "+i18n.T(ctx, s.Solved.Text())))
	}
	return out
}

func (s Show) history(ctx context.Context) []partial.Event {
	var out []partial.Event
	for i := len(s.Entries) - 1; i >= 0; i-- {
		e := s.Entries[i]
		what := i18n.T(ctx, e.Act.Text())
		if e.To != "" && e.Act != casework.ActReport && e.Act != casework.ActEscalate {
			what += " → " + e.To
		}
		who := e.By
		if who == "" && (e.Act == casework.ActReport || e.Act == casework.ActRate || e.Act == casework.ActAdd || e.Act == casework.ActUnfile || e.Act == casework.ActReopen) {
			who = i18n.T(ctx, i18n.CaseByReporter)
		}
		tone := partial.Neutral
		switch e.Act {
		case casework.ActEscalate, casework.ActSupervise, casework.ActRefuse:
			tone = partial.Refused
		case casework.ActFinish, casework.ActRate, casework.ActClose:
			tone = partial.Closed
		}
		out = append(out, partial.Event{When: e.At, Who: who, What: what, Detail: e.Words, Tone: tone})
	}
	return out
}

func (s Show) version() string { return decimal(s.Version) }

// primary says which act is the one that the page is for.
func (s Show) primary() string {
	switch {
	case s.Approves && s.Can(casework.ActGrant):
		return "decide"
	case s.Works && s.Can(casework.ActResume):
		return "resume"
	case s.Works && s.State == casework.Working && s.Mine && s.Can(casework.ActFinish):
		return "finish"
	case s.Works && (s.State == casework.Received || s.State == casework.Accepted || s.State == casework.Dispatched):
		return "take"
	case s.Own && s.State == casework.Done && s.HasPhone && !s.Mine:
		return "call"
	case s.Checks && s.Checkable() && !s.Mine:
		return "check"
	}
	return ""
}

// hasActs says whether there is anything to do besides.
func (s Show) hasActs() bool {
	return s.Recalls || len(s.Ours) > 0 || s.Works && s.Can(casework.ActNote) || s.Dispatches && (s.Can(casework.ActDispatch) || s.Can(casework.ActMerge)) || s.Dispatches && (s.Can(casework.ActReopen) || s.Can(casework.ActPart) || len(s.Topics) > 0) || s.Supervises && s.Can(casework.ActSupervise) || s.Dispatches && (s.Reviewed() || !s.NoReview.IsZero())
}

var alikeColumns = []partial.Column{{Key: "what", Title: i18n.CaseWhat, Main: true}, {Key: "at", Title: i18n.CaseReceivedAt, Tight: true}, {Key: "state", Title: i18n.CaseState, Tight: true}}

func (s Show) short(list []casework.Row) []partial.Row {
	var out []partial.Row
	for _, c := range list {
		out = append(out, partial.Row{ID: c.ID.String(), Name: c.Title, Href: Href(c.ID), Cells: []templ.Component{partial.Two(c.Title, c.No), partial.Text(when(c.ReceivedAt, s.Now)), partial.Badge(StateOf(c.State))}})
	}
	return out
}

// KindsPath is the address of the kinds of case.
const KindsPath = "/case-kinds"

// HotPath is the address of hot issues.
const HotPath = Path + "/hot"

// KindForm is the form of a kind of case; Code is "new" for one that is to be made.
type KindForm struct {
	field.Form
	Code  string
	Lists []field.Option
	Seen  casework.Visibility // who sees it now: it becomes only stricter
}

// Hot is what many people raise in some days.
type Hot struct {
	Days   int
	Issues []casework.Issue
	Now    time.Time
}

func (h Hot) tabs(ctx context.Context) []partial.Tab {
	var out []partial.Tab
	for _, n := range casework.Spans() {
		out = append(out, partial.Tab{Text: i18n.Verbatim(i18n.T(ctx, i18n.CaseHotDays, n)), Href: HotPath + "?days=" + strconv.Itoa(n), Active: n == h.Days, Count: -1})
	}
	return out
}

// NotOpen is what the form of a kind says where it is not open to other systems: a choice needs a value.
const NotOpen = "no"

// OpeningValue is an opening as the form says it.
func OpeningValue(o casework.Opening) string {
	if o == casework.NotOpen {
		return NotOpen
	}
	return string(o)
}

// OpeningOf is the opening that the form says; a form without it opens nothing.
func OpeningOf(v string) casework.Opening {
	if v == NotOpen {
		return casework.NotOpen
	}
	return casework.Opening(v)
}

func openings() []field.Option {
	var out []field.Option
	for _, o := range casework.Openings() {
		out = append(out, field.Option{Value: OpeningValue(o), Text: o.Text()})
	}
	return out
}

var kindColumns = []partial.Column{{Key: "name", Title: i18n.CaseKindName, Main: true}, {Key: "limit", Title: i18n.CaseKindLimit}, {Key: "open", Title: i18n.CaseKindOpen, Tight: true},
	{Key: "georeport", Title: i18n.GeoreportOpening, Minor: true}, {Key: "seen", Title: i18n.CaseSeen}, {Key: "retired", Title: i18n.CaseKindRetired, Tight: true}}

var learntColumns = []partial.Column{{Key: "list", Title: i18n.CaseKindList, Main: true}, {Key: "cases", Title: i18n.CaseLearntCases, Num: true}, {Key: "kinds", Title: i18n.CaseLearntKinds, Num: true},
	{Key: "right", Title: i18n.CaseLearntRight, Num: true}, {Key: "f1", Title: i18n.CaseLearntF1, Num: true, Minor: true}, {Key: "at", Title: i18n.CaseLearntAt, Tight: true, Minor: true}}

func learntRows(ctx context.Context, list []casework.Learnt) []partial.Row {
	var out []partial.Row
	for _, l := range list {
		name := i18n.T(ctx, catalogue.ListText(l.List))
		out = append(out, partial.Row{ID: l.List, Name: name, Cells: []templ.Component{partial.Text(name), partial.Text(i18n.Number(l.Cases)), partial.Text(i18n.Number(l.Categories)),
			partial.Text(i18n.Tenths(l.Accuracy) + "%"), partial.Text(i18n.Tenths(l.MacroF1) + "%"), partial.Text(i18n.DateTime(l.At))}})
	}
	return out
}

func kindRows(ctx context.Context, kinds []casework.Kind) []partial.Row {
	yes := func(b bool) templ.Component {
		if b {
			return partial.Label(i18n.ActivityYes)
		}
		return partial.Text("")
	}
	var out []partial.Row
	for _, k := range kinds {
		limit := i18n.T(ctx, i18n.CaseKindNDays, k.Days)
		if k.Hours > 0 {
			limit = i18n.T(ctx, i18n.CaseKindNHours, k.Hours)
		}
		out = append(out, partial.Row{ID: k.Code, Name: k.Name, Href: KindsPath + "/" + k.Code, Cells: []templ.Component{partial.Two(i18n.T(ctx, k.Text()), k.Code), partial.Text(limit), yes(k.OpenToAll), partial.Text(i18n.T(ctx, k.Georeport.Text())),
			seen(ctx, k.Visibility), yes(k.Retired)}})
	}
	return out
}

func seen(ctx context.Context, v casework.Visibility) templ.Component {
	return partial.Text(i18n.T(ctx, v.Text()))
}

// visibilities are what a kind that is seen as was says can be changed to: nothing wider.
func visibilities(was casework.Visibility) []field.Option {
	var out []field.Option
	for _, v := range casework.Visibilities() {
		if !v.Looser(was) {
			out = append(out, field.Option{Value: VisibilityValue(v), Text: v.Text()})
		}
	}
	return out
}

// placeVisibility stands in the form for the widest visibility, whose code is empty.
const placeVisibility = "place"

// VisibilityValue is a visibility as the form of a kind writes it.
func VisibilityValue(v casework.Visibility) string {
	if v == casework.ToPlace {
		return placeVisibility
	}
	return string(v)
}

// VisibilityOf reads it.
func VisibilityOf(value string) casework.Visibility {
	if value == placeVisibility {
		return casework.ToPlace
	}
	return casework.Visibility(value)
}

// Steps are the steps of a kind as its form writes them, one a line.
func Steps(list []casework.KindStep) string {
	var lines []string
	for _, t := range list {
		lines = append(lines, t.Line())
	}
	return strings.Join(lines, "\n")
}

// ParseSteps reads the steps of a kind as a person writes them, one a line: name / English | who | 3d or 4h | needed.
func ParseSteps(typed string) ([]casework.KindStep, error) {
	var out []casework.KindStep
	for n, line := range strings.Split(typed, "\n") {
		line = strings.TrimSpace(strings.ReplaceAll(line, "\uff5c", "|"))
		if line == "" {
			continue
		}
		parts := strings.Split(line, "|")
		name, english, _ := strings.Cut(parts[0], "/")
		t := casework.KindStep{Name: strings.TrimSpace(name), NameEN: strings.TrimSpace(english)}
		for i, p := range parts[1:] {
			p = strings.TrimSpace(p)
			number, unit := p, ""
			if len(p) > 1 {
				number, unit = p[:len(p)-1], p[len(p)-1:]
			}
			limit, err := strconv.ParseInt(number, 10, 64)
			switch {
			case p == "needed":
				t.Needed = true
			case err == nil && unit == "d":
				t.Days = limit
			case err == nil && unit == "h":
				t.Hours = limit
			case i == 0:
				t.Who = p
			case p != "":
				return nil, errs.Field("steps", i18n.CaseKindBadStep, n+1)
			}
		}
		out = append(out, t)
	}
	return out, nil
}

// openSteps are the needed steps of a case that are not done, by name.
func (s Show) openSteps(ctx context.Context) string {
	var names []string
	for _, t := range s.Steps {
		if t.Needed && t.DoneAt.IsZero() {
			names = append(names, i18n.T(ctx, t.Name))
		}
	}
	return strings.Join(names, i18n.T(ctx, i18n.ActivityOptionMark))
}

// stepState is how a step stands.
func (s Show) stepState(ctx context.Context, t casework.CaseStep) partial.State {
	switch {
	case !t.DoneAt.IsZero():
		return partial.State{Text: i18n.CaseStepDone, Tone: partial.Closed}
	case t.Late(s.Now):
		return partial.State{Text: i18n.CaseStepLate, Tone: partial.Refused}
	case !t.DueAt.IsZero():
		return partial.State{Text: i18n.Verbatim(i18n.T(ctx, i18n.CaseStepUntil, when(t.DueAt, s.Now))), Tone: partial.Waiting}
	case t.Needed:
		return partial.State{Text: i18n.CaseStepNeeded, Tone: partial.Waiting}
	}
	return partial.State{Text: i18n.CaseStepOptional, Tone: partial.Neutral}
}

// stepAbout says of a step who does it, whether it is needed, who did it when, and what they wrote.
func (s Show) stepAbout(ctx context.Context, t casework.CaseStep) string {
	var out []string
	add := func(word string) {
		if word != "" {
			out = append(out, word)
		}
	}
	add(t.Who)
	if t.Needed {
		add(i18n.T(ctx, i18n.CaseStepNeeded))
	} else {
		add(i18n.T(ctx, i18n.CaseStepOptional))
	}
	if !t.DoneAt.IsZero() {
		add(t.By)
		add(when(t.DoneAt, s.Now))
	}
	add(t.Note)
	return strings.Join(out, " · ")
}

// Reviewed says whether a review of the petition can be asked now.
func (s Show) Reviewed() bool { return !s.ReviewUntil.IsZero() && !s.Now.After(s.ReviewUntil) }

func (s Show) reviewText() i18n.Text {
	if s.Review > 0 {
		return i18n.CaseReviewAgain
	}
	return i18n.CaseReview
}

// back is where the form leads when nothing is entered.
func (n New) back() string {
	if n.Ticket.ID != 0 {
		return "/hall/counter"
	}
	return Path
}

// keptAbout says of a file how large it is, who added it, when, with which step, and who sees it.
func (s Show) keptAbout(ctx context.Context, f Kept) string {
	with, seen := i18n.T(ctx, f.Act.Text()), i18n.T(ctx, i18n.CaseFilesInside)
	if f.Act == "" {
		with = i18n.T(ctx, i18n.CaseFilesFrom)
	}
	if f.Open {
		seen = i18n.T(ctx, i18n.CaseFilesOpen)
	}
	return f.About + " · " + with + " · " + seen
}
