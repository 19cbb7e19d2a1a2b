package app_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/testkit"
)

var (
	codeOnPage = regexp.MustCompile(`id="code">([^<]+)`)
	fileOnPage = regexp.MustCompile(`name="file" value="([^"]+)"`)
)

// portrait is a photograph, the same each time.
func portrait(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 640, 480)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// send posts a form with files, as the page for residents does.
func (k *desk) send(path string, files [][]byte, fields ...string) answer {
	k.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if err := m.WriteField(fields[i], fields[i+1]); err != nil {
			k.t.Fatal(err)
		}
	}
	for _, f := range files {
		part, err := m.CreateFormFile("file", "IMG.jpg")
		if err == nil {
			_, err = part.Write(f)
		}
		if err != nil {
			k.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		k.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(k.t.Context(), http.MethodPost, k.server.URL+path, &b)
	if err != nil {
		k.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return k.do(r)
}

// TestResidentsReportAndFollow goes through the public pages: what is written is shown as text, a wrong code tells nothing, staff see the photograph where they
// see the case, and who sends too much is told so.
func TestResidentsReportAndFollow(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RoleSecretary, "雅和社区")
		here := k.ids["雅和社区"].String()
		k.want(k.get("/p"), 200, "/p/report", "tel:119")
		k.want(k.get("/p/report?c="+here), 200, "kind=service", "c="+here)
		k.want(k.get("/p/report?kind=need"), 200, "kind=service") // staff alone enter those
		k.want(k.get("/p/report?kind=service&c="+here), 200, `value="`+here+`" selected`)
		form := []string{"kind", "service", "key", "1", "community", here, "body", "<b>灯</b>坏了", "place", "3 号楼", "phone", "13800138000"}
		k.want(k.send("/p/report", [][]byte{[]byte("<svg><script>alert(1)</script></svg>")}, form...), 422, "SVG")
		k.want(k.send("/p/report", [][]byte{make([]byte, 11<<20)}, form...), 422, "10")
		if got := k.send("/p/report", [][]byte{make([]byte, 31<<20)}, form...); got.status != 413 {
			t.Errorf("31 MB of photographs: %d", got.status)
		}
		got := k.send("/p/report", [][]byte{portrait(t)}, form...)
		k.want(got, 200, "雅和社区")
		m := codeOnPage.FindStringSubmatch(got.body)
		if m == nil {
			t.Fatalf("the receipt has no code:\n%s", got.body)
		}
		code := m[1]
		if again := codeOnPage.FindStringSubmatch(k.send("/p/report", [][]byte{portrait(t)}, form...).body); again == nil || again[1] != code {
			t.Errorf("sent again it is %v, want the receipt of %s", again, code)
		}
		wrong := k.post("/p/case", "code", "320902-ABCDEFGHJKLM")
		k.want(wrong, 422)
		if other := k.post("/p/case", "code", "nonsense"); other.status != 422 || strings.ReplaceAll(other.body, "nonsense", "") != strings.ReplaceAll(wrong.body, "320902-ABCDEFGHJKLM", "") {
			t.Error("a code that cannot be one is answered differently from one that nobody has")
		}
		seen := k.post("/p/case", "code", code)
		k.want(seen, 200, "&lt;b&gt;灯&lt;/b&gt;坏了")
		file := fileOnPage.FindStringSubmatch(seen.body)
		if file == nil || strings.Contains(seen.body, "<b>灯") {
			t.Fatalf("the case reads:\n%s", seen.body)
		}
		if got := k.post("/p/case/photo", "code", code, "file", file[1]); got.status != 200 || got.kind != "image/jpeg" {
			t.Errorf("the photograph answers %d as %s", got.status, got.kind)
		}
		k.want(k.post("/p/case/photo", "code", "320902-ABCDEFGHJKLM", "file", file[1]), 422)
		k.want(k.post("/p/case/add", "code", code, "words", ""), 422, "add-f-words-error")
		k.want(k.post("/p/case/add", "code", code, "words", "还在闪"), 200, "还在闪")
		k.want(k.post("/p/case/rate", "code", code, "solved", "yes"), 409)
		id, err := db.Value[string](t.Context(), d, "SELECT CAST(id AS TEXT) FROM service_case")
		if err != nil {
			t.Fatalf("there is not one case: %v", err)
		}
		if got := k.get("/cases/" + id + "/files/" + file[1] + "?small=1"); got.status != 200 || got.kind != "image/jpeg" {
			t.Errorf("staff get %d as %s", got.status, got.kind)
		}
		k.want(k.get("/cases/"+id+"/files/1"), 404)

		if _, _, err := k.a.CreateTenant(t.Context(), "321102", "另区"); err != nil {
			t.Fatal(err)
		}
		k.want(k.again().get("/p"), 200, "/p?d=320902", "/p?d=321102") // without a log-in, which would say the district
		k.want(k.get("/p?d=321102"), 200, "/p/report?d=321102")
		k.want(k.get("/p/report?d=320902&kind=event"), 200, `name="d" value="320902"`, "雅和社区")
		k.want(k.get("/p/report?d=320903"), 404)
		form = append(form, "d", "320902")

		taken, told := 0, 0
		form[3] = "" // no key: each is another case
		for range 60 {
			switch got := k.send("/p/report", nil, form...); got.status {
			case 200:
				taken++
			case 429:
				told++
			default:
				t.Fatalf("it answers %d", got.status)
			}
		}
		if told < 25 || taken > 32 {
			t.Errorf("of 60 at once %d were taken and %d told to wait", taken, told)
		}
	})
}

// TestARefusedReportComesBackFilledIn holds that who sends too much loses nothing of what they wrote, is told when to send it again and that photographs are to be chosen again, and that nothing is
// written for them.
func TestARefusedReportComesBackFilledIn(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RoleSecretary, "雅和社区").again()
		here := k.ids["雅和社区"].String()
		taken := int64(0)
		// refused sends until it is refused: a place may have come free in the meantime.
		refused := func(send func() answer) answer {
			t.Helper()
			for range 80 {
				switch got := send(); got.status {
				case http.StatusTooManyRequests:
					return got
				case http.StatusOK:
					taken++
				default:
					t.Fatalf("it answers %d", got.status)
				}
			}
			t.Fatal("nothing is refused")
			return answer{}
		}
		form := []string{"kind", "service", "community", here, "body", "东门<b>第三盏</b>灯坏了", "place", "3 号楼", "name", "李四", "phone", "13800138000", "tell", "1"}
		filled := []string{"东门&lt;b&gt;第三盏&lt;/b&gt;灯坏了", `value="3 号楼"`, `value="李四"`, `value="13800138000"`, `value="` + here + `" selected`, "秒后再按一次"}
		got := refused(func() answer { return k.send("/p/report", nil, form...) })
		k.want(got, http.StatusTooManyRequests, filled...)
		if strings.Contains(got.body, "重新选照片") {
			t.Error("it speaks of photographs that nobody sent")
		}
		k.want(refused(func() answer { return k.send("/p/report", [][]byte{portrait(t), portrait(t)}, form...) }), http.StatusTooManyRequests, append(filled, "请重新选照片")...)
		k.want(refused(func() answer { return k.post("/p/report", form...) }), http.StatusTooManyRequests, filled...)
		need := []string{"community", here, "body", "想学用手机挂号", "name", "李四", "phone", "13800138000"}
		k.want(refused(func() answer { return k.post("/p/wishes/new", append(need, "kind", "skill")...) }), http.StatusTooManyRequests, "想学用手机挂号", `value="李四"`, "秒后再按一次")

		// What is too long to be a form is refused as before, and nothing of any of it was written.
		long := append([]string{"body", strings.Repeat("长", 40_000)}, form...)
		got = refused(func() answer {
			a := k.send("/p/report", nil, long...)
			if a.status == http.StatusUnprocessableEntity { // a place was free, and it says what is wrong
				a.status = http.StatusOK
				taken--
			}
			return a
		})
		if strings.Contains(got.body, "长长长长") {
			t.Error("a form without end comes back")
		}
		cases, err := db.Value[int64](t.Context(), d, "SELECT count(*) FROM service_case")
		if err != nil {
			t.Fatal(err)
		}
		needs, err := db.Value[int64](t.Context(), d, "SELECT count(*) FROM need")
		if err != nil {
			t.Fatal(err)
		}
		if cases+needs != taken {
			t.Errorf("%d cases and %d needs of %d that were taken", cases, needs, taken)
		}
		files, err := db.Value[int64](t.Context(), d, "SELECT count(*) FROM attachment")
		if err != nil || files != 0 && cases == 30 {
			t.Errorf("%d photographs were kept, %v", files, err)
		}
	})
}

// TestWhatIsAddedTooOftenIsKept holds that who adds to a case too often keeps what they wrote in a page from which it goes again, and that nothing is written for it.
func TestWhatIsAddedTooOftenIsKept(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RoleSecretary, "雅和社区").again()
		c, err := k.a.Casework.Report(t.Context(), testkit.Tenant, "居民", "r", casework.Report{Kind: "opinion", CommunityID: k.ids["雅和社区"], Body: "门口积水"})
		if err != nil {
			t.Fatal(err)
		}
		taken, refused := int64(0), false
		for range 900 {
			got := k.post("/p/case/add", "code", c.Code, "words", "三楼<b>也</b>有")
			if refused = got.status == http.StatusTooManyRequests; refused {
				k.want(got, http.StatusTooManyRequests, "三楼&lt;b&gt;也&lt;/b&gt;有", "再发送一次", `action="/p/case/add"`, `value="`+c.Code+`"`)
				if strings.Contains(got.body, "门口积水") {
					t.Error("who is refused reads the case")
				}
				break
			}
			if taken++; got.status != http.StatusOK && got.status != http.StatusUnprocessableEntity && got.status != http.StatusConflict {
				t.Fatalf("it answers %d", got.status)
			}
		}
		if !refused || taken == 0 {
			t.Errorf("taken %d, refused %t", taken, refused)
		}
		k.want(k.send("/p/case/add", [][]byte{portrait(t)}, "code", c.Code, "words", "照片"), http.StatusTooManyRequests, "照片没有留住", "再发送一次")
	})
}
