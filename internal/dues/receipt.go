package dues

import (
	"context"
	"strings"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
)

// receipts issues a numbered receipt for each payment. What is hashed is hashed with a key, because an amount could be guessed.
func (s *Service) receipts(ctx context.Context, tx *db.Tx, actor authz.Actor, payments []Payment) error {
	numbers, err := paper.NextTx(ctx, tx, actor.Tenant, paper.KindDues, today(tx).Year(), len(payments))
	if err != nil {
		return err
	}
	papers := make([]paper.NewPaper, len(payments))
	for i, p := range payments {
		papers[i] = paper.NewPaper{Kind: paper.KindDues, SubjectID: p.ID, Number: numbers[i], ContentHash: s.digest(p), By: actor.AccountID}
	}
	return paper.IssueManyTx(ctx, tx, actor.Tenant, papers)
}

func (s *Service) digest(p Payment) string {
	return s.ring.Index("dues_receipt", strings.Join([]string{p.ID.String(), p.MemberID.String(), string(p.Kind), p.From.String(), p.To.String(), amount(p.Amount), p.PaidOn.String()}, "\x1f"))
}

// Receipt is what is printed of a payment.
type Receipt struct {
	Payment
	Name   string
	Branch string
	Months []Entry
}

// ReceiptOf gives a receipt to the member (PermOwn) or to who keeps the dues (PermKeep). A payment that was taken back has none.
func (s *Service) ReceiptOf(ctx context.Context, actor authz.Actor, payment id.ID) (Receipt, error) {
	var out Receipt
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := s.payment(ctx, tx, actor.Tenant, payment)
		if err != nil {
			return err
		}
		m, err := ownMember(ctx, tx, actor)
		if err != nil || m.ID != p.MemberID {
			if m, err = keptMember(ctx, tx, actor, p.MemberID); err != nil {
				return err
			}
			if err := looks(ctx, tx, actor, PermKeep, FieldAmount, Purpose, "", []Member{m}); err != nil {
				return err
			}
		}
		if p.Kind == Counter || p.Taken {
			return errs.New(errs.Conflict, i18n.DuesNoReceipt)
		}
		out = Receipt{Payment: p, Name: m.Name}
		if out.Branch, err = db.Value[string](ctx, tx, `SELECT CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2`, actor.Tenant, p.BranchID); err != nil {
			return err
		}
		out.Months, err = s.entriesOf(ctx, tx, actor.Tenant, p.ID)
		return err
	})
	return out, err
}
