// Package volunteer is voluntary service (SRV-10, VOL-3 to VOL-7): files of volunteers, teams of nine kinds, shifts with substitutes, hours, clearances, insurance, certificates,
// and clubs of residents.
//
// A Volunteer is a person of the register with one file that has not ended, opened by themselves (PermOwn) or at the desk (PermManage). Skills and times are codes. To be
// contacted and to be named in public are two consents; the second is never taken for granted (VOL-7). A file ends with a reason, and with it memberships and shifts to come.
//
// A Team has a leader, who is a volunteer of it and keeps its shifts and members by that alone. A membership is
//
//	asked    by the volunteer, or
//	invited  by the team
//	in       confirmed by the other side
//	ended    left, or not wanted
//
// A Shift is open, then ticked, or cancelled. Its places are taken one by one by an update that finds no place where it is full; nobody stands in two shifts at one time. Who
// stands in it may name a substitute from the team: until they accept, the first stays responsible. A dangerous shift takes nobody who is not insured for its day, through
// the team or by themselves (VOL-6); one that asks for a clearance takes who holds a valid one until its last day. Where a clearance or an
// insurance is struck, whoever may not stand in a shift to come any more is called off; so is everybody when a shift is cancelled or its team ends. They read it on their page until
// the time is over or they say that they know. Until a shift is ticked, who keeps the team puts in who came without having signed up. Who leads a team is asked to tick others only;
// the desk ticks the leader.
//
// Hours are never typed twice. Ticking who was there posts minutes into the ledger with the source shift, in the name of the person and of no member: service for which a member
// reported for duty (VOL-3) is a different account, and neither adds to the other (docs/adr/0055). Whoever was there does not tick themselves. A tick that was wrong is ticked
// again: the ledger gets a counter-posting.
//
// A Certificate (VOL-4, VOL-5) is free and given at once, at the desk or to oneself. It keeps what it says, and what its code shows says as well whether the ledger has changed
// since. Thanks are words to one volunteer. Nothing here lists people in the order of their hours.
//
// What training somebody did is read from activities of the kind "training" that they attended. A team, or a shift, may ask for one by words of its title: whoever did not do it is warned, and so is who keeps
// the team; nobody is refused. That a clearance ends is told to the volunteer as well (Remind, who agreed to be contacted; Waiting, on their own page). What was said of help is package exchange's (Echoes).
//
// A file follows the person: the desk where they live now takes it over by entering them. After its end its hours and certificates are still given to the person and the desk.
//
// Opening a file at the desk, and the desk's list, are looks that the person sees (Purpose), as are the people of a team and of a shift for who keeps
// them. Colleagues are not recorded: people of one team who are asked to stand in know each other, and what is read is a name and nothing else.
// What a file says goes a while after its end (PRIV-7); hours stay in the ledger.
//
// Permissions: PermManage (files, teams, clubs of communities in scope), PermSee (counts and teams), PermOwn (one's own file, and what one leads).
//
// Tables: volunteer, volunteer_team, volunteer_membership, volunteer_shift, volunteer_signup, volunteer_cover, volunteer_clearance, volunteer_thanks, volunteer_certificate, club,
// club_member, club_activity. It reads names and masks of persons, attendance at trainings, postings with the titles of their sources, members, activities and organisations.
package volunteer
