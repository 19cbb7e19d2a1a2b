package transfer

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/seal"
)

// Letter is what a letter of transfer says (组织关系介绍信).
type Letter struct {
	Number        string
	From, To      string // full names
	Address       string // of an organisation outside
	Name          string
	Sex, Ethnic   string // codes
	Born          string
	IDMask        string
	Standing      string
	Issued, Until string
}

// fields are the parts of a letter in their order; none of them holds a line break.
func (l *Letter) fields() []*string {
	return []*string{&l.Number, &l.From, &l.To, &l.Address, &l.Name, &l.Sex, &l.Ethnic, &l.Born, &l.IDMask, &l.Standing, &l.Issued, &l.Until}
}

// Receipt is what the receipt says (回执).
type Receipt struct {
	Number, LetterNo, From, To, Name, On string
}

func (r *Receipt) fields() []*string {
	return []*string{&r.Number, &r.LetterNo, &r.From, &r.To, &r.Name, &r.On}
}

func joined(fields []*string) string {
	all := make([]string, len(fields))
	for i, f := range fields {
		all[i] = *f
	}
	return strings.Join(all, "\n")
}

func part(text string, fields []*string) error {
	all := strings.Split(text, "\n")
	if len(all) != len(fields) {
		return fmt.Errorf("a paper of %d lines instead of %d", len(all), len(fields))
	}
	for i, f := range fields {
		*f = all[i]
	}
	return nil
}

// text is the letter as it is stored and hashed; empty for none.
func (l Letter) text() string {
	if l.Number == "" {
		return ""
	}
	return joined(l.fields())
}

// letters issues the letters of transfers that are about to be written.
func (s *Service) letters(ctx context.Context, tx *db.Tx, actor authz.Actor, put []fresh, validTo calendar.Date) error {
	today := calendar.DateOf(tx.Now())
	days, err := Days.On(ctx, tx, actor.Tenant, today)
	if err != nil {
		return err
	}
	if err := validity("valid_to", today, validTo, today, days); err != nil {
		return err
	}
	numbers, err := paper.NextTx(ctx, tx, actor.Tenant, paper.KindTransfer, today.Year(), len(put))
	if err != nil {
		return err
	}
	persons, orgs := make([]id.ID, len(put)), make([]id.ID, 0, 2*len(put))
	for i, p := range put {
		persons[i] = p.PersonID
		orgs = append(orgs, p.FromID, p.ToID)
	}
	who, err := portraits(ctx, tx, actor.Tenant, persons...)
	if err != nil {
		return err
	}
	where, err := branches(ctx, tx, actor.Tenant, orgs...)
	if err != nil {
		return err
	}
	for i := range put {
		p := &put[i]
		p.Stored, p.LetterNo, p.IssuedOn, p.ValidTo = InTransit, numbers[i], today, validTo
		p.letter = letterOf(p.Transfer, who[p.PersonID], where)
	}
	return nil
}

func letterOf(t Transfer, who portrait, where map[id.ID]branch) Letter {
	l := Letter{Number: t.LetterNo, From: where[t.FromID].Name, To: t.Outside, Address: t.Address, Name: who.Name, Sex: who.Sex, Ethnic: who.Ethnic,
		IDMask: who.IDMask, Standing: who.Standing, Issued: t.IssuedOn.String(), Until: t.ValidTo.String()}
	if t.Direction == Inside {
		l.To = where[t.ToID].Name
	}
	if !who.BornOn.IsZero() {
		l.Born = who.BornOn.String()
	}
	return l
}

// issuePapers registers the letters of transfers.
func issuePapers(ctx context.Context, tx *db.Tx, actor authz.Actor, put []fresh) error {
	papers := make([]paper.NewPaper, len(put))
	for i, p := range put {
		papers[i] = paper.NewPaper{Kind: paper.KindTransfer, SubjectID: p.ID, Number: p.LetterNo, ContentHash: seal.Hash([]byte(p.letter.text())), ValidTo: p.ValidTo, By: actor.AccountID}
	}
	return paper.IssueManyTx(ctx, tx, actor.Tenant, papers)
}

// Limit is for how many days a letter issued today is valid at most (MOB-7).
func (s *Service) Limit(ctx context.Context, actor authz.Actor) (int64, error) {
	return Days.On(ctx, s.db, actor.Tenant, s.Today())
}

// Issue issues the letter of a transfer that was approved, or a new one in the place of a letter that has expired or was lost (PermDecide on the sending
// side; MOB-7). validTo is its last day, at most Days days from today.
func (s *Service) Issue(ctx context.Context, actor authz.Actor, transfer id.ID, version int64, validTo calendar.Date) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error { return s.issueTx(ctx, tx, actor, transfer, version, validTo) })
}

func (s *Service) issueTx(ctx context.Context, tx *db.Tx, actor authz.Actor, transfer id.ID, version int64, validTo calendar.Date) error {
	var put []fresh
	t, err := s.act(ctx, tx, actor, transfer, version, sends(actor), func(t *Transfer, today calendar.Date) (Step, error) {
		if t.Direction == In {
			return Step{}, errs.New(errs.Conflict, i18n.TransferOwnLetter)
		}
		if err := stands(*t, today, ApprovedOut, InTransit, Expired); err != nil {
			return Step{}, err
		}
		if err := s.stillOpen(ctx, tx, actor.Tenant, *t); err != nil {
			return Step{}, err
		}
		put = []fresh{{Transfer: *t}}
		if err := s.letters(ctx, tx, actor, put, validTo); err != nil {
			return Step{}, err
		}
		*t = put[0].Transfer
		return Step{Act: ActIssue, On: today, ValidTo: t.ValidTo, DocumentNo: t.LetterNo}, nil
	})
	if err != nil {
		return err
	}
	if err := paper.RevokeTx(ctx, tx, actor.Tenant, paper.KindTransfer, t.ID, i18n.TransferLetterAnew.In(i18n.ZH)); err != nil {
		return err
	}
	if err := keepText(ctx, tx, actor.Tenant, "letter", t.ID, put[0].letter.text()); err != nil {
		return err
	}
	return issuePapers(ctx, tx, actor, put)
}

// Renew enters the new letter of somebody from outside whose letter has expired (PermDecide).
func (s *Service) Renew(ctx context.Context, actor authz.Actor, transfer id.ID, version int64, number string, issued, validTo calendar.Date) error {
	number = clean(number)
	if err := need(nil, "letter_no", number, maxNumber).OrNil(); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, err := s.act(ctx, tx, actor, transfer, version, sends(actor), func(t *Transfer, today calendar.Date) (Step, error) {
			switch {
			case t.Direction != In:
				return Step{}, errs.New(errs.Conflict, i18n.TransferOwnLetter)
			case issued.IsZero():
				return Step{}, errs.Field("issued_on", i18n.ErrRequired)
			case issued.After(today):
				return Step{}, errs.Field("issued_on", i18n.MemberDateFuture)
			}
			if err := stands(*t, today, Expired); err != nil {
				return Step{}, err
			}
			days, err := Days.On(ctx, tx, actor.Tenant, issued)
			if err != nil {
				return Step{}, err
			}
			if err := validity("valid_to", issued, validTo, today, days); err != nil {
				return Step{}, err
			}
			t.LetterNo, t.IssuedOn, t.ValidTo = number, issued, validTo
			return Step{Act: ActIssue, On: today, ValidTo: validTo, DocumentNo: number}, nil
		})
		return err
	})
}

// receiptPaper registers the receipt of a transfer that was received in the district; of one that went out the other side made it.
func (s *Service) receiptPaper(ctx context.Context, tx *db.Tx, actor authz.Actor, t Transfer) error {
	if t.Direction == Out {
		return nil
	}
	where, err := branches(ctx, tx, actor.Tenant, t.FromID, t.ToID)
	if err != nil {
		return err
	}
	who, err := portraits(ctx, tx, actor.Tenant, t.PersonID)
	if err != nil {
		return err
	}
	r := Receipt{Number: t.ReceiptNo, LetterNo: t.LetterNo, From: t.Outside, To: where[t.ToID].Name, Name: who[t.PersonID].Name, On: t.ClosedOn.String()}
	if t.Direction == Inside {
		r.From = where[t.FromID].Name
	}
	text := joined(r.fields())
	if err := keepText(ctx, tx, actor.Tenant, "receipt", t.ID, text); err != nil {
		return err
	}
	_, err = paper.IssueTx(ctx, tx, actor.Tenant, paper.NewPaper{Kind: paper.KindReceipt, SubjectID: t.ID, Number: t.ReceiptNo, ContentHash: seal.Hash([]byte(text)), By: actor.AccountID})
	return err
}

// Printed is a paper of a transfer, ready to be printed.
type Printed struct {
	Paper   paper.Paper
	Letter  Letter  // of a letter
	Receipt Receipt // of a receipt
}

// LetterOf gives the letter in force of a transfer in sight; NotFound if there is none.
func (s *Service) LetterOf(ctx context.Context, actor authz.Actor, transfer id.ID) (Printed, error) {
	var out Printed
	text, p, err := s.printed(ctx, actor, transfer, "letter", paper.KindTransfer)
	if err != nil {
		return out, err
	}
	out.Paper = p
	return out, part(text, out.Letter.fields())
}

// ReceiptOf gives the receipt of a transfer in sight that was received in the district; NotFound if there is none.
func (s *Service) ReceiptOf(ctx context.Context, actor authz.Actor, transfer id.ID) (Printed, error) {
	var out Printed
	text, p, err := s.printed(ctx, actor, transfer, "receipt", paper.KindReceipt)
	if err != nil {
		return out, err
	}
	out.Paper = p
	return out, part(text, out.Receipt.fields())
}

func (s *Service) printed(ctx context.Context, actor authz.Actor, transfer id.ID, column, kind string) (string, paper.Paper, error) {
	var text string
	var p paper.Paper
	err := s.db.View(ctx, func(tx *db.Tx) error {
		t, err := find(ctx, tx, seeing(actor), transfer)
		if err != nil {
			return err
		}
		if text, err = textOf(ctx, tx, actor.Tenant, column, t.ID); err != nil {
			return err
		}
		all, err := paper.About(ctx, tx, actor.Tenant, kind, t.ID)
		if err != nil {
			return err
		}
		for _, x := range all {
			if x.RevokedAt.IsZero() && x.ContentHash == seal.Hash([]byte(text)) {
				p = x
				return nil
			}
		}
		return errs.ErrNotFound
	})
	return text, p, err
}
