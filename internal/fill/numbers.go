package fill

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/id"
)

// Counted is the verdict on a label that names one of the district's figures; Slot.Figure says which.
const Counted Verdict = "figure"

// Figures are the numbers of the district, by name. They are given by the package that works them out.
type Figures interface {
	// Named gives the figures that people call by exactly this name or synonym.
	Named(name string) []NamedFigure
	// PlacesSeen gives the places whose figures the actor may see, by ID with all names of each.
	PlacesSeen(ctx context.Context, actor authz.Actor) (map[id.ID][]string, error)
	// Numbers reads figures at places in a period (2026, 2026Q3; "" for the present quarter); a number that is not kept is left out.
	Numbers(ctx context.Context, actor authz.Actor, figures []string, at []id.ID, period string) (map[NumberKey]any, error)
}

// NamedFigure is a figure as a form needs to know it.
type NamedFigure struct {
	ID       string
	Standing bool // how things stand on a day, rather than what happened in a period
}

// NumberKey names one number.
type NumberKey struct {
	Figure string
	Place  id.ID
}

// WithFigures lets reports of numbers be filled in.
func (s *Service) WithFigures(f Figures) *Service {
	s.figures = f
	return s
}

// figureOf gives the one figure that a label names.
func (p planner) figureOf(path []string) (NamedFigure, bool) {
	if p.figures == nil {
		return NamedFigure{}, false
	}
	leaf := label(path[len(path)-1])
	names := []string{leaf}
	for i := len(path) - 2; i >= 0; i-- {
		g := label(path[i])
		if g == "" || neutralGroup.MatchString(g) || plainReport.ReplaceAllString(g, "") == "" {
			continue
		}
		names = []string{g + leaf} // the label says something only together with its group
		break
	}
	for _, end := range []string{"人数", "总数", "数量", "个数", "数"} {
		if short, ok := strings.CutSuffix(names[0], end); ok && len([]rune(short)) > 1 {
			names = append(names, short)
		}
	}
	for _, n := range names {
		switch found := p.figures.Named(n); len(found) {
		case 0:
		case 1:
			return found[0], true
		default:
			return NamedFigure{}, false // fits two: asked, never guessed
		}
	}
	return NamedFigure{}, false
}

// countable finds the figures that the columns or the printed rows of a sheet name.
func (p planner) countable(sh *Sheet) {
	for i := range sh.Slots {
		s := &sh.Slots[i]
		if f, ok := p.figureOf(s.Path); ok && s.Meaning != Left && !s.Chosen {
			s.Meaning, s.Ref, s.Fact, s.Figure, s.standing = Counted, "", fact.Fact{}, f.ID, f.Standing
		} else if s.Meaning == Sure || s.Meaning == Maybe || s.Meaning == Several {
			s.Meaning, s.Ref, s.Fact = Unknown, "", fact.Fact{} // what a row of people says is no number of a place
		}
	}
	for _, h := range sh.lay.tables[sh.main].heads {
		head := Slot{Path: []string{h.text}, Meaning: Unknown, inTable: -1}
		if f, ok := p.figureOf(head.Path); ok {
			head.Meaning, head.Figure, head.standing = Counted, f.ID, f.Standing
		}
		sh.Heads = append(sh.Heads, head)
	}
}

// report says whether a list without printed rows is a report of numbers: its title says so, most columns are named figures, and none
// names anybody.
func (p planner) report(sh *Sheet) bool {
	if !reportWords.MatchString(squeeze(sh.Title)) || p.figures == nil {
		return false
	}
	figures, others := 0, 0
	for _, c := range sh.lay.tables[sh.main].columns {
		l := label(c.leaf())
		switch _, ok := p.figureOf(c.path); {
		case ok:
			figures++
		case serialWords[l] || remarkWords[l]:
		case strings.HasSuffix(l, "姓名") || strings.HasSuffix(l, "名称") || aboveWord(l) != Unknown:
			return false
		default:
			others++
		}
	}
	return figures > 0 && figures >= others
}

var (
	reportWords = regexp.MustCompile(`统计|汇总|报表|季报|年报|月报|快报|数据`)
	// plainReport are words of a title that do not change what a figure is.
	plainReport = regexp.MustCompile(`\d{4}年(度)?|第?[一二三四1-4]季度|[上下]半年|附[件表]\d*|表\d+|基层|社区|街道|全区|各|本|党建|治理|工作|主要|指标|人口|楼栋|党员|党组织|组织|居民|服务|` +
		`建设|基本|情况|信息|数据|数字|统计|汇总|报表|季报|年报|快报|季度|年度|半年|台账|一览|表|册|单|的|及|和|与|\s|[:()（）_\-—.、]`)
	timeWords    = regexp.MustCompile(`\d{4}年(度)?|第?[一二三四1-4]季度|[上下]半年|\d+月(份)?`)
	quarterWords = regexp.MustCompile(`(\d{4})年第?([一二三四1-4])季度`)
	yearWords    = regexp.MustCompile(`(\d{4})年(度|全年)?`)
	partOfYear   = regexp.MustCompile(`\d{4}年\d{1,2}月|[上下]半年|\d{1,2}月份`)
)

// span is the time that a report asks about.
type span struct {
	period string // "" where the title does not say
	vague  bool   // it says something else than a quarter or a year
}

// spanOf reads the time from a title.
func spanOf(title string) span {
	q := squeeze(title)
	if m := quarterWords.FindStringSubmatch(q); m != nil {
		n := strings.IndexAny("一二三四", m[2])
		digit := m[2]
		if n >= 0 {
			digit = string("1234"[n/len("一")])
		}
		return span{period: m[1] + "Q" + digit}
	}
	if partOfYear.MatchString(q) {
		return span{vague: true}
	}
	if m := yearWords.FindStringSubmatch(q); m != nil {
		return span{period: m[1]}
	}
	return span{}
}

// plainTitle says whether a title leaves figures as they are: a report on poor households counts none but these under "households".
func plainTitle(title string) bool {
	rest := timeWords.ReplaceAllString(squeeze(title), "") // first: a name of a place would take its last character in
	rest = plainReport.ReplaceAllString(placeWords.ReplaceAllString(rest, ""), "")
	return len([]rune(rest)) < 2
}

// number is one cell of a report with what it asks.
type number struct {
	row, col int
	label    string
	figure   NumberKey
	sure     bool
}

// numbers fills a report of numbers in: a cell only where its labels name one figure and one place, and the title a time for it. Every
// other stays blank and is marked.
func (r *run) numbers(sh *Sheet) error {
	if err := r.above(sh); err != nil {
		return err
	}
	cells, err := r.asked(sh)
	if err != nil {
		return err
	}
	known := map[NumberKey]any{}
	var ids []string
	var at []id.ID
	for _, c := range cells {
		if c.sure && !slices.Contains(ids, c.figure.Figure) {
			ids = append(ids, c.figure.Figure)
		}
		if c.sure && !slices.Contains(at, c.figure.Place) {
			at = append(at, c.figure.Place)
		}
	}
	if len(ids) > 0 {
		if known, err = r.s.figures.Numbers(r.ctx, r.actor, ids, at, spanOf(sh.Title).period); err != nil && errs.KindOf(err) != errs.Invalid {
			return err // of a time that has not come, or lies too far back, there is no number
		}
	}
	pen := r.b.pen(sh.Name)
	counts := map[string]*SlotCount{}
	var order []string
	for _, c := range cells {
		free, err := pen.free(c.row, c.col)
		if err != nil {
			return err
		}
		if !free {
			continue // sums of the form's own
		}
		n := counts[c.label]
		if n == nil {
			n = &SlotCount{Sheet: sh.Name, Label: c.label, Fact: c.figure.Figure}
			counts[c.label] = n
			order = append(order, c.label)
		}
		if have := clean(valueAt(r.b.values[sh.Name], c.row, c.col)); have != "" {
			r.out.Kept++
			n.Kept++
			continue
		}
		r.out.Cells++
		value, ok := known[c.figure]
		if !c.sure || !ok {
			r.out.Unknown++
			n.Unknown++
			if err := pen.mark(c.row, c.col); err != nil {
				return err
			}
			continue
		}
		r.out.Filled++
		n.Filled++
		if err := pen.set(c.row, c.col, value); err != nil {
			return err
		}
	}
	for _, l := range order {
		r.out.Slots = append(r.out.Slots, *counts[l])
	}
	return nil
}

// asked lists the cells of a report with the figure and the place of each.
func (r *run) asked(sh *Sheet) ([]number, error) {
	t := sh.lay.tables[sh.main]
	var places map[id.ID][]string
	var err error
	if r.s.figures != nil {
		if places, err = r.s.figures.PlacesSeen(r.ctx, r.actor); err != nil {
			return nil, err
		}
	}
	here, err := r.herePlace(sh, places)
	if err != nil {
		return nil, err
	}
	when := spanOf(sh.Title)
	plain := plainTitle(sh.Title)
	timely := func(s Slot) bool { return plain && !when.vague && (s.standing || when.period != "") }
	var out []number
	for i, h := range t.heads {
		r.out.Rows++
		place, isPlace := placeNamed(places, h.text)
		for _, s := range sh.Slots {
			if s.Meaning != Counted && !asks(s.Meaning) {
				continue
			}
			n := number{row: h.row, col: s.at.col, label: s.Label()}
			switch head := sh.Heads[i]; {
			case isPlace && s.Meaning == Counted:
				n.figure, n.sure = NumberKey{s.Figure, place}, timely(s)
			case head.Meaning == Counted && s.Meaning != Counted && valueColumn.MatchString(label(s.Label())):
				n.label = head.Label()
				n.figure, n.sure = NumberKey{head.Figure, here}, here != 0 && timely(head)
			case head.Meaning != Counted && !isPlace && s.Meaning != Counted && valueColumn.MatchString(label(s.Label())):
				n.label = head.Label()
			}
			out = append(out, n)
		}
	}
	if len(t.heads) == 0 { // one row, for the place itself
		r.out.Rows++
		for _, s := range sh.Slots {
			if s.Meaning == Counted || asks(s.Meaning) {
				out = append(out, number{row: t.first, col: s.at.col, label: s.Label(), figure: NumberKey{s.Figure, here},
					sure: s.Meaning == Counted && here != 0 && timely(s)})
			}
		}
	}
	return out, nil
}

// valueColumn is a column that only says that its cells hold the numbers of the rows.
var valueColumn = regexp.MustCompile(`^(数量|数值|数字|数|数据|人数|个数|本期|本期数|合计|总数|现有数|完成数|填报数|实际数)$`)

// herePlace is the place that a report without places is about: the community chosen, or the one place for which the actor works.
func (r *run) herePlace(sh *Sheet, places map[id.ID][]string) (id.ID, error) {
	within, _, err := r.within(sh)
	if err != nil {
		return 0, err
	}
	org := within.Org
	if org == 0 && len(r.actor.Grants) == 1 {
		org = r.actor.Grants[0].Root
	}
	if _, ok := places[org]; !ok {
		return 0, nil
	}
	return org, nil
}

// placeNamed finds the one place of a name.
func placeNamed(places map[id.ID][]string, name string) (one id.ID, ok bool) {
	key := squeeze(name)
	for _, end := range []string{"居委会", "村委会", "居民委员会", "党组织"} {
		key = strings.TrimSuffix(key, end)
	}
	for x, names := range places {
		for _, n := range names {
			if squeeze(n) == key && x != one {
				if one != 0 {
					return 0, false
				}
				one = x
			}
		}
	}
	return one, one != 0
}
