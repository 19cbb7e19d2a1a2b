// Package load acts as a district's day. People come at times of their own, whether the server is quick or not (an open loop), so that waiting is not hidden:
// what is measured begins when somebody wanted something. Staff read and work, members look and sign in, residents report, liaisons read. First comes a quiet
// time at the expected peak, then a busy one at several times that; in the busy one something may be broken: the server killed, the disk filled or slowed, or
// whatever a command of the operator's breaks. Whoever is turned away then tries again with the same key, as a browser's queue does. At the end every write that
// was acknowledged is looked for, exactly once, and the whole database is verified.
//
//	load.go    a run from its start to its report
//	day.go     who comes, and how often: the derivation of the peak
//	visit.go   what they do, as requests
//	world.go   the district, its accounts and sessions
//	server.go  the server, a process of its own
//	run.go     arrivals, answers, trying again
//	fault.go   what is broken meanwhile
//	check.go   what was acknowledged, and what is there
//	report.go  what is told at the end
package load
