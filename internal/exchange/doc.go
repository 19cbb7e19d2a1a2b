// Package exchange joins those who lack something with those who have it (CO-2): needs and small wishes (微心愿), resources, and pledges to meet a need. "Residents
// order, the community places the order, members take it."
//
// A need is said by a resident on the public page (without an account, or through their own), entered by staff on behalf, or made from a case by one press; a need
// found on a visit is a case. Nothing of it is public before the community approves it, and then only what the community wrote: numbers that could identify somebody
// are masked (Mask), and the one who approves is told that there were some (Need.Flagged); until then what was said is sealed alone. Who asked, where exactly and their number are sealed.
//
// States of a need:
//
//	asked     the community is to approve it
//	open      public; somebody may pledge until its last day
//	taken     as many pledged as are wanted
//	delivered everybody who pledged has delivered; whoever asked is to say whether it is so
//	done      it ended, with its outcome: met, met in part, or nobody could
//	refused   with the reason, which whoever asked reads
//	withdrawn whoever asked does not need it any more
//
// States of a pledge: pledged, agreed (the community confirmed it: from now on both sides may see each other's contact), delivered, confirmed; or declined, withdrawn,
// given back. A pledge that stands takes one of the places that are wanted (Need.Taken), in the transaction in which it is made, so that two cannot take the last one.
//
// What a member helped (Help) is booked in the ledger when the delivery is confirmed: counter-signed where the one who asked is known by the register, says so with the
// code or through the account, and neither they, who entered the need nor whoever is logged in helped; vouched for otherwise, and where the community asked them by
// telephone. Who asked sees the hours before they confirm them. From there it stands on the slip of the quarter by itself. A correction takes the posting back
// and books anew. Nobody confirms their own help.
//
// A resource of an organisation that the community chose waits for its yes (Pledge.ForGiver, Give); before it neither side sees the other's contact.
//
// Who asked is shown to a helper when both sides agreed (Need.Told): the community to the pledge, and whoever asked to being shown, beforehand (Need.Share), by their code, or to the community
// by word of mouth (ShareBy, Share). Until then the community carries word.
//
// Somebody who gives a resource of their own and is no organisation is named to who keeps the resource alone; who asked reads "a neighbour" until the giver agreed to be named
// too (NameGiver).
//
// The leader of a team of volunteers pledges in its name (PledgeTeam); who leads it when it is delivered, or the community for them, names who came, and nobody's hours are
// counted in two names.
//
// A resource is offered by an organisation or somebody the community knows: free, for little, or paid; with an amount, of which pledges that use it take their part and
// give it back when they end. For a need, resources are proposed with the reasons (Match); people decide. Times of the week are read from words (i18n.ReadWeek) and
// count where both sides name some. What is listed (Resource.Listed) everybody reads of, without a number and without the name of somebody who is no organisation.
//
// Once a week what there is is shared out among all open needs (Propose): resources, volunteers who may be asked, and shared places (package venue) are one problem, of which package assignment covers as many
// needs as can be and spreads the load over those who give (docs/adr/0059). A proposal waits until somebody accepts it, and then it is a pledge, or says why it is not suitable (Pass), and then it is not made
// again for this need. A place is accepted by booking it: as long as the booking stands (ReserveTx), its owner has pledged.
//
// A need that was made from a case follows it: when the need is done the case gets the result, and who reported the case reads and rates it there.
//
// Hours of help that somebody redeems at the love bank are a need at once (RedeemTx), open, because what is public of it stands in the catalogue already. When it is over, the bank is told (Orders).
//
// Goods that a person gives of their own are booked in the ledger too, in pieces, when the delivery is confirmed; the love bank credits them.
//
// A need of which places stay free for UnmatchedDays, or while its last day is near, becomes a topic of the joint conference of its community by itself (RaiseUnmatched, every morning); staff may raise it earlier, and take
// the topic back, after which it is not raised by itself again.
//
// For a need that hands meet, volunteers are proposed too (MatchVolunteers; package volunteer has the files): who agreed to be contacted, by skill, time, community and kept duties, the
// reasons shown and no number. The community asks one (Pledge.Asked); a place is kept, and until they accept neither side sees the other's contact. Why somebody declined is for the
// community alone. A volunteer who is no member pledges and delivers as members do; the help stands in the ledger in the name of the person and of no member, as for shifts, and is
// voluntary service (docs/adr/0055).
//
// What who asked said of help, stars and words, is for who gave it alone (Echoes); who leads a team reads sums, and stars from three ratings on (TeamEchoes).
//
// A photograph or paper may be attached to a delivery until it is confirmed; none is ever needed. Staff's look at one is recorded.
//
// Permissions: PermSee (needs of communities in scope), PermEnter (on behalf), PermKeep (approve, agree, confirm, correct, end), PermReveal (who asked; each look is
// recorded and shown to them), PermResources (keep resources), PermOffer (see what is open, pledge and deliver for an organisation in scope), PermOwn (a member, for
// themselves; a resident who is known by the register, as a volunteer). Who holds the code sees the need and says whether it was met.
//
// Tables: need, need_pledge, need_help, need_entry, need_proposal, resource. It reads names and paths of organisations, names of members and of accounts, and, for what is
// proposed, volunteer, person, venue and venue_booking.
package exchange
