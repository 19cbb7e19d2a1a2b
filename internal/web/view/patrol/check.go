package patrol

import (
	"context"
	"net/url"
	"strings"

	"linli/internal/code"
	"linli/internal/i18n"
	"linli/internal/patrol"
	"linli/internal/person"
)

// ChecksPath lists what was said at doors and waits for the register.
const ChecksPath = "/households/checks"

// CheckList is that list.
type CheckList struct {
	Items         []patrol.Checked
	Before, After string
	Query         url.Values
}

// said are the words of what was said, beside what it is about.
func said(ctx context.Context, c patrol.Checked) string {
	var out []string
	add := func(s string) {
		if s != "" {
			out = append(out, s)
		}
	}
	add(c.Person)
	add(c.Name)
	if c.Sex != "" {
		add(i18n.T(ctx, c.Sex.Text()))
	}
	if it, ok := code.HeadRelations.ByCode(c.Relation); ok && c.Relation != "" {
		add(i18n.T(ctx, it.Label))
	}
	add(c.Phone)
	if !c.Occupancy.Text().IsZero() {
		add(i18n.T(ctx, c.Occupancy.Text()))
	}
	add(strings.TrimSpace(c.Stairwell + " " + c.Room))
	add(c.Address)
	add(c.Since.String())
	return strings.Join(out, " · ")
}

// purposeOf is the name of a purpose in the register, or its code.
func purposeOf(ctx context.Context, all []person.Purpose, code string) string {
	for _, p := range all {
		if p.Code == code {
			return i18n.T(ctx, p.Text())
		}
	}
	return code
}

// applying is what the button that writes says: who presses it sees that the register was changed.
func applying(c patrol.Checked) i18n.Text {
	if c.Changed != nil {
		return i18n.CheckOver
	}
	return i18n.CheckApply
}
