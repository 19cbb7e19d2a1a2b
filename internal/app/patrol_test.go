package app_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/place"
	"linli/internal/testkit"
)

// reply is what a phone reads of an answer to one entry.
type reply struct {
	Status, Message string
	Fields          map[string]string
	Cases           []string
}

// entry sends an entry as the script on a phone does, from a site.
func (k *desk) entry(path, site string, fields ...string) (answer, reply) {
	k.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if err := m.WriteField(fields[i], fields[i+1]); err != nil {
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
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Sec-Fetch-Site", site)
	got := k.do(r)
	var read reply
	if strings.HasPrefix(got.kind, "application/json") {
		if err := json.Unmarshal([]byte(got.body), &read); err != nil {
			k.t.Fatalf("%s: %v", got.body, err)
		}
	}
	return got, read
}

// TestEachEntryOfAPhoneIsAnsweredAlone sends entries over HTTP: taken once, refused with what is wrong, refused under another account, from another site and
// without a session.
func TestEachEntryOfAPhoneIsAnsweredAlone(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, app.RoleWorker, "雅和社区")
		g, err := k.a.Place.CreateGrid(t.Context(), k.sys, place.NewGrid{CommunityID: k.ids["雅和社区"]})
		if err != nil {
			t.Fatal(err)
		}
		k.want(k.get("/m/patrol"), 200, "/m/patrol/event", `rel="manifest"`)
		k.want(k.get("/m/patrol/event"), 200, "g"+g.ID.String())
		k.want(k.get("/m/patrol/away"), 200)
		k.want(k.get("/m/patrol/visit"), 200)
		k.want(k.get("/m/patrol/upkeep"), 200)
		k.want(k.get("/m/patrol/here?where=g"+g.ID.String()), 200)
		k.want(k.get("/m/patrol/here?where=nonsense"), 200)
		cases := func() int64 {
			n, err := db.Value[int64](t.Context(), d, "SELECT count(*) FROM service_case")
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		fields := []string{"key", "0123456789abcdef0", "where", "g" + g.ID.String(), "body", "消防通道被堵"}
		first, read := k.entry("/m/patrol/event", "same-origin", fields...)
		if first.status != 200 || read.Status != "ok" || len(read.Cases) != 1 || !strings.Contains(read.Message, read.Cases[0]) {
			t.Fatalf("an entry: %d %s", first.status, first.body)
		}
		if _, again := k.entry("/m/patrol/event", "same-origin", fields...); again.Status != "ok" || again.Cases[0] != read.Cases[0] || cases() != 1 {
			t.Errorf("the same again: %+v, %d cases, want the first answer and one case", again, cases())
		}
		got, wrong := k.entry("/m/patrol/event", "same-origin", "key", "0123456789abcdef1", "where", "g1", "body", "x")
		if got.status != 422 || wrong.Status != "refused" || wrong.Fields["where"] == "" {
			t.Errorf("a place that is not there: %d %+v", got.status, wrong)
		}
		if got, other := k.entry("/m/patrol/event", "same-origin", append(fields, "account", "1")...); got.status != 409 || other.Status != "other" {
			t.Errorf("an entry kept for another account: %d %+v", got.status, other)
		}
		if got, _ := k.entry("/m/patrol/event", "cross-site", "key", "0123456789abcdef2", "where", "g"+g.ID.String(), "body", "x"); got.status != 403 {
			t.Errorf("from another site: %d, want 403", got.status)
		}
		if got, _ := k.again().entry("/m/patrol/event", "same-origin", "key", "0123456789abcdef3", "where", "g"+g.ID.String(), "body", "x"); got.path != "/login" {
			t.Errorf("without a session: %d at %s, want the log-in page", got.status, got.path)
		}
		if cases() != 1 {
			t.Errorf("%d cases, want one", cases())
		}
		// Without scripts the same form is answered with a page.
		k.want(k.post("/m/patrol/event", "key", "0123456789abcdef4", "where", "g"+g.ID.String()), 422)
		k.want(k.post("/m/patrol/event", "key", "0123456789abcdef4", "where", "g"+g.ID.String(), "body", "路面积水"), 200)
		if cases() != 2 {
			t.Errorf("%d cases, want two", cases())
		}
	})
}

// TestTheServiceWorkerNamesWhatThereIs reads the script, the manifest and everything that they name, as a phone does before anybody logs in.
func TestTheServiceWorkerNamesWhatThereIs(t *testing.T) {
	k := newDesk(t, testkit.SQLite(t, testkit.NewClock().Now), app.RoleWorker, "雅和社区").again()
	got := k.get("/m/sw.js")
	k.want(got, 200)
	if !strings.HasPrefix(got.kind, "text/javascript") {
		t.Errorf("the service worker comes as %q", got.kind)
	}
	line, _, _ := strings.Cut(strings.TrimPrefix(got.body, "const KEPT = "), ";\n")
	var kept struct {
		Build        string
		Files, Pages []string
	}
	if err := json.Unmarshal([]byte(line), &kept); err != nil || kept.Build == "" || len(kept.Files) < 5 || len(kept.Pages) != 5 {
		t.Fatalf("it keeps %+v, %v", kept, err)
	}
	for _, f := range kept.Files {
		k.want(k.get(f), 200)
	}
	var manifest struct {
		Name, ID, Scope string
		StartURL        string `json:"start_url"`
		Icons           []struct{ Src, Sizes, Type, Purpose string }
	}
	for lang, name := range map[string]string{"zh": "邻里巡查", "en": "Linli round"} {
		got := k.get("/m/patrol.webmanifest?lang=" + lang)
		if err := json.Unmarshal([]byte(got.body), &manifest); err != nil || manifest.Name != name || manifest.StartURL != "/m/patrol" || len(manifest.Icons) != 4 {
			t.Errorf("the manifest in %s: %+v, %v", lang, manifest, err)
		}
	}
	for _, i := range manifest.Icons {
		if got := k.get(i.Src); got.status != 200 || got.kind != "image/png" {
			t.Errorf("icon %s: %d %s", i.Src, got.status, got.kind)
		}
	}
}
