package platform

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/audit"
	"linli/internal/holiday"
	"linli/internal/i18n"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

func standingFacts(ctx context.Context, s audit.Standing) []partial.Fact {
	entries := func(n int64) string { return i18n.T(ctx, i18n.AuditEntries, i18n.Number(n)) }
	list := []partial.Fact{partial.F(i18n.AuditSealed, entries(s.Sealed))}
	if !s.SealedAt.IsZero() {
		list = append(list, partial.Fact{Label: i18n.AuditSealedLast, Value: partial.Moment(s.SealedAt)})
	}
	if s.Unsealed > 0 {
		list = append(list, partial.F(i18n.AuditUnsealed, entries(s.Unsealed)))
	}
	if s.Last.ID == 0 {
		return append(list, partial.F(i18n.AuditChecked, i18n.T(ctx, i18n.AuditNever)))
	}
	return append(list, partial.Fact{Label: i18n.AuditChecked, Value: partial.Moment(s.Last.At)}, partial.F(i18n.AuditResult, checkResult(ctx, s.Last)))
}

func checkResult(ctx context.Context, c audit.Checked) string {
	if c.Faults == 0 {
		return i18n.T(ctx, i18n.AuditFine)
	}
	return i18n.T(ctx, i18n.AuditFaults, c.Faults, c.First)
}

func recordState(s audit.Standing) partial.State {
	switch {
	case s.Last.ID == 0:
		return partial.State{Text: i18n.AuditNever, Tone: partial.Waiting}
	case s.Last.Faults > 0:
		return partial.State{Text: i18n.Both(i18n.AuditFaults.In(i18n.ZH, s.Last.Faults, ""), i18n.AuditFaults.In(i18n.EN, s.Last.Faults, "")), Tone: partial.Refused}
	}
	return partial.State{Text: i18n.AuditFine, Tone: partial.Active}
}

var checkColumns = []partial.Column{
	{Key: "when", Title: i18n.AuditWhen, Tight: true}, {Key: "result", Title: i18n.AuditResult, Main: true}, {Key: "linked", Title: i18n.AuditSealed, Num: true},
	{Key: "by", Title: i18n.AuditBy, Minor: true},
}

func checkRows(ctx context.Context, items []audit.Checked) []partial.Row {
	var out []partial.Row
	for _, c := range items {
		by := i18n.AuditByItself
		if c.AccountID != 0 {
			by = i18n.AuditByHand
		}
		out = append(out, partial.Row{ID: c.ID.String(), Name: i18n.DateTime(c.At), Cells: []templ.Component{
			partial.Moment(c.At), partial.Text(checkResult(ctx, c)), partial.Text(i18n.Number(c.Linked)), partial.Label(by)}})
	}
	return out
}

var yearColumns = []partial.Column{
	{Key: "year", Title: i18n.CalendarYear, Main: true, Tight: true}, {Key: "notice", Title: i18n.CalendarNotice}, {Key: "days", Title: i18n.CalendarDays, Num: true},
	{Key: "from", Title: i18n.CalendarFrom, Minor: true},
}

func yearRows(ctx context.Context, years []holiday.Year) []partial.Row {
	var out []partial.Row
	for _, y := range years {
		from := i18n.CalendarProgram
		if y.Loaded {
			from = i18n.CalendarOwn
		}
		year := strconv.Itoa(y.Year.Year)
		out = append(out, partial.Row{ID: year, Name: year, Cells: []templ.Component{
			partial.Text(year), partial.Text(y.Notice), partial.Text(strconv.Itoa(len(y.Days))), partial.Label(from)}})
	}
	return out
}

// yearHint shows how a year is written down, with the year that the form is about.
func yearHint(ctx context.Context, f field.Form) i18n.Text {
	year := f.Values.Get("year")
	return i18n.Both(i18n.CalendarTextH.In(i18n.ZH, year), i18n.CalendarTextH.In(i18n.EN, year))
}
