//go:build browser

package browsertest

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
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
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
)

// The district says who answers for a category, which steps its cases take and who sees a kind; what a resident then reports goes there by itself, its steps are
// pressed off, and it ends only when the needed one is done or somebody says why not. In both languages.
func TestACategoryGoesToItsOfficeAndTakesItsSteps(t *testing.T) {
	together(t)
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
	desk.WaitText(i18n.CasePetitionAbove.In(i18n.ZH)) // the one that a new district begins with
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
	together(t)
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

	street, err := db.Value[id.ID](context.Background(), n.DB, `SELECT parent_id FROM organisation WHERE tenant_id = $1 AND id = $2`, n.tenant, n.community)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = n.Authn.CreateMany(context.Background(), n.system, newcomerPassword, []authn.NewAccount{{Login: "jiedao", Name: "街道", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleSubdistrict, OrgID: street}}}}); err != nil {
		t.Fatal(err)
	}
	desk.Visit("/case-kinds/petition") // a new district has it
	desk.WaitText(zh(i18n.CaseKindPetition))
	desk.Check("case-kind-petition")
	resident.Visit("/p/report?kind=petition")
	resident.must("the community", script(`(() => { const s = document.querySelector('[name=community]'); s.value = '`+n.community.String()+`'; return s.value })()`, new(string)))
	resident.Fill(zh(i18n.CasePublicBody), "对补偿不服")
	resident.Click(zh(i18n.NoticeEmail))
	resident.Fill(zh(i18n.NoticeEmailTo), "Zhang@Example.cn")
	resident.Check("petition-report")
	resident.Click(zh(i18n.CasePublicSend))
	resident.WaitText(zh(i18n.CasePublicCodeKeep))
	code := resident.Text("#code")
	list, err := n.Casework.List(context.Background(), n.actorOf(t, "jiedao"), casework.Filter{Kind: "petition"})
	if err != nil || len(list.Items) != 1 {
		t.Fatalf("%d petitions, %v", len(list.Items), err)
	}
	office := open(Desktop, "jiedao") // the community is often whom a petition is about
	office.Visit("/cases/" + list.Items[0].ID.String())
	office.WaitText(zh(i18n.CasePetition))
	office.Click(zh(i18n.CaseTake))
	office.WaitText(zh(i18n.CaseTakeDone))
	for range 3 { // informed, heard, and answered in writing
		office.ClickIn(`main li form[action$="/step"]`, zh(i18n.CaseStepDone))
		office.WaitText(zh(i18n.CaseStepSaved))
	}
	office.Check("petition-steps")
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

// What nobody signs for is taken back by one press; a petition that was not taken on has no review, and the page says where to turn; a figure says how many records are counted and
// not listed, on its page and in its file; a rule without effect waits on the first page and is marked in the list; the sub-district reads the district's rules.
func TestTakenBackNotReviewedAndLeftOut(t *testing.T) {
	together(t)
	n := install(t, beijing(time.November, 20, 9, 0))
	ctx := context.Background()
	squad, err := n.Organisation.Create(ctx, n.system, organisation.NewOrganisation{Kind: organisation.Station, Name: "先锋社区综合服务站", ParentID: n.community})
	if err != nil {
		t.Fatal(err)
	}
	street, err := db.Value[id.ID](ctx, n.DB, `SELECT parent_id FROM organisation WHERE tenant_id = $1 AND id = $2`, n.tenant, n.community)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{{Login: "zhan", Name: "服务站", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleWorker, OrgID: squad.ID}}},
		{Login: "jiedao", Name: "街道", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleSubdistrict, OrgID: street}}}}); err != nil {
		t.Fatal(err)
	}
	rule, err := n.Casework.SetRoute(ctx, n.actorOf(t, "quwei"), casework.Route{KindCode: "event", AreaID: rootOf(t, n), OrgKind: organisation.Station, Auto: true, Reason: "站里有人有车"})
	if err != nil {
		t.Fatal(err)
	}
	report := func(kind, body string) casework.Receipt {
		t.Helper()
		got, err := n.Casework.Report(ctx, n.tenant, "居民", "", casework.Report{Kind: kind, CommunityID: n.community, Body: body})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	event, petition := report("event", "北门垃圾没人收"), report("petition", "对补偿不服")
	if err := n.Casework.Refuse(ctx, n.actorOf(t, "jiedao"), petition.ID, 1, casework.Procedure, "正在诉讼中", "区人民法院"); err != nil {
		t.Fatal(err)
	}
	open := func(view Viewport, login string) *Page {
		p := openAt(t, n.url, view)
		t.Cleanup(p.reportFaults)
		if login != "" {
			p.LoginWith(login, newcomerPassword)
		}
		return p
	}
	resident := open(Phone, "")
	resident.Visit("/p/case?c=" + petition.Code)
	resident.WaitText(zh(i18n.CaseReviewRefused))
	if resident.Count(`form[action$="/review"]`) != 0 {
		t.Error("a review can be asked of what was not taken on")
	}
	resident.Check("no-review")
	resident.Resize(Desktop)
	resident.Check("no-review")

	n.clock.To(beijing(time.November, 25, 9, 0))
	desk := open(Desktop, "shuji")
	desk.Visit("/cases/" + event.ID.String())
	desk.WaitText(zh(i18n.CaseRecallHelp, "先锋社区综合服务站"))
	desk.Check("recall")
	desk.Resize(Phone)
	desk.Check("recall")
	desk.Resize(Desktop)
	desk.ClickIn("main form", zh(i18n.CaseRecall))
	desk.WaitText(zh(i18n.CaseRecallDone))
	desk.Check("recalled")

	top := open(Desktop, "quwei")
	top.Visit("/figures/case.received?period=2026Q4")
	top.WaitText(zh(i18n.FigureLeftOut, 1))
	top.Check("figure-left-out")
	file := top.Fetch("/figures/case.received/export?period=2026Q4")
	if file.Status != http.StatusOK || !inWorkbook(t, file.Body, zh(i18n.FigureLeftOutFile, 1)) {
		t.Errorf("the file does not say what it leaves out: %d", file.Status)
	}

	k, err := n.Casework.Kind(ctx, n.tenant, "event")
	if err != nil {
		t.Fatal(err)
	}
	k.Visibility, k.Georeport = casework.ToHandling, casework.NotOpen
	if err := n.Casework.SaveKind(ctx, n.actorOf(t, "quwei"), k); err != nil {
		t.Fatal(err)
	}
	top.Visit("/")
	top.WaitText(zh(i18n.CaseWaitRoute, 1))
	top.Visit("/case-routes?show=idle")
	top.WaitText(zh(i18n.CaseRouteIdleStrict))
	top.Check("routes-idle")
	top.Resize(Phone)
	top.Check("routes-idle")
	below := open(Desktop, "jiedao")
	below.Visit("/case-routes")
	below.WaitText(zh(i18n.CaseRouteAbove1))
	if below.Count(`form[action="/case-routes/`+rule.String()+`/end"]`) != 0 {
		t.Error("the sub-district can end the district's rule")
	}
	below.Check("routes-below")
}

// rootOf is the district's own organisation.
func rootOf(t *testing.T, n *installation) id.ID {
	t.Helper()
	root, err := db.Value[id.ID](context.Background(), n.DB, `SELECT id FROM organisation WHERE tenant_id = $1 AND kind = $2`, n.tenant, string(organisation.District))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// inWorkbook says whether a text stands in a workbook.
func inWorkbook(t *testing.T, file []byte, text string) bool {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), text) {
			return true
		}
	}
	return false
}
