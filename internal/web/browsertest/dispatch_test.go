//go:build browser

package browsertest

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/technician"
)

// A resident asks for a technician on the phone page; the district has entered one; the operator asks them on the board; they take it, arrive, finish with what was
// charged and a photograph, and type the resident's code; the resident sees the receipt and rates. Another technician comes too late.
func TestACaseIsDoneByATechnician(t *testing.T) {
	together(t)
	n := install(t, beijing(time.November, 20, 9, 0))
	ctx := context.Background()
	for _, login := range []string{"shifu", "laoli"} {
		if _, err := n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{{Login: login, Name: login, Keep: true, Grants: []authn.NewGrant{{Role: app.RoleTechnician, OrgID: n.community}}}}); err != nil {
			t.Fatal(err)
		}
	}
	open := func(view Viewport, login string) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		if login != "" {
			p.LoginWith(login, newcomerPassword)
		}
		return p
	}

	keeper := open(Desktop, "quwei")
	keeper.Visit("/technicians")
	keeper.WaitText(zh(i18n.TechnicianEmpty))
	keeper.Check("technicians-empty")
	keeper.Visit("/technicians/new")
	keeper.Fill(zh(i18n.TechnicianName), "张师傅")
	keeper.Fill(zh(i18n.TechnicianLogin), "shifu")
	keeper.Fill(zh(i18n.TechnicianPhone), "13900139000")
	keeper.must("the organisation", script(`(() => { const s = document.querySelector('select[name=org]'); s.value = '`+n.community.String()+`'; return s.value })()`, new(string)))
	keeper.Expect(422)
	keeper.ClickIn("main form .form-acts", zh(i18n.PartialSave))
	keeper.WaitText(zh(i18n.TechnicianNoSkill))
	keeper.must("skills and area", script(`(() => { document.querySelector('input[name=skills][value="service:01"]').click(); document.querySelector('input[name=areas][value="`+n.community.String()+`"]').click(); return '' })()`, new(string)))
	for _, day := range []i18n.Text{i18n.Monday, i18n.Tuesday, i18n.Wednesday, i18n.Thursday, i18n.Friday} {
		keeper.Fill(zh(day), "08:00-12:00 14:00-18:00")
	}
	keeper.Check("technician-form")
	keeper.ClickIn("main form .form-acts", zh(i18n.PartialSave))
	keeper.WaitText(zh(i18n.TechnicianCreated, "张师傅"))
	keeper.Fill(zh(i18n.TechnicianCertName), "低压电工作业证")
	keeper.Fill(zh(i18n.TechnicianUntil), "2026-12-01")
	keeper.ClickIn(`form[action$="/certificate"]`, zh(i18n.TechnicianCertAdd))
	keeper.WaitText("低压电工作业证")
	keeper.Check("technician")
	keeper.Visit("/")
	keeper.WaitText(zh(i18n.TechnicianWaitCert))
	list, err := n.Technician.List(ctx, n.actorOf(t, "quwei"), technician.Filter{})
	if err != nil || len(list.Items) != 1 {
		t.Fatalf("%d technicians, %v", len(list.Items), err)
	}
	first := list.Items[0]
	second := technician.Entry{Name: "老李", Login: "laoli", OrgID: n.community, Skills: []technician.Skill{{Class: "service:01"}}, Areas: []id.ID{n.community}}
	if _, err := n.Technician.Create(ctx, n.actorOf(t, "quwei"), second); err != nil {
		t.Fatal(err)
	}

	resident := open(Phone, "")
	resident.Visit("/p/report?kind=service")
	resident.must("place and service", script(`(() => { for (const [name, text] of [['community', ''], ['item', '水管']]) { const s = document.querySelector('[name=' + name + ']');
		s.value = [...s.querySelectorAll('optgroup option')].find(o => o.textContent.includes(text)).value } return '' })()`, new(string)))
	resident.must("the community", script(`(() => { const s = document.querySelector('[name=community]'); s.value = '`+n.community.String()+`'; return s.value })()`, new(string)))
	resident.Fill(zh(i18n.CasePublicBody), "厨房水龙头滴水")
	resident.Fill(zh(i18n.CasePublicPhone), "13800138000")
	resident.Click(zh(i18n.CasePublicSend))
	resident.WaitText(zh(i18n.CaseSignOff))
	resident.Check("receipt-of-report")
	code, sign := resident.Text("#code"), resident.Text("#sign-off")
	if len(sign) != 4 {
		t.Fatalf("the sign-off code is %q", sign)
	}

	operator := open(Desktop, "shuji")
	operator.Visit("/dispatch")
	operator.Check("board")
	operator.Click("厨房水龙头滴水")
	operator.WaitText(zh(i18n.DispatchOnDuty))
	operator.Check("board-chosen")
	if who := operator.Texts("section ul.todos .strong"); len(who) != 2 || !strings.HasPrefix(who[0], "张师傅") {
		t.Errorf("proposed %q, want who is on duty first", who)
	}
	operator.Resize(Phone)
	operator.Check("board-phone")
	operator.Resize(Desktop)
	operator.must("a press on the key", script(`(() => { document.querySelector('button[aria-label="`+zh(i18n.DispatchOfferTo, "张师傅")+`"]').focus(); return '' })()`, new(string)))
	operator.Press("\r")
	operator.WaitText(zh(i18n.DispatchOffered))
	operator.Click(zh(i18n.DispatchOffer)) // the other too
	operator.WaitText(zh(i18n.DispatchAskedMany, 2))

	late := open(Phone, "laoli")
	late.WaitPath("/m/jobs")
	late.WaitText("厨房水龙头滴水")

	worker := open(Phone, "shifu")
	worker.WaitPath("/m/jobs")
	worker.WaitText(zh(i18n.MyJobsOffered))
	worker.Check("my-jobs")
	worker.ClickIn(".todo form", zh(i18n.MyJobTake))
	worker.WaitText(zh(i18n.MyJobTaken))
	worker.Check("my-job-taken")
	at := worker.Path()

	late.ClickIn(".todo form", zh(i18n.MyJobTake))
	late.WaitText(zh(i18n.JobGoneAlready))
	late.WaitText(zh(i18n.MyJobsNone))
	late.Check("my-jobs-none")

	if worker.HasText("13800138000") {
		t.Error("the number is shown before it was asked for")
	}
	worker.ClickIn(`form[action$="/number"]`, zh(i18n.MyJobNumber))
	worker.WaitText(zh(i18n.MyJobCallNow, "13800138000"))
	worker.Shot("my-job-number")
	worker.Visit(at)
	if worker.HasText("13800138000") {
		t.Error("the number stays on the page")
	}
	worker.ClickIn(`form[action$="/arrive"]`, zh(i18n.MyJobArrive))
	worker.WaitText(zh(i18n.MyJobArrived))
	worker.Visit(at)
	worker.Check("my-job-arrived")
	worker.Fill(zh(i18n.MyJobResult), "换了阀芯，试水不漏")
	worker.Fill(zh(i18n.MyJobMaterials), "15.5")
	worker.Expect(422)
	worker.ClickIn(`form[action$="/finish"]`, zh(i18n.MyJobFinish))
	worker.WaitText(zh(i18n.ErrRequired))
	worker.Check("my-job-wrong")
	worker.Fill(zh(i18n.MyJobWhich), "阀芯")
	worker.Upload(zh(i18n.MyJobPhotos), scene(t))
	worker.ClickIn(`form[action$="/finish"]`, zh(i18n.MyJobFinish))
	worker.WaitText(zh(i18n.MyJobFinishDone))
	worker.WaitText(zh(i18n.VisitSum, "35.50"))
	worker.Check("my-job-finished")
	wrong := "0000"
	if sign == wrong {
		wrong = "0001"
	}
	worker.Fill(zh(i18n.CaseSignOff), wrong)
	worker.ClickIn(`form[action$="/sign"]`, zh(i18n.MyJobSign))
	worker.WaitText(zh(i18n.JobWrongCode, 4))
	worker.Check("my-job-code-wrong")
	worker.Click(zh(i18n.VisitCorrect))
	worker.must("the entry", script(`(() => { const s = document.querySelector('select[name=charge]'); s.value = [...s.options].at(-1).value; return s.value })()`, new(string)))
	worker.Fill(zh(i18n.VisitCorrectTo), "12")
	worker.Fill(zh(i18n.VisitCorrectWhy), "阀芯便宜的一种")
	worker.ClickIn(`form[action$="/charge"]`, zh(i18n.VisitCorrect))
	worker.WaitText(zh(i18n.VisitSum, "32"))
	worker.Fill(zh(i18n.CaseSignOff), sign)
	worker.ClickIn(`form[action$="/sign"]`, zh(i18n.MyJobSign))
	worker.WaitText(zh(i18n.MyJobSignDone))
	worker.Check("my-job-signed")

	resident.Visit("/p/case?c=" + url.QueryEscape(code))
	resident.WaitText(zh(i18n.CasePublicComing, "张师傅", first.Org))
	resident.WaitText(zh(i18n.CaseActNumber))
	resident.WaitText("换了阀芯，试水不漏")
	resident.Check("follow-visit")
	got := resident.Post("/p/case/receipt", url.Values{"code": {code}})
	for _, want := range []string{zh(i18n.VisitReceiptTitle), "32", "-15.50", "张师傅"} {
		if !strings.Contains(string(got.Body), want) {
			t.Errorf("the receipt says nothing of %q", want)
		}
	}
	resident.ClickIn("#rate", zh(i18n.CaseSolvedYes))
	resident.WaitText(zh(i18n.CasePublicRated))
	resident.Shot("rated")

	operator.Visit("/dispatch/day")
	operator.WaitText("张师傅")
	operator.Check("day")
	operator.Visit("/dispatch/classes")
	operator.WaitText("32")
	operator.Check("classes")
	jobs, err := n.Technician.Going(ctx, n.actorOf(t, "shuji"), technicianDay(n), 10)
	if err != nil || len(jobs) == 0 {
		t.Fatalf("%d jobs, %v", len(jobs), err)
	}
	operator.Visit("/dispatch/jobs/" + jobs[0].ID.String())
	operator.Check("job")
	operator.Visit("/dispatch/jobs/" + jobs[0].ID.String() + "/receipt")
	operator.WaitText(zh(i18n.VisitReceiptPaid, "32"))
	operator.Check("receipt")

	// The operator enters one on behalf, and is on the board with it by one press.
	operator.Visit("/cases/new?kind=service")
	operator.must("by phone", script(`(() => { document.querySelector("input[name=channel][value=phone]").click(); return "" })()`, new(string)))
	operator.Fill(zh(i18n.CaseWhat), "客厅灯不亮")
	operator.ClickIn("main form", zh(i18n.CaseNew))
	operator.WaitText("已登记，编号")
	operator.ClickIn(".flash", zh(i18n.DispatchToBoard))
	operator.WaitText(zh(i18n.DispatchWho))
	operator.WaitText("客厅灯不亮")
	operator.Visit("/technicians?show=duty")
	operator.WaitText("张师傅")
	operator.Check("technicians")
	for _, page := range []string{"/technicians", "/technicians/" + first.ID.String(), "/dispatch/day", "/dispatch/classes"} {
		operator.Resize(Phone)
		operator.Visit(page)
		operator.Check("narrow-" + strings.ReplaceAll(strings.Trim(page, "/"), "/", "-")[:8])
	}
}

func technicianDay(n *installation) calendar.Date { return calendar.DateOf(n.clock.Now()) }
