//go:build browser

package browsertest

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/i18n"
	"linli/internal/organisation"
)

// The district says who answers for a category, which steps its cases take and who sees a kind; what a resident then reports goes there by itself, its steps are
// pressed off, and it ends only when the needed one is done or somebody says why not. In both languages.
func TestACategoryGoesToItsOfficeAndTakesItsSteps(t *testing.T) {
	t.Parallel()
	for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
		t.Run(string(l), func(t *testing.T) {
			t.Parallel()
			categoryToOffice(t, l)
		})
	}
}

func categoryToOffice(t *testing.T, l i18n.Lang) {
	say := func(text i18n.Text, args ...any) string { return text.In(l, args...) }
	n := install(t, beijing(time.November, 20, 9, 0))
	ctx := context.Background()
	squad, err := n.Organisation.Create(ctx, n.system, organisation.NewOrganisation{Kind: organisation.Station, Name: "先锋社区综合服务站", ParentID: n.community})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{{Login: "zhan", Name: "服务站", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleWorker, OrgID: squad.ID}}}}); err != nil {
		t.Fatal(err)
	}
	open := func(view Viewport, login string) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		p.Language(l)
		if login != "" {
			p.LoginWith(login, newcomerPassword)
		}
		return p
	}
	choose := func(p *Page, name, value string) {
		p.must(name, script(`(() => { const s = document.querySelector('[name=`+name+`]'); s.value = '`+value+`'; return s.value })()`, new(string)))
	}

	desk := open(Desktop, "quwei")
	desk.Visit("/case-kinds")
	desk.Click(say(i18n.CaseRoutes))
	desk.WaitText(say(i18n.CaseRouteNone))
	desk.Check("case-routes-empty")
	desk.Visit("/case-routes/new?kind=event")
	desk.Expect(http.StatusUnprocessableEntity)
	choose(desk, "target", "named")
	desk.ClickIn("main form", say(i18n.PartialSave))
	desk.WaitText(say(i18n.CaseRouteOneWho))
	choose(desk, "target", "kind:"+string(organisation.Station))
	desk.Fill(say(i18n.CaseRouteReason), "站里有人有车")
	desk.Check("case-route-new")
	desk.ClickIn("main form", say(i18n.PartialSave))
	desk.WaitText(say(i18n.CaseRouteSaved))
	desk.Check("case-routes")
	desk.Resize(Phone)
	desk.Check("case-routes")
	desk.Resize(Desktop)

	desk.Visit("/case-kinds/event")
	desk.Fill(say(i18n.CaseKindSteps), "现场核实 / Look at the place | 网格员 | 1d | needed\n拍照 / Photograph | 网格员")
	desk.Check("case-kind-steps")
	desk.Resize(Phone)
	desk.Check("case-kind-steps")
	desk.Resize(Desktop)
	desk.ClickIn("main form", say(i18n.PartialSave))
	desk.WaitText(say(i18n.CaseKindSaved))

	resident := open(Phone, "")
	resident.Visit("/p/report?kind=event")
	choose(resident, "community", n.community.String())
	resident.Fill(say(i18n.CasePublicBody), "北门垃圾没人收")
	resident.Click(say(i18n.CasePublicSend))
	resident.WaitText(say(i18n.CasePublicCodeKeep))
	resident.WaitText("先锋社区综合服务站")

	list, err := n.Casework.List(ctx, n.actorOf(t, "zhan"), casework.Filter{State: casework.Dispatched})
	if err != nil || len(list.Items) != 1 {
		t.Fatalf("the station has %d cases, %v", len(list.Items), err)
	}
	one := list.Items[0].ID
	office := open(Phone, "zhan")
	office.Visit("/cases/" + one.String())
	office.Click(say(i18n.CaseTakeSign))
	office.WaitText(say(i18n.CaseTakeDone))
	office.WaitText(say(i18n.CaseStepNeeded))
	office.Check("case-steps")
	office.Fill(say(i18n.CaseResult), "已清运")
	office.Expect(http.StatusUnprocessableEntity)
	office.ClickIn("main form", say(i18n.CaseFinish))
	office.WaitText(say(i18n.CaseStepsWhy))
	office.Check("case-steps-open")
	office.Visit("/cases/" + one.String())
	office.ClickIn("main li form", say(i18n.CaseStepDone))
	office.WaitText(say(i18n.CaseStepSaved))
	office.Check("case-steps-done")
	office.Resize(Desktop)
	office.Check("case-steps-done")
	office.Fill(say(i18n.CaseResult), "已清运")
	office.ClickIn("main form", say(i18n.CaseFinish))
	office.WaitText(say(i18n.CaseFinishDone))

	desk.Visit("/case-routes")
	desk.Click(say(i18n.CaseRouteEnd))
	desk.WaitText(say(i18n.CaseRouteEnded))
	desk.Visit("/case-routes?past=1")
	desk.Check("case-routes-past")
}

// A blank form is kept with a matter and downloaded by a resident; the district's number stands on their page; a petition is answered and reviewed above.
func TestBlankFormsTheServiceNumberAndAPetition(t *testing.T) {
	t.Parallel()
	n := install(t, beijing(time.November, 20, 9, 0))
	open := func(view Viewport, login string) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		if login != "" {
			p.LoginWith(login, newcomerPassword)
		}
		return p
	}
	form := filepath.Join(t.TempDir(), "登记表.pdf")
	if err := os.WriteFile(form, []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	matters, err := n.Catalogue.Public(context.Background(), n.tenant, catalogue.Filter{List: catalogue.Matter})
	if err != nil {
		t.Fatal(err)
	}
	matter := matters.Items[0]
	desk := open(Desktop, "quwei")
	desk.Visit("/catalogue/" + matter.ID.String())
	desk.Click(zh(i18n.CatalogueBlanksAdd))
	desk.Upload(zh(i18n.CatalogueBlanks), form)
	desk.ClickIn("#files form", zh(i18n.CatalogueBlanksAdd))
	desk.WaitText("登记表.pdf")
	desk.Check("catalogue-blanks")
	resident := open(Phone, "")
	resident.Visit("/p/services/" + matter.Address(n.tenant))
	resident.WaitText("登记表.pdf")
	resident.Check("service-blanks")
	at := ""
	resident.must("where the form is", script(`document.querySelector('a[href*="/forms/"]').getAttribute('href')`, &at))
	if got := resident.Fetch(at); got.Status != http.StatusOK || !strings.HasPrefix(string(got.Body), "%PDF") {
		t.Errorf("the form answers %d", got.Status)
	}

	resident.Visit("/p")
	if resident.Count(`a[href="tel:0515-88880110"]`) != 0 {
		t.Error("a number is shown that nobody set")
	}
	desk.Visit("/case-kinds")
	desk.Fill(zh(i18n.CaseNumberField), "0515-88880110")
	desk.ClickIn(`form[action="/case-number"]`, zh(i18n.PartialSave))
	desk.WaitText(zh(i18n.CaseNumberSaved))
	desk.Check("case-kinds-number")
	desk.Resize(Phone)
	desk.Check("case-kinds-number")
	desk.Resize(Desktop)
	resident.Visit("/p")
	resident.WaitText(zh(i18n.CaseNumberOwn))
	resident.Check("home-number")

	desk.Visit("/case-kinds/new")
	desk.Fill(zh(i18n.CaseKindCode), "petition")
	desk.Fill(zh(i18n.CaseKindName), "信访")
	desk.ClickIn("main form", zh(i18n.CaseKindOpen))
	desk.ClickIn("main form", zh(i18n.CaseKindPetition))
	desk.ClickIn("main form", zh(i18n.PartialSave))
	desk.WaitText(zh(i18n.CaseKindSaved))
	resident.Visit("/p/report?kind=petition")
	resident.must("the community", script(`(() => { const s = document.querySelector('[name=community]'); s.value = '`+n.community.String()+`'; return s.value })()`, new(string)))
	resident.Fill(zh(i18n.CasePublicBody), "对补偿不服")
	resident.Click(zh(i18n.CasePublicSend))
	resident.WaitText(zh(i18n.CasePublicCodeKeep))
	code := resident.Text("#code")
	list, err := n.Casework.List(context.Background(), n.actorOf(t, "shuji"), casework.Filter{Kind: "petition"})
	if err != nil || len(list.Items) != 1 {
		t.Fatalf("%d petitions, %v", len(list.Items), err)
	}
	office := open(Desktop, "shuji")
	office.Visit("/cases/" + list.Items[0].ID.String())
	office.WaitText(zh(i18n.CasePetition))
	office.Click(zh(i18n.CaseTake))
	office.WaitText(zh(i18n.CaseTakeDone))
	office.Fill(zh(i18n.CaseResult), "补偿按标准核定")
	office.ClickIn("main form", zh(i18n.CaseFinish))
	office.WaitText(zh(i18n.CaseFinishDone))
	office.Check("petition-done")
	resident.Visit("/p/case?c=" + code)
	resident.WaitText(zh(i18n.CaseReviewHelp))
	resident.Check("petition-answered")
	resident.Fill(zh(i18n.CaseReviewWhy), "面积少算了")
	resident.ClickIn(`form[action$="/review"]`, zh(i18n.CaseReview))
	resident.WaitText(zh(i18n.CaseReviewDone))
	resident.Check("petition-reviewed")
}
