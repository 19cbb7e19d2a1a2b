package notice_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/notice"
	"linli/internal/outbox"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

// house is a district that tells people, with every channel going into one fake.
type house struct {
	t     *testing.T
	d     *db.DB
	clock *testkit.Clock
	ring  *seal.Ring
	s     *notice.Service
	fake  *notice.Fake
	staff authz.Actor
}

func each(t *testing.T, fn func(w *house)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(time.Date(2026, 9, 15, 2, 0, 0, 0, time.UTC)) // ten in the morning in Beijing
		w := &house{t: t, d: d, clock: clock, ring: seal.Ephemeral(), fake: &notice.Fake{}, staff: testkit.Actor(testkit.Tenant, nil, notice.PermSee, notice.PermKeep)}
		w.s = notice.New(d, w.ring).WithFake(w.fake, func() string { return "https://linli.example.cn/" })
		testkit.Exec(t, d, `INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,'staff','name',1)`, testkit.Tenant, w.staff.AccountID)
		fn(w)
	})
}

func (w *house) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *house) wants(err error, k errs.Kind) {
	w.t.Helper()
	if errs.KindOf(err) != k || err == nil {
		w.t.Errorf("%v is no %v", err, k)
	}
}

// follow is a case that somebody reported, with their number.
func (w *house) follow(phone string) id.ID {
	w.t.Helper()
	c := id.New()
	w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
		return w.s.FollowTx(ctx, tx, notice.Contact{Tenant: testkit.Tenant, SubjectKind: "service_case", SubjectID: c, Channel: notice.SMS, Language: i18n.ZH, To: phone, Code: "440105-7K2M9QXD"},
			notice.Message{Kind: notice.KindReceived, Path: "/p/case", Values: notice.Values{"number": i18n.Verbatim("N1"), "org": i18n.Verbatim("文港社区"), "due": i18n.Verbatim("2026-09-22")}})
	}))
	return c
}

func (w *house) tell(c id.ID, kind string) {
	w.t.Helper()
	w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
		return w.s.TellTx(ctx, tx, notice.Message{Tenant: testkit.Tenant, Kind: kind, SubjectKind: "service_case", Path: "/p/case",
			Values: notice.Values{"number": i18n.Verbatim("N1"), "outcome": i18n.CaseFulfilled, "due": i18n.Verbatim("2026-09-30")}}, c)
	}))
}

func (w *house) deliver() int {
	w.t.Helper()
	n, err := w.s.Deliver(ctx, testkit.Tenant)
	w.ok(err)
	return n
}

func (w *house) log(f notice.Filter) []notice.Row {
	w.t.Helper()
	l, err := w.s.List(ctx, w.staff, f)
	w.ok(err)
	return l.Items
}

// token is that in the stop link of the last message.
func (w *house) token() string {
	w.t.Helper()
	body := w.fake.Taken()[0].Body
	i := strings.Index(body, "/n/")
	if i < 0 {
		w.t.Fatalf("no stop link in %q", body)
	}
	return body[i+3 : i+19]
}

func TestWhoAgreedIsTold(t *testing.T) {
	each(t, func(w *house) {
		c := w.follow("13900139000")
		if n := w.deliver(); n != 1 {
			w.t.Fatalf("delivered %d", n)
		}
		got := w.fake.Taken()[0]
		want := "【邻里演示】文港社区已收到您反映的事项，编号N1，查询码440105-7K2M9QXD，办理期限2026-09-22。看进度：https://linli.example.cn/p/case?c=4401057K2M9QXD 不想收点：https://linli.example.cn/n/" + w.token()
		if got.To != "13900139000" || got.Body != want {
			w.t.Errorf("sent to %s:\n%s\nwant\n%s", got.To, got.Body, want)
		}
		w.tell(c, notice.KindEnded)
		w.deliver()
		if got = w.fake.Taken()[0]; !strings.Contains(got.Body, "有了结果："+i18n.CaseFulfilled.In(i18n.ZH)) || strings.Contains(got.Body, "440105-7K2M9QXD") {
			w.t.Errorf("sent %q", got.Body)
		}
		rows := w.log(notice.Filter{})
		if len(rows) != 2 || rows[0].State != outbox.Sent || rows[0].Masked != "139****9000" || rows[0].Parts < 2 || rows[0].SubjectID != c {
			w.t.Errorf("the log has %+v", rows)
		}
		if w.deliver() != 0 || len(w.fake.Taken()) != 2 {
			w.t.Error("something went twice")
		}
		kept, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM notice_message WHERE tenant_id = $1 AND content IS NOT NULL`, testkit.Tenant)
		w.ok(err)
		if kept != 0 {
			w.t.Errorf("%d messages keep what they said", kept)
		}
	})
}

func TestNothingIsSentIfTheActDidNotHappen(t *testing.T) {
	each(t, func(w *house) {
		stop := errors.New("the act failed")
		err := w.d.WithTx(ctx, func(tx *db.Tx) error {
			if _, err := w.s.SendTx(ctx, tx, notice.Message{Tenant: testkit.Tenant, Kind: notice.KindTest, Channel: notice.Mail, To: "a@b.cn"}); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) || w.deliver() != 0 {
			w.t.Errorf("sent although %v", err)
		}
	})
}

func TestSayingNoAndYes(t *testing.T) {
	each(t, func(w *house) {
		c := w.follow("13900139000")
		w.deliver()
		token := w.token()
		h, err := w.s.Holder(ctx, strings.ToLower(token))
		w.ok(err)
		if h.Masked != "139****9000" || h.Refused {
			w.t.Errorf("the page shows %+v", h)
		}
		w.ok(w.s.Refuse(ctx, token, "x", "", true))
		w.ok(w.s.Refuse(ctx, token, "x", "", true))
		w.tell(c, notice.KindEnded)
		other := w.follow("13900139000") // another case of the same number
		w.deliver()
		for _, r := range w.log(notice.Filter{})[:2] {
			if r.State != outbox.Dropped || r.Reason != notice.WhyNo {
				w.t.Errorf("%s is %s %s", r.Kind, r.State, r.Reason)
			}
		}
		f, err := w.s.HasContact(ctx, w.d, testkit.Tenant, "service_case", other)
		w.ok(err)
		if !f.There || !f.Refused || f.Stopped {
			w.t.Errorf("the case says %+v", f)
		}
		// A code that somebody asks for still comes.
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			_, err := w.s.CodeTx(ctx, tx, testkit.Tenant, i18n.ZH, "13900139000", "482913", 5)
			return err
		}))
		w.deliver()
		if got := w.fake.Taken()[0]; !strings.Contains(got.Body, "482913") {
			w.t.Errorf("no code: %q", got.Body)
		}
		w.ok(w.s.Refuse(ctx, token, "x", "", false))
		w.tell(c, notice.KindEnded)
		w.deliver()
		if got := w.fake.Taken()[0]; got.Kind != notice.KindEnded {
			w.t.Errorf("after yes: %s", got.Kind)
		}
		// For one case alone.
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.StopTx(ctx, tx, testkit.Tenant, "service_case", c, true) }))
		w.tell(c, notice.KindEnded)
		if w.deliver() != 0 {
			w.t.Error("told of a case after it was stopped")
		}
		w.tell(other, notice.KindEnded)
		if w.deliver() != 1 {
			w.t.Error("not told of the other case")
		}
		for _, wrong := range []string{"", "440105AAAAAAAAAA", "999999" + token[6:], "x"} {
			_, err := w.s.Holder(ctx, wrong)
			w.wants(err, errs.NotFound)
			w.wants(w.s.Refuse(ctx, wrong, "x", "", true), errs.NotFound)
		}
	})
}

func TestCodesAreNotKept(t *testing.T) {
	each(t, func(w *house) {
		send := func() {
			w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
				_, err := w.s.CodeTx(ctx, tx, testkit.Tenant, i18n.EN, "13900139000", "482913", 5)
				return err
			}))
		}
		w.clock.Set(time.Date(2026, 9, 15, 18, 0, 0, 0, time.UTC)) // two in the night: a code does not wait
		send()
		w.deliver()
		if got := w.fake.Taken(); len(got) != 1 || !strings.Contains(got[0].Body, "482913") {
			w.t.Errorf("sent %+v", got)
		}
		w.fake.Break(&notice.Final{Reason: "no 482913"})
		send()
		w.deliver()
		w.fake.Break(errors.New("busy"))
		send()
		w.deliver()
		w.clock.Advance(6 * time.Minute)
		w.deliver()
		states := map[outbox.State]string{}
		for _, r := range w.log(notice.Filter{Kind: notice.KindCode}) {
			states[r.State] = r.Reason
		}
		if states[outbox.Dropped] != notice.WhyLate {
			w.t.Errorf("a code that lapsed: %v", states)
		}
		kept, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM notice_message WHERE tenant_id = $1 AND content IS NOT NULL`, testkit.Tenant)
		w.ok(err)
		if kept != 0 {
			w.t.Errorf("%d codes are kept", kept)
		}
	})
}

func TestQuietHoursLimitsAndSwitches(t *testing.T) {
	each(t, func(w *house) {
		w.clock.Set(time.Date(2026, 9, 15, 13, 30, 0, 0, time.UTC)) // half past nine in the evening
		c := w.follow("13900139000")
		w.deliver()
		r := w.log(notice.Filter{})[0]
		if r.State != outbox.Waiting || r.Reason != notice.WhyQuiet || !r.DueAt.Equal(time.Date(2026, 9, 16, 0, 0, 0, 0, time.UTC)) || r.Attempts != 0 {
			w.t.Errorf("in the night: %+v", r)
		}
		if later, err := w.s.FakedLater(ctx, testkit.Tenant); err != nil || len(later) != 1 || later[0].To != "13900139000" || !strings.Contains(later[0].Body, "编号N1") {
			w.t.Errorf("the demonstration shows %+v, %v", later, err)
		}
		w.clock.Set(time.Date(2026, 9, 16, 0, 0, 1, 0, time.UTC))
		w.deliver()
		if len(w.fake.Taken()) != 1 {
			w.t.Error("not sent in the morning")
		}
		for range 12 {
			w.tell(c, notice.KindExtended)
		}
		w.deliver()
		if n := len(w.log(notice.Filter{State: outbox.Dropped})); n != 3 {
			w.t.Errorf("%d of 13 were too many, want 3", n)
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { // a code is not lost to what others have sent to the number
			_, err := w.s.CodeTx(ctx, tx, testkit.Tenant, i18n.ZH, "13900139000", "482913", 5)
			return err
		}))
		w.deliver()
		if got := w.fake.Taken(); got[0].Kind != notice.KindCode {
			w.t.Errorf("the last message is %+v, want the code", got[0])
		}
		w.clock.Advance(24 * time.Hour)
		w.tell(c, notice.KindExtended)
		w.ok(w.s.Switch(ctx, w.staff, notice.KindEnded, false))
		w.tell(c, notice.KindEnded)
		w.deliver()
		rows := w.log(notice.Filter{})
		if rows[0].Reason != notice.WhyOff || rows[1].State != outbox.Sent {
			w.t.Errorf("switched off: %+v", rows[:2])
		}
		w.ok(w.s.Switch(ctx, w.staff, notice.KindEnded, true))
		w.tell(c, notice.KindEnded)
		w.deliver()
		if w.log(notice.Filter{})[0].State != outbox.Sent {
			w.t.Error("not sent after it was switched on")
		}
		w.wants(w.s.Switch(ctx, w.staff, notice.KindCode, false), errs.Conflict)
	})
}

func TestWhatFailsIsTriedAgainAndThenStands(t *testing.T) {
	each(t, func(w *house) {
		w.follow("13900139000")
		w.fake.Break(errors.New("timeout for 13900139000"))
		tries := 0
		for range 400 {
			tries += w.deliver()
			w.clock.Advance(2 * time.Minute)
			if h := w.clock.Now().In(i18n.Zone).Hour(); h >= 21 || h < 8 {
				w.clock.Advance(11 * time.Hour)
			}
		}
		r := w.log(notice.Filter{})[0]
		if tries != 8 || r.State != outbox.Failed || strings.Contains(r.Reason, "139001") || !strings.Contains(r.Reason, "timeout") {
			w.t.Errorf("%d tries, %+v", tries, r)
		}
		items, err := w.s.Waiting(ctx, w.staff)
		w.ok(err)
		if len(items) != 1 || items[0].Count != 1 || items[0].Kind != notice.WaitFailed {
			w.t.Errorf("nothing waits: %+v", items)
		}
		w.fake.Break(nil)
		w.wants(w.s.Again(ctx, testkit.Actor(testkit.Tenant, nil, notice.PermSee), r.ID), errs.NotFound)
		w.ok(w.s.Again(ctx, w.staff, r.ID))
		w.wants(w.s.Again(ctx, w.staff, r.ID), errs.Conflict)
		w.clock.Set(time.Date(2026, 9, 17, 2, 0, 0, 0, time.UTC))
		w.deliver()
	})
}

func TestAChannelThatIsNotSetUpSaysSo(t *testing.T) {
	each(t, func(w *house) {
		s := notice.New(w.d, w.ring)
		w.follow("13900139000")
		_, err := s.Deliver(ctx, testkit.Tenant)
		w.ok(err)
		if r := w.log(notice.Filter{})[0]; r.State != outbox.Failed || r.Reason != notice.WhyNotSet {
			w.t.Errorf("%+v", r)
		}
		w.wants(s.Test(ctx, w.staff, notice.SMS, "13900139000"), errs.Conflict)
		w.ok(w.s.Again(ctx, w.staff, w.log(notice.Filter{})[0].ID)) // set up in the meantime
		w.deliver()
		if len(w.fake.Taken()) != 1 {
			w.t.Error("not sent after it was set up")
		}
	})
}

func TestAServerThatDiesAfterSendingSendsOnceMoreAtMost(t *testing.T) {
	each(t, func(w *house) {
		w.follow("13900139000")
		// What a server does before it dies: it takes the message, sends it, and notes nothing.
		box := outbox.Table{Name: "notice_message", Lease: 2 * time.Minute}
		claims, err := box.Take(ctx, w.d, testkit.Tenant, 10)
		w.ok(err)
		if len(claims) != 1 {
			w.t.Fatalf("took %d", len(claims))
		}
		if w.deliver() != 0 {
			w.t.Fatal("another sends it while the lease runs")
		}
		w.clock.Advance(3 * time.Minute)
		if w.deliver() != 1 || len(w.fake.Taken()) != 1 {
			w.t.Fatal("it was not tried again")
		}
		first := w.fake.Taken()[0].ID
		if first != claims[0].ID.String() {
			w.t.Errorf("the second has another ID: %s", first)
		}
		// And if it dies twice, people decide.
		w.follow("13700137000")
		for range 2 {
			if claims, err = box.Take(ctx, w.d, testkit.Tenant, 10); err != nil || len(claims) != 1 {
				w.t.Fatalf("took %d, %v", len(claims), err)
			}
			w.clock.Advance(3 * time.Minute)
		}
		w.deliver()
		if r := w.log(notice.Filter{})[0]; r.State != outbox.Failed || r.Reason != notice.WhyUnsure {
			w.t.Errorf("%+v", r)
		}
		for range 5 {
			w.clock.Advance(time.Hour)
			if w.deliver() != 0 {
				w.t.Error("it goes on for ever")
			}
		}
		// Who comes back from the dead notes nothing.
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			ok, err := box.NoteTx(ctx, tx, claims[0], outbox.Result{State: outbox.Sent})
			if ok {
				w.t.Error("a claim that was lost was noted")
			}
			return err
		}))
	})
}

// TestManyAtOnceSendEachOnce lets several servers deliver the same messages.
func TestManyAtOnceSendEachOnce(t *testing.T) {
	each(t, func(w *house) {
		const all, servers = 60, 4
		for i := range all {
			w.follow("139" + strconv.Itoa(10000000+i))
		}
		var wg sync.WaitGroup
		for range servers {
			wg.Go(func() {
				for n := 1; n > 0; { // one batch after the other, as the queue calls it
					var err error
					if n, err = w.s.Deliver(ctx, testkit.Tenant); err != nil {
						w.t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		for w.deliver() > 0 {
		}
		ids := map[string]int{}
		for _, m := range w.fake.Taken() {
			ids[m.ID]++
		}
		for i, n := range ids {
			if n != 1 {
				w.t.Errorf("%s went %d times", i, n)
			}
		}
		if len(ids) != all {
			w.t.Errorf("%d of %d were sent", len(ids), all)
		}
	})
}

func TestTextsHaveEditions(t *testing.T) {
	each(t, func(w *house) {
		body := "编号{编号}有结果：{结果} {链接} {退订链接}"
		w.ok(w.s.SaveText(ctx, w.staff, notice.KindEnded, notice.SMS, i18n.ZH, 0, "", body, false))
		w.wants(w.s.SaveText(ctx, w.staff, notice.KindEnded, notice.SMS, i18n.ZH, 0, "", body, false), errs.Conflict)
		w.wants(w.s.SaveText(ctx, w.staff, notice.KindEnded, notice.SMS, i18n.ZH, 1, "", "{姓名}", false), errs.Invalid)
		w.wants(w.s.SaveText(ctx, w.staff, notice.KindEnded, notice.WeCom, i18n.ZH, 0, "", body, false), errs.NotFound)
		w.wants(w.s.SaveText(ctx, testkit.Actor(testkit.Tenant, []id.ID{5}, notice.PermKeep), notice.KindEnded, notice.SMS, i18n.ZH, 1, "", body, false), errs.Forbidden)
		c := w.follow("13900139000")
		w.deliver()
		w.tell(c, notice.KindEnded)
		w.deliver()
		if got := w.fake.Taken()[0]; !strings.Contains(got.Body, "编号N1有结果：") {
			w.t.Errorf("sent %q", got.Body)
		}
		if r := w.log(notice.Filter{Kind: notice.KindEnded})[0]; r.Edition != 1 {
			w.t.Errorf("edition %d", r.Edition)
		}
		w.ok(w.s.SaveText(ctx, w.staff, notice.KindEnded, notice.SMS, i18n.ZH, 1, "", "", true))
		_, now, former, err := w.s.Text(ctx, w.staff, notice.KindEnded, notice.SMS, i18n.ZH)
		w.ok(err)
		if now.Own || now.Edition != 2 || len(former) != 2 || former[1].Body != body {
			w.t.Errorf("now %+v, former %+v", now, former)
		}
		list, err := w.s.Kinds(ctx, w.staff)
		w.ok(err)
		if len(list) != len(notice.Kinds()) {
			w.t.Errorf("%d kinds", len(list))
		}
	})
}

func TestAnotherDistrictSeesNothing(t *testing.T) {
	each(t, func(w *house) {
		c := w.follow("13900139000")
		w.fake.Break(&notice.Final{Reason: "no"})
		w.deliver()
		r := w.log(notice.Filter{})[0]
		other := testkit.Actor(testkit.Tenant+1, nil, notice.PermSee, notice.PermKeep)
		l, err := w.s.List(ctx, other, notice.Filter{Text: "13900139000"})
		w.ok(err)
		if len(l.Items) != 0 {
			w.t.Errorf("sees %d", len(l.Items))
		}
		w.wants(w.s.Again(ctx, other, r.ID), errs.NotFound)
		f, err := w.s.HasContact(ctx, w.d, other.Tenant, "service_case", c)
		w.ok(err)
		if f.There {
			w.t.Error("a contact of another district")
		}
		nobody, err := w.s.List(ctx, testkit.Actor(testkit.Tenant, []id.ID{7}, notice.PermSee), notice.Filter{})
		w.ok(err)
		if len(nobody.Items) != 0 {
			w.t.Error("a community sees the district's log")
		}
		if rows := w.log(notice.Filter{Text: "139 0013 9000"}); len(rows) != 1 {
			w.t.Errorf("the search finds %d", len(rows))
		}
		if rows := w.log(notice.Filter{Text: "1390013"}); len(rows) != 0 {
			w.t.Errorf("a part of a number finds %d", len(rows))
		}
	})
}

func TestStaffAreToldOnceADay(t *testing.T) {
	each(t, func(w *house) {
		waits := func(_ context.Context, _ int64, a id.ID) (int64, int64, error) {
			if a != w.staff.AccountID {
				return 0, 0, errors.New("another account")
			}
			return 7, 2, nil
		}
		w.ok(w.s.Digest(ctx, testkit.Tenant, waits)) // nobody chose it
		w.wants(w.s.Choose(ctx, w.staff, notice.Mail, i18n.ZH, "not an address"), errs.Invalid)
		w.wants(w.s.Choose(ctx, w.staff, notice.SMS, i18n.ZH, "13900139000"), errs.Invalid)
		w.ok(w.s.Choose(ctx, w.staff, notice.Mail, i18n.ZH, "Wang@Example.cn"))
		w.ok(w.s.Choose(ctx, w.staff, notice.Mail, i18n.ZH, "")) // the address stays
		c, err := w.s.Choice(ctx, w.staff)
		w.ok(err)
		if c.Channel != notice.Mail || c.Masked != "w***@example.cn" {
			w.t.Errorf("%+v", c)
		}
		w.ok(w.s.Digest(ctx, testkit.Tenant, waits))
		w.ok(w.s.Digest(ctx, testkit.Tenant, waits)) // the job ran twice
		w.deliver()
		got := w.fake.Taken()
		if len(got) != 1 || got[0].To != "wang@example.cn" || got[0].Subject != "今天有7件事等您办" || !strings.Contains(got[0].Body, "其中2件") {
			w.t.Errorf("sent %+v", got)
		}
		w.clock.Advance(24 * time.Hour)
		w.ok(w.s.Digest(ctx, testkit.Tenant, waits))
		w.deliver()
		if len(w.fake.Taken()) != 2 {
			w.t.Error("not told the next day")
		}
		w.ok(w.s.Choose(ctx, w.staff, "", i18n.ZH, ""))
		w.clock.Advance(24 * time.Hour)
		w.ok(w.s.Digest(ctx, testkit.Tenant, waits))
		if w.deliver() != 0 {
			w.t.Error("told after it was switched off")
		}
	})
}

func TestAddressesGoAfterTheirTime(t *testing.T) {
	each(t, func(w *house) {
		w.follow("13900139000")
		w.deliver()
		w.clock.Advance(100 * 24 * time.Hour)
		for _, k := range notice.RetentionKinds() {
			if want := map[string]int64{"notice.log": 90, "notice.contact": 365}[k.Code]; k.Period.Default != want || !k.Days {
				w.t.Errorf("%s stays %d", k.Code, k.Period.Default)
			}
			a := &db.Args{}
			rows := k.Past(a, testkit.Tenant, k.Cut(calendar.DateOf(w.clock.Now()), 90))
			ids, err := db.Column[id.ID](ctx, w.d, "SELECT "+rows.ID+" FROM "+rows.From, a.Values()...)
			w.ok(err)
			if len(ids) != 1 {
				w.t.Fatalf("%s: %d are past", k.Code, len(ids))
			}
			w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return k.Remove(ctx, tx, testkit.Tenant, ids) }))
			a = &db.Args{}
			rows = k.Past(a, testkit.Tenant, k.Cut(calendar.DateOf(w.clock.Now()), 90))
			if ids, err = db.Column[id.ID](ctx, w.d, "SELECT "+rows.ID+" FROM "+rows.From, a.Values()...); err != nil || len(ids) != 0 {
				w.t.Errorf("%s: %d are past again, %v", k.Code, len(ids), err)
			}
		}
		r := w.log(notice.Filter{})
		if len(r) != 1 || r[0].Masked != "" || r[0].State != outbox.Sent {
			w.t.Errorf("the log has %+v", r)
		}
	})
}
