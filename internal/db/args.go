package db

import (
	"strconv"
	"strings"
	"time"

	"linli/internal/id"
)

// Args collects the arguments of one statement and names their places.
//
//	a := db.Args{}
//	q := "SELECT … WHERE tenant_id = " + a.Add(tenant) + " AND name = " + a.Add(name)
//	tx.Query(ctx, q, a.Values()...)
type Args struct{ values []any }

// Add adds v and gives its place, such as $3.
func (a *Args) Add(v any) string {
	a.values = append(a.values, v)
	return "$" + strconv.Itoa(len(a.values))
}

// Values are the arguments in order.
func (a *Args) Values() []any { return a.values }

// In gives "column IN ($1, $2, …)", or FALSE for no values. The list is padded to a power of two by
// repeating the last value, so that few different texts need preparing.
func In[T any](a *Args, column string, values []T) string {
	if len(values) == 0 {
		return "1 = 0"
	}
	if len(values) == 1 {
		return column + " = " + a.Add(values[0])
	}
	n := 2
	for n < len(values) {
		n *= 2
	}
	var b strings.Builder
	b.WriteString(column + " IN (")
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(a.Add(values[min(i, len(values)-1)]))
	}
	b.WriteString(")")
	return b.String()
}

// Prefix gives a condition for values of a column that start with p, in a form that an index serves on
// every engine (TEXT sorts by code point everywhere).
func (a *Args) Prefix(column, p string) string {
	if p == "" {
		return "1 = 1"
	}
	return column + " >= " + a.Add(p) + " AND " + column + " < " + a.Add(p+"\U0010FFFF")
}

// Micros is t as it is stored: UTC microseconds, 0 for the zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// FromMicros is the instant stored as us; 0 is the zero time.
func FromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// Instant scans a BIGINT of microseconds into t.
func Instant(t *time.Time) *InstantScanner { return (*InstantScanner)(t) }

// InstantScanner is the destination made by Instant.
type InstantScanner time.Time

// Scan reads the column; NULL and 0 are the zero time.
func (s *InstantScanner) Scan(v any) error {
	us, _ := v.(int64)
	*s = InstantScanner(FromMicros(us))
	return nil
}

// Cursor is a place in a list: the sort key and the ID of a row.
type Cursor struct {
	Key string
	ID  id.ID
}

// String is the cursor as it stands in an address.
func (c Cursor) String() string {
	if c.ID == 0 {
		return ""
	}
	return c.ID.String() + "~" + c.Key
}

// ParseCursor reads a cursor from an address; what cannot be read is the beginning of the list.
func ParseCursor(s string) Cursor {
	idText, key, _ := strings.Cut(s, "~")
	i, err := id.Parse(idText)
	if err != nil {
		return Cursor{}
	}
	return Cursor{Key: key, ID: i}
}

// Page asks for one part of a list.
type Page struct {
	After  Cursor // rows behind this one
	Before Cursor // rows before this one (to go back); wins over After
	Limit  int    // 50 if 0, at most 500
}

// Size is the number of rows on the page.
func (p Page) Size() int {
	if p.Limit <= 0 {
		return 50
	}
	return min(p.Limit, 500)
}

// Order says how a list is sorted: by Column (of unique sense together with IDColumn).
type Order struct {
	Column   string // "" sorts by the ID alone
	IDColumn string
	Integer  bool // Column holds integers
	Desc     bool
}

// Keyset gives the condition (with leading AND, or "") and the tail "ORDER BY … LIMIT …" for one page.
// One row more than the page's size is asked for, so that Cut knows whether there are more.
func (a *Args) Keyset(p Page, o Order) (where, tail string) {
	back := p.Before.ID != 0
	c := p.After
	if back {
		c = p.Before
	}
	desc := o.Desc != back
	dir, cmp := "", " > "
	if desc {
		dir, cmp = " DESC", " < "
	}
	if o.Column == "" {
		if c.ID != 0 {
			where = " AND " + o.IDColumn + cmp + a.Add(c.ID)
		}
		return where, " ORDER BY " + o.IDColumn + dir + " LIMIT " + strconv.Itoa(p.Size()+1)
	}
	if c.ID != 0 {
		var key any = c.Key
		if o.Integer {
			key, _ = strconv.ParseInt(c.Key, 10, 64) // a spoilt address starts at 0
		}
		where = " AND (" + o.Column + ", " + o.IDColumn + ")" + cmp + "(" + a.Add(key) + ", " + a.Add(c.ID) + ")"
	}
	return where, " ORDER BY " + o.Column + dir + ", " + o.IDColumn + dir + " LIMIT " + strconv.Itoa(p.Size()+1)
}

// List is one page of a list with the cursors of its neighbours ("" where there are none).
type List[T any] struct {
	Items      []T
	Next, Prev string
}

// Cut makes a page out of the rows read with Keyset: it drops the surplus row, puts a page read backwards
// into order and sets the cursors.
func Cut[T any](rows []T, p Page, cursor func(T) Cursor) List[T] {
	back, more := p.Before.ID != 0, len(rows) > p.Size()
	if more {
		rows = rows[:p.Size()]
	}
	if back {
		for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
			rows[i], rows[j] = rows[j], rows[i]
		}
	}
	l := List[T]{Items: rows}
	if len(rows) == 0 {
		return l
	}
	if back || more {
		if !back || p.Before.ID != 0 {
			l.Next = cursor(rows[len(rows)-1]).String()
		}
	}
	if (back && more) || (!back && p.After.ID != 0) {
		l.Prev = cursor(rows[0]).String()
	}
	return l
}
