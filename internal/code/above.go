package code

import "slices"

// Above says whether the county-level or higher division with the six-digit code high is above the one with code low (GB/T 2260: the last two digits of a city are 00, the last four of a
// province).
func Above(high, low int64) bool {
	switch {
	case high == low || high%100 != 0:
		return false
	case high%10_000 == 0:
		return high/10_000 == low/10_000
	}
	return high/100 == low/100
}

// Serving leaves out divisions that are above another one of the list: a city or province that only looks at its districts has no residents, desks or books of its own. A city without
// districts stays.
func Serving(codes []int64) []int64 {
	return slices.DeleteFunc(slices.Clone(codes), func(c int64) bool {
		return slices.ContainsFunc(codes, func(other int64) bool { return Above(c, other) })
	})
}
