package feedback

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/id"
)

const slipColumns = `s.id, s.quarter, s.community_id, c.name, s.unit_id, u.name, s.state, s.members, s.minutes, s.deeds, s.remark,
	s.version_no, s.sent_at, s.read_at, s.answer, s.answered_at, s.created_at, s.version`

const slipTables = ` FROM slip s
	JOIN organisation c ON c.tenant_id = s.tenant_id AND c.id = s.community_id
	JOIN organisation u ON u.tenant_id = s.tenant_id AND u.id = s.unit_id `

func (s *Slip) dest() []any {
	return []any{&s.ID, &s.Quarter, &s.CommunityID, &s.Community, &s.UnitID, &s.Unit, &s.State, &s.Members, &s.Minutes, &s.Deeds,
		&s.Remark, &s.VersionNo, db.Instant(&s.SentAt), db.Instant(&s.ReadAt), &s.Answer, db.Instant(&s.AnsweredAt),
		db.Instant(&s.CreatedAt), &s.Version}
}

var slipScope = authz.Columns{Tenant: "s.tenant_id", Orgs: []string{"s.community_id", "s.unit_id"}}

// visible keeps units away from drafts: a slip is theirs once it is sent. review is where the actor reviews, see where they read.
func visible(a *db.Args, review, see authz.Scope) string {
	inside := review.Where(a, authz.Columns{Tenant: "s.tenant_id", Orgs: []string{"s.community_id"}})
	reading := see.Where(a, slipScope)
	drafts := see.Where(a, authz.Columns{Tenant: "s.tenant_id", Orgs: []string{"s.community_id"}})
	return "((" + inside + ") OR (" + drafts + ") OR (" + reading + " AND s.state <> 'draft'))"
}

func findSlip(ctx context.Context, q db.Querier, review, see authz.Scope, slip id.ID) (Slip, error) {
	a := &db.Args{}
	where := "s.tenant_id = " + a.Add(tenantOf(review, see)) + " AND s.id = " + a.Add(slip) + " AND " + visible(a, review, see)
	return db.One(ctx, q, (*Slip).dest, "SELECT "+slipColumns+slipTables+"WHERE "+where, a.Values()...)
}

func tenantOf(scopes ...authz.Scope) int64 {
	for _, s := range scopes {
		if t := s.Tenant(); t != 0 {
			return t
		}
	}
	return 0
}

// Filter narrows the list of slips; zero fields do not filter.
type Filter struct {
	Quarter     calendar.Quarter
	State       State
	CommunityID id.ID
	UnitID      id.ID
	Search      string // part of the unit's or the community's name
	Late        bool   // drafts that should be sent by now, and slips that should be answered
	Page        db.Page
	late        limits // set by the service for Late
}

// limits are the instants before which a draft should have been sent and a slip been answered.
type limits struct{ made, sent int64 }

func (l limits) where(a *db.Args) string {
	return "((s.state = 'draft' AND s.created_at < " + a.Add(l.made) + ") OR (s.state = 'sent' AND s.sent_at < " + a.Add(l.sent) + "))"
}

// fewPlaces is up to how many places have slips that lie far apart in the list of all, so that they are better found by place.
const fewPlaces = 8

func listSlips(ctx context.Context, q db.Querier, review, see authz.Scope, f Filter) (db.List[Slip], error) {
	query, args := slipQuery(review, see, f)
	if reach := review.Or(see); !reach.All() && len(reach.Organisations()) <= fewPlaces {
		query += " AND s.id IN (SELECT s.id FROM slip s WHERE " + strings.Join(reach.Ways(args, slipScope), " UNION ALL SELECT s.id FROM slip s WHERE ") + ")"
	}
	page, tail := args.Keyset(f.Page, db.Order{IDColumn: "s.id", Desc: true})
	rows, err := db.All(ctx, q, (*Slip).dest, query+page+tail, args.Values()...)
	if err != nil {
		return db.List[Slip]{}, err
	}
	return db.Cut(rows, f.Page, func(s Slip) db.Cursor { return db.Cursor{ID: s.ID} }), nil
}

func slipQuery(review, see authz.Scope, f Filter) (string, *db.Args) {
	a := &db.Args{}
	where := "s.tenant_id = " + a.Add(tenantOf(review, see)) + " AND " + visible(a, review, see)
	if !f.Quarter.IsZero() {
		where += " AND s.quarter = " + a.Add(f.Quarter)
	}
	if f.State != "" {
		where += " AND s.state = " + a.Add(string(f.State))
	}
	if f.CommunityID != 0 {
		where += " AND s.community_id = " + a.Add(f.CommunityID)
	}
	if f.UnitID != 0 {
		where += " AND s.unit_id = " + a.Add(f.UnitID)
	}
	if f.Late {
		where += " AND " + f.late.where(a)
	}
	if f.Search != "" {
		// The names are few (units of a district), and already joined.
		like := a.Add(gram.Query(f.Search).Like())
		where += " AND (u.name_key LIKE " + like + " ESCAPE '!' OR c.name_key LIKE " + like + " ESCAPE '!')"
	}
	return "SELECT " + slipColumns + slipTables + "WHERE " + where, a
}

const lineColumns = `member_id, person_id, name, minutes, timed, countersigned, vouched, deeds, activities, year_minutes, year_deeds, remark`

func (l *Line) dest() []any {
	return []any{&l.MemberID, &l.PersonID, &l.Name, &l.Minutes, &l.Timed, &l.Countersigned, &l.Vouched, &l.Deeds, &l.Activities,
		&l.YearMinutes, &l.YearDeeds, &l.Remark}
}

// linesOf reads the lines of a slip that was found in scope, by name.
func linesOf(ctx context.Context, q db.Querier, tenant int64, slip id.ID) ([]Line, error) {
	return db.All(ctx, q, (*Line).dest, "SELECT "+lineColumns+" FROM slip_line WHERE tenant_id = $1 AND slip_id = $2 ORDER BY name, member_id", tenant, slip)
}

// pair are a community and a unit that have members in common. The zero pair stands for all of them.
type pair struct{ community, unit id.ID }

// place is one member on the slip of a pair.
type place struct {
	pair
	member id.ID
}

// ledgerSays gives what stands on the slips of a quarter, by pair: everybody who is registered, and everybody who served, with
// the sums of their postings. A member is on the slip of the community where they are registered, and on that of any community
// where they served in the quarter. only narrows it to one slip. Lines are not sorted.
func ledgerSays(ctx context.Context, q db.Querier, tenant int64, quarter calendar.Quarter, only pair) (map[pair][]Line, error) {
	sums, err := sumsOf(ctx, q, tenant, quarter, only)
	if err != nil {
		return nil, err
	}
	lines := map[pair][]Line{}
	err = roster(ctx, q, tenant, quarter, only, func(p place, l Line) {
		if x, ok := sums[p]; ok {
			x.MemberID, x.PersonID, x.Name = l.MemberID, l.PersonID, l.Name
			l = x.Line
			delete(sums, p)
		}
		lines[p.pair] = append(lines[p.pair], l)
	})
	if err != nil {
		return nil, err
	}
	return lines, addGuests(ctx, q, tenant, sums, lines)
}

// sum is a line without its member, and whether anything was posted in the quarter itself.
type sum struct {
	Line
	present bool
}

// sumsOf adds the postings of the year up to the quarter up, by place.
func sumsOf(ctx context.Context, q db.Querier, tenant int64, quarter calendar.Quarter, only pair) (map[place]sum, error) {
	a := &db.Args{}
	now := a.Add(quarter)
	in := func(cond, value string) string {
		return "sum(CASE WHEN quarter = " + now + " AND " + cond + " THEN " + value + " ELSE 0 END), "
	}
	// The sign keeps SQLite from walking all postings in the order of members to save itself a sort.
	query := "SELECT community_id, unit_id, +member_id, " +
		in("account = 'hours'", "amount") + in("account = 'hours' AND proof = 'timed'", "amount") +
		in("account = 'hours' AND proof = 'countersigned'", "amount") + in("account = 'hours' AND proof = 'vouched'", "amount") +
		in("account = 'deeds'", "amount") +
		// A counter-posting takes an activity back.
		in("account = 'hours'", "(CASE WHEN amount > 0 THEN 1 WHEN amount < 0 THEN -1 ELSE 0 END)") +
		"sum(CASE WHEN account = 'hours' THEN amount ELSE 0 END), sum(CASE WHEN account = 'deeds' THEN amount ELSE 0 END), " +
		"max(CASE WHEN quarter = " + now + " THEN 1 ELSE 0 END) = 1 FROM posting WHERE member_id <> 0 AND tenant_id = " + a.Add(tenant) +
		" AND " + db.In(a, "quarter", yearUpTo(quarter)) + onlyPair(a, only) + " GROUP BY community_id, unit_id, +member_id"
	sums := map[place]sum{}
	type row struct {
		place
		sum
	}
	err := db.Each(ctx, q, func(r *row) []any {
		return []any{&r.community, &r.unit, &r.member, &r.Minutes, &r.Timed, &r.Countersigned, &r.Vouched, &r.Deeds, &r.Activities,
			&r.YearMinutes, &r.YearDeeds, &r.present}
	}, func(r row) error {
		sums[r.place] = r.sum
		return nil
	}, query, a.Values()...)
	return sums, err
}

// yearUpTo are the quarters of the year up to q, as stored.
func yearUpTo(q calendar.Quarter) []string {
	var list []string
	for n := 1; n <= q.Number(); n++ {
		list = append(list, calendar.NewQuarter(q.Year(), n).String())
	}
	return list
}

func onlyPair(a *db.Args, only pair) string {
	if only == (pair{}) {
		return " AND unit_id <> 0"
	}
	return " AND community_id = " + a.Add(only.community) + " AND unit_id <> 0 AND unit_id = " + a.Add(only.unit)
}

// roster calls fn for every member who belongs to a unit and was registered with a community during the quarter.
func roster(ctx context.Context, q db.Querier, tenant int64, quarter calendar.Quarter, only pair, fn func(place, Line)) error {
	a := &db.Args{}
	query := "SELECT community_id, unit_id, id, person_id, name FROM member WHERE tenant_id = " + a.Add(tenant) +
		" AND community_id <> 0 AND (ended_on = '' OR ended_on >= " + a.Add(quarter.Start()) + ") AND since <= " + a.Add(quarter.End()) + onlyPair(a, only)
	type row struct {
		pair
		Line
	}
	return db.Each(ctx, q, func(r *row) []any { return []any{&r.community, &r.unit, &r.MemberID, &r.PersonID, &r.Name} }, func(r row) error {
		fn(place{r.pair, r.MemberID}, r.Line)
		return nil
	}, query, a.Values()...)
}

// addGuests adds those who served in the quarter without being registered there.
func addGuests(ctx context.Context, q db.Querier, tenant int64, sums map[place]sum, lines map[pair][]Line) error {
	byMember := map[id.ID][]place{}
	for p, x := range sums {
		if x.present {
			byMember[p.member] = append(byMember[p.member], p)
		}
	}
	members := slices.Sorted(maps.Keys(byMember))
	for chunk := range slices.Chunk(members, 500) {
		a := &db.Args{}
		query := "SELECT id, person_id, name FROM member WHERE tenant_id = " + a.Add(tenant) + " AND " + db.In(a, "id", chunk)
		err := db.Each(ctx, q, func(l *Line) []any { return []any{&l.MemberID, &l.PersonID, &l.Name} }, func(l Line) error {
			for _, p := range byMember[l.MemberID] {
				x := sums[p].Line
				x.MemberID, x.PersonID, x.Name = l.MemberID, l.PersonID, l.Name
				lines[p.pair] = append(lines[p.pair], x)
			}
			return nil
		}, query, a.Values()...)
		if err != nil {
			return err
		}
	}
	return nil
}

// current gives what the ledger says now for one slip, by name, with the remarks already written.
func current(ctx context.Context, q db.Querier, tenant int64, s Slip) ([]Line, error) {
	p := pair{s.CommunityID, s.UnitID}
	all, err := ledgerSays(ctx, q, tenant, s.Quarter, p)
	if err != nil {
		return nil, err
	}
	old, err := linesOf(ctx, q, tenant, s.ID)
	if err != nil {
		return nil, err
	}
	remarks := map[id.ID]string{}
	for _, l := range old {
		remarks[l.MemberID] = l.Remark
	}
	lines := all[p]
	for i := range lines {
		lines[i].Remark = remarks[lines[i].MemberID]
	}
	slices.SortFunc(lines, func(a, b Line) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.MemberID, b.MemberID))
	})
	return lines, nil
}

// insertSlips drafts the slips of a quarter.
func insertSlips(ctx context.Context, tx *db.Tx, tenant int64, q calendar.Quarter, drafts map[pair][]Line) error {
	type draft struct {
		id    id.ID
		pair  pair
		lines []Line
	}
	var list []draft
	for p, lines := range drafts {
		list = append(list, draft{pair: p, lines: lines})
	}
	slices.SortFunc(list, func(a, b draft) int {
		return cmp.Or(cmp.Compare(a.pair.community, b.pair.community), cmp.Compare(a.pair.unit, b.pair.unit))
	})
	for i := range list {
		list[i].id = id.New()
	}
	at := db.Micros(tx.Now())
	err := tx.InsertMany(ctx, "slip", []string{"tenant_id", "id", "quarter", "community_id", "unit_id", "state", "members", "minutes", "deeds", "created_at"},
		len(list), func(i int) []any {
			d := list[i]
			t := Totals(d.lines)
			return []any{tenant, d.id, q.String(), d.pair.community, d.pair.unit, string(Draft), int64(len(d.lines)), t.Minutes, t.Deeds, at}
		})
	if err != nil {
		return err
	}
	var ids []id.ID
	var lines []Line
	for _, d := range list {
		for _, l := range d.lines {
			ids, lines = append(ids, d.id), append(lines, l)
		}
	}
	return insertLines(ctx, tx, tenant, lines, func(i int) id.ID { return ids[i] })
}

// insertLines writes lines; slip(i) is the slip of line i.
func insertLines(ctx context.Context, tx *db.Tx, tenant int64, lines []Line, slip func(i int) id.ID) error {
	cols := []string{"tenant_id", "slip_id", "member_id", "person_id", "name", "minutes", "timed", "countersigned", "vouched",
		"deeds", "activities", "year_minutes", "year_deeds", "remark"}
	return tx.InsertMany(ctx, "slip_line", cols, len(lines), func(i int) []any {
		l := &lines[i]
		return []any{tenant, slip(i), l.MemberID, l.PersonID, l.Name, l.Minutes, l.Timed, l.Countersigned, l.Vouched, l.Deeds,
			l.Activities, l.YearMinutes, l.YearDeeds, l.Remark}
	})
}

func insertClose(ctx context.Context, tx *db.Tx, tenant int64, q calendar.Quarter, by id.ID, r Closed) error {
	_, err := tx.Exec(ctx, `INSERT INTO quarter_close (tenant_id, quarter, closed_at, closed_by, slips, members) VALUES ($1,$2,$3,$4,$5,$6)`,
		tenant, q, db.Micros(tx.Now()), by, r.Slips, r.Members)
	return err
}

// replaceLines makes lines the draft of slip.
func replaceLines(ctx context.Context, tx *db.Tx, tenant int64, slip id.ID, lines []Line) error {
	if _, err := tx.Exec(ctx, `DELETE FROM slip_line WHERE tenant_id = $1 AND slip_id = $2`, tenant, slip); err != nil {
		return err
	}
	return insertLines(ctx, tx, tenant, lines, func(int) id.ID { return slip })
}

// saveSlip writes what may change of a slip and raises its version.
func saveSlip(ctx context.Context, tx *db.Tx, tenant int64, s Slip, by id.ID) error {
	return tx.Update(ctx, `UPDATE slip SET state = $1, members = $2, minutes = $3, deeds = $4, remark = $5, version_no = $6, sent_at = $7,
		sent_by = CASE WHEN $7 <> sent_at THEN $8 ELSE sent_by END, answer = $9, answered_at = $10,
		answered_by = CASE WHEN $10 <> answered_at THEN $8 ELSE answered_by END, read_at = $11, version = version + 1
		WHERE tenant_id = $12 AND id = $13 AND version = $14`,
		string(s.State), s.Members, s.Minutes, s.Deeds, s.Remark, s.VersionNo, db.Micros(s.SentAt), by, s.Answer, db.Micros(s.AnsweredAt),
		db.Micros(s.ReadAt), tenant, s.ID, s.Version)
}

func insertVersion(ctx context.Context, tx *db.Tx, tenant int64, slip id.ID, v Version, content string, by id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO slip_version (tenant_id, slip_id, version_no, content, hash, code, reason, sent_at, sent_by)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, tenant, slip, v.No, content, v.Hash, v.Code, v.Reason, db.Micros(v.SentAt), by)
	return err
}

type storedVersion struct {
	Version
	text string
}

// versions reads the contents sent for a slip, newest first; Intact says whether each still has its hash.
func versions(ctx context.Context, q db.Querier, tenant int64, slip id.ID) ([]Version, error) {
	rows, err := db.All(ctx, q, func(v *storedVersion) []any {
		return []any{&v.No, &v.text, &v.Hash, &v.Code, &v.Reason, db.Instant(&v.SentAt)}
	}, `SELECT version_no, content, hash, code, reason, sent_at FROM slip_version WHERE tenant_id = $1 AND slip_id = $2
		ORDER BY version_no DESC LIMIT 100`, tenant, slip)
	if err != nil {
		return nil, err
	}
	list := make([]Version, 0, len(rows))
	for _, v := range rows {
		v.Intact = hash(v.text) == v.Hash
		if err := json.Unmarshal([]byte(v.text), &v.Content); err != nil {
			v.Intact = false // a content that cannot be read is not the content that was sent
		}
		list = append(list, v.Version)
	}
	return list, nil
}
