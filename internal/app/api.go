package app

import (
	"linli/internal/api"
	"linli/internal/api/rest"
)

// APIKit is every operation of the JSON API; tests walk them. rate is requests a second for each caller: 0 for the
// usual limit, negative for none.
func (a *App) APIKit(version string, rate int) *rest.Kit {
	return api.NewKit(api.Services{
		Authn: a.Authn, Policy: a.Policy, Intake: a.Intake, Place: a.Place, Organisation: a.Organisation, Person: a.Person, Member: a.Member, Agreement: a.Agreement, Appointment: a.Appointment,
		Ledger: a.Ledger, Activity: a.Activity, Deed: a.Deed, Countersign: a.Countersign, Feedback: a.Feedback, Figure: a.Figure, Assess: a.Assess, Burden: a.Burden, Retention: a.Retention, Facts: a.Facts,
		Holiday: a.Holiday, Ask: a.Ask, Table: a.Table, Request: a.Request, Body: a.Body, Meeting: a.Meeting, TwoNew: a.TwoNew, Waiting: a.waiting(), CheckAudit: a.CheckAudit,
	}, api.Options{DB: a.DB, Authn: a.Authn, Ring: a.Ring, Log: a.Log, Version: version, Rate: rate})
}
