// Package ledger holds the pages of the ledger of hours and deeds, at the desk and on the phone.
package ledger

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/activity"
	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/ledger"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// ProofOf is how a grade of proof is shown.
func ProofOf(p ledger.Proof) partial.State {
	tones := map[ledger.Proof]partial.Tone{ledger.Timed: partial.Active, ledger.Countersigned: partial.Closed, ledger.Vouched: partial.Draft}
	return partial.State{Text: p.Label(), Tone: tones[p]}
}

// Postings is the address of the postings of a filter.
func Postings(pairs ...string) string { return at("/ledger/postings", pairs...) }

func at(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func hoursShown(ctx context.Context, p ledger.Progress) string {
	return i18n.T(ctx, i18n.LedgerHoursShown, i18n.Hours(p.Totals.Hours.Total()), i18n.Number(p.Targets.Hours))
}

func deedsShown(ctx context.Context, p ledger.Progress) string {
	return i18n.T(ctx, i18n.LedgerDeedsShown, i18n.Number(p.Totals.Deeds.Total()), i18n.Number(p.Targets.Deeds))
}

var memberColumns = []partial.Column{
	{Key: "name", Title: i18n.LedgerMember, Main: true},
	{Key: "unit", Title: i18n.LedgerUnit},
	{Key: "community", Title: i18n.LedgerCommunity, Minor: true},
	{Key: "hours", Title: i18n.LedgerHours, Num: true},
	{Key: "deeds", Title: i18n.LedgerDeeds, Num: true},
	{Key: "services", Title: i18n.LedgerServices, Num: true},
	{Key: "timed", Title: i18n.LedgerTimed, Num: true, Minor: true},
	{Key: "countersigned", Title: i18n.LedgerCountersigned, Num: true, Minor: true},
	{Key: "vouched", Title: i18n.LedgerVouched, Num: true, Minor: true},
}

// period keeps year and quarter of a list's address for the addresses behind its figures.
func period(q url.Values, year int) []string {
	if v := q.Get("quarter"); v != "" {
		return []string{"quarter", v}
	}
	return []string{"year", strconv.Itoa(year)}
}

func memberRows(q url.Values, items []ledger.Standing) []partial.Row {
	var list []partial.Row
	for _, m := range items {
		open := func(pairs ...string) string {
			return Postings(append(append([]string{"member", m.MemberID.String()}, period(q, m.Year)...), pairs...)...)
		}
		h := m.Totals.Hours
		list = append(list, partial.Row{ID: m.MemberID.String(), Name: m.Name, Href: at("/ledger/members/"+m.MemberID.String(), "year", strconv.Itoa(m.Year)), Cells: []templ.Component{
			partial.Text(m.Name), partial.Text(m.UnitName), partial.Text(m.CommunityName),
			partial.Link(i18n.Hours(h.Total()), open("account", "hours")), partial.NumLink(m.Totals.Deeds.Total(), open("account", "deeds")),
			partial.NumLink(m.Totals.Services, open("account", "hours", "standing", "1")),
			partial.Link(i18n.Hours(h.Timed), open("account", "hours", "proof", "timed")),
			partial.Link(i18n.Hours(h.Countersigned), open("account", "hours", "proof", "countersigned")),
			partial.Link(i18n.Hours(h.Vouched), open("account", "hours", "proof", "vouched")),
		}})
	}
	return list
}

var postingColumns = []partial.Column{
	{Key: "day", Title: i18n.LedgerDay, Tight: true},
	{Key: "member", Title: i18n.LedgerMember, Main: true},
	{Key: "source", Title: i18n.LedgerSource},
	{Key: "account", Title: i18n.LedgerAccount},
	{Key: "amount", Title: i18n.LedgerAmount, Num: true},
	{Key: "proof", Title: i18n.LedgerProof},
	{Key: "state", Title: i18n.DeedState},
	{Key: "reason", Title: i18n.LedgerReason, Minor: true},
}

func stateOf(p ledger.Item) partial.State {
	switch {
	case p.ReversesID != 0:
		return partial.State{Text: i18n.LedgerReversal, Tone: partial.Ended}
	case p.ReversedByID != 0:
		return partial.State{Text: i18n.LedgerReversed, Tone: partial.Ended}
	}
	return partial.State{Text: i18n.LedgerStands, Tone: partial.Closed}
}

// Source is the page of the record a posting comes from.
func Source(p ledger.Item) string {
	switch p.SourceKind {
	case ledger.SourceDeed:
		return "/deeds/" + p.SourceID.String()
	case ledger.SourceHelp:
		if p.Need == 0 { // not for whoever reads it
			return "/ledger/postings/" + p.ID.String()
		}
		return "/needs/" + p.Need.String()
	case ledger.SourceShift: // stands on pages of volunteers
		return "/ledger/postings/" + p.ID.String()
	}
	return "/attendances/" + p.SourceID.String()
}

func postingRows(ctx context.Context, items []ledger.Item) []partial.Row {
	var list []partial.Row
	for _, p := range items {
		list = append(list, partial.Row{ID: p.ID.String(), Name: p.MemberName, Href: "/ledger/postings/" + p.ID.String(), Cells: []templ.Component{
			partial.Text(p.OnDate.String()), partial.Two(p.MemberName, p.UnitName), partial.Link(p.SourceTitle, Source(p)),
			partial.Label(p.Account.Label()), amount(p.Posting), partial.Badge(ProofOf(p.Proof)), partial.Badge(stateOf(p)),
			partial.Text(reason(ctx, p.Reason))}})
	}
	return list
}

func reason(ctx context.Context, s string) string { return i18n.T(ctx, activity.ReasonText(s)) }

func proofOptions() []field.Option {
	var list []field.Option
	for _, p := range ledger.Proofs {
		list = append(list, field.Option{Value: string(p), Text: p.Label()})
	}
	return list
}

// Period are the years and quarters to choose from: this year and the two before.
func Period(today calendar.Date) (years, quarters []field.Option) {
	this := calendar.QuarterOf(today)
	for i := range 3 {
		y := strconv.Itoa(today.Year() - i)
		years = append(years, field.Option{Value: y, Text: i18n.Verbatim(y)})
	}
	for i := range 9 {
		q := this.Add(-i)
		quarters = append(quarters, field.Option{Value: q.String(), Text: i18n.Verbatim(q.String())})
	}
	return years, quarters
}
