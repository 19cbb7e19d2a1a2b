package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	pass := `{"Action":"output","Package":"p","Test":"TestA","Output":"noise\n"}
{"Action":"pass","Package":"p","Test":"TestA","Elapsed":0.1}
{"Action":"pass","Package":"p","Elapsed":0.2}
`
	cases := []struct {
		name, events string
		ok           bool
		has, hasNot  string
	}{
		{"passing tests are one line", pass, true, "ok   p  0.2 s  1 tests", "noise"},
		{"a failing test shows its output", `{"Action":"output","Package":"p","Test":"TestA","Output":"got 1, want 2\n"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}
`, false, "got 1, want 2", "ok "},
		{"a skipped test is a failure and says why", pass + `{"Action":"output","Package":"p","Test":"TestB","Output":"no PostgreSQL\n"}
{"Action":"skip","Package":"p","Test":"TestB"}
`, false, "no PostgreSQL", "FAIL"},
		{"a package without tests is no skip", pass + `{"Action":"output","Package":"q","Output":"?   q [no test files]\n"}
{"Action":"skip","Package":"q"}
`, true, "0 skipped", "SKIP"},
		{"a package that does not build shows the compiler's words", `{"ImportPath":"p","Action":"build-output","Output":"p.go:1: syntax error\n"}
{"ImportPath":"p","Action":"build-fail"}
{"Action":"fail","Package":"p","FailedBuild":"p"}
`, false, "syntax error", "ok "},
		{"a test that panics leaves its output under the package", `{"Action":"output","Package":"p","Test":"TestA","Output":"panic: boom\n"}
{"Action":"fail","Package":"p"}
`, false, "panic: boom", "ok "},
		{"nothing at all is no pass", "", false, "no test ran", "ok "},
		{"other lines are shown as they are", "go: downloading x\n" + pass, true, "go: downloading x", "FAIL"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var w strings.Builder
			ok, err := Report(strings.NewReader(c.events), &w)
			if err != nil {
				t.Fatal(err)
			}
			if ok != c.ok || !strings.Contains(w.String(), c.has) || strings.Contains(w.String(), c.hasNot) {
				t.Errorf("Report = %v, want %v; text must have %q and not %q:\n%s", ok, c.ok, c.has, c.hasNot, w.String())
			}
		})
	}
}

func TestTheSlowestTestsAreNamed(t *testing.T) {
	var b strings.Builder
	for i, s := range []float64{0.2, 7, 30} {
		fmt.Fprintf(&b, `{"Action":"pass","Package":"p","Test":"T%d","Elapsed":%g}`+"\n", i, s)
	}
	b.WriteString(`{"Action":"pass","Package":"p","Test":"T2/part","Elapsed":29}` + "\n")
	var out strings.Builder
	if ok, err := Report(strings.NewReader(b.String()), &out); !ok || err != nil {
		t.Fatalf("%v, %v", ok, err)
	}
	if got := out.String(); !strings.Contains(got, "slowest:\n    30.0 s  p T2\n     7.0 s  p T1\n") || strings.Contains(got, "T0") || strings.Contains(got, "part") {
		t.Errorf("the report says\n%s", got)
	}
}
