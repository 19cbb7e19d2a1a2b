package lovebank

import (
	"context"
	"strings"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/reference"
	"linli/internal/seal"
)

// Service keeps the love bank.
type Service struct {
	db    *db.DB
	ring  *seal.Ring
	needs *exchange.Service

	districts func(ctx context.Context) ([]District, error) // nil where hearts stay in their district
}

// New makes the service. Hours of help that somebody redeems become a need of the three lists, which tells the bank what came of it (exchange.WithOrders).
func New(d *db.DB, ring *seal.Ring, needs *exchange.Service) *Service {
	return &Service{db: d, ring: ring, needs: needs}
}

// Now is the instant by which things are over.
func (s *Service) Now() time.Time { return s.db.Now() }

// Book is a person's account.
type Book struct {
	ID          id.ID
	No          string
	PersonID    id.ID
	Name        string
	CommunityID id.ID
	Community   string
	Balance     int64
	Minutes     int64 // of service behind what was credited
	Since       calendar.Date
	Closed      calendar.Date
	bornOn      calendar.Date
	communityOf id.ID // where the register has the person today
}

// IsClosed says that the person does not want the account at present.
func (b Book) IsClosed() bool { return !b.Closed.IsZero() }

// account is the row of the books behind it.
func (b Book) account() *account {
	return &account{id: b.ID, kind: Person, unit: Hearts, community: b.CommunityID, person: b.PersonID, balance: b.Balance}
}

var bookColumns = `a.id, a.no, a.person_id, coalesce(p.name, ''), a.community_id, ` + reference.Label("o") + `, a.balance, a.minutes, a.since, a.closed_on, coalesce(p.born_on, ''),
	CASE WHEN coalesce(m.community_id, 0) <> 0 THEN m.community_id ELSE coalesce(p.community_id, 0) END`

const bookJoined = ` FROM bank_account a
	LEFT JOIN person p ON p.tenant_id = a.tenant_id AND p.id = a.person_id
	LEFT JOIN member m ON m.tenant_id = a.tenant_id AND m.person_id = a.person_id AND m.ended_on = ''
	LEFT JOIN organisation o ON o.tenant_id = a.tenant_id AND o.id = a.community_id
	WHERE a.kind = 'person' AND `

func (b *Book) dest() []any {
	return []any{&b.ID, &b.No, &b.PersonID, &b.Name, &b.CommunityID, &b.Community, &b.Balance, &b.Minutes, &b.Since, &b.Closed, &b.bornOn, &b.communityOf}
}

var bookOf = authz.Columns{Tenant: "a.tenant_id", Orgs: []string{"a.community_id"}, Person: "a.person_id"}

// find gives a person's account in a scope.
func find(ctx context.Context, q db.Querier, scope authz.Scope, book id.ID) (Book, error) {
	a := &db.Args{}
	where := scope.Where(a, bookOf) + " AND a.id = " + a.Add(book)
	return db.One(ctx, q, (*Book).dest, "SELECT "+bookColumns+bookJoined+where, a.Values()...)
}

// mine gives the account of a person.
func mine(ctx context.Context, q db.Querier, tenant int64, person id.ID) (Book, error) {
	return db.One(ctx, q, (*Book).dest, "SELECT "+bookColumns+bookJoined+"a.tenant_id = $1 AND a.person_id = $2 AND a.person_id <> 0", tenant, person)
}

// open is an account that acts can be done with.
func open(b Book, err error) (Book, error) {
	if err == nil && b.IsClosed() {
		err = errs.New(errs.Conflict, i18n.BankClosed)
	}
	return b, err
}

// byNo gives the account with a number, as people type it.
func byNo(ctx context.Context, q db.Querier, tenant int64, no string) (Book, error) {
	no = tidyNo(no)
	b, err := db.One(ctx, q, (*Book).dest, "SELECT "+bookColumns+bookJoined+"a.tenant_id = $1 AND a.no = $2 AND a.no <> ''", tenant, no)
	if errs.KindOf(err) == errs.NotFound || err == nil && b.IsClosed() {
		err = errs.Field("no", i18n.BankNoSuchNo)
	}
	return b, err
}

// tries is how often a number is drawn until it is one that nobody has.
const tries = 5

// Open opens the actor's own account (PermOwn), or opens it again. Service of the last twelve months is credited at once.
func (s *Service) Open(ctx context.Context, actor authz.Actor) (id.ID, error) {
	if !actor.Can(PermOwn) || actor.PersonID == 0 {
		return 0, errs.ErrForbidden
	}
	return s.openFor(ctx, actor, PermOwn, actor.PersonID)
}

// OpenFor opens an account for somebody who asks for it at the counter (PermKeep in their community).
func (s *Service) OpenFor(ctx context.Context, actor authz.Actor, person id.ID) (id.ID, error) {
	if !actor.Can(PermKeep) {
		return 0, errs.ErrForbidden
	}
	return s.openFor(ctx, actor, PermKeep, person)
}

func (s *Service) openFor(ctx context.Context, actor authz.Actor, perm authz.Permission, person id.ID) (made id.ID, err error) {
	for range tries {
		err = s.db.WithTx(ctx, func(tx *db.Tx) error {
			made, err = s.openTx(ctx, tx, actor, perm, person)
			return err
		})
		if !db.IsUnique(err) {
			break
		}
	}
	return made, err
}

func (s *Service) openTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, person id.ID) (id.ID, error) {
	community, err := communityOf(ctx, tx, actor.Tenant, person)
	if err != nil {
		return 0, err
	}
	if perm == PermKeep && !actor.Scope(PermKeep).Covers(community) {
		return 0, errs.ErrNotFound
	}
	today := calendar.DateOf(tx.Now())
	b, err := mine(ctx, tx, actor.Tenant, person)
	switch {
	case errs.KindOf(err) == errs.NotFound:
		b = Book{ID: id.New(), CommunityID: community, PersonID: person, Since: today.AddMonths(-backMonths)}
		if _, err := tx.Exec(ctx, `INSERT INTO bank_account (tenant_id, id, no, kind, unit, community_id, person_id, since, opened_by, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
			actor.Tenant, b.ID, paper.NewNo("A", tx.Now()), Person, Hearts, community, person, b.Since.String(), actor.AccountID, db.Micros(tx.Now())); err != nil {
			return 0, err
		}
	case err != nil:
		return 0, err
	case !b.IsClosed():
		return 0, errs.New(errs.Conflict, i18n.BankHasAccount, b.No)
	default: // nothing is in it; it begins where they live now, and what they did meanwhile does not count
		b.Since = today
		if b.Balance == 0 { // the books of a community stay whole
			b.CommunityID = community
		}
		if _, err := tx.Exec(ctx, `UPDATE bank_account SET closed_on = '', since = $1, community_id = $2 WHERE tenant_id = $3 AND id = $4`, today.String(), b.CommunityID, actor.Tenant, b.ID); err != nil {
			return 0, err
		}
	}
	if err := audit.Record(ctx, tx, actor, audit.Entry{Action: "lovebank.open", Permission: perm, SubjectKind: "bank_account", SubjectID: b.ID, PersonID: person, OrgID: community}); err != nil {
		return 0, err
	}
	return b.ID, s.creditTx(ctx, tx, actor.Tenant, b)
}

// communityOf is the community to whose bank a person belongs: where a member is registered, otherwise where the register has them.
func communityOf(ctx context.Context, q db.Querier, tenant int64, person id.ID) (id.ID, error) {
	c, err := db.One(ctx, q, func(c *id.ID) []any { return []any{c} }, `SELECT CASE WHEN coalesce(m.community_id, 0) <> 0 THEN m.community_id ELSE p.community_id END FROM person p
		LEFT JOIN member m ON m.tenant_id = p.tenant_id AND m.person_id = p.id AND m.ended_on = '' WHERE p.tenant_id = $1 AND p.id = $2 AND p.died_on = ''`, tenant, person)
	if err == nil && c == 0 {
		err = errs.New(errs.Conflict, i18n.BankNoCommunity)
	}
	return c, err
}

// Close closes the actor's own account (PermOwn). Orders that were not collected are cancelled, and what is left goes to the gift fund of the community.
func (s *Service) Close(ctx context.Context, actor authz.Actor) error {
	if !actor.Can(PermOwn) || actor.PersonID == 0 {
		return errs.ErrForbidden
	}
	if err := s.settleOwn(ctx, actor); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		b, err := open(current(ctx, tx, actor))
		if err != nil {
			return err
		}
		asked, err := db.Column[id.ID](ctx, tx, `SELECT o.id FROM bank_order o JOIN need n ON n.tenant_id = o.tenant_id AND n.order_id = o.id AND n.order_id <> 0 WHERE o.tenant_id = $1 AND o.account_id = $2 AND o.state = 'ordered' ORDER BY o.id`, actor.Tenant, b.ID)
		if err != nil {
			return err
		}
		for _, o := range asked {
			if err := s.needs.EndOrderTx(ctx, tx, actor, o, false); err != nil {
				return err
			}
		}
		if err := closeTx(ctx, tx, actor, b); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "lovebank.close", Permission: PermOwn, SubjectKind: "bank_account", SubjectID: b.ID, PersonID: b.PersonID, OrgID: b.CommunityID})
	})
}

func closeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, b Book) error {
	orders, err := db.Column[id.ID](ctx, tx, `SELECT o.id FROM bank_order o WHERE o.tenant_id = $1 AND o.account_id = $2 AND o.state = 'ordered'`, actor.Tenant, b.ID)
	if err != nil {
		return err
	}
	for _, o := range orders {
		if err := giveBack(ctx, tx, actor, o, Cancelled); err != nil {
			return err
		}
	}
	a, err := ofBook(ctx, tx, actor.Tenant, b.ID)
	if err != nil {
		return err
	}
	today := calendar.DateOf(tx.Now())
	if a.balance > 0 {
		fund, err := own(ctx, tx, actor.Tenant, b.CommunityID, Fund, 0, 0)
		if err != nil {
			return err
		}
		j := &journal{act: Closing, community: b.CommunityID, source: SourceAccount, sourceID: b.ID, on: today}
		if err := post(ctx, tx, actor, j, &entry{of: a, amount: -a.balance}, &entry{of: fund, amount: a.balance}); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE bank_account SET closed_on = $1 WHERE tenant_id = $2 AND id = $3`, today.String(), actor.Tenant, b.ID)
	return err
}

// Own gives the actor's account (PermOwn); NotFound where there is none.
func (s *Service) Own(ctx context.Context, actor authz.Actor) (Book, error) {
	if !actor.Can(PermOwn) || actor.PersonID == 0 {
		return Book{}, errs.ErrForbidden
	}
	return mine(ctx, s.db, actor.Tenant, actor.PersonID)
}

// Redemption is what somebody wants to redeem.
type Redemption struct {
	Item   id.ID
	Amount int64
	Sure   bool   // they were told that it is much for a month, and want it all the same
	Words  string // of help: when it suits, and what to mind
	Place  string // of help: where
	Phone  string // of help: at which whoever comes reaches them
	Share  bool   // of help, redeemed at the counter: whoever comes may see who they are; who redeems for themselves is told so
	Key    string // names one sending of the form
}

// Redeem orders something for the actor (PermOwn): hearts are set aside and the stock is taken; the order is collected with its code.
func (s *Service) Redeem(ctx context.Context, actor authz.Actor, in Redemption) (made id.ID, err error) {
	if !actor.Can(PermOwn) || actor.PersonID == 0 {
		return 0, errs.ErrForbidden
	}
	if err := s.settleOwn(ctx, actor); err != nil {
		return 0, err
	}
	in.Share = true
	return s.redeem(ctx, actor, PermOwn, in, func(tx *db.Tx) (Book, error) { return current(ctx, tx, actor) })
}

// RedeemFor orders something for somebody at the counter (PermKeep at the community of the account).
func (s *Service) RedeemFor(ctx context.Context, actor authz.Actor, book id.ID, in Redemption) (made id.ID, err error) {
	return s.redeem(ctx, actor, PermKeep, in, func(tx *db.Tx) (Book, error) { return find(ctx, tx, actor.Scope(PermKeep), book) })
}

func (s *Service) redeem(ctx context.Context, actor authz.Actor, perm authz.Permission, in Redemption, whose func(tx *db.Tx) (Book, error)) (made id.ID, err error) {
	for range tries {
		err = s.db.WithTx(ctx, func(tx *db.Tx) error {
			b, err := open(whose(tx))
			if err != nil {
				return err
			}
			made, err = s.redeemTx(ctx, tx, actor, perm, b, in)
			return err
		})
		if !db.IsUnique(err) {
			break
		}
	}
	return made, err
}

func (s *Service) redeemTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, b Book, in Redemption) (id.ID, error) {
	if in.Key != "" {
		if first, err := sent(ctx, tx, actor.Tenant, in.Key); err != nil || first != 0 {
			return first, err
		}
	}
	today := calendar.DateOf(tx.Now())
	item, err := itemOf(ctx, tx, actor.Tenant, in.Item)
	if err != nil {
		return 0, err
	}
	if err := item.redeemable(b, in.Amount, today); err != nil {
		return 0, err
	}
	price := item.Price * in.Amount
	warned, err := redeemLimit(ctx, tx, actor.Tenant, b.ID, price, in.Sure)
	if err != nil {
		return 0, err
	}
	days, err := CollectDays.On(ctx, tx, actor.Tenant, today)
	if err != nil {
		return 0, err
	}
	o, code := id.New(), newCode()
	until := today.AddDays(int(days))
	if item.Kind == Help { // nothing is collected: somebody comes
		code = ""
	}
	codeKey := ""
	if code != "" {
		codeKey = s.ring.Index("bank_order", code)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO bank_order (tenant_id, id, no, community_id, item_id, account_id, person_id, amount, hearts, state, code, code_key, until_on, entered_by, ordered_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`, actor.Tenant, o, paper.NewNo("H", tx.Now()), item.CommunityID, item.ID, b.ID, b.PersonID, in.Amount, price, Ordered, s.ring.Seal("bank_order", "code", o, code),
		codeKey, until.String(), actor.AccountID, db.Micros(tx.Now())); err != nil {
		return 0, err
	}
	held, stock, reserved, err := orderAccounts(ctx, tx, actor.Tenant, item)
	if err != nil {
		return 0, err
	}
	j := &journal{act: Order, community: item.CommunityID, source: SourceOrder, sourceID: o, on: today, key: in.Key, warned: warned}
	if err := post(ctx, tx, actor, j, &entry{of: b.account(), amount: -price}, &entry{of: held, amount: price}, &entry{of: stock, amount: -in.Amount}, &entry{of: reserved, amount: in.Amount}); err != nil {
		return 0, err
	}
	if item.Kind == Help {
		if err := s.askFor(ctx, tx, actor, o, b, item, in); err != nil {
			return 0, err
		}
	}
	return o, audit.Record(ctx, tx, actor, audit.Entry{Action: "lovebank.redeem", Permission: perm, SubjectKind: "bank_order", SubjectID: o, PersonID: b.PersonID, OrgID: item.CommunityID, Detail: map[string]any{"item": item.Title, "amount": in.Amount, "warned": warned}})
}

// orderAccounts are the accounts through which an order of an item goes.
func orderAccounts(ctx context.Context, tx *db.Tx, tenant int64, item Item) (held, stock, reserved *account, err error) {
	if held, err = own(ctx, tx, tenant, item.CommunityID, Held, 0, 0); err != nil {
		return
	}
	if stock, err = own(ctx, tx, tenant, item.CommunityID, Stock, item.ID, 0); err != nil {
		return
	}
	reserved, err = own(ctx, tx, tenant, item.CommunityID, Reserved, item.ID, 0)
	return
}

// sent gives the order, or the account, of a form that was sent before; 0 where it was not.
func sent(ctx context.Context, q db.Querier, tenant int64, key string) (id.ID, error) {
	if key == "" {
		return 0, nil
	}
	first, err := db.One(ctx, q, func(i *id.ID) []any { return []any{i} }, `SELECT j.source_id FROM bank_journal j WHERE j.tenant_id = $1 AND j.sent_key = $2 AND j.sent_key <> ''`, tenant, key)
	if errs.KindOf(err) == errs.NotFound {
		err = nil
	}
	return first, err
}

// Cancel takes an order back before it is collected (PermOwn of one's own, PermKeep): hearts and stock return.
func (s *Service) Cancel(ctx context.Context, actor authz.Actor, order id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		o, err := findOrder(ctx, tx, actor.Scope(PermOwn).Or(actor.Scope(PermKeep)), order)
		if err != nil {
			return err
		}
		if o.State != Ordered {
			return errs.New(errs.Conflict, i18n.BankOrderIs, o.State.Text())
		}
		if o.NeedID != 0 {
			err = s.needs.EndOrderTx(ctx, tx, actor, order, false) // which gives back
		} else {
			err = giveBack(ctx, tx, actor, order, Cancelled)
		}
		if err != nil {
			return err
		}
		return recordOrder(ctx, tx, actor, "cancel", o)
	})
}

func recordOrder(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, o OrderRow) error {
	perm := PermKeep
	if actor.PersonID != 0 && actor.PersonID == o.PersonID {
		perm = PermOwn
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "lovebank." + act, Permission: perm, SubjectKind: "bank_order", SubjectID: o.ID, PersonID: o.PersonID, OrgID: o.CommunityID})
}

// giveBack ends an order that is not collected: what was set aside returns, each part with its days, later by the days that the order stood.
func giveBack(ctx context.Context, tx *db.Tx, actor authz.Actor, order id.ID, as State) error {
	today := calendar.DateOf(tx.Now())
	o, err := loadOrder(ctx, tx, actor.Tenant, order)
	if err != nil {
		return err
	}
	item, err := itemOf(ctx, tx, actor.Tenant, o.ItemID)
	if err != nil {
		return err
	}
	held, stock, reserved, err := orderAccounts(ctx, tx, actor.Tenant, item)
	if err != nil {
		return err
	}
	to, err := ofBook(ctx, tx, actor.Tenant, o.BookID)
	if err != nil {
		return err
	}
	was, err := orderJournal(ctx, tx, actor.Tenant, order)
	if err != nil {
		return err
	}
	back, err := comeBack(ctx, tx, actor.Tenant, to, was, calendar.DateOf(o.OrderedAt).DaysUntil(today))
	if err != nil {
		return err
	}
	lines := append([]*entry{{of: held, amount: -o.Hearts}, {of: reserved, amount: -o.Amount}, {of: stock, amount: o.Amount}}, back...)
	if err := post(ctx, tx, actor, &journal{act: Returned, community: o.CommunityID, source: SourceOrder, sourceID: order, on: today}, lines...); err != nil {
		return err
	}
	return endOrder(ctx, tx, actor, order, as)
}

func endOrder(ctx context.Context, tx *db.Tx, actor authz.Actor, order id.ID, as State) error {
	return tx.Update(ctx, `UPDATE bank_order SET state = $1, code = NULL, code_key = '', ended_at = $2, ended_by = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND state = 'ordered'`,
		as, db.Micros(tx.Now()), actor.AccountID, actor.Tenant, order)
}

// Hand hands an order over to whoever shows its code (PermKeep at its community). A code that nobody has is an error of the field; whoever ordered for somebody at the counter
// does not hand it over as well.
func (s *Service) Hand(ctx context.Context, actor authz.Actor, code string) (done id.ID, err error) {
	return done, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if !actor.Can(PermKeep) {
			return errs.ErrForbidden
		}
		a := &db.Args{}
		where := actor.Scope(PermKeep).Where(a, orderOf) + " AND r.code_key <> '' AND r.code_key = " + a.Add(s.ring.Index("bank_order", tidyCode(code)))
		o, err := db.One(ctx, tx, (*OrderRow).dest, "SELECT "+orderColumns+orderJoined+where, a.Values()...)
		if errs.KindOf(err) == errs.NotFound {
			return errs.Field("code", i18n.BankWrongCode)
		} else if err != nil {
			return err
		}
		if actor.PersonID != 0 && actor.PersonID == o.PersonID { // somebody else hands over what one redeems oneself
			return errs.Field("code", i18n.BankOwnOrder)
		}
		by, err := db.Value[id.ID](ctx, tx, `SELECT r.entered_by FROM bank_order r WHERE r.tenant_id = $1 AND r.id = $2`, actor.Tenant, o.ID)
		if err != nil {
			return err
		}
		if by != 0 && by == actor.AccountID { // nobody both spends somebody's hearts and takes the goods
			return errs.Field("code", i18n.BankEnteredSelf)
		}
		if err := handOver(ctx, tx, actor, o); err != nil {
			return err
		}
		done = o.ID
		return recordOrder(ctx, tx, actor, "hand", o)
	})
}

// handOver books that an order is in the hands of who redeemed it.
func handOver(ctx context.Context, tx *db.Tx, actor authz.Actor, o OrderRow) error {
	item, err := itemOf(ctx, tx, actor.Tenant, o.ItemID)
	if err != nil {
		return err
	}
	held, _, reserved, err := orderAccounts(ctx, tx, actor.Tenant, item)
	if err != nil {
		return err
	}
	redeemed, err := own(ctx, tx, actor.Tenant, o.CommunityID, Redeemed, 0, 0)
	if err != nil {
		return err
	}
	out, err := own(ctx, tx, actor.Tenant, o.CommunityID, Given, o.ItemID, 0)
	if err != nil {
		return err
	}
	j := &journal{act: Handed, community: o.CommunityID, source: SourceOrder, sourceID: o.ID, on: calendar.DateOf(tx.Now())}
	if err := post(ctx, tx, actor, j, &entry{of: held, amount: -o.Hearts}, &entry{of: redeemed, amount: o.Hearts}, &entry{of: reserved, amount: -o.Amount}, &entry{of: out, amount: o.Amount}); err != nil {
		return err
	}
	return endOrder(ctx, tx, actor, o.ID, Collected)
}

// askFor makes the need of an order of hours of help, so that a volunteer or a member takes it. It is met until the last day of the need.
func (s *Service) askFor(ctx context.Context, tx *db.Tx, actor authz.Actor, order id.ID, b Book, item Item, in Redemption) error {
	_, until, err := s.needs.RedeemTx(ctx, tx, actor, exchange.Redeemed{Order: order, CommunityID: item.CommunityID, PersonID: b.PersonID, Title: item.Title, Detail: item.Detail, Minutes: in.Amount * 60, Name: b.Name,
		Words: in.Words, Place: in.Place, Phone: in.Phone, Share: in.Share})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE bank_order SET until_on = $1 WHERE tenant_id = $2 AND id = $3`, until.String(), actor.Tenant, order)
	return err
}

// NeedOverTx ends the order of a need that is over: the help came, and the order is handed over, or it did not, and hearts and stock return. Of help that fell short the part that did not come returns; hours
// that nobody counted came as they were ordered. It checks no permission.
func (s *Service) NeedOverTx(ctx context.Context, tx *db.Tx, actor authz.Actor, order id.ID, came bool, minutes int64) error {
	o, err := loadOrder(ctx, tx, actor.Tenant, order)
	if err != nil || o.State != Ordered {
		return err
	}
	if !came {
		return giveBack(ctx, tx, actor, order, Cancelled)
	}
	if err := handOver(ctx, tx, actor, o); err != nil || minutes == 0 {
		return err
	}
	return refund(ctx, tx, actor, order, minutes)
}

// NeedCorrectedTx gives back what help cost that was handed over and is corrected to fewer minutes than it was. What is corrected to more again costs nothing anew, as nothing is claimed that was
// spent. Nobody corrects what they redeemed themselves. It checks no permission.
func (s *Service) NeedCorrectedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, order id.ID, was, minutes int64) error {
	o, err := loadOrder(ctx, tx, actor.Tenant, order)
	switch {
	case err != nil:
		return err
	case actor.PersonID != 0 && actor.PersonID == o.PersonID: // the need may have forgotten whose it was
		return errs.New(errs.Forbidden, i18n.ExchangeOwnCorrect)
	case minutes >= was:
		return nil
	}
	return refund(ctx, tx, actor, order, minutes)
}

// refund gives back what help cost that was handed over and did not come in so many minutes: its part of the hearts, with their days, and whole hours to the stock; what returned before does not
// return again.
func refund(ctx context.Context, tx *db.Tx, actor authz.Actor, order id.ID, minutes int64) error {
	o, err := loadOrder(ctx, tx, actor.Tenant, order)
	if err != nil || o.State != Collected {
		return err
	}
	back := o.Hearts - kept(o.Hearts, o.Amount, minutes) - o.Refunded
	if back <= 0 {
		return nil
	}
	today := calendar.DateOf(tx.Now())
	redeemed, err := own(ctx, tx, actor.Tenant, o.CommunityID, Redeemed, 0, 0)
	if err != nil {
		return err
	}
	lines := []*entry{{of: redeemed, amount: -back}}
	hours := max(0, o.Amount-(minutes+59)/60-o.HoursBack)
	if hours > 0 {
		for _, x := range []struct {
			kind   Kind
			amount int64
		}{{Given, -hours}, {Stock, hours}} {
			a, err := own(ctx, tx, actor.Tenant, o.CommunityID, x.kind, o.ItemID, 0)
			if err != nil {
				return err
			}
			lines = append(lines, &entry{of: a, amount: x.amount})
		}
	}
	b, err := db.One(ctx, tx, (*Book).dest, "SELECT "+bookColumns+bookJoined+"a.tenant_id = $1 AND a.id = $2", actor.Tenant, o.BookID)
	if err != nil {
		return err
	}
	if b.IsClosed() {
		fund, err := own(ctx, tx, actor.Tenant, o.CommunityID, Fund, 0, 0)
		if err != nil {
			return err
		}
		lines = append(lines, &entry{of: fund, amount: back})
	} else {
		was, err := orderJournal(ctx, tx, actor.Tenant, order)
		if err != nil {
			return err
		}
		returned, err := comeBackPart(ctx, tx, actor.Tenant, b.account(), was, calendar.DateOf(o.OrderedAt).DaysUntil(today), o.Refunded, back)
		if err != nil {
			return err
		}
		lines = append(lines, returned...)
	}
	j := &journal{act: Refund, community: o.CommunityID, source: SourceOrder, sourceID: order, on: today}
	if err := post(ctx, tx, actor, j, lines...); err != nil {
		return err
	}
	if err := tx.Update(ctx, `UPDATE bank_order SET refunded = refunded + $1, hours_back = hours_back + $2, version = version + 1 WHERE tenant_id = $3 AND id = $4 AND version = $5`, back, hours, actor.Tenant, order, o.Version); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "lovebank.refund", SubjectKind: "bank_order", SubjectID: order, PersonID: o.PersonID, OrgID: o.CommunityID, Detail: map[string]any{"hearts": back, "minutes": minutes}})
}

// orderJournal is the journal by which an order was made.
func orderJournal(ctx context.Context, q db.Querier, tenant int64, order id.ID) (id.ID, error) {
	return db.Value[id.ID](ctx, q, `SELECT j.id FROM bank_journal j WHERE j.tenant_id = $1 AND j.source_id = $2 AND j.kind = 'order' AND j.source_kind = 'order'`, tenant, order)
}

// Giving is a gift of hearts.
type Giving struct {
	To     string // number of the account; "" is the gift fund of the community
	Amount int64
	Sure   bool   // they were told that it is much for a month, and give it all the same
	Key    string // names one sending of the form
}

// Give gives hearts of the actor (PermOwn) to a neighbour whose number they have, or to the gift fund for people in hardship.
func (s *Service) Give(ctx context.Context, actor authz.Actor, in Giving) error {
	if !actor.Can(PermOwn) || actor.PersonID == 0 {
		return errs.ErrForbidden
	}
	if in.Amount < 1 || in.Amount > MaxAmount {
		return errs.Field("amount", i18n.BankAmount)
	}
	if err := s.settleOwn(ctx, actor); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		b, err := open(current(ctx, tx, actor))
		if err != nil {
			return err
		}
		if in.Key != "" {
			if first, err := sent(ctx, tx, actor.Tenant, in.Key); err != nil || first != 0 {
				return err
			}
		}
		j := &journal{act: Donate, community: b.CommunityID, source: SourceAccount, sourceID: b.ID, on: calendar.DateOf(tx.Now()), key: in.Key}
		from := b.account()
		if from.balance < in.Amount {
			return notEnough(from)
		}
		drawn, err := drawFrom(ctx, tx, actor.Tenant, from, in.Amount)
		if err != nil {
			return err
		}
		lines := []*entry{{of: from, amount: -in.Amount, drawn: drawn}}
		if strings.TrimSpace(in.To) == "" {
			fund, err := own(ctx, tx, actor.Tenant, b.CommunityID, Fund, 0, 0)
			if err != nil {
				return err
			}
			lines = append(lines, &entry{of: fund, amount: in.Amount})
		} else {
			to, err := byNo(ctx, tx, actor.Tenant, in.To)
			switch {
			case err != nil:
				return err
			case to.ID == b.ID:
				return errs.Field("no", i18n.BankToOneself)
			}
			j.act = Gift
			lines = append(lines, given(to.account(), drawn)...)
		}
		if j.warned, err = giftLimit(ctx, tx, actor.Tenant, b.ID, in.Amount, in.Sure); err != nil {
			return err
		}
		if err := post(ctx, tx, actor, j, lines...); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "lovebank.give", Permission: PermOwn, SubjectKind: "bank_journal", SubjectID: j.id, PersonID: b.PersonID, OrgID: b.CommunityID, Detail: map[string]any{"amount": in.Amount, "warned": j.warned}})
	})
}

// Granting is a grant of the gift fund to an account.
type Granting struct {
	Amount int64
	Reason string
	Sure   bool   // they were told that it is much for a month, and grant it all the same
	Key    string // names one sending of the form
}

// Grant gives hearts of a community's gift fund to somebody in hardship, with the reason (PermKeep there).
func (s *Service) Grant(ctx context.Context, actor authz.Actor, book id.ID, in Granting) error {
	amount := in.Amount
	e := errs.Words(nil, "reason", &in.Reason, MaxReason, true)
	if amount < 1 || amount > MaxAmount {
		e = e.With("amount", i18n.BankAmount)
	}
	if e != nil {
		return e
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		b, err := open(find(ctx, tx, actor.Scope(PermKeep), book))
		if err != nil {
			return err
		}
		if first, err := sent(ctx, tx, actor.Tenant, in.Key); err != nil || first != 0 {
			return err
		}
		if actor.PersonID != 0 && actor.PersonID == b.PersonID {
			return errs.New(errs.Conflict, i18n.BankGrantOneself)
		}
		fund, err := own(ctx, tx, actor.Tenant, b.CommunityID, Fund, 0, 0)
		if err != nil {
			return err
		}
		if fund.balance < amount {
			return errs.Field("amount", i18n.BankFundShort, fund.balance)
		}
		today := calendar.DateOf(tx.Now())
		months, err := ExpiryMonths.On(ctx, tx, actor.Tenant, today)
		if err != nil {
			return err
		}
		warned, err := grantLimit(ctx, tx, actor.Tenant, b.ID, amount, in.Sure)
		if err != nil {
			return err
		}
		j := &journal{act: Grant, community: b.CommunityID, source: SourceAccount, sourceID: fund.id, on: today, reason: in.Reason, key: in.Key, warned: warned}
		if err := post(ctx, tx, actor, j, &entry{of: fund, amount: -amount}, &entry{of: b.account(), amount: amount, earned: today, expires: expires(today, months)}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "lovebank.grant", Permission: PermKeep, SubjectKind: "bank_journal", SubjectID: j.id, PersonID: b.PersonID, OrgID: b.CommunityID, Detail: map[string]any{"amount": amount, "warned": warned}})
	})
}

// Remit moves hearts of one community's gift fund to another's (PermKeep at both). key names one sending of the form.
func (s *Service) Remit(ctx context.Context, actor authz.Actor, from, to id.ID, amount int64, reason, key string) error {
	e := errs.Words(nil, "reason", &reason, MaxReason, true)
	if amount < 1 || amount > MaxAmount {
		e = e.With("amount", i18n.BankAmount)
	}
	if from == to {
		e = e.With("to", i18n.BankSameCommunity)
	}
	if e != nil {
		return e
	}
	for _, c := range []id.ID{from, to} {
		if err := actor.Scope(PermKeep).Require(c); err != nil {
			return err
		}
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		if first, err := sent(ctx, tx, actor.Tenant, key); err != nil || first != 0 {
			return err
		}
		for _, c := range []id.ID{from, to} {
			if err := findCommunity(ctx, tx, actor.Tenant, c); err != nil {
				return err
			}
		}
		var of [2]*account
		for i, c := range []id.ID{from, to} {
			var err error
			if of[i], err = own(ctx, tx, actor.Tenant, c, Fund, 0, 0); err != nil {
				return err
			}
		}
		if of[0].balance < amount {
			return errs.Field("amount", i18n.BankFundShort, of[0].balance)
		}
		j := &journal{act: Remit, community: from, source: SourceAccount, sourceID: of[0].id, on: calendar.DateOf(tx.Now()), reason: reason, key: key}
		if err := post(ctx, tx, actor, j, &entry{of: of[0], amount: -amount}, &entry{of: of[1], amount: amount}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "lovebank.remit", Permission: PermKeep, SubjectKind: "bank_journal", SubjectID: j.id, OrgID: from, Detail: map[string]any{"to": to, "amount": amount}})
	})
}

// Correct takes a gift, a grant or a remittance back by a counter-journal, with the reason (PermKeep at every community whose bank it touches). What was spent meanwhile cannot
// be taken back, nor what stands in one's own account, or in one that was closed.
func (s *Service) Correct(ctx context.Context, actor authz.Actor, wrong id.ID, reason string) error {
	if e := errs.Words(nil, "reason", &reason, MaxReason, true); e != nil {
		return e
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		was, err := findJournal(ctx, tx, actor.Scope(PermKeep), wrong)
		if err != nil {
			return err
		}
		if !was.Act.correctable() || was.CounteredBy != 0 {
			return errs.New(errs.Conflict, i18n.BankNotCorrectable)
		}
		type stored struct {
			account
			amount int64
			closed string
			swept  bool // it was closed since, and opened again
		}
		lines, err := db.All(ctx, tx, func(r *stored) []any { return append(r.account.dest(), &r.amount, &r.closed, &r.swept) }, "SELECT "+accountColumns+`, l.amount, a.closed_on,
			CASE WHEN EXISTS (SELECT 1 FROM bank_line y JOIN bank_journal k ON k.tenant_id = y.tenant_id AND k.id = y.journal_id AND k.kind = 'closing' WHERE y.tenant_id = a.tenant_id AND y.account_id = a.id AND a.kind = 'person' AND k.id > l.journal_id)
			THEN TRUE ELSE FALSE END FROM bank_line l
			JOIN bank_account a ON a.tenant_id = l.tenant_id AND a.id = l.account_id WHERE l.tenant_id = $1 AND l.journal_id = $2 ORDER BY l.id`, actor.Tenant, wrong)
		if err != nil {
			return err
		}
		today := calendar.DateOf(tx.Now())
		at := map[id.ID]*account{}
		sums := map[id.ID]int64{}
		var order []id.ID
		for _, l := range lines {
			switch {
			case !actor.Scope(PermKeep).Covers(l.community): // it takes from the fund of another community
				return errs.New(errs.Conflict, i18n.BankCorrectBoth)
			case actor.PersonID != 0 && l.person == actor.PersonID:
				return errs.New(errs.Conflict, i18n.BankCorrectOwn)
			case l.closed != "" || l.swept:
				return errs.New(errs.Conflict, i18n.BankCorrectClosed)
			}
			if at[l.id] == nil {
				a := l.account
				at[l.id], order = &a, append(order, l.id)
			}
			sums[l.id] -= l.amount
		}
		var back []*entry
		for _, i := range order {
			if at[i].kind != Person || sums[i] < 0 {
				back = append(back, &entry{of: at[i], amount: sums[i]})
				continue
			}
			returned, err := comeBack(ctx, tx, actor.Tenant, at[i], wrong, was.OnDate.DaysUntil(today))
			if err != nil {
				return err
			}
			back = append(back, returned...)
		}
		j := &journal{act: Correction, community: was.CommunityID, source: SourceJournal, sourceID: wrong, counters: wrong, on: today, reason: reason}
		if err := post(ctx, tx, actor, j, back...); err != nil {
			if errs.KindOf(err) == errs.Invalid || errs.KindOf(err) == errs.Conflict {
				return errs.New(errs.Conflict, i18n.BankSpentAlready).Because(err)
			}
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "lovebank.correct", Permission: PermKeep, SubjectKind: "bank_journal", SubjectID: j.id, OrgID: was.CommunityID, Detail: map[string]any{"counters": wrong}})
	})
}

func latest(a, b calendar.Date) calendar.Date {
	if b.After(a) {
		return b
	}
	return a
}

// findCommunity says whether an organisation is a community that there is.
func findCommunity(ctx context.Context, q db.Querier, tenant int64, community id.ID) error {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2 AND o.kind = 'community_party' AND o.dissolved_on = ''`, tenant, community)
	if err == nil && n == 0 {
		err = errs.Field("community", i18n.CaseNoSuchPlace)
	}
	return err
}
