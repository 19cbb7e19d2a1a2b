package fill

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/fact"
	"linli/internal/i18n"
)

// style is how one column or field wants its values written.
type style struct {
	coding coding    // codes of the form's own
	unsure bool      // the form gives two different codings and does not say which is meant here
	date   dateStyle // "" for the day in full with hyphens
	has    bool      // 有/无 rather than 是/否
}

// styleOf finds the style of a column: what its label says, then what the notes say, then what stands in it already.
func styleOf(f fact.Fact, labelText string, notes []string, samples []string) style {
	var s style
	switch f.Type {
	case fact.Date:
		if d, ok := hintDate(labelText); ok {
			s.date = d
		}
		for _, v := range samples {
			if d, ok := sampleDate(v); ok {
				s.date = d
				break
			}
		}
	case fact.Choice, fact.YesNo:
		s.has = f.Type == fact.YesNo && strings.HasPrefix(label(labelText), "有无")
		s.coding, s.unsure = codingOf(f, labelText, notes)
	}
	return s
}

// codingOf finds codes of the form's own for a choice or a yes-or-no.
func codingOf(f fact.Fact, labelText string, notes []string) (coding, bool) {
	for _, h := range hints(labelText) {
		if c := readCoding(h); c != nil {
			return c, false
		}
	}
	var general []coding
	l := label(labelText)
	for _, n := range segments(notes) {
		c := readCoding(n).without(l)
		if c == nil {
			continue
		}
		if l != "" && strings.Contains(squeeze(n), l) {
			return c, false
		}
		if isSex(f) && c.has(sexWords) || f.Type == fact.YesNo && (c.has(yesWords) || c.has(hasWords)) {
			general = append(general, c)
		}
	}
	for _, c := range general[min(1, len(general)):] {
		if !same(general[0], c) {
			return nil, true
		}
	}
	if len(general) > 0 {
		return general[0], false
	}
	return nil, false
}

// without takes a label off the words before which it stands: 性别男1女2.
func (c coding) without(l string) coding {
	if l == "" || c == nil {
		return c
	}
	out := coding{}
	for w, v := range c {
		out[strings.TrimPrefix(w, l)] = v
	}
	return out
}

func same(a, b coding) bool {
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return len(a) == len(b)
}

// segments splits notes into statements.
func segments(notes []string) []string {
	var out []string
	for _, n := range notes {
		out = append(out, strings.FieldsFunc(n, func(r rune) bool { return r == ';' || r == '；' || r == '。' || r == '\n' })...)
	}
	return out
}

func isSex(f fact.Fact) bool { return f.List == code.Sexes }

// words are the ways in which a value is called in print, the commonest first.
func wordsOf(f fact.Fact, v fact.Value, has bool) []string {
	switch {
	case f.Type == fact.YesNo:
		yes, no := []string{"是", "有", "√"}, []string{"否", "无", "没有"}
		if has {
			yes, no = []string{"有", "是", "√"}, []string{"无", "否", "没有"}
		}
		if v.Text == fact.Yes {
			return yes
		}
		return no
	case isSex(f):
		switch code.Sex(v.Text) {
		case code.Male:
			return []string{"男", "男性"}
		case code.Female:
			return []string{"女", "女性"}
		}
		return nil
	case f.Type == fact.Choice && f.List != nil:
		it, ok := f.List.ByCode(v.Text)
		if !ok {
			return nil
		}
		words := append([]string{it.Label.In(i18n.ZH)}, it.Also...)
		if f.List == code.ResidenceKinds { // forms that only ask whether somebody is registered where they live
			switch v.Text {
			case "1":
				words = append(words, "户籍", "本地")
			case "2", "4":
				words = append(words, "非户籍", "外地")
			}
		}
		return words
	}
	return []string{v.Text}
}

// written gives the content of a cell for a value: a text, or a number for numbers. ok is false where the form's own way of writing has
// no place for it.
func (s style) written(f fact.Fact, v fact.Value) (content any, ok bool) {
	if !v.Known || v.Hidden {
		return nil, false
	}
	switch f.Type {
	case fact.Date:
		d := v.Day()
		if d.IsZero() {
			return nil, false
		}
		style := s.date
		if style == "" {
			style = dateISO
		}
		return style.write(d), true
	case fact.Number:
		if n, err := strconv.ParseFloat(v.Text, 64); err == nil {
			return n, true
		}
		return v.Text, true
	case fact.Choice, fact.YesNo:
		w := wordsOf(f, v, s.has)
		if len(w) == 0 || s.unsure {
			return nil, false
		}
		if s.coding == nil {
			return w[0], true
		}
		for _, x := range w {
			if c, ok := s.coding[squeeze(x)]; ok {
				return c, true
			}
		}
		return nil, false
	}
	return v.Text, v.Text != ""
}

// into gives the content of a cell in which something may be printed already: choices to be ticked, or numbers to be put into a box.
func (s style) into(printed string, f fact.Fact, v fact.Value) (content any, ok bool) {
	if opts := options(printed); opts != nil {
		if i := s.chosen(f, v, opts); i >= 0 {
			return tick(printed, opts[i]), true
		}
		return nil, false
	}
	codes, at, end, ok := numbered(printed)
	if !ok {
		return s.written(f, v)
	}
	if !v.Known || v.Hidden || f.Type != fact.Choice && f.Type != fact.YesNo {
		return nil, false
	}
	for _, w := range wordsOf(f, v, s.has) {
		if c, ok := codes[squeeze(w)]; ok {
			return printed[:at] + c + printed[end:], true
		}
	}
	return nil, false
}

// ranges are how a form prints steps of a number: 80岁以下, 80-89岁, 100岁及以上.
var ranges = regexp.MustCompile(`^(?:(\d+)(?:周?岁)?(及?以[上下])|(\d+)(?:周?岁)?[-~至到—–](\d+)(?:周?岁)?)(?:的)?$`)

// step finds the one printed step within which a number lies; -1 if none or several are. Below 80 leaves 80 out where another step begins
// with it.
func step(n int, opts []option) int {
	type span struct{ from, to int }
	var all []span
	begins := map[int]bool{}
	for _, o := range opts {
		m := ranges.FindStringSubmatch(o.label)
		if m == nil {
			return -1
		}
		first, _ := strconv.Atoi(m[1] + m[3]) // digits
		last, _ := strconv.Atoi(m[4])         // digits or nothing
		switch {
		case strings.HasSuffix(m[2], "上"):
			all = append(all, span{first, math.MaxInt})
		case m[2] != "":
			all = append(all, span{-1, first})
			continue
		default:
			all = append(all, span{first, last})
		}
		begins[first] = true
	}
	found := -1
	for i, s := range all {
		if s.from < 0 && begins[s.to] {
			s.to--
		}
		if n < s.from || n > s.to {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

// chosen finds the printed choice that a value is; -1 if none or several are.
func (s style) chosen(f fact.Fact, v fact.Value, opts []option) int {
	if !v.Known || v.Hidden {
		return -1
	}
	if f.Type == fact.Number {
		n, err := strconv.Atoi(v.Text)
		if err != nil {
			return -1
		}
		return step(n, opts)
	}
	found := -1
	for _, w := range wordsOf(f, v, s.has) {
		for i, o := range opts {
			if o.label == squeeze(w) {
				if found >= 0 && found != i {
					return -1
				}
				found = i
			}
		}
		if found >= 0 {
			return found
		}
	}
	return found
}

// comparable is what a cell that people wrote says, as canonical text; ok is false where it cannot be read as a value of the fact.
func (s style) comparable(f fact.Fact, cell string) (text string, month bool, ok bool) {
	cell = clean(cell)
	if cell == "" {
		return "", false, false
	}
	switch f.Type {
	case fact.Date:
		d, whole, ok := readDate(cell)
		return d.String(), !whole, ok
	case fact.Number:
		n, err := strconv.ParseFloat(squeeze(cell), 64)
		return strconv.FormatFloat(n, 'f', -1, 64), false, err == nil
	case fact.Choice, fact.YesNo:
		for w, c := range s.coding {
			if c == squeeze(cell) {
				cell = w
				break
			}
		}
		list := f.List
		if f.Type == fact.YesNo {
			list = fact.YesNoList
		}
		if list == nil {
			return "", false, false
		}
		it, ok := list.Find(cell)
		return it.Code, false, ok
	}
	return squeeze(cell), false, true
}

// agrees says whether what people wrote in a cell is what the record says: yes, no, or not to be told.
func (s style) agrees(f fact.Fact, cell string, v fact.Value) (same, told bool) {
	if !v.Known {
		return false, false
	}
	text, month, ok := s.comparable(f, cell)
	if !ok {
		return false, false
	}
	if v.Hidden { // a mask shows its first and last characters
		return maskFits(v.Text, text), true
	}
	switch f.Type {
	case fact.Date:
		if month {
			return strings.HasPrefix(v.Text, text[:7]), true
		}
		return v.Text == text, true
	case fact.Number:
		n, err := strconv.ParseFloat(v.Text, 64)
		return err == nil && strconv.FormatFloat(n, 'f', -1, 64) == text, err == nil
	case fact.Text:
		return squeeze(v.Text) == text, true
	}
	return v.Text == text, true
}

// maskFits says whether a text can be what a mask hides.
func maskFits(mask, text string) bool {
	m := []rune(strings.ToLower(mask))
	t := []rune(strings.ToLower(text))
	if len(m) != len(t) {
		return false
	}
	for i := range m {
		if m[i] != '*' && m[i] != t[i] {
			return false
		}
	}
	return true
}

// today is the day for which a sheet asks: the one it names, or the one on which it is filled.
func today(l layout, now calendar.Date) calendar.Date {
	texts := append([]string{l.title}, l.notes...)
	for _, t := range l.tables {
		for _, c := range t.columns {
			texts = append(texts, c.leaf())
		}
	}
	for _, f := range l.fields {
		texts = append(texts, f.path[len(f.path)-1])
	}
	if d, ok := asOf(texts...); ok {
		return d
	}
	return now
}
