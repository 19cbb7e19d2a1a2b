package lovebank

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/reference"
)

// ForgetTx closes the accounts of persons whom the register forgets: orders are cancelled, and what is left goes to the gift fund. The lines stay; they name nobody, and the
// reasons of grants and corrections in these accounts, closed ones too, are removed.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, persons []id.ID) error {
	a := &db.Args{}
	books, err := db.All(ctx, tx, (*Book).dest, "SELECT "+bookColumns+bookJoined+"a.tenant_id = "+a.Add(tenant)+" AND a.closed_on = '' AND a.person_id <> 0 AND "+db.In(a, "a.person_id", persons), a.Values()...)
	if err != nil {
		return err
	}
	for _, b := range books {
		if err := closeTx(ctx, tx, system(tenant), b); err != nil {
			return err
		}
	}
	a = &db.Args{}
	_, err = tx.Exec(ctx, `UPDATE bank_journal SET reason = '' WHERE tenant_id = `+a.Add(tenant)+` AND reason <> '' AND kind IN ('grant', 'correction') AND id IN (SELECT l.journal_id FROM bank_line l
		JOIN bank_account a ON a.tenant_id = l.tenant_id AND a.id = l.account_id WHERE l.tenant_id = `+a.Add(tenant)+" AND a.person_id <> 0 AND "+db.In(a, "a.person_id", persons)+")", a.Values()...)
	return err
}

// Follow lets the bank of a community go on in the one that takes it in (ORG-1): accounts of people, items with their stock, orders and donations move as they are, and what
// the bank's own accounts hold is moved by a journal. What a firm gives follows the firm.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, from, to); err != nil {
		return err
	}
	for _, q := range []string{
		`UPDATE bank_account SET community_id = $1 WHERE tenant_id = $2 AND community_id = $3 AND (person_id <> 0 OR item_id <> 0)`,
		`UPDATE bank_account SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3`,
		`UPDATE bank_item SET community_id = $1, version = version + 1 WHERE tenant_id = $2 AND community_id = $3`,
		`UPDATE bank_item SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3`,
		`UPDATE bank_order SET community_id = $1, version = version + 1 WHERE tenant_id = $2 AND community_id = $3`,
		`UPDATE bank_donation SET community_id = $1, version = version + 1 WHERE tenant_id = $2 AND community_id = $3`,
		`UPDATE bank_donation SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3`,
		`UPDATE bank_journal SET community_id = $1 WHERE tenant_id = $2 AND community_id = $3`,
	} {
		if _, err := tx.Exec(ctx, q, to, actor.Tenant, from); err != nil {
			return err
		}
	}
	left, err := db.All(ctx, tx, (*account).dest, "SELECT "+accountColumns+` FROM bank_account a WHERE a.tenant_id = $1 AND a.community_id = $2 AND a.person_id = 0 AND a.item_id = 0 AND a.balance <> 0 ORDER BY a.id`, actor.Tenant, from)
	if err != nil || len(left) == 0 {
		return err
	}
	var lines []*entry
	for i := range left {
		into, err := own(ctx, tx, actor.Tenant, to, left[i].kind, 0, 0)
		if left[i].district != 0 {
			into, err = cleared(ctx, tx, actor.Tenant, to, left[i].district)
		}
		if err != nil {
			return err
		}
		lines = append(lines, &entry{of: &left[i], amount: -left[i].balance}, &entry{of: into, amount: left[i].balance})
	}
	return post(ctx, tx, actor, &journal{act: Merge, community: to, source: SourceAccount, sourceID: left[0].id, on: calendar.DateOf(tx.Now())}, lines...)
}
