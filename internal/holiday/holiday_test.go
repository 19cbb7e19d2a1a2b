package holiday_test

import (
	"testing"
	"time"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/holiday"
	"linli/internal/policy"
	"linli/internal/testkit"
)

const text = "2031-01-01 2031-01-03 休 元旦\n2031-01-22 2031-01-28 休 春节\n2031-01-19 班 春节"

func TestTheNextYearWaitsFromNovemberOn(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		s, set := holiday.New(d), testkit.Actor(testkit.Tenant, nil, policy.PermSee, policy.PermSet)
		waits := func(month time.Month, day int, year int) int64 {
			t.Helper()
			clock.Set(calendar.On(year, month, day).Time().Add(12 * time.Hour))
			l, err := s.Waiting(t.Context(), set)
			if err != nil {
				t.Fatal(err)
			}
			if len(l) == 0 {
				return 0
			}
			return l[0].Count
		}
		last := calendar.Default().Years()[len(calendar.Default().Years())-1]
		for _, c := range []struct {
			month time.Month
			day   int
			year  int
			want  int64
		}{{time.October, 31, last, 0}, {time.November, 1, last, 1}, {time.January, 5, last + 1, 1}, {time.November, 1, last + 1, 2}} {
			if got := waits(c.month, c.day, c.year); got != c.want {
				t.Errorf("on %d-%02d-%02d %d years wait, want %d", c.year, c.month, c.day, got, c.want)
			}
		}
		if waits(time.November, 20, 2030) == 0 {
			t.Fatal("2031 does not wait")
		}
		y, err := s.Load(t.Context(), set, holiday.Notice{Year: 2031, Title: "2031 年放假安排", Text: text})
		if err != nil || len(y.Days) != 11 {
			t.Fatalf("Load = %+v, %v", y, err)
		}
		if _, err := s.Load(t.Context(), set, holiday.Notice{Year: 2031, Title: "2031 年放假安排", Text: text}); err != nil {
			t.Errorf("loading it again: %v", err)
		}
		if got := waits(time.March, 1, 2031); got != 0 {
			t.Errorf("%d years wait after loading", got)
		}
		c, err := s.Calendar(t.Context(), testkit.Tenant)
		if err != nil {
			t.Fatal(err)
		}
		if working, provisional := c.IsWorkingDay(calendar.On(2031, time.January, 23)); working || provisional {
			t.Errorf("23 January 2031 = %v, %v, want a day off", working, provisional)
		}
		if other, err := s.Calendar(t.Context(), testkit.Other); err != nil || other.Knows(calendar.On(2031, time.January, 23)) {
			t.Errorf("the other tenant knows it: %v", err)
		}
		list, err := s.Years(t.Context(), set)
		if err != nil || !list[len(list)-1].Loaded || list[len(list)-1].Notice != "2031 年放假安排" {
			t.Errorf("Years = %+v, %v", list, err)
		}
	})
}

func TestLoadRefuses(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, set := holiday.New(d), testkit.Actor(testkit.Tenant, nil, policy.PermSet)
		if _, err := s.Load(t.Context(), testkit.Actor(testkit.Tenant, nil, policy.PermSee), holiday.Notice{Year: 2031, Text: text}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("without permission: %v", err)
		}
		if _, err := s.Years(t.Context(), testkit.Actor(testkit.Tenant, nil)); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("Years without permission: %v", err)
		}
		for field, in := range map[string]holiday.Notice{
			"text": {Year: 2031, Text: "2031-01-01 元旦"}, "year": {Year: 2026, Text: "2026-01-01 休 元旦"},
		} {
			_, err := s.Load(t.Context(), set, in)
			if e := errs.As(err); e == nil || e.Fields[field].Text.IsZero() {
				t.Errorf("Load(%+v) = %v, want something about %s", in, err, field)
			}
		}
		if l, err := s.Waiting(t.Context(), testkit.Actor(testkit.Tenant, nil, policy.PermSee)); err != nil || len(l) != 0 {
			t.Errorf("waits for who cannot load: %v, %v", l, err)
		}
	})
}
