package figure

import (
	"io"
	"time"

	"linli/internal/docx"
	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/tabular"
)

// about is the line below the title of a report that leaves the platform.
func about(l i18n.Lang, r figure.Report) string {
	m := errs.Message{Text: i18n.FigureRolledUp, Args: []any{r.Rolled.At}}
	if r.Rolled.State == figure.Frozen {
		m = errs.Message{Text: i18n.FigureFrozenAt, Args: []any{r.Rolled.ChangedAt}}
	}
	return m.In(l)
}

// Word writes the report as a Word document: a table for each chapter, with its breakdowns below.
func Word(w io.Writer, l i18n.Lang, r figure.Report, now time.Time) error {
	tag := "zh-CN"
	if l == i18n.EN {
		tag = "en-US"
	}
	d := docx.New(i18n.FigureReportOf.In(l, r.Place.Name, r.Period.Label()), tag, now)
	d.Subtitle(about(l, r))
	if r.Outside {
		d.Paragraph(i18n.FigureOutsideNote.In(l))
	}
	cols := []docx.Column{{Title: i18n.FigureName.In(l), Width: 40}, {Title: i18n.FigureValue.In(l), Width: 22, Right: true},
		{Title: i18n.FigureLast.In(l), Width: 19, Right: true}, {Title: i18n.FigureYearAgo.In(l), Width: 19, Right: true}}
	for _, s := range r.Sections {
		d.Heading(1, s.Chapter.Text().In(l))
		var rows [][]string
		for _, x := range s.Lines {
			rows = append(rows, []string{x.Figure.Name().In(l), WithUnit(l, x.Figure, x.Now), known(l, x.Figure, x.Last), known(l, x.Figure, x.YearAgo)})
		}
		d.Table(cols, rows)
		breakdowns(d, l, s)
	}
	return d.Write(w)
}

func breakdowns(d *docx.Document, l i18n.Lang, s figure.Section) {
	for _, want := range charted[s.Chapter] {
		for _, x := range s.Lines {
			for _, b := range x.Breakdowns {
				if x.Figure.ID != want[0] || b.Dim.Key != want[1] {
					continue
				}
				d.Heading(2, i18n.FigureTrendOf.In(l, x.Figure.Name(), b.Dim.Name))
				var rows [][]string
				for _, it := range b.Items {
					rows = append(rows, []string{it.Label.In(l), WithUnit(l, x.Figure, it.Value)})
				}
				d.Table([]docx.Column{{Title: b.Dim.Name.In(l), Width: 60}, {Title: i18n.FigureValue.In(l), Width: 40, Right: true}}, rows)
			}
		}
	}
}

// Excel writes the report as a workbook, one sheet for each chapter; numbers are numbers.
func Excel(w io.Writer, l i18n.Lang, r figure.Report) error {
	title := func(t i18n.Text, number bool, width int) tabular.Column {
		return tabular.Column{Key: t.In(i18n.EN), Title: t, Number: number, Width: width}
	}
	cols := []tabular.Column{title(i18n.FigureName, false, 32), title(i18n.FigureBreakdown, false, 24), title(i18n.FigureValue, true, 14), title(i18n.FigureUnit, false, 10),
		title(i18n.FigureLast, true, 14), title(i18n.FigureYearAgo, true, 14), title(i18n.FigureWhen, false, 16), title(i18n.FigureDefinition, false, 60)}
	sheets := []tabular.Sheet{{Name: i18n.FigureSheetAbout.In(l), Columns: []tabular.Column{title(i18n.FigureSheetAbout, false, 60)}, Records: func(yield func([]any, error) bool) {
		lines := []string{i18n.FigureReportOf.In(l, r.Place.Name, r.Period.Label()), about(l, r)}
		if r.Outside {
			lines = append(lines, i18n.FigureOutsideNote.In(l))
		}
		for _, s := range lines {
			if !yield([]any{s}, nil) {
				return
			}
		}
	}}}
	for _, s := range r.Sections {
		sheets = append(sheets, tabular.Sheet{Name: s.Chapter.Text().In(l), Columns: cols, Records: func(yield func([]any, error) bool) {
			for _, x := range s.Lines {
				if !lineRows(l, x, yield) {
					return
				}
			}
		}})
	}
	return tabular.WriteBook(w, l, sheets)
}

// lineRows writes a figure and its breakdowns.
func lineRows(l i18n.Lang, x figure.Line, yield func([]any, error) bool) bool {
	f := x.Figure
	row := []any{f.Name(), nil, Cell(f, x.Now), f.Unit, Cell(f, x.Last), Cell(f, x.YearAgo), f.When.Text(), f.Words().Definition}
	if !f.Recorded() {
		row[2] = i18n.FigureNotRecorded
	}
	if !yield(row, nil) {
		return false
	}
	for _, b := range x.Breakdowns {
		for _, it := range b.Items {
			if !yield([]any{f.Name(), i18n.FigureTrendOf.In(l, b.Dim.Name, it.Label), Cell(f, it.Value), f.Unit}, nil) {
				return false
			}
		}
	}
	return true
}

// Cell is a value for a cell of a workbook: a number, or the words in its place.
func Cell(f *figure.Figure, v figure.Value) any {
	if n := f.Number(v); n != nil {
		return n
	}
	switch {
	case v.Hidden && f.Ratio != nil:
		return i18n.FigureNotShown
	case v.Hidden:
		return i18n.FigureFewer
	}
	return nil
}
