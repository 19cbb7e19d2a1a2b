// Package app puts the program together: it opens the database and the keys, builds the services, tells them of each other, and
// serves pages, API and background work until it is told to stop.
//
//	app.go      App: Open, Close
//	services.go which services there are and how they are connected
//	roles.go    the standard roles: every permission of every package stands in one of them
//	tenant.go   a new tenant with everything it starts with
//	work.go     background work: handlers, schedules
//	serve.go    listeners, health, shutdown
//	verify.go   the invariants of all packages
package app
