// Package appointment keeps who holds which post of an organisation, from when until when (ORG-8, PARTY-10 to PARTY-16).
//
// Which posts an organisation has follows from its kind: a Party organisation has a secretary, deputies and committee members, a Party group a
// leader, a residents' committee a director, deputies and members, everything else a head. Secretary, leader, director and head are sole: one
// person at a time; two at once are refused, also in the past. An appointment has a way (elected, appointed), where the holder comes from
// (origin), a document, and a term that may have an end. It is entered once, by whoever keeps the organisation's posts; it is ended with a
// reason, and struck only where it was entered by mistake.
//
// Everything else is derived: the roster of an organisation on any day, the structure of a group of holders (age, schooling, origin), one
// shoulder (一肩挑: the secretary of a community also directs its residents' committee), cross posts (交叉任职: somebody holds posts in the
// Party organisation and in the residents' committee), and what the rules advise (Advice): a post that nobody holds, a term near its end, a
// branch that has grown past its form or is too small for it. Rules advise; nothing is changed by itself.
//
// Of a merged organisation all posts end on the day of the merger (Follow).
//
// Permissions: PermSee (rosters and lists in scope), PermKeep (appoint, correct, end, strike).
//
// Tables: appointment. It reads persons, members and organisations.
package appointment
