//go:build browser

package browsertest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/casework"
	"linli/internal/i18n"
	"linli/internal/mediation"
)

// From the resident's page to the last visit: a dispute is reported without an account, the community takes it into mediation with one press, a mediator of the
// committee holds a session on the phone and writes the agreement, all sign, the court is asked, what was promised is done, a visit is made, and the resident rates.
func TestFromADisputeToTheLastVisit(t *testing.T) {
	together(t)
	for _, view := range []Viewport{Desktop, Phone} {
		t.Run(view.Name, func(t *testing.T) {
			t.Parallel()
			n := install(t, beijing(time.September, 1, 9, 0))
			ctx := context.Background()
			if _, err := n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{
				{Login: "tiaojie", Name: "吴调解", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleWorker, OrgID: n.community}}},
				{Login: "pangren", Name: "旁人", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleWorker, OrgID: n.community}}},
			}); err != nil {
				t.Fatal(err)
			}
			open := func(login string) *Page {
				p := openAt(t, n.url, view)
				t.Cleanup(p.reportFaults)
				if login != "" {
					p.LoginWith(login, newcomerPassword)
				}
				return p
			}
			act := func(p *Page, a mediation.Act) { // the page of the mediation after it
				p.must("marking the page", script(`(() => { document.documentElement.dataset.before = '1'; return '' })()`, new(string)))
				p.ClickIn(`form[action$="/`+string(a)+`"] .form-acts`, zh(a.Text()))
				p.until("the page after "+string(a), func() string { // the one before it may say that something was saved, too
					var same bool
					err := p.run(script(`document.documentElement.dataset.before === '1'`, &same))
					return unless(err == nil && !same, "it is still the one before")
				})
				p.WaitText(zh(i18n.MediationSaved))
			}
			unfold := func(p *Page, a mediation.Act) {
				p.must("unfold "+string(a), script(`(() => { const d = document.querySelector('form[action$="/`+string(a)+`"]').closest('details'); if (d) d.open = true; return '' })()`, new(string)))
			}
			set := func(p *Page, a mediation.Act, js string) {
				p.must("fill "+string(a), script(`(() => { const f = document.querySelector('form[action$="/`+string(a)+`"]'), q = s => f.querySelector(s), all = s => [...f.querySelectorAll(s)]; `+js+`; return '' })()`, new(string)))
			}

			resident := open("")
			resident.Visit("/p/report?kind=dispute")
			resident.must("a place", script(`(() => { const s = document.querySelector('[name=community]'); s.value = s.querySelector('optgroup option').value; return '' })()`, new(string)))
			resident.Fill(zh(i18n.CasePublicBody), "楼上漏水泡了吊顶，赔多少谈不拢。")
			resident.Fill(zh(i18n.CaseFieldOther), "楼上张某")
			resident.Fill(zh(i18n.CasePublicName), "王女士")
			resident.Fill(zh(i18n.CasePublicPhone), "13800138000")
			resident.Click(zh(i18n.CasePublicSend))
			resident.WaitText(zh(i18n.CasePublicCodeKeep))
			code := resident.Text("#code")

			desk := open("shuji")
			desk.Visit("/mediation-committees")
			desk.Check("mediation-committees")
			desk.Visit("/mediation-committees/" + n.community.String())
			desk.Fill(zh(i18n.MediationElectedOn), "2026-01-05")
			desk.ClickIn(`form[action$="`+n.community.String()+`"] .form-acts`, zh(i18n.PartialSave))
			desk.WaitText(zh(i18n.MediationSaved))
			for _, m := range []mediation.NewMember{{Name: "吴调解", Sex: mediation.Female, Login: "tiaojie"}, {Name: "老高", Sex: mediation.Male}} {
				desk.Fill(zh(i18n.MediationMemberName), m.Name)
				desk.must("sex", script(`(() => { document.querySelector('input[name=sex][value="`+m.Sex+`"]').click(); return '' })()`, new(string)))
				desk.Fill(zh(i18n.MediationLogin), m.Login)
				desk.ClickIn(`form[action$="/members"] .form-acts`, zh(i18n.MediationMemberAdd))
				desk.WaitText(m.Name)
			}
			desk.WaitText(zh(i18n.MediationFewMembers, 3, 2))
			desk.Check("mediation-committee")

			list, err := n.Casework.List(ctx, n.actorOf(t, "shuji"), casework.Filter{})
			if err != nil || len(list.Items) != 1 {
				t.Fatalf("%d cases, %v", len(list.Items), err)
			}
			desk.Visit("/cases/" + list.Items[0].ID.String())
			desk.WaitText(zh(i18n.MediationBeginHelp))
			desk.Check("case-to-mediate")
			desk.Click(zh(i18n.MediationBegin))
			desk.WaitText(zh(i18n.MediationBegun))
			desk.WaitText("楼上张某")
			address := desk.Path()
			desk.Check("mediation-opened")
			set(desk, mediation.ActMediators, "q('[name=members]').click()")
			act(desk, mediation.ActMediators)

			// The mediator goes on; somebody else of the community sees numbers alone.
			p := open("tiaojie")
			p.Visit("/")
			p.WaitText(zh(i18n.MediationWaitOpened, 1))
			p.Visit(address)
			set(p, mediation.ActConsent, "all('[name=party]').forEach(e => e.click())")
			act(p, mediation.ActConsent)
			p.WaitText("2026-10-08") // a month, moved off the holiday
			p.Fill(zh(i18n.MediationHeldAt), "社区调解室")
			p.Fill(zh(i18n.MediationRecord), "双方陈述经过，各退一步。")
			act(p, mediation.ActSession)
			p.Check("mediation-running")
			p.Fill(zh(i18n.MediationFacts), "楼上防水失效，造成楼下吊顶受损。")
			p.Fill(zh(i18n.MediationContent), "楼上修好防水并赔偿 3000 元。")
			p.Fill(zh(i18n.MediationWay), "转账，九月底前。")
			p.Fill(zh(i18n.MediationNumbered, zh(i18n.MediationDuty), 1), "支付 3000 元")
			set(p, mediation.ActDraft, "q('[name=\"by.1\"]').selectedIndex = 2; q('[name=\"due.1\"]').value = '2026-09-30'")
			act(p, mediation.ActDraft)
			p.Check("mediation-drafted")
			n.clock.To(beijing(time.September, 3, 10, 0))
			p = open("tiaojie")
			p.Visit(address)
			set(p, mediation.ActSign, "all('[name=who]').forEach(e => e.click())")
			act(p, mediation.ActSign)
			p.WaitText("2026-10-08")
			p.WaitText(zh(i18n.MediationConfirmUntil, "2026-10-08", 35))
			p.Click(zh(i18n.MediationScanAdd))
			p.Upload(zh(i18n.MediationScans), scene(t))
			p.ClickIn(`form[action$="/scans"] .form-acts`, zh(i18n.MediationScanAdd))
			p.WaitText(zh(i18n.FilesAdded, 1))
			p.WaitText("IMG_2026.jpg")
			p.Check("mediation-in-force")

			other := open("pangren")
			other.Visit("/mediations")
			other.WaitText(zh(i18n.MediationEmpty))
			other.Expect(404)
			if got := other.Fetch(address); got.Status != 404 {
				t.Errorf("somebody else opens the file: %d", got.Status)
			}

			resident.Visit("/p/case?c=" + code)
			resident.WaitText(zh(i18n.MediationCaseBegun))
			resident.WaitText(strings.Split(zh(i18n.MediationCaseAgreed), "{0}")[0])
			resident.Check("mediation-for-the-resident")

			p.Visit("/")
			p.WaitText(zh(i18n.MediationWaitConfirm, 1))
			p.Visit(address)
			unfold(p, mediation.ActApply)
			set(p, mediation.ActApply, "all('[name=agreed]').forEach(e => e.click())")
			p.Fill(zh(i18n.MediationCourt), "临江区人民法院")
			act(p, mediation.ActApply)
			unfold(p, mediation.ActAnswer)
			set(p, mediation.ActAnswer, "q('[value=taken]').click()")
			act(p, mediation.ActAnswer)
			for _, paper := range []string{"application", "record", "agreement", "confirmation", "visits", "index"} {
				got := p.Fetch(address + "/papers/" + paper)
				if got.Status != 200 || !strings.HasPrefix(string(got.Body), "%PDF") {
					t.Errorf("%s: %d %.20q", paper, got.Status, got.Body)
				}
				if folder := os.Getenv("LINLI_SHOTS"); folder != "" {
					if err := os.WriteFile(filepath.Join(folder, paper+".pdf"), []byte(got.Body), 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}

			n.clock.To(beijing(time.October, 12, 10, 0))
			p = open("tiaojie")
			p.Visit("/")
			p.WaitText(zh(i18n.MediationWaitDuty, 1))
			p.Visit("/mediations")
			p.Check("mediations")
			p.Visit(address)
			set(p, mediation.ActPerform, "q('[name=duty]').selectedIndex = 1")
			act(p, mediation.ActPerform)
			p.WaitText(zh(i18n.MediationPerformed))
			p.Fill(zh(i18n.MediationVisitFound), "双方和好。")
			act(p, mediation.ActVisit)
			p.Check("mediation-performed")
			resident.Visit("/p/case?c=" + code)
			resident.ClickIn("#rate", zh(i18n.CaseSolvedYes))
			resident.WaitText(zh(i18n.CasePublicRated))
			resident.Shot("mediation-after")
			if c, err := n.Casework.Get(ctx, n.actorOf(t, "shuji"), list.Items[0].ID); err != nil || c.State != casework.Closed || c.Outcome != casework.Fulfilled {
				t.Errorf("the case is %s %s, %v, want it closed", c.State, c.Outcome, err)
			}
		})
	}
}
