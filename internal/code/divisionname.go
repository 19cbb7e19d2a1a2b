package code

import "strings"

// CommunityName is the name of the place that a row of level Village of the published lists stands for: the lists name the
// committee ("雅和社区居委会", "新民村村民委员会", "朝阳居委会"), people name the community ("雅和社区", "新民村", "朝阳社区").
func CommunityName(s string) string {
	s = strings.TrimSpace(s)
	for _, suffix := range []string{"居民委员会", "居委会"} {
		if rest, ok := strings.CutSuffix(s, suffix); ok && rest != "" {
			return withKind(rest, "社区")
		}
	}
	for _, suffix := range []string{"村民委员会", "村委会"} {
		if rest, ok := strings.CutSuffix(s, suffix); ok && rest != "" {
			return withKind(rest, "村")
		}
	}
	return s
}

// withKind adds the kind of place unless the name says what it is.
func withKind(name, kind string) string {
	for _, k := range []string{"社区", "村", "区", "园", "场"} {
		if strings.HasSuffix(name, k) && name != k {
			return name
		}
	}
	return name + kind
}
