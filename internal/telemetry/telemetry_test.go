package telemetry

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestNothingPersonalIsLogged(t *testing.T) {
	var b bytes.Buffer
	log := NewLogger(&b, false, false)
	log.Error("row 320902199003078519 refused", "user_phone", "x", "password", "hunter2 hunter2", "err", errors.New("call 13812345678"), "rows", 1234567, "job", "250710815753330223", "id", "32090219900307851X")
	out := b.String()
	if !strings.Contains(out, "250710815753330223") {
		t.Errorf("an ID of the platform's own was blotted out: %s", out)
	}
	for _, bad := range []string{"hunter2", "13812345678", "32090219900307851X"} {
		if strings.Contains(out, bad) {
			t.Errorf("%q is in the log: %s", bad, out)
		}
	}
	if !strings.Contains(out, "1234567") {
		t.Errorf("an ordinary number was blotted out: %s", out)
	}
	if strings.Contains(out, "320902199003078519") {
		t.Errorf("an ID number in the message is in the log: %s", out)
	}
}

func TestRequestsAreCountedByPattern(t *testing.T) {
	m := NewMetrics()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /people/{id}", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTeapot) })
	// A middleware in between copies the request, as those of the pages do.
	copying := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { Route(mux).ServeHTTP(w, r.WithContext(r.Context())) })
	var b bytes.Buffer
	h := m.Observe(NewLogger(&b, false, true), copying)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/people/320902199003078519", nil))
	rec := httptest.NewRecorder()
	m.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	want := `linli_http_requests_total{route="GET /people/{id}",status="418"} 1`
	if !strings.Contains(rec.Body.String(), want) {
		t.Errorf("metrics lack %s", want)
	}
	if all := rec.Body.String() + b.String(); strings.Contains(all, "320902") {
		t.Error("the address shows in metrics or log")
	}
}
