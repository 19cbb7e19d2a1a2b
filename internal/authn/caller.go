package authn

import (
	"context"
	"slices"
	"sync"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// assemble puts account, grants and roles together. Before the last stage the actor has no grants.
func (s *Service) assemble(ctx context.Context, q db.Querier, tenant int64, a Account, stage Stage) (Caller, error) {
	c := Caller{Actor: actorOf(tenant, a), Stage: stage, Login: a.Login, Lang: a.Lang, HasTOTP: a.HasTOTP}
	if stage != StageFull {
		return c, nil
	}
	rows, err := forceRows(ctx, q, tenant, a.ID, calendar.DateOf(s.db.Now()))
	if err != nil {
		return c, err
	}
	c.Staff = anyStaff(rows)
	c.Actor.Grants, err = s.grants(ctx, q, tenant, rows, a.Lang)
	return c, err
}

// ActorFor puts an account's actor together for the demonstration, tests and jobs that act on somebody's behalf.
func (s *Service) ActorFor(ctx context.Context, tenant int64, account id.ID) (authz.Actor, error) {
	a, err := accountByID(ctx, s.db, tenant, account)
	if err != nil {
		return authz.Actor{}, err
	}
	if a.Status != Active {
		return authz.Actor{}, errs.ErrForbidden
	}
	c, err := s.assemble(ctx, s.db, tenant, a, StageFull)
	return c.Actor, err
}

// ActorByLogin is ActorFor by the account's log-in name; errs.NotFound if there is no such account.
func (s *Service) ActorByLogin(ctx context.Context, tenant int64, login string) (authz.Actor, error) {
	a, err := accountByLogin(ctx, s.db, tenant, login)
	if err != nil {
		return authz.Actor{}, err
	}
	return s.ActorFor(ctx, tenant, a.ID)
}

// grants are the roles in force, with where each of them reaches.
func (s *Service) grants(ctx context.Context, q db.Querier, tenant int64, rows []forceRow, l i18n.Lang) ([]authz.Grant, error) {
	var err error
	out := make([]authz.Grant, 0, len(rows))
	for _, r := range rows {
		g := authz.Grant{Role: r.code, RoleName: i18n.Both(r.name, r.nameEN).In(l), Permissions: r.set(), Root: r.org, RootName: r.orgName,
			All: r.org == 0 || (r.kind == rootKind && r.parent == 0)}
		if !g.All {
			if g.Within, err = s.tree.Subtree(ctx, q, tenant, r.org); err != nil {
				return nil, err
			}
		}
		out = append(out, g)
	}
	return out, nil
}

// anyStaff says whether one of the roles is a role of staff.
func anyStaff(rows []forceRow) bool {
	return slices.ContainsFunc(rows, func(r forceRow) bool { return r.Staff })
}

// forceRow is a grant in force with its role and its organisation.
type forceRow struct {
	roleRow
	code, name, nameEN string
	org, parent        id.ID
	orgName, kind      string
}

func (r forceRow) set() map[authz.Permission]bool {
	set := map[authz.Permission]bool{}
	for _, p := range r.plain().Permissions {
		set[p] = true
	}
	return set
}

func (r *forceRow) dest() []any {
	return []any{&r.code, &r.name, &r.nameEN, &r.permissions, &r.Staff, &r.org, &r.parent, &r.orgName, &r.kind}
}

func forceRows(ctx context.Context, q db.Querier, tenant int64, account id.ID, day calendar.Date) ([]forceRow, error) {
	return db.All(ctx, q, (*forceRow).dest, `SELECT r.code, r.name, r.name_en, r.permissions, r.staff, g.organisation_id, coalesce(o.parent_id, 0),
		coalesce(o.name, ''), coalesce(o.kind, '') FROM role_grant g
		JOIN role r ON r.tenant_id = g.tenant_id AND r.code = g.role_code
		LEFT JOIN organisation o ON o.tenant_id = g.tenant_id AND o.id = g.organisation_id
		WHERE g.tenant_id = $1 AND g.account_id = $2 AND g.valid_from <= $3 AND (g.valid_to = '' OR g.valid_to >= $3)
		ORDER BY g.id`, tenant, account, day.String())
}

// freshness is how old what is known of a caller may be; changes made by another server take this long to be felt.
const freshness = 2 * time.Second

// callerCache keeps callers for a moment, by the digest of their cookie or token (which covers the tenant). It holds no cookie.
type callerCache struct {
	mu     sync.RWMutex
	round  int64 // grows when everything is forgotten
	byHash map[string]cached

	touched map[string]time.Time // when the use of a cookie or token was last written down here
}

type cached struct {
	c     Caller
	until time.Time
}

func newCallerCache() *callerCache {
	return &callerCache{byHash: map[string]cached{}, touched: map[string]time.Time{}}
}

func (k *callerCache) get(hash string, now time.Time) (Caller, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	e, ok := k.byHash[hash]
	if !ok || !now.Before(e.until) || now.Before(e.until.Add(-freshness)) {
		return Caller{}, false
	}
	return e.c, true
}

// mark is taken before reading; put with it keeps nothing if something was forgotten meanwhile.
func (k *callerCache) mark() int64 {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.round
}

func (k *callerCache) put(hash string, c Caller, now time.Time, mark int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if mark != k.round {
		return
	}
	if len(k.byHash) >= maxKeys {
		clear(k.byHash)
	}
	k.byHash[hash] = cached{c, now.Add(freshness)}
}

// touch writes down by write that a cookie or token is in use, at most once in a while: of many requests that come at once only the
// first does it. They would all change the same row, and on PostgreSQL refuse each other.
func (k *callerCache) touch(hash string, now time.Time, write func() error) error {
	if !k.first(hash, now) {
		return nil
	}
	err := write()
	if err != nil {
		k.mu.Lock()
		defer k.mu.Unlock()
		delete(k.touched, hash)
	}
	return err
}

func (k *callerCache) first(hash string, now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if last, ok := k.touched[hash]; ok && now.Sub(last) < touch && !now.Before(last) {
		return false
	}
	if len(k.touched) >= maxKeys {
		clear(k.touched)
	}
	k.touched[hash] = now
	return true
}

// forget drops everything: somebody's rights or sessions changed.
func (k *callerCache) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.round++
	clear(k.byHash)
}

// Forget drops what is remembered of callers; the composition root calls it when the organisation tree changes.
func (s *Service) Forget() { s.callers.forget() }
