// Package jobs does work in the background: queued work, and work that is due at certain times (docs/adr/0003).
//
// A job is enqueued in the transaction of the act that causes it, so that it exists exactly if the act happened. A worker takes
// a job by a lease; if its server dies, the lease runs out and another takes over, so a job may run more than once and its handler
// must bear that. A failed job is tried again after growing pauses, at most MaxAttempts times, and then stands as failed where the one
// who started it sees it. A job with a unique key stands in the queue once only. Progress (done, of total, a message) is visible to
// the account that started the job.
//
// Schedules are asked every few seconds what is due; they enqueue with a unique key per period, so that several servers do
// not do the same work twice. Jobs act as authz.System("reason"), or for the account that started them.
//
// States: waiting -> running -> done | failed; waiting again after a failed attempt. Table: job.
package jobs
