package activity

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/countersign"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
)

// Countersign enters the code of the person helped and raises the proof of the hours from vouched to counter-signed. It may be
// entered by the member whose hours they are or by staff. A wrong try counts.
func (s *Service) Countersign(ctx context.Context, actor authz.Actor, attendance id.ID, code string) error {
	var wrong error
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, t, err := loadAttendance(ctx, tx, holding(actor).Or(actor.Scope(PermSignOwn)), attendance)
		if err != nil {
			return err
		}
		if err := t.raisable(); err != nil {
			return err
		}
		res, err := s.signing.RedeemTx(ctx, tx, actor, ledger.SourceAttendance, t.ID, code)
		if wrong = res.Err; err != nil || wrong != nil {
			return err
		}
		return s.raise(ctx, tx, actor, &a, &t, res.Helped)
	})
	if err != nil {
		return err
	}
	return wrong
}

// raise makes the proof of an attendance counter-signed, in the ledger too.
func (s *Service) raise(ctx context.Context, tx *db.Tx, actor authz.Actor, a *Activity, t *Attendance, helped string) error {
	t.Proof, t.HelpedName = ledger.Countersigned, helped
	if err := saveAttendance(ctx, tx, actor.Tenant, t); err != nil {
		return err
	}
	reason := i18n.ActivityRaised.In(i18n.ZH)
	if err := s.ledger.ReverseSourceTx(ctx, tx, actor, ledger.SourceAttendance, t.ID, ledger.Hours, reason); err != nil {
		return err
	}
	if p, ok := t.posting(a, reason); ok {
		if _, err := s.ledger.PostTx(ctx, tx, actor, p); err != nil {
			return err
		}
	}
	return record(ctx, tx, actor, PermSignOwn, "attendance.countersign", t, nil)
}

// found loads the attendance that a public code stands for: the code is what permits it.
func found(ctx context.Context, q db.Querier, f countersign.Found) (Activity, Attendance, error) {
	a, t, err := loadAttendance(ctx, q, authz.System(f.Tenant, "countersign").Scope(PermHold), f.Subject)
	if err == nil {
		err = t.raisable()
	}
	return a, t, err
}

// Confirmation is what the person helped is asked, for a public code that was right.
func (s *Service) Confirmation(ctx context.Context, f countersign.Found) (c countersign.Confirmation, err error) {
	err = s.db.View(ctx, func(tx *db.Tx) error {
		c, err = confirmation(ctx, tx, f)
		return err
	})
	return c, err
}

func confirmation(ctx context.Context, tx *db.Tx, f countersign.Found) (countersign.Confirmation, error) {
	a, t, err := found(ctx, tx, f)
	if err != nil {
		return countersign.Confirmation{}, err
	}
	c := countersign.Confirmation{Kind: f.Kind, Helped: f.Helped, What: a.Title, Place: a.Place, On: calendar.DateOf(t.InAt), From: t.InAt, To: t.OutAt, Minutes: t.Minutes}
	c.Who, c.Community, err = names(ctx, tx, f.Tenant, t.MemberID, a.CommunityID)
	return c, err
}

// ConfirmByHelped confirms hours with the public code: the person helped enters it themselves. A wrong try counts.
func (s *Service) ConfirmByHelped(ctx context.Context, e countersign.Entered, request string) (c countersign.Confirmation, err error) {
	var wrong error
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		f, err := s.signing.FindTx(ctx, tx, e)
		if wrong = f.Err; err != nil || wrong != nil {
			return err
		}
		if c, err = confirmation(ctx, tx, f); err != nil {
			return err
		}
		if err := s.signing.UseTx(ctx, tx, f); err != nil {
			return err
		}
		a, t, err := found(ctx, tx, f)
		if err != nil {
			return err
		}
		return s.raise(ctx, tx, f.Actor(request), &a, &t, f.Helped)
	})
	if err == nil {
		err = wrong
	}
	return c, err
}

// ObjectByHelped keeps that the person helped says it was not so. The hours stay as they are, vouched for by the organiser, until the
// community has looked into it (Settle).
func (s *Service) ObjectByHelped(ctx context.Context, e countersign.Entered, words, request string) error {
	var wrong error
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		f, err := s.signing.FindTx(ctx, tx, e)
		if wrong = f.Err; err != nil || wrong != nil {
			return err
		}
		_, t, err := found(ctx, tx, f)
		if err != nil {
			return err
		}
		if err := s.signing.ObjectTx(ctx, tx, f, words); err != nil {
			return err
		}
		return record(ctx, tx, f.Actor(request), PermSignOwn, "attendance.object", &t, nil)
	})
	if err == nil {
		err = wrong
	}
	return err
}

// Objection gives what a person helped said against an attendance in scope; none has a zero At.
func (s *Service) Objection(ctx context.Context, actor authz.Actor, attendance id.ID) (countersign.Objection, error) {
	t, err := s.Attendance(ctx, actor, attendance)
	if err != nil {
		return countersign.Objection{}, err
	}
	return countersign.ObjectionTo(ctx, s.db, actor.Tenant, ledger.SourceAttendance, t.ID)
}

// Settle closes an objection with what the community found. A record that is wrong is corrected or voided besides.
func (s *Service) Settle(ctx context.Context, actor authz.Actor, attendance id.ID, note string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, t, err := loadAttendance(ctx, tx, holding(actor), attendance)
		if err != nil {
			return err
		}
		if err := notOwn(actor, t.PersonID); err != nil {
			return err
		}
		if err := s.signing.SettleTx(ctx, tx, actor, ledger.SourceAttendance, t.ID, note); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermHold, "attendance.settle", &t, map[string]any{"note": note})
	})
}

// names gives the name of a member and of a community, for a public page.
func names(ctx context.Context, q db.Querier, tenant int64, member, community id.ID) (who, where string, err error) {
	err = q.QueryRow(ctx, `SELECT coalesce((SELECT name FROM member WHERE tenant_id = $1 AND id = $2), ''), coalesce((SELECT name FROM organisation WHERE tenant_id = $1 AND id = $3), '')`,
		tenant, member, community).Scan(&who, &where)
	return who, where, err
}
