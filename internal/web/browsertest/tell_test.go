//go:build browser

package browsertest

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/i18n"
	"linli/internal/notice"
)

var numberOf = regexp.MustCompile(`\d{8}-\d{6}`)

// A caller who leaves an e-mail address hears of each turn of their case: why it waits, what they are asked for. Another leaves an address where they follow a case, and switches it off and on.
func TestWhoReportsIsToldOfEveryTurn(t *testing.T) {
	t.Parallel()
	n := install(t, beijing(time.September, 1, 10, 0))
	// got waits for a message of a kind to somebody.
	got := func(to, kind string) (out notice.Outgoing) {
		t.Helper()
		for range 150 {
			for _, m := range n.fake.Taken() {
				if m.To == to && m.Kind == kind {
					return m
				}
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Fatalf("%s was not told %s, but %+v", to, kind, n.fake.Taken())
		return out
	}
	p := openAt(t, n.url, Desktop)
	t.Cleanup(p.reportFaults)
	p.LoginWith("shuji", newcomerPassword)
	p.Visit("/calls/new")
	p.Fill(zh(i18n.CallWhat), "北门口的路灯坏了三天，晚上看不见路")
	p.Fill(zh(i18n.NoticeEmailTo), "wang@example.cn")
	p.Expect(422)
	p.Click(zh(i18n.CallSave))
	p.WaitText(zh(i18n.NoticeEmailNoTick))
	p.Tick(zh(i18n.NoticeEmailStaff), true)
	p.Check("tell-call")
	p.Resize(Phone)
	p.Check("tell-call")
	p.Resize(Desktop)
	p.Click(zh(i18n.CallSave))
	p.WaitText(zh(i18n.CallSaved))
	no := p.Text("#call-no")
	link := got("wang@example.cn", notice.KindReceived).Values["link"]

	byNo := func(no string) string {
		t.Helper()
		c, err := n.Casework.ByNo(context.Background(), n.actorOf(t, "shuji"), no)
		if err != nil {
			t.Fatal(err)
		}
		return "/cases/" + c.String()
	}
	p.Visit(byNo(no))
	p.WaitText(no)
	p.Click(zh(i18n.CaseTake))
	p.WaitText(zh(i18n.CaseTakeDone))
	p.Click(zh(i18n.CaseSuspend))
	p.Choose(zh(i18n.CaseHoldLabel), string(casework.HoldPapers))
	p.Expect(422)
	p.ClickIn("main details[open] form", zh(i18n.CaseSuspend))
	p.WaitText(zh(i18n.ErrRequired))
	p.Check("tell-suspend")
	p.Fill(zh(i18n.CaseHoldWords), "请拍一张灯杆上的编号")
	p.ClickIn("main details[open] form", zh(i18n.CaseSuspend))
	p.WaitText(zh(i18n.CaseSaved))
	asked := got("wang@example.cn", notice.KindAsked)
	if !strings.Contains(asked.Body, no) || !strings.Contains(asked.Body, "2026-10-01") || strings.Contains(asked.Body, "灯杆") || asked.Values["link"] != link {
		t.Errorf("asked: %s", asked.Body)
	}
	resident := openAt(t, n.url, Phone)
	t.Cleanup(resident.reportFaults)
	resident.Visit(strings.TrimPrefix(link, n.url))
	resident.WaitText("请拍一张灯杆上的编号")
	resident.WaitText(zh(i18n.NoticeCaseOn))
	resident.Check("tell-follow")
	resident.Click(zh(i18n.NoticeCaseStop))
	resident.WaitText(zh(i18n.NoticeCaseStopOK))
	resident.Click(zh(i18n.NoticeCaseStart))
	resident.WaitText(zh(i18n.NoticeCaseGoOn))

	// Somebody who left nothing leaves an address later.
	resident.Visit("/p/report?kind=opinion")
	resident.must("a place", script(`(() => { const s = document.querySelector('[name=community]'); s.value = s.querySelector('optgroup option').value; return '' })()`, new(string)))
	resident.Fill(zh(i18n.CasePublicBody), "长椅坏了")
	resident.Click(zh(i18n.CasePublicSend))
	resident.WaitText(zh(i18n.CasePublicCodeKeep))
	code := resident.Text("#code")
	resident.Visit("/p/case?c=" + code)
	resident.WaitText(zh(i18n.NoticeCaseMailAct))
	second := numberOf.FindString(strings.Join(resident.Texts("main"), " "))
	resident.Check("tell-leave")
	resident.Fill(zh(i18n.NoticeEmailTo), "nobody@")
	resident.Expect(422)
	resident.must("no check of the browser's own", script(`(() => { document.querySelectorAll('form').forEach(f => f.noValidate = true); return '' })()`, new(string)))
	resident.ClickOn("button[name=mail]")
	resident.WaitText(zh(i18n.NoticeBadMail))
	resident.Check("tell-leave-wrong")
	resident.Fill(zh(i18n.NoticeEmailTo), "ll@example.cn") // mistyped
	resident.ClickOn("button[name=mail]")
	resident.WaitText(zh(i18n.NoticeCaseGoOn))
	resident.WaitText(zh(i18n.NoticeCaseMailOther))
	resident.Fill(zh(i18n.NoticeEmailTo), "li@example.cn")
	resident.Click(zh(i18n.NoticeCaseMailChange))
	resident.WaitText(zh(i18n.NoticeCaseGoOn))
	resident.WaitText(zh(i18n.NoticeCaseOn))
	resident.Resize(Desktop)
	resident.Check("tell-left")

	p.Visit(byNo(second))
	p.Click(zh(i18n.CaseTake))
	p.WaitText(zh(i18n.CaseTakeDone))
	p.Click(zh(i18n.CaseSuspend))
	p.Choose(zh(i18n.CaseHoldLabel), string(casework.HoldParts))
	p.ClickIn("main details[open] form", zh(i18n.CaseSuspend))
	p.WaitText(zh(i18n.CaseSaved))
	if m := got("li@example.cn", notice.KindSuspended); !strings.Contains(m.Body, zh(i18n.CaseHoldParts)) || !strings.Contains(m.Body, "2026-10-01") {
		t.Errorf("suspended: %s", m.Body)
	}
}
