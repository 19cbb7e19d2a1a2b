package technician

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// counting counts the queries that are asked of a database.
type counting struct {
	db.Querier
	n int
}

func (c *counting) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	c.n++
	return c.Querier.Query(ctx, query, args...)
}

func (c *counting) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	c.n++
	return c.Querier.QueryRow(ctx, query, args...)
}

const communities = 60

// crowd fills a database with technicians and open cases of 60 communities, and gives who dispatches in all of them. One case in ten was offered, one technician in
// two has something in hand.
func crowd(t testing.TB, d *db.DB, technicians, cases int) authz.Actor {
	ctx := context.Background()
	orgs := make([]id.ID, communities+1)
	for i := range orgs {
		orgs[i] = id.New()
	}
	path := func(i int) string {
		p := "/" + orgs[communities].String() + "/"
		if i < communities {
			p += orgs[i].String() + "/"
		}
		return p
	}
	const tenant = testkit.Tenant
	now := db.Micros(d.Now())
	items := make([]id.ID, 30)
	for i := range items {
		items[i] = id.New()
	}
	crew, list := make([]id.ID, technicians), make([]id.ID, cases)
	for i := range crew {
		crew[i] = id.New()
	}
	for i := range list {
		list[i] = id.New()
	}
	err := d.WithTx(ctx, func(tx *db.Tx) error {
		many := func(table string, columns []string, n int, row func(i int) []any) {
			if err := tx.InsertMany(ctx, table, columns, n, row); err != nil {
				t.Fatal(err)
			}
		}
		many("organisation", []string{"tenant_id", "id", "kind", "name", "name_key", "path", "created_at", "updated_at"}, len(orgs), func(i int) []any {
			return []any{tenant, orgs[i], "community_party", fmt.Sprint("社区", i), "x", path(i), 1, 1}
		})
		many("case_kind", []string{"tenant_id", "code", "name", "list", "open_to_all", "confidential", "by_technician"}, 1, func(int) []any {
			return []any{tenant, "service", "x", "service", true, false, true}
		})
		many("catalogue_item", []string{"tenant_id", "id", "list", "code", "class_code", "name", "search_key", "sort_key", "level", "valid_from"}, len(items), func(i int) []any {
			return []any{tenant, items[i], "service", fmt.Sprint(i), fmt.Sprint(i % 7), fmt.Sprint("服务", i), "", "", "community", "2026-01-01"}
		})
		many("technician", []string{"tenant_id", "id", "name", "search_key", "org_id", "created_at", "updated_at"}, technicians, func(i int) []any {
			return []any{tenant, crew[i], fmt.Sprint("师傅", i), fmt.Sprintf("师傅%04d", i), orgs[i%communities], 1, 1}
		})
		many("technician_skill", []string{"tenant_id", "technician_id", "class_code", "item_id"}, 2*technicians, func(i int) []any {
			if i%2 == 0 {
				return []any{tenant, crew[i/2], fmt.Sprint("service:", i/2%7), int64(0)}
			}
			return []any{tenant, crew[i/2], "service:x", items[i/2%30]}
		})
		many("technician_area", []string{"tenant_id", "technician_id", "org_id"}, 4*technicians, func(i int) []any { return []any{tenant, crew[i/4], orgs[(i/4+i%4*15)%communities]} })
		many("technician_shift", []string{"tenant_id", "technician_id", "weekday", "from_min", "to_min"}, 7*technicians, func(i int) []any {
			return []any{tenant, crew[i/7], int64(i%7 + 1), int64(480 + i/7%4*60), int64(1080)}
		})
		many("service_case", []string{"tenant_id", "id", "no", "kind_code", "item_id", "community_id", "title", "title_key", "channel", "code_key", "state", "org_id", "received_at", "clock_at", "due_at", "updated_at"}, cases, func(i int) []any {
			at := now - int64(i)*60_000_000
			return []any{tenant, list[i], fmt.Sprintf("20260302-%06d", i), "service", items[i%30], orgs[i%communities], fmt.Sprint("水龙头漏水 ", i), "水龙头漏水", "web", list[i].String(), "received", orgs[i%communities], at, at, at + 86_400_000_000, at}
		})
		many("technician_job", []string{"tenant_id", "id", "case_id", "technician_id", "state", "offered_at"}, cases/10, func(i int) []any { return []any{tenant, id.New(), list[i*10], crew[i%technicians], "offered", now} })
		many("technician_job", []string{"tenant_id", "id", "case_id", "technician_id", "state", "taken_at"}, technicians/2, func(i int) []any { return []any{tenant, id.New(), list[i*10+1], crew[i], "taken", now} })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return testkit.Actor(tenant, orgs, PermDispatch, PermSee)
}

// look draws the board as its page does: the list, the chosen case, who could be asked. It gives how many queries that took.
func look(t testing.TB, s *Service, actor authz.Actor) int {
	ctx := context.Background()
	q := &counting{Querier: s.db}
	list, err := s.board(ctx, q, actor, BoardFilter{})
	if err != nil || len(list.Items) != 50 || list.Next == "" {
		t.Fatalf("the board holds %d, %v", len(list.Items), err)
	}
	w, err := findWaiting(ctx, q, actor.Scope(PermDispatch), list.Items[7].CaseID)
	if err != nil {
		t.Fatal(err)
	}
	who, err := s.candidates(ctx, q, actor, w, "", 30)
	if err != nil || len(who) < 20 || !who[0].Skilled || !who[0].Covers {
		t.Fatalf("%d could be asked, %v", len(who), err)
	}
	return q.n
}

// A region of the page is one query, however many technicians and cases there are; pages follow each other without a gap.
func TestTheBoardIsOneQueryForEachRegion(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 3, 2).Time().Add(10 * time.Hour))
		s := New(d, seal.Ephemeral(), nil)
		actor := crowd(t, d, 200, 2000)
		if n := look(t, s, actor); n != 3 {
			t.Errorf("the board asks %d queries, want one for each of its three regions", n)
		}
		seen, f, last := map[id.ID]bool{}, BoardFilter{Page: db.Page{Limit: 300}}, time.Time{}
		for {
			list, err := s.Board(t.Context(), actor, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range list.Items {
				if seen[w.CaseID] || w.DueAt.Before(last) {
					t.Fatalf("%s comes twice or out of order", w.No)
				}
				seen[w.CaseID], last = true, w.DueAt
			}
			if list.Next == "" {
				break
			}
			f.Page.After = db.ParseCursor(list.Next)
		}
		if len(seen) != 1900 { // without those that are taken
			t.Errorf("the pages hold %d cases, want 1900", len(seen))
		}
	})
}

// BenchmarkBoard draws the dispatch board with 20 technicians and 200 open cases, and with ten times as many of both.
func BenchmarkBoard(b *testing.B) {
	for _, size := range []struct{ technicians, cases int }{{20, 200}, {200, 2000}} {
		for name, open := range map[string]func(testing.TB, func() time.Time) *db.DB{"sqlite": testkit.SQLite, "postgres": testkit.Postgres} {
			b.Run(fmt.Sprintf("%s/%d/%d", name, size.technicians, size.cases), func(b *testing.B) {
				clock := testkit.NewClock()
				clock.Set(calendar.On(2026, 3, 2).Time().Add(10 * time.Hour))
				d := open(b, clock.Now)
				s := New(d, seal.Ephemeral(), nil)
				actor := crowd(b, d, size.technicians, size.cases)
				look(b, s, actor)
				for b.Loop() {
					look(b, s, actor)
				}
			})
		}
	}
}
