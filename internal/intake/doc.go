// Package intake brings tables that people already have into the platform: it reads the rows of a workbook or a CSV
// file, has them checked, and writes them all or not at all. It knows nothing of the field. What a table may hold and how
// its rows become records is a Kind, declared by the package that owns the records.
//
// The life of an import:
//
//	ready     the file was read, its columns were matched with those of the kind; nothing was checked yet
//	checked   a dry run went through all rows; nothing was written
//	waiting   a large import stands in the queue of background jobs
//	running   rows are being written, in one transaction
//	done      written; the counts say what happened
//	refused   rows had to be mended and the person did not choose to take the good ones; nothing was written
//	failed    the file could not be read to its end; nothing was written
//
// Rules that hold for every kind:
//
//   - all or nothing per file, unless the person chooses to take the good rows; then the others can be downloaded as a
//     workbook with what is wrong and what to do
//   - repeatable without doubles: importing the same file again changes nothing
//   - two rows of one file with the same key are refused with both row numbers
//   - no query per row: Plan and Write see chunks of rows
//   - every record written carries the import's ID; the audit record holds the file's digest and the counts
//   - values are masked in the report; the file itself is kept sealed, and only until it is done with
//
// Reading, checking and sealing run on other cores than writing (see run.go), so that an import comes near the speed of
// the bare inserts.
//
// Tables: import, import_problem, file.
package intake
