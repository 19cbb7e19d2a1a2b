package app_test

import (
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"
	"time"

	"linli/internal/activity"
	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/testkit"
	"linli/internal/web/view/field"
)

// hall is a community's desk with an activity that is going on, and a member with a phone of their own.
type hall struct {
	*desk
	phone  *desk
	member id.ID
	act    id.ID
}

func newHall(t *testing.T, d *db.DB) *hall {
	t.Helper()
	k := newDesk(t, d, app.RoleSecretary, "雅和社区")
	community := k.ids["雅和社区"]
	rows := testkit.NewRows(t, d, k.sys.Tenant)
	unit := rows.Organisation("unit", "供电公司")
	person := rows.Person(community, "陈党员", "")
	x := &hall{desk: k, member: rows.Member(person, community, unit, "陈党员")}
	if _, _, err := k.a.Authn.Create(t.Context(), k.sys, authn.NewAccount{Login: "chen", Name: "陈党员", Password: "a long enough sentence", Keep: true, PersonID: person,
		Grants: []authn.NewGrant{{Role: app.RoleMember, OrgID: community}}}); err != nil {
		t.Fatal(err)
	}
	jar, _ := cookiejar.New(nil) // never fails
	phone := *k
	phone.client = &http.Client{Jar: jar}
	x.phone = &phone
	if got := phone.post("/login", "login", "chen", "password", "a long enough sentence"); got.status != http.StatusOK {
		t.Fatalf("the member's log-in answered %d", got.status)
	}
	return x
}

// plan plans an activity through its form, as it arrives: only title and times are touched.
func (x *hall) plan(title string) {
	x.t.Helper()
	now := time.Now()
	got := x.post("/activities", "community", x.ids["雅和社区"].String(), "kind", "cleaning", "title", title, "place", "3 号楼", "gives_hours", "1",
		"deed_title", "参加小区环境整治", "capacity", "20", "starts_at", local(now.Add(-30*time.Minute)), "ends_at", local(now.Add(time.Hour)),
		"_form", "activity.plan", field.FilledKey, "community", field.FilledKey, "kind")
	x.want(got, 200, title, "草稿")
	x.act, _ = id.Parse(got.path[strings.LastIndex(got.path, "/")+1:])
	x.want(x.post("/activities/"+x.act.String()+"/publish"), 200, "已发布")
}

func local(t time.Time) string {
	return t.In(time.FixedZone("", 8*3600)).Format("2006-01-02T15:04")
}

// code is what the screen at the place shows.
func (x *hall) code() string {
	x.t.Helper()
	s, err := x.a.Activity.Screen(x.t.Context(), x.sys, x.act)
	if err != nil {
		x.t.Fatal(err)
	}
	return s.Code.String()
}

func TestAnActivityFromPlanToLedgerInTheBrowser(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newHall(t, d)
		form := x.get("/activities/new")
		x.want(form, 200, `value="volunteering"`, x.ids["雅和社区"].String())
		if n := strings.Count(form.body, `name="_filled"`); n < 5 {
			t.Errorf("the form arrives with %d fields filled in, want at least community, kind, times and hours", n)
		}
		x.want(x.post("/activities", "community", x.ids["雅和社区"].String(), "kind", "cleaning", "place", "3 号楼", "starts_at", "2026-09-19T09:00", "ends_at", "2026-09-19T08:00"),
			422, "请填写此项", "结束不能早于开始", "3 号楼")
		x.plan("清理楼道")
		at := "/activities/" + x.act.String()
		for _, page := range []string{"", "/edit", "/enrolments", "/sheet", "/screen"} {
			x.want(x.get(at+page), 200, "清理楼道")
		}
		x.want(x.get(at+"/copy"), 200, "清理楼道", "参加小区环境整治")
		x.want(x.get("/activities?q=楼道&state=published"), 200, "清理楼道")
		x.want(x.get("/search?q=楼道"), 200, at)
		x.want(x.get("/activities/calendar"), 200)
		for path, kind := range map[string]string{at + "/poster": "application/pdf", at + "/paper": "application/pdf", "/activities/export": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"} {
			if got := x.get(path); got.status != 200 || got.kind != kind || len(got.body) < 1000 {
				t.Errorf("%s answered %d, %s, %d bytes", path, got.status, got.kind, len(got.body))
			}
		}
		m := "/m/activities/" + x.act.String()
		x.want(x.phone.get("/m/activities"), 200, "清理楼道")
		x.want(x.phone.post(m+"/enrol"), 200, "报名成功", "退出报名")
		x.want(x.get(at+"/enrolments"), 200, "陈党员", "供电公司")

		x.want(x.phone.get("/m/sign?c="+x.code()), 200, "签到", "清理垃圾")
		x.want(x.phone.get("/m/sign?c=L1.320902."+x.act.String()+".5.AAAAAAAAAAAAAAAA"), 422, "签到码无效")
		x.want(x.phone.post("/m/sign/in", "c", x.code(), "field.bags", "很多"), 422, "请填写数字")
		x.want(x.phone.post("/m/sign/in", "c", x.code(), "field.bags", "3"), 200, "签到")
		x.want(x.phone.get("/m/sign?c="+x.code()), 200, "签退")
		x.want(x.get(at+"/sheet"), 200, "陈党员", "在场")
		x.want(x.phone.post("/m/sign/out", "c", x.code()), 200, "已签退")

		list, err := x.a.Activity.Attendances(t.Context(), x.sys, activity.Attended{ActivityID: x.act})
		if err != nil || len(list.Items) != 1 {
			t.Fatalf("%d attendances, %v", len(list.Items), err)
		}
		a := "/attendances/" + list.Items[0].ID.String()
		x.want(x.get(a), 200, "清理垃圾（袋）", "系统计时")
		now := time.Now()
		x.want(x.post(a+"/correct", "in_at", local(now.Add(-20*time.Minute)), "out_at", local(now.Add(-5*time.Minute)), "reason", ""), 422, "请写明原因")
		x.want(x.post(a+"/correct", "in_at", local(now.Add(-20*time.Minute)), "out_at", local(now.Add(-5*time.Minute)), "reason", "先到后补"), 200, "已更正", "组织者证明", "0.25")
		x.want(x.get("/attendances?proof=vouched"), 200, "陈党员")

		issued := x.post(a+"/code", "helped", "王奶奶")
		x.want(issued, 200, "王奶奶")
		code := regexp.MustCompile(`qr-code">(\d{6})<`).FindStringSubmatch(issued.body)
		if code == nil {
			t.Fatal("the page does not show the code")
		}
		x.want(x.phone.get("/m/hours"), 200, "0.25 / 16", "确认码")
		x.want(x.phone.post("/m/attendances/"+list.Items[0].ID.String()+"/countersign", "code", code[1]), 200, "受助人已确认")

		x.want(x.get("/ledger"), 200, "陈党员", "0.25")
		x.want(x.get("/ledger/members/"+x.member.String()), 200, "0.25 / 16", "受助人确认")
		postings := x.get("/ledger/postings?member=" + x.member.String() + "&account=hours")
		x.want(postings, 200, "冲销记录", "有效", "先到后补")
		one := regexp.MustCompile(`/ledger/postings/(\d+)`).FindStringSubmatch(postings.body)
		x.want(x.get("/ledger/postings/"+one[1]), 200, "清理楼道", "供电公司")
		x.want(x.phone.get("/m/postings?account=hours"), 200, "清理楼道")
		x.want(x.get("/ledger/match?member_text=陈"), 200, x.member.String())
		x.want(x.post(at+"/close"), 200, "已结束")
		found, err := x.a.Verify(t.Context(), nil)
		if err != nil || len(found) > 0 {
			t.Errorf("Verify = %v, %v", found, err)
		}
	})
}

func TestDeedsInTheBrowser(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newHall(t, d)
		today := calendar.DateOf(time.Now()).String()
		x.want(x.phone.get("/m/deeds/new"), 200, today)
		x.want(x.phone.post("/m/deeds", "title", "", "on_date", today), 422, "请填写此项")
		x.want(x.phone.post("/m/deeds", "title", "陪老人看病", "on_date", today, "helped", "3 号楼王奶奶"), 200, "陪老人看病", "待确认")
		list := x.get("/deeds?state=proposed")
		x.want(list, 200, "陪老人看病", "陈党员")
		deed := regexp.MustCompile(`/deeds/(\d+)`).FindStringSubmatch(list.body)[1]
		x.want(x.get("/"), 200, "1 件实事待确认")
		x.want(x.post("/deeds/confirm", "id", deed), 200, "已确认 1 件")
		x.want(x.post("/deeds/confirm"), 200, "请先勾选")
		x.want(x.get("/deeds/"+deed), 200, "已确认", "3 号楼王奶奶", "有效")
		x.want(x.post("/deeds/"+deed+"/correct", "title", "陪王奶奶看病", "on_date", today, "reason", ""), 422, "请写明原因")
		x.want(x.post("/deeds/"+deed+"/correct", "title", "陪王奶奶看病", "on_date", today, "reason", "名称"), 200, "已更正", "冲销记录")
		x.want(x.phone.get("/m/hours"), 200, "1 / 12", "陪王奶奶看病")
		x.want(x.phone.get("/m/deeds/"+deed), 200, "已确认")
		x.want(x.phone.post("/m/deeds/"+deed+"/withdraw"), 409, "不能再改")
		x.want(x.post("/deeds/"+deed+"/revoke", "reason", "重复"), 200, "已撤销")
		x.want(x.get("/deeds/new?member="+x.member.String()), 200, "陈党员")
		x.want(x.post("/deeds", "member", x.member.String(), "title", "修路灯", "on_date", today), 200, "修路灯", "待确认")
		if got := x.get("/deeds/export"); got.status != 200 || len(got.body) < 1000 {
			t.Errorf("export answered %d, %d bytes", got.status, len(got.body))
		}
	})
}

func TestAGuestAtTheDoor(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newHall(t, d)
		x.plan("便民义诊")
		guest := *x.desk
		jar, _ := cookiejar.New(nil) // never fails
		guest.client = &http.Client{Jar: jar}
		x.want(guest.get("/m/sign?c="+x.code()), 200, "便民义诊", "来宾签到", "先登录")
		x.want(guest.post("/m/sign/guest", "c", x.code(), "act", "in", "name", "赵六", "phone", "12"), 422, "赵六")
		x.want(guest.post("/m/sign/guest", "c", x.code(), "act", "in", "name", "赵六", "phone", "13800138000"), 200, "签到")
		x.want(guest.post("/m/sign/guest", "c", x.code(), "act", "in", "name", "赵六", "phone", "13800138000"), 409, "已经有记录")
		x.want(guest.post("/m/sign/guest", "c", x.code(), "act", "out", "phone", "13800138000"), 200, "已签退")
		x.want(guest.post("/m/sign/guest", "c", "nonsense", "act", "out", "phone", "13800138000"), 422, "不是本平台的签到码")
		x.want(x.get("/attendances?guests=1"), 200, "赵六", "待对应")
		list, err := x.a.Activity.Attendances(t.Context(), x.sys, activity.Attended{Guests: true})
		if err != nil || len(list.Items) != 1 {
			t.Fatalf("%d guests, %v", len(list.Items), err)
		}
		a := "/attendances/" + list.Items[0].ID.String()
		x.want(x.get(a), 200, "这位来宾是谁", "138****8000")
		x.want(x.post(a+"/join", "member", x.member.String()), 200, "已对上党员")
		x.want(x.get("/ledger/postings?member="+x.member.String()), 200)
	})
}

func TestKindsInTheBrowser(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RoleDistrict, "亭湖区")
		k.want(k.get("/activity-kinds"), 200, "环境整治")
		k.want(k.get("/activity-kinds/cleaning"), 200, "bags | 清理垃圾（袋） | number")
		k.want(k.post("/activity-kinds/new", "code", "blood", "name", "无偿献血", "fields", "乱写一行"), 422, "第 1 行看不懂")
		k.want(k.post("/activity-kinds/new", "code", "blood", "name", "无偿献血", "gives_hours", "1", "fields", "type | 血型 | choice | A、B、O、AB | required\nml ｜ 毫升 ｜ number"), 200, "已保存", "无偿献血")
		k.want(k.get("/activity-kinds/blood"), 200, "A、B、O、AB | required")
		k.want(k.post("/activity-kinds/new", "code", "blood", "name", "又一个"), 422, "已经有了")
		k.want(k.post("/activity-kinds/blood", "name", "献血", "version", "9"), 409)
	})
}
