package typeset

import (
	"strings"
	"unicode"
)

// Marks that may not begin a line, and marks that may not end one (the Chinese rules of punctuation,
// GB/T 15834, and what goes with a number).
const (
	noStart = ")]}>,.;:!?%，。、；：？！）】》〉」』〕〗”’…—～·％℃°‰"
	noEnd   = "([{<（【《〈「『〔〖“‘￥¥$№"
)

// Break cuts text into lines no wider than width. It keeps Latin words and numbers whole, begins no line
// with a closing mark and ends none with an opening one; only what is wider than a whole line is
// cut where it must. Nothing is lost but spaces at the ends of lines. A newline always ends a line.
// The first line is shorter by indent.
func Break(text string, width, indent float64, measure func(rune) float64) []string {
	var lines []string
	for i, par := range strings.Split(text, "\n") {
		f := filler{width: width, measure: measure}
		if i == 0 {
			f.used = indent
		}
		for _, c := range clumps([]rune(par)) {
			f.add(c)
		}
		lines = append(lines, f.close()...)
	}
	return lines
}

// clumps cuts a paragraph at every place where a line may end. Spaces stay at the end of their clump.
func clumps(rs []rune) [][]rune {
	var out [][]rune
	start, last := 0, ' ' // last is the last rune that is not a space
	for i, r := range rs {
		if i > 0 && mayBreak(last, r, rs[i-1] == ' ') {
			out = append(out, rs[start:i])
			start = i
		}
		if r != ' ' {
			last = r
		}
	}
	if start < len(rs) {
		out = append(out, rs[start:])
	}
	return out
}

// mayBreak says whether a line may end between a and b, with or without a space between them; a is a space if
// there is nothing else before b.
func mayBreak(a, b rune, spaced bool) bool {
	switch {
	case a == ' ' || b == ' ' || among(noStart, b) || among(noEnd, a):
		return false
	case spaced:
		return true
	case a == '’' && isWord(b), a == b && among("—…", a):
		return false
	default:
		return !isWord(a) || !isWord(b)
	}
}

func among(set string, r rune) bool { return strings.ContainsRune(set, r) }

// isWord says whether r belongs to writing that is cut at spaces only.
func isWord(r rune) bool {
	if r > ' ' && r < 0x7f {
		return true
	}
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) && r < 0x2e80
}

// filler puts clumps into lines.
type filler struct {
	width, used float64
	measure     func(rune) float64
	line        []rune
	lines       []string
}

func (f *filler) add(clump []rune) {
	body := len(clump)
	for body > 0 && clump[body-1] == ' ' {
		body--
	}
	w := f.span(clump[:body])
	if f.used+w > f.width+slack && w <= f.width+slack && len(f.line) > 0 {
		f.end()
	}
	if f.used+w > f.width+slack { // wider than any line: cut it, beginning on this one
		clump = f.force(clump, body)
	}
	f.line = append(f.line, clump...)
	f.used += f.span(clump)
}

// slack forgives rounding in sums of widths.
const slack = 1e-6

// force cuts a clump that is wider than a line and returns what is left for the last line of it.
func (f *filler) force(clump []rune, body int) []rune {
	for {
		n := f.fitting(clump[:body])
		if n >= body {
			return clump
		}
		f.line = append(f.line, clump[:n]...)
		f.end() // also if nothing of it fits on this line any more
		clump, body = clump[n:], body-n
	}
}

// fitting is how many runes of a too wide clump go on this line: if it can be helped not so that the
// next line would begin, or this one end, with a mark that may not stand there. On an empty line it is at
// least one.
func (f *filler) fitting(rs []rune) int {
	empty := len(f.line) == 0
	n, w := 0, f.used
	for n < len(rs) && (w+f.measure(rs[n]) <= f.width+slack || n == 0 && empty) {
		w += f.measure(rs[n])
		n++
	}
	for k := n; k > 0; k-- {
		if k == len(rs) || !among(noStart, rs[k]) && !among(noEnd, rs[k-1]) {
			return k
		}
	}
	if empty {
		return n
	}
	return 0
}

func (f *filler) span(rs []rune) (w float64) {
	for _, r := range rs {
		w += f.measure(r)
	}
	return w
}

func (f *filler) end() {
	f.lines = append(f.lines, strings.TrimRight(string(f.line), " "))
	f.line, f.used = f.line[:0], 0
}

func (f *filler) close() []string {
	f.end()
	return f.lines
}
