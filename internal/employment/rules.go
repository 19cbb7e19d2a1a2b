package employment

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Meets says why a job may suit a seeker, and fit is false where it cannot: another kind of work than wished, too little, at other times, too far, or more schooling than they
// have. What was not said stands in nobody's way and is no reason. It knows no points: nobody is worth more than another.
func Meets(s *Seeker, j *Job) (why []Reason, fit bool) {
	switch {
	case len(s.Kinds) > 0 && !slices.Contains(s.Kinds, j.Kind),
		s.WageFrom > 0 && j.WageTo > 0 && j.WageTo < s.WageFrom,
		s.Hours != AnyHours && s.Hours != j.Hours,
		s.Area == InCommunity && j.CommunityID != s.OrgID,
		s.Area == InStreet && j.CommunityID != s.OrgID && (j.StreetID == 0 || j.StreetID != s.StreetID),
		j.Education != "" && s.Education != "" && s.Education.level() < j.Education.level():
		return nil, false
	}
	if len(s.Kinds) > 0 {
		why = append(why, SameKind)
	}
	if skilled(s.Skills, j.Title+" "+j.Needs) {
		why = append(why, SkillFits)
	}
	if s.WageFrom > 0 && j.WageTo > 0 {
		why = append(why, WageFits)
	}
	if s.Hours != AnyHours {
		why = append(why, HoursFit)
	}
	switch {
	case j.CommunityID != 0 && j.CommunityID == s.OrgID:
		why = append(why, Here)
	case j.StreetID != 0 && j.StreetID == s.StreetID:
		why = append(why, Near)
	}
	if j.Education != "" && s.Education != "" {
		why = append(why, SchoolFit)
	}
	return why, true
}

// skilled says whether one of the skills that somebody names, each of two characters or more, stands in what a job asks for.
func skilled(skills, asked string) bool {
	key := gram.Key(asked)
	for _, term := range strings.FieldsFunc(skills, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) }) {
		if k := gram.Key(term); utf8.RuneCountInString(k) >= 2 && strings.Contains(key, k) {
			return true
		}
	}
	return false
}

// Suggestion is a job that may suit a seeker, with why.
type Suggestion struct {
	Job
	Reasons []Reason
}

// Candidate is a seeker whom a job may suit, with why.
type Candidate struct {
	Seeker
	Reasons []Reason
}

// mostShown is how many a page suggests.
const mostShown = 8

// suggest gives the jobs that may suit a seeker, those first that meet more of the wish; among equals the older offer first.
func suggest(s *Seeker, list []Job) []Suggestion {
	var out []Suggestion
	for i := range list {
		if why, ok := Meets(s, &list[i]); ok {
			out = append(out, Suggestion{list[i], why})
		}
	}
	slices.SortStableFunc(out, func(a, b Suggestion) int {
		return cmp.Or(len(b.Reasons)-len(a.Reasons), cmp.Compare(a.ID, b.ID))
	})
	return out[:min(len(out), mostShown)]
}

// waitingFor gives the seekers whom a job may suit, in the order in which they have waited.
func waitingFor(j *Job, list []Seeker) []Candidate {
	var out []Candidate
	for i := range list {
		if why, ok := Meets(&list[i], j); ok {
			out = append(out, Candidate{list[i], why})
		}
	}
	slices.SortStableFunc(out, func(a, b Candidate) int { return cmp.Or(a.EnteredOn.Compare(b.EnteredOn), cmp.Compare(a.ID, b.ID)) })
	return out[:min(len(out), mostShown)]
}

// Entry is a seeker as it is entered.
type Entry struct {
	PersonID   id.ID
	Difficulty Difficulty
	Kinds      []Kind
	Skills     string
	WageFrom   int64
	Hours      Hours
	Area       Area
	Education  Education
	Words      string
	Phone      string
	Consent    Consent
	ConsentOn  calendar.Date
}

func (n *Entry) check(today calendar.Date) error {
	e := errs.Words(nil, "skills", &n.Skills, MaxSkills, false)
	e = errs.Words(e, "words", &n.Words, MaxWords, false)
	if n.PersonID == 0 {
		e = e.With("person", i18n.ErrRequired)
	}
	if n.Difficulty.Text().IsZero() {
		e = e.With("difficulty", i18n.ErrBadChoice)
	}
	kinds, ok := tidy(n.Kinds, Kinds())
	if n.Kinds = kinds; !ok {
		e = e.With("kinds", i18n.ErrBadChoice)
	}
	if n.WageFrom < 0 || n.WageFrom > MaxWage {
		e = e.With("wage_from", i18n.EmployBadWage, MaxWage)
	}
	if n.Hours.Text().IsZero() {
		e = e.With("hours", i18n.ErrBadChoice)
	}
	if n.Area.Text().IsZero() {
		e = e.With("area", i18n.ErrBadChoice)
	}
	if n.Education != "" && n.Education.Text().IsZero() {
		e = e.With("education", i18n.ErrBadChoice)
	}
	if strings.TrimSpace(n.Phone) != "" { // what stands in the register need not be typed
		e = telephone(e, "phone", &n.Phone)
	}
	if n.Consent.Text().IsZero() {
		e = e.With("consent", i18n.EmployNoConsent)
	}
	switch {
	case n.ConsentOn.IsZero():
		e = e.With("consent_on", i18n.ErrRequired)
	case n.ConsentOn.After(today):
		e = e.With("consent_on", i18n.PairFuture)
	}
	return e.OrNil()
}

// telephone makes a number tidy and adds what is wrong with it.
func telephone(e *errs.Error, name string, s *string) *errs.Error {
	if strings.TrimSpace(*s) == "" {
		return e.With(name, i18n.ErrRequired)
	}
	phone, problem := code.ParsePhone(*s)
	if problem.Blocks() {
		return e.With(name, i18n.CodeProblem, problem.Message, problem.Advice)
	}
	*s = phone.String()
	return e
}

// NewJob is work as it is offered.
type NewJob struct {
	UnitID    id.ID
	Kind      Kind
	Title     string
	Places    int64
	WageFrom  int64
	WageTo    int64
	Hours     Hours
	Place     string
	Needs     string
	Education Education
	UntilOn   calendar.Date
	Contact   string
	Phone     string
}

func (n *NewJob) check(today calendar.Date) error {
	e := errs.Words(nil, "title", &n.Title, MaxTitle, true)
	e = errs.Words(e, "place", &n.Place, MaxPlace, true)
	e = errs.Words(e, "needs", &n.Needs, MaxNeeds, false)
	e = errs.Words(e, "contact", &n.Contact, MaxCalled, true)
	for name, text := range map[string]string{"title": n.Title, "needs": n.Needs} {
		if word, _ := limits(text); word != "" {
			e = e.With(name, i18n.EmployNoLimits, word)
		}
	}
	if n.UnitID == 0 {
		e = e.With("unit", i18n.ErrRequired)
	}
	if n.Kind.Text().IsZero() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	if n.Places < 1 || n.Places > MaxPlaces {
		e = e.With("places", i18n.EmployBadPlaces, MaxPlaces)
	}
	if n.WageFrom < 0 || n.WageFrom > MaxWage {
		e = e.With("wage_from", i18n.EmployBadWage, MaxWage)
	}
	switch {
	case n.WageTo < 0 || n.WageTo > MaxWage:
		e = e.With("wage_to", i18n.EmployBadWage, MaxWage)
	case n.WageTo != 0 && n.WageTo < n.WageFrom: // without an end it is "from"
		e = e.With("wage_to", i18n.EmployWageOrder)
	}
	if !slices.Contains(AllHours(), n.Hours) {
		e = e.With("hours", i18n.ErrBadChoice)
	}
	if n.Education != "" && n.Education.Text().IsZero() {
		e = e.With("education", i18n.ErrBadChoice)
	}
	switch {
	case n.UntilOn.IsZero():
		e = e.With("until_on", i18n.ErrRequired)
	case n.UntilOn.Before(today) || n.UntilOn.After(today.AddDays(366)):
		e = e.With("until_on", i18n.EmployBadUntil)
	}
	return telephone(e, "phone", &n.Phone).OrNil()
}

// Hire is what is said of the work that somebody begins.
type Hire struct {
	FromOn   calendar.Date
	Contract Contract
	Wage     Band
}

func (n *Hire) check(e *errs.Error, today calendar.Date) *errs.Error {
	switch {
	case n.FromOn.IsZero():
		e = e.With("from_on", i18n.ErrRequired)
	case n.FromOn.After(today.AddDays(92)) || n.FromOn.Before(today.AddDays(-366)):
		e = e.With("from_on", i18n.EmployBadFrom)
	}
	if n.Contract.Text().IsZero() {
		e = e.With("contract", i18n.EmployHowHired)
	}
	if n.Wage != "" && n.Wage.Text().IsZero() {
		e = e.With("wage", i18n.ErrBadChoice)
	}
	return e
}

// Found is work that somebody found elsewhere.
type Found struct {
	Hire
	Employer string
	Post     string
	Kind     Kind
}

func (n *Found) check(today calendar.Date) error {
	e := errs.Words(nil, "employer", &n.Employer, MaxPlace, true)
	e = errs.Words(e, "post", &n.Post, MaxTitle, true)
	if n.Kind != "" && n.Kind.Text().IsZero() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	return n.Hire.check(e, today).OrNil()
}

// Result is work that a seeker found, and whether they stayed.
type Result struct {
	ID         id.ID
	SeekerID   id.ID
	PersonID   id.ID
	Name       string
	OrgID      id.ID
	Org        string
	JobID      id.ID
	Difficulty Difficulty
	Employer   string
	Post       string
	Kind       Kind
	FromOn     calendar.Date
	Contract   Contract
	Wage       Band
	NextOn     calendar.Date // when it is asked next; none: no more
	After3     Stay
	After3On   calendar.Date
	After6     Stay
	After6On   calendar.Date
	Reason     Leaving
	Words      string
	Seeks      bool // they seek again
	Version    int64

	employer, post, words []byte
}

// The months after which it is asked whether somebody is still there (SRV-5).
const (
	firstAfter  = 3
	secondAfter = 6
)

// next is when it is asked next.
func (r Result) next() calendar.Date {
	switch {
	case r.After3 == "":
		return r.FromOn.AddMonths(firstAfter)
	case r.After3 == Still && r.After6 == "":
		return r.FromOn.AddMonths(secondAfter)
	}
	return calendar.Date{}
}

// Months is after how many months it is asked next; 0 when it is not.
func (r Result) Months() int {
	switch {
	case r.NextOn.IsZero():
		return 0
	case r.After3 == "":
		return firstAfter
	}
	return secondAfter
}

// HasLeft says whether they left.
func (r Result) HasLeft() bool { return r.After3 == Left || r.After6 == Left }

// answer notes what a follow-up found on a day. That somebody left is noted whenever it is known; that they are still there, once it is time.
func (r *Result) answer(found Stay, why Leaving, today calendar.Date) error {
	switch {
	case found.Text().IsZero():
		return errs.Field("found", i18n.ErrBadChoice)
	case r.NextOn.IsZero():
		return errs.New(errs.Conflict, i18n.EmployAsked)
	case found == Left && why.Text().IsZero():
		return errs.Field("reason", i18n.EmployWhyLeft)
	case found == Still && today.Before(r.NextOn):
		return errs.Field("found", i18n.EmployNotDue, r.NextOn.String())
	}
	if r.Reason = ""; found == Left {
		r.Reason = why
	}
	if r.After3 == "" {
		r.After3, r.After3On = found, today
	} else {
		r.After6, r.After6On = found, today
	}
	r.NextOn = r.next()
	return nil
}

// Certificate is a preferential certificate.
type Certificate struct {
	ID         id.ID
	SeekerID   id.ID
	PersonID   id.ID
	Name       string
	OrgID      id.ID
	Org        string
	Difficulty Difficulty
	Number     string
	Code       string // by which it is verified
	Entitles   codes[Entitlement]
	FromOn     calendar.Date
	ToOn       calendar.Date
	UsesMax    int64 // 0: without limit
	Uses       int64
	IssuedOn   calendar.Date
	EndedOn    calendar.Date
	Ending     TakeBack
	Version    int64
	Used       []Usage
}

// StateOn is where the certificate stands on a day.
func (c Certificate) StateOn(day calendar.Date) CertificateState {
	switch {
	case !c.EndedOn.IsZero():
		return TakenBack
	case c.UsesMax > 0 && c.Uses >= c.UsesMax:
		return Used
	case c.ToOn.Before(day):
		return Past
	case c.FromOn.After(day):
		return Issued
	}
	return Valid
}

// Usage is one use of a certificate.
type Usage struct {
	ID          id.ID
	Unit        string
	Entitlement Entitlement
	Note        string
	On          calendar.Date

	note []byte
}

// NewCertificate is a certificate as it is issued.
type NewCertificate struct {
	Version  int64 // of the seeker as the station saw them
	FromOn   calendar.Date
	ToOn     calendar.Date
	UsesMax  int64
	Entitles []Entitlement
}

func (n *NewCertificate) check(today calendar.Date) error {
	var e *errs.Error
	list, ok := tidy(n.Entitles, Entitlements())
	if n.Entitles = list; !ok {
		e = e.With("entitles", i18n.ErrBadChoice)
	} else if len(list) == 0 {
		e = e.With("entitles", i18n.EmployEntitlesNone)
	}
	switch {
	case n.FromOn.IsZero():
		e = e.With("from_on", i18n.ErrRequired)
	case n.FromOn.Before(today.AddDays(-366)) || n.FromOn.After(today.AddDays(366)):
		e = e.With("from_on", i18n.EmployBadFrom)
	}
	switch {
	case n.ToOn.IsZero():
		e = e.With("to_on", i18n.ErrRequired)
	case n.ToOn.Before(n.FromOn) || n.ToOn.Before(today) || n.ToOn.After(n.FromOn.AddYears(maxYears)):
		e = e.With("to_on", i18n.EmployBadTo, maxYears)
	}
	if n.UsesMax < 0 || n.UsesMax > 1000 {
		e = e.With("uses_max", i18n.EmployBadUses)
	}
	return e.OrNil()
}

// NewUse is a use of a certificate as it is entered.
type NewUse struct {
	UnitID      id.ID
	Entitlement Entitlement
	On          calendar.Date
	Note        string
}

func (n *NewUse) check(today calendar.Date) error {
	e := errs.Words(nil, "note", &n.Note, MaxNote, false)
	if n.UnitID == 0 {
		e = e.With("unit", i18n.ErrRequired)
	}
	if n.Entitlement.Text().IsZero() {
		e = e.With("entitlement", i18n.ErrBadChoice)
	}
	switch {
	case n.On.IsZero():
		e = e.With("on", i18n.ErrRequired)
	case n.On.After(today):
		e = e.With("on", i18n.PairFuture)
	}
	return e.OrNil()
}

// takes says whether a use on a day may be entered.
func (c Certificate) takes(n NewUse) error {
	switch state := c.StateOn(n.On); {
	case state != Valid:
		return errs.Field("code", i18n.EmployNotValid, state.Text())
	case !slices.Contains(c.Entitles, n.Entitlement):
		return errs.Field("entitlement", i18n.EmployNotEntitled)
	}
	return nil
}
