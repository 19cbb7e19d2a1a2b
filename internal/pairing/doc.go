// Package pairing sees to it that a household in hardship has a helper who comes, and that none is forgotten (CO-6, SRV-4).
//
// A Household belongs to a community and names whom one speaks with, a person of the register:
//
//	waiting  nobody helps yet
//	paired   at least one helper
//	ended    with a reason
//
// A Pair is a household and its helper from a day on: a member, an account of staff or a unit. Nobody is paired who did not agree (Consent). A household has Items of a
// plan and Visits, which the helper enters.
//
// Who reads what: the situation, the plan and the notes are sealed; they are opened for whoever manages pairing at the community (PermManage), and for a helper as long as
// they help this household (PermOwn for a member, PermHelp for an account, PermUnit for a unit). Each opening is recorded as a look at the person's data with the purpose
// Purpose, and the person sees it. Everybody else has counts (PermSee).
//
// What a household lacks becomes a need of the three lists, on the visit or later (Ask), in words of its own: what was noted stays sealed. The community approves it; whose it is reads who may read the household
// (ReadsNeed), and how it ends stands on the page of the household.
//
// What was said goes a while after the end (PRIV-7); that a household was helped stays counted. Tables: pairing_household, pairing_pair, pairing_item, pairing_visit. It reads
// names of persons, addresses of households, members, needs made of visits, and names and paths of organisations.
package pairing
