package figure

import (
	"maps"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// The permissions of this package.
const (
	PermSee  authz.Permission = "figure.see"  // the figures of the places in scope, and their records
	PermKeep authz.Permission = "figure.keep" // roll up, freeze and reopen periods
)

// When is the kind of period that a figure is about.
type When string

// The kinds of period.
const (
	AsOf      When = "as_of"      // how things stood on the last day of the period, today at the latest
	InQuarter When = "in_quarter" // what happened in the period
	InYear    When = "in_year"    // what happened from the first of January to the end of the period
)

// Text names the kind of period.
func (w When) Text() i18n.Text {
	return map[When]i18n.Text{AsOf: i18n.FigureAsOf, InQuarter: i18n.FigureInQuarter, InYear: i18n.FigureInYear}[w]
}

// Subject is the kind of thing that a record of a figure opens to.
type Subject string

// The subjects.
const (
	Organisation   Subject = "organisation"
	Member         Subject = "member"
	Appointment    Subject = "appointment"
	Registration   Subject = "registration"
	Responsibility Subject = "responsibility"
	Claim          Subject = "claim"
	Activity       Subject = "activity"
	Meeting        Subject = "meeting"
	Attendance     Subject = "attendance"
	Posting        Subject = "posting"
	Deed           Subject = "deed"
	Slip           Subject = "slip"
	Evaluation     Subject = "evaluation"
	QuarterArea    Subject = "quarter_area"
	Grid           Subject = "grid"
	Building       Subject = "building"
	Household      Subject = "household"
	Resident       Subject = "resident"
	Form           Subject = "form"
	Import         Subject = "import"
	Complaint      Subject = "complaint"
	Request        Subject = "request"
	TwoNew         Subject = "two_new"
	Case           Subject = "case"
	Technician     Subject = "technician"
	Visit          Subject = "visit"
	Cobuild        Subject = "cobuild"
	Project        Subject = "project"
	Team           Subject = "team"
	Seeker         Subject = "seeker"
	Preferential   Subject = "preferential"
	Lack           Subject = "need"
	Resource       Subject = "resource"
	Hardship       Subject = "hardship" // a household in hardship
	Outlet         Subject = "outlet"
)

// Dim is one way to break a figure down: the column of its records that holds the item.
type Dim struct {
	Key   string // as stored and in addresses; the column is d_<key>
	Name  i18n.Text
	Label func(item string) i18n.Text // nil where the item is its own name
	Fine  bool                        // too many items for a district: shown for communities only
	Table string                      // table whose code, name and name_en give the labels, one of labelled
}

// Shared says whether the items are the same in every district: named by a list of the platform, neither words that people typed nor kinds that a district keeps.
func (d Dim) Shared() bool { return !d.Fine && d.Table == "" && d.Label != nil }

// Named is what an item is called where no table names it.
func (d Dim) Named(item string) i18n.Text { return d.text(item) }

// text names an item that no table names.
func (d Dim) text(item string) i18n.Text {
	switch {
	case item == "":
		return i18n.FigureUnknown
	case d.Label == nil:
		return i18n.Verbatim(item)
	}
	if t := d.Label(item); !t.IsZero() {
		return t
	}
	return i18n.Verbatim(item)
}

// Ratio makes a figure of two others. Scale is 1000 for per cent with one decimal and 10 for a mean with one decimal.
type Ratio struct {
	Of, By string
	Scale  int64
}

// Figure is one entry of the catalogue.
type Figure struct {
	ID       string
	Chapter  Chapter
	Unit     i18n.Text
	Minutes  bool // amounts are minutes, shown as hours
	When     When
	People   bool // counts people: small counts do not leave the house
	Subject  Subject
	SQL      string // yields the records, see query.go; "" for ratios and pending figures
	Ordered  bool   // the records have a sort key of their own (ord) besides their number
	Dims     []Dim
	Distinct bool // counted apart on each level; SQL holds {place}
	Ratio    *Ratio
	District bool      // belongs to no place below the tenant
	Helper   bool      // part of a ratio: in the catalogue, not in the report
	Pending  i18n.Text // the part of the product that will keep its records
}

// Words are the name, definition and synonyms of the figure.
func (f *Figure) Words() i18n.FigureWords { return i18n.Figures[f.ID] }

// Name is what the figure is called.
func (f *Figure) Name() i18n.Text { return f.Words().Name }

// Recorded says whether the platform keeps the records of the figure today.
func (f *Figure) Recorded() bool { return f.Pending.IsZero() }

// dim finds a breakdown by its key.
func (f *Figure) dim(key string) (Dim, bool) {
	i := slices.IndexFunc(f.Dims, func(d Dim) bool { return d.Key == key })
	if i < 0 {
		return Dim{}, false
	}
	return f.Dims[i], true
}

// Chapter is a part of the report.
type Chapter string

// The chapters, in the order of the report.
const (
	Network  Chapter = "network"
	Coverage Chapter = "coverage"
	Cadres   Chapter = "cadres"
	Members  Chapter = "members"
	Duty     Chapter = "duty"
	Contact  Chapter = "contact"
	Claims   Chapter = "claims"
	Life     Chapter = "life"
	Hours    Chapter = "hours"
	Feedback Chapter = "feedback"
	CoBuild  Chapter = "cobuild"
	Services Chapter = "services"
	People   Chapter = "people"
	Honours  Chapter = "honours"
	Platform Chapter = "platform"
)

// Chapters lists the chapters in the order of the report.
func Chapters() []Chapter {
	return []Chapter{Network, Coverage, Cadres, Members, Duty, Contact, Claims, Life, Hours, Feedback, CoBuild, Services, People, Honours, Platform}
}

// Text is the heading of the chapter.
func (c Chapter) Text() i18n.Text { return i18n.FigureChapters[string(c)] }

// figures is every figure in the order of the report.
var figures = slices.Concat(networkFigures, coverageFigures, twoNewFigures, cadreFigures, memberFigures, dutyFigures, contactFigures, claimFigures, lifeFigures,
	hourFigures, feedbackFigures, coBuildFigures, serviceFigures, caseFigures, peopleFigures, honourFigures, platformFigures, requestFigures)

var byID = func() map[string]*Figure {
	m := map[string]*Figure{}
	for i := range figures {
		m[figures[i].ID] = &figures[i]
	}
	return m
}()

// Catalogue gives every figure in the order of the report. They are not to be changed.
func Catalogue() []*Figure {
	list := make([]*Figure, len(figures))
	for i := range figures {
		list[i] = &figures[i]
	}
	return list
}

// ByID finds a figure.
func ByID(id string) (*Figure, error) {
	if f := byID[id]; f != nil {
		return f, nil
	}
	return nil, errs.ErrNotFound
}

// Named finds the figures that people call by exactly this name or synonym, in either language, or whose ID it is. Forms that ask for
// numbers use it; several answers mean that the caller has to ask.
func Named(name string) []*Figure {
	name = fold(name)
	var list []*Figure
	for _, f := range Catalogue() {
		if name != "" && slices.Contains(f.names(), name) {
			list = append(list, f)
		}
	}
	return list
}

// Search finds the figures whose name, synonyms or definition hold every word of the text.
func Search(text string) []*Figure {
	var list []*Figure
	words := strings.Fields(strings.ToLower(text))
	for _, f := range Catalogue() {
		w := f.Words()
		hay := strings.ToLower(strings.Join([]string{f.ID, w.Name.In(i18n.ZH), w.Name.In(i18n.EN), w.Also.In(i18n.ZH), w.Also.In(i18n.EN),
			w.Definition.In(i18n.ZH), w.Definition.In(i18n.EN)}, "\n"))
		if !slices.ContainsFunc(words, func(x string) bool { return !strings.Contains(hay, x) }) {
			list = append(list, f)
		}
	}
	return list
}

// names are all names of the figure, folded.
func (f *Figure) names() []string {
	w := f.Words()
	list := []string{fold(f.ID), fold(w.Name.In(i18n.ZH)), fold(w.Name.In(i18n.EN))}
	for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
		for _, s := range strings.FieldsFunc(w.Also.In(l), func(r rune) bool { return strings.ContainsRune("、;，,", r) }) {
			list = append(list, fold(s))
		}
	}
	return list
}

// fold makes two ways of writing a name alike: case, blanks and brackets do not count.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\n　（）()《》“”\"'：:", r) {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// Value is what a figure is.
type Value struct {
	Amount  int64 // of a ratio: Num × Scale / Den, half up
	Records int64
	Known   bool // false: not yet recorded, or a ratio by nothing
	Hidden  bool // a small count of people that does not leave the house
	Num     int64
	Den     int64
}

// Divide makes a ratio of its two parts, wherever they come from.
func (r *Ratio) Divide(of, by Value) Value {
	v := Value{Num: of.Amount, Den: by.Amount, Known: by.Amount > 0, Hidden: of.Hidden || by.Hidden, Records: of.Records}
	if v.Known {
		v.Amount = (2*of.Amount*r.Scale + by.Amount) / (2 * by.Amount)
	}
	return v
}

// Show is a value as people read it, without its unit.
func (f *Figure) Show(v Value) string {
	switch {
	case v.Hidden && f.Ratio != nil:
		return "–"
	case v.Hidden:
		return i18n.FigureFewer.In(i18n.ZH)
	case !v.Known:
		return "–"
	case f.Ratio != nil:
		return i18n.Tenths(v.Amount)
	case f.Minutes:
		return i18n.Hours(v.Amount)
	}
	return i18n.Number(v.Amount)
}

// Number is a value for a cell that holds numbers; nil where there is none.
func (f *Figure) Number(v Value) any {
	switch {
	case v.Hidden, !v.Known:
		return nil
	case f.Ratio != nil:
		return float64(v.Amount) / 10
	case f.Minutes:
		return float64((v.Amount*100+30)/60) / 100
	}
	return v.Amount
}

// fewest is the smallest count of people that leaves the house.
const fewest = 5

// outside hides a small count of people.
func (f *Figure) outside(v Value) Value {
	if f.People && f.Ratio == nil && v.Known && v.Amount > 0 && v.Amount < fewest {
		v.Hidden, v.Amount = true, 0
	}
	return v
}

// sums are figures that add up to another one, with what is left of it; of such a sum no single small part may be hidden alone.
var sums = map[string][][]string{
	"member.total": {{"member.community", "member.in_service", "member.floating"}, {"member.women"}},
}

// hideTogether hides the small counts of people among figures of one place and period, what a hidden one could be worked out from, and sums whose number of people is hidden.
func hideTogether(of map[string]Value) {
	was := maps.Clone(of)
	for name, v := range of {
		if f := byID[name]; f != nil {
			of[name] = f.outside(v)
		}
	}
	for total, groups := range sums {
		if _, there := was[total]; !there {
			continue
		}
		for _, parts := range groups {
			items := make([]Item, len(parts), len(parts)+1)
			rest := was[total].Amount
			for i, p := range parts {
				items[i].Value = was[p]
				rest -= was[p].Amount
			}
			hideItems(append(items, Item{Value: Value{Amount: max(rest, 0), Known: true}}))
			for i, p := range parts {
				if v, there := of[p]; there && items[i].Value.Hidden {
					v.Hidden, v.Amount = true, 0
					of[p] = v
				}
			}
		}
	}
	for i := range figures {
		if r := figures[i].Ratio; r != nil && of[r.By].Hidden {
			if v, there := of[r.Of]; there {
				v.Hidden, v.Amount = true, 0
				of[r.Of] = v
			}
		}
	}
}

// hideItems hides the small items of a breakdown, and one more where a single hidden one could be worked out from the whole.
func hideItems(items []Item) {
	hidden, next := 0, -1
	for i := range items {
		switch v := &items[i].Value; {
		case v.Amount == 0:
		case v.Amount < fewest:
			v.Hidden = true
			hidden++
		case next < 0 || v.Amount < items[next].Value.Amount:
			next = i
		}
	}
	if hidden == 1 && next >= 0 {
		items[next].Value.Hidden = true
	}
	for i := range items {
		if items[i].Value.Hidden {
			items[i].Value.Amount = 0
		}
	}
}
