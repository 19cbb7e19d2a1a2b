package platform

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/i18n"
	"linli/internal/retention"
	"linli/internal/web/view/partial"
)

var (
	standingColumns = []partial.Column{{Key: "kind", Title: i18n.RetentionKind, Main: true}, {Key: "period", Title: i18n.RetentionPeriod},
		{Key: "due", Title: i18n.RetentionDue, Num: true}, {Key: "soon", Title: i18n.RetentionSoon, Num: true}}
	keptColumns    = []partial.Column{{Key: "kind", Title: i18n.RetentionKind, Main: true}, {Key: "why", Title: i18n.RetentionWhy}}
	removedColumns = []partial.Column{{Key: "when", Title: i18n.RetentionWhen, Tight: true}, {Key: "kind", Title: i18n.RetentionKind, Main: true},
		{Key: "period", Title: i18n.RetentionPeriod, Minor: true}, {Key: "count", Title: i18n.RetentionCount, Num: true}}
)

func periodOf(ctx context.Context, k retention.Kind, n int64) string {
	if n == 0 {
		return i18n.T(ctx, i18n.RetentionUnset)
	}
	return strings.TrimSpace(i18n.Number(n) + " " + i18n.T(ctx, k.Period.Unit))
}

func standingRows(ctx context.Context, items []retention.Standing, set bool) []partial.Row {
	var out []partial.Row
	for _, s := range items {
		due, soon, before := "", "", ""
		if s.Now > 0 {
			due, soon, before = i18n.Number(s.Due), i18n.Number(s.Soon), i18n.T(ctx, i18n.RetentionBefore, s.Before)
		}
		row := partial.Row{ID: s.Code, Name: i18n.T(ctx, s.Title), Cells: []templ.Component{partial.Two(i18n.T(ctx, s.Title), i18n.T(ctx, s.Act)),
			partial.Two(periodOf(ctx, s.Kind, s.Now), before), partial.Text(due), partial.Text(soon)}}
		if set {
			row.Href = "/settings/" + s.Period.Name
		}
		out = append(out, row)
	}
	return out
}

func keptRows(ctx context.Context, items []retention.Kept) []partial.Row {
	var out []partial.Row
	for _, k := range items {
		out = append(out, partial.Row{Name: i18n.T(ctx, k.Title), Cells: []templ.Component{partial.Text(i18n.T(ctx, k.Title)), partial.Text(i18n.T(ctx, k.Why))}})
	}
	return out
}

func removedRows(ctx context.Context, items []retention.Done) []partial.Row {
	var out []partial.Row
	for _, r := range items {
		name := r.Kind.Code
		if !r.Kind.Title.IsZero() {
			name = i18n.T(ctx, r.Kind.Title)
		}
		out = append(out, partial.Row{ID: r.ID.String(), Name: name, Cells: []templ.Component{partial.Text(i18n.DateTime(r.At)), partial.Text(name),
			partial.Two(periodOf(ctx, r.Kind, r.Period), i18n.T(ctx, i18n.RetentionBefore, r.Before)), partial.Text(i18n.Number(r.Removed))}})
	}
	return out
}
