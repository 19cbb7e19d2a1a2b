// Package body keeps joint bodies (ORG-3): the joint conference of a community, the guidance and the coordination committee of a sub-district, the
// joint Party committee, the residents' congress, the deliberation council.
//
// A body is led by one organisation. Its seats are held by organisations, each with a representative: a member of the register or a name, with a
// role, from a day to a day; a seat that ends stays as history. A body that is not made up as its kind should be (Check: a joint Party committee has
// 15 to 17 members, one secretary, five deputies) is warned of, never refused.
//
// Rules of procedure are texts in editions. Whoever answers for an organisation with a seat says that they have read the latest one; who has
// not is seen.
//
// Files may belong to an edition; whoever sees the body sees them.
//
// Who may do what: PermKeep, at the organisation that leads, sets bodies up, changes and ends them, fills seats and writes rules. PermSee shows the
// bodies that organisations in scope lead or sit in, and says that rules were read.
//
// Tables: body, body_seat, body_rules, body_reading.
package body
