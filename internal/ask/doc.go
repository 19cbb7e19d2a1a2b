// Package ask asks once: what a form needs and nobody has recorded becomes a short round of questions to those who can know — the grid
// worker, the unit's liaison, the resident — and the answer goes to the record, so that the next form is filled with it (DIG-10).
//
// A question is about one fact of one record. It is the same question whoever asks: while it is open, and for a while after somebody said
// that it cannot be known, nobody is asked it again. A fact that is worked out is asked for by what it is worked out from.
//
// # States
//
//	open      waits for an answer
//	answered  the answer is in the record
//	differs   the record says something else by now, or a form did: both are shown side by side, and whoever keeps the record settles it
//	settled   it was settled; the record says what is right
//	unknown   nobody knows
//	withdrawn nobody needs it any more
//
// Answers are written by the package that keeps the record (fact.Writer), with its checks, its permissions and its entries in the audit. A
// resident may answer about themselves without the permission to edit records; the act is recorded under their own name.
//
// Tables: question_round, question.
package ask
