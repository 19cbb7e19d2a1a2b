//go:build browser

package browsertest

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/calendar"
	"linli/internal/cobuild"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/testkit"
)

// A need becomes a project by one press; the liaison of a partner agrees on their page; an activity is planned from the project and does a step; an expense beyond its line is warned
// of; the project is finished and everybody reads of it.
func TestANeedBecomesAProject(t *testing.T) {
	together(t)
	n, ctx := install(t, beijing(time.August, 20, 9, 0)), context.Background()
	rows := testkit.NewRows(t, n.DB, n.tenant)
	unit := rows.Organisation("unit", "城南小学")
	if _, err := n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{{Login: "lianluo", Name: "孙联络", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleLiaison, OrgID: unit}}}}); err != nil {
		t.Fatal(err)
	}
	today := calendar.On(2026, 8, 20)
	got, err := n.Exchange.Enter(ctx, n.actorOf(t, "shuji"), exchange.Asking{Kind: exchange.Place, Body: "孩子放学没有去处，想要一间教室。", CommunityID: n.community, DueOn: today.AddDays(40)}, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Exchange.Edit(ctx, n.actorOf(t, "shuji"), got.ID, 0, exchange.Public{Title: "给放学的孩子一间教室", Words: "每天下午四点到六点，二十个孩子。", Kind: exchange.Place, Wanted: 2, DueOn: today.AddDays(40)}); err != nil {
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
	set := func(p *Page, field, value, text string) { // what a typeahead finds
		p.must(field, script(`(() => { const f = document.querySelector('form:has(input[name=`+field+`]) input[name=`+field+`]'); f.value = '`+value+`'; document.querySelector('input[name=`+field+`_text]').value = '`+text+`'; return '' })()`, new(string)))
	}

	// One press; nothing is typed twice.
	desk.Visit("/projects")
	desk.WaitText(zh(i18n.ProjectEmpty))
	desk.Check("projects-empty")
	desk.Visit("/needs/" + got.ID.String())
	desk.ClickIn("main form", zh(i18n.ProjectOfNeed))
	desk.WaitText(zh(i18n.ProjectFromNeedDone))
	project := desk.Path()
	for _, want := range []string{"给放学的孩子一间教室", "每天下午四点到六点，二十个孩子。", "2026-08-20 — 2026-09-29"} {
		if !desk.HasText(want) {
			t.Errorf("%q did not come along", want)
		}
	}
	desk.Fill(zh(i18n.ProjectStepOne), "腾出教室")
	desk.must("who", script(`(() => { const s = document.querySelector('#steps select[name=org]'); s.value = s.options[1].value; return s.value })()`, new(string)))
	desk.Fill(zh(i18n.ProjectDue), "2026-10-08")
	refused(desk, "#steps form", zh(i18n.ProjectAddStep), zh(i18n.ProjectStepAfter, "2026-09-29"))
	desk.Check("project-step-refused")
	desk.Fill(zh(i18n.ProjectDue), "2026-08-25")
	desk.ClickIn("#steps form", zh(i18n.ProjectAddStep))
	desk.WaitText(zh(i18n.ProjectSaved))

	// A partner with a step of its own, and a line of the community's.
	desk.Click(zh(i18n.ProjectInvite))
	set(desk, "partner", unit.String(), "城南小学")
	desk.ClickIn(`form[action$="/invite"]`, zh(i18n.ProjectInvite))
	desk.WaitText("城南小学")
	desk.Click(zh(i18n.ProjectAddStep))
	desk.Fill(zh(i18n.ProjectStepOne), "老师轮流看护")
	desk.must("who", script(`(() => { const s = document.querySelector('#steps select[name=org]'); s.value = '`+unit.String()+`'; return s.value })()`, new(string)))
	desk.Fill(zh(i18n.ProjectDue), "2026-09-10")
	desk.ClickIn("#steps form", zh(i18n.ProjectAddStep))
	desk.WaitText("老师轮流看护")
	desk.Click(zh(i18n.ProjectAddLine))
	desk.Fill(zh(i18n.ProjectLineOne), "桌椅和绘本")
	desk.Fill(zh(i18n.ProjectPlanned), "-5")
	desk.Choose(zh(i18n.ProjectSource), zh(i18n.ProjectSrcParty))
	desk.must("who", script(`(() => { const s = document.querySelector('#lines select[name=org]'); s.value = s.options[1].value; return s.value })()`, new(string)))
	refused(desk, "#lines form", zh(i18n.ProjectAddLine), zh(i18n.ProjectAmountLow))
	desk.Fill(zh(i18n.ProjectPlanned), "1200")
	desk.ClickIn("#lines form", zh(i18n.ProjectAddLine))
	desk.WaitText("桌椅和绘本")
	desk.Check("project-draft")
	desk.ClickIn(".acts", zh(i18n.ProjectPropose))
	desk.ClickIn("dialog[open]", zh(i18n.ProjectPropose))
	desk.WaitText(zh(i18n.ProjectProposeDone))

	// The liaison finds it on the first page and agrees on the phone.
	liaison.Visit("/")
	liaison.WaitText(zh(i18n.ProjectWaitAnswer, 1))
	liaison.Visit("/unit-projects")
	liaison.WaitText(zh(i18n.ProjectToAnswer))
	liaison.Check("unit-projects")
	liaison.Visit(project)
	liaison.WaitText(zh(i18n.ProjectAnswerAs, "城南小学"))
	liaison.Check("project-asked")
	liaison.ClickIn("main section", zh(i18n.ProjectAgree))
	liaison.WaitText(zh(i18n.ProjectAnswerDone))
	liaison.WaitText(zh(i18n.ProjectRunning))
	liaison.Check("project-phone")

	// An activity from the project: the community and the name are there; it is held, and does the step.
	desk.Visit(project)
	desk.Click(zh(i18n.ProjectPlanActivity))
	desk.WaitText(zh(i18n.ProjectForActivity, "给放学的孩子一间教室"))
	if got := desk.Value(zh(i18n.ActivityName)); got != "给放学的孩子一间教室" {
		t.Errorf("the activity is called %q", got)
	}
	desk.Fill(zh(i18n.ActivityName), "一起搬桌椅")
	desk.Check("project-activity")
	desk.ClickIn("main form", zh(i18n.ActivitySaveDraft))
	desk.WaitText(zh(i18n.ActivitySaved))
	activity := strings.TrimPrefix(desk.Path(), "/activities/")
	held, err := id.Parse(activity)
	if err != nil {
		t.Fatal(err)
	}
	testkit.Exec(t, n.DB, `UPDATE activity SET state = 'held', starts_at = $1, ends_at = $1 + 7200000000 WHERE tenant_id = $2 AND id = $3`, today.Time().UnixMicro(), n.tenant, held)
	for range 3 {
		testkit.Exec(t, n.DB, `INSERT INTO attendance (tenant_id, id, activity_id, community_id, guest_name, in_at, minutes, proof, state, by_account, at) VALUES ($1,$2,$3,$4,'来的人',1,120,'vouched','out',1,1)`, n.tenant, id.New(), held, n.community)
	}
	desk.Visit(project)
	desk.WaitText(zh(i18n.ProjectCame, 3, "6"))
	desk.Click("腾出教室")
	desk.WaitText(zh(i18n.ProjectOfThis))
	desk.Check("project-step")
	desk.Click(zh(i18n.ProjectDoBy))
	desk.WaitText(zh(i18n.ProjectDoDone))

	// An expense within the line, and one beyond it.
	desk.Click("桌椅和绘本")
	spend := func(amount, words string) {
		desk.Fill(zh(i18n.ProjectAmount), amount)
		desk.Fill(zh(i18n.ProjectPayee), "新华书店")
		desk.Fill(zh(i18n.ProjectReceipt), "00231")
		desk.Fill(zh(i18n.ProjectFor), words)
	}
	spend("900.50", "绘本四十册")
	desk.ClickIn(`form[action$="/spend"]`, zh(i18n.ProjectSpend))
	desk.WaitText(zh(i18n.ProjectSpendDone))
	desk.Click("桌椅和绘本")
	desk.Click(zh(i18n.ProjectSpend))
	spend("400", "折叠桌两张")
	refused(desk, `form[action$="/spend"]`, zh(i18n.ProjectSpend), zh(i18n.ProjectOver, "299.50", "100.50"))
	desk.Check("project-over")
	desk.Fill(zh(i18n.ProjectOverReason), "多来了四个孩子")
	desk.ClickIn(`form[action$="/spend"]`, zh(i18n.ProjectSpend))
	desk.WaitText(zh(i18n.ProjectSpendDone))
	desk.Click("桌椅和绘本")
	desk.Check("project-line")
	desk.Visit(project)
	desk.WaitText("1,300.50")
	desk.Check("project-running")
	desk.Resize(Phone)
	desk.Check("project-running-phone")
	desk.Resize(Desktop)

	// What the partner agreed to changes with its yes; it does its step in words.
	desk.Click("老师轮流看护")
	desk.Click(zh(i18n.ProjectEditStep))
	desk.Fill(zh(i18n.ProjectDue), "2026-09-15")
	desk.ClickIn(`form[action$="/change"]`, zh(i18n.PartialSave))
	desk.WaitText(zh(i18n.ProjectAskedDone))
	liaison.Visit(project)
	liaison.WaitText(zh(i18n.ProjectChanges))
	liaison.Check("project-change")
	liaison.ClickIn(`form[action$="/settle"]`, zh(i18n.ProjectAgree))
	liaison.WaitText(zh(i18n.ProjectAnswerDone))
	liaison.WaitText("2026-09-15")
	liaison.Click("老师轮流看护")
	liaison.Fill(zh(i18n.ProjectDoneBy), "四位老师排了班")
	liaison.Check("project-step-phone")
	liaison.ClickIn(`form[action$="/do"]`, zh(i18n.ProjectDo))
	liaison.WaitText(zh(i18n.ProjectDoDone))

	// All is done; the public list, without who and without money.
	desk.Visit("/")
	desk.WaitText(zh(i18n.ProjectWaitFinish, 1))
	desk.Visit(project)
	desk.Click(zh(i18n.ProjectFinish))
	desk.Fill(zh(i18n.ProjectResult), "二十四个孩子放学有去处")
	desk.ClickIn(`form[action$="/finish"]`, zh(i18n.ProjectFinish))
	desk.WaitText(zh(i18n.ProjectFinishDone))
	desk.Check("project-finished")
	if got := desk.Fetch(project + "/paper"); got.Status != http.StatusOK || !strings.HasPrefix(string(got.Body), "%PDF") {
		t.Errorf("the sheet answers %d", got.Status)
	}
	if got := desk.Fetch("/projects/export"); got.Status != http.StatusOK {
		t.Errorf("the table answers %d", got.Status)
	}
	desk.Visit("/projects")
	desk.Check("projects")
	theme, err := n.Cobuild.SetUp(ctx, n.system, cobuild.NewProgramme{OrgID: n.community, Name: "四进社区", Kind: cobuild.Set, From: today})
	if err != nil {
		t.Fatal(err)
	}
	testkit.Exec(t, n.DB, `UPDATE project SET programme_id = $1 WHERE tenant_id = $2`, theme, n.tenant)
	desk.Visit("/programmes/" + theme.String())
	desk.WaitText("给放学的孩子一间教室")
	desk.Check("programme")
	public.Visit("/p")
	public.ClickOn(`.tile[href^="/p/projects"]`)
	public.WaitText("二十四个孩子放学有去处")
	public.WaitText("城南小学")
	if public.HasText("新华书店") || public.HasText("1,300.50") || public.HasText("孙联络") {
		t.Error("the public page says who was paid, how much, or who did it")
	}
	public.Check("public")
	public.Resize(Desktop)
	public.Check("public-desktop")
	liaison.Visit("/unit-projects")
	liaison.Check("unit-projects-after")
}
