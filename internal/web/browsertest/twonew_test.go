//go:build browser

package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/i18n"
)

// TestWhatIsNotCoveredIsCovered imports a business register, reads the coverage, takes a proposed joint branch and sees the coverage risen; a proposal
// that somebody else took meanwhile is refused.
func TestWhatIsNotCoveredIsCovered(t *testing.T) {
	inTurn(t)
	p := Open(t, Desktop)
	p.Login("secretary2")
	p.Visit("/two-new")
	p.Check("two-new")
	p.Click(zh(i18n.TwoNewNew))
	p.WaitText(zh(i18n.TwoNewPosition))
	p.Check("two-new-new")
	var community, name string
	p.must("the community", script(`document.querySelector('input[name="community"]').value`, &community))
	p.Visit("/organisations/" + community)
	p.must("its name", script(`document.querySelector('h1').textContent.trim()`, &name))

	register := "企业名称,统一社会信用代码,组织类型,所属行业,所属社区,从业人数,正式党员,预备党员\n"
	for i := range 4 {
		register += fmt.Sprintf("测试制衣第%d厂,,新经济组织,服装,%s,%d,1,0\n", i+1, name, 10+i)
	}
	file := filepath.Join(t.TempDir(), "登记表.csv")
	if err := os.WriteFile(file, []byte(register), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Visit("/imports/new?kind=twonew")
	p.Upload(zh(i18n.IntakeFile), file)
	p.Click(zh(i18n.IntakeUpload))
	p.WaitText(zh(i18n.IntakeColumns))
	p.Click(zh(i18n.IntakeDry))
	p.WaitText(zh(i18n.IntakeWould))
	p.Click(zh(i18n.IntakeAll))
	p.until("the import is done", func() string { return unless(p.HasText(zh(i18n.IntakeStateDone)), p.Text("main")) })

	p.Visit("/two-new?q=测试制衣")
	if n := p.Count("tbody tr"); n != 4 {
		t.Fatalf("%d organisations stand in the census after the import", n)
	}
	covered := func() string {
		p.Visit("/coverage?place=" + community)
		return p.Text(".stats .stat:nth-child(2) .stat-value")
	}
	before := covered()
	p.Check("coverage")
	p.Visit("/coverage/plan/" + community)
	p.Check("plan")
	other := Open(t, Phone) // the same page, seen by the sub-district, before anything is decided
	other.Login("district")
	other.Visit("/coverage/plan/" + community)
	other.Check("plan")
	var form string
	p.must("the proposal with the imported ones", script(`[...document.querySelectorAll('#joint form')].find(f => [...f.querySelectorAll('label.choice')].some(l => l.textContent.includes('测试制衣第1厂'))).id`, &form))
	p.ClickIn("#"+form, zh(i18n.TwoNewPlanAccept))
	p.WaitText(zh(i18n.TwoNewAccepted))
	p.Check("plan-accepted")
	var letter string
	p.must("the letter", script(`document.querySelector('a[href^="/coverage/letters/"]').getAttribute('href')`, &letter))
	if f := p.Fetch(letter); f.Status != 200 || !strings.HasPrefix(string(f.Body), "%PDF-") {
		t.Errorf("the letter answers %d, %s", f.Status, f.Type)
	}
	if after := covered(); after == before || !p.HasText(zh(i18n.TwoNewCovPicture)) {
		t.Errorf("organisation coverage was %s and is %s", before, after)
	}
	p.Visit("/two-new?q=测试制衣第1厂")
	p.Visit(p.Attribute("tbody .row-link", "href"))
	p.WaitText(zh(i18n.TwoNewHistory))
	p.Check("two-new-one")
	p.ClickOn(`a[href^="/coverage/steps/"]`)
	p.WaitText(zh(i18n.TwoNewStrikeHelp))
	p.Check("two-new-mend")

	other.Expect(409)
	other.ClickIn("#"+form, zh(i18n.TwoNewPlanAccept))
	other.WaitText("过时")
	other.Check("plan-stale")
}
