//go:build browser

package browsertest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"linli/internal/i18n"
)

// The first page of every role says what waits, or that nothing does; a member comes to theirs on the phone.
func TestTheFirstPageOfEveryRole(t *testing.T) {
	inTurn(t)
	for role, waits := range map[string]string{
		"platform_admin": "/accounts?about=never", "district": "/complaints", "subdistrict": "", "auditor": "/audit/checks", "member": "/m/activities",
	} {
		t.Run(role, func(t *testing.T) {
			view := Desktop
			if role == "member" {
				view = Phone
			}
			p := Open(t, view)
			p.Login(role)
			if role == "member" {
				p.WaitPath("/m")
				if n := p.Count(".tabbar a"); n == 0 || n > 5 {
					t.Errorf("%d entries in the bar below", n)
				}
			}
			if waits != "" && p.Count(`main a[href^="`+waits+`"]`) == 0 {
				t.Errorf("nothing leads to %s; what waits: %q", waits, p.Texts(".todo"))
			}
			p.Check("first-" + role)
			p.Shot("first-" + role)
		})
	}
}

// refused sends a form that is wrong and wants the message on the page that comes back.
func refused(p *Page, form, act, message string) {
	p.t.Helper()
	p.Expect(http.StatusUnprocessableEntity)
	p.ClickIn(form, act)
	p.WaitText(message)
}

// A member fills and sends the forms on the phone; what is wrong is said beside the field, and nothing typed is lost.
func TestAMemberFillsTheFormsOnThePhone(t *testing.T) {
	inTurn(t)
	p := Open(t, Phone)
	p.Login("member")
	required := zh(i18n.ErrRequired)
	soon := time.Now().AddDate(0, 0, 20).Format("2006-01-02")

	const promises = `form[action="/m/promises"]`
	p.Visit("/m/member")
	p.Click(zh(i18n.PromiseAdd))
	p.Fill(zh(i18n.PromiseBody), "  ")
	p.Fill(zh(i18n.PromiseDue), soon)
	refused(p, promises, zh(i18n.PromiseAdd), required)
	if got := p.Value(zh(i18n.PromiseDue)); got != soon {
		t.Errorf("the day that was typed is %q now", got)
	}
	p.Check("promise-wrong")
	p.Fill(zh(i18n.PromiseBody), "每月打扫一次楼道")
	p.ClickIn(promises, zh(i18n.PromiseAdd))
	p.WaitText(zh(i18n.PromiseMade))
	p.WaitText("每月打扫一次楼道")

	p.Fill(zh(i18n.PlaqueMotto), "随叫随到")
	p.ClickIn(`form[action="/m/plaque"]`, zh(i18n.PlaqueSave))
	p.WaitText(zh(i18n.PlaqueSaved))

	p.Visit("/m/slips")
	const wish = `form[action$="/correction"]`
	p.ClickOn("main section details summary")
	p.Fill(zh(i18n.FeedbackCorrectionBody), "  ")
	refused(p, wish, zh(i18n.FeedbackCorrectionAsk), required)
	p.Fill(zh(i18n.FeedbackCorrectionBody), "上月的一次活动没有记上")
	p.ClickIn(wish, zh(i18n.FeedbackCorrectionAsk))
	p.WaitText("上月的一次活动没有记上")

	p.Visit("/m/deeds/new")
	p.Fill(zh(i18n.DeedName), "  ")
	p.Fill(zh(i18n.DeedBody), "楼上老人家的灯")
	refused(p, `form[action="/m/deeds"]`, p.Text(`form[action="/m/deeds"] button[type=submit]`), required)
	if got := p.Value(zh(i18n.DeedBody)); got != "楼上老人家的灯" {
		t.Errorf("what was typed is %q now", got)
	}
	p.Check("deed-wrong")
}

// The desk's forms about a member: contact, promise, reason, move; each with something wrong first.
func TestAWorkerFillsTheFormsAboutAMember(t *testing.T) {
	inTurn(t)
	p := Open(t, Desktop)
	p.Login("worker")
	p.Visit("/members")
	p.ClickOn("[data-row] a[data-row-link]")
	member := p.Path()
	required := zh(i18n.ErrRequired)
	for _, c := range []struct{ tab, form, field, act, done, keep, kept string }{
		{"/contacts", "/contacts", zh(i18n.ContactNote), zh(i18n.ContactAdd), zh(i18n.ContactDone), zh(i18n.ContactFollowUp), time.Now().AddDate(0, 0, 9).Format("2006-01-02")},
		{"/contacts", "/moves", zh(i18n.FloatingPlace), zh(i18n.FloatingAdd), zh(i18n.FloatingDone), zh(i18n.FloatingFrom), time.Now().AddDate(0, 0, -9).Format("2006-01-02")},
		{"/promises", "/promises", zh(i18n.PromiseBody), zh(i18n.PromiseAdd), zh(i18n.PromiseMade), zh(i18n.PromiseDue), time.Now().AddDate(0, 0, 9).Format("2006-01-02")},
	} {
		form := `form[action="` + member + c.form + `"]`
		p.Visit(member + c.tab)
		p.Fill(c.field, "  ")
		p.Fill(c.keep, c.kept)
		refused(p, form, c.act, required)
		if got := p.Value(c.keep); got != c.kept {
			t.Errorf("%s: what was typed is %q now, want %q", c.form, got, c.kept)
		}
		p.Check("member" + strings.ReplaceAll(c.form, "/", "-") + "-wrong")
		p.Fill(c.field, "填写的内容")
		p.ClickIn(form, c.act)
		p.WaitText(c.done)
	}
}

// The person helped confirms on the public page: without an account; pressing works without scripts.
func TestThePersonHelpedConfirms(t *testing.T) {
	inTurn(t)
	staff := Open(t, Desktop)
	staff.Login("worker")
	staff.Visit("/attendances?proof=vouched")
	staff.Visit(staff.Attribute("[data-row] a[data-row-link]", "href"))
	staff.Fill(zh(i18n.ActivityHelped), "周示例")
	staff.Click(zh(i18n.ActivityCodeMake))
	staff.WaitText(zh(i18n.CountersignScan))
	code := staff.Text("figure.qr .qr-code")
	staff.Check("code-handed")
	staff.Shot("code-handed")

	p := Open(t, Phone)
	p.Visit("/p/confirm")
	p.Check("confirm-enter")
	p.Fill(zh(i18n.CountersignPublicCode), "123 456 789 012")
	refused(p, "form.form", zh(i18n.CountersignPublicLook), zh(i18n.CountersignPublicWrong))
	p.Fill(zh(i18n.CountersignPublicCode), code)
	p.Click(zh(i18n.CountersignPublicLook))
	p.WaitText(zh(i18n.CountersignPublicAsk, "周示例"))
	p.Check("confirm-ask")
	p.Shot("confirm-ask")
	p.WithoutScripts()
	p.Click(zh(i18n.CountersignYes))
	p.WaitText(zh(i18n.CountersignYesDone))
	p.Shot("confirm-done")

	p.Visit("/p/confirm")
	p.Fill(zh(i18n.CountersignPublicCode), code)
	refused(p, "form.form", zh(i18n.CountersignPublicLook), zh(i18n.CountersignPublicWrong))
	staff.Visit(staff.Path()[:strings.LastIndex(staff.Path(), "/")])
	if !staff.HasText(zh(i18n.LedgerCountersigned)) {
		t.Error("the hours are not counter-signed")
	}
}
