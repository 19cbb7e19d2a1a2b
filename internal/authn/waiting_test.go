package authn_test

import (
	"testing"
	"time"

	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/testkit"
)

func TestAccountsThatWaitForThoseWhoManageThem(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, boss := w.user(testkit.Tenant, "boss", "boss", root)
		_, secretary := w.user(testkit.Tenant, "zhou", "secretary", community)
		other, _ := w.user(testkit.Tenant, "deputy", "boss", root)
		wang, worker := w.user(testkit.Tenant, "wang", "worker", community)
		sun, _ := w.user(testkit.Tenant, "sun", "worker", neighbour)
		waits := func(a authz.Actor) map[string]int64 {
			t.Helper()
			list, err := w.Waiting(ctx, a)
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]int64{}
			for _, it := range list {
				out[it.Kind] = it.Count
			}
			return out
		}
		if got := waits(boss); len(got) != 1 || got[authn.WaitSecond] != 1 { // the deputy answers for the whole district too
			t.Errorf("at first %v", got)
		}
		if got := waits(secretary); len(got) != 0 {
			t.Errorf("for the secretary %v", got)
		}
		now := w.clock.Now()
		w.exec(`UPDATE account SET totp_secret = $3 WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, other.ID, []byte("x"))
		w.exec(`UPDATE account SET locked_until = $3 WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, wang.ID, db.Micros(now.Add(time.Minute)))
		w.exec(`UPDATE account SET must_change = TRUE, password_set_at = 1, created_at = 1 WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, sun.ID)
		w.exec(`UPDATE role_grant SET valid_to = $3 WHERE tenant_id = $1 AND account_id = $2`, testkit.Tenant, wang.ID, calendar.DateOf(now).AddDays(10).String())
		w.exec(`UPDATE organisation SET dissolved_on = $3 WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, neighbour, calendar.DateOf(now).String())
		if got := waits(boss); len(got) != 4 || got[authn.WaitLocked] != 1 || got[authn.WaitNever] != 1 || got[authn.WaitLost] != 1 || got[authn.WaitEnding] != 1 {
			t.Errorf("for the administrator %v", got)
		}
		if got := waits(secretary); len(got) != 2 || got[authn.WaitLocked] != 1 || got[authn.WaitEnding] != 1 {
			t.Errorf("for the secretary, who manages one of them: %v", got)
		}
		for about, want := range map[authn.Concern]string{authn.Locked: "wang", authn.Never: "sun", authn.Lost: "sun", authn.Ending: "wang"} {
			l, err := w.List(ctx, boss, authn.Filter{About: about})
			if err != nil || len(l.Items) != 1 || l.Items[0].Login != want {
				t.Errorf("the list of %s: %+v, %v", about, l.Items, err)
			}
		}
		if got := waits(worker); len(got) != 0 {
			t.Errorf("for a worker, who manages none: %v", got)
		}
		w.exec(`INSERT INTO policy (tenant_id, name, valid_from, value, set_at) VALUES ($1, 'login.totp_staff', '2000-01-01', '1', 1)`, testkit.Tenant)
		if got := waits(boss); got[authn.WaitSecond] != 3 {
			t.Errorf("where staff must have one-time codes %v", got)
		}
	})
}
