package member

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
)

// during is a year of a branch.
type during struct {
	tenant   int64
	branch   id.ID
	from, to calendar.Date
}

func (n *Named) dest() []any { return []any{&n.ID, &n.Name} }

// committee are the members who sit in the committee, by name.
func (d during) committee(ctx context.Context, q db.Querier, persons []id.ID) ([]Named, error) {
	if len(persons) == 0 {
		return nil, nil
	}
	a := &db.Args{}
	return db.All(ctx, q, (*Named).dest, "SELECT m.id, m.name FROM member m WHERE m.tenant_id = "+a.Add(d.tenant)+" AND "+db.In(a, "m.person_id", persons)+
		" AND m.ended_on = '' ORDER BY m.name_key, m.id", a.Values()...)
}

// pairs are each two of the committee who have not talked in the year.
func (d during) pairs(ctx context.Context, q db.Querier, committee []Named) ([]Pair, error) {
	if len(committee) < 2 {
		return nil, nil
	}
	ids := make([]id.ID, len(committee))
	for i, c := range committee {
		ids[i] = c.ID
	}
	a := &db.Args{}
	talked := map[[2]id.ID]bool{}
	err := db.Each(ctx, q, func(p *[2]id.ID) []any { return []any{&p[0], &p[1]} }, func(p [2]id.ID) error {
		talked[p], talked[[2]id.ID{p[1], p[0]}] = true, true
		return nil
	}, "SELECT DISTINCT t.member_id, t.with_id FROM contact t WHERE t.tenant_id = "+a.Add(d.tenant)+" AND t.kind = "+a.Add(string(Talk))+" AND "+db.In(a, "t.member_id", ids)+
		" AND "+db.In(a, "t.with_id", ids)+" AND t.with_id <> 0 AND t.on_date >= "+a.Add(d.from)+" AND t.on_date <= "+a.Add(d.to), a.Values()...)
	var out []Pair
	for i, one := range committee {
		for _, other := range committee[i+1:] {
			if !talked[[2]id.ID{one.ID, other.ID}] {
				out = append(out, Pair{one, other})
			}
		}
	}
	return out, err
}

func (g *Gap) dest() []any {
	return []any{&g.ID, &g.Name, &g.key, &g.Committee, &g.Fellow}
}

// gaps are the members of the branch who do not sit in its committee and lack a talk. The committee's members in turn, and the next who lacks one too, are
// proposed: one talk of two members counts for both.
func (d during) gaps(ctx context.Context, q db.Querier, committee []Named, p db.Page) (db.List[Gap], error) {
	ids := make([]id.ID, len(committee))
	for i, c := range committee {
		ids[i] = c.ID
	}
	a := &db.Args{}
	t, kind, from, to := a.Add(d.tenant), a.Add(string(Talk)), a.Add(d.from), a.Add(d.to)
	// lacks says that member m has no talk in the year with a member for whom something holds.
	lacks := func(other func(column string) string) string {
		one := func(mine, theirs string) string {
			return "NOT EXISTS (SELECT 1 FROM contact t WHERE t.tenant_id = " + t + " AND t." + mine + " = m.id AND t." + theirs + " <> 0 AND t.with_id <> 0 AND t.kind = " + kind +
				" AND t.on_date >= " + from + " AND t.on_date <= " + to + other("t."+theirs) + ")"
		}
		return one("member_id", "with_id") + " AND " + one("with_id", "member_id")
	}
	office, fellow := "1 = 0", lacks(func(string) string { return "" })
	outside := ""
	if len(ids) > 0 {
		office = lacks(func(c string) string { return " AND " + db.In(a, c, ids) })
		fellow = lacks(func(c string) string { return " AND NOT (" + db.In(a, c, ids) + ")" })
		outside = " AND NOT (" + db.In(a, "m.id", ids) + ")"
	}
	page, tail := a.Keyset(p, db.Order{Column: "m.name_key", IDColumn: "m.id"})
	flag := func(cond string) string { return "CASE WHEN " + cond + " THEN TRUE ELSE FALSE END" }
	rows, err := db.All(ctx, q, (*Gap).dest, "SELECT m.id, m.name, m.name_key, "+flag(office)+", "+flag(fellow)+" FROM member m WHERE m.tenant_id = "+t+" AND m.home_id = "+a.Add(d.branch)+
		" AND m.ended_on = ''"+outside+" AND ("+office+" OR "+fellow+")"+page+tail, a.Values()...)
	if err != nil {
		return db.List[Gap]{}, err
	}
	out := db.Cut(rows, p, func(g Gap) db.Cursor { return db.Cursor{Key: g.key, ID: g.ID} })
	propose(out.Items, committee)
	return out, nil
}

// propose says with whom each could talk.
func propose(gaps []Gap, committee []Named) {
	var waits *Gap
	n := 0
	for i := range gaps {
		g := &gaps[i]
		if g.Committee && len(committee) > 0 {
			g.ByOffice = committee[n%len(committee)]
			n++
		}
		if !g.Fellow {
			continue
		}
		if waits == nil {
			waits = g
			continue
		}
		waits.ByFellow, g.ByFellow, waits = g.Named, waits.Named, nil
	}
	if waits != nil && len(gaps) > 1 { // an odd one out talks with the neighbour
		for i := range gaps {
			if gaps[i].ID != waits.ID {
				waits.ByFellow = gaps[i].Named
				break
			}
		}
	}
}
