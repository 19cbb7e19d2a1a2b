package meeting

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/meeting"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// Due is a page of what is due.
type Due struct {
	Query         url.Values
	Items         []meeting.DueOf
	Kinds         []meeting.Kind
	Before, After string
}

func dueFilters(d Due) []partial.Filter {
	var owed []meeting.Kind
	for _, k := range d.Kinds {
		if k.Every != meeting.Freely {
			owed = append(owed, k)
		}
	}
	return []partial.Filter{kindFilter(owed), {Name: "only", Label: i18n.MeetingDueOnly, Options: []partial.Option{{Value: string(meeting.Overdue), Text: i18n.MeetingOverdue}, {Value: string(meeting.Wanted), Text: i18n.MeetingDue}}}}
}

var dueColumns = []partial.Column{{Key: "name", Title: i18n.MeetingDueOf, Main: true}, {Key: "over", Title: i18n.MeetingDueOver}, {Key: "want", Title: i18n.MeetingDueWant}, {Key: "plan", Title: i18n.MeetingDuePlan, Num: true}, {Key: "held", Title: i18n.MeetingDueHeld, Num: true}}

// Cells names duties in a line: 2026 年 3 月主题党日、….
func Cells(l i18n.Lang, cells []meeting.Cell, most int) string {
	var names []string
	for i, c := range cells {
		if most > 0 && i == most {
			names = append(names, "+"+strconv.Itoa(len(cells)-most))
			break
		}
		names = append(names, c.KindName().In(l)+i18n.PartialAside.In(l, c.Label()))
	}
	return strings.Join(names, i18n.PaperComma.In(l))
}

func dueRows(ctx context.Context, items []meeting.DueOf) []partial.Row {
	var rows []partial.Row
	for _, d := range items {
		rows = append(rows, partial.Row{ID: HolderValue(d.Holder), Name: d.Name, Href: YearPath + "?holder=" + HolderValue(d.Holder), Cells: []templ.Component{partial.Text(d.Name), dueCell(len(d.Overdue), Cells(i18n.From(ctx), d.Overdue, 4), partial.Refused),
			dueCell(len(d.Wanted), Cells(i18n.From(ctx), d.Wanted, 4), partial.Waiting), partial.Num(int64(len(d.Fixed))), partial.Num(d.Done)}})
	}
	return rows
}

// Year is what a holder owes in a year.
type Year struct {
	meeting.Holder
	Name    string
	Year    int
	Cells   []meeting.Cell
	Today   calendar.Date
	Holders []field.Option
	Plans   bool
	Form    field.Form
}

// row is a kind of meeting with its periods.
type row struct {
	name  i18n.Text
	every i18n.Text
	cells []meeting.Cell
}

func (y Year) rows() []row {
	var out []row
	last := ""
	for _, c := range y.Cells {
		if c.KindCode != last {
			out, last = append(out, row{name: c.KindName(), every: c.Every.Text()}), c.KindCode
		}
		out[len(out)-1].cells = append(out[len(out)-1].cells, c)
	}
	return out
}

func cellState(l i18n.Lang, c meeting.Cell, today calendar.Date) partial.State {
	st := c.Standing(today)
	return partial.State{Text: i18n.Verbatim(c.Label().In(l) + " " + st.Text().In(l)), Tone: map[meeting.Standing]partial.Tone{meeting.Done: partial.Closed, meeting.Fixed: partial.Waiting, meeting.Wanted: partial.Warned, meeting.Overdue: partial.Refused, meeting.Ahead: partial.Draft}[st]}
}

// cellHref leads to the meetings of a cell, or to the form that plans one.
func (y Year) cellHref(c meeting.Cell) string {
	q := url.Values{"kind": {c.KindCode}}
	if c.Held+c.Planned == 0 && y.Plans {
		q.Set("holder", HolderValue(y.Holder))
		return Path + "/new?" + q.Encode()
	}
	q.Set("from", c.Start.String())
	q.Set("to", c.Ends.String())
	if y.BodyID != 0 {
		q.Set("body", y.BodyID.String())
	} else {
		q.Set("owner", y.OwnerID.String())
	}
	return Path + "?" + q.Encode()
}

func (y Year) href(year int) string {
	return YearPath + "?" + url.Values{"holder": {HolderValue(y.Holder)}, "year": {strconv.Itoa(year)}}.Encode()
}

func (y Year) kindOptions() []field.Option {
	var out []field.Option
	for _, r := range y.rows() {
		out = append(out, field.Option{Value: r.cells[0].KindCode, Text: r.name, Note: i18n.T(context.Background(), r.every)})
	}
	return out
}
