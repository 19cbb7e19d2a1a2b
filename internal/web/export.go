package web

import (
	"context"
	"fmt"
	"mime"
	"net/http"

	"linli/internal/i18n"
	"linli/internal/print"
	"linli/internal/tabular"
)

// exportColumn is a column of an exported list.
type exportColumn[T any] struct {
	title  i18n.Text
	number bool
	value  func(T) any // a text, a number, a catalogue text, or anything with String
}

// exportList answers with a workbook of every row that each gives, as the list shows them; foot is said below them. Rows are written as they come; an
// error before the first of them still becomes an error page.
func exportList[T any](h *Handler, w http.ResponseWriter, r *http.Request, name i18n.Text, cols []exportColumn[T], each func(context.Context, func(T) error) error, foot ...string) error {
	head := make([]tabular.Column, len(cols))
	for i, c := range cols {
		head[i] = tabular.Column{Key: fmt.Sprint(i), Title: c.title, Number: c.number}
	}
	l := lang(r)
	out := &firstWrite{w: w, before: func() {
		attachment(w, name.In(l)+"-"+i18n.Date(h.DB.Now())+".xlsx", tabular.ContentType)
	}}
	return tabular.WriteXLSX(out, l, name.In(l), head, func(yield func([]any, error) bool) {
		cells := make([]any, len(cols))
		err := each(h.DB.ForReport(r.Context()), func(row T) error {
			for i, c := range cols {
				cells[i] = c.value(row)
			}
			if !yield(cells, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && err != errStopped {
			yield(nil, err)
		}
		for _, said := range foot {
			if err != nil || said == "" {
				return
			}
			last := make([]any, len(cols))
			last[0] = said
			if !yield(last, nil) {
				return
			}
		}
	})
}

// errStopped ends the reading of rows before their end.
var errStopped = fmt.Errorf("enough rows")

// firstWrite runs before once, when the first byte comes: until then nothing is sent and an error can still be shown.
type firstWrite struct {
	w      http.ResponseWriter
	before func()
}

func (f *firstWrite) Write(b []byte) (int, error) {
	if f.before != nil {
		f.before()
		f.before = nil
	}
	return f.w.Write(b)
}

// attachment sets the head of a file to keep.
func attachment(w http.ResponseWriter, name, contentType string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}

// sendPDF answers with a paper to look at and print. Characters that no font has are named in a header of the answer, and on
// the paper itself.
func sendPDF(w http.ResponseWriter, name string, p *print.Paper) error {
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": name + ".pdf"}))
	w.Header().Set("Content-Length", fmt.Sprint(len(p.PDF)))
	_, err := w.Write(p.PDF)
	return err
}
