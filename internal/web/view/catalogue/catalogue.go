// Package catalogue holds the pages of the service catalogue: the lists, an item with its editions, classes, and the pages on which residents look up what
// to bring, how long something takes and what it costs.
package catalogue

import (
	"cmp"
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/attach"
	"linli/internal/calendar"
	"linli/internal/catalogue"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// The addresses of the pages.
const (
	Path       = "/catalogue"
	ClassPath  = "/catalogue-classes"
	PublicPath = "/p/services"
)

// Href is the address of an item.
func Href(item id.ID) string { return Path + "/" + item.String() }

// StateOf is the state of an item as a badge.
func StateOf(i catalogue.Item) partial.State {
	if i.Retired {
		return partial.State{Text: i18n.CatalogueRetired, Tone: partial.Ended}
	}
	return partial.State{Text: i18n.CatalogueUsed, Tone: partial.Active}
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func yes(on bool) i18n.Text {
	if on {
		return i18n.CatalogueYes
	}
	return i18n.CatalogueNo
}

// Limit is how long something takes, in words.
func Limit(i catalogue.Item) i18n.Text {
	if t := i.LimitText(); !t.IsZero() {
		return t
	}
	return i18n.CatalogueLimitOfKind
}

// List is a page of a list.
type List struct {
	Query         url.Values
	List          string
	Items         []catalogue.Row
	Before, After string
	Counts        map[string]int64
	Classes       []catalogue.Class
	Keeps         bool
	Public        string // the residents' page
}

func (l List) tabs() []partial.Tab {
	var out []partial.Tab
	for _, list := range catalogue.Lists() {
		out = append(out, partial.Tab{Text: catalogue.ListText(list), Href: Path + "?list=" + list, Active: list == l.List, Count: int(l.Counts[list])})
	}
	return out
}

func (l List) filters() []partial.Filter {
	class := partial.Filter{Name: "class", Label: i18n.CatalogueClass}
	for _, c := range l.Classes {
		class.Options = append(class.Options, partial.Option{Value: c.Code, Text: c.Text()})
	}
	var out []partial.Filter
	if len(class.Options) > 0 {
		out = append(out, class)
	}
	if catalogue.Coded(l.List) {
		standard := partial.Filter{Name: "standard", Label: i18n.CatalogueStandard}
		for _, s := range catalogue.Standards() {
			standard.Options = append(standard.Options, partial.Option{Value: s, Text: i18n.Verbatim(s)})
		}
		out = append(out, standard)
	} else if l.List == catalogue.Hotline || l.List == catalogue.Matter {
		out = append(out, partial.Filter{Name: "price", Label: i18n.CataloguePrice, Options: priced()})
	}
	return append(out, partial.Filter{Name: "level", Label: i18n.CatalogueLevel, Options: field.Choices(catalogue.Levels(), catalogue.Level.Text)},
		partial.Filter{Name: "only", Label: i18n.CatalogueOnly, Options: []partial.Option{{Value: "public", Text: i18n.CataloguePublic}, {Value: "local", Text: i18n.CatalogueLocal}}},
		partial.Filter{Name: "show", Label: i18n.CatalogueShow, Options: []partial.Option{{Value: catalogue.ShowRetired, Text: i18n.CatalogueRetired}, {Value: catalogue.ShowAll, Text: i18n.CatalogueAll}}})
}

// priced are the kinds of price that something can have.
func priced() []partial.Option {
	return field.Choices(catalogue.PriceKinds()[1:], catalogue.PriceKind.Text)
}

func (l List) acts() (acts, more []partial.Act) {
	if l.Keeps {
		acts = append(acts, partial.Act{Text: i18n.CatalogueNew, Href: Path + "/new?list=" + l.List, Icon: icon.Plus, Look: partial.Primary})
	}
	acts = append(acts, partial.Act{Text: i18n.CatalogueClasses, Href: ClassPath + "?list=" + l.List, Icon: icon.Rows})
	if l.Keeps {
		more = append(more, partial.Act{Text: i18n.IntakeTitle, Href: "/imports/new?kind=" + catalogue.ImportName, Icon: icon.Import})
	}
	return acts, append(more, partial.Act{Text: i18n.CataloguePage, Href: l.Public, Icon: icon.External})
}

func (l List) columns() []partial.Column {
	out := []partial.Column{{Key: "code", Title: i18n.CatalogueCode, Tight: true}, {Key: "name", Title: i18n.CatalogueName, Main: true}}
	if len(l.Classes) > 0 {
		out = append(out, partial.Column{Key: "class", Title: i18n.CatalogueClass})
	}
	if l.priced() {
		out = append(out, partial.Column{Key: "price", Title: i18n.CataloguePrice})
	}
	return append(out, partial.Column{Key: "limit", Title: i18n.CatalogueLimit, Tight: true}, partial.Column{Key: "level", Title: i18n.CatalogueLevel, Tight: true, Minor: true},
		partial.Column{Key: "public", Title: i18n.CataloguePublic, Tight: true, Minor: true}, partial.Column{Key: "state", Title: i18n.CatalogueShow, Tight: true})
}

func (l List) priced() bool { return l.List == catalogue.Hotline || l.List == catalogue.Matter }

func (l List) rows(ctx context.Context) []partial.Row {
	lang := i18n.From(ctx)
	var out []partial.Row
	for _, r := range l.Items {
		name := partial.Text(r.Text().In(lang))
		if under := l.under(ctx, r.Item); under != "" {
			name = partial.Two(r.Text().In(lang), under)
		}
		cells := []templ.Component{partial.Text(r.Code), name}
		if len(l.Classes) > 0 {
			cells = append(cells, partial.Label(r.ClassText()))
		}
		if l.priced() {
			cells = append(cells, partial.Label(r.PriceText()))
		}
		out = append(out, partial.Row{ID: r.ID.String(), Name: r.Text().In(lang), Href: Href(r.ID),
			Cells: append(cells, partial.Label(Limit(r.Item)), partial.Label(r.Level.Text()), partial.Label(yes(r.Public)), partial.Badge(StateOf(r.Item)))})
	}
	return out
}

// under is what stands below the name of an item in a list: the standard of a code, or that it is a local addition.
func (l List) under(ctx context.Context, i catalogue.Item) string {
	var out []string
	if i.Standard != "" {
		out = append(out, i.Standard, i18n.T(ctx, i.Part.Text()))
	}
	if i.IsLocal {
		out = append(out, i18n.T(ctx, i18n.CatalogueLocal))
	}
	return strings.Join(out, " · ")
}

// Form is the page on which an item is made or changed.
type Form struct {
	Form    field.Form
	List    string
	Item    catalogue.Item // the one that is changed; without an ID a new one
	Classes []catalogue.Class
}

func (f Form) isNew() bool { return f.Item.ID == 0 }

func (f Form) action() string {
	if f.isNew() {
		return Path
	}
	return Href(f.Item.ID) + "/edit"
}

func (f Form) back() string {
	if f.isNew() {
		return Path + "?list=" + f.List
	}
	return Href(f.Item.ID)
}

func (f Form) classes() []field.Option {
	var out []field.Option
	if !catalogue.Classed(f.List) {
		out = append(out, field.Option{Value: "", Text: i18n.CataloguePriceNone})
	}
	for _, c := range f.Classes {
		out = append(out, field.Option{Value: c.Code, Text: c.Text()})
	}
	return out
}

func priceKinds() []field.Option {
	return field.Choices(catalogue.PriceKinds(), catalogue.PriceKind.Text)
}

func parts() []field.Option {
	return field.Choices([]catalogue.Part{catalogue.NoPart, catalogue.APart, catalogue.AMatter}, catalogue.Part.Text)
}

// Values are the fields of a form about i.
func Values(i catalogue.Item) url.Values {
	v := url.Values{"list": {i.List}, "standard": {i.Standard}, "part": {string(i.Part)}, "code": {i.Code}, "class_code": {i.ClassCode}, "name": {i.Name}, "name_en": {i.NameEN},
		"who": {i.Who}, "who_en": {i.WhoEN}, "bring": {i.Bring}, "bring_en": {i.BringEN}, "forms": {i.Forms}, "forms_en": {i.FormsEN}, "note": {i.Note}, "note_en": {i.NoteEN}, "price_kind": {string(i.PriceKind)},
		"price_note": {i.PriceNote}, "price_note_en": {i.PriceNoteEN}, "level": {string(i.Level)}, "version": {decimal(i.Version)}}
	for name, n := range map[string]int64{"days": i.Days, "hours": i.Hours} {
		if n > 0 {
			v.Set(name, decimal(n))
		}
	}
	if i.PriceFen > 0 {
		v.Set("price", catalogue.Yuan(i.PriceFen))
	}
	for name, on := range map[string]bool{"local": i.IsLocal, "public": i.Public} {
		if on {
			v.Set(name, "1")
		}
	}
	return v
}

// Show is the page of an item.
type Show struct {
	catalogue.Detail
	As     catalogue.Item // as shown: the present edition, or that of the day asked for
	On     calendar.Date  // the day asked for; none for now
	NotYet bool           // there was none on that day
	Today  calendar.Date
	Names  map[string]i18n.Text // of classes, by code
	Public string               // the residents' page of the item; "" where it has none
	Sent   field.Form           // a form of the page that was not accepted
	Blanks []attach.File        // blank forms
	Limits attach.Limits        // of one of them
}

func (s Show) head(ctx context.Context) partial.Head {
	h := partial.Head{Title: i18n.T(ctx, s.As.Text()), Under: i18n.T(ctx, catalogue.ListText(s.List)) + " · " + s.Number() + " · " + i18n.T(ctx, i18n.CatalogueEdition, s.As.Edition), State: StateOf(s.Item)}
	version := []partial.Value{{Name: "version", Value: decimal(s.Version)}}
	if s.Keeps && s.On.IsZero() {
		if s.Retired {
			h.Acts = append(h.Acts, partial.Act{Text: i18n.CatalogueRestore, Href: Href(s.ID) + "/restore", Post: true, Values: version})
		} else {
			h.Acts = append(h.Acts, partial.Act{Text: i18n.CatalogueEdit, Href: Href(s.ID) + "/edit", Icon: icon.Edit, Look: partial.Primary},
				partial.Act{Text: i18n.CatalogueRetire, Href: Href(s.ID) + "/retire", Values: version,
					Confirm: &partial.Confirm{ID: "retire", Question: i18n.T(ctx, i18n.CatalogueRetireSure, s.Name), Reason: i18n.CatalogueReason, Form: "catalogue.retire"}})
		}
	}
	if s.Public != "" {
		h.Acts = append(h.Acts, partial.Act{Text: i18n.CataloguePage, Href: s.Public, Icon: icon.External})
	}
	return h
}

func (s Show) class(ctx context.Context, code string) string {
	if t, ok := s.Names[code]; ok {
		return i18n.T(ctx, t)
	}
	return code
}

// facts are what is said of the item that is no text of its own in two languages.
func (s Show) facts(ctx context.Context) []partial.Fact {
	i := s.As
	out := []partial.Fact{partial.F(i18n.CatalogueClass, s.class(ctx, i.ClassCode)), {Label: i18n.CataloguePrice, Value: partial.Label(i.PriceText())}, {Label: i18n.CatalogueLimit, Value: partial.Label(Limit(i))},
		{Label: i18n.CatalogueLevel, Value: partial.Label(i.Level.Text())}, {Label: i18n.CataloguePublic, Value: partial.Label(yes(i.Public))}}
	if catalogue.Coded(i.List) {
		out = append(out, partial.F(i18n.CatalogueStandard, i.Standard), partial.Fact{Label: i18n.CataloguePart, Value: partial.Label(i.Part.Text())})
	}
	if i.IsLocal {
		out = append(out, partial.Fact{Label: i18n.CatalogueLocal, Value: partial.Label(yes(true))})
	}
	return out
}

// texts are the texts of the item in one language; what has no English is left open, so that it shows.
func (s Show) texts(l i18n.Lang) []partial.Fact {
	i := s.As
	name, who, bring, forms, note, price := i.Name, i.Who, i.Bring, i.Forms, i.Note, i.PriceNote
	if l == i18n.EN {
		name, who, bring, forms, note, price = i.NameEN, i.WhoEN, i.BringEN, i.FormsEN, i.NoteEN, i.PriceNoteEN
	}
	return []partial.Fact{partial.F(i18n.CatalogueName, name), partial.F(i18n.CatalogueWho, who), {Label: i18n.CatalogueBring, Value: things(bring)}, {Label: i18n.CatalogueForms, Value: things(forms)},
		partial.F(i18n.CatalogueNote, note), partial.F(i18n.CataloguePriceNote, price)}
}

// event is an edition in the history: what it changed.
func (s Show) event(ctx context.Context, n int) partial.Event {
	e := s.Editions[n]
	out := partial.Event{When: e.At, Who: e.By, What: i18n.T(ctx, i18n.CatalogueEdition, e.No), Href: Href(s.ID) + "?edition=" + decimal(e.No)}
	if out.Who == "" {
		out.Who = i18n.T(ctx, i18n.CatalogueByPlatform)
	}
	if e.ImportID != 0 {
		out.Who += " · " + i18n.T(ctx, i18n.CatalogueByImport)
	}
	if n == 0 {
		out.Href = ""
	}
	var said []string
	if e.Reason != "" {
		said = append(said, e.Reason)
	}
	if n+1 < len(s.Editions) {
		for _, c := range catalogue.Changes(s.Editions[n+1].Item, e.Item) {
			was, is := s.word(ctx, c, c.Was), s.word(ctx, c, c.Is)
			said = append(said, i18n.T(ctx, c.Field)+" "+was+" → "+is)
		}
	} else {
		said = append(said, i18n.T(ctx, i18n.CatalogueFirst))
	}
	out.Detail = strings.Join(said, " · ")
	return out
}

func (s Show) word(ctx context.Context, c catalogue.Change, t i18n.Text) string {
	w := i18n.T(ctx, t)
	if c.Field == i18n.CatalogueClass {
		w = s.class(ctx, w)
	}
	if w == "" {
		return i18n.T(ctx, i18n.CatalogueNothing)
	}
	return strings.ReplaceAll(w, "\n", " / ")
}

func (s Show) history(ctx context.Context) []partial.Event {
	var out []partial.Event
	for n := range s.Editions {
		out = append(out, s.event(ctx, n))
	}
	return out
}

// Classes is the page of the classes of a list.
type Classes struct {
	List  string
	Items []catalogue.Class
	Keeps bool
}

func (c Classes) tabs() []partial.Tab {
	var out []partial.Tab
	for _, list := range catalogue.Lists() {
		out = append(out, partial.Tab{Text: catalogue.ListText(list), Href: ClassPath + "?list=" + list, Active: list == c.List})
	}
	return out
}

// ClassHref is the address of a class.
func ClassHref(list, code string) string { return ClassPath + "/" + list + "/" + url.PathEscape(code) }

var classColumns = []partial.Column{{Key: "rank", Title: i18n.CatalogueClassRank, Num: true}, {Key: "code", Title: i18n.CatalogueCode, Tight: true}, {Key: "name", Title: i18n.CatalogueName, Main: true},
	{Key: "name_en", Title: i18n.CatalogueNameEN}, {Key: "items", Title: i18n.CatalogueClassItems, Num: true}, {Key: "state", Title: i18n.CatalogueShow, Tight: true}}

func (c Classes) rows() []partial.Row {
	var out []partial.Row
	for _, k := range c.Items {
		r := partial.Row{ID: k.List + k.Code, Name: k.Name, Cells: []templ.Component{partial.Num(k.Rank), partial.Text(k.Code), partial.Text(k.Name), partial.Text(k.NameEN),
			partial.NumLink(k.Items, Path+"?list="+k.List+"&class="+url.QueryEscape(k.Code)), partial.Badge(StateOf(catalogue.Item{Retired: k.Retired}))}}
		if c.Keeps {
			r.Href = ClassHref(k.List, k.Code)
		}
		out = append(out, r)
	}
	return out
}

// Class is the page on which a class is made or changed.
type Class struct {
	Form    field.Form
	List    string
	New     bool
	Version int64

	Editions []catalogue.ClassEdition
}

// history are the editions of a class: what each changed.
func (c Class) history(ctx context.Context) []partial.Event {
	var out []partial.Event
	for n, e := range c.Editions {
		v := partial.Event{When: e.At, Who: e.By, What: i18n.T(ctx, i18n.CatalogueEdition, e.Version), Detail: i18n.T(ctx, e.Text())}
		switch {
		case v.Who != "":
		case e.At.IsZero() && e.Version > 1: // it was changed before editions were kept
			v.Who = i18n.T(ctx, i18n.CatalogueByUnknown)
		default:
			v.Who = i18n.T(ctx, i18n.CatalogueByPlatform)
		}
		if n+1 < len(c.Editions) {
			var said []string
			for _, x := range catalogue.ClassChanges(c.Editions[n+1].Class, e.Class) {
				said = append(said, i18n.T(ctx, x.Field)+" "+cmp.Or(i18n.T(ctx, x.Was), i18n.T(ctx, i18n.CatalogueNothing))+" → "+cmp.Or(i18n.T(ctx, x.Is), i18n.T(ctx, i18n.CatalogueNothing)))
			}
			v.Detail = strings.Join(said, " · ")
		}
		out = append(out, v)
	}
	return out
}

// Public is the page on which residents look for something.
type Public struct {
	Tenant        int64
	District      string
	Several       bool // the installation serves more than one district
	Shelves       []catalogue.Shelf
	List, Class   string // what was chosen
	Text          string // what was searched for
	Price         catalogue.PriceKind
	Items         []catalogue.Row
	Before, After string
}

// Searching says whether something was chosen or searched for.
func (p Public) Searching() bool {
	return p.List != "" || p.Class != "" || p.Text != "" || p.Price != catalogue.Unpriced
}

func (p Public) query() url.Values {
	q := url.Values{"d": {decimal(p.Tenant)}}
	for name, v := range map[string]string{"list": p.List, "class": p.Class, "q": p.Text, "price": string(p.Price)} {
		if v != "" {
			q.Set(name, v)
		}
	}
	return q
}

// PublicHref is the residents' page of a district.
func PublicHref(tenant int64) string { return PublicPath + "?d=" + decimal(tenant) }

// ItemHref is the residents' page of an item.
func ItemHref(tenant int64, i catalogue.Item) string { return PublicPath + "/" + i.Address(tenant) }

func (p Public) listHref(list string) string { return PublicHref(p.Tenant) + "&list=" + list }

func (p Public) shelfHref(s catalogue.Shelf) string {
	if s.Code == "" {
		return p.listHref(s.List)
	}
	return p.listHref(s.List) + "&class=" + url.QueryEscape(s.Code)
}

// PublicText is what residents read for a list.
func PublicText(list string) i18n.Text {
	if t := map[string]i18n.Text{catalogue.Matter: i18n.CataloguePublicMatter, catalogue.Hotline: i18n.CataloguePublicService, catalogue.Event: i18n.CataloguePublicEvent,
		catalogue.Opinion: i18n.CataloguePublicOpinion}[list]; !t.IsZero() {
		return t
	}
	return catalogue.ListText(list)
}

// broad says whether a list is shown class by class: what residents come to do. The others are one door each.
func broad(list string) bool { return list == catalogue.Matter || list == catalogue.Hotline }

// shown are the lists in which there is something, in their order: those shown class by class, or the others.
func (p Public) shown(classes bool) []string {
	there := map[string]bool{}
	for _, s := range p.Shelves {
		there[s.List] = true
	}
	var out []string
	for _, l := range catalogue.Lists() {
		if there[l] && broad(l) == classes {
			out = append(out, l)
		}
	}
	return out
}

func (p Public) of(list string) []catalogue.Shelf {
	var out []catalogue.Shelf
	for _, s := range p.Shelves {
		if s.List == list {
			out = append(out, s)
		}
	}
	return out
}

// chosen names what was chosen, for the heading above what was found.
func (p Public) chosen(ctx context.Context) string {
	var out []string
	if p.List != "" {
		out = append(out, i18n.T(ctx, PublicText(p.List)))
	}
	for _, s := range p.Shelves {
		if s.List == p.List && s.Code == p.Class && p.Class != "" {
			out = append(out, i18n.T(ctx, s.Text()))
		}
	}
	if p.Price != catalogue.Unpriced {
		out = append(out, i18n.T(ctx, p.Price.Text()))
	}
	if p.Text != "" {
		out = append(out, i18n.T(ctx, i18n.CataloguePublicLook), p.Text)
	}
	return strings.Join(out, " · ")
}

// brief is what stands below the name of an item: what it costs and how long it takes.
func brief(ctx context.Context, i catalogue.Item) string {
	var out []string
	if i.PriceKind != catalogue.Unpriced {
		price := i18n.T(ctx, i.PriceKind.Text())
		if i.PriceFen > 0 {
			price += " " + i18n.T(ctx, i18n.CatalogueYuan, catalogue.Yuan(i.PriceFen))
		}
		out = append(out, price)
	}
	if t := i.LimitText(); !t.IsZero() {
		out = append(out, i18n.T(ctx, t))
	}
	return strings.Join(out, " · ")
}

// Service is the residents' page of an item.
type Service struct {
	catalogue.Row
	Tenant   int64
	District string
	Ask      string // address at which a resident asks for it; "" where that is not offered
	Blanks   []attach.File
}

// where says where it is done.
func (s Service) where(ctx context.Context) string {
	if s.List == catalogue.Matter {
		return i18n.T(ctx, i18n.CataloguePublicWindow, s.Level.Text(), s.ClassText())
	}
	return i18n.T(ctx, i18n.CataloguePublicCall)
}

// facts are the short answers: who, how long, what it costs, where.
func (s Service) facts(ctx context.Context) []partial.Fact {
	var out []partial.Fact
	if t := s.WhoText(); !t.IsZero() {
		out = append(out, partial.Fact{Label: i18n.CatalogueWho, Value: partial.Label(t)})
	}
	if t := s.LimitText(); !t.IsZero() {
		out = append(out, partial.Fact{Label: i18n.CatalogueLimit, Value: partial.Label(t)})
	}
	if t := s.PriceText(); !t.IsZero() {
		out = append(out, partial.Fact{Label: i18n.CataloguePrice, Value: partial.Label(t)})
	}
	if t := s.NoteText(); !t.IsZero() {
		out = append(out, partial.Fact{Label: i18n.CatalogueNote, Value: partial.Label(t)})
	}
	if s.List != catalogue.Matter && s.List != catalogue.Hotline {
		return append(out, partial.Fact{Label: i18n.CatalogueLevel, Value: partial.Label(s.Level.Text())})
	}
	return append(out, partial.F(i18n.CataloguePublicWhere, s.where(ctx)))
}
