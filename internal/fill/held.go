package fill

import (
	"regexp"
	"slices"
	"strings"

	"linli/internal/fact"
)

// Proposal is something that a form asks and that the platform does not hold, with how a district could hold it: as a fact of its own.
type Proposal struct {
	Sheet   string
	Label   string // as the form calls it, groups first
	Name    string // what the fact could be called
	Subject fact.Subject
	Type    fact.Type
	Options []string // printed choices
	Shape   bool     // the column belongs to a table of its own (a dose, a band): a fact for each makes little sense
}

var (
	dayWords   = regexp.MustCompile(`(日期|时间|年月|年月日)$`)
	countWords = regexp.MustCompile(`(数|人数|数量|金额|收入|面积|年限|年龄|工资|党费|户数|费用|剂次)$`)
)

// NotHeld lists what the form asks of its rows that the catalogue does not know, each once, with a proposal of how to hold it.
func (f *Form) NotHeld() []Proposal {
	var out []Proposal
	for _, sh := range f.Sheets {
		if sh.Kind != List && sh.Kind != Card {
			continue
		}
		for _, s := range sh.Slots {
			if s.Meaning != Unknown || s.Part != "" {
				continue
			}
			p := Proposal{Sheet: sh.Name, Label: strings.Join(s.Path, " / "), Name: ownName(s.Path), Subject: sh.Subject, Shape: bare.MatchString(label(s.Label()))}
			if p.Name == "" || slices.ContainsFunc(out, func(o Proposal) bool { return o.Name == p.Name && o.Subject == p.Subject }) {
				continue
			}
			p.Type, p.Options = typeOf(s)
			out = append(out, p)
		}
	}
	return out
}

// ownName is what a fact could be called after its label; a label that says nothing alone takes its group.
func ownName(path []string) string {
	l := label(path[len(path)-1])
	if bare.MatchString(l) && len(path) > 1 {
		l = label(path[len(path)-2]) + l
	}
	if r := []rune(l); len(r) > 40 {
		l = string(r[:40])
	}
	return l
}

// typeOf proposes a type from what a label says and what is printed beside it.
func typeOf(s Slot) (fact.Type, []string) {
	l := label(s.Label())
	var choices []string
	for _, o := range s.field.options {
		choices = append(choices, o.label)
	}
	switch {
	case len(choices) == 2 && slices.Contains(choices, yesWords[0]) && slices.Contains(choices, yesWords[1]),
		len(choices) == 2 && slices.Contains(choices, hasWords[0]) && slices.Contains(choices, hasWords[1]),
		len(choices) == 0 && (strings.HasPrefix(l, "是否") || strings.HasPrefix(l, "有无")):
		return fact.YesNo, nil
	case len(choices) > 1:
		return fact.Choice, choices
	case dayWords.MatchString(l):
		return fact.Date, nil
	case countWords.MatchString(l):
		return fact.Number, nil
	}
	return fact.Text, nil
}
