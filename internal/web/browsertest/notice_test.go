//go:build browser

package browsertest

import (
	"context"
	"strings"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/i18n"
	"linli/internal/notice"
	"linli/internal/outbox"
)

// A resident reports something and agrees to be told by SMS; the message goes, is seen in the log, and leads to the case and to the page on which they say no. Staff
// change its text, and choose to be reminded.
func TestPeopleAreTold(t *testing.T) {
	together(t)
	n := install(t, beijing(time.November, 20, 10, 0))
	ctx := context.Background()
	// settled waits until the installation has sent, or failed to send, so many messages, and gives the last that was sent.
	settled := func(s outbox.State, many int) (last notice.Outgoing) {
		t.Helper()
		for range 100 {
			rows, err := n.Notice.List(ctx, n.actorOf(t, "quwei"), notice.Filter{State: s})
			if err != nil {
				t.Fatal(err)
			}
			if len(rows.Items) == many {
				if sent := n.fake.Taken(); len(sent) > 0 {
					last = sent[0]
				}
				return last
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Fatalf("not %d messages are %s", many, s)
		return last
	}
	resident := openAt(t, n.url, Phone)
	t.Cleanup(resident.reportFaults)
	resident.Visit("/outbox")
	resident.WaitText(zh(i18n.NoticeFakeEmpty))
	resident.Visit("/p/report?kind=opinion")
	resident.must("a place", script(`(() => { const s = document.querySelector('[name=community]'); s.value = s.querySelector('optgroup option').value; return '' })()`, new(string)))
	resident.Fill(zh(i18n.CasePublicBody), "长椅坏了")
	resident.ClickOn("input[name=tell]")
	resident.Expect(422)
	resident.Click(zh(i18n.CasePublicSend))
	resident.WaitText(zh(i18n.NoticeAgreeNoTel))
	resident.Check("agree-wrong")
	resident.Fill(zh(i18n.CasePublicPhone), "13800138000")
	resident.Click(zh(i18n.CasePublicSend))
	resident.WaitText(zh(i18n.CasePublicCodeKeep))
	first := settled(outbox.Sent, 1)
	if first.To != "13800138000" || first.Kind != notice.KindReceived || strings.Contains(first.Body, "长椅") {
		t.Fatalf("sent %+v", first)
	}
	resident.Visit("/outbox")
	resident.WaitText("13800138000")
	resident.Check("outbox")

	// The links of the message.
	after := func(body, mark string) string {
		_, rest, ok := strings.Cut(body, n.url+mark)
		if !ok {
			t.Fatalf("no %s in %q", mark, body)
		}
		link, _, _ := strings.Cut(rest, " ")
		return mark + link
	}
	resident.Visit(after(first.Body, "/p/case?c="))
	resident.WaitText(zh(i18n.NoticeCaseOn))
	resident.Check("follow")
	resident.Click(zh(i18n.NoticeCaseStop))
	resident.WaitText(zh(i18n.NoticeCaseOff))
	resident.Click(zh(i18n.NoticeCaseStart))
	resident.WaitText(zh(i18n.NoticeCaseOn))
	stop := after(first.Body, "/n/")
	resident.Visit(stop)
	resident.Check("stop")
	resident.WithoutScripts()
	resident.Click(zh(i18n.NoticeStopNo))
	resident.WaitText(zh(i18n.NoticeStopDone))
	resident.Visit(after(first.Body, "/p/case?c="))
	resident.WaitText(zh(i18n.NoticeCaseNo))
	resident.Visit(stop)
	resident.Click(zh(i18n.NoticeStopYes))
	resident.WaitText(zh(i18n.NoticeStopAgain))
	resident.Expect(404)
	resident.Visit("/n/440105AAAAAAAAAA")
	resident.WaitText(zh(i18n.NoticeStopWrong))

	keeper := openAt(t, n.url, Desktop)
	t.Cleanup(keeper.reportFaults)
	keeper.LoginWith("quwei", newcomerPassword)
	keeper.Visit("/notices/templates/" + notice.KindEnded + "/sms/zh")
	keeper.Check("text")
	keeper.Fill(zh(i18n.NoticeText), "编号{编号}办好了，{姓名}请看{链接} {退订链接}")
	keeper.Expect(422)
	keeper.Click(zh(i18n.NoticePreview))
	keeper.WaitText("没有“姓名”这个占位符")
	keeper.Check("text-wrong")
	keeper.Fill(zh(i18n.NoticeText), "编号{编号}：{结果}。{链接} {退订链接}")
	keeper.Click(zh(i18n.NoticePreview))
	keeper.WaitText("编号20260915-482913：")
	keeper.Check("text-preview")
	keeper.Click(zh(i18n.NoticeTextSave))
	keeper.WaitText(zh(i18n.NoticeTextSaved))
	keeper.Visit("/notices/templates")
	keeper.WaitText(zh(i18n.NoticeTextOwn, 1))
	keeper.Check("texts")

	staff := n.actorOf(t, "shuji")
	l, err := n.Casework.List(ctx, staff, casework.Filter{Show: casework.ShowOpen})
	if err != nil || len(l.Items) != 1 {
		t.Fatalf("staff see %d open cases, %v", len(l.Items), err)
	}
	n.fake.Break(&notice.Final{Reason: "HTTP 400 no balance"})
	if err = n.Casework.Take(ctx, staff, l.Items[0].ID, l.Items[0].Version); err == nil {
		err = n.Casework.Finish(ctx, staff, l.Items[0].ID, l.Items[0].Version+1, casework.Result{Outcome: casework.Fulfilled, Words: "换了新长椅"})
	}
	if err != nil {
		t.Fatal(err)
	}
	settled(outbox.Failed, 1)
	keeper.Visit("/")
	keeper.WaitText(zh(i18n.WaitNotice))
	keeper.Visit("/notices?state=failed")
	keeper.WaitText("no balance")
	keeper.Check("log-failed")
	n.fake.Break(nil)
	keeper.Click(zh(i18n.NoticeAgain))
	keeper.WaitText(zh(i18n.NoticeAgainDone))
	if ended := settled(outbox.Sent, 2); !strings.Contains(ended.Body, "："+i18n.CaseFulfilled.In(i18n.ZH)+"。") {
		t.Errorf("sent %q", ended.Body)
	}
	keeper.Visit("/notices?q=13800138000")
	keeper.WaitText("138****8000")
	keeper.Check("log")
	keeper.Resize(Phone)
	keeper.Check("log-phone")
	keeper.Visit("/notices/templates")
	keeper.Fits("texts-phone")
	keeper.Shot("texts-phone")
	keeper.Resize(Desktop)

	keeper.Visit("/notices/settings")
	keeper.Check("settings")
	keeper.must("the channel", script(`(() => { document.querySelector('input[name=channel][value=mail]').click(); return '' })()`, new(string)))
	keeper.Fill(zh(i18n.NoticeTestTo), "nobody")
	keeper.Expect(422)
	keeper.Click(zh(i18n.NoticeTestAct))
	keeper.WaitText(zh(i18n.NoticeBadMail))
	keeper.Fill(zh(i18n.NoticeTestTo), "quwei@example.cn")
	keeper.Click(zh(i18n.NoticeTestAct))
	keeper.WaitText(zh(i18n.NoticeTestDone))
	if got := settled(outbox.Sent, 3); got.Kind != notice.KindTest || got.To != "quwei@example.cn" {
		t.Errorf("the test is %+v", got)
	}

	keeper.Visit("/account/reminder")
	keeper.Check("reminder")
	keeper.must("WeCom", script(`(() => { document.querySelector('input[name=channel][value=wecom]').click(); return '' })()`, new(string)))
	keeper.Fill(zh(i18n.NoticeMineTo), "QuWei")
	keeper.Click(zh(i18n.PartialSave))
	keeper.WaitText(zh(i18n.NoticeMineSaved))
	keeper.WaitText("Qu***")
	// The next morning the job tells them how many things wait.
	n.clock.To(beijing(time.November, 23, 8, 30))
	if digest := settled(outbox.Sent, 4); digest.Kind != notice.KindDigest || digest.To != "QuWei" || !strings.Contains(digest.Body, "件事等您办") {
		t.Errorf("the reminder is %+v", digest)
	}
	resident.Visit(stop)
	resident.ClickOn("button[name=lang]")
	resident.WaitText(i18n.NoticeStopNo.In(i18n.EN))
	resident.Shot("stop-english")
}
