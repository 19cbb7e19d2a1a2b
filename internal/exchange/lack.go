package exchange

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/reference"
)

// Households are the households in hardship for which needs were made (package pairing).
type Households interface {
	// ReadsNeed says whether the actor may read of the household for which a need was made.
	ReadsNeed(ctx context.Context, q db.Querier, actor authz.Actor, need id.ID) (bool, error)
}

// WithHouseholds connects the households in hardship. The composition root calls it once.
func (s *Service) WithHouseholds(h Households) *Service {
	s.households = h
	return s
}

// MayReveal says whether the actor may see who asked (PermReveal); whose need of a household in hardship it is sees who may read the household as well.
func (s *Service) MayReveal(ctx context.Context, actor authz.Actor, n Need) (bool, error) {
	return s.mayReveal(ctx, s.db, actor, n)
}

func (s *Service) mayReveal(ctx context.Context, q db.Querier, actor authz.Actor, n Need) (bool, error) {
	switch {
	case !actor.Scope(PermReveal).Covers(n.CommunityID):
		return false, nil
	case n.Channel != ByPair:
		return true, nil
	case s.households == nil:
		return false, nil
	}
	return s.households.ReadsNeed(ctx, q, actor, n.ID)
}

// Lack is what a household in hardship lacks, as its helper found on a visit (package pairing).
type Lack struct {
	CommunityID id.ID
	PersonID    id.ID
	Name        string
	Kind        Kind
	Words       string
}

// LackTx makes a need of what a household lacks. It checks no permission: pairing has found the household. It waits to be approved as any other; who it is stays sealed, where they live is not noted at
// all, and the community carries word, because nobody agreed to be shown.
func (s *Service) LackTx(ctx context.Context, tx *db.Tx, actor authz.Actor, in Lack) (id.ID, error) {
	w := Asking{Kind: in.Kind, Body: in.Words, CommunityID: in.CommunityID, Name: in.Name, PersonID: in.PersonID, enteredBy: actor.AccountID}
	if err := w.check(calendar.DateOf(tx.Now())); err != nil {
		return 0, err
	}
	if err := findCommunity(ctx, tx, actor.Tenant, w.CommunityID); err != nil {
		return 0, err
	}
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Person, w.PersonID); err != nil {
		return 0, err
	}
	n := Need{tenant: actor.Tenant, ID: id.New(), No: paper.NewNo("X", tx.Now()), Kind: w.Kind, CommunityID: w.CommunityID, Wanted: w.Wanted, DueOn: w.DueOn, Channel: ByPair, PersonID: w.PersonID, State: Asked, ReceivedAt: tx.Now(), Version: 1}
	_, n.Flagged = Mask(w.Body)
	if err := s.insert(ctx, tx, &n, w, w.Body, ""); err != nil {
		return 0, err
	}
	if err := s.insertEntry(ctx, tx, actor, &n, step{act: ActAsk}); err != nil {
		return 0, err
	}
	return n.ID, record(ctx, tx, actor, "", "ask", &n, map[string]any{"channel": n.Channel, "kind": n.Kind})
}
