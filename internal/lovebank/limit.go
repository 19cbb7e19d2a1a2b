package lovebank

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
)

// Soft limits: values of the district (Policies) past which an act is asked again and nothing is refused. Whoever is sure does it all the same, and that they were told stands with it.

// much says whether something goes past a limit, with what the month has of it already. Who is not sure yet is asked again at the field sure.
func much(ctx context.Context, tx *db.Tx, tenant int64, limit policy.Value, ask i18n.Text, n int64, sure bool, query string, args ...any) (bool, error) {
	today := calendar.DateOf(tx.Now())
	most, err := limit.On(ctx, tx, tenant, today)
	if err != nil || most == 0 {
		return false, err
	}
	before, err := db.Value[int64](ctx, tx, query, append([]any{tenant, db.Micros(today.StartOfMonth().Time())}, args...)...)
	if err != nil || before+n <= most {
		return false, err
	}
	if !sure {
		return false, errs.Field("sure", ask, before+n, most)
	}
	return true, nil
}

// redeemLimit is asked before somebody redeems.
func redeemLimit(ctx context.Context, tx *db.Tx, tenant int64, book id.ID, hearts int64, sure bool) (bool, error) {
	return much(ctx, tx, tenant, MonthLimit, i18n.BankMuch, hearts, sure, `SELECT CAST(coalesce(sum(o.hearts - o.refunded), 0) AS BIGINT) FROM bank_order o
		WHERE o.tenant_id = $1 AND o.ordered_at >= $2 AND o.account_id = $3 AND o.state IN ('ordered', 'handed')`, book)
}

// giftLimit is asked before somebody gives hearts away: to a neighbour, to the fund or to another district.
func giftLimit(ctx context.Context, tx *db.Tx, tenant int64, book id.ID, hearts int64, sure bool) (bool, error) {
	return much(ctx, tx, tenant, GiftLimit, i18n.BankMuchGift, hearts, sure, `SELECT CAST(coalesce(sum(-l.amount), 0) AS BIGINT) FROM bank_line l
		JOIN bank_journal j ON j.tenant_id = l.tenant_id AND j.id = l.journal_id AND j.kind IN ('gift', 'donate', 'sent') AND j.posted_at >= $2
		WHERE l.tenant_id = $1 AND l.account_id = $3 AND l.amount < 0
		AND NOT EXISTS (SELECT 1 FROM bank_journal x WHERE x.tenant_id = j.tenant_id AND x.counters_id = j.id AND x.counters_id <> 0)
		AND NOT EXISTS (SELECT 1 FROM bank_transfer t WHERE t.tenant_id = j.tenant_id AND t.id = j.source_id AND j.source_kind = 'transfer' AND t.state = 'returned')`, book)
}

// grantLimit is asked before a community grants hearts of its fund to one account.
func grantLimit(ctx context.Context, tx *db.Tx, tenant int64, book id.ID, hearts int64, sure bool) (bool, error) {
	return much(ctx, tx, tenant, GrantLimit, i18n.BankMuchGrant, hearts, sure, `SELECT CAST(coalesce(sum(l.amount), 0) AS BIGINT) FROM bank_line l
		JOIN bank_journal j ON j.tenant_id = l.tenant_id AND j.id = l.journal_id AND j.kind = 'grant' AND j.posted_at >= $2
		WHERE l.tenant_id = $1 AND l.account_id = $3 AND l.amount > 0
		AND NOT EXISTS (SELECT 1 FROM bank_journal x WHERE x.tenant_id = j.tenant_id AND x.counters_id = j.id AND x.counters_id <> 0)`, book)
}

// pledgeLimit is asked before an organisation offers pieces to the bank.
func pledgeLimit(ctx context.Context, tx *db.Tx, tenant int64, org id.ID, pieces int64, sure bool) (bool, error) {
	return much(ctx, tx, tenant, PledgeLimit, i18n.BankMuchPledge, pieces, sure, `SELECT CAST(coalesce(sum(d.amount), 0) AS BIGINT) FROM bank_donation d
		WHERE d.tenant_id = $1 AND d.offered_at >= $2 AND d.org_id = $3 AND d.state IN ('offered', 'accepted')`, org)
}
