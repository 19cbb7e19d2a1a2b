// Package table keeps the tables that people put together themselves: rows of one subject of the catalogue of facts, kept to those that
// meet some conditions, and columns in an order and a form of their own. A table holds no values: it is read when somebody looks at it,
// within what they may see (DIG-10).
//
// # Sharing
//
// A table belongs to the account that made it. It can be shared with an organisation: whoever has PermUse there, or at something below it,
// sees and uses it — with their own scope, never the owner's — and may copy it. Only the owner changes it. A removed table can be brought
// back for thirty days, and is deleted then.
//
// # Values
//
// Unknown is shown as unknown, never as no. Sealed columns are masked; an export opens them for a purpose, and each person's opening is
// recorded before the file is handed out. A column whose fact is not in the catalogue any more stays and says so; a condition on such a fact
// stops the table, because leaving it out would show rows that were not meant.
//
// # Files
//
// A table of some thousand rows is written while it is read, a page of rows at a time. A larger one, and every edition of a schedule, is made
// by a background job (Run): its rows are kept, sealed, until a day, and each format is written from them when it is asked for. An edition
// is made under the rights that the owner has on its day, and compared with the one before: rows added, gone and changed. If the owner may
// not see such rows any more the edition fails, where the owner and those who watch the background work see it. What an API token asks for is
// made with no more than the token's permissions. A kept file says with which rights it was made (Sight): an account that has lost one of
// them, or a token that has fewer, does not get it.
//
//	waiting -> done | failed
//
// Tables: saved_table, table_schedule, table_run.
package table
