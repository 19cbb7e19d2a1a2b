// Package lovebank is the love bank (爱心银行, DIG-8): a bank of time and goods. Who gives hours of voluntary service gets hearts, and redeems them for goods or help that
// others gave. Hearts are a thank-you and no money (VOL-8): nobody is ranked or compared by them, and no list has them in its order.
//
// The books are double entry. An account has a unit: hearts, or pieces of one item. A journal is one act; its lines sum to zero in every unit, which is checked where the
// only way to write them is (post), and no line is removed or changed but in what is left of it as a lot: what was wrong is countered by another journal. Each journal names its kind and its source, and one
// source has one journal of a kind. The balance of an account is kept with its lines in one transaction; that of a person, a fund or a stock is never below zero.
//
// Accounts in hearts: of a person; of a community's bank: the gift fund (fund), what is ordered and not handed over (held), handed over (redeemed), expired; and what stands
// on the other side of hearts that come into being: service given (issued), service taken back after it was redeemed (written_off), moved between communities (between).
// Accounts in pieces, of each item: what was given (supply, the other side), stock, ordered (reserved), handed over (given).
//
// Goods that a person gives for a need are a posting of the ledger too, in pieces, and are credited by the district's value for a piece, with a ceiling for one delivery.
//
// Hours of help in the catalogue are not collected: the order makes a need of package exchange in its transaction (RedeemTx), and the need tells the bank what came of it (NeedOverTx): the order is
// handed over, or hearts and stock return. Both open to each other.
//
// Hearts go to an account in another district where both districts agreed (Propose, Agree, Leave): Send moves them into the clearing account with that district, and Carry brings them there and keeps what
// became of them. Carry is the one place that touches another tenant (docs/adr/0057).
//
// Service is credited by a job that reads what is new in the ledger, not by the ledger: signing out of a big activity must not queue up for the balance of the community's
// bank (docs/adr/0048). Only voluntary service counts (VOL-3): shifts of volunteers and help with a need always, attendance of members who did not report for duty (双报到), and theirs only where the
// district says so. What the ledger takes back is taken out of what it credited, and other service is left alone; what was spent of it already is written off and not claimed from
// the person. What returns of that later, from an order or a gift, pays what was written off first, and so does service that is booked again for the same source: it counts once.
//
// An account belongs to the bank of the community where its owner is a member, or lives: whoever moves takes it along (Settle), number, balance and the days of what is in it. What goes from one bank to
// another goes through the accounts between, so each balances by itself; what was issued, written off or ordered in the old one ends there.
//
// Soft limits (Policies) ask again before somebody redeems, gives, grants or offers more in a month than is usual. Nothing is refused, and that it was warned of stands with the act.
//
// Help that was redeemed costs what came of it: what did not come returns when the order is handed over (NeedOverTx), and what a later correction takes away then (NeedCorrectedTx).
//
// An account is opened by the person, or by the community for somebody who asks for it at the counter, and closed whenever they like; what is left goes to the gift fund.
//
// States of an order: ordered (it takes from the stock), then handed over with the code that the person shows, cancelled, or lapsed by the night's job; what was cancelled
// or lapsed gives hearts and stock back, with their days, later by those that the order stood. Whoever ordered for somebody at the counter does not hand it over as well. States of a donation of a firm: offered, then accepted (an item with its stock), declined or withdrawn.
//
// What comes into a person's account is a lot with its last day; the one that expires first is spent first, and what is given on keeps its day.
//
// Permissions: PermSee (books, catalogue, orders of communities in scope; looking into a person's account is recorded), PermKeep (catalogue, stock, hand over, grants,
// corrections, accounts at the counter), PermOffer (donations of an organisation in scope), PermOwn (one's own account; a resident's too, who has shown who they are), PermAccord (agreements with other districts, of the whole district).
//
// Tables: bank_account, bank_journal, bank_line, bank_draw, bank_item, bank_order, bank_donation, bank_accord, bank_transfer. It reads postings of the ledger, names of persons and organisations, members, needs of orders.
package lovebank
