package fill

import (
	"regexp"
	"slices"
	"sort"

	"linli/internal/fact"
)

// titleWords hint at what a form is about.
var titleWords = []struct {
	words   *regexp.Regexp
	subject fact.Subject
}{
	{regexp.MustCompile(`认领|责任区|设岗`), fact.Claim},
	{regexp.MustCompile(`党员`), fact.Member},
	{regexp.MustCompile(`楼栋|楼幢|房屋`), fact.Building},
	{regexp.MustCompile(`网格(信息|情况|基本|一览|划分|登记|台账|统计)`), fact.Grid},
	{regexp.MustCompile(`小区`), fact.Quarter},
	{regexp.MustCompile(`住户|家庭|入户|户情|分户|每户|户表`), fact.Household},
	{regexp.MustCompile(`单位|企业|组织(信息|情况|基本|一览|名册)|机构|支部(信息|情况|基本|一览|名册)|商户|门店`), fact.Organisation},
	{regexp.MustCompile(`活动|会议`), fact.Activity},
	{regexp.MustCompile(`实事`), fact.Deed},
	{regexp.MustCompile(`人员|居民|人口|老人|老年|儿童|花名册|名单|青少年|学生|个人|参保|困难|残疾`), fact.Person},
}

// subjectsOfLists are what a list may be about, in the order in which ties are decided.
var subjectsOfLists = []fact.Subject{fact.Person, fact.Member, fact.Household, fact.Organisation, fact.Building, fact.Grid, fact.Quarter, fact.Activity,
	fact.Claim, fact.Deed, fact.Responsibility, fact.Attendance, fact.Slip}

// knows says how surely a label is known for any subject, from 0 to 1.
func (p planner) knows(path []string) float64 {
	leaf := path[len(path)-1]
	l := label(leaf)
	if serialWords[l] || remarkWords[l] {
		return 0.5
	}
	best := 0.0
	for _, s := range []fact.Subject{fact.Person, fact.Household, fact.Organisation} {
		for _, c := range p.words.Lookup(s, leaf) {
			switch {
			case c.Grade >= fact.Inherit:
				return 1
			case c.Grade == fact.Likely:
				best = 0.5
			}
		}
	}
	return best
}

// isCard says whether a sheet is about one thing: labels with blank places beside them say more than any table does.
func (p planner) isCard(l layout) bool {
	fields := 0
	for _, f := range l.fields {
		if !endsOpen(f.path[len(f.path)-1]) && !f.inline {
			fields++
		}
	}
	if len(l.tables) == 0 {
		return true
	}
	best := l.tables[mainTable(l)]
	if len(best.heads) > 0 && slices.ContainsFunc(l.fields, func(f field) bool { return p.names(f) }) {
		return true // printed rows to be marked for the one whose name stands over them
	}
	if best.group != "" {
		return true
	}
	return fields >= 3 && fields >= len(best.columns)
}

// keys are the facts by which a row says whom or what it is about.
var keys = map[string]bool{"person.name": true, "member.name": true, "person.id_number": true, "organisation.name": true, "organisation.uscc": true,
	"building.name": true, "grid.code": true, "grid.name": true, "quarter.name": true, "household.address": true}

// unhead takes names that somebody wrote into the first column of a list for what they are: no printed row labels.
func (p planner) unhead(t *table, title string) {
	if t.headed == nil {
		return
	}
	for _, s := range []fact.Subject{fact.Person, fact.Member, fact.Organisation, fact.Building, fact.Grid, fact.Quarter, fact.Household} {
		r := reader{words: p.words, subject: s, others: p.others}
		m := r.read(t.headed.path, "")
		if !m.known() || !keys[m.fact.ID] || s != fact.Person && s != fact.Member && reportWords.MatchString(squeeze(title)) {
			continue
		}
		t.columns = append([]column{*t.headed}, t.columns...)
		t.heads, t.headed = nil, nil
		return
	}
}

// names says whether a field asks for the name of somebody or the address of a dwelling.
func (p planner) names(f field) bool {
	if len(f.path) > 1 || aboveWord(f.path[0]) != Unknown {
		return false
	}
	r := reader{words: p.words, subject: fact.Person, others: p.others}
	m := r.read(f.path, "")
	return m.known() && m.hops == 0 && m.fact.ID == "person.name" || m.known() && m.fact.ID == "household.address"
}

func mainTable(l layout) int {
	best := 0
	for i, t := range l.tables {
		b := l.tables[best]
		if (t.group == "") != (b.group == "") {
			if t.group == "" {
				best = i
			}
			continue
		}
		if t.score > b.score {
			best = i
		}
	}
	return best
}

// paths are the labels that decide what a sheet is about.
func (sh *Sheet) paths() [][]string {
	var out [][]string
	if sh.Kind == Card {
		for _, f := range sh.lay.fields {
			out = append(out, f.path)
		}
		return out
	}
	for _, c := range sh.lay.tables[sh.main].columns {
		out = append(out, c.path)
	}
	return out
}

// chooseSubject decides what a sheet is about: as chosen, or as most of its labels and its title say.
func (p planner) chooseSubject(sh *Sheet) {
	type rated struct {
		s     fact.Subject
		score float64
	}
	var all []rated
	for _, s := range subjectsOfLists {
		all = append(all, rated{s, p.rate(sh, s)})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].score > all[j].score })
	for _, r := range all {
		if r.score > 0 {
			sh.Subjects = append(sh.Subjects, r.s)
		}
	}
	if len(sh.Subjects) == 0 {
		sh.Subjects = []fact.Subject{fact.Person}
	}
	sh.Subject = sh.Subjects[0]
	if s, ok := p.choice.Subjects[sh.Name]; ok && s.Valid() {
		sh.Subject = s
	}
}

func (p planner) rate(sh *Sheet, s fact.Subject) float64 {
	r := &reader{words: p.words, subject: s, others: p.others}
	paths := sh.paths()
	r.count(paths)
	sum, context := 0.0, ""
	for _, path := range paths {
		m := r.read(path, context)
		if sh.Kind == Card {
			context = r.nextContext(path, m, context)
		}
		switch m.verdict {
		case Sure:
			sum += 3
			if m.grade >= fact.Near {
				sum++
			}
			sum -= 0.7 * float64(m.hops)
		case Maybe, Several:
			sum += 0.5
		}
	}
	title := squeeze(sh.Title + sh.Name)
	for i, w := range titleWords {
		if w.subject == s && w.words.MatchString(title) && sum > 0 {
			sum += 3 - 0.1*float64(i)
			break
		}
	}
	return sum
}
