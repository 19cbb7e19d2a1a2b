// Package workplan keeps the plans of organisations for a year, their review item by item by the organisation above (过堂, LIFE-6), and what became
// of each item.
//
// A plan belongs to one organisation and one year:
//
//	draft      being written; items are taken over from the year before, or from the plan of the organisation above
//	submitted  handed in to the organisation above; nobody changes its items
//	returned   given back: some items are to be changed; each of them is changed or answered before the plan can be handed in again
//	accepted   agreed on; its items are followed through the year. It can be given back for a change in mid-year
//
// Whoever handed a plan in does not decide on it.
//
// An item has a day by which it is done. It is open, done, or given up with a reason. An item that names a figure (package figure) and a target is
// measured: its progress is read from the records, and it is done when the target is reached. Nobody reports on it. Other items are followed by
// short entries.
//
// Permissions: PermSee (plans of organisations in scope), PermKeep (write, hand in, follow), PermReview (decide, for plans that were handed in to an
// organisation in scope).
//
// Tables: workplan, workplan_item, workplan_review, workplan_entry. It reads the names of organisations and accounts.
package workplan
