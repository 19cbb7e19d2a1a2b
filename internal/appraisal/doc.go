// Package appraisal is the democratic appraisal of members (民主评议党员, PARTY-26, PARTY-40 to PARTY-47, MOB-4): one round per branch and year.
//
// A round goes through steps, one after the other and never back (PARTY-40); the branch closes each:
//
//	self     each member appraises themselves, from what the records know of their year
//	mutual   members write about each other; in a big branch within their Party group
//	ballot   the secret ballot, on phones and on paper
//	opinion  the committee or the meeting decides each grade, from votes and daily conduct side by side (PARTY-43)
//	told     the result is told; the member confirms having read it and may say what they think of it
//	closed   nothing changes any more; what was wrong is a dated correction with its reason
//
// Who takes part follows from the register on the day of opening: whoever's formal relation is with the branch or with a Party group below it.
// Full members vote and are graded. Probationary members appraise themselves and take part in the mutual appraisal, but have no vote (PARTY-32) and are
// given no grade, because the grades are those of full members and what becomes of a probationary member is decided when the year of probation ends. Whose
// rights are suspended (PARTY-32) the branch takes the vote from, with the reason: the register does not know it. Of a floating member whom the receiving
// organisation assesses (MOB-4) its name is entered: they are on no ballot, their grade is entered as it was reported, and their vote stays with the branch.
//
// # The secret ballot
//
// PARTY-44 and ELECT-20: the platform must not be able to link a ballot to a voter. So there are no ballots (ballot.go, docs/adr/0031). A vote adds one to
// a counter per member and choice, and sets the voter's mark, in one transaction. What could betray it otherwise:
//
//   - Time and order. Marks and counters have no time, no number, no order and no version; the round's version is not touched by a vote.
//   - Rows on disk. A vote rewrites every mark and every counter of the round, also those that do not change: which row was written last, or by which
//     transaction, says nothing about who chose what.
//   - The audit record. A vote is no entry of it: the mark is the whole record. That the ballot was opened, closed, counted or repeated is recorded, with sums.
//   - Logs, the burden ledger. The log of requests knows that somebody sent the form, as it knows of every form, and never what was in it. The form is not counted
//     by the burden ledger, because the number of answers changed would say something about a choice.
//   - Looking twice. The counters are shown to nobody before the ballot is closed, and a closed ballot is not opened again: it can only be repeated from the beginning.
//   - Few ballots. Where fewer than three ballots are about a member, or came on phones or on paper, no split is shown.
//   - What everybody chose. If all ballots agree, each is known. No secret ballot can help that.
//
// What remains: whoever holds the machine and keeps copies of the database, or the engine's log of writes, can compare the counters before and after one
// vote. Only people who count paper in an open box can be trusted without that; who fears it votes on paper, which the round allows for each member.
//
// # The year's record
//
// Record (record.go) is what a member did in a year, worked out from attendances, deeds, postings, contacts and promises (LIFE-3, MEM-8); each line names its
// record. Nobody enters any of it. Study (PARTY-46, PARTY-47) is presence at activities of the kinds study and party_day, and at meetings that count as a
// lecture or a theme day.
//
// Permissions: PermOpen opens rounds of branches in scope; PermKeep runs them and sees everything of them but who voted how; PermSee sees the counts;
// PermOwn is the member's. A member sees what is written about them, their grade and opinion, and never the votes.
//
// Tables: appraisal_round, appraisal_entry, appraisal_remark, appraisal_mark, appraisal_tally, appraisal_correction. It reads organisations, members, posts, meetings,
// activities, attendances, deeds, postings, contacts and promises.
package appraisal
