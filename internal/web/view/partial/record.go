package partial

import (
	"time"

	"github.com/a-h/templ"

	"linli/internal/i18n"
)

// Fact is one line of a description: what, and its value.
type Fact struct {
	Label i18n.Text
	Value templ.Component
	Wide  bool // takes the whole width
}

// F is a fact with plain text.
func F(label i18n.Text, value string) Fact { return Fact{Label: label, Value: Text(value)} }

// Event is one entry of a history.
type Event struct {
	When   time.Time
	Who    string
	What   string
	Detail string
	Href   string
	Tone   Tone
}

// Sealed is a value that is masked until somebody says what they need it for.
type Sealed struct {
	ID       string    // of the dialog, unique on the page
	Label    i18n.Text // what the value is
	Masked   string    // what is shown: 138****5678
	Action   string    // address that opens it (POST purpose, reason); empty if this person may not
	Purposes []Option
	Values   []Value // hidden values of the post
}

// Job is work that goes on in the background.
type Job struct {
	ID     string // of the element, unique on the page
	Label  string
	Done   int64
	Total  int64  // zero while it is not known
	Poll   string // address that answers with JobProgress again; empty once the work has ended
	State  State
	Result string // what came of it
	Href   string // where the result is
}

func (j Job) percent() int64 {
	if j.Total <= 0 {
		return 0
	}
	return min(100, 100*j.Done/j.Total)
}
