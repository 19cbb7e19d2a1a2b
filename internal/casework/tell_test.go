package casework_test

import (
	"strings"
	"testing"

	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/notice"
	"linli/internal/seal"
	"linli/internal/testkit"
	"linli/internal/webhook"
)

// tellers connects notices and events, with every message going into a fake.
func (w *street) tellers() (*notice.Fake, *notice.Service, *webhook.Service) {
	ring := seal.Ephemeral()
	fake := &notice.Fake{}
	n := notice.New(w.d, ring).WithFake(fake, func() string { return "https://linli.example.cn" })
	e := webhook.New(w.d, ring)
	w.s.WithNotices(n).WithEvents(e)
	return fake, n, e
}

// told delivers and gives the kinds that went to a number since there were so many.
func (w *street) told(fake *notice.Fake, n *notice.Service, phone string) (kinds []string) {
	w.t.Helper()
	_, err := n.Deliver(ctx, testkit.Tenant)
	w.ok(err)
	for _, m := range fake.Taken() {
		if m.To == phone {
			kinds = append(kinds, m.Kind)
		}
	}
	return kinds
}

// TestWhoAgreedIsToldOfEachTurn holds that whoever agreed hears of their case, also when it was merged into another, and nobody else does.
func TestWhoAgreedIsToldOfEachTurn(t *testing.T) {
	each(t, func(w *street) {
		fake, n, _ := w.tellers()
		_, err := w.s.Report(ctx, testkit.Tenant, "居民", "r", casework.Report{Kind: "service", ItemID: w.lamp, CommunityID: w.community, Body: "x", Phone: "0515-88880000", Tell: true})
		w.wants(err, errs.Invalid, "phone")
		main := w.report(casework.Report{Phone: "13800138000", Tell: true})
		double := w.report(casework.Report{Phone: "13700137000", Tell: true, Language: i18n.EN})
		silent := w.report(casework.Report{Phone: "13600136000"})
		for _, c := range []casework.Receipt{double, silent} {
			w.ok(w.s.Merge(ctx, w.secretary, c.ID, w.v(c.ID), main.ID))
		}
		w.ok(w.s.Take(ctx, w.worker, main.ID, w.v(main.ID)))
		w.ok(w.s.AskMore(ctx, w.worker, main.ID, w.v(main.ID), 10, casework.HoldParts, "要定做"))
		w.ok(w.s.Decide(ctx, w.above, main.ID, w.v(main.ID), true, ""))
		w.ok(w.s.Finish(ctx, w.worker, main.ID, w.v(main.ID), casework.Result{Outcome: casework.Fulfilled, Words: "换了灯，王师傅"}))
		for phone, want := range map[string]string{"13800138000": "case.ended case.extended case.received", "13700137000": "case.ended case.extended case.merged case.received", "13600136000": ""} {
			got := w.told(fake, n, phone)
			// Several go at once, so their order says nothing.
			if len(got) != len(strings.Fields(want)) {
				w.t.Errorf("%s was told %v, want %s", phone, got, want)
			}
			for _, k := range strings.Fields(want) {
				if !strings.Contains(strings.Join(got, " "), k) {
					w.t.Errorf("%s was not told %s", phone, k)
				}
			}
		}
		for _, m := range fake.Taken() {
			if strings.Contains(m.Body, "王师傅") || strings.Contains(m.Body, "楼道") || strings.Contains(m.Body, "要定做") {
				w.t.Errorf("a message has the words of the case: %s", m.Body)
			}
			code := main.Code
			if m.To == "13700137000" {
				code = double.Code
				if !strings.Contains(m.Body, "eport") {
					w.t.Errorf("not in English: %s", m.Body)
				}
			}
			if !strings.Contains(m.Body, "https://linli.example.cn/p/case?c="+strings.ReplaceAll(code, "-", "")) {
				w.t.Errorf("%s leads to another case: %s", m.To, m.Body)
			}
		}
		// The page of the case, and its switch.
		if f := w.state(main.Code); !f.Told.There || f.Told.Stopped {
			w.t.Errorf("%+v", f.Told)
		}
		w.ok(w.s.TellBy(ctx, casework.Code(main.Code), "x", "", i18n.ZH, false, ""))
		if f := w.state(main.Code); !f.Told.Stopped {
			w.t.Errorf("%+v", f.Told)
		}
		w.ok(w.s.TellBy(ctx, casework.Code(silent.Code), "x", "", i18n.ZH, true, "")) // left a number, and wants messages now
		if f := w.state(silent.Code); !f.Told.There {
			w.t.Errorf("%+v", f.Told)
		}
		none := w.report(casework.Report{})
		w.wants(w.s.TellBy(ctx, casework.Code(none.Code), "x", "", i18n.ZH, true, ""), errs.Conflict, "")
		w.wants(w.s.TellBy(ctx, casework.Code("440105-AAAAAAAAAAAA"), "x", "", i18n.ZH, true, ""), errs.NotFound, "")

		// What is forgotten is told to nobody.
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			return casework.RetentionKinds()[0].Remove(ctx, tx, testkit.Tenant, []id.ID{main.ID, double.ID, silent.ID})
		}))
		left, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM notice_contact WHERE tenant_id = $1`, testkit.Tenant)
		w.ok(err)
		addresses, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM notice_message WHERE tenant_id = $1 AND (address_key <> '' OR contact_id <> 0)`, testkit.Tenant)
		w.ok(err)
		if left != 0 || addresses != 0 {
			w.t.Errorf("%d contacts and %d addresses are left", left, addresses)
		}
	})
}

// TestOtherSystemsLearnStatesAlone holds what an event says of a case, and that nothing confidential is one.
func TestOtherSystemsLearnStatesAlone(t *testing.T) {
	each(t, func(w *street) {
		_, _, e := w.tellers()
		manager := testkit.Actor(testkit.Tenant, nil, webhook.PermManage)
		to, _, err := e.Create(ctx, manager, webhook.Entry{Name: "12345", Address: "https://events.example.cn", OrgID: w.district, Types: webhook.Types()})
		w.ok(err)
		c := w.report(casework.Report{Name: "张三", Phone: "13800138000", Place: "3 单元 201"})
		w.report(casework.Report{Kind: "dispute", ItemID: w.quarrel, Body: "邻居吵"})
		w.ok(w.s.Take(ctx, w.worker, c.ID, w.v(c.ID)))
		w.ok(w.s.Note(ctx, w.worker, c.ID, "问过张三", true))
		w.ok(w.s.Finish(ctx, w.worker, c.ID, w.v(c.ID), casework.Result{Outcome: casework.Fulfilled, Words: "换了灯"}))
		_, err = w.s.Rate(ctx, casework.Code(c.Code), "x", "", casework.Rating{Solved: casework.Yes, Stars: 5, Words: "好"})
		w.ok(err)
		l, err := e.Deliveries(ctx, manager, to, webhook.Filter{})
		w.ok(err)
		var got []string
		for i := len(l.Items) - 1; i >= 0; i-- {
			got = append(got, strings.TrimSuffix(strings.TrimPrefix(string(l.Items[i].Type), "cn.linli.case."), ".v1"))
			if l.Items[i].Subject != "case/"+c.ID.String() {
				w.t.Errorf("an event is about %s", l.Items[i].Subject)
			}
		}
		if want := "received started finished rated closed"; strings.Join(got, " ") != want {
			w.t.Errorf("events %v, want %s", got, want)
		}
		texts, err := db.Column[string](ctx, w.d, `SELECT data FROM webhook_delivery WHERE tenant_id = $1`, testkit.Tenant)
		w.ok(err)
		for _, data := range texts {
			for _, private := range []string{"张三", "13800138000", "138****", "单元", "灯", "好"} {
				if strings.Contains(data, private) {
					w.t.Errorf("%s is in %s", private, data)
				}
			}
		}
		if !strings.Contains(texts[len(texts)-1]+texts[0], `"number":"`+c.No+`"`) {
			w.t.Errorf("no number in %s", texts[0])
		}
	})
}

// TestWhoLeftAnAddressIsToldByMail holds that an e-mail address alone is enough, beside a number too, and that the log hides what its reader does not see.
func TestWhoLeftAnAddressIsToldByMail(t *testing.T) {
	each(t, func(w *street) {
		fake, n, _ := w.tellers()
		n.WithHidden(w.s.HiddenNotices)
		_, err := w.s.Report(ctx, testkit.Tenant, "居民", "r", casework.Report{Kind: "service", ItemID: w.lamp, CommunityID: w.community, Body: "x", TellByMail: true, Email: "no address"})
		w.wants(err, errs.Invalid, "email")
		_, err = w.s.Report(ctx, testkit.Tenant, "居民", "r", casework.Report{Kind: "service", ItemID: w.lamp, CommunityID: w.community, Body: "x", Email: "li@example.cn"})
		w.wants(err, errs.Invalid, "email") // an address that a browser filled in is no consent
		one := w.report(casework.Report{TellByMail: true, Email: " Zhang@Example.cn "})
		w.report(casework.Report{Phone: "13800138000", Tell: true, TellByMail: true, Email: "li@example.cn"})
		w.ok(w.s.Take(ctx, w.worker, one.ID, w.v(one.ID)))
		w.ok(w.s.Finish(ctx, w.worker, one.ID, w.v(one.ID), casework.Result{Outcome: casework.Fulfilled, Words: "换了灯"}))
		if got := w.told(fake, n, "zhang@example.cn"); len(got) != 2 {
			t.Errorf("by mail alone: %v", got)
		}
		if a, b := w.told(fake, n, "li@example.cn"), w.told(fake, n, "13800138000"); len(a) != 1 || len(b) != 1 {
			t.Errorf("by both: %v, %v", a, b)
		}
		for _, m := range fake.Taken() {
			if m.Channel == notice.Mail && (m.Subject == "" || !strings.Contains(m.Body, "https://linli.example.cn/n/") || strings.Contains(m.Body, "查询码")) {
				t.Errorf("a mail without subject or way out: %+v", m)
			}
		}
		_, f, err := w.s.ToReporter(ctx, casework.Code(one.Code))
		w.ok(err)
		if !f.Told.There || f.Told.Stopped {
			t.Errorf("followed: %+v", f.Told)
		}
		w.ok(w.s.TellBy(ctx, casework.Code(one.Code), "居民", "r", i18n.ZH, false, ""))
		if _, f, err = w.s.ToReporter(ctx, casework.Code(one.Code)); err != nil || !f.Told.Stopped {
			t.Errorf("stopped: %+v, %v", f.Told, err)
		}

		// Of a case that only who handles it sees, the log says nothing to who does not.
		w.report(casework.Report{Kind: "petition", Body: "没有答复", TellByMail: true, Email: "chen@example.cn"})
		w.told(fake, n, "chen@example.cn")
		reads := func(perms ...authz.Permission) int {
			l, err := n.List(ctx, testkit.Actor(testkit.Tenant, nil, append(perms, notice.PermSee)...), notice.Filter{})
			w.ok(err)
			return len(l.Items)
		}
		if got := reads(); got != 4 {
			t.Errorf("who reads the log alone sees %d messages, want those of open cases", got)
		}
		if l, err := n.List(ctx, testkit.Actor(testkit.Tenant, nil, notice.PermSee), notice.Filter{Text: "chen@example.cn"}); err != nil || len(l.Items) != 0 {
			t.Errorf("by the address %d are found, %v", len(l.Items), err)
		}
		// Nor do the counts, and it cannot be sent again by who does not see it.
		testkit.Exec(t, w.d, `UPDATE notice_message SET state = 'failed', done_at = $2 WHERE tenant_id = $1`, testkit.Tenant, db.Micros(w.clock.Now()))
		keeper := testkit.Actor(testkit.Tenant, nil, notice.PermSee, notice.PermKeep)
		failed, err := n.Failed(ctx, keeper)
		w.ok(err)
		waits, err := n.Waiting(ctx, keeper)
		w.ok(err)
		if failed != 4 || len(waits) != 1 || waits[0].Count != 4 {
			t.Errorf("%d failed, %+v wait, want those of open cases", failed, waits)
		}
		hidden, err := db.Value[id.ID](ctx, w.d, `SELECT max(id) FROM notice_message WHERE tenant_id = $1`, testkit.Tenant)
		w.ok(err)
		w.wants(n.Again(ctx, keeper, hidden), errs.NotFound, "")
		holder := w.as(w.community, nil, all...)
		g := testkit.Actor(testkit.Tenant, nil, notice.PermSee).Grants[0]
		holder.Grants = append(holder.Grants, g)
		if l, err := n.List(ctx, holder, notice.Filter{}); err != nil || len(l.Items) != 5 {
			t.Errorf("who handles it too sees %d messages, %v", len(l.Items), err)
		}
	})
}
