// Package bench measures the platform beside what its database could do at best. Every job is done twice in the same run, by
// turns: by the platform as it is, with scopes, checks, sealing and audit, and by a ceiling, a small program of bare net/http
// and the bare driver that does the same work on the same tables and indexes at the same durability and nothing else. What is
// reported is the ratio of the medians, which says the same on any machine; absolute figures do not.
//
// The district is invented and made through the services, in databases of its own that are gone afterwards.
//
//	bench.go     the jobs, their goals, the turns
//	district.go  the invented district
//	bare.go      the driver without the platform
//	intake.go    import of residents, and bare inserts of the same rows
//	serving.go   list page, single record and creation over HTTP, and bare handlers
//	closing.go   closing a quarter, and the bare sums
//	search.go    search by name, and a scan
//	storm.go     members who sign in at one activity, and bare rows
//	starting.go  from the start of a server until it serves
//	growth.go    the same acts among 20,000, 410,000 and three million residents
//	memory.go    resident memory of a server at rest
//	lend.go      a district for whoever starts a server on it
package bench
