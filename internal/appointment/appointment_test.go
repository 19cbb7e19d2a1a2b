package appointment_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/appointment"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/testkit"
)

var ctx = context.Background()

// everybody is seen, but for those named.
type everybody struct{ hidden id.ID }

func (e everybody) Seen(_ context.Context, _ authz.Actor, person id.ID) (bool, error) {
	return person != e.hidden, nil
}

// network is a community with its residents' committee, a branch of it, and another community.
type network struct {
	t                                   *testing.T
	d                                   *db.DB
	clock                               *testkit.Clock
	s                                   *appointment.Service
	street, community, residents, other id.ID
	branch                              id.ID
	keeper, outside, looker             authz.Actor
	hidden                              id.ID
	n                                   int
}

func each(t *testing.T, fn func(w *network)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 9, 15).Time())
		w := &network{t: t, d: d, clock: clock, hidden: id.New()}
		w.s = appointment.New(d, everybody{w.hidden})
		w.street = w.org("working_committee", "示例街道", 0)
		w.community, w.other = w.org("community_party", "文港社区", w.street), w.org("community_party", "先锋社区", w.street)
		w.residents, w.branch = w.org("residents_committee", "文港居委会", w.community), w.org("party_branch", "第一支部", w.community)
		w.keeper = testkit.Actor(testkit.Tenant, []id.ID{w.community, w.residents, w.branch}, appointment.PermSee, appointment.PermKeep)
		w.looker = testkit.Actor(testkit.Tenant, []id.ID{w.community, w.residents, w.branch}, appointment.PermSee)
		w.outside = testkit.Actor(testkit.Tenant, []id.ID{w.other}, appointment.PermSee, appointment.PermKeep)
		fn(w)
	})
}

func (w *network) org(kind, name string, parent id.ID) id.ID {
	w.t.Helper()
	o := id.New()
	path := "/" + o.String() + "/"
	if parent != 0 {
		above, err := db.Value[string](ctx, w.d, `SELECT path FROM organisation WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, parent)
		if err != nil {
			w.t.Fatal(err)
		}
		path = above + o.String() + "/"
	}
	testkit.Exec(w.t, w.d, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, parent_id, created_at, updated_at) VALUES ($1,$2,$3,$4,$4,$5,$6,1,1)`,
		testkit.Tenant, o, kind, name, path, parent)
	return o
}

// person enters somebody born in a year, with a schooling.
func (w *network) person(name, sex, born, schooling string) id.ID {
	w.t.Helper()
	p := id.New()
	testkit.Exec(w.t, w.d, `INSERT INTO person (tenant_id, id, name, name_key, sex, born_on, schooling, created_at, updated_at) VALUES ($1,$2,$3,$3,$4,$5,$6,1,1)`,
		testkit.Tenant, p, name, sex, born, schooling)
	return p
}

func (w *network) members(branch id.ID, full, probationary int) {
	w.t.Helper()
	for i := range full + probationary {
		standing := "full"
		if i >= full {
			standing = "probationary"
		}
		w.n++
		testkit.Exec(w.t, w.d, `INSERT INTO member (tenant_id, id, person_id, kind, name, name_key, home_id, standing, created_at, updated_at) VALUES ($1,$2,$3,'community',$4,$4,$5,$6,1,1)`,
			testkit.Tenant, id.New(), id.New(), fmt.Sprint("党员", w.n), branch, standing)
	}
}

func day(y, m, d int) calendar.Date { return calendar.On(y, time.Month(m), d) }

func (w *network) terms(p appointment.Post) appointment.Terms {
	return appointment.Terms{Post: p, Way: appointment.Elected, Origin: appointment.Local, FromOn: day(2024, 3, 1), TermEndsOn: day(2029, 2, 28)}
}

func (w *network) appoint(org, person id.ID, p appointment.Post) id.ID {
	w.t.Helper()
	a, err := w.s.Appoint(ctx, w.keeper, appointment.NewAppointment{OrganisationID: org, PersonID: person, Terms: w.terms(p)})
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *network) wants(err error, k errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if e == nil || e.Kind != k {
		w.t.Errorf("%v is no %v", err, k)
		return
	}
	if _, ok := e.Fields[field]; field != "" && !ok {
		w.t.Errorf("%v says nothing of %s", err, field)
	}
}

func TestASolePostIsHeldByOneAtATime(t *testing.T) {
	each(t, func(w *network) {
		li, wang := w.person("李示例", "1", "1985-01-01", "31"), w.person("王示例", "2", "1986-10-01", "61")
		first := w.appoint(w.community, li, appointment.Secretary)
		n := appointment.NewAppointment{OrganisationID: w.community, PersonID: wang, Terms: w.terms(appointment.Secretary)}
		_, err := w.s.Appoint(ctx, w.keeper, n)
		w.wants(err, errs.Invalid, "post")
		if !strings.Contains(err.Error(), "李示例") {
			t.Errorf("the message does not say who holds it: %v", err)
		}
		w.appoint(w.community, wang, appointment.Deputy)
		_, err = w.s.Appoint(ctx, w.keeper, appointment.NewAppointment{OrganisationID: w.community, PersonID: wang, Terms: w.terms(appointment.Deputy)})
		w.wants(err, errs.Invalid, "person_id")

		i, err := w.s.Get(ctx, w.keeper, first)
		if err != nil {
			t.Fatal(err)
		}
		w.wants(w.s.End(ctx, w.keeper, first, appointment.Ending{On: day(2024, 3, 1), Reason: "x", Version: i.Version}), errs.Invalid, "on")
		w.wants(w.s.End(ctx, w.keeper, first, appointment.Ending{On: day(2026, 9, 16), Reason: "x", Version: i.Version}), errs.Invalid, "on")
		w.wants(w.s.End(ctx, w.keeper, first, appointment.Ending{On: day(2026, 9, 1), Version: i.Version}), errs.Invalid, "reason")
		if err := w.s.End(ctx, w.keeper, first, appointment.Ending{On: day(2026, 9, 1), Reason: "调任", Version: i.Version}); err != nil {
			t.Fatal(err)
		}
		w.wants(w.s.End(ctx, w.keeper, first, appointment.Ending{On: day(2026, 9, 1), Reason: "又一次", Version: i.Version + 1}), errs.Conflict, "")
		n.FromOn = day(2026, 8, 31) // a day together with the one before
		_, err = w.s.Appoint(ctx, w.keeper, n)
		w.wants(err, errs.Invalid, "post")
		n.FromOn = day(2026, 9, 1)
		if _, err = w.s.Appoint(ctx, w.keeper, n); err != nil {
			t.Errorf("the day on which the one before no longer holds it: %v", err)
		}
		w.wants(w.s.Resume(ctx, w.keeper, first, i.Version+1), errs.Invalid, "post")
		for on, want := range map[calendar.Date]string{day(2024, 2, 29): "", day(2024, 3, 1): "李示例", day(2026, 8, 31): "李示例", day(2026, 9, 1): "王示例"} {
			r, err := w.s.Roster(ctx, w.looker, w.community, on)
			got := ""
			for _, h := range r.Held {
				if h.Post == appointment.Secretary {
					got += h.Name
				}
			}
			if err != nil || got != want {
				t.Errorf("on %s %q is secretary, want %q (%v)", on, got, want, err)
			}
		}
	})
}

func TestWhatCannotBe(t *testing.T) {
	each(t, func(w *network) {
		li := w.person("李示例", "1", "1985-01-01", "31")
		try := func(by authz.Actor, fn func(n *appointment.NewAppointment)) error {
			n := appointment.NewAppointment{OrganisationID: w.community, PersonID: li, Terms: w.terms(appointment.Secretary)}
			fn(&n)
			_, err := w.s.Appoint(ctx, by, n)
			return err
		}
		w.wants(try(w.keeper, func(n *appointment.NewAppointment) { n.Post = appointment.Director }), errs.Invalid, "post")
		w.wants(try(w.keeper, func(n *appointment.NewAppointment) { n.Way = "lottery" }), errs.Invalid, "way")
		w.wants(try(w.keeper, func(n *appointment.NewAppointment) { n.Origin = "" }), errs.Invalid, "origin")
		w.wants(try(w.keeper, func(n *appointment.NewAppointment) { n.FromOn = day(2026, 9, 16) }), errs.Invalid, "from_on")
		w.wants(try(w.keeper, func(n *appointment.NewAppointment) { n.TermEndsOn = day(2024, 2, 1) }), errs.Invalid, "term_ends_on")
		w.wants(try(w.keeper, func(n *appointment.NewAppointment) { n.Title = strings.Repeat("长", 31) }), errs.Invalid, "title")
		w.wants(try(w.keeper, func(n *appointment.NewAppointment) { n.PersonID = 0 }), errs.Invalid, "person_id")
		w.wants(try(w.keeper, func(n *appointment.NewAppointment) { n.PersonID = w.hidden }), errs.Invalid, "person_id")
		for _, by := range []authz.Actor{w.outside, w.looker, testkit.Actor(testkit.Tenant+1, nil, appointment.PermSee, appointment.PermKeep)} {
			if err := try(by, func(*appointment.NewAppointment) {}); err == nil {
				t.Errorf("somebody without the right appointed")
			}
		}
		a := w.appoint(w.community, li, appointment.Secretary)
		if _, err := w.s.Get(ctx, w.outside, a); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another community opens it: %v", err)
		}
		w.wants(w.s.Correct(ctx, w.keeper, a, w.terms(appointment.Secretary), 7), errs.Conflict, "")
		w.wants(w.s.Strike(ctx, w.keeper, a, " "), errs.Invalid, "reason")
		if err := w.s.Strike(ctx, w.keeper, a, "登记错了人"); err != nil {
			t.Fatal(err)
		}
		if l, err := w.s.List(ctx, w.keeper, appointment.Filter{}); err != nil || len(l.Items) != 0 {
			t.Errorf("%d are left, %v", len(l.Items), err)
		}
	})
}

// TestTheStructureIsThatOfTheRecords draws posts by lot and counts them one by one.
func TestTheStructureIsThatOfTheRecords(t *testing.T) {
	each(t, func(w *network) {
		r := rand.New(rand.NewPCG(1, 2))
		today := day(2026, 9, 15)
		type who struct {
			person        id.ID
			sex, school   string
			born          calendar.Date
			party, street bool
		}
		var all []*who
		for i := range 24 {
			born := day(1950+r.IntN(55), 1+r.IntN(12), 1+r.IntN(28))
			if i == 0 {
				born = day(1991, 9, 16) // 35 tomorrow
			}
			x := &who{sex: []string{"1", "2"}[r.IntN(2)], school: []string{"", "11", "21", "31", "40", "61", "71", "81"}[r.IntN(8)], born: born}
			x.person = w.person(fmt.Sprint("人", i), x.sex, born.String(), x.school)
			all = append(all, x)
		}
		w.appoint(w.community, all[0].person, appointment.Secretary)
		w.appoint(w.residents, all[0].person, appointment.Director) // one shoulder
		all[0].party, all[0].street = true, true
		for i, x := range all[1:] {
			if i%3 != 0 {
				w.appoint(w.community, x.person, appointment.CommitteeMember)
				x.party = true
			}
			if i%4 != 0 {
				w.appoint(w.residents, x.person, appointment.ResidentsMember)
				x.street = true
			}
		}
		s, err := w.s.Structure(ctx, w.looker, appointment.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		want := appointment.Structure{Shoulder: 1}
		ages, schools := map[appointment.Band]int64{}, map[appointment.Schooling]int64{}
		for _, x := range all {
			if !x.party && !x.street {
				continue
			}
			want.People++
			if x.sex == "2" {
				want.Women++
			}
			if x.party && x.street {
				want.Cross++
			}
			age := today.Year() - x.born.Year()
			if x.born.AddYears(age).After(today) {
				age--
			}
			want.AgeSum += int64(age)
			switch {
			case age < 35:
				ages[appointment.Under35]++
			case age < 46:
				ages[appointment.From35]++
			case age < 56:
				ages[appointment.From46]++
			default:
				ages[appointment.Over55]++
			}
			switch {
			case x.school == "":
				schools[appointment.NotKnown]++
			case x.school < "4":
				schools[appointment.College]++
			case x.school < "7":
				schools[appointment.SeniorHigh]++
			default:
				schools[appointment.Lower]++
			}
		}
		if s.People != want.People || s.Women != want.Women || s.Cross != want.Cross || s.Shoulder != 1 || s.AgeSum != want.AgeSum {
			t.Errorf("got %+v, want %+v", s, want)
		}
		for _, b := range appointment.Bands() {
			if s.Ages[b] != ages[b] {
				t.Errorf("%s: %d, want %d", b, s.Ages[b], ages[b])
			}
			w.opens(appointment.Filter{Band: b}, ages[b])
		}
		for _, g := range appointment.Schoolings() {
			if s.School[g] != schools[g] {
				t.Errorf("%s: %d, want %d", g, s.School[g], schools[g])
			}
			w.opens(appointment.Filter{Schooling: g}, schools[g])
		}
		w.opens(appointment.Filter{Women: true}, want.Women)
		w.opens(appointment.Filter{Cross: true}, want.Cross)
		w.opens(appointment.Filter{Shoulder: true}, 1)
	})
}

// opens counts the people behind a number of the structure, over all pages.
func (w *network) opens(f appointment.Filter, want int64) {
	w.t.Helper()
	people := map[id.ID]bool{}
	f.Page.Limit = 7
	for {
		l, err := w.s.List(ctx, w.looker, f)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, i := range l.Items {
			people[i.PersonID] = true
		}
		if l.Next == "" {
			break
		}
		f.Page.After = db.ParseCursor(l.Next)
	}
	if int64(len(people)) != want {
		w.t.Errorf("%+v opens to %d people, want %d", f, len(people), want)
	}
}

// TestConcernsSaidTwiceAgree holds the rules in SQL against those in Go, around every limit.
func TestConcernsSaidTwiceAgree(t *testing.T) {
	each(t, func(w *network) {
		var orgs []id.ID
		for _, size := range [][2]int{{0, 0}, {2, 5}, {3, 0}, {6, 3}, {7, 0}, {50, 0}, {50, 1}, {99, 1}, {100, 1}} {
			for _, team := range []int{0, 1, 2, 3, 7, 8} {
				b := w.org("party_branch", fmt.Sprintf("支部 %d-%d-%d", size[0], size[1], team), w.community)
				if team > 0 && size[0]+size[1] < 50 || team == 3 {
					w.fill(b, team)
				}
				if team == 0 || size[0]+size[1] < 50 {
					w.members(b, size[0], size[1])
				}
				orgs = append(orgs, b)
			}
		}
		late := w.org("party_group", "第一小组", w.branch)
		p := w.person("组长", "1", "1970-01-01", "61")
		testkit.Exec(t, w.d, `INSERT INTO appointment (tenant_id, id, organisation_id, post, post_rank, sole, person_id, way, origin, from_on, term_ends_on, created_by, created_at, updated_at)
			VALUES ($1,$2,$3,'group_leader','10',$4,$5,'elected','local','2024-01-01','2027-03-15',0,1,1)`, testkit.Tenant, id.New(), late, true, p)
		orgs = append(orgs, late, w.community, w.residents, w.org("unit", "示例厂", 0))
		all := testkit.Actor(testkit.Tenant, nil, appointment.PermSee)
		today := day(2026, 9, 15)
		listed := map[appointment.Concern]map[id.ID]bool{}
		for _, c := range append(appointment.Concerns(), "") {
			listed[c] = map[id.ID]bool{}
			f := appointment.Concerned{About: c, Page: db.Page{Limit: 20}}
			for {
				l, err := w.s.Concerned(ctx, all, f)
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range l.Items {
					listed[c][s.OrganisationID] = true
				}
				if l.Next == "" {
					break
				}
				f.Page.After = db.ParseCursor(l.Next)
			}
		}
		seen := map[appointment.Concern]bool{}
		for _, o := range orgs {
			r, err := w.s.Roster(ctx, all, o, today)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range appointment.Concerns() {
				says := slices.Contains(r.Concerns, c)
				seen[c] = seen[c] || says
				if says != listed[c][o] {
					t.Errorf("%s about %s (%d full, %d members, team %d): %v on the roster, %v in the list", c, r.State.Name, r.State.Full, r.State.Members, r.State.Team, says, listed[c][o])
				}
			}
			if (len(r.Concerns) > 0) != listed[""][o] {
				t.Errorf("%s stands in the list of all: %v, has %v", r.State.Name, listed[""][o], r.Concerns)
			}
		}
		for _, c := range appointment.Concerns() {
			if !seen[c] {
				t.Errorf("nothing tries %s", c)
			}
		}
	})
}

// fill gives a branch a committee of so many.
func (w *network) fill(branch id.ID, team int) {
	for i := range team {
		p := w.person(fmt.Sprint("委员", i), "1", "1980-01-01", "61")
		post, sole := appointment.CommitteeMember, false
		if i == 0 {
			post, sole = appointment.Secretary, true
		}
		testkit.Exec(w.t, w.d, `INSERT INTO appointment (tenant_id, id, organisation_id, post, post_rank, sole, person_id, way, origin, from_on, created_by, created_at, updated_at)
			VALUES ($1,$2,$3,$4,'40',$5,$6,'elected','local','2024-01-01',0,1,1)`, testkit.Tenant, id.New(), branch, post, sole, p)
	}
}

func TestPostsEndWithTheOrganisation(t *testing.T) {
	each(t, func(w *network) {
		a := w.appoint(w.community, w.person("李示例", "1", "1985-01-01", "31"), appointment.Secretary)
		all := testkit.Actor(testkit.Tenant, nil, appointment.PermSee, appointment.PermKeep)
		if err := w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, all, w.community, w.other) }); err != nil {
			t.Fatal(err)
		}
		i, err := w.s.Get(ctx, all, a)
		if err != nil || i.EndedOn != day(2026, 9, 15) || !strings.Contains(i.EndReason, "先锋社区") {
			t.Errorf("%+v, %v", i.Appointment, err)
		}
		items, err := w.s.Waiting(ctx, w.keeper)
		if err != nil || len(items) != 1 || items[0].Kind != appointment.WaitVacant || items[0].Count != 3 {
			t.Errorf("waiting: %+v, %v", items, err)
		}
	})
}

// TestTwoEnterAtOnce lets two clerks enter two secretaries at the same moment.
func TestTwoEnterAtOnce(t *testing.T) {
	each(t, func(w *network) {
		results := make(chan error, 8)
		var people []id.ID
		for i := range 8 {
			people = append(people, w.person(fmt.Sprint("人", i), "1", "1985-01-01", "31"))
		}
		for _, p := range people {
			go func() {
				_, err := w.s.Appoint(ctx, w.keeper, appointment.NewAppointment{OrganisationID: w.community, PersonID: p, Terms: w.terms(appointment.Secretary)})
				results <- err
			}()
		}
		good := 0
		for range people {
			if err := <-results; err == nil {
				good++
			} else {
				w.wants(err, errs.Invalid, "post")
			}
		}
		if good != 1 {
			t.Errorf("%d are secretaries at once", good)
		}
	})
}

func TestPostsOfKinds(t *testing.T) {
	for _, k := range organisation.Kinds() {
		list := appointment.Of(k)
		if len(list) == 0 || !list[0].Sole() {
			t.Errorf("%s has no head", k)
		}
		for _, p := range list {
			if p.Text().IsZero() {
				t.Errorf("%s has no name", p)
			}
		}
	}
}
