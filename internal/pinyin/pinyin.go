// Package pinyin gives the initials by which people look a Chinese name up ("zhang wei" is zw) and the key by which lists
// of names are sorted. Surnames are read as surnames: 曾 is zeng, 单 is shan, 尉迟 is yu chi.
//
// Readings come from the go-pinyin dictionary; the first one of a character counts, since names give no context.
package pinyin

import (
	_ "embed"
	"strings"
	"sync"

	dictionary "github.com/mozillazg/go-pinyin"

	"linli/internal/gram"
)

//go:embed surnames.txt
var surnameFile string

type tables struct {
	syllable map[rune]string
	surname  map[string][]string
}

var load = sync.OnceValue(func() tables {
	t := tables{syllable: make(map[rune]string, len(dictionary.PinyinDict)), surname: map[string][]string{}}
	interned := map[string]string{}
	for r, readings := range dictionary.PinyinDict {
		first, _, _ := strings.Cut(readings, ",")
		s := plain(first)
		if _, ok := interned[s]; !ok {
			interned[s] = s
		}
		t.syllable[rune(r)] = interned[s]
	}
	for line := range strings.Lines(surnameFile) {
		if f := strings.Fields(line); len(f) > 1 && f[0] != "#" {
			t.surname[f[0]] = f[1:]
		}
	}
	return t
})

var tones = strings.NewReplacer(
	"\u0101", "a", "\u00e1", "a", "\u01ce", "a", "\u00e0", "a",
	"\u0113", "e", "\u00e9", "e", "\u011b", "e", "\u00e8", "e", "\u00ea", "e",
	"\u012b", "i", "\u00ed", "i", "\u01d0", "i", "\u00ec", "i",
	"\u014d", "o", "\u00f3", "o", "\u01d2", "o", "\u00f2", "o",
	"\u016b", "u", "\u00fa", "u", "\u01d4", "u", "\u00f9", "u",
	"\u01d6", "v", "\u01d8", "v", "\u01da", "v", "\u01dc", "v", "\u00fc", "v",
	"\u0144", "n", "\u0148", "n", "\u01f9", "n", "\u1e3f", "m", "\u0304", "", "\u0300", "", "\u0301", "", "\u030c", "")

func plain(s string) string { return tones.Replace(s) }

// Letters is a person's name in small Latin letters without spaces: 王小明 is wangxiaoming.
func Letters(name string) string {
	_, key := Of(name)
	key = strings.TrimSuffix(key, gram.Key(name))
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, key)
}

// Of gives the initials and the sorting key of a person's name. The key is the syllables and then the folded name, so
// that a list sorted by it stands in the order of the alphabet and equal sounds stand together.
func Of(name string) (initials, key string) {
	folded := gram.Key(name)
	t := load()
	var ini, full strings.Builder
	full.Grow(4*len(folded) + 8)
	rest := folded
	for _, n := range [2]int{2, 1} {
		head := prefix(folded, n)
		if s, ok := t.surname[head]; ok && (n == 1 || len(folded) > len(head)) {
			for _, syllable := range s {
				put(&ini, &full, syllable)
			}
			rest = folded[len(head):]
			break
		}
	}
	for _, r := range rest {
		if s := t.syllable[r]; s != "" {
			put(&ini, &full, s)
		} else if r < 0x80 {
			ini.WriteRune(r)
			full.WriteRune(r)
		}
	}
	full.WriteByte(' ')
	full.WriteString(folded)
	return ini.String(), full.String()
}

func put(ini, full *strings.Builder, syllable string) {
	ini.WriteByte(syllable[0])
	if full.Len() > 0 {
		full.WriteByte('\'') // sorts behind the blank in front of the folded name and before all letters
	}
	full.WriteString(syllable)
}

// prefix is the first n characters of s, or all of it.
func prefix(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// IsInitials says whether a search text is meant as initials: one to six plain letters.
func IsInitials(s string) bool {
	if len(s) == 0 || len(s) > 6 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}
