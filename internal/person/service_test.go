package person_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// ID numbers of nobody: born before 1906.
func number(serial string) string { return code.WithCheck("32090219010203" + serial) }

var (
	east, west = id.ID(101), id.ID(102)
	allPerms   = []authz.Permission{person.PermSee, person.PermEdit, person.PermImport, person.PermExport, person.PermReveal, person.PermLooks,
		person.PermConsent, person.PermPurpose}
)

// community makes the organisation row that other packages' tables join.
func community(t testing.TB, d *db.DB, tenant int64, org id.ID, name string) {
	t.Helper()
	err := d.WithTx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), `INSERT INTO organisation (tenant_id, id, kind, name, name_key, short_name, path, created_at, updated_at)
			VALUES ($1,$2,'community_party',$3,$3,$4,$5,1,1)`, tenant, org, name+"社区党委", name+"社区", "/"+org.String()+"/")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func setup(t testing.TB, d *db.DB) (*person.Service, authz.Actor) {
	t.Helper()
	community(t, d, testkit.Tenant, east, "朝阳")
	community(t, d, testkit.Tenant, west, "雅和")
	return person.New(d, seal.Ephemeral()), testkit.Actor(testkit.Tenant, nil, allPerms...)
}

func create(t testing.TB, s *person.Service, actor authz.Actor, in person.NewPerson) id.ID {
	t.Helper()
	p, err := s.Create(context.Background(), actor, in)
	if err != nil {
		t.Fatalf("Create(%s) = %v", in.Name, err)
	}
	return p
}

func named(name, idNumber string) person.NewPerson {
	return person.NewPerson{Fields: person.Fields{Name: name, IDNumber: idNumber}, CommunityID: east}
}

func field(err error, name string) bool {
	e := errs.As(err)
	return e != nil && e.Kind == errs.Invalid && !e.Fields[name].Text.IsZero()
}

func names(t testing.TB, s *person.Service, actor authz.Actor, f person.Filter) string {
	t.Helper()
	l, err := s.List(context.Background(), actor, f)
	if err != nil {
		t.Fatalf("List(%+v) = %v", f, err)
	}
	var out []string
	for _, it := range l.Items {
		out = append(out, it.Name)
	}
	return strings.Join(out, " ")
}

func TestCreateFillsInWhatTheNumberSays(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := setup(t, d)
		in := named("王 芳", number("002"))
		in.Phone, in.Address, in.Categories = "138 0013 8000", person.Address{Quarter: "新村", Building: "3", Stairwell: "2", Room: "501"}, []string{"02", "12"}
		p, err := s.Get(t.Context(), actor, create(t, s, actor, in))
		if err != nil {
			t.Fatal(err)
		}
		if p.Name != "王芳" || p.BornOn.String() != "1901-02-03" || p.Sex != code.Female || p.State() != person.Living {
			t.Errorf("got %+v", p)
		}
		if p.PhoneMask != "138****8000" || !strings.HasPrefix(p.IDMask, "320***") || p.HouseholdID == 0 {
			t.Errorf("masks %q %q, household %v", p.PhoneMask, p.IDMask, p.HouseholdID)
		}
		l, err := s.List(t.Context(), actor, person.Filter{})
		if err != nil || len(l.Items) != 1 || l.Items[0].Address != "新村3幢2单元501室" || !slices.Equal(l.Items[0].Categories, []string{"02", "12"}) {
			t.Errorf("list %+v (%v)", l.Items, err)
		}
		again := named("李雷", "")
		again.Address = in.Address
		q, err := s.Get(t.Context(), actor, create(t, s, actor, again))
		if err != nil || q.HouseholdID != p.HouseholdID {
			t.Errorf("people of one address live in households %v and %v (%v)", p.HouseholdID, q.HouseholdID, err)
		}
		h, people, err := s.Household(t.Context(), actor, p.HouseholdID)
		if err != nil || len(people) != 2 || h.Room != "501" {
			t.Errorf("household %+v of %d (%v)", h, len(people), err)
		}
	})
}

func TestCreateRefuses(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := setup(t, d)
		first := create(t, s, actor, named("王芳", number("002")))
		cases := []struct {
			why, field string
			change     func(*person.NewPerson)
		}{
			{"no name", "name", func(p *person.NewPerson) { p.Name = " " }},
			{"a formula as name", "name", func(p *person.NewPerson) { p.Name = "=1+1" }},
			{"a wrong check character", "id_number", func(p *person.NewPerson) { p.IDNumber = "320902190102030049" }},
			{"half a phone number", "phone", func(p *person.NewPerson) { p.Phone = "1380013" }},
			{"a birthday that contradicts the number", "born_on", func(p *person.NewPerson) { p.BornOn = calendar.MustParse("1901-02-04") }},
			{"a sex that contradicts the number", "sex", func(p *person.NewPerson) { p.Sex = code.Female }},
			{"a number that is taken", "id_number", func(p *person.NewPerson) { p.IDNumber = strings.ToLower(number("002")) }},
			{"a field that no purpose needs", "ethnic", func(p *person.NewPerson) { p.Ethnic = "01" }},
			{"a schooling that does not exist", "schooling", func(p *person.NewPerson) { p.Schooling = "72" }},
			{"no community", "community", func(p *person.NewPerson) { p.CommunityID = 0 }},
		}
		for _, c := range cases {
			in := named("李雷", number("011"))
			c.change(&in)
			_, err := s.Create(t.Context(), actor, in)
			if !field(err, c.field) {
				t.Errorf("%s: Create = %v, want something wrong with %s", c.why, err, c.field)
			}
			if err != nil && in.IDNumber != "" && strings.Contains(err.Error(), in.IDNumber) {
				t.Errorf("%s: the message repeats the number", c.why)
			}
		}
		_, err := s.Create(t.Context(), actor, named("李雷", number("002")))
		var taken *person.TakenError
		if !errors.As(err, &taken) || taken.PersonID != first {
			t.Errorf("a taken number points to %+v, want %v", taken, first)
		}
		elsewhere := testkit.Actor(testkit.Tenant, []id.ID{west}, allPerms...)
		in := named("李雷", number("002"))
		in.CommunityID = west
		taken = nil
		if _, err := s.Create(t.Context(), elsewhere, in); !field(err, "id_number") || errors.As(err, &taken) || strings.Contains(err.Error(), "王芳") {
			t.Errorf("to who may not see the record it shows too much: %v", err)
		}
		confirmed := named("李雷", number("011"))
		confirmed.Sex, confirmed.Confirmed = code.Female, true
		p, err := s.Get(t.Context(), actor, create(t, s, actor, confirmed))
		if err != nil || p.Sex != code.Female || !slices.Equal(p.Flagged, []string{person.FlagSex}) {
			t.Errorf("confirmed: sex %q, flags %v (%v); the stored field wins, flagged", p.Sex, p.Flagged, err)
		}
		if n := names(t, s, actor, person.Filter{Flagged: true}); n != "李雷" {
			t.Errorf("flagged: %q", n)
		}
	})
}

func TestEdit(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := setup(t, d)
		p := create(t, s, actor, named("王芳", number("002")))
		newName, phone := "汪芳", "13800138000"
		if err := s.Edit(t.Context(), actor, p, person.Change{Version: 1, Name: &newName, Phone: &phone}); err != nil {
			t.Fatalf("Edit = %v", err)
		}
		if err := s.Edit(t.Context(), actor, p, person.Change{Version: 1, Name: &newName}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a second clerk with the old version = %v, want Conflict", err)
		}
		for text, want := range map[string]string{"汪": "汪芳", "王": "", "wf": "汪芳", "13800138000": "汪芳", number("002"): "汪芳"} {
			if got := names(t, s, actor, person.Filter{Text: text}); got != want {
				t.Errorf("search %q = %q, want %q", text, got, want)
			}
		}
		none := ""
		if err := s.Edit(t.Context(), actor, p, person.Change{Version: 2, Phone: &none}); err != nil {
			t.Fatal(err)
		}
		if got := names(t, s, actor, person.Filter{Text: phone}); got != "" {
			t.Errorf("a deleted phone still finds %q", got)
		}
		born := calendar.MustParse("1902-02-03")
		if err := s.Edit(t.Context(), actor, p, person.Change{Version: 3, BornOn: &born}); !field(err, "born_on") {
			t.Errorf("a birthday against the number = %v, want a question", err)
		}
		elsewhere := testkit.Actor(testkit.Tenant, []id.ID{west}, allPerms...)
		if err := s.Edit(t.Context(), elsewhere, p, person.Change{Version: 3, Name: &newName}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("Edit from another community = %v, want NotFound", err)
		}
	})
}

func TestSearch(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := setup(t, d)
		for i, n := range []string{"王小明", "王小", "小王明", "曾国荃", "单田芳", "阿不都·热西提", "Anna Li", "王%明"} {
			in := named(n, "")
			if i == 1 {
				in.CommunityID = west
			}
			create(t, s, actor, in)
		}
		cases := []struct{ why, text, want string }{
			{"one character", "曾", "曾国荃"},
			{"two neighbours", "王小", "王小明 王小"},
			{"a whole name", "王小明", "王小明"},
			{"two characters that are no neighbours", "王明", "小王明"},
			{"initials, with the surname read as a surname", "zgq", "曾国荃"},
			{"the beginning of initials", "st", "单田芳"},
			{"capital initials", "WX", "王小 王小明"},
			{"the middle of a long name", "不都·热", "阿不都·热西提"},
			{"the other kind of dot", "都•热", "阿不都·热西提"},
			{"letters", "anna", "Anna Li"},
			{"a sign that LIKE would take for anything", "王%明", "王%明"},
			{"nobody", "赵", ""},
		}
		for _, c := range cases {
			if got := names(t, s, actor, person.Filter{Text: c.text}); got != c.want {
				t.Errorf("%s: %q finds %q, want %q", c.why, c.text, got, c.want)
			}
		}
		inWest := testkit.Actor(testkit.Tenant, []id.ID{west}, person.PermSee)
		if got := names(t, s, inWest, person.Filter{Text: "王"}); got != "王小" {
			t.Errorf("in scope of one community: %q", got)
		}
		if got := names(t, s, testkit.Actor(testkit.Other, nil, person.PermSee), person.Filter{Text: "王"}); got != "" {
			t.Errorf("another tenant finds %q", got)
		}
	})
}

// Every page order visits every row once, forwards and backwards, with and without a search.
func TestPagesCoverTheList(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := setup(t, d)
		const people = 23
		for i := range people {
			in := named([]string{"王芳", "王方", "李王", "汪王"}[i%4]+strings.Repeat("一", i%3), "")
			in.CommunityID = []id.ID{east, west}[i%2]
			in.BornOn = calendar.On(1950+i%5, 1, 1)
			create(t, s, actor, in)
		}
		many := testkit.Actor(testkit.Tenant, []id.ID{east, west, 3, 4, 5}, person.PermSee)
		for _, f := range []person.Filter{{}, {Sort: person.SortAge}, {Sort: person.SortNewest}, {Text: "王"}, {Text: "w"}} {
			for _, a := range []authz.Actor{actor, many} {
				want := people
				if f.Text == "w" {
					want = 17
				}
				walk(t, s, a, f, want)
			}
		}
	})
}

func walk(t *testing.T, s *person.Service, actor authz.Actor, f person.Filter, want int) {
	t.Helper()
	seen := map[id.ID]bool{}
	f.Page = db.Page{Limit: 5}
	var last string
	for {
		l, err := s.List(t.Context(), actor, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range l.Items {
			if seen[it.ID] {
				t.Fatalf("%+v: %s stands on two pages", f, it.Name)
			}
			seen[it.ID] = true
		}
		last = l.Prev
		if l.Next == "" {
			break
		}
		f.Page.After = db.ParseCursor(l.Next)
	}
	if len(seen) != want {
		t.Errorf("%+v: %d rows on all pages, want %d", f, len(seen), want)
	}
	back := 0
	for last != "" {
		f.Page = db.Page{Limit: 5, Before: db.ParseCursor(last)}
		l, err := s.List(t.Context(), actor, f)
		if err != nil {
			t.Fatal(err)
		}
		back += len(l.Items)
		last = l.Prev
	}
	if rest := (want - 1) / 5 * 5; back != rest {
		t.Errorf("%+v: %d rows backwards, want %d", f, back, rest)
	}
}

func TestFilters(t *testing.T) {
	clock := testkit.NewClock() // 2026-09-15
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		s, actor := setup(t, d)
		add := func(name, born string, sex code.Sex, categories ...string) id.ID {
			in := named(name, "")
			in.BornOn, in.Sex, in.Categories, in.Political = calendar.MustParse(born), sex, categories, code.Masses
			return create(t, s, actor, in)
		}
		add("甲", "1966-09-15", code.Male, "02")
		add("乙", "1966-09-16", code.Female, "02", "15")
		add("丙", "2012-09-15", code.Male)
		cases := []struct {
			why  string
			f    person.Filter
			want string
		}{
			{"60 and older includes today's birthday", person.Filter{AgeFrom: 60}, "甲"},
			{"up to 59", person.Filter{AgeTo: 59}, "丙 乙"},
			{"exactly 14", person.Filter{AgeFrom: 14, AgeTo: 14}, "丙"},
			{"category", person.Filter{Category: "02"}, "甲 乙"},
			{"category and sex", person.Filter{Category: "02", Sex: code.Female}, "乙"},
			{"oldest first", person.Filter{Sort: person.SortAge}, "甲 乙 丙"},
			{"political", person.Filter{Political: code.Masses}, "丙 甲 乙"},
			{"moved out", person.Filter{State: person.MovedOut}, ""},
		}
		for _, c := range cases {
			if got := names(t, s, actor, c.f); got != c.want {
				t.Errorf("%s: %q, want %q", c.why, got, c.want)
			}
		}
	})
}

func TestMoves(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		s, actor := setup(t, d)
		inEast, inWest := testkit.Actor(testkit.Tenant, []id.ID{east}, allPerms...), testkit.Actor(testkit.Tenant, []id.ID{west}, allPerms...)
		p := create(t, s, inEast, named("王芳", number("002")))
		if err := s.MoveOut(t.Context(), inEast, p, 1, calendar.MustParse("2026-09-16")); !field(err, "moved_out_on") {
			t.Errorf("moving out tomorrow = %v", err)
		}
		if err := s.MoveOut(t.Context(), inEast, p, 1, calendar.MustParse("2026-09-14")); err != nil {
			t.Fatal(err)
		}
		if got := names(t, s, inEast, person.Filter{}); got != "" {
			t.Errorf("still lives here: %q", got)
		}
		if got := names(t, s, inEast, person.Filter{State: person.MovedOut}); got != "王芳" {
			t.Errorf("moved out: %q", got)
		}
		if _, err := s.TakeIn(t.Context(), inEast, person.Arrival{IDNumber: number("002"), CommunityID: west}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("taking in for another community = %v, want Forbidden", err)
		}
		if _, err := s.TakeIn(t.Context(), inWest, person.Arrival{IDNumber: number("011"), CommunityID: west}); !field(err, "id_number") {
			t.Errorf("taking in a stranger = %v", err)
		}
		got, err := s.TakeIn(t.Context(), inWest, person.Arrival{IDNumber: number("002"), CommunityID: west, Address: person.Address{Text: "雅和路1号"}})
		if err != nil || got != p {
			t.Fatalf("TakeIn = %v, %v; want %v", got, err, p)
		}
		if n := names(t, s, inWest, person.Filter{Text: "芳"}); n != "王芳" {
			t.Errorf("found in the new community: %q", n)
		}
		if n := names(t, s, inEast, person.Filter{Text: "芳", State: person.AnyState}); n != "" {
			t.Errorf("found in the old community: %q", n)
		}
		now, err := s.Get(t.Context(), actor, p)
		if err != nil || now.State() != person.Living || now.MovedInOn.String() != "2026-09-15" {
			t.Errorf("after the move %+v (%v)", now, err)
		}
		if err := s.Died(t.Context(), inWest, p, now.Version, calendar.MustParse("1900-01-01")); !field(err, "died_on") {
			t.Errorf("dead before birth = %v", err)
		}
		if err := s.Died(t.Context(), inWest, p, now.Version, calendar.MustParse("2026-09-15")); err != nil {
			t.Fatal(err)
		}
		if n := names(t, s, inWest, person.Filter{State: person.Dead}); n != "王芳" {
			t.Errorf("the dead: %q", n)
		}
	})
}

func TestFollowingAMergedCommunity(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := setup(t, d)
		in := named("王芳", "")
		in.Address = person.Address{Text: "朝阳路1号"}
		create(t, s, actor, in)
		if err := d.WithTx(t.Context(), func(tx *db.Tx) error { return s.Follow(t.Context(), tx, actor, east, west) }); err != nil {
			t.Fatal(err)
		}
		inWest := testkit.Actor(testkit.Tenant, []id.ID{west}, allPerms...)
		if n := names(t, s, inWest, person.Filter{Text: "王芳"}); n != "王芳" {
			t.Errorf("found after the merger: %q", n)
		}
		if l, err := s.Households(t.Context(), inWest, person.HouseholdFilter{Text: "朝阳"}); err != nil || len(l.Items) != 1 || l.Items[0].Head != "王芳" {
			t.Errorf("households after the merger: %+v (%v)", l.Items, err)
		}
	})
}

func TestRevealAndWhoLooked(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		s, actor := setup(t, d)
		in := named("王芳", number("002"))
		in.Phone = "13800138000"
		p := create(t, s, actor, in)
		worker := testkit.Actor(testkit.Tenant, []id.ID{east}, person.PermSee, person.PermReveal, person.PermLooks)
		worker.Name = "社工小李"
		for _, c := range []struct{ why, field, purpose, wrong string }{
			{"no purpose", person.FieldPhone, "", "purpose"},
			{"an unknown purpose", person.FieldPhone, "curiosity", "purpose"},
			{"a purpose that does not cover the field", person.FieldIDNumber, "contact", "purpose"},
		} {
			if v, err := s.Reveal(t.Context(), worker, p, c.field, c.purpose, ""); !field(err, c.wrong) || v != "" {
				t.Errorf("%s: Reveal = %q, %v", c.why, v, err)
			}
		}
		if v, err := s.Reveal(t.Context(), worker, p, person.FieldPhone, "contact", " 通知体检 "); err != nil || v != "13800138000" {
			t.Fatalf("Reveal = %q, %v", v, err)
		}
		if v, err := s.Reveal(t.Context(), testkit.Actor(testkit.Tenant, []id.ID{west}, allPerms...), p, person.FieldPhone, "contact", ""); errs.KindOf(err) != errs.NotFound || v != "" {
			t.Errorf("Reveal from another community = %q, %v", v, err)
		}
		known, _ := s.Get(t.Context(), worker, p)
		for range 2 {
			if err := s.Opened(t.Context(), worker, known); err != nil {
				t.Fatal(err)
			}
		}
		resident := testkit.Own(testkit.Tenant, p, person.PermSeeOwn, person.PermLooksOwn, person.PermConsentOwn)
		if err := s.Opened(t.Context(), resident, known); err != nil {
			t.Fatal(err)
		}
		for who, a := range map[string]authz.Actor{"the resident": resident, "the counter": worker} {
			_, looks, err := s.Looks(t.Context(), a, p, db.Page{})
			if err != nil || len(looks.Items) != 2 {
				t.Fatalf("%s: %d looks (%v), want the opened page once and the phone", who, len(looks.Items), err)
			}
			l := looks.Items[1]
			if l.Who != "社工小李" || l.Role != "test" || l.Field != person.FieldPhone || l.Purpose != "联系居民" || l.Reason != "通知体检" {
				t.Errorf("%s: %+v", who, l)
			}
		}
		other := testkit.Own(testkit.Tenant, id.New(), person.PermSeeOwn, person.PermLooksOwn)
		if _, _, err := s.Looks(t.Context(), other, p, db.Page{}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another resident: Looks = %v, want NotFound", err)
		}
		if _, err := s.Get(t.Context(), resident, p); err != nil {
			t.Errorf("the resident's own record: %v", err)
		}
		clock.Advance(24 * 3600 * 1e9)
	})
}

func TestConsent(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := setup(t, d)
		p := create(t, s, actor, named("王芳", ""))
		resident := testkit.Own(testkit.Tenant, p, person.PermConsentOwn)
		may := func(purpose string) bool {
			t.Helper()
			ok, err := person.MayUse(t.Context(), d, testkit.Tenant, p, purpose)
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		if may("message") || !may("contact") {
			t.Error("before any answer: messages need consent, contact rests on the law")
		}
		if err := s.Answer(t.Context(), actor, p, "message", "paper", person.Agreed); err != nil || !may("message") {
			t.Errorf("after agreeing on paper: %v, may %v", err, may("message"))
		}
		if err := s.Withdraw(t.Context(), resident, p, "message"); err != nil || may("message") {
			t.Errorf("after withdrawing: %v, may %v", err, may("message"))
		}
		if err := s.Answer(t.Context(), resident, p, "message", "web", person.Declined); err != nil || may("message") {
			t.Errorf("after declining: %v", err)
		}
		if err := s.Answer(t.Context(), actor, p, "contact", "paper", person.Agreed); !field(err, "purpose") {
			t.Errorf("consent to what needs none = %v", err)
		}
		all, err := s.Consents(t.Context(), resident, p)
		if err != nil || len(all) != 2 || all[1].TextVersion == "" || all[1].WithdrawnAt.IsZero() || all[1].Channel != "paper" {
			t.Errorf("history %+v (%v)", all, err)
		}
		stranger := testkit.Own(testkit.Tenant, id.New(), person.PermConsentOwn)
		if err := s.Withdraw(t.Context(), stranger, p, "message"); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a stranger withdraws = %v, want NotFound", err)
		}
	})
}

func TestPurposesDecideWhatMayBeKept(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := setup(t, d)
		in := named("王芳", "")
		in.Ethnic = "01"
		if _, err := s.Create(t.Context(), actor, in); !field(err, "ethnic") {
			t.Fatalf("without a purpose = %v", err)
		}
		census := person.Purpose{Code: "census", Name: "民族工作", Basis: "城市民族工作条例", Retention: "1 年", DataKinds: []string{"name", "ethnic"}}
		if err := s.SavePurpose(t.Context(), testkit.Actor(testkit.Tenant, []id.ID{east}, person.PermPurpose), census); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("a community changes the register = %v, want Forbidden", err)
		}
		if err := s.SavePurpose(t.Context(), actor, census); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Create(t.Context(), actor, in); err != nil {
			t.Errorf("with a purpose = %v", err)
		}
	})
}

func TestCategoriesBeginAndEnd(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		s, actor := setup(t, d)
		p := create(t, s, actor, named("王芳", ""))
		steps := []struct {
			codes []string
			want  string
		}{
			{[]string{"03", "06"}, "03 2026-09-15..; 06 2026-09-15.."},
			{[]string{"06"}, "06 2026-09-15.."}, // what began and ended on one day never held
		}
		for _, st := range steps {
			if err := s.SetCategories(t.Context(), actor, p, st.codes); err != nil {
				t.Fatal(err)
			}
			if got := spans(t, s, actor, p); got != st.want {
				t.Errorf("%v: %q, want %q", st.codes, got, st.want)
			}
		}
		clock.Advance(10 * 24 * 3600 * 1e9)
		if err := s.SetCategories(t.Context(), actor, p, []string{"01"}); err != nil {
			t.Fatal(err)
		}
		if got, want := spans(t, s, actor, p), "01 2026-09-25..; 06 2026-09-15..2026-09-24"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

func spans(t *testing.T, s *person.Service, actor authz.Actor, p id.ID) string {
	t.Helper()
	all, err := s.Categories(t.Context(), actor, p)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range all {
		out = append(out, c.Code+" "+c.ValidFrom.String()+".."+c.ValidTo.String())
	}
	return strings.Join(out, "; ")
}

func TestEnsureFindsOrEnters(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := setup(t, d)
		known := create(t, s, actor, named("王芳", number("002")))
		err := d.WithTx(t.Context(), func(tx *db.Tx) error {
			in := []person.NewPerson{
				{Fields: person.Fields{Name: "王芳", IDNumber: number("002"), Phone: "13800138000"}},
				{Fields: person.Fields{Name: "李雷", IDNumber: number("011"), Political: code.PartyMember}, Source: "member"},
				{Fields: person.Fields{Name: "韩梅", IDNumber: number("002")}},
				{Fields: person.Fields{Name: "李雷", IDNumber: number("011")}},
				{Fields: person.Fields{Name: "坏号", IDNumber: "123"}},
			}
			got, err := s.EnsureAllTx(t.Context(), tx, actor, in)
			if err != nil {
				return err
			}
			if got[0].ID != known || got[0].Created || got[0].Err != nil {
				t.Errorf("a known person: %+v", got[0])
			}
			if !got[1].Created || got[1].Err != nil || got[3].ID != got[1].ID || got[3].Created {
				t.Errorf("a new person, twice in the list: %+v, %+v", got[1], got[3])
			}
			if !field(got[2].Err, "name") || !field(got[4].Err, "id_number") {
				t.Errorf("another name, a wrong number: %v, %v", got[2].Err, got[4].Err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if p, err := s.Get(t.Context(), actor, known); err != nil || p.PhoneMask != "138****8000" {
			t.Errorf("the missing phone was not filled in: %q (%v)", p.PhoneMask, err)
		}
	})
}

func TestExportGivesEveryRowOnceAndIsRecorded(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := setup(t, d)
		for range 12 {
			create(t, s, actor, named("王芳", ""))
		}
		n := 0
		if err := s.Export(t.Context(), actor, person.Filter{Text: "王"}, func(person.Item) error { n++; return nil }); err != nil || n != 12 {
			t.Errorf("%d rows (%v), want 12", n, err)
		}
		if r, _ := db.Value[int64](t.Context(), d, "SELECT count(*) FROM audit_entry WHERE action = $1", "resident.export"); r != 1 {
			t.Errorf("%d records of the export", r)
		}
	})
}

func TestTakingHouseholdsOutIsRecorded(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := setup(t, d)
		in := named("王芳", "")
		in.Address = person.Address{Text: "朝阳路1号"}
		create(t, s, actor, in)
		n := 0
		if err := s.ExportHouseholds(t.Context(), actor, person.HouseholdFilter{}, func(person.HouseholdItem) error { n++; return nil }); err != nil || n != 1 {
			t.Errorf("%d rows (%v), want 1", n, err)
		}
		if r, _ := db.Value[int64](t.Context(), d, "SELECT count(*) FROM audit_entry WHERE action = $1 AND subject_kind = $2", "resident.export", "household"); r != 1 {
			t.Errorf("%d records of the export", r)
		}
		looker := testkit.Actor(testkit.Tenant, nil, person.PermSee)
		if err := s.ExportHouseholds(t.Context(), looker, person.HouseholdFilter{}, func(person.HouseholdItem) error { return nil }); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("who may look only takes them out: %v", err)
		}
	})
}

func TestVerifySeesEachFault(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, actor := setup(t, d)
		in := named("王芳", number("002"))
		in.Address, in.Categories = person.Address{Text: "朝阳路1号"}, []string{"02"}
		create(t, s, actor, in)
		if faults, err := person.Verify(t.Context(), d, testkit.Tenant); err != nil || len(faults) != 0 {
			t.Fatalf("a sound database: %v (%v)", faults, err)
		}
		for want, damage := range map[string]string{
			"by their initials":    "DELETE FROM person_gram WHERE tenant_id = $1 AND gram LIKE '~%'",
			"does not exist":       "UPDATE person SET household_id = 7 WHERE tenant_id = $1",
			"another community":    "UPDATE household SET community_id = 9 WHERE tenant_id = $1",
			"have no index":        "UPDATE person SET id_index = '' WHERE tenant_id = $1",
			"came with an import":  "UPDATE person SET import_id = 5 WHERE tenant_id = $1",
			"categories belong to": "UPDATE person_category SET person_id = 5 WHERE tenant_id = $1",
		} {
			undo := errors.New("undo")
			err := d.WithTx(t.Context(), func(tx *db.Tx) error {
				if _, err := tx.Exec(t.Context(), damage, testkit.Tenant); err != nil {
					return err
				}
				faults, err := person.Verify(t.Context(), tx, testkit.Tenant)
				if err != nil {
					return err
				}
				if !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, want) }) {
					t.Errorf("%s: faults %q, want one with %q", damage, faults, want)
				}
				return undo
			})
			if !errors.Is(err, undo) {
				t.Error(err)
			}
		}
	})
}
