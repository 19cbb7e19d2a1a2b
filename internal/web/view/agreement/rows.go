// Package agreement holds the pages of responsibilities and claims, at the desk and on the phone, and the map of a community's
// buildings.
package agreement

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/agreement"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// Href is the page of a claim at the desk, OfferHref that of a responsibility.
func Href(c id.ID) string { return "/claims/" + c.String() }

// OfferHref is the page of a responsibility.
func OfferHref(r id.ID) string { return "/responsibilities/" + r.String() }

// ListData is what a list shows.
type ListData[T any] struct {
	Query      url.Values
	Items      []T
	Next, Prev string
	Acts       []partial.Act
}

// StateOf is the state of a claim as it is shown.
func StateOf(s agreement.State) partial.State {
	return partial.State{Text: s.Text(), Tone: map[agreement.State]partial.Tone{agreement.Proposed: partial.Waiting, agreement.Agreed: partial.Active,
		agreement.Declined: partial.Refused, agreement.Withdrawn: partial.Ended, agreement.Ended: partial.Ended, agreement.Renewed: partial.Closed}[s]}
}

func claimFilters() []partial.Filter {
	states := partial.Filter{Name: "state", Label: i18n.ClaimStateLabel}
	for _, s := range agreement.States() {
		states.Options = append(states.Options, field.Option{Value: string(s), Text: s.Text()})
	}
	return []partial.Filter{states, {Name: "unsigned", Label: i18n.ClaimUnsignedBy, Options: []field.Option{
		{Value: string(agreement.Community), Text: agreement.Community.Text()}, {Value: string(agreement.Member), Text: agreement.Member.Text()}}},
		{Name: "ends", Label: i18n.ClaimTo, Options: []field.Option{{Value: "soon", Text: i18n.ClaimEndSoon}}}}
}

var claimColumns = []partial.Column{
	{Key: "name", Title: i18n.ResponsibilityName, Main: true}, {Key: "member", Title: i18n.ClaimMember}, {Key: "unit", Title: i18n.MemberUnit, Minor: true},
	{Key: "community", Title: i18n.MemberCommunity}, {Key: "from", Title: i18n.ClaimFrom, Tight: true}, {Key: "to", Title: i18n.ClaimTo, Tight: true},
	{Key: "state", Title: i18n.ClaimStateLabel, Tight: true},
}

func claimRows(items []agreement.Item) []partial.Row {
	var out []partial.Row
	for _, c := range items {
		out = append(out, partial.Row{ID: c.ID.String(), Name: c.Name + " " + c.Member, Href: Href(c.ID), Cells: []templ.Component{
			partial.Text(c.Name), partial.Text(c.Member), partial.Text(c.Unit), partial.Text(c.Community), partial.Text(c.From.String()), partial.Text(c.To.String()),
			partial.Badge(StateOf(c.State))}})
	}
	return out
}

// KindOptions are the kinds of responsibility as choices.
func KindOptions() []field.Option {
	var out []field.Option
	for _, k := range agreement.Kinds() {
		out = append(out, field.Option{Value: string(k), Text: k.Text()})
	}
	return out
}

var offerFilters = []partial.Filter{
	{Name: "kind", Label: i18n.ResponsibilityKind, Options: KindOptions()},
	{Name: "show", Label: i18n.ResponsibilityShow, Options: []field.Option{{Value: "free", Text: i18n.ResponsibilityFree}, {Value: "closed", Text: i18n.ResponsibilityClosed}}},
}

var offerColumns = []partial.Column{
	{Key: "name", Title: i18n.ResponsibilityName, Main: true}, {Key: "kind", Title: i18n.ResponsibilityKind}, {Key: "place", Title: i18n.ResponsibilityPlace},
	{Key: "community", Title: i18n.MemberCommunity, Minor: true}, {Key: "taken", Title: i18n.ResponsibilityTaken, Num: true},
	{Key: "capacity", Title: i18n.ResponsibilityPlaces, Num: true}, {Key: "state", Title: i18n.ClaimStateLabel, Tight: true},
}

// Places says how a responsibility stands: closed, full, or how many places are left.
func Places(ctx context.Context, o agreement.Responsibility) partial.State {
	switch {
	case !o.Open:
		return partial.State{Text: i18n.ResponsibilityClosed, Tone: partial.Ended}
	case o.Free() <= 0:
		return partial.State{Text: i18n.ResponsibilityFull, Tone: partial.Closed}
	}
	return partial.State{Text: i18n.Verbatim(i18n.T(ctx, i18n.ResponsibilityFreeN, o.Free())), Tone: partial.Waiting}
}

func where(o agreement.OfferItem) string {
	if o.Building == "" {
		return o.Grid
	}
	return o.Grid + " " + o.Building
}

func offerRows(ctx context.Context, items []agreement.OfferItem) []partial.Row {
	var out []partial.Row
	for _, o := range items {
		out = append(out, partial.Row{ID: o.ID.String(), Name: o.Name, Href: OfferHref(o.ID), Cells: []templ.Component{
			partial.Text(o.Name), partial.Label(o.Kind.Text()), partial.Text(where(o)), partial.Text(o.Community),
			partial.NumLink(o.Taken, OfferHref(o.ID)), partial.Num(o.Capacity), partial.Badge(Places(ctx, o.Responsibility))}})
	}
	return out
}

// OfferForm is what the form of a responsibility shows.
type OfferForm struct {
	field.Form
	Of               agreement.OfferItem // zero for a new one
	Action           string
	Communities      []field.Option
	Grids, Buildings []field.Option
	Community        string
}

func (f OfferForm) version() string {
	if v := f.Values.Get("version"); v != "" {
		return v
	}
	return strconv.FormatInt(f.Of.Version, 10)
}

// ClaimForm is what the form of a claim shows.
type ClaimForm struct {
	field.Form
	Offer   agreement.OfferItem // chosen, zero otherwise
	Offers  []field.Option
	Members []field.Option
	Member  string // name of the member chosen
	CanSign bool
}

// ClaimData is what the page of one claim shows, at the desk and on the phone.
type ClaimData struct {
	agreement.Detail
	Base    string // address to which acts are posted
	Acts    []partial.Act
	Form    field.Form
	OnPaper bool // staff may enter the member's signature
	CanEnd  bool
	Today   string
}

func (d ClaimData) facts(ctx context.Context) []partial.Fact {
	f := []partial.Fact{partial.F(i18n.ClaimSideCommunity, d.Says.Community), partial.F(i18n.ClaimSideMember, d.Says.Member), partial.F(i18n.MemberUnit, d.Says.Unit),
		{Label: i18n.ResponsibilityKind, Value: partial.Label(d.Says.Kind.Text())}, partial.F(i18n.ResponsibilityName, d.Says.Area),
		partial.F(i18n.ResponsibilityPlace, d.Says.Place), partial.F(i18n.ClaimTerm, i18n.T(ctx, i18n.ClaimPeriod, d.Says.From.String(), d.Says.To.String()))}
	if d.Reason != "" {
		f = append(f, partial.F(i18n.MemberReasonLabel, d.Reason))
	}
	return f
}

func (d ClaimData) events(ctx context.Context) []partial.Event {
	var out []partial.Event
	for _, h := range d.History {
		out = append(out, partial.Event{When: h.At, Who: h.ActorName, What: i18n.T(ctx, i18n.MemberAction(h.Action))})
	}
	return out
}

var statuses = []struct {
	code  string
	text  i18n.Text
	color string
}{{"free", i18n.ResponsibilityAllFree, "var(--c1)"}, {"part", i18n.ResponsibilityPart, "var(--c2)"}, {"full", i18n.ResponsibilityFull, "var(--c3)"}, {"none", i18n.ResponsibilityNoOffer, "var(--c5)"}}

func fill(s agreement.Spot) string {
	for _, x := range statuses {
		if x.code == s.Status() {
			return x.color
		}
	}
	return "currentColor"
}

func spotHref(m agreement.Map, s agreement.Spot) string {
	return "/responsibilities?community=" + m.CommunityID.String() + "&building=" + s.BuildingID.String()
}

func spotTitle(ctx context.Context, s agreement.Spot) string {
	return i18n.T(ctx, i18n.ResponsibilitySpot, s.Grid+" "+s.Name, s.Taken, s.Capacity)
}

// short is a name that fits below a spot.
func short(s string) string {
	r := []rune(s)
	if len(r) > 6 {
		return string(r[len(r)-6:])
	}
	return s
}

// MapAct leads to the map of a community.
func MapAct(community id.ID) partial.Act {
	return partial.Act{Text: i18n.ResponsibilityMap, Href: "/responsibilities/map?community=" + community.String(), Icon: icon.Map}
}

func agreementLines(s string) []string { return strings.Split(s, "\n") }

// how says when and in which way somebody signed.
func how(ctx context.Context, s agreement.Signature) string {
	if s.Paper {
		return i18n.DateTime(s.At) + " " + i18n.T(ctx, i18n.ClaimPaperSigned, s.Reason)
	}
	return i18n.DateTime(s.At)
}

// link is the page of another claim on the same surface.
func (d ClaimData) link(c id.ID) string {
	return d.Base[:strings.LastIndexByte(d.Base, '/')+1] + c.String()
}
