// Package api is the JSON API under /api/v1: everything that the pages offer, for programs. Package rest is its frame;
// each file here holds the operations of one concept with the request and response types that are the API's own, so
// that the domain can change without breaking callers.
//
// Lists take the same filters as the pages. What is outside the caller's part of the organisation tree is not found.
// Sealed fields are masked; they are opened one at a time, for a purpose, and the look is recorded.
package api
