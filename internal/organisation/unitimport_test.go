package organisation_test

import (
	"strings"
	"testing"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/organisation"
	"linli/internal/seal"
	"linli/internal/testkit"
)

const heads = "单位全称,社会信用代码,主管部门,社区,街道,联系人,手机,所属行业\n"

func (w *world) load(actor authz.Actor, rows string, create bool) (intake.Summary, []intake.Problem) {
	w.t.Helper()
	in := intake.New(w.d, seal.Ephemeral(), w.s.UnitsKind())
	sum, problems, err := in.Direct(w.t.Context(), actor, intake.NewImport{Kind: "units", FileName: "单位.csv", Content: []byte(heads + rows)},
		intake.Choice{Options: map[string]bool{"create_committees": create}}, nil)
	if err != nil {
		w.t.Fatalf("import: %v", err)
	}
	return sum, problems
}

func TestUnitsImport(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		all := testkit.Actor(testkit.Tenant, nil, append([]authz.Permission{organisation.PermImport}, allPerms...)...)
		rows := "第一中学,11320902MB00000010,区教育局党委,朝阳社区,,王老师,138 0013 8000,教育\n" +
			"盐城供电公司,,区工业党委,雅和社区,五星街道,,,\n" +
			"盐城热电公司,,区工业党委,,,李工,0515-88880000,能源\n"
		sum, problems := w.load(all, rows, false)
		if sum.Rejected != 2 || sum.Inserted+sum.Updated != 1 {
			t.Fatalf("a committee that is not there is reported: %+v %v", sum, problems)
		}
		if !strings.Contains(problems[len(problems)-1].Message.In("zh"), "区工业党委") {
			t.Errorf("problems: %v", problems)
		}
		if l, _ := w.s.List(ctx, w.all, organisation.Filter{Text: "供电"}); len(l.Items) != 0 {
			t.Fatal("a refused list left something behind")
		}
		if sum, problems = w.load(all, rows, true); sum.Inserted != 2 || sum.Updated != 1 || sum.Rejected != 0 {
			t.Fatalf("%+v %v", sum, problems)
		}
		if sum, _ = w.load(all, rows, true); sum.Unchanged != 3 {
			t.Errorf("once more: %+v, want nothing changed", sum)
		}
		l, err := w.s.List(ctx, w.all, organisation.Filter{Kinds: []organisation.Kind{organisation.Committee}})
		if err != nil || len(l.Items) != 2 {
			t.Errorf("%d committees, %v; the missing one is set up once", len(l.Items), err)
		}
		d, err := w.s.Get(ctx, w.all, w.unit)
		if err != nil || d.CommunityID != w.b || d.PhoneMask != "138****8000" || d.USCC == "" || d.Acts[0].Kind != organisation.ActAttach {
			t.Errorf("the known unit: %+v, %v", d, err)
		}
		if faults, err := organisation.Verify(ctx, w.d, testkit.Tenant); err != nil || len(faults) != 0 {
			t.Errorf("Verify = %v, %v", faults, err)
		}
	})
}

func TestUnitsAreKnownByTheirCodes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		all := testkit.Actor(testkit.Tenant, nil, append([]authz.Permission{organisation.PermImport}, allPerms...)...)
		const uscc = "91320900MA1000000A"
		if sum, _ := w.load(all, "甲公司,"+uscc+",,雅和社区,,,,\n", false); sum.Inserted != 1 || sum.Warnings != 1 {
			t.Errorf("a wrong check character warns only: %+v", sum)
		}
		if sum, problems := w.load(all, "甲股份公司,"+uscc+",,,,,,\n", false); sum.Updated != 1 || !strings.Contains(problems[len(problems)-1].Message.In("zh"), "甲公司") {
			t.Errorf("the same code under another name is a rename: %+v %v", sum, problems)
		}
		l, _ := w.s.List(t.Context(), w.all, organisation.Filter{Text: "甲"})
		if len(l.Items) != 1 || l.Items[0].Name != "甲股份公司" {
			t.Errorf("%+v", l.Items)
		}
		for name, c := range map[string]struct{ rows, want string }{
			"twice in the file":      {"乙公司," + uscc + ",,雅和社区,,,,\n丙公司," + uscc + ",,雅和社区,,,,\n", "第 2 行"},
			"an unknown community":   {"丁公司,,,不存在社区,,,,\n", "不存在社区"},
			"a community elsewhere":  {"丁公司,,,雅和社区,文峰街道,,,\n", "雅和社区"},
			"letters not in a code":  {"丁公司,9132090OMA1000000A,,雅和社区,,,,\n", ""},
			"two phones in one cell": {"丁公司,,,雅和社区,,,13800138000/13900139000,\n", "不止一个"},
		} {
			sum, problems := w.load(all, c.rows, false)
			text := ""
			for _, p := range problems {
				text += p.Message.In("zh")
				if strings.Contains(p.Masked, "13800138000") {
					t.Errorf("%s: the report shows the number", name)
				}
			}
			if sum.Rejected == 0 || !strings.Contains(text, c.want) {
				t.Errorf("%s: %+v %s", name, sum, text)
			}
		}
	})
}

func TestUnitsImportStaysInScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := testkit.Actor(testkit.Tenant, []id.ID{w.a}, organisation.PermImport)
		if sum, _ := w.load(a, "社区自己的单位,,,雅和社区,,,,\n", false); sum.Inserted != 1 {
			t.Errorf("a community imports its units: %+v", sum)
		}
		if sum, _ := w.load(a, "别处的单位,,,朝阳社区,,,,\n", false); sum.Rejected != 1 {
			t.Errorf("a unit of another community: %+v", sum)
		}
		if sum, _ := w.load(a, "没有归属的单位,,,,,,,\n", false); sum.Rejected != 1 {
			t.Errorf("a unit of nowhere: %+v", sum)
		}
		other := w.make(organisation.NewOrganisation{Kind: organisation.Unit, Name: "朝阳供销社", ParentID: w.sys, CommunityID: w.b})
		if sum, _ := w.load(a, "朝阳供销社,,,雅和社区,,,,\n", false); sum.Rejected != 1 {
			t.Errorf("another community's unit is taken away: %+v", sum)
		}
		if n, _ := db.Value[id.ID](t.Context(), w.d, "SELECT community_id FROM organisation WHERE tenant_id = $1 AND id = $2", testkit.Tenant, other); n != w.b {
			t.Error("the unit was moved")
		}
		if sum, _ := w.load(a, "第一中学,,亭湖区,雅和社区,,,,\n", false); sum.Rejected != 1 {
			t.Errorf("a community changes the subordination of a unit: %+v", sum)
		}
		if sum, _ := w.load(a, "某单位,,新系统,雅和社区,,,,\n", true); sum.Rejected != 1 {
			t.Errorf("a community sets up a committee of the district: %+v", sum)
		}
	})
}
