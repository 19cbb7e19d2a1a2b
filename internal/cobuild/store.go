package cobuild

import (
	"context"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

var columns = `c.id, c.no, c.kind, c.community_id, ` + reference.Label("m") + `, c.goal, c.valid_from, c.valid_to, c.state, c.edition, c.begun_by, c.moved_by, c.moved_at, c.agreed_at, c.end_asked_by, c.end_asked_on,
	c.ended_on, c.ended_by, c.end_reason, c.renews_id, c.version`

const joined = ` FROM cobuild c LEFT JOIN organisation m ON m.tenant_id = c.tenant_id AND m.id = c.community_id WHERE `

func (g *Agreement) dest() []any {
	return []any{&g.ID, &g.No, &g.Kind, &g.CommunityID, &g.Community, &g.Goal, &g.From, &g.To, &g.State, &g.Edition, &g.BegunBy, &g.MovedBy, db.Instant(&g.MovedAt), db.Instant(&g.AgreedAt), &g.EndAskedBy,
		&g.EndAskedOn, &g.EndedOn, &g.EndedBy, &g.EndReason, &g.RenewsID, &g.Version}
}

// acts is where an actor acts for a party: the organisations at which they hold the right themselves.
func acts(actor authz.Actor) authz.Scope { return actor.Held(PermKeep).Or(actor.Held(PermUnit)) }

// party is the condition that a party of the agreement is in a scope.
func party(a *db.Args, scope authz.Scope) string {
	return "EXISTS (SELECT 1 FROM cobuild_party p WHERE " + scope.Where(a, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.org_id"}}) + " AND p.tenant_id = c.tenant_id AND p.cobuild_id = c.id)"
}

// seeing is the condition that an actor sees an agreement: of communities in scope, or to which an organisation is party for which they act. A draft, and what was given up before it was ever sent
// across, is its drafter's; one that renews an agreement is seen by all its parties, for there is only one at a time.
func seeing(a *db.Args, actor authz.Actor) string {
	see := actor.Scope(PermSee)
	all := see.Or(acts(actor)).Or(actor.Held(PermSee))
	w := "c.tenant_id = " + a.Add(all.Tenant()) + " AND (" + see.Where(a, authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.community_id"}}) + " OR " + party(a, acts(actor).Or(actor.Held(PermSee))) + ")"
	return w + " AND (c.state IN ('talks', 'agreed') OR c.edition > 0 OR " + acts(actor).Where(a, authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.begun_by"}}) + " OR c.renews_id <> 0 AND " + party(a, acts(actor)) + ")"
}

// find reads an agreement in sight with its parties.
func (s *Service) find(ctx context.Context, q db.Querier, actor authz.Actor, agreement id.ID) (Agreement, error) {
	a := &db.Args{}
	where := seeing(a, actor) + " AND c.id = " + a.Add(agreement)
	g, err := db.One(ctx, q, (*Agreement).dest, "SELECT "+columns+joined+where, a.Values()...)
	if err != nil {
		return g, err
	}
	all, err := s.parties(ctx, q, actor.Tenant, []id.ID{g.ID})
	g.Parties = all[g.ID]
	if !slices.ContainsFunc(g.Parties, func(p Party) bool { return acts(actor).Covers(p.OrgID) }) {
		for i := range g.Parties {
			g.Parties[i].Contact = ""
		}
	}
	return g, err
}

// parties gives the parties of agreements, the community first.
func (s *Service) parties(ctx context.Context, q db.Querier, tenant int64, of []id.ID) (map[id.ID][]Party, error) {
	type row struct {
		Party
		agreement      id.ID
		contact, phone []byte
	}
	a := &db.Args{}
	rows, err := db.All(ctx, q, func(r *row) []any {
		return []any{&r.ID, &r.agreement, &r.OrgID, &r.Name, &r.Side, &r.contact, &r.phone, &r.SignedBy, db.Instant(&r.SignedAt), &r.OnPaper, &r.Note}
	}, `SELECT p.id, p.cobuild_id, p.org_id, `+reference.Label("o")+`, p.side, p.contact, p.phone, coalesce(k.name, ''), p.signed_at, p.on_paper, p.note FROM cobuild_party p
		LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.org_id LEFT JOIN account k ON k.tenant_id = p.tenant_id AND k.id = p.signed_by
		WHERE p.tenant_id = `+a.Add(tenant)+" AND "+db.In(a, "p.cobuild_id", of)+" ORDER BY p.cobuild_id, p.side, p.id", a.Values()...)
	out := map[id.ID][]Party{}
	for _, r := range rows {
		if r.Contact, err = s.ring.Open("cobuild_party", "contact", r.ID, r.contact); err != nil {
			return nil, err
		}
		r.HasContact, r.HasPhone = r.Contact != "", len(r.phone) > 0
		out[r.agreement] = append(out[r.agreement], r.Party)
	}
	return out, err
}

// signer is the condition that on a day an active account may sign for an organisation by a role at that very organisation.
func signer(a *db.Args, tenant, org string, day calendar.Date) string {
	on := a.Add(day.String())
	return "EXISTS (SELECT 1 FROM role_grant h JOIN role ro ON ro.tenant_id = h.tenant_id AND ro.code = h.role_code JOIN account k ON k.tenant_id = h.tenant_id AND k.id = h.account_id WHERE h.tenant_id = " + tenant +
		" AND h.organisation_id = " + org + " AND k.status = 'active' AND h.valid_from <= " + on + " AND (h.valid_to = '' OR h.valid_to >= " + on + ") AND ' ' || ro.permissions || ' ' LIKE '% " + string(PermSign) + " %')"
}

// signs says whether there is such an account.
func signs(ctx context.Context, q db.Querier, tenant int64, org id.ID, day calendar.Date) (bool, error) {
	a := &db.Args{}
	n, err := db.Value[int64](ctx, q, "SELECT count(*) FROM organisation o WHERE o.tenant_id = "+a.Add(tenant)+" AND o.id = "+a.Add(org)+" AND "+signer(a, "o.tenant_id", "o.id", day), a.Values()...)
	return n > 0, err
}

// org is what is needed to know of an organisation that becomes a party.
type org struct {
	id        id.ID
	name      string
	kind      string
	dissolved calendar.Date
}

func orgs(ctx context.Context, q db.Querier, tenant int64, ids []id.ID) (map[id.ID]org, error) {
	a := &db.Args{}
	rows, err := db.All(ctx, q, func(o *org) []any { return []any{&o.id, &o.name, &o.kind, &o.dissolved} },
		"SELECT o.id, "+reference.Label("o")+", o.kind, o.dissolved_on FROM organisation o WHERE o.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "o.id", ids), a.Values()...)
	out := map[id.ID]org{}
	for _, o := range rows {
		out[o.id] = o
	}
	return out, err
}

// taken says whether a number is in use.
func taken(ctx context.Context, q db.Querier, tenant int64, no string) (bool, error) {
	n, err := db.Value[int64](ctx, q, "SELECT count(*) FROM cobuild c WHERE c.tenant_id = $1 AND c.no = $2", tenant, no)
	return n > 0, err
}

func (s *Service) insert(ctx context.Context, tx *db.Tx, actor authz.Actor, g Agreement) error {
	_, err := tx.Exec(ctx, `INSERT INTO cobuild (tenant_id, id, no, kind, community_id, goal, goal_key, valid_from, valid_to, state, begun_by, moved_by, moved_at, renews_id, created_by, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$11,$12,$13,$14,$12)`, actor.Tenant, g.ID, g.No, g.Kind, g.CommunityID, g.Goal, gram.Key(g.Goal), g.From.String(), g.To.String(), g.State, g.BegunBy,
		db.Micros(tx.Now()), g.RenewsID, actor.AccountID)
	if err != nil {
		return err
	}
	return tx.InsertMany(ctx, "cobuild_party", []string{"tenant_id", "id", "cobuild_id", "org_id", "side", "contact", "signed_at", "on_paper"}, len(g.Parties), func(i int) []any {
		p := g.Parties[i]
		return []any{actor.Tenant, int64(p.ID), int64(g.ID), int64(p.OrgID), string(p.Side), s.ring.Seal("cobuild_party", "contact", p.ID, p.Contact), db.Micros(p.SignedAt), false}
	})
}

func save(ctx context.Context, tx *db.Tx, tenant int64, g *Agreement) error {
	g.Version++
	return tx.Update(ctx, `UPDATE cobuild SET kind = $1, goal = $2, goal_key = $3, valid_from = $4, valid_to = $5, state = $6, edition = $7, moved_by = $8, moved_at = $9, agreed_at = $10, end_asked_by = $11,
		end_asked_on = $12, ended_on = $13, ended_by = $14, end_reason = $15, version = version + 1 WHERE tenant_id = $16 AND id = $17 AND version = $18`,
		g.Kind, g.Goal, gram.Key(g.Goal), g.From.String(), g.To.String(), g.State, g.Edition, g.MovedBy, db.Micros(g.MovedAt), db.Micros(g.AgreedAt), g.EndAskedBy, g.EndAskedOn.String(), g.EndedOn.String(),
		g.EndedBy, g.EndReason, tenant, g.ID, g.Version-1)
}

// setSigned keeps the signature of a party.
func setSigned(ctx context.Context, tx *db.Tx, actor authz.Actor, p Party) error {
	_, err := tx.Exec(ctx, `UPDATE cobuild_party SET signed_by = $1, signed_at = $2, on_paper = $3, note = $4 WHERE tenant_id = $5 AND id = $6`,
		actor.AccountID, db.Micros(p.SignedAt), p.OnPaper, p.Note, actor.Tenant, p.ID)
	return err
}

// unsign takes the signatures of an agreement back: its text has changed.
func unsign(ctx context.Context, tx *db.Tx, tenant int64, agreement id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE cobuild_party SET signed_by = 0, signed_at = 0, on_paper = FALSE, note = '' WHERE tenant_id = $1 AND cobuild_id = $2 AND signed_at <> 0`, tenant, agreement)
	return err
}

func (s *Service) setContact(ctx context.Context, tx *db.Tx, tenant int64, p Party, name, phone string) error {
	set, args := "contact = $1", []any{s.ring.Seal("cobuild_party", "contact", p.ID, name), tenant, p.ID}
	switch {
	case phone != "":
		set += ", phone = $4"
		args = append(args, s.ring.Seal("cobuild_party", "phone", p.ID, phone))
	case name != p.Contact: // the number was that of somebody else
		set += ", phone = NULL"
	}
	_, err := tx.Exec(ctx, "UPDATE cobuild_party SET "+set+" WHERE tenant_id = $2 AND id = $3", args...)
	return err
}

// copyContacts seals the contacts of an agreement anew for the one that renews it.
func (s *Service) copyContacts(ctx context.Context, tx *db.Tx, tenant int64, from, to Agreement) error {
	type sealed struct {
		party id.ID
		phone []byte
	}
	rows, err := db.All(ctx, tx, func(r *sealed) []any { return []any{&r.party, &r.phone} }, "SELECT p.org_id, p.phone FROM cobuild_party p WHERE p.tenant_id = $1 AND p.cobuild_id = $2", tenant, from.ID)
	if err != nil {
		return err
	}
	phones := map[id.ID][]byte{}
	for _, r := range rows {
		phones[r.party] = r.phone
	}
	for _, p := range to.Parties { // as many as there are parties
		old, _ := from.Party(p.OrgID)
		phone, err := s.ring.Open("cobuild_party", "phone", old.ID, phones[p.OrgID])
		if err != nil {
			return err
		}
		if old.Contact == "" && phone == "" {
			continue
		}
		if err := s.setContact(ctx, tx, tenant, p, old.Contact, phone); err != nil {
			return err
		}
	}
	return nil
}

var itemColumns = `i.id, i.title, i.org_id, ` + reference.Label("o") + `, i.often, i.due_on, i.measure, i.amount, i.programme_id, coalesce(r.name, ''), i.part, i.place_no FROM cobuild_item i
	LEFT JOIN organisation o ON o.tenant_id = i.tenant_id AND o.id = i.org_id LEFT JOIN programme r ON r.tenant_id = i.tenant_id AND r.id = i.programme_id AND i.programme_id <> 0 WHERE `

func (i *Item) dest() []any {
	return []any{&i.ID, &i.Title, &i.OrgID, &i.Who, &i.Often, &i.DueOn, &i.Measure, &i.Amount, &i.ProgrammeID, &i.Programme, &i.Part, &i.placeNo}
}

// items are those of an agreement, MaxItems at most.
func items(ctx context.Context, q db.Querier, tenant int64, agreement id.ID) ([]Item, error) {
	return db.All(ctx, q, (*Item).dest, "SELECT "+itemColumns+"i.tenant_id = $1 AND i.cobuild_id = $2 ORDER BY i.place_no, i.id", tenant, agreement)
}

func findItem(ctx context.Context, q db.Querier, tenant int64, agreement, item id.ID) (Item, error) {
	return db.One(ctx, q, (*Item).dest, "SELECT "+itemColumns+"i.tenant_id = $1 AND i.cobuild_id = $2 AND i.id = $3", tenant, agreement, item)
}

func insertItems(ctx context.Context, tx *db.Tx, tenant int64, agreement id.ID, last int64, news []NewItem) error {
	return tx.InsertMany(ctx, "cobuild_item", []string{"tenant_id", "id", "cobuild_id", "place_no", "title", "title_key", "org_id", "often", "due_on", "measure", "amount", "programme_id", "part"}, len(news), func(i int) []any {
		n := news[i]
		return []any{tenant, int64(id.New()), int64(agreement), last + int64(i) + 1, n.Title, gram.Key(n.Title), int64(n.OrgID), string(n.Often), n.DueOn.String(), string(n.Measure), n.Amount, int64(n.ProgrammeID), n.Part}
	})
}

func saveItem(ctx context.Context, tx *db.Tx, tenant int64, i Item) error {
	_, err := tx.Exec(ctx, `UPDATE cobuild_item SET title = $1, title_key = $2, org_id = $3, often = $4, due_on = $5, measure = $6, amount = $7, programme_id = $8, part = $9 WHERE tenant_id = $10 AND id = $11`,
		i.Title, gram.Key(i.Title), i.OrgID, i.Often, i.DueOn.String(), i.Measure, i.Amount, i.ProgrammeID, i.Part, tenant, i.ID)
	return err
}

func removeItem(ctx context.Context, tx *db.Tx, tenant int64, item id.ID) error {
	_, err := tx.Exec(ctx, "DELETE FROM cobuild_item WHERE tenant_id = $1 AND id = $2", tenant, item)
	return err
}

var taskColumns = `t.id, t.cobuild_id, t.item_id, i.title, t.org_id, ` + reference.Label("o") + `, t.due_on, i.measure, i.amount, t.state, t.done_on, t.amount, t.words, t.source_kind, t.source_id, t.missing, t.said_at, t.answered_at,
	t.version, t.community_id, coalesce((SELECT g.need_id FROM need_pledge g WHERE g.tenant_id = t.tenant_id AND t.source_kind = 'need_pledge' AND g.id = t.source_id),
	(SELECT y.household_id FROM pairing_visit y WHERE y.tenant_id = t.tenant_id AND t.source_kind = 'pairing_visit' AND y.id = t.source_id),
	(SELECT j.project_id FROM project_step j WHERE j.tenant_id = t.tenant_id AND t.source_kind = 'project_step' AND j.id = t.source_id), 0)`

const taskJoined = ` FROM cobuild_task t JOIN cobuild_item i ON i.tenant_id = t.tenant_id AND i.id = t.item_id LEFT JOIN organisation o ON o.tenant_id = t.tenant_id AND o.id = t.org_id WHERE `

func (t *Task) dest() []any {
	return []any{&t.ID, &t.AgreementID, &t.ItemID, &t.Title, &t.OrgID, &t.Who, &t.DueOn, &t.Measure, &t.Target, &t.State, &t.DoneOn, &t.Amount, &t.Words, &t.SourceKind, &t.SourceID, &t.Missing, db.Instant(&t.SaidAt),
		db.Instant(&t.AnsweredAt), &t.Version, &t.communityID, &t.NeedID}
}

// tasks are those of an agreement by their days.
func tasks(ctx context.Context, q db.Querier, tenant int64, agreement id.ID) ([]Task, error) {
	return db.All(ctx, q, (*Task).dest, "SELECT "+taskColumns+taskJoined+"t.tenant_id = $1 AND t.cobuild_id = $2 ORDER BY t.due_on, i.place_no, t.id LIMIT 3000", tenant, agreement) // MaxItems every month for MaxYears
}

func findTask(ctx context.Context, q db.Querier, tenant int64, task id.ID) (Task, error) {
	return db.One(ctx, q, (*Task).dest, "SELECT "+taskColumns+taskJoined+"t.tenant_id = $1 AND t.id = $2", tenant, task)
}

// dated is a task to be written.
type dated struct {
	item Item
	on   calendar.Date
}

func insertTasks(ctx context.Context, tx *db.Tx, tenant int64, g Agreement, list []Item) error {
	var all []dated
	for _, i := range list {
		for _, d := range Dues(i.DueOn, i.Often, g.From, g.To) {
			all = append(all, dated{i, d})
		}
	}
	return tx.InsertMany(ctx, "cobuild_task", []string{"tenant_id", "id", "cobuild_id", "item_id", "community_id", "org_id", "due_on", "state"}, len(all), func(n int) []any {
		return []any{tenant, int64(id.New()), int64(g.ID), int64(all[n].item.ID), int64(g.CommunityID), int64(all[n].item.OrgID), all[n].on.String(), string(Open)}
	})
}

func saveTask(ctx context.Context, tx *db.Tx, actor authz.Actor, t *Task, answered bool) error {
	t.Version++
	by := "said_by"
	if answered {
		by = "answered_by"
	}
	err := tx.Update(ctx, `UPDATE cobuild_task SET state = $1, done_on = $2, amount = $3, words = $4, source_kind = $5, source_id = $6, missing = $7, said_at = $8, answered_at = $9, `+by+` = $10, version = version + 1
		WHERE tenant_id = $11 AND id = $12 AND version = $13`, t.State, t.DoneOn.String(), t.Amount, t.Words, t.SourceKind, t.SourceID, t.Missing, db.Micros(t.SaidAt), db.Micros(t.AnsweredAt), actor.AccountID,
		actor.Tenant, t.ID, t.Version-1)
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.CobuildLinked).Because(err)
	}
	return err
}

// dropTasks takes the open tasks out that are due after a day.
func dropTasks(ctx context.Context, tx *db.Tx, tenant int64, agreement id.ID, after calendar.Date) error {
	_, err := tx.Exec(ctx, `UPDATE cobuild_task SET state = 'dropped', version = version + 1 WHERE tenant_id = $1 AND cobuild_id = $2 AND state = 'open' AND due_on > $3`, tenant, agreement, after.String())
	return err
}

// step is what is kept of an act.
type step struct {
	act           Act
	org           id.ID
	task          id.ID
	words         string
	note          string // how it is known, where it is said for another
	before, after string
}

func insertEntry(ctx context.Context, tx *db.Tx, actor authz.Actor, g Agreement, e step) error {
	return tx.Later(ctx, `INSERT INTO cobuild_entry (tenant_id, id, cobuild_id, task_id, act, org_id, edition, words, text_before, text_after, account_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`,
		actor.Tenant, id.New(), g.ID, e.task, e.act, e.org, g.Edition, e.words, e.before, e.after, actor.AccountID, db.Micros(tx.Now()))
}

func (e *Entry) dest() []any {
	return []any{&e.ID, &e.Act, &e.Org, &e.Edition, &e.Words, &e.Before, &e.After, &e.By, db.Instant(&e.At)}
}

// entries are the steps of an agreement, the latest first: all of the agreement itself, and the last 300 of its tasks.
func entries(ctx context.Context, q db.Querier, tenant int64, agreement id.ID) ([]Entry, error) {
	return db.All(ctx, q, (*Entry).dest, `SELECT e.id, e.act, `+reference.Label("o")+`, e.edition, e.words, e.text_before, e.text_after, coalesce(k.name, ''), e.at FROM cobuild_entry e
		LEFT JOIN organisation o ON o.tenant_id = e.tenant_id AND o.id = e.org_id AND e.org_id <> 0 LEFT JOIN account k ON k.tenant_id = e.tenant_id AND k.id = e.account_id
		WHERE e.tenant_id = $1 AND e.cobuild_id = $2 AND (e.task_id = 0 OR e.id IN (SELECT x.id FROM cobuild_entry x WHERE x.tenant_id = $1 AND x.cobuild_id = $2 AND x.task_id <> 0 ORDER BY x.id DESC LIMIT 300))
		ORDER BY e.id DESC`, tenant, agreement)
}

func (c *Candidate) dest() []any {
	return []any{&c.Kind, &c.ID, &c.Title, &c.On, &c.People, &c.Minutes, &c.Pieces}
}

// found is a candidate with its instant, where its table keeps instants.
type found struct {
	Candidate
	at int64
}

func (f *found) dest() []any {
	return []any{&f.Kind, &f.ID, &f.Title, &f.at, &f.On, &f.People, &f.Minutes, &f.Pieces}
}

// candidates are what took place between a community (or those of a sub-district) and an organisation within some days: activities with people of the organisation, needs that it or its members met,
// meetings to which it was invited; and, where the organisations promised it themselves (own), bookings of their shared places, visits by their helpers, steps of projects that they did, and goods. An act stands once: a booking
// that was made for a need is the booking, a step that was closed by a record is that record. one narrows them to a record; free leaves out what fulfils another task of the item.
func candidates(ctx context.Context, q db.Querier, tenant int64, community id.ID, units []id.ID, own bool, item id.ID, from, to calendar.Date, kind string, one id.ID) ([]Candidate, error) {
	a := &db.Args{}
	t := a.Add(tenant)
	within := "(SELECT o.id FROM organisation o JOIN organisation u ON u.tenant_id = o.tenant_id AND u.id = " + a.Add(community) + " WHERE o.tenant_id = " + t + " AND o.path LIKE u.path || '%')"
	instants := func(column string) string {
		return column + " >= " + a.Add(db.Micros(from.Time())) + " AND " + column + " < " + a.Add(db.Micros(to.AddDays(1).Time()))
	}
	free := func(kind, column string) string {
		if one != 0 {
			return " AND " + column + " = " + a.Add(one)
		}
		row, _, _ := strings.Cut(column, ".")
		return " AND NOT EXISTS (SELECT 1 FROM cobuild_task y WHERE y.tenant_id = " + row + ".tenant_id AND y.item_id = " + a.Add(item) + " AND y.source_kind = '" + kind + "' AND y.source_id = " + column + ")"
	}
	var all []string
	add := func(k string, query func() string) { // what is not asked for adds no arguments
		if kind == "" || kind == k {
			all = append(all, query())
		}
	}
	mine := func(k string, query func() string) {
		if own {
			add(k, query)
		}
	}
	add(FromActivity, func() string {
		people := "FROM attendance n WHERE n.tenant_id = v.tenant_id AND n.activity_id = v.id AND n.state <> 'void' AND " + db.In(a, "n.unit_id", units)
		return "SELECT '" + FromActivity + "' AS kind, v.id AS id, v.title AS title, v.starts_at AS at, '' AS on_day, (SELECT count(*) " + people + ") AS people, 0 AS minutes, 0 AS pieces FROM activity v WHERE v.tenant_id = " + t +
			" AND v.state IN ('held', 'closed') AND v.community_id IN " + within + " AND " + instants("v.starts_at") + " AND EXISTS (SELECT 1 " + people + ")" + free(FromActivity, "v.id")
	})
	add(FromNeed, func() string {
		ours := "FROM need_help h WHERE h.tenant_id = g.tenant_id AND h.pledge_id = g.id AND h.counted = TRUE AND h.minutes > 0 AND h.unit_id <> 0 AND " + db.In(a, "h.unit_id", units)
		pieces := "0"
		if own {
			pieces = "CASE WHEN " + db.In(a, "g.org_id", units) + " THEN g.amount ELSE 0 END"
		}
		return "SELECT '" + FromNeed + "' AS kind, g.id AS id, n.title AS title, g.delivered_at AS at, '' AS on_day, (SELECT count(*) " + ours + ") AS people, (SELECT CAST(coalesce(sum(h.minutes), 0) AS BIGINT) " + ours +
			") AS minutes, " + pieces + " AS pieces FROM need_pledge g JOIN need n ON n.tenant_id = g.tenant_id AND n.id = g.need_id WHERE g.tenant_id = " + t +
			" AND g.state = 'confirmed' AND g.booking_id = 0 AND (" + db.In(a, "g.org_id", units) + " OR EXISTS (SELECT 1 " + ours + ")) AND n.community_id IN " + within + " AND " + instants("g.delivered_at") + free(FromNeed, "g.id")
	})
	add(FromMeeting, func() string {
		return "SELECT '" + FromMeeting + "' AS kind, w.id AS id, w.title AS title, 0 AS at, w.on_day AS on_day, 0 AS people, 0 AS minutes, 0 AS pieces FROM meeting w WHERE w.tenant_id = " + t + " AND w.state = 'held' AND w.owner_id IN " + within +
			" AND w.on_day >= " + a.Add(from.String()) + " AND w.on_day <= " + a.Add(to.String()) + " AND EXISTS (SELECT 1 FROM meeting_recipient z WHERE z.tenant_id = w.tenant_id AND z.meeting_id = w.id AND " + db.In(a, "z.organisation_id", units) + ")" + free(FromMeeting, "w.id")
	})
	mine(FromBooking, func() string {
		return "SELECT '" + FromBooking + "' AS kind, b.id AS id, s.name || ' ' || b.no AS title, b.starts_at AS at, '' AS on_day, b.people AS people, (b.ends_at - b.starts_at) / 60000000 AS minutes, 0 AS pieces FROM venue_booking b JOIN venue s ON s.tenant_id = b.tenant_id AND s.id = b.venue_id WHERE b.tenant_id = " + t +
			" AND b.state IN ('in', 'done') AND " + db.In(a, "s.org_id", units) + " AND (b.org_id IN " + within + " OR b.org_id = 0 AND s.community_id IN " + within + ") AND " + instants("b.starts_at") + free(FromBooking, "b.id")
	})
	mine(FromVisit, func() string {
		return "SELECT '" + FromVisit + "' AS kind, l.id AS id, '' AS title, 0 AS at, l.visited_on AS on_day, 0 AS people, 0 AS minutes, 0 AS pieces FROM pairing_visit l JOIN pairing_pair r ON r.tenant_id = l.tenant_id AND r.id = l.pair_id LEFT JOIN member e ON e.tenant_id = r.tenant_id AND e.id = r.member_id AND r.member_id <> 0 WHERE l.tenant_id = " + t +
			" AND l.org_id IN " + within + " AND l.visited_on >= " + a.Add(from.String()) + " AND l.visited_on <= " + a.Add(to.String()) + " AND (" + db.In(a, "r.unit_id", units) + " OR " + db.In(a, "e.unit_id", units) + ")" + free(FromVisit, "l.id")
	})
	mine(FromStep, func() string {
		return "SELECT '" + FromStep + "' AS kind, f.id AS id, f.title AS title, 0 AS at, f.done_on AS on_day, 0 AS people, 0 AS minutes, 0 AS pieces FROM project_step f JOIN project j ON j.tenant_id = f.tenant_id AND j.id = f.project_id WHERE f.tenant_id = " + t +
			" AND f.state = 'done' AND f.source_id = 0 AND j.community_id IN " + within + " AND " + db.In(a, "f.org_id", units) + " AND f.done_on >= " + a.Add(from.String()) + " AND f.done_on <= " + a.Add(to.String()) + free(FromStep, "f.id")
	})
	if len(all) == 0 {
		return nil, nil
	}
	rows, err := db.All(ctx, q, (*found).dest, "SELECT x.kind, x.id, x.title, x.at, x.on_day, x.people, x.minutes, x.pieces FROM ("+strings.Join(all, " UNION ALL ")+") x ORDER BY x.at DESC, x.on_day DESC, x.id DESC LIMIT 30", a.Values()...)
	out := make([]Candidate, len(rows))
	for i, r := range rows {
		if out[i] = r.Candidate; r.On.IsZero() {
			out[i].On = calendar.DateOf(db.FromMicros(r.at))
		}
		if out[i].Title == "" {
			out[i].Title = SourceText(r.Kind).In(i18n.ZH)
		}
	}
	return out, err
}

// Follow lets agreements, tasks and programmes follow an organisation that another takes in.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, from, to); err != nil {
		return err
	}
	for _, q := range []string{
		"UPDATE cobuild SET community_id = $1, version = version + 1 WHERE tenant_id = $2 AND community_id = $3",
		"UPDATE cobuild SET begun_by = $1 WHERE tenant_id = $2 AND begun_by = $3",
		"UPDATE cobuild SET moved_by = $1 WHERE tenant_id = $2 AND moved_by = $3",
		"UPDATE cobuild SET end_asked_by = $1 WHERE tenant_id = $2 AND end_asked_by = $3",
		"UPDATE cobuild SET ended_by = $1 WHERE tenant_id = $2 AND ended_by = $3",
		"DELETE FROM cobuild_party WHERE tenant_id = $2 AND org_id = $3 AND EXISTS (SELECT 1 FROM cobuild_party y WHERE y.tenant_id = cobuild_party.tenant_id AND y.cobuild_id = cobuild_party.cobuild_id AND y.org_id = $1)",
		"UPDATE cobuild_party SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE cobuild_item SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE cobuild_task SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE cobuild_task SET community_id = $1 WHERE tenant_id = $2 AND community_id = $3",
		"UPDATE cobuild_person SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE cobuild_person SET host_id = $1, version = version + 1 WHERE tenant_id = $2 AND host_id = $3",
		"UPDATE cobuild_entry SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE programme SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3 AND NOT EXISTS (SELECT 1 FROM programme y WHERE y.tenant_id = programme.tenant_id AND y.org_id = $1 AND y.name = programme.name)",
	} {
		if _, err := tx.Exec(ctx, q, to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}
