package request

import (
	"regexp"
	"strings"

	"linli/internal/i18n"
)

// Guess is what the title line of a form says about a request; "" for what it does not.
type Guess struct {
	Title    string
	Office   string
	GroundNo string
	Every    Every
}

var (
	officeWords = regexp.MustCompile(i18n.RequestTitleOffice)
	groundWords = regexp.MustCompile(i18n.RequestTitleGround)
	attached    = regexp.MustCompile(i18n.RequestTitleAttached)
)

// GuessOf reads from the title line of a form who asks, on what ground and how often.
func GuessOf(title string) Guess {
	t := attached.ReplaceAllString(strings.Join(strings.Fields(title), ""), "")
	g := Guess{Every: Once, GroundNo: groundWords.FindString(t)}
	t = strings.NewReplacer("（）", "", "()", "").Replace(strings.Replace(t, g.GroundNo, "", 1))
	g.Title = t
	if m := officeWords.FindString(t); m != "" && len([]rune(m)) < len([]rune(t)) {
		g.Office = m
		if rest := strings.TrimPrefix(strings.TrimPrefix(t, m), i18n.RequestTitleAbout); len([]rune(rest)) > 3 {
			g.Title = rest
		}
	}
	for _, w := range []struct {
		words *regexp.Regexp
		every Every
	}{
		{regexp.MustCompile(i18n.RequestTitleMonth), Monthly},
		{regexp.MustCompile(i18n.RequestTitleQuarter), Quarterly},
		{regexp.MustCompile(i18n.RequestTitleHalf), HalfYear},
		{regexp.MustCompile(i18n.RequestTitleYear), Yearly},
	} {
		if w.words.MatchString(t) {
			g.Every = w.every
			break
		}
	}
	return g
}

// identity are facts that say whose row it is: two requests that share nothing else do not ask the same.
var identity = map[string]bool{"person.name": true, "person.sex": true, "person.id_number": true, "person.id_mask": true, "person.born_on": true, "person.age": true,
	"person.phone": true, "person.phone_mask": true, "organisation.name": true, "organisation.label": true, "building.name": true, "household.address": true}

// Shared are the labels of a which b asks too, besides those that only say whose row it is.
func Shared(a, b []Field) []string {
	type key struct{ subject, fact string }
	asked := map[key]bool{}
	for _, f := range b {
		if f.Fact != "" {
			asked[key{string(f.Subject), f.Fact}] = true
		}
	}
	var out []string
	for _, f := range a {
		named := identity[f.Fact] || strings.HasSuffix(f.Fact, "/person.name")
		k := key{string(f.Subject), f.Fact}
		if asked[k] && !named {
			asked[k] = false
			out = append(out, f.Label)
		}
	}
	return out
}
