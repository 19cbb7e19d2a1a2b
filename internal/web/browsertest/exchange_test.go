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
	"linli/internal/casework"
	"linli/internal/cobuild"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/testkit"
)

// From a wish on the phone to the slip of the quarter: a resident wishes, the community approves, a member takes it, it is delivered and rated; the hours stand in
// the ledger, on the member's page and on the slip, and on the agreement page of the unit, which sees what it took too. Nobody types them again. A case becomes a need by one press.
func TestFromAWishToTheSlip(t *testing.T) {
	together(t)
	for _, view := range []Viewport{Desktop, Phone} {
		t.Run(view.Name, func(t *testing.T) {
			t.Parallel()
			wishWalk(t, view)
		})
	}
}

func wishWalk(t *testing.T, view Viewport) {
	n, ctx := install(t, beijing(time.August, 20, 9, 0)), context.Background()
	rows := testkit.NewRows(t, n.DB, n.tenant)
	unit := rows.Organisation("unit", "临江区供电公司")
	person := rows.Person(n.community, "陈建党", "")
	member := rows.Member(person, n.community, unit, "陈建党")
	if _, err := n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{
		{Login: "chen", Name: "陈建党", Keep: true, PersonID: person, Grants: []authn.NewGrant{{Role: app.RoleMember, OrgID: n.community}}},
		{Login: "lianluo", Name: "孙联络", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleLiaison, OrgID: unit}}},
	}); err != nil {
		t.Fatal(err)
	}
	// The unit promised hours in an agreement; nobody will type them.
	shuji, lianluo := n.actorOf(t, "shuji"), n.actorOf(t, "lianluo")
	agreement, err := n.Cobuild.Draft(ctx, shuji, cobuild.NewAgreement{As: n.community, CommunityID: n.community, Units: []id.ID{unit}, Terms: cobuild.Terms{Kind: cobuild.General, Goal: "老人有人陪", From: calendar.On(2026, 8, 20), To: calendar.On(2027, 8, 19)},
		Items: []cobuild.NewItem{{Title: "党员陪老人就医", OrgID: unit, Often: cobuild.Once, DueOn: calendar.On(2026, 8, 31), Measure: cobuild.Hours, Amount: 2}}})
	for _, step := range []func() error{func() error { return err }, func() error { return n.Cobuild.Send(ctx, shuji, agreement, 0, n.community) },
		func() error { _, err := n.Cobuild.Sign(ctx, lianluo, agreement, 0, unit); return err }, func() error { _, err := n.Cobuild.Sign(ctx, shuji, agreement, 0, n.community); return err }} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	open := func(login string) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		if login != "" {
			p.LoginWith(login, newcomerPassword)
		}
		return p
	}

	public, desk, phone, liaison := open(""), open("shuji"), open("chen"), open("lianluo")
	public.Visit("/p/wishes")
	public.WaitText(zh(i18n.WishNone))
	public.Check("wishes-empty")
	public.Click(zh(i18n.WishNew))
	public.must("a place", script(`(() => { const s = document.querySelector('[name=community]'); s.value = '`+n.community.String()+`'; return s.value })()`, new(string)))
	public.Fill(zh(i18n.WishBody), "我腿不好，想找人陪我去医院，电话 13800138000")
	public.Fill(zh(i18n.CasePublicName), "吕奶奶")
	public.Fill(zh(i18n.CasePublicPhone), "13800138000")
	public.Fill(zh(i18n.WishPlace), "3 单元 301")
	public.Check("wish-form")
	public.Click(zh(i18n.WishSend))
	public.WaitText(zh(i18n.CasePublicCodeKeep))
	code := public.Text("#code")
	public.Check("wish-receipt")

	desk.Visit("/")
	desk.WaitText(zh(i18n.ExchangeWaitApprove, 1))
	desk.Visit("/needs")
	desk.Check("needs")
	desk.Visit(desk.Attribute("main tbody a[data-row-link]", "href"))
	desk.WaitText(zh(i18n.ExchangeFlagged))
	if body := desk.Text("main"); strings.Contains(body, "13800138000") || strings.Contains(body, "吕奶奶") {
		t.Errorf("the page of the need names who asked")
	}
	need := desk.Path()
	desk.Fill(zh(i18n.ExchangePublicTitle), "陪老人就医")
	desk.Fill(zh(i18n.ExchangePublicWords), "周三上午，帮着排队、拿药")
	desk.Check("need-asked")
	desk.Click(zh(i18n.ExchangeApprove))
	desk.WaitText(zh(i18n.ExchangeApproved))
	public.Visit("/p/wishes")
	public.WaitText("陪老人就医")
	public.Check("wishes")

	phone.Visit("/m")
	phone.Click(zh(i18n.HelpTitle))
	phone.WaitText("陪老人就医")
	phone.Check("help")
	phone.Click("陪老人就医")
	phone.Fill(zh(i18n.HelpContact), "13912345678")
	phone.Check("help-card")
	phone.Click(zh(i18n.HelpPledge))
	phone.WaitText(zh(i18n.HelpPledged))
	taking := phone.Path()

	desk.Visit("/")
	desk.WaitText(zh(i18n.ExchangeWaitAgree, 1))
	desk.Visit(need)
	desk.WaitText("陈建党")
	desk.Check("need-pledged")
	desk.ClickIn("main form", zh(i18n.ExchangeAgree))
	desk.WaitText(zh(i18n.ExchangeAgreed))

	phone.Visit("/m")
	phone.WaitText(zh(i18n.ExchangeWaitDeliver, 1))
	phone.Visit(taking)
	phone.WaitText(zh(i18n.HelpNotTold, "先锋社区")) // they did not agree beforehand
	phone.Check("help-not-told")
	desk.Visit(need)
	desk.WaitText(zh(i18n.ExchangeShareWait))
	desk.Check("need-not-told")
	public.Visit("/p/case")
	public.Fill(zh(i18n.CasePublicCode), code)
	public.Click(zh(i18n.CasePublicLook))
	public.WaitText("陈建党")
	public.Check("wish-share")
	public.Click(zh(i18n.ExchangeShareOwn))
	public.WaitText(zh(i18n.WishShared))
	phone.Visit(taking)
	phone.Click(zh(i18n.HelpShowContact))
	phone.WaitText("吕奶奶")
	if contact := phone.Text("#contact"); !strings.Contains(contact, "13800138000") || !strings.Contains(contact, "3 单元 301") {
		t.Errorf("the contact is %q", contact)
	}
	phone.Check("help-contact")
	phone.Fill(zh(i18n.ExchangeHoursEach), "1.5")
	phone.Click(zh(i18n.HelpDeliverAct))
	phone.WaitText(zh(i18n.HelpBrought))
	phone.Check("help-delivered")

	public.Visit("/p/case")
	public.Fill(zh(i18n.CasePublicCode), strings.ToLower(code))
	public.Click(zh(i18n.CasePublicLook))
	public.WaitText("陈建党")
	public.WaitText(zh(i18n.ExchangeActLook))                            // who looked is theirs to read
	if hours := public.Text("#hours"); !strings.Contains(hours, "1.5") { // they see what they confirm
		t.Errorf("the hours to confirm are %q", hours)
	}
	public.Check("wish-rate")
	public.ClickIn("#rate", zh(i18n.ExchangeYes))
	public.WaitText(zh(i18n.WishRated))
	public.Check("wish-done")

	phone.Visit(taking)
	phone.WaitText(zh(i18n.HelpConfirmed))
	phone.Visit("/m/hours")
	phone.WaitText("1.5")
	phone.Visit("/m/postings")
	phone.WaitText("陪老人就医")
	phone.Check("hours")
	desk.Visit(need)
	desk.WaitText(zh(i18n.LedgerVouched)) // nobody knows whose hand the code is in
	desk.Check("need-done")
	desk.Visit("/ledger/postings?member=" + member.String())
	desk.WaitText("陪老人就医")
	if total, err := n.Ledger.Total(ctx, n.actorOf(t, "shuji"), ledger.Filter{MemberID: member}); err != nil || total.Hours.Vouched != 90 {
		t.Errorf("the ledger holds %+v, %v", total.Hours, err)
	}

	// What the member did by themselves fulfils what their unit promised, with the hours of the ledger: one press, nothing typed.
	liaison.Visit("/unit-agreements")
	liaison.Click("党员陪老人就医")
	liaison.WaitText("陪老人就医")
	liaison.Check("unit-task")
	task := liaison.Path()
	liaison.Click(zh(i18n.CobuildUse))
	liaison.WaitText(zh(i18n.CobuildSaidDone))
	desk.Visit(task)
	desk.WaitText("陪老人就医")
	desk.Click(zh(i18n.CobuildConfirm))
	desk.WaitText(zh(i18n.CobuildConfirmDone))
	liaison.Visit("/cobuilds/" + agreement.String())
	liaison.WaitText(zh(i18n.CobuildDoneOf, 1, 0, 1))
	liaison.WaitText("陪老人就医")
	liaison.Check("unit-agreement")

	// The unit takes one too, and sees it.
	caseNo := casework.Report{Kind: "need", CommunityID: n.community, Body: "独居老人想要一把轮椅", Channel: casework.ByVisit}
	got, err := n.Casework.Enter(ctx, n.actorOf(t, "shuji"), caseNo)
	if err != nil {
		t.Fatal(err)
	}
	desk.Visit("/cases/" + got.ID.String())
	desk.Check("case")
	desk.Click(zh(i18n.ExchangeTurn))
	desk.WaitText(zh(i18n.ExchangeTurned))
	second := desk.Path()
	desk.Fill(zh(i18n.ExchangePublicTitle), "一把轮椅")
	desk.Click(zh(i18n.ExchangeApprove))
	desk.WaitText(zh(i18n.ExchangeApproved))
	liaison.Visit("/unit-help")
	liaison.Check("unit-help")
	liaison.Click("一把轮椅")
	liaison.Check("unit-card")
	liaison.Click(zh(i18n.HelpPledge))
	liaison.WaitText(zh(i18n.HelpPledged))
	unitTaking := liaison.Path()
	desk.Visit(second)
	desk.ClickIn("main form", zh(i18n.ExchangeAgree))
	desk.WaitText(zh(i18n.ExchangeAgreed))
	liaison.Visit(unitTaking)
	liaison.Fill(zh(i18n.ExchangeHoursEach), "1")
	liaison.Tick("陈建党", true)
	liaison.Check("unit-deliver")
	liaison.Click(zh(i18n.HelpDeliverAct))
	liaison.WaitText(zh(i18n.HelpBrought))
	desk.Visit(second)
	desk.Choose(zh(i18n.ExchangeIsIt), zh(i18n.ExchangeYes))
	desk.Check("need-confirm")
	desk.Click(zh(i18n.ExchangeConfirmAct))
	desk.WaitText(zh(i18n.ExchangeConfirmed))
	liaison.Visit("/unit-help")
	liaison.WaitText(zh(i18n.HelpPast))
	liaison.Check("unit-help-past")
	if c, err := n.Casework.Get(ctx, n.actorOf(t, "shuji"), got.ID); err != nil || c.State != casework.Done || c.Outcome != casework.Fulfilled {
		t.Errorf("the case is %s, %s, %v", c.State, c.Outcome, err)
	}

	desk.Visit("/resources/new")
	desk.Fill(zh(i18n.ResourceTitleOf), "轮椅")
	desk.Choose(zh(i18n.ExchangeKind), zh(i18n.ExchangeGoods))
	desk.Fill(zh(i18n.ResourceGiverName), "热心居民王师傅")
	desk.must("the place", script(`(() => { const s = document.querySelector('select[name=place]'); s.value = '`+n.community.String()+`'; return s.value })()`, new(string)))
	desk.Fill(zh(i18n.ResourceAmount), "3")
	desk.Fill(zh(i18n.ExchangeContact), "13912340000")
	desk.Tick(zh(i18n.ResourceList), true)
	desk.Check("resource-new")
	desk.ClickIn("main form .form-acts", zh(i18n.ResourceNew))
	desk.WaitText(zh(i18n.ResourceAdded, "轮椅"))
	desk.Check("resources")
	desk.Visit(desk.Attribute("main tbody a[data-row-link]", "href"))
	desk.Check("resource")
	desk.must("a purpose", script(`(() => { const s = document.querySelector('select[name=purpose]'); s.value = 'contact'; return s.value })()`, new(string)))
	desk.Click(zh(i18n.ResourceReveal))
	desk.WaitText("13912340000")
	desk.Check("resource-giver")

	// Everybody reads of it, and asks for it with nothing to write.
	public.Visit("/p/wishes")
	public.Click(zh(i18n.OffersTitle))
	public.WaitText("轮椅")
	if body := public.Text("main"); strings.Contains(body, "13912340000") {
		t.Error("the public list shows a number")
	}
	public.Check("offers")
	public.Click(zh(i18n.OffersWant))
	public.WaitText(zh(i18n.WishNew))
	if said := public.Value(zh(i18n.WishBody)); said != zh(i18n.WishOfResource, "轮椅") {
		t.Errorf("the form says %q", said)
	}
	public.Check("offer-wanted")

	// The quarter ends: the slip has it by itself.
	n.clock.To(beijing(time.October, 1, 8, 0))
	if _, err := n.Feedback.Close(ctx, n.system, calendar.NewQuarter(2026, 3)); err != nil && !strings.Contains(err.Error(), "closed") {
		t.Logf("closing: %v", err) // the night's work was quicker
	}
	desk.LoginWith("shuji", newcomerPassword)
	desk.Visit("/slips")
	desk.Click("临江区供电公司")
	desk.WaitText("陈建党")
	desk.WaitText("2.5")
	desk.Check("slip")
}
