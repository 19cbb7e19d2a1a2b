package tabular

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"linli/internal/errs"
	"linli/internal/i18n"
)

func msg(t i18n.Text) errs.Message { return errs.Message{Text: t} }

func records(rows ...[]any) Records {
	return func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

var exported = []any{"=1+1", "999999199001010016", "+8613800138000", i18n.Both("男", "Male"), time.Date(2026, 9, 30, 14, 5, 0, 0, i18n.Zone), 12.5}

func TestWriteXLSXKeepsTextsAsTexts(t *testing.T) {
	var b bytes.Buffer
	if err := WriteXLSX(&b, i18n.ZH, "居民/名册", people, records(exported, []any{"李四", nil, nil, nil, nil, int64(7)})); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetName(0)
	if sheet != "居民 名册" {
		t.Errorf("sheet %q", sheet)
	}
	for cell, want := range map[string]struct {
		value string
		kind  excelize.CellType
	}{
		"A1": {"姓名", excelize.CellTypeInlineString}, "A2": {"'=1+1", excelize.CellTypeInlineString}, "B2": {"999999199001010016", excelize.CellTypeInlineString},
		"C2": {"+8613800138000", excelize.CellTypeInlineString}, "D2": {"男", excelize.CellTypeInlineString}, "E2": {"2026-09-30 14:05", excelize.CellTypeInlineString},
		"F2": {"12.5", excelize.CellTypeUnset}, "F3": {"7", excelize.CellTypeUnset}, "B3": {"", excelize.CellTypeUnset},
	} {
		v, err := f.GetCellValue(sheet, cell)
		if err != nil || v != want.value {
			t.Errorf("%s = %q, want %q, %v", cell, v, want.value, err)
		}
		if kind, err := f.GetCellType(sheet, cell); err != nil || kind != want.kind {
			t.Errorf("%s is of type %d, want %d, %v", cell, kind, want.kind, err)
		}
		if formula, err := f.GetCellFormula(sheet, cell); err != nil || formula != "" {
			t.Errorf("%s holds the formula %q, %v", cell, formula, err)
		}
	}
	panes, err := f.GetPanes(sheet)
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the header is not frozen: %+v, %v", panes, err)
	}
	if w, err := f.GetColWidth(sheet, "B"); err != nil || w < 18 {
		t.Errorf("width of the ID column %v, %v", w, err)
	}
}

func TestWriteCSV(t *testing.T) {
	var b bytes.Buffer
	if err := WriteCSV(&b, i18n.EN, people, records(exported)); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffName,ID number,Phone,Sex,Date of birth,Area\r\n'=1+1,999999199001010016,+8613800138000,Male,2026-09-30 14:05,12.5\r\n"
	if b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}

func TestWritingStopsAtAnError(t *testing.T) {
	boom := errors.New("boom")
	failing := func(yield func([]any, error) bool) {
		if yield([]any{"a"}, nil) {
			yield(nil, boom)
		}
	}
	if err := WriteXLSX(&bytes.Buffer{}, i18n.ZH, "x", people, failing); !errors.Is(err, boom) {
		t.Errorf("WriteXLSX = %v", err)
	}
	if err := WriteCSV(&bytes.Buffer{}, i18n.ZH, people, failing); !errors.Is(err, boom) {
		t.Errorf("WriteCSV = %v", err)
	}
}

// Whatever texts are written come back the same, in both formats (blanks around them and control characters aside).
func TestWrittenTextsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.OneOf(rapid.StringMatching(`[=+@'"\-,;|a-z0-9 ]{1,12}`), rapid.StringMatching(`[\p{Han}]{1,8}`), rapid.String())
		var rows [][]any
		var want []readRow
		for i := range rapid.IntRange(1, 5).Draw(t, "rows") {
			var values []any
			var cells []string
			for range 3 {
				s := word.Draw(t, "cell")
				values = append(values, s)
				cells = append(cells, trim(plainText(i18n.ZH, s)))
			}
			rows = append(rows, append(values, "x"))
			want = append(want, readRow{n: i + 2, cells: append(cells, "x")})
		}
		for name, write := range map[string]func(b *bytes.Buffer) error{
			"csv":  func(b *bytes.Buffer) error { return WriteCSV(b, i18n.ZH, people[:4], records(rows...)) },
			"xlsx": func(b *bytes.Buffer) error { return WriteXLSX(b, i18n.ZH, "x", people[:4], records(rows...)) },
		} {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			table, err := Open("x", bytes.NewReader(b.Bytes()), int64(b.Len()), Options{})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, w := range want {
				r, err := table.Next()
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				for i := range w.cells {
					if r.N != w.n || r.At(i) != w.cells[i] {
						t.Fatalf("%s: row %d cell %d = %q, want %q in row %d", name, r.N, i, r.At(i), w.cells[i], w.n)
					}
				}
			}
			if err := table.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// The template can be read as it is: its header is ours, its example is passed over.
func TestTemplate(t *testing.T) {
	for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
		var b bytes.Buffer
		if err := Template(&b, l, people); err != nil {
			t.Fatal(err)
		}
		table := mustOpen(t, b.Bytes(), Options{Columns: people})
		if m := table.Match(); m.Err() != nil || len(m.Found) != len(people) {
			t.Errorf("%s: header %q: %v", l, table.Header, m.Err())
		}
		if table.Sheet != i18n.TabularSheetData.In(l) || table.Header[0] != "*"+people[0].Title.In(l) {
			t.Errorf("%s: sheet %q, header %q", l, table.Sheet, table.Header)
		}
		wantRows(t, "template "+string(l), table)
		if len(table.Skipped) != 1 {
			t.Errorf("%s: skipped %v", l, table.Skipped)
		}
	}
}

func TestTemplateExplains(t *testing.T) {
	var b bytes.Buffer
	if err := Template(&b, i18n.ZH, people); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("填写说明")
	if err != nil || len(rows) != len(people)+2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if got := strings.Join(rows[2], "|"); got != "姓名|必填|与身份证一致|张三" {
		t.Errorf("note %q", got)
	}
	if got := strings.Join(rows[5], "|"); !strings.Contains(got, "可以填写：男、女。") {
		t.Errorf("note %q", got)
	}
	dv, err := f.GetDataValidations("数据")
	if err != nil || len(dv) != 1 || !strings.HasPrefix(dv[0].Sqref, "D2:") {
		t.Errorf("lists to choose from: %v, %v", dv, err)
	}
}

// The file of rejected rows holds those rows as they were, says what is wrong, and can be mended and read again.
func TestWriteRejected(t *testing.T) {
	file := []byte("居民名册\n姓名,身份证号,自编号\n王小明,1,0071\n李四,2,0072\n赵六,3,0073\n")
	problems := []Problem{
		{Row: 4, Column: "身份证号", Message: msg(i18n.CodeIDCheck), Advice: msg(i18n.CodeIDAdvice)},
		{Row: 4, Column: "姓名", Message: msg(i18n.TabularFormula), Advice: msg(i18n.TabularFormulaWhat)},
		{Row: 5, Column: "姓名", Message: msg(i18n.TabularFormula), Warning: true},
	}
	var b bytes.Buffer
	if err := WriteRejected(&b, i18n.ZH, mustOpen(t, file, Options{Columns: people}), problems); err != nil {
		t.Fatal(err)
	}
	table := mustOpen(t, b.Bytes(), Options{Columns: people})
	if got := strings.Join(table.Header, "|"); got != "姓名|身份证号|自编号|行号|问题|怎么改" || table.Match().Err() != nil {
		t.Errorf("header %q", got)
	}
	what := "“身份证号”：" + i18n.CodeIDCheck.In(i18n.ZH) + "\n“姓名”：" + i18n.TabularFormula.In(i18n.ZH)
	todo := i18n.CodeIDAdvice.In(i18n.ZH) + "\n" + i18n.TabularFormulaWhat.In(i18n.ZH)
	wantRows(t, "rejected", table, row(2, "李四", "2", "0072", "4", what, todo))
}

func TestMoreRowsThanASheetHolds(t *testing.T) {
	if testing.Short() {
		t.Log("short run: the sheet limit is left to the full run")
		return
	}
	x := &xlsxWriter{file: excelize.NewFile(), lang: i18n.ZH, sheet: "x", cols: people[:1]}
	defer x.file.Close()
	if err := x.begin(); err != nil {
		t.Fatal(err)
	}
	x.row = maxSheetRows - 1
	for _, name := range []string{"a", "b"} {
		if err := x.record([]any{name}); err != nil {
			t.Fatal(err)
		}
	}
	if got := fmt.Sprint(x.file.GetSheetList(), x.row); got != "[x x 2] 2" {
		t.Errorf("sheets and row %s", got)
	}
}

func BenchmarkWriteXLSX(b *testing.B) {
	for b.Loop() {
		rows := func(yield func([]any, error) bool) {
			for range 20_000 {
				if !yield(exported, nil) {
					return
				}
			}
		}
		if err := WriteXLSX(&bytes.Buffer{}, i18n.ZH, "x", people, rows); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(20_000*b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkReadXLSX(b *testing.B) {
	var file bytes.Buffer
	rows := func(yield func([]any, error) bool) {
		for range 20_000 {
			if !yield(exported, nil) {
				return
			}
		}
	}
	if err := WriteXLSX(&file, i18n.ZH, "x", people, rows); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		table, err := Open("x", bytes.NewReader(file.Bytes()), int64(file.Len()), Options{Columns: people})
		if err != nil {
			b.Fatal(err)
		}
		for err == nil {
			_, err = table.Next()
		}
		if err := table.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(20_000*b.N)/b.Elapsed().Seconds(), "rows/s")
}
