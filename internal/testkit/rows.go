package testkit

import (
	"context"
	"testing"

	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/id"
)

// Rows makes the rows that a test needs around the concept it is about, without that concept's service.
type Rows struct {
	t      testing.TB
	d      *db.DB
	Tenant int64
}

// NewRows makes rows in one tenant of d.
func NewRows(t testing.TB, d *db.DB, tenant int64) Rows { return Rows{t, d, tenant} }

func (r Rows) exec(query string, args ...any) {
	r.t.Helper()
	err := r.d.WithTx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), query, args...)
		return err
	})
	if err != nil {
		r.t.Fatalf("make a row: %v", err)
	}
}

// Organisation makes an organisation of a kind and gives its ID.
func (r Rows) Organisation(kind, name string) id.ID {
	r.t.Helper()
	o, now := id.New(), db.Micros(r.d.Now())
	r.exec(`INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		r.Tenant, o, kind, name, gram.Key(name), "/"+o.String()+"/", now, now)
	return o
}

// Person makes a person living in a community; phoneIndex is the blind index of the phone, or "".
func (r Rows) Person(community id.ID, name, phoneIndex string) id.ID {
	r.t.Helper()
	p, now := id.New(), db.Micros(r.d.Now())
	r.exec(`INSERT INTO person (tenant_id, id, community_id, name, name_key, phone_index, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		r.Tenant, p, community, name, gram.Key(name), phoneIndex, now, now)
	return p
}

// Member makes a person a member registered with a community and employed by a unit.
func (r Rows) Member(person, community, unit id.ID, name string) id.ID {
	r.t.Helper()
	m, now := id.New(), db.Micros(r.d.Now())
	r.exec(`INSERT INTO member (tenant_id, id, person_id, kind, name, name_key, unit_id, community_id, created_at, updated_at)
		VALUES ($1,$2,$3,'in_service',$4,$5,$6,$7,$8,$9)`, r.Tenant, m, person, name, gram.Key(name), unit, community, now, now)
	if community != 0 {
		r.exec(`INSERT INTO registration (tenant_id, id, member_id, person_id, unit_id, community_id, started_by, state, proposed_at, proposed_by)
			VALUES ($1,$2,$3,$4,$5,$6,'member','accepted',$7,0)`, r.Tenant, id.New(), m, person, unit, community, now)
	}
	return m
}
