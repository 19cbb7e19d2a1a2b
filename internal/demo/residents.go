package demo

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"linli/internal/calendar"
	"linli/internal/code"
)

// inhabitant is one row of a community's list. Codes are written as people write them.
type inhabitant struct {
	name, id, phone string
	born            calendar.Date
	male            bool
	relation        string
	schooling       string
	residence       string
	categories      string
	workUnit        string
	movedIn         calendar.Date
	political       string
}

// census makes the residents of one community, household by household, and writes them as the community's list.
type census struct {
	r         *rand.Rand
	today     calendar.Date
	community int
	serial    int             // of phones
	used      map[string]bool // ID numbers
	out       strings.Builder
	household []inhabitant

	wanted  quota     // members still to be found among the residents
	members []recruit // found
	units   []string  // in which they work, the nearer the more often
}

// quota counts what is still wanted of each kind of member.
type quota struct{ community, inService, floating int }

// recruit is a resident who is a Party member.
type recruit struct {
	name, id, phone string
	born            calendar.Date
	male            bool
	joined          calendar.Date
	community       int
	kind            memberKind
	unit            string // name
}

type memberKind int

const (
	ofCommunity memberKind = iota
	inService
	floating
)

// listComma stands between the groups of one resident in the list.
const listComma = "、"

const residentHeader = "姓名,身份证号,手机号,小区,楼栋,单元,房号,与户主关系,文化程度,居住情况,人群分类,工作单位,政治面貌,迁入日期\n"

// list fills the blocks with people until there are so many residents, and gives the table.
func (c *census) list(blocks []*block, residents int) []byte {
	c.out.WriteString(residentHeader)
	done := 0
	for n, b := range blocks {
		target := share(residents, len(blocks), n)
		here := 0
		for home := 0; here < target; home++ {
			c.makeHousehold(target - here)
			here += len(c.household)
			c.recruit(residents - done - here)
			c.write(b, home)
		}
		done += here
	}
	return []byte(c.out.String())
}

// makeHousehold makes the people of one dwelling, at most most of them.
func (c *census) makeHousehold(most int) {
	size := [...]int{1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 5}[c.r.IntN(20)]
	size = min(size, most)
	surname := anySurname(c.r)
	head := c.adult(surname, 27+c.r.IntN(58))
	head.relation = "户主"
	c.household = append(c.household[:0], head)
	headAge := head.born.YearsUntil(c.today)
	moved := c.today.AddDays(-400 - c.r.IntN(9000))
	if headAge > 72 && size == 1 {
		c.household[0].categories = "独居老人"
	}
	for len(c.household) < size {
		var p inhabitant
		switch k := len(c.household); {
		case k == 1:
			p = c.person(anySurname(c.r), max(24, headAge-3+c.r.IntN(6)), !head.male)
			p.relation = "配偶"
		case k == 2 || k == 3:
			p = c.person(surname, max(2, headAge-26-c.r.IntN(8)), c.r.IntN(2) == 0)
			p.relation = "女"
			if p.male {
				p.relation = "子"
			}
		default:
			p = c.person(surname, min(96, headAge+24+c.r.IntN(6)), c.r.IntN(2) == 0)
			p.relation = "父母"
		}
		c.household = append(c.household, p)
	}
	renting := c.r.IntN(9) == 0
	for i := range c.household {
		p := &c.household[i]
		p.movedIn, p.residence = moved, "人户一致"
		if p.born.After(moved) {
			p.movedIn = p.born
		}
		if renting {
			p.residence = "流动人口"
		}
		c.occupy(p, renting)
	}
}

func (c *census) adult(surname rune, age int) inhabitant {
	return c.person(surname, age, c.r.IntN(2) == 0)
}

// person makes somebody of an age, with an ID number and, for the grown-up, a phone.
func (c *census) person(surname rune, age int, male bool) inhabitant {
	c.serial++
	p := inhabitant{name: personName(c.r, surname), male: male}
	for p.id == "" || c.used[p.id] {
		p.born = c.today.AddYears(-age).AddDays(-1 - c.r.IntN(360))
		p.id = invented(c.community, p.born, male, c.r.IntN(499))
	}
	c.used[p.id] = true
	if age >= 15 && c.r.IntN(8) != 0 {
		p.phone = phonePrefix + pad(c.community*20_000+c.serial, 7)
	}
	return p
}

// invented is an ID number of nobody: the area was never given out.
func invented(community int, born calendar.Date, male bool, order int) string {
	n := 2*order + 2
	if male {
		n--
	}
	return code.WithCheck(areaPrefix + pad(1+community, 2) + strings.ReplaceAll(born.String(), "-", "") + pad(n, 3))
}

// occupy gives somebody of an age what goes with it: schooling, work, the groups by which residents are served.
func (c *census) occupy(p *inhabitant, renting bool) {
	var groups []string
	if p.categories != "" {
		groups = append(groups, p.categories)
	}
	switch age := p.born.YearsUntil(c.today); {
	case age < 6:
	case age < 18:
		p.schooling = []string{"小学", "初中", "普通高中"}[min(2, (age-6)/5)]
		groups = append(groups, "学生")
	case age < 60:
		p.schooling = pick(c.r, []string{"初中", "普通高中", "专科", "大学本科", "大学本科", "研究生教育"})
		switch c.r.IntN(12) {
		case 0:
			groups = append(groups, "个体工商户")
		case 1:
			groups = append(groups, "新就业群体")
		case 2:
			groups = append(groups, "失业人员")
		default:
			groups = append(groups, "在职人员")
			p.workUnit = pick(c.r, c.units)
		}
		if renting {
			groups = append(groups, "进城务工人员")
		}
	default:
		p.schooling = pick(c.r, []string{"小学", "初中", "初中", "普通高中", "专科"})
		groups = append(groups, "离退休人员")
	}
	switch c.r.IntN(60) {
	case 0:
		groups = append(groups, "低保户")
	case 1:
		groups = append(groups, "残疾人")
	case 2, 3:
		if p.male && p.born.YearsUntil(c.today) > 24 {
			groups = append(groups, "退役军人")
		}
	case 4:
		groups = append(groups, "楼栋长")
	}
	p.categories = strings.Join(groups, listComma)
}

// recruit makes members of some of the grown-ups in the household, so that the quota is reached when the last of left residents moves in.
func (c *census) recruit(left int) {
	for i := range c.household {
		p := &c.household[i]
		age := p.born.YearsUntil(c.today)
		want := c.wanted.community + c.wanted.inService + c.wanted.floating
		if want == 0 || age < 22 || p.phone == "" || c.r.IntN(max(1, left*2/5)) >= want {
			continue
		}
		m := recruit{name: p.name, id: p.id, phone: p.phone, born: p.born, male: p.male, community: c.community}
		switch working := p.workUnit != ""; {
		case working && c.wanted.inService > 0:
			c.wanted.inService--
			m.kind, m.unit = inService, p.workUnit
		case c.wanted.floating > 0 && age < 50 && !working:
			c.wanted.floating--
			m.kind = floating
		case c.wanted.community > 0 && !working:
			c.wanted.community--
			m.kind = ofCommunity
		case left > 400:
			continue
		default: // the last of the quota are taken as they come
			if c.wanted.inService > 0 {
				c.wanted.inService--
			} else if c.wanted.floating > 0 {
				c.wanted.floating--
			} else {
				c.wanted.community--
			}
			m.kind = ofCommunity
		}
		m.joined = p.born.AddYears(20 + c.r.IntN(max(1, min(25, age-21)))).AddDays(c.r.IntN(300))
		if m.joined.After(c.today.AddDays(-400)) {
			m.joined = c.today.AddDays(-400 - c.r.IntN(300))
		}
		p.political = "中共党员"
		c.members = append(c.members, m)
	}
}

// write puts the household into dwelling number home of the block.
func (c *census) write(b *block, home int) {
	k := min(home/b.homes(), b.buildings-1)
	in := home - k*b.homes()
	stairwell, floor, door := in%b.stairwells+1, in/(2*b.stairwells)+1, in/b.stairwells%2+1
	for _, p := range c.household {
		for i, cell := range [...]string{p.name, p.id, p.phone, b.quarter, b.buildingName(k), strconv.Itoa(stairwell), strconv.Itoa(floor*100 + door),
			p.relation, p.schooling, p.residence, p.categories, p.workUnit, p.political, p.movedIn.String()} {
			if i > 0 {
				c.out.WriteByte(',')
			}
			c.out.WriteString(cell)
		}
		c.out.WriteByte('\n')
	}
}

func pad(n, width int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, width-len(s))) + s
}
