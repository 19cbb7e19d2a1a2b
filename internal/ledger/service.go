package ledger

import (
	"context"
	"fmt"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/reference"
)

// Service keeps the book.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d} }

// PostTx posts p in the transaction in which its source comes about, and gives the posting's ID. It checks no permission: the
// use case that made the source has. A source that already has a standing posting in the account is refused.
func (s *Service) PostTx(ctx context.Context, tx *db.Tx, actor authz.Actor, p Posting) (id.ID, error) {
	if err := p.check(); err != nil {
		return 0, err
	}
	standing, err := standingOf(ctx, tx, actor.Tenant, p.SourceKind, p.SourceID, p.Account)
	if err != nil {
		return 0, err
	}
	if len(standing) > 0 {
		return 0, fmt.Errorf("ledger: %s %s has a standing posting already; reverse it first", p.SourceKind, p.SourceID)
	}
	return insert(ctx, tx, actor, p)
}

// PostManyTx posts for sources of which none can have a posting that stands: they have just come about in tx, or began to count in it.
func (s *Service) PostManyTx(ctx context.Context, tx *db.Tx, actor authz.Actor, all []Posting) error {
	for _, p := range all {
		if err := p.check(); err != nil {
			return err
		}
	}
	return insertMany(ctx, tx, actor, all)
}

// ReverseTx takes one posting back by a counter-posting and gives the counter-posting's ID. A posting that has been reversed, or
// is itself a counter-posting, is a Conflict.
func (s *Service) ReverseTx(ctx context.Context, tx *db.Tx, actor authz.Actor, posting id.ID, reason string) (id.ID, error) {
	p, reversed, err := find(ctx, tx, actor.Tenant, posting)
	if err != nil {
		return 0, err
	}
	if err := p.reversible(reversed); err != nil {
		return 0, err
	}
	return insert(ctx, tx, actor, p.counter(reason))
}

// ReverseSourceTx takes back what stands of a source in an account, if anything does.
func (s *Service) ReverseSourceTx(ctx context.Context, tx *db.Tx, actor authz.Actor, kind string, source id.ID, a Account, reason string) error {
	standing, err := standingOf(ctx, tx, actor.Tenant, kind, source, a)
	if err != nil {
		return err
	}
	for _, p := range standing {
		if _, err := insert(ctx, tx, actor, p.counter(reason)); err != nil {
			return err
		}
	}
	return nil
}

// Filter narrows postings; zero fields do not filter.
type Filter struct {
	MemberID    id.ID
	CommunityID id.ID
	UnitID      id.ID
	Year        int
	Quarter     calendar.Quarter
	From, To    calendar.Date // days, both included
	Account     Account
	Proof       Proof
	SourceKind  string
	SourceID    id.ID
	Standing    bool // leave out counter-postings and what they took back; the sum is the same
	Page        db.Page
}

// Item is a posting with the names around it.
type Item struct {
	Posting
	MemberName    string
	CommunityName string
	UnitName      string
	SourceTitle   string // of the activity, the deed or the need
	ActivityID    id.ID  // of an attendance's activity
	Need          id.ID  // of a help's need
	Pledge        id.ID  // of a help
	ReversedByID  id.ID  // the counter-posting, 0 while it stands
	PostedByName  string // "" for the platform itself
}

func scope(actor authz.Actor) authz.Scope { return actor.Scope(PermSee).Or(actor.Scope(PermSeeOwn)) }

// List gives the postings in scope, newest first. Their amounts add up to what Total gives for the same filter.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Item], error) {
	return list(ctx, s.db, scope(actor), f)
}

// Get gives one posting with its names.
func (s *Service) Get(ctx context.Context, actor authz.Actor, posting id.ID) (Item, error) {
	return get(ctx, s.db, scope(actor), posting)
}

// Export gives every posting of the filter, oldest first, without holding them all.
func (s *Service) Export(ctx context.Context, actor authz.Actor, f Filter, fn func(Item) error) error {
	return export(ctx, s.db, scope(actor), f, fn)
}

// Total is the sum of the postings that List gives for the same filter.
func (s *Service) Total(ctx context.Context, actor authz.Actor, f Filter) (Totals, error) {
	return total(ctx, s.db, scope(actor), f)
}

// MemberFilter narrows the list of members; zero fields do not filter.
type MemberFilter struct {
	Search      string // part of the name
	CommunityID id.ID
	UnitID      id.ID
	Kind        string
	Year        int // of the totals; this year if 0
	Quarter     calendar.Quarter
	Page        db.Page
}

// Filter is the filter of the postings behind the totals of one member on the list.
func (f MemberFilter) Filter(member id.ID) Filter {
	if !f.Quarter.IsZero() {
		return Filter{MemberID: member, Quarter: f.Quarter}
	}
	return Filter{MemberID: member, Year: f.Year}
}

// Standing is one member with the totals of a period.
type Standing struct {
	MemberID      id.ID
	PersonID      id.ID
	Kind          string
	Name          string
	CommunityName string
	UnitName      string
	nameKey       string
	Progress      // Totals are those of the quarter if the filter names one
}

// Members gives the members in scope, by name, each with the totals of the year or quarter.
func (s *Service) Members(ctx context.Context, actor authz.Actor, f MemberFilter) (db.List[Standing], error) {
	f = s.thisYear(f)
	var page db.List[Standing]
	err := s.db.View(ctx, func(tx *db.Tx) (err error) {
		if page, err = members(ctx, tx, scope(actor), f); err != nil {
			return err
		}
		return fill(ctx, tx, actor, f, page.Items)
	})
	return page, err
}

// ExportMembers gives every member of the filter by name, page by page.
func (s *Service) ExportMembers(ctx context.Context, actor authz.Actor, f MemberFilter, fn func(Standing) error) error {
	f.Page = db.Page{Limit: 500}
	for {
		page, err := s.Members(ctx, actor, f)
		if err != nil {
			return err
		}
		for _, m := range page.Items {
			if err := fn(m); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		f.Page.After = db.ParseCursor(page.Next)
	}
}

func (s *Service) thisYear(f MemberFilter) MemberFilter {
	if !f.Quarter.IsZero() {
		f.Year = f.Quarter.Year()
	}
	if f.Year == 0 {
		f.Year = calendar.DateOf(s.db.Now()).Year()
	}
	return f
}

// fill puts the totals and the targets to the members of one page.
func fill(ctx context.Context, q db.Querier, actor authz.Actor, f MemberFilter, page []Standing) error {
	targets, err := TargetsOn(ctx, q, actor.Tenant, yearEnd(f.Year))
	if err != nil {
		return err
	}
	at := make(map[id.ID]*Standing, len(page))
	ids := make([]id.ID, 0, len(page))
	for i := range page {
		page[i].Year, page[i].Targets = f.Year, targets
		at[page[i].MemberID] = &page[i]
		ids = append(ids, page[i].MemberID)
	}
	return sumsOf(ctx, q, scope(actor), ids, f.Filter(0), func(member id.ID, t Totals) {
		at[member].Totals = at[member].Totals.Plus(t)
	})
}

// Account is one member's book of a year.
type MemberYear struct {
	Standing
	Quarters [4]Totals
}

// Member gives one member's year: the totals of its quarters and the progress towards the targets. The year is this year if 0.
func (s *Service) Member(ctx context.Context, actor authz.Actor, member id.ID, year int) (MemberYear, error) {
	f := s.thisYear(MemberFilter{Year: year})
	var out MemberYear
	err := s.db.View(ctx, func(tx *db.Tx) (err error) {
		if out.Standing, err = member1(ctx, tx, scope(actor), member); err != nil {
			return err
		}
		out.Year = f.Year
		if out.Targets, err = TargetsOn(ctx, tx, actor.Tenant, yearEnd(f.Year)); err != nil {
			return err
		}
		for n := range out.Quarters {
			q := Filter{MemberID: member, Quarter: calendar.NewQuarter(f.Year, n+1)}
			if out.Quarters[n], err = total(ctx, tx, scope(actor), q); err != nil {
				return err
			}
			out.Totals = out.Totals.Plus(out.Quarters[n])
		}
		return nil
	})
	return out, err
}

// Of gives the member that a person is, for a member's own pages.
func (s *Service) Of(ctx context.Context, actor authz.Actor) (Holder, error) {
	if actor.PersonID == 0 {
		return Holder{}, errs.ErrNotFound
	}
	return Register{}.OfPerson(ctx, s.db, actor.Tenant, actor.PersonID)
}

// TargetsOn are the yearly targets of a tenant in force on a day.
func TargetsOn(ctx context.Context, q db.Querier, tenant int64, day calendar.Date) (Targets, error) {
	h, err := TargetHours.On(ctx, q, tenant, day)
	if err != nil {
		return Targets{}, err
	}
	d, err := TargetDeeds.On(ctx, q, tenant, day)
	return Targets{Hours: h, Deeds: d}, err
}

// yearEnd is the day whose targets a year is measured by: its last.
func yearEnd(year int) calendar.Date { return calendar.On(year, 12, 31) }

// Sum is the sum of one member's postings in one account and grade within a quarter, community and unit.
type Sum struct {
	CommunityID, UnitID, MemberID id.ID
	Account                       Account
	Proof                         Proof
	Amount, Services              int64
}

// Sums gives the sums of a quarter, ordered by community, unit and member, in one pass: what a quarter is closed from. It
// belongs to jobs of the platform and knows no scope.
func (s *Service) Sums(ctx context.Context, q db.Querier, tenant int64, quarter calendar.Quarter, fn func(Sum) error) error {
	return quarterSums(ctx, q, tenant, quarter, fn)
}

// Follow hands the books of a community to its successor (ORG-1: merge). Amounts, days and sources stay.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE posting SET community_id = $3 WHERE tenant_id = $1 AND community_id = $2`, actor.Tenant, from, to)
	return err
}
