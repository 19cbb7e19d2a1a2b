//go:build browser

package browsertest

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/hall"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/technician"
)

// One case of each kind goes from the first word to the closed and rated case, through pages alone, and each way in is walked: the service comes by telephone and is done by
// a technician; the opinion and the dispute come from the resident's page, and end with the sub-district and the community; one event is reported on the grid worker's
// round, another by a resident, whom the grid worker answers for until it goes up to the sub-district; the window matter begins with a number in the hall; the need is found on
// a visit; the petition is answered in writing by the sub-district and reviewed by the district. Residents and staff use the phone and the desk in turn, in Chinese and in English.
func TestOneCaseOfEachKind(t *testing.T) {
	together(t)
	n := install(t, beijing(time.November, 20, 9, 0))
	ctx := context.Background()
	street, err := db.Value[id.ID](ctx, n.DB, `SELECT parent_id FROM organisation WHERE tenant_id = $1 AND id = $2`, n.tenant, n.community)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{
		{Login: "shifu", Name: "张师傅", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleTechnician, OrgID: n.community}}},
		{Login: "wangge", Name: "网格员", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleWorker, OrgID: n.community}}},
		{Login: "jiedao", Name: "街道", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleSubdistrict, OrgID: street}}},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Technician.Create(ctx, n.actorOf(t, "quwei"), technician.Entry{Name: "张师傅", Login: "shifu", OrgID: n.community, Skills: []technician.Skill{{Class: "service:01"}}, Areas: []id.ID{n.community}}); err != nil {
		t.Fatal(err)
	}
	grid, err := n.Place.ProposeGrid(ctx, n.system, n.community)
	if err != nil {
		t.Fatal(err)
	}
	grid.Name = "第一网格"
	if _, err = n.Place.CreateGrid(ctx, n.system, grid); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lang             i18n.Lang
		resident, office Viewport
	}{{i18n.ZH, Phone, Desktop}, {i18n.EN, Desktop, Phone}} {
		t.Run(string(c.lang), func(t *testing.T) {
			w := &kindsWalk{installation: n, t: t, lang: c.lang, office: c.office, staff: map[string]*Page{}}
			w.resident = w.open(c.resident)
			w.hallOpens()
			for _, kind := range []string{"service", "opinion", "event", roundEvent, "matter", "dispute", "need", "petition"} {
				w.kind(kind)
			}
			list, err := n.Casework.List(ctx, n.actorOf(t, "shuji"), casework.Filter{Show: casework.ShowOpen})
			if err != nil || len(list.Items) != 0 {
				t.Errorf("%d cases are open at the end, %v", len(list.Items), err)
			}
		})
	}
}

// roundEvent is the event that a round finds; nobody was told a code.
const roundEvent = "event of a round"

// followCode is a code as it stands in a text.
var followCode = regexp.MustCompile(`[0-9]{6}-[0-9A-Z]{12}`)

// kindsWalk is one walk through all kinds in one language.
type kindsWalk struct {
	*installation
	t        *testing.T
	lang     i18n.Lang
	office   Viewport
	resident *Page
	staff    map[string]*Page
	hall     string // address of the community's
}

func (w *kindsWalk) say(text i18n.Text, args ...any) string { return text.In(w.lang, args...) }

func (w *kindsWalk) open(view Viewport) *Page {
	p := openAt(w.t, w.url, view)
	w.t.Cleanup(p.reportFaults)
	p.Language(w.lang)
	return p
}

func (w *kindsWalk) as(login string) *Page {
	p := w.staff[login]
	if p == nil {
		p = w.open(w.office)
		p.LoginWith(login, newcomerPassword)
		w.staff[login] = p
	}
	return p
}

func (w *kindsWalk) kind(kind string) {
	words := kind + " in " + string(w.lang)
	var code, sign string
	switch kind {
	case "service":
		code, sign = w.called(words)
	case roundEvent:
		w.patrolled(words)
	case "matter":
		code = w.atTheWindow(words)
	case "need":
		code = w.found(words)
	default:
		code = w.report(kind, words)
	}
	switch kind {
	case "service":
		w.repair(words, sign)
	case "opinion":
		w.handUp(words)
	case "event":
		w.lookedAt("wangge", words)
		w.handUp(words)
	case roundEvent:
		w.finish("wangge", words)
		w.checked(words)
		return
	case "petition":
		w.finish("jiedao", words)
		w.review(code, words)
		w.finish("quwei", words)
	default:
		w.finish("shuji", words)
	}
	w.rate(kind, code, words)
}

// report is what a resident does on the public page; it gives the code to follow it.
func (w *kindsWalk) report(kind, words string) (code string) {
	p := w.resident
	p.Visit("/p/report?kind=" + kind)
	p.must("the community", script(`(() => { const s = document.querySelector('[name=community]'); s.value = '`+w.community.String()+`'; return s.value })()`, new(string)))
	p.Fill(w.say(i18n.CasePublicBody), words)
	if w.lang == i18n.EN {
		p.Check("report-" + kind)
	}
	p.Click(w.say(i18n.CasePublicSend))
	p.WaitText(w.say(i18n.CasePublicCodeKeep))
	return p.Text("#code")
}

// called is a service that the operator takes down while somebody calls; the code to sign it off is told on the telephone.
func (w *kindsWalk) called(words string) (code, sign string) {
	p := w.as("shuji")
	p.Visit("/calls/new?kind=service")
	p.Fill(w.say(i18n.CallNumber), "13800138000")
	p.Fill(w.say(i18n.CallWhat), words)
	p.must("the service", script(`(() => { const s = document.querySelector('[name=item]'); s.value = [...s.querySelectorAll('option')].find(o => o.value).value; return s.value })()`, new(string)))
	p.ClickIn("main form", w.say(i18n.CallSave))
	p.WaitText(w.say(i18n.CallSaved))
	return p.Text("#call-code"), p.Text("#call-sign-off")
}

// patrolled is an event that the grid worker reports from their round.
func (w *kindsWalk) patrolled(words string) {
	p := w.as("wangge")
	p.Visit("/m/patrol/event")
	p.must("where", script(`(() => { document.querySelector('#f-where input[name=where]').click(); return '' })()`, new(string)))
	p.Fill(w.say(i18n.PatrolBody), words)
	p.ClickIn("main form", w.say(i18n.PatrolSend))
	p.until("the event to be entered", func() string {
		list, err := w.Casework.List(context.Background(), w.actorOf(w.t, "shuji"), casework.Filter{Channel: casework.ByGrid, Show: casework.ShowOpen})
		return unless(err == nil && len(list.Items) == 1, fmt.Sprintf("%d, %v", len(list.Items), err))
	})
}

// hallOpens gives the community a hall with a counter, once, at which the secretary sits down.
func (w *kindsWalk) hallOpens() {
	p := w.as("shuji")
	ctx := context.Background()
	list, err := w.Hall.List(ctx, w.actorOf(w.t, "shuji"), hall.ListFilter{})
	if err != nil {
		w.t.Fatal(err)
	}
	if len(list.Items) == 0 {
		p.Visit("/halls/new")
		p.Fill(w.say(i18n.HallName), "先锋社区便民服务大厅")
		p.must("the organisation", script(`(() => { const s = document.querySelector('select[name=org]'); s.value = '`+w.community.String()+`'; return s.value })()`, new(string)))
		for _, day := range []i18n.Text{i18n.Monday, i18n.Tuesday, i18n.Wednesday, i18n.Thursday, i18n.Friday} {
			p.Fill(w.say(day), "08:30-17:30")
		}
		p.ClickIn("main form .form-acts", w.say(i18n.PartialSave))
		p.WaitText(w.say(i18n.HallNoCounters))
		p.Fill(w.say(i18n.HallCounterNo), "1")
		p.must("its windows", script(`(() => { for (const v of ['02', '04']) document.querySelector('input[name=windows][value="'+v+'"]').click(); return '' })()`, new(string)))
		p.Click(w.say(i18n.HallAdd))
		p.WaitText(w.say(i18n.HallSaved))
		if list, err = w.Hall.List(ctx, w.actorOf(w.t, "shuji"), hall.ListFilter{}); err != nil || len(list.Items) != 1 {
			w.t.Fatalf("%d halls, %v", len(list.Items), err)
		}
		p.Visit("/hall/counter")
		p.Click(w.say(i18n.CounterSitAt, 1))
		p.WaitText(w.say(i18n.CounterNobody))
	}
	w.hall = list.Items[0].Address()
}

// atTheWindow is a matter that begins with a number taken on the phone and becomes a case at the counter.
func (w *kindsWalk) atTheWindow(words string) string {
	r := w.resident
	r.Visit("/k/" + w.hall)
	r.ClickOn("main a.way")
	r.WaitText(w.say(i18n.KioskTake))
	r.focusIsSeen()
	r.ClickIn("main form", w.say(i18n.KioskTake))
	r.WaitText(w.say(i18n.TicketYours))
	p := w.as("shuji")
	p.Visit("/hall/counter")
	p.Click(w.say(i18n.CounterNext))
	p.WaitText(w.say(i18n.CounterStart))
	p.Click(w.say(i18n.CounterStart))
	p.WaitText(w.say(i18n.CounterMakeCase))
	p.Click(w.say(i18n.CounterMakeCase))
	p.WaitText(w.say(i18n.CaseWhat))
	p.Fill(w.say(i18n.CaseWhat), words)
	p.ClickIn("main form .form-acts", w.say(i18n.CaseNew))
	p.WaitText(w.say(i18n.HallReceiptTitle))
	code := p.Text("#code")
	p.Visit("/hall/counter")
	p.Click(w.say(i18n.CounterDone))
	p.WaitText(w.say(i18n.CounterFinished))
	return code
}

// found is a need that the grid worker enters for somebody they visit.
func (w *kindsWalk) found(words string) string {
	p := w.as("wangge")
	p.Visit("/cases/new?kind=need")
	p.must("on a visit", script(`(() => { document.querySelector("input[name=channel][value=visit]").click(); return "" })()`, new(string)))
	p.Fill(w.say(i18n.CaseWhat), words)
	p.ClickIn("main form", w.say(i18n.CaseNew))
	p.WaitText(words)
	code := followCode.FindString(p.Text("main"))
	if code == "" {
		w.t.Fatal("the worker is not told the code for the resident")
	}
	return code
}

// at opens a case in the list of somebody who works.
func (w *kindsWalk) at(login, words string) *Page {
	return w.listed(login, "show="+casework.ShowOpen, words)
}

// listed opens a case in a list of theirs.
func (w *kindsWalk) listed(login, list, words string) *Page {
	p := w.as(login)
	p.Visit("/cases?" + list)
	at, row := "", words
	for kind, name := range map[string]i18n.Text{"dispute": i18n.CaseKindDispute, "petition": i18n.CaseKindPetitions} {
		if strings.HasPrefix(words, kind) { // the list says of a confidential case what it is, and not what it is about
			row = w.say(name)
		}
	}
	p.must("the row of "+words, script(`[...document.querySelectorAll('main tbody tr')].find(r => r.textContent.includes('`+row+`')).querySelector('a[href]').getAttribute('href')`, &at))
	p.Visit(at)
	p.WaitText(words)
	return p
}

// stepForm presses a step of a case off.
const stepForm = `main li form[action$="/step"]`

// lookedAt is how the grid worker takes on what a resident saw, and has been to the place.
func (w *kindsWalk) lookedAt(login, words string) {
	p := w.at(login, words)
	p.Click(w.say(i18n.CaseTake))
	p.WaitText(w.say(i18n.CaseTakeDone))
	p.ClickIn(stepForm, w.say(i18n.CaseStepDone))
	p.WaitText(w.say(i18n.CaseStepSaved))
}

// review is how whoever brought a petition does not accept the answer, and asks the office above.
func (w *kindsWalk) review(code, words string) {
	p := w.resident
	p.Visit("/p/case")
	p.Fill(w.say(i18n.CasePublicCode), code)
	p.Click(w.say(i18n.CasePublicLook))
	p.WaitText(words + ": done")
	p.Fill(w.say(i18n.CaseReviewWhy), "not all of it was counted")
	p.ClickIn(`form[action$="/review"]`, w.say(i18n.CaseReview))
	p.WaitText(w.say(i18n.CaseReviewDone))
}

func (w *kindsWalk) finish(login, words string) {
	p := w.at(login, words)
	p.Click(w.say(i18n.CaseTake))
	p.WaitText(w.say(i18n.CaseTakeDone))
	for strings.HasPrefix(words, "petition") && p.Count(stepForm) > 0 { // informed, heard, and answered in writing
		p.ClickIn(stepForm, w.say(i18n.CaseStepDone))
		p.WaitText(w.say(i18n.CaseStepSaved))
	}
	p.must("the outcome", script(`(() => { const s = document.querySelector('select[name=outcome]'); s.value = '`+string(casework.Fulfilled)+`'; return s.value })()`, new(string)))
	p.Fill(w.say(i18n.CaseResult), words+": done")
	p.ClickIn("main form", w.say(i18n.CaseFinish))
	p.WaitText(w.say(i18n.CaseFinishDone))
	if w.lang == i18n.EN {
		p.Check("finished-" + login)
	}
}

// handUp lets the community pass a case up, and the sub-district finish it.
func (w *kindsWalk) handUp(words string) {
	p := w.at("shuji", words)
	p.Click(w.say(i18n.CaseUp))
	p.Fill(w.say(i18n.CaseReasonLabel), "more than one community")
	p.ClickIn("main details[open] form", w.say(i18n.CaseUp))
	p.WaitText(w.say(i18n.CaseUpDone))
	w.finish("jiedao", words)
}

// repair lets the operator ask the technician, who comes, finishes and types the resident's code.
func (w *kindsWalk) repair(words, sign string) {
	p := w.as("shuji")
	p.Visit("/dispatch")
	p.Click(words)
	p.WaitText(w.say(i18n.DispatchOffer))
	p.Click(w.say(i18n.DispatchOffer))
	p.WaitText(w.say(i18n.DispatchOffered))
	m := w.as("shifu")
	m.Visit("/m/jobs")
	m.ClickIn(".todo form", w.say(i18n.MyJobTake))
	m.WaitText(w.say(i18n.MyJobTaken))
	at := m.Path()
	m.ClickIn(`form[action$="/arrive"]`, w.say(i18n.MyJobArrive))
	m.WaitText(w.say(i18n.MyJobArrived))
	m.Visit(at)
	m.Fill(w.say(i18n.MyJobResult), words+": done")
	m.ClickIn(`form[action$="/finish"]`, w.say(i18n.MyJobFinish))
	m.WaitText(w.say(i18n.MyJobFinishDone))
	m.Fill(w.say(i18n.CaseSignOff), sign)
	m.ClickIn(`form[action$="/sign"]`, w.say(i18n.MyJobSign))
	m.WaitText(w.say(i18n.MyJobSignDone))
}

// checked is how somebody else looks at the place whether an event that a round found is solved: nobody was told a code.
func (w *kindsWalk) checked(words string) {
	p := w.listed("shuji", "wait="+casework.WaitCheck, words)
	p.Click(w.say(i18n.CaseCheckSolved))
	p.WaitText(w.say(i18n.CaseSaved))
}

// rate is how the resident reads the result and says what they think of it, by the code.
func (w *kindsWalk) rate(kind, code, words string) {
	p := w.resident
	p.Visit("/p/case")
	p.Fill(w.say(i18n.CasePublicCode), code)
	p.Click(w.say(i18n.CasePublicLook))
	p.WaitText(words + ": done")
	if w.lang == i18n.EN {
		p.Check("result-" + kind)
	}
	p.must("stars", script(`(() => { const s = document.querySelector('#rate input[name=stars][value="5"]'); if (s) s.click(); return '' })()`, new(string)))
	p.ClickIn("#rate", w.say(i18n.CaseSolvedYes))
	p.WaitText(w.say(i18n.CasePublicRated))
}
