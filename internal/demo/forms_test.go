package demo_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/app"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/demo"
	"linli/internal/fill"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/testkit"
)

// resident is what the records say about somebody, read with SQL of its own and opened with the key ring: never over the catalogue of facts.
type resident struct {
	id, household                                                  id.ID
	name, sex, born, schooling, residence, relation, work, moved   string
	political, address, stairwell, room, grid, building, community string
	number, phone                                                  string
	sealedNumber, sealedPhone                                      []byte
}

func (r *resident) dest() []any {
	return []any{&r.id, &r.household, &r.name, &r.sex, &r.born, &r.schooling, &r.residence, &r.relation, &r.work, &r.moved, &r.political, &r.address,
		&r.stairwell, &r.room, &r.grid, &r.building, &r.community, &r.sealedNumber, &r.sealedPhone}
}

const residentQuery = `SELECT p.id, p.household_id, p.name, p.sex, p.born_on, p.schooling, p.residence, p.head_relation, p.work_unit, p.moved_in_on, p.political,
	coalesce(h.address, ''), coalesce(h.stairwell, ''), coalesce(h.room, ''), coalesce(g.name, ''), coalesce(b.name, ''), o.short_name, p.id_number, p.phone
	FROM person p JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.community_id
	LEFT JOIN household h ON h.tenant_id = p.tenant_id AND h.id = p.household_id LEFT JOIN grid g ON g.tenant_id = p.tenant_id AND g.id = p.grid_id
	LEFT JOIN building b ON b.tenant_id = p.tenant_id AND b.id = p.building_id
	WHERE p.tenant_id = $1 AND p.community_id = $2 AND p.moved_out_on = '' AND p.died_on = '' AND p.household_id <> 0 ORDER BY p.id`

func (r resident) age() int {
	b := calendar.MustParse(r.born)
	n := now.Year() - b.Year()
	if now.Month() < b.Month() || now.Month() == b.Month() && now.Day() < b.Day() {
		n--
	}
	return n
}

func (r resident) sexWord() string { return map[string]string{"1": "男", "2": "女"}[r.sex] }

// village is a community as the tests read it.
type village struct {
	t         *testing.T
	a         *app.App
	actor     authz.Actor
	people    []resident
	homes     map[id.ID][]resident // the head first, then by age
	name      string
	street    string
	today     string
	whole     string   // the name of the community's organisation
	filled    [][]byte // workbooks, as they were sent back
	community id.ID
}

func readVillage(t *testing.T, a *app.App, rep demo.Report) *village {
	t.Helper()
	ctx := t.Context()
	actor, err := a.Authn.ActorByLogin(ctx, rep.Tenant, "worker")
	if err != nil {
		t.Fatal(err)
	}
	v := &village{t: t, a: a, actor: actor, homes: map[id.ID][]resident{}, today: "2026年11月23日", community: actor.Grants[0].Root}
	if v.people, err = db.All(ctx, a.DB, (*resident).dest, residentQuery, rep.Tenant, v.community); err != nil || len(v.people) < 100 {
		t.Fatalf("people = %d, %v", len(v.people), err)
	}
	for i := range v.people {
		p := &v.people[i]
		for _, f := range []struct {
			column string
			sealed []byte
			to     *string
		}{{"id_number", p.sealedNumber, &p.number}, {"phone", p.sealedPhone, &p.phone}} {
			if len(f.sealed) > 0 {
				if *f.to, err = a.Ring.Open("person", f.column, p.id, f.sealed); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for _, p := range v.people {
		home := v.homes[p.household]
		at := len(home)
		for at > 0 && (p.relation == "02" || home[at-1].relation != "02" && home[at-1].born > p.born) {
			at--
		}
		home = append(home, resident{})
		copy(home[at+1:], home[at:])
		home[at] = p
		v.homes[p.household] = home
	}
	type names struct{ whole, short, street string }
	n, err := db.One(ctx, a.DB, func(n *names) []any { return []any{&n.whole, &n.short, &n.street} }, `SELECT o.name, o.short_name, d.name FROM organisation o
		JOIN organisation s ON s.tenant_id = o.tenant_id AND s.id = o.parent_id JOIN division d ON d.tenant_id = s.tenant_id AND d.code = s.division_code
		WHERE o.tenant_id = $1 AND o.id = $2`, rep.Tenant, v.community)
	if err != nil {
		t.Fatal(err)
	}
	v.whole, v.name, v.street = n.whole, n.short, n.street
	return v
}

// head is the head of somebody's household.
func (v *village) head(p resident) resident {
	if h := v.homes[p.household]; len(h) > 0 && h[0].relation == "02" {
		return h[0]
	}
	return resident{}
}

// some gives n people who meet a condition and whose name nobody else in the community has.
func (v *village) some(n int, ok func(resident) bool) []resident {
	v.t.Helper()
	names := map[string]int{}
	for _, p := range v.people {
		names[p.name]++
	}
	var out []resident
	for _, p := range v.people {
		if names[p.name] == 1 && len(out) < n && (ok == nil || ok(p)) {
			out = append(out, p)
		}
	}
	if len(out) < n {
		v.t.Fatalf("only %d people for the form, want %d", len(out), n)
	}
	return out
}

// tally counts the cells of one form: those that the records can answer, those filled in, those filled in wrongly.
type tally struct{ held, filled, wrong int }

// paper is a form that was drawn, with what is written on it beforehand and what must come of every other cell.
type paper struct {
	d     *testkit.Drawing
	want  map[string]string // by cell
	given map[string]bool
}

func newPaper(d *testkit.Drawing) *paper { return &paper{d, map[string]string{}, map[string]bool{}} }

func (p *paper) give(r, c int, text string) {
	p.d.Put(testkit.Area{Top: r, Left: c, Bottom: r, Right: c}, text)
	p.given[testkit.At(r, c)] = true
}

func (p *paper) expect(r, c int, text string) {
	if cell := testkit.At(r, c); text != "" && !p.given[cell] {
		p.want[cell] = text
	}
}

// line expects something of the lines above and below: beside its label, or in the label's own cell.
func (p *paper) line(label, text string, inline bool) {
	for _, l := range p.d.Lines {
		if l.Label == label {
			if inline {
				p.expect(l.Row, l.Col, text)
			} else {
				p.expect(l.Row, l.Col+1, text)
			}
			return
		}
	}
	panic("no line " + label)
}

// cells reads every cell of a workbook as it is shown.
func cells(t *testing.T, data []byte, sheet string) map[string]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for r, row := range rows {
		for c, v := range row {
			if v != "" {
				out[testkit.At(r, c)] = v
			}
		}
	}
	return out
}

// check fills the form and holds every cell that changed against what it must be.
func (p *paper) check(t *testing.T, v *village, ask fill.Ask) tally {
	t.Helper()
	before := p.d.Bytes()
	form, out, err := v.a.Fill.Fill(context.Background(), v.actor, "form.xlsx", before, ask)
	if err != nil {
		logForm(t, form)
		t.Fatalf("%v", err)
	}
	v.filled = append(v.filled, out.File)
	was, is := cells(t, before, p.d.Sheet), cells(t, out.File, p.d.Sheet)
	n := tally{held: len(p.want)}
	for cell, want := range p.want {
		if is[cell] == want {
			n.filled++
		} else if is[cell] == was[cell] {
			t.Logf("%s is not filled in, the records say %q", cell, want)
		}
	}
	for cell, got := range is {
		if want, ok := p.want[cell]; got != was[cell] && (!ok || got != want) {
			n.wrong++
			t.Errorf("%s = %q, want %q", cell, got, want)
		}
	}
	for cell, had := range was {
		if is[cell] == "" {
			n.wrong++
			t.Errorf("%s lost %q", cell, had)
		}
	}
	logForm(t, form)
	for _, p := range form.NotHeld() {
		t.Logf("not held: %s, could be a fact %s of a %s", p.Name, p.Type, p.Subject)
	}
	for _, sh := range form.Sheets {
		for _, s := range sh.Slots {
			listed := slices.ContainsFunc(form.NotHeld(), func(p fill.Proposal) bool {
				return p.Label == strings.Join(s.Path, " / ") || p.Label != "" && strings.HasSuffix(p.Label, s.Label())
			})
			if s.Meaning == fill.Unknown && s.Part == "" && sh.Kind != fill.Numbers && strings.Trim(s.Label(), " :") != "" && !listed {
				t.Errorf("%s is not held and nothing says how it could be", strings.Join(s.Path, " / "))
			}
		}
	}
	t.Logf("%d cells held, %d filled, %d wrong", n.held, n.filled, n.wrong)
	return n
}

// logForm says how a form was understood.
func logForm(t *testing.T, form *fill.Form) {
	for _, sh := range form.Sheets {
		t.Logf("%s, %s, %d rows", sh.Kind, sh.Subject, sh.Keyed)
		for _, s := range sh.Slots {
			t.Logf("%s: %s %s %s", strings.Join(s.Path, ">"), s.Meaning, s.Ref, s.Of)
		}
		for _, s := range sh.Above {
			t.Logf("above %s: %s", strings.Join(s.Path, ">"), s.Meaning)
		}
	}
}

// column says what one column or field must hold, "" for what the records cannot answer.
type column func(v *village, p resident) string

// answers are the columns that the records can answer, by the labels of the collection's forms and of ours. A form may write one in its own way.
var answers = map[string]column{
	"name":      func(_ *village, p resident) string { return p.name },
	"sex":       func(_ *village, p resident) string { return p.sexWord() },
	"sex code":  func(_ *village, p resident) string { return p.sex },
	"born":      func(_ *village, p resident) string { return p.born },
	"born dots": func(_ *village, p resident) string { return strings.ReplaceAll(p.born[:7], "-", ".") },
	"age":       func(_ *village, p resident) string { return fmt.Sprint(p.age()) },
	"number":    func(_ *village, p resident) string { return p.number },
	"phone":     func(_ *village, p resident) string { return p.phone },
	"schooling": func(_ *village, p resident) string { return code.Schoolings.Label(p.schooling).In(i18n.ZH) },
	"residence": func(_ *village, p resident) string { return code.ResidenceKinds.Label(p.residence).In(i18n.ZH) },
	"relation":  func(_ *village, p resident) string { return code.HeadRelations.Label(p.relation).In(i18n.ZH) },
	"political": func(_ *village, p resident) string { return code.PoliticalStatuses.Label(p.political).In(i18n.ZH) },
	"work":      func(_ *village, p resident) string { return p.work },
	"moved":     func(_ *village, p resident) string { return p.moved },
	"address":   func(_ *village, p resident) string { return p.address },
	"stairwell": func(_ *village, p resident) string { return p.stairwell },
	"room":      func(_ *village, p resident) string { return p.room },
	"grid":      func(_ *village, p resident) string { return p.grid },
	"building":  func(_ *village, p resident) string { return p.building },
	"community": func(v *village, _ resident) string { return v.name },
	"street":    func(v *village, _ resident) string { return v.street },
	"county":    func(*village, resident) string { return "邻和区" },
	"head":      func(v *village, p resident) string { return v.head(p).name },
	"headID":    func(v *village, p resident) string { return v.head(p).number },
	"headPhone": func(v *village, p resident) string { return v.head(p).phone },
	"people":    func(v *village, p resident) string { return fmt.Sprint(len(v.homes[p.household])) },
	"party": func(_ *village, p resident) string {
		return map[bool]string{true: "是", false: "否"}[p.political == "01"]
	},
	"over 60": func(_ *village, p resident) string { return map[bool]string{true: "是", false: "否"}[p.age() >= 60] },
	"isHead": func(_ *village, p resident) string {
		return map[bool]string{true: "是", false: "否"}[p.relation == "02"]
	},
	"registered": func(_ *village, p resident) string {
		return "1户籍 2非户籍 " + map[bool]string{true: "1", false: "2"}[p.residence == "1"]
	},
	"bands": func(_ *village, p resident) string {
		marks := []string{"□", "□", "□", "□"}
		i := 0
		for _, from := range []int{80, 90, 100} {
			if p.age() >= from {
				i++
			}
		}
		marks[i] = "☑"
		return fmt.Sprintf("%s80岁以下 %s80-89岁 %s90-99岁 %s100岁及以上", marks[0], marks[1], marks[2], marks[3])
	},
}

// asked is a form with what it says of people: labels and the columns that answer them; a star marks what is written on it beforehand.
type form struct {
	fields string // "姓名*=name 性别=sex"; a label that stands several times has "#2" behind it; blanks in labels are written _
	lines  string // lines above and below: "村(社区):=community"; a + marks one that is written in its label's own cell
	notes  []string
	who    func(resident) bool
	small  bool // somebody in a household of four at most
	rows   int
	pairs  int
}

// spec reads "label=column" pairs.
func spec(t *testing.T, s string) (labels []string, cols []column, given []bool) {
	t.Helper()
	for _, f := range strings.Fields(s) {
		i := strings.LastIndexByte(f, '=')
		l := strings.ReplaceAll(f[:i], "_", " ")
		c, ok := answers[strings.ReplaceAll(f[i+1:], "_", " ")]
		if !ok {
			t.Fatalf("no column %q", f[i+1:])
		}
		labels, cols, given = append(labels, strings.TrimSuffix(l, "*")), append(cols, c), append(given, strings.HasSuffix(l, "*"))
	}
	return labels, cols, given
}

// fillIn lays the form on paper with people of the village and gives what must come of it.
func (f form) draw(t *testing.T, v *village, real testkit.RealForm) (*paper, []resident) {
	t.Helper()
	d := testkit.Draw(t)
	real.Below = append(append([]string{}, real.Below...), f.notes...)
	labels, cols, given := spec(t, f.fields)
	var pp *paper
	rows := max(f.rows, 1)
	people := v.some(rows, func(p resident) bool {
		return (f.who == nil || f.who(p)) && (!f.small || len(v.homes[p.household]) <= 4)
	})
	seen := map[string]int{}
	put := func(label string, r0, c0 int, p resident) {
		if seen[label]++; seen[label] > 1 {
			label = fmt.Sprintf("%s#%d", label, seen[label])
		}
		for i, l := range labels {
			if l != label {
				continue
			}
			if text := cols[i](v, p); given[i] {
				pp.give(r0, c0, text)
			} else {
				pp.expect(r0, c0, text)
			}
		}
	}
	if real.Kind == "list" || real.Kind == "number_report" || real.Layout == "cross_table" || real.Layout == "checklist" {
		paths, first := d.List(real, rows)
		pp = newPaper(d)
		for n, p := range people {
			clear(seen)
			for c, path := range paths {
				l := strings.Join(path, ">")
				if l == "序号" && real.Kind == "list" {
					pp.expect(first+n, c, fmt.Sprint(n+1))
					continue
				}
				put(l, first+n, c, p)
			}
		}
	} else {
		d.Card(real, f.pairs)
		pp = newPaper(d)
		for _, place := range d.Places {
			put(place.Label, place.Row, place.Col, people[0])
		}
		for _, tb := range d.Tables {
			for c, l := range tb.Labels {
				for n, member := range v.homes[people[0].household] {
					clear(seen)
					put(tb.Group+">"+l, tb.First+n, tb.Left+c, member)
				}
			}
		}
	}
	lines, cols, given := spec(t, f.lines)
	for i, l := range lines {
		text := cols[i](v, people[0])
		switch {
		case given[i]:
			for _, at := range d.Lines {
				if at.Label == l {
					pp.give(at.Row, at.Col+1, text)
				}
			}
		case strings.HasSuffix(l, "+"):
			l = strings.TrimSuffix(l, "+")
			before, _, _ := strings.Cut(l, ":")
			pp.line(l, before+":"+text, true)
		default:
			pp.line(l, text, false)
		}
	}
	return pp, people
}

func adult(p resident) bool { return p.age() >= 25 && p.phone != "" }
func child(p resident) bool { return p.age() >= 3 && p.age() < 13 }

// realForms says of each form of the collection what the demonstration's records can answer.
var realForms = map[string]form{
	"measles-quick-check":             {fields: "姓名*=name 年龄*=age 性别[1]=sex_code", lines: "区(县)=county", notes: []string{"注：[1]性别 男=1，女=2；[3]是=1，否=2"}, who: child, rows: 8},
	"medical-insurance-roster":        {fields: "姓名=name 身份证号*=number 出生时间=born 性别=sex_code", notes: []string{"注：性别 1男 2女；户口性质 1城镇 2农村"}, who: child, rows: 8},
	"party-dues-ledger":               {fields: "党员姓名*=name", who: func(p resident) bool { return p.political == "01" }, rows: 8},
	"school-entry-makeup":             {fields: "姓名*=name 出生_日期*=born", lines: "填报人:=actor 报告日期:_年_月_日+=today", who: child, rows: 8},
	"school-entry-vaccination":        {fields: "姓名*=name 出生_日期(公历)*=born", who: child, rows: 8, notes: []string{"注：是填1，否填0"}},
	"graduate-job-followup":           {fields: "基本信息>姓名=name 基本信息>身份证号*=number 基本信息>性别=sex 基本信息>年龄=age 基本信息>学历=schooling 基本信息>联系电话=phone 基本信息>通讯地址=address", lines: "社区(村)=community", who: adult, pairs: 3},
	"health-record-person":            {fields: "性别=sex 出生日期=born 工作单位=work 本人电话=phone 常住类型=registered 文化程度=schooling", lines: "姓名:*=name", who: func(p resident) bool { return adult(p) && p.work != "" }, pairs: 2},
	"home-care-application":           {fields: "姓名=name 身份证号码*=number 性别=sex 出生年月=born_dots 年_龄=bands 居住地址=address 手机=phone", lines: "", who: func(p resident) bool { return p.age() >= 80 && p.phone != "" }, pairs: 2},
	"left-behind-child":               {fields: "留守儿童个人基本情况>姓名=name 留守儿童个人基本情况>公民身份证号码*=number 留守儿童个人基本情况>性别=sex 留守儿童个人基本情况>出生日期=born 留守儿童个人基本情况>现居住地=address", lines: "填报日期:=today", who: child, pairs: 2},
	"low-income-housing-household":    {lines: "被调查人姓名*=name 家庭人数=people", who: adult},
	"party-member-info-card":          {fields: "姓名=name 身份证号码*=number 性别=sex 电话=phone 出生日期=born 家庭住址=address 最高学历=schooling", who: func(p resident) bool { return p.political == "01" }, pairs: 2},
	"relief-home-visit":               {fields: "户主姓名*=name 性_别=sex 年_龄=age 家庭人口=people 家_庭_成_员>姓_名=name 家_庭_成_员>身份证号=number 家_庭_成_员>与户主_关系=relation", lines: "镇(街道):=street 村(社区):=community 日期:=today", small: true, who: func(p resident) bool { return p.relation == "02" && adult(p) }, pairs: 3},
	"rental-house-check":              {lines: "办事处(街道)=street 村(社区)=community 详细地址*=address", who: adult},
	"rural-extreme-poor-visit":        {fields: "户主姓名*=name 家庭_人口=people 家庭成员>姓_名=name 家庭成员>与户主_关系=relation 家庭成员>年龄=age", lines: "村(社区):=community", small: true, who: func(p resident) bool { return p.relation == "02" && adult(p) }, pairs: 3},
	"shenzhen-residence-registration": {fields: "房屋地址=address 入住/搬离时间=moved 姓名=name 证件号码*=number 在深户主姓名=head 户主证件号码=headID 与户主关系=relation 服务处所=work", who: func(p resident) bool { return adult(p) && p.work != "" }, pairs: 2},
	"low-income-housing-summary":      {lines: "县(市、区)=county 街道=street 居委会=community"},
	"measles-campaign-summary":        {lines: "县(区)=county 乡(镇、街道)=street 填表人:=actor 填表日期:_年_月_日+=today"},
	"public-rental-objects":           {lines: "填报单位:=office"},
	"report-to-residence-count":       {lines: "单位:=office 日期:=today"},
}

// TestFormsAreFilledFromTheRecords fills the forms of the collection and of our own on one demonstration: of the cells that its records can
// answer nine in ten are filled, and none is wrong.
func TestFormsAreFilledFromTheRecords(t *testing.T) {
	a, rep := built(t, sqlite(t), hamlet)
	v := readVillage(t, a, rep)
	t.Run("real", func(t *testing.T) { realFormsAreFilled(t, v) })
	t.Run("own", func(t *testing.T) { ownFormsAreFilled(t, v) })
	t.Run("numbers", func(t *testing.T) { reportsAreFilled(t, v) })
	t.Run("office suite", func(t *testing.T) { officeSuiteOpensThem(t, v) })
	t.Run("bad", func(t *testing.T) { badFormsAreAnswered(t, v) })
}

func realFormsAreFilled(t *testing.T, v *village) {
	answers["actor"] = func(v *village, _ resident) string { return v.actor.Name }
	answers["office"] = func(v *village, _ resident) string { return v.actor.Grants[0].RootName }
	answers["today"] = func(v *village, _ resident) string { return v.today }
	var sum tally
	for _, real := range testkit.RealForms(t) {
		f, ok := realForms[real.ID]
		if !ok {
			t.Errorf("%s: nothing is said of the form", real.ID)
			continue
		}
		t.Run(real.ID, func(t *testing.T) {
			pp, _ := f.draw(t, v, real)
			n := pp.check(t, v, fill.Ask{Community: v.community, Purpose: "verify", Reason: "核对"})
			sum.held, sum.filled, sum.wrong = sum.held+n.held, sum.filled+n.filled, sum.wrong+n.wrong
			if n.filled*10 < n.held*9 {
				t.Errorf("filled %d of %d cells that the records can answer, want nine in ten", n.filled, n.held)
			}
		})
	}
	t.Logf("all forms: %+v", sum)
}
