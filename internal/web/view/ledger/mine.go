package ledger

import (
	"context"
	"strconv"

	"linli/internal/calendar"
	"linli/internal/deed"
	"linli/internal/i18n"
	"linli/internal/ledger"
	"linli/internal/web/view/chart"
	"linli/internal/web/view/partial"
)

// DeedState is how the state of a deed is shown.
func DeedState(s deed.State) partial.State {
	tones := map[deed.State]partial.Tone{deed.Proposed: partial.Waiting, deed.Confirmed: partial.Closed, deed.Declined: partial.Refused,
		deed.Withdrawn: partial.Ended, deed.Revoked: partial.Ended}
	return partial.State{Text: s.Label(), Tone: tones[s]}
}

func mixNote(ctx context.Context, a ledger.Account, m ledger.Mix) string {
	s := ""
	for _, p := range ledger.Proofs {
		if n := m.Of(p); n != 0 {
			if s != "" {
				s += " · "
			}
			s += i18n.T(ctx, p.Label()) + " " + a.Show(n)
		}
	}
	return s
}

func mixItems(ctx context.Context, m ledger.MemberYear, open string) []chart.Item {
	var items []chart.Item
	for _, p := range ledger.Proofs {
		n := m.Totals.Hours.Of(p)
		items = append(items, chart.Item{Label: i18n.T(ctx, p.Label()), Value: max(n, 0), Shown: i18n.Hours(n),
			Href: open + "account=hours&proof=" + string(p) + "&year=" + strconv.Itoa(m.Year)})
	}
	return items
}

func quarterStats(ctx context.Context, m ledger.MemberYear, open string) []partial.Stat {
	var list []partial.Stat
	for n, t := range m.Quarters {
		list = append(list, partial.Stat{Label: i18n.Verbatim(i18n.T(ctx, i18n.LedgerQuarterN, n+1)), Value: i18n.Hours(t.Hours.Total()), Unit: i18n.LedgerHoursUnit,
			Note: i18n.T(ctx, i18n.LedgerDeeds) + " " + i18n.Number(t.Deeds.Total()), Href: open + "quarter=" + calendar.NewQuarter(m.Year, n+1).String()})
	}
	return list
}

func poster(ctx context.Context, i ledger.Item) string {
	if i.PostedByName == "" {
		return i18n.T(ctx, i18n.LedgerSystem)
	}
	return i.PostedByName
}

func mySource(i ledger.Item) string {
	switch i.SourceKind {
	case ledger.SourceDeed:
		return "/m/deeds/" + i.SourceID.String()
	case ledger.SourceHelp:
		return "/m/help/pledges/" + i.Pledge.String()
	}
	return "/m/activities/" + i.ActivityID.String()
}

func unit(a ledger.Account) i18n.Text {
	if a == ledger.Hours {
		return i18n.LedgerHoursUnit
	}
	return i18n.LedgerDeedsUnit
}
