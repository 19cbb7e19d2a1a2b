// Package body holds the pages of joint bodies: the list, and a body with its seats and rules of procedure.
package body

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/body"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// Path is the list of bodies.
const Path = "/bodies"

// Href is the address of a body.
func Href(b id.ID) string { return Path + "/" + b.String() }

// List is a page of bodies.
type List struct {
	Query         url.Values
	Items         []body.Body
	Before, After string
	Keep          bool
}

func listActs(l List) []partial.Act {
	acts := []partial.Act{}
	if l.Keep {
		acts = append(acts, partial.Act{Text: i18n.BodyNew, Href: Path + "/new", Icon: icon.Plus, Look: partial.Primary})
	}
	return acts
}

func filters() []partial.Filter {
	kind := partial.Filter{Name: "kind", Label: i18n.BodyKind}
	for _, k := range body.Kinds() {
		kind.Options = append(kind.Options, partial.Option{Value: string(k), Text: k.Text()})
	}
	return []partial.Filter{kind, {Name: "ended", Label: i18n.BodyState, Options: []partial.Option{{Value: "1", Text: i18n.BodyShowEnded}}}}
}

var listColumns = []partial.Column{{Key: "name", Title: i18n.BodyName, Main: true}, {Key: "kind", Title: i18n.BodyKind}, {Key: "leader", Title: i18n.BodyLeader},
	{Key: "seats", Title: i18n.BodySeatCount, Num: true}, {Key: "founded", Title: i18n.BodyFounded, Minor: true}, {Key: "term", Title: i18n.BodyTermTo, Minor: true}, {Key: "state", Title: i18n.BodyState, Tight: true}}

func listRows(items []body.Body) []partial.Row {
	var rows []partial.Row
	for _, b := range items {
		rows = append(rows, partial.Row{ID: b.ID.String(), Name: b.Name, Href: Href(b.ID), Cells: []templ.Component{partial.Text(b.Name), partial.Label(b.Kind.Text()), partial.Text(b.Leader),
			partial.Num(b.Seats), partial.Text(b.FoundedOn.String()), partial.Text(b.TermTo.String()), partial.Badge(StateOf(b))}})
	}
	return rows
}

// StateOf is the state of a body as a badge.
func StateOf(b body.Body) partial.State {
	if !b.Living() {
		return partial.State{Text: i18n.BodyEnded, Tone: partial.Ended}
	}
	return partial.State{Text: i18n.BodyLiving, Tone: partial.Active}
}

// Form is the page on which a body is set up or changed.
type Form struct {
	Form    field.Form
	To      string
	Version int64
	Leaders []field.Option // none on a change
	Save    i18n.Text
	Back    string
}

func kindOptions() []field.Option {
	var out []field.Option
	for _, k := range body.Kinds() {
		out = append(out, field.Option{Value: string(k), Text: k.Text()})
	}
	return out
}

func roleOptions(k body.Kind) []field.Option {
	var out []field.Option
	for _, r := range body.Roles() {
		out = append(out, field.Option{Value: string(r), Text: k.Role(r)})
	}
	return out
}

// Show is the page of a body.
type Show struct {
	body.Detail
	Sent     field.Form // the form that was sent and not accepted
	SentName string
	Unit     string         // typed as the organisation of a new seat
	Raise    []field.Option // organisations for which the actor raises topics here
	History  []partial.Event
	Plans    bool // the actor plans its meetings
	Feed     bool
}

// form is one of the forms of the page: as it was sent, if it was.
func (s Show) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if s.SentName == "body."+name || s.SentName == "topic."+name {
		f = s.Sent
	}
	f.ID = name + "-"
	return f
}

func (s Show) rulesForm() field.Form {
	f := s.form("rules")
	if len(f.Values) == 0 {
		f.Values = url.Values{"title": {i18n.BodyRules.In(i18n.ZH)}, "text": {""}}
		if len(s.Rules) > 0 {
			f.Values = url.Values{"title": {s.Rules[0].Title}, "text": {s.Rules[0].Text}}
		}
	}
	return f
}

func (s Show) edition() string {
	if len(s.Rules) == 0 {
		return "0"
	}
	return strconv.FormatInt(s.Rules[0].Edition, 10)
}

func (s Show) read() int {
	n := 0
	for _, r := range s.Readers {
		if !r.At.IsZero() {
			n++
		}
	}
	return n
}

func (s Show) seats(ended bool) []body.Seat {
	var out []body.Seat
	for _, x := range s.Detail.Seats {
		if x.To.IsZero() != ended {
			out = append(out, x)
		}
	}
	return out
}

var seatColumns = []partial.Column{{Key: "unit", Title: i18n.BodyUnit, Main: true}, {Key: "name", Title: i18n.BodyRep}, {Key: "title", Title: i18n.BodyPost}, {Key: "role", Title: i18n.BodyRole, Tight: true},
	{Key: "from", Title: i18n.BodyFrom, Tight: true}, {Key: "end", Title: i18n.BodyTo, Tight: true}}

func (s Show) seatRows(ctx context.Context, ended bool) []partial.Row {
	var rows []partial.Row
	for _, x := range s.seats(ended) {
		last := partial.Text(x.To.String())
		if s.Keeps && !ended && s.Living() {
			last = partial.Button(partial.Act{Text: i18n.BodySeatEnd, Href: Href(s.ID) + "/seats/" + x.ID.String() + "/end", Small: true, Look: partial.Quiet,
				Confirm: &partial.Confirm{ID: "end-" + x.ID.String(), Question: i18n.T(ctx, i18n.BodySeatEndSure, x.Organisation, x.Name), Reason: i18n.BodyReason, Form: "body.seat_end"}})
		}
		var name templ.Component = partial.Text(x.Name)
		if x.Reason != "" {
			name = partial.Two(x.Name, x.Reason)
		}
		rows = append(rows, partial.Row{ID: x.ID.String(), Name: x.Organisation, Cells: []templ.Component{partial.Text(x.Organisation), name, partial.Text(x.Title),
			partial.Label(s.Kind.Role(x.Role)), partial.Text(x.From.String()), last}})
	}
	return rows
}

func (s Show) facts() []partial.Fact {
	list := []partial.Fact{{Label: i18n.BodyKind, Value: partial.Label(s.Kind.Text())}, partial.F(i18n.BodyLeader, s.Leader), partial.F(i18n.BodyFounded, s.FoundedOn.String())}
	if !s.TermTo.IsZero() {
		list = append(list, partial.F(i18n.BodyTermTo, s.TermTo.String()))
	}
	if s.Document != "" {
		list = append(list, partial.F(i18n.BodyDocument, s.Document))
	}
	if s.Reason != "" {
		list = append(list, partial.F(i18n.BodyReason, s.EndedOn.String()+" "+s.Reason))
	}
	return list
}

func (s Show) head(ctx context.Context) partial.Head {
	h := partial.Head{Title: s.Name, Under: s.Leader, State: StateOf(s.Body)}
	if s.Plans && s.Living() {
		h.Acts = append(h.Acts, partial.Act{Text: i18n.MeetingNew, Href: "/meetings/new?holder=b" + s.ID.String(), Icon: icon.Plus, Look: partial.Primary})
	}
	h.Acts = append(h.Acts, partial.Act{Text: i18n.MeetingTitle, Href: "/meetings?body=" + s.ID.String(), Icon: icon.Calendar},
		partial.Act{Text: i18n.MeetingYearTitle, Href: "/meetings/year?holder=b" + s.ID.String(), Icon: icon.Table})
	h.More = append(h.More, partial.Act{Text: i18n.BodyPrint, Href: Href(s.ID) + "/print", Icon: icon.Print}, partial.Act{Text: i18n.PartialExport, Href: Href(s.ID) + "/export", Icon: icon.Download})
	if s.Keeps && s.Living() {
		h.More = append(h.More, partial.Act{Text: i18n.BodyEditTitle, Href: Href(s.ID) + "/edit", Icon: icon.Edit},
			partial.Act{Text: i18n.BodyEnd, Href: Href(s.ID) + "/end", Look: partial.Danger,
				Confirm: &partial.Confirm{ID: "end-body", Question: i18n.T(ctx, i18n.BodyEndSure, s.Name), Reason: i18n.BodyReason, Form: "body.end"}})
	}
	return h
}
