package assess

import (
	"io"
	"slices"

	"linli/internal/assess"
	"linli/internal/i18n"
	"linli/internal/tabular"
)

// Excel writes an assessment as a workbook: the scores of the organisations by name, and how each came about.
func Excel(w io.Writer, l i18n.Lang, d assess.Detail) error {
	column := func(t i18n.Text, number bool, width int) tabular.Column {
		return tabular.Column{Key: t.In(i18n.EN), Title: t, Number: number, Width: width}
	}
	scores := tabular.Sheet{Name: i18n.AssessAll.In(l), Columns: []tabular.Column{column(i18n.AssessParty, false, 24)}}
	for _, i := range d.Rubric.Indicators {
		scores.Columns = append(scores.Columns, tabular.Column{Key: i.Code, Title: i18n.Verbatim(i.Name), Number: true, Width: 14})
	}
	scores.Columns = append(scores.Columns, column(i18n.AssessTotal, true, 12), column(i18n.AssessState, false, 24), column(i18n.AssessDigest, false, 66))
	var rows, lines [][]any
	for _, s := range d.Sheets {
		row := []any{s.Party.Name}
		for _, p := range s.Result.Parts {
			row = append(row, p.Score.Float())
			lines = append(lines, partLines(l, s, p)...)
		}
		digest, said := "", i18n.AssessProvisional.In(l)
		if s.Settled != nil {
			digest, said = s.Settled.Digest, i18n.AssessEdition.In(l, s.Settled.Edition)
		} else if s.Result.Missing > 0 {
			said += " · " + i18n.AssessMissing.In(l, s.Result.Missing)
		}
		rows = append(rows, append(row, s.Party.Total.Float(), said, digest))
	}
	scores.Records = records(rows)
	details := tabular.Sheet{Name: i18n.AssessDetails.In(l), Records: records(lines), Columns: []tabular.Column{column(i18n.AssessParty, false, 24), column(i18n.AssessIndicator, false, 18),
		column(i18n.AssessMeasure, false, 48), column(i18n.AssessValue, false, 12), column(i18n.AssessEffect, true, 10), column(i18n.AssessEvidence, false, 40)}}
	return tabular.WriteBook(w, l, []tabular.Sheet{scores, details})
}

func records(rows [][]any) tabular.Records {
	return func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func partLines(l i18n.Lang, s assess.Sheet, p assess.Part) [][]any {
	var out [][]any
	rules := ruleTexts(l, s.Rubric, p.Code)
	for n, x := range p.Lines {
		name := x.Measure
		if n < len(rules) {
			name = rules[n]
		}
		out = append(out, []any{s.Party.Name, p.Name, name, lineValue(l, x), x.Effect.Float(), sources(l, x)})
	}
	return out
}

// sources names the evidence of a line.
func sources(l i18n.Lang, x assess.Line) string {
	var days []string
	for _, e := range x.Evidence {
		if e.Figure != "" {
			return i18n.AssessFromFigure.In(l) + " " + i18n.Figures[e.Figure].Name.In(l)
		}
		if !slices.Contains(days, e.On.String()) {
			days = append(days, e.On.String())
		}
	}
	return i18n.Names{List: days}.In(l)
}
