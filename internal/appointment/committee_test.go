package appointment_test

import (
	"slices"
	"testing"

	"linli/internal/appointment"
	"linli/internal/calendar"
	"linli/internal/id"
	"linli/internal/testkit"
)

// TestTheCommitteeOfADay counts each person once who holds a post of the branch on the day, and nobody of another organisation.
func TestTheCommitteeOfADay(t *testing.T) {
	each(t, func(w *network) {
		a, b, c := w.person("甲", "female", "1980-01-01", ""), w.person("乙", "male", "1980-01-01", ""), w.person("丙", "male", "1980-01-01", "")
		w.appoint(w.branch, a, appointment.Secretary)
		w.appoint(w.branch, a, appointment.Organiser) // one person, two posts
		left := w.appoint(w.branch, b, appointment.CommitteeMember)
		w.appoint(w.community, c, appointment.Secretary)
		if err := w.s.End(ctx, w.keeper, left, appointment.Ending{On: day(2026, 9, 1), Reason: "调离", Version: 1}); err != nil {
			t.Fatal(err)
		}
		for on, want := range map[string][]id.ID{"2024-02-29": nil, "2024-03-01": {a, b}, "2026-08-31": {a, b}, "2026-09-01": {a}} {
			got, err := w.s.Committee(ctx, w.d, testkit.Tenant, w.branch, calendar.MustParse(on))
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", on, got, want)
			}
		}
		if got, err := w.s.Committee(ctx, w.d, testkit.Tenant+1, w.branch, day(2025, 1, 1)); err != nil || len(got) != 0 {
			t.Errorf("in another district: %v, %v", got, err)
		}
	})
}
