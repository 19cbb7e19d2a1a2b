package dues

import (
	"context"
	"slices"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/policy"
)

// Entry is the part of a payment that is for one month.
type Entry struct {
	MemberID id.ID
	Month    Month
	Settles  int64
	Fen      int64
}

// State is how a member stands with one month.
type State struct {
	Month  Month
	Known  bool // a base is known and the member owes dues for the month
	Charge int64
	Review bool
	Relief Relief // the approved reduction, if there is one
	Paid   int64  // fen, over all payments and counter-payments
	count  int64  // payments that stand
}

// Owed is what is still to be paid, in fen.
func (s State) Owed() int64 { return max(0, s.Charge-s.Paid) }

// Settled says that nothing is to be paid for the month.
func (s State) Settled() bool { return s.Known && s.Owed() == 0 }

// Unpaid says that something is due and nothing was paid (DUES-12).
func (s State) Unpaid() bool { return s.Known && s.Charge > 0 && s.count <= 0 }

// Deferred says that the month may be paid later.
func (s State) Deferred() bool { return s.Relief.Kind == Later }

// rules are the settings of a tenant over time.
type rules struct{ local, step, fix policy.Steps }

func loadRules(ctx context.Context, q db.Querier, tenant int64) (rules, error) {
	var r rules
	var err error
	if r.local, err = Local.Steps(ctx, q, tenant); err != nil {
		return r, err
	}
	if r.step, err = Step.Steps(ctx, q, tenant); err != nil {
		return r, err
	}
	r.fix, err = Fix.Steps(ctx, q, tenant)
	return r, err
}

// in are the settings for a month: the amounts of its first day, the yearly rule of the year's.
func (r rules) in(m Month) Setting {
	return Setting{Local: r.local.On(m.First()), Step: r.step.On(m.First()), FixYearly: r.fix.On(NewMonth(m.Year(), 1).First()) == 1}
}

// account is everything about the dues of one member, opened.
type account struct {
	Member
	bases   []Base // by month, then age
	reliefs []Relief
	entries []Entry
}

// state works out one month.
func (a account) state(m Month, r rules) (State, error) {
	s := State{Month: m}
	for _, e := range a.entries {
		if e.Month == m {
			s.Paid += e.Fen
			s.count += e.Settles
		}
	}
	set := r.in(m)
	b, ok := holds(a.bases, m, set.FixYearly)
	if !ok || !a.belongs(m) {
		return s, nil
	}
	c, err := Work(b.Terms.Payer, b.Terms.Fen, set, m)
	if err != nil {
		return s, err
	}
	s.Known, s.Charge, s.Review = true, c.Fen, c.Review
	for _, l := range a.reliefs {
		if l.State == Approved && l.covers(m) {
			s.Relief = l
			s.Charge = part(c.Fen, l.Share, 100, set.Step)
		}
	}
	return s, nil
}

func (a account) states(from, to Month, r rules) ([]State, error) {
	var out []State
	for _, m := range months(from, to) {
		s, err := a.state(m, r)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// first is the first month that can be owed.
func (a account) first() (Month, bool) {
	if len(a.bases) == 0 {
		return 0, false
	}
	return max(a.bases[0].From, MonthOf(a.JoinedOn)), true
}

// arrears are the months before the one that runs for which something is due and not paid, oldest first. What may be paid later is not among them.
func (a account) arrears(now Month, r rules) ([]State, error) {
	from, ok := a.first()
	if !ok {
		return nil, nil
	}
	all, err := a.states(max(from, now-maxMonths+1), now-1, r)
	return slices.DeleteFunc(all, func(s State) bool { return s.Owed() == 0 || s.Deferred() }), err
}

// line is what a payment gives for one month.
type line struct {
	month Month
	fen   int64
}

// divide spreads an amount over months: the oldest first, each as much as is due; what is left over goes to the last.
func divide(states []State, amount int64) []line {
	var out []line
	for i, s := range states {
		n := min(amount, s.Owed())
		if i == len(states)-1 {
			n = amount
		}
		if n > 0 {
			out = append(out, line{s.Month, n})
			amount -= n
		}
	}
	return out
}

func owed(states []State) int64 {
	var n int64
	for _, s := range states {
		n += s.Owed()
	}
	return n
}

// loadAccounts reads what is known of the dues of members and opens it.
func (s *Service) loadAccounts(ctx context.Context, q db.Querier, tenant int64, members []Member) ([]account, error) {
	out := make([]account, len(members))
	at := make(map[id.ID]*account, len(members))
	ids := make([]id.ID, len(members))
	for i, m := range members {
		out[i].Member, ids[i] = m, m.ID
		at[m.ID] = &out[i]
	}
	bases, err := s.bases(ctx, q, tenant, ids)
	if err != nil {
		return nil, err
	}
	for _, b := range bases {
		at[b.MemberID].bases = append(at[b.MemberID].bases, b)
	}
	reliefs, err := reliefsOf(ctx, q, tenant, ids)
	if err != nil {
		return nil, err
	}
	for _, l := range reliefs {
		at[l.MemberID].reliefs = append(at[l.MemberID].reliefs, l)
	}
	entries, err := s.entries(ctx, q, tenant, ids)
	for _, e := range entries {
		at[e.MemberID].entries = append(at[e.MemberID].entries, e)
	}
	return out, err
}

func today(tx *db.Tx) calendar.Date { return calendar.DateOf(tx.Now()) }
