package agreement

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
	"linli/internal/seal"
	"linli/internal/tabular"
)

// Permissions on responsibilities and claims. PermOwn reaches the actor's own claims only.
const (
	PermOffer   authz.Permission = "responsibility.offer"
	PermSee     authz.Permission = "claim.see"
	PermPropose authz.Permission = "claim.propose"
	PermSign    authz.Permission = "claim.sign"
	PermEnd     authz.Permission = "claim.end"
	PermOwn     authz.Permission = "claim.sign.own"
)

// Months is for how long a claim runs unless somebody says otherwise.
var Months = policy.Value{Name: "claim.months", Title: i18n.ClaimPolicyMonths, Unit: i18n.ClaimPolicyMonthsUnit, Default: 12, Min: 1, Max: 60, Source: "MEM-6"}

// RenewDays is how many days before its end an agreed claim is listed for renewal.
var RenewDays = policy.Value{Name: "claim.renew_days", Title: i18n.ClaimPolicyRenew, Unit: i18n.MemberPolicyDays, Default: 30, Min: 1, Max: 180, Source: "MEM-6"}

// Kind says what is taken over.
type Kind string

// The kinds of responsibility (责任区认领、设岗定责).
const (
	Area Kind = "area"
	Post Kind = "post"
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Area, Post} }

// Text names the kind.
func (k Kind) Text() i18n.Text {
	return map[Kind]i18n.Text{Area: i18n.ResponsibilityArea, Post: i18n.ResponsibilityPost}[k]
}

// Offer is what a community offers.
type Offer struct {
	CommunityID id.ID
	Kind        Kind
	Name        string
	Duties      string // one a line
	GridID      id.ID
	BuildingID  id.ID
	Capacity    int64
}

func (o *Offer) check() *errs.Error {
	var e *errs.Error
	if o.Kind.Text().IsZero() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	o.Name = clean(o.Name)
	e = need(e, "name", o.Name, 60)
	o.Duties = lines(o.Duties)
	e = need(e, "duties", o.Duties, 2000)
	if o.Capacity < 1 || o.Capacity > 1000 {
		e = e.With("capacity", i18n.ResponsibilityCapacity)
	}
	return e
}

// Responsibility is an area or a post.
type Responsibility struct {
	ID id.ID
	Offer
	Taken   int64
	Open    bool
	Version int64
}

// Free is how many places are left.
func (r Responsibility) Free() int64 { return r.Capacity - r.Taken }

// State is where a claim stands.
type State string

// The states of a claim.
const (
	Proposed  State = "proposed"
	Agreed    State = "agreed"
	Declined  State = "declined"
	Withdrawn State = "withdrawn"
	Ended     State = "ended"
	Renewed   State = "renewed"
)

// States lists the states.
func States() []State { return []State{Proposed, Agreed, Declined, Withdrawn, Ended, Renewed} }

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Proposed: i18n.ClaimProposed, Agreed: i18n.ClaimAgreed, Declined: i18n.ClaimDeclined,
		Withdrawn: i18n.ClaimWithdrawn, Ended: i18n.ClaimEnded, Renewed: i18n.ClaimRenewed}[s]
}

// Side is one of the two who sign.
type Side string

// The sides.
const (
	Member    Side = "member"
	Community Side = "community"
)

// Text names the side.
func (s Side) Text() i18n.Text {
	return map[Side]i18n.Text{Member: i18n.ClaimSideMember, Community: i18n.ClaimSideCommunity}[s]
}

// Terms are what is agreed, as both sides read it. They are kept as they were on the day of the proposal.
type Terms struct {
	Community string        `json:"community"`
	Member    string        `json:"member"`
	Unit      string        `json:"unit,omitempty"`
	Kind      Kind          `json:"kind"`
	Area      string        `json:"area"`
	Place     string        `json:"place,omitempty"`
	Duties    []string      `json:"duties"`
	From      calendar.Date `json:"from"`
	To        calendar.Date `json:"to"`
}

// Text is the frozen form of the terms and Digest its SM3 digest, which both sides sign.
func (t Terms) text() (text, digest string, err error) {
	b, err := json.Marshal(t)
	return string(b), seal.Hash(b), err
}

// Claim is one agreement.
type Claim struct {
	ID               id.ID
	ResponsibilityID id.ID
	MemberID         id.ID
	PersonID         id.ID
	CommunityID      id.ID
	UnitID           id.ID
	State            State
	TermsText        string
	ContentHash      string
	From, To         calendar.Date
	RenewsID         id.ID // the claim that this one renews, 0 for none
	Reason           string
	CreatedAt        time.Time
	AgreedAt         time.Time
	EndedOn          calendar.Date
	Version          int64
}

// Terms reads the frozen terms.
func (c Claim) Terms() (Terms, error) {
	var t Terms
	err := json.Unmarshal([]byte(c.TermsText), &t)
	return t, err
}

// Holds says whether the claim holds a place of its responsibility.
func (c Claim) Holds() bool { return c.State == Agreed || c.State == Proposed && c.RenewsID == 0 }

// Signature is one side's consent.
type Signature struct {
	Side   Side
	Name   string
	At     time.Time
	Hash   string
	Paper  bool   // given on paper and entered by staff
	Reason string // why it was given on paper
	By     id.ID  // account that entered it
}

// sign adds a side's signature to those given; with both, the claim is agreed.
func (c *Claim) sign(given []Signature, s Signature, now time.Time) error {
	switch {
	case c.State != Proposed:
		return errs.New(errs.Conflict, i18n.ClaimNotProposed, c.State.Text())
	case s.Hash != c.ContentHash:
		return errs.New(errs.Conflict, i18n.ClaimOtherTerms)
	}
	for _, g := range given {
		if g.Side == s.Side {
			return errs.New(errs.Conflict, i18n.ClaimSigned, s.Side.Text())
		}
	}
	if len(given) == 1 {
		c.State, c.AgreedAt = Agreed, now
	}
	return nil
}

// close takes a proposed claim off: declined or withdrawn.
func (c *Claim) close(to State, reason string) error {
	if c.State != Proposed {
		return errs.New(errs.Conflict, i18n.ClaimNotProposed, c.State.Text())
	}
	if to == Declined {
		if err := need(nil, "reason", reason, maxReason).OrNil(); err != nil {
			return err
		}
	}
	c.State, c.Reason = to, reason
	return nil
}

// end ends an agreed claim on a day: not before it began and not in the future. A claim that has not begun ends on its first day.
func (c *Claim) end(on, today calendar.Date, reason string) error {
	if c.State != Agreed {
		return errs.New(errs.Conflict, i18n.ClaimNotAgreed, c.State.Text())
	}
	var e *errs.Error
	switch {
	case on.IsZero():
		e = e.With("on", i18n.ErrRequired)
	case on.After(today):
		e = e.With("on", i18n.MemberDateFuture)
	case on.Before(calendar.DateOf(c.AgreedAt)) && on.Before(c.From):
		e = e.With("on", i18n.ClaimEndEarly, c.From.String())
	}
	if err := need(e, "reason", reason, maxReason).OrNil(); err != nil {
		return err
	}
	c.State, c.EndedOn, c.Reason = Ended, on, reason
	return nil
}

// span checks the days of a new claim.
func span(from, to, today calendar.Date) *errs.Error {
	var e *errs.Error
	switch {
	case from.IsZero():
		e = e.With("from", i18n.ErrRequired)
	case to.IsZero():
		e = e.With("to", i18n.ErrRequired)
	case to.Before(from):
		e = e.With("to", i18n.ErrEndBeforeStart)
	case to.Before(today):
		e = e.With("to", i18n.ClaimToPast)
	case from.AddYears(5).Before(to):
		e = e.With("to", i18n.ClaimTooLong)
	}
	return e
}

const maxReason = 200

func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// lines cleans a text line by line and drops empty ones.
func lines(s string) string {
	var out []string
	for l := range strings.Lines(strings.ReplaceAll(s, "\r", "\n")) {
		if l = clean(l); l != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

func limit(e *errs.Error, field, s string, most int) *errs.Error {
	if n := utf8.RuneCountInString(s); n > most {
		return e.With(field, i18n.ErrTooLong, most, n)
	}
	if message, advice, wrong := tabular.CheckText(s); wrong {
		return e.With(field, i18n.CodeProblem, message, advice)
	}
	return e
}

func need(e *errs.Error, field, s string, most int) *errs.Error {
	if s == "" {
		return e.With(field, i18n.ErrRequired)
	}
	return limit(e, field, s, most)
}
