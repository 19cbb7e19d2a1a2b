package policy_test

import (
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
	"linli/internal/testkit"
)

var hours = policy.Value{Name: "test.hours", Title: i18n.PolicyIdleStaff, Default: 16, Min: 0, Max: 100}

func TestAValueHoldsFromItsDay(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		ctx, s := t.Context(), policy.New(d, hours)
		actor := testkit.Actor(testkit.Tenant, nil, policy.PermSet)
		today := calendar.DateOf(clock.Now())
		set := func(from calendar.Date, v int64) {
			t.Helper()
			if err := s.Set(ctx, actor, policy.Change{Name: hours.Name, From: from, Value: v, Source: "notice 5"}); err != nil {
				t.Fatal(err)
			}
		}
		set(today.AddDays(10), 20)
		set(calendar.Date{}, 18)
		for day, want := range map[calendar.Date]int64{today.AddDays(-1): 16, today: 18, today.AddDays(9): 18, today.AddDays(10): 20, today.AddDays(400): 20} {
			if got, err := hours.On(ctx, d, testkit.Tenant, day); err != nil || got != want {
				t.Errorf("On(%v) = %d, %v, want %d", day, got, err, want)
			}
		}
		if got, _ := hours.On(ctx, d, testkit.Other, today); got != 16 {
			t.Errorf("the other tenant has %d, want the default", got)
		}
		list, err := s.List(ctx, actor)
		if err != nil || len(list) != 1 || list[0].Now != 18 || list[0].Later != 20 || list[0].LaterOn != today.AddDays(10).String() || list[0].SetBy != "notice 5" {
			t.Errorf("List = %+v, %v", list, err)
		}
		set(calendar.Date{}, 19)
		clock.Advance(240 * time.Hour)
		if list, _ := s.List(ctx, actor); list[0].Now != 20 || list[0].LaterOn != "" {
			t.Errorf("ten days later: %+v", list)
		}
	})
}

func TestAValueThatMayBeUnset(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		months := policy.Value{Name: "test.months", Title: i18n.PolicyIdleStaff, Min: 36, Max: 100, Unset: true}
		s, setter := policy.New(d, months), testkit.Actor(testkit.Tenant, nil, policy.PermSet)
		for value, want := range map[int64]errs.Kind{1: errs.Invalid, 35: errs.Invalid, 101: errs.Invalid} {
			if err := s.Set(t.Context(), setter, policy.Change{Name: months.Name, Value: value}); errs.KindOf(err) != want {
				t.Errorf("Set(%d) = %v", value, err)
			}
		}
		for _, value := range []int64{36, 0} {
			if err := s.Set(t.Context(), setter, policy.Change{Name: months.Name, Value: value}); err != nil {
				t.Errorf("Set(%d) = %v", value, err)
			}
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		s, today := policy.New(d, hours), calendar.DateOf(clock.Now())
		setter := testkit.Actor(testkit.Tenant, nil, policy.PermSet)
		part := testkit.Actor(testkit.Tenant, []id.ID{5}, policy.PermSet)
		cases := []struct {
			name  string
			actor authz.Actor
			c     policy.Change
			want  errs.Kind
		}{
			{"the least", setter, policy.Change{Name: hours.Name, Value: 0}, errs.Internal},
			{"the most", setter, policy.Change{Name: hours.Name, Value: 100}, errs.Internal},
			{"below", setter, policy.Change{Name: hours.Name, Value: -1}, errs.Invalid},
			{"above", setter, policy.Change{Name: hours.Name, Value: 101}, errs.Invalid},
			{"yesterday", setter, policy.Change{Name: hours.Name, Value: 5, From: today.AddDays(-1)}, errs.Invalid},
			{"no such value", setter, policy.Change{Name: "x", Value: 5}, errs.NotFound},
			{"who answers for a part only", part, policy.Change{Name: hours.Name, Value: 5}, errs.Forbidden},
			{"who may only look", testkit.Actor(testkit.Tenant, nil, policy.PermSee), policy.Change{Name: hours.Name, Value: 5}, errs.Forbidden},
			{"nobody", authz.Actor{}, policy.Change{Name: hours.Name, Value: 5}, errs.Forbidden},
		}
		for _, c := range cases {
			err := s.Set(t.Context(), c.actor, c.c)
			if c.want == errs.Internal && err != nil || c.want != errs.Internal && errs.KindOf(err) != c.want {
				t.Errorf("%s: Set = %v, want kind %d", c.name, err, c.want)
			}
		}
		if _, err := s.List(t.Context(), authz.Actor{Tenant: testkit.Tenant}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("List by nobody = %v", err)
		}
	})
}
