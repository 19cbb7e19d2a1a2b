//go:build browser

package browsertest

import (
	"testing"

	"linli/internal/i18n"
)

// The chart is a drawing that is zoomed by links, dragged by the mouse, opened further down, and can be read as a list.
func TestTheChartIsLookedAt(t *testing.T) {
	inTurn(t)
	p := Open(t, Desktop)
	p.Login("district")
	p.Visit("/organisations/chart")
	p.Check("chart")
	boxes := p.Count("[data-pan] svg a")
	if boxes < 5 {
		t.Fatalf("%d boxes", boxes)
	}
	width := p.Attribute("[data-pan] svg", "width")
	p.ClickOn(`a[data-zoom="150"]`)
	if now := p.Attribute("[data-pan] svg", "width"); now == width {
		t.Errorf("the drawing did not grow from %s", width)
	}
	p.must("the wheel", script(`(() => { const f = document.querySelector('[data-pan]'); const b = f.getBoundingClientRect();
		for (let i = 0; i < 6; i++) f.querySelector('svg').dispatchEvent(new WheelEvent('wheel', {bubbles: true, cancelable: true, ctrlKey: true, deltaY: -100, clientX: b.left + 90, clientY: b.top + 90}));
		return String(f.querySelector('svg').getAttribute('width') / f.querySelector('svg').dataset.width) })()`, &width))
	if width != "3" {
		t.Errorf("the wheel made the drawing %s times as large, not three times", width)
	}
	var moved bool
	p.must("a drag", script(`(() => { const f = document.querySelector('[data-pan]'); const at = f.scrollTop + f.scrollLeft; const b = f.getBoundingClientRect();
		const send = (kind, x, y) => f.querySelector('svg').dispatchEvent(new PointerEvent(kind, {bubbles: true, pointerType: 'mouse', button: 0, clientX: b.left + x, clientY: b.top + y}));
		send('pointerdown', 300, 300); send('pointermove', 120, 120); send('pointerup', 120, 120); return f.scrollTop + f.scrollLeft !== at })()`, &moved))
	if !moved {
		t.Error("the drawing was not dragged")
	}
	p.Visit("/organisations/chart?zoom=75")
	p.ClickOn(`[data-pan] a[aria-label]`)
	p.WaitText(zh(i18n.OrgChartTop))
	p.Check("chart-below")
	p.Click(zh(i18n.OrgChartTop))
	p.Click(zh(i18n.OrgChartList))
	p.WaitText(zh(i18n.OrgChartDrawing))
	if p.Count("main details") == 0 {
		t.Error("no list")
	}
	p.Resize(Phone)
	p.Visit("/organisations/chart")
	p.Check("chart")
}
