package app

import (
	"context"

	"linli/internal/catalogue"
	"linli/internal/lovebank"
)

// bankDistricts are the districts of the installation, as the love bank knows them.
type bankDistricts struct{ *catalogue.Service }

func (b bankDistricts) all(ctx context.Context) ([]lovebank.District, error) {
	list, err := b.Districts(ctx)
	out := make([]lovebank.District, len(list))
	for i, t := range list {
		out[i] = lovebank.District{Tenant: t.Code, Name: t.Name}
	}
	return out, err
}
