// Package place keeps where things are: administrative divisions, and within a community its grids, quarters and buildings (GRID-1,
// GRID-2).
//
// A Division is a row of the published list, which the operator loads; its key is code and level, because a city without
// districts has a county-level row with the city's own code (CODE-20 to CODE-24). A division ends with a date and a successor; its code
// is never given to another place.
//
// A Grid belongs to exactly one community (GRD-2) and has a code of 15 digits, the community's twelve and a serial number (GRD-3), with
// one worker. A Quarter is a residential compound; a Building has its quarter, its grid and, where it is known, its position in
// micro-degrees (CGCS2000). Grids that end keep their code; when a community is merged or a part of it is split off, grids keep the codes
// they had (GRD-6), and new ones are numbered in the community to which they belong.
//
// Grids, quarters and buildings follow when a community is merged into another (Follow) or its grids go over to a new one
// (FollowGrids); the service fits organisation.Follower and organisation.GridFollower.
//
// Locate says in which community and grid a position lies, by the outlines, and by the nearest building where there is none.
//
// Permissions: see and edit, at the community; divisions are read by anyone with PermDivisions and imported with PermImport in
// the whole tenant.
//
// Tables: division, grid, quarter_area, building.
package place
