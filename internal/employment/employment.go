package employment

import (
	"fmt"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
)

// The permissions of this package.
const (
	PermManage authz.Permission = "employment.manage" // at a station: seekers, jobs, matches, results, certificates
	PermSee    authz.Permission = "employment.see"    // counts
	PermUnit   authz.Permission = "employment.unit"   // for a unit: jobs, answers to who accepted, uses of certificates
)

// Purpose is the purpose of the register under which looks at a seeker are recorded.
const Purpose = "assist"

// Bounds of what is written.
const (
	MaxSkills = 300
	MaxWords  = 1000
	MaxTitle  = 40
	MaxNeeds  = 500
	MaxPlace  = 80
	MaxNote   = 300
	MaxCalled = 40
	MaxWage   = 200_000
	MaxPlaces = 500
	maxYears  = 5 // of a certificate
)

// named gives the text of a code out of a table.
type named[T ~string] map[T]i18n.Text

// codes are several codes, stored with a blank before and after each.
type codes[T ~string] []T

// Scan reads codes as they are stored.
func (c *codes[T]) Scan(v any) error {
	var text string
	switch v := v.(type) {
	case string:
		text = v
	case []byte:
		text = string(v)
	case nil:
	default:
		return fmt.Errorf("codes from %T", v)
	}
	*c = nil
	for _, f := range strings.Fields(text) {
		*c = append(*c, T(f))
	}
	return nil
}

func (c codes[T]) stored() string {
	if len(c) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteByte(' ')
	for _, x := range c {
		b.WriteString(string(x) + " ")
	}
	return b.String()
}

// tidy takes out what is there twice and puts codes in the order of a list; ok is false where one is not on it.
func tidy[T ~string](got, list []T) (out codes[T], ok bool) {
	for _, x := range list {
		if slices.Contains(got, x) {
			out = append(out, x)
		}
	}
	for _, x := range got {
		if !slices.Contains(list, x) {
			return out, false
		}
	}
	return out, true
}

// Kind is a kind of work.
type Kind string

// Factory is work that many of those laid off know.
const Factory Kind = "factory"

// Kinds lists them.
func Kinds() []Kind {
	return []Kind{"cleaning", "care", "catering", "retail", "security", "driving", Factory, "repair", "building", "office", "sales", "computing", "health", "teaching", "garden", "public", "other"}
}

var kindTexts = named[Kind]{"cleaning": i18n.EmployCleaning, "care": i18n.EmployCare, "catering": i18n.EmployCatering, "retail": i18n.EmployRetail, "security": i18n.EmploySecurity, "driving": i18n.EmployDriving,
	"factory": i18n.EmployFactory, "repair": i18n.EmployRepair, "building": i18n.EmployBuilding, "office": i18n.EmployOffice, "sales": i18n.EmploySales, "computing": i18n.EmployComputing, "health": i18n.EmployHealth,
	"teaching": i18n.EmployTeaching, "garden": i18n.EmployGarden, "public": i18n.EmployPublicPost, "other": i18n.EmployOther}

// Text names the kind.
func (k Kind) Text() i18n.Text { return kindTexts[k] }

// Difficulty is why somebody finds it hard to find work.
type Difficulty string

// LaidOff is for whom the certificates were made.
const LaidOff Difficulty = "laid_off"

// Difficulties lists them.
func Difficulties() []Difficulty {
	return []Difficulty{LaidOff, "unemployed", "hardship", "veteran", "graduate", "migrant", "disabled", "other"}
}

// Text names the difficulty.
func (d Difficulty) Text() i18n.Text {
	return named[Difficulty]{"laid_off": i18n.EmployLaidOff, "unemployed": i18n.EmployUnemployed, "hardship": i18n.EmployHardship, "veteran": i18n.EmployVeteran, "graduate": i18n.EmployGraduate,
		"migrant": i18n.EmployMigrant, "disabled": i18n.EmployDisabled, "other": i18n.EmployOther}[d]
}

// Entitled says whether the difficulty is one for which certificates are issued.
func (d Difficulty) Entitled() bool {
	return slices.Contains([]Difficulty{"laid_off", "unemployed", "hardship", "veteran", "graduate", "disabled"}, d)
}

// Hours is how the time of work lies.
type Hours string

// FullTime is the usual; AnyHours is of a seeker alone.
const (
	FullTime Hours = "full"
	AnyHours Hours = "any"
)

// AllHours lists those of a job.
func AllHours() []Hours { return []Hours{FullTime, "part", "shift"} }

// WishedHours lists those of a seeker.
func WishedHours() []Hours { return append([]Hours{AnyHours}, AllHours()...) }

// Text names it.
func (h Hours) Text() i18n.Text {
	return named[Hours]{AnyHours: i18n.EmployAnyHours, "full": i18n.EmployFull, "part": i18n.EmployPart, "shift": i18n.EmployShift}[h]
}

// Area is how far somebody would go.
type Area string

// The areas.
const (
	InCommunity Area = "community"
	InStreet    Area = "street"
	Anywhere    Area = "any"
)

// Areas lists them.
func Areas() []Area { return []Area{InCommunity, InStreet, Anywhere} }

// Text names it.
func (a Area) Text() i18n.Text {
	return named[Area]{InCommunity: i18n.EmployInCommunity, InStreet: i18n.EmployInStreet, Anywhere: i18n.EmployAnywhere}[a]
}

// Education is how far somebody went to school; "" is not said, or not asked for.
type Education string

// Junior is what everybody has who finished school.
const Junior Education = "junior"

// Educations lists them, the least first.
func Educations() []Education { return []Education{Junior, "senior", "college", "bachelor"} }

// Text names it.
func (e Education) Text() i18n.Text {
	return named[Education]{"junior": i18n.EmployJunior, "senior": i18n.EmploySenior, "college": i18n.EmployCollege, "bachelor": i18n.EmployBachelor}[e]
}

func (e Education) level() int { return slices.Index(Educations(), e) }

// Consent is how somebody agreed to be registered.
type Consent string

// InPerson is at the desk; ConsentOwn is of who registers themselves.
const (
	InPerson   Consent = "in_person"
	ConsentOwn Consent = "own"
)

// Consents lists what the station enters.
func Consents() []Consent { return []Consent{InPerson, "on_phone", "in_writing"} }

// Text names it.
func (c Consent) Text() i18n.Text {
	return named[Consent]{"in_person": i18n.TakeOverInPerson, "on_phone": i18n.TakeOverOnPhone, "in_writing": i18n.TakeOverInWriting, ConsentOwn: i18n.EmployConsentOwn}[c]
}

// State is where a seeker stands.
type State string

// The states.
const (
	Seeking   State = "seeking"
	Employed  State = "employed"
	Withdrawn State = "withdrawn"
)

// States lists them.
func States() []State { return []State{Seeking, Employed, Withdrawn} }

// Text names the state.
func (s State) Text() i18n.Text {
	return named[State]{Seeking: i18n.EmploySeeking, Employed: i18n.EmployEmployed, Withdrawn: i18n.EmployWithdrawn}[s]
}

// Ending is why somebody seeks no more without having found work.
type Ending string

// EndAsked is by their own wish; EndGone is of who the register forgets.
const (
	EndAsked Ending = "asked"
	EndGone  Ending = "gone"
)

// Endings lists those that are chosen.
func Endings() []Ending { return []Ending{EndAsked, "unable", "retired", "moved"} }

// Text names the ending.
func (e Ending) Text() i18n.Text {
	return named[Ending]{"asked": i18n.EmployEndAsked, "unable": i18n.EmployEndUnable, "retired": i18n.EmployEndRetired, "moved": i18n.EmployEndMoved, EndGone: i18n.EmployEndGone}[e]
}

// JobState is where a job stands.
type JobState string

// The states. Filled and Expired are worked out of an open or closed one.
const (
	Asked   JobState = "asked"
	Open    JobState = "open"
	Refused JobState = "refused"
	Closed  JobState = "closed"
	Filled  JobState = "filled"
	Expired JobState = "expired"
)

// JobStates lists them.
func JobStates() []JobState { return []JobState{Asked, Open, Filled, Expired, Closed, Refused} }

// Text names the state.
func (s JobState) Text() i18n.Text {
	return named[JobState]{Asked: i18n.EmployJobAsked, Open: i18n.EmployJobOpen, Refused: i18n.EmployJobRefused, Closed: i18n.EmployJobClosed, Filled: i18n.EmployJobFilled, Expired: i18n.EmployJobExpired}[s]
}

// MatchState is where a match stands.
type MatchState string

// The states.
const (
	Proposed  MatchState = "proposed"
	Accepted  MatchState = "accepted"
	Declined  MatchState = "declined"
	Interview MatchState = "interview"
	Hired     MatchState = "hired"
	Passed    MatchState = "passed"
	Over      MatchState = "over" // the job or the seeking ended first
)

// Text names the state.
func (m MatchState) Text() i18n.Text {
	return named[MatchState]{Proposed: i18n.EmployProposed, Accepted: i18n.EmployAccepted, Declined: i18n.EmployDeclined, Interview: i18n.EmployInterview, Hired: i18n.EmployHired, Passed: i18n.EmployPassed, Over: i18n.EmployOver}[m]
}

// Known says whether the unit knows who it is: the seeker said yes, and nothing ended it since.
func (m MatchState) Known() bool { return m == Accepted || m == Interview || m == Hired }

// Why is why a seeker declined or a unit did not take somebody.
type Why string

// OtherWhy stands in both lists.
const OtherWhy Why = "other"

// Declines lists why seekers decline.
func Declines() []Why { return []Why{"wage", "far", "time", "work", OtherWhy} }

// Passes lists why units do not take somebody.
func Passes() []Why { return []Why{"filled", "skill", "time", "absent", OtherWhy} }

// Text names it.
func (w Why) Text() i18n.Text {
	return named[Why]{"wage": i18n.EmployWhyWage, "far": i18n.EmployWhyFar, "time": i18n.EmployWhyTime, "work": i18n.EmployWhyWork, "filled": i18n.EmployWhyFilled, "skill": i18n.EmployWhySkill,
		"absent": i18n.EmployWhyAbsent, "other": i18n.EmployOther}[w]
}

// Contract is on what terms somebody works.
type Contract string

// FixedTerm is the usual contract.
const FixedTerm Contract = "fixed"

// Contracts lists them.
func Contracts() []Contract {
	return []Contract{FixedTerm, "lasting", "task", "part", "flexible", "own", "public"}
}

// Text names it.
func (c Contract) Text() i18n.Text {
	return named[Contract]{"fixed": i18n.EmployFixed, "lasting": i18n.EmployLasting, "task": i18n.EmployTask, "part": i18n.EmployPartContract, "flexible": i18n.EmployFlexible, "own": i18n.EmployOwnBusiness, "public": i18n.EmployPublicPost}[c]
}

// Band is about how much somebody earns a month; "" is not said.
type Band string

// LowestBand is the least.
const LowestBand Band = "b1"

// Bands lists them.
func Bands() []Band { return []Band{LowestBand, "b2", "b3", "b4"} }

// Text names it.
func (b Band) Text() i18n.Text {
	return named[Band]{"b1": i18n.EmployBand1, "b2": i18n.EmployBand2, "b3": i18n.EmployBand3, "b4": i18n.EmployBand4}[b]
}

// Stay is what a follow-up found.
type Stay string

// What it can find.
const (
	Still Stay = "there"
	Left  Stay = "left"
)

// Text names it.
func (s Stay) Text() i18n.Text { return named[Stay]{Still: i18n.EmployStill, Left: i18n.EmployLeft}[s] }

// Leaving is why somebody left.
type Leaving string

// Quit is by their own will.
const Quit Leaving = "quit"

// Leavings lists them.
func Leavings() []Leaving { return []Leaving{"ended", "dismissed", Quit, "family", "other"} }

// Text names it.
func (l Leaving) Text() i18n.Text {
	return named[Leaving]{"ended": i18n.EmployLeftEnded, "dismissed": i18n.EmployLeftDismissed, "quit": i18n.EmployLeftQuit, "family": i18n.EmployLeftFamily, "other": i18n.EmployOther}[l]
}

// Voiding is why a result is taken back.
type Voiding string

// Mistaken is of what was noted by mistake.
const Mistaken Voiding = "wrong"

// Voidings lists them.
func Voidings() []Voiding { return []Voiding{Mistaken, "never", "other"} }

// Text names it.
func (v Voiding) Text() i18n.Text {
	return named[Voiding]{"wrong": i18n.EmployVoidWrong, "never": i18n.EmployVoidNever, "other": i18n.EmployOther}[v]
}

// Entitlement is what a certificate entitles to.
type Entitlement string

// FreeTraining is training without a fee.
const FreeTraining Entitlement = "training"

// Entitlements lists them.
func Entitlements() []Entitlement {
	return []Entitlement{"tax", "loan", FreeTraining, "insurance", "fee", "post"}
}

// Text names it.
func (e Entitlement) Text() i18n.Text {
	return named[Entitlement]{"tax": i18n.EmployTax, "loan": i18n.EmployLoan, "training": i18n.EmployTraining, "insurance": i18n.EmployInsurance, "fee": i18n.EmployFee, "post": i18n.EmployPublicPost}[e]
}

// CertificateState is worked out of the days and uses of a certificate.
type CertificateState string

// The states.
const (
	Issued    CertificateState = "issued" // not valid yet
	Valid     CertificateState = "valid"
	Used      CertificateState = "used" // up
	Past      CertificateState = "expired"
	TakenBack CertificateState = "withdrawn"
)

// CertificateStates lists them.
func CertificateStates() []CertificateState {
	return []CertificateState{Issued, Valid, Used, Past, TakenBack}
}

// Text names it.
func (s CertificateState) Text() i18n.Text {
	return named[CertificateState]{Issued: i18n.EmployCertIssued, Valid: i18n.EmployCertValid, Used: i18n.EmployCertUsed, Past: i18n.EmployCertExpired, TakenBack: i18n.EmployCertWithdrawn}[s]
}

// TakeBack is why a certificate is withdrawn.
type TakeBack string

// Lost is of a certificate that cannot be found.
const Lost TakeBack = "lost"

// TakeBacks lists them.
func TakeBacks() []TakeBack { return []TakeBack{"mistake", Lost, "lent", "ended"} }

// Text names it.
func (t TakeBack) Text() i18n.Text {
	return named[TakeBack]{"mistake": i18n.EmployBackMistake, "lost": i18n.EmployBackLost, "lent": i18n.EmployBackLent, "ended": i18n.EmployBackEnded}[t]
}

// EventKind is what an activity is for.
type EventKind string

// Fair is a job fair.
const Fair EventKind = "fair"

// EventKinds lists them.
func EventKinds() []EventKind { return []EventKind{Fair, "training"} }

// Text names it.
func (e EventKind) Text() i18n.Text {
	return named[EventKind]{"fair": i18n.EmployFair, "training": i18n.EmployCourse}[e]
}

// Seeker is somebody who seeks work.
type Seeker struct {
	ID         id.ID
	OrgID      id.ID
	Org        string
	StreetID   id.ID
	PersonID   id.ID
	Name       string
	Difficulty Difficulty
	Kinds      codes[Kind] // none: any
	Skills     string      // opened for who may read it
	WageFrom   int64       // yuan a month; 0: not said
	Hours      Hours
	Area       Area
	Education  Education
	Words      string
	Phone      string
	Consent    Consent
	ConsentOn  calendar.Date
	State      State
	Channel    string // "own", "desk"
	EnteredOn  calendar.Date
	EndedOn    calendar.Date
	Ending     Ending
	Forgotten  bool
	Version    int64

	skills, words, phone []byte
	forgottenOn          calendar.Date
}

// Job is work that a unit offers.
type Job struct {
	ID          id.ID
	UnitID      id.ID
	Unit        string
	CommunityID id.ID
	Community   string
	StreetID    id.ID
	Kind        Kind
	Title       string
	Places      int64
	Taken       int64
	WageFrom    int64
	WageTo      int64 // 0: to be agreed
	Hours       Hours
	Place       string
	Needs       string
	Education   Education
	UntilOn     calendar.Date
	Contact     string // opened for who may read it
	Phone       string
	State       JobState // as stored; see StateOn
	Answer      string   // why it was refused
	EnteredOn   calendar.Date
	ClosedOn    calendar.Date
	Version     int64

	contact, phone []byte
}

// StateOn is where the job stands on a day.
func (j Job) StateOn(day calendar.Date) JobState {
	switch {
	case (j.State == Open || j.State == Closed) && j.Taken >= j.Places:
		return Filled
	case j.State == Open && j.UntilOn.Before(day):
		return Expired
	}
	return j.State
}

// Flags are words of the job that the station is to look at.
func (j Job) Flags() []string {
	_, flagged := limits(j.Title + "\n" + j.Needs)
	return flagged
}

// Reason is why a job may suit a seeker.
type Reason string

// The reasons.
const (
	SameKind  Reason = "kind"
	SkillFits Reason = "skill"
	WageFits  Reason = "wage"
	HoursFit  Reason = "hours"
	Here      Reason = "here"
	Near      Reason = "near"
	SchoolFit Reason = "education"
)

// Text names the reason.
func (r Reason) Text() i18n.Text {
	return named[Reason]{SameKind: i18n.EmployReasonKind, SkillFits: i18n.EmployReasonSkill, WageFits: i18n.EmployReasonWage, HoursFit: i18n.EmployReasonHours, Here: i18n.EmployReasonHere, Near: i18n.EmployReasonNear,
		SchoolFit: i18n.EmployReasonSchool}[r]
}
