package resident_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/resident"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

type days struct{}

func (days) Calendar(context.Context, int64) (*calendar.Calendar, error) {
	return calendar.Default(), nil
}

// agenda is asked by nothing here.
type agenda struct{}

func (agenda) RaiseTx(context.Context, *db.Tx, authz.Actor, id.ID, id.ID, id.ID, string, string) (id.ID, error) {
	return 0, errors.New("no agenda")
}

type town struct {
	t         *testing.T
	d         *db.DB
	clock     *testkit.Clock
	codes     *resident.Shown
	s         *resident.Service
	people    *person.Service
	cases     *casework.Service
	community id.ID
	clerk     authz.Actor
}

const phone = "13800001234"

func each(t *testing.T, fn func(w *town)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 3, 2).Time().Add(10 * time.Hour))
		ring := seal.Ephemeral()
		w := &town{t: t, d: d, clock: clock, codes: &resident.Shown{}, people: person.New(d, ring)}
		w.cases = casework.New(d, ring, days{}, agenda{}, w.people)
		w.s = resident.New(d, ring, w.people).WithSender(w.codes)
		w.community = testkit.NewRows(t, d, testkit.Tenant).Organisation("community_party", "文港社区")
		w.clerk = testkit.Actor(testkit.Tenant, []id.ID{w.community}, person.PermSee, person.PermEdit, resident.PermSlip)
		w.ok(d.WithTx(ctx, func(tx *db.Tx) error { return w.cases.PrepareTx(ctx, tx, testkit.Tenant) }))
		fn(w)
	})
}

func (w *town) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// refused fails unless err is of a kind, about a field ("" for none).
func (w *town) refused(err error, kind errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if e == nil || e.Kind != kind {
		w.t.Fatalf("error = %v, want kind %v", err, kind)
	}
	if _, there := e.Fields[field]; field != "" && !there {
		w.t.Fatalf("error = %v, want one about %s", err, field)
	}
}

// enter asks for a code and enters with it.
func (w *town) enter(phone string) (string, resident.Session) {
	w.t.Helper()
	w.ok(w.s.AskCode(ctx, testkit.Tenant, phone))
	cookie, z, err := w.s.Enter(ctx, testkit.Tenant, phone, w.codes.Last(phone), "居民本人", "r")
	w.ok(err)
	return cookie, z
}

// resident enters somebody into the register.
func (w *town) resident(name, number, phone string) id.ID {
	w.t.Helper()
	p, err := w.people.Create(ctx, w.clerk, person.NewPerson{Fields: person.Fields{Name: name, IDNumber: number, Phone: phone}, CommunityID: w.community})
	w.ok(err)
	return p
}

func (w *town) report(phone string) casework.Receipt {
	w.t.Helper()
	r, err := w.cases.Report(ctx, testkit.Tenant, "居民", "r", casework.Report{Kind: "opinion", CommunityID: w.community, Body: "路灯不亮", Phone: phone})
	w.ok(err)
	return r
}

func (w *town) own(z resident.Session) []string {
	w.t.Helper()
	list, err := w.cases.OwnCases(ctx, z.Holder(), db.Page{})
	w.ok(err)
	var out []string
	for _, c := range list.Items {
		out = append(out, c.No)
	}
	return out
}

// number makes an ID number with its check digit.
func number(body string) string { return code.WithCheck(body) }

func TestACodeOpensOnceAndNotForLong(t *testing.T) {
	each(t, func(w *town) {
		w.refused(w.s.AskCode(ctx, testkit.Tenant, "0515-88880000"), errs.Invalid, "phone")
		w.refused(w.s.AskCode(ctx, testkit.Tenant, ""), errs.Invalid, "phone")
		w.ok(w.s.AskCode(ctx, testkit.Tenant, "138 0000 1234"))
		right := w.codes.Last(phone)
		if len(right) != 6 || strings.Trim(right, "0123456789") != "" {
			t.Fatalf("the code is %q, want six digits", right)
		}
		w.refused(w.s.AskCode(ctx, testkit.Tenant, phone), errs.RateLimited, "")
		wrong := "000000"
		if right == wrong {
			wrong = "000001"
		}
		for range 4 {
			_, _, err := w.s.Enter(ctx, testkit.Tenant, phone, wrong, "", "")
			w.refused(err, errs.Invalid, "code")
		}
		_, _, err := w.s.Enter(ctx, testkit.Tenant, "13800005678", right, "", "") // of another telephone
		w.refused(err, errs.Invalid, "code")
		cookie, z, err := w.s.Enter(ctx, testkit.Tenant, phone, right, "", "")
		w.ok(err)
		if z.PhoneMask != "138****1234" || z.PersonID != 0 {
			t.Errorf("session = %+v", z)
		}
		_, _, err = w.s.Enter(ctx, testkit.Tenant, phone, right, "", "")
		w.refused(err, errs.Invalid, "code")
		got, err := w.s.Authenticate(ctx, cookie)
		w.ok(err)
		if got.Account != z.Account || got.Phone != phone {
			t.Errorf("Authenticate = %+v, want %+v", got, z)
		}
		for _, bad := range []string{"", "1", cookie + "x", "320903" + strings.TrimPrefix(cookie, strings.SplitN(cookie, ".", 2)[0])} {
			_, err := w.s.Authenticate(ctx, bad)
			w.refused(err, errs.Unauthenticated, "")
		}
		w.clock.Advance(2 * time.Minute)
		w.ok(w.s.AskCode(ctx, testkit.Tenant, phone))
		right = w.codes.Last(phone)
		w.clock.Advance(11 * time.Minute)
		_, _, err = w.s.Enter(ctx, testkit.Tenant, phone, right, "", "")
		w.refused(err, errs.Invalid, "code")
		w.ok(w.s.Leave(ctx, z, false))
		_, err = w.s.Authenticate(ctx, cookie)
		w.refused(err, errs.Unauthenticated, "")
	})
}

func TestFiveTriesEndACodeAndTenCodesADay(t *testing.T) {
	each(t, func(w *town) {
		w.ok(w.s.AskCode(ctx, testkit.Tenant, phone))
		right := w.codes.Last(phone)
		wrong := "111111"
		if right == wrong {
			wrong = "111112"
		}
		for range 5 {
			_, _, err := w.s.Enter(ctx, testkit.Tenant, phone, wrong, "", "")
			w.refused(err, errs.Invalid, "code")
		}
		_, _, err := w.s.Enter(ctx, testkit.Tenant, phone, right, "", "")
		w.refused(err, errs.Invalid, "code")
		for range 9 {
			w.clock.Advance(2 * time.Minute)
			w.ok(w.s.AskCode(ctx, testkit.Tenant, phone))
		}
		w.clock.Advance(2 * time.Minute)
		w.refused(w.s.AskCode(ctx, testkit.Tenant, phone), errs.Invalid, "phone")
		w.clock.Advance(24 * time.Hour)
		w.ok(w.s.AskCode(ctx, testkit.Tenant, phone))
	})
}

// Two that send the same code at once: one of them is in.
func TestACodeOpensOneOfTwo(t *testing.T) {
	each(t, func(w *town) {
		w.ok(w.s.AskCode(ctx, testkit.Tenant, phone))
		right := w.codes.Last(phone)
		var in, out int
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				_, _, err := w.s.Enter(ctx, testkit.Tenant, phone, right, "", "")
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					in++
				} else if errs.KindOf(err) == errs.Invalid {
					out++
				} else {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if in != 1 || out != 3 {
			t.Errorf("%d entered and %d did not, want one and three", in, out)
		}
	})
}

func TestSomebodySeesTheirOwnCasesAndNoFormerHolders(t *testing.T) {
	each(t, func(w *town) {
		former := w.report(phone)
		w.clock.Advance(61 * 24 * time.Hour)
		mine, other := w.report(phone), w.report("13900009999")
		_, z := w.enter(phone)
		if got := w.own(z); len(got) != 1 || got[0] != mine.No {
			t.Fatalf("own cases = %v, want %s alone", got, mine.No)
		}
		for _, c := range []id.ID{former.ID, other.ID, id.New()} {
			_, err := w.cases.Mine(ctx, z.Holder(), c)
			w.refused(err, errs.NotFound, "")
		}
		k, err := w.cases.Mine(ctx, z.Holder(), mine.ID)
		w.ok(err)
		_, f, err := w.cases.ToReporter(ctx, k)
		w.ok(err)
		if f.No != mine.No || f.Body != "路灯不亮" {
			t.Errorf("ToReporter = %+v", f.Case)
		}
		w.ok(w.cases.AddBy(ctx, k, "居民本人", "r", "还有一盏"))
		_, err = w.cases.Keep(ctx, z.Holder(), casework.Code(former.Code), "居民本人", "r")
		w.ok(err)
		_, err = w.cases.Keep(ctx, z.Holder(), casework.Code("320902-AAAAAAAAAAAA"), "", "")
		w.refused(err, errs.NotFound, "")
		if got := w.own(z); len(got) != 2 {
			t.Errorf("with the code entered: %v", got)
		}
		_, stranger := w.enter("13900007777")
		_, err = w.cases.Keep(ctx, stranger.Holder(), casework.Code(former.Code), "", "")
		w.refused(err, errs.Conflict, "") // it is followed already
		// What is confidential or about an office is theirs by account or code alone: a telephone is what somebody said.
		secret, err := w.cases.Report(ctx, testkit.Tenant, "居民", "r", casework.Report{Kind: "dispute", CommunityID: w.community, Body: "楼上漏水", Phone: phone})
		w.ok(err)
		if _, err := w.cases.Mine(ctx, z.Holder(), secret.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a confidential case by its telephone: %v", err)
		}
		_, err = w.cases.Keep(ctx, z.Holder(), casework.Code(secret.Code), "居民本人", "r")
		w.ok(err)
		if _, err := w.cases.Mine(ctx, z.Holder(), secret.ID); err != nil {
			t.Errorf("with its code: %v", err)
		}
		// Another district's account with the same telephone sees nothing.
		z2 := z
		z2.Tenant = testkit.Other
		if got := w.own(z2); len(got) != 0 {
			t.Errorf("another district sees %v", got)
		}
		// The telephone is given to somebody else: it was not used for two months.
		w.clock.Advance(61 * 24 * time.Hour)
		_, z3 := w.enter(phone)
		if got := w.own(z3); z3.Account != z.Account || len(got) != 0 {
			t.Errorf("who has the telephone now sees %v", got)
		}
	})
}

func TestWhoSomebodyIsIsShownBeforeTheirRecord(t *testing.T) {
	each(t, func(w *town) {
		wang := w.resident("王小明", number("32090219800101001"), phone)
		son := w.resident("王小小", number("32090220050101001"), phone) // the family shares a telephone
		_, z := w.enter(phone)
		if a := z.Actor("居民本人", "r"); a.PersonID != 0 || len(a.Grants) != 0 {
			t.Fatalf("a telephone alone gives %+v", a)
		}
		n := number("32090219800101001")
		w.refused(w.s.Prove(ctx, z, "", "12", "", ""), errs.Invalid, "tail")
		w.refused(w.s.Prove(ctx, z, "王小明", "000000", "", ""), errs.Invalid, "")
		w.refused(w.s.Prove(ctx, z, "王小小", n[12:], "", ""), errs.Invalid, "")
		w.ok(w.s.Prove(ctx, z, "王 小明", strings.ToLower(n[12:]), "居民本人", "r"))
		cookie, z := w.again(z)
		if z.PersonID != wang || z.ProvenBy != resident.ByNumber {
			t.Fatalf("session = %+v, want %s", z, wang)
		}
		own := z.Actor("居民本人", "r")
		if _, err := w.people.Get(ctx, own, wang); err != nil {
			t.Errorf("one's own record: %v", err)
		}
		if _, err := w.people.Get(ctx, own, son); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the son's record: %v", err)
		}
		linked, err := w.s.Accounts(ctx, own)
		w.ok(err)
		if len(linked) != 1 || linked[0].Phone != "138****1234" {
			t.Errorf("Accounts = %+v", linked)
		}
		w.refused(w.s.Unlink(ctx, z, id.New(), "", ""), errs.NotFound, "")
		w.ok(w.s.Unlink(ctx, z, linked[0].ID, "居民本人", "r"))
		if z, err = w.s.Authenticate(ctx, cookie); err != nil || z.PersonID != 0 {
			t.Errorf("after unlinking: %+v, %v", z, err)
		}
		// Five tries a day.
		for range 2 {
			w.refused(w.s.Prove(ctx, z, "王小明", "000000", "", ""), errs.Invalid, "")
		}
		w.refused(w.s.Prove(ctx, z, "王小明", n[12:], "", ""), errs.Conflict, "")
		w.ok(w.s.End(ctx, z, "", "")) // closing the account gives no further tries
		_, z = w.again(z)
		w.refused(w.s.Prove(ctx, z, "王小明", n[12:], "", ""), errs.Conflict, "")
		w.clock.Advance(24 * time.Hour)
		w.ok(w.s.Prove(ctx, z, "王小明", n[12:], "", ""))
		// The link lasts as long as what showed it: another telephone in the register ends it, as does the counter.
		cookie, z = w.again(z)
		if z.PersonID != wang {
			t.Fatalf("session = %+v, want %s", z, wang)
		}
		p, err := w.people.Get(ctx, w.clerk, wang)
		w.ok(err)
		another := "13900008888"
		w.ok(w.people.Edit(ctx, w.clerk, wang, person.Change{Version: p.Version, Phone: &another}))
		if z, err := w.s.Authenticate(ctx, cookie); err != nil || z.PersonID != 0 {
			t.Errorf("with another telephone in the register: %+v, %v", z, err)
		}
		if cut, err := w.s.Cut(ctx, w.clerk, wang); err != nil || cut != 1 {
			t.Errorf("Cut = %d, %v", cut, err)
		}
	})
}

// again gives a fresh session of an account.
func (w *town) again(z resident.Session) (string, resident.Session) {
	w.t.Helper()
	w.clock.Advance(2 * time.Minute)
	return w.enter(z.Phone)
}

func TestASlipOfTheCounterLinksOnce(t *testing.T) {
	each(t, func(w *town) {
		li := w.resident("李秀英", "", "")
		stranger := testkit.Actor(testkit.Tenant, []id.ID{id.New()}, person.PermSee, resident.PermSlip)
		if _, err := w.s.Slip(ctx, stranger, li); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a slip from elsewhere: %v", err)
		}
		if _, err := w.s.Slip(ctx, testkit.Actor(testkit.Tenant, []id.ID{w.community}, person.PermSee), li); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("a slip without the right: %v", err)
		}
		first, err := w.s.Slip(ctx, w.clerk, li)
		w.ok(err)
		second, err := w.s.Slip(ctx, w.clerk, li)
		w.ok(err)
		_, z := w.enter(phone)
		w.refused(w.s.UseSlip(ctx, z, first, "", ""), errs.Invalid, "slip")
		w.refused(w.s.UseSlip(ctx, z, "x", "", ""), errs.Invalid, "slip")
		w.ok(w.s.UseSlip(ctx, z, strings.ToLower(second), "居民本人", "r"))
		_, z = w.again(z)
		if z.PersonID != li || z.ProvenBy != resident.BySlip {
			t.Errorf("session = %+v, want %s", z, li)
		}
		_, other := w.enter("13900009999")
		w.refused(w.s.UseSlip(ctx, other, second, "", ""), errs.Invalid, "slip")
		late, err := w.s.Slip(ctx, w.clerk, li)
		w.ok(err)
		w.clock.Advance(8 * 24 * time.Hour)
		w.refused(w.s.UseSlip(ctx, other, late, "", ""), errs.Invalid, "slip")
	})
}

func TestAnAccountEnds(t *testing.T) {
	each(t, func(w *town) {
		r := w.report("")
		cookie, z := w.enter(phone)
		_, err := w.cases.Keep(ctx, z.Holder(), casework.Code(r.Code), "居民本人", "r")
		w.ok(err)
		w.ok(w.s.End(ctx, z, "居民本人", "r"))
		_, err = w.s.Authenticate(ctx, cookie)
		w.refused(err, errs.Unauthenticated, "")
		if got := w.own(z); len(got) != 0 {
			t.Errorf("an ended account sees %v", got)
		}
		if _, _, err := w.cases.ToReporter(ctx, casework.Code(r.Code)); err != nil {
			t.Errorf("the code still opens the case: %v", err)
		}
		_, z2 := w.again(z)
		if z2.Account == z.Account {
			t.Error("the account came back")
		}
	})
}

// What is stored tells nobody a code, a cookie, a slip or a telephone.
func TestNothingIsStoredInPlain(t *testing.T) {
	each(t, func(w *town) {
		li := w.resident("李秀英", "", "")
		w.ok(w.s.AskCode(ctx, testkit.Tenant, phone))
		plain := w.codes.Last(phone)
		slip, err := w.s.Slip(ctx, w.clerk, li)
		w.ok(err)
		cookie, _, err := w.s.Enter(ctx, testkit.Tenant, phone, plain, "", "")
		w.ok(err)
		for _, q := range []string{"SELECT phone_key || code_key FROM resident_code", "SELECT token_hash FROM resident_session", "SELECT slip_key FROM resident_slip", "SELECT phone_key FROM resident_account"} {
			rows, err := db.Column[string](ctx, w.d, q)
			w.ok(err)
			for _, s := range rows {
				for _, secret := range []string{phone, plain, cookie, slip, slip[7:]} {
					if strings.Contains(s, secret) {
						t.Errorf("%s gives %q", q, s)
					}
				}
			}
		}
	})
}

// Opening pages does not show that the telephone is in the same hands: a code does.
func TestACookieDoesNotHoldATelephone(t *testing.T) {
	each(t, func(w *town) {
		cookie, z := w.enter(phone)
		for range 9 {
			w.clock.Advance(3 * 24 * time.Hour)
			_, err := w.s.Authenticate(ctx, cookie)
			w.ok(err)
		}
		r := w.report(phone)
		w.clock.Advance(34 * 24 * time.Hour) // 61 days after the code
		if _, err := w.s.Authenticate(ctx, cookie); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("the old cookie still opens: %v", err)
		}
		_, now := w.enter(phone)
		if !now.HeldSince.After(z.HeldSince) {
			t.Errorf("held since %s, as before", now.HeldSince)
		}
		if got := w.own(now); len(got) != 1 || got[0] != r.No {
			t.Errorf("own cases = %v, want what was reported within the last 60 days", got)
		}
	})
}
