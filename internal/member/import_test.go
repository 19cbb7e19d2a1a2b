package member_test

import (
	"strings"
	"testing"

	"linli/internal/authz"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/member"
	"linli/internal/testkit"
)

func (w *town) load(actor authz.Actor, content string, c intake.Choice) (intake.Summary, []intake.Problem) {
	w.t.Helper()
	in := intake.New(w.d, w.ring, w.s.ImportKind())
	sum, problems, err := in.Direct(w.t.Context(), actor, intake.NewImport{Kind: "members", FileName: "m.csv", Content: []byte(content)}, c, nil)
	if err != nil {
		w.t.Fatalf("import: %v", err)
	}
	return sum, problems
}

func TestImportMembers(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		head := "姓名,身份证号码,工作单位,所在党支部,入党时间,转正时间,手机,居住社区,党员类别,特长\n"
		good := head +
			"王 一," + number(1) + ",示例机械厂,,2010-07-01,2011-07-01,13800138000,文港社区,在职党员,电工\n" +
			"王二," + number(2) + ",,文港社区,2010/7/1,,,,,\n" +
			"王三," + number(3) + ",,查无此支部,,,,320902001002,流动党员,\n"
		sum, problems := w.load(w.all, good, intake.Choice{DryRun: true})
		if sum.Inserted != 3 || sum.Rejected != 0 || sum.Warnings != 1 {
			t.Fatalf("dry run: %+v, %+v", sum, problems)
		}
		if list, _ := w.s.List(t.Context(), w.all, member.Filter{}); len(list.Items) != 0 {
			t.Fatalf("a dry run wrote %d", len(list.Items))
		}
		if sum, problems = w.load(w.all, good, intake.Choice{}); sum.Inserted != 3 {
			t.Fatalf("import: %+v, %+v", sum, problems)
		}
		if sum, problems = w.load(w.all, good, intake.Choice{}); sum.Unchanged != 3 || sum.Updated+sum.Inserted != 0 {
			t.Errorf("again: %+v, %+v", sum, problems)
		}
		if sum, _ = w.load(w.all, strings.Replace(good, "电工", "木工", 1), intake.Choice{}); sum.Updated != 1 || sum.Unchanged != 2 {
			t.Errorf("one changed: %+v", sum)
		}
		list, err := w.s.List(t.Context(), w.all, member.Filter{})
		if err != nil || len(list.Items) != 3 {
			t.Fatalf("List() = %v, %v", list.Items, err)
		}
		by := map[string]member.Item{}
		for _, i := range list.Items {
			by[i.Name] = i
		}
		if i := by["王一"]; i.Kind != member.InService || i.HomeID != w.home || i.Registration != member.Proposed || i.RegistrationAt != "文港社区" || i.Skills != "木工" {
			t.Errorf("in service: %+v", i)
		}
		if i := by["王二"]; i.Kind != member.OfCommunity || i.CommunityID != w.a || i.Registration != "" {
			t.Errorf("of the community: %+v", i)
		}
		if i := by["王三"]; i.Kind != member.Floating || i.HomeID != 0 || i.RegistrationAt != "先锋社区" {
			t.Errorf("floating: %+v", i)
		}
		if none, err := w.s.List(t.Context(), w.all, member.Filter{NoHome: true}); err != nil || len(none.Items) != 1 {
			t.Errorf("nobody's branch: %v, %v", none.Items, err)
		}
	})
}

func TestImportRefuses(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.member(1, "王一")
		head := "姓名,身份证号,所在单位,入党日期,转正日期,居住社区\n"
		for _, c := range []struct{ why, row, says string }{
			{"an unknown unit", "甲," + number(5) + ",没有的厂,,,", "没有这个单位"},
			{"an unknown community", "甲," + number(5) + ",示例机械厂,,,火星社区", "没有这个社区"},
			{"no unit for an in-service member", "甲," + number(5) + ",,,,", "所在单位"},
			{"a wrong check character", "甲," + number(5)[:17] + map[bool]string{true: "1", false: "2"}[number(5)[17] != '1'] + ",示例机械厂,,,", "校验位"},
			{"full before joined", "甲," + number(5) + ",示例机械厂,2020-01-02,2020-01-01,", "转正日期不能早于"},
			{"a formula as a name", "=cmd()," + number(5) + ",示例机械厂,,,", "公式"},
			{"the number of somebody else", "乙," + number(1) + ",示例机械厂,,,", "另一个姓名"},
			{"one number twice", "甲," + number(5) + ",示例机械厂,,,\n丁," + number(5) + ",示例机械厂,,,", "行"},
		} {
			sum, problems := w.load(w.all, head+c.row+"\n", intake.Choice{})
			said := ""
			for _, p := range problems {
				said += p.Message.In("zh") + p.Advice.In("zh")
				if strings.Contains(p.Masked, number(5)) {
					t.Errorf("%s: the report shows the number", c.why)
				}
			}
			if sum.Rejected == 0 || sum.Inserted+sum.Updated != 0 && !strings.Contains(c.why, "twice") || !strings.Contains(said, c.says) {
				t.Errorf("%s: %+v, said %q", c.why, sum, said)
			}
		}
		if list, _ := w.s.List(t.Context(), w.all, member.Filter{}); len(list.Items) != 1 {
			t.Errorf("something was left behind: %v", list.Items)
		}
		foreign := w.org(w.root, "unit", "别的厂", "")
		outside := testkit.Actor(testkit.Tenant, []id.ID{foreign}, member.PermImport)
		sum, _ := w.load(outside, head+"戊,"+number(6)+",示例机械厂,,,\n", intake.Choice{})
		if sum.Rejected != 1 {
			t.Errorf("members of another unit were imported: %+v", sum)
		}
		sum, _ = w.load(outside, head+"王一,"+number(1)+",别的厂,,,\n", intake.Choice{})
		if sum.Rejected != 1 {
			t.Errorf("another unit's member was taken over: %+v", sum)
		}
	})
}

// A list does not move somebody whose relation is on its way to another branch; everything else of the row still holds.
func TestImportLeavesWhoIsOnTheWay(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		m := w.member(1, "王一")
		w.org(w.unit, "party_branch", "第二党支部", "")
		w.exec(`INSERT INTO transfer (tenant_id, id, direction, state, person_id, member_id, cause, asked_by, asked_on, created_by, created_at, updated_at)
			VALUES ($1,$2,'inside','in_transit',$3,$4,'other','branch','2026-01-01',0,1,1)`, testkit.Tenant, id.New(), w.get(m).PersonID, m)
		head := "姓名,身份证号,所在单位,所在党支部,特长\n王一," + number(1) + ",示例机械厂,"
		sum, problems := w.load(w.all, head+"第二党支部,电工\n", intake.Choice{})
		if sum.Rejected != 1 || sum.Updated != 0 || !strings.Contains(problems[0].Message.In("zh"), "正在转接") {
			t.Errorf("%+v, %+v", sum, problems)
		}
		if sum, problems := w.load(w.all, head+",电工\n", intake.Choice{}); sum.Updated != 1 {
			t.Errorf("without a branch: %+v, %+v", sum, problems)
		}
	})
}
