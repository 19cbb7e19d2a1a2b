package place

import (
	"context"
	"errors"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Divisions gives one page of the list of divisions (PermDivisions), by code.
func (s *Service) Divisions(ctx context.Context, actor authz.Actor, f DivisionFilter) (db.List[Division], error) {
	if !actor.Can(PermDivisions) || actor.Tenant == 0 {
		return db.List[Division]{}, errs.ErrForbidden
	}
	rows, err := listDivisions(ctx, s.db, actor.Tenant, f)
	if err != nil {
		return db.List[Division]{}, err
	}
	f.Page.Before = db.Cursor{} // this list is read forwards only
	return db.Cut(rows, f.Page, func(d Division) db.Cursor { return db.Cursor{Key: d.Code, ID: id.ID(d.Level)} }), nil
}

// DivisionDetail is a division with those above it and the number directly below.
type DivisionDetail struct {
	Division
	Line  []Division // from the top
	Below int64
}

// Division opens a division (PermDivisions).
func (s *Service) Division(ctx context.Context, actor authz.Actor, divisionCode string, level code.Level) (DivisionDetail, error) {
	if !actor.Can(PermDivisions) || actor.Tenant == 0 {
		return DivisionDetail{}, errs.ErrForbidden
	}
	var d DivisionDetail
	err := s.db.View(ctx, func(tx *db.Tx) error {
		var err error
		if d.Division, err = loadDivision(ctx, tx, actor.Tenant, divisionCode, level); err != nil {
			return err
		}
		for parent, l := d.ParentCode, level-1; parent != "" && l > 0; l-- {
			up, err := loadDivision(ctx, tx, actor.Tenant, parent, l)
			if err != nil {
				return err
			}
			d.Line = append([]Division{up}, d.Line...)
			parent = up.ParentCode
		}
		d.Below, err = db.Value[int64](ctx, tx, `SELECT count(*) FROM division WHERE tenant_id = $1 AND parent_code = $2 AND level = $3 AND valid_to = ''`,
			actor.Tenant, divisionCode, level+1)
		return err
	})
	return d, err
}

// DivisionCounts gives how many divisions of each level stand today (PermDivisions).
func (s *Service) DivisionCounts(ctx context.Context, actor authz.Actor) (map[code.Level]int64, error) {
	if !actor.Can(PermDivisions) || actor.Tenant == 0 {
		return nil, errs.ErrForbidden
	}
	return countLevels(ctx, s.db, actor.Tenant)
}

// EndDivision says that a division is gone from a day on, and which one of the same level took it over ("" for none) (CODE-24,
// PermImport in the whole tenant).
func (s *Service) EndDivision(ctx context.Context, actor authz.Actor, divisionCode string, level code.Level, on calendar.Date, successor string) error {
	if !actor.Scope(PermImport).All() {
		return errs.ErrForbidden
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		d, err := loadDivision(ctx, tx, actor.Tenant, divisionCode, level)
		if err != nil {
			return err
		}
		if on.IsZero() || on.Before(d.ValidFrom) {
			return errs.Field("on", i18n.ErrBadDate)
		}
		if successor != "" {
			if _, err := loadDivision(ctx, tx, actor.Tenant, successor, level); errors.Is(err, errs.ErrNotFound) || successor == divisionCode {
				return errs.Field("successor", i18n.PlaceDivisionSuccessor, successor)
			} else if err != nil {
				return err
			}
		}
		d.ValidTo, d.Successor = on, successor
		if err := endDivision(ctx, tx, actor.Tenant, d); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "division.end", SubjectKind: "division", Permission: PermImport,
			Detail: map[string]any{"code": d.Code, "level": int(d.Level), "on": on.String(), "successor": successor}})
	})
}
