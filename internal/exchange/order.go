package exchange

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/reference"
)

// Orders are the orders of the love bank from which needs are made.
type Orders interface {
	// NeedOverTx says that the need of an order is over: the help came, so many minutes of it, or it did not; what was spent for what did not come returns. Where 0 minutes came nobody counted them. An
	// order that is over stays as it is.
	NeedOverTx(ctx context.Context, tx *db.Tx, actor authz.Actor, order id.ID, came bool, minutes int64) error
	// NeedCorrectedTx says that help which was confirmed is corrected from so many minutes in all to so many: what was spent for what was less returns.
	NeedCorrectedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, order id.ID, was, minutes int64) error
}

// WithOrders connects the love bank. The composition root calls it once.
func (s *Service) WithOrders(o Orders) *Service {
	s.orders = o
	return s
}

// Redeemed is help that somebody redeemed at the love bank: what it is stands in the catalogue, and is public; what they say of it is not.
type Redeemed struct {
	Order       id.ID
	CommunityID id.ID
	PersonID    id.ID
	Title       string // of the catalogue
	Detail      string
	Minutes     int64
	Name        string
	Words       string // when it suits, and what to mind; optional
	Place       string
	Phone       string
	Share       bool // whoever comes may see who they are
}

// RedeemTx makes a need of an order, and gives its last day. It checks no permission: the love bank has found the account. It is open at once, because what is public of it stands in the catalogue of the
// community already; a number there is masked.
func (s *Service) RedeemTx(ctx context.Context, tx *db.Tx, actor authz.Actor, in Redeemed) (made id.ID, until calendar.Date, err error) {
	w := Asking{Kind: People, Body: in.Words, CommunityID: in.CommunityID, Place: in.Place, Wanted: 1, Minutes: in.Minutes, Name: in.Name, Phone: in.Phone, PersonID: in.PersonID, enteredBy: actor.AccountID}
	if w.Body == "" {
		w.Body = in.Title
	}
	if err := w.check(calendar.DateOf(tx.Now())); err != nil {
		return 0, until, err
	}
	if err := findCommunity(ctx, tx, actor.Tenant, w.CommunityID); err != nil {
		return 0, until, err
	}
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Person, w.PersonID); err != nil {
		return 0, until, err
	}
	if err := reference.Require(ctx, tx, actor.Tenant, reference.BankOrder, in.Order); err != nil {
		return 0, until, err
	}
	n := Need{tenant: actor.Tenant, ID: id.New(), No: paper.NewNo("X", tx.Now()), Kind: w.Kind, CommunityID: w.CommunityID, Place: w.Place, Wanted: 1, Minutes: w.Minutes, DueOn: w.DueOn, Channel: ByBank, PersonID: w.PersonID,
		OrderID: in.Order, Share: in.Share, State: Asked, ReceivedAt: tx.Now(), Version: 1}
	_, n.Flagged = Mask(w.Body)
	n.Title, _ = firstLine(in.Title)
	n.Words, _ = Mask(in.Detail)
	if r := []rune(n.Words); len(r) > MaxWords {
		n.Words = string(r[:MaxWords])
	}
	if err := n.approve(tx.Now()); err != nil {
		return 0, until, err
	}
	if err := s.insert(ctx, tx, &n, w, w.Body, ""); err != nil {
		return 0, until, err
	}
	if err := s.insertEntry(ctx, tx, actor, &n, step{act: ActRedeem}); err != nil {
		return 0, until, err
	}
	return n.ID, n.DueOn, record(ctx, tx, actor, "", "redeem", &n, map[string]any{"order": in.Order})
}

// EndOrderTx ends the need of an order that is cancelled, or that nobody met in time (late). Help that was delivered must be confirmed or given back before. It checks no permission.
func (s *Service) EndOrderTx(ctx context.Context, tx *db.Tx, actor authz.Actor, order id.ID, late bool) error {
	r, err := db.One(ctx, tx, (*row).dest, "SELECT "+needColumns+needJoined+"n.tenant_id = $1 AND n.order_id = $2 AND n.order_id <> 0", actor.Tenant, order)
	if err != nil {
		return err
	}
	if r.State.Over() { // it was emptied when its time was over, and nobody told the bank
		return s.tellOrder(ctx, tx, actor, &r.Need)
	}
	return s.apply(ctx, tx, actor, "", r, 0, func(tx *db.Tx, n *Need) (step, error) {
		if !n.State.Going() {
			return step{}, errs.New(errs.Conflict, i18n.ExchangeCannot, n.State.Text())
		}
		if err := s.freePledges(ctx, tx, actor, n); err != nil {
			return step{}, err
		}
		n.EndedAt = tx.Now()
		if late {
			n.State, n.Outcome = Done, Nobody
			return step{act: ActEnd, open: true}, nil
		}
		n.State = Withdrawn
		n.unsay()
		return step{act: ActWithdraw, open: true}, nil
	})
}

// freePledges ends the pledges of a need that is taken back; help that was delivered stands against it.
func (s *Service) freePledges(ctx context.Context, tx *db.Tx, actor authz.Actor, n *Need) error {
	list, err := s.standing(ctx, tx, n.tenant, n.ID)
	if err != nil {
		return err
	}
	for i := range list {
		switch list[i].State {
		case Brought, Confirmed:
			return errs.New(errs.Conflict, i18n.ExchangeConfirmFirst, list[i].called())
		case Pledged, Agreed:
			if err := s.dropPledge(ctx, tx, actor, n, &list[i], TakenBack); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellOrder says to the love bank that the need of an order is over.
func (s *Service) tellOrder(ctx context.Context, tx *db.Tx, actor authz.Actor, n *Need) error {
	if n.OrderID == 0 || !n.State.Over() || s.orders == nil {
		return nil
	}
	came := n.State == Done && (n.Outcome == Met || n.Outcome == Partly)
	minutes, err := counted(ctx, tx, n)
	if err != nil {
		return err
	}
	return s.orders.NeedOverTx(ctx, tx, actor, n.OrderID, came, minutes)
}

// tellCorrected says to the love bank by how many minutes help of an order was corrected.
func (s *Service) tellCorrected(ctx context.Context, tx *db.Tx, actor authz.Actor, n *Need, less int64) error {
	if n.OrderID == 0 || s.orders == nil {
		return nil
	}
	minutes, err := counted(ctx, tx, n)
	if err != nil {
		return err
	}
	return s.orders.NeedCorrectedTx(ctx, tx, actor, n.OrderID, minutes+less, minutes)
}

// counted are the minutes of help with a need that were confirmed.
func counted(ctx context.Context, q db.Querier, n *Need) (int64, error) {
	return db.Value[int64](ctx, q, `SELECT CAST(coalesce(sum(h.minutes), 0) AS BIGINT) FROM need_help h WHERE h.tenant_id = $1 AND h.need_id = $2 AND h.counted = TRUE`, n.tenant, n.ID)
}
