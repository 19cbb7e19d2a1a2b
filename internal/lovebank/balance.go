package lovebank

import (
	"context"
	"fmt"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/waiting"
)

// TrialRow is a kind of account in the trial balance.
type TrialRow struct {
	Kind     Kind
	Accounts int64
	Debits   int64
	Credits  int64
}

// Balance is what went in without what went out.
func (r TrialRow) Balance() int64 { return r.Credits - r.Debits }

// Trial is the trial balance: every kind of account, in hearts and in pieces. Each unit sums to zero.
type Trial struct {
	Hearts, Goods       []TrialRow
	SumHearts, SumGoods TrialRow
}

// Trial gives the trial balance of communities in scope (PermSee), or of one of them, from the totals that the accounts keep.
func (s *Service) Trial(ctx context.Context, actor authz.Actor, community id.ID) (Trial, error) {
	a := &db.Args{}
	where := actor.Scope(PermSee).Where(a, authz.Columns{Tenant: "a.tenant_id", Orgs: []string{"a.community_id"}})
	if community != 0 {
		where += " AND a.community_id = " + a.Add(community)
	}
	rows, err := db.All(ctx, s.db, func(r *TrialRow) []any { return []any{&r.Kind, &r.Accounts, &r.Debits, &r.Credits} },
		`SELECT a.kind, count(*), CAST(coalesce(sum(a.debits), 0) AS BIGINT), CAST(coalesce(sum(a.credits), 0) AS BIGINT) FROM bank_account a WHERE `+where+" GROUP BY a.kind", a.Values()...)
	at := map[Kind]TrialRow{}
	for _, r := range rows {
		at[r.Kind] = r
	}
	var out Trial
	for _, k := range Kinds() {
		r := at[k]
		r.Kind = k
		list, sum := &out.Hearts, &out.SumHearts
		if k.Unit() == Goods {
			list, sum = &out.Goods, &out.SumGoods
		}
		*list = append(*list, r)
		sum.Accounts, sum.Debits, sum.Credits = sum.Accounts+r.Accounts, sum.Debits+r.Debits, sum.Credits+r.Credits
	}
	return out, err
}

// Age is how long ago the service was given that hearts come from.
type Age int

// The ages.
const (
	UnderHalf Age = iota // less than 6 months
	UnderYear            // 6 to 12 months
	UnderTwo             // 1 to 2 years
	Older
	ages
)

// Solvency says what the bank owes, and what it could give.
type Solvency struct {
	Issued, WrittenOff, Redeemed, Expired int64
	Held, Fund, Persons                   int64
	Between                               int64       // that went to other communities and districts, without what came from there
	ByAge                                 [ages]int64 // of Persons
	Stock                                 int64       // what could be redeemed today, at its price
	Minutes                               int64       // of service behind what was credited
}

// Outstanding is what could still be redeemed: in accounts of people and in the gift fund.
func (s Solvency) Outstanding() int64 { return s.Persons + s.Fund }

// Covered is the part of what is outstanding that the stock could cover, in percent, at most 100.
func (s Solvency) Covered() int64 {
	if s.Outstanding() <= s.Stock {
		return 100
	}
	return s.Stock * 100 / s.Outstanding()
}

// Solvency states how the bank of communities in scope stands (PermSee), or of one of them.
func (s *Service) Solvency(ctx context.Context, actor authz.Actor, community id.ID) (Solvency, error) {
	scope := actor.Scope(PermSee)
	return s.solvency(ctx, func(a *db.Args, alias string) string {
		w := scope.Where(a, authz.Columns{Tenant: alias + ".tenant_id", Orgs: []string{alias + ".community_id"}})
		if community != 0 {
			w += " AND " + alias + ".community_id = " + a.Add(community)
		}
		return w
	})
}

// SolvencyOwn states to whoever has an account how the bank of its community stands (PermOwn): sums, of nobody in particular.
func (s *Service) SolvencyOwn(ctx context.Context, actor authz.Actor) (Solvency, error) {
	b, err := s.Own(ctx, actor)
	if err != nil {
		return Solvency{}, err
	}
	return s.solvency(ctx, func(a *db.Args, alias string) string {
		return alias + ".tenant_id = " + a.Add(actor.Tenant) + " AND " + alias + ".community_id = " + a.Add(b.CommunityID)
	})
}

func (s *Service) solvency(ctx context.Context, within func(a *db.Args, alias string) string) (out Solvency, err error) {
	today := calendar.DateOf(s.db.Now())
	return out, s.db.View(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		of := func(k Kind) string {
			return "CAST(coalesce(sum(CASE WHEN a.kind = '" + string(k) + "' THEN a.balance ELSE 0 END), 0) AS BIGINT)"
		}
		if err := tx.QueryRow(ctx, "SELECT "+of(Issued)+", "+of(WrittenOff)+", "+of(Redeemed)+", "+of(Expired)+", "+of(Held)+", "+of(Fund)+", "+of(Person)+", "+of(Between)+" FROM bank_account a WHERE "+
			within(a, "a"), a.Values()...).Scan(&out.Issued, &out.WrittenOff, &out.Redeemed, &out.Expired, &out.Held, &out.Fund, &out.Persons, &out.Between); err != nil {
			return err
		}
		out.Issued, out.WrittenOff = -out.Issued, -out.WrittenOff
		a = &db.Args{} // like what was issued, the service behind it stays with the bank that credited it
		if err := tx.QueryRow(ctx, `SELECT CAST(coalesce(sum(j.minutes), 0) AS BIGINT) FROM bank_journal j WHERE j.kind IN ('credit', 'reversal') AND `+within(a, "j"), a.Values()...).Scan(&out.Minutes); err != nil {
			return err
		}
		a = &db.Args{}
		older := func(months int) string {
			return "CAST(coalesce(sum(CASE WHEN l.earned_on <= " + a.Add(today.AddMonths(-months).String()) + " THEN l.left_over ELSE 0 END), 0) AS BIGINT)"
		}
		var all, half, year, two int64
		if err := tx.QueryRow(ctx, "SELECT CAST(coalesce(sum(l.left_over), 0) AS BIGINT), "+older(6)+", "+older(12)+", "+older(24)+` FROM bank_account a
			JOIN bank_line l ON l.tenant_id = a.tenant_id AND l.account_id = a.id AND l.left_over > 0 WHERE a.kind = 'person' AND `+within(a, "a"), a.Values()...).Scan(&all, &half, &year, &two); err != nil {
			return err
		}
		out.ByAge = [ages]int64{all - half, half - year, year - two, two}
		a = &db.Args{}
		return tx.QueryRow(ctx, `SELECT CAST(coalesce(sum(a.balance * i.price), 0) AS BIGINT) FROM bank_item i JOIN bank_account a ON a.tenant_id = i.tenant_id AND a.item_id = i.id AND a.item_id <> 0 AND a.kind = 'stock'
			WHERE i.ended_at = 0 AND i.last_on >= `+a.Add(today.String())+" AND "+within(a, "i"), a.Values()...).Scan(&out.Stock)
	})
}

// Verify checks the books of a tenant and names every fault: lines of a journal sum to zero in each unit, a balance and its totals are what the lines sum to, what is not spent
// of a person's account is its balance, and an order has the journals of its state.
func (s *Service) Verify(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	checks := []struct{ fault, query string }{
		{"journal does not sum to zero", `SELECT l.journal_id FROM bank_line l JOIN bank_account a ON a.tenant_id = l.tenant_id AND a.id = l.account_id WHERE l.tenant_id = $1
			GROUP BY l.journal_id, a.unit, a.item_id HAVING sum(l.amount) <> 0`},
		{"books of the bank of a community do not balance by themselves", `SELECT a.community_id FROM bank_account a WHERE a.tenant_id = $1 GROUP BY a.community_id, a.unit HAVING sum(a.balance) <> 0`},
		{"more of an order returned than it cost", `SELECT r.id FROM bank_order r WHERE r.tenant_id = $1 AND (r.refunded > r.hearts OR r.hours_back > r.amount)`},
		{"journal has no lines", `SELECT j.id FROM bank_journal j WHERE j.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM bank_line l WHERE l.tenant_id = j.tenant_id AND l.journal_id = j.id)`},
		{"balance of an account is not the sum of its lines", `SELECT a.id FROM bank_account a LEFT JOIN bank_line l ON l.tenant_id = a.tenant_id AND l.account_id = a.id WHERE a.tenant_id = $1
			GROUP BY a.id, a.balance, a.credits, a.debits HAVING coalesce(sum(l.amount), 0) <> a.balance OR coalesce(sum(CASE WHEN l.amount > 0 THEN l.amount ELSE 0 END), 0) <> a.credits
			OR coalesce(sum(CASE WHEN l.amount < 0 THEN -l.amount ELSE 0 END), 0) <> a.debits`},
		{"what is not spent of an account is not its balance", `SELECT a.id FROM bank_account a LEFT JOIN bank_line l ON l.tenant_id = a.tenant_id AND l.account_id = a.id WHERE a.tenant_id = $1 AND a.kind = 'person'
			GROUP BY a.id, a.balance HAVING coalesce(sum(l.left_over), 0) <> a.balance`},
		{"balance of an account is below zero", `SELECT a.id FROM bank_account a WHERE a.tenant_id = $1 AND a.balance < 0 AND a.kind NOT IN ('issued', 'written_off', 'supply', 'between')`},
		{"line draws of lots otherwise than it takes out", `SELECT l.id FROM bank_line l JOIN bank_account a ON a.tenant_id = l.tenant_id AND a.id = l.account_id AND a.kind = 'person'
			LEFT JOIN bank_draw d ON d.tenant_id = l.tenant_id AND d.line_id = l.id WHERE l.tenant_id = $1 AND l.amount < 0 GROUP BY l.id, l.amount HAVING coalesce(sum(d.amount), 0) <> -l.amount`},
		{"what was written off is not what the lots keep of it", `SELECT min(a.id) FROM bank_account a WHERE a.tenant_id = $1 AND a.kind = 'written_off' GROUP BY a.tenant_id
			HAVING sum(a.balance) <> -(SELECT coalesce(sum(l.written_off), 0) FROM bank_line l WHERE l.tenant_id = $1)`},
		{"order has not the journals of its state", `SELECT r.id FROM bank_order r WHERE r.tenant_id = $1 AND (
			NOT EXISTS (SELECT 1 FROM bank_journal j WHERE j.tenant_id = r.tenant_id AND j.source_id = r.id AND j.kind = 'order' AND j.source_kind = 'order')
			OR (SELECT count(*) FROM bank_journal j WHERE j.tenant_id = r.tenant_id AND j.source_id = r.id AND j.kind = 'handed' AND j.source_kind = 'order') <> CASE WHEN r.state = 'handed' THEN 1 ELSE 0 END
			OR (SELECT count(*) FROM bank_journal j WHERE j.tenant_id = r.tenant_id AND j.source_id = r.id AND j.kind = 'returned' AND j.source_kind = 'order') <> CASE WHEN r.state IN ('cancelled', 'lapsed') THEN 1 ELSE 0 END)`},
		{"clearing account with a district is not what its transfers sum to", `SELECT min(a.id) FROM bank_account a WHERE a.tenant_id = $1 AND a.district <> 0 GROUP BY a.tenant_id, a.district
			HAVING sum(a.balance) <> (SELECT coalesce(sum(CASE WHEN t.way = 'out' AND t.state IN ('sent', 'arrived') THEN t.amount WHEN t.way = 'in' AND t.state = 'arrived' THEN -t.amount ELSE 0 END), 0) FROM bank_transfer t
				WHERE t.tenant_id = a.tenant_id AND t.other = a.district)`},
		{"order of help waits though its need is over", `SELECT r.id FROM bank_order r JOIN need n ON n.tenant_id = r.tenant_id AND n.order_id = r.id AND n.order_id <> 0 WHERE r.tenant_id = $1 AND r.state = 'ordered' AND n.state IN ('done', 'refused', 'withdrawn')`},
	}
	var faults []string
	for _, c := range checks {
		ids, err := db.Column[id.ID](ctx, q, c.query, tenant)
		if err != nil {
			return nil, err
		}
		for _, i := range ids {
			faults = append(faults, fmt.Sprintf("%s: %s", i, c.fault))
		}
	}
	return faults, nil
}

// The kinds of what waits.
const (
	WaitDonation = "lovebank.donation" // a donation is to be accepted
	WaitCollect  = "lovebank.collect"  // one's own order is to be collected
	WaitAccord   = "lovebank.accord"   // another district proposed an agreement
)

// Waiting says what waits for the actor.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	var out []waiting.Item
	add := func(kind, query string, a *db.Args) error {
		it, err := db.One(ctx, s.db, func(i *waiting.Item) []any { return []any{&i.Count, &i.Subject, db.Instant(&i.Since), &i.DueOn} }, query, a.Values()...)
		if it.Kind = kind; err == nil && it.Count > 0 {
			out = append(out, it)
		}
		return err
	}
	if held := actor.Held(PermKeep); !held.Empty() {
		a := &db.Args{}
		if err := add(WaitDonation, "SELECT count(*), coalesce(min(d.id), 0), coalesce(min(d.offered_at), 0), '' FROM bank_donation d WHERE d.state = 'offered' AND "+
			held.Where(a, authz.Columns{Tenant: "d.tenant_id", Orgs: []string{"d.community_id"}}), a); err != nil {
			return nil, err
		}
	}
	if actor.Scope(PermAccord).All() {
		a := &db.Args{}
		if err := add(WaitAccord, "SELECT count(*), coalesce(min(d.id), 0), coalesce(min(d.changed_at), 0), '' FROM bank_accord d WHERE d.state = 'offered' AND d.tenant_id = "+a.Add(actor.Tenant), a); err != nil {
			return nil, err
		}
	}
	if actor.Can(PermOwn) && actor.PersonID != 0 {
		a := &db.Args{}
		if err := add(WaitCollect, "SELECT count(*), coalesce(min(r.id), 0), coalesce(min(r.ordered_at), 0), coalesce(min(r.until_on), '') FROM bank_order r WHERE r.state = 'ordered' AND r.code_key <> '' AND r.tenant_id = "+a.Add(actor.Tenant)+
			" AND r.person_id <> 0 AND r.person_id = "+a.Add(actor.PersonID), a); err != nil {
			return nil, err
		}
	}
	return out, nil
}
