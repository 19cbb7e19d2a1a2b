package cobuild_test

import (
	"slices"
	"testing"
	"time"

	"linli/internal/calendar"
	"linli/internal/cobuild"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/retention"
	"linli/internal/testkit"
)

// named is an agreement of double posts that both have signed.
func (w *world) named(kind cobuild.Kind) id.ID {
	w.t.Helper()
	t := w.terms()
	t.Kind = kind
	g, err := w.s.Draft(ctx, w.worker, cobuild.NewAgreement{As: w.community, CommunityID: w.community, Units: []id.ID{w.unit}, Terms: t, Items: []cobuild.NewItem{{Title: "每季度参加社区党委会", OrgID: w.unit, Often: cobuild.Quarter, DueOn: calendar.On(2026, 1, 31)}}})
	w.ok(err)
	return w.sign(g)
}

func (w *world) sign(g id.ID) id.ID {
	w.t.Helper()
	w.ok(w.s.Send(ctx, w.worker, g, 0, w.community))
	_, err := w.s.Sign(ctx, w.liaison, g, 0, w.unit)
	w.ok(err)
	_, err = w.s.Sign(ctx, w.secretary, g, 0, w.community)
	w.ok(err)
	return g
}

// member is somebody of the unit who is a member.
func (w *world) member(unit id.ID, name string) (member, person id.ID) {
	w.t.Helper()
	rows := testkit.NewRows(w.t, w.d, testkit.Tenant)
	person = rows.Person(w.community, name, "")
	return rows.Member(person, 0, unit, name), person
}

// granted is an account that works at an organisation.
func (w *world) granted(org id.ID, name string) id.ID {
	w.t.Helper()
	account := id.New()
	testkit.Exec(w.t, w.d, `INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,$3,$4,1)`, testkit.Tenant, account, "a"+account.String(), name)
	testkit.Exec(w.t, w.d, `INSERT INTO role_grant (tenant_id, id, account_id, role_code, organisation_id, valid_from, granted_at) VALUES ($1,$2,$3,'worker',$4,'2026-01-01',1)`, testkit.Tenant, id.New(), account, org)
	return account
}

func (w *world) person(a cobuild.NewPerson, g id.ID) cobuild.Person {
	w.t.Helper()
	made, err := w.s.NamePerson(ctx, w.liaison, g, a)
	w.ok(err)
	d := w.get(w.liaison, g)
	return d.People[slices.IndexFunc(d.People, func(p cobuild.Person) bool { return p.ID == made })]
}

// Each side names its own for a post on the other, as a member, an account or by a name; posts end with the agreement, with the member's record, by a reason, and who has moved is marked.
func TestEachSideNamesItsPersons(t *testing.T) {
	each(t, func(w *world) {
		general := w.agreed()
		_, err := w.s.NamePerson(ctx, w.liaison, general, cobuild.NewPerson{OrgID: w.unit, Name: "王医生", Post: "兼职委员"})
		w.wants(err, errs.Conflict, "")
		g := w.named(cobuild.Double)
		member, _ := w.member(w.unit, "王医生")
		stranger, _ := w.member(w.u2, "李老师")

		for field, in := range map[string]cobuild.NewPerson{"post": {OrgID: w.unit, Name: "x"}, "person": {OrgID: w.unit, Post: "兼职委员"}, "host": {OrgID: w.unit, Name: "x", Post: "y", HostID: w.other},
			"from_on": {OrgID: w.unit, Name: "x", Post: "y", From: calendar.On(2025, 12, 31)}, "to_on": {OrgID: w.unit, Name: "x", Post: "y", To: calendar.On(2027, 1, 1)}} {
			_, err := w.s.NamePerson(ctx, w.liaison, g, in)
			w.wants(err, errs.Invalid, field)
		}
		_, err = w.s.NamePerson(ctx, w.liaison, g, cobuild.NewPerson{OrgID: w.unit, MemberID: stranger, Post: "兼职委员"})
		w.wants(err, errs.Invalid, "person")
		_, err = w.s.NamePerson(ctx, w.liaison, g, cobuild.NewPerson{OrgID: w.unit, MemberID: member, AccountID: w.granted(w.unit, "孙联络"), Post: "兼职委员"}) // one of the two
		w.wants(err, errs.Invalid, "person")
		_, err = w.s.NamePerson(ctx, w.worker, g, cobuild.NewPerson{OrgID: w.unit, Name: "王医生", Post: "兼职委员"}) // the other side's
		w.wants(err, errs.Forbidden, "")
		_, err = w.s.NamePerson(ctx, w.beside, g, cobuild.NewPerson{OrgID: w.other, Name: "王医生", Post: "兼职委员"})
		w.wants(err, errs.NotFound, "")

		p := w.person(cobuild.NewPerson{OrgID: w.unit, MemberID: member, Name: "不用这个名字", Post: "社区党委兼职委员"}, g)
		if p.Name != "王医生" || p.HostID != w.community || p.From.String() != "2026-01-05" || p.LastDay().String() != "2026-12-31" || p.Standing(calendar.On(2026, 1, 5)) != cobuild.Serving || p.Left {
			t.Errorf("named %+v", p)
		}
		typed := w.person(cobuild.NewPerson{OrgID: w.unit, Name: "赵院长", Post: "联系领导", From: calendar.On(2026, 2, 1), To: calendar.On(2026, 6, 30)}, g)
		if typed.Name != "赵院长" || typed.Standing(calendar.On(2026, 1, 5)) != cobuild.PersonComing || typed.Standing(calendar.On(2026, 7, 1)) != cobuild.PersonOver {
			t.Errorf("by a name %+v", typed)
		}
		if n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM cobuild_person WHERE name IS NOT NULL`); err != nil || n != 1 {
			t.Errorf("%d sealed names, %v", n, err)
		}
		_, err = w.s.NamePerson(ctx, w.liaison, g, cobuild.NewPerson{OrgID: w.unit, MemberID: member, Post: "社区党委兼职委员"}) // the same once more
		w.wants(err, errs.Invalid, "person")
		_, err = w.s.NamePerson(ctx, w.liaison, g, cobuild.NewPerson{OrgID: w.unit, Name: "赵院长", Post: "联系领导", From: calendar.On(2026, 6, 1)})
		w.wants(err, errs.Invalid, "person")
		account := w.granted(w.community, "王社工")
		_, err = w.s.NamePerson(ctx, w.worker, g, cobuild.NewPerson{OrgID: w.community, AccountID: account, Post: "单位党组织兼职委员"})
		w.ok(err)
		found, err := w.s.KnownOf(ctx, w.liaison, g, "王", 10)
		w.ok(err)
		if len(found) != 1 || found[0].MemberID != member {
			t.Errorf("the unit finds %+v", found)
		}
		if found, err = w.s.KnownOf(ctx, w.worker, g, "王", 10); err != nil || len(found) != 1 || found[0].AccountID != account {
			t.Errorf("the community finds %+v, %v", found, err)
		}

		// The list, and the page of an organisation.
		list := func(f cobuild.PeopleFilter, want ...string) {
			t.Helper()
			got, err := w.s.People(ctx, w.worker, f)
			w.ok(err)
			var names []string
			for _, p := range got.Items {
				names = append(names, p.Name)
			}
			if !slices.Equal(names, want) {
				t.Errorf("%+v lists %v, want %v", f, names, want)
			}
		}
		list(cobuild.PeopleFilter{}, "王社工", "赵院长", "王医生")
		list(cobuild.PeopleFilter{State: cobuild.Serving}, "王社工", "王医生")
		list(cobuild.PeopleFilter{State: cobuild.PersonComing, Kind: cobuild.Double, Org: w.unit}, "赵院长")
		list(cobuild.PeopleFilter{Text: "联系领导"}, "赵院长")
		list(cobuild.PeopleFilter{Text: "王医生", Community: w.street}, "王医生")
		list(cobuild.PeopleFilter{Kind: cobuild.Twin})
		if sees, err := w.s.People(ctx, w.above, cobuild.PeopleFilter{Text: "联系领导"}); err != nil || len(sees.Items) != 1 || sees.Items[0].Name != "" {
			t.Errorf("the sub-district, which is no party, sees %+v, %v", sees.Items, err)
		}
		if other, err := w.s.People(ctx, w.beside, cobuild.PeopleFilter{}); err != nil || len(other.Items) != 0 {
			t.Errorf("another community sees %+v, %v", other.Items, err)
		}

		// Who has moved is marked, and not serving any more.
		testkit.Exec(t, w.d, `UPDATE member SET unit_id = $1 WHERE tenant_id = $2 AND id = $3`, w.u2, testkit.Tenant, member)
		list(cobuild.PeopleFilter{State: cobuild.PersonLeft}, "王医生")
		testkit.Exec(t, w.d, `UPDATE member SET unit_id = $1 WHERE tenant_id = $2 AND id = $3`, w.unit, testkit.Tenant, member)

		// A post ends by a reason, once, by either of the two; and with the record of the member.
		w.wants(w.s.EndPerson(ctx, w.liaison, g, typed.ID, 0, cobuild.EndPost{Ending: "x"}), errs.Invalid, "ending")
		w.wants(w.s.EndPerson(ctx, w.liaison, g, p.ID, 0, cobuild.EndPost{Ending: cobuild.OtherCause}), errs.Invalid, "words")
		w.wants(w.s.EndPerson(ctx, w.beside, g, p.ID, 0, cobuild.EndPost{Ending: cobuild.Changed}), errs.NotFound, "")
		w.clock.Set(calendar.On(2026, 2, 10).Time().Add(9 * time.Hour))
		w.wants(w.s.EndPerson(ctx, w.worker, g, typed.ID, 9, cobuild.EndPost{Ending: cobuild.Changed}), errs.Conflict, "")
		w.ok(w.s.EndPerson(ctx, w.worker, g, typed.ID, typed.Version, cobuild.EndPost{Ending: cobuild.Changed, Words: "换副院长"}))
		w.wants(w.s.EndPerson(ctx, w.liaison, g, typed.ID, 0, cobuild.EndPost{Ending: cobuild.Changed}), errs.Conflict, "")
		if e := w.get(w.worker, g).Entries[0]; e.Act != cobuild.ActPersonEnd || e.Org != "文港社区" || e.Words != "联系领导" {
			t.Errorf("it is kept as %+v", e)
		}
		list(cobuild.PeopleFilter{State: cobuild.PersonEnded}, "赵院长")
		after, err := w.s.People(ctx, w.liaison, cobuild.PeopleFilter{State: cobuild.PersonEnded})
		w.ok(err)
		if len(after.Items) != 1 || after.Items[0].LastDay() != calendar.On(2026, 2, 9) || after.Items[0].EndWords != "换副院长" {
			t.Errorf("ended %+v", after.Items)
		}
		if sees, err := w.s.People(ctx, w.above, cobuild.PeopleFilter{State: cobuild.PersonEnded}); err != nil || len(sees.Items) != 1 || sees.Items[0].EndWords != "" || sees.Items[0].Ending != cobuild.Changed {
			t.Errorf("the sub-district reads of the end %+v, %v", sees.Items, err)
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			return w.s.EndedTx(ctx, tx, w.worker, member, calendar.On(2026, 2, 10), "转出")
		}))
		d := w.get(w.worker, g)
		if d.People[slices.IndexFunc(d.People, func(x cobuild.Person) bool { return x.ID == p.ID })].Ending != cobuild.NoMember {
			t.Errorf("after the record ended: %+v", d.People)
		}
		if e := d.Entries[0]; e.Act != cobuild.ActPersonEnd || e.Org != "第一医院" || e.Words != "社区党委兼职委员：党员记录已注销" {
			t.Errorf("the history says %+v", e)
		}

		// Who has not begun is ended today, and never held the post.
		soon := w.person(cobuild.NewPerson{OrgID: w.unit, Name: "李主任", Post: "联系领导", From: calendar.On(2026, 5, 1)}, g)
		w.wants(w.s.EndPerson(ctx, w.liaison, g, soon.ID, 0, cobuild.EndPost{On: calendar.On(2026, 2, 9), Ending: cobuild.Changed}), errs.Invalid, "ended_on")
		w.ok(w.s.EndPerson(ctx, w.liaison, g, soon.ID, 0, cobuild.EndPost{Ending: cobuild.Changed}))
		list(cobuild.PeopleFilter{State: cobuild.PersonComing})
		list(cobuild.PeopleFilter{State: cobuild.PersonEnded}, "李主任", "赵院长", "王医生")
		if got := w.get(w.liaison, g).People; !slices.ContainsFunc(got, func(x cobuild.Person) bool {
			return x.ID == soon.ID && x.EndedOn == calendar.On(2026, 5, 1) && x.Standing(calendar.On(2026, 2, 10)) == cobuild.PersonEnded && x.LastDay().Before(x.From)
		}) {
			t.Errorf("after the end of who had not begun: %+v", got)
		}

		// Typed names go a while after the end.
		w.clock.Set(calendar.On(2030, 1, 1).Time())
		for _, k := range cobuild.RetentionKinds() {
			if k.Code == "cobuild.person" {
				if got := w.past(k, calendar.On(2029, 1, 1)); len(got) != 2 || !slices.Contains(got, typed.ID) || !slices.Contains(got, soon.ID) {
					t.Errorf("to be forgotten are %v", got)
				}
			}
		}
	})
}

func (w *world) past(k retention.Kind, before calendar.Date) []id.ID {
	w.t.Helper()
	a := &db.Args{}
	r := k.Past(a, testkit.Tenant, before)
	out, err := db.All(ctx, w.d, func(i *id.ID) []any { return []any{i} }, "SELECT "+r.ID+" FROM "+r.From, a.Values()...)
	w.ok(err)
	w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return k.Remove(ctx, tx, testkit.Tenant, out) }))
	return out
}

// What somebody did where they serve, while they served, stands with their post and on their own page; nothing is typed for it.
func TestWhatTheyDidFollows(t *testing.T) {
	each(t, func(w *world) {
		g := w.named(cobuild.ContactPoint)
		member, person := w.member(w.unit, "王医生")
		w.person(cobuild.NewPerson{OrgID: w.unit, MemberID: member, Post: "联系点联络员", From: calendar.On(2026, 1, 10)}, g)
		attends := func(community id.ID, on calendar.Date, title string) {
			activity, at := id.New(), db.Micros(on.Time().Add(10*time.Hour))
			testkit.Exec(t, w.d, `INSERT INTO activity (tenant_id, id, community_id, kind_code, title, place, starts_at, ends_at, state, gives_hours, organiser_id, created_at) VALUES ($1,$2,$3,'visit',$4,'x',$5,$6,'held',FALSE,1,1)`, testkit.Tenant, activity, community, title, at, at+1)
			testkit.Exec(t, w.d, `INSERT INTO attendance (tenant_id, id, activity_id, member_id, person_id, community_id, unit_id, in_at, proof, state, by_account, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,'vouched','done',1,1)`, testkit.Tenant, id.New(), activity, member, person, community, w.unit, at)
		}
		attends(w.community, calendar.On(2026, 1, 20), "入户走访")
		attends(w.community, calendar.On(2026, 1, 6), "任职以前")
		attends(w.other, calendar.On(2026, 1, 20), "别的社区")
		need := id.New()
		testkit.Exec(t, w.d, `INSERT INTO need (tenant_id, id, no, kind, title, community_id, wanted, due_on, channel, state, received_at) VALUES ($1,$2,$3,'people','陪老人看病',$4,1,'2026-12-31','org','done',1)`, testkit.Tenant, need, "X"+need.String(), w.community)
		testkit.Exec(t, w.d, `INSERT INTO need_help (tenant_id, id, need_id, pledge_id, member_id, person_id, community_id, unit_id, on_date, minutes, counted) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,'2026-01-22',100,TRUE)`, testkit.Tenant, id.New(), need, id.New(), member, person, w.community, w.unit)
		w.visit(w.community, member, 0, "2026-01-25")
		w.visit(w.other, member, 0, "2026-01-25")
		// What is done in their own community is not done at the unit where they hold a post.
		theirs, _ := w.member(w.unit, "钱书记")
		testkit.Exec(t, w.d, `UPDATE member SET community_id = $1, unit_id = 0 WHERE tenant_id = $2 AND id = $3`, w.community, testkit.Tenant, theirs)
		double := w.named(cobuild.Double)
		_, err := w.s.NamePerson(ctx, w.worker, double, cobuild.NewPerson{OrgID: w.community, MemberID: theirs, Post: "单位党组织兼职委员"})
		w.ok(err)
		w.visit(w.community, theirs, 0, "2026-01-25")
		w.clock.Set(calendar.On(2026, 2, 1).Time().Add(9 * time.Hour))
		p := w.get(w.worker, g).People[0]
		if p.Count(cobuild.FromActivity) != 1 || p.Count(cobuild.FromNeed) != 1 || p.Count(cobuild.FromVisit) != 1 {
			t.Errorf("they did %+v", p.Doings)
		}
		if p := w.get(w.worker, double).People[0]; len(p.Doings) != 0 {
			t.Errorf("at the unit they did %+v", p.Doings)
		}
		own, err := w.s.OwnPosts(ctx, testkit.Own(testkit.Tenant, person, cobuild.PermOwn))
		w.ok(err)
		if len(own) != 1 || own[0].Post != "联系点联络员" || len(own[0].Doings) != 3 {
			t.Errorf("their page has %+v", own)
		}
		if other, err := w.s.OwnPosts(ctx, testkit.Own(testkit.Tenant, id.New(), cobuild.PermOwn)); err != nil || len(other) != 0 {
			t.Errorf("somebody else has %+v, %v", other, err)
		}
		_, err = w.s.OwnPosts(ctx, testkit.Own(testkit.Tenant, person))
		w.wants(err, errs.Forbidden, "")

		// Who still serves goes on when the agreement is renewed.
		w.clock.Set(calendar.On(2026, 12, 1).Time())
		next, err := w.s.Renew(ctx, w.worker, g, w.community)
		w.ok(err)
		w.sign(next)
		if list := w.get(w.worker, next).People; len(list) != 1 || list[0].Name != "王医生" || list[0].From.String() != "2027-01-01" {
			t.Errorf("by the next agreement serve %+v", list)
		}

		// Who is ended after that does not begin by the next one either.
		w.ok(w.s.EndPerson(ctx, w.liaison, g, w.get(w.liaison, g).People[0].ID, 0, cobuild.EndPost{Ending: cobuild.MovedOn}))
		if list := w.get(w.worker, next).People; len(list) != 1 || list[0].Ending != cobuild.MovedOn || list[0].Standing(calendar.On(2026, 12, 1)) != cobuild.PersonEnded {
			t.Errorf("by the next agreement serve %+v", list)
		}
		if e := w.get(w.worker, next).Entries[0]; e.Act != cobuild.ActPersonEnd {
			t.Errorf("its history says %+v", e)
		}
	})
}

// visit is one to a paired household of a community, by a member or for a unit.
func (w *world) visit(community, member, unit id.ID, on string) id.ID {
	w.t.Helper()
	household, pair, visit := id.New(), id.New(), id.New()
	testkit.Exec(w.t, w.d, `INSERT INTO pairing_household (tenant_id, id, org_id, difficulty, state, entered_on) VALUES ($1,$2,$3,'poor','paired','2026-01-01')`, testkit.Tenant, household, community)
	testkit.Exec(w.t, w.d, `INSERT INTO pairing_pair (tenant_id, id, household_id, org_id, member_id, unit_id, from_on) VALUES ($1,$2,$3,$4,$5,$6,'2026-01-01')`, testkit.Tenant, pair, household, community, member, unit)
	testkit.Exec(w.t, w.d, `INSERT INTO pairing_visit (tenant_id, id, household_id, pair_id, org_id, visited_on, form, deed, account_id, created_at) VALUES ($1,$2,$3,$4,$5,$6,'home','care',0,1)`, testkit.Tenant, visit, household, pair, community, on)
	return visit
}

func TestThePostsFromWhichOneChooses(t *testing.T) {
	each(t, func(w *world) {
		list, version, err := w.s.Posts(ctx, w.worker)
		w.ok(err)
		if len(list) < 5 || version != 0 {
			t.Errorf("standard posts %v, version %d", list, version)
		}
		district := w.as([]id.ID{w.org("district_committee", "示例区委", 0)}, cobuild.PermSee, cobuild.PermProgrammes)
		w.wants(w.s.SetPosts(ctx, w.above, 0, []string{"兼职委员"}), errs.Forbidden, "") // a sub-district does not change them for all
		w.wants(w.s.SetPosts(ctx, district, 0, []string{" "}), errs.Invalid, "posts")
		w.ok(w.s.SetPosts(ctx, district, 0, []string{"兼职委员", "", "兼职委员", " 联络员 "}))
		w.wants(w.s.SetPosts(ctx, district, 0, []string{"x"}), errs.Conflict, "")
		if list, version, err = w.s.Posts(ctx, w.worker); err != nil || !slices.Equal(list, []string{"兼职委员", "联络员"}) || version != 1 {
			t.Errorf("posts %v, version %d, %v", list, version, err)
		}
		w.ok(w.s.SetPosts(ctx, district, 1, []string{"联络员"}))
		w.wants(w.s.SetPosts(ctx, district, 1, []string{"x"}), errs.Conflict, "")
	})
}

// The use of a shared place, visits by helpers, steps of projects and goods that were delivered fulfil a task by one press.
func TestATaskIsDoneByOtherRecords(t *testing.T) {
	each(t, func(w *world) {
		g := w.agreed()
		at := db.Micros(calendar.On(2026, 1, 20).Time().Add(10 * time.Hour))
		hall, booking := id.New(), id.New()
		testkit.Exec(t, w.d, `INSERT INTO venue (tenant_id, id, org_id, community_id, kind, name, name_key, terms, audience, ahead, longest, slot, door, created_at, updated_at) VALUES ($1,$2,$3,$4,'hall','报告厅','x','free','residents',30,120,60,'d',1,1)`,
			testkit.Tenant, hall, w.unit, w.community)
		for i, state := range []string{"done", "missed", "cancelled"} {
			b := booking
			if i > 0 {
				b = id.New()
			}
			testkit.Exec(t, w.d, `INSERT INTO venue_booking (tenant_id, id, no, venue_id, org_id, channel, starts_at, ends_at, people, state, created_at) VALUES ($1,$2,$3,$4,$5,'desk',$6,$7,40,$8,1)`, testkit.Tenant, b, "CD"+b.String(), hall, w.community, at, at+7_200_000_000, state)
		}
		visit := w.visit(w.community, 0, w.unit, "2026-01-21")
		w.visit(w.community, 0, w.u2, "2026-01-21")
		project, step := id.New(), id.New()
		testkit.Exec(t, w.d, `INSERT INTO project (tenant_id, id, no, community_id, lead_id, title, title_key, goal, kind, from_on, to_on, state, created_at) VALUES ($1,$2,'P1',$3,$3,'健康社区','x','y','people','2026-01-01','2026-12-31','running',1)`, testkit.Tenant, project, w.community)
		testkit.Exec(t, w.d, `INSERT INTO project_step (tenant_id, id, project_id, org_id, title, due_on, state, done_on) VALUES ($1,$2,$3,$4,'体检一百人','2026-01-31','done','2026-01-22')`, testkit.Tenant, step, project, w.unit)
		testkit.Exec(t, w.d, `INSERT INTO project_step (tenant_id, id, project_id, org_id, title, due_on, state) VALUES ($1,$2,$3,$4,'没做完','2026-01-31','open')`, testkit.Tenant, id.New(), project, w.unit)
		need, goods := id.New(), id.New()
		testkit.Exec(t, w.d, `INSERT INTO need (tenant_id, id, no, kind, title, community_id, wanted, due_on, channel, state, received_at) VALUES ($1,$2,'X1','goods','借轮椅',$3,1,'2026-12-31','org','done',1)`, testkit.Tenant, need, w.community)
		testkit.Exec(t, w.d, `INSERT INTO need_pledge (tenant_id, id, need_id, org_id, resource_id, amount, state, pledged_at, delivered_at) VALUES ($1,$2,$3,$4,$5,3,'confirmed',1,$6)`, testkit.Tenant, goods, need, w.unit, id.New(), at)
		// An act stands once: a booking for a need is the booking, a step closed by a record is that record; goods of somebody else are not the unit's.
		testkit.Exec(t, w.d, `INSERT INTO need_pledge (tenant_id, id, need_id, org_id, booking_id, state, pledged_at, delivered_at) VALUES ($1,$2,$3,$4,$5,'confirmed',1,$6)`, testkit.Tenant, id.New(), need, w.unit, booking, at)
		testkit.Exec(t, w.d, `INSERT INTO project_step (tenant_id, id, project_id, org_id, title, due_on, state, done_on, source_kind, source_id) VALUES ($1,$2,$3,$4,'义诊','2026-01-31','done','2026-01-22','activity',5)`, testkit.Tenant, id.New(), project, w.unit)
		beside, helper := id.New(), id.New()
		need2 := id.New()
		testkit.Exec(t, w.d, `INSERT INTO need (tenant_id, id, no, kind, title, community_id, wanted, due_on, channel, state, received_at) VALUES ($1,$2,'X2','goods','借雨伞',$3,1,'2026-12-31','org','done',1)`, testkit.Tenant, need2, w.community)
		testkit.Exec(t, w.d, `INSERT INTO need_pledge (tenant_id, id, need_id, org_id, resource_id, amount, state, pledged_at, delivered_at) VALUES ($1,$2,$3,$4,$5,9,'confirmed',1,$6)`, testkit.Tenant, beside, need2, w.u2, id.New(), at)
		testkit.Exec(t, w.d, `INSERT INTO need_help (tenant_id, id, need_id, pledge_id, member_id, person_id, community_id, unit_id, on_date, minutes, counted) VALUES ($1,$2,$3,$4,7,7,$5,$6,'2026-01-20',60,TRUE)`, testkit.Tenant, helper, need2, beside, w.community, w.unit)
		w.clock.Set(calendar.On(2026, 1, 25).Time().Add(10 * time.Hour))
		task := w.task(w.get(w.liaison, g), "每季度义诊", "2026-01-31")
		p, err := w.s.Task(ctx, w.liaison, task.ID)
		w.ok(err)
		got := map[string]cobuild.Candidate{}
		for _, c := range p.Candidates {
			if c.ID == beside {
				if c.Pieces != 0 || c.Minutes != 60 {
					t.Errorf("of another organisation's goods it says %+v", c)
				}
				continue
			}
			got[c.Kind] = c
		}
		if len(p.Candidates) != 5 || got[cobuild.FromBooking].ID != booking || got[cobuild.FromBooking].People != 40 || got[cobuild.FromBooking].Minutes != 120 || got[cobuild.FromVisit].ID != visit || got[cobuild.FromVisit].Title == "" ||
			got[cobuild.FromStep].ID != step || got[cobuild.FromStep].On.String() != "2026-01-22" || got[cobuild.FromNeed].Pieces != 3 || !got[cobuild.FromNeed].Counts(cobuild.Pieces) || !got[cobuild.FromBooking].Counts(cobuild.Persons) {
			t.Errorf("the candidates are %+v", p.Candidates)
		}
		// What the unit did fulfils nothing that the community promised.
		theirs := w.task(w.get(w.worker, g), "提供活动场地", "2026-03-01")
		q, err := w.s.Task(ctx, w.worker, theirs.ID)
		w.ok(err)
		for _, c := range q.Candidates {
			if c.Kind != cobuild.FromNeed || c.Pieces != 0 {
				t.Errorf("for the community's task it proposes %+v", c)
			}
		}
		w.wants(w.s.Link(ctx, w.worker, theirs.ID, 0, w.community, cobuild.FromBooking, booking, 0), errs.NotFound, "")
		w.ok(w.s.Link(ctx, w.liaison, task.ID, 0, w.unit, cobuild.FromBooking, booking, 0))
		done := w.task(w.get(w.worker, g), "每季度义诊", "2026-01-31")
		if done.State != cobuild.Said || done.Amount != 40 || done.SourceID != booking || done.DoneOn.String() != "2026-01-20" {
			t.Errorf("it is done by %+v", done)
		}
		w.ok(w.s.Unsay(ctx, w.liaison, task.ID, 0, w.unit))
		w.ok(w.s.Link(ctx, w.liaison, task.ID, 0, w.unit, cobuild.FromStep, step, 100))
		if done = w.task(w.get(w.worker, g), "每季度义诊", "2026-01-31"); done.NeedID != project || done.Amount != 100 {
			t.Errorf("it is done by %+v", done)
		}
		w.ok(w.s.Unsay(ctx, w.liaison, task.ID, 0, w.unit))
		w.ok(w.s.Link(ctx, w.liaison, task.ID, 0, w.unit, cobuild.FromVisit, visit, 1))
		if done = w.task(w.get(w.worker, g), "每季度义诊", "2026-01-31"); done.NeedID == 0 || done.SourceKind != cobuild.FromVisit {
			t.Errorf("it is done by %+v", done)
		}
	})
}
