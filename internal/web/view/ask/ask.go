// Package ask draws the pages on which people answer what a form lacked, settle what contradicts the record, and see how far a round is.
package ask

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/ask"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// List is a page of records about which something is asked.
type List struct {
	Query      url.Values
	Sheets     []ask.Sheet
	Facts      map[string]Asked // the facts that are asked, by ID
	Filters    []partial.Filter
	Prev, Next string
	Form       field.Form // what was sent and is wrong
	Conflicts  bool       // there are answers to settle
	Rounds     bool       // the actor asks others too
}

// Asked is a fact as it is put to somebody.
type Asked struct {
	Fact     fact.Fact
	Question i18n.Text
}

// SheetsPath is where answers go: the desk's page, or the phone's.
const (
	DeskPath   = "/questions"
	PocketPath = "/m/questions"
)

// UnknownField names the box that says that a question cannot be answered.
func UnknownField(q id.ID) string { return "unknown-" + q.String() }

func (l List) of(ctx context.Context, q ask.Question) field.Field {
	a := l.Facts[q.FactID]
	label := a.Question
	if label.IsZero() {
		label = a.Fact.Name
	}
	return l.Form.In(q.ID.String(), label)
}

// NotKnown is what a yes or no says that cannot be known.
const NotKnown = "?"

// yesNo puts a yes or no with one press each.
var yesNo = []field.Option{{Value: fact.Yes, Text: i18n.FactYes}, {Value: fact.No, Text: i18n.FactNo}, {Value: NotKnown, Text: i18n.AskNotKnown}}

func choices(f fact.Fact) []field.Option {
	out := []field.Option{{Value: "", Text: i18n.FactUnknown}}
	if f.List != nil {
		for _, it := range f.List.Items() {
			out = append(out, field.Option{Value: it.Code, Text: it.Label})
		}
	}
	return out
}

func stateOf(s ask.State) partial.State {
	tone := map[ask.State]partial.Tone{ask.Open: partial.Waiting, ask.Answered: partial.Active, ask.Differs: partial.Warned, ask.Settled: partial.Closed,
		ask.Unknown: partial.Neutral, ask.Withdrawn: partial.Ended}[s]
	return partial.State{Text: s.Text(), Tone: tone}
}

var conflictColumns = []partial.Column{
	{Key: "about", Title: i18n.AskAbout, Main: true},
	{Key: "fact", Title: i18n.AskFact},
	{Key: "record", Title: i18n.AskRecordSays},
	{Key: "answer", Title: i18n.AskAnswerSays},
	{Key: "acts", Title: i18n.AskDiffers},
}

func conflictRows(ctx context.Context, list []ask.Conflict) []partial.Row {
	var rows []partial.Row
	for _, c := range list {
		href := DeskPath + "/" + c.ID.String() + "/settle"
		rows = append(rows, partial.Row{ID: c.ID.String(), Name: c.Name, Cells: []templ.Component{
			partial.Two(c.Name, c.Subject.Text().In(i18n.From(ctx))), partial.Label(c.Fact.Name), partial.Text(c.Record), partial.Text(c.Answer),
			partial.Acts([]partial.Act{
				{Text: i18n.AskKeep, Href: href, Post: true, Small: true, Values: []partial.Value{{Name: "take", Value: "0"}}},
				{Text: i18n.AskTake, Href: href, Post: true, Small: true, Values: []partial.Value{{Name: "take", Value: "1"}},
					Confirm: &partial.Confirm{ID: "take-" + c.ID.String(), Question: i18n.T(ctx, i18n.AskTakeSure, c.Record, c.Answer)}},
			})}})
	}
	return rows
}

var roundColumns = []partial.Column{
	{Key: "title", Title: i18n.AskRoundTitle, Main: true},
	{Key: "when", Title: i18n.AskWhen},
	{Key: "due", Title: i18n.AskDue},
	{Key: "progress", Title: i18n.AskProgress},
}

// RoundHref is the address of a round.
func RoundHref(r id.ID) string { return DeskPath + "/rounds/" + r.String() }

func roundRows(ctx context.Context, list []ask.Round) []partial.Row {
	var rows []partial.Row
	for _, r := range list {
		done := r.Asked() - r.Waits()
		rows = append(rows, partial.Row{ID: r.ID.String(), Name: r.Title, Href: RoundHref(r.ID), Cells: []templ.Component{
			partial.Text(r.Title), partial.Moment(r.CreatedAt), partial.Text(r.DueOn.String()), partial.Text(i18n.T(ctx, i18n.AskProgressOf, done, r.Asked()))}})
	}
	return rows
}

// OneRound is the page of a round.
type OneRound struct {
	Round ask.Round
	Parts []ask.Part
	Names map[string]i18n.Text // of the facts
}

var partColumns = []partial.Column{
	{Key: "fact", Title: i18n.AskFact, Main: true},
	{Key: "owner", Title: i18n.AskOwner},
	{Key: "answered", Title: i18n.AskAnswered, Num: true},
	{Key: "open", Title: i18n.AskOpen, Num: true},
	{Key: "differs", Title: i18n.AskDiffers, Num: true},
	{Key: "unknown", Title: i18n.AskUnknown, Num: true},
}

func partRows(o OneRound) []partial.Row {
	var rows []partial.Row
	for _, p := range o.Parts {
		rows = append(rows, partial.Row{Cells: []templ.Component{partial.Label(o.Names[p.FactID]), partial.Text(p.Owner),
			partial.Num(p.Counts[ask.Answered] + p.Counts[ask.Settled]), partial.Num(p.Counts[ask.Open]), partial.Num(p.Counts[ask.Differs]),
			partial.Num(p.Counts[ask.Unknown])}})
	}
	return rows
}

func roundStats(o OneRound) []partial.Stat {
	r := o.Round
	return []partial.Stat{
		{Label: i18n.AskAnswered, Value: i18n.Number(r.Counts[ask.Answered] + r.Counts[ask.Settled])},
		{Label: i18n.AskOpen, Value: i18n.Number(r.Counts[ask.Open])},
		{Label: i18n.AskDiffers, Value: i18n.Number(r.Counts[ask.Differs])},
		{Label: i18n.AskUnknown, Value: i18n.Number(r.Counts[ask.Unknown])},
		{Label: i18n.AskWithdrawn, Value: i18n.Number(r.Counts[ask.Withdrawn])},
	}
}

func roundActs(ctx context.Context, o OneRound) []partial.Act {
	if o.Round.Waits() == 0 {
		return nil
	}
	return []partial.Act{{Text: i18n.AskWithdrawAct, Href: RoundHref(o.Round.ID) + "/withdraw", Post: true, Look: partial.Danger,
		Confirm: &partial.Confirm{ID: "withdraw", Question: i18n.T(ctx, i18n.AskWithdrawAsk)}}}
}

func listActs(l List) []partial.Act {
	var acts []partial.Act
	if l.Conflicts {
		acts = append(acts, partial.Act{Text: i18n.AskConflicts, Href: DeskPath + "/differs"})
	}
	if l.Rounds {
		acts = append(acts, partial.Act{Text: i18n.AskRounds, Href: DeskPath + "/rounds"})
	}
	return acts
}
