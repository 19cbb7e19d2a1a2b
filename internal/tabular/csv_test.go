package tabular

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"linli/internal/i18n"
)

func TestCSVEncodingsAndSeparators(t *testing.T) {
	const plain = "姓名,身份证号,联系电话\n王小明,999999199001010016,138\n李四,999999199001010024,\n"
	want := []readRow{row(2, "王小明", "999999199001010016", "138"), row(3, "李四", "999999199001010024")}
	for name, b := range map[string][]byte{
		"UTF-8":              []byte(plain),
		"byte order mark":    []byte("\ufeff" + plain),
		"GB18030":            gb(plain),
		"UTF-16":             utf16Bytes(plain),
		"UTF-16 with tabs":   utf16Bytes(strings.ReplaceAll(plain, ",", "\t")),
		"semicolons":         []byte(strings.ReplaceAll(plain, ",", ";")),
		"tabs":               []byte(strings.ReplaceAll(plain, ",", "\t")),
		"bars":               []byte(strings.ReplaceAll(plain, ",", "|")),
		"Windows line ends":  []byte(strings.ReplaceAll(plain, "\n", "\r\n")),
		"no last line end":   []byte(strings.TrimRight(plain, "\n")),
		"quoted throughout":  []byte(`"` + strings.ReplaceAll(strings.ReplaceAll(strings.TrimRight(plain, "\n"), ",", `","`), "\n", "\"\n\"") + "\"\n"),
		"gzip":               gzipped([]byte(plain)),
		"gzip of GB18030":    gzipped(gb(plain)),
		"blanks round cells": []byte(strings.ReplaceAll(plain, ",", " , ")),
	} {
		for _, cols := range [][]Column{nil, people} {
			table, err := openBytes(t, b, Options{Columns: cols})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if strings.Join(table.Header, "|") != "姓名|身份证号|联系电话" || table.HeaderRow != 1 {
				t.Errorf("%s: header %q in row %d", name, table.Header, table.HeaderRow)
			}
			wantRows(t, name, table, want...)
		}
	}
}

// The number of a row is the one that a person sees in a spreadsheet: blank lines count, lines inside a cell do not.
func TestCSVRowNumbers(t *testing.T) {
	const file = "姓名,备注\n\na,\"one\ntwo\nthree\"\n\n\nb,x\n\"c\",\"y\r\nz\"\nd,\n,\ne,w\n"
	table := mustOpen(t, []byte(file), Options{})
	wantRows(t, "row numbers", table, row(3, "a", "one\ntwo\nthree"), row(6, "b", "x"), row(7, "c", "y\nz"), row(8, "d"), row(10, "e", "w"))
	if table.Lines < 10 {
		t.Errorf("Lines = %d", table.Lines)
	}
}

func TestCSVBadInput(t *testing.T) {
	long := strings.Repeat("x", 40_000)
	for _, c := range []struct {
		name   string
		in     []byte
		limits Limits
		open   i18n.Text
		read   i18n.Text
	}{
		{"empty", nil, Limits{}, i18n.TabularEmpty, i18n.Text{}},
		{"only blanks", []byte(" \r\n\n"), Limits{}, i18n.TabularEmpty, i18n.Text{}},
		{"only separators", []byte(",,\n,,\n"), Limits{}, i18n.TabularEmpty, i18n.Text{}},
		{"cut in a character", []byte("姓名,备注\n王小\xe6\x98"), Limits{}, i18n.TabularHalf, i18n.Text{}},
		{"half a gzip", gzipped([]byte(strings.Repeat("姓名,备注\n", 1000)))[:40], Limits{}, i18n.TabularHalf, i18n.Text{}},
		{"gzip bomb", gzipped(bytes.Repeat([]byte("a,b\n"), 1<<20)), Limits{Bytes: 1 << 20}, i18n.TabularTooBig, i18n.Text{}},
		{"zero bytes", []byte("a,b\n1,\x002\n"), Limits{}, i18n.TabularNotATable, i18n.Text{}},
		{"PDF", []byte("%PDF-1.7\n..."), Limits{}, i18n.TabularNotATable, i18n.Text{}},
		{"web page named as a table", []byte("\n<html><table><tr><td>姓名"), Limits{}, i18n.TabularWebTable, i18n.Text{}},
		{"old XML table", []byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`), Limits{}, i18n.TabularWebTable, i18n.Text{}},
		{"unknown encoding", append([]byte("姓名,备注\n"), bytes.Repeat([]byte{0xff, 0x80, 0xfe, 0xff, ',', 0xff, 0x81, '\n'}, 50)...), Limits{}, i18n.TabularEncoding, i18n.Text{}},
		{"open quotation mark", []byte("a,b\n1,\"2\n" + strings.Repeat("3,4\n", 50)), Limits{}, i18n.Text{}, i18n.TabularQuote},
		{"cell of 10 MB", []byte("a,b\n1," + strings.Repeat("x", 10<<20) + "\n3,4\n"), Limits{}, i18n.Text{}, i18n.TabularHugeCell},
		{"too many rows", []byte("a,b\n" + strings.Repeat("1,2\n", 101)), Limits{Rows: 100}, i18n.Text{}, i18n.TabularTooManyRows},
		{"as many rows as allowed", []byte("a,b\n" + strings.Repeat("1,2\n", 100)), Limits{Rows: 100}, i18n.Text{}, i18n.Text{}},
		{"too many columns", []byte("a,b\n" + strings.Repeat("1,", 11) + "\n"), Limits{Columns: 10}, i18n.Text{}, i18n.TabularTooWide},
		{"blank columns do not count", []byte("a,b\n1" + strings.Repeat(",", 11) + "\n"), Limits{Columns: 10}, i18n.Text{}, i18n.Text{}},
		{"cell a little too long is a matter of its row", []byte("a,b\n1," + long + "\n3,4\n"), Limits{}, i18n.Text{}, i18n.Text{}},
	} {
		table, err := openBytes(t, c.in, Options{Limits: c.limits})
		wantText(t, c.name+", open", err, c.open)
		if err == nil {
			_, err = readAll(t, table)
			wantText(t, c.name+", read", err, c.read)
		}
	}
}

func TestRowFaults(t *testing.T) {
	file := "姓名,备注\n王小明,ok\n李四,坏\xff\xfe字\n" + strings.Repeat("赵六,好\n", 60) + "孙七," + strings.Repeat("长", 32_768) + "\n周八,\"" + strings.Repeat("x\n", 101) + "\"\n吴九," + strings.Repeat("长", 32_767) + "\n"
	table := mustOpen(t, []byte(file), Options{})
	rows, err := readAll(t, table)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		want := map[int]i18n.Text{3: i18n.TabularDamaged, 64: i18n.TabularCellTooLong, 65: i18n.TabularManyLines}[r.n]
		if r.fault != want {
			t.Errorf("row %d: fault %q, want %q", r.n, r.fault.In(i18n.EN), want.In(i18n.EN))
		}
	}
	if len(rows) != 65 {
		t.Errorf("%d rows", len(rows))
	}
}

// A quotation mark inside a cell is a character like any other.
func TestLooseQuotationMarks(t *testing.T) {
	table := mustOpen(t, []byte("姓名,备注\n张\"三,5\" 管\n\"李\"\"四\",x\n"), Options{})
	wantRows(t, "quotes", table, row(2, `张"三`, `5" 管`), row(3, `李"四`, "x"))
}

func TestDivisionListReads(t *testing.T) {
	for name, want := range map[string]int{"yancheng_tinghu.csv": 227, "zhenjiang_city.csv": 838, "jiangsu_all_levels.csv.gz": 23563, "national_to_county.csv": 3351} {
		b := sharedFile(t, "data/divisions/"+name)
		if b == nil {
			return
		}
		rows, err := readAll(t, mustOpen(t, b, Options{}))
		if err != nil || len(rows) != want || rows[0].n != 2 {
			t.Errorf("%s: %d rows, want %d, %v", name, len(rows), want, err)
		}
	}
}

func residentsCSV(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("姓名,身份证号,性别,出生日期,民族,联系电话,户籍地址,现住址,网格编码,楼栋,单元,房号,与户主关系,文化程度,婚姻状况,备注\n")
	for i := range rows {
		fmt.Fprintf(&b, "居民%06d,99999919%02d0101%04d,男,1990-01-01,汉族,139%08d,示范市示范区示范路%d号,示范小区%d栋%d单元%d室,%015d,%d,%d,%d,本人,本科,已婚,\n", i, i%90+10, i%10000, i, i%500, i%30, i%4, i%30, i, i%30, i%4, i%30)
	}
	return b.Bytes()
}

func BenchmarkReadCSV(b *testing.B) {
	for _, c := range []struct {
		name string
		data []byte
	}{{"UTF-8", residentsCSV(100_000)}, {"GB18030", gb(string(residentsCSV(100_000)))}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				table, err := Open("x", bytes.NewReader(c.data), int64(len(c.data)), Options{Columns: people})
				if err != nil {
					b.Fatal(err)
				}
				n, at := 0, table.Match().Index("id_number")
				for {
					r, err := table.Next()
					if err != nil {
						break
					}
					if len(r.At(at)) == 18 {
						n++
					}
				}
				if n != 100_000 {
					b.Fatalf("%d rows", n)
				}
			}
			b.ReportMetric(float64(100_000*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
