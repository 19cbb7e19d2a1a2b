package audit

import (
	"context"
	"fmt"
	"time"

	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/seal"
)

// batch is how many entries one transaction chains.
const batch = 2000

// settle is how long an entry rests before it is chained, so that entries of transactions that are still running and
// have older IDs come first. An entry that appears later still is chained where the chain stands then.
const settle = 2 * time.Second

// Chain links the entries of a tenant that are not linked yet and gives how many it linked. It looks back over
// everything that a transaction can have brought late: two hours before the newest linked entry.
func Chain(ctx context.Context, d *db.DB, tenant int64) (int, error) {
	return chain(ctx, d, tenant, overlap)
}

// ChainRecent is Chain for every few seconds: it looks back two minutes only, so that what it costs does not grow with
// how much was written lately. What comes later than that, Chain finds.
func ChainRecent(ctx context.Context, d *db.DB, tenant int64) (int, error) {
	return chain(ctx, d, tenant, recent)
}

// overlap is how far behind the chain's last entry unlinked ones are still looked for: longer than any transaction runs.
const overlap = 2 * time.Hour

// recent is longer than nearly every transaction runs.
const recent = 2 * time.Minute

func chain(ctx context.Context, d *db.DB, tenant int64, back time.Duration) (int, error) {
	for total := 0; ; {
		_, rows, err := loose(ctx, d, d.Now(), tenant, back)
		if err != nil || len(rows) == 0 { // nothing to write, so no transaction that writes
			return total, err
		}
		n, err := chainBatch(ctx, d, tenant, back)
		total += n
		if err != nil || n < batch {
			return total, err
		}
	}
}

type unlinked struct {
	id     id.ID
	digest string
}

func chainBatch(ctx context.Context, d *db.DB, tenant int64, back time.Duration) (int, error) {
	n := 0
	err := d.WithTx(ctx, func(tx *db.Tx) error {
		end, rows, err := loose(ctx, tx, tx.Now(), tenant, back)
		if err != nil {
			return err
		}
		n = len(rows)
		seq, hash := end.seq, end.hash
		return tx.InsertMany(ctx, "audit_link", []string{"tenant_id", "seq", "entry_id", "hash"}, n, func(i int) []any {
			seq++
			hash = link(hash, rows[i].digest)
			return []any{tenant, seq, rows[i].id, hash}
		})
	})
	return n, err
}

// loose gives the end of the chain and the entries that can be linked to it now, a batch at most.
func loose(ctx context.Context, q db.Querier, now time.Time, tenant int64, back time.Duration) (linked, []unlinked, error) {
	end, err := tail(ctx, q, tenant)
	if err != nil {
		return end, nil, err
	}
	rows, err := db.All(ctx, q, func(u *unlinked) []any { return []any{&u.id, &u.digest} },
		`SELECT e.id, e.digest FROM audit_entry e LEFT JOIN audit_link l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id
		 WHERE e.tenant_id = $1 AND e.id >= $2 AND e.at <= $3 AND l.entry_id IS NULL ORDER BY e.id LIMIT $4`,
		tenant, before(end.entry, back), db.Micros(now.Add(-settle)), batch)
	return end, rows, err
}

// before is the entry ID so much time before an entry; 0 before none.
func before(entry id.ID, back time.Duration) id.ID {
	if entry == 0 {
		return 0
	}
	return id.At(entry.Time().Add(-back))
}

// tail gives the chain's last link: its number, its hash and the newest entry in it.
func tail(ctx context.Context, q db.Querier, tenant int64) (linked, error) {
	rows, err := db.All(ctx, q, func(l *linked) []any { return []any{&l.seq, &l.entry, &l.hash} },
		`SELECT seq, entry_id, hash FROM audit_link WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1`, tenant)
	switch {
	case err != nil:
		return linked{}, err
	case len(rows) == 0: // nothing yet, or all of it was cut off
		seq, hash, _, err := beginning(ctx, q, tenant)
		return linked{seq: seq, hash: hash}, err
	}
	return rows[0], nil
}

func link(before, digest string) string { return seal.Hash([]byte(before + digest)) }

// Fault is one thing that Verify found wrong.
type Fault struct {
	Seq     int64
	EntryID id.ID
	What    string
}

// Report is what Verify found.
type Report struct {
	Linked   int64
	Unlinked int64
	Tail     string // hash of the last link: print or post it elsewhere, and a rewritten chain shows
	Faults   []Fault
}

// maxFaults bounds the report; one broken link is enough to distrust the rest.
const maxFaults = 100

type linked struct {
	seq   int64
	entry id.ID
	hash  string
	row   Row
	dig   string
}

// Verify reads the whole chain of a tenant and recomputes every digest and link.
func Verify(ctx context.Context, q db.Querier, tenant int64) (Report, error) {
	var rep Report
	want, hash, known, err := beginning(ctx, q, tenant)
	if err != nil {
		return rep, err
	}
	fault := func(seq int64, e id.ID, what string) {
		if len(rep.Faults) < maxFaults {
			rep.Faults = append(rep.Faults, Fault{seq, e, what})
		}
	}
	if !known {
		fault(want, 0, "the beginning was cut off and nothing is recorded of it")
	}
	err = db.Each(ctx, q, func(l *linked) []any {
		return append([]any{&l.seq, &l.entry, &l.hash, &l.dig}, l.row.dest()...)
	}, func(l linked) error {
		want++
		rep.Linked++
		if l.seq != want {
			fault(l.seq, l.entry, fmt.Sprintf("link %d is missing", want))
			want = l.seq
		}
		switch {
		case l.row.ID == 0:
			fault(l.seq, l.entry, "the entry is gone")
		case l.row.digest(tenant) != l.dig:
			fault(l.seq, l.entry, "the entry was changed")
		case link(hash, l.dig) != l.hash:
			fault(l.seq, l.entry, "the link does not fit the one before")
		}
		hash = l.hash
		return nil
	}, `SELECT l.seq, l.entry_id, l.hash, coalesce(e.digest, ''), coalesce(e.id, 0), coalesce(e.at, 0), coalesce(e.account_id, 0),
		coalesce(e.actor_name, ''), coalesce(e.actor_role, ''), coalesce(e.action, ''), coalesce(e.subject_kind, ''),
		coalesce(e.subject_id, 0), coalesce(e.person_id, 0), coalesce(e.organisation_id, 0), coalesce(e.purpose, ''),
		coalesce(e.detail, ''), coalesce(e.request_id, '')
		FROM audit_link l LEFT JOIN audit_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id
		WHERE l.tenant_id = $1 ORDER BY l.seq`, tenant)
	if err != nil {
		return rep, err
	}
	rep.Tail = hash
	rep.Unlinked, err = db.Value[int64](ctx, q, `SELECT count(*) FROM audit_entry e LEFT JOIN audit_link l
		ON l.tenant_id = e.tenant_id AND l.entry_id = e.id WHERE e.tenant_id = $1 AND l.entry_id IS NULL`, tenant)
	return rep, err
}
