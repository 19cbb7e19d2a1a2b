package activity

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"time"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/countersign"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/reference"
	"linli/internal/seal"
	"linli/internal/webhook"
)

// Members finds members by ID and by person (package ledger has the register's).
type Members interface {
	Find(ctx context.Context, q db.Querier, tenant int64, member id.ID) (ledger.Holder, error)
	OfPerson(ctx context.Context, q db.Querier, tenant int64, person id.ID) (ledger.Holder, error)
	FindMany(ctx context.Context, q db.Querier, tenant int64, members []id.ID) (map[id.ID]ledger.Holder, error)
}

// Deeds takes the deeds that taking part amounts to. Each posting is one attendance: member, day, proof and the attendance as source.
type Deeds interface {
	// ProposeTx proposes a deed of that title for each attendance.
	ProposeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, title string, from []ledger.Posting) error
	// RetractTx takes back the deed of an attendance that did not happen, if there is one.
	RetractTx(ctx context.Context, tx *db.Tx, actor authz.Actor, attendance id.ID, reason string) error
}

// Service is what can be done with activities.
type Service struct {
	db      *db.DB
	ring    *seal.Ring
	ledger  *ledger.Service
	signing *countersign.Service
	members Members
	deeds   Deeds
	files   *attach.Store
	events  *webhook.Service // nil where no system is told
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, book *ledger.Service, signing *countersign.Service, members Members, deeds Deeds) *Service {
	return &Service{db: d, ring: ring, ledger: book, signing: signing, members: members, deeds: deeds, files: attach.NewStore(ring)}
}

// rulesOn reads the policy values of a day.
func rulesOn(ctx context.Context, q db.Querier, tenant int64, day calendar.Date) (rules, error) {
	grace, err1 := Grace.On(ctx, q, tenant, day)
	opens, err2 := Opens.On(ctx, q, tenant, day)
	step, err3 := Rounding.On(ctx, q, tenant, day)
	long, err4 := LongDay.On(ctx, q, tenant, day)
	return rules{grace: time.Duration(grace) * time.Minute, opens: time.Duration(opens) * time.Minute, step: step,
		longDay: time.Duration(long) * time.Hour}, errors.Join(err1, err2, err3, err4)
}

// Draft gives a plan that is filled in as far as the program knows: the only community of the actor, the kind asked for or the first
// one, and what the community did before (likeBefore).
func (s *Service) Draft(ctx context.Context, actor authz.Actor, community id.ID, kind string) (Plan, error) {
	if community == 0 {
		if orgs, err := communities(ctx, s.db, actor.Scope(PermPlan)); err != nil {
			return Plan{}, err
		} else if len(orgs) > 0 {
			community = orgs[0].ID
		}
	}
	if err := actor.Scope(PermPlan).Require(community); err != nil {
		return Plan{}, err
	}
	if err := reference.Require(ctx, s.db, actor.Tenant, reference.Organisation, community); err != nil {
		return Plan{}, err
	}
	kinds, err := s.Kinds(ctx, actor, false)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{CommunityID: community}
	for i, k := range kinds {
		if i == 0 || k.Code == kind {
			p.KindCode, p.Title, p.GivesHours, p.DeedTitle = k.Code, k.Name, k.GivesHours, k.DeedTitle
		}
	}
	return p, s.likeBefore(ctx, actor.Tenant, &p)
}

// likeBefore completes a draft with what the community did before: place, name, time of day, length and places of the last activity of
// the kind. What was never held is two hours on a Saturday morning in the community's own rooms.
func (s *Service) likeBefore(ctx context.Context, tenant int64, p *Plan) error {
	last, err := lastPlan(ctx, s.db, tenant, p.CommunityID, p.KindCode)
	if err != nil {
		return err
	}
	begin, length := 9*time.Hour, 2*time.Hour
	if last.KindCode == p.KindCode {
		p.Title, p.Capacity = last.Title, last.Capacity
		begin, length = last.StartsAt.Sub(calendar.DateOf(last.StartsAt).Time()), last.EndsAt.Sub(last.StartsAt)
	}
	if p.Place = last.Place; p.Place == "" {
		community, err := nameOf(ctx, s.db, tenant, p.CommunityID)
		if err != nil {
			return err
		}
		p.Place = i18n.ActivityUsualPlace.In(i18n.ZH, community)
	}
	day := calendar.DateOf(s.db.Now()).AddDays(1)
	for day.Weekday() != time.Saturday {
		day = day.AddDays(1)
	}
	p.StartsAt = day.Time().Add(begin)
	p.EndsAt = p.StartsAt.Add(length)
	return nil
}

// stand says that the building and the programme of a plan are of the district.
func stand(ctx context.Context, q db.Querier, tenant int64, p Plan) error {
	if err := reference.Require(ctx, q, tenant, reference.Building, p.BuildingID); err != nil {
		return err
	}
	return reference.Require(ctx, q, tenant, reference.Programme, p.ProgrammeID)
}

// Named is an organisation to choose from.
type Named struct {
	ID   id.ID
	Name string
}

// Communities are those for which the actor can plan.
func (s *Service) Communities(ctx context.Context, actor authz.Actor) ([]Named, error) {
	return communities(ctx, s.db, actor.Scope(PermPlan))
}

// Copy gives a plan like an earlier activity's, on the next coming day of the same weekday at the same time.
func (s *Service) Copy(ctx context.Context, actor authz.Actor, from id.ID) (Plan, error) {
	a, err := find(ctx, s.db, actor.Scope(PermSee).Or(actor.Scope(PermPlan)), false, from)
	if err != nil {
		return Plan{}, err
	}
	p := a.Plan
	week := 7 * 24 * time.Hour
	if late := s.db.Now().Sub(p.StartsAt); late >= 0 {
		shift := (late/week + 1) * week
		p.StartsAt, p.EndsAt = p.StartsAt.Add(shift), p.EndsAt.Add(shift)
	} else {
		p.StartsAt, p.EndsAt = p.StartsAt.Add(week), p.EndsAt.Add(week)
	}
	return p, actor.Scope(PermPlan).Require(p.CommunityID)
}

// Create plans an activity as a draft and gives its ID.
func (s *Service) Create(ctx context.Context, actor authz.Actor, p Plan) (id.ID, error) {
	if err := p.check(); err != nil {
		return 0, err
	}
	if err := actor.Scope(PermPlan).Require(p.CommunityID); err != nil {
		return 0, err
	}
	var a Activity
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if there, err := isCommunity(ctx, tx, actor.Tenant, p.CommunityID); err != nil {
			return err
		} else if !there { // a scope of the whole tenant covers every ID, also those of others
			return errs.ErrForbidden
		}
		if _, err := findKind(ctx, tx, actor.Tenant, p.KindCode); err != nil {
			return kindField(err)
		}
		if err := stand(ctx, tx, actor.Tenant, p); err != nil {
			return err
		}
		a = Activity{ID: id.New(), Plan: p, State: Draft, OrganiserID: actor.AccountID, CreatedAt: tx.Now(), Version: 1}
		if err := insert(ctx, tx, actor.Tenant, &a, s.sealSecret(a.ID)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, entry(PermPlan, "activity.create", &a, nil))
	})
	return a.ID, err
}

// kindField turns a kind that is not there into a fault of the form.
func kindField(err error) error {
	if errs.KindOf(err) == errs.NotFound {
		return errs.Field("kind", i18n.ErrBadChoice)
	}
	return err
}

// sealSecret makes the secret from which an activity's codes come.
func (s *Service) sealSecret(activity id.ID) []byte {
	var b [24]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return s.ring.Seal("activity", "secret", activity, base64.RawStdEncoding.EncodeToString(b[:]))
}

func (s *Service) openSecret(activity id.ID, sealed []byte) ([]byte, error) {
	text, err := s.ring.Open("activity", "secret", activity, sealed)
	return []byte(text), err
}

func entry(p authz.Permission, action string, a *Activity, detail map[string]any) audit.Entry {
	return audit.Entry{Action: action, SubjectKind: "activity", SubjectID: a.ID, OrgID: a.CommunityID, Permission: p, Detail: detail}
}

// change loads an activity in scope, lets fn decide, and saves it with its audit entry.
func (s *Service) change(ctx context.Context, actor authz.Actor, p authz.Permission, action string, activity id.ID, version int64,
	fn func(*db.Tx, *Activity) (map[string]any, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		scope := actor.Scope(p)
		if p == PermHold {
			scope = holding(actor)
		}
		a, err := find(ctx, tx, scope, false, activity)
		if err != nil {
			return err
		}
		if version != 0 && version != a.Version {
			return errs.ErrConflict
		}
		detail, err := fn(tx, &a)
		if err != nil {
			return err
		}
		if err := save(ctx, tx, actor.Tenant, &a); err != nil {
			return err
		}
		if err := s.event(ctx, tx, actor.Tenant, action, &a); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, entry(p, action, &a, detail))
	})
}

// Edit replaces the plan of an activity that stands at version. More places let people move up from the waiting list.
func (s *Service) Edit(ctx context.Context, actor authz.Actor, activity id.ID, version int64, p Plan) error {
	return s.change(ctx, actor, PermPlan, "activity.edit", activity, version, func(tx *db.Tx, a *Activity) (map[string]any, error) {
		before := a.Plan
		if err := a.Edit(p); err != nil {
			return nil, err
		}
		if _, err := findKind(ctx, tx, actor.Tenant, a.KindCode); err != nil {
			return nil, kindField(err)
		}
		if err := stand(ctx, tx, actor.Tenant, a.Plan); err != nil {
			return nil, err
		}
		if err := setCapacity(ctx, tx, actor.Tenant, a); err != nil {
			return nil, err
		}
		return map[string]any{"before": before, "after": a.Plan}, moveUp(ctx, tx, actor, a)
	})
}

// Publish lets people see the activity and enrol.
func (s *Service) Publish(ctx context.Context, actor authz.Actor, activity id.ID) error {
	return s.change(ctx, actor, PermPlan, "activity.publish", activity, 0, func(_ *db.Tx, a *Activity) (map[string]any, error) {
		return nil, a.Publish()
	})
}

// Cancel calls the activity off with a reason, which everybody enrolled sees.
func (s *Service) Cancel(ctx context.Context, actor authz.Actor, activity id.ID, reason string) error {
	return s.change(ctx, actor, PermPlan, "activity.cancel", activity, 0, func(_ *db.Tx, a *Activity) (map[string]any, error) {
		err := a.Cancel(reason)
		return map[string]any{"reason": a.Reason}, err
	})
}

// Close ends the activity. Whoever forgot to sign out is signed out at its end, vouched by the organiser who closes it.
func (s *Service) Close(ctx context.Context, actor authz.Actor, activity id.ID) error {
	return s.change(ctx, actor, PermHold, "activity.close", activity, 0, func(tx *db.Tx, a *Activity) (map[string]any, error) {
		open, err := openOf(ctx, tx, actor.Tenant, a.ID)
		if err != nil {
			return nil, err
		}
		if err := a.Close(tx.Now(), len(open)); err != nil {
			return nil, err
		}
		r, err := rulesOn(ctx, tx, actor.Tenant, calendar.DateOf(a.StartsAt))
		if err != nil {
			return nil, err
		}
		for i := range open {
			out := a.EndsAt
			if out.Before(open[i].InAt) {
				out = open[i].InAt
			}
			if err := open[i].signOut(a, r, out, ledger.Vouched); err != nil {
				return nil, err
			}
			open[i].Reason = ForgotReason
			if err := s.finish(ctx, tx, actor, a, r, &open[i], ""); err != nil {
				return nil, err
			}
		}
		return map[string]any{"signed_out": len(open)}, nil
	})
}

// Get gives one activity with its names and counts.
func (s *Service) Get(ctx context.Context, actor authz.Actor, activity id.ID) (Item, error) {
	return get(ctx, s.db, actor, activity)
}

// Filter narrows the list of activities; zero fields do not filter.
type Filter struct {
	Search      string // part of title or place
	CommunityID id.ID
	KindCode    string
	ProgrammeID id.ID
	States      []State
	From, To    calendar.Date // days on which it starts, both included
	MemberID    id.ID         // enrolled or attended by this member
	Upcoming    bool          // not over yet, soonest first; otherwise latest first
	Page        db.Page
}

// Item is an activity with the names and counts around it.
type Item struct {
	Activity
	CommunityName string
	KindName      i18n.Text
	OrganiserName string
	Programme     string
	Waiting       int64 // on the waiting list
	Attended      int64 // attendances that stand, guests included
	Present       int64 // of them still signed in
	Guests        int64 // of them not joined to a person
	Minutes       int64 // of them
}

// List gives the activities the actor can see: those in scope, and of the others what is no draft if the actor can browse.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Item], error) {
	var out db.List[Item]
	err := s.db.View(ctx, func(tx *db.Tx) (err error) {
		out, err = list(ctx, tx, actor, f)
		return err
	})
	return out, err
}

// Export gives every activity of the filter.
func (s *Service) Export(ctx context.Context, actor authz.Actor, f Filter, fn func(Item) error) error {
	f.Page = db.Page{Limit: 500}
	for {
		l, err := s.List(ctx, actor, f)
		if err != nil {
			return err
		}
		for _, i := range l.Items {
			if err := fn(i); err != nil {
				return err
			}
		}
		if l.Next == "" {
			return nil
		}
		f.Page.After = db.ParseCursor(l.Next)
	}
}

// Kinds gives the kinds of activity of the tenant, in the order of their codes; retired ones too if all is set.
func (s *Service) Kinds(ctx context.Context, actor authz.Actor, all bool) ([]Kind, error) {
	return kinds(ctx, s.db, actor.Tenant, all)
}

// Kind gives one kind.
func (s *Service) Kind(ctx context.Context, actor authz.Actor, code string) (Kind, error) {
	return findKind(ctx, s.db, actor.Tenant, code)
}

// SaveKind makes a kind (version 0) or changes it. Its code stays; a kind that is no longer used is retired, not removed.
func (s *Service) SaveKind(ctx context.Context, actor authz.Actor, k Kind) error {
	if !actor.Scope(PermKinds).All() {
		return errs.ErrForbidden
	}
	if err := k.check(); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := putKind(ctx, tx, actor.Tenant, k); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermKinds), SubjectKind: "activity_kind", Detail: map[string]any{"kind": k}})
	})
}

// PrepareTx gives a new tenant the standard kinds; kinds that are there already stay as they are.
func (s *Service) PrepareTx(ctx context.Context, tx *db.Tx, tenant int64) error {
	for _, k := range Standard() {
		if err := addKind(ctx, tx, tenant, k); err != nil {
			return err
		}
	}
	return nil
}

// Follow hands the activities of a community to its successor (ORG-1: merge).
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	return follow(ctx, tx, actor.Tenant, from, to)
}

// Amounts gives, for the check of the ledger, what each attendance should be worth today.
func (s *Service) Amounts(ctx context.Context, q db.Querier, tenant int64, each func(kind string, source id.ID, a ledger.Account, amount int64) error) error {
	return amounts(ctx, q, tenant, each)
}
