package patrol_test

import (
	"errors"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/patrol"
	"linli/internal/person"
	"linli/internal/pinyin"
	"linli/internal/place"
)

var yes = patrol.Decision{Apply: true}

// lives enters somebody into a household.
func (w *round) lives(household id.ID, name, relation string) id.ID {
	p := id.New()
	_, nameKey := pinyin.Of(name)
	w.exec(`INSERT INTO person (tenant_id, id, community_id, household_id, grid_id, building_id, name, name_key, head_relation, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$9,$8,1,1)`,
		p, w.community, household, w.grid, w.building, name, relation, nameKey)
	return p
}

func (w *round) indoors(who authz.Actor) person.Dwelling {
	w.t.Helper()
	all, err := w.s.Indoors(ctx, who, w.home, 0)
	w.ok(err)
	if len(all) != 1 {
		w.t.Fatalf("%d dwellings", len(all))
	}
	return all[0]
}

func (w *round) check(who authz.Actor, k string, d person.AtDoor) (patrol.Answer, error) {
	d.HouseholdID = w.home
	return w.s.Check(ctx, who, patrol.NewCheck{Sent: key(k), AtDoor: d})
}

func TestWhatIsSaidAtADoorIsWrittenIntoTheRegister(t *testing.T) {
	each(t, func(w *round) {
		head, son := w.lives(w.home, "周大山", "02"), w.lives(w.home, "周小山", "20")
		d := w.indoors(w.worker)
		if len(d.Mates) != 2 || d.Mates[0].ID != head || d.Mates[1].Name != "周小山" {
			t.Fatalf("indoors %+v", d.Mates)
		}
		looks := func() int64 {
			return w.count(`SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND person_id IN ($2,$3) AND action = 'resident.see' AND purpose = 'upkeep'`, head, son)
		}
		if w.indoors(w.worker); looks() != 2 {
			t.Errorf("%d looks are recorded, want one of each person in a day", looks())
		}
		if _, err := w.s.Indoors(ctx, w.colleague, w.home, 0); errs.KindOf(err) != errs.Forbidden || looks() != 2 { // whom no grid names
			t.Errorf("a colleague is shown names: %v", err)
		}

		// Right as it stands: only of what was seen, and dated by who said it.
		_, err := w.check(w.worker, "c0", person.AtDoor{Finding: person.Confirmed})
		w.wants(err, errs.Invalid, "finding")
		out, err := w.check(w.worker, "c1", person.AtDoor{Finding: person.Confirmed, Seen: d.Seen})
		w.ok(err)
		again, err := w.check(w.worker, "c1", person.AtDoor{Finding: person.Confirmed, Seen: d.Seen})
		w.ok(err)
		if !again.Again || again.ID != out.ID || w.count(`SELECT count(*) FROM household_check WHERE tenant_id = $1`) != 1 {
			t.Error("sent twice, it is not one")
		}
		if n, all, err := w.s.Progress(ctx, w.worker); err != nil || n != 1 || all != 1 {
			t.Errorf("progress %d of %d, %v", n, all, err)
		}

		// Said out of reach three days ago: the day at the door counts.
		moved := patrol.NewCheck{Sent: key("m"), AtDoor: person.AtDoor{Finding: person.Left, HouseholdID: w.home, PersonID: son, Version: d.Mates[1].Version}}
		moved.SaidAt = w.clock.Now().Add(-72 * time.Hour)
		_, err = w.s.Check(ctx, w.worker, moved)
		w.ok(err)
		if n := w.count(`SELECT count(*) FROM person WHERE tenant_id = $1 AND id = $2 AND moved_out_on = '2026-02-27'`, son); n != 1 {
			t.Error("the day of moving out is not that at the door")
		}
		_, err = w.check(w.worker, "c2", person.AtDoor{Finding: person.Confirmed, Seen: d.Seen})
		w.wants(err, errs.Invalid, "finding") // they live there no more

		joined, err := w.check(w.worker, "j", person.AtDoor{Finding: person.Joined, Name: "钱来", Sex: "1", Relation: "99", Phone: "13900000001"})
		w.ok(err)
		if joined.Waits {
			t.Error("who may change the register waits")
		}
		_, err = w.check(w.worker, "j2", person.AtDoor{Finding: person.Joined, Name: "钱来"})
		w.wants(err, errs.Invalid, "name")
		_, err = w.check(w.worker, "j3", person.AtDoor{Finding: person.Joined, Name: "孙来", Phone: "12"})
		w.wants(err, errs.Invalid, "phone")
		if n := w.count(`SELECT count(*) FROM person WHERE tenant_id = $1 AND household_id = $2 AND grid_id = $3 AND source = 'door' AND moved_in_on = '2026-03-02' AND phone_mask <> ''`, w.home, w.grid); n != 1 {
			t.Error("who moved in is not in the register as from the door")
		}

		_, err = w.check(w.worker, "p", person.AtDoor{Finding: person.NewContact, PersonID: head, Version: d.Mates[0].Version, Phone: "13900000002"})
		w.ok(err)
		// A colleague who was out of reach says something of the same record, as it was before.
		_, err = w.check(w.colleague, "d", person.AtDoor{Finding: person.Deceased, PersonID: head, Version: d.Mates[0].Version})
		w.wants(err, errs.Conflict, "")
		var changed *patrol.RegisterChangedError
		if !errors.As(err, &changed) || changed.Version != d.Mates[0].Version+1 {
			t.Fatalf("conflict %+v", changed)
		}
		_, err = w.check(w.colleague, "d", person.AtDoor{Finding: person.Deceased, PersonID: head, Version: changed.Version})
		w.ok(err)

		_, err = w.check(w.worker, "e", person.AtDoor{Finding: person.UsedOtherwise, Occupancy: person.OccupancyLet, Known: d.Known})
		w.ok(err)
		_, err = w.check(w.colleague, "e2", person.AtDoor{Finding: person.UsedOtherwise, Occupancy: person.OccupancyEmpty, Known: d.Known})
		w.wants(err, errs.Conflict, "")
		_, err = w.check(w.worker, "a", person.AtDoor{Finding: person.WrongAddress, Stairwell: "2", Room: "302"})
		w.ok(err)
		h, err := w.people.Home(ctx, w.worker, w.home)
		w.ok(err)
		if h.Room != "302" || h.Address != "3号楼2单元302室" || h.Occupancy != person.OccupancyLet || h.Version != 1 {
			t.Errorf("the household %+v", h)
		}
		list, err := w.s.ChecksOf(ctx, w.worker, w.home)
		w.ok(err)
		if len(list) != 7 || list[0].Finding != person.WrongAddress || list[0].SaidBy != "王格" || list[0].Purpose != person.PurposeUpkeep || list[0].State != patrol.Applied {
			t.Errorf("what was said: %d %+v", len(list), list[0])
		}
		if n := w.count(`SELECT count(*) FROM household_check WHERE tenant_id = $1 AND said IS NOT NULL`); n != 0 {
			t.Error("words are kept beside the register")
		}
	})
}

func TestWhoMayNotChangeTheRegisterLeavesItToTheCommunity(t *testing.T) {
	each(t, func(w *round) {
		head := w.lives(w.home, "周大山", "02")
		helper := w.as(w.community, "协管", patrol.PermEnter, person.PermSee, place.PermSee, casework.PermEnter)
		w.exec(`UPDATE grid SET worker_id = $2 WHERE tenant_id = $1`, helper.AccountID)
		d := w.indoors(helper)
		for k, f := range map[string]person.AtDoor{"j": {Finding: person.Joined, Name: "钱来", Sex: "1", Phone: "13900000001"}, "l": {Finding: person.Left, PersonID: head}, "c": {Finding: person.Confirmed, Seen: d.Seen},
			"o": {Finding: person.UsedOtherwise, Occupancy: person.OccupancyEmpty}} {
			out, err := w.check(helper, k, f)
			w.ok(err)
			if !out.Waits {
				t.Errorf("%s does not wait", k)
			}
		}
		_, err := w.check(helper, "x", person.AtDoor{Finding: person.Left, PersonID: id.New()})
		w.wants(err, errs.Invalid, "person")
		if n := w.count(`SELECT count(*) FROM person WHERE tenant_id = $1`); n != 1 {
			t.Errorf("%d people, want what was there", n)
		}
		if it, err := w.s.Waiting(ctx, helper); err != nil || len(it) != 0 {
			t.Errorf("it waits for who said it: %+v, %v", it, err)
		}
		if it, err := w.s.Waiting(ctx, w.worker); err != nil || len(it) != 1 || it[0].Count != 4 {
			t.Errorf("it does not wait for the community: %+v, %v", it, err)
		}
		if l, err := w.s.Checks(ctx, w.beside, db.Page{}); err != nil || len(l.Items) != 0 {
			t.Errorf("another community reads %+v, %v", l.Items, err)
		}
		l, err := w.s.Checks(ctx, w.worker, db.Page{})
		w.ok(err)
		if len(l.Items) != 4 {
			t.Fatalf("%d wait, want 4", len(l.Items))
		}
		by := map[person.Finding]patrol.Checked{}
		for _, c := range l.Items {
			by[c.Finding] = c
		}
		if c := by[person.Joined]; c.Name != "钱来" || c.Phone != "139****0001" || c.SaidBy != "协管" || c.Household == "" {
			t.Errorf("who moved in: %+v", c)
		}
		if by[person.Left].Person != "周大山" {
			t.Errorf("who moved out: %+v", by[person.Left])
		}
		w.wants(w.s.Decide(ctx, w.beside, by[person.Joined].ID, yes), errs.NotFound, "")
		w.wants(w.s.Decide(ctx, helper, by[person.Joined].ID, yes), errs.NotFound, "")
		_, err = w.check(helper, "again", person.AtDoor{Finding: person.Confirmed, Seen: "another list"})
		w.ok(err)
		l, err = w.s.Checks(ctx, w.worker, db.Page{})
		w.ok(err)
		other := l.Items[len(l.Items)-1].ID
		w.wants(w.s.Decide(ctx, w.worker, other, yes), errs.Invalid, "finding") // what was seen is not what stands there
		w.ok(w.s.Decide(ctx, w.worker, other, patrol.Decision{}))
		w.ok(w.s.Decide(ctx, w.worker, by[person.Confirmed].ID, yes))
		w.ok(w.s.Decide(ctx, w.worker, by[person.Joined].ID, yes))
		w.ok(w.s.Decide(ctx, w.worker, by[person.Left].ID, yes))
		w.ok(w.s.Decide(ctx, w.worker, by[person.UsedOtherwise].ID, patrol.Decision{}))
		w.wants(w.s.Decide(ctx, w.worker, by[person.UsedOtherwise].ID, yes), errs.NotFound, "")
		h, err := w.people.Home(ctx, w.worker, w.home)
		w.ok(err)
		if h.ConfirmedOn != calendar.On(2026, 3, 2) || h.Occupancy != "" {
			t.Errorf("the household %+v", h)
		}
		if n := w.count(`SELECT count(*) FROM household_check WHERE tenant_id = $1 AND said IS NULL AND decided_by = $2`, w.worker.AccountID); n != 5 {
			t.Errorf("%d were decided on, without their words", n)
		}
		if n := w.count(`SELECT count(*) FROM person WHERE tenant_id = $1 AND moved_out_on = ''`); n != 1 {
			t.Errorf("%d live here, want who moved in", n)
		}
	})
}

func TestNamesAreOfOnesOwnGrids(t *testing.T) {
	each(t, func(w *round) {
		w.lives(w.home, "周大山", "02")
		second := id.New()
		w.exec(`INSERT INTO grid (tenant_id, id, community_id, code, name, worker_name) VALUES ($1,$2,$3,'320902001001002','第二网格','李格')`, second, w.community)
		if all, err := w.s.Indoors(ctx, w.worker, 0, w.building); err != nil || len(all) != 1 || len(all[0].Mates) != 1 {
			t.Errorf("a building of one's own grid: %+v, %v", all, err)
		}
		_, err := w.s.Indoors(ctx, w.colleague, w.home, 0) // who has another grid of the same community
		w.wants(err, errs.NotFound, "")
		_, err = w.s.Indoors(ctx, w.beside, 0, w.building) // who has none
		w.wants(err, errs.Forbidden, "")
		w.exec(`UPDATE grid SET worker_id = 0, worker_name = '' WHERE tenant_id = $1`)
		_, err = w.s.Indoors(ctx, w.worker, w.home, 0) // the round of the whole community has no names
		w.wants(err, errs.Forbidden, "")
		_, err = w.s.Indoors(ctx, w.none, w.home, 0)
		w.wants(err, errs.Forbidden, "")
	})
}

func TestWhatWaitsGoesWithWhoIsForgotten(t *testing.T) {
	each(t, func(w *round) {
		head := w.lives(w.home, "周大山", "02")
		helper := w.as(w.community, "协管", patrol.PermEnter, person.PermSee, place.PermSee)
		_, err := w.check(helper, "p", person.AtDoor{Finding: person.NewContact, PersonID: head, Phone: "13900000001"})
		w.ok(err)
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return patrol.ForgetTx(ctx, tx, w.worker.Tenant, []id.ID{head}) }))
		if n := w.count(`SELECT count(*) FROM household_check WHERE tenant_id = $1 AND (said IS NOT NULL OR person_id <> 0 OR state = 'waiting')`); n != 0 {
			t.Error("what was said of them is still there")
		}
	})
}

func TestWhoMovesInIsNotEnteredTwice(t *testing.T) {
	each(t, func(w *round) {
		head := w.lives(w.home, "周大山", "02")
		gone, back := w.lives(w.home, "钱来", "20"), "SELECT count(*) FROM person WHERE tenant_id = $1 AND id = $2 AND household_id = $3 AND moved_out_on = '' AND moved_in_on = '2026-03-01'"
		w.exec(`UPDATE person SET moved_out_on = '2026-01-05' WHERE tenant_id = $1 AND id = $2`, gone)
		out, err := w.check(w.worker, "back", person.AtDoor{Finding: person.Joined, Name: "钱来", Since: calendar.On(2026, 3, 1)})
		w.ok(err)
		if out.Waits || w.count(back, gone, w.home) != 1 || w.count(`SELECT count(*) FROM person WHERE tenant_id = $1`) != 2 {
			t.Error("who had left this household is not put back")
		}

		// Two phones say it at once.
		done := make(chan error, 2)
		for _, k := range []string{"two-a", "two-b"} {
			go func() {
				_, err := w.check(w.worker, k, person.AtDoor{Finding: person.Joined, Name: "孙同"})
				done <- err
			}()
		}
		<-done
		<-done
		if n := w.count(`SELECT count(*) FROM person WHERE tenant_id = $1 AND name = '孙同'`); n != 1 {
			t.Errorf("said by two phones they are %d", n)
		}

		// Somebody of the name lives elsewhere: whoever keeps the register says whether it is they.
		next := id.New()
		w.exec(`INSERT INTO household (tenant_id, id, community_id, grid_id, building_id, stairwell, room, address) VALUES ($1,$2,$3,$4,$5,'2','302','3号楼2单元302室')`, next, w.community, w.grid, w.building)
		moves := w.lives(next, "李搬", "02")
		out, err = w.check(w.worker, "moves", person.AtDoor{Finding: person.Joined, Name: "李搬"})
		w.ok(err)
		again, err := w.check(w.worker, "moves", person.AtDoor{Finding: person.Joined, Name: "李搬"})
		w.ok(err)
		if !out.Waits || !again.Waits {
			t.Error("of a namesake elsewhere it does not wait")
		}
		l, err := w.s.Checks(ctx, w.worker, db.Page{})
		w.ok(err)
		if len(l.Items) != 1 || len(l.Items[0].Namesakes) != 1 || l.Items[0].Namesakes[0].ID != moves || l.Items[0].Namesakes[0].Address != "3号楼2单元302室" {
			t.Fatalf("what waits: %+v", l.Items)
		}
		var namesake *person.NamesakeError
		if err := w.s.Decide(ctx, w.worker, l.Items[0].ID, yes); !errors.As(err, &namesake) {
			t.Errorf("without a word on who it is: %v", err)
		}
		w.wants(w.s.Decide(ctx, w.worker, l.Items[0].ID, patrol.Decision{Apply: true, PersonID: head}), errs.Invalid, "person")
		w.ok(w.s.Decide(ctx, w.worker, l.Items[0].ID, patrol.Decision{Apply: true, PersonID: moves}))
		if w.count(`SELECT count(*) FROM person WHERE tenant_id = $1 AND name = '李搬'`) != 1 || w.count(`SELECT count(*) FROM person WHERE tenant_id = $1 AND id = $2 AND household_id = $3`, moves, w.home) != 1 {
			t.Error("the record is not taken along")
		}
		w.lives(next, "李搬", "20")
		w.exec(`UPDATE person SET moved_out_on = '2026-03-02' WHERE tenant_id = $1 AND id = $2`, moves)
		w.exec(`UPDATE person SET household_id = $3 WHERE tenant_id = $1 AND id = $2`, moves, next)
		_, err = w.check(w.worker, "other", person.AtDoor{Finding: person.Joined, Name: "李搬"})
		w.ok(err)
		l, err = w.s.Checks(ctx, w.worker, db.Page{})
		w.ok(err)
		w.ok(w.s.Decide(ctx, w.worker, l.Items[0].ID, patrol.Decision{Apply: true, Anew: true}))
		if n := w.count(`SELECT count(*) FROM person WHERE tenant_id = $1 AND name = '李搬'`); n != 3 {
			t.Errorf("somebody else of the name is not entered: %d", n)
		}
	})
}

func TestWhatWaitsDoesNotOverwriteWhatIsNewer(t *testing.T) {
	each(t, func(w *round) {
		head := w.lives(w.home, "周大山", "02")
		helper := w.as(w.community, "协管", patrol.PermEnter, person.PermSee, place.PermSee)
		w.exec(`UPDATE grid SET worker_id = $2 WHERE tenant_id = $1`, helper.AccountID)
		d := w.indoors(helper)
		_, err := w.check(helper, "phone", person.AtDoor{Finding: person.NewContact, PersonID: head, Version: 1, Phone: "13900000001"})
		w.ok(err)
		_, err = w.check(helper, "use", person.AtDoor{Finding: person.UsedOtherwise, Occupancy: person.OccupancyEmpty, Known: d.Known})
		w.ok(err)
		_, err = w.check(helper, "room", person.AtDoor{Finding: person.WrongAddress, Room: "303", Known: d.Known})
		w.ok(err)
		// The desk hears of another number, and of another use, later.
		w.clock.Set(w.clock.Now().Add(24 * time.Hour))
		_, err = w.check(w.worker, "later", person.AtDoor{Finding: person.NewContact, PersonID: head, Version: 1, Phone: "13900000002"})
		w.ok(err)
		_, err = w.check(w.worker, "later-use", person.AtDoor{Finding: person.UsedOtherwise, Occupancy: person.OccupancyLet})
		w.ok(err)
		l, err := w.s.Checks(ctx, w.worker, db.Page{})
		w.ok(err)
		by := map[person.Finding]patrol.Checked{}
		for _, c := range l.Items {
			by[c.Finding] = c
		}
		phone, use := by[person.NewContact], by[person.UsedOtherwise]
		if phone.Changed == nil || phone.Changed.Version != 2 || use.Changed == nil || by[person.WrongAddress].Changed != nil {
			t.Fatalf("what was changed meanwhile: %+v, %+v, %+v", phone.Changed, use.Changed, by[person.WrongAddress].Changed)
		}
		var changed *patrol.RegisterChangedError
		if err := w.s.Decide(ctx, w.worker, phone.ID, yes); !errors.As(err, &changed) {
			t.Errorf("an older number is written over a newer one: %v", err)
		}
		w.ok(w.s.Decide(ctx, w.worker, phone.ID, patrol.Decision{Apply: true, Version: phone.Changed.Version})) // who has seen it decides
		w.ok(w.s.Decide(ctx, w.worker, use.ID, yes))
		h, err := w.people.Home(ctx, w.worker, w.home)
		w.ok(err)
		if h.Occupancy != person.OccupancyLet || h.OccupancyOn != calendar.On(2026, 3, 3) {
			t.Errorf("what was said the day before stands: %s of %s", h.Occupancy, h.OccupancyOn)
		}
		// The household goes to another community: what waits goes with it.
		w.exec(`UPDATE household SET community_id = $2 WHERE tenant_id = $1`, w.other)
		if l, err = w.s.Checks(ctx, w.worker, db.Page{}); err != nil || len(l.Items) != 0 {
			t.Errorf("the old community reads %d, %v", len(l.Items), err)
		}
		if it, err := w.s.Waiting(ctx, w.beside); err != nil || len(it) != 1 || it[0].Count != 1 {
			t.Errorf("for the new one %+v waits, %v", it, err)
		}
		w.ok(w.s.Decide(ctx, w.beside, by[person.WrongAddress].ID, yes))
	})
}

func TestDaysAtADoor(t *testing.T) {
	each(t, func(w *round) {
		head, son := w.lives(w.home, "周大山", "02"), w.lives(w.home, "周小山", "20")
		w.exec(`UPDATE person SET born_on = '1990-05-01' WHERE tenant_id = $1`)
		_, err := w.check(w.worker, "future", person.AtDoor{Finding: person.Deceased, PersonID: head, Since: calendar.On(2026, 3, 9)})
		w.wants(err, errs.Invalid, "since")
		_, err = w.check(w.worker, "before", person.AtDoor{Finding: person.Deceased, PersonID: head, Since: calendar.On(1990, 4, 30)})
		w.wants(err, errs.Invalid, "since")
		_, err = w.check(w.worker, "died", person.AtDoor{Finding: person.Deceased, PersonID: head, Since: calendar.On(2026, 2, 20)})
		w.ok(err)
		if w.count(`SELECT count(*) FROM person WHERE tenant_id = $1 AND id = $2 AND died_on = '2026-02-20'`, head) != 1 {
			t.Error("the day of death is that of the visit")
		}
		// One's own entry of the same visit is no conflict.
		_, err = w.check(w.worker, "call", person.AtDoor{Finding: person.NewContact, PersonID: son, Version: 1, Phone: "13900000003"})
		w.ok(err)
		late := patrol.NewCheck{Sent: key("late"), AtDoor: person.AtDoor{Finding: person.Left, HouseholdID: w.home, PersonID: son, Version: 1}}
		late.SaidAt = w.clock.Now().AddDate(0, 0, -9)
		out, err := w.s.Check(ctx, w.worker, late)
		w.ok(err)
		w.clock.Set(w.clock.Now().Add(24 * time.Hour))
		again, err := w.s.Check(ctx, w.worker, late)
		w.ok(err)
		if !out.Today || !again.Again || !again.Today {
			t.Errorf("a day that is not believed is not said: %+v, %+v", out, again)
		}
	})
}
