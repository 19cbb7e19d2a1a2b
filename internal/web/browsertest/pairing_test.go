//go:build browser

package browsertest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/calendar"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/testkit"
)

// The community enters a household in hardship and pairs it with a member; the member sees it on the phone and notes a visit; the community's list shows it, and the
// district sees figures alone.
func TestPairingFromTheEntryToTheVisit(t *testing.T) {
	together(t)
	n := install(t, beijing(time.November, 20, 9, 0))
	ctx, rows := context.Background(), testkit.NewRows(t, n.DB, n.tenant)
	one := rows.Person(n.community, "王帮扶", "")
	rows.Member(one, n.community, 0, "王帮扶")
	needy, err := n.Person.Create(ctx, n.system, person.NewPerson{Fields: person.Fields{Name: "赵困难"}, CommunityID: n.community})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{
		{Login: "wang", Name: "王帮扶", Keep: true, PersonID: one, Grants: []authn.NewGrant{{Role: app.RoleMember, OrgID: n.community}}},
	}); err != nil {
		t.Fatal(err)
	}
	open := func(view Viewport, login string) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		p.LoginWith(login, newcomerPassword)
		return p
	}
	find := func(p *Page, label, text string) {
		p.Fill(label, text)
		p.until("somebody to choose", func() string {
			return unless(strings.Contains(strings.Join(p.Texts(".combo-option"), " "), text), "nobody")
		})
		p.ClickOn(".combo-option")
	}

	desk := open(Desktop, "shuji")
	desk.Visit("/pairing")
	desk.WaitText(zh(i18n.PairEmpty))
	desk.Check("list-empty")
	desk.Visit("/pairing/new")
	find(desk, zh(i18n.PairContact), "赵困难")
	desk.Choose(zh(i18n.PairDifficulty), zh(i18n.PairIllness))
	desk.Fill(zh(i18n.PairSituation), "透析三年，一人照顾。")
	desk.Choose(zh(i18n.PairConsent), zh(i18n.TakeOverInPerson))
	desk.Fill(zh(i18n.PairConsentOn), "2026-11-25")
	refused(desk, "main form .form-acts", zh(i18n.PartialSave), zh(i18n.PairFuture))
	desk.Check("new-refused")
	desk.Fill(zh(i18n.PairConsentOn), "2026-11-20")
	desk.ClickIn("main form .form-acts", zh(i18n.PartialSave))
	desk.WaitText(zh(i18n.PairEntered))
	desk.Check("file-waiting")
	find(desk, zh(i18n.PairMember), "王帮扶")
	desk.ClickIn(`form[action$="/pair"]`, zh(i18n.PairAct))
	desk.WaitText(zh(i18n.PairVisit))
	desk.Check("file-paired")
	file := desk.Path()

	n.clock.To(beijing(time.December, 28, 9, 0))
	phone := open(Phone, "wang")
	phone.WaitText(zh(i18n.PairWaitMine, 1))
	phone.Visit("/my-pairing")
	phone.WaitText("赵困难")
	phone.Check("mine")
	phone.Click("赵困难")
	phone.WaitText("透析三年")
	phone.Check("mine-file")
	phone.Choose(zh(i18n.PairDeed), zh(i18n.PairTalk))
	phone.Fill(zh(i18n.PairNote), "精神不错，药还够两周。")
	phone.ClickIn(`form[action$="/visit"]`, zh(i18n.PartialSave))
	phone.WaitText(zh(i18n.PairVisited))
	phone.WaitText("药还够两周")
	phone.Check("mine-visited")
	phone.Choose(zh(i18n.PairDeed), zh(i18n.PairGoods))
	phone.Click(zh(i18n.PairAsk))
	phone.Expect(422)
	phone.ClickIn(`form[action$="/visit"]`, zh(i18n.PartialSave))
	phone.WaitText(zh(i18n.ErrRequired))
	phone.Check("mine-lack-refused")
	phone.Fill(zh(i18n.PairLack), "一台轮椅")
	phone.ClickIn(`form[action$="/visit"]`, zh(i18n.PartialSave))
	phone.WaitText(zh(i18n.ExchangeAsked))
	phone.ClickRow("药还够两周", zh(i18n.PairAskAct)) // of the first visit, later: in words of its own
	phone.Check("mine-ask")
	phone.ClickOn(`details[open] input[name="lack"]`)
	phone.must("typing what is lacking", input.InsertText("一个血压计"))
	phone.ClickIn(`details[open] form[action$="/ask"]`, zh(i18n.PairAskAct))
	phone.WaitText(zh(i18n.PairAsked1))
	phone.Check("mine-asked")
	phone.Expect(403)
	if got := phone.Fetch(file); got.Status != 403 {
		t.Errorf("the member's look at the community's page answers %d", got.Status)
	}

	desk.LoginWith("shuji", newcomerPassword) // hours have passed
	desk.Visit("/pairing")
	desk.WaitText("2026-12-28")
	desk.WaitText("王帮扶")
	desk.Check("list")
	desk.Visit(file)
	desk.WaitText("药还够两周")
	desk.Check("file-visited")
	desk.Visit(desk.Attribute(`main a[href^="/needs/"]`, "href"))
	desk.WaitText(zh(i18n.ExchangeByPair))
	desk.WaitText("一台轮椅")
	if desk.HasText("赵困难") {
		t.Error("the need names whose it is")
	}
	desk.Check("need")
	need := desk.Path()
	var wish id.ID
	if wish, err = id.Parse(need[len("/needs/"):]); err != nil {
		t.Fatal(err)
	}
	keeper := n.actorOf(t, "shuji")
	if err := n.Exchange.Approve(ctx, keeper, wish, 0, exchange.Public{Title: "一台轮椅", Kind: exchange.Goods, Wanted: 1, DueOn: calendar.On(2027, 1, 20)}); err != nil {
		t.Fatal(err)
	}
	if err := n.Exchange.End(ctx, keeper, wish, 0, exchange.Settled, "街道送来一台"); err != nil {
		t.Fatal(err)
	}
	desk.Visit(file)
	desk.WaitText(zh(i18n.ExchangeSettled))
	desk.Check("file-need-ended")
	desk.Resize(Phone)
	desk.Check("file-phone")
	desk.Visit("/residents/" + needy.String() + "/looks")
	desk.WaitText("王帮扶") // who looked stands where the person reads it

	above := open(Desktop, "quwei")
	above.Visit("/pairing")
	above.WaitText(zh(i18n.PairCountVisit))
	above.Check("counts")
	if above.HasText("赵困难") {
		t.Error("the district reads a name")
	}
	above.Expect(403)
	if got := above.Fetch(file); got.Status != 403 {
		t.Errorf("the district's look at a household answers %d", got.Status)
	}
}
