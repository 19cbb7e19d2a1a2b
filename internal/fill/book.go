package fill

import (
	"slices"

	"github.com/xuri/excelize/v2"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/tabular"
)

// book is an office's workbook, open.
type book struct {
	file   *excelize.File
	names  []string
	hidden map[string]bool
	sheets map[string]*sheet
	values map[string][][]string // raw texts of each visible sheet
	form   Form
}

// open reads a workbook and understands its sheets. What lies in the file is an Invalid error in plain words.
func open(name string, data []byte, w words, choice Choice, now calendar.Date, figures Figures) (*book, error) {
	f, extras, err := tabular.OpenWorkbook(data, tabular.Limits{Bytes: 256 << 20, Rows: maxRows, Columns: maxColumns})
	if err != nil {
		return nil, err
	}
	b := &book{file: f, hidden: map[string]bool{}, sheets: map[string]*sheet{}, values: map[string][][]string{}, form: Form{Name: name}}
	err = tabular.Guard(func() error { return b.read(w, choice, now, extras, figures) })
	if err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *book) read(w words, choice Choice, now calendar.Date, extras tabular.Extras, figures Figures) error {
	if extras.Macros {
		return errs.New(errs.Invalid, i18n.FillMacros)
	}
	if extras.ExternalLinks {
		b.notice(i18n.FillExternalLinks)
	}
	p := planner{words: w, others: i18n.FactLabelOthers, choice: choice, now: now, figures: figures}
	b.names = b.file.GetSheetList()
	something := false
	for _, name := range b.names {
		if visible, err := b.file.GetSheetVisible(name); err != nil || !visible {
			b.hidden[name] = true
			b.notice(i18n.FillHiddenSheet, name)
			b.form.Sheets = append(b.form.Sheets, Sheet{Name: name, Kind: Nothing, Hidden: true, main: -1})
			continue
		}
		values, err := b.file.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			return errs.New(errs.Invalid, i18n.TabularBrokenFile).Because(err)
		}
		if len(values) > maxRows {
			return errs.New(errs.Invalid, i18n.FillTooManyRows, name, i18n.Number(int64(len(values))), i18n.Number(maxRows))
		}
		for r, row := range values {
			if len(row) > maxColumns {
				return errs.New(errs.Invalid, i18n.FillTooWide, name, r+1, maxColumns)
			}
		}
		s, err := readSheet(b.file, name, values)
		if err != nil {
			return errs.New(errs.Invalid, i18n.TabularBrokenFile).Because(err)
		}
		b.sheets[name], b.values[name] = s, values
		sh := p.sheet(s, values)
		something = something || sh.Kind != Nothing
		b.form.Sheets = append(b.form.Sheets, sh)
	}
	if !something {
		return errs.New(errs.Invalid, i18n.FillNothing)
	}
	return nil
}

func (b *book) notice(t i18n.Text, args ...any) {
	b.form.Notices = append(b.form.Notices, errs.Message{Text: t, Args: args})
}

func (b *book) close() { _ = b.file.Close() } // only memory and temporary files go

// pen writes into one sheet of a book, keeping its layout.
type pen struct {
	b     *book
	sheet string
	marks map[int]int // styles with the mark of an unknown cell, by the style they are made from
}

func (b *book) pen(sheet string) *pen { return &pen{b: b, sheet: sheet, marks: map[int]int{}} }

func cellName(r, c int) (string, error) { return excelize.CoordinatesToCellName(c+1, r+1) }

// set writes a content into a cell; texts stay texts.
func (p *pen) set(r, c int, content any) error {
	cell, err := cellName(r, c)
	if err != nil {
		return err
	}
	if s, ok := content.(string); ok {
		return p.b.file.SetCellStr(p.sheet, cell, s)
	}
	return p.b.file.SetCellValue(p.sheet, cell, content)
}

// free says whether a cell holds neither a value nor a formula.
func (p *pen) free(r, c int) (bool, error) {
	cell, err := cellName(r, c)
	if err != nil {
		return false, err
	}
	formula, err := p.b.file.GetCellFormula(p.sheet, cell)
	return err == nil && formula == "", err
}

// unknownFill is the light yellow of cells that nobody could fill in.
const unknownFill = "FFF2CC"

// mark shows that a cell was asked for and is not known.
func (p *pen) mark(r, c int) error {
	cell, err := cellName(r, c)
	if err != nil {
		return err
	}
	id, err := p.b.file.GetCellStyle(p.sheet, cell)
	if err != nil {
		return err
	}
	marked, ok := p.marks[id]
	if !ok {
		st, err := p.b.file.GetStyle(id)
		if err != nil {
			return err
		}
		st.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{unknownFill}}
		if marked, err = p.b.file.NewStyle(st); err != nil {
			return err
		}
		p.marks[id] = marked
	}
	return p.b.file.SetCellStyle(p.sheet, cell, cell, marked)
}

// rows makes room for n rows of data from row first on, of which has are there. below says that something stands under them, which is
// moved down; within says that the new rows go before the last one, so that a merged group at their side grows with them.
func (p *pen) rows(t table, has, n int, within bool) error {
	more := n - has
	if more <= 0 {
		return nil
	}
	if !t.open || within {
		at := t.first + has // 0-based row before which rows go
		if within && has > 0 {
			at--
		}
		if err := p.b.file.InsertRows(p.sheet, at+1, more); err != nil {
			return err
		}
	}
	return p.likeFirst(t, has, n)
}

// likeFirst gives rows the look of the first one: styles, height, merged columns.
func (p *pen) likeFirst(t table, from, to int) error {
	f := p.b.file
	height, err := f.GetRowHeight(p.sheet, t.first+1)
	if err != nil {
		return err
	}
	for c := t.left; c <= t.right; c++ {
		top, err := cellName(t.first, c)
		if err != nil {
			return err
		}
		id, err := f.GetCellStyle(p.sheet, top)
		if err != nil {
			return err
		}
		first, err1 := cellName(t.first+from, c)
		last, err2 := cellName(t.first+to-1, c)
		if err1 != nil || err2 != nil {
			return err1
		}
		if id != 0 {
			if err := f.SetCellStyle(p.sheet, first, last, id); err != nil {
				return err
			}
		}
	}
	s := p.b.sheets[p.sheet]
	for r := from; r < to; r++ {
		if height > 0 && to-from < 2_000 {
			if err := f.SetRowHeight(p.sheet, t.first+r+1, height); err != nil {
				return err
			}
		}
		for _, b := range s.blocks {
			if b.top == t.first && b.bottom == t.first && b.width() > 1 {
				left, err1 := cellName(t.first+r, b.left)
				right, err2 := cellName(t.first+r, b.right)
				if err1 != nil || err2 != nil {
					return err1
				}
				if err := f.MergeCell(p.sheet, left, right); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// taken says whether a row of data holds something already in one of its columns.
func hasContent(r Row) bool { return len(r.cells) > 0 }

func freeRows(rows []Row) int { return len(slices.DeleteFunc(slices.Clone(rows), hasContent)) }
