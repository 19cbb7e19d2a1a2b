package fill

import (
	"slices"
	"strings"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
)

// Kind says what sort of form a sheet is.
type Kind string

// The kinds of sheets.
const (
	List    Kind = "list"    // a row for each person, household, organisation …
	Card    Kind = "card"    // a sheet about one of them
	Numbers Kind = "numbers" // only numbers, by row labels
	Nothing Kind = "nothing" // neither labels nor a header: left as it is
)

// Text names the kind.
func (k Kind) Text() i18n.Text {
	return map[Kind]i18n.Text{List: i18n.FillKindList, Card: i18n.FillKindCard, Numbers: i18n.FillKindNumbers, Nothing: i18n.FillKindNothing}[k]
}

// Slot is one place of a form: a column of a list, a field of a card, or a column of a small table in a card.
type Slot struct {
	Key     string   // names the slot within its sheet, stable for the same form
	Path    []string // labels, from the outermost group to the label itself
	Meaning Verdict
	Ref     fact.Ref         // what it means, where the verdict is Sure
	Fact    fact.Fact        // the fact at the end of Ref
	Maybe   []fact.Candidate // what it may mean otherwise, best first
	Of      string           // the person of whom the form speaks here, if not the row's own
	Part    string           // of a column of a small table in a card: the part whose rows it lists
	Chosen  bool             // somebody said so for this form
	Figure  string           // of a Counted label: the figure that it names
	Samples []string         // what stands in it already, the first few

	at       column
	field    field
	style    style
	standing bool // of a Counted label: how things stand on a day
	inTable  int  // of a small table: its place among the sheet's tables; -1 otherwise
}

// Label is the lowest label, as it is printed.
func (s Slot) Label() string { return s.Path[len(s.Path)-1] }

// Sealed says whether filling the slot opens sealed data.
func (s Slot) Sealed() bool { return s.Meaning == Sure && s.Fact.Sensitivity == fact.Sealed }

// Sheet is one sheet of a form as it was understood.
type Sheet struct {
	Name     string
	Title    string
	Kind     Kind
	Hidden   bool // a hidden sheet is left as it is
	Subject  fact.Subject
	Subjects []fact.Subject // what it may be about, the likeliest first
	Slots    []Slot
	Heads    []Slot // printed row labels of a report of numbers
	Above    []Slot // fields over and under a list: who fills it in, when
	Day      calendar.Date
	Keyed    int // rows that say already whom they are about
	Free     int // rows that are drawn and still blank

	lay  layout
	main int // of a list: its table
}

// Form is a workbook as it was understood.
type Form struct {
	Name    string
	Sheets  []Sheet
	Notices []errs.Message // what somebody should know of the file: hidden sheets, links to other files
}

// Sealed says whether filling the form opens sealed data.
func (f *Form) Sealed() bool {
	for _, sh := range f.Sheets {
		for _, s := range append(slices.Clone(sh.Slots), sh.Above...) {
			if s.Sealed() {
				return true
			}
		}
	}
	return false
}

// Unrecognised are the labels of which the catalogue knows nothing, each once.
func (f *Form) Unrecognised() []string {
	var out []string
	for _, sh := range f.Sheets {
		slots := sh.Slots
		if slices.ContainsFunc(sh.Heads, func(h Slot) bool { return h.Meaning == Counted }) { // figures in rows: the columns say only that numbers stand there
			slots = append(slices.DeleteFunc(slices.Clone(slots), func(s Slot) bool { return valueColumn.MatchString(label(s.Label())) }), sh.Heads...)
		}
		for _, s := range slots {
			if s.Meaning == Unknown || s.Meaning == OfOther || s.Meaning == Several || s.Meaning == Maybe {
				if l := strings.Join(s.Path, " / "); !slices.Contains(out, l) {
					out = append(out, l)
				}
			}
		}
	}
	return out
}
