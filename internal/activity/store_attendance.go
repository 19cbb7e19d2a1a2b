package activity

import (
	"context"
	"errors"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
)

const attendanceColumns = `t.id, t.activity_id, t.member_id, t.person_id, t.community_id, t.unit_id, t.credit_id, t.guest_name, t.guest_phone_mask,
	t.in_at, t.out_at, t.minutes, t.proof, t.reason, t.overlap_id, t.long_day, t.fields, t.state, t.helped_name, t.by_account, t.at, t.version`

func (t *Attendance) dest() []any {
	return []any{&t.ID, &t.ActivityID, &t.MemberID, &t.PersonID, &t.CommunityID, &t.UnitID, &t.CreditID, &t.GuestName, &t.PhoneMask,
		db.Instant(&t.InAt), db.Instant(&t.OutAt), &t.Minutes, &t.Proof, &t.Reason, &t.OverlapID, &t.LongDay, answersColumn{&t.Answers}, &t.State,
		&t.HelpedName, &t.ByAccount, db.Instant(&t.At), &t.Version}
}

var insertAttendanceColumns = []string{"tenant_id", "id", "activity_id", "member_id", "person_id", "community_id", "unit_id", "credit_id", "guest_name",
	"guest_phone", "guest_phone_index", "guest_phone_mask", "guest_key", "in_at", "out_at", "minutes", "proof", "reason", "fields", "state", "by_account", "at"}

func (g *guestRow) values(tenant int64) []any {
	t := &g.Attendance
	if t.Answers == nil {
		t.Answers = Answers{}
	}
	return []any{tenant, int64(t.ID), int64(t.ActivityID), int64(t.MemberID), int64(t.PersonID), int64(t.CommunityID), int64(t.UnitID), int64(t.CreditID), t.GuestName,
		g.phone, g.phoneIndex, t.PhoneMask, g.key, db.Micros(t.InAt), db.Micros(t.OutAt), t.Minutes, string(t.Proof), t.Reason,
		encodeJSON(t.Answers), string(t.State), int64(t.ByAccount), db.Micros(t.At)}
}

func insertAttendance(ctx context.Context, tx *db.Tx, tenant int64, g *guestRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO attendance (tenant_id, id, activity_id, member_id, person_id, community_id, unit_id, credit_id, guest_name,
		guest_phone, guest_phone_index, guest_phone_mask, guest_key, in_at, out_at, minutes, proof, reason, fields, state, by_account, at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22)`, g.values(tenant)...)
	return doubled(err)
}

func insertAttendances(ctx context.Context, tx *db.Tx, tenant int64, rows []guestRow) error {
	return doubled(tx.InsertMany(ctx, "attendance", insertAttendanceColumns, len(rows), func(i int) []any { return rows[i].values(tenant) }))
}

// doubled turns a second attendance of the same member or guest into words.
func doubled(err error) error {
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.ActivityTwice).Because(err)
	}
	return err
}

func saveAttendance(ctx context.Context, tx *db.Tx, tenant int64, t *Attendance) error {
	t.Version++
	return tx.Update(ctx, `UPDATE attendance SET in_at = $3, out_at = $4, minutes = $5, proof = $6, reason = $7, state = $8, helped_name = $9,
		overlap_id = $10, long_day = $11, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND version = $12`,
		tenant, t.ID, db.Micros(t.InAt), db.Micros(t.OutAt), t.Minutes, string(t.Proof), t.Reason, string(t.State), t.HelpedName,
		t.OverlapID, t.LongDay, t.Version-1)
}

// joinAttendance says which member a guest was; what is sealed of the guest goes.
func joinAttendance(ctx context.Context, tx *db.Tx, tenant int64, t *Attendance) error {
	t.Version++
	err := tx.Update(ctx, `UPDATE attendance SET member_id = $3, person_id = $4, unit_id = $5, credit_id = $6, guest_phone = NULL, guest_phone_index = '',
		version = version + 1 WHERE tenant_id = $1 AND id = $2 AND version = $7`, tenant, t.ID, t.MemberID, t.PersonID, t.UnitID, t.CreditID, t.Version-1)
	return doubled(err)
}

func saveFlags(ctx context.Context, tx *db.Tx, tenant int64, s span) error {
	if s.overlap == s.newly && s.longDay == s.newlyDay {
		return nil
	}
	return tx.Update(ctx, `UPDATE attendance SET overlap_id = $3, long_day = $4 WHERE tenant_id = $1 AND id = $2`, tenant, s.id, s.newly, s.newlyDay)
}

var attendanceScope = authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.community_id"}, Person: "t.person_id"}

// loadAttendance gives an attendance in scope with its activity.
func loadAttendance(ctx context.Context, q db.Querier, s authz.Scope, attendance id.ID) (Activity, Attendance, error) {
	args := &db.Args{}
	w := s.Where(args, attendanceScope)
	t, err := db.One(ctx, q, (*Attendance).dest, `SELECT `+attendanceColumns+` FROM attendance t WHERE `+w+` AND t.id = `+args.Add(attendance), args.Values()...)
	if err != nil {
		return Activity{}, t, err
	}
	a, err := findAny(ctx, q, s.Tenant(), t.ActivityID)
	return a, t, err
}

func attendanceOf(ctx context.Context, q db.Querier, tenant int64, activity, member id.ID) (Attendance, error) {
	return db.One(ctx, q, (*Attendance).dest, `SELECT `+attendanceColumns+` FROM attendance t
		WHERE t.tenant_id = $1 AND t.activity_id = $2 AND t.member_id = $3 AND t.member_id <> 0 AND t.state <> 'void'`, tenant, activity, member)
}

func guestAt(ctx context.Context, q db.Querier, tenant int64, activity id.ID, key string) (Attendance, error) {
	return db.One(ctx, q, (*Attendance).dest, `SELECT `+attendanceColumns+` FROM attendance t
		WHERE t.tenant_id = $1 AND t.activity_id = $2 AND t.guest_key = $3 AND t.guest_key <> '' AND t.state <> 'void'`, tenant, activity, key)
}

func openOf(ctx context.Context, q db.Querier, tenant int64, activity id.ID) ([]Attendance, error) {
	return db.All(ctx, q, (*Attendance).dest, `SELECT `+attendanceColumns+` FROM attendance t
		WHERE t.tenant_id = $1 AND t.activity_id = $2 AND t.state = 'in' ORDER BY t.id`, tenant, activity)
}

type spanRow struct {
	span
	member id.ID
}

// spansOf gives the attendances of members that began between two instants, by member.
func spansOf(ctx context.Context, q db.Querier, tenant int64, members []id.ID, from, to time.Time) (map[id.ID][]span, error) {
	out := map[id.ID][]span{}
	for len(members) > 0 {
		n := min(len(members), 256)
		args := &db.Args{}
		w := "tenant_id = " + args.Add(tenant) + " AND " + db.In(args, "member_id", members[:n]) + " AND member_id <> 0 AND state <> 'void' AND in_at >= " +
			args.Add(db.Micros(from)) + " AND in_at <= " + args.Add(db.Micros(to))
		err := db.Each(ctx, q, func(r *spanRow) []any {
			return []any{&r.member, &r.id, db.Instant(&r.in), db.Instant(&r.out), &r.minutes, &r.overlap, &r.longDay}
		}, func(r spanRow) error {
			out[r.member] = append(out[r.member], r.span)
			return nil
		}, `SELECT member_id, id, in_at, out_at, minutes, overlap_id, long_day FROM attendance WHERE `+w, args.Values()...)
		if err != nil {
			return nil, err
		}
		members = members[n:]
	}
	return out, nil
}

func candidates(ctx context.Context, q db.Querier, tenant int64, attendance id.ID) ([]Candidate, error) {
	return db.All(ctx, q, func(c *Candidate) []any {
		return []any{&c.MemberID, &c.PersonID, &c.Name, &c.UnitName, &c.CommunityName}
	},
		`SELECT coalesce(m.id, 0), p.id, p.name, coalesce(u.name, ''), coalesce(c.name, '') FROM attendance t
		JOIN person p ON p.tenant_id = t.tenant_id AND p.phone_index = t.guest_phone_index AND p.phone_index <> ''
		LEFT JOIN member m ON m.tenant_id = p.tenant_id AND m.person_id = p.id AND m.ended_on = ''
		LEFT JOIN organisation u ON u.tenant_id = m.tenant_id AND u.id = m.unit_id
		LEFT JOIN organisation c ON c.tenant_id = p.tenant_id AND c.id = p.community_id
		WHERE t.tenant_id = $1 AND t.id = $2 ORDER BY CASE WHEN m.id IS NULL THEN 1 ELSE 0 END, p.name_key, p.id LIMIT 20`, tenant, attendance)
}

func personThere(ctx context.Context, q db.Querier, tenant int64, person id.ID) (bool, error) {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM person WHERE tenant_id = $1 AND id = $2`, tenant, person)
	return n > 0, err
}

// Attended narrows the list of attendances; zero fields do not filter.
type Attended struct {
	ActivityID  id.ID
	MemberID    id.ID
	CommunityID id.ID
	Search      string // part of a member's or guest's name
	From, To    calendar.Date
	State       Presence // "" leaves out what is void
	Proof       ledger.Proof
	Guests      bool // not joined yet
	Flagged     bool // overlaps and long days
	Objected    bool // the person helped says that it was not so, and nobody has looked into it
	Forgotten   bool // still signed in after the activity's end
	All         bool // what is void too
	Page        db.Page
}

// AttendanceItem is an attendance with the names around it.
type AttendanceItem struct {
	Attendance
	Name          string // of the member, or of the guest
	UnitName      string
	CommunityName string // whose book the hours stand in
	ActivityTitle string
	ActivityPlace string
	StartsAt      time.Time
	EndsAt        time.Time
	GivesHours    bool
	OverlapTitle  string // of the activity it overlaps with
	AwaitsHelped  bool   // a code is out with the person helped
	ByName        string // who entered it
}

// Attendances gives the attendances in scope, latest first; those of one activity in the order of signing in.
func (s *Service) Attendances(ctx context.Context, actor authz.Actor, f Attended) (db.List[AttendanceItem], error) {
	args := &db.Args{}
	w := attendedWhere(args, actor, f, s.db.Now())
	page, tail := args.Keyset(f.Page, db.Order{IDColumn: "t.id", Desc: f.ActivityID == 0})
	rows, err := db.All(ctx, s.db, (*AttendanceItem).dest, attendanceSelect+w+page+tail, args.Values()...)
	if err != nil {
		return db.List[AttendanceItem]{}, err
	}
	return db.Cut(rows, f.Page, func(i AttendanceItem) db.Cursor { return db.Cursor{ID: i.ID} }), nil
}

// ExportAttendances gives every attendance of the filter, in the order of signing in.
func (s *Service) ExportAttendances(ctx context.Context, actor authz.Actor, f Attended, fn func(AttendanceItem) error) error {
	args := &db.Args{}
	w := attendedWhere(args, actor, f, s.db.Now())
	return db.Each(ctx, s.db, (*AttendanceItem).dest, fn, attendanceSelect+w+" ORDER BY t.id", args.Values()...)
}

// Attendance gives one attendance in scope.
func (s *Service) Attendance(ctx context.Context, actor authz.Actor, attendance id.ID) (AttendanceItem, error) {
	args := &db.Args{}
	w := attendedWhere(args, actor, Attended{All: true}, s.db.Now()) + " AND t.id = " + args.Add(attendance)
	return db.One(ctx, s.db, (*AttendanceItem).dest, attendanceSelect+w, args.Values()...)
}

const attendanceSelect = `SELECT ` + attendanceColumns + `, coalesce(m.name, CASE WHEN t.guest_name <> '' THEN t.guest_name ELSE '` + anonymousGuest + `' END), coalesce(u.name, ''),
	coalesce(c.name, ''), a.title, a.place, a.starts_at, a.ends_at, a.gives_hours, coalesce(oa.title, ''), coalesce(b.name, ''),
	CASE WHEN EXISTS (SELECT 1 FROM countersign s WHERE s.tenant_id = t.tenant_id AND s.subject_id = t.id AND s.used_at = 0) AND t.proof = 'vouched' THEN 1 ELSE 0 END
	FROM attendance t
	JOIN activity a ON a.tenant_id = t.tenant_id AND a.id = t.activity_id
	LEFT JOIN member m ON m.tenant_id = t.tenant_id AND m.id = t.member_id
	LEFT JOIN organisation u ON u.tenant_id = t.tenant_id AND u.id = t.unit_id
	LEFT JOIN organisation c ON c.tenant_id = t.tenant_id AND c.id = t.credit_id
	LEFT JOIN attendance o ON o.tenant_id = t.tenant_id AND o.id = t.overlap_id
	LEFT JOIN activity oa ON oa.tenant_id = o.tenant_id AND oa.id = o.activity_id
	LEFT JOIN account b ON b.tenant_id = t.tenant_id AND b.id = t.by_account
	WHERE `

func (i *AttendanceItem) dest() []any {
	return append(i.Attendance.dest(), &i.Name, &i.UnitName, &i.CommunityName, &i.ActivityTitle, &i.ActivityPlace, db.Instant(&i.StartsAt),
		db.Instant(&i.EndsAt), &i.GivesHours, &i.OverlapTitle, &i.ByName, boolean{&i.AwaitsHelped})
}

// boolean reads 0 and 1, which every engine gives for a CASE.
type boolean struct{ to *bool }

func (b boolean) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return errors.New("activity: not a flag")
	}
	*b.to = n != 0
	return nil
}

func attendedWhere(args *db.Args, actor authz.Actor, f Attended, now time.Time) string {
	seen := actor.Scope(PermSee).Or(holding(actor)).Or(actor.Scope(PermSeeOwn))
	w := seen.Where(args, authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.community_id", "t.credit_id", "t.unit_id"}, Person: "t.person_id"})
	eq := func(column string, v any) { w += " AND " + column + " = " + args.Add(v) }
	if f.ActivityID != 0 {
		eq("t.activity_id", f.ActivityID)
	}
	if f.MemberID != 0 {
		eq("t.member_id", f.MemberID)
		w += " AND t.member_id <> 0"
	}
	if f.CommunityID != 0 {
		eq("t.community_id", f.CommunityID)
	}
	if key := gram.Key(f.Search); key != "" {
		p := args.Add("%" + likeEscape.Replace(key) + "%")
		w += ` AND (m.name_key LIKE ` + p + ` ESCAPE '\' OR t.guest_name LIKE ` + p + ` ESCAPE '\')`
	}
	if !f.From.IsZero() {
		w += " AND t.in_at >= " + args.Add(db.Micros(f.From.Time()))
	}
	if !f.To.IsZero() {
		w += " AND t.in_at < " + args.Add(db.Micros(f.To.AddDays(1).Time()))
	}
	if f.Proof != "" {
		eq("t.proof", string(f.Proof))
	}
	switch {
	case f.State != "":
		eq("t.state", string(f.State))
	case !f.All:
		w += " AND t.state <> 'void'"
	}
	if f.Guests {
		w += " AND t.person_id = 0 AND t.guest_name <> ''"
	}
	if f.Flagged {
		w += " AND (t.overlap_id <> 0 OR t.long_day = TRUE)"
	}
	if f.Objected {
		w += ` AND EXISTS (SELECT 1 FROM countersign x WHERE x.tenant_id = t.tenant_id AND x.subject_kind = 'attendance' AND x.subject_id = t.id AND x.objected_at <> 0 AND x.settled_at = 0)`
	}
	if f.Forgotten {
		w += " AND t.state = 'in' AND a.ends_at < " + args.Add(db.Micros(now))
	}
	return w
}

type amountRow struct {
	source id.ID
	amount int64
}

func amounts(ctx context.Context, q db.Querier, tenant int64, each func(string, id.ID, ledger.Account, int64) error) error {
	return db.Each(ctx, q, func(r *amountRow) []any { return []any{&r.source, &r.amount} }, func(r amountRow) error {
		return each(ledger.SourceAttendance, r.source, ledger.Hours, r.amount)
	}, `SELECT t.id, CASE WHEN t.state = 'out' AND t.member_id <> 0 AND a.gives_hours = TRUE THEN t.minutes ELSE 0 END
		FROM attendance t JOIN activity a ON a.tenant_id = t.tenant_id AND a.id = t.activity_id WHERE t.tenant_id = $1 ORDER BY t.id`, tenant)
}
