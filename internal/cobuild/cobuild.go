package cobuild

import (
	"slices"
	"strconv"
	"strings"
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
	PermSee        authz.Permission = "cobuild.see"
	PermKeep       authz.Permission = "cobuild.keep"
	PermUnit       authz.Permission = "cobuild.unit"
	PermSign       authz.Permission = "cobuild.sign"
	PermReveal     authz.Permission = "cobuild.reveal"
	PermProgrammes authz.Permission = "cobuild.programmes"
	PermOwn        authz.Permission = "cobuild.post.own"
)

// RemindDays is how many days before its end an agreement waits to be renewed.
var RemindDays = policy.Value{Name: "cobuild.remind_days", Title: i18n.CobuildRemindDays, Unit: i18n.CasePolicyDays, Default: 60, Min: 30, Max: 180}

// Policies are the values that a district may set.
func Policies() []policy.Value { return []policy.Value{RemindDays} }

// Kind is a kind of agreement.
type Kind string

// The kinds.
const (
	General      Kind = "general"
	Twin         Kind = "twin"
	ContactPoint Kind = "contact_point"
	Double       Kind = "double_posting"
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{General, Twin, ContactPoint, Double} }

// Text names the kind.
func (k Kind) Text() i18n.Text {
	return map[Kind]i18n.Text{General: i18n.CobuildGeneral, Twin: i18n.CobuildTwin, ContactPoint: i18n.CobuildContact, Double: i18n.CobuildDouble}[k]
}

// State is where an agreement stands.
type State string

// The states. The first four are stored; the others are what an agreed one is on a day.
const (
	Draft     State = "draft"
	Talks     State = "talks"
	Agreed    State = "agreed"
	Withdrawn State = "withdrawn"

	Coming  State = "coming"
	InForce State = "in_force"
	Over    State = "over"
	Ended   State = "ended"
)

// Standings lists the states in which an agreement can be on a day.
func Standings() []State { return []State{Draft, Talks, Coming, InForce, Over, Ended, Withdrawn} }

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Draft: i18n.CobuildDraft, Talks: i18n.CobuildTalks, Agreed: i18n.CobuildAgreed, Withdrawn: i18n.CobuildWithdrawn, Coming: i18n.CobuildComing,
		InForce: i18n.CobuildInForce, Over: i18n.CobuildOver, Ended: i18n.CobuildEnded}[s]
}

// open says that the text may be changed.
func (s State) open() bool { return s == Draft || s == Talks }

// Side is on which side a party stands.
type Side string

// The sides.
const (
	OfCommunity Side = "community"
	OfUnit      Side = "unit"
)

// Party is a party of an agreement. Contact is read by those who act for a party and is empty for others (HasContact); they, and whoever wants the number, look at it for a purpose (Reveal).
type Party struct {
	ID         id.ID
	OrgID      id.ID
	Name       string
	Side       Side
	Contact    string
	HasContact bool
	HasPhone   bool
	SignedBy   string
	SignedAt   time.Time
	OnPaper    bool
	Note       string
}

// Signed says whether the party has signed.
func (p Party) Signed() bool { return !p.SignedAt.IsZero() }

// Terms are what an agreement says besides its items.
type Terms struct {
	Kind Kind
	Goal string
	From calendar.Date
	To   calendar.Date
}

// The bounds of what is written.
const (
	MaxGoal   = 200
	MaxTitle  = 100
	MaxWords  = 500
	MaxName   = 40
	MaxUnits  = 20
	MaxItems  = 40
	MaxYears  = 5
	maxAmount = 1_000_000_000
)

// check says what is wrong with terms.
func (t *Terms) check(e *errs.Error) *errs.Error {
	e = errs.Words(e, "goal", &t.Goal, MaxGoal, true)
	if t.Kind.Text().IsZero() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	if t.From.IsZero() {
		e = e.With("valid_from", i18n.ErrRequired)
	}
	switch {
	case t.To.IsZero():
		e = e.With("valid_to", i18n.ErrRequired)
	case t.From.IsZero():
	case t.To.Before(t.From):
		e = e.With("valid_to", i18n.CobuildEndFirst)
	case !t.To.Before(t.From.AddYears(MaxYears)):
		e = e.With("valid_to", i18n.CobuildTooLong, MaxYears)
	}
	return e
}

// line is how terms are quoted in the history of an agreement.
func (t Terms) line() string {
	return t.Kind.Text().In(i18n.ZH) + "；" + t.Goal + "；" + i18n.PrintCobuildFromTo.In(i18n.ZH, t.From.String(), t.To.String())
}

// Agreement is a co-building agreement.
type Agreement struct {
	ID          id.ID
	No          string
	CommunityID id.ID
	Community   string
	Terms
	State      State // as stored; see Standing
	Edition    int64
	BegunBy    id.ID
	MovedBy    id.ID
	MovedAt    time.Time
	AgreedAt   time.Time
	EndAskedBy id.ID
	EndAskedOn calendar.Date
	EndedOn    calendar.Date
	EndedBy    id.ID
	EndReason  string
	RenewsID   id.ID
	Version    int64
	Parties    []Party
}

// LastDay is the last day on which it holds.
func (a Agreement) LastDay() calendar.Date {
	if !a.EndedOn.IsZero() {
		return a.EndedOn
	}
	return a.To
}

// Standing is the state on a day.
func (a Agreement) Standing(today calendar.Date) State {
	switch {
	case a.State != Agreed:
		return a.State
	case today.After(a.LastDay()) && !a.EndedOn.IsZero():
		return Ended
	case today.After(a.LastDay()):
		return Over
	case today.Before(a.From):
		return Coming
	}
	return InForce
}

// Party finds a party by its organisation.
func (a Agreement) Party(org id.ID) (Party, bool) {
	i := slices.IndexFunc(a.Parties, func(p Party) bool { return p.OrgID == org && org != 0 })
	if i < 0 {
		return Party{}, false
	}
	return a.Parties[i], true
}

// Units are the names of the parties on the other side of the community.
func (a Agreement) Units() string {
	var names []string
	for _, p := range a.Parties {
		if p.Side == OfUnit {
			names = append(names, p.Name)
		}
	}
	return strings.Join(names, i18n.CatalogueComma.In(i18n.ZH))
}

// unsigned counts the parties that have not signed.
func (a Agreement) unsigned() (n int) {
	for _, p := range a.Parties {
		if !p.Signed() {
			n++
		}
	}
	return n
}

// changeable says whether the text may be changed, or why not.
func (a Agreement) changeable() error {
	if !a.State.open() {
		return errs.New(errs.Conflict, i18n.CobuildCannot, a.State.Text())
	}
	return nil
}

// standing says that it is in force, or to come, on a day.
func (a Agreement) standing(today calendar.Date) error {
	if s := a.Standing(today); s != InForce && s != Coming {
		return errs.New(errs.Conflict, i18n.CobuildCannot, s.Text())
	}
	return nil
}

// Often is how often an item is due.
type Often string

// How often.
const (
	Once    Often = "once"
	Month   Often = "month"
	Quarter Often = "quarter"
	Year    Often = "year"
)

// AllOften lists them.
func AllOften() []Often { return []Often{Once, Month, Quarter, Year} }

// Text names it.
func (o Often) Text() i18n.Text {
	return map[Often]i18n.Text{Once: i18n.CobuildOnce, Month: i18n.CobuildMonth, Quarter: i18n.CobuildQuarter, Year: i18n.CobuildYear}[o]
}

// months is the step between two days, 0 for none.
func (o Often) months() int { return map[Often]int{Month: 1, Quarter: 3, Year: 12}[o] }

// Measure is what the number of an item counts.
type Measure string

// The measures.
const (
	JustDone Measure = ""
	Times    Measure = "times"
	Persons  Measure = "persons"
	Hours    Measure = "hours"
	Pieces   Measure = "pieces"
	Yuan     Measure = "yuan"
)

// Measures lists those that count.
func Measures() []Measure { return []Measure{Times, Persons, Hours, Pieces, Yuan} }

// Text names the measure.
func (m Measure) Text() i18n.Text {
	return map[Measure]i18n.Text{JustDone: i18n.CobuildJustDone, Times: i18n.CobuildTimes, Persons: i18n.CobuildPersons, Hours: i18n.CobuildHours, Pieces: i18n.CobuildPieces, Yuan: i18n.CobuildYuan}[m]
}

// NewItem is what is said of an item.
type NewItem struct {
	Title       string
	OrgID       id.ID // the party that does it
	Often       Often
	DueOn       calendar.Date // the first day
	Measure     Measure
	Amount      int64
	ProgrammeID id.ID
	Part        string
}

// Item is one thing that is promised.
type Item struct {
	ID id.ID
	NewItem
	Who       string
	Programme string
	placeNo   int64
}

// Counted is the number with what it counts, "" where it is just done.
func (n NewItem) Counted(l i18n.Lang) string {
	if n.Measure == JustDone || n.Amount == 0 {
		return ""
	}
	return strconv.FormatInt(n.Amount, 10) + " " + n.Measure.Text().In(l)
}

// check says what is wrong with an item of an agreement.
func (n *NewItem) check(a Agreement) *errs.Error {
	e := errs.Words(nil, "title", &n.Title, MaxTitle, true)
	if n.Often.Text().IsZero() {
		e = e.With("often", i18n.ErrBadChoice)
	}
	switch {
	case n.DueOn.IsZero():
		e = e.With("due_on", i18n.CobuildItemDay)
	case !n.DueOn.In(a.From, a.To):
		e = e.With("due_on", i18n.CobuildItemOut, a.From.String(), a.To.String())
	}
	if _, ok := a.Party(n.OrgID); !ok {
		e = e.With("who", i18n.CobuildItemWho)
	}
	switch {
	case n.Measure.Text().IsZero():
		e = e.With("measure", i18n.ErrBadChoice)
	case n.Amount < 0 || n.Amount > maxAmount:
		e = e.With("amount", i18n.ErrBadNumber)
	case n.Amount > 0 && n.Measure == JustDone:
		e = e.With("measure", i18n.CobuildAmountWhat)
	case n.Amount == 0:
		n.Measure = JustDone
	}
	if n.ProgrammeID == 0 {
		n.Part = ""
	}
	return e
}

// line is how an item is quoted in the history of an agreement, and what is signed.
func (i Item) line() string {
	out := i.Title + "；" + i.Who + "；" + i.Often.Text().In(i18n.ZH) + " " + i.DueOn.String()
	if n := i.Counted(i18n.ZH); n != "" {
		out += "；" + n
	}
	if i.Programme != "" {
		out += "；" + i.Programme
		if i.Part != "" {
			out += "·" + i.Part
		}
	}
	return out
}

// text is what the parties sign: the content of which the paper keeps the digest.
func text(a Agreement, items []Item) string {
	var b strings.Builder
	b.WriteString(a.No + "\n" + a.Terms.line() + "\n")
	for _, p := range a.Parties {
		b.WriteString(p.Name + "\n")
	}
	for _, i := range items {
		b.WriteString(i.line() + "\n")
	}
	return b.String()
}

// Dues are the days on which an item is due within a period: its first day and, by how often it is due, the same day of every month, every third month or every year after
// it; where a month is shorter, its last day. A first day outside the period gives none before the period begins.
func Dues(first calendar.Date, often Often, from, to calendar.Date) []calendar.Date {
	var out []calendar.Date
	if first.IsZero() {
		return nil
	}
	step := often.months()
	for n := 0; ; n++ {
		day := first.AddMonths(n * step)
		if day.After(to) {
			return out
		}
		if !day.Before(from) {
			out = append(out, day)
		}
		if step == 0 {
			return out
		}
	}
}

// next moves an agreement and the first day of its items to the period that follows it: as many whole months, or else as many days.
func next(t Terms, items []NewItem) (Terms, []NewItem) {
	from := t.To.AddDays(1)
	move := func(d calendar.Date) calendar.Date { return d.AddDays(t.From.DaysUntil(from)) }
	for months := 1; months <= MaxYears*12; months++ {
		if t.From.AddMonths(months).Equal(from) {
			move = func(d calendar.Date) calendar.Date { return d.AddMonths(months) }
			break
		}
	}
	to := move(from).AddDays(-1)
	moved := slices.Clone(items)
	for i := range moved {
		moved[i].DueOn = clamp(move(moved[i].DueOn), from, to)
	}
	t.From, t.To = from, to
	return t, moved
}

func clamp(d, from, to calendar.Date) calendar.Date {
	switch {
	case d.Before(from):
		return from
	case d.After(to):
		return to
	}
	return d
}
