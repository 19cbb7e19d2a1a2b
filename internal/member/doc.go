// Package member keeps the Party members of a district: the three kinds (MEM-1), where each belongs, and how the community and
// the unit stay in touch with them (MEM-2, MEM-3, MEM-7, MEM-8, MEM-9).
//
// A member is a person (package person), entered once. Up to three organisations hold a member at once (ORG-4): the branch of
// the formal relation (HomeID), the unit that employs them (UnitID), and the community in which they are registered
// (CommunityID). Each of these sees the member; so does the member.
//
// An in-service or floating member comes to a community by a registration (VOL-1, VOL-2):
//
//	proposed   started by the unit, the member, or a worker at the counter; the community has to answer
//	accepted   the member's community is this one from that day on
//	returned   the community gave it back with a reason; it can be started anew
//	withdrawn  taken back before it was answered
//	ended      an accepted registration ended, or the member moved to another community
//
// A member has at most one registration that is proposed or accepted. A member of a community's own branch belongs to the
// community without one.
//
// A talk is between two members and stands on the record of both (PARTY-27); what a branch still lacks in a year follows from the contacts and
// from the posts of its committee, which another package says. PermTalk records talks.
//
// Around a member stand contacts (talks, visits, calls), promises (made, kept, not kept with the reason), reasons for not
// taking part, and moves of floating members with the last contact. The plaque is shown to the public only while the member
// wishes it. Certificates are papers (package paper) about a member; a certificate whose content is no longer that of the
// register says so.
//
// Permissions: see, edit, import, register (start for a unit's or branch's members), accept, contact (contacts, promises,
// reasons, floating), certificate; and for oneself see.own, register.own, promise.own, plaque.own.
//
// Tables: member, registration, contact, promise, absence_reason, floating_move. It reads the names of persons, organisations,
// grids and claims.
package member
