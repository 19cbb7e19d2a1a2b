package bench

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// copied is a table whose rows the ceiling of the import writes again.
type copied struct{ name, columns string }

// written are the tables in which an import of residents writes a row for each resident or household.
var written = []copied{
	{"household", `tenant_id, id, community_id, grid_id, building_id, stairwell, room, address, number, import_id`},
	{"person", `tenant_id, id, community_id, household_id, grid_id, building_id, name, name_key, initials, sex, born_on, id_number, id_index,
		id_mask, phone, phone_index, phone_mask, ethnic, political, schooling, residence, head_relation, work_unit, moved_in_on, flagged,
		source, import_id, row_hash, created_at, updated_at`},
	{"person_category", `tenant_id, person_id, category, valid_from, source`},
	{"person_gram", `tenant_id, gram, community_id, person_id`},
}

// around are small tables that the rows of written refer to.
var around = []copied{
	{"organisation", `tenant_id, id, kind, name, name_key, path, short_name, parent_id, community_id, created_at, updated_at`},
}

func (t copied) list() []string {
	var out []string
	for f := range strings.SplitSeq(t.columns, ",") {
		out = append(out, strings.TrimSpace(f))
	}
	return out
}

// benchImport imports the residents of the district, and writes the very same rows, search rows included, through the bare
// driver. The rows come in the order in which the import wrote them and are made ready off the clock.
func (w *world) benchImport(ctx context.Context) (float64, float64, error) {
	w.residents()
	return w.turns(max(1, w.o.Scale.Rounds-1), func() (float64, error) { return w.importOurs(ctx) }, func() (float64, error) { return w.importBare(ctx) })
}

// importOurs fills a new district and gives the residents a second.
func (w *world) importOurs(ctx context.Context) (float64, error) {
	if err := w.forget(); err != nil {
		return 0, err
	}
	d, err := w.found(ctx)
	if err != nil {
		return 0, err
	}
	w.ours = d
	began := time.Now()
	err = d.bring(ctx, w.residents(), w.o.Scale.Residents)
	return float64(w.o.Scale.Residents) / time.Since(began).Seconds(), err
}

// importBare writes the rows of ours into a bare database and gives the residents a second.
func (w *world) importBare(ctx context.Context) (float64, error) {
	var err error
	if w.bareAt, w.dropBare, err = w.place(ctx, "bare"); err != nil {
		return 0, err
	}
	if err := migrated(ctx, w.bareAt); err != nil {
		return 0, err
	}
	if w.bare, err = openBare(w.bareAt); err != nil {
		return 0, err
	}
	from, err := openBare(w.ours.address)
	if err != nil {
		return 0, err
	}
	took, err := w.bare.copyFrom(ctx, from)
	if err == nil && w.bare.postgres { // as the platform does after writing many rows
		_, err = w.bare.write.ExecContext(ctx, "ANALYZE")
	}
	return float64(w.o.Scale.Residents+len(w.ours.neighbours)*w.o.Scale.Beside) / took.Seconds(), errors.Join(err, from.close())
}

// copyFrom copies the tables in one transaction; only writing counts.
func (b *bare) copyFrom(ctx context.Context, from *bare) (time.Duration, error) {
	c, err := b.write.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	begin := "PRAGMA cache_size = -160000; BEGIN IMMEDIATE" // as large as the platform's while it writes much
	if b.postgres {
		begin = "BEGIN"
	}
	if _, err := c.ExecContext(ctx, begin); err != nil {
		return 0, err
	}
	for _, t := range around {
		if _, err := b.copyTable(ctx, c, from, t); err != nil {
			return 0, err
		}
	}
	var sum time.Duration
	for _, t := range written {
		took, err := b.copyTable(ctx, c, from, t)
		if err != nil {
			return 0, err
		}
		sum += took
	}
	began := time.Now()
	_, err = c.ExecContext(ctx, "COMMIT")
	clear(b.prepared) // they belong to the connection
	return sum + time.Since(began), err
}

// atOnce is how many rows are read before they are written.
const atOnce = 20_000

func (b *bare) copyTable(ctx context.Context, c *sql.Conn, from *bare, t copied) (time.Duration, error) {
	order := "rowid" // the order of writing
	if from.postgres {
		order = "ctid"
	}
	rows, err := from.read.QueryContext(ctx, "SELECT "+t.columns+" FROM "+t.name+" ORDER BY "+order)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns := t.list()
	var sum time.Duration
	flush := func(part [][]any) error {
		took, err := b.insertMany(ctx, c, t.name, columns, part)
		sum += took
		return err
	}
	var part [][]any
	for rows.Next() {
		row, dest := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			dest[i] = &row[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return sum, err
		}
		if part = append(part, row); len(part) == atOnce {
			if err := flush(part); err != nil {
				return sum, err
			}
			part = part[:0]
		}
	}
	if err := rows.Err(); err != nil {
		return sum, err
	}
	return sum, flush(part)
}
