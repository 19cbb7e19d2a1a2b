package catalogue

import (
	"context"
	"slices"
	"time"

	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
)

// Tenant is a district that uses the platform, for residents to choose.
type Tenant struct {
	Code int64
	Name string
}

// known are the districts as they stood at an instant.
type known struct {
	at   time.Time
	list []Tenant
}

// fresh is how long the list of districts is believed: another process may have made one.
const fresh = time.Second

// Districts gives the districts that the installation serves, as they stood within the last second: every page of residents asks. It is public; the caller does not
// change the list.
func (s *Service) Districts(ctx context.Context) ([]Tenant, error) {
	if k := s.known.Load(); k != nil && time.Since(k.at) < fresh {
		return k.list, nil
	}
	k := &known{at: time.Now()}
	var err error
	if k.list, err = districts(ctx, s.db); err != nil {
		return nil, err
	}
	s.known.Store(k)
	return k.list, nil
}

// Serving gives the districts whose residents the installation serves: a city or province that only looks at them is none of them. It is public; the caller does not change the list.
func (s *Service) Serving(ctx context.Context) ([]Tenant, error) {
	all, err := s.Districts(ctx)
	above := func(t Tenant) bool {
		return slices.ContainsFunc(all, func(o Tenant) bool { return code.Above(t.Code, o.Code) })
	}
	if !slices.ContainsFunc(all, above) {
		return all, err
	}
	return slices.DeleteFunc(slices.Clone(all), above), err
}

// Founded says that a district was made in this process.
func (s *Service) Founded() { s.known.Store(nil) }

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
