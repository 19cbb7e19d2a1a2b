// Package meeting plans, holds and follows meetings (LIFE-1, LIFE-2): of a Party organisation, and of a joint body (package body).
//
// A kind of meeting says how often who owes it (PARTY-20 to PARTY-28); kinds are data, a district adds its own. What is due or overdue follows
// from the records alone, for every period by the calendar of China (PARTY-29): whoever stood on the first day of a month, quarter or half, or on
// 1 July for a year, owes the meeting of that period, unless it was dissolved within it. Where a kind needs members or a committee (seven full
// members, PARTY-10) and there are none, it is not owed: "not applicable" is not "missing". Nobody reports anything.
//
// A meeting is planned, then held or cancelled. Its notice goes to the members of the branch, or to the organisations with a seat in the body,
// who answer it. Its agenda is made of topics that organisations raise. Presence is entered once, by the sign-in of an activity (package
// activity) to which the meeting gives rise; the quorum of a members' meeting (PARTY-30: half of the full members) follows from it, and without
// it neither a resolution nor the meeting counts. A meeting of the committee needs half of those who hold its posts on the day (PARTY-21). Minutes are written in the page; every revision stays, and a text that meets a newer one is kept
// beside it. A resolution gives tasks to organisations; the next meeting opens with those that are not done.
//
// A meeting that was held is passed on below (LIFE-5): one press makes a meeting there with what was decided on its agenda; who has been reached is
// seen from the meetings that pass it on.
//
// Who may do what: PermPlan, at the organisation that holds the meeting, plans, notifies, writes and decides. PermRaise, for an organisation in
// scope, raises topics, answers notices and reports on tasks. PermSee shows the meetings of organisations in scope and of bodies in which they
// sit; PermOwn is a member's. PermKinds keeps the kinds.
//
// Files may lie at a meeting (file.go); whoever sees it sees them, and nothing depends on them.
//
// Calendar programs read meetings at a secret address (feed.go), of which only a hash is kept.
//
// Tables: meeting_kind, meeting_kind_holder, meeting, meeting_duty, meeting_recipient, meeting_minutes, meeting_topic, meeting_resolution,
// meeting_task, meeting_progress, calendar_feed.
package meeting
