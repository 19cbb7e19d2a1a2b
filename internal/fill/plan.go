package fill

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
)

// Kind says what sort of form a sheet is.
type Kind string

// The kinds of sheets.
const (
	List    Kind = "list"    // a row for each person, household, organisation …
	Card    Kind = "card"    // a sheet about one of them
	Numbers Kind = "numbers" // only numbers, by row labels
	Nothing Kind = "nothing" // neither labels nor a header: left as it is
)

// Text names the kind.
func (k Kind) Text() i18n.Text {
	return map[Kind]i18n.Text{List: i18n.FillKindList, Card: i18n.FillKindCard, Numbers: i18n.FillKindNumbers, Nothing: i18n.FillKindNothing}[k]
}

// Slot is one place of a form: a column of a list, a field of a card, or a column of a small table in a card.
type Slot struct {
	Key     string   // names the slot within its sheet, stable for the same form
	Path    []string // labels, from the outermost group to the label itself
	Meaning Verdict
	Ref     fact.Ref         // what it means, where the verdict is Sure
	Fact    fact.Fact        // the fact at the end of Ref
	Maybe   []fact.Candidate // what it may mean otherwise, best first
	Of      string           // the person of whom the form speaks here, if not the row's own
	Part    string           // of a column of a small table in a card: the part whose rows it lists
	Chosen  bool             // somebody said so for this form
	Figure  string           // of a Counted label: the figure that it names
	Samples []string         // what stands in it already, the first few

	at       column
	field    field
	style    style
	standing bool // of a Counted label: how things stand on a day
	inTable  int  // of a small table: its place among the sheet's tables; -1 otherwise
}

// Label is the lowest label, as it is printed.
func (s Slot) Label() string { return s.Path[len(s.Path)-1] }

// Sealed says whether filling the slot opens sealed data.
func (s Slot) Sealed() bool { return s.Meaning == Sure && s.Fact.Sensitivity == fact.Sealed }

// Sheet is one sheet of a form as it was understood.
type Sheet struct {
	Name     string
	Title    string
	Kind     Kind
	Hidden   bool // a hidden sheet is left as it is
	Subject  fact.Subject
	Subjects []fact.Subject // what it may be about, the likeliest first
	Slots    []Slot
	Heads    []Slot // printed row labels of a report of numbers
	Above    []Slot // fields over and under a list: who fills it in, when
	Day      calendar.Date
	Keyed    int // rows that say already whom they are about
	Free     int // rows that are drawn and still blank

	lay  layout
	main int // of a list: its table
}

// Form is a workbook as it was understood.
type Form struct {
	Name    string
	Sheets  []Sheet
	Notices []errs.Message // what somebody should know of the file: hidden sheets, links to other files
}

// Sealed says whether filling the form opens sealed data.
func (f *Form) Sealed() bool {
	for _, sh := range f.Sheets {
		for _, s := range append(slices.Clone(sh.Slots), sh.Above...) {
			if s.Sealed() {
				return true
			}
		}
	}
	return false
}

// Unrecognised are the labels of which the catalogue knows nothing, each once.
func (f *Form) Unrecognised() []string {
	var out []string
	for _, sh := range f.Sheets {
		slots := sh.Slots
		if slices.ContainsFunc(sh.Heads, func(h Slot) bool { return h.Meaning == Counted }) { // figures in rows: the columns say only that numbers stand there
			slots = append(slices.DeleteFunc(slices.Clone(slots), func(s Slot) bool { return valueColumn.MatchString(label(s.Label())) }), sh.Heads...)
		}
		for _, s := range slots {
			if s.Meaning == Unknown || s.Meaning == OfOther || s.Meaning == Several || s.Meaning == Maybe {
				if l := strings.Join(s.Path, " / "); !slices.Contains(out, l) {
					out = append(out, l)
				}
			}
		}
	}
	return out
}

// titleWords hint at what a form is about.
var titleWords = []struct {
	words   *regexp.Regexp
	subject fact.Subject
}{
	{regexp.MustCompile(`认领|责任区|设岗`), fact.Claim},
	{regexp.MustCompile(`党员`), fact.Member},
	{regexp.MustCompile(`楼栋|楼幢|房屋`), fact.Building},
	{regexp.MustCompile(`网格(信息|情况|基本|一览|划分|登记|台账|统计)`), fact.Grid},
	{regexp.MustCompile(`小区`), fact.Quarter},
	{regexp.MustCompile(`住户|家庭|入户|户情|分户|每户|户表`), fact.Household},
	{regexp.MustCompile(`单位|企业|组织(信息|情况|基本|一览|名册)|机构|支部(信息|情况|基本|一览|名册)|商户|门店`), fact.Organisation},
	{regexp.MustCompile(`活动|会议`), fact.Activity},
	{regexp.MustCompile(`实事`), fact.Deed},
	{regexp.MustCompile(`人员|居民|人口|老人|老年|儿童|花名册|名单|青少年|学生|个人|参保|困难|残疾`), fact.Person},
}

// subjectsOfLists are what a list may be about, in the order in which ties are decided.
var subjectsOfLists = []fact.Subject{fact.Person, fact.Member, fact.Household, fact.Organisation, fact.Building, fact.Grid, fact.Quarter, fact.Activity,
	fact.Claim, fact.Deed, fact.Responsibility, fact.Attendance, fact.Slip}

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

// knows says how surely a label is known for any subject, from 0 to 1.
func (p planner) knows(path []string) float64 {
	leaf := path[len(path)-1]
	l := label(leaf)
	if serialWords[l] || remarkWords[l] {
		return 0.5
	}
	best := 0.0
	for _, s := range []fact.Subject{fact.Person, fact.Household, fact.Organisation} {
		for _, c := range p.words.Lookup(s, leaf) {
			switch {
			case c.Grade >= fact.Inherit:
				return 1
			case c.Grade == fact.Likely:
				best = 0.5
			}
		}
	}
	return best
}

// isCard says whether a sheet is about one thing: labels with blank places beside them say more than any table does.
func (p planner) isCard(l layout) bool {
	fields := 0
	for _, f := range l.fields {
		if !endsOpen(f.path[len(f.path)-1]) && !f.inline {
			fields++
		}
	}
	if len(l.tables) == 0 {
		return true
	}
	best := l.tables[mainTable(l)]
	if len(best.heads) > 0 && slices.ContainsFunc(l.fields, func(f field) bool { return p.names(f) }) {
		return true // printed rows to be marked for the one whose name stands over them
	}
	if best.group != "" {
		return true
	}
	return fields >= 3 && fields >= len(best.columns)
}

// keys are the facts by which a row says whom or what it is about.
var keys = map[string]bool{"person.name": true, "member.name": true, "person.id_number": true, "organisation.name": true, "organisation.uscc": true,
	"building.name": true, "grid.code": true, "grid.name": true, "quarter.name": true, "household.address": true}

// unhead takes names that somebody wrote into the first column of a list for what they are: no printed row labels.
func (p planner) unhead(t *table, title string) {
	if t.headed == nil {
		return
	}
	for _, s := range []fact.Subject{fact.Person, fact.Member, fact.Organisation, fact.Building, fact.Grid, fact.Quarter, fact.Household} {
		r := reader{words: p.words, subject: s, others: p.others}
		m := r.read(t.headed.path, "")
		if !m.known() || !keys[m.fact.ID] || s != fact.Person && s != fact.Member && reportWords.MatchString(squeeze(title)) {
			continue
		}
		t.columns = append([]column{*t.headed}, t.columns...)
		t.heads, t.headed = nil, nil
		return
	}
}

// names says whether a field asks for the name of somebody or the address of a dwelling.
func (p planner) names(f field) bool {
	if len(f.path) > 1 || aboveWord(f.path[0]) != Unknown {
		return false
	}
	r := reader{words: p.words, subject: fact.Person, others: p.others}
	m := r.read(f.path, "")
	return m.known() && m.hops == 0 && m.fact.ID == "person.name" || m.known() && m.fact.ID == "household.address"
}

func mainTable(l layout) int {
	best := 0
	for i, t := range l.tables {
		b := l.tables[best]
		if (t.group == "") != (b.group == "") {
			if t.group == "" {
				best = i
			}
			continue
		}
		if t.score > b.score {
			best = i
		}
	}
	return best
}

// paths are the labels that decide what a sheet is about.
func (sh *Sheet) paths() [][]string {
	var out [][]string
	if sh.Kind == Card {
		for _, f := range sh.lay.fields {
			out = append(out, f.path)
		}
		return out
	}
	for _, c := range sh.lay.tables[sh.main].columns {
		out = append(out, c.path)
	}
	return out
}

// chooseSubject decides what a sheet is about: as chosen, or as most of its labels and its title say.
func (p planner) chooseSubject(sh *Sheet) {
	type rated struct {
		s     fact.Subject
		score float64
	}
	var all []rated
	for _, s := range subjectsOfLists {
		all = append(all, rated{s, p.rate(sh, s)})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].score > all[j].score })
	for _, r := range all {
		if r.score > 0 {
			sh.Subjects = append(sh.Subjects, r.s)
		}
	}
	if len(sh.Subjects) == 0 {
		sh.Subjects = []fact.Subject{fact.Person}
	}
	sh.Subject = sh.Subjects[0]
	if s, ok := p.choice.Subjects[sh.Name]; ok && s.Valid() {
		sh.Subject = s
	}
}

func (p planner) rate(sh *Sheet, s fact.Subject) float64 {
	r := &reader{words: p.words, subject: s, others: p.others}
	paths := sh.paths()
	r.count(paths)
	sum, context := 0.0, ""
	for _, path := range paths {
		m := r.read(path, context)
		if sh.Kind == Card {
			context = r.nextContext(path, m, context)
		}
		switch m.verdict {
		case Sure:
			sum += 3
			if m.grade >= fact.Near {
				sum++
			}
			sum -= 0.7 * float64(m.hops)
		case Maybe, Several:
			sum += 0.5
		}
	}
	title := squeeze(sh.Title + sh.Name)
	for i, w := range titleWords {
		if w.subject == s && w.words.MatchString(title) && sum > 0 {
			sum += 3 - 0.1*float64(i)
			break
		}
	}
	return sum
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
