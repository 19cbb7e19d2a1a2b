package tabular

import (
	"io"
	"strings"
	"unicode/utf8"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Column is a column of ours: what it is called, what else people call it, and how to fill it in.
type Column struct {
	Key      string      // name in code
	Title    i18n.Text   // name in headers that we write
	Synonyms []string    // other names by which it is found
	Required bool        // a table without it cannot be read
	Hint     i18n.Text   // how to fill it in, for the template
	Example  string      // for the template; a row that repeats the examples is skipped when read
	Choices  []i18n.Text // the values it can take, offered as a list in the template
	Sealed   bool        // personal: masked in problems
	Number   bool        // written as a number; everything else is written as text
	Width    int         // in characters; 0 chooses by title and example
}

// Limits bound what is read. A zero field takes the default.
type Limits struct {
	Bytes   int64 // unpacked size; default 512 MB
	Rows    int   // rows with content; default 1,000,000
	Columns int   // default 300
	Cell    int   // characters in a cell; default 32,767, which is what Excel can hold
}

func (l Limits) withDefaults() Limits {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	if l.Bytes <= 0 {
		l.Bytes = 512 << 20
	}
	def(&l.Rows, 1_000_000)
	def(&l.Columns, 300)
	def(&l.Cell, 32_767)
	return l
}

// rowBytes is the most that one row may take while it is read.
func (l Limits) rowBytes() int64 { return max(1<<20, 8*int64(l.Cell)) }

// Options say how to read a table. The zero value reads the first sheet of the file, its first row being the header.
type Options struct {
	Columns []Column // what is looked for: finds the sheet, the header below title lines, example rows
	Sheet   string   // read this sheet of a workbook
	Limits  Limits
}

// Table is an open table. It is read once, from top to bottom, by one caller.
type Table struct {
	Name      string   // of the file
	Sheet     string   // that is read; "" for CSV
	Sheets    []string // of the workbook, in order
	Header    []string // names of the columns as they stand there, those of several header rows joined
	HeaderRow int      // its number as a person sees it, the last one if it takes several
	Lines     int      // about how many rows there are, for progress; 0 if not known
	Skipped   []int    // rows that were passed over: examples, column numbers, sums, sign-off lines

	opts   Options
	limits Limits
	src    source
	ahead  []rawRow // rows read while looking for the header
	words  *lexicon // of the columns looked for
	rows   int
}

// source yields the rows of a file from top to bottom, blank ones included or left out.
type source interface {
	next() (rawRow, error) // io.EOF at the end
	io.Closer
}

type rawRow struct {
	n     int
	cells []string
	fault *Problem
}

// Row is one row of a table.
type Row struct {
	N     int      // its number as a person sees it in a spreadsheet
	Cells []string // valid until the next call of Next; the strings may be kept
	Fault *Problem // what makes the row unreadable as such: damaged characters, a cell too long
}

// At is the text of column i without surrounding blanks and without the apostrophe with which spreadsheets mark
// text; "" where the row or the table has no such column.
func (r Row) At(i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	s := trim(r.Cells[i])
	if s != "" && s[0] == '\'' {
		s = trim(s[1:])
	}
	return s
}

// trim drops blanks of every kind around s.
func trim(s string) string {
	if s == "" || s[0] > ' ' && s[0] < 0x7f && s[len(s)-1] > ' ' && s[len(s)-1] < 0x7f {
		return s
	}
	return strings.Trim(s, " \t\r\n\v\f\u00a0\u3000\ufeff\u200b")
}

// Next is the next row with content, io.EOF after the last. Blank rows, a repeated example, a row of column
// numbers under the header, sums and sign-off lines are passed over and noted in Skipped (blank rows are not).
func (t *Table) Next() (Row, error) {
	for {
		raw, err := t.raw()
		if err != nil {
			return Row{}, err
		}
		if filled(raw.cells) == 0 && raw.fault == nil {
			continue
		}
		if t.rows++; t.rows > t.limits.Rows {
			return Row{}, errs.New(errs.Invalid, i18n.TabularTooManyRows, i18n.Number(int64(t.limits.Rows)))
		}
		if raw.fault == nil && t.passOver(raw) {
			t.Skipped = append(t.Skipped, raw.n)
			continue
		}
		row := Row{N: raw.n, Cells: raw.cells, Fault: raw.fault}
		if row.Fault == nil {
			row.Fault = t.checkCells(raw)
		}
		return row, nil
	}
}

func (t *Table) raw() (rawRow, error) {
	var r rawRow
	var err error
	if len(t.ahead) > 0 {
		r, t.ahead = t.ahead[0], t.ahead[1:]
	} else {
		r, err = t.src.next()
	}
	if err == nil && len(r.cells) > t.limits.Columns && filled(r.cells[t.limits.Columns:]) > 0 {
		return rawRow{}, errs.New(errs.Invalid, i18n.TabularTooWide, r.n, t.limits.Columns)
	}
	return r, err
}

// maxCellLines is more lines than a cell of a real table has; beyond it a quotation mark is missing.
const maxCellLines = 100

// checkCells finds cells that are too long and characters that were lost.
func (t *Table) checkCells(r rawRow) *Problem {
	for i, c := range r.cells {
		if len(c) > t.limits.Cell && utf8.RuneCountInString(c) > t.limits.Cell {
			return t.fault(r.n, i, i18n.TabularCellTooLong, i18n.TabularCellTooLongWhat, utf8.RuneCountInString(c), t.limits.Cell)
		}
		if len(c) > maxCellLines && strings.Count(c, "\n") > maxCellLines {
			return t.fault(r.n, i, i18n.TabularManyLines, i18n.TabularCellTooLongWhat, strings.Count(c, "\n")+1)
		}
		if !utf8.ValidString(c) || strings.Contains(c, "\ufffd") {
			return t.fault(r.n, i, i18n.TabularDamaged, i18n.TabularDamagedWhat)
		}
	}
	return nil
}

func (t *Table) fault(row, col int, message, advice i18n.Text, args ...any) *Problem {
	p := &Problem{Row: row, Message: errs.Message{Text: message, Args: args}, Advice: errs.Message{Text: advice}}
	if col < len(t.Header) {
		p.Column = t.Header[col]
	}
	return p
}

// Match finds the columns of Options in the header.
func (t *Table) Match() Mapping { return Match(t.Header, t.opts.Columns) }

// Close releases the table's memory and temporary files. The reader given to Open stays open.
func (t *Table) Close() error { return t.src.Close() }

func filled(cells []string) int {
	n := 0
	for _, c := range cells {
		if trim(c) != "" {
			n++
		}
	}
	return n
}
