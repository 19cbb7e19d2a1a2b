package outlet

import (
	"context"
	"fmt"
	"slices"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

var columns = authz.Columns{Tenant: "u.tenant_id", Orgs: []string{"u.community_id"}}

var selected = `SELECT u.id, u.level, u.element, u.name, u.about, u.community_id, ` + reference.Label("m") + `, u.address, u.phone, u.weekdays, u.weekend, u.terms, u.price, u.barrier_free,
	u.recommended_by, CASE WHEN u.recommended_by <> 0 THEN ` + reference.Label("g") + ` ELSE '' END, u.why, u.checked_on, u.ended_on, u.version FROM outlet u
	LEFT JOIN organisation m ON m.tenant_id = u.tenant_id AND m.id = u.community_id
	LEFT JOIN organisation g ON g.tenant_id = u.tenant_id AND g.id = u.recommended_by AND u.recommended_by <> 0
	WHERE `

func (o *Outlet) dest() []any {
	return []any{&o.ID, &o.Level, &o.Element, &o.Name, &o.About, &o.CommunityID, &o.Community, &o.Address, &o.Phone, &o.Weekdays, &o.Weekend, &o.Terms, &o.Price, &o.BarrierFree, &o.RecommendedBy, &o.Recommender, &o.Why,
		&o.CheckedOn, &o.EndedOn, &o.Version}
}

func find(ctx context.Context, q db.Querier, scope authz.Scope, outlet id.ID) (Outlet, error) {
	a := &db.Args{}
	where := scope.Where(a, columns) + " AND u.id = " + a.Add(outlet)
	return db.One(ctx, q, (*Outlet).dest, selected+where, a.Values()...)
}

// list reads one page by name.
func (s *Service) list(ctx context.Context, a *db.Args, w string, f Filter) (db.List[Outlet], error) {
	if f.Element != "" {
		w += " AND u.element = " + a.Add(string(f.Element))
	}
	if f.Level != "" {
		w += " AND u.level = " + a.Add(string(f.Level))
	}
	if f.Free {
		w += " AND u.terms = " + a.Add(string(exchange.Free))
	}
	if f.Community != 0 {
		w += " AND u.community_id IN (SELECT b.id FROM organisation b JOIN organisation v ON v.tenant_id = b.tenant_id AND v.id = " + a.Add(f.Community) + " WHERE b.tenant_id = u.tenant_id AND substr(b.path, 1, length(v.path)) = v.path)"
	}
	if gram.Key(f.Text) != "" {
		w += " AND u.search_key LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!'"
	}
	if f.OpenNow {
		w += " AND " + openAt(a, s.db.Now())
	}
	page, tail := a.Keyset(f.Page, db.Order{Column: "u.name_key", IDColumn: "u.id"})
	rows, err := db.All(ctx, s.db, (*Outlet).dest, selected+w+page+tail, a.Values()...)
	return db.Cut(rows, f.Page, func(o Outlet) db.Cursor { return db.Cursor{Key: gram.Key(o.Name), ID: o.ID} }), err
}

// openAt is the condition that an outlet is open in the half hour of an instant.
func openAt(a *db.Args, at time.Time) string {
	column := "u.open_2"
	switch calendar.DateOf(at).Weekday() {
	case time.Monday:
		column = "u.open_1"
	case time.Saturday:
		column = "u.open_6"
	case time.Sunday:
		column = "u.open_7"
	}
	t := at.In(i18n.Zone)
	return fmt.Sprintf("(%s & %s) <> 0", column, a.Add(int64(1)<<((t.Hour()*60+t.Minute())/30)))
}

// Count says how many outlets there are.
type Count struct {
	Level   Level
	Element Element
	N       int64
}

// Counts counts what everybody may read of a district, by level and element.
func (s *Service) Counts(ctx context.Context, tenant int64) ([]Count, error) {
	return db.All(ctx, s.db, func(c *Count) []any { return []any{&c.Level, &c.Element, &c.N} },
		`SELECT u.level, u.element, count(*) FROM outlet u WHERE u.tenant_id = $1 AND u.ended_on = '' GROUP BY u.level, u.element`, tenant)
}

// Summary counts the outlets in scope (PermSee), by level and element.
func (s *Service) Summary(ctx context.Context, actor authz.Actor) ([]Count, error) {
	a := &db.Args{}
	where := actor.Scope(PermSee).Where(a, columns)
	return db.All(ctx, s.db, func(c *Count) []any { return []any{&c.Level, &c.Element, &c.N} },
		"SELECT u.level, u.element, count(*) FROM outlet u WHERE "+where+" AND u.ended_on = '' GROUP BY u.level, u.element", a.Values()...)
}

// places makes sure that the organisations of an entry are there.
func places(ctx context.Context, q db.Querier, tenant int64, in Entry) error {
	a := &db.Args{}
	there, err := db.Column[id.ID](ctx, q, "SELECT o.id FROM organisation o WHERE o.tenant_id = "+a.Add(tenant)+" AND o.dissolved_on = '' AND "+db.In(a, "o.id", []id.ID{in.CommunityID, in.RecommendedBy}), a.Values()...)
	switch {
	case err != nil:
		return err
	case !slices.Contains(there, in.CommunityID):
		return errs.Field("community", i18n.ErrBadChoice)
	case in.RecommendedBy != 0 && !slices.Contains(there, in.RecommendedBy):
		return errs.Field("recommended_by", i18n.ErrBadChoice)
	}
	return nil
}

func insert(ctx context.Context, tx *db.Tx, actor authz.Actor, from id.ID, all []*Outlet) error {
	at := db.Micros(tx.Now())
	return tx.InsertMany(ctx, "outlet", []string{"tenant_id", "id", "level", "element", "name", "name_key", "search_key", "same_key", "about", "community_id", "address", "phone", "weekdays", "weekend", "open_1", "open_2", "open_6", "open_7",
		"terms", "price", "barrier_free", "recommended_by", "why", "checked_on", "import_id", "entered_by", "created_at"}, len(all), func(i int) []any {
		o := all[i]
		monday, weekday, saturday, sunday := o.open()
		return []any{actor.Tenant, o.ID, string(o.Level), string(o.Element), o.Name, gram.Key(o.Name), o.searchKey(), o.sameKey(), o.About, o.CommunityID, o.Address, o.Phone, o.Weekdays, o.Weekend, monday, weekday,
			saturday, sunday, string(o.Terms), o.Price, o.BarrierFree, o.RecommendedBy, o.Why, o.CheckedOn.String(), from, actor.AccountID, at}
	})
}

func save(ctx context.Context, tx *db.Tx, tenant int64, o *Outlet) error {
	monday, weekday, saturday, sunday := o.open()
	return tx.Update(ctx, `UPDATE outlet SET level = $1, element = $2, name = $3, name_key = $4, search_key = $5, same_key = $6, about = $7, community_id = $8, address = $9, phone = $10, weekdays = $11, weekend = $12,
		open_1 = $13, open_2 = $14, open_6 = $15, open_7 = $16, terms = $17, price = $18, barrier_free = $19, recommended_by = $20, why = $21, checked_on = $22, ended_on = $23, version = version + 1
		WHERE tenant_id = $24 AND id = $25 AND version = $26`,
		o.Level, o.Element, o.Name, gram.Key(o.Name), o.searchKey(), o.sameKey(), o.About, o.CommunityID, o.Address, o.Phone, o.Weekdays, o.Weekend, monday, weekday, saturday, sunday, o.Terms, o.Price, o.BarrierFree,
		o.RecommendedBy, o.Why, o.CheckedOn.String(), o.EndedOn.String(), tenant, o.ID, o.Version)
}
