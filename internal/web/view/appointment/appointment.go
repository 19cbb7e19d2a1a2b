// Package appointment draws the pages of posts and of who holds them.
package appointment

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/appointment"
	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// The addresses.
const (
	Path         = "/posts"
	ConcernsPath = Path + "/concerns"
)

// Href is the address of an appointment.
func Href(a id.ID) string { return Path + "/" + a.String() }

// RosterHref is the address of the roster of an organisation.
func RosterHref(organisation id.ID) string {
	return "/organisations/" + organisation.String() + "/roster"
}

// NewHref is the address of the form for a post of an organisation.
func NewHref(organisation id.ID) string { return Path + "/new?organisation=" + organisation.String() }

// List is the page of all posts held.
type List struct {
	Query         url.Values
	Items         []appointment.Item
	Before, After string
	Structure     appointment.Structure
	On            calendar.Date
	Acts          []partial.Act
}

// Concerns is the page of the organisations that a rule is about.
type Concerns struct {
	Query         url.Values
	Items         []appointment.State
	Before, After string
	Today         calendar.Date
}

// Roster is the page of one organisation.
type Roster struct {
	appointment.Roster
	OrganisationID id.ID
	Today          calendar.Date
	Keep           bool
}

// Form is the form of an appointment.
type Form struct {
	field.Form
	Organisation id.ID
	Name         string // of the organisation
	Person       string // chosen
	Posts        []field.Option
	Today        string
}

// Show is the page of one appointment.
type Show struct {
	appointment.Item
	Form  Form
	Keep  bool
	Held  bool
	Today string
}

var columns = []partial.Column{{Key: "name", Title: i18n.PostPerson, Main: true}, {Key: "post", Title: i18n.PostLabel}, {Key: "org", Title: i18n.PostOrg},
	{Key: "age", Title: i18n.PostAges, Num: true}, {Key: "origin", Title: i18n.PostOrigin}, {Key: "from", Title: i18n.PostFrom, Tight: true}}

var rosterColumns = []partial.Column{{Key: "post", Title: i18n.PostLabel}, {Key: "name", Title: i18n.PostPerson, Main: true}, {Key: "way", Title: i18n.PostWay},
	{Key: "from", Title: i18n.PostFrom, Tight: true}, {Key: "term", Title: i18n.PostTermEnds, Tight: true}}

var concernColumns = []partial.Column{{Key: "org", Title: i18n.PostOrg, Main: true}, {Key: "members", Title: i18n.PostMembers, Num: true}, {Key: "full", Title: i18n.PostFull, Num: true},
	{Key: "team", Title: i18n.PostTeamSize, Num: true}, {Key: "advice", Title: i18n.PostAdvice}}

// age is the age on a day in words, "" if the day of birth is not known.
func age(i appointment.Item, on calendar.Date) string {
	if i.BornOn.IsZero() {
		return ""
	}
	return strconv.Itoa(i.Age(on))
}

func span(ctx context.Context, i appointment.Item) string {
	if !i.EndedOn.IsZero() {
		return i18n.T(ctx, i18n.PostEndedOn, i.EndedOn.String())
	}
	if !i.TermEndsOn.IsZero() {
		return i18n.T(ctx, i18n.PostUntil, i.TermEndsOn.String())
	}
	return ""
}

func rows(ctx context.Context, l List) []partial.Row {
	var out []partial.Row
	for _, i := range l.Items {
		out = append(out, partial.Row{ID: i.ID.String(), Name: i.Name, Href: Href(i.ID), Cells: []templ.Component{partial.Two(i.Name, ""), partial.Label(i.Called()),
			partial.Two(i.Organisation, i.Above), partial.Text(age(i, l.On)), partial.Label(i.Origin.Text()), partial.Two(i.FromOn.String(), span(ctx, i))}})
	}
	return out
}

func rosterRows(ctx context.Context, list []appointment.Item, on calendar.Date) []partial.Row {
	var out []partial.Row
	for _, i := range list {
		term := i.TermEndsOn.String()
		if !i.EndedOn.IsZero() {
			term = i18n.T(ctx, i18n.PostEndedOn, i.EndedOn.String())
		}
		out = append(out, partial.Row{ID: i.ID.String(), Name: i.Name, Href: Href(i.ID), Cells: []templ.Component{partial.Label(i.Called()), partial.Two(i.Name, i18n.T(ctx, i.Origin.Text())),
			partial.Label(i.Way.Text()), partial.Text(i.FromOn.String()), partial.Text(term)}})
	}
	return out
}

func concernRows(ctx context.Context, c Concerns) []partial.Row {
	var out []partial.Row
	for _, s := range c.Items {
		words := ""
		for _, x := range s.Concerns(c.Today) {
			if words != "" {
				words += i18n.T(ctx, i18n.CodeListComma)
			}
			words += i18n.T(ctx, x.Short())
		}
		out = append(out, partial.Row{ID: s.OrganisationID.String(), Name: s.Name, Href: RosterHref(s.OrganisationID), Cells: []templ.Component{partial.Two(s.Name, s.Above),
			partial.Num(s.Members), partial.Num(s.Full), partial.Num(s.Team), partial.Text(words)}})
	}
	return out
}

// PostOptions are the posts of a kind of organisation.
func PostOptions(k organisation.Kind) []field.Option {
	return field.Choices(appointment.Of(k), appointment.Post.Text)
}

func filters() []partial.Filter {
	return []partial.Filter{
		{Name: "post", Label: i18n.PostLabel, Options: field.Choices(appointment.Posts(), appointment.Post.Text)},
		{Name: "kind", Label: i18n.OrgKindLabel, Options: field.Choices(organisation.Kinds(), organisation.Kind.Text)},
		{Name: "origin", Label: i18n.PostOrigin, Options: field.Choices(appointment.Origins(), appointment.Origin.Text)},
		{Name: "age", Label: i18n.PostAges, Options: field.Choices(appointment.Bands(), appointment.Band.Text)},
		{Name: "schooling", Label: i18n.PostSchools, Options: field.Choices(appointment.Schoolings(), appointment.Schooling.Text)},
		{Name: "sex", Label: i18n.PostWomen, Options: []field.Option{{Value: "2", Text: i18n.PostWomen}}},
		{Name: "both", Label: i18n.PostCross, Options: []field.Option{{Value: "shoulder", Text: i18n.PostShoulder}, {Value: "cross", Text: i18n.PostCross}}},
		{Name: "show", Label: i18n.PostShow, Options: []field.Option{{Value: "ended", Text: i18n.PostShowEnded}}},
	}
}

func concernFilters() []partial.Filter {
	return []partial.Filter{{Name: "about", Label: i18n.PostAdvice, Options: field.Choices(appointment.Concerns(), appointment.Concern.Short)}}
}

// narrowed is the list with one more filter.
func (l List) narrowed(key, value string) string { return partial.Href(Path, l.Query, key, value) }

// part is one line of the structure.
type part struct {
	name i18n.Text
	n    int64
	href string
}

// parts are the lines of the structure by heading; what nobody is, is left out.
func (l List) parts() []struct {
	title i18n.Text
	parts []part
} {
	s := l.Structure
	type block = struct {
		title i18n.Text
		parts []part
	}
	ages, schools, origins := block{title: i18n.PostAges}, block{title: i18n.PostSchools}, block{title: i18n.PostOrigins}
	for _, b := range appointment.Bands() {
		ages.parts = append(ages.parts, part{b.Text(), s.Ages[b], l.narrowed("age", string(b))})
	}
	for _, g := range appointment.Schoolings() {
		schools.parts = append(schools.parts, part{g.Text(), s.School[g], l.narrowed("schooling", string(g))})
	}
	for _, o := range appointment.Origins() {
		origins.parts = append(origins.parts, part{o.Text(), s.Origins[o], l.narrowed("origin", string(o))})
	}
	return []block{ages, schools, origins}
}

func (l List) stats(ctx context.Context) []partial.Stat {
	s := l.Structure
	mean := ""
	if s.AgeKnown > 0 {
		mean = i18n.T(ctx, i18n.PostAgeValue, strconv.FormatInt(s.MeanAge()/10, 10)+"."+strconv.FormatInt(s.MeanAge()%10, 10))
	}
	n := func(v int64) string { return strconv.FormatInt(v, 10) }
	return []partial.Stat{{Label: i18n.PostHolders, Value: n(s.People)}, {Label: i18n.PostMeanAge, Value: mean},
		{Label: i18n.PostWomen, Value: n(s.Women), Href: l.narrowed("sex", "2")}, {Label: i18n.PostShoulder, Value: n(s.Shoulder), Href: l.narrowed("both", "shoulder")},
		{Label: i18n.PostCross, Value: n(s.Cross), Href: l.narrowed("both", "cross")}}
}

func (s Show) facts() []partial.Fact {
	list := []partial.Fact{{Label: i18n.PostOrg, Value: partial.Link(s.Organisation, RosterHref(s.OrganisationID))}, {Label: i18n.PostLabel, Value: partial.Label(s.Called())},
		{Label: i18n.PostWay, Value: partial.Label(s.Way.Text())}, {Label: i18n.PostOrigin, Value: partial.Label(s.Origin.Text())}, partial.F(i18n.PostFrom, s.FromOn.String())}
	add := func(t i18n.Text, v string) {
		if v != "" {
			list = append(list, partial.F(t, v))
		}
	}
	add(i18n.PostTermEnds, s.TermEndsOn.String())
	add(i18n.PostDocument, s.Document)
	add(i18n.PostEndOn, s.EndedOn.String())
	add(i18n.PostEndWhy, s.EndReason)
	add(i18n.PostEndDoc, s.EndDocument)
	return list
}

func (s Show) version() string { return strconv.FormatInt(s.Version, 10) }

// wrong says whether one of the terms is at fault, so that their form stands open.
func (f Form) wrong() bool {
	if f.Err == nil {
		return false
	}
	for _, name := range []string{"post", "from_on", "term_ends_on", "title", "document", "way", "origin", "person_id"} {
		if _, ok := f.Err.Fields[name]; ok {
			return true
		}
	}
	return false
}
