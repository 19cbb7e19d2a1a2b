// Package employment draws the pages of re-employment: seekers, jobs, results and certificates at the station, for units and for residents.
package employment

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/employment"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// The addresses.
const (
	Path             = "/employment"
	JobsPath         = "/employment/jobs"
	ResultsPath      = "/employment/results"
	CertificatesPath = "/employment/certificates"
	EventsPath       = "/employment/events"
	CountsPath       = "/employment/counts"
	UsePath          = "/employment/use"
	UnitPath         = "/unit-jobs"
	UnitUsePath      = "/unit-jobs/use"
	PublicPath       = "/p/jobs"
	OwnPath          = "/p/me/jobs"
)

// Href is the address of a seeker.
func Href(k id.ID) string { return Path + "/" + k.String() }

// JobHref is the address of a job at the station.
func JobHref(j id.ID) string { return JobsPath + "/" + j.String() }

// UnitHref is its address for the unit.
func UnitHref(j id.ID) string { return UnitPath + "/" + j.String() }

// PublicHref is its address for everybody.
func PublicHref(j id.ID) string { return PublicPath + "/" + j.String() }

// CertificateHref is the address of a certificate.
func CertificateHref(c id.ID) string { return CertificatesPath + "/" + c.String() }

// UsesPath is where uses of certificates are entered.
func UsesPath(unit bool) string {
	if unit {
		return UnitUsePath
	}
	return UsePath
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// tabs lead from one list of the station to the others; who only sees counts has two of them.
func tabs(active string, all bool) (out []partial.Tab) {
	for _, t := range []partial.Tab{{Text: i18n.EmploySeekers, Href: Path}, {Text: i18n.EmployJobs, Href: JobsPath}, {Text: i18n.EmployResults, Href: ResultsPath}, {Text: i18n.EmployCertificates, Href: CertificatesPath},
		{Text: i18n.EmployEvents, Href: EventsPath}, {Text: i18n.EmployCounts, Href: CountsPath}} {
		if t.Active = t.Href == active; all || t.Href == EventsPath || t.Href == CountsPath {
			out = append(out, t)
		}
	}
	return out
}

func stateOf(s employment.State) partial.State {
	return partial.State{Text: s.Text(), Tone: map[employment.State]partial.Tone{employment.Seeking: partial.Waiting, employment.Employed: partial.Active, employment.Withdrawn: partial.Ended}[s]}
}

func jobState(s employment.JobState) partial.State {
	return partial.State{Text: s.Text(), Tone: map[employment.JobState]partial.Tone{employment.Asked: partial.Waiting, employment.Open: partial.Active, employment.Refused: partial.Refused, employment.Closed: partial.Ended,
		employment.Filled: partial.Ended, employment.Expired: partial.Warned}[s]}
}

func matchState(s employment.MatchState) partial.State {
	return partial.State{Text: s.Text(), Tone: map[employment.MatchState]partial.Tone{employment.Proposed: partial.Waiting, employment.Accepted: partial.Waiting, employment.Interview: partial.Active, employment.Hired: partial.Active,
		employment.Declined: partial.Ended, employment.Passed: partial.Ended, employment.Over: partial.Ended}[s]}
}

func certificateState(s employment.CertificateState) partial.State {
	return partial.State{Text: s.Text(), Tone: map[employment.CertificateState]partial.Tone{employment.Issued: partial.Waiting, employment.Valid: partial.Active, employment.Used: partial.Ended, employment.Past: partial.Ended,
		employment.TakenBack: partial.Refused}[s]}
}

// list joins names of codes.
func list[T interface{ Text() i18n.Text }](ctx context.Context, all []T) string {
	var out []string
	for _, x := range all {
		out = append(out, i18n.T(ctx, x.Text()))
	}
	return strings.Join(out, i18n.CatalogueComma.In(i18n.From(ctx)))
}

// KindsText names kinds of work, or says that any will do.
func KindsText(ctx context.Context, all []employment.Kind) string {
	if len(all) == 0 {
		return i18n.T(ctx, i18n.EmployAnyKind)
	}
	return list(ctx, all)
}

// Entitlements names what a certificate entitles to.
func Entitlements(ctx context.Context, all []employment.Entitlement) string { return list(ctx, all) }

// Wage is what a job pays, in words.
func Wage(l i18n.Lang, j employment.Job) string {
	switch {
	case j.WageTo == 0 && j.WageFrom > 0:
		return i18n.EmployWageLeast.In(l, j.WageFrom)
	case j.WageTo == 0:
		return i18n.EmployWageAgree.In(l)
	case j.WageFrom == j.WageTo || j.WageFrom == 0:
		return i18n.EmployWageOne.In(l, j.WageTo)
	}
	return i18n.EmployWageSpan.In(l, j.WageFrom, j.WageTo)
}

func wage(ctx context.Context, j employment.Job) string { return Wage(i18n.From(ctx), j) }

// line is a job in one line: pay, hours, where.
func line(ctx context.Context, j employment.Job) string {
	return wage(ctx, j) + " · " + i18n.T(ctx, j.Hours.Text()) + " · " + j.Place
}

// called is the name of a seeker, or their group where the name is forgotten.
func called(ctx context.Context, name string, d employment.Difficulty) string {
	if name == "" {
		return i18n.T(ctx, d.Text())
	}
	return name
}

func education(ctx context.Context, e employment.Education, none i18n.Text) string {
	if e == "" {
		return i18n.T(ctx, none)
	}
	return i18n.T(ctx, e.Text())
}

// Uses says how often a certificate was used.
func Uses(l i18n.Lang, c employment.Certificate) string {
	if c.UsesMax == 0 {
		return i18n.EmployUsesFree.In(l, c.Uses)
	}
	return i18n.EmployUsesN.In(l, c.Uses, c.UsesMax)
}

// Listed is a list of the station.
type Listed[T any] struct {
	Query         url.Values
	Items         []T
	Before, After string
	Places        []field.Option
	Today         calendar.Date
	All           bool // whether the reader manages a station, and not only sees counts
}

func (l Listed[T]) pager(path string) partial.Pager {
	return partial.Pager{Path: path, Query: l.Query, Before: l.Before, After: l.After, Shown: len(l.Items), Total: -1}
}

func (l Listed[T]) place(list []partial.Filter) []partial.Filter {
	if len(l.Places) > 1 {
		list = append(list, partial.Filter{Name: "org", Label: i18n.EmployCommunity, Options: l.Places})
	}
	return list
}

func difficulties() partial.Filter {
	return partial.Filter{Name: "difficulty", Label: i18n.EmployDifficulty, Options: field.Choices(employment.Difficulties(), employment.Difficulty.Text)}
}

func kinds() partial.Filter {
	return partial.Filter{Name: "kind", Label: i18n.EmployKind, Options: field.Choices(employment.Kinds(), employment.Kind.Text)}
}

var seekerColumns = []partial.Column{{Key: "name", Title: i18n.ResidentName, Main: true}, {Key: "difficulty", Title: i18n.EmployDifficulty, Tight: true}, {Key: "wish", Title: i18n.EmployWishes}, {Key: "entered", Title: i18n.EmployEntered, Tight: true},
	{Key: "state", Title: i18n.EmployState, Tight: true}}

func seekerRows(ctx context.Context, list []employment.Seeker) (out []partial.Row) {
	for _, k := range list {
		name := called(ctx, k.Name, k.Difficulty)
		out = append(out, partial.Row{ID: k.ID.String(), Name: name, Href: Href(k.ID), Cells: []templ.Component{partial.Two(name, k.Org), partial.Label(k.Difficulty.Text()), partial.Text(KindsText(ctx, k.Kinds)), partial.Text(k.EnteredOn.String()), partial.Badge(stateOf(k.State))}})
	}
	return out
}

func seekerFilters(l Listed[employment.Seeker]) []partial.Filter {
	return l.place([]partial.Filter{{Name: "state", Label: i18n.EmployState, Options: field.Choices(employment.States(), employment.State.Text)}, difficulties(), kinds()})
}

var jobColumns = []partial.Column{{Key: "title", Title: i18n.EmployJobTitle, Main: true}, {Key: "kind", Title: i18n.EmployKind}, {Key: "wage", Title: i18n.EmployWage}, {Key: "places", Title: i18n.EmployPlaces, Num: true, Tight: true},
	{Key: "until", Title: i18n.EmployUntil, Tight: true}, {Key: "state", Title: i18n.EmployState, Tight: true}}

func jobRows(ctx context.Context, l Listed[employment.Job], href func(id.ID) string) (out []partial.Row) {
	for _, j := range l.Items {
		out = append(out, partial.Row{ID: j.ID.String(), Name: j.Title, Href: href(j.ID), Cells: []templ.Component{partial.Two(j.Title, j.Unit), partial.Label(j.Kind.Text()), partial.Text(wage(ctx, j)),
			partial.Text(fmt.Sprintf("%d/%d", j.Taken, j.Places)), partial.Text(j.UntilOn.String()), partial.Badge(jobState(j.StateOn(l.Today)))}})
	}
	return out
}

func jobFilters(l Listed[employment.Job]) []partial.Filter {
	return l.place([]partial.Filter{{Name: "state", Label: i18n.EmployState, Options: field.Choices(employment.JobStates(), employment.JobState.Text)}, kinds()})
}

var resultColumns = []partial.Column{{Key: "name", Title: i18n.ResidentName, Main: true}, {Key: "where", Title: i18n.EmployEmployer}, {Key: "from", Title: i18n.EmployFromOn, Tight: true}, {Key: "follow", Title: i18n.EmployFollow}, {Key: "due", Title: i18n.EmployState, Tight: true}}

func resultRows(ctx context.Context, l Listed[employment.Result]) (out []partial.Row) {
	for _, r := range l.Items {
		name := called(ctx, r.Name, r.Difficulty)
		out = append(out, partial.Row{ID: r.ID.String(), Name: name, Href: Href(r.SeekerID) + "#result", Cells: []templ.Component{partial.Two(name, r.Org), partial.Two(r.Employer, r.Post), partial.Text(r.FromOn.String()), partial.Text(Followed(i18n.From(ctx), r)),
			partial.Badge(dueState(i18n.From(ctx), r, l.Today))}})
	}
	return out
}

// Followed says what the follow-ups found.
func Followed(l i18n.Lang, r employment.Result) string {
	var out []string
	for _, f := range []struct {
		months int
		stay   employment.Stay
		on     calendar.Date
	}{{3, r.After3, r.After3On}, {6, r.After6, r.After6On}} {
		if f.stay != "" {
			out = append(out, i18n.EmployFollowAt.In(l, f.months)+": "+f.stay.Text().In(l)+" "+f.on.String())
		}
	}
	if r.Reason != "" {
		out = append(out, r.Reason.Text().In(l))
	}
	return strings.Join(out, " · ")
}

// dueState says whether it is to be asked about a result, and when.
func dueState(l i18n.Lang, r employment.Result, today calendar.Date) partial.State {
	switch {
	case r.HasLeft():
		return partial.State{Text: i18n.EmployLeft, Tone: partial.Ended}
	case r.NextOn.IsZero():
		return partial.State{Text: i18n.EmployStill, Tone: partial.Active}
	case !today.Before(r.NextOn):
		return partial.State{Text: i18n.EmployFollowLate, Tone: partial.Warned}
	}
	return partial.State{Text: i18n.Verbatim(i18n.EmployFollowDue.In(l, r.NextOn.String())), Tone: partial.Neutral}
}

func resultFilters(l Listed[employment.Result]) []partial.Filter {
	stayed := partial.Filter{Name: "stayed", Label: i18n.EmployStayed}
	for _, n := range []int{3, 6} {
		stayed.Options = append(stayed.Options, field.Option{Value: strconv.Itoa(n), Text: i18n.Both(i18n.EmployStayedN.In(i18n.ZH, n), i18n.EmployStayedN.In(i18n.EN, n))})
	}
	return l.place([]partial.Filter{{Name: "due", Label: i18n.EmployShow, Options: []field.Option{{Value: "1", Text: i18n.EmployOnlyDue}}}, partial.Years(i18n.EmployYear, "year", l.Today.Year()), stayed, difficulties()})
}

var certificateColumns = []partial.Column{{Key: "name", Title: i18n.EmployHolder, Main: true}, {Key: "number", Title: i18n.EmployNumber, Tight: true}, {Key: "entitles", Title: i18n.EmployEntitles}, {Key: "to", Title: i18n.EmployCertTo, Tight: true},
	{Key: "uses", Title: i18n.EmployUses, Tight: true}, {Key: "state", Title: i18n.EmployState, Tight: true}}

func certificateRows(ctx context.Context, l Listed[employment.Certificate]) (out []partial.Row) {
	for _, c := range l.Items {
		name := called(ctx, c.Name, c.Difficulty)
		out = append(out, partial.Row{ID: c.ID.String(), Name: name, Href: CertificateHref(c.ID), Cells: []templ.Component{partial.Two(name, c.Org), partial.Text(c.Number), partial.Text(Entitlements(ctx, c.Entitles)), partial.Text(c.ToOn.String()),
			partial.Text(Uses(i18n.From(ctx), c)), partial.Badge(certificateState(c.StateOn(l.Today)))}})
	}
	return out
}

func certificateFilters(l Listed[employment.Certificate]) []partial.Filter {
	return l.place([]partial.Filter{{Name: "state", Label: i18n.EmployState, Options: field.Choices(employment.CertificateStates(), employment.CertificateState.Text)}, partial.Years(i18n.FeedbackIssuedAt, "year", l.Today.Year()), partial.Years(i18n.EmployUsedYear, "used", l.Today.Year()), difficulties()})
}

var eventColumns = []partial.Column{{Key: "title", Title: i18n.ActivityName, Main: true}, {Key: "kind", Title: i18n.EmployShow, Tight: true}, {Key: "when", Title: i18n.EmployEventWhen, Tight: true}, {Key: "seekers", Title: i18n.EmployEventCame, Num: true, Tight: true}}

func eventRows(list []employment.Event) (out []partial.Row) {
	for _, e := range list {
		out = append(out, partial.Row{ID: e.ActivityID.String(), Name: e.Title, Href: "/activities/" + e.ActivityID.String(), Cells: []templ.Component{partial.Two(e.Title, e.Org), partial.Label(e.Kind.Text()), partial.Moment(e.StartsAt), partial.Num(e.Seekers)}})
	}
	return out
}

func eventFilters() []partial.Filter {
	return []partial.Filter{{Name: "kind", Label: i18n.EmployShow, Options: field.Choices(employment.EventKinds(), employment.EventKind.Text)}}
}

// eventActs lead to the form of an activity, filled in for a fair or for training.
func eventActs(all bool) (out []partial.Act) {
	if !all {
		return nil
	}
	for i, k := range employment.EventKinds() {
		a := partial.Act{Text: i18n.Both(i18n.EmployEventNew.In(i18n.ZH, k.Text()), i18n.EmployEventNew.In(i18n.EN, k.Text())), Href: "/activities/new?for=" + string(k)}
		if i == 0 {
			a.Look = partial.Primary
		}
		out = append(out, a)
	}
	return out
}

// Page is a form that was sent from a page of several, and which of them.
type Page struct {
	Sent   field.Form
	SentBy string
	Today  calendar.Date
}

// form is a form of the page, as it was sent or fresh; about names the record where there are several.
func (p Page) form(name, about string, fresh url.Values) field.Form {
	f := p.Sent
	if p.SentBy != name || about != "" && p.Sent.Values.Get("match") != about {
		f = field.Form{Values: fresh}
	}
	if f.Values == nil {
		f.Values = url.Values{}
	}
	f.ID = name + about + "-"
	return f
}

// sent says whether a form was sent with something wrong.
func (p Page) sent(name, about string) bool {
	return p.SentBy == name && (about == "" || p.Sent.Values.Get("match") == about)
}

// One is a seeker at the station.
type One struct {
	Page
	employment.File
}

// drawn says whether the form that was sent shows by itself what is wrong.
func (o One) drawn() bool {
	switch o.SentBy {
	case "correct", "withdraw", "employ":
		return o.State == employment.Seeking
	case "follow":
		return o.Result != nil && !o.Result.NextOn.IsZero()
	case "void":
		return o.Result != nil
	case "again":
		return o.seeksAgain()
	case "issue":
		return o.issues()
	case "answer", "decide":
		for _, m := range o.Matches {
			if o.Sent.Values.Get("match") == m.ID.String() {
				return o.SentBy == "answer" && m.State == employment.Proposed || o.SentBy == "decide" && (m.State == employment.Accepted || m.State == employment.Interview)
			}
		}
	}
	return false
}

// issues says whether a certificate can be issued now.
// seeksAgain says whether they may be registered again.
func (o One) seeksAgain() bool {
	return o.State != employment.Seeking && !o.Forgotten && (o.Result == nil || o.Result.NextOn.IsZero() && !o.Result.Seeks)
}

func (o One) issues() bool {
	if o.State != employment.Seeking || !o.Difficulty.Entitled() {
		return false
	}
	for _, c := range o.Certificates {
		if s := c.StateOn(o.Today); s == employment.Valid || s == employment.Issued {
			return false
		}
	}
	return true
}

func (o One) facts(ctx context.Context) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.EmployDifficulty, i18n.T(ctx, o.Difficulty.Text())), partial.F(i18n.EmployWishes, KindsText(ctx, o.Kinds))}
	list = append(list, wishes(ctx, o.Seeker)...)
	list = append(list, partial.F(i18n.EmployPhone, o.Phone), partial.F(i18n.EmployConsent, i18n.T(ctx, o.Consent.Text())+" "+o.ConsentOn.String()), partial.F(i18n.EmployEntered, o.EnteredOn.String()))
	if o.State == employment.Withdrawn {
		list = append(list, partial.F(i18n.EmployStopWhy, o.EndedOn.String()+" "+i18n.T(ctx, o.Ending.Text())))
	}
	list = append(list, partial.F(i18n.EmploySkillsOf, o.Skills))
	if o.Words != "" {
		list = append(list, partial.Fact{Label: i18n.EmployWordsOf, Value: partial.Lines(o.Words), Wide: true})
	}
	return list
}

func wishes(ctx context.Context, k employment.Seeker) []partial.Fact {
	least := ""
	if k.WageFrom > 0 {
		least = i18n.EmployWageOne.In(i18n.From(ctx), k.WageFrom)
	}
	return []partial.Fact{partial.F(i18n.EmployWageWish, least), partial.F(i18n.EmployHoursOf, i18n.T(ctx, k.Hours.Text())), partial.F(i18n.EmployAreaOf, i18n.T(ctx, k.Area.Text())), partial.F(i18n.EmploySchool, education(ctx, k.Education, i18n.EmployNotSaid))}
}

// Values are those of a seeker in the form.
func Values(k employment.Seeker) url.Values {
	v := url.Values{"difficulty": {string(k.Difficulty)}, "skills": {k.Skills}, "hours": {string(k.Hours)}, "area": {string(k.Area)}, "education": {string(k.Education)}, "words": {k.Words}, "phone": {k.Phone}}
	if k.WageFrom > 0 {
		v.Set("wage_from", decimal(k.WageFrom))
	}
	for _, x := range k.Kinds {
		v.Add("kinds", string(x))
	}
	return v
}

func post(text i18n.Text, href string, values ...partial.Value) partial.Act {
	return partial.Act{Text: text, Href: href, Post: true, Small: true, Values: values}
}

func hidden(name, value string) partial.Value { return partial.Value{Name: name, Value: value} }

func propose(o One, s employment.Suggestion) partial.Act {
	return post(i18n.EmployPropose, Href(o.ID)+"/propose", hidden("job", s.ID.String()))
}

func sayYes(m employment.Match, action string) partial.Act {
	return post(i18n.EmploySaysYes, action, hidden("match", m.ID.String()), hidden("version", decimal(m.Version)), hidden("yes", "1"))
}

func resultFacts(ctx context.Context, r employment.Result) []partial.Fact {
	return []partial.Fact{partial.F(i18n.EmployEmployer, r.Employer), partial.F(i18n.EmployPost, r.Post), partial.F(i18n.EmployFromOn, r.FromOn.String()), partial.F(i18n.EmployContract, i18n.T(ctx, r.Contract.Text())), partial.F(i18n.EmployBand, i18n.T(ctx, r.Wage.Text())),
		partial.F(i18n.EmployFollow, Followed(i18n.From(ctx), r))}
}

// decisions are what a unit can say.
func decisions() []field.Option {
	return []field.Option{{Value: string(employment.Interview), Text: i18n.EmployInterview}, {Value: string(employment.Hired), Text: i18n.EmployHired}, {Value: string(employment.Passed), Text: i18n.EmployNotTaken}}
}

// New is the form on which a seeker is registered.
type New struct {
	field.Form
	Today calendar.Date
}

// JobForm is the form of a job.
type JobForm struct {
	field.Form
	Unit    bool // for the unit
	Units   []field.Option
	Job     id.ID // 0: a new one
	Version int64
	Least   string // today
}

func (f JobForm) action() string {
	switch {
	case f.Job != 0 && f.Unit:
		return UnitHref(f.Job) + "/change"
	case f.Job != 0:
		return JobHref(f.Job) + "/change"
	case f.Unit:
		return UnitPath
	}
	return JobsPath
}

func (f JobForm) back() string {
	switch {
	case f.Job != 0 && f.Unit:
		return UnitHref(f.Job)
	case f.Job != 0:
		return JobHref(f.Job)
	case f.Unit:
		return UnitPath
	}
	return JobsPath
}

// JobValues are those of a job in the form.
func JobValues(j employment.Job) url.Values {
	v := url.Values{"kind": {string(j.Kind)}, "title": {j.Title}, "places": {decimal(j.Places)}, "hours": {string(j.Hours)}, "place": {j.Place}, "needs": {j.Needs}, "education": {string(j.Education)}, "until_on": {j.UntilOn.String()}, "contact": {j.Contact}, "phone": {j.Phone}}
	if j.WageTo > 0 {
		v.Set("wage_from", decimal(j.WageFrom))
		v.Set("wage_to", decimal(j.WageTo))
	}
	return v
}

// Opening is a job, at the station or for its unit.
type Opening struct {
	Page
	employment.Opening
	ForUnit bool
}

func (o Opening) path() string {
	if o.ForUnit {
		return UnitHref(o.ID)
	}
	return JobHref(o.ID)
}

func (o Opening) state() employment.JobState { return o.StateOn(o.Today) }

func (o Opening) drawn() bool {
	switch o.SentBy {
	case "approve", "refuse":
		return o.Station && !o.ForUnit && o.State == employment.Asked
	case "decide":
		for _, m := range o.Matches {
			if o.Sent.Values.Get("match") == m.ID.String() {
				return m.State == employment.Accepted || m.State == employment.Interview
			}
		}
	}
	return false
}

func (o Opening) acts(ctx context.Context) (out []partial.Act) {
	if o.State != employment.Closed {
		out = append(out, partial.Act{Text: i18n.EmployJobChange, Href: o.path() + "/edit"}, partial.Act{Text: i18n.EmployClose, Href: o.path() + "/close", Post: true, Values: []partial.Value{hidden("version", decimal(o.Version))},
			Confirm: &partial.Confirm{ID: "close", Question: i18n.T(ctx, i18n.EmployCloseAsk)}})
	}
	return out
}

func (o Opening) facts(ctx context.Context) []partial.Fact {
	list := jobFacts(ctx, o.Job)
	list = append(list, partial.F(i18n.EmployContact, strings.TrimSpace(o.Contact+" "+o.Phone)))
	if o.Answer != "" {
		list = append(list, partial.Fact{Label: i18n.EmployAnswerOf, Value: partial.Text(o.Answer), Wide: true})
	}
	return list
}

func jobFacts(ctx context.Context, j employment.Job) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.EmployUnit, j.Unit), partial.F(i18n.EmployKind, i18n.T(ctx, j.Kind.Text())), partial.F(i18n.EmployWage, wage(ctx, j)), partial.F(i18n.EmployHoursOf, i18n.T(ctx, j.Hours.Text())), partial.F(i18n.EmployPlace, j.Place),
		partial.F(i18n.EmployPlaces, i18n.EmployPlacesN.In(i18n.From(ctx), j.Places, j.Taken)), partial.F(i18n.EmploySchoolAsked, education(ctx, j.Education, i18n.EmployNoSchool)), partial.F(i18n.EmployUntil, j.UntilOn.String())}
	if j.Needs != "" {
		list = append(list, partial.Fact{Label: i18n.EmployNeeds, Value: partial.Lines(j.Needs), Wide: true})
	}
	return list
}

// Card is a certificate at the station.
type Card struct {
	Page
	employment.Certificate
}

func (c Card) facts(ctx context.Context) []partial.Fact {
	list := append([]partial.Fact{partial.F(i18n.EmployHolder, called(ctx, c.Name, c.Difficulty)), partial.F(i18n.EmployDifficulty, i18n.T(ctx, c.Difficulty.Text())), partial.F(i18n.EmployCommunity, c.Org)}, CertificateFacts(ctx, c.Certificate)...)
	list = append(list, partial.F(i18n.EmployCode, c.Code))
	if !c.EndedOn.IsZero() {
		list = append(list, partial.F(i18n.EmployBackWhy, c.EndedOn.String()+" "+i18n.T(ctx, c.Ending.Text())))
	}
	return list
}

// CertificateFacts says what a certificate is good for.
func CertificateFacts(ctx context.Context, c employment.Certificate) []partial.Fact {
	return []partial.Fact{partial.F(i18n.EmployNumber, c.Number), partial.F(i18n.EmployEntitles, Entitlements(ctx, c.Entitles)), partial.F(i18n.EmployValidSpan, i18n.EmployValidFromTo.In(i18n.From(ctx), c.FromOn.String(), c.ToOn.String())),
		partial.F(i18n.EmployUses, Uses(i18n.From(ctx), c))}
}

// Use is the page on which the use of a certificate is entered.
type Use struct {
	field.Form
	Code  string
	Found *employment.Certificate
	Units []field.Option
	Unit  bool
	Today calendar.Date
}

func (u Use) entitlements() []field.Option {
	return field.Choices(u.Found.Entitles, employment.Entitlement.Text)
}

// first is the one thing that the certificate entitles to, where it is one.
func (u Use) first() string {
	if len(u.Found.Entitles) == 1 {
		return string(u.Found.Entitles[0])
	}
	return ""
}

// Counts are the figures of communities.
type Counts struct {
	Listed[employment.Count]
	Opens func(org id.ID) bool // whether the reader manages the station: its figures open to their records
}

var countColumns = []partial.Column{{Key: "org", Title: i18n.EmployCommunity, Main: true}, {Key: "seeking", Title: i18n.EmploySeeking, Num: true, Tight: true}, {Key: "jobs", Title: i18n.EmployJobOpen, Num: true, Tight: true}, {Key: "found", Title: i18n.EmployCountFound, Num: true, Tight: true},
	{Key: "kept3", Title: i18n.Both(i18n.EmployCountKept.In(i18n.ZH, 3), i18n.EmployCountKept.In(i18n.EN, 3)), Num: true, Tight: true}, {Key: "kept6", Title: i18n.Both(i18n.EmployCountKept.In(i18n.ZH, 6), i18n.EmployCountKept.In(i18n.EN, 6)), Num: true, Tight: true},
	{Key: "issued", Title: i18n.EmployCountIssued, Num: true, Tight: true}, {Key: "valid", Title: i18n.EmployCountValid, Num: true, Tight: true}, {Key: "up", Title: i18n.EmployCountUsedUp, Num: true, Tight: true}, {Key: "uses", Title: i18n.EmployCountUses, Num: true, Tight: true}}

func (c Counts) rows(ctx context.Context) (out []partial.Row) {
	if len(c.Items) == 0 {
		return nil
	}
	row := func(v employment.Count) {
		opens, year := v.OrgID != 0 && c.Opens(v.OrgID), strconv.Itoa(c.Today.Year())
		cell := func(n int64, href string) templ.Component {
			if n == 0 || !opens {
				return partial.Num(n)
			}
			return partial.NumLink(n, href+"&org="+v.OrgID.String())
		}
		kept := func(stayed, asked int64, href string) templ.Component {
			text := fmt.Sprintf("%d/%d", stayed, asked)
			if stayed == 0 || !opens {
				return partial.Text(text)
			}
			return partial.Link(text, href+"&org="+v.OrgID.String())
		}
		out = append(out, partial.Row{ID: v.OrgID.String(), Name: v.Org, Cells: []templ.Component{partial.Text(v.Org), cell(v.Seeking, Path+"?state=seeking"), cell(v.Jobs, JobsPath+"?state=open"), cell(v.Found, ResultsPath+"?year="+year),
			kept(v.Stayed3, v.Asked3, ResultsPath+"?stayed=3&year="+year), kept(v.Stayed6, v.Asked6, ResultsPath+"?stayed=6&year="+year), cell(v.Issued, CertificatesPath+"?year="+year), cell(v.ValidNow, CertificatesPath+"?state=valid"),
			cell(v.UsedUp, CertificatesPath+"?state=used"), cell(v.UsedNow, CertificatesPath+"?used="+year)}})
	}
	sum := employment.Count{Org: i18n.T(ctx, i18n.CounselSum)}
	for _, v := range c.Items {
		row(v)
		sum.Seeking, sum.Jobs, sum.Found, sum.Asked3, sum.Stayed3, sum.Asked6, sum.Stayed6 = sum.Seeking+v.Seeking, sum.Jobs+v.Jobs, sum.Found+v.Found, sum.Asked3+v.Asked3, sum.Stayed3+v.Stayed3, sum.Asked6+v.Asked6, sum.Stayed6+v.Stayed6
		sum.Issued, sum.ValidNow, sum.UsedUp, sum.UsedNow = sum.Issued+v.Issued, sum.ValidNow+v.ValidNow, sum.UsedUp+v.UsedUp, sum.UsedNow+v.UsedNow
	}
	if len(c.Items) > 1 {
		row(sum)
	}
	return out
}

// Public is the list for everybody.
type Public struct {
	Listed[employment.Job]
	Coming   []employment.Event
	District string
}

func (p Public) filters() []partial.Filter {
	least := partial.Filter{Name: "wage", Label: i18n.EmployMinWage}
	for _, n := range []int{2000, 3000, 4000, 5000, 8000} {
		least.Options = append(least.Options, field.Option{Value: strconv.Itoa(n), Text: i18n.Both(i18n.EmployMinWageN.In(i18n.ZH, n), i18n.EmployMinWageN.In(i18n.EN, n))})
	}
	return []partial.Filter{kinds(), least, {Name: "c", Label: i18n.CasePublicCommunity, Options: p.Places}}
}

// within is an address with the district, where there are several.
func within(path, district string) string {
	if district == "" {
		return path
	}
	return path + "?" + url.Values{"d": {district}}.Encode()
}

func more(district string) string {
	if district == "" {
		return ""
	}
	return "&" + url.Values{"d": {district}}.Encode()
}

// Own is somebody's own job search.
type Own struct {
	Page
	employment.File
	There  bool            // they registered once
	Number string          // the telephone of the account
	Want   *employment.Job // the job from whose page they come
}

// wants says whether the job from whose page they come can be asked for here.
func (o Own) wants() bool {
	if o.Want == nil || !o.seeks() {
		return false
	}
	for _, m := range o.Matches {
		if m.JobID == o.Want.ID {
			return false
		}
	}
	return true
}

func (o Own) seeks() bool { return o.There && o.State == employment.Seeking }

// working says whether they are at work that is asked about still: who left tells the community first.
func (o Own) working() bool {
	return o.There && o.State == employment.Employed && o.Result != nil && !o.Result.NextOn.IsZero()
}

func (o Own) drawn() bool {
	switch o.SentBy {
	case "register":
		return !o.seeks() && !o.working()
	case "correct", "withdraw":
		return o.seeks()
	case "answer":
		for _, m := range o.Matches {
			if o.Sent.Values.Get("match") == m.ID.String() {
				return m.State == employment.Proposed
			}
		}
	}
	return false
}

func (o Own) wish(ctx context.Context) []partial.Fact {
	return append([]partial.Fact{partial.F(i18n.EmployWishes, KindsText(ctx, o.Kinds)), partial.F(i18n.EmploySkillsOf, o.Skills)}, wishes(ctx, o.Seeker)...)
}

// asked and answered part what waits for an answer from the rest.
func (o Own) asked() (out []employment.Match) {
	for _, m := range o.Matches {
		if m.State == employment.Proposed {
			out = append(out, m)
		}
	}
	return out
}

func (o Own) answered() (out []employment.Match) {
	for _, m := range o.Matches {
		if m.State != employment.Proposed {
			out = append(out, m)
		}
	}
	return out
}

func drawing(e employment.Event) icon.Name {
	if e.Kind == "training" {
		return icon.Notes
	}
	return icon.Users
}

// under is the unit of the job and its community.
func (o Opening) under() string {
	if o.Community == "" {
		return o.Job.Unit
	}
	return o.Job.Unit + " · " + o.Community
}

// findErr is what is wrong with the code where no certificate was found.
func (u Use) findErr() *errs.Error {
	if u.Found != nil {
		return nil
	}
	return u.Err
}

// before are the values of an earlier registration, with which a new one begins.
func (o Own) before() url.Values {
	if o.There && !o.Forgotten {
		return Values(o.Seeker)
	}
	if o.Number != "" {
		return url.Values{"phone": {o.Number}}
	}
	return url.Values{}
}
