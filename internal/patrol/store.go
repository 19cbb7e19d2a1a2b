package patrol

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
)

// entry is what is kept of one thing that was sent.
type entry struct {
	id        id.ID
	kind      Kind
	community id.ID
	grid      id.ID
	building  id.ID
	household id.ID
	place     string // within the building; it goes into the case
	note      string
	at        time.Time
}

// insert takes a key; false says that it was taken before.
func (s *Service) insert(ctx context.Context, tx *db.Tx, actor authz.Actor, key string, e entry) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO patrol_entry (tenant_id, id, account_id, key, kind, community_id, grid_id, building_id, household_id, happened_at, received_at, note)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12) ON CONFLICT (tenant_id, account_id, key) DO NOTHING`, actor.Tenant, e.id, actor.AccountID, key, string(e.kind), e.community, e.grid, e.building,
		e.household, db.Micros(e.at), db.Micros(tx.Now()), s.ring.Seal("patrol_entry", "note", e.id, e.note))
	return n == 1, err
}

func (s *Service) answered(ctx context.Context, tx *db.Tx, tenant int64, e id.ID, a Answer) error {
	plain, err := json.Marshal(a)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE patrol_entry SET answer = $1 WHERE tenant_id = $2 AND id = $3`, s.ring.Seal("patrol_entry", "answer", e, string(plain)), tenant, e)
	return err
}

// before is the answer that a key of the account got; without Again it got none.
func (s *Service) before(ctx context.Context, q db.Querier, actor authz.Actor, key string) (Answer, error) {
	type row struct {
		id     id.ID
		sealed []byte
	}
	r, err := db.One(ctx, q, func(r *row) []any { return []any{&r.id, &r.sealed} },
		`SELECT e.id, e.answer FROM patrol_entry e WHERE e.tenant_id = $1 AND e.account_id = $2 AND e.key = $3`, actor.Tenant, actor.AccountID, key)
	if errs.KindOf(err) == errs.NotFound {
		return Answer{}, nil
	} else if err != nil {
		return Answer{}, err
	}
	a, err := s.open(r.id, r.sealed)
	a.Again = true
	return a, err
}

func (s *Service) open(e id.ID, sealed []byte) (a Answer, err error) {
	plain, err := s.ring.Open("patrol_entry", "answer", e, sealed)
	if err == nil && plain != "" {
		err = json.Unmarshal([]byte(plain), &a)
	}
	return a, err
}

// listed is an entry as it is stored.
type listed struct {
	Item
	note, answer []byte
	community    id.ID
}

func (l *listed) dest() []any {
	return []any{&l.ID, &l.Kind, &l.Place, &l.Household, &l.By, db.Instant(&l.HappenedAt), db.Instant(&l.ReceivedAt), &l.note, &l.answer, &l.community}
}

const listedFrom = `SELECT e.id, e.kind, coalesce(b.name, g.name, ''), coalesce(h.address, ''), coalesce(k.name, ''), e.happened_at, e.received_at, e.note, e.answer, e.community_id FROM patrol_entry e
	LEFT JOIN building b ON b.tenant_id = e.tenant_id AND b.id = e.building_id AND e.building_id <> 0
	LEFT JOIN grid g ON g.tenant_id = e.tenant_id AND g.id = e.grid_id AND e.grid_id <> 0
	LEFT JOIN household h ON h.tenant_id = e.tenant_id AND h.id = e.household_id AND e.household_id <> 0
	LEFT JOIN account k ON k.tenant_id = e.tenant_id AND k.id = e.account_id
	WHERE `

func (s *Service) mine(ctx context.Context, actor authz.Actor, p db.Page) (db.List[Item], error) {
	a := &db.Args{}
	where := actor.Scope(PermEnter).Where(a, authz.Columns{Tenant: "e.tenant_id", Orgs: []string{"e.community_id"}}) + " AND e.account_id = " + a.Add(actor.AccountID)
	page, tail := a.Keyset(p, db.Order{IDColumn: "e.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*listed).dest, listedFrom+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Item]{}, err
	}
	return s.items(rows, p, false)
}

// visits gives also the community in which they were.
func (s *Service) visits(ctx context.Context, q db.Querier, actor authz.Actor, household id.ID, p db.Page) (db.List[Item], id.ID, error) {
	a := &db.Args{}
	where := actor.Scope(PermSee).Where(a, authz.Columns{Tenant: "e.tenant_id", Orgs: []string{"e.community_id"}}) + " AND e.kind = 'visit' AND e.household_id <> 0 AND e.household_id = " + a.Add(household)
	page, tail := a.Keyset(p, db.Order{IDColumn: "e.id", Desc: true})
	rows, err := db.All(ctx, q, (*listed).dest, listedFrom+where+page+tail, a.Values()...)
	if err != nil || len(rows) == 0 {
		return db.List[Item]{}, 0, err
	}
	list, err := s.items(rows, p, true)
	return list, rows[0].community, err
}

func (s *Service) items(rows []listed, p db.Page, notes bool) (db.List[Item], error) {
	out := make([]Item, len(rows))
	for i, r := range rows {
		out[i] = r.Item
		a, err := s.open(r.ID, r.answer)
		if notes {
			var note error
			out[i].Note, note = s.ring.Open("patrol_entry", "note", r.ID, r.note)
			err = errors.Join(err, note)
		}
		if err != nil {
			return db.List[Item]{}, err
		}
		for _, m := range a.Cases {
			m.Code = ""
			out[i].Cases = append(out[i].Cases, m)
		}
	}
	return db.Cut(out, p, func(i Item) db.Cursor { return db.Cursor{ID: i.ID} }), nil
}
