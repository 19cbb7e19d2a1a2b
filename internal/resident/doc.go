// Package resident is a resident's own account: they show that a telephone is in their hands by a code that is sent to it, and see their cases, what is kept about them and who
// looked at it. There is no password. Nobody needs an account to report, follow and rate.
//
// A telephone says nothing about who somebody is: a number is shared in a family, and given to somebody else some months after it was given up. So an account shows
// what was reported with the telephone since it is known to be in the same hands (HeldDays before it was first used, and no longer than that since it was last
// used); and it shows a record of the register only to who has also given its name and the end of its ID number, or a slip that the counter gave them after they had shown
// who they are. Whoever takes over a telephone begins anew.
//
// What somebody may do with an account is kept to their own (Session.Actor); it holds no role, and a telephone opens no account of staff.
//
// Codes: six digits, for some minutes, five tries, a minute between two, so many a day. They, cookies and slips are stored as blind indexes and digests only.
//
// Permission: PermSlip (give a slip at the counter, in the scope of the person).
//
// Tables: resident_account, resident_code, resident_session, resident_slip.
package resident
