package code

import (
	"strings"

	"linli/internal/i18n"
)

// Item is one value of a small code list.
type Item struct {
	Code  string
	Label i18n.Text
	Alpha string   // letter code where the standard has one
	Also  []string // other ways in which people write it
}

// List is a small code list. Lists are made at start and never change.
type List struct {
	Name     i18n.Text // what the field is called
	Standard string    // where the codes come from
	items    []Item
	byCode   map[string]int
	byWord   map[string]int
}

// NewList makes a list of somebody else's codes: a concept's own kinds, the choices of a district's own fact.
func NewList(name i18n.Text, standard string, items []Item) *List {
	return newList(name, standard, items)
}

func newList(name i18n.Text, standard string, items []Item) *List {
	l := &List{Name: name, Standard: standard, items: items, byCode: map[string]int{}, byWord: map[string]int{}}
	for i, it := range items {
		l.byCode[it.Code] = i
		words := append([]string{it.Label.In(i18n.ZH), it.Label.In(i18n.EN), it.Alpha}, it.Also...)
		for _, w := range words {
			if w = word(w); w == "" {
				continue
			}
			if _, taken := l.byWord[w]; !taken {
				l.byWord[w] = i
			}
		}
	}
	return l
}

// word is the form in which labels are compared.
func word(s string) string { return strings.Trim(Normalise(s), "()\"*.、。-") }

// Items are the values in the order of the standard. The slice is the caller's own.
func (l *List) Items() []Item { return append([]Item(nil), l.items...) }

// Labels are the labels of the values in the order of the standard, for choosing from.
func (l *List) Labels() []i18n.Text {
	out := make([]i18n.Text, len(l.items))
	for i, it := range l.items {
		out[i] = it.Label
	}
	return out
}

// ByCode finds the value with exactly this code.
func (l *List) ByCode(code string) (Item, bool) {
	i, ok := l.byCode[code]
	if !ok {
		return Item{}, false
	}
	return l.items[i], true
}

// Label names the value with this code; the code itself where the list does not hold it.
func (l *List) Label(code string) i18n.Text {
	if it, ok := l.ByCode(code); ok {
		return it.Label
	}
	return i18n.Verbatim(code)
}

// Find finds a value by what people write: its code with or without leading zeros, its label, another
// usual word for it, its letters, or code and label together ("1男", "01-汉族").
func (l *List) Find(s string) (Item, bool) {
	it, p := l.Parse(s)
	return it, p == nil
}

// Parse is Find with the problem when there is no such value.
func (l *List) Parse(s string) (Item, *Problem) {
	w := word(s)
	if i, ok := l.look(w); ok {
		return l.items[i], nil
	}
	head := strings.TrimLeft(w, "0123456789")
	if n := len(w) - len(head); n > 0 && head != "" {
		c, known := l.look(w[:n])
		t, named := l.look(word(strings.TrimLeft(head, ".:：、-_=")))
		if known && named && c == t {
			return l.items[c], nil
		}
		if known && named {
			return Item{}, problem(i18n.CodeListContradiction, i18n.CodeListUnknownAdvice, l.Name).advise(l.hint())
		}
	}
	return Item{}, problem(i18n.CodeListUnknown, i18n.CodeListUnknownAdvice, l.Name).advise(l.hint())
}

func (p *Problem) advise(args ...any) *Problem {
	p.Advice.Args = args
	return p
}

func (l *List) look(w string) (int, bool) {
	if i, ok := l.byCode[w]; ok {
		return i, true
	}
	if i, ok := l.byWord[w]; ok {
		return i, true
	}
	if digits(w) && len(w) < len(l.items[0].Code) {
		i, ok := l.byCode[strings.Repeat("0", len(l.items[0].Code)-len(w))+w]
		return i, ok
	}
	return 0, false
}

// hint lists the first values, for advice.
func (l *List) hint() i18n.Text {
	var zh, en []string
	for i, it := range l.items {
		if i == 9 {
			break
		}
		zh, en = append(zh, it.Label.In(i18n.ZH)), append(en, it.Label.In(i18n.EN))
	}
	z := strings.Join(zh, i18n.CodeListComma.In(i18n.ZH))
	e := strings.Join(en, i18n.CodeListComma.In(i18n.EN))
	if len(l.items) > len(zh) {
		z += i18n.CodeListMore.In(i18n.ZH)
		e += " " + i18n.CodeListMore.In(i18n.EN)
	}
	return i18n.Both(z, e)
}

// Sex is a code of Sexes (CODE-30).
type Sex string

// The four values of sex in GB/T 2261.1.
const (
	SexUnknown   Sex = "0"
	Male         Sex = "1"
	Female       Sex = "2"
	SexNotStated Sex = "9"
)

// Text names the sex.
func (s Sex) Text() i18n.Text { return Sexes.Label(string(s)) }

// Political statuses that rules speak of (CODE-32).
const (
	PartyMember        = "01"
	ProbationaryMember = "02"
	LeagueMember       = "03"
	Masses             = "13"
)
