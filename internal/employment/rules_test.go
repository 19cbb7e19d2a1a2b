package employment

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/calendar"
	"linli/internal/id"
)

func anySeeker(t *rapid.T) Seeker {
	return Seeker{ID: id.ID(rapid.Int64Range(1, 1000).Draw(t, "seeker")), OrgID: id.ID(rapid.IntRange(1, 3).Draw(t, "org")), StreetID: id.ID(rapid.IntRange(10, 11).Draw(t, "street")),
		Kinds: rapid.SliceOfNDistinct(rapid.SampledFrom(Kinds()), 0, 3, rapid.ID[Kind]).Draw(t, "kinds"), Skills: rapid.SampledFrom([]string{"", "电工证", "会开叉车、烧锅炉", "月嫂"}).Draw(t, "skills"),
		WageFrom: rapid.SampledFrom([]int64{0, 2000, 4000}).Draw(t, "wage"), Hours: rapid.SampledFrom(WishedHours()).Draw(t, "hours"), Area: rapid.SampledFrom(Areas()).Draw(t, "area"),
		Education: rapid.SampledFrom(append([]Education{""}, Educations()...)).Draw(t, "school"), EnteredOn: calendar.On(2026, 1, 1).AddDays(rapid.IntRange(0, 20).Draw(t, "day"))}
}

func anyJob(t *rapid.T) Job {
	j := Job{ID: id.ID(rapid.Int64Range(1, 1000).Draw(t, "job")), CommunityID: id.ID(rapid.IntRange(1, 3).Draw(t, "at")), StreetID: id.ID(rapid.IntRange(10, 11).Draw(t, "in")), Kind: rapid.SampledFrom(Kinds()).Draw(t, "kind"),
		WageFrom: 1800, WageTo: rapid.SampledFrom([]int64{0, 1900, 3000, 5000}).Draw(t, "to"), Hours: rapid.SampledFrom(AllHours()).Draw(t, "times"), Title: rapid.SampledFrom([]string{"水电工", "叉车司机", "保洁员"}).Draw(t, "title"),
		Needs: rapid.SampledFrom([]string{"", "要有电工证", "会开叉车"}).Draw(t, "needs"), Education: rapid.SampledFrom(append([]Education{""}, Educations()...)).Draw(t, "asked")}
	return j
}

// What is suggested fits, each reason is true, and the same is suggested whatever the order in which the jobs were read.
func TestWhatIsSuggestedFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := anySeeker(t)
		jobs := rapid.SliceOfNDistinct(rapid.Custom(anyJob), 0, 20, func(j Job) id.ID { return j.ID }).Draw(t, "jobs")
		got := suggest(&k, jobs)
		fits := 0
		for i := range jobs {
			if _, ok := Meets(&k, &jobs[i]); ok {
				fits++
			}
		}
		if len(got) != min(fits, mostShown) {
			t.Fatalf("%d suggested of %d that fit", len(got), fits)
		}
		for i, g := range got {
			if i > 0 && (len(g.Reasons) > len(got[i-1].Reasons) || len(g.Reasons) == len(got[i-1].Reasons) && g.ID < got[i-1].ID) {
				t.Fatalf("%d stands behind %d", g.ID, got[i-1].ID)
			}
			switch {
			case len(k.Kinds) > 0 && !slices.Contains(k.Kinds, g.Kind):
				t.Fatal("another kind of work than wished")
			case g.WageTo > 0 && g.WageTo < k.WageFrom:
				t.Fatal("too little")
			case k.Hours != AnyHours && g.Hours != k.Hours:
				t.Fatal("at other times")
			case k.Area == InCommunity && g.CommunityID != k.OrgID:
				t.Fatal("too far")
			case slices.Contains(g.Reasons, Here) != (g.CommunityID == k.OrgID), slices.Contains(g.Reasons, WageFits) != (k.WageFrom > 0 && g.WageTo > 0), slices.Contains(g.Reasons, SameKind) != (len(k.Kinds) > 0):
				t.Fatalf("the reasons %v are not true", g.Reasons)
			case slices.Contains(g.Reasons, Here) && slices.Contains(g.Reasons, Near):
				t.Fatal("here and near at once")
			}
		}
		slices.Reverse(jobs)
		again := suggest(&k, jobs)
		for i := range got {
			if got[i].ID != again[i].ID {
				t.Fatalf("read in another order, %d stands where %d did", again[i].ID, got[i].ID)
			}
		}
	})
}

// Whoever waited longer stands first, whatever else is said of them: nobody is ranked.
func TestSeekersStandAsTheyCame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		j := anyJob(t)
		list := rapid.SliceOfNDistinct(rapid.Custom(anySeeker), 0, 20, func(k Seeker) id.ID { return k.ID }).Draw(t, "seekers")
		got := waitingFor(&j, list)
		for i := 1; i < len(got); i++ {
			if got[i].EnteredOn.Before(got[i-1].EnteredOn) || got[i].EnteredOn.Equal(got[i-1].EnteredOn) && got[i].ID < got[i-1].ID {
				t.Fatalf("%v stands behind %v", got[i].EnteredOn, got[i-1].EnteredOn)
			}
		}
	})
}

func TestSkills(t *testing.T) {
	for _, c := range []struct {
		skills, asked string
		want          bool
	}{
		{"电工证、会开叉车", "叉车司机 会开叉车，倒班", true}, {"电工证", "要有 电工证", true}, {"电", "电工证", false}, {"", "电工证", false}, {"月嫂, 育婴", "养老护理", false}, {"Excel", "会用excel", true},
	} {
		if got := skilled(c.skills, c.asked); got != c.want {
			t.Errorf("%q for %q: %v", c.skills, c.asked, got)
		}
	}
}

func TestWordsOfAJob(t *testing.T) {
	for text, want := range map[string]struct {
		refused string
		flagged int
	}{
		"保洁员，早六点到十点": {}, "限 女 ，四十岁": {refused: "限女"}, "已婚优先": {refused: "已婚"}, "只收本地户口": {refused: "本地户口"}, "交押金200元，培训费自理": {flagged: 2}, "45岁以下": {flagged: 1}, "有两年经验": {}, "不限男女，不限户籍": {}, "未婚已婚均可": {}, "男女不限，不招女": {refused: "不招女"}, "４５岁以下": {flagged: 1}, "四十岁以下": {flagged: 1}, "照顾三岁孩子": {}, "女性，年龄适中": {flagged: 2}, "无乙肝": {refused: "乙肝"},
	} {
		refused, flagged := limits(text)
		if refused != want.refused || len(flagged) != want.flagged {
			t.Errorf("%s: %q, %q", text, refused, flagged)
		}
	}
}

func TestFollowUps(t *testing.T) {
	from := calendar.On(2026, 8, 31)
	r := Result{FromOn: from}
	r.NextOn = r.next()
	if r.NextOn.String() != "2026-11-30" || r.Months() != 3 {
		t.Fatalf("first asked on %s", r.NextOn)
	}
	if err := r.answer(Still, "", r.NextOn.AddDays(-1)); err == nil {
		t.Error("asked before it is due")
	}
	if err := r.answer(Left, "", r.NextOn); err == nil {
		t.Error("left without a reason")
	}
	if err := r.answer(Still, "quit", r.NextOn); err != nil || r.After3 != Still || r.Reason != "" || r.NextOn.String() != "2027-02-28" || r.Months() != 6 {
		t.Fatalf("after the first: %+v, %v", r, err)
	}
	if err := r.answer(Left, "quit", r.NextOn.AddDays(-40)); err != nil || r.After6 != Left || !r.NextOn.IsZero() || r.Reason != "quit" || !r.HasLeft() {
		t.Fatalf("after the second: %+v, %v", r, err)
	}
	if err := r.answer(Still, "", from.AddDays(400)); err == nil {
		t.Error("asked a third time")
	}
}

func TestWhereACertificateStands(t *testing.T) {
	day := calendar.On(2026, 6, 1)
	c := Certificate{FromOn: day.AddDays(-10), ToOn: day.AddDays(10), UsesMax: 2, Uses: 1, Entitles: []Entitlement{"tax"}}
	for want, change := range map[CertificateState]func(*Certificate){
		Valid: func(*Certificate) {}, Used: func(c *Certificate) { c.Uses = 2 }, Past: func(c *Certificate) { c.ToOn = day.AddDays(-1) }, Issued: func(c *Certificate) { c.FromOn = day.AddDays(1) }, TakenBack: func(c *Certificate) { c.EndedOn = day },
	} {
		d := c
		change(&d)
		if got := d.StateOn(day); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if err := d.takes(NewUse{Entitlement: "tax", On: day}); (err == nil) != (want == Valid) {
			t.Errorf("%s takes a use: %v", want, err)
		}
	}
	if err := c.takes(NewUse{Entitlement: "loan", On: day}); err == nil {
		t.Error("it is used for what it does not entitle to")
	}
}
