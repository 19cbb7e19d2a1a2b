package app_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/organisation"
	"linli/internal/place"
	"linli/internal/testkit"
	"linli/internal/web/viewtest"
)

const shortList = `code,level,name
320000000000,1,江苏省
320900000000,2,盐城市
320902000000,3,亭湖区
320902001000,4,五星街道
320902001001,5,雅和社区居委会
320902001002,5,朝阳居委会
`

// desk is a served program with a browser that is logged in.
type desk struct {
	t      *testing.T
	a      *app.App
	server *httptest.Server
	client *http.Client
	sys    authz.Actor
	ids    map[string]id.ID // organisations by short name
}

// newDesk makes a district of one sub-district and two communities and logs in as the given role at it or at one of them.
func newDesk(t *testing.T, d *db.DB, role, at string) *desk {
	t.Helper()
	a := open(t, d)
	tenant, root, err := a.CreateTenant(t.Context(), "320902", "亭湖区")
	if err != nil {
		t.Fatal(err)
	}
	k := &desk{t: t, a: a, sys: authz.System(tenant, "test"), ids: map[string]id.ID{"亭湖区": root}}
	if _, _, err := a.Intake.Direct(t.Context(), k.sys, intake.NewImport{Kind: "divisions", FileName: "d.csv", Content: []byte(shortList)}, intake.Choice{}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Organisation.FoundFromDivisions(t.Context(), k.sys, organisation.FoundPlan{County: "320902"}); err != nil {
		t.Fatal(err)
	}
	if err := a.Organisation.Export(t.Context(), k.sys, organisation.Filter{}, func(o organisation.Item) error { k.ids[o.Label()] = o.ID; return nil }); err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.Authn.Create(t.Context(), k.sys, authn.NewAccount{Login: "somebody", Name: "某人", Password: "a long enough sentence", Keep: true,
		Grants: []authn.NewGrant{{Role: role, OrgID: k.ids[at]}}}); err != nil {
		t.Fatal(err)
	}
	k.server = httptest.NewServer(a.Handler(app.Serving{}))
	t.Cleanup(k.server.Close)
	jar, _ := cookiejar.New(nil) // never fails
	k.client = &http.Client{Jar: jar}
	if got := k.post("/login", "login", "somebody", "password", "a long enough sentence"); got.status != http.StatusOK {
		t.Fatalf("log-in answered %d", got.status)
	}
	return k
}

// answer is what came back, after redirects.
type answer struct {
	status int
	path   string
	body   string
	kind   string
}

func (k *desk) do(r *http.Request) answer {
	k.t.Helper()
	res, err := k.client.Do(r)
	if err != nil {
		k.t.Fatal(err)
	}
	defer res.Body.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, res.Body); err != nil {
		k.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Request.URL.Path, b.String(), res.Header.Get("Content-Type")}
}

func (k *desk) get(path string) answer {
	k.t.Helper()
	r, err := http.NewRequestWithContext(k.t.Context(), http.MethodGet, k.server.URL+path, nil)
	if err != nil {
		k.t.Fatal(err)
	}
	return k.do(r)
}

func (k *desk) post(path string, fields ...string) answer {
	k.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	r, err := http.NewRequestWithContext(k.t.Context(), http.MethodPost, k.server.URL+path, strings.NewReader(v.Encode()))
	if err != nil {
		k.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return k.do(r)
}

// want checks status and that the page holds the words.
func (k *desk) want(a answer, status int, words ...string) {
	k.t.Helper()
	if a.status != status {
		k.t.Fatalf("%s answered %d, want %d:\n%.600s", a.path, a.status, status, a.body)
	}
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			k.t.Errorf("%s lacks %q", a.path, w)
		}
	}
	if strings.HasPrefix(a.kind, "text/html") && strings.Contains(a.body, "<html") {
		viewtest.Check(k.t, viewtest.Parse(k.t, a.body))
	}
}

func TestPagesOfOrganisations(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RoleDistrict, "亭湖区")
		a := "/organisations/" + k.ids["雅和社区"].String()
		k.want(k.get("/organisations"), 200, "雅和社区", "朝阳社区", "五星街道")
		k.want(k.get("/organisations?q=朝&kind=community_party"), 200, "朝阳社区")
		k.want(k.get("/organisations/chart"), 200, "雅和社区党组织")
		k.want(k.get("/organisations/chart?on=nonsense"), 422)
		k.want(k.get("/organisations/match?parent_id_text=雅和"), 200, "雅和社区", k.ids["雅和社区"].String())
		k.want(k.get(a), 200, "320902001001", "五星街道")
		for _, act := range []string{"edit", "rename", "reparent", "merge", "split", "dissolve", "map"} {
			k.want(k.get(a+"/"+act), 200)
		}
		k.want(k.get("/organisations/new?parent="+k.ids["雅和社区"].String()), 200, "雅和社区")
		k.want(k.get("/organisations/found"), 200, "320902")
		k.want(k.get("/organisations/1"), 404)
		k.want(k.get("/organisations/x"), 404)

		got := k.post("/organisations", "kind", "unit", "name", "示范中学", "community_id", k.ids["雅和社区"].String(), "contact_name", "王老师", "contact_phone", "13800138000", "uscc", "91320900MA1000000A")
		k.want(got, 200, "示范中学", "138****8000", "雅和社区", "请留意")
		unit := got.path
		k.want(k.post("/organisations", "kind", "unit", "name", "", "contact_phone", "12"), 422, "请填写此项", "value=\"12\"")
		k.want(k.get("/units?community="+k.ids["雅和社区"].String()), 200, "示范中学")
		k.want(k.post(unit+"/phone", "purpose", "contact", "reason", "通知"), 200, "13800138000")
		k.want(k.post(unit+"/edit", "version", "1", "name", "示范中学", "contact_phone", "138****8000", "sector", "教育"), 200, "教育", "138****8000")
		k.want(k.post(unit+"/edit", "version", "1", "name", "示范中学"), 409, "刚被别人改过")
		k.want(k.post(unit+"/attach", "community_id", k.ids["朝阳社区"].String(), "on", today(k)), 200, "朝阳社区")
		k.want(k.post(unit+"/detach", "on", today(k)), 200)
		k.want(k.post(a+"/rename", "name", "雅和社区党委", "on", today(k), "document", "亭委〔2026〕9号"), 200, "雅和社区党委", "亭委〔2026〕9号")
		k.want(k.post(a+"/rename", "name", "雅和社区党委", "on", today(k)), 422, "没有变化")
		k.want(k.post(a+"/rename", "name", "又一名", "on", "2999-01-01"), 422, "不能晚于今天")
		k.want(k.post(a+"/reparent", "parent_id", "", "on", today(k)), 422, "请选择上级组织")
		k.want(k.post(a+"/split", "name", "雅和二社区党组织", "on", today(k)), 200, "雅和二社区党组织")
		k.want(k.post(a+"/merge", "sources", k.ids["朝阳社区"].String(), "name", "雅阳社区党组织", "short_name", "雅阳社区", "on", today(k)), 200, "雅阳社区")
		k.want(k.get(a), 200, "已撤销或并入", "雅阳社区党组织")
		k.want(k.post("/organisations/"+k.ids["五星街道"].String()+"/dissolve", "on", today(k)), 409, "个下级组织")
		k.want(k.post("/organisations/found", "county", "99"), 422)
		k.want(k.post("/organisations/found", "county", "320902"), 200, "已建立")
		for _, p := range []string{"/organisations/export?kind=unit", "/units/export"} {
			if got := k.get(p); got.status != 200 || !strings.Contains(got.kind, "spreadsheetml") || len(got.body) < 1000 {
				t.Errorf("%s answered %d %s, %d bytes", p, got.status, got.kind, len(got.body))
			}
		}
	})
}

func TestPagesOfPlaces(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RoleWorker, "雅和社区")
		c := k.ids["雅和社区"].String()
		k.want(k.get("/divisions"), 200, "江苏省", "雅和社区居委会")
		k.want(k.get("/divisions/4/320902001000"), 200, "朝阳居委会", "亭湖区")
		k.want(k.get("/divisions/4/999"), 404)
		k.want(k.get("/grids/new"), 200, "320902001001001", "第1网格") // the only community there is is chosen
		grid := k.post("/grids", "community_id", c, "code", "320902001001001", "name", "第1网格", "worker_name", "张三")
		k.want(grid, 200, "第1网格", "张三")
		k.want(k.post("/grids", "community_id", c, "code", "320902001001001", "name", "重复"), 422, "已被")
		k.want(k.get(grid.path+"/edit"), 200, "张三")
		k.want(k.post(grid.path+"/edit", "version", "1", "name", "东片网格", "worker_name", "李四"), 200, "东片网格")
		k.want(k.post(grid.path+"/edit", "version", "1", "name", "西片网格"), 409)
		k.want(k.get("/quarters/new?community="+c), 200)
		k.want(k.post("/quarters", "community_id", c, "name", "幸福小区"), 200, "幸福小区")
		k.want(k.post("/quarters", "community_id", c, "name", "幸福小区"), 422, "已有小区")
		k.want(k.get("/buildings/new?community="+c), 200, "幸福小区", "东片网格")
		b := k.post("/buildings", "community_id", c, "name", "1号楼", "floors", "6", "x", "120.136078", "y", "33.383912", "grid_id", strings.TrimPrefix(grid.path, "/grids/"))
		k.want(b, 200, "1号楼", "120.136078", "东片网格")
		k.want(k.post("/buildings", "community_id", c, "name", "2号楼", "x", "33", "y", "120"), 422, "经度")
		k.want(k.get(b.path+"/edit"), 200, "120.136078")
		k.want(k.post(b.path+"/edit", "version", "1", "name", "1号楼", "floors", "7"), 200, "7")
		k.want(k.get("/organisations/"+c+"/map"), 200, "1号楼", "东片网格")
		k.want(k.post(grid.path+"/end", "version", "2"), 200, "已撤销") // its building was taken out by the edit above
		k.want(k.get("/grids?show=ended"), 200, "东片网格")
		for _, p := range []string{"/grids", "/quarters?q=幸", "/buildings?q=1"} {
			k.want(k.get(p), 200)
		}
		for _, p := range []string{"/grids/export", "/buildings/export"} {
			if got := k.get(p); got.status != 200 || !strings.Contains(got.kind, "spreadsheetml") {
				t.Errorf("%s answered %d %s", p, got.status, got.kind)
			}
		}
		// Another community's places are not there, and its forms say so.
		other, err := k.a.Place.CreateGrid(t.Context(), k.sys, place.NewGrid{CommunityID: k.ids["朝阳社区"]})
		if err != nil {
			t.Fatal(err)
		}
		k.want(k.get("/grids/"+other.ID.String()), 404)
		k.want(k.get("/organisations/"+k.ids["朝阳社区"].String()+"/map"), 404)
		k.want(k.post("/grids", "community_id", k.ids["朝阳社区"].String(), "name", "外社区"), 403)
		k.want(k.get("/organisations/"+k.ids["雅和社区"].String()+"/merge"), 403)
	})
}

func today(k *desk) string { return i18n.Date(k.a.DB.Now()) }
