package catalogue

import (
	"context"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
)

// Tenant is a district that uses the platform, for residents to choose.
type Tenant struct {
	Code int64
	Name string
}

// Districts gives the districts that the installation serves. It is public.
func (s *Service) Districts(ctx context.Context) ([]Tenant, error) { return districts(ctx, s.db) }

// Shelf is a class of a list with the number of items in it that residents may ask for.
type Shelf struct{ Class }

// Shelves gives the classes in which there is something for residents. It is public; an unknown tenant has none.
func (s *Service) Shelves(ctx context.Context, tenant int64) ([]Shelf, error) {
	return shelves(ctx, s.db, tenant)
}

// Public gives a page of the items that residents may ask for. It is public; an unknown tenant has none.
func (s *Service) Public(ctx context.Context, tenant int64, f Filter) (db.List[Row], error) {
	f.Public, f.Show = true, ShowUsed
	return list(ctx, s.db, tenant, f)
}

// PublicItem opens an item that residents may ask for; any other is not found.
func (s *Service) PublicItem(ctx context.Context, tenant int64, item id.ID) (Row, error) {
	r, err := findRow(ctx, s.db, tenant, item)
	if err == nil && (!r.Item.Public || r.Retired) {
		return Row{}, errs.ErrNotFound
	}
	return r, err
}
