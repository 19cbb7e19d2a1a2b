// Package region lets a city or a province see the figures of its districts (EVAL-8, docs/adr/0062).
//
// A city or province is a tenant of its own in the same installation; its code says so (GB/T 2260: 320900 is above 320902, 320000 above both). Nobody sees anything before a
// district's own keepers say so (SetShare): then the figures of the whole district go up, never records, never people, and small counts of people are hidden before they leave
// (figure.Outgoing). A district that ends it has what was sent removed there.
//
// Carry is the work that brings them, every few minutes and for each district: what is newer than what is there, in a transaction that touches the tenant above alone, so it
// works on a cluster too. Repeating it does nothing. The table grows with the number of districts, not with their residents.
//
// The city reads its own rows (Overview, Of): sums over the districts, shares from the sums of both parts, districts in the order of their codes. Where a district's count is
// hidden or has not come, the sum says so. Nothing is ranked. A figure that counts different people counts somebody twice who appears in two districts.
//
// Tables: region_share (at the district), region_period and region_value (above). Permissions: figure.PermSee in the whole tenant reads; figure.PermKeep in the whole
// tenant shares.
package region
