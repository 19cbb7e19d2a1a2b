package fill

import "strings"

// field is a label with the one place where its value goes.
type field struct {
	labelAt area
	path    []string // groups and the label itself
	value   area
	inline  bool   // the value goes into the label's own cell, behind the colon
	before  string // of an inline field: what stays of the cell in front of the value
	options []option
}

// headsFields says whether the next row has labels.
func (s *sheet) headsFields(b *block) bool {
	for c := range s.cols {
		if o := s.block(b.bottom+1, c); o != nil && o.text != "" && o.top == b.bottom+1 && mayLabel(o.text) {
			return true
		}
	}
	return false
}

// field finds where the value of a label goes: to its right, below it, or behind its colon.
func (s *sheet) field(b *block, taken map[*block]bool, know known) (field, bool) {
	if !mayLabel(b.text) || signWords.MatchString(squeeze(b.text)) {
		return field{}, false
	}
	f := field{labelAt: b.area, path: append(s.groupsLeft(b, taken), b.text)}
	if before, ok := dotted(b.text); ok {
		f.value, f.inline, f.before = b.area, true, before
		return f, true
	}
	if s.down[b.top] {
		if below := s.areaAt(b.bottom+1, b.left); below.left == b.left {
			f.value = below
			f.options = options(s.text(below.top, below.left))
			return f, true
		}
	}
	if v := s.blankRight(b); v != nil {
		f.value = *v
		f.options = options(s.text(v.top, v.left))
		return f, true
	}
	right := s.block(b.top, b.right+1)
	if s.written(b, right, taken, know) {
		f.value = right.area
		return f, true
	}
	if below := s.blankBelow(b); below != nil && (right == nil || right.text != "") {
		f.value = *below
		f.options = options(s.text(below.top, below.left))
		return f, true
	}
	if q := squeeze(b.text); strings.Contains(q, ":") && endsOpen(b.text) {
		f.value, f.inline, f.before = b.area, true, b.text
		return f, true
	}
	return field{}, false
}

// dotted is what stands before the places of a value in the label's own cell: 填表日期: 年 月 日.
func dotted(text string) (before string, ok bool) {
	i := strings.IndexAny(text, ":：")
	if i < 0 {
		return "", false
	}
	end := i + len(":")
	if !strings.HasPrefix(text[i:], ":") {
		end = i + len("：")
	}
	return text[:end], isPlaceholder(text[end:])
}

// written says whether the block to the right of a label is a value that somebody wrote there: the label is known, and it is no label.
func (s *sheet) written(b, right *block, taken map[*block]bool, know known) bool {
	if right == nil || right.text == "" || right.formula || taken[right] || right.top != b.top || endsOpen(right.text) || isNote(right.text) {
		return false
	}
	return know([]string{b.text}) >= 0.5 && know([]string{right.text}) == 0
}

// blankRight is the blank place to the right of a label, or the printed choices there.
func (s *sheet) blankRight(b *block) *area {
	c := b.right + 1
	if c > s.cols || c == s.cols && !endsOpen(b.text) && !s.framed[b.top] {
		return nil
	}
	o := s.block(b.top, c)
	if o == nil {
		a := area{b.top, c, b.top, c}
		return &a
	}
	if o.formula || o.text != "" && !isPrinted(o.text) || o.top != b.top && o.top < b.top {
		return nil
	}
	return &o.area
}

// blankBelow is the blank place right below a label, of its own width.
func (s *sheet) blankBelow(b *block) *area {
	r := b.bottom + 1
	if r > s.rows || r == s.rows && !s.framed[r] {
		return nil
	}
	o := s.block(r, b.left)
	if o == nil {
		a := area{r, b.left, r, b.left}
		return &a
	}
	if o.formula || o.text != "" && !isPrinted(o.text) || o.left != b.left {
		return nil
	}
	return &o.area
}

// groupsLeft are the labels that stand left of a label and reach over several rows, from the outermost.
func (s *sheet) groupsLeft(b *block, taken map[*block]bool) []string {
	var out []string
	for c := b.left - 1; c >= 0; {
		g := s.block(b.top, c)
		if g == nil {
			c--
			continue
		}
		if g.text != "" && g.height() > b.height() && g.top <= b.top && g.bottom >= b.bottom && mayLabel(g.text) {
			out = append([]string{g.text}, out...)
		}
		c = g.left - 1
	}
	return out
}

// downRows is how far down such a card is looked for: it is one sheet of paper.
const downRows = 60

// findDown finds a card whose values stand below their labels: rows of labels, each with one row that is no label under it.
func (s *sheet) findDown(know known) {
	s.down = map[int]bool{}
	names := func(r int) bool {
		known, texts := 0, 0
		for c := range s.cols {
			b := s.block(r, c)
			if b == nil || b.text == "" || b.left != c || b.top != r {
				continue
			}
			texts++
			if below := s.block(r+1, c); b.bottom > r || below != nil && below.top == r {
				return false
			}
			if mayLabel(b.text) && know([]string{b.text}) >= 0.5 {
				known++
			}
		}
		return known >= 2 && 3*known >= 2*texts || known >= 1 && texts == known && texts < 3
	}
	blank := func(r int) bool {
		for c := range s.cols {
			if b := s.block(r, c); b != nil && (b.formula || b.text != "" && (b.top < r || know([]string{b.text}) > 0 || isNote(b.text) || endsOpen(b.text))) {
				return false
			}
		}
		return true
	}
	for r := 0; r+3 < min(s.rows+1, downRows); r++ {
		if !names(r) || !blank(r+1) || s.isMarkerRow(r+1) {
			continue
		}
		if names(r+2) && blank(r+3) && s.framed[r+1] && (s.rows <= r+4 || !blank(r+4) || !s.framed[r+4]) || s.down[r-1] && s.down[r-2] {
			for i := range 4 {
				s.down[r+i] = true
			}
		}
	}
}

// isMarkerRow says whether a row holds only column numbers.
func (s *sheet) isMarkerRow(r int) bool {
	n := 0
	for c := range s.cols {
		if v := s.text(r, c); v != "" {
			if len([]rune(v)) > 2 {
				return false
			}
			n++
		}
	}
	return n > 2
}
