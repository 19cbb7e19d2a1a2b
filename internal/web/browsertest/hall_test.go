//go:build browser

package browsertest

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"linli/internal/casework"
	"linli/internal/hall"
	"linli/internal/i18n"
	"linli/internal/organisation"
)

// The screens of a hall: a terminal that stands upright, and a call screen on the wall.
var (
	terminal = Viewport{"terminal", 1080, 1920, false}
	wall     = Viewport{"wall", 1920, 1080, false}
)

// From the number to the case: the secretary sets up a hall with a counter; a resident takes a number at the terminal; the screen shows it called; the worker makes
// the case from it with one press and prints the receipt; the case shows its number; another resident looks at theirs on the phone; the case is run for them, until they take that back. In both languages.
func TestFromTheNumberToTheCase(t *testing.T) {
	together(t)
	for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
		t.Run(string(l), func(t *testing.T) {
			t.Parallel()
			fromTheNumberToTheCase(t, l)
		})
	}
}

func fromTheNumberToTheCase(t *testing.T, l i18n.Lang) {
	say := func(text i18n.Text, args ...any) string { return text.In(l, args...) }
	n := install(t, beijing(time.November, 20, 9, 0)) // a Friday
	ctx := context.Background()
	open := func(view Viewport, login string) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		p.Language(l)
		if login != "" {
			p.LoginWith(login, newcomerPassword)
		}
		return p
	}

	desk := open(Desktop, "shuji")
	desk.Visit("/halls/new")
	desk.Fill(say(i18n.HallName), "先锋社区便民服务大厅")
	desk.Fill(say(i18n.HallPlace), "文港路 18 号")
	desk.must("the organisation", script(`(() => { const s = document.querySelector('select[name=org]'); s.value = '`+n.community.String()+`'; return s.value })()`, new(string)))
	for _, day := range []i18n.Text{i18n.Monday, i18n.Tuesday, i18n.Wednesday, i18n.Thursday, i18n.Friday} {
		desk.Fill(say(day), "08:30-12:00 14:00-17:30")
	}
	desk.ClickIn("main form .form-acts", say(i18n.PartialSave))
	desk.WaitText(say(i18n.HallNoCounters))
	desk.Fill(say(i18n.HallCounterNo), "1")
	desk.must("its windows", script(`(() => { for (const v of ['02', '04']) document.querySelector('input[name=windows][value="'+v+'"]').click(); return '' })()`, new(string)))
	desk.Click(say(i18n.HallAdd))
	desk.WaitText(say(i18n.HallSaved))
	desk.Check("hall")
	list, err := n.Hall.List(ctx, n.actorOf(t, "shuji"), hall.ListFilter{})
	if err != nil || len(list.Items) != 1 {
		t.Fatalf("%d halls, %v", len(list.Items), err)
	}
	address := list.Items[0].Address()

	desk.Visit("/hall/counter")
	desk.Click(say(i18n.CounterSitAt, 1))
	desk.WaitText(say(i18n.CounterNobody))

	kiosk := open(terminal, "")
	kiosk.Visit("/k/" + address + "?t=1") // an address alone makes nothing a terminal
	kiosk.Check("kiosk-set")
	kiosk.Click(say(i18n.KioskSetAct))
	kiosk.WaitText(say(i18n.KioskChoose))
	kiosk.Check("kiosk")
	if small := kiosk.Texts("main a.way"); len(small) != 2 {
		t.Errorf("the terminal offers %q", small)
	}
	var least string
	kiosk.must("touch targets", script(`String(Math.min(...[...document.querySelectorAll('main a.way, main button, .hall-head button')].map(e => e.getBoundingClientRect().height)))`, &least))
	if strings.HasPrefix(least, "-") || len(least) < 2 || least < "64" && len(strings.Split(least, ".")[0]) <= 2 {
		t.Errorf("the smallest target of the terminal is %s px high, want 64", least)
	}
	kiosk.ClickOn("main a.way")
	kiosk.WaitText(say(i18n.KioskFirst))
	kiosk.must("what it is about", script(`(() => { document.querySelectorAll('input[name=item]')[1].click(); return '' })()`, new(string)))
	kiosk.Check("kiosk-ask")
	kiosk.ClickIn("main form", say(i18n.KioskTake))
	kiosk.WaitText(say(i18n.TicketYours))
	kiosk.Check("kiosk-ticket")
	if got := kiosk.Text("#number"); got != "B001" {
		t.Errorf("the number is %s", got)
	}
	first := kiosk.Path()
	kiosk.Click(say(i18n.KioskBack))
	kiosk.WaitText(say(i18n.KioskWaiting, 1))

	kiosk.Click(say(i18n.KioskReport)) // whoever needs no number says it at the terminal
	kiosk.ClickOn(`.tile[href*="kind=opinion"]`)
	kiosk.WaitText(say(i18n.KioskEnd))
	kiosk.Check("kiosk-report")
	kiosk.must("a place", script(`(() => { const s = document.querySelector('[name=community]'); s.value = s.querySelector('optgroup option').value; return '' })()`, new(string)))
	kiosk.Fill(say(i18n.CasePublicBody), "长椅坏了")
	kiosk.Click(say(i18n.CasePublicSend))
	kiosk.WaitText(say(i18n.CasePublicCodeKeep))
	kiosk.Click(say(i18n.KioskEnd))
	kiosk.WaitText(say(i18n.KioskChoose))
	said, err := n.Casework.List(ctx, n.actorOf(t, "shuji"), casework.Filter{Channel: casework.ByKiosk})
	if err != nil || len(said.Items) != 1 {
		t.Errorf("%d cases were reported at the terminal, %v", len(said.Items), err)
	}

	phone := open(Phone, "")
	phone.Visit("/k/" + address)
	phone.ClickOn("main a.way")
	phone.Click(say(i18n.HallOld))
	phone.ClickIn("main form", say(i18n.KioskTake))
	phone.WaitText(say(i18n.TicketYours))
	phone.WaitText(say(i18n.TicketNext)) // it goes first
	phone.Check("phone-ticket")
	late := phone.Path()
	phone.Visit(first)
	phone.WaitText(say(i18n.TicketAhead, 1))
	kiosk.WaitText(say(i18n.KioskWaiting, 2)) // the terminal sees by itself what was taken on the phone

	screen := open(wall, "")
	screen.Visit("/d/" + address)
	screen.WaitText(say(i18n.ScreenQuiet))
	desk.Visit("/hall/counter")
	desk.must("a press on the key", script(`(() => { document.activeElement.blur(); return '' })()`, new(string)))
	desk.Press("n")
	desk.WaitText(say(i18n.CounterCalled, "B002"))
	screen.WaitText("B002") // by itself
	screen.Check("screen")
	for range hall.MaxCalls - 1 {
		desk.Click(say(i18n.CounterAgain))
		desk.WaitText(say(i18n.HallActAgain))
	}
	desk.WaitText(say(i18n.CounterAbsent))
	desk.Press("a")
	desk.WaitText(say(i18n.CounterMissed))
	phone.Visit(late)
	phone.WaitText(say(i18n.TicketBack))
	phone.Click(say(i18n.TicketBack))
	phone.WaitText(say(i18n.TicketBackDone))

	desk.Visit("/hall/counter")
	desk.Click(say(i18n.CounterNext))
	desk.WaitText(say(i18n.CounterCalled, "B002")) // back with priority, nobody else with it waits
	desk.Press("s")
	desk.WaitText(say(i18n.CounterAsked))
	desk.Check("counter-serving")
	desk.must("only asked", script(`(() => { const s = document.querySelector('select[name=item]'); s.value = s.options[1].value; return s.value })()`, new(string)))
	desk.ClickIn(`form[action$="/done"]`, say(i18n.CounterAsked))
	desk.WaitText(say(i18n.CounterFinished))

	desk.Click(say(i18n.CounterNext))
	desk.WaitText(say(i18n.CounterCalled, "B001"))
	desk.Press("s")
	desk.WaitText(say(i18n.CounterAsked))
	desk.Press("c")
	desk.WaitText(say(i18n.HallCaseFrom, "B001"))
	if body := desk.Value(say(i18n.CaseWhat)); body == "" {
		t.Error("the form of the case is not filled in")
	}
	desk.Check("case-from-number")
	desk.Fill(say(i18n.CaseName), "王大爷")
	desk.Fill(say(i18n.CasePhone), "13800138000")
	desk.ClickIn("main form .form-acts", say(i18n.CaseNew))
	desk.WaitText(say(i18n.HallReceiptTitle))
	desk.Check("case-receipt")
	code := desk.Text("#code")
	desk.Click(say(i18n.HallReceiptCase))
	desk.WaitText(say(i18n.HallOfCase))
	desk.WaitText(say(i18n.HallTicketTitle, "B001"))
	desk.Click(say(i18n.TakeOverAct))
	desk.must("how they agreed", script(`(() => { for (const [n, v] of [['reason', 'elderly'], ['consent', 'in_person']]) document.querySelector('form[action$="/takeover"] [name=' + n + ']').value = v; return '' })()`, new(string)))
	desk.ClickIn(`form[action$="/takeover"]`, say(i18n.TakeOverAct))
	desk.WaitText(say(i18n.TakeOverDone))
	desk.Fill(say(i18n.TakeOverPaper), "身份证原件")
	desk.Click(say(i18n.TakeOverPaperAdd))
	desk.WaitText(say(i18n.TakeOverReceipt))
	desk.Check("case-taken-over")
	desk.Click(say(i18n.TakeOverReceipt))
	desk.WaitText(say(i18n.TakeOverPaperTitle))
	desk.Visit("/takeovers")
	desk.WaitText(say(i18n.TakeOverHeldN, 1))
	desk.Check("takeovers")
	desk.Visit("/hall/counter")
	desk.Click(say(i18n.CounterDone))
	desk.WaitText(say(i18n.CounterFinished))
	desk.Visit("/halls/" + list.Items[0].ID.String() + "/figures")
	desk.Check("hall-figures")
	desk.ClickOn(".stat a, a.stat, .stats a")
	desk.WaitText("B001")
	desk.Resize(Phone)
	desk.Check("hall-tickets-phone")

	phone.Visit("/p/case?c=" + code)
	phone.WaitText(say(i18n.CasePublicYours))
	phone.WaitText(say(i18n.TakeOverOwnPanel))
	phone.Check("case-run-for-them")
	phone.Click(say(i18n.TakeOverOwnEnd))
	phone.WaitText(say(i18n.TakeOverOwnDone))
	desk.Visit("/takeovers?show=papers")
	desk.WaitText(say(i18n.TakeOverHeldN, 1)) // not run any more, and the paper is here still
	phone.Visit("/p")
	phone.WaitText(say(i18n.PublicHall, "先锋社区便民服务大厅"))
	phone.Check("public-home-with-a-hall")
}

// A counter is made that of an office, and says so; what is typed of the office's name finds it.
func TestACounterIsThatOfAnOffice(t *testing.T) {
	together(t)
	n := install(t, beijing(time.November, 20, 9, 0))
	ctx := context.Background()
	station, err := n.Organisation.Create(ctx, n.system, organisation.NewOrganisation{Kind: organisation.Station, Name: "先锋社区综合服务站", ParentID: n.community})
	if err != nil {
		t.Fatal(err)
	}
	shuji := n.actorOf(t, "shuji")
	at, err := n.Hall.Create(ctx, shuji, hall.NewHall{OrgID: n.community, Name: "先锋社区便民服务大厅", Week: []string{"08:30-17:30", "08:30-17:30", "08:30-17:30", "08:30-17:30", "08:30-17:30", "", ""}})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Hall.AddCounter(ctx, shuji, at, hall.NewCounter{Number: 1, Windows: []string{"02"}}); err != nil {
		t.Fatal(err)
	}
	desk := openAt(t, n.url, Desktop)
	t.Cleanup(desk.reportFaults)
	desk.LoginWith("shuji", newcomerPassword)
	desk.Visit("/halls/" + at.String())
	desk.Click(zh(i18n.HallEditN, 1))
	if got := string(desk.Fetch("/halls/offices?q=" + url.QueryEscape("综合服务站")).Body); !strings.Contains(got, station.ID.String()) {
		t.Errorf("the office is not found: %.300s", got)
	}
	desk.must("the office", script(`(() => { document.querySelector('[name=org]').value = '`+station.ID.String()+`'; return '' })()`, new(string)))
	desk.Check("counter-office")
	desk.Resize(Phone)
	desk.Check("counter-office")
	desk.Resize(Desktop)
	desk.ClickIn("main form .form-acts", zh(i18n.PartialSave))
	desk.WaitText(zh(i18n.HallCounterOf, "先锋社区综合服务站"))
	desk.Check("hall-office")
}
