// Package deed is the practical deeds that members do for residents (实事, MEM-6): twelve a year is the usual target.
//
// A deed is proposed by the member, by a worker on their behalf, or by an attendance of an activity that amounts to one. The community
// confirms it, which posts it into the ledger in the same transaction, or declines it with a reason. The member can withdraw what is
// not decided. A confirmed deed that was wrong is corrected or revoked with a reason: the ledger gets a counter-posting. The
// person helped can counter-sign with a code, which raises the grade of proof. A photograph is never asked for.
//
// Who may do what: PermProposeOwn proposes and withdraws one's own, PermPropose those of members in scope, PermDecide confirms, declines,
// corrects and revokes, PermCountersign hands codes to people helped, PermSee and PermSeeOwn read. A member cannot confirm their own
// deed even when they hold PermDecide.
//
// Tables: deed.
package deed
