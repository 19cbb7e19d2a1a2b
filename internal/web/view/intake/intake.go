// Package intake draws the pages of imports: what can be imported, the matching of columns, the report row by row.
package intake

import (
	"context"

	"github.com/a-h/templ"

	"linli/internal/i18n"
	"linli/internal/intake"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// StateOf is an import's state as it is shown.
func StateOf(m intake.Import) partial.State {
	switch m.State {
	case intake.Ready:
		return partial.State{Text: i18n.IntakeStateReady, Tone: partial.Draft}
	case intake.Checked:
		return partial.State{Text: i18n.IntakeStateChecked, Tone: partial.Waiting}
	case intake.Waiting:
		return partial.State{Text: i18n.IntakeStateWaiting, Tone: partial.Waiting}
	case intake.Running:
		return partial.State{Text: i18n.IntakeStateRunning, Tone: partial.Active}
	case intake.Done:
		return partial.State{Text: i18n.IntakeStateDone, Tone: partial.Closed}
	case intake.Refused:
		return partial.State{Text: i18n.IntakeStateRefused, Tone: partial.Warned}
	}
	return partial.State{Text: i18n.IntakeStateFailed, Tone: partial.Refused}
}

// Detail is everything the page of one import shows.
type Detail struct {
	Import  intake.Import
	Kind    intake.Kind
	Matches []intake.Matched
	Report  []intake.Finding
	Next    string // cursor of the report's next page
	Prev    string
	Job     partial.Job // while it runs in the background
	Imprint string      // address of the records that the import wrote; "" for none
}

// Open says whether the import can still be run.
func (d Detail) Open() bool {
	switch d.Import.State {
	case intake.Ready, intake.Checked, intake.Refused, intake.Failed:
		return d.Import.FileID != 0
	}
	return false
}

// there are the columns to look at: found in the file, offered, or needed.
func (d Detail) there() []intake.Matched {
	var list []intake.Matched
	for _, m := range d.Matches {
		if m.Certain != "" || m.Column.Required {
			list = append(list, m)
		}
	}
	return list
}

// notThere are the columns that the file does not have and need not have.
func (d Detail) notThere() []intake.Matched {
	var list []intake.Matched
	for _, m := range d.Matches {
		if m.Certain == "" && !m.Column.Required {
			list = append(list, m)
		}
	}
	return list
}

func base(m intake.Import) string { return "/imports/" + m.ID.String() }

func newHref(k intake.Kind) string { return "/imports/new?kind=" + k.Name }

func kindTitle(kinds []intake.Kind, name string) i18n.Text {
	for _, k := range kinds {
		if k.Name == name {
			return k.Title
		}
	}
	return i18n.Verbatim(name)
}

var historyColumns = []partial.Column{
	{Key: "file", Title: i18n.IntakeFile, Main: true}, {Key: "kind", Title: i18n.IntakeKind}, {Key: "state", Title: i18n.IntakeState},
	{Key: "rows", Title: i18n.IntakeRows, Num: true}, {Key: "new", Title: i18n.IntakeInserted, Num: true},
	{Key: "updated", Title: i18n.IntakeUpdated, Num: true, Minor: true}, {Key: "rejected", Title: i18n.IntakeRejected, Num: true},
	{Key: "when", Title: i18n.IntakeWhen, Tight: true},
}

func historyRows(kinds []intake.Kind, list []intake.Import) []partial.Row {
	var rows []partial.Row
	for _, m := range list {
		rows = append(rows, partial.Row{ID: m.ID.String(), Name: m.FileName, Href: base(m), Cells: []templ.Component{
			partial.Text(m.FileName), partial.Label(kindTitle(kinds, m.Kind)), partial.Badge(StateOf(m)), partial.Num(m.Rows),
			partial.Num(m.Inserted), partial.Num(m.Updated), partial.Num(m.Rejected), partial.Moment(m.CreatedAt)}})
	}
	return rows
}

func stats(m intake.Import) []partial.Stat {
	if m.Rows == 0 {
		return nil
	}
	list := []partial.Stat{
		{Label: i18n.IntakeRows, Value: i18n.Number(m.Rows)}, {Label: i18n.IntakeInserted, Value: i18n.Number(m.Inserted)},
		{Label: i18n.IntakeUpdated, Value: i18n.Number(m.Updated)}, {Label: i18n.IntakeUnchanged, Value: i18n.Number(m.Unchanged)},
		{Label: i18n.IntakeRejected, Value: i18n.Number(m.Rejected), Href: "#report"}, {Label: i18n.IntakeWarnings, Value: i18n.Number(m.Warnings), Href: "#report"},
	}
	if m.Rejected > 0 {
		list[4].Tone = partial.Warned
	}
	return list
}

func certainty(m intake.Matched) partial.State {
	switch m.Certain {
	case "exact":
		return partial.State{Text: i18n.IntakeExact, Tone: partial.Closed}
	case "synonym":
		return partial.State{Text: i18n.IntakeSynonym, Tone: partial.Closed}
	case "chosen":
		return partial.State{Text: i18n.IntakeChosen, Tone: partial.Closed}
	case "likely":
		return partial.State{Text: i18n.IntakeLikely, Tone: partial.Warned}
	}
	if m.Column.Required {
		return partial.State{Text: i18n.IntakeNotThere, Tone: partial.Refused}
	}
	return partial.State{Text: i18n.IntakeNotThere, Tone: partial.Draft}
}

// taken is the column of the file that the form offers; what is only likely is not taken by itself.
func taken(m intake.Matched) int {
	if m.Certain == "likely" {
		return -1
	}
	return m.At
}

// sample is what stands in the first rows of the column that was found.
func sample(l intake.Layout, m intake.Matched) string {
	s := ""
	for _, row := range l.Sample {
		if m.At < 0 || m.At >= len(row) || row[m.At] == "" {
			continue
		}
		if s != "" {
			s += " · "
		}
		s += row[m.At]
	}
	return s
}

func optionFields(k intake.Kind, m intake.Import) []field.Field {
	f := field.Form{Values: map[string][]string{}, Filled: map[string]bool{}}
	var list []field.Field
	for _, o := range k.Options {
		if m.Options[o.Name] {
			f.Values["option."+o.Name], f.Filled["option."+o.Name] = []string{"1"}, true
		}
		list = append(list, f.In("option."+o.Name, o.Title).Help(o.Hint))
	}
	return list
}

func showActs(d Detail) []partial.Act {
	var acts []partial.Act
	if d.Import.State == intake.Done {
		if d.Imprint != "" {
			acts = append(acts, partial.Act{Text: i18n.IntakeImported, Href: d.Imprint, Icon: icon.Users})
		}
		acts = append(acts, partial.Act{Text: i18n.IntakeAnother, Href: newHref(d.Kind), Look: partial.Primary, Icon: icon.Import})
	}
	if d.Import.Rejected > 0 && d.Import.FileID != 0 && d.Import.State != intake.Ready {
		acts = append(acts, partial.Act{Text: i18n.IntakeRest, Href: base(d.Import) + "/rejected", Icon: icon.Download})
	}
	return acts
}

func findingTone(f intake.Finding) partial.State {
	if f.Warning {
		return partial.State{Text: i18n.IntakeWarnings, Tone: partial.Warned}
	}
	return partial.State{Text: i18n.IntakeRejected, Tone: partial.Refused}
}

var reportColumns = []partial.Column{
	{Key: "row", Title: i18n.IntakeRow, Main: true, Tight: true}, {Key: "column", Title: i18n.IntakeColumn, Tight: true},
	{Key: "value", Title: i18n.IntakeValue, Tight: true}, {Key: "state", Title: i18n.IntakeState, Tight: true},
	{Key: "wrong", Title: i18n.IntakeWrong}, {Key: "todo", Title: i18n.IntakeTodo},
}

func reportRows(ctx context.Context, report []intake.Finding) []partial.Row {
	var rows []partial.Row
	for _, f := range report {
		at := i18n.T(ctx, i18n.IntakeWhole)
		if f.Row > 0 {
			at = i18n.T(ctx, i18n.IntakeRowNo, f.Row)
		}
		rows = append(rows, partial.Row{Cells: []templ.Component{partial.Text(at), partial.Text(f.Column), partial.Text(f.Masked),
			partial.Badge(findingTone(f)), partial.Text(f.Message), partial.Text(f.Advice)}})
	}
	return rows
}
