package fill

import (
	"regexp"
	"slices"
	"strings"

	"linli/internal/calendar"
	"linli/internal/fact"
)

// planner understands one sheet.
type planner struct {
	words   words
	others  []string
	choice  Choice
	now     calendar.Date
	figures Figures
}

// Choice is what a person said about a form. The zero Choice says nothing.
type Choice struct {
	Subjects map[string]fact.Subject // by sheet
	Refs     map[string]fact.Ref     // by sheet and slot key (SlotKey); "-" for a slot that is to stay as it is
}

// SlotKey is the key of a slot in Choice.Refs.
func SlotKey(sheet, slot string) string { return sheet + "\n" + slot }

// Leave is the Ref of a slot that is to stay as it is.
const Leave fact.Ref = "-"

// sheet understands one sheet.
func (p planner) sheet(s *sheet, values [][]string) Sheet {
	out := Sheet{Name: s.name, Kind: Nothing, main: -1}
	seen := map[string]float64{} // a label, or a value where one might be, is looked up once
	known := func(path []string) float64 {
		leaf := path[len(path)-1]
		k, ok := seen[leaf]
		if !ok {
			k = p.knows(path)
			seen[leaf] = k
		}
		return k
	}
	out.lay = s.find(known)
	out.Title = out.lay.title
	out.Day = today(out.lay, p.now)
	switch {
	case len(out.lay.tables) == 0 && len(out.lay.fields) == 0:
		return out
	case p.isCard(out.lay):
		out.Kind = Card
	default:
		out.Kind, out.main = List, mainTable(out.lay)
		p.unhead(&out.lay.tables[out.main], out.Title)
		if len(out.lay.tables[out.main].heads) > 0 || p.report(&out) {
			out.Kind = Numbers
		}
	}
	p.chooseSubject(&out)
	p.fillSlots(&out, s, values)
	if out.Kind == Numbers {
		p.countable(&out)
	}
	if out.Kind == List {
		out.Keyed, out.Free = p.countRows(out, s, values)
	}
	return out
}

// fillSlots gives every column and field its meaning.
func (p planner) fillSlots(sh *Sheet, s *sheet, values [][]string) {
	r := &reader{words: p.words, subject: sh.Subject, others: p.others}
	r.count(sh.paths())
	keys := map[string]int{}
	slot := func(path []string, m meaning) Slot {
		key := strings.Join(labels(path), "/")
		if keys[key]++; keys[key] > 1 {
			key += "#" + string(rune('0'+min(keys[key], 9)))
		}
		out := Slot{Key: key, Path: path, Meaning: m.verdict, Maybe: m.candidates, Of: m.context, inTable: -1}
		if m.verdict == Sure || m.verdict == Maybe {
			out.Ref, out.Fact = m.ref, m.fact
		}
		return out
	}
	if sh.Kind == Card {
		context := ""
		group := ""
		for _, f := range sh.lay.fields {
			if g := strings.Join(f.path[:len(f.path)-1], "/"); g != group {
				group, context = g, ""
			}
			m := r.read(f.path, context)
			context = r.nextContext(f.path, m, context)
			sl := slot(f.path, m)
			sl.field = f
			p.settle(sh, &sl, sh.Subject)
			if w := around(f); w != Unknown && sl.Meaning != Sure && sl.Meaning != Left {
				sl.Meaning = w
				sh.Above = append(sh.Above, sl)
				continue
			}
			sh.Slots = append(sh.Slots, sl)
		}
		for i, t := range sh.lay.tables {
			p.partSlots(sh, i, t, slot)
		}
		return
	}
	for i, t := range sh.lay.tables {
		if i != sh.main {
			continue
		}
		var before meaning
		var seen []string
		for n, c := range t.columns {
			m := r.read(c.path, "")
			key := strings.Join(labels(c.path), "/")
			switch {
			case m.known() && slices.Contains(seen, key): // the second of one name may be anybody's
				m = asked(m)
			case n > 0 && m.known() && reaches[m.fact.ID] && r.namesOther(t.columns[n-1].path, before):
				m = asked(m) // a phone right behind another person's name
			}
			seen, before = append(seen, key), m
			sl := slot(c.path, m)
			sl.at = c
			sl.Samples = samples(values, t, c)
			p.settle(sh, &sl, sh.Subject)
			sh.Slots = append(sh.Slots, sl)
		}
	}
	for _, f := range sh.lay.fields {
		sl := slot(f.path, meaning{verdict: Unknown})
		sl.field = f
		sl.Meaning = aboveWord(f.path[len(f.path)-1])
		sh.Above = append(sh.Above, sl)
	}
}

// partSlots gives the columns of a small table in a card their meaning: its rows are the people of the household and the like.
func (p planner) partSlots(sh *Sheet, i int, t table, slot func([]string, meaning) Slot) {
	part, ok := p.words.PartFor(sh.Subject, t.group)
	pr := &reader{words: p.words, subject: part.To, others: p.others, seen: map[string]int{}}
	for _, c := range t.columns {
		path := c.path
		if t.group != "" {
			path = append([]string{t.group}, c.path...)
		}
		m := meaning{verdict: Unknown}
		if ok {
			m = pr.read(c.path, "")
		}
		sl := slot(path, m)
		sl.at, sl.inTable, sl.Part = c, i, part.Name
		if ok {
			p.settle(sh, &sl, part.To)
		}
		sh.Slots = append(sh.Slots, sl)
	}
}

// settle applies what a person chose for a slot, and finds how it wants its values.
func (p planner) settle(sh *Sheet, sl *Slot, subject fact.Subject) {
	if ref, ok := p.choice.Refs[SlotKey(sh.Name, sl.Key)]; ok {
		sl.Chosen = true
		sl.Meaning, sl.Ref, sl.Fact = Left, "", fact.Fact{}
		if ref != Leave {
			if f, ok := p.words.Find(subject, ref); ok {
				sl.Meaning, sl.Ref, sl.Fact = Sure, ref, f.Fact
			}
		}
	}
	if sl.Meaning == Maybe && sl.Ref != "" {
		p.byContent(sl)
	}
	if sl.Meaning != Sure && sl.Meaning != Maybe {
		return
	}
	sl.style = styleOf(sl.Fact, sl.Label(), sh.lay.notes, sl.Samples)
}

// byContent takes a likely meaning where the content of the column agrees with it: every sample can be read as a value of the fact, and
// that says something.
func (p planner) byContent(sl *Slot) {
	if sl.Maybe[0].Grade != fact.Likely || len(sl.Samples) < 2 || sl.Fact.Type == fact.Text {
		return
	}
	st := styleOf(sl.Fact, sl.Label(), nil, sl.Samples)
	for _, v := range sl.Samples {
		if _, _, ok := st.comparable(sl.Fact, v); !ok {
			return
		}
	}
	sl.Meaning = Sure
}

func labels(path []string) []string {
	out := make([]string, len(path))
	for i, s := range path {
		out[i] = label(s)
	}
	return out
}

// sampleRows is how many values of a column are looked at.
const sampleRows = 20

func samples(values [][]string, t table, c column) []string {
	var out []string
	for r := t.first; r < len(values) && len(out) < sampleRows && r < t.first+1000; r++ {
		if r > t.last && !t.open {
			break
		}
		if v := clean(valueAt(values, r, c.col)); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// Fields over and under a list that the platform can fill in: who fills in the form, when, for which office.
const (
	aboveOffice Verdict = "office"
	aboveDay    Verdict = "day"
	aboveFiller Verdict = "filler"
	abovePlace  Verdict = "place"
	aboveStreet Verdict = "street"
	aboveCounty Verdict = "county"
)

var aboveWords = []struct {
	words *regexp.Regexp
	means Verdict
}{
	{regexp.MustCompile(`^(填报|上报|报送|填表|制表)(单位|社区|部门)$|^单位(名称)?$`), aboveOffice},
	{regexp.MustCompile(`^(填报|上报|填表|制表|报告|报送|统计)?(日期|时间)$`), aboveDay},
	{regexp.MustCompile(`^(填报|填表|制表|上报|经办)人(员|姓名)?$`), aboveFiller},
	{regexp.MustCompile(`^(所在|所属)?(村社区|社区|社区村|村居|居委会|社区名称|村|社区居委会)$`), abovePlace},
	{regexp.MustCompile(`^(所在|所属)?([镇乡]*(街道|街)[镇乡]*|(街道)?办事处(街道)?)$`), aboveStreet},
	{regexp.MustCompile(`^(所在|所属)?(区|县|区县|县区|县市区|市县区|区县市)(名称)?$`), aboveCounty},
}

// around is what a field of a card means that speaks of the form rather than of whom it is about: a line with a colon of its own, or a
// label that says so.
func around(f field) Verdict {
	if len(f.path) > 1 {
		return Unknown
	}
	w := aboveWord(f.path[0])
	if w == aboveDay && !f.inline && !endsOpen(f.path[0]) && len([]rune(squeeze(f.path[0]))) < 4 {
		return Unknown // a bare date may be anything's
	}
	if w == aboveOffice && strings.HasPrefix(squeeze(f.path[0]), "单位") {
		return Unknown
	}
	return w
}

func aboveWord(text string) Verdict {
	l, _, _ := strings.Cut(squeeze(text), ":")
	l = strings.NewReplacer("(", "", ")", "", "（", "", "）", "", "、", "", "/", "").Replace(l)
	l = strings.Trim(l, labelEnds)
	for _, w := range aboveWords {
		if w.words.MatchString(l) {
			return w.means
		}
	}
	return Unknown
}
