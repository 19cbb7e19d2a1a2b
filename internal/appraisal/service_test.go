package appraisal_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"linli/internal/appraisal"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/testkit"
)

var ctx = context.Background()

// tags stands for the meetings: those that were tagged.
type tags struct {
	made   []id.ID
	refuse error
}

func (t *tags) TagTx(_ context.Context, _ *db.Tx, _ authz.Actor, meeting, _ id.ID) error {
	if t.refuse == nil {
		t.made = append(t.made, meeting)
	}
	return t.refuse
}

// branch is a branch with a group, its members, and another branch.
type branch struct {
	t                               *testing.T
	d                               *db.DB
	clock                           *testkit.Clock
	s                               *appraisal.Service
	meetings                        *tags
	community, branch, group, other id.ID
	secretary, outside, looker      authz.Actor
	people, members                 []id.ID // full members, then a probationary one
	round                           id.ID
}

const full = 6

func each(t *testing.T, fn func(w *branch)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 11, 20).Time().Add(9 * time.Hour))
		w := &branch{t: t, d: d, clock: clock, meetings: &tags{}}
		w.s = appraisal.New(d, w.meetings)
		w.community = w.org("community_party", "文港社区", 0)
		w.branch, w.other = w.org("party_branch", "第一支部", w.community), w.org("party_branch", "第二支部", w.community)
		w.group = w.org("party_group", "第一党小组", w.branch)
		all := []authz.Permission{appraisal.PermSee, appraisal.PermOpen, appraisal.PermKeep, member.PermSee}
		w.secretary = testkit.Actor(testkit.Tenant, []id.ID{w.branch, w.group, w.community}, all...)
		w.outside = testkit.Actor(testkit.Tenant, []id.ID{w.other}, all...)
		w.looker = testkit.Actor(testkit.Tenant, []id.ID{w.branch, w.other}, appraisal.PermSee)
		for i := range full + 1 {
			standing, home := "full", w.branch
			if i == full {
				standing = "probationary"
			}
			if i == 1 {
				home = w.group
			}
			w.member(fmt.Sprintf("党员%c", 'A'+i), home, standing)
		}
		fn(w)
	})
}

func (w *branch) org(kind, name string, parent id.ID) id.ID {
	w.t.Helper()
	o := id.New()
	path := "/" + o.String() + "/"
	if parent != 0 {
		above, err := db.Value[string](ctx, w.d, `SELECT path FROM organisation WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, parent)
		w.must(err)
		path = above + o.String() + "/"
	}
	testkit.Exec(w.t, w.d, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, parent_id, created_at, updated_at) VALUES ($1,$2,$3,$4,$4,$5,$6,1,1)`,
		testkit.Tenant, o, kind, name, path, parent)
	return o
}

func (w *branch) member(name string, home id.ID, standing string) {
	w.t.Helper()
	p, m := id.New(), id.New()
	testkit.Exec(w.t, w.d, `INSERT INTO person (tenant_id, id, name, name_key, community_id, created_at, updated_at) VALUES ($1,$2,$3,$3,$4,1,1)`, testkit.Tenant, p, name, w.community)
	testkit.Exec(w.t, w.d, `INSERT INTO member (tenant_id, id, person_id, kind, name, name_key, home_id, community_id, standing, created_at, updated_at) VALUES ($1,$2,$3,'community',$4,$4,$5,$6,$7,1,1)`,
		testkit.Tenant, m, p, name, home, w.community, standing)
	w.people, w.members = append(w.people, p), append(w.members, m)
}

// meeting makes a meeting of the branch.
func (w *branch) meeting(m id.ID) {
	w.t.Helper()
	testkit.Exec(w.t, w.d, `INSERT INTO meeting (tenant_id, id, kind_code, owner_id, title, title_key, starts_at, ends_at, on_day, state, created_at) VALUES ($1,$2,'life_meeting',$3,'组织生活会','zzshh',1,2,'2026-11-20','planned',1)`,
		testkit.Tenant, m, w.branch)
}

func (w *branch) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// wants demands an error of a kind, about a field unless that is "".
func (w *branch) wants(err error, k errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if err == nil || e == nil || e.Kind != k {
		w.t.Errorf("%v is no %v", err, k)
		return
	}
	if _, there := e.Fields[field]; field != "" && !there {
		w.t.Errorf("%v says nothing about %s but %v", err, field, e.Fields)
	}
}

func (w *branch) own(i int) authz.Actor {
	a := testkit.Own(testkit.Tenant, w.people[i], appraisal.PermOwn, member.PermSeeOwn)
	a.AccountID = id.ID(100 + i)
	return a
}

// open opens the round of this year.
func (w *branch) open() {
	w.t.Helper()
	o, err := w.s.Open(ctx, w.secretary, appraisal.Opening{OrganisationID: w.branch, Year: 2026})
	w.must(err)
	w.round = o.RoundID
}

// entry is the entry of a member in the round.
func (w *branch) entry(i int) id.ID {
	w.t.Helper()
	e, err := db.Value[id.ID](ctx, w.d, `SELECT id FROM appraisal_entry WHERE tenant_id = $1 AND round_id = $2 AND member_id = $3`, testkit.Tenant, w.round, w.members[i])
	w.must(err)
	if e == 0 {
		w.t.Fatalf("member %d takes no part", i)
	}
	return e
}

// advance closes the step at which the round stands, with a reason.
func (w *branch) advance(from appraisal.Step) {
	w.t.Helper()
	w.must(w.s.Advance(ctx, w.secretary, w.round, from, "会议研究同意", 0))
}

// to opens a round and brings it to a step.
func (w *branch) to(step appraisal.Step) {
	w.t.Helper()
	w.open()
	for _, s := range appraisal.Steps() {
		if s == step {
			return
		}
		switch s {
		case appraisal.Voting:
			for i := range full {
				w.must(w.s.Vote(ctx, w.own(i), w.entry(i), w.ballot(i, appraisal.Qualified)))
			}
		case appraisal.Opinion:
			for i := range full {
				w.must(w.s.Decide(ctx, w.secretary, w.entry(i), appraisal.Decision{Grade: appraisal.Qualified, Opinion: "履职尽责。"}))
			}
		}
		w.advance(s)
	}
}

// ballot chooses the same about everybody but the voter.
func (w *branch) ballot(voter int, g appraisal.Grade) appraisal.Ballot {
	b := appraisal.Ballot{}
	for i := range full {
		if i != voter {
			b[w.entry(i)] = g
		}
	}
	return b
}

func (w *branch) shown() appraisal.Shown {
	w.t.Helper()
	s, err := w.s.Get(ctx, w.secretary, w.round)
	w.must(err)
	return s
}

func (w *branch) sheet(i int) appraisal.Sheet {
	w.t.Helper()
	s, err := w.s.Sheet(ctx, w.secretary, w.entry(i))
	w.must(err)
	return s
}

// TestOpeningDerivesWhoTakesPart: from the register, groups too; once a year; for all branches below at once.
func TestOpeningDerivesWhoTakesPart(t *testing.T) {
	each(t, func(w *branch) {
		_, err := w.s.Open(ctx, w.secretary, appraisal.Opening{OrganisationID: w.branch, Year: 2027})
		w.wants(err, errs.Invalid, "year")
		_, err = w.s.Open(ctx, w.secretary, appraisal.Opening{OrganisationID: w.branch, Year: 1999})
		w.wants(err, errs.Invalid, "year")
		_, err = w.s.Open(ctx, w.secretary, appraisal.Opening{Year: 2026})
		w.wants(err, errs.Invalid, "organisation_id")
		_, err = w.s.Open(ctx, w.outside, appraisal.Opening{OrganisationID: w.branch, Year: 2026})
		w.wants(err, errs.Invalid, "organisation_id")
		_, err = w.s.Open(ctx, w.secretary, appraisal.Opening{OrganisationID: w.community, Year: 2026})
		w.wants(err, errs.Invalid, "organisation_id") // it has no members of its own

		o, err := w.s.Open(ctx, w.secretary, appraisal.Opening{OrganisationID: w.community, Below: true, Year: 2026})
		w.must(err)
		if len(o.Rounds) != 1 || o.Members != full+1 || o.Kept != 0 {
			t.Errorf("opened %+v, want the one branch with members and its %d members", o, full+1)
		}
		w.round = o.Rounds[0]
		if e := w.sheet(0); !e.Votes || !e.Graded || e.Group != "" {
			t.Errorf("a full member: %+v", e.Entry)
		}
		if e := w.sheet(1); e.Group != "第一党小组" || !e.Votes {
			t.Errorf("a member of a group: %+v", e.Entry)
		}
		if e := w.sheet(full); e.Votes || e.Graded || !e.Probationary {
			t.Errorf("a probationary member: %+v", e.Entry)
		}
		w.meeting(77)
		again, err := w.s.Open(ctx, w.secretary, appraisal.Opening{OrganisationID: w.branch, Year: 2026, MeetingID: 77})
		w.must(err)
		if again.RoundID != w.round || again.Kept != 1 || len(again.Rounds) != 0 || w.shown().MeetingID != 77 || len(w.meetings.made) != 1 {
			t.Errorf("opened again: %+v, tagged %v", again, w.meetings.made)
		}
		w.meetings.refuse = errs.Field("meeting_id", i18nAny)
		w.wants(w.s.Link(ctx, w.secretary, w.round, 78), errs.Invalid, "meeting_id")
		w.wants(w.s.Link(ctx, w.secretary, w.round, 0), errs.Invalid, "meeting_id")
		if w.shown().MeetingID != 77 {
			t.Error("a meeting that was refused is linked")
		}
	})
}

// TestTheOrderOfTheSteps walks a whole round and tries everything where it does not belong (PARTY-40).
func TestTheOrderOfTheSteps(t *testing.T) {
	each(t, func(w *branch) {
		w.open()
		self := appraisal.SelfAppraisal{Text: "一年来认真履职。", Gaps: "学习不够。"}
		try := map[appraisal.Step]func() error{
			appraisal.Self:   func() error { return w.s.WriteSelf(ctx, w.own(0), w.entry(0), self) },
			appraisal.Mutual: func() error { return w.s.WriteRemark(ctx, w.own(0), w.entry(0), w.entry(2), "待人热心。") },
			appraisal.Voting: func() error {
				return w.s.GivePaper(ctx, w.secretary, w.round, []id.ID{w.entry(0), w.entry(1), w.entry(2)})
			},
			appraisal.Opinion: func() error {
				return w.s.Decide(ctx, w.secretary, w.entry(0), appraisal.Decision{Grade: appraisal.Excellent, Opinion: "好。"})
			},
			appraisal.Told: func() error { return w.s.Read(ctx, w.own(0), w.entry(0), "没有意见。") },
			appraisal.Closed: func() error {
				return w.s.Correct(ctx, w.secretary, w.entry(0), appraisal.Correction{Grade: appraisal.Qualified, Reason: "误登"}, 0)
			},
		}
		for _, at := range appraisal.Steps() {
			for step, do := range try {
				allowed := step == at || step == appraisal.Opinion && at == appraisal.Told || step == appraisal.Told && at == appraisal.Closed
				if !allowed {
					w.wants(do(), errs.Conflict, "")
				}
			}
			if at != appraisal.Closed {
				w.wants(w.s.Advance(ctx, w.secretary, w.round, at.Next(), "原因", 0), errs.Conflict, "")
			}
			switch at {
			case appraisal.Self:
				w.wants(w.s.Advance(ctx, w.secretary, w.round, at, "", 0), errs.Invalid, "reason")
				for i := range full + 1 {
					w.must(w.s.WriteSelf(ctx, w.own(i), w.entry(i), self))
				}
				w.must(w.s.Advance(ctx, w.secretary, w.round, at, "", 0))
			case appraisal.Mutual:
				w.must(try[at]())
				w.must(w.s.Advance(ctx, w.secretary, w.round, at, "", 0))
			case appraisal.Voting:
				w.wants(w.s.Advance(ctx, w.secretary, w.round, at, "原因", 0), errs.Conflict, "")
				w.must(w.s.Vote(ctx, w.own(0), w.entry(0), w.ballot(0, appraisal.Excellent)))
				w.wants(w.s.Advance(ctx, w.secretary, w.round, at, "", 0), errs.Invalid, "reason")
				for i := 1; i < 3; i++ {
					w.must(w.s.Vote(ctx, w.own(i), w.entry(i), w.ballot(i, appraisal.Qualified)))
				}
				w.must(w.s.Advance(ctx, w.secretary, w.round, at, "", 0))
			case appraisal.Opinion:
				w.wants(w.s.Advance(ctx, w.secretary, w.round, at, "原因", 0), errs.Conflict, "")
				for i := range full {
					g := appraisal.Qualified
					if i < 3 {
						g = appraisal.Excellent
					}
					w.must(w.s.Decide(ctx, w.secretary, w.entry(i), appraisal.Decision{Grade: g, Opinion: "履职尽责。"}))
				}
				w.wants(w.s.Advance(ctx, w.secretary, w.round, at, "", 0), errs.Invalid, "reason") // 3 of 6 are more than a third
				w.must(w.s.Decide(ctx, w.secretary, w.entry(2), appraisal.Decision{Grade: appraisal.Qualified, Opinion: "履职尽责。"}))
				w.must(w.s.Advance(ctx, w.secretary, w.round, at, "", 0))
			case appraisal.Told:
				w.must(try[at]())
				w.wants(w.s.Advance(ctx, w.secretary, w.round, at, "", 0), errs.Invalid, "reason")
				w.must(w.s.Advance(ctx, w.secretary, w.round, at, "其余两名党员外出。", 0))
			}
		}
		w.wants(w.s.Advance(ctx, w.secretary, w.round, appraisal.Closed, "原因", 0), errs.Conflict, "")
		if s := w.shown(); s.Step != appraisal.Closed || s.ClosedOn != calendar.On(2026, 11, 20) || s.Excellent != 2 || s.Qualified != 4 || s.Written != full+1 || s.Unread != 5 {
			t.Errorf("closed: %+v", s.Item)
		}
	})
}

// TestExcellentNormallyAThird: 3*excellent <= members (PARTY-42); more needs a reason, which stays with the round.
func TestExcellentNormallyAThird(t *testing.T) {
	for _, c := range []struct {
		excellent, members int64
		many               bool
	}{{0, 1, false}, {1, 1, true}, {1, 2, true}, {1, 3, false}, {2, 6, false}, {3, 8, true}, {3, 9, false}} {
		if appraisal.TooManyExcellent(c.excellent, c.members) != c.many {
			t.Errorf("%d of %d", c.excellent, c.members)
		}
	}
	each(t, func(w *branch) {
		w.to(appraisal.Told)
		for i := range 3 {
			w.must(w.s.Decide(ctx, w.secretary, w.entry(i), appraisal.Decision{Grade: appraisal.Excellent, Opinion: "表现突出。"}))
		}
		for i := range full {
			w.must(w.s.ReadFor(ctx, w.secretary, w.entry(i), ""))
		}
		w.wants(w.s.Advance(ctx, w.secretary, w.round, appraisal.Told, "", 0), errs.Invalid, "reason")
		w.must(w.s.Advance(ctx, w.secretary, w.round, appraisal.Told, "上级表彰三名", 0))
		if why := w.shown().ExcellentWhy; why != "上级表彰三名" {
			t.Errorf("the reason is %q", why)
		}
	})
}

// TestDecisions refuses what is not complete (PARTY-43, PARTY-45) and keeps votes out of grades.
func TestDecisions(t *testing.T) {
	each(t, func(w *branch) {
		w.to(appraisal.Opinion)
		if s := w.sheet(0); s.Grade != "" || !s.Split.Shown || s.Split.Votes[appraisal.Qualified] != full-1 {
			t.Errorf("before a decision: grade %q, split %+v", s.Grade, s.Split)
		}
		e := w.entry(0)
		decide := func(d appraisal.Decision) error { return w.s.Decide(ctx, w.secretary, e, d) }
		w.wants(decide(appraisal.Decision{Opinion: "好"}), errs.Invalid, "grade")
		w.wants(decide(appraisal.Decision{Grade: appraisal.Abstain, Opinion: "好"}), errs.Invalid, "grade")
		w.wants(decide(appraisal.Decision{Grade: appraisal.Qualified}), errs.Invalid, "opinion")
		basic := appraisal.Decision{Grade: appraisal.Basic, Opinion: "一般", Gaps: "参会少", Help: "支委结对", FollowOn: calendar.On(2027, 3, 1)}
		for field, change := range map[string]func(*appraisal.Decision){
			"gaps": func(d *appraisal.Decision) { d.Gaps = " " }, "help": func(d *appraisal.Decision) { d.Help = "" }, "follow_on": func(d *appraisal.Decision) { d.FollowOn = calendar.Date{} },
			"opinion": func(d *appraisal.Decision) { d.Opinion = strings.Repeat("长", 3001) },
		} {
			d := basic
			change(&d)
			w.wants(decide(d), errs.Invalid, field)
		}
		past := basic
		past.FollowOn = calendar.On(2026, 11, 19)
		w.wants(decide(past), errs.Invalid, "follow_on")
		bad := appraisal.Decision{Grade: appraisal.Unqualified, Opinion: "不合格", Decision: "限期改正", Approval: "文港党发〔2026〕9号"}
		for field, change := range map[string]func(*appraisal.Decision){"decision": func(d *appraisal.Decision) { d.Decision = "" }, "approval": func(d *appraisal.Decision) { d.Approval = "" }} {
			d := bad
			change(&d)
			w.wants(decide(d), errs.Invalid, field)
		}
		w.wants(w.s.Decide(ctx, w.secretary, w.entry(full), appraisal.Decision{Grade: appraisal.Qualified, Opinion: "好"}), errs.Conflict, "") // probationary
		w.wants(w.s.Decide(ctx, w.outside, e, basic), errs.NotFound, "")
		w.wants(w.s.Decide(ctx, w.own(0), e, basic), errs.NotFound, "")
		w.must(decide(bad))
		w.wants(w.s.FollowUp(ctx, w.secretary, e, "好转", 0), errs.Conflict, "")
		w.must(decide(basic))
		if s := w.sheet(0); s.Decision != "" || s.Grade != appraisal.Basic || s.FollowOn != calendar.On(2027, 3, 1) {
			t.Errorf("decided again: %+v", s.Entry)
		}
		stale := basic
		stale.Version = 1
		w.wants(decide(stale), errs.Conflict, "")
		w.wants(w.s.FollowUp(ctx, w.secretary, e, " ", 0), errs.Invalid, "followed")
		w.must(w.s.FollowUp(ctx, w.secretary, e, "已按时参会", 0))
	})
}

// TestTheMemberReadsTheResult: not before it is told, never the votes; a new decision is read again; a closed round is corrected beside what was decided.
func TestTheMemberReadsTheResult(t *testing.T) {
	each(t, func(w *branch) {
		w.to(appraisal.Opinion)
		w.must(w.s.Decide(ctx, w.secretary, w.entry(0), appraisal.Decision{Grade: appraisal.Excellent, Opinion: "表现突出。"}))
		own, err := w.s.SheetOwn(ctx, w.own(0), w.entry(0))
		w.must(err)
		if own.Grade != "" || own.Standing != "" || own.Opinion != "" || own.Split.Shown || own.Split.Votes != nil {
			t.Errorf("seen before it is told: %+v %+v", own.Entry, own.Split)
		}
		for i := 1; i < full; i++ {
			w.must(w.s.Decide(ctx, w.secretary, w.entry(i), appraisal.Decision{Grade: appraisal.Qualified, Opinion: "好。"}))
		}
		w.advance(appraisal.Opinion)
		own, err = w.s.SheetOwn(ctx, w.own(0), w.entry(0))
		w.must(err)
		if own.Grade != appraisal.Excellent || own.Opinion == "" || own.Split.Votes != nil {
			t.Errorf("told: %+v %+v", own.Entry, own.Split)
		}
		w.wants(w.s.Read(ctx, w.own(1), w.entry(0), ""), errs.NotFound, "")
		w.wants(w.s.Read(ctx, w.own(full), w.entry(full), ""), errs.Conflict, "")
		w.wants(w.s.Read(ctx, w.own(0), w.entry(0), strings.Repeat("长", 3001)), errs.Invalid, "own_view")
		w.must(w.s.Read(ctx, w.own(0), w.entry(0), "没有意见。"))
		w.must(w.s.Decide(ctx, w.secretary, w.entry(0), appraisal.Decision{Grade: appraisal.Qualified, Opinion: "较好。"}))
		if s := w.sheet(0); !s.ReadOn.IsZero() || s.OwnView != "没有意见。" {
			t.Errorf("decided again after reading: %+v", s.Entry)
		}
		w.advance(appraisal.Told)
		w.wants(w.s.Read(ctx, w.own(0), w.entry(0), "有意见"), errs.Invalid, "own_view")
		w.must(w.s.Read(ctx, w.own(0), w.entry(0), ""))

		correct := func(c appraisal.Correction) error { return w.s.Correct(ctx, w.secretary, w.entry(0), c, 0) }
		w.wants(correct(appraisal.Correction{Grade: appraisal.Qualified, Reason: "误"}), errs.Invalid, "grade")
		w.wants(correct(appraisal.Correction{Grade: "great", Reason: "误"}), errs.Invalid, "grade")
		w.wants(correct(appraisal.Correction{Grade: appraisal.Basic}), errs.Invalid, "reason")
		w.wants(correct(appraisal.Correction{Grade: appraisal.Unqualified, Reason: "误"}), errs.Invalid, "document")
		w.must(correct(appraisal.Correction{Grade: appraisal.Excellent, Reason: "漏计表彰"}))
		s := w.sheet(0)
		if s.Grade != appraisal.Qualified || s.Standing != appraisal.Excellent || len(s.Corrections) != 1 || s.Corrections[0].Was != appraisal.Qualified {
			t.Errorf("corrected: %+v %+v", s.Entry, s.Corrections)
		}
		past, err := w.s.Own(ctx, w.own(0))
		w.must(err)
		if len(past) != 1 || past[0].Grade != appraisal.Excellent || past[0].Year != 2026 {
			t.Errorf("history: %+v", past)
		}
	})
}

// TestABranchReadsNoMoreOfWhoLeft: what a member does and is told elsewhere is not read through the sheet of a former branch; what this branch did stays.
func TestABranchReadsNoMoreOfWhoLeft(t *testing.T) {
	each(t, func(w *branch) {
		w.open()
		testkit.Exec(t, w.d, `INSERT INTO contact (tenant_id, id, member_id, person_id, kind, on_date, note, account_id, at) VALUES ($1,1,$2,$3,'talk','2026-10-01','家事',1,1)`, testkit.Tenant, w.members[0], w.people[0])
		if s := w.sheet(0); s.Left || len(s.Year.Lines) != 1 || s.Year.Contacts != 1 {
			t.Fatalf("at home: %+v", s.Year)
		}
		testkit.Exec(t, w.d, `UPDATE member SET home_id = $1 WHERE id = $2`, w.other, w.members[0])
		testkit.Exec(t, w.d, `INSERT INTO appraisal_round (tenant_id, id, organisation_id, year, step, step_on, opened_by, opened_on) SELECT tenant_id, 7, $1, 2025, 'closed', '2025-12-01', opened_by, opened_on FROM appraisal_round LIMIT 1`, w.other)
		testkit.Exec(t, w.d, `UPDATE appraisal_entry SET round_id = 7, organisation_id = $1 WHERE id = $2`, w.other, w.entry(4))
		testkit.Exec(t, w.d, `UPDATE appraisal_entry SET member_id = $1 WHERE round_id = 7`, w.members[0])
		if s := w.sheet(0); !s.Left || len(s.Year.Lines) != 0 || s.Year.Contacts != 0 || len(s.Earlier) != 0 {
			t.Errorf("gone to another branch: %+v %+v", s.Year, s.Earlier)
		}
		if s, err := w.s.SheetOwn(ctx, w.own(0), w.entry(0)); err != nil || len(s.Year.Lines) != 1 || len(s.Earlier) != 1 {
			t.Errorf("the member reads %+v %+v, %v", s.Year, s.Earlier, err)
		}
	})
}

// TestNobodyWritesOverAMembersWords: what members wrote on their phones is not replaced by what is entered for them from paper.
func TestNobodyWritesOverAMembersWords(t *testing.T) {
	each(t, func(w *branch) {
		w.open()
		said := appraisal.SelfAppraisal{Text: "我自己写的"}
		w.must(w.s.WriteSelf(ctx, w.own(0), w.entry(0), said))
		w.wants(w.s.WriteSelfFor(ctx, w.secretary, w.entry(0), appraisal.SelfAppraisal{Text: "代写"}), errs.Conflict, "")
		w.must(w.s.WriteSelfFor(ctx, w.secretary, w.entry(2), appraisal.SelfAppraisal{Text: "纸上的"}))
		w.must(w.s.WriteSelfFor(ctx, w.secretary, w.entry(2), appraisal.SelfAppraisal{Text: "纸上的，改一个字"}))
		w.advance(appraisal.Self)
		w.must(w.s.WriteRemark(ctx, w.own(0), w.entry(0), w.entry(3), "待人热心"))
		w.wants(w.s.WriteRemarkFor(ctx, w.secretary, w.entry(0), w.entry(3), "不热心"), errs.Conflict, "")
		if s := w.sheet(0); s.SelfText != "我自己写的" || s.SelfPaper {
			t.Errorf("the self-appraisal: %+v", s.Entry)
		}
		if s := w.sheet(3); len(s.About) != 1 || s.About[0].Text != "待人热心" {
			t.Errorf("the remark: %+v", s.About)
		}
	})
}

// TestRemarks: signed, within the group, seen by the one concerned and the branch.
func TestRemarks(t *testing.T) {
	each(t, func(w *branch) {
		w.open()
		w.must(w.s.Arrange(ctx, w.secretary, w.entry(2), appraisal.Arrangement{Votes: true, Graded: true, Group: "第二党小组"}))
		w.advance(appraisal.Self)
		w.wants(w.s.WriteRemark(ctx, w.own(0), w.entry(0), w.entry(0), "好"), errs.Invalid, "about")
		w.wants(w.s.WriteRemark(ctx, w.own(1), w.entry(1), w.entry(2), "好"), errs.Invalid, "about") // another group
		w.wants(w.s.WriteRemark(ctx, w.own(0), w.entry(0), w.entry(3), strings.Repeat("长", 501)), errs.Invalid, "text")
		w.wants(w.s.WriteRemark(ctx, w.own(0), w.entry(1), w.entry(3), "好"), errs.NotFound, "") // in another's name
		w.must(w.s.WriteRemark(ctx, w.own(0), w.entry(0), w.entry(3), "待人热心"))
		w.must(w.s.WriteRemark(ctx, w.own(0), w.entry(0), w.entry(3), "待人 热心，学习抓得紧"))
		w.must(w.s.WriteRemarkFor(ctx, w.secretary, w.entry(4), w.entry(3), "会上发言：肯干"))
		if s := w.sheet(3); len(s.About) != 2 || s.About[0].From != "党员A" || s.About[0].Text != "待人 热心，学习抓得紧" || !s.About[1].Paper {
			t.Errorf("about: %+v", s.About)
		}
		own, err := w.s.SheetOwn(ctx, w.own(0), w.entry(0))
		w.must(err)
		if len(own.Wrote) != 1 || len(own.About) != 0 || len(own.Others) != full {
			t.Errorf("the writer sees %+v %+v, can write about %d", own.Wrote, own.About, len(own.Others))
		}
		w.must(w.s.WriteRemark(ctx, w.own(0), w.entry(0), w.entry(3), ""))
		if s := w.sheet(3); len(s.About) != 1 {
			t.Errorf("taken back, yet: %+v", s.About)
		}
	})
}

// TestArranging: rights taken with a reason (PARTY-32), a receiving organisation (MOB-4), before the ballot only.
func TestArranging(t *testing.T) {
	each(t, func(w *branch) {
		w.open()
		arrange := func(i int, x appraisal.Arrangement) error { return w.s.Arrange(ctx, w.secretary, w.entry(i), x) }
		w.wants(arrange(0, appraisal.Arrangement{Graded: true}), errs.Invalid, "why")
		w.wants(arrange(full, appraisal.Arrangement{Votes: true}), errs.Invalid, "votes")
		w.wants(arrange(full, appraisal.Arrangement{Graded: true}), errs.Invalid, "graded")
		w.wants(arrange(0, appraisal.Arrangement{Votes: true, Why: "x", Away: "外地支部"}), errs.Invalid, "away")
		w.wants(w.s.Arrange(ctx, w.outside, w.entry(0), appraisal.Arrangement{Votes: true, Graded: true}), errs.NotFound, "")
		w.must(arrange(0, appraisal.Arrangement{Graded: true, Why: "留党察看期间"}))
		w.must(arrange(1, appraisal.Arrangement{Votes: true, Graded: true, Away: "外地支部"}))
		w.advance(appraisal.Self)
		w.advance(appraisal.Mutual)
		w.wants(arrange(0, appraisal.Arrangement{Votes: true, Graded: true}), errs.Conflict, "")
		w.wants(w.s.Vote(ctx, w.own(0), w.entry(0), appraisal.Ballot{}), errs.Conflict, "")
		subjects, err := w.s.Subjects(ctx, w.secretary, w.round)
		w.must(err)
		if len(subjects) != full-1 || w.shown().Turnout.Voters != full-1 {
			t.Errorf("on the ballot %d, voters %d", len(subjects), w.shown().Turnout.Voters)
		}
		w.must(w.s.Vote(ctx, w.own(1), w.entry(1), appraisal.Ballot{w.entry(0): appraisal.Qualified, w.entry(2): appraisal.Qualified, w.entry(3): appraisal.Qualified,
			w.entry(4): appraisal.Qualified, w.entry(5): appraisal.Abstain})) // away, and votes at home
	})
}

// TestStriking takes a round away that was opened by mistake, while nobody can have voted.
func TestStriking(t *testing.T) {
	each(t, func(w *branch) {
		w.open()
		w.wants(w.s.Strike(ctx, w.secretary, w.round, " "), errs.Invalid, "why")
		w.wants(w.s.Strike(ctx, w.outside, w.round, "误"), errs.NotFound, "")
		w.must(w.s.Strike(ctx, w.secretary, w.round, "年份选错"))
		_, err := w.s.Get(ctx, w.secretary, w.round)
		w.wants(err, errs.NotFound, "")
		w.to(appraisal.Voting)
		w.wants(w.s.Strike(ctx, w.secretary, w.round, "误"), errs.Conflict, "")
	})
}

// TestOutsidersSeeCountsOnly: a looker gets counts and no names, another branch nothing.
func TestOutsidersSeeCountsOnly(t *testing.T) {
	each(t, func(w *branch) {
		w.to(appraisal.Told)
		s, err := w.s.Get(ctx, w.looker, w.round)
		w.must(err)
		if s.Keep || s.Qualified != full || s.Members != full+1 {
			t.Errorf("counts: %+v", s.Item)
		}
		_, err = w.s.Members(ctx, w.looker, w.round, db.Page{})
		w.wants(err, errs.NotFound, "")
		_, err = w.s.Sheet(ctx, w.looker, w.entry(0))
		w.wants(err, errs.NotFound, "")
		_, err = w.s.Sheet(ctx, w.own(1), w.entry(0))
		w.wants(err, errs.NotFound, "")
		_, err = w.s.SheetOwn(ctx, w.own(1), w.entry(0))
		w.wants(err, errs.NotFound, "")
		_, err = w.s.BallotForm(ctx, w.own(1), w.entry(0))
		w.wants(err, errs.NotFound, "")
		_, err = w.s.Get(ctx, w.outside, w.round)
		w.wants(err, errs.NotFound, "")
		list, err := w.s.List(ctx, w.outside, appraisal.Filter{})
		w.must(err)
		if len(list.Items) != 0 {
			t.Errorf("another branch sees %v", list.Items)
		}
		for f, n := range map[appraisal.Filter]int{{}: 1, {Year: 2025}: 0, {Year: 2026, Step: appraisal.Told}: 1, {Open: true}: 1, {Step: appraisal.Closed}: 0, {Text: "第一"}: 1, {Text: "第二"}: 0,
			{OrganisationID: w.community}: 1, {OrganisationID: w.other}: 0} {
			if list, err := w.s.List(ctx, w.secretary, f); err != nil || len(list.Items) != n {
				t.Errorf("%+v: %d, %v", f, len(list.Items), err)
			}
		}
	})
}

// TestWaiting tells each what is theirs to do, and nothing once it is done.
func TestWaiting(t *testing.T) {
	each(t, func(w *branch) {
		kinds := func(a authz.Actor) string {
			list, err := w.s.Waiting(ctx, a)
			w.must(err)
			var out []string
			for _, i := range list {
				out = append(out, i.Kind)
			}
			return strings.Join(out, " ")
		}
		is := func(a authz.Actor, want string) {
			t.Helper()
			if got := kinds(a); got != want {
				t.Errorf("waits %q, want %q", got, want)
			}
		}
		w.open()
		is(w.own(0), appraisal.WaitSelf)
		is(w.secretary, "")
		w.clock.Advance(15 * 24 * time.Hour)
		is(w.secretary, appraisal.WaitStep)
		w.must(w.s.WriteSelf(ctx, w.own(0), w.entry(0), appraisal.SelfAppraisal{Text: "好"}))
		is(w.own(0), "")
		w.advance(appraisal.Self)
		w.advance(appraisal.Mutual)
		is(w.own(0), appraisal.WaitBallot)
		is(w.own(full), "")
		for i := range full {
			w.must(w.s.Vote(ctx, w.own(i), w.entry(i), w.ballot(i, appraisal.Qualified)))
		}
		is(w.own(0), "")
		is(w.secretary, appraisal.WaitStep)
		w.advance(appraisal.Voting)
		for i := range full {
			w.must(w.s.Decide(ctx, w.secretary, w.entry(i), appraisal.Decision{Grade: appraisal.Basic, Opinion: "一般", Gaps: "少", Help: "结对", FollowOn: w.s.Today()}))
		}
		w.advance(appraisal.Opinion)
		is(w.own(0), appraisal.WaitResult)
		is(w.secretary, appraisal.WaitFollow)
		w.must(w.s.Read(ctx, w.own(0), w.entry(0), ""))
		is(w.own(0), "")
	})
}
