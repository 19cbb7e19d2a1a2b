package deed

import (
	"context"

	"linli/internal/authz"
	"linli/internal/countersign"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
)

// Countersign enters the code of the person helped and raises the proof. A wrong try counts.
func (s *Service) Countersign(ctx context.Context, actor authz.Actor, deed id.ID, code string) error {
	var wrong error
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor.Scope(PermDecide).Or(actor.Scope(PermProposeOwn)), deed)
		if err != nil {
			return err
		}
		if err := d.raisable(); err != nil {
			return err
		}
		res, err := s.signing.RedeemTx(ctx, tx, actor, ledger.SourceDeed, d.ID, code)
		if wrong = res.Err; err != nil || wrong != nil {
			return err
		}
		return s.raise(ctx, tx, actor, &d, res.Helped)
	})
	if err != nil {
		return err
	}
	return wrong
}

func (s *Service) raise(ctx context.Context, tx *db.Tx, actor authz.Actor, d *Deed, helped string) error {
	if err := d.Raise(helped); err != nil {
		return err
	}
	return s.settle(ctx, tx, actor, d, PermProposeOwn, "deed.countersign", i18n.ActivityRaised.In(i18n.ZH))
}

// found loads the deed that a public code stands for: the code is what permits it.
func found(ctx context.Context, q db.Querier, f countersign.Found) (Item, error) {
	d, err := get(ctx, q, authz.System(f.Tenant, "countersign").Scope(PermDecide), f.Subject)
	if err == nil {
		err = d.raisable()
	}
	return d, err
}

// Confirmation is what the person helped is asked, for a public code that was right.
func (s *Service) Confirmation(ctx context.Context, f countersign.Found) (countersign.Confirmation, error) {
	d, err := found(ctx, s.db, f)
	return confirmation(f, d), err
}

func confirmation(f countersign.Found, d Item) countersign.Confirmation {
	return countersign.Confirmation{Kind: f.Kind, Helped: f.Helped, Who: d.MemberName, What: d.Title, Community: d.CommunityName, On: d.OnDate}
}

// ConfirmByHelped confirms a deed with the public code: the person helped enters it themselves. A wrong try counts.
func (s *Service) ConfirmByHelped(ctx context.Context, e countersign.Entered, request string) (c countersign.Confirmation, err error) {
	var wrong error
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		f, err := s.signing.FindTx(ctx, tx, e)
		if wrong = f.Err; err != nil || wrong != nil {
			return err
		}
		d, err := found(ctx, tx, f)
		if err != nil {
			return err
		}
		c = confirmation(f, d)
		if err := s.signing.UseTx(ctx, tx, f); err != nil {
			return err
		}
		return s.raise(ctx, tx, f.Actor(request), &d.Deed, f.Helped)
	})
	if err == nil {
		err = wrong
	}
	return c, err
}

// ObjectByHelped keeps that the person helped says it was not so; the deed stays as it is until the community has looked into it.
func (s *Service) ObjectByHelped(ctx context.Context, e countersign.Entered, words, request string) error {
	var wrong error
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		f, err := s.signing.FindTx(ctx, tx, e)
		if wrong = f.Err; err != nil || wrong != nil {
			return err
		}
		d, err := found(ctx, tx, f)
		if err != nil {
			return err
		}
		if err := s.signing.ObjectTx(ctx, tx, f, words); err != nil {
			return err
		}
		return record(ctx, tx, f.Actor(request), PermProposeOwn, "deed.object", &d.Deed, nil)
	})
	if err == nil {
		err = wrong
	}
	return err
}

// Objection gives what a person helped said against a deed in scope; none has a zero At.
func (s *Service) Objection(ctx context.Context, actor authz.Actor, deed id.ID) (countersign.Objection, error) {
	d, err := s.Get(ctx, actor, deed)
	if err != nil {
		return countersign.Objection{}, err
	}
	return countersign.ObjectionTo(ctx, s.db, actor.Tenant, ledger.SourceDeed, d.ID)
}

// Settle closes an objection with what the community found. A deed that was none is declined or revoked besides.
func (s *Service) Settle(ctx context.Context, actor authz.Actor, deed id.ID, note string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor.Scope(PermDecide), deed)
		if err != nil {
			return err
		}
		if actor.PersonID != 0 && d.PersonID == actor.PersonID {
			return errs.New(errs.Forbidden, i18n.DeedOwn)
		}
		if err := s.signing.SettleTx(ctx, tx, actor, ledger.SourceDeed, d.ID, note); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermDecide, "deed.settle", &d, map[string]any{"note": note})
	})
}
