package rest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/seal"
)

// keepAnswers is how long a key is known.
const keepAnswers = 24 * time.Hour

// once carries a write out. With an Idempotency-Key it is carried out at most once: the key is written in the very
// transaction of the act, so that both are there or neither, also after a crash; the answer is added afterwards. An
// act that failed has changed nothing, keeps no key and can be tried again.
func (k *Kit) once(w http.ResponseWriter, r *http.Request, v *visit) {
	name := r.Header.Get("Idempotency-Key")
	if name == "" {
		k.mux.ServeHTTP(w, r)
		return
	}
	if err := k.keyed(w, r, v, name); err != nil {
		k.fail(w, r, err)
	}
}

func (k *Kit) keyed(w http.ResponseWriter, r *http.Request, v *visit, name string) error {
	if !validKey(name) {
		return errs.Field("Idempotency-Key", i18n.APIKeyForm)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return newProblem(r.Context(), http.StatusRequestEntityTooLarge, "too_large", i18n.ErrTooLarge.In(v.lang, size(tooLarge.Limit)))
		}
		return newProblem(r.Context(), http.StatusBadRequest, "unreadable", i18n.APIUnreadable.In(v.lang))
	}
	key := onceKey{tenant: v.caller.Actor.Tenant, account: v.caller.Actor.AccountID, name: name,
		hash: seal.Hash([]byte(r.Method + " " + r.URL.RequestURI() + " " + r.Header.Get("If-Match") + "\n" + string(body)))}
	defer k.running.enter(key)()
	if a, err := findAnswer(r.Context(), k.opt.DB, key, k.opt.DB.Now().Add(-keepAnswers)); err != nil || a != nil {
		if err != nil {
			return err
		}
		return k.replay(w, r, key, a)
	}
	return k.first(w, r, key, body)
}

// first carries the request out and keeps the answer.
func (k *Kit) first(w http.ResponseWriter, r *http.Request, key onceKey, body []byte) error {
	plain, taken := context.WithoutCancel(r.Context()), false
	ctx, committed := db.Accompany(r.Context(), func(ctx context.Context, tx *db.Tx) error {
		ok, err := claimKey(ctx, tx, key, tx.Now(), keepAnswers)
		if err == nil && !ok {
			taken, err = true, errs.New(errs.Conflict, i18n.APIKeyUnknown)
		}
		return err
	})
	r = r.WithContext(ctx)
	r.Body = io.NopCloser(bytes.NewReader(body))
	rec := &recorder{header: w.Header()}
	k.mux.ServeHTTP(rec, r)
	if taken { // another server was quicker
		a, err := findAnswer(plain, k.opt.DB, key, k.opt.DB.Now().Add(-keepAnswers))
		if err != nil {
			return err
		}
		if a != nil {
			w.Header().Del("Content-Type")
			return k.replay(w, r, key, a)
		}
	}
	if committed() {
		if err := k.keep(plain, key, rec); err != nil {
			k.opt.Log.ErrorContext(ctx, "api", "request", visitOf(ctx).id, "what", "answer not kept", "err", err)
		}
	}
	rec.send(w)
	return nil
}

func (k *Kit) keep(ctx context.Context, key onceKey, rec *recorder) error {
	sealed := k.opt.Ring.Seal("idempotency", key.name, key.account, rec.body.String())
	return k.opt.DB.WithTx(ctx, func(tx *db.Tx) error {
		return saveAnswer(ctx, tx, key, answer{status: int64(rec.code()), contentType: rec.header.Get("Content-Type"), body: sealed})
	})
}

// replay gives the answer that the request got the first time.
func (k *Kit) replay(w http.ResponseWriter, r *http.Request, key onceKey, a *answer) error {
	if a.hash != key.hash {
		return newProblem(r.Context(), http.StatusUnprocessableEntity, "idempotency_reused", i18n.APIKeyReused.In(visitOf(r.Context()).lang))
	}
	if a.status == 0 {
		return newProblem(r.Context(), http.StatusConflict, "idempotency_unknown", i18n.APIKeyUnknown.In(visitOf(r.Context()).lang))
	}
	plain, err := k.opt.Ring.Open("idempotency", key.name, key.account, a.body)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Idempotency-Replayed", "true")
	h.Set("Cache-Control", "no-store")
	if a.contentType != "" {
		h.Set("Content-Type", a.contentType)
	}
	w.WriteHeader(int(a.status))
	_, _ = io.WriteString(w, plain) // the caller has gone
	return nil
}

func validKey(s string) bool {
	if s == "" || len(s) > 100 {
		return false
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// onceKey is a key as one account uses it, with the digest of what it was used for.
type onceKey struct {
	tenant  int64
	account id.ID
	name    string
	hash    string
}

type answer struct {
	hash        string
	status      int64 // 0 while (or because) the answer is not known
	contentType string
	body        []byte
}

func (a *answer) dest() []any { return []any{&a.hash, &a.status, &a.contentType, &a.body} }

func findAnswer(ctx context.Context, q db.Querier, key onceKey, since time.Time) (*answer, error) {
	a, err := db.One(ctx, q, (*answer).dest, `SELECT request_hash, status, content_type, body FROM idempotency
		WHERE tenant_id = $1 AND account_id = $2 AND key = $3 AND created_at > $4`, key.tenant, key.account, key.name, db.Micros(since))
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil
	}
	return &a, err
}

// claimKey writes the key; false says that it is taken.
func claimKey(ctx context.Context, tx *db.Tx, key onceKey, now time.Time, keep time.Duration) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO idempotency (tenant_id, account_id, key, request_hash, status, content_type, body, created_at)
		VALUES ($1, $2, $3, $4, 0, '', NULL, $5)
		ON CONFLICT (tenant_id, account_id, key) DO UPDATE SET request_hash = excluded.request_hash, status = 0, content_type = '', body = NULL,
		created_at = excluded.created_at WHERE idempotency.created_at <= $6`,
		key.tenant, key.account, key.name, key.hash, db.Micros(now), db.Micros(now.Add(-keep)))
	return n == 1, err
}

func saveAnswer(ctx context.Context, tx *db.Tx, key onceKey, a answer) error {
	_, err := tx.Exec(ctx, `UPDATE idempotency SET status = $1, content_type = $2, body = $3 WHERE tenant_id = $4 AND account_id = $5 AND key = $6`,
		a.status, a.contentType, a.body, key.tenant, key.account, key.name)
	return err
}

// Sweep removes the keys of a tenant whose day is over; a scheduled job calls it.
func Sweep(ctx context.Context, d *db.DB, tenant int64) (int64, error) {
	var n int64
	err := d.WithTx(ctx, func(tx *db.Tx) (err error) {
		n, err = tx.Exec(ctx, `DELETE FROM idempotency WHERE tenant_id = $1 AND created_at <= $2`, tenant, db.Micros(tx.Now().Add(-keepAnswers)))
		return err
	})
	return n, err
}

// recorder holds an answer back until it is kept.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is that of the answer.
func (r *recorder) Header() http.Header { return r.header }

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

// Write notes the body.
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

func (r *recorder) code() int {
	if r.status == 0 {
		return http.StatusOK
	}
	return r.status
}

func (r *recorder) send(w http.ResponseWriter) {
	w.WriteHeader(r.code())
	_, _ = w.Write(r.body.Bytes()) // the caller has gone
}

// running lets the requests with one key wait for each other.
type running struct {
	mu sync.Mutex
	by map[onceKey]*turn
}

type turn struct {
	sync.Mutex
	waiting int
}

func newRunning() *running { return &running{by: map[onceKey]*turn{}} }

// enter waits for its turn and gives what ends it.
func (k *running) enter(key onceKey) (leave func()) {
	key.hash = "" // another request with the same key waits too
	k.mu.Lock()
	t := k.by[key]
	if t == nil {
		t = &turn{}
		k.by[key] = t
	}
	t.waiting++
	k.mu.Unlock()
	t.Lock()
	return func() {
		t.Unlock()
		k.mu.Lock()
		defer k.mu.Unlock()
		if t.waiting--; t.waiting == 0 {
			delete(k.by, key)
		}
	}
}
