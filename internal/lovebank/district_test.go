package lovebank_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/lovebank"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// side is one of two districts in one database.
type side struct {
	*bank
	tenant int64
	head   authz.Actor // speaks for the district
	people []authz.Actor
}

// twoDistricts are both districts over one service, as in one installation.
func twoDistricts(w *bank) (a, b *side) {
	ring := seal.Ephemeral()
	needs := exchange.New(w.d, ring, w.book, ledger.Register{}, nil, nil, nil)
	w.s = lovebank.New(w.d, ring, needs).WithDistricts(func(context.Context) ([]lovebank.District, error) {
		return []lovebank.District{{Tenant: testkit.Tenant, Name: "临江区"}, {Tenant: testkit.Other, Name: "青云区"}}, nil
	})
	make := func(tenant int64, name string) *side {
		rows := testkit.NewRows(w.t, w.d, tenant)
		community := rows.Organisation("community_party", name)
		s := &side{bank: w, tenant: tenant, head: testkit.Actor(tenant, nil, lovebank.PermSee, lovebank.PermKeep, lovebank.PermAccord)}
		for i := range 2 {
			p := rows.Person(community, fmt.Sprint(name, i), "")
			s.people = append(s.people, testkit.Own(tenant, p, lovebank.PermOwn))
			_, err := w.s.Open(ctx, s.people[i])
			w.ok(err)
		}
		return s
	}
	return make(testkit.Tenant, "江边社区"), make(testkit.Other, "云上社区")
}

func (s *side) book(i int) lovebank.Book {
	s.t.Helper()
	b, err := s.s.Own(ctx, s.people[i])
	s.ok(err)
	return b
}

// earns gives somebody hearts of service: ten an hour.
func (s *side) earns(i int, hours int64) {
	s.t.Helper()
	s.ok(s.d.WithTx(ctx, func(tx *db.Tx) error {
		_, err := ledger.New(s.d).PostTx(ctx, tx, authz.System(s.tenant, "test"), ledger.Posting{Account: ledger.Hours, PersonID: s.people[i].PersonID, CommunityID: s.book(i).CommunityID, OnDate: s.today(), Amount: hours * 60, Proof: ledger.Timed, SourceKind: ledger.SourceShift, SourceID: id.New()})
		return err
	}))
	s.ok(s.s.SyncAll(ctx, s.tenant))
}

func (s *side) carry() { s.t.Helper(); s.ok(s.s.Carry(ctx, s.tenant)) }

func (s *side) accord(want lovebank.AccordState) lovebank.Accord {
	s.t.Helper()
	list, err := s.s.Accords(ctx, s.head)
	s.ok(err)
	if len(list) == 0 || list[0].State != want {
		s.t.Fatalf("%d has the agreements %+v, want one that is %s", s.tenant, list, want)
	}
	return list[0]
}

// agreed makes an agreement of both.
func agreed(a, b *side, ceiling int64) {
	a.t.Helper()
	_, err := a.s.Propose(ctx, a.head, b.tenant, ceiling)
	a.ok(err)
	a.carry()
	o := b.accord(lovebank.ToAnswer)
	b.ok(b.s.Agree(ctx, b.head, o.ID, o.Version))
	b.carry()
	a.accord(lovebank.InForce)
}

// clears gives the balance of the clearing accounts of a district, and checks its books.
func (s *side) clears() int64 {
	s.t.Helper()
	t, err := s.s.Trial(ctx, s.head, 0)
	s.ok(err)
	if t.SumHearts.Balance() != 0 || t.SumGoods.Balance() != 0 {
		s.t.Fatalf("the books of %d do not balance: %+v", s.tenant, t.SumHearts)
	}
	faults, err := s.s.Verify(ctx, s.d, s.tenant)
	s.ok(err)
	if len(faults) > 0 {
		s.t.Fatalf("faults in the books of %d: %v", s.tenant, faults)
	}
	n, err := db.Value[int64](ctx, s.d, `SELECT CAST(coalesce(sum(a.balance), 0) AS BIGINT) FROM bank_account a WHERE a.tenant_id = $1 AND a.district <> 0`, s.tenant)
	s.ok(err)
	return n
}

// Both districts have to agree; then hearts arrive with their days, once, however often the work runs; what is not taken there returns with the reason; and each side ends it.
func TestHeartsGoToAnotherDistrictByAgreementOfBoth(t *testing.T) {
	each(t, func(w *bank) {
		a, b := twoDistricts(w)
		a.earns(0, 10)
		b.earns(0, 1)
		send := func(no string, n int64) error {
			return a.s.Send(ctx, a.people[0], lovebank.Sending{District: b.tenant, No: no, Amount: n})
		}
		w.refused(send(b.book(0).No, 10), errs.Invalid)
		_, err := a.s.Propose(ctx, w.worker, b.tenant, 60)
		w.refused(err, errs.Forbidden)
		_, err = a.s.Propose(ctx, a.head, a.tenant, 60)
		w.refused(err, errs.Invalid)
		_, err = a.s.Propose(ctx, a.head, b.tenant, 60)
		w.ok(err)
		own := a.accord(lovebank.Proposed)
		w.refused(a.s.Agree(ctx, a.head, own.ID, own.Version), errs.Conflict) // nobody says yes to themselves
		w.refused(send(b.book(0).No, 10), errs.Invalid)
		a.carry()
		a.carry()
		offer := b.accord(lovebank.ToAnswer)
		if offer.ID != own.ID || offer.Name != "临江区" || offer.Ceiling != 60 {
			t.Errorf("the other side reads %+v", offer)
		}
		w.ok(b.s.Agree(ctx, b.head, offer.ID, offer.Version))
		b.carry()
		a.accord(lovebank.InForce)

		w.ok(send(" "+b.book(0).No+" ", 40))
		if a.book(0).Balance != 60 || b.book(0).Balance != 10 || a.clears() != 40 {
			t.Errorf("on its way there are %d and %d hearts", a.book(0).Balance, b.book(0).Balance)
		}
		if l, err := a.s.Statement(ctx, a.people[0], a.book(0).ID, db.Page{}); err != nil || !l.Items[0].UnderWay {
			t.Errorf("on its way the statement says %+v, %v", l.Items, err)
		}
		var at sync.WaitGroup
		for range 3 { // several servers at once
			at.Go(func() { _ = a.s.Carry(ctx, a.tenant) })
		}
		at.Wait()
		a.carry()
		if a.book(0).Balance != 60 || b.book(0).Balance != 50 || a.clears()+b.clears() != 0 {
			t.Errorf("arrived there are %d and %d hearts", a.book(0).Balance, b.book(0).Balance)
		}
		l, err := b.s.Statement(ctx, b.people[0], b.book(0).ID, db.Page{})
		w.ok(err)
		first, err := a.s.Statement(ctx, a.people[0], a.book(0).ID, db.Page{})
		w.ok(err)
		if x := l.Items[0]; x.Act != lovebank.CameIn || x.District != "临江区" || x.Amount != 40 || !x.Expires.Equal(first.Items[1].Expires) {
			t.Errorf("who received reads %+v", x)
		}
		// Sent twice by one form it goes once; more than the ceiling does not go.
		in := lovebank.Sending{District: b.tenant, No: b.book(0).No, Amount: 10, Key: "send-1"}
		w.ok(a.s.Send(ctx, a.people[0], in))
		w.ok(a.s.Send(ctx, a.people[0], in))
		w.refused(send(b.book(0).No, 11), errs.Invalid)
		// Nobody there.
		w.ok(send("A-99999999", 10))
		a.carry()
		if a.book(0).Balance != 50 || b.book(0).Balance != 60 || a.clears()+b.clears() != 0 {
			t.Errorf("after a number that nobody has there are %d and %d hearts", a.book(0).Balance, b.book(0).Balance)
		}
		first, err = a.s.Statement(ctx, a.people[0], a.book(0).ID, db.Page{})
		w.ok(err)
		if x := first.Items[0]; x.Act != lovebank.CameBack || x.Refused != lovebank.NoAccount || x.District != "青云区" {
			t.Errorf("who sent reads %+v", x)
		}
		// One side ends it while something is on its way.
		w.ok(send(b.book(0).No, 10))
		o := b.accord(lovebank.InForce)
		w.refused(b.s.Leave(ctx, b.head, o.ID, o.Version, ""), errs.Invalid)
		w.ok(b.s.Leave(ctx, b.head, o.ID, o.Version, "预算年度结束"))
		a.carry()
		b.carry()
		if e := a.accord(lovebank.EndedState); e.Reason != "预算年度结束" || a.book(0).Balance != 50 || a.clears()+b.clears() != 0 {
			t.Errorf("ended with %q there are %d hearts", e.Reason, a.book(0).Balance)
		}
		w.refused(send(b.book(0).No, 1), errs.Invalid)

		// Both propose at the same time: one of the two stands, for both.
		_, err = a.s.Propose(ctx, a.head, b.tenant, 30)
		w.ok(err)
		_, err = b.s.Propose(ctx, b.head, a.tenant, 50)
		w.ok(err)
		for range 2 {
			a.carry()
			b.carry()
		}
		mine, theirs := a.accord(lovebank.Proposed), b.accord(lovebank.ToAnswer)
		if mine.ID != theirs.ID || mine.Ceiling != 30 {
			t.Errorf("the districts have %+v and %+v", mine, theirs)
		}
	})
}

// What a slow server tells late changes nothing that is over: the side that ended it says so again.
func TestAnAgreementThatEndedStaysSo(t *testing.T) {
	each(t, func(w *bank) {
		a, b := twoDistricts(w)
		_, err := a.s.Propose(ctx, a.head, b.tenant, 60)
		w.ok(err)
		stale := a.accord(lovebank.Proposed)
		w.ok(a.s.Leave(ctx, a.head, stale.ID, stale.Version, "不办了"))
		a.carry()
		w.ok(lovebank.Tell(ctx, a.s, a.tenant, stale))
		o := b.accord(lovebank.ToAnswer)
		w.ok(b.s.Agree(ctx, b.head, o.ID, o.Version))
		for range 2 {
			b.carry()
			a.carry()
		}
		a.accord(lovebank.EndedState)
		if e := b.accord(lovebank.EndedState); e.Reason != "不办了" {
			t.Errorf("it ended with %q", e.Reason)
		}
	})
}

// Whatever both districts do, and wherever the work stops between the two: each side's books balance, and when nothing is under way any more the clearing accounts of both sum to zero and no
// heart is lost or doubled.
func TestNothingIsLostBetweenDistricts(t *testing.T) {
	each(t, func(w *bank) {
		a, b := twoDistricts(w)
		sides := []*side{a, b}
		agreed(a, b, 100_000)
		rapid.Check(t, func(r *rapid.T) {
			for range rapid.IntRange(3, 20).Draw(r, "acts") {
				at := rapid.IntRange(0, 1).Draw(r, "side")
				s, o := sides[at], sides[1-at]
				i, j := rapid.IntRange(0, 1).Draw(r, "who"), rapid.IntRange(0, 1).Draw(r, "whom")
				switch rapid.IntRange(0, 8).Draw(r, "act") {
				case 0:
					if !s.book(i).IsClosed() {
						s.earns(i, rapid.Int64Range(1, 5).Draw(r, "hours"))
					}
				case 1, 2, 3:
					no := o.book(j).No
					if rapid.IntRange(0, 4).Draw(r, "wrong") == 0 {
						no = "A-NOBODY"
					}
					_ = s.s.Send(ctx, s.people[i], lovebank.Sending{District: o.tenant, No: no, Amount: rapid.Int64Range(-1, 40).Draw(r, "amount")})
				case 4:
					s.carry()
				case 5: // the work stops between the two sides: there it is done, here it is not known
					w.ok(lovebank.CarryHalf(ctx, s.s, s.tenant))
				case 6:
					if s.s.Close(ctx, s.people[i]) == nil && rapid.Bool().Draw(r, "anew") {
						_, err := s.s.Open(ctx, s.people[i])
						w.ok(err)
					}
					if s.book(i).IsClosed() && rapid.Bool().Draw(r, "later") {
						_, err := s.s.Open(ctx, s.people[i])
						w.ok(err)
					}
				case 7:
					if list, err := s.s.Accords(ctx, s.head); err == nil {
						for _, x := range list {
							if x.State == lovebank.ToAnswer {
								_ = s.s.Agree(ctx, s.head, x.ID, x.Version)
							} else if x.State != lovebank.EndedState && rapid.IntRange(0, 2).Draw(r, "leaves") == 0 {
								_ = s.s.Leave(ctx, s.head, x.ID, x.Version, "重签")
							}
							break
						}
					}
					_, _ = s.s.Propose(ctx, s.head, o.tenant, 100_000)
				case 8:
					w.clock.Advance(time.Duration(rapid.IntRange(1, 100).Draw(r, "days")) * 24 * time.Hour)
					w.ok(s.s.Night(ctx, s.tenant))
				}
				a.clears()
				b.clears()
			}
			for range 3 {
				a.carry()
				b.carry()
			}
			if x, y := a.clears(), b.clears(); x+y != 0 {
				r.Fatalf("the clearing accounts hold %d and %d", x, y)
			}
			if n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM bank_transfer t WHERE t.state = 'sent'`); err != nil || n != 0 {
				r.Fatalf("%d transfers are still under way, %v", n, err)
			}
			if n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM bank_transfer t WHERE t.way = 'out' AND t.state = 'arrived' AND NOT EXISTS (SELECT 1 FROM bank_transfer i WHERE i.id = t.id AND i.tenant_id = t.other AND i.way = 'in' AND i.state = 'arrived' AND i.amount = t.amount)`); err != nil || n != 0 {
				r.Fatalf("%d transfers arrived on one side alone, %v", n, err)
			}
		})
	})
}
