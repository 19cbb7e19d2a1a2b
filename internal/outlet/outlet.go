package outlet

import (
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
	"linli/internal/technician"
)

// The permissions of this package.
const (
	PermSee  authz.Permission = "outlet.see"
	PermKeep authz.Permission = "outlet.keep"
)

// Bounds of what is written.
const (
	MaxName    = 40
	MaxAbout   = 200
	MaxAddress = 60
	MaxPhone   = 20
	MaxHours   = 60
	MaxPrice   = 30
	MaxWhy     = 60
)

// CheckMonths is after how many months an outlet waits to be checked again.
var CheckMonths = policy.Value{Name: "outlet.check_months", Title: i18n.OutletPolicyCheck, Unit: i18n.OutletMonths, Default: 12, Min: 1, Max: 60}

// Policies are the values that a district may set.
func Policies() []policy.Value { return []policy.Value{CheckMonths} }

// Level is where an outlet stands in the network (SRV-2).
type Level string

// The levels.
const (
	Centre  Level = "centre"  // of the district or a sub-district
	Station Level = "station" // of a community
	Point   Level = "point"   // a shop, a service, a place
)

// Levels lists the levels from above.
func Levels() []Level { return []Level{Centre, Station, Point} }

// Text names the level.
func (l Level) Text() i18n.Text {
	return map[Level]i18n.Text{Centre: i18n.OutletCentre, Station: i18n.OutletStation, Point: i18n.OutletPoint}[l]
}

// Element is one of the seven elements of life (DIG-12).
type Element string

// The elements.
const (
	Eat    Element = "eat"
	Live   Element = "live"
	Travel Element = "travel"
	Tour   Element = "tour"
	Shop   Element = "shop"
	Fun    Element = "fun"
	Health Element = "health"
)

// Elements lists the elements as they are always named.
func Elements() []Element { return []Element{Eat, Live, Travel, Tour, Shop, Fun, Health} }

// Text names the element.
func (e Element) Text() i18n.Text {
	return map[Element]i18n.Text{Eat: i18n.OutletEat, Live: i18n.OutletLive, Travel: i18n.OutletTravel, Tour: i18n.OutletTour, Shop: i18n.OutletShop, Fun: i18n.OutletFun, Health: i18n.OutletHealth}[e]
}

// Entry is an outlet as it is entered.
type Entry struct {
	Level         Level
	Element       Element
	Name          string
	About         string
	CommunityID   id.ID // where it is: a community, or the sub-district or district of a centre
	Address       string
	Phone         string // that it makes public itself
	Weekdays      string // hours; empty is closed
	Weekend       string
	Terms         exchange.Terms
	Price         string
	BarrierFree   bool
	RecommendedBy id.ID
	Why           string
	Version       int64
}

// Outlet is one place of the network.
type Outlet struct {
	ID id.ID
	Entry
	Community   string
	Recommender string
	CheckedOn   calendar.Date
	EndedOn     calendar.Date
}

// check says what is wrong with what was entered, and writes hours the way they are kept.
func (n *Entry) check() *errs.Error {
	e := errs.Words(nil, "name", &n.Name, MaxName, true)
	e = errs.Words(e, "about", &n.About, MaxAbout, false)
	e = errs.Words(e, "address", &n.Address, MaxAddress, true)
	e = errs.Words(e, "phone", &n.Phone, MaxPhone, false)
	e = errs.Words(e, "price", &n.Price, MaxPrice, n.Terms == exchange.LowPaid)
	e = errs.Words(e, "why", &n.Why, MaxWhy, false)
	if n.Level.Text().IsZero() {
		e = e.With("level", i18n.ErrBadChoice)
	}
	if n.Element.Text().IsZero() {
		e = e.With("element", i18n.ErrBadChoice)
	}
	if n.Terms.Text().IsZero() {
		e = e.With("terms", i18n.ErrBadChoice)
	}
	if !phoneLike(n.Phone) {
		e = e.With("phone", i18n.OutletBadPhone)
	}
	if n.RecommendedBy == 0 && n.Why != "" {
		e = e.With("recommended_by", i18n.OutletWhoSays)
	}
	for _, h := range []struct {
		field string
		text  *string
	}{{"weekdays", &n.Weekdays}, {"weekend", &n.Weekend}} {
		spans, problem := technician.ParseHours(*h.text)
		if !problem.IsZero() {
			e = e.With(h.field, problem)
			continue
		}
		parts := make([]string, len(spans))
		for i, s := range spans {
			parts[i] = s.String()
		}
		*h.text = strings.Join(parts, " ")
	}
	return e
}

// phoneLike says that a text is a number that can be called, or none: digits with the signs between them, a service number, or one with an extension.
func phoneLike(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("-+() "+i18n.OutletExtension.In(i18n.ZH), r):
			return false
		}
	}
	return s == "" || digits >= 3 && digits <= 18
}

// sameKey is what makes two entries of one community the same outlet.
func (n *Entry) sameKey() string { return gram.Key(n.Name) + "\x1f" + gram.Key(n.Address) }

// searchKey is what a search looks through.
func (n *Entry) searchKey() string { return gram.Key(n.Name + " " + n.About + " " + n.Address) }

// halfHours are the half hours of a day in which something is open, as bits: hours those of the day itself, before those of the day before, of which what goes over
// midnight counts here.
func halfHours(hours, before string) (bits int64) {
	spans, _ := technician.ParseHours(hours)
	for _, s := range spans {
		to := s.To
		if to <= s.From {
			to = 24 * 60
		}
		for slot := s.From / 30; slot*30 < to; slot++ {
			bits |= 1 << slot
		}
	}
	spans, _ = technician.ParseHours(before)
	for _, s := range spans {
		if s.To <= s.From {
			for slot := 0; slot*30 < s.To; slot++ {
				bits |= 1 << slot
			}
		}
	}
	return bits
}

// open are the half hours of a Monday, of Tuesday to Friday, of a Saturday and of a Sunday.
func (n *Entry) open() (monday, weekday, saturday, sunday int64) {
	return halfHours(n.Weekdays, n.Weekend), halfHours(n.Weekdays, n.Weekdays), halfHours(n.Weekend, n.Weekdays), halfHours(n.Weekend, n.Weekend)
}

// OpenAt says whether it is open at an instant.
func (o Outlet) OpenAt(at time.Time) bool {
	var week []technician.Shift
	for day := 1; day <= 7; day++ {
		hours := o.Weekdays
		if day > 5 {
			hours = o.Weekend
		}
		spans, _ := technician.ParseHours(hours)
		for _, s := range spans {
			week = append(week, technician.Shift{Weekday: day, Span: s})
		}
	}
	return o.EndedOn.IsZero() && technician.OnDuty(week, nil, at)
}
