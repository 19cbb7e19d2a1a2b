package fact

import (
	"context"
	"math"
	"strconv"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Source is what one package of the field knows. Every SQL text in it is the package's own.
type Source struct {
	Owner   string // name of the package
	Rows    []Rows
	Tables  []Table
	Readers []Reader
	Derived []Derived
	Links   []Link
	Parts   []Part
	Writers []Writer

	// Internal are stored columns that are no facts, "table.column" or "table.*", with the reason. A test holds the schema against them.
	Internal map[string]string
}

// Rows says where the rows of a subject stand and who may see them. Exactly one source gives the Rows of a subject.
type Rows struct {
	Subject Subject
	From    string                             // table with its alias, joins included: "person p"
	ID      string                             // column of the row's ID: "p.id"
	Owner   authz.Columns                      // through which the rows are in scope
	See     []authz.Permission                 // any of these shows a row
	Edit    []authz.Permission                 // any of these lets somebody record own facts of it
	Name    string                             // expression that names a row for people
	NameKey string                             // column with the sort key of the name, where there is an index of it; "" for none
	KeyOf   func(string) string                // makes that key from a name
	Here    string                             // condition of the rows that count today, "" for all: leaves out the dead, the ended
	Org     string                             // column of the community or organisation it belongs to, for filters and the record; "" for none
	Inside  func(a *db.Args, org id.ID) string // condition of the rows that belong to an organisation, where Org alone does not say it
	Person  string                             // column of the person concerned, for the record of looks; "" for none
	AsOf    string                             // expression of the instant (microseconds) at which the row was last confirmed; "" if not kept
}

// Table gives facts that are columns of a table, read in one query for up to BatchSize rows. With Group the rows are counted and summed by
// ID: expressions are aggregates. In expressions {day}, {year} and {quarter} stand for the day asked for and the first day of its year
// and quarter, as stored text; {born60} for the latest birthday of somebody who has 60 full years on that day (or 18, 80);
// {year_at} and {now} for the instants at which the year begins and the day ends, in microseconds.
type Table struct {
	Rows    // From, ID, Owner, See, AsOf; Org and Person where something is opened
	Where   string
	Group   bool
	Find    authz.Permission // whoever holds it anywhere sees these columns of every row of the district: a directory of names; "" for none
	Columns []Column
}

// Column is a fact with the expression that gives it. Empty text is unknown; so is zero for a Number unless Zero is set.
type Column struct {
	Fact
	Expr    string              // "p.born_on"; of a sealed fact the expression of its mask
	Unknown []string            // further stored values that mean unknown ("0" of sex)
	Zero    bool                // of a Number: zero is a value
	Convert func(string) string // stored text to canonical text; nil for none
	Sealed  *SealedColumn       // of a sealed fact: how it is opened
	Days    bool                // the stored value is an instant in microseconds; its day in China is the value
}

// SealedColumn says how a sealed column is opened.
type SealedColumn struct {
	Expr  string           // the sealed bytes: "p.id_number"
	Perm  authz.Permission // where it may be opened
	Field string           // how the record of looks names it
	Open  func(row id.ID, sealed []byte) (string, error)
	Allow func(ctx context.Context, q db.Querier, actor authz.Actor, purpose string) error // refuses a purpose that does not cover it; nil for none
}

// Reader gives facts that take more than a column. It keeps within the scope of the batch's actor itself and makes no query per row.
type Reader struct {
	Subject Subject
	Facts   []Fact
	Read    func(ctx context.Context, q db.Querier, b *Batch) error

	// Listed gives a query for the rows of which a YesNo is yes on a day, so that lists are kept to them in SQL; nil for none. The rows' scope
	// is added to it.
	Listed func(a *db.Args, tenant int64, day calendar.Date, factID string) (query string, ok bool)
}

// Derived is a fact worked out from others: a pure function of their values and the day.
type Derived struct {
	Fact // From says what goes in
	Work func(day calendar.Date, in []Value) Value

	// Narrow says what facts of the same row must say for a condition on this one to hold: one alternative of each clause. It need not be
	// enough: the condition is tried on what is left. nil, or no clause, leaves every row to be tried.
	Narrow func(day calendar.Date, c Condition) [][]Condition
}

// Link leads from a row to one row of another subject (or to another row of its own).
type Link struct {
	Name   string // "household"; unique among the links from a subject
	From   Subject
	To     Subject
	Term   i18n.Term            // what stands at the other end, as it is put before its facts on a form: "head of household"
	Plain  bool                 // what is known of the other end is printed under its own labels too
	Labels map[string]i18n.Term // labels of single facts over this link: the name of the unit is "employer"
	Column string               // the linking column within the Rows of From, or
	Back   string               // the column of To's rows that holds the row of From: followed where exactly one row is there, or
	Read   LinkReader           // how it is read
}

// LinkReader gives the row at the other end for each of ids that has one and that the actor may see.
type LinkReader func(ctx context.Context, q db.Querier, actor authz.Actor, ids []id.ID, day calendar.Date) (map[id.ID]id.ID, error)

// Part leads from a row to the rows that belong to it, in the order in which a form lists them.
type Part struct {
	Name string // "people"; unique among the parts of a subject
	From Subject
	To   Subject
	Term i18n.Term // what the block is called on a form

	Column string // the column of To's rows that holds the row of From, and
	Order  string // the order within a block, or
	Read   PartReader
}

// PartReader gives the rows of a block for each of ids, those that the actor may see.
type PartReader func(ctx context.Context, q db.Querier, actor authz.Actor, ids []id.ID, day calendar.Date) (map[id.ID][]id.ID, error)

// Col is a column of a table: a fact of the type, personal unless said otherwise.
func Col(factID string, t i18n.Term, ty Type, expr string, columns ...string) Column {
	return Column{Fact: Fact{ID: factID, Term: t, Type: ty, Columns: columns}, Expr: expr}
}

// Of makes the column a choice from a list.
func (c Column) Of(l *code.List) Column {
	c.Type, c.List = Choice, l
	return c
}

// Openly says that the fact says nothing about a person.
func (c Column) Openly() Column {
	c.Sensitivity = Open
	return c
}

// For names the purpose under which the fact is held.
func (c Column) For(purpose string) Column {
	c.Purpose = purpose
	return c
}

// In gives the unit of a number.
func (c Column) In(unit i18n.Text) Column {
	c.Unit = unit
	return c
}

// OnDay says that the stored value is an instant, of which the day is the fact.
func (c Column) OnDay() Column {
	c.Days = true
	return c
}

// ZeroToo says that zero is a value and not an unknown.
func (c Column) ZeroToo() Column {
	c.Zero = true
	return c
}

// By converts what is stored.
func (c Column) By(convert func(string) string) Column {
	c.Convert = convert
	return c
}

// Listing makes a code list of the kinds of a concept.
func Listing[K ~string](name i18n.Text, kinds []K, text func(K) i18n.Text) *code.List {
	items := make([]code.Item, len(kinds))
	for i, k := range kinds {
		items[i] = code.Item{Code: string(k), Label: text(k)}
	}
	return code.NewList(name, "", items)
}

// Work is a derived fact.
func Work(f Fact, from []Ref, work func(day calendar.Date, in []Value) Value) Derived {
	f.From = from
	return Derived{Fact: f, Work: work}
}

// BatchSize is how many rows one query reads at most.
const BatchSize = 1000

// Batch is what a Reader is asked for, and where it puts what it finds.
type Batch struct {
	Actor authz.Actor
	IDs   []id.ID // at most BatchSize
	Day   calendar.Date
	wants map[string]int // facts asked for, with their place
	at    map[id.ID][]int
	out   [][]Value
}

// Wants says whether a fact is asked for.
func (b *Batch) Wants(factID string) bool {
	_, ok := b.wants[factID]
	return ok
}

// Set says what a fact of a row is. Facts that are not asked for and rows that are not in the batch are passed over.
func (b *Batch) Set(row id.ID, factID string, v Value) {
	c, ok := b.wants[factID]
	if !ok {
		return
	}
	for _, i := range b.at[row] {
		b.out[c][i] = v
	}
}

// scope is where the actor holds any of the permissions.
func scope(actor authz.Actor, perms []authz.Permission) authz.Scope {
	var s authz.Scope
	for _, p := range perms {
		if t := actor.Scope(p); !t.Empty() {
			s = s.Or(t)
		}
	}
	return s
}

// HoursOf turns stored minutes into hours with at most two decimals.
func HoursOf(minutes string) string {
	n, err := strconv.ParseInt(minutes, 10, 64)
	if err != nil {
		return ""
	}
	return strconv.FormatFloat(math.Round(float64(n)*100/60)/100, 'f', -1, 64)
}

// ClockOf turns a stored instant into the time of day in China, "09:30".
func ClockOf(micros string) string {
	n, err := strconv.ParseInt(micros, 10, 64)
	if err != nil || n == 0 {
		return ""
	}
	return db.FromMicros(n).In(i18n.Zone).Format("15:04")
}

// DegreesOf turns stored micro-degrees into degrees.
func DegreesOf(micro string) string {
	n, err := strconv.ParseInt(micro, 10, 64)
	if err != nil || n == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(n)/1e6, 'f', -1, 64)
}

// YesNoList are the words for yes and no by which answers are recognised.
var YesNoList = code.NewList(i18n.FactTypeYesNo, "", []code.Item{
	{Code: Yes, Label: i18n.FactYes, Also: i18n.FactYesWords}, {Code: No, Label: i18n.FactNo, Also: i18n.FactNoWords}})
