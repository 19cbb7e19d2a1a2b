package static

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func get(t *testing.T, path, encoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestHandlerServesForEver(t *testing.T) {
	for _, a := range Assets() {
		for _, encoding := range []string{"", "br, gzip;q=0.8"} {
			res := get(t, URL(a.Name), encoding)
			if res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s (%s): %d, Cache-Control %q", a.Name, encoding, res.StatusCode, res.Header.Get("Cache-Control"))
			}
			if packed := res.Header.Get("Content-Encoding") == "gzip"; packed != (encoding != "") {
				t.Errorf("%s: packed = %v where the browser says %q", a.Name, packed, encoding)
			}
			if ct := res.Header.Get("Content-Type"); !strings.HasPrefix(ct, "text/") && ct != "image/svg+xml" && ct != "image/png" {
				t.Errorf("%s: Content-Type %q", a.Name, ct)
			}
		}
	}
}

func TestHandlerServesNothingElse(t *testing.T) {
	packed := URL("app.js") + ".gz"
	for _, path := range []string{"/static/", "/static/none.css", "/static/../manifest.json", "/static/%2e%2e/manifest.json", packed, "/other/app.js", "/static/licences/htmx.org.txt"} {
		if res := get(t, path, ""); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, res.StatusCode)
		}
	}
}

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{"": false, "gzip": true, "br, GZIP": true, "gzip;q=0": false, "gzip; q=0.0": false, "gzip;q=0.5": true, "deflate": false} {
		if got := acceptsGzip(header); got != want {
			t.Errorf("acceptsGzip(%q) = %v, want %v", header, got, want)
		}
	}
}

func TestUnknownAssetIsAMistake(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("URL of an unknown asset did not panic")
		}
	}()
	URL("none.css")
}

func TestLicencesHaveTexts(t *testing.T) {
	list, err := Licences()
	if err != nil || len(list) == 0 {
		t.Fatalf("Licences() = %d, %v", len(list), err)
	}
	for _, l := range list {
		if text := strings.ToLower(l.Text); !strings.Contains(text, "permission") && !strings.Contains(text, "permitted") {
			t.Errorf("%s: the text is no licence", l.Name)
		}
	}
}
