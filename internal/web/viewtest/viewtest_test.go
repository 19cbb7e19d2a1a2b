package viewtest

import (
	"strings"
	"testing"
)

// A checker that never complains checks nothing: each rule must be able to fail.
func TestFaultsAreFound(t *testing.T) {
	for _, c := range []struct{ reason, page, want string }{
		{"two elements share an id", `<p id="a"></p><p id="a"></p>`, "stands twice"},
		{"the policy refuses inline styles", `<p style="color:red">x</p>`, "refuses"},
		{"the policy refuses handlers", `<p onclick="x()">x</p>`, "refuses"},
		{"the policy refuses inline scripts", `<script>x()</script>`, "inline"},
		{"a label for nothing", `<label for="b">x</label>`, "leads nowhere"},
		{"a description that is not there", `<input aria-label="x" aria-describedby="b">`, "leads nowhere"},
		{"an input without a label", `<input name="q">`, "has no name"},
		{"a button without a word", `<button><svg aria-hidden="true"></svg></button>`, "has no name"},
		{"a picture without words", `<img src="/a.png">`, "has no name"},
		{"a drawing neither hidden nor named", `<svg></svg>`, "has no name"},
	} {
		got := strings.Join(Faults(Parse(t, c.page)), "; ")
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: faults %q, want one with %q", c.reason, got, c.want)
		}
	}
}

func TestFaultsSpareWhatIsRight(t *testing.T) {
	page := `<label for="a">x</label><input id="a" aria-describedby="h"><p id="h">y</p><button>z</button>
		<label><input type="checkbox"> w</label><img src="/a.png" alt=""><script src="/a.js"></script>`
	if got := Faults(Parse(t, page)); len(got) != 0 {
		t.Errorf("Faults(a right page) = %q, want none", got)
	}
}
