package activity

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// at is a time of day on 19 September 2026 in China.
func at(clock string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", "2026-09-19 "+clock, i18n.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func plan() Plan {
	return Plan{CommunityID: 1, KindCode: "cleaning", Title: "清理楼道", Place: "3 号楼", StartsAt: at("09:00:00"), EndsAt: at("11:00:00"), GivesHours: true}
}

func TestMinutes(t *testing.T) {
	a := &Activity{Plan: plan()}
	cases := []struct {
		name    string
		in, out string
		grace   time.Duration
		step    int64
		want    int64
	}{
		{"the whole activity", "09:00:00", "11:00:00", 0, 1, 120},
		{"a begun minute does not count", "09:00:00", "10:00:59", 0, 1, 60},
		{"under a minute is nothing", "09:00:00", "09:00:59", 0, 1, 0},
		{"setting up within the grace counts", "08:45:00", "11:00:00", 30 * time.Minute, 1, 135},
		{"before the grace it does not", "08:00:00", "11:00:00", 30 * time.Minute, 1, 150},
		{"at the edge of the grace", "09:00:00", "11:30:00", 30 * time.Minute, 1, 150},
		{"one second past the grace adds nothing", "09:00:00", "11:30:01", 30 * time.Minute, 1, 150},
		{"signing out the next day is capped", "09:00:00", "23:59:00", 30 * time.Minute, 1, 150},
		{"steps of a quarter round down", "09:00:00", "10:59:00", 0, 15, 105},
		{"exactly a step stays", "09:00:00", "10:45:00", 0, 15, 105},
		{"arriving after the grace gives nothing", "12:00:00", "13:00:00", 30 * time.Minute, 1, 0},
		{"a step of zero is taken as one", "09:00:00", "09:07:00", 0, 0, 7},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := (rules{grace: c.grace, step: c.step}).minutes(a, at(c.in), at(c.out)); got != c.want {
				t.Errorf("minutes(%s, %s) = %d, want %d", c.in, c.out, got, c.want)
			}
		})
	}
}

func TestMinutesNeverExceedTheActivityAndItsGrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := &Activity{Plan: plan()}
		r := rules{grace: time.Duration(rapid.IntRange(0, 240).Draw(t, "grace")) * time.Minute, step: int64(rapid.IntRange(1, 60).Draw(t, "step"))}
		in := a.StartsAt.Add(time.Duration(rapid.IntRange(-90000, 90000).Draw(t, "in")) * time.Second)
		out := in.Add(time.Duration(rapid.IntRange(0, 90000).Draw(t, "stay")) * time.Second)
		m := r.minutes(a, in, out)
		if m < 0 || m%r.step != 0 {
			t.Fatalf("%d minutes are no whole steps of %d", m, r.step)
		}
		if time.Duration(m)*time.Minute > out.Sub(in) || time.Duration(m)*time.Minute > 2*time.Hour+2*r.grace {
			t.Fatalf("%d minutes for %s to %s", m, in, out)
		}
		if longer := r.minutes(a, in, out.Add(time.Minute)); longer < m {
			t.Fatalf("staying longer gave less: %d then %d", m, longer)
		}
	})
}

func TestStates(t *testing.T) {
	now := at("12:00:00")
	cases := []struct {
		name string
		from State
		act  func(*Activity) error
		want State // "" when it must be refused
	}{
		{"a draft is published", Draft, func(a *Activity) error { return a.Publish() }, Published},
		{"what is published cannot be published again", Published, func(a *Activity) error { return a.Publish() }, ""},
		{"a plan can be called off", Published, func(a *Activity) error { return a.Cancel("下雨") }, Cancelled},
		{"but not without saying why", Published, func(a *Activity) error { return a.Cancel("  ") }, ""},
		{"what people attended cannot be called off", Held, func(a *Activity) error { return a.Cancel("下雨") }, ""},
		{"it is closed after its end", Held, func(a *Activity) error { return a.Close(now, 3) }, Closed},
		{"an activity nobody came to is closed too", Published, func(a *Activity) error { return a.Close(now, 0) }, Closed},
		{"not while people are present and it goes on", Held, func(a *Activity) error { return a.Close(at("10:00:00"), 1) }, ""},
		{"it may end early when everybody has gone", Held, func(a *Activity) error { return a.Close(at("10:00:00"), 0) }, Closed},
		{"a draft is not closed", Draft, func(a *Activity) error { return a.Close(now, 0) }, ""},
		{"what is closed stays closed", Closed, func(a *Activity) error { return a.Close(now, 0) }, ""},
		{"a closed activity is not edited", Closed, func(a *Activity) error { return a.Edit(plan()) }, ""},
		{"times stay once people signed in", Held, func(a *Activity) error {
			p := plan()
			p.EndsAt = at("12:00:00")
			return a.Edit(p)
		}, ""},
		{"words can change while it is held", Held, func(a *Activity) error {
			p := plan()
			p.Title = "清理楼道和车棚"
			return a.Edit(p)
		}, Held},
		{"no fewer places than people", Published, func(a *Activity) error {
			p := plan()
			p.Capacity = 4
			return a.Edit(p)
		}, ""},
		{"exactly as many places as people", Published, func(a *Activity) error {
			p := plan()
			p.Capacity = 5
			return a.Edit(p)
		}, Published},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := &Activity{Plan: plan(), State: c.from, Enrolled: 5}
			err := c.act(a)
			if (err != nil) != (c.want == "") {
				t.Fatalf("from %s: %v", c.from, err)
			}
			if c.want != "" && a.State != c.want {
				t.Errorf("state %s, want %s", a.State, c.want)
			}
			if err != nil && a.State != c.from {
				t.Errorf("refused, but the state went to %s", a.State)
			}
		})
	}
}

func TestPlanCheck(t *testing.T) {
	cases := []struct {
		name  string
		edit  func(*Plan)
		field string
	}{
		{"a whole plan", func(*Plan) {}, ""},
		{"without a title nobody knows what it is", func(p *Plan) { p.Title = " " }, "title"},
		{"a title of 81 characters", func(p *Plan) { p.Title = string(make([]rune, 81)) }, "title"},
		{"without a place nobody finds it", func(p *Plan) { p.Place = "" }, "place"},
		{"an end before the start", func(p *Plan) { p.EndsAt = at("08:59:00") }, "ends_at"},
		{"an end at the start", func(p *Plan) { p.EndsAt = p.StartsAt }, "ends_at"},
		{"24 hours are one activity", func(p *Plan) { p.EndsAt = p.StartsAt.Add(24 * time.Hour) }, ""},
		{"a minute more is several", func(p *Plan) { p.EndsAt = p.StartsAt.Add(24*time.Hour + time.Minute) }, "ends_at"},
		{"fewer than no places", func(p *Plan) { p.Capacity = -1 }, "capacity"},
		{"no kind", func(p *Plan) { p.KindCode = "" }, "kind"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := plan()
			c.edit(&p)
			err := errs.As(p.check())
			if (err == nil) != (c.field == "") {
				t.Fatalf("check() = %v", err)
			}
			if err != nil {
				if _, named := err.Fields[c.field]; !named {
					t.Errorf("fields %v, want %s", err.Fields, c.field)
				}
			}
		})
	}
}

func TestSignInWindow(t *testing.T) {
	r := rules{grace: 30 * time.Minute, opens: time.Hour}
	cases := []struct {
		name  string
		state State
		now   string
		ok    bool
	}{
		{"an hour before", Published, "08:00:00", true},
		{"a second too early", Published, "07:59:59", false},
		{"in the middle", Held, "10:00:00", true},
		{"at the end of the grace", Held, "11:30:00", true},
		{"a second too late", Held, "11:30:01", false},
		{"a draft takes nobody", Draft, "10:00:00", false},
		{"nor does what was called off", Cancelled, "10:00:00", false},
		{"nor what is closed", Closed, "10:00:00", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := (&Activity{Plan: plan(), State: c.state}).takesSignIns(at(c.now), r)
			if (err == nil) != c.ok {
				t.Errorf("at %s: %v", c.now, err)
			}
		})
	}
}

func TestKindAnswers(t *testing.T) {
	k := Kind{Fields: []Field{
		{Code: "bags", Label: "袋数", Type: NumberField, Required: true},
		{Code: "tool", Label: "工具", Type: ChoiceField, Options: []string{"扫把", "夹子"}},
		{Code: "ill", Label: "是否不适", Type: YesNoField},
		{Code: "note", Label: "备注", Type: TextField},
	}}
	cases := []struct {
		name  string
		in    Answers
		field string
	}{
		{"all answered", Answers{"bags": "3", "tool": "扫把", "ill": "no", "note": "无"}, ""},
		{"only what must be", Answers{"bags": "2.5"}, ""},
		{"the required one is missing", Answers{"tool": "扫把"}, "field.bags"},
		{"blank is missing", Answers{"bags": "  "}, "field.bags"},
		{"words are no number", Answers{"bags": "很多"}, "field.bags"},
		{"nor is infinity", Answers{"bags": "Inf"}, "field.bags"},
		{"nor hexadecimal", Answers{"bags": "0x1p3"}, "field.bags"},
		{"a choice that is not offered", Answers{"bags": "1", "tool": "铲车"}, "field.tool"},
		{"neither yes nor no", Answers{"bags": "1", "ill": "maybe"}, "field.ill"},
		{"201 characters", Answers{"bags": "1", "note": string(slices.Repeat([]rune("长"), 201))}, "field.note"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := k.Check(c.in)
			e := errs.As(err)
			if (e == nil) != (c.field == "") {
				t.Fatalf("Check = %v", err)
			}
			if e != nil {
				if _, named := e.Fields[c.field]; !named {
					t.Errorf("fields %v, want %s", e.Fields, c.field)
				}
			}
		})
	}
	out, err := k.Check(Answers{"bags": " 3 ", "gone": "x"})
	if err != nil || out["bags"] != "3" || len(out) != 1 {
		t.Errorf("Check = %v, %v; want blanks gone and unknown fields dropped", out, err)
	}
	shown := k.Show(Answers{"ill": "yes", "bags": "3", "old": "z"})
	if len(shown) != 3 || shown[1].Value != i18n.ActivityYes || shown[2].Label.In(i18n.ZH) != "old" {
		t.Errorf("Show = %+v", shown)
	}
}

func TestStandardKindsAreSound(t *testing.T) {
	for _, k := range Standard() {
		if err := k.check(); err != nil {
			t.Errorf("%s: %v", k.Code, err)
		}
	}
	bad := []Kind{{Code: "Bad", Name: "x"}, {Code: "a", Name: ""}, {Code: "a", Name: "x", Fields: []Field{{Code: "c", Label: "选", Type: ChoiceField}}},
		{Code: "a", Name: "x", Fields: []Field{{Code: "c", Label: "一", Type: TextField}, {Code: "c", Label: "二", Type: TextField}}},
		{Code: "a", Name: "x", Fields: []Field{{Code: "c", Label: "一", Type: "photo"}}}}
	for _, k := range bad {
		if k.check() == nil {
			t.Errorf("%+v was accepted", k)
		}
	}
}

func TestFlag(t *testing.T) {
	one := func(n id.ID, in, out string, minutes int64) span {
		return span{id: n, in: at(in), out: at(out), minutes: minutes}
	}
	cases := []struct {
		name    string
		spans   []span
		overlap map[id.ID]id.ID
		long    bool
	}{
		{"one after another do not overlap", []span{one(1, "09:00:00", "10:00:00", 60), one(2, "10:00:00", "11:00:00", 60)}, nil, false},
		{"a minute of both does", []span{one(1, "09:00:00", "10:01:00", 61), one(2, "10:00:00", "11:00:00", 60)}, map[id.ID]id.ID{1: 2, 2: 1}, false},
		{"one within the other does", []span{one(1, "09:00:00", "12:00:00", 180), one(2, "10:00:00", "11:00:00", 60)}, map[id.ID]id.ID{1: 2, 2: 1}, false},
		{"being present still has no length yet", []span{one(1, "09:00:00", "12:00:00", 180), one(2, "10:00:00", "10:00:00", 0)}, nil, false},
		{"sixteen hours exactly are possible", []span{one(1, "00:00:00", "08:00:00", 480), one(2, "08:00:00", "16:00:00", 480)}, nil, false},
		{"a minute more is not", []span{one(1, "00:00:00", "08:00:00", 480), one(2, "08:00:00", "16:01:00", 481)}, nil, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			flag(c.spans, 16*time.Hour)
			for _, s := range c.spans {
				if s.newly != c.overlap[s.id] || s.newlyDay != c.long {
					t.Errorf("%d: overlap %d, long day %v; want %d, %v", s.id, s.newly, s.newlyDay, c.overlap[s.id], c.long)
				}
			}
		})
	}
}

func TestFlagFindsEveryOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "n")
		spans := make([]span, n)
		for i := range spans {
			in := rapid.IntRange(0, 2*1440).Draw(t, "in")
			stay := rapid.IntRange(0, 900).Draw(t, "stay")
			spans[i] = span{id: id.ID(i + 1), in: at("00:00:00").Add(time.Duration(in) * time.Minute), minutes: int64(stay)}
			spans[i].out = spans[i].in.Add(time.Duration(stay) * time.Minute)
		}
		flag(spans, 16*time.Hour)
		day := map[calendar.Date]int64{}
		for _, s := range spans {
			day[calendar.DateOf(s.in)] += s.minutes
		}
		for _, s := range spans {
			// The reference: count the minutes both were there.
			together := func(o span) int { return int(minTime(s.out, o.out).Sub(maxTime(s.in, o.in)) / time.Minute) }
			any := slices.ContainsFunc(spans, func(o span) bool { return o.id != s.id && together(o) > 0 })
			if any != (s.newly != 0) {
				t.Fatalf("%+v: overlap found %v, is %v", s, s.newly, any)
			}
			if s.newly != 0 && together(spans[slices.IndexFunc(spans, func(o span) bool { return o.id == s.newly })]) <= 0 {
				t.Fatalf("%+v points at one it does not overlap with", s)
			}
			if s.newlyDay != (day[calendar.DateOf(s.in)] > 960) {
				t.Fatalf("%+v: long day %v, has %d minutes", s, s.newlyDay, day[calendar.DateOf(s.in)])
			}
		}
	})
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
