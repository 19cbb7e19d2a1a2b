// Package project keeps projects (共建项目, CO-2's third list): the answer to one or several needs that one pledge cannot meet, with steps, resources, a budget and people.
//
// A Project belongs to a community (or sub-district) and is led by it or by a unit. It is drafted from a need by one press, without one, or as a copy of an earlier one with its steps
// and lines, the days moved. Partners are organisations that take part; each agrees for itself, and so does the community where a unit leads. What a partner agrees to is what it does and pays: its steps and its lines.
//
//	draft     with the community (and whoever leads it)
//	proposed  partners are asked; it runs by itself when the last of them has agreed
//	running   steps are done, expenses entered
//	finished  with what was reached; taken back within ReopenDays
//	stopped   with the reason
//
// What a partner agreed to changes by its new yes alone: such a Change waits, and until then what was agreed stands. Who leads adds and changes the rest at once. A partner that was
// not asked yet, or did not answer, agrees to what is there when it does (Edition).
//
// A Step is done by who is responsible for it, in words or by a record that was entered elsewhere: an activity, or a need of the project that was met. A picture is never asked for.
//
// A Line of the budget has a planned amount and whose money it is. Expenses are entered by who answers for the line; what exceeds it is warned of first and needs a reason. An expense
// that was wrong is reversed by an entry with the opposite amount. No money moves here.
//
// Needs, the resources that pledges for them use, people and hours at activities are read from where they were entered, and stored nowhere else.
//
// Who acts for an organisation holds the right at that very organisation (authz.Actor.Held): PermKeep for a community, PermUnit for a unit. For a unit of which nobody could act (no
// active account holds PermUnit there) the community does, and says who of the unit said so.
//
// What everybody reads (Public) are running and finished projects: title, community, partners, what for and how many steps are done; numbers that could lead to somebody are refused
// when they are written, and masked when they are read.
//
// Permissions: PermSee (projects of communities in scope), PermKeep (act for a community), PermUnit (see and act for an organisation one works for).
//
// Sealed: payees, and names of people who stand in no register. They go some time after the end (RetentionKinds). People and payees are read by the community and by partners that agreed.
//
// Tables: project, project_need, project_partner, project_step, project_line, project_expense, project_change, project_person, project_activity, project_entry. It reads organisations, members, teams,
// needs with pledges and resources, activities with attendance, programmes, and who may act (role, role_grant).
package project
