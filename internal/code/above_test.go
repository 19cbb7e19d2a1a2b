package code

import (
	"slices"
	"testing"
)

func TestDivisionsStandAboveEachOther(t *testing.T) {
	const city, province, district = 320900, 320000, 320902
	for _, c := range []struct {
		high, low int64
		want      bool
	}{{city, district, true}, {province, district, true}, {province, city, true}, {city, 321102, false}, {district, 320903, false}, {city, city, false}, {district, city, false}, {city, province, false}} {
		if got := Above(c.high, c.low); got != c.want {
			t.Errorf("Above(%d, %d) = %v", c.high, c.low, got)
		}
	}
	for _, c := range []struct{ of, want []int64 }{
		{[]int64{district}, []int64{district}},
		{[]int64{city, district}, []int64{district}},
		{[]int64{province, city, district, 321102}, []int64{district, 321102}},
		{[]int64{441900}, []int64{441900}}, // a city without districts
		{nil, nil},
	} {
		if got := Serving(c.of); !slices.Equal(got, c.want) {
			t.Errorf("Serving(%v) = %v, want %v", c.of, got, c.want)
		}
	}
}
