//go:build browser

package browsertest

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/i18n"
	"linli/internal/table"
	"linli/internal/testkit"
)

// cellsOf reads the rows that a page shows, as people read them.
func cellsOf(p *Page) [][]string {
	p.t.Helper()
	var rows [][]string
	p.must("the rows of the page", script(`[...document.querySelector('.datatable').querySelectorAll('tbody tr')].map(r => [...r.querySelectorAll('td')].map(c => c.innerText.replace(/\s+/g, ' ').trim()))`, &rows))
	return rows
}

// TestATableIsMadeKeptAndExported makes a table from one that many keep, adds a column, keeps it to some rows, saves it, exports it, and
// holds the file against the page.
func TestATableIsMadeKeptAndExported(t *testing.T) {
	inTurn(t)
	p := Open(t, Desktop)
	p.Login("secretary")
	p.Visit("/tables")
	p.Check("tables")
	p.Visit("/tables/new")
	p.Check("table-new")
	p.ClickOn(".todos li:nth-child(2) button")
	p.until("the page of the table", func() string { return unless(strings.Count(p.Path(), "/") == 2 && p.Path() != "/tables/new", p.Path()) })
	p.WaitText(zh(i18n.TableElders80.Name))
	p.Check("table")
	at := p.Path()

	p.Click(zh(i18n.TableEdit))
	p.WaitText(zh(i18n.TableColumns))
	p.Fill(zh(i18n.TableAddFact), "文化程度")
	p.Click(zh(i18n.TableAddColumn))
	p.until("the new column", func() string {
		return unless(p.Count("#columns > div") == 9, fmt.Sprint(p.Count("#columns > div")))
	})
	p.ClickIn("#columns > div:nth-child(9)", zh(i18n.TableUp)+" 9")
	p.until("the column one further up", func() string {
		return unless(p.Value(zh(i18n.TableColumnN, 9)+" "+zh(i18n.TableHeading)) == zh(i18n.TableVisit), "not yet")
	})
	p.Fill(zh(i18n.TableAddWhere), "性别")
	p.Click(zh(i18n.TableAddWhere))
	p.until("the condition", func() string { return unless(p.Count("#conditions > div") == 2, "not yet") })
	p.Tick("女", true)
	p.Check("table-edit")
	p.Click(zh(i18n.TableSave))
	p.WaitText(zh(i18n.TableSaved))
	if p.Path() != at {
		t.Fatalf("saved, and at %s", p.Path())
	}
	p.Check("table-changed")
	shown := cellsOf(p)
	if len(shown) < 5 {
		t.Fatalf("%d rows", len(shown))
	}
	for _, row := range shown {
		if row[2] != "女" {
			t.Errorf("a row that is not meant: %v", row)
		}
	}

	f, err := excelize.OpenReader(bytes.NewReader(post(t, p, at+"/export", url.Values{"format": {string(table.XLSX)}})))
	if err != nil {
		t.Fatal(err)
	}
	file, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	if file[0][0] != zh(i18n.TableElders80.Name) || file[1][7] != "文化程度" && file[1][7] != "学历" {
		t.Errorf("head of the file: %v", file[:2])
	}
	for i, row := range shown {
		for j, cell := range row {
			had := ""
			if j < len(file[i+2]) {
				had = file[i+2][j]
			}
			if cell = strings.TrimSuffix(cell, " "+zh(i18n.PartialSealed)); cell != had {
				t.Errorf("row %d: the page shows %q, the file has %q", i+1, cell, had)
			}
		}
	}

	p.Visit(at + "/print")
	p.Check("table-print")
	phone := Open(t, Phone)
	phone.Login("secretary")
	phone.Visit(at)
	phone.Check("table-phone")
	phone.Visit(at + "/edit")
	phone.Check("table-edit-phone")
	phone.Visit("/tables/new")
	phone.Check("table-new-phone")
}

// TestATableTakesItsColumnsFromAFile reads the header of an office's form; what is unsure is offered.
func TestATableTakesItsColumnsFromAFile(t *testing.T) {
	inTurn(t)
	d := testkit.Draw(t)
	d.List(testkit.RealForm{Title: "居民情况统计表", Header: []any{"序号", "姓名", "性别", "出生日期", []any{"住址", []any{"楼栋", "房号"}}, "血型"}, HeaderDepth: 2, Columns: 7}, 3)
	file := filepath.Join(t.TempDir(), "居民情况.xlsx")
	if err := d.File.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	p := Open(t, Desktop)
	p.Login("worker")
	p.WithoutScripts()
	p.Visit("/tables/new")
	p.Upload(zh(i18n.FillFile), file)
	p.Click(zh(i18n.TableFromFileAct))
	p.WaitText(zh(i18n.TableFromDone, 6, 1))
	if n := p.Count("#columns > div"); n != 7 {
		t.Errorf("%d columns", n)
	}
	p.ClickIn("#columns > div:nth-child(7)", zh(i18n.TableTakeOut)+" 7") // without scripts too
	p.until("six columns", func() string { return unless(p.Count("#columns > div") == 6, "not yet") })
	p.Click(zh(i18n.TableSave))
	p.WaitText(zh(i18n.TableSaved))
	if rows := cellsOf(p); len(rows) < 10 || rows[0][1] == "" {
		t.Errorf("rows: %v", rows)
	}
}

// post sends a form as the page's account would and gives the answer.
func post(t *testing.T, p *Page, path string, form url.Values) []byte {
	t.Helper()
	got := p.Post(path, form)
	if got.Status != http.StatusOK {
		t.Fatalf("POST %s: %d", path, got.Status)
	}
	return got.Body
}
