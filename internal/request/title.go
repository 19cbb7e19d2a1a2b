package request

import (
	"regexp"
	"strings"
)

// Guess is what the title line of a form says about a request; "" for what it does not.
type Guess struct {
	Title    string
	Office   string
	GroundNo string
	Every    Every
}

var (
	officeWords = regexp.MustCompile(`^((?:[\p{Han}]{0,14}?(?:省|市|区|县|街道|镇|乡))?[\p{Han}]{0,10}?(?:局|委员会|办事处|办公室|指挥部|领导小组|联合会|红十字会|总工会|妇联|残联|团委|服务中心|管理中心|支队|大队|派出所|民政所|司法所|组织部|宣传部|政法委|统战部|社会工作部|文明办|综治办|应急办|卫健委|发改委))`)
	groundWords = regexp.MustCompile(`[\p{Han}]{1,10}[〔\[［（(]\d{4}[〕\]］）)]第?\d{1,4}号`)
	attached    = regexp.MustCompile(`^附[件表]?\d*[:：、.\s]*`)
)

// GuessOf reads from the title line of a form who asks, on what ground and how often.
func GuessOf(title string) Guess {
	t := attached.ReplaceAllString(strings.Join(strings.Fields(title), ""), "")
	g := Guess{Every: Once, GroundNo: groundWords.FindString(t)}
	t = strings.NewReplacer("（）", "", "()", "").Replace(strings.Replace(t, g.GroundNo, "", 1))
	g.Title = t
	if m := officeWords.FindString(t); m != "" && len([]rune(m)) < len([]rune(t)) {
		g.Office = m
		if rest := strings.TrimPrefix(strings.TrimPrefix(t, m), "关于"); len([]rune(rest)) > 3 {
			g.Title = rest
		}
	}
	for _, w := range []struct {
		words *regexp.Regexp
		every Every
	}{
		{regexp.MustCompile(`月报|每月|按月|\d月份?|月度`), Monthly},
		{regexp.MustCompile(`季报|每季|按季|季度`), Quarterly},
		{regexp.MustCompile(`半年`), HalfYear},
		{regexp.MustCompile(`年报|每年|年度`), Yearly},
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
