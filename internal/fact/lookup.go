package fact

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"linli/internal/gram"
	"linli/internal/i18n"
)

// Grade says how sure it is that a label means a fact.
type Grade int

// The grades, the surest last. Guess is good for a list to choose from and for nothing else; Likely needs the content of the column to
// agree; Near and better may be taken if no other candidate is as good.
const (
	Guess   Grade = iota + 1 // shares most of its characters
	Likely                   // with words around it that do not change the meaning
	Inherit                  // the label of a fact over a link, where the row itself has none of the name
	Near                     // a synonym
	Exact                    // the name itself
	Taught                   // somebody said so
)

// Candidate is a fact that a label may mean.
type Candidate struct {
	Reached
	Grade  Grade
	Hops   int    // links on the way
	Label  string // the word of the catalogue that fits
	Taught string // of a taught label: who said so
}

// Key is the form in which labels are compared: no blanks, brackets, marks or numbering, half width, small letters.
func Key(label string) string {
	s := gram.Key(label)
	s = strings.TrimLeftFunc(s, func(r rune) bool {
		return strings.ContainsRune("*.,:;-_()[]#\u25b2\u25b3\u2605\u2606\u3001\u3002\u203b\u25a1\u25a0\u25cb", r)
	})
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("+%", r) {
			return r
		}
		return -1
	}, s)
}

// brackets are the pairs within which a label says more than it needs to.
var brackets = map[rune]rune{'(': ')', '[': ']', '{': '}', '\u3010': '\u3011', '\u3014': '\u3015', '\u300a': '\u300b', '<': '>', '\u300c': '\u300d'}

// Bare is a label without what stands in brackets, notes after a colon and numbering: "1. 性别[1]" is 性别.
func Bare(label string) string {
	s := gram.Key(label)
	var out []rune
	var closing []rune
	for _, r := range s {
		if c, ok := brackets[r]; ok {
			closing = append(closing, c)
			continue
		}
		if n := len(closing); n > 0 {
			if r == closing[n-1] {
				closing = closing[:n-1]
			}
			continue
		}
		out = append(out, r)
	}
	s = string(out)
	if head, _, cut := strings.Cut(s, ":"); cut && Key(head) != "" {
		s = head
	}
	trimmed := strings.TrimLeft(s, "0123456789.,)-"+i18n.FactNumerals)
	if strings.ContainsAny(s[:len(s)-len(trimmed)], ".,)-"+i18n.FactNumeralMarks) && Key(trimmed) != "" {
		s = trimmed
	}
	return Key(s)
}

// index finds what is reachable from one subject by label.
type index struct {
	all    []Reached
	labels map[string][]hit
}

type hit struct {
	at    int
	grade Grade
	label string
}

func newIndex(all []Reached) *index {
	x := &index{all: all, labels: map[string][]hit{}}
	for i, r := range all {
		for n, l := range r.labels {
			g := Near
			if n == 0 {
				g = Exact
			}
			x.put(l, hit{i, g, l})
		}
		for _, l := range r.plain {
			x.put(l, hit{i, Inherit, l})
		}
	}
	return x
}

func (x *index) put(label string, h hit) {
	k := Key(label)
	for _, o := range x.labels[k] {
		if o.at == h.at {
			return
		}
	}
	x.labels[k] = append(x.labels[k], h)
}

// find gives the candidates for a label, best first.
func (x *index) find(label string) []Candidate {
	full, bare := Key(label), Bare(label)
	if full == "" {
		return nil
	}
	best := map[int]hit{}
	take := func(key string, most Grade) {
		for _, h := range x.labels[key] {
			h.grade = min(h.grade, most)
			if b, ok := best[h.at]; !ok || h.grade > b.grade {
				best[h.at] = h
			}
		}
	}
	take(full, Exact)
	if bare != full {
		take(bare, Near)
	}
	if len(best) == 0 {
		for _, k := range []string{stripped(bare), stripped(full)} {
			take(k, Likely)
		}
	}
	if len(best) == 0 {
		x.guess(bare, best)
	}
	return x.candidates(best)
}

func (x *index) candidates(best map[int]hit) []Candidate {
	out := make([]Candidate, 0, len(best))
	for i, h := range best {
		out = append(out, Candidate{Reached: x.all[i], Grade: h.grade, Hops: strings.Count(string(x.all[i].Ref), "/"), Label: h.label})
	}
	slices.SortFunc(out, better)
	return out
}

// better puts the surer first, then the nearer.
func better(a, b Candidate) int {
	if a.Grade != b.Grade {
		return int(b.Grade - a.Grade)
	}
	if a.Hops != b.Hops {
		return a.Hops - b.Hops
	}
	return strings.Compare(string(a.Ref), string(b.Ref))
}

// Sure gives the first of the candidates for a label, which stand best first, if it surely means that fact and no other fits as well.
func Sure(c []Candidate) (Candidate, bool) {
	if len(c) == 0 || c[0].Grade < Inherit || len(c) > 1 && c[1].Grade == c[0].Grade && c[1].Hops == c[0].Hops {
		return Candidate{}, false
	}
	return c[0], true
}

// stripped takes words off a label that do not change what it means: "the applicant's", "to be filled in". Words that name
// another person (the father's, the contact's) are not among them.
func stripped(key string) string {
	for changed := true; changed; {
		changed = false
		for _, w := range i18n.FactLabelBefore {
			if rest, ok := strings.CutPrefix(key, w); ok && utf8.RuneCountInString(rest) >= 2 {
				key, changed = rest, true
			}
		}
		for _, w := range i18n.FactLabelAfter {
			if rest, ok := strings.CutSuffix(key, w); ok && utf8.RuneCountInString(rest) >= 2 {
				key, changed = rest, true
			}
		}
	}
	return key
}

// guessShare is how much of a label and of a word of the catalogue must be common for a guess, in percent.
const guessShare = 60

// guess offers facts whose words share most characters with the label. A label about somebody else is never guessed at.
func (x *index) guess(key string, best map[int]hit) {
	for _, w := range i18n.FactLabelOthers {
		if strings.HasPrefix(key, w) {
			return
		}
	}
	n := utf8.RuneCountInString(key)
	if n < 3 {
		return
	}
	for k, hits := range x.labels {
		m := utf8.RuneCountInString(k)
		if m < 2 || (!strings.Contains(key, k) && !strings.Contains(k, key)) || 100*min(n, m) < guessShare*max(n, m) {
			continue
		}
		for _, h := range hits {
			h.grade = Guess
			if _, ok := best[h.at]; !ok {
				best[h.at] = h
			}
		}
	}
}
