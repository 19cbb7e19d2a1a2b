//go:build browser

package browsertest

import (
	"net/http"
	"strings"
	"testing"

	"linli/internal/i18n"
)

// The district keeps an item of the catalogue; a resident without an account reads it on the phone and at a desk, in both languages, without scripts.
func TestAServiceIsKeptAndLookedUp(t *testing.T) {
	inTurn(t)
	desk := Open(t, Desktop)
	desk.Login("district")
	desk.Visit("/catalogue")
	desk.Check("catalogue")
	desk.ClickIn(".tabs", zh(i18n.CatalogueService))
	desk.ClickIn(".acts", zh(i18n.CatalogueNew))
	desk.Check("catalogue-new")
	fill := func() {
		desk.Fill(zh(i18n.CatalogueCode), "0190")
		desk.Choose(zh(i18n.CatalogueClass), "家庭维修")
		desk.Fill(zh(i18n.CatalogueName), "燃气灶具维修")
		desk.Fill(zh(i18n.CatalogueNameEN), "Repair of gas stoves")
		desk.Fill(zh(i18n.CatalogueBring), "燃气卡\n购买凭证")
		desk.Fill(zh(i18n.CatalogueBringEN), "Gas card\nReceipt of the stove")
		desk.Fill(zh(i18n.CatalogueHours), "4")
	}
	fill()
	desk.Choose(zh(i18n.CataloguePriceKind), zh(i18n.CatalogueFree))
	desk.Fill(zh(i18n.CataloguePriceYuan), "30")
	desk.Expect(http.StatusUnprocessableEntity)
	desk.ClickIn("main form.form", zh(i18n.CatalogueSave))
	desk.WaitText(zh(i18n.CataloguePriceFree))
	desk.Check("catalogue-wrong")
	desk.Choose(zh(i18n.CataloguePriceKind), zh(i18n.CatalogueLow))
	desk.ClickIn("main form.form", zh(i18n.CatalogueSave))
	desk.WaitText(zh(i18n.CatalogueCreated))
	item := desk.Path()
	desk.Click(zh(i18n.CatalogueEdit))
	desk.Fill(zh(i18n.CataloguePriceYuan), "35.50")
	desk.Fill(zh(i18n.CatalogueReason), "材料涨价")
	desk.ClickIn("main form.form", zh(i18n.CatalogueSave))
	desk.WaitText(zh(i18n.CatalogueSaved, 2))
	desk.WaitText("材料涨价")
	desk.Check("catalogue-item")
	desk.Resize(Phone)
	desk.Check("catalogue-item")
	desk.Resize(Desktop)
	public := desk.Attribute(`.acts a[href^="/p/services/"]`, "href")
	desk.ClickIn("main", zh(i18n.CatalogueEdition, 1))
	desk.WaitText("不是现在的")
	if desk.Count(`.acts a[href$="/edit"]`) > 0 || !strings.Contains(desk.Text("main .panel"), "低偿，30 元") {
		t.Error("the first edition is not shown as it was")
	}
	desk.Visit(item + "?on=2020-01-01")
	desk.WaitText(zh(i18n.CatalogueNotYet, "2020-01-01"))
	desk.Visit("/catalogue-classes?list=service")
	desk.Check("catalogue-classes")
	desk.ClickRow("家庭维修", "家庭维修")
	desk.Fill(zh(i18n.CatalogueNameEN), "Repairs in the home")
	desk.ClickIn("main form.form", zh(i18n.CatalogueSave))
	desk.WaitText(zh(i18n.CatalogueClassSaved))
	desk.ClickRow("家庭维修", "家庭维修")
	desk.WaitText("Repairs at home → Repairs in the home")
	desk.Check("catalogue-class")
	desk.Resize(Phone)
	desk.Check("catalogue-class")
	desk.Resize(Desktop)

	plain := Open(t, Phone) // what residents read needs no scripts
	plain.WithoutScripts()
	plain.Visit("/p/services")
	plain.Fill(zh(i18n.CataloguePublicFind), "rqzj")
	plain.ClickIn("main", zh(i18n.CataloguePublicLook))
	plain.WaitText("燃气灶具维修")

	phone := Open(t, Phone)
	phone.Visit("/p/services")
	phone.Check("services")
	phone.Fill(zh(i18n.CataloguePublicFind), "燃气灶")
	phone.ClickIn("main", zh(i18n.CataloguePublicLook))
	phone.WaitText("燃气灶具维修")
	phone.Check("services-found")
	phone.ClickIn(".tiles", "燃气灶具维修")
	phone.WaitText("35.50")
	phone.WaitText("购买凭证")
	phone.Check("service")
	if got := phone.Path(); got != public {
		t.Errorf("the phone is at %s, the desk leads to %s", got, public)
	}
	phone.Click("English")
	phone.WaitText("Receipt of the stove")
	phone.WaitText("within 4 hours")
	phone.Check("service-en")
	phone.ClickIn(".crumbs", i18n.CataloguePublicTitle.In(i18n.EN))
	phone.WaitText("Veterans and preferential treatment")
	phone.Check("services-en")
	phone.Resize(Desktop)
	phone.Check("services-en")
	phone.ClickIn(".tiles", "Civil affairs")
	phone.WaitText("Allowance for the very old")
	phone.Check("services-class-en")
	phone.Expect(http.StatusNotFound)
	if status := phone.Visit(strings.Split(public, "-")[0] + "-1"); status != http.StatusNotFound {
		t.Errorf("an item that is not there answers %d", status)
	}

	// What is retired is offered no more.
	desk.Visit(item)
	desk.Click(zh(i18n.CatalogueRetire))
	desk.Fill(zh(i18n.CatalogueReason), "不再提供")
	desk.ClickIn("dialog[open]", zh(i18n.CatalogueRetire))
	desk.WaitText(zh(i18n.CatalogueRetireDone))
	phone.Expect(http.StatusNotFound)
	if status := phone.Visit(public); status != http.StatusNotFound {
		t.Errorf("a retired item answers %d", status)
	}
	desk.Click(zh(i18n.CatalogueRestore))
	desk.WaitText(zh(i18n.CatalogueRestoreDone))
	desk.Dark()
	desk.Visit("/catalogue?list=event")
	desk.Check("catalogue-events")
	phone.Visit(public)
	phone.WaitText("Receipt of the stove")
	phone.Dark()
	phone.Check("service")

	worker := Open(t, Desktop)
	worker.Login("worker")
	worker.Visit(item)
	if worker.Count(`.acts a[href$="/edit"], form[action$="/retire"]`) > 0 {
		t.Error("a worker is offered to retire an item")
	}
}
