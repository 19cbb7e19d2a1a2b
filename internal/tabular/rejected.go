package tabular

import (
	"errors"
	"io"
	"strings"

	"linli/internal/i18n"
)

// WriteRejected writes the rows of t that have a problem as a workbook to mend and import again: the columns as
// they stood in the file, then row number, problem and what to do. t is the same file, opened anew; it is read to
// its end. Rows that only carry warnings are left out, since they were taken.
func WriteRejected(w io.Writer, l i18n.Lang, t *Table, problems []Problem) error {
	by := map[int][]Problem{}
	for _, p := range problems {
		by[p.Row] = append(by[p.Row], p)
	}
	width := len(t.Header)
	cols := make([]Column, 0, width+3)
	for _, name := range t.Header {
		cols = append(cols, Column{Title: i18n.Verbatim(name)})
	}
	cols = append(cols, Column{Title: i18n.TabularRow, Number: true}, Column{Title: i18n.TabularProblem, Width: 50}, Column{Title: i18n.TabularAdvice, Width: 60})
	return WriteXLSX(w, l, i18n.TabularSheetRepair.In(l), cols, func(yield func([]any, error) bool) {
		for {
			row, err := t.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !blocks(by[row.N]) {
				continue
			}
			values := make([]any, width, width+3)
			for i := range values {
				values[i] = row.At(i)
			}
			what, todo := tell(l, by[row.N])
			if !yield(append(values, row.N, what, todo), nil) {
				return
			}
		}
	})
}

func blocks(problems []Problem) bool {
	for _, p := range problems {
		if !p.Warning {
			return true
		}
	}
	return false
}

// tell puts the problems of a row into one text, one line each, and their advice into another.
func tell(l i18n.Lang, problems []Problem) (what, todo string) {
	var ws, ts []string
	for _, p := range problems {
		m := p.Message.In(l)
		if p.Column != "" {
			m = i18n.TabularColumnProblem.In(l, p.Column, m)
		}
		ws = append(ws, m)
		if a := p.Advice.In(l); a != "" {
			ts = append(ts, a)
		}
	}
	return strings.Join(ws, "\n"), strings.Join(ts, "\n")
}
