// Package pairing draws the pages of households in hardship and their helpers.
package pairing

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/pairing"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// The addresses.
const (
	Path       = "/pairing"
	CountsPath = "/pairing/counts"
	MinePath   = "/my-pairing"
)

// Href is the address of a household at the desk.
func Href(h id.ID) string { return Path + "/" + h.String() }

// MineHref is its address for the helper.
func MineHref(h id.ID) string { return MinePath + "/" + h.String() }

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func stateOf(s pairing.State) partial.State {
	return partial.State{Text: s.Text(), Tone: map[pairing.State]partial.Tone{pairing.Waiting: partial.Waiting, pairing.Paired: partial.Active, pairing.Ended: partial.Ended}[s]}
}

// Desk is the list of a community.
type Desk struct {
	Query         url.Values
	Items         []pairing.Household
	Before, After string
	Places        []field.Option
}

var columns = []partial.Column{{Key: "name", Title: i18n.PairContact, Main: true}, {Key: "difficulty", Title: i18n.PairDifficulty}, {Key: "helper", Title: i18n.PairHelper}, {Key: "last", Title: i18n.PairLast, Tight: true},
	{Key: "state", Title: i18n.PairState, Tight: true}}

// Helpers names who helps now.
func Helpers(lang i18n.Lang, h pairing.Household) string {
	var names []string
	for _, p := range h.Active() {
		names = append(names, p.Name)
	}
	return strings.Join(names, i18n.CatalogueComma.In(lang))
}

func (d Desk) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, h := range d.Items {
		out = append(out, partial.Row{ID: h.ID.String(), Name: called(ctx, h), Href: Href(h.ID), Cells: []templ.Component{partial.Two(called(ctx, h), h.Org), partial.Label(h.Difficulty.Text()), partial.Text(Helpers(i18n.From(ctx), h)),
			partial.Text(h.VisitedOn.String()), partial.Badge(stateOf(h.State))}})
	}
	return out
}

// called is the name of the person, or the hardship where the name is forgotten.
func called(ctx context.Context, h pairing.Household) string {
	if h.Name == "" {
		return i18n.T(ctx, h.Difficulty.Text())
	}
	return h.Name
}

func (d Desk) filters() []partial.Filter {
	list := []partial.Filter{{Name: "state", Label: i18n.PairState, Options: field.Choices(pairing.States(), pairing.State.Text)}, {Name: "difficulty", Label: i18n.PairDifficulty, Options: field.Choices(pairing.Difficulties(), pairing.Difficulty.Text)}}
	days := partial.Filter{Name: "days", Label: i18n.PairDays}
	for _, n := range []string{"30", "60", "90"} {
		days.Options = append(days.Options, field.Option{Value: n, Text: i18n.Both(i18n.PairDaysN.In(i18n.ZH, n), i18n.PairDaysN.In(i18n.EN, n))})
	}
	if list = append(list, days); len(d.Places) > 1 {
		list = append(list, partial.Filter{Name: "org", Label: i18n.PairCommunity, Options: d.Places})
	}
	return list
}

func (d Desk) acts() []partial.Act {
	return []partial.Act{{Text: i18n.PairNew, Href: Path + "/new", Look: partial.Primary}, {Text: i18n.PairCounts, Href: CountsPath}}
}

// One is a household at the desk, or for its helper.
type One struct {
	pairing.Household
	Sent    field.Form
	SentBy  string
	Staff   []field.Option
	Today   calendar.Date
	Manages bool
	Pocket  bool
	Key     string // of the sending of a visit
	Needs   bool   // the reader may open needs of the community
}

// form is a form of the page, as it was sent or fresh.
func (o One) form(name string, fresh url.Values) field.Form {
	f := o.Sent
	if o.SentBy != name {
		f = field.Form{Values: fresh}
	}
	if f.Values == nil {
		f.Values = url.Values{}
	}
	f.ID = name + "-"
	return f
}

// drawn says whether the form that was sent shows by itself what is wrong with it.
func (o One) drawn() bool {
	switch o.SentBy {
	case "correct", "pair", "plan", "end":
		return o.State != pairing.Ended
	case "visit", "unpair":
		return len(o.Active()) > 0
	case "ask":
		return o.State != pairing.Ended && slices.ContainsFunc(o.Visits, func(v pairing.Visit) bool { return o.asked(v) && v.Need.ID == 0 })
	}
	return false
}

func (o One) path() string {
	if o.Manages {
		return Href(o.ID)
	}
	return MineHref(o.ID)
}

func (o One) entry() url.Values {
	return url.Values{"difficulty": {string(o.Difficulty)}, "situation": {o.Situation}, "consent": {string(o.Consent)}, "consent_on": {o.ConsentOn.String()}}
}

func (o One) facts(ctx context.Context) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.PairDifficulty, i18n.T(ctx, o.Difficulty.Text())), partial.F(i18n.PairCommunity, o.Org), partial.F(i18n.PairAddress, o.Address), partial.F(i18n.PairEnteredOn, o.EnteredOn.String()),
		partial.F(i18n.PairLast, o.VisitedOn.String())}
	if o.Manages {
		list = append(list, partial.F(i18n.PairConsent, strings.TrimSpace(i18n.T(ctx, o.Consent.Text())+" "+o.ConsentOn.String())))
	}
	if o.State == pairing.Ended {
		list = append(list, partial.F(i18n.PairReason, o.EndedOn.String()+" "+i18n.T(ctx, o.Ending.Text())))
		if o.EndWords != "" {
			list = append(list, partial.Fact{Label: i18n.PairEndWords, Value: partial.Text(o.EndWords), Wide: true})
		}
	}
	return append(list, partial.Fact{Label: i18n.PairSituation, Value: partial.Lines(o.Situation), Wide: true})
}

func (o One) pairs() (out []field.Option) {
	for _, p := range o.Active() {
		out = append(out, field.Option{Value: p.ID.String(), Text: i18n.Verbatim(p.Name)})
	}
	return out
}

// versioned are the pairs that hold with their versions, to end one.
func (o One) versioned() (out []field.Option) {
	for _, p := range o.Active() {
		out = append(out, field.Option{Value: p.ID.String() + "." + decimal(p.Version), Text: i18n.Verbatim(p.Name)})
	}
	return out
}

func (o One) first() string {
	if list := o.pairs(); len(list) == 1 {
		return list[0].Value
	}
	return ""
}

func (o One) tick(i pairing.Item) partial.Act {
	return partial.Act{Text: i18n.PairTick, Href: o.path() + "/tick", Post: true, Small: true, Values: []partial.Value{{Name: "item", Value: i.ID.String()}, {Name: "version", Value: decimal(i.Version)}}}
}

// ask is the form that makes a need of a visit, as it was sent or fresh.
func (o One) ask(v pairing.Visit) field.Form {
	f := field.Form{Values: url.Values{}}
	if o.asked(v) {
		f = o.Sent
	}
	f.ID = "ask-" + v.ID.String() + "-"
	return f
}

// asked says whether the form of a visit was sent and not accepted.
func (o One) asked(v pairing.Visit) bool {
	return o.SentBy == "ask" && o.Sent.Values.Get("visit") == v.ID.String()
}

// needOf is where the need made of a visit stands, and how it ended.
func needOf(n pairing.Need) partial.State {
	s := exchange.State(n.State)
	out := partial.State{Text: s.Text(), Tone: partial.Waiting}
	switch {
	case s == exchange.Done:
		out = partial.State{Text: exchange.Outcome(n.Outcome).Text(), Tone: partial.Closed}
	case s.Over():
		out.Tone = partial.Ended
	case s != exchange.Asked:
		out.Tone = partial.Active
	}
	return out
}

func spell(ctx context.Context, p pairing.Pair) string {
	if p.EndedOn.IsZero() {
		return i18n.T(ctx, i18n.PairFromTo, p.FromOn.String())
	}
	return i18n.T(ctx, i18n.PairUntil, p.FromOn.String(), p.EndedOn.String()) + " " + i18n.T(ctx, p.Ending.Text())
}

// late says whether something of the plan should be done by now.
func (o One) late(i pairing.Item) bool {
	return o.State != pairing.Ended && i.DoneOn.IsZero() && !i.ByOn.IsZero() && i.ByOn.Before(o.Today)
}

// New is the form on which a household is entered.
type New struct {
	field.Form
	Today calendar.Date
}

// Mine are the households that somebody helps.
type Mine struct {
	Query         url.Values
	Items         []pairing.Mine
	Before, After string
	Today         calendar.Date
	Pocket        bool
}

// Counts are the figures of communities.
type Counts struct {
	Query url.Values
	Items []pairing.Count
	Opens func(org id.ID) bool // whether the reader manages pairing at a community: its figures open to the households
}

var countColumns = []partial.Column{{Key: "org", Title: i18n.PairCommunity, Main: true}, {Key: "paired", Title: i18n.PairPaired, Num: true, Tight: true}, {Key: "waiting", Title: i18n.PairWaiting, Num: true, Tight: true},
	{Key: "silent", Title: i18n.PairSilent, Num: true, Tight: true}, {Key: "visits", Title: i18n.PairCountVisit, Num: true, Tight: true}, {Key: "ended", Title: i18n.PairEnded, Num: true, Tight: true}}

func (c Counts) rows(ctx context.Context) []partial.Row {
	if len(c.Items) == 0 {
		return nil
	}
	sum := pairing.Count{Org: i18n.T(ctx, i18n.CounselSum)}
	var out []partial.Row
	row := func(v pairing.Count) {
		cell := func(n int64, more string) templ.Component {
			if n == 0 || v.OrgID == 0 || !c.Opens(v.OrgID) {
				return partial.Num(n)
			}
			return partial.NumLink(n, Path+"?org="+v.OrgID.String()+more)
		}
		out = append(out, partial.Row{ID: v.OrgID.String(), Name: v.Org, Cells: []templ.Component{partial.Text(v.Org), cell(v.Paired, "&state=paired"), cell(v.Waiting, "&state=waiting"),
			cell(v.Silent, fmt.Sprintf("&days=%d", pairing.Quiet)), cell(v.Visits, "&state=paired"), cell(v.Ended, "&state=ended")}})
	}
	for _, v := range c.Items {
		row(v)
		sum.Paired, sum.Waiting, sum.Silent, sum.Visits, sum.Ended = sum.Paired+v.Paired, sum.Waiting+v.Waiting, sum.Silent+v.Silent, sum.Visits+v.Visits, sum.Ended+v.Ended
	}
	if len(c.Items) > 1 {
		row(sum)
	}
	return out
}
