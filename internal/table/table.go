package table

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
)

// PermUse is the right to make tables and use those that are shared, within what one may see.
const PermUse authz.Permission = "table.use"

// Limits of a table.
const (
	mostColumns    = 60
	mostConditions = 20
	longestTitle   = 100
	longestHeading = 60
	longestText    = 200
	longestPurpose = 40
)

// Kind says what stands in a column.
type Kind string

// The kinds of columns.
const (
	Fact   Kind = "fact"   // a fact of the row, or of what the row is linked to
	Figure Kind = "figure" // a figure of the place that the row is
	Own    Kind = "text"   // the same words in every row; none leaves the column to be written on by hand
	Serial Kind = "serial" // counted from 1
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Fact, Figure, Own, Serial} }

// Text names the kind.
func (k Kind) Text() i18n.Text {
	return map[Kind]i18n.Text{Fact: i18n.TableKindFact, Figure: i18n.TableKindFigure, Own: i18n.TableKindOwn, Serial: i18n.TableKindSerial}[k]
}

// Column is one column.
type Column struct {
	Kind    Kind     `json:"kind"`
	Ref     fact.Ref `json:"ref,omitempty"`     // of a Fact
	Figure  string   `json:"figure,omitempty"`  // of a Figure
	Heading string   `json:"heading,omitempty"` // "" for the name in the catalogue
	Text    string   `json:"text,omitempty"`    // of an Own column
	Style   Style    `json:"style,omitempty"`
}

// key tells columns apart when two editions are compared.
func (c Column) key() string {
	return string(c.Kind) + "\x00" + string(c.Ref) + c.Figure + "\x00" + c.Heading
}

// Definition says which rows and columns a table has.
type Definition struct {
	Columns  []Column         `json:"columns"`
	Where    []fact.Condition `json:"where,omitempty"`
	Place    id.ID            `json:"place,omitempty"` // rows of this sub-district or community, and what lies below it; 0 for all in scope
	Grid     id.ID            `json:"grid,omitempty"`
	Gone     bool             `json:"gone,omitempty"` // also who moved out, what ended
	Sort     fact.Ref         `json:"sort,omitempty"` // "" for the order in which rows were entered
	Desc     bool             `json:"desc,omitempty"`
	Blank    bool             `json:"blank,omitempty"`   // files leave what is unknown blank
	Purpose  string           `json:"purpose,omitempty"` // for which sealed columns are needed, offered when a file is made
	Subtitle string           `json:"subtitle,omitempty"`
}

// Draft is a table as somebody wants it saved.
type Draft struct {
	Title   string
	Subject fact.Subject
	Definition
}

// Table is a saved table.
type Table struct {
	Draft
	ID         id.ID
	OwnerID    id.ID
	OwnerName  string
	SharedID   id.ID // the organisation with which it is shared; 0 for none
	SharedName string
	CreatedAt  time.Time
	UpdatedAt  time.Time
	RemovedAt  time.Time // zero unless it was removed
	Version    int64
	definition string
}

// keptRemoved is how many days a removed table can be brought back.
const keptRemoved = 30

// GoneOn is the day on which a removed table is deleted.
func (t Table) GoneOn() time.Time { return t.RemovedAt.AddDate(0, 0, keptRemoved) }

// ColumnField and WhereField name the fields of a draft under which faults are told, counted from 1.
func ColumnField(i int) string { return "column_" + strconv.Itoa(i+1) }

// WhereField is ColumnField of conditions.
func WhereField(i int) string { return "where_" + strconv.Itoa(i+1) }

// words is the part of the catalogue that drafts are checked with: a fact.Edition.
type words interface {
	Find(s fact.Subject, r fact.Ref) (fact.Reached, bool)
	Sorts(s fact.Subject, r fact.Ref) bool
}

// check checks and normalises a draft. What stood in the table before (old, nil for a new one) may stay although its fact is gone.
func (d *Draft) check(w words, figures map[string]bool, old *Draft) error {
	var e *errs.Error
	text := func(field string, s *string, most int, need bool) {
		*s = strings.Join(strings.Fields(*s), " ")
		switch n := utf8.RuneCountInString(*s); {
		case n == 0 && need:
			e = e.With(field, i18n.ErrRequired)
		case n > most:
			e = e.With(field, i18n.ErrTooLong, most, n)
		}
	}
	text("title", &d.Title, longestTitle, true)
	text("subtitle", &d.Subtitle, longestTitle, false)
	if !d.Subject.Valid() {
		return e.With("subject", i18n.ErrBadChoice)
	}
	if n := len(d.Columns); n == 0 {
		e = e.With("columns", i18n.TableNoColumns)
	} else if n > mostColumns {
		e = e.With("columns", i18n.TableManyColumns, mostColumns)
	}
	if len(d.Where) > mostConditions {
		e = e.With("where", i18n.TableManyConditions, mostConditions)
	}
	for i := range d.Columns {
		c := &d.Columns[i]
		text(ColumnField(i), &c.Heading, longestHeading, false)
		text(ColumnField(i), &c.Text, longestText, false)
		if !c.known(w, d.Subject, figures) && !(old != nil && old.has(*c)) {
			e = e.With(ColumnField(i), i18n.ErrBadChoice)
		}
	}
	for i, c := range d.Where {
		r, ok := w.Find(d.Subject, c.Ref)
		if !ok {
			if old == nil || !slices.ContainsFunc(old.Where, func(o fact.Condition) bool { return o.Ref == c.Ref }) {
				e = e.With(WhereField(i), i18n.ErrBadChoice)
			}
			continue
		}
		checked, err := c.Check(r.Fact)
		if x := errs.As(err); x != nil {
			e = e.With(WhereField(i), x.Message.Text, x.Message.Args...)
			continue
		} else if err != nil {
			return err
		}
		d.Where[i] = checked
	}
	if d.Sort != "" && !w.Sorts(d.Subject, d.Sort) && !(old != nil && old.Sort == d.Sort) {
		e = e.With("sort", i18n.FactNoSort)
	}
	return e.OrNil()
}

// known says whether what a column shows is there, and clears what does not belong to its kind.
func (c *Column) known(w words, s fact.Subject, figures map[string]bool) bool {
	if !c.Style.valid() {
		return false
	}
	switch c.Kind {
	case Fact:
		c.Figure, c.Text = "", ""
		_, ok := w.Find(s, c.Ref)
		return ok
	case Figure:
		c.Ref, c.Text = "", ""
		return s == fact.Organisation && figures[c.Figure]
	case Own, Serial:
		c.Ref, c.Figure, c.Style = "", "", ""
		return true
	}
	return false
}

func (d *Draft) has(c Column) bool {
	return slices.ContainsFunc(d.Columns, func(o Column) bool { return o.Kind == c.Kind && o.Ref == c.Ref && o.Figure == c.Figure })
}
