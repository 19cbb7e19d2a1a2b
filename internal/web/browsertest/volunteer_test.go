//go:build browser

package browsertest

import (
	"context"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/resident"
	"linli/internal/testkit"
	"linli/internal/volunteer"
)

// A resident becomes a volunteer on the phone, joins a team and signs up; a colleague stands in, the leader ticks, and the hours stand on their page and on a certificate that anybody can check.
func TestVolunteerFromThePhoneToTheCertificate(t *testing.T) {
	together(t)
	n := install(t, beijing(time.November, 20, 9, 0))
	ctx, rows := context.Background(), testkit.NewRows(t, n.DB, n.tenant)
	people := map[string]id.ID{}
	var accounts []authn.NewAccount
	for login, name := range map[string]string{"wang": "王热心", "li": "李替班", "zhao": "赵队长"} {
		p := rows.Person(n.community, name, "")
		rows.Member(p, n.community, 0, name)
		people[login] = p
		accounts = append(accounts, authn.NewAccount{Login: login, Name: name, Keep: true, PersonID: p, Grants: []authn.NewGrant{{Role: app.RoleMember, OrgID: n.community}}})
	}
	if _, err := n.Authn.CreateMany(ctx, n.system, newcomerPassword, accounts); err != nil {
		t.Fatal(err)
	}
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	team, err := n.Volunteer.Found(ctx, n.system, volunteer.NewTeam{OrgID: n.community, Kind: "environment", Name: "洁净家园队", About: "周末清楼道，带上手套就行。"})
	ok(err)
	for _, login := range []string{"li", "zhao"} {
		v, err := n.Volunteer.Enter(ctx, n.system, people[login], volunteer.Fields{Skills: []volunteer.Skill{"aid"}})
		ok(err)
		ok(n.Volunteer.Invite(ctx, n.system, team, v, true))
		if login == "zhao" {
			ok(n.Volunteer.Lead(ctx, n.system, team, v))
		}
	}
	open := func(view Viewport, login string) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		p.LoginWith(login, newcomerPassword)
		return p
	}

	wang := open(Phone, "wang")
	wang.Visit("/my-volunteer")
	wang.Tick(zh(i18n.VolSkillHair), true)
	wang.Tick(zh(volunteer.Slot("6m").Text()), true)
	wang.Check("mine-new")
	wang.Click(zh(i18n.VolMineSign))
	wang.WaitText(zh(i18n.VolOpened))
	wang.Visit("/my-volunteer/teams?kind=environment")
	wang.WaitText("洁净家园队")
	wang.Check("teams-phone")
	wang.Click("洁净家园队")
	wang.WaitText("周末清楼道")
	wang.Click(zh(i18n.VolJoin))
	wang.WaitText(zh(i18n.VolJoined))

	desk := open(Desktop, "shuji")
	desk.Visit("/volunteers?skill=hair")
	desk.WaitText("王热心")
	desk.Check("list")
	mine, err := n.Volunteer.Own(ctx, n.actorOf(t, "wang"))
	ok(err)
	file := "/volunteers/" + mine.ID.String()
	desk.Visit(file)
	desk.WaitText(zh(i18n.VolClearAct))
	desk.Check("file")
	desk.Visit("/teams")
	desk.WaitText("洁净家园队")
	desk.Check("teams")
	desk.Visit("/teams/" + team.String())
	desk.WaitText("王热心")
	desk.Check("team")

	zhao := open(Phone, "zhao")
	zhao.Visit("/my-volunteer/teams/" + team.String())
	zhao.WaitText("王热心")
	zhao.Click(zh(i18n.VolAccept))
	zhao.WaitText(zh(i18n.VolAnswered))
	zhao.Click(zh(i18n.VolShiftPlan))
	zhao.Fill(zh(i18n.VolShiftTask), "清楼道杂物")
	zhao.Fill(zh(i18n.VolShiftPlace), "3 号楼")
	zhao.Fill(zh(i18n.VolTrainNeed), "急救")
	zhao.Fill(zh(i18n.VolShiftStart), "2026-11-21T09:00")
	zhao.Fill(zh(i18n.VolShiftEnd), "2026-11-21T11:00")
	zhao.ClickIn(`form[action$="/plan"]`, zh(i18n.VolShiftPlan))
	zhao.WaitText(zh(i18n.VolShiftMade))
	zhao.Check("team-leader-phone")

	wang.Visit("/my-volunteer")
	wang.WaitText("清楼道杂物")
	wang.WaitText(zh(i18n.VolTrainOwn)) // it warns, and takes them
	wang.Click(zh(i18n.VolSignUp))
	wang.WaitText(zh(i18n.VolSignedUp))
	wang.Check("mine-signed")
	ok(n.Volunteer.Clear(ctx, n.system, mine.ID, "aid", calendar.On(2026, 12, 1)))
	wang.Visit("/m")
	wang.WaitText(zh(i18n.VolWaitOwnSoon, 1))
	wang.Visit("/my-volunteer")
	wang.WaitText(zh(i18n.VolOwnEnds, zh(i18n.VolClearAid), "2026-12-01"))
	wang.Check("mine-clearance-ends")
	wang.Visit("/my-volunteer/feedback")
	wang.WaitText(zh(i18n.VolEchoNone))
	wang.Check("feedback-none")
	wang.Visit("/my-volunteer")
	zhao.Visit("/my-volunteer/teams/" + team.String())
	zhao.Click("清楼道杂物")
	zhao.WaitText(zh(i18n.VolTrainLacks, "急救"))
	zhao.Check("shift-untrained")
	wang.Click(zh(i18n.VolSubstitute))
	wang.WaitText(zh(i18n.VolSubHelp))
	wang.Choose(zh(i18n.VolSubWho), "李替班")
	wang.Check("substitute")
	wang.ClickIn("main form", zh(i18n.VolSubstitute))
	wang.WaitText(zh(i18n.VolSubSent))

	li := open(Phone, "li")
	li.Visit("/my-volunteer")
	li.WaitText(zh(i18n.VolSubFrom, "王热心"))
	li.Check("mine-asked")
	li.Click(zh(i18n.VolStandIn))
	li.WaitText(zh(i18n.VolAnswered))

	n.clock.To(beijing(time.November, 21, 12, 0))
	zhao.LoginWith("zhao", newcomerPassword)
	zhao.Visit("/my-volunteer")
	zhao.WaitText(zh(i18n.VolMineToTick))
	zhao.Click("清楼道杂物")
	zhao.WaitText("李替班")
	zhao.Click(zh(i18n.VolPresent))
	zhao.Check("tick")
	zhao.ClickIn(`form[action$="/tick"]`, zh(i18n.VolTick))
	zhao.WaitText(zh(i18n.VolTickSaved))

	// What was said of help with a need of the neighbours, in which they came with the team, is on their own page, and in sums on the leader's.
	li.LoginWith("li", newcomerPassword)
	wish, err := n.Exchange.Enter(ctx, n.system, exchange.Asking{Kind: exchange.People, Body: "帮三位老人搬东西", CommunityID: n.community}, true)
	ok(err)
	p, err := n.Exchange.PledgeTeam(ctx, n.actorOf(t, "zhao"), wish.ID, team, exchange.NewPledge{})
	ok(err)
	ok(n.Exchange.Agree(ctx, n.actorOf(t, "shuji"), p, 0))
	desk.LoginWith("shuji", newcomerPassword)
	desk.Visit("/needs/" + wish.ID.String())
	desk.Click(zh(i18n.ExchangeDeliverFor))
	desk.Fill(zh(i18n.ExchangeHoursEach), "1.5")
	desk.Expect(422)
	desk.ClickIn(`form[action$="/crew"]`, zh(i18n.ExchangeDelivered1)) // nobody is ticked yet
	desk.WaitText(zh(i18n.PledgeCrewNeeded))
	desk.Tick("李替班", true)
	desk.Check("need-crew")
	desk.Resize(Phone)
	desk.Check("need-crew-phone")
	desk.Resize(Desktop)
	desk.ClickIn(`form[action$="/crew"]`, zh(i18n.ExchangeDelivered1))
	desk.WaitText(zh(i18n.ExchangeSaved))
	ok(n.Exchange.Confirm(ctx, n.actorOf(t, "shuji"), p, 0, exchange.Rating{Answer: exchange.Yes, Stars: 5, Words: "手脚麻利，谢谢"}))
	li.Visit("/my-volunteer/feedback")
	li.WaitText("手脚麻利，谢谢")
	li.WaitText(zh(i18n.VolEchoWith, "洁净家园队"))
	li.Check("feedback")
	zhao.Visit("/my-volunteer/teams/" + team.String())
	zhao.WaitText(zh(i18n.VolEchoTeam))
	zhao.Check("team-said")
	if zhao.HasText("手脚麻利") {
		t.Error("the leader reads what was said of one volunteer")
	}
	li.Visit("/my-volunteer")
	li.WaitText(zh(i18n.VolHoursN, "2"))
	li.Click(zh(i18n.VolCertGet))
	li.WaitText(zh(i18n.VolCertMade))
	li.Check("mine-hours")
	paper := li.Attribute(`a[href*="/certificates/"]`, "href")
	if f := li.Fetch(paper); f.Status != 200 || !strings.HasPrefix(string(f.Body), "%PDF-") {
		t.Errorf("the certificate answers %d", f.Status)
	}
	codes, err := n.Volunteer.Own(ctx, n.actorOf(t, "li"))
	ok(err)
	anybody := openAt(t, n.url, Phone)
	t.Cleanup(anybody.reportFaults)
	anybody.Visit("/p/check?code=" + codes.Certificates[0].Code)
	anybody.WaitText(zh(i18n.VolCertGood))
	anybody.WaitText("李**")
	anybody.Check("verify")
	if anybody.HasText("李替班") {
		t.Error("the check names the person")
	}
	anybody.Visit("/p/teams")
	anybody.WaitText("洁净家园队")
	anybody.Check("public-teams")
	if anybody.HasText("赵队长") {
		t.Error("residents read the leader's name")
	}

	desk.Visit(file)
	desk.WaitText(zh(i18n.VolThankAct))
	desk.Fill(zh(i18n.VolThankWords), "谢谢您热心。")
	desk.ClickIn(`form[action$="/thank"]`, zh(i18n.VolThankAct))
	desk.WaitText(zh(i18n.VolThanked))
	desk.Resize(Phone)
	desk.Check("file-phone")
	desk.Resize(Desktop)
	desk.Visit("/clubs/new")
	desk.Fill(zh(i18n.ClubName), "银发俱乐部")
	desk.Fill(zh(i18n.ClubPlace), "活动室")
	desk.ClickIn("main form .form-acts", zh(i18n.PartialSave))
	desk.WaitText(zh(i18n.ClubMade))
	desk.Fill(zh(i18n.ClubStart), "2026-11-25T09:00")
	desk.Fill(zh(i18n.ClubEnd), "2026-11-25T11:00")
	desk.ClickIn(`form[action$="/plan"]`, zh(i18n.ClubPlan))
	desk.WaitText("2026-11-25 09:00")
	desk.Check("club")
	desk.Visit("/volunteers/counts")
	desk.Check("counts")
}

// A resident without any role does the same behind their own account: registers, joins, and is in a club.
func TestAResidentIsAVolunteer(t *testing.T) {
	together(t)
	n := install(t, beijing(time.November, 20, 9, 0))
	codes := &resident.Shown{}
	n.Resident.WithSender(codes)
	ctx, phone, number := context.Background(), "16400007704", code.WithCheck("83010219541103004")
	if _, err := n.Person.Create(ctx, n.actorOf(t, "shuji"), person.NewPerson{Fields: person.Fields{Name: "田秀兰", IDNumber: number, Phone: phone}, CommunityID: n.community}); err != nil {
		t.Fatal(err)
	}
	team, err := n.Volunteer.Found(ctx, n.system, volunteer.NewTeam{OrgID: n.community, Kind: "care", Name: "暖心帮扶队"})
	if err == nil {
		_, err = n.Volunteer.FoundClub(ctx, n.system, volunteer.NewClub{OrgID: n.community, Name: "银发俱乐部", Place: "活动室"})
	}
	if err != nil {
		t.Fatal(err)
	}
	p := openAt(t, n.url, Phone)
	t.Cleanup(p.reportFaults)
	p.Visit("/p/me/login")
	p.Fill(zh(i18n.OwnPhone), phone)
	p.Click(zh(i18n.OwnSend))
	p.WaitText(zh(i18n.OwnIn))
	p.Fill(zh(i18n.OwnCode), codes.Last(phone))
	p.Click(zh(i18n.OwnIn))
	p.WaitPath("/p/me")
	p.Visit("/p/me/volunteer")
	p.Fill(zh(i18n.OwnName), "田秀兰")
	p.Fill(zh(i18n.OwnTail), strings.ToLower(number[12:]))
	p.Click(zh(i18n.OwnProveAct))
	p.WaitPath("/p/me/data")
	p.Visit("/p/me/volunteer")
	p.Tick(zh(i18n.VolSkillCook), true)
	p.Click(zh(i18n.VolMineSign))
	p.WaitText(zh(i18n.VolOpened))
	p.Visit("/p/me/volunteer/teams/" + team.String())
	p.Click(zh(i18n.VolJoin))
	p.WaitText(zh(i18n.VolJoined))
	p.Visit("/p/me/volunteer/clubs")
	p.WaitText("银发俱乐部")
	p.Click(zh(i18n.ClubJoin))
	p.WaitText(zh(i18n.ClubJoined))
	p.Check("clubs")
	p.Visit("/p/me/volunteer")
	p.WaitText("暖心帮扶队")
	p.Check("mine")
	p.Visit("/p/clubs")
	p.WaitText("银发俱乐部")
	p.Check("public-clubs")
}
