package figure

import (
	"regexp"
	"slices"
	"testing"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
)

// Every figure has words in both languages, and every word a figure; its statement names only arguments that there are.
func TestTheCatalogueIsWhole(t *testing.T) {
	real, pending := 0, 0
	seen := map[string]bool{}
	for _, f := range Catalogue() {
		w := f.Words()
		if seen[f.ID] {
			t.Errorf("%s stands twice", f.ID)
		}
		seen[f.ID] = true
		for _, x := range []i18n.Text{w.Name, w.Definition, f.Chapter.Text(), f.When.Text()} {
			if x.In(i18n.ZH) == "" || x.In(i18n.EN) == "" {
				t.Errorf("%s lacks words", f.ID)
			}
		}
		switch {
		case !f.Pending.IsZero():
			pending++
			if f.SQL != "" || f.Ratio != nil {
				t.Errorf("%s is pending and yet worked out", f.ID)
			}
		case f.Ratio != nil:
			real++
			if byID[f.Ratio.Of] == nil || byID[f.Ratio.By] == nil || f.SQL != "" {
				t.Errorf("%s is no ratio of two figures", f.ID)
			}
		default:
			real++
			a := &db.Args{}
			question{Figure: f, tenant: 1, period: InQuarterOf(calendar.NewQuarter(2026, 3)), today: calendar.MustParse("2026-09-15"), set: settings{}}.text(a, InTenant)
			if !slices.Contains(a.Values(), any(int64(1))) {
				t.Errorf("%s does not name the tenant", f.ID)
			}
			if _, ok := subjects[f.Subject]; !ok {
				t.Errorf("%s opens to nothing known: %q", f.ID, f.Subject)
			}
			if f.Distinct != regexp.MustCompile(`\{place\}`).MatchString(f.SQL) {
				t.Errorf("%s: Distinct and {place} belong together", f.ID)
			}
		}
	}
	for id := range i18n.Figures {
		if !seen[id] {
			t.Errorf("words of %s, which is no figure", id)
		}
	}
	for c := range i18n.FigureChapters {
		if !slices.Contains(Chapters(), Chapter(c)) {
			t.Errorf("heading of %s, which is no chapter", c)
		}
	}
	if real < 180 || pending < 5 {
		t.Errorf("%d figures are worked out and %d declared; source D needs more", real, pending)
	}
	t.Logf("%d worked out, %d pending", real, pending)
}

func TestFiguresAreFoundByTheirNames(t *testing.T) {
	for name, want := range map[string]string{"党员总数": "member.total", "网格数": "place.grids", "（户 数）": "place.households", "hours of service": "hours.total", "slip.sent": "slip.sent"} {
		if got := Named(name); len(got) != 1 || got[0].ID != want {
			t.Errorf("Named(%s) = %v, want %s", name, got, want)
		}
	}
	if got := Named(""); got != nil {
		t.Errorf("Named of nothing = %v", got)
	}
	if got := Search("反馈单 回复"); len(got) == 0 || !slices.ContainsFunc(got, func(f *Figure) bool { return f.ID == "slip.answered" }) {
		t.Errorf("Search = %v", got)
	}
	if got := Search("no such figure anywhere"); len(got) != 0 {
		t.Errorf("Search found %v", got)
	}
}

// A form that asks by name must get one answer: no two figures may be called the same.
func TestNoTwoFiguresAreCalledTheSame(t *testing.T) {
	whose := map[string]string{}
	for _, f := range Catalogue() {
		for _, n := range f.names() {
			if other := whose[n]; n != "" && other != "" && other != f.ID {
				t.Errorf("%q is %s and %s", n, other, f.ID)
			}
			whose[n] = f.ID
		}
	}
}

func TestPeriods(t *testing.T) {
	today := calendar.MustParse("2026-08-20")
	q, err := ParsePeriod("2026Q3")
	if err != nil || q.String() != "2026Q3" || q.YearBefore().String() != "2025Q3" || q.Add(-3).String() != "2025Q4" {
		t.Errorf("2026Q3 = %v, %v", q, err)
	}
	for _, c := range []struct {
		when          When
		from, to, day string
	}{{InQuarter, "2026-07-01", "2026-09-30", "2026-08-20"}, {InYear, "2026-01-01", "2026-09-30", "2026-08-20"}, {AsOf, "2026-07-01", "2026-09-30", "2026-08-20"}} {
		from, to, day := q.bounds(c.when, today)
		if from.String() != c.from || to.String() != c.to || day.String() != c.day {
			t.Errorf("bounds(%s) = %v %v %v", c.when, from, to, day)
		}
	}
	for s, ok := range map[string]bool{"2026Q3": true, "2026": true, "2026Q4": false, "2027": false, "1999": false, "2021Q3": true, "2021Q2": false} {
		p, err := ParsePeriod(s)
		if err != nil || (p.check(today) == nil) != ok {
			t.Errorf("%s: check = %v, %v, want %v", s, p.check(today), err, ok)
		}
	}
	for _, s := range []string{"", "x", "2026Q5", "26", "2026-"} {
		if _, err := ParsePeriod(s); err == nil {
			t.Errorf("ParsePeriod(%q) is no error", s)
		}
	}
}

func TestSharesAndMeansRoundHalfUp(t *testing.T) {
	for _, c := range []struct {
		of, by, scale, want int64
		known               bool
	}{{1, 3, 1000, 333, true}, {1, 8, 10, 1, true}, {415, 10, 10, 415, true}, {2, 3, 1000, 667, true}, {5, 0, 1000, 0, false}, {0, 4, 1000, 0, true}} {
		v := (&Ratio{Scale: c.scale}).Divide(Value{Amount: c.of, Known: true}, Value{Amount: c.by, Known: true})
		if v.Amount != c.want || v.Known != c.known {
			t.Errorf("%d / %d = %+v, want %d", c.of, c.by, v, c.want)
		}
	}
}

func TestSmallCountsOfPeopleStayInside(t *testing.T) {
	people, things := &Figure{People: true}, &Figure{}
	for n, hidden := range map[int64]bool{0: false, 1: true, 4: true, 5: false} {
		if got := people.outside(Value{Amount: n, Known: true}); got.Hidden != hidden || (hidden && got.Amount != 0) {
			t.Errorf("%d people: %+v", n, got)
		}
		if things.outside(Value{Amount: n, Known: true}).Hidden {
			t.Errorf("%d things are hidden", n)
		}
	}
	items := func(ns ...int64) (list []Item) {
		for _, n := range ns {
			list = append(list, Item{Value: Value{Amount: n, Known: true}})
		}
		return list
	}
	for _, c := range []struct {
		name string
		in   []int64
		want []bool
	}{
		{"one small item is hidden with the next smallest, or the whole would give it away", []int64{3, 20, 10}, []bool{true, false, true}},
		{"two small ones hide each other", []int64{3, 20, 2}, []bool{true, false, true}},
		{"nothing small, nothing hidden", []int64{5, 20}, []bool{false, false}},
		{"none is no person", []int64{0, 3, 9}, []bool{false, true, true}},
	} {
		list := items(c.in...)
		hideItems(list)
		for i := range list {
			if list[i].Value.Hidden != c.want[i] {
				t.Errorf("%s: item %d hidden = %v", c.name, i, list[i].Value.Hidden)
			}
		}
	}
}
