package tabular

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	"linli/internal/i18n"
)

// Records are rows to write: one value per column, as texts, numbers, catalogue texts, or anything with a String
// method such as a date; nil is an empty cell. An error ends the writing.
type Records = iter.Seq2[[]any, error]

// maxSheetRows is how many rows a sheet holds, header included.
const maxSheetRows = excelize.TotalRows

// ContentType is the type of a workbook.
const ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// WriteXLSX writes a workbook with one sheet: the titles of cols in language l as a frozen header, then the
// records, as they come. Texts stay texts, so that codes, telephone numbers and dates keep their digits; only
// columns marked Number hold numbers. Records beyond what a sheet can hold go to further sheets.
func WriteXLSX(w io.Writer, l i18n.Lang, sheet string, cols []Column, records Records) error {
	return WriteTitledXLSX(w, l, sheet, "", cols, records)
}

// WriteTitledXLSX is WriteXLSX with a title line over the header, across all columns; "" for none.
func WriteTitledXLSX(w io.Writer, l i18n.Lang, sheet, title string, cols []Column, records Records) error {
	f := excelize.NewFile()
	defer f.Close()
	x := &xlsxWriter{file: f, lang: l, sheet: sheetName(sheet), title: title, cols: cols}
	if err := x.begin(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	for values, err := range records {
		if err != nil {
			return err
		}
		if err := x.record(values); err != nil {
			return fmt.Errorf("write workbook: %w", err)
		}
	}
	if err := x.stream.Flush(); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return f.Write(w)
}

type xlsxWriter struct {
	file   *excelize.File
	stream *excelize.StreamWriter
	lang   i18n.Lang
	sheet  string
	title  string
	cols   []Column
	sheets int
	row    int
	cells  []any
	text   int // style of text cells
}

// begin starts a sheet with its header.
func (x *xlsxWriter) begin() error {
	name := x.sheet
	if x.sheets++; x.sheets > 1 {
		name = fmt.Sprintf("%s %d", x.sheet, x.sheets)
		if _, err := x.file.NewSheet(name); err != nil {
			return err
		}
	} else if err := x.file.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	var err error
	if x.stream, err = x.file.NewStreamWriter(name); err != nil {
		return err
	}
	return x.header()
}

func (x *xlsxWriter) header() error {
	for i, c := range x.cols {
		if err := x.stream.SetColWidth(i+1, i+1, columnWidth(c, x.lang)); err != nil {
			return err
		}
	}
	x.row = 1
	if x.title != "" {
		x.row = 2
	}
	if err := x.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: x.row, TopLeftCell: fmt.Sprintf("A%d", x.row+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := x.titleLine(); err != nil {
		return err
	}
	head, err := x.file.NewStyle(headStyle)
	if err != nil {
		return err
	}
	if x.text, err = x.file.NewStyle(&excelize.Style{NumFmt: 49}); err != nil {
		return err
	}
	names := make([]any, len(x.cols))
	for i, c := range x.cols {
		names[i] = excelize.Cell{StyleID: head, Value: Disarm(plainText(x.lang, c.Title))}
	}
	return x.stream.SetRow(fmt.Sprintf("A%d", x.row), names, excelize.RowOpts{Height: 22})
}

// titleLine writes the title across all columns.
func (x *xlsxWriter) titleLine() error {
	if x.title == "" {
		return nil
	}
	style, err := x.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center"}})
	if err != nil {
		return err
	}
	if err := x.stream.SetRow("A1", []any{excelize.Cell{StyleID: style, Value: shorten(Disarm(x.title))}}, excelize.RowOpts{Height: 28}); err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(max(1, len(x.cols)), 1)
	if err != nil || last == "A1" {
		return err
	}
	return x.stream.MergeCell("A1", last)
}

var headStyle = &excelize.Style{
	Font:      &excelize.Font{Bold: true},
	Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EEEEEE"}},
	Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
	Border:    []excelize.Border{{Type: "bottom", Color: "888888", Style: 1}},
}

func (x *xlsxWriter) record(values []any) error {
	if x.row == maxSheetRows {
		if err := x.stream.Flush(); err != nil {
			return err
		}
		if err := x.begin(); err != nil {
			return err
		}
	}
	x.row++
	x.cells = x.cells[:0]
	for i, v := range values {
		x.cells = append(x.cells, x.cell(i, v))
	}
	return x.stream.SetRow(fmt.Sprintf("A%d", x.row), x.cells)
}

func (x *xlsxWriter) cell(i int, v any) any {
	if v == nil {
		return nil
	}
	if i < len(x.cols) && x.cols[i].Number && isNumber(v) {
		return v
	}
	s := plainText(x.lang, v)
	if s == "" {
		return nil
	}
	return excelize.Cell{StyleID: x.text, Value: shorten(Disarm(s))}
}

func isNumber(v any) bool {
	switch v.(type) {
	case int, int64, int32, uint8, float64:
		return true
	}
	return false
}

// plainText is a value as text in language l, without characters that files cannot hold.
func plainText(l i18n.Lang, v any) string {
	s := i18n.Show(l, v)
	if v == nil {
		return ""
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
}

// shorten keeps a text within what a cell can hold.
func shorten(s string) string {
	if utf8.RuneCountInString(s) <= excelize.TotalCellChars {
		return s
	}
	return string([]rune(s)[:excelize.TotalCellChars-1]) + "\u2026"
}

// Disarm puts an apostrophe before what a spreadsheet would take for a formula, and before an apostrophe. Reading
// takes one off again, so that what is written comes back.
func Disarm(s string) string {
	if LooksLikeFormula(s) || strings.HasPrefix(trim(s), "'") {
		return "'" + s
	}
	return s
}

// columnWidth is the width of a column in characters; a Chinese character takes two.
func columnWidth(c Column, l i18n.Lang) float64 {
	if c.Width > 0 {
		return float64(min(c.Width, 120))
	}
	wide := func(s string) int { return (len(s) + utf8.RuneCountInString(s)) / 2 }
	return float64(max(8, min(50, max(wide(c.Title.In(l)), wide(c.Example))+3)))
}

// sheetName makes s a name that workbooks accept.
func sheetName(s string) string {
	s = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < ' ' {
			return ' '
		}
		return r
	}, s), " '")
	if r := []rune(s); len(r) > 25 {
		s = strings.TrimSpace(string(r[:25]))
	}
	if s == "" {
		return "Sheet1"
	}
	return s
}

// WriteCSV writes the titles of cols in language l and the records as CSV in UTF-8 with a byte order mark, which
// is what makes spreadsheets read it as UTF-8. Spreadsheets turn long codes in CSV into numbers: offer WriteXLSX first.
func WriteCSV(w io.Writer, l i18n.Lang, cols []Column, records Records) error {
	b := bufio.NewWriterSize(w, 1<<16)
	if _, err := b.WriteString("\ufeff"); err != nil {
		return err
	}
	return writeCSV(b, l, cols, records)
}

// WriteGB18030 is WriteCSV in GB18030, as older programs in offices read it.
func WriteGB18030(w io.Writer, l i18n.Lang, cols []Column, records Records) error {
	t := transform.NewWriter(w, simplifiedchinese.GB18030.NewEncoder())
	if err := writeCSV(bufio.NewWriterSize(t, 1<<16), l, cols, records); err != nil {
		return err
	}
	return t.Close()
}

func writeCSV(b *bufio.Writer, l i18n.Lang, cols []Column, records Records) error {
	cw := csv.NewWriter(b)
	cw.UseCRLF = true
	line := make([]string, 0, len(cols))
	for _, c := range cols {
		line = append(line, Disarm(plainText(l, c.Title)))
	}
	if err := cw.Write(line); err != nil {
		return err
	}
	for values, err := range records {
		if err != nil {
			return err
		}
		line = line[:0]
		for _, v := range values {
			if isNumber(v) {
				line = append(line, i18n.Show(l, v))
				continue
			}
			line = append(line, Disarm(plainText(l, v)))
		}
		if err := cw.Write(line); err != nil {
			return err
		}
	}
	if cw.Flush(); cw.Error() != nil {
		return cw.Error()
	}
	return b.Flush()
}
