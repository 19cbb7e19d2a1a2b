//go:build browser

package browsertest

import (
	"net/http"
	"testing"

	"linli/internal/casework"
	"linli/internal/i18n"
)

// A case is entered on behalf of a caller, taken and finished by a worker on the phone, called back by the secretary; another goes up, comes down, is
// returned and pressed for.
func TestACaseIsEnteredHandledAndCalledBack(t *testing.T) {
	inTurn(t)
	desk := Open(t, Desktop)
	desk.Login("secretary")
	desk.Visit("/cases")
	desk.Check("cases")
	desk.Click(zh(i18n.CaseNew))
	desk.Check("case-new")
	desk.Visit("/cases/new?kind=opinion")
	desk.must("by phone", script(`(() => { document.querySelector("input[name=channel][value=phone]").click(); return "" })()`, new(string)))
	desk.Fill(zh(i18n.CaseWhat), "北门路灯坏了，回家看不见路。<b>急</b>")
	desk.Fill(zh(i18n.CaseName), "王女士")
	desk.Fill(zh(i18n.CasePhone), "139 0000 1234")
	desk.ClickIn("main form", zh(i18n.CaseNew))
	desk.WaitText("已登记，编号")
	desk.Check("case-received")
	at := desk.Path()

	worker := Open(t, Phone)
	worker.Login("worker")
	worker.Visit("/cases?q=13900001234")
	worker.WaitText("<b>急</b>")
	worker.Visit(at)
	worker.Click(zh(i18n.CaseTake))
	worker.WaitText(zh(i18n.CaseTakeDone))
	worker.Check("case-working")
	worker.Expect(http.StatusUnprocessableEntity)
	worker.must("the outcome", script(`(() => { const s = document.querySelector('select[name=outcome]'); s.value = '`+string(casework.PassedOn)+`'; return s.value })()`, new(string)))
	worker.Fill(zh(i18n.CaseResult), "已报城管更换")
	worker.ClickIn("main form", zh(i18n.CaseFinish))
	worker.WaitText(zh(i18n.ErrRequired))
	worker.Fill(zh(i18n.CaseAddress), "城管中队 0515-88000110")
	worker.ClickIn("main form", zh(i18n.CaseFinish))
	worker.WaitText(zh(i18n.CaseFinishDone))

	desk.Visit(at)
	desk.WaitText("已报城管更换")
	desk.Check("case-done")
	desk.ClickIn("main form", zh(i18n.CaseCallReached))
	desk.must("what they say", script(`(() => { document.querySelector('input[name=solved][value=yes]').click(); document.querySelector('input[name=stars][value="5"]').click(); return '' })()`, new(string)))
	desk.ClickIn("main .form-acts", zh(i18n.CaseCall))
	desk.WaitText(zh(i18n.CaseRatingOf, 5))
	desk.Resize(Phone)
	desk.Check("case-closed")
	desk.Resize(Desktop)

	desk.Visit("/cases/new?kind=event")
	desk.Fill(zh(i18n.CaseWhat), "跨社区的河道有垃圾")
	desk.ClickIn("main form", zh(i18n.CaseNew))
	desk.WaitText("已登记，编号")
	at = desk.Path()
	street := Open(t, Desktop)
	street.Login("street")
	street.Visit(at)
	street.Click(zh(i18n.CaseSupervise))
	street.Fill(zh(i18n.CaseWords), "请今天处理")
	street.ClickIn("main details[open] form", zh(i18n.CaseSupervise))
	street.WaitText(zh(i18n.CaseSaved))
	street.Check("case-pressed")
	street.Visit("/cases?show=supervised")
	street.WaitText("跨社区的河道有垃圾")
	street.Visit("/cases?state=closed&order=due")
	street.Check("cases-closed")
}
