package dues_test

import (
	"strings"
	"testing"

	"linli/internal/authz"
	"linli/internal/dues"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
)

func (w *network) load(actor authz.Actor, branch id.ID, content string, c intake.Choice) (intake.Summary, []intake.Problem) {
	w.t.Helper()
	in := intake.New(w.d, w.ring, w.s.ImportKind())
	sum, problems, err := in.Direct(ctx, actor, intake.NewImport{Kind: "dues", FileName: "银行.csv", Content: []byte(content), OrgID: branch}, c, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return sum, problems
}

func TestImportOfAStatement(t *testing.T) {
	each(t, func(w *network) {
		wang, _ := w.member(w.branch, "王示例", "2001-07-01")
		one, _ := w.member(w.branch, "同名", "2001-07-01")
		two, _ := w.member(w.branch, "同名", "2001-07-01")
		w.member(w.second, "别处", "2001-07-01")
		for _, m := range []id.ID{wang, one, two} {
			w.base(m, month(2026, 1), dues.Paid, 300_000)
		}
		head := "户名,党费编号,交易金额,交易日期,党费月份\n"
		good := head + "王示例,,15.00,2026-09-03,2026-08\n王示例,,15.00,2026-09-10,\n同名," + two.String() + ",￥15,2026-09-04,2026年8月\n"
		sum, problems := w.load(w.keeper, w.branch, good, intake.Choice{})
		if sum.Inserted != 3 || sum.Rejected != 0 {
			t.Fatalf("import: %+v, %+v", sum, problems)
		}
		if sum, problems := w.load(w.keeper, w.branch, good, intake.Choice{}); sum.Unchanged != 3 || sum.Inserted != 0 {
			t.Errorf("again: %+v, %+v", sum, problems)
		}
		o := w.open(wang)
		if len(o.Payments) != 2 || state(o, month(2026, 8)).Owed() != 0 || state(o, month(2026, 9)).Owed() != 0 || o.Payments[0].Number == "" || o.Payments[0].Means != dues.Transfer {
			t.Errorf("the ledger: %+v", o)
		}
		if o := w.open(one); len(o.Payments) != 0 {
			t.Errorf("the other of the same name: %+v", o.Payments)
		}
		w.balanced()
		// All or nothing: each fault is told on its row, nothing is written.
		bad := head + "王示例,,15.00,2026-09-11,2026-07\n同名,,15,2026-09-04,2026-08\n别处,,15,2026-09-04,\n王示例," + two.String() + ",15,2026-09-04,\n王示例,,十五,2026-09-04,\n" +
			"王示例,,15,2026-12-04,\n王示例,,15,2026-09-04,2026-01\n王示例,,99,2026-09-04,2026-06\n王示例,,15,2026-09-04,2026-08\n"
		sum, problems = w.load(w.keeper, w.branch, bad, intake.Choice{})
		if sum.Inserted != 0 && sum.State == intake.Done || sum.Rejected != 8 {
			t.Errorf("with faults: %+v", sum)
		}
		for _, p := range problems {
			if p.Message.In("zh") == "" || p.Advice.In("zh") == "" || p.Column == i18n.DuesColAmount && p.Masked != "***" {
				t.Errorf("row %d: %+v", p.Row, p)
			}
		}
		for _, p := range problems { // what somebody owes is in no report
			if strings.Contains(p.Message.In("zh"), "15.00") {
				t.Errorf("row %d tells an amount: %s", p.Row, p.Message.In("zh"))
			}
		}
		if o := w.open(wang); len(o.Payments) != 2 {
			t.Errorf("rows were written: %+v", o.Payments)
		}
		confirmed := map[string]bool{"confirmed": true}
		if sum, problems := w.load(w.keeper, w.branch, head+"王示例,,15,2026-09-04,2026-01\n王示例,,99,2026-09-04,2026-06\n", intake.Choice{Options: confirmed}); sum.Inserted != 2 {
			t.Errorf("confirmed: %+v, %+v", sum, problems)
		}
		// Of a branch that is not theirs nobody finds anybody.
		if sum, _ := w.load(w.street_, w.branch, head+"王示例,,15.00,2026-09-03,2026-07\n", intake.Choice{}); sum.Rejected != 1 {
			t.Errorf("from above: %+v", sum)
		}
		w.balanced()
		// What was imported is seen by who imported it: not by another keeper, and not from above.
		in, other := intake.New(w.d, w.ring, w.s.ImportKind()), w.keeper
		other.AccountID = id.New()
		for _, x := range []struct {
			who  string
			as   authz.Actor
			some bool
		}{{"the keeper", w.keeper, true}, {"another keeper", other, false}, {"the street", w.street_, false}} {
			seen, err := in.List(ctx, x.as, intake.Filter{})
			if err != nil || (len(seen.Items) > 0) != x.some {
				t.Errorf("%s sees %d imports: %v", x.who, len(seen.Items), err)
			}
			for _, m := range seen.Items {
				if m.AccountID != x.as.AccountID {
					t.Errorf("%s sees the import of %s", x.who, m.AccountID)
				}
			}
		}
	})
}
