package tabular

import (
	"regexp"
	"strings"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Certainty says how surely a column of the file is a column of ours.
type Certainty int

// The grades of certainty, rising.
const (
	Likely  Certainty = iota + 1 // the name contains ours: ask
	Synonym                      // another name for it
	Exact                        // the name itself
	Chosen                       // a person said so
)

// Found is one column of ours found in the file.
type Found struct {
	Key       string
	Column    int // position in the header, from 0
	Certainty Certainty
	of        int // position among our columns
}

// Mapping says where each column of ours stands in the file.
type Mapping struct {
	Header   []string
	Columns  []Column
	Found    []Found // in the order of Columns
	Likely   []Found // not taken: columns of the file with a similar name, to be confirmed
	Unused   []int   // positions in the header that are none of ours
	Problems []Problem
	at       map[string]int
}

// Index is the position of the column with this key, -1 if the file has none. Row.At takes it.
func (m Mapping) Index(key string) int {
	if i, ok := m.at[key]; ok {
		return i
	}
	return -1
}

// Has says whether the file has the column.
func (m Mapping) Has(key string) bool { return m.Index(key) >= 0 }

// Of is the text of the column with this key in a row. In long loops take Index once instead.
func (m Mapping) Of(r Row, key string) string { return r.At(m.Index(key)) }

// Column is our column with this key; the zero Column if there is none.
func (m Mapping) Column(key string) Column {
	for _, c := range m.Columns {
		if c.Key == key {
			return c
		}
	}
	return Column{}
}

// Err is what keeps the table from being read as an Invalid error, by column key; nil if nothing does.
func (m Mapping) Err() error {
	var e *errs.Error
	for _, p := range m.Problems {
		if p.Warning {
			continue
		}
		if e == nil {
			e = errs.New(errs.Invalid, i18n.CodeProblem, p.Message, p.Advice)
		}
		e = e.With(p.Key, i18n.CodeProblem, p.Message, p.Advice)
	}
	return e.OrNil()
}

var parenthesised = regexp.MustCompile(`\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|<[^<>]*>`)

// brackets turns the other brackets of Chinese print into plain ones.
var brackets = strings.NewReplacer("\u3010", "[", "\u3011", "]", "\u3014", "[", "\u3015", "]", "\u300a", "<", "\u300b", ">", "\u3008", "<", "\u3009", ">", "\u300e", "[", "\u300f", "]")

// headerWord is the form in which names of columns are compared: no blanks, asterisks, colons, nor what stands in
// brackets (units, "required").
func headerWord(s string) string {
	s = brackets.Replace(squeeze(s))
	if t := parenthesised.ReplaceAllString(s, ""); strings.Trim(t, marks) != "" {
		s = t
	}
	return strings.Trim(s, marks)
}

const marks = "*:;,.\u3001\u3002\uff61\uff64'\"_-/\u2605\u203b#()[]<>"

// lexicon finds columns by name.
type lexicon struct {
	cols   []Column
	words  map[string]hit
	almost []string       // words long enough to be looked for inside longer names
	known  map[string]hit // names looked for before: the rows above a table are read several times over
}

type hit struct {
	of        int
	certainty Certainty
}

func newLexicon(cols []Column) *lexicon {
	l := &lexicon{cols: cols, words: map[string]hit{}, known: map[string]hit{}}
	add := func(s string, of int, c Certainty) {
		w := headerWord(s)
		if old, taken := l.words[w]; w == "" || taken && old.certainty >= c {
			return
		}
		l.words[w] = hit{of, c}
		if len([]rune(w)) >= 2 {
			l.almost = append(l.almost, w)
		}
	}
	for i, c := range cols {
		add(c.Title.In(i18n.ZH), i, Exact)
		add(c.Title.In(i18n.EN), i, Exact)
		add(c.Key, i, Synonym)
		for _, s := range c.Synonyms {
			add(s, i, Synonym)
		}
	}
	return l
}

// maxName is the longest text in bytes that can be the name of a column.
const maxName = 200

// find says which column of ours a name is; certainty 0 if none.
func (l *lexicon) find(name string) hit {
	if len(name) > maxName {
		return hit{}
	}
	h, ok := l.known[name]
	if !ok {
		h = l.look(name)
		l.known[name] = h
	}
	return h
}

func (l *lexicon) look(name string) hit {
	w := headerWord(name)
	if h, ok := l.words[w]; ok {
		return h
	}
	var best hit
	longest := 0
	if len([]rune(w)) > 20 { // a sentence, not a name
		return best
	}
	for _, a := range l.almost {
		if len(a) <= longest || !strings.Contains(w, a) || 2*len(a) < len(w) {
			continue
		}
		best, longest = hit{l.words[a].of, Likely}, len(a)
	}
	return best
}

// score counts the columns of ours that names holds, surer ones more.
func (l *lexicon) score(names []string) int {
	seen, sum := map[int]bool{}, 0
	for _, n := range names {
		h := l.find(n)
		if h.certainty == 0 || seen[h.of] {
			continue
		}
		seen[h.of] = true
		sum += int(h.certainty)
	}
	return sum
}

// Match says which columns of ours a header holds. A column found twice with the same certainty and a required one
// not found are problems; one with a similar name only is not taken, a warning offers it.
func Match(header []string, cols []Column) Mapping {
	return MatchChosen(header, cols, nil)
}

// MatchChosen is Match with the choices of a person: by key, the position in the header, or -1 for "leave out".
func MatchChosen(header []string, cols []Column, chosen map[string]int) Mapping {
	m := Mapping{Header: header, Columns: cols, at: map[string]int{}}
	best, taken := m.choose(chosen)
	words := newLexicon(cols)
	for i, name := range header {
		h := words.find(name)
		if h.certainty == 0 || taken[i] || best[h.of].Certainty == Chosen {
			continue
		}
		m.consider(best, Found{Key: cols[h.of].Key, Column: i, Certainty: h.certainty, of: h.of})
	}
	m.conclude(best)
	return m
}

// choose enters what a person chose.
func (m *Mapping) choose(chosen map[string]int) (best map[int]Found, taken map[int]bool) {
	best, taken = map[int]Found{}, map[int]bool{}
	owner := map[int]Column{}
	for i, c := range m.Columns {
		at, ok := chosen[c.Key]
		if !ok {
			continue
		}
		best[i] = Found{Key: c.Key, Column: -1, Certainty: Chosen, of: i}
		switch other, doubled := owner[at]; {
		case at < -1 || at >= len(m.Header):
			m.problem(c, i18n.TabularNoColumn, i18n.TabularNoColumnWhat, c.Title)
		case doubled && at >= 0:
			m.problem(c, i18n.TabularSharedColumn, i18n.TabularNoColumnWhat, at+1, other.Title, c.Title)
		default:
			owner[at], taken[at] = c, true
			best[i] = Found{Key: c.Key, Column: at, Certainty: Chosen, of: i}
		}
	}
	return best, taken
}

// consider keeps the surer of two columns of the file for one of ours; two equally sure ones are a problem.
func (m *Mapping) consider(best map[int]Found, f Found) {
	old, seen := best[f.of]
	switch {
	case !seen || f.Certainty > old.Certainty:
		best[f.of] = f
	case f.Certainty == old.Certainty && f.Certainty > Likely:
		c := m.Columns[f.of]
		m.problem(c, i18n.TabularTwice, i18n.TabularTwiceWhat, c.Title, old.Column+1, m.Header[old.Column], f.Column+1, m.Header[f.Column])
	}
}

func (m *Mapping) conclude(best map[int]Found) {
	used := map[int]bool{}
	for i, c := range m.Columns {
		f, ok := best[i]
		if ok && f.Certainty == Likely {
			m.Likely = append(m.Likely, f)
		} else if ok && f.Column >= 0 {
			m.Found = append(m.Found, f)
			m.at[c.Key], used[f.Column] = f.Column, true
		}
		if c.Required && !m.Has(c.Key) {
			m.problem(c, i18n.TabularMissing, i18n.TabularMissingWhat, c.Title)
		}
		if ok && f.Certainty == Likely {
			m.problem(c, i18n.TabularLikely, i18n.TabularLikelyWhat, f.Column+1, m.Header[f.Column], c.Title)
			m.Problems[len(m.Problems)-1].Warning = true
		}
	}
	for i, name := range m.Header {
		if name != "" && !used[i] {
			m.Unused = append(m.Unused, i)
		}
	}
}

func (m *Mapping) problem(c Column, message, advice i18n.Text, args ...any) {
	m.Problems = append(m.Problems, Problem{Key: c.Key, Column: c.Title.In(i18n.ZH),
		Message: errs.Message{Text: message, Args: args}, Advice: errs.Message{Text: advice}})
}
