package casework

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/paper"
)

// ImportName names the table of cases in addresses and in the command line.
const ImportName = "cases"

// MaxTable is how many cases one table brings in at most: each is a case of its own, with its clock, its entry in the history and its notices.
const MaxTable = 1000

// ImportKind is the entry of many places at once from a table: one row is one case, as if it had been entered by itself. A row that came in before, word for word at the same
// place, is not entered again while that case is open, nor within sameDays. Confidential kinds are entered one by one.
func (s *Service) ImportKind() intake.Kind {
	col := func(name string, title i18n.Text, c intake.Column) intake.Column {
		c.Name, c.Title, c.Also = name, title, i18n.CaseTableHeads[name]
		return c
	}
	return intake.Kind{
		Name: ImportName, Title: i18n.CaseTableTitle, Hint: i18n.CaseTableHint, Permission: PermEnter,
		Columns: []intake.Column{
			col("kind", i18n.CaseKindLabel, intake.Column{Max: 30, Hint: i18n.CaseTableKindHint, Example: i18n.CaseKindEvent.In(i18n.ZH)}),
			col("category", i18n.CaseItem, intake.Column{Max: 60, Hint: i18n.CaseTableItemHint}),
			col("community", i18n.CaseCommunity, intake.Column{Max: 60, Hint: i18n.CaseTableCommunityHint}),
			col("building", i18n.CaseBuilding, intake.Column{Max: 60}),
			col("place", i18n.CasePlace, intake.Column{Max: MaxPlace, Required: true, Sealed: true}),
			col("body", i18n.CaseWhat, intake.Column{Max: MaxBody, Required: true}),
			col("channel", i18n.CaseChannel, intake.Column{Max: 30, Hint: i18n.CaseTableChannelHint}),
			col("urgent", i18n.CaseUrgent, intake.Column{Max: 4}),
			col("name", i18n.CaseReporter, intake.Column{Max: 40, Sealed: true}),
			col("phone", i18n.CaseTablePhone, intake.Column{Max: 30, Sealed: true}),
		},
		Begin: s.beginTable,
	}
}

// sameDays is how long a row that was closed already is still the same: what comes back later is a new case.
const sameDays = 30

// line is one row: a report, and what it names in words.
type line struct {
	Report
	community, building, category string
	key                           string
}

// list is one pass over a table.
type list struct {
	intake.Setup
	s           *Service
	office      office
	kinds       map[string]Kind    // by code and by name
	items       map[string][]item  // by list and name
	communities map[string][]id.ID // by name and short name
	entered     int
}

func (s *Service) beginTable(ctx context.Context, q db.Querier, set intake.Setup) (intake.Importer, error) {
	t := &list{Setup: set, s: s, kinds: map[string]Kind{}, items: map[string][]item{}, communities: map[string][]id.ID{}}
	cal, err := s.days.Calendar(ctx, set.Actor.Tenant)
	if err != nil {
		return nil, err
	}
	if t.office, err = officeAt(ctx, q, cal, set.Actor.Tenant, calendar.DateOf(set.Now)); err != nil {
		return nil, err
	}
	all, err := kinds(ctx, q, set.Actor.Tenant)
	if err != nil {
		return nil, err
	}
	for _, k := range all {
		if !k.Retired {
			t.kinds[gram.Key(k.Code)], t.kinds[gram.Key(k.Name)] = k, k
			if k.NameEN != "" {
				t.kinds[gram.Key(k.NameEN)] = k
			}
		}
	}
	items, err := db.All(ctx, q, func(i *item) []any { return []any{&i.id, &i.list, &i.name, &i.nameEN} },
		`SELECT i.id, i.list, i.name, i.name_en FROM catalogue_item i WHERE i.tenant_id = $1 AND i.retired = FALSE ORDER BY i.id LIMIT 20000`, set.Actor.Tenant)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		for _, n := range slices.Compact([]string{gram.Key(i.name), gram.Key(i.nameEN)}) {
			if n != "" {
				t.items[i.list+"/"+n] = append(t.items[i.list+"/"+n], i)
			}
		}
	}
	type community struct {
		id          id.ID
		name, short string
	}
	whole := t.OrgID
	t.OrgID = 0
	return t, db.Each(ctx, q, func(c *community) []any { return []any{&c.id, &c.name, &c.short} }, func(c community) error {
		if c.id == whole { // what was chosen is a community that there is
			t.OrgID = whole
		}
		for _, n := range slices.Compact([]string{gram.Key(c.name), gram.Key(c.short)}) {
			if n != "" {
				t.communities[n] = append(t.communities[n], c.id)
			}
		}
		return nil
	}, `SELECT o.id, o.name, o.short_name FROM organisation o WHERE o.tenant_id = $1 AND o.kind = 'community_party' AND o.dissolved_on = '' ORDER BY o.id`, set.Actor.Tenant)
}

// Check reads one row.
func (t *list) Check(r *intake.Row) any {
	n := &line{community: r.Name("community"), building: r.Text("building"), category: r.Text("category")}
	n.Channel, n.Place, n.Body, n.Name, n.Urgent = ByPaper, r.Text("place"), r.Text("body"), r.Name("name"), r.Flag("urgent")
	if typed := r.Text("channel"); typed != "" {
		if n.Channel = channelNamed(typed); n.Channel == "" {
			r.Refuse("channel", i18n.CaseTableNoChannel, i18n.CaseTableChannelHint, typed)
			return n
		}
	}
	kind := r.Text("kind")
	if kind == "" {
		kind = "event" // what is found in the street, which is what such tables mostly hold
	}
	k, ok := t.kinds[gram.Key(kind)]
	switch {
	case !ok:
		r.Refuse("kind", i18n.CaseTableNoKind, i18n.CaseTableKindHint, kind)
		return n
	case k.Confidential:
		r.Refuse("kind", i18n.CaseTableConfidential, i18n.CaseTableOneByOne, k.Text())
		return n
	case slices.ContainsFunc(k.Fields, func(f Field) bool { return f.Required }):
		r.Refuse("kind", i18n.CaseTableFields, i18n.CaseTableOneByOne, k.Text())
		return n
	}
	n.Kind = k.Code
	if n.category != "" {
		switch found := t.items[k.List+"/"+gram.Key(n.category)]; len(found) {
		case 1:
			n.ItemID = found[0].id
		case 0:
			r.Refuse("category", i18n.CaseTableNoItem, i18n.CaseTableItemHint, n.category, k.Text())
		default:
			r.Refuse("category", i18n.CaseTableManyItems, i18n.CaseTableOneByOne, n.category)
		}
	}
	if n.Urgent && k.UrgentHours == 0 {
		r.Warn("urgent", i18n.CaseTableNotUrgent, i18n.CaseTableNotUrgentHow, k.Text())
		n.Urgent = false
	}
	if phone := r.Text("phone"); phone != "" {
		p, problem := code.ParsePhone(phone)
		r.Problem("phone", problem)
		n.Phone = p.String()
	}
	t.where(r, n)
	n.key = t.s.ring.Index("case_table", strings.Join([]string{n.Kind, n.CommunityID.String(), gram.Key(n.building), gram.Key(n.Place), gram.Key(n.Body), n.Phone}, "\x00"))
	return n
}

// channelNamed is the channel by which staff enter cases that has a name, in either language; "" where none has.
func channelNamed(typed string) Channel {
	for _, c := range Channels() {
		if key := gram.Key(typed); key == gram.Key(c.Text().In(i18n.ZH)) || key == gram.Key(c.Text().In(i18n.EN)) {
			return c
		}
	}
	return ""
}

// where finds the community that a row names, or the one that was chosen for the whole table.
func (t *list) where(r *intake.Row, n *line) {
	if n.community == "" {
		if n.CommunityID = t.OrgID; n.CommunityID == 0 {
			r.Refuse("community", i18n.CaseTableNoCommunity, i18n.CaseTableCommunityHint)
		}
		return
	}
	found := slices.Clone(t.communities[gram.Key(n.community)])
	found = slices.DeleteFunc(found, func(c id.ID) bool { return t.Scope.Require(c) != nil }) // two of one name are told apart by who works in which
	switch len(found) {
	case 1:
		n.CommunityID = found[0]
	case 0:
		r.Refuse("community", i18n.OrgCommUnknown, i18n.OrgCommUnknownIs, n.community)
	default:
		r.Refuse("community", i18n.OrgCommMany, i18n.OrgCommManyIs, len(found), n.community)
	}
}

// Key is what the row says, where.
func (t *list) Key(record any) string { return record.(*line).key }

// Plan finds buildings, and which rows came in before.
func (t *list) Plan(ctx context.Context, q db.Querier, items []*intake.Item) error {
	keys, names, communities := map[string]bool{}, map[string]bool{}, map[id.ID]bool{}
	for _, it := range items {
		n := it.Record.(*line)
		keys[n.key], communities[n.CommunityID] = true, true
		if n.building != "" {
			names[gram.Key(n.building)] = true
		}
	}
	if len(keys) == 0 {
		return nil
	}
	a := &db.Args{}
	there, err := db.Column[string](ctx, q, "SELECT c.import_key FROM service_case c WHERE c.tenant_id = "+a.Add(t.Actor.Tenant)+" AND c.import_key <> '' AND "+db.In(a, "c.import_key", slices.Sorted(maps.Keys(keys)))+
		" AND (c.state NOT IN ('closed', 'merged') OR c.received_at > "+a.Add(db.Micros(t.Now.AddDate(0, 0, -sameDays)))+")", a.Values()...)
	if err != nil {
		return err
	}
	type key struct {
		community id.ID
		name      string
	}
	buildings := map[key][]id.ID{}
	if len(names) > 0 {
		type building struct {
			key
			id id.ID
		}
		a := &db.Args{}
		err = db.Each(ctx, q, func(b *building) []any { return []any{&b.id, &b.community, &b.name} }, func(b building) error {
			buildings[b.key] = append(buildings[b.key], b.id)
			return nil
		}, "SELECT b.id, b.community_id, b.name_key FROM building b WHERE b.tenant_id = "+a.Add(t.Actor.Tenant)+" AND b.ended_on = '' AND "+db.In(a, "b.community_id", slices.Sorted(maps.Keys(communities)))+" AND "+
			db.In(a, "b.name_key", slices.Sorted(maps.Keys(names))), a.Values()...)
		if err != nil {
			return err
		}
	}
	for _, it := range items {
		n := it.Record.(*line)
		if slices.Contains(there, n.key) {
			continue // unchanged
		}
		if n.building != "" {
			switch found := buildings[key{n.CommunityID, gram.Key(n.building)}]; len(found) {
			case 1:
				n.BuildingID = found[0]
			case 0: // it is in the words, so that whoever goes there finds it
				it.Warn("building", i18n.CaseTableNoBuilding, i18n.CaseTableNoBuildingHow, n.building)
				if n.Place = strings.TrimSpace(n.building + " " + n.Place); utf8.RuneCountInString(n.Place) > MaxPlace {
					it.Refuse("building", i18n.CaseTableLongPlace, i18n.CaseTableManyBuildingsHow, MaxPlace)
					continue
				}
			default:
				it.Refuse("building", i18n.CaseTableManyBuildings, i18n.CaseTableManyBuildingsHow, n.building, len(found))
				continue
			}
		}
		if t.entered++; t.entered > MaxTable {
			it.Refuse("body", i18n.CaseTableMany, i18n.CaseTableManyHow, MaxTable)
			continue
		}
		it.Outcome = intake.Inserted
	}
	return nil
}

// Write enters each row as its own case: what a case needs is decided in one place (enterTx), with a few reads by key for each.
func (t *list) Write(ctx context.Context, tx *db.Tx, items []*intake.Item) error {
	fresh := intake.Only(items, intake.Inserted)
	numbers, err := freeNumbers(ctx, tx, t.Actor.Tenant, len(fresh))
	if err != nil {
		return err
	}
	for i, it := range fresh {
		n := it.Record.(*line)
		k := t.kinds[gram.Key(n.Kind)]
		if err := n.check(k); err != nil {
			return refusedRow(it.No, err)
		}
		n.no, n.importID, n.importKey = numbers[i], t.ImportID, n.key
		if _, err := t.s.EnterTx(ctx, tx, t.Actor, Entering{office: t.office, kind: k, report: n.Report, how: byStaff}); err != nil {
			return refusedRow(it.No, err)
		}
	}
	return nil
}

// refusedRow says which row could not be entered.
func refusedRow(no int, err error) error {
	if e := errs.As(err); e != nil {
		return errs.New(errs.Conflict, i18n.CaseTableRow, no, e.Said()).Because(err)
	}
	return err
}

// Finish has nothing left to do.
func (t *list) Finish(context.Context, *db.Tx) error { return nil }

// freeNumbers draws numbers for cases that nobody has.
func freeNumbers(ctx context.Context, tx *db.Tx, tenant int64, n int) ([]string, error) {
	out := make([]string, 0, n)
	seen := map[string]bool{}
	for range Tries {
		var draw []string
		for len(out)+len(draw) < n {
			if no := paper.NewNo("", tx.Now()); !seen[no] {
				seen[no] = true
				draw = append(draw, no)
			}
		}
		if len(draw) == 0 {
			return out, nil
		}
		a := &db.Args{}
		taken, err := db.Column[string](ctx, tx, "SELECT c.no FROM service_case c WHERE c.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "c.no", draw), a.Values()...)
		if err != nil {
			return nil, err
		}
		for _, no := range draw {
			if !slices.Contains(taken, no) {
				out = append(out, no)
			}
		}
	}
	if len(out) < n {
		return nil, errs.New(errs.Conflict, i18n.ErrConflict)
	}
	return out, nil
}
