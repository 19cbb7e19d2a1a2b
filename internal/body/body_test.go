package body_test

import (
	"context"
	"strconv"
	"testing"

	"linli/internal/authz"
	"linli/internal/body"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/testkit"
)

var ctx = context.Background()

// TestAJointPartyCommitteeIsWarnedOf holds the numbers of ORG-3: 15 to 17 members, one secretary, five deputies; nothing else is said of others.
func TestAJointPartyCommitteeIsWarnedOf(t *testing.T) {
	today := calendar.MustParse("2026-03-01")
	seats := func(chairs, deputies, members int) (list []body.Seat) {
		for _, r := range []struct {
			role body.Role
			n    int
		}{{body.Chair, chairs}, {body.Deputy, deputies}, {body.Ordinary, members}} {
			for range r.n {
				list = append(list, body.Seat{OrganisationID: id.ID(len(list) + 1), Role: r.role, From: today})
			}
		}
		return list
	}
	for _, c := range []struct {
		name             string
		kind             body.Kind
		chairs, deps, of int
		ends             string
		want             int
	}{
		{"15 with one secretary and five deputies", body.JointParty, 1, 5, 9, "", 0},
		{"17 too", body.JointParty, 1, 5, 11, "", 0},
		{"14 are too few", body.JointParty, 1, 5, 8, "", 1},
		{"18 are too many", body.JointParty, 1, 5, 12, "", 1},
		{"two secretaries, four deputies", body.JointParty, 2, 4, 9, "", 2},
		{"a conference of one organisation", body.Conference, 1, 0, 0, "", 1},
		{"a term that ended", body.Conference, 1, 0, 2, "2026-02-01", 1},
		{"a term that ends in six months", body.Conference, 1, 0, 2, "2026-09-01", 1},
		{"a term that ends later", body.Conference, 1, 0, 2, "2026-09-02", 0},
	} {
		b := body.Body{Kind: c.kind}
		if c.ends != "" {
			b.TermTo = calendar.MustParse(c.ends)
		}
		if got := body.Check(b, seats(c.chairs, c.deps, c.of), today); len(got) != c.want {
			t.Errorf("%s: %d warnings %v, want %d", c.name, len(got), got, c.want)
		}
	}
}

type world struct {
	t                     *testing.T
	d                     *db.DB
	s                     *body.Service
	east, west, mill, inn id.ID
	secretary, other      authz.Actor
	liaison               authz.Actor // of the mill
}

func each(t *testing.T, f func(w *world)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		rows := testkit.NewRows(t, d, testkit.Tenant)
		w := &world{t: t, d: d, s: body.New(d)}
		w.east, w.west = rows.Organisation("community_party", "朝阳社区党委"), rows.Organisation("community_party", "雅和社区党委")
		w.mill, w.inn = rows.Organisation("unit", "第一中学"), rows.Organisation("unit", "人民医院")
		w.secretary = actorAt(w.east, body.PermSee, body.PermKeep)
		w.other = actorAt(w.west, body.PermSee, body.PermKeep)
		w.liaison = actorAt(w.mill, body.PermSee)
		f(w)
	})
}

// actorAt works at one organisation and nowhere else.
func actorAt(org id.ID, perms ...authz.Permission) authz.Actor {
	a := testkit.Actor(testkit.Tenant, []id.ID{org}, perms...)
	a.AccountID = org + 1000
	for i := range a.Grants {
		a.Grants[i].Root = org
	}
	return a
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) conference() id.ID {
	w.t.Helper()
	b, err := w.s.Create(ctx, w.secretary, body.NewBody{Kind: body.Conference, Name: "朝阳社区党建联席会议", LeaderID: w.east, FoundedOn: calendar.DateOf(w.d.Now()).AddDays(-30)})
	w.must(err)
	w.must(w.s.AddSeat(ctx, w.secretary, b, body.NewSeat{OrganisationID: w.east, Name: "王书记", Role: body.Chair}))
	w.must(w.s.AddSeat(ctx, w.secretary, b, body.NewSeat{OrganisationID: w.mill, Name: "李校长", Title: "校长", Role: body.Ordinary}))
	return b
}

func TestABodyIsKeptAndSeenByWhoSitsInIt(t *testing.T) {
	each(t, func(w *world) {
		b := w.conference()
		if _, err := w.s.Create(ctx, w.liaison, body.NewBody{Kind: body.Conference, Name: "另一个", LeaderID: w.mill, FoundedOn: calendar.DateOf(w.d.Now())}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("a liaison sets a body up: %v", err)
		}
		if _, err := w.s.Get(ctx, w.other, b); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another community sees it: %v", err)
		}
		d, err := w.s.Get(ctx, w.liaison, b)
		w.must(err)
		if len(d.Seats) != 2 || d.Keeps || d.Seats[0].Role != body.Chair {
			t.Errorf("the liaison sees %+v", d)
		}
		if err := w.s.AddSeat(ctx, w.liaison, b, body.NewSeat{OrganisationID: w.inn, Name: "张院长", Role: body.Ordinary}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the liaison adds a seat: %v", err)
		}
		err = w.s.AddSeat(ctx, w.secretary, b, body.NewSeat{OrganisationID: w.mill, Name: "李校长", Role: body.Ordinary})
		if e := errs.As(err); e == nil || e.Fields["name"].Text != i18n.BodySeatTwice {
			t.Errorf("the same seat twice: %v", err)
		}
		w.must(w.s.EndSeat(ctx, w.secretary, b, d.Seats[1].ID, calendar.Date{}, "调动"))
		if _, err := w.s.Get(ctx, w.liaison, b); errs.KindOf(err) != errs.NotFound {
			t.Errorf("who left still sees it: %v", err)
		}
		d, err = w.s.Get(ctx, w.secretary, b)
		w.must(err)
		if len(d.Seats) != 2 || d.Seats[1].To.IsZero() || d.Seats[1].Reason != "调动" || len(d.Warnings) == 0 {
			t.Errorf("history %+v, warnings %v", d.Seats, d.Warnings)
		}
		w.must(w.s.End(ctx, w.secretary, b, "合并"))
		if err := w.s.AddSeat(ctx, w.secretary, b, body.NewSeat{OrganisationID: w.inn, Name: "张院长", Role: body.Ordinary}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a seat in a body that ended: %v", err)
		}
	})
}

func TestRulesAreReadByEveryOrganisation(t *testing.T) {
	each(t, func(w *world) {
		b := w.conference()
		w.must(w.s.WriteRules(ctx, w.secretary, b, 0, "议事规则", "第一条　每季度召开一次。"))
		if err := w.s.WriteRules(ctx, w.secretary, b, 0, "议事规则", "别人的"); errs.KindOf(err) != errs.Conflict {
			t.Errorf("an edition over one that the writer did not see: %v", err)
		}
		waits := func() int { l, err := w.s.Waiting(ctx, w.liaison); w.must(err); return len(l) }
		if waits() != 1 {
			t.Error("nothing waits to be read")
		}
		w.must(w.s.ReadRules(ctx, w.liaison, b, w.mill))
		w.must(w.s.ReadRules(ctx, w.liaison, b, w.mill))
		if err := w.s.ReadRules(ctx, w.liaison, b, w.east); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("read for another: %v", err)
		}
		d, err := w.s.Get(ctx, w.secretary, b)
		w.must(err)
		read := map[id.ID]bool{}
		for _, r := range d.Readers {
			read[r.OrganisationID] = !r.At.IsZero()
		}
		if len(read) != 2 || !read[w.mill] || !read[w.east] || waits() != 0 {
			t.Errorf("read by %v", read)
		}
		w.must(w.s.WriteRules(ctx, w.secretary, b, 1, "议事规则", "第一条　每两个月召开一次。"))
		if waits() != 1 {
			t.Error("a new edition does not wait")
		}
		if d, err = w.s.Get(ctx, w.secretary, b); err != nil || len(d.Rules) != 2 || d.Rules[0].Edition != 2 {
			t.Errorf("editions %v, %v", d.Rules, err)
		}
	})
}

func TestSeatsFollowAMerge(t *testing.T) {
	each(t, func(w *world) {
		b := w.conference()
		w.must(w.s.AddSeat(ctx, w.secretary, b, body.NewSeat{OrganisationID: w.inn, Name: "李校长", Role: body.Ordinary}))
		w.must(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.secretary, w.mill, w.inn) }))
		w.must(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.secretary, w.east, w.west) }))
		d, err := w.s.Get(ctx, w.other, b)
		w.must(err)
		held := 0
		for _, s := range d.Seats {
			if s.To.IsZero() {
				held++
			}
		}
		if d.LeaderID != w.west || held != 2 {
			t.Errorf("led by %s, %d seats", strconv.Itoa(int(d.LeaderID)), held)
		}
	})
}

// A representative of the register belongs to the organisation: nobody else's name is read by a number.
func TestARepresentativeBelongsToTheOrganisation(t *testing.T) {
	each(t, func(w *world) {
		b, rows := w.conference(), testkit.NewRows(w.t, w.d, testkit.Tenant)
		theirs, others := rows.Member(rows.Person(w.east, "张院长", ""), w.east, w.inn, "张院长"), rows.Member(rows.Person(w.west, "赵某", ""), w.west, w.mill, "赵某")
		if err := w.s.AddSeat(ctx, w.secretary, b, body.NewSeat{OrganisationID: w.inn, MemberID: others, Role: body.Ordinary}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a member of another organisation represents it: %v", err)
		}
		w.must(w.s.AddSeat(ctx, w.secretary, b, body.NewSeat{OrganisationID: w.inn, MemberID: theirs, Role: body.Ordinary}))
	})
}
