package venue

import (
	"context"
	"fmt"
	"testing"
	"time"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// published is the calendar as it was published.
type published struct{}

func (published) Calendar(context.Context, int64) (*calendar.Calendar, error) {
	return calendar.Default(), nil
}

// BenchmarkWeek draws the week of a place as its public page does, among 200 places with 10^5 bookings of two hours, beside the bare rows of the same place and week.
func BenchmarkWeek(b *testing.B) {
	const places, each, tenant = 200, 500, testkit.Tenant
	clock := testkit.NewClock()
	clock.Set(at(monday, 10, 0))
	for name, open := range map[string]func(testing.TB, func() time.Time) *db.DB{"sqlite": testkit.SQLite, "postgres": testkit.Postgres} {
		b.Run(name, func(b *testing.B) {
			d, ctx := open(b, clock.Now), context.Background()
			ids := make([]id.ID, places)
			for i := range ids {
				ids[i] = id.New()
			}
			first := monday.AddDays(-each / 12) // half of them are past
			start := func(n int) time.Time {    // six bookings a day
				return at(first.AddDays(n/6), 8+2*(n%6), 0)
			}
			bookings := make([]id.ID, places*each)
			for i := range bookings {
				bookings[i] = id.New()
			}
			err := d.WithTx(ctx, func(tx *db.Tx) error {
				for i, v := range ids {
					if err := insertVenue(ctx, tx, tenant, v, NewVenue{OrgID: 1, Kind: Sports, Name: fmt.Sprint("场馆", i), Terms: "free", Audience: Residents, Ahead: 30, Longest: 120, Slot: 60}, 1, fmt.Sprint("door", i)); err != nil {
						return err
					}
				}
				if err := tx.InsertMany(ctx, "venue_hours", []string{"tenant_id", "venue_id", "valid_from", "weekday", "from_min", "to_min"}, places*7, func(i int) []any {
					return []any{tenant, ids[i/7], "2026-01-01", i%7 + 1, 8 * 60, 22 * 60}
				}); err != nil {
					return err
				}
				if err := tx.InsertMany(ctx, "venue_booking", []string{"tenant_id", "id", "no", "venue_id", "channel", "starts_at", "ends_at", "people", "state", "created_at"}, len(bookings), func(i int) []any {
					s := start(i % each)
					return []any{tenant, bookings[i], fmt.Sprint("CD", i), ids[i/each], "web", db.Micros(s), db.Micros(s.Add(2 * time.Hour)), 4, "agreed", 1}
				}); err != nil {
					return err
				}
				return tx.InsertMany(ctx, "venue_slot", []string{"tenant_id", "venue_id", "starts_at", "booking_id"}, 4*len(bookings), func(i int) []any {
					n := i / 4
					return []any{tenant, ids[n/each], db.Micros(start(n % each).Add(time.Duration(i%4) * unit)), bookings[n]}
				})
			})
			if err != nil {
				b.Fatal(err)
			}
			s := New(d, seal.Ephemeral(), published{}, nil)
			b.Run("page", func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					_, grid, err := s.PublicWeek(ctx, tenant, ids[i%places], monday, 7)
					if err != nil || len(grid) != 7 || grid[1].Cells[0].State != CellTaken {
						b.Fatal(err, len(grid))
					}
				}
			})
			b.Run("bare", func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					v := ids[i%places]
					var name string
					if err := d.QueryRow(ctx, "SELECT name FROM venue WHERE tenant_id = $1 AND id = $2", tenant, v).Scan(&name); err != nil {
						b.Fatal(err)
					}
					taken, err := db.Column[int64](ctx, d, "SELECT starts_at FROM venue_slot WHERE tenant_id = $1 AND venue_id = $2 AND starts_at >= $3 AND starts_at < $4", tenant, v, db.Micros(monday.Time()), db.Micros(monday.AddDays(7).Time()))
					if err != nil || len(taken) != 7*24 {
						b.Fatal(err, len(taken))
					}
				}
			})
		})
	}
}
