// Command testreport reads the events of `go test -json` and prints what a person wants to know: a
// line for each package, the output of each failing test, and what was skipped. A skipped test is
// a failure here: it means that an engine or a browser was missing, and nobody would notice.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

func main() {
	ok, err := Report(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

// event is one line of `go test -json` (see `go doc test2json`).
type event struct {
	Action     string
	Package    string
	ImportPath string // of a package that does not build
	Test       string
	Output     string
	Elapsed    float64
}

// report gathers what has been seen so far.
type report struct {
	w                       io.Writer
	output                  map[string][]string // by package and test, while it runs
	tests                   map[string]int      // finished tests by package
	passed, failed, skipped int
	skips                   []string
	slow                    []event // top-level tests that took a second or more
}

// slowest is how many of the tests that took longest are named.
const slowest = 10

// Report reads events from r until its end and writes the report to w. It says whether every test
// passed, none was skipped and at least one ran.
func Report(r io.Reader, w io.Writer) (bool, error) {
	rep := &report{w: w, output: map[string][]string{}, tests: map[string]int{}}
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadString('\n')
		if text := strings.TrimSpace(line); text != "" {
			var e event
			if json.Unmarshal([]byte(text), &e) == nil && e.Action != "" {
				rep.see(e)
			} else {
				fmt.Fprintln(w, text)
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return false, fmt.Errorf("reading events: %w", err)
		}
	}
	return rep.end(), nil
}

// see takes in one event.
func (r *report) see(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		fmt.Fprint(r.w, e.Output)
	case "build-fail":
		r.failed++
	case "output":
		r.output[key] = append(r.output[key], e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.endPackage(e)
		} else {
			r.endTest(e)
		}
		delete(r.output, key)
	}
}

// endTest counts a finished test and shows the output of one that failed.
func (r *report) endTest(e event) {
	r.tests[e.Package]++
	if e.Elapsed >= 1 && !strings.Contains(e.Test, "/") {
		r.slow = append(r.slow, e)
	}
	switch e.Action {
	case "pass":
		r.passed++
	case "fail":
		r.failed++
		fmt.Fprintf(r.w, "--- FAIL %s %s (%.2f s)\n", e.Package, e.Test, e.Elapsed)
		r.show(e.Package + " " + e.Test)
	case "skip":
		r.skipped++
		r.skips = append(r.skips, e.Package+" "+e.Test+" "+strings.TrimSpace(strings.Join(r.output[e.Package+" "+e.Test], "")))
	}
}

// endPackage prints the line of a package; one that failed also shows what was left unfinished.
func (r *report) endPackage(e event) {
	switch {
	case e.Action == "fail":
		for key := range r.output {
			if strings.HasPrefix(key, e.Package+" ") {
				r.show(key)
			}
		}
		r.failed++
		fmt.Fprintf(r.w, "FAIL %s  %.1f s\n", e.Package, e.Elapsed)
	case r.tests[e.Package] > 0:
		fmt.Fprintf(r.w, "ok   %s  %.1f s  %d tests\n", e.Package, e.Elapsed, r.tests[e.Package])
	}
}

// show prints the gathered output of a test without the lines that only say that it runs.
func (r *report) show(key string) {
	for _, line := range r.output[key] {
		if t := strings.TrimSpace(line); !strings.HasPrefix(t, "=== ") && t != "PASS" {
			fmt.Fprint(r.w, "    ", strings.TrimSuffix(line, "\n"), "\n")
		}
	}
	delete(r.output, key)
}

// end prints the totals.
func (r *report) end() bool {
	fmt.Fprintf(r.w, "%d passed, %d failed, %d skipped\n", r.passed, r.failed, r.skipped)
	slices.SortStableFunc(r.slow, func(a, b event) int { return cmp.Compare(b.Elapsed, a.Elapsed) })
	for i, e := range r.slow[:min(len(r.slow), slowest)] {
		if i == 0 {
			fmt.Fprintln(r.w, "slowest:")
		}
		fmt.Fprintf(r.w, "  %6.1f s  %s %s\n", e.Elapsed, e.Package, e.Test)
	}
	for _, s := range r.skips {
		fmt.Fprintln(r.w, "--- SKIP", s)
	}
	switch {
	case r.skipped > 0:
		fmt.Fprintln(r.w, "a skipped test counts as a failure: provide what it needs")
	case r.passed == 0 && r.failed == 0:
		fmt.Fprintln(r.w, "no test ran")
	}
	return r.failed == 0 && r.skipped == 0 && r.passed > 0
}
