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
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/lovebank"
	settings "linli/internal/policy"
	"linli/internal/testkit"
)

// From hours in the ledger to something in the hand: a member on the phone opens an account and sees their hours credited, redeems with a code, the desk hands over, and the
// books balance. A firm gives something, the fund grants, a gift is taken back.
func TestTheLoveBank(t *testing.T) {
	together(t)
	for _, view := range []Viewport{Desktop, Phone} {
		t.Run(view.Name, func(t *testing.T) { bankWalk(t, view) })
	}
}

func bankWalk(t *testing.T, view Viewport) {
	n, ctx := install(t, beijing(time.August, 20, 9, 0)), context.Background()
	rows := testkit.NewRows(t, n.DB, n.tenant)
	unit := rows.Organisation("unit", "利民超市")
	person, neighbour := rows.Person(n.community, "陈志愿", ""), rows.Person(n.community, "孙奶奶", "")
	member := rows.Member(person, n.community, 0, "陈志愿")
	if _, err := n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{
		{Login: "chen", Name: "陈志愿", Keep: true, PersonID: person, Grants: []authn.NewGrant{{Role: app.RoleMember, OrgID: n.community}}},
		{Login: "lianluo", Name: "孙联络", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleLiaison, OrgID: unit}}},
	}); err != nil {
		t.Fatal(err)
	}
	if err := n.DB.WithTx(ctx, func(tx *db.Tx) error {
		_, err := n.Ledger.PostTx(ctx, tx, n.system, ledger.Posting{Account: ledger.Hours, MemberID: member, PersonID: person, CommunityID: n.community, OnDate: calendar.On(2026, 8, 10), Amount: 480, Proof: ledger.Countersigned,
			SourceKind: ledger.SourceHelp, SourceID: id.New()})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	open := func(login string) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		p.LoginWith(login, newcomerPassword)
		return p
	}

	desk, phone, liaison := open("shuji"), open("chen"), open("lianluo")
	liaison.Visit("/unit-bank")
	liaison.Check("unit-bank-empty")
	liaison.Visit("/unit-bank/new")
	liaison.must("a community", script(`(() => { const s = document.querySelector('[name=community]'); s.value = '`+n.community.String()+`'; return s.value })()`, new(string)))
	liaison.Fill(zh(i18n.BankItem), "大米")
	liaison.Fill(zh(i18n.BankAmountL), "20")
	liaison.Fill(zh(i18n.BankCountedIn), "袋")
	liaison.Check("unit-bank-new")
	liaison.ClickIn("main form", zh(i18n.BankOffer))
	liaison.WaitText(zh(i18n.BankOfferDone))
	liaison.Check("unit-bank-one")
	given := liaison.Path()

	desk.Visit("/")
	desk.WaitText(zh(i18n.BankWaitDonation, 1))
	desk.Visit("/bank/donations")
	desk.Check("bank-donations")
	desk.Click("大米")
	desk.Fill(zh(i18n.BankPriceEach), "30")
	desk.Check("bank-donation")
	desk.Click(zh(i18n.BankAcceptAct))
	desk.WaitText(zh(i18n.BankAcceptedDone))
	desk.Visit("/bank/items/new")
	desk.Fill(zh(i18n.BankItem), "教用手机")
	desk.Choose(zh(i18n.BankWare), zh(i18n.BankWareHelp))
	desk.Fill(zh(i18n.BankPriceEach), "5")
	desk.Fill(zh(i18n.BankStockBegin), "3")
	desk.must("a community", script(`(() => { const s = document.querySelector('[name=community]'); s.value = '`+n.community.String()+`'; return s.value })()`, new(string)))
	desk.Check("bank-item-new")
	desk.ClickIn("main form .form-acts", zh(i18n.BankItemNew))
	desk.WaitText(zh(i18n.BankSaved))
	desk.Check("bank-item")
	desk.Visit("/bank")
	desk.Check("bank")

	phone.Visit("/m")
	phone.ClickIn("main", zh(i18n.BankTitle))
	phone.WaitText(zh(i18n.BankOpen))
	phone.Check("own-bank-none")
	phone.Click(zh(i18n.BankOpen))
	phone.WaitText(zh(i18n.BankOpened))
	if held := phone.Text("#balance"); !strings.Contains(held, "80") {
		t.Errorf("eight hours are %q", held)
	}
	phone.Check("own-bank")
	phone.Click(zh(i18n.BankRedeem))
	phone.WaitText("大米")
	phone.Check("own-bank-items")
	phone.Click("大米")
	phone.Fill(zh(i18n.BankHowMany), "3")
	phone.Expect(422)
	phone.Click(zh(i18n.BankRedeemAct))
	phone.WaitText(zh(i18n.BankNotEnough, 80))
	phone.Fill(zh(i18n.BankHowMany), "1")
	phone.Check("own-bank-item")
	phone.Click(zh(i18n.BankRedeemAct))
	phone.WaitText(zh(i18n.BankCode))
	code, order := phone.Text("#code"), phone.Path()
	phone.Check("own-bank-order")
	phone.Visit("/m")
	phone.WaitText(zh(i18n.BankWaitCollect, 1))

	desk.Visit("/bank/orders")
	desk.WaitText("陈志愿")
	desk.Expect(422)
	desk.Fill(zh(i18n.BankCode), "ABCD2345")
	desk.ClickIn("#hand", zh(i18n.BankHandAct))
	desk.WaitText(zh(i18n.BankWrongCode))
	desk.Check("bank-orders-wrong")
	desk.Fill(zh(i18n.BankCode), strings.ToLower(code))
	desk.ClickIn("#hand", zh(i18n.BankHandAct))
	desk.WaitText(zh(i18n.BankHandedDone))
	desk.Check("bank-order")
	desk.Click(zh(i18n.BankReceipt))
	desk.WaitText(zh(i18n.BankReceiptTitle))
	desk.Axe("bank-receipt")
	desk.Shot("bank-receipt")
	phone.Visit(order)
	phone.WaitText(zh(i18n.BankCollected))
	liaison.Visit(given)
	liaison.WaitText(zh(i18n.BankKindGiven))

	phone.Visit("/m/bank/give")
	phone.Fill(zh(i18n.BankHowManyHearts), "20")
	phone.Check("own-bank-give")
	phone.Click(zh(i18n.BankGiveAct))
	phone.WaitText(zh(i18n.BankGiven, 20))
	phone.Check("own-bank-lines")
	limit := func(v settings.Value, n1 int64) {
		if err := n.Policy.Set(ctx, n.system, settings.Change{Name: v.Name, Value: n1, Source: "会议纪要"}); err != nil {
			t.Fatal(err)
		}
	}
	limit(lovebank.GiftLimit, 25)
	limit(lovebank.GrantLimit, 5)
	phone.Visit("/m/bank/give")
	phone.Fill(zh(i18n.BankHowManyHearts), "10")
	phone.Expect(422)
	phone.Click(zh(i18n.BankGiveAct))
	phone.WaitText(zh(i18n.BankMuchGift, 30, 25))
	phone.Check("own-bank-much")
	phone.Click(zh(i18n.BankSureGift))
	phone.Click(zh(i18n.BankGiveAct))
	phone.WaitText(zh(i18n.BankGiven, 10))
	phone.Visit("/m/bank/print")
	phone.WaitText("陈志愿")
	phone.Axe("own-bank-print")
	phone.Shot("own-bank-print")

	book, err := n.LoveBank.OpenFor(ctx, n.actorOf(t, "shuji"), neighbour)
	if err != nil {
		t.Fatal(err)
	}
	desk.Visit("/bank/accounts")
	desk.WaitText("孙奶奶")
	desk.Check("bank-accounts")
	desk.Visit("/bank/accounts/" + book.String())
	desk.Fill(zh(i18n.BankHowManyHearts), "10")
	desk.Fill(zh(i18n.BankReason), "独居，生活困难")
	desk.Check("bank-account")
	desk.Expect(422)
	desk.Click(zh(i18n.BankGrantAct))
	desk.WaitText(zh(i18n.BankMuchGrant, 10, 5))
	desk.Check("bank-account-much")
	desk.Click(zh(i18n.BankSureGrant))
	desk.Click(zh(i18n.BankGrantAct))
	desk.WaitText(zh(i18n.BankGranted))
	desk.must("an item", script(`(() => { const s = document.querySelector('select[name=item]'); s.selectedIndex = [...s.options].findIndex(o => o.text.includes('教用手机')); return s.value })()`, new(string)))
	desk.Click(zh(i18n.BankRedeemAct))
	desk.WaitText(zh(i18n.BankOrderedFor))
	desk.Check("bank-ordered-for")

	desk.Visit("/bank/journals?act=grant&warned=1")
	desk.Check("bank-journals")
	desk.Visit(desk.Attribute("main tbody a[data-row-link]", "href"))
	desk.WaitText(zh(i18n.BankWarned))
	desk.Check("bank-journal")

	// The member moves to another community of the district: the account goes along.
	other := rows.Organisation("community_party", "文汇社区")
	testkit.Exec(t, n.DB, `UPDATE member SET community_id = $1 WHERE tenant_id = $2 AND id = $3`, other, n.tenant, member)
	if err := n.LoveBank.Settle(ctx, n.tenant); err != nil {
		t.Fatal(err)
	}
	phone.Visit("/m/bank")
	phone.WaitText(zh(i18n.BankMovedTo, "文汇社区"))
	phone.Check("own-bank-moved")
	desk.Visit("/bank/journals?kind=between")
	desk.WaitText(zh(i18n.BankActMoved))
	desk.Visit(desk.Attribute("main tbody a[data-row-link]", "href"))
	desk.Check("bank-journal-moved")
	desk.Visit("/bank/trial")
	desk.WaitText(zh(i18n.BankBalances))
	desk.Check("bank-trial")
	desk.Visit("/bank/solvency")
	desk.WaitText(zh(i18n.BankOutstanding))
	desk.Check("bank-solvency")
	for _, path := range []string{"/bank/export", "/bank/orders/export", "/bank/journals/export", "/bank/trial/export", "/bank/solvency/export", "/bank/accounts/" + book.String() + "/export"} {
		if got := desk.Fetch(path); got.Status != 200 {
			t.Errorf("%s answers %d", path, got.Status)
		}
	}
	if got := phone.Fetch("/m/bank/export"); got.Status != 200 {
		t.Errorf("the member's export answers %d", got.Status)
	}
	if faults, err := n.LoveBank.Verify(ctx, n.DB, n.tenant); err != nil || len(faults) > 0 {
		t.Errorf("the books: %v, %v", faults, err)
	}
}
