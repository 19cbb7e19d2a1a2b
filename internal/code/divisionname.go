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

// Placeholder says whether a row of the published lists stands for no place of its own: the "city" between a municipality and its
// districts, the "city" of counties directly under a province, and the county-level row of a city without districts, which has
// the city's own code.
func Placeholder(l Level, d Division, name string) bool {
	switch l {
	case City:
		return name == "市辖区" || name == "县" || strings.HasPrefix(name, "省直辖县级") || strings.HasPrefix(name, "自治区直辖县级")
	case County:
		return d.Level() == City
	}
	return false
}
