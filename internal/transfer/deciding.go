package transfer

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
)

// act finds a transfer in sight, lets fn decide on it, saves it, and writes the step and the record. side says who may (PermDecide there).
func (s *Service) act(ctx context.Context, tx *db.Tx, actor authz.Actor, transfer id.ID, version int64, may func(t Transfer) error,
	fn func(t *Transfer, today calendar.Date) (Step, error)) (Transfer, error) {
	t, err := find(ctx, tx, seeing(actor), transfer)
	if err != nil {
		return t, err
	}
	if err := may(t); err != nil {
		return t, err
	}
	if t.Version != version {
		return t, errs.ErrConflict
	}
	step, err := fn(&t, calendar.DateOf(tx.Now()))
	if err != nil {
		return t, err
	}
	if err := save(ctx, tx, actor.Tenant, t); err != nil {
		return t, err
	}
	t.Version++
	if step.Act == "" {
		return t, nil
	}
	if err := insertSteps(ctx, tx, actor, []id.ID{t.ID}, func(int) Step { return step }); err != nil {
		return t, err
	}
	detail := map[string]any{"on": step.On.String()}
	for k, v := range map[string]string{"reason": step.Note, "number": step.DocumentNo, "valid_to": step.ValidTo.String()} {
		if v != "" {
			detail[k] = v
		}
	}
	return t, audit.Record(ctx, tx, actor, entry(step.Act, t, detail))
}

// sends says that the actor decides on the sending side.
func sends(actor authz.Actor) func(Transfer) error {
	return func(t Transfer) error { return actor.Scope(PermDecide).Require(t.Sender()) }
}

// receives says that the actor decides on the receiving side.
func receives(actor authz.Actor) func(Transfer) error {
	return func(t Transfer) error { return actor.Scope(PermDecide).Require(t.Receiver()) }
}

// stands is nil if a transfer is in one of the states, and says in which it is otherwise.
func stands(t Transfer, today calendar.Date, in ...State) error {
	now := t.At(today)
	for _, s := range in {
		if s == now {
			return nil
		}
	}
	if now == Expired {
		return errs.New(errs.Conflict, i18n.TransferIsExpired, t.ValidTo.String())
	}
	return errs.New(errs.Conflict, i18n.TransferIsNow, now.Text())
}

// why checks the reason of an act.
func why(reason *string) error {
	*reason = clean(*reason)
	return need(nil, "reason", *reason, maxReason).OrNil()
}

// Approve agrees on the sending side that the member goes (PermDecide). With a day validTo the letter is issued at once.
func (s *Service) Approve(ctx context.Context, actor authz.Actor, transfer id.ID, version int64, validTo calendar.Date) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		t, err := s.act(ctx, tx, actor, transfer, version, sends(actor), func(t *Transfer, today calendar.Date) (Step, error) {
			if err := stands(*t, today, Requested); err != nil {
				return Step{}, err
			}
			if actor.PersonID != 0 && actor.PersonID == t.PersonID {
				return Step{}, errs.New(errs.Forbidden, i18n.TransferOwn)
			}
			t.Stored = ApprovedOut
			return Step{Act: ActApprove, On: today}, s.stillOpen(ctx, tx, actor.Tenant, *t)
		})
		if err != nil || validTo.IsZero() {
			return err
		}
		return s.issueTx(ctx, tx, actor, transfer, t.Version, validTo)
	})
}

// stillOpen refuses to send a member to a branch that was dissolved in the meantime.
func (s *Service) stillOpen(ctx context.Context, tx *db.Tx, tenant int64, t Transfer) error {
	if t.Direction != Inside {
		return nil
	}
	to, err := branches(ctx, tx, tenant, t.ToID)
	if err != nil {
		return err
	}
	return to[t.ToID].takes()
}

// Refuse refuses on the sending side to let the member go, with a reason (PermDecide).
func (s *Service) Refuse(ctx context.Context, actor authz.Actor, transfer id.ID, version int64, reason string) error {
	if err := why(&reason); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, err := s.act(ctx, tx, actor, transfer, version, sends(actor), func(t *Transfer, today calendar.Date) (Step, error) {
			if err := stands(*t, today, Requested); err != nil {
				return Step{}, err
			}
			t.close(Refused, today, reason)
			return Step{Act: ActRefuse, On: today, Note: reason}, nil
		})
		return err
	})
}

func (t *Transfer) close(s State, on calendar.Date, reason string) {
	t.Stored, t.ClosedOn, t.Reason = s, on, reason
}

// Withdraw takes a transfer back. Before approval whoever asked, or may ask for the member, does so (PermAskOwn, PermStart), and needs no reason;
// afterwards the sending side, with a reason (PermDecide): the letter is then no longer in force.
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, transfer id.ID, version int64, reason string) error {
	reason = clean(reason)
	if err := limit(nil, "reason", reason, maxReason).OrNil(); err != nil {
		return err
	}
	may := func(t Transfer) error {
		if t.Stored == Requested && (actor.Scope(PermAskOwn).CoversPerson(t.PersonID) || actor.Scope(PermStart).Covers(t.Sender())) {
			return nil
		}
		return actor.Scope(PermDecide).Require(t.Sender())
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		t, err := s.act(ctx, tx, actor, transfer, version, may, func(t *Transfer, today calendar.Date) (Step, error) {
			if err := stands(*t, today, Requested, ApprovedOut, InTransit, Expired); err != nil {
				return Step{}, err
			}
			if t.Stored != Requested && reason == "" {
				return Step{}, errs.Field("reason", i18n.ErrRequired)
			}
			t.close(Withdrawn, today, reason)
			return Step{Act: ActWithdraw, On: today, Note: reason}, nil
		})
		if err != nil {
			return err
		}
		return s.revoke(ctx, tx, actor.Tenant, t)
	})
}

// revoke takes the letter of a transfer out of force.
func (s *Service) revoke(ctx context.Context, tx *db.Tx, tenant int64, t Transfer) error {
	if t.Direction == In || t.LetterNo == "" {
		return nil
	}
	return paper.RevokeTx(ctx, tx, tenant, paper.KindTransfer, t.ID, t.Stored.Text().In(i18n.ZH))
}

// Return gives a transfer back on the receiving side, with a reason (PermDecide; MOB-8). The member stays where they were. Of a transfer out of the
// district the sending branch enters what came back.
func (s *Service) Return(ctx context.Context, actor authz.Actor, transfer id.ID, version int64, reason string) error {
	if err := why(&reason); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		t, err := s.act(ctx, tx, actor, transfer, version, receives(actor), func(t *Transfer, today calendar.Date) (Step, error) {
			if err := stands(*t, today, InTransit, Expired); err != nil {
				return Step{}, err
			}
			t.close(Returned, today, reason)
			return Step{Act: ActReturn, On: today, Note: reason}, nil
		})
		if err != nil {
			return err
		}
		return s.revoke(ctx, tx, actor.Tenant, t)
	})
}

// Receive takes the member in on the receiving side (PermDecide): the receipt, with which the relation moves (MOB-8). on is the day of the receipt; zero
// is today. Of a transfer inside the district it is always today. A letter that had expired by that day is refused: it is issued anew first. Of a transfer
// out of the district the sending branch enters the receipt that came back, with its number; the member's record ends on that day.
func (s *Service) Receive(ctx context.Context, actor authz.Actor, transfer id.ID, version int64, on calendar.Date, receiptNo string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		return s.receiveTx(ctx, tx, actor, transfer, version, on, receiptNo)
	})
}

// ReceiveMany takes in several members at once with today's receipt (PermDecide), all or none.
func (s *Service) ReceiveMany(ctx context.Context, actor authz.Actor, transfers []id.ID) error {
	switch {
	case len(transfers) == 0:
		return errs.Field("transfer", i18n.TransferNobody)
	case len(transfers) > MaxMany:
		return errs.Field("transfer", i18n.TransferTooMany, MaxMany)
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		for _, x := range transfers {
			t, err := find(ctx, tx, seeing(actor), x)
			if err != nil {
				return err
			}
			if err := s.receiveTx(ctx, tx, actor, x, t.Version, calendar.Date{}, ""); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) receiveTx(ctx context.Context, tx *db.Tx, actor authz.Actor, transfer id.ID, version int64, on calendar.Date, receiptNo string) error {
	receiptNo = clean(receiptNo)
	t, err := s.act(ctx, tx, actor, transfer, version, receives(actor), func(t *Transfer, today calendar.Date) (Step, error) {
		if on.IsZero() || t.Direction == Inside {
			on = today
		}
		if t.Direction != Out {
			numbers, err := paper.NextTx(ctx, tx, actor.Tenant, paper.KindReceipt, today.Year(), 1)
			if err != nil {
				return Step{}, err
			}
			receiptNo = numbers[0]
		}
		if err := t.receipt(on, today, receiptNo); err != nil {
			return Step{}, err
		}
		return Step{Act: ActReceive, On: on, DocumentNo: receiptNo}, nil
	})
	if err != nil {
		return err
	}
	if err := s.arrive(ctx, tx, actor, &t); err != nil {
		return err
	}
	return s.receiptPaper(ctx, tx, actor, t)
}

// receipt says whether a transfer can be received on a day, and closes it.
func (t *Transfer) receipt(on, today calendar.Date, number string) error {
	if err := stands(*t, on, InTransit); err != nil {
		return err
	}
	var e *errs.Error
	switch {
	case on.After(today):
		e = e.With("on", i18n.MemberDateFuture)
	case on.Before(t.IssuedOn):
		e = e.With("on", i18n.TransferBeforeLetter, t.IssuedOn.String())
	}
	if err := limit(e, "receipt_no", number, maxNumber).OrNil(); err != nil {
		return err
	}
	t.close(Received, on, "")
	t.ReceiptNo = number
	return nil
}

// arrive moves the relation.
func (s *Service) arrive(ctx context.Context, tx *db.Tx, actor authz.Actor, t *Transfer) error {
	switch t.Direction {
	case Inside:
		if err := s.stillOpen(ctx, tx, actor.Tenant, *t); err != nil {
			return err
		}
		return s.members.MoveHomeTx(ctx, tx, actor, t.MemberID, t.FromID, t.ToID, i18n.TransferWhyInside.In(i18n.ZH))
	case Out:
		return s.members.LeaveDistrictTx(ctx, tx, actor, t.MemberID, t.FromID, t.ClosedOn, i18n.TransferWhyOut.In(i18n.ZH, t.Outside))
	}
	m, err := s.members.AdmitTx(ctx, tx, actor, t.ToID, Admission{PersonID: t.PersonID, Standing: t.Standing, JoinedOn: t.JoinedOn, FullOn: t.FullOn,
		Why: i18n.TransferWhyIn.In(i18n.ZH, t.Outside)})
	if err != nil {
		return err
	}
	t.MemberID = m
	_, err = tx.Exec(ctx, "UPDATE transfer SET member_id = $1 WHERE tenant_id = $2 AND id = $3", m, actor.Tenant, t.ID)
	return err
}

// Settle notes on the sending side that a transfer came back (PermDecide): it no longer waits there.
func (s *Service) Settle(ctx context.Context, actor authz.Actor, transfer id.ID, version int64) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, err := s.act(ctx, tx, actor, transfer, version, sends(actor), func(t *Transfer, today calendar.Date) (Step, error) {
			t.SettledAt = db.Micros(tx.Now())
			return Step{}, stands(*t, today, Returned)
		})
		return err
	})
}
