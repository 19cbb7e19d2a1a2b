// Package dataright holds the pages of those who answer requests about personal data: the list, one request with its decision, and what is given and taken at the counter.
package dataright

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/dataright"
	"linli/internal/i18n"
	"linli/internal/web/view/field"
	"linli/internal/web/view/ownpage"
	"linli/internal/web/view/partial"
)

// Path is the address of the list.
const Path = "/data-requests"

// Href is the address of a request.
func Href(r dataright.Request) string { return Path + "/" + r.ID.String() }

// Page is a list of requests.
type Page struct {
	Query         url.Values
	Items         []dataright.Request
	Before, After string
	Today         calendar.Date
	Communities   []field.Option
}

var columns = []partial.Column{
	{Key: "no", Title: i18n.DataRightNo, Main: true}, {Key: "name", Title: i18n.ResidentName}, {Key: "kind", Title: i18n.DataRightKind},
	{Key: "community", Title: i18n.ResidentCommunity, Minor: true}, {Key: "channel", Title: i18n.DataRightChannel, Minor: true}, {Key: "received", Title: i18n.DataRightReceived, Minor: true},
	{Key: "due", Title: i18n.DataRightDue}, {Key: "state", Title: i18n.DataRightState, Tight: true},
}

func rows(ctx context.Context, p Page) []partial.Row {
	out := make([]partial.Row, len(p.Items))
	for i, r := range p.Items {
		out[i] = partial.Row{ID: r.ID.String(), Name: r.No, Href: Href(r), Cells: []templ.Component{partial.Text(r.No), partial.Text(r.Name), partial.Text(ownpage.Summary(ctx, r)), partial.Text(r.Community),
			partial.Label(Channel(r)), partial.Date(r.ReceivedAt), partial.Text(r.DueOn.String()), partial.Badge(ownpage.StateOf(r, p.Today))}}
	}
	return out
}

// Channel is how a request came.
func Channel(r dataright.Request) i18n.Text {
	if r.Channel == dataright.ByCounter {
		return i18n.DataRightByCounter
	}
	return i18n.DataRightByAccount
}

func filters(communities []field.Option) []partial.Filter {
	list := []partial.Filter{{Name: "state", Label: i18n.DataRightState, Options: field.Choices(dataright.States(), dataright.State.Text)},
		{Name: "kind", Label: i18n.DataRightKind, Options: field.Choices(dataright.Kinds(), dataright.Kind.Text)},
		{Name: "late", Label: i18n.DataRightLate, Options: []field.Option{{Value: "1", Text: i18n.DataRightLateOnly}}}}
	if len(communities) > 1 {
		list = append(list, partial.Filter{Name: "community", Label: i18n.ResidentCommunity, Options: communities})
	}
	return list
}

// One is a request as those see it who decide.
type One struct {
	dataright.Request
	Now    string // what the record has now
	Today  calendar.Date
	Form   field.Form
	Decide bool
	Sees   bool // the page of the resident may be opened
}

func (o One) facts(ctx context.Context) []partial.Fact {
	list := ownpage.Facts(ctx, o.Request, o.Now)
	list = append(list, partial.F(i18n.DataRightChannel, i18n.T(ctx, Channel(o.Request))))
	if o.DecidedBy != "" {
		list = append(list, partial.F(i18n.DataRightBy, o.DecidedBy+" · "+i18n.DateTime(o.DecidedAt)))
	}
	return list
}

// reasons are common reasons of a refusal.
func reasons() []i18n.Text {
	return []i18n.Text{i18n.DataRightReason1, i18n.DataRightReason2}
}

// Slip is what is given at the counter.
type Slip struct {
	Name, Back, Code, Page string
	Days                   int64
}
