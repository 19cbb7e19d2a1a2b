package fill

import (
	"strconv"

	"linli/internal/calendar"
	"linli/internal/fact"
	"linli/internal/id"
)

// Ask is what a person wants done with a form.
type Ask struct {
	Choice
	Community id.ID             // rows of a blank list, and names, come from here; 0 for all in scope
	Where     []Condition       // rows of a blank list; nil for what its title says
	All       bool              // rows of a blank list: all in scope, whatever its title says
	Rows      map[string]id.ID  // whom a row is about that several fit, by RowKey
	One       map[string]id.ID  // whom a card is about, by sheet
	Named     map[string]string // the same by name, as somebody typed it
	Purpose   string            // for sealed data
	Reason    string
	Sample    int // of a blank list: no more rows than these; 0 for all. For a look at what is known, not for a form that goes out
	// For is the organisation for which alone the form is filled in, with what belongs to it; 0 for whatever the actor may see. A sheet that
	// bears the name of another community stays as it is.
	For id.ID
}

// RowKey is the key of a row in Ask.Rows.
func RowKey(sheet string, row int) string { return sheet + "\n" + strconv.Itoa(row) }

// Missing is a cell that was asked for and that nobody knows yet.
type Missing struct {
	Subject fact.Subject
	ID      id.ID
	Ref     fact.Ref
	Label   string // as the form calls it
	Sheet   string
	Row     int // as a person counts it; 0 on a card
}

// Difference is a cell that somebody filled in already and that does not say what the record says.
type Difference struct {
	Subject fact.Subject
	ID      id.ID
	Ref     fact.Ref
	Label   string
	Sheet   string
	Row     int
	Cell    string // what stands there, canonical where it can be read
	Record  string // what the record says
	Sealed  bool   // both are masks
}

// differs adds a difference. What is sealed is masked on both sides: the outcome is kept, and a mask is what people may see without a purpose.
func (o *Outcome) differs(d Difference, f fact.Fact) {
	if d.Sealed = f.Sensitivity == fact.Sealed; d.Sealed {
		d.Cell, d.Record = fact.Mask(d.Cell), fact.Mask(d.Record)
	}
	o.Differs = append(o.Differs, d)
}

// SlotCount is what became of one slot.
type SlotCount struct {
	Sheet   string
	Label   string
	Fact    string
	Filled  int
	Unknown int
	Kept    int
	Hidden  int           // of the unknown: sealed, and known to whoever has a purpose
	Oldest  calendar.Date // when what is known was recorded or last confirmed: the oldest and the newest of the rows, where that is kept
	Newest  calendar.Date
}

// saw notes a value that a row has.
func (c *SlotCount) saw(v fact.Value) {
	if !v.Known || v.AsOf.IsZero() {
		return
	}
	if c.Oldest.IsZero() || v.AsOf.Before(c.Oldest) {
		c.Oldest = v.AsOf
	}
	if v.AsOf.After(c.Newest) {
		c.Newest = v.AsOf
	}
}

// Outcome is what came of filling a form.
type Outcome struct {
	Rows      int // that the form is about
	Cells     int // that were asked for and blank
	Filled    int
	Unknown   int // asked for, and not known (of rows that were found)
	Ambiguous int // cells of rows that several fit, or that fit by name alone
	Absent    int // cells of rows that nobody in scope fits
	Kept      int // cells that held something already
	Hidden    int // of the unknown: sealed, and known to whoever has a purpose
	Slots     []SlotCount
	Unclear   []Row // rows that were not found for certain, by sheet in Sheets
	Sheets    []string
	Missing   []Missing
	Differs   []Difference
	File      []byte
}

// Percent is how much of what was asked was filled in; -1 where nothing was.
func (o Outcome) Percent() int {
	if o.Cells == 0 {
		return -1
	}
	return o.Filled * 100 / o.Cells
}
