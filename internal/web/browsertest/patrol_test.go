//go:build browser

package browsertest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"linli/internal/i18n"
)

// What lies between the phone and the server: everything passes, nothing does, the server hears and its answer is lost, or the server is too busy for entries.
const (
	inReach int32 = iota
	outOfReach
	answersLost
	tooBusy
)

// reach stands before the demonstration as the network does.
type reach struct {
	url  string
	is   atomic.Int32
	sent atomic.Int32 // entries that reached the server
}

func newReach(t *testing.T) *reach {
	t.Helper()
	to, err := url.Parse(demo(t).URL)
	if err != nil {
		t.Fatal(err)
	}
	pass := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host
	}}
	n := &reach{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		entry := r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/m/patrol/")
		switch n.is.Load() {
		case outOfReach:
			panic(http.ErrAbortHandler) // closes the connection without a word
		case answersLost:
			if entry {
				pass.ServeHTTP(httptest.NewRecorder(), r)
				n.sent.Add(1)
				panic(http.ErrAbortHandler)
			}
		case tooBusy:
			if entry {
				http.Error(w, "busy", http.StatusServiceUnavailable)
				return
			}
		}
		if entry {
			n.sent.Add(1)
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	n.url = server.URL
	return n
}

// async evaluates what answers later.
func async(p *Page, what, expression string, out any) {
	p.t.Helper()
	await := func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) }
	p.must(what, chromedp.Evaluate(expression, out, await))
}

// kept waits until the phone keeps the pages of the round.
func kept(p *Page) {
	p.t.Helper()
	p.until("the pages to be kept", func() string {
		var n int
		async(p, "asking what is kept", `(async () => { let n = 0; for (const c of await caches.keys()) for (const r of await (await caches.open(c)).keys())
			if (/\/m\/patrol\/(away|event|visit|upkeep|check|owner)$/.test(r.url)) n++; return navigator.serviceWorker.controller ? n : 0 })()`, &n)
		return unless(n >= 6, fmt.Sprintf("%d are", n))
	})
}

// onPhone is how many entries the phone keeps, of whatever account.
func onPhone(p *Page) (n int) {
	p.t.Helper()
	async(p, "counting entries", `new Promise((done, fail) => { const q = indexedDB.open('linli-patrol'); q.onerror = () => fail(q.error);
		q.onsuccess = () => { const db = q.result; if (!db.objectStoreNames.length) { db.close(); return done(0) }
			const c = db.transaction('entries').objectStore('entries').count(); c.onsuccess = () => { db.close(); done(c.result) } } })`, &n)
	return n
}

// rowsOf counts the cases of a channel on the desk.
func rowsOf(desk *Page, query string) int {
	desk.t.Helper()
	desk.Visit("/cases?" + query)
	return desk.Count(".datatable tbody tr")
}

// queued waits until the list shows so many entries in a state.
func queued(p *Page, state string, n int) {
	p.t.Helper()
	p.until(fmt.Sprintf("%d entries %s", n, state), func() string {
		got := p.Count(`.queue-entry[data-state="` + state + `"]`)
		return unless(got == n, fmt.Sprintf("%d are; the list says %q", got, p.Texts(".queue-entry")))
	})
}

// A grid worker reports out of reach: kept on the phone, shown, still there after the page is opened anew, sent once when there is a network again although
// the first answer was lost; what somebody changed meanwhile is shown with both numbers and kept until they decide.
func TestARoundWithoutANetwork(t *testing.T) {
	inTurn(t)
	n := newReach(t)
	p := openAt(t, n.url, Phone)
	t.Cleanup(p.reportFaults)
	p.Expect(http.StatusConflict, http.StatusServiceUnavailable)
	a := account(t, "worker")
	p.LoginWith(a.User, a.Password)
	p.Visit("/m/patrol")
	p.WaitText(zh(i18n.PatrolSent))
	p.Check("home")
	kept(p)
	installable(t, p)

	desk := Open(t, Desktop)
	desk.Login("secretary")
	events, needs := rowsOf(desk, "channel=patrol&state=received"), rowsOf(desk, "channel=visit&state=received")

	// Out of reach: the address answers nothing, and the phone knows that it has no network.
	n.is.Store(outOfReach)
	offline := func(off bool) {
		p.must("the network", network.OverrideNetworkState(off, 0, -1, -1))
	}
	offline(true)
	p.Visit("/m/patrol")
	p.WaitText(zh(i18n.PatrolAway))
	p.Check("away")

	// An event, with a photograph, in four presses and nothing typed.
	presses := 0
	press := func(selector string) { presses++; p.ClickOn(selector) }
	press(`a.way[href="/m/patrol/event"]`)
	p.WaitPath("/m/patrol/event")
	p.Upload(zh(i18n.PatrolPhotos), scene(t))
	p.until("the photograph", func() string { return unless(p.Count("[data-photos] img") == 1, "it is not there") })
	press(`#f-item .pick`)
	press(`#f-where .pick`)
	p.Check("event")
	press(`.round-send button`)
	p.WaitPath("/m/patrol")
	queued(p, "waiting", 1)
	if presses >= 6 {
		t.Errorf("%d presses, want fewer than six", presses)
	}

	// A visit with a need.
	p.ClickOn(`a.way[href="/m/patrol/visit"]`)
	p.WaitPath("/m/patrol/visit")
	p.ClickOn(`.round-send button`)
	p.WaitText(zh(i18n.PatrolChooseDoor))
	door := p.chooseDoor(3)
	p.ClickOn(`#f-need .pick`)
	p.Fill(zh(i18n.PatrolNote), "腿摔伤了，买菜不便。")
	p.Check("visit")
	p.ClickOn(`.round-send button`)
	p.WaitPath("/m/patrol")
	queued(p, "waiting", 2)

	// How many live behind a door; the community writes another number meanwhile.
	p.ClickOn(`a.way[href="/m/patrol/upkeep"]`)
	p.WaitPath("/m/patrol/upkeep")
	door = p.chooseDoor(4)
	for range 3 {
		p.ClickOn(`[data-step="1"]`)
	}
	p.Check("upkeep")
	p.ClickOn(`.round-send button`)
	p.WaitPath("/m/patrol")
	queued(p, "waiting", 3)
	p.Check("queued")
	if r := desk.Post("/m/patrol/upkeep", url.Values{"key": {"written-by-the-community"}, "household": {door}, "occupants": {"5"}}); r.Status != http.StatusOK {
		t.Fatalf("the community's own number: %d %.300s", r.Status, r.Body)
	}

	// Opened anew without a network, everything is there.
	p.Visit("/m/patrol")
	queued(p, "waiting", 3)
	p.WaitText(zh(i18n.PatrolNPhotos, 1))
	if got := n.sent.Load(); got != 0 {
		t.Errorf("%d entries reached the server without a network", got)
	}

	// The network is back, and the answers get lost on the way.
	n.is.Store(answersLost)
	offline(false)
	p.until("the first entry to reach the server", func() string { return unless(n.sent.Load() >= 1, "none has") })
	queued(p, "waiting", 3)
	n.is.Store(inReach)
	p.ClickOn("[data-send]")
	queued(p, "ok", 2)
	queued(p, "conflict", 1)
	p.watch.forget() // what failed out of reach was meant to
	p.WaitText("您填 3 人；现在是 5 人")
	p.Check("conflict")
	p.Resize(Desktop)
	p.Check("conflict-wide")
	p.Resize(Phone)
	if got := onPhone(p); got != 1 {
		t.Errorf("the phone keeps %d entries, want only that with the conflict", got)
	}
	if got := rowsOf(desk, "channel=patrol&state=received"); got != events+1 {
		t.Errorf("%d events on the desk, want %d: sent more than once it is one", got, events+1)
	}
	desk.Visit(desk.Attribute("tbody .row-link", "href"))
	desk.WaitText("IMG_2026.jpg")
	if got := desk.Fetch(desk.Attribute(`main a[href*="/files/"]`, "href")); got.Status != http.StatusOK || !strings.HasPrefix(string(got.Body), "\xff\xd8\xff") {
		t.Errorf("the photograph: %d %.20q", got.Status, got.Body)
	}
	desk.WaitText(zh(i18n.PatrolSaidAt))
	desk.Check("case-with-photo")
	if got := rowsOf(desk, "channel=visit&state=received"); got != needs+1 {
		t.Errorf("%d needs on the desk, want %d", got, needs+1)
	}

	p.Click(zh(i18n.PatrolKeepMine))
	queued(p, "ok", 3)
	if got := onPhone(p); got != 0 {
		t.Errorf("the phone keeps %d entries after all were sent", got)
	}
	household, _, _ := strings.Cut(door, ".")
	desk.Visit("/households/" + household)
	desk.WaitText("3 人（")
	desk.Check("household")
}

// chooseDoor chooses a household by its place in the list and gives its value.
func (p *Page) chooseDoor(i int) (value string) {
	p.t.Helper()
	p.must("choosing a door", script(fmt.Sprintf(`(() => { const s = document.querySelector('[name=household]'), o = s.querySelectorAll('option')[%d]; s.value = o.value;
		s.dispatchEvent(new Event('change', {bubbles: true})); return o.value })()`, i), &value))
	return value
}

// installable asks the browser whether it would offer to install the round as an app.
func installable(t *testing.T, p *Page) {
	t.Helper()
	var faults []*page.InstallabilityError
	var manifest string
	err := p.run(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		if faults, err = page.GetInstallabilityErrors().Do(ctx); err != nil {
			return err
		}
		_, wrong, data, _, err := page.GetAppManifest().Do(ctx)
		for _, w := range wrong {
			t.Errorf("the manifest: %s", w.Message)
		}
		manifest = data
		return err
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		if f.ErrorID != "in-incognito" { // each tab of the tests has its own cookies, as a private window does
			t.Errorf("the round cannot be installed: %s %+v", f.ErrorID, f.ErrorArguments)
		}
	}
	if !strings.Contains(manifest, zh(i18n.PatrolAppName)) {
		t.Errorf("manifest %.200s", manifest)
	}
	if got := string(p.Fetch("/m/patrol.webmanifest?lang=en").Body); !strings.Contains(got, i18n.PatrolAppName.In(i18n.EN)) {
		t.Errorf("manifest in English %.200s", got)
	}
}

// What the phone keeps belongs to an account: a session that ends leaves it, another account neither sees nor sends it, its own account sends it after logging
// in, and logging out takes everything away.
func TestWhatAPhoneKeepsBelongsToAnAccount(t *testing.T) {
	inTurn(t)
	n := newReach(t)
	p := openAt(t, n.url, Phone)
	t.Cleanup(p.reportFaults)
	p.Expect(http.StatusServiceUnavailable)
	a, other := account(t, "worker"), account(t, "secretary")
	p.LoginWith(a.User, a.Password)
	p.Visit("/m/patrol")
	kept(p)
	report := func() {
		p.Visit("/m/patrol/event")
		p.ClickOn(`#f-item .pick`)
		p.ClickOn(`#f-where .pick`)
		p.ClickOn(`.round-send button`)
		p.WaitPath("/m/patrol")
	}
	n.is.Store(outOfReach)
	report()
	queued(p, "waiting", 1)

	// The session ended meanwhile.
	p.must("the session ends", network.ClearBrowserCookies())
	n.is.Store(inReach)
	p.ClickOn("[data-send]")
	queued(p, "login", 1)
	p.watch.forget()
	p.Check("log-in-first")
	if got := onPhone(p); got != 1 {
		t.Errorf("the phone keeps %d entries after the session ended, want the one", got)
	}

	n.sent.Store(0)
	p.LoginWith(other.User, other.Password)
	p.Visit("/m/patrol")
	kept(p)
	p.until("the pages of the other account", func() string {
		var owner string
		async(p, "whose pages are kept", `caches.match('/m/patrol/owner').then(r => r.text())`, &owner)
		return unless(owner == p.Attribute("#patrol", "data-account"), owner)
	})
	if got := p.Count(".queue-entry"); got != 0 {
		t.Errorf("another account sees %d entries", got)
	}
	if got := n.sent.Load(); got != 0 {
		t.Errorf("another account sent %d entries", got)
	}
	logout := func() {
		p.ClickOn("summary.who")
		p.Click(zh(i18n.LayoutLogout))
		p.WaitPath("/login")
	}
	logout()
	if got := onPhone(p); got != 1 {
		t.Errorf("after another account logged out the phone keeps %d entries, want the one", got)
	}

	// Their own account sends it, by logging in.
	p.LoginWith(a.User, a.Password)
	p.Visit("/m/patrol")
	queued(p, "ok", 1)
	if got := onPhone(p); got != 0 {
		t.Errorf("the phone keeps %d entries after it was sent", got)
	}

	// Logging out takes away what was not sent, after asking (the tests say yes).
	kept(p)
	n.is.Store(tooBusy)
	report()
	queued(p, "waiting", 1)
	logout()
	var caches int
	async(p, "what is kept", `caches.keys().then(k => k.filter(n => n.startsWith('patrol-')).length)`, &caches)
	if got := onPhone(p); got != 0 || caches != 0 {
		t.Errorf("after logging out the phone keeps %d entries and %d stores of pages", got, caches)
	}
	p.watch.forget()
}

// What the server does not take stays on the phone, says what is wrong, and comes back into its form with everything in it.
func TestARefusedEntryIsCorrected(t *testing.T) {
	inTurn(t)
	p := Open(t, Phone)
	p.Login("worker")
	p.Visit("/m/patrol/visit")
	door := p.chooseDoor(5)
	p.must("the other need", script(`(() => { const l = [...document.querySelectorAll('#f-need .pick')].find(e => e.textContent.includes('其他需求')); l.querySelector('input').click(); return '' })()`, new(string)))
	p.ClickOn(`.round-send button`)
	p.WaitPath("/m/patrol")
	queued(p, "refused", 1)
	p.WaitText(zh(i18n.PatrolOtherWords))
	p.Check("refused")
	p.Click(zh(i18n.PatrolEdit))
	p.WaitPath("/m/patrol/visit")
	p.WaitText(zh(i18n.PatrolOtherWords))
	var got string
	p.must("the door", script(`document.querySelector('[name=household]').value`, &got))
	if got != door {
		t.Errorf("the door is %q again, want %q", got, door)
	}
	p.Check("correct")
	p.Fill(zh(i18n.PatrolNote), "想装一个门铃。")
	p.ClickOn(`.round-send button`)
	p.WaitPath("/m/patrol")
	queued(p, "ok", 1)
	if got := onPhone(p); got != 0 {
		t.Errorf("the phone keeps %d entries", got)
	}
}

// A position is part of a report only where the button was pressed; what the phone has no room for is said, and stays in the form.
func TestAPositionAndAFullPhone(t *testing.T) {
	inTurn(t)
	p := Open(t, Phone)
	p.Login("worker")
	p.Visit("/m/patrol/event")
	at := func() (x string) {
		p.must("the position", script(`document.querySelector('[name=x]').value + ' ' + document.querySelector('[name=y]').value`, &x))
		return x
	}
	p.must("a phone that knows where it is", script(`(() => { navigator.geolocation.getCurrentPosition = (ok) => ok({coords: {longitude: 120.1234567, latitude: 33.3, accuracy: 12.3}}); return '' })()`, new(string)))
	if got := at(); got != " " {
		t.Errorf("before the button the position is %q", got)
	}
	p.Click(zh(i18n.PatrolPosition))
	p.WaitText(zh(i18n.PatrolPositioned, 12))
	if got := at(); got != "120123457 33300000" {
		t.Errorf("the position is %q", got)
	}
	p.Click(zh(i18n.PatrolUnposition))
	if got := at(); got != " " {
		t.Errorf("taken away the position is %q", got)
	}
	p.ClickOn(`#f-item .pick`)
	p.ClickOn(`#f-where .pick`)
	p.must("a phone without room", script(`(() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') }; return '' })()`, new(string)))
	p.ClickOn(`.round-send button`)
	p.WaitText(zh(i18n.PatrolFull))
	p.Check("full")
	if p.Path() != "/m/patrol/event" || p.Count("#f-item .pick:has(input:checked)") != 1 {
		t.Error("what was filled in is gone")
	}
}

// Where scripts do not run the same forms are sent as they are.
func TestARoundWithoutScripts(t *testing.T) {
	inTurn(t)
	p := Open(t, Phone)
	p.Login("worker")
	p.WithoutScripts()
	p.Visit("/m/patrol/event")
	p.ClickOn(`#f-where .pick`)
	p.ClickOn(`.round-send button`)
	p.WaitText(zh(i18n.PatrolItemOrWords))
	p.Shot("refused")
	p.Fill(zh(i18n.PatrolBody), "消防通道被堵住了。")
	p.ClickOn(`.round-send button`)
	p.WaitPath("/m/patrol")
	p.WaitText("已登记，编号")
	p.Visit("/m/patrol/upkeep")
	p.Shot("upkeep")
}

// Whoever presses twice sends once.
func TestARoundPressedTwice(t *testing.T) {
	inTurn(t)
	p := Open(t, Phone)
	p.Login("worker")
	p.Visit("/m/patrol/event")
	p.ClickOn(`#f-where .pick`)
	p.Fill(zh(i18n.PatrolBody), "门禁按两次才开。")
	p.must("pressing twice", script(`(() => { const f = document.querySelector('.round-send').closest('form'); f.requestSubmit(); f.requestSubmit(); return '' })()`, new(string)))
	p.WaitPath("/m/patrol")
	queued(p, "ok", 1)
	secretary := Open(t, Desktop)
	secretary.Login("secretary")
	secretary.Visit("/cases?q=" + url.QueryEscape("门禁按两次"))
	secretary.WaitText("门禁按两次才开")
	if n := secretary.Count("main tbody tr"); n != 1 {
		t.Errorf("%d cases, want one", n)
	}
}
