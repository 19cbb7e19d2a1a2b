package tabular

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// headRows is how far down a header is looked for.
const headRows = 30

// readAhead reads up to n rows and keeps copies of them. It ends early at the end of the file or at an error,
// which the source tells again.
func readAhead(s source, n int) []rawRow {
	var rows []rawRow
	for len(rows) < n {
		r, err := s.next()
		if err != nil {
			break
		}
		r.cells = slices.Clone(r.cells)
		rows = append(rows, r)
	}
	return rows
}

// headerAt is a header found among the first rows: names, and the rows first to last that make it.
type headerAt struct {
	first, last int
	names       []string
	score       int
}

// findHeader reads the first rows and sets Header. Without columns to look for, it is the first row with content,
// or the first with two cells where title lines of one cell stand above.
func (t *Table) findHeader() error {
	t.ahead = readAhead(t.src, headRows)
	h := t.bestHeader(t.ahead)
	if len(t.opts.Columns) == 0 {
		h = plainHeader(t.ahead)
	} else if h.score < int(Synonym) {
		return t.noHeader()
	}
	if len(h.names) == 0 {
		return t.noHeader()
	}
	h = withParts(h, t.ahead)
	if len(h.names) > t.limits.Columns {
		return errs.New(errs.Invalid, i18n.TabularTooWide, t.ahead[h.last].n, t.limits.Columns)
	}
	t.Header, t.HeaderRow = h.names, t.ahead[h.last].n
	t.ahead = t.ahead[h.last+1:]
	return nil
}

// noHeader is the error of a table in which no row is a header; a failing source tells its own.
func (t *Table) noHeader() error {
	if len(t.ahead) < headRows {
		if _, err := t.src.next(); err != nil && err != io.EOF {
			return err
		}
	}
	if !slices.ContainsFunc(t.ahead, func(r rawRow) bool { return filled(r.cells) > 0 }) {
		return errs.New(errs.Invalid, i18n.TabularEmpty)
	}
	var zh, en []string
	for _, c := range t.opts.Columns[:min(6, len(t.opts.Columns))] {
		zh, en = append(zh, c.Title.In(i18n.ZH)), append(en, c.Title.In(i18n.EN))
	}
	return errs.New(errs.Invalid, i18n.TabularNoHeader, i18n.Both(strings.Join(zh, i18n.CodeListComma.In(i18n.ZH)), strings.Join(en, ", ")))
}

func plainHeader(rows []rawRow) headerAt {
	one := headerAt{}
	for i, r := range rows {
		switch n := filled(r.cells); {
		case n > 1:
			return headerAt{first: i, last: i, names: trimAll(r.cells)}
		case n == 1 && one.names == nil:
			one = headerAt{first: i, last: i, names: trimAll(r.cells)}
		}
	}
	return one
}

func trimAll(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = trim(c)
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

// bestHeader is the run of one to three rows in which most columns are found; score 0 if none is.
func (t *Table) bestHeader(rows []rawRow) headerAt {
	var best headerAt
	if t.words == nil {
		t.words = newLexicon(t.opts.Columns)
	}
	for i := range rows {
		names := trimAll(rows[i].cells)
		for last := i; last < len(rows) && last < i+3; last++ {
			if last > i {
				names = underneath(names, rows[last].cells)
			}
			s := t.words.score(names)
			if s > best.score || s > 0 && s == best.score && last-i < best.last-best.first {
				best = headerAt{first: i, last: last, names: slices.Clone(names), score: s}
			}
		}
	}
	return best
}

// withParts adds the rows below a header that name the parts of its groups: a group is a name with blank cells to
// its right, where
// cells were merged; a row of parts has content under groups only, from their first cell on.
func withParts(h headerAt, rows []rawRow) headerAt {
	for h.last+1 < len(rows) && h.last < h.first+3 {
		below := rows[h.last+1].cells
		if !isParts(h.names, below) {
			break
		}
		h.names = underneath(h.names, below)
		h.last++
	}
	return h
}

func isParts(names, below []string) bool {
	blank := func(i int) bool { return i >= len(names) || names[i] == "" }
	parts, started := 0, false // started: the group at hand has its first part under its name
	for i, c := range below {
		empty := trim(c) == ""
		if !blank(i) {
			started = !empty
		}
		switch {
		case empty:
		case blank(i) && !started, !blank(i) && !blank(i+1): // outside a group
			return false
		case blank(i):
			parts++
		}
	}
	return parts > 0
}

// underneath joins a header row with the one below it: the lower name counts where there is one.
func underneath(names, below []string) []string {
	out := make([]string, max(len(names), len(below)))
	copy(out, names)
	for i, c := range below {
		if c = trim(c); c != "" {
			out[i] = c
		}
	}
	return trimAll(out)
}

// passOver says whether a row is not data: the example of the template, a row of column numbers right under the
// header, a sum or a sign-off line.
func (t *Table) passOver(r rawRow) bool {
	return t.isExample(r.cells) || r.n <= t.HeaderRow+2 && isNumbering(r.cells) || isFooter(r.cells)
}

// isExample says whether all filled cells, two at least, repeat the examples of their columns.
func (t *Table) isExample(cells []string) bool {
	if t.rows > 3 || len(t.opts.Columns) == 0 {
		return false
	}
	same := 0
	for _, f := range t.Match().Found {
		v := Row{Cells: cells}.At(f.Column)
		if v == "" {
			continue
		}
		if c := t.opts.Columns[f.of]; c.Example == "" || v != c.Example {
			return false
		}
		same++
	}
	return same > 1
}

// isNumbering says whether the cells count 1, 2, 3, … as official forms do under their header.
func isNumbering(cells []string) bool {
	want := 0
	for _, c := range cells {
		c = strings.Trim(trim(c), "()\uff08\uff09[]")
		if c == "" {
			continue
		}
		if n, err := strconv.Atoi(width.Narrow.String(c)); err != nil || want > 0 && n != want+1 || want == 0 && n > 1 {
			return false
		} else {
			want = n
		}
	}
	return want > 2
}

// isFooter says whether the row is a sum or a sign-off line: few cells, the first being the word for a sum, or
// beginning with one of the words of sign-off lines and holding their colon.
func isFooter(cells []string) bool {
	if filled(cells) > max(3, len(cells)/2) {
		return false
	}
	for _, c := range cells {
		if c = squeeze(c); c == "" {
			continue
		}
		signs := func(w string) bool { return strings.HasPrefix(c, w) && strings.Contains(c, ":") }
		return slices.Contains(i18n.TabularSumWords, c) || slices.ContainsFunc(i18n.TabularSignOffWords, signs)
	}
	return false
}

// squeeze gives s in plain width and small letters without any blanks.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return unicode.ToLower(r)
	}, width.Fold.String(s))
}
