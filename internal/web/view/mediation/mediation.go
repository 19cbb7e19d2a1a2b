// Package mediation draws the pages of people's mediation at the desk.
package mediation

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/mediation"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// Path is the address of the list.
const Path = "/mediations"

// CommitteesPath is the address of the committees.
const CommitteesPath = "/mediation-committees"

// Href is the address of a mediation.
func Href(m id.ID) string { return Path + "/" + m.String() }

// CommitteeHref is the address of a community's committee.
func CommitteeHref(org id.ID) string { return CommitteesPath + "/" + org.String() }

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// Paper is one of the papers that are printed.
type Paper struct {
	Code  string
	Title i18n.Text
}

// The papers.
var (
	Application  = Paper{mediation.PaperApplication, i18n.PrintMediationApplication}
	Record       = Paper{mediation.PaperRecord, i18n.PrintMediationRecord}
	Agreement    = Paper{mediation.PaperAgreement, i18n.PrintMediationAgreement}
	Oral         = Paper{mediation.PaperOral, i18n.PrintMediationOral}
	Confirmation = Paper{mediation.PaperConfirmation, i18n.PrintMediationConfirm}
	Visits       = Paper{mediation.PaperVisits, i18n.PrintMediationVisits}
	FileIndex    = Paper{mediation.PaperIndex, i18n.PrintMediationIndex}
)

// Papers are the papers that a mediation has where it stands.
func Papers(m mediation.Mediation) []Paper {
	var out []Paper
	has := m.Papers()
	for _, p := range []Paper{Application, Record, Agreement, Oral, Confirmation, Visits, FileIndex} {
		if slices.Contains(has, p.Code) {
			out = append(out, p)
		}
	}
	return out
}

// StateOf is a state as it is drawn.
func StateOf(s mediation.State) partial.State {
	tone := map[mediation.State]partial.Tone{mediation.Opened: partial.Waiting, mediation.Running: partial.Active, mediation.Drafted: partial.Waiting, mediation.InForce: partial.Active,
		mediation.Performed: partial.Closed, mediation.Unmet: partial.Refused, mediation.Failed: partial.Ended, mediation.Refused: partial.Ended, mediation.Withdrawn: partial.Ended}[s]
	return partial.State{Text: s.Text(), Tone: tone}
}

// List is the list of mediations with what is counted of a year.
type List struct {
	Query         url.Values
	Items         []mediation.Row
	Before, After string
	Year          mediation.Year
	Now           calendar.Date
	Kinds         []field.Option
	Records       bool // the actor sees records; else numbers alone
	Enters        bool
	Committees    bool
	First         bool
}

var columns = []partial.Column{{Key: "no", Title: i18n.MediationNo, Main: true}, {Key: "org", Title: i18n.CaseCommunity, Minor: true}, {Key: "who", Title: i18n.MediationMediators}, {Key: "asked", Title: i18n.MediationAskedOn, Tight: true, Minor: true},
	{Key: "next", Title: i18n.MediationNext, Tight: true}, {Key: "state", Title: i18n.CaseState, Tight: true}}

func kindName(ctx context.Context, t i18n.Text) string {
	if name := i18n.T(ctx, t); name != "" {
		return name
	}
	return i18n.T(ctx, i18n.CaseItemNone)
}

func (l List) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, m := range l.Items {
		kind := kindName(ctx, m.Item)
		if m.Risk != "" {
			kind += " · " + i18n.T(ctx, m.Risk.Text())
		}
		out = append(out, partial.Row{ID: m.ID.String(), Name: m.No, Href: Href(m.ID), Cells: []templ.Component{partial.Two(m.No, kind), partial.Text(m.Org), partial.Text(m.Mediators), partial.Text(m.AskedOn.String()),
			nextCell(ctx, m.Next, m.NextOn, l.Now), partial.Badge(StateOf(m.State))}})
	}
	return out
}

// nextCell says what is to be done first, and that it is over.
func nextCell(ctx context.Context, what mediation.Due, on, today calendar.Date) templ.Component {
	switch {
	case on.IsZero():
		return partial.Text("")
	case on.Before(today):
		return partial.Badge(partial.State{Text: i18n.Verbatim(i18n.T(ctx, what.Text()) + " · " + i18n.T(ctx, i18n.CaseStatLate)), Tone: partial.Refused})
	}
	return partial.Two(on.String()[5:], i18n.T(ctx, what.Text()))
}

func showText(s string) i18n.Text {
	return map[string]i18n.Text{mediation.ShowOpen: i18n.MediationShowOpen, mediation.ShowOverdue: i18n.MediationShowOverdue, mediation.ShowSoon: i18n.MediationShowSoon, mediation.ShowAgreed: i18n.MediationShowAgreed,
		mediation.ShowNot: i18n.MediationShowNot}[s]
}

func (l List) filters() []partial.Filter {
	var years []field.Option
	for y := l.Now.Year(); y > l.Now.Year()-5; y-- {
		years = append(years, field.Option{Value: strconv.Itoa(y), Text: i18n.Verbatim(strconv.Itoa(y))})
	}
	out := []partial.Filter{{Name: "show", Label: i18n.CaseShow, Options: field.Choices(mediation.Shows(), showText)}, {Name: "state", Label: i18n.CaseState, Options: field.Choices(mediation.States(), mediation.State.Text)},
		{Name: "year", Label: i18n.MediationYear, Options: years}}
	if len(l.Kinds) > 0 {
		out = append(out, partial.Filter{Name: "item", Label: i18n.MediationKind, Options: l.Kinds})
	}
	return out
}

func rate(part, of int64) string {
	if of == 0 {
		return "—"
	}
	return decimal((part*100+of/2)/of) + "%"
}

func (l List) stats(ctx context.Context) []partial.Stat {
	y, t := l.Year, l.Year.Total
	href := func(more ...string) string {
		if !y.Opens { // the list has only some of what is counted
			return ""
		}
		q := url.Values{"year": {strconv.Itoa(y.Year)}}
		for i := 0; i < len(more); i += 2 {
			q.Set(more[i], more[i+1])
		}
		return Path + "?" + q.Encode()
	}
	since := i18n.T(ctx, i18n.MediationInYear, y.Year)
	if !y.Opens && t.All < mediation.Small {
		value := decimal(t.All)
		if t.All > 0 {
			value = i18n.T(ctx, i18n.MediationFewer, mediation.Small)
		}
		return []partial.Stat{{Label: i18n.MediationStatAll, Value: value, Note: since}}
	}
	return []partial.Stat{
		{Label: i18n.MediationStatAll, Value: decimal(t.All), Href: href(), Note: since},
		{Label: i18n.MediationStatAgreed, Value: rate(t.Agreed, t.Ended()), Href: href("show", mediation.ShowAgreed), Note: i18n.T(ctx, i18n.MediationStatOf, t.Agreed, t.Ended())},
		{Label: i18n.MediationStatPerformed, Value: rate(t.Performed, t.Agreed), Href: href("state", string(mediation.Performed)), Note: i18n.T(ctx, i18n.MediationStatOf, t.Performed, t.Agreed)},
		{Label: i18n.MediationStatConfirmed, Value: decimal(t.Confirmed), Href: href("show", mediation.ShowAgreed)},
		{Label: i18n.MediationStatNot, Value: decimal(t.Failed + t.Withdrawn), Href: href("show", mediation.ShowNot)},
	}
}

var kindColumns = []partial.Column{{Key: "kind", Title: i18n.MediationKind, Main: true}, {Key: "all", Title: i18n.MediationStatAll, Num: true}, {Key: "agreed", Title: i18n.MediationAgreedN, Num: true}, {Key: "done", Title: i18n.MediationPerformed, Num: true},
	{Key: "not", Title: i18n.MediationStatNot, Num: true}}

func (l List) kindRows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, k := range l.Year.Kinds {
		href := ""
		if l.Year.Opens && k.ItemID != 0 {
			href = Path + "?" + url.Values{"year": {strconv.Itoa(l.Year.Year)}, "item": {k.ItemID.String()}}.Encode()
		}
		name := kindName(ctx, k.Name)
		out = append(out, partial.Row{ID: k.ItemID.String(), Name: name, Href: href, Cells: []templ.Component{partial.Text(name), partial.Num(k.All), partial.Num(k.Agreed), partial.Num(k.Performed), partial.Num(k.Failed + k.Withdrawn)}})
	}
	return out
}

func (l List) acts() []partial.Act {
	var out []partial.Act
	if l.Committees {
		out = append(out, partial.Act{Text: i18n.MediationCommittees, Href: CommitteesPath, Icon: icon.Users})
	}
	if l.Enters {
		out = append(out, partial.Act{Text: i18n.MediationNew, Href: Path + "/new", Look: partial.Primary, Icon: icon.Plus})
	}
	return out
}

// New is the form of a mediation that begins without a case.
type New struct {
	field.Form
	Communities []field.Option
	Home        string
	Day         string // today
	Kinds       []field.Option
}

// NewParties is how many parties the form takes; more are entered on the page.
const NewParties = 3

// Duties is how many promises the form of an agreement takes.
const Duties = 3

// Show is the page of a mediation.
type Show struct {
	mediation.Mediation
	Sent    field.Form
	SentBy  string
	Today   calendar.Date
	Lang    i18n.Lang
	Members []mediation.Member // of the committee
	Kinds   []field.Option
	Case    bool               // the actor sees the case that it was made from
	Kept    []partial.KeptFile // scans of the agreement
	Size    string             // largest scan
}

func (s Show) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if s.SentBy == "mediation."+name {
		f = s.Sent
	}
	f.ID = name + "-"
	return f
}

func (s Show) sentBy(name string) bool { return s.SentBy == "mediation."+name }

func (s Show) version() string { return decimal(s.Version) }

func (s Show) day() string { return s.Today.String() }

func (s Show) head(ctx context.Context) partial.Head {
	return partial.Head{Title: i18n.T(ctx, i18n.MediationOne, s.No), Under: s.Org + " · " + kindName(ctx, s.Item) + " · " + i18n.T(ctx, s.Start.Text()), State: StateOf(s.State)}
}

func (s Show) badges() []partial.State {
	out := []partial.State{{Text: i18n.CaseConfidential, Tone: partial.Neutral}, {Text: i18n.MediationFree, Tone: partial.Neutral}}
	if s.Private {
		out = append(out, partial.State{Text: i18n.MediationPrivate, Tone: partial.Neutral})
	} else {
		out = append(out, partial.State{Text: i18n.MediationPublic, Tone: partial.Neutral})
	}
	if s.Risk != "" {
		out = append(out, partial.State{Text: s.Risk.Text(), Tone: partial.Refused})
	}
	if _, on := s.Next(s.Today); !on.IsZero() && on.Before(s.Today) {
		out = append(out, partial.State{Text: i18n.CaseStatLate, Tone: partial.Refused})
	}
	return out
}

// remind is the sentence about judicial confirmation; "" where there is none.
func (s Show) remind(ctx context.Context) string {
	switch {
	case s.Confirm != "" || !s.Can(mediation.ActApply):
		return ""
	case s.Today.After(s.ConfirmBy):
		return i18n.T(ctx, i18n.MediationConfirmOver, s.ConfirmBy.String())
	}
	return i18n.T(ctx, i18n.MediationConfirmUntil, s.ConfirmBy.String(), s.Today.DaysUntil(s.ConfirmBy))
}

func (s Show) facts(ctx context.Context) []partial.Fact {
	out := []partial.Fact{partial.F(i18n.MediationAskedOn, s.AskedOn.String())}
	add := func(t i18n.Text, d calendar.Date) {
		if !d.IsZero() {
			out = append(out, partial.F(t, d.String()))
		}
	}
	if s.Place != "" {
		out = append(out, partial.F(i18n.CasePlace, s.Place))
	}
	add(i18n.MediationStartedOn, s.StartedOn)
	if !s.LimitOn.IsZero() {
		limit := s.LimitOn.String()
		if !s.ExtendedOn.IsZero() {
			limit = i18n.T(ctx, i18n.MediationExtended, limit, s.ExtendedOn.String())
		}
		if s.Provisional && s.EffectiveOn.IsZero() {
			limit += i18n.T(ctx, i18n.CaseProvisional)
		}
		out = append(out, partial.F(i18n.MediationLimitOn, limit))
	}
	if s.RiskNote != "" {
		out = append(out, partial.Fact{Label: s.Risk.Text(), Value: partial.Lines(s.RiskNote), Wide: true})
	}
	add(i18n.MediationEffectiveOn, s.EffectiveOn)
	add(i18n.MediationEndedOn, s.EndedOn)
	if s.EndWords != "" {
		out = append(out, partial.Fact{Label: i18n.MediationEndWords, Value: partial.Lines(s.EndWords), Wide: true})
	}
	return out
}

func (s Show) confirmFacts(ctx context.Context) []partial.Fact {
	if s.Bar != "" {
		return []partial.Fact{partial.F(i18n.MediationConfirmState, i18n.T(ctx, i18n.MediationBarred, s.Bar.Text()))}
	}
	out := []partial.Fact{partial.F(i18n.MediationConfirmState, i18n.T(ctx, s.Confirm.Text()))}
	by := s.ConfirmBy.String()
	if s.Provisional {
		by += i18n.T(ctx, i18n.CaseProvisional)
	}
	out = append(out, partial.F(i18n.MediationConfirmBy, by))
	if s.Court != "" {
		out = append(out, partial.F(i18n.MediationCourt, s.Court), partial.F(i18n.MediationCourtOn, s.CourtOn.String()))
	}
	if by, most := s.AnswerBy, s.AnswerMost; !by.IsZero() {
		text := by.String()
		if most != by {
			text = i18n.T(ctx, i18n.MediationCourtMost, text, most.String())
		}
		out = append(out, partial.F(i18n.MediationCourtBy, text))
	}
	if !s.AnswerOn.IsZero() && s.Confirm != mediation.NotWanted {
		out = append(out, partial.F(i18n.MediationAnswerOn, s.AnswerOn.String()))
	}
	return out
}

func (s Show) terms() []partial.Fact {
	var out []partial.Fact
	for _, x := range []struct {
		label i18n.Text
		text  string
	}{{i18n.MediationFacts, s.Terms.Facts}, {i18n.MediationPoints, s.Terms.Points}, {i18n.MediationContent, s.Terms.Content}, {i18n.MediationWay, s.Terms.Way}} {
		out = append(out, partial.Fact{Label: x.label, Value: partial.Lines(x.text), Wide: true})
	}
	return out
}

// signatures is who signed the written agreement, and who has not.
func (s Show) signatures(ctx context.Context) []partial.Fact {
	say := func(d calendar.Date, how i18n.Text) string {
		if d.IsZero() {
			return i18n.T(ctx, i18n.MediationUnsigned)
		}
		return d.String() + " " + i18n.T(ctx, how)
	}
	var out []partial.Fact
	for _, p := range s.Parties {
		out = append(out, partial.F(i18n.Verbatim(p.Name), say(p.SignedOn, p.SignedHow.Text())))
	}
	return append(out, partial.F(i18n.MediationMediators, say(s.MediatorOn, i18n.Text{})), partial.F(i18n.MediationSeal, say(s.SealOn, i18n.Text{})))
}

func (s Show) partyOptions(which func(mediation.Party) bool) []field.Option {
	var out []field.Option
	for _, p := range s.Parties {
		if which == nil || which(p) {
			out = append(out, field.Option{Value: p.ID.String(), Text: i18n.Verbatim(p.Name)})
		}
	}
	return out
}

// signers are those whose signature is waited for.
func (s Show) signers() []field.Option {
	out := s.partyOptions(func(p mediation.Party) bool { return p.SignedOn.IsZero() })
	if s.MediatorOn.IsZero() {
		out = append(out, field.Option{Value: string(mediation.TheMediator), Text: i18n.MediationMediators})
	}
	if s.SealOn.IsZero() {
		out = append(out, field.Option{Value: string(mediation.TheSeal), Text: i18n.MediationSeal})
	}
	return out
}

func (s Show) unasked() []field.Option {
	return s.partyOptions(func(p mediation.Party) bool { return p.Consent != mediation.Agrees })
}

func (s Show) consent(ctx context.Context, p mediation.Party) string {
	switch p.Consent {
	case mediation.Agrees:
		return i18n.T(ctx, i18n.MediationAgreesOn, p.ConsentOn.String())
	case mediation.Refuses:
		return i18n.T(ctx, i18n.MediationRefusesOn, p.ConsentOn.String())
	}
	return i18n.T(ctx, i18n.MediationNotAsked)
}

func consents() []field.Option {
	return []field.Option{{Value: string(mediation.Agrees), Text: i18n.MediationAgrees}, {Value: string(mediation.Refuses), Text: i18n.MediationRefusesOpt}}
}

func (s Show) memberOptions() []field.Option {
	var out []field.Option
	there := map[id.ID]bool{}
	for _, m := range s.Members {
		there[m.ID] = true
		out = append(out, field.Option{Value: m.ID.String(), Text: i18n.Verbatim(m.Name)})
	}
	for _, m := range s.Mediators {
		if m.MemberID != 0 && !there[m.MemberID] {
			out = append(out, field.Option{Value: m.MemberID.String(), Text: i18n.Verbatim(m.Name)})
		}
	}
	return out
}

// mediatorsForm is the form of who mediates, filled with those who do.
func (s Show) mediatorsForm(ctx context.Context) field.Form {
	f := s.form("mediators")
	if s.sentBy("mediators") {
		return f
	}
	invited := ""
	for _, m := range s.Mediators {
		if m.MemberID != 0 {
			f.Values.Add("members", m.MemberID.String())
			continue
		}
		if invited != "" {
			invited += i18n.T(ctx, i18n.MediationComma)
		}
		invited += m.Name
	}
	f.Values.Set("invited", invited)
	return f
}

// draftForm is the form of the agreement, filled with what is written of it.
func (s Show) draftForm(name string) field.Form {
	f := s.form(name)
	if s.sentBy(name) {
		return f
	}
	t := s.Terms
	if t.Points == "" {
		t.Points = s.Matter
	}
	for k, v := range map[string]string{"facts": t.Facts, "points": t.Points, "content": t.Content, "way": t.Way} {
		f.Values.Set(k, v)
	}
	if s.Settles != mediation.Nothing {
		f.Values.Set("settles", string(s.Settles))
	}
	if s.Form != "" && len(s.Mediation.Duties) == 0 {
		f.Values.Set("done", "1")
	}
	for i, d := range s.Mediation.Duties {
		at := "." + strconv.Itoa(i+1)
		f.Values.Set("duty"+at, d.Words)
		f.Values.Set("by"+at, d.PartyID.String())
		f.Values.Set("due"+at, d.DueOn.String())
	}
	return f
}

// dutyForms is how many promises the form takes: always some more than there are.
func (s Show) dutyForms() int {
	return min(mediation.MaxDuties, max(Duties, len(s.Mediation.Duties)+2))
}

func (s Show) openDuties() []field.Option {
	var out []field.Option
	for _, d := range s.Mediation.Duties {
		if d.DoneOn.IsZero() {
			out = append(out, field.Option{Value: d.ID.String(), Text: i18n.Verbatim(d.DueOn.String() + " " + s.name(d.PartyID) + " " + d.Words)})
		}
	}
	return out
}

func (s Show) name(party id.ID) string {
	for _, p := range s.Parties {
		if p.ID == party {
			return p.Name
		}
	}
	return ""
}

var dutyColumns = []partial.Column{{Key: "what", Title: i18n.MediationDuty, Main: true}, {Key: "who", Title: i18n.MediationDutyBy}, {Key: "due", Title: i18n.MediationDutyDue, Tight: true}, {Key: "done", Title: i18n.MediationDutyDone, Tight: true}}

func (s Show) dutyRows() []partial.Row {
	var out []partial.Row
	for _, d := range s.Mediation.Duties {
		done := partial.Text(d.DoneOn.String())
		if d.DoneOn.IsZero() && s.State.Agreed() && d.DueOn.Before(s.Today) {
			done = partial.Badge(partial.State{Text: i18n.CaseStatLate, Tone: partial.Refused})
		}
		out = append(out, partial.Row{ID: d.ID.String(), Name: d.Words, Cells: []templ.Component{partial.Two(d.Words, d.Note), partial.Text(s.name(d.PartyID)), partial.Text(d.DueOn.String()), done}})
	}
	return out
}

func (s Show) planned() []field.Option {
	out := []field.Option{{Value: "", Text: i18n.MediationVisitOther}}
	for _, v := range s.Visits {
		if v.MadeOn.IsZero() {
			out = append(out, field.Option{Value: v.ID.String(), Text: i18n.Verbatim(v.DueOn.String())})
		}
	}
	return out
}

// firstVisit is the visit that is to be made first.
func (s Show) firstVisit() string {
	for _, v := range s.Visits {
		if v.MadeOn.IsZero() {
			return v.ID.String()
		}
	}
	return ""
}

func (s Show) answers() []field.Option {
	var out []field.Option
	for _, a := range mediation.Answers() {
		if a == mediation.Taken && s.Confirm == mediation.Taken || a == mediation.Confirmed && s.Confirm != mediation.Taken {
			continue
		}
		out = append(out, field.Option{Value: string(a), Text: a.Text()})
	}
	return out
}

func (s Show) history(ctx context.Context) []partial.Event {
	var out []partial.Event
	for i := len(s.Entries) - 1; i >= 0; i-- {
		e := s.Entries[i]
		out = append(out, partial.Event{When: e.At, Who: e.By, What: i18n.T(ctx, e.Act.Text()), Detail: e.Words, Tone: partial.Neutral})
	}
	return out
}

// caseWaits says that the mediation has its end, and the case that it was made from has none: it is elsewhere by now, it stands, or others have still to do their part.
func (s Show) caseWaits() bool {
	return s.CaseOpen && !s.CaseEnded && (s.State.Agreed() || !s.EndedOn.IsZero())
}

// overdue says whether something agreed should have been done by now.
func (s Show) overdue() bool {
	what, on := s.Next(s.Today)
	return what == mediation.DueDuty && on.Before(s.Today)
}

// primary says which act the page is for.
func (s Show) primary() mediation.Act {
	switch {
	case s.Can(mediation.ActMediators) && len(s.Mediators) == 0:
		return mediation.ActMediators
	case s.Can(mediation.ActConsent):
		return mediation.ActConsent
	case s.Can(mediation.ActSession) && len(s.Sessions) == 0:
		return mediation.ActSession
	case s.Can(mediation.ActSign):
		return mediation.ActSign
	case s.Can(mediation.ActDraft):
		return mediation.ActDraft
	case s.Asks(s.Today) && !s.overdue():
		return mediation.ActApply
	case s.Can(mediation.ActPerform) && len(s.openDuties()) > 0:
		return mediation.ActPerform
	case s.Can(mediation.ActVisit) && s.firstVisit() != "":
		return mediation.ActVisit
	}
	return ""
}

// Committees is the list of committees.
type Committees struct {
	Query         url.Values
	Items         []mediation.Committee
	Before, After string
	Today         calendar.Date
}

var committeeColumns = []partial.Column{{Key: "org", Title: i18n.CaseCommunity, Main: true}, {Key: "n", Title: i18n.MediationMembers, Num: true}, {Key: "until", Title: i18n.MediationTermEnds, Tight: true}, {Key: "ok", Title: i18n.MediationCheck}}

func (c Committees) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, x := range c.Items {
		state := partial.State{Text: i18n.MediationInOrder, Tone: partial.Closed}
		if f := x.Faults(c.Today); len(f) > 0 {
			state = partial.State{Text: i18n.Verbatim(f[0].In(i18n.From(ctx))), Tone: partial.Warned}
		}
		out = append(out, partial.Row{ID: x.OrgID.String(), Name: x.Org, Href: CommitteeHref(x.OrgID), Cells: []templ.Component{partial.Two(x.Org, x.Name), partial.Num(x.Count), partial.Text(x.EndsOn().String()), partial.Badge(state)}})
	}
	return out
}

// CommitteeShow is the page of a committee.
type CommitteeShow struct {
	mediation.Committee
	Sent   field.Form
	SentBy string
	Today  calendar.Date
	Keeps  bool
}

func (s CommitteeShow) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if s.SentBy == "mediation."+name {
		f = s.Sent
	}
	f.ID = name + "-"
	return f
}

func sexes() []field.Option {
	return []field.Option{{Value: mediation.Female, Text: i18n.MediationFemale}, {Value: mediation.Male, Text: i18n.MediationMale}}
}

func sexText(s string) i18n.Text {
	if s == mediation.Female {
		return i18n.MediationFemale
	}
	return i18n.MediationMale
}
