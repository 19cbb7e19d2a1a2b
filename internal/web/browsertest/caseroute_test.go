//go:build browser

package browsertest

import (
	"context"
	"net/http"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/casework"
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
