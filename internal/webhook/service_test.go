package webhook_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/outbox"
	"linli/internal/seal"
	"linli/internal/testkit"
	"linli/internal/webhook"
)

var ctx = context.Background()

// got is a request as a receiver got it.
type got struct {
	event cloudevents.Event
	head  http.Header
	body  []byte
}

// house is a district with two communities and a receiver.
type house struct {
	t            *testing.T
	d            *db.DB
	clock        *testkit.Clock
	s            *webhook.Service
	staff        authz.Actor
	root, one    id.ID
	two          id.ID
	mu           sync.Mutex
	got          []got
	answer       func(got) int
	address      string
	secret       string
	subscription id.ID
}

func each(t *testing.T, fn func(w *house)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(time.Date(2026, 9, 15, 2, 0, 0, 0, time.UTC))
		w := &house{t: t, d: d, clock: clock, staff: testkit.Actor(testkit.Tenant, nil, webhook.PermManage), answer: func(got) int { return 204 }}
		srv := httptest.NewTLSServer(http.HandlerFunc(w.receive))
		t.Cleanup(srv.Close)
		w.address = srv.URL + "/events"
		w.s = webhook.New(d, seal.Ephemeral()).WithClient(srv.Client(), func() string { return "https://linli.example.cn" })
		w.root = w.org("示例区", "/")
		w.one, w.two = w.org("文港社区", "/"+w.root.String()+"/"), w.org("先锋社区", "/"+w.root.String()+"/")
		var err error
		w.subscription, w.secret, err = w.s.Create(ctx, w.staff, webhook.Entry{Name: "12345", Address: w.address, OrgID: w.root, Types: []webhook.Type{webhook.CaseReceived, webhook.CaseClosed, webhook.JobSignedOff}})
		w.ok(err)
		fn(w)
	})
}

// receive is a receiver that checks what it gets as the two standards prescribe.
func (w *house) receive(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Error(err)
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	e, err := cloudevents.NewEventFromHTTPRequest(r)
	if err != nil {
		w.t.Errorf("no CloudEvent: %v: %s", err, body)
		rw.WriteHeader(400)
		return
	}
	if err := e.Validate(); err != nil {
		w.t.Errorf("not valid: %v", err)
	}
	g := got{event: *e, head: r.Header, body: body}
	w.mu.Lock()
	w.got = append(w.got, g)
	w.mu.Unlock()
	rw.WriteHeader(w.answer(g))
}

// signedBy says whether one of the signatures of a request is that of a secret.
func (g got) signedBy(secret string) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	m := hmac.New(sha256.New, key)
	m.Write([]byte(g.head.Get("webhook-id") + "." + g.head.Get("webhook-timestamp") + "."))
	m.Write(g.body)
	want := "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))
	return slices.Contains(strings.Fields(g.head.Get("webhook-signature")), want)
}

func (w *house) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *house) wants(err error, k errs.Kind) {
	w.t.Helper()
	if err == nil || errs.KindOf(err) != k {
		w.t.Errorf("%v is no %v", err, k)
	}
}

func (w *house) org(name, above string) id.ID {
	w.t.Helper()
	o := id.New()
	testkit.Exec(w.t, w.d, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, parent_id, created_at, updated_at) VALUES ($1,$2,'community_party',$3,$3,$4,0,1,1)`, testkit.Tenant, o, name, above+o.String()+"/")
	return o
}

// happens writes an event about a case of a community.
func (w *house) happens(t webhook.Type, subject string, org id.ID) id.ID {
	w.t.Helper()
	n := id.New()
	w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
		return w.s.SendTx(ctx, tx, webhook.Event{Tenant: testkit.Tenant, ID: n, Type: t, Subject: subject, At: tx.Now(), Orgs: []id.ID{org, 0}, Data: map[string]any{"case": "1", "state": "closed"}})
	}))
	return n
}

func (w *house) deliver() int {
	w.t.Helper()
	n, err := w.s.Deliver(ctx, testkit.Tenant)
	w.ok(err)
	return n
}

func (w *house) now() webhook.Subscription {
	w.t.Helper()
	s, err := w.s.Get(ctx, w.staff, w.subscription)
	w.ok(err)
	return s
}

func TestAReceiverGetsSignedCloudEvents(t *testing.T) {
	each(t, func(w *house) {
		n := w.happens(webhook.CaseClosed, "case/1", w.one)
		w.happens(webhook.CaseAccepted, "case/1", w.one) // not chosen
		w.happens(webhook.JobSignedOff, "case/2", w.one) // its name has an underscore, which LIKE would take for any character
		w.deliver()
		if len(w.got) != 2 {
			w.t.Fatalf("got %d", len(w.got))
		}
		slices.SortFunc(w.got, func(a, b got) int { return strings.Compare(a.event.Subject(), b.event.Subject()) })
		g := w.got[0]
		if g.event.ID() != n.String() || g.event.Type() != "cn.linli.case.closed.v1" || g.event.Source() != "https://linli.example.cn" || g.event.Subject() != "case/1" || !g.event.Time().Equal(w.clock.Now()) {
			w.t.Errorf("event %v", g.event)
		}
		if string(g.event.Data()) != `{"case":"1","state":"closed"}` || g.head.Get("webhook-id") != n.String() {
			w.t.Errorf("data %s, head %v", g.event.Data(), g.head)
		}
		if !g.signedBy(w.secret) || g.signedBy(outbox.NewSecret()) {
			w.t.Error("the signature is wrong")
		}
		l, err := w.s.Deliveries(ctx, w.staff, w.subscription, webhook.Filter{State: outbox.Sent})
		w.ok(err)
		if len(l.Items) != 2 || l.Items[0].Status != 204 || w.deliver() != 0 {
			w.t.Errorf("log %+v", l.Items)
		}
		w.ok(w.s.Again(ctx, w.staff, w.subscription, n))
		w.deliver()
		if last := w.got[len(w.got)-1]; last.event.ID() != n.String() || string(last.body) != string(g.body) {
			w.t.Errorf("again: %s", last.body)
		}
		w.wants(w.s.Again(ctx, w.staff, w.subscription, id.New()), errs.NotFound)
	})
}

func TestEventsOfAPartOfTheTree(t *testing.T) {
	each(t, func(w *house) {
		own := w.staff
		only, _, err := w.s.Create(ctx, own, webhook.Entry{Name: "one", Address: w.address, OrgID: w.one, Types: []webhook.Type{webhook.CaseClosed}})
		w.ok(err)
		w.happens(webhook.CaseClosed, "case/1", w.one)
		w.happens(webhook.CaseClosed, "case/2", w.two)
		w.happens(webhook.CaseClosed, "case/3", 0)
		l, err := w.s.Deliveries(ctx, own, only, webhook.Filter{})
		w.ok(err)
		all, err := w.s.Deliveries(ctx, own, w.subscription, webhook.Filter{})
		w.ok(err)
		if len(l.Items) != 1 || l.Items[0].Subject != "case/1" || len(all.Items) != 2 {
			w.t.Errorf("one community %+v, the district %d", l.Items, len(all.Items))
		}
		// Who manages a community does not see the district's receiver, and makes none for another.
		local := testkit.Actor(testkit.Tenant, []id.ID{w.one}, webhook.PermManage)
		list, err := w.s.List(ctx, local, db.Page{})
		w.ok(err)
		if len(list.Items) != 1 || list.Items[0].ID != only {
			w.t.Errorf("sees %+v", list.Items)
		}
		_, err = w.s.Deliveries(ctx, local, w.subscription, webhook.Filter{})
		w.wants(err, errs.NotFound)
		_, _, err = w.s.Create(ctx, local, webhook.Entry{Name: "two", Address: w.address, OrgID: w.two, Types: []webhook.Type{webhook.CaseClosed}})
		w.wants(err, errs.Forbidden)
		_, _, err = w.s.Create(ctx, testkit.Actor(testkit.Tenant, nil), webhook.Entry{Name: "x", Address: w.address, OrgID: w.root, Types: []webhook.Type{webhook.CaseClosed}})
		w.wants(err, errs.Forbidden)
		other := testkit.Actor(testkit.Tenant+1, nil, webhook.PermManage)
		_, err = w.s.Get(ctx, other, w.subscription)
		w.wants(err, errs.NotFound)
		_, _, err = w.s.Create(ctx, other, webhook.Entry{Name: "x", Address: w.address, OrgID: w.root, Types: []webhook.Type{webhook.CaseClosed}})
		w.wants(err, errs.NotFound)
	})
}

func TestNothingOvertakesWhatFailed(t *testing.T) {
	each(t, func(w *house) {
		broken := true
		w.answer = func(g got) int {
			if broken && g.event.Subject() == "case/1" {
				return 500
			}
			return 200
		}
		first := w.happens(webhook.CaseReceived, "case/1", w.one)
		w.happens(webhook.CaseClosed, "case/1", w.one)
		w.happens(webhook.CaseReceived, "case/2", w.one)
		w.deliver()
		if len(w.got) != 2 { // the first of case 1, and case 2
			w.t.Fatalf("got %d", len(w.got))
		}
		if w.deliver() != 0 {
			w.t.Error("the second overtook the first")
		}
		if s := w.now(); s.FailingSince.IsZero() || s.Waits != 2 {
			w.t.Errorf("%+v", s)
		}
		broken = false
		w.clock.Advance(time.Minute)
		w.deliver()
		w.deliver()
		var order []string
		for _, g := range w.got {
			if g.event.Subject() == "case/1" {
				order = append(order, g.event.Type())
			}
		}
		if want := []string{"cn.linli.case.received.v1", "cn.linli.case.received.v1", "cn.linli.case.closed.v1"}; !slices.Equal(order, want) {
			w.t.Errorf("order %v, want %v", order, want)
		}
		if s := w.now(); !s.FailingSince.IsZero() || s.Waits != 0 || first == 0 {
			w.t.Errorf("%+v", s)
		}
	})
}

func TestAfterThreeDaysItStopsAndGoesOnWhereItWas(t *testing.T) {
	each(t, func(w *house) {
		w.answer = func(got) int { return 404 }
		n := w.happens(webhook.CaseReceived, "case/1", w.one)
		tries := 0
		for range 24 * 4 {
			tries += w.deliver()
			w.clock.Advance(time.Hour)
		}
		s := w.now()
		if s.State != webhook.Stopped || tries < 30 || tries > 60 {
			w.t.Fatalf("%s after %d tries", s.State, tries)
		}
		items, err := w.s.Waiting(ctx, w.staff)
		w.ok(err)
		if len(items) != 1 || items[0].Kind != webhook.WaitStopped || items[0].Subject != w.subscription {
			w.t.Errorf("nothing waits: %+v", items)
		}
		w.happens(webhook.CaseClosed, "case/1", w.one) // what happens meanwhile is kept
		if w.deliver() != 0 {
			w.t.Error("it goes on although it stopped")
		}
		before := len(w.got)
		w.answer = func(got) int { return 200 }
		w.ok(w.s.Resume(ctx, w.staff, w.subscription, s.Version))
		w.deliver()
		w.deliver()
		if len(w.got) != before+2 || w.got[before].event.ID() != n.String() || w.got[before+1].event.Type() != string(webhook.CaseClosed) {
			w.t.Errorf("got %d more", len(w.got)-before)
		}
	})
}

func TestSecretsChangeWithoutAGap(t *testing.T) {
	each(t, func(w *house) {
		second, err := w.s.NewSecret(ctx, w.staff, w.subscription, w.now().Version)
		w.ok(err)
		if second == w.secret {
			w.t.Fatal("the same secret")
		}
		w.happens(webhook.CaseClosed, "case/1", w.one)
		w.deliver()
		if g := w.got[0]; !g.signedBy(w.secret) || !g.signedBy(second) {
			w.t.Error("one of the secrets does not hold on the day of the change")
		}
		w.clock.Advance(25 * time.Hour)
		w.happens(webhook.CaseClosed, "case/1", w.one)
		w.deliver()
		if g := w.got[1]; g.signedBy(w.secret) || !g.signedBy(second) {
			w.t.Error("the former secret holds for ever")
		}
		kept, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM webhook_subscription WHERE tenant_id = $1 AND name LIKE '%whsec%'`, testkit.Tenant)
		w.ok(err)
		if kept != 0 {
			w.t.Error("a secret stands in plain text")
		}
	})
}

func TestPausedAndEnded(t *testing.T) {
	each(t, func(w *house) {
		w.ok(w.s.Pause(ctx, w.staff, w.subscription, w.now().Version))
		w.wants(w.s.Pause(ctx, w.staff, w.subscription, w.now().Version), errs.Conflict)
		w.happens(webhook.CaseClosed, "case/1", w.one)
		if w.deliver() != 0 {
			w.t.Error("sent while paused")
		}
		w.wants(w.s.Resume(ctx, w.staff, w.subscription, 99), errs.Conflict)
		w.ok(w.s.Resume(ctx, w.staff, w.subscription, w.now().Version))
		w.ok(w.s.Test(ctx, w.staff, w.subscription))
		if w.deliver() != 2 {
			w.t.Error("not sent after the pause")
		}
		w.happens(webhook.CaseClosed, "case/1", w.one)
		w.ok(w.s.End(ctx, w.staff, w.subscription, w.now().Version))
		w.happens(webhook.CaseClosed, "case/1", w.one)
		if w.deliver() != 0 || w.now().Waits != 0 {
			w.t.Error("something waits after the end")
		}
		w.wants(w.s.Test(ctx, w.staff, w.subscription), errs.Conflict)
		w.wants(w.s.Edit(ctx, w.staff, w.subscription, webhook.Entry{Name: "x", Address: w.address, OrgID: w.root, Types: []webhook.Type{webhook.CaseClosed}, Version: w.now().Version}), errs.Conflict)
		w.clock.Advance(40 * 24 * time.Hour)
		w.ok(w.s.Sweep(ctx, testkit.Tenant))
		l, err := w.s.Deliveries(ctx, w.staff, w.subscription, webhook.Filter{})
		w.ok(err)
		if len(l.Items) != 0 {
			w.t.Errorf("%d are kept for ever", len(l.Items))
		}
	})
}

// TestManyAtOnceDeliverEachOnce lets several servers deliver the same events.
func TestManyAtOnceDeliverEachOnce(t *testing.T) {
	each(t, func(w *house) {
		const all = 40
		for i := range all {
			w.happens(webhook.CaseClosed, "case/"+string(rune('a'+i%7)), w.one)
		}
		for range all {
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() {
					if _, err := w.s.Deliver(ctx, testkit.Tenant); err != nil {
						w.t.Error(err)
					}
				})
			}
			wg.Wait()
			if len(w.got) >= all {
				break
			}
		}
		last, seen := map[string]string{}, map[string]bool{}
		for _, g := range w.got {
			if seen[g.event.ID()] {
				w.t.Errorf("%s went twice", g.event.ID())
			}
			seen[g.event.ID()] = true
			if last[g.event.Subject()] > g.event.ID() {
				w.t.Errorf("%s out of order", g.event.Subject())
			}
			last[g.event.Subject()] = g.event.ID()
		}
		if len(seen) != all {
			w.t.Errorf("%d of %d arrived", len(seen), all)
		}
	})
}
