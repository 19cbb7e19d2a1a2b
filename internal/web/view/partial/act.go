package partial

import (
	"linli/internal/i18n"
	"linli/internal/web/view/icon"
)

// Look says how much an act stands out. A page has one Primary act at most.
type Look string

// The looks of an act.
const (
	Plain   Look = ""
	Primary Look = "primary"
	Danger  Look = "danger"
	Quiet   Look = "quiet"
)

// Act is something a person can do: a link, or with Post a form of one button.
type Act struct {
	Text    i18n.Text
	Href    string // where it leads, or where it posts to
	Post    bool
	Look    Look
	Icon    icon.Name
	Values  []Value  // hidden values of the post
	Confirm *Confirm // asked before the post, for what cannot be undone
	Blocked string   // why it cannot be done now; the act is shown, but does nothing
	Small   bool
}

// Value is a name with its value.
type Value struct{ Name, Value string }

// Confirm is the question before an act that cannot be undone.
type Confirm struct {
	ID       string    // of the dialog, unique on the page
	Question string    // what will happen, to whom, and that it cannot be undone
	Reason   i18n.Text // label of a required reason (field "reason"); zero asks for none
	Form     string    // names the question in the burden ledger; needed where a reason is asked
}

func (a Act) class() string {
	c := "btn"
	if a.Look != Plain {
		c += " btn-" + string(a.Look)
	}
	if a.Small {
		c += " btn-small"
	}
	return c
}
