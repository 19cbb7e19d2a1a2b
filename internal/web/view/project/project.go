// Package project draws the pages of projects: at the desk, of a unit's liaison, and the public list.
package project

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/activity"
	"linli/internal/calendar"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/project"
	exchangeview "linli/internal/web/view/exchange"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// The addresses.
const (
	Path       = "/projects"
	UnitPath   = "/unit-projects"
	PublicPath = "/p/projects"
)

// Href is the address of a project.
func Href(p id.ID) string { return Path + "/" + p.String() }

// StepHref is the address of a step.
func StepHref(p, s id.ID) string { return Href(p) + "/steps/" + s.String() }

// LineHref is the address of a line of the budget.
func LineHref(p, l id.ID) string { return Href(p) + "/lines/" + l.String() }

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func hidden(name, value string) partial.Value { return partial.Value{Name: name, Value: value} }

// yuan is an amount as people read it.
func yuan(fen int64) string { return i18n.Yuan(fen) }

// plain is an amount as a form takes it.
func plain(fen int64) string { return i18n.PlainYuan(fen) }

// StateOf is the state of a project as a badge; one that runs past its last day is drawn as late.
func StateOf(p project.Project, today calendar.Date) partial.State {
	if p.Overdue(today) {
		return partial.State{Text: i18n.ProjectOverdue, Tone: partial.Refused}
	}
	return partial.State{Text: p.State.Text(), Tone: map[project.State]partial.Tone{project.Draft: partial.Draft, project.Proposed: partial.Waiting, project.Running: partial.Active, project.Finished: partial.Closed,
		project.Stopped: partial.Ended}[p.State]}
}

func stepState(s project.Step, today calendar.Date) partial.State {
	switch {
	case s.Late(today):
		return partial.State{Text: i18n.ProjectStepLate, Tone: partial.Refused}
	case s.State == project.StepDone:
		return partial.State{Text: s.State.Text(), Tone: partial.Closed}
	}
	return partial.State{Text: s.State.Text(), Tone: partial.Waiting}
}

func answerState(a project.Answer) partial.State {
	return partial.State{Text: a.Text(), Tone: map[project.Answer]partial.Tone{project.Asked: partial.Waiting, project.Agreed: partial.Active, project.Declined: partial.Refused, project.Left: partial.Ended}[a]}
}

// partnerState is where a partner stands; before the project is proposed nobody is asked.
func partnerState(p project.Project, x project.Partner) partial.State {
	if p.State == project.Draft {
		return partial.State{Text: i18n.ProjectToAsk, Tone: partial.Draft}
	}
	return answerState(x.State)
}

// List is a page of projects at the desk.
type List struct {
	Query         url.Values
	Items         []project.Row
	Before, After string
	Summary       project.Summary
	First         bool
	Drafts        bool
	Needs         bool // sees the lists beside it
	Keeps         bool // keeps needs
	Places        []field.Option
	Programmes    []field.Option
	Today         calendar.Date
}

func (l List) tabs() []partial.Tab {
	out := []partial.Tab{{Text: i18n.ExchangeTitle, Href: exchangeview.Path, Count: -1}, {Text: i18n.ResourceTitle, Href: exchangeview.ResourcePath, Count: -1}}
	if l.Keeps {
		out = append(out, partial.Tab{Text: i18n.WeekTitle, Href: exchangeview.WeekPath, Count: -1})
	}
	return append(out, partial.Tab{Text: i18n.ProjectTitle, Href: Path, Active: true, Count: -1})
}

func (l List) acts() []partial.Act {
	if !l.Drafts {
		return nil
	}
	return []partial.Act{{Text: i18n.ProjectNew, Href: Path + "/new", Icon: icon.Plus, Look: partial.Primary}}
}

func (l List) stats() []partial.Stat {
	kept := url.Values{}
	if c := l.Query.Get("community"); c != "" {
		kept.Set("community", c)
	}
	at := func(key, value string) string { return partial.Href(Path, kept, key, value) }
	s := l.Summary
	out := []partial.Stat{{Label: i18n.ProjectRunning, Value: decimal(s.Running), Href: at("state", string(project.Running))}, {Label: i18n.ProjectProposed, Value: decimal(s.Proposed), Href: at("state", string(project.Proposed))},
		{Label: i18n.ProjectFinishedYear, Value: decimal(s.Finished), Href: partial.Href(Path, kept, "state", string(project.Finished)) + "&ended=" + strconv.Itoa(l.Today.Year())}, {Label: i18n.ProjectLate, Value: decimal(s.Late), Href: at("late", "1")},
		{Label: i18n.ProjectPlannedRun, Value: yuan(s.Planned), Unit: i18n.DuesYuanWord, Href: at("state", string(project.Running))}, {Label: i18n.ProjectSpentRun, Value: yuan(s.Spent), Unit: i18n.DuesYuanWord, Href: at("state", string(project.Running))}}
	if s.Late > 0 {
		out[3].Tone = partial.Warned
	}
	return out
}

func (l List) filters() []partial.Filter {
	out := []partial.Filter{{Name: "state", Label: i18n.ProjectState, Options: field.Choices(project.States(), project.State.Text)}, {Name: "kind", Label: i18n.ProjectKind, Options: field.Choices(project.Kinds(), project.Kind.Text)},
		{Name: "late", Label: i18n.ProjectLate, Options: []field.Option{{Value: "1", Text: i18n.ProjectStepLate}}}, partial.Years(i18n.ProjectEndedIn, "ended", l.Today.Year())}
	if len(l.Programmes) > 0 {
		out = append(out, partial.Filter{Name: "programme", Label: i18n.ProgrammeOne, Options: l.Programmes})
	}
	if len(l.Places) > 1 {
		out = append(out, partial.Filter{Name: "community", Label: i18n.ProjectCommunity, Options: l.Places})
	}
	return out
}

var columns = []partial.Column{{Key: "title", Title: i18n.ProjectOne, Main: true}, {Key: "community", Title: i18n.ProjectCommunity, Minor: true}, {Key: "steps", Title: i18n.ProjectSteps}, {Key: "money", Title: i18n.ProjectSpentOf, Num: true},
	{Key: "to", Title: i18n.ProjectTo, Tight: true}, {Key: "state", Title: i18n.ProjectState, Tight: true}}

// Rows are projects as rows of a table.
func Rows(ctx context.Context, list []project.Row, today calendar.Date) []partial.Row {
	var out []partial.Row
	for _, r := range list {
		money := ""
		if r.Planned > 0 || r.Spent > 0 {
			money = yuan(r.Spent) + " / " + yuan(r.Planned)
		}
		out = append(out, partial.Row{ID: r.ID.String(), Name: r.Title, Href: Href(r.ID), Cells: []templ.Component{partial.Two(r.Title, names(ctx, r.Project)), partial.Text(r.Community), progress(r), partial.Text(money), partial.Text(r.To.String()),
			partial.Badge(StateOf(r.Project, today))}})
	}
	return out
}

// names are the partners of a project.
func names(ctx context.Context, p project.Project) string {
	return Names(i18n.From(ctx), p)
}

// Names is names for surfaces that know the language alone.
func Names(l i18n.Lang, p project.Project) string {
	var out []string
	for _, x := range p.In() {
		if x.OrgID != p.CommunityID {
			out = append(out, x.Name)
		}
	}
	return strings.Join(out, i18n.CatalogueComma.In(l))
}

// NewPartners is how many partners the form takes.
const NewPartners = 3

// PartnerField names the n-th field for a partner, from 0.
func PartnerField(n int) string { return "partner" + strconv.Itoa(n+1) }

func partnerLabel(ctx context.Context, n int) i18n.Text {
	return i18n.Verbatim(i18n.T(ctx, i18n.ProjectPartnerN, n+1))
}

// New is the page on which a project is drafted.
type New struct {
	field.Form
	Unit        bool // by a liaison, for a unit that leads it
	Communities []field.Option
	Orgs        []field.Option
	Programmes  []field.Option
	Shown       [NewPartners]string
	Lead        string
	Place       string
}

// Page is what the pages of a project have in common.
type Page struct {
	project.Detail
	Sent   field.Form
	SentBy string
	Today  calendar.Date
	Desk   bool
}

func (s Page) sent(name string) bool { return s.SentBy == "project."+name }

// form is one of the forms of a page: as it was sent, if it was.
func (s Page) form(name string) field.Form { return s.formOr(name, url.Values{}) }

func (s Page) formOr(name string, or url.Values) field.Form {
	f := field.Form{Values: or}
	if s.sent(name) {
		f = s.Sent
	}
	f.ID = name + "-"
	return f
}

func (s Page) version() string { return decimal(s.Version) }

// by is the organisation for which the actor leads the project; "" where they do not.
func (s Page) by() string {
	if o := s.Leads(); o != 0 {
		return o.String()
	}
	return ""
}

// changes says that the actor may change the project.
func (s Page) changes() bool { return s.Leads() != 0 && s.State.Open() }

func (s Page) values() []partial.Value {
	return []partial.Value{hidden("version", s.version()), hidden("as", s.by())}
}

// who are the organisations that take part, to choose from: the community first.
func (s Page) who() []field.Option {
	out := []field.Option{{Value: s.CommunityID.String(), Text: i18n.Verbatim(s.Community)}}
	for _, x := range s.In() {
		if x.OrgID == s.CommunityID {
			continue
		}
		out = append(out, field.Option{Value: x.OrgID.String(), Text: i18n.Verbatim(x.Name)})
	}
	return out
}

// mine are those for which the actor enters people.
func (s Page) mine() []field.Option {
	if slices.Contains(s.Acts, s.CommunityID) {
		return s.who()
	}
	var out []field.Option
	for _, o := range s.who() {
		if slices.ContainsFunc(s.Acts, func(a id.ID) bool { return a.String() == o.Value }) {
			out = append(out, o)
		}
	}
	return out
}

func (s Page) name(org id.ID) string {
	for _, o := range s.who() {
		if o.Value == org.String() {
			return o.Text.In(i18n.ZH)
		}
	}
	return ""
}

// Show is the page of a project.
type Show struct {
	Page
	FreeNeeds  []project.FreeNeed
	Programmes []field.Option
	Teams      []project.Choice
	Resources  []exchange.Resource // to choose from
	Plans      bool                // plans activities there
	Uses       bool                // chooses resources for needs there
	SeesNeeds  bool
	Shown      string
}

func (s Show) head(ctx context.Context) partial.Head {
	h := partial.Head{Title: s.Title, Under: s.No + " · " + s.Community + " · " + i18n.T(ctx, s.Kind.Text()), State: StateOf(s.Project, s.Today)}
	at := Href(s.ID)
	if s.changes() && s.State == project.Draft {
		text, question := i18n.ProjectPropose, i18n.T(ctx, i18n.ProjectProposeSure, names(ctx, s.Project))
		if len(s.In()) == 0 {
			text, question = i18n.ProjectStart, i18n.T(ctx, i18n.ProjectStartSure)
		}
		h.Acts = append(h.Acts, partial.Act{Text: text, Href: at + "/propose", Icon: icon.Send, Look: partial.Primary, Values: s.values(), Confirm: &partial.Confirm{ID: "propose", Question: question}})
	}
	if s.Plans && (s.State == project.Running || s.State == project.Proposed) {
		h.Acts = append(h.Acts, partial.Act{Text: i18n.ProjectPlanActivity, Href: "/activities/new?project=" + s.ID.String(), Icon: icon.Calendar})
	}
	if s.changes() && s.State == project.Proposed {
		h.More = append(h.More, partial.Act{Text: i18n.ProjectBack, Href: at + "/back", Values: s.values(), Confirm: &partial.Confirm{ID: "back", Question: i18n.T(ctx, i18n.ProjectBackSure)}})
	}
	h.More = append(h.More, partial.Act{Text: i18n.ProjectPrint, Href: at + "/paper", Icon: icon.Print})
	return h
}

func (s Show) facts(ctx context.Context) []partial.Fact {
	out := []partial.Fact{{Label: i18n.ProjectGoal, Value: partial.Text(s.Goal), Wide: true}, partial.F(i18n.ProjectPeriod, s.From.String()+" — "+s.To.String()), partial.F(i18n.ProjectCommunity, s.Community), partial.F(i18n.ProjectLead, s.Lead)}
	if s.Wanted > 0 {
		out = append(out, partial.F(i18n.ProjectWanted, decimal(s.Wanted)))
	}
	if s.ProgrammeID != 0 {
		out = append(out, partial.Fact{Label: i18n.ProgrammeOne, Value: partial.Link(s.Programme, "/programmes/"+s.ProgrammeID.String())})
	}
	if s.CopiedFrom != 0 {
		out = append(out, partial.Fact{Label: i18n.ProjectCopied, Value: partial.Link(i18n.T(ctx, i18n.ProjectEarlier), Href(s.CopiedFrom))})
	}
	if s.Result != "" {
		out = append(out, partial.Fact{Label: i18n.ProjectResult, Value: partial.Text(s.Result), Wide: true})
	}
	if s.EndReason != "" {
		out = append(out, partial.Fact{Label: i18n.ProjectReason, Value: partial.Text(s.EndReason), Wide: true})
	}
	return out
}

// answers are the partners for which the actor may answer the project.
func (s Show) answers() (out []project.Partner) {
	if s.State != project.Proposed && s.State != project.Running {
		return nil
	}
	for _, x := range s.In() {
		if may, _ := s.ActsFor(x.OrgID); may && x.State != project.Agreed {
			out = append(out, x)
		}
	}
	return out
}

// asks says whether the community does something for a unit of which nobody could, and so is asked who of the unit said so.
func (s Page) asks(org id.ID) bool {
	_, instead := s.ActsFor(org)
	return instead
}

func (s Show) openChanges() (out []project.Change) {
	for _, g := range s.Changes {
		if g.State == project.Asked {
			out = append(out, g)
		}
	}
	return out
}

// settles says that the actor may answer a change.
func (s Page) settles(g project.Change) bool {
	may, _ := s.ActsFor(g.OrgID)
	return may && (s.State == project.Proposed || s.State == project.Running)
}

// changeText says what a change is.
func changeText(ctx context.Context, g project.Change) string {
	what := g.Title
	if g.What == project.OfStep {
		what += " " + g.DueOn.String()
	} else {
		what += " " + yuan(g.Amount) + i18n.T(ctx, i18n.DuesYuanWord)
	}
	switch {
	case g.Drops && g.What == project.OfStep:
		return i18n.T(ctx, i18n.ProjectChDropStep, g.Before)
	case g.Drops:
		return i18n.T(ctx, i18n.ProjectChDropLine, g.Before)
	case g.SubjectID == 0 && g.What == project.OfStep:
		return i18n.T(ctx, i18n.ProjectChAddStep, what)
	case g.SubjectID == 0:
		return i18n.T(ctx, i18n.ProjectChAddLine, what)
	case g.What == project.OfStep:
		return i18n.T(ctx, i18n.ProjectChStep, g.Before, what)
	}
	return i18n.T(ctx, i18n.ProjectChLine, g.Before, what)
}

var stepColumns = []partial.Column{{Key: "no", Title: i18n.ProjectSerial, Tight: true, Minor: true}, {Key: "title", Title: i18n.ProjectStepOne, Main: true}, {Key: "who", Title: i18n.ProjectWho}, {Key: "due", Title: i18n.ProjectDue, Tight: true},
	{Key: "done", Title: i18n.ProjectDoneBy}, {Key: "state", Title: i18n.ProjectState, Tight: true}}

func (s Show) steps(ctx context.Context) []partial.Row {
	var out []partial.Row
	for n, t := range s.Steps {
		out = append(out, partial.Row{ID: t.ID.String(), Name: t.Title, Href: StepHref(s.ID, t.ID), Cells: []templ.Component{partial.Text(strconv.Itoa(n + 1)), partial.Text(t.Title), partial.Text(t.Who), partial.Text(t.DueOn.String()),
			partial.Two(t.Words, said(ctx, t)), partial.Badge(stepState(t, s.Today))}})
	}
	return out
}

// said is when a step was done, and by what kind of record.
func said(ctx context.Context, t project.Step) string {
	var out []string
	if t.SourceKind != "" {
		out = append(out, i18n.T(ctx, project.SourceText(t.SourceKind)))
	}
	if !t.DoneOn.IsZero() {
		out = append(out, t.DoneOn.String())
	}
	return strings.Join(out, " · ")
}

// done counts steps.
func (s Show) done() (done, late int64) {
	for _, t := range s.Steps {
		if t.State == project.StepDone {
			done++
		}
		if t.Late(s.Today) && s.State == project.Running {
			late++
		}
	}
	return done, late
}

// bar is a step on the time bar: from where the step before it was due to its own day, in hundredths of the length of the project.
type bar struct {
	label, due  string
	from, width string
	class       string
	text        string
}

// bars lay the steps on the days of the project.
func (s Show) bars(ctx context.Context) (out []bar) {
	days := max(1, s.From.DaysUntil(s.To))
	at := func(d calendar.Date) float64 {
		return 100 * float64(min(max(s.From.DaysUntil(d), 0), days)) / float64(days)
	}
	num := func(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) }
	before := 0.0
	for n, t := range s.Steps {
		to := at(t.DueOn)
		if n > 0 && s.Steps[n-1].DueOn.Before(t.DueOn) {
			before = at(s.Steps[n-1].DueOn)
		}
		if to-before < 1.5 {
			to = min(100, before+1.5)
		}
		class := "c2"
		switch {
		case t.State == project.StepDone:
			class = "c4"
		case t.Late(s.Today):
			class = "c3"
		}
		title := []rune(t.Title)
		if len(title) > 9 {
			title = append(title[:8], '…')
		}
		out = append(out, bar{label: strconv.Itoa(n+1) + " " + string(title), due: t.DueOn.String()[5:], from: num(before), width: num(max(to-before, 1.5)), class: class, text: i18n.T(ctx, stepState(t, s.Today).Text)})
	}
	return out
}

// now is where today lies on the time bar; "" outside it.
func (s Show) now() string {
	if s.Today.Before(s.From) || s.Today.After(s.To) {
		return ""
	}
	return strconv.FormatFloat(100*float64(s.From.DaysUntil(s.Today))/float64(max(1, s.From.DaysUntil(s.To))), 'f', 2, 64)
}

var lineColumns = []partial.Column{{Key: "title", Title: i18n.ProjectLineOne, Main: true}, {Key: "source", Title: i18n.ProjectSource, Minor: true}, {Key: "who", Title: i18n.ProjectPays}, {Key: "planned", Title: i18n.ProjectPlanned, Num: true},
	{Key: "spent", Title: i18n.ProjectSpent, Num: true}, {Key: "left", Title: i18n.ProjectLeft1, Num: true}}

func (s Show) lines(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, l := range s.Lines {
		left := partial.Text(yuan(l.Left()))
		if l.Left() < 0 {
			left = partial.Badge(partial.State{Text: i18n.Verbatim(yuan(l.Left())), Tone: partial.Warned})
		}
		title := l.Title
		if l.Dropped {
			title += " · " + i18n.T(ctx, i18n.ProjectStepDropped)
		}
		out = append(out, partial.Row{ID: l.ID.String(), Name: l.Title, Href: LineHref(s.ID, l.ID), Cells: []templ.Component{partial.Text(title), partial.Label(l.Source.Text()), partial.Text(l.Who), partial.Text(yuan(l.Amount)), partial.Text(yuan(l.Spent)), left}})
	}
	return out
}

var expenseColumns = []partial.Column{{Key: "on", Title: i18n.ProjectOn, Tight: true}, {Key: "words", Title: i18n.ProjectFor, Main: true}, {Key: "payee", Title: i18n.ProjectPayee}, {Key: "receipt", Title: i18n.ProjectReceipt, Minor: true},
	{Key: "amount", Title: i18n.ProjectAmount, Num: true}, {Key: "act", Title: i18n.Text{}}}

// expenseWords is what an expense was for, with why more was spent and whether it was taken back.
func expenseWords(ctx context.Context, x project.Expense) string {
	var more []string
	switch {
	case x.ReversesID != 0:
		more = append(more, i18n.T(ctx, i18n.ProjectIsReverse))
	case x.Reversed:
		more = append(more, i18n.T(ctx, i18n.ProjectIsReversed))
	}
	if x.Over != "" {
		more = append(more, i18n.T(ctx, i18n.ProjectOverWhy, x.Over))
	}
	return strings.Join(append(more, x.By), " · ")
}

func (s Show) money() []partial.Stat {
	m := s.Money()
	out := []partial.Stat{{Label: i18n.ProjectPlanned, Value: yuan(m.Planned), Unit: i18n.DuesYuanWord, Href: "#lines"}, {Label: i18n.ProjectSpent, Value: yuan(m.Spent), Unit: i18n.DuesYuanWord, Href: "#expenses"},
		{Label: i18n.ProjectLeft1, Value: yuan(m.Left()), Unit: i18n.DuesYuanWord, Href: "#lines"}}
	if m.Left() < 0 {
		out[2].Tone = partial.Warned
	}
	return out
}

var needColumns = []partial.Column{{Key: "title", Title: i18n.ProjectNeed, Main: true}, {Key: "taken", Title: i18n.ExchangePledges, Tight: true}, {Key: "result", Title: i18n.CaseResult}, {Key: "state", Title: i18n.ExchangeState, Tight: true}, {Key: "act", Title: i18n.Text{}}}

func (s Show) needs(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, n := range s.Needs {
		result := i18n.T(ctx, exchange.Outcome(n.Outcome).Text())
		if n.Stars > 0 {
			result += " " + strings.Repeat("★", int(n.Stars))
		}
		title := partial.Two(n.Title, n.No)
		if s.SeesNeeds {
			title = needLink(n)
		}
		var act templ.Component = templ.NopComponent
		if s.changes() {
			act = partial.Acts([]partial.Act{{Text: i18n.ProjectUnneed, Href: Href(s.ID) + "/unneed", Small: true, Look: partial.Quiet, Values: append(s.values(), hidden("need", n.ID.String())),
				Confirm: &partial.Confirm{ID: "un" + n.ID.String(), Question: i18n.T(ctx, i18n.ProjectUnneedSure, n.Title)}}})
		}
		out = append(out, partial.Row{ID: n.ID.String(), Name: n.Title, Cells: []templ.Component{title, partial.Text(i18n.T(ctx, i18n.ExchangeOfWanted, n.Taken, n.Wanted)), partial.Text(result), partial.Badge(exchangeview.StateOf(exchange.State(n.State))), act}})
	}
	return out
}

var resourceColumns = []partial.Column{{Key: "title", Title: i18n.ResourceTitle, Main: true}, {Key: "giver", Title: i18n.ProjectGiver}, {Key: "amount", Title: i18n.ProjectMany, Tight: true}, {Key: "need", Title: i18n.ProjectNeed, Minor: true}, {Key: "state", Title: i18n.ProjectState, Tight: true}}

func (s Show) used(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, r := range s.Detail.Resources {
		giver := r.Giver
		if giver == "" {
			giver = i18n.T(ctx, i18n.ProjectSomebody)
		}
		many := ""
		if r.Amount > 0 {
			many = decimal(r.Amount) + " " + r.Unit
		}
		state := exchangeview.PledgeOf(exchange.PledgeState(r.State))
		if r.State == string(exchange.Pledged) {
			state = partial.State{Text: i18n.PledgeForGiver, Tone: partial.Waiting}
		}
		out = append(out, partial.Row{ID: r.ID.String() + "-" + r.NeedID.String(), Name: r.Title, Cells: []templ.Component{partial.Text(r.Title), partial.Text(giver), partial.Text(many), partial.Text(r.Need), partial.Badge(state)}})
	}
	return out
}

// openNeeds are the needs for which a resource can still be chosen.
func (s Show) openNeeds() (out []field.Option) {
	for _, n := range s.Needs {
		if n.State == string(exchange.Open) {
			out = append(out, field.Option{Value: n.ID.String(), Text: i18n.Verbatim(n.Title)})
		}
	}
	return out
}

func (s Show) resourceOptions(ctx context.Context) (out []field.Option) {
	for _, r := range s.Resources {
		out = append(out, field.Option{Value: r.ID.String(), Text: i18n.Verbatim(r.Title), Note: exchangeview.GiverName(i18n.From(ctx), r) + " · " + exchangeview.Left(i18n.From(ctx), r)})
	}
	return out
}

var activityColumns = []partial.Column{{Key: "title", Title: i18n.ActivityName, Main: true}, {Key: "at", Title: i18n.ActivityStarts, Tight: true}, {Key: "state", Title: i18n.ActivityState, Tight: true, Minor: true}, {Key: "people", Title: i18n.ActivityAttended, Num: true}, {Key: "hours", Title: i18n.ActivityHours, Num: true}}

func (s Show) activities() (out []partial.Row, people, minutes int64) {
	for _, v := range s.Activities {
		people, minutes = people+v.People, minutes+v.Minutes
		out = append(out, partial.Row{ID: v.ID.String(), Name: v.Title, Href: "/activities/" + v.ID.String(), Cells: []templ.Component{partial.Text(v.Title), partial.Text(i18n.DateTime(v.StartsAt)), partial.Label(activity.State(v.State).Label()), partial.Num(v.People), partial.Hours(v.Minutes)}})
	}
	return out, people, minutes
}

func (s Show) history(ctx context.Context) []partial.Event {
	var out []partial.Event
	for _, e := range s.Entries {
		out = append(out, partial.Event{When: e.At, Who: strings.TrimSpace(e.Org + " " + e.By), What: i18n.T(ctx, e.Act.Text()), Detail: e.Words})
	}
	return out
}

func (s Show) about() field.Form {
	v := url.Values{"title": {s.Title}, "goal": {s.Goal}, "kind": {string(s.Kind)}, "from_on": {s.From.String()}, "to_on": {s.To.String()}}
	if s.Wanted > 0 {
		v.Set("wanted", decimal(s.Wanted))
	}
	if s.ProgrammeID != 0 {
		v.Set("programme", s.ProgrammeID.String())
	}
	return s.formOr("about", v)
}

// programmes are those to choose, with the one that the project carries.
func (s Show) programmes() []field.Option {
	if s.ProgrammeID == 0 || slices.ContainsFunc(s.Programmes, func(o field.Option) bool { return o.Value == s.ProgrammeID.String() }) {
		return s.Programmes
	}
	return append(slices.Clone(s.Programmes), field.Option{Value: s.ProgrammeID.String(), Text: i18n.Verbatim(s.Programme)})
}

// openSteps says that steps are open, so that finishing asks why.
func (s Show) openSteps() bool {
	return slices.ContainsFunc(s.Steps, func(t project.Step) bool { return t.State == project.StepOpen })
}

// again is the day on which a copy would begin: a year later, or today where that is over.
func (s Show) again() string {
	next := s.From.AddYears(1)
	if next.Before(s.Today) {
		next = s.Today
	}
	return next.String()
}

func teamOptions(list []project.Choice) (out []field.Option) {
	for _, c := range list {
		out = append(out, field.Option{Value: c.ID.String(), Text: i18n.Verbatim(c.Name)})
	}
	return out
}

func needOptions(list []project.FreeNeed) (out []field.Option) {
	for _, n := range list {
		out = append(out, field.Option{Value: n.ID.String(), Text: i18n.Verbatim(n.Title), Note: n.No})
	}
	return out
}

// OneStep is the page of a step.
type OneStep struct {
	Page
	Step       project.Step
	Candidates []project.Candidate
}

// does says that the actor may say that the step is done.
func (s OneStep) does() bool {
	may, _ := s.ActsFor(s.Step.OrgID)
	x, ok := s.Partner(s.Step.OrgID)
	return may && s.State == project.Running && (!ok || x.State == project.Agreed)
}

func (s OneStep) facts(ctx context.Context) []partial.Fact {
	out := []partial.Fact{partial.F(i18n.ProjectWho, s.Step.Who), partial.F(i18n.ProjectDue, s.Step.DueOn.String())}
	if !s.Step.DoneOn.IsZero() {
		out = append(out, partial.F(i18n.ProjectDoneOn, s.Step.DoneOn.String()), partial.Fact{Label: i18n.ProjectDoneBy, Value: partial.Text(s.Step.Words), Wide: true})
	}
	switch {
	case s.Step.SourceKind == project.FromActivity:
		out = append(out, partial.Fact{Label: i18n.CobuildShown, Value: partial.Link(i18n.T(ctx, project.SourceText(s.Step.SourceKind)), "/activities/"+s.Step.SourceID.String())})
	case s.Step.SourceKind == project.FromNeed && s.Desk:
		out = append(out, partial.Fact{Label: i18n.CobuildShown, Value: partial.Link(i18n.T(ctx, project.SourceText(s.Step.SourceKind)), "/needs/"+s.Step.SourceID.String())})
	}
	return out
}

func under(ctx context.Context, c project.Candidate) string {
	out := i18n.T(ctx, project.SourceText(c.Kind)) + " · " + c.On.String()
	if c.People > 0 {
		out += " · " + i18n.T(ctx, i18n.CobuildPeople, c.People)
	}
	if c.Of && c.Kind == project.FromActivity {
		out += " · " + i18n.T(ctx, i18n.ProjectOfThis)
	}
	return out
}

// OneLine is the page of a line of the budget with its expenses.
type OneLine struct {
	Page
	Line project.Line
}

func (s OneLine) pays() bool {
	may, _ := s.ActsFor(s.Line.OrgID)
	x, ok := s.Partner(s.Line.OrgID)
	return may && s.State == project.Running && (!ok || x.State == project.Agreed)
}

func (s OneLine) stats() []partial.Stat {
	out := []partial.Stat{{Label: i18n.ProjectPlanned, Value: yuan(s.Line.Amount), Unit: i18n.DuesYuanWord}, {Label: i18n.ProjectSpent, Value: yuan(s.Line.Spent), Unit: i18n.DuesYuanWord, Href: "#expenses"}, {Label: i18n.ProjectLeft1, Value: yuan(s.Line.Left()), Unit: i18n.DuesYuanWord}}
	if s.Line.Left() < 0 {
		out[2].Tone = partial.Warned
	}
	return out
}

// expenses are the rows of those of a line; 0 gives all.
func expenses(ctx context.Context, s Page, line id.ID, acts bool) []partial.Row {
	var out []partial.Row
	for _, x := range s.Expenses {
		if line != 0 && x.LineID != line {
			continue
		}
		var act templ.Component = templ.NopComponent
		if may, _ := s.ActsFor(x.OrgID); acts && may && x.ReversesID == 0 && !x.Reversed && s.State == project.Running {
			act = partial.Acts([]partial.Act{{Text: i18n.ProjectReverse, Href: LineHref(s.ID, x.LineID) + "/reverse", Small: true, Look: partial.Quiet, Values: []partial.Value{hidden("expense", x.ID.String())},
				Confirm: &partial.Confirm{ID: "rev" + x.ID.String(), Question: i18n.T(ctx, i18n.ProjectReverseSure, x.Words, yuan(x.Amount)), Reason: i18n.ProjectReason, Form: "project.reverse"}}})
		}
		words := x.Words
		if line == 0 {
			words = x.Line + " · " + x.Words
		}
		out = append(out, partial.Row{ID: x.ID.String(), Name: x.Words, Cells: []templ.Component{partial.Text(x.On.String()), partial.Two(words, expenseWords(ctx, x)), partial.Text(x.Payee), partial.Text(x.Receipt), partial.Text(yuan(x.Amount)), act}})
	}
	return out
}

// Unit is the page of a unit's liaison.
type Unit struct {
	Query         url.Values
	Orgs          []string
	Items         []project.Row
	Answers       []project.Row
	Todos         []project.Todo
	Before, After string
	Today         calendar.Date
}

func (u Unit) acts() []partial.Act {
	return []partial.Act{{Text: i18n.ProjectNew, Href: Path + "/new", Icon: icon.Plus}}
}

var todoColumns = []partial.Column{{Key: "due", Title: i18n.ProjectDue, Tight: true}, {Key: "title", Title: i18n.ProjectStepOne, Main: true}, {Key: "project", Title: i18n.ProjectOne}, {Key: "community", Title: i18n.ProjectCommunity, Minor: true}, {Key: "state", Title: i18n.ProjectState, Tight: true}}

func (u Unit) todos() []partial.Row {
	var out []partial.Row
	for _, t := range u.Todos {
		out = append(out, partial.Row{ID: t.Step.ID.String(), Name: t.Title, Href: StepHref(t.ProjectID, t.Step.ID), Cells: []templ.Component{partial.Text(t.DueOn.String()), partial.Text(t.Title), partial.Text(t.Project), partial.Text(t.Community), partial.Badge(stepState(t.Step, u.Today))}})
	}
	return out
}

// PublicList is what everybody reads.
type PublicList struct {
	Query         url.Values
	Items         []project.Public
	Before, After string
	Communities   []field.Option
}

func (l PublicList) filters() []partial.Filter {
	return []partial.Filter{{Name: "state", Label: i18n.ProjectState, Options: field.Choices([]project.State{project.Running, project.Finished}, project.State.Text)}, {Name: "c", Label: i18n.ProjectCommunity, Options: l.Communities}}
}

func publicState(p project.Public) partial.State {
	if p.State == project.Finished {
		return partial.State{Text: p.State.Text(), Tone: partial.Closed}
	}
	return partial.State{Text: p.State.Text(), Tone: partial.Active}
}
