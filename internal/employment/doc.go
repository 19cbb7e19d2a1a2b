// Package employment brings people who seek work and the work that units offer together, and sees whether they stay (SRV-5, SRV-9).
//
// A Seeker is a person of the register, once at a time; nobody is registered who did not agree:
//
//	seeking    until work is found
//	employed   with a Result, once for each spell
//	withdrawn  with a reason
//
// A Job is offered by a unit (PermUnit) or entered at the station (PermManage), and public once the station let it through: asked, open, refused, closed. What limits who may
// apply by sex, origin, marriage or health is refused (Employment Promotion Law, Articles 26 to 31); what speaks of deposits and fees (Labour Contract Law, Article 9) or of an
// age is shown to the station, which answers for it. A job is closed by the hire that takes its last place, and offered no longer after its last day.
//
// A Match is a seeker and a job brought together, with the reasons in words: proposed, accepted or declined by the seeker, then interview, hired or passed by the unit. Only
// who accepted is named to the unit. Jobs for a seeker come in the order of how much of the wish they meet; seekers for a job in the order in which they have waited: people
// are not ranked. Whoever is hired has a Result by the same press; it is asked after 3 and 6 months whether they are still there.
//
// A Certificate entitles somebody in a difficulty that the rules name (SRV-5); it is printed with a code of package paper, and each use of it is entered by whoever took it. The
// last use is given once. Fairs and training are activities; an Event says which.
//
// Skills, words, telephones, employers and notes are sealed. Looks at a seeker are recorded with the purpose Purpose, and the person sees them. Others have counts (PermSee). Who it
// was goes a while after the end (PRIV-7). Tables: employment_seeker, employment_job, employment_match, employment_result, employment_certificate, employment_use, employment_event.
// It reads names of persons and organisations, and activities with who came.
package employment
