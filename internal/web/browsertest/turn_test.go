//go:build browser

package browsertest

import (
	"flag"
	"runtime"
	"testing"
)

// A test that waits for the browser leaves the processor idle, so that several run at once: those with a server of their own, as many as there are processors, and beside
// them those that walk the one demonstration, one after another in the order of the source, since they see what the others did there. Waiting for a turn takes no place
// from anybody, which is why all tests are parallel to the testing package.
var (
	places   = make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))
	lastTurn = closed() // is closed when the last of the tests that walk the demonstration, as far as they are known, has ended
)

func closed() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

// together lets a test run beside others: it has a server of its own, or only looks at the demonstration.
func together(t *testing.T) {
	t.Helper()
	t.Parallel()
	places <- struct{}{}
	t.Cleanup(func() { <-places })
}

// inTurn lets a test walk the demonstration after those before it in the source.
func inTurn(t *testing.T) {
	t.Helper()
	before, mine := lastTurn, make(chan struct{})
	lastTurn = mine // tests come here one by one, before the first of them goes on
	t.Parallel()
	<-before
	t.Cleanup(func() { close(mine) })
}

// afterTurns lets a test run when all that walk the demonstration have ended.
func afterTurns(t *testing.T) {
	t.Helper()
	t.Parallel()
	<-lastTurn
}

// allAtOnce makes the testing package let all parallel tests go on, unless somebody says otherwise.
func allAtOnce() {
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "test.parallel" })
	if !said {
		if err := flag.Set("test.parallel", "1000"); err != nil {
			panic(err)
		}
	}
}
