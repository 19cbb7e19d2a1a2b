package demo_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/fill"
	"linli/internal/i18n"
	"linli/internal/pinyin"
	"linli/internal/testkit"
)

// sheetOf makes a workbook of one sheet, a row of labels and rows below.
func sheetOf(t *testing.T, rows ...[]string) []byte {
	t.Helper()
	d := testkit.Draw(t)
	for r, row := range rows {
		for c, v := range row {
			d.Put(testkit.Area{Top: r, Left: c, Bottom: r, Right: c}, v)
		}
	}
	return d.Bytes()
}

// repacked gives a workbook with further parts.
func repacked(t *testing.T, book []byte, parts map[string]io.Reader) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		if parts[f.Name] == nil {
			if err := w.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, r := range parts {
		p, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(p, r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// badFormsAreAnswered hands in what people hand in besides good forms: each gets a clear answer in their language, nothing is guessed, and
// nothing is told that the asker may not see.
func badFormsAreAnswered(t *testing.T, v *village) {
	good := sheetOf(t, []string{"姓名", "性别", "现住址"}, []string{"张三"})
	long := excelize.NewFile()
	w, err := long.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for r := range 100_001 {
		row := []any{"张三", "", ""}
		if r == 0 {
			row = []any{"姓名", "性别", "现住址"}
		}
		if err := w.SetRow(testkit.At(r, 0), row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	longBook, err := long.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	locked := excelize.NewFile()
	if err := locked.SetCellStr("Sheet1", "A1", "姓名"); err != nil {
		t.Fatal(err)
	}
	var lockedBook bytes.Buffer
	if err := locked.Write(&lockedBook, excelize.Options{Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		file []byte
		says string
	}{
		{"nothing at all", nil, "空的"},
		{"a text", []byte("no workbook"), "不是 Excel 工作簿"},
		{"a picture", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "不是"},
		{"half a workbook", good[:len(good)/2], "不完整"},
		{"a hundred thousand rows", longBook.Bytes(), "50,000 行的上限"},
		{"a workbook with a password", lockedBook.Bytes(), "打开密码"},
		{"a workbook with macros", repacked(t, good, map[string]io.Reader{"xl/vbaProject.bin": strings.NewReader("x")}), "宏"},
		{"a zip bomb", repacked(t, good, map[string]io.Reader{"xl/worksheets/sheet9.xml": io.LimitReader(zeros{}, 300<<20)}), ""},
		{"no labels", sheetOf(t, []string{"12", "2026-01-01"}), "没有找到可以填写的栏目"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := v.a.Fill.Drop(t.Context(), v.actor, "表.xlsx", c.file)
			e := errs.As(err)
			if e == nil || e.Kind != errs.Invalid {
				t.Fatalf("Drop = %v, want an answer", err)
			}
			t.Log(e.Message.In(i18n.ZH))
			if got := e.Message.In(i18n.ZH); !strings.Contains(got, c.says) || strings.Contains(got, "panic") {
				t.Errorf("Drop says %q, want something of %q", got, c.says)
			}
		})
	}
	t.Run("formulas, hidden sheets and links to other files stay", func(t *testing.T) { v.keepsWhatIsNotItsOwn(t) })
	t.Run("two columns of one name are asked", func(t *testing.T) {
		p := v.some(1, adult)[0]
		data := sheetOf(t, []string{"姓名", "出生日期", "现住址", "联系人姓名", "出生日期", "现住址"}, []string{p.name, p.born, "", "", "", ""}, []string{"", "", "", "", "", ""})
		form, out := v.fill(t, data, fill.Ask{Community: v.community})
		is := cells(t, out.File, "Sheet1")
		if is["C2"] != p.address || is["E2"] != "" || is["F2"] != "" {
			t.Errorf("filled %q, %q and %q, want the first column alone", is["C2"], is["E2"], is["F2"])
		}
		if m := form.Sheets[0].Slots[5]; m.Meaning == fill.Sure || len(m.Maybe) == 0 {
			t.Errorf("second column of the name = %s with %d offers, want it asked", m.Meaning, len(m.Maybe))
		}
	})
	t.Run("somebody outside scope looks like nobody", func(t *testing.T) { v.hidesOthers(t) })
	t.Run("a label that fits two facts is asked", func(t *testing.T) { v.asksWhich(t) })
	t.Run("the original stays", func(t *testing.T) {
		d, err := v.a.Fill.Drop(t.Context(), v.actor, "表.xlsx", good)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.a.Fill.Complete(t.Context(), v.actor, d.ID, 0, fill.Ask{Community: v.community}); err != nil {
			t.Fatal(err)
		}
		_, kept, err := v.a.Fill.Original(t.Context(), v.actor, d.ID)
		if err != nil || !bytes.Equal(kept, good) {
			t.Errorf("the original has %d bytes, %v, want the %d that came", len(kept), err, len(good))
		}
	})
	t.Run("a name that fits two is asked", func(t *testing.T) { v.asksWho(t) })
}

func (v *village) fill(t *testing.T, data []byte, ask fill.Ask) (*fill.Form, *fill.Outcome) {
	t.Helper()
	form, out, err := v.a.Fill.Fill(t.Context(), v.actor, "表.xlsx", data, ask)
	if err != nil {
		t.Fatal(err)
	}
	return form, out
}

func (v *village) keepsWhatIsNotItsOwn(t *testing.T) {
	p := v.some(1, adult)[0]
	d := testkit.Draw(t)
	for c, l := range []string{"姓名", "出生日期", "年龄", "现住址", "单价"} {
		d.Put(testkit.Area{Top: 0, Left: c, Bottom: 0, Right: c}, l)
	}
	for c, text := range []string{p.name, p.born} {
		d.Put(testkit.Area{Top: 1, Left: c, Bottom: 1, Right: c}, text)
	}
	f := d.File
	if _, err := f.NewSheet("底稿"); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{f.SetCellFormula("Sheet1", "C2", "2026-YEAR(B2)"), f.SetCellFormula("Sheet1", "E2", "[1]Sheet1!A1"),
		f.SetCellStr("底稿", "A1", "姓名"), f.SetCellStr("底稿", "B1", "性别"), f.SetCellStr("底稿", "A2", p.name), f.SetSheetVisible("底稿", false)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	link := `<?xml version="1.0"?><externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>`
	form, out := v.fill(t, repacked(t, d.Bytes(), map[string]io.Reader{"xl/externalLinks/externalLink1.xml": strings.NewReader(link)}), fill.Ask{Community: v.community})
	g, err := excelize.OpenReader(bytes.NewReader(out.File))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	for cell, want := range map[string]string{"C2": "2026-YEAR(B2)", "E2": "[1]Sheet1!A1"} {
		if got, err := g.GetCellFormula("Sheet1", cell); err != nil || strings.TrimPrefix(got, "=") != want {
			t.Errorf("formula of %s = %q, %v, want %q", cell, got, err, want)
		}
	}
	if got, err := g.GetCellValue("Sheet1", "D2"); err != nil || got != p.address {
		t.Errorf("address = %q, %v, want %q", got, err, p.address)
	}
	if got, err := g.GetCellValue("底稿", "B2"); err != nil || got != "" {
		t.Errorf("the hidden sheet holds %q, %v, want it as it came", got, err)
	}
	if seen, err := g.GetSheetVisible("底稿"); err != nil || seen {
		t.Errorf("the hidden sheet is shown")
	}
	var said []string
	for _, n := range form.Notices {
		said = append(said, n.In(i18n.ZH))
	}
	if all := strings.Join(said, "\n"); !strings.Contains(all, "底稿") || !strings.Contains(all, "其他文件") {
		t.Errorf("notices = %q, want the hidden sheet and the link", all)
	}
	if z, err := zip.NewReader(bytes.NewReader(out.File), int64(len(out.File))); err != nil ||
		!slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == "xl/externalLinks/externalLink1.xml" }) {
		t.Errorf("the link to another file is gone, %v", err)
	}
}

func (v *village) asksWho(t *testing.T) {
	two := v.some(2, func(p resident) bool { return adult(p) && p.address != "" })
	_, key := pinyin.Of("同名人")
	// Nothing but the database can make two people of one name at will.
	if err := v.a.DB.WithTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "UPDATE person SET name = '同名人', name_key = $3 WHERE id IN ($1, $2)", two[0].id, two[1].id, key)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	data := sheetOf(t, []string{"姓名", "性别", "现住址"}, []string{"同名人", "", ""})
	_, out := v.fill(t, data, fill.Ask{Community: v.community})
	if len(out.Unclear) != 1 || out.Unclear[0].How != fill.TwoFit || len(out.Unclear[0].Candidates) != 2 || out.Filled != 0 {
		t.Fatalf("unclear = %+v, filled %d, want both to choose from and nothing filled", out.Unclear, out.Filled)
	}
	_, out = v.fill(t, data, fill.Ask{Community: v.community}.Settled("Sheet1", out.Unclear[0].Row, two[1].id))
	if is := cells(t, out.File, "Sheet1"); is["C2"] != two[1].address {
		t.Errorf("after the choice the address is %q, want %q", is["C2"], two[1].address)
	}
}

func (v *village) hidesOthers(t *testing.T) {
	other, err := db.One(t.Context(), v.a.DB, func(r *resident) []any { return []any{&r.id, &r.name, &r.born, &r.sealedNumber} },
		"SELECT id, name, born_on, id_number FROM person WHERE tenant_id = $1 AND community_id NOT IN (0, $2) AND moved_out_on = '' ORDER BY id LIMIT 1", v.actor.Tenant, v.community)
	if err != nil {
		t.Fatal(err)
	}
	number, err := v.a.Ring.Open("person", "id_number", other.id, other.sealedNumber)
	if err != nil {
		t.Fatal(err)
	}
	answer := func(name, number string) string {
		_, out := v.fill(t, sheetOf(t, []string{"姓名", "身份证号", "性别", "现住址"}, []string{name, number, "", ""}), fill.Ask{Purpose: "verify", Reason: "核对"})
		is := cells(t, out.File, "Sheet1")
		out.File, out.Unclear[0].Name = nil, ""
		b, err := json.Marshal(out)
		if err != nil {
			t.Fatal(err)
		}
		return string(b) + is["C2"] + is["D2"]
	}
	if got, want := answer(other.name, number), answer("查无此人", "110101190001010012"); got != want {
		t.Errorf("somebody outside scope is answered\n%s\nand nobody\n%s", got, want)
	}
}

func (v *village) asksWhich(t *testing.T) {
	district, err := v.a.Authn.ActorByLogin(t.Context(), v.actor.Tenant, "district")
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"血型一", "血型二"} {
		if _, err := v.a.Facts.Define(t.Context(), district, fact.OwnFact{Subject: fact.Person, Code: fmt.Sprintf("blood%d", i), Name: name, Question: name + "是什么？", Doc: "试验",
			Synonyms: []string{"血型"}, Type: fact.Text, Sensitivity: fact.Personal, Purpose: "view", AskedBy: "区委", ValidTo: calendar.DateOf(now).AddYears(1)}); err != nil {
			t.Fatal(err)
		}
	}
	p := v.some(1, adult)[0]
	form, out := v.fill(t, sheetOf(t, []string{"姓名", "出生日期", "血型", "现住址"}, []string{p.name, p.born, "", ""}), fill.Ask{Community: v.community})
	var slot fill.Slot
	for _, s := range form.Sheets[0].Slots {
		if s.Label() == "血型" {
			slot = s
		}
	}
	if slot.Meaning != fill.Several || len(slot.Maybe) < 2 {
		t.Errorf("a label of two facts is %s with %d offers, want it asked", slot.Meaning, len(slot.Maybe))
	}
	if is := cells(t, out.File, "Sheet1"); is["C2"] != "" || is["D2"] != p.address {
		t.Errorf("filled %q and %q, want the blood group blank", is["C2"], is["D2"])
	}
	if !slices.Contains(form.Unrecognised(), "血型") {
		t.Error("the label is not among those to look at")
	}
}
