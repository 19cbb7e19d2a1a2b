package twonew

import (
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
)

// The permissions of this package.
const (
	PermSee    authz.Permission = "twonew.see"    // the census, the steps and the proposals of the communities in scope
	PermKeep   authz.Permission = "twonew.keep"   // enter, correct and end organisations of the census
	PermImport authz.Permission = "twonew.import" // import a business register
	PermDecide authz.Permission = "twonew.decide" // take steps and accept proposals
)

// The numbers that a district may set.
var (
	OwnFull = policy.Value{Name: "twonew.own_full", Title: i18n.TwoNewOwnFull, Unit: i18n.TwoNewPeople, Default: 3, Min: 1, Max: 20, Source: "PARTY-1"}
	Most    = policy.Value{Name: "twonew.branch_members", Title: i18n.TwoNewMost, Unit: i18n.TwoNewPeople, Default: 50, Min: 3, Max: 500, Source: "PARTY-2"}
	Units   = policy.Value{Name: "twonew.joint_units", Title: i18n.TwoNewUnits, Unit: i18n.TwoNewOrgs, Default: 5, Min: 2, Max: 10, Source: "PARTY-3"}
	Apart   = policy.Value{Name: "twonew.trade_metres", Title: i18n.TwoNewApart, Unit: i18n.TwoNewMetres, Default: 400, Min: 0, Max: 5000, Source: "ORG-7"}
	Load    = policy.Value{Name: "twonew.instructor_most", Title: i18n.TwoNewLoad, Unit: i18n.TwoNewOrgs, Default: 5, Min: 1, Max: 50, Source: "ORG-5"}
)

// Policies are the settings of this package.
func Policies() []policy.Value { return []policy.Value{OwnFull, Most, Units, Apart, Load} }

// Kind says which of the two an organisation is.
type Kind string

// The kinds.
const (
	Economic Kind = "economic"
	Social   Kind = "social"
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Economic, Social} }

// Text names the kind.
func (k Kind) Text() i18n.Text {
	return map[Kind]i18n.Text{Economic: i18n.TwoNewEconomic, Social: i18n.TwoNewSocial}[k]
}

// State is how far an organisation is on its way to a branch; also what a step leads to.
type State string

// The states.
const (
	None        State = "none"
	Union       State = "union"
	League      State = "league"
	Instructor  State = "instructor"
	Liaison     State = "liaison"
	JointBranch State = "joint_branch"
	OwnBranch   State = "own_branch"
)

// States lists the states in the order of the way.
func States() []State {
	return []State{None, Union, League, Instructor, Liaison, JointBranch, OwnBranch}
}

var stateTexts = map[State]i18n.Text{None: i18n.TwoNewNone, Union: i18n.TwoNewUnion, League: i18n.TwoNewLeague, Instructor: i18n.TwoNewInstructor,
	Liaison: i18n.TwoNewLiaison, JointBranch: i18n.TwoNewJoint, OwnBranch: i18n.TwoNewOwn}

// Text names the state.
func (s State) Text() i18n.Text { return stateTexts[s] }

// Valid says whether s is one of the states.
func (s State) Valid() bool { _, ok := stateTexts[s]; return ok }

// Branch says whether the state is a branch: covered by organisation.
func (s State) Branch() bool { return s == JointBranch || s == OwnBranch }

// Person says whether the state is a person sent.
func (s State) Person() bool { return s == Instructor || s == Liaison }

// Organisation is one organisation of the census as it is today.
type Organisation struct {
	ID            id.ID
	Kind          Kind
	Name          string
	USCC          string
	Trade         string
	Address       string
	CommunityID   id.ID
	Community     string // label
	GridID        id.ID
	Grid          string
	X, Y          int64 // micro-degrees, 0 where unknown
	Employees     int64
	Full          int64 // full members known there
	Probationary  int64
	ListedOn      calendar.Date
	EndedOn       calendar.Date
	EndReason     string
	Version       int64
	State         State // of the step in force
	Since         calendar.Date
	BranchID      id.ID
	Branch        string
	MemberID      id.ID
	Member        string // the instructor or liaison
	UnitID        id.ID  // the unit of the register with the same credit code, 0 for none
	RegisterTrade string // of that unit
}

// Living says whether the organisation still stands in the census.
func (o Organisation) Living() bool { return o.EndedOn.IsZero() }

// Members are all members known there.
func (o Organisation) Members() int64 { return o.Full + o.Probationary }

// Step is one dated step.
type Step struct {
	ID           id.ID
	TwoNewID     id.ID
	Kind         State
	On, Until    calendar.Date
	DocumentNo   string
	Document     string
	Note         string
	BranchID     id.ID
	Branch       string
	MemberID     id.ID
	Member       string
	DecisionID   id.ID
	StruckAt     time.Time
	StruckReason string
	By           string
	At           time.Time
	Version      int64
}

// Struck says whether the step was entered by mistake.
func (s Step) Struck() bool { return !s.StruckAt.IsZero() }

// Entry is what is said of an organisation: when it is entered and, whole, when it is corrected.
type Entry struct {
	Kind         Kind
	Name         string
	USCC         string
	Trade        string
	Address      string
	CommunityID  id.ID
	GridID       id.ID
	X, Y         int64 // micro-degrees, 0 for unknown
	Employees    int64
	Full         int64
	Probationary int64
}

// Saved is what came of an act; Warnings are what was taken although somebody should look at it.
type Saved struct {
	ID       id.ID
	Warnings []errs.Message
}

// The longest texts, in characters, and the largest number of people.
const (
	maxName     = 60
	maxTrade    = 40
	maxAddress  = 120
	maxDocument = 120
	maxNo       = 60
	maxNote     = 200
	maxPeople   = 1_000_000
)

// clean trims a text and makes each run of blanks one.
func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// check makes the usual slips good and says what is wrong with an entry by itself.
func (n *Entry) check() ([]errs.Message, error) {
	var warnings []errs.Message
	var e *errs.Error
	n.Name, n.Trade, n.Address = clean(n.Name), clean(n.Trade), clean(n.Address)
	if n.Kind.Text().IsZero() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	if n.Name == "" {
		e = e.With("name", i18n.ErrRequired)
	}
	if n.CommunityID == 0 {
		e = e.With("community", i18n.ErrRequired)
	}
	for _, f := range []struct {
		field, value string
		most         int
	}{{"name", n.Name, maxName}, {"trade", n.Trade, maxTrade}, {"address", n.Address, maxAddress}} {
		if c := utf8.RuneCountInString(f.value); c > f.most {
			e = e.With(f.field, i18n.ErrTooLong, f.most, c)
		}
	}
	for _, f := range []struct {
		field string
		value int64
	}{{"employees", n.Employees}, {"full", n.Full}, {"probationary", n.Probationary}} {
		if f.value < 0 || f.value > maxPeople {
			e = e.With(f.field, i18n.TwoNewNumber, maxPeople)
		}
	}
	if !placed(n.X, n.Y) {
		e = e.With("x", i18n.PlaceCoordinates)
	}
	if s := clean(n.USCC); s != "" {
		u, p := code.ParseUSCC(s)
		if p.Blocks() {
			e = e.With("uscc", i18n.CodeProblem, p.Message, p.Advice)
		} else if p != nil {
			warnings = append(warnings, errs.Message{Text: i18n.CodeProblem, Args: []any{p.Message, p.Advice}})
		}
		n.USCC = u.String()
	}
	if n.Full+n.Probationary > n.Employees && n.Employees > 0 && e == nil {
		warnings = append(warnings, errs.Message{Text: i18n.TwoNewMoreMembers})
	}
	return warnings, e.OrNil()
}

// placed says whether a position is unknown or lies within the country's outermost degrees.
func placed(x, y int64) bool {
	if x == 0 && y == 0 {
		return true
	}
	return x >= 73_000_000 && x <= 136_000_000 && y >= 3_000_000 && y <= 54_000_000
}

// entry is what is said of an organisation today.
func (o Organisation) entry() Entry {
	return Entry{Kind: o.Kind, Name: o.Name, USCC: o.USCC, Trade: o.Trade, Address: o.Address, CommunityID: o.CommunityID, GridID: o.GridID, X: o.X, Y: o.Y,
		Employees: o.Employees, Full: o.Full, Probationary: o.Probationary}
}

// searchKey is the text in which a list is searched.
func (n Entry) searchKey() string { return gram.Key(n.Name) + "\n" + gram.Key(n.Address) }

// NewStep is a step that somebody takes.
type NewStep struct {
	Kind       State
	On         calendar.Date
	DocumentNo string
	Document   string
	BranchID   id.ID  // of a branch that is there; or
	BranchName string // of one that is set up
	MemberID   id.ID  // the instructor or liaison
	Reason     string // why a rule that holds as a rule is not kept to
}

// check says what is wrong with a step by itself; today bounds the date.
func (n *NewStep) check(today calendar.Date) error {
	var e *errs.Error
	n.DocumentNo, n.Document, n.BranchName, n.Reason = clean(n.DocumentNo), clean(n.Document), clean(n.BranchName), clean(n.Reason)
	e = dated(n.On, n.DocumentNo, n.Document, today)
	switch {
	case !n.Kind.Valid():
		e = e.With("kind", i18n.ErrBadChoice)
	case n.Kind.Branch() && n.BranchID == 0 && n.BranchName == "":
		e = e.With("branch_name", i18n.ErrRequired)
	case n.Kind.Person() && n.MemberID == 0:
		e = e.With("member", i18n.ErrRequired)
	}
	if c := utf8.RuneCountInString(n.BranchName); c > maxName {
		e = e.With("branch_name", i18n.ErrTooLong, maxName, c)
	}
	if c := utf8.RuneCountInString(n.Reason); c > maxNote {
		e = e.With("reason", i18n.ErrTooLong, maxNote, c)
	}
	return e.OrNil()
}

// dated checks the day and the document of an act.
func dated(on calendar.Date, number, title string, today calendar.Date) *errs.Error {
	var e *errs.Error
	switch {
	case on.IsZero():
		e = e.With("on", i18n.ErrRequired)
	case on.After(today):
		e = e.With("on", i18n.OrgDateFuture, today.String())
	}
	if title == "" {
		e = e.With("document", i18n.ErrRequired)
	}
	if c := utf8.RuneCountInString(title); c > maxDocument {
		e = e.With("document", i18n.ErrTooLong, maxDocument, c)
	}
	if c := utf8.RuneCountInString(number); c > maxNo {
		e = e.With("document_no", i18n.ErrTooLong, maxNo, c)
	}
	return e
}

// rules are the numbers in force on a day.
type rules struct{ ownFull, most, units, apart, load int64 }

func (r rules) limits() Limits {
	return Limits{Full: r.ownFull, Members: r.most, Units: int(r.units), Trade: r.apart}
}

// own says whether an organisation may have a branch of its own (PARTY-1).
func (r rules) own(o Organisation) error {
	if o.Full < r.ownFull {
		return errs.Field("kind", i18n.TwoNewOwnNeeds, r.ownFull, o.Full)
	}
	return nil
}

// joint holds a joint branch of organisations to the rules: too few full members refuse it; more organisations or members than is usual need a reason;
// what should have its own branch is said.
func (r rules) joint(list []Organisation, reason string) ([]errs.Message, error) {
	var full, members int64
	var own []string
	for _, o := range list {
		full += o.Full
		members += o.Members()
		if o.Full >= r.ownFull {
			own = append(own, o.Name)
		}
	}
	switch {
	case full < r.ownFull:
		return nil, errs.Field("items", i18n.TwoNewJointNeeds, r.ownFull, full)
	case int64(len(list)) > r.units && reason == "":
		return nil, errs.Field("reason", i18n.TwoNewJointUnits, r.units, len(list))
	case members > r.most && reason == "":
		return nil, errs.Field("reason", i18n.TwoNewJointMost, r.most, members)
	}
	if len(own) > 0 {
		return []errs.Message{{Text: i18n.TwoNewShouldOwn, Args: []any{strings.Join(own, "、"), r.ownFull}}}, nil
	}
	return nil, nil
}

// arrange sets from when until when each step holds and gives those whose end changed. Steps are in the order of their days, struck ones apart.
func arrange(steps []Step) []Step {
	var changed []Step
	var held []int
	for i, s := range steps {
		if !s.Struck() {
			held = append(held, i)
		}
	}
	for n, i := range held {
		var until calendar.Date
		if n+1 < len(held) {
			until = steps[held[n+1]].On
		}
		if steps[i].Until != until {
			steps[i].Until = until
			changed = append(changed, steps[i])
		}
	}
	return changed
}
