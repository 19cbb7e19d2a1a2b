// Package notice tells people: by SMS, e-mail, WeCom (企业微信) and DingTalk (钉钉), behind one interface (Sender), from templates, with a log of what was sent.
//
// Whoever has something to tell calls SendTx, FollowTx or TellTx in the transaction of its own act: the message exists exactly if the act happened, and is sent
// afterwards (Deliver, package outbox). What is promised: a message is tried at least once, at most maxAttempts times. If the server dies after sending and before
// noting, the message goes once more with the same ID, and not a third time: it then stands as failed, for people to decide. A code for a log-in (CodeTx) lapses.
//
// What is told to whom are kinds (Kind). A district switches a kind off, and writes its own text for it (Template) with the placeholders that the kind offers. Texts
// carry a number, a code, a link, organisations, days and reasons from a list, never the words of a case (PRIV). Whoever left a number agreed to it first, says no by the link in each message or on the page
// of their case, and yes again the same way. At night what is not urgent waits; one number gets at most so many messages a day.
//
// Addresses are sealed, shown masked, and go after the retention period; the row stays for the count. The values of a message go when it was sent; the text is not kept.
//
// Staff choose how they are told once a day what waits for them (Choice): numbers of things, nobody's name. By the same channel they are told at once of what was pressed for or
// became overdue (StaffTx).
//
// A channel that is not set up (Settings) refuses: its messages stand as failed with that reason. In the demonstration Fake takes them all and shows them.
//
// Permissions: PermSee (the log), PermKeep (templates, switches, sending again). Tables: notice_contact, notice_refusal, notice_message, notice_template, notice_switch,
// notice_choice. It reads the status of accounts.
package notice
