package demo_test

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/testkit"
)

// officeSuiteOpensThem lets LibreOffice open every form that was filled and save it again: what it shows, and where, is what was sent.
func officeSuiteOpensThem(t *testing.T, v *village) {
	if len(v.filled) < 19 {
		t.Fatalf("only %d forms were filled", len(v.filled))
	}
	dir := t.TempDir()
	saved := filepath.Join(dir, "saved")
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--norestore", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", saved}
	var names []string
	for i, data := range v.filled {
		name := fmt.Sprintf("form%02d.xlsx", i)
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
		names, args = append(names, name), append(args, filepath.Join(dir, name))
	}
	if out, err := exec.CommandContext(t.Context(), officeSuite(t), args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, name := range names {
		sameBook(t, filepath.Join(dir, name), filepath.Join(saved, name))
	}
}

// officeSuite is the program of LibreOffice, which ./test installs.
func officeSuite(t *testing.T) string {
	for _, name := range []string{"soffice", "libreoffice"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	t.Fatal("LibreOffice is not installed: ./test installs it")
	return ""
}

// sameBook holds a workbook against the copy that another program has saved: sheets, what is shown, merged areas, widths.
func sameBook(t *testing.T, was, is string) {
	t.Helper()
	a, b := openBook(t, was), openBook(t, is)
	if fmt.Sprint(a.GetSheetList()) != fmt.Sprint(b.GetSheetList()) {
		t.Errorf("%s: sheets %v, were %v", is, b.GetSheetList(), a.GetSheetList())
		return
	}
	for _, sheet := range a.GetSheetList() {
		cells, shown := 0, rowsOf(t, b, sheet)
		for r, row := range rowsOf(t, a, sheet) {
			for c, want := range row {
				cell := testkit.At(r, c)
				if f, _ := a.GetCellFormula(sheet, cell); f != "" {
					continue // worked out anew
				}
				got := ""
				if r < len(shown) && c < len(shown[r]) {
					got = shown[r][c]
				}
				if got != want {
					t.Errorf("%s!%s shows %q, was %q", filepath.Base(is), cell, got, want)
				}
				if want != "" {
					cells++
				}
			}
		}
		if cells == 0 {
			t.Errorf("%s: nothing stands in %s", filepath.Base(is), sheet)
		}
		if x, y := areas(t, a, sheet), areas(t, b, sheet); !slices.Equal(x, y) {
			t.Errorf("%s: merged areas %v, were %v", filepath.Base(is), y, x)
		}
		for c := range 12 {
			column, _ := excelize.ColumnNumberToName(c + 1)
			x, err1 := a.GetColWidth(sheet, column)
			y, err2 := b.GetColWidth(sheet, column)
			if err1 != nil || err2 != nil || math.Abs(x-y) > 1 {
				t.Errorf("%s: column %s is %.1f wide, was %.1f (%v, %v)", filepath.Base(is), column, y, x, err1, err2)
			}
		}
	}
}

func openBook(t *testing.T, path string) *excelize.File {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() }) // only read
	return f
}

func rowsOf(t *testing.T, f *excelize.File, sheet string) [][]string {
	t.Helper()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func areas(t *testing.T, f *excelize.File, sheet string) []string {
	t.Helper()
	list, err := f.GetMergeCells(sheet)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range list {
		out = append(out, m.GetStartAxis()+":"+m.GetEndAxis())
	}
	slices.Sort(out)
	return out
}
