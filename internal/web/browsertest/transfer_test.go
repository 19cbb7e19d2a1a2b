//go:build browser

package browsertest

import (
	"net/http"
	"strings"
	"testing"

	"linli/internal/i18n"
)

// A member goes from one community to the next: started and approved with a letter at one end, received at the other; a letter that is too long and a
// return without a reason are refused in words.
func TestAMemberIsTransferred(t *testing.T) {
	inTurn(t)
	there := Open(t, Phone)
	there.Login("secretary2")
	there.Visit("/transfers?state=in_transit")
	there.Check("transfers-phone")
	community := there.Text("main tbody td[data-label='" + zh(i18n.TransferToLabel) + "']")
	here := Open(t, Desktop)
	here.Login("secretary")
	here.Visit("/members?kind=community")
	member := here.Attribute("main tbody a", "href")
	here.Visit("/transfers/new?id=" + strings.TrimPrefix(member, "/members/"))
	here.Check("transfer-new")
	here.Fill(zh(i18n.TransferTo), community)
	here.until("the community to choose", func() string {
		return unless(strings.Contains(strings.Join(here.Texts(".combo-option"), " "), community), "it is not offered")
	})
	here.must("the community among its branches", script(`(() => { const all = [...document.querySelectorAll('.combo-option')].filter(o => o.textContent.includes('`+community+`'));
		all.sort((a, b) => a.dataset.text.length - b.dataset.text.length)[0].id = 'chosen'; return '' })()`, new(string)))
	here.ClickOn("#chosen")
	here.Choose(zh(i18n.TransferCause), zh(i18n.TransferMoved))
	here.ClickIn("main form", zh(i18n.TransferStart))
	here.WaitText(zh(i18n.TransferStarted, 1))
	transfer := here.Path()
	here.WaitText(zh(i18n.TransferRequested))
	here.Check("transfer-requested")
	here.ClickIn("main form", zh(i18n.TransferApproveOnly))
	here.WaitText(zh(i18n.TransferApproved))
	here.ClickIn("main form", zh(i18n.TransferIssue))
	here.WaitText(zh(i18n.TransferInTransit))
	if f := here.Fetch(transfer + "/letter/pdf"); f.Status != http.StatusOK {
		t.Errorf("the letter: %d", f.Status)
	}

	there.Visit(transfer)
	there.ClickIn("main form", zh(i18n.TransferReceive))
	there.WaitText(zh(i18n.TransferReceivedDone))
	there.Check("transfer-received")
	if f := there.Fetch(transfer + "/receipt/pdf"); f.Status != http.StatusOK {
		t.Errorf("the receipt: %d", f.Status)
	}
	there.Visit(member)
	there.WaitText(zh(i18n.TransferReceived))
	here.Visit(transfer)
	here.WaitText(zh(i18n.TransferReceived))
}
