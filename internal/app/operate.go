package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/tabular"
)

// Tenant finds the tenant that an operator means: the one named by its code, or the only one there is but for a city above it.
func (a *App) Tenant(ctx context.Context, named string) (int64, error) {
	all, err := a.Tenants(ctx)
	if err != nil {
		return 0, err
	}
	if named != "" {
		for _, t := range all {
			if strconv.FormatInt(t, 10) == named {
				return t, nil
			}
		}
		return 0, errs.New(errs.NotFound, i18n.CLITenantNone, named)
	}
	switch serving := code.Serving(all); {
	case len(all) == 0:
		return 0, errs.New(errs.NotFound, i18n.CLINoTenant)
	case len(serving) == 1:
		return serving[0], nil
	}
	codes := make([]string, len(all))
	for i, t := range all {
		codes[i] = strconv.FormatInt(t, 10)
	}
	return 0, errs.New(errs.Invalid, i18n.CLIWhichTenant, strings.Join(codes, " "))
}

// FindOrganisation finds the organisation that an operator means by its ID or its whole name; "" is the whole tenant.
func (a *App) FindOrganisation(ctx context.Context, tenant int64, named string) (id.ID, error) {
	if named == "" {
		return 0, nil
	}
	byID, err := id.Parse(named)
	if err != nil {
		byID = 0
	}
	found, err := db.Column[id.ID](ctx, a.DB, `SELECT id FROM organisation WHERE tenant_id = $1 AND dissolved_on = ''
		AND (id = $2 OR name = $3 OR short_name = $3) LIMIT 2`, tenant, byID, named)
	switch {
	case err != nil:
		return 0, err
	case len(found) == 0:
		return 0, errs.New(errs.NotFound, i18n.CLIOrgNone, named)
	case len(found) > 1:
		return 0, errs.New(errs.Invalid, i18n.CLIOrgMany, named)
	}
	return found[0], nil
}

// AddUser creates an account for an operator at the command line.
func (a *App) AddUser(ctx context.Context, tenant int64, in authn.NewAccount, totp bool) (authn.Account, string, authn.Enrolment, error) {
	actor := authz.System(tenant, "command line")
	account, password, err := a.Authn.Create(ctx, actor, in)
	if err != nil || !totp {
		return account, password, authn.Enrolment{}, err
	}
	e, err := a.Authn.EnrolFor(ctx, actor, account.ID)
	return account, password, e, err
}

// TenantOfDivisions reads a list of divisions and gives the smallest division that contains all of it as a tenant: one county by its six
// digits, one city by its four and 00, otherwise a province, or 100000 for the whole country.
func TenantOfDivisions(fileName string, content []byte, columns []tabular.Column) (tenant, name string, err error) {
	t, err := tabular.Open(fileName, bytes.NewReader(content), int64(len(content)), tabular.Options{Columns: columns})
	if err != nil {
		return "", "", err
	}
	defer t.Close()
	m := t.Match()
	if err := m.Err(); err != nil {
		return "", "", err
	}
	seen := spread{names: map[string]string{}, counties: map[string]bool{}, cities: map[string]bool{}, provinces: map[string]bool{}}
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return seen.tenant()
		}
		if err != nil {
			return "", "", err
		}
		seen.add(m.Of(row, "code"), m.Of(row, "level"), m.Of(row, "name"))
	}
}

// spread is how far a list of divisions reaches.
type spread struct {
	names                       map[string]string // by six digits
	counties, cities, provinces map[string]bool
}

func (s *spread) add(rawCode, rawLevel, name string) {
	d, problem := code.ParseDivision(rawCode)
	if problem.Blocks() {
		return
	}
	level := int(d.Level())
	if n, err := strconv.Atoi(strings.TrimSpace(rawLevel)); err == nil {
		level = n
	}
	six := string(d)[:6]
	if level <= int(code.County) && s.names[six] == "" {
		s.names[six] = name
	}
	s.provinces[six[:2]] = true
	if level >= int(code.City) {
		s.cities[six[:4]] = true
	}
	if level >= int(code.County) {
		s.counties[six] = true
	}
}

func (s *spread) tenant() (tenant, name string, err error) {
	one := func(set map[string]bool, tail string) string {
		for k := range set {
			return k + tail
		}
		return ""
	}
	switch {
	case len(s.counties) == 1:
		tenant = one(s.counties, "")
	case len(s.counties) == 0:
		return "", "", errs.New(errs.Invalid, i18n.AppDivisionNone)
	case len(s.cities) == 1:
		tenant = one(s.cities, "00")
	case len(s.provinces) == 1:
		tenant = one(s.provinces, "0000")
	default:
		return country, i18n.AppCountry.In(i18n.ZH), nil
	}
	if name = s.names[tenant]; name == "" {
		name = tenant
	}
	return tenant, name, nil
}

// ParseTenant reads the six-digit code of a tenant.
func ParseTenant(s string) (int64, error) {
	if !tenantCode.MatchString(s) {
		return 0, errs.Field("tenant", i18n.AppTenantCode)
	}
	return strconv.ParseInt(s, 10, 64)
}

// TableColumns are the columns of a kind of table as the reader of tables looks for them.
func TableColumns(k intake.Kind) []tabular.Column {
	cols := make([]tabular.Column, len(k.Columns))
	for i, c := range k.Columns {
		cols[i] = tabular.Column{Key: c.Name, Title: c.Title, Synonyms: c.Also, Required: c.Required}
	}
	return cols
}

// Tables is an App with nothing open, that knows only what tables there are.
func Tables() *App { return &App{Services: newServices(nil, nil)} }
