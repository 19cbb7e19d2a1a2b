// Package ledger keeps the members' accounts of service: hours, in minutes, and practical deeds, in pieces (MEM-6).
//
// A posting names the source it comes from (an attendance, a deed, a help for a need) and the grade of its proof. Nobody enters a number here: the
// source's own package posts in the transaction in which the source comes about, so that the book and its sources cannot part.
// A posting is never edited and never removed. What was wrong is reversed by a counter-posting of the opposite amount, with a
// reason, on the day and in the quarter of the original, and the right amount is posted anew. A posting is reversed at most
// once, a counter-posting never, and one source has at most one standing posting in an account (VOL-8).
//
// A figure is the sum of its postings: Total and List take the same Filter, and so do the pages. Lists of people stand in
// the order of their names; there is no other order and no rank.
//
// Voluntary service in shifts (SourceShift), and help for a need by a volunteer who is no member (SourceHelp), stands in the same book in the name of the person and of no member, so
// that it never adds to what members did for duty (VOL-3): lists, totals and sums of members leave it out, and package volunteer reads it (docs/adr/0055).
//
// Who sees what: PermSee shows the postings of members registered with a community or employed by a unit in scope, PermSeeOwn
// one's own. When communities merge, Follow hands their books to the successor; amounts and days stay.
//
// Tables: posting. It reads the names of members, organisations, activities, deeds and needs.
package ledger
