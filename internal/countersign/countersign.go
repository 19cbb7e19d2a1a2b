package countersign

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
	"linli/internal/seal"
)

// What a district may set.
var (
	Days  = policy.Value{Name: "countersign.days", Title: i18n.CountersignDays, Unit: i18n.CountersignDaysUnit, Default: 7, Min: 1, Max: 90}
	Tries = policy.Value{Name: "countersign.tries", Title: i18n.CountersignTries, Unit: i18n.CountersignTriesUnit, Default: 5, Min: 1, Max: 20}
)

// Service issues and redeems codes.
type Service struct {
	ring   *seal.Ring
	owners map[string]Owner // by the kind of their subjects
}

// New makes the service; the ring keys the digests of the codes.
func New(ring *seal.Ring) *Service { return &Service{ring: ring} }

// Issued is a fresh code; it can be shown only now.
type Issued struct {
	Code    string // six digits, to be told to whoever did the service, or to a worker
	Public  string // what the person helped enters themselves on the public page: twelve digits
	Link    string // the same with the district in front, for the QR code
	Expires time.Time
	Helped  string
}

// Result is what came of a code that was entered. Err is nil when the code was right; otherwise it says what to do. A
// wrong try must be kept, so that it counts: commit the transaction and return Err after it.
type Result struct {
	Helped string
	Err    error
}

// IssueTx makes a code for a subject, ending an earlier one. It checks no permission: the owner of the subject has.
func (s *Service) IssueTx(ctx context.Context, tx *db.Tx, actor authz.Actor, kind string, subject id.ID, helped string) (Issued, error) {
	helped = strings.TrimSpace(helped)
	if n := len([]rune(helped)); n == 0 {
		return Issued{}, errs.Field("helped", i18n.ErrRequired)
	} else if n > 40 {
		return Issued{}, errs.Field("helped", i18n.ErrTooLong, 40, n)
	}
	days, err := Days.On(ctx, tx, actor.Tenant, calendar.DateOf(tx.Now()))
	if err != nil {
		return Issued{}, err
	}
	digits, err := sixDigits()
	if err != nil {
		return Issued{}, err
	}
	ref, err := freeRef(ctx, tx, actor.Tenant)
	if err != nil {
		return Issued{}, err
	}
	now := db.Micros(tx.Now())
	if _, err := tx.Exec(ctx, `UPDATE countersign SET expires_at = $4 WHERE tenant_id = $1 AND subject_id = $2 AND subject_kind = $3
		AND used_at = 0 AND expires_at > $4`, actor.Tenant, subject, kind, now); err != nil {
		return Issued{}, err
	}
	out := Issued{Code: digits, Public: ref + digits, Link: strconv.FormatInt(actor.Tenant, 10) + "-" + ref + digits, Expires: tx.Now().Add(time.Duration(days) * 24 * time.Hour), Helped: helped}
	_, err = tx.Exec(ctx, `INSERT INTO countersign (tenant_id, id, subject_kind, subject_id, code_hash, created_at, expires_at, helped_name, ref)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, actor.Tenant, id.New(), kind, subject, s.digest(subject, digits), now, db.Micros(out.Expires), helped, ref)
	if err != nil {
		return Issued{}, err
	}
	// What was said about an earlier code is answered by asking again.
	_, err = tx.Exec(ctx, `UPDATE countersign SET settled_at = $4 WHERE tenant_id = $1 AND subject_id = $2 AND subject_kind = $3 AND objected_at <> 0 AND settled_at = 0`,
		actor.Tenant, subject, kind, now)
	return out, err
}

func sixDigits() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return fmt.Sprintf("%06d", n), nil
}

func (s *Service) digest(subject id.ID, digits string) string {
	return s.ring.Index("countersign", subject.String()+"."+digits)
}

type row struct {
	id      id.ID
	hash    string
	expires time.Time
	tries   int64
	helped  string
}

// RedeemTx tries a code for a subject; see Result for what to do with a wrong one.
func (s *Service) RedeemTx(ctx context.Context, tx *db.Tx, actor authz.Actor, kind string, subject id.ID, entered string) (Result, error) {
	limit, err := Tries.On(ctx, tx, actor.Tenant, calendar.DateOf(tx.Now()))
	if err != nil {
		return Result{}, err
	}
	r, err := db.One(ctx, tx, func(r *row) []any { return []any{&r.id, &r.hash, db.Instant(&r.expires), &r.tries, &r.helped} },
		`SELECT id, code_hash, expires_at, tries, helped_name FROM countersign
		WHERE tenant_id = $1 AND subject_id = $2 AND subject_kind = $3 AND used_at = 0 ORDER BY id DESC LIMIT 1`, actor.Tenant, subject, kind)
	switch {
	case errors.Is(err, errs.ErrNotFound):
		return Result{Err: errs.New(errs.Conflict, i18n.CountersignNone)}, nil
	case err != nil:
		return Result{}, err
	case !r.expires.After(tx.Now()):
		return Result{Err: errs.New(errs.Conflict, i18n.CountersignExpired, i18n.DateTime(r.expires))}, nil
	case r.tries >= limit:
		return Result{Err: errs.New(errs.RateLimited, i18n.CountersignTooMany)}, nil
	}
	if s.digest(subject, code.Normalise(entered)) != r.hash {
		res := Result{Err: errs.Field("code", i18n.CountersignWrong, limit-r.tries-1)}
		if r.tries+1 >= limit {
			res.Err = errs.New(errs.RateLimited, i18n.CountersignTooMany)
		}
		return res, tx.Update(ctx, `UPDATE countersign SET tries = tries + 1 WHERE tenant_id = $1 AND id = $2`, actor.Tenant, r.id)
	}
	return Result{Helped: r.helped}, tx.Update(ctx, `UPDATE countersign SET used_at = $3 WHERE tenant_id = $1 AND id = $2`,
		actor.Tenant, r.id, db.Micros(tx.Now()))
}
