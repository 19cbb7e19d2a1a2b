// Package person keeps the people of a district: residents with their households, categories and consents, and
// everybody else the platform knows as a person. A person is entered once; members, accounts and attendances point to
// the record.
//
// Sealed: ID number and phone. They are stored encrypted, found by blind index, shown masked, and opened one field at a time
// by Reveal, for a registered purpose, which is recorded where the person can read it (Looks). Opening somebody's page is
// recorded too, once a day (Opened).
//
// States follow from dates: living here, moved out (MovedOutOn), dead (DiedOn). Some time after somebody has left, the record is made
// anonymous (RetentionKinds): it is then found by nobody, and its number stays where sums need it.
//
// Date of birth and sex are proposed from the ID number; what a person stated wins, and a difference is flagged (CODE-4).
// Ethnic group and political status are kept only where a purpose of the register needs them (PRIV-3).
//
// Permissions: see (list and masked page), edit, import, export, reveal (open a sealed field), looks (print for somebody at
// the counter who looked at their data), consent, purpose (the register of purposes); and for one's own record see.own,
// looks.own, consent.own.
//
// How many people live in a dwelling is said at its door too (Occupants): where that differs from the register, somebody is to look. It is written over only by
// who has seen what is written there (Occupied).
//
// A record is in scope through its community. A person of no community (community 0) is known through membership only.
//
// Names are found by grams of one and two characters and by initials (person_gram); ID numbers and phones by exact match.
//
// Tables: person, person_gram, person_category, household, purpose, consent.
package person
