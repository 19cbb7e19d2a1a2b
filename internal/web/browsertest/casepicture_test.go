//go:build browser

package browsertest

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"linli/internal/i18n"
)

// The map, the bars and the table beside it open to the cases behind them.
func TestCasesAsPictures(t *testing.T) {
	inTurn(t)
	Everywhere(t, func(t *testing.T, p *Page) {
		p.Login("subdistrict")
		p.Visit("/cases")
		p.Click(zh(i18n.CasePictures))
		p.until("the map to be drawn", func() string { return unless(p.Count("path.map-grid") > 5, "no grids yet") })
		p.Check("case-pictures")
		if p.Count("path.map-3") == 0 || p.Count(".map-count") == 0 {
			t.Error("no grid is dark, or none has a number")
		}
		p.must("pressing on the darkest grid", chromedp.Click("path.map-3", chromedp.ByQuery))
		p.WaitText(zh(i18n.CaseMapOpenGrid))
		// By the keyboard: what scrolls a link of the map into view moves the map under the mouse.
		p.must("reaching the link", script(`(() => { document.querySelector('.leaflet-popup-content a').focus(); return '' })()`, new(string)))
		p.Press(kb.Enter)
		p.WaitPath("/cases")
		if n := p.Count("main tbody tr"); n == 0 || !strings.Contains(p.URL(), "grid=") {
			t.Errorf("%d cases of the grid at %s", n, p.URL())
		}
		p.Visit("/cases/pictures")
		p.must("opening what is overdue", chromedp.Click(`a[href*="show=overdue"]`, chromedp.ByQuery))
		p.WaitPath("/cases")
	})
}

// What is typed is answered with the categories that it may have, and a press chooses one.
func TestACategoryIsProposedFromTheWords(t *testing.T) {
	inTurn(t)
	Everywhere(t, func(t *testing.T, p *Page) {
		p.Login("secretary")
		p.Visit("/cases/new?kind=service")
		p.Fill(zh(i18n.CaseWhat), "厨房的水管漏水了，麻烦师傅来看看。")
		p.WaitText(zh(i18n.CaseProposed))
		p.Check("case-proposed")
		var offered string
		p.must("what is proposed first", script(`document.querySelector('button[data-set=item]').dataset.value`, &offered))
		p.must("choosing what is proposed", chromedp.Click("button[data-set=item]", chromedp.ByQuery))
		var got string
		p.must("what is chosen", script(`document.querySelector('select[name=item]').value`, &got))
		if got != offered || got == "" {
			t.Errorf("the category is %q, proposed was %q", got, offered)
		}
	})
}
