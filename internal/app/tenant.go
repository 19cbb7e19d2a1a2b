package app

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"linli/internal/audit"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
)

var tenantCode = regexp.MustCompile(`^[1-9][0-9]{5}$`)

// CreateTenant makes a tenant, named by the six-digit code of its division, with what it starts with: standard roles, the published
// calendar, the organisation at the top, and what the packages seed.
func (a *App) CreateTenant(ctx context.Context, code, name string) (tenant int64, root id.ID, err error) {
	name = strings.TrimSpace(name)
	if !tenantCode.MatchString(code) {
		return 0, 0, errs.Field("tenant", i18n.AppTenantCode)
	}
	if name == "" {
		return 0, 0, errs.Field("name", i18n.ErrRequired)
	}
	tenant, _ = strconv.ParseInt(code, 10, 64) // six digits
	err = a.DB.WithTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO tenant (tenant_id, name, created_at) VALUES ($1, $2, $3)`, tenant, name, db.Micros(tx.Now()))
		if db.IsUnique(err) {
			return errs.New(errs.Conflict, i18n.AppTenantThere, code)
		}
		if err != nil {
			return err
		}
		root, err = a.seedTenant(ctx, tx, tenant, code, name)
		return err
	})
	a.Catalogue.Founded()
	return tenant, root, err
}

func (a *App) seedTenant(ctx context.Context, tx *db.Tx, tenant int64, code, name string) (id.ID, error) {
	actor := authz.System(tenant, "create tenant")
	if err := authn.SyncRolesTx(ctx, tx, tenant, StandardRoles()); err != nil {
		return 0, err
	}
	if err := seedCalendar(ctx, tx, tenant); err != nil {
		return 0, err
	}
	if err := a.Activity.PrepareTx(ctx, tx, tenant); err != nil {
		return 0, err
	}
	if err := a.Meeting.PrepareTx(ctx, tx, tenant); err != nil {
		return 0, err
	}
	if err := a.Casework.PrepareTx(ctx, tx, tenant); err != nil {
		return 0, err
	}
	if err := a.Catalogue.PrepareTx(ctx, tx, tenant); err != nil {
		return 0, err
	}
	root, err := a.Organisation.CreateTx(ctx, tx, actor, organisation.NewOrganisation{
		Kind: organisation.District, Name: i18n.AppRootName.In(i18n.ZH, strings.TrimSuffix(name, i18n.AppCommittee.In(i18n.ZH))), ShortName: name,
		DivisionCode: divisionOf(code),
	}, 0)
	if err != nil {
		return 0, err
	}
	if err := a.Casework.FoundTx(ctx, tx, tenant, root.ID); err != nil {
		return 0, err
	}
	return root.ID, audit.Record(ctx, tx, actor, audit.Entry{Action: "tenant.create", SubjectKind: "tenant", OrgID: root.ID, Detail: map[string]any{"name": name}})
}

// country is the tenant of the whole country, which is no division of the published list.
const country = "100000"

func divisionOf(tenant string) string {
	if tenant == country {
		return ""
	}
	return tenant + "000000"
}

// seedCalendar copies the published days off and exchange work days, which the tenant may add to (CAL-6).
func seedCalendar(ctx context.Context, tx *db.Tx, tenant int64) error {
	type entry struct {
		calendar.Day
		notice string
	}
	seen := map[calendar.Date]bool{}
	var days []entry
	years := calendar.Builtin()
	for i := len(years) - 1; i >= 0; i-- { // of two notices that speak of one day the later holds
		for _, d := range years[i].Days {
			if !seen[d.Date] {
				seen[d.Date] = true
				days = append(days, entry{d, years[i].Notice})
			}
		}
	}
	return tx.InsertMany(ctx, "calendar_day", []string{"tenant_id", "day", "off", "name", "notice"}, len(days), func(i int) []any {
		return []any{tenant, days[i].Date.String(), days[i].Off, days[i].Name, days[i].notice}
	})
}
