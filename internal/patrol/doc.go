// Package patrol takes in what a grid worker sends from a round (GRID-3, SRV-7): an event found on the ground, a visit with the needs found on it, and how many
// people live behind a door. Events and needs become cases (casework), the number goes into the household (person), in the same transaction: nothing is
// entered twice.
//
// The phone keeps what it could not send and sends it later, again if no answer came. So each entry has a key that the phone made: an entry that comes again
// under its key gets the answer of the first, whoever else has done what meanwhile, for as long as entries are kept. A key belongs to an account: nobody sends
// for somebody else.
//
// What cannot be done is said of that one entry and leaves nothing behind, so that the phone can keep it, let it be corrected and send it under the same key:
// fields that are wrong (Invalid), or that somebody else changed the household meanwhile (Conflict, with what is there now).
//
// The clock of the phone says when something happened, and decides nothing: see casework.SaidWithin. The worker's own way is not recorded. A position is part of
// an event only where the worker pressed the button for it.
//
// What is said at a door about the register (Check: right as it stands, somebody moved in or out, died, a telephone, how the dwelling is used, the address) is written into it
// at once where the worker may change it, under the day at the door, and waits for the community where not (Decide). The names of who is registered are shown, and taken along,
// for the worker's own grids alone (Indoors); each look is recorded for the residents. See docs/adr/0061.
//
// Permissions: PermEnter, and those of what is done: casework.PermEnter, person.PermEdit, place.PermSee. Notes of visits to a household are read by who sees the
// household (PermSee), and each look is recorded.
//
// Tables: patrol_entry, household_check. It reads the names of accounts, buildings and grids, addresses and use of
// households, and names and states of persons.
package patrol
