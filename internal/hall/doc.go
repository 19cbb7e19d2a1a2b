// Package hall runs the service halls of sub-districts and communities: from a number to the case (SRV-1).
//
// A Hall belongs to an organisation, has hours for the week (public holidays are off, weekends that are worked have Monday's hours), and counters. A Counter
// serves one or several windows of the catalogue ("one post, many duties"). It may be that of an office: a case that is entered there goes to the office at once, where its kind lets it. Whoever sits down at it opens it, pauses it with a word, and closes it; that is
// known while they sit there and not kept.
//
// A Ticket is taken at a terminal, on one's own phone, or by the reception, without saying who one is. It has a number of its window and day (A001) and a code
// that opens its page:
//
//	waiting in the queue
//	called  to a counter, up to MaxCalls times
//	serving they are there
//	done    with a case, or only asked, with the matter
//	absent  nobody came after MaxCalls calls; who comes back waits again, behind the next BackBehind
//	left    they do not wait any more
//	expired the day was over
//
// A ticket that is passed to another window keeps its turn. The order is fair (Order): who is old, ill or with child goes first, never more than Run in a row
// while others wait. Two counters that call at once never get the same ticket. The estimated wait (Estimate) comes from the median of what serving really took
// at that window, who is ahead, and the counters that are open.
//
// The worker makes the case from the ticket (EnterCase) in one transaction, so that each shows the other. A case can be taken over for somebody who cannot come
// (TakeOver): who runs it, how the person agreed, and which papers were taken in and given back.
//
// Figures count tickets by window and day, never by worker. Tickets go after two years (PRIV-7).
//
// Permissions: PermSee (halls of organisations in scope, their tickets and figures), PermManage (set up), PermServe (sit at a counter, give numbers),
// PermTakeOver (run cases in scope for somebody, see the list). Who holds a ticket's code sees where it stands and may leave; what terminals and screens show
// is public.
//
// Tables: hall, hall_hours, hall_counter, hall_counter_window, hall_ticket, hall_ticket_entry, case_takeover, case_paper. It reads names and paths of organisations,
// catalogue_class and catalogue_item, the names of accounts, and of service_case its number, title, state and limit.
package hall
