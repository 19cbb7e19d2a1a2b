package intake

import (
	"strings"
	"unicode/utf8"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/tabular"
)

// Problem is what is wrong with one cell or one row of a file, and what to do about it.
type Problem struct {
	Row     int // as the spreadsheet counts
	Column  i18n.Text
	Masked  string // the value, masked
	Message errs.Message
	Advice  errs.Message
	Warning bool
}

// Row is one row of a file as an importer sees it: cells by the kind's column names, whatever their order in the file.
// The readers (Text, Date, Item, …) note what is wrong with a cell on the row themselves.
type Row struct {
	No       int // as the spreadsheet counts
	form     *form
	cells    []string // by the kind's columns
	problems []Problem
	refused  bool
}

// form is what all rows of a pass share.
type form struct {
	columns []Column
	at      map[string]int
	given   []bool // the file has the column
}

func newForm(columns []Column, has func(i int) bool) *form {
	f := &form{columns: columns, at: make(map[string]int, len(columns)), given: make([]bool, len(columns))}
	for i, c := range columns {
		f.at[c.Name] = i
		f.given[i] = has(i)
	}
	return f
}

// Has says whether the file has the column.
func (r *Row) Has(column string) bool {
	i, ok := r.form.at[column]
	return ok && r.form.given[i]
}

// Raw is the cell as it stands in the file, without blanks around it.
func (r *Row) Raw(column string) string {
	if i, ok := r.form.at[column]; ok && i < len(r.cells) {
		return strings.TrimSpace(r.cells[i])
	}
	return ""
}

// Text reads a cell of ordinary words: blanks within are made single, and formulas and line breaks are refused.
func (r *Row) Text(column string) string {
	s := r.Raw(column)
	c := r.column(column)
	if s == "" {
		if c.Required {
			r.Refuse(column, i18n.IntakeMissing, i18n.IntakeMissingAdvice, c.Title)
		}
		return ""
	}
	limit := c.Max
	if limit == 0 {
		limit = 200
	}
	switch n := utf8.RuneCountInString(s); {
	case n > limit:
		r.Refuse(column, i18n.IntakeTooLong, i18n.IntakeTooLongAdvice, limit, n)
		return ""
	case !utf8.ValidString(s) || strings.ContainsFunc(s, control):
		r.Refuse(column, i18n.IntakeUnreadable, i18n.IntakeUnreadableAdvice)
		return ""
	}
	if message, advice, wrong := tabular.CheckText(s); wrong {
		r.note(column, message, advice, false)
		return ""
	}
	if strings.ContainsAny(s, "\n\r\t\u3000\u00a0") || strings.Contains(s, "  ") {
		s = strings.Join(strings.Fields(s), " ")
	}
	return s
}

func control(c rune) bool {
	return c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 0x7f || c == utf8.RuneError
}

// Name reads the name of a person or a thing: as Text, and without blanks if it is Chinese.
func (r *Row) Name(column string) string {
	s := r.Text(column)
	if strings.Contains(s, " ") && strings.ContainsFunc(s, func(c rune) bool { return c >= 0x2e80 }) {
		s = strings.ReplaceAll(s, " ", "")
	}
	return s
}

// Date reads a day as YYYY-MM-DD; "" for none.
func (r *Row) Date(column string) string {
	s := r.Text(column)
	if s == "" {
		return ""
	}
	d, err := calendar.Parse(s)
	if err != nil {
		r.Refuse(column, i18n.IntakeDate, i18n.ErrBadDate)
		return ""
	}
	return d.String()
}

// Item reads a value of a small code list and gives its code; "" for none.
func (r *Row) Item(column string, list *code.List) string {
	s := r.Text(column)
	if s == "" {
		return ""
	}
	it, p := list.Parse(s)
	r.Problem(column, p)
	return it.Code
}

// Flag reads a yes or no; empty is no.
func (r *Row) Flag(column string) bool {
	s := r.Text(column)
	if s == "" {
		return false
	}
	yes, known := i18n.IntakeYesNo(s)
	if !known {
		r.Refuse(column, i18n.IntakeFlag, i18n.IntakeFlagAdvice)
	}
	return yes
}

// Problem notes what a reader of package code found; nil is nothing.
func (r *Row) Problem(column string, p *code.Problem) {
	if p != nil {
		r.note(column, p.Message, p.Advice, p.Warning)
	}
}

// Refuse notes something that must be mended before the row can be taken. args belong to message.
func (r *Row) Refuse(column string, message, advice i18n.Text, args ...any) {
	r.note(column, errs.Message{Text: message, Args: args}, errs.Message{Text: advice}, false)
}

// Warn notes something that a person should look at; the row is taken.
func (r *Row) Warn(column string, message, advice i18n.Text, args ...any) {
	r.note(column, errs.Message{Text: message, Args: args}, errs.Message{Text: advice}, true)
}

// Refused says whether something on the row must be mended.
func (r *Row) Refused() bool { return r.refused }

func (r *Row) note(column string, message, advice errs.Message, warning bool) {
	c := r.column(column)
	r.problems = append(r.problems, Problem{Row: r.No, Column: c.Title, Masked: masked(c, r.Raw(column)),
		Message: message, Advice: advice, Warning: warning})
	if !warning {
		r.refused = true
	}
}

func (r *Row) column(name string) Column {
	if i, ok := r.form.at[name]; ok {
		return r.form.columns[i]
	}
	return Column{}
}

// masked is a value as the report shows it: sealed columns masked, long ones cut.
func masked(c Column, s string) string {
	if c.Mask != nil {
		s = c.Mask(s)
	}
	return tabular.ShowValue(s, c.Sealed && c.Mask == nil)
}
