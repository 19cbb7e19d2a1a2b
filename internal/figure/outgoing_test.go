package figure

import "testing"

// TestWhatIsHiddenCannotBeWorkedOut hides, besides small counts of people, what they could be taken from.
func TestWhatIsHiddenCannotBeWorkedOut(t *testing.T) {
	v := func(n int64) Value { return Value{Amount: n, Known: true} }
	for _, c := range []struct {
		name   string
		of     map[string]Value
		hidden []string
	}{
		{"a kind of members that is small hides the next smallest", map[string]Value{"member.total": v(500), "member.community": v(300), "member.in_service": v(197), "member.floating": v(3)}, []string{"member.floating", "member.in_service"}},
		{"nearly all are women", map[string]Value{"member.total": v(100), "member.women": v(97)}, []string{"member.women"}},
		{"the ages of few", map[string]Value{"member.age_known": v(2), "member.ages": v(80)}, []string{"member.age_known", "member.ages"}},
		{"nothing is small", map[string]Value{"member.total": v(100), "member.women": v(40), "member.community": v(60), "member.in_service": v(40), "member.floating": v(0)}, nil},
		{"two small kinds", map[string]Value{"member.total": v(106), "member.community": v(100), "member.in_service": v(3), "member.floating": v(3)}, []string{"member.in_service", "member.floating"}},
	} {
		hideTogether(c.of)
		want := map[string]bool{}
		for _, name := range c.hidden {
			want[name] = true
		}
		for name, got := range c.of {
			if got.Hidden != want[name] || got.Hidden && got.Amount != 0 {
				t.Errorf("%s: %s is %+v", c.name, name, got)
			}
		}
	}
}

// TestWhatDistrictsShareHasTheSameNames holds breakdowns that go up to lists of the platform.
func TestWhatDistrictsShareHasTheSameNames(t *testing.T) {
	own := map[string]bool{}
	for _, f := range figures {
		for _, d := range f.Dims {
			if d.Shared() == (d.Fine || d.Table != "" || d.Label == nil) {
				t.Errorf("%s by %s: shared %v", f.ID, d.Key, d.Shared())
			}
			if !d.Shared() {
				own[d.Key] = true
			}
		}
	}
	for _, key := range []string{"office", "sector"} {
		if !own[key] {
			t.Errorf("%s, which people type, would leave the district", key)
		}
	}
}
