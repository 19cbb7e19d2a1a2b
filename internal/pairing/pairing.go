package pairing

import (
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// The permissions of this package.
const (
	PermManage authz.Permission = "pairing.manage"
	PermSee    authz.Permission = "pairing.see"
	PermHelp   authz.Permission = "pairing.help"
	PermUnit   authz.Permission = "pairing.unit"
	PermOwn    authz.Permission = "pairing.visit.own"
)

// Purpose is the purpose of the register under which looks at a household are recorded.
const Purpose = "assist"

// Bounds of what is written.
const (
	MaxSituation = 2000
	MaxNote      = 1000
	MaxWhat      = 200
	MaxLack      = 300
)

// Quiet is after how many days without a visit a household counts as forgotten.
const Quiet = 30

// Difficulty is why a household needs help.
type Difficulty string

// Difficulties lists them.
func Difficulties() []Difficulty {
	return []Difficulty{"low_income", "low_margin", "illness", "disability", "elderly", "child", "unemployed", "disaster", "other"}
}

// Text names the difficulty.
func (d Difficulty) Text() i18n.Text {
	return map[Difficulty]i18n.Text{"low_income": i18n.PairLowIncome, "low_margin": i18n.PairLowMargin, "illness": i18n.PairIllness, "disability": i18n.PairDisability, "elderly": i18n.PairElderly,
		"child": i18n.PairChild, "unemployed": i18n.PairUnemployed, "disaster": i18n.PairDisaster, "other": i18n.PairOther}[d]
}

// State is where a household stands.
type State string

// The states.
const (
	Waiting State = "waiting"
	Paired  State = "paired"
	Ended   State = "ended"
)

// States lists them.
func States() []State { return []State{Waiting, Paired, Ended} }

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Waiting: i18n.PairWaiting, Paired: i18n.PairPaired, Ended: i18n.PairEnded}[s]
}

// Ending is why a household or a pair ended.
type Ending string

// The endings. NoHelper is of a pair alone.
const (
	Over     Ending = "over"
	Moved    Ending = "moved"
	Died     Ending = "died"
	Asked    Ending = "asked"
	NoHelper Ending = "helper"
)

// Endings lists those of a household.
func Endings() []Ending { return []Ending{Over, Moved, Died, Asked} }

// PairEndings lists those of a pair.
func PairEndings() []Ending { return []Ending{NoHelper, Asked} }

// Text names the ending.
func (e Ending) Text() i18n.Text {
	return map[Ending]i18n.Text{Over: i18n.PairOver, Moved: i18n.PairMoved, Died: i18n.PairDied, Asked: i18n.PairAsked, NoHelper: i18n.PairNoHelper}[e]
}

// Consent is how a household agreed.
type Consent string

// Consents lists the ways.
func Consents() []Consent { return []Consent{"in_person", "on_phone", "in_writing"} }

// Text names the way.
func (c Consent) Text() i18n.Text {
	return map[Consent]i18n.Text{"in_person": i18n.TakeOverInPerson, "on_phone": i18n.TakeOverOnPhone, "in_writing": i18n.TakeOverInWriting}[c]
}

// Form is how a visit took place.
type Form string

// Forms lists them; the first is the usual one.
func Forms() []Form { return []Form{"home", "phone"} }

// Text names the form.
func (f Form) Text() i18n.Text {
	return map[Form]i18n.Text{"home": i18n.PairAtHome, "phone": i18n.PairByPhone}[f]
}

// Deed is what was done on a visit.
type Deed string

// OtherDeed is told in words.
const OtherDeed Deed = "other"

// Deeds lists them.
func Deeds() []Deed {
	return []Deed{"talk", "errand", "goods", "care", "policy", "job", "school", OtherDeed}
}

// Text names what was done.
func (d Deed) Text() i18n.Text {
	return map[Deed]i18n.Text{"talk": i18n.PairTalk, "errand": i18n.PairErrand, "goods": i18n.PairGoods, "care": i18n.PairCare, "policy": i18n.PairPolicy, "job": i18n.PairJob, "school": i18n.PairSchool,
		OtherDeed: i18n.PairOtherDeed}[d]
}

// Household is a household in hardship.
type Household struct {
	ID         id.ID
	OrgID      id.ID
	Org        string
	PersonID   id.ID
	Name       string // of the person
	Address    string
	Difficulty Difficulty
	Situation  string // opened for who may read it
	Consent    Consent
	ConsentOn  calendar.Date
	State      State
	EnteredOn  calendar.Date
	SinceOn    calendar.Date // paired since
	VisitedOn  calendar.Date // last visit
	EndedOn    calendar.Date
	Ending     Ending
	EndWords   string
	Forgotten  bool // what was said is gone
	Version    int64
	Pairs      []Pair // those that hold first
	Items      []Item
	Visits     []Visit

	situation, endWords []byte
	forgottenOn         calendar.Date
}

// Active are the pairs that hold.
func (h Household) Active() (out []Pair) {
	for _, p := range h.Pairs {
		if p.EndedOn.IsZero() {
			out = append(out, p)
		}
	}
	return out
}

// Helper is who helps: exactly one of the three.
type Helper struct {
	MemberID  id.ID
	AccountID id.ID
	UnitID    id.ID
}

func (h Helper) one() bool {
	n := 0
	for _, i := range []id.ID{h.MemberID, h.AccountID, h.UnitID} {
		if i != 0 {
			n++
		}
	}
	return n == 1
}

// Pair is a household and one of its helpers.
type Pair struct {
	ID          id.ID
	HouseholdID id.ID
	OrgID       id.ID
	Helper
	Name      string // of the helper
	FromOn    calendar.Date
	VisitedOn calendar.Date
	NextOn    calendar.Date // when they said they come again
	EndedOn   calendar.Date
	Ending    Ending
	EndWords  string
	Version   int64

	endWords []byte
}

// Item is one thing of the plan.
type Item struct {
	ID      id.ID
	What    string
	ByOn    calendar.Date
	DoneOn  calendar.Date
	Version int64

	what []byte
}

// Visit is what a helper did on a day.
type Visit struct {
	ID     id.ID
	PairID id.ID
	By     string // name of the helper
	On     calendar.Date
	Form   Form
	Deed   Deed
	Note   string
	NextOn calendar.Date
	Need   Need // made of it; none where ID is 0

	note []byte
}

// Need is what a household lacks, as it stands on the three lists (package exchange). State and Outcome are theirs.
type Need struct {
	ID      id.ID
	No      string
	Title   string // public; "" until the community approves it
	State   string
	Outcome string
	EndedOn calendar.Date

	ended time.Time
}

// Entry is a household that somebody enters.
type Entry struct {
	PersonID   id.ID
	Difficulty Difficulty
	Situation  string
	Consent    Consent // "" where it was not asked yet: then it cannot be paired
	ConsentOn  calendar.Date
}

func (n *Entry) check(today calendar.Date) error {
	e := errs.Words(nil, "situation", &n.Situation, MaxSituation, true)
	if n.PersonID == 0 {
		e = e.With("person", i18n.ErrRequired)
	}
	if n.Difficulty.Text().IsZero() {
		e = e.With("difficulty", i18n.ErrBadChoice)
	}
	if n.Consent == "" {
		n.ConsentOn = calendar.Date{}
		return e.OrNil()
	}
	return agreed(e, n.Consent, n.ConsentOn, today).OrNil()
}

func agreed(e *errs.Error, how Consent, on, today calendar.Date) *errs.Error {
	if how.Text().IsZero() {
		e = e.With("consent", i18n.ErrBadChoice)
	}
	switch {
	case on.IsZero():
		e = e.With("consent_on", i18n.ErrRequired)
	case on.After(today):
		e = e.With("consent_on", i18n.PairFuture)
	}
	return e
}

// NewVisit is a visit as it is entered.
type NewVisit struct {
	On     calendar.Date
	Form   Form
	Deed   Deed
	Note   string
	NextOn calendar.Date
	Ask    bool   // what they lack becomes a need
	Key    string // of the sending, "" for none
	Lack   string // what that is, in words that everybody may read; what is written here is asked for
}

func (n *NewVisit) check(today calendar.Date) error {
	e := errs.Words(nil, "note", &n.Note, MaxNote, n.Deed == OtherDeed) // what was done says enough where it has a name
	if n.Form.Text().IsZero() {
		e = e.With("form", i18n.ErrBadChoice)
	}
	if n.Deed.Text().IsZero() {
		e = e.With("deed", i18n.ErrBadChoice)
	}
	switch {
	case n.On.IsZero():
		e = e.With("on", i18n.ErrRequired)
	case n.On.After(today):
		e = e.With("on", i18n.PairFuture)
	}
	e = errs.Words(e, "lack", &n.Lack, MaxLack, n.Ask)
	n.Ask = n.Ask || n.Lack != ""
	if !n.NextOn.IsZero() && (!n.NextOn.After(n.On) || n.NextOn.After(today.AddDays(366))) {
		e = e.With("next_on", i18n.PairNextLater)
	}
	return e.OrNil()
}
