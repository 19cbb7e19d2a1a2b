package project

import (
	"slices"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// The permissions of this package.
const (
	PermSee  authz.Permission = "project.see"  // projects of communities in scope
	PermKeep authz.Permission = "project.keep" // act for a community
	PermUnit authz.Permission = "project.unit" // see and act for an organisation one works for
)

// Bounds of what is written.
const (
	MaxTitle    = 40
	MaxGoal     = 300
	MaxWords    = 300
	MaxName     = 40
	MaxReceipt  = 40
	MaxWanted   = 10_000
	MaxYears    = 3
	MaxPartners = 20
	MaxSteps    = 60
	MaxLines    = 30
	MaxNeeds    = 20
	MaxPeople   = 100
	MaxFen      = 100_000_000_00 // of a line, and of an expense
	ReopenDays  = 30
)

// State is where a project stands.
type State string

// The states.
const (
	Draft    State = "draft"
	Proposed State = "proposed"
	Running  State = "running"
	Finished State = "finished"
	Stopped  State = "stopped"
)

// States lists them in their order.
func States() []State { return []State{Draft, Proposed, Running, Finished, Stopped} }

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Draft: i18n.ProjectDraft, Proposed: i18n.ProjectProposed, Running: i18n.ProjectRunning, Finished: i18n.ProjectFinished, Stopped: i18n.ProjectStopped}[s]
}

// Open says that something still follows.
func (s State) Open() bool { return s == Draft || s == Proposed || s == Running }

// Kind is what a project is mostly about: that of the need that it was made from.
type Kind string

// The kinds. Mixed is of several.
const (
	People Kind = "people"
	Goods  Kind = "goods"
	Trade  Kind = "service"
	Place  Kind = "place"
	Money  Kind = "money"
	Mixed  Kind = "mixed"
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{Mixed, People, Goods, Trade, Place, Money} }

// Text names the kind.
func (k Kind) Text() i18n.Text {
	return map[Kind]i18n.Text{Goods: i18n.ExchangeGoods, Place: i18n.ExchangePlace, People: i18n.ExchangePeople, Money: i18n.ExchangeMoney, Trade: i18n.ExchangeService, Mixed: i18n.ProjectMixed}[k]
}

// Source is whose money a line is.
type Source string

// The sources.
const (
	OfCommunity Source = "community"
	OfParty     Source = "party" // Party funds for serving the masses
	OfDonation  Source = "donation"
	OfUnit      Source = "unit"
	OfOther     Source = "other"
)

// Sources lists them.
func Sources() []Source { return []Source{OfCommunity, OfParty, OfDonation, OfUnit, OfOther} }

// Text names the source.
func (s Source) Text() i18n.Text {
	return map[Source]i18n.Text{OfCommunity: i18n.ProjectSrcCommunity, OfParty: i18n.ProjectSrcParty, OfDonation: i18n.ProjectSrcDonation, OfUnit: i18n.ProjectSrcUnit, OfOther: i18n.ProjectSrcOther}[s]
}

// Answer is where a partner, or a change that waits for one, stands.
type Answer string

// The answers. Left is of a partner that was taken out; Dropped of a change that was taken back.
const (
	Asked    Answer = "asked"
	Agreed   Answer = "agreed"
	Declined Answer = "declined"
	Left     Answer = "left"
	Dropped  Answer = "dropped"
)

// Text names the answer.
func (a Answer) Text() i18n.Text {
	return map[Answer]i18n.Text{Asked: i18n.ProjectAsked, Agreed: i18n.ProjectAgreed, Declined: i18n.ProjectDeclined, Left: i18n.ProjectLeft, Dropped: i18n.ProjectChangeBack}[a]
}

// StepState is where a step stands.
type StepState string

// The states of a step.
const (
	StepOpen    StepState = "open"
	StepDone    StepState = "done"
	StepDropped StepState = "dropped"
)

// Text names the state.
func (s StepState) Text() i18n.Text {
	return map[StepState]i18n.Text{StepOpen: i18n.ProjectStepOpen, StepDone: i18n.ProjectStepDone, StepDropped: i18n.ProjectStepDropped}[s]
}

// The kinds of record by which a step is done.
const (
	FromActivity = "activity"
	FromNeed     = "need"
)

// SourceText names a kind of record.
func SourceText(kind string) i18n.Text {
	return map[string]i18n.Text{FromActivity: i18n.CobuildSrcActivity, FromNeed: i18n.ProjectSrcNeed}[kind]
}

// What a change is about.
const (
	OfStep = "step"
	OfLine = "line"
)

// About is what a project says of itself.
type About struct {
	Title       string // public
	Goal        string // what for; public
	Kind        Kind
	Wanted      int64 // people or things that are needed; 0 is not said
	From, To    calendar.Date
	ProgrammeID id.ID
}

// Mask takes numbers out of a text that everybody reads, and says whether there were any (package exchange has it).
type Mask = func(string) (string, bool)

// public checks a text that everybody reads: numbers that could lead to somebody do not stay in it. What people publish is not altered behind their back.
func public(e *errs.Error, mask Mask, field string, s *string, limit int, needed bool) *errs.Error {
	e = errs.Words(e, field, s, limit, needed)
	if masked, found := mask(*s); found {
		e = e.With(field, i18n.ProjectNumber, masked)
	}
	return e
}

func (a *About) check(mask Mask) *errs.Error {
	e := public(nil, mask, "title", &a.Title, MaxTitle, true)
	e = public(e, mask, "goal", &a.Goal, MaxGoal, true)
	if a.Kind.Text().IsZero() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	if a.Wanted < 0 || a.Wanted > MaxWanted {
		e = e.With("wanted", i18n.ProjectWantedBad, MaxWanted)
	}
	switch {
	case a.From.IsZero():
		e = e.With("from_on", i18n.ErrRequired)
	case a.To.IsZero():
		e = e.With("to_on", i18n.ErrRequired)
	case a.To.Before(a.From):
		e = e.With("to_on", i18n.ProjectEndFirst)
	case a.To.After(a.From.AddYears(MaxYears)):
		e = e.With("to_on", i18n.ProjectTooLong, MaxYears)
	}
	return e
}

// line is what a project says of itself, in one line, as the history keeps it.
func (a About) line() string {
	return a.Title + " · " + a.From.String() + " — " + a.To.String() + " · " + a.Goal
}

// Partner is an organisation that takes part.
type Partner struct {
	ID         id.ID
	OrgID      id.ID
	Name       string
	State      Answer
	Reason     string
	OnPaper    bool
	Note       string
	AnsweredAt time.Time
	Version    int64
}

// Project is a project with its partners.
type Project struct {
	ID          id.ID
	No          string
	CommunityID id.ID
	Community   string
	LeadID      id.ID
	Lead        string
	About
	Programme  string
	State      State
	Edition    int64
	Result     string
	EndReason  string
	EndedOn    calendar.Date
	CopiedFrom id.ID
	ProposedAt time.Time
	BegunAt    time.Time
	Version    int64
	Partners   []Partner
}

// Partner finds a partner.
func (p *Project) Partner(org id.ID) (Partner, bool) {
	for _, x := range p.Partners {
		if x.OrgID == org && x.State != Left {
			return x, true
		}
	}
	return Partner{}, false
}

// Takes says that an organisation takes part: the community, or a partner.
func (p *Project) Takes(org id.ID) bool {
	_, ok := p.Partner(org)
	return ok || org == p.CommunityID && org != 0
}

// In is the partners that take part still.
func (p *Project) In() (out []Partner) {
	for _, x := range p.Partners {
		if x.State != Left {
			out = append(out, x)
		}
	}
	return out
}

// Overdue says that it runs past its last day.
func (p *Project) Overdue(today calendar.Date) bool { return p.State == Running && p.To.Before(today) }

// leads says that an organisation may change the project: the community, or the unit that leads it.
func (p *Project) leads(org id.ID) error {
	if org != p.CommunityID && org != p.LeadID || org == 0 {
		return errs.New(errs.Forbidden, i18n.ProjectNotLead)
	}
	return nil
}

func (p *Project) in(states ...State) error {
	if !slices.Contains(states, p.State) {
		return errs.New(errs.Conflict, i18n.ProjectCannot, p.State.Text())
	}
	return nil
}

// bound says that an organisation agreed to its part, so that another changes it by a change that waits.
func (p *Project) bound(org id.ID) bool {
	x, ok := p.Partner(org)
	return ok && x.State == Agreed && p.State != Draft
}

// settle lets a proposed project run when every partner has agreed. It says whether it runs from now on.
func (p *Project) settle(now time.Time) bool {
	if p.State != Proposed {
		return false
	}
	for _, x := range p.Partners {
		if x.State == Asked || x.State == Declined {
			return false
		}
	}
	p.State, p.BegunAt = Running, now
	return true
}

// Step is a step of a project.
type Step struct {
	ID         id.ID
	OrgID      id.ID
	Who        string
	Title      string
	DueOn      calendar.Date
	State      StepState
	DoneOn     calendar.Date
	Words      string
	SourceKind string
	SourceID   id.ID
	Version    int64
}

// Late says that it is open after its day.
func (s Step) Late(today calendar.Date) bool { return s.State == StepOpen && s.DueOn.Before(today) }

// NewStep is a step as it is entered.
type NewStep struct {
	OrgID id.ID
	Title string
	DueOn calendar.Date
}

func (n *NewStep) check(p *Project) *errs.Error {
	e := errs.Words(nil, "title", &n.Title, MaxTitle, true)
	switch {
	case n.DueOn.IsZero():
		e = e.With("due_on", i18n.ErrRequired)
	case n.DueOn.After(p.To):
		e = e.With("due_on", i18n.ProjectStepAfter, p.To.String())
	case n.DueOn.Before(p.From):
		e = e.With("due_on", i18n.ProjectStepBefore, p.From.String())
	}
	if !p.Takes(n.OrgID) {
		e = e.With("org", i18n.ProjectNotIn)
	}
	return e
}

// Done is how a step was done, in words.
type Done struct {
	On    calendar.Date // today if zero
	Words string
	Note  string // who of the unit said so, where the community enters it
}

func (d *Done) check(p *Project, today calendar.Date) *errs.Error {
	e := errs.Words(nil, "words", &d.Words, MaxWords, true)
	e = errs.Words(e, "note", &d.Note, MaxWords, false)
	if d.On.IsZero() {
		d.On = today
	}
	switch {
	case d.On.After(today):
		e = e.With("done_on", i18n.ProjectFuture)
	case d.On.Before(p.From):
		e = e.With("done_on", i18n.ProjectTooEarly, p.From.String())
	}
	return e
}

// Line is a line of the budget. Amounts are fen.
type Line struct {
	ID      id.ID
	OrgID   id.ID
	Who     string
	Source  Source
	Title   string
	Amount  int64
	Spent   int64
	Dropped bool
	Version int64
}

// Left is what may still be spent; below zero where more was.
func (l Line) Left() int64 { return l.Amount - l.Spent }

// NewLine is a line as it is entered.
type NewLine struct {
	OrgID  id.ID
	Source Source
	Title  string
	Amount int64
}

func money(e *errs.Error, field string, fen int64) *errs.Error {
	switch {
	case fen <= 0:
		return e.With(field, i18n.ProjectAmountLow)
	case fen > MaxFen:
		return e.With(field, i18n.ProjectAmountHigh)
	}
	return e
}

func (n *NewLine) check(p *Project) *errs.Error {
	e := errs.Words(nil, "title", &n.Title, MaxTitle, true)
	e = money(e, "amount", n.Amount)
	if n.Source.Text().IsZero() {
		e = e.With("source", i18n.ErrBadChoice)
	}
	if !p.Takes(n.OrgID) {
		e = e.With("org", i18n.ProjectNotIn)
	}
	return e
}

// Expense is an expense, or (ReversesID) the entry that takes one back.
type Expense struct {
	ID         id.ID
	LineID     id.ID
	Line       string
	OrgID      id.ID
	Who        string
	On         calendar.Date
	Amount     int64
	Payee      string // opened for who acts in the project
	Words      string
	Receipt    string
	Over       string
	ReversesID id.ID
	Reversed   bool
	By         string
	At         time.Time

	payee []byte
}

// NewExpense is an expense as it is entered.
type NewExpense struct {
	LineID  id.ID
	On      calendar.Date // today if zero
	Amount  int64
	Payee   string
	Words   string
	Receipt string
	Over    string // why more is spent than the line has
	Note    string // who of the unit said so, where the community enters it
}

func (n *NewExpense) check(p *Project, today calendar.Date) *errs.Error {
	e := money(nil, "amount", n.Amount)
	e = errs.Words(e, "payee", &n.Payee, MaxName, true)
	e = errs.Words(e, "words", &n.Words, MaxWords, true)
	e = errs.Words(e, "receipt", &n.Receipt, MaxReceipt, false)
	e = errs.Words(e, "over", &n.Over, MaxWords, false)
	e = errs.Words(e, "note", &n.Note, MaxWords, false)
	if n.On.IsZero() {
		n.On = today
	}
	switch {
	case n.On.After(today):
		e = e.With("on_date", i18n.ProjectFuture)
	case n.On.Before(p.From):
		e = e.With("on_date", i18n.ProjectTooEarly, p.From.String())
	}
	return e
}

// fits says whether a line bears an expense: beyond its amount a reason is needed.
func (l Line) fits(n NewExpense) error {
	if over := l.Spent + n.Amount - l.Amount; over > 0 && n.Over == "" {
		return errs.Field("over", i18n.ProjectOver, i18n.Yuan(l.Left()), i18n.Yuan(over))
	}
	return nil
}

// Sum is the money of a project, in fen.
type Sum struct{ Planned, Spent int64 }

// Left is what may still be spent.
func (s Sum) Left() int64 { return s.Planned - s.Spent }

// Change is a change of what a partner agreed to, which waits for its yes.
type Change struct {
	ID        id.ID
	OrgID     id.ID
	Who       string
	What      string // OfStep or OfLine
	SubjectID id.ID  // 0: a new one
	Before    string // the title of the step or line as it is
	Drops     bool
	Title     string
	DueOn     calendar.Date
	Source    Source
	Amount    int64
	State     Answer
	Reason    string
	AskedAt   time.Time
	Version   int64
}

// Person is somebody who does something in a project.
type Person struct {
	ID       id.ID
	OrgID    id.ID
	Org      string
	MemberID id.ID
	TeamID   id.ID
	Name     string
	Task     string

	name []byte
}

// NewPerson is somebody as they are entered: one of a member, a team and a name.
type NewPerson struct {
	OrgID    id.ID
	MemberID id.ID
	TeamID   id.ID
	Name     string
	Task     string
}

func (n *NewPerson) check(p *Project) *errs.Error {
	e := errs.Words(nil, "task", &n.Task, MaxTitle, true)
	e = errs.Words(e, "name", &n.Name, MaxName, false)
	given := 0
	for _, x := range []bool{n.MemberID != 0, n.TeamID != 0, n.Name != ""} {
		if x {
			given++
		}
	}
	if given != 1 {
		e = e.With("name", i18n.ProjectOneOf)
	}
	if !p.Takes(n.OrgID) {
		e = e.With("org", i18n.ProjectNotIn)
	}
	return e
}

// Need is a need of a project, as it stands.
type Need struct {
	ID      id.ID
	No      string
	Title   string
	State   string
	Outcome string
	Stars   int64
	Wanted  int64
	Taken   int64
	DueOn   calendar.Date
}

// Resource is what a pledge for a need of the project uses.
type Resource struct {
	ID     id.ID
	Title  string
	Giver  string // the organisation; "" is somebody
	Amount int64
	Unit   string
	Need   string
	NeedID id.ID
	State  string // of the pledge
}

// Activity is an activity that belongs to a project.
type Activity struct {
	ID       id.ID
	Title    string
	State    string
	StartsAt time.Time
	People   int64
	Minutes  int64
}

// Candidate is a record by which a step may be done.
type Candidate struct {
	Kind   string
	ID     id.ID
	Title  string
	On     calendar.Date
	People int64
	Of     bool // belongs to the project
}

// moved is a day of a copy: as far from its first day as it was from that of the project that is copied.
func moved(day, from, now calendar.Date) calendar.Date { return now.AddDays(from.DaysUntil(day)) }
