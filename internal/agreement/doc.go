// Package agreement keeps the responsibility areas and posts that a community offers, and the claims by which members take
// them over (MEM-6).
//
// A responsibility has a kind (area or post), its duties, a place (grid, building) and a number of places (capacity). A claim
// is an agreement with frozen terms:
//
//	proposed   by the member, the unit's liaison or the community; both sides still have to sign
//	agreed     both sides have signed the same terms
//	declined   one side refused, with the reason
//	withdrawn  taken back by who proposed it, or because the member left the community
//	ended      an agreed claim ended, with the reason, or its time was over
//	renewed    a later claim took its place
//
// A signature is a name, a time and the SM3 digest of the terms that the signer saw; terms are never changed after the
// proposal. A side signs with its own log-in, or on paper, and then staff enters it with the reason.
//
// A proposed claim that is no renewal, and every agreed claim, holds a place; taken counts them and can never pass the
// capacity: the database refuses it, so that two who press at once cannot both have the last place. A renewal holds no place
// until it is agreed and takes over that of the claim it renews.
//
// An agreed claim is a paper (package paper) whose code verifies it.
//
// Permissions: offer (responsibilities), see, propose, sign (for the community), paper (enter a signature given on paper), end;
// and for oneself claim.own.
//
// Tables: responsibility, claim, signature. It reads the names of members, organisations, grids and buildings.
package agreement
