//go:build browser

package browsertest

import (
	"context"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/i18n"
)

// The secretary writes the hours of a counsellor; a resident books on the phone without an account, and looks at it with the code; the counsellor writes a note and
// agrees the next time; whoever sees counts sees nobody; the resident calls the next one off.
func TestCounsellingFromTheBookingToTheNote(t *testing.T) {
	together(t)
	n := install(t, beijing(time.November, 20, 9, 0)) // a Friday
	ctx := context.Background()
	if _, err := n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{{Login: "zixun", Name: "沈知言", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleCounsellor, OrgID: n.community}}}}); err != nil {
		t.Fatal(err)
	}
	open := func(view Viewport, login string) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		if login != "" {
			p.LoginWith(login, newcomerPassword)
		}
		return p
	}
	choose := func(p *Page, name, text string) {
		p.must("choosing "+name, script(`(() => { const s = document.querySelector('select[name=`+name+`]'); s.value = [...s.options].find(o => o.value && o.textContent.includes('`+text+`')).value; return s.value })()`, new(string)))
	}

	keeper := open(Desktop, "shuji")
	keeper.Visit("/counselling")
	keeper.WaitText(zh(i18n.CounselNoPosts))
	keeper.Check("hours-empty")
	keeper.Visit("/counselling/hours/new")
	choose(keeper, "account", "沈知言")
	choose(keeper, "org", "先锋")
	keeper.Fill(zh(i18n.CounselPlace), "党群服务中心 204 室")
	keeper.Fill(zh(i18n.Monday), "25:00-26:00")
	refused(keeper, "main form .form-acts", zh(i18n.PartialSave), zh(i18n.TechnicianBadHours))
	keeper.Fill(zh(i18n.Monday), "14:00-17:00")
	keeper.Fill(zh(i18n.Friday), "10:00-13:00")
	keeper.Check("hours-form")
	keeper.ClickIn("main form .form-acts", zh(i18n.PartialSave))
	keeper.WaitText("204")
	keeper.Check("hours")

	resident := open(Phone, "")
	resident.Visit("/p")
	resident.ClickOn(`.tile[href^="/p/counselling"]`)
	resident.WaitText("沈知言")
	resident.Check("free")
	resident.ClickOn(`section .cluster a.btn`) // Friday at 11:40: what is less than two hours away is not offered
	resident.WaitText(zh(i18n.CounselBookHelp))
	resident.Check("book")
	refused(resident, "form.panel", zh(i18n.CounselBookAct), zh(i18n.ErrRequired))
	resident.Fill(zh(i18n.CounselName), "小林")
	resident.Fill(zh(i18n.CounselTel), "138 0013 8000")
	resident.Fill(zh(i18n.CounselWord), "睡不好")
	refused(resident, "form.panel", zh(i18n.CounselBookAct), zh(i18n.CounselAgreeNeeded))
	resident.Tick(zh(i18n.CounselAgree), true)
	resident.Click(zh(i18n.CounselBookAct))
	resident.WaitText(zh(i18n.CounselKeepCode))
	resident.Check("booked")
	code := resident.Text("#code")

	resident.Visit("/p/counselling/mine")
	resident.Fill(zh(i18n.CounselMineCode), "123-ABCDEFGHJKLM")
	refused(resident, "form.panel", zh(i18n.CounselMineAct), zh(i18n.CounselWrong))
	resident.Fill(zh(i18n.CounselMineCode), code)
	resident.Click(zh(i18n.CounselMineAct))
	resident.WaitText("204")
	if resident.HasText("睡不好") {
		t.Error("the code shows what it is about")
	}

	n.clock.To(beijing(time.November, 20, 16, 0))
	who := open(Desktop, "zixun")
	who.WaitText(zh(i18n.CounselWaitWrite, 1))
	who.Visit("/counselling")
	who.WaitText("小林")
	who.Check("desk")
	who.Click("小林")
	who.WaitText("睡不好")
	who.Check("file")
	who.Fill(zh(i18n.CounselNote), "作息的建议，两周后再谈。")
	who.Fill(zh(i18n.CounselNextAt), "2026-11-19T15:00")
	refused(who, `form[action$="/write"]`, zh(i18n.PartialSave), zh(i18n.CounselPast))
	who.Fill(zh(i18n.CounselNextAt), "2026-11-27T15:00")
	who.ClickIn(`form[action$="/write"]`, zh(i18n.PartialSave))
	who.WaitText("作息的建议")
	who.WaitText(zh(i18n.CounselSaved))
	who.Check("file-written")
	file := who.Path()
	who.Resize(Phone)
	who.Check("file-phone")

	keeper.LoginWith("shuji", newcomerPassword) // hours have passed
	keeper.Visit("/counselling/counts")
	keeper.WaitText(zh(i18n.CounselHidden))
	keeper.Check("counts")
	keeper.Expect(403)
	if got := keeper.Fetch(file); got.Status != 403 && got.Status != 404 {
		t.Errorf("the secretary's look at a file answers %d", got.Status)
	}

	resident.Visit("/p/counselling/mine")
	resident.Fill(zh(i18n.CounselMineCode), code)
	resident.Click(zh(i18n.CounselMineAct))
	resident.WaitText("2026-11-27")
	resident.Click(zh(i18n.CounselCancelOne))
	resident.ClickIn("dialog", zh(i18n.CounselCancelOne))
	resident.WaitText(zh(i18n.CounselCancelled))
}
