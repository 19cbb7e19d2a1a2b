package exchange

import (
	"slices"
	"testing"
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/id"
)

func TestTheStateFollowsThePledges(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		wanted  int64
		pledges []PledgeState
		want    State
		taken   int64
	}{
		{1, nil, Open, 0},
		{1, []PledgeState{Declined, TakenBack}, Open, 0},
		{2, []PledgeState{Pledged}, Open, 1},
		{2, []PledgeState{Pledged, Agreed}, Taken, 2},
		{2, []PledgeState{Confirmed, Agreed}, Taken, 2},
		{2, []PledgeState{Brought, Confirmed}, Delivered, 2},
		{2, []PledgeState{Confirmed}, Open, 1},
		{2, []PledgeState{Confirmed, Confirmed, TakenBack}, Done, 2},
	} {
		n := Need{State: Open, Wanted: c.wanted}
		var list []Pledge
		for _, s := range c.pledges {
			list = append(list, Pledge{State: s})
		}
		n.settle(now, list)
		if n.State != c.want || n.Taken != c.taken {
			t.Errorf("%d wanted, pledges %v: %s with %d taken, want %s with %d", c.wanted, c.pledges, n.State, n.Taken, c.want, c.taken)
		}
	}
	over := Need{State: Withdrawn, Wanted: 1}
	over.settle(now, []Pledge{{State: Confirmed}})
	if over.State != Withdrawn {
		t.Errorf("a need that is over becomes %s", over.State)
	}
}

func TestNobodyPledgesLateOrTooOften(t *testing.T) {
	day := calendar.On(2026, 3, 2)
	open := Need{State: Open, Wanted: 1, DueOn: day}
	if err := open.pledgeable(day); err != nil {
		t.Errorf("on the last day: %v", err)
	}
	for name, n := range map[string]Need{"the day after": {State: Open, Wanted: 1, DueOn: day.AddDays(-1)}, "when all are there": {State: Taken, Wanted: 1, Taken: 1, DueOn: day},
		"before it is public": {State: Asked, Wanted: 1, DueOn: day}, "when it is over": {State: Done, Wanted: 1, DueOn: day}} {
		if err := n.pledgeable(day); errs.KindOf(err) != errs.Conflict {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHoursAreWithinReason(t *testing.T) {
	today := calendar.On(2026, 3, 2)
	n := Need{ReceivedAt: today.AddDays(-3).Time(), DueOn: today}
	for _, c := range []struct {
		d    Delivery
		want bool
	}{
		{Delivery{OnDate: today, Minutes: 90}, true}, {Delivery{Minutes: 0}, true}, {Delivery{OnDate: today, Minutes: -60}, false}, {Delivery{OnDate: today, Minutes: MaxMinutes + 1}, false},
		{Delivery{OnDate: today.AddDays(1), Minutes: 60}, false}, {Delivery{OnDate: today.AddDays(-4), Minutes: 60}, false},
	} {
		if e := c.d.check(n, today); (e == nil) != c.want {
			t.Errorf("%v: %v", c.d, e)
		}
	}
}

func TestResourcesAreProposedWithReasons(t *testing.T) {
	day := calendar.On(2026, 3, 2)
	here, there := id.ID(1), id.ID(2)
	need := Card{Kind: Trade, Title: "想找人上门理发", Skill: "理发", CommunityID: here, DueOn: day}
	list := []Resource{
		{ID: 1, Kind: Goods, Title: "轮椅", PlaceID: here, ValidUntil: day, Terms: Free},
		{ID: 2, Kind: Trade, Title: "上门维修", PlaceID: there, ValidUntil: day, Terms: Paid},
		{ID: 3, Kind: Trade, Title: "义务理发队", Skill: "理发", PlaceID: here, ValidUntil: day, Terms: Free, Used: 2},
		{ID: 4, Kind: Trade, Title: "理发", Skill: "理发", PlaceID: here, ValidUntil: day.AddDays(-1), Terms: Free},
		{ID: 5, Kind: Trade, Title: "理发", Skill: "理发", PlaceID: here, ValidUntil: day, Terms: Free, Amount: 3},
		{ID: 6, Kind: Trade, Title: "找人上门理发服务", PlaceID: there, ValidUntil: day, Terms: Free},
	}
	got := Match(need, list)
	if len(got) != 3 || got[0].ID != 3 || got[1].ID != 6 || got[2].ID != 2 {
		t.Fatalf("proposed %+v", got)
	}
	if want := []Reason{SameKind, SkillFits, SamePlace, NoCharge, UsedBefore}; !slices.Equal(got[0].Reasons, want) || got[0].Score != 4+4+2+1+1 {
		t.Errorf("the best has %d points by %v", got[0].Score, got[0].Reasons)
	}
}

// What both sides say of the time counts: for it where they meet, against it where they do not, and nothing where one of them says none.
func TestTimesAreWeighed(t *testing.T) {
	today := calendar.On(2026, 3, 2)
	n := Card{Kind: Trade, Title: "上门理发", Words: "周六上午在家", DueOn: today.AddDays(10)}
	var list []Resource
	for i, times := range []string{"工作日晚上", "", "每月第二、第四个周六", "周末 9:00-11:30"} {
		list = append(list, Resource{ID: id.ID(i + 1), Kind: Trade, Title: "理发", Times: times, ValidUntil: today.AddDays(60)})
	}
	got := Match(n, list)
	var order []id.ID
	for _, p := range got {
		order = append(order, p.ID)
	}
	if !slices.Equal(order, []id.ID{3, 4, 2, 1}) {
		t.Errorf("proposed %v", order)
	}
	if !slices.Contains(got[0].Reasons, TimeFits) || !slices.Contains(got[3].Reasons, TimeClash) || got[2].Score-got[3].Score != 2 || got[0].Score-got[2].Score != 2 {
		t.Errorf("for these reasons: %+v", got)
	}
}
