package ledger

import (
	"errors"
	"fmt"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
)

// The permissions of this package.
const (
	PermSee    authz.Permission = "ledger.see"     // postings of the members of a community or unit
	PermSeeOwn authz.Permission = "ledger.see.own" // one's own postings
)

// The yearly targets of an in-service member (MEM-6); a district may set its own from a day on.
var (
	TargetHours = policy.Value{Name: "target.hours", Title: i18n.LedgerTargetHours, Unit: i18n.LedgerHoursUnit, Default: 16, Max: 1000, Source: "MEM-6"}
	TargetDeeds = policy.Value{Name: "target.deeds", Title: i18n.LedgerTargetDeeds, Unit: i18n.LedgerDeedsUnit, Default: 12, Max: 1000, Source: "MEM-6"}
)

// Account says what is counted.
type Account string

// The accounts.
const (
	Hours Account = "hours" // amounts in minutes
	Deeds Account = "deeds" // amounts in pieces
	Goods Account = "goods" // amounts in pieces that a person gave for a need; of the person, never of the member
)

// Accounts are the accounts of members, in the order in which they are shown.
var Accounts = []Account{Hours, Deeds}

// Label names the account for people.
func (a Account) Label() i18n.Text {
	switch a {
	case Hours:
		return i18n.LedgerHours
	case Deeds:
		return i18n.LedgerDeeds
	case Goods:
		return i18n.LedgerGoods
	}
	return i18n.Verbatim(string(a))
}

// Show gives an amount as people read it: hours with at most two decimals, deeds as a number.
func (a Account) Show(amount int64) string {
	if a == Hours {
		return i18n.Hours(amount)
	}
	return i18n.Number(amount)
}

// Proof is the grade of proof of a posting and of its source.
type Proof string

// The grades, from the strongest.
const (
	Timed         Proof = "timed"         // the system saw the sign-in and the sign-out
	Countersigned Proof = "countersigned" // the person helped confirmed it with a code
	Vouched       Proof = "vouched"       // an organiser entered or confirmed it, with a reason
)

// Proofs are all grades, from the strongest.
var Proofs = []Proof{Timed, Countersigned, Vouched}

// Label names the grade for people.
func (p Proof) Label() i18n.Text {
	switch p {
	case Timed:
		return i18n.LedgerTimed
	case Countersigned:
		return i18n.LedgerCountersigned
	case Vouched:
		return i18n.LedgerVouched
	}
	return i18n.Verbatim(string(p))
}

// The kinds of source a posting can have.
const (
	SourceAttendance = "attendance"
	SourceDeed       = "deed"
	SourceHelp       = "help"  // what somebody did for a need of the three lists, a member or a volunteer who is none
	SourceShift      = "shift" // voluntary service of a person, who need not be a member
)

// Holder is the member whose account it is, as known on the day.
type Holder struct {
	MemberID    id.ID
	PersonID    id.ID
	CommunityID id.ID // 0 while not registered with a community
	UnitID      id.ID // 0 for none
	Name        string
	Ended       bool // no longer in the register
}

// Posting is one line of the book.
type Posting struct {
	ID          id.ID
	Account     Account
	MemberID    id.ID
	PersonID    id.ID
	CommunityID id.ID
	UnitID      id.ID
	OnDate      calendar.Date
	Amount      int64 // minutes or pieces; negative only in a counter-posting
	Proof       Proof
	SourceKind  string
	SourceID    id.ID
	ReversesID  id.ID // the posting this one takes back, 0 for none
	Reason      string
	PostedAt    time.Time
	PostedBy    id.ID
}

// Quarter is the quarter in which the posting counts.
func (p Posting) Quarter() calendar.Quarter { return calendar.QuarterOf(p.OnDate) }

// check refuses what must never stand in the book. Its errors are faults of the calling package, not of a user.
func (p Posting) check() error {
	switch {
	case p.Account != Hours && p.Account != Deeds && p.Account != Goods:
		return fmt.Errorf("ledger: no account %q", p.Account)
	case p.Proof != Timed && p.Proof != Countersigned && p.Proof != Vouched:
		return fmt.Errorf("ledger: no proof %q", p.Proof)
	case p.SourceKind == "" || p.SourceID == 0:
		return errors.New("ledger: a posting must name its source")
	case p.PersonID == 0 || p.OnDate.IsZero():
		return errors.New("ledger: a posting needs person and day")
	case p.MemberID == 0 && p.SourceKind != SourceShift && p.SourceKind != SourceHelp: // who helps as a volunteer need not be a member
		return errors.New("ledger: a posting needs its member, but for a shift and for help")
	case p.Account == Goods && (p.MemberID != 0 || p.SourceKind != SourceHelp): // no member's figures have it
		return errors.New("ledger: goods are given by a person, for a need")
	case p.MemberID != 0 && p.SourceKind == SourceShift: // VOL-3: voluntary service of a shift is no member's
		return errors.New("ledger: a shift is no member's")
	case p.Amount <= 0:
		return errors.New("ledger: an amount is positive; what was wrong is reversed")
	}
	return nil
}

// counter is the posting that takes p back.
func (p Posting) counter(reason string) Posting {
	c := p
	c.ReversesID, c.Amount, c.Reason = p.ID, -p.Amount, reason
	return c
}

// reversible says whether p can be reversed, given whether it already was.
func (p Posting) reversible(reversed bool) error {
	if p.ReversesID != 0 || reversed {
		return errs.New(errs.Conflict, i18n.LedgerReversedOnce)
	}
	return nil
}

// Mix is an amount by grade of proof.
type Mix struct{ Timed, Countersigned, Vouched int64 }

// Total is the whole amount.
func (m Mix) Total() int64 { return m.Timed + m.Countersigned + m.Vouched }

// Of is the part of one grade.
func (m Mix) Of(p Proof) int64 {
	switch p {
	case Timed:
		return m.Timed
	case Countersigned:
		return m.Countersigned
	case Vouched:
		return m.Vouched
	}
	return 0
}

func (m *Mix) add(p Proof, amount int64) {
	switch p {
	case Timed:
		m.Timed += amount
	case Countersigned:
		m.Countersigned += amount
	case Vouched:
		m.Vouched += amount
	}
}

// Totals are the sums of some postings.
type Totals struct {
	Hours    Mix   // minutes
	Deeds    Mix   // pieces
	Services int64 // attendances that stand with hours
}

// Add adds one sum of an account and grade; services is the number of standing postings in it.
func (t *Totals) Add(a Account, p Proof, amount, services int64) {
	if a == Hours {
		t.Hours.add(p, amount)
		t.Services += services
		return
	}
	if a == Deeds {
		t.Deeds.add(p, amount)
	}
}

// Plus is the sum of both.
func (t Totals) Plus(o Totals) Totals {
	for _, p := range Proofs {
		t.Hours.add(p, o.Hours.Of(p))
		t.Deeds.add(p, o.Deeds.Of(p))
	}
	t.Services += o.Services
	return t
}

// Targets are the yearly targets in force on a day.
type Targets struct{ Hours, Deeds int64 }

// Progress is how far a year's totals are towards its targets.
type Progress struct {
	Year    int
	Totals  Totals
	Targets Targets
}

// HoursDone is the part of the hours target that is reached, in whole percent, at most 100. It is 100 where there is no target.
func (p Progress) HoursDone() int { return percent(p.Totals.Hours.Total(), p.Targets.Hours*60) }

// DeedsDone is the part of the deeds target that is reached, in whole percent, at most 100.
func (p Progress) DeedsDone() int { return percent(p.Totals.Deeds.Total(), p.Targets.Deeds) }

// MinutesLeft is what is missing to the hours target.
func (p Progress) MinutesLeft() int64 { return max(0, p.Targets.Hours*60-p.Totals.Hours.Total()) }

// DeedsLeft is what is missing to the deeds target.
func (p Progress) DeedsLeft() int64 { return max(0, p.Targets.Deeds-p.Totals.Deeds.Total()) }

// percent rounds down, so that 100 means reached.
func percent(have, want int64) int {
	if want <= 0 || have >= want {
		return 100
	}
	return int(max(0, have) * 100 / want)
}
