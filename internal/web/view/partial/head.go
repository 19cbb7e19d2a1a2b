package partial

import "linli/internal/i18n"

// Head is the head of a page: what it is about, its state and the next acts.
type Head struct {
	Title string
	Under string // a line below: code, organisation, period
	State State
	Acts  []Act // at most one Primary
	More  []Act // rarely needed ones, behind a menu
}

// Tab is one of the addresses of a thing. Count below zero shows none.
type Tab struct {
	Text   i18n.Text
	Href   string
	Active bool
	Count  int
}

// Stat is a figure that opens to its records.
type Stat struct {
	Label i18n.Text
	Value string
	Unit  i18n.Text
	Href  string // the records behind it; empty only where there are none to show
	Note  string // what it is compared with, or its period
	Tone  Tone   // Warned and Refused draw the eye; anything else is calm
}

// Todo is one thing that waits for the person, one press from done.
type Todo struct {
	Text   string // what is to be done
	Detail string // for whom, since when
	Href   string
	Due    State // deadline, see Deadline
	Act    *Act  // does it right here; without one the row only leads to Href
}

// Deadline is how long there is still time, in working days; negative is overdue.
func Deadline(l i18n.Lang, days int) State {
	return deadline(l, days, i18n.PartialDueIn, i18n.PartialOverdue)
}

// DeadlineDays is Deadline in days of the calendar.
func DeadlineDays(l i18n.Lang, days int) State {
	return deadline(l, days, i18n.PartialDaysIn, i18n.PartialDaysOver)
}

func deadline(l i18n.Lang, days int, in, over i18n.Text) State {
	switch {
	case days < 0:
		return State{i18n.Verbatim(over.In(l, -days)), Refused}
	case days == 0:
		return State{i18n.PartialDueToday, Warned}
	case days <= 2:
		return State{i18n.Verbatim(in.In(l, days)), Warned}
	}
	return State{i18n.Verbatim(in.In(l, days)), Neutral}
}
