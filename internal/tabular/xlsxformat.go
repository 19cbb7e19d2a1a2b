package tabular

import (
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"
)

// formatNone is the number of a format that no workbook defines: cells that carry it read as the value itself.
const formatNone = 9003

// plainFormats makes cells read as what they hold instead of how they look: a date as 2026-09-30 whatever its
// format, a long number as its digits instead of 1.38E+10 or 13,800,138,000. Formats that put zeros in front
// (000000) are kept, since there the look is the code, and so are percentages and times of day.
func plainFormats(f *excelize.File) {
	if f.Styles == nil || f.Styles.CellXfs == nil {
		return
	}
	codes := map[int]string{}
	if n := f.Styles.NumFmts; n != nil {
		for _, c := range n.NumFmt {
			if c != nil {
				codes[c.NumFmtID] = c.FormatCode
			}
		}
	}
	old := len(f.Styles.CellXfs.Xf)
	to := map[meaning]int{plainValue: formatNone, day: newFormat(f, "yyyy-mm-dd"), instant: newFormat(f, "yyyy-mm-dd hh:mm:ss")}
	for i := range f.Styles.CellXfs.Xf[:old] {
		xf := &f.Styles.CellXfs.Xf[i]
		if xf.NumFmtID == nil {
			continue
		}
		m := builtinMeaning(*xf.NumFmtID)
		if code, custom := codes[*xf.NumFmtID]; custom {
			m = meaningOf(code)
		}
		if id := to[m]; id > 0 {
			xf.NumFmtID = &id
		}
	}
}

// newFormat defines a number format in the workbook and gives its number, 0 if that fails.
func newFormat(f *excelize.File, code string) int {
	id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
	if err != nil || id >= len(f.Styles.CellXfs.Xf) || f.Styles.CellXfs.Xf[id].NumFmtID == nil {
		return 0
	}
	return *f.Styles.CellXfs.Xf[id].NumFmtID
}

// meaning is what a number format says that a number is.
type meaning int

const (
	asShown    meaning = iota // the look is the content
	plainValue                // the number itself
	day
	instant
)

// builtinMeaning knows the formats that workbooks use without defining them; 27 to 58 are those of Chinese versions.
func builtinMeaning(id int) meaning {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return day
	case id == 22:
		return instant
	case id >= 1 && id <= 4, id == 11, id >= 37 && id <= 44, id == 48, id == 49:
		return plainValue
	}
	return asShown
}

var formatLiterals = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`)

// meaningOf reads a number format such as yyyy"年"m"月"d"日";@ or #,##0.00_ .
func meaningOf(code string) meaning {
	core := strings.ToLower(formatLiterals.ReplaceAllString(code, ""))
	core, _, _ = strings.Cut(core, ";")
	has := func(chars string) bool { return strings.ContainsAny(core, chars) }
	date := has("y") || strings.Contains(core, "m") && has("d")
	switch {
	case strings.Contains(core, "general"):
		return asShown
	case date && has("hs"):
		return instant
	case date:
		return day
	case has("hs:%?/"), strings.Contains(core, "00") && !has("#e,") && !strings.HasPrefix(core, "0."):
		return asShown
	}
	return plainValue
}
