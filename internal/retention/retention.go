package retention

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
)

// PermSee is the right to see what will be removed and what was.
const PermSee authz.Permission = "retention.see"

// Kind is one sort of record with a period.
type Kind struct {
	Code   string       // concept.what
	Title  i18n.Text    // what it is
	Act    i18n.Text    // what is done with it
	Period policy.Value // in months, or in days if Days; 0 is not set
	Days   bool
	// Past says which rows of a tenant are older than a day.
	Past func(a *db.Args, tenant int64, before calendar.Date) Rows
	// Remove deletes or anonymises rows that Past gave, so that Past does not give them again.
	Remove Remover
}

// Remover deletes or anonymises rows of a tenant.
type Remover func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error

// Each does one after the other.
func Each(list ...Remover) Remover {
	return func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
		for _, f := range list {
			if err := f(ctx, tx, tenant, rows); err != nil {
				return err
			}
		}
		return nil
	}
}

// Words puts "(deleted)" in the place of what columns of a table say; Past leaves out rows that say so already, by the first of them (Gone).
func Words(table string, columns ...string) Remover {
	return func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
		a := &db.Args{}
		gone, set := a.Add(Gone()), ""
		for _, c := range columns {
			set += c + " = " + gone + ", "
		}
		_, err := tx.Exec(ctx, "UPDATE "+table+" SET "+set+"version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
		return err
	}
}

// Gone is what stands where words were.
func Gone() string { return i18n.RetentionGone.In(i18n.ZH) }

// Rows are rows of a table: the column of their ID, and what follows FROM, with its condition.
type Rows struct{ ID, From string }

// Kept is a sort of record that stays under lock, and why.
type Kept struct{ Title, Why i18n.Text }

// Cut is the first day that is kept if the period is n and today is the day.
func (k Kind) Cut(today calendar.Date, n int64) calendar.Date {
	if k.Days {
		return today.AddDays(-int(n))
	}
	return today.AddMonths(-int(n))
}

// Months declares a period in months; at least lower, if it is set at all.
func Months(name string, title i18n.Text, lower int64, source string) policy.Value {
	return policy.Value{Name: name, Title: title, Unit: i18n.PolicyUnitMonths, Min: lower, Max: 600, Unset: true, Source: source}
}

// Days declares a period in days; at least lower, if it is set at all.
func Days(name string, title i18n.Text, lower int64, source string) policy.Value {
	return policy.Value{Name: name, Title: title, Unit: i18n.PolicyUnitDays, Min: lower, Max: 3660, Unset: true, Source: source}
}
