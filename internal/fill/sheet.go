package fill

import (
	"sort"
	"strings"

	"github.com/xuri/excelize/v2"
)

// area is a rectangle of cells; rows and columns count from 0, both ends included.
type area struct{ top, left, bottom, right int }

func (a area) height() int { return a.bottom - a.top + 1 }
func (a area) width() int  { return a.right - a.left + 1 }

func (a area) overlaps(b area) bool {
	return a.top <= b.bottom && b.top <= a.bottom && a.left <= b.right && b.left <= a.right
}

// block is one cell as a person sees it: a single cell, or the whole of a merged area.
type block struct {
	area
	text    string // as it stands there, without blanks around it
	formula bool
}

func (b *block) blank() bool { return b == nil || b.text == "" && !b.formula }

// sheet is what a person sees of one sheet of a workbook: blocks with text, and everything else blank.
type sheet struct {
	name       string
	rows, cols int // extent of what has text, is merged or bears a frame
	blocks     []*block
	at         map[[2]int]*block // every cell that a block with text or a merged area covers
	framed     map[int]bool      // rows with a cell that bears a frame (or any style of its own) within the first columns
	down       map[int]bool      // rows of a card whose values stand below their labels
	many       bool              // more rows than the layout is looked for in
}

// layoutRows is how far down the layout of a sheet is looked for. Rows below it can only be rows of the last table.
const layoutRows = 400

func (s *sheet) block(row, col int) *block { return s.at[[2]int{row, col}] }

// text is what stands at a cell, "" for a blank one.
func (s *sheet) text(row, col int) string {
	if b := s.block(row, col); b != nil {
		return b.text
	}
	return ""
}

// areaAt is the merged area or the single cell at a place.
func (s *sheet) areaAt(row, col int) area {
	if b := s.block(row, col); b != nil {
		return b.area
	}
	return area{row, col, row, col}
}

func (s *sheet) put(b *block) {
	s.blocks = append(s.blocks, b)
	for r := b.top; r <= b.bottom; r++ {
		for c := b.left; c <= b.right; c++ {
			s.at[[2]int{r, c}] = b
		}
	}
	s.rows, s.cols = max(s.rows, b.bottom+1), max(s.cols, b.right+1)
}

// readSheet reads the texts, merged areas and frames of one sheet. values are its rows of raw texts.
func readSheet(f *excelize.File, name string, values [][]string) (*sheet, error) {
	s := &sheet{name: name, at: map[[2]int]*block{}, framed: map[int]bool{}}
	merged, err := f.GetMergeCells(name)
	if err != nil {
		return nil, err
	}
	for _, m := range merged {
		c1, r1, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
		c2, r2, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err1 != nil || err2 != nil || r2-r1 > 10_000 || c2-c1 > maxColumns {
			continue // a merged area over whole rows or columns is decoration
		}
		a := area{r1 - 1, c1 - 1, r2 - 1, c2 - 1}
		if a.top < layoutRows {
			s.put(&block{area: a, text: clean(valueAt(values, a.top, a.left))})
		}
	}
	for r, row := range values {
		if r >= layoutRows {
			s.many = true
			s.rows = max(s.rows, len(values))
			break
		}
		for c, v := range row {
			if v = clean(v); v != "" && s.block(r, c) == nil {
				s.put(&block{area: area{r, c, r, c}, text: v})
			}
		}
	}
	if err := s.readFrames(f); err != nil {
		return nil, err
	}
	sort.Slice(s.blocks, func(i, j int) bool {
		a, b := s.blocks[i], s.blocks[j]
		return a.top < b.top || a.top == b.top && a.left < b.left
	})
	return s, nil
}

// frameColumns is how many columns of a row are asked for a frame.
const frameColumns = 6

// readFrames finds rows that are part of a drawn table although they hold nothing yet, and cells with formulas.
func (s *sheet) readFrames(f *excelize.File) error {
	frames := map[int]bool{0: false}
	for r := range min(max(s.rows+200, 60), layoutRows) {
		for c := range max(min(s.cols, 60), frameColumns) {
			cell, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err != nil {
				return err
			}
			if formula, err := f.GetCellFormula(s.name, cell); err != nil {
				return err
			} else if formula != "" {
				b := s.block(r, c)
				if b == nil {
					b = &block{area: area{r, c, r, c}}
					s.put(b)
				}
				b.formula = true
			}
			if s.framed[r] || c >= frameColumns {
				continue
			}
			id, err := f.GetCellStyle(s.name, cell)
			if err != nil {
				return err
			}
			frame, known := frames[id]
			if !known {
				frame = hasFrame(f, id)
				frames[id] = frame
			}
			if frame {
				s.framed[r] = true
			}
		}
	}
	return nil
}

func hasFrame(f *excelize.File, style int) bool {
	st, err := f.GetStyle(style)
	return err == nil && st != nil && len(st.Border) > 0
}

func valueAt(values [][]string, r, c int) string {
	if r < len(values) && c < len(values[r]) {
		return values[r][c]
	}
	return ""
}

// clean drops blanks around a text and the apostrophe with which spreadsheets mark text.
func clean(s string) string {
	s = strings.Trim(s, " \t\r\n\v\f\u00a0\u3000\ufeff\u200b")
	return strings.TrimPrefix(s, "'")
}
