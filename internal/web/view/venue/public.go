package venue

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/venue"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// Public is the list for residents.
type Public struct {
	Items         []venue.Venue
	Query         url.Values
	Before, After string
	Communities   []field.Option
	District      string
	Today         calendar.Date
}

func (p Public) filters() []partial.Filter {
	return []partial.Filter{{Name: "free", Label: i18n.VenueFreeOn, Options: freeDays(p.Today)}, {Name: "kind", Label: i18n.VenueKind, Options: kinds()}, {Name: "c", Label: i18n.CasePublicCommunity, Options: p.Communities}}
}

func (p Public) href(v id.ID) string {
	return withDistrict(PublicHref(v), p.District, "w", p.Query.Get("free"))
}

// withDistrict is an address with the district and further values that are not empty.
func withDistrict(path, district string, more ...string) string {
	q := url.Values{}
	if district != "" {
		q.Set("d", district)
	}
	for i := 0; i+1 < len(more); i += 2 {
		if more[i+1] != "" {
			q.Set(more[i], more[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// PublicOne is a place for residents, with a week.
type PublicOne struct {
	venue.Venue
	Columns  []venue.Column
	First    calendar.Date
	Today    calendar.Date
	District string
}

func (p PublicOne) move() Move {
	at := func(d calendar.Date) string { return withDistrict(PublicHref(p.ID), p.District, "w", d.String()) }
	m := Move{Now: at(p.Today), After: at(p.First.AddDays(7))}
	if p.First.After(p.Today) {
		m.Before = at(p.First.AddDays(-7))
	}
	return m
}

func (p PublicOne) grid() Grid {
	g := Grid{Columns: p.Columns, Name: p.Name, Today: p.Today}
	if p.Audience == venue.Residents && p.Active() {
		g.Book = func(at time.Time) string {
			return withDistrict(PublicHref(p.ID)+"/book", p.District, "at", strconv.FormatInt(at.Unix(), 10))
		}
	}
	return g
}

// Receipt is what whoever books takes away.
type Receipt struct {
	venue.Receipt
	Venue    string
	When     string
	Page, QR string
	District string
}

// When is the time of a receipt in words.
func When(ctx context.Context, from, to time.Time) string { return span(ctx, from, to) }

// Following is a booking as who booked it sees it.
type Following struct {
	venue.Followed
	Rate  field.Form
	Leave field.Form
}

func (f Following) say() i18n.Text {
	return map[venue.State]i18n.Text{venue.Asked: i18n.VenueSayAsked, venue.Agreed: i18n.VenueSayAgreed, venue.In: i18n.VenueSayIn, venue.Done: i18n.VenueSayDone, venue.Refused: i18n.VenueSayRefused,
		venue.Cancelled: i18n.VenueSayOff, venue.Lapsed: i18n.VenueSayLapsed, venue.Missed: i18n.VenueSayMissed}[f.State]
}

func (f Following) facts(ctx context.Context) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.VenueName, f.Venue), partial.F(i18n.VenueWhen, span(ctx, f.Starts, f.Ends)), partial.F(i18n.VenueAddress, f.Address), partial.F(i18n.VenueContact, f.Contact), partial.F(i18n.VenueHowMany, decimal(f.People)),
		partial.F(i18n.VenueNo, f.No)}
	if f.Rules != "" {
		list = append(list, partial.Fact{Label: i18n.VenueRules, Value: partial.Lines(f.Rules), Wide: true})
	}
	return list
}

// Door is the page behind the picture at the door.
type Door struct {
	field.Form
	venue.Venue
	Door string
	Done bool
}
