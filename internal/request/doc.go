// Package request keeps what offices above ask of communities and sub-districts (上级要表), so that the burden is seen and answered in one press.
//
// A request says who asks, on what ground, which fields (a blank form), of whom, how often and until when. A request without a stated ground is
// marked as such: national rules bar arbitrary forms. One without an end gets one (EndMonths), marked as set by the program.
//
// # States
//
//	open     occurrences fall due
//	paused   nothing falls due until it goes on
//	ended    nobody needs it any more, with the reason
//	expired  its last day has passed; the night's job sees to it
//
// An occurrence (Due) is one period of one organisation: far ahead, waiting, late or
// answered, as its day and its answer say. Occurrences are made a few weeks
// ahead, by the acts that change them and by the night's job.
//
// # Answers
//
// An answer is the form filled in for the place asked, by the program alone in one press, or completed by hand and handed in as a file. Either way
// it counts how many fields were asked, how many of them the program filled, and how long it took. A later answer of the same
// period replaces the one before, which is kept until its time is over. The form is filled as somebody sees who works at the organisation asked and
// nowhere else (authz.Actor.At). Sealed columns need a purpose and are recorded for each person; the answered file may be read by whoever
// answers there or keeps the request, and each reading is recorded with that purpose.
//
// Nothing is ranked and nobody is reminded by hand: those who answer see what waits, those who ask see what is answered.
//
// Tables: request, request_party, request_field, request_due, request_answer, request_change. Permissions: PermSee (requests that ask an
// organisation in scope, or are kept by one), PermRegister (at the organisation that keeps it, for those asked in scope), PermAnswer (for the
// organisations in scope).
package request
