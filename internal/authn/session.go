package authn

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/seal"
)

// secretBytes is the length of the random part of cookies and tokens.
const secretBytes = 32

func newSecret() string {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseCookie takes a cookie value <tenant>.<secret> apart and gives the digest under which the session is stored.
func parseCookie(v string) (tenant int64, hash string, ok bool) {
	code, secret, found := strings.Cut(v, ".")
	tenant, err := strconv.ParseInt(code, 10, 64)
	if !found || err != nil || tenant <= 0 || len(secret) != base64.RawURLEncoding.EncodedLen(secretBytes) {
		return 0, "", false
	}
	return tenant, seal.Hash([]byte(v)), true
}

type sessionRow struct {
	Session
	hash string
}

const sessionColumns = `token_hash, id, account_id, stage, created_at, last_seen_at, expires_at, ip, user_agent`

func (r *sessionRow) dest() []any {
	return []any{&r.hash, &r.ID, &r.AccountID, &r.Stage, db.Instant(&r.CreatedAt), db.Instant(&r.LastSeen), db.Instant(&r.ExpiresAt), &r.IP, &r.UserAgent}
}

// open inserts a session; a zero start begins the absolute life now.
func (s *Service) open(ctx context.Context, tx *db.Tx, tenant int64, a Account, stage Stage, ip, agent string, start time.Time) (string, Caller, error) {
	if start.IsZero() {
		start = tx.Now()
	}
	hours, err := SessionHours.On(ctx, tx, tenant, calendar.DateOf(tx.Now()))
	if err != nil {
		return "", Caller{}, err
	}
	cookie := tenantText(tenant) + "." + newSecret()
	r := sessionRow{hash: seal.Hash([]byte(cookie)), Session: Session{ID: id.New(), AccountID: a.ID, Stage: stage, CreatedAt: start,
		LastSeen: tx.Now(), ExpiresAt: start.Add(time.Duration(hours) * time.Hour), IP: clip(ip, 64), UserAgent: clip(agent, 200)}}
	_, err = tx.Exec(ctx, `INSERT INTO session (tenant_id, token_hash, id, account_id, stage, created_at, last_seen_at, expires_at, ip, user_agent)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, tenant, r.hash, r.ID, r.AccountID, string(r.Stage), db.Micros(r.CreatedAt),
		db.Micros(r.LastSeen), db.Micros(r.ExpiresAt), r.IP, r.UserAgent)
	if err != nil {
		return "", Caller{}, err
	}
	c, err := s.assemble(ctx, tx, tenant, a, stage)
	c.SessionID = r.ID
	return cookie, c, err
}

// renew replaces a session by one with a new cookie at another stage; its absolute end stays.
func (s *Service) renew(ctx context.Context, tx *db.Tx, tenant int64, a Account, old sessionRow, hash string, stage Stage) (string, Caller, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM session WHERE tenant_id = $1 AND token_hash = $2`, tenant, hash); err != nil {
		return "", Caller{}, err
	}
	return s.open(ctx, tx, tenant, a, stage, old.IP, old.UserAgent, old.CreatedAt)
}

// live reads a session that has not ended, with its account.
func (s *Service) live(ctx context.Context, q db.Querier, tenant int64, hash string) (sessionRow, Account, error) {
	r, err := db.One(ctx, q, (*sessionRow).dest, "SELECT "+sessionColumns+" FROM session WHERE tenant_id = $1 AND token_hash = $2", tenant, hash)
	if errs.KindOf(err) == errs.NotFound {
		return r, Account{}, errs.ErrUnauthenticated
	}
	if err != nil {
		return r, Account{}, err
	}
	now := s.db.Now()
	a, err := accountByID(ctx, q, tenant, r.AccountID)
	if errs.KindOf(err) == errs.NotFound || (err == nil && (a.Status != Active || !now.Before(r.ExpiresAt))) {
		return r, a, errs.ErrUnauthenticated
	}
	if err != nil {
		return r, a, err
	}
	idle, err := s.idle(ctx, q, tenant, a, now)
	if err == nil && !now.Before(r.LastSeen.Add(idle)) {
		err = errs.ErrUnauthenticated
	}
	return r, a, err
}

// idle is how long the account's sessions live without a request.
func (s *Service) idle(ctx context.Context, q db.Querier, tenant int64, a Account, now time.Time) (time.Duration, error) {
	day := calendar.DateOf(now)
	rows, err := forceRows(ctx, q, tenant, a.ID, day)
	if err != nil {
		return 0, err
	}
	v := IdleMember
	if anyStaff(rows) {
		v = IdleStaff
	}
	minutes, err := v.On(ctx, q, tenant, day)
	return time.Duration(minutes) * time.Minute, err
}

// touch is how often the last use of a session or token is written down.
const touch = time.Minute

// Authenticate says who sends a request with this session cookie. Unauthenticated if the session is not there or has ended.
func (s *Service) Authenticate(ctx context.Context, cookie string) (Caller, error) {
	tenant, hash, ok := parseCookie(cookie)
	if !ok {
		return Caller{}, errs.ErrUnauthenticated
	}
	now := s.db.Now()
	if c, ok := s.callers.get(hash, now); ok {
		return c, nil
	}
	at := s.callers.mark()
	r, a, err := s.live(ctx, s.db, tenant, hash)
	if err != nil {
		return Caller{}, err
	}
	c, err := s.assemble(ctx, s.db, tenant, a, r.Stage)
	if err != nil {
		return Caller{}, err
	}
	c.SessionID = r.ID
	if now.Sub(r.LastSeen) >= touch {
		err := s.callers.touch(hash, now, func() error {
			return s.db.WithTx(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE session SET last_seen_at = $1 WHERE tenant_id = $2 AND token_hash = $3 AND last_seen_at < $1`,
					db.Micros(tx.Now()), tenant, hash)
				return err
			})
		})
		if err != nil {
			return Caller{}, err
		}
	}
	s.callers.put(hash, c, now, at)
	return c, nil
}

// Logout ends the session of the cookie, if there is one.
func (s *Service) Logout(ctx context.Context, cookie string) error {
	tenant, hash, ok := parseCookie(cookie)
	if !ok {
		return nil
	}
	defer s.callers.forget()
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, a, err := s.live(ctx, tx, tenant, hash)
		if errs.KindOf(err) == errs.Unauthenticated {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM session WHERE tenant_id = $1 AND token_hash = $2`, tenant, hash); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actorOf(tenant, a), audit.Entry{Action: "logout", SubjectKind: "account", SubjectID: a.ID})
	})
}

// Sessions gives the open sessions of an account, the latest first: one's own, or those of an account in scope.
func (s *Service) Sessions(ctx context.Context, actor authz.Actor, account id.ID) ([]Session, error) {
	if _, err := s.Get(ctx, actor, account); err != nil {
		return nil, err
	}
	rows, err := db.All(ctx, s.db, (*sessionRow).dest, "SELECT "+sessionColumns+` FROM session
		WHERE tenant_id = $1 AND account_id = $2 AND expires_at > $3 ORDER BY last_seen_at DESC, id DESC LIMIT 100`,
		actor.Tenant, account, db.Micros(s.db.Now()))
	out := make([]Session, len(rows))
	for i, r := range rows {
		out[i] = r.Session
	}
	return out, err
}

// EndSession ends a session of one's own, or of an account that one manages.
func (s *Service) EndSession(ctx context.Context, actor authz.Actor, session id.ID) error {
	defer s.callers.forget()
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := db.One(ctx, tx, (*sessionRow).dest, "SELECT "+sessionColumns+" FROM session WHERE tenant_id = $1 AND id = $2", actor.Tenant, session)
		if err != nil {
			return err
		}
		a, err := s.mine(ctx, tx, actor, r.AccountID)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM session WHERE tenant_id = $1 AND token_hash = $2`, actor.Tenant, r.hash); err != nil {
			return err
		}
		return record(ctx, tx, actor, "session.end", a, map[string]any{"session": r.ID.String()})
	})
}

// mine reads the actor's own account or one that they manage.
func (s *Service) mine(ctx context.Context, tx *db.Tx, actor authz.Actor, account id.ID) (Account, error) {
	if account == actor.AccountID {
		return accountByID(ctx, tx, actor.Tenant, account)
	}
	return s.manage(ctx, tx, actor, account, tx.Now())
}

// endAll ends the sessions of an account but the one of the digest kept ("" keeps none).
func endAll(ctx context.Context, tx *db.Tx, tenant int64, account id.ID, kept string) error {
	_, err := tx.Exec(ctx, `DELETE FROM session WHERE tenant_id = $1 AND account_id = $2 AND token_hash <> $3`, tenant, account, kept)
	return err
}

// Sweep removes sessions that have ended, tokens that ended a quarter ago, and tries of long ago; a scheduled job calls it.
func (s *Service) Sweep(ctx context.Context, tenant int64) (int64, error) {
	var n int64
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		now := tx.Now()
		ended, err := tx.Exec(ctx, `DELETE FROM session WHERE tenant_id = $1 AND expires_at <= $2`, tenant, db.Micros(now))
		if err != nil {
			return err
		}
		old := db.Micros(now.AddDate(0, -3, 0))
		gone, err := tx.Exec(ctx, `DELETE FROM api_token WHERE tenant_id = $1 AND (expires_at <= $2 OR (revoked_at <> 0 AND revoked_at <= $2))`, tenant, old)
		n = ended + gone
		return err
	})
	if t := s.others(); err == nil && t != nil {
		err = t.sweep(ctx)
	}
	return n, err
}
