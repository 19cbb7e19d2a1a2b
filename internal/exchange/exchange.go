package exchange

import (
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/policy"
)

// The permissions of this package.
const (
	PermSee       authz.Permission = "exchange.see"
	PermEnter     authz.Permission = "exchange.enter"
	PermKeep      authz.Permission = "exchange.keep"
	PermReveal    authz.Permission = "exchange.reveal"
	PermResources authz.Permission = "exchange.resources"
	PermOffer     authz.Permission = "exchange.offer"
	PermOwn       authz.Permission = "exchange.help.own"
)

// UnmatchedDays is after how many days a need that nobody takes waits to go before the joint conference.
var UnmatchedDays = policy.Value{Name: "exchange.unmatched_days", Title: i18n.ExchangePolicyUnmatched, Unit: i18n.CasePolicyDays, Default: 14, Min: 1, Max: 180}

// Policies are the values that a district may set.
func Policies() []policy.Value { return []policy.Value{UnmatchedDays, WeeklyUses, WeeklyAsks} }

// Kind is what a need is about, and what a resource is.
type Kind string

// The kinds.
const (
	Goods  Kind = "goods"
	Place  Kind = "place"
	People Kind = "people" // somebody who does something
	Money  Kind = "money"
	Trade  Kind = "service" // somebody who knows a trade or a profession
)

// Kinds lists the kinds, those that are asked for most first.
func Kinds() []Kind { return []Kind{People, Goods, Trade, Place, Money} }

// Text names the kind.
func (k Kind) Text() i18n.Text {
	return map[Kind]i18n.Text{Goods: i18n.ExchangeGoods, Place: i18n.ExchangePlace, People: i18n.ExchangePeople, Money: i18n.ExchangeMoney, Trade: i18n.ExchangeService}[k]
}

// State is where a need stands.
type State string

// The states of a need.
const (
	Asked     State = "asked"
	Open      State = "open"
	Taken     State = "taken"
	Delivered State = "delivered"
	Done      State = "done"
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
)

// States lists the states in their order.
func States() []State { return []State{Asked, Open, Taken, Delivered, Done, Refused, Withdrawn} }

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Asked: i18n.ExchangeAsked, Open: i18n.ExchangeOpen, Taken: i18n.ExchangeTaken, Delivered: i18n.ExchangeDelivered, Done: i18n.ExchangeDone,
		Refused: i18n.ExchangeRefused, Withdrawn: i18n.ExchangeWithdrawn}[s]
}

// Going says that the need is approved and not over.
func (s State) Going() bool { return s == Open || s == Taken || s == Delivered }

// Over says that nothing follows.
func (s State) Over() bool { return s == Done || s == Refused || s == Withdrawn }

// Outcome is how a need ended, said honestly.
type Outcome string

// The outcomes.
const (
	Met     Outcome = "met"
	Partly  Outcome = "partly"
	Nobody  Outcome = "nobody"  // nobody could
	Settled Outcome = "settled" // otherwise, without anybody's help from here
)

// Outcomes lists the outcomes.
func Outcomes() []Outcome { return []Outcome{Met, Partly, Nobody, Settled} }

// Text names the outcome.
func (o Outcome) Text() i18n.Text {
	return map[Outcome]i18n.Text{Met: i18n.ExchangeMet, Partly: i18n.ExchangePartly, Nobody: i18n.ExchangeNobody, Settled: i18n.ExchangeSettled}[o]
}

// Channel is how a need came in.
type Channel string

// The channels.
const (
	ByWeb  Channel = "web"
	ByDesk Channel = "desk" // somebody came, called or wrote
	ByOrg  Channel = "org"  // the community's own
	ByCase Channel = "case"
	ByBank Channel = "bank" // hours of help that somebody redeemed at the love bank
	ByPair Channel = "pair" // found lacking on a visit of pairing help
)

// Text names the channel.
func (c Channel) Text() i18n.Text {
	return map[Channel]i18n.Text{ByWeb: i18n.ExchangeByWeb, ByDesk: i18n.ExchangeByDesk, ByOrg: i18n.ExchangeByOrg, ByCase: i18n.ExchangeByCase, ByBank: i18n.ExchangeByBank, ByPair: i18n.ExchangeByPair}[c]
}

// PledgeState is where a pledge stands.
type PledgeState string

// The states of a pledge.
const (
	Pledged   PledgeState = "pledged"
	Agreed    PledgeState = "agreed"
	Brought   PledgeState = "delivered"
	Confirmed PledgeState = "confirmed"
	Declined  PledgeState = "declined"
	TakenBack PledgeState = "withdrawn"
)

// Text names the state.
func (s PledgeState) Text() i18n.Text {
	return map[PledgeState]i18n.Text{Pledged: i18n.PledgePledged, Agreed: i18n.PledgeAgreed, Brought: i18n.PledgeBrought, Confirmed: i18n.PledgeConfirmed, Declined: i18n.PledgeDeclined,
		TakenBack: i18n.PledgeTakenBack}[s]
}

// Stands says that the pledge takes one of the places that are wanted.
func (s PledgeState) Stands() bool {
	return s == Pledged || s == Agreed || s == Brought || s == Confirmed
}

// Shares says that both sides may see each other's contact.
func (s PledgeState) Shares() bool { return s == Agreed || s == Brought || s == Confirmed }

// Answer is what the one who asked says of what was delivered.
type Answer string

// What they can say.
const (
	Yes  Answer = "yes"
	Half Answer = "partly"
	No   Answer = "no"
)

// Answers lists what they can say.
func Answers() []Answer { return []Answer{Yes, Half, No} }

// Text says it.
func (a Answer) Text() i18n.Text {
	return map[Answer]i18n.Text{Yes: i18n.ExchangeYes, Half: i18n.ExchangeHalf, No: i18n.ExchangeNo}[a]
}

// Bounds of what is written.
const (
	MaxTitle   = 40
	MaxBody    = 500
	MaxWords   = 300
	MaxPlace   = 60
	MaxSkill   = 20
	MaxWanted  = 100
	MaxMinutes = 12 * 60 // of one person's help with one need
	MaxDays    = 180     // from today to the last day
	MaxPieces  = 1000    // of goods that one person gave with one delivery
	MaxPledges = 3       // of one member to meet one need, with those that ended
	usualDays  = 30
	// lateDays is how long after its last day a need that somebody took can still be delivered.
	lateDays = 60
)

// Need is a need as staff see it. Who asked is not part of it.
type Need struct {
	ID          id.ID
	No          string
	Kind        Kind
	Small       bool
	Title       string // public; "" until the community approves it, and after it was refused or withdrawn
	Words       string // public
	Body        string // as it was said, with numbers masked
	Skill       string
	CommunityID id.ID
	Community   string
	Place       string
	Wanted      int64
	Taken       int64
	Minutes     int64 // about how long it takes one of them
	DueOn       calendar.Date
	Channel     Channel
	Flagged     bool // a number stood in what was said, and was masked
	HasHolder   bool
	HasPhone    bool
	Share       bool // whoever asked agreed that those who help see who they are
	PersonID    id.ID
	CaseID      id.ID
	CaseNo      string
	OrderID     id.ID // of the love bank, from which it was made
	OrderNo     string
	TopicID     id.ID
	State       State
	Outcome     Outcome
	Answer      string // what was answered to who asked: the reason, the result
	Stars       int64
	ReceivedAt  time.Time
	OpenedAt    time.Time
	EndedAt     time.Time
	Version     int64
	residentID  id.ID
	enteredBy   id.ID
	tenant      int64
}

// Proposed is the title with which the form of the approval begins: the first line of what was said, with numbers masked.
func (n Need) Proposed() string {
	title, _ := firstLine(n.Body)
	return title
}

// unsay takes away what was public, or was to be: a need that was refused or withdrawn shows no words.
func (n *Need) unsay() { n.Title, n.Words, n.Skill = "", "", "" }

// of says that the actor is who asked.
func (n Need) of(actor authz.Actor) bool { return actor.PersonID != 0 && actor.PersonID == n.PersonID }

// Left is how many more are wanted.
func (n Need) Left() int64 { return n.Wanted - n.Taken }

// Pledge is a pledge to meet a need.
type Pledge struct {
	ID          id.ID
	Need        id.ID
	MemberID    id.ID
	PersonID    id.ID
	OrgID       id.ID
	Team        string
	TeamID      id.ID  // team of volunteers whose leader PersonID is
	Name        string // of the member, the organisation or the team
	VolunteerID id.ID  // file of voluntary service through which they help
	Asked       bool   // the community asked them, they did not offer it
	ResourceID  id.ID
	Resource    string
	BookingID   id.ID // of the owner's shared place, which they help with
	Amount      int64
	HasContact  bool
	Said        string
	Shared      bool    // whoever asked agreed that this helper sees who they are
	Named       bool    // whoever gives a resource of their own agreed that who asked reads their name
	Outcome     Outcome // as which it was confirmed: Met or Partly
	Stars       int64   // with which it was
	State       PledgeState
	AccountID   id.ID
	PledgedAt   time.Time
	AgreedAt    time.Time
	DeliveredAt time.Time
	EndedAt     time.Time
	Version     int64
	Help        []Help
	Files       Files
}

// ForGiver says that the pledge waits for the organisation whose resource the community chose.
func (p Pledge) ForGiver() bool { return p.State == Pledged && p.ResourceID != 0 && p.OrgID != 0 }

// Private says that it is a resource of somebody who is no organisation: then Name is "" until they agreed to be named.
func (p Pledge) Private() bool {
	return p.ResourceID != 0 && p.OrgID == 0 && p.TeamID == 0 && p.PersonID == 0
}

// called is how a pledge is called in what is refused: who made it, or what they give where they are not named.
func (p Pledge) called() string {
	if p.Name == "" {
		return p.Resource
	}
	return p.Name
}

// ForVolunteer says that the pledge waits for the answer of the volunteer whom the community asked.
func (p Pledge) ForVolunteer() bool { return p.State == Pledged && p.Asked }

// Gives says whether the pledge is one of goods that a person gives of their own: not an organisation or a team, and not out of a resource.
func (p Pledge) Gives(k Kind) bool {
	return k == Goods && p.PersonID != 0 && p.OrgID == 0 && p.TeamID == 0 && p.ResourceID == 0
}

// Told says whether who helps with a pledge may see who asked: the community agreed to the pledge, and whoever asked to being shown, to all beforehand or to this helper. The owner of a place that was booked
// did not pledge, and is told where whoever asked agreed to that helper.
func (n Need) Told(p Pledge) bool {
	return n.State.Going() && p.State.Shares() && (n.Share && p.BookingID == 0 || p.Shared)
}

// Minutes is how much help there was in all.
func (p Pledge) Minutes() (n int64) {
	for _, h := range p.Help {
		n += h.Minutes
	}
	return n
}

// Help is what one member gave with a pledge.
type Help struct {
	ID          id.ID
	Need        id.ID
	Pledge      id.ID
	MemberID    id.ID
	PersonID    id.ID
	CommunityID id.ID
	UnitID      id.ID
	Name        string
	OnDate      calendar.Date
	Minutes     int64
	Pieces      int64 // of goods that they gave
	Proof       ledger.Proof
	Counted     bool
}

// posting is what a confirmed help is worth in the ledger.
func (h Help) posting(reason string) ledger.Posting {
	return ledger.Posting{Account: ledger.Hours, MemberID: h.MemberID, PersonID: h.PersonID, CommunityID: h.CommunityID, UnitID: h.UnitID, OnDate: h.OnDate, Amount: h.Minutes,
		Proof: h.Proof, SourceKind: ledger.SourceHelp, SourceID: h.ID, Reason: reason}
}

// goods is what confirmed goods are worth in the ledger: of the person, in the book of the community where they were given.
func (h Help) goods(community id.ID, reason string) ledger.Posting {
	return ledger.Posting{Account: ledger.Goods, PersonID: h.PersonID, CommunityID: community, OnDate: h.OnDate, Amount: h.Pieces, Proof: h.Proof, SourceKind: ledger.SourceHelp, SourceID: h.ID, Reason: reason}
}

// postings are what a confirmed help stands in the ledger with.
func (h Help) postings(community id.ID, reason string) (out []ledger.Posting) {
	if h.Minutes > 0 {
		out = append(out, h.posting(reason))
	}
	if h.Pieces > 0 {
		out = append(out, h.goods(community, reason))
	}
	return out
}

// booked is the amount that stands in the ledger for it.
func (h Help) booked() int64 {
	if h.Counted {
		return h.Minutes
	}
	return 0
}

// approve makes a need public.
func (n *Need) approve(now time.Time) error {
	if n.State != Asked {
		return errs.New(errs.Conflict, i18n.ExchangeCannot, n.State.Text())
	}
	n.State, n.OpenedAt = Open, now
	return nil
}

// pledgeable says whether somebody may pledge on a day, or why not.
func (n *Need) pledgeable(today calendar.Date) error {
	switch {
	case n.State != Open && n.State != Taken:
		return errs.New(errs.Conflict, i18n.ExchangeCannot, n.State.Text())
	case today.After(n.DueOn):
		return errs.New(errs.Conflict, i18n.ExchangeTooLate, n.DueOn.String())
	case n.Left() <= 0:
		return errs.New(errs.Conflict, i18n.ExchangeNoneLeft)
	}
	return nil
}

// take lets a pledge have one of the places.
func (n *Need) take() {
	n.Taken++
	if n.State == Open && n.Left() <= 0 {
		n.State = Taken
	}
}

// settle brings the state of a need up to where its pledges stand. A need that is over stays so.
func (n *Need) settle(now time.Time, pledges []Pledge) {
	if !n.State.Going() {
		return
	}
	var stand, brought, confirmed int64
	for _, p := range pledges {
		if p.State.Stands() {
			stand++
		}
		switch p.State {
		case Brought:
			brought++
		case Confirmed:
			confirmed++
		}
	}
	n.Taken = stand
	switch {
	case stand < n.Wanted:
		n.State = Open
	case brought+confirmed < stand:
		n.State = Taken
	case brought > 0:
		n.State = Delivered
	default: // everybody delivered, and it is confirmed
		n.State, n.EndedAt = Done, now
		if n.Outcome == "" {
			n.Outcome = Met
		}
	}
}

// lastDay checks the last day on which something helps, and proposes one where none was said.
func lastDay(e *errs.Error, field string, day *calendar.Date, today calendar.Date) *errs.Error {
	switch {
	case day.IsZero():
		*day = today.AddDays(usualDays)
	case day.Before(today):
		return e.With(field, i18n.ExchangePast)
	case day.After(today.AddDays(MaxDays)):
		return e.With(field, i18n.ExchangeTooFar, MaxDays)
	}
	return e
}

// Public is what the community lets everybody read of a need.
type Public struct {
	Title   string
	Words   string
	Skill   string
	Kind    Kind
	Small   bool
	Wanted  int64
	Minutes int64
	DueOn   calendar.Date
}

// check makes the texts tidy, and refuses those in which a number still stands: what people publish is not altered behind their back.
func (p *Public) check(today calendar.Date) *errs.Error {
	e := errs.Words(nil, "title", &p.Title, MaxTitle, true)
	e = errs.Words(e, "words", &p.Words, MaxWords, false)
	e = errs.Words(e, "skill", &p.Skill, MaxSkill, false)
	for _, x := range []struct{ field, text string }{{"title", p.Title}, {"words", p.Words}, {"skill", p.Skill}} {
		if _, found := Mask(x.text); found {
			e = e.With(x.field, i18n.ExchangeNumberStays)
		}
	}
	if p.Kind.Text().IsZero() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	if p.Wanted == 0 {
		p.Wanted = 1
	}
	if p.Wanted < 1 || p.Wanted > MaxWanted {
		e = e.With("wanted", i18n.ExchangeWanted, MaxWanted)
	}
	if p.Minutes < 0 || p.Minutes > MaxMinutes {
		e = e.With("hours", i18n.ExchangeHours, MaxMinutes/60)
	}
	return lastDay(e, "due_on", &p.DueOn, today)
}

// Rating is what the one who asked says of what was delivered.
type Rating struct {
	Answer Answer
	Stars  int64 // 1 to 5; 0 where they gave none
	Words  string
}

func (r *Rating) check() *errs.Error {
	var e *errs.Error
	if r.Answer.Text().IsZero() {
		e = e.With("answer", i18n.ErrBadChoice)
	}
	if r.Stars < 0 || r.Stars > 5 {
		e = e.With("stars", i18n.CaseStars)
	}
	return errs.Words(e, "words", &r.Words, MaxWords, r.Answer == No)
}

// Delivery is what somebody did for a need.
type Delivery struct {
	OnDate  calendar.Date
	Minutes int64   // of each who helped
	Pieces  int64   // of goods, where a person gave them of their own; 0 is one
	Words   string  // what was done; optional
	Members []id.ID // who helped, of an organisation or a team that somebody named; a member's own pledge is their own
	Came    []id.ID // files of volunteers of a team who helped
}

func (d *Delivery) check(n Need, today calendar.Date) *errs.Error {
	e := errs.Words(nil, "words", &d.Words, MaxWords, false)
	if d.Minutes < 0 || d.Minutes > MaxMinutes {
		e = e.With("hours", i18n.ExchangeHours, MaxMinutes/60)
	}
	if d.Pieces < 0 || d.Pieces > MaxPieces {
		e = e.With("pieces", i18n.ExchangePieces, MaxPieces)
	}
	if d.OnDate.IsZero() {
		d.OnDate = today
	}
	switch {
	case d.OnDate.After(today):
		e = e.With("on_date", i18n.DeedFuture)
	case d.OnDate.Before(calendar.DateOf(n.ReceivedAt)):
		e = e.With("on_date", i18n.ExchangeBeforeAsked, calendar.DateOf(n.ReceivedAt).String())
	case d.OnDate.After(n.DueOn.AddDays(lateDays)):
		e = e.With("on_date", i18n.ExchangeMuchLater, lateDays)
	}
	return e
}
