// Package outlet draws the directory of the service network: at the desk, and for everybody.
package outlet

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/outlet"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// The addresses of the pages.
const (
	Path       = "/outlets"
	PublicPath = "/p/outlets"
)

// Href is the page of an outlet at the desk.
func Href(o id.ID) string { return Path + "/" + o.String() }

// List is the list at the desk.
type List struct {
	Query         url.Values
	Items         []outlet.Outlet
	Before, After string
	Places        []field.Option
	Counts        []outlet.Count
	First         bool
	Keeps         bool
	Now           time.Time
}

func (l List) acts() []partial.Act {
	if !l.Keeps {
		return nil
	}
	return []partial.Act{{Text: i18n.OutletImport, Href: "/imports/new?kind=" + outlet.ImportName, Icon: icon.Import}, {Text: i18n.OutletNew, Href: Path + "/new", Look: partial.Primary, Icon: icon.Plus}}
}

func (l List) emptyAct() *partial.Act {
	if !l.Keeps {
		return nil
	}
	return &partial.Act{Text: i18n.OutletNew, Href: Path + "/new", Icon: icon.Plus}
}

func (l List) stats() []partial.Stat {
	var out []partial.Stat
	for _, level := range outlet.Levels() {
		var n int64
		for _, c := range l.Counts {
			if c.Level == level {
				n += c.N
			}
		}
		out = append(out, partial.Stat{Label: level.Text(), Value: i18n.Number(n), Href: partial.Href(Path, l.Query, "level", string(level))})
	}
	return out
}

func (l List) filters() []partial.Filter {
	return []partial.Filter{{Name: "element", Label: i18n.OutletElement, Options: field.Choices(outlet.Elements(), outlet.Element.Text)}, {Name: "level", Label: i18n.OutletLevel, Options: field.Choices(outlet.Levels(), outlet.Level.Text)},
		{Name: "community", Label: i18n.CaseCommunity, Options: l.Places},
		{Name: "show", Label: i18n.OutletShow, Options: []field.Option{{Value: outlet.ShowUnchecked, Text: i18n.OutletUnchecked}, {Value: outlet.ShowEnded, Text: i18n.OutletShowEnded}}}}
}

var columns = []partial.Column{{Key: "name", Title: i18n.OutletName, Main: true}, {Key: "element", Title: i18n.OutletElement, Minor: true}, {Key: "where", Title: i18n.OutletAddress}, {Key: "hours", Title: i18n.OutletHours}, {Key: "checked", Title: i18n.OutletChecked, Tight: true}}

func (l List) rows(ctx context.Context) (out []partial.Row) {
	for _, o := range l.Items {
		state := i18n.T(ctx, i18n.OutletCheckedOn, o.CheckedOn.String())
		if !o.EndedOn.IsZero() {
			state = i18n.T(ctx, i18n.OutletEnded, o.EndedOn.String())
		}
		out = append(out, partial.Row{ID: o.ID.String(), Name: o.Name, Href: Href(o.ID), Cells: []templ.Component{partial.Two(o.Name, i18n.T(ctx, o.Level.Text())+phone(o)), partial.Text(i18n.T(ctx, o.Element.Text())),
			partial.Two(o.Address, o.Community), partial.Two(hours(ctx, o), price(ctx, o)), partial.Text(state)}})
	}
	return out
}

func phone(o outlet.Outlet) string {
	if o.Phone == "" {
		return ""
	}
	return " · " + o.Phone
}

// hours are when it is open, in one line.
func hours(ctx context.Context, o outlet.Outlet) string {
	if o.Weekdays == o.Weekend {
		if o.Weekdays == "" {
			return ""
		}
		return o.Weekdays
	}
	day := func(label i18n.Text, text string) string {
		if text == "" {
			text = i18n.T(ctx, i18n.OutletClosed)
		}
		return i18n.T(ctx, label) + " " + text
	}
	return day(i18n.OutletWeekdays, o.Weekdays) + " · " + day(i18n.OutletWeekend, o.Weekend)
}

// price is what it costs, in words.
func price(ctx context.Context, o outlet.Outlet) string {
	s := i18n.T(ctx, o.Terms.Text())
	if o.Price != "" && o.Terms != exchange.Free {
		s += " " + o.Price
	}
	return s
}

// recommended is who recommends it and why.
func recommended(ctx context.Context, o outlet.Outlet) string {
	switch {
	case o.Recommender == "":
		return ""
	case o.Why == "":
		return i18n.T(ctx, i18n.OutletBy, o.Recommender)
	}
	return i18n.T(ctx, i18n.OutletByWhy, o.Recommender, o.Why)
}

// call is the address that calls a number.
func call(number string) templ.SafeURL {
	return templ.SafeURL("tel:" + strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r == '+':
			return r
		case strings.ContainsRune(i18n.OutletExtension.In(i18n.ZH), r): // a pause, then the extension
			return ','
		}
		return -1
	}, number))
}

// Edit is the form of an outlet: a new one, or one that is changed.
type Edit struct {
	field.Form
	Of          outlet.Outlet
	Places      []field.Option
	Recommender string
	New         bool
}

func (e Edit) action() templ.SafeURL {
	if e.New {
		return templ.SafeURL(Path)
	}
	return templ.SafeURL(Href(e.Of.ID))
}

func (e Edit) version() string { return strconv.FormatInt(e.Of.Version, 10) }

// Values are the fields of a form as they stand.
func Values(o outlet.Outlet) url.Values {
	v := url.Values{}
	for name, s := range map[string]string{"name": o.Name, "element": string(o.Element), "level": string(o.Level), "about": o.About, "address": o.Address, "phone": o.Phone, "weekdays": o.Weekdays, "weekend": o.Weekend, "terms": string(o.Terms),
		"price": o.Price, "why": o.Why} {
		v.Set(name, s)
	}
	v.Set("community", o.CommunityID.String())
	if o.RecommendedBy != 0 {
		v.Set("recommended_by", o.RecommendedBy.String())
	}
	if o.BarrierFree {
		v.Set("barrier_free", "1")
	}
	return v
}

func (e Edit) acts(ctx context.Context) []partial.Act {
	if e.New {
		return nil
	}
	version := []partial.Value{{Name: "version", Value: e.version()}}
	if !e.Of.EndedOn.IsZero() {
		return []partial.Act{{Text: i18n.OutletReopen, Href: Href(e.Of.ID) + "/reopen", Post: true, Values: version, Look: partial.Primary}}
	}
	return []partial.Act{{Text: i18n.OutletEnd, Href: Href(e.Of.ID) + "/end", Post: true, Values: version, Confirm: &partial.Confirm{ID: "end", Question: i18n.T(ctx, i18n.OutletEndAsk)}},
		{Text: i18n.OutletStill, Href: Href(e.Of.ID) + "/check", Post: true, Values: version, Look: partial.Primary, Icon: icon.Check}}
}

// Public is what everybody reads.
type Public struct {
	Query         url.Values
	Items         []outlet.Outlet
	Before, After string
	Communities   []field.Option
	Counts        []outlet.Count
	Now           time.Time
}

func (p Public) count(e outlet.Element) (n int64) {
	for _, c := range p.Counts {
		if c.Element == e || e == "" {
			n += c.N
		}
	}
	return n
}

// Asks says whether something is looked for already.
func (p Public) Asks() bool {
	for _, k := range []string{"element", "q", "c", "open", "free", "level", "after", "before"} {
		if p.Query.Get(k) != "" {
			return true
		}
	}
	return false
}

func (p Public) elementHref(e outlet.Element) templ.SafeURL {
	return templ.SafeURL(partial.Href(PublicPath, url.Values{"d": p.Query["d"]}, "element", string(e)))
}

func (p Public) filters() []partial.Filter {
	yes := func(t i18n.Text) []field.Option { return []field.Option{{Value: "1", Text: t}} }
	return []partial.Filter{{Name: "element", Label: i18n.OutletElement, Options: field.Choices(outlet.Elements(), outlet.Element.Text)}, {Name: "c", Label: i18n.CasePublicCommunity, Options: p.Communities},
		{Name: "open", Label: i18n.OutletHours, Options: yes(i18n.OutletOnlyOpen)}, {Name: "free", Label: i18n.OutletPrice, Options: yes(i18n.OutletOnlyFree)}}
}

func (p Public) open(o outlet.Outlet) partial.State {
	if o.OpenAt(p.Now) {
		return partial.State{Text: i18n.OutletOpenNow, Tone: partial.Active}
	}
	return partial.State{Text: i18n.OutletShutNow, Tone: partial.Ended}
}

// reportHref is where somebody says that something is wrong, in the same district and community.
func (p Public) reportHref() templ.SafeURL {
	return templ.SafeURL(partial.Href("/p/report", url.Values{"d": p.Query["d"], "c": p.Query["c"]}, "kind", "opinion"))
}

// drawing is the picture of an element.
func drawing(e outlet.Element) icon.Name {
	return map[outlet.Element]icon.Name{outlet.Eat: icon.Heart, outlet.Live: icon.Household, outlet.Travel: icon.Send, outlet.Tour: icon.Pin, outlet.Shop: icon.Box, outlet.Fun: icon.Calendar, outlet.Health: icon.Shield}[e]
}
