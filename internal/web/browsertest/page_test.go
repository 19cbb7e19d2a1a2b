//go:build browser

package browsertest

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"linli/internal/i18n"
)

// patience is how long a page may take for one step. It is generous: the machine may be busy.
const patience = 20 * time.Second

// Viewport is the kind of screen a test looks at.
type Viewport struct {
	Name          string
	Width, Height int64
	Mobile        bool
}

// The two widths of the interface: the desk and the pocket.
var (
	Desktop = Viewport{"desktop", 1440, 900, false}
	Phone   = Viewport{"phone", 390, 844, true}
)

// emulate makes a tab such a screen.
func (v Viewport) emulate() chromedp.Action {
	if v.Mobile {
		return chromedp.EmulateViewport(v.Width, v.Height, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
	}
	return chromedp.EmulateViewport(v.Width, v.Height)
}

// Page is a tab with its own cookies. Its methods fail the test when they cannot do what they say.
type Page struct {
	t     testing.TB
	ctx   context.Context
	base  string
	view  Viewport
	watch *watch

	framed bool // the frame of the desk was judged in this tab
	elder  bool // residents' pages come in large print
}

// Open makes a tab on the demonstration. When the test ends, every fault the tab saw fails it.
func Open(t testing.TB, view Viewport) *Page {
	t.Helper()
	p := openAt(t, demo(t).URL, view)
	t.Cleanup(p.reportFaults)
	return p
}

// Everywhere runs f at both widths, each in its own tab.
func Everywhere(t *testing.T, f func(t *testing.T, p *Page)) {
	t.Helper()
	for _, view := range []Viewport{Desktop, Phone} {
		t.Run(view.Name, func(t *testing.T) { f(t, Open(t, view)) })
	}
}

// openAt makes a tab on any server, without judging it at the end.
func openAt(t testing.TB, base string, view Viewport) *Page {
	t.Helper()
	ctx := newTab(t)
	p := &Page{t: t, ctx: ctx, base: strings.TrimSuffix(base, "/"), view: view, watch: newWatch(base)}
	chromedp.ListenTarget(ctx, p.see)
	// The first Run makes the tab and must not have a deadline: the tab would close with it.
	err := chromedp.Run(ctx, network.Enable(), audits.Enable(), view.emulate(), emulation.SetTimezoneOverride("Asia/Shanghai"), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(noteLeaving).Do(ctx)
		return err
	}))
	if err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	return p
}

// newTab opens a window with its own cookies, which goes away with the test. (The driver's own way asks
// for a tab without a window, which newer browsers refuse.)
func newTab(t testing.TB) context.Context {
	t.Helper()
	main := browser(t)
	whole := cdp.WithExecutor(main, chromedp.FromContext(main).Browser)
	jar, err := target.CreateBrowserContext().Do(whole)
	if err != nil {
		t.Fatalf("opening a browser context: %v", err)
	}
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(jar).WithNewWindow(true).Do(whole)
	if err != nil {
		t.Fatalf("opening a window: %v", err)
	}
	ctx, detach := chromedp.NewContext(main, chromedp.WithTargetID(id))
	t.Cleanup(func() {
		detach()
		if err := target.DisposeBrowserContext(jar).Do(whole); err != nil {
			t.Logf("closing a browser context: %v", err)
		}
	})
	return ctx
}

// see notes faults and answers questions such as "leave this page?" with yes.
func (p *Page) see(event any) {
	p.watch.see(event)
	if _, ok := event.(*page.EventJavascriptDialogOpening); ok {
		go func() {
			if err := chromedp.Run(p.ctx, page.HandleJavaScriptDialog(true)); err != nil && p.ctx.Err() == nil {
				p.t.Logf("answering a dialog: %v", err)
			}
		}()
	}
}

// reportFaults fails the test with everything the tab has complained about.
func (p *Page) reportFaults() {
	p.t.Helper()
	for _, f := range p.watch.found() {
		p.t.Errorf("%s: %s", p.view.Name, f)
	}
}

// Expect announces refusals that the test provokes, such as 403 or 404, so that they are no faults.
func (p *Page) Expect(statuses ...int) { p.watch.expect(statuses...) }

// run does actions within the patience of one step.
func (p *Page) run(actions ...chromedp.Action) error {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, actions...)
}

// Visit opens a path of the server, waits until it is quiet and gives the status.
func (p *Page) Visit(path string) int {
	p.t.Helper()
	if err := p.run(chromedp.Navigate(p.base + path)); err != nil {
		p.t.Fatalf("visiting %s: %v", path, err)
	}
	p.Settle()
	return p.watch.lastStatus()
}

// noteLeaving notes when a form is sent or a link followed: until the next document comes nothing is under way yet, and a page that is about to go is not quiet. What turns out to
// be a file leaves the document where it is, so that the note is believed for a while only.
const noteLeaving = `(() => {
	const leaves = e => {
		if (e.defaultPrevented) return
		const a = e.type === 'click' ? e.target.closest?.('a[href]') : null
		if (e.type === 'click' && (!a || a.target || a.hasAttribute('download') || !/^https?:$/.test(a.protocol) || a.href.split('#')[0] === location.href.split('#')[0])) return
		window.leavingSince = performance.now()
	}
	window.addEventListener('submit', leaves)
	window.addEventListener('click', leaves)
})()`

// Settle waits until the document is complete and nothing is being fetched or swapped.
func (p *Page) Settle() {
	p.t.Helper()
	const quiet = `document.readyState === 'complete' && !(performance.now() - window.leavingSince < 5000) &&
		!document.querySelector('.htmx-request,.htmx-swapping,.htmx-settling')`
	calm := 0
	p.until("the page to become quiet", func() string {
		var ok bool
		if err := p.run(chromedp.Evaluate(quiet, &ok)); err != nil || !ok || !p.watch.idle() {
			calm = 0
			return "still at work: " + p.watch.underWay()
		}
		calm++
		return unless(calm >= 2, "not yet")
	})
}

// until asks again and again until no reason is left, and gives up with what was awaited and the last reason.
func (p *Page) until(what string, reason func() string) {
	p.t.Helper()
	deadline := time.Now().Add(patience)
	for why := reason(); why != ""; why = reason() {
		if time.Now().After(deadline) {
			p.giveUp("waited %s for %s: %s", patience, what, why)
		}
		select {
		case <-p.ctx.Done():
			p.t.Fatalf("the tab was closed while waiting for %s", what)
		case <-time.After(25 * time.Millisecond):
		}
	}
}

// unless is the reason if ok is false.
func unless(ok bool, reason string) string {
	if ok {
		return ""
	}
	return reason
}

// giveUp ends the test and shows where it stood.
func (p *Page) giveUp(format string, args ...any) {
	p.t.Helper()
	p.Shot("failed")
	var address, body string
	err := p.run(chromedp.Location(&address), chromedp.Evaluate(`document.body ? document.body.innerText : ''`, &body))
	if err != nil {
		body = err.Error()
	}
	p.t.Fatalf(format+"\n  at %s (%s), faults %q, page:\n%s", append(args, address, p.view.Name, p.watch.found(), shorten(body, 1500))...)
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + " …"
	}
	return s
}

// Language chooses the language of the pages that come, as the button at their head does.
func (p *Page) Language(l i18n.Lang) {
	p.t.Helper()
	p.must("setting the language", network.SetCookie("lang", string(l)).WithURL(p.base))
}

// Dark shows pages as on a device set to dark colours.
func (p *Page) Dark() {
	p.t.Helper()
	p.must("dark colours", emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}))
}

// WithoutScripts turns the scripts of pages off: the product must work without them.
func (p *Page) WithoutScripts() {
	p.t.Helper()
	p.must("turning scripts off", emulation.SetScriptExecutionDisabled(true))
}

// Zoom shows pages larger, as a person does who sets the browser to 200 % (factor 2).
func (p *Page) Zoom(factor float64) {
	p.t.Helper()
	w, h := float64(p.view.Width)/factor, float64(p.view.Height)/factor
	p.must("zooming", chromedp.EmulateViewport(int64(w), int64(h), chromedp.EmulateScale(factor)))
}

func (p *Page) must(what string, actions ...chromedp.Action) {
	p.t.Helper()
	if err := p.run(actions...); err != nil {
		p.giveUp("%s: %v", what, err)
	}
}

var notInNames = regexp.MustCompile(`[^\p{L}\p{N}]+`)

// Shot keeps a picture of the whole page in $LINLI_SHOTS as TEST-NAME-VIEW.png; without it, nothing happens.
func (p *Page) Shot(name string) {
	p.t.Helper()
	folder := os.Getenv("LINLI_SHOTS")
	if folder == "" {
		return
	}
	var png []byte
	if err := p.run(chromedp.FullScreenshot(&png, 100)); err != nil {
		p.t.Logf("screenshot %s: %v", name, err)
		return
	}
	file := strings.Trim(notInNames.ReplaceAllString(p.t.Name()+"-"+name, "-"), "-") + "-" + p.view.Name + ".png"
	err := os.MkdirAll(folder, 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, file), png, 0o644)
	}
	if err != nil {
		p.t.Errorf("screenshot %s: %v", name, err)
	}
}

// Resize looks at the page as it stands on another screen.
func (p *Page) Resize(view Viewport) {
	p.t.Helper()
	p.must("changing the screen", view.emulate())
	p.view = view
}

// Check judges a page as it stands: no serious accessibility fault, no sideways scrolling, and a picture.
func (p *Page) Check(name string) {
	p.t.Helper()
	p.Settle()
	p.Shot(name)
	p.Axe(name)
	p.Fits(name)
}

// Fits fails the test if the page is wider than the screen.
func (p *Page) Fits(name string) {
	p.t.Helper()
	if wide := p.overflow(); wide != "" {
		p.t.Errorf("%s (%s): the page scrolls sideways: %s", name, p.view.Name, wide)
	}
}

// overflow names the elements that make the page wider than the screen; empty if none does.
func (p *Page) overflow() string {
	p.t.Helper()
	var out string
	p.must("measuring the width", chromedp.Evaluate(`(() => {
		const room = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= room + 1) return '';
		const wide = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > room + 1)
			.slice(0, 3).map(e => e.tagName.toLowerCase() + (e.className && e.className.baseVal === undefined ? '.' + e.className : ''));
		return document.documentElement.scrollWidth + ' > ' + room + ' px: ' + wide.join(', ');
	})()`, &out))
	return out
}
