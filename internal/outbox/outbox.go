package outbox

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"linli/internal/db"
	"linli/internal/id"
)

// State is where a row stands.
type State string

// The states.
const (
	Waiting State = "waiting"
	Sending State = "sending"
	Sent    State = "sent"
	Failed  State = "failed"
	Dropped State = "dropped" // not to be sent: somebody said no, it is switched off, it is too late
)

// Table is a table with the columns of an outbox.
type Table struct {
	Name  string
	Key   string // a key column between tenant_id and id; "" for none
	Ready string // condition on q, the row, that it can go now; "" for none
	Lease time.Duration
}

// Claim is a row that the caller alone sends until its lease runs out.
type Claim struct {
	Tenant   int64
	Key, ID  id.ID
	Attempts int64 // this one counted
	Unsure   int64
	state    State
}

func (t Table) key() string {
	if t.Key == "" {
		return "0"
	}
	return "q." + t.Key
}

// Take gives at most n rows that are due, the oldest first. Two who ask at once never get the same one.
func (t Table) Take(ctx context.Context, d *db.DB, tenant int64, n int) ([]Claim, error) {
	now := db.Micros(d.Now())
	ready := ""
	if t.Ready != "" {
		ready = " AND " + t.Ready
	}
	var found []Claim
	for _, when := range []string{"q.state = 'waiting' AND q.due_at <= ", "q.state = 'sending' AND q.leased_until <= "} {
		if len(found) >= n {
			break
		}
		a := &db.Args{}
		rows, err := db.All(ctx, d, func(c *Claim) []any { return []any{&c.Key, &c.ID, &c.Attempts, &c.Unsure, &c.state} }, "SELECT "+t.key()+", q.id, q.attempts, q.unsure, q.state FROM "+t.Name+
			" q WHERE q.tenant_id = "+a.Add(tenant)+" AND "+when+a.Add(now)+ready+" ORDER BY q.due_at, q.id LIMIT "+a.Add(int64(n-len(found))), a.Values()...)
		if err != nil {
			return nil, err
		}
		found = append(found, rows...)
	}
	if len(found) == 0 {
		return nil, nil
	}
	var mine []Claim
	err := d.WithTx(ctx, func(tx *db.Tx) error {
		mine = mine[:0]
		until := db.Micros(tx.Now().Add(t.Lease))
		for _, c := range found {
			c.Tenant = tenant
			lost := int64(0)
			if c.state == Sending {
				lost = 1
			}
			a := &db.Args{}
			got, err := tx.Exec(ctx, "UPDATE "+t.Name+" SET state = 'sending', attempts = attempts + 1, unsure = unsure + "+a.Add(lost)+", leased_until = "+a.Add(until)+t.row(a, c)+
				" AND state = "+a.Add(string(c.state))+" AND attempts = "+a.Add(c.Attempts), a.Values()...)
			if err != nil {
				return err
			}
			if got == 1 {
				c.Attempts, c.Unsure, c.state = c.Attempts+1, c.Unsure+lost, Sending
				mine = append(mine, c)
			}
		}
		return nil
	})
	return mine, err
}

// row is the condition that names a row.
func (t Table) row(a *db.Args, c Claim) string {
	w := " WHERE tenant_id = " + a.Add(c.Tenant)
	if t.Key != "" {
		w += " AND " + t.Key + " = " + a.Add(c.Key)
	}
	return w + " AND id = " + a.Add(c.ID)
}

// Result is what came of an attempt.
type Result struct {
	State  State     // Sent, Failed, Dropped, or Waiting for another attempt
	Reason string    // in short; nothing of an address
	Again  time.Time // when to try again, for Waiting
	Free   bool      // the attempt does not count: nothing was tried
}

// NoteTx writes down what came of a claim. ok is false where the row is somebody else's by now.
func (t Table) NoteTx(ctx context.Context, tx *db.Tx, c Claim, r Result) (ok bool, err error) {
	done, due, attempts := tx.Now(), tx.Now(), c.Attempts
	if r.State == Waiting {
		done, due = time.Time{}, r.Again
	}
	if r.Free {
		attempts--
	}
	a := &db.Args{}
	n, err := tx.Exec(ctx, "UPDATE "+t.Name+" SET state = "+a.Add(string(r.State))+", reason = "+a.Add(cut(r.Reason))+", done_at = "+a.Add(db.Micros(done))+", due_at = "+a.Add(db.Micros(due))+
		", attempts = "+a.Add(attempts)+", leased_until = 0"+t.row(a, c)+" AND state = 'sending' AND attempts = "+a.Add(c.Attempts), a.Values()...)
	return n == 1, err
}

// AgainTx puts a row that ended in one of the states back into the box, with its attempts forgotten.
func (t Table) AgainTx(ctx context.Context, tx *db.Tx, tenant int64, key, row id.ID, from ...State) (ok bool, err error) {
	a := &db.Args{}
	n, err := tx.Exec(ctx, "UPDATE "+t.Name+" SET state = 'waiting', reason = '', done_at = 0, attempts = 0, unsure = 0, leased_until = 0, due_at = "+a.Add(db.Micros(tx.Now()))+
		t.row(a, Claim{Tenant: tenant, Key: key, ID: row})+" AND "+db.In(a, "state", from), a.Values()...)
	return n == 1, err
}

const maxReason = 200

func cut(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " ")
	if utf8.RuneCountInString(s) > maxReason {
		return string([]rune(s)[:maxReason-1]) + "…"
	}
	return s
}

// Pause is how long to wait after the n-th failed attempt: each longer than the last, at most the longest.
func Pause(n int64, first, longest time.Duration) time.Duration {
	d := first
	for ; n > 1 && d < longest; n-- {
		d *= 3
	}
	return min(d, longest)
}

// Together runs do for each claim, at most width at once, and gives the first error.
func Together(ctx context.Context, claims []Claim, width int, do func(context.Context, Claim) error) error {
	var wg sync.WaitGroup
	slots := make(chan struct{}, width)
	all := make([]error, len(claims))
	for i, c := range claims {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			all[i] = do(ctx, c)
		})
	}
	wg.Wait()
	return errors.Join(all...)
}
