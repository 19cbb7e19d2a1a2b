package icon

import (
	"strings"
	"testing"

	"linli/internal/i18n"
	"linli/internal/web/viewtest"
)

func TestEveryIconIsDrawnAndHidden(t *testing.T) {
	for n := range drawings {
		root := viewtest.Render(t, i18n.ZH, Icon(n))
		viewtest.Check(t, root)
		svg := viewtest.One(t, root, "svg", "aria-hidden=true")
		if svg.FirstChild == nil {
			t.Errorf("%s draws nothing", n)
		}
		if strings.Contains(drawings[n], "http") {
			t.Errorf("%s names an address", n)
		}
	}
}

func TestUnknownIconDrawsNothing(t *testing.T) {
	if got := viewtest.Find(viewtest.Render(t, i18n.ZH, Icon("")), "svg"); len(got) != 0 {
		t.Error("the empty name draws something")
	}
}
