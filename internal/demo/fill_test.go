package demo_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fill"
	"linli/internal/testkit"
)

// who is what the records say about a resident, read with SQL of its own.
type who struct {
	name, born, sex, address, head, grid, building, work string
	people                                               int64
}

const whoQuery = `SELECT p.name, p.born_on, p.sex, coalesce(h.address, ''), coalesce((SELECT x.name FROM person x WHERE x.tenant_id = p.tenant_id AND x.household_id = p.household_id
	AND x.head_relation = '02' AND x.moved_out_on = '' AND x.died_on = '' LIMIT 1), ''), coalesce(g.name, ''), coalesce(b.name, ''), p.work_unit,
	(SELECT count(*) FROM person x WHERE x.tenant_id = p.tenant_id AND x.household_id = p.household_id AND x.moved_out_on = '' AND x.died_on = '')
	FROM person p LEFT JOIN household h ON h.tenant_id = p.tenant_id AND h.id = p.household_id LEFT JOIN grid g ON g.tenant_id = p.tenant_id AND g.id = p.grid_id
	LEFT JOIN building b ON b.tenant_id = p.tenant_id AND b.id = p.building_id
	WHERE p.tenant_id = $1 AND p.community_id = $2 AND p.moved_out_on = '' AND p.died_on = '' AND p.household_id <> 0
	AND (SELECT count(*) FROM person x WHERE x.tenant_id = p.tenant_id AND x.community_id = p.community_id AND x.name = p.name) = 1 ORDER BY p.id LIMIT 16`

func (w *who) dest() []any {
	return []any{&w.name, &w.born, &w.sex, &w.address, &w.head, &w.grid, &w.building, &w.work, &w.people}
}

// A half-filled list of sixteen people, as an office sends it, comes back filled from the records: no cell is wrong, and nine in ten of those
// that the records can answer are filled.
func TestFormOfAnOfficeIsFilledFromTheRecords(t *testing.T) {
	a, rep := built(t, sqlite(t), hamlet)
	ctx := t.Context()
	actor, err := a.Authn.ActorByLogin(ctx, rep.Tenant, "worker")
	if err != nil {
		t.Fatal(err)
	}
	people, err := db.All(ctx, a.DB, (*who).dest, whoQuery, rep.Tenant, actor.Grants[0].Root)
	if err != nil || len(people) < 10 {
		t.Fatalf("people = %d, %v", len(people), err)
	}
	header := []any{"姓名", "出生日期", "性别(男1，女2)", "现住址", "户主姓名", "所属网格", "楼栋", "工作单位", "家庭人口", "父亲姓名", "父亲出生日期", "备注"}
	d := testkit.Draw(t)
	paths, first := d.List(testkit.RealForm{Title: "居民基本信息核对表", Header: header, HeaderDepth: 1, Columns: len(header), Below: []string{"填表人签字："}}, len(people))
	for i, p := range people {
		d.Put(testkit.Area{Top: first + i, Left: 0, Bottom: first + i, Right: 0}, p.name)
		d.Put(testkit.Area{Top: first + i, Left: 1, Bottom: first + i, Right: 1}, p.born)
	}
	var b bytes.Buffer
	if err := d.File.Write(&b); err != nil {
		t.Fatal(err)
	}
	_, out, err := a.Fill.Fill(ctx, actor, "核对表.xlsx", b.Bytes(), fill.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.File))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cell := func(r, c int) string {
		v, err := f.GetCellValue(d.Sheet, testkit.At(r, c))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for c := range paths {
		if got := cell(first-1, c); got != fmt.Sprint(header[c]) {
			t.Errorf("header of column %d = %q, want it as it came", c+1, got)
		}
	}
	known, filled := 0, 0
	for i, p := range people {
		want := []string{p.name, p.born, p.sex, p.address, p.head, p.grid, p.building, p.work, fmt.Sprint(p.people), "", "", ""}
		for c, w := range want {
			got := cell(first+i, c)
			if got != "" && got != w {
				t.Errorf("row %d, %s = %q, want %q", i+1, header[c], got, w)
			}
			if c > 1 && w != "" {
				known++
				if got == w {
					filled++
				}
			}
		}
	}
	if known == 0 || filled*10 < known*9 {
		t.Errorf("filled %d of %d cells that the records can answer, want nine in ten", filled, known)
	}
	t.Logf("filled %d of %d cells that the records can answer", filled, known)

	if _, _, err := a.Fill.Fill(ctx, actor, "x.xlsx", []byte("no workbook"), fill.Ask{}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("a file that is no workbook: %v, want Invalid", err)
	}
	if got := cell(first+len(people), 0); !strings.Contains(got, "签字") {
		t.Errorf("the line of signatures = %q, want it where it was", got)
	}
}
