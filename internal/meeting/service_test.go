package meeting_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/apognu/gocal"
	"github.com/emersion/go-ical"

	"linli/internal/authz"
	"linli/internal/body"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/testkit"
)

var ctx = context.Background()

// signIns stands for the activities: the sign-in of a meeting is a number of its own.
type signIns struct{ made, moved, off []id.ID }

func (s *signIns) HoldTx(_ context.Context, _ *db.Tx, _ authz.Actor, _ meeting.Event) (id.ID, error) {
	i := id.New()
	s.made = append(s.made, i)
	return i, nil
}

func (s *signIns) MoveTx(_ context.Context, _ *db.Tx, _ authz.Actor, a id.ID, _ meeting.Event) error {
	s.moved = append(s.moved, a)
	return nil
}

func (s *signIns) CallOffTx(_ context.Context, _ *db.Tx, _ authz.Actor, a id.ID, _ string) error {
	s.off = append(s.off, a)
	return nil
}

// committee stands for the posts: who sits in the committee of an organisation, whatever the day.
type committee map[id.ID][]id.ID

func (c committee) Committee(_ context.Context, _ db.Querier, _ int64, org id.ID, _ calendar.Date) ([]id.ID, error) {
	return c[org], nil
}

type world struct {
	committee                committee
	t                        *testing.T
	d                        *db.DB
	clock                    *testkit.Clock
	s                        *meeting.Service
	signs                    *signIns
	east, west, mill, inn    id.ID
	body                     id.ID
	secretary, deputy, other authz.Actor
	liaison, stranger        authz.Actor
	street                   authz.Actor // sees all
	rows                     testkit.Rows
}

// actorAt works at one organisation and nowhere else.
func actorAt(org, account id.ID, perms ...authz.Permission) authz.Actor {
	a := testkit.Actor(testkit.Tenant, []id.ID{org}, perms...)
	a.AccountID, a.Name = account, "操作人"
	for i := range a.Grants {
		a.Grants[i].Root = org
	}
	return a
}

func each(t *testing.T, f func(w *world)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.MustParse("2026-03-10").Time().Add(8 * time.Hour))
		w := &world{t: t, d: d, clock: clock, signs: &signIns{}, committee: committee{}, rows: testkit.NewRows(t, d, testkit.Tenant)}
		w.s = meeting.New(d, w.signs, w.committee)
		w.must(d.WithTx(ctx, func(tx *db.Tx) error { return w.s.PrepareTx(ctx, tx, testkit.Tenant) }))
		w.east, w.west = w.rows.Organisation("community_party", "朝阳社区党委"), w.rows.Organisation("community_party", "雅和社区党委")
		w.mill, w.inn = w.rows.Organisation("unit", "第一中学"), w.rows.Organisation("unit", "人民医院")
		works := []authz.Permission{meeting.PermSee, meeting.PermPlan, meeting.PermRaise, body.PermSee, body.PermKeep}
		w.secretary, w.deputy, w.other = actorAt(w.east, 11, works...), actorAt(w.east, 12, works...), actorAt(w.west, 13, works...)
		w.liaison, w.stranger = actorAt(w.mill, 14, meeting.PermSee, meeting.PermRaise), actorAt(w.inn, 15, meeting.PermSee, meeting.PermRaise)
		w.street = testkit.Actor(testkit.Tenant, nil, meeting.PermSee)
		bodies := body.New(d)
		b, err := bodies.Create(ctx, w.secretary, body.NewBody{Kind: body.Conference, Name: "朝阳社区党建联席会议", LeaderID: w.east, FoundedOn: calendar.MustParse("2026-01-01")})
		w.must(err)
		w.body = b
		w.must(bodies.AddSeat(ctx, w.secretary, b, body.NewSeat{OrganisationID: w.east, Name: "王书记", Role: body.Chair}))
		w.must(bodies.AddSeat(ctx, w.secretary, b, body.NewSeat{OrganisationID: w.mill, Name: "李校长", Role: body.Ordinary}))
		f(w)
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) wants(what string, err error, k errs.Kind) {
	w.t.Helper()
	if errs.KindOf(err) != k {
		w.t.Errorf("%s: %v, want %v", what, err, k)
	}
}

func (w *world) plan(h meeting.Holder, kind string, also ...string) id.ID {
	w.t.Helper()
	at := w.d.Now().Add(2 * time.Hour)
	m, err := w.s.Create(ctx, w.secretary, meeting.Plan{KindCode: kind, Also: also, Holder: h, Title: "第一季度会议，议事；规则", Place: "社区会议室", StartsAt: at, EndsAt: at.Add(time.Hour)})
	w.must(err)
	return m
}

func (w *world) get(a authz.Actor, m id.ID) meeting.Detail {
	w.t.Helper()
	d, err := w.s.Get(ctx, a, m)
	w.must(err)
	return d
}

func (w *world) waits(a authz.Actor, kind string) int64 {
	w.t.Helper()
	list, err := w.s.Waiting(ctx, a)
	w.must(err)
	for _, it := range list {
		if it.Kind == kind {
			return it.Count
		}
	}
	return 0
}

// TestAJointConferenceFromTopicToDoneTask walks a topic from the unit that raises it to the task that is done and shown at the next meeting.
func TestAJointConferenceFromTopicToDoneTask(t *testing.T) {
	each(t, func(w *world) {
		h := meeting.Holder{BodyID: w.body}
		m := w.plan(h, meeting.JointConference)
		if _, err := w.s.Get(ctx, w.other, m); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another community sees the meeting: %v", err)
		}
		topic, err := w.s.Raise(ctx, w.liaison, meeting.NewTopic{Holder: h, OrganisationID: w.mill, Title: "校门口停车", Detail: "放学时堵"})
		w.must(err)
		_, err = w.s.Raise(ctx, w.liaison, meeting.NewTopic{Holder: h, OrganisationID: w.east, Title: "替别人提"})
		w.wants("a topic for another", err, errs.Forbidden)
		_, err = w.s.Raise(ctx, w.stranger, meeting.NewTopic{Holder: h, OrganisationID: w.inn, Title: "没有席位"})
		w.wants("a topic without a seat", err, errs.Forbidden)
		if w.waits(w.secretary, meeting.WaitTopic) != 1 {
			t.Error("the topic does not wait")
		}
		w.wants("the liaison makes the agenda", w.s.PutOnAgenda(ctx, w.liaison, topic, m), errs.NotFound)
		elsewhere := w.plan(meeting.Holder{OwnerID: w.east}, "theme_day")
		w.wants("on the agenda of another holder", w.s.PutOnAgenda(ctx, w.secretary, topic, elsewhere), errs.Conflict)
		w.must(w.s.PutOnAgenda(ctx, w.secretary, topic, m))
		n, err := w.s.Notify(ctx, w.secretary, m, "请准时参加")
		if w.must(err); n != 2 {
			t.Errorf("%d organisations were notified", n)
		}
		if w.waits(w.liaison, meeting.WaitReply) != 1 || w.waits(w.stranger, meeting.WaitReply) != 0 {
			t.Error("the notice does not wait for its organisation, or for another")
		}
		w.must(w.s.Reply(ctx, w.liaison, m, w.mill, meeting.Coming, ""))
		w.wants("an answer for another", w.s.Reply(ctx, w.liaison, m, w.east, meeting.Coming, ""), errs.Forbidden)
		w.wants("an answer of who was not invited", w.s.Reply(ctx, w.stranger, m, w.inn, meeting.Coming, ""), errs.NotFound)

		in := meeting.NewResolution{TopicID: topic, Text: "错时停车", Task: &meeting.NewTask{OrganisationID: w.mill, Title: "画接送车位", DueOn: calendar.MustParse("2026-03-31")}}
		_, err = w.s.Decide(ctx, w.secretary, m, in)
		w.wants("decided before it began", err, errs.Conflict)
		w.clock.Advance(3 * time.Hour)
		for name, to := range map[string]id.ID{"a unit that does not sit in the body": w.inn, "another community": w.west} {
			bad := in
			bad.Task = &meeting.NewTask{OrganisationID: to, Title: "画接送车位", DueOn: in.Task.DueOn}
			_, err = w.s.Decide(ctx, w.secretary, m, bad)
			w.wants("a task for "+name, err, errs.Invalid)
		}
		_, err = w.s.Decide(ctx, w.secretary, m, in)
		w.must(err)
		d := w.get(w.liaison, m)
		if len(d.Resolutions) != 1 || len(d.Resolutions[0].Tasks) != 1 || d.Agenda[0].State != meeting.Decided || !d.Resolutions[0].Passed {
			t.Fatalf("decided %+v", d)
		}
		w.wants("held without minutes", w.s.Close(ctx, w.secretary, m), errs.Conflict)
		_, err = w.s.SaveMinutes(ctx, w.secretary, m, 0, d.Template(), false)
		w.must(err)
		w.must(w.s.Close(ctx, w.secretary, m))
		task := d.Resolutions[0].Tasks[0].ID
		if w.waits(w.liaison, meeting.WaitTask) != 0 { // three weeks are left
			t.Error("a task waits long before its day")
		}
		w.clock.Advance(10 * 24 * time.Hour)
		if w.waits(w.liaison, meeting.WaitTask) != 1 {
			t.Error("the task does not wait")
		}
		next := w.plan(h, meeting.JointConference)
		if b := w.get(w.secretary, next).Before; len(b) != 1 || !strings.Contains(w.get(w.secretary, next).Template(), "画接送车位") {
			t.Errorf("the next meeting opens with %v", b)
		}
		w.wants("another reports", w.s.Report(ctx, w.stranger, task, "办好了", true), errs.NotFound)
		w.must(w.s.Report(ctx, w.liaison, task, "已画 12 个车位，见校务会纪要〔2026〕3号", true))
		if w.waits(w.secretary, meeting.WaitSettle) != 1 {
			t.Error("what is reported does not wait")
		}
		w.wants("who has it accepts it", w.s.Settle(ctx, w.liaison, task, meeting.Finished, ""), errs.NotFound)
		w.must(w.s.Settle(ctx, w.secretary, task, meeting.Finished, ""))
		td, err := w.s.Task(ctx, w.liaison, task)
		w.must(err)
		if td.State != meeting.Finished || td.DoneOn.IsZero() || len(td.Progress) != 2 {
			t.Errorf("the task is %+v", td)
		}
		if b := w.get(w.secretary, next).Before; len(b) != 0 {
			t.Errorf("what is done is still open: %v", b)
		}
		for name, h := range map[string]meeting.Holder{"the body alone": {BodyID: w.body}, "with its leader": {BodyID: w.body, OwnerID: w.east}} {
			if place, err := w.s.LastPlace(ctx, w.secretary, h); err != nil || place != "社区会议室" {
				t.Errorf("%s met last at %q, %v", name, place, err)
			}
		}
		// Who sits in another body sees nothing of this one.
		bodies := body.New(w.d)
		another, err := bodies.Create(ctx, w.other, body.NewBody{Kind: body.Conference, Name: "雅和社区党建联席会议", LeaderID: w.west, FoundedOn: calendar.MustParse("2026-01-01")})
		w.must(err)
		w.must(bodies.AddSeat(ctx, w.other, another, body.NewSeat{OrganisationID: w.inn, Name: "张院长", Role: body.Ordinary}))
		if l, err := w.s.Tasks(ctx, w.stranger, meeting.TaskFilter{}); err != nil || len(l.Items) != 0 {
			t.Errorf("who sits elsewhere sees the tasks %v, %v", l.Items, err)
		}
		if l, err := w.s.Topics(ctx, w.stranger, meeting.TopicFilter{}); err != nil || len(l.Items) != 0 {
			t.Errorf("who sits elsewhere sees the topics %v, %v", l.Items, err)
		}
		if l, err := w.s.List(ctx, w.stranger, meeting.Filter{}); err != nil || len(l.Items) != 0 {
			t.Errorf("who sits elsewhere sees the meetings %v, %v", l.Items, err)
		}
		_, err = w.s.Task(ctx, w.stranger, task)
		w.wants("a task of a body in which one does not sit", err, errs.NotFound)
		if l, err := w.s.Tasks(ctx, w.liaison, meeting.TaskFilter{}); err != nil || len(l.Items) != 1 {
			t.Errorf("who sits here sees %v, %v", l.Items, err)
		}
		cells, err := w.s.Year(ctx, w.street, h, 2026)
		w.must(err)
		if len(cells) != 3 { // the kinds are counted from 10 March: quarters two to four
			t.Errorf("%d quarters", len(cells))
		}
	})
}

// TestAMembersMeetingNeedsItsQuorum holds PARTY-30 and PARTY-32 over the sign-in: nothing is half done where it is missing.
func TestAMembersMeetingNeedsItsQuorum(t *testing.T) {
	each(t, func(w *world) {
		var members []id.ID
		for i := range 5 {
			standing := "full"
			if i == 4 {
				standing = "probationary"
			}
			m := id.New()
			testkit.Exec(t, w.d, `INSERT INTO member (tenant_id, id, person_id, kind, name, name_key, home_id, unit_id, community_id, standing, created_at, updated_at) VALUES ($1,$2,$3,'community','王','王',$4,0,0,$5,1,1)`,
				testkit.Tenant, m, id.New(), w.east, standing)
			members = append(members, m)
		}
		m := w.plan(meeting.Holder{OwnerID: w.east}, meeting.MembersMeeting)
		n, err := w.s.Notify(ctx, w.secretary, m, "")
		if w.must(err); n != 5 {
			t.Errorf("%d members were notified", n)
		}
		sign, err := w.s.OpenSignIn(ctx, w.secretary, m)
		w.must(err)
		if again, err := w.s.OpenSignIn(ctx, w.secretary, m); err != nil || again != sign || len(w.signs.made) != 1 {
			t.Errorf("a second sign-in: %v, %v", again, err)
		}
		w.clock.Advance(3 * time.Hour)
		in := func(i int) {
			testkit.Exec(t, w.d, `INSERT INTO attendance (tenant_id, id, activity_id, member_id, community_id, in_at, proof, state, at) VALUES ($1,$2,$3,$4,$5,1,'timed','in',1)`,
				testkit.Tenant, id.New(), sign, members[i], w.east)
		}
		in(0)
		in(4) // probationary: comes, and has no vote
		_, err = w.s.Decide(ctx, w.secretary, m, meeting.NewResolution{Text: "通过", Yes: 1})
		if e := errs.As(err); e == nil || e.Message.Text != i18n.MeetingNoQuorum {
			t.Fatalf("decided without quorum: %v", err)
		}
		_, err = w.s.SaveMinutes(ctx, w.secretary, m, 0, "记录", false)
		w.must(err)
		w.wants("held without quorum", w.s.Close(ctx, w.secretary, m), errs.Conflict)
		if d := w.get(w.secretary, m); len(d.Resolutions) != 0 || d.State != meeting.Planned || d.Quorum != (meeting.Quorum{Eligible: 4, Present: 1}) {
			t.Errorf("half done: %+v", d.Quorum)
		}
		in(1)
		_, err = w.s.Decide(ctx, w.secretary, m, meeting.NewResolution{Text: "通过", Yes: 3})
		w.wants("more votes than people", err, errs.Invalid)
		_, err = w.s.Decide(ctx, w.secretary, m, meeting.NewResolution{Text: "两票", Yes: 2, Task: &meeting.NewTask{OrganisationID: w.east, Title: "办", DueOn: calendar.MustParse("2026-04-01")}})
		w.must(err)
		in(2)
		_, err = w.s.Decide(ctx, w.secretary, m, meeting.NewResolution{Text: "三票", Yes: 3})
		w.must(err)
		d := w.get(w.secretary, m)
		if len(d.Resolutions) != 2 || d.Resolutions[0].Passed || len(d.Resolutions[0].Tasks) != 0 || !d.Resolutions[1].Passed {
			t.Errorf("2 of 4 and 3 of 4: %+v", d.Resolutions)
		}
		w.must(w.s.Close(ctx, w.secretary, m))
	})
}

func TestMinutesOfTwoWritersAreBothKept(t *testing.T) {
	each(t, func(w *world) {
		for id, name := range map[int]string{11: "王书记", 12: "李委员"} {
			testkit.Exec(t, w.d, "INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,$3,$4,1)", testkit.Tenant, id, "a"+name, name)
		}
		m := w.plan(meeting.Holder{OwnerID: w.east}, "theme_day", "lecture")
		first, err := w.s.SaveMinutes(ctx, w.secretary, m, 0, "甲写的", false)
		w.must(err)
		auto, err := w.s.SaveMinutes(ctx, w.deputy, m, 0, "乙写的", true)
		w.must(err)
		if !auto.Clash || w.get(w.secretary, m).Minutes != "甲写的" {
			t.Errorf("autosave of an old text: %+v", auto)
		}
		clash, err := w.s.SaveMinutes(ctx, w.deputy, m, 0, "乙写的", false)
		w.must(err)
		if !clash.Clash || clash.Theirs != "甲写的" || clash.By != "王书记" || clash.Version != first.Version {
			t.Fatalf("clash %+v", clash)
		}
		revisions, err := w.s.Revisions(ctx, w.secretary, m)
		w.must(err)
		if len(revisions) != 2 || !revisions[0].Aside || revisions[0].Text != "乙写的" || revisions[1].Text != "甲写的" {
			t.Errorf("kept %+v", revisions)
		}
		both, err := w.s.SaveMinutes(ctx, w.deputy, m, clash.Version, "甲写的，乙写的", false)
		w.must(err)
		for i, text := range []string{"甲写的，乙写的。", "甲写的，乙写的。一"} { // the same writer goes on: one revision grows
			w.clock.Advance(time.Minute)
			if _, err = w.s.SaveMinutes(ctx, w.deputy, m, both.Version+int64(i), text, true); err != nil {
				t.Fatal(err)
			}
		}
		if revisions, err = w.s.Revisions(ctx, w.secretary, m); err != nil || len(revisions) != 3 || revisions[0].Text != "甲写的，乙写的。一" {
			t.Errorf("%d revisions, %v", len(revisions), err)
		}
		w.clock.Advance(3 * time.Hour)
		err = w.s.Close(ctx, w.secretary, m)
		if e := errs.As(err); e == nil || e.Message.Text != i18n.MeetingMinutesKinds {
			t.Errorf("minutes that do not show both kinds: %v", err)
		}
		_, err = w.s.SaveMinutes(ctx, w.deputy, m, both.Version+2, "主题党日：参观。党课：一小时。", false)
		w.must(err)
		w.must(w.s.Close(ctx, w.secretary, m))
	})
}

func TestAYearIsPlannedInOneStep(t *testing.T) {
	each(t, func(w *world) {
		p := meeting.YearPlan{Holder: meeting.Holder{BodyID: w.body}, Year: 2026, Day: 15, Hour: 15, Place: "会议室"}
		_, err := w.s.PlanYear(ctx, w.other, p)
		w.wants("another community plans", err, errs.Forbidden)
		n, err := w.s.PlanYear(ctx, w.secretary, p)
		if w.must(err); n != 3 {
			t.Errorf("%d meetings of the conference", n)
		}
		if n, err = w.s.PlanYear(ctx, w.secretary, p); err != nil || n != 0 {
			t.Errorf("again: %d, %v", n, err)
		}
		l, err := w.s.List(ctx, w.liaison, meeting.Filter{Upcoming: true})
		w.must(err)
		if len(l.Items) != 3 || l.Items[0].Day().String() != "2026-06-15" || l.Items[0].Place != "会议室" {
			t.Errorf("planned %+v", l.Items)
		}
		for _, m := range l.Items { // no day off, but where the period would be missed
			if on, _ := calendar.Default().IsWorkingDay(m.Day()); !on {
				t.Errorf("planned on %s", m.Day())
			}
		}
		w.must(w.s.Cancel(ctx, w.secretary, l.Items[0].ID, "改期"))
		cells, err := w.s.Year(ctx, w.liaison, p.Holder, 2026)
		w.must(err)
		if cells[0].Standing(calendar.DateOf(w.d.Now())) != meeting.Ahead || cells[1].Standing(calendar.DateOf(w.d.Now())) != meeting.Fixed {
			t.Errorf("after a cancellation %+v", cells)
		}
	})
}

// actors finds the actors of the test.
type actors map[id.ID]authz.Actor

func (a actors) ActorFor(_ context.Context, _ int64, account id.ID) (authz.Actor, error) {
	x, ok := a[account]
	if !ok {
		return x, errs.ErrNotFound
	}
	return x, nil
}

// TestTheFeedOpensInTwoParsers reads what a calendar program gets with two libraries that did not write it.
func TestTheFeedOpensInTwoParsers(t *testing.T) {
	each(t, func(w *world) {
		m := w.plan(meeting.Holder{BodyID: w.body}, meeting.JointConference)
		_, err := w.s.Notify(ctx, w.secretary, m, "请带上材料，\n会前十分钟签到；"+strings.Repeat("很长的通知", 40))
		w.must(err)
		w.plan(meeting.Holder{OwnerID: w.east}, "theme_day") // not the liaison's
		secret, err := w.s.NewFeed(ctx, w.liaison, 0)
		w.must(err)
		if n, err := db.Value[int64](ctx, w.d, "SELECT count(*) FROM calendar_feed WHERE token_hash = $1", secret); err != nil || n != 0 {
			t.Errorf("the secret itself is kept: %d, %v", n, err)
		}
		who := actors{14: w.liaison}
		text, err := w.s.ReadFeed(ctx, who, secret, "https://linli.example")
		w.must(err)
		for _, l := range bytes.Split(text, []byte("\r\n")) {
			if len(l) > 75 || bytes.ContainsAny(l, "\n") {
				t.Errorf("a line of %d bytes: %q", len(l), l)
			}
		}
		d := w.get(w.liaison, m)
		cal, err := ical.NewDecoder(bytes.NewReader(text)).Decode()
		w.must(err)
		if len(cal.Events()) != 1 {
			t.Fatalf("%d events:\n%s", len(cal.Events()), text)
		}
		e := cal.Events()[0]
		title, err := e.Props.Text(ical.PropSummary)
		w.must(err)
		at, err := e.DateTimeStart(nil)
		w.must(err)
		about, err := e.Props.Text(ical.PropDescription)
		w.must(err)
		if title != d.Title || !at.Equal(d.StartsAt) || !strings.Contains(about, d.Notice) {
			t.Errorf("the first parser reads %q at %s: %q", title, at, about)
		}
		from, until := d.StartsAt.Add(-time.Hour), d.EndsAt.Add(time.Hour)
		c := gocal.NewParser(bytes.NewReader(text))
		c.Start, c.End = &from, &until
		w.must(c.Parse())
		if len(c.Events) != 1 || c.Events[0].Start == nil || !c.Events[0].Start.Equal(d.StartsAt) || !c.Events[0].End.Equal(d.EndsAt) || c.Events[0].Location != d.Place {
			t.Errorf("the second parser reads %+v", c.Events)
		}
		feeds, err := w.s.Feeds(ctx, w.liaison)
		w.must(err)
		w.wants("another revokes it", w.s.RevokeFeed(ctx, w.secretary, feeds[0].ID), errs.NotFound)
		w.must(w.s.RevokeFeed(ctx, w.liaison, feeds[0].ID))
		for what, s := range map[string]string{"a revoked one": secret, "a guess": "320999-aaaa", "nonsense": "x"} {
			_, err = w.s.ReadFeed(ctx, who, s, "")
			w.wants(what, err, errs.NotFound)
		}
		_, err = w.s.NewFeed(ctx, w.stranger, w.body)
		w.wants("a feed of a body out of sight", err, errs.NotFound)
	})
}

// TestAMeetingAboveIsPassedOn lets the sub-district invite its communities; one of them sees the meeting, answers, and passes it on below.
func TestAMeetingAboveIsPassedOn(t *testing.T) {
	each(t, func(w *world) {
		street := w.rows.Organisation("working_committee", "街道党工委")
		testkit.Exec(t, w.d, "UPDATE organisation SET parent_id = $1 WHERE tenant_id = $2 AND kind = 'community_party'", street, testkit.Tenant)
		above := actorAt(street, 16, meeting.PermSee, meeting.PermPlan)
		at := w.d.Now().Add(time.Hour)
		m, err := w.s.Create(ctx, above, meeting.Plan{KindCode: "street_meeting", Holder: meeting.Holder{OwnerID: street}, Title: "全街党建工作会", StartsAt: at, EndsAt: at.Add(time.Hour)})
		w.must(err)
		_, err = w.s.Get(ctx, w.secretary, m)
		w.wants("before the notice", err, errs.NotFound)
		if n, err := w.s.Notify(ctx, above, m, ""); err != nil || n != 2 {
			t.Errorf("%d communities, %v", n, err)
		}
		w.must(w.s.Reply(ctx, w.secretary, m, w.east, meeting.Coming, ""))
		w.get(w.secretary, m)
		branch := meeting.Holder{OwnerID: w.east}
		_, err = w.s.PassOn(ctx, w.secretary, m, branch, "theme_day")
		w.wants("passed on before it was held", err, errs.Conflict)
		w.clock.Advance(2 * time.Hour)
		_, err = w.s.Decide(ctx, above, m, meeting.NewResolution{Text: "每个社区建一支应急队。"})
		w.must(err)
		_, err = w.s.SaveMinutes(ctx, above, m, 0, "记录", false)
		w.must(err)
		w.must(w.s.Close(ctx, above, m))
		_, err = w.s.PassOn(ctx, w.secretary, m, meeting.Holder{OwnerID: w.west}, "theme_day")
		w.wants("for another community", err, errs.Forbidden)
		_, err = w.s.PassOn(ctx, w.stranger, m, branch, "theme_day")
		w.wants("a stranger", err, errs.NotFound)
		below, err := w.s.PassOn(ctx, w.secretary, m, branch, "theme_day")
		w.must(err)
		if d := w.get(w.secretary, below); len(d.Agenda) != 1 || !strings.Contains(d.Agenda[0].Detail, "应急队") || d.Above.Name != "全街党建工作会" {
			t.Errorf("below %+v", d.Agenda)
		}
		if d := w.get(above, m); len(d.Passed) != 1 || d.Passed[0].MeetingID != below || d.Passed[0].State != meeting.Planned {
			t.Errorf("reached %+v", d.Passed)
		}
	})
}

func TestAKindOfOnesOwn(t *testing.T) {
	each(t, func(w *world) {
		keeper := testkit.Actor(testkit.Tenant, nil, meeting.PermKinds, meeting.PermSee)
		k := meeting.Kind{Code: "night_talk", Name: "夜谈会", Every: meeting.Monthly, Holders: []string{"community_party"}, Since: calendar.MustParse("2026-03-01")}
		w.wants("a secretary makes a kind", w.s.SaveKind(ctx, w.secretary, k), errs.Forbidden)
		w.must(w.s.SaveKind(ctx, keeper, k))
		l, err := w.s.Due(ctx, w.other, meeting.DueFilter{KindCode: "night_talk"})
		w.must(err)
		if len(l.Items) != 1 || len(l.Items[0].Wanted) != 1 {
			t.Errorf("owed %+v", l.Items)
		}
		k.Version, k.Retired = 1, true
		w.must(w.s.SaveKind(ctx, keeper, k))
		if l, err = w.s.Due(ctx, w.other, meeting.DueFilter{KindCode: "night_talk"}); err != nil || len(l.Items) > 0 && len(l.Items[0].Wanted) != 0 {
			t.Errorf("a retired kind is owed: %+v, %v", l.Items, err)
		}
	})
}
