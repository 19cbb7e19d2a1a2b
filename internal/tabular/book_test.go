package tabular

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/i18n"
)

func TestABookOfSeveralSheets(t *testing.T) {
	sheet := func(name string, values ...any) Sheet {
		return Sheet{name, []Column{{Title: i18n.Verbatim("a")}, {Title: i18n.Verbatim("n"), Number: true}}, func(yield func([]any, error) bool) {
			yield(values, nil)
		}}
	}
	var b bytes.Buffer
	if err := WriteBook(&b, i18n.ZH, []Sheet{sheet("one", "x", int64(5)), sheet("a/b", "=1+1", 1.5), sheet("one", "y", nil)}); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); len(got) != 3 || got[0] != "one" || got[1] != "a b" || got[2] != "one 2" {
		t.Fatalf("sheets %q", got)
	}
	for _, c := range []struct{ sheet, cell, want string }{{"one", "B2", "5"}, {"a b", "B2", "1.5"}, {"a b", "A2", "'=1+1"}, {"one 2", "A2", "y"}} {
		if got, err := f.GetCellValue(c.sheet, c.cell); err != nil || got != c.want {
			t.Errorf("%s!%s = %q, %v, want %q", c.sheet, c.cell, got, err, c.want)
		}
	}
	if kind, err := f.GetCellType("one", "B2"); err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
		t.Errorf("a number is written as %v, %v", kind, err)
	}
}
