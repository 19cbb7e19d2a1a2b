//go:build browser

package browsertest

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/code"
	"linli/internal/i18n"
	"linli/internal/person"
	"linli/internal/resident"
)

// A resident enters with a code, reports something without typing who they are, rates it without a code, shows who they are, sees who looked at their data, and has it
// corrected by one press of the community's secretary.
func TestAResidentsOwnAccount(t *testing.T) {
	together(t)
	n := install(t, beijing(time.November, 20, 9, 0))
	codes := &resident.Shown{}
	n.Resident.WithSender(codes)
	staff, ctx := n.actorOf(t, "shuji"), context.Background()
	for i, view := range []Viewport{Phone, Desktop} {
		t.Run(view.Name, func(t *testing.T) {
			phone, name := []string{"16400007701", "16400007702"}[i], []string{"田秀兰", "赵长青"}[i]
			number := code.WithCheck([]string{"83010219541103002", "83010219541103003"}[i])
			who, err := n.Person.Create(ctx, staff, person.NewPerson{Fields: person.Fields{Name: name, IDNumber: number, Phone: phone, WorkUnit: "旧厂"}, CommunityID: n.community})
			if err != nil {
				t.Fatal(err)
			}
			p := openAt(t, n.url, view)
			t.Cleanup(p.reportFaults)
			p.Visit("/p")
			p.ClickOn(`.tile[href^="/p/me"]`)
			p.WaitPath("/p/me/login")
			p.Check("door")
			p.Fill(zh(i18n.OwnPhone), "0830-88880000")
			refused(p, "form.panel", zh(i18n.OwnSend), zh(i18n.ResidentMobile))
			p.Fill(zh(i18n.OwnPhone), phone[:3]+" "+phone[3:])
			p.Click(zh(i18n.OwnSend))
			p.WaitText(zh(i18n.OwnCodeHelp, code.MaskPhone(phone), 10))
			p.Check("code")
			wrong := "000000"
			if codes.Last(phone) == wrong {
				wrong = "000001"
			}
			p.Fill(zh(i18n.OwnCode), wrong)
			refused(p, "form.panel", zh(i18n.OwnIn), zh(i18n.ResidentCodeWrong))
			p.Expect(429) // who asks again too soon keeps the page on which the code is entered
			p.Click(zh(i18n.OwnCodeAgain))
			p.WaitText(zh(i18n.OwnCode))
			p.Fill(zh(i18n.OwnCode), codes.Last(phone))
			p.Click(zh(i18n.OwnIn))
			p.WaitPath("/p/me")
			p.WaitText(zh(i18n.OwnCasesNone))

			// What is known is not typed.
			p.Visit("/p/report?kind=opinion")
			if got := p.Value(zh(i18n.CasePublicPhone)); got != phone {
				t.Errorf("the telephone is %q, want it filled in", got)
			}
			p.must("a place", script(`(() => { const s = document.querySelector('[name=community]'); s.value = s.querySelector('optgroup option').value; return '' })()`, new(string)))
			p.Fill(zh(i18n.CasePublicBody), "门禁坏了，"+view.Name)
			p.Check("report")
			p.Click(zh(i18n.CasePublicSend))
			p.WaitText(zh(i18n.CasePublicCodeKeep))
			p.Visit("/p/me")
			p.WaitText("门禁坏了，" + view.Name)
			p.Check("start")
			l, err := n.Casework.List(ctx, staff, casework.Filter{Show: casework.ShowOpen})
			if err != nil || len(l.Items) != 1 {
				t.Fatalf("staff see %d open cases, %v, want the one", len(l.Items), err)
			}
			if err = n.Casework.Take(ctx, staff, l.Items[0].ID, l.Items[0].Version); err == nil {
				err = n.Casework.Finish(ctx, staff, l.Items[0].ID, l.Items[0].Version+1, casework.Result{Outcome: casework.Fulfilled, Words: "换了新门禁"})
			}
			if err != nil {
				t.Fatal(err)
			}
			p.Visit("/p/me")
			p.WaitText(zh(i18n.OwnAskRate))
			p.ClickOn(`.tile[href^="/p/me/case/"]`)
			p.WaitText("换了新门禁")
			p.Check("case")
			p.ClickIn("#rate", zh(i18n.CaseSolvedYes))
			p.WaitText(zh(i18n.CasePublicRated))

			// Data: who somebody is, is shown first.
			p.Visit("/p/me/data")
			p.Check("prove")
			p.Fill(zh(i18n.OwnName), name)
			p.Fill(zh(i18n.OwnTail), "000000")
			refused(p, "form.panel", zh(i18n.OwnProveAct), zh(i18n.ResidentNotRecognised))
			p.Fill(zh(i18n.OwnName), name)
			p.Fill(zh(i18n.OwnTail), strings.ToLower(number[12:]))
			p.Click(zh(i18n.OwnProveAct))
			p.WaitPath("/p/me/data")
			p.WaitText("旧厂")
			if p.HasText(number) || p.HasText(phone) {
				t.Error("the page shows a number in full")
			}
			p.Check("data")
			if got := p.Fetch("/p/me/data/copy?format=json"); got.Status != 200 || !strings.Contains(string(got.Body), "旧厂") || strings.Contains(string(got.Body), number) {
				t.Errorf("the copy answers %d %.200s", got.Status, got.Body)
			}
			p.ClickOn(`#record a[href*="kind=correct&part=work_unit"]`)
			p.Check("ask")
			p.Fill(zh(i18n.DataRightWanted), "新厂")
			p.Click(zh(i18n.DataRightSend))
			p.WaitPath("/p/me/requests/*")
			p.WaitText(zh(i18n.DataRightOpen))
			p.Check("request")
			request := p.Path()

			// The secretary grants it by one press; the record is changed, and the look is told.
			s := openAt(t, n.url, Desktop)
			t.Cleanup(s.reportFaults)
			s.LoginWith("shuji", newcomerPassword)
			s.Visit("/data-requests?state=open")
			s.Check("requests")
			s.ClickOn("main tbody a")
			s.WaitText("新厂")
			s.Check("request-desk")
			refused(s, "form.panel", zh(i18n.DataRightRefuseAct), zh(i18n.DataRightAnswer))
			s.Click(zh(i18n.DataRightGrantAct))
			s.WaitText(zh(i18n.DataRightGrantedOK))
			if got, err := n.Person.Get(ctx, staff, who); err != nil || got.WorkUnit != "新厂" {
				t.Errorf("the record has %q, %v", got.WorkUnit, err)
			}
			p.Visit(request)
			p.WaitText(zh(i18n.DataRightGranted))
			p.Visit("/p/me/looks")
			p.WaitText("社区书记")
			p.Check("looks")
			if got := p.Fetch("/p/me/looks/pdf"); !strings.HasPrefix(string(got.Body), "%PDF-") {
				t.Errorf("the paper is %.40q", got.Body)
			}
			p.Visit("/p/me/consent")
			p.Check("consent")

			// What the desk has is not for this session, and the other way round.
			if got := p.Fetch("/residents"); strings.Contains(string(got.Body), name) {
				t.Error("a resident's session opens the desk")
			}
			p.Expect(404)
			if got := p.Post("/p/me/case/rate", url.Values{"case": {"1"}, "solved": {"yes"}}); got.Status != 404 {
				t.Errorf("somebody else's case answers %d", got.Status)
			}
			p.Visit("/p/me")
			p.Check("start-known")
			p.ClickIn("form[action='/p/me/logout']", zh(i18n.OwnLeave))
			p.WaitText(zh(i18n.OwnLeft))
			p.Visit("/p/me/data")
			p.WaitPath("/p/me/login")
		})
	}
}

// The counter gives somebody a code for their account, and takes a request on paper.
func TestACounterLinksAnAccount(t *testing.T) {
	together(t)
	n := install(t, beijing(time.November, 20, 9, 0))
	codes := &resident.Shown{}
	n.Resident.WithSender(codes)
	staff, ctx := n.actorOf(t, "shuji"), context.Background()
	who, err := n.Person.Create(ctx, staff, person.NewPerson{Fields: person.Fields{Name: "田秀兰", WorkUnit: "旧厂"}, CommunityID: n.community})
	if err != nil {
		t.Fatal(err)
	}
	s, p := openAt(t, n.url, Desktop), openAt(t, n.url, Phone)
	t.Cleanup(s.reportFaults)
	t.Cleanup(p.reportFaults)
	s.LoginWith("shuji", newcomerPassword)
	s.Visit("/residents/" + who.String())
	s.Click(zh(i18n.PartialMore))
	s.Click(zh(i18n.ResidentSlipMake))
	s.WaitText(zh(i18n.ResidentSlipAsk))
	s.ClickIn("dialog", zh(i18n.ResidentSlipMake))
	s.WaitText(zh(i18n.ResidentSlipMade, 7))
	s.Check("slip")
	slip := s.Text("#slip")

	p.Visit("/p/me/login")
	p.Fill(zh(i18n.OwnPhone), "16400007703")
	p.Click(zh(i18n.OwnSend))
	p.WaitText(zh(i18n.OwnIn))
	p.Fill(zh(i18n.OwnCode), codes.Last("16400007703"))
	p.Click(zh(i18n.OwnIn))
	p.WaitPath("/p/me")
	p.Visit("/p/me/data")
	p.Fill(zh(i18n.OwnSlip), strings.ToLower(slip))
	p.Click(zh(i18n.OwnSlipAct))
	p.WaitText("旧厂")

	s.Visit("/residents/" + who.String())
	s.Click(zh(i18n.PartialMore))
	s.Click(zh(i18n.DataRightEnter))
	s.Check("counter")
	s.Choose(zh(i18n.DataRightKind), zh(i18n.DataRightDelete))
	s.Choose(zh(i18n.DataRightAbout), zh(i18n.ResidentWorkUnit))
	s.Click(zh(i18n.DataRightSend))
	s.WaitPath("/data-requests/*")
	request := s.Path()
	d := openAt(t, n.url, Desktop)
	t.Cleanup(d.reportFaults)
	d.LoginWith("quwei", newcomerPassword)
	d.Visit(request)
	d.Fill(zh(i18n.DataRightWords), "本人当面提出")
	d.Click(zh(i18n.DataRightGrantAct))
	d.WaitText(zh(i18n.DataRightGrantedOK))
	p.Visit("/p/me/data")
	p.WaitGone("旧厂")
}
