//go:build browser

package browsertest

import "testing"

// pagesEach bounds how many pages one account looks at in a walk: one of each kind, not every record.
const pagesEach = 800

// TestEveryPage walks the demonstration as every role: each kind of page is judged for accessibility and for width, at the desk and on a
// phone, and no page may fail, write to the console or break the content policy.
func TestEveryPage(t *testing.T) {
	afterTurns(t)
	everyPage(t, pagesEach)
}
