// Package dataright keeps what somebody asks about their own data (PRIV-9, articles 44 to 50 of the law on personal information): to have a part of their record corrected or deleted,
// to have the use of their data restricted, or to have it explained. They ask through their own account, or at the counter.
//
// States: open -> granted | refused | withdrawn. Whoever grants a correction or a deletion carries it out by the same press, in one transaction; whoever refuses says why, and the
// answer names where to turn to (article 50). Nobody decides on their own request, nor on one that they took at the counter. A restriction or an explanation is an answer in words,
// which people carry out. The request lies with the community in which the person lives now. The law gives no number of days; AnswerDays working days are the district's promise.
//
// Looking at one's own data, and taking a copy, needs no request: both are there at once (package resident).
//
// Permissions: PermEnter (take a request at the counter), PermDecide; both in the scope of the person's community. One's own requests need an account that is linked with the record.
//
// What was said in a case goes with the case, by its own period (package casework).
//
// Table: data_request.
package dataright
