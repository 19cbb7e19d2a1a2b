// Package db opens the database and gives every other package the same few means to use it:
// transactions, reads, arguments, keyset pages and the classes of driver errors.
//
// One SQL text runs on SQLite (embedded, the default) and PostgreSQL, and on Citus distributed by
// tenant_id. Statements are written with $1, $2, … ; for SQLite they are rewritten to ?1, ?2, … and
// kept prepared. The rules of the common text:
//
//   - every key, join, lock and condition carries tenant_id; a query in parentheses that refers to an outer row takes it from there
//   - instants are BIGINT UTC microseconds (Micros, Instant), days are TEXT 'YYYY-MM-DD'
//   - "none" is 0 or ” in a NOT NULL column, never NULL: both engines then agree on comparison and order
//   - TEXT sorts by code point: on PostgreSQL the migrations add COLLATE "C"
//   - time and chance are parameters (tx.Now, id.New), never now() or random()
//   - lists are paged by key (Page, Args.Keyset), never by OFFSET, but for the numbered pages that Open311 clients ask for, within a bound
//
// Writes go through WithTx. On SQLite, concurrent transactions are queued for one writer connection
// and share one durable commit, each in a savepoint of its own (group commit). On PostgreSQL each is a
// serializable transaction that is retried when the database asks for it; so the function given to WithTx
// may run more than once and must touch nothing but the database.
//
// What takes long and only reads (roll-ups, figures, exports) reads with a context of ForReport, at a replica where there is one.
package db
