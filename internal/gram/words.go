package gram

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Limits of what Words shows.
const (
	longestWord   = 8    // characters
	longestNumber = 4    // digits; a longer number may be a telephone or an identity
	hot           = 0.25 // part of the heat of the hottest character that makes a character matter
)

// Words gives the n stretches of a text that matter most, the weightiest first, as they stand in the text. runs are those of the
// text; heat says for each of their characters how much it matters. A stretch is of two characters or more that matter at least a
// quarter as much as the one that matters most; a long one is parted where it matters least; none is given that has more than two characters in a row of another, or stands in it; long numbers are never shown.
func Words(text string, runs []Run, heat [][]float64, n int) []string {
	top := 0.0
	for r := range runs {
		for i := range runs[r].Runes {
			if runs[r].shown(i) {
				top = max(top, heat[r][i])
			}
		}
	}
	if top <= 0 {
		return nil
	}
	type word struct {
		text, key string
		heat      float64
		at        int
	}
	var found []word
	for r, run := range runs {
		var add func(from, to int)
		add = func(from, to int) {
			if to-from > longestWord {
				// Between the two neighbours that matter least together.
				weak := from + 2
				for i := from + 3; i <= to-2; i++ {
					if heat[r][i-1]+heat[r][i] < heat[r][weak-1]+heat[r][weak] {
						weak = i
					}
				}
				add(from, weak)
				add(weak, to)
				return
			}
			if to-from < 2 {
				return
			}
			w := word{text[run.At[from]:run.ends(text, to)], string(run.Runes[from:to]), 0, run.At[from]}
			for _, h := range heat[r][from:to] {
				w.heat += h
			}
			found = append(found, w)
		}
		from := 0
		for i := range run.Runes {
			if heat[r][i] < hot*top || !run.shown(i) {
				add(from, i)
				from = i + 1
			}
		}
		add(from, len(run.Runes))
	}
	slices.SortFunc(found, func(a, b word) int { return cmp.Or(cmp.Compare(b.heat, a.heat), cmp.Compare(a.at, b.at)) })
	var out, keys []string
	for _, w := range found {
		if len(out) == n {
			break
		}
		if !slices.ContainsFunc(keys, func(k string) bool { return overlap(k, w.key) }) {
			out, keys = append(out, w.text), append(keys, w.key)
		}
	}
	return out
}

// overlap says whether one of two words stands in the other or three characters of it do.
func overlap(a, b string) bool {
	if strings.Contains(a, b) || strings.Contains(b, a) {
		return true
	}
	r := []rune(a)
	for i := 0; i+3 <= len(r); i++ {
		if strings.Contains(b, string(r[i:i+3])) {
			return true
		}
	}
	return false
}

// shown says whether a character may be shown: a long number may not.
func (r Run) shown(i int) bool { return r.Runes[i] != Digits || r.At[i+1]-r.At[i] <= longestNumber }

// ends gives where in the text the stretch before the to-th character ends, blanks behind it left out.
func (r Run) ends(text string, to int) int {
	last := strings.TrimRightFunc(text[r.At[to-1]:r.At[to]], func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	return r.At[to-1] + len(last)
}
