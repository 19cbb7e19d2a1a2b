package technician

import (
	"time"

	"linli/internal/attach"
	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// State is where a job stands.
type State string

// The states.
const (
	Offered   State = "offered"
	Taken     State = "taken"
	Arrived   State = "arrived"
	Finished  State = "finished"
	Declined  State = "declined"
	Returned  State = "returned"
	Withdrawn State = "withdrawn"
	Gone      State = "gone"
)

// States lists the states in their order.
func States() []State {
	return []State{Offered, Taken, Arrived, Finished, Declined, Returned, Withdrawn, Gone}
}

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Offered: i18n.JobOffered, Taken: i18n.JobTaken, Arrived: i18n.JobArrived, Finished: i18n.JobFinished, Declined: i18n.JobDeclined,
		Returned: i18n.JobReturned, Withdrawn: i18n.JobWithdrawn, Gone: i18n.JobGone}[s]
}

// Active says that a technician is at it.
func (s State) Active() bool { return s == Taken || s == Arrived }

// How a result was confirmed.
const (
	ByCode   = "code" // the resident told it to the technician
	ByCall   = "call"
	BySelf   = "self"  // they rated the case
	ByCheck  = "check" // somebody looked at the place
	NoAnswer = "none"
)

// ConfirmedText says how a result was confirmed.
func ConfirmedText(how string) i18n.Text {
	return map[string]i18n.Text{"": i18n.JobUnconfirmed, ByCode: i18n.JobByCode, ByCall: i18n.JobByCall, BySelf: i18n.JobBySelf, ByCheck: i18n.JobByCheck, NoAnswer: i18n.JobNoAnswer}[how]
}

// MaxTries is how many wrong sign-off codes are taken for one job.
const MaxTries = 5

// MaxMinutes bounds the length of a job.
const MaxMinutes = 24 * 60

// Part is what a charge is for.
type Part string

// The parts.
const (
	Labour    Part = "service"
	Materials Part = "materials"
)

// Text names the part.
func (p Part) Text() i18n.Text {
	return map[Part]i18n.Text{Labour: i18n.JobService, Materials: i18n.JobMaterials}[p]
}

// Charge is an entry of what was charged. It is never changed; one that counters another has the opposite amount.
type Charge struct {
	ID        id.ID
	Part      Part
	Fen       int64
	Words     string // what materials, or why it was corrected
	Counters  id.ID  // the entry that it takes back
	Countered bool   // another takes it back
	By        string
	At        time.Time
}

// Price is what the catalogue asked when a job was taken.
type Price struct {
	Kind catalogue.PriceKind
	Fen  int64 // 0 where it is not fixed
}

// Charges says whether anything may be charged at all.
func (p Price) Charges() bool { return p.Kind == catalogue.Low || p.Kind == catalogue.Paid }

// Fixed says whether the price of one unit is fixed.
func (p Price) Fixed() bool { return p.Charges() && p.Fen > 0 }

// Text is the price in words.
func (p Price) Text() i18n.Text {
	return catalogue.Item{PriceKind: p.Kind, PriceFen: p.Fen}.PriceText()
}

// Charged is what a technician says was charged.
type Charged struct {
	Units     int64  // of a fixed price: hours, pieces; 0 charges none
	Service   int64  // fen, where the price is not fixed
	Materials int64  // fen
	What      string // which materials
}

// maxUnits bounds how often a fixed price is charged.
const maxUnits = 100

// charges makes the entries of what was charged, or says what is wrong: nothing is charged for what is free, and a fixed price is not typed.
func (p Price) charges(in Charged) ([]Charge, *errs.Error) {
	var e *errs.Error
	e = errs.Words(e, "what", &in.What, 60, in.Materials > 0)
	service := in.Service
	switch {
	case !p.Charges():
		if in.Units != 0 || in.Service != 0 || in.Materials != 0 {
			return nil, e.With("materials", i18n.JobFree)
		}
	case p.Fixed():
		if in.Units < 0 || in.Units > maxUnits {
			e = e.With("units", i18n.ErrNumberRange, 0, maxUnits)
		}
		service = in.Units * p.Fen
	}
	for _, x := range []struct {
		field string
		fen   int64
	}{{"service", service}, {"materials", in.Materials}} {
		if x.fen < 0 || x.fen > catalogue.MaxFen {
			e = e.With(x.field, i18n.JobBadAmount, catalogue.Yuan(catalogue.MaxFen))
		}
	}
	if e != nil {
		return nil, e
	}
	var out []Charge
	if service > 0 {
		out = append(out, Charge{ID: id.New(), Part: Labour, Fen: service})
	}
	if in.Materials > 0 {
		out = append(out, Charge{ID: id.New(), Part: Materials, Fen: in.Materials, Words: in.What})
	}
	return out, nil
}

// Sum is what the entries come to, of one part or ("") of all.
func Sum(list []Charge, part Part) int64 {
	var fen int64
	for _, c := range list {
		if part == "" || c.Part == part {
			fen += c.Fen
		}
	}
	return fen
}

// Job is a case that was offered to a technician, or that one took.
type Job struct {
	ID           id.ID
	CaseID       id.ID
	No           string
	Title        string // the beginning of what was said, numbers masked
	Item         i18n.Text
	Class        i18n.Text
	Community    string
	CaseOrgID    id.ID
	Urgent       bool
	DueAt        time.Time
	TechnicianID id.ID
	Technician   string
	Org          string // theirs
	State        State
	Price
	Edition     int64
	Nth         int64
	OfferedAt   time.Time
	TakenAt     time.Time
	ArrivedAt   time.Time
	FinishedAt  time.Time
	EndedAt     time.Time
	Minutes     int64
	Confirmed   string
	ConfirmedAt time.Time
	Tries       int64
	Version     int64
	Rating      int64
	Charges     []Charge // where they are asked for
	Sum         int64    // of all charges
	accountID   id.ID
	current     bool  // the case is not over, and was not opened again since
	enteredBy   id.ID // the account that entered the case
	personID    id.ID
	item, itemE string
	class, clsE string
}

// Number is the number of a job's receipt.
func (j Job) Number() string { return j.No + "-" + string(rune('1'+min(j.Nth, 8))) }

// open says whether the technician still works on the job, or waits for its confirmation, so that they read what was said.
func (j Job) open() bool {
	return j.State.Active() || j.State == Finished && j.Confirmed == "" && j.current
}

// Left is how many sign-off codes may still be tried.
func (j Job) Left() int64 { return max(0, MaxTries-j.Tries) }

// Detail is a job as its technician sees it: what only who has taken it needs to read stays empty before, and again when it is over.
type Detail struct {
	Job
	Body, Place, When, Result string
	Building                  string
	HasPhone                  bool
	Photos                    []attach.File
}

// Finish is how a technician ends a job.
type Finish struct {
	Outcome string // of a case
	Words   string // what the resident reads
	Address string // where to turn next, where it could not be done
	Minutes int64
	Charged
	Photos []attach.New
}
