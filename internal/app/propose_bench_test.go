package app_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/exchange"
	"linli/internal/id"
	"linli/internal/testkit"
	"linli/internal/venue"
	"linli/internal/volunteer"
)

// BenchmarkPropose is a week's sharing out from the rows to the rows: 2,000 needs, 3,000 resources, 500 volunteers and 100 shared places in four sub-districts of fifteen communities.
func BenchmarkPropose(b *testing.B) {
	for name, engine := range map[string]func(testing.TB, func() time.Time) *db.DB{"sqlite": testkit.SQLite, "postgres": testkit.Postgres} {
		b.Run(name, func(b *testing.B) {
			d := engine(b, time.Now)
			a := open(b, d)
			aSubDistrictsWeek(b, d)
			actor := authz.System(testkit.Tenant, "bench")
			var got exchange.Shared
			var err error
			for b.Loop() {
				if got, err = a.Exchange.Propose(b.Context(), actor); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(got.Proposals), "proposals")
			b.ReportMetric(float64(got.Covered), "covered")
		})
	}
}

func aSubDistrictsWeek(t testing.TB, d *db.DB) {
	const tenant, needs, resources, volunteers, places = testkit.Tenant, 2000, 3000, 500, 100
	r := rand.New(rand.NewPCG(1, 1))
	today, now := calendar.DateOf(d.Now()), db.Micros(d.Now())
	trades := []string{"理发", "水电维修", "手机使用", "陪护就医", "家电清洗", "法律咨询", "书法教学", "心理疏导", "代买送货", "裁剪缝补"}
	kinds, terms, skills := exchange.Kinds(), exchange.AllTerms(), volunteer.Skills()
	streets, communities, units := make([]id.ID, 4), make([]id.ID, 60), make([]id.ID, 700)
	for _, list := range [][]id.ID{streets, communities, units} {
		for i := range list {
			list[i] = id.New()
		}
	}
	place := func() (street, community id.ID) {
		i := r.IntN(len(communities))
		return streets[i/15], communities[i]
	}
	err := d.WithTx(t.Context(), func(tx *db.Tx) error {
		many := func(table string, columns []string, n int, row func(i int) []any) error {
			return tx.InsertMany(t.Context(), table, append([]string{"tenant_id", "id"}, columns...), n, func(i int) []any { return append([]any{tenant}, row(i)...) })
		}
		orgs := []string{"kind", "name", "name_key", "parent_id", "path", "created_at", "updated_at"}
		if err := many("organisation", orgs, len(streets), func(i int) []any {
			return []any{streets[i], "working_committee", "街道", "街道", 0, "/" + streets[i].String() + "/", now, now}
		}); err != nil {
			return err
		}
		if err := many("organisation", orgs, len(communities), func(i int) []any {
			s := streets[i/15]
			return []any{communities[i], "community_party", "社区", "社区", s, "/" + s.String() + "/" + communities[i].String() + "/", now, now}
		}); err != nil {
			return err
		}
		if err := many("organisation", orgs, len(units), func(i int) []any {
			return []any{units[i], "unit", "单位", "单位", 0, "/" + units[i].String() + "/", now, now}
		}); err != nil {
			return err
		}
		if err := many("need", []string{"no", "kind", "title", "skill", "community_id", "wanted", "due_on", "channel", "state", "received_at", "opened_at"}, needs, func(i int) []any {
			_, c := place()
			trade, skill := trades[r.IntN(len(trades))], ""
			if r.IntN(2) == 0 {
				skill = trade
			}
			return []any{id.New(), fmt.Sprint("X", i), kinds[r.IntN(len(kinds))], "想找人" + trade, skill, c, 1 + r.IntN(4)/3, today.AddDays(r.IntN(30)).String(), "org", "open", now, now}
		}); err != nil {
			return err
		}
		if err := many("resource", []string{"kind", "title", "title_key", "skill", "org_id", "place_id", "terms", "amount", "left_over", "valid_until", "created_at"}, resources, func(int) []any {
			s, c := place()
			if r.IntN(4) == 0 {
				c = s
			}
			amount, skill := 0, ""
			if r.IntN(3) == 0 {
				amount = 1 + r.IntN(5)
			} else {
				skill = trades[r.IntN(len(trades))]
			}
			title := trades[r.IntN(len(trades))] + "服务"
			return []any{id.New(), kinds[r.IntN(len(kinds))], title, title, skill, units[r.IntN(len(units))], c, terms[r.IntN(3)], amount, amount, today.AddDays(r.IntN(60)).String(), now}
		}); err != nil {
			return err
		}
		people, homes := make([]id.ID, volunteers), make([]id.ID, volunteers)
		for i := range people {
			people[i] = id.New()
			_, homes[i] = place()
		}
		if err := many("person", []string{"community_id", "name", "name_key", "created_at", "updated_at"}, volunteers, func(i int) []any { return []any{people[i], homes[i], "志愿者", "志愿者", now, now} }); err != nil {
			return err
		}
		if err := many("volunteer", []string{"no", "org_id", "person_id", "skills", "contact", "entered_on"}, volunteers, func(i int) []any {
			return []any{id.New(), fmt.Sprint("V", i), homes[i], people[i], string(skills[r.IntN(len(skills))]), true, "2026-01-01"}
		}); err != nil {
			return err
		}
		rooms := make([]id.ID, places)
		for i := range rooms {
			rooms[i] = id.New()
		}
		if err := many("venue", []string{"org_id", "community_id", "kind", "name", "name_key", "terms", "audience", "ahead", "longest", "slot", "door", "created_at", "updated_at"}, places, func(i int) []any {
			_, c := place()
			return []any{rooms[i], units[i], c, string(venue.Kinds()[i%4]), "多功能厅", "多功能厅", "free", "residents", 30, 240, 60, fmt.Sprint("door", i), now, now}
		}); err != nil {
			return err
		}
		return tx.InsertMany(t.Context(), "venue_hours", []string{"tenant_id", "venue_id", "valid_from", "weekday", "from_min", "to_min"}, 7*places, func(i int) []any {
			return []any{tenant, rooms[i/7], "2026-01-01", i%7 + 1, 8 * 60, 22 * 60}
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}
