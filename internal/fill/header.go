package fill

import "strings"

// headers are the headers that the rows top to bottom make: runs of columns each of which has a label.
func (s *sheet) headers(top, bottom int) []table {
	var out []table
	for c := 0; c < s.cols; c++ {
		t, next := s.headerFrom(top, bottom, c)
		if t != nil {
			out = append(out, *t)
		}
		c = max(c, next-1)
	}
	return out
}

// headerFrom reads a header from column c to the right, and gives the column after it. nil if there is none.
func (s *sheet) headerFrom(top, bottom, c int) (*table, int) {
	t := &table{area: area{top: top, left: c, bottom: bottom, right: c}, first: bottom + 1, groupArea: area{0, 0, -1, -1}}
	gaps, missing := 0, 0
	col := c
	for col < s.cols {
		path, right, ok := s.path(top, bottom, c, col)
		if !ok {
			break
		}
		if len(path) == 0 {
			if gaps++; gaps > 1 || len(t.columns) == 0 {
				break
			}
			col = right + 1
			continue
		}
		missing += gaps
		gaps = 0
		t.columns = append(t.columns, column{col, right, path})
		t.right = right
		col = right + 1
	}
	next := max(col, c+1)
	if len(t.columns) < 2 || 4*missing > len(t.columns) || !s.isHeader(t) {
		return nil, next
	}
	s.beside(t)
	return t, next
}

// path is the labels over one column, from above; ok is false where a block reaches beyond the header.
func (s *sheet) path(top, bottom, from, col int) (path []string, right int, ok bool) {
	right = col
	var last *block
	for r := top; r <= bottom; r++ {
		b := s.block(r, col)
		if b == nil {
			// A label of a group that was not merged reaches over the blank cells to its right.
			if r < bottom && r >= top {
				if g := s.groupLeftOf(top, bottom, r, from, col); g != "" {
					path = append(path, g)
				}
			}
			continue
		}
		if b.top < top || b.bottom > bottom || b.left < from {
			if b.left < from && b.top >= top && b.bottom <= bottom && b.text != "" {
				return nil, col, false
			}
			return nil, col, false
		}
		if b == last || b.text == "" {
			continue
		}
		last = b
		path = append(path, b.text)
		if r == bottom || b.bottom == bottom {
			right = b.right
		}
	}
	// The lowest row must say something of its own: otherwise the header ends above.
	if last != nil && last.bottom < bottom && s.text(bottom, col) == "" {
		if last.width() > 1 {
			return nil, col, true // a title or a group over a blank cell
		}
	}
	return path, right, true
}

// groupLeftOf is the label of an unmerged group at row r left of col with only blank cells between, where the row below has text.
func (s *sheet) groupLeftOf(top, bottom, r, from, col int) string {
	if s.text(r+1, col) == "" && (r+1 >= bottom || s.text(bottom, col) == "") {
		return ""
	}
	for c := col - 1; c >= from; c-- {
		b := s.block(r, c)
		if b == nil {
			continue
		}
		if b.top == r && b.bottom == r && b.right == c && b.text != "" && s.text(r+1, c) != "" {
			return b.text
		}
		return ""
	}
	return ""
}

// isHeader says whether labels over columns are a header: each row adds something, and there is room below.
func (s *sheet) isHeader(t *table) bool {
	labels, data, open := 0, 0, 0
	for _, c := range t.columns {
		if mayLabel(c.leaf()) || len(c.path) > 1 {
			labels++
		} else {
			data++
		}
		if endsOpen(c.leaf()) {
			open++
		}
		if isNote(c.leaf()) || isPrinted(c.leaf()) {
			return false
		}
	}
	if labels < 2 || data > labels/3 || 2*open > len(t.columns) {
		return false
	}
	for r := t.top; r <= t.bottom; r++ { // every row has a label of its own
		own := false
		for _, b := range s.blocks {
			if b.top == r && b.text != "" && b.left >= t.left && b.right <= t.right {
				own = true
				break
			}
		}
		if !own {
			return false
		}
	}
	if t.bottom > t.top { // the rows belong together: something stands over or beside parts of it
		if s.underTitle(t) {
			return false
		}
		for _, c := range t.columns { // no label hangs below a blank place
			if b := s.block(t.top, c.col); len(c.path) < 2 && (b == nil || b.text == "") {
				return false
			}
		}
		for _, c := range t.columns { // a line such as "office: … date: …" stands over a header and is not part of it
			for _, over := range c.path[:len(c.path)-1] {
				if endsOpen(over) {
					return false
				}
			}
		}
		tied := false
		for _, b := range s.blocks {
			if b.top >= t.top && b.bottom <= t.bottom && b.left >= t.left && b.right <= t.right && b.text != "" && (b.height() > 1 || b.width() > 1 && b.bottom < t.bottom) {
				tied = true
			}
		}
		for _, c := range t.columns {
			tied = tied || len(c.path) > 1
		}
		if !tied || !s.rowsTied(t) {
			return false
		}
	}
	return s.roomBelow(t)
}

// cardRow says whether what looks like a header is a row of a card that somebody began to fill in: each label that is known has a value
// or a blank place beside it rather than another label.
func (s *sheet) cardRow(t table, know known) bool {
	last := func(text string) float64 { return know([]string{text}) }
	names, values, neighbours, wasName := 0, 0, 0, false
	for _, c := range t.columns {
		name := last(c.leaf()) >= 0.5
		switch {
		case name && wasName && s.block(t.bottom, c.col-1) != nil:
			neighbours++
		case !name && wasName && len([]rune(squeeze(c.leaf()))) >= 6 && datum.MatchString(squeeze(c.leaf())):
			values += 2 // a number or a day as only a record has it
		case !name && wasName:
			values++
		}
		if name {
			names++
		}
		wasName = name
	}
	if names == 0 || values == 0 || neighbours > 0 {
		return false
	}
	if values > 1 && values > names || len(t.columns) == 2 {
		return true
	}
	gap := false
	for c := t.left; c <= t.right+1; c++ {
		gap = gap || s.block(t.bottom, c) == nil && c < s.cols
	}
	first := t.columns[0].col
	for _, r := range []int{t.top - 1, t.bottom + 1} {
		if text := s.text(r, first); text != "" && last(text) >= 0.5 {
			return true // labels stand under labels
		}
	}
	return gap
}

// fieldOver says whether a field with its value stands over the header rather than a group of it: a label that is known, over one column
// alone, with a text beside it.
func (s *sheet) fieldOver(t table, know known) bool {
	for r := t.top; r < t.bottom; r++ {
		for c := t.left; c <= t.right; c++ {
			b := s.block(r, c)
			if b == nil || b.left != c || b.width() > 1 || b.bottom != r || b.text == "" || s.text(r, c+1) == "" || s.text(r+1, c) == "" {
				continue
			}
			if know([]string{b.text}) >= 0.5 && know([]string{s.text(r, c+1)}) == 0 {
				return true
			}
		}
	}
	return false
}

// underTitle says whether the first row of a header is one text over all columns: a title, unless it is merged and a title stands
// over it.
func (s *sheet) underTitle(t *table) bool {
	for _, c := range t.columns {
		if len(c.path) < 2 || c.path[0] != t.columns[0].path[0] {
			return false
		}
	}
	first := s.block(t.top, t.left)
	if first == nil || first.width() < 2 || first.bottom > t.top {
		return true
	}
	for _, b := range s.blocks {
		if b.bottom < t.top && b.text != "" && b.width() > 1 && s.alone(b) {
			return false
		}
	}
	return true
}

// rowsTied says whether every row but the lowest holds a group with parts in the row below, or a label that reaches down to the lowest row.
func (s *sheet) rowsTied(t *table) bool {
	for r := t.top; r < t.bottom; r++ {
		ok := false
		for _, b := range s.blocks {
			if b.top > r || b.bottom < r || b.top < t.top || b.left < t.left || b.right > t.right || b.text == "" {
				continue
			}
			if b.bottom > r {
				ok = true // reaches down
			} else if b.width() > 1 && s.parts(b, t.bottom) > 1 {
				ok = true
			} else if b.width() == 1 && b.bottom == r && s.text(r+1, b.left) != "" && s.text(r, b.left+1) == "" && s.text(r+1, b.left+1) != "" {
				ok = true // an unmerged group
			}
		}
		if !ok {
			return false
		}
	}
	// No lower label may stand under a single label of its own width, except where the upper one is a group:
	// two rows of values would look like that.
	stacked := 0
	for _, c := range t.columns {
		if len(c.path) < 2 {
			continue
		}
		up := s.block(t.bottom-1, c.col)
		if up != nil && up.top == t.bottom-1 && up.bottom == t.bottom-1 && up.width() == c.right-c.col+1 && s.text(t.bottom, c.col) != "" &&
			(s.text(t.bottom-1, c.right+1) != "" || c.right == t.right) {
			stacked++
		}
	}
	return stacked*3 <= len(t.columns)
}

// parts counts the labels right under a block.
func (s *sheet) parts(b *block, bottom int) int {
	if b.bottom+1 > bottom {
		return 0
	}
	n := 0
	var last *block
	for c := b.left; c <= b.right; c++ {
		if u := s.block(b.bottom+1, c); u != nil && u != last && u.text != "" && u.left >= b.left && u.right <= b.right {
			n++
			last = u
		}
	}
	return n
}

// roomBelow says whether the row below the header (or below its rows of column numbers) is blank or holds data.
func (s *sheet) roomBelow(t *table) bool {
	for r := t.bottom + 1; r <= t.bottom+2; r++ {
		if s.isMarker(t, r) {
			t.markers = append(t.markers, r)
			t.first = r + 1
			continue
		}
		break
	}
	texts, labels := 0, 0
	for i, c := range t.columns {
		b := s.block(t.first, c.col)
		if b != nil && (b.top < t.first && b.bottom >= t.first) {
			return false // a label of the header reaches further down
		}
		if b == nil || b.text == "" {
			continue
		}
		texts++
		if i > 0 && len([]rune(b.text)) < 12 && !isPrinted(b.text) && mayLabel(b.text) && strings.IndexFunc(b.text, isHan) >= 0 && endsOpen(b.text) {
			labels++
		}
	}
	return labels == 0 || texts > 2*labels
}

// isMarker says whether a row under a header holds only letters or numbers of the columns: 甲 乙 1 2 3 or 1=2+3.
func (s *sheet) isMarker(t *table, r int) bool {
	n, marks := 0, 0
	for _, c := range t.columns {
		v := squeeze(s.text(r, c.col))
		if v == "" {
			continue
		}
		n++
		if len([]rune(strings.Trim(v, "()"))) <= 2 && (strings.Trim(v, "()0123456789") == "" || strings.ContainsAny(v, "甲乙丙丁戊己庚辛壬癸abcdefghijklmnopqrstuvwxyz")) ||
			strings.Trim(v, "0123456789=+-*/()") == "" && strings.ContainsAny(v, "=+") || v == "—" || v == "-" {
			marks++
		}
	}
	if n < 2 || marks < n || 2*n < len(t.columns) {
		return false
	}
	// 1 2 3 in order, or letters; a row of data with small numbers is not one
	first, second := squeeze(s.text(r, t.columns[0].col)), ""
	if len(t.columns) > 1 {
		second = squeeze(s.text(r, t.columns[1].col))
	}
	return strings.ContainsAny(first+second, "甲乙a=") || first == "" && strings.Trim(second, "()") == "1" || strings.Trim(first, "()") == "1" && strings.Trim(second, "()") == "2" || first == "—"
}

// beside finds the label that stands left of the header and reaches further down: the group of a table in a card.
func (s *sheet) beside(t *table) {
	if t.left == 0 {
		return
	}
	b := s.block(t.top, t.left-1)
	if b != nil && b.text != "" && b.top <= t.top && b.bottom > t.bottom {
		t.group, t.groupArea = b.text, b.area
	}
}
