// Package home holds the pages around the work: what waits today, log-in, errors, about.
package home

import (
	"sort"

	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/web/view/partial"
)

// Licence is the licence text of one component.
type Licence struct{ Name, Text string }

// messages are the messages of the fields of e, in the order of the fields' names.
func messages(e *errs.Error) []errs.Message {
	names := make([]string, 0, len(e.Fields))
	for n := range e.Fields {
		names = append(names, n)
	}
	sort.Strings(names)
	list := make([]errs.Message, 0, len(names))
	for _, n := range names {
		list = append(list, e.Fields[n])
	}
	return list
}

// Found is one sort of things that a search found.
type Found struct {
	Title i18n.Text
	Hits  []partial.Suggestion
}
