// Package mediation keeps people's mediation (人民调解) of a community from the application to the last visit: MED-1 to MED-13, GRID-4.
//
// A Committee is the mediation committee of a community: three to nine members, women among them, elected for three years (MED-2). What is wrong with it is said
// (Faults) and blocks nothing, because what it mediated stays mediated. It is no joint body of organisations (package body) and no post of the Party (package
// appointment), so it is kept here.
//
// A Mediation is made from a dispute (package casework) in one press, or begins by application or by offer. It costs the parties nothing and binds nobody who
// does not agree (MED-1, MED-3, MED-5):
//
//	opened    the parties are asked whether they agree, and who is to mediate
//	running   all parties agreed and a mediator is named; from the last of these days there is one month, longer where all agree (MED-4)
//	drafted   the agreement is written; parties, mediator and seal are waited for (MED-9)
//	in_force  all of them are there, or an oral agreement was reached (MED-10); what was promised is followed up (MED-13)
//	performed all that was promised is done
//	unmet     it is not; the parties were told that the court is open to them; done late, it is performed
//	failed    no agreement; the parties were told the legal ways (MED-7)
//	refused   a party clearly refused (MED-1)
//	withdrawn the parties took it back, or settled it by themselves
//
// From the day of its effect the parties have thirty days to ask the court together to confirm the agreement, by the calendar (MED-11); where the law leaves no
// room for it, the reason is kept instead (Bar, MED-12). Acceptance is answered in 3 days, the matter decided in 15, at most 10 more.
//
// When mediation ends it finishes the case that it was made from in the same transaction, with the honest outcome: nobody writes it twice. A
// case that has gone to another organisation is not touched. Opened again, it can be mediated again. Performance and visits
// go on after that.
//
// It is confidential. A record is seen by its mediators and by the head of the committee, who hold PermServe at its community and are in the committee, and by who
// holds PermMediate at its community, not by right of standing above; who sees a record may act on it. PermSee shows numbers alone. Each look is recorded, and
// residents whom the register knows see it among the looks at their data. PermCommittee keeps committees in scope.
//
// The agreement as it was signed is kept as a scan beside the days of the signatures (Scan), and seen as the record is.
//
// What parties are called, what it is about, what was said and agreed is sealed. It goes after the period that the district sets; that there was a mediation, of
// which kind and how it ended, stays.
//
// Tables: mediation_committee, mediation_member, mediation, mediation_party, mediation_mediator, mediation_session, mediation_duty, mediation_visit,
// mediation_entry. It reads names and paths of organisations, accounts and what they are granted, items of the catalogue, and the number of its case.
package mediation
