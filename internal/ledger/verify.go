package ledger

import (
	"context"
	"fmt"

	"linli/internal/db"
	"linli/internal/id"
)

// Source is a package whose records post into the book. Amounts gives, for every record that should stand in the book, its account
// and its amount today; records that should not may be left out or given with 0.
type Source interface {
	Amounts(ctx context.Context, q db.Querier, tenant int64, each func(kind string, source id.ID, a Account, amount int64) error) error
}

type sourceKey struct {
	kind    string
	id      id.ID
	account Account
}

// Verify checks the book of a tenant and names every fault: each posting has a source, the source's amount today is the sum of its
// postings, a counter-posting cancels exactly the posting it names, and the quarter is that of the day. No fault is no line.
func (s *Service) Verify(ctx context.Context, q db.Querier, tenant int64, sources ...Source) ([]string, error) {
	sums := map[sourceKey]int64{}
	err := db.Each(ctx, q, (*sourceSum).dest, func(r sourceSum) error {
		sums[sourceKey{r.kind, r.id, r.account}] = r.amount
		return nil
	}, `SELECT source_kind, source_id, account, CAST(sum(amount) AS BIGINT) FROM posting WHERE tenant_id = $1
		GROUP BY source_kind, source_id, account`, tenant)
	if err != nil {
		return nil, err
	}
	var faults []string
	for _, src := range sources {
		err := src.Amounts(ctx, q, tenant, func(kind string, source id.ID, a Account, amount int64) error {
			k := sourceKey{kind, source, a}
			if sums[k] != amount {
				faults = append(faults, fmt.Sprintf("%s %s: amount of %s is %d, its postings sum to %d", kind, source, a, amount, sums[k]))
			}
			delete(sums, k)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for k, sum := range sums {
		if sum != 0 {
			faults = append(faults, fmt.Sprintf("%s %s: %d stands in %s without a source", k.kind, k.id, sum, k.account))
		}
	}
	pairs, err := verifyPostings(ctx, q, tenant)
	return append(faults, pairs...), err
}

type sourceSum struct {
	kind    string
	id      id.ID
	account Account
	amount  int64
}

func (r *sourceSum) dest() []any { return []any{&r.kind, &r.id, &r.account, &r.amount} }

// verifyPostings checks what a posting says of itself and of the posting it reverses.
func verifyPostings(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	checks := []struct{ fault, query string }{
		{"counter-posting does not cancel its posting", `SELECT p.id FROM posting p LEFT JOIN posting o ON o.tenant_id = p.tenant_id AND o.id = p.reverses_id
			WHERE p.tenant_id = $1 AND p.reverses_id <> 0 AND (o.id IS NULL OR o.reverses_id <> 0 OR o.amount <> -p.amount OR o.account <> p.account
			OR o.member_id <> p.member_id OR o.person_id <> p.person_id OR o.unit_id <> p.unit_id OR o.community_id <> p.community_id
			OR o.on_date <> p.on_date OR o.proof <> p.proof OR o.source_kind <> p.source_kind OR o.source_id <> p.source_id)`},
		{"posting that reverses nothing is not positive", `SELECT id FROM posting WHERE tenant_id = $1 AND reverses_id = 0 AND amount <= 0`},
		{"posting stands in another quarter than its day", `SELECT id FROM posting WHERE tenant_id = $1 AND quarter <> substr(on_date, 1, 4) ||
			CASE WHEN substr(on_date, 6, 2) <= '03' THEN 'Q1' WHEN substr(on_date, 6, 2) <= '06' THEN 'Q2' WHEN substr(on_date, 6, 2) <= '09' THEN 'Q3' ELSE 'Q4' END`},
		{"source has several standing postings in one account", `SELECT p.source_id FROM posting p WHERE p.tenant_id = $1 AND ` + unreversed +
			` GROUP BY p.source_kind, p.source_id, p.account HAVING count(*) > 1`},
	}
	var faults []string
	for _, c := range checks {
		ids, err := db.Column[id.ID](ctx, q, c.query, tenant)
		if err != nil {
			return nil, err
		}
		for _, p := range ids {
			faults = append(faults, fmt.Sprintf("posting %s: %s", p, c.fault))
		}
	}
	return faults, nil
}
