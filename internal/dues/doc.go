// Package dues keeps the Party dues of members (DUES-1 to DUES-15) and the political birthdays: the days on which members joined.
//
// A member's base is entered once, by the member or by who keeps the dues, with the first month it holds from; it is never changed, a later one is
// added (DUES-10). What is due for a month is worked out from the base by the rates of that month (Charge); nothing that follows is stored. A hardship
// reduction (Relief) is decided by the branch and approved one level up; it leaves a part of the charge, nothing, or the charge to be paid later.
//
// The ledger holds payments and the months they are for. It is added to only: a payment that was wrong is taken back by a counter-payment with the
// reason, and its receipt loses its force. Dues are paid month by month or for a quarter; arrears are paid for six months back, more must be
// confirmed. A voluntary payment of 1,000 yuan or more stands apart, with its own receipt (DUES-14). Six months in a row without a payment and without an
// approved reason make the member appear to the branch (DUES-12); no membership is ever changed here.
//
// Who sees what. Base and every single amount are sealed and shown to the member (PermOwn) and to who keeps the dues (PermKeep), each look with a purpose and
// shown to the member. PermKeep holds at the organisation where it was given and at what stands below a branch, committee or community there; never at what is
// only attached, and given to a sub-district or a district it reaches no branch. Everybody above (PermSee) sees counts and sums of branches: sums of
// months that are over, of at least three payers, by the month in which the payment was entered. Such a sum never changes again, so that no difference of
// two sums is a single payment. PermApprove approves hardship without seeing an amount.
//
// Dues go to the branch of the formal relation; of a floating member without one here, to the community where they are received (DUES-9). The register does
// not keep former branches: arrears are owed to the present one, payments stay with the branch that took them.
//
// Political birthdays (PermBirthdays) are read from the register; a press makes a visit (package activity) with the members on it (PermGreet), and the
// list shows that it was made.
//
// Tables: dues_base, dues_relief, dues_payment, dues_entry, dues_total, birthday_greeting. It reads members and organisations.
package dues
