package catalogue

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/id"
)

const itemColumns = `i.id, i.list, i.standard, i.part, i.code, i.class_code, i.name, i.name_en, i.who, i.who_en, i.bring, i.bring_en, i.forms, i.forms_en, i.note, i.note_en, i.price_kind, i.price_fen,
	i.price_note, i.price_note_en, i.days, i.hours, i.level, i.is_local, i.public, i.edition, i.valid_from, i.retired, i.version`

func (i *Item) dest() []any {
	return []any{&i.ID, &i.List, &i.Standard, &i.Part, &i.Code, &i.ClassCode, &i.Name, &i.NameEN, &i.Who, &i.WhoEN, &i.Bring, &i.BringEN, &i.Forms, &i.FormsEN, &i.Note, &i.NoteEN, &i.PriceKind, &i.PriceFen,
		&i.PriceNote, &i.PriceNoteEN, &i.Days, &i.Hours, &i.Level, &i.IsLocal, &i.Public, &i.Edition, &i.ValidFrom, &i.Retired, &i.Version}
}

const rowColumns = itemColumns + `, coalesce(k.name, ''), coalesce(k.name_en, ''), i.sort_key
	FROM catalogue_item i LEFT JOIN catalogue_class k ON k.tenant_id = i.tenant_id AND k.list = i.list AND k.code = i.class_code WHERE `

func (r *Row) dest() []any { return append(r.Item.dest(), &r.class, &r.classEN, &r.sortKey) }

func find(ctx context.Context, q db.Querier, tenant int64, item id.ID) (Item, error) {
	return db.One(ctx, q, (*Item).dest, "SELECT "+itemColumns+" FROM catalogue_item i WHERE i.tenant_id = $1 AND i.id = $2", tenant, item)
}

func findRow(ctx context.Context, q db.Querier, tenant int64, item id.ID) (Row, error) {
	return db.One(ctx, q, (*Row).dest, "SELECT "+rowColumns+"i.tenant_id = $1 AND i.id = $2", tenant, item)
}

func named(ctx context.Context, q db.Querier, tenant int64, ids []id.ID) ([]Item, error) {
	a := &db.Args{}
	return db.All(ctx, q, (*Item).dest, "SELECT "+itemColumns+" FROM catalogue_item i WHERE i.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "i.id", ids), a.Values()...)
}

// where is the condition of a filter.
func (f Filter) where(a *db.Args, tenant int64) string {
	w := "i.tenant_id = " + a.Add(tenant)
	for _, is := range []struct{ column, value string }{{"i.list", f.List}, {"i.class_code", f.Class}, {"i.standard", f.Standard}, {"i.level", string(f.Level)}, {"i.price_kind", string(f.Price)}} {
		if is.value != "" {
			w += " AND " + is.column + " = " + a.Add(is.value)
		}
	}
	if f.Public {
		w += " AND i.public"
	}
	if f.Local {
		w += " AND i.is_local"
	}
	switch f.Show {
	case ShowAll:
	case ShowRetired:
		w += " AND i.retired"
	default:
		w += " AND NOT i.retired"
	}
	if gram.Key(f.Text) != "" {
		w += " AND i.search_key LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!'"
	}
	return w
}

func list(ctx context.Context, q db.Querier, tenant int64, f Filter) (db.List[Row], error) {
	a := &db.Args{}
	w := f.where(a, tenant)
	page, tail := a.Keyset(f.Page, db.Order{Column: "i.sort_key", IDColumn: "i.id"})
	rows, err := db.All(ctx, q, (*Row).dest, "SELECT "+rowColumns+w+page+tail, a.Values()...)
	if err != nil {
		return db.List[Row]{}, err
	}
	return db.Cut(rows, f.Page, func(r Row) db.Cursor { return db.Cursor{Key: r.sortKey, ID: r.ID} }), nil
}

// all reads every item of a tenant, for an import: lists are some hundred lines long.
func all(ctx context.Context, q db.Querier, tenant int64) ([]Item, error) {
	return db.All(ctx, q, (*Item).dest, "SELECT "+itemColumns+" FROM catalogue_item i WHERE i.tenant_id = $1", tenant)
}

func counts(ctx context.Context, q db.Querier, tenant int64) (map[string]int64, error) {
	out := map[string]int64{}
	type n struct {
		list string
		n    int64
	}
	return out, db.Each(ctx, q, func(x *n) []any { return []any{&x.list, &x.n} }, func(x n) error { out[x.list] = x.n; return nil },
		"SELECT i.list, count(*) FROM catalogue_item i WHERE i.tenant_id = $1 AND NOT i.retired GROUP BY i.list", tenant)
}

// shelves counts what residents may ask for by class.
func shelves(ctx context.Context, q db.Querier, tenant int64) ([]Shelf, error) {
	return db.All(ctx, q, func(s *Shelf) []any { return []any{&s.List, &s.Code, &s.Name, &s.NameEN, &s.Items} },
		`SELECT i.list, i.class_code, coalesce(max(k.name), ''), coalesce(max(k.name_en), ''), count(*) FROM catalogue_item i
		LEFT JOIN catalogue_class k ON k.tenant_id = i.tenant_id AND k.list = i.list AND k.code = i.class_code
		WHERE i.tenant_id = $1 AND i.public AND NOT i.retired GROUP BY i.list, i.class_code ORDER BY i.list, max(coalesce(k.rank, 9999)), i.class_code`, tenant)
}

func districts(ctx context.Context, q db.Querier) ([]Tenant, error) {
	return db.All(ctx, q, func(d *Tenant) []any { return []any{&d.Code, &d.Name} }, "SELECT tenant_id, name FROM tenant ORDER BY tenant_id")
}

// keyed gives the name of the item of a key; "" for none.
func keyed(ctx context.Context, q db.Querier, tenant int64, i Item) (string, error) {
	found, err := db.Column[string](ctx, q, "SELECT i.name FROM catalogue_item i WHERE i.tenant_id = $1 AND i.list = $2 AND i.standard = $3 AND i.part = $4 AND i.code = $5",
		tenant, i.List, i.Standard, string(i.Part), i.Code)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// draft is an item on its way into the table, with what belongs to its edition.
type draft struct {
	Item
	rank     int64
	reason   string
	importID id.ID
}

var itemInsert = []string{"tenant_id", "id", "list", "standard", "part", "code", "class_code", "name", "name_en", "search_key", "sort_key", "who", "who_en", "bring", "bring_en", "forms", "forms_en", "note", "note_en",
	"price_kind", "price_fen", "price_note", "price_note_en", "days", "hours", "level", "is_local", "public", "edition", "valid_from", "retired"}

func insert(ctx context.Context, tx *db.Tx, tenant int64, account id.ID, list []draft) error {
	if err := tx.InsertMany(ctx, "catalogue_item", itemInsert, len(list), func(n int) []any {
		i := list[n]
		return []any{tenant, int64(i.ID), i.List, i.Standard, string(i.Part), i.Code, i.ClassCode, i.Name, i.NameEN, i.searchKey(), i.sortKey(i.rank), i.Who, i.WhoEN, i.Bring, i.BringEN, i.Forms, i.FormsEN, i.Note, i.NoteEN,
			string(i.PriceKind), i.PriceFen, i.PriceNote, i.PriceNoteEN, i.Days, i.Hours, string(i.Level), i.IsLocal, i.Public, i.Edition, i.ValidFrom.String(), i.Retired}
	}); err != nil {
		return err
	}
	return insertEditions(ctx, tx, tenant, account, list)
}

func insertEditions(ctx context.Context, tx *db.Tx, tenant int64, account id.ID, list []draft) error {
	return tx.InsertMany(ctx, "catalogue_edition", []string{"tenant_id", "item_id", "edition", "valid_from", "body", "reason", "account_id", "import_id", "at"}, len(list), func(n int) []any {
		i := list[n]
		return []any{tenant, int64(i.ID), i.Edition, i.ValidFrom.String(), body(i.Item), i.reason, int64(account), int64(i.importID), db.Micros(tx.Now())}
	})
}

// save writes the new edition of items whose version is still the one that was read.
func save(ctx context.Context, tx *db.Tx, tenant int64, account id.ID, list []draft) error {
	for _, i := range list {
		if err := tx.Update(ctx, `UPDATE catalogue_item SET class_code = $1, name = $2, name_en = $3, search_key = $4, sort_key = $5, who = $6, who_en = $7, bring = $8, bring_en = $9, forms = $10, forms_en = $11,
			note = $12, note_en = $13, price_kind = $14, price_fen = $15, price_note = $16, price_note_en = $17, days = $18, hours = $19, level = $20, is_local = $21, public = $22, edition = $23,
			valid_from = $24, retired = $25, version = version + 1 WHERE tenant_id = $26 AND id = $27 AND version = $28`,
			i.ClassCode, i.Name, i.NameEN, i.searchKey(), i.sortKey(i.rank), i.Who, i.WhoEN, i.Bring, i.BringEN, i.Forms, i.FormsEN, i.Note, i.NoteEN, string(i.PriceKind), i.PriceFen, i.PriceNote, i.PriceNoteEN,
			i.Days, i.Hours, string(i.Level), i.IsLocal, i.Public, i.Edition, i.ValidFrom.String(), i.Retired, tenant, i.ID, i.Version); err != nil {
			return err
		}
	}
	return insertEditions(ctx, tx, tenant, account, list)
}

// maxEditions bounds a history.
const maxEditions = 200

// editions are those of an item, the present one first.
func editions(ctx context.Context, q db.Querier, tenant int64, i Item) ([]Edition, error) {
	type line struct {
		Edition
		text string
	}
	var out []Edition
	var next calendar.Date
	return out, db.Each(ctx, q, func(l *line) []any {
		return []any{&l.No, &l.From, &l.text, &l.Reason, &l.By, &l.ImportID, db.Instant(&l.At)}
	}, func(l line) error {
		e := l.Edition
		e.Item, e.To = i, next
		e.Item.Edition, e.Item.ValidFrom, e.Item.Version = e.No, e.From, 0
		var err error
		e.Item, err = e.Item.as(l.text)
		out, next = append(out, e), e.From
		return err
	}, `SELECT e.edition, e.valid_from, e.body, e.reason, coalesce(k.name, ''), e.import_id, e.at FROM catalogue_edition e LEFT JOIN account k ON k.tenant_id = e.tenant_id AND k.id = e.account_id
		WHERE e.tenant_id = $1 AND e.item_id = $2 ORDER BY e.edition DESC LIMIT $3`, tenant, i.ID, int64(maxEditions))
}

const classColumns = `k.list, k.code, k.name, k.name_en, k.rank, k.retired, k.version,
	(SELECT count(*) FROM catalogue_item i WHERE i.tenant_id = k.tenant_id AND i.list = k.list AND i.class_code = k.code AND NOT i.retired) FROM catalogue_class k WHERE k.tenant_id = `

func (c *Class) dest() []any {
	return []any{&c.List, &c.Code, &c.Name, &c.NameEN, &c.Rank, &c.Retired, &c.Version, &c.Items}
}

// classes are those of a list, or of all lists, in their order.
func classes(ctx context.Context, q db.Querier, tenant int64, list string, retired bool) ([]Class, error) {
	a := &db.Args{}
	w := classColumns + a.Add(tenant)
	if list != "" {
		w += " AND k.list = " + a.Add(list)
	}
	if !retired {
		w += " AND NOT k.retired"
	}
	return db.All(ctx, q, (*Class).dest, "SELECT "+w+" ORDER BY k.list, k.rank, k.code", a.Values()...)
}

func findClass(ctx context.Context, q db.Querier, tenant int64, list, code string) (Class, error) {
	return db.One(ctx, q, (*Class).dest, "SELECT "+classColumns+"$1 AND k.list = $2 AND k.code = $3", tenant, list, code)
}

func insertClasses(ctx context.Context, tx *db.Tx, tenant int64, account id.ID, list []Class) error {
	if err := insertClassEditions(ctx, tx, tenant, account, 1, list); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "catalogue_class", []string{"tenant_id", "list", "code", "name", "name_en", "rank", "retired"}, len(list), func(n int) []any {
		c := list[n]
		return []any{tenant, c.List, c.Code, c.Name, c.NameEN, c.Rank, c.Retired}
	})
}

// insertClassEditions keeps classes as they are from now on.
func insertClassEditions(ctx context.Context, tx *db.Tx, tenant int64, account id.ID, no int64, list []Class) error {
	return tx.InsertMany(ctx, "catalogue_class_edition", []string{"tenant_id", "list", "code", "edition", "name", "name_en", "rank", "retired", "account_id", "at"}, len(list), func(n int) []any {
		c := list[n]
		return []any{tenant, c.List, c.Code, no, c.Name, c.NameEN, c.Rank, c.Retired, account, db.Micros(tx.Now())}
	})
}

// classEditions are those of a class, the present one first.
func classEditions(ctx context.Context, q db.Querier, tenant int64, list, code string) ([]ClassEdition, error) {
	return db.All(ctx, q, func(e *ClassEdition) []any {
		return []any{&e.List, &e.Code, &e.Version, &e.Name, &e.NameEN, &e.Rank, &e.Retired, &e.By, db.Instant(&e.At)}
	}, `SELECT e.list, e.code, e.edition, e.name, e.name_en, e.rank, e.retired, coalesce(k.name, ''), e.at FROM catalogue_class_edition e LEFT JOIN account k ON k.tenant_id = e.tenant_id AND k.id = e.account_id
		WHERE e.tenant_id = $1 AND e.list = $2 AND e.code = $3 ORDER BY e.edition DESC LIMIT $4`, tenant, list, code, int64(maxEditions))
}

// saveClass changes a class and keeps how it was; its items follow its place.
func saveClass(ctx context.Context, tx *db.Tx, actor authz.Actor, c Class) error {
	if err := tx.Update(ctx, "UPDATE catalogue_class SET name = $1, name_en = $2, rank = $3, retired = $4, version = version + 1 WHERE tenant_id = $5 AND list = $6 AND code = $7 AND version = $8",
		c.Name, c.NameEN, c.Rank, c.Retired, actor.Tenant, c.List, c.Code, c.Version); err != nil {
		return err
	}
	if err := insertClassEditions(ctx, tx, actor.Tenant, actor.AccountID, c.Version+1, []Class{c}); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "UPDATE catalogue_item SET sort_key = $1 || substr(sort_key, $2) WHERE tenant_id = $3 AND list = $4 AND class_code = $5",
		rankKey(c.Rank), int64(rankDigits+1), actor.Tenant, c.List, c.Code)
	return err
}
