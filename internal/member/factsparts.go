package member

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
)

// readMembers gives the members of organisations: of a unit those it employs, of a community those registered there, of any other those
// whose formal relation lies there.
func readMembers(ctx context.Context, q db.Querier, actor authz.Actor, ids []id.ID, _ calendar.Date) (map[id.ID][]id.ID, error) {
	type pair struct{ org, member id.ID }
	out := make(map[id.ID][]id.ID, len(ids))
	for _, of := range []struct{ column, kinds string }{
		{"m.unit_id", "= 'unit'"}, {"m.community_id", "= 'community_party'"}, {"m.home_id", "NOT IN ('unit', 'community_party')"},
	} {
		a := &db.Args{}
		where := seeing(actor).Where(a, owners("m")) + " AND m.ended_on = '' AND " + of.column + " <> 0 AND " + db.In(a, of.column, ids)
		err := db.Each(ctx, q, func(p *pair) []any { return []any{&p.org, &p.member} }, func(p pair) error {
			out[p.org] = append(out[p.org], p.member)
			return nil
		}, "SELECT "+of.column+", m.id FROM member m JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = "+of.column+" AND o.kind "+of.kinds+
			" WHERE "+where+" ORDER BY m.name_key, m.id", a.Values()...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
