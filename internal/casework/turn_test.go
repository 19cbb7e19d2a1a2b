package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/notice"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// noted are the kinds of the messages about a case since the last time, in their order, and what they say.
type noted struct {
	w     *street
	fake  *notice.Fake
	n     *notice.Service
	taken map[string]bool
}

// since delivers, and gives what went to a number since it was asked last.
func (x *noted) since(to string) (kinds []string, bodies string) {
	x.w.t.Helper()
	_, err := x.n.Deliver(ctx, testkit.Tenant)
	x.w.ok(err)
	for _, m := range x.fake.Taken() {
		if m.To == to && !x.taken[m.ID] {
			x.taken[m.ID] = true
			kinds, bodies = append(kinds, m.Kind), bodies+m.Body+"\n"
		}
	}
	return kinds, bodies
}

// TestEveryTurnIsTold holds that whoever agreed hears of each turn that their case takes, once, also where it was merged into another, and of nothing that they did themselves; and
// that a message says reason and day, and nothing of what was written.
func TestEveryTurnIsTold(t *testing.T) {
	each(t, func(w *street) {
		fake, n, _ := w.tellers()
		x := &noted{w, fake, n, map[string]bool{}}
		const one, two, three = "13800138000", "13700137000", "13600136000"
		report := func(phone string, l i18n.Lang) casework.Receipt {
			return w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Phone: phone, Tell: true, Language: l})
		}
		main, double, third := report(one, i18n.ZH), report(two, i18n.EN), report(three, i18n.ZH)
		told := func(why, to string, kind string, says ...string) {
			t.Helper()
			var want []string
			if kind != "" {
				want = []string{kind}
			}
			got, body := x.since(to)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %s was told %v, want %v", why, to, got, want)
			}
			for _, s := range says {
				if !strings.Contains(body, s) {
					t.Errorf("%s: %q does not say %q", why, body, s)
				}
			}
			for _, private := range []string{"王师傅", "楼道", "保密"} {
				if strings.Contains(body, private) {
					t.Errorf("%s: %q has words of the case", why, body)
				}
			}
		}
		for _, to := range []string{one, two, three} {
			told("reported", to, notice.KindReceived)
		}
		// What was merged into one that is merged itself follows the last.
		w.ok(w.s.Merge(ctx, w.secretary, third.ID, w.v(third.ID), double.ID))
		told("merged", three, notice.KindMerged, third.No, double.No)
		told("merged into theirs", two, "")
		w.ok(w.s.Merge(ctx, w.secretary, double.ID, w.v(double.ID), main.ID))
		told("merged", two, notice.KindMerged, double.No, "same as no. "+main.No)
		told("merged with what it follows", three, notice.KindMerged, third.No, main.No)
		told("merged into theirs", one, "")

		// Between the levels.
		w.ok(w.s.Up(ctx, w.secretary, main.ID, w.v(main.ID), "保密：王师傅没有料"))
		told("passed up", one, notice.KindPassed, main.No, "示例街道")
		told("passed up", two, notice.KindPassed, double.No, "示例街道")
		told("passed up", three, notice.KindPassed, third.No)
		w.ok(w.s.Dispatch(ctx, w.above, main.ID, w.v(main.ID), w.other, "保密"))
		told("given out", one, notice.KindPassed, "先锋社区")
		w.ok(w.s.Return(ctx, w.beside, main.ID, w.v(main.ID), "王师傅不归我们"))
		told("returned", one, notice.KindPassed, "示例街道")
		w.ok(w.s.Dispatch(ctx, w.above, main.ID, w.v(main.ID), w.community, ""))
		told("given out", one, notice.KindPassed, "文港社区")
		w.ok(w.s.Take(ctx, w.worker, main.ID, w.v(main.ID)))
		w.ok(w.s.Note(ctx, w.worker, main.ID, "保密：王师傅去看了", false))
		told("taken", one, "")

		// The clock.
		w.clock.Advance(24 * time.Hour)
		w.wants(w.s.Suspend(ctx, w.worker, main.ID, w.v(main.ID), "", "等灯"), errs.Invalid, "reason")
		w.wants(w.s.Suspend(ctx, w.worker, main.ID, w.v(main.ID), casework.HoldPapers, ""), errs.Invalid, "words")
		w.ok(w.s.Suspend(ctx, w.worker, main.ID, w.v(main.ID), casework.HoldParts, "王师傅订了灯"))
		told("suspended", one, notice.KindSuspended, "等配件或材料到货", "2026-04-02")
		_, _ = x.since(two)
		w.ok(w.s.Resume(ctx, w.worker, main.ID, w.v(main.ID)))
		told("goes on", one, notice.KindResumed, main.No)
		told("goes on", two, notice.KindResumed, double.No)
		w.ok(w.s.Suspend(ctx, w.worker, main.ID, w.v(main.ID), casework.HoldPapers, "请王师傅家拍灯座的照片"))
		told("asked for something", one, notice.KindAsked, "补充", "2026-04-02")
		if f := w.state(main.Code); !slices.ContainsFunc(f.Entries, func(e casework.Entry) bool {
			return e.Act == casework.ActSuspend && strings.Contains(e.Words, "要请您补充材料或情况 请王师傅家拍灯座的照片")
		}) {
			t.Errorf("the page does not say what is asked for: %+v", f.Entries)
		}
		w.clock.Advance(31 * 24 * time.Hour)
		w.ok(w.s.Night(ctx, testkit.Tenant))
		told("goes on by itself", one, notice.KindResumed)
		w.ok(w.s.AskMore(ctx, w.worker, main.ID, w.v(main.ID), 10, casework.HoldWeather, "保密：等王师傅"))
		told("more time asked for", one, "")
		w.ok(w.s.Decide(ctx, w.above, main.ID, w.v(main.ID), true, "保密"))
		told("more time", one, notice.KindExtended, "天气或现场条件不允许")
		_, _ = x.since(two)

		// The end, and again.
		w.ok(w.s.Finish(ctx, w.worker, main.ID, w.v(main.ID), casework.Result{Outcome: casework.Fulfilled, Words: "王师傅换了灯"}))
		told("done", one, notice.KindEnded)
		told("done", two, notice.KindEnded, double.No)
		w.ok(w.s.ReopenBy(ctx, casework.Code(double.Code), "居民", "r", "楼道又坏了"))
		told("opened again by another", one, notice.KindReopened, main.No, "文港社区")
		told("opened again by themselves", two, "")
		_, _ = x.since(three)
		w.ok(w.s.Part(ctx, w.secretary, double.ID, w.v(double.ID)))
		told("on its own again", two, notice.KindPassed, double.No, "文港社区")
		told("no longer with theirs", one, "")
	})
}

// TestWhatIsNotToldWithTheStepIsNotTold holds that a message goes exactly where the act happened, and that a report that joins another at once is told once.
func TestWhatIsNotToldWithTheStepIsNotTold(t *testing.T) {
	each(t, func(w *street) {
		fake, n, _ := w.tellers()
		main := w.report(casework.Report{Phone: "13800138000", Tell: true})
		count := func() int64 {
			t.Helper()
			c, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM notice_message WHERE tenant_id = $1`, testkit.Tenant)
			w.ok(err)
			return c
		}
		w.ok(w.s.Take(ctx, w.worker, main.ID, 1))
		before := count()
		w.wants(w.s.Suspend(ctx, w.worker, main.ID, 1, casework.HoldParts, ""), errs.Conflict, "") // somebody changed it
		w.wants(w.s.Up(ctx, w.beside, main.ID, w.v(main.ID), "x"), errs.NotFound, "")
		if count() != before {
			t.Error("a message about something that did not happen")
		}
		joined, err := w.s.Enter(ctx, w.secretary, casework.Report{Kind: "service", ItemID: w.lamp, CommunityID: w.community, Body: "灯坏了", Channel: casework.ByPhone, Phone: "13700137000", Tell: true, TellByMail: true, Email: "li@example.cn", Into: main.ID})
		w.ok(err)
		if got := count() - before; got != 2 {
			t.Errorf("a call that joins another is told %d times by two ways", got)
		}
		w.ok(w.s.Up(ctx, w.secretary, main.ID, w.v(main.ID), "x"))
		if got := count() - before; got != 2+3 {
			t.Errorf("%d messages, want one each for who called first, and two for who called later", got)
		}
		if joined.Joined != main.No {
			t.Errorf("joined %q, want %s", joined.Joined, main.No)
		}
		x := &noted{w, fake, n, map[string]bool{}}
		later, err := w.s.Enter(ctx, w.above, casework.Report{Kind: "service", ItemID: w.lamp, CommunityID: w.community, Body: "灯坏了", Channel: casework.ByPhone, TellByMail: true, Email: "wang@example.cn", Into: main.ID})
		w.ok(err)
		// whoever joins hears who has the case that they join, not who would have had theirs
		if _, body := x.since("wang@example.cn"); !strings.Contains(body, later.Org) || later.Org == joined.Org {
			t.Errorf("who joins %s (before: %s) is told: %s", later.Org, joined.Org, body)
		}
	})
}

// TestAnAddressIsLeftWhereACaseIsFollowed holds that whoever has the code leaves an e-mail address, once, and switches everything off and on.
func TestAnAddressIsLeftWhereACaseIsFollowed(t *testing.T) {
	each(t, func(w *street) {
		fake, n, _ := w.tellers()
		x := &noted{w, fake, n, map[string]bool{}}
		r := w.report(casework.Report{})
		leave := func(code, email string) error {
			return w.s.TellBy(ctx, casework.Code(code), "居民", "r", i18n.ZH, true, email)
		}
		w.wants(leave(r.Code, "no address"), errs.Invalid, "email")
		w.wants(leave("440105-AAAAAAAAAAAA", "li@example.cn"), errs.NotFound, "")
		w.ok(leave(r.Code, " Li@Example.cn "))
		if f := w.state(r.Code); !f.Told.There || !f.Told.Mail || f.Told.Stopped {
			t.Errorf("%+v", f.Told)
		}
		w.ok(leave(r.Code, "ll@example.cn")) // mistyped, and put right: the other hears nothing of it
		w.ok(leave(r.Code, "li@example.cn"))
		w.wants(leave(r.Code, "li@"), errs.Invalid, "email")
		if got, _ := x.since("li@example.cn"); len(got) != 0 {
			t.Errorf("told %v before anything happened", got)
		}
		w.ok(w.s.Up(ctx, w.secretary, r.ID, 1, "x"))
		got, body := x.since("li@example.cn")
		if !slices.Equal(got, []string{notice.KindPassed}) || !strings.Contains(body, "/p/case?c="+strings.ReplaceAll(r.Code, "-", "")) {
			t.Errorf("%v: %s", got, body)
		}
		if got, _ := x.since("ll@example.cn"); len(got) != 0 {
			t.Errorf("an address that was put right was told %v", got)
		}
		w.ok(w.s.TellBy(ctx, casework.Code(r.Code), "居民", "r", i18n.ZH, false, ""))
		w.ok(w.s.Dispatch(ctx, w.above, r.ID, w.v(r.ID), w.community, ""))
		if got, _ := x.since("li@example.cn"); len(got) != 0 {
			t.Errorf("told %v after they said no", got)
		}
		w.ok(leave(r.Code, ""))
		w.ok(w.s.Take(ctx, w.worker, r.ID, w.v(r.ID)))
		w.ok(w.s.Finish(ctx, w.worker, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "换了灯"}))
		if got, _ := x.since("li@example.cn"); !slices.Equal(got, []string{notice.KindEnded}) {
			t.Errorf("told %v", got)
		}
	})
}

// TestWhoIsResponsibleIsToldAtOnce holds who is told that a case is pressed for or overdue: whoever handles it, who gives out the work there, and who supervises it from above; each once, by
// the channel that they chose; and nobody of what they do not see.
func TestWhoIsResponsibleIsToldAtOnce(t *testing.T) {
	each(t, func(w *street) {
		fake, n, _ := w.tellers()
		x := &noted{w, fake, n, map[string]bool{}}
		plain := w.as(w.community, nil, casework.PermSee, casework.PermWork, casework.PermDispatch) // sees nothing confidential
		address := map[id.ID]string{}
		for name, a := range map[string]authz.Actor{"secretary": w.secretary, "worker": w.worker, "beside": w.beside, "above": w.above, "top": w.top, "plain": plain} {
			address[a.AccountID] = name + "@example.cn"
			w.ok(n.Choose(ctx, a, notice.Mail, i18n.ZH, name+"@example.cn"))
		}
		whole := w.as(w.community, nil, casework.PermSee, casework.PermSupervise)
		testkit.Exec(t, w.d, `UPDATE role_grant SET organisation_id = 0 WHERE tenant_id = $1 AND account_id = $2`, testkit.Tenant, whole.AccountID)
		w.ok(n.Choose(ctx, whole, notice.Mail, i18n.ZH, "whole@example.cn"))
		address[whole.AccountID] = "whole@example.cn"
		gone := w.as(w.community, nil, all...)
		w.ok(n.Choose(ctx, gone, notice.Mail, i18n.ZH, "gone@example.cn"))
		testkit.Exec(t, w.d, `UPDATE account SET status = 'disabled' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, gone.AccountID)
		told := func(why, kind, says string, want ...string) {
			t.Helper()
			var got []string
			for _, to := range []string{"above", "beside", "gone", "plain", "secretary", "top", "whole", "worker"} {
				kinds, body := x.since(to + "@example.cn")
				switch {
				case len(kinds) == 0:
					continue
				case len(kinds) != 1 || kinds[0] != kind || !strings.Contains(body, says):
					t.Errorf("%s: %s was told %v: %s", why, to, kinds, body)
				}
				got = append(got, to)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: told %v, want %v", why, got, want)
			}
		}
		c := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "建议装一把长椅"})
		w.ok(w.s.Take(ctx, w.worker, c.ID, 1))
		w.ok(w.s.Supervise(ctx, w.above, c.ID, w.v(c.ID), "快办"))
		told("pressed for", notice.KindPressed, "https://linli.example.cn/cases/"+c.ID.String(), "plain", "secretary", "worker")
		items, err := w.s.Waiting(ctx, w.worker)
		w.ok(err)
		if !slices.ContainsFunc(items, func(i waitingItem) bool { return i.Kind == casework.WaitSupervise }) {
			t.Errorf("whoever handles it does not read it: %+v", items)
		}

		second := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "再装一把"})
		quarrel := w.report(casework.Report{Kind: "dispute", ItemID: w.quarrel, Body: "邻居吵"})
		about := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "社区不理人", AboutID: w.community})
		_, _, _ = second, quarrel, about
		w.clock.Advance(70 * 24 * time.Hour)
		w.ok(w.s.Escalate(ctx, testkit.Tenant))
		_, err = n.Deliver(ctx, testkit.Tenant)
		w.ok(err)
		says := map[string]string{}
		for _, m := range fake.Taken() {
			if m.Kind == notice.KindEscalated {
				says[m.To] += m.Body
			}
		}
		for to, want := range map[string]string{"worker": "有3件", "secretary": "有3件", "plain": "有2件", "above": "有3件", "top": "有1件", "whole": "有1件"} {
			if got := says[to+"@example.cn"]; strings.Count(got, "件事项超过") != 1 || !strings.Contains(got, want) {
				t.Errorf("%s was told %q, want %s", to, got, want)
			}
			delete(says, to+"@example.cn")
		}
		if len(says) != 0 {
			t.Errorf("others were told: %v", says)
		}
		items, err = w.s.Waiting(ctx, plain)
		w.ok(err)
		if !slices.ContainsFunc(items, func(i waitingItem) bool { return i.Kind == casework.WaitLate && i.Count == 2 }) {
			t.Errorf("who gives out the work does not read it: %+v", items)
		}
		w.ok(w.s.Escalate(ctx, testkit.Tenant))
		for _, name := range address {
			_, _ = x.since(name)
		}
		w.ok(w.s.Escalate(ctx, testkit.Tenant))
		told("again", notice.KindEscalated, "")
	})
}

// TestATalkIsEnteredAsCases holds that what residents said where they talk comes in from a table, and that a way in that there is not is refused.
func TestATalkIsEnteredAsCases(t *testing.T) {
	each(t, func(w *street) {
		in := intake.New(w.d, seal.Ephemeral(), w.s.ImportKind())
		load := func(rows string) (intake.Summary, error) {
			sum, _, err := in.Direct(ctx, w.secretary, intake.NewImport{Kind: casework.ImportName, OrgID: w.community, FileName: "说事.csv", Content: []byte("来源,类型,位置,问题描述\n" + rows)}, intake.Choice{}, nil)
			return sum, err
		}
		sum, err := load("群众说事,社情民意,议事厅,充电棚不够\n群众说事,网格事件,东门,路灯不亮\n,网格事件,西门,井盖松动\n")
		w.ok(err)
		if sum.Inserted != 3 {
			t.Fatalf("%+v", sum)
		}
		l, err := w.s.List(ctx, w.secretary, casework.Filter{Channel: casework.ByTalk})
		w.ok(err)
		if len(l.Items) != 2 {
			t.Errorf("%d came from the talk", len(l.Items))
		}
		if sum, err = load("喝茶,网格事件,东门,没有这个来源\n"); err != nil || sum.Rejected != 1 || sum.Inserted != 0 {
			t.Errorf("%+v, %v", sum, err)
		}
	})
}

// TestWhatIsSuspendedGoesOnOnTheDayThatWasTold holds that the night before the day that is told leaves the clock alone, and that of the day lets it go on.
func TestWhatIsSuspendedGoesOnOnTheDayThatWasTold(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{})
		w.ok(w.s.Take(ctx, w.worker, r.ID, 1))
		w.ok(w.s.Suspend(ctx, w.worker, r.ID, w.v(r.ID), casework.HoldParts, ""))
		most, err := casework.PauseDays.On(ctx, w.d, testkit.Tenant, calendar.DateOf(w.clock.Now()))
		w.ok(err)
		told := calendar.DateOf(w.clock.Now().AddDate(0, 0, int(most)))
		for _, night := range []struct {
			on     calendar.Date
			stands bool
		}{{told.AddDays(-1), true}, {told, false}} {
			w.clock.Set(night.on.Time().Add(2 * time.Hour))
			w.ok(w.s.Night(ctx, testkit.Tenant))
			d, err := w.s.Get(ctx, w.worker, r.ID)
			w.ok(err)
			if d.SuspendedAt.IsZero() == night.stands {
				t.Errorf("on the night of %s it stands: %t, want %t", night.on, !d.SuspendedAt.IsZero(), night.stands)
			}
		}
	})
}
