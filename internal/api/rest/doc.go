// Package rest is the frame of the JSON API: what every operation has in common, so that the concepts' files say only
// what is their own.
//
// A Kit registers operations on one http.ServeMux and describes them in an OpenAPI 3.1 document. Around each stand:
//   - who calls: an API token (Authorization: Bearer linli_…), or the session of the web pages for requests that come
//     from pages of this site (caller.go);
//   - how often: a limit by token or session (caller.go);
//   - once only: a write with an Idempotency-Key is carried out once and answered with the same answer for a day
//     (once.go);
//   - errors as RFC 9457 problem details in the caller's language, that never repeat a rejected value (problem.go,
//     validation.go);
//   - lists in keyset pages, with next and a Link header; records with their version as ETag (types.go).
//
// Table: idempotency, in which the residents' pages (package casework) keep the keys of their reports, too.
package rest
