// Package activity is what a community organises and who was there (LIFE-1, MEM-6): plan, publish, enrol, sign in and out, work out
// the hours, correct.
//
// An activity is draft, then published, then held from the first sign-in, then closed; or cancelled with a reason. Each has a kind; a
// kind says whether hours are credited, which deed (if any) taking part amounts to, and what else is asked on signing in.
//
// Enrolment never exceeds the capacity: those who come later stand on the waiting list and move up by themselves.
//
// Presence is entered once, as an attendance: signed in and out by a rotating code on the screen at the place (by the member, by staff
// on behalf, or by a guest with name and phone), or entered later by the organiser with a reason. Minutes, hours in the ledger, the
// proposed deed, overlaps and long days follow from it. Each attendance carries its grade of proof (package ledger). Photographs
// and tracks are never asked for; who ran an activity or took part may add photographs (package attach), and nothing depends on them. An attendance that was wrong is corrected or voided with a reason: the ledger gets
// counter-postings, the audit keeps the old values.
//
// The code is text like L1.<tenant>.<activity>.<window>.<mac>: an HMAC over the activity's secret and the 30-second window. The
// window of now and the one before are accepted. Beside it stand eight digits for those who cannot scan.
//
// What belongs to something else, such as a meeting, can also be held by an organisation that is no community (HoldTx): presence is taken by the
// same code, no hours and no deeds come of it, and the book in which a member's hours stand is never that of the organisation.
//
// Who may do what: PermPlan plans, changes, publishes, cancels and copies; PermHold shows the code, enters, corrects, joins guests and
// closes; PermHost does so at activities of one's own organisation alone; PermEnrol enrols others; PermCountersign hands codes to people helped; PermKinds keeps the kinds. PermSee shows drafts and
// attendances of communities and units in scope; PermBrowse every activity of the tenant that is no draft; the .own
// permissions are a member's.
//
// An activity may be part of a theme programme (package cobuild keeps them), whose page lists it.
//
// Tables: activity_kind, activity, enrolment, attendance. It reads names of programmes.
package activity
