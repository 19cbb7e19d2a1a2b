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
