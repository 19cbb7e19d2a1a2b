//go:build browser

package browsertest

import (
	"net/http"
	"strings"
	"testing"

	"linli/internal/i18n"
)

// A branch without a secretary is found, gets one, the end is entered and taken back; the term is filled in by the program.
func TestAVacantPostIsFilled(t *testing.T) {
	inTurn(t)
	p := Open(t, Desktop)
	p.Login("secretary")
	p.Visit("/posts/concerns?about=vacant&q=第二党支部")
	if p.Count("main tbody tr") != 1 {
		t.Fatalf("vacant: %q", p.Texts("main tbody tr"))
	}
	p.Visit(p.Attribute("main tbody a", "href"))
	p.WaitText(zh(i18n.PostVacant))
	p.Click(zh(i18n.PostNew))
	if p.Value(zh(i18n.PostTermEnds)) == "" {
		t.Error("the end of the term is not filled in")
	}
	p.Fill(zh(i18n.PostPerson), "鹤")
	p.until("somebody to choose", func() string { return unless(p.Count(".combo-option") > 0, "nobody") })
	name := strings.Fields(p.Text(".combo-option"))[0]
	p.ClickOn(".combo-option")
	p.Choose(zh(i18n.PostLabel), zh(i18n.PostSecretary))
	p.ClickIn("main form", zh(i18n.PostNew))
	p.WaitText(zh(i18n.PostCreated, name, i18n.PostSecretary))
	p.WaitGone(zh(i18n.PostVacant))
	p.Check("roster")
	p.Visit(p.Attribute("main tbody a", "href"))
	p.Fill(zh(i18n.PostEndWhy), "调任")
	p.Expect(http.StatusUnprocessableEntity)
	p.ClickIn("main form", zh(i18n.PostEndAct))
	p.WaitText(strings.SplitN(zh(i18n.PostEndsFirst), "（", 2)[0]) // the same day as it began
	p.Resize(Phone)
	p.Check("appointment")
}
