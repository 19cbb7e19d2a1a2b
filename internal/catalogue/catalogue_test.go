package catalogue

import (
	"slices"
	"strings"
	"testing"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

func TestItemsThatAreWrong(t *testing.T) {
	good := Item{List: Matter, Code: "0101", ClassCode: "01", Name: "办事", PriceKind: Free, Level: Community}
	cases := []struct {
		name, field string
		with        func(*Item)
	}{
		{"nothing is wrong", "", func(*Item) {}},
		{"a list that is not there", "list", func(i *Item) { i.List = "queue" }},
		{"no code", "code", func(i *Item) { i.Code = " " }},
		{"a code in Chinese", "code", func(i *Item) { i.Code = "一" }},
		{"no name", "name", func(i *Item) { i.Name = "" }},
		{"a name that is too long", "name", func(i *Item) { i.Name = strings.Repeat("长", MaxName+1) }},
		{"an English text that is too long", "who_en", func(i *Item) { i.WhoEN = strings.Repeat("x", MaxWhoEN+1) }},
		{"a list of things that is too long", "bring", func(i *Item) { i.Bring = strings.Repeat("长", MaxBring+1) }},
		{"no class where items have one", "class_code", func(i *Item) { i.ClassCode = "" }},
		{"a price below nothing", "price", func(i *Item) { i.PriceKind, i.PriceFen = Paid, -1 }},
		{"a price for what is free", "price", func(i *Item) { i.PriceFen = 100 }},
		{"a price without a kind", "price_kind", func(i *Item) { i.PriceKind, i.PriceFen = Unpriced, 100 }},
		{"a price beyond reason", "price", func(i *Item) { i.PriceKind, i.PriceFen = Paid, MaxFen+1 }},
		{"a kind of price that is not there", "price_kind", func(i *Item) { i.PriceKind = "gift" }},
		{"paid, the amount by agreement", "", func(i *Item) { i.PriceKind = Paid }},
		{"days below nothing", "days", func(i *Item) { i.Days = -1 }},
		{"two limits", "hours", func(i *Item) { i.Days, i.Hours = 1, 1 }},
		{"hours without end", "hours", func(i *Item) { i.Hours = MaxHours + 1 }},
		{"nobody to handle it", "level", func(i *Item) { i.Level = "" }},
		{"a need has no class", "", func(i *Item) { i.List, i.ClassCode = Need, "" }},
		{"a standard numbers parts and matters separately", "part", func(i *Item) { i.List, i.Standard, i.Code = Event, Standards()[1], "01001" }},
		{"codes of a standard have five digits", "code", func(i *Item) { i.List, i.Standard, i.Part, i.Code = Event, Standards()[1], AMatter, "1001" }},
		{"a code as departments exchange it", "", func(i *Item) { i.List, i.Standard, i.Part, i.Code = Event, Standards()[1], AMatter, "32090201001" }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			i := good
			c.with(&i)
			e := errs.As(i.check())
			switch {
			case c.field == "" && e != nil:
				t.Errorf("check = %v", e)
			case c.field != "" && e == nil:
				t.Errorf("check finds nothing wrong with %s", c.field)
			case c.field != "" && e.Fields[c.field].Text.IsZero():
				t.Errorf("check = %v, says nothing of %s", e, c.field)
			}
		})
	}
}

func TestItemsAreTidied(t *testing.T) {
	i := Item{List: Event, Standard: " GB/T  47678.5-2026", Part: APart, Code: "32090201001", Name: " 井盖 "}
	if i.tidy(); i.Standard != "GB/T 47678.5-2026" || i.Code != "01001" || i.Name != "井盖" || i.IsLocal {
		t.Errorf("tidied to %+v", i)
	}
	i = Item{List: Event, Code: "L-1"}
	if i.tidy(); !i.IsLocal {
		t.Error("an event outside all standards is a local addition")
	}
	i = Item{List: Matter, Standard: "GB/T 1", Part: APart, Code: "0101", Bring: "一\r\n二\n"}
	if i.tidy(); i.Standard != "" || i.Part != NoPart || i.Bring != "一\n二" {
		t.Errorf("tidied to %+v", i)
	}
}

// The same code stands in a standard twice, once as a part and once as a matter (GRD-11).
func TestKeysTellPartsFromMatters(t *testing.T) {
	a := Item{List: Event, Standard: Standards()[1], Part: APart, Code: "01001"}
	b := a
	b.Part = AMatter
	if a.key() == b.key() {
		t.Errorf("%s is both", a.key())
	}
	b = a
	if b.Standard = Standards()[0]; a.key() == b.key() {
		t.Errorf("%s is of both standards", a.key())
	}
}

func TestYuan(t *testing.T) {
	for s, want := range map[string]int64{"": 0, "15": 1500, "15.5": 1550, "￥1,200.05": 120005, "-3": -300} {
		if got, ok := ParseYuan(s); !ok || got != want {
			t.Errorf("ParseYuan(%q) = %d, %v", s, got, ok)
		}
	}
	for _, s := range []string{"十五", "1.234", "15元", "."} {
		if _, ok := ParseYuan(s); ok {
			t.Errorf("ParseYuan(%q) is taken", s)
		}
	}
	for fen, want := range map[int64]string{1500: "15", 1550: "15.50", 5: "0.05"} {
		if got := Yuan(fen); got != want {
			t.Errorf("Yuan(%d) = %s", fen, got)
		}
	}
}

func TestAddresses(t *testing.T) {
	i := Item{ID: id.New()}
	tenant, got, ok := ParseAddress(i.Address(320902))
	if !ok || tenant != 320902 || got != i.ID {
		t.Errorf("ParseAddress = %d, %s, %v", tenant, got, ok)
	}
	for _, s := range []string{"", "320902", "-5", "x-5", "0-5", "320902-", "320902-x"} {
		if _, _, ok := ParseAddress(s); ok {
			t.Errorf("ParseAddress(%q) is taken", s)
		}
	}
}

func TestWordsOfAnItem(t *testing.T) {
	i := Item{Name: "开锁", PriceKind: Paid, PriceFen: 8000, PriceNote: "每次", PriceNoteEN: "Each time", Days: 2}
	if zh, en := i.PriceText().In(i18n.ZH), i.PriceText().In(i18n.EN); zh != "有偿，80 元，每次" || en != "Paid, 80 yuan, Each time" {
		t.Errorf("costs %q, %q", zh, en)
	}
	if got := i.LimitText().In(i18n.EN); got != "within 2 working days" {
		t.Errorf("takes %q", got)
	}
	if i.Text().In(i18n.EN) != "开锁" {
		t.Error("a missing English name is shown in Chinese")
	}
	if got := Lines("身份证；户口簿\n\n照片; 表"); !slices.Equal(got, []string{"身份证", "户口簿", "照片", "表"}) {
		t.Errorf("Lines = %q", got)
	}
}

// What the program brings would be accepted from anybody, has a text in both languages, and holds what was promised.
func TestTheStandardCatalogue(t *testing.T) {
	groups, items := Standard()
	known, keys, per, of := map[string]bool{}, map[string]bool{}, map[string]int{}, map[string]int{}
	for _, c := range groups {
		if err := c.check(); err != nil || c.NameEN == "" || known[c.List+"|"+c.Code] {
			t.Errorf("class %+v: %v", c, err)
		}
		known[c.List+"|"+c.Code] = true
		of[c.List]++
	}
	priced := map[PriceKind]bool{}
	for _, i := range items {
		before := i
		if err := i.check(); err != nil || i.ID != 0 || before != i {
			t.Errorf("%s %s: %v, tidied to %+v", i.List, i.Code, err, i)
		}
		if keys[i.key()] {
			t.Errorf("%s stands twice", i.key())
		}
		keys[i.key()] = true
		if i.ClassCode != "" && !known[i.List+"|"+i.ClassCode] {
			t.Errorf("%s %s stands in no class", i.List, i.Code)
		}
		for _, two := range [][2]string{{i.Name, i.NameEN}, {i.Who, i.WhoEN}, {i.Bring, i.BringEN}, {i.Forms, i.FormsEN}, {i.Note, i.NoteEN}, {i.PriceNote, i.PriceNoteEN}} {
			if (two[0] == "") != (two[1] == "") || len(Lines(two[0])) != len(Lines(two[1])) && two[0] == i.Bring {
				t.Errorf("%s %s: %q and %q", i.List, i.Code, two[0], two[1])
			}
		}
		if i.List == Matter && (i.Who == "" || i.Bring == "" || i.Days == 0) || i.List == Hotline && i.PriceKind == Unpriced {
			t.Errorf("%s %s leaves a resident asking", i.List, i.Code)
		}
		per[i.List+i.ClassCode]++
		per[i.List]++
		if i.List == Hotline {
			priced[i.PriceKind] = true
		}
	}
	if of[Matter] != 10 || of[Hotline] != 7 || of[Event] != 11 || per[Hotline] < 30 || len(priced) != 3 || per[Opinion] != 6 {
		t.Errorf("classes %v, items %v, prices %v", of, per, priced)
	}
	for _, c := range groups {
		if c.List == Matter && per[c.List+c.Code] < 4 {
			t.Errorf("window %s has %d matters", c.Name, per[c.List+c.Code])
		}
	}
}

func TestEditionsKeepEverything(t *testing.T) {
	_, items := Standard()
	for _, i := range items {
		got, err := Item{List: i.List, Standard: i.Standard, Part: i.Part, Code: i.Code}.as(body(i))
		if err != nil || got != i {
			t.Fatalf("%s became %+v: %v", i.key(), got, err)
		}
	}
	a := Item{Name: "一", Level: Community, Days: 1}
	b := Item{Name: "二", Level: District, Hours: 2, Public: true, PriceKind: Free}
	if got := Changes(a, b); len(got) != 5 || len(Changes(a, a)) != 0 {
		t.Errorf("Changes = %+v", got)
	}
	day := func(d int) calendar.Date { return calendar.On(2026, 3, d) }
	d := Detail{Editions: []Edition{{No: 3, From: day(9)}, {No: 2, From: day(5)}, {No: 1, From: day(5)}}}
	for on, want := range map[int]int64{10: 3, 9: 3, 8: 2, 5: 2} {
		if e, ok := d.On(day(on)); !ok || e.No != want {
			t.Errorf("on the %dth: %d, %v", on, e.No, ok)
		}
	}
	if _, ok := d.On(day(4)); ok {
		t.Error("there was one before the first")
	}
}
