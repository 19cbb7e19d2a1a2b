package dues_test

import (
	"testing"

	"pgregory.net/rapid"

	"linli/internal/dues"
	"linli/internal/errs"
	"linli/internal/id"
)

// modelMember is a member as a naive clerk keeps them: what was paid and what stands for each month, and the bases in the order in which they came.
type modelMember struct {
	id       id.ID
	bases    []dues.NewBase
	paid     map[dues.Month]int64
	payments map[id.ID]map[dues.Month]int64
}

// charge is what the clerk asks for a month: the newest base of the latest month that is not later.
func (m *modelMember) charge(mo dues.Month) int64 {
	var b dues.NewBase
	for _, n := range m.bases {
		if n.From <= mo && n.From >= b.From {
			b = n
		}
	}
	if b.From == 0 {
		return 0
	}
	c, err := dues.Work(b.Payer, b.Base, usual, mo)
	if err != nil {
		return -1
	}
	return c.Fen
}

// TestTheLedgerBalances runs random bases, payments and corrections against the clerk's book: amounts, arrears and totals must agree at every step.
func TestTheLedgerBalances(t *testing.T) {
	each(t, func(w *network) {
		n := 0
		rapid.Check(t, func(r *rapid.T) {
			if n++; n > 12 { // each round works on a real database; more rounds say no more
				return
			}
			branch := w.org("party_branch", "支部", w.community)
			keeper := at(branch, nil, dues.PermKeep)
			var all []*modelMember
			for range rapid.IntRange(1, 3).Draw(r, "members") {
				m, _ := w.member(branch, "党员", "2001-07-01")
				all = append(all, &modelMember{id: m, paid: map[dues.Month]int64{}, payments: map[id.ID]map[dues.Month]int64{}})
			}
			var total int64
			now := dues.MonthOf(w.today())
			for range rapid.IntRange(5, 25).Draw(r, "steps") {
				m := rapid.SampledFrom(all).Draw(r, "member")
				from := now - dues.Month(rapid.IntRange(0, 6).Draw(r, "back"))
				switch rapid.IntRange(0, 3).Draw(r, "act") {
				case 0:
					b := dues.NewBase{From: from, Payer: rapid.SampledFrom(dues.Payers()).Draw(r, "payer"), Base: rapid.Int64Range(0, 2_000_000).Draw(r, "base")}
					if err := w.s.SetBase(ctx, keeper, m.id, b); err != nil {
						r.Fatal(err)
					}
					m.bases = append(m.bases, b)
				case 1, 2:
					to := min(now, from+dues.Month(rapid.IntRange(0, 2).Draw(r, "more")))
					amount := rapid.Int64Range(0, 30_000).Draw(r, "amount")
					known, due := true, int64(0)
					for mo := from; mo <= to; mo++ {
						known = known && len(m.bases) > 0 && first(m) <= mo
						due += max(0, m.charge(mo)-m.paid[mo])
					}
					p, err := w.s.Take(ctx, keeper, dues.Taking{MemberID: m.id, From: from, To: to, Amount: amount, PaidOn: w.today(), Means: dues.Cash, Confirmed: true})
					if !known || due == 0 {
						if errs.KindOf(err) != errs.Invalid {
							r.Fatalf("known %v, due %d: %v", known, due, err)
						}
						continue
					}
					if err != nil {
						r.Fatal(err)
					}
					if amount == 0 {
						amount = due
					}
					total += amount
					m.payments[p] = map[dues.Month]int64{}
					for mo := from; mo <= to; mo++ {
						part := min(amount, max(0, m.charge(mo)-m.paid[mo]))
						if mo == to {
							part = amount
						}
						m.paid[mo] += part
						m.payments[p][mo] = part
						amount -= part
					}
				case 3:
					for p, parts := range m.payments {
						if err := w.s.TakeBack(ctx, keeper, p, "更正"); err != nil {
							r.Fatal(err)
						}
						for mo, part := range parts {
							m.paid[mo] -= part
							total -= part
						}
						delete(m.payments, p)
						break
					}
				}
				o, err := w.s.Open(ctx, keeper, m.id)
				if err != nil {
					r.Fatal(err)
				}
				var behind int64
				for mo := now - 8; mo < now; mo++ {
					behind += max(0, m.charge(mo)-m.paid[mo])
				}
				var arrears int64
				for _, s := range o.Arrears {
					arrears += s.Owed()
				}
				if arrears != behind {
					r.Fatalf("arrears %d, the clerk says %d", arrears, behind)
				}
				for _, s := range o.Months {
					if s.Paid != m.paid[s.Month] || s.Known && s.Charge != m.charge(s.Month) {
						r.Fatalf("%s: %+v, the clerk says %d of %d", s.Month, s, m.paid[s.Month], m.charge(s.Month))
					}
				}
			}
			l, err := w.s.Totals(ctx, keeper, dues.TotalFilter{})
			if err != nil || len(l.Items) != 1 || l.Items[0].Amount != total {
				r.Fatalf("total %+v, %v, the clerk says %d", l.Items, err, total)
			}
		})
		w.balanced()
	})
}

func first(m *modelMember) dues.Month {
	f := m.bases[0].From
	for _, b := range m.bases {
		f = min(f, b.From)
	}
	return f
}
