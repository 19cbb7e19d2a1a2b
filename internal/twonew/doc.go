// Package twonew keeps the census of new economic and new social organisations, the two-new organisations (ORG-5), the way of each to a Party
// organisation, and proposals for those that nothing covers yet (ORG-7).
//
// An organisation stands in the census with its credit code, trade, address, employees and the members known there. A wrong check character of the
// code only warns (CODE-12). One with the credit code of a unit of the register is that unit: it is entered with the unit's name and community, and with
// its branch if it has one. Nothing but the code links the two, so there are no doubles.
//
// # Steps
//
//	none → union | league → instructor | liaison → joint_branch → own_branch
//
// A step is dated, has its document, and may leave some out; going back is a step too (ended, to none). The step in force is the last by date. Its date
// and document may be corrected, and one entered by mistake is struck with a reason; both are recorded. A branch is an organisation: the step sets it up
// below the community (organisation.CreateTx), or names one that is there. Rules:
//
//   - an own branch needs three full members; probationary ones do not count (PARTY-1): refused
//   - a joint branch needs three full members together: refused. It normally covers at most five units (PARTY-3), and a branch has at most fifty members
//     (PARTY-2): more needs a reason, which is recorded. One with three full members of its own should have its own branch (PARTY-1): said
//   - an instructor or liaison is a full member of the community's register
//
// The numbers are settings of the district (Policies).
//
// # Proposals
//
// Proposals says for each organisation of a community without a branch what the rules allow next: an own branch; else a joint branch with others; else an
// instructor; else a union or the Youth League. Nothing of it is stored: it is worked out from the census and is the same for the same census.
//
// Joint branches are grouped by Joints (group.go): as many organisations as can be, then the least distance to the middle of each group, with a different
// trade counted as some more metres. Distance is measured between the organisations' positions; one without a position stands in the middle of its grid's
// buildings, and where that is not known either, two of one grid count as 300 m apart and two of different grids as 800 m. The method: groups are grown
// from the rim inwards, then windows of up to twelve neighbouring organisations are taken apart and put together again in the best way (exactly, by
// dynamic programming over subsets) until no window gets better. Tests hold it to an exact solver.
// A community of more than 200 is halved by place until its parts are smaller. See docs/adr/0027.
//
// Instructors are members of the community's register, those who are instructors first; each gets neighbouring organisations, and loads differ by one
// where they can.
//
// A person takes a proposal as it is or changes it. Accepting makes, in one transaction, the branch with its document, the steps of its organisations, the
// decision and its letter (package paper). The versions that the person saw go with it: what changed since is refused.
//
// Permissions: PermSee, PermKeep (census by hand), PermImport, PermDecide (steps and proposals; setting up a branch also needs organisation.found).
//
// Tables: two_new, two_new_step, two_new_decision.
package twonew
