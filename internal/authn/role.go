package authn

import (
	"context"
	"slices"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// rootKind is the kind of the organisation at the top of a tenant's tree; a role held there reaches the whole tenant.
const rootKind = "district_committee"

// Roles gives the tenant's roles, the standard ones first. Everybody may know what the roles are.
func (s *Service) Roles(ctx context.Context, actor authz.Actor) ([]Role, error) {
	return roles(ctx, s.db, actor.Tenant)
}

// SyncRolesTx brings the tenant's standard roles up to what the program ships. Roles that were made by the tenant stay.
func SyncRolesTx(ctx context.Context, tx *db.Tx, tenant int64, standard []Role) error {
	have, err := roles(ctx, tx, tenant)
	if err != nil {
		return err
	}
	for _, r := range standard {
		r.BuiltIn = true
		slices.Sort(r.Permissions)
		i := slices.IndexFunc(have, func(h Role) bool { return h.Code == r.Code })
		if i < 0 {
			err = insertRole(ctx, tx, tenant, r)
		} else if joined(have[i].Permissions) != joined(r.Permissions) || have[i].Name != r.Name || have[i].NameEN != r.NameEN || have[i].Staff != r.Staff || !slices.Equal(have[i].Gives, r.Gives) {
			r.Version = have[i].Version
			err = saveRole(ctx, tx, tenant, r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// SaveRole makes a role of the tenant's own (Version 0) or changes one.
func (s *Service) SaveRole(ctx context.Context, actor authz.Actor, in Role) error {
	if !actor.Scope(PermRoles).All() {
		return errs.ErrForbidden
	}
	if err := in.check(s.known); err != nil {
		return err
	}
	if slices.ContainsFunc(actor.Grants, func(g authz.Grant) bool { return g.Role == in.Code }) {
		return errs.New(errs.Forbidden, i18n.AccountRoleOwn)
	}
	in.BuiltIn = false
	defer s.callers.forget()
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		before, err := roleByCode(ctx, tx, actor.Tenant, in.Code)
		switch {
		case in.Version == 0 && err == nil:
			return errs.Field("code", i18n.AccountRoleTaken)
		case in.Version == 0 && errs.KindOf(err) == errs.NotFound:
			err = insertRole(ctx, tx, actor.Tenant, in)
		case err == nil && before.BuiltIn:
			return errs.New(errs.Forbidden, i18n.AccountRoleBuiltIn)
		case err == nil:
			err = saveRole(ctx, tx, actor.Tenant, in)
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermRoles), SubjectKind: "role", Detail: map[string]any{
			"code": in.Code, "before": joined(before.Permissions), "after": joined(in.Permissions), "gives": in.Gives}})
	})
}

// RemoveRole removes a role of the tenant's own that nobody holds.
func (s *Service) RemoveRole(ctx context.Context, actor authz.Actor, code string) error {
	if !actor.Scope(PermRoles).All() {
		return errs.ErrForbidden
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := roleByCode(ctx, tx, actor.Tenant, code)
		if err != nil {
			return err
		}
		if r.BuiltIn {
			return errs.New(errs.Forbidden, i18n.AccountRoleBuiltIn)
		}
		n, err := holders(ctx, tx, actor.Tenant, code, calendar.DateOf(tx.Now()))
		if err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.Conflict, i18n.AccountRoleUsed)
		}
		if err := deleteRole(ctx, tx, actor.Tenant, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "role.remove", Permission: PermRoles, SubjectKind: "role",
			Detail: map[string]any{"code": code}})
	})
}

// Grants gives the roles that an account holds, held, or will hold.
func (s *Service) Grants(ctx context.Context, actor authz.Actor, account id.ID) ([]Grant, error) {
	if _, err := s.Get(ctx, actor, account); err != nil {
		return nil, err
	}
	return grantsOf(ctx, s.db, actor.Tenant, account)
}

// Grant gives a role to an account.
func (s *Service) Grant(ctx context.Context, actor authz.Actor, in NewGrant) (g Grant, err error) {
	defer s.callers.forget()
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		if !actor.Scope(PermAdmin).All() {
			// The account must be in scope too, unless the actor answers for the whole tenant.
			if _, err := accountInScope(ctx, tx, actor.Scope(PermAdmin), in.AccountID, calendar.DateOf(tx.Now())); err != nil {
				return err
			}
		}
		g, err = s.grantTx(ctx, tx, actor, in)
		return err
	})
	return g, err
}

// GrantTx is Grant inside a running transaction, for services that make accounts (CreateTx).
func (s *Service) GrantTx(ctx context.Context, tx *db.Tx, actor authz.Actor, in NewGrant) (Grant, error) {
	return s.grantTx(ctx, tx, actor, in)
}

func (s *Service) grantTx(ctx context.Context, tx *db.Tx, actor authz.Actor, in NewGrant) (Grant, error) {
	today := calendar.DateOf(tx.Now())
	if in.From.IsZero() {
		in.From = today
	}
	switch {
	case in.AccountID == actor.AccountID && !actor.IsSystem():
		return Grant{}, errs.New(errs.Forbidden, i18n.AccountGrantSelf)
	case in.From.Before(today) && !actor.IsSystem():
		return Grant{}, errs.Field("from", i18n.AccountGrantPast)
	case !in.To.IsZero() && in.To.Before(in.From):
		return Grant{}, errs.Field("to", i18n.ErrEndBeforeStart)
	}
	if err := s.mayGive(ctx, tx, actor, in.Role, in.OrgID); err != nil {
		return Grant{}, err
	}
	a, err := accountByID(ctx, tx, actor.Tenant, in.AccountID)
	if err != nil {
		return Grant{}, err
	}
	held, err := grantsOf(ctx, tx, actor.Tenant, a.ID)
	if err != nil {
		return Grant{}, err
	}
	for _, h := range held {
		if h.Role == in.Role && h.OrgID == in.OrgID && (h.To.IsZero() || !h.To.Before(in.From)) {
			return Grant{}, errs.New(errs.Conflict, i18n.AccountGrantTwice)
		}
	}
	g := Grant{ID: id.New(), AccountID: a.ID, Role: in.Role, OrgID: in.OrgID, From: in.From, To: in.To,
		GrantedBy: actor.AccountID, GrantedAt: tx.Now()}
	if err := insertGrant(ctx, tx, actor.Tenant, g); err != nil {
		return Grant{}, err
	}
	return g, s.recordGrant(ctx, tx, actor, "role.give", a, g)
}

func (s *Service) recordGrant(ctx context.Context, tx *db.Tx, actor authz.Actor, action string, a Account, g Grant) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, Permission: PermAdmin, SubjectKind: "account", SubjectID: a.ID,
		PersonID: a.PersonID, OrgID: g.OrgID, Detail: map[string]any{"role": g.Role, "from": g.From.String(), "to": g.To.String()}})
}

// mayGive is nil if one of the actor's grants covers the organisation, or the community it is attached to, and its role may give the role.
func (s *Service) mayGive(ctx context.Context, q db.Querier, actor authz.Actor, role string, org id.ID) error {
	if _, err := roleByCode(ctx, q, actor.Tenant, role); err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return errs.Field("role", i18n.ErrBadChoice)
		}
		return err
	}
	var at place
	if org != 0 {
		var err error
		if at, err = placeOf(ctx, q, actor.Tenant, org); err != nil {
			return err
		}
	}
	if actor.IsSystem() {
		return nil
	}
	for _, g := range actor.Grants {
		if !g.Permissions[PermAdmin] || (actor.Limit != nil && !actor.Limit[PermAdmin]) {
			continue
		}
		if !g.All && !(org != 0 && (slices.Contains(g.Within, org) || (at.community != 0 && slices.Contains(g.Within, at.community)))) {
			continue
		}
		mine, err := roleByCode(ctx, q, actor.Tenant, g.Role)
		if err == nil && mine.mayGive(role) {
			return nil
		}
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
	}
	return errs.New(errs.Forbidden, i18n.AccountGrantRole)
}

// Givable are the roles that the actor may give somewhere, for the form.
func (s *Service) Givable(ctx context.Context, actor authz.Actor) ([]Role, error) {
	all, err := roles(ctx, s.db, actor.Tenant)
	if err != nil {
		return nil, err
	}
	mine := map[string]bool{}
	for _, g := range actor.Grants {
		if g.Permissions[PermAdmin] {
			mine[g.Role] = true
		}
	}
	var out []Role
	for _, r := range all {
		if actor.IsSystem() || slices.ContainsFunc(all, func(m Role) bool { return mine[m.Code] && m.mayGive(r.Code) }) {
			out = append(out, r)
		}
	}
	return out, nil
}

// EndGrant lets a grant end with its last day: today at the earliest; zero takes it away at once.
func (s *Service) EndGrant(ctx context.Context, actor authz.Actor, grant id.ID, last calendar.Date) error {
	defer s.callers.forget()
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		g, err := grantByID(ctx, tx, actor.Tenant, grant)
		if err != nil {
			return err
		}
		if !actor.Can(PermAdmin) {
			return errs.ErrNotFound
		}
		if g.AccountID == actor.AccountID {
			return errs.New(errs.Forbidden, i18n.AccountGrantSelf)
		}
		if err := s.mayGive(ctx, tx, actor, g.Role, g.OrgID); err != nil {
			return err
		}
		today := calendar.DateOf(tx.Now())
		switch {
		case last.IsZero():
			last = today.AddDays(-1)
		case last.Before(today):
			return errs.Field("to", i18n.AccountGrantPast)
		}
		a, err := accountByID(ctx, tx, actor.Tenant, g.AccountID)
		if err != nil {
			return err
		}
		if err := endGrant(ctx, tx, actor.Tenant, g.ID, last); err != nil {
			return err
		}
		g.To = last
		return s.recordGrant(ctx, tx, actor, "role.end", a, g)
	})
}

// Follow lets roles held at an organisation go over to the one that took it in, so that people go on working there; who holds the role
// there already keeps one grant.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	today := calendar.DateOf(tx.Now())
	rows, err := db.All(ctx, tx, (*grantRow).dest, "SELECT "+grantColumns+grantTables+
		"WHERE g.tenant_id = $1 AND g.organisation_id = $2 AND (g.valid_to = '' OR g.valid_to >= $3) ORDER BY g.id", actor.Tenant, from, today.String())
	if err != nil {
		return err
	}
	defer s.callers.forget()
	for _, g := range plainGrants(rows) {
		if err := s.followOne(ctx, tx, actor, g, to, today); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) followOne(ctx context.Context, tx *db.Tx, actor authz.Actor, g Grant, to id.ID, today calendar.Date) error {
	a, err := accountByID(ctx, tx, actor.Tenant, g.AccountID)
	if err != nil {
		return err
	}
	if err := endGrant(ctx, tx, actor.Tenant, g.ID, today.AddDays(-1)); err != nil {
		return err
	}
	held, err := grantsOf(ctx, tx, actor.Tenant, a.ID)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.Role == g.Role && h.OrgID == to && h.InForce(today) {
			return nil
		}
	}
	g.ID, g.OrgID, g.GrantedBy, g.GrantedAt = id.New(), to, actor.AccountID, tx.Now()
	if g.From.Before(today) {
		g.From = today
	}
	if err := insertGrant(ctx, tx, actor.Tenant, g); err != nil {
		return err
	}
	return s.recordGrant(ctx, tx, actor, "role.give", a, g)
}
