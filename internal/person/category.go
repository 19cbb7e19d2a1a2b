package person

import (
	"context"
	"slices"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Category is one category of a resident with its time (SRV-9). ValidTo is the last day, zero while it holds.
type Category struct {
	Code      string
	ValidFrom calendar.Date
	ValidTo   calendar.Date
	Source    string
}

// Holds says whether the category holds on a day.
func (c Category) Holds(on calendar.Date) bool {
	return !c.ValidFrom.After(on) && (c.ValidTo.IsZero() || !c.ValidTo.Before(on))
}

// Categories gives all categories of a person, those that hold first.
func (s *Service) Categories(ctx context.Context, actor authz.Actor, personID id.ID) ([]Category, error) {
	if _, err := find(ctx, s.db, seeScope(actor), personID); err != nil {
		return nil, err
	}
	return categories(ctx, s.db, actor.Tenant, personID)
}

// SetCategories makes the codes given the ones that hold from today (PermEdit): new ones begin, missing ones end.
func (s *Service) SetCategories(ctx context.Context, actor authz.Actor, personID id.ID, codes []string) error {
	for _, c := range codes {
		if _, ok := code.ResidentCategories.ByCode(c); !ok {
			return errs.Field("categories", i18n.ErrBadChoice)
		}
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := find(ctx, tx, actor.Scope(PermEdit), personID)
		if err != nil {
			return err
		}
		changed, err := setCategories(ctx, tx, actor.Tenant, personID, codes, "form")
		if err != nil || !changed {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "resident.categorise", SubjectKind: "person", SubjectID: personID,
			PersonID: personID, OrgID: p.CommunityID, Detail: map[string]any{"categories": codes}, Permission: PermEdit})
	})
}

// setCategories begins and ends categories so that exactly codes hold today.
func setCategories(ctx context.Context, tx *db.Tx, tenant int64, personID id.ID, codes []string, source string) (changed bool, err error) {
	today := calendar.DateOf(tx.Now())
	have, err := categories(ctx, tx, tenant, personID)
	if err != nil {
		return false, err
	}
	var holding []string
	for _, c := range have {
		if !c.Holds(today) {
			continue
		}
		if slices.Contains(codes, c.Code) {
			holding = append(holding, c.Code)
			continue
		}
		changed = true
		if err := endCategory(ctx, tx, tenant, personID, c, today); err != nil {
			return changed, err
		}
	}
	for _, c := range codes {
		if slices.Contains(holding, c) {
			continue
		}
		holding, changed = append(holding, c), true
		if err := beginCategory(ctx, tx, tenant, personID, Category{Code: c, ValidFrom: today, Source: source}); err != nil {
			return changed, err
		}
	}
	return changed, nil
}
