package person

import (
	"context"
	"strconv"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/id"
	"linli/internal/pinyin"
	"linli/internal/reference"
)

// Filter narrows a list of residents; zero fields do not filter.
type Filter struct {
	Text        string // part of the name, initials, or exactly an ID number or a phone number
	CommunityID id.ID
	GridID      id.ID
	BuildingID  id.ID
	HouseholdID id.ID
	Category    string // holds today
	Sex         code.Sex
	Political   string
	Residence   string
	AgeFrom     int    // full years, included
	AgeTo       int    // included; 0 for no limit
	State       string // Living if empty; AnyState for all
	Flagged     bool   // contradicts the ID number
	ImportID    id.ID
	Sort        string // SortName if empty
	Page        db.Page
}

// Ways to sort and AnyState. With a search text for names the order is by community.
const (
	SortName   = "name"
	SortAge    = "age"    // oldest first
	SortNewest = "newest" // entered last first
	AnyState   = "any"
)

// Item is a resident in a list.
type Item struct {
	Person
	CommunityName string
	Address       string
	GridName      string
	Categories    []string // codes that hold today
	key           string
}

func (i *Item) dest(flagged *string) []any {
	return []any{&i.ID, &i.CommunityID, &i.HouseholdID, &i.GridID, &i.BuildingID, &i.Name, &i.Sex, &i.BornOn, &i.IDMask, &i.PhoneMask,
		&i.Ethnic, &i.Political, &i.Schooling, &i.Residence, &i.HeadRelation, &i.WorkUnit, &i.MovedInOn, &i.MovedOutOn, &i.DiedOn,
		flagged, &i.Source, db.Instant(&i.CreatedAt), db.Instant(&i.UpdatedAt), &i.Version,
		&i.key, &i.CommunityName, &i.Address, &i.GridName}
}

const itemColumns = personColumns + `, p.name_key, CASE WHEN o.short_name <> '' THEN o.short_name ELSE coalesce(o.name, '') END, coalesce(h.address, ''), coalesce(gr.name, '')`

// itemJoins add the names of what a person belongs to; they never change which rows are found.
const itemJoins = ` LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.community_id
	LEFT JOIN household h ON h.tenant_id = p.tenant_id AND h.id = p.household_id
	LEFT JOIN grid gr ON gr.tenant_id = p.tenant_id AND gr.id = p.grid_id`

// query is a list question taken apart.
type query struct {
	args  *db.Args
	from  string
	where string
	order db.Order
}

// manyCommunities is the number of communities in scope from which a list walks all names in order and leaves out what is
// not in scope, instead of sorting all rows of each community.
const manyCommunities = 4

// ask turns a filter into a query. A search by name is driven by the grams, everything else by the people.
func (s *Service) ask(scope authz.Scope, today calendar.Date, f Filter) query {
	q := query{args: &db.Args{}, from: "person p"}
	text := strings.TrimSpace(f.Text)
	index, value := s.exact(text)
	switch {
	case index != "":
		q.where = scope.Where(q.args, scopeColumns) + " AND p." + index + " = " + q.args.Add(value) + " AND p." + index + " <> ''"
		q.sorted(f.Sort)
	case gram.Key(text) != "":
		q.byName(scope, text, f.CommunityID)
	default:
		columns := scopeColumns
		if len(scope.Organisations()) >= manyCommunities && f.CommunityID == 0 && f.HouseholdID == 0 && f.Sort != SortAge {
			columns.Orgs = []string{"+p.community_id"}
		}
		q.where = scope.Where(q.args, columns)
		q.sorted(f.Sort)
	}
	q.filter(f, today)
	return q
}

// exact says which blind index a text asks for, if it is an ID number or a phone number.
func (s *Service) exact(text string) (column, value string) {
	n := code.Normalise(text)
	if len(n) == 18 && strings.Trim(n[:17], "0123456789") == "" {
		return "id_index", s.ring.Index("id_number", n)
	}
	if phone, p := code.ParsePhone(text); len(n) >= 7 && !p.Blocks() {
		return "phone_index", s.ring.Index("phone", phone.String())
	}
	return "", ""
}

// byName makes the grams drive the query: the first gram gives the rows in order, the others are looked up for each.
func (q *query) byName(scope authz.Scope, text string, community id.ID) {
	a := q.args
	q.from = "person_gram g CROSS JOIN person p" // in this order on SQLite; PostgreSQL plans for itself
	q.order = db.Order{Column: "g.community_id", IDColumn: "g.person_id", Integer: true}
	q.where = scope.Where(a, authz.Columns{Tenant: "g.tenant_id", Orgs: []string{"g.community_id"}, Person: "g.person_id"})
	if community != 0 {
		q.where += " AND g.community_id = " + a.Add(community)
	}
	if pinyin.IsInitials(text) {
		q.where += " AND " + a.Prefix("g.gram", initialsMark+gram.Key(text))
		q.order = db.Order{Column: "g.gram", IDColumn: "g.person_id"}
	} else {
		q.byGrams(gram.Query(text))
	}
	q.where += " AND p.tenant_id = g.tenant_id AND p.id = g.person_id"
}

func (q *query) byGrams(search gram.Search) {
	last := len(search.Grams) - 1
	q.where += " AND g.gram = " + q.args.Add(search.Grams[last])
	for _, g := range search.Grams[:last] {
		q.where += " AND EXISTS (SELECT 1 FROM person_gram x WHERE x.tenant_id = g.tenant_id AND x.gram = " + q.args.Add(g) +
			" AND x.community_id = g.community_id AND x.person_id = g.person_id)"
	}
	if !search.Exact {
		q.where += " AND p.name_key LIKE " + q.args.Add(search.Like()) + " ESCAPE '!'"
	}
}

func (q *query) sorted(sort string) {
	switch sort {
	case SortAge:
		q.where += " AND p.born_on <> ''"
		q.order = db.Order{Column: "p.born_on", IDColumn: "p.id"}
	case SortNewest:
		q.order = db.Order{IDColumn: "p.id", Desc: true}
	default:
		q.order = db.Order{Column: "p.name_key", IDColumn: "p.id"}
	}
}

// few sorts what is found: in the order of an index an engine without statistics (SQLite) would look through the whole community for a few people.
const few = "p.name_key || ''"

func (q *query) filter(f Filter, today calendar.Date) {
	a := q.args
	and := func(column string, v any, is bool) {
		if is {
			q.where += " AND " + column + " = " + a.Add(v)
		}
	}
	and("p.community_id", f.CommunityID, f.CommunityID != 0)
	and("p.grid_id", f.GridID, f.GridID != 0)
	and("p.building_id", f.BuildingID, f.BuildingID != 0)
	if f.HouseholdID != 0 { // said twice, because the index holds only those who have a household
		q.where += " AND p.household_id = " + a.Add(f.HouseholdID) + " AND p.household_id <> 0"
		if q.order.Column == "p.name_key" {
			q.order.Column = few
		}
	}
	and("p.import_id", f.ImportID, f.ImportID != 0)
	and("p.sex", string(f.Sex), f.Sex != "")
	and("p.political", f.Political, f.Political != "")
	and("p.residence", f.Residence, f.Residence != "")
	switch f.State {
	case "", Living:
		q.where += " AND p.moved_out_on = '' AND p.died_on = ''"
	case MovedOut:
		q.where += " AND p.moved_out_on <> '' AND p.died_on = '' AND p.anonymised_on = ''"
	case Dead:
		q.where += " AND p.died_on <> '' AND p.anonymised_on = ''"
	default:
		q.where += " AND p.anonymised_on = ''"
	}
	if f.Flagged {
		q.where += " AND p.flagged <> ''"
	}
	if f.Category != "" {
		q.where += " AND EXISTS (SELECT 1 FROM person_category c WHERE c.tenant_id = p.tenant_id AND c.person_id = p.id AND c.category = " +
			a.Add(f.Category) + " AND (c.valid_to = '' OR c.valid_to >= " + a.Add(today) + "))"
	}
	if f.AgeFrom > 0 { // born on or before this day as many years ago
		q.where += " AND p.born_on <> '' AND p.born_on <= " + a.Add(today.AddYears(-f.AgeFrom))
	}
	if f.AgeTo > 0 {
		q.where += " AND p.born_on > " + a.Add(today.AddYears(-f.AgeTo-1))
	}
}

// List gives residents in scope (PermSee), masked.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Item], error) {
	today := calendar.DateOf(s.db.Now())
	q := s.ask(actor.Scope(PermSee), today, f)
	page, tail := q.args.Keyset(f.Page, q.order)
	items, err := s.items(ctx, "SELECT "+itemColumns+" FROM "+q.from+itemJoins+" WHERE "+q.where+page+tail, q.args)
	if err != nil {
		return db.List[Item]{}, err
	}
	list := db.Cut(items, f.Page, func(i Item) db.Cursor { return db.Cursor{Key: q.key(i), ID: i.ID} })
	return list, addCategories(ctx, s.db, actor.Tenant, today, list.Items)
}

// key is the sort key of an item, for the cursor.
func (q *query) key(i Item) string {
	switch q.order.Column {
	case "p.name_key", few:
		return i.key
	case "p.born_on":
		return i.BornOn.String()
	case "g.gram":
		initials, _ := pinyin.Of(i.Name)
		return initialsMark + initials
	case "g.community_id":
		return strconv.FormatInt(int64(i.CommunityID), 10)
	}
	return ""
}

func (s *Service) items(ctx context.Context, query string, a *db.Args) ([]Item, error) {
	rows, err := s.db.Query(ctx, query, a.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var items []Item
	var flagged string
	for rows.Next() {
		var i Item
		if err := rows.Scan(i.dest(&flagged)...); err != nil {
			return nil, err
		}
		i.Flagged = strings.Fields(flagged)
		items = append(items, i)
	}
	return items, rows.Err()
}

// Record gives one person in scope, or the actor's own record, with what belongs to it.
func (s *Service) Record(ctx context.Context, actor authz.Actor, personID id.ID) (Item, error) {
	a := &db.Args{}
	where := seeScope(actor).Where(a, scopeColumns) + " AND p.anonymised_on = '' AND p.id = " + a.Add(personID)
	items, err := s.items(ctx, "SELECT "+itemColumns+" FROM person p"+itemJoins+" WHERE "+where, a)
	if err != nil {
		return Item{}, err
	}
	if len(items) == 0 {
		return Item{}, errs.ErrNotFound
	}
	return items[0], addCategories(ctx, s.db, actor.Tenant, calendar.DateOf(s.db.Now()), items)
}

// addCategories adds the categories that hold today to a page of items, in one query.
func addCategories(ctx context.Context, q db.Querier, tenant int64, today calendar.Date, items []Item) error {
	if len(items) == 0 {
		return nil
	}
	ids := make([]id.ID, len(items))
	at := make(map[id.ID]int, len(items))
	for i := range items {
		ids[i], at[items[i].ID] = items[i].ID, i
	}
	type row struct {
		person   id.ID
		category string
	}
	a := &db.Args{}
	return db.Each(ctx, q, func(r *row) []any { return []any{&r.person, &r.category} }, func(r row) error {
		it := &items[at[r.person]]
		it.Categories = append(it.Categories, r.category)
		return nil
	}, "SELECT person_id, category FROM person_category WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "person_id", ids)+
		" AND (valid_to = '' OR valid_to >= "+a.Add(today)+") ORDER BY person_id, category", a.Values()...)
}

// exportBatch is how many rows an export reads at once.
const exportBatch = 500

// Export gives every resident that the filter finds, masked, page by page (PermExport). It is recorded.
func (s *Service) Export(ctx context.Context, actor authz.Actor, f Filter, fn func(Item) error) error {
	scope := actor.Scope(PermExport)
	today := calendar.DateOf(s.db.Now())
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, f.CommunityID); err != nil {
			return err
		}
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Grid, f.GridID); err != nil {
			return err
		}
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Building, f.BuildingID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermExport), SubjectKind: "person", OrgID: f.CommunityID,
			Detail: f.describe()})
	})
	f.Page = db.Page{Limit: exportBatch}
	for err == nil {
		q := s.ask(scope, today, f)
		page, tail := q.args.Keyset(f.Page, q.order)
		var items []Item
		if items, err = s.items(ctx, "SELECT "+itemColumns+" FROM "+q.from+itemJoins+" WHERE "+q.where+page+tail, q.args); err != nil {
			return err
		}
		list := db.Cut(items, f.Page, func(i Item) db.Cursor { return db.Cursor{Key: q.key(i), ID: i.ID} })
		if err = addCategories(ctx, s.db, actor.Tenant, today, list.Items); err != nil {
			return err
		}
		for _, it := range list.Items {
			if err = fn(it); err != nil {
				return err
			}
		}
		if list.Next == "" {
			return nil
		}
		f.Page.After = db.ParseCursor(list.Next)
	}
	return err
}

// describe says for the record which filters an export had; a search text may be an ID number and is left out.
func (f Filter) describe() map[string]any {
	d := map[string]any{}
	for name, v := range map[string]string{"category": f.Category, "sex": string(f.Sex), "political": f.Political, "residence": f.Residence,
		"state": f.State, "grid": f.GridID.String(), "building": f.BuildingID.String()} {
		if v != "" {
			d[name] = v
		}
	}
	if f.Text != "" {
		d["search"] = true
	}
	return d
}

func headFirst(items []Item) []Item {
	for i, it := range items {
		if it.HeadRelation == "02" {
			return append(append([]Item{it}, items[:i]...), items[i+1:]...)
		}
	}
	return items
}
