//go:build browser

package browsertest

import "testing"

// pagesEach bounds how many pages one account looks at in a walk: one of each kind, not every record.
const pagesEach = 400

// TestEveryPageAtTheDesk walks the demonstration as every role: each kind of page is judged for accessibility and width, and no
// page may fail, write to the console or break the content policy.
func TestEveryPageAtTheDesk(t *testing.T) {
	t.Parallel()
	everyPage(t, Desktop, pagesEach)
}

// TestEveryPageOnAPhone is the same walk at the width of a phone.
func TestEveryPageOnAPhone(t *testing.T) {
	t.Parallel()
	everyPage(t, Phone, pagesEach)
}
