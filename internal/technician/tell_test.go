package technician_test

import (
	"strings"
	"testing"

	"linli/internal/notice"
	"linli/internal/seal"
	"linli/internal/technician"
	"linli/internal/testkit"
)

// TestWhoIsAskedIsTold holds that a technician with a mobile number hears of a job that they are asked for, without the words of the case, and that one with a fixed
// line is asked all the same.
func TestWhoIsAskedIsTold(t *testing.T) {
	each(t, func(w *district) {
		fake := &notice.Fake{}
		n := notice.New(w.d, seal.Ephemeral()).WithFake(fake, func() string { return "https://linli.example.cn" })
		w.s.WithNotices(n)
		r := w.report(w.taps, w.community)
		j := w.offered(r, w.zhang, w.zhangActor)
		if _, err := n.Deliver(ctx, testkit.Tenant); err != nil {
			t.Fatal(err)
		}
		got := fake.Taken()
		if len(got) != 1 || got[0].To != "13900139000" || !strings.Contains(got[0].Body, "https://linli.example.cn/m/jobs/"+j.ID.String()) || !strings.Contains(got[0].Body, "水管维修，文港社区") {
			t.Fatalf("told %+v", got)
		}
		for _, private := range []string{"漏水", "13800138000", "2 单元", "赵大爷"} {
			if strings.Contains(got[0].Body, private) {
				t.Errorf("%s is in %s", private, got[0].Body)
			}
		}
		// Saying no by the link holds for the next job; they are asked on their page all the same.
		_, rest, _ := strings.Cut(got[0].Body, "/n/")
		w.ok(n.Refuse(ctx, rest[:16], "x", "", true))
		w.offered(w.report(w.taps, w.community), w.li, w.liActor)
		if _, err := n.Deliver(ctx, testkit.Tenant); err != nil {
			t.Fatal(err)
		}
		if len(fake.Taken()) != 1 { // both have the same number in this test
			t.Errorf("told %d times after no", len(fake.Taken()))
		}
		fixed := technician.Entry{Name: "孙师傅", OrgID: w.community, Phone: "0515-88880000", Skills: []technician.Skill{{ItemID: w.taps}}, Areas: nil}
		fixed.Areas = append(fixed.Areas, w.community)
		sun, err := w.s.Create(ctx, w.operator, fixed)
		w.ok(err)
		w.ok(w.s.Offer(ctx, w.operator, w.report(w.taps, w.community).ID, sun))
	})
}
