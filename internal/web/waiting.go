package web

import (
	"strings"

	"linli/internal/id"
)

// todoOf has the words and the page of every kind of thing that can wait (waiting.Item.Kind).
var todoOf = map[string]todo{}

// waiters are the services asked for the home page.
func (h *Handler) waiters() []waiter { return []waiter{} }

func replaceID(pattern string, i id.ID) string {
	return strings.Replace(pattern, "{id}", i.String(), 1)
}
