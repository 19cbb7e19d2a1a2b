package ledger

import (
	"context"

	"linli/internal/db"
	"linli/internal/id"
)

// Register finds the holder of an account in the register of members. It only reads.
type Register struct{}

const holderColumns = `id, person_id, community_id, unit_id, name, CASE WHEN ended_on = '' THEN 0 ELSE 1 END`

type holderRow struct {
	Holder
	ended int64
}

func (h *holderRow) dest() []any {
	return []any{&h.MemberID, &h.PersonID, &h.CommunityID, &h.UnitID, &h.Name, &h.ended}
}

func (h holderRow) holder() Holder {
	h.Ended = h.ended == 1
	return h.Holder
}

// Find gives a member; NotFound if there is none in the tenant.
func (Register) Find(ctx context.Context, q db.Querier, tenant int64, member id.ID) (Holder, error) {
	h, err := db.One(ctx, q, (*holderRow).dest, `SELECT `+holderColumns+` FROM member WHERE tenant_id = $1 AND id = $2`, tenant, member)
	return h.holder(), err
}

// OfPerson gives the member that a person is today; NotFound if none.
func (Register) OfPerson(ctx context.Context, q db.Querier, tenant int64, person id.ID) (Holder, error) {
	h, err := db.One(ctx, q, (*holderRow).dest, `SELECT `+holderColumns+` FROM member
		WHERE tenant_id = $1 AND person_id = $2 AND ended_on = ''`, tenant, person)
	return h.holder(), err
}

// FindMany gives several members by ID.
func (Register) FindMany(ctx context.Context, q db.Querier, tenant int64, members []id.ID) (map[id.ID]Holder, error) {
	out := make(map[id.ID]Holder, len(members))
	for len(members) > 0 {
		n := min(len(members), 500)
		a := &db.Args{}
		rows, err := db.All(ctx, q, (*holderRow).dest, `SELECT `+holderColumns+` FROM member WHERE tenant_id = `+a.Add(tenant)+
			` AND `+db.In(a, "id", members[:n]), a.Values()...)
		if err != nil {
			return nil, err
		}
		for _, h := range rows {
			out[h.MemberID] = h.holder()
		}
		members = members[n:]
	}
	return out, nil
}
