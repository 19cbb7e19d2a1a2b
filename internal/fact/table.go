package fact

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
)

// opened is one sealed value that was opened, for the record.
type opened struct {
	subject Subject
	row     id.ID
	person  id.ID
	org     id.ID
	perm    authz.Permission
	field   string
}

// table reads the columns asked for of one table.
func (r *reading) table(ctx context.Context, q db.Querier, b *Batch, t *Table, facts []*known) error {
	var cols []*known
	for _, k := range facts {
		if k.table == t {
			cols = append(cols, k)
		}
	}
	var text strings.Builder
	asOf := t.AsOf
	if asOf == "" {
		asOf = "0"
	}
	text.WriteString("SELECT " + t.ID + ", " + asOf)
	a := &db.Args{}
	for _, k := range cols {
		text.WriteString(", " + r.onDay(a, k.column.Expr))
	}
	seen := scope(r.actor, t.See)
	if t.Find != "" && r.actor.Can(t.Find) {
		seen = authz.System(r.actor.Tenant, "").Scope(t.Find)
	}
	where := seen.Where(a, t.Owner)
	text.WriteString(" FROM " + r.onDay(a, t.From) + " WHERE " + where + " AND " + db.In(a, t.ID, b.IDs))
	if t.Where != "" {
		text.WriteString(" AND " + r.onDay(a, t.Where))
	}
	if t.Group {
		text.WriteString(" GROUP BY " + t.ID)
	}
	rows, err := q.Query(ctx, text.String(), a.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var row id.ID
	var at int64
	cells := make([]sql.NullString, len(cols))
	dest := []any{&row, &at}
	for i := range cells {
		dest = append(dest, &cells[i])
	}
	days := dayOf{}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		day := days.of(at)
		for i, k := range cols {
			b.Set(row, k.ID, k.column.value(cells[i].String, day, days))
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return r.open(ctx, q, b, t, cols)
}

// onDay puts the day into an expression.
func (r *reading) onDay(a *db.Args, expr string) string {
	if !strings.Contains(expr, "{") {
		return expr
	}
	day := r.ask.Day
	year := calendar.On(day.Year(), 1, 1)
	quarter := calendar.On(day.Year(), (day.Month()-1)/3*3+1, 1)
	for name, v := range map[string]any{"{day}": day.String(), "{year}": year.String(), "{quarter}": quarter.String(),
		"{born18}": bornBy(day, 18), "{born60}": bornBy(day, 60), "{born80}": bornBy(day, 80), "{year_q}": year.String()[:4] + "Q1", "{quarter_q}": year.String()[:4] + "Q" + strconv.Itoa((int(day.Month())-1)/3+1), "{year_at}": db.Micros(year.Time()), "{now}": db.Micros(day.AddDays(1).Time())} {
		for strings.Contains(expr, name) {
			expr = strings.Replace(expr, name, a.Add(v), 1)
		}
	}
	return expr
}

// bornBy is the latest birthday of somebody who has n full years on a day. Who was born on 29 February has their birthday on the 28th
// where there is none (CAL-2).
func bornBy(day calendar.Date, n int) string {
	born := day.AddYears(-n)
	if leap := born.AddDays(1); leap.Month() == 2 && leap.Day() == 29 && day.Day() == 28 {
		born = leap
	}
	return born.String()
}

// dayOf remembers the days of instants: rows that came in together bear one.
type dayOf map[int64]calendar.Date

func (m dayOf) of(micros int64) calendar.Date {
	if micros == 0 {
		return calendar.Date{}
	}
	hour := micros / 3_600_000_000
	d, ok := m[hour]
	if !ok {
		d = calendar.DateOf(db.FromMicros(micros)) // China's offset is whole hours
		m[hour] = d
	}
	return d
}

// value turns what is stored into a value.
func (c *Column) value(stored string, asOf calendar.Date, days dayOf) Value {
	if slices.Contains(c.Unknown, stored) {
		return Value{}
	}
	if c.Days {
		n, _ := strconv.ParseInt(stored, 10, 64) // a stored instant is a number
		return Is(days.of(n).String(), asOf)
	}
	switch {
	case c.Type == Number && stored == "0" && !c.Zero:
		return Value{}
	case c.Type == YesNo && c.Convert == nil && stored != "":
		return Whether(stored == "1" || stored == "true", asOf)
	}
	if c.Convert != nil && stored != "" {
		stored = c.Convert(stored)
	}
	v := Is(stored, asOf)
	v.Hidden = v.Known && c.Sealed != nil
	return v
}

// open opens the sealed columns of a table where the actor may.
func (r *reading) open(ctx context.Context, q db.Querier, b *Batch, t *Table, cols []*known) error {
	if r.ask.Opening == nil {
		return nil
	}
	for _, k := range cols {
		if s := k.column.Sealed; s != nil {
			if err := r.openColumn(ctx, q, b, t, k, s); err != nil {
				return err
			}
		}
	}
	return nil
}

func orZero(expr string) string {
	if expr == "" {
		return "0"
	}
	return expr
}

func (r *reading) openColumn(ctx context.Context, q db.Querier, b *Batch, t *Table, k *known, s *SealedColumn) error {
	a := &db.Args{}
	where := r.actor.Scope(s.Perm).Where(a, t.Owner)
	query := "SELECT " + t.ID + ", " + orZero(t.Person) + ", " + orZero(t.Org) + ", " + s.Expr + " FROM " + t.From + " WHERE " + where + " AND " + db.In(a, t.ID, b.IDs)
	rows, err := q.Query(ctx, query, a.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	c := b.wants[k.ID]
	for rows.Next() {
		o := opened{subject: t.Subject, perm: s.Perm, field: s.Field}
		var sealed []byte
		if err := rows.Scan(&o.row, &o.person, &o.org, &sealed); err != nil {
			return err
		}
		at := b.at[o.row]
		if len(sealed) == 0 || len(at) == 0 {
			continue
		}
		plain, err := s.Open(o.row, sealed)
		if err != nil {
			return err
		}
		for _, i := range at {
			b.out[c][i] = Is(plain, b.out[c][i].AsOf)
		}
		r.opened = append(r.opened, o)
	}
	return rows.Err()
}

// record writes down every value that was opened, in one transaction. If it fails, nothing is handed out.
func (r *reading) record(ctx context.Context) error {
	if len(r.opened) == 0 {
		return nil
	}
	type once struct {
		row   id.ID
		field string
	}
	seen := make(map[once]bool, len(r.opened))
	entries := make([]audit.Entry, 0, len(r.opened))
	for _, o := range r.opened {
		if key := (once{o.row, o.field}); seen[key] {
			continue
		} else {
			seen[key] = true
		}
		detail := map[string]any{"field": o.field}
		if reason := strings.TrimSpace(r.ask.Opening.Reason); reason != "" {
			detail["reason"] = reason
		}
		entries = append(entries, audit.Entry{Action: string(o.perm), SubjectKind: string(o.subject), SubjectID: o.row, PersonID: o.person,
			OrgID: o.org, Purpose: r.ask.Opening.Purpose, Detail: detail})
	}
	return r.ed.c.db.WithTx(ctx, func(tx *db.Tx) error { return audit.RecordMany(ctx, tx, r.actor, entries) })
}
