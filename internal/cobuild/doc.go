// Package cobuild keeps co-building agreements (共建协议, CO-1) between a community or sub-district and organisations: what each promised, what became of it, and the
// programmes (CO-4, CO-5) under which it was done.
//
// An agreement is drafted by the community or by a unit, and lies with its drafter until it is sent across. Then either side changes it: each change is kept with its text before
// and after and who made it, and takes back the signatures that were given, so that everybody signs the same text. When the last party has signed it is agreed.
//
//	draft      with who began it
//	talks      sent across; either side changes or signs
//	agreed     all have signed. To come, in force, over (past its day) or ended (before it) follow from its days
//	withdrawn  given up before all had signed; one that was never sent across stays with its drafter
//
// It ends by its day, by agreement of both sides, or by one side with the reason; what was due after its last day is dropped. It is renewed by one press: a draft with the same
// items, moved to the next period, which all parties see and may take on, for there is one at a time. Until it is sent across the end still waits.
//
// The tasks of an item are worked out by Dues from its first day and how often it is due, and written when the last party signs: from then on neither the text nor the days
// change, and a task has a number of its own for which files, links and figures can be kept (docs/adr/0051). Who promised a task does it: in words, or by a record that was entered
// elsewhere (an activity with people of the unit, a need that the unit met, a meeting to which it was invited; of what a unit promised also the use of its shared place,
// a visit by its helper, a step of a project). The other side confirms, or says what is missing.
//
// By an agreement of twins, of a contact point or of double posts each side names its Persons: a member, an account, or somebody by name, with a post (Posts) and where they serve. A post is over with its day or the
// agreement, ends with a reason or with the record of the member (EndedTx), and is marked where somebody does not belong to the side any more; what they did at their host is read from where it was entered (Doing). Who
// still serves goes on by the agreement that renews it.
//
// Who acts for a party holds the right at that very organisation (authz.Actor.Held), not above it: nobody signs for an organisation because it stands below theirs or in their
// community. Every act names the party for whom it is done. A unit of which nobody can sign (no active account holds PermSign there) signs on paper, and the community enters that and
// afterwards says and confirms for it (PermSign), each time with who of the unit said so, kept as an act of its own. As soon as somebody of the unit can, only they do.
//
// Permissions: PermSee (agreements of communities in scope), PermKeep (act for a community), PermUnit (see and act for an organisation one works for), PermSign (sign and end for
// it), PermReveal (name and number of a contact person; each look is recorded), PermProgrammes (keep programmes; posts where it is held at the district), PermOwn (one's own posts). A draft is seen by its drafter alone,
// unless it renews.
//
// Sealed: name and number of the contact persons, names of persons that were typed, and words of the end of a post. The names and words are read by those who act for a party, and nobody else reads those of persons; of contact persons anybody else looks at name and number for a purpose (Reveal). They go some time after the end (RetentionKinds).
//
// Tables: cobuild, cobuild_party, cobuild_item, cobuild_task, cobuild_entry, cobuild_person, cobuild_posts, programme. It reads names and paths of organisations, names of accounts, who may sign (role,
// role_grant), and, for what fulfils a
// task, activity, attendance, need, need_pledge, need_help, meeting, meeting_recipient, venue, venue_booking, pairing_pair, pairing_visit, project and project_step.
package cobuild
