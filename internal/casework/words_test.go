package casework_test

import (
	"fmt"
	"testing"

	"linli/internal/casework"
	"linli/internal/id"
	"linli/internal/retention"
	"linli/internal/testkit"
)

// What people chose for their cases is proposed for the next one, with the words that decided; confidential kinds and other districts give and get nothing.
func TestCategoriesAreLearntFromCases(t *testing.T) {
	each(t, func(w *street) {
		tap := w.item("service", "水管维修", "community", 0, 0)
		said := map[int][]string{0: {"楼道的路灯不亮", "小区路灯坏了", "门口路灯一闪一闪", "晚上路灯不开", "路灯杆歪了", "东门没有路灯"},
			1: {"厨房水管漏水", "水龙头滴水关不紧", "卫生间水管渗水", "水管冻裂了", "水表旁边漏水", "水管接头松了"}}
		tails := []string{"请来看看", "已经两天", "家里有老人", "谢谢", "麻烦师傅"}
		sent := 0
		report := func(n int) {
			for i := range n {
				for k, it := range []id.ID{w.lamp, tap} {
					sent++
					w.report(casework.Report{Kind: "service", ItemID: it, Body: said[k][i%6] + "，" + said[k][(i+1+i/6)%6] + "，" + tails[i%5], Name: "居民", Phone: fmt.Sprintf("1380013%04d", sent)})
				}
			}
		}
		report(9)
		if l, err := w.s.Learn(ctx, testkit.Tenant); err != nil || len(l) != 0 {
			t.Errorf("too few cases teach %+v, %v", l, err)
		}
		if p, err := w.s.Propose(ctx, testkit.Tenant, "service", "路灯又坏了"); err != nil || p != nil {
			t.Errorf("nothing learnt proposes %+v, %v", p, err)
		}
		report(16)
		l, err := w.s.Learn(ctx, testkit.Tenant)
		w.ok(err)
		if len(l) != 1 || l[0].List != "service" || l[0].Cases != 50 || l[0].Categories != 2 || l[0].Accuracy < 900 || l[0].MacroF1 < 900 {
			t.Fatalf("learnt %+v", l)
		}
		p, err := w.s.Propose(ctx, testkit.Tenant, "service", "我家厨房的水管漏水了，电话 13800138000")
		w.ok(err)
		if len(p) == 0 || p[0].ItemID != tap || p[0].Percent < 50 || len(p[0].Words) == 0 {
			t.Errorf("proposed %+v, want pipes with words", p)
		}
		for kind, message := range map[string]string{"service": "ABC", "dispute": "厨房水管漏水", "opinion": "厨房水管漏水"} {
			if p, err := w.s.Propose(ctx, testkit.Tenant, kind, message); err != nil || len(p) != 0 {
				t.Errorf("%s %q proposes %+v, %v", kind, message, p, err)
			}
		}
		if p, err := w.s.Propose(ctx, testkit.Other, "service", "厨房水管漏水"); err == nil || len(p) != 0 {
			t.Errorf("another district: %+v, %v", p, err)
		}
		again, err := w.s.Learn(ctx, testkit.Tenant)
		w.ok(err)
		if len(again) != 1 || !again[0].At.Equal(l[0].At) {
			t.Errorf("nothing new was learnt again: %+v", again)
		}
		testkit.Exec(t, w.d, `UPDATE service_case SET title = $1 WHERE tenant_id = $2 AND item_id = $3`, retention.Gone(), testkit.Tenant, w.lamp)
		if l, err := w.s.Learn(ctx, testkit.Tenant); err != nil || len(l) != 0 {
			t.Errorf("what was forgotten teaches %+v, %v", l, err)
		}
		report(16)
		if l, err = w.s.Learn(ctx, testkit.Tenant); err != nil || len(l) != 1 {
			t.Fatalf("learnt anew %+v, %v", l, err)
		}
		testkit.Exec(t, w.d, `UPDATE catalogue_item SET retired = TRUE WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, tap)
		p, err = w.s.Propose(ctx, testkit.Tenant, "service", "我家厨房的水管漏水了")
		w.ok(err)
		for _, x := range p {
			if x.ItemID == tap {
				t.Error("a category that is no longer used is proposed")
			}
		}
	})
}
