package exchange_test

import (
	"strings"
	"testing"

	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	view "linli/internal/web/view/exchange"
	"linli/internal/web/view/layout"
	"linli/internal/web/viewtest"
)

// Who asked reads of a neighbour who did not agree to be named that the community agreed to them, and may let them see who asked; of who waits for the community that somebody pledged.
func TestWhoAskedReadsOfANeighbour(t *testing.T) {
	for _, c := range []struct {
		state        exchange.PledgeState
		reads, label string
		shares       int
	}{
		{exchange.Pledged, i18n.WishSomebody.In(i18n.ZH), "", 0},
		{exchange.Agreed, i18n.OffersNeighbour.In(i18n.ZH), i18n.ExchangeShareOwn.In(i18n.ZH) + " " + i18n.OffersNeighbour.In(i18n.ZH), 1},
	} {
		f := view.Following{Followed: exchange.Followed{Need: exchange.Need{No: "X1", State: exchange.Open, Kind: exchange.People, HasHolder: true}, Helpers: []exchange.Helper{{Pledge: id.ID(7), State: c.state}}}}
		page := viewtest.Render(t, i18n.ZH, view.Follow(layout.Page{Title: "心愿"}, f))
		if text := viewtest.Text(viewtest.One(t, page, "main")); !strings.Contains(text, c.reads) || c.shares == 1 && strings.Contains(text, i18n.WishSomebody.In(i18n.ZH)) {
			t.Errorf("%s reads %q, want %q", c.state, text, c.reads)
		}
		forms := viewtest.Find(page, "form", "action=/p/wish/share")
		if len(forms) != c.shares {
			t.Fatalf("%s has %d forms to agree", c.state, len(forms))
		}
		for _, x := range forms {
			if got := viewtest.Attr(viewtest.One(t, x, "button"), "aria-label"); got != c.label {
				t.Errorf("the button says %q", got)
			}
		}
	}
}
