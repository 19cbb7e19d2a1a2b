// Package outbox sends what was written into a table in the transaction of the act that causes it: notices to people (package notice) and events to other
// systems (package webhook). It knows how a row is taken, tried again and given up, and nothing of what is sent (docs/adr/0042).
//
// A row stands in the sender's own table with these columns:
//
//	state        waiting → sending → sent | failed | dropped; back to waiting after an attempt that may be repeated
//	due_at       not before this instant
//	attempts     how often it was taken
//	unsure       how often whoever took it vanished before saying what came of it
//	leased_until until when it is somebody's
//	reason       why it was not sent, in short
//	done_at      when it was sent, failed or dropped
//
// What is promised: a row that was committed is tried at least once. Nobody else takes it while a lease runs. If the server dies between sending and noting, the
// lease runs out and the row is taken again, with unsure counted up, so that the owner decides how often it may be repeated: what is sent carries the row's ID, by
// which a receiver drops a double. So something may arrive twice after a crash, and never for ever.
package outbox
