// Package member holds the pages of members: lists, one member, registrations, floating members, reasons, and a member's own
// pages on the phone.
package member

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/agreement"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/paper"
	"linli/internal/transfer"
	"linli/internal/web/view/chart"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// Href is the page of a member.
func Href(m id.ID) string { return "/members/" + m.String() }

// RegistrationHref is the page of a registration.
func RegistrationHref(r id.ID) string { return "/registrations/" + r.String() }

// ListData is what a list shows.
type ListData[T any] struct {
	Query      url.Values
	Items      []T
	Next, Prev string
	Acts       []partial.Act
	Bulk       []partial.Act
	Counts     member.Counts
}

// KindOptions are the kinds of member as choices.
func KindOptions() []field.Option {
	var out []field.Option
	for _, k := range member.Kinds() {
		out = append(out, field.Option{Value: string(k), Text: k.Text()})
	}
	return out
}

func standingOptions() []field.Option {
	var out []field.Option
	for _, s := range member.Standings() {
		out = append(out, field.Option{Value: string(s), Text: s.Text()})
	}
	return out
}

var listFilters = []partial.Filter{
	{Name: "kind", Label: i18n.MemberKind, Options: KindOptions()},
	{Name: "standing", Label: i18n.MemberStanding, Options: standingOptions()},
	{Name: "state", Label: i18n.MemberState, Options: []field.Option{{Value: "accepted", Text: i18n.MemberRegistered},
		{Value: "proposed", Text: i18n.RegistrationProposed}, {Value: "none", Text: i18n.MemberNotYet}}},
	{Name: "show", Label: i18n.MemberShow, Options: []field.Option{{Value: "nohome", Text: i18n.MemberNoHome}, {Value: "plaque", Text: i18n.MemberShowPlaque},
		{Value: "away", Text: i18n.MemberShowAway}, {Value: "ended", Text: i18n.MemberShowEnded}}},
}

var listColumns = []partial.Column{
	{Key: "name", Title: i18n.MemberName, Main: true}, {Key: "kind", Title: i18n.MemberKind}, {Key: "unit", Title: i18n.MemberUnit},
	{Key: "home", Title: i18n.MemberHomeLabel, Minor: true}, {Key: "community", Title: i18n.MemberCommunity}, {Key: "state", Title: i18n.MemberState, Tight: true},
}

func stats(q url.Values, c member.Counts) []partial.Stat {
	href := func(name, value string) string { return partial.Href("/members", q, name, value) }
	return []partial.Stat{
		{Label: i18n.MemberAll, Value: i18n.Number(c.All), Href: href("kind", "")},
		{Label: i18n.MemberKindInService, Value: i18n.Number(c.InService), Href: href("kind", string(member.InService))},
		{Label: i18n.MemberRegisteredN, Value: i18n.Number(c.Registered), Href: partial.Href("/members", with(q, "kind", string(member.InService)), "state", "accepted")},
		{Label: i18n.MemberKindCommunity, Value: i18n.Number(c.OfCommunity), Href: href("kind", string(member.OfCommunity))},
		{Label: i18n.MemberKindFloating, Value: i18n.Number(c.Floating), Href: href("kind", string(member.Floating))},
		{Label: i18n.MemberNoHome, Value: i18n.Number(c.NoHome), Href: href("show", "nohome"), Tone: warned(c.NoHome)},
	}
}

func warned(n int64) partial.Tone {
	if n > 0 {
		return partial.Warned
	}
	return ""
}

func with(q url.Values, name, value string) url.Values {
	out := url.Values{}
	for k, v := range q {
		out[k] = v
	}
	out.Set(name, value)
	return out
}

func listRows(items []member.Item) []partial.Row {
	var out []partial.Row
	for _, m := range items {
		out = append(out, partial.Row{ID: m.ID.String(), Name: m.Name, Href: Href(m.ID), Cells: []templ.Component{
			partial.Text(m.Name), partial.Label(m.Kind.Text()), partial.Text(m.Unit), home(m), partial.Text(m.Community), partial.Badge(StateOf(m)),
		}})
	}
	return out
}

func home(m member.Item) templ.Component {
	if m.HomeID == 0 {
		return partial.Badge(partial.State{Text: i18n.MemberNoHome, Tone: partial.Warned})
	}
	return partial.Text(m.Home)
}

// StateOf says how a member stands towards communities.
func StateOf(m member.Item) partial.State {
	switch {
	case !m.Living():
		return partial.State{Text: i18n.MemberShowEnded, Tone: partial.Ended}
	case m.CommunityID != 0:
		return partial.State{Text: i18n.MemberRegistered, Tone: partial.Active}
	case m.Registration == member.Proposed:
		return partial.State{Text: i18n.RegistrationProposed, Tone: partial.Waiting}
	}
	return partial.State{Text: i18n.MemberNotYet, Tone: partial.Draft}
}

// RegistrationState is the state of a registration as it is shown.
func RegistrationState(s member.State) partial.State {
	tone := map[member.State]partial.Tone{member.Proposed: partial.Waiting, member.Accepted: partial.Active, member.Returned: partial.Refused,
		member.Withdrawn: partial.Ended, member.Ended: partial.Ended}[s]
	return partial.State{Text: s.Text(), Tone: tone}
}

var registrationColumns = []partial.Column{
	{Key: "name", Title: i18n.MemberName, Main: true}, {Key: "unit", Title: i18n.MemberUnit}, {Key: "community", Title: i18n.RegistrationTo},
	{Key: "by", Title: i18n.RegistrationBy, Minor: true}, {Key: "skills", Title: i18n.MemberSkills, Minor: true}, {Key: "at", Title: i18n.RegistrationAt},
	{Key: "state", Title: i18n.RegistrationState, Tight: true},
}

func registrationFilters() []partial.Filter {
	f := partial.Filter{Name: "state", Label: i18n.RegistrationState}
	for _, s := range member.States() {
		f.Options = append(f.Options, field.Option{Value: string(s), Text: s.Text()})
	}
	return []partial.Filter{f}
}

func registrationRows(ctx context.Context, items []member.RegistrationItem) []partial.Row {
	var out []partial.Row
	for _, r := range items {
		where := partial.Text(r.Community)
		if r.LivesHere && r.State == member.Proposed {
			where = partial.Two(r.Community, i18n.T(ctx, i18n.RegistrationLives))
		}
		out = append(out, partial.Row{ID: r.ID.String(), Name: r.Name, Href: RegistrationHref(r.ID), Cells: []templ.Component{
			partial.Text(r.Name), partial.Text(r.Unit), where, partial.Label(r.StartedBy.Text()), partial.Text(r.Skills), partial.Moment(r.ProposedAt),
			partial.Badge(RegistrationState(r.State)),
		}})
	}
	return out
}

// DetailData is what the page of one member shows.
type DetailData struct {
	member.Detail
	Tab       string
	Acts      []partial.Act
	More      []partial.Act
	Claims    []agreement.Item
	Form      field.Form // of the part that was sent last
	CanNote   bool       // contacts, promises, reasons, moves
	CanIssue  bool
	Rare      string // characters that cannot be printed
	PlaqueURL string
	Today     string
	Year      int
	LedgerOK  bool
	Transfers []transfer.Item // of the formal relation, newest first
}

func (d DetailData) tabs() []partial.Tab {
	tab := func(t i18n.Text, key string, n int) partial.Tab {
		href := Href(d.ID)
		if key != "" {
			href += "/" + key
		}
		return partial.Tab{Text: t, Href: href, Active: d.Tab == key, Count: n}
	}
	return []partial.Tab{tab(i18n.MemberTabOverview, "", -1), tab(i18n.MemberTabClaims, "claims", len(d.Claims)), tab(i18n.MemberTabContacts, "contacts", len(d.Contacts)),
		tab(i18n.MemberTabPromises, "promises", len(d.Promises)), tab(i18n.MemberTabPapers, "papers", len(d.Papers)), tab(i18n.MemberTabHistory, "history", -1)}
}

func (d DetailData) facts() []partial.Fact {
	f := []partial.Fact{
		{Label: i18n.MemberKind, Value: partial.Label(d.Kind.Text())}, {Label: i18n.MemberStanding, Value: partial.Label(d.Standing.Text())},
		{Label: i18n.MemberUnit, Value: org(d.Unit, d.UnitID)}, {Label: i18n.MemberHome, Value: home(d.Item)},
		{Label: i18n.MemberCommunity, Value: org(d.Community, d.CommunityID)}, partial.F(i18n.MemberSince, d.Since.String()), partial.F(i18n.MemberGrid, d.Grid),
		partial.F(i18n.MemberJoined, d.JoinedOn.String()), partial.F(i18n.MemberFullOn, d.FullOn.String()), partial.F(i18n.MemberSkills, d.Skills),
		partial.F(i18n.MemberPhoneMasked, d.PhoneMask), partial.F(i18n.MemberIDMasked, d.IDMask),
	}
	if !d.Living() {
		f = append(f, partial.F(i18n.MemberEndedOn, d.EndedOn.String()), partial.F(i18n.MemberReasonLabel, d.EndReason))
	}
	return f
}

func org(name string, org id.ID) templ.Component {
	if org == 0 {
		return partial.Text("")
	}
	return partial.Link(name, "/organisations/"+org.String())
}

var ownRegistrationColumns = []partial.Column{
	{Key: "community", Title: i18n.RegistrationTo, Main: true}, {Key: "by", Title: i18n.RegistrationBy}, {Key: "at", Title: i18n.RegistrationAt},
	{Key: "why", Title: i18n.MemberReasonLabel}, {Key: "state", Title: i18n.RegistrationState, Tight: true},
}

func ownRegistrations(items []member.RegistrationItem) []partial.Row {
	var out []partial.Row
	for _, r := range items {
		out = append(out, partial.Row{ID: r.ID.String(), Href: RegistrationHref(r.ID), Cells: []templ.Component{
			partial.Text(r.Community), partial.Label(r.StartedBy.Text()), partial.Moment(r.ProposedAt), partial.Text(r.Reason), partial.Badge(RegistrationState(r.State))}})
	}
	return out
}

var contactColumns = []partial.Column{
	{Key: "on", Title: i18n.MemberOn, Main: true, Tight: true}, {Key: "kind", Title: i18n.ContactKindLabel, Tight: true}, {Key: "note", Title: i18n.ContactNote},
	{Key: "next", Title: i18n.ContactFollowUp, Tight: true},
}

// under says below a contact with whom it was, why, and who recorded it.
func under(ctx context.Context, c member.Contact) string {
	var parts []string
	if c.With != "" {
		parts = append(parts, i18n.T(ctx, i18n.TalkWith, c.With))
	}
	if c.Reason != member.OfTheYear {
		parts = append(parts, i18n.T(ctx, c.Reason.Text()))
	}
	if c.ByName != "" {
		parts = append(parts, c.ByName)
	}
	return strings.Join(parts, " · ")
}

func contactRows(ctx context.Context, items []member.Contact) []partial.Row {
	var out []partial.Row
	for _, c := range items {
		out = append(out, partial.Row{ID: c.ID.String(), Cells: []templ.Component{partial.Text(c.On.String()), partial.Label(c.Kind.Text()), partial.Two(c.Note, under(ctx, c)),
			partial.Text(c.FollowUpOn.String())}})
	}
	return out
}

func contactKinds() []field.Option {
	var out []field.Option
	for _, k := range member.ContactKinds() {
		out = append(out, field.Option{Value: string(k), Text: k.Text()})
	}
	return out
}

func absences() []field.Option {
	var out []field.Option
	for _, k := range member.Absences() {
		out = append(out, field.Option{Value: string(k), Text: k.Text()})
	}
	return out
}

func directions() []field.Option {
	return []field.Option{{Value: string(member.Out), Text: member.Out.Text()}, {Value: string(member.In), Text: member.In.Text()}}
}

func promiseState(s member.PromiseState) partial.State {
	return partial.State{Text: s.Text(), Tone: map[member.PromiseState]partial.Tone{member.Open: partial.Waiting, member.Kept: partial.Closed, member.NotKept: partial.Refused}[s]}
}

var paperColumns = []partial.Column{
	{Key: "number", Title: i18n.CertificateNumber, Main: true}, {Key: "issued", Title: i18n.CertificateIssued, Tight: true}, {Key: "state", Title: i18n.CertificateState},
}

func paperRows(ctx context.Context, items []paper.Paper) []partial.Row {
	var out []partial.Row
	for _, p := range items {
		state := partial.State{Text: i18n.CertificateInForce, Tone: partial.Active}
		if !p.RevokedAt.IsZero() {
			state = partial.State{Text: i18n.Verbatim(i18n.T(ctx, i18n.CertificateRevoked, p.Reason)), Tone: partial.Ended}
		}
		out = append(out, partial.Row{ID: p.ID.String(), Cells: []templ.Component{partial.Two(p.Number, p.Code), partial.Date(p.IssuedAt), partial.Badge(state)}})
	}
	return out
}

// paperActs are what can be done about the certificate.
func (d DetailData) paperActs(ctx context.Context) []partial.Act {
	if !d.CanIssue || d.Certifiable() != nil {
		return nil
	}
	at := Href(d.ID) + "/certificate"
	issue := partial.Act{Text: i18n.CertificateIssue, Href: at, Post: true, Look: partial.Primary, Icon: icon.Certificate}
	if d.Rare != "" {
		issue.Text = i18n.CertificateAnyway
		issue.Values = []partial.Value{{Name: "anyway", Value: "1"}}
	}
	if d.Certificate() == nil {
		return []partial.Act{issue}
	}
	acts := []partial.Act{
		{Text: i18n.CertificateReissue, Href: at + "/reissue", Post: true, Icon: icon.Refresh, Confirm: &partial.Confirm{ID: "reissue",
			Question: i18n.T(ctx, i18n.CertificateNew), Reason: i18n.MemberReasonLabel, Form: "certificate.reissue"}},
		{Text: i18n.CertificateRevoke, Href: at + "/revoke", Post: true, Look: partial.Danger, Icon: icon.Close, Confirm: &partial.Confirm{ID: "revoke",
			Question: i18n.T(ctx, i18n.CertificateRevDone), Reason: i18n.MemberReasonLabel, Form: "certificate.revoke"}},
	}
	if d.Outdated {
		return append([]partial.Act{issue}, acts...)
	}
	return append([]partial.Act{{Text: i18n.CertificateOpen, Href: at + ".pdf", Look: partial.Primary, Icon: icon.Print}}, acts...)
}

func (d DetailData) events(ctx context.Context) []partial.Event {
	var out []partial.Event
	for _, h := range d.History {
		out = append(out, partial.Event{When: h.At, Who: h.ActorName, What: i18n.T(ctx, i18n.MemberAction(h.Action))})
	}
	return out
}

var claimColumns = []partial.Column{
	{Key: "name", Title: i18n.ResponsibilityName, Main: true}, {Key: "period", Title: i18n.ClaimFrom}, {Key: "state", Title: i18n.ClaimStateLabel, Tight: true},
}

func claimRows(ctx context.Context, items []agreement.Item) []partial.Row {
	var out []partial.Row
	for _, c := range items {
		out = append(out, partial.Row{ID: c.ID.String(), Name: c.Name, Href: "/claims/" + c.ID.String(), Cells: []templ.Component{partial.Text(c.Name),
			partial.Text(i18n.T(ctx, i18n.ClaimPeriod, c.From.String(), c.To.String())), partial.Label(c.State.Text())}})
	}
	return out
}

// FormData is what the form of a member shows.
type FormData struct {
	field.Form
	Of                    member.Item // zero for a new one
	Unit, Home, Community string      // names of what is chosen
	Counter               bool        // offers registration at the counter
	Today                 string
}

func (f FormData) version() string {
	if v := f.Values.Get("version"); v != "" {
		return v
	}
	return strconv.FormatInt(f.Of.Version, 10)
}

// StartRow is one member on the form that starts registrations.
type StartRow struct {
	member.Proposal
	Blocked string // why none can be started
	Field   field.Field
}

// FloatingData is what the station's list shows.
type FloatingData = ListData[member.FloatingItem]

var floatingColumns = []partial.Column{
	{Key: "name", Title: i18n.MemberName, Main: true}, {Key: "direction", Title: i18n.FloatingDir, Tight: true}, {Key: "place", Title: i18n.FloatingPlace},
	{Key: "from", Title: i18n.FloatingFrom, Tight: true}, {Key: "home", Title: i18n.MemberHomeLabel, Minor: true}, {Key: "last", Title: i18n.FloatingLast},
	{Key: "state", Title: i18n.CertificateState, Tight: true},
}

var floatingFilters = []partial.Filter{
	{Name: "direction", Label: i18n.FloatingDir, Options: directions()},
	{Name: "show", Label: i18n.MemberShow, Options: []field.Option{{Value: "overdue", Text: i18n.FloatingOverdue}, {Value: "back", Text: i18n.FloatingEnded}}},
}

func floatingRows(ctx context.Context, items []member.FloatingItem) []partial.Row {
	var out []partial.Row
	for _, f := range items {
		state := partial.State{Text: f.Direction.Text(), Tone: partial.Active}
		switch {
		case f.Overdue:
			state = partial.State{Text: i18n.FloatingOverdue, Tone: partial.Warned}
		case !f.BackOn.IsZero():
			state = partial.State{Text: i18n.FloatingEnded, Tone: partial.Ended}
		}
		out = append(out, partial.Row{ID: f.ID.String(), Name: f.Name, Href: Href(f.MemberID) + "/contacts", Cells: []templ.Component{
			partial.Two(f.Name, f.PhoneMask), partial.Label(f.Direction.Text()), partial.Two(f.Place, f.OtherBranch), partial.Text(f.FromOn.String()), partial.Text(f.Home),
			partial.Two(f.LastContact.String(), i18n.T(ctx, i18n.FloatingDays, f.Days)), partial.Badge(state)}})
	}
	return out
}

var reasonColumns = []partial.Column{
	{Key: "name", Title: i18n.AbsenceMember, Main: true}, {Key: "reason", Title: i18n.AbsenceWhy}, {Key: "note", Title: i18n.AbsenceNote}, {Key: "unit", Title: i18n.MemberUnit},
	{Key: "community", Title: i18n.MemberCommunity}, {Key: "from", Title: i18n.FloatingFrom, Tight: true},
}

func reasonRows(items []member.ReasonItem) []partial.Row {
	var out []partial.Row
	for _, r := range items {
		out = append(out, partial.Row{ID: r.ID.String(), Name: r.Name, Href: Href(r.MemberID) + "/promises", Cells: []templ.Component{partial.Text(r.Name),
			partial.Label(r.Reason.Reason.Text()), partial.Text(r.Note), partial.Text(r.Unit), partial.Text(r.Community), partial.Text(r.From.String())}})
	}
	return out
}

func reasonChart(ctx context.Context, q url.Values, counts []member.ReasonCount) chart.Chart {
	c := chart.Chart{Title: i18n.T(ctx, i18n.AbsenceTitle), Unit: i18n.ResponsibilityUnit}
	for _, n := range counts {
		c.Items = append(c.Items, chart.Item{Label: i18n.T(ctx, n.Reason.Text()), Value: n.Count, Href: partial.Href("/reasons", q, "reason", string(n.Reason))})
	}
	return c
}

// MineData is what a member's own page shows.
type MineData struct {
	member.Detail
	Proposal   member.Proposal
	Form       field.Form
	Version    string
	PlaqueURL  string
	LastReason string // why the last registration came back
}

// CertificateData is a certificate on the screen.
type CertificateData struct {
	member.Certificate
	QR, URL string
}
