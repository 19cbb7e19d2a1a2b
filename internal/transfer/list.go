package transfer

import (
	"context"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/id"
	"linli/internal/pinyin"
	"linli/internal/reference"
)

// Sort is the order of the list.
type Sort string

// The orders.
const (
	Newest  Sort = ""
	ByName  Sort = "name"
	ByValid Sort = "valid" // the letter that expires first
)

// Filter narrows the list of transfers; zero fields do not filter.
type Filter struct {
	Text           string // part of the name of the person or of an organisation outside, or initials
	State          State
	Open           bool // whatever goes on
	Direction      Direction
	OrganisationID id.ID // either side: this and everything below it
	FromID         id.ID // exactly
	ToID           id.ID // exactly
	MemberID       id.ID
	Overdue        bool // the letter has expired
	Unsettled      bool // came back and waits for the sender
	Sort           Sort
	Desc           bool
	Page           db.Page
	today          calendar.Date
}

// Item is a transfer with the names around it.
type Item struct {
	Transfer
	State    State // today
	Name     string
	From, To string // what both sides are called; of the side outside its name
	nameKey  string
}

// LateBy is for how many days the letter has expired; 0 if it has not.
func (i Item) LateBy(today calendar.Date) int {
	if i.State != Expired {
		return 0
	}
	return i.ValidTo.DaysUntil(today)
}

func (i *Item) dest() []any {
	return append(i.Transfer.dest(), &i.Name, &i.From, &i.To, &i.nameKey)
}

var itemSelect = "SELECT " + columns + ", coalesce(p.name, ''), CASE WHEN t.from_id = 0 THEN t.outside ELSE " + reference.Label("fo") + " END, CASE WHEN t.to_id = 0 THEN t.outside ELSE " +
	reference.Label("too") + ` END, coalesce(p.name_key, '')` + itemTables

const itemTables = ` FROM transfer t LEFT JOIN person p ON p.tenant_id = t.tenant_id AND p.id = t.person_id
	LEFT JOIN organisation fo ON fo.tenant_id = t.tenant_id AND fo.id = t.from_id
	LEFT JOIN organisation too ON too.tenant_id = t.tenant_id AND too.id = t.to_id WHERE `

func (f Filter) where(a *db.Args, scope authz.Scope) string {
	w := scope.Where(a, owners)
	today := func() string { return a.Add(f.today) }
	switch {
	case f.State == Expired || f.Overdue:
		w += " AND t.state = 'in_transit' AND t.valid_to < " + today()
	case f.State == InTransit:
		w += " AND t.state = 'in_transit' AND t.valid_to >= " + today()
	case f.State != "":
		w += " AND t.state = " + a.Add(f.State)
	case f.Open:
		w += " AND t.state IN " + open
	}
	if f.Direction != "" {
		w += " AND t.direction = " + a.Add(f.Direction)
	}
	for _, c := range []struct {
		column string
		value  id.ID
	}{{"t.from_id", f.FromID}, {"t.to_id", f.ToID}, {"t.member_id", f.MemberID}} {
		if c.value != 0 {
			w += " AND " + c.column + " = " + a.Add(c.value)
		}
	}
	if f.OrganisationID != 0 {
		org := a.Add(f.OrganisationID)
		w += ` AND EXISTS (SELECT 1 FROM organisation x JOIN organisation y ON y.tenant_id = x.tenant_id AND substr(y.path, 1, length(x.path)) = x.path
			WHERE x.tenant_id = t.tenant_id AND x.id = ` + org + " AND y.id IN (t.from_id, t.to_id))"
	}
	if f.Unsettled {
		w += unsettled
	}
	if s := strings.TrimSpace(f.Text); s != "" {
		if pinyin.IsInitials(s) {
			w += " AND " + a.Prefix("p.initials", gram.Key(s))
		} else {
			w += " AND (p.name_key LIKE " + a.Add(gram.Query(s).Like()) + " ESCAPE '!' OR p.name LIKE " + a.Add(gram.Query(s).Like()) + " ESCAPE '!' OR t.outside LIKE " +
				a.Add(gram.Query(s).Like()) + " ESCAPE '!')"
		}
	}
	return w
}

// unsettled says that what came back still waits: the sender has not noted it, nor started anew.
const unsettled = ` AND t.state = 'returned' AND t.settled_at = 0 AND t.direction <> 'in' AND NOT EXISTS (SELECT 1 FROM transfer n WHERE n.tenant_id = t.tenant_id
	AND n.person_id = t.person_id AND n.id > t.id)`

func (f Filter) order() db.Order {
	switch f.Sort {
	case ByName:
		return db.Order{Column: "coalesce(p.name_key, '')", IDColumn: "t.id", Desc: f.Desc}
	case ByValid:
		return db.Order{Column: "t.valid_to", IDColumn: "t.id", Desc: f.Desc}
	}
	return db.Order{IDColumn: "t.id", Desc: true}
}

func (f Filter) cursor(i Item) db.Cursor {
	switch f.Sort {
	case ByName:
		return db.Cursor{Key: i.nameKey, ID: i.ID}
	case ByValid:
		return db.Cursor{Key: i.ValidTo.String(), ID: i.ID}
	}
	return db.Cursor{ID: i.ID}
}

// List gives one page of the transfers in sight, of either side: newest first unless asked otherwise.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Item], error) {
	f.today = s.Today()
	a := &db.Args{}
	where := f.where(a, seeing(actor))
	page, tail := a.Keyset(f.Page, f.order())
	rows, err := db.All(ctx, s.db, (*Item).dest, itemSelect+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Item]{}, err
	}
	for i := range rows {
		rows[i].State = rows[i].At(f.today)
	}
	return db.Cut(rows, f.Page, f.cursor), nil
}

// Export calls fn for every transfer that List would show over all its pages.
func (s *Service) Export(ctx context.Context, actor authz.Actor, f Filter, fn func(Item) error) error {
	f.today = s.Today()
	a := &db.Args{}
	return db.Each(ctx, s.db, (*Item).dest, func(i Item) error {
		i.State = i.At(f.today)
		return fn(i)
	}, itemSelect+f.where(a, seeing(actor))+" ORDER BY t.id DESC", a.Values()...)
}

// Counts are the numbers above the list; each opens to its list.
type Counts struct{ Requested, ApprovedOut, InTransit, Expired, Returned int64 }

// Count counts what goes on in sight.
func (s *Service) Count(ctx context.Context, actor authz.Actor) (Counts, error) {
	a := &db.Args{}
	today := a.Add(s.Today())
	sum := func(condition string) string {
		return "coalesce(sum(CASE WHEN " + condition + " THEN 1 ELSE 0 END), 0)"
	}
	returned := sum("t.state = 'returned'" + strings.Replace(unsettled, " AND t.state = 'returned'", "", 1))
	return db.One(ctx, s.db, func(c *Counts) []any {
		return []any{&c.Requested, &c.ApprovedOut, &c.InTransit, &c.Expired, &c.Returned}
	},
		"SELECT "+sum("t.state = 'requested'")+", "+sum("t.state = 'approved_out'")+", "+sum("t.state = 'in_transit' AND t.valid_to >= "+today)+", "+
			sum("t.state = 'in_transit' AND t.valid_to < "+today)+", "+returned+" FROM transfer t WHERE "+seeing(actor).Where(a, owners)+
			" AND t.state IN ('requested', 'approved_out', 'in_transit', 'returned')", a.Values()...)
}

// Detail is a transfer with its steps.
type Detail struct {
	Item
	IDMask, PhoneMask string
	Steps             []Step
}

// Get opens one transfer in sight, of either side or of oneself.
func (s *Service) Get(ctx context.Context, actor authz.Actor, transfer id.ID) (Detail, error) {
	var d Detail
	err := s.db.View(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		var err error
		d.Item, err = db.One(ctx, tx, (*Item).dest, itemSelect+seeing(actor).Where(a, owners)+" AND t.id = "+a.Add(transfer), a.Values()...)
		if err != nil {
			return err
		}
		d.State = d.At(s.Today())
		if _, err := db.One(ctx, tx, func(*struct{}) []any { return []any{&d.IDMask, &d.PhoneMask} },
			"SELECT p.id_mask, p.phone_mask FROM person p WHERE p.tenant_id = $1 AND p.id = $2", actor.Tenant, d.PersonID); err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
		d.Steps, err = steps(ctx, tx, actor.Tenant, d.ID)
		return err
	})
	return d, err
}

// Of gives the transfers of a member in sight, newest first, bounded.
func (s *Service) Of(ctx context.Context, actor authz.Actor, member id.ID) ([]Item, error) {
	l, err := s.List(ctx, actor, Filter{MemberID: member, Page: db.Page{Limit: 20}})
	return l.Items, err
}

// Own gives the actor's own transfers, newest first (PermAskOwn), and the branch in which the actor is a member.
type Own struct {
	MemberID  id.ID
	HomeID    id.ID
	Home      string
	Transfers []Item
}

// Open is the transfer that goes on; nil if there is none.
func (o Own) Open() *Item {
	for i := range o.Transfers {
		if o.Transfers[i].State.Open() {
			return &o.Transfers[i]
		}
	}
	return nil
}

// Mine gives what concerns the actor's own relation (PermAskOwn). Who is no member has no MemberID.
func (s *Service) Mine(ctx context.Context, actor authz.Actor) (Own, error) {
	scope := actor.Scope(PermAskOwn)
	a := &db.Args{}
	own, err := db.One(ctx, s.db, func(o *Own) []any { return []any{&o.MemberID, &o.HomeID, &o.Home} }, "SELECT m.id, m.home_id, "+reference.Label("o")+` FROM member m
		LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.home_id WHERE `+scope.Where(a, authz.Columns{Tenant: "m.tenant_id", Person: "m.person_id"})+
		" AND m.ended_on = ''", a.Values()...)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return own, err
	}
	a = &db.Args{}
	own.Transfers, err = db.All(ctx, s.db, (*Item).dest, itemSelect+scope.Where(a, owners)+" ORDER BY t.id DESC LIMIT 20", a.Values()...)
	for i := range own.Transfers {
		own.Transfers[i].State = own.Transfers[i].At(s.Today())
	}
	return own, err
}

// ownMember is the living record of the actor's own person.
func ownMember(ctx context.Context, q db.Querier, scope authz.Scope) (id.ID, error) {
	a := &db.Args{}
	m, err := db.Value[id.ID](ctx, q, "SELECT m.id FROM member m WHERE "+scope.Where(a, authz.Columns{Tenant: "m.tenant_id", Person: "m.person_id"})+" AND m.ended_on = ''", a.Values()...)
	if err == nil && m == 0 {
		err = errs.ErrNotFound
	}
	return m, err
}
