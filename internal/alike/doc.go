// Package alike finds short Chinese texts that are alike: which earlier messages say the same as a new one (Index.Find), which
// messages are copies of each other (Copies), and what many people raise in a window of time, and where (Hot).
//
// It only proposes. What belongs together, whether two messages are one case, and what an issue is worth are decided by a person,
// who is shown the words because of which they were put side by side. Nothing is said about people: a sender is an opaque string
// that counts once, and is not given back.
//
// How it works: a message is the set of its pairs of neighbouring characters (package gram: numbers masked, punctuation apart), each
// with a weight that grows with how often the message has it and how rare it is among all messages; the title counts twice; the
// heaviest 150 stay. The likeness of two messages is the cosine of their weights, from 0 (no pair shared) to 1 (the same), corrected
// for their places where both are known. Messages are looked up by their rare pairs, so that most of them are never compared. A hot
// issue is a group round a middle, the mean of its messages: a message belongs to it that is near the middle, so no chain of
// messages can run from one matter into another.
//
// The package knows nothing of the field and keeps nothing: a caller gives plain messages and gets their IDs back. The same
// messages give the same answer.
package alike
