package app

import (
	"context"

	"linli/internal/catalogue"
	"linli/internal/lovebank"
	"linli/internal/region"
)

// bankDistricts are the districts of the installation, as the love bank knows them.
type bankDistricts struct{ *catalogue.Service }

func (b bankDistricts) all(ctx context.Context) ([]lovebank.District, error) {
	list, err := b.Serving(ctx)
	out := make([]lovebank.District, len(list))
	for i, t := range list {
		out[i] = lovebank.District{Tenant: t.Code, Name: t.Name}
	}
	return out, err
}

// regionTenants are all that the installation serves, as the levels above know them.
type regionTenants struct{ *catalogue.Service }

func (r regionTenants) all(ctx context.Context) ([]region.Tenant, error) {
	list, err := r.Districts(ctx)
	out := make([]region.Tenant, len(list))
	for i, t := range list {
		out[i] = region.Tenant{Code: t.Code, Name: t.Name}
	}
	return out, err
}
