package demo_test

import (
	"fmt"
	"strings"
	"testing"

	"linli/internal/db"
	"linli/internal/fill"
	"linli/internal/testkit"
)

// countedApart are SQL of our own for what reports ask.
var countedApart = map[string]string{
	"居民数":      `SELECT count(*) FROM person WHERE community_id = $2 AND moved_out_on = '' AND died_on = ''`,
	"户数":       `SELECT count(*) FROM household WHERE community_id = $2`,
	"楼栋数":      `SELECT count(*) FROM building WHERE community_id = $2 AND ended_on = ''`,
	"网格数":      `SELECT count(*) FROM grid WHERE community_id = $2 AND ended_on = ''`,
	"党员数":      `SELECT count(*) FROM member WHERE community_id = $2 AND ended_on = ''`,
	"在职党员":     `SELECT count(*) FROM member WHERE community_id = $2 AND ended_on = '' AND kind = 'in_service'`,
	"60岁及以上居民": `SELECT count(*) FROM person WHERE community_id = $2 AND moved_out_on = '' AND died_on = '' AND born_on <= '{60}'`,
	"举办活动":     `SELECT count(*) FROM activity WHERE community_id = $2 AND state NOT IN ('draft', 'published', 'cancelled') AND starts_at >= ` + julyFirst + ` AND starts_at < ` + octoberFirst,
}

func (v *village) count(t *testing.T, of string, community any, day string) string {
	t.Helper()
	sixty := fmt.Sprintf("%d%s", 1966, day[4:])
	n, err := db.Value[int64](t.Context(), v.a.DB, "SELECT * FROM ("+strings.ReplaceAll(countedApart[of], "{60}", sixty)+") x WHERE $1 > 0", v.actor.Tenant, community)
	if err != nil {
		t.Fatalf("%s: %v", of, err)
	}
	return fmt.Sprint(n)
}

// reportsAreFilled holds reports of numbers against SQL of their own: places in rows, figures in rows, and one row for the place itself. What
// is not certain stays blank.
func reportsAreFilled(t *testing.T, v *village) {
	ask := fill.Ask{Community: v.community}
	t.Run("places in rows", func(t *testing.T) {
		d := testkit.Draw(t)
		head := labels("社区 居民数 户数(户) 党员数(名) 低收入家庭数 举办活动 楼栋数")
		_, first := d.List(testkit.RealForm{Title: "社区基本情况统计表", Kind: "number_report", Header: head, HeaderDepth: 1, Columns: len(head),
			RowLabels: []string{v.name, "云外社区", "合计"}}, 0)
		pp := newPaper(d)
		for c, of := range map[int]string{1: "居民数", 2: "户数", 3: "党员数", 6: "楼栋数"} {
			pp.expect(first, c, v.count(t, of, v.community, v.day()))
		}
		pp.whole(t, v, ask) // the place unknown, the sum, what happened without a time, and what nobody countedApart stay blank
	})
	t.Run("figures in rows, for a quarter", func(t *testing.T) {
		d := testkit.Draw(t)
		rows := []string{"举办活动", "网格数", "楼栋数", "信访件数"}
		_, first := d.List(testkit.RealForm{Title: "2026年第三季度社区工作统计表", Kind: "number_report", Header: labels("指标 数量 备注"), HeaderDepth: 1, Columns: 3, RowLabels: rows}, 0)
		pp := newPaper(d)
		for i, of := range rows[:3] {
			pp.expect(first+i, 1, v.count(t, of, v.community, "2026-09-30"))
		}
		pp.whole(t, v, ask)
	})
	t.Run("one row", func(t *testing.T) {
		d := testkit.Draw(t)
		head := labels("居民数 60岁及以上居民 在职党员 网格数")
		_, first := d.List(testkit.RealForm{Title: "人口数据统计表", Kind: "number_report", Header: head, HeaderDepth: 1, Columns: len(head)}, 1)
		pp := newPaper(d)
		for c, l := range head {
			pp.expect(first, c, v.count(t, l.(string), v.community, v.day()))
		}
		pp.whole(t, v, ask)
	})
	for name, title := range map[string]string{"of some households only": "低保家庭情况统计表", "of half a year": "2026年上半年社区基本情况统计表", "of a time to come": "2031年社区基本情况统计表"} {
		t.Run(name, func(t *testing.T) {
			d := testkit.Draw(t)
			head := labels("社区 居民数 户数 举办活动")
			d.List(testkit.RealForm{Title: title, Kind: "number_report", Header: head, HeaderDepth: 1, Columns: len(head), RowLabels: []string{v.name, "合计"}}, 0)
			newPaper(d).whole(t, v, ask)
		})
	}
}

func (v *village) day() string { return now.Format("2006-01-02") }

// whole checks a form and wants every expected cell.
func (p *paper) whole(t *testing.T, v *village, ask fill.Ask) {
	t.Helper()
	if n := p.check(t, v, ask); n.filled != n.held {
		t.Errorf("filled %d of %d cells that the records can answer", n.filled, n.held)
	}
}
