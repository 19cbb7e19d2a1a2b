package lovebank

import (
	"testing"

	"linli/internal/calendar"
	"linli/internal/errs"
)

func TestWhatServiceIsWorth(t *testing.T) {
	for _, c := range []struct{ minutes, perHour, want int64 }{{60, 10, 10}, {45, 10, 8}, {44, 10, 7}, {1, 10, 0}, {3, 10, 1}, {90, 1, 2}, {89, 1, 1}, {0, 10, 0}} {
		if got := hearts(c.minutes, c.perHour); got != c.want {
			t.Errorf("hearts(%d minutes, %d an hour) = %d, want %d", c.minutes, c.perHour, got, c.want)
		}
	}
}

func TestWhatExpiresFirstIsSpentFirst(t *testing.T) {
	lots := []lot{{id: 1, left: 5}, {id: 2, left: 0}, {id: 3, left: 7}}
	for amount, want := range map[int64][]int64{3: {3}, 5: {5}, 6: {5, 1}, 12: {5, 7}} {
		got, ok := spend(lots, amount)
		if !ok || len(got) != len(want) {
			t.Fatalf("spend(%d) = %+v, %v", amount, got, ok)
		}
		for i := range want {
			if got[i].amount != want[i] {
				t.Errorf("spend(%d) takes %d of the lot %d, want %d", amount, got[i].amount, got[i].lot, want[i])
			}
		}
	}
	if _, ok := spend(lots, 13); ok {
		t.Errorf("more is spent than there is")
	}
}

func TestAJournalThatDoesNotBalanceIsRefused(t *testing.T) {
	day := calendar.On(2026, 3, 2)
	a, b := &account{id: 1, kind: Fund, unit: Hearts}, &account{id: 2, kind: Redeemed, unit: Hearts}
	stock, given := &account{id: 3, kind: Stock, unit: Goods, item: 7}, &account{id: 4, kind: Given, unit: Goods, item: 8}
	whole := journal{act: Handed, community: 1, source: SourceOrder, sourceID: 9, on: day}
	for name, c := range map[string]struct {
		j     journal
		lines []*entry
		fine  bool
	}{
		"balances":                       {whole, []*entry{{of: a, amount: -3}, {of: b, amount: 3}}, true},
		"one heart too much":             {whole, []*entry{{of: a, amount: -3}, {of: b, amount: 4}}, false},
		"a line of nothing":              {whole, []*entry{{of: a, amount: 0}, {of: b, amount: 0}}, false},
		"one line":                       {whole, []*entry{{of: a, amount: 3}}, false},
		"no line":                        {whole, nil, false},
		"hearts against pieces":          {whole, []*entry{{of: a, amount: -3}, {of: stock, amount: 3}}, false},
		"pieces of one item for another": {whole, []*entry{{of: stock, amount: -3}, {of: given, amount: 3}}, false},
		"no source":                      {journal{act: Handed, community: 1, on: day}, []*entry{{of: a, amount: -3}, {of: b, amount: 3}}, false},
		"hearts without their days":      {whole, []*entry{{of: a, amount: -3}, {of: &account{id: 5, kind: Person, unit: Hearts}, amount: 3}}, false},
	} {
		if err := c.j.check(c.lines); (err == nil) != c.fine {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatSomebodyMayRedeem(t *testing.T) {
	today := calendar.On(2026, 3, 2)
	item := Item{CommunityID: 1, Price: 10, Stock: 3, Who: Everybody, LastOn: today}
	book := Book{CommunityID: 1, Balance: 35, Minutes: 60, bornOn: calendar.On(1990, 1, 1)}
	with := func(change func(i *Item, b *Book)) (Item, Book) {
		i, b := item, book
		change(&i, &b)
		return i, b
	}
	for name, c := range map[string]struct {
		change func(i *Item, b *Book)
		amount int64
		want   errs.Kind
	}{
		"all of it, on the last day":       {func(*Item, *Book) {}, 3, errs.Internal},
		"none":                             {func(*Item, *Book) {}, 0, errs.Invalid},
		"fewer than none":                  {func(*Item, *Book) {}, -1, errs.Invalid},
		"more than there is":               {func(*Item, *Book) {}, 4, errs.Conflict},
		"more than they have":              {func(i *Item, _ *Book) { i.Price = 20 }, 2, errs.Invalid},
		"so much that the price overflows": {func(i *Item, _ *Book) { i.Stock, i.Price = MaxAmount, MaxPrice }, MaxAmount, errs.Invalid},
		"after the last day":               {func(i *Item, _ *Book) { i.LastOn = today.AddDays(-1) }, 1, errs.Conflict},
		"what was taken out":               {func(i *Item, _ *Book) { i.Ended = true }, 1, errs.Conflict},
		"in another community":             {func(i *Item, _ *Book) { i.CommunityID = 2 }, 1, errs.Conflict},
		"who served":                       {func(i *Item, _ *Book) { i.Who = Servers }, 1, errs.Internal},
		"who did not serve":                {func(i *Item, b *Book) { i.Who, b.Minutes = Servers, 0 }, 1, errs.Conflict},
		"who is too young":                 {func(i *Item, _ *Book) { i.Who = Elders }, 1, errs.Conflict},
		"who is sixty today":               {func(i *Item, b *Book) { i.Who, b.bornOn = Elders, calendar.On(1966, 3, 2) }, 1, errs.Internal},
		"whose age nobody knows":           {func(i *Item, b *Book) { i.Who, b.bornOn = Elders, calendar.Date{} }, 1, errs.Conflict},
	} {
		i, b := with(c.change)
		err := i.redeemable(b, c.amount, today)
		if c.want == errs.Internal { // it may
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		} else if errs.KindOf(err) != c.want {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestWordsForEverything(t *testing.T) {
	for _, k := range Kinds() {
		if k.Text().IsZero() {
			t.Errorf("no words for the account %s", k)
		}
	}
	for _, a := range Acts() {
		if a.Text().IsZero() {
			t.Errorf("no words for the act %s", a)
		}
	}
}
