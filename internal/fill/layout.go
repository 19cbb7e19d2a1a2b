package fill

import (
	"sort"
	"strings"
)

// table is a header over one or more rows, and the rows under it.
type table struct {
	area                // of the header, from its first to its last label
	columns   []column  // in the order of the sheet
	group     string    // label that stands beside or over the whole table in a card: 家庭成员
	first     int       // first row of data
	last      int       // last row that is there for data; first-1 if there is none
	open      bool      // nothing stands below: rows may be added without moving anything
	heads     []rowHead // printed row labels of a report of numbers
	headCol   int       // the column in which they stand; columns holds the others
	markers   []int     // rows under the header with letters or numbers of the columns
	sums      []int     // rows of sums within or under the data
	score     float64
	groupArea area
}

// column is one column of a table.
type column struct {
	col, right int
	path       []string // labels from the uppermost to the lowest
}

func (c column) leaf() string { return c.path[len(c.path)-1] }

// rowHead is a printed label of a row.
type rowHead struct {
	row  int
	text string
}

// field is a label with the one place where its value goes.
type field struct {
	labelAt area
	path    []string // groups and the label itself
	value   area
	inline  bool // the value goes into the label's own cell, behind the colon
	options []option
}

// layout is what was found on a sheet.
type layout struct {
	title  string
	tables []table
	fields []field
	notes  []string // notes and hints under or over the tables
}

// known tells how surely somebody knows a label; 0 if not at all. It steers where headers are looked for.
type known func(path []string) float64

// find finds the tables and fields of a sheet.
func (s *sheet) find(know known) layout {
	var l layout
	taken := map[*block]bool{}
	for _, t := range s.tables(know) {
		s.complete(&t)
		for _, b := range s.blocks {
			if b.overlaps(t.area) || t.groupArea.height() > 0 && b.area == t.groupArea && t.group != "" ||
				b.top >= t.first && b.top <= t.last && b.left >= t.left && b.right <= t.right {
				taken[b] = true
			}
		}
		l.tables = append(l.tables, t)
	}
	s.loose(&l, taken)
	return l
}

// maxDepth is the most rows that a header has.
const maxDepth = 5

// tables are the best headers that do not touch each other, from top to bottom.
func (s *sheet) tables(know known) []table {
	var found []table
	for top := range min(s.rows, layoutRows) {
		for depth := 1; depth <= maxDepth && top+depth <= s.rows; depth++ {
			for _, t := range s.headers(top, top+depth-1) {
				t.score = t.rate(know)
				if t.score >= 3 {
					found = append(found, t)
				}
			}
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].score > found[j].score })
	var out []table
	for _, t := range found {
		reach := t.area
		for r := t.bottom + 1; r < s.rows; r++ { // its rows of data are its own
			if s.endsTable(t, r) {
				break
			}
			reach.bottom = r
		}
		free := true
		for _, o := range out {
			free = free && !o.overlaps(reach) && !(o.top <= t.bottom && o.bottom >= t.top && o.left <= t.right && o.right >= t.left)
		}
		if free {
			t2 := t
			t2.area = reach
			out = append(out, t2)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].top < out[j].top || out[i].top == out[j].top && out[i].left < out[j].left
	})
	for i := range out {
		out[i].bottom = out[i].first - 1 - len(out[i].markers)
	}
	return out
}

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
		if isNote(c.leaf()) || options(c.leaf()) != nil || isPlaceholder(c.leaf()) {
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
		if i > 0 && len([]rune(b.text)) < 12 && options(b.text) == nil && mayLabel(b.text) && strings.IndexFunc(b.text, isHan) >= 0 && endsOpen(b.text) {
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

// rate says how good a header is: known labels count most, then labels at all.
func (t *table) rate(know known) float64 {
	sum := 0.0
	for _, c := range t.columns {
		sum += 4 * know(c.path)
		if mayLabel(c.leaf()) {
			sum++
		}
	}
	return sum + 0.01*float64(t.bottom-t.top)
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

// loose finds the title, the fields outside tables, and the notes.
func (s *sheet) loose(l *layout, taken map[*block]bool) {
	section := ""
	values := map[area]bool{}
	for _, b := range s.blocks {
		if b.text == "" || taken[b] || values[b.area] {
			continue
		}
		switch {
		case isNote(b.text):
			l.notes = append(l.notes, b.text)
		case l.title == "" && s.alone(b) && !endsOpen(b.text) && (b.width() > 1 || b.top < 3) && len(l.fields) == 0:
			l.title = b.text
		case s.alone(b) && b.width() > 1 && s.blankRight(b) == nil && !endsOpen(b.text) && s.headsFields(b):
			section = b.text
		case options(b.text) != nil || isPlaceholder(b.text):
			// choices without a label are a value that was claimed or belongs to nobody
		default:
			if f, ok := s.field(b, taken); ok {
				if section != "" {
					f.path = append([]string{section}, f.path...)
				}
				values[f.value] = true
				l.fields = append(l.fields, f)
			}
		}
	}
}

// alone says whether a block is the only text of its row.
func (s *sheet) alone(b *block) bool {
	for c := range s.cols {
		if o := s.block(b.top, c); o != nil && o != b && o.text != "" {
			return false
		}
	}
	return true
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
func (s *sheet) field(b *block, taken map[*block]bool) (field, bool) {
	if !mayLabel(b.text) || signWords.MatchString(squeeze(b.text)) {
		return field{}, false
	}
	f := field{labelAt: b.area, path: append(s.groupsLeft(b, taken), b.text)}
	if v := s.blankRight(b); v != nil {
		f.value = *v
		f.options = options(s.text(v.top, v.left))
		return f, true
	}
	right := s.block(b.top, b.right+1)
	if below := s.blankBelow(b); below != nil && (right == nil || right.text != "") {
		f.value = *below
		f.options = options(s.text(below.top, below.left))
		return f, true
	}
	if q := squeeze(b.text); strings.Contains(q, ":") && endsOpen(b.text) {
		f.value, f.inline = b.area, true
		return f, true
	}
	return field{}, false
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
	if o.formula || o.text != "" && options(o.text) == nil && !isPlaceholder(o.text) || o.top != b.top && o.top < b.top {
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
	if o.formula || o.text != "" && options(o.text) == nil && !isPlaceholder(o.text) || o.left != b.left {
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

func isHan(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }
