// Package organisation keeps the organisations of a district and how they stand to each other (ORG-1, ORG-4).
//
// An organisation is a Party organisation of any level, a system's committee, a stationed unit, a residents' committee
// or a service station (Kind). It stands in dated, typed relations:
//
//   - leadership, from the subordinate to its superior: one at a time; today's is repeated in parent_id and, as the whole
//     line from the top, in path, so that "everything below" is one index range;
//   - area, from a stationed unit to the community in which it lies: one at a time; today's is repeated in community_id.
//     A unit thus belongs to its own system and to the community at once (dual management, ORG-4);
//   - merged_into, split_from: what became of an organisation.
//
// Whatever changes an organisation's name, standing or existence is an act with its date of effect and its document: found,
// rename, re-parent, merge, split, dissolve, attach, detach. Nothing is deleted: AsOf draws the chart of any day. A date of
// effect may lie in the past, but not before the last change that it would contradict, and not in the future. Intervals are
// half open: valid_to is the first day on which it no longer holds; an empty valid_from means "as far back as we know".
//
// A merged organisation moves, in path and parent_id, below the one that took it in: who answers for the successor answers
// for the records of its predecessors, and Subtree needs no second look. Everything that hangs on it follows (Follower).
// An organisation with anything still attached cannot be dissolved.
//
// Permissions: see (rows in scope), find (the directory of names of the whole district, for choosing and for the chart),
// found (set up below an organisation in scope), edit, change (the acts), attach, contact (open the sealed phone number),
// import.
//
// Tables: organisation, organisation_gram, organisation_relation, organisation_name, organisation_act.
package organisation
