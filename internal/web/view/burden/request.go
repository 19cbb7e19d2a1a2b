package burden

import (
	"github.com/a-h/templ"

	"linli/internal/i18n"
	"linli/internal/request"
	"linli/internal/web/view/chart"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/request"
)

// Loads is what offices above ask, by office and month, for who may see it.
type Loads struct {
	May   bool
	Items []request.Load
}

func loadStats(l Loads) []partial.Stat {
	t := request.Sum(l.Items)
	return []partial.Stat{
		{Label: i18n.RequestShare, Value: view.Share(t.Percent()), Href: view.AnswersPath},
		{Label: i18n.RequestTimes, Value: i18n.Number(t.Times), Href: view.Path},
		{Label: i18n.RequestFields, Value: i18n.Number(t.Asked), Href: view.AnswersPath},
		{Label: i18n.RequestLeft, Value: i18n.Number(t.Left()), Href: view.AnswersPath},
		{Label: i18n.RequestTook, Value: i18n.Number(t.Minutes), Href: view.AnswersPath},
	}
}

// officeBars are the fields that each office asked; offices stand in the order of the table.
func officeBars(l Loads) []chart.Item {
	var items []chart.Item
	at := map[string]int{}
	for _, x := range l.Items {
		i, ok := at[x.Office]
		if !ok {
			i = len(items)
			at[x.Office] = i
			items = append(items, chart.Item{Label: x.Office, Href: view.AnswersHref(x.Office, "")})
		}
		items[i].Value += x.Asked
		items[i].Shown = i18n.Number(items[i].Value)
	}
	return items
}

var loadColumns = []partial.Column{
	{Key: "office", Title: i18n.RequestOffice, Main: true}, {Key: "month", Title: i18n.RequestMonthCol, Tight: true}, {Key: "times", Title: i18n.RequestTimes, Num: true}, {Key: "answers", Title: i18n.RequestAnswersNo, Num: true},
	{Key: "asked", Title: i18n.RequestFields, Num: true}, {Key: "filled", Title: i18n.RequestFilled, Num: true}, {Key: "left", Title: i18n.RequestLeft, Num: true}, {Key: "share", Title: i18n.RequestShare, Num: true},
	{Key: "minutes", Title: i18n.RequestTook, Num: true},
}

func loadRows(l Loads) []partial.Row {
	var rows []partial.Row
	for _, x := range l.Items {
		href := view.AnswersHref(x.Office, x.Month)
		rows = append(rows, partial.Row{ID: x.Month + x.Office, Name: x.Office, Href: href, Cells: []templ.Component{partial.Text(x.Office), partial.Text(x.Month), partial.Num(x.Times), partial.NumLink(x.Answers, href),
			partial.NumLink(x.Asked, href), partial.NumLink(x.Filled, href), partial.NumLink(x.Left(), href), partial.Text(view.Share(x.Percent())), partial.NumLink(x.Minutes, href)}})
	}
	return rows
}
