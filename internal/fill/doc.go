// Package fill recognises the forms that offices send — workbooks with title lines, headers over several rows, notes at the bottom, cards
// about one person — and fills them in from what is known, in the same file with its layout kept.
//
// # How a form is understood
//
// A sheet is looked at as a person sees it: blocks of text, merged areas, frames (sheet.go). From these come tables with their headers and
// fields with the place of their value (layout.go). Each label is looked up in the catalogue of facts (column.go), with the groups it
// stands in and the person of whom the labels before it spoke: the date of birth after 父亲姓名 is the father's. What a sheet is about is
// what most of its labels can be said of (plan.go). Codes and dates are written as the form wants them (style.go, value.go): by what its
// labels say, its notes, and what stands in the column already.
//
// # What is never done
//
// Nothing is guessed. A label that fits two facts, a likely one, one that speaks of somebody else, is offered to a person and stays
// blank; what they say is remembered (fact.Catalogue.Teach). A row of a half-filled list is found by ID number, or by name together with
// the community or what else stands in the row (rows.go); where several fit, a person chooses. A cell that holds something, a formula or a
// hidden sheet stays as it is; a value that differs from the record is reported. What is not known is marked.
//
// Everything is read through the catalogue within the actor's scope; sealed facts need a purpose and are recorded for each person.
package fill
