package request

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/id"
)

// Template is the blank form of a request.
type Template struct {
	Name    string // of the file
	Title   string // its title line
	Content []byte
	Choice  string // what somebody said about it, as the package that fills forms keeps it
	Fields  []Field
	Sealed  bool
}

// Facts asks for facts without a form of the office's own: the program makes one.
type Facts struct {
	Subject fact.Subject
	Refs    []fact.Ref
	Only    fact.Ref // a yes or no that the rows fulfil; "" for all
}

// Held is how much of one field is known in the rows that a form is about.
type Held struct {
	Field
	Known   int
	Unknown int
	Hidden  int // known too, and sealed
	Oldest  calendar.Date
	Newest  calendar.Date
}

// Percent is the share of rows in which the field is known, sealed or open; -1 without rows.
func (h Held) Percent() int {
	if h.Known+h.Hidden+h.Unknown == 0 {
		return -1
	}
	return (h.Known + h.Hidden) * 100 / (h.Known + h.Hidden + h.Unknown)
}

// Lack is something that a form asks and the platform does not hold at all, with what a fact of the district's own could be called.
type Lack struct {
	Label   string
	Name    string
	Subject fact.Subject
	Type    fact.Type
}

// Filled is a form as it was filled in.
type Filled struct {
	Content []byte
	Rows    int
	Asked   int // fields that were blank
	Filled  int
	Hidden  int // of the rest: sealed, and known to whoever has a purpose
	Held    []Held
	Lacks   []Lack
}

// Left is how many fields are still blank.
func (f Filled) Left() int { return f.Asked - f.Filled }

// Forms recognises forms and fills them in, within what the actor may see. It is given by the package that does.
type Forms interface {
	// Dropped is a form that the actor dropped in, as they left it.
	Dropped(ctx context.Context, actor authz.Actor, formID id.ID) (Template, error)
	// Read understands a workbook.
	Read(ctx context.Context, actor authz.Actor, name string, content []byte) (Template, error)
	// Make draws a form that asks for facts.
	Make(ctx context.Context, actor authz.Actor, title string, f Facts) (Template, error)
	// Fill fills a form in for one organisation; sample bounds the rows of a look, 0 for all.
	Fill(ctx context.Context, actor authz.Actor, t Template, p Party, purpose string, sample int) (Filled, error)
	// Copy drops the form in for the actor, filled in for one organisation, so that they can look it over; it gives its ID there.
	Copy(ctx context.Context, actor authz.Actor, t Template, p Party, purpose string) (id.ID, error)
}

// Tree says what belongs to an organisation.
type Tree interface {
	// Subtree gives the organisation, everything below it and, of a community, what is attached to it.
	Subtree(ctx context.Context, q db.Querier, tenant int64, org id.ID) ([]id.ID, error)
}

// sample is how many rows a look at what is held reads.
const sample = 200
