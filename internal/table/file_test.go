package table_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/person"
	"linli/internal/place"
	"linli/internal/seal"
	"linli/internal/table"
	"linli/internal/testkit"
)

func (w *world) file(a authz.Actor, t id.ID, want table.Wanted) []byte {
	w.t.Helper()
	var b bytes.Buffer
	w.must(w.s.Write(ctx, a, t, want, &b))
	return b.Bytes()
}

func TestFilesHaveTheTablesColumnsAndNoFormulas(t *testing.T) {
	each(t, func(w *world) {
		// The records refuse such a name; one that came in another way must do no harm in a file.
		testkit.Exec(t, w.d, `UPDATE person SET name = '=HYPERLINK("http://x")' WHERE id = $1`, w.person(east, "张三", "1960-01-01"))
		x := w.create(w.east, register)
		f, err := excelize.OpenReader(bytes.NewReader(w.file(w.east, x.ID, table.Wanted{})))
		w.must(err)
		rows, err := f.GetRows(f.GetSheetName(0))
		w.must(err)
		if rows[0][0] != "名册" || strings.Join(rows[1], ",") != "序号,姓名,生日,性别,联系电话,走访" && rows[1][1] != "姓名" {
			t.Errorf("head = %v", rows[:2])
		}
		if rows[2][0] != "1" || rows[2][1] != "王芳" || rows[2][3] != "未登记" || strings.Contains(rows[2][4], "1234") {
			t.Errorf("row = %v", rows[2])
		}
		if formula, _ := f.GetCellFormula(f.GetSheetName(0), "B4"); formula != "" || !strings.HasPrefix(rows[3][1], "'=") {
			t.Errorf("formula %q, text %q", formula, rows[3][1])
		}
		for format, decode := range map[table.Format]func([]byte) []byte{
			table.CSV:    func(b []byte) []byte { return bytes.TrimPrefix(b, []byte("\ufeff")) },
			table.CSVGBK: func(b []byte) []byte { out, _ := simplifiedchinese.GB18030.NewDecoder().Bytes(b); return out },
		} {
			lines, err := csv.NewReader(bytes.NewReader(decode(w.file(w.east, x.ID, table.Wanted{Format: format})))).ReadAll()
			if err != nil || len(lines) != 3 || lines[1][1] != "王芳" || lines[0][2] != "生日" || !strings.HasPrefix(lines[2][1], "'=") {
				t.Errorf("%s: %v, %v", format, lines, err)
			}
		}
	})
}

func TestSealedColumnsOpenForAPurposeAndAreRecorded(t *testing.T) {
	each(t, func(w *world) {
		x := w.create(w.east, register)
		looks := func() (n int64) {
			n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE action = 'resident.reveal' AND person_id = $1 AND purpose <> ''`, w.wang)
			w.must(err)
			return n
		}
		if err := w.s.Write(ctx, w.east, x.ID, table.Wanted{Purpose: "nonsense"}, io.Discard); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a purpose that is none: %v", err)
		}
		before := looks()
		b := w.file(w.east, x.ID, table.Wanted{Format: table.CSV, Purpose: "contact", Reason: "走访"})
		if !bytes.Contains(b, []byte("13812345678")) || looks() != before+1 {
			t.Errorf("%d looks were recorded, file\n%s", looks()-before, b)
		}
		if b := w.file(w.west, w.create(w.west, register).ID, table.Wanted{Format: table.CSV, Purpose: "contact"}); bytes.Contains(b, []byte("13812345678")) {
			t.Error("somebody who may open nothing got numbers")
		}
	})
}

// TestALargeTableIsMadeInBoundedMemory writes twenty thousand rows; what is held at a time is a block of rows and the workbook's writer.
func TestALargeTableIsMadeInBoundedMemory(t *testing.T) {
	clock := testkit.NewClock()
	d := testkit.SQLite(t, clock.Now)
	const rows = 20_000
	err := d.WithTx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, created_at, updated_at) VALUES ($1,101,'community_party','朝阳','朝阳','/101/',1,1)`, testkit.Tenant); err != nil {
			return err
		}
		return tx.InsertMany(ctx, "person", []string{"tenant_id", "id", "community_id", "name", "name_key", "born_on", "created_at", "updated_at"}, rows, func(i int) []any {
			name := fmt.Sprintf("居民%05d", i)
			return []any{testkit.Tenant, int64(i + 1), int64(101), name, name, "1960-01-01", int64(1), int64(1)}
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	ring := seal.Ephemeral()
	people, orgs := person.New(d, ring), organisation.New(d, ring)
	facts := fact.New(d, ring, people, people.Facts(), place.New(d).Facts(), orgs.Facts())
	q, owner := &queue{}, staff(1, east, []id.ID{east}, sees...)
	s := table.New(d, ring, facts, orgs, nil)
	s.InBackground(q, rights{1: owner})
	x, err := s.Create(ctx, owner, register)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(ctx, owner, x.ID, table.Wanted{}, io.Discard); !errors.Is(err, table.ErrLarge) {
		t.Errorf("written at once: %v", err)
	}
	run, err := s.Begin(ctx, owner, x.ID, table.Wanted{})
	if err != nil {
		t.Fatal(err)
	}
	var before, peak runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	blocks := 0
	err = s.RunJob(ctx, testkit.Tenant, run.ID, func(done, total int64) {
		if blocks++; blocks%8 == 0 {
			var now runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&now)
			if now.HeapAlloc > peak.HeapAlloc {
				peak = now
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if grown := int64(peak.HeapAlloc) - int64(before.HeapAlloc); grown > 24<<20 {
		t.Errorf("%d MB are held while %d rows are made", grown>>20, rows)
	}
	var b bytes.Buffer
	if err := s.Download(ctx, owner, run.ID, table.CSV, &b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n != rows+1 {
		t.Errorf("%d lines, want %d", n, rows+1)
	}
	if r, err := s.Run(ctx, owner, run.ID); err != nil || r.Rows != rows || blocks < 30 {
		t.Errorf("run = %+v, %v; %d reports", r, err, blocks)
	}
	if err := s.Download(ctx, owner, run.ID, table.XLSX, &failing{after: 100}); !errors.Is(err, errFull) {
		t.Errorf("a writer that fails: %v", err)
	}
}

var errFull = errors.New("full")

type failing struct{ after int }

func (f *failing) Write(b []byte) (int, error) {
	if f.after -= len(b); f.after < 0 {
		return 0, errFull
	}
	return len(b), nil
}
