package dues_test

import (
	"testing"
	"time"

	"linli/internal/dues"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/testkit"
)

func TestPoliticalBirthdays(t *testing.T) {
	each(t, func(w *network) {
		fifty, _ := w.member(w.branch, "老党员", "1976-09-15")
		five, _ := w.member(w.second, "年轻党员", "2021-09-02")
		w.member(w.branch, "别月", "2001-10-02")
		w.member(w.branch, "今年", "2026-09-03")
		l, err := w.s.Birthdays(ctx, w.above, dues.BirthdayFilter{})
		if err != nil || len(l.Items) != 2 || l.Items[0].MemberID != five || l.Items[1].Years != 50 || !l.Items[1].Round() || l.Items[0].Round() {
			t.Fatalf("list: %+v, %v", l.Items, err)
		}
		round, err := w.s.Birthdays(ctx, w.above, dues.BirthdayFilter{Round: true, OrganisationID: w.branch})
		if err != nil || len(round.Items) != 1 || round.Items[0].MemberID != fifty {
			t.Errorf("round: %+v, %v", round.Items, err)
		}
		if l, _ := w.s.Birthdays(ctx, at(w.other, nil, dues.PermBirthdays), dues.BirthdayFilter{}); len(l.Items) != 0 {
			t.Errorf("another community sees %+v", l.Items)
		}
		if _, err := w.s.Greet(ctx, w.above, dues.Greeting{Members: []id.ID{fifty, five}}); err != nil {
			t.Fatal(err)
		}
		if len(w.visits.all) != 1 || len(w.visits.all[0].Members) != 2 || w.visits.all[0].Title != i18n.BirthdayVisit.In(i18n.ZH) || w.visits.all[0].StartsAt.UTC().Hour() != 1 || w.visits.all[0].EndsAt.Sub(w.visits.all[0].StartsAt) != 2*time.Hour {
			t.Errorf("the visit: %+v", w.visits.all)
		}
		_, err = w.s.Greet(ctx, w.above, dues.Greeting{Members: []id.ID{fifty}})
		w.wants(err, errs.Invalid, "members")
		_, err = w.s.Greet(ctx, at(w.other, nil, dues.PermGreet), dues.Greeting{Members: []id.ID{fifty}})
		w.wants(err, errs.NotFound, "")
		_, err = w.s.Greet(ctx, w.above, dues.Greeting{})
		w.wants(err, errs.Invalid, "")
		l, err = w.s.Birthdays(ctx, w.above, dues.BirthdayFilter{})
		if err != nil || l.Items[0].ActivityID == 0 || l.Items[0].Held {
			t.Errorf("afterwards: %+v, %v", l.Items, err)
		}
		if open, _ := w.s.Birthdays(ctx, w.above, dues.BirthdayFilter{Open: true}); len(open.Items) != 0 {
			t.Errorf("still open: %+v", open.Items)
		}
		testkit.Exec(t, w.d, `UPDATE activity SET state = 'closed' WHERE tenant_id = $1`, testkit.Tenant)
		if l, _ := w.s.Birthdays(ctx, w.above, dues.BirthdayFilter{}); !l.Items[0].Held {
			t.Error("the list does not say that it took place")
		}
		testkit.Exec(t, w.d, `UPDATE activity SET state = 'cancelled' WHERE tenant_id = $1`, testkit.Tenant)
		if open, _ := w.s.Birthdays(ctx, w.above, dues.BirthdayFilter{Open: true}); len(open.Items) != 2 {
			t.Errorf("after it was called off: %+v", open.Items)
		}
		if _, err := w.s.Greet(ctx, w.above, dues.Greeting{Members: []id.ID{fifty}, Title: "上门"}); err != nil {
			t.Error(err)
		}
	})
}
