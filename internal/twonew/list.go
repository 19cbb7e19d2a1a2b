package twonew

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
)

// Known narrows a list by the members known.
type Known string

// The choices of Filter.Known.
const (
	KnownOwn  Known = "own"  // full members enough for an own branch
	KnownSome Known = "some" // members, but not enough
	KnownNone Known = "no"
)

// Living says which organisations a list shows.
type Living int

// The choices of Filter.Living.
const (
	OnlyLiving Living = iota // the zero value
	OnlyEnded
	Either
)

// Sort is how a list is sorted.
type Sort string

// The orders; the zero value is by name.
const (
	SortName      Sort = ""
	SortMembers   Sort = "members"
	SortEmployees Sort = "employees"
)

// Filter narrows a list; zero fields do not filter, but Living shows only what stands in the census today.
type Filter struct {
	Text        string // part of the name or address, or a whole credit code
	Kind        Kind
	State       State
	Uncovered   bool // without a branch
	CommunityID id.ID
	GridID      id.ID
	BranchID    id.ID // covered by it
	Trade       string
	Known       Known
	Living      Living
	Sort        Sort
	Desc        bool
	Page        db.Page
	ownFull     int64
}

// List gives one page of the census.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Organisation], error) {
	r, err := readRules(ctx, s.db, actor.Tenant, s.today())
	if err != nil {
		return db.List[Organisation]{}, err
	}
	f.ownFull = r.ownFull
	return list(ctx, s.db, actor.Scope(PermSee), f)
}

// Export calls fn for everything that List would show over all its pages.
func (s *Service) Export(ctx context.Context, actor authz.Actor, f Filter, fn func(Organisation) error) error {
	r, err := readRules(ctx, s.db, actor.Tenant, s.today())
	if err != nil {
		return err
	}
	f.ownFull = r.ownFull
	return each(ctx, s.db, actor.Scope(PermSee), f, fn)
}

// Trades are the trades of the census in scope, to filter by.
func (s *Service) Trades(ctx context.Context, actor authz.Actor) ([]string, error) {
	return trades(ctx, s.db, actor.Scope(PermSee))
}

// Count gives how many stand in each state.
func (s *Service) Count(ctx context.Context, actor authz.Actor) (map[State]int64, error) {
	return counts(ctx, s.db, actor.Scope(PermSee))
}

// Detail is one organisation with its history.
type Detail struct {
	Organisation
	Steps []Step // oldest first
	Next  Next   // what the rules allow next
}

// Get gives one organisation with its steps.
func (s *Service) Get(ctx context.Context, actor authz.Actor, twoNew id.ID) (Detail, error) {
	var d Detail
	err := s.db.View(ctx, func(tx *db.Tx) error {
		var err error
		if d.Organisation, err = find(ctx, tx, actor.Scope(PermSee), twoNew); err != nil {
			return err
		}
		if d.Steps, err = steps(ctx, tx, actor.Tenant, twoNew); err != nil {
			return err
		}
		r, err := readRules(ctx, tx, actor.Tenant, calendar.DateOf(tx.Now()))
		d.Next = d.Organisation.alone(r)
		return err
	})
	return d, err
}

// Choice is a branch to choose from.
type Choice struct {
	ID   id.ID
	Name string
}

// Branches are the living branches below a community in scope, and those that cover an organisation there.
func (s *Service) Branches(ctx context.Context, actor authz.Actor, community id.ID) ([]Choice, error) {
	if err := actor.Scope(PermSee).Require(community); err != nil {
		return nil, errs.ErrNotFound
	}
	return branches(ctx, s.db, actor.Tenant, community)
}

// Candidates are those who may be sent in a community in scope.
func (s *Service) Candidates(ctx context.Context, actor authz.Actor, community id.ID) ([]Candidate, error) {
	if err := actor.Scope(PermSee).Require(community); err != nil {
		return nil, errs.ErrNotFound
	}
	return candidates(ctx, s.db, actor.Scope(PermSee), []id.ID{community})
}
