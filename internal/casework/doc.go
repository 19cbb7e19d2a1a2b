// Package casework carries one case from the first word to the rating: a window matter, a hotline service, a grid event, an opinion, a dispute, a need found on
// a visit (SRV-1, SRV-3, SRV-7, SRV-8, GRID-3, GRID-4, CASE). There is one engine; what differs between kinds is data (Kind).
//
// The resident says it once. A case has a number for people and a code for who reported it: with the code they follow it, add to it, and rate it, without an
// account. A staff member enters it on behalf of whoever came, called or wrote.
//
// States:
//
//	received   it lies with the organisation that answers for the place and the category
//	accepted   that organisation takes it on and decides who does it
//	dispatched another organisation is to do it, and has not signed for it
//	working    somebody is at it
//	done       a result is written; the one who reported it is asked
//	closed     confirmed and rated, by themselves, on a call, or without an answer; or not accepted
//	merged     it is the same as another case; who reported it follows that one
//
// Steps may be taken together: who takes a case that was received accepts it by the same press. A wrong assignment is returned within a working day, one that nobody signs
// for in time is taken back by who gave it out, and the clock does not stop for it (CASE-5). A case goes up to the organisation above, or down again. Others may be asked to handle it jointly; the result waits for
// them. The limit runs in working days by the calendar, urgent kinds in hours; it is extended once, by somebody else than who asked (CASE-4), and stands while
// a case is suspended. What is overdue is computed (CASE-7); the night's work tells the organisation above, once.
//
// The end is honest (Outcome): done, half done, outside our power, passed on, refused, each with words and the next address that the resident reads. What is
// outside an office's power is left out of its satisfaction, and can be put on the agenda of a meeting as it stands. A rating is asked, and given by the one who
// reported; no answer is counted apart (CASE-6).
//
// A category names its office (Route): a new case is given out to it by itself, or it is offered first. A kind has steps (KindStep), which a case takes over when it is
// taken on (CaseStep), and says who sees its cases (Visibility). Petitions have the limits and reviews of their regulation (CASE-9).
//
// Permissions: PermSee (cases in scope: those of places and of organisations), PermEnter (on behalf), PermDispatch (accept, refuse, dispatch, merge, join, call
// back), PermWork (sign, return, suspend, finish, ask for more time), PermApprove (grant more time to an organisation below), PermSupervise, PermReveal (who
// reported it; each look is recorded and shown to the resident), PermConfidential (cases of confidential kinds, of one's own organisations alone), PermKinds, PermRoute (which office answers for a category). An
// organisation that a complaint is about never sees who complained (CASE-8), and does not get the case.
//
// Whoever reports may add a few photographs, then and later; staff add photographs and scans when they enter a case, handle it and finish it. What came with the
// report belongs to the case, what came later to its step (CaseFile), and is seen by who reads that: open to whoever reported it, or internal. Each look is recorded.
// Who added a file by mistake removes it, as long as the case lasts. They go when the words go. A report that is sent twice with the same key makes one case.
//
// While somebody calls, a number shows what the actor may find by it (Caller), and what is being written down the open cases that it may be the same as (AlikeTo). A case
// that is entered into one of them (Report.Into) is merged into it from the beginning.
//
// Other systems of a city send cases in and read how far they are (Open311): Receive and PublicCases, with PermConnect. What a kind opens to them is part of the
// kind (Opening); nothing confidential, nothing about an organisation, no words, no photograph and nobody's name is public.
//
// From the titles of a district's own cases it learns by night which category a message may have (Learn), and proposes it with the words that decided (Propose);
// a person decides. Pictures (Flow, ByGrid, Points) count what is under way; the figures of package figure count what was done.
//
// Whoever reports may agree to be told (package notice) of each turn that the case takes (step.turn): in numbers, a code and a link, with reasons from a list (Hold). Staff are told at once of
// what is pressed for or overdue. Other systems learn states (package webhook) of what is not confidential.
//
// Tables: case_kind, service_case, case_entry, case_party, case_pause, case_step, case_route, case_words. Photographs are kept by attach, keys in idempotency. It reads catalogue_item and
// catalogue_class, who holds which role (role, role_grant), names and paths of organisations, buildings, grids, the names and status of accounts, and the files of its cases.
package casework
