package exchange_test

import (
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/id"
	"linli/internal/testkit"
)

// Who asked is shown to a helper when both sides agreed: the community to the pledge, and whoever asked beforehand, by their code, or to the community by word of mouth.
func TestBothSidesAgreeToBeShown(t *testing.T) {
	each(t, func(w *street) {
		quiet := func() exchange.Receipt {
			got, err := w.s.Ask(ctx, testkit.Tenant, "居民", "", exchange.Asking{Kind: exchange.People, Body: "想找人陪我去医院", CommunityID: w.community, Place: "3 单元 301", Name: "吕奶奶", Phone: "13800138000"})
			w.ok(err)
			w.ok(w.s.Approve(ctx, w.worker, got.ID, 0, exchange.Public{Title: "陪老人就医", Kind: exchange.People, Wanted: 2}))
			return got
		}
		wish := quiet()
		p, err := w.s.Pledge(ctx, w.helper, wish.ID, exchange.NewPledge{Contact: "13912345678"})
		w.ok(err)
		w.refused(w.s.ShareBy(ctx, exchange.Code(wish.Code), "居民", "", p), errs.Conflict) // nobody is shown to whom the community did not agree
		w.refused(w.s.Share(ctx, w.worker, p, 0), errs.Conflict)
		w.ok(w.s.Agree(ctx, w.worker, p, 0))
		_, _, err = w.s.Contact(ctx, w.helper, p)
		w.refused(err, errs.Conflict)
		taking, err := w.s.Taking(ctx, w.helper, p)
		w.ok(err)
		_, mine, err := w.s.ToAsker(ctx, exchange.Code(wish.Code))
		w.ok(err)
		if taking.Told || mine.Helpers[0].Told || mine.Helpers[0].Name == "" {
			t.Errorf("before they agreed: %v, %+v", taking.Told, mine.Helpers)
		}
		w.refused(w.s.ShareBy(ctx, exchange.Code(w.wish("别的").Code), "居民", "", p), errs.NotFound) // with the code of another need
		w.refused(w.s.Share(ctx, w.beside, p, 0), errs.NotFound)
		w.refused(w.s.Share(ctx, w.helper, p, 0), errs.Forbidden)
		w.ok(w.s.ShareBy(ctx, exchange.Code(wish.Code), "居民", "", p))
		w.refused(w.s.ShareBy(ctx, exchange.Code(wish.Code), "居民", "", p), errs.Conflict)
		if who, _, err := w.s.Contact(ctx, w.helper, p); err != nil || who.Phone != "13800138000" {
			t.Errorf("the helper sees %+v, %v", who, err)
		}
		q, err := w.s.Pledge(ctx, w.second, wish.ID, exchange.NewPledge{})
		w.ok(err)
		w.ok(w.s.Agree(ctx, w.worker, q, 0))
		_, _, err = w.s.Contact(ctx, w.second, q)
		w.refused(err, errs.Conflict) // they agreed to one helper, not to the next
		w.ok(w.s.Share(ctx, w.worker, q, 0))
		_, _, err = w.s.Contact(ctx, w.second, q)
		w.ok(err)
		acts := map[exchange.Act]int{}
		for _, e := range w.get(wish.ID).Entries {
			acts[e.Act]++
		}
		if acts[exchange.ActShare] != 2 {
			t.Errorf("the steps are %v", acts)
		}

		own, err := w.s.Enter(ctx, w.worker, exchange.Asking{Kind: exchange.People, Body: "布置活动室", CommunityID: w.community}, true)
		w.ok(err)
		if !w.get(own.ID).Share {
			t.Error("the community hides from who helps it")
		}
	})
}

// The leader of a team pledges for it, and names who came; each has the hours in their own name, and nobody of them confirms it.
func TestATeamTakesANeed(t *testing.T) {
	each(t, func(w *street) {
		var people []exchange.Volunteer
		for _, name := range []string{"队长", "队员甲", "队员乙", "队员丙"} {
			people = append(people, exchange.Volunteer{ID: id.New(), PersonID: w.rows.Person(w.community, name, ""), OrgID: w.community, Name: name})
		}
		team := exchange.Team{ID: id.New(), Name: "环境守护队", Leader: people[0].ID}
		w.files.led, w.files.in = map[id.ID][]exchange.Team{people[0].PersonID: {team}}, map[id.ID][]exchange.Volunteer{team.ID: people}
		leader, follower := testkit.Own(testkit.Tenant, people[0].PersonID, exchange.PermOwn), testkit.Own(testkit.Tenant, people[1].PersonID, exchange.PermOwn)
		wish := w.open(1)
		if led, err := w.s.Teams(ctx, leader); err != nil || len(led) != 1 {
			t.Fatalf("they lead %v, %v", led, err)
		}
		_, err := w.s.PledgeTeam(ctx, follower, wish.ID, team.ID, exchange.NewPledge{})
		w.refused(err, errs.Invalid)
		_, err = w.s.PledgeTeam(ctx, leader, wish.ID, id.New(), exchange.NewPledge{})
		w.refused(err, errs.Invalid)
		p, err := w.s.PledgeTeam(ctx, leader, wish.ID, team.ID, exchange.NewPledge{Contact: "13912345678"})
		w.ok(err)
		_, err = w.s.PledgeTeam(ctx, leader, wish.ID, team.ID, exchange.NewPledge{})
		w.refused(err, errs.Conflict)
		w.ok(w.s.Agree(ctx, w.worker, p, 0))
		if crew, err := w.s.Crew(ctx, follower, w.get(wish.ID).Pledges[0]); err != nil || len(crew) != 0 {
			t.Errorf("who does not lead the team sees %d of it, %v", len(crew), err)
		}
		if crew, err := w.s.Crew(ctx, leader, w.get(wish.ID).Pledges[0]); err != nil || len(crew) != 4 {
			t.Errorf("%d can be named, %v", len(crew), err)
		}
		if got := w.get(wish.ID).Pledges[0]; got.Name != "环境守护队" || got.TeamID != team.ID {
			t.Errorf("the pledge is %+v", got)
		}
		w.clock.Advance(time.Hour)
		w.refused(w.s.Deliver(ctx, leader, p, 0, exchange.Delivery{Minutes: 60}), errs.Invalid) // nobody's hours
		w.files.led[people[0].PersonID] = nil                                                   // another leads the team now
		w.refused(w.s.Deliver(ctx, leader, p, 0, exchange.Delivery{Minutes: 60, Came: []id.ID{people[1].ID}}), errs.Forbidden)
		if crew, err := w.s.Crew(ctx, leader, w.get(wish.ID).Pledges[0]); err != nil || len(crew) != 0 {
			t.Errorf("who led the team once sees %d of it, %v", len(crew), err)
		}
		w.files.led[people[1].PersonID] = []exchange.Team{team} // the present leader acts for it
		if own, err := w.s.Own(ctx, follower); err != nil || len(own.Going) != 1 {
			t.Errorf("the present leader sees %+v, %v", own, err)
		}
		w.ok(w.s.Deliver(ctx, follower, p, 0, exchange.Delivery{Minutes: 60, Came: []id.ID{people[1].ID}}))
		w.ok(w.s.Undeliver(ctx, follower, p, 0))
		w.files.led = map[id.ID][]exchange.Team{people[0].PersonID: {team}}
		w.refused(w.s.Deliver(ctx, follower, p, 0, exchange.Delivery{Minutes: 60}), errs.NotFound)
		w.refused(w.s.Deliver(ctx, leader, p, 0, exchange.Delivery{Came: []id.ID{people[1].ID}}), errs.Invalid) // no hours
		w.refused(w.s.Deliver(ctx, leader, p, 0, exchange.Delivery{Minutes: 60, Came: []id.ID{id.New()}}), errs.Invalid)
		w.ok(w.s.Deliver(ctx, leader, p, 0, exchange.Delivery{Minutes: 60, Came: []id.ID{people[1].ID, people[2].ID, people[1].ID}}))
		for _, who := range []id.ID{people[0].PersonID, people[1].PersonID} { // staff who lead the team, or came
			a := w.worker
			a.PersonID = who
			w.refused(w.s.Confirm(ctx, a, p, 0, exchange.Rating{Answer: exchange.Yes}), errs.Forbidden)
		}
		w.ok(w.s.Confirm(ctx, w.worker, p, 0, exchange.Rating{Answer: exchange.Yes}))
		for i, want := range []int64{0, 60, 60, 0} {
			got, err := db.Value[int64](ctx, w.d, `SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM posting WHERE person_id = $1 AND member_id = 0 AND source_kind = 'help'`, people[i].PersonID)
			if err != nil || got != want {
				t.Errorf("%s has %d minutes, want %d, %v", people[i].Name, got, want, err)
			}
		}
		w.books()
		own, err := w.s.Own(ctx, leader)
		w.ok(err)
		if len(own.Past) != 1 || own.Past[0].Pledge.Name != "环境守护队" || own.Past[0].Pledge.Minutes() != 120 {
			t.Errorf("the leader's page shows %+v", own)
		}
	})
}

// Who helped in their own name is not named by the team as well, nor the other way round: hours are counted once.
func TestNobodyHelpsTwiceWithOneNeed(t *testing.T) {
	each(t, func(w *street) {
		leaderPerson := w.rows.Person(w.community, "队长", "")
		team := exchange.Team{ID: id.New(), Name: "环境守护队", Leader: id.New()}
		crew := []exchange.Volunteer{{ID: id.New(), PersonID: w.helper.PersonID, OrgID: w.community, Name: "陈党员"}, {ID: id.New(), PersonID: w.second.PersonID, OrgID: w.community, Name: "刘党员"}}
		w.files.led, w.files.in = map[id.ID][]exchange.Team{leaderPerson: {team}}, map[id.ID][]exchange.Volunteer{team.ID: crew}
		leader := testkit.Own(testkit.Tenant, leaderPerson, exchange.PermOwn)
		wish := w.open(3)
		agreed := func(p id.ID, err error) id.ID {
			w.ok(err)
			w.ok(w.s.Agree(ctx, w.worker, p, 0))
			return p
		}
		own := agreed(w.s.Pledge(ctx, w.helper, wish.ID, exchange.NewPledge{}))
		ofTeam := agreed(w.s.PledgeTeam(ctx, leader, wish.ID, team.ID, exchange.NewPledge{}))
		late := agreed(w.s.Pledge(ctx, w.second, wish.ID, exchange.NewPledge{}))
		w.clock.Advance(time.Hour)
		w.ok(w.s.Deliver(ctx, w.helper, own, 0, exchange.Delivery{Minutes: 60}))
		w.refused(w.s.Deliver(ctx, leader, ofTeam, 0, exchange.Delivery{Minutes: 60, Came: []id.ID{crew[0].ID}}), errs.Invalid)
		w.refused(w.s.Deliver(ctx, leader, ofTeam, 0, exchange.Delivery{Minutes: 60, Came: []id.ID{crew[1].ID}}), errs.Invalid) // pledged for themselves
		ofUnit, err := w.s.PledgeFor(ctx, w.liaison, wish.ID, w.unit, exchange.NewPledge{})
		w.refused(err, errs.Conflict) // three of three
		w.ok(w.s.TakeBack(ctx, w.second, late, 0, "跟队里一起去"))
		ofUnit = agreed(w.s.PledgeFor(ctx, w.liaison, wish.ID, w.unit, exchange.NewPledge{}))
		w.refused(w.s.Deliver(ctx, w.worker, ofUnit, 0, exchange.Delivery{Minutes: 60, Members: []id.ID{w.memberOfHelper}}), errs.Invalid) // helped in their own name
		w.ok(w.s.TakeBack(ctx, w.worker, ofUnit, 0, "单位不去了"))
		w.ok(w.s.Deliver(ctx, leader, ofTeam, 0, exchange.Delivery{Minutes: 60, Came: []id.ID{crew[1].ID}}))
		again := agreed(w.s.Pledge(ctx, w.second, wish.ID, exchange.NewPledge{}))
		w.refused(w.s.Deliver(ctx, w.second, again, 0, exchange.Delivery{Minutes: 60}), errs.Conflict)
	})
}

// What is listed everybody reads of, without a number and without the name of somebody who is no organisation; what is not, ended, used up or over is not there.
func TestWhatIsThereIsListed(t *testing.T) {
	each(t, func(w *street) {
		add := func(o exchange.Offer) id.ID {
			o.Kind, o.Terms = exchange.Goods, exchange.Free
			n, err := w.s.AddResource(ctx, w.worker, o)
			w.ok(err)
			return n
		}
		hidden := add(exchange.Offer{Title: "轮椅", Giver: "陈阿姨", Contact: "13912345678", PlaceID: w.community})
		shown := add(exchange.Offer{Title: "梯子", Giver: "陈阿姨", Contact: "13912345678", PlaceID: w.community, Listed: true})
		list := func(f exchange.ResourceFilter) []exchange.Resource {
			got, err := w.s.Listed(ctx, testkit.Tenant, f)
			w.ok(err)
			return got.Items
		}
		if got := list(exchange.ResourceFilter{}); len(got) != 1 || got[0].ID != shown || got[0].Giver != "" || got[0].HasContact {
			t.Errorf("everybody reads %+v", got)
		}
		if got := list(exchange.ResourceFilter{Place: w.community}); len(got) != 1 {
			t.Errorf("for the community there is %+v", got)
		}
		if got, err := w.s.Listed(ctx, testkit.Tenant+1, exchange.ResourceFilter{}); err != nil || len(got.Items) != 0 {
			t.Errorf("another district reads %+v, %v", got, err)
		}
		_, err := w.s.ListedOne(ctx, testkit.Tenant, hidden)
		w.refused(err, errs.NotFound)
		w.refused(w.s.ListResource(ctx, w.beside, hidden, 1, true), errs.NotFound)
		w.refused(w.s.ListResource(ctx, w.worker, hidden, 9, true), errs.Conflict)
		w.ok(w.s.ListResource(ctx, w.worker, hidden, 1, true))
		w.ok(w.s.ListResource(ctx, w.worker, shown, 1, false))
		if got := list(exchange.ResourceFilter{}); len(got) != 1 || got[0].ID != hidden {
			t.Errorf("then everybody reads %+v", got)
		}
		w.ok(w.s.EndResource(ctx, w.worker, hidden, 2))
		w.refused(w.s.ListResource(ctx, w.worker, hidden, 3, true), errs.Conflict)
		if got := list(exchange.ResourceFilter{}); len(got) != 0 {
			t.Errorf("what has ended is listed: %+v", got)
		}
	})
}

// A resource is changed without being entered anew; what is promised of it stays promised, and a number that is left empty stays.
func TestAResourceIsChanged(t *testing.T) {
	each(t, func(w *street) {
		r, err := w.s.AddResource(ctx, w.worker, exchange.Offer{Kind: exchange.People, Terms: exchange.Free, Title: "护工", Giver: "陈阿姨", Contact: "13912345678", PlaceID: w.community, Amount: 5})
		w.ok(err)
		wish := w.open(2)
		_, err = w.s.Use(ctx, w.worker, wish.ID, r, 6)
		w.refused(err, errs.Invalid)
		_, err = w.s.Use(ctx, w.worker, wish.ID, r, 3)
		w.ok(err)
		now, err := w.s.Resource(ctx, w.worker, r)
		w.ok(err)
		if now.Left != 2 {
			t.Errorf("%d are left of five, three taken", now.Left)
		}
		in := exchange.Offer{Title: "陪诊员", Terms: exchange.LowPaid, Price: "20 元一次", Amount: 2, Times: "周三上午", Version: now.Version}
		w.refused(w.s.EditResource(ctx, w.worker, r, in), errs.Invalid)
		in.Amount = 8
		w.refused(w.s.EditResource(ctx, w.beside, r, in), errs.NotFound)
		w.ok(w.s.EditResource(ctx, w.worker, r, in))
		w.refused(w.s.EditResource(ctx, w.worker, r, in), errs.Conflict) // somebody changed it meanwhile
		now, err = w.s.Resource(ctx, w.worker, r)
		w.ok(err)
		if now.Title != "陪诊员" || now.Left != 5 || now.Amount != 8 || now.Giver != "陈阿姨" || !now.HasContact || now.Times != "周三上午" || now.Kind != exchange.People {
			t.Errorf("it is %+v", now)
		}
	})
}

// The community enters for a team who came, by the rules of its leader: hours of each in their own name, nobody's twice, and who came does not confirm it.
func TestTheCommunityNamesWhoCame(t *testing.T) {
	each(t, func(w *street) {
		var people []exchange.Volunteer
		for _, name := range []string{"队长", "队员甲", "队员乙"} {
			people = append(people, exchange.Volunteer{ID: id.New(), PersonID: w.rows.Person(w.community, name, ""), OrgID: w.community, Name: name})
		}
		team := exchange.Team{ID: id.New(), Name: "环境守护队", Leader: people[0].ID}
		w.files.led, w.files.in = map[id.ID][]exchange.Team{people[0].PersonID: {team}}, map[id.ID][]exchange.Volunteer{team.ID: people}
		leader := testkit.Own(testkit.Tenant, people[0].PersonID, exchange.PermOwn)
		wish := w.open(2)
		p, err := w.s.PledgeTeam(ctx, leader, wish.ID, team.ID, exchange.NewPledge{})
		w.ok(err)
		w.ok(w.s.Agree(ctx, w.worker, p, 0))
		crew, err := w.s.Crew(ctx, w.worker, w.get(wish.ID).Pledges[0])
		w.ok(err)
		if len(crew) != 3 {
			t.Errorf("the community sees %d of the team", len(crew))
		}
		if n := w.count(`SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'exchange.volunteers' AND person_id = $2`, testkit.Tenant, people[1].PersonID); n != 1 {
			t.Errorf("the look is recorded %d times", n)
		}
		if crew, err := w.s.Crew(ctx, w.beside, w.get(wish.ID).Pledges[0]); err != nil || len(crew) != 0 {
			t.Errorf("another community sees %d of the team, %v", len(crew), err)
		}
		w.clock.Advance(time.Hour)
		came := func(list ...id.ID) exchange.Delivery { return exchange.Delivery{Minutes: 90, Came: list} }
		w.refused(w.s.Deliver(ctx, w.beside, p, 0, came(people[1].ID)), errs.NotFound)
		w.refused(w.s.Deliver(ctx, w.worker, p, 0, came()), errs.Invalid)
		w.refused(w.s.Deliver(ctx, w.worker, p, 0, came(id.New())), errs.Invalid)
		w.refused(w.s.Deliver(ctx, w.worker, p, 0, exchange.Delivery{Came: []id.ID{people[1].ID}}), errs.Invalid)
		w.ok(w.s.Deliver(ctx, w.worker, p, 0, came(people[1].ID, people[2].ID)))
		there := w.worker
		there.PersonID = people[2].PersonID
		w.refused(w.s.Confirm(ctx, there, p, 0, exchange.Rating{Answer: exchange.Yes}), errs.Forbidden)
		w.ok(w.s.Confirm(ctx, w.worker, p, 0, exchange.Rating{Answer: exchange.Yes}))
		for i, want := range []int64{0, 90, 90} {
			got, err := db.Value[int64](ctx, w.d, `SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM posting WHERE person_id = $1 AND member_id = 0 AND source_kind = 'help'`, people[i].PersonID)
			if err != nil || got != want {
				t.Errorf("%s has %d minutes, want %d, %v", people[i].Name, got, want, err)
			}
		}
		w.books()
	})
}

// Somebody who gives a resource of their own is named to who keeps it alone: not in lists, proposals and pledges, nor to who asked, until they agreed to be named.
func TestAPrivateGiverIsNotNamed(t *testing.T) {
	each(t, func(w *street) {
		r, err := w.s.AddResource(ctx, w.worker, exchange.Offer{Kind: exchange.People, Title: "修电器", Giver: "陈阿姨", Contact: "13912345678", PlaceID: w.community, Terms: exchange.Free})
		w.ok(err)
		seer := testkit.Actor(testkit.Tenant, []id.ID{w.community}, exchange.PermSee)
		for _, c := range []struct {
			who  authz.Actor
			want string
		}{{w.worker, "陈阿姨"}, {seer, ""}} {
			list, err := w.s.Resources(ctx, c.who, exchange.ResourceFilter{})
			w.ok(err)
			one, err := w.s.Resource(ctx, c.who, r)
			w.ok(err)
			carried, err := w.s.Resources(ctx, c.who, exchange.ResourceFilter{Bare: true})
			w.ok(err)
			if len(carried.Items) != 1 || carried.Items[0].Giver != "" {
				t.Errorf("a list that is carried away says %+v", carried.Items)
			}
			if len(list.Items) != 1 || list.Items[0].Giver != c.want || one.Giver != c.want {
				t.Errorf("the list says %+v, the page %q, want %q", list.Items, one.Giver, c.want)
			}
		}
		wish := w.open(1)
		proposed, err := w.s.Proposals(ctx, w.worker, wish.ID)
		w.ok(err)
		for _, x := range proposed {
			if x.Giver != "" {
				t.Errorf("a proposal names %q", x.Giver)
			}
		}
		p, err := w.s.Use(ctx, w.worker, wish.ID, r, 0)
		w.ok(err)
		reads := func(want string) {
			t.Helper()
			_, f, err := w.s.ToAsker(ctx, exchange.Code(wish.Code))
			w.ok(err)
			name, _, err := w.s.HelperNumber(ctx, exchange.Code(wish.Code), "居民", "", p)
			w.ok(err)
			if got := w.get(wish.ID).Pledges[0]; got.Name != want || !got.Private() || f.Helpers[0].Name != want || name != want {
				t.Errorf("the desk reads %q, who asked %q and %q, want %q", got.Name, f.Helpers[0].Name, name, want)
			}
		}
		reads("")
		w.clock.Advance(time.Hour)
		w.ok(w.s.Deliver(ctx, w.worker, p, 0, exchange.Delivery{}))
		err = w.s.End(ctx, w.worker, wish.ID, 0, exchange.Settled, "好了")
		if e := errs.As(err); e == nil || len(e.Message.Args) != 1 || e.Message.Args[0] != "修电器" {
			t.Errorf("it is refused as %v", err)
		}
		w.ok(w.s.Undeliver(ctx, w.worker, p, 0))
		if n := w.count(`SELECT count(*) FROM need_pledge WHERE tenant_id = $1 AND team <> ''`, testkit.Tenant); n != 0 {
			t.Errorf("%d pledges keep a name", n)
		}
		w.refused(w.s.NameGiver(ctx, w.beside, p, 0), errs.NotFound)
		w.refused(w.s.NameGiver(ctx, seer, p, 0), errs.NotFound)
		w.ok(w.s.NameGiver(ctx, w.worker, p, 0))
		w.refused(w.s.NameGiver(ctx, w.worker, p, 0), errs.Conflict)
		reads("陈阿姨")
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			return exchange.RetentionKinds()[0].Remove(ctx, tx, testkit.Tenant, []id.ID{wish.ID})
		}))
		if n := w.count(`SELECT count(*) FROM need_pledge WHERE tenant_id = $1 AND named = TRUE`, testkit.Tenant); n != 0 {
			t.Errorf("%d pledges that are forgotten still name who gave", n)
		}
		// The resource is changed, and still theirs.
		one, err := w.s.Resource(ctx, w.worker, r)
		w.ok(err)
		w.ok(w.s.EditResource(ctx, w.worker, r, exchange.Offer{Title: "修电器、换灯泡", Terms: exchange.Free, Version: one.Version}))
		if got, err := w.s.RevealGiver(ctx, w.worker, r, "service"); err != nil || got.Name != "陈阿姨" {
			t.Errorf("the giver is %+v, %v", got, err)
		}
		// A pledge of an organisation names itself.
		other := w.open(1)
		q, err := w.s.Enlist(ctx, w.worker, other.ID, exchange.OnBehalf{OrgID: w.unit})
		w.ok(err)
		w.refused(w.s.NameGiver(ctx, w.worker, q, 0), errs.Conflict)
	})
}

// What was said of help is for who gave it alone, with the words; a team's leader reads sums, and stars from three ratings on. Nobody is ranked or compared.
func TestWhatWasSaidOfHelp(t *testing.T) {
	each(t, func(w *street) {
		wish := w.open(1)
		p, err := w.s.Pledge(ctx, w.helper, wish.ID, exchange.NewPledge{})
		w.ok(err)
		w.ok(w.s.Agree(ctx, w.worker, p, 0))
		w.clock.Advance(time.Hour)
		w.ok(w.s.Deliver(ctx, w.helper, p, 0, exchange.Delivery{Minutes: 60}))
		if list, err := w.s.Echoes(ctx, w.helper, db.Page{}); err != nil || len(list.Items) != 0 {
			t.Errorf("before it is confirmed they read %+v, %v", list.Items, err)
		}
		_, err = w.s.RateBy(ctx, exchange.Code(wish.Code), "居民", "", exchange.Rating{Answer: exchange.Yes, Stars: 5, Words: "很耐心，谢谢"})
		w.ok(err)
		list, err := w.s.Echoes(ctx, w.helper, db.Page{})
		w.ok(err)
		if len(list.Items) != 1 || list.Items[0].Stars != 5 || list.Items[0].Words != "很耐心，谢谢" || list.Items[0].Outcome != exchange.Met || list.Items[0].Minutes != 60 {
			t.Errorf("who helped reads %+v", list.Items)
		}
		if list, err := w.s.Echoes(ctx, w.second, db.Page{}); err != nil || len(list.Items) != 0 {
			t.Errorf("somebody else reads %+v, %v", list.Items, err)
		}
		_, err = w.s.Echoes(ctx, w.worker, db.Page{})
		w.refused(err, errs.Forbidden)

		leader := exchange.Volunteer{ID: id.New(), PersonID: w.rows.Person(w.community, "队长", ""), OrgID: w.community, Name: "队长"}
		hand := exchange.Volunteer{ID: id.New(), PersonID: w.rows.Person(w.community, "队员", ""), OrgID: w.community, Name: "队员"}
		team := exchange.Team{ID: id.New(), Name: "环境守护队", Leader: leader.ID}
		w.files.led, w.files.in = map[id.ID][]exchange.Team{leader.PersonID: {team}}, map[id.ID][]exchange.Volunteer{team.ID: {leader, hand}}
		own := testkit.Own(testkit.Tenant, leader.PersonID, exchange.PermOwn)
		for i, rating := range []exchange.Rating{{Answer: exchange.Yes, Stars: 5}, {Answer: exchange.Half, Stars: 3}, {Answer: exchange.Yes, Stars: 5}} {
			wish := w.open(1)
			p, err := w.s.PledgeTeam(ctx, own, wish.ID, team.ID, exchange.NewPledge{})
			w.ok(err)
			w.ok(w.s.Agree(ctx, w.worker, p, 0))
			w.clock.Advance(time.Hour)
			w.ok(w.s.Deliver(ctx, own, p, 0, exchange.Delivery{Minutes: 30, Came: []id.ID{leader.ID, hand.ID}}))
			w.ok(w.s.Confirm(ctx, w.worker, p, 0, rating))
			sums, err := w.s.TeamEchoes(ctx, own, team.ID)
			w.ok(err)
			if sums.Deliveries != int64(i+1) || sums.Minutes != int64(60*(i+1)) || sums.Rated != int64(i+1) || (sums.Stars != [5]int64{}) != (i == 2) {
				t.Errorf("after %d the leader reads %+v", i+1, sums)
			}
		}
		sums, err := w.s.TeamEchoes(ctx, own, team.ID)
		w.ok(err)
		if sums.Met != 2 || sums.Partly != 1 || sums.Stars != [5]int64{0, 0, 1, 0, 2} {
			t.Errorf("the leader reads %+v", sums)
		}
		for _, who := range []authz.Actor{testkit.Own(testkit.Tenant, hand.PersonID, exchange.PermOwn), w.helper} {
			_, err = w.s.TeamEchoes(ctx, who, team.ID)
			w.refused(err, errs.NotFound)
		}
		if list, err := w.s.Echoes(ctx, testkit.Own(testkit.Tenant, hand.PersonID, exchange.PermOwn), db.Page{}); err != nil || len(list.Items) != 3 || list.Items[0].Team != "环境守护队" {
			t.Errorf("who came with the team reads %+v, %v", list.Items, err)
		}
	})
}

// What was said of one helper is not shown to another who helped with the same need.
func TestWhatWasSaidOfAnother(t *testing.T) {
	each(t, func(w *street) {
		wish := w.open(2)
		ratings := []exchange.Rating{{Answer: exchange.Yes, Stars: 5, Words: "很耐心"}, {Answer: exchange.Half, Stars: 2, Words: "来晚了"}}
		helpers := []authz.Actor{w.helper, w.second}
		var pledges []id.ID
		for _, a := range helpers {
			p, err := w.s.Pledge(ctx, a, wish.ID, exchange.NewPledge{})
			w.ok(err)
			w.ok(w.s.Agree(ctx, w.worker, p, 0))
			pledges = append(pledges, p)
		}
		for i, a := range helpers {
			w.clock.Advance(time.Hour)
			w.ok(w.s.Deliver(ctx, a, pledges[i], 0, exchange.Delivery{Minutes: 60}))
			_, err := w.s.RateBy(ctx, exchange.Code(wish.Code), "居民", "", ratings[i])
			w.ok(err)
		}
		for i, want := range []exchange.Outcome{exchange.Met, exchange.Partly} {
			list, err := w.s.Echoes(ctx, helpers[i], db.Page{})
			w.ok(err)
			if len(list.Items) != 1 || list.Items[0].Words != ratings[i].Words || list.Items[0].Stars != ratings[i].Stars || list.Items[0].Outcome != want {
				t.Errorf("helper %d reads %+v", i, list.Items)
			}
		}
	})
}

// Who asked for help, as one of staff, neither notes nor corrects what came of it: what they redeemed at the love bank would return to them.
func TestNobodyCorrectsHelpTheyAskedFor(t *testing.T) {
	each(t, func(w *street) {
		own := w.worker
		own.PersonID = w.rows.Person(w.community, "社工", "")
		got, err := w.s.Ask(ctx, testkit.Tenant, "居民", "", exchange.Asking{Kind: exchange.People, Body: "想找人陪我去医院", CommunityID: w.community, PersonID: own.PersonID})
		w.ok(err)
		w.ok(w.s.Approve(ctx, w.worker, got.ID, 0, exchange.Public{Title: "陪诊", Kind: exchange.People, Wanted: 1}))
		p, err := w.s.Pledge(ctx, w.helper, got.ID, exchange.NewPledge{})
		w.ok(err)
		w.ok(w.s.Agree(ctx, w.worker, p, 0))
		w.clock.Advance(time.Hour)
		w.refused(w.s.Deliver(ctx, own, p, 0, exchange.Delivery{Minutes: 1}), errs.Forbidden)
		w.ok(w.s.Deliver(ctx, w.helper, p, 0, exchange.Delivery{Minutes: 60}))
		w.ok(w.s.Confirm(ctx, w.worker, p, 0, exchange.Rating{Answer: exchange.Yes}))
		help := w.get(got.ID).Pledges[0].Help[0].ID
		w.refused(w.s.Correct(ctx, own, help, 0, 0, "没有来"), errs.Forbidden)
		w.ok(w.s.Correct(ctx, w.worker, help, 30, 0, "半小时"))
		w.books()
	})
}
