package table

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/tabular"
)

// Format is a format of files.
type Format string

// The formats.
const (
	XLSX   Format = "xlsx"
	CSV    Format = "csv"     // UTF-8 with a byte order mark
	CSVGBK Format = "csv-gbk" // GB18030, for older programs
)

// Formats lists the formats.
func Formats() []Format { return []Format{XLSX, CSV, CSVGBK} }

// Text names the format.
func (f Format) Text() i18n.Text {
	return map[Format]i18n.Text{XLSX: i18n.TableXLSX, CSV: i18n.TableCSV, CSVGBK: i18n.TableCSVGBK}[f]
}

// Ending is the ending of the file's name, with its dot.
func (f Format) Ending() string {
	if f == XLSX {
		return ".xlsx"
	}
	return ".csv"
}

// ContentType is the type of the file.
func (f Format) ContentType() string {
	switch f {
	case XLSX:
		return tabular.ContentType
	case CSVGBK:
		return "text/csv; charset=gb18030"
	}
	return "text/csv; charset=utf-8"
}

// Wanted says what file somebody wants.
type Wanted struct {
	Format  Format
	Place   id.ID // only rows of this organisation and what lies below it; 0 for what the table says
	Purpose string
	Reason  string
}

func (w *Wanted) check() error {
	if w.Format == "" {
		w.Format = XLSX
	}
	if w.Format.Text().IsZero() {
		return errs.Field("format", i18n.ErrBadChoice)
	}
	w.Reason = strings.TrimSpace(w.Reason)
	if n := utf8.RuneCountInString(w.Reason); n > longestText {
		return errs.Field("reason", i18n.ErrTooLong, longestText, n)
	}
	if n := utf8.RuneCountInString(w.Purpose); n > longestPurpose {
		return errs.Field("purpose", i18n.ErrTooLong, longestPurpose, n)
	}
	return nil
}

func (w Wanted) opening() *fact.Opening {
	if w.Purpose == "" {
		return nil
	}
	return &fact.Opening{Purpose: w.Purpose, Reason: w.Reason}
}

// largeRows is from how many rows on a file is made in the background.
const largeRows = 5000

// ErrLarge says that a table has too many rows for a file that is written while it is read: Begin makes it in the background.
var ErrLarge = errs.New(errs.Invalid, i18n.TableTooLarge, largeRows)

// Write writes a table that the actor sees as a file while it is read, with the rows that they see; the act is recorded first. Sealed columns
// are masked unless a purpose is given that covers them. A table with very many rows is ErrLarge.
func (s *Service) Write(ctx context.Context, actor authz.Actor, tableID id.ID, w Wanted, to io.Writer) error {
	if err := w.check(); err != nil {
		return err
	}
	t, err := find(ctx, s.db, actor, tableID)
	if err != nil {
		return err
	}
	r, err := s.reading(ctx, actor, t, Ask{Place: w.Place}, calendar.Date{})
	if err != nil {
		return err
	}
	if _, large, err := r.ed.Count(ctx, actor, r.query, largeRows); err != nil {
		return err
	} else if large {
		return ErrLarge
	}
	if err := r.allowed(ctx, w); err != nil {
		return err
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		return s.record(ctx, tx, actor, "table.export", t, map[string]any{"format": string(w.Format), "purpose": w.Purpose})
	})
	if err != nil {
		return err
	}
	return r.sheet().write(to, w.Format, r.lang, func(yield func(Line) error) error {
		return r.each(ctx, w.opening(), func(row Row) error { return yield(r.line(row)) })
	})
}

// allowed refuses a purpose that does not cover the sealed columns before a file begins.
func (r *reading) allowed(ctx context.Context, w Wanted) error {
	if w.Purpose == "" {
		return nil
	}
	_, err := r.rows(ctx, nil, w.opening(), 0)
	return err
}

// Sheet is what a file says of itself before its rows.
type Sheet struct {
	Title   string        `json:"title"`
	Subject fact.Subject  `json:"subject"`
	Day     calendar.Date `json:"day"`
	Columns []SheetColumn `json:"columns"`
	Sight   Sight         `json:"sight"`
}

// SheetColumn is a column of a file.
type SheetColumn struct {
	Heading string `json:"heading"`
	Key     string `json:"key"` // "" for what is counted: it says nothing of the row
	Number  bool   `json:"number,omitempty"`
	Sealed  bool   `json:"sealed,omitempty"`
}

// Line is one row of a file.
type Line struct {
	ID    id.ID    `json:"id"`
	Cells []string `json:"c"`
}

func (r *reading) sheet() Sheet {
	sh := Sheet{Title: r.t.Title, Subject: r.t.Subject, Day: r.query.Day}
	if r.t.Subtitle != "" {
		sh.Title = r.t.Subtitle
	}
	if sh.Day.IsZero() {
		sh.Day = calendar.DateOf(r.s.db.Now())
	}
	for _, h := range r.heads {
		c := SheetColumn{Heading: h.Name.In(r.lang), Key: h.key(), Number: h.Number(), Sealed: h.Sealed}
		if h.Kind == Serial {
			c.Key = ""
		}
		sh.Columns = append(sh.Columns, c)
	}
	return sh
}

// line is a row as a file has it: what is unknown says so, unless the table leaves it blank.
func (r *reading) line(row Row) Line {
	l := Line{ID: row.ID, Cells: make([]string, len(row.Cells))}
	for i, c := range row.Cells {
		switch {
		case c.Known:
			l.Cells[i] = c.Text
		case !r.t.Blank && !r.heads[i].Gone:
			l.Cells[i] = i18n.TableUnknown.In(r.lang)
		}
	}
	return l
}

// errEnough stops a reading because the writer wants no more.
var errEnough = errors.New("table: the writer stopped")

// write writes a file from lines as they come.
func (sh Sheet) write(to io.Writer, f Format, l i18n.Lang, lines func(yield func(Line) error) error) error {
	cols := make([]tabular.Column, len(sh.Columns))
	for i, c := range sh.Columns {
		cols[i] = tabular.Column{Key: strconv.Itoa(i), Title: i18n.Verbatim(c.Heading), Number: c.Number}
	}
	values := make([]any, len(cols))
	records := tabular.Records(func(yield func([]any, error) bool) {
		err := lines(func(line Line) error {
			for i := range values {
				values[i] = nil
				if i < len(line.Cells) && line.Cells[i] != "" {
					values[i] = sh.value(i, line.Cells[i])
				}
			}
			if !yield(values, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	})
	switch f {
	case CSV:
		return tabular.WriteCSV(to, l, cols, records)
	case CSVGBK:
		return tabular.WriteGB18030(to, l, cols, records)
	}
	return tabular.WriteTitledXLSX(to, l, sh.Title, sh.Title, cols, records)
}

// value is a cell of a column as a workbook takes it.
func (sh Sheet) value(i int, s string) any {
	if !sh.Columns[i].Number {
		return s
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return n
	}
	return s
}
