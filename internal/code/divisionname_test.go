package code_test

import (
	"testing"

	"linli/internal/code"
)

func TestCommunityName(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"the community keeps its name", "雅和社区居委会", "雅和社区"},
		{"an old committee becomes a community", "朝阳居委会", "朝阳社区"},
		{"the long form too", "东门居民委员会", "东门社区"},
		{"a village", "新民村委会", "新民村"},
		{"a village in the long form", "新民村村民委员会", "新民村"},
		{"a farm is neither", "三龙农场社区", "三龙农场社区"},
		{"an industrial park keeps its kind", "环保产业园居委会", "环保产业园"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := code.CommunityName(c.in); got != c.want {
				t.Errorf("CommunityName(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}
