package mediation

import (
	"slices"
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// State is where a mediation stands.
type State string

// The states.
const (
	Opened    State = "opened"
	Running   State = "running"
	Drafted   State = "drafted"
	InForce   State = "in_force"
	Performed State = "performed"
	Unmet     State = "unmet"
	Failed    State = "failed"
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
)

// States lists the states in their order.
func States() []State {
	return []State{Opened, Running, Drafted, InForce, Performed, Unmet, Failed, Refused, Withdrawn}
}

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Opened: i18n.MediationOpened, Running: i18n.MediationRunning, Drafted: i18n.MediationDrafted, InForce: i18n.MediationInForce, Performed: i18n.MediationPerformed,
		Unmet: i18n.MediationUnmet, Failed: i18n.MediationFailed, Refused: i18n.MediationRefused, Withdrawn: i18n.MediationWithdrawn}[s]
}

// Agreed says whether there is an agreement in force, whatever came of it.
func (s State) Agreed() bool { return s == InForce || s == Performed || s == Unmet }

// Start is how a mediation began (MED-3).
type Start string

// The ways to begin.
const (
	Applied Start = "applied"
	Offered Start = "offered"
)

// Starts lists the ways to begin.
func Starts() []Start { return []Start{Applied, Offered} }

// Text names the way.
func (s Start) Text() i18n.Text {
	return map[Start]i18n.Text{Applied: i18n.MediationApplied, Offered: i18n.MediationOffered}[s]
}

// Consent is a party's answer to being asked.
type Consent string

// The answers; "" is none yet.
const (
	Agrees  Consent = "yes"
	Refuses Consent = "no"
)

// Form is the form of an agreement.
type Form string

// The forms of an agreement.
const (
	Written Form = "written"
	Oral    Form = "oral"
)

// Text names the form.
func (f Form) Text() i18n.Text {
	return map[Form]i18n.Text{Written: i18n.MediationWritten, Oral: i18n.MediationOral}[f]
}

// Signing is how a party signed (MED-9).
type Signing string

// The ways to sign.
const (
	ByName   Signing = "name"
	BySeal   Signing = "seal"
	ByFinger Signing = "finger"
)

// Signings lists the ways to sign.
func Signings() []Signing { return []Signing{ByName, BySeal, ByFinger} }

// Text names the way.
func (s Signing) Text() i18n.Text {
	return map[Signing]i18n.Text{ByName: i18n.MediationByName, BySeal: i18n.MediationBySeal, ByFinger: i18n.MediationByFinger}[s]
}

// Share is how much of a dispute is settled.
type Share string

// The shares.
const (
	Whole   Share = "whole"
	Part    Share = "part"
	ByThem  Share = "own" // the parties settled it by themselves, and took the mediation back
	Nothing Share = ""
)

// Shares lists how much an agreement settles.
func Shares() []Share { return []Share{Whole, Part} }

// Text names the share.
func (s Share) Text() i18n.Text {
	return map[Share]i18n.Text{Whole: i18n.MediationWhole, Part: i18n.MediationPart, ByThem: i18n.MediationByThem}[s]
}

// Risk is what is to be feared of a dispute (MED-6).
type Risk string

// The risks; "" is none.
const (
	Escalation Risk = "escalation"
	Crime      Risk = "crime" // possible: the police are told
)

// Risks lists the risks.
func Risks() []Risk { return []Risk{Escalation, Crime} }

// Text names the risk.
func (r Risk) Text() i18n.Text {
	return map[Risk]i18n.Text{Escalation: i18n.MediationEscalation, Crime: i18n.MediationCrime}[r]
}

// Bar is why a court does not confirm an agreement (MED-12).
type Bar string

// The bars; "" is none.
const (
	NotCivil Bar = "not_civil"
	Status   Bar = "status"
	Adoption Bar = "adoption"
	Marriage Bar = "marriage"
)

// Bars lists the bars.
func Bars() []Bar { return []Bar{NotCivil, Status, Adoption, Marriage} }

// Text names the bar.
func (b Bar) Text() i18n.Text {
	return map[Bar]i18n.Text{NotCivil: i18n.MediationNotCivil, Status: i18n.MediationStatus, Adoption: i18n.MediationAdoption, Marriage: i18n.MediationMarriage}[b]
}

// Confirmation is how far the judicial confirmation has come.
type Confirmation string

// The steps of confirmation; "" is not asked for yet.
const (
	NotWanted Confirmation = "not_wanted" // the parties do without
	Asked     Confirmation = "asked"
	Taken     Confirmation = "taken" // the court accepted the application
	Confirmed Confirmation = "confirmed"
	Rejected  Confirmation = "rejected" // not accepted, or not confirmed
)

// Text names the step.
func (c Confirmation) Text() i18n.Text {
	return map[Confirmation]i18n.Text{"": i18n.MediationConfirmOpen, NotWanted: i18n.MediationNotWanted, Asked: i18n.MediationAsked, Taken: i18n.MediationTaken, Confirmed: i18n.MediationConfirmed,
		Rejected: i18n.MediationRejected}[c]
}

// Answers lists what a court may answer.
func Answers() []Confirmation { return []Confirmation{Taken, Confirmed, Rejected} }

// The times of the law.
const (
	Months      = 1  // of a mediation (MED-4)
	MostMore    = 90 // days that it is extended at most at once
	ConfirmDays = 30 // to ask the court for confirmation (MED-11)
	AcceptDays  = 3  // in which the court decides whether it accepts (MED-12)
	DecideDays  = 15 // in which it decides, and
	DecideMore  = 10 // that it may take more
	VisitDays   = 30 // after its effect or end a visit is planned
)

// How much is kept.
const (
	MaxName     = 60
	MaxPlace    = 200
	MaxWords    = 2000
	MaxTerm     = 4000
	MaxParties  = 20
	MaxDuties   = 30
	MaxSessions = 60
	MaxVisits   = 40
	MaxCourt    = 60
)

// Party is somebody in a dispute. What is about them is sealed.
type Party struct {
	ID        id.ID
	Name      string
	Phone     string
	IDNumber  string
	Address   string
	PersonID  id.ID
	Consent   Consent
	ConsentOn calendar.Date
	SignedOn  calendar.Date
	SignedHow Signing
}

// Mediator is who mediates.
type Mediator struct {
	ID        id.ID
	MemberID  id.ID // of the committee; 0 for somebody invited
	Name      string
	AccountID id.ID
	Chosen    bool // by the parties
}

// Session is a meeting of the parties with a mediator.
type Session struct {
	ID     id.ID
	On     calendar.Date
	Place  string
	Who    string // was there
	Record string
	By     string
}

// Duty is something that the agreement says somebody does by a day.
type Duty struct {
	ID      id.ID
	PartyID id.ID
	Words   string
	DueOn   calendar.Date
	DoneOn  calendar.Date
	Note    string
}

// Visit is a follow-up visit, planned or made.
type Visit struct {
	ID     id.ID
	DueOn  calendar.Date
	MadeOn calendar.Date
	Words  string
	By     string
}

// Entry is a step of a mediation.
type Entry struct {
	Act   Act
	State State
	Words string
	By    string
	At    time.Time
}

// Terms are what an agreement says (MED-9).
type Terms struct {
	Facts   string `json:"facts"`
	Points  string `json:"points"`  // in dispute, and the duties of each
	Content string `json:"content"` // of the agreement
	Way     string `json:"way"`     // and date of performance
}

// Mediation is one mediation with everything that belongs to it.
type Mediation struct {
	ID          id.ID
	No          string
	OrgID       id.ID
	Org         string
	CaseID      id.ID
	CaseNo      string
	CaseEnded   bool
	ItemID      id.ID
	Item        i18n.Text
	Start       Start
	State       State
	Private     bool // not an open session
	Place       string
	Matter      string
	CaseOpen    bool // somebody has still to finish it
	AskedOn     calendar.Date
	NamedOn     calendar.Date // its mediators
	StartedOn   calendar.Date
	LimitOn     calendar.Date
	ExtendedOn  calendar.Date
	Risk        Risk
	RiskNote    string
	Form        Form
	DraftedOn   calendar.Date
	Terms       Terms
	Settles     Share
	MediatorOn  calendar.Date
	SealOn      calendar.Date
	EffectiveOn calendar.Date
	ConfirmBy   calendar.Date
	Bar         Bar
	Confirm     Confirmation
	Court       string
	CourtOn     calendar.Date // asked
	AnswerOn    calendar.Date
	AnswerBy    calendar.Date // of Get: by when the court answers,
	AnswerMost  calendar.Date // and at the latest
	Provisional bool          // a limit rests on a year whose days off are not known
	EndedOn     calendar.Date
	EndWords    string
	Forgotten   bool
	Version     int64

	Parties   []Party
	Mediators []Mediator
	Sessions  []Session
	Duties    []Duty
	Visits    []Visit
	Entries   []Entry
	Scans     []Scan // of Get
}

// Act is a step.
type Act string

// The acts.
const (
	ActOpen      Act = "open"
	ActCorrect   Act = "correct" // what it is about, where, open or not
	ActParty     Act = "party"
	ActUnparty   Act = "unparty"
	ActConsent   Act = "consent"
	ActRefuse    Act = "refuse"
	ActMediators Act = "mediators"
	ActRisk      Act = "risk"
	ActSession   Act = "session"
	ActExtend    Act = "extend"
	ActDraft     Act = "draft"
	ActSign      Act = "sign"
	ActOral      Act = "oral"
	ActFail      Act = "fail"
	ActWithdraw  Act = "withdraw"
	ActBar       Act = "bar"
	ActApply     Act = "apply" // to the court
	ActAnswer    Act = "answer"
	ActPerform   Act = "perform"
	ActUnmet     Act = "unmet"
	ActPlan      Act = "plan"
	ActVisit     Act = "visit"
	ActScan      Act = "scan" // of the agreement as it was signed
	ActUnscan    Act = "unscan"
)

var from = map[Act][]State{
	ActCorrect:   {Opened, Running},
	ActParty:     {Opened, Running, Drafted},
	ActUnparty:   {Opened},
	ActConsent:   {Opened},
	ActRefuse:    {Opened, Running, Drafted},
	ActMediators: {Opened, Running, Drafted, InForce},
	ActRisk:      {Opened, Running, Drafted, InForce},
	ActSession:   {Running, Drafted},
	ActExtend:    {Running, Drafted},
	ActDraft:     {Running, Drafted},
	ActSign:      {Drafted},
	ActOral:      {Running, Drafted},
	ActFail:      {Opened, Running, Drafted},
	ActWithdraw:  {Opened, Running, Drafted},
	ActBar:       {InForce, Performed, Unmet},
	ActApply:     {InForce, Performed, Unmet},
	ActAnswer:    {InForce, Performed, Unmet},
	ActPerform:   {InForce, Unmet},
	ActUnmet:     {InForce},
	ActPlan:      {InForce, Performed, Unmet, Failed},
	ActVisit:     {InForce, Performed, Unmet, Failed},
}

// Acts lists the acts on a mediation.
func Acts() []Act {
	var out []Act
	for a := range from {
		out = append(out, a)
	}
	slices.Sort(out)
	return out
}

// Text names the act.
func (a Act) Text() i18n.Text {
	return map[Act]i18n.Text{ActOpen: i18n.MediationActOpen, ActCorrect: i18n.MediationActCorrect, ActParty: i18n.MediationActParty, ActUnparty: i18n.MediationActUnparty, ActConsent: i18n.MediationActConsent,
		ActRefuse: i18n.MediationActRefuse, ActMediators: i18n.MediationActMediators, ActRisk: i18n.MediationActRisk, ActSession: i18n.MediationActSession, ActExtend: i18n.MediationActExtend,
		ActDraft: i18n.MediationActDraft, ActSign: i18n.MediationActSign, ActOral: i18n.MediationActOral, ActFail: i18n.MediationActFail, ActWithdraw: i18n.MediationActWithdraw, ActBar: i18n.MediationActBar,
		ActApply: i18n.MediationActApply, ActAnswer: i18n.MediationActAnswer, ActPerform: i18n.MediationActPerform, ActUnmet: i18n.MediationActUnmet, ActPlan: i18n.MediationActPlan,
		ActVisit: i18n.MediationActVisit, ActScan: i18n.MediationActScan, ActUnscan: i18n.MediationActUnscan}[a]
}

// Can says whether an act is possible where the mediation stands; who may do it is another question.
func (m *Mediation) Can(a Act) bool {
	if m.Forgotten || !slices.Contains(from[a], m.State) {
		return false
	}
	switch a {
	case ActBar:
		return m.Confirm == ""
	case ActApply:
		return (m.Confirm == "" || m.Confirm == NotWanted || m.Confirm == Rejected) && m.Bar == "" // in time, which Apply holds
	case ActPerform:
		return slices.ContainsFunc(m.Duties, func(d Duty) bool { return d.DoneOn.IsZero() })
	case ActAnswer:
		return m.Confirm == Asked || m.Confirm == Taken
	case ActParty:
		return !m.anySigned()
	}
	return true
}

func (m *Mediation) anySigned() bool {
	return !m.MediatorOn.IsZero() || !m.SealOn.IsZero() || slices.ContainsFunc(m.Parties, func(p Party) bool { return !p.SignedOn.IsZero() })
}

// party finds a party of the mediation.
func (m *Mediation) party(p id.ID) (*Party, error) {
	i := slices.IndexFunc(m.Parties, func(x Party) bool { return x.ID == p })
	if i < 0 {
		return nil, errs.ErrNotFound
	}
	return &m.Parties[i], nil
}

// begin makes a mediation run once every party has agreed and somebody mediates: from the last of these days, whenever they are entered.
func (m *Mediation) begin(cal *calendar.Calendar) {
	if m.State != Opened || len(m.Parties) < 2 || len(m.Mediators) == 0 || slices.ContainsFunc(m.Parties, func(p Party) bool { return p.Consent != Agrees }) {
		return
	}
	m.State, m.StartedOn = Running, m.NamedOn
	for _, p := range m.Parties {
		if p.ConsentOn.After(m.StartedOn) {
			m.StartedOn = p.ConsentOn
		}
	}
	m.LimitOn, m.Provisional = cal.AddMonths(m.StartedOn, Months)
}

// Ask corrects the day on which a mediation was asked for; nothing noted of it was before.
func (m *Mediation) Ask(day, today calendar.Date) error {
	if err := within("asked", day, calendar.Date{}, today); err != nil {
		return err
	}
	noted := []calendar.Date{m.NamedOn}
	for _, p := range m.Parties {
		noted = append(noted, p.ConsentOn)
	}
	for _, d := range noted {
		if !d.IsZero() && day.After(d) {
			return errs.Field("asked", i18n.MediationAfter, d.String())
		}
	}
	m.AskedOn = day
	return nil
}

// Name says since when it has its mediators; who they are later changes nothing of when it began.
func (m *Mediation) Name(cal *calendar.Calendar, day, today calendar.Date) error {
	if m.State != Opened {
		return nil
	}
	if err := within("named", day, m.AskedOn, today); err != nil {
		return err
	}
	m.NamedOn = day
	m.begin(cal)
	return nil
}

// within refuses a day of an act that lies in the future or before another one.
func within(field string, day, after, today calendar.Date) error {
	switch {
	case day.IsZero():
		return errs.Field(field, i18n.ErrRequired)
	case day.After(today):
		return errs.Field(field, i18n.MediationFuture)
	case !after.IsZero() && day.Before(after):
		return errs.Field(field, i18n.MediationBefore, after.String())
	}
	return nil
}

// Answer notes what a party said when they were asked (MED-1): a clear no ends the mediation.
func (m *Mediation) Answer(cal *calendar.Calendar, p id.ID, said Consent, day, today calendar.Date) error {
	x, err := m.party(p)
	if err != nil {
		return err
	}
	if said != Agrees && said != Refuses {
		return errs.Field("consent", i18n.ErrBadChoice)
	}
	if err := within("on", day, m.AskedOn, today); err != nil {
		return err
	}
	x.Consent, x.ConsentOn = said, day
	if said == Refuses {
		m.end(Refused, day, "")
		return nil
	}
	m.begin(cal)
	return nil
}

// end closes a mediation without an agreement: what was written of one goes.
func (m *Mediation) end(s State, day calendar.Date, words string) {
	m.State, m.EndedOn, m.EndWords = s, day, words
	m.Form, m.Terms, m.Settles, m.DraftedOn = "", Terms{}, Nothing, calendar.Date{}
	m.unsign()
}

// unsign voids every signature.
func (m *Mediation) unsign() {
	m.MediatorOn, m.SealOn = calendar.Date{}, calendar.Date{}
	for i := range m.Parties {
		m.Parties[i].SignedOn, m.Parties[i].SignedHow = calendar.Date{}, ""
	}
}

// Extend gives a mediation more time where every party agrees (MED-4).
func (m *Mediation) Extend(agreed []id.ID, until, today calendar.Date) error {
	for _, p := range m.Parties {
		if !slices.Contains(agreed, p.ID) {
			return errs.Field("agreed", i18n.MediationAllAgree)
		}
	}
	switch {
	case until.IsZero():
		return errs.Field("until", i18n.ErrRequired)
	case !until.After(today):
		return errs.Field("until", i18n.MediationAfterToday)
	case !until.After(m.LimitOn):
		return errs.Field("until", i18n.MediationLater, m.LimitOn.String())
	case until.After(today.AddDays(MostMore)):
		return errs.Field("until", i18n.MediationTooFar, MostMore)
	}
	m.LimitOn, m.ExtendedOn, m.Provisional = until, today, false
	return nil
}

// Draft writes the agreement on a day. What was signed of an earlier text is void.
func (m *Mediation) Draft(t Terms, settles Share, day, today calendar.Date) error {
	if err := within("drafted", day, m.StartedOn, today); err != nil {
		return err
	}
	m.State, m.Form, m.Terms, m.Settles, m.DraftedOn = Drafted, Written, t, settles, day
	m.unsign()
	return nil
}

// Signer is whose sign on an agreement is noted.
type Signer string

// Who signs besides the parties.
const (
	TheMediator Signer = "mediator"
	TheSeal     Signer = "seal"
)

// Sign notes that a party signed (party is their ID), that the mediator did, or that the seal of the committee is set. With the last of them the agreement is in
// force (MED-9).
func (m *Mediation) Sign(cal *calendar.Calendar, who Signer, party id.ID, how Signing, day, today calendar.Date) error {
	if err := within("on", day, m.DraftedOn, today); err != nil {
		return err
	}
	already := errs.New(errs.Conflict, i18n.MediationSigned)
	switch who {
	case TheMediator:
		if !m.MediatorOn.IsZero() {
			return already
		}
		m.MediatorOn = day
	case TheSeal:
		if !m.SealOn.IsZero() {
			return already
		}
		m.SealOn = day
	case "":
		p, err := m.party(party)
		if err != nil {
			return err
		}
		if !p.SignedOn.IsZero() {
			return already
		}
		if how.Text().IsZero() {
			return errs.Field("how", i18n.ErrBadChoice)
		}
		p.SignedOn, p.SignedHow = day, how
	default:
		return errs.Field("who", i18n.ErrBadChoice)
	}
	last := day
	for _, d := range append([]calendar.Date{m.MediatorOn, m.SealOn}, signedDays(m.Parties)...) {
		if d.IsZero() {
			return nil
		}
		if d.After(last) {
			last = d
		}
	}
	m.force(cal, last)
	return nil
}

func signedDays(list []Party) []calendar.Date {
	var out []calendar.Date
	for _, p := range list {
		out = append(out, p.SignedOn)
	}
	return out
}

// Speak records an oral agreement, which is in force from the day on which it was reached (MED-10).
func (m *Mediation) Speak(cal *calendar.Calendar, t Terms, settles Share, day, today calendar.Date) error {
	if err := within("on", day, m.StartedOn, today); err != nil {
		return err
	}
	m.Form, m.Terms, m.Settles, m.DraftedOn = Oral, t, settles, calendar.Date{}
	m.unsign()
	m.force(cal, day)
	return nil
}

// force brings an agreement into force on a day; the court can be asked within thirty days of it (MED-11, CAL-2, CAL-3).
func (m *Mediation) force(cal *calendar.Calendar, day calendar.Date) {
	m.State, m.EffectiveOn = InForce, day
	m.ConfirmBy, m.Provisional = cal.AddDays(day, ConfirmDays)
	m.perform(day)
}

// perform is Performed once nothing is left to do, late as it may be.
func (m *Mediation) perform(day calendar.Date) {
	if (m.State == InForce || m.State == Unmet) && !slices.ContainsFunc(m.Duties, func(d Duty) bool { return d.DoneOn.IsZero() }) {
		m.State, m.EndedOn = Performed, day
	}
}

// Do notes that a duty is performed.
func (m *Mediation) Do(duty id.ID, note string, day, today calendar.Date) error {
	i := slices.IndexFunc(m.Duties, func(d Duty) bool { return d.ID == duty })
	if i < 0 {
		return errs.ErrNotFound
	}
	d := &m.Duties[i]
	if !d.DoneOn.IsZero() {
		return errs.New(errs.Conflict, i18n.MediationDoneAlready)
	}
	if err := within("on", day, m.EffectiveOn, today); err != nil {
		return err
	}
	d.DoneOn, d.Note = day, note
	m.perform(day)
	return nil
}

// Apply notes that all parties asked a court to confirm the agreement, together and in time (MED-11), or that they do without. They may think better of it, and ask
// again where the court sent them back, until that time is over.
func (m *Mediation) Apply(cal *calendar.Calendar, want bool, agreed []id.ID, court string, day, today calendar.Date) error {
	if !want {
		m.Confirm, m.AnswerOn = NotWanted, today
		return nil
	}
	for _, p := range m.Parties {
		if !slices.Contains(agreed, p.ID) {
			return errs.Field("agreed", i18n.MediationTogether)
		}
	}
	if court == "" {
		return errs.Field("court", i18n.ErrRequired)
	}
	if err := within("on", day, m.EffectiveOn, today); err != nil {
		return err
	}
	if m.Provisional { // the days off of that year may be known by now
		m.ConfirmBy, m.Provisional = cal.AddDays(m.EffectiveOn, ConfirmDays)
	}
	if day.After(m.ConfirmBy) {
		return errs.Field("on", i18n.MediationConfirmLate, m.ConfirmBy.String())
	}
	m.Confirm, m.Court, m.CourtOn, m.AnswerOn = Asked, court, day, calendar.Date{}
	return nil
}

// Decided notes the court's answer. It confirms only what it accepted.
func (m *Mediation) Decided(what Confirmation, day, today calendar.Date) error {
	switch {
	case what != Taken && what != Confirmed && what != Rejected, what == Taken && m.Confirm == Taken, what == Confirmed && m.Confirm != Taken:
		return errs.Field("answer", i18n.MediationNoAnswer)
	}
	after := m.CourtOn
	if !m.AnswerOn.IsZero() {
		after = m.AnswerOn
	}
	if err := within("on", day, after, today); err != nil {
		return err
	}
	m.Confirm, m.AnswerOn = what, day
	return nil
}

// CourtBy is by when the court answers, and by when at the latest; none where nothing is asked of it.
func (m *Mediation) CourtBy(cal *calendar.Calendar) (by, most calendar.Date) {
	switch m.Confirm {
	case Asked:
		by, _ = cal.AddDays(m.CourtOn, AcceptDays)
		return by, by
	case Taken:
		by, _ = cal.AddDays(m.AnswerOn, DecideDays)
		most, _ = cal.AddDays(m.AnswerOn, DecideDays+DecideMore)
	}
	return by, most
}

// Due is something that is to be done by a day.
type Due string

// What is due.
const (
	DueNone    Due = ""
	DueLimit   Due = "limit"   // of the mediation
	DueConfirm Due = "confirm" // the court can be asked
	DueDuty    Due = "duty"
	DueVisit   Due = "visit"
)

// Text names it.
func (d Due) Text() i18n.Text {
	return map[Due]i18n.Text{DueLimit: i18n.MediationDueLimit, DueConfirm: i18n.MediationDueConfirm, DueDuty: i18n.MediationDueDuty, DueVisit: i18n.MediationDueVisit}[d]
}

// Asks says whether the court can still be asked on a day, and nobody has said yet whether the parties want it.
func (m *Mediation) Asks(today calendar.Date) bool {
	return m.Confirm == "" && m.Can(ActApply) && !today.After(m.ConfirmBy)
}

// Next is what is to be done first, and by when. A day for confirmation that has passed is nothing to be done any more.
func (m *Mediation) Next(today calendar.Date) (what Due, on calendar.Date) {
	if what, on = m.must(); m.Asks(today) && (on.IsZero() || m.ConfirmBy.Before(on)) {
		return DueConfirm, m.ConfirmBy
	}
	return what, on
}

// must is the first of what does not pass by itself.
func (m *Mediation) must() (what Due, on calendar.Date) {
	first := func(d Due, day calendar.Date) {
		if !day.IsZero() && (on.IsZero() || day.Before(on)) {
			what, on = d, day
		}
	}
	switch m.State {
	case Running, Drafted:
		first(DueLimit, m.LimitOn)
	case InForce:
		for _, d := range m.Duties {
			if d.DoneOn.IsZero() {
				first(DueDuty, d.DueOn)
			}
		}
	}
	for _, v := range m.Visits {
		if v.MadeOn.IsZero() {
			first(DueVisit, v.DueOn)
		}
	}
	return what, on
}

// The papers that are printed of a mediation.
const (
	PaperApplication  = "application"
	PaperRecord       = "record"
	PaperAgreement    = "agreement"
	PaperOral         = "oral"
	PaperConfirmation = "confirmation"
	PaperVisits       = "visits"
	PaperIndex        = "index"
)

// Papers lists the papers that a mediation has where it stands.
func (m *Mediation) Papers() []string {
	if m.Forgotten {
		return nil
	}
	out := []string{PaperApplication}
	if len(m.Sessions) > 0 {
		out = append(out, PaperRecord)
	}
	switch m.Form {
	case Written:
		out = append(out, PaperAgreement)
	case Oral:
		out = append(out, PaperOral)
	}
	if m.State.Agreed() && m.Bar == "" && m.Confirm != NotWanted {
		out = append(out, PaperConfirmation)
	}
	if len(m.Visits) > 0 {
		out = append(out, PaperVisits)
	}
	return append(out, PaperIndex)
}

func (t *Terms) check(e *errs.Error) *errs.Error {
	e = errs.Words(e, "facts", &t.Facts, MaxTerm, true)
	e = errs.Words(e, "points", &t.Points, MaxTerm, true)
	e = errs.Words(e, "content", &t.Content, MaxTerm, true)
	return errs.Words(e, "way", &t.Way, MaxTerm, true)
}
