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
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/lovebank"
	"linli/internal/person"
	"linli/internal/resident"
	"linli/internal/testkit"
)

// A resident who is no member has a bank page behind their own account: empty at first, then hearts of their service, with which they redeem an hour of help. It is a need at
// once; a member takes it, comes, and the resident confirms it on their page. They give a neighbour some hearts. In both languages.
func TestAResidentsBank(t *testing.T) {
	together(t)
	for i, view := range []Viewport{Phone, Desktop} {
		t.Run(view.Name, func(t *testing.T) { residentBankWalk(t, view, i) })
	}
}

func residentBankWalk(t *testing.T, view Viewport, i int) {
	n, ctx := install(t, beijing(time.November, 20, 9, 0)), context.Background()
	codes := &resident.Shown{}
	n.Resident.WithSender(codes)
	staff := n.actorOf(t, "shuji")
	phone, number := []string{"16400007711", "16400007712"}[i], code.WithCheck([]string{"83010219541103012", "83010219541103013"}[i])
	who, err := n.Person.Create(ctx, staff, person.NewPerson{Fields: person.Fields{Name: "田秀兰", IDNumber: number, Phone: phone}, CommunityID: n.community})
	if err != nil {
		t.Fatal(err)
	}
	rows := testkit.NewRows(t, n.DB, n.tenant)
	helper, neighbour := rows.Person(n.community, "陈志愿", ""), rows.Person(n.community, "孙奶奶", "")
	rows.Member(helper, n.community, 0, "陈志愿")
	if _, err := n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{{Login: "chen", Name: "陈志愿", Keep: true, PersonID: helper, Grants: []authn.NewGrant{{Role: app.RoleMember, OrgID: n.community}}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := n.LoveBank.AddItem(ctx, staff, lovebank.NewItem{CommunityID: n.community, Kind: lovebank.Help, Title: "教用手机", Detail: "一对一教一小时。", Unit: "小时", Price: 10, Who: lovebank.Everybody, Stock: 9}); err != nil {
		t.Fatal(err)
	}
	other, err := n.LoveBank.OpenFor(ctx, staff, neighbour)
	if err != nil {
		t.Fatal(err)
	}
	otherBook, err := n.LoveBank.Look(ctx, staff, other)
	if err != nil {
		t.Fatal(err)
	}

	own := openAt(t, n.url, view)
	t.Cleanup(own.reportFaults)
	both := func(name string) {
		own.Check(name)
		at := own.Path()
		own.Language(i18n.EN)
		own.Visit(at)
		own.Check(name + "-en")
		own.Language(i18n.ZH)
		own.Visit(at)
	}
	own.Visit("/p/me/login")
	own.Fill(zh(i18n.OwnPhone), phone)
	own.Click(zh(i18n.OwnSend))
	own.WaitText(zh(i18n.OwnIn))
	own.Fill(zh(i18n.OwnCode), codes.Last(phone))
	own.Click(zh(i18n.OwnIn))
	own.WaitPath("/p/me")
	own.Visit("/p/me/bank") // who it is comes first
	own.Fill(zh(i18n.OwnName), "田秀兰")
	own.Fill(zh(i18n.OwnTail), strings.ToLower(number[12:]))
	own.Click(zh(i18n.OwnProveAct))
	own.WaitPath("/p/me/data")
	own.Visit("/p/me")
	own.ClickOn(`.tile[href="/p/me/bank"]`)
	own.WaitText(zh(i18n.BankOpen))
	both("bank-none")
	own.Click(zh(i18n.BankOpen))
	own.WaitText(zh(i18n.BankOpened))
	own.WaitText(zh(i18n.BankNoLinesHow))
	both("bank-empty")

	if err := n.DB.WithTx(ctx, func(tx *db.Tx) error {
		_, err := n.Ledger.PostTx(ctx, tx, n.system, ledger.Posting{Account: ledger.Hours, PersonID: who, CommunityID: n.community, OnDate: calendar.On(2026, 11, 18), Amount: 300, Proof: ledger.Countersigned, SourceKind: ledger.SourceShift, SourceID: id.New()})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := n.LoveBank.SyncAll(ctx, n.tenant); err != nil {
		t.Fatal(err)
	}
	own.Visit("/p/me/bank")
	if held := own.Text("#balance"); !strings.Contains(held, "50") {
		t.Errorf("five hours are %q", held)
	}
	both("bank")
	own.Click(zh(i18n.BankRedeem))
	own.WaitText("教用手机")
	both("bank-items")
	own.Click("教用手机")
	if got := own.Value(zh(i18n.BankHelpPhone)); got != phone {
		t.Errorf("the telephone is %q, want it filled in", got)
	}
	own.Fill(zh(i18n.BankHowMany), "13")
	own.must("no bounds in the browser", script(`(() => { document.querySelector('[name=amount]').removeAttribute('max'); return '' })()`, new(string)))
	own.Expect(422)
	own.Click(zh(i18n.BankRedeemAct))
	own.WaitText(zh(i18n.BankHelpMost, 12))
	own.Fill(zh(i18n.BankHowMany), "2")
	own.Fill(zh(i18n.BankHelpWords), "周三上午，门铃坏了请敲门")
	own.Fill(zh(i18n.BankHelpPlace), "三号楼 201")
	own.Check("bank-item")
	own.Click(zh(i18n.BankRedeemAct))
	own.WaitText(zh(i18n.BankHelpOrdered))
	both("bank-order")
	order := own.Path()

	// It is public at once, and says nothing of who asked.
	public := openAt(t, n.url, view)
	t.Cleanup(public.reportFaults)
	public.Visit("/p/wishes")
	public.WaitText("教用手机")
	if public.HasText("田秀兰") || public.HasText("门铃") || public.HasText("三号楼") {
		t.Error("the public page says who asked")
	}
	desk := openAt(t, n.url, Desktop)
	t.Cleanup(desk.reportFaults)
	desk.LoginWith("shuji", newcomerPassword)
	desk.Visit("/bank/orders")
	desk.Visit(desk.Attribute("main tbody a[data-row-link]", "href"))
	desk.WaitText(zh(i18n.BankHelpNeed))
	desk.Check("desk-order")
	desk.Visit(desk.Attribute(`main a[href^="/needs/"]`, "href"))
	desk.WaitText(zh(i18n.ExchangeByBank))
	need := desk.Path()
	if desk.Count(`main a[href^="/bank/orders/"]`) != 1 {
		t.Error("the need does not open its order")
	}

	member := openAt(t, n.url, view)
	t.Cleanup(member.reportFaults)
	member.LoginWith("chen", newcomerPassword)
	member.Visit("/m")
	member.Click(zh(i18n.HelpTitle))
	member.Click("教用手机")
	member.Click(zh(i18n.HelpPledge))
	member.WaitText(zh(i18n.HelpPledged))
	taking := member.Path()
	desk.Visit(need)
	desk.WaitText("陈志愿")
	desk.ClickIn("main form", zh(i18n.ExchangeAgree))
	desk.WaitText(zh(i18n.ExchangeAgreed))
	desk.Check("desk-need")
	member.Visit(taking)
	member.Click(zh(i18n.HelpShowContact))
	member.WaitText("田秀兰")
	member.WaitText("门铃坏了") // when it suits, for who comes alone
	member.Click(zh(i18n.HelpDeliverAct))
	member.WaitText(zh(i18n.HelpBrought))

	own.Visit(order)
	own.Click(zh(i18n.BankHelpOpen))
	own.WaitText("陈志愿")
	if back := own.Attribute(`main a[href*="/bank/orders/"]`, "href"); back != order {
		t.Errorf("the wish opens %q, want its order %q", back, order)
	}
	own.Check("help-confirm")
	own.ClickIn("#rate", zh(i18n.ExchangeYes))
	own.WaitText(zh(i18n.WishRated))
	own.Visit(order)
	own.WaitText(zh(i18n.BankCollected))
	own.Check("bank-order-done")
	if err := n.LoveBank.SyncAll(ctx, n.tenant); err != nil {
		t.Fatal(err)
	}

	own.Visit("/p/me/bank/give")
	own.must("a neighbour", script(`(() => { document.querySelector('[name=to][value=neighbour]').click(); return '' })()`, new(string)))
	own.Fill(zh(i18n.BankNeighbourNo), otherBook.No)
	own.Fill(zh(i18n.BankHowManyHearts), "10")
	own.Check("bank-give")
	own.Click(zh(i18n.BankGiveAct))
	own.WaitText(zh(i18n.BankGiven, 10))
	own.Check("bank-lines")
	if b, err := n.LoveBank.Look(ctx, staff, other); err != nil || b.Balance != 10 {
		t.Errorf("the neighbour has %d hearts, %v", b.Balance, err)
	}
	own.Visit("/p/me/bank/print")
	own.WaitText("田秀兰")
	own.Axe("bank-print")
	if got := own.Fetch("/p/me/bank/export"); got.Status != 200 {
		t.Errorf("the export answers %d", got.Status)
	}
	desk.Visit("/bank/trial")
	desk.WaitText(zh(i18n.BankBalances))
	if faults, err := n.LoveBank.Verify(ctx, n.DB, n.tenant); err != nil || len(faults) > 0 {
		t.Errorf("the books: %v, %v", faults, err)
	}
}
