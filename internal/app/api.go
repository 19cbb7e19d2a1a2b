package app

import (
	"context"

	"linli/internal/api"
	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/waiting"
)

// APIKit is every operation of the JSON API; tests walk them. rate is requests a second for each caller: 0 for the
// usual limit, negative for none.
func (a *App) APIKit(version string, rate int) *rest.Kit {
	return api.NewKit(api.Services{
		Authn: a.Authn, Policy: a.Policy, Intake: a.Intake, Place: a.Place, Organisation: a.Organisation, Person: a.Person, Member: a.Member, Agreement: a.Agreement,
		Ledger: a.Ledger, Activity: a.Activity, Deed: a.Deed, Feedback: a.Feedback, Figure: a.Figure, Burden: a.Burden, Retention: a.Retention, Facts: a.Facts,
		Waiting: []func(context.Context, authz.Actor) ([]waiting.Item, error){a.Member.Waiting, a.Agreement.Waiting, a.Activity.Waiting, a.Deed.Waiting, a.Feedback.Waiting},
	}, api.Options{DB: a.DB, Authn: a.Authn, Ring: a.Ring, Log: a.Log, Version: version, Rate: rate})
}
