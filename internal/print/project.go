package print

import (
	"linli/internal/i18n"
	"linli/internal/print/typeset"
)

// ProjectSheet is a project on paper (CO-2): what for, who takes part, steps, budget and needs. It names no persons.
type ProjectSheet struct {
	Head
	Title  string
	Goal   string
	State  string
	Result string
	Facts  []Pair
	Steps  [][]string // no, what, who, due, state
	Lines  [][]string // no, what, who, planned, spent, left
	Total  []string   // of the lines
	Needs  [][]string // no, what, state, result
}

// ProjectSheet prints the sheet.
func (p *Printer) ProjectSheet(s ProjectSheet) (*Paper, error) {
	d, err := p.begin(s.Head, typeset.A4, i18n.PaperProject.In(lang(s.Head)))
	if err != nil {
		return nil, err
	}
	d.Title(s.Title)
	d.MetaLine(s.State, d.number())
	d.Space(2)
	d.Definitions(s.Facts, 1)
	d.Heading(d.say(i18n.ProjectGoal))
	d.Paragraph(s.Goal)
	if s.Result != "" {
		d.Heading(d.say(i18n.ProjectResult))
		d.Paragraph(s.Result)
	}
	d.Heading(d.say(i18n.ProjectSteps))
	d.Table(typeset.Table{Columns: []Column{{Title: d.say(i18n.PrintSerial), Width: 1}, {Title: d.say(i18n.ProjectStepOne), Width: 6}, {Title: d.say(i18n.ProjectWho), Width: 4}, {Title: d.say(i18n.ProjectDue), Width: 3},
		{Title: d.say(i18n.ProjectState), Width: 3}}, Rows: s.Steps, Empty: d.say(i18n.PrintNone)})
	d.Heading(d.say(i18n.PrintProjectBudget))
	rows := s.Lines
	if len(rows) > 1 {
		rows = append(rows, s.Total)
	}
	d.Table(typeset.Table{Columns: []Column{{Title: d.say(i18n.PrintSerial), Width: 1}, {Title: d.say(i18n.ProjectLineOne), Width: 6}, {Title: d.say(i18n.ProjectPays), Width: 4}, {Title: d.say(i18n.ProjectPlanned), Width: 3},
		{Title: d.say(i18n.ProjectSpent), Width: 3}, {Title: d.say(i18n.ProjectLeft1), Width: 3}}, Rows: rows, Empty: d.say(i18n.PrintNone)})
	d.Heading(d.say(i18n.ProjectNeeds))
	d.Table(typeset.Table{Columns: []Column{{Title: d.say(i18n.PrintSerial), Width: 1}, {Title: d.say(i18n.ProjectNeed), Width: 8}, {Title: d.say(i18n.ProjectState), Width: 3}, {Title: d.say(i18n.CaseResult), Width: 3}}, Rows: s.Needs, Empty: d.say(i18n.PrintNone)})
	return d.Render()
}
