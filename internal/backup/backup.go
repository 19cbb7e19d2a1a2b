// Package backup writes the whole database into one compressed file and reads it back into an empty database of either engine
// (SEC-6, REL-8).
//
// The file is gzip over lines of JSON: a head with the schema's version, then for each table its columns, its rows as arrays and
// their number, and at the end the totals and a digest of everything before. The dump is one consistent snapshot and may be made
// while the platform serves. A restore is one transaction: it ends with all rows, counted and the digest checked, or with none.
// Keys are not part of it: sealed values stay sealed.
package backup

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"time"

	"linli/internal/db"
)

const (
	format        = "linli-backup"
	formatVersion = 1
)

// Totals say how much a backup holds.
type Totals struct {
	Tables int   `json:"tables"`
	Rows   int64 `json:"rows"`
}

// line is any line of the file but a row.
type line struct {
	Format  string    `json:"format,omitempty"`
	Version int       `json:"version,omitempty"`
	Schema  int64     `json:"schema,omitempty"`
	MadeAt  time.Time `json:"made_at,omitzero"`
	Table   string    `json:"table,omitempty"`
	Columns []string  `json:"columns,omitempty"`
	End     string    `json:"end,omitempty"`
	Count   int64     `json:"count"`
	Done    *Totals   `json:"done,omitempty"`
	Digest  string    `json:"digest,omitempty"`
}

// ErrBad means that a file is no backup, or a damaged one.
var ErrBad = errors.New("no usable backup")

func bad(what string, args ...any) error {
	return fmt.Errorf("%w: "+what, append([]any{ErrBad}, args...)...)
}

// Progress is told how many rows are done; total is 0 where it is not known.
type Progress func(done, total int64)

// Write dumps the database to w.
func Write(ctx context.Context, d *db.DB, w io.Writer, progress Progress) (Totals, error) {
	schema, _, err := d.SchemaVersion(ctx)
	if err != nil {
		return Totals{}, err
	}
	z := gzip.NewWriter(w)
	out := &writer{digest: sha256.New()}
	out.w = bufio.NewWriterSize(io.MultiWriter(z, out.digest), 1<<16)
	var sum Totals
	err = d.View(ctx, func(tx *db.Tx) error {
		tables, err := tablesOf(ctx, tx)
		if err != nil {
			return err
		}
		total, err := count(ctx, tx, tables)
		if err != nil {
			return err
		}
		out.line(line{Format: format, Version: formatVersion, Schema: schema, MadeAt: d.Now()})
		for _, t := range tables {
			n, err := dump(ctx, tx, out, t, func(rows int64) { progress(sum.Rows+rows, total) })
			if err != nil {
				return fmt.Errorf("table %s: %w", t, err)
			}
			sum.Tables++
			sum.Rows += n
		}
		return nil
	})
	if err != nil {
		return sum, err
	}
	if err := out.finish(z, sum); err != nil {
		return sum, err
	}
	return sum, z.Close()
}

type writer struct {
	w      *bufio.Writer
	digest hash.Hash
	err    error
}

// line writes one line; the first failure is kept and told by finish.
func (o *writer) line(v any) {
	if o.err != nil {
		return
	}
	b, err := json.Marshal(v)
	if err == nil {
		_, err = o.w.Write(append(b, '\n'))
	}
	o.err = err
}

// finish writes the last line, which holds the digest of all lines before and is not part of it.
func (o *writer) finish(z io.Writer, sum Totals) error {
	if o.err == nil {
		o.err = o.w.Flush()
	}
	if o.err != nil {
		return o.err
	}
	b, err := json.Marshal(line{Done: &sum, Digest: hex.EncodeToString(o.digest.Sum(nil))})
	if err != nil {
		return err
	}
	_, err = z.Write(append(b, '\n'))
	return err
}

// skipped are tables that every database has of its own.
func skipped(table string) bool {
	return strings.HasPrefix(table, "sqlite_") || strings.HasPrefix(table, "goose_")
}

func tablesOf(ctx context.Context, tx *db.Tx) ([]string, error) {
	query := `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`
	if tx.Engine() == db.Postgres {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name COLLATE "C"`
	}
	names, err := db.Column[string](ctx, tx, query)
	return slices.DeleteFunc(names, skipped), err
}

// Count counts the tables and rows of a database as a backup of it would hold them.
func Count(ctx context.Context, d *db.DB) (sum Totals, err error) {
	err = d.View(ctx, func(tx *db.Tx) error {
		tables, err := tablesOf(ctx, tx)
		if err != nil {
			return err
		}
		sum.Tables = len(tables)
		sum.Rows, err = count(ctx, tx, tables)
		return err
	})
	return sum, err
}

func count(ctx context.Context, q db.Querier, tables []string) (int64, error) {
	var total int64
	for _, t := range tables {
		n, err := db.Value[int64](ctx, q, "SELECT count(*) FROM "+quote(t))
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// quote makes a table's or column's name safe as such; some are words of SQL (import).
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func dump(ctx context.Context, tx *db.Tx, out *writer, table string, progress func(int64)) (n int64, err error) {
	rows, err := tx.Query(ctx, "SELECT * FROM "+quote(table))
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return 0, err
	}
	names := make([]string, len(types))
	dest := make([]any, len(types))
	for i, t := range types {
		names[i] = t.Name()
		if dest[i], err = destination(t.DatabaseTypeName()); err != nil {
			return 0, fmt.Errorf("column %s: %w", t.Name(), err)
		}
	}
	out.line(line{Table: table, Columns: names})
	values := make([]any, len(types))
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return n, err
		}
		for i, v := range dest {
			values[i] = plain(v)
		}
		out.line(values)
		if n++; n%1000 == 0 {
			progress(n)
		}
		if out.err != nil {
			return n, out.err
		}
	}
	out.line(line{End: table, Count: n})
	progress(n)
	return n, rows.Err()
}

// destination is where a column of a type is scanned into; these four are all that the schema has.
func destination(kind string) (any, error) {
	switch strings.ToUpper(kind) {
	case "BIGINT", "INT8", "INTEGER":
		return new(sql.NullInt64), nil
	case "TEXT", "VARCHAR", "BPCHAR":
		return new(sql.NullString), nil
	case "BOOLEAN", "BOOL":
		return new(sql.NullBool), nil
	case "BYTEA", "BLOB":
		return new([]byte), nil
	}
	return nil, fmt.Errorf("a type that backups do not know: %s", kind)
}

// bytesMark begins a text that stands for bytes.
const bytesMark = "\x00b64:"

func plain(v any) any {
	switch v := v.(type) {
	case *sql.NullInt64:
		if v.Valid {
			return v.Int64
		}
	case *sql.NullString:
		if v.Valid {
			return v.String
		}
	case *sql.NullBool:
		if v.Valid {
			return v.Bool
		}
	case *[]byte:
		if *v != nil {
			return bytesMark + base64.StdEncoding.EncodeToString(*v)
		}
	}
	return nil
}
