// Package workplan holds the pages of plans of the year: the list of organisations, a plan with its review, and the items of all plans.
package workplan

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
	"linli/internal/workplan"
)

// The addresses of the lists.
const (
	Path      = "/workplans"
	ItemsPath = Path + "/items"
)

// Href is the address of a plan.
func Href(p id.ID) string { return Path + "/" + p.String() }

// StateOf is the state of a plan as a badge.
func StateOf(s workplan.State) partial.State {
	return partial.State{Text: s.Text(), Tone: map[workplan.State]partial.Tone{workplan.None: partial.Warned, workplan.Draft: partial.Draft, workplan.Submitted: partial.Waiting,
		workplan.Returned: partial.Warned, workplan.Accepted: partial.Active}[s]}
}

// ItemState is the state of an item as a badge.
func ItemState(i workplan.Item, today calendar.Date) partial.State {
	switch {
	case i.Overdue(today):
		return partial.State{Text: i18n.PlanOverdue, Tone: partial.Refused}
	case i.State == workplan.Done:
		return partial.State{Text: i.State.Text(), Tone: partial.Closed}
	case i.State == workplan.GivenUp:
		return partial.State{Text: i.State.Text(), Tone: partial.Ended}
	}
	return partial.State{Text: i.State.Text(), Tone: partial.Active}
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// List is a page of organisations and their plans.
type List struct {
	Query         url.Values
	Year          int64
	Years         []int64
	Items         []workplan.Row
	Before, After string
	Summary       workplan.Summary
	Streets       []field.Option // to narrow by, where there are several
	Keep          map[id.ID]bool // organisations for which the actor makes plans
	New           string         // address at which a plan is made, empty where the actor may not
}

func yearFilter(years []int64) partial.Filter {
	f := partial.Filter{Name: "year", Label: i18n.PlanYear}
	for _, y := range years {
		f.Options = append(f.Options, partial.Option{Value: decimal(y), Text: i18n.Verbatim(decimal(y))})
	}
	return f
}

func (l List) filters() []partial.Filter {
	state := partial.Filter{Name: "state", Label: i18n.PlanState}
	for _, s := range workplan.States() {
		state.Options = append(state.Options, partial.Option{Value: string(s), Text: s.Text()})
	}
	out := []partial.Filter{yearFilter(l.Years), state}
	if len(l.Streets) > 1 {
		out = append(out, partial.Filter{Name: "below", Label: i18n.OrgColSystem, Options: l.Streets})
	}
	return out
}

func (l List) stats() []partial.Stat {
	var out []partial.Stat
	for _, s := range []workplan.State{workplan.None, workplan.Submitted, workplan.Returned, workplan.Accepted} {
		st := partial.Stat{Label: s.Text(), Value: decimal(l.Summary.Plans[s]), Href: partial.Href(Path, l.Query, "state", string(s))}
		out = append(out, st)
	}
	over := partial.Stat{Label: i18n.PlanOverdue, Value: decimal(l.Summary.Overdue), Href: ItemsPath + "?show=overdue&year=" + decimal(l.Year)}
	if l.Summary.Overdue > 0 {
		over.Tone = partial.Warned
	}
	return append(out, over)
}

func (l List) acts() []partial.Act {
	var out []partial.Act
	if l.New != "" {
		out = append(out, partial.Act{Text: i18n.PlanNew, Href: l.New, Icon: icon.Plus, Look: partial.Primary})
	}
	return append(out, partial.Act{Text: i18n.PlanItems, Href: ItemsPath, Icon: icon.Rows})
}

var listColumns = []partial.Column{{Key: "org", Title: i18n.PlanOrg, Main: true}, {Key: "state", Title: i18n.PlanState, Tight: true}, {Key: "items", Title: i18n.PlanItemCount, Num: true},
	{Key: "done", Title: i18n.PlanDoneCount, Num: true}, {Key: "late", Title: i18n.PlanOverdue, Num: true}, {Key: "submitted", Title: i18n.PlanSubmittedOn, Minor: true, Tight: true},
	{Key: "decided", Title: i18n.PlanDecidedOn, Minor: true, Tight: true}, {Key: "act", Title: i18n.Text{}, Tight: true}}

func (l List) rows() []partial.Row {
	var out []partial.Row
	for _, r := range l.Items {
		row := partial.Row{ID: r.OrganisationID.String(), Name: r.Organisation}
		var act templ.Component = templ.NopComponent
		if r.PlanID != 0 {
			row.Href = Href(r.PlanID)
		} else if l.Keep[r.OrganisationID] {
			act = partial.Button(partial.Act{Text: i18n.PlanNew, Href: Path + "/new?organisation=" + r.OrganisationID.String() + "&year=" + decimal(l.Year), Small: true, Look: partial.Quiet})
		}
		row.Cells = []templ.Component{partial.Text(r.Organisation), partial.Badge(StateOf(r.State)), count(r, r.Items), count(r, r.Done), count(r, r.Overdue),
			partial.Moment(r.Plan.SubmittedAt), partial.Moment(r.Plan.DecidedAt), act}
		out = append(out, row)
	}
	return out
}

func count(r workplan.Row, n int64) templ.Component {
	if r.PlanID == 0 {
		return partial.Text("")
	}
	return partial.Num(n)
}

// Items is a page of items of all plans.
type Items struct {
	Query         url.Values
	Years         []int64
	List          []workplan.Listed
	Before, After string
	Today         calendar.Date
	Units         map[string]Figure
}

// Overdue is the choice of the item filter that shows what is late.
const Overdue = "overdue"

func (l Items) filters() []partial.Filter {
	show := partial.Filter{Name: "show", Label: i18n.PlanOnly, Options: []partial.Option{{Value: Overdue, Text: i18n.PlanOverdue}}}
	for _, s := range workplan.ItemStates() {
		show.Options = append(show.Options, partial.Option{Value: string(s), Text: s.Text()})
	}
	return []partial.Filter{yearFilter(l.Years), show}
}

var itemColumns = []partial.Column{{Key: "title", Title: i18n.PlanItem, Main: true}, {Key: "org", Title: i18n.PlanOrg}, {Key: "who", Title: i18n.PlanAnswers, Minor: true}, {Key: "due", Title: i18n.PlanDue, Tight: true},
	{Key: "reached", Title: i18n.PlanTarget}, {Key: "state", Title: i18n.PlanState, Tight: true}}

func (l Items) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, i := range l.List {
		out = append(out, partial.Row{ID: i.ID.String(), Name: i.Title, Href: Href(i.PlanID) + "#i" + i.ID.String(), Cells: []templ.Component{partial.Text(i.Title), partial.Text(i.Organisation), partial.Text(i.Answers),
			partial.Text(i.DueOn.String()), partial.Text(Reached(ctx, i.Item, l.Units)), partial.Badge(ItemState(i.Item, l.Today))}})
	}
	return out
}

// Figure is how a figure is named and counted.
type Figure struct {
	Name, Unit i18n.Text
}

// Reached is how far a measured item is, in words.
func Reached(ctx context.Context, i workplan.Item, units map[string]Figure) string {
	if !i.Measured() {
		return ""
	}
	return strings.TrimSpace(i18n.T(ctx, i18n.PlanReached, i18n.Tenths(i.Reached), i.Target, units[i.Figure].Unit))
}

// Show is the page of a plan.
type Show struct {
	workplan.Detail
	Today   calendar.Date
	Units   map[string]Figure
	Choices []field.Option // figures that items can be measured by
	Sent    field.Form     // the form that was sent and not accepted
	SentBy  string
	History []partial.Event
}

func (s Show) writable() bool {
	return s.Keeps && (s.State == workplan.Draft || s.State == workplan.Returned)
}

func (s Show) reviewing() bool { return s.Decides && s.State == workplan.Submitted }

// form is one of the forms of the page: as it was sent, if it was.
func (s Show) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if s.SentBy == "workplan."+name {
		f = s.Sent
	}
	f.ID = name + "-"
	return f
}

func (s Show) version() []partial.Value {
	return []partial.Value{{Name: "version", Value: decimal(s.Version)}}
}

func (s Show) head(ctx context.Context) partial.Head {
	h := partial.Head{Title: i18n.T(ctx, i18n.PlanOfYear, s.Organisation, s.Year), State: StateOf(s.State)}
	if s.Edition > 0 {
		h.Under = i18n.T(ctx, i18n.PlanEdition, s.Edition)
	}
	at := Href(s.ID)
	if s.writable() {
		h.Acts = append(h.Acts, partial.Act{Text: i18n.PlanSubmit, Href: at + "/submit", Look: partial.Primary, Icon: icon.Upload, Values: s.version(),
			Confirm: &partial.Confirm{ID: "submit", Question: i18n.T(ctx, i18n.PlanSubmitSure, s.Reviewer)}})
	}
	if s.Keeps && !s.reviewing() && s.State == workplan.Submitted {
		h.Acts = append(h.Acts, partial.Act{Text: i18n.PlanRecall, Href: at + "/recall", Values: s.version(), Confirm: &partial.Confirm{ID: "recall", Question: i18n.T(ctx, i18n.PlanRecallSure)}})
	}
	if s.Decides && s.State == workplan.Accepted {
		h.More = append(h.More, partial.Act{Text: i18n.PlanGiveBack, Href: at + "/give-back", Values: s.version(),
			Confirm: &partial.Confirm{ID: "give-back", Question: i18n.T(ctx, i18n.PlanGiveBackSure), Reason: i18n.PlanReason, Form: "workplan.give_back"}})
	}
	h.More = append(h.More, partial.Act{Text: i18n.PlanPrint, Href: at + "/print", Icon: icon.Print}, partial.Act{Text: i18n.PartialExport, Href: at + "/export", Icon: icon.Download})
	return h
}

func (s Show) facts(ctx context.Context) []partial.Fact {
	out := []partial.Fact{partial.F(i18n.PlanReviewer, s.Reviewer)}
	if !s.SubmittedAt.IsZero() {
		out = append(out, partial.Fact{Label: i18n.PlanSubmittedOn, Value: partial.Moment(s.SubmittedAt)})
	}
	if !s.DecidedAt.IsZero() {
		out = append(out, partial.Fact{Label: i18n.PlanDecidedOn, Value: partial.Two(i18n.DateTime(s.DecidedAt), s.DecidedBy)})
	}
	done := 0
	for _, i := range s.Items {
		if i.State == workplan.Done {
			done++
		}
	}
	if s.State == workplan.Accepted {
		out = append(out, partial.F(i18n.PlanDoneCount, decimal(int64(done))+" / "+decimal(int64(len(s.Items)))))
	}
	return out
}

var planColumns = []partial.Column{{Key: "no", Title: i18n.PlanNo, Tight: true, Minor: true}, {Key: "title", Title: i18n.PlanItem, Main: true}, {Key: "who", Title: i18n.PlanAnswers, Tight: true}, {Key: "due", Title: i18n.PlanDue, Tight: true},
	{Key: "state", Title: i18n.PlanState, Tight: true}, {Key: "act", Title: i18n.Text{}}}

// figureHref opens the figure of an item at its organisation.
func (s Show) figureHref(name string) string {
	return "/figures/" + name + "?" + url.Values{"place": {s.OrganisationID.String()}, "period": {decimal(s.Year)}}.Encode()
}

func (s Show) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for n, i := range s.Items {
		state := partial.Badge(ItemState(i.Item, s.Today))
		if s.State != workplan.Accepted && i.State == workplan.Open {
			state = said(i.Said(s.Edition))
		}
		out = append(out, partial.Row{ID: i.ID.String(), Name: i.Title, Cells: []templ.Component{partial.Num(int64(n + 1)), item(s, i), partial.Text(i.Answers), partial.Text(i.DueOn.String()),
			state, partial.Acts(s.itemActs(ctx, i))}})
	}
	return out
}

// said is a verdict as a badge.
func said(r workplan.Review) templ.Component {
	switch r.Verdict {
	case workplan.Agreed:
		return partial.Badge(partial.State{Text: r.Verdict.Text(), Tone: partial.Closed})
	case workplan.Change:
		return partial.Badge(partial.State{Text: r.Verdict.Text(), Tone: partial.Warned})
	}
	return partial.Text("")
}

func (s Show) itemActs(ctx context.Context, i workplan.Shown) []partial.Act {
	at := Href(s.ID) + "/items/" + i.ID.String()
	small := func(a partial.Act) partial.Act { a.Small, a.Look = true, partial.Quiet; return a }
	switch {
	case s.writable():
		acts := []partial.Act{small(partial.Act{Text: i18n.PlanEditShort, Href: at})}
		if i.State == workplan.Open {
			acts = append(acts, small(partial.Act{Text: i18n.PlanRemove, Href: at + "/remove", Confirm: &partial.Confirm{ID: "rm" + i.ID.String(), Question: i18n.T(ctx, i18n.PlanRemoveSure, i.Title)}}))
		}
		return acts
	case !s.Keeps || s.State != workplan.Accepted:
		return nil
	case i.State == workplan.Open:
		var acts []partial.Act
		if !i.Measured() {
			acts = append(acts, small(partial.Act{Text: i18n.PlanFinish, Href: at + "/track", Post: true, Values: []partial.Value{{Name: "kind", Value: string(workplan.Finished)}}}))
		}
		return append(acts, small(partial.Act{Text: i18n.PlanTrack, Href: at + "/track", Values: []partial.Value{{Name: "kind", Value: string(workplan.Progress)}},
			Confirm: &partial.Confirm{ID: "pr" + i.ID.String(), Question: i.Title, Reason: i18n.PlanTrackNote, Form: "workplan.track"}}),
			small(partial.Act{Text: i18n.PlanDrop, Href: at + "/track", Values: []partial.Value{{Name: "kind", Value: string(workplan.Dropped)}},
				Confirm: &partial.Confirm{ID: "dr" + i.ID.String(), Question: i18n.T(ctx, i18n.PlanDropSure, i.Title), Reason: i18n.PlanReason, Form: "workplan.drop"}}))
	case i.State == workplan.GivenUp || !i.Measured():
		return []partial.Act{small(partial.Act{Text: i18n.PlanReopen, Href: at + "/track", Post: true, Values: []partial.Value{{Name: "kind", Value: string(workplan.Reopened)}}})}
	}
	return nil
}

// verdicts are the choices of the reviewer.
func verdicts() []field.Option {
	var out []field.Option
	for _, v := range workplan.Verdicts() {
		out = append(out, field.Option{Value: string(v), Text: v.Text()})
	}
	return out
}

// Form is the page on which a plan is begun.
type Form struct {
	Form         field.Form
	Organisation string // its name
	OrgID        id.ID
	Year         int64
	Years        []int64
	Sources      []field.Option
	Orgs         []field.Option // to choose from, where none is chosen
}

// Edit is the page on which an item is changed.
type Edit struct {
	Form    field.Form
	Plan    workplan.Detail
	Item    workplan.Shown
	Choices []field.Option
}

func years(list []int64) []field.Option {
	var out []field.Option
	for _, y := range list {
		out = append(out, field.Option{Value: decimal(y), Text: i18n.Verbatim(decimal(y))})
	}
	return out
}
