package outlet

import (
	"context"
	"maps"
	"slices"
	"strings"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
)

// ImportName names the table of outlets in addresses and in the command line.
const ImportName = "outlets"

// ImportKind is a table of outlets: one row is one. A row whose name and address are entered in that community already changes it; the same table again changes nothing.
// What is missing from the table stays.
func ImportKind() intake.Kind {
	col := func(name string, title i18n.Text, c intake.Column) intake.Column {
		c.Name, c.Title, c.Also = name, title, i18n.OutletHeads[name]
		return c
	}
	return intake.Kind{
		Name: ImportName, Title: i18n.OutletTable, Hint: i18n.OutletTableHint, Permission: PermKeep,
		Columns: []intake.Column{
			col("name", i18n.OutletName, intake.Column{Max: MaxName, Required: true, Example: i18n.OutletExample.In(i18n.ZH)}),
			col("element", i18n.OutletElement, intake.Column{Max: 10, Required: true, Choices: texts(Elements(), Element.Text), Example: Eat.Text().In(i18n.ZH)}),
			col("level", i18n.OutletLevel, intake.Column{Max: 10, Choices: texts(Levels(), Level.Text)}),
			col("community", i18n.CaseCommunity, intake.Column{Max: 60, Required: true}),
			col("address", i18n.OutletAddress, intake.Column{Max: MaxAddress, Required: true}),
			col("phone", i18n.OutletPhone, intake.Column{Max: MaxPhone}),
			col("weekdays", i18n.OutletWeekdays, intake.Column{Max: MaxHours, Example: "08:00-20:00"}),
			col("weekend", i18n.OutletWeekend, intake.Column{Max: MaxHours}),
			col("terms", i18n.ResourceTerms, intake.Column{Max: 10, Choices: texts(exchange.AllTerms(), exchange.Terms.Text)}),
			col("price", i18n.OutletPrice, intake.Column{Max: MaxPrice}),
			col("about", i18n.OutletAbout, intake.Column{Max: MaxAbout}),
			col("barrier_free", i18n.OutletBarrierFree, intake.Column{Max: 4}),
			col("recommended_by", i18n.OutletRecommender, intake.Column{Max: 60}),
			col("why", i18n.OutletWhy, intake.Column{Max: MaxWhy}),
		},
		Begin: begin,
	}
}

func texts[T any](all []T, text func(T) i18n.Text) []i18n.Text {
	out := make([]i18n.Text, len(all))
	for i, x := range all {
		out[i] = text(x)
	}
	return out
}

// rows is one pass over a table.
type rows struct {
	intake.Setup
	places map[string][]id.ID // communities, sub-districts and the district, by name and short name
	givers map[string][]id.ID // every organisation that is named in this table is looked up when it is planned
}

// line is one row.
type line struct {
	Outlet
	recommender string
	was         id.ID
	version     int64
}

func begin(ctx context.Context, q db.Querier, set intake.Setup) (intake.Importer, error) {
	r := &rows{Setup: set, places: map[string][]id.ID{}}
	type place struct {
		id          id.ID
		name, short string
	}
	return r, db.Each(ctx, q, func(p *place) []any { return []any{&p.id, &p.name, &p.short} }, func(p place) error {
		for _, n := range slices.Compact([]string{gram.Key(p.name), gram.Key(p.short)}) {
			if n != "" {
				r.places[n] = append(r.places[n], p.id)
			}
		}
		return nil
	}, `SELECT o.id, o.name, o.short_name FROM organisation o WHERE o.tenant_id = $1 AND o.kind IN ('district_committee', 'working_committee', 'community_party') AND o.dissolved_on = '' ORDER BY o.id`, set.Actor.Tenant)
}

// word reads a cell that holds one of some words in either language, or as the program writes it; none is what an empty cell means.
func word[T ~string](r *intake.Row, column string, all []T, text func(T) i18n.Text, none T) T {
	s := r.Text(column)
	if s == "" {
		return none
	}
	for _, v := range all {
		if t := text(v); s == string(v) || gram.Key(s) == gram.Key(t.In(i18n.ZH)) || gram.Key(s) == gram.Key(t.In(i18n.EN)) || strings.HasPrefix(t.In(i18n.ZH), s) {
			return v
		}
	}
	var words []string
	for _, v := range all {
		words = append(words, text(v).In(i18n.ZH))
	}
	r.Refuse(column, i18n.ErrBadChoice, i18n.OutletOneOf, strings.Join(words, i18n.CatalogueComma.In(i18n.ZH)))
	return none
}

// Check reads one row.
func (t *rows) Check(r *intake.Row) any {
	n := &line{recommender: r.Text("recommended_by")}
	n.Level, n.Element = word(r, "level", Levels(), Level.Text, Point), word(r, "element", Elements(), Element.Text, "")
	n.Terms = word(r, "terms", exchange.AllTerms(), exchange.Terms.Text, exchange.Paid)
	n.Name, n.Address, n.Phone, n.About, n.Price, n.Why = r.Text("name"), r.Text("address"), r.Text("phone"), r.Text("about"), r.Text("price"), r.Text("why")
	n.Weekdays, n.Weekend, n.BarrierFree = r.Text("weekdays"), r.Text("weekend"), r.Flag("barrier_free")
	if c := r.Text("community"); c != "" {
		found := slices.DeleteFunc(slices.Clone(t.places[gram.Key(c)]), func(p id.ID) bool { return t.Scope.Require(p) != nil })
		switch len(found) {
		case 1:
			n.CommunityID = found[0]
		case 0:
			r.Refuse("community", i18n.OrgCommUnknown, i18n.OrgCommUnknownIs, c)
		default:
			r.Refuse("community", i18n.OrgCommMany, i18n.OrgCommManyIs, len(found), c)
		}
	}
	if r.Refused() {
		return n
	}
	said := n.Why
	if n.recommender == "" && said != "" {
		r.Refuse("recommended_by", i18n.OutletWhoSays, i18n.OutletWhoSays)
	}
	n.Why = "" // who recommends it is known when the row is planned
	if e := n.check(); e != nil {
		for field, m := range e.Fields {
			r.Refuse(field, m.Text, i18n.OutletFix, m.Args...)
		}
	}
	n.Why = said
	return n
}

// Key is a name and an address in a community.
func (t *rows) Key(record any) string {
	n := record.(*line)
	return n.CommunityID.String() + "\x1f" + n.sameKey()
}

// Plan finds who recommends, and which rows are entered already.
func (t *rows) Plan(ctx context.Context, q db.Querier, items []*intake.Item) error {
	if err := t.recommenders(ctx, q, items); err != nil {
		return err
	}
	places, keys := map[id.ID]bool{}, map[string]bool{}
	for _, it := range items {
		n := it.Record.(*line)
		places[n.CommunityID], keys[n.sameKey()] = true, true
	}
	if len(keys) == 0 {
		return nil
	}
	a := &db.Args{}
	old, err := db.All(ctx, q, (*Outlet).dest, selected+"u.tenant_id = "+a.Add(t.Actor.Tenant)+" AND "+db.In(a, "u.community_id", slices.Sorted(maps.Keys(places)))+" AND "+db.In(a, "u.same_key", slices.Sorted(maps.Keys(keys))), a.Values()...)
	if err != nil {
		return err
	}
	there := map[string]Outlet{}
	for _, o := range old {
		there[o.CommunityID.String()+"\x1f"+o.sameKey()] = o
	}
	today := calendar.DateOf(t.Now)
	for _, it := range items {
		n := it.Record.(*line)
		if n.recommender != "" {
			found := t.givers[gram.Key(n.recommender)]
			if len(found) == 0 { // communities are called by their short names
				found = t.places[gram.Key(n.recommender)]
			}
			switch len(found) {
			case 1:
				n.RecommendedBy = found[0]
			case 0:
				it.Refuse("recommended_by", i18n.OutletNoRecommender, i18n.OutletNoRecommenderHow, n.recommender)
				continue
			default:
				it.Refuse("recommended_by", i18n.OrgCommMany, i18n.OrgCommManyIs, len(found), n.recommender)
				continue
			}
		}
		n.CheckedOn = today
		o, known := there[t.Key(n)]
		if !known {
			it.Outcome = intake.Inserted
			continue
		}
		n.was, n.version = o.ID, o.Version
		if !o.EndedOn.IsZero() { // to bring it back is an act of its own
			it.Warn("name", i18n.OutletOver, i18n.OutletOverHow)
			continue
		}
		n.Entry.keep(it.Row, o.Entry)
		if n.Version = o.Version; n.Entry != o.Entry {
			it.Outcome = intake.Updated
		}
	}
	return nil
}

// keep leaves as they are the fields of which a table has no column.
func (n *Entry) keep(r *intake.Row, was Entry) {
	for _, c := range []struct {
		column string
		keep   func()
	}{{"level", func() { n.Level = was.Level }}, {"terms", func() { n.Terms = was.Terms }}, {"phone", func() { n.Phone = was.Phone }}, {"weekdays", func() { n.Weekdays = was.Weekdays }},
		{"weekend", func() { n.Weekend = was.Weekend }}, {"price", func() { n.Price = was.Price }}, {"about", func() { n.About = was.About }}, {"barrier_free", func() { n.BarrierFree = was.BarrierFree }},
		{"recommended_by", func() { n.RecommendedBy = was.RecommendedBy }}, {"why", func() { n.Why = was.Why }}} {
		if !r.Has(c.column) {
			c.keep()
		}
	}
}

// recommenders finds the organisations that rows name.
func (t *rows) recommenders(ctx context.Context, q db.Querier, items []*intake.Item) error {
	t.givers = map[string][]id.ID{}
	names := map[string]bool{}
	for _, it := range items {
		if n := it.Record.(*line).recommender; n != "" {
			names[gram.Key(n)] = true
		}
	}
	if len(names) == 0 {
		return nil
	}
	type named struct {
		id  id.ID
		key string
	}
	a := &db.Args{}
	return db.Each(ctx, q, func(o *named) []any { return []any{&o.id, &o.key} }, func(o named) error {
		t.givers[o.key] = append(t.givers[o.key], o.id)
		return nil
	}, "SELECT o.id, o.name_key FROM organisation o WHERE o.tenant_id = "+a.Add(t.Actor.Tenant)+" AND o.dissolved_on = '' AND "+db.In(a, "o.name_key", slices.Sorted(maps.Keys(names)))+" ORDER BY o.id", a.Values()...)
}

// Write enters what is new and changes what is not so any more.
func (t *rows) Write(ctx context.Context, tx *db.Tx, items []*intake.Item) error {
	var fresh []*Outlet
	for _, it := range intake.Only(items, intake.Inserted) {
		n := it.Record.(*line)
		n.ID = id.New()
		fresh = append(fresh, &n.Outlet)
	}
	if err := insert(ctx, tx, t.Actor, t.ImportID, fresh); err != nil {
		return err
	}
	for _, it := range intake.Only(items, intake.Updated) {
		n := it.Record.(*line)
		n.ID, n.Version = n.was, n.version
		if err := save(ctx, tx, t.Actor.Tenant, &n.Outlet); err != nil {
			if errs.KindOf(err) == errs.NotFound {
				return errs.New(errs.Conflict, i18n.ErrConflict).Because(err)
			}
			return err
		}
	}
	return nil
}

// Finish has nothing left to do.
func (t *rows) Finish(context.Context, *db.Tx) error { return nil }
