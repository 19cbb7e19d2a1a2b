package fill

import "sort"

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
	headed    *column   // its own label, nil where it has none
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

// maxDepth is the most rows that a header has.
const maxDepth = 5

// tables are the best headers that do not touch each other, from top to bottom.
func (s *sheet) tables(know known) []table {
	var found []table
	for top := range min(s.rows, layoutRows) {
		for depth := 1; depth <= maxDepth && top+depth <= s.rows; depth++ {
			if s.down[top] || s.down[top+depth-1] {
				break
			}
			for _, t := range s.headers(top, top+depth-1) {
				t.score = t.rate(know)
				if t.score >= 3 && !s.cardRow(t, know) && !s.fieldOver(t, know) {
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

// rate says how good a header is: known labels count most, then labels at all.
func (t *table) rate(know known) float64 {
	sum, group := 0.0, 0.0
	for _, c := range t.columns {
		sum += 4 * know(c.path)
		if mayLabel(c.leaf()) {
			sum++
		}
		if len(c.path) > 1 {
			group = 1 // parts under a group are hardly anything but columns
		}
	}
	return sum + 0.01*float64(t.bottom-t.top) + group
}
