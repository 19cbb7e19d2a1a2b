package exchange

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
	venueview "linli/internal/web/view/venue"
)

// WeekPath is the page of the week's matches.
const WeekPath = Path + "/week"

// Week is what is proposed for open needs.
type Week struct {
	Query         url.Values
	Items         []exchange.Suggested
	Before, After string
	Places        []field.Option
	Counts        exchange.WeekCounts
}

// Pair names a need and a resource in a form.
func Pair(n exchange.Suggested, r exchange.Suggestion) string {
	return n.ID.String() + "-" + r.ID.String()
}

// bookHref is the form by which a shared place is booked for a need.
func bookHref(need, place id.ID) string { return venueview.Href(place) + "/book?need=" + need.String() }

// ofWhom says under a proposal who gives it, and on what terms.
func ofWhom(l i18n.Lang, r exchange.Suggestion) string {
	switch r.Source {
	case exchange.OfVolunteer:
		return i18n.WeekVolunteer.In(l, r.Giver)
	case exchange.OfPlace:
		return i18n.WeekPlace.In(l, r.Giver, Price(l, r.Resource))
	}
	return GiverName(l, r.Resource) + " · " + Price(l, r.Resource) + " · " + Left(l, r.Resource)
}

// AmountKey is the field in which it is said how much of a resource is taken for a need.
func AmountKey(pair string) string { return "amount-" + pair }

func (w Week) acts() []partial.Act {
	return []partial.Act{{Text: i18n.WeekAgain, Href: WeekPath + "/again", Post: true, Look: partial.Primary, Icon: icon.Refresh}}
}

func (w Week) stats(ctx context.Context) []partial.Stat {
	c := w.Counts
	out := []partial.Stat{{Label: i18n.WeekOpen, Value: i18n.Number(c.Open), Href: Path + "?state=" + string(exchange.Open)}, {Label: i18n.WeekCovered, Value: i18n.Number(c.Covered)},
		{Label: i18n.WeekWithout, Value: i18n.Number(c.Open - c.Covered), Href: Path + "?show=" + exchange.ShowBare}, {Label: i18n.WeekGivers, Value: i18n.Number(c.Givers)}}
	if c.Most > 0 {
		out[3].Note = i18n.T(ctx, i18n.WeekMost, c.Most)
	}
	if !c.MadeAt.IsZero() {
		out[1].Note = i18n.T(ctx, i18n.WeekMadeAt, i18n.DateTime(c.MadeAt))
	}
	return out
}

func (w Week) filters() []partial.Filter {
	return []partial.Filter{{Name: "kind", Label: i18n.ExchangeKind, Options: field.Choices(exchange.Kinds(), exchange.Kind.Text)}, {Name: "community", Label: i18n.CaseCommunity, Options: w.Places}}
}

var weekColumns = []partial.Column{{Key: "need", Title: i18n.ExchangeWhat, Main: true}, {Key: "resource", Title: i18n.WeekResource}, {Key: "why", Title: i18n.WeekWhy}, {Key: "due", Title: i18n.ExchangeDueOn, Tight: true},
	{Key: "acts", Title: i18n.CaseOtherActs, Tight: true}}

func (w Week) rows(ctx context.Context) (out []partial.Row) {
	for _, n := range w.Items {
		under := n.Community + " · " + i18n.T(ctx, n.Kind.Text())
		if n.Wanted > 1 {
			under += " · " + i18n.T(ctx, i18n.ExchangeLeft, n.Wanted, max(0, n.Left()))
		}
		for _, r := range n.Proposals {
			pass := partial.Act{Text: i18n.WeekPass, Href: WeekPath + "/pass", Small: true, Confirm: &partial.Confirm{ID: "pass-" + Pair(n, r), Question: i18n.T(ctx, i18n.WeekPassOf, r.Title) + " → " + n.Title,
				Reason: i18n.WeekPassWhy, Form: "exchange.pass"}, Values: []partial.Value{{Name: "pair", Value: Pair(n, r)}}}
			out = append(out, partial.Row{ID: Pair(n, r), Fixed: r.Source == exchange.OfPlace, Name: n.Title + " ← " + r.Title, Href: Href(n.ID), Cells: []templ.Component{partial.Two(n.Title, under),
				weekResource(n, r), partial.Text(reasons(ctx, r.Reasons)), partial.Text(n.DueOn.String()), weekActs(n, r, pass)}})
		}
	}
	return out
}
