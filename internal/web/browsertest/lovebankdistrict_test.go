//go:build browser

package browsertest

import (
	"context"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/testkit"
)

// Two districts of one installation agree, a member transfers hearts to an account of the other, and what nobody can take there returns with the reason.
func TestTwoDistrictsAgree(t *testing.T) {
	together(t)
	for _, view := range []Viewport{Desktop, Phone} {
		t.Run(view.Name, func(t *testing.T) { districtsWalk(t, view) })
	}
}

func districtsWalk(t *testing.T, view Viewport) {
	n, ctx := install(t, beijing(time.November, 20, 9, 0)), context.Background()
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	other, root, err := n.CreateTenant(ctx, "830103", "青云区")
	ok(err)
	far := authz.System(other, "browsertest")
	_, err = n.Authn.CreateMany(ctx, far, newcomerPassword, []authn.NewAccount{{Login: "qingyun", Name: "青云区委组织部", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleDistrict, OrgID: root}}}})
	ok(err)
	there := testkit.NewRows(t, n.DB, other)
	mother := there.Person(there.Organisation("community_party", "云上社区"), "陈妈妈", "")
	book, err := n.LoveBank.OpenFor(ctx, far, mother)
	ok(err)
	hers, err := n.LoveBank.Look(ctx, far, book)
	ok(err)
	person := testkit.NewRows(t, n.DB, n.tenant).Person(n.community, "陈志愿", "")
	_, err = n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{{Login: "chen", Name: "陈志愿", Keep: true, PersonID: person, Grants: []authn.NewGrant{{Role: app.RoleMember, OrgID: n.community}}}})
	ok(err)
	ok(n.DB.WithTx(ctx, func(tx *db.Tx) error {
		_, err := n.Ledger.PostTx(ctx, tx, n.system, ledger.Posting{Account: ledger.Hours, PersonID: person, CommunityID: n.community, OnDate: calendar.On(2026, 11, 18), Amount: 480, Proof: ledger.Timed, SourceKind: ledger.SourceShift, SourceID: id.New()})
		return err
	}))
	carry := func() {
		t.Helper()
		ok(n.LoveBank.Carry(ctx, n.tenant))
		ok(n.LoveBank.Carry(ctx, other))
	}
	open := func(login string) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		p.LoginWith(login, newcomerPassword)
		return p
	}

	here, theirs, phone := open("quwei@830102"), open("qingyun@830103"), open("chen@830102")
	here.Visit("/bank/districts")
	here.must("a district", script(`(() => { const s = document.querySelector('[name=district]'); s.value = '830103'; return s.value })()`, new(string)))
	here.Fill(zh(i18n.BankAccordCeiling), "60")
	here.Check("propose")
	here.ClickIn("main form", zh(i18n.BankAccordPropose))
	here.WaitText(zh(i18n.BankAccordSent))
	here.Check("proposed")
	carry()
	theirs.Visit("/")
	theirs.WaitText(zh(i18n.BankWaitAccord, 1))
	theirs.Visit("/bank/districts")
	theirs.WaitText("临江区")
	theirs.Check("offered")
	theirs.ClickIn("main form", zh(i18n.BankAccordAgree))
	theirs.WaitText(zh(i18n.BankAccordAgreed))
	carry()

	phone.Visit("/m/bank")
	phone.Click(zh(i18n.BankOpen))
	phone.WaitText(zh(i18n.BankOpened))
	send := func(no string) {
		phone.Visit("/m/bank/give")
		phone.must("the other district", script(`(() => { document.querySelector('[name=to][value=district]').click(); const s = document.querySelector('[name=district]'); s.value = '830103'; return s.value })()`, new(string)))
		phone.Fill(zh(i18n.BankNeighbourNo), no)
		phone.Fill(zh(i18n.BankHowManyHearts), "20")
		phone.Check("send")
		phone.Click(zh(i18n.BankGiveAct))
		phone.WaitText(zh(i18n.BankSent, 20))
	}
	send(hers.No)
	send("A20261120-000000")
	phone.WaitText(zh(i18n.BankAccordUnder))
	carry()
	phone.Visit("/m/bank")
	phone.WaitText(zh(i18n.BankRefusedAccount))
	if held := phone.Text("#balance"); !strings.Contains(held, "60") {
		t.Errorf("the balance is %q", held)
	}
	phone.Check("sent")
	phone.Visit("/m/bank/give")
	phone.must("the other district", script(`(() => { document.querySelector('[name=to][value=district]').click(); const s = document.querySelector('[name=district]'); s.value = '830103'; return s.value })()`, new(string)))
	phone.Fill(zh(i18n.BankNeighbourNo), hers.No)
	phone.Fill(zh(i18n.BankHowManyHearts), "50")
	phone.Expect(422)
	phone.Click(zh(i18n.BankGiveAct))
	phone.WaitText(zh(i18n.BankCeiling, 60, 40))
	here.Visit("/bank/districts")
	here.Check("in-force")
	here.Visit("/bank/journals?act=sent")
	here.Visit(here.Attribute("main tbody a[data-row-link]", "href"))
	here.WaitText("青云区")
	here.Check("journal")
	here.Visit("/bank/trial")
	here.WaitText(zh(i18n.BankBalances))
	if b, err := n.LoveBank.Look(ctx, far, book); err != nil || b.Balance != 20 {
		t.Errorf("the account in the other district holds %d, %v", b.Balance, err)
	}
	for _, tenant := range []int64{n.tenant, other} {
		if faults, err := n.LoveBank.Verify(ctx, n.DB, tenant); err != nil || len(faults) > 0 {
			t.Errorf("the books of %d: %v, %v", tenant, faults, err)
		}
	}
}
