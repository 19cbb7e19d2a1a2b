package pairing

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
)

// EndedTx ends the pairs of a member whose record ends (member.Ender): who is a member no more reads no more, and a household without another helper waits again.
func (s *Service) EndedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, member id.ID, on calendar.Date, _ string) error {
	left, err := leave(ctx, tx, actor.Tenant, "member_id", []id.ID{member}, on)
	if err != nil || len(left) == 0 {
		return err
	}
	entries := make([]audit.Entry, len(left))
	for i, h := range left {
		entries[i] = audit.Entry{Action: "pairing.unpair", SubjectKind: "pairing_household", SubjectID: h.ID, PersonID: h.PersonID, OrgID: h.OrgID, Detail: map[string]any{"reason": NoHelper}}
	}
	return audit.RecordMany(ctx, tx, actor, entries)
}

// leave ends the pairs of some helpers (by a column of pairing_pair), and gives the households that they helped; those without another helper wait again.
func leave(ctx context.Context, tx *db.Tx, tenant int64, column string, of []id.ID, on calendar.Date) ([]Household, error) {
	a := &db.Args{}
	left, err := db.All(ctx, tx, func(h *Household) []any { return []any{&h.ID, &h.PersonID, &h.OrgID} },
		"SELECT h.id, h.person_id, h.org_id FROM pairing_household h WHERE h.tenant_id = "+a.Add(tenant)+" AND h.ended_on = '' AND EXISTS (SELECT 1 FROM pairing_pair p WHERE p.tenant_id = h.tenant_id AND p.household_id = h.id AND p.ended_on = '' AND "+
			db.In(a, "p."+column, of)+") ORDER BY h.id", a.Values()...)
	if err != nil || len(left) == 0 {
		return nil, err
	}
	a = &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE pairing_pair SET ended_on = "+a.Add(on)+", ending = "+a.Add(NoHelper)+", version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND ended_on = '' AND "+db.In(a, column, of), a.Values()...); err != nil {
		return nil, err
	}
	ids := make([]id.ID, len(left))
	for i, h := range left {
		ids[i] = h.ID
	}
	a = &db.Args{}
	_, err = tx.Exec(ctx, "UPDATE pairing_household SET state = 'waiting', version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND state = 'paired' AND "+db.In(a, "id", ids)+
		" AND NOT EXISTS (SELECT 1 FROM pairing_pair p WHERE p.tenant_id = pairing_household.tenant_id AND p.household_id = pairing_household.id AND p.ended_on = '')", a.Values()...)
	return left, err
}
