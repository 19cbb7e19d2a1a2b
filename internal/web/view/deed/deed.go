// Package deed holds the pages of practical deeds, at the desk and on the phone.
package deed

import (
	"github.com/a-h/templ"

	"linli/internal/deed"
	"linli/internal/i18n"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/ledger"
	"linli/internal/web/view/partial"
)

func address(d deed.Item, rest string) string { return "/deeds/" + d.ID.String() + rest }

var columns = []partial.Column{
	{Key: "title", Title: i18n.DeedName, Main: true},
	{Key: "member", Title: i18n.DeedMember},
	{Key: "unit", Title: i18n.DeedUnit, Minor: true},
	{Key: "day", Title: i18n.DeedDay, Tight: true},
	{Key: "from", Title: i18n.DeedFrom, Minor: true},
	{Key: "proof", Title: i18n.DeedProof},
	{Key: "state", Title: i18n.DeedState},
}

func rows(items []deed.Item) []partial.Row {
	var list []partial.Row
	for _, d := range items {
		from := partial.Text("")
		if d.ActivityID != 0 {
			from = partial.Link(d.ActivityTitle, "/activities/"+d.ActivityID.String())
		}
		list = append(list, partial.Row{ID: d.ID.String(), Name: d.MemberName + " " + d.Title, Href: address(d, ""), Cells: []templ.Component{
			partial.Text(d.Title), partial.Text(d.MemberName), partial.Text(d.UnitName), partial.Text(d.OnDate.String()), from,
			partial.Badge(ledger.ProofOf(d.Proof)), partial.Badge(ledger.DeedState(d.State))}})
	}
	return list
}

func stateOptions() []field.Option {
	var list []field.Option
	for _, s := range deed.States {
		list = append(list, field.Option{Value: string(s), Text: s.Label()})
	}
	return list
}

// Rights are the acts that are offered to the actor.
type Rights struct{ Propose, Decide, Countersign bool }

func (r Rights) selected() string {
	if r.Decide {
		return "picked"
	}
	return ""
}

func listActs(may Rights) []partial.Act {
	if !may.Propose {
		return nil
	}
	return []partial.Act{{Text: i18n.DeedNewFor, Href: "/deeds/new", Look: partial.Primary, Icon: icon.Plus}}
}

func acts(d deed.Item, may Rights, l i18n.Lang) []partial.Act {
	if !may.Decide {
		return nil
	}
	switch d.State {
	case deed.Proposed:
		return []partial.Act{
			{Text: i18n.DeedConfirmAct, Href: address(d, "/confirm"), Post: true, Look: partial.Primary, Icon: icon.Check},
			{Text: i18n.DeedDeclineAct, Href: address(d, "/decline"), Post: true, Icon: icon.Close,
				Confirm: &partial.Confirm{ID: "decline", Question: i18n.DeedDeclineAsk.In(l, d.Title, d.MemberName), Reason: i18n.DeedReason, Form: "deed.decline"}},
		}
	case deed.Confirmed:
		return []partial.Act{{Text: i18n.DeedRevokeAct, Href: address(d, "/revoke"), Post: true, Look: partial.Danger, Icon: icon.Undo,
			Confirm: &partial.Confirm{ID: "revoke", Question: i18n.DeedRevokeAsk.In(l, d.Title), Reason: i18n.DeedReason, Form: "deed.revoke"}}}
	}
	return nil
}
