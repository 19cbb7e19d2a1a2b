package audit

import (
	"context"
	"fmt"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/waiting"
)

// What waits for those who read the audit record.
const (
	WaitBroken   = "audit.broken"   // the last check of the chain found something
	WaitUnsealed = "audit.unsealed" // entries are not linked although they should be
	WaitCheck    = "audit.check"    // the chain has not been checked for long
)

// These bounds are wide: chaining runs every few seconds and the check every night.
const (
	sealWithin  = 10 * time.Minute
	checkWithin = 8 * 24 * time.Hour
)

// Checked is what came of one check of the chain.
type Checked struct {
	ID        id.ID // 0 if it was never checked
	At        time.Time
	Linked    int64
	Unlinked  int64
	Faults    int64
	First     string // what is wrong first, "" if nothing is
	Tail      string // hash of the last link: kept elsewhere, it shows a chain that was rewritten
	AccountID id.ID  // who asked for it, 0 for the platform
}

func (c *Checked) dest() []any {
	return []any{&c.ID, db.Instant(&c.At), &c.Linked, &c.Unlinked, &c.Faults, &c.First, &c.Tail, &c.AccountID}
}

// Standing is how the record of a tenant stands now.
type Standing struct {
	Sealed   int64     // links in the chain
	SealedAt time.Time // when the newest linked entry was made
	Unsealed int64     // entries that are not linked yet
	Oldest   time.Time // the oldest of them
	Last     Checked
}

// Check verifies the chain of the actor's tenant and keeps the result. It reads the whole record, so it belongs into a job.
func Check(ctx context.Context, d *db.DB, actor authz.Actor) (Checked, error) {
	if !actor.Scope(PermRead).All() {
		return Checked{}, errs.ErrForbidden
	}
	rep, err := Verify(ctx, d, actor.Tenant)
	if err != nil {
		return Checked{}, err
	}
	c := Checked{ID: id.New(), At: d.Now(), Linked: rep.Linked, Unlinked: rep.Unlinked, Faults: int64(len(rep.Faults)), Tail: rep.Tail, AccountID: actor.AccountID}
	if len(rep.Faults) > 0 {
		c.First = fmt.Sprintf("link %d, entry %s: %s", rep.Faults[0].Seq, rep.Faults[0].EntryID, rep.Faults[0].What)
	}
	return c, d.WithTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO audit_check (tenant_id, id, at, linked, unlinked, faults, first, tail, account_id) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
			actor.Tenant, c.ID, db.Micros(c.At), c.Linked, c.Unlinked, c.Faults, c.First, c.Tail, c.AccountID)
		if err != nil {
			return err
		}
		return Record(ctx, tx, actor, Entry{Action: "audit.verify", Permission: PermRead, SubjectKind: "audit_check", SubjectID: c.ID,
			Detail: map[string]any{"linked": c.Linked, "faults": c.Faults}})
	})
}

// Checks gives the latest checks of the chain, newest first.
func Checks(ctx context.Context, q db.Querier, actor authz.Actor) ([]Checked, error) {
	if !actor.Scope(PermRead).All() {
		return nil, errs.ErrForbidden
	}
	return checks(ctx, q, actor.Tenant, 20)
}

func checks(ctx context.Context, q db.Querier, tenant int64, limit int) ([]Checked, error) {
	return db.All(ctx, q, (*Checked).dest, `SELECT id, at, linked, unlinked, faults, first, tail, account_id FROM audit_check
		WHERE tenant_id = $1 ORDER BY id DESC LIMIT $2`, tenant, limit)
}

// Stands says how the record of the actor's tenant stands now. It needs PermRead in the whole tenant.
func Stands(ctx context.Context, q db.Querier, actor authz.Actor) (Standing, error) {
	var s Standing
	if !actor.Scope(PermRead).All() {
		return s, errs.ErrForbidden
	}
	end, err := tail(ctx, q, actor.Tenant)
	if err != nil {
		return s, err
	}
	s.Sealed = end.seq
	err = q.QueryRow(ctx, `SELECT coalesce((SELECT at FROM audit_entry WHERE tenant_id = $1 AND id = $2), 0)`, actor.Tenant, end.entry).Scan(db.Instant(&s.SealedAt))
	if err != nil {
		return s, err
	}
	err = q.QueryRow(ctx, `SELECT count(*), coalesce(min(e.at), 0) FROM audit_entry e LEFT JOIN audit_link l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id
		WHERE e.tenant_id = $1 AND e.id >= $2 AND l.entry_id IS NULL`, actor.Tenant, before(end.entry, overlap)).Scan(&s.Unsealed, db.Instant(&s.Oldest))
	if err != nil {
		return s, err
	}
	list, err := checks(ctx, q, actor.Tenant, 1)
	if len(list) == 1 {
		s.Last = list[0]
	}
	return s, err
}

// Waiting says what of the record waits for the actor: nothing, unless the chain is broken, stands still, or was not checked for long.
func Waiting(ctx context.Context, q db.Querier, actor authz.Actor, now time.Time) ([]waiting.Item, error) {
	if !actor.Scope(PermRead).All() {
		return nil, nil
	}
	s, err := Stands(ctx, q, actor)
	if err != nil {
		return nil, err
	}
	return s.items(now), nil
}

func (s Standing) items(now time.Time) []waiting.Item {
	var out []waiting.Item
	if s.Last.Faults > 0 {
		out = append(out, waiting.Item{Kind: WaitBroken, Count: s.Last.Faults, Since: s.Last.At})
	}
	if s.Unsealed > 0 && now.Sub(s.Oldest) > sealWithin {
		out = append(out, waiting.Item{Kind: WaitUnsealed, Count: s.Unsealed, Since: s.Oldest})
	}
	if s.Sealed > 0 && now.Sub(s.Last.At) > checkWithin {
		out = append(out, waiting.Item{Kind: WaitCheck, Count: 1, Since: s.Last.At})
	}
	return out
}
