package authn

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/seal"
)

// tokenPrefix begins every API token, so that scanners of source code recognise one.
const tokenPrefix = "linli_"

// maxTokens is how many valid tokens one account may have.
const maxTokens = 20

// NewToken asks for an API token for one's own account.
type NewToken struct {
	Name        string
	Permissions []authz.Permission // nil: all that the account may do
	Days        int                // life; the policy's longest if 0
}

type tokenRow struct {
	Token
	permissions string
}

const tokenColumns = `id, account_id, name, permissions, created_at, expires_at, last_used_at, revoked_at`

func (r *tokenRow) dest() []any {
	return []any{&r.ID, &r.AccountID, &r.Name, &r.permissions, db.Instant(&r.CreatedAt), db.Instant(&r.ExpiresAt), db.Instant(&r.LastUsedAt), db.Instant(&r.RevokedAt)}
}

func (r tokenRow) plain() Token {
	for _, p := range strings.Fields(r.permissions) {
		r.Token.Permissions = append(r.Token.Permissions, authz.Permission(p))
	}
	return r.Token
}

// CreateToken makes an API token for the actor's own account; text is shown this once only.
func (s *Service) CreateToken(ctx context.Context, actor authz.Actor, in NewToken) (text string, t Token, err error) {
	if actor.Limit != nil {
		return "", Token{}, errs.New(errs.Forbidden, i18n.AccountTokenFromToken)
	}
	in.Name = strings.TrimSpace(in.Name)
	if n := utf8.RuneCountInString(in.Name); n == 0 || n > 60 {
		return "", Token{}, errs.Field("name", i18n.ErrTooLong, 60, n)
	}
	for _, p := range in.Permissions {
		if !actor.Can(p) {
			return "", Token{}, errs.Field("permissions", i18n.AccountTokenRights)
		}
	}
	text = tokenPrefix + tenantText(actor.Tenant) + "_" + newSecret()
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		t, err = s.createToken(ctx, tx, actor, in, text)
		return err
	})
	return text, t, err
}

func (s *Service) createToken(ctx context.Context, tx *db.Tx, actor authz.Actor, in NewToken, text string) (Token, error) {
	now := tx.Now()
	longest, err := TokenDays.On(ctx, tx, actor.Tenant, calendar.DateOf(now))
	if err != nil {
		return Token{}, err
	}
	if in.Days == 0 {
		in.Days = int(longest)
	}
	if in.Days < 1 || int64(in.Days) > longest {
		return Token{}, errs.Field("days", i18n.AccountTokenLong, longest)
	}
	a, err := accountByID(ctx, tx, actor.Tenant, actor.AccountID)
	if err != nil {
		return Token{}, err
	}
	n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM api_token WHERE tenant_id = $1 AND account_id = $2 AND revoked_at = 0 AND expires_at > $3`,
		actor.Tenant, a.ID, db.Micros(now))
	if err != nil {
		return Token{}, err
	}
	if n >= maxTokens {
		return Token{}, errs.New(errs.Conflict, i18n.AccountTooMany, n)
	}
	t := Token{ID: id.New(), AccountID: a.ID, Name: in.Name, Permissions: in.Permissions, CreatedAt: now, ExpiresAt: now.Add(time.Duration(in.Days) * 24 * time.Hour)}
	_, err = tx.Exec(ctx, `INSERT INTO api_token (tenant_id, id, token_hash, account_id, name, permissions, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, actor.Tenant, t.ID, seal.Hash([]byte(text)), t.AccountID, t.Name,
		joined(t.Permissions), db.Micros(t.CreatedAt), db.Micros(t.ExpiresAt))
	if err != nil {
		return Token{}, err
	}
	return t, record(ctx, tx, actor, "token.create", a, map[string]any{"name": t.Name, "permissions": joined(t.Permissions), "days": in.Days})
}

// Tokens gives the API tokens of an account, the latest first: one's own, or those of an account in scope.
func (s *Service) Tokens(ctx context.Context, actor authz.Actor, account id.ID) ([]Token, error) {
	if _, err := s.Get(ctx, actor, account); err != nil {
		return nil, err
	}
	rows, err := db.All(ctx, s.db, (*tokenRow).dest, "SELECT "+tokenColumns+" FROM api_token WHERE tenant_id = $1 AND account_id = $2 ORDER BY id DESC LIMIT 100",
		actor.Tenant, account)
	out := make([]Token, len(rows))
	for i, r := range rows {
		out[i] = r.plain()
	}
	return out, err
}

// RevokeToken ends an API token of one's own, or of an account that one manages.
func (s *Service) RevokeToken(ctx context.Context, actor authz.Actor, token id.ID) error {
	defer s.callers.forget()
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := db.One(ctx, tx, (*tokenRow).dest, "SELECT "+tokenColumns+" FROM api_token WHERE tenant_id = $1 AND id = $2", actor.Tenant, token)
		if err != nil {
			return err
		}
		a, err := s.mine(ctx, tx, actor, r.AccountID)
		if err != nil || !r.RevokedAt.IsZero() {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE api_token SET revoked_at = $1 WHERE tenant_id = $2 AND id = $3`, db.Micros(tx.Now()), actor.Tenant, token); err != nil {
			return err
		}
		return record(ctx, tx, actor, "token.revoke", a, map[string]any{"name": r.Name})
	})
}

func revokeAll(ctx context.Context, tx *db.Tx, tenant int64, account id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE api_token SET revoked_at = $1 WHERE tenant_id = $2 AND account_id = $3 AND revoked_at = 0`,
		db.Micros(tx.Now()), tenant, account)
	return err
}

func parseToken(v string) (tenant int64, hash string, ok bool) {
	rest, found := strings.CutPrefix(v, tokenPrefix)
	code, secret, cut := strings.Cut(rest, "_")
	tenant, err := strconv.ParseInt(code, 10, 64)
	if !found || !cut || err != nil || tenant <= 0 || len(secret) != base64.RawURLEncoding.EncodedLen(secretBytes) {
		return 0, "", false
	}
	return tenant, seal.Hash([]byte(v)), true
}

// AuthenticateToken says who sends a request with this API token. ip is limited when tokens are guessed from there.
func (s *Service) AuthenticateToken(ctx context.Context, token, ip string) (Caller, error) {
	tenant, hash, ok := parseToken(token)
	now := s.db.Now()
	if !ok {
		return Caller{}, s.badToken(ip, now)
	}
	if c, ok := s.callers.get(hash, now); ok {
		return c, nil
	}
	at := s.callers.mark()
	r, err := db.One(ctx, s.db, (*tokenRow).dest, "SELECT "+tokenColumns+" FROM api_token WHERE tenant_id = $1 AND token_hash = $2", tenant, hash)
	if errs.KindOf(err) == errs.NotFound {
		return Caller{}, s.badToken(ip, now)
	}
	if err != nil {
		return Caller{}, err
	}
	a, err := accountByID(ctx, s.db, tenant, r.AccountID)
	if err != nil || a.Status != Active || !r.RevokedAt.IsZero() || !now.Before(r.ExpiresAt) {
		if err == nil {
			err = errs.ErrUnauthenticated
		}
		return Caller{}, err
	}
	c, err := s.assemble(ctx, s.db, tenant, a, StageFull)
	if err != nil {
		return Caller{}, err
	}
	c.TokenID, c.Actor.Limit = r.ID, limitOf(r.plain(), c.Actor)
	if now.Sub(r.LastUsedAt) >= touch {
		err := s.callers.touch(hash, now, func() error {
			return s.db.WithTx(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE api_token SET last_used_at = $1 WHERE tenant_id = $2 AND id = $3 AND last_used_at < $1`, db.Micros(tx.Now()), tenant, r.ID)
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

// limitOf is the set of permissions of a token. It is never nil: a token without a list is held to what the account may do, which also
// marks the actor as one that came by token.
func limitOf(t Token, actor authz.Actor) map[authz.Permission]bool {
	limit := map[authz.Permission]bool{}
	for _, p := range t.Permissions {
		limit[p] = true
	}
	if len(t.Permissions) == 0 {
		for _, g := range actor.Grants {
			for p := range g.Permissions {
				limit[p] = true
			}
		}
	}
	return limit
}

func (s *Service) badToken(ip string, now time.Time) error {
	if err := s.byIP.Allow(ip, now); err != nil {
		return err
	}
	return errs.ErrUnauthenticated
}
