// Package organisation holds the pages of organisations: lists, one organisation, the chart of a day, and the forms of the acts.
package organisation

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// Href is the page of an organisation.
func Href(org id.ID) string { return "/organisations/" + org.String() }

// ListData is what a list page shows.
type ListData struct {
	Path  string // address of the list
	Query url.Values
	Items []organisation.Item
	Units bool // the list of units, with its own columns
	Next  string
	Prev  string
	Acts  []partial.Act
}

func state(o organisation.Organisation) partial.State {
	if o.Living() {
		return partial.State{Text: i18n.OrgLiving, Tone: partial.Active}
	}
	return partial.State{Text: i18n.OrgEnded, Tone: partial.Ended}
}

// KindOptions are the kinds given as choices.
func KindOptions(kinds []organisation.Kind) []field.Option {
	var out []field.Option
	for _, k := range kinds {
		out = append(out, field.Option{Value: string(k), Text: k.Text()})
	}
	return out
}

func (d ListData) filters() []partial.Filter {
	ended := partial.Filter{Name: "show", Label: i18n.OrgShowEnded, Options: []partial.Option{
		{Value: "ended", Text: i18n.OrgOnlyEnded}, {Value: "all", Text: i18n.OrgWithEnded}}}
	if d.Units {
		return []partial.Filter{{Name: "where", Label: i18n.OrgWhere, Options: []partial.Option{{Value: "none", Text: i18n.OrgUnattached}}}, ended}
	}
	return []partial.Filter{{Name: "kind", Label: i18n.OrgKindLabel, Options: KindOptions(organisation.Kinds())}, ended}
}

func (d ListData) columns() []partial.Column {
	if d.Units {
		return []partial.Column{
			{Key: "name", Title: i18n.OrgName, Main: true}, {Key: "parent", Title: i18n.OrgColSystem}, {Key: "community", Title: i18n.OrgCommunity},
			{Key: "uscc", Title: i18n.OrgUSCC, Minor: true}, {Key: "contact", Title: i18n.OrgContact}, {Key: "state", Title: i18n.OrgState, Tight: true},
		}
	}
	return []partial.Column{
		{Key: "name", Title: i18n.OrgName, Main: true}, {Key: "kind", Title: i18n.OrgKindLabel}, {Key: "parent", Title: i18n.OrgParent},
		{Key: "community", Title: i18n.OrgCommunity, Minor: true}, {Key: "state", Title: i18n.OrgState, Tight: true},
	}
}

func (d ListData) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, o := range d.Items {
		cells := []templ.Component{name(o.Organisation)}
		if d.Units {
			cells = append(cells, linked(o.ParentName, o.ParentID), linked(o.CommunityName, o.CommunityID), partial.Text(o.USCC), contact(o.Organisation))
		} else {
			cells = append(cells, partial.Label(o.What()), linked(o.ParentName, o.ParentID), linked(o.CommunityName, o.CommunityID))
		}
		out = append(out, partial.Row{ID: o.ID.String(), Name: o.Name, Href: Href(o.ID), Cells: append(cells, partial.Badge(state(o.Organisation)))})
	}
	return out
}

func name(o organisation.Organisation) templ.Component {
	if o.ShortName != "" && o.ShortName != o.Name {
		return partial.Two(o.ShortName, o.Name)
	}
	return partial.Text(o.Name)
}

func contact(o organisation.Organisation) templ.Component {
	if o.ContactName == "" || o.PhoneMask == "" {
		return partial.Text(o.ContactName + o.PhoneMask)
	}
	return partial.Two(o.ContactName, o.PhoneMask)
}

func linked(text string, org id.ID) templ.Component {
	if org == 0 {
		return partial.Text("")
	}
	return partial.Link(text, Href(org))
}

// DetailData is what the page of one organisation shows.
type DetailData struct {
	organisation.Detail
	Children []organisation.Item // the first of those below
	Units    []organisation.Item // the first of the units in it
	Acts     []partial.Act
	More     []partial.Act
	PhoneAct string          // address that opens the phone; "" if this person may not
	MapHref  string          // of a community
	Posts    templ.Component // who serves here by agreements; nil for nobody
}

func (d DetailData) facts() []partial.Fact {
	f := []partial.Fact{partial.F(i18n.OrgName, d.Name), {Label: i18n.OrgKindLabel, Value: partial.Label(d.What())},
		{Label: i18n.OrgParent, Value: linked(d.ParentName, d.ParentID)}}
	if d.Kind == organisation.Unit {
		f = append(f, partial.Fact{Label: i18n.OrgCommunity, Value: linked(d.CommunityName, d.CommunityID)})
	}
	for _, x := range []struct {
		label i18n.Text
		value string
	}{{i18n.OrgUSCC, d.USCC}, {i18n.OrgCode, d.Code}, {i18n.OrgDivision, d.DivisionCode}, {i18n.OrgSector, d.Sector}, {i18n.OrgAddress, d.Address},
		{i18n.OrgEstablished, d.EstablishedOn.String()}, {i18n.OrgDissolvedOn, d.DissolvedOn.String()}} {
		if x.value != "" {
			f = append(f, partial.F(x.label, x.value))
		}
	}
	if d.ContactName != "" {
		f = append(f, partial.F(i18n.OrgContact, d.ContactName))
	}
	if d.PhoneMask != "" {
		f = append(f, partial.Fact{Label: i18n.OrgPhone, Value: partial.Masked(partial.Sealed{ID: "phone", Label: i18n.OrgPhone, Masked: d.PhoneMask,
			Action: d.PhoneAct, Purposes: purposes})})
	}
	return f
}

var purposes = []partial.Option{
	{Value: "check", Text: i18n.OrgPurposeCheck}, {Value: "contact", Text: i18n.OrgPurposeNotice}, {Value: "emergency", Text: i18n.OrgPurposeHelp},
}

// period shows from when until when something held.
func period(ctx context.Context, since, until calendar.Date) string {
	switch {
	case since.IsZero() && until.IsZero():
		return i18n.T(ctx, i18n.OrgAlways)
	case since.IsZero():
		return i18n.T(ctx, i18n.OrgUntil, until.String())
	case until.IsZero():
		return i18n.T(ctx, i18n.OrgSince, since.String())
	}
	return i18n.T(ctx, i18n.OrgPeriod, since.String(), until.String())
}

func (d DetailData) events(ctx context.Context) []partial.Event {
	var out []partial.Event
	for _, a := range d.Detail.Acts {
		e := partial.Event{When: a.At, What: i18n.T(ctx, a.Kind.Text()), Tone: partial.Neutral}
		switch {
		case a.OtherID != 0 && a.SubjectID == d.ID:
			e.What, e.Href = i18n.T(ctx, i18n.OrgActWith, a.Kind.Text(), a.Other), Href(a.OtherID)
		case a.SubjectID != d.ID:
			e.What, e.Href = i18n.T(ctx, i18n.OrgActWith, a.Kind.Text(), a.Subject), Href(a.SubjectID)
		}
		add := func(s string) {
			if e.Detail != "" {
				e.Detail += " · "
			}
			e.Detail += s
		}
		if !a.On.IsZero() {
			add(i18n.T(ctx, i18n.OrgActOn, a.On.String()))
		}
		if a.Detail != "" {
			add(i18n.T(ctx, i18n.OrgActFormer, a.Detail))
		}
		if a.Document != "" {
			add(i18n.T(ctx, i18n.OrgActDocument, a.Document))
		}
		out = append(out, e)
	}
	return out
}

func below(items []organisation.Item) []partial.Row {
	var out []partial.Row
	for _, o := range items {
		out = append(out, partial.Row{ID: o.ID.String(), Name: o.Name, Href: Href(o.ID), Cells: []templ.Component{name(o.Organisation), partial.Label(o.What())}})
	}
	return out
}

var belowColumns = []partial.Column{{Key: "name", Title: i18n.OrgName, Main: true}, {Key: "kind", Title: i18n.OrgKindLabel}}

// ChartData is the chart of a day.
type ChartData struct {
	organisation.Chart
	Today calendar.Date
	Units bool // stationed units are drawn too
	Area  bool // units stand below the community in which they lie
	Find  string
	List  bool           // as a list that unfolds, not as a drawing
	Root  id.ID          // the drawing begins here, 0 at the top
	Zoom  int            // size of the drawing in per cent, 0 for 100
	kept  map[id.ID]bool // with Find: what is drawn
}

// Found narrows the chart to the organisations whose name holds a text and what they stand below.
func (d ChartData) Found(text string) ChartData {
	if text == "" {
		return d
	}
	d.Find, d.Units, d.kept = text, true, map[id.ID]bool{}
	var keep func(n *organisation.Node) bool
	keep = func(n *organisation.Node) bool {
		here := strings.Contains(n.Name, text)
		for _, c := range n.Children {
			here = keep(c) || here // every child, so that all of them are marked
		}
		if here {
			d.kept[n.ID] = true
		}
		return here
	}
	for _, n := range d.Roots {
		keep(n)
	}
	return d
}

// query is the address of the chart as it stands.
func (d ChartData) query() url.Values {
	q := url.Values{"on": {d.On.String()}}
	if d.Area {
		q.Set("line", "area")
	}
	if d.Find != "" {
		q.Set("q", d.Find)
	} else if d.Units {
		q.Set("units", "1")
	}
	return d.drawn(q)
}

func (d ChartData) tabs() []partial.Tab {
	lead, area := d.query(), d.query()
	lead.Del("line")
	area.Set("line", "area")
	return []partial.Tab{{Text: i18n.OrgChartLead, Href: "/organisations/chart?" + lead.Encode(), Active: !d.Area}, {Text: i18n.OrgChartArea, Href: "/organisations/chart?" + area.Encode(), Active: d.Area}}
}

func (d ChartData) counts() []partial.Stat {
	var out []partial.Stat
	for _, k := range organisation.Kinds() {
		n := d.Counts[k]
		if n == 0 {
			continue
		}
		s := partial.Stat{Label: k.Text(), Value: i18n.Number(int64(n))}
		if d.On == d.Today {
			s.Href = "/organisations?kind=" + string(k)
		}
		out = append(out, s)
	}
	return out
}

// shown are the children that the chart draws.
func (d ChartData) shown(nodes []*organisation.Node) []*organisation.Node {
	if d.kept != nil {
		return slices.DeleteFunc(slices.Clone(nodes), func(n *organisation.Node) bool { return !d.kept[n.ID] })
	}
	if d.Units {
		return nodes
	}
	var out []*organisation.Node
	for _, n := range nodes {
		if n.Kind != organisation.Unit {
			out = append(out, n)
		}
	}
	return out
}

// small is the number of organisations that a chart shows at once; a larger one unfolds only its top at first.
const small = 40

// open says whether a node is drawn unfolded at first.
func (d ChartData) open(depth int) bool {
	if d.kept != nil {
		return true
	}
	return depth < 1 || d.total() <= small
}

// PlainForm is the choice of a plain branch in a form, where the empty value means that nothing was chosen.
const PlainForm = "branch"

// nextForm is what a branch of a form most likely becomes.
func nextForm(f organisation.Form) organisation.Form {
	if f == organisation.PlainBranch {
		return organisation.GeneralBranch
	}
	return organisation.BaseCommittee
}

// formOptions are the forms but the present one.
func formOptions(now organisation.Form) []field.Option {
	var out []field.Option
	for _, f := range organisation.Forms() {
		o := field.Option{Value: string(f), Text: f.Text()}
		if f == organisation.PlainBranch {
			o.Value = PlainForm
		}
		if f != now {
			out = append(out, o)
		}
	}
	return out
}
