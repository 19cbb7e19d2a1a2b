package fill

import "strings"

// endsTable says whether row r no longer belongs to a table: a note, a line of signatures, another header, the end of its group.
func (s *sheet) endsTable(t table, r int) bool {
	if t.groupArea.bottom >= 0 && t.group != "" {
		return r > t.groupArea.bottom
	}
	if r < t.first {
		return false
	}
	if r >= layoutRows {
		return false
	}
	open, texts := 0, 0
	for c := t.left; c <= t.right; c++ {
		b := s.block(r, c)
		if b == nil || b.left < c && c > t.left || b.text == "" {
			if b != nil && b.text == "" && b.width() >= max(3, (t.right-t.left+1)*2/3) && b.top == r {
				return true // a blank merged line
			}
			continue
		}
		texts++
		q := squeeze(b.text)
		if isNote(b.text) || signWords.MatchString(q) {
			return true
		}
		if b.width() >= max(3, (t.right-t.left+1)*2/3) && b.width() > 2 {
			return true
		}
		if strings.Contains(q, ":") && len([]rune(q)) <= long && mayLabel(q) {
			open++
		}
	}
	return open > 0 && open*2 >= texts
}

// complete finds the rows of data under a header.
func (s *sheet) complete(t *table) {
	t.last = t.first - 1
	t.open = true
	for r := t.first; r < max(s.rows, t.first); r++ {
		if s.endsTable(*t, r) {
			t.open = false
			break
		}
		if r < layoutRows && s.isSum(*t, r) {
			t.sums = append(t.sums, r)
			t.open = false
			if t.last < t.first || len(t.heads) > 0 {
				continue
			}
			break
		}
		if r < layoutRows && s.emptyRow(*t, r) && !s.framed[r] {
			if s.textBelow(*t, r) {
				t.open = false
			}
			break
		}
		t.last = r
	}
	if t.open {
		for r := max(t.last+1, t.first); s.framed[r]; r++ { // drawn rows that hold nothing yet
			t.last = r
		}
	}
	s.findHeads(t)
}

func (s *sheet) emptyRow(t table, r int) bool {
	for c := t.left; c <= t.right; c++ {
		if !s.block(r, c).blank() {
			return false
		}
	}
	return true
}

func (s *sheet) textBelow(t table, r int) bool {
	for _, b := range s.blocks {
		if b.top > r && b.text != "" && b.left <= t.right {
			return true
		}
	}
	return false
}

func (s *sheet) isSum(t table, r int) bool {
	for c := t.left; c <= min(t.left+1, t.right); c++ {
		if sumWords.MatchString(squeeze(s.text(r, c))) {
			return true
		}
	}
	return false
}

// findHeads finds printed row labels: the first column says something in most rows and all others are blank.
func (s *sheet) findHeads(t *table) {
	if t.last < t.first || t.last >= layoutRows || len(t.columns) < 2 {
		return
	}
	first, rest := t.columns[0].col, t.columns[1:]
	if t.left > 0 && s.text(t.first, t.left-1) != "" && t.groupArea.height() <= 0 { // the label over the row labels was left blank
		first, rest = t.left-1, t.columns
	}
	var heads []rowHead
	others := 0
	for r := t.first; r <= t.last; r++ {
		if v := s.text(r, first); v != "" {
			heads = append(heads, rowHead{r, v})
		}
		for _, c := range rest {
			if b := s.block(r, c.col); b != nil && b.text != "" && !b.formula && b.left == c.col {
				others++
			}
		}
	}
	rows := t.last - t.first + 1
	if len(heads)*2 > rows && others == 0 && !serials(heads) {
		t.heads, t.headCol = heads, first
		t.left = min(t.left, first)
		if t.columns[0].col == first {
			t.headed = &t.columns[0]
			t.columns = t.columns[1:]
		}
	}
}

// serials says whether row labels are only numbers 1, 2, 3.
func serials(heads []rowHead) bool {
	for _, h := range heads {
		if strings.Trim(squeeze(h.text), "0123456789.") != "" {
			return false
		}
	}
	return len(heads) < 2 || len([]rune(squeeze(heads[0].text))) < 4
}
