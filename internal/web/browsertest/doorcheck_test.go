//go:build browser

package browsertest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"

	"linli/internal/i18n"
)

// namesOnPhone is how many households the phone keeps with the names of who is registered there.
func namesOnPhone(p *Page) (n int) {
	p.t.Helper()
	async(p, "counting households", `new Promise((done, fail) => { const q = indexedDB.open('linli-patrol'); q.onerror = () => fail(q.error);
		q.onsuccess = () => { const db = q.result; const c = db.transaction('names').objectStore('names').count(); c.onsuccess = () => { db.close(); done(c.result) } } })`, &n)
	return n
}

// finding chooses what was said at the door.
func (p *Page) finding(value string) {
	p.t.Helper()
	p.ClickOn(`#f-finding .pick:has(input[value="` + value + `"])`)
}

// A grid worker looks up a household where there is a network, takes the names of a building along, and goes on out of reach: right as it stands, somebody moved in, somebody moved
// out. It is sent when there is a network again, once, stands in the register under its day, and each look can be read. What the register said meanwhile is shown, and kept.
func TestAHouseholdIsCheckedAtItsDoor(t *testing.T) {
	inTurn(t)
	n := newReach(t)
	p := openAt(t, n.url, Phone)
	t.Cleanup(p.reportFaults)
	p.Expect(http.StatusConflict, http.StatusServiceUnavailable)
	a := account(t, "worker")
	p.LoginWith(a.User, a.Password)
	p.Visit("/m/patrol")
	p.Check("home-progress")
	kept(p)
	p.ClickOn(`a.way[href="/m/patrol/check"]`)
	p.WaitPath("/m/patrol/check")

	// With a network: a press shows who is registered, another says that it is right.
	p.chooseDoor(6)
	if got := p.Count("[data-people] .pick"); got != 0 {
		t.Errorf("%d names are there before anybody asked", got)
	}
	p.finding("confirmed")
	p.ClickOn(`.round-send button`)
	p.WaitText(zh(i18n.DoorLookFirst))
	p.ClickOn("[data-show]")
	p.until("the names", func() string { return unless(p.Count("[data-people] .pick") > 0, "none are there") })
	p.Check("check")
	p.ClickOn(`.round-send button`)
	queued(p, "ok", 1)
	p.WaitText(zh(i18n.DoorSaved))
	p.Check("checked")

	// A building taken along, and then out of reach.
	p.ClickOn("[data-take]")
	p.until("the names on the phone", func() string { return unless(namesOnPhone(p) > 0, "none are") })
	n.is.Store(outOfReach)
	offline := func(off bool) {
		p.must("the network", network.OverrideNetworkState(off, 0, -1, -1))
	}
	offline(true)
	p.Visit("/m/patrol/check")
	door := ""
	for i := 1; i < 40 && door == ""; i++ { // a home where several people are registered, in the building that was taken along
		value := p.chooseDoor(i)
		p.until("what is on the phone", func() string { return unless(p.Count(`[data-last][data-door="`+value+`"]`) == 1, "it is read") })
		if p.Count("[data-people] .pick") >= 2 {
			door = value
		}
	}
	if door == "" {
		t.Fatal("no household of the building was taken along")
	}
	p.finding("left")
	p.ClickOn(`.round-send button`)
	p.WaitText(zh(i18n.DoorWhom))
	p.ClickOn("[data-people] .pick:last-child")
	who := ""
	p.must("who it is about", script(`document.querySelector('[name=person]:checked').value`, &who))
	p.Check("left")
	p.ClickOn(`.round-send button`)
	queued(p, "waiting", 1)
	p.must("the same door", script(fmt.Sprintf(`(() => { const s = document.querySelector('[name=household]'); s.value = %q; s.dispatchEvent(new Event('change', {bubbles: true})); return '' })()`, door), new(string)))
	p.until("what is on the phone", func() string { return unless(p.Count(`[data-last][data-door="`+door+`"]`) == 1, "it is read") })
	p.finding("joined")
	p.Fill(zh(i18n.DoorName), "沈新来")
	p.ClickOn(`#f-sex .pick`)
	p.Check("joined")
	p.ClickOn(`.round-send button`)
	queued(p, "waiting", 2)
	p.Check("queued")
	if got := n.sent.Load(); got != 1 {
		t.Errorf("%d entries reached the server, want the one from before", got)
	}

	// Meanwhile somebody writes another telephone into the same record.
	desk := Open(t, Desktop)
	desk.Login("secretary")
	if r := desk.Post("/m/patrol/check", url.Values{"key": {"said-at-the-desk-meanwhile"}, "household": {door}, "person": {who}, "finding": {"contact"}, "phone": {"16409100009"}}); r.Status != http.StatusOK {
		t.Fatalf("the community's own entry: %d %.300s", r.Status, r.Body)
	}
	n.is.Store(inReach)
	offline(false)
	p.ClickOn("[data-send]")
	queued(p, "conflict", 1)
	p.WaitText(zh(i18n.DoorStateLiving))
	p.Check("conflict")
	p.Click(zh(i18n.PatrolKeepMine))
	p.until("everything to be sent", func() string { return unless(onPhone(p) == 0, "something waits") })
	p.watch.forget()
	household, _, _ := strings.Cut(door, ".")
	desk.Visit("/households/" + household)
	desk.WaitText("沈新来")
	desk.WaitText(zh(i18n.DoorJoined))
	desk.WaitText(zh(i18n.DoorLeft))
	desk.WaitText(zh(i18n.PurposeUpkeep))
	desk.Check("household")
	desk.Resize(Phone)
	desk.Check("household")

	// When their day is over the names go, whichever page is opened.
	async(p, "letting the day go by", `new Promise((done, fail) => { const q = indexedDB.open('linli-patrol'); q.onerror = () => fail(q.error);
		q.onsuccess = () => { const db = q.result; const tx = db.transaction('names', 'readwrite'); const s = tx.objectStore('names');
			s.openCursor().onsuccess = (e) => { const c = e.target.result; if (c) { c.update({ ...c.value, until: Date.now() - 1 }); c.continue() } };
			tx.oncomplete = () => { db.close(); done(1) } } })`, new(int))
	p.Visit("/cases")
	p.until("the names to go", func() string { return unless(namesOnPhone(p) == 0, "they are there still") })

	// Logging out takes the names away.
	p.Visit("/m/patrol/check")
	p.chooseDoor(6)
	p.ClickOn("[data-take]")
	p.until("the names on the phone", func() string { return unless(namesOnPhone(p) > 0, "none are") })
	p.ClickOn("summary.who")
	p.Click(zh(i18n.LayoutLogout))
	p.WaitPath("/login")
	if got := namesOnPhone(p); got != 0 {
		t.Errorf("after logging out the phone keeps the names of %d households", got)
	}
	p.watch.forget()
}

// Who may not change the register leaves it to the community, which writes it or leaves it out by one press; without scripts the same pages do.
func TestWhatWasSaidAtADoorWaitsForTheCommunity(t *testing.T) {
	inTurn(t)
	p := Open(t, Phone)
	p.Login("grid_helper")
	p.WithoutScripts()
	p.Visit("/m/patrol/check")
	var door string
	p.must("a door", script(`(() => { const s = document.querySelector('[name=household]'); s.selectedIndex = 9; return s.value })()`, &door))
	household, _, _ := strings.Cut(door, ".")
	p.ClickOn("[data-show]")
	p.WaitText(zh(i18n.DoorNoGrid)) // who has no grid of their own is shown no names, and says what they were told all the same
	p.Shot("no-scripts")
	p.finding("occupancy")
	p.ClickOn(`#f-occupancy .pick:has(input[value="let"])`)
	p.ClickOn(`.round-send button`)
	p.WaitText(zh(i18n.DoorSent))

	desk := Open(t, Desktop)
	desk.Login("secretary")
	desk.Visit("/")
	desk.Visit("/households/checks")
	desk.WaitText("钱小妹")
	desk.Check("checks")
	desk.Resize(Phone)
	desk.Check("checks")
	desk.Resize(Desktop)
	mine := `.todo:has(a[href="/households/` + household + `"]) button` // what others left in the demonstration is let alone
	desk.ClickOn(mine + `[value="apply"]`)
	desk.WaitText(zh(i18n.CheckWritten))
	if n := desk.Count(mine); n != 0 {
		t.Errorf("%d buttons are left where it was written", n)
	}
	for desk.Count(".todos button") > 0 {
		desk.ClickOn(`.todos button[value="leave"]`)
		desk.WaitText(zh(i18n.CheckLeft))
	}
	desk.WaitText(zh(i18n.ChecksNone))
	desk.Check("checks-none")
}
