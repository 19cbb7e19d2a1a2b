package transfer

import (
	"strings"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
	"linli/internal/tabular"
)

// Permissions on transfers.
const (
	PermSee    authz.Permission = "transfer.see"
	PermStart  authz.Permission = "transfer.start"
	PermDecide authz.Permission = "transfer.decide"
	PermAskOwn authz.Permission = "transfer.ask.own"
)

// Days is for how many days a letter is valid at most (MOB-7).
var Days = policy.Value{Name: "transfer.letter_days", Title: i18n.TransferPolicyDays, Unit: i18n.MemberPolicyDays, Default: 90, Min: 7, Max: 180, Source: "MOB-7"}

// Policies are the settings of this package.
func Policies() []policy.Value { return []policy.Value{Days} }

// Direction is where a transfer leads.
type Direction string

// The directions.
const (
	Inside Direction = "inside" // from branch to branch of the district
	Out    Direction = "out"    // out of the district
	In     Direction = "in"     // into the district
)

// Directions lists the directions.
func Directions() []Direction { return []Direction{Inside, Out, In} }

// Text names the direction.
func (d Direction) Text() i18n.Text {
	return map[Direction]i18n.Text{Inside: i18n.TransferInside, Out: i18n.TransferOut, In: i18n.TransferIn}[d]
}

// State is how far a transfer is (MOB-8).
type State string

// The states. Expired is never stored.
const (
	Requested   State = "requested"
	ApprovedOut State = "approved_out"
	InTransit   State = "in_transit"
	Received    State = "received"
	Returned    State = "returned"
	Expired     State = "expired"
	Refused     State = "refused"
	Withdrawn   State = "withdrawn"
)

// States lists the states in their order.
func States() []State {
	return []State{Requested, ApprovedOut, InTransit, Expired, Received, Returned, Refused, Withdrawn}
}

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Requested: i18n.TransferRequested, ApprovedOut: i18n.TransferApprovedOut, InTransit: i18n.TransferInTransit,
		Received: i18n.TransferReceived, Returned: i18n.TransferReturned, Expired: i18n.TransferExpired, Refused: i18n.TransferRefused,
		Withdrawn: i18n.TransferWithdrawn}[s]
}

// Open says whether a transfer in this state still goes on.
func (s State) Open() bool {
	return s == Requested || s == ApprovedOut || s == InTransit || s == Expired
}

// Cause is why a member moves.
type Cause string

// The causes.
const (
	Job       Cause = "job"
	Moved     Cause = "moved"
	Retired   Cause = "retired"
	Graduated Cause = "graduated"
	Study     Cause = "study"
	Settled   Cause = "settled" // a floating member who has settled (MOB-2)
	Regrouped Cause = "regrouped"
	Other     Cause = "other"
)

// Causes lists the causes.
func Causes() []Cause {
	return []Cause{Job, Moved, Retired, Graduated, Study, Settled, Regrouped, Other}
}

// Text names the cause.
func (c Cause) Text() i18n.Text {
	return map[Cause]i18n.Text{Job: i18n.TransferJob, Moved: i18n.TransferMoved, Retired: i18n.TransferRetired, Graduated: i18n.TransferGraduated,
		Study: i18n.TransferStudy, Settled: i18n.TransferSettled, Regrouped: i18n.TransferRegrouped, Other: i18n.TransferOther}[c]
}

// Asker is who began a transfer.
type Asker string

// The askers.
const (
	ByMember Asker = "member"
	ByBranch Asker = "branch"
	ByLetter Asker = "letter" // a letter from outside
)

// Text names the asker.
func (a Asker) Text() i18n.Text {
	return map[Asker]i18n.Text{ByMember: i18n.TransferByMember, ByBranch: i18n.TransferByBranch, ByLetter: i18n.TransferByLetter}[a]
}

// Act is one of the things that happen to a transfer.
type Act string

// The acts.
const (
	ActAsk      Act = "ask"
	ActNote     Act = "note" // a letter from outside is entered
	ActApprove  Act = "approve"
	ActRefuse   Act = "refuse"
	ActWithdraw Act = "withdraw"
	ActIssue    Act = "issue"
	ActReceive  Act = "receive"
	ActReturn   Act = "return"
	ActFollow   Act = "follow" // a branch was merged
)

// Text names the act as done.
func (a Act) Text() i18n.Text {
	return map[Act]i18n.Text{ActAsk: i18n.TransferDidAsk, ActNote: i18n.TransferDidNote, ActApprove: i18n.TransferDidApprove, ActRefuse: i18n.TransferDidRefuse,
		ActWithdraw: i18n.TransferDidWithdraw, ActIssue: i18n.TransferDidIssue, ActReceive: i18n.TransferDidReceive, ActReturn: i18n.TransferDidReturn,
		ActFollow: i18n.TransferDidFollow}[a]
}

// Transfer is one transfer.
type Transfer struct {
	ID        id.ID
	Direction Direction
	Stored    State // never Expired; see At
	PersonID  id.ID
	MemberID  id.ID // 0 until somebody from outside is received
	FromID    id.ID // 0 from outside
	ToID      id.ID // 0 to outside
	Outside   string
	Address   string
	Cause     Cause
	Note      string
	AskedBy   Asker
	AskedOn   calendar.Date
	Standing  string        // of somebody from outside, as the letter says
	JoinedOn  calendar.Date // likewise
	FullOn    calendar.Date // likewise
	LetterNo  string
	IssuedOn  calendar.Date
	ValidTo   calendar.Date // the last day
	ClosedOn  calendar.Date
	Reason    string // of the end
	ReceiptNo string
	SettledAt int64 // microseconds; 0 while what came back waits for the sender
	Version   int64
}

// At is the state on a day: a letter past its last day is expired.
func (t Transfer) At(today calendar.Date) State {
	if t.Stored == InTransit && t.ValidTo.Before(today) {
		return Expired
	}
	return t.Stored
}

// Sender is the organisation that answers for the sending side: of a letter from outside the one that received it.
func (t Transfer) Sender() id.ID {
	if t.Direction == In {
		return t.ToID
	}
	return t.FromID
}

// Receiver is the organisation that enters the receipt: of a transfer out of the district the sending branch, when the stub comes back.
func (t Transfer) Receiver() id.ID {
	if t.Direction == Out {
		return t.FromID
	}
	return t.ToID
}

// The longest texts, in characters.
const (
	maxOutside = 80
	maxAddress = 120
	maxNote    = 200
	maxReason  = 200
	maxNumber  = 60
)

// MaxMany is how many transfers are started or received at once.
const MaxMany = 100

// Branch says whether an organisation of a kind has members of its own: a branch, or the Party organisation of a community (one community, one branch).
func Branch(kind string) bool { return kind == "party_branch" || kind == "community_party" }

// Route is where a transfer leads and why.
type Route struct {
	Direction Direction // Inside or Out
	ToID      id.ID     // Inside
	Outside   string    // Out: the receiving organisation
	Address   string    // Out
	Cause     Cause
	Note      string
}

func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// limit notes a text that is too long or a formula.
func limit(e *errs.Error, field, s string, most int) *errs.Error {
	if n := utf8.RuneCountInString(s); n > most {
		return e.With(field, i18n.ErrTooLong, most, n)
	}
	if message, advice, wrong := tabular.CheckText(s); wrong {
		return e.With(field, i18n.CodeProblem, message, advice)
	}
	return e
}

// need is limit for a text that must be there.
func need(e *errs.Error, field, s string, most int) *errs.Error {
	if s == "" {
		return e.With(field, i18n.ErrRequired)
	}
	return limit(e, field, s, most)
}

// check makes the usual slips good and says what is wrong with a route by itself.
func (r *Route) check() error {
	var e *errs.Error
	r.Outside, r.Address, r.Note = clean(r.Outside), clean(r.Address), clean(r.Note)
	switch r.Direction {
	case Inside:
		r.Outside, r.Address = "", ""
		if r.ToID == 0 {
			e = e.With("to_id", i18n.ErrRequired)
		}
	case Out:
		r.ToID = 0
		e = need(e, "outside", r.Outside, maxOutside)
		e = limit(e, "address", r.Address, maxAddress)
	default:
		e = e.With("direction", i18n.ErrBadChoice)
	}
	if r.Cause.Text().IsZero() {
		e = e.With("cause", i18n.ErrBadChoice)
	}
	return limit(e, "note", r.Note, maxNote).OrNil()
}

// branch is what is known here of an organisation.
type branch struct {
	ID          id.ID
	Kind        string
	Label, Name string
	DissolvedOn calendar.Date
}

// takes says why an organisation cannot take members in.
func (b branch) takes() error {
	switch {
	case b.ID == 0:
		return errs.Field("to_id", i18n.ErrBadChoice)
	case !b.DissolvedOn.IsZero():
		return errs.Field("to_id", i18n.TransferToGone, b.Label, b.DissolvedOn.String())
	case !Branch(b.Kind):
		return errs.Field("to_id", i18n.TransferToNoBranch, b.Label)
	}
	return nil
}

// validity checks the last day of a letter that is issued on a day.
func validity(field string, issued, validTo, today calendar.Date, days int64) error {
	switch {
	case validTo.IsZero():
		return errs.Field(field, i18n.ErrRequired)
	case validTo.Before(today):
		return errs.Field(field, i18n.TransferValidPast)
	case int64(issued.DaysUntil(validTo)) > days:
		return errs.Field(field, i18n.TransferValidLong, days, issued.AddDays(int(days)).String())
	}
	return nil
}
