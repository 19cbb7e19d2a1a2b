package db

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// InsertMany inserts n rows as fast as the engine allows: COPY on PostgreSQL, unless the rows are few, and rows of many values
// on SQLite.
// row(i) gives the values of row i in the order of columns; its slice is not kept, so it may be reused. After an error the
// transaction must end with it.
func (t *Tx) InsertMany(ctx context.Context, table string, columns []string, n int, row func(i int) []any) error {
	if n == 0 {
		return nil
	}
	if t.db.engine == Postgres && n <= fewRows {
		return t.insertRows(ctx, table, columns, n, row)
	}
	if t.db.engine == Postgres {
		if err := t.before(ctx); err != nil {
			return err
		}
		t.fill(table, n)
		return t.conn.Raw(func(driver any) error {
			pg := driver.(*stdlib.Conn).Conn()
			_, err := pg.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromSlice(n, func(i int) ([]any, error) {
				return append([]any(nil), row(i)...), nil
			}))
			return err
		})
	}
	return t.insertRows(ctx, table, columns, n, row)
}

// fewRows is how many rows one statement writes on PostgreSQL quicker than COPY, which asks for the table's columns first.
const fewRows = 16

// bulkValues bounds the parameters of one SQLite statement.
const bulkValues = 900

// manyRows is the number of rows from which a transaction gets a larger page cache.
const manyRows = 5000

func (t *Tx) insertRows(ctx context.Context, table string, columns []string, n int, row func(i int) []any) error {
	if t.inserted += n; t.inserted >= manyRows && t.db.group != nil && !t.db.group.grown {
		if err := t.db.group.grow(ctx); err != nil {
			return err
		}
	}
	per := min(n, max(1, bulkValues/len(columns)))
	args := make([]any, 0, per*len(columns))
	t.wrote = t.wrote || n > 1 // a part of them may stand although the statement is refused, see insertText
	for i := 0; i < n; {
		size := min(per, n-i)
		args = args[:0]
		for end := i + size; i < end; i++ {
			args = append(args, row(i)...)
		}
		if err := t.write(ctx, t.insertText(table, columns, size), args); err != nil {
			return err
		}
	}
	return nil
}

// fill notes how many rows a table got.
func (t *Tx) fill(table string, n int) {
	if t.filled == nil {
		t.filled = map[string]int{}
	}
	t.filled[table] += n
}

// analyse tells PostgreSQL's planner about tables that have just got many rows for their size. By itself it would notice only after
// a minute, and until then read whole tables. The transaction stands already, so its faults do not matter.
func (t *Tx) analyse(ctx context.Context) {
	var tables []string
	for table, n := range t.filled {
		var known float64
		if n < manyRows || t.conn.QueryRowContext(ctx, "SELECT reltuples FROM pg_class WHERE oid = to_regclass($1)", table).Scan(&known) != nil {
			continue
		}
		if float64(n)*10 > known {
			tables = append(tables, table)
		}
	}
	if len(tables) > 0 {
		_, _ = t.conn.ExecContext(ctx, "ANALYZE "+strings.Join(tables, ", "))
	}
}

// write is Exec; on PostgreSQL whatever waits goes in the same message.
func (t *Tx) write(ctx context.Context, query string, args []any) error {
	if t.waiting == nil {
		_, err := t.Exec(ctx, query, args...)
		return err
	}
	if err := t.put(query, args...); err != nil {
		return err
	}
	return t.flush(ctx)
}

func (t *Tx) insertText(table string, columns []string, rows int) string {
	var b strings.Builder
	b.Grow(40 + len(table) + 16*len(columns) + 5*rows*len(columns))
	// OR FAIL keeps what a failing statement wrote before its fault, which the transaction's end takes back all the same. Without
	// it SQLite copies every page that a statement of many rows touches.
	b.WriteString("INSERT ")
	if t.db.engine == SQLite {
		b.WriteString("OR FAIL ")
	}
	b.WriteString("INTO ")
	b.WriteString(table)
	b.WriteString(" (")
	for i, c := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(c)
	}
	b.WriteString(") VALUES ")
	for r := range rows {
		if r > 0 {
			b.WriteString(", ")
		}
		for c := range columns {
			if c == 0 {
				b.WriteByte('(')
			} else {
				b.WriteByte(',')
			}
			if t.db.engine == SQLite {
				b.WriteByte('?') // without a number: the driver looks numbers up in a list, which for 900 of them took a third of an import
			} else {
				b.WriteByte('$')
				b.WriteString(strconv.Itoa(r*len(columns) + c + 1))
			}
		}
		b.WriteByte(')')
	}
	return b.String()
}
