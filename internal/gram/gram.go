// Package gram makes the keys by which names are compared and searched: the folded form of a name (Key) and its one- and
// two-character grams (Of), which a gram table keeps with the row, so that a search for one or two characters is an
// index range on every engine.
//
//	grams to store with a row:   gram.Of(name)
//	grams to look up in a query: gram.Query(text), and a LIKE on the key when Exact is false
package gram

import (
	"strings"
	"unicode"
)

// Key is the form in which names are compared and sorted: full-width characters become plain ones, letters become
// small, blanks and control characters go, and the dots inside names of ethnic minorities become one kind of dot.
func Key(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xff01 && r <= 0xff5e: // full-width forms of ! to ~
			r -= 0xfee0
		case r == '\u2027', r == '\u2022', r == '\u30fb', r == '\uff65', r == '\u2219', r == '\u25e6':
			return '\u00b7'
		case unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// Of gives the distinct grams of a name: every character and every pair of neighbours of its key.
func Of(s string) []string {
	key := []rune(Key(s))
	seen := make(map[string]bool, 2*len(key))
	out := make([]string, 0, 2*len(key))
	add := func(g string) {
		if !seen[g] {
			seen[g] = true
			out = append(out, g)
		}
	}
	for i := range key {
		add(string(key[i : i+1]))
		if i+1 < len(key) {
			add(string(key[i : i+2]))
		}
	}
	return out
}

// Search is a search text taken apart.
type Search struct {
	Key   string   // the folded text; "" asks for everything
	Grams []string // every row found has all of these
	Exact bool     // the grams alone decide; otherwise the row's key must also contain Key (see Like)
}

// Query takes a search text apart. One or two characters are a gram themselves; longer texts are found by their pairs
// and then compared.
func Query(s string) Search {
	key := []rune(Key(s))
	q := Search{Key: string(key), Exact: len(key) <= 2}
	if len(key) == 0 {
		return q
	}
	if q.Exact {
		q.Grams = []string{q.Key}
		return q
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(key); i++ {
		if g := string(key[i : i+2]); !seen[g] {
			seen[g] = true
			q.Grams = append(q.Grams, g)
		}
	}
	return q
}

// Like is the pattern for "key LIKE … ESCAPE '!'" that finds the text anywhere in a key.
func (s Search) Like() string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s.Key) + "%"
}
