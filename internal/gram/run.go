package gram

import (
	"unicode"
	"unicode/utf8"
)

// Digits stands in a run for a number: how long it is and which one it is cannot be told any more.
const Digits = '#'

// Run is a stretch of running text without punctuation in folded form: full-width characters are plain, letters small, every
// row of digits is one Digits. At has one entry more than Runes: At[i] is where in the text, in bytes, the i-th character
// begins, and the last entry where the run ends.
type Run struct {
	Runes []rune
	At    []int
}

// Runs takes a running text apart at everything that is neither a letter nor a digit. What stands in square brackets was put
// there instead of something that may not be read ("[电话]") and is left out. Blanks inside a line do not part what belongs
// together; the end of a line does.
func Runs(text string) []Run {
	runes := make([]rune, 0, utf8.RuneCountInString(text))
	at := make([]int, 0, cap(runes)+1)
	var out []Run
	first := 0 // where in runes the run begins
	end := 0   // where in the text its last character ends
	cut := func() {
		if len(runes) > first {
			at = append(at, end)
			out = append(out, Run{runes[first:len(runes):len(runes)], at[first+len(out) : len(at) : len(at)]})
			first = len(runes)
		}
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		next := i + size
		if r >= 0xff01 && r <= 0xff5e { // full-width forms of ! to ~
			r -= 0xfee0
		}
		switch {
		case r == '[':
			cut()
			if n := masked(text[next:]); n > 0 {
				next += n
			}
		case unicode.IsDigit(r):
			if len(runes) == first || runes[len(runes)-1] != Digits {
				runes, at = append(runes, Digits), append(at, i)
			}
			end = next
		case unicode.IsLetter(r):
			runes, at = append(runes, unicode.ToLower(r)), append(at, i)
			end = next
		case r == '\n' || r == '\r':
			cut()
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Mn, r):
		default:
			cut()
		}
		i = next
	}
	cut()
	return out
}

// masked gives the length of what stands before the closing bracket and the bracket; 0 if it is not the short word that takes
// the place of something hidden.
func masked(rest string) int {
	const longest = 6
	for i, n := 0, 0; i < len(rest) && n <= longest; n++ {
		r, size := utf8.DecodeRuneInString(rest[i:])
		if i += size; r == ']' || r == '\uff3d' {
			return i
		}
	}
	return 0
}
