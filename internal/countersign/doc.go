// Package countersign lets the person who was helped confirm hours or a deed. A worker gives them a code of six digits, on their
// phone or on paper; whoever did the service asks them for it and enters it, or they enter it themselves. The right code raises
// the grade of proof from vouched to counter-signed; the package that owns the subject does that.
//
// Only a keyed digest of a code is kept. A code belongs to one subject, lasts some days, allows few wrong tries, is used once, and
// a new one for the same subject ends the one before. The worker who hands the code out never is the one who is counter-signed: the
// owning package asks for a permission that members do not hold.
//
// Table: countersign.
package countersign
