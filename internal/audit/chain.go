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

// Chain links the entries of a tenant that are not linked yet and gives how many it linked.
func Chain(ctx context.Context, d *db.DB, tenant int64) (int, error) {
	total := 0
	for {
		n, err := chainBatch(ctx, d, tenant)
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

func chainBatch(ctx context.Context, d *db.DB, tenant int64) (int, error) {
	n := 0
	err := d.WithTx(ctx, func(tx *db.Tx) error {
		seq, last, hash, err := tail(ctx, tx, tenant)
		if err != nil {
			return err
		}
		rows, err := db.All(ctx, tx, func(u *unlinked) []any { return []any{&u.id, &u.digest} },
			`SELECT e.id, e.digest FROM audit_entry e LEFT JOIN audit_link l ON l.tenant_id = e.tenant_id AND l.entry_id = e.id
			 WHERE e.tenant_id = $1 AND e.id >= $2 AND e.at <= $3 AND l.entry_id IS NULL ORDER BY e.id LIMIT $4`,
			tenant, from(last), db.Micros(tx.Now().Add(-settle)), batch)
		if err != nil {
			return err
		}
		n = len(rows)
		return tx.InsertMany(ctx, "audit_link", []string{"tenant_id", "seq", "entry_id", "hash"}, n, func(i int) []any {
			seq++
			hash = link(hash, rows[i].digest)
			return []any{tenant, seq, rows[i].id, hash}
		})
	})
	return n, err
}

// overlap is how far behind the chain's last entry unlinked ones are still looked for: longer than any transaction runs.
const overlap = 2 * time.Hour

// from is the entry ID at which the search for unlinked entries starts.
func from(last id.ID) id.ID {
	if last == 0 {
		return 0
	}
	return id.At(last.Time().Add(-overlap))
}

// tail gives the number and hash of the chain's last link and the newest entry in it.
func tail(ctx context.Context, q db.Querier, tenant int64) (seq int64, last id.ID, hash string, err error) {
	rows, err := db.All(ctx, q, func(l *linked) []any { return []any{&l.seq, &l.entry, &l.hash} },
		`SELECT seq, entry_id, hash FROM audit_link WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1`, tenant)
	if err != nil {
		return 0, 0, "", err
	}
	if len(rows) == 0 { // nothing yet, or all of it was cut off
		seq, hash, _, err := beginning(ctx, q, tenant)
		return seq, 0, hash, err
	}
	return rows[0].seq, rows[0].entry, rows[0].hash, nil
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
