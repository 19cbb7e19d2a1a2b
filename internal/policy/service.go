package policy

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// The permissions of this package.
const (
	PermSee authz.Permission = "policy.see" // read the settings
	PermSet authz.Permission = "policy.set" // change them, in the whole tenant
)

// Service reads and sets the values of tenants.
type Service struct {
	db     *db.DB
	values []Value
}

// New makes the service for the values that the packages declare.
func New(d *db.DB, values ...Value) *Service {
	values = slices.Clone(values)
	slices.SortFunc(values, func(a, b Value) int { return strings.Compare(a.Name, b.Name) })
	return &Service{db: d, values: values}
}

// List gives every setting as it stands today.
func (s *Service) List(ctx context.Context, actor authz.Actor) ([]Setting, error) {
	if actor.Scope(PermSee).Or(actor.Scope(PermSet)).Empty() {
		return nil, errs.ErrForbidden
	}
	rows, err := all(ctx, s.db, actor.Tenant)
	if err != nil {
		return nil, err
	}
	today := calendar.DateOf(s.db.Now()).String()
	list := make([]Setting, 0, len(s.values))
	for _, v := range s.values {
		list = append(list, v.setting(rows, today))
	}
	return list, nil
}

// setting picks from rows, ordered by day, what concerns v.
func (v Value) setting(rows []row, today string) Setting {
	out := Setting{Value: v, Now: v.Default}
	for _, r := range rows {
		n, err := strconv.ParseInt(r.value, 10, 64)
		switch {
		case r.name != v.Name || err != nil:
		case r.from <= today:
			out.Now, out.Since, out.SetBy = n, r.from, r.source
		case out.LaterOn == "":
			out.Later, out.LaterOn = n, r.from
		}
	}
	return out
}

// Change sets a value from a day on.
type Change struct {
	Name   string
	From   calendar.Date // today if zero; the past is not rewritten
	Value  int64
	Source string // the decision or document it rests on
}

// Set puts a value into force from a day on. Setting the same day again replaces what was to come; days before today are refused,
// because decisions already rest on them (GEN-3).
func (s *Service) Set(ctx context.Context, actor authz.Actor, c Change) error {
	if !actor.Scope(PermSet).All() {
		return errs.ErrForbidden
	}
	i := slices.IndexFunc(s.values, func(v Value) bool { return v.Name == c.Name })
	if i < 0 {
		return errs.ErrNotFound
	}
	if err := s.values[i].check(c.Value); err != nil {
		return err
	}
	src, err := source(c.Source)
	if err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		today := calendar.DateOf(tx.Now())
		from := c.From
		if from.IsZero() {
			from = today
		}
		if from.Before(today) {
			return errs.Field("from", i18n.PolicyPast)
		}
		before, err := s.values[i].On(ctx, tx, actor.Tenant, from)
		if err != nil {
			return err
		}
		if err := put(ctx, tx, actor, row{c.Name, from.String(), strconv.FormatInt(c.Value, 10), src}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermSet), SubjectKind: "policy",
			Detail: map[string]any{"name": c.Name, "from": from.String(), "before": before, "value": c.Value, "source": src}})
	})
}

// Verify names what stands in the table but cannot be read.
func (s *Service) Verify(ctx context.Context, tenant int64) ([]string, error) {
	rows, err := all(ctx, s.db, tenant)
	var faults []string
	for _, r := range rows {
		if _, err := strconv.ParseInt(r.value, 10, 64); err != nil {
			faults = append(faults, fmt.Sprintf("policy %s from %s is not a number", r.name, r.from))
		}
	}
	return faults, err
}
