// Package open311 serves Open311 GeoReport v2, the interface by which programs of other cities' makers send service requests in and read how far they are, under
// /open311/v2 and, for clients that cannot name a district, under /open311/{district}/v2. It is written on net/http alone: form encoding, two formats and errors
// in lists are not what the frame of the JSON API (package rest) is made for.
//
// A request of the specification is a case (package casework) and a service a category of the catalogue in a kind that the district has opened. An api_key is an
// API token of an account that may connect (casework.PermConnect). What is public is decided in casework; this package translates.
//
// docs/open311.md tells programmers what is answered; docs/adr/0037 why.
package open311
