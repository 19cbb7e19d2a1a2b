// Package counselling keeps one-to-one counselling of residents confidential (SRV-6): the weekly hours of a counsellor, in which people book without an account, the
// conversations, the follow-up at home, and the counts that everybody else sees. Lectures are activities (package activity).
//
// A Post is a counsellor's week at a place. Free times (Slots) follow from it, the working calendar, and what is booked. Whoever books gives a name by which they want
// to be called and a telephone, and takes a code away: it shows and cancels their appointments, and never what was said.
//
// A File is somebody who is counselled, and its Sessions are appointments and conversations:
//
//	planned    agreed, at a time that nobody else has
//	held       it took place; the counsellor wrote a note
//	missed     nobody came
//	cancelled  by either side
//
// A file is open, or ended with a reason; an ended one is taken up again. It goes to another counsellor only as the person agreed (HandOn); who had it then reads it no
// more.
//
// Who reads what: names, telephones and notes are sealed; they are opened for the counsellor of the file alone, whatever rights somebody else has, and each opening is
// recorded. The person reads their own notes through their own account, once they have shown who they are and linked the file by a second code, which the counsellor gave
// them face to face (NewLink, Keep, OwnFiles). That somebody
// is counselled at all is not told to anybody: entries of the audit name the file, not the person. Others see counts (Count), in which fewer than Fewest people are not
// shown, nor what would give them away.
//
// Permissions: PermServe (one's own files), PermKeep (posts of organisations in scope; files by the person's code, to hand them on), PermCount (counts of organisations in scope).
//
// Files go a while after their end (PRIV-7). Tables: counselling_post, counselling_hours, counselling_file, counselling_session. It reads names and paths of organisations
// and the names, status, grants and roles of accounts.
package counselling
