// Package outlet is the directory of the three-level service network (SRV-2): centres, stations, and the shops and services around, in the seven elements of life
// (DIG-12: 吃住行游购娱健), which residents search and use as they please. Nobody is recorded for reading it: the public pages ask nothing, and nothing of a reader is kept.
//
// An Outlet says where it is, when it is open, what it costs, whom to call, and which organisation recommends it and why. It is entered once at the desk or comes from a table
// (ImportKind), which can be repeated. Whoever keeps it says now and then that it is still so (Check); what nobody has checked for CheckMonths waits for them, and shows residents the day of the last check.
// One that is gone is ended, not deleted, and can come back.
//
// Hours are written as people write them, for weekdays and for weekends ("08:00-12:00 14:00-18:00"); what is open at an instant is found by the half hour (Entry.open) and shown to
// the minute (Outlet.OpenAt).
//
// Permissions: PermSee (the list at the desk, of communities in scope), PermKeep (enter, change, check, end in scope; bring in a table). The public list is open to everybody.
//
// Tables: outlet. It reads names and paths of organisations.
package outlet
