package cobuild

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/id"
)

// day draws a day of some years.
func day(t *rapid.T, name string) calendar.Date {
	return calendar.On(2026, 1, 1).AddDays(rapid.IntRange(0, 5*365).Draw(t, name))
}

// due says, looking at one day alone, whether an item is due on it: the model against which Dues is held.
func due(d, first calendar.Date, often Often) bool {
	if d.Before(first) {
		return false
	}
	months := (d.Year()-first.Year())*12 + int(d.Month()) - int(first.Month())
	step := often.months()
	if step == 0 {
		return d.Equal(first)
	}
	last := d.EndOfMonth().Day()
	return months%step == 0 && d.Day() == min(first.Day(), last)
}

func TestDuesAreTheDaysOfTheRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := day(t, "from")
		to := from.AddDays(rapid.IntRange(0, 3*365).Draw(t, "length"))
		first := from.AddDays(rapid.IntRange(-100, 400).Draw(t, "first"))
		often := rapid.SampledFrom(AllOften()).Draw(t, "often")
		var want []calendar.Date
		for d := from; !d.After(to); d = d.AddDays(1) {
			if due(d, first, often) {
				want = append(want, d)
			}
		}
		if got := Dues(first, often, from, to); !slices.Equal(got, want) {
			t.Errorf("Dues(%s, %s, %s, %s) = %v, want %v", first, often, from, to, got, want)
		}
	})
	if got := Dues(calendar.Date{}, Month, calendar.On(2026, 1, 1), calendar.On(2026, 12, 31)); got != nil {
		t.Errorf("an item without a day is due on %v", got)
	}
}

func TestTheNextPeriodFollowsAndHoldsItsItems(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := day(t, "from")
		to := from.AddDays(rapid.IntRange(0, 4*365).Draw(t, "length"))
		if rapid.Bool().Draw(t, "months") {
			to = from.AddMonths(rapid.IntRange(1, 48).Draw(t, "n")).AddDays(-1)
		}
		item := NewItem{DueOn: from.AddDays(rapid.IntRange(0, from.DaysUntil(to)).Draw(t, "due"))}
		n, moved := next(Terms{From: from, To: to}, []NewItem{item})
		if !n.From.Equal(to.AddDays(1)) || n.To.Before(n.From) {
			t.Fatalf("%s–%s is followed by %s–%s", from, to, n.From, n.To)
		}
		if got, was := n.From.DaysUntil(n.To), from.DaysUntil(to); got-was > 3*4+1 || was-got > 3*4+1 {
			t.Errorf("%d days are followed by %d", was, got)
		}
		if !moved[0].DueOn.In(n.From, n.To) {
			t.Errorf("the item of %s is due on %s, outside %s–%s", item.DueOn, moved[0].DueOn, n.From, n.To)
		}
	})
	n, moved := next(Terms{From: calendar.On(2026, 1, 1), To: calendar.On(2026, 12, 31)}, []NewItem{{DueOn: calendar.On(2026, 3, 31)}})
	if n.To.String() != "2027-12-31" || moved[0].DueOn.String() != "2027-03-31" {
		t.Errorf("a year is followed by one until %s, with an item on %s", n.To, moved[0].DueOn)
	}
}

func TestStandingFollowsFromTheDays(t *testing.T) {
	g := Agreement{State: Agreed, Terms: Terms{From: calendar.On(2026, 3, 1), To: calendar.On(2026, 12, 31)}}
	for d, want := range map[string]State{"2026-02-28": Coming, "2026-03-01": InForce, "2026-12-31": InForce, "2027-01-01": Over} {
		if got := g.Standing(calendar.MustParse(d)); got != want {
			t.Errorf("on %s it is %s, want %s", d, got, want)
		}
	}
	g.EndedOn = calendar.On(2026, 6, 30)
	for d, want := range map[string]State{"2026-06-30": InForce, "2026-07-01": Ended, "2027-01-01": Ended} {
		if got := g.Standing(calendar.MustParse(d)); got != want {
			t.Errorf("ended on %s, it is %s on %s, want %s", g.EndedOn, got, d, want)
		}
	}
}

func TestWhatIsWrongWithTermsAndItems(t *testing.T) {
	from, to := calendar.On(2026, 1, 1), calendar.On(2026, 12, 31)
	good := Terms{Kind: General, Goal: "共同服务居民", From: from, To: to}
	for name, c := range map[string]struct {
		change func(*Terms)
		field  string
	}{
		"no goal":          {func(t *Terms) { t.Goal = " " }, "goal"},
		"end before start": {func(t *Terms) { t.To = from.AddDays(-1) }, "valid_to"},
		"no end":           {func(t *Terms) { t.To = calendar.Date{} }, "valid_to"},
		"no start":         {func(t *Terms) { t.From = calendar.Date{} }, "valid_from"},
		"too long":         {func(t *Terms) { t.To = from.AddYears(MaxYears) }, "valid_to"},
		"no kind":          {func(t *Terms) { t.Kind = "other" }, "kind"},
	} {
		terms := good
		c.change(&terms)
		wants(t, name, terms.check(nil), c.field)
	}
	if e := good.check(nil); e != nil {
		t.Errorf("good terms: %v", e)
	}
	org := id.New()
	g := Agreement{Terms: good, Parties: []Party{{OrgID: org}}}
	item := NewItem{Title: "义诊", OrgID: org, Often: Month, DueOn: from, Measure: Times, Amount: 1}
	for name, c := range map[string]struct {
		change func(*NewItem)
		field  string
	}{
		"without a day":        {func(n *NewItem) { n.DueOn = calendar.Date{} }, "due_on"},
		"after the end":        {func(n *NewItem) { n.DueOn = to.AddDays(1) }, "due_on"},
		"by nobody":            {func(n *NewItem) { n.OrgID = 0 }, "who"},
		"by somebody else":     {func(n *NewItem) { n.OrgID = id.New() }, "who"},
		"never":                {func(n *NewItem) { n.Often = "" }, "often"},
		"a number of what":     {func(n *NewItem) { n.Measure = JustDone }, "measure"},
		"less than nothing":    {func(n *NewItem) { n.Amount = -1 }, "amount"},
		"nothing is said":      {func(n *NewItem) { n.Title = "" }, "title"},
		"counted in elephants": {func(n *NewItem) { n.Measure = "elephants" }, "measure"},
	} {
		n := item
		c.change(&n)
		wants(t, name, n.check(g), c.field)
	}
	if e := item.check(g); e != nil {
		t.Errorf("a good item: %v", e)
	}
}

func wants(t *testing.T, name string, e *errs.Error, field string) {
	t.Helper()
	if e == nil {
		t.Errorf("%s: nothing is said of %s", name, field)
		return
	}
	if _, ok := e.Fields[field]; !ok {
		t.Errorf("%s: %v says nothing of %s", name, e, field)
	}
}
