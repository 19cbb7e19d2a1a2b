package webhook

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"linli/internal/errs"
	"linli/internal/id"
)

func TestOutside(t *testing.T) {
	cases := map[string]bool{
		"8.8.8.8": true, "2400:3200::1": true, "127.0.0.1": false, "127.8.9.1": false, "::1": false, "0.0.0.0": false, "::": false, "10.1.2.3": false, "172.16.0.1": false, "172.32.0.1": true,
		"192.168.1.1": false, "169.254.169.254": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "100.64.0.1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false,
		"::ffff:8.8.8.8": true, "224.0.0.1": false, "255.255.255.255": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "198.18.0.1": false, "192.0.0.8": false,
	}
	for s, want := range cases {
		if got := Outside(netip.MustParseAddr(s)); got != want {
			t.Errorf("Outside(%s) = %v, want %v", s, got, want)
		}
	}
}

// TestNothingGoesInside holds that the address that is connected to counts, whatever the name in the address of a receiver is.
func TestNothingGoesInside(t *testing.T) {
	reached := 0
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	defer srv.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(srv.URL, "http://"), ":")
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "127.1"} {
		res, err := NewGuard(nil).Client().Post("http://"+host+":"+port, "text/plain", nil)
		if err == nil {
			_ = res.Body.Close()
			t.Errorf("%s was connected to", host)
		}
	}
	if reached != 0 {
		t.Fatalf("%d requests came inside", reached)
	}
	for _, allowed := range [][]string{{"127.0.0.1"}, {"127.0.0.1:" + port}} {
		res, err := NewGuard(allowed).Client().Post(srv.URL, "text/plain", nil)
		if err != nil {
			t.Fatalf("allowed %v: %v", allowed, err)
		}
		_ = res.Body.Close()
	}
	if _, err := NewGuard([]string{"127.0.0.1:1"}).Client().Post(srv.URL, "text/plain", nil); err == nil {
		t.Error("another port was allowed")
	}
	// A receiver outside that sends elsewhere is not followed.
	elsewhere := httptest.NewServer(http.RedirectHandler(srv.URL, http.StatusTemporaryRedirect))
	defer elsewhere.Close()
	before := reached
	res, err := NewGuard([]string{"127.0.0.1"}).Client().Post(elsewhere.URL, "text/plain", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if reached != before || res.StatusCode != http.StatusTemporaryRedirect {
		t.Errorf("followed to %d", res.StatusCode)
	}
}

func TestEntriesAreJudged(t *testing.T) {
	good := Entry{Name: "12345", Address: "https://events.example.cn/linli?x=1", Types: []Type{CaseClosed}, OrgID: 5}
	if err := good.check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Entry){
		"name": func(n *Entry) { n.Name = "  " }, "address": func(n *Entry) { n.Address = "http://events.example.cn" }, "types": func(n *Entry) { n.Types = nil }, "org": func(n *Entry) { n.OrgID = 0 },
	} {
		n := good
		change(&n)
		if e := errs.As(n.check()); e == nil || e.Fields[name].Text.IsZero() {
			t.Errorf("%s: %v", name, e)
		}
	}
	for _, a := range []string{"", "events.example.cn", "ftp://events.example.cn", "https://", "https://user:pw@events.example.cn", "https://events.example.cn/#x", "javascript:alert(1)", "https://" + strings.Repeat("a", 600)} {
		n := good
		if n.Address = a; n.check() == nil {
			t.Errorf("%q was taken", a)
		}
	}
	n := good
	if n.Types = []Type{"cn.linli.case.words.v1"}; n.check() == nil {
		t.Error("a type that is none was taken")
	}
}

func TestBodyIsACloudEvent(t *testing.T) {
	d := Delivery{ID: id.ID(7), Type: CaseClosed, Subject: "case/1", HappenedAt: time.Date(2026, 9, 15, 2, 0, 0, 5000, time.UTC), data: `{"case":"1"}`}
	one, err := d.body("https://linli.example.cn")
	if err != nil {
		t.Fatal(err)
	}
	two, _ := d.body("https://linli.example.cn") // as before
	if string(one) != string(two) {
		t.Error("the same delivery has two bodies")
	}
	var got map[string]any
	if err := json.Unmarshal(one, &got); err != nil {
		t.Fatal(err)
	}
	for k, want := range map[string]any{"specversion": "1.0", "id": "7", "source": "https://linli.example.cn", "type": "cn.linli.case.closed.v1", "subject": "case/1", "time": "2026-09-15T02:00:00.000005Z", "datacontenttype": "application/json"} {
		if got[k] != want {
			t.Errorf("%s is %v, want %v", k, got[k], want)
		}
	}
}
