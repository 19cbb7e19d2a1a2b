package tabular

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// xlsxSource reads the rows of one sheet.
type xlsxSource struct {
	file *excelize.File
	rows *excelize.Rows
	n    int
}

func (t *Table) openXLSX(r io.ReaderAt, size int64) (err error) {
	var f *excelize.File
	defer func() {
		if err != nil && f != nil {
			_ = f.Close() // the first error is the one to tell
		}
	}()
	defer damaged(&err, 0)
	f, err = excelize.OpenReader(io.NewSectionReader(r, 0, size), excelize.Options{UnzipSizeLimit: t.limits.Bytes, UnzipXMLSizeLimit: min(t.limits.Bytes, 16<<20)})
	if err != nil {
		return errs.New(errs.Invalid, i18n.TabularBrokenFile).Because(err)
	}
	return t.openSheet(f)
}

func (t *Table) openSheet(f *excelize.File) error {
	plainFormats(f)
	t.Sheets = f.GetSheetList()
	sheet := t.opts.Sheet
	if sheet == "" {
		sheet = t.bestSheet(f)
	}
	if i, err := f.GetSheetIndex(sheet); err != nil || i < 0 {
		return errs.New(errs.Invalid, i18n.TabularNoSheet, sheet)
	}
	rows, err := f.Rows(sheet)
	if err != nil {
		return errs.New(errs.Invalid, i18n.TabularBrokenFile).Because(err)
	}
	t.Sheet, t.src = sheet, &xlsxSource{file: f, rows: rows}
	return nil
}

// bestSheet is the sheet whose first rows fit the columns best, else the first visible one with content.
func (t *Table) bestSheet(f *excelize.File) string {
	best, score := "", -1
	for _, name := range t.Sheets {
		if visible, err := f.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		if s := t.sheetScore(f, name); s > score {
			best, score = name, s
		}
	}
	if best == "" && len(t.Sheets) > 0 {
		best = t.Sheets[0]
	}
	return best
}

func (t *Table) sheetScore(f *excelize.File, name string) int {
	rows, err := f.Rows(name)
	if err != nil {
		return -1
	}
	src := &xlsxSource{rows: rows}
	defer rows.Close()
	head := readAhead(src, headRows)
	score := 0
	for _, r := range head {
		if filled(r.cells) > 0 {
			score = 1
		}
	}
	if h := t.bestHeader(head); h.score > 0 {
		score += h.score
	}
	return score
}

func (s *xlsxSource) next() (row rawRow, err error) {
	defer damaged(&err, s.n)
	if !s.rows.Next() {
		if err := s.rows.Error(); err != nil {
			return rawRow{}, errs.New(errs.Invalid, i18n.TabularBroken, s.n).Because(err)
		}
		return rawRow{}, io.EOF
	}
	s.n++
	cells, err := s.rows.Columns()
	if err != nil {
		return rawRow{}, errs.New(errs.Invalid, i18n.TabularBroken, s.n).Because(err)
	}
	return rawRow{n: s.n, cells: cells}, nil
}

func (s *xlsxSource) Close() error {
	if s.rows != nil {
		_ = s.rows.Close() // its error was told by next
	}
	return s.file.Close()
}

// damaged turns a panic of the workbook reader into an error: files come from anywhere.
func damaged(err *error, row int) {
	p := recover()
	if p == nil {
		return
	}
	e := errs.New(errs.Invalid, i18n.TabularBroken, row)
	if row == 0 {
		e = errs.New(errs.Invalid, i18n.TabularBrokenFile)
	}
	*err = e.Because(fmt.Errorf("workbook reader: %v", p))
}
