package tabular

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"linli/internal/errs"
	"linli/internal/i18n"
)

var people = []Column{
	{Key: "name", Title: i18n.Both("姓名", "Name"), Synonyms: []string{"居民姓名", "名字"}, Required: true, Example: "张三", Hint: i18n.Both("与身份证一致", "As on the card")},
	{Key: "id_number", Title: i18n.Both("身份证号", "ID number"), Synonyms: []string{"身份证号码", "公民身份号码", "证件号码"}, Required: true, Sealed: true, Example: "110105194912310000"},
	{Key: "phone", Title: i18n.Both("联系电话", "Phone"), Synonyms: []string{"手机", "手机号", "手机号码", "电话"}, Sealed: true, Example: "13800000000"},
	{Key: "sex", Title: i18n.Both("性别", "Sex"), Choices: []i18n.Text{i18n.Verbatim("男"), i18n.Verbatim("女")}},
	{Key: "birth", Title: i18n.Both("出生日期", "Date of birth"), Synonyms: []string{"出生年月日", "出生时间"}},
	{Key: "area", Title: i18n.Both("面积", "Area"), Number: true},
}

// openBytes opens b as a table and closes it with the test.
func openBytes(t testing.TB, b []byte, o Options) (*Table, error) {
	t.Helper()
	table, err := Open("test", bytes.NewReader(b), int64(len(b)), o)
	if err == nil {
		t.Cleanup(func() {
			if err := table.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
	return table, err
}

func mustOpen(t testing.TB, b []byte, o Options) *Table {
	t.Helper()
	table, err := openBytes(t, b, o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return table
}

type readRow struct {
	n     int
	cells []string
	fault i18n.Text
}

// readAll reads the rest of a table.
func readAll(t testing.TB, table *Table) ([]readRow, error) {
	t.Helper()
	var rows []readRow
	for {
		r, err := table.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		row := readRow{n: r.N, cells: trimAll(r.Cells)}
		if r.Fault != nil {
			row.fault = r.Fault.Message.Text
		}
		rows = append(rows, row)
	}
}

func wantRows(t *testing.T, name string, table *Table, want ...readRow) {
	t.Helper()
	got, err := readAll(t, table)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if len(got) != len(want) {
		t.Errorf("%s: rows %v, want %v", name, got, want)
		return
	}
	for i := range got {
		if got[i].n != want[i].n || got[i].fault != want[i].fault || want[i].cells != nil && !slices.Equal(got[i].cells, want[i].cells) {
			t.Errorf("%s: row %v, want %v", name, got[i], want[i])
		}
	}
}

func row(n int, cells ...string) readRow { return readRow{n: n, cells: cells} }

func wantText(t *testing.T, name string, err error, want i18n.Text) {
	t.Helper()
	e := errs.As(err)
	if want.IsZero() {
		if err != nil {
			t.Errorf("%s: %v, want none", name, err)
		}
		return
	}
	if e == nil || e.Kind != errs.Invalid || e.Message.Text != want {
		t.Errorf("%s: %v, want Invalid %q", name, err, want.In(i18n.EN))
	}
}

func gb(s string) []byte {
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(err)
	}
	return b
}

func utf16Bytes(s string) []byte {
	b, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(err)
	}
	return b
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// zipped makes a zip of parts, name and content alternating.
func zipped(parts ...string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err == nil {
			_, err = f.Write([]byte(parts[i+1]))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// workbook makes a workbook by hand, as office programs lay it out: shared holds the shared strings, styles the
// inside of the style sheet, sheet the rows.
func workbook(shared, styles, sheet string) []byte {
	const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	return zipped(
		"[Content_Types].xml", head+`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
		"_rels/.rels", head+`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/_rels/workbook.xml.rels", head+`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`,
		"xl/workbook.xml", head+`<workbook `+ns+` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/sharedStrings.xml", head+`<sst `+ns+`>`+shared+`</sst>`,
		"xl/styles.xml", head+`<styleSheet `+ns+`>`+styles+`</styleSheet>`,
		"xl/worksheets/sheet1.xml", head+`<worksheet `+ns+`><sheetData>`+sheet+`</sheetData></worksheet>`,
	)
}

// sharedFile reads a file of the public data folder that stands beside the checkout; nil, said plainly, where it is missing.
func sharedFile(t testing.TB, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		b, err := os.ReadFile(filepath.Join(dir, "..", "shared", name))
		if err == nil {
			return b
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		t.Logf("shared/%s is not beside this checkout: only the built-in cases ran", name)
		return nil
	}
}
