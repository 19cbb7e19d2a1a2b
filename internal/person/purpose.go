package person

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// Purpose is one entry of the register of processing purposes (PRIV-1). DataKinds are the fields that it needs.
type Purpose struct {
	Code         string
	Name         string
	NameEn       string
	Basis        string // legal basis
	DataKinds    []string
	Retention    string
	NeedsConsent bool
}

// Text names the purpose.
func (p Purpose) Text() i18n.Text { return i18n.Both(p.Name, p.NameEn) }

// Covers says whether the purpose needs a field.
func (p Purpose) Covers(field string) bool { return slices.Contains(p.DataKinds, field) }

// PurposeView is the purpose under which the opening of somebody's page is recorded.
const PurposeView = "view"

// builtIn is the register that a new tenant starts with. An entry with the same code in the table replaces one of these.
func builtIn() []Purpose {
	entry := func(code string, t i18n.Text, basis, retention i18n.Text, consent bool, kinds string) Purpose {
		return Purpose{Code: code, Name: t.In(i18n.ZH), NameEn: t.In(i18n.EN), Basis: basis.In(i18n.ZH), Retention: retention.In(i18n.ZH),
			NeedsConsent: consent, DataKinds: strings.Fields(kinds)}
	}
	duty, asked, agreed := i18n.PurposeBasisDuty, i18n.PurposeBasisRequest, i18n.PurposeBasisConsent
	stay, short := i18n.PurposeKeepStay, i18n.PurposeKeepShort
	return []Purpose{
		entry(PurposeView, i18n.PurposeView, duty, stay, false, "name sex born_on address household category schooling residence work_unit"),
		entry(PurposeUpkeep, i18n.PurposeUpkeep, duty, stay, false, "name address household"),
		entry("contact", i18n.PurposeContact, duty, stay, false, "name phone address"),
		entry("verify", i18n.PurposeVerify, duty, stay, false, "name sex born_on id_number phone address"),
		entry("assist", i18n.PurposeAssist, duty, stay, false, "name id_number phone address household category"),
		entry("party", i18n.PurposeParty, duty, stay, false, "name sex born_on id_number phone political schooling work_unit"),
		entry("safety", i18n.PurposeSafety, duty, stay, false, "name phone address household"),
		entry("request", i18n.PurposeRequest, asked, short, false, "name id_number phone address household"),
		entry("activity", i18n.PurposeActivity, agreed, short, true, "name phone"),
		entry("message", i18n.PurposeMessage, agreed, stay, true, "name phone"),
		entry("dues", i18n.PurposeDues, duty, stay, false, "name dues_base dues_amount dues_relief"),
		entry("photo", i18n.PurposePhoto, agreed, short, true, "name photo"),
	}
}

// register gives the purposes of a tenant: the built-in ones and those in the table, which win.
func register(ctx context.Context, q db.Querier, tenant int64) ([]Purpose, error) {
	type row struct {
		Purpose
		kinds string
	}
	rows, err := db.All(ctx, q, func(r *row) []any {
		return []any{&r.Code, &r.Name, &r.NameEn, &r.Basis, &r.kinds, &r.Retention, &r.NeedsConsent}
	}, "SELECT code, name, name_en, basis, data_kinds, retention, needs_consent FROM purpose WHERE tenant_id = $1 ORDER BY code", tenant)
	if err != nil {
		return nil, err
	}
	all := builtIn()
	for _, r := range rows {
		r.DataKinds = strings.Fields(r.kinds)
		if i := slices.IndexFunc(all, func(p Purpose) bool { return p.Code == r.Code }); i >= 0 {
			all[i] = r.Purpose
		} else {
			all = append(all, r.Purpose)
		}
	}
	return all, nil
}

// collected says which fields any purpose needs (PRIV-3).
func collected(ctx context.Context, q db.Querier, tenant int64) (map[string]bool, error) {
	all, err := register(ctx, q, tenant)
	fields := map[string]bool{}
	for _, p := range all {
		for _, k := range p.DataKinds {
			fields[k] = true
		}
	}
	return fields, err
}

// Purposes gives the register. Everybody may read it: residents are told what their data is for (PRIV-4).
func (s *Service) Purposes(ctx context.Context, tenant int64) ([]Purpose, error) {
	return register(ctx, s.db, tenant)
}

// PurposesFor gives the purposes for which a sealed field may be opened.
func (s *Service) PurposesFor(ctx context.Context, actor authz.Actor, field string) ([]Purpose, error) {
	all, err := register(ctx, s.db, actor.Tenant)
	var fit []Purpose
	for _, p := range all {
		if p.Covers(field) {
			fit = append(fit, p)
		}
	}
	return fit, err
}

// SavePurpose adds or changes an entry of the register (PermPurpose in the whole tenant).
func (s *Service) SavePurpose(ctx context.Context, actor authz.Actor, p Purpose) error {
	if !actor.Scope(PermPurpose).All() {
		return errs.ErrForbidden
	}
	p.Code, p.Name, p.Basis, p.Retention = strings.TrimSpace(p.Code), strings.TrimSpace(p.Name), strings.TrimSpace(p.Basis), strings.TrimSpace(p.Retention)
	var e *errs.Error
	for field, v := range map[string]string{"code": p.Code, "name": p.Name, "basis": p.Basis, "retention": p.Retention, "data_kinds": strings.Join(p.DataKinds, " ")} {
		if v == "" {
			e = e.With(field, i18n.ErrRequired)
		} else if n := utf8.RuneCountInString(v); n > 300 {
			e = e.With(field, i18n.ErrTooLong, 300, n)
		}
	}
	if err := e.OrNil(); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO purpose (tenant_id, code, name, name_en, basis, data_kinds, retention, needs_consent)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8) ON CONFLICT (tenant_id, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
			basis = excluded.basis, data_kinds = excluded.data_kinds, retention = excluded.retention, needs_consent = excluded.needs_consent`,
			actor.Tenant, p.Code, p.Name, p.NameEn, p.Basis, strings.Join(p.DataKinds, " "), p.Retention, p.NeedsConsent)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermPurpose), SubjectKind: "purpose",
			Detail: map[string]any{"code": p.Code, "data_kinds": p.DataKinds, "basis": p.Basis}})
	})
}
