package lovebank

import (
	"context"
	"crypto/rand"
	"math/big"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// codeSigns are the signs of a code that is read out at the counter; none is mistaken for another.
const codeSigns = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

const codeLength = 8

// newCode makes the code of an order. Only staff of the community can use it, so it is short.
func newCode() string {
	var out strings.Builder
	for range codeLength {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(codeSigns))))
		if err != nil {
			panic(err) // never since Go 1.24
		}
		out.WriteByte(codeSigns[n.Int64()])
	}
	return out.String()
}

// tidyCode reads a code as people type it.
func tidyCode(typed string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\u3000", "").Replace(strings.TrimSpace(typed)))
}

func balanceOf(kind Kind) string {
	return `coalesce((SELECT s.balance FROM bank_account s WHERE s.tenant_id = i.tenant_id AND s.item_id = i.id AND s.item_id <> 0 AND s.kind = '` + string(kind) + `'), 0)`
}

var itemColumns = `i.id, i.community_id, ` + reference.Label("c") + `, i.org_id, ` + reference.Label("g") + `, i.kind, i.title, i.detail, i.unit, i.price, i.who, i.last_on, CASE WHEN i.ended_at <> 0 THEN TRUE ELSE FALSE END, ` +
	balanceOf(Stock) + `, ` + balanceOf(Reserved) + `, ` + balanceOf(Given) + `, i.version`

const itemJoined = ` FROM bank_item i
	LEFT JOIN organisation c ON c.tenant_id = i.tenant_id AND c.id = i.community_id
	LEFT JOIN organisation g ON g.tenant_id = i.tenant_id AND g.id = i.org_id AND i.org_id <> 0
	WHERE `

func (i *Item) dest() []any {
	return []any{&i.ID, &i.CommunityID, &i.Community, &i.OrgID, &i.Giver, &i.Kind, &i.Title, &i.Detail, &i.Unit, &i.Price, &i.Who, &i.LastOn, &i.Ended, &i.Stock, &i.Reserved, &i.Given, &i.Version}
}

var itemScope = authz.Columns{Tenant: "i.tenant_id", Orgs: []string{"i.community_id"}}

func itemOf(ctx context.Context, q db.Querier, tenant int64, item id.ID) (Item, error) {
	return db.One(ctx, q, (*Item).dest, "SELECT "+itemColumns+itemJoined+"i.tenant_id = $1 AND i.id = $2", tenant, item)
}

func findItem(ctx context.Context, q db.Querier, scope authz.Scope, item id.ID) (Item, error) {
	a := &db.Args{}
	where := scope.Where(a, itemScope) + " AND i.id = " + a.Add(item)
	return db.One(ctx, q, (*Item).dest, "SELECT "+itemColumns+itemJoined+where, a.Values()...)
}

// AddItem puts something into the catalogue of a community in scope (PermKeep), with what there is of it.
func (s *Service) AddItem(ctx context.Context, actor authz.Actor, in NewItem) (made id.ID, err error) {
	if e := in.check(calendar.DateOf(s.db.Now())); e != nil {
		return 0, e
	}
	if err := actor.Scope(PermKeep).Require(in.CommunityID); err != nil {
		return 0, err
	}
	return made, s.db.WithTx(ctx, func(tx *db.Tx) error {
		made, err = s.addItem(ctx, tx, actor, in)
		return err
	})
}

func (s *Service) addItem(ctx context.Context, tx *db.Tx, actor authz.Actor, in NewItem) (id.ID, error) {
	if err := findCommunity(ctx, tx, actor.Tenant, in.CommunityID); err != nil {
		return 0, err
	}
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, in.OrgID); err != nil {
		return 0, err
	}
	i := id.New()
	if _, err := tx.Exec(ctx, `INSERT INTO bank_item (tenant_id, id, community_id, org_id, kind, title, title_key, detail, unit, price, who, last_on, created_by, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`,
		actor.Tenant, i, in.CommunityID, in.OrgID, in.Kind, in.Title, gram.Key(in.Title), in.Detail, in.Unit, in.Price, in.Who, in.LastOn.String(), actor.AccountID, db.Micros(tx.Now())); err != nil {
		return 0, err
	}
	if in.Stock > 0 {
		if err := restock(ctx, tx, actor, Supplied, Item{ID: i, CommunityID: in.CommunityID, OrgID: in.OrgID}, in.Stock, "", ""); err != nil {
			return 0, err
		}
	}
	return i, recordItem(ctx, tx, actor, "item", Item{ID: i, CommunityID: in.CommunityID, Title: in.Title}, map[string]any{"title": in.Title, "price": in.Price, "stock": in.Stock})
}

// restock puts pieces into the stock, or takes them out: they come from, or return to, who gave the item.
func restock(ctx context.Context, tx *db.Tx, actor authz.Actor, act Act, i Item, n int64, reason, key string) error {
	from, err := own(ctx, tx, actor.Tenant, i.CommunityID, Supply, i.ID, i.OrgID)
	if err != nil {
		return err
	}
	stock, err := own(ctx, tx, actor.Tenant, i.CommunityID, Stock, i.ID, 0)
	if err != nil {
		return err
	}
	return post(ctx, tx, actor, &journal{act: act, community: i.CommunityID, source: SourceItem, sourceID: i.ID, on: calendar.DateOf(tx.Now()), reason: reason, key: key}, &entry{of: from, amount: -n}, &entry{of: stock, amount: n})
}

func recordItem(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, i Item, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "lovebank." + act, Permission: PermKeep, SubjectKind: "bank_item", SubjectID: i.ID, OrgID: i.CommunityID, Detail: detail})
}

// EditItem changes an item (PermKeep). What is ordered already stays at its price.
func (s *Service) EditItem(ctx context.Context, actor authz.Actor, item id.ID, version int64, in NewItem) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		i, err := findItem(ctx, tx, actor.Scope(PermKeep), item)
		if err != nil {
			return err
		}
		today := calendar.DateOf(tx.Now())
		least := today
		if i.LastOn.Before(today) && in.LastOn.Equal(i.LastOn) { // its day is over, and stays as it is
			least = i.LastOn
		}
		if e := in.check(least); e != nil {
			return e
		}
		if err := tx.Update(ctx, `UPDATE bank_item SET kind = $1, title = $2, title_key = $3, detail = $4, unit = $5, price = $6, who = $7, last_on = $8, version = version + 1
			WHERE tenant_id = $9 AND id = $10 AND version = $11`, in.Kind, in.Title, gram.Key(in.Title), in.Detail, in.Unit, in.Price, in.Who, in.LastOn.String(), actor.Tenant, item, version); err != nil {
			return err
		}
		return recordItem(ctx, tx, actor, "item_edit", i, map[string]any{"title": in.Title, "price": in.Price})
	})
}

// EndItem takes an item out of the catalogue, or puts it back (PermKeep). What is ordered is still handed over.
func (s *Service) EndItem(ctx context.Context, actor authz.Actor, item id.ID, version int64, back bool) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		i, err := findItem(ctx, tx, actor.Scope(PermKeep), item)
		if err != nil {
			return err
		}
		var at int64
		if !back {
			at = db.Micros(tx.Now())
		}
		if err := tx.Update(ctx, `UPDATE bank_item SET ended_at = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, at, actor.Tenant, item, version); err != nil {
			return err
		}
		return recordItem(ctx, tx, actor, "item_end", i, map[string]any{"back": back})
	})
}

// Count changes the stock of an item by a number of pieces (PermKeep): what came in, or, below zero and with the reason, what is gone or spoilt. key names one
// sending of the form.
func (s *Service) Count(ctx context.Context, actor authz.Actor, item id.ID, change int64, reason, key string) error {
	e := errs.Words(nil, "reason", &reason, MaxReason, change < 0)
	if change == 0 || change > MaxAmount || change < -MaxAmount {
		e = e.With("change", i18n.BankChange)
	}
	if e != nil {
		return e
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		i, err := findItem(ctx, tx, actor.Scope(PermKeep), item)
		if err != nil {
			return err
		}
		if first, err := sent(ctx, tx, actor.Tenant, key); err != nil || first != 0 {
			return err
		}
		act := Supplied
		if change < 0 {
			act = Counted
			if i.Stock+change < 0 {
				return errs.Field("change", i18n.BankStockShort, i.Stock)
			}
		}
		if err := restock(ctx, tx, actor, act, i, change, reason, key); err != nil {
			return err
		}
		return recordItem(ctx, tx, actor, "count", i, map[string]any{"change": change})
	})
}

// Donation is what a firm offers to give.
type Donation struct {
	ID          id.ID
	OrgID       id.ID
	Org         string
	CommunityID id.ID
	Community   string
	Title       string
	Detail      string
	Amount      int64
	Unit        string
	LastOn      calendar.Date
	State       DonationState
	Answer      string
	ItemID      id.ID
	Left        int64 // in stock
	Reserved    int64
	Given       int64 // handed over
	Warned      bool  // it was past the soft limit, and they offered it all the same
	Version     int64
}

var donationColumns = `d.id, d.org_id, ` + reference.Label("g") + `, d.community_id, ` + reference.Label("c") + `, d.title, d.detail, d.amount, d.unit, d.last_on, d.state, d.answer, d.item_id, ` +
	strings.ReplaceAll(balanceOf(Stock)+", "+balanceOf(Reserved)+", "+balanceOf(Given), "i.tenant_id AND s.item_id = i.id", "d.tenant_id AND s.item_id = d.item_id") + `, d.warned, d.version`

const donationJoined = ` FROM bank_donation d
	LEFT JOIN organisation c ON c.tenant_id = d.tenant_id AND c.id = d.community_id
	LEFT JOIN organisation g ON g.tenant_id = d.tenant_id AND g.id = d.org_id
	WHERE `

func (d *Donation) dest() []any {
	return []any{&d.ID, &d.OrgID, &d.Org, &d.CommunityID, &d.Community, &d.Title, &d.Detail, &d.Amount, &d.Unit, &d.LastOn, &d.State, &d.Answer, &d.ItemID, &d.Left, &d.Reserved, &d.Given, &d.Warned, &d.Version}
}

// donationScope is where a donation belongs for those who see the bank of its community, and for those who speak for its firm.
func donationScope(a *db.Args, actor authz.Actor) string {
	desk := actor.Scope(PermSee).Where(a, authz.Columns{Tenant: "d.tenant_id", Orgs: []string{"d.community_id"}})
	firm := actor.Scope(PermOffer).Where(a, authz.Columns{Tenant: "d.tenant_id", Orgs: []string{"d.org_id"}})
	return "(" + desk + " OR " + firm + ")"
}

func findDonation(ctx context.Context, q db.Querier, scope authz.Scope, column string, donation id.ID) (Donation, error) {
	a := &db.Args{}
	where := scope.Where(a, authz.Columns{Tenant: "d.tenant_id", Orgs: []string{column}}) + " AND d.id = " + a.Add(donation)
	return db.One(ctx, q, (*Donation).dest, "SELECT "+donationColumns+donationJoined+where, a.Values()...)
}

// NewDonation is a donation as it is offered.
type NewDonation struct {
	OrgID       id.ID
	CommunityID id.ID
	Title       string
	Detail      string
	Amount      int64
	Unit        string
	LastOn      calendar.Date
	Sure        bool // they were told that it is much for a month, and offer it all the same
}

// Offer offers goods of an organisation in scope to a community (PermOffer).
func (s *Service) Offer(ctx context.Context, actor authz.Actor, in NewDonation) (made id.ID, err error) {
	today := calendar.DateOf(s.db.Now())
	e := errs.Words(nil, "title", &in.Title, MaxTitle, true)
	e = errs.Words(e, "detail", &in.Detail, MaxDetail, false)
	e = errs.Words(e, "unit", &in.Unit, MaxUnit, false)
	if in.Amount < 1 || in.Amount > MaxAmount {
		e = e.With("amount", i18n.BankAmount)
	}
	if in.CommunityID == 0 {
		e = e.With("community", i18n.ErrRequired)
	}
	if in.LastOn.IsZero() {
		in.LastOn = today.AddYears(1)
	} else if in.LastOn.Before(today) {
		e = e.With("last_on", i18n.BankPast)
	}
	if e != nil {
		return 0, e
	}
	if err := actor.Scope(PermOffer).Require(in.OrgID); err != nil {
		return 0, err
	}
	return made, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := findCommunity(ctx, tx, actor.Tenant, in.CommunityID); err != nil {
			return err
		}
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, in.OrgID); err != nil {
			return err
		}
		warned, err := pledgeLimit(ctx, tx, actor.Tenant, in.OrgID, in.Amount, in.Sure)
		if err != nil {
			return err
		}
		made = id.New()
		if _, err := tx.Exec(ctx, `INSERT INTO bank_donation (tenant_id, id, org_id, community_id, title, detail, amount, unit, last_on, state, warned, offered_by, offered_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`,
			actor.Tenant, made, in.OrgID, in.CommunityID, in.Title, in.Detail, in.Amount, in.Unit, in.LastOn.String(), Offered, warned, actor.AccountID, db.Micros(tx.Now())); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "lovebank.offer", SubjectKind: "bank_donation", SubjectID: made, OrgID: in.CommunityID, Detail: map[string]any{"title": in.Title, "amount": in.Amount, "warned": warned}})
	})
}

// Accept takes a donation in (PermKeep at its community): it becomes an item with its stock, at a price.
func (s *Service) Accept(ctx context.Context, actor authz.Actor, donation id.ID, price int64) (made id.ID, err error) {
	return made, s.decide(ctx, actor, PermKeep, "d.community_id", donation, Accepted, "accept", "", func(tx *db.Tx, d Donation) (id.ID, error) {
		if d.LastOn.Before(calendar.DateOf(tx.Now())) {
			return 0, errs.New(errs.Conflict, i18n.BankDonationPast, d.LastOn.String())
		}
		in := NewItem{CommunityID: d.CommunityID, OrgID: d.OrgID, Kind: Thing, Title: d.Title, Detail: d.Detail, Unit: d.Unit, Price: price, Who: Everybody, LastOn: d.LastOn, Stock: d.Amount}
		if e := in.check(calendar.DateOf(tx.Now())); e != nil {
			return 0, e
		}
		made, err = s.addItem(ctx, tx, actor, in)
		return made, err
	})
}

// Decline says why a donation is not taken (PermKeep at its community).
func (s *Service) Decline(ctx context.Context, actor authz.Actor, donation id.ID, reason string) error {
	if e := errs.Words(nil, "reason", &reason, MaxReason, true); e != nil {
		return e
	}
	return s.decide(ctx, actor, PermKeep, "d.community_id", donation, Declined, "decline", reason, nil)
}

// Withdraw takes an offer back before it is accepted (PermOffer of its organisation).
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, donation id.ID) error {
	return s.decide(ctx, actor, PermOffer, "d.org_id", donation, Withdrawn, "withdraw", "", nil)
}

func (s *Service) decide(ctx context.Context, actor authz.Actor, perm authz.Permission, column string, donation id.ID, as DonationState, act, answer string, do func(tx *db.Tx, d Donation) (id.ID, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		d, err := findDonation(ctx, tx, actor.Scope(perm), column, donation)
		if err != nil {
			return err
		}
		if d.State != Offered {
			return errs.New(errs.Conflict, i18n.BankDonationIs, d.State.Text())
		}
		var item id.ID
		if do != nil {
			if item, err = do(tx, d); err != nil {
				return err
			}
		}
		if err := tx.Update(ctx, `UPDATE bank_donation SET state = $1, answer = $2, item_id = $3, decided_by = $4, decided_at = $5, version = version + 1 WHERE tenant_id = $6 AND id = $7 AND version = $8`,
			as, answer, item, actor.AccountID, db.Micros(tx.Now()), actor.Tenant, donation, d.Version); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "lovebank." + act, Permission: perm, SubjectKind: "bank_donation", SubjectID: donation, OrgID: d.CommunityID})
	})
}
