package gram

import "unicode/utf8"

// Packed is a gram of up to three characters as one number, which is quicker to look up than a text. Longer grams do not fit.
type Packed uint64

// runeBits hold any character.
const runeBits = 21

// With gives the gram with one more character behind it.
func (p Packed) With(r rune) Packed { return p<<runeBits | Packed(r) }

// Pack makes a number of a gram; of more than three characters the last three stay.
func Pack(s string) Packed {
	var p Packed
	for _, r := range s {
		p = p.With(r)
	}
	return p & (1<<(3*runeBits) - 1)
}

// String gives the gram as a text.
func (p Packed) String() string {
	var b [3 * utf8.UTFMax]byte
	out := b[:0]
	for shift := 2 * runeBits; shift >= 0; shift -= runeBits {
		if r := rune(p >> shift & (1<<runeBits - 1)); r != 0 {
			out = utf8.AppendRune(out, r)
		}
	}
	return string(out)
}
