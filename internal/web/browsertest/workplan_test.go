//go:build browser

package browsertest

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"linli/internal/i18n"
)

// A plan takes over the items of this year's, is handed in, given back with a comment on one item, mended, accepted and followed.
func TestAPlanIsReviewedItemByItem(t *testing.T) {
	inTurn(t)
	next := time.Now().In(i18n.Zone).Year() + 1
	desk := Open(t, Desktop)
	desk.Login("secretary")
	desk.Visit("/workplans")
	desk.Check("workplans")
	desk.Visit("/workplans/items")
	desk.Check("workplan-items")
	desk.Visit("/workplans?year=" + strconv.Itoa(next))
	desk.ClickIn(".acts", zh(i18n.PlanNew))
	desk.Check("workplan-new")
	desk.ClickIn("main form", zh(i18n.PlanNew))
	desk.WaitText(zh(i18n.PlanCreated, 5))
	plan := desk.Path()
	desk.Click(zh(i18n.PlanAddMany))
	desk.Fill(zh(i18n.PlanItems), "1. 老旧楼道换灯 "+strconv.Itoa(next)+"-09-30\n2. 重阳节走访")
	desk.ClickIn("main details[open] form", zh(i18n.PlanAddMany))
	desk.WaitText(zh(i18n.PlanAdded, 2))
	desk.Check("workplan-draft")
	desk.Click(zh(i18n.PlanSubmit))
	desk.ClickIn("dialog[open]", zh(i18n.PlanSubmit))
	desk.WaitText("已上报给")

	street := Open(t, Desktop)
	street.Login("street")
	street.Visit(plan)
	street.Check("workplan-review")
	street.Expect(http.StatusUnprocessableEntity)
	street.must("a change", script(`(() => { const s = [...document.querySelectorAll('main form section')].find(x => x.textContent.includes('老旧楼道换灯'));
		s.querySelector('input[value=change]').click(); return s.querySelector('textarea').name })()`, new(string)))
	street.Click(zh(i18n.PlanReturn))
	street.WaitText(zh(i18n.PlanCommentNeeded))
	street.must("the comment", script(`(() => { const s = [...document.querySelectorAll('main form section')].find(x => x.textContent.includes('老旧楼道换灯'));
		s.querySelector('textarea').value = '写明换多少盏'; return '' })()`, new(string)))
	street.Click(zh(i18n.PlanReturn))
	street.WaitText(zh(i18n.PlanReturnDone))
	street.Check("workplan-returned")

	desk.Visit(plan)
	desk.WaitText("写明换多少盏")
	desk.Expect(http.StatusConflict)
	desk.Click(zh(i18n.PlanSubmit))
	desk.ClickIn("dialog[open]", zh(i18n.PlanSubmit))
	desk.WaitText(zh(i18n.PlanUnanswered, 1, "老旧楼道换灯"))
	desk.ClickRow("老旧楼道换灯", zh(i18n.PlanEditShort))
	desk.WaitText("写明换多少盏")
	desk.Check("workplan-item")
	desk.Fill(zh(i18n.PlanItem), "老旧楼道换灯 120 盏")
	desk.ClickIn("main form", zh(i18n.PlanSave))
	desk.WaitText(zh(i18n.PlanSaved))
	desk.Resize(Phone)
	desk.Check("workplan")
	desk.Resize(Desktop)
	desk.Click(zh(i18n.PlanSubmit))
	desk.ClickIn("dialog[open]", zh(i18n.PlanSubmit))
	desk.WaitText("已上报给")

	street.Visit(plan)
	street.Click(zh(i18n.PlanAccept))
	street.WaitText(zh(i18n.PlanAcceptDone))
	street.Resize(Phone)
	street.Check("workplan-accepted")

	desk.Visit(plan)
	desk.ClickRow("重阳节走访", zh(i18n.PlanFinish))
	desk.WaitText(zh(i18n.PlanTracked))
	desk.ClickRow("老旧楼道换灯", zh(i18n.PlanDrop))
	desk.Fill(zh(i18n.PlanReason), "改由物业换")
	desk.ClickIn("dialog[open]", zh(i18n.PlanDrop))
	desk.WaitText(zh(i18n.PlanTracked))
	desk.Check("workplan-followed")
}
