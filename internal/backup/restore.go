package backup

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"

	"linli/internal/db"
)

// ErrNotEmpty means that the target holds data, which a restore never overwrites.
var ErrNotEmpty = errors.New("the target database holds data")

// chunk is how many rows are written at a time.
const chunk = 500

// Read restores the backup that open gives into the empty, migrated database d. open is called again where the engine asks for the
// transaction to be repeated.
func Read(ctx context.Context, d *db.DB, open func() (io.ReadCloser, error), progress Progress) (sum Totals, err error) {
	schema, _, err := d.SchemaVersion(ctx)
	if err != nil {
		return Totals{}, err
	}
	err = d.WithTx(ctx, func(tx *db.Tx) error {
		f, err := open()
		if err != nil {
			return err
		}
		defer f.Close()
		sum, err = restore(ctx, tx, f, schema, progress)
		return err
	})
	return sum, err
}

func restore(ctx context.Context, tx *db.Tx, f io.Reader, schema int64, progress Progress) (Totals, error) {
	tables, err := tablesOf(ctx, tx)
	if err != nil {
		return Totals{}, err
	}
	if n, err := count(ctx, tx, tables); err != nil || n > 0 {
		return Totals{}, errors.Join(err, notEmpty(n))
	}
	in, err := newReader(f)
	if err != nil {
		return Totals{}, err
	}
	head, err := in.head()
	if err != nil {
		return Totals{}, err
	}
	if head.Schema != schema {
		return Totals{}, bad("it has schema %d, the target %d: restore with the version that made it, then migrate", head.Schema, schema)
	}
	var sum Totals
	for {
		raw, err := in.next()
		if err != nil {
			return sum, err
		}
		var l line
		if err := decode(raw, &l); err != nil {
			return sum, bad("a line cannot be read")
		}
		if l.Done != nil {
			return sum, in.check(l, sum)
		}
		if l.Table == "" || !slices.Contains(tables, l.Table) {
			return sum, bad("it holds a table %q that this version does not have", l.Table)
		}
		n, err := in.table(ctx, tx, l, func(rows int64) { progress(sum.Rows+rows, 0) })
		if err != nil {
			return sum, fmt.Errorf("table %s: %w", l.Table, err)
		}
		sum.Tables++
		sum.Rows += n
	}
}

func notEmpty(rows int64) error {
	if rows > 0 {
		return ErrNotEmpty
	}
	return nil
}

// reader reads a backup line by line and works out its digest.
type reader struct {
	r      *bufio.Reader
	digest hash.Hash
	last   []byte // of the digest before the line read last
}

func newReader(f io.Reader) (*reader, error) {
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, bad("it is not compressed as backups are")
	}
	return &reader{r: bufio.NewReaderSize(z, 1<<16), digest: sha256.New()}, nil
}

// maxLine bounds a line: sealed files of imports are the largest values.
const maxLine = 1 << 30

func (in *reader) next() ([]byte, error) {
	var b []byte
	for {
		part, err := in.r.ReadSlice('\n')
		b = append(b, part...)
		if errors.Is(err, bufio.ErrBufferFull) && len(b) < maxLine {
			continue
		}
		if err != nil {
			return nil, bad("it ends too early or is damaged")
		}
		break
	}
	in.last = in.digest.Sum(nil)
	in.digest.Write(b)
	return b, nil
}

func decode(b []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return d.Decode(to)
}

func (in *reader) head() (line, error) {
	b, err := in.next()
	if err != nil {
		return line{}, err
	}
	var l line
	if decode(b, &l) != nil || l.Format != format {
		return l, bad("its head is not that of a backup")
	}
	if l.Version != formatVersion {
		return l, bad("it was made in form %d, this program reads %d", l.Version, formatVersion)
	}
	return l, nil
}

// check compares the last line with what was read.
func (in *reader) check(l line, sum Totals) error {
	if l.Digest != hex.EncodeToString(in.last) {
		return bad("its contents do not fit its digest")
	}
	if *l.Done != sum {
		return bad("it should hold %d tables and %d rows, but holds %d and %d", l.Done.Tables, l.Done.Rows, sum.Tables, sum.Rows)
	}
	if _, err := in.r.ReadByte(); !errors.Is(err, io.EOF) {
		return bad("something follows its end")
	}
	return nil
}

// table reads the rows of one table and writes them, then counts them in the database.
func (in *reader) table(ctx context.Context, tx *db.Tx, l line, progress func(int64)) (int64, error) {
	known, err := columnsOf(ctx, tx, l.Table)
	if err != nil {
		return 0, err
	}
	for _, c := range l.Columns {
		if !slices.Contains(known, c) {
			return 0, bad("there is no column %q", c)
		}
	}
	var n int64
	rows := make([][]any, 0, chunk)
	flush := func() error {
		err := tx.InsertMany(ctx, l.Table, l.Columns, len(rows), func(i int) []any { return rows[i] })
		rows = rows[:0]
		progress(n)
		return err
	}
	for {
		b, err := in.next()
		if err != nil {
			return n, err
		}
		if b[0] == '{' {
			var end line
			if err := decode(b, &end); err != nil || end.End != l.Table || end.Count != n {
				return n, bad("the number of rows is not what it should be")
			}
			break
		}
		row, err := in.row(b, len(l.Columns))
		if err != nil {
			return n, err
		}
		rows = append(rows, row)
		if n++; len(rows) == chunk {
			if err := flush(); err != nil {
				return n, err
			}
		}
	}
	if err := flush(); err != nil {
		return n, err
	}
	got, err := db.Value[int64](ctx, tx, "SELECT count(*) FROM "+quote(l.Table))
	if err == nil && got != n {
		err = fmt.Errorf("%d rows were written, %d are there", n, got)
	}
	return n, err
}

func columnsOf(ctx context.Context, tx *db.Tx, table string) ([]string, error) {
	rows, err := tx.Query(ctx, "SELECT * FROM "+quote(table)+" WHERE 1 = 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	return names, errors.Join(err, rows.Err())
}

func (in *reader) row(b []byte, width int) ([]any, error) {
	var row []any
	if err := decode(b, &row); err != nil || len(row) != width {
		return nil, bad("a row cannot be read")
	}
	for i, v := range row {
		switch v := v.(type) {
		case json.Number:
			n, err := strconv.ParseInt(v.String(), 10, 64)
			if err != nil {
				return nil, bad("a number cannot be read")
			}
			row[i] = n
		case string:
			if b64, ok := strings.CutPrefix(v, bytesMark); ok {
				raw, err := base64.StdEncoding.DecodeString(b64)
				if err != nil {
					return nil, bad("a value cannot be read")
				}
				row[i] = raw
			}
		case bool, nil:
		default:
			return nil, bad("a row holds something unknown")
		}
	}
	return row, nil
}
