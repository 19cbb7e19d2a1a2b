package app

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/person"
	"linli/internal/transfer"
)

// people lets the register of members find and enter persons.
type people struct{ *person.Service }

// EnsureAllTx finds persons by ID number or enters them.
func (p people) EnsureAllTx(ctx context.Context, tx *db.Tx, actor authz.Actor, in []member.Someone) ([]member.Known, error) {
	persons := make([]person.NewPerson, len(in))
	for i, s := range in {
		persons[i] = person.NewPerson{CommunityID: s.CommunityID, Source: s.Source,
			Fields: person.Fields{Name: s.Name, IDNumber: s.IDNumber, Phone: s.Phone, WorkUnit: s.WorkUnit}}
	}
	ensured, err := p.Service.EnsureAllTx(ctx, tx, actor, persons)
	if err != nil {
		return nil, err
	}
	known := make([]member.Known, len(ensured))
	for i, e := range ensured {
		known[i] = member.Known{ID: e.ID, Created: e.Created, Err: e.Err}
	}
	return known, nil
}

// movers lets transfers move members between branches.
type movers struct {
	*member.Service
	people *person.Service
}

// EnsureTx finds a person by ID number or enters them.
func (m movers) EnsureTx(ctx context.Context, tx *db.Tx, actor authz.Actor, p transfer.Someone) (id.ID, error) {
	known, err := m.people.EnsureAllTx(ctx, tx, actor, []person.NewPerson{{Source: "transfer", Fields: person.Fields{Name: p.Name, IDNumber: p.IDNumber, Phone: p.Phone}}})
	if err != nil {
		return 0, err
	}
	return known[0].ID, known[0].Err
}

// AdmitTx gives somebody from outside a place in a branch.
func (m movers) AdmitTx(ctx context.Context, tx *db.Tx, actor authz.Actor, to id.ID, a transfer.Admission) (id.ID, error) {
	return m.Service.AdmitTx(ctx, tx, actor, a.PersonID, to, member.Fields{Standing: member.Standing(a.Standing), JoinedOn: a.JoinedOn, FullOn: a.FullOn}, a.Why)
}

// holders lets the posts of organisations find out whether somebody may put a person into one.
type holders struct {
	people  *person.Service
	members *member.Service
}

// Seen says whether the actor sees a person as a resident or as a member.
func (h holders) Seen(ctx context.Context, actor authz.Actor, personID id.ID) (bool, error) {
	_, err := h.people.Get(ctx, actor, personID)
	if errs.KindOf(err) == errs.NotFound || errs.KindOf(err) == errs.Forbidden {
		return h.members.Knows(ctx, actor, personID)
	}
	return err == nil, err
}
