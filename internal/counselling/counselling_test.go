package counselling_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/counselling"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

type days struct{}

func (days) Calendar(context.Context, int64) (*calendar.Calendar, error) {
	return calendar.Default(), nil
}

// accounts are the actors of a town by account.
type accounts map[id.ID]authz.Actor

func (a accounts) ActorFor(_ context.Context, _ int64, account id.ID) (authz.Actor, error) {
	x, ok := a[account]
	if !ok {
		return x, errs.ErrNotFound
	}
	return x, nil
}

type town struct {
	t                     *testing.T
	d                     *db.DB
	clock                 *testkit.Clock
	s                     *counselling.Service
	known                 accounts
	community, other      id.ID
	keeper, first, second authz.Actor
	far, boss             authz.Actor
	post                  id.ID
}

func each(t *testing.T, fn func(w *town)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 3, 2).Time().Add(9 * time.Hour)) // a Monday
		w := &town{t: t, d: d, clock: clock, known: accounts{}}
		w.s = counselling.New(d, seal.Ephemeral(), days{}, w.known)
		testkit.Exec(t, d, `INSERT INTO role (tenant_id, code, name, permissions, staff, built_in) VALUES ($1,'counsellor','x',$2,TRUE,TRUE)`, testkit.Tenant, string(counselling.PermServe))
		w.community, w.other = w.org("文港社区", "/1/2/"), w.org("先锋社区", "/1/3/")
		w.keeper = w.as("书记", w.community, counselling.PermKeep, counselling.PermCount)
		w.first, w.second = w.as("甲", w.community, counselling.PermServe), w.as("乙", w.community, counselling.PermServe)
		w.far = w.as("丙", w.other, counselling.PermServe, counselling.PermKeep, counselling.PermCount)
		w.boss = testkit.Actor(testkit.Tenant, nil, counselling.PermServe, counselling.PermKeep, counselling.PermCount) // of the whole district
		w.boss.AccountID = id.New()
		w.post = w.addPost(w.first, "09:00-12:00")
		fn(w)
	})
}

func (w *town) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) wants(err error, kind errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if errs.KindOf(err) != kind || field != "" && (e == nil || e.Fields[field].Text.IsZero()) {
		w.t.Errorf("error %v (%+v), want %v at %q", err, e, kind, field)
	}
}

func (w *town) org(name, path string) id.ID {
	o := id.New()
	testkit.Exec(w.t, w.d, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, created_at, updated_at) VALUES ($1,$2,'community_party',$3,$3,$4,1,1)`, testkit.Tenant, o, name, path)
	return o
}

func (w *town) as(name string, org id.ID, perms ...authz.Permission) authz.Actor {
	a := testkit.Actor(testkit.Tenant, []id.ID{org}, perms...)
	a.AccountID, a.Name = id.New(), name
	testkit.Exec(w.t, w.d, `INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,$3,$4,1)`, testkit.Tenant, a.AccountID, a.AccountID.String(), name)
	if a.Can(counselling.PermServe) {
		testkit.Exec(w.t, w.d, `INSERT INTO role_grant (tenant_id, id, account_id, role_code, organisation_id, valid_from, granted_by, granted_at) VALUES ($1,$2,$3,'counsellor',$4,'2026-01-01',0,1)`, testkit.Tenant, id.New(), a.AccountID, org)
	}
	w.known[a.AccountID] = a
	return a
}

func (w *town) addPost(who authz.Actor, hours string) id.ID {
	w.t.Helper()
	p, err := w.s.SavePost(ctx, w.keeper, 0, counselling.NewPost{OrgID: w.community, AccountID: who.AccountID, Place: "二楼 204 室", Minutes: 60, Week: []string{hours, "", hours, "", "", "", ""}})
	w.ok(err)
	return p
}

func (w *town) slots() []time.Time {
	w.t.Helper()
	list, err := w.s.Free(ctx, testkit.Tenant, w.community)
	w.ok(err)
	return list[0].Slots
}

func (w *town) book(at time.Time, name, phone string) (string, error) {
	return w.s.Book(ctx, testkit.Tenant, "居民", "r", counselling.Booking{PostID: w.post, At: at, Agree: true, Entry: counselling.Entry{Name: name, Phone: phone, Word: "睡不好"}})
}

func (w *town) file(name string) counselling.File {
	w.t.Helper()
	f, err := w.s.Open(ctx, w.first, w.community, counselling.Entry{Name: name})
	w.ok(err)
	return f
}

func (w *town) talk(f counselling.File, form counselling.Form, note string) {
	w.t.Helper()
	w.ok(w.s.Write(ctx, w.first, f.ID, counselling.Conversation{Form: form, At: w.clock.Now().Add(-time.Hour), Minutes: 50, Note: note}))
}

func TestBookingAndWhatACodeShows(t *testing.T) {
	each(t, func(w *town) {
		free := w.slots()
		// Monday 9:00 is past, 10:00 is too soon; then Monday 11:00, Wednesday 9, 10, 11 and so on for two weeks.
		if len(free) == 0 || i18n.DateTime(free[0]) != "2026-03-02 11:00" || i18n.DateTime(free[1]) != "2026-03-04 09:00" {
			t.Fatalf("free times begin with %v", free)
		}
		code, err := w.book(free[1], " 小林 ", "138 0013 8000")
		w.ok(err)
		if slices.ContainsFunc(w.slots(), func(x time.Time) bool { return x.Equal(free[1]) }) {
			t.Error("a time that is booked is offered still")
		}
		_, err = w.book(free[1], "小王", "13900139000")
		w.wants(err, errs.Invalid, "slot")
		_, err = w.book(free[1].Add(10*time.Minute), "小王", "13900139000")
		w.wants(err, errs.Invalid, "slot") // no time of the post
		_, err = w.book(free[2], "", "13900139000")
		w.wants(err, errs.Invalid, "name")
		_, err = w.book(free[2], "小王", "138001380")
		w.wants(err, errs.Invalid, "phone")
		m, err := w.s.ByCode(ctx, strings.ToLower(code))
		w.ok(err)
		if len(m.Ahead) != 1 || m.Account != "甲" || m.Ahead[0].Note != "" || m.Ahead[0].Place != "二楼 204 室" {
			t.Errorf("the code shows %+v", m)
		}
		_, err = w.s.Book(ctx, testkit.Tenant, "居民", "r", counselling.Booking{PostID: w.post, At: free[2], Code: code})
		w.ok(err)
		_, err = w.s.Book(ctx, testkit.Tenant, "居民", "r", counselling.Booking{PostID: w.post, At: free[3], Code: code})
		w.wants(err, errs.Conflict, "") // two at once are enough
		_, err = w.book(free[3], "小林", "13800138000")
		w.ok(err) // a telephone says nothing of who booked before
		_, err = w.s.Book(ctx, testkit.Tenant, "居民", "r", counselling.Booking{PostID: w.post, At: free[4], Entry: counselling.Entry{Name: "小王", Phone: "13900139000"}})
		w.wants(err, errs.Invalid, "agree")
		w.ok(w.s.CancelBy(ctx, code, "居民", "r", m.Ahead[0].ID))
		w.wants(w.s.CancelBy(ctx, code, "居民", "r", m.Ahead[0].ID), errs.NotFound, "")
		if !slices.ContainsFunc(w.slots(), func(x time.Time) bool { return x.Equal(free[1]) }) {
			t.Error("a time that was called off is not offered again")
		}
		_, err = w.s.ByCode(ctx, "NOTACODE")
		w.wants(err, errs.NotFound, "")
	})
}

func TestTwoTakeTheSameTimeAtOnce(t *testing.T) {
	each(t, func(w *town) {
		at := w.slots()[2]
		var wait sync.WaitGroup
		results := make([]error, 8)
		for i := range results {
			wait.Go(func() { _, results[i] = w.book(at, "有人", fmt.Sprintf("138001380%02d", i)) })
		}
		wait.Wait()
		won := 0
		for _, err := range results {
			if err == nil {
				won++
			} else if k := errs.KindOf(err); k != errs.Invalid && k != errs.Conflict {
				t.Errorf("one of the others hears %v", err)
			}
		}
		n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM counselling_file WHERE tenant_id = $1`, testkit.Tenant)
		if won != 1 || err != nil || n != 1 {
			t.Errorf("%d got the time, %d files (%v), want one", won, n, err)
		}
	})
}

// Nobody but the counsellor of the file reads it, whatever their rights; the person does, through their own account.
func TestWhoReadsAFile(t *testing.T) {
	each(t, func(w *town) {
		code, err := w.book(w.slots()[0], "小林", "13800138000")
		w.ok(err)
		list, err := w.s.Files(ctx, w.first, counselling.FileFilter{})
		w.ok(err)
		f := list.Items[0]
		w.clock.Advance(3 * time.Hour)
		coming, err := w.s.Coming(ctx, w.first)
		w.ok(err)
		v := coming[0]
		w.ok(w.s.Write(ctx, w.first, f.ID, counselling.Conversation{SessionID: v.ID, Version: v.Version, Form: counselling.AtRoom, Minutes: 50, Note: "秘密的话", Next: w.clock.Now().Add(48 * time.Hour), NextForm: counselling.AtHome}))
		got, err := w.s.Get(ctx, w.first, f.ID)
		w.ok(err)
		if got.Name != "小林" || got.Phone != "13800138000" || got.Word != "睡不好" || len(got.Sessions) != 2 || got.Sessions[1].Note != "秘密的话" || got.Sessions[0].State != counselling.Planned {
			t.Fatalf("the counsellor reads %+v", got)
		}
		for _, who := range []authz.Actor{w.second, w.keeper, w.far, w.boss, testkit.Actor(testkit.Tenant, []id.ID{w.community})} {
			if _, err := w.s.Get(ctx, who, f.ID); errs.KindOf(err) != errs.NotFound && errs.KindOf(err) != errs.Forbidden {
				t.Errorf("%q reads the file: %v", who.Name, err)
			}
			if l, err := w.s.Files(ctx, who, counselling.FileFilter{}); err == nil && len(l.Items) > 0 {
				t.Errorf("%q lists %d files", who.Name, len(l.Items))
			}
			for what, err := range map[string]error{"write": w.s.Write(ctx, who, f.ID, counselling.Conversation{Form: counselling.AtRoom, At: w.clock.Now(), Minutes: 50, Note: "x"}),
				"end": w.s.End(ctx, who, f.ID, counselling.Done, got.Version), "arrange": w.s.Arrange(ctx, who, f.ID, w.clock.Now().Add(time.Hour), counselling.AtRoom)} {
				if err == nil {
					t.Errorf("%q could %s", who.Name, what)
				}
			}
		}
		me, you := authz.Actor{Tenant: testkit.Tenant, PersonID: id.New()}, authz.Actor{Tenant: testkit.Tenant, PersonID: id.New()}
		mine, yours := id.New(), id.New()
		if own, err := w.s.OwnFiles(ctx, me, mine); err != nil || len(own) != 0 {
			t.Errorf("before it is linked the person has %v, %v", own, err)
		}
		w.wants(w.s.Keep(ctx, me, mine, code), errs.Invalid, "code") // the code of the appointments opens no words
		link, err := w.s.NewLink(ctx, w.first, f.ID)
		w.ok(err)
		if _, err := w.s.NewLink(ctx, w.keeper, f.ID); err == nil {
			t.Error("who keeps hours gives a code to link")
		}
		w.ok(w.s.Keep(ctx, me, mine, strings.ToLower(link)))
		w.wants(w.s.Keep(ctx, you, yours, link), errs.Invalid, "code") // once
		w.wants(w.s.Keep(ctx, me, mine, "NOTACODE"), errs.Invalid, "code")
		_, err = w.s.OwnFiles(ctx, authz.Actor{Tenant: testkit.Tenant}, mine)
		w.wants(err, errs.Forbidden, "")
		own, err := w.s.OwnFiles(ctx, me, mine)
		if err != nil || len(own) != 1 || own[0].Sessions[1].Note != "秘密的话" {
			t.Errorf("the person reads %+v, %v", own, err)
		}
		if own, err = w.s.OwnFiles(ctx, me, yours); err != nil || len(own) != 0 { // an account that somebody else linked with the same record
			t.Errorf("another account of the person reads %+v, %v", own, err)
		}
		if own, err = w.s.OwnFiles(ctx, you, yours); err != nil || len(own) != 0 {
			t.Errorf("somebody else reads %+v, %v", own, err)
		}
		late, err := w.s.NewLink(ctx, w.first, f.ID) // ends the link that there is
		w.ok(err)
		if own, err = w.s.OwnFiles(ctx, me, mine); err != nil || len(own) != 0 {
			t.Errorf("after the link was ended %+v, %v", own, err)
		}
		w.clock.Advance(31 * 24 * time.Hour)
		w.wants(w.s.Keep(ctx, me, mine, late), errs.Invalid, "code")

		// On the disk and in the audit there is nothing of it.
		for _, table := range []string{"counselling_file", "counselling_session", "audit_entry"} {
			for _, secret := range []string{"小林", "13800138000", "秘密", "睡不好"} {
				n, err := db.Value[int64](ctx, w.d, "SELECT count(*) FROM "+table+" t WHERE "+map[string]string{"counselling_file": "no || code_key || link_key || ending", "counselling_session": "form || state || booked_by",
					"audit_entry": "action || detail || actor_name || subject_kind"}[table]+" LIKE $1", "%"+secret+"%")
				if err != nil || n != 0 {
					t.Errorf("%s holds %q in clear: %d, %v", table, secret, n, err)
				}
			}
		}
		people, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action LIKE 'counselling.%' AND person_id <> 0`, testkit.Tenant)
		reads, err2 := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'counselling.read' AND subject_id = $2`, testkit.Tenant, f.ID)
		if errors.Join(err, err2) != nil || people != 0 || reads != 1 {
			t.Errorf("the audit names %d people and %d openings (%v, %v), want none and 1", people, reads, err, err2)
		}
	})
}

func TestHandingOn(t *testing.T) {
	each(t, func(w *town) {
		f := w.file("小林")
		w.talk(f, counselling.AtRoom, "第一次")
		w.ok(w.s.Arrange(ctx, w.first, f.ID, w.clock.Now().Add(30*time.Hour), counselling.AtRoom))
		hand := func(who authz.Actor, to id.ID, c counselling.Consent) error {
			return w.s.HandOn(ctx, who, f.ID, counselling.Handing{To: to, Consent: c})
		}
		w.wants(hand(w.first, w.second.AccountID, ""), errs.Invalid, "consent")
		w.wants(hand(w.first, w.first.AccountID, counselling.InPerson), errs.Invalid, "to")
		w.wants(hand(w.first, w.keeper.AccountID, counselling.InPerson), errs.Invalid, "to") // does not counsel
		w.wants(hand(w.first, w.far.AccountID, counselling.InPerson), errs.Invalid, "to")    // not here
		w.wants(hand(w.second, w.second.AccountID, counselling.InPerson), errs.NotFound, "")
		w.wants(hand(w.keeper, w.second.AccountID, counselling.InPerson), errs.NotFound, "")
		to := counselling.Handing{To: w.second.AccountID, Consent: counselling.OnPhone}
		w.wants(w.s.HandOnBy(ctx, w.far, f.Code, to), errs.Invalid, "code")
		w.wants(w.s.HandOnBy(ctx, w.keeper, f.No, to), errs.Invalid, "code") // the number is no consent
		w.ok(w.s.HandOnBy(ctx, w.keeper, f.Code, to))                        // the code that the person has
		_, err := w.s.Get(ctx, w.keeper, f.ID)
		w.wants(err, errs.NotFound, "")
		_, err = w.s.Get(ctx, w.first, f.ID)
		w.wants(err, errs.NotFound, "")
		got, err := w.s.Get(ctx, w.second, f.ID)
		w.ok(err)
		if got.Sessions[0].State != counselling.Cancelled || got.Sessions[1].Note != "第一次" {
			t.Errorf("the second counsellor reads %+v", got.Sessions)
		}
	})
}

func TestRefusals(t *testing.T) {
	each(t, func(w *town) {
		f := w.file("小林")
		now := w.clock.Now()
		say := func(change func(*counselling.Conversation)) error {
			n := counselling.Conversation{Form: counselling.AtRoom, At: now.Add(-time.Hour), Minutes: 50, Note: "谈过"}
			change(&n)
			return w.s.Write(ctx, w.first, f.ID, n)
		}
		w.wants(say(func(n *counselling.Conversation) { n.Note = " " }), errs.Invalid, "note")
		w.wants(say(func(n *counselling.Conversation) { n.At = now.Add(time.Hour) }), errs.Invalid, "at")
		w.wants(say(func(n *counselling.Conversation) { n.At = now.AddDate(0, 0, -61) }), errs.Invalid, "at")
		w.wants(say(func(n *counselling.Conversation) { n.At = time.Time{} }), errs.Invalid, "at")
		w.wants(say(func(n *counselling.Conversation) { n.Minutes = -5 }), errs.Invalid, "minutes")
		w.wants(say(func(n *counselling.Conversation) { n.Form = "carrier pigeon" }), errs.Invalid, "form")
		w.wants(say(func(n *counselling.Conversation) { n.Next = now.Add(-time.Hour); n.NextForm = counselling.AtRoom }), errs.Invalid, "next")
		w.wants(say(func(n *counselling.Conversation) { n.Next = now.AddDate(1, 0, 0); n.NextForm = counselling.AtRoom }), errs.Invalid, "next")
		w.wants(say(func(n *counselling.Conversation) { n.SessionID = id.New() }), errs.NotFound, "")
		w.ok(w.s.Arrange(ctx, w.first, f.ID, now.Add(30*time.Hour), counselling.AtRoom))
		w.wants(w.s.Arrange(ctx, w.first, f.ID, now.Add(30*time.Hour+20*time.Minute), counselling.AtRoom), errs.Invalid, "at") // they are with somebody
		v := w.read(f).Sessions[0]
		w.wants(w.s.Settle(ctx, w.first, f.ID, v.ID, counselling.Missed, v.Version), errs.Conflict, "")
		w.wants(w.s.Settle(ctx, w.first, f.ID, v.ID, counselling.Held, v.Version), errs.Invalid, "state")
		w.wants(w.s.Write(ctx, w.first, f.ID, counselling.Conversation{SessionID: v.ID, Version: v.Version, Form: counselling.AtRoom, Minutes: 50, Note: "还没谈"}), errs.Invalid, "session")
		w.clock.Advance(31 * time.Hour)
		w.ok(w.s.Settle(ctx, w.first, f.ID, v.ID, counselling.Missed, v.Version))
		w.wants(w.s.Settle(ctx, w.first, f.ID, v.ID, counselling.Cancelled, v.Version), errs.Conflict, "")
		w.wants(w.s.End(ctx, w.first, f.ID, "why not", w.read(f).Version), errs.Invalid, "ending")
		w.ok(w.s.Arrange(ctx, w.first, f.ID, w.clock.Now().Add(time.Hour), counselling.ByPhone))
		w.clock.Advance(2 * time.Hour)
		w.wants(w.s.End(ctx, w.first, f.ID, counselling.Done, w.read(f).Version), errs.Conflict, "") // the note of one that is past is missing
		late := w.read(f).Sessions[0]
		w.ok(w.s.Write(ctx, w.first, f.ID, counselling.Conversation{SessionID: late.ID, Version: late.Version, Form: counselling.ByPhone, Minutes: 30, Note: "电话谈过"}))
		now = w.clock.Now()
		w.ok(w.s.End(ctx, w.first, f.ID, counselling.Done, w.read(f).Version))
		w.wants(say(func(*counselling.Conversation) {}), errs.Conflict, "")
		w.wants(w.s.End(ctx, w.first, f.ID, counselling.Done, w.read(f).Version), errs.Conflict, "")
		w.ok(w.s.Resume(ctx, w.first, f.ID, w.read(f).Version))
		w.wants(w.s.Resume(ctx, w.first, f.ID, w.read(f).Version), errs.Conflict, "")
		_, err := w.s.SavePost(ctx, w.keeper, 0, counselling.NewPost{OrgID: w.community, AccountID: w.keeper.AccountID, Place: "室", Minutes: 60, Week: []string{"09:00-10:00"}})
		w.wants(err, errs.Invalid, "account")
		_, err = w.s.SavePost(ctx, w.far, 0, counselling.NewPost{OrgID: w.community, AccountID: w.first.AccountID, Place: "室", Minutes: 60, Week: []string{"09:00-10:00"}})
		w.wants(err, errs.Forbidden, "")
		_, err = w.s.SavePost(ctx, w.keeper, 0, counselling.NewPost{OrgID: w.community, AccountID: w.first.AccountID, Place: "室", Minutes: 60, Week: []string{"22:00-02:00"}})
		w.wants(err, errs.Invalid, "")
		p, err := w.s.Post(ctx, w.keeper, w.post)
		w.ok(err)
		w.ok(w.s.EndPost(ctx, w.keeper, w.post, true, p.Version))
		if free, err := w.s.Free(ctx, testkit.Tenant, 0); err != nil || len(free) != 0 {
			t.Errorf("a post that was ended is offered: %v, %v", free, err)
		}
	})
}

func (w *town) read(f counselling.File) counselling.File {
	w.t.Helper()
	got, err := w.s.Get(ctx, w.first, f.ID)
	w.ok(err)
	return got
}

func TestCountsShowNobody(t *testing.T) {
	each(t, func(w *town) {
		for i := range 3 {
			f := w.file(fmt.Sprintf("人%d", i))
			w.talk(f, counselling.AtRoom, "一")
			if i == 0 {
				w.talk(f, counselling.AtHome, "二")
			}
		}
		all := testkit.Actor(testkit.Tenant, []id.ID{w.community, w.other}, counselling.PermCount)
		c, err := w.s.Count(ctx, all, 2026)
		w.ok(err)
		if len(c.Lines) != 1 || c.Sum.People != 3 || c.Sum.All() != 4 || !c.Lines[0].Together || !c.Sum.Together || c.Lines[0].Org != "文港社区" {
			t.Errorf("counts = %+v", c)
		}
		f, err := w.s.Open(ctx, w.far, w.other, counselling.Entry{Name: "一个人"})
		w.ok(err)
		w.ok(w.s.Write(ctx, w.far, f.ID, counselling.Conversation{Form: counselling.ByPhone, At: w.clock.Now(), Minutes: 30, Note: "话"}))
		if c, err = w.s.Count(ctx, all, 2026); err != nil || !c.Lines[0].Hidden || !c.Lines[1].Hidden || c.Lines[0].People != 0 || c.Sum.People != 4 {
			t.Errorf("counts with a single person in one community = %+v, %v", c, err)
		}
		if c, err = w.s.Count(ctx, w.far, 2026); err != nil || !c.Lines[0].Hidden || !c.Sum.Hidden || c.Sum.All() != 0 {
			t.Errorf("counts of the community with a single person = %+v, %v", c, err)
		}
		if c, err = w.s.Count(ctx, all, 2025); err != nil || !c.None {
			t.Errorf("a year without conversations = %+v, %v", c, err)
		}
	})
}

func TestForgettingAPersonAndTheEndOfAFile(t *testing.T) {
	each(t, func(w *town) {
		person := id.New()
		f := w.file("小林")
		w.talk(f, counselling.AtRoom, "话")
		link, err := w.s.NewLink(ctx, w.first, f.ID)
		w.ok(err)
		w.ok(w.s.Keep(ctx, authz.Actor{Tenant: testkit.Tenant, PersonID: person}, id.New(), link))
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return counselling.ForgetTx(ctx, tx, testkit.Tenant, []id.ID{person}) }))
		if got := w.read(f); got.Name != "" || got.Sessions[0].Note != "" || got.Linked || got.Held != 1 || got.Open {
			t.Errorf("after the person was forgotten: %+v", got)
		}
		kind := counselling.RetentionKinds()[0]
		a := &db.Args{}
		rows := kind.Past(a, testkit.Tenant, calendar.DateOf(w.clock.Now()).AddDays(1))
		past, err := db.Column[id.ID](ctx, w.d, "SELECT "+rows.ID+" FROM "+rows.From, a.Values()...)
		if err != nil || !slices.Equal(past, []id.ID{f.ID}) {
			t.Fatalf("past = %v, %v", past, err)
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return kind.Remove(ctx, tx, testkit.Tenant, past) }))
		n, err := db.Value[int64](ctx, w.d, `SELECT (SELECT count(*) FROM counselling_file) + (SELECT count(*) FROM counselling_session)`)
		if err != nil || n != 0 {
			t.Errorf("%d rows are left, %v", n, err)
		}
	})
}

func TestContentIsDeletedAtTheirWish(t *testing.T) {
	each(t, func(w *town) {
		f := w.file("小林")
		w.talk(f, counselling.AtRoom, "话")
		w.ok(w.s.Arrange(ctx, w.first, f.ID, w.clock.Now().Add(time.Hour), counselling.ByPhone))
		w.wants(w.s.Erase(ctx, w.second, f.ID, 1), errs.NotFound, "")
		w.wants(w.s.Erase(ctx, w.keeper, f.ID, 1), errs.NotFound, "")
		w.wants(w.s.Erase(ctx, w.first, f.ID, 9), errs.Conflict, "")
		w.ok(w.s.Erase(ctx, w.first, f.ID, w.read(f).Version))
		if got := w.read(f); got.Name != "" || got.Open || got.Held != 1 || got.Sessions[0].State != counselling.Cancelled || got.Sessions[1].Note != "" || got.Sessions[1].State != counselling.Held {
			t.Errorf("after it was deleted: %+v", got)
		}
		w.wants(w.s.Resume(ctx, w.first, f.ID, w.read(f).Version), errs.Conflict, "")
		_, err := w.s.ByCode(ctx, f.Code)
		w.wants(err, errs.NotFound, "")
	})
}

func TestWaiting(t *testing.T) {
	each(t, func(w *town) {
		_, err := w.book(w.slots()[0], "小林", "13800138000")
		w.ok(err)
		got, err := w.s.Waiting(ctx, w.first)
		if err != nil || len(got) != 1 || got[0].Kind != counselling.WaitToday {
			t.Errorf("waiting = %+v, %v", got, err)
		}
		w.clock.Advance(3 * time.Hour)
		if got, err = w.s.Waiting(ctx, w.first); err != nil || len(got) != 1 || got[0].Kind != counselling.WaitWrite {
			t.Errorf("afterwards = %+v, %v", got, err)
		}
		if got, err = w.s.Waiting(ctx, w.second); err != nil || len(got) != 0 {
			t.Errorf("for another = %+v, %v", got, err)
		}
	})
}

// Whatever is booked, no two appointments of a counsellor ever meet, and no free time meets one.
func TestAppointmentsNeverMeet(t *testing.T) {
	each(t, func(w *town) {
		rnd := rand.New(rand.NewPCG(1, 2))
		files := []counselling.File{w.file("一"), w.file("二"), w.file("三")}
		for i := range 60 {
			switch rnd.IntN(4) {
			case 0, 1:
				if free := w.slots(); len(free) > 0 {
					_, _ = w.book(free[rnd.IntN(len(free))], "有人", fmt.Sprintf("139001%05d", i)) // a refusal is an answer too
				}
			case 2:
				at := w.clock.Now().Add(time.Duration(1+rnd.IntN(300)) * 30 * time.Minute)
				_ = w.s.Arrange(ctx, w.first, files[rnd.IntN(3)].ID, at, counselling.AtHome)
			default:
				w.clock.Advance(time.Duration(rnd.IntN(4)) * time.Hour)
			}
			list, err := w.s.Coming(ctx, w.first)
			w.ok(err)
			for n := 1; n < len(list); n++ {
				if list[n].At.Before(list[n-1].At.Add(time.Duration(list[n-1].Minutes) * time.Minute)) {
					t.Fatalf("after %d steps %v and %v meet", i, list[n-1], list[n])
				}
			}
			for _, f := range w.slots() {
				for _, v := range list {
					if f.Before(v.At.Add(time.Duration(v.Minutes)*time.Minute)) && v.At.Before(f.Add(time.Hour)) {
						t.Fatalf("after %d steps %v is free though %v is agreed", i, f, v.At)
					}
				}
			}
		}
	})
}

func TestWhoLeftIsNotBooked(t *testing.T) {
	each(t, func(w *town) {
		at := w.slots()[0]
		testkit.Exec(t, w.d, `UPDATE account SET status = 'disabled' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, w.first.AccountID)
		if free, err := w.s.Free(ctx, testkit.Tenant, 0); err != nil || len(free) != 0 {
			t.Errorf("offered: %+v, %v", free, err)
		}
		_, err := w.book(at, "小林", "13800138000")
		w.wants(err, errs.Invalid, "slot")
		_, err = w.s.Bookable(ctx, testkit.Tenant, w.post)
		w.wants(err, errs.NotFound, "")
	})
}

func TestFilesThatNobodyEndedGoToo(t *testing.T) {
	each(t, func(w *town) {
		_, err := w.book(w.slots()[0], "小林", "13800138000")
		w.ok(err)
		kind := counselling.RetentionKinds()[0]
		for day, want := range map[int]int{0: 0, 30: 1} {
			a := &db.Args{}
			rows := kind.Past(a, testkit.Tenant, calendar.DateOf(w.clock.Now()).AddDays(day))
			past, err := db.Column[id.ID](ctx, w.d, "SELECT "+rows.ID+" FROM "+rows.From, a.Values()...)
			if err != nil || len(past) != want {
				t.Errorf("%d days on: %d files are past, %v, want %d", day, len(past), err, want)
			}
		}
	})
}

// A file that is taken up again is not old, however long ago it was opened.
func TestAResumedFileStays(t *testing.T) {
	each(t, func(w *town) {
		f := w.file("小林")
		w.talk(f, counselling.AtRoom, "话")
		w.ok(w.s.End(ctx, w.first, f.ID, counselling.Done, w.read(f).Version))
		w.clock.Advance(400 * 24 * time.Hour)
		w.ok(w.s.Resume(ctx, w.first, f.ID, w.read(f).Version))
		a := &db.Args{}
		rows := counselling.RetentionKinds()[0].Past(a, testkit.Tenant, calendar.DateOf(w.clock.Now()).AddDays(-30))
		if past, err := db.Column[id.ID](ctx, w.d, "SELECT "+rows.ID+" FROM "+rows.From, a.Values()...); err != nil || len(past) != 0 {
			t.Errorf("past = %v, %v", past, err)
		}
	})
}

func TestAMergerTakesFilesAlong(t *testing.T) {
	each(t, func(w *town) {
		f := w.file("小林")
		w.talk(f, counselling.AtRoom, "话")
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.keeper, w.community, w.other) }))
		n, err := db.Value[int64](ctx, w.d, `SELECT (SELECT count(*) FROM counselling_file WHERE org_id = $1) + (SELECT count(*) FROM counselling_session WHERE org_id = $1) + (SELECT count(*) FROM counselling_post WHERE org_id = $1)`, w.other)
		if err != nil || n != 3 {
			t.Errorf("%d rows followed, %v, want 3", n, err)
		}
	})
}
