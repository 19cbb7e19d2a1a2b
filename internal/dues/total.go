package dues

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
)

// TotalFilter narrows the totals; zero fields do not filter.
type TotalFilter struct {
	From, To Month // in which payments were entered; the year that runs, if none is given
	Text     string
	Page     db.Page
}

// Total is what a branch took in some months. Where others look, Amount and Gifts hold only months that are over with at least three payers.
type Total struct {
	Branch   Named
	Above    string
	Members  int64
	Bases    int64 // members with a base
	Paid     int64 // members with a payment for the last month of the period
	Amount   int64 // fen
	Gifts    int64 // fen, voluntary payments
	Withheld int64 // months of which nothing is shown
	Kept     bool  // the actor keeps the dues there and may open the sheet
	key      string
}

func (t *Total) dest() []any {
	return []any{&t.Branch.ID, &t.Branch.Name, &t.Above, &t.Members, &t.Bases, &t.Paid, &t.Amount, &t.Gifts, &t.Withheld, &t.Kept, &t.key}
}

// Totals gives one page of the branches that the actor stands above (PermSee) or whose dues they keep (PermKeep), by name.
func (s *Service) Totals(ctx context.Context, actor authz.Actor, f TotalFilter) (db.List[Total], error) {
	now := s.month()
	if err := f.check(now); err != nil {
		return db.List[Total]{}, err
	}
	a := &db.Args{}
	keeps := standing(a, actor, PermKeep, "b")
	sees := standing(a, actor, PermSee, "b")
	from, to, running := a.Add(f.From), a.Add(f.To), a.Add(now)
	shown := "(t.month < " + running + fmt.Sprintf(" AND t.payers >= %d OR ", least) + keeps + ")"
	cells := "FROM dues_total t WHERE t.tenant_id = b.tenant_id AND t.branch_id = b.id AND t.month >= " + from + " AND t.month <= " + to
	sum := func(kind PaymentKind) string {
		return "(SELECT CAST(coalesce(sum(t.amount), 0) AS BIGINT) " + cells + " AND t.kind = '" + string(kind) + "' AND " + shown + ")"
	}
	// A member's dues go to b: two lookups that indexes serve.
	of := func(alias string) string {
		return "(" + alias + ".home_id = b.id OR " + alias + ".community_id = b.id AND " + alias + ".home_id = 0 AND " + alias + ".kind = 'floating') AND " + alias + ".ended_on = ''"
	}
	query := "SELECT b.id, " + branchLabel + ", coalesce(CASE WHEN up.short_name <> '' THEN up.short_name ELSE up.name END, ''), " +
		"(SELECT count(*) FROM member n WHERE n.tenant_id = b.tenant_id AND " + of("n") + "), " +
		"(SELECT count(*) FROM member n WHERE n.tenant_id = b.tenant_id AND " + of("n") + " AND EXISTS (SELECT 1 FROM dues_base nb WHERE nb.tenant_id = n.tenant_id AND nb.member_id = n.id)), " +
		"(SELECT count(*) FROM member n WHERE n.tenant_id = b.tenant_id AND " + of("n") + " AND (SELECT sum(ne.settles) FROM dues_entry ne WHERE ne.tenant_id = n.tenant_id AND ne.member_id = n.id AND ne.month = " + to + ") > 0), " +
		sum(Dues) + ", " + sum(Voluntary) + ", (SELECT count(*) " + cells + " AND NOT " + shown + "), " + keeps + ", b.name_key" +
		" FROM organisation b LEFT JOIN organisation up ON up.tenant_id = b.tenant_id AND up.id = b.parent_id WHERE b.tenant_id = " + a.Add(actor.Tenant) +
		" AND (" + keeps + " OR " + sees + ") AND (EXISTS (SELECT 1 FROM member n WHERE n.tenant_id = b.tenant_id AND " + of("n") + ") OR EXISTS (SELECT 1 " + cells + "))"
	if f.Text = strings.TrimSpace(f.Text); f.Text != "" {
		l := a.Add(gram.Query(f.Text).Like())
		query += " AND (b.name LIKE " + l + " ESCAPE '!' OR b.short_name LIKE " + l + " ESCAPE '!')"
	}
	keyset, tail := a.Keyset(f.Page, db.Order{Column: "b.name_key", IDColumn: "b.id"})
	rows, err := db.All(ctx, s.db, (*Total).dest, query+keyset+tail, a.Values()...)
	return db.Cut(rows, f.Page, func(t Total) db.Cursor { return db.Cursor{Key: t.key, ID: t.Branch.ID} }), err
}

func (f *TotalFilter) check(now Month) error {
	if f.To <= 0 {
		f.To = now
	}
	if f.From <= 0 {
		f.From = NewMonth(f.To.Year(), 1)
	}
	if f.To < f.From || f.To-f.From >= maxMonths {
		return errs.Field("to", i18n.DuesTooLong, maxMonths)
	}
	return nil
}

// Verify names the totals of a tenant that are not the sum of their payments, and the payments that are not the sum of their months.
func (s *Service) Verify(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	type cell struct {
		branch id.ID
		month  Month
		kind   PaymentKind
	}
	type total struct {
		cell
		amount int64
	}
	left := map[cell]int64{}
	totals, err := db.All(ctx, q, func(t *total) []any { return []any{&t.branch, &t.month, &t.kind, &t.amount} },
		"SELECT branch_id, month, kind, amount FROM dues_total WHERE tenant_id = $1", tenant)
	if err != nil {
		return nil, err
	}
	for _, t := range totals {
		left[t.cell] = t.amount
	}
	var faults []string
	for after := id.ID(0); ; {
		type row struct {
			Payment
			booked Month
		}
		rows, err := db.All(ctx, q, func(r *row) []any { return append(r.Payment.dest(), &r.booked) },
			"SELECT "+paymentColumns+", p.booked"+paymentTables+" WHERE p.tenant_id = $1 AND p.id > $2 ORDER BY p.id LIMIT 500", tenant, after)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			break
		}
		ids := make([]id.ID, len(rows))
		for i, r := range rows {
			ids[i] = r.ID
		}
		sums, err := s.sums(ctx, q, tenant, ids)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			n, err := s.openPaid(r.ID, r.sealed)
			if err != nil {
				faults = append(faults, fmt.Sprintf("the amount of dues payment %s does not open", r.ID))
				continue
			}
			kind := Dues
			if r.From == 0 {
				kind = Voluntary
			} else if sums[r.ID] != n {
				faults = append(faults, fmt.Sprintf("dues payment %s is not the sum of its months", r.ID))
			}
			left[cell{r.BranchID, r.booked, kind}] -= n
		}
		after = rows[len(rows)-1].ID
	}
	for c, n := range left {
		if n != 0 {
			faults = append(faults, fmt.Sprintf("the %s of branch %s in %s are %d fen off their payments", c.kind, c.branch, c.month, n))
		}
	}
	return faults, nil
}

func (s *Service) sums(ctx context.Context, q db.Querier, tenant int64, payments []id.ID) (map[id.ID]int64, error) {
	type row struct {
		id, payment id.ID
		sealed      []byte
	}
	a := &db.Args{}
	out := map[id.ID]int64{}
	err := db.Each(ctx, q, func(r *row) []any { return []any{&r.id, &r.payment, &r.sealed} }, func(r row) error {
		n, err := s.openEntry(r.id, r.sealed)
		out[r.payment] += n
		return err
	}, "SELECT id, payment_id, amount FROM dues_entry WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "payment_id", payments), a.Values()...)
	return out, err
}
