//go:build browser

package browsertest

import (
	"context"
	"strings"
	"testing"
	"time"

	"linli/internal/code"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/person"
	"linli/internal/resident"
	"linli/internal/volunteer"
)

// A resident who is a volunteer and no member: the community finds them for a wish by what speaks for them and asks; they say yes on their page, help, and the hours stand in
// their own voluntary service. What nobody takes becomes a topic by itself, and the desk takes it back.
func TestAVolunteerIsAskedForAWish(t *testing.T) {
	together(t)
	n := install(t, beijing(time.November, 20, 9, 0))
	codes := &resident.Shown{}
	n.Resident.WithSender(codes)
	ctx, phone, number := context.Background(), "16400007704", code.WithCheck("83010219541103004")
	if _, err := n.Person.Create(ctx, n.actorOf(t, "shuji"), person.NewPerson{Fields: person.Fields{Name: "田秀兰", IDNumber: number, Phone: phone}, CommunityID: n.community}); err != nil {
		t.Fatal(err)
	}
	got, err := n.Exchange.Ask(ctx, n.tenant, "居民", "", exchange.Asking{Kind: exchange.Trade, Small: true, Body: "想请人上门理发", CommunityID: n.community, Place: "3 单元", Name: "吕奶奶", Phone: "13800138000", Share: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Exchange.Approve(ctx, n.actorOf(t, "shuji"), got.ID, 1, exchange.Public{Title: "上门理发", Words: "周六上午，老人不便下楼", Kind: exchange.Trade, Small: true, Wanted: 1, Minutes: 60}); err != nil {
		t.Fatal(err)
	}
	own := openAt(t, n.url, Phone)
	t.Cleanup(own.reportFaults)
	own.Visit("/p/me/login")
	own.Fill(zh(i18n.OwnPhone), phone)
	own.Click(zh(i18n.OwnSend))
	own.WaitText(zh(i18n.OwnIn))
	own.Fill(zh(i18n.OwnCode), codes.Last(phone))
	own.Click(zh(i18n.OwnIn))
	own.WaitPath("/p/me")
	own.Visit("/p/me/help")
	own.Fill(zh(i18n.OwnName), "田秀兰")
	own.Fill(zh(i18n.OwnTail), strings.ToLower(number[12:]))
	own.Click(zh(i18n.OwnProveAct))
	own.WaitPath("/p/me/data")
	own.Visit("/p/me/help/" + got.ID.String())
	own.WaitText(zh(i18n.HelpFirst))
	own.Check("first")
	own.Click(zh(i18n.HelpFirstAct))
	own.Tick(zh(i18n.VolSkillHair), true)
	own.Tick(zh(i18n.VolContact), true)
	own.Click(zh(i18n.VolMineSign))
	own.WaitText(zh(i18n.VolOpened))

	desk := openAt(t, n.url, Desktop)
	t.Cleanup(desk.reportFaults)
	desk.LoginWith("shuji", newcomerPassword)
	desk.Visit("/needs/" + got.ID.String())
	desk.Click(zh(i18n.ExchangeVolFind))
	desk.WaitText("田秀兰")
	desk.WaitText(zh(i18n.MatchSkill))
	desk.Check("volunteers")
	desk.Resize(Phone)
	desk.Check("volunteers-phone")
	desk.Resize(Desktop)
	if strings.Contains(desk.Text("main"), phone) {
		t.Error("the page shows a number")
	}
	desk.Click(zh(i18n.ExchangeVolAsk))
	desk.WaitText(zh(i18n.ExchangeVolAsked))
	desk.WaitText(zh(i18n.PledgeForVolunteer))
	desk.Check("asked")

	own.Visit("/p/me/volunteer")
	own.WaitText(zh(i18n.HelpWaitsOwn, 1))
	own.Check("mine")
	own.Visit("/p/me/help")
	own.Check("help")
	own.Click("上门理发")
	own.WaitText(zh(i18n.HelpAccept))
	own.Check("invited")
	if strings.Contains(own.Text("main"), "吕奶奶") {
		t.Error("who asked is named before the answer")
	}
	own.Click(zh(i18n.HelpAccept))
	own.WaitText(zh(i18n.HelpAccepted))
	own.Click(zh(i18n.HelpShowContact))
	own.WaitText("吕奶奶")
	own.Check("contact")
	own.Click(zh(i18n.FilesAdd)) // only because they like to
	own.Upload(zh(i18n.FilesField), scene(t))
	own.ClickIn("#files form", zh(i18n.FilesAdd))
	own.WaitText(zh(i18n.FilesAdded, 1))
	own.Check("photographed")
	own.Fill(zh(i18n.ExchangeHoursEach), "1")
	own.Click(zh(i18n.HelpDeliverAct))
	own.WaitText(zh(i18n.HelpBrought))
	desk.Visit("/needs/" + got.ID.String())
	desk.Choose(zh(i18n.ExchangeIsIt), zh(i18n.ExchangeYes))
	desk.Click(zh(i18n.ExchangeConfirmAct))
	desk.WaitText(zh(i18n.ExchangeConfirmed))
	own.Visit("/p/me/volunteer")
	own.WaitText("上门理发")
	own.Check("hours")

	// They lead a team, and take a need in its name; who came is ticked.
	shuji := n.actorOf(t, "shuji")
	files, err := n.Volunteer.List(ctx, shuji, volunteer.Filter{})
	if err != nil || len(files.Items) != 1 {
		t.Fatalf("%d files, %v", len(files.Items), err)
	}
	team, err := n.Volunteer.Found(ctx, shuji, volunteer.NewTeam{OrgID: n.community, Kind: "care", Name: "银发互助队"})
	if err == nil {
		err = n.Volunteer.Invite(ctx, shuji, team, files.Items[0].ID, true)
	}
	if err == nil {
		err = n.Volunteer.Lead(ctx, shuji, team, files.Items[0].ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	tidy, err := n.Exchange.Enter(ctx, shuji, exchange.Asking{Kind: exchange.People, Body: "整理图书角", CommunityID: n.community}, true)
	if err != nil {
		t.Fatal(err)
	}
	own.Visit("/p/me/help/" + tidy.ID.String())
	own.Choose(zh(i18n.HelpAs), "银发互助队")
	own.Check("team-card")
	own.Click(zh(i18n.HelpPledge))
	own.WaitText(zh(i18n.HelpPledged))
	taking := own.Path()
	desk.Visit("/needs/" + tidy.ID.String())
	desk.WaitText("银发互助队")
	desk.Click(zh(i18n.ExchangeAgree))
	desk.WaitText(zh(i18n.ExchangeAgreed))
	own.Visit(taking)
	own.Fill(zh(i18n.ExchangeHoursEach), "1")
	own.Tick("田秀兰", true)
	own.Check("team-deliver")
	own.Click(zh(i18n.HelpDeliverAct))
	own.WaitText(zh(i18n.HelpBrought))
	desk.Visit("/needs/" + tidy.ID.String())
	desk.Choose(zh(i18n.ExchangeIsIt), zh(i18n.ExchangeYes))
	desk.Click(zh(i18n.ExchangeConfirmAct))
	desk.WaitText(zh(i18n.ExchangeConfirmed))
	own.Visit("/p/me/volunteer")
	own.WaitText("整理图书角")

	other, err := n.Exchange.Enter(ctx, n.actorOf(t, "shuji"), exchange.Asking{Kind: exchange.Place, Body: "合唱队想要个排练的地方", CommunityID: n.community}, true)
	if err != nil {
		t.Fatal(err)
	}
	n.clock.To(beijing(time.December, 8, 9, 0))
	if raised, err := n.Exchange.RaiseUnmatched(ctx, n.tenant); err != nil { // the morning's work may have been quicker
		t.Fatalf("%d raised, %v", raised, err)
	}
	desk.LoginWith("shuji", newcomerPassword)
	desk.Visit("/topics")
	desk.WaitText("合唱队想要个排练的地方")
	desk.Visit("/needs/" + other.ID.String())
	desk.WaitText(zh(i18n.ExchangeTopicIs))
	desk.WaitText(zh(i18n.ExchangeBySystem))
	desk.Click(zh(i18n.ExchangeTopicBack))
	desk.Check("topic")
	desk.Fill(zh(i18n.ExchangeReason), "活动室腾出来了")
	desk.ClickIn("details[open] form", zh(i18n.ExchangeTopicBack))
	desk.WaitText(zh(i18n.ExchangeTopicBackDone))
	if raised, err := n.Exchange.RaiseUnmatched(ctx, n.tenant); err != nil || raised != 0 {
		t.Errorf("%d were raised again, %v", raised, err)
	}
}
