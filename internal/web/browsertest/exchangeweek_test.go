//go:build browser

package browsertest

import (
	"context"
	"strings"
	"testing"
	"time"

	"linli/internal/calendar"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
)

// The week's matches: what there is is proposed for what is open, with reasons; the secretary takes one, says no to another, and chooses anew.
func TestTheWeeksMatches(t *testing.T) {
	t.Parallel()
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
		must(func() error {
			_, err := n.Exchange.AddResource(ctx, n.system, exchange.Offer{Kind: exchange.Trade, Title: "剪爱理发队", Giver: "剪爱志愿队", Skill: "理发", PlaceID: n.community, Terms: exchange.Free})
			return err
		}())
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
		p.reportFaults()
	}
}
