package casework_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// load reads a table of cases.
func (w *street) load(actor authz.Actor, org id.ID, rows string, c intake.Choice) (intake.Summary, []intake.Problem) {
	w.t.Helper()
	in := intake.New(w.d, seal.Ephemeral(), w.s.ImportKind())
	sum, problems, err := in.Direct(ctx, actor, intake.NewImport{Kind: casework.ImportName, OrgID: org, FileName: "排查.csv", Content: []byte("类型,类别,社区,楼号,位置,问题描述,是否紧急,电话\n" + rows)}, c, nil)
	w.ok(err)
	return sum, problems
}

func (w *street) cases() int64 {
	w.t.Helper()
	n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM service_case WHERE tenant_id = $1`, testkit.Tenant)
	w.ok(err)
	return n
}

func TestManyPlacesFromATable(t *testing.T) {
	each(t, func(w *street) {
		building := id.New()
		testkit.Exec(w.t, w.d, `INSERT INTO building (tenant_id, id, community_id, name, name_key, x, y) VALUES ($1,$2,$3,'3幢','3幢',120000000,33000000)`, testkit.Tenant, building, w.community)
		rows := "网格事件,道路破损,文港社区,3幢,门口,坑深十厘米,是,\n" + // taken: urgent, with a building, to the sub-district
			",,文港社区,9幢,楼道,灯不亮,,13800138000\n" + // no kind is an event; the building is not known and goes into the place
			"社区服务110,路灯维修,,,东门,灯坏了,,\n" // the community that was chosen
		sum, problems := w.load(w.secretary, w.community, rows, intake.Choice{DryRun: true})
		if sum.Inserted != 3 || sum.Rejected != 0 || w.cases() != 0 {
			t.Fatalf("a dry run gives %+v %v and %d cases", sum, problems, w.cases())
		}
		sum, problems = w.load(w.secretary, w.community, rows, intake.Choice{})
		if sum.Inserted != 3 || sum.Warnings != 1 || w.cases() != 3 {
			t.Fatalf("entering gives %+v %v and %d cases", sum, problems, w.cases())
		}
		l, err := w.s.List(ctx, w.above, casework.Filter{})
		w.ok(err)
		got := map[string]casework.Row{}
		for _, r := range l.Items {
			got[r.Title] = r
		}
		road, err := w.s.Get(ctx, w.above, got["坑深十厘米"].ID)
		if err != nil {
			t.Fatalf("%v: %+v", err, got)
		}
		if road.OrgID != w.street || !road.Urgent || road.BuildingID != building || road.X != 120000000 || road.Channel != casework.ByPaper || road.DueAt.Sub(w.clock.Now()) != 4*time.Hour {
			t.Errorf("the first row became %+v", road)
		}
		for _, r := range l.Items {
			if c, err := w.s.Get(ctx, w.above, r.ID); err != nil || c.CommunityID != w.community {
				t.Errorf("%s: %v %v", r.Title, c.CommunityID, err)
			} else if strings.Contains(r.Title, "灯不亮") && c.Place != "9幢 楼道" {
				t.Errorf("the place is %q", c.Place)
			}
		}
		if sum, _ = w.load(w.secretary, w.community, rows, intake.Choice{}); sum.Unchanged != 3 || w.cases() != 3 {
			t.Errorf("again gives %+v and %d cases", sum, w.cases())
		}

		// What is wrong is said row by row, and nothing is entered.
		bad := "没有这种,,文港社区,,东门,甲,,\n" + "矛盾纠纷,,文港社区,,东门,乙,,\n" + ",没有这类,文港社区,,东门,丙,,\n" + ",,先锋社区,,东门,丁,,\n" + ",,文港社区,,,戊,,\n" + ",,文港社区,,东门,,,\n" + ",,文港社区,,东门,己,,13\n" +
			",,文港社区,,西门,庚,,\n" + ",,文港社区,,西门,庚,,\n"
		sum, problems = w.load(w.secretary, 0, bad, intake.Choice{})
		if sum.State != "refused" || w.cases() != 3 {
			t.Errorf("bad rows give %+v, %d cases", sum, w.cases())
		}
		seen := map[int]bool{}
		for _, p := range problems {
			seen[p.Row] = true
		}
		for row := 2; row <= 8; row++ {
			if !seen[row] {
				t.Errorf("row %d is not refused", row)
			}
		}
		if sum, _ = w.load(w.secretary, 0, bad, intake.Choice{TakeGood: true}); sum.Inserted != 1 || w.cases() != 4 {
			t.Errorf("the good rows of them give %+v, %d cases", sum, w.cases())
		}

		// Who may not enter there does not.
		if sum, _ = w.load(w.beside, 0, ",,文港社区,,北门,辛,,\n", intake.Choice{}); sum.State != "refused" || w.cases() != 4 {
			t.Errorf("from beside: %+v", sum)
		}
	})
}

func TestATableHasABoundAndAComeBackIsANewCase(t *testing.T) {
	each(t, func(w *street) {
		var rows strings.Builder
		for i := range 120 {
			fmt.Fprintf(&rows, ",,文港社区,,%d号门,坏了,,\n", i)
		}
		if sum, problems := w.load(w.secretary, 0, rows.String(), intake.Choice{}); sum.Inserted != 120 || w.cases() != 120 {
			t.Fatalf("%+v %v", sum, problems)
		}
		one := ",,文港社区,,1号门,坏了,,\n"
		testkit.Exec(w.t, w.d, `UPDATE service_case SET state = 'closed', closed_at = received_at WHERE tenant_id = $1`, testkit.Tenant)
		if sum, _ := w.load(w.secretary, 0, one, intake.Choice{}); sum.Unchanged != 1 {
			t.Errorf("on the same day %+v", sum)
		}
		w.clock.Advance(31 * 24 * time.Hour)
		if sum, _ := w.load(w.secretary, 0, one, intake.Choice{}); sum.Inserted != 1 {
			t.Errorf("a month later %+v", sum)
		}
		for i := range casework.MaxTable + 1 {
			fmt.Fprintf(&rows, ",,文港社区,,%d号楼,坏了,,\n", i)
		}
		if sum, _ := w.load(w.secretary, 0, rows.String(), intake.Choice{}); sum.State != "refused" || sum.Rejected != 120 || w.cases() != 121 {
			t.Errorf("too many rows give %+v", sum)
		}
	})
}
