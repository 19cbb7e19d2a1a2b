package place

import (
	"strings"
	"testing"

	"linli/internal/code"
)

func TestNextSerial(t *testing.T) {
	const c = "320902001002"
	cases := []struct {
		name string
		used []string
		want int
	}{
		{"the first grid", nil, 1},
		{"behind the last", []string{c + "001", c + "002"}, 3},
		{"a gap is not filled: the code may have belonged to a grid that ended", []string{c + "005"}, 6},
		{"all are used", []string{c + "999"}, 0},
	}
	for _, x := range cases {
		t.Run(x.name, func(t *testing.T) {
			if got := nextSerial(x.used); got != x.want {
				t.Errorf("nextSerial = %d, want %d", got, x.want)
			}
		})
	}
}

func TestClosedOutline(t *testing.T) {
	cases := []struct {
		name, s string
		want    bool
	}{
		{"a closed triangle", `[[[120000000,33000000],[120010000,33000000],[120000000,33010000],[120000000,33000000]]]`, true},
		{"an open one", `[[[120000000,33000000],[120010000,33000000],[120000000,33010000],[120000001,33000000]]]`, false},
		{"two corners", `[[[120000000,33000000],[120010000,33000000],[120000000,33000000]]]`, false},
		{"degrees instead of micro-degrees", `[[[120,33],[121,33],[120,34],[120,33]]]`, false},
		{"latitude and longitude the wrong way round", `[[[33000000,120000000],[33000000,120010000],[33010000,120000000],[33000000,120000000]]]`, false},
		{"no ring", `[]`, false},
		{"no JSON", `<svg>`, false},
		{"a shape of megabytes", `[[` + strings.Repeat(`[120000000,33000000],`, 2000) + `[120000000,33000000]]]`, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := closedOutline(c.s); got != c.want {
				t.Errorf("closedOutline = %v, want %v", got, c.want)
			}
		})
	}
}

func TestNamedFillsTheLevelsAbove(t *testing.T) {
	up := Division{Level: code.County, Name: "C", Province: "P", City: "Ci", County: "C"}
	d := Division{Level: code.Street, Name: "S"}
	d.named(up)
	if d.Province != "P" || d.City != "Ci" || d.County != "C" || d.Street != "S" {
		t.Errorf("named = %+v", d)
	}
	own := Division{Level: code.Street, Name: "S", County: "Own"}
	own.named(up)
	if own.County != "Own" {
		t.Error("what the list says is replaced")
	}
	top := Division{Level: code.Province, Name: "P"}
	top.named(Division{})
	if top.Province != "P" || top.City != "" || top.Street != "" {
		t.Errorf("a province: %+v", top)
	}
}

func FuzzClosedOutline(f *testing.F) {
	f.Add(`[[[120000000,33000000],[120010000,33000000],[120000000,33010000],[120000000,33000000]]]`)
	f.Add(`[[[`)
	f.Fuzz(func(t *testing.T, s string) { closedOutline(s) })
}
