package appraisal_test

import (
	"slices"
	"strings"
	"testing"

	"linli/internal/appraisal"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/testkit"
)

// at is an instant of a day in China, eleven o'clock.
func at(d calendar.Date) int64 { return db.Micros(d.Time()) + 11*3600*1_000_000 }

// present lets a member be at an activity of a kind; meeting is its meeting's ID, 0 for none, with the kinds that it counts for.
func (w *branch) present(i int, kind, title string, day calendar.Date, minutes int, meeting id.ID, kinds ...string) id.ID {
	w.t.Helper()
	a := id.New()
	testkit.Exec(w.t, w.d, `INSERT INTO activity (tenant_id, id, community_id, kind_code, title, place, starts_at, ends_at, state, gives_hours, organiser_id, created_at) VALUES ($1,$2,$3,$4,$5,'',1,2,'published',FALSE,1,1)`,
		testkit.Tenant, a, w.community, kind, title)
	testkit.Exec(w.t, w.d, `INSERT INTO attendance (tenant_id, id, activity_id, member_id, person_id, community_id, in_at, minutes, proof, state, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,'signed','out',1)`,
		testkit.Tenant, id.New(), a, w.members[i], w.people[i], w.community, at(day), minutes)
	if meeting != 0 {
		w.meeting(meeting)
		testkit.Exec(w.t, w.d, `UPDATE meeting SET activity_id = $1 WHERE tenant_id = $2 AND id = $3`, a, testkit.Tenant, meeting)
		for _, k := range kinds {
			testkit.Exec(w.t, w.d, `INSERT INTO meeting_duty (tenant_id, meeting_id, kind_code, owner_id, on_day, state) VALUES ($1,$2,$3,$4,'2026-11-20','held')`, testkit.Tenant, meeting, k, w.branch)
		}
	}
	return a
}

// TestTheYearIsWorkedOut: every sum and line of a member's year from the records, to the edges of the year, and of nobody else (LIFE-3, PARTY-46, PARTY-47).
func TestTheYearIsWorkedOut(t *testing.T) {
	each(t, func(w *branch) {
		on := calendar.MustParse
		w.present(0, "meeting", "组织生活会", on("2026-01-01"), 90, 501, "life_meeting")
		w.present(0, "meeting", "党课", on("2026-03-05"), 120, 502, "lecture")
		w.present(0, "party_day", "主题党日", on("2026-12-31"), 90, 0)
		w.present(0, "cleaning", "清洁日", on("2026-05-05"), 60, 0)
		w.present(0, "cleaning", "去年的清洁日", on("2025-12-31"), 60, 0)
		w.present(0, "cleaning", "明年的清洁日", on("2027-01-01"), 60, 0)
		w.present(1, "cleaning", "别人的清洁日", on("2026-05-05"), 60, 0)
		void := w.present(0, "cleaning", "作废的签到", on("2026-06-05"), 60, 0)
		testkit.Exec(t, w.d, `UPDATE attendance SET state = 'void' WHERE tenant_id = $1 AND activity_id = $2`, testkit.Tenant, void)
		for i, d := range []string{"2026-05-05", "2025-05-05"} {
			for _, state := range []string{"confirmed", "proposed"} {
				testkit.Exec(t, w.d, `INSERT INTO deed (tenant_id, id, member_id, person_id, community_id, title, on_date, state, proof, proposed_by, proposed_at) VALUES ($1,$2,$3,$4,$5,'修水管',$6,$7,'vouched',1,1)`,
					testkit.Tenant, id.New(), w.members[0], w.people[0], w.community, d, state)
			}
			testkit.Exec(t, w.d, `INSERT INTO contact (tenant_id, id, member_id, person_id, kind, on_date, note, account_id, at) VALUES ($1,$2,$3,$4,'talk',$5,'谈心',1,1)`, testkit.Tenant, id.New(), w.members[0], w.people[0], d)
			testkit.Exec(t, w.d, `INSERT INTO posting (tenant_id, id, account, member_id, person_id, community_id, on_date, quarter, amount, proof, source_kind, source_id, posted_at, posted_by)
				VALUES ($1,$2,'hours',$3,$4,$5,$6,'2026-2',$7,'signed','attendance',1,1,1)`, testkit.Tenant, id.New(), w.members[0], w.people[0], w.community, d, 75+i)
		}
		for _, p := range []struct {
			made, closed int64
			state        string
		}{{at(on("2026-02-01")), at(on("2026-09-01")), "kept"}, {at(on("2026-02-01")), 0, "open"}, {at(on("2025-02-01")), at(on("2025-03-01")), "kept"}, {at(on("2025-02-01")), at(on("2026-03-01")), "not_kept"},
			{at(on("2027-02-01")), 0, "open"}} {
			testkit.Exec(t, w.d, `INSERT INTO promise (tenant_id, id, member_id, person_id, body, state, made_at, closed_at) VALUES ($1,$2,$3,$4,'每月走访',$5,$6,$7)`,
				testkit.Tenant, id.New(), w.members[0], w.people[0], p.state, p.made, p.closed)
		}
		y, err := w.s.Record(ctx, w.secretary, w.members[0], 2026)
		w.must(err)
		if y.Study != 210 || y.Meetings != 3 || y.Joined != 1 || y.Service != 75 || y.Deeds != 1 || y.Contacts != 1 || y.Promises != 3 || y.Kept != 1 || y.Leader || y.StudyTarget() != 32 || y.StudyEnough() {
			t.Errorf("the year: %+v", y)
		}
		n := map[appraisal.LineKind]int{}
		for _, l := range y.Lines {
			n[l.Kind]++
			if l.ID == 0 || l.Day.IsZero() || l.What == "" || (l.Kind == appraisal.AtMeeting) && l.MeetingID != 501 {
				t.Errorf("a line that leads nowhere: %+v", l)
			}
		}
		if len(y.Lines) != 9 || n[appraisal.AtStudy] != 2 || n[appraisal.AtMeeting] != 1 || n[appraisal.AtActivity] != 1 || n[appraisal.Promised] != 3 {
			t.Errorf("the lines: %v", n)
		}
		if s := y.Summary(i18n.ZH); !strings.Contains(s, "集中学习 3.5 学时（要求 32 学时）") || !strings.Contains(s, "服务 1.25 小时") {
			t.Errorf("in words: %s", s)
		}
		testkit.Exec(t, w.d, `INSERT INTO appointment (tenant_id, id, organisation_id, post, post_rank, sole, person_id, way, origin, from_on, created_by, created_at, updated_at) VALUES ($1,$2,$3,'secretary','10',TRUE,$4,'elected','local','2026-12-01',1,1,1)`,
			testkit.Tenant, id.New(), w.branch, w.people[0])
		own, err := w.s.RecordOwn(ctx, w.own(0), 2026)
		w.must(err)
		if !own.Leader || own.StudyTarget() != 56 || own.MemberID != w.members[0] || len(own.Lines) != 9 {
			t.Errorf("one's own year as a leader: %+v", own)
		}
		before, err := w.s.RecordOwn(ctx, w.own(0), 2025)
		w.must(err)
		if before.Leader || before.Joined != 1 || before.Deeds != 1 || before.Service != 76 || before.Promises != 2 {
			t.Errorf("the year before: %+v", before)
		}
		_, err = w.s.Record(ctx, w.outside, w.members[0], 2026)
		w.wants(err, errs.NotFound, "")
		_, err = w.s.Record(ctx, w.own(1), w.members[0], 2026)
		w.wants(err, errs.NotFound, "")
	})
}

// TestRetention takes out what was written, and the sums; grades and decisions stay. Whoever left the register loses name and words.
func TestRetention(t *testing.T) {
	each(t, func(w *branch) {
		w.to(appraisal.Closed)
		testkit.Exec(t, w.d, `INSERT INTO appraisal_remark (tenant_id, id, round_id, from_id, about_id, text, written_by, on_day) VALUES ($1,$2,$3,$4,$5,'肯干',1,'2026-11-20')`, testkit.Tenant, id.New(), w.round, w.entry(0), w.entry(1))
		w.must(w.d.WithTx(ctx, func(tx *db.Tx) error { return appraisal.AnonymiseTx(ctx, tx, testkit.Tenant, w.members[:1]) }))
		if s := w.sheet(0); s.Name == "党员A" || s.Opinion != "" || s.Grade != appraisal.Qualified {
			t.Errorf("who left: %+v", s.Entry)
		}
		if s := w.sheet(1); len(s.About) != 0 || s.Name != "党员B" || s.Opinion == "" {
			t.Errorf("who stays: %+v %+v", s.Entry, s.About)
		}
		kind := appraisal.RetentionKinds()[0]
		due := func(before calendar.Date) []id.ID {
			a := &db.Args{}
			rows := kind.Past(a, testkit.Tenant, before)
			list, err := db.Column[id.ID](ctx, w.d, "SELECT "+rows.ID+" FROM "+rows.From, a.Values()...)
			w.must(err)
			return list
		}
		if len(due(calendar.On(2026, 11, 20))) != 0 || !slices.Equal(due(calendar.On(2026, 11, 21)), []id.ID{w.round}) {
			t.Error("a round is past the day after it was closed, not before")
		}
		w.must(w.d.WithTx(ctx, func(tx *db.Tx) error { return kind.Remove(ctx, tx, testkit.Tenant, []id.ID{w.round}) }))
		n, err := db.Value[int64](ctx, w.d, `SELECT (SELECT count(*) FROM appraisal_tally) + (SELECT count(*) FROM appraisal_mark) + (SELECT count(*) FROM appraisal_entry WHERE opinion <> '')`)
		w.must(err)
		if s := w.sheet(1); n != 0 || s.Grade != appraisal.Qualified || len(due(calendar.On(2027, 1, 1))) != 0 {
			t.Errorf("%d rows are left of what was written; %+v", n, s.Entry)
		}
	})
}
