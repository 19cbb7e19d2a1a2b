package counselling

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/reference"
	"linli/internal/technician"
)

var (
	ofPost = authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.org_id"}}
	ofFile = authz.Columns{Tenant: "f.tenant_id", Orgs: []string{"f.org_id"}}
)

var postColumns = "p.id, p.org_id, " + reference.Label("o") + `, p.account_id, coalesce(k.name, ''), p.place, p.minutes, p.ended_on, p.version
	FROM counselling_post p
	LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.org_id
	LEFT JOIN account k ON k.tenant_id = p.tenant_id AND k.id = p.account_id
	WHERE `

func (p *Post) dest() []any {
	return []any{&p.ID, &p.OrgID, &p.Org, &p.AccountID, &p.Account, &p.Place, &p.Minutes, &p.EndedOn, &p.Version}
}

// readWeeks reads the hours of some posts, with one query for all.
func readWeeks(ctx context.Context, q db.Querier, tenant int64, list []Post) error {
	if len(list) == 0 {
		return nil
	}
	at := map[id.ID]int{}
	ids := make([]id.ID, len(list))
	for i, p := range list {
		at[p.ID], ids[i] = i, p.ID
	}
	type shift struct {
		of id.ID
		s  technician.Shift
	}
	a := &db.Args{}
	return db.Each(ctx, q, func(x *shift) []any { return []any{&x.of, &x.s.Weekday, &x.s.From, &x.s.To} }, func(x shift) error {
		list[at[x.of]].Week = append(list[at[x.of]].Week, x.s)
		return nil
	}, "SELECT h.post_id, h.weekday, h.from_min, h.to_min FROM counselling_hours h WHERE h.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "h.post_id", ids)+" ORDER BY h.post_id, h.weekday, h.from_min", a.Values()...)
}

func writeWeek(ctx context.Context, tx *db.Tx, tenant int64, post id.ID, week []technician.Shift) error {
	if _, err := tx.Exec(ctx, `DELETE FROM counselling_hours WHERE tenant_id = $1 AND post_id = $2`, tenant, post); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "counselling_hours", []string{"tenant_id", "post_id", "weekday", "from_min", "to_min"}, len(week), func(i int) []any {
		return []any{tenant, post, int64(week[i].Weekday), int64(week[i].From), int64(week[i].To)}
	})
}

func posts(ctx context.Context, q db.Querier, tenant int64, a *db.Args, where string) ([]Post, error) {
	list, err := db.All(ctx, q, (*Post).dest, "SELECT "+postColumns+where, a.Values()...)
	if err != nil {
		return nil, err
	}
	return list, readWeeks(ctx, q, tenant, list)
}

func onePost(ctx context.Context, q db.Querier, tenant int64, a *db.Args, where string) (Post, error) {
	p, err := db.One(ctx, q, (*Post).dest, "SELECT "+postColumns+where, a.Values()...)
	if err != nil {
		return p, err
	}
	one := []Post{p}
	err = readWeeks(ctx, q, tenant, one)
	return one[0], err
}

// taken reads what counsellors have agreed from an instant on.
func taken(ctx context.Context, q db.Querier, tenant int64, accounts []id.ID, from time.Time) (map[id.ID][]Taken, error) {
	out := map[id.ID][]Taken{}
	if len(accounts) == 0 {
		return out, nil
	}
	type row struct {
		of id.ID
		Taken
	}
	a := &db.Args{}
	err := db.Each(ctx, q, func(r *row) []any { return []any{&r.of, db.Instant(&r.At), &r.Minutes} }, func(r row) error {
		out[r.of] = append(out[r.of], r.Taken)
		return nil
	}, "SELECT v.account_id, v.at, v.minutes FROM counselling_session v WHERE v.tenant_id = "+a.Add(tenant)+" AND v.state = 'planned' AND v.at >= "+a.Add(db.Micros(from.Add(-MaxMinutes*time.Minute)))+
		" AND "+db.In(a, "v.account_id", accounts)+" ORDER BY v.at, v.id", a.Values()...)
	return out, err
}

var fileColumns = "f.id, f.no, f.org_id, " + reference.Label("o") + `, f.account_id, coalesce(k.name, ''), f.person_id, f.resident_id, f.name, f.phone, f.word, f.state = 'open', f.ending, f.ended_on, f.opened_at, f.handed_at, f.version,
	coalesce((SELECT min(v.at) FROM counselling_session v WHERE v.tenant_id = f.tenant_id AND v.file_id = f.id AND v.state = 'planned'), 0),
	coalesce((SELECT max(v.at) FROM counselling_session v WHERE v.tenant_id = f.tenant_id AND v.file_id = f.id AND v.state = 'held'), 0),
	(SELECT count(*) FROM counselling_session v WHERE v.tenant_id = f.tenant_id AND v.file_id = f.id AND v.state = 'held')
	FROM counselling_file f
	LEFT JOIN organisation o ON o.tenant_id = f.tenant_id AND o.id = f.org_id
	LEFT JOIN account k ON k.tenant_id = f.tenant_id AND k.id = f.account_id
	WHERE `

func (f *File) dest() []any {
	return []any{&f.ID, &f.No, &f.OrgID, &f.Org, &f.AccountID, &f.Account, &f.person, &f.resident, &f.name, &f.phone, &f.word, &f.Open, &f.Ending, &f.EndedOn, db.Instant(&f.OpenedAt), db.Instant(&f.HandedAt), &f.Version,
		db.Instant(&f.Next), db.Instant(&f.Last), &f.Held}
}

func oneFile(ctx context.Context, q db.Querier, a *db.Args, where string) (File, error) {
	f, err := db.One(ctx, q, (*File).dest, "SELECT "+fileColumns+where, a.Values()...)
	f.Linked = f.person != 0
	return f, err
}

// ownFile reads a file of a counsellor.
func ownFile(ctx context.Context, q db.Querier, actor authz.Actor, file id.ID) (File, error) {
	a := &db.Args{}
	return oneFile(ctx, q, a, actor.Scope(PermServe).Where(a, ofFile)+" AND f.account_id = "+a.Add(actor.AccountID)+" AND f.account_id <> 0 AND f.id = "+a.Add(file))
}

// unseal opens who somebody is, for the counsellor of the file and the person.
func (s *Service) unseal(f *File) (err error) {
	if f.Name, err = s.ring.Open("counselling_file", "name", f.ID, f.name); err != nil {
		return err
	}
	if f.Phone, err = s.ring.Open("counselling_file", "phone", f.ID, f.phone); err != nil {
		return err
	}
	f.Word, err = s.ring.Open("counselling_file", "word", f.ID, f.word)
	return err
}

const sessionColumns = `v.id, v.file_id, f.no, v.form, v.state, v.at, v.minutes, coalesce(p.place, ''), v.note, v.booked_by, v.version
	FROM counselling_session v
	JOIN counselling_file f ON f.tenant_id = v.tenant_id AND f.id = v.file_id
	LEFT JOIN counselling_post p ON p.tenant_id = v.tenant_id AND p.id = v.post_id AND v.post_id <> 0
	WHERE `

func (v *Session) dest() []any {
	return []any{&v.ID, &v.FileID, &v.No, &v.Form, &v.State, db.Instant(&v.At), &v.Minutes, &v.Place, &v.note, &v.Booked, &v.Version}
}

// mostSessions bounds what one file has.
const mostSessions = 400

func sessions(ctx context.Context, q db.Querier, tenant int64, files []id.ID) ([]Session, error) {
	if len(files) == 0 {
		return nil, nil
	}
	a := &db.Args{}
	return db.All(ctx, q, (*Session).dest, "SELECT "+sessionColumns+"v.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "v.file_id", files)+" ORDER BY v.at DESC, v.id DESC LIMIT "+a.Add(int64(mostSessions*len(files))), a.Values()...)
}

func insertSession(ctx context.Context, tx *db.Tx, tenant int64, f File, v Session, post id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO counselling_session (tenant_id, id, file_id, org_id, account_id, post_id, form, state, at, minutes, note, booked_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`,
		tenant, v.ID, f.ID, f.OrgID, f.AccountID, post, v.Form, v.State, db.Micros(v.At), v.Minutes, v.note, v.Booked)
	return err
}

// counsellors reads who is in use and holds today a role that counsels.
func counsellors(ctx context.Context, q db.Querier, tenant int64, day calendar.Date) ([]Counsellor, error) {
	a := &db.Args{}
	return db.All(ctx, q, func(c *Counsellor) []any { return []any{&c.ID, &c.Name} }, "SELECT k.id, k.name FROM account k WHERE k.tenant_id = "+a.Add(tenant)+" AND "+counsels(a, day)+" ORDER BY k.name, k.id LIMIT 200",
		a.Values()...)
}

// counsels is the condition that an account k is in use and holds today a role that counsels.
func counsels(a *db.Args, day calendar.Date) string {
	return `k.status = 'active' AND EXISTS (SELECT 1 FROM role_grant g JOIN role r ON r.tenant_id = g.tenant_id AND r.code = g.role_code
		WHERE g.tenant_id = k.tenant_id AND g.account_id = k.id AND g.valid_from <= ` + a.Add(day) + " AND (g.valid_to = '' OR g.valid_to >= " + a.Add(day) + ") AND (' ' || r.permissions || ' ') LIKE " +
		a.Add("% "+string(PermServe)+" %") + ")"
}

func today(t time.Time) calendar.Date { return calendar.DateOf(t) }
