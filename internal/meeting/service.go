package meeting

import (
	"context"
	"slices"
	"time"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Event is what the sign-in of a meeting is about.
type Event struct {
	HostID           id.ID // the organisation that holds it: a community, or another one
	Title, Place     string
	StartsAt, EndsAt time.Time
}

// Activities takes presence: a meeting gives rise to an activity, which moves and is cancelled with it.
type Activities interface {
	HoldTx(ctx context.Context, tx *db.Tx, actor authz.Actor, e Event) (id.ID, error)
	MoveTx(ctx context.Context, tx *db.Tx, actor authz.Actor, activity id.ID, e Event) error
	CallOffTx(ctx context.Context, tx *db.Tx, actor authz.Actor, activity id.ID, reason string) error
}

// Committees says who belongs to the committee of an organisation on a day, by person.
type Committees interface {
	Committee(ctx context.Context, q db.Querier, tenant int64, organisation id.ID, on calendar.Date) ([]id.ID, error)
}

// Service plans and follows meetings.
type Service struct {
	db         *db.DB
	activities Activities
	committees Committees
	files      *attach.Store
}

// New makes the service.
func New(d *db.DB, activities Activities, committees Committees) *Service {
	return &Service{db: d, activities: activities, committees: committees}
}

func (s *Service) today() calendar.Date { return calendar.DateOf(s.db.Now()) }

// seeing is where the actor sees meetings.
func seeing(actor authz.Actor) authz.Scope {
	return actor.Scope(PermSee).Or(actor.Scope(PermPlan)).Or(actor.Scope(PermRaise))
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, act string, m Meeting, detail map[string]any) error {
	if detail == nil {
		detail = map[string]any{}
	}
	detail["title"] = m.Title
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "meeting." + act, Permission: perm, SubjectKind: "meeting", SubjectID: m.ID, OrgID: m.OwnerID, Detail: detail})
}

// holderOf checks that a body is led by the owner and alive, or that the owner is an organisation here; both in scope of PermPlan.
func (s *Service) holderOf(ctx context.Context, q db.Querier, actor authz.Actor, h *Holder) error {
	if h.BodyID != 0 {
		leader, err := leaderOf(ctx, q, actor.Tenant, h.BodyID)
		if err != nil {
			return err
		}
		h.OwnerID = leader
	}
	if err := actor.Scope(PermPlan).Require(h.OwnerID); err != nil {
		return err
	}
	return reference.Require(ctx, q, actor.Tenant, reference.Organisation, h.OwnerID)
}

// kindsOf checks the kinds of a plan, each once, its own first.
func kindsOf(ctx context.Context, q db.Querier, tenant int64, p Plan) ([]string, error) {
	codes := []string{p.KindCode}
	for _, c := range p.Also {
		if c != "" && !slices.Contains(codes, c) {
			codes = append(codes, c)
		}
	}
	for i, c := range codes {
		k, err := findKind(ctx, q, tenant, c)
		if errs.KindOf(err) == errs.NotFound || err == nil && k.Retired {
			return nil, errs.Field([]string{"kind", "also"}[min(i, 1)], i18n.ErrBadChoice)
		}
		if err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// Create plans a meeting (PermPlan). A meeting that is over can still be put down.
func (s *Service) Create(ctx context.Context, actor authz.Actor, p Plan) (made id.ID, err error) {
	if p.BodyID != 0 && p.OwnerID == 0 {
		p.OwnerID = p.BodyID // replaced by the body's leader below
	}
	if err := p.check(); err != nil {
		return 0, err
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		made, err = s.createTx(ctx, tx, actor, p, 0)
		return err
	})
	return made, err
}

func (s *Service) createTx(ctx context.Context, tx *db.Tx, actor authz.Actor, p Plan, passes id.ID) (id.ID, error) {
	if err := s.holderOf(ctx, tx, actor, &p.Holder); err != nil {
		return 0, err
	}
	codes, err := kindsOf(ctx, tx, actor.Tenant, p)
	if err != nil {
		return 0, err
	}
	m := Meeting{ID: id.New(), KindCode: p.KindCode, Holder: p.Holder, Title: p.Title, Place: p.Place, StartsAt: p.StartsAt, EndsAt: p.EndsAt, State: Planned, PassesID: passes, Version: 1}
	if err := insert(ctx, tx, actor, m); err != nil {
		return 0, err
	}
	if err := setDuties(ctx, tx, actor.Tenant, m, codes); err != nil {
		return 0, err
	}
	return m.ID, record(ctx, tx, actor, PermPlan, "create", m, map[string]any{"kinds": codes})
}

// change finds a meeting whose holder the actor plans for, lets do change it and saves it.
func (s *Service) change(ctx context.Context, actor authz.Actor, meeting id.ID, version int64, act string, do func(tx *db.Tx, m *Meeting) (map[string]any, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := findPlanned(ctx, tx, actor.Scope(PermPlan), meeting)
		if err != nil {
			return err
		}
		if version != 0 && version != m.Version {
			return errs.ErrConflict
		}
		detail, err := do(tx, &m)
		if err != nil {
			return err
		}
		if err := save(ctx, tx, actor.Tenant, m); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermPlan, act, m, detail)
	})
}

// Edit changes name, kinds, place and time of a meeting that is planned; the sign-in moves along. Who holds it stays.
func (s *Service) Edit(ctx context.Context, actor authz.Actor, meeting id.ID, p Plan) error {
	return s.change(ctx, actor, meeting, p.Version, "edit", func(tx *db.Tx, m *Meeting) (map[string]any, error) {
		if err := m.open(); err != nil {
			return nil, err
		}
		p.Holder = m.Holder
		if err := p.check(); err != nil {
			return nil, err
		}
		codes, err := kindsOf(ctx, tx, actor.Tenant, p)
		if err != nil {
			return nil, err
		}
		before := map[string]any{"before": map[string]any{"title": m.Title, "place": m.Place, "starts_at": m.StartsAt}}
		m.KindCode, m.Title, m.Place, m.StartsAt, m.EndsAt = p.KindCode, p.Title, p.Place, p.StartsAt, p.EndsAt
		if err := setDuties(ctx, tx, actor.Tenant, *m, codes); err != nil {
			return nil, err
		}
		if m.ActivityID != 0 {
			err = s.activities.MoveTx(ctx, tx, actor, m.ActivityID, m.event(0))
		}
		return before, err
	})
}

func (m Meeting) event(host id.ID) Event {
	e := Event{HostID: host, Title: m.Title, Place: m.Place, StartsAt: m.StartsAt, EndsAt: m.EndsAt}
	if e.Place == "" {
		e.Place = m.HolderName()
	}
	return e
}

// Cancel calls a planned meeting off with a reason, which everybody invited sees. What was on its agenda waits again.
func (s *Service) Cancel(ctx context.Context, actor authz.Actor, meeting id.ID, reason string) error {
	if e := words(nil, "reason", &reason, 200, true); e != nil {
		return e
	}
	return s.change(ctx, actor, meeting, 0, "cancel", func(tx *db.Tx, m *Meeting) (map[string]any, error) {
		if err := m.open(); err != nil {
			return nil, err
		}
		m.State, m.Reason = Cancelled, reason
		if err := dutiesStand(ctx, tx, actor.Tenant, *m); err != nil {
			return nil, err
		}
		if err := freeTopics(ctx, tx, actor.Tenant, m.ID); err != nil {
			return nil, err
		}
		var err error
		if m.ActivityID != 0 {
			err = s.activities.CallOffTx(ctx, tx, actor, m.ActivityID, reason)
		}
		return map[string]any{"reason": reason}, err
	})
}

// Notify sends the notice: to the organisations with a seat in the body, or to the members of the branch, or of its committee. Sending it again reaches those who
// joined since; who has answered has answered.
func (s *Service) Notify(ctx context.Context, actor authz.Actor, meeting id.ID, text string) (reached int, err error) {
	if e := paragraph(nil, "notice", &text, 2000, false); e != nil {
		return 0, e
	}
	err = s.change(ctx, actor, meeting, 0, "notify", func(tx *db.Tx, m *Meeting) (map[string]any, error) {
		if err := m.open(); err != nil {
			return nil, err
		}
		there, err := recipients(ctx, tx, actor.Tenant, m.ID)
		if err != nil {
			return nil, err
		}
		all, err := s.invited(ctx, tx, actor.Tenant, *m)
		if err != nil {
			return nil, err
		}
		all = slices.DeleteFunc(all, func(r Recipient) bool {
			return slices.ContainsFunc(there, func(t Recipient) bool { return t.OrganisationID == r.OrganisationID && t.MemberID == r.MemberID })
		})
		if reached = len(there) + len(all); reached == 0 {
			return nil, errs.New(errs.Conflict, i18n.MeetingNobodyInvited)
		}
		m.Notice, m.NoticedAt = text, tx.Now()
		return map[string]any{"reached": reached}, insertRecipients(ctx, tx, actor.Tenant, m.ID, all)
	})
	return reached, err
}

// Answer is what somebody says to a notice.
type Answer string

// The answers.
const (
	Coming Answer = "coming"
	Away   Answer = "away"
)

// Text names the answer; the zero Answer is none yet.
func (a Answer) Text() i18n.Text {
	return map[Answer]i18n.Text{"": i18n.MeetingNoAnswer, Coming: i18n.MeetingComing, Away: i18n.MeetingAway}[a]
}

// Reply answers a notice: for an organisation in scope (PermRaise), or for oneself with organisation 0 (PermOwn). A later answer replaces it.
func (s *Service) Reply(ctx context.Context, actor authz.Actor, meeting, organisation id.ID, a Answer, reason string) error {
	e := words(nil, "reason", &reason, 200, false)
	if a != Coming && a != Away {
		e = e.With("answer", i18n.ErrBadChoice)
	}
	if e != nil {
		return e
	}
	perm := PermRaise
	if organisation == 0 {
		perm = PermOwn
	} else if err := actor.Scope(PermRaise).Require(organisation); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := load(ctx, tx, actor.Tenant, meeting)
		if err != nil {
			return err
		}
		if m.State == Cancelled {
			return errs.New(errs.Conflict, i18n.MeetingIsCancelled)
		}
		if err := reply(ctx, tx, actor, m.ID, organisation, a, reason); err != nil {
			return err
		}
		return record(ctx, tx, actor, perm, "reply", m, map[string]any{"answer": a, "organisation": organisation})
	})
}

// OpenSignIn gives rise to the activity at which people sign in, and gives it. It is the same mechanism as everywhere: a code on the screen, sign-in
// by staff, presence entered later.
func (s *Service) OpenSignIn(ctx context.Context, actor authz.Actor, meeting id.ID) (made id.ID, err error) {
	err = s.change(ctx, actor, meeting, 0, "sign_in", func(tx *db.Tx, m *Meeting) (map[string]any, error) {
		if m.ActivityID != 0 {
			made = m.ActivityID
			return nil, nil
		}
		if err := m.open(); err != nil {
			return nil, err
		}
		host, err := hostOf(ctx, tx, actor.Tenant, m.OwnerID)
		if err != nil {
			return nil, err
		}
		made, err = s.activities.HoldTx(ctx, tx, actor, m.event(host))
		m.ActivityID = made
		return map[string]any{"activity": made}, err
	})
	return made, err
}

// Close says that a meeting was held: it counts for its kinds from then on. It needs minutes, which name every kind if there are several
// (PARTY-29), and the quorum where members vote or the committee meets (PARTY-30, PARTY-21).
func (s *Service) Close(ctx context.Context, actor authz.Actor, meeting id.ID) error {
	return s.change(ctx, actor, meeting, 0, "close", func(tx *db.Tx, m *Meeting) (map[string]any, error) {
		if err := m.open(); err != nil {
			return nil, err
		}
		if err := m.begun(tx.Now()); err != nil {
			return nil, err
		}
		if m.Minutes == "" {
			return nil, errs.New(errs.Conflict, i18n.MeetingNoMinutes)
		}
		kinds, err := dutyKinds(ctx, tx, actor.Tenant, m.ID)
		if err != nil {
			return nil, err
		}
		if err := shows(*m, kinds); err != nil {
			return nil, err
		}
		if _, err := s.mayDecide(ctx, tx, actor.Tenant, *m); err != nil {
			return nil, err
		}
		m.State = Held
		return nil, dutiesStand(ctx, tx, actor.Tenant, *m)
	})
}

// YearPlan plans the meetings that are owed in the rest of a year in one step.
type YearPlan struct {
	Holder
	Year  int
	Kinds []string // of those owed; none for all
	Day   int      // of the month, 1 to 28; a day off moves to the next working day
	Hour  int      // at which they begin
	Place string
}

// PlanYear plans a meeting in each period of the year that is owed, is not over, and has none yet; quarters and longer in their last month.
// It gives how many.
func (s *Service) PlanYear(ctx context.Context, actor authz.Actor, p YearPlan) (n int, err error) {
	e := words(nil, "place", &p.Place, 80, false)
	today := s.today()
	if p.Year < today.Year() || p.Year > today.Year()+1 {
		e = e.With("year", i18n.ErrBadChoice)
	}
	if p.Day < 1 || p.Day > 28 {
		e = e.With("day", i18n.MeetingDayRange)
	}
	if p.Hour < 0 || p.Hour > 22 {
		e = e.With("hour", i18n.ErrBadNumber)
	}
	if e != nil {
		return 0, e
	}
	if err := s.holderOf(ctx, s.db, actor, &p.Holder); err != nil {
		return 0, err
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		n = 0
		cells, err := duties(ctx, tx, actor.Tenant, p.Holder, PeriodsOf(p.Year), today)
		if err != nil {
			return err
		}
		work := calendar.Default()
		for i, c := range cells {
			if st := c.Standing(today); st != Wanted && st != Ahead || len(p.Kinds) > 0 && !slices.Contains(p.Kinds, c.KindCode) {
				continue
			}
			day := p.dayOf(c.Period, today)
			if day.IsZero() {
				continue
			}
			day, _ = work.Roll(day)
			if day.After(c.Ends) {
				day = c.Ends
			}
			at := day.Time().Add(time.Duration(p.Hour)*time.Hour + time.Duration(i%4)*15*time.Minute)
			if _, err := s.createTx(ctx, tx, actor, Plan{KindCode: c.KindCode, Holder: p.Holder, Title: c.title(), Place: p.Place, StartsAt: at, EndsAt: at.Add(90 * time.Minute)}, 0); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// dayOf is the planned day in a period: the chosen day of its last month, or today's next where that is past; none if no day is left.
func (p YearPlan) dayOf(in Period, today calendar.Date) calendar.Date {
	day := calendar.On(in.Ends.Year(), in.Ends.Month(), p.Day)
	if day.Before(today) {
		day = today.AddDays(1)
	}
	if day.After(in.Ends) {
		return in.Ends
	}
	return day
}

// title is what a planned meeting of a cell is called.
func (c Cell) title() string { return c.Label().In(i18n.ZH) + c.KindName().In(i18n.ZH) }

// Follow lets meetings, topics and tasks follow when another organisation takes one in.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	return follow(ctx, tx, actor.Tenant, from, to)
}

// Kinds gives the kinds of meeting; retired ones too if all is set.
func (s *Service) Kinds(ctx context.Context, actor authz.Actor, all bool) ([]Kind, error) {
	return kinds(ctx, s.db, actor.Tenant, all)
}

// SaveKind makes a kind (version 0) or changes it (PermKinds in the whole district). Its code stays; one that is no longer used is retired.
func (s *Service) SaveKind(ctx context.Context, actor authz.Actor, k Kind) error {
	if !actor.Scope(PermKinds).All() {
		return errs.ErrForbidden
	}
	if err := k.check(); err != nil {
		return err
	}
	if k.Since.IsZero() {
		k.Since = s.today()
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := putKind(ctx, tx, actor.Tenant, k); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermKinds), SubjectKind: "meeting_kind", Detail: map[string]any{"kind": k.Code, "every": k.Every}})
	})
}

// PrepareTx gives a tenant the standard kinds, counted from today, if it has none.
func (s *Service) PrepareTx(ctx context.Context, tx *db.Tx, tenant int64) error {
	there, err := kinds(ctx, tx, tenant, true)
	if err != nil || len(there) > 0 {
		return err
	}
	for _, k := range Standard() {
		k.Since = calendar.DateOf(tx.Now())
		if err := putKind(ctx, tx, tenant, k); err != nil {
			return err
		}
	}
	return nil
}
