package font

import (
	"maps"
	"slices"
)

// stretch is a run of characters whose glyphs follow one another.
type stretch struct{ first, last, glyph int }

func (j *Join) stretches() []stretch {
	var out []stretch
	for _, c := range slices.Sorted(maps.Keys(j.glyph)) {
		if n := len(out); n > 0 {
			if s := &out[n-1]; c == s.last+1 && c != 0x10000 && j.glyph[c] == s.glyph+c-s.first {
				s.last = c
				continue
			}
		}
		out = append(out, stretch{c, c, j.glyph[c]})
	}
	return out
}

// cmap says which glyph each character has: in format 4 for the basic plane and, if there are characters
// beyond it, in format 12 for those.
func (j *Join) cmap() []byte {
	var basic, wide []stretch
	for _, s := range j.stretches() {
		if s.first > 0xFFFF {
			wide = append(wide, s)
		} else {
			basic = append(basic, s)
		}
	}
	four := format4(append(basic, stretch{0xFFFF, 0xFFFF, 0x10000}))
	if wide == nil {
		return append(words(0, 1, 3, 1, 0, 12), four...)
	}
	b := words(0, 2, 3, 1, 0, 20, 3, 10, 0, 20+len(four))
	return append(append(b, four...), format12(wide)...)
}

func format4(list []stretch) []byte {
	n := len(list)
	sel := 0
	for 2<<sel <= n {
		sel++
	}
	var starts, ends, deltas []int
	for _, s := range list {
		starts, ends, deltas = append(starts, s.first), append(ends, s.last), append(deltas, s.glyph-s.first)
	}
	b := words(4, 16+8*n, 0, 2*n, 2<<sel, sel, 2*n-2<<sel)
	b = append(append(b, words(ends...)...), 0, 0)
	b = append(append(b, words(starts...)...), words(deltas...)...)
	return append(b, make([]byte, 2*n)...)
}

func format12(list []stretch) []byte {
	b := words(12, 0)
	for _, v := range []int{16 + 12*len(list), 0, len(list)} {
		b = be.AppendUint32(b, uint32(v))
	}
	for _, s := range list {
		for _, v := range []int{s.first, s.last, s.glyph} {
			b = be.AppendUint32(b, uint32(v))
		}
	}
	return b
}

// words writes numbers as 16 bits each, keeping their low ones.
func words(list ...int) (b []byte) {
	for _, v := range list {
		b = be.AppendUint16(b, uint16(v))
	}
	return b
}
