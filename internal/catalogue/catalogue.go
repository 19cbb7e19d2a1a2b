package catalogue

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/pinyin"
)

// The permissions.
const (
	PermSee  authz.Permission = "catalogue.see"  // read the catalogue
	PermKeep authz.Permission = "catalogue.keep" // write it, for the whole district
)

// The lists of the catalogue.
const (
	Matter  = "matter"
	Hotline = "service"
	Event   = "event"
	Opinion = "opinion"
	Dispute = "dispute"
	Need    = "need"
)

// Lists are the lists, in the order in which they are shown.
func Lists() []string { return []string{Matter, Hotline, Event, Opinion, Dispute, Need} }

// ListText names a list; the zero text for none.
func ListText(list string) i18n.Text {
	return map[string]i18n.Text{Matter: i18n.CatalogueMatter, Hotline: i18n.CatalogueService, Event: i18n.CatalogueEvent, Opinion: i18n.CatalogueOpinion,
		Dispute: i18n.CatalogueDispute, Need: i18n.CatalogueNeed}[list]
}

// Classed says whether every item of the list stands in a class.
func Classed(list string) bool { return list != Dispute && list != Need }

// Coded says whether items of the list can belong to a published standard.
func Coded(list string) bool { return list == Event }

// Standards are the published code lists that the program knows by name (GRD-10, GRD-11). Others can be named as well.
func Standards() []string { return []string{"GB/T 30428.2-2013", "GB/T 47678.5-2026"} }

// Part says which of the two numberings of a standard a code belongs to (GRD-11).
type Part string

// The parts.
const (
	NoPart  Part = ""
	APart   Part = "part"   // a thing that stands there: a lamp, a manhole cover
	AMatter Part = "matter" // something that happens: rubbish, a stall on the pavement
)

// Text names the part.
func (p Part) Text() i18n.Text {
	return map[Part]i18n.Text{NoPart: i18n.CataloguePartNone, APart: i18n.CataloguePartPart, AMatter: i18n.CataloguePartMatter}[p]
}

// PriceKind says what something costs in general.
type PriceKind string

// The kinds of price.
const (
	Unpriced PriceKind = "" // no question of price
	Free     PriceKind = "free"
	Low      PriceKind = "low"
	Paid     PriceKind = "paid"
)

// PriceKinds are the kinds of price.
func PriceKinds() []PriceKind { return []PriceKind{Unpriced, Free, Low, Paid} }

// Text names the kind.
func (k PriceKind) Text() i18n.Text {
	return map[PriceKind]i18n.Text{Unpriced: i18n.CataloguePriceNone, Free: i18n.CatalogueFree, Low: i18n.CatalogueLow, Paid: i18n.CataloguePaid}[k]
}

// Level is who handles something at first.
type Level string

// The levels.
const (
	Community   Level = "community"
	Subdistrict Level = "subdistrict"
	District    Level = "district"
)

// Levels are the levels, from below.
func Levels() []Level { return []Level{Community, Subdistrict, District} }

// Text names the level.
func (l Level) Text() i18n.Text {
	return map[Level]i18n.Text{Community: i18n.CatalogueAtCommunity, Subdistrict: i18n.CatalogueAtSubdistrict, District: i18n.CatalogueAtDistrict}[l]
}

// Class is a group within a list.
type Class struct {
	List, Code   string
	Name, NameEN string
	Rank         int64 // its place among the classes
	Retired      bool
	Version      int64
	Items        int64 // items in use that stand in it; read only
}

// Text is the name in both languages.
func (c Class) Text() i18n.Text { return i18n.Both(c.Name, c.NameEN) }

// Item is one line of the catalogue in its present edition. English texts may be missing; the Chinese ones stand for them.
type Item struct {
	ID                     id.ID
	List                   string
	Standard               string // of a published list, or ""
	Part                   Part
	Code                   string
	ClassCode              string
	Name, NameEN           string
	Who, WhoEN             string // who can apply
	Bring, BringEN         string // what to bring, one thing to a line
	Forms, FormsEN         string // forms to fill in, one to a line
	Note, NoteEN           string // what else to know
	PriceKind              PriceKind
	PriceFen               int64 // fen; 0 where it is not fixed
	PriceNote, PriceNoteEN string
	Days                   int64 // working days; 0 is the limit of the kind of case
	Hours                  int64 // for what is urgent; 0 is none
	Level                  Level
	IsLocal                bool // a local addition (GRD-14)
	Public                 bool // residents may ask for it themselves
	Edition                int64
	ValidFrom              calendar.Date // of the edition
	Retired                bool
	Version                int64
}

// Text is the name in both languages.
func (i Item) Text() i18n.Text { return i18n.Both(i.Name, i.NameEN) }

// WhoText is who can apply.
func (i Item) WhoText() i18n.Text { return i18n.Both(i.Who, i.WhoEN) }

// BringText is what to bring.
func (i Item) BringText() i18n.Text { return i18n.Both(i.Bring, i.BringEN) }

// FormsText is which forms to fill in.
func (i Item) FormsText() i18n.Text { return i18n.Both(i.Forms, i.FormsEN) }

// NoteText is what else to know.
func (i Item) NoteText() i18n.Text { return i18n.Both(i.Note, i.NoteEN) }

// PriceText is what it costs in words: the kind, the amount where it is fixed, and the note.
func (i Item) PriceText() i18n.Text {
	in := func(l i18n.Lang) string {
		var out []string
		if i.PriceKind != Unpriced {
			out = append(out, i.PriceKind.Text().In(l))
		}
		if i.PriceFen > 0 {
			out = append(out, i18n.CatalogueYuan.In(l, Yuan(i.PriceFen)))
		}
		if note := i18n.Both(i.PriceNote, i.PriceNoteEN).In(l); note != "" {
			out = append(out, note)
		}
		return strings.Join(out, i18n.CatalogueComma.In(l))
	}
	return i18n.Both(in(i18n.ZH), in(i18n.EN))
}

// LimitText is how long it takes; the zero text where the limit is that of the kind of case.
func (i Item) LimitText() i18n.Text {
	say := func(t i18n.Text, n int64) i18n.Text { return i18n.Both(t.In(i18n.ZH, n), t.In(i18n.EN, n)) }
	switch {
	case i.Hours > 0:
		return say(i18n.CatalogueInHours, i.Hours)
	case i.Days > 0:
		return say(i18n.CatalogueInDays, i.Days)
	}
	return i18n.Text{}
}

// Number is the code with the standard and part it belongs to, as papers name it.
func (i Item) Number() string {
	if i.Standard == "" {
		return i.Code
	}
	return i.Standard + " " + i.Code
}

// Address is what names the item on public pages, where nobody has said in which district they are: the tenant's code and the item.
func (i Item) Address(tenant int64) string {
	return strconv.FormatInt(tenant, 10) + "-" + i.ID.String()
}

// ParseAddress reads an Address.
func ParseAddress(s string) (tenant int64, item id.ID, ok bool) {
	head, tail, _ := strings.Cut(s, "-")
	tenant, err := strconv.ParseInt(head, 10, 64)
	if err != nil || tenant <= 0 {
		return 0, 0, false
	}
	item, err = id.Parse(tail)
	return tenant, item, err == nil
}

// Lines takes a text apart into its things, one to a line; where people wrote them into one line, semicolons part them.
func Lines(s string) []string {
	var out []string
	for _, l := range strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '；' || r == ';' }) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// Yuan is an amount in fen, written in yuan: "15" or "15.50".
func Yuan(fen int64) string {
	s := strconv.FormatInt(fen/100, 10)
	if rest := fen % 100; rest != 0 {
		s += "." + string([]byte{'0' + byte(rest/10), '0' + byte(rest%10)})
	}
	return s
}

var yuanPattern = regexp.MustCompile(`^[0-9]{1,9}(\.[0-9]{1,2})?$`)

// ParseYuan reads an amount in yuan; "" is 0. ok is false for what is no amount; a negative one is read, so that it can be refused for what it is.
func ParseYuan(s string) (fen int64, ok bool) {
	s = strings.TrimSpace(strings.NewReplacer("￥", "", "¥", "", ",", "", "，", "").Replace(s))
	if s == "" {
		return 0, true
	}
	rest, negative := strings.CutPrefix(s, "-")
	if !yuanPattern.MatchString(rest) {
		return 0, false
	}
	whole, part, _ := strings.Cut(rest, ".")
	yuan, _ := strconv.ParseInt(whole, 10, 64)              // digits
	cents, _ := strconv.ParseInt((part + "00")[:2], 10, 64) // digits
	if fen = yuan*100 + cents; negative {
		fen = -fen
	}
	return fen, true
}

// The most characters of the texts.
const (
	MaxCode     = 30
	MaxStandard = 40
	MaxName     = 60
	MaxNameEN   = 120
	MaxWho      = 300
	MaxWhoEN    = 600
	MaxBring    = 1000
	MaxBringEN  = 2000
	MaxNote     = 100
	MaxNoteEN   = 200
	MaxReason   = 200
	MaxFen      = 100_000_000 // a million yuan
	MaxDays     = 365
	MaxHours    = 720
)

var (
	codePattern     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,29}$`)
	standardCode    = regexp.MustCompile(`^[0-9]{5}$`)
	elevenDigitCode = regexp.MustCompile(`^[0-9]{11}$`)
)

// tidy brings the texts into the form in which they are kept.
func (i *Item) tidy() {
	for _, s := range []*string{&i.Standard, &i.Code, &i.ClassCode, &i.Name, &i.NameEN, &i.Who, &i.WhoEN, &i.PriceNote, &i.PriceNoteEN} {
		*s = strings.Join(strings.Fields(*s), " ")
	}
	for _, s := range []*string{&i.Bring, &i.BringEN, &i.Forms, &i.FormsEN, &i.Note, &i.NoteEN} {
		*s = strings.TrimSpace(strings.ReplaceAll(*s, "\r\n", "\n"))
	}
	if Coded(i.List) && i.Standard != "" && elevenDigitCode.MatchString(i.Code) {
		i.Code = i.Code[6:] // as departments exchange it, with the region in front (GRD-12)
	}
	if !Coded(i.List) {
		i.Standard, i.Part = "", NoPart
	}
	if i.Standard == "" && Coded(i.List) {
		i.IsLocal = true
	}
}

// check says what is wrong with an item by itself.
func (i *Item) check() error {
	i.tidy()
	var e *errs.Error
	if ListText(i.List).IsZero() {
		e = e.With("list", i18n.CatalogueNoList)
	}
	switch {
	case i.Code == "":
		e = e.With("code", i18n.ErrRequired)
	case !codePattern.MatchString(i.Code):
		e = e.With("code", i18n.CatalogueBadCode)
	case i.Standard != "" && !standardCode.MatchString(i.Code):
		e = e.With("code", i18n.CatalogueStandardCode)
	}
	if i.Part.Text().IsZero() {
		e = e.With("part", i18n.ErrBadChoice)
	} else if i.Standard != "" && i.Part == NoPart {
		e = e.With("part", i18n.CataloguePartNeeded)
	}
	e = long(e, "standard", i.Standard, MaxStandard)
	if i.Name == "" {
		e = e.With("name", i18n.ErrRequired)
	}
	e = long(e, "name", i.Name, MaxName)
	e = long(e, "name_en", i.NameEN, MaxNameEN)
	e = long(e, "who", i.Who, MaxWho)
	e = long(e, "who_en", i.WhoEN, MaxWhoEN)
	e = long(e, "bring", i.Bring, MaxBring)
	e = long(e, "bring_en", i.BringEN, MaxBringEN)
	e = long(e, "forms", i.Forms, MaxWho)
	e = long(e, "forms_en", i.FormsEN, MaxWhoEN)
	e = long(e, "note", i.Note, MaxWho)
	e = long(e, "note_en", i.NoteEN, MaxWhoEN)
	e = long(e, "price_note", i.PriceNote, MaxNote)
	e = long(e, "price_note_en", i.PriceNoteEN, MaxNoteEN)
	e = i.checkPrice(e)
	if i.Days < 0 || i.Days > MaxDays {
		e = e.With("days", i18n.CatalogueDaysRange, MaxDays)
	}
	if i.Hours < 0 || i.Hours > MaxHours {
		e = e.With("hours", i18n.CatalogueHoursRange, MaxHours)
	} else if i.Hours > 0 && i.Days > 0 {
		e = e.With("hours", i18n.CatalogueOneLimit)
	}
	if i.Level.Text().IsZero() {
		e = e.With("level", i18n.ErrRequired)
	}
	if i.ClassCode == "" && Classed(i.List) && !ListText(i.List).IsZero() {
		e = e.With("class_code", i18n.ErrRequired)
	}
	return e.OrNil()
}

func (i *Item) checkPrice(e *errs.Error) *errs.Error {
	switch {
	case i.PriceKind.Text().IsZero():
		return e.With("price_kind", i18n.ErrBadChoice)
	case i.PriceFen < 0:
		return e.With("price", i18n.CataloguePriceNegative)
	case i.PriceFen > MaxFen:
		return e.With("price", i18n.CataloguePriceMuch, Yuan(MaxFen))
	case i.PriceFen > 0 && i.PriceKind == Free:
		return e.With("price", i18n.CataloguePriceFree)
	case i.PriceFen > 0 && i.PriceKind == Unpriced:
		return e.With("price_kind", i18n.CataloguePriceKindNeeded)
	}
	return e
}

func long(e *errs.Error, field, s string, limit int) *errs.Error {
	if n := utf8.RuneCountInString(s); n > limit {
		return e.With(field, i18n.ErrTooLong, limit, n)
	}
	return e
}

// check says what is wrong with a class by itself.
func (c *Class) check() error {
	var e *errs.Error
	for _, s := range []*string{&c.Code, &c.Name, &c.NameEN} {
		*s = strings.Join(strings.Fields(*s), " ")
	}
	if ListText(c.List).IsZero() {
		e = e.With("list", i18n.CatalogueNoList)
	}
	if !codePattern.MatchString(c.Code) {
		e = e.With("code", i18n.CatalogueBadCode)
	}
	if c.Name == "" {
		e = e.With("name", i18n.ErrRequired)
	}
	e = long(e, "name", c.Name, MaxName)
	e = long(e, "name_en", c.NameEN, MaxNameEN)
	if c.Rank < 0 || c.Rank > 9999 {
		e = e.With("rank", i18n.ErrBadNumber)
	}
	return e.OrNil()
}

// key is what makes two items of a list the same: standard, part and code (GRD-11).
func (i Item) key() string {
	return strings.Join([]string{i.List, i.Standard, string(i.Part), i.Code}, "|")
}

// unclassed is the rank of items that stand in no class: behind all others.
const unclassed = 9999

// sortKey puts items into the order of their classes, whose rank it begins with, and then of their codes.
func (i Item) sortKey(rank int64) string {
	return strings.Join([]string{rankKey(rank), i.ClassCode, i.Standard, string(i.Part), i.Code}, "|")
}

// rankKey is a rank in rankDigits digits, so that it sorts as text.
func rankKey(rank int64) string { return fmt.Sprintf("%04d", rank) }

const rankDigits = 4

// searchKey is what a search looks through: both names, the initials of the Chinese one, and the code.
func (i Item) searchKey() string {
	initials, _ := pinyin.Of(strings.Map(func(r rune) rune {
		if unicode.IsPunct(r) {
			return -1
		}
		return r
	}, i.Name))
	return strings.Join([]string{gram.Key(i.Name), gram.Key(i.NameEN), initials, gram.Key(i.Code)}, "|")
}

// same says whether two items say the same, whatever edition they are.
func (i Item) same(o Item) bool { return body(i) == body(o) }
