package member_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/testkit"
)

// sits stands for the posts of a branch.
type sits struct{ persons []id.ID }

func (s *sits) Committee(context.Context, db.Querier, int64, id.ID, calendar.Date) ([]id.ID, error) {
	return s.persons, nil
}

// TestWhoHasNotTalkedThisYear records talks at chance and holds the list of what is missing against the plainest reading of PARTY-27.
func TestWhoHasNotTalkedThisYear(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx, r := t.Context(), rand.New(rand.NewPCG(3, 5))
		posts := &sits{}
		w.s.WithCommittees(posts)
		rows := testkit.NewRows(t, w.d, testkit.Tenant)
		var all []id.ID
		person := map[id.ID]id.ID{}
		for i := range 9 {
			name := fmt.Sprintf("党员%d", i)
			p := rows.Person(w.a, name, "")
			m := rows.Member(p, w.a, w.unit, name)
			w.exec("UPDATE member SET home_id = $1, name_key = $2 WHERE id = $3", w.home, name, m)
			all, person[m] = append(all, m), p
		}
		office := all[:3]
		keeper := testkit.Actor(testkit.Tenant, []id.ID{w.unit, w.home}, member.PermSee, member.PermTalk)
		year := w.d.Now().Year()
		talked := map[[2]id.ID]bool{}
		check := func(step string) {
			t.Helper()
			got, err := w.s.Talks(ctx, keeper, w.home, year, db.Page{Limit: 50})
			if err != nil {
				t.Fatal(err)
			}
			with := func(a id.ID, others []id.ID) bool {
				return slices.ContainsFunc(others, func(b id.ID) bool { return a != b && (talked[[2]id.ID{a, b}] || talked[[2]id.ID{b, a}]) })
			}
			var want, have []string
			sitting := all[:len(posts.persons)]
			for i, a := range sitting {
				for _, b := range sitting[i+1:] {
					if !with(a, []id.ID{b}) {
						want = append(want, fmt.Sprint("pair ", a, b))
					}
				}
			}
			for _, p := range got.Pairs {
				have = append(have, fmt.Sprint("pair ", p.One.ID, p.Other.ID))
			}
			for _, m := range all[len(sitting):] {
				o, f := len(sitting) > 0 && !with(m, sitting), !with(m, all[len(sitting):])
				if o || f {
					want = append(want, fmt.Sprint(m, o, f))
				}
			}
			for _, g := range got.Gaps.Items {
				have = append(have, fmt.Sprint(g.ID, g.Committee, g.Fellow))
				if g.Committee != (g.ByOffice.ID != 0) || g.ByFellow.ID == g.ID || g.Fellow && g.ByFellow.ID == 0 && len(got.Gaps.Items) > 1 {
					t.Errorf("%s: proposed %+v", step, g)
				}
			}
			if !slices.Equal(want, have) {
				t.Fatalf("%s:\nhave %v\nwant %v", step, have, want)
			}
		}
		check("without a committee")
		for _, m := range office {
			posts.persons = append(posts.persons, person[m])
		}
		check("at first")
		for i := range 40 {
			a, b := all[r.IntN(9)], all[r.IntN(9)]
			err := w.s.AddTalk(ctx, keeper, member.NewTalk{MemberID: a, WithID: b})
			if a == b {
				kind(t, "with oneself", err, errs.Invalid)
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			talked[[2]id.ID{a, b}] = true
			check(fmt.Sprint("talk ", i))
		}
		// Talks of another year, and other contacts, count for nothing; the pages of the list are its parts.
		if next, err := w.s.Talks(ctx, keeper, w.home, year+1, db.Page{Limit: 2}); err != nil || len(next.Pairs) != 3 || len(next.Gaps.Items) != 2 || next.Gaps.Next == "" {
			t.Errorf("the next year: %+v, %v", next, err)
		}
		d, err := w.s.Get(ctx, keeper, all[8])
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Contacts) == 0 || d.Contacts[0].With == "" || d.Contacts[0].With == "党员8" {
			t.Errorf("the record of one side: %+v", d.Contacts)
		}
	})
}

func TestWhoMayRecordATalk(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		w.s.WithCommittees(&sits{})
		rows := testkit.NewRows(t, w.d, testkit.Tenant)
		make := func(name string, community, home id.ID) (id.ID, id.ID) {
			p := rows.Person(community, name, "")
			m := rows.Member(p, community, 0, name)
			w.exec("UPDATE member SET home_id = $1 WHERE id = $2", home, m)
			return m, p
		}
		a, _ := make("甲", w.a, w.a)
		b, person := make("乙", w.a, w.a)
		far, stranger := make("丙", w.b, w.b)
		kind(t, "with somebody elsewhere", w.s.AddTalk(ctx, w.atA, member.NewTalk{MemberID: a, WithID: far}), errs.Invalid)
		kind(t, "of somebody elsewhere", w.s.AddTalk(ctx, w.atA, member.NewTalk{MemberID: far, WithID: a}), errs.NotFound)
		kind(t, "with nobody", w.s.AddTalk(ctx, w.atA, member.NewTalk{MemberID: a}), errs.Invalid)
		kind(t, "for no reason of the list", w.s.AddTalk(ctx, w.atA, member.NewTalk{MemberID: a, WithID: b, Reason: "gossip"}), errs.Invalid)
		kind(t, "without the right", w.s.AddTalk(ctx, testkit.Actor(testkit.Tenant, []id.ID{w.a}, member.PermSee), member.NewTalk{MemberID: a, WithID: b}), errs.NotFound)
		_, err := w.s.Talks(ctx, w.atB, w.a, 2026, db.Page{})
		kind(t, "the branch of another", err, errs.NotFound)
		if l, err := w.s.TalkBranches(ctx, w.atA); err != nil || len(l) != 1 || l[0].ID != w.a {
			t.Errorf("branches %v, %v", l, err)
		}
		// A contact that a member records with an account of their own is their talk.
		own := w.atA
		own.PersonID, own.Grants = person, append([]authz.Grant(nil), w.atA.Grants...)
		today := calendar.DateOf(w.d.Now())
		if err := w.s.AddContact(ctx, own, a, member.NewContact{Kind: member.Talk, On: today, Note: "住院慰问", Reason: member.Illness}); err != nil {
			t.Fatal(err)
		}
		if err := w.s.AddContact(ctx, own, a, member.NewContact{Kind: member.Visit, On: today, Note: "走访", WithID: b, Reason: member.Illness}); err != nil {
			t.Fatal(err)
		}
		d, err := w.s.Get(ctx, w.atA, a)
		if err != nil || len(d.Contacts) != 2 || d.Contacts[1].With != "乙" || d.Contacts[1].Reason != member.Illness || d.Contacts[0].With != "" || d.Contacts[0].Reason != "" {
			t.Errorf("%+v, %v", d.Contacts, err)
		}
		if got, err := w.s.Talks(ctx, w.atA, w.a, today.Year(), db.Page{}); err != nil || len(got.Gaps.Items) != 0 {
			t.Errorf("after the talk: %+v, %v", got, err)
		}
		// What was said of a member is not read where only the other one is seen.
		own.PersonID = stranger
		if err := w.s.AddContact(ctx, own, a, member.NewContact{Kind: member.Talk, On: today, Note: "家里有难处", Reason: member.Hardship}); err != nil {
			t.Fatal(err)
		}
		if d, err = w.s.Get(ctx, w.atB, far); err != nil || len(d.Contacts) != 1 {
			t.Fatalf("the talker's record: %+v, %v", d.Contacts, err)
		}
		if c := d.Contacts[0]; c.On != today || c.Note != "" || c.Reason != member.OfTheYear || c.With != "" || c.WithID != 0 || c.ByName != "" {
			t.Errorf("another community reads %+v", c)
		}
		if d, err = w.s.Get(ctx, w.all, far); err != nil || d.Contacts[0].Note != "家里有难处" || d.Contacts[0].With != "甲" {
			t.Errorf("who sees both reads %+v, %v", d.Contacts, err)
		}
	})
}
