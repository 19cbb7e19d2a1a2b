package app_test

import (
	"testing"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/testkit"
)

// A case becomes a need by one press, and gets the honest result when the need ends; the one who reported it is told there. What is confidential becomes none.
func TestACaseBecomesANeedAndFollowsIt(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RoleSecretary, "雅和社区")
		ctx, must := t.Context(), func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		found, err := k.a.Authn.List(ctx, k.sys, authn.Filter{Text: "somebody"})
		must(err)
		secretary, err := k.a.Authn.ActorFor(ctx, k.sys.Tenant, found.Items[0].ID)
		must(err)
		report := func(kind string) casework.Receipt {
			t.Helper()
			got, err := k.a.Casework.Enter(ctx, secretary, casework.Report{Kind: kind, CommunityID: k.ids["雅和社区"], Body: "独居老人想有人帮着买菜，电话 13800138000", Channel: casework.ByVisit, Name: "吕奶奶", Phone: "13800138000"})
			must(err)
			return got
		}
		state := func(r casework.Receipt) casework.Detail {
			t.Helper()
			c, err := k.a.Casework.Get(ctx, secretary, r.ID)
			must(err)
			return c
		}
		c := report("need")
		n, err := k.a.Exchange.TurnCase(ctx, secretary, c.ID, state(c).Version)
		must(err)
		if got := state(c); got.State != casework.Working || got.HandlerID != secretary.AccountID || got.Entries[len(got.Entries)-1].Act != casework.ActNeed {
			t.Errorf("the case is %s with %v", got.State, got.Entries)
		}
		if _, err := k.a.Exchange.TurnCase(ctx, secretary, c.ID, state(c).Version); err == nil {
			t.Error("a case became two needs")
		}
		need, err := k.a.Exchange.Get(ctx, secretary, n)
		must(err)
		if need.State != exchange.Asked || !need.Flagged || need.CaseNo != c.No {
			t.Errorf("the need is %+v", need.Need)
		}
		must(k.a.Exchange.Approve(ctx, secretary, n, need.Version, exchange.Public{Title: "帮老人买菜", Kind: exchange.People}))
		p, err := k.a.Exchange.Enlist(ctx, secretary, n, exchange.OnBehalf{Team: "红马甲志愿队"})
		must(err)
		must(k.a.Exchange.Deliver(ctx, secretary, p, 0, exchange.Delivery{}))
		must(k.a.Exchange.Confirm(ctx, secretary, p, 0, exchange.Rating{Answer: exchange.Half, Words: "来了一次"}))
		if got := state(c); got.State != casework.Done || got.Outcome != casework.Half {
			t.Errorf("the case ended as %s, %s", got.State, got.Outcome)
		}
		_, followed, err := k.a.Casework.ToReporter(ctx, casework.Code(c.Code))
		must(err)
		if !followed.Rateable {
			t.Error("the one who reported it is not asked")
		}

		second := report("need")
		n, err = k.a.Exchange.TurnCase(ctx, secretary, second.ID, state(second).Version)
		must(err)
		must(k.a.Exchange.Approve(ctx, secretary, n, 0, exchange.Public{Title: "帮老人买菜", Kind: exchange.People}))
		must(k.a.Exchange.End(ctx, secretary, n, 0, exchange.Nobody, "暂时没有志愿者"))
		if got := state(second); got.Outcome != casework.Outside || got.Result != "暂时没有志愿者" || got.Address == "" {
			t.Errorf("the case ended as %s: %s, %s", got.Outcome, got.Result, got.Address)
		}

		closed := report("dispute")
		if got := state(closed); got.Confidential {
			if _, err := k.a.Exchange.TurnCase(ctx, secretary, closed.ID, got.Version); errs.KindOf(err) != errs.Conflict {
				t.Errorf("a confidential case becomes a need: %v", err)
			}
		} else {
			t.Error("disputes are confidential")
		}
	})
}
