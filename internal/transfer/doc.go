// Package transfer moves the formal relation of a member from one branch to another (组织关系转接; MOB-7, MOB-8, ORG-4, MEM-7).
//
// Three directions: inside the district from branch to branch; out of it, to an organisation that is named in words; into it, with a letter from
// outside. The national system is not asked (MOB-10).
//
// # States
//
//	requested     asked for by the member or started by the branch; the sending side decides
//	approved_out  the sending side agrees; a letter can be issued
//	in_transit    the letter is issued and valid; the member reports to the receiving side with it
//	received      the receiving side took the member in: the receipt. Only now the relation moves
//	returned      the receiving side gave it back, never without a reason
//	expired       in transit with a letter past its validity: worked out by day, not stored, so nothing changes by itself
//	refused       the sending side refused, with a reason
//	withdrawn     taken back: before approval by whoever may ask for it, afterwards by the sending side with a reason
//
// A letter from outside begins in transit. From expired a new letter leads back to in_transit; what is expired waits for people on the sending side (of a
// letter from outside: on the receiving side, which asks for a new one).
//
// A member belongs to exactly one branch at any time: the receipt moves the relation in its own transaction (Members.MoveHomeTx), until then the sender is
// responsible. A person has at most one open transfer (requested, approved_out, in_transit; an index holds it). While it is open nothing else moves the
// relation. The receipt of a transfer out of the district ends the member's record; that of one into it makes or completes the record.
//
// The letter (介绍信) and the receipt (回执) are papers (package paper) with number and verification code. A letter issued anew takes the one before out of
// force. A letter is valid for at most Days days (MOB-7).
//
// When a branch is merged, open transfers follow it (Follow); one that would lead to where the member then is is withdrawn. A branch with an open transfer
// is not dissolved (organisation.held).
//
// # Who
//
// Both sides see a transfer, and so does the member; nobody else. Of either side also those above it, by scope.
//
//	PermSee      see those from or to an organisation in scope
//	PermStart    start for members of branches in scope, note letters from outside, withdraw what is not approved yet
//	PermDecide   the sending side: approve, refuse, issue, take back; the receiving side: receive, return
//	PermAskOwn   ask for oneself, see it, withdraw it while it is not approved
//
// Tables: transfer, transfer_step. It reads members, persons, organisations and moves of floating members.
package transfer
