package dues

import (
	"linli/internal/errs"
	"linli/internal/i18n"
)

// Payer is how somebody pays (DUES-1 to DUES-6).
type Payer string

// The kinds of payer.
const (
	Paid    Payer = "pay"     // DUES-1: fixed regular monthly pay after tax
	Yearly  Payer = "yearly"  // DUES-2: annual salary: what was received in the month
	Self    Payer = "self"    // DUES-3: no monthly income: monthly mean of the last quarter's net income
	Retired Payer = "retired" // DUES-4: pension received
	Farmer  Payer = "farmer"  // DUES-5: set locally
	Least   Payer = "least"   // DUES-6: students, laid off and unemployed, on relief, on minimum living allowance
)

// Payers lists the kinds in the order of the rules.
func Payers() []Payer { return []Payer{Paid, Yearly, Self, Retired, Farmer, Least} }

// Text names the kind.
func (p Payer) Text() i18n.Text {
	return map[Payer]i18n.Text{Paid: i18n.DuesPaid, Yearly: i18n.DuesYearly, Self: i18n.DuesSelf, Retired: i18n.DuesRetired, Farmer: i18n.DuesFarmer, Least: i18n.DuesLeast}[p]
}

// Based says whether the kind pays out of a base.
func (p Payer) Based() bool { return p == Paid || p == Yearly || p == Self || p == Retired }

// bracket is a rate in basis points for bases up to a number of fen, 0 for all others. The rate applies to the whole base.
type bracket struct{ upTo, points int64 }

// edition is the rates in force from a month on.
type edition struct {
	from         Month
	pay, pension []bracket
	least        int64 // fen
}

// editions are the rates, oldest first. A new regulation is a new line here; months before it keep theirs.
var editions = []edition{{
	from:    NewMonth(2008, 4),
	pay:     []bracket{{300_000, 50}, {500_000, 100}, {1_000_000, 150}, {0, 200}},
	pension: []bracket{{500_000, 50}, {0, 100}},
	least:   20,
}}

func editionOf(m Month) edition {
	e := editions[0]
	for _, n := range editions {
		if n.from <= m {
			e = n
		}
	}
	return e
}

// Setting is what a tenant sets of the rules on a day.
type Setting struct {
	Local     int64 // fen that farmers pay (DUES-5)
	Step      int64 // fen to a multiple of which charges are rounded (DUES-7)
	FixYearly bool  // the base at the beginning of a year holds for it (DUES-10)
}

// Charge is what is due for a month, in fen. Review says that the base is nothing and somebody should look at it.
type Charge struct {
	Fen    int64
	Review bool
}

// maxBase is the highest base in fen: a million yuan a month is a slip of the pen.
const maxBase = 100_000_000

// Work gives what a kind of payer owes for a month out of a base in fen (DUES-1 to DUES-7). A negative base or one above a million yuan is Invalid.
func Work(p Payer, base int64, set Setting, m Month) (Charge, error) {
	e := editionOf(m)
	rates := e.pay
	switch {
	case p.Text().IsZero():
		return Charge{}, errs.Field("payer", i18n.ErrBadChoice)
	case p == Farmer:
		return Charge{Fen: set.Local}, nil
	case p == Least:
		return Charge{Fen: e.least}, nil
	case base < 0:
		return Charge{}, errs.Field("base", i18n.DuesNegative)
	case base > maxBase:
		return Charge{}, errs.Field("base", i18n.DuesTooMuch, i18n.Yuan(maxBase))
	case p == Retired:
		rates = e.pension
	}
	for _, b := range rates {
		if b.upTo == 0 || base <= b.upTo {
			return Charge{Fen: part(base, b.points, 10_000, set.Step), Review: base == 0}, nil
		}
	}
	return Charge{}, errs.Field("base", i18n.DuesNegative)
}

// part is n×of/whole, rounded half up to a multiple of step (DUES-7).
func part(n, of, whole, step int64) int64 {
	step = max(step, 1)
	d := whole * step
	return (2*n*of + d) / (2 * d) * step
}

// Terms are what is sealed of a base: how somebody pays and out of how many fen a month.
type Terms struct {
	Payer Payer
	Fen   int64
}

// holds finds the base in force in a month among a member's, ordered by the month they hold from and then by age (DUES-10). With fixYearly it is
// the one of January, or the first of the year where none was known then.
func holds(all []Base, m Month, fixYearly bool) (Base, bool) {
	var b Base
	for _, n := range all {
		if n.From > m {
			break
		}
		january := NewMonth(m.Year(), 1)
		if fixYearly && b.ID != 0 && n.From > january && n.From != b.From {
			break
		}
		b = n
	}
	return b, b.ID != 0
}
