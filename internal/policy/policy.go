package policy

import (
	"context"
	"strconv"
	"strings"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// Value is one number that a tenant may set. Texts and places are declared with it; what is set stands in the database.
type Value struct {
	Name    string // concept.what, as stored
	Title   i18n.Text
	Unit    i18n.Text
	Default int64
	Min     int64
	Max     int64 // 1 for a switch
	Unset   bool  // 0 is taken too, though below Min, and means that nothing is set
	Source  string
}

// IsSwitch says that the value is yes (1) or no (0).
func (v Value) IsSwitch() bool { return v.Min == 0 && v.Max == 1 }

// On is the value in force in tenant on day: the one set last before or on that day, otherwise the default.
func (v Value) On(ctx context.Context, q db.Querier, tenant int64, day calendar.Date) (int64, error) {
	set, err := db.Value[string](ctx, q, `SELECT value FROM policy WHERE tenant_id = $1 AND name = $2 AND valid_from <= $3
		ORDER BY valid_from DESC LIMIT 1`, tenant, v.Name, day.String())
	if err != nil || set == "" {
		return v.Default, err
	}
	n, err := strconv.ParseInt(set, 10, 64)
	if err != nil {
		return v.Default, nil // written by hand into the table: the default holds, and Verify names it
	}
	return n, nil
}

// Steps is a value over time.
type Steps struct {
	value Value
	rows  []row // by day
}

// Steps reads every value that a tenant set, for work that goes over many days.
func (v Value) Steps(ctx context.Context, q db.Querier, tenant int64) (Steps, error) {
	rows, err := db.All(ctx, q, func(r *row) []any { return []any{&r.from, &r.value} }, `SELECT valid_from, value FROM policy WHERE tenant_id = $1 AND name = $2 ORDER BY valid_from`, tenant, v.Name)
	return Steps{v, rows}, err
}

// On is the value in force on a day, as Value.On gives it.
func (s Steps) On(day calendar.Date) int64 {
	out := s.value.Default
	for _, r := range s.rows {
		if r.from > day.String() {
			break
		}
		if n, err := strconv.ParseInt(r.value, 10, 64); err == nil {
			out = n
		} else {
			out = s.value.Default
		}
	}
	return out
}

// check refuses what is out of bounds.
func (v Value) check(n int64) error {
	if v.Unset && n == 0 {
		return nil
	}
	if n < v.Min || n > v.Max {
		return errs.Field("value", i18n.PolicyOutOfBounds, v.Min, v.Max)
	}
	return nil
}

// Setting is a Value as it stands in one tenant.
type Setting struct {
	Value
	Now     int64 // in force today
	Since   string
	SetBy   string // the source or document given with it
	Later   int64  // set for a later day
	LaterOn string // that day, "" if nothing is set
}

// source keeps free text within what the audit and the page can show.
func source(s string) (string, error) {
	s = strings.TrimSpace(s)
	if n := len([]rune(s)); n > 200 {
		return "", errs.Field("source", i18n.ErrTooLong, 200, n)
	}
	return s, nil
}
