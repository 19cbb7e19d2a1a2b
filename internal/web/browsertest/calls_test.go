//go:build browser

package browsertest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"linli/internal/casework"
	"linli/internal/i18n"
)

// alt presses a key while Alt is held.
func (p *Page) alt(key string) {
	p.t.Helper()
	code := "Key" + strings.ToUpper(key)
	if key >= "0" && key <= "9" {
		code = "Digit" + key
	}
	p.must("Alt "+key, input.DispatchKeyEvent(input.KeyRawDown).WithKey(key).WithCode(code).WithModifiers(input.ModifierAlt), input.DispatchKeyEvent(input.KeyUp).WithKey(key).WithCode(code))
	p.Settle()
}

// tabTo goes to what is called so by the tabulator alone.
func (p *Page) tabTo(label string) {
	p.t.Helper()
	for range 40 {
		if strings.HasPrefix(p.Focused(), label) {
			return
		}
		p.must("tab", input.DispatchKeyEvent(input.KeyRawDown).WithKey("Tab").WithCode("Tab").WithWindowsVirtualKeyCode(9), input.DispatchKeyEvent(input.KeyUp).WithKey("Tab").WithCode("Tab"))
	}
	p.giveUp("the tabulator does not reach %q", label)
}

// An operator takes calls by the keyboard alone: the number shows the earlier cases, name and place are taken over by a key, what may be the same is joined by another, and
// the next call begins with one more.
func TestCallsAreTakenByTheKeyboardAlone(t *testing.T) {
	together(t)
	n := install(t, beijing(time.September, 1, 9, 0))
	p := openAt(t, n.url, Desktop)
	t.Cleanup(p.reportFaults)
	p.LoginWith("shuji", newcomerPassword)
	p.Visit("/calls/new")
	p.Check("call-empty")
	if got := p.Focused(); !strings.HasPrefix(got, zh(i18n.CallNumber)) {
		t.Errorf("the page begins at %q", got)
	}
	p.Press("13900005678")
	p.WaitText(zh(i18n.CallEarlierNone))
	p.Press(kb.Enter) // goes on to the words
	p.Press("北门口的路灯坏了三天，晚上看不见路")
	p.WaitText(zh(i18n.CallDoublesNone))
	p.tabTo(zh(i18n.CasePlace))
	p.Press("北门")
	p.tabTo(zh(i18n.CaseName))
	p.Press("王女士")
	p.alt("s")
	p.WaitText(zh(i18n.CallSaved))
	p.Check("call-done")
	first, code := p.Text("#call-no"), p.Text("#call-code")
	if strings.Contains(p.URL(), code) {
		t.Errorf("the code stands in the address %s", p.URL())
	}
	next := func() {
		p.stroke("n", "n")
		p.WaitPath("/calls/new")
		p.until("the number to be asked", func() string { return unless(strings.HasPrefix(p.Focused(), zh(i18n.CallNumber)), p.Focused()) })
		p.until("the page to be painted", func() string { // until then Chromium drops keys
			var n int
			err := p.run(chromedp.Evaluate(`performance.getEntriesByName('first-contentful-paint').length`, &n))
			return unless(err == nil && n > 0, "not yet")
		})
		p.Settle()
	}
	next()

	// The same number again, about the same lamp.
	p.Press("13900005678")
	p.WaitText(first)
	p.alt("l")
	if name, place := p.Value(zh(i18n.CaseName)), p.Value(zh(i18n.CasePlace)); name != "王女士" || place != "北门" {
		t.Errorf("taken over: %q, %q", name, place)
	}
	p.alt("2")
	p.Press("北门的路灯还是坏的，看不见路")
	p.WaitText(zh(i18n.CallJoin))
	p.Check("call-doubles")
	p.Resize(Phone)
	p.Check("call-doubles")
	p.Resize(Desktop)
	p.alt("j")
	p.WaitText(zh(i18n.CallJoined, first))
	p.Check("call-joined")
	joined := p.Text("#call-code")
	caller := openAt(t, n.url, Phone)
	t.Cleanup(caller.reportFaults)
	caller.Visit("/p/case?c=" + joined)
	caller.WaitText(zh(i18n.CasePublicMerged, first))

	// A withheld number; the next call at once.
	next()
	p.alt("2")
	p.Press("楼道里堆了杂物")
	p.alt("n")
	p.WaitText("已登记，编号")
	p.WaitPath("/calls/new")
	p.Shot("call-next")

	// Without scripts a button does it.
	p.WithoutScripts()
	p.Visit("/calls/new")
	p.Fill(zh(i18n.CallNumber), "12")
	p.Fill(zh(i18n.CallWhat), "北门路灯坏了，看不见路")
	p.Click(zh(i18n.CallLook))
	p.until("what is wrong with the number", func() string { return unless(p.Count("#call-earlier .error") == 1, "it is not said") })
	p.Shot("call-number-wrong")
	p.Fill(zh(i18n.CallNumber), "13900005678")
	p.Click(zh(i18n.CallLook))
	p.WaitText(first)
	p.WaitText(zh(i18n.CallJoin))
	p.ClickOn("button[name=fill]")
	p.WaitText(first)
	if name := p.Value(zh(i18n.CaseName)); name != "王女士" {
		t.Errorf("taken over without scripts: %q", name)
	}
	if words := p.Value(zh(i18n.CallWhat)); words != "北门路灯坏了，看不见路" {
		t.Errorf("the words are %q", words)
	}
	p.ClickOn("button[name=next]")
	p.WaitText("已登记，编号")
}

// pdf is a document to hand in.
func pdf(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "来信.pdf")
	if err := os.WriteFile(name, []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n              "), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// A letter is scanned when it is entered, the resident adds a photograph, staff keep something internal and finish with a picture of what was done.
func TestFilesComeWithEveryStepOfACase(t *testing.T) {
	together(t)
	n := install(t, beijing(time.September, 1, 9, 0))
	desk := openAt(t, n.url, Desktop)
	t.Cleanup(desk.reportFaults)
	desk.LoginWith("shuji", newcomerPassword)
	desk.Visit("/cases/new?kind=opinion")
	desk.must("on paper", script(`(() => { document.querySelector("input[name=channel][value=paper]").click(); return "" })()`, new(string)))
	desk.Fill(zh(i18n.CaseWhat), "来信：北门路灯坏了。")
	desk.Upload(zh(i18n.CaseFilesEntry), pdf(t))
	desk.Shot("entry-with-scan")
	desk.ClickIn("main form", zh(i18n.CaseNew))
	desk.WaitText("已登记，编号")
	desk.WaitText("来信.pdf")
	at := desk.Path()
	_, said, _ := strings.Cut(desk.Text(".flash"), "830102-")
	code := "830102-" + strings.FieldsFunc(said, func(r rune) bool { return r > 127 || r == ' ' })[0]

	resident := openAt(t, n.url, Phone)
	t.Cleanup(resident.reportFaults)
	resident.Visit("/p/case?c=" + code)
	resident.Expect(422)
	resident.ClickIn("form[action$='/add']", zh(i18n.CasePublicAddAct))
	resident.WaitText(zh(i18n.CasePublicAddNothing))
	resident.Upload(zh(i18n.CasePublicAddPhoto), pdf(t))
	resident.ClickIn("form[action$='/add']", zh(i18n.CasePublicAddAct))
	resident.WaitText(zh(i18n.AttachOnlyPictures))
	resident.Fill(zh(i18n.CasePublicAddSay), "拍了一张")
	resident.Upload(zh(i18n.CasePublicAddPhoto), scene(t))
	resident.ClickIn("form[action$='/add']", zh(i18n.CasePublicAddAct))
	resident.WaitText(zh(i18n.CasePublicAdded))
	resident.Check("follow-photo")

	desk.Visit(at)
	desk.WaitText("IMG_2026.jpg")
	desk.Click(zh(i18n.CaseTake))
	desk.WaitText(zh(i18n.CaseTakeDone))
	desk.Click(zh(i18n.CaseFilesAdd))
	desk.Upload(zh(i18n.CaseFilesHidden), pdf(t))
	desk.Fill(zh(i18n.CaseFilesWords), "核查记录")
	desk.ClickIn("main details[open] form", zh(i18n.CaseFilesAdd))
	desk.WaitText(zh(i18n.CaseSaved))
	desk.WaitText("核查记录")
	desk.Check("case-files")
	desk.Resize(Phone)
	desk.Check("case-files")
	desk.Resize(Desktop)
	desk.Fill(zh(i18n.CaseResult), "已换新灯")
	desk.Upload(zh(i18n.CaseFilesFinish), scene(t))
	desk.ClickIn("main form", zh(i18n.CaseFinish))
	desk.WaitText(zh(i18n.CaseFinishDone))

	resident.Visit("/p/case?c=" + code)
	resident.WaitText("已换新灯")
	if got := resident.Texts(`form[action$="/photo"] button`); len(got) != 3 {
		t.Errorf("the resident opens %q, want the letter, their photograph and what was done", got)
	}
	if resident.HasText("核查记录") {
		t.Error("the resident reads what is internal")
	}
	resident.Check("follow-files")
	resident.ClickOn(`form[action$="/unfile"] button`)
	resident.WaitText(zh(i18n.CasePublicFileGone))

	l, err := n.Casework.List(t.Context(), n.actorOf(t, "shuji"), casework.Filter{})
	if err != nil || len(l.Items) != 1 {
		t.Fatalf("%d cases, %v", len(l.Items), err)
	}
	d, err := n.Casework.Get(t.Context(), n.actorOf(t, "shuji"), l.Items[0].ID)
	if err != nil || len(d.Files) != 3 {
		t.Errorf("left: %+v, %v", d.Files, err)
	}
}
