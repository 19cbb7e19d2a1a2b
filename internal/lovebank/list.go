package lovebank

import (
	"context"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/gram"
	"linli/internal/id"
	"linli/internal/reference"
)

// OrderRow is an order in a list.
type OrderRow struct {
	ID          id.ID
	No          string
	CommunityID id.ID
	Community   string
	ItemID      id.ID
	Item        string
	Unit        string
	BookID      id.ID
	PersonID    id.ID
	Name        string
	Amount      int64
	Hearts      int64
	State       State
	UntilOn     calendar.Date
	OrderedAt   time.Time
	EndedAt     time.Time
	By          string // who handed it over, or ended it
	NeedID      id.ID  // made of hours of help that were redeemed
	NeedNo      string
	NeedState   exchange.State
	Refunded    int64 // hearts of it that returned, because less help came
	HoursBack   int64 // and hours
	Version     int64
	code        []byte
}

var orderColumns = `r.id, r.no, r.community_id, ` + reference.Label("c") + `, r.item_id, coalesce(i.title, ''), coalesce(i.unit, ''), r.account_id, r.person_id, coalesce(p.name, ''), r.amount, r.hearts, r.state, r.until_on, r.ordered_at, r.ended_at,
	coalesce(k.name, ''), coalesce(n.id, 0), coalesce(n.no, ''), coalesce(n.state, ''), r.refunded, r.hours_back, r.version, r.code`

const orderJoined = ` FROM bank_order r
	LEFT JOIN bank_item i ON i.tenant_id = r.tenant_id AND i.id = r.item_id
	LEFT JOIN organisation c ON c.tenant_id = r.tenant_id AND c.id = r.community_id
	LEFT JOIN person p ON p.tenant_id = r.tenant_id AND p.id = r.person_id
	LEFT JOIN account k ON k.tenant_id = r.tenant_id AND k.id = r.ended_by AND r.ended_by <> 0
	LEFT JOIN need n ON n.tenant_id = r.tenant_id AND n.order_id = r.id AND n.order_id <> 0
	WHERE `

func (o *OrderRow) dest() []any {
	return []any{&o.ID, &o.No, &o.CommunityID, &o.Community, &o.ItemID, &o.Item, &o.Unit, &o.BookID, &o.PersonID, &o.Name, &o.Amount, &o.Hearts, &o.State, &o.UntilOn, db.Instant(&o.OrderedAt), db.Instant(&o.EndedAt),
		&o.By, &o.NeedID, &o.NeedNo, &o.NeedState, &o.Refunded, &o.HoursBack, &o.Version, &o.code}
}

var orderOf = authz.Columns{Tenant: "r.tenant_id", Orgs: []string{"r.community_id"}, Person: "r.person_id"}

func findOrder(ctx context.Context, q db.Querier, scope authz.Scope, order id.ID) (OrderRow, error) {
	a := &db.Args{}
	where := scope.Where(a, orderOf) + " AND r.id = " + a.Add(order)
	return db.One(ctx, q, (*OrderRow).dest, "SELECT "+orderColumns+orderJoined+where, a.Values()...)
}

func loadOrder(ctx context.Context, q db.Querier, tenant int64, order id.ID) (OrderRow, error) {
	return db.One(ctx, q, (*OrderRow).dest, "SELECT "+orderColumns+orderJoined+"r.tenant_id = $1 AND r.id = $2", tenant, order)
}

// Order gives one order to whoever it belongs to, or to staff of its community (PermOwn, PermSee). The code, in groups of four, is for the owner alone and empty once it is over.
func (s *Service) Order(ctx context.Context, actor authz.Actor, order id.ID) (OrderRow, string, error) {
	o, err := findOrder(ctx, s.db, actor.Scope(PermOwn).Or(actor.Scope(PermSee)), order)
	if err != nil || actor.PersonID == 0 || actor.PersonID != o.PersonID || len(o.code) == 0 {
		return o, "", err
	}
	code, err := s.ring.Open("bank_order", "code", order, o.code)
	if len(code) == codeLength {
		code = code[:4] + " " + code[4:]
	}
	return o, code, err
}

// Slip gives the code of an order that the actor made for somebody at the counter (PermKeep), to be handed to them on paper. It is recorded.
func (s *Service) Slip(ctx context.Context, actor authz.Actor, order id.ID) (o OrderRow, code string, err error) {
	return o, code, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if o, err = findOrder(ctx, tx, actor.Scope(PermKeep), order); err != nil {
			return err
		}
		by, err := db.Value[id.ID](ctx, tx, `SELECT r.entered_by FROM bank_order r WHERE r.tenant_id = $1 AND r.id = $2`, actor.Tenant, order)
		if err != nil || by != actor.AccountID || len(o.code) == 0 {
			return err
		}
		if code, err = s.ring.Open("bank_order", "code", order, o.code); err != nil {
			return err
		}
		if len(code) == codeLength {
			code = code[:4] + " " + code[4:]
		}
		return recordOrder(ctx, tx, actor, "slip", o)
	})
}

// OrderFilter narrows a list of orders; zero fields do not filter.
type OrderFilter struct {
	State     State
	Community id.ID
	Item      id.ID
	Book      id.ID
	Text      string // of a name, or a number
	Page      db.Page
}

// Orders gives the actor's own orders and those of communities in scope (PermOwn, PermSee), the newest first.
func (s *Service) Orders(ctx context.Context, actor authz.Actor, f OrderFilter) (db.List[OrderRow], error) {
	a := &db.Args{}
	where := actor.Scope(PermOwn).Or(actor.Scope(PermSee)).Where(a, orderOf)
	if f.State != "" {
		where += " AND r.state = " + a.Add(string(f.State))
	}
	if f.Community != 0 {
		where += " AND r.community_id = " + a.Add(f.Community)
	}
	if f.Item != 0 {
		where += " AND r.item_id = " + a.Add(f.Item)
	}
	if f.Book != 0 {
		where += " AND r.account_id = " + a.Add(f.Book)
	}
	if f.Text != "" {
		where += " AND (r.no = " + a.Add(f.Text) + " OR p.name_key LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!')"
	}
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "r.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*OrderRow).dest, "SELECT "+orderColumns+orderJoined+where+page+tail, a.Values()...)
	return db.Cut(rows, f.Page, func(r OrderRow) db.Cursor { return db.Cursor{ID: r.ID} }), err
}

// ItemFilter narrows a list of items; zero fields do not filter.
type ItemFilter struct {
	Community id.ID
	Kind      Ware
	Over      bool // with those that ended or are past their day
	Text      string
	Page      db.Page
}

// Items gives the catalogue of communities in scope (PermSee), the newest first.
func (s *Service) Items(ctx context.Context, actor authz.Actor, f ItemFilter) (db.List[Item], error) {
	a := &db.Args{}
	return s.items(ctx, a, actor.Scope(PermSee).Where(a, itemScope), f)
}

// Choice gives what the actor could redeem with their account (PermOwn): the catalogue of their community, without what is sold out or over.
func (s *Service) Choice(ctx context.Context, actor authz.Actor, f ItemFilter) (db.List[Item], error) {
	b, err := s.Own(ctx, actor)
	if err != nil {
		return db.List[Item]{}, err
	}
	return s.choice(ctx, actor.Tenant, b, f)
}

// ChoiceFor gives what somebody at the counter could redeem (PermKeep at the community of the account).
func (s *Service) ChoiceFor(ctx context.Context, actor authz.Actor, book id.ID, f ItemFilter) (db.List[Item], error) {
	b, err := find(ctx, s.db, actor.Scope(PermKeep), book)
	if err != nil {
		return db.List[Item]{}, err
	}
	return s.choice(ctx, actor.Tenant, b, f)
}

func (s *Service) choice(ctx context.Context, tenant int64, b Book, f ItemFilter) (db.List[Item], error) {
	a := &db.Args{}
	where := "i.tenant_id = " + a.Add(tenant) + " AND i.community_id = " + a.Add(b.CommunityID) + " AND " + balanceOf(Stock) + " > 0"
	f.Over = false
	return s.items(ctx, a, where, f)
}

func (s *Service) items(ctx context.Context, a *db.Args, where string, f ItemFilter) (db.List[Item], error) {
	if !f.Over {
		where += " AND i.ended_at = 0 AND i.last_on >= " + a.Add(calendar.DateOf(s.db.Now()).String())
	}
	if f.Kind != "" {
		where += " AND i.kind = " + a.Add(string(f.Kind))
	}
	if f.Community != 0 {
		where += " AND i.community_id = " + a.Add(f.Community)
	}
	if gram.Key(f.Text) != "" {
		where += " AND i.title_key LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!'"
	}
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "i.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Item).dest, "SELECT "+itemColumns+itemJoined+where+page+tail, a.Values()...)
	return db.Cut(rows, f.Page, func(r Item) db.Cursor { return db.Cursor{ID: r.ID} }), err
}

// Item gives an item of a community in scope (PermSee), or of the community of the actor's own account (PermOwn).
func (s *Service) Item(ctx context.Context, actor authz.Actor, item id.ID) (Item, error) {
	i, err := findItem(ctx, s.db, actor.Scope(PermSee), item)
	if errs.KindOf(err) != errs.NotFound || err == nil || !actor.Can(PermOwn) || actor.PersonID == 0 {
		return i, err
	}
	b, err := mine(ctx, s.db, actor.Tenant, actor.PersonID)
	if err != nil {
		return i, err
	}
	i, err = itemOf(ctx, s.db, actor.Tenant, item)
	if err == nil && i.CommunityID != b.CommunityID {
		return Item{}, errs.ErrNotFound
	}
	return i, err
}

// DonationFilter narrows a list of donations; zero fields do not filter.
type DonationFilter struct {
	State     DonationState
	Community id.ID
	Org       id.ID
	Page      db.Page
}

// Donations gives donations to communities in scope (PermSee) and of organisations in scope (PermOffer), the newest first.
func (s *Service) Donations(ctx context.Context, actor authz.Actor, f DonationFilter) (db.List[Donation], error) {
	a := &db.Args{}
	where := donationScope(a, actor)
	if f.State != "" {
		where += " AND d.state = " + a.Add(string(f.State))
	}
	if f.Community != 0 {
		where += " AND d.community_id = " + a.Add(f.Community)
	}
	if f.Org != 0 {
		where += " AND d.org_id = " + a.Add(f.Org)
	}
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "d.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Donation).dest, "SELECT "+donationColumns+donationJoined+where+page+tail, a.Values()...)
	return db.Cut(rows, f.Page, func(r Donation) db.Cursor { return db.Cursor{ID: r.ID} }), err
}

// BookFilter narrows the list of accounts.
type BookFilter struct {
	Community id.ID
	Text      string // of a name, or a number
	Page      db.Page
}

// BookRow is an account in the list: it says nothing of how much is in it, so that nobody is compared by it.
type BookRow struct {
	ID        id.ID
	No        string
	Name      string
	Community string
	Closed    calendar.Date
	nameKey   string
}

// Books gives the accounts of communities in scope (PermSee) by name; there is no other order.
func (s *Service) Books(ctx context.Context, actor authz.Actor, f BookFilter) (db.List[BookRow], error) {
	a := &db.Args{}
	where := actor.Scope(PermSee).Where(a, bookOf)
	if f.Community != 0 {
		where += " AND a.community_id = " + a.Add(f.Community)
	}
	if gram.Key(f.Text) != "" {
		where += " AND (a.no = " + a.Add(f.Text) + " OR p.name_key LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!')"
	}
	page, tail := a.Keyset(f.Page, db.Order{Column: "coalesce(p.name_key, '')", IDColumn: "a.id"})
	rows, err := db.All(ctx, s.db, func(r *BookRow) []any { return []any{&r.ID, &r.No, &r.Name, &r.Community, &r.Closed, &r.nameKey} },
		"SELECT a.id, a.no, coalesce(p.name, ''), "+reference.Label("o")+", a.closed_on, coalesce(p.name_key, '')"+bookJoined+where+page+tail, a.Values()...)
	return db.Cut(rows, f.Page, func(r BookRow) db.Cursor { return db.Cursor{Key: r.nameKey, ID: r.ID} }), err
}

// Look gives the account of somebody in scope to staff (PermSee). The look is recorded, and the one looked at can read it.
func (s *Service) Look(ctx context.Context, actor authz.Actor, book id.ID) (b Book, err error) {
	return b, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if b, err = find(ctx, tx, actor.Scope(PermSee), book); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "lovebank.look", Permission: PermSee, SubjectKind: "bank_account", SubjectID: book, PersonID: b.PersonID, OrgID: b.CommunityID})
	})
}

// Line is a line of an account, with what it comes from.
type Line struct {
	ID        id.ID
	Journal   id.ID
	Act       Act
	Source    string
	SourceID  id.ID
	OnDate    calendar.Date
	Minutes   int64
	Pieces    int64
	Reason    string
	Item      string  // of an order
	District  string  // the other one, of a transfer
	Refused   Refusal // why a transfer came back
	UnderWay  bool    // a transfer that has not arrived and not returned
	Community string  // whose journal it is
	Amount    int64
	Balance   int64
	Expires   calendar.Date
	At        time.Time
}

// Statement gives the lines of an account, the newest first: of one's own (PermOwn), or of a community in scope (PermSee). Staff call Look first.
func (s *Service) Statement(ctx context.Context, actor authz.Actor, book id.ID, page db.Page) (db.List[Line], error) {
	b, err := find(ctx, s.db, actor.Scope(PermOwn).Or(actor.Scope(PermSee)), book)
	if err != nil {
		return db.List[Line]{}, err
	}
	a := &db.Args{}
	where := "l.tenant_id = " + a.Add(actor.Tenant) + " AND l.account_id = " + a.Add(b.ID)
	from, tail := a.Keyset(page, db.Order{IDColumn: "l.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Line).dest, lineSelect+where+from+tail, a.Values()...)
	return db.Cut(rows, page, func(l Line) db.Cursor { return db.Cursor{ID: l.ID} }), err
}

var lineSelect = `SELECT l.id, l.journal_id, j.kind, j.source_kind, j.source_id, j.on_date, j.minutes, j.pieces, j.reason, coalesce(i.title, ''), coalesce(t.other_name, ''), coalesce(t.reason, ''), CASE WHEN t.state = 'sent' THEN TRUE ELSE FALSE END, ` + reference.Label("c") + `, l.amount, l.balance, l.expires_on, j.posted_at FROM bank_line l
	JOIN bank_journal j ON j.tenant_id = l.tenant_id AND j.id = l.journal_id
	LEFT JOIN bank_order r ON r.tenant_id = j.tenant_id AND r.id = j.source_id AND j.source_kind = 'order'
	LEFT JOIN bank_item i ON i.tenant_id = r.tenant_id AND i.id = r.item_id
	LEFT JOIN bank_transfer t ON t.tenant_id = j.tenant_id AND t.id = j.source_id AND j.source_kind = 'transfer'
	LEFT JOIN organisation c ON c.tenant_id = j.tenant_id AND c.id = j.community_id
	WHERE `

func (l *Line) dest() []any {
	return []any{&l.ID, &l.Journal, &l.Act, &l.Source, &l.SourceID, &l.OnDate, &l.Minutes, &l.Pieces, &l.Reason, &l.Item, &l.District, &l.Refused, &l.UnderWay, &l.Community, &l.Amount, &l.Balance, &l.Expires, db.Instant(&l.At)}
}

// Ending is how much of an account can be spent for the last time within WarnDays, and when the first of it ends.
type Ending struct {
	Hearts int64
	First  calendar.Date
}

// Ends says what of an account ends soon (PermOwn, PermSee).
func (s *Service) Ends(ctx context.Context, actor authz.Actor, book id.ID) (out Ending, err error) {
	b, err := find(ctx, s.db, actor.Scope(PermOwn).Or(actor.Scope(PermSee)), book)
	if err != nil {
		return out, err
	}
	return out, s.db.QueryRow(ctx, `SELECT CAST(coalesce(sum(l.left_over), 0) AS BIGINT), coalesce(min(l.expires_on), '') FROM bank_line l
		WHERE l.tenant_id = $1 AND l.account_id = $2 AND l.left_over > 0 AND l.expires_on <= $3`, actor.Tenant, b.ID, calendar.DateOf(s.db.Now()).AddDays(WarnDays).String()).Scan(&out.Hearts, &out.First)
}

// JournalRow is a journal in a list.
type JournalRow struct {
	ID          id.ID
	Act         Act
	CommunityID id.ID
	Community   string
	Source      string
	SourceID    id.ID
	Counters    id.ID
	CounteredBy id.ID
	OnDate      calendar.Date
	Minutes     int64
	Given       int64 // pieces that a person gave
	Reason      string
	Hearts      int64 // that went in, in all
	Pieces      int64
	Warned      bool // it was past a soft limit, and wanted all the same
	At          time.Time
	By          string
}

var journalColumns = `j.id, j.kind, j.community_id, ` + reference.Label("c") + `, j.source_kind, j.source_id, j.counters_id, coalesce(x.id, 0), j.on_date, j.minutes, j.pieces, j.reason,
	(SELECT CAST(coalesce(sum(CASE WHEN l.amount > 0 AND a.unit = 'hearts' THEN l.amount ELSE 0 END), 0) AS BIGINT) FROM bank_line l JOIN bank_account a ON a.tenant_id = l.tenant_id AND a.id = l.account_id WHERE l.tenant_id = j.tenant_id AND l.journal_id = j.id),
	(SELECT CAST(coalesce(sum(CASE WHEN l.amount > 0 AND a.unit = 'goods' THEN l.amount ELSE 0 END), 0) AS BIGINT) FROM bank_line l JOIN bank_account a ON a.tenant_id = l.tenant_id AND a.id = l.account_id WHERE l.tenant_id = j.tenant_id AND l.journal_id = j.id),
	j.warned, j.posted_at, coalesce(k.name, '')`

const journalJoined = ` FROM bank_journal j
	LEFT JOIN bank_journal x ON x.tenant_id = j.tenant_id AND x.counters_id = j.id AND x.counters_id <> 0
	LEFT JOIN organisation c ON c.tenant_id = j.tenant_id AND c.id = j.community_id
	LEFT JOIN account k ON k.tenant_id = j.tenant_id AND k.id = j.posted_by AND j.posted_by <> 0
	WHERE `

func (r *JournalRow) dest() []any {
	return []any{&r.ID, &r.Act, &r.CommunityID, &r.Community, &r.Source, &r.SourceID, &r.Counters, &r.CounteredBy, &r.OnDate, &r.Minutes, &r.Given, &r.Reason, &r.Hearts, &r.Pieces, &r.Warned, db.Instant(&r.At), &r.By}
}

var journalOf = authz.Columns{Tenant: "j.tenant_id", Orgs: []string{"j.community_id"}}

// touches begins the condition that a journal has a line in the bank of a community.
const touches = `EXISTS (SELECT 1 FROM bank_line y JOIN bank_account z ON z.tenant_id = y.tenant_id AND z.id = y.account_id WHERE y.tenant_id = j.tenant_id AND y.journal_id = j.id AND `

// received begins the condition that a journal which moves hearts between communities has a line in the bank of another one.
const received = ` OR j.across = TRUE AND ` + touches

// journalsIn says which journals are of communities in scope: their own, and those by which they receive.
func journalsIn(a *db.Args, scope authz.Scope) string {
	return "(" + scope.Where(a, journalOf) + received + scope.Where(a, authz.Columns{Tenant: "z.tenant_id", Orgs: []string{"z.community_id"}}) + "))"
}

// findJournal gives a journal that is of communities in scope, or has a line in one of their accounts: an account that moved brings its statement along.
func findJournal(ctx context.Context, q db.Querier, scope authz.Scope, journal id.ID) (JournalRow, error) {
	a := &db.Args{}
	where := "(" + scope.Where(a, journalOf) + " OR " + touches + scope.Where(a, authz.Columns{Tenant: "z.tenant_id", Orgs: []string{"z.community_id"}}) + ")) AND j.id = " + a.Add(journal)
	return db.One(ctx, q, (*JournalRow).dest, "SELECT "+journalColumns+journalJoined+where, a.Values()...)
}

// JournalFilter narrows the list of journals; zero fields do not filter.
type JournalFilter struct {
	Community id.ID
	Act       Act
	Kind      Kind // journals with a line in an account of the kind
	Item      id.ID
	Warned    bool // past a soft limit
	From, To  calendar.Date
	Page      db.Page
}

func (f JournalFilter) where(a *db.Args, scope authz.Scope) string {
	where := journalsIn(a, scope)
	if f.Community != 0 {
		where += " AND (j.community_id = " + a.Add(f.Community) + received + "z.community_id = " + a.Add(f.Community) + "))"
	}
	if f.Act != "" {
		where += " AND j.kind = " + a.Add(string(f.Act))
	}
	if f.Warned {
		where += " AND j.warned = TRUE"
	}
	if f.Kind != "" || f.Item != 0 {
		where += " AND EXISTS (SELECT 1 FROM bank_line y JOIN bank_account z ON z.tenant_id = y.tenant_id AND z.id = y.account_id WHERE y.tenant_id = j.tenant_id AND y.journal_id = j.id"
		if f.Kind != "" {
			where += " AND z.kind = " + a.Add(string(f.Kind))
		}
		if f.Item != 0 {
			where += " AND z.item_id = " + a.Add(f.Item)
		}
		where += ")"
	}
	if !f.From.IsZero() {
		where += " AND j.on_date >= " + a.Add(f.From.String())
	}
	if !f.To.IsZero() {
		where += " AND j.on_date <= " + a.Add(f.To.String())
	}
	return where
}

// Journals gives the journals of communities in scope (PermSee), the newest first.
func (s *Service) Journals(ctx context.Context, actor authz.Actor, f JournalFilter) (db.List[JournalRow], error) {
	a := &db.Args{}
	where := f.where(a, actor.Scope(PermSee))
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "j.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*JournalRow).dest, "SELECT "+journalColumns+journalJoined+where+page+tail, a.Values()...)
	return db.Cut(rows, f.Page, func(r JournalRow) db.Cursor { return db.Cursor{ID: r.ID} }), err
}

// Leg is a line of a journal: whose account it is in, and how much.
type Leg struct {
	Kind      Kind
	Unit      Unit
	Community string
	At        id.ID // of the community
	Book      id.ID // of a person's account
	No        string
	Item      string
	Org       string // that gave it; of a clearing account the other district
	Amount    int64
}

// Journal gives one journal of a community in scope with its lines (PermSee). People stand in it with the number of their account, not by name; those of other
// communities without either.
func (s *Service) Journal(ctx context.Context, actor authz.Actor, journal id.ID) (r JournalRow, legs []Leg, err error) {
	if r, err = findJournal(ctx, s.db, actor.Scope(PermSee), journal); err != nil {
		return r, nil, err
	}
	scope := actor.Scope(PermSee)
	legs, err = db.All(ctx, s.db, func(l *Leg) []any {
		return []any{&l.Kind, &l.Unit, &l.Community, &l.At, &l.Book, &l.No, &l.Item, &l.Org, &l.Amount}
	},
		`SELECT a.kind, a.unit, `+reference.Label("c")+`, a.community_id, CASE WHEN a.kind = 'person' THEN a.id ELSE 0 END, a.no, coalesce(i.title, ''), coalesce(g.name, t.other_name, ''), l.amount FROM bank_line l
		JOIN bank_account a ON a.tenant_id = l.tenant_id AND a.id = l.account_id
		LEFT JOIN organisation c ON c.tenant_id = a.tenant_id AND c.id = a.community_id
		LEFT JOIN bank_item i ON i.tenant_id = a.tenant_id AND i.id = a.item_id AND a.item_id <> 0
		LEFT JOIN organisation g ON g.tenant_id = a.tenant_id AND g.id = a.org_id AND a.org_id <> 0
		LEFT JOIN bank_journal j ON j.tenant_id = l.tenant_id AND j.id = l.journal_id
		LEFT JOIN bank_transfer t ON t.tenant_id = j.tenant_id AND t.id = j.source_id AND j.source_kind = 'transfer' AND a.district <> 0
		WHERE l.tenant_id = $1 AND l.journal_id = $2 ORDER BY l.id`, actor.Tenant, journal)
	for i := range legs {
		if l := &legs[i]; l.Kind == Person && !scope.Covers(l.At) { // an account of another community is nobody's in particular
			l.Book, l.No = 0, ""
		}
	}
	return r, legs, err
}

// FundOf is what the gift fund of a community in scope holds (PermKeep).
func (s *Service) FundOf(ctx context.Context, actor authz.Actor, community id.ID) (int64, error) {
	a := &db.Args{}
	where := actor.Scope(PermKeep).Where(a, authz.Columns{Tenant: "a.tenant_id", Orgs: []string{"a.community_id"}}) + " AND a.kind = 'fund' AND a.community_id = " + a.Add(community)
	return db.Value[int64](ctx, s.db, "SELECT CAST(coalesce(sum(a.balance), 0) AS BIGINT) FROM bank_account a WHERE "+where, a.Values()...)
}

// Donation gives one donation to a community in scope (PermSee), or of an organisation in scope (PermOffer).
func (s *Service) Donation(ctx context.Context, actor authz.Actor, donation id.ID) (Donation, error) {
	a := &db.Args{}
	where := donationScope(a, actor) + " AND d.id = " + a.Add(donation)
	return db.One(ctx, s.db, (*Donation).dest, "SELECT "+donationColumns+donationJoined+where, a.Values()...)
}
