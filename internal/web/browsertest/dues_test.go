//go:build browser

package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"linli/internal/dues"
	"linli/internal/i18n"
)

// A member says out of what they pay, who keeps the dues takes the month of a whole branch in one press, and the member sees the receipt.
func TestDuesFromBaseToReceipt(t *testing.T) {
	inTurn(t)
	m := Open(t, Phone)
	m.Login("member")
	m.Visit("/m/dues")
	m.Choose(zh(i18n.DuesBaseOf), zh(dues.Paid.Text()))
	m.Fill(zh(i18n.DuesBaseAmount), "6,543.21")
	m.Check("own-dues-empty")
	m.ClickIn("main form", zh(i18n.DuesBaseNew))
	m.WaitText(zh(i18n.DuesBaseSaved))
	m.WaitText("98.15") // 1.5 % (DUES-1)
	m.Check("own-dues")

	k := Open(t, Desktop)
	k.Login("treasurer")
	k.Visit("/dues")
	k.Check("dues")
	branch := 0
	for i, row := range k.Texts("main tbody tr") {
		if !strings.Contains(row, "社区第一党支部") {
			branch = i + 1
		}
	}
	k.Visit(k.Attribute(fmt.Sprintf("main tbody tr:nth-child(%d) a", branch), "href"))
	k.WaitText("98.15")
	if k.HasText("6,543.21") || k.HasText("6543.21") {
		t.Error("the base is on the sheet")
	}
	k.Check("sheet")
	k.ClickIn("main form", zh(i18n.DuesTakeAll))
	k.WaitText(zh(i18n.DuesAllPaid))
	k.Resize(Phone)
	k.Check("sheet-paid")

	m.Visit("/m/dues")
	m.WaitText(zh(i18n.DuesOwnGood))
	m.WaitText(zh(i18n.DuesReceipt))
	m.Check("own-dues-paid")
}
