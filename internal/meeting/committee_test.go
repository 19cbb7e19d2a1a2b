package meeting_test

import (
	"testing"
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/testkit"
)

// signsIn enters the presence of a person, and of the member (0 for none).
func (w *world) signsIn(activity, person, member id.ID) {
	w.t.Helper()
	testkit.Exec(w.t, w.d, `INSERT INTO attendance (tenant_id, id, activity_id, person_id, member_id, community_id, in_at, proof, state, at) VALUES ($1,$2,$3,$4,$5,$6,1,'timed','in',1)`,
		testkit.Tenant, id.New(), activity, person, member, w.east)
}

func (w *world) today() calendar.Date { return calendar.DateOf(w.d.Now()) }

// TestACommitteeNeedsHalfOfIt holds PARTY-21 over the posts of the day: without half of the committee neither a resolution nor the meeting counts.
func TestACommitteeNeedsHalfOfIt(t *testing.T) {
	each(t, func(w *world) {
		h := meeting.Holder{OwnerID: w.east}
		m := w.plan(h, "committee_meeting")
		says := func(what string, err error, want i18n.Text) {
			t.Helper()
			if e := errs.As(err); e == nil || e.Message.Text != want {
				t.Errorf("%s: %v", what, err)
			}
		}
		_, err := w.s.Notify(ctx, w.secretary, m, "")
		says("a notice to no committee", err, i18n.MeetingNobodyInvited)
		var persons, members []id.ID
		for i := range 5 {
			p := w.rows.Person(w.east, "委员"+string(rune('甲'+i)), "")
			persons, members = append(persons, p), append(members, w.rows.Member(p, w.east, 0, "委员"+string(rune('甲'+i))))
		}
		sign, err := w.s.OpenSignIn(ctx, w.secretary, m)
		w.must(err)
		w.clock.Advance(3 * time.Hour)
		_, err = w.s.SaveMinutes(ctx, w.secretary, m, 0, "支委会记录", false)
		w.must(err)
		says("no committee", w.s.Close(ctx, w.secretary, m), i18n.MeetingNoCommittee)
		w.committee[w.east] = persons[:3]
		n, err := w.s.Notify(ctx, w.secretary, m, "")
		if w.must(err); n != 3 {
			t.Errorf("the notice went to %d", n)
		}
		w.signsIn(sign, persons[0], members[0])
		w.signsIn(sign, persons[4], members[4]) // a member of the branch who does not sit in the committee
		_, err = w.s.Decide(ctx, w.secretary, m, meeting.NewResolution{Text: "同意"})
		says("one of three", err, i18n.MeetingNoCommitteeQuorum)
		says("one of three", w.s.Close(ctx, w.secretary, m), i18n.MeetingNoCommitteeQuorum)
		if d := w.get(w.secretary, m); d.Committee.Eligible != 3 || d.Committee.Present != 1 || d.Committee.There() || d.State != meeting.Planned || len(d.Resolutions) != 0 {
			t.Errorf("half done: %+v, %s", d.Committee, d.State)
		}
		w.committee[w.east] = persons[:2]
		if d := w.get(w.secretary, m); !d.Committee.There() {
			t.Errorf("one of two: %+v", d.Committee)
		}
		w.committee[w.east] = persons[:4]
		w.signsIn(sign, persons[1], members[1])
		made, err := w.s.Decide(ctx, w.secretary, m, meeting.NewResolution{Text: "同意"})
		w.must(err)
		w.must(w.s.Close(ctx, w.secretary, m))
		d := w.get(w.secretary, m)
		if d.State != meeting.Held || len(d.Resolutions) != 1 || d.Resolutions[0].ID != made || !d.Resolutions[0].Passed {
			t.Errorf("held with two of four: %+v", d)
		}
		signed := 0
		for _, r := range d.Recipients {
			if r.Present {
				signed++
			}
		}
		if len(d.Recipients) != 3 || signed != 2 {
			t.Errorf("%d of %d invited are shown as present", signed, len(d.Recipients))
		}
	})
}

// TestOneMeetingOfTwoDuties holds PARTY-29: it counts for two kinds only where it is tagged with both, the minutes show both, and there is what each asks for.
func TestOneMeetingOfTwoDuties(t *testing.T) {
	each(t, func(w *world) {
		h := meeting.Holder{OwnerID: w.east}
		p := w.rows.Person(w.east, "王党员", "")
		member := w.rows.Member(p, w.east, 0, "王党员")
		testkit.Exec(t, w.d, "UPDATE member SET home_id = $1, standing = 'full' WHERE tenant_id = $2 AND id = $3", w.east, testkit.Tenant, member)
		testkit.Exec(t, w.d, "UPDATE meeting_kind SET since = '2026-01-01' WHERE tenant_id = $1", testkit.Tenant)
		stands := func(kind string) meeting.Standing {
			t.Helper()
			cells, err := w.s.Year(ctx, w.secretary, h, 2026)
			w.must(err)
			for _, c := range cells {
				if c.KindCode == kind && !c.Ends.Before(w.today()) && !c.Start.After(w.today()) {
					return c.Standing(w.today())
				}
			}
			return ""
		}
		single, both := w.plan(h, "theme_day"), w.plan(h, "theme_day", meeting.MembersMeeting)
		sign, err := w.s.OpenSignIn(ctx, w.secretary, both)
		w.must(err)
		w.clock.Advance(3 * time.Hour)

		// Tagged with one kind: whatever the minutes say, it counts for one.
		_, err = w.s.SaveMinutes(ctx, w.secretary, single, 0, "主题党日，接着开党员大会", false)
		w.must(err)
		w.must(w.s.Close(ctx, w.secretary, single))
		if stands("theme_day") != meeting.Done || stands(meeting.MembersMeeting) != meeting.Fixed {
			t.Errorf("tagged with one: %s and %s", stands("theme_day"), stands(meeting.MembersMeeting))
		}
		// Tagged with both: the minutes must name both, and the members' meeting its quorum although it is not the first kind.
		_, err = w.s.SaveMinutes(ctx, w.secretary, both, 0, "主题党日", false)
		w.must(err)
		if e := errs.As(w.s.Close(ctx, w.secretary, both)); e == nil || e.Message.Text != i18n.MeetingMinutesKinds {
			t.Errorf("minutes of one: %v", e)
		}
		names := ""
		for _, k := range w.get(w.secretary, both).Kinds {
			names += k.Name + "。"
		}
		_, err = w.s.SaveMinutes(ctx, w.secretary, both, 1, names, false)
		w.must(err)
		if e := errs.As(w.s.Close(ctx, w.secretary, both)); e == nil || e.Message.Text != i18n.MeetingNoQuorum {
			t.Errorf("without the quorum of the second kind: %v", e)
		}
		if stands(meeting.MembersMeeting) == meeting.Done {
			t.Error("it counts without quorum")
		}
		w.signsIn(sign, p, member)
		w.must(w.s.Close(ctx, w.secretary, both))
		if stands("theme_day") != meeting.Done || stands(meeting.MembersMeeting) != meeting.Done {
			t.Errorf("tagged with both: %s and %s", stands("theme_day"), stands(meeting.MembersMeeting))
		}
	})
}
