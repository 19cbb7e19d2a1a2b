// Package tabular reads and writes the tables that people have: Excel workbooks as Excel, WPS and LibreOffice
// save them, and CSV files in UTF-8, UTF-16 or GB18030, separated by commas, semicolons or tabs, plain or
// gzipped. What a file is, is decided by its content, never by its name.
//
// Open finds the header (below title lines, over one to three rows) and streams the rows; nothing but the
// current row is held. Match says which column of the file is which Column of ours. A row carries the number
// under which a person sees it in a spreadsheet, and whatever is wrong with a row is told as a Problem: row,
// column, the value masked where it is sealed, what is wrong, what to do.
//
//	t, err := tabular.Open(name, file, size, tabular.Options{Columns: cols})
//	if err != nil {
//		return err // Invalid, in plain words: half a file, old .xls, password, …
//	}
//	defer t.Close()
//	m := t.Match()
//	if err := m.Err(); err != nil {
//		return err
//	}
//	name := m.Index("name")
//	for {
//		row, err := t.Next()
//		if err == io.EOF {
//			break
//		}
//		…
//		row.At(name)
//	}
//
// Files are hostile until proven otherwise: there are limits on unpacked size, rows, columns and the size of a
// cell, and everything beyond them is refused with a clear message. Nothing is ever evaluated: of a formula the
// value that was saved with it is read.
//
// Writing goes the same way: WriteXLSX and WriteCSV stream rows, write every text as text (so that codes and
// telephone numbers survive) and disarm what a spreadsheet would take for a formula. Template makes the file to
// fill in, WriteRejected the file to mend.
package tabular
