//go:build browser

package browsertest

import (
	"context"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/code"
	"linli/internal/employment"
	"linli/internal/i18n"
	"linli/internal/person"
	"linli/internal/resident"
	"linli/internal/testkit"
)

// A unit offers a job, the station lets it through, a resident finds it on the phone and registers, says yes to what is proposed, is hired, and is asked after three months; a
// certificate is issued, printed, verified and used.
func TestFromAJobToTheFollowUp(t *testing.T) {
	together(t)
	n := install(t, beijing(time.June, 15, 9, 0))
	ctx, rows := context.Background(), testkit.NewRows(t, n.DB, n.tenant)
	codes := &resident.Shown{}
	n.Resident.WithSender(codes)
	unit := rows.Organisation("unit", "临江纺织厂")
	testkit.Exec(t, n.DB, `UPDATE organisation SET community_id = $1 WHERE tenant_id = $2 AND id = $3`, n.community, n.tenant, unit)
	if _, err := n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{{Login: "lianluo", Name: "孙联络", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleLiaison, OrgID: unit}}}}); err != nil {
		t.Fatal(err)
	}
	phone, number := "16400007711", code.WithCheck("83010219841103002")
	who, err := n.Person.Create(ctx, n.system, person.NewPerson{Fields: person.Fields{Name: "田秀兰", IDNumber: number, Phone: phone}, CommunityID: n.community})
	if err != nil {
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
	main := "main form .form-acts"

	// The unit offers; what nobody may ask is refused beside the field.
	liaison, desk, self := open(Desktop, "lianluo"), open(Desktop, "shuji"), open(Phone, "")
	liaison.Visit("/unit-jobs")
	liaison.WaitText(zh(i18n.EmployJobsNone))
	liaison.Check("unit-empty")
	liaison.Visit("/unit-jobs/new")
	liaison.Fill(zh(i18n.EmployJobTitle), "挡车工")
	liaison.Choose(zh(i18n.EmployKind), zh(i18n.EmployFactory))
	liaison.Fill(zh(i18n.EmployPlaces), "1")
	liaison.Fill(zh(i18n.EmployWageFrom), "3500")
	liaison.Fill(zh(i18n.EmployWageTo), "4500")
	liaison.Choose(zh(i18n.EmployHoursOf), zh(i18n.EmployFull))
	liaison.Fill(zh(i18n.EmployPlace), "东风路 8 号")
	liaison.Fill(zh(i18n.EmployNeeds), "限女，会挡车")
	liaison.Fill(zh(i18n.EmployContact), "孙师傅")
	liaison.Fill(zh(i18n.EmployContactPhone), "13912340000")
	refused(liaison, main, zh(i18n.PartialSave), "就业促进法")
	liaison.Check("job-refused")
	liaison.Fill(zh(i18n.EmployNeeds), "会挡车；工作服押金 100 元")
	liaison.ClickIn(main, zh(i18n.PartialSave))
	liaison.WaitText(zh(i18n.EmployOffered))
	liaison.Check("unit-job")
	job := liaison.Path()

	// The station looks at the words before it is public.
	self.Visit("/p/jobs")
	self.WaitText(zh(i18n.EmployPublicNone))
	desk.Visit("/")
	desk.WaitText(zh(i18n.EmployWaitApprove, 1))
	desk.Visit("/employment/jobs")
	desk.Check("jobs")
	desk.Visit(desk.Attribute("main tbody a[data-row-link]", "href"))
	desk.WaitText("押金")
	atDesk := desk.Path()
	refused(desk, `form[action$="/approve"]`, zh(i18n.EmployApprove), zh(i18n.EmployCheckFirst))
	desk.Check("job-asked")
	desk.Tick(zh(i18n.EmployChecked), true)
	desk.ClickIn(`form[action$="/approve"]`, zh(i18n.EmployApprove))
	desk.WaitText(zh(i18n.EmployOpened))

	// The resident finds it on the phone and registers.
	self.Visit("/p")
	self.ClickOn(`.tile[href^="/p/jobs"]`)
	self.WaitText("挡车工")
	self.Check("public")
	self.ClickOn(`a[href^="/p/jobs/"].btn`)
	self.WaitText(zh(i18n.EmployPublicHow))
	if self.HasText("13912340000") || self.HasText("孙师傅") {
		t.Error("the page names whom to speak with")
	}
	self.Check("public-job")
	self.Click(zh(i18n.EmployWantThis))
	self.WaitPath("/p/me/login")
	self.Fill(zh(i18n.OwnPhone), phone)
	self.Click(zh(i18n.OwnSend))
	self.WaitText(zh(i18n.OwnCodeHelp, code.MaskPhone(phone), 10))
	self.Fill(zh(i18n.OwnCode), codes.Last(phone))
	self.Click(zh(i18n.OwnIn))
	self.WaitText(zh(i18n.OwnProveAct))
	self.Fill(zh(i18n.OwnName), "田秀兰")
	self.Fill(zh(i18n.OwnTail), strings.ToLower(number[12:]))
	self.Click(zh(i18n.OwnProveAct))
	self.WaitPath("/p/me/data")
	self.Visit("/p/me")
	self.ClickOn(`.tile[href="/p/me/jobs"]`)
	self.WaitText(zh(i18n.EmployMineHelp))
	if got := self.Value(zh(i18n.EmployPhone)); got != phone {
		t.Errorf("the telephone is %q, want it filled in", got)
	}
	self.Choose(zh(i18n.EmployDifficulty), zh(i18n.EmployLaidOff))
	self.Tick(zh(i18n.EmployFactory), true)
	self.Fill(zh(i18n.EmploySkillsOf), "挡车、电工证")
	self.Fill(zh(i18n.EmployWageWish), "3000")
	self.Check("own-new")
	self.Tick(zh(i18n.EmployMineAgree), true)
	self.ClickIn(main, zh(i18n.EmployMineAct))
	self.WaitText(zh(i18n.EmployMineDone))
	self.WaitText(zh(i18n.EmployReasonKind))
	self.Check("own-registered")

	// The station proposes; the unit knows nobody before the yes.
	desk.Visit("/employment")
	desk.WaitText("田秀兰")
	desk.Check("seekers")
	desk.Visit(atDesk)
	desk.WaitText("田**")
	desk.Check("job-open")
	desk.ClickIn(`form[action$="/propose"]`, zh(i18n.EmployPropose))
	desk.WaitText(zh(i18n.EmployProposedSaid))
	liaison.Visit(job)
	if liaison.HasText("田秀兰") || liaison.HasText("田**") {
		t.Error("the unit sees who has not said yes")
	}
	self.Visit("/p/me/jobs")
	self.WaitText(zh(i18n.EmployYes))
	self.Check("own-proposed")
	self.Click(zh(i18n.EmployYes))
	self.WaitText(zh(i18n.EmployMineAnswer))
	self.WaitText("13912340000")
	self.Check("own-accepted")
	liaison.Visit("/")
	liaison.WaitText(zh(i18n.EmployWaitDecide, 1))
	liaison.Visit(job)
	liaison.WaitText("田秀兰")
	liaison.WaitText(phone)
	liaison.ClickOn(`main details summary`)
	liaison.Check("unit-accepted")

	// A certificate, before the work begins.
	desk.Visit("/employment")
	desk.Visit(desk.Attribute("main tbody a[data-row-link]", "href"))
	desk.WaitText(zh(i18n.EmployAbout))
	file := desk.Path()
	desk.Click(zh(i18n.EmployIssue))
	desk.Tick(zh(i18n.EmployTax), true)
	desk.Tick(zh(i18n.EmployTraining), true)
	desk.Fill(zh(i18n.EmployUsesMax), "1")
	desk.Check("seeker")
	desk.ClickIn(`form[action$="/issue"]`, zh(i18n.EmployIssueAct))
	desk.WaitText(zh(i18n.EmployIssued))
	desk.ClickOn(`a[href^="/employment/certificates/"]`)
	desk.WaitText(zh(i18n.EmployCode))
	desk.Check("certificate")
	certificate := desk.Path()
	if got := desk.Fetch(certificate + "/pdf"); got.Status != 200 || !strings.HasPrefix(string(got.Body), "%PDF") {
		t.Errorf("the certificate on paper answers %d", got.Status)
	}
	holder, err := n.Employment.Certificates(ctx, n.actorOf(t, "shuji"), employment.CertificateFilter{})
	if err != nil || len(holder.Items) != 1 {
		t.Fatalf("certificates: %+v, %v", holder.Items, err)
	}
	paper := holder.Items[0].Code
	check := open(Phone, "")
	check.Visit("/p/check?code=" + paper)
	check.WaitText("田**")
	check.Check("checked")
	liaison.Visit("/unit-jobs/use")
	liaison.Fill(zh(i18n.EmployCode), strings.ToLower(paper))
	liaison.Click(zh(i18n.EmployUseFind))
	liaison.WaitText("田**")
	liaison.Choose(zh(i18n.EmployUseWhat), zh(i18n.EmployTraining))
	liaison.Check("use")
	liaison.ClickIn(`main form[method="post"] .form-acts`, zh(i18n.EmployUseAct))
	liaison.WaitText(zh(i18n.EmployUseDone))
	check.Visit("/p/check?code=" + paper)
	check.WaitText(zh(i18n.EmployNotValid, i18n.EmployCertUsed))

	// The unit hires; after three months it is asked.
	liaison.Visit(job)
	liaison.ClickOn(`main details summary`)
	liaison.Choose(zh(i18n.EmployUnitSays), zh(i18n.EmployHired))
	refused(liaison, `form[action$="/decide"]`, zh(i18n.EmployDecide), zh(i18n.EmployHowHired))
	liaison.Choose(zh(i18n.EmployContract), zh(i18n.EmployFixed))
	liaison.Check("unit-hire")
	liaison.ClickIn(`form[action$="/decide"]`, zh(i18n.EmployDecide))
	liaison.WaitText(zh(i18n.EmployJobFilled))
	liaison.Check("unit-filled")
	self.Visit("/p/me/jobs")
	self.WaitText("临江纺织厂")
	self.Check("own-employed")
	n.clock.To(beijing(time.September, 16, 9, 0))
	desk.LoginWith("shuji", newcomerPassword) // months have passed
	desk.WaitText(zh(i18n.EmployWaitFollow, 1))
	desk.Visit("/employment/results?due=1")
	desk.WaitText("临江纺织厂")
	desk.Check("results-due")
	desk.Visit(file)
	desk.Choose(zh(i18n.EmployFoundOut), zh(i18n.EmployStill))
	desk.Check("follow")
	desk.ClickIn(`form[action$="/follow"]`, zh(i18n.EmployFollow))
	desk.WaitText(zh(i18n.EmployFollowDone))
	desk.WaitText("2026-12-15")
	desk.Resize(Phone)
	desk.Check("seeker-phone")
	desk.Resize(Desktop)
	desk.Visit("/residents/" + who.String() + "/looks")
	desk.WaitText("孙联络") // who looked stands where the person reads it
	desk.Visit("/employment/counts")
	desk.WaitText("1/1")
	desk.Check("counts")

	// A fair is an activity, filled in from here.
	desk.Visit("/employment/events")
	desk.Check("events-empty")
	desk.Click(zh(i18n.EmployEventNew, i18n.EmployFair))
	desk.WaitText(zh(i18n.EmployEventNote, i18n.EmployFair))
	if got := desk.Value(zh(i18n.ActivityName)); got != zh(i18n.EmployFair) {
		t.Errorf("the fair is called %q", got)
	}
	desk.Fill(zh(i18n.ActivityPlace), "社区广场")
	desk.ClickIn(main, zh(i18n.ActivitySaveDraft))
	desk.WaitText("社区广场")
	desk.Visit("/employment/events")
	desk.WaitText(zh(i18n.EmployFair))
	desk.Check("events")

	above := open(Desktop, "quwei")
	above.Visit("/employment")
	above.WaitText(zh(i18n.EmployCountFound))
	above.Check("counts-above")
	if above.HasText("田秀兰") {
		t.Error("the district reads a name")
	}
	above.Expect(403)
	if got := above.Fetch(file); got.Status != 403 {
		t.Errorf("the district's look at a seeker answers %d", got.Status)
	}
}
