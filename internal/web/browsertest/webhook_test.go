//go:build browser

package browsertest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/i18n"
)

// The district adds a receiver of events, gives it the secret that is shown once, and reads in the log what it got.
func TestAnotherSystemIsTold(t *testing.T) {
	together(t)
	var mu sync.Mutex
	var got []string
	status := http.StatusNoContent
	receiver := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // what cannot be read is not there
		mu.Lock()
		defer mu.Unlock()
		got = append(got, string(body))
		w.WriteHeader(status)
	}))
	defer receiver.Close()
	n := install(t, beijing(time.November, 20, 10, 0), func(o *app.Options) { o.Events = receiver.Client() })
	ctx := context.Background()
	arrived := func(many int) []string {
		t.Helper()
		for range 100 {
			mu.Lock()
			list := slices.Clone(got)
			mu.Unlock()
			if len(list) == many {
				return list
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Fatalf("not %d events arrived", many)
		return nil
	}

	p := openAt(t, n.url, Desktop)
	t.Cleanup(p.reportFaults)
	p.LoginWith("quwei", newcomerPassword)
	p.Visit("/webhooks")
	p.WaitText(zh(i18n.WebhookEmpty))
	p.Check("empty")
	p.Visit("/webhooks/new")
	p.Fill(zh(i18n.WebhookName), "12345 平台")
	p.Fill(zh(i18n.WebhookAddress), "http://inside.example.cn")
	p.must("organisation and events", script(`(() => { const s = document.querySelector('select[name=org]'); s.value = '`+n.community.String()+`';
		for (const t of ['received', 'finished']) document.querySelector('input[name=types][value="cn.linli.case.' + t + '.v1"]').click(); return s.value })()`, new(string)))
	p.Expect(422)
	p.ClickIn("main form .form-acts", zh(i18n.PartialSave))
	p.WaitText(zh(i18n.WebhookBadURL))
	p.Check("form-wrong")
	p.Fill(zh(i18n.WebhookAddress), receiver.URL+"/events")
	p.ClickIn("main form .form-acts", zh(i18n.PartialSave))
	p.WaitText(zh(i18n.WebhookSecretOnce))
	p.Check("secret")
	if s := p.Text("#secret"); !strings.HasPrefix(s, "whsec_") || len(s) < 40 {
		t.Errorf("the secret is %q", s)
	}

	staff := n.actorOf(t, "shuji")
	if _, err := n.Casework.Enter(ctx, staff, casework.Report{Kind: "opinion", CommunityID: n.community, Body: "长椅坏了，找张三 13800138000", Name: "张三", Phone: "13800138000", Place: "3 单元", Channel: casework.ByHall}); err != nil {
		t.Fatal(err)
	}
	first := arrived(1)[0]
	if !strings.Contains(first, `"type":"cn.linli.case.received.v1"`) {
		t.Fatalf("got %q", first)
	}
	for _, private := range []string{"张三", "13800138000", "长椅", "单元"} {
		if strings.Contains(first, private) {
			t.Errorf("%s went out: %s", private, first)
		}
	}
	p.Visit("/webhooks")
	p.WaitText("12345 平台")
	p.Check("list")
	list, err := n.Webhook.List(ctx, n.actorOf(t, "quwei"), db.Page{})
	if err != nil || len(list.Items) != 1 {
		t.Fatalf("%d receivers, %v", len(list.Items), err)
	}
	p.Visit("/webhooks/" + list.Items[0].ID.String())
	p.WaitText("HTTP 204")
	mu.Lock()
	status = http.StatusInternalServerError
	mu.Unlock()
	p.Click(zh(i18n.WebhookTest))
	p.WaitText(zh(i18n.WebhookTestDone))
	arrived(2)
	p.Click(zh(i18n.WebhookPause))
	p.WaitText(zh(i18n.WebhookPaused))
	p.WaitText("HTTP 500")
	p.Check("one")
	p.ClickOn(`a[href$="/log"]`)
	p.WaitText("cn.linli.test.v1")
	p.Check("log")
	p.Click(zh(i18n.WebhookAgain))
	p.WaitText(zh(i18n.WebhookAgainDone))
	p.Resize(Phone)
	p.Check("log-phone")
	p.Visit("/webhooks/new")
	p.Fits("form-phone")
	p.Shot("form-phone")
}
