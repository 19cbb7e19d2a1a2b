package meeting

import (
	"context"
	"errors"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/reference"
)

func likeKey(text string) string { return gram.Query(text).Like() }

func columns(minutes string) string { return ofMeeting(minutes, "") }

// with is a meeting without its minutes and with further columns.
func with(more string) string { return ofMeeting("''", more) }

// counts says whether a meeting counts for a kind of which something holds.
func counts(what string) string {
	return "CASE WHEN EXISTS (SELECT 1 FROM meeting_duty of_duty JOIN meeting_kind of_kind ON of_kind.tenant_id = of_duty.tenant_id AND of_kind.code = of_duty.kind_code WHERE of_duty.tenant_id = m.tenant_id AND of_duty.meeting_id = m.id AND of_kind." + what + ") THEN TRUE ELSE FALSE END"
}

func ofMeeting(minutes, more string) string {
	return `m.id, m.kind_code, coalesce(k.name, ''), coalesce(k.name_en, ''), ` + counts("votes") + `, ` + counts("needs = 'committee'") + `, coalesce(k.template, ''), CASE WHEN k.needs = 'committee' THEN TRUE ELSE FALSE END, m.owner_id, ` + reference.Label("o") + `, m.body_id, coalesce(b.name, ''),
	m.title, m.place, m.starts_at, m.ends_at, m.state, m.reason, m.notice, m.noticed_at, m.activity_id, m.passes_id, ` + minutes + `, m.minutes_version, coalesce(w.name, ''), m.minutes_at, m.version` + more + `
	FROM meeting m LEFT JOIN meeting_kind k ON k.tenant_id = m.tenant_id AND k.code = m.kind_code
	LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.owner_id
	LEFT JOIN body b ON b.tenant_id = m.tenant_id AND b.id = m.body_id AND m.body_id <> 0
	LEFT JOIN account w ON w.tenant_id = m.tenant_id AND w.id = m.minutes_by AND m.minutes_by <> 0 WHERE `
}

func (m *Meeting) dest() []any {
	return []any{&m.ID, &m.KindCode, &m.kind.zh, &m.kind.en, &m.Votes, &m.Sits, &m.Template, &m.kindSits, &m.OwnerID, &m.Owner, &m.BodyID, &m.Body, &m.Title, &m.Place, db.Instant(&m.StartsAt), db.Instant(&m.EndsAt),
		&m.State, &m.Reason, &m.Notice, db.Instant(&m.NoticedAt), &m.ActivityID, &m.PassesID, &m.Minutes, &m.MinutesVersion, &m.MinutesBy, db.Instant(&m.MinutesAt), &m.Version}
}

// seated is the condition that an organisation in scope has a seat today in the body that a column of alias t names.
func seated(a *db.Args, scope authz.Scope, t, column string) string {
	return "EXISTS (SELECT 1 FROM body_seat of_seat WHERE of_seat.tenant_id = " + t + ".tenant_id AND of_seat.body_id = " + t + "." + column + " AND of_seat.valid_to = '' AND " +
		scope.Where(a, authz.Columns{Tenant: "of_seat.tenant_id", Orgs: []string{"of_seat.organisation_id"}}) + ")"
}

// within is the condition that keeps rows of alias t (owner_id, body_id) to what organisations in scope hold, or bodies in which they sit.
func within(a *db.Args, scope authz.Scope, t string) string {
	w := scope.Where(a, authz.Columns{Tenant: t + ".tenant_id", Orgs: []string{t + ".owner_id"}})
	if scope.All() || scope.Empty() {
		return w
	}
	return "((" + w + ") OR (" + t + ".tenant_id = " + a.Add(scope.Tenant()) + " AND " + t + ".body_id <> 0 AND " + seated(a, scope, t, "body_id") + "))"
}

// bodiesWithin is within for body b.
func bodiesWithin(a *db.Args, scope authz.Scope) string {
	w := scope.Where(a, authz.Columns{Tenant: "b.tenant_id", Orgs: []string{"b.leader_id"}})
	if scope.All() || scope.Empty() {
		return w
	}
	return "((" + w + ") OR (b.tenant_id = " + a.Add(scope.Tenant()) + " AND " + seated(a, scope, "b", "id") + "))"
}

func seesBody(ctx context.Context, q db.Querier, scope authz.Scope, body id.ID) (leader id.ID, err error) {
	a := &db.Args{}
	return db.One(ctx, q, func(i *id.ID) []any { return []any{i} }, "SELECT b.leader_id FROM body b WHERE "+bodiesWithin(a, scope)+" AND b.id = "+a.Add(body), a.Values()...)
}

func seesOrganisation(ctx context.Context, q db.Querier, scope authz.Scope, org id.ID) error {
	a := &db.Args{}
	_, err := db.One(ctx, q, func(i *id.ID) []any { return []any{i} },
		"SELECT o.id FROM organisation o WHERE "+scope.Where(a, authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id", "o.community_id"}})+" AND o.id = "+a.Add(org), a.Values()...)
	return err
}

func leaderOf(ctx context.Context, q db.Querier, tenant int64, body id.ID) (id.ID, error) {
	return db.One(ctx, q, func(i *id.ID) []any { return []any{i} }, "SELECT leader_id FROM body WHERE tenant_id = $1 AND id = $2 AND ended_on = ''", tenant, body)
}

// inSight is within for meetings m, and those to which organisations in scope were invited.
func inSight(a *db.Args, scope authz.Scope) string {
	w := within(a, scope, "m")
	if scope.All() || scope.Empty() {
		return w
	}
	return "(" + w + " OR (m.tenant_id = " + a.Add(scope.Tenant()) + " AND EXISTS (SELECT 1 FROM meeting_recipient i WHERE i.tenant_id = m.tenant_id AND i.meeting_id = m.id AND i.organisation_id <> 0 AND " +
		scope.Where(a, authz.Columns{Tenant: "i.tenant_id", Orgs: []string{"i.organisation_id"}}) + ")))"
}

func find(ctx context.Context, q db.Querier, scope authz.Scope, meeting id.ID) (Meeting, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Meeting).dest, "SELECT "+columns("m.minutes")+inSight(a, scope)+" AND m.id = "+a.Add(meeting), a.Values()...)
}

// findPlanned reads a meeting that an organisation in scope holds.
func findPlanned(ctx context.Context, q db.Querier, scope authz.Scope, meeting id.ID) (Meeting, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Meeting).dest, "SELECT "+columns("m.minutes")+scope.Where(a, authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.owner_id"}})+" AND m.id = "+a.Add(meeting), a.Values()...)
}

// load reads a meeting of the tenant; only for who was invited to it.
func load(ctx context.Context, q db.Querier, tenant int64, meeting id.ID) (Meeting, error) {
	return db.One(ctx, q, (*Meeting).dest, "SELECT "+columns("''")+"m.tenant_id = $1 AND m.id = $2", tenant, meeting)
}

func insert(ctx context.Context, tx *db.Tx, actor authz.Actor, m Meeting) error {
	_, err := tx.Exec(ctx, `INSERT INTO meeting (tenant_id, id, kind_code, owner_id, body_id, title, title_key, place, starts_at, ends_at, on_day, state, created_by, created_at, passes_id)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`, actor.Tenant, m.ID, m.KindCode, m.OwnerID, m.BodyID, m.Title, gram.Key(m.Title), m.Place, db.Micros(m.StartsAt), db.Micros(m.EndsAt),
		m.Day(), m.State, actor.AccountID, db.Micros(tx.Now()), m.PassesID)
	return err
}

func save(ctx context.Context, tx *db.Tx, tenant int64, m Meeting) error {
	var held int64
	if m.State == Held {
		held = db.Micros(tx.Now())
	}
	return tx.Update(ctx, `UPDATE meeting SET kind_code = $1, title = $2, title_key = $3, place = $4, starts_at = $5, ends_at = $6, on_day = $7, state = $8, reason = $9, notice = $10, noticed_at = $11,
		activity_id = $12, held_at = CASE WHEN held_at = 0 THEN $13 ELSE held_at END, version = version + 1 WHERE tenant_id = $14 AND id = $15 AND version = $16`,
		m.KindCode, m.Title, gram.Key(m.Title), m.Place, db.Micros(m.StartsAt), db.Micros(m.EndsAt), m.Day(), m.State, m.Reason, m.Notice, db.Micros(m.NoticedAt), m.ActivityID, held, tenant, m.ID, m.Version)
}

// setDuties writes for which kinds a meeting counts.
func setDuties(ctx context.Context, tx *db.Tx, tenant int64, m Meeting, codes []string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM meeting_duty WHERE tenant_id = $1 AND meeting_id = $2", tenant, m.ID); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "meeting_duty", []string{"tenant_id", "meeting_id", "kind_code", "owner_id", "body_id", "on_day", "state"}, len(codes), func(i int) []any {
		return []any{tenant, m.ID, codes[i], m.OwnerID, m.BodyID, m.Day(), m.State}
	})
}

// dutiesStand lets what a meeting counts for follow its state.
func dutiesStand(ctx context.Context, tx *db.Tx, tenant int64, m Meeting) error {
	_, err := tx.Exec(ctx, "UPDATE meeting_duty SET state = $1 WHERE tenant_id = $2 AND meeting_id = $3", m.State, tenant, m.ID)
	return err
}

func dutyKinds(ctx context.Context, q db.Querier, tenant int64, meeting id.ID) ([]Kind, error) {
	return db.All(ctx, q, (*Kind).dest, kindSelect+` JOIN meeting_duty d ON d.tenant_id = k.tenant_id AND d.kind_code = k.code WHERE k.tenant_id = $1 AND d.meeting_id = $2 ORDER BY k.position, k.code`, tenant, meeting)
}

const kindSelect = `SELECT k.code, k.name, k.name_en, k.every, k.needs, k.votes, k.source, k.template, k.position, k.since, k.retired, k.version FROM meeting_kind k`

func (k *Kind) dest() []any {
	return []any{&k.Code, &k.Name, &k.NameEN, &k.Every, &k.Needs, &k.Votes, &k.Source, &k.Template, &k.Position, &k.Since, &k.Retired, &k.Version}
}

func kinds(ctx context.Context, q db.Querier, tenant int64, all bool) ([]Kind, error) {
	w := kindSelect + " WHERE k.tenant_id = $1"
	if !all {
		w += " AND k.retired = FALSE"
	}
	list, err := db.All(ctx, q, (*Kind).dest, w+" ORDER BY k.position, k.code", tenant)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i, k := range list {
		at[k.Code] = i
	}
	type holder struct{ kind, holder string }
	return list, db.Each(ctx, q, func(h *holder) []any { return []any{&h.kind, &h.holder} }, func(h holder) error {
		if i, ok := at[h.kind]; ok {
			list[i].Holders = append(list[i].Holders, h.holder)
		}
		return nil
	}, "SELECT kind_code, holder FROM meeting_kind_holder WHERE tenant_id = $1 ORDER BY kind_code, holder", tenant)
}

func findKind(ctx context.Context, q db.Querier, tenant int64, code string) (Kind, error) {
	return db.One(ctx, q, (*Kind).dest, kindSelect+" WHERE k.tenant_id = $1 AND k.code = $2", tenant, code)
}

func putKind(ctx context.Context, tx *db.Tx, tenant int64, k Kind) error {
	var err error
	if k.Version == 0 {
		if k.Position == 0 {
			k.Position = 100
		}
		_, err = tx.Exec(ctx, `INSERT INTO meeting_kind (tenant_id, code, name, name_en, every, needs, votes, source, template, position, since, retired) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`,
			tenant, k.Code, k.Name, k.NameEN, k.Every, k.Needs, k.Votes, k.Source, k.Template, k.Position, k.Since, k.Retired)
	} else {
		err = tx.Update(ctx, `UPDATE meeting_kind SET name = $1, name_en = $2, every = $3, needs = $4, votes = $5, source = $6, template = $7, since = $8, retired = $9, version = version + 1
			WHERE tenant_id = $10 AND code = $11 AND version = $12`, k.Name, k.NameEN, k.Every, k.Needs, k.Votes, k.Source, k.Template, k.Since, k.Retired, tenant, k.Code, k.Version)
	}
	if db.IsUnique(err) {
		return errs.Field("code", i18n.MeetingKindTaken)
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM meeting_kind_holder WHERE tenant_id = $1 AND kind_code = $2", tenant, k.Code); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "meeting_kind_holder", []string{"tenant_id", "kind_code", "holder"}, len(k.Holders), func(i int) []any { return []any{tenant, k.Code, k.Holders[i]} })
}

// Recipient is who is invited to a meeting, and what they answered.
type Recipient struct {
	ID             id.ID
	OrganisationID id.ID // with a seat in the body; 0 for a member
	Organisation   string
	MemberID       id.ID
	PersonID       id.ID
	Name           string
	Answer         Answer
	Reason         string
	AnsweredAt     time.Time
	Present        bool // signed in: the member, the representative, or somebody of the unit
}

func (r *Recipient) dest() []any {
	return []any{&r.ID, &r.OrganisationID, &r.Organisation, &r.MemberID, &r.PersonID, &r.Name, &r.Answer, &r.Reason, db.Instant(&r.AnsweredAt), &r.Present}
}

const recipientSelect = `SELECT r.id, r.organisation_id, coalesce(CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END, ''), r.member_id, r.person_id, r.name, r.answer, r.reason, r.answered_at,
	CASE WHEN EXISTS (SELECT 1 FROM meeting m JOIN attendance t ON t.tenant_id = m.tenant_id AND t.activity_id = m.activity_id AND t.state <> 'void'
		WHERE m.tenant_id = r.tenant_id AND m.id = r.meeting_id AND m.activity_id <> 0
		AND (t.member_id = r.member_id AND r.member_id <> 0 OR t.person_id = r.person_id AND r.person_id <> 0 OR t.unit_id = r.organisation_id AND r.organisation_id <> 0 OR r.organisation_id <> 0 AND (t.guest_name = r.name OR r.member_id = 0 AND EXISTS (SELECT 1 FROM member who WHERE who.tenant_id = t.tenant_id AND who.id = t.member_id AND who.name = r.name)))) THEN TRUE ELSE FALSE END
	FROM meeting_recipient r LEFT JOIN organisation o ON o.tenant_id = r.tenant_id AND o.id = r.organisation_id AND r.organisation_id <> 0 WHERE r.tenant_id = $1 AND r.meeting_id = $2`

func recipients(ctx context.Context, q db.Querier, tenant int64, meeting id.ID) ([]Recipient, error) {
	return db.All(ctx, q, (*Recipient).dest, recipientSelect+" ORDER BY r.id", tenant, meeting)
}

// invited are those to whom the notice of a meeting goes: the organisations with a seat in the body, the communities of a sub-district, or the
// members whose formal relation is with the branch.
func (s *Service) invited(ctx context.Context, q db.Querier, tenant int64, m Meeting) ([]Recipient, error) {
	dest := func(r *Recipient) []any { return []any{&r.OrganisationID, &r.MemberID, &r.PersonID, &r.Name} }
	if m.BodyID != 0 {
		all, err := db.All(ctx, q, dest, `SELECT s.organisation_id, s.member_id, coalesce(p.person_id, 0), s.name FROM body_seat s
			LEFT JOIN member p ON p.tenant_id = s.tenant_id AND p.id = s.member_id AND s.member_id <> 0
			WHERE s.tenant_id = $1 AND s.body_id = $2 AND s.valid_to = '' ORDER BY CASE s.role WHEN 'chair' THEN 0 WHEN 'deputy' THEN 1 ELSE 2 END, s.id`, tenant, m.BodyID)
		seen, out := map[id.ID]bool{}, all[:0]
		for _, r := range all { // an organisation with several seats answers once
			if !seen[r.OrganisationID] {
				seen[r.OrganisationID] = true
				out = append(out, r)
			}
		}
		return out, err
	}
	kind, err := db.Value[string](ctx, q, "SELECT kind FROM organisation WHERE tenant_id = $1 AND id = $2", tenant, m.OwnerID)
	if err != nil {
		return nil, err
	}
	if organisation.Kind(kind) == organisation.Working {
		return db.All(ctx, q, dest, `SELECT o.id, 0, 0, o.contact_name FROM organisation o WHERE o.tenant_id = $1 AND o.parent_id = $2 AND o.kind = $3 AND o.dissolved_on = ''
			ORDER BY o.name_key, o.id`, tenant, m.OwnerID, organisation.Community)
	}
	if m.Sits && m.kindSits { // the committee meets; others come only where it counts for a kind of theirs first
		persons, err := s.committees.Committee(ctx, q, tenant, m.OwnerID, m.Day())
		if err != nil || len(persons) == 0 {
			return nil, err
		}
		a := &db.Args{}
		return db.All(ctx, q, dest, "SELECT 0, coalesce(x.id, 0), p.id, p.name FROM person p LEFT JOIN member x ON x.tenant_id = p.tenant_id AND x.person_id = p.id AND x.ended_on = '' WHERE p.tenant_id = "+
			a.Add(tenant)+" AND "+db.In(a, "p.id", persons)+" ORDER BY p.name_key, p.id", a.Values()...)
	}
	return db.All(ctx, q, dest, `SELECT 0, x.id, x.person_id, x.name FROM member x WHERE x.tenant_id = $1 AND x.home_id = $2 AND x.home_id <> 0 AND x.ended_on = '' ORDER BY x.name_key, x.id`, tenant, m.OwnerID)
}

func insertRecipients(ctx context.Context, tx *db.Tx, tenant int64, meeting id.ID, list []Recipient) error {
	return tx.InsertMany(ctx, "meeting_recipient", []string{"tenant_id", "id", "meeting_id", "organisation_id", "member_id", "person_id", "name"}, len(list), func(i int) []any {
		r := list[i]
		return []any{tenant, id.New(), meeting, r.OrganisationID, r.MemberID, r.PersonID, r.Name}
	})
}

// reply writes the answer of an organisation, or (0) of the actor's own person; who was not invited is not found.
func reply(ctx context.Context, tx *db.Tx, actor authz.Actor, meeting, organisation id.ID, answer Answer, reason string) error {
	a := &db.Args{}
	set := "UPDATE meeting_recipient SET answer = " + a.Add(string(answer)) + ", reason = " + a.Add(reason) + ", answered_by = " + a.Add(actor.AccountID) + ", answered_at = " + a.Add(db.Micros(tx.Now())) +
		" WHERE tenant_id = " + a.Add(actor.Tenant) + " AND meeting_id = " + a.Add(meeting)
	if organisation != 0 {
		set += " AND organisation_id = " + a.Add(organisation)
	} else {
		set += " AND " + actor.Scope(PermOwn).Where(a, authz.Columns{Tenant: "tenant_id", Person: "person_id"}) + " AND organisation_id = 0"
	}
	n, err := tx.Exec(ctx, set, a.Values()...)
	if err == nil && n == 0 {
		err = errs.ErrNotFound
	}
	return err
}

// quorum counts the full members of the branch on the day of a meeting, and those who signed in.
func quorum(ctx context.Context, q db.Querier, tenant int64, m Meeting) (Quorum, error) {
	a := &db.Args{}
	day := a.Add(m.Day())
	who := "FROM member m WHERE m.tenant_id = " + a.Add(tenant) + " AND m.home_id = " + a.Add(m.OwnerID) + " AND " + memberOn(true, day)
	var out Quorum
	err := q.QueryRow(ctx, "SELECT (SELECT count(*) "+who+"), (SELECT count(*) "+who+" AND EXISTS (SELECT 1 FROM attendance t WHERE t.tenant_id = m.tenant_id AND t.member_id = m.id AND t.state <> 'void' AND t.activity_id = "+
		a.Add(m.ActivityID)+" AND t.activity_id <> 0))", a.Values()...).Scan(&out.Eligible, &out.Present)
	return out, err
}

// sitting counts the committee on the day of a meeting, and those of it who signed in (PARTY-21).
func (s *Service) sitting(ctx context.Context, q db.Querier, tenant int64, m Meeting) (Quorum, error) {
	out := Quorum{committee: true}
	persons, err := s.committees.Committee(ctx, q, tenant, m.OwnerID, m.Day())
	if out.Eligible = int64(len(persons)); err != nil || len(persons) == 0 || m.ActivityID == 0 {
		return out, err
	}
	a := &db.Args{}
	out.Present, err = db.Value[int64](ctx, q, "SELECT count(DISTINCT t.person_id) FROM attendance t WHERE t.tenant_id = "+a.Add(tenant)+" AND t.activity_id = "+a.Add(m.ActivityID)+
		" AND t.state <> 'void' AND "+db.In(a, "t.person_id", persons), a.Values()...)
	return out, err
}

// mayDecide is nil if there are those present whom the kinds of a meeting ask for; it gives the quorum of the members where they vote.
func (s *Service) mayDecide(ctx context.Context, q db.Querier, tenant int64, m Meeting) (members Quorum, err error) {
	if m.Sits {
		c, err := s.sitting(ctx, q, tenant, m)
		if err != nil {
			return members, err
		}
		if err := c.missing(); err != nil {
			return members, err
		}
	}
	if !m.Votes {
		return members, nil
	}
	if members, err = quorum(ctx, q, tenant, m); err != nil {
		return members, err
	}
	return members, members.missing()
}

// hostOf is the organisation that takes presence at the meetings of one: the community to whose branches it belongs, or itself, such as a
// sub-district, a unit, or a branch of one.
func hostOf(ctx context.Context, q db.Querier, tenant int64, org id.ID) (id.ID, error) {
	type above struct {
		id   id.ID
		kind organisation.Kind
	}
	near, err := db.One(ctx, q, func(a *above) []any { return []any{&a.id, &a.kind} }, `SELECT c.id, c.kind FROM organisation o JOIN organisation c ON c.tenant_id = o.tenant_id
		AND c.kind NOT IN ('party_branch', 'party_group') AND substr(o.path, 1, length(c.path)) = c.path WHERE o.tenant_id = $1 AND o.id = $2 ORDER BY length(c.path) DESC, c.id LIMIT 1`, tenant, org)
	if err != nil && !errors.Is(err, errs.ErrNotFound) {
		return 0, err
	}
	if near.kind == organisation.Community {
		return near.id, nil
	}
	return org, nil
}

func setMinutes(ctx context.Context, tx *db.Tx, actor authz.Actor, m Meeting, text string) error {
	return tx.Update(ctx, `UPDATE meeting SET minutes = $1, minutes_version = minutes_version + 1, minutes_by = $2, minutes_at = $3 WHERE tenant_id = $4 AND id = $5 AND minutes_version = $6`,
		text, actor.AccountID, db.Micros(tx.Now()), actor.Tenant, m.ID, m.MinutesVersion)
}

func insertRevision(ctx context.Context, tx *db.Tx, actor authz.Actor, meeting id.ID, number int64, text string, aside bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO meeting_minutes (tenant_id, id, meeting_id, number, text, aside, account_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		actor.Tenant, id.New(), meeting, number, text, aside, actor.AccountID, db.Micros(tx.Now()))
	return err
}

// extendRevision puts a text into the latest revision, if the same writer began it a short while ago.
func extendRevision(ctx context.Context, tx *db.Tx, actor authz.Actor, meeting id.ID, number int64, text string, since time.Time) (bool, error) {
	type last struct {
		id, account id.ID
		at          time.Time
		aside       bool
	}
	l, err := db.One(ctx, tx, func(l *last) []any { return []any{&l.id, &l.account, db.Instant(&l.at), &l.aside} },
		"SELECT id, account_id, at, aside FROM meeting_minutes WHERE tenant_id = $1 AND meeting_id = $2 ORDER BY id DESC LIMIT 1", actor.Tenant, meeting)
	if errors.Is(err, errs.ErrNotFound) {
		return false, nil
	}
	if err != nil || l.aside || l.account != actor.AccountID || l.at.Before(since) {
		return false, err
	}
	return true, tx.Update(ctx, "UPDATE meeting_minutes SET text = $1, number = $2 WHERE tenant_id = $3 AND id = $4", text, number, actor.Tenant, l.id)
}

func revisions(ctx context.Context, q db.Querier, tenant int64, meeting id.ID) ([]Revision, error) {
	return db.All(ctx, q, func(r *Revision) []any { return []any{&r.ID, &r.Number, &r.Text, &r.Aside, &r.By, db.Instant(&r.At)} },
		`SELECT v.id, v.number, v.text, v.aside, coalesce(k.name, ''), v.at FROM meeting_minutes v LEFT JOIN account k ON k.tenant_id = v.tenant_id AND k.id = v.account_id
		WHERE v.tenant_id = $1 AND v.meeting_id = $2 ORDER BY v.id DESC LIMIT 100`, tenant, meeting)
}

func follow(ctx context.Context, tx *db.Tx, tenant int64, from, to id.ID) error {
	for _, q := range []string{
		"UPDATE meeting SET owner_id = $1 WHERE tenant_id = $2 AND owner_id = $3 AND (state = 'planned' OR body_id <> 0)",
		"UPDATE meeting_duty SET owner_id = $1 WHERE tenant_id = $2 AND owner_id = $3 AND (state = 'planned' OR body_id <> 0)",
		"UPDATE meeting_topic SET owner_id = $1 WHERE tenant_id = $2 AND owner_id = $3",
		"UPDATE meeting_topic SET organisation_id = $1 WHERE tenant_id = $2 AND organisation_id = $3 AND state IN ('raised', 'agenda')",
		"UPDATE meeting_task SET owner_id = $1 WHERE tenant_id = $2 AND owner_id = $3",
		"UPDATE meeting_task SET organisation_id = $1 WHERE tenant_id = $2 AND organisation_id = $3 AND state IN ('open', 'reported')",
	} {
		if _, err := tx.Exec(ctx, q, to, tenant, from); err != nil {
			return err
		}
	}
	return nil
}
