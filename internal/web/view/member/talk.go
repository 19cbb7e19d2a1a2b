package member

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/i18n"
	"linli/internal/member"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// TalkPath is the page of talks.
const TalkPath = "/talks"

// TalkData is what the page of talks shows.
type TalkData struct {
	member.Talks
	Branches []member.Named
	Members  []field.Option // of the branch, to choose
	Query    url.Values
	Form     field.Form
	Today    string
	May      bool // record talks
}

var pairColumns = []partial.Column{{Key: "pair", Title: i18n.TalkPairWho, Main: true}, {Key: "act", Title: i18n.TalkPressPair, Tight: true}}

func (d TalkData) gapColumns() []partial.Column {
	out := []partial.Column{{Key: "name", Title: i18n.MemberName, Main: true}}
	if len(d.Committee) > 0 {
		out = append(out, partial.Column{Key: "office", Title: i18n.TalkByOffice})
	}
	return append(out, partial.Column{Key: "fellow", Title: i18n.TalkByFellow})
}

// press records the talk of two members of today.
func (d TalkData) press(text string, one, other member.Named) templ.Component {
	if !d.May || other.ID == 0 {
		return partial.Text(other.Name)
	}
	return partial.Button(partial.Act{Text: i18n.Verbatim(text), Href: TalkPath, Post: true, Small: true, Values: []partial.Value{{Name: "branch", Value: d.Branch.ID.String()},
		{Name: "member", Value: one.ID.String()}, {Name: "with", Value: other.ID.String()}}})
}

func (d TalkData) pairRows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, p := range d.Pairs {
		out = append(out, partial.Row{ID: p.One.ID.String() + "-" + p.Other.ID.String(), Cells: []templ.Component{partial.Text(i18n.T(ctx, i18n.TalkPairNames, p.One.Name, p.Other.Name)),
			d.press(i18n.T(ctx, i18n.TalkPressPair), p.One, p.Other)}})
	}
	return out
}

func (d TalkData) gapRows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, g := range d.Gaps.Items {
		row := partial.Row{ID: g.ID.String(), Href: Href(g.ID) + "/contacts", Cells: []templ.Component{partial.Text(g.Name)}}
		if len(d.Committee) > 0 {
			row.Cells = append(row.Cells, d.press(i18n.T(ctx, i18n.TalkPress, g.ByOffice.Name), g.Named, g.ByOffice))
		}
		row.Cells = append(row.Cells, d.press(i18n.T(ctx, i18n.TalkPress, g.ByFellow.Name), g.Named, g.ByFellow))
		out = append(out, row)
	}
	return out
}

func talkReasons() []field.Option {
	var out []field.Option
	for _, r := range member.TalkReasons() {
		out = append(out, field.Option{Value: string(r), Text: r.Text()})
	}
	return out
}
