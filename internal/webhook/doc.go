// Package webhook tells other systems what happens: CloudEvents 1.0 as structured JSON, signed as Standard Webhooks, sent by HTTPS (docs/webhooks.md).
//
// A district adds receivers (Subscription): an address, the types of event, the organisation whose part they are told of, and a secret that is shown once. An event
// holds numbers, states, kinds and communities; never a name, a word, a telephone number or an address. Nothing of confidential cases is an event.
//
// Whoever has an event calls SendTx in the transaction of its own act (package outbox): for each receiver it concerns one row (Delivery) is written, or none where
// there are no receivers. Deliver sends them: what is about one subject in its order, so that nothing overtakes what failed before it; again after growing pauses for
// three days. What could not be delivered by then stops the receiver, which waits for people (WaitStopped); going on, it begins where it stopped. A receiver may get
// an event twice, and drops the second by its ID, which is that of the entry it is about.
//
// An address on this machine, in a private network or link-local is refused when the connection is made, whatever its name says (Guard), unless the operator allows
// the host.
//
// States of a subscription: active, paused (by people), stopped (after failures), ended. Permission: PermManage, in the part of the tree for which the receiver is.
// Tables: webhook_subscription, webhook_delivery. It reads names and paths of organisations.
package webhook
