package lovebank_test

import (
	"slices"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/lovebank"
	"linli/internal/testkit"
)

// load writes n credits of one account, in one transaction for each ten thousand: the rows that credit writes.
func (w *bank) load(b testing.TB, of lovebank.Book, n int) {
	b.Helper()
	var issued id.ID
	w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
		issued = id.New()
		_, err := tx.Exec(ctx, `INSERT INTO bank_account (tenant_id, id, kind, unit, community_id, org_id, created_at) VALUES ($1,$2,'issued','hearts',$3,$4,1)`, testkit.Tenant, issued, of.CommunityID, id.New())
		return err
	}))
	day := w.today().String()
	for done := 0; done < n; done += 10_000 {
		m := min(10_000, n-done)
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			journals, lines := make([]id.ID, m), make([]id.ID, 2*m)
			for i := range journals {
				journals[i], lines[2*i], lines[2*i+1] = id.New(), id.New(), id.New()
			}
			if err := tx.InsertMany(ctx, "bank_journal", []string{"tenant_id", "id", "kind", "community_id", "source_kind", "source_id", "on_date", "minutes", "posted_at"}, m, func(i int) []any {
				return []any{testkit.Tenant, int64(journals[i]), "credit", int64(of.CommunityID), "posting", int64(journals[i]), day, int64(6), int64(1)}
			}); err != nil {
				return err
			}
			if err := tx.InsertMany(ctx, "bank_line", []string{"tenant_id", "id", "journal_id", "account_id", "amount", "balance", "left_over", "earned_on", "expires_on"}, 2*m, func(i int) []any {
				nth := int64(done + i/2 + 1)
				if i%2 == 0 {
					return []any{testkit.Tenant, int64(lines[i]), int64(journals[i/2]), int64(issued), int64(-1), -nth, int64(0), "", ""}
				}
				return []any{testkit.Tenant, int64(lines[i]), int64(journals[i/2]), int64(of.ID), int64(1), nth, int64(1), day, day}
			}); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE bank_account SET balance = balance + $1, credits = credits + $1 WHERE tenant_id = $2 AND id = $3`, int64(m), testkit.Tenant, of.ID); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `UPDATE bank_account SET balance = balance - $1, debits = debits + $1 WHERE tenant_id = $2 AND id = $3`, int64(m), testkit.Tenant, issued)
			return err
		}))
	}
}

// turns is the median of some turns.
func turns(n int, do func()) time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		began := time.Now()
		do()
		out[i] = time.Since(began)
	}
	slices.Sort(out)
	return out[n/2]
}

// byTurns is the median of each of two things that are done by turns, so that what else the machine does weighs on both.
func byTurns(n int, one, other func()) (a, b time.Duration) {
	as, bs := make([]time.Duration, n), make([]time.Duration, n)
	for i := range n {
		as[i], bs[i] = turns(1, one), turns(1, other)
	}
	slices.Sort(as)
	slices.Sort(bs)
	return as[n/2], bs[n/2]
}

// BenchmarkStatement pages the statement of an account with 10^5 postings beside one with 10^2: the first page, and one in the middle. The goal is a ratio of at most 1.5.
func BenchmarkStatement(b *testing.B) {
	engines(b, func(b *testing.B, w *bank) {
		few, many := w.open(0), w.open(1)
		w.load(b, few, 100)
		w.load(b, many, 100_000)
		page := func(i int, of lovebank.Book, p db.Page) db.List[lovebank.Line] {
			p.Limit = 20
			l, err := w.s.Statement(ctx, w.people[i], of.ID, p)
			if err != nil || len(l.Items) != 20 {
				b.Fatalf("%d lines, %v", len(l.Items), err)
			}
			return l
		}
		middle := func(i int, of lovebank.Book, deep int) db.Page {
			p := db.Page{}
			for range deep {
				p.After = db.ParseCursor(page(i, of, p).Next)
			}
			return p
		}
		at, far := middle(0, few, 2), middle(1, many, 500)
		for _, c := range []struct {
			name string
			p, q db.Page
		}{{"first", db.Page{}, db.Page{}}, {"middle", at, far}} {
			small, large := byTurns(201, func() { page(0, few, c.p) }, func() { page(1, many, c.q) })
			b.ReportMetric(float64(small.Microseconds()), c.name+"-100-us")
			b.ReportMetric(float64(large.Microseconds()), c.name+"-100000-us")
			b.ReportMetric(float64(large)/float64(small), c.name+"-ratio")
		}
	})
}

// BenchmarkTrial loads 10^6 lines and holds the lines against the totals that the accounts keep (Verify), and works the trial balance out from these.
func BenchmarkTrial(b *testing.B) {
	engines(b, func(b *testing.B, w *bank) {
		began := time.Now()
		w.load(b, w.open(0), 500_000)
		b.ReportMetric(time.Since(began).Seconds(), "load-s")
		began = time.Now()
		if faults, err := w.s.Verify(ctx, w.d, testkit.Tenant); err != nil || len(faults) > 0 {
			b.Fatalf("the lines are not what the totals say: %v, %v", faults, err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "verify-s")
		all := testkit.Actor(testkit.Tenant, nil, staff...)
		took := turns(51, func() {
			t, err := w.s.Trial(ctx, all, 0)
			if err != nil || t.SumHearts.Balance() != 0 || t.SumHearts.Credits != 500_000 {
				b.Fatalf("%+v, %v", t.SumHearts, err)
			}
		})
		b.ReportMetric(float64(took.Microseconds()), "trial-us")
	})
}

func engines(b *testing.B, fn func(b *testing.B, w *bank)) {
	clock := testkit.NewClock()
	for name, open := range map[string]func(testing.TB, func() time.Time) *db.DB{"sqlite": testkit.SQLite, "postgres": testkit.Postgres} {
		b.Run(name, func(b *testing.B) { fn(b, newBank(b, open(b, clock.Now), clock)) })
	}
}
