package demo_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"linli/internal/db"
	"linli/internal/fill"
	"linli/internal/testkit"
)

// ownForm is a form of our own making about rows of any kind. Its SQL gives the cells of each row in the order of the columns, "" for what
// the records cannot answer; #n stands for the number of the row.
type ownForm struct {
	title  string
	above  []string
	header []any
	depth  int
	marks  []string
	below  []string
	given  []int // columns that are written on it beforehand
	sql    string
	card   int  // pairs to a row, where it is a card about one
	down   bool // a card whose values stand below their labels
	rows   int
}

const (
	memberCells = ` FROM member m JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id LEFT JOIN organisation h ON h.tenant_id = m.tenant_id AND h.id = m.home_id
		LEFT JOIN organisation u ON u.tenant_id = m.tenant_id AND u.id = m.unit_id JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.community_id
		LEFT JOIN grid g ON g.tenant_id = m.tenant_id AND g.id = m.grid_id
		WHERE m.tenant_id = $1 AND m.community_id = $2 AND m.ended_on = '' AND (SELECT count(*) FROM member x WHERE x.name = m.name) = 1`
	sexWord    = `CASE p.sex WHEN '1' THEN '男' WHEN '2' THEN '女' ELSE '' END`
	memberKind = `CASE m.kind WHEN 'in_service' THEN '在职党员' WHEN 'community' THEN '社区支部党员' ELSE '下岗流动党员' END`
	unitCells  = ` FROM organisation u JOIN organisation o ON o.tenant_id = u.tenant_id AND o.id = u.community_id WHERE u.tenant_id = $1 AND u.community_id = $2
		AND u.kind = 'unit' AND u.dissolved_on = ''`
	houseCells = ` FROM building b LEFT JOIN quarter_area q ON q.tenant_id = b.tenant_id AND q.id = b.quarter_id LEFT JOIN grid g ON g.tenant_id = b.tenant_id AND g.id = b.grid_id
		WHERE b.tenant_id = $1 AND b.community_id = $2 AND b.ended_on = '' AND (SELECT count(*) FROM building x WHERE x.name = b.name AND x.community_id = b.community_id) = 1`
	homeCells = ` FROM household h LEFT JOIN building b ON b.tenant_id = h.tenant_id AND b.id = h.building_id LEFT JOIN grid g ON g.tenant_id = h.tenant_id AND g.id = h.grid_id
		LEFT JOIN person p ON p.tenant_id = h.tenant_id AND p.household_id = h.id AND p.head_relation = '02' AND p.moved_out_on = '' AND p.died_on = ''
		WHERE h.tenant_id = $1 AND h.community_id = $2 AND (SELECT count(*) FROM person x WHERE x.household_id = h.id AND x.head_relation = '02') = 1`
	livingIn   = `CAST((SELECT count(*) FROM person x WHERE x.tenant_id = $1 AND x.moved_out_on = '' AND x.died_on = '' AND `
	personOnly = ` FROM person p JOIN household h ON h.tenant_id = p.tenant_id AND h.id = p.household_id LEFT JOIN grid g ON g.tenant_id = p.tenant_id AND g.id = p.grid_id
		LEFT JOIN building b ON b.tenant_id = p.tenant_id AND b.id = p.building_id
		WHERE p.tenant_id = $1 AND p.community_id = $2 AND p.moved_out_on = '' AND p.died_on = '' AND (SELECT count(*) FROM person x WHERE x.name = p.name AND x.community_id = p.community_id) = 1`
)

func labels(s string) []any {
	var out []any
	for _, l := range strings.Fields(s) {
		out = append(out, l)
	}
	return out
}

var ownForms = []ownForm{
	{title: "社区党员花名册", header: labels("序号 姓名 性别 出生年月 入党日期 转正日期 所在党支部 党员类别 备注"), given: []int{1},
		sql: `SELECT '#n', m.name, ` + sexWord + `, replace(substr(p.born_on, 1, 7), '-', '.'), m.joined_on, m.full_on, coalesce(h.name, ''), ` + memberKind + `, ''` + memberCells},
	{title: "在职党员到社区报到登记表", header: labels("序号 党员姓名 工作单位 报到社区 报到日期 联系网格 特长"), given: []int{1},
		sql: `SELECT '#n', m.name, coalesce(u.name, ''), o.short_name, m.since, coalesce(g.name, ''), m.skills` + memberCells + ` AND m.kind = 'in_service'`},
	{title: "党员志愿服务时长登记表", header: labels("姓名 入党时间 本年服务时长 本年实事件数 签名"), given: []int{0}, below: []string{"填表人：", "填表日期："},
		sql: `SELECT m.name, m.joined_on, 'h' || (SELECT coalesce(sum(amount), 0) FROM posting t WHERE t.member_id = m.id AND t.account = 'hours' AND t.on_date >= '2026-01-01'),
			'' || (SELECT coalesce(sum(amount), 0) FROM posting t WHERE t.member_id = m.id AND t.account = 'deeds' AND t.on_date >= '2026-01-01'), ''` + memberCells},
	{title: "党员基本情况登记卡", header: labels("姓名 性别 出生日期 入党日期 党员类别 所在党支部 婚姻状况 报到日期"), given: []int{0}, card: 2,
		sql: `SELECT m.name, ` + sexWord + `, p.born_on, m.joined_on, ` + memberKind + `, coalesce(h.name, ''), '', m.since` + memberCells + ` AND m.kind = 'community'`},
	{title: "驻区单位基本信息表", header: labels("序号 单位名称 统一社会信用代码 所属行业 单位地址 联系人 职工人数"), given: []int{1},
		sql: `SELECT '#n', u.name, u.uscc, u.sector, u.address, u.contact_name, ''` + unitCells},
	{title: "共建单位登记卡", header: labels("单位名称 统一社会信用代码 所在社区 地址 联系人 法定代表人"), given: []int{0}, card: 1,
		sql: `SELECT u.name, u.uscc, o.short_name, u.address, u.contact_name, ''` + unitCells},
	{title: "楼栋基本情况表", header: labels("序号 楼栋名称 所属小区 所属网格 楼层数 单元数 总户数 居住人数 建成年份"), given: []int{1},
		sql: `SELECT '#n', b.name, coalesce(q.name, ''), coalesce(g.name, ''), CASE WHEN b.floors = 0 THEN '' ELSE '' || b.floors END, CASE WHEN b.stairwells = 0 THEN '' ELSE '' || b.stairwells END,
			'' || (SELECT count(DISTINCT x.household_id) FROM person x WHERE x.building_id = b.id AND x.moved_out_on = '' AND x.died_on = ''),
			` + livingIn + `x.building_id = b.id) AS TEXT), ''` + houseCells},
	{title: "楼栋信息卡", header: labels("楼栋名称 所属小区 所属网格 楼层数 单元数 电梯数量"), given: []int{0}, card: 2,
		sql: `SELECT b.name, coalesce(q.name, ''), coalesce(g.name, ''), CASE WHEN b.floors = 0 THEN '' ELSE '' || b.floors END, CASE WHEN b.stairwells = 0 THEN '' ELSE '' || b.stairwells END, ''` + houseCells},
	{title: "网格基本情况台账", header: labels("网格编码 网格名称 网格员 楼栋数 居住人数 商铺数量"), given: []int{0},
		sql: `SELECT g.code, g.name, g.worker_name, '' || (SELECT count(*) FROM building b WHERE b.grid_id = g.id AND b.ended_on = ''), ` + livingIn + `x.grid_id = g.id) AS TEXT), ''
			FROM grid g WHERE g.tenant_id = $1 AND g.community_id = $2 AND g.ended_on = ''`},
	{title: "住户登记表", header: labels("序号 居住地址 户主姓名 家庭人口 楼栋 单元 房号 所属网格 住房性质"), given: []int{1},
		sql: `SELECT '#n', h.address, coalesce(p.name, ''), ` + livingIn + `x.household_id = h.id) AS TEXT), coalesce(b.name, ''), h.stairwell, h.room, coalesce(g.name, ''), ''` + homeCells},
	{title: "家庭基本情况表", header: labels("户主姓名 家庭住址 家庭人口 60岁以上人数 未成年人数 所属网格 住房面积"), given: []int{0, 1},
		sql: `SELECT p.name, h.address, ` + livingIn + `x.household_id = h.id) AS TEXT), ` + livingIn + `x.household_id = h.id AND x.born_on <= '1966-11-23') AS TEXT),
			` + livingIn + `x.household_id = h.id AND x.born_on > '2008-11-23') AS TEXT), coalesce(g.name, ''), ''` + homeCells},
	{title: "居民信息核对表", depth: 3, header: []any{"序号", []any{"居民基本情况", []any{"姓名", "性别（男1，女2）", []any{"出生信息", []any{"出生日期（yyyymmdd）", "年龄"}}}},
		[]any{"户主情况", []any{"姓名", "年龄"}}, []any{"居住情况", []any{"楼栋", "现住址"}}, "备注"}, marks: []string{"甲", "乙", "1", "2", "3", "4", "5", "6", "7", "8"}, given: []int{1, 3},
		sql: `SELECT '#n', p.name, p.sex, replace(p.born_on, '-', ''), '' || (2026 - CAST(substr(p.born_on, 1, 4) AS INTEGER) - CASE WHEN substr(p.born_on, 6) > '11-23' THEN 1 ELSE 0 END),
			(SELECT y.name FROM person y WHERE y.household_id = p.household_id AND y.head_relation = '02'),
			(SELECT '' || (2026 - CAST(substr(y.born_on, 1, 4) AS INTEGER) - CASE WHEN substr(y.born_on, 6) > '11-23' THEN 1 ELSE 0 END) FROM person y WHERE y.household_id = p.household_id AND y.head_relation = '02'),
			coalesce(b.name, ''), h.address, ''` + personOnly},
	{title: "居民登记表", header: labels("姓名 出生日期 是否党员(是1，否0) 是否户主(是=1，否=2) 是否60岁以上 与户主关系 文化程度 血型"), given: []int{0, 1},
		sql: `SELECT p.name, p.born_on, CASE WHEN p.political = '01' THEN '1' WHEN p.political = '' THEN '' ELSE '0' END, CASE p.head_relation WHEN '02' THEN '1' ELSE '2' END,
			CASE WHEN p.born_on <= '1966-11-23' THEN '是' ELSE '否' END, 'r' || p.head_relation, 's' || p.schooling, ''` + personOnly},
	{title: "志愿者登记表", header: labels("姓名 出生年月日 性别 年龄 现居住地 工作单位 服务意向 服务时间"), given: []int{0, 1},
		sql: `SELECT p.name, p.born_on, ` + sexWord + `, '' || (2026 - CAST(substr(p.born_on, 1, 4) AS INTEGER) - CASE WHEN substr(p.born_on, 6) > '11-23' THEN 1 ELSE 0 END), h.address, p.work_unit, '', ''` +
			personOnly + ` AND p.work_unit <> ''`},
	{title: "志愿者申请表", header: labels("姓名 性别 出生日期 现住址 工作单位 所属网格 服务意向"), given: []int{0, 2}, card: 3,
		sql: `SELECT p.name, ` + sexWord + `, p.born_on, h.address, p.work_unit, coalesce(g.name, ''), ''` + personOnly + ` AND p.work_unit <> ''`},
	{title: "居民情况表", header: labels("姓名 性别 出生日期 现住址 所属网格 宗教信仰"), down: true, card: 3,
		sql: `SELECT p.name, ` + sexWord + `, p.born_on, h.address, coalesce(g.name, ''), ''` + personOnly},
}

// relabel turns marked texts of a query into what a form shows: hours, relations, schooling.
func relabel(s string, n int) string {
	switch {
	case s == "#n":
		return strconv.Itoa(n + 1)
	case len(s) > 1 && s[0] == 'h' && s[1] >= '0' && s[1] <= '9':
		m, _ := strconv.Atoi(s[1:]) // digits
		return strconv.FormatFloat(float64((m*100+30)/60)/100, 'f', -1, 64)
	case len(s) == 3 && s[0] == 'r':
		return answers["relation"](nil, resident{relation: s[1:]})
	case len(s) > 1 && len(s) < 4 && s[0] == 's':
		return answers["schooling"](nil, resident{schooling: s[1:]})
	case s == "s":
		return ""
	}
	return s
}

// ownRows reads what the records say.
func (f ownForm) read(t *testing.T, v *village, columns int) [][]string {
	t.Helper()
	limit := 8
	if f.card > 0 {
		limit = 1
	}
	rows, err := db.All(t.Context(), v.a.DB, func(r *[]string) []any {
		*r = make([]string, columns)
		var dest []any
		for i := range *r {
			dest = append(dest, &(*r)[i])
		}
		return dest
	}, fmt.Sprintf("SELECT * FROM (%s) x LIMIT %d", f.sql, limit), v.actor.Tenant, v.community)
	if err != nil || len(rows) == 0 {
		t.Fatalf("rows = %d, %v", len(rows), err)
	}
	return rows
}

func (f ownForm) draw(t *testing.T, v *village) (*paper, string) {
	t.Helper()
	d := testkit.Draw(t)
	real := testkit.RealForm{Title: f.title, Kind: "list", Above: f.above, Header: f.header, HeaderDepth: max(1, f.depth), Columns: testkit.Leaves(f.header), Below: f.below}
	if f.marks != nil {
		real.MarkerRows = [][]string{f.marks}
	}
	rows := f.read(t, v, real.Columns)
	var pp *paper
	put := func(r, c, n, i int) {
		text := relabel(rows[n][i], n)
		for _, g := range f.given {
			if g == i {
				pp.give(r, c, text)
				return
			}
		}
		pp.expect(r, c, text)
	}
	switch {
	case f.down:
		pp = newPaper(d)
		d.Put(testkit.Area{Top: 0, Left: 0, Bottom: 0, Right: f.card - 1}, f.title)
		for i, l := range f.header {
			r, c := 1+2*(i/f.card), i%f.card
			d.Put(testkit.Area{Top: r, Left: c, Bottom: r, Right: c}, l.(string))
			put(r+1, c, 0, i)
		}
		d.Framed(testkit.Area{Top: 1, Left: 0, Bottom: 2 * ((len(f.header) + f.card - 1) / f.card), Right: f.card - 1})
	case f.card > 0:
		real.Kind = "card"
		d.Card(real, f.card)
		pp = newPaper(d)
		for i, p := range d.Places {
			put(p.Row, p.Col, 0, i)
		}
	default:
		_, first := d.List(real, len(rows))
		pp = newPaper(d)
		for n := range rows {
			for i := range rows[n] {
				put(first+n, i, n, i)
			}
		}
	}
	for _, l := range d.Lines {
		switch l.Label {
		case "填表人：":
			pp.expect(l.Row, l.Col+1, v.actor.Name)
		case "填表日期：":
			pp.expect(l.Row, l.Col+1, v.today)
		}
	}
	return pp, rows[0][0]
}

func ownFormsAreFilled(t *testing.T, v *village) {
	var sum tally
	for _, f := range ownForms {
		t.Run(f.title, func(t *testing.T) {
			pp, first := f.draw(t, v)
			ask := fill.Ask{Community: v.community}
			if f.down {
				ask.Named = map[string]string{pp.d.Sheet: first}
			}
			n := pp.check(t, v, ask)
			sum.held, sum.filled, sum.wrong = sum.held+n.held, sum.filled+n.filled, sum.wrong+n.wrong
			if n.filled*10 < n.held*9 {
				t.Errorf("filled %d of %d cells that the records can answer, want nine in ten", n.filled, n.held)
			}
		})
	}
	t.Logf("%d forms of our own: %+v", len(ownForms), sum)
}
