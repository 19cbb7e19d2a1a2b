package dues_test

import (
	"testing"

	"pgregory.net/rapid"

	"linli/internal/dues"
	"linli/internal/errs"
	"linli/internal/i18n"
)

var usual = dues.Setting{Local: 20, Step: 1}

// TestTheRatesAtTheirBounds holds the charges against the boundary examples of DUES-1 to DUES-7.
func TestTheRatesAtTheirBounds(t *testing.T) {
	m := dues.NewMonth(2026, 3)
	local := dues.Setting{Local: 85, Step: 1}
	for _, c := range []struct {
		payer  dues.Payer
		base   string
		want   string
		set    dues.Setting
		review bool
	}{
		{dues.Paid, "2000.00", "10.00", usual, false},
		{dues.Paid, "3000.00", "15.00", usual, false},
		{dues.Paid, "3000.01", "30.00", usual, false},
		{dues.Paid, "5000.00", "50.00", usual, false},
		{dues.Paid, "5000.01", "75.00", usual, false},
		{dues.Paid, "10000.00", "150.00", usual, false},
		{dues.Paid, "10000.01", "200.00", usual, false},
		{dues.Paid, "0", "0.00", usual, true},
		{dues.Paid, "0.99", "0.00", usual, false}, // 0.495 fen
		{dues.Paid, "1.00", "0.01", usual, false}, // half a fen goes up
		{dues.Yearly, "10000.01", "200.00", usual, false},
		{dues.Yearly, "3000.00", "15.00", usual, false},
		{dues.Yearly, "0", "0.00", usual, true},
		{dues.Self, "5000.01", "75.00", usual, false},
		{dues.Self, "0", "0.00", usual, true},
		{dues.Retired, "5000.00", "25.00", usual, false},
		{dues.Retired, "5000.01", "50.00", usual, false},
		{dues.Retired, "12000", "120.00", usual, false},
		{dues.Retired, "0", "0.00", usual, true},
		{dues.Farmer, "0", "0.20", usual, false},
		{dues.Farmer, "0", "0.85", local, false},
		{dues.Least, "0", "0.20", local, false},
		{dues.Paid, "3333.33", "33.33", usual, false},
		{dues.Paid, "3350.00", "34.00", dues.Setting{Step: 100}, false}, // 33.50 to whole yuan
		{dues.Paid, "3349.99", "33.00", dues.Setting{Step: 100}, false},
	} {
		base, err := dues.ParseYuan(c.base)
		if err != nil {
			t.Fatal(err)
		}
		got, err := dues.Work(c.payer, base, c.set, m)
		if err != nil || i18n.Yuan(got.Fen) != c.want || got.Review != c.review {
			t.Errorf("%s of %s: %s, review %v, %v; want %s, %v", c.payer, c.base, i18n.Yuan(got.Fen), got.Review, err, c.want, c.review)
		}
	}
	for _, p := range []dues.Payer{dues.Paid, dues.Yearly, dues.Self, dues.Retired} {
		if _, err := dues.Work(p, -1, usual, m); errs.KindOf(err) != errs.Invalid || errs.As(err).Fields["base"].Text.IsZero() {
			t.Errorf("%s of a negative base: %v", p, err)
		}
		if _, err := dues.Work(p, 100_000_001, usual, m); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s of more than a million: %v", p, err)
		}
	}
	if _, err := dues.Work("", 1, usual, m); errs.KindOf(err) != errs.Invalid {
		t.Errorf("no kind of payer: %v", err)
	}
}

// TestACloserBaseIsNeverCheaper: a higher base never costs less, and the charge never leaves the rates of the rule.
func TestAHigherBaseNeverCostsLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom([]dues.Payer{dues.Paid, dues.Retired}).Draw(t, "payer")
		a := rapid.Int64Range(0, 100_000_000).Draw(t, "a")
		b := rapid.Int64Range(a, 100_000_000).Draw(t, "b")
		x, err1 := dues.Work(p, a, usual, dues.NewMonth(2026, 1))
		y, err2 := dues.Work(p, b, usual, dues.NewMonth(2026, 1))
		if err1 != nil || err2 != nil || x.Fen > y.Fen {
			t.Fatalf("%d costs %d, %d costs %d (%v, %v)", a, x.Fen, b, y.Fen, err1, err2)
		}
		if 50*x.Fen+50 < a/4 || y.Fen > b/50+1 {
			t.Fatalf("%d costs %d, %d costs %d", a, x.Fen, b, y.Fen)
		}
	})
}

func TestAmountsAndMonthsAsPeopleWriteThem(t *testing.T) {
	for in, want := range map[string]int64{"15": 1500, "15.5": 1550, "1,234.50": 123450, "￥12": 1200, "12元": 1200, "０．２０": 20, " 3 ": 300, "-1": -100, "0": 0} {
		if got, err := dues.ParseYuan(in); err != nil || got != want {
			t.Errorf("%q is %d, %v; want %d", in, got, err, want)
		}
	}
	for _, in := range []string{"", "十五", "1.234", "1e3", ".5", "5.", "--1", "1234567890123", "=1+1", "NaN"} {
		if got, err := dues.ParseYuan(in); err == nil {
			t.Errorf("%q was read as %d", in, got)
		}
	}
	for in, want := range map[string]string{"2026-03": "2026-03", "2026-3": "2026-03", "202603": "2026-03", "2026年3月": "2026-03", "2026-03-15": "2026-03", "": ""} {
		if got, err := dues.ParseMonth(in); err != nil || got.String() != want {
			t.Errorf("%q is %s, %v", in, got, err)
		}
	}
	for _, in := range []string{"2026-13", "2026-00", "三月", "1", "99999"} {
		if got, err := dues.ParseMonth(in); err == nil {
			t.Errorf("%q was read as %s", in, got)
		}
	}
	if i18n.Yuan(-5) != "-0.05" || i18n.Yuan(123456789) != "1,234,567.89" || i18n.PlainYuan(123456789) != "1234567.89" {
		t.Error("amounts are shown wrongly")
	}
}

func FuzzParseYuan(f *testing.F) {
	f.Add("1,234.50")
	f.Add("￥-3")
	f.Fuzz(func(t *testing.T, s string) {
		n, err := dues.ParseYuan(s)
		if err != nil {
			return
		}
		if again, err := dues.ParseYuan(i18n.Yuan(n)); err != nil || again != n {
			t.Errorf("%q is %d and comes back as %d, %v", s, n, again, err)
		}
	})
}
