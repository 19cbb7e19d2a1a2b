// Package policy keeps the numbers that a district may set: limits, targets, switches. Each is declared once, in the package
// whose rule it is, as a Value with its default, its bounds and the source of the default; what a tenant sets is dated, so that
// a decision of last year can still be worked out with last year's number (GEN-2, GEN-3).
//
//	var HoursPerYear = policy.Value{Name: "ledger.hours_per_year", Title: i18n.PolicyHoursPerYear, Default: 16, Max: 1000, Source: "MEM-6"}
//	hours, err := HoursPerYear.On(ctx, tx, tenant, day)
//
// A switch is a Value with Max 1. The composition root gives all declared values to New, so that the settings page shows them.
// Table: policy. Setting a value needs PermSet in the whole tenant.
package policy
