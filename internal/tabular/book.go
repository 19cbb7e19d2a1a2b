package tabular

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"linli/internal/i18n"
)

// Sheet is one sheet of a workbook.
type Sheet struct {
	Name    string
	Columns []Column
	Records Records
}

// WriteBook writes a workbook of several sheets, each as WriteXLSX does. Names that a workbook does not accept are made acceptable, and
// numbered where two would be the same.
func WriteBook(w io.Writer, l i18n.Lang, sheets []Sheet) error {
	f := excelize.NewFile()
	defer f.Close()
	taken := map[string]bool{}
	for i, s := range sheets {
		x := &xlsxWriter{file: f, lang: l, sheet: unique(taken, sheetName(s.Name)), cols: s.Columns}
		if i > 0 {
			if _, err := f.NewSheet(x.sheet); err != nil {
				return fmt.Errorf("write workbook: %w", err)
			}
			if err := f.SetSheetName(x.sheet, x.sheet); err != nil {
				return fmt.Errorf("write workbook: %w", err)
			}
		}
		if err := x.fill(i == 0, s.Records); err != nil {
			return err
		}
	}
	return f.Write(w)
}

// fill writes the records of one sheet; the first sheet of a workbook is there already.
func (x *xlsxWriter) fill(first bool, records Records) error {
	var err error
	if first {
		err = x.begin()
	} else {
		x.sheets = 1
		if x.stream, err = x.file.NewStreamWriter(x.sheet); err == nil {
			err = x.header()
		}
	}
	if err != nil {
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
	return nil
}

func unique(taken map[string]bool, name string) string {
	for n := 2; taken[name]; n++ {
		if next := fmt.Sprintf("%s %d", name, n); !taken[next] {
			name = next
		}
	}
	taken[name] = true
	return name
}
