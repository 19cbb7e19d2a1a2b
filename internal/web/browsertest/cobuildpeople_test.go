//go:build browser

package browsertest

import (
	"context"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/calendar"
	"linli/internal/cobuild"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/testkit"
)

// Two sides of an agreement of double posts name their persons: the liaison a member of the unit, on the phone; what the member did stands with the post, on the pages of the unit and the community, and
// on their own; the community ends a post.
func TestPostsByAnAgreement(t *testing.T) {
	together(t)
	n, ctx := install(t, beijing(time.August, 20, 9, 0)), context.Background()
	rows := testkit.NewRows(t, n.DB, n.tenant)
	unit := rows.Organisation("unit", "临江区第一医院")
	person := rows.Person(n.community, "王医生", "")
	member := rows.Member(person, 0, unit, "王医生")
	_, err := n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{{Login: "lianluo", Name: "孙联络", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleLiaison, OrgID: unit}}},
		{Login: "wang", Name: "王医生", Keep: true, PersonID: person, Grants: []authn.NewGrant{{Role: app.RoleMember, OrgID: n.community}}}})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(err)
	shuji, lianluo := n.actorOf(t, "shuji"), n.actorOf(t, "lianluo")
	g, err := n.Cobuild.Draft(ctx, shuji, cobuild.NewAgreement{As: n.community, CommunityID: n.community, Units: []id.ID{unit}, Terms: cobuild.Terms{Kind: cobuild.Double, Goal: "双向任职，共建健康社区", From: calendar.On(2026, 8, 1), To: calendar.On(2027, 7, 31)},
		Items: []cobuild.NewItem{{Title: "每季度一次义诊", OrgID: unit, Often: cobuild.Quarter, DueOn: calendar.On(2026, 8, 30)}}})
	must(err)
	must(n.Cobuild.Send(ctx, shuji, g, 0, n.community))
	_, err = n.Cobuild.Sign(ctx, lianluo, g, 0, unit)
	must(err)
	_, err = n.Cobuild.Sign(ctx, shuji, g, 0, n.community)
	must(err)

	liaison := openAt(t, n.url, Phone)
	defer liaison.reportFaults()
	liaison.LoginWith("lianluo", newcomerPassword)
	liaison.Visit("/cobuilds/" + g.String())
	liaison.WaitText(zh(i18n.CobuildStaffNone))
	liaison.Check("posts-empty")
	liaison.must("the member", script(`(() => { document.querySelector('input[name=person]').value = 'member:`+member.String()+`'; document.querySelector('input[name=person_text]').value = '王医生'; return '' })()`, new(string)))
	liaison.must("post", script(`(() => { const s = document.querySelector('select[name=post]'); s.selectedIndex = 1; return s.value })()`, new(string)))
	liaison.Click(zh(i18n.CobuildPersonAdd))
	liaison.WaitText(zh(i18n.CobuildPersonSaved))
	liaison.WaitText(zh(i18n.CobuildServing))
	liaison.Check("posts-named")
	liaison.Visit("/unit-agreements")
	liaison.WaitText("王医生")

	activity, at := id.New(), db.Micros(beijing(time.August, 25, 9, 0))
	testkit.Exec(t, n.DB, `INSERT INTO activity (tenant_id, id, community_id, kind_code, title, place, starts_at, ends_at, state, gives_hours, organiser_id, created_at) VALUES ($1,$2,$3,'volunteer','广场义诊','广场',$4,$5,'held',FALSE,1,1)`,
		n.tenant, activity, n.community, at, at+3600_000_000)
	testkit.Exec(t, n.DB, `INSERT INTO attendance (tenant_id, id, activity_id, member_id, person_id, community_id, unit_id, in_at, proof, state, by_account, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,'vouched','done',1,1)`, n.tenant, id.New(), activity, member, person, n.community, unit, at)
	n.clock.To(beijing(time.August, 28, 9, 0))

	desk := openAt(t, n.url, Desktop)
	defer desk.reportFaults()
	desk.LoginWith("shuji", newcomerPassword)
	desk.Visit("/cobuilds/" + g.String())
	desk.WaitText(zh(i18n.CobuildDidActivity, 1))
	desk.Check("posts-agreement")
	desk.Visit("/cobuild-people")
	desk.WaitText("王医生")
	desk.Check("posts-list")
	desk.Visit("/cobuild-people?q=nobody")
	if strings.Contains(desk.Text("main"), "王医生") {
		t.Error("a search for nobody finds somebody")
	}
	desk.Visit("/organisations/" + n.community.String())
	desk.WaitText("王医生")
	desk.Check("posts-community")

	own := openAt(t, n.url, Phone)
	defer own.reportFaults()
	own.LoginWith("wang", newcomerPassword)
	own.Visit("/m/posts")
	own.WaitText("广场义诊")
	own.Check("posts-own")

	desk.Visit("/cobuilds/" + g.String())
	desk.must("open", script(`(() => { for (const d of document.querySelectorAll('#people details')) d.open = true; const s = document.querySelector('#people select[name=person]'); s.selectedIndex = 1; return s.value })()`, new(string)))
	desk.Choose(zh(i18n.CobuildPersonWhy), zh(i18n.CobuildEndMoved))
	desk.Check("posts-end")
	desk.ClickIn(`#people form[action$="/end"]`, zh(i18n.CobuildPersonEnd))
	desk.WaitText(zh(i18n.CobuildPersonEndOK))
	desk.WaitText(zh(i18n.CobuildPersonEnded))
}
