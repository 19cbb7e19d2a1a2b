// Package feedback writes the quarterly slip (MEM-5): after a quarter has ended, each community gives each unit one slip on the
// participation of the unit's members who are registered with it. Nobody types a figure: the slip is drafted from the ledger.
//
// A slip goes draft → sent → answered. Closing a quarter (Close, by job or by hand) makes the drafts. The community looks,
// adds remarks, and sends; sending reads the ledger once more, freezes the content as a version with a hash, and issues a paper
// with a verification code. The unit's liaison reads, prints and answers. A correction after sending makes a new version; the
// old one stays and its code says that a newer one exists. A member sees their own line and may ask for a correction; what is
// corrected is the record it comes from (a sign-in, a deed), and the slip follows.
//
// The yearly evaluation (Evaluations) takes its figures from the same postings; the community writes its opinion beside them.
// People are listed by name; nothing here ranks them.
//
// Tables: quarter_close, slip, slip_line, slip_version, correction, evaluation.
// Permissions: PermClose (district), PermReview (community: see, remark, send, decide corrections), PermSee (district, sub-district,
// unit), PermAnswer (the unit's liaison), PermSeeOwn and PermAskOwn (the member's own line), PermEvaluate (community).
package feedback
