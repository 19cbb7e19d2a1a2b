package dues

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/seal"
)

// Purposes says whether a registered purpose covers a sealed field: an error under "purpose" if not.
type Purposes interface {
	Covered(ctx context.Context, q db.Querier, tenant int64, purpose, field string) error
}

// Visit is a greeting to be brought to members of one community.
type Visit struct {
	CommunityID id.ID
	Title       string
	Place       string
	StartsAt    time.Time
	EndsAt      time.Time
	Members     []id.ID
}

// Visits makes a visit an activity with the members on it.
type Visits interface {
	VisitTx(ctx context.Context, tx *db.Tx, actor authz.Actor, v Visit) (id.ID, error)
}

// Service offers the use cases on dues and political birthdays.
type Service struct {
	db       *db.DB
	ring     *seal.Ring
	purposes Purposes
	visits   Visits
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, purposes Purposes, visits Visits) *Service {
	return &Service{d, ring, purposes, visits}
}

func (s *Service) month() Month { return MonthOf(calendar.DateOf(s.db.Now())) }

// SetBase enters how a member pays from a month on (PermKeep). The same as before is left as it is.
func (s *Service) SetBase(ctx context.Context, actor authz.Actor, member id.ID, n NewBase) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := keptMember(ctx, tx, actor, member)
		if err != nil {
			return err
		}
		return s.setBase(ctx, tx, actor, PermKeep, m, n)
	})
}

// SetOwnBase enters how the actor pays from a month on (PermOwn).
func (s *Service) SetOwnBase(ctx context.Context, actor authz.Actor, n NewBase) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := ownMember(ctx, tx, actor)
		if err != nil {
			return err
		}
		return s.setBase(ctx, tx, actor, PermOwn, m, n)
	})
}

func (s *Service) setBase(ctx context.Context, tx *db.Tx, actor authz.Actor, p authz.Permission, m Member, n NewBase) error {
	r, err := loadRules(ctx, tx, actor.Tenant)
	if err != nil {
		return err
	}
	c, err := n.check(m, today(tx), r.in(n.From))
	if err != nil {
		return err
	}
	all, err := s.bases(ctx, tx, actor.Tenant, []id.ID{m.ID})
	if err != nil {
		return err
	}
	t := Terms{Payer: n.Payer, Fen: n.Base}
	if b, ok := holds(all, n.From, false); ok && b.From == n.From && b.Terms == t {
		return nil
	}
	b := id.New()
	if _, err := tx.Exec(ctx, `INSERT INTO dues_base (tenant_id, id, member_id, person_id, from_month, terms, review, own, account_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		actor.Tenant, b, m.ID, m.PersonID, n.From, s.sealTerms(b, t), c.Review, p == PermOwn, actor.AccountID, db.Micros(tx.Now())); err != nil {
		return err
	}
	return record(ctx, tx, actor, p, "dues.base", "dues_base", b, m, map[string]any{"from": n.From.String()})
}

// Bases opens what a member pays out of, newest first, for a registered purpose that covers it (PermKeep), and records the look where the member can read it.
func (s *Service) Bases(ctx context.Context, actor authz.Actor, member id.ID, purpose, reason string) ([]Base, error) {
	if purpose == "" {
		return nil, errs.Field("purpose", i18n.ErrPurposeNeeded)
	}
	if reason = clean(reason); utf8.RuneCountInString(reason) > maxReason {
		return nil, errs.Field("reason", i18n.ErrTooLong, maxReason, utf8.RuneCountInString(reason))
	}
	var out []Base
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := keptMember(ctx, tx, actor, member)
		if err != nil {
			return err
		}
		if err := s.purposes.Covered(ctx, tx, actor.Tenant, purpose, FieldBase); err != nil {
			return err
		}
		if out, err = s.bases(ctx, tx, actor.Tenant, []id.ID{m.ID}); err != nil {
			return err
		}
		slices.Reverse(out)
		return looks(ctx, tx, actor, PermKeep, FieldBase, purpose, reason, []Member{m})
	})
	return out, err
}

// Sight is one member's dues: months, payments, reductions; for the member the base too.
type Sight struct {
	Member   Member
	Now      Month
	Bases    []Base // newest first; with their terms for the member alone
	Months   []State
	Arrears  []State
	Reliefs  []Relief
	Payments []Payment
	Owed     int64 // fen, arrears and the month that runs
}

// lastMonths is how many months a page shows.
const lastMonths = 12

// Own gives the actor's own dues (PermOwn).
func (s *Service) Own(ctx context.Context, actor authz.Actor) (Sight, error) {
	var out Sight
	err := s.db.View(ctx, func(tx *db.Tx) error {
		m, err := ownMember(ctx, tx, actor)
		if err != nil {
			return err
		}
		out, err = s.sight(ctx, tx, actor.Tenant, m)
		return err
	})
	return out, err
}

// Open gives a member's dues, without the base (PermKeep), and records the look at the amounts where the member can read it.
func (s *Service) Open(ctx context.Context, actor authz.Actor, member id.ID) (Sight, error) {
	var out Sight
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := keptMember(ctx, tx, actor, member)
		if err != nil {
			return err
		}
		if out, err = s.sight(ctx, tx, actor.Tenant, m); err != nil {
			return err
		}
		for i := range out.Bases {
			out.Bases[i].Terms = Terms{}
		}
		if len(out.Reliefs) > 0 {
			if err := looks(ctx, tx, actor, PermKeep, FieldRelief, Purpose, "", []Member{m}); err != nil {
				return err
			}
		}
		return looks(ctx, tx, actor, PermKeep, FieldAmount, Purpose, "", []Member{m})
	})
	return out, err
}

func (s *Service) sight(ctx context.Context, tx *db.Tx, tenant int64, m Member) (Sight, error) {
	out := Sight{Member: m, Now: MonthOf(today(tx))}
	r, err := loadRules(ctx, tx, tenant)
	if err != nil {
		return out, err
	}
	all, err := s.loadAccounts(ctx, tx, tenant, []Member{m})
	if err != nil {
		return out, err
	}
	a := all[0]
	if out.Months, err = a.states(out.Now-lastMonths+1, out.Now.quarterEnd(), r); err != nil {
		return out, err
	}
	if out.Arrears, err = a.arrears(out.Now, r); err != nil {
		return out, err
	}
	now, err := a.state(out.Now, r)
	if err != nil {
		return out, err
	}
	out.Owed = owed(out.Arrears) + now.Owed()
	for i := range a.reliefs {
		if a.reliefs[i].Reason, err = s.ring.Open("dues_relief", "reason", a.reliefs[i].ID, a.reliefs[i].sealed); err != nil {
			return out, err
		}
	}
	out.Bases, out.Reliefs = a.bases, a.reliefs
	slices.Reverse(out.Bases)
	slices.Reverse(out.Months)
	out.Payments, err = s.payments(ctx, tx, tenant, m.ID)
	return out, err
}
