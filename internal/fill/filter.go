package fill

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"linli/internal/fact"
)

// Condition keeps rows of which a fact says something.
type Condition struct {
	Ref   fact.Ref
	Least int    // of a number: at least this; used where Text is ""
	Most  int    // of a number: at most this, 0 for no bound
	Text  string // canonical value that the fact has
}

// holds says whether a value meets the condition. Unknown does not.
func (c Condition) holds(v fact.Value) bool {
	if !v.Known || v.Hidden {
		return false
	}
	if c.Text != "" {
		return v.Text == c.Text
	}
	n, err := strconv.Atoi(v.Text)
	return err == nil && n >= c.Least && (c.Most == 0 || n <= c.Most)
}

var (
	agesFrom = regexp.MustCompile(`(\d{2,3})周?岁(及)?以上`)
	agesTo   = regexp.MustCompile(`(\d{1,3})周?岁(及)?以下`)
	// plainWords of a title say nothing about which rows are meant.
	plainWords = regexp.MustCompile(`\d{4}年(度)?|\d+月(份)?|第?[一二三四1-4]季度|[上下]半年|月报|季报|年报|附[件表]\d*|表\d+|空白|样表|模板|填报|采集|全体|全部|所有|辖区|本|各|年度|季度|月份|` +
		`居民|人员|人口|常住|住户|家庭|户籍|党员|组织|单位|楼栋|小区|网格|活动|房屋|党支部|` +
		`基本|详细|相关|信息|情况|花名册|名册|名单|登记|统计|汇总|明细|台账|一览|摸底|调查|核查|采集|清单|表|册|单|的|及|和|与|[:()（）_\-—.、]`)
	// officeAhead is the office that sends the form, at the head of its title; the words behind it say which rows are meant.
	officeAhead = regexp.MustCompile(`^[\p{Han}]{0,8}?(?:局|委员会|办公室|办事处|残联|妇联|总工会|团委|红十字会|卫健委|发改委|政法委|组织部|宣传部|统战部|社会工作部|文明办|综治办|应急办)(?:关于)?(.*(?:居民|人口|住户|家庭|党员|老人|老年|人员|单位|组织|楼栋|小区|网格|活动).*)$`)
	placeWords  = regexp.MustCompile(`[\p{Han}]{2,8}?(省|市|区|县|街道|镇|乡|社区|村|居委会)`)
)

// rowsMeant reads from a title which rows a blank list is to hold. clear is false where the title says something that the catalogue does
// not know: then a person must choose.
func rowsMeant(w words, s fact.Subject, title string) (out []Condition, clear bool) {
	q := squeeze(title)
	take := func(label string) (fact.Reached, bool) {
		c, ok := fact.Sure(w.Lookup(s, label))
		return c.Reached, ok
	}
	if m := agesFrom.FindStringSubmatch(q); m != nil {
		if r, ok := take("年龄"); ok && r.Fact.Type == fact.Number {
			n, _ := strconv.Atoi(m[1]) // digits
			out = append(out, Condition{Ref: r.Ref, Least: n})
			q = agesFrom.ReplaceAllString(q, "")
			q = strings.NewReplacer("老年人", "", "老人", "", "老年", "", "高龄", "").Replace(q)
		}
	}
	if m := agesTo.FindStringSubmatch(q); m != nil {
		if r, ok := take("年龄"); ok && r.Fact.Type == fact.Number {
			n, _ := strconv.Atoi(m[1]) // digits
			out = append(out, Condition{Ref: r.Ref, Most: n})
			q = agesTo.ReplaceAllString(q, "")
		}
	}
	if s == fact.Person && strings.Contains(q, "党员") {
		if r, ok := take("是否党员"); ok && r.Fact.Type == fact.YesNo {
			out = append(out, Condition{Ref: r.Ref, Text: fact.Yes})
		}
	}
	rest := strings.TrimSpace(placeWords.ReplaceAllString(timeWords.ReplaceAllString(q, " "), ""))
	if m := officeAhead.FindStringSubmatch(rest); m != nil {
		rest = m[1]
	} else if office, behind, found := strings.Cut(rest, " "); found && officeAhead.MatchString(office+behind) {
		rest = behind
	}
	for _, word := range strings.FieldsFunc(plainWords.ReplaceAllString(rest, " "), func(r rune) bool { return r == ' ' }) {
		if len([]rune(word)) < 2 {
			continue
		}
		found := false
		for _, l := range []string{"是否" + word, word, "是否" + word + "人员", "是否" + word + "对象"} {
			if r, ok := take(l); ok && r.Fact.Type == fact.YesNo {
				out = append(out, Condition{Ref: r.Ref, Text: fact.Yes})
				found = true
				break
			}
		}
		if !found {
			return nil, false
		}
	}
	return slices.Clip(out), true
}
