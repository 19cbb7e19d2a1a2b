// Package code holds the rules of the codes that people write down: resident ID numbers (CODE-1 to
// CODE-6), unified social credit codes (CODE-10 to CODE-14), division codes (CODE-20 to CODE-24), grid
// codes (GRD-3), telephone numbers, and the small code lists of sex, marriage, political status,
// schooling, degree, ethnic group and urban–rural class (CODE-23, CODE-30 to CODE-35).
//
// Every Parse function takes what a person typed or what a table held, makes the usual slips good
// (full-width characters, blanks, lower case, an apostrophe in front, a country prefix) and returns
// the normal form with at most one Problem: what is wrong and what to do, as texts of the catalogue.
// A Problem that is only a Warning comes with a usable value. No problem ever repeats the value, since
// most of these values are personal.
//
// The package is pure: no clock, no database, no state. Where a rule needs today's date, it is a
// parameter.
//
//	id, p := code.ParseResidentID(cell, today, code.IDRules{})
//	if p != nil {
//		return p.Err("id_number") // or p.Message, p.Advice for a row of an import report
//	}
//	birth, sex := calendar.On(id.Birth()), id.Sex() // proposals: what a person stated wins (CODE-4)
package code
