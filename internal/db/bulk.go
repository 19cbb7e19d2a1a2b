package db

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// InsertMany inserts n rows as fast as the engine allows: COPY on PostgreSQL, rows of many values on SQLite.
// row(i) gives the values of row i in the order of columns; its slice is not kept, so it may be reused. After an error the
// transaction must end with it.
func (t *Tx) InsertMany(ctx context.Context, table string, columns []string, n int, row func(i int) []any) error {
	if n == 0 {
		return nil
	}
	if t.db.engine == Postgres {
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
	per := max(1, bulkValues/len(columns))
	args := make([]any, 0, per*len(columns))
	for i := 0; i < n; {
		size := min(per, n-i)
		args = args[:0]
		for end := i + size; i < end; i++ {
			args = append(args, row(i)...)
		}
		if _, err := t.Exec(ctx, insertText(table, columns, size), args...); err != nil {
			return err
		}
	}
	return nil
}

func insertText(table string, columns []string, rows int) string {
	var b strings.Builder
	// OR FAIL keeps what a failing statement wrote before its fault, which the transaction's end takes back all the same. Without
	// it SQLite copies every page that a statement of many rows touches.
	b.WriteString("INSERT OR FAIL INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES ")
	for r := range rows {
		if r > 0 {
			b.WriteString(", ")
		}
		for c := range columns {
			if c == 0 {
				b.WriteByte('(')
			} else {
				b.WriteString(", ")
			}
			b.WriteByte('?') // without a number: the driver looks numbers up in a list, which for 900 of them took a third of an import
		}
		b.WriteByte(')')
	}
	return b.String()
}
