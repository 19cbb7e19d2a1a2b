package app_test

import (
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"linli/internal/activity"
	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/organisation"
	"linli/internal/testkit"
)

// TestAUnitsBranchHoldsItsMeeting lets a unit's liaison, with the standard role, plan the year of the unit's branch in one step, take presence by the code on the
// screen, and put the members' meeting down as held: what stood open before the district is done, and no community's book is touched.
func TestAUnitsBranchHoldsItsMeeting(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RoleSubdistrict, "五星街道")
		ctx, must := t.Context(), func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		madeUnit, err := k.a.Organisation.Create(ctx, k.sys, organisation.NewOrganisation{Kind: organisation.Unit, ParentID: k.ids["亭湖区"], Name: "供电公司"})
		must(err)
		madeBranch, err := k.a.Organisation.Create(ctx, k.sys, organisation.NewOrganisation{Kind: organisation.Branch, ParentID: madeUnit.ID, Name: "中共供电公司支部委员会"})
		must(err)
		unit, branch := madeUnit.ID, madeBranch.ID
		rows := testkit.NewRows(t, d, k.sys.Tenant)
		community := k.ids["雅和社区"]
		person := rows.Person(community, "陈党员", "")
		chen := rows.Member(person, community, unit, "陈党员")
		li := rows.Member(rows.Person(community, "李党员", ""), 0, unit, "李党员") // reports to no community
		testkit.Exec(t, d, "UPDATE member SET home_id = $1, standing = 'full' WHERE tenant_id = $2 AND id IN ($3, $4)", branch, k.sys.Tenant, chen, li)
		account := func(login string, role string, at, of id.ID) authz.Actor {
			made, _, err := k.a.Authn.Create(ctx, k.sys, authn.NewAccount{Login: login, Name: login, Password: "a long enough sentence", Keep: true, PersonID: of, Grants: []authn.NewGrant{{Role: role, OrgID: at}}})
			must(err)
			a, err := k.a.Authn.ActorFor(ctx, k.sys.Tenant, made.ID)
			must(err)
			return a
		}
		liaison, phone := account("liaison", app.RoleLiaison, unit, 0), account("chen", app.RoleMember, community, person)
		h := meeting.Holder{OwnerID: branch}
		today := calendar.DateOf(time.Now())
		for _, y := range []int{today.Year(), today.Year() + 1} {
			if n, err := k.a.Meeting.PlanYear(ctx, liaison, meeting.YearPlan{Holder: h, Year: y, Day: 20, Hour: 19, Place: "三楼"}); err != nil || n == 0 && y > today.Year() {
				t.Fatalf("%d meetings planned in %d, %v", n, y, err)
			}
		}
		if _, err := k.a.Meeting.PlanYear(ctx, liaison, meeting.YearPlan{Holder: meeting.Holder{OwnerID: community}, Year: today.Year(), Day: 20, Hour: 19}); err == nil {
			t.Error("the liaison plans for a community")
		}
		m, err := k.a.Meeting.Create(ctx, liaison, meeting.Plan{KindCode: meeting.MembersMeeting, Holder: h, Title: "党员大会", Place: "三楼", StartsAt: time.Now().Add(-10 * time.Minute), EndsAt: time.Now().Add(time.Hour)})
		must(err)

		// In the browser, as the liaison.
		jar, _ := cookiejar.New(nil) // never fails
		desk := *k
		desk.client = &http.Client{Jar: jar}
		desk.want(desk.post("/login", "login", "liaison", "password", "a long enough sentence"), 200)
		at := "/meetings/" + m.String()
		desk.want(desk.get(at), 200, "开启扫码签到")
		desk.want(desk.post(at+"/sign-in"), 200, "")
		d1, err := k.a.Meeting.Get(ctx, liaison, m)
		must(err)
		desk.want(desk.get("/activities/"+d1.ActivityID.String()+"/screen"), 200, "党员大会")
		if got := k.get("/activities/" + d1.ActivityID.String() + "/screen"); got.status != 404 {
			t.Errorf("the sub-district, to which the unit does not belong, sees its screen: %d", got.status)
		}
		screen, err := k.a.Activity.Screen(ctx, liaison, d1.ActivityID)
		must(err)
		_, err = k.a.Activity.SignIn(ctx, phone, activity.Presented{Code: screen.Code.String()}, nil)
		must(err)
		in, err := k.a.Activity.SignInFor(ctx, liaison, d1.ActivityID, li, nil)
		must(err)
		if in.CommunityID != branch || in.CreditID != 0 {
			t.Errorf("presence of %v in the book of %v", in.CommunityID, in.CreditID)
		}
		_, err = k.a.Meeting.Decide(ctx, liaison, m, meeting.NewResolution{Text: "通过", Yes: 2})
		must(err)
		_, err = k.a.Meeting.SaveMinutes(ctx, liaison, m, 0, "党员大会记录", false)
		must(err)
		desk.want(desk.post(at+"/close"), 200, "已召开")
		n, err := db.Value[int64](ctx, d, "SELECT count(*) FROM posting WHERE tenant_id = $1", k.sys.Tenant)
		must(err)
		if n != 0 {
			t.Errorf("%d postings from a meeting", n)
		}
		cells, err := k.a.Meeting.Year(ctx, liaison, h, today.Year())
		must(err)
		for _, c := range cells {
			if st := c.Standing(today); st == meeting.Overdue || st == meeting.Wanted {
				t.Errorf("%s of %s stands %s", c.KindCode, c.Start, st)
			}
		}
		if !strings.Contains(desk.get("/meetings/due").body, "供电公司") {
			t.Error("the liaison does not see what the branch owes")
		}

		// The sub-district takes presence at its own meeting.
		street := k.ids["五星街道"]
		made, err := k.a.Meeting.Create(ctx, k.sys, meeting.Plan{KindCode: "street_meeting", Holder: meeting.Holder{OwnerID: street}, Title: "街道工作会", StartsAt: time.Now().Add(-time.Minute), EndsAt: time.Now().Add(time.Hour)})
		must(err)
		k.want(k.post("/meetings/"+made.String()+"/sign-in"), 200, "")
		s, err := k.a.Meeting.Get(ctx, k.sys, made)
		must(err)
		k.want(k.get("/activities/"+s.ActivityID.String()+"/screen"), 200, "街道工作会")
		k.want(k.get("/activities/"+s.ActivityID.String()+"/sheet"), 200, "街道工作会")
	})
}
