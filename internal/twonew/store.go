package twonew

import (
	"context"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
)

var owners = authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.community_id"}}

const labelOf = "CASE WHEN {o}.short_name <> '' THEN {o}.short_name ELSE {o}.name END"

func label(alias string) string { return strings.ReplaceAll(labelOf, "{o}", alias) }

// inForce joins the step in force.
const inForce = ` LEFT JOIN two_new_step s ON s.tenant_id = t.tenant_id AND s.two_new_id = t.id AND s.until_on = '' AND s.struck_at = 0`

var columns = `t.id, t.kind, t.name, t.uscc, t.trade, t.address, t.community_id, coalesce(` + label("c") + `, ''), t.grid_id, coalesce(g.name, ''), t.x, t.y, t.employees,
	t.full_members, t.probationary_members, t.listed_on, t.ended_on, t.end_reason, t.version, coalesce(s.kind, 'none'), coalesce(s.on_date, ''), coalesce(s.branch_id, 0),
	coalesce(` + label("b") + `, ''), coalesce(s.member_id, 0), coalesce(m.name, ''), coalesce(u.id, 0), coalesce(u.sector, '')`

var from = ` FROM two_new t` + inForce + `
	LEFT JOIN organisation c ON c.tenant_id = t.tenant_id AND c.id = t.community_id
	LEFT JOIN grid g ON g.tenant_id = t.tenant_id AND g.id = t.grid_id AND t.grid_id <> 0
	LEFT JOIN organisation b ON b.tenant_id = s.tenant_id AND b.id = s.branch_id AND s.branch_id <> 0
	LEFT JOIN member m ON m.tenant_id = s.tenant_id AND m.id = s.member_id AND s.member_id <> 0
	LEFT JOIN organisation u ON u.tenant_id = t.tenant_id AND u.uscc = t.uscc AND u.uscc <> '' AND u.kind = 'unit' AND u.dissolved_on = ''`

func (o *Organisation) dest() []any {
	return []any{&o.ID, &o.Kind, &o.Name, &o.USCC, &o.Trade, &o.Address, &o.CommunityID, &o.Community, &o.GridID, &o.Grid, &o.X, &o.Y, &o.Employees,
		&o.Full, &o.Probationary, &o.ListedOn, &o.EndedOn, &o.EndReason, &o.Version, &o.State, &o.Since, &o.BranchID, &o.Branch, &o.MemberID, &o.Member,
		&o.UnitID, &o.RegisterTrade}
}

func find(ctx context.Context, q db.Querier, scope authz.Scope, twoNew id.ID) (Organisation, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Organisation).dest, "SELECT "+columns+from+" WHERE "+scope.Where(a, owners)+" AND t.id = "+a.Add(twoNew), a.Values()...)
}

// findAll gives several organisations in scope, in the order of their IDs; one that is not there is not found.
func findAll(ctx context.Context, q db.Querier, scope authz.Scope, ids []id.ID) ([]Organisation, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	a := &db.Args{}
	list, err := db.All(ctx, q, (*Organisation).dest, "SELECT "+columns+from+" WHERE "+scope.Where(a, owners)+" AND "+db.In(a, "t.id", ids)+" ORDER BY t.id", a.Values()...)
	if err == nil && len(list) != len(ids) {
		err = errs.ErrNotFound
	}
	return list, err
}

// where gives the condition of a filter after the scope.
func (f Filter) where(a *db.Args, scope authz.Scope) string {
	w := scope.Where(a, owners)
	if f.Text != "" {
		w += " AND (t.search_key LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!' OR t.uscc = " + a.Add(strings.ToUpper(code.Normalise(f.Text))) + ")"
	}
	if f.Kind != "" {
		w += " AND t.kind = " + a.Add(f.Kind)
	}
	if f.State != "" {
		w += " AND coalesce(s.kind, 'none') = " + a.Add(f.State)
	}
	if f.Uncovered {
		w += " AND coalesce(s.kind, 'none') NOT IN ('joint_branch', 'own_branch')"
	}
	if f.CommunityID != 0 {
		w += " AND t.community_id = " + a.Add(f.CommunityID)
	}
	if f.GridID != 0 {
		w += " AND t.grid_id = " + a.Add(f.GridID)
	}
	if f.BranchID != 0 {
		w += " AND s.branch_id = " + a.Add(f.BranchID)
	}
	if f.Trade != "" {
		w += " AND t.trade = " + a.Add(f.Trade)
	}
	switch f.Known {
	case KnownOwn:
		w += " AND t.full_members >= " + a.Add(f.ownFull)
	case KnownSome:
		w += " AND t.full_members + t.probationary_members > 0 AND t.full_members < " + a.Add(f.ownFull)
	case KnownNone:
		w += " AND t.full_members + t.probationary_members = 0"
	}
	switch f.Living {
	case OnlyLiving:
		w += " AND t.ended_on = ''"
	case OnlyEnded:
		w += " AND t.ended_on <> ''"
	}
	return w
}

// order says how a list is sorted and what its cursor holds.
func (f Filter) order() (db.Order, func(Organisation) string) {
	o := db.Order{Column: "t.name_key", IDColumn: "t.id", Desc: f.Desc}
	switch f.Sort {
	case SortMembers:
		o.Column, o.Integer = "(t.full_members + t.probationary_members)", true
		return o, func(x Organisation) string { return number(x.Members()) }
	case SortEmployees:
		o.Column, o.Integer = "t.employees", true
		return o, func(x Organisation) string { return number(x.Employees) }
	}
	return o, func(x Organisation) string { return gram.Key(x.Name) }
}

func list(ctx context.Context, q db.Querier, scope authz.Scope, f Filter) (db.List[Organisation], error) {
	a := &db.Args{}
	where := f.where(a, scope)
	order, key := f.order()
	page, tail := a.Keyset(f.Page, order)
	rows, err := db.All(ctx, q, (*Organisation).dest, "SELECT "+columns+from+" WHERE "+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Organisation]{}, err
	}
	return db.Cut(rows, f.Page, func(o Organisation) db.Cursor { return db.Cursor{Key: key(o), ID: o.ID} }), nil
}

func each(ctx context.Context, q db.Querier, scope authz.Scope, f Filter, fn func(Organisation) error) error {
	a := &db.Args{}
	query := "SELECT " + columns + from + " WHERE " + f.where(a, scope)
	order, _ := f.order()
	dir := ""
	if order.Desc {
		dir = " DESC"
	}
	return db.Each(ctx, q, (*Organisation).dest, fn, query+" ORDER BY "+order.Column+dir+", t.id"+dir, a.Values()...)
}

func trades(ctx context.Context, q db.Querier, scope authz.Scope) ([]string, error) {
	a := &db.Args{}
	return db.Column[string](ctx, q, "SELECT DISTINCT t.trade FROM two_new t WHERE "+scope.Where(a, owners)+" AND t.ended_on = '' AND t.trade <> '' ORDER BY t.trade LIMIT 200", a.Values()...)
}

// counts are how many living organisations of a scope stand in each state.
func counts(ctx context.Context, q db.Querier, scope authz.Scope) (map[State]int64, error) {
	type row struct {
		state State
		n     int64
	}
	a := &db.Args{}
	out := map[State]int64{}
	err := db.Each(ctx, q, func(r *row) []any { return []any{&r.state, &r.n} }, func(r row) error { out[r.state] = r.n; return nil },
		"SELECT coalesce(s.kind, 'none'), count(*) FROM two_new t"+inForce+" WHERE "+scope.Where(a, owners)+" AND t.ended_on = '' GROUP BY coalesce(s.kind, 'none')", a.Values()...)
	return out, err
}

// insert enters an organisation.
func insert(ctx context.Context, tx *db.Tx, tenant int64, twoNew id.ID, n Entry, on calendar.Date, importID id.ID) error {
	now := db.Micros(tx.Now())
	_, err := tx.Exec(ctx, `INSERT INTO two_new (tenant_id, id, kind, name, name_key, search_key, uscc, trade, address, community_id, grid_id, x, y, employees,
		full_members, probationary_members, listed_on, import_id, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$19)`,
		tenant, twoNew, n.Kind, n.Name, gram.Key(n.Name), n.searchKey(), n.USCC, n.Trade, n.Address, n.CommunityID, n.GridID, n.X, n.Y, n.Employees, n.Full, n.Probationary,
		on, importID, now)
	return taken(n, err)
}

// taken says in words that a credit code is in the census already.
func taken(n Entry, err error) error {
	if db.IsUnique(err) {
		return errs.Field("uscc", i18n.TwoNewTaken, n.USCC).Because(err)
	}
	return err
}

// save writes an organisation back if nobody else has changed it.
func save(ctx context.Context, tx *db.Tx, tenant int64, twoNew id.ID, n Entry, version int64) error {
	return taken(n, tx.Update(ctx, `UPDATE two_new SET kind = $1, name = $2, name_key = $3, search_key = $4, uscc = $5, trade = $6, address = $7, community_id = $8, grid_id = $9,
		x = $10, y = $11, employees = $12, full_members = $13, probationary_members = $14, updated_at = $15, version = version + 1 WHERE tenant_id = $16 AND id = $17 AND version = $18`,
		n.Kind, n.Name, gram.Key(n.Name), n.searchKey(), n.USCC, n.Trade, n.Address, n.CommunityID, n.GridID, n.X, n.Y, n.Employees, n.Full, n.Probationary, db.Micros(tx.Now()),
		tenant, twoNew, version))
}

// touch counts the version on, so that a proposal that somebody still looks at is known to be stale.
func touch(ctx context.Context, tx *db.Tx, tenant int64, twoNew id.ID, version int64) error {
	return tx.Update(ctx, `UPDATE two_new SET updated_at = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, db.Micros(tx.Now()), tenant, twoNew, version)
}

// end takes an organisation out of the census, or back in with an empty day.
func end(ctx context.Context, tx *db.Tx, tenant int64, o Organisation, on calendar.Date, reason string) error {
	return taken(o.entry(), tx.Update(ctx, `UPDATE two_new SET ended_on = $1, end_reason = $2, updated_at = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND version = $6`,
		on, reason, db.Micros(tx.Now()), tenant, o.ID, o.Version))
}

var stepColumns = `s.id, s.two_new_id, s.kind, s.on_date, s.until_on, s.document_no, s.document, s.note, s.branch_id, coalesce(` + label("b") + `, ''), s.member_id,
	coalesce(m.name, ''), s.decision_id, s.struck_at, s.struck_reason, coalesce(a.name, ''), s.at, s.version`

const stepFrom = ` FROM two_new_step s
	LEFT JOIN organisation b ON b.tenant_id = s.tenant_id AND b.id = s.branch_id AND s.branch_id <> 0
	LEFT JOIN member m ON m.tenant_id = s.tenant_id AND m.id = s.member_id AND s.member_id <> 0
	LEFT JOIN account a ON a.tenant_id = s.tenant_id AND a.id = s.account_id AND s.account_id <> 0`

func (s *Step) dest() []any {
	return []any{&s.ID, &s.TwoNewID, &s.Kind, &s.On, &s.Until, &s.DocumentNo, &s.Document, &s.Note, &s.BranchID, &s.Branch, &s.MemberID, &s.Member, &s.DecisionID,
		db.Instant(&s.StruckAt), &s.StruckReason, &s.By, db.Instant(&s.At), &s.Version}
}

// steps gives the steps of an organisation that was found in scope, oldest first.
func steps(ctx context.Context, q db.Querier, tenant int64, twoNew id.ID) ([]Step, error) {
	return db.All(ctx, q, (*Step).dest, "SELECT "+stepColumns+stepFrom+" WHERE s.tenant_id = $1 AND s.two_new_id = $2 ORDER BY s.on_date, s.id LIMIT 500", tenant, twoNew)
}

// findStep gives a step of an organisation in scope.
func findStep(ctx context.Context, q db.Querier, scope authz.Scope, step id.ID) (Step, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Step).dest, "SELECT "+stepColumns+stepFrom+" JOIN two_new t ON t.tenant_id = s.tenant_id AND t.id = s.two_new_id WHERE "+
		scope.Where(a, owners)+" AND s.id = "+a.Add(step), a.Values()...)
}

// putSteps enters new steps.
func putSteps(ctx context.Context, tx *db.Tx, actor authz.Actor, list []Step) error {
	now := db.Micros(tx.Now())
	return tx.InsertMany(ctx, "two_new_step", []string{"tenant_id", "id", "two_new_id", "kind", "on_date", "until_on", "document_no", "document", "note", "branch_id", "member_id",
		"decision_id", "account_id", "at"}, len(list), func(i int) []any {
		s := list[i]
		return []any{actor.Tenant, int64(s.ID), int64(s.TwoNewID), string(s.Kind), s.On.String(), s.Until.String(), s.DocumentNo, s.Document, s.Note, int64(s.BranchID), int64(s.MemberID),
			int64(s.DecisionID), int64(actor.AccountID), now}
	})
}

// setUntil writes from when until when steps hold. The ends come first, so that there never are two in force.
func setUntil(ctx context.Context, tx *db.Tx, tenant int64, changed []Step) error {
	slices.SortStableFunc(changed, func(a, b Step) int { return strings.Compare(b.Until.String(), a.Until.String()) })
	for _, s := range changed { // at most three: what was before, what is changed, what comes after
		if _, err := tx.Exec(ctx, `UPDATE two_new_step SET until_on = $1 WHERE tenant_id = $2 AND id = $3`, s.Until, tenant, s.ID); err != nil {
			return err
		}
	}
	return nil
}

// correctStep writes another day or document.
func correctStep(ctx context.Context, tx *db.Tx, tenant int64, s Step) error {
	return tx.Update(ctx, `UPDATE two_new_step SET on_date = $1, document_no = $2, document = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND version = $6`,
		s.On, s.DocumentNo, s.Document, tenant, s.ID, s.Version)
}

func strikeStep(ctx context.Context, tx *db.Tx, actor authz.Actor, s Step, reason string) error {
	return tx.Update(ctx, `UPDATE two_new_step SET struck_at = $1, struck_by = $2, struck_reason = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND version = $6`,
		db.Micros(tx.Now()), actor.AccountID, reason, actor.Tenant, s.ID, s.Version)
}

// community is a community as steps need it.
type community struct {
	id          id.ID
	kind, label string
	dissolved   calendar.Date
	established calendar.Date
}

func loadOrg(ctx context.Context, q db.Querier, tenant int64, org id.ID) (community, error) {
	return db.One(ctx, q, func(c *community) []any { return []any{&c.id, &c.kind, &c.label, &c.dissolved, &c.established} },
		"SELECT o.id, o.kind, "+label("o")+", o.dissolved_on, o.established_on FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2", tenant, org)
}

// gridIn says whether a living grid lies in a community.
func gridIn(ctx context.Context, q db.Querier, tenant int64, grid, community id.ID) (bool, error) {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM grid WHERE tenant_id = $1 AND id = $2 AND community_id = $3 AND ended_on = ''`, tenant, grid, community)
	return n > 0, err
}

// registered is a unit of the register as the census needs it.
type registered struct {
	id, community id.ID
	uscc, name    string
	trade         string
	branch        id.ID
	branchOn      calendar.Date
}

// units gives the living units with these credit codes, each with its oldest living branch.
func units(ctx context.Context, q db.Querier, tenant int64, codes []string) (map[string]registered, error) {
	out := map[string]registered{}
	if len(codes) == 0 {
		return out, nil
	}
	a := &db.Args{}
	err := db.Each(ctx, q, func(r *registered) []any {
		return []any{&r.id, &r.community, &r.uscc, &r.name, &r.trade, &r.branch, &r.branchOn}
	}, func(r registered) error {
		if _, there := out[r.uscc]; !there {
			out[r.uscc] = r
		}
		return nil
	}, `SELECT u.id, u.community_id, u.uscc, u.name, u.sector, coalesce(b.id, 0), coalesce(b.established_on, '') FROM organisation u
		LEFT JOIN organisation b ON b.tenant_id = u.tenant_id AND b.parent_id = u.id AND b.kind = 'party_branch' AND b.dissolved_on = ''
		WHERE u.tenant_id = `+a.Add(tenant)+" AND u.kind = 'unit' AND u.dissolved_on = '' AND "+db.In(a, "u.uscc", codes)+" ORDER BY u.id, b.established_on, b.id", a.Values()...)
	return out, err
}

// ofBranch gives the living organisations of a branch.
func ofBranch(ctx context.Context, q db.Querier, tenant int64, branch id.ID) ([]Organisation, error) {
	return db.All(ctx, q, (*Organisation).dest, "SELECT "+columns+from+" WHERE t.tenant_id = $1 AND s.branch_id = $2 AND t.ended_on = '' ORDER BY t.id LIMIT 200", tenant, branch)
}

// middles are the middles of the buildings of each grid, and of each community under its own ID.
func middles(ctx context.Context, q db.Querier, scope authz.Scope, communities []id.ID) (map[id.ID][2]int64, error) {
	type row struct{ community, grid, x, y, n int64 }
	a := &db.Args{}
	where := scope.Where(a, authz.Columns{Tenant: "b.tenant_id", Orgs: []string{"b.community_id"}})
	if communities != nil {
		where += " AND " + db.In(a, "b.community_id", communities)
	}
	out := map[id.ID][2]int64{}
	err := db.Each(ctx, q, func(r *row) []any { return []any{&r.grid, &r.x, &r.y, &r.n} }, func(r row) error {
		out[id.ID(r.grid)] = [2]int64{r.x / r.n, r.y / r.n}
		return nil
	}, "SELECT b.grid_id, CAST(sum(b.x) AS BIGINT), CAST(sum(b.y) AS BIGINT), count(*) FROM building b WHERE "+where+" AND b.x <> 0 AND b.grid_id <> 0 AND b.ended_on = '' GROUP BY b.grid_id", a.Values()...)
	return out, err
}

// Candidate is a full member of the community's register who may be sent, and how many organisations they look after.
type Candidate struct {
	MemberID  id.ID
	Community id.ID
	Name      string
	InService bool
	Load      int64
}

// candidates gives those who may be sent in communities: who looks after some already first, then members of the community's own branches.
func candidates(ctx context.Context, q db.Querier, scope authz.Scope, communities []id.ID) ([]Candidate, error) {
	a := &db.Args{}
	where := scope.Where(a, authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.community_id"}})
	if communities != nil {
		where += " AND " + db.In(a, "m.community_id", communities)
	}
	return db.All(ctx, q, func(c *Candidate) []any { return []any{&c.MemberID, &c.Community, &c.Name, &c.InService, &c.Load} },
		`SELECT m.id, m.community_id, m.name, m.kind = 'in_service', coalesce(l.n, 0) FROM member m LEFT JOIN (SELECT s.member_id, count(*) AS n FROM two_new_step s
		JOIN two_new t ON t.tenant_id = s.tenant_id AND t.id = s.two_new_id AND t.ended_on = '' WHERE s.tenant_id = `+a.Add(scope.Tenant())+` AND s.until_on = '' AND s.struck_at = 0
		AND s.kind IN ('instructor', 'liaison') GROUP BY s.member_id) l ON l.member_id = m.id WHERE `+where+` AND m.ended_on = '' AND m.standing = 'full'
		AND m.kind IN ('community', 'in_service') ORDER BY m.community_id, CASE WHEN coalesce(l.n, 0) > 0 THEN 0 WHEN m.kind = 'community' THEN 1 ELSE 2 END, m.id`, a.Values()...)
}

// joints are how many joint branches each community has had, for the names of new ones.
func joints(ctx context.Context, q db.Querier, scope authz.Scope) (map[id.ID]int64, error) {
	type row struct {
		community id.ID
		n         int64
	}
	a := &db.Args{}
	out := map[id.ID]int64{}
	err := db.Each(ctx, q, func(r *row) []any { return []any{&r.community, &r.n} }, func(r row) error { out[r.community] = r.n; return nil },
		"SELECT t.community_id, count(DISTINCT s.branch_id) FROM two_new t JOIN two_new_step s ON s.tenant_id = t.tenant_id AND s.two_new_id = t.id AND s.kind = 'joint_branch' WHERE "+
			scope.Where(a, owners)+" GROUP BY t.community_id", a.Values()...)
	return out, err
}

// Decision is what a person decided about several organisations at once.
type Decision struct {
	ID          id.ID
	Kind        State
	CommunityID id.ID
	Community   string
	BranchID    id.ID
	Branch      string
	MemberID    id.ID
	Member      string
	On          calendar.Date
	DocumentNo  string
	Document    string
	Note        string
	letter      string
	PaperCode   string // of the letter
	PaperNumber string
	PaperAt     int64
}

var decisionColumns = `d.id, d.kind, d.community_id, coalesce(` + label("c") + `, ''), d.branch_id, coalesce(` + label("b") + `, ''), d.member_id, coalesce(m.name, ''), d.on_date, d.document_no,
	d.document, d.note, d.letter, coalesce(p.code, ''), coalesce(p.number, ''), coalesce(p.issued_at, 0)`

func (d *Decision) dest() []any {
	return []any{&d.ID, &d.Kind, &d.CommunityID, &d.Community, &d.BranchID, &d.Branch, &d.MemberID, &d.Member, &d.On, &d.DocumentNo, &d.Document, &d.Note, &d.letter,
		&d.PaperCode, &d.PaperNumber, &d.PaperAt}
}

func findDecision(ctx context.Context, q db.Querier, scope authz.Scope, decision id.ID) (Decision, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Decision).dest, "SELECT "+decisionColumns+` FROM two_new_decision d LEFT JOIN organisation c ON c.tenant_id = d.tenant_id AND c.id = d.community_id
		LEFT JOIN organisation b ON b.tenant_id = d.tenant_id AND b.id = d.branch_id AND d.branch_id <> 0
		LEFT JOIN member m ON m.tenant_id = d.tenant_id AND m.id = d.member_id AND d.member_id <> 0
		LEFT JOIN paper p ON p.tenant_id = d.tenant_id AND p.subject_id = d.id AND p.kind = 'two_new' WHERE `+
		scope.Where(a, authz.Columns{Tenant: "d.tenant_id", Orgs: []string{"d.community_id"}})+" AND d.id = "+a.Add(decision), a.Values()...)
}

func putDecision(ctx context.Context, tx *db.Tx, actor authz.Actor, d Decision) error {
	_, err := tx.Exec(ctx, `INSERT INTO two_new_decision (tenant_id, id, kind, community_id, branch_id, member_id, on_date, document_no, document, note, letter, account_id, at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`, actor.Tenant, d.ID, d.Kind, d.CommunityID, d.BranchID, d.MemberID, d.On, d.DocumentNo, d.Document, d.Note, d.letter,
		actor.AccountID, db.Micros(tx.Now()))
	return err
}

// lastLetter is the number of the last letter of a year.
func lastLetter(ctx context.Context, q db.Querier, tenant int64, year string) (string, error) {
	a := &db.Args{}
	return db.Value[string](ctx, q, "SELECT number FROM paper WHERE tenant_id = "+a.Add(tenant)+" AND kind = 'two_new' AND "+a.Prefix("number", year+"-")+" ORDER BY number DESC LIMIT 1", a.Values()...)
}

// branches are the living branches below a community, and those that cover something there, by name.
func branches(ctx context.Context, q db.Querier, tenant int64, community id.ID) ([]Choice, error) {
	return db.All(ctx, q, func(c *Choice) []any { return []any{&c.ID, &c.Name} }, `SELECT o.id, `+label("o")+` FROM organisation o WHERE o.tenant_id = $1 AND o.kind = 'party_branch'
		AND o.dissolved_on = '' AND (o.parent_id = $2 OR o.id IN (SELECT s.branch_id FROM two_new_step s JOIN two_new t ON t.tenant_id = s.tenant_id AND t.id = s.two_new_id
		WHERE s.tenant_id = $1 AND s.branch_id <> 0 AND t.community_id = $2)) ORDER BY o.name_key, o.id LIMIT 500`, tenant, community)
}
