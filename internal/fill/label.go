package fill

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// squeeze gives a text in plain width and small letters without any blanks.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '\u3000' {
			return -1
		}
		return unicode.ToLower(r)
	}, width.Fold.String(s))
}

// footnotes are marks in brackets that point to notes, such as [1] or (注2).
var footnotes = regexp.MustCompile(`\[\d+\]|\(注?\d+\)|[①-⑳]|[*★※]+$|^[*★※]+`)

// ordinals are what stands before a label to number it: 一、 (2) 3.
var ordinals = regexp.MustCompile(`^([一二三四五六七八九十]+、|\([一二三四五六七八九十0-9]+\)|\d{1,2}[.、])`)

// bracketed is what stands in brackets: a unit, a hint, a code.
var bracketed = regexp.MustCompile(`\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】`)

// label is the text of a label as it is compared: without blanks, numbers before it, footnote marks, brackets and colon.
func label(s string) string {
	s = squeeze(s)
	s = footnotes.ReplaceAllString(s, "")
	s = ordinals.ReplaceAllString(s, "")
	if t := bracketed.ReplaceAllString(s, ""); strings.Trim(t, labelEnds) != "" {
		s = t
	}
	if i := strings.IndexByte(s, '('); i > 0 && !strings.ContainsRune(s, ')') {
		s = s[:i] // the closing bracket is missing in print
	}
	return strings.Trim(s, labelEnds)
}

const labelEnds = ":;,.、。'\"_-—/()[]#*"

// hints are the texts in brackets of a label, squeezed.
func hints(s string) []string {
	var out []string
	for _, m := range bracketed.FindAllStringSubmatch(squeeze(s), -1) {
		for _, g := range m[1:] {
			if g != "" {
				out = append(out, g)
			}
		}
	}
	return out
}

// long is more than a label has.
const long = 40

// datum is a text that is a value, not a label: a number, a date, an ID number.
var datum = regexp.MustCompile(`^[-+]?[0-9][0-9,.:/年月日x*-]*%?$`)

// mayLabel says whether a text can be a label.
func mayLabel(s string) bool {
	s = squeeze(s)
	n := len([]rune(s))
	return n > 0 && n <= long && !datum.MatchString(s)
}

// endsOpen says whether a label waits for its value behind a colon: 填报单位:
func endsOpen(s string) bool { return strings.HasSuffix(squeeze(s), ":") }

var (
	// noteWords begin a note under a table.
	noteWords = regexp.MustCompile(`^(注|说明|备注|填表说明|填报说明|要求|附注|提示)\d*:`)
	// signWords are in lines of signatures and seals, which people write by hand.
	signWords = regexp.MustCompile(`签名|签字|盖章|公章|印章|手印|\(章\)`)
	// sumWords head a row of sums.
	sumWords = regexp.MustCompile(`^(合计|总计|小计|总数|累计|共计)$`)
)

// isNote says whether a text is a note rather than a label or a value.
func isNote(s string) bool {
	q := squeeze(s)
	return noteWords.MatchString(q) || len([]rune(q)) > 2*long
}

// placeholders are printed words between which something is written: 年 月 日, 区(县) 街(镇).
var placeholders = regexp.MustCompile(`^[\s\x{3000}_省市区县街镇乡道村居社组号栋幢楼单元室年月日时分至到、/()（）—-]+$`)

// isPlaceholder says whether a text only holds the places of what is to be written.
func isPlaceholder(s string) bool {
	return placeholders.MatchString(s) && strings.ContainsAny(s, " \u3000_") && len([]rune(squeeze(s))) > 1
}

var (
	boxes  = regexp.MustCompile(`[□☐○◯]`)
	parens = regexp.MustCompile(`\([\s\x{3000}]*\)|（[\s\x{3000}]*）`)
)

// option is one printed choice of a cell: 是□, 健康( ).
type option struct {
	label string // squeezed
	mark  int    // where in the text the mark goes (byte offset of the box or of the opening bracket)
	end   int    // end of the box or bracket
	box   bool
}

// options are the printed choices of a cell; none where it has no two of them.
func options(s string) []option {
	var marks [][]int
	box := true
	if marks = boxes.FindAllStringIndex(s, -1); len(marks) < 2 {
		box = false
		if marks = parens.FindAllStringIndex(s, -1); len(marks) < 2 {
			return nil
		}
	}
	before := strings.TrimSpace(s[:marks[0][0]]) == "" // □是 □否 rather than 是□ 否□
	var out []option
	for i, m := range marks {
		var l string
		if before {
			to := len(s)
			if i+1 < len(marks) {
				to = marks[i+1][0]
			}
			l = s[m[1]:to]
		} else {
			from := 0
			if i > 0 {
				from = marks[i-1][1]
			}
			l = s[from:m[0]]
		}
		l = strings.Trim(squeeze(l), labelEnds+"|·")
		if l == "" {
			return nil
		}
		out = append(out, option{l, m[0], m[1], box})
	}
	return out
}

// numbered are printed choices with numbers, and one box behind them into which the number is written: 1男 2女 □. at and end are where
// the box is.
func numbered(s string) (codes coding, at, end int, ok bool) {
	marks := boxes.FindAllStringIndex(s, -1)
	if len(marks) != 1 || strings.TrimSpace(s[marks[0][1]:]) != "" {
		return nil, 0, 0, false
	}
	at, end = marks[0][0], marks[0][1]
	codes = readCoding(s[:at])
	return codes, at, end, codes != nil
}

// isPrinted says whether a text in a place for a value is printed there to be written into, ticked or numbered, and is no value yet.
func isPrinted(s string) bool {
	if options(s) != nil || isPlaceholder(s) {
		return true
	}
	_, _, _, ok := numbered(s)
	return ok
}

// tick marks one of the choices in a text.
func tick(s string, o option) string {
	if o.box {
		return s[:o.mark] + "☑" + s[o.end:]
	}
	open, shut := "(", ")"
	if strings.HasPrefix(s[o.mark:], "（") {
		open, shut = "（", "）"
	}
	return s[:o.mark] + open + "√" + shut + s[o.end:]
}
