package casework

import (
	"time"

	"linli/internal/authz"
	"linli/internal/i18n"
	"linli/internal/id"
)

// The permissions of this package.
const (
	PermSee          authz.Permission = "casework.see"
	PermEnter        authz.Permission = "casework.enter"
	PermDispatch     authz.Permission = "casework.dispatch"
	PermWork         authz.Permission = "casework.work"
	PermApprove      authz.Permission = "casework.approve"
	PermSupervise    authz.Permission = "casework.supervise"
	PermReveal       authz.Permission = "casework.reveal"
	PermConfidential authz.Permission = "casework.confidential"
	PermKinds        authz.Permission = "casework.kinds"
	PermRoute        authz.Permission = "casework.route"
	PermConnect      authz.Permission = "casework.connect"
)

// State is where a case stands.
type State string

// The states.
const (
	Received   State = "received"
	Accepted   State = "accepted"
	Dispatched State = "dispatched"
	Working    State = "working"
	Done       State = "done"
	Closed     State = "closed"
	Merged     State = "merged"
)

// States lists the states in their order.
func States() []State {
	return []State{Received, Accepted, Dispatched, Working, Done, Closed, Merged}
}

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Received: i18n.CaseReceived, Accepted: i18n.CaseAccepted, Dispatched: i18n.CaseDispatched, Working: i18n.CaseWorking, Done: i18n.CaseDone,
		Closed: i18n.CaseClosed, Merged: i18n.CaseMerged}[s]
}

// Open says that the work is not over.
func (s State) Open() bool {
	return s == Received || s == Accepted || s == Dispatched || s == Working
}

// Channel is how a case came in.
type Channel string

// The channels.
const (
	ByWeb   Channel = "web"
	ByKiosk Channel = "kiosk" // by themselves, at a terminal of a hall
	ByHall  Channel = "hall"
	ByPhone Channel = "phone"
	ByPaper Channel = "paper"
	ByVisit Channel = "visit"
	ByGrid  Channel = "patrol"
	ByTalk  Channel = "talk"  // said where residents meet to talk
	ByOther Channel = "other" // another system of the city
)

// Channels lists the channels by which staff enter cases on behalf.
func Channels() []Channel {
	return []Channel{ByHall, ByPhone, ByGrid, ByVisit, ByTalk, ByPaper, ByOther}
}

// Text names the channel.
func (c Channel) Text() i18n.Text {
	return map[Channel]i18n.Text{ByWeb: i18n.CaseByWeb, ByKiosk: i18n.CaseByKiosk, ByHall: i18n.CaseByHall, ByPhone: i18n.CaseByPhone, ByPaper: i18n.CaseByPaper, ByVisit: i18n.CaseByVisit,
		ByGrid: i18n.CaseByGrid, ByTalk: i18n.CaseByTalk, ByOther: i18n.CaseByOther}[c]
}

// Outcome is how a case ended, said honestly.
type Outcome string

// The outcomes.
const (
	Fulfilled Outcome = "done"
	Half      Outcome = "half"
	Outside   Outcome = "outside" // outside our power
	PassedOn  Outcome = "passed"  // passed on to a named body
	Refused   Outcome = "refused" // not accepted, or refused with the reason
)

// Outcomes lists the outcomes of finished work.
func Outcomes() []Outcome { return []Outcome{Fulfilled, Half, Outside, PassedOn, Refused} }

// Text names the outcome.
func (o Outcome) Text() i18n.Text {
	return map[Outcome]i18n.Text{Fulfilled: i18n.CaseFulfilled, Half: i18n.CaseHalf, Outside: i18n.CaseOutside, PassedOn: i18n.CasePassedOn, Refused: i18n.CaseRefused}[o]
}

// needsAddress says that the resident must be told where to go next.
func (o Outcome) needsAddress() bool { return o == PassedOn || o == Outside || o == Refused }

// Counted says whether the outcome is part of an organisation's satisfaction.
func (o Outcome) Counted() bool { return o == Fulfilled || o == Half }

// Reason is why a case is not accepted (CASE-3).
type Reason string

// The reasons.
const (
	Emergency Reason = "emergency" // 110, 119, 120
	Procedure Reason = "procedure" // in court, arbitration, discipline, review or petition procedure
	Secret    Reason = "secret"
	Privacy   Reason = "privacy" // of others
	Elsewhere Reason = "elsewhere"
)

// Reasons lists the reasons.
func Reasons() []Reason { return []Reason{Elsewhere, Emergency, Procedure, Secret, Privacy} }

// Text says the reason.
func (r Reason) Text() i18n.Text {
	return map[Reason]i18n.Text{Emergency: i18n.CaseNotEmergency, Procedure: i18n.CaseNotProcedure, Secret: i18n.CaseNotSecret, Privacy: i18n.CaseNotPrivacy,
		Elsewhere: i18n.CaseNotElsewhere}[r]
}

// Solved is what the one who reported says of the result.
type Solved string

// What they can say.
const (
	Yes    Solved = "yes"
	Partly Solved = "partly"
	No     Solved = "no"
)

// Solveds lists what they can say.
func Solveds() []Solved { return []Solved{Yes, Partly, No} }

// Text says it.
func (s Solved) Text() i18n.Text {
	return map[Solved]i18n.Text{Yes: i18n.CaseSolvedYes, Partly: i18n.CaseSolvedPartly, No: i18n.CaseSolvedNo}[s]
}

// How a rating was got.
const (
	BySelf   = "self"  // with the code
	ByCall   = "call"  // on a follow-up call
	ByCheck  = "check" // somebody looked at the place
	NoAnswer = "none"
)

// Bounds of what is written.
const (
	MaxBody  = 2000
	MaxWords = 1000
	MaxPlace = 100
	MaxTitle = 60
)

// Case is a case as its page shows it. Body and Result are opened; who reported it is not part of it.
type Case struct {
	ID           id.ID
	No           string // for people; it opens nothing
	KindCode     string
	Kind         i18n.Text
	ItemID       id.ID
	Item         i18n.Text
	ItemEdition  int64
	CommunityID  id.ID
	Community    string
	GridID       id.ID
	BuildingID   id.ID
	Building     string
	Place        string
	X, Y         int64 // micro-degrees, 0 where unknown
	Title        string
	Body         string
	Answers      map[string]string
	Channel      Channel
	EnteredBy    id.ID
	HasReporter  bool
	HasPhone     bool
	PersonID     id.ID
	AboutID      id.ID
	About        string
	Urgent       bool
	Confidential bool // not open to everybody where it happened
	Visibility   Visibility
	State        State
	OrgID        id.ID
	Org          string
	DispatchedBy id.ID
	HandlerID    id.ID
	Handler      string
	HappenedAt   time.Time // as whoever reports it says; zero where they say nothing
	ReceivedAt   time.Time
	AcceptedAt   time.Time
	DispatchedAt time.Time
	StartedAt    time.Time
	DoneAt       time.Time
	ClosedAt     time.Time
	Timing
	Outcome      Outcome
	Result       string
	Address      string // where to turn next
	Confirmed    string // BySelf, ByCall, ByCheck, NoAnswer
	Solved       Solved
	Rating       int64 // 1 to 5, 0 for none
	RatedAt      time.Time
	SupervisedAt time.Time
	EscalatedAt  time.Time
	Reopened     int64
	MergedID     id.ID
	MergedNo     string
	TopicID      id.ID
	UpdatedAt    time.Time
	Version      int64
	Late         bool  // a limit was missed; it stays
	Review       int64 // how often the result of a petition was reviewed above
	ByTechnician bool  // its kind is done by technicians who are sent
	tenant       int64
	extensionBy  id.ID
	respondAt    time.Time
}

// closed says that nobody but the organisation that has it sees the case.
func (c Case) closed() bool { return c.Confidential && c.Visibility != ToHandling }

// Overdue says whether the work is open after its limit.
func (c Case) Overdue(now time.Time) bool {
	return c.State.Open() && !c.DueAt.IsZero() && now.After(c.DueAt)
}

// Entry is a step of a case.
type Entry struct {
	ID     id.ID
	Act    Act
	State  State
	From   string // organisations
	To     string
	Words  string
	Public bool
	source id.ID
	By     string // who did it; "" is whoever reported the case
	At     time.Time
}

// Act is what a step was.
type Act string

// The acts.
const (
	ActReport    Act = "report"
	ActAccept    Act = "accept"
	ActRefuse    Act = "refuse"
	ActDispatch  Act = "dispatch"
	ActTake      Act = "take"
	ActReturn    Act = "return"
	ActRecall    Act = "recall" // by whom it was given out, since nobody signed for it in time
	ActUp        Act = "up"
	ActJoin      Act = "join"
	ActJoined    Act = "joined" // a joint organisation's part is done
	ActNote      Act = "note"
	ActSuspend   Act = "suspend"
	ActResume    Act = "resume"
	ActAsk       Act = "ask" // for more time
	ActGrant     Act = "grant"
	ActDeny      Act = "deny"
	ActSupervise Act = "supervise"
	ActEscalate  Act = "escalate"
	ActFinish    Act = "finish"
	ActRate      Act = "rate"
	ActRateLate  Act = "rate_late" // after it was closed without an answer
	ActCall      Act = "call"
	ActCheck     Act = "check" // looked at the place
	ActReopen    Act = "reopen"
	ActClose     Act = "close"
	ActMerge     Act = "merge"
	ActPart      Act = "part" // a merger is undone
	ActUnjoin    Act = "unjoin"
	ActTopic     Act = "topic"
	ActAdd       Act = "add"    // the reporter adds something
	ActFiles     Act = "files"  // staff add photographs or papers
	ActUnfile    Act = "unfile" // a file that was added by mistake was removed

	// What technicians do at a case (JobTx).
	ActOffer   Act = "offer"    // somebody was asked
	ActDecline Act = "decline"  // and said no
	ActJob     Act = "job"      // took it
	ActArrive  Act = "arrive"   // is there
	ActBack    Act = "back"     // gave it back, or it was taken back
	ActSignOff Act = "sign_off" // the resident's code confirmed that it was done
	ActCharge  Act = "charge"   // what was charged was corrected
	ActNumber  Act = "number"   // looked up whom to call

	ActRoute   Act = "route"    // it stays where it is although its category names another office
	ActStep    Act = "step"     // a step of its kind is done
	ActUnstep  Act = "unstep"   // is not done after all, or left out
	ActPutBack Act = "put_back" // whoever handles it alone lets somebody else
	ActReview  Act = "review"   // of a petition, by the office above
	ActMediate Act = "mediate"  // a mediation is made from it
	ActNeed    Act = "need"     // became a need of the three lists (TurnTx)
)

// Text names the act.
func (a Act) Text() i18n.Text {
	return map[Act]i18n.Text{ActReport: i18n.CaseActReport, ActAccept: i18n.CaseActAccept, ActRefuse: i18n.CaseActRefuse, ActDispatch: i18n.CaseActDispatch, ActTake: i18n.CaseActTake,
		ActReturn: i18n.CaseActReturn, ActRecall: i18n.CaseActRecall, ActUp: i18n.CaseActUp, ActJoin: i18n.CaseActJoin, ActJoined: i18n.CaseActJoined, ActNote: i18n.CaseActNote,
		ActSuspend: i18n.CaseActSuspend, ActResume: i18n.CaseActResume, ActAsk: i18n.CaseActAsk, ActGrant: i18n.CaseActGrant, ActDeny: i18n.CaseActDeny,
		ActSupervise: i18n.CaseActSupervise, ActEscalate: i18n.CaseActEscalate, ActFinish: i18n.CaseActFinish, ActRate: i18n.CaseActRate, ActCall: i18n.CaseActCall, ActCheck: i18n.CaseActCheck,
		ActReopen: i18n.CaseActReopen, ActClose: i18n.CaseActClose, ActMerge: i18n.CaseActMerge, ActPart: i18n.CaseActPart, ActTopic: i18n.CaseActTopic, ActUnjoin: i18n.CaseActUnjoin, ActRateLate: i18n.CaseActRate, ActAdd: i18n.CaseActAdd, ActFiles: i18n.CaseActFiles, ActUnfile: i18n.CaseActUnfile,
		ActOffer: i18n.CaseActOffer, ActDecline: i18n.CaseActDecline, ActJob: i18n.CaseActJob, ActArrive: i18n.CaseActArrive, ActBack: i18n.CaseActBack, ActSignOff: i18n.CaseActSignOff,
		ActCharge: i18n.CaseActCharge, ActNumber: i18n.CaseActNumber, ActMediate: i18n.CaseActMediate, ActNeed: i18n.CaseActNeed,
		ActRoute: i18n.CaseActRoute, ActStep: i18n.CaseActStep, ActUnstep: i18n.CaseActUnstep, ActPutBack: i18n.CaseActPutBack, ActReview: i18n.CaseActReview}[a]
}

// from says in which states an act is possible.
var from = map[Act][]State{
	ActAccept:   {Received},
	ActRefuse:   {Received, Accepted},
	ActDispatch: {Received, Accepted, Working},
	ActTake:     {Received, Accepted, Dispatched, Working},
	ActReturn:   {Dispatched, Working},
	ActRecall:   {Dispatched},
	ActUp:       {Received, Accepted, Working},
	ActJoin:     {Accepted, Working},
	ActJoined:   {Accepted, Dispatched, Working},
	ActUnjoin:   {Accepted, Dispatched, Working},
	ActOffer:    {Received, Accepted, Working},
	ActDecline:  {Received, Accepted, Dispatched, Working},
	ActJob:      {Received, Accepted, Working},
	ActArrive:   {Working},
	ActBack:     {Received, Accepted, Working},
	ActNumber:   {Working},
	ActMediate:  {Received, Accepted, Working},
	ActNeed:     {Received, Accepted, Dispatched, Working},
	ActSignOff:  {Working, Done, Closed},
	ActCharge:   {Accepted, Working, Done, Closed},
	ActStep:     {Accepted, Dispatched, Working},
	ActUnstep:   {Accepted, Dispatched, Working},
	ActPutBack:  {Working},
	ActReview:   {Done, Closed},
	ActNote:     {Received, Accepted, Dispatched, Working, Done},
	ActFiles:    {Received, Accepted, Dispatched, Working, Done},
	ActSuspend:  {Accepted, Working},
	ActResume:   {Accepted, Working},
	ActAsk:      {Accepted, Dispatched, Working},
	ActGrant:    {Accepted, Dispatched, Working},
	ActDeny:     {Accepted, Dispatched, Working},
	ActFinish:   {Working},
	ActCall:     {Done},
	ActCheck:    {Done},
	ActRate:     {Done},
	ActRateLate: {Closed},
	ActClose:    {Done},
	ActReopen:   {Done, Closed},
	ActMerge:    {Received, Accepted, Dispatched, Working},
	ActPart:     {Merged},
	ActTopic:    {Received, Accepted, Dispatched, Working, Done, Closed},
	ActAdd:      {Received, Accepted, Dispatched, Working, Done},

	ActSupervise: {Received, Accepted, Dispatched, Working},
}

// Can says whether an act is possible where the case stands; who may do it is another question.
func (c Case) Can(a Act) bool {
	for _, s := range from[a] {
		if s == c.State {
			switch a {
			case ActSuspend:
				return c.SuspendedAt.IsZero() && !c.Petition
			case ActResume:
				return !c.SuspendedAt.IsZero()
			case ActFinish, ActReturn, ActUp, ActJob, ActArrive, ActMediate, ActNeed:
				return c.SuspendedAt.IsZero()
			case ActDispatch:
				return c.SuspendedAt.IsZero() && !c.closed()
			case ActPutBack:
				return c.SuspendedAt.IsZero() && c.Visibility == ToNamed
			case ActReopen:
				return !c.Petition
			case ActReview:
				return c.Petition && c.Review < petitionRounds && c.MergedID == 0
			case ActMerge: // whoever reported one would read what was said to another
				return c.SuspendedAt.IsZero() && !c.Confidential
			case ActAsk:
				return c.Extension == "" && !c.DueAt.IsZero() && c.Review == 0 && !(c.Petition && c.AcceptedAt.IsZero())
			case ActRateLate:
				return c.Confirmed == NoAnswer
			case ActGrant, ActDeny:
				return c.Extension == Asked
			case ActTopic:
				return c.TopicID == 0 && c.AboutID == 0 && !c.Confidential
			case ActJoin:
				return !c.closed()
			}
			return true
		}
	}
	return false
}
