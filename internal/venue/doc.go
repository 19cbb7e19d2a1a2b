// Package venue lets organisations open their places to others, and others book them (CO-3): halls, meeting rooms, sports grounds, classrooms of schools, units and communities.
//
// A Venue has weekly hours (versioned by the day from which they hold), special days, and follows the working calendar: on public holidays it is closed unless it says
// otherwise. Opening is what follows from all three; the grid of a week (Grid) what follows from opening and the half hours that are taken.
//
// One time is never given twice: each half hour of a booking is a row of venue_slot, whose key is the place and the instant. It is written in the transaction that makes
// or moves the booking and removed in the one that releases it, so that the database itself refuses a second booking (docs/adr/0049).
//
// States of a booking:
//
//	asked     it is to be confirmed; its time is kept meanwhile
//	agreed    it is booked
//	in        somebody checked in: with the code at the door, or by a press of the owner
//	done      its time is over
//	refused   with the reason, which who booked reads
//	cancelled by either side
//	lapsed    its time began and nobody had answered
//	missed    its time is over and nobody checked in; the owner may correct it (Came)
//
// A booking is agreed at once unless the place confirms each, or the telephone or organisation missed MissedTimes bookings within missedDays: then this one is confirmed first
// (Booking.Often). It is no score, there is no list of people, and it ends by itself. Of a telephone only what was booked by staff or with
// one's own account counts, or after a place was used with it: a number that somebody typed on the public page says nothing of the one whose it is. Whoever types a number whose bookings were missed
// learns that theirs is confirmed first.
//
// Who books: staff and liaisons for organisations in scope, or for a resident (who gets a code); residents on the public page with a telephone, where the place is open to
// them (Audience). The code shows and cancels the booking, checks in at the door and rates.
//
// A booking may be made for a need that wants a place (Asking.NeedID): package exchange learns in the same transaction whether it stands (docs/adr/0059).
//
// Permissions: PermSee (bookings of places and of organisations in scope), PermBook (for organisations in scope), PermKeep (places of organisations in scope: keep them, confirm, check
// in), PermReveal (who booked, for a purpose; each look is recorded and stands among the steps that who booked reads). That a place is there, when it is open and when it is taken is public.
//
// Who booked calls off until the beginning, who keeps the place until the end.
//
// Tables: venue, venue_hours, venue_day, venue_booking, venue_slot, venue_entry. It keeps codes of forms that may be sent again in idempotency, sealed and for a day. It reads names and paths of organisations and names of accounts.
package venue
