//go:build browser

package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"linli/internal/code"
	"linli/internal/i18n"
	"linli/internal/person"
	"linli/internal/resident"
)

// The points of WCAG 2.2 AA that axe does not judge, and the residents' pages in large print: docs/accessibility.md says which test stands for which point.

// The screens on which a page must still fit: a desk of 1280 px at 400 % (1.4.10), and one of 1440 px at 200 % (1.4.4).
var (
	narrow = Viewport{"narrow", 320, 256, false}
	twice  = Viewport{"twice", 720, 450, false}
)

// LargePrint shows the residents' pages that come in large print, as the button at their head does.
func (p *Page) LargePrint() {
	p.t.Helper()
	p.must("large print", network.SetCookie("elder", "1").WithURL(p.base))
	p.elder = true
}

// CheckLarge judges a residents' page in large print, on the phone and at the desk, and whether it fits where there is least room.
func (p *Page) CheckLarge(name string) {
	p.t.Helper()
	before := p.view
	for _, v := range []Viewport{Phone, Desktop} {
		p.Resize(v)
		p.Check(name)
		if p.Count("body.public") > 0 { // the pages of a hall are large for everybody
			p.printIsLarge(name)
		}
	}
	for _, v := range []Viewport{twice, narrow} {
		p.Resize(v)
		p.Shot(name)
		p.Fits(name)
	}
	p.Resize(before)
	p.helpIsInItsPlace(name)
}

// printIsLarge fails the test for text under 18 px, and for what one presses under 60 px that does not stand within a sentence.
func (p *Page) printIsLarge(name string) {
	p.t.Helper()
	var small string
	p.must("measuring", script(`(() => {
		const seen = e => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length && !e.closest('.sr,.skip');
		const text = [...document.body.querySelectorAll('*')].filter(e => seen(e) && !e.closest('svg') && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
			.filter(e => parseFloat(getComputedStyle(e).fontSize) < 18);
		const inSentence = e => e.tagName === 'A' && getComputedStyle(e).display === 'inline' && e.parentElement.innerText.trim() !== e.innerText.trim();
		const press = [...document.querySelectorAll('button,a[href],summary,input:not([type=hidden]),select,textarea')].filter(e => seen(e) && !inSentence(e))
			.map(e => e.closest('label') || e).filter(e => e.getBoundingClientRect().height < 59.5);
		return [...new Set([...text, ...press])].slice(0, 6).map(e => Math.round(e.getBoundingClientRect().height) + ' px, ' + getComputedStyle(e).fontSize + ': ' + e.outerHTML.replace(/\s+/g, ' ').slice(0, 110)).join('\n    ');
	})()`, &small))
	if small != "" {
		p.t.Errorf("%s (%s) is too small for large print:\n    %s", name, p.view.Name, small)
	}
}

// helpIsInItsPlace fails the test unless the way to a person is the first thing at the foot of a residents' page (3.2.6). A terminal has no telephone, and stands where people are.
func (p *Page) helpIsInItsPlace(name string) {
	p.t.Helper()
	var first string
	p.must("the foot", script(`(() => { const f = document.querySelector('body.public > footer.foot:last-of-type'), a = f && f.querySelector('a'); return document.body.matches('.hall') ? 'tel:12345' : a ? a.getAttribute('href') : '' })()`, &first))
	if first != "tel:12345" {
		p.t.Errorf("%s: the foot begins with %q, want the telephone", name, first)
	}
}

// Each kind of page that a resident reaches without an account, from the front page on, is judged in large print.
func TestResidentsPagesInLargePrint(t *testing.T) {
	together(t)
	p := Open(t, Phone)
	p.LargePrint()
	w := walk{p: p, limit: 120, known: func(kind string) bool {
		return !strings.HasPrefix(kind, "/p") && !strings.HasPrefix(kind, "/k/") && kind != "/about"
	},
		look: func(kind, _ string) {
			if strings.HasPrefix(kind, "/p") || strings.HasPrefix(kind, "/k/") {
				p.CheckLarge(kind)
			}
		},
		file: func(string, Fetched) {}}
	// The front page shows fewer ways in large print; the others are found by a link or a search.
	kinds := w.run("/p", "/p/services?list=matter&class=01", "/p/outlets?element=eat", "/p/venues", "/p/teams", "/p/clubs", "/p/jobs", "/p/projects", "/p/agreements", "/p/check", "/p/confirm")
	for _, want := range []string{"/p/report", "/p/case", "/p/wishes", "/p/me/login", "/p/services/{}", "/p/outlets", "/p/venues/{}"} {
		if !slices.Contains(kinds, want) {
			t.Errorf("the walk did not come to %s: %v", want, kinds)
		}
	}
}

// A resident's own pages in large print; nothing is asked twice (3.3.7), and nothing is to be remembered or copied by hand on the way in (3.3.8).
func TestOwnPagesInLargePrintAskNothingTwice(t *testing.T) {
	together(t)
	n := install(t, beijing(time.November, 20, 9, 0))
	codes := &resident.Shown{}
	n.Resident.WithSender(codes)
	const phone, name = "16400007731", "田秀兰"
	number := code.WithCheck("83010219541103031")
	if _, err := n.Person.Create(context.Background(), n.actorOf(t, "shuji"), person.NewPerson{Fields: person.Fields{Name: name, IDNumber: number, Phone: phone}, CommunityID: n.community}); err != nil {
		t.Fatal(err)
	}
	p := openAt(t, n.url, Phone)
	t.Cleanup(p.reportFaults)
	p.LargePrint()
	place := func() {
		p.must("a place", script(`(() => { const s = document.querySelector('[name=community]'); s.value = s.querySelector('optgroup option').value; return '' })()`, new(string)))
	}

	// What was typed before a fault stays; the code is carried to the page that follows the case.
	p.Visit("/p/report?kind=opinion")
	p.CheckLarge("report")
	place()
	typed := map[i18n.Text]string{i18n.CasePublicBody: "长椅坏了", i18n.CasePublicPlace: "南门", i18n.CasePublicName: "王女士"}
	for label, value := range typed {
		p.Fill(zh(label), value)
	}
	p.Fill(zh(i18n.CasePublicPhone), "12")
	p.Expect(422)
	p.Click(zh(i18n.CasePublicSend))
	p.WaitText(zh(i18n.ErrInvalid))
	p.CheckLarge("report-wrong")
	for label, value := range typed {
		if got := p.Value(zh(label)); got != value {
			t.Errorf("%s is asked again: it holds %q", zh(label), got)
		}
	}
	p.Fill(zh(i18n.CasePublicPhone), "")
	p.Click(zh(i18n.CasePublicSend))
	p.WaitText(zh(i18n.CasePublicCodeKeep))
	p.CheckLarge("receipt")
	follow := p.Text("#code")
	p.Click(zh(i18n.CasePublicFollowNow))
	p.WaitText("长椅坏了")
	p.CheckLarge("follow")

	// The way in: the number is typed once, the code can be pasted and is offered by the telephone.
	p.Visit("/p/me/login")
	p.CheckLarge("door")
	p.Fill(zh(i18n.OwnPhone), phone)
	p.Click(zh(i18n.OwnSend))
	p.WaitText(zh(i18n.OwnIn))
	p.CheckLarge("code")
	if n := p.Count("main input[autocomplete=tel]:not([type=hidden])"); n != 0 {
		t.Error("the number is asked again with the code")
	}
	if got := p.Attribute("main input[name=code]", "autocomplete"); got != "one-time-code" {
		t.Errorf("the code has autocomplete=%s", got)
	}
	p.paste("main input[name=code]", codes.Last(phone))
	p.Click(zh(i18n.OwnIn))
	p.WaitPath("/p/me")
	p.Visit("/p/me/data")
	p.CheckLarge("prove")
	p.Fill(zh(i18n.OwnName), name)
	p.Fill(zh(i18n.OwnTail), number[12:])
	p.Click(zh(i18n.OwnProveAct))
	p.WaitPath("/p/me/data")
	p.CheckLarge("data")
	p.Visit("/p/report?kind=service") // who is known is not asked
	if a, b := p.Value(zh(i18n.CasePublicPhone)), p.Value(zh(i18n.CasePublicName)); a != phone || b != name {
		t.Errorf("the form asks %q and %q again", a, b)
	}
	place()
	p.Fill(zh(i18n.CasePublicBody), "水管漏水")
	p.Click(zh(i18n.CasePublicSend))
	p.WaitText(zh(i18n.CasePublicCodeKeep))
	for _, at := range []string{"/p/me", "/p/me/looks", "/p/me/consent", "/p/me/volunteer", "/p/me/bank", "/p/me/jobs", "/p/wishes/new"} {
		p.Visit(at)
		p.CheckLarge(at)
	}
	p.Visit("/p/me")
	p.ClickOn(`.tile[href^="/p/me/case/"]`)
	p.WaitText("水管漏水")
	p.CheckLarge("own-case")
	p.Visit("/p/case")
	p.paste("main input[name=code]", follow)
	p.Click(zh(i18n.CasePublicLook))
	p.WaitText("长椅坏了")
}

// paste puts text into a field by the clipboard, as a password manager or a person does who copied it.
func (p *Page) paste(field, text string) {
	p.t.Helper()
	command := func(name string) *input.DispatchKeyEventParams {
		return input.DispatchKeyEvent(input.KeyDown).WithKey("v").WithModifiers(input.ModifierCtrl).WithCommands([]string{name})
	}
	p.must("copying", script(`(() => { const t = document.createElement('textarea'); t.id = 'clip'; document.body.append(t); t.value = `+fmt.Sprintf("%q", text)+`; t.focus(); t.select(); return '' })()`, new(string)),
		command("copy"), script(`(() => { document.getElementById('clip').remove(); document.querySelector(`+fmt.Sprintf("%q", field)+`).focus(); return '' })()`, new(string)), command("paste"))
	var got string
	p.must("what was pasted", script(`document.querySelector(`+fmt.Sprintf("%q", field)+`).value`, &got))
	if got != text {
		p.t.Errorf("%s holds %q after %q was pasted", field, got, text)
	}
}

// The log-in of staff takes what a password manager or the clipboard gives (3.3.8).
func TestTheLogInTakesAPasswordManager(t *testing.T) {
	together(t)
	p := Open(t, Desktop)
	p.Visit("/login")
	for name, want := range map[string]string{"input[name=login]": "username", "input[type=password]": "current-password"} {
		if got := p.Attribute("main "+name, "autocomplete"); !strings.HasPrefix(got, want) {
			t.Errorf("%s has autocomplete=%q, want %s", name, got, want)
		}
	}
	a := account(t, "secretary")
	p.paste("main input[name=login]", a.User)
	p.paste("main input[type=password]", a.Password)
	p.ClickIn("main form", zh(i18n.LayoutLogin))
	p.until("the log-in", func() string { return unless(p.Path() != "/login", "the log-in page is still there") })
}

// tabbed presses the Tab key until it comes back to where it began, and gives the stops at which what has the focus is wholly covered or out of sight.
func (p *Page) tabbed(back bool) (stops int, covered []string) {
	p.t.Helper()
	tab := func(kind input.KeyType) *input.DispatchKeyEventParams {
		e := input.DispatchKeyEvent(kind).WithKey("Tab").WithCode("Tab").WithWindowsVirtualKeyCode(9)
		if back {
			e = e.WithModifiers(input.ModifierShift)
		}
		return e
	}
	// What covers it may be on its way out: a list of choices goes a moment after its field was left.
	const look = `(async () => {
		const e = document.activeElement;
		if (!e || e === document.body || e.dataset.stopped) return 'end';
		e.dataset.stopped = 1;
		const labels = [...(e.labels || [])];
		const seen = () => [e, ...labels].flatMap(x => [...x.getClientRects()]).some(r => [0.02, 0.25, 0.5, 0.75, 0.98].some(x => [0.05, 0.5, 0.95].some(y => {
			const hit = document.elementFromPoint(r.left + r.width * x, r.top + r.height * y);
			return hit && hit !== document.body && hit !== document.documentElement && (e.contains(hit) || hit.contains(e) || labels.some(l => l.contains(hit)));
		})));
		for (let n = 0; n < 5; n++) {
			if (seen()) return '';
			await new Promise(done => setTimeout(done, 100));
		}
		const r = e.getBoundingClientRect(), hit = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
		return e.outerHTML.slice(0, 90) + ' at ' + Math.round(r.top) + ' under ' + (hit ? hit.outerHTML.slice(0, 60) : 'the edge of the window');
	})()`
	await := func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) }
	for range 300 {
		var said string
		p.must("the Tab key", tab(input.KeyRawDown), tab(input.KeyUp), chromedp.Evaluate(look, &said, await))
		if said == "end" {
			break
		}
		stops++
		if said != "" {
			covered = append(covered, said)
		}
	}
	p.must("forgetting the stops", script(`(() => { document.querySelectorAll('[data-stopped]').forEach(e => delete e.dataset.stopped); return '' })()`, new(string)))
	return stops, covered
}

// What sticks to an edge of the window (the head, the bar of ways, heads of tables, the bar of chosen rows, the button that sends) never wholly covers what has the focus, forwards
// and backwards (2.4.11). The page on which a number is taken in a hall is looked at where one is open: in TestOneCaseOfEachKind.
func TestWhatHasTheFocusIsSeen(t *testing.T) {
	together(t)
	for _, c := range []struct {
		who, path, first string
		view             Viewport
	}{
		{"secretary", "/cases", "", Desktop},
		{"secretary", "/members", "tbody tr:nth-child(2) [data-pick]", Desktop},
		{"secretary", "/members", "tbody tr:nth-child(2) [data-pick]", twice},
		{"secretary", "/calls/new", "", twice},
		{"worker", "/m/patrol", "", Phone},
		{"worker", "/m/patrol/event", "", Phone},
		{"worker", "/cases", "", Phone},
		{"", "/p/report?kind=event", "", Phone},
	} {
		t.Run(c.who+c.path+" "+c.view.Name, func(t *testing.T) {
			p := Open(t, c.view)
			if c.who != "" {
				p.Login(c.who)
			}
			p.Visit(c.path)
			if c.first != "" {
				p.ClickOn(c.first)
				p.must("back to the top", script(`(() => { document.activeElement.blur(); window.scrollTo(0, 0); return '' })()`, new(string)))
			}
			p.focusIsSeen()
		})
	}
}

// focusIsSeen fails the test where something wholly covers what has the focus, on the way through the page by the Tab key.
func (p *Page) focusIsSeen() {
	p.t.Helper()
	for _, back := range []bool{false, true} {
		p.must("the top", script(`(() => { document.activeElement.blur(); window.getSelection().removeAllRanges(); return '' })()`, new(string)))
		stops, covered := p.tabbed(back)
		if stops < 5 || len(covered) > 0 {
			p.t.Errorf("%s, backwards %t: %d of %d stops are not seen:\n%s", p.Path(), back, len(covered), stops, strings.Join(covered[:min(6, len(covered))], "\n"))
		}
	}
}

// Whatever is done by dragging is done by pressing too (2.5.7): the only thing that listens for a drag is the frame of a drawing, which has bars to scroll by and links to
// zoom by, and the map, which has buttons and, beside it, the same as a list.
func TestDraggingIsNeverTheOnlyWay(t *testing.T) {
	together(t)
	files, err := filepath.Glob("../../../tools/webassets/src/*.js")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sources of scripts: %v", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, event := range []string{"pointermove", "mousemove", "touchmove", `"drag`, `"drop"`} {
			if strings.Contains(string(b), event) && filepath.Base(f) != "pan.js" {
				t.Errorf("%s listens for %s: what is its other way?", filepath.Base(f), event)
			}
		}
	}
	p := Open(t, Desktop)
	p.Login("subdistrict")
	p.Visit("/organisations/chart")
	var frame struct {
		Overflow string
		Zooms    int
	}
	p.must("the frame", script(`(() => { const f = document.querySelector('[data-pan]'), s = getComputedStyle(f); return {Overflow: s.overflowX + ' ' + s.scrollbarWidth, Zooms: document.querySelectorAll('a[data-zoom]').length} })()`, &frame))
	if frame.Overflow != "auto auto" || frame.Zooms < 2 {
		t.Errorf("the drawing has no bars to scroll by, or no links to zoom by: %+v", frame)
	}
	p.Visit("/cases/pictures")
	p.until("the map to be drawn", func() string { return unless(p.Count("path.map-grid") > 5, "no grids yet") })
	if n := p.Count(".map-move button[aria-label]"); n != 4 {
		t.Fatalf("%d buttons move the map", n)
	}
	where := func() (at string) {
		p.must("where the map is", script(`document.querySelector('.leaflet-map-pane').style.transform`, &at))
		return at
	}
	for i := range 4 { // west, north, south, east
		before := where()
		p.must("pressing", script(fmt.Sprintf(`(() => { document.querySelectorAll('.map-move button')[%d].click(); return '' })()`, i), new(string)))
		p.until("the map to move", func() string { return unless(where() != before, "it stays") })
	}
	p.ClickOn(".leaflet-control-zoom-in")
	p.ClickOn(".leaflet-control-zoom-out")
	if p.Count(`main table a[href*="grid="], main table a[href*="community="]`) == 0 {
		t.Error("there is no list beside the map")
	}
}
