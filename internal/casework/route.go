package casework

import (
	"context"
	"slices"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/reference"
	"linli/internal/waiting"
)

// Route says which office answers for a category in an area. Exactly one of Level, OrgKind and OrgID names it.
type Route struct {
	ID        id.ID
	KindCode  string
	Kind      i18n.Text
	ClassCode string // class of the catalogue; "" for none
	Class     i18n.Text
	ItemID    id.ID // category; with none and no class it is for the whole kind
	Item      i18n.Text
	AreaID    id.ID
	Area      string
	Level     catalogue.Level   // the organisation of that level itself
	OrgKind   organisation.Kind // the one of this kind that is nearest to the place
	Word      string            // that stands in its name
	OrgID     id.ID
	Org       string
	Over      bool // the organisation is dissolved: the rule has no effect
	Strict    bool // the kind became stricter than it was: the rule has no effect, for a level alone has one
	Retired   bool // the kind is used no more: the rule has no effect
	Mine      bool // the actor keeps it; others above wrote it for a wider area
	Auto      bool // a new case is given out by itself; otherwise it is offered first
	Reason    string
	FromAt    time.Time
	By        string // who wrote it
	UntilAt   time.Time
	UntilBy   string

	kind, kindEN, class, classEN, item, itemEN string
}

// Category is what the rule is about: the category, the class, or the kind.
func (r Route) Category() i18n.Text {
	switch {
	case r.ItemID != 0:
		return r.Item
	case r.ClassCode != "":
		return r.Class
	}
	return r.Kind
}

// Idle says that the rule has no effect any more, so that somebody is to end it or to write another.
func (r Route) Idle() bool { return r.UntilAt.IsZero() && (r.Over || r.Strict || r.Retired) }

// Who names the office that the rule says.
func (r Route) Who() i18n.Text {
	in := func(l i18n.Lang) string {
		switch {
		case r.OrgID != 0:
			return r.Org
		case r.OrgKind == "":
			return i18n.CaseRouteLevel.In(l, r.Level.Text())
		case r.Word != "":
			return i18n.CaseRouteKindWord.In(l, r.OrgKind.Text(), r.Word)
		}
		return i18n.CaseRouteKindOf.In(l, r.OrgKind.Text())
	}
	return i18n.Both(in(i18n.ZH), in(i18n.EN))
}

// RouteKinds are the kinds of organisation that a rule can name.
func RouteKinds() []organisation.Kind {
	return []organisation.Kind{organisation.Station, organisation.Residents, organisation.Unit, organisation.OtherKind}
}

// levelsOf are the kinds of organisation whose area a rule can be for, with their level.
var levelsOf = map[string]catalogue.Level{string(organisation.Community): catalogue.Community, string(organisation.Working): catalogue.Subdistrict, string(organisation.District): catalogue.District}

// maxRouteWord and maxRouteReason bound what is written at a rule.
const (
	maxRouteWord   = 20
	maxRouteReason = 200
)

// SetRoute says which office answers for a category in an area from now on (PermRoute in the area). The rule for the same category and area that was in force ends and
// is kept. What it names counts for cases that come in from now on.
func (s *Service) SetRoute(ctx context.Context, actor authz.Actor, in Route) (id.ID, error) {
	e := errs.Words(nil, "word", &in.Word, maxRouteWord, false)
	e = errs.Words(e, "reason", &in.Reason, maxRouteReason, false)
	ways := 0
	for _, said := range []bool{in.Level != "", in.OrgKind != "", in.OrgID != 0} {
		if said {
			ways++
		}
	}
	switch {
	case ways != 1:
		e = e.With("target", i18n.CaseRouteOneWho)
	case in.Level != "" && !slices.Contains(catalogue.Levels(), in.Level), in.OrgKind != "" && !slices.Contains(RouteKinds(), in.OrgKind):
		e = e.With("target", i18n.ErrBadChoice)
	}
	if in.AreaID == 0 {
		e = e.With("area", i18n.ErrRequired)
	}
	if e != nil {
		return 0, e
	}
	if err := actor.Scope(PermRoute).Require(in.AreaID); err != nil {
		return 0, err
	}
	if in.OrgKind == "" {
		in.Word = ""
	}
	in.ID = id.New()
	return in.ID, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := s.checkRoute(ctx, tx, actor, &in); err != nil {
			return err
		}
		was, err := db.Value[id.ID](ctx, tx, "SELECT r.id FROM case_route r WHERE r.tenant_id = $1 AND r.kind_code = $2 AND r.class_code = $3 AND r.item_id = $4 AND r.area_id = $5 AND r.until_at = 0",
			actor.Tenant, in.KindCode, in.ClassCode, in.ItemID, in.AreaID)
		if err != nil {
			return err
		}
		if was != 0 {
			if err := endRoute(ctx, tx, actor, was); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `INSERT INTO case_route (tenant_id, id, kind_code, class_code, item_id, area_id, level, org_kind, word, org_id, auto, reason, from_at, from_by)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`, actor.Tenant, in.ID, in.KindCode, in.ClassCode, in.ItemID, in.AreaID, string(in.Level), string(in.OrgKind), in.Word, in.OrgID, in.Auto, in.Reason,
			db.Micros(tx.Now()), actor.AccountID)
		if db.IsUnique(err) {
			return errs.New(errs.Conflict, i18n.CaseRouteThere)
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "casework.route", Permission: PermRoute, SubjectKind: "case_route", SubjectID: in.ID, OrgID: in.AreaID,
			Detail: map[string]any{"kind": in.KindCode, "item": in.ItemID, "class": in.ClassCode, "to": in.OrgID, "level": string(in.Level), "org_kind": string(in.OrgKind)}})
	})
}

// checkRoute refuses a rule that could not hold.
func (s *Service) checkRoute(ctx context.Context, tx *db.Tx, actor authz.Actor, in *Route) error {
	k, err := findKind(ctx, tx, actor.Tenant, in.KindCode)
	if errs.KindOf(err) == errs.NotFound || err == nil && k.Retired {
		return errs.Field("category", i18n.ErrBadChoice)
	} else if err != nil {
		return err
	}
	if in.Level == "" && k.onlyLevel() { // what lies with an organisation where nobody may see it, or waits for a technician, would be forgotten
		return errs.Field("target", i18n.CaseRouteOnlyLevel)
	}
	there := int64(1)
	switch {
	case in.ItemID != 0:
		in.ClassCode = ""
		there, err = db.Value[int64](ctx, tx, "SELECT count(*) FROM catalogue_item i WHERE i.tenant_id = $1 AND i.id = $2 AND i.list = $3 AND i.retired = FALSE", actor.Tenant, in.ItemID, k.List)
	case in.ClassCode != "":
		there, err = db.Value[int64](ctx, tx, "SELECT count(*) FROM catalogue_class g WHERE g.tenant_id = $1 AND g.list = $2 AND g.code = $3 AND g.retired = FALSE", actor.Tenant, k.List, in.ClassCode)
	}
	if err != nil {
		return err
	}
	if there == 0 {
		return errs.Field("category", i18n.ErrBadChoice)
	}
	area, err := findOrg(ctx, tx, actor.Tenant, in.AreaID)
	level, ok := levelsOf[area.kind]
	switch {
	case errs.KindOf(err) == errs.NotFound, err == nil && (!ok || area.over):
		return errs.Field("area", i18n.CaseRouteBadArea)
	case err != nil:
		return err
	case slices.Index(catalogue.Levels(), in.Level) > slices.Index(catalogue.Levels(), level):
		return errs.Field("target", i18n.CaseRouteAbove)
	}
	if in.OrgID == 0 {
		return nil
	}
	o, err := findOrg(ctx, tx, actor.Tenant, in.OrgID)
	switch {
	case errs.KindOf(err) == errs.NotFound:
		return errs.Field("org", i18n.ErrBadChoice)
	case err != nil:
		return err
	case o.over:
		return errs.Field("org", i18n.CaseOrgOver, o.name)
	case !actor.Scope(PermRoute).Covers(in.OrgID):
		return errs.Field("org", i18n.CaseRouteNotYours)
	}
	return nil
}

// EndRoute ends a rule (PermRoute in its area): the next wider one counts again, or the level in the catalogue.
func (s *Service) EndRoute(ctx context.Context, actor authz.Actor, r id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		area, err := db.One(ctx, tx, func(o *id.ID) []any { return []any{o} }, "SELECT r.area_id FROM case_route r WHERE "+
			actor.Scope(PermRoute).Where(a, authz.Columns{Tenant: "r.tenant_id", Orgs: []string{"r.area_id"}})+" AND r.until_at = 0 AND r.id = "+a.Add(r), a.Values()...)
		if err != nil {
			return err
		}
		if err := endRoute(ctx, tx, actor, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "casework.route_end", Permission: PermRoute, SubjectKind: "case_route", SubjectID: r, OrgID: area})
	})
}

func endRoute(ctx context.Context, tx *db.Tx, actor authz.Actor, r id.ID) error {
	n, err := tx.Exec(ctx, "UPDATE case_route SET until_at = $1, until_by = $2 WHERE tenant_id = $3 AND id = $4 AND until_at = 0", db.Micros(tx.Now()), actor.AccountID, actor.Tenant, r)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, i18n.CaseRouteThere)
	}
	return err
}

// RouteFilter narrows the list of rules.
type RouteFilter struct {
	Kind string
	Idle bool // those alone that have no effect any more
	Past bool // those that are no longer in force
	Page db.Page
}

const routeColumns = `r.id, r.kind_code, coalesce(k.name, ''), coalesce(k.name_en, ''), r.class_code, coalesce(g.name, ''), coalesce(g.name_en, ''), r.item_id, coalesce(i.name, ''), coalesce(i.name_en, ''),
	r.area_id, `

const routeMore = `, r.level, r.org_kind, r.word, r.org_id, `

const routeRest = `, CASE WHEN o.dissolved_on <> '' THEN TRUE ELSE FALSE END, CASE WHEN r.level = '' AND (k.confidential = TRUE OR k.by_technician = TRUE) THEN TRUE ELSE FALSE END, CASE WHEN k.retired = TRUE THEN TRUE ELSE FALSE END, r.auto, r.reason, r.from_at, coalesce(f.name, ''), r.until_at, coalesce(u.name, '') FROM case_route r
	LEFT JOIN case_kind k ON k.tenant_id = r.tenant_id AND k.code = r.kind_code
	LEFT JOIN catalogue_class g ON g.tenant_id = r.tenant_id AND g.list = k.list AND g.code = r.class_code
	LEFT JOIN catalogue_item i ON i.tenant_id = r.tenant_id AND i.id = r.item_id AND r.item_id <> 0
	LEFT JOIN organisation z ON z.tenant_id = r.tenant_id AND z.id = r.area_id
	LEFT JOIN organisation o ON o.tenant_id = r.tenant_id AND o.id = r.org_id AND r.org_id <> 0
	LEFT JOIN account f ON f.tenant_id = r.tenant_id AND f.id = r.from_by AND r.from_by <> 0
	LEFT JOIN account u ON u.tenant_id = r.tenant_id AND u.id = r.until_by AND r.until_by <> 0
	WHERE `

func (r *Route) dest() []any {
	return []any{&r.ID, &r.KindCode, &r.kind, &r.kindEN, &r.ClassCode, &r.class, &r.classEN, &r.ItemID, &r.item, &r.itemEN, &r.AreaID, &r.Area, &r.Level, &r.OrgKind, &r.Word, &r.OrgID, &r.Org, &r.Over, &r.Strict, &r.Retired,
		&r.Auto, &r.Reason, db.Instant(&r.FromAt), &r.By, db.Instant(&r.UntilAt), &r.UntilBy}
}

func (r *Route) named() {
	r.Kind, r.Class, r.Item = i18n.Both(r.kind, r.kindEN), i18n.Both(r.class, r.classEN), i18n.Both(r.item, r.itemEN)
}

var routeQuery = "SELECT " + routeColumns + reference.Label("z") + routeMore + reference.Label("o") + routeRest

// idleRoute is the condition that a rule in force has no effect (Route.Idle).
const idleRoute = " AND r.until_at = 0 AND (o.dissolved_on <> '' OR r.level = '' AND (k.confidential = TRUE OR k.by_technician = TRUE) OR k.retired = TRUE)"

// Routes gives the rules of the areas where the actor keeps them (PermRoute), and those of wider areas that count there too, the newest first.
func (s *Service) Routes(ctx context.Context, actor authz.Actor, f RouteFilter) (db.List[Route], error) {
	a := &db.Args{}
	scope := actor.Scope(PermRoute)
	where := scope.Where(a, authz.Columns{Tenant: "r.tenant_id", Orgs: []string{"r.area_id"}})
	if roots, all := actor.Roots(PermRoute); !all && len(roots) > 0 {
		where = "(" + where + " OR r.tenant_id = " + a.Add(actor.Tenant) + " AND EXISTS (SELECT 1 FROM organisation m WHERE m.tenant_id = r.tenant_id AND " + db.In(a, "m.id", roots) +
			" AND substr(m.path, 1, length(z.path)) = z.path))"
	}
	if f.Idle {
		where += idleRoute
	}
	if f.Past {
		where += " AND r.until_at <> 0"
	} else {
		where += " AND r.until_at = 0"
	}
	if f.Kind != "" {
		where += " AND r.kind_code = " + a.Add(f.Kind)
	}
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "r.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Route).dest, routeQuery+where+page+tail, a.Values()...)
	for i := range rows {
		rows[i].named()
		rows[i].Mine = scope.Covers(rows[i].AreaID)
	}
	return db.Cut(rows, f.Page, func(r Route) db.Cursor { return db.Cursor{ID: r.ID} }), err
}

// routeOf is the rule that counts for a case: the narrowest category, then the nearest area. None has the ID 0.
func routeOf(ctx context.Context, q db.Querier, tenant int64, kind string, it item, community id.ID) (Route, error) {
	a := &db.Args{}
	where := "r.tenant_id = " + a.Add(tenant) + " AND r.until_at = 0 AND r.kind_code = " + a.Add(kind) + " AND (r.item_id = 0 AND r.class_code = ''"
	if it.id != 0 {
		where += " OR r.item_id <> 0 AND r.item_id = " + a.Add(it.id)
	}
	if it.class != "" {
		where += " OR r.item_id = 0 AND r.class_code = " + a.Add(it.class)
	}
	where += ") AND EXISTS (SELECT 1 FROM organisation m WHERE m.tenant_id = r.tenant_id AND m.id = " + a.Add(community) + " AND substr(m.path, 1, length(z.path)) = z.path)" +
		" ORDER BY CASE WHEN r.item_id <> 0 THEN 0 WHEN r.class_code <> '' THEN 1 ELSE 2 END, length(z.path) DESC LIMIT 1"
	rows, err := db.All(ctx, q, (*Route).dest, routeQuery+where, a.Values()...)
	if err != nil || len(rows) == 0 {
		return Route{}, err
	}
	rows[0].named()
	return rows[0], nil
}

// mostOffered is how many organisations of a kind are offered.
const mostOffered = 5

// offices are the organisations that a rule names for a place: none where its level says it, or where there is none any more.
func (r Route) offices(ctx context.Context, q db.Querier, tenant int64, community id.ID) ([]org, error) {
	switch {
	case r.OrgID != 0 && r.Over, r.ID == 0:
		return nil, nil
	case r.OrgID != 0:
		o, err := findOrg(ctx, q, tenant, r.OrgID)
		return []org{o}, err
	case r.OrgKind == "":
		return nil, nil
	}
	a := &db.Args{}
	m, word := "m.tenant_id = "+a.Add(tenant)+" AND m.id = "+a.Add(community), ""
	if gram.Key(r.Word) != "" {
		word = " AND o.name_key LIKE " + a.Add(gram.Query(r.Word).Like()) + " ESCAPE '!'"
	}
	type near struct {
		org
		rank int64
	}
	rows, err := db.All(ctx, q, func(n *near) []any { return append(n.dest(), &n.rank) }, "SELECT "+orgColumns+`, CASE WHEN o.community_id = m.id OR o.parent_id = m.id THEN 0 WHEN o.parent_id = m.parent_id THEN 1 ELSE 2 END AS near
		FROM organisation m JOIN organisation o ON o.tenant_id = m.tenant_id LEFT JOIN organisation u ON u.tenant_id = m.tenant_id AND u.id = m.parent_id AND m.parent_id <> 0 WHERE `+m+
		" AND o.kind = "+a.Add(string(r.OrgKind))+" AND o.dissolved_on = '' AND (o.community_id = m.id OR o.parent_id = m.id OR m.parent_id <> 0 AND o.parent_id = m.parent_id OR u.parent_id <> 0 AND o.parent_id = u.parent_id)"+
		word+" ORDER BY near, o.id LIMIT "+a.Add(mostOffered), a.Values()...)
	var out []org
	for _, n := range rows {
		if n.rank == rows[0].rank {
			out = append(out, n.org)
		}
	}
	return out, err
}

// routed is where a new case goes by its category: to is zero where it stays with its holder, and then why says what was to be.
type routed struct {
	to  org
	why string
}

// routedTo applies a rule to a new case of a kind that lies with holder. A rule from when the kind was less strict has no effect.
func (s *Service) routedTo(ctx context.Context, q db.Querier, tenant int64, k Kind, r Route, at place, holder org, about id.ID) (out routed, err error) {
	if r.ID == 0 || r.Level != "" {
		return out, nil
	}
	say := func(t i18n.Text) { out.why = t.In(i18n.ZH, r.Category(), r.Who(), holder.name) }
	if k.onlyLevel() {
		say(i18n.CaseRoutedStrict)
		return out, nil
	}
	list, err := r.offices(ctx, q, tenant, at.community.id)
	if err != nil {
		return out, err
	}
	switch {
	case len(list) == 0 && r.OrgID != 0:
		say(i18n.CaseRoutedOver)
	case len(list) == 0:
		say(i18n.CaseRoutedNone)
	case len(list) > 1:
		say(i18n.CaseRoutedSeveral)
	case list[0].id == holder.id, !r.Auto:
	case list[0].within(about):
		say(i18n.CaseRoutedAbout)
	default:
		staffed, err := s.held(ctx, q, tenant, list[0].id, PermWork, 0)
		if err != nil {
			return out, err
		}
		if !staffed {
			say(i18n.CaseRoutedNobody)
			return out, nil
		}
		out.to, out.why = list[0], i18n.CaseRoutedTo.In(i18n.ZH, r.Category())
	}
	return out, nil
}

// counterOf gives a new case to the organisation whose counter of a hall it is entered at; ok is false where it goes as any other: its kind is too strict, or the organisation is
// gone, is whom it is about, or nobody there may work at cases.
func (s *Service) counterOf(ctx context.Context, q db.Querier, tenant int64, k Kind, holder org, n Report, how way) (out routed, ok bool, err error) {
	if n.ForID == 0 || how.perm != PermEnter || k.onlyLevel() || n.ForID == holder.id {
		return out, false, nil
	}
	o, err := findOrg(ctx, q, tenant, n.ForID)
	if errs.KindOf(err) == errs.NotFound || err == nil && (o.over || o.within(n.AboutID)) {
		return out, false, nil
	} else if err != nil {
		return out, false, err
	}
	staffed, err := s.held(ctx, q, tenant, o.id, PermWork, 0)
	if err != nil || !staffed {
		return out, false, err
	}
	return routed{to: o, why: i18n.CaseRoutedCounter.In(i18n.ZH, o.name)}, true, nil
}

// enterRouted keeps at a new case where its category sent it, or why it did not.
func (s *Service) enterRouted(ctx context.Context, tx *db.Tx, c *Case, by routed, holder id.ID) error {
	switch {
	case by.why == "":
		return nil
	case by.to.id == 0:
		_, err := s.insertEntry(ctx, tx, c.tenant, c.ID, c.State, step{act: ActRoute, words: by.why})
		return err
	}
	entry, err := s.insertEntry(ctx, tx, c.tenant, c.ID, c.State, step{act: ActDispatch, words: by.why, from: holder, to: by.to.id})
	if err != nil {
		return err
	}
	return s.event(ctx, tx, c, entry, ActDispatch, Received)
}

// OfferedOffice is an organisation that a case is given out to by its category.
type OfferedOffice struct {
	ID       id.ID
	Name     string
	Category i18n.Text
}

// offered are the organisations that a case can be given out to by its category: not the one that has it, nor one that gave it back or answered a petition before, nor whom it is about.
func (s *Service) offered(ctx context.Context, q db.Querier, tenant int64, c Case) ([]OfferedOffice, error) {
	if c.Confidential || c.ByTechnician { // the rule is from when its kind was less strict
		return nil, nil
	}
	it := item{id: c.ItemID}
	if c.ItemID != 0 {
		var err error
		if it, err = findItem(ctx, q, tenant, c.ItemID); err != nil {
			return nil, err
		}
	}
	r, err := routeOf(ctx, q, tenant, c.KindCode, it, c.CommunityID)
	if err != nil || r.ID == 0 {
		return nil, err
	}
	list, err := r.offices(ctx, q, tenant, c.CommunityID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	back, err := db.Column[id.ID](ctx, q, "SELECT e.from_id FROM case_entry e WHERE e.tenant_id = $1 AND e.case_id = $2 AND e.act IN ('return', 'review')", tenant, c.ID)
	var out []OfferedOffice
	for _, o := range list {
		if o.id != c.OrgID && !o.within(c.AboutID) && !slices.Contains(back, o.id) {
			out = append(out, OfferedOffice{o.id, o.name, r.Category()})
		}
	}
	return out, err
}

// named says whether the rule of a case's category names an organisation, so that whoever gives the case out may give it there.
func (s *Service) named(ctx context.Context, q db.Querier, tenant int64, c Case, to id.ID) (bool, error) {
	list, err := s.offered(ctx, q, tenant, c)
	return slices.ContainsFunc(list, func(o OfferedOffice) bool { return o.ID == to }), err
}

// idleRoutes is what waits for who keeps rules: those that have no effect any more.
func (s *Service) idleRoutes(ctx context.Context, actor authz.Actor) (it waiting.Item, err error) {
	scope := actor.Held(PermRoute)
	if scope.Empty() {
		return it, nil
	}
	a := &db.Args{}
	it.Kind = WaitRoute
	err = s.db.QueryRow(ctx, `SELECT count(*), coalesce(min(r.from_at), 0) FROM case_route r JOIN case_kind k ON k.tenant_id = r.tenant_id AND k.code = r.kind_code
		LEFT JOIN organisation o ON o.tenant_id = r.tenant_id AND o.id = r.org_id AND r.org_id <> 0 WHERE `+scope.Where(a, authz.Columns{Tenant: "r.tenant_id", Orgs: []string{"r.area_id"}})+idleRoute, a.Values()...).
		Scan(&it.Count, db.Instant(&it.Since))
	return it, err
}
