package tabular

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/i18n"
)

// The way Excel and WPS write: shared strings, some of them in runs of different fonts, dates as numbers with a
// format, long numbers, formulas with their last value, gaps for empty cells.
func TestXLSXAsOfficeProgramsSaveIt(t *testing.T) {
	const shared = `<si><t>姓名</t></si><si><t>身份证号</t></si><si><t>出生日期</t></si><si><r><t>联系</t></r><r><rPr><b/></rPr><t>电话</t></r></si><si><t xml:space="preserve"> 王小明 </t></si><si><t>999999199001010016</t></si><si><t>性别</t></si>`
	const styles = `<numFmts count="3"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/><numFmt numFmtId="177" formatCode="000000"/><numFmt numFmtId="178" formatCode="[$-F800]dddd\,\ mmmm\ dd\,\ yyyy"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
		`<cellXfs count="8"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="177"/><xf numFmtId="49"/><xf numFmtId="11"/><xf numFmtId="178"/><xf numFmtId="22"/></cellXfs>`
	const sheet = `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c><c r="D2" t="s"><v>3</v></c><c r="F2" t="s"><v>6</v></c></row>` +
		`<row r="3"><c r="A3" t="s"><v>4</v></c><c r="B3" s="4" t="s"><v>5</v></c><c r="C3" s="1"><v>32874</v></c><c r="D3"><v>13800138000</v></c><c r="F3" t="str"><f>IF(1,"男","女")</f><v>男</v></c></row>` +
		`<row r="5"><c r="A5" t="inlineStr"><is><t>李四</t></is></c><c r="B5"><v>999999199001010000</v></c><c r="C5" s="2"><v>32874</v></c><c r="D5" s="5"><v>1.3800138E10</v></c></row>` +
		`<row r="6"><c r="A6" t="inlineStr"><is><t>赵六</t></is></c><c r="B6"><v>999999199001010024</v></c><c r="C6" s="6"><v>32874</v></c><c r="D6" s="3"><v>515</v></c></row>` +
		`<row r="7"><c r="A7" t="e"><v>#N/A</v></c><c r="C7" s="7"><v>32874.5</v></c><c r="F7" t="b"><v>1</v></c></row>`
	table := mustOpen(t, workbook(shared, styles, sheet), Options{Columns: people})
	if strings.Join(table.Header, "|") != "姓名|身份证号|出生日期|联系电话||性别" || table.HeaderRow != 2 || table.Sheet != "Sheet1" {
		t.Errorf("header %q in row %d of %s", table.Header, table.HeaderRow, table.Sheet)
	}
	wantRows(t, "rows", table,
		row(3, "王小明", "999999199001010016", "1990-01-01", "13800138000", "", "男"),
		row(5, "李四", "999999199001010000", "1990-01-01", "13800138000"),
		row(6, "赵六", "9.9999919900101E+17", "1990-01-01", "000515"),
		row(7, "#N/A", "", "1990-01-01 12:00:00", "", "", "TRUE"))
}

func TestXLSXWithoutCellNames(t *testing.T) {
	sheet := `<row><c t="inlineStr"><is><t>姓名</t></is></c><c t="inlineStr"><is><t>联系电话</t></is></c></row><row><c t="inlineStr"><is><t>王小明</t></is></c><c><v>12345</v></c></row>`
	wantRows(t, "rows", mustOpen(t, workbook("", "", sheet), Options{Columns: people}), row(2, "王小明", "12345"))
}

func TestFilesThatAreNoWorkbook(t *testing.T) {
	good := workbook("", "", `<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>`)
	ole := func(stream string) []byte {
		return append(append(append([]byte{}, sigOLE...), make([]byte, 600)...), utf16le(stream)...)
	}
	cell := func(s string) string { return `<row r="1"><c r="A1" t="inlineStr"><is><t>` + s + `</t></is></c></row>` }
	for _, c := range []struct {
		name   string
		in     []byte
		limits Limits
		want   i18n.Text
	}{
		{"good", good, Limits{}, i18n.Text{}},
		{"half of it", good[:len(good)/2], Limits{}, i18n.TabularHalf},
		{"without its last bytes", good[:len(good)-30], Limits{}, i18n.TabularHalf},
		{"old Excel", ole("Workbook"), Limits{}, i18n.TabularOldExcel},
		{"password", ole("EncryptedPackage"), Limits{}, i18n.TabularPassword},
		{"old Word", ole("WordDocument"), Limits{}, i18n.TabularNotATable},
		{"new Word", zipped("[Content_Types].xml", "<Types/>", "word/document.xml", "<w/>"), Limits{}, i18n.TabularNotATable},
		{"ODS", zipped("mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "<x/>"), Limits{}, i18n.TabularOpenDoc},
		{"binary workbook", zipped("xl/workbook.bin", "x"), Limits{}, i18n.TabularBinaryExcel},
		{"bomb in the sheet", workbook("", "", strings.Repeat(cell("a"), 40_000)), Limits{Bytes: 1 << 20}, i18n.TabularTooBig},
		{"bomb in a picture", zipped("xl/workbook.xml", "<workbook/>", "xl/media/a.png", strings.Repeat("\x00", 70<<20)), Limits{}, i18n.TabularTooBig},
		{"cell of 10 MB", workbook("", "", cell(strings.Repeat("x", 10<<20))), Limits{}, i18n.TabularHugePart},
		{"shared string of 10 MB", workbook("<si><t>"+strings.Repeat("x", 10<<20)+"</t></si>", "", cell("a")), Limits{}, i18n.TabularHugePart},
		{"sheet cut off inside the zip", bytes.Clone(zipped("xl/workbook.xml", "<workbook/>", "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row r=\"1\"><c")), Limits{}, i18n.TabularHalf},
		{"no sheet at all", zipped("xl/workbook.xml", "<workbook/>"), Limits{}, i18n.TabularBrokenFile},
		{"no content", workbook("", "", ""), Limits{}, i18n.TabularEmpty},
	} {
		_, err := openBytes(t, c.in, Options{Limits: c.limits})
		wantText(t, c.name, err, c.want)
	}
}

func TestXLSXRefusesMoreThanItsLimits(t *testing.T) {
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, `<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d"><v>2</v></c></row>`, i+1, i+1, i, i+1)
	}
	_, err := readAll(t, mustOpen(t, workbook("", "", b.String()), Options{Limits: Limits{Rows: 100}}))
	wantText(t, "rows", err, i18n.TabularTooManyRows)
	wide := `<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row><row r="2"><c r="XFD2"><v>1</v></c></row>`
	_, err = readAll(t, mustOpen(t, workbook("", "", wide), Options{}))
	wantText(t, "columns", err, i18n.TabularTooWide)
	far := `<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>9</v></c></row>`
	wantRows(t, "far row", mustOpen(t, workbook("", "", far), Options{}), row(1048576, "9"))
}

// Bytes changed anywhere in a workbook give an error or a table, never a crash.
func TestDamagedWorkbooksDoNotCrash(t *testing.T) {
	good := workbook(`<si><t>姓名</t></si>`, `<cellXfs count="1"><xf numFmtId="14"/></cellXfs>`, `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="0"><v>1</v></c></row>`)
	for i := range good {
		b := bytes.Clone(good)
		b[i] ^= 0x55
		if table, err := Open("x", bytes.NewReader(b), int64(len(b)), Options{Columns: people}); err == nil {
			_, _ = readAll(t, table)
			_ = table.Close()
		}
	}
}

func TestSheetIsChosenByItsHeader(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for sheet, rows := range map[string][][]any{
		"Sheet1": {{"本表说明"}, {"请按要求填写"}},
		"名册":     {{"姓名", "身份证号"}, {"王小明", "1"}},
		"旧":      {{"姓名", "身份证号", "联系电话"}, {"李四", "2", "3"}},
	} {
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, r := range rows {
			if err := f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &r); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.SetSheetVisible("旧", false); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	table := mustOpen(t, b.Bytes(), Options{Columns: people})
	if table.Sheet != "名册" || len(table.Sheets) != 3 {
		t.Errorf("sheet %q of %q", table.Sheet, table.Sheets)
	}
	wantRows(t, "by header", table, row(2, "王小明", "1"))
	wantRows(t, "by name", mustOpen(t, b.Bytes(), Options{Columns: people, Sheet: "旧"}), row(2, "李四", "2", "3"))
	_, err := openBytes(t, b.Bytes(), Options{Sheet: "没有"})
	wantText(t, "no such sheet", err, i18n.TabularNoSheet)
}

func TestMeaningOf(t *testing.T) {
	for code, want := range map[string]meaning{
		`yyyy"年"m"月"d"日";@`: day, "yyyy/m/d": day, `[$-804]yyyy\-mm\-dd`: day, "mm/dd/yy": day, `m"月"d"日"`: day, `[$-F800]dddd\,\ mmmm\ dd`: day,
		"yyyy-mm-dd hh:mm": instant, "m/d/yy h:mm": instant,
		"h:mm:ss": asShown, "[h]:mm": asShown, "0%": asShown, "000000": asShown, "000-0000-0000": asShown, "General": asShown, "# ?/?": asShown,
		"0": plainValue, "0_ ": plainValue, "0.00": plainValue, "#,##0": plainValue, "#,##0.00": plainValue, "0.00E+00": plainValue, "@": plainValue, `"¥"#,##0.00`: plainValue,
	} {
		if got := meaningOf(code); got != want {
			t.Errorf("meaningOf(%q) = %d, want %d", code, got, want)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("姓名,身份证号\n王小明,1\n"))
	f.Add([]byte("\ufeffa;b\n\"1\n2\";3\n"))
	f.Add(gb("姓名\t电话\n李四\t1\n"))
	f.Add(utf16Bytes("a\tb\n1\t2\n"))
	f.Add(gzipped([]byte("a,b\n1,2\n")))
	f.Add(workbook(`<si><t>姓名</t></si>`, `<cellXfs count="1"><xf numFmtId="14"/></cellXfs>`, `<row r="1"><c r="A1" t="s"><v>0</v></c></row>`))
	f.Add(append(append([]byte{}, sigOLE...), utf16le("Workbook")...))
	limits := Limits{Bytes: 1 << 20, Rows: 1000, Columns: 50, Cell: 1000}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, cols := range [][]Column{nil, people} {
			table, err := Open("x", bytes.NewReader(b), int64(len(b)), Options{Columns: cols, Limits: limits})
			if err != nil {
				if len(err.Error()) == 0 {
					t.Fatal("an error without words")
				}
				continue
			}
			last := table.HeaderRow
			for {
				r, err := table.Next()
				if err != nil {
					break
				}
				if r.N <= last {
					t.Fatalf("row %d after row %d", r.N, last)
				}
				last = r.N
			}
			if err := table.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// What the sheet's own XML says must be read the same whatever the reader does about it: the cells of a sheet full
// of arbitrary texts come back.
func FuzzWorkbookXML(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="s"><v>7</v></c></row>`, `<cellXfs><xf numFmtId="14"/></cellXfs>`)
	f.Add(`<row r="-1"><c r="ZZZZ1"/></row>`, `<numFmts><numFmt numFmtId="1" formatCode="y&quot;"/></numFmts>`)
	f.Add(`<row r="2"><c r="A2" t="d" s="9"><v>x</v></c></row>`, `<cellXfs><xf numFmtId="-4"/></cellXfs>`)
	f.Fuzz(func(t *testing.T, sheet, styles string) {
		b := workbook("", styles, sheet)
		table, err := Open("x", bytes.NewReader(b), int64(len(b)), Options{Limits: Limits{Bytes: 1 << 20, Rows: 1000, Columns: 50}})
		if err != nil {
			return
		}
		for n := 0; n < 2000; n++ {
			if _, err := table.Next(); err != nil {
				break
			}
		}
		if err := table.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
