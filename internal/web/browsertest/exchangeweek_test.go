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
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/testkit"
	"linli/internal/venue"
	"linli/internal/volunteer"
)

// The week's matches: what there is is proposed for what is open, with reasons; the secretary takes one, says no to another, and chooses anew.
func TestTheWeeksMatches(t *testing.T) {
	together(t)
	n, ctx := install(t, beijing(time.August, 20, 9, 0)), context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	need := func(kind exchange.Kind, title string) id.ID {
		got, err := n.Exchange.Enter(ctx, n.system, exchange.Asking{Kind: kind, Body: title, CommunityID: n.community, DueOn: calendar.DateOf(n.Exchange.Now()).AddDays(9)}, true)
		must(err)
		return got.ID
	}
	wheelchair := need(exchange.Goods, "借一把轮椅用一个月")
	need(exchange.Trade, "请人上门理发")
	need(exchange.Place, "合唱队找个排练的地方")
	for _, o := range []exchange.Offer{{Kind: exchange.Goods, Title: "轮椅", Giver: "热心居民", Amount: 2, Unit: "辆"}, {Kind: exchange.Trade, Title: "义务理发队", Giver: "红星理发店", Skill: "理发"}} {
		o.PlaceID, o.Terms = n.community, exchange.Free
		_, err := n.Exchange.AddResource(ctx, n.system, o)
		must(err)
	}
	var barbers id.ID
	var err error
	for _, view := range []Viewport{Desktop, Phone} {
		p := openAt(t, n.url, view)
		p.LoginWith("shuji", newcomerPassword)
		p.Visit("/needs/week")
		if view == Desktop {
			p.Click(zh(i18n.WeekAgain))
			p.WaitText(zh(i18n.WeekDone, 3, 2))
		}
		p.WaitText("理发队")
		p.Check("week-" + view.Name)
		if view == Phone {
			p.Visit("/resources/" + barbers.String())
			p.WaitText("请人上门理发")
			p.Check("resource-suits-phone")
			p.Click(zh(i18n.ResourceOffer))
			p.WaitText(zh(i18n.ExchangeUsed))
			p.reportFaults()
			continue
		}
		if body := p.Text("main"); !strings.Contains(body, zh(i18n.MatchSkill)) || !strings.Contains(body, zh(i18n.MatchWords)) {
			t.Errorf("no reason is given: %s", body)
		}
		p.must("tick", script(`(() => { const b = document.querySelector('input[name=id][value^="`+wheelchair.String()+`-"]'); b.click(); return String(b.checked) })()`, new(string)))
		p.Click(zh(i18n.WeekTake))
		p.WaitText(zh(i18n.WeekTaken, 1))
		p.Click(zh(i18n.WeekPass))
		p.Check("week-pass")
		p.Fill(zh(i18n.WeekPassWhy), "本周没有时间")
		p.ClickIn("dialog[open]", zh(i18n.WeekPass))
		p.WaitText(zh(i18n.WeekPassed))
		p.WaitText(zh(i18n.WeekEmpty))
		p.Visit("/needs/" + wheelchair.String())
		p.WaitText("轮椅")
		p.WaitText(zh(i18n.PledgeAgreed))
		// What was declined is not proposed again; what is new is.
		barbers, err = n.Exchange.AddResource(ctx, n.system, exchange.Offer{Kind: exchange.Trade, Title: "剪爱理发队", Giver: "剪爱志愿队", Skill: "理发", PlaceID: n.community, Terms: exchange.Free, ValidFrom: calendar.DateOf(n.Exchange.Now()).AddDays(2)})
		must(err)
		p.Visit("/needs/week")
		p.Click(zh(i18n.WeekAgain))
		p.WaitText("剪爱理发队")
		body := p.Text("main")
		if strings.Contains(body, "义务理发队") {
			t.Error("what was declined is proposed again")
		}
		if strings.Contains(body, "剪爱志愿队") || !strings.Contains(body, zh(i18n.OffersNeighbour)) {
			t.Error("the week names who gives something of their own")
		}
		// The page of a resource shows the needs that it suits, and one press uses it.
		p.Visit("/resources/" + barbers.String())
		p.WaitText("请人上门理发")
		p.WaitText(zh(i18n.ResourceFrom))
		p.Check("resource-suits")
		p.reportFaults()
	}
}

// Volunteers and shared places are proposed in the same week: who is accepted is asked and says yes on the phone, a hall is booked from the proposal, and both needs are taken.
func TestTheWeeksPeopleAndPlaces(t *testing.T) {
	together(t)
	n, ctx := install(t, beijing(time.August, 20, 9, 0)), context.Background() // a Thursday
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	rows := testkit.NewRows(t, n.DB, n.tenant)
	who := rows.Person(n.community, "王热心", "")
	rows.Member(who, n.community, 0, "王热心")
	_, err := n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{{Login: "wang", Name: "王热心", Keep: true, PersonID: who, Grants: []authn.NewGrant{{Role: app.RoleMember, OrgID: n.community}}}})
	must(err)
	_, err = n.Volunteer.Enter(ctx, n.system, who, volunteer.Fields{Skills: []volunteer.Skill{"hair"}, Contact: true})
	must(err)
	hall, _, err := n.Venue.Save(ctx, n.system, 0, venue.NewVenue{OrgID: n.community, CommunityID: n.community, Kind: venue.Studio, Name: "先锋排练厅", Address: "先锋路 1 号二楼", Facilities: "音响、镜子", Contact: "服务台 88880000", Terms: exchange.Free,
		Audience: venue.Residents, Ahead: 30, Longest: 240, Slot: 60, Capacity: 40, Week: []string{"08:00-20:00", "08:00-20:00", "08:00-20:00", "08:00-20:00", "08:00-20:00", "08:00-20:00", "08:00-20:00"}})
	must(err)
	needs := map[exchange.Kind]id.ID{}
	for kind, title := range map[exchange.Kind]string{exchange.Trade: "请人上门理发", exchange.Place: "合唱队找排练厅用"} {
		got, err := n.Exchange.Enter(ctx, n.system, exchange.Asking{Kind: kind, Body: title, CommunityID: n.community, DueOn: calendar.DateOf(n.Exchange.Now()).AddDays(9)}, true)
		must(err)
		needs[kind] = got.ID
	}
	p := openAt(t, n.url, Desktop)
	defer p.reportFaults()
	p.LoginWith("shuji", newcomerPassword)
	p.Visit("/needs/week")
	p.Click(zh(i18n.WeekAgain))
	p.WaitText(zh(i18n.WeekDone, 2, 2))
	p.WaitText("王热心")
	p.WaitText("先锋排练厅")
	p.Check("week-people")
	phone := openAt(t, n.url, Phone)
	phone.LoginWith("shuji", newcomerPassword)
	phone.Visit("/needs/week")
	phone.WaitText("先锋排练厅")
	phone.Check("week-people-phone")
	phone.reportFaults()
	p.must("tick", script(`(() => { const b = document.querySelectorAll('input[name=id]'); b[0].click(); return String(b.length) })()`, new(string))) // a place is not ticked but booked
	p.Click(zh(i18n.WeekTake))
	p.WaitText(zh(i18n.WeekTaken, 1))
	p.Click(zh(i18n.WeekBook))
	p.WaitText("合唱队找排练厅用")
	p.Check("week-book")
	p.must("time", script(`(() => { document.querySelector('[name=starts]').value = '2026-08-24T15:00'; return 'x' })()`, new(string)))
	p.Fill(zh(i18n.VenueHowMany), "20")
	p.Click(zh(i18n.VenueBookAct))
	p.WaitText(zh(i18n.VenueForNeed))
	p.Check("week-booked")
	p.Visit("/needs/" + needs[exchange.Place].String())
	p.WaitText(zh(i18n.ExchangeBooking))
	p.WaitText(zh(i18n.PledgeAgreed))
	p.Check("week-need-booked")
	p.Visit("/needs/" + needs[exchange.Trade].String())
	p.WaitText(zh(i18n.PledgeForVolunteer))
	p.Visit("/needs/week")
	p.WaitText(zh(i18n.WeekEmpty))

	d, err := n.Exchange.Get(ctx, n.system, needs[exchange.Trade])
	must(err)
	must(n.Exchange.AcceptAsked(ctx, n.actorOf(t, "wang"), d.Pledges[0].ID, d.Pledges[0].Version, "13912345678"))
	if b, err := n.Venue.Bookings(ctx, n.system, venue.Filter{Venue: hall}); err != nil || len(b.Items) != 1 || b.Items[0].State != venue.Agreed || b.Items[0].NeedID != needs[exchange.Place] {
		t.Errorf("bookings %+v, %v", b.Items, err)
	}
}
