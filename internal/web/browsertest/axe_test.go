//go:build browser

package browsertest

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe.min.js
var axeScript string

// finding is one rule of axe that a page breaks, with the places.
type finding struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		HTML    string `json:"html"`
		Target  string `json:"target"`
		Summary string `json:"summary"`
	} `json:"nodes"`
}

// String shows the rule and its first places, one a line.
func (f finding) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s (%s, %d places)", f.Impact, f.Help, f.ID, len(f.Nodes))
	for i, n := range f.Nodes {
		if i == 5 {
			fmt.Fprintf(&b, "\n    and %d more", len(f.Nodes)-i)
			break
		}
		fmt.Fprintf(&b, "\n    %s\n      %s\n      %s", n.Target, shorten(n.HTML, 160), strings.ReplaceAll(n.Summary, "\n", " "))
	}
	return b.String()
}

// judged remembers at which widths each kind of page of the demonstration was judged in this run, by whatever test.
var judged = claims{taken: map[string]bool{}}

// Axe fails the test for each serious or critical fault of accessibility on the page as it stands.
func (p *Page) Axe(name string) {
	p.t.Helper()
	for _, f := range p.axeFindings() {
		p.t.Errorf("%s (%s) is not accessible: %s", name, p.view.Name, f)
	}
}

// axeFindings runs axe. It comes in through the debugger, so that the page's policy need not allow it. Colours are judged at the desk alone, but for
// the pages that are made for the phone: they take half of the time and do not change with the width. The navigation and the header of the desk are the same on every
// page of a tab: they are judged with the first. Of long lists the first rows stand for the others. What one presses is
// at least 24 px in size or has as much room (2.5.8), which axe asks only when it is told to; the page is judged from its top, so that nothing lies half under its head.
func (p *Page) axeFindings() []finding {
	p.t.Helper()
	const longLists = `['tbody tr:nth-child(n+11)'], ['main li:nth-child(n+11)']`
	const check = `axe.run({exclude: [%s]}, {resultTypes: ['violations'], rules: {'color-contrast': {enabled: %t}, 'target-size': {enabled: true}}}).then(r => r.violations
		.filter(v => v.impact === 'serious' || v.impact === 'critical')
		.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n =>
			({html: n.html, target: n.target.flat(9).join(' '), summary: n.failureSummary || ''}))})))`
	await := func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) }
	colours := !p.elder && (!p.view.Mobile || strings.HasPrefix(p.Path(), "/m/"))
	what := longLists
	if p.framed {
		what += `, ['nav.side'], ['header.top']`
	}
	var found []finding
	var framed bool
	err := p.run(chromedp.Evaluate("window.scrollTo(0, 0); if (!window.axe) {"+axeScript+"\n}", nil), chromedp.Evaluate(fmt.Sprintf(check, what, colours), &found, await),
		chromedp.Evaluate("document.querySelector('nav.side') !== null", &framed))
	if err != nil {
		p.giveUp("running axe: %v", err)
	}
	p.framed = p.framed || framed && colours
	if p.base == server.ready.URL && !p.elder {
		judged.take(p.view.Name + " " + kindOf(p.URL()))
	}
	return found
}
