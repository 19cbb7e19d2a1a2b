// Package exchange draws the pages of needs, small wishes and resources: the desk, whoever helps (a member on the phone, a unit's liaison at the desk), and residents.
package exchange

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// The addresses of the pages.
const (
	Path         = "/needs"
	ResourcePath = "/resources"
	OwnPath      = "/m/help"    // a member's
	ResidentPath = "/p/me/help" // a resident's with an account, as a volunteer
	UnitPath     = "/unit-help" // an organisation's
	PublicPath   = "/p/wishes"
	ByDue        = "due"

	PublicResources = "/p/resources"
)

// Href is the page of a need at the desk.
func Href(n id.ID) string { return Path + "/" + n.String() }

// StateOf is the badge of a need.
func StateOf(s exchange.State) partial.State {
	tone := map[exchange.State]partial.Tone{exchange.Asked: partial.Draft, exchange.Open: partial.Waiting, exchange.Taken: partial.Active, exchange.Delivered: partial.Warned, exchange.Done: partial.Closed,
		exchange.Refused: partial.Refused, exchange.Withdrawn: partial.Ended}[s]
	return partial.State{Text: s.Text(), Tone: tone}
}

// agreeText is what the community says when a pledge is agreed: for a giver who is asked, that they said yes, on the telephone say.
func agreeText(p exchange.Pledge) i18n.Text {
	switch {
	case p.ForGiver():
		return i18n.GiveSaid
	case p.ForVolunteer():
		return i18n.ExchangeVolSaid
	}
	return i18n.ExchangeAgree
}

// pledgeOf is the badge of a pledge whose giver may still be asked.
func pledgeOf(p exchange.Pledge) partial.State {
	if p.ForGiver() {
		return partial.State{Text: i18n.PledgeForGiver, Tone: partial.Waiting}
	}
	if p.ForVolunteer() {
		return partial.State{Text: i18n.PledgeForVolunteer, Tone: partial.Waiting}
	}
	return PledgeOf(p.State)
}

// ownPledgeOf is the badge for whoever it is about.
func ownPledgeOf(p exchange.Pledge) partial.State {
	if p.ForVolunteer() {
		return partial.State{Text: i18n.PledgeForYou, Tone: partial.Warned}
	}
	return pledgeOf(p)
}

// declineText is what the community says when a pledge is not agreed to, or a volunteer is not asked any more.
func declineText(p exchange.Pledge) i18n.Text {
	if p.ForVolunteer() {
		return i18n.ExchangeVolDrop
	}
	return i18n.ExchangeDecline
}

// PledgeOf is the badge of a pledge.
func PledgeOf(s exchange.PledgeState) partial.State {
	tone := map[exchange.PledgeState]partial.Tone{exchange.Pledged: partial.Draft, exchange.Agreed: partial.Active, exchange.Brought: partial.Waiting, exchange.Confirmed: partial.Closed, exchange.Declined: partial.Refused,
		exchange.TakenBack: partial.Ended}[s]
	return partial.State{Text: s.Text(), Tone: tone}
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// with is a text in both languages with its places filled.
func with(t i18n.Text, args ...any) i18n.Text {
	return i18n.Both(t.In(i18n.ZH, args...), t.In(i18n.EN, args...))
}

// kindOf is what a need is about, in words.
func kindOf(ctx context.Context, k exchange.Kind, small bool) string {
	if small {
		return i18n.T(ctx, i18n.ExchangeSmall) + " · " + i18n.T(ctx, k.Text())
	}
	return i18n.T(ctx, k.Text())
}

// how is how many are wanted, how long it takes, and until when, in one line.
func how(ctx context.Context, c exchange.Card) string {
	s := i18n.T(ctx, i18n.ExchangeUntil, c.DueOn.String())
	if c.Wanted > 1 {
		s += " · " + i18n.T(ctx, i18n.ExchangeLeft, c.Wanted, max(0, c.Left()))
	}
	if c.Minutes > 0 {
		s += " · " + i18n.T(ctx, i18n.ExchangeAbout, i18n.Hours(c.Minutes))
	}
	if c.Skill != "" {
		s += " · " + c.Skill
	}
	return s
}

// FilesHref is where the files of a pledge are at the desk.
func FilesHref(p id.ID) string { return "/need-pledges/" + p.String() + "/files" }

// VolunteersHref is the page on which volunteers are found for a need.
func VolunteersHref(n id.ID) string { return Href(n) + "/volunteers" }

// CrewHref is the page on which the community enters what a team delivered with a pledge.
func CrewHref(n, pledge id.ID) string { return Href(n) + "/crew?pledge=" + pledge.String() }

// Title is what a need is called at the desk: its public title, or its kind and number where nothing of it is public.
func Title(ctx context.Context, title string, k exchange.Kind, no string) string {
	if title != "" {
		return title
	}
	return i18n.T(ctx, i18n.ExchangeUnnamed, i18n.T(ctx, k.Text()), no)
}

// titleOf is what a need is called to who pledged: its title, or its kind after it was withdrawn.
func titleOf(ctx context.Context, c exchange.Card) string {
	if c.Title != "" {
		return c.Title
	}
	return kindOf(ctx, c.Kind, c.Small)
}

func stars(n int64) string {
	const five = "★★★★★"
	return five[:min(5, max(0, n))*int64(len("★"))]
}

// List is the list of needs at the desk.
type List struct {
	Query         url.Values
	Items         []exchange.Row
	Before, After string
	Places        []field.Option
	Summary       exchange.Summary
	First         bool
	Enters        bool
	Keeps         bool
	Today         calendar.Date
}

func (l List) acts() []partial.Act {
	if !l.Enters {
		return nil
	}
	return []partial.Act{{Text: i18n.ExchangeNew, Href: Path + "/new", Look: partial.Primary, Icon: icon.Plus}}
}

func (l List) emptyAct() *partial.Act {
	if !l.Enters {
		return nil
	}
	return &partial.Act{Text: i18n.ExchangeNew, Href: Path + "/new", Icon: icon.Plus}
}

func (l List) stats(ctx context.Context) []partial.Stat {
	s := l.Summary
	n := func(label i18n.Text, v int64, state exchange.State, tone partial.Tone) partial.Stat {
		return partial.Stat{Label: label, Value: i18n.Number(v), Href: partial.Href(Path, l.Query, "state", string(state)), Tone: tone}
	}
	warn := partial.Neutral
	if s.Asked > 0 {
		warn = partial.Warned
	}
	return []partial.Stat{n(i18n.ExchangeAsked, s.Asked, exchange.Asked, warn), n(i18n.ExchangeOpen, s.Open, exchange.Open, partial.Neutral), n(i18n.ExchangeTaken, s.Pledged, exchange.Taken, partial.Neutral),
		n(i18n.ExchangeDelivered, s.Delivered, exchange.Delivered, partial.Neutral),
		{Label: i18n.ExchangeGranted, Value: i18n.Number(s.Granted), Href: Path + "?show=" + exchange.ShowSmall + "&state=" + string(exchange.Done), Note: i18n.T(ctx, i18n.ExchangeThisYear)}}
}

func (l List) filters() []partial.Filter {
	shows := []field.Option{{Value: exchange.ShowGoing, Text: i18n.ExchangeShowGoing}, {Value: exchange.ShowSmall, Text: i18n.ExchangeSmall}, {Value: exchange.ShowUnmatched, Text: i18n.ExchangeShowUnmatched},
		{Value: exchange.ShowBare, Text: i18n.ExchangeShowBare}, {Value: exchange.ShowLate, Text: i18n.ExchangeShowLate}}
	return []partial.Filter{{Name: "show", Label: i18n.ExchangeShow, Options: shows}, {Name: "state", Label: i18n.ExchangeState, Options: field.Choices(exchange.States(), exchange.State.Text)},
		{Name: "kind", Label: i18n.ExchangeKind, Options: field.Choices(exchange.Kinds(), exchange.Kind.Text)}, {Name: "community", Label: i18n.CaseCommunity, Options: l.Places},
		{Name: "order", Label: i18n.ExchangeOrder, Options: []field.Option{{Value: ByDue, Text: i18n.ExchangeByDue}}}}
}

var columns = []partial.Column{{Key: "title", Title: i18n.ExchangeWhat, Main: true}, {Key: "kind", Title: i18n.ExchangeKind, Minor: true}, {Key: "community", Title: i18n.CaseCommunity, Minor: true},
	{Key: "taken", Title: i18n.ExchangePledges, Tight: true}, {Key: "due", Title: i18n.ExchangeDueOn, Tight: true}, {Key: "state", Title: i18n.ExchangeState, Tight: true}}

func (l List) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, r := range l.Items {
		state := StateOf(r.State)
		if r.State == exchange.Done && r.Outcome != exchange.Met {
			state = partial.State{Text: r.Outcome.Text(), Tone: partial.Ended}
		}
		taken := i18n.T(ctx, i18n.ExchangeOfWanted, r.Taken, r.Wanted)
		if r.Waits > 0 {
			taken += " · " + i18n.T(ctx, i18n.ExchangeToAgree, r.Waits)
		}
		title, under := Title(ctx, r.Title, r.Kind, r.No), r.No
		if r.Title == "" { // the number stands in it
			under = ""
		}
		out = append(out, partial.Row{ID: r.ID.String(), Name: title, Href: Href(r.ID), Cells: []templ.Component{partial.Two(title, under), partial.Text(kindOf(ctx, r.Kind, r.Small)), partial.Text(r.Community),
			partial.Text(taken), partial.Text(r.DueOn.String()), partial.Badge(state)}})
	}
	return out
}

// tabs are the lists beside each other; those who keep needs have the week's matches too.
func tabs(at string, keeps bool) []partial.Tab {
	out := []partial.Tab{{Text: i18n.ExchangeTitle, Href: Path, Active: at == Path, Count: -1}, {Text: i18n.ResourceTitle, Href: ResourcePath, Active: at == ResourcePath, Count: -1}}
	if keeps {
		out = append(out, partial.Tab{Text: i18n.WeekTitle, Href: WeekPath, Active: at == WeekPath, Count: -1})
	}
	return append(out, partial.Tab{Text: i18n.ProjectTitle, Href: "/projects", Count: -1})
}

// New is the form of a need at the desk.
type New struct {
	field.Form
	Communities []field.Option
	Home        string
}

func who() []field.Option {
	return []field.Option{{Value: "resident", Text: i18n.ExchangeForResident}, {Value: "own", Text: i18n.ExchangeForOwn}}
}

// Show is the page of a need at the desk.
type Show struct {
	ProjectTitle string // the project that answers it
	ProjectHref  string
	MakesProject bool
	exchange.Detail
	Sent      field.Form
	SentBy    string
	Today     calendar.Date
	Keeps     bool
	Purposes  []field.Option
	Topics    []field.Option
	Proposals []exchange.Proposal
	Places    []exchange.Suggestion
	Books     authz.Scope // where the reader sees bookings
	Finds     bool        // volunteers may be asked
	Raises    bool        // topics may be raised and taken back
	Shown     string      // of a typeahead that was sent
	CaseHref  string
	OrderHref string // of the love bank, where the reader may open it
	Mine      id.ID  // who looks, as a person
}

// opens says whether the reader sees a booking: of the place, or of whom it was made for.
func (s Show) opens(b exchange.NeedBooking) bool {
	return s.Books.Covers(b.OwnerID) || b.OrgID != 0 && s.Books.Covers(b.OrgID)
}

// asksOwn says that who looks asked for it themselves: somebody else notes what came of it.
func (s Show) asksOwn() bool { return s.Mine != 0 && s.Mine == s.PersonID }

func (s Show) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if s.SentBy == "exchange."+name {
		f = s.Sent
	}
	f.ID = name + "-"
	return f
}

// formOf is the form of an act on one pledge.
func (s Show) formOf(name string, p id.ID) field.Form {
	f := field.Form{Values: url.Values{}}
	if s.SentBy == "exchange."+name && s.Sent.Values.Get("pledge") == p.String() {
		f = s.Sent
	}
	f.ID = name + "-" + p.String() + "-"
	return f
}

func (s Show) sent(name string) bool { return s.SentBy == "exchange."+name }

// public is the form of what everybody reads, filled with what is there.
func (s Show) public(name string) field.Form {
	f := s.form(name)
	if s.sent(name) {
		return f
	}
	words := s.Words
	if words == "" {
		words = s.Body
		if r := []rune(words); len(r) > exchange.MaxWords {
			words = string(r[:exchange.MaxWords])
		}
	}
	title := s.Title
	if title == "" {
		title = s.Proposed()
	}
	f.Values = url.Values{"title": {title}, "words": {words}, "skill": {s.Skill}, "kind": {string(s.Kind)}, "wanted": {decimal(s.Wanted)}, "due_on": {s.DueOn.String()}}
	f.Filled = map[string]bool{"title": true, "words": words != "", "kind": true, "wanted": true, "due_on": true, "skill": s.Skill != ""}
	if s.Minutes > 0 {
		f.Values.Set("hours", i18n.Hours(s.Minutes))
		f.Filled["hours"] = true
	}
	if s.Small {
		f.Values.Set("small", "1")
	}
	return f
}

// linked is a text that opens something, where the reader may.
func linked(text, href string) templ.Component {
	if href == "" {
		return partial.Text(text)
	}
	return partial.Link(text, href)
}

func (s Show) version() string { return decimal(s.Version) }

func (s Show) head(ctx context.Context) partial.Head {
	return partial.Head{Title: Title(ctx, s.Title, s.Kind, s.No), Under: s.No + " · " + s.Community + " · " + kindOf(ctx, s.Kind, s.Small), State: StateOf(s.State)}
}

func (s Show) facts(ctx context.Context) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.ExchangeKind, kindOf(ctx, s.Kind, s.Small)), partial.F(i18n.ExchangePledges, i18n.T(ctx, i18n.ExchangeOfWanted, s.Taken, s.Wanted)),
		partial.F(i18n.ExchangeDueOn, s.DueOn.String())}
	if s.Minutes > 0 {
		list = append(list, partial.F(i18n.ExchangeHoursEach, i18n.T(ctx, i18n.ExchangeAbout, i18n.Hours(s.Minutes))))
	}
	if s.Skill != "" {
		list = append(list, partial.F(i18n.ExchangeSkill, s.Skill))
	}
	if s.Place != "" {
		list = append(list, partial.F(i18n.CasePlace, s.Place))
	}
	list = append(list, partial.F(i18n.CaseChannel, i18n.T(ctx, s.Channel.Text())), partial.F(i18n.CaseReceivedAt, i18n.DateTime(s.ReceivedAt)))
	if s.ProjectHref != "" {
		list = append(list, partial.Fact{Label: i18n.ProjectOne, Value: partial.Link(s.ProjectTitle, s.ProjectHref)})
	}
	if s.OrderNo != "" {
		list = append(list, partial.Fact{Label: i18n.BankOrder, Value: linked(s.OrderNo, s.OrderHref)})
	}
	if s.CaseNo != "" && s.CaseHref != "" {
		list = append(list, partial.Fact{Label: i18n.ExchangeFromCase, Value: partial.Link(s.CaseNo, s.CaseHref)})
	}
	if s.Outcome != "" {
		end := i18n.T(ctx, s.Outcome.Text())
		if s.Stars > 0 {
			end += " " + stars(s.Stars)
		}
		list = append(list, partial.F(i18n.CaseResult, end))
	}
	return list
}

func (s Show) history(ctx context.Context) []partial.Event {
	out := make([]partial.Event, 0, len(s.Entries))
	for i := len(s.Entries) - 1; i >= 0; i-- {
		e := s.Entries[i]
		by := e.By
		switch {
		case by == "" && e.Act == exchange.ActTopic:
			by = i18n.T(ctx, i18n.ExchangeBySystem)
		case by == "":
			by = i18n.T(ctx, i18n.ExchangeAsker)
		}
		out = append(out, partial.Event{When: e.At, Who: by, What: i18n.T(ctx, e.Act.Text()), Detail: e.Words})
	}
	return out
}

// ends are the outcomes with which the community ends a need.
func (s Show) ends() []field.Option {
	met := false
	for _, p := range s.Pledges {
		met = met || p.State == exchange.Confirmed
	}
	if met {
		return field.Choices(exchange.Outcomes(), exchange.Outcome.Text)
	}
	return field.Choices([]exchange.Outcome{exchange.Nobody, exchange.Settled}, exchange.Outcome.Text)
}

func (s Show) takes() bool {
	return s.Keeps && (s.State == exchange.Open || s.State == exchange.Taken) && s.Left() > 0 && !s.Today.After(s.DueOn)
}

func helpText(ctx context.Context, h exchange.Help) string {
	t := h.Name + " " + i18n.T(ctx, i18n.ExchangeHoursOn, i18n.Hours(h.Minutes), h.OnDate.String())
	if h.Minutes == 0 && h.Pieces > 0 { // goods alone
		t = h.Name + " " + h.OnDate.String()
	}
	if h.Pieces > 0 {
		t += " · " + i18n.T(ctx, i18n.BankPiecesGiven, h.Pieces)
	}
	if h.Counted {
		t += " · " + i18n.T(ctx, h.Proof.Label())
	}
	return t
}

func answers() []field.Option { return field.Choices(exchange.Answers(), exchange.Answer.Text) }

// starOptions are the choices of a rating, the best first.
func starOptions() []field.Option {
	var out []field.Option
	for _, n := range []string{"5", "4", "3", "2", "1"} {
		out = append(out, field.Option{Value: n, Text: with(i18n.CasePublicStarsN, n)})
	}
	return out
}

// Resources is the list of resources.
type Resources struct {
	Query         url.Values
	Items         []exchange.Resource
	Before, After string
	Places        []field.Option
	Adds          bool
	Needs         bool // the actor sees the list of needs too
	Keeps         bool
	Today         calendar.Date
}

func (l Resources) acts() []partial.Act {
	if !l.Adds {
		return nil
	}
	return []partial.Act{{Text: i18n.ResourceNew, Href: ResourcePath + "/new", Look: partial.Primary, Icon: icon.Plus}}
}

func (l Resources) emptyAct() *partial.Act {
	if !l.Adds {
		return nil
	}
	return &partial.Act{Text: i18n.ResourceNew, Href: ResourcePath + "/new", Icon: icon.Plus}
}

func (l Resources) filters() []partial.Filter {
	return []partial.Filter{{Name: "kind", Label: i18n.ExchangeKind, Options: field.Choices(exchange.Kinds(), exchange.Kind.Text)}, {Name: "terms", Label: i18n.ResourceTerms, Options: field.Choices(exchange.AllTerms(), exchange.Terms.Text)},
		{Name: "place", Label: i18n.ResourcePlace, Options: l.Places}, {Name: "over", Label: i18n.ExchangeShow, Options: []field.Option{{Value: "1", Text: i18n.ResourceWithOver}}}}
}

var resourceColumns = []partial.Column{{Key: "title", Title: i18n.ResourceTitleOf, Main: true}, {Key: "kind", Title: i18n.ExchangeKind, Minor: true}, {Key: "giver", Title: i18n.ResourceGiver}, {Key: "terms", Title: i18n.ResourceTerms, Tight: true},
	{Key: "left", Title: i18n.ResourceLeft, Tight: true}, {Key: "until", Title: i18n.ResourceUntil, Tight: true}, {Key: "act", Title: i18n.ResourceAct, Tight: true}}

// ResourceHref is the page of a resource.
func ResourceHref(r id.ID) string { return ResourcePath + "/" + r.String() }

// ShowResource is the page of a resource.
type ShowResource struct {
	exchange.Resource
	field.Form
	Keeps    bool // may list it for everybody
	Purposes []field.Option
	Suits    []exchange.Suited
	Offers   bool // the reader may use it for a need, or pledge with it
	Uses     bool // at the desk of a community
}

// needHref is where a need opens: at the desk, or for the unit that gives the resource.
func (s ShowResource) needHref(n id.ID) string {
	if s.Uses {
		return Href(n)
	}
	return Unit.Base() + "/" + n.String()
}

func (s ShowResource) facts(ctx context.Context) []partial.Fact {
	l := i18n.From(ctx)
	list := []partial.Fact{partial.F(i18n.ExchangeKind, i18n.T(ctx, s.Kind.Text())), partial.F(i18n.ResourceGiver, GiverName(l, s.Resource)), partial.F(i18n.ResourcePlace, s.Place), partial.F(i18n.ResourceTerms, Price(l, s.Resource)),
		partial.F(i18n.ResourceLeft, Left(l, s.Resource)), partial.F(i18n.ResourceUntil, s.ValidUntil.String())}
	if !s.ValidFrom.IsZero() {
		list = append(list, partial.F(i18n.ResourceFrom, s.ValidFrom.String()))
	}
	listed := i18n.ResourceNotListed
	if s.Listed {
		listed = i18n.ResourceListed
	}
	list = append(list, partial.F(i18n.ResourceWho, i18n.T(ctx, listed)))
	if s.Times != "" {
		list = append(list, partial.F(i18n.ResourceTimes, s.Times))
	}
	if s.Skill != "" {
		list = append(list, partial.F(i18n.ExchangeSkill, s.Skill))
	}
	if s.Detail != "" {
		list = append(list, partial.Fact{Label: i18n.ResourceDetail, Value: partial.Lines(s.Detail), Wide: true})
	}
	return list
}

// Price is what a resource costs, in words.
func Price(l i18n.Lang, r exchange.Resource) string {
	s := r.Terms.Text().In(l)
	if r.Price != "" {
		s += " " + r.Price
	}
	return s
}

// Left is what is left of a resource, in words.
func Left(l i18n.Lang, r exchange.Resource) string {
	if r.Amount == 0 {
		return i18n.ResourceUncounted.In(l)
	}
	return i18n.ResourceLeftOf.In(l, r.Left, r.Amount, r.Unit)
}

func (l Resources) rows(ctx context.Context) []partial.Row {
	lang := i18n.From(ctx)
	var out []partial.Row
	for _, r := range l.Items {
		under := r.Detail
		if r.Times != "" {
			under = r.Times + " " + under
		}
		act := partial.Text("")
		switch {
		case r.Ended:
			act = partial.Badge(partial.State{Text: i18n.ResourceEnded, Tone: partial.Ended})
		case r.ValidUntil.Before(l.Today):
			act = partial.Badge(partial.State{Text: i18n.ResourceOver, Tone: partial.Ended})
		case l.Adds:
			act = partial.Button(partial.Act{Text: i18n.ResourceEnd, Href: ResourcePath + "/" + r.ID.String() + "/end", Post: true, Look: partial.Quiet, Small: true, Values: []partial.Value{{Name: "version", Value: decimal(r.Version)}},
				Confirm: &partial.Confirm{ID: "end-" + r.ID.String(), Question: i18n.T(ctx, i18n.ResourceEndAsk, r.Title)}})
		}
		out = append(out, partial.Row{ID: r.ID.String(), Name: r.Title, Href: ResourceHref(r.ID), Cells: []templ.Component{partial.Two(r.Title, under), partial.Text(i18n.T(ctx, r.Kind.Text())), partial.Two(GiverName(lang, r), r.Place),
			partial.Text(Price(lang, r)), partial.Text(Left(lang, r)), partial.Text(r.ValidUntil.String()), act}})
	}
	return out
}

// NewResource is the form of a resource.
type NewResource struct {
	field.Form
	Places []field.Option // for whom; none where only organisations of one's own give
	Orgs   []field.Option // one's own organisations
	Giver  string         // of the typeahead
	Back   string
	To     string
	Edits  bool // a resource that is there is changed: who gives it and for whom stay
}

// Helping is the page of whoever helps: what they took, and what they could take.
type Helping struct {
	exchange.Helping
	Cards         []exchange.Card
	Query         url.Values
	Before, After string
	Side          Side
	Orgs          []string
	Adds          bool // may offer resources
	Minutes       int64
}

// Side is in what way somebody helps: each has pages of its own.
type Side int

// The sides.
const (
	Member Side = iota
	Unit
	Resident
)

// Sides lists them.
func Sides() []Side { return []Side{Member, Unit, Resident} }

// Base is where the pages of whoever helps are.
func (s Side) Base() string {
	return map[Side]string{Member: OwnPath, Unit: UnitPath, Resident: ResidentPath}[s]
}

func (h Helping) base() string { return h.Side.Base() }

// minutes are confirmed minutes of what is over.
func (h Helping) minutes() (n int64) {
	for _, t := range h.Past {
		if t.Pledge.State == exchange.Confirmed {
			n += t.Pledge.Minutes()
		}
	}
	return n
}

func (h Helping) delivered() (n int64) {
	for _, t := range h.Past {
		if t.Pledge.State == exchange.Confirmed {
			n++
		}
	}
	return n
}

// TakingHref is the page of a pledge for whoever made it.
func TakingHref(s Side, p id.ID) string { return s.Base() + "/pledges/" + p.String() }

// CardPage is a need as whoever helps sees it.
type CardPage struct {
	exchange.Card
	Sent  field.Form
	Side  Side
	Orgs  []field.Option
	Teams []exchange.Team // for which they may pledge
	Today calendar.Date
	First bool // they are to register as a volunteer first
}

func (c CardPage) form() field.Form {
	f := c.Sent
	if f.Values == nil {
		f.Values = url.Values{}
	}
	f.ID = "pledge-"
	return f
}

// TakingPage is a pledge as whoever made it sees it.
type TakingPage struct {
	exchange.Taking
	Sent       field.Form
	SentBy     string
	Side       Side
	Limit      string // of a file
	Colleagues []exchange.Colleague
	Crew       []exchange.Volunteer // of the team for which they pledged
	Today      calendar.Date
	Shown      bool // whom to call was asked for
	Asker      exchange.Asker
	Where      string
}

func (t TakingPage) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if t.SentBy == "exchange."+name {
		f = t.Sent
	}
	f.ID = name + "-"
	return f
}

func (t TakingPage) sent(name string) bool { return t.SentBy == "exchange."+name }

func (t TakingPage) href(act string) templ.SafeURL {
	return templ.SafeURL(TakingHref(t.Side, t.Pledge.ID) + "/" + act)
}

func (t TakingPage) colleagues() []field.Option {
	var out []field.Option
	for _, c := range t.Colleagues {
		out = append(out, field.Option{Value: c.ID.String(), Text: i18n.Verbatim(c.Name)})
	}
	return out
}

// GiverName is who gives a resource: the organisation, or that it is somebody.
func GiverName(l i18n.Lang, r exchange.Resource) string {
	if r.Giver == "" {
		return i18n.OffersNeighbour.In(l)
	}
	return r.Giver
}

// pledgeName is who pledged, or that it is somebody who did not agree to be named.
func pledgeName(ctx context.Context, x exchange.Pledge) string {
	if x.Name == "" {
		return i18n.T(ctx, i18n.OffersNeighbour)
	}
	return x.Name
}

// helperName is who pledged as the one who asked reads it: nobody before the community agreed, and a neighbour where they did not agree to be named.
func helperName(ctx context.Context, h exchange.Helper) string {
	switch {
	case !h.State.Shares():
		return i18n.T(ctx, i18n.WishSomebody)
	case h.Name == "":
		return i18n.T(ctx, i18n.OffersNeighbour)
	}
	return h.Name
}

func (t TakingPage) crew() []field.Option { return crew(t.Crew) }

func crew(people []exchange.Volunteer) []field.Option {
	var out []field.Option
	for _, v := range people {
		out = append(out, field.Option{Value: v.ID.String(), Text: i18n.Verbatim(v.Name)})
	}
	return out
}

// names are in whose name somebody may pledge: their own, or a team's that they lead.
func (c CardPage) names() []field.Option {
	out := []field.Option{{Value: "", Text: i18n.HelpAsSelf}}
	for _, t := range c.Teams {
		out = append(out, field.Option{Value: t.ID.String(), Text: i18n.Verbatim(t.Name)})
	}
	return out
}

func (t TakingPage) helpLines(ctx context.Context) string {
	s := ""
	for _, h := range t.Pledge.Help {
		if s != "" {
			s += "\n"
		}
		s += helpText(ctx, h)
	}
	return s
}

// Wishes is the public list.
type Wishes struct {
	Cards         []exchange.Card
	Granted       []exchange.Card
	Query         url.Values
	Before, After string
	Communities   []field.Option
	District      string
}

func (w Wishes) newHref() string {
	if w.District == "" {
		return PublicPath + "/new"
	}
	return PublicPath + "/new?" + url.Values{"d": {w.District}}.Encode()
}

func (w Wishes) offersHref() string {
	if w.District == "" {
		return PublicResources
	}
	return PublicResources + "?" + url.Values{"d": {w.District}}.Encode()
}

func (w Wishes) filters() []partial.Filter {
	return []partial.Filter{{Name: "kind", Label: i18n.ExchangeKind, Options: field.Choices(exchange.Kinds(), exchange.Kind.Text)}, {Name: "c", Label: i18n.CasePublicCommunity, Options: w.Communities}}
}

// Offers is the public list of resources.
type Offers struct {
	Items         []exchange.Resource
	Query         url.Values
	Before, After string
	Communities   []field.Option
	District      string
	Today         calendar.Date
}

// askHref is the form of a need that says already what somebody would like to have.
func (o Offers) askHref(r id.ID) string {
	q := url.Values{"resource": {r.String()}}
	if o.District != "" {
		q.Set("d", o.District)
	}
	if c := o.Query.Get("c"); c != "" {
		q.Set("c", c)
	}
	return PublicPath + "/new?" + q.Encode()
}

func (o Offers) filters() []partial.Filter {
	return []partial.Filter{{Name: "kind", Label: i18n.ExchangeKind, Options: field.Choices(exchange.Kinds(), exchange.Kind.Text)},
		{Name: "terms", Label: i18n.ResourceTerms, Options: field.Choices(exchange.AllTerms(), exchange.Terms.Text)}, {Name: "c", Label: i18n.CasePublicCommunity, Options: o.Communities}}
}

// noneText says that there is nothing, or nothing of what was looked for.
func (o Offers) noneText() i18n.Text {
	for _, k := range []string{"q", "kind", "terms", "c"} {
		if o.Query.Get(k) != "" {
			return i18n.OffersNotFound
		}
	}
	return i18n.OffersNone
}

// under says of a resource where, when and for how much.
func under(l i18n.Lang, r exchange.Resource) string {
	s := GiverName(l, r) + " · " + r.Place + " · " + Price(l, r)
	if r.Times != "" {
		s += " · " + r.Times
	}
	if r.Amount > 0 {
		s += " · " + Left(l, r)
	}
	return s
}

// AskForm is the public form of a need.
type AskForm struct {
	field.Form
	Communities []field.OptionGroup
	District    string
	Key         string
	Own         bool // somebody has entered their account
}

// Receipt is what whoever asks takes away.
type Receipt struct {
	exchange.Receipt
	Page, QR string
}

// Following is a need as whoever asked sees it.
type Following struct {
	exchange.Followed
	OrderHref string // of the love bank, where it was redeemed there
	Code      string
	Own       id.ID
	Rate      field.Form
	Leave     field.Form
	Shown     id.ID // pledge whose number was asked for
	Name      string
	Number    string
}

func (f Following) facts(ctx context.Context) []partial.Fact {
	where := f.Community
	if f.Place != "" {
		where += " · " + f.Place
	}
	list := []partial.Fact{partial.F(i18n.CasePublicNumber, f.No), partial.F(i18n.CasePublicWhen, i18n.DateTime(f.ReceivedAt)), partial.F(i18n.CasePublicCommunity, where), partial.F(i18n.ExchangeDueOn, f.DueOn.String()),
		{Label: i18n.WishYours, Value: partial.Lines(f.Said), Wide: true}}
	if f.OrderHref != "" {
		list = append(list, partial.Fact{Label: i18n.BankOrder, Value: partial.Link(f.OrderNo, f.OrderHref)})
	}
	if f.Title == "" {
		return list
	}
	text := f.Title
	if f.Words != "" {
		text += "\n" + f.Words
	}
	return append(list, partial.Fact{Label: i18n.WishPublic, Value: partial.Lines(text), Wide: true})
}

func (f Following) history(ctx context.Context) []partial.Event {
	out := make([]partial.Event, 0, len(f.Entries))
	for i := len(f.Entries) - 1; i >= 0; i-- {
		e := f.Entries[i]
		out = append(out, partial.Event{When: e.At, What: i18n.T(ctx, e.Act.Text()), Detail: e.Words})
	}
	return out
}

// hours are what who asked confirms with their answer: the help of those who delivered.
func (f Following) hours(ctx context.Context) (out []string) {
	for _, h := range f.Helpers {
		if h.State != exchange.Brought {
			continue
		}
		for _, x := range h.Help {
			if x.Minutes > 0 || x.Pieces > 0 {
				out = append(out, helpText(ctx, x))
			}
		}
	}
	return out
}

// stateSay says to whoever asked what happens next.
func stateSay(s exchange.State) i18n.Text {
	return map[exchange.State]i18n.Text{exchange.Asked: i18n.WishSayAsked, exchange.Open: i18n.WishSayOpen, exchange.Taken: i18n.WishSayTaken, exchange.Delivered: i18n.WishSayDelivered, exchange.Done: i18n.WishSayDone,
		exchange.Refused: i18n.WishSayRefused, exchange.Withdrawn: i18n.WishSayWithdrawn}[s]
}

// ownHelp says whether the one who looks helped with a pledge.
func (s Show) ownHelp(p exchange.Pledge) bool {
	for _, h := range p.Help {
		if s.Mine != 0 && h.PersonID == s.Mine {
			return true
		}
	}
	return false
}

// hoursOr is how long something takes about, for a form; "" where that is not known.
func hoursOr(minutes int64) string {
	if minutes == 0 {
		return ""
	}
	return i18n.Hours(minutes)
}

// reasons are why something is proposed, in one line.
func reasons(ctx context.Context, list []exchange.Reason) string {
	s := ""
	for i, r := range list {
		if i > 0 {
			s += i18n.T(ctx, i18n.CatalogueComma)
		}
		s += i18n.T(ctx, r.Text())
	}
	return s
}

func (h Helping) stats(ctx context.Context) []partial.Stat {
	return []partial.Stat{{Label: i18n.HelpGoing, Value: i18n.Number(int64(len(h.Going)))}, {Label: i18n.HelpDone, Value: i18n.Number(h.delivered())}, {Label: i18n.HelpHoursAll, Value: i18n.Hours(h.minutes()), Unit: i18n.LedgerHoursUnit}}
}

func (c CardPage) facts(ctx context.Context) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.ExchangeKind, kindOf(ctx, c.Kind, c.Small)), partial.F(i18n.CaseCommunity, c.Community), partial.F(i18n.ExchangeDueOn, c.DueOn.String()),
		partial.F(i18n.ExchangeHowMany, i18n.T(ctx, i18n.ExchangeLeft, c.Wanted, max(0, c.Left())))}
	if c.Minutes > 0 {
		list = append(list, partial.F(i18n.ExchangeHoursEach, i18n.T(ctx, i18n.ExchangeAbout, i18n.Hours(c.Minutes))))
	}
	if c.Skill != "" {
		list = append(list, partial.F(i18n.ExchangeSkill, c.Skill))
	}
	return list
}

func (t TakingPage) facts(ctx context.Context) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.ExchangeKind, kindOf(ctx, t.Card.Kind, t.Card.Small)), partial.F(i18n.CaseCommunity, t.Community), partial.F(i18n.ExchangeDueOn, t.DueOn.String()),
		partial.F(i18n.HelpPledgedAt, i18n.DateTime(t.Pledge.PledgedAt))}
	if t.Pledge.Resource != "" {
		list = append(list, partial.F(i18n.ResourceTitleOf, t.Pledge.Resource))
	}
	if len(t.Pledge.Help) > 0 {
		list = append(list, partial.Fact{Label: i18n.HelpHelp, Value: partial.Lines(t.helpLines(ctx)), Wide: true})
	}
	return list
}

// digits keeps of a telephone number what is dialled.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, s)
}

// kinds are the kinds as somebody who asks understands them.
func kinds() []field.Option {
	help := map[exchange.Kind]i18n.Text{exchange.People: i18n.WishKindPeople, exchange.Goods: i18n.WishKindGoods, exchange.Trade: i18n.WishKindService, exchange.Place: i18n.WishKindPlace, exchange.Money: i18n.WishKindMoney}
	var out []field.Option
	for _, k := range exchange.Kinds() {
		out = append(out, field.Option{Value: string(k), Text: help[k]})
	}
	return out
}
