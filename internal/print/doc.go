// Package print makes the papers of the platform as PDF: slips, certificates, forms, contact cards,
// agreements and lists, as an office would sign and hand them out.
//
// Each paper is a method of Printer that takes a plain struct and returns a typeset.Paper. The
// structs hold texts that are ready to be read (dates, hours and names of states already in the language
// of the paper); this package knows no other package of the field. Its own words are in
// i18n/print.go.
//
// The same struct gives the same bytes: time and number come in with Head, nothing is taken from
// the clock. So the digest of a paper can be kept and compared.
//
// Characters that no font has are printed as their number, 〔U+4DAE〕, and listed in Paper.Missing with the
// text they stand in, so that the caller can warn before a certificate goes out; see also
// Printer.Missing.
package print
