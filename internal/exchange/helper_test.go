package exchange_test

import (
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/id"
	"linli/internal/testkit"
)

// What nobody takes becomes a topic of the conference by itself, once, by the system; the desk takes it back, and then it is not raised by itself again.
func TestATopicByItself(t *testing.T) {
	each(t, func(w *street) {
		raise := func() int {
			n, err := w.s.RaiseUnmatched(ctx, testkit.Tenant)
			w.ok(err)
			return n
		}
		wish, taken := w.open(1), w.open(1)
		w.wish("还没审核的心愿")
		_, err := w.s.Pledge(ctx, w.helper, taken.ID, exchange.NewPledge{})
		w.ok(err)
		if raise() != 0 {
			t.Error("a need became a topic on its first day")
		}
		w.clock.Advance(15 * 24 * time.Hour)
		w.agenda.conference = 77
		var at sync.WaitGroup
		sum := make([]int, 4)
		for i := range sum {
			at.Go(func() { sum[i], _ = w.s.RaiseUnmatched(ctx, testkit.Tenant) })
		}
		at.Wait()
		if sum[0]+sum[1]+sum[2]+sum[3] != 1 || raise() != 0 {
			t.Errorf("the need was raised %v times", sum)
		}
		d, err := w.s.Get(ctx, w.worker, wish.ID)
		w.ok(err)
		if d.TopicID == 0 || w.agenda.by[0] != "needs that nobody takes" || w.agenda.to[0] != "77 " || strings.Contains(w.agenda.raised[0], "吕奶奶") {
			t.Errorf("topic %d by %v to %v: %v", d.TopicID, w.agenda.by, w.agenda.to, w.agenda.raised)
		}
		if n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE action = 'exchange.topic' AND account_id = 0 AND actor_name = 'needs that nobody takes' AND subject_id = $1`, wish.ID); err != nil || n != 1 {
			t.Errorf("%d records of the act, %v", n, err)
		}
		w.refused(w.s.TakeBackTopic(ctx, w.beside, wish.ID, 0, "x"), errs.NotFound)
		w.refused(w.s.TakeBackTopic(ctx, w.worker, wish.ID, 0, " "), errs.Invalid)
		w.agenda.decided = true
		w.refused(w.s.TakeBackTopic(ctx, w.worker, wish.ID, 0, "不用上会"), errs.Conflict)
		w.agenda.decided = false
		w.ok(w.s.TakeBackTopic(ctx, w.worker, wish.ID, 0, "楼长答应帮忙"))
		if !slices.Contains(w.agenda.taken, d.TopicID) || raise() != 0 || w.waits()[exchange.WaitUnmatched] != 0 {
			t.Errorf("taken back %v, raised again or waiting %v", w.agenda.taken, w.waits())
		}
		w.refused(w.s.TakeBackTopic(ctx, w.worker, wish.ID, 0, "再来"), errs.Conflict)
		w.ok(w.s.RaiseTopic(ctx, w.worker, wish.ID, 0, exchange.Topic{BodyID: 1, Title: "还是上会"})) // by hand it may

		w.agenda.conference = 0
		second := w.open(1)
		w.clock.Advance(15 * 24 * time.Hour)
		if raise() != 1 || w.agenda.to[len(w.agenda.to)-1] != " "+w.community.String() {
			t.Errorf("without a conference it went to %v", w.agenda.to)
		}
		w.clock.Advance(24 * time.Hour)
		w.ok(w.s.End(ctx, w.worker, second.ID, 0, exchange.Settled, "邻居帮了"))

		// Two places of three that stay free, and a need whose last day is near, go before it too; one that was opened today does not.
		partly := w.open(3)
		_, err = w.s.Pledge(ctx, w.helper, partly.ID, exchange.NewPledge{})
		w.ok(err)
		soon := w.wish("周末要搬一个柜子")
		w.ok(w.s.Approve(ctx, w.worker, soon.ID, 1, exchange.Public{Title: "搬柜子", Words: "周六", Kind: exchange.People, Small: true, Wanted: 1, Minutes: 60, DueOn: calendar.DateOf(w.clock.Now()).AddDays(2)}))
		if n := raise(); n != 0 {
			t.Errorf("%d went before the conference on their first day", n)
		}
		w.clock.Advance(25 * time.Hour)
		if n := raise(); n != 1 || w.get(soon.ID).TopicID == 0 {
			t.Errorf("%d went before the conference, the one whose last day is near: %d", n, w.get(soon.ID).TopicID)
		}
		w.clock.Advance(14 * 24 * time.Hour)
		if n := raise(); n != 1 || w.get(partly.ID).TopicID == 0 {
			t.Errorf("%d went before the conference, the one of which places are free: %d", n, w.get(partly.ID).TopicID)
		}
	})
}

// Volunteers are proposed by what speaks for them, without a number; a trade asks for somebody who knows it.
func TestMatchVolunteers(t *testing.T) {
	here, there := id.New(), id.New()
	v := func(n int64, org id.ID, kept bool, skills, times []string) exchange.Volunteer {
		return exchange.Volunteer{ID: id.ID(n), PersonID: id.ID(n + 100), OrgID: org, Kept: kept, Skills: skills, Times: times}
	}
	list := []exchange.Volunteer{v(1, there, false, nil, nil), v(2, here, true, []string{"理发"}, []string{"周三上午"}), v(3, here, false, nil, []string{"周三下午"}), v(4, there, true, []string{"理发"}, nil), v(5, here, true, nil, nil),
		v(6, there, false, []string{"法律知识"}, nil), v(7, there, false, nil, nil)}
	got := exchange.MatchVolunteers(exchange.Card{ID: 9, Kind: exchange.Trade, Title: "上门理发", Words: "周三上午，老人不便下楼", CommunityID: here}, list)
	if len(got) != 2 || got[0].ID != 2 || got[1].ID != 4 {
		t.Fatalf("proposed %+v", got)
	}
	if want := []exchange.Reason{exchange.SkillFits, exchange.SamePlace, exchange.KeptDuties, exchange.TimeFits}; !slices.Equal(got[0].Reasons, want) {
		t.Errorf("because %v, want %v", got[0].Reasons, want)
	}
	hands := exchange.MatchVolunteers(exchange.Card{ID: 9, Kind: exchange.People, Title: "整理图书", CommunityID: here}, list)
	if len(hands) != 5 || hands[0].OrgID != here || hands[0].Reasons == nil {
		t.Errorf("for a helping hand %+v", hands)
	}
	if again := exchange.MatchVolunteers(exchange.Card{ID: 9, Kind: exchange.People, Title: "整理图书", CommunityID: here}, []exchange.Volunteer{list[6], list[5], list[4], list[3], list[2], list[1], list[0]}); again[4].ID != hands[4].ID {
		t.Error("the order of the rows decides")
	}
	for _, k := range []exchange.Kind{exchange.Goods, exchange.Money, exchange.Place} {
		if exchange.MatchVolunteers(exchange.Card{Kind: k, Title: "理发", CommunityID: here}, list) != nil {
			t.Errorf("volunteers are proposed for %s", k)
		}
	}
}

// A volunteer who is no member is asked, says yes, delivers, and the hours stand in the ledger in the name of the person; one who cannot says why to the community alone.
func TestAVolunteerIsAskedAndHelps(t *testing.T) {
	each(t, func(w *street) {
		person, other := w.rows.Person(w.community, "何志愿", ""), w.rows.Person(w.community, "吴志愿", "")
		one, two := testkit.Own(testkit.Tenant, person, exchange.PermOwn), testkit.Own(testkit.Tenant, other, exchange.PermOwn)
		one.AccountID, two.AccountID = 0, 0 // their own pages open without an account of the program
		w.files.list = []exchange.Volunteer{{ID: id.New(), PersonID: person, OrgID: w.community, Name: "何志愿"}, {ID: id.New(), PersonID: other, OrgID: w.community, Name: "吴志愿"},
			{ID: id.New(), PersonID: w.helper.PersonID, OrgID: w.community, Name: "陈党员"}}
		wish := w.open(1)
		_, _, err := w.s.VolunteersFor(ctx, w.beside, wish.ID)
		w.refused(err, errs.NotFound)
		_, _, err = w.s.VolunteersFor(ctx, w.helper, wish.ID)
		w.refused(err, errs.NotFound)
		n, found, err := w.s.VolunteersFor(ctx, w.worker, wish.ID)
		w.ok(err)
		if n.ID != wish.ID || len(found) != 3 {
			t.Fatalf("found %+v", found)
		}
		if looks, err := audit.Search(ctx, w.d, authz.System(testkit.Tenant, "x").Scope(audit.PermRead), audit.Filter{PersonID: person, Looks: true}); err != nil || len(looks.Items) != 1 {
			t.Errorf("%d looks, %v", len(looks.Items), err)
		}
		_, err = w.s.AskVolunteer(ctx, w.worker, wish.ID, id.New())
		w.refused(err, errs.Invalid)
		asked, err := w.s.AskVolunteer(ctx, w.worker, wish.ID, w.files.list[1].ID)
		w.ok(err)
		if k := w.waits(); k[exchange.WaitAgree] != 0 {
			t.Errorf("the community waits for itself: %v", k)
		}
		if items, err := w.s.Waiting(ctx, two); err != nil || len(items) != 1 || items[0].Kind != exchange.WaitAsked || items[0].Subject != asked {
			t.Errorf("there waits %+v, %v", items, err)
		}
		_, _, err = w.s.Contact(ctx, two, asked)
		w.refused(err, errs.Conflict)
		w.refused(w.s.AcceptAsked(ctx, one, asked, 0, ""), errs.NotFound)
		w.refused(w.s.AcceptAsked(ctx, w.worker, asked, 0, ""), errs.Forbidden)
		w.refused(w.s.TakeBack(ctx, two, asked, 0, ""), errs.Invalid)
		w.ok(w.s.TakeBack(ctx, two, asked, 0, "那天要带孙子"))
		_, mine, err := w.s.ToAsker(ctx, exchange.Code(wish.Code))
		w.ok(err)
		for _, e := range mine.Entries {
			if e.Act == exchange.ActInvite || e.Act == exchange.ActUnable || strings.Contains(e.Words, "孙子") {
				t.Errorf("who asked reads %+v", e)
			}
		}
		d, err := w.s.Get(ctx, w.worker, wish.ID)
		w.ok(err)
		if d.State != exchange.Open || d.Pledges[0].Name != "吴志愿" || d.Entries[len(d.Entries)-1].Words != "那天要带孙子" {
			t.Errorf("the need is %s, %+v", d.State, d.Entries)
		}
		if _, found, err = w.s.VolunteersFor(ctx, w.worker, wish.ID); err != nil || len(found) != 2 {
			t.Errorf("who declined is proposed again: %+v, %v", found, err)
		}

		p, err := w.s.AskVolunteer(ctx, w.worker, wish.ID, w.files.list[0].ID)
		w.ok(err)
		w.refused(w.s.AcceptAsked(ctx, one, p, 0, "abc"), errs.Invalid)
		w.ok(w.s.AcceptAsked(ctx, one, p, 0, "13912345678"))
		w.refused(w.s.AcceptAsked(ctx, one, p, 0, ""), errs.Conflict)
		who, _, err := w.s.Contact(ctx, one, p)
		w.ok(err)
		name, number, err := w.s.HelperNumber(ctx, exchange.Code(wish.Code), "居民", "", p)
		w.ok(err)
		if who.Phone != "13800138000" || name != "何志愿" || !strings.HasSuffix(number, "13912345678") {
			t.Errorf("they see %+v, %s %s", who, name, number)
		}
		w.clock.Advance(time.Hour)
		w.ok(w.s.Deliver(ctx, one, p, 0, exchange.Delivery{Minutes: 90}))
		_, err = w.s.RateBy(ctx, exchange.Code(wish.Code), "居民", "", exchange.Rating{Answer: exchange.Yes, Stars: 5})
		w.ok(err)
		if got, err := db.Value[int64](ctx, w.d, `SELECT sum(amount) FROM posting WHERE person_id = $1 AND member_id = 0 AND community_id = $2 AND source_kind = 'help'`, person, w.community); err != nil || got != 90 {
			t.Errorf("the ledger has %d minutes, %v", got, err)
		}
		own, err := w.s.Own(ctx, one)
		w.ok(err)
		if len(own.Past) != 1 || own.Past[0].Pledge.Minutes() != 90 || own.Past[0].Pledge.Name != "何志愿" {
			t.Errorf("their page shows %+v", own)
		}

		// They pledge by themselves as well; whoever has no file does not; a volunteer who is a member helps as a member.
		second := w.open(2)
		mineToo, err := w.s.Pledge(ctx, one, second.ID, exchange.NewPledge{})
		w.ok(err)
		if w.waits()[exchange.WaitAgree] != 1 {
			t.Errorf("there waits %v", w.waits())
		}
		_, err = w.s.Pledge(ctx, one, second.ID, exchange.NewPledge{})
		w.refused(err, errs.Conflict)
		w.refused(w.s.AcceptAsked(ctx, one, mineToo, 0, ""), errs.Conflict) // the community agrees to that
		stranger := testkit.Own(testkit.Tenant, w.rows.Person(w.community, "路人", ""), exchange.PermOwn)
		_, err = w.s.Pledge(ctx, stranger, second.ID, exchange.NewPledge{})
		w.refused(err, errs.Conflict)
		m, err := w.s.AskVolunteer(ctx, w.worker, second.ID, w.files.list[2].ID)
		w.ok(err)
		d, err = w.s.Get(ctx, w.worker, second.ID)
		w.ok(err)
		for _, x := range d.Pledges {
			if x.ID == m && (x.MemberID != w.memberOfHelper || !x.ForVolunteer()) {
				t.Errorf("a volunteer who is a member pledged as %+v", x)
			}
		}
		if d.State != exchange.Taken {
			t.Errorf("two of two were found, and it is %s", d.State)
		}

		// The register forgets them: what they wrote and their number go, the hours stay.
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return exchange.ForgetTx(ctx, tx, testkit.Tenant, []id.ID{person}) }))
		if n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM need_pledge WHERE person_id = $1 AND contact IS NOT NULL`, person); err != nil || n != 0 {
			t.Errorf("%d numbers are left, %v", n, err)
		}
	})
}

// Two ask for the last place at once: one volunteer is asked.
func TestOneVolunteerForOnePlace(t *testing.T) {
	each(t, func(w *street) {
		for range 8 {
			w.files.list = append(w.files.list, exchange.Volunteer{ID: id.New(), PersonID: w.rows.Person(w.community, "志愿者", ""), OrgID: w.community})
		}
		wish := w.open(1)
		var at sync.WaitGroup
		done := make([]error, len(w.files.list))
		for i, v := range w.files.list {
			at.Go(func() { _, done[i] = w.s.AskVolunteer(ctx, w.worker, wish.ID, v.ID) })
		}
		at.Wait()
		ok := 0
		for _, err := range done {
			if err == nil {
				ok++
			}
		}
		d, err := w.s.Get(ctx, w.worker, wish.ID)
		w.ok(err)
		if ok != 1 || d.Taken != 1 || len(d.Pledges) != 1 {
			t.Errorf("%d were asked, %d places are taken by %d pledges", ok, d.Taken, len(d.Pledges))
		}
	})
}

// A photograph may be put to a delivery and is never needed; it is closed once the delivery is confirmed, and staff's look is recorded.
func TestFilesOfADelivery(t *testing.T) {
	each(t, func(w *street) {
		var picture bytes.Buffer
		w.ok(png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 40, 30))))
		file := []attach.New{{Name: "现场.png", Content: picture.Bytes()}}
		wish := w.open(1)
		p, err := w.s.Pledge(ctx, w.helper, wish.ID, exchange.NewPledge{})
		w.ok(err)
		w.refused(w.s.AddFiles(ctx, w.helper, p, file), errs.Conflict) // the community has not agreed
		w.ok(w.s.Agree(ctx, w.worker, p, 0))
		w.refused(w.s.AddFiles(ctx, w.second, p, file), errs.NotFound)
		w.refused(w.s.AddFiles(ctx, w.helper, p, []attach.New{{Name: "a.png", Content: []byte("no picture")}}), errs.Invalid)
		w.ok(w.s.AddFiles(ctx, w.helper, p, file))
		w.ok(w.s.AddFiles(ctx, w.helper, p, file))
		d, err := w.s.Get(ctx, w.worker, wish.ID)
		w.ok(err)
		files := d.Pledges[0].Files
		if len(files) != 2 {
			t.Fatalf("%d files", len(files))
		}
		for name, a := range map[string]authz.Actor{"another community": w.beside, "another member": w.second, "a unit": w.liaison} {
			if _, _, err := w.s.File(ctx, a, p, files[0].ID); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s sees it: %v", name, err)
			}
		}
		if _, content, err := w.s.File(ctx, w.worker, p, files[0].ID); err != nil || len(content) == 0 {
			t.Errorf("%d bytes, %v", len(content), err)
		}
		if n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE action = 'exchange.file'`); err != nil || n != 1 {
			t.Errorf("%d looks, %v", n, err)
		}
		w.ok(w.s.RemoveFile(ctx, w.helper, p, files[1].ID))
		w.clock.Advance(time.Hour)
		w.ok(w.s.Deliver(ctx, w.helper, p, 0, exchange.Delivery{Minutes: 60}))
		w.ok(w.s.Confirm(ctx, w.worker, p, 0, exchange.Rating{Answer: exchange.Yes}))
		w.refused(w.s.AddFiles(ctx, w.helper, p, file), errs.Conflict)
		w.refused(w.s.RemoveFile(ctx, w.helper, p, files[0].ID), errs.Conflict)
		taking, err := w.s.Taking(ctx, w.helper, p)
		w.ok(err)
		if len(taking.Pledge.Files) != 1 {
			t.Errorf("their page shows %d files", len(taking.Pledge.Files))
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return exchange.ForgetTx(ctx, tx, testkit.Tenant, []id.ID{w.helper.PersonID}) }))
		if n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM attachment WHERE owner_kind = 'need_pledge'`); err != nil || n != 0 {
			t.Errorf("%d files are left, %v", n, err)
		}
	})
}
