// Package confirm holds the public pages on which the person helped confirms, or objects, without an account; and what a worker hands
// them for it.
package confirm

import (
	"context"

	"linli/internal/countersign"
	"linli/internal/i18n"
	"linli/internal/web/view/partial"
)

// Handed is a fresh code with the page where it is entered.
type Handed struct {
	countersign.Issued
	Page string // address
	QR   string // picture of the address with the code
}

// grouped is a code in groups of three, as it is read out.
func grouped(s string) string {
	out := ""
	for i, r := range s {
		if i > 0 && i%3 == 0 {
			out += " "
		}
		out += string(r)
	}
	return out
}

// facts are what is confirmed, in plain words.
func facts(ctx context.Context, c countersign.Confirmation) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.CountersignWho, c.Who), partial.F(i18n.CountersignWhat, c.What)}
	when := i18n.Date(c.On.Time())
	if !c.From.IsZero() {
		when += " " + i18n.Clock(c.From) + "–" + i18n.Clock(c.To)
	}
	list = append(list, partial.F(i18n.CountersignWhen, when))
	if c.Minutes > 0 {
		list = append(list, partial.F(i18n.CountersignLong, i18n.T(ctx, i18n.CountersignSpent, c.Minutes/60, c.Minutes%60)))
	}
	return append(list, partial.F(i18n.CountersignCommunity, c.Community))
}
