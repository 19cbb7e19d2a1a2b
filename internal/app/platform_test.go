package app_test

import (
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/testkit"
)

// again is another browser on the same program.
func (k *desk) again() *desk {
	jar, _ := cookiejar.New(nil) // never fails
	other := *k
	other.client = &http.Client{Jar: jar}
	return &other
}

// addAccount makes one more account.
func (k *desk) addAccount(login, role string, org id.ID) {
	k.t.Helper()
	if _, _, err := k.a.Authn.Create(k.t.Context(), k.sys, authn.NewAccount{Login: login, Name: login, Password: "a long enough sentence", Keep: true,
		Grants: []authn.NewGrant{{Role: role, OrgID: org}}}); err != nil {
		k.t.Fatal(err)
	}
}

var (
	temporary = regexp.MustCompile(`[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}`)
	tokenText = regexp.MustCompile(`linli_320902_[A-Za-z0-9_-]{43}`)
)

func TestAnAccountFromItsMakingToItsEndInTheBrowser(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RoleSecretary, "雅和社区")
		home := k.ids["雅和社区"].String()
		k.want(k.get("/accounts"), 200, "somebody", "社区书记", "雅和社区")
		k.want(k.get("/accounts/new"), 200, `value="`+home+`"`, "社区工作者")
		k.want(k.post("/accounts", "login", "li", "name", "", "role", "worker", "org", home), 422, "请填写此项")
		k.want(k.post("/accounts", "login", "li", "name", "李工", "role", "worker", "org", k.ids["朝阳社区"].String()), 422)
		k.want(k.post("/accounts", "login", "li", "name", "李工", "role", "district", "org", home), 422, "不能给出这个角色")
		made := k.post("/accounts", "login", "li", "name", "李工", "role", "worker", "org", home)
		k.want(made, 200, "临时密码")
		password := temporary.FindString(made.body)
		at := regexp.MustCompile(`/accounts/\d+`).FindString(made.body)
		k.want(k.get(at), 200, "李工", "待改密码", "社区工作者")

		li := k.again()
		li.want(li.post("/login", "login", "li", "password", password), 200, "设置新密码")
		li.want(li.get("/residents"), 200, "登录") // no rights before the new password
		li.want(li.post("/login/password", "password", "another long sentence", "again", "another long sentence"), 200)
		li.want(li.get("/account"), 200, "我的账户", "当前会话")
		li.want(li.get("/accounts"), 403)
		li.want(li.post("/account/password", "old", "wrong", "password", "a third long sentence", "again", "a third long sentence"), 422, "原密码不对")
		li.want(li.post("/account/password", "old", "another long sentence", "password", "a third long sentence", "again", "x"), 422, "不一样")
		li.want(li.post("/account/password", "old", "another long sentence", "password", "a third long sentence", "again", "a third long sentence"), 200, "密码已修改")

		// A token of one's own.
		li.want(li.post("/account/tokens", "name", "", "days", "30"), 422)
		got := li.post("/account/tokens", "name", "导表", "days", "30", "permissions", "member.see")
		li.want(got, 200, "只显示这一次")
		token := tokenText.FindString(got.body)
		if c, err := k.a.Authn.AuthenticateToken(t.Context(), token, ""); err != nil || !c.Actor.Can("member.see") || c.Actor.Can("member.edit") {
			t.Errorf("the token gives %+v, %v", c.Actor.Limit, err)
		}
		if again := li.get("/account"); strings.Contains(again.body, token) {
			t.Error("the token is shown a second time")
		}

		// One-time codes.
		page := li.get("/account/totp")
		li.want(page, 200, "data:image/png;base64,")
		secret := strings.ReplaceAll(regexp.MustCompile(`(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}`).FindString(page.body), " ", "")
		code, err := totp.GenerateCode(secret, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		li.want(li.post("/account/totp", "code", code), 200, "动态验证码已启用")

		// The secretary gives another role, ends it, resets and disables.
		k.want(k.post(at+"/grants", "role", "worker", "org", home), 409)
		k.want(k.post(at+"/grants", "role", "member", "org", home), 200, "已授予角色", "党员")
		k.want(k.post(at+"/totp"), 200, "动态验证码已取消")
		li.want(li.get("/account"), 200, "登录名") // logged out: the log-in page
		reset := k.post(at + "/reset")
		k.want(reset, 200, "临时密码")
		if fresh := temporary.FindString(reset.body); fresh == "" || fresh == password {
			t.Errorf("reset gave %q", fresh)
		}
		k.want(k.post(at+"/disable"), 200, "账号已停用")
		li.want(li.post("/login", "login", "li", "password", temporary.FindString(reset.body)), 401)
		k.want(k.post(at+"/enable"), 200, "账号已恢复")
		k.want(k.get("/accounts?status=disabled"), 200)
		k.want(k.post("/accounts/"+"1"+"/disable"), 404)
	})
}

func TestRolesSettingsAndTheAuditRecordInTheBrowser(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RolePlatform, "亭湖区")
		k.want(k.get("/roles"), 200, "平台管理员", "社区工作者", "标准")
		k.want(k.get("/roles/worker"), 200, "活动 · 策划与发布")
		k.want(k.get("/roles/new?from=worker"), 200, `value="activity.plan"`)
		k.want(k.post("/roles", "code", "Helper!", "name", "助理", "permissions", "member.see"), 422, "小写英文字母")
		k.want(k.post("/roles", "code", "helper", "name", "助理"), 422, "请填写此项")
		k.want(k.post("/roles", "code", "helper", "name", "助理", "permissions", "member.see", "staff", "1"), 200, "角色已保存", "助理")
		k.want(k.post("/roles/helper", "version", "1", "name", "助理员", "permissions", "member.see", "permissions", "deed.see"), 200, "助理员")
		k.want(k.post("/roles/helper", "version", "1", "name", "旧版本", "permissions", "member.see"), 409)
		k.want(k.post("/roles/worker", "version", "1", "name", "x", "permissions", "member.see"), 403, "标准角色")
		k.want(k.post("/roles/helper/remove"), 200, "角色已删除")
		k.want(k.get("/roles/helper"), 404)

		today := calendar.DateOf(k.a.DB.Now())
		k.want(k.get("/settings"), 200, "工作人员多久不操作自动退出")
		k.want(k.get("/settings/login.idle_staff"), 200, today.String())
		k.want(k.post("/settings/login.idle_staff", "value", "9999"), 422, "5 至 480")
		k.want(k.post("/settings/login.idle_staff", "value", "20", "from", today.AddDays(-1).String()), 422, "今天或以后")
		k.want(k.post("/settings/login.idle_staff", "value", "20", "from", today.AddDays(3).String(), "source", "第 5 号文件"), 200, "20 分钟")
		k.want(k.get("/settings/nothing"), 404)
		k.want(k.get("/jobs"), 200, "后台任务")
		k.want(k.get("/audit"), 403) // SEC-2: who administers does not audit

		auditor := k.again()
		k.addAccount("auditor", app.RoleAuditor, k.ids["亭湖区"])
		auditor.want(auditor.post("/login", "login", "auditor", "password", "a long enough sentence"), 200)
		auditor.want(auditor.get("/audit"), 200, "参数 · 设置", "某人", "平台管理员")
		auditor.want(auditor.get("/audit?action=policy.set"), 200, "login.idle_staff")
		if page := auditor.get("/audit?action=policy.set"); strings.Contains(page.body, "角色 · 修改") {
			t.Error("the filter by act shows other acts")
		}
		auditor.want(auditor.get("/audit?looks=1"), 200, "没有符合条件的记录")
		auditor.want(auditor.get("/audit?from="+today.AddDays(1).String()), 200, "没有符合条件的记录")
		auditor.want(auditor.post("/settings/login.idle_staff", "value", "20"), 403)
	})
}

func TestAComplaintAboutThePlatformInTheBrowser(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RoleWorker, "雅和社区")
		k.want(k.get("/complaints/new?page=/residents"), 200, `value="/residents"`)
		k.want(k.post("/complaints", "body", "", "page", "/residents"), 422, "请填写此项")
		sent := k.post("/complaints", "body", "生日问了两遍 <b>", "page", "/residents")
		k.want(sent, 200, "已收到您的意见", "生日问了两遍 &lt;b&gt;")
		k.want(k.post(sent.path, "state", "answered", "answer", "自己答自己", "version", "1"), 403)

		admin := k.again()
		k.addAccount("admin", app.RolePlatform, k.ids["亭湖区"])
		admin.want(admin.post("/login", "login", "admin", "password", "a long enough sentence"), 200, "对平台的意见待答复")
		admin.want(admin.get("/complaints?state=open"), 200, "生日问了两遍")
		admin.want(admin.post(sent.path, "state", "answered", "answer", "", "version", "1"), 422)
		admin.want(admin.post(sent.path, "state", "answered", "answer", "已改为自动填好。", "version", "1"), 200, "已答复")
		admin.want(admin.post(sent.path, "state", "declined", "answer", "再答一次", "version", "2"), 409)
		k.want(k.get(sent.path), 200, "已改为自动填好")

		other := k.again()
		k.addAccount("other", app.RoleWorker, k.ids["朝阳社区"])
		other.want(other.post("/login", "login", "other", "password", "a long enough sentence"), 200)
		other.want(other.get(sent.path), 404)
	})
}
