package web

import (
	"strings"

	"linli/internal/i18n"
	"linli/internal/id"
)

// todoOf has the words and the page of every kind of thing that can wait (waiting.Item.Kind).
var todoOf = map[string]todo{
	"slip.send":       {i18n.WaitSlipSend, "/slips?state=draft", "/slips/{id}"},
	"slip.answer":     {i18n.WaitSlipAnswer, "/slips?state=sent", "/slips/{id}"},
	"slip.correction": {i18n.WaitSlipCorrection, "/slips", "/slips/{id}"},
}

// waiters are the services asked for the home page.
func (h *Handler) waiters() []waiter { return []waiter{h.Feedback} }

func replaceID(pattern string, i id.ID) string {
	return strings.Replace(pattern, "{id}", i.String(), 1)
}
