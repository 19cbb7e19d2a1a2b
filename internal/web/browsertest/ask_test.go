//go:build browser

package browsertest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/i18n"
	"linli/internal/testkit"
)

// office draws the form that an office sends every month about some households: twelve columns, the addresses written in.
func office(t *testing.T, month string, addresses []string) (file string, first, dogs int) {
	t.Helper()
	header := []any{"序号", "家庭住址", "户主姓名", []any{"房屋", []any{"楼栋", "单元", "房号"}}, "所属网格", "所属社区", "家庭人口", "是否养犬", "户主性别", "备注"}
	d := testkit.Draw(t)
	paths, first := d.List(testkit.RealForm{Title: month + "住户养犬情况统计表", Header: header, HeaderDepth: 2, Columns: 12, Below: []string{"填表人：", "注：无犬的也要填。"}}, len(addresses))
	for i, a := range addresses {
		d.Put(testkit.Area{Top: first + i, Left: 1, Bottom: first + i, Right: 1}, a)
	}
	if err := d.File.SetColWidth(d.Sheet, "B", "B", 31); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), month+".xlsx")
	if err := d.File.SaveAs(file); err != nil {
		t.Fatal(err)
	}
	return file, first, slices.IndexFunc(paths, func(p []string) bool { return p[len(p)-1] == "是否养犬" })
}

// homes gives the last n households of the worker's community, by the API.
func homes(t *testing.T, n int) (addresses []string) {
	t.Helper()
	next := "/api/v1/households?limit=200"
	for next != "" {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, demo(t).URL+next, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+account(t, "worker").Token)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			Items []struct{ Address string }
			Next  string
		}
		err = json.NewDecoder(res.Body).Decode(&page)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("households: %d, %v", res.StatusCode, err)
		}
		for _, h := range page.Items {
			addresses = append(addresses, h.Address)
		}
		next = ""
		if page.Next != "" {
			next = "/api/v1/households?limit=200&after=" + page.Next
		}
	}
	if len(addresses) < 4*n {
		t.Fatalf("%d households", len(addresses))
	}
	return addresses[len(addresses)-n:]
}

// TestWhatAFormLacksIsAskedOnce drops a form of twelve columns for sixteen households in; one column is asked; it is filled in on the phone;
// of the next month's form nothing is asked, and its layout is as it came.
func TestWhatAFormLacksIsAskedOnce(t *testing.T) {
	inTurn(t)
	addresses := homes(t, 16)
	secretary := Open(t, Desktop)
	secretary.Login("secretary")
	drop := func(file string) {
		secretary.Visit("/forms")
		secretary.Upload(zh(i18n.FillFile), file)
		secretary.Click(zh(i18n.FillUpload))
		secretary.until("the page of the form", func() string { return unless(strings.HasPrefix(secretary.Path(), "/forms/"), secretary.Path()) })
	}
	june, _, _ := office(t, "6月", addresses)
	drop(june)
	secretary.Check("form-understood")
	secretary.Click(zh(i18n.FillAct))
	secretary.WaitText(zh(i18n.FillResult))
	secretary.WaitText(zh(i18n.FillNotHeld)) // nobody holds it: it can be held as a fact of the district's own
	form := secretary.Path()

	district := Open(t, Desktop)
	district.Login("district")
	district.Visit("/facts/new?subject=household&name=是否养犬")
	district.Check("fact-new")
	district.Fill(zh(i18n.FactQuestion), "家里养狗吗？")
	district.Fill(zh(i18n.FactMeaning), "住户家中养有犬只")
	district.Choose(zh(i18n.FactPurpose), "safety")
	district.Fill(zh(i18n.FactAskedBy), "区城市管理局（示例）")
	district.Fill(zh(i18n.FactNewTo), "2027-06-30")
	district.Click(zh(i18n.FactSave))
	district.until("the page of the fact", func() string { return unless(strings.Contains(district.Path(), "own_"), district.Path()) })

	secretary.Visit(form)
	secretary.Click(zh(i18n.FillAgain))
	secretary.WaitText(zh(i18n.AskPanel))
	if n := secretary.Count(`#ask input[name="ask"]`); n != 1 {
		t.Errorf("%d columns are asked, want one", n)
	}
	secretary.WaitText(zh(i18n.AskColumn, "是否养犬", 16))
	secretary.Check("form-filled")
	secretary.Click(zh(i18n.AskAct))
	secretary.WaitText(zh(i18n.AskRaised, 16, 0, 0))
	secretary.Check("round")

	worker := Open(t, Phone)
	worker.Login("worker")
	worker.Visit("/questions")
	worker.Check("questions")
	var fact string
	worker.must("the fact that is asked", script(`[...document.querySelectorAll('[data-filter] option')].find(o => o.textContent.includes('是否养犬')).value`, &fact))
	worker.Visit("/questions?fact=" + fact)
	if n := worker.Count("section.panel"); n != 16 {
		t.Fatalf("the worker is asked about %d households", n)
	}
	if !worker.HasText(addresses[0]) {
		t.Error("the worker does not see which household is meant")
	}
	worker.must("answering", script(`[...document.querySelectorAll('section.panel')].forEach((s, i) => s.querySelector('input[value="' + (i % 2 ? '0' : '1') + '"]').click())`, nil))
	worker.Click(zh(i18n.AskSave))
	worker.WaitText(zh(i18n.AskTaken, 16, 0, 0))
	worker.WaitText(zh(i18n.AskNone))
	worker.Check("questions-answered")

	july, first, dogs := office(t, "7月", addresses)
	drop(july)
	secretary.Click(zh(i18n.FillAct))
	secretary.WaitText(zh(i18n.FillResult))
	if secretary.HasText(zh(i18n.AskPanel)) {
		t.Error("something is asked again")
	}
	layoutKept(t, july, secretary.Fetch(secretary.Path()+"/file").Body, first, len(addresses), dogs)
}

// layoutKept holds a filled form against the one that came: everything that stood there stands there, and the column is filled.
func layoutKept(t *testing.T, came string, filled []byte, first, rows, column int) {
	t.Helper()
	before, err := excelize.OpenFile(came)
	if err != nil {
		t.Fatal(err)
	}
	defer before.Close()
	after, err := excelize.OpenReader(bytes.NewReader(filled))
	if err != nil {
		t.Fatal(err)
	}
	defer after.Close()
	sheet := before.GetSheetName(0)
	old, err1 := before.GetRows(sheet)
	now, err2 := after.GetRows(sheet)
	merged, err3 := before.GetMergeCells(sheet)
	still, err4 := after.GetMergeCells(sheet)
	wide, err5 := after.GetColWidth(sheet, "B")
	for _, err := range []error{err1, err2, err3, err4, err5} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for r, row := range old {
		for c, v := range row {
			if v != "" && (r >= len(now) || c >= len(now[r]) || now[r][c] != v) {
				t.Errorf("%s read %q before", testkit.At(r, c), v)
			}
		}
	}
	if fmt.Sprint(merged) != fmt.Sprint(still) || wide != 31 {
		t.Errorf("merged areas or widths changed: %v, %v, width %v", merged, still, wide)
	}
	for i := range rows {
		if v := now[first+i][column]; v != "是" && v != "否" {
			t.Errorf("row %d says %q", i+1, v)
		}
	}
	if dir := os.Getenv("LINLI_SHOTS"); dir != "" {
		_ = os.WriteFile(filepath.Join(dir, "filled.xlsx"), filled, 0o600)
	}
}
