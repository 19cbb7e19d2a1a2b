package fill

import (
	"regexp"
	"strings"

	"linli/internal/fact"
	"linli/internal/i18n"
)

// words is the part of a catalogue in which labels are looked up: a fact.Edition.
type words interface {
	Lookup(s fact.Subject, label string) []fact.Candidate
	PartFor(s fact.Subject, label string) (fact.Part, bool)
	Find(s fact.Subject, r fact.Ref) (fact.Reached, bool)
}

// Verdict says what became of a label.
type Verdict string

// The verdicts. Only a Sure one is filled.
const (
	Sure    Verdict = "sure"     // one fact: by its name, by a synonym, or because somebody taught or chose it
	Maybe   Verdict = "maybe"    // offered, not taken
	Several Verdict = "several"  // fits two facts equally well: asked, never guessed
	Serial  Verdict = "serial"   // 序号: counted
	Remark  Verdict = "remark"   // 备注: people's own
	ByHand  Verdict = "by_hand"  // signatures, seals, opinions
	Unknown Verdict = "unknown"  // nothing in the catalogue
	OfOther Verdict = "of_other" // speaks of somebody of whom no record is kept here
	Left    Verdict = "left"     // somebody said to leave it
)

// meaning is what a label means for a row of a subject.
type meaning struct {
	verdict    Verdict
	ref        fact.Ref
	fact       fact.Fact
	grade      fact.Grade
	hops       int
	candidates []fact.Candidate // what it may mean, best first
	context    string           // the person of whom it speaks, as the form says: 父亲, 户主
}

func (m meaning) known() bool { return m.verdict == Sure }

var (
	serialWords = map[string]bool{"序号": true, "序": true, "编号": true, "no": true, "号": true, "项目序号": true, "顺序号": true}
	remarkWords = map[string]bool{"备注": true, "说明": true, "备考": true, "附注": true, "其他说明": true}
	handWords   = regexp.MustCompile(`签名|签字|盖章|公章|手印|审核意见|审批意见|意见$|审核人|复核人|经办人|承办人|单位负责人`)
	// neutralGroup is a group that does not change of whom its labels speak.
	neutralGroup = regexp.MustCompile(`(基本|个人|人员|党员|居民|本人|住户|家庭|户籍|户口|居住|登记|身份|组织|房屋|楼栋|网格|单位|工作|联系|党籍|教育|学历|职业|服务|参加|报到|认领|活动|时长)?(基本)?(信息|情况|资料|概况|地址|内容|方式|登记)$|^(基本|个人|人员|党员|居民|本人|住户|户籍|居住)$|^[一二三四五六七八九十]、`)
	// groupEnds are words behind whom a group speaks of: 户主情况.
	groupEnds = regexp.MustCompile(`(基本)?(情况|信息|资料)$`)
	// named is a label that names a person of its own: 父亲姓名, 户主姓名.
	named = regexp.MustCompile(`^(.{1,8}?)(的?姓名|名字)$`)
)

// speaksOfOther is a group or a label that speaks of somebody else than the row.
func speaksOfOther(l string, others []string) bool {
	for _, w := range others {
		if strings.HasPrefix(l, w) {
			return true
		}
	}
	return false
}

// reader gives labels of one form their meaning.
type reader struct {
	words   words
	subject fact.Subject
	seen    map[string]int // how often a lowest label stands on the form
	others  []string
}

// read gives the meaning of one label with its groups, outermost first. context is the person of whom the labels before it spoke, "" for
// the row itself.
func (r *reader) read(path []string, context string) meaning {
	leaf := path[len(path)-1]
	l := label(leaf)
	switch {
	case serialWords[l]:
		return meaning{verdict: Serial}
	case remarkWords[l]:
		return meaning{verdict: Remark}
	case handWords.MatchString(l):
		return meaning{verdict: ByHand}
	case l == "":
		return meaning{verdict: Unknown}
	}
	for i := len(path) - 2; i >= 0; i-- { // the group and the label together: 户主 + 姓名
		g := label(path[i])
		if g == "" {
			continue
		}
		for _, whose := range []string{g, groupEnds.ReplaceAllString(g, "")} {
			if m := r.decide(r.words.Lookup(r.subject, whose+l), fact.Near); m.known() && whose != "" {
				return m
			}
		}
		if other := r.otherGroup(g); other {
			return meaning{verdict: OfOther, context: g}
		}
		if !neutralGroup.MatchString(g) && (r.seen[l] > 1 || bare.MatchString(l)) {
			return meaning{verdict: Unknown} // a label that only says something together with its group
		}
	}
	if strings.HasSuffix(context, "联系人") && !contactWords.MatchString(l) {
		context = "" // of somebody to call a form asks no more than how
	}
	if context != "" {
		joined := r.decide(r.words.Lookup(r.subject, context+l), fact.Near)
		if joined.known() {
			joined.context = context
			return joined
		}
	}
	m := r.decide(r.words.Lookup(r.subject, leaf), fact.Inherit)
	if m.verdict == Maybe {
		m = r.ownRow(l, m)
	}
	if context != "" && m.verdict != Unknown && (r.personal(m) || m.verdict != Sure) {
		return meaning{verdict: OfOther, context: context}
	}
	return m
}

// identity are facts that a label about the row's own subject may name with a word before it: 被调查人姓名, 学生出生日期.
var identity = map[string]bool{"person.name": true, "person.sex": true, "person.born_on": true, "person.age": true, "person.id_number": true}

// ownRow takes a likely meaning where only a word that says whose row it is stands before the label.
func (r *reader) ownRow(l string, m meaning) meaning {
	for _, w := range i18n.FactLabelBefore {
		rest, ok := strings.CutPrefix(l, w)
		if !ok {
			continue
		}
		if own := r.decide(r.words.Lookup(r.subject, rest), fact.Near); own.known() && own.hops == 0 && identity[own.fact.ID] {
			return own
		}
	}
	return m
}

// contactWords are what a form asks of somebody to be called.
var contactWords = regexp.MustCompile(`电话|手机|联系方式|关系|地址|住址|单位|号码`)

// bare are labels that mean nothing alone.
var bare = regexp.MustCompile(`^(\d+|[≥≤<>]?\d+.*|其他|其它|有|无|是|否|名称|类型|类别|数量|日期|时间|等级|原因|情况|内容|结果|金额|年|月|日)$`)

// personal says whether a meaning is something about a person, which another person on the form may have too.
func (r *reader) personal(m meaning) bool {
	return m.fact.Subject == fact.Person || m.fact.Subject == fact.Member
}

func (r *reader) otherGroup(g string) bool {
	for _, w := range r.others {
		if strings.HasPrefix(g, w) && !neutralGroup.MatchString(strings.TrimPrefix(g, w)) || g == w {
			return true
		}
		if strings.HasPrefix(g, w) && len([]rune(w)) >= 2 {
			return true
		}
	}
	return false
}

// decide takes the best candidate if it is as sure as least and no other is as good.
func (r *reader) decide(c []fact.Candidate, least fact.Grade) meaning {
	if len(c) == 0 {
		return meaning{verdict: Unknown}
	}
	m := meaning{candidates: c, ref: c[0].Ref, fact: c[0].Fact, grade: c[0].Grade, hops: c[0].Hops}
	switch {
	case c[0].Grade < least || c[0].Grade < fact.Inherit:
		m.verdict = Maybe
		if c[0].Grade < fact.Likely {
			m.ref, m.fact = "", fact.Fact{}
		}
	case len(c) > 1 && c[1].Grade == c[0].Grade && c[1].Hops == c[0].Hops && c[1].Ref != c[0].Ref:
		m.verdict = Several
	default:
		m.verdict = Sure
	}
	return m
}

// nextContext is the person of whom the labels after this one speak: a label that names somebody of its own begins a new context, one
// that names the row's own subject ends it.
func (r *reader) nextContext(path []string, m meaning, context string) string {
	l := label(path[len(path)-1])
	match := named.FindStringSubmatch(l)
	if match == nil {
		if l == "姓名" {
			return ""
		}
		return context
	}
	if m.known() && m.hops == 0 {
		return ""
	}
	if m.known() && !speaksOfOther(match[1], r.others) {
		return ""
	}
	return match[1]
}

// count notes how often each lowest label stands on a form.
func (r *reader) count(paths [][]string) {
	r.seen = map[string]int{}
	for _, p := range paths {
		r.seen[label(p[len(p)-1])]++
	}
}

// asked makes a sure meaning one that is offered.
func asked(m meaning) meaning {
	m.verdict, m.ref, m.fact = Maybe, "", fact.Fact{}
	return m
}

// reaches are facts by which somebody is reached or told apart: right behind a name they are that person's.
var reaches = map[string]bool{"person.phone": true, "person.phone_mask": true, "person.id_number": true}

// namesOther says whether a label names somebody else than the row.
func (r *reader) namesOther(path []string, m meaning) bool {
	l := label(path[len(path)-1])
	if r.subject != fact.Person && r.subject != fact.Member {
		return false
	}
	return !m.known() && named.MatchString(l) || m.known() && m.hops > 0 && m.fact.ID == "person.name" && m.fact.Subject == fact.Person && strings.Contains(string(m.ref), "head/")
}
