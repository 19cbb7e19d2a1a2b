// Package fact is the catalogue of everything the platform can know about a person, a household, a building and so on
// (DIG-10, GRID-2): what it is called on the forms of offices, what type it has, how sensitive it is, which package owns it, and
// how it is read for one row or for a hundred thousand.
//
// Each package of the field says in its facts.go what it knows, as a Source: the rows of its subjects, the facts in its tables
// (Table), facts that take more than a column (Reader), facts worked out from others (Derived), and the ways from one subject to
// another (Link) or to several (Part). Package app puts the sources together (New). A fact is read where it is kept; the
// catalogue holds no values but those of a district's own facts.
//
// # Using the catalogue
//
//	ed, err := catalogue.Edition(ctx, actor.Tenant)      // with the district's own facts and what people taught it
//	for _, c := range ed.Lookup(fact.Person, "公民身份号码") { … }  // candidates, best first; c.Grade says how sure
//	v, err := catalogue.Read(ctx, actor, fact.Ask{Subject: fact.Person, IDs: ids, Refs: refs, Day: day})
//	v.At(row, ref)                                       // a Value: Known or not, canonical text, as of when
//	ed.Show(ref, value, lang)                            // as people read it: the label of a code, yes or no
//	catalogue.Teach(ctx, actor, fact.Person, label, ref) // what a person corrected is known from then on
//
// A Ref names a fact as seen from a row: "person.born_on" on a person's own row, "household/head/person.name" over two links. All
// that can be said about a row is in Reach. Blocks of rows within a form about one thing (the people of a household) are found with
// Parts and ReadPart, and then read as rows of their own subject.
//
// # What a value says
//
// Unknown is never "no". A yes or no that follows from a list (is on the minimum living allowance) is "no" only where the
// district has declared that list complete, for records that stood there on that day (DeclareComplete). What the actor may not see
// is unknown. A sealed value that is not opened is Hidden and shows its mask. With an Opening it is opened where the actor may, for
// a purpose that covers it, and each person's opening is recorded before Read returns.
//
// Canonical text: dates YYYY-MM-DD, numbers decimal without separators, yes and no "1" and "0", choices their code.
//
// # A district's own facts
//
// OwnFact is a fact that a district defines: typed, about one subject, for a purpose, until a day. Its values stand beside the record,
// dated and with their source; a newer one supersedes, nothing is overwritten. They are in the catalogue like any other.
//
// Tables: own_fact, own_value, fact_label, fact_register.
package fact
