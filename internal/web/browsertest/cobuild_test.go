//go:build browser

package browsertest

import (
	"context"
	"net/http"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/testkit"
)

// A community drafts an agreement, the liaison of the unit changes and signs it, the community signs; the unit fulfils a task by an activity that was entered elsewhere, the
// community says what is missing and then confirms it; both see the same progress, and everybody reads that there is such an agreement.
func TestAnAgreementIsSignedAndKept(t *testing.T) {
	together(t)
	n, ctx := install(t, beijing(time.August, 20, 9, 0)), context.Background()
	rows := testkit.NewRows(t, n.DB, n.tenant)
	unit := rows.Organisation("unit", "临江区第一医院")
	if _, err := n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{{Login: "lianluo", Name: "孙联络", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleLiaison, OrgID: unit}}}}); err != nil {
		t.Fatal(err)
	}
	open := func(login string, view Viewport) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		if login != "" {
			p.LoginWith(login, newcomerPassword)
		}
		return p
	}
	desk, liaison, public := open("shuji", Desktop), open("lianluo", Phone), open("", Phone)

	desk.Visit("/cobuilds")
	desk.WaitText(zh(i18n.CobuildEmpty))
	desk.Check("agreements-empty")
	desk.ClickIn(".acts", zh(i18n.CobuildNew))
	desk.must("the unit", script(`(() => { document.querySelector('input[name=unit]').value = '`+unit.String()+`'; document.querySelector('input[name=unit_text]').value = '临江区第一医院'; return '' })()`, new(string)))
	desk.Fill(zh(i18n.CobuildGoal), "让老人在家门口看上病")
	desk.Fill(zh(i18n.CobuildTo), "2026-08-19")
	desk.Expect(http.StatusUnprocessableEntity)
	desk.ClickIn("main form", zh(i18n.CobuildNew))
	desk.WaitText(zh(i18n.CobuildEndFirst))
	desk.Check("agreement-new")
	desk.Fill(zh(i18n.CobuildTo), "2027-08-19")
	desk.ClickIn("main form", zh(i18n.CobuildNew))
	desk.WaitText(zh(i18n.CobuildDrafted))
	agreement := desk.Path()
	desk.Fill(zh(i18n.CobuildItem), "每季度义诊")
	desk.must("who", script(`(() => { const s = document.querySelector('select[name=who]'); s.value = '`+unit.String()+`'; return s.value })()`, new(string)))
	desk.Choose(zh(i18n.CobuildOften), zh(i18n.CobuildQuarter))
	desk.Fill(zh(i18n.CobuildFirstDue), "2026-08-25")
	desk.Fill(zh(i18n.CobuildAmount), "30")
	desk.Choose(zh(i18n.CobuildMeasure), zh(i18n.CobuildPersons))
	desk.ClickIn("#items form", zh(i18n.CobuildAddItem))
	desk.WaitText(zh(i18n.CobuildItemSaved))
	desk.Click(zh(i18n.CobuildSetContact))
	desk.Fill(zh(i18n.CobuildContactOf), "王书记")
	desk.Fill(zh(i18n.CobuildPhone), "13800138000")
	desk.ClickIn("details[open] form", zh(i18n.PartialSave))
	desk.WaitText(zh(i18n.CobuildContactDone))
	desk.Check("agreement-draft")
	desk.Click(zh(i18n.CobuildSend))
	desk.ClickIn("dialog[open]", zh(i18n.CobuildSend))
	desk.WaitText(zh(i18n.CobuildSendDone))

	liaison.Visit("/")
	liaison.WaitText(zh(i18n.CobuildWaitAnswer, 1))
	liaison.Visit("/unit-agreements")
	liaison.Check("unit-agreements")
	liaison.Visit(agreement)
	liaison.Check("agreement-phone")
	liaison.ClickRow("每季度义诊", zh(i18n.CobuildEditShort))
	liaison.Fill(zh(i18n.CobuildItem), "每季度义诊和用药咨询")
	liaison.Check("agreement-item")
	liaison.ClickIn("main form", zh(i18n.PartialSave))
	liaison.WaitText(zh(i18n.CobuildItemSaved))
	liaison.Click("代表“临江区第一医院”签署")
	liaison.ClickIn("dialog[open]", "代表“临江区第一医院”签署")
	liaison.WaitText(zh(i18n.CobuildSignDone))

	desk.Visit("/")
	desk.WaitText(zh(i18n.CobuildWaitAnswer, 1))
	desk.Visit(agreement)
	desk.WaitText("现：每季度义诊和用药咨询")
	desk.Check("agreement-talks")
	desk.ClickIn(".acts", "签署")
	desk.ClickIn("dialog[open]", "签署")
	desk.WaitText(zh(i18n.CobuildForceDone))
	desk.Check("agreement-signed")

	// An activity with people of the unit is entered where it happens, and fulfils the task by one press.
	activity, at := id.New(), db.Micros(calendar.On(2026, 8, 20).Time().Add(time.Hour))
	testkit.Exec(t, n.DB, `INSERT INTO activity (tenant_id, id, community_id, kind_code, title, place, starts_at, ends_at, state, gives_hours, organiser_id, created_at) VALUES ($1,$2,$3,'volunteer','广场义诊','广场',$4,$5,'held',FALSE,1,1)`,
		n.tenant, activity, n.community, at, at+3600_000_000)
	testkit.Exec(t, n.DB, `INSERT INTO attendance (tenant_id, id, activity_id, community_id, unit_id, guest_name, in_at, proof, state, by_account, at) VALUES ($1,$2,$3,$4,$5,'李医生',$6,'vouched','done',1,1)`, n.tenant, id.New(), activity, n.community, unit, at)
	liaison.Visit("/unit-agreements")
	liaison.Check("unit-agreements-todo")
	liaison.Click("每季度义诊和用药咨询")
	liaison.WaitText("广场义诊")
	liaison.Check("agreement-task")
	liaison.Click(zh(i18n.CobuildUse))
	liaison.WaitText(zh(i18n.CobuildSaidDone))
	task := liaison.Path()

	desk.Visit(task)
	desk.Check("agreement-task-said")
	desk.Click(zh(i18n.CobuildMissingAct))
	desk.Fill(zh(i18n.CobuildMissing), "还差签到名单")
	desk.ClickIn("details[open] form", zh(i18n.CobuildMissingAct))
	desk.WaitText(zh(i18n.CobuildMissingDone))
	liaison.Visit(task)
	liaison.WaitText("还差签到名单")
	liaison.Click(zh(i18n.CobuildUse))
	liaison.WaitText(zh(i18n.CobuildSaidDone))
	desk.Visit("/")
	desk.WaitText(zh(i18n.CobuildWaitConfirm, 1))
	desk.Visit(task)
	desk.Click(zh(i18n.CobuildConfirm))
	desk.WaitText(zh(i18n.CobuildConfirmDone))
	progress := zh(i18n.CobuildDoneOf, 1, 0, 4)
	desk.Visit(agreement)
	desk.WaitText(progress)
	desk.Check("agreement-progress")
	desk.Click(zh(i18n.CobuildEnd))
	desk.Check("agreement-end")
	liaison.Visit(agreement)
	liaison.WaitText(progress)
	liaison.Check("agreement-progress-phone")
	liaison.Choose(zh(i18n.CaseWhy), "联系居民")
	liaison.Click(zh(i18n.CobuildRevealAct))
	liaison.WaitText("13800138000")
	desk.Visit("/cobuilds")
	desk.Check("agreements")
	desk.Resize(Phone)
	desk.Check("agreements-phone")
	desk.Visit("/programmes")
	desk.Check("programmes")
	if got := desk.Fetch(agreement + "/paper"); got.Status != http.StatusOK || len(got.Body) < 10_000 {
		t.Errorf("the paper is %d, %d bytes", got.Status, len(got.Body))
	}
	public.Visit("/p/agreements")
	public.WaitText("临江区第一医院")
	public.Check("agreements-public")
	if public.HasText("王书记") || public.HasText("孙联络") {
		t.Error("the public list names persons")
	}
}
