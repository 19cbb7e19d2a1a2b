//go:build browser

package browsertest

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"linli/internal/casework"
	"linli/internal/i18n"
)

// A resident reports something without an account, presses twice, follows it with the code, and says what came of it.
func TestAResidentReportsAndFollows(t *testing.T) {
	together(t)
	n := install(t, beijing(time.November, 20, 9, 0))
	staff, ctx := n.actorOf(t, "shuji"), context.Background()
	for _, view := range []Viewport{Phone, Desktop} {
		t.Run(view.Name, func(t *testing.T) {
			p := openAt(t, n.url, view)
			t.Cleanup(p.reportFaults)
			p.Visit("/p")
			p.Check("home")
			p.ClickOn(`.tile[href^="/p/report"]`)
			p.Check("kinds")
			p.ClickOn(`.tile[href*="kind=opinion"]`)
			p.Check("form")
			p.must("a place", script(`(() => { const s = document.querySelector('[name=community]'); s.value = s.querySelector('optgroup option').value; return '' })()`, new(string)))
			words := "<script>document.title='no'</script>长椅坏了，" + view.Name
			p.Fill(zh(i18n.CasePublicBody), words)
			p.Fill(zh(i18n.CasePublicPhone), "12")
			none := filepath.Join(t.TempDir(), "photo.jpg")
			if err := os.WriteFile(none, []byte("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), 0o600); err != nil {
				t.Fatal(err)
			}
			p.Expect(422)
			p.Click(zh(i18n.CasePublicSend))
			p.WaitText(zh(i18n.ErrInvalid))
			p.Check("form-wrong")
			p.Fill(zh(i18n.CasePublicPhone), "13800138000")
			p.Upload(zh(i18n.CasePublicPhotos), none)
			p.Click(zh(i18n.CasePublicSend))
			p.WaitText(zh(i18n.AttachSVG))
			p.Upload(zh(i18n.CasePublicPhotos), scene(t))

			var twice []string
			await := func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) }
			p.must("sending twice", chromedp.Evaluate(`(() => { const f = document.querySelector('form.panel'), send = () =>
				fetch(f.action, {method: 'POST', body: new FormData(f)}).then(r => r.text()).then(t => t.match(/id="code">([^<]+)/)[1]);
				return Promise.all([send(), send()]) })()`, &twice, await))
			p.Click(zh(i18n.CasePublicSend))
			p.WaitText(zh(i18n.CasePublicCodeKeep))
			code := p.Text("#code")
			if len(twice) != 2 || twice[0] != code || twice[1] != code {
				t.Errorf("sent three times: %v and %s, want one case", twice, code)
			}
			if strings.Contains(p.URL(), code) {
				t.Errorf("the code stands in the address %s", p.URL())
			}
			p.Check("receipt")

			p.Visit("/p/case")
			p.Fill(zh(i18n.CasePublicCode), "123-ABCDEFGHJKLM")
			refused(p, "form.panel", zh(i18n.CasePublicLook), zh(i18n.CasePublicWrong))
			p.Check("code-wrong")
			p.Fill(zh(i18n.CasePublicCode), strings.ToLower(code))
			p.Click(zh(i18n.CasePublicLook))
			p.WaitText(words)
			p.Check("follow")
			p.Fill(zh(i18n.CasePublicAddSay), "还有一把也坏了")
			p.ClickIn("form.panel", zh(i18n.CasePublicAddAct))
			p.WaitText(zh(i18n.CasePublicAdded))
			if got := p.Post("/p/case/photo", url.Values{"code": {code}, "file": {p.Attribute("[name=file]", "value")}}); !strings.HasPrefix(string(got.Body), "\xff\xd8\xff") {
				t.Errorf("the photograph is %.80q", got.Body)
			}

			l, err := n.Casework.List(ctx, staff, casework.Filter{Show: casework.ShowOpen})
			if err != nil || len(l.Items) != 1 {
				t.Fatalf("staff see %d open cases, %v, want the one", len(l.Items), err)
			}
			if err = n.Casework.Take(ctx, staff, l.Items[0].ID, l.Items[0].Version); err == nil {
				err = n.Casework.Finish(ctx, staff, l.Items[0].ID, l.Items[0].Version+1, casework.Result{Outcome: casework.Fulfilled, Words: "换了新长椅"})
			}
			if err != nil {
				t.Fatal(err)
			}
			p.Visit("/p/case?c=" + url.QueryEscape(code))
			p.WaitText("换了新长椅")
			p.Check("result")
			p.ClickIn("#rate", zh(i18n.CaseSolvedNo))
			p.WaitText(zh(i18n.ErrRequired))
			p.Check("rate-wrong")
			p.WithoutScripts()
			p.ClickIn("#rate", zh(i18n.CaseSolvedYes))
			p.WaitText(zh(i18n.CasePublicRated))
			p.Shot("rated")
			p.ClickOn("button[name=lang]")
			p.WaitText(i18n.CasePublicHistory.In(i18n.EN))
			p.Shot("english")
			p.Visit("/p")
			p.ClickOn("main button[name=elder]")
			p.WaitText(i18n.CasePublicNormal.In(i18n.EN))
			p.Shot("elder")
			p.Visit("/p/report?kind=service")
			p.Shot("elder-form")
		})
	}
}
