package authn

import (
	"context"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

const accountColumns = `account.id, account.login, account.name, account.person_id, account.status, account.must_change,
	account.password_hash, account.password_set_at, account.totp_secret, account.totp_pending, account.totp_last_step,
	account.failed_count, account.locked_until, account.lang, account.created_at, account.version`

func (a *Account) dest() []any {
	return []any{&a.ID, &a.Login, &a.Name, &a.PersonID, &a.Status, &a.MustChange, &a.passwordHash, db.Instant(&a.PasswordSetAt),
		&a.totp, &a.totpPending, &a.totpLast, &a.failed, db.Instant(&a.LockedUntil), &a.Lang, db.Instant(&a.CreatedAt), &a.Version}
}

func oneAccount(ctx context.Context, q db.Querier, where string, args ...any) (Account, error) {
	a, err := db.One(ctx, q, (*Account).dest, "SELECT "+accountColumns+" FROM account WHERE "+where, args...)
	a.HasTOTP = len(a.totp) > 0
	return a, err
}

func accountByLogin(ctx context.Context, q db.Querier, tenant int64, login string) (Account, error) {
	return oneAccount(ctx, q, "tenant_id = $1 AND login = $2", tenant, login)
}

func accountByID(ctx context.Context, q db.Querier, tenant int64, account id.ID) (Account, error) {
	return oneAccount(ctx, q, "tenant_id = $1 AND id = $2", tenant, account)
}

func loginsLike(ctx context.Context, q db.Querier, tenant int64, base string) ([]string, error) {
	a := &db.Args{}
	return db.Column[string](ctx, q, "SELECT login FROM account WHERE tenant_id = "+a.Add(tenant)+" AND "+a.Prefix("login", base), a.Values()...)
}

func accountOfPerson(ctx context.Context, q db.Querier, tenant int64, person id.ID) (id.ID, error) {
	return db.Value[id.ID](ctx, q, `SELECT id FROM account WHERE tenant_id = $1 AND person_id = $2 AND person_id <> 0`, tenant, person)
}

// inScope is the condition that an account, one if it is named, is in scope on day: the whole tenant, or a role held then at an
// organisation in scope or attached to a community in scope.
func inScope(a *db.Args, scope authz.Scope, day calendar.Date, one id.ID) string {
	where := "account.tenant_id = " + a.Add(scope.Tenant())
	if one != 0 {
		where += " AND account.id = " + a.Add(one)
	}
	if scope.All() {
		return where
	}
	named := ""
	if one != 0 {
		named = " AND g.account_id = " + a.Add(one)
	}
	holding := func(place string) string {
		return "SELECT g.account_id FROM role_grant g WHERE " + place + " AND g.valid_from <= " + a.Add(day.String()) +
			" AND (g.valid_to = '' OR g.valid_to >= " + a.Add(day.String()) + ")" + named
	}
	at := holding(scope.Where(a, authz.Columns{Tenant: "g.tenant_id", Orgs: []string{"g.organisation_id"}}))
	attached := holding("g.tenant_id = " + a.Add(scope.Tenant()) + " AND g.organisation_id IN (SELECT o.id FROM organisation o WHERE " +
		scope.Where(a, authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.community_id"}}) + " AND o.community_id <> 0)")
	return where + " AND account.id IN (" + at + " UNION ALL " + attached + ")"
}

func accountInScope(ctx context.Context, q db.Querier, scope authz.Scope, account id.ID, day calendar.Date) (Account, error) {
	a := &db.Args{}
	return oneAccount(ctx, q, inScope(a, scope, day, account), a.Values()...)
}

func listAccounts(ctx context.Context, q db.Querier, scope authz.Scope, f Filter, now time.Time, totp bool) (db.List[Account], error) {
	a := &db.Args{}
	day := calendar.DateOf(now)
	where := inScope(a, scope, day, 0)
	if t := strings.TrimSpace(f.Text); t != "" {
		where += " AND ((" + a.Prefix("account.login", foldLogin(t)) + ") OR (" + a.Prefix("account.name", t) + "))"
	}
	if f.Status != "" {
		where += " AND account.status = " + a.Add(string(f.Status))
	}
	if f.About != "" {
		where += " AND " + concerned(a, f.About, now, totp)
	}
	if f.Role != "" || f.OrgID != 0 {
		where += ` AND EXISTS (SELECT 1 FROM role_grant r WHERE r.tenant_id = account.tenant_id AND r.account_id = account.id`
		if f.Role != "" {
			where += " AND r.role_code = " + a.Add(f.Role)
		}
		if f.OrgID != 0 {
			where += " AND r.organisation_id = " + a.Add(f.OrgID)
		}
		where += " AND r.valid_from <= " + a.Add(day.String()) + " AND (r.valid_to = '' OR r.valid_to >= " + a.Add(day.String()) + "))"
	}
	page, tail := a.Keyset(f.Page, db.Order{Column: "account.login", IDColumn: "account.id"})
	rows, err := db.All(ctx, q, (*Account).dest, "SELECT "+accountColumns+" FROM account WHERE "+where+page+tail, a.Values()...)
	for i := range rows {
		rows[i].HasTOTP = len(rows[i].totp) > 0
	}
	return db.Cut(rows, f.Page, func(a Account) db.Cursor { return db.Cursor{Key: a.Login, ID: a.ID} }), err
}

func insertAccount(ctx context.Context, tx *db.Tx, tenant int64, a Account) error {
	_, err := tx.Exec(ctx, `INSERT INTO account (tenant_id, id, login, name, password_hash, password_set_at, must_change, person_id,
		status, lang, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		tenant, a.ID, a.Login, a.Name, a.passwordHash, db.Micros(a.PasswordSetAt), a.MustChange, a.PersonID,
		string(a.Status), string(a.Lang), db.Micros(a.CreatedAt))
	if db.IsUnique(err) {
		return errs.Field("login", i18n.AccountLoginTaken)
	}
	return err
}

func saveAccount(ctx context.Context, tx *db.Tx, tenant int64, a Account) error {
	return tx.Update(ctx, `UPDATE account SET name = $1, password_hash = $2, password_set_at = $3, must_change = $4, totp_secret = $5,
		totp_pending = $6, totp_last_step = $7, status = $8, failed_count = $9, locked_until = $10, lang = $11, person_id = $12,
		version = version + 1 WHERE tenant_id = $13 AND id = $14 AND version = $15`,
		a.Name, a.passwordHash, db.Micros(a.PasswordSetAt), a.MustChange, a.totp, a.totpPending, a.totpLast, string(a.Status),
		a.failed, db.Micros(a.LockedUntil), string(a.Lang), a.PersonID, tenant, a.ID, a.Version)
}

// serving are the codes of the districts: a city above others is named at each log-in.
func serving(ctx context.Context, q db.Querier) ([]int64, error) {
	all, err := db.Column[int64](ctx, q, `SELECT tenant_id FROM tenant ORDER BY tenant_id`)
	return code.Serving(all), err
}

const grantColumns = `g.id, g.account_id, g.role_code, coalesce(r.name, g.role_code), coalesce(r.name_en, ''), g.organisation_id,
	coalesce(o.name, ''), g.valid_from, g.valid_to, g.granted_by, g.granted_at`

const grantTables = ` FROM role_grant g
	LEFT JOIN role r ON r.tenant_id = g.tenant_id AND r.code = g.role_code
	LEFT JOIN organisation o ON o.tenant_id = g.tenant_id AND o.id = g.organisation_id `

type grantRow struct {
	Grant
	name, nameEN string
}

func (g *grantRow) dest() []any {
	return []any{&g.ID, &g.AccountID, &g.Role, &g.name, &g.nameEN, &g.OrgID, &g.OrgName, &g.From, &g.To, &g.GrantedBy, db.Instant(&g.GrantedAt)}
}

func plainGrants(rows []grantRow) []Grant {
	out := make([]Grant, len(rows))
	for i, r := range rows {
		out[i] = r.Grant
		out[i].RoleName = i18n.Both(r.name, r.nameEN)
	}
	return out
}

func grantsOf(ctx context.Context, q db.Querier, tenant int64, account id.ID) ([]Grant, error) {
	rows, err := db.All(ctx, q, (*grantRow).dest, "SELECT "+grantColumns+grantTables+
		"WHERE g.tenant_id = $1 AND g.account_id = $2 ORDER BY g.id", tenant, account)
	return plainGrants(rows), err
}

// fillHeld reads the roles in force of the accounts of one page in one question.
func fillHeld(ctx context.Context, q db.Querier, tenant int64, accounts []Account, day calendar.Date) error {
	if len(accounts) == 0 {
		return nil
	}
	at := make(map[id.ID]int, len(accounts))
	ids := make([]id.ID, len(accounts))
	for i, a := range accounts {
		at[a.ID], ids[i] = i, a.ID
	}
	a := &db.Args{}
	where := "WHERE g.tenant_id = " + a.Add(tenant) + " AND " + db.In(a, "g.account_id", ids) + " AND g.valid_from <= " + a.Add(day.String()) +
		" AND (g.valid_to = '' OR g.valid_to >= " + a.Add(day.String()) + ") ORDER BY g.id"
	rows, err := db.All(ctx, q, (*grantRow).dest, "SELECT "+grantColumns+grantTables+where, a.Values()...)
	for _, g := range plainGrants(rows) {
		to := &accounts[at[g.AccountID]]
		to.Held = append(to.Held, g)
	}
	return err
}

func grantByID(ctx context.Context, q db.Querier, tenant int64, grant id.ID) (Grant, error) {
	row, err := db.One(ctx, q, (*grantRow).dest, "SELECT "+grantColumns+grantTables+"WHERE g.tenant_id = $1 AND g.id = $2", tenant, grant)
	if err != nil {
		return Grant{}, err
	}
	return plainGrants([]grantRow{row})[0], nil
}

func insertGrant(ctx context.Context, tx *db.Tx, tenant int64, g Grant) error {
	_, err := tx.Exec(ctx, `INSERT INTO role_grant (tenant_id, id, account_id, role_code, organisation_id, valid_from, valid_to,
		granted_by, granted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		tenant, g.ID, g.AccountID, g.Role, g.OrgID, g.From.String(), g.To.String(), g.GrantedBy, db.Micros(g.GrantedAt))
	return err
}

func endGrant(ctx context.Context, tx *db.Tx, tenant int64, grant id.ID, last calendar.Date) error {
	return tx.Update(ctx, `UPDATE role_grant SET valid_to = $1 WHERE tenant_id = $2 AND id = $3`, last.String(), tenant, grant)
}

// holders says how many grants of a role are in force on day or later.
func holders(ctx context.Context, q db.Querier, tenant int64, role string, day calendar.Date) (int64, error) {
	return db.Value[int64](ctx, q, `SELECT count(*) FROM role_grant WHERE tenant_id = $1 AND role_code = $2
		AND (valid_to = '' OR valid_to >= $3)`, tenant, role, day.String())
}

const roleColumns = `code, name, name_en, permissions, gives, staff, built_in, version`

type roleRow struct {
	Role
	permissions, gives string
}

func (r *roleRow) dest() []any {
	return []any{&r.Code, &r.Name, &r.NameEN, &r.permissions, &r.gives, &r.Staff, &r.BuiltIn, &r.Version}
}

func (r roleRow) plain() Role {
	for _, p := range strings.Fields(r.permissions) {
		r.Role.Permissions = append(r.Role.Permissions, authz.Permission(p))
	}
	r.Role.Gives = strings.Fields(r.gives)
	return r.Role
}

func roles(ctx context.Context, q db.Querier, tenant int64) ([]Role, error) {
	rows, err := db.All(ctx, q, (*roleRow).dest, "SELECT "+roleColumns+" FROM role WHERE tenant_id = $1 ORDER BY built_in DESC, code", tenant)
	out := make([]Role, len(rows))
	for i, r := range rows {
		out[i] = r.plain()
	}
	return out, err
}

func roleByCode(ctx context.Context, q db.Querier, tenant int64, code string) (Role, error) {
	row, err := db.One(ctx, q, (*roleRow).dest, "SELECT "+roleColumns+" FROM role WHERE tenant_id = $1 AND code = $2", tenant, code)
	return row.plain(), err
}

func joined(perms []authz.Permission) string {
	s := make([]string, len(perms))
	for i, p := range perms {
		s[i] = string(p)
	}
	return strings.Join(s, " ")
}

func insertRole(ctx context.Context, tx *db.Tx, tenant int64, r Role) error {
	_, err := tx.Exec(ctx, `INSERT INTO role (tenant_id, code, name, name_en, permissions, gives, staff, built_in) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		tenant, r.Code, r.Name, r.NameEN, joined(r.Permissions), strings.Join(r.Gives, " "), r.Staff, r.BuiltIn)
	if db.IsUnique(err) {
		return errs.Field("code", i18n.AccountRoleTaken)
	}
	return err
}

func saveRole(ctx context.Context, tx *db.Tx, tenant int64, r Role) error {
	return tx.Update(ctx, `UPDATE role SET name = $1, name_en = $2, permissions = $3, gives = $4, staff = $5, version = version + 1
		WHERE tenant_id = $6 AND code = $7 AND version = $8`,
		r.Name, r.NameEN, joined(r.Permissions), strings.Join(r.Gives, " "), r.Staff, tenant, r.Code, r.Version)
}

func deleteRole(ctx context.Context, tx *db.Tx, tenant int64, r Role) error {
	return tx.Update(ctx, `DELETE FROM role WHERE tenant_id = $1 AND code = $2 AND version = $3`, tenant, r.Code, r.Version)
}

// place is where an organisation stands, as far as roles care.
type place struct {
	name, kind        string
	parent, community id.ID
}

func placeOf(ctx context.Context, q db.Querier, tenant int64, org id.ID) (place, error) {
	return db.One(ctx, q, func(p *place) []any { return []any{&p.name, &p.kind, &p.parent, &p.community} },
		`SELECT name, kind, parent_id, community_id FROM organisation WHERE tenant_id = $1 AND id = $2`, tenant, org)
}
