//go:build browser

package browsertest

import (
	"context"
	"strings"
	"testing"
	"time"

	"linli/internal/hall"
	"linli/internal/i18n"
)

// The screens of a hall: a terminal that stands upright, and a call screen on the wall.
var (
	terminal = Viewport{"terminal", 1080, 1920, false}
	wall     = Viewport{"wall", 1920, 1080, false}
)

// From the number to the case: the secretary sets up a hall with a counter; a resident takes a number at the terminal; the screen shows it called; the worker makes
// the case from it with one press and prints the receipt; the case shows its number; another resident looks at theirs on the phone; the case is run for them.
func TestFromTheNumberToTheCase(t *testing.T) {
	t.Parallel()
	n := install(t, beijing(time.November, 20, 9, 0)) // a Friday
	ctx := context.Background()
	open := func(view Viewport, login string) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		if login != "" {
			p.LoginWith(login, newcomerPassword)
		}
		return p
	}

	desk := open(Desktop, "shuji")
	desk.Visit("/halls/new")
	desk.Fill(zh(i18n.HallName), "先锋社区便民服务大厅")
	desk.Fill(zh(i18n.HallPlace), "文港路 18 号")
	desk.must("the organisation", script(`(() => { const s = document.querySelector('select[name=org]'); s.value = '`+n.community.String()+`'; return s.value })()`, new(string)))
	for _, day := range []i18n.Text{i18n.Monday, i18n.Tuesday, i18n.Wednesday, i18n.Thursday, i18n.Friday} {
		desk.Fill(zh(day), "08:30-12:00 14:00-17:30")
	}
	desk.ClickIn("main form .form-acts", zh(i18n.PartialSave))
	desk.WaitText(zh(i18n.HallNoCounters))
	desk.Fill(zh(i18n.HallCounterNo), "1")
	desk.must("its windows", script(`(() => { for (const v of ['02', '04']) document.querySelector('input[name=windows][value="'+v+'"]').click(); return '' })()`, new(string)))
	desk.Click(zh(i18n.HallAdd))
	desk.WaitText(zh(i18n.HallSaved))
	desk.Check("hall")
	list, err := n.Hall.List(ctx, n.actorOf(t, "shuji"), hall.ListFilter{})
	if err != nil || len(list.Items) != 1 {
		t.Fatalf("%d halls, %v", len(list.Items), err)
	}
	address := list.Items[0].Address()

	desk.Visit("/hall/counter")
	desk.Click(zh(i18n.CounterSitAt, 1))
	desk.WaitText(zh(i18n.CounterNobody))

	kiosk := open(terminal, "")
	kiosk.Visit("/k/" + address + "?t=1")
	kiosk.WaitText(zh(i18n.KioskChoose))
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
	kiosk.WaitText(zh(i18n.KioskFirst))
	kiosk.must("what it is about", script(`(() => { document.querySelectorAll('input[name=item]')[1].click(); return '' })()`, new(string)))
	kiosk.Check("kiosk-ask")
	kiosk.ClickIn("main form", zh(i18n.KioskTake))
	kiosk.WaitText(zh(i18n.TicketYours))
	kiosk.Check("kiosk-ticket")
	if got := kiosk.Text("#number"); got != "B001" {
		t.Errorf("the number is %s", got)
	}
	first := kiosk.Path()
	kiosk.Click(zh(i18n.KioskBack))
	kiosk.WaitText(zh(i18n.KioskWaiting, 1))

	phone := open(Phone, "")
	phone.Visit("/k/" + address)
	phone.ClickOn("main a.way")
	phone.Click(zh(i18n.HallOld))
	phone.ClickIn("main form", zh(i18n.KioskTake))
	phone.WaitText(zh(i18n.TicketYours))
	phone.WaitText(zh(i18n.TicketNext)) // it goes first
	phone.Check("phone-ticket")
	late := phone.Path()
	phone.Visit(first)
	phone.WaitText(zh(i18n.TicketAhead, 1))
	kiosk.WaitText(zh(i18n.KioskWaiting, 2)) // the terminal sees by itself what was taken on the phone

	screen := open(wall, "")
	screen.Visit("/d/" + address)
	screen.WaitText(zh(i18n.ScreenQuiet))
	desk.Visit("/hall/counter")
	desk.must("a press on the key", script(`(() => { document.activeElement.blur(); return '' })()`, new(string)))
	desk.Press("n")
	desk.WaitText(zh(i18n.CounterCalled, "B002"))
	screen.WaitText("B002") // by itself
	screen.Check("screen")
	for range hall.MaxCalls - 1 {
		desk.Click(zh(i18n.CounterAgain))
		desk.WaitText(zh(i18n.HallActAgain))
	}
	desk.WaitText(zh(i18n.CounterAbsent))
	desk.Press("a")
	desk.WaitText(zh(i18n.CounterMissed))
	phone.Visit(late)
	phone.WaitText(zh(i18n.TicketBack))
	phone.Click(zh(i18n.TicketBack))
	phone.WaitText(zh(i18n.TicketBackDone))

	desk.Visit("/hall/counter")
	desk.Click(zh(i18n.CounterNext))
	desk.WaitText(zh(i18n.CounterCalled, "B002")) // back with priority, nobody else with it waits
	desk.Press("s")
	desk.WaitText(zh(i18n.CounterAsked))
	desk.Check("counter-serving")
	desk.must("only asked", script(`(() => { const s = document.querySelector('select[name=item]'); s.value = s.options[1].value; return s.value })()`, new(string)))
	desk.ClickIn(`form[action$="/done"]`, zh(i18n.CounterAsked))
	desk.WaitText(zh(i18n.CounterFinished))

	desk.Click(zh(i18n.CounterNext))
	desk.WaitText(zh(i18n.CounterCalled, "B001"))
	desk.Press("s")
	desk.WaitText(zh(i18n.CounterMakeCase))
	desk.Press("c")
	desk.WaitText(zh(i18n.HallCaseFrom, "B001"))
	if body := desk.Value(zh(i18n.CaseWhat)); body == "" {
		t.Error("the form of the case is not filled in")
	}
	desk.Check("case-from-number")
	desk.Fill(zh(i18n.CaseName), "王大爷")
	desk.Fill(zh(i18n.CasePhone), "13800138000")
	desk.ClickIn("main form .form-acts", zh(i18n.CaseNew))
	desk.WaitText(zh(i18n.HallReceiptTitle))
	desk.Check("case-receipt")
	code := desk.Text("#code")
	desk.Click(zh(i18n.HallReceiptCase))
	desk.WaitText(zh(i18n.HallOfCase))
	desk.WaitText(zh(i18n.HallTicketTitle, "B001"))
	desk.Click(zh(i18n.TakeOverAct))
	desk.must("how they agreed", script(`(() => { for (const [n, v] of [['reason', 'elderly'], ['consent', 'in_person']]) document.querySelector('form[action$="/takeover"] [name=' + n + ']').value = v; return '' })()`, new(string)))
	desk.ClickIn(`form[action$="/takeover"]`, zh(i18n.TakeOverAct))
	desk.WaitText(zh(i18n.TakeOverDone))
	desk.Fill(zh(i18n.TakeOverPaper), "身份证原件")
	desk.Click(zh(i18n.TakeOverPaperAdd))
	desk.WaitText(zh(i18n.TakeOverReceipt))
	desk.Check("case-taken-over")
	desk.Click(zh(i18n.TakeOverReceipt))
	desk.WaitText(zh(i18n.TakeOverPaperTitle))
	desk.Visit("/takeovers")
	desk.WaitText(zh(i18n.TakeOverHeldN, 1))
	desk.Check("takeovers")
	desk.Visit("/hall/counter")
	desk.Click(zh(i18n.CounterDone))
	desk.WaitText(zh(i18n.CounterFinished))
	desk.Visit("/halls/" + list.Items[0].ID.String() + "/figures")
	desk.Check("hall-figures")
	desk.ClickOn(".stat a, a.stat, .stats a")
	desk.WaitText("B001")
	desk.Resize(Phone)
	desk.Check("hall-tickets-phone")

	phone.Visit("/p/case?c=" + code)
	phone.WaitText(zh(i18n.CasePublicYours))
	phone.Visit("/p")
	phone.WaitText(zh(i18n.PublicHall, "先锋社区便民服务大厅"))
	phone.Check("public-home-with-a-hall")
}
