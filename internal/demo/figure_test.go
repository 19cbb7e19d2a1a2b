package demo_test

import (
	"fmt"
	"testing"

	"linli/internal/app"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/demo"
	"linli/internal/figure"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/testkit"
)

// The quarter before the one in which the demonstration is built, its instants in microseconds (Beijing time), and the present one.
const (
	lastQuarter, thisQuarter = "2026Q3", "2026Q4"
	julyFirst                = "1782835200000000" // 2026-07-01 00:00 +08:00
	octoberFirst             = "1790784000000000"
	newYear                  = "1767196800000000"
	nextDay                  = "1795449600000000" // 2026-11-24, the day after the tests build
)

// asked is a figure with SQL of its own that counts the same another way; %s is a condition on a column named community_id.
type asked struct{ figure, period, sql string }

// ofPlaces hold for every place; they are written from the definitions in words, apart from the statements of the figures.
var ofPlaces = []asked{
	{"member.total", thisQuarter, "SELECT count(*) FROM member WHERE ended_on = '' AND %s"},
	{"member.in_service", thisQuarter, "SELECT sum(CASE kind WHEN 'in_service' THEN 1 ELSE 0 END) FROM member WHERE ended_on = '' AND %s"},
	{"member.floating", thisQuarter, "SELECT count(*) FROM member WHERE kind LIKE 'float%%' AND ended_on = '' AND %s"},
	{"member.community", thisQuarter, "SELECT count(*) FROM member WHERE kind NOT IN ('in_service', 'floating') AND ended_on = '' AND %s"},
	{"member.probationary", thisQuarter, "SELECT count(*) FROM member WHERE standing <> 'full' AND ended_on = '' AND %s"},
	{"member.women", thisQuarter, "SELECT count(*) FROM member WHERE ended_on = '' AND person_id IN (SELECT id FROM person WHERE sex = '2') AND %s"},
	{"member.college", thisQuarter, "SELECT count(*) FROM member WHERE ended_on = '' AND person_id IN (SELECT id FROM person WHERE schooling >= '1' AND schooling < '4') AND %s"},
	{"member.age_known", thisQuarter, "SELECT count(*) FROM member WHERE ended_on = '' AND person_id IN (SELECT id FROM person WHERE length(born_on) = 10) AND %s"},
	{"member.plaque", thisQuarter, "SELECT count(*) FROM member WHERE plaque_shown AND ended_on = '' AND %s"},
	{"registration.accepted", lastQuarter, "SELECT count(*) FROM registration WHERE state NOT IN ('proposed', 'returned', 'withdrawn') AND decided_at BETWEEN " + julyFirst + " AND " + octoberFirst + " - 1 AND %s"},
	{"registration.waiting", thisQuarter, "SELECT count(*) FROM registration WHERE state = 'proposed' AND %s"},
	{"member.registered", thisQuarter, "SELECT count(*) FROM member WHERE ended_on = '' AND (kind = 'community' OR id IN (SELECT member_id FROM registration WHERE state = 'accepted')) AND %s"},
	{"contact.made", lastQuarter, "SELECT count(*) FROM contact WHERE substr(on_date, 1, 7) IN ('2026-07', '2026-08', '2026-09') AND %s"},
	{"contact.members", lastQuarter, "SELECT count(DISTINCT member_id) FROM contact WHERE substr(on_date, 1, 7) IN ('2026-07', '2026-08', '2026-09') AND %s"},
	{"promise.kept", lastQuarter, "SELECT count(*) FROM promise WHERE state = 'kept' AND closed_at BETWEEN " + julyFirst + " AND " + octoberFirst + " - 1 AND %s"},
	{"promise.open", thisQuarter, "SELECT count(*) FROM promise WHERE state = 'open' AND %s"},
	{"absence.reasons", thisQuarter, "SELECT count(*) FROM absence_reason WHERE valid_to = '' AND %s"},
	{"floating.out", thisQuarter, "SELECT count(*) FROM floating_move WHERE direction = 'out' AND back_on = '' AND %s"},
	{"floating.in", thisQuarter, "SELECT count(*) FROM floating_move WHERE direction = 'in' AND back_on = '' AND %s"},
	{"responsibility.areas", thisQuarter, "SELECT count(*) FROM responsibility WHERE kind = 'area' AND %s"},
	{"responsibility.posts", thisQuarter, "SELECT count(*) FROM responsibility WHERE kind <> 'area' AND %s"},
	{"responsibility.places", thisQuarter, "SELECT sum(capacity) FROM responsibility WHERE open AND %s"},
	{"claim.in_force", thisQuarter, "SELECT count(*) FROM claim WHERE state = 'agreed' AND from_on <= '2026-11-23' AND to_on >= '2026-11-23' AND %s"},
	{"claim.members", thisQuarter, "SELECT count(DISTINCT member_id) FROM claim WHERE state = 'agreed' AND from_on <= '2026-11-23' AND to_on >= '2026-11-23' AND %s"},
	{"claim.waiting", thisQuarter, "SELECT count(*) FROM claim WHERE state = 'proposed' AND %s"},
	{"cadre.secretaries", thisQuarter, "SELECT count(*) FROM (SELECT a.*, a.organisation_id AS community_id FROM appointment a JOIN organisation o ON o.tenant_id = a.tenant_id AND o.id = a.organisation_id WHERE o.kind = 'community_party') x " +
		"WHERE post LIKE '%%secretary' AND ended_on = '' AND %s"},
	{"conference.community", lastQuarter, "SELECT count(*) FROM (SELECT m.*, m.owner_id AS community_id FROM meeting m) x WHERE state = 'held' AND kind_code = 'joint_conference' AND on_day BETWEEN '2026-07-01' AND '2026-09-30' AND %s"},
	{"activity.held", lastQuarter, "SELECT count(*) FROM activity WHERE state NOT IN ('draft', 'published', 'cancelled') AND starts_at BETWEEN " + julyFirst + " AND " + octoberFirst + " - 1 AND %s"},
	{"activity.cancelled", lastQuarter, "SELECT count(*) FROM activity WHERE state = 'cancelled' AND starts_at BETWEEN " + julyFirst + " AND " + octoberFirst + " - 1 AND %s"},
	{"attendance.total", lastQuarter, "SELECT count(*) FROM attendance WHERE NOT state = 'void' AND in_at BETWEEN " + julyFirst + " AND " + octoberFirst + " - 1 AND %s"},
	{"attendance.members", lastQuarter, "SELECT count(DISTINCT member_id) FROM attendance WHERE member_id > 0 AND NOT state = 'void' AND in_at BETWEEN " + julyFirst + " AND " + octoberFirst + " - 1 AND %s"},
	{"hours.total", lastQuarter, "SELECT sum(amount) FROM posting WHERE member_id <> 0 AND account = 'hours' AND on_date BETWEEN '2026-07-01' AND '2026-09-30' AND %s"},
	{"hours.year", lastQuarter, "SELECT sum(amount) FROM posting WHERE member_id <> 0 AND account = 'hours' AND on_date BETWEEN '2026-01-01' AND '2026-09-30' AND %s"},
	{"deeds.total", lastQuarter, "SELECT sum(amount) FROM posting WHERE account <> 'hours' AND on_date BETWEEN '2026-07-01' AND '2026-09-30' AND %s"},
	{"deed.waiting", thisQuarter, "SELECT count(*) FROM deed WHERE state = 'proposed' AND %s"},
	{"slip.made", lastQuarter, "SELECT count(*) FROM slip WHERE quarter = '2026Q3' AND %s"},
	{"slip.sent", lastQuarter, "SELECT count(*) FROM slip WHERE quarter = '2026Q3' AND id IN (SELECT slip_id FROM slip_version) AND %s"},
	{"slip.answered", lastQuarter, "SELECT count(*) FROM slip WHERE quarter = '2026Q3' AND answered_at > 0 AND %s"},
	{"evaluation.done", thisQuarter, "SELECT count(*) FROM evaluation WHERE year = 2026 AND decided_at > 0 AND %s"},
	{"place.grids", thisQuarter, "SELECT count(*) FROM grid WHERE ended_on = '' AND %s"},
	{"place.buildings", thisQuarter, "SELECT count(*) FROM building WHERE ended_on = '' AND %s"},
	{"place.households", thisQuarter, "SELECT count(*) FROM household WHERE community_id > 0 AND %s"},
	{"resident.total", thisQuarter, "SELECT count(*) FROM person WHERE community_id > 0 AND moved_out_on = '' AND died_on = '' AND %s"},
	{"resident.elderly", thisQuarter, "SELECT count(*) FROM person WHERE community_id > 0 AND moved_out_on = '' AND died_on = '' AND born_on > '' AND born_on <= '1966-11-23' AND %s"},
	{"resident.minors", thisQuarter, "SELECT count(*) FROM person WHERE community_id > 0 AND moved_out_on = '' AND died_on = '' AND born_on > '2008-11-23' AND %s"},
	{"resident.allowance", thisQuarter, `SELECT count(DISTINCT p.id) FROM person p JOIN person_category c ON c.person_id = p.id WHERE c.category IN ('13', '14') AND c.valid_to = ''
		AND p.moved_out_on = '' AND p.died_on = '' AND p.community_id > 0 AND %s`},
	{"request.due", lastQuarter, "SELECT count(*) FROM (SELECT organisation_id AS community_id, due_on FROM request_due) x WHERE substr(due_on, 1, 7) IN ('2026-07', '2026-08', '2026-09') AND %s"},
	{"request.answered", thisQuarter, "SELECT count(DISTINCT due_id) FROM (SELECT organisation_id AS community_id, due_id, answered_at FROM request_answer) x WHERE answered_at >= " + octoberFirst + " AND %s"},
	{"request.asked", thisQuarter, "SELECT sum(fields_asked) FROM (SELECT organisation_id AS community_id, fields_asked, replaced_at, answered_at FROM request_answer) x WHERE replaced_at < 1 AND answered_at >= " + octoberFirst + " AND %s"},
	{"request.filled", thisQuarter, "SELECT sum(fields_asked) - sum(rest) FROM (SELECT organisation_id AS community_id, fields_asked, fields_asked - fields_filled AS rest, answered_at FROM request_answer) x WHERE answered_at >= " + octoberFirst + " AND %s"},
	{"request.without_ground", thisQuarter, "SELECT count(*) FROM (SELECT d.organisation_id AS community_id, d.due_on FROM request_due d JOIN request r ON r.id = d.request_id WHERE length(r.ground_no) = 0 AND r.ground = '') x WHERE due_on BETWEEN '2026-10-01' AND '2026-11-23' AND %s"},
	{"cobuild.agreements", thisQuarter, "SELECT count(*) FROM cobuild WHERE state = 'agreed' AND ended_on = '' AND valid_to >= '2026-11-23' AND %s"},
	{"cobuild.needs", thisQuarter, "SELECT count(*) FROM need WHERE received_at >= " + octoberFirst + " AND %s"},
	{"cobuild.resources", thisQuarter, "SELECT count(*) FROM (SELECT place_id AS community_id, ended_at, valid_until FROM resource) x WHERE ended_at = 0 AND valid_until >= '2026-11-23' AND %s"},
	{"pairing.contact_points", thisQuarter, "SELECT count(*) FROM cobuild WHERE kind = 'contact_point' AND state = 'agreed' AND ended_on = '' AND valid_to >= '2026-11-23' AND %s"},
	{"pairing.households", thisQuarter, "SELECT count(*) FROM (SELECT org_id AS community_id, state FROM pairing_household) x WHERE state = 'paired' AND %s"},
	{"service.outlets", thisQuarter, "SELECT count(*) FROM outlet WHERE level = 'point' AND ended_on = '' AND %s"},
	{"employment.people", thisQuarter, "SELECT count(*) FROM (SELECT org_id AS community_id, voided_on, from_on FROM employment_result) x WHERE voided_on = '' AND from_on >= '2026-01-01' AND %s"},
	{"employment.certificates", thisQuarter, "SELECT count(*) FROM (SELECT org_id AS community_id, issued_on FROM employment_certificate) x WHERE issued_on >= '2026-01-01' AND %s"},
	{"employment.certificates_valid", thisQuarter, "SELECT count(*) FROM (SELECT org_id AS community_id, to_on, ended_on, uses, uses_max FROM employment_certificate) x WHERE to_on >= '2026-11-23' AND ended_on = '' AND (uses_max = 0 OR uses < uses_max) AND %s"},
	{"employment.certificates_used", thisQuarter, "SELECT sum(uses) FROM (SELECT org_id AS community_id, uses, issued_on FROM employment_certificate) x WHERE issued_on >= '2026-01-01' AND %s"},
	{"look.total", thisQuarter, "SELECT count(*) FROM (SELECT organisation_id AS community_id, person_id, at, action FROM audit_entry) x WHERE person_id > 0 AND at >= " + octoberFirst + " AND at < " + nextDay + " AND action IN ('resident.reveal', 'resident.see') AND %s"},
}

// ofDistrict hold for the district alone.
var ofDistrict = []asked{
	{"service.centres", thisQuarter, "SELECT count(*) FROM outlet WHERE level = 'centre' AND ended_on = ''"},
	{"volunteer.teams", thisQuarter, "SELECT count(*) FROM volunteer_team WHERE ended_on = ''"},
	{"org.communities", thisQuarter, "SELECT count(*) FROM organisation WHERE kind = 'community_party' AND dissolved_on = ''"},
	{"org.units", thisQuarter, "SELECT count(*) FROM organisation WHERE kind = 'unit' AND dissolved_on = ''"},
	{"org.branches", thisQuarter, "SELECT count(*) FROM organisation WHERE kind = 'party_branch' AND dissolved_on = ''"},
	{"coverage.units_attached", thisQuarter, "SELECT count(*) FROM organisation WHERE kind = 'unit' AND dissolved_on = '' AND community_id > 0"},
	{"coverage.cohesion", thisQuarter, "SELECT count(DISTINCT o.id) FROM organisation o JOIN attendance t ON t.unit_id = o.id WHERE o.kind = 'unit' AND o.dissolved_on = '' AND t.state <> 'void' AND t.in_at >= " + newYear},
	{"certificate.issued_year", thisQuarter, "SELECT count(*) FROM paper WHERE kind = 'certificate' AND issued_at >= " + newYear},
	{"hours.reached", thisQuarter, "SELECT count(*) FROM (SELECT member_id FROM posting WHERE member_id <> 0 AND account = 'hours' AND on_date >= '2026-01-01' GROUP BY member_id HAVING sum(amount) >= 960) x"},
	{"import.done", "2026", "SELECT count(*) FROM import WHERE state = 'done' AND dry_run = FALSE AND finished_at >= " + newYear},
	{"complaint.made", "2026", "SELECT count(*) FROM complaint WHERE created_at >= " + newYear},
}

// reportAgrees holds the figures of a demonstration against SQL of its own, at the district, its sub-district and every community; and against the
// sum of their records.
func reportAgrees(t *testing.T, a *app.App, rep demo.Report) {
	ctx := t.Context()
	actor := testkit.Actor(rep.Tenant, nil, figure.PermSee, "member.see", "resident.see")
	places, err := a.Figure.Places(ctx, actor)
	if err != nil {
		t.Fatal(err)
	}
	something := 0
	check := func(q asked, p figure.Place, sql string) {
		t.Helper()
		period, err := figure.ParsePeriod(q.period)
		if err != nil {
			t.Fatal(err)
		}
		want, err := db.Value[*int64](ctx, a.DB, sql)
		if err != nil {
			t.Fatalf("%s: %v", q.figure, err)
		}
		if want == nil {
			want = new(int64)
		}
		d, err := a.Figure.Get(ctx, actor, q.figure, p.ID, period)
		if err != nil {
			t.Fatalf("%s: %v", q.figure, err)
		}
		if d.Live.Amount != *want {
			t.Errorf("%s at %s in %s is %d, counted apart %d", q.figure, p.Name, q.period, d.Live.Amount, *want)
		}
		if *want != 0 {
			something++
		}
		recordsAgree(t, a, actor, d)
	}
	for _, q := range ofPlaces {
		for _, p := range places {
			check(q, p, fmt.Sprintf(q.sql, where(t, a, p)))
		}
	}
	for _, q := range ofDistrict {
		check(q, places[0], q.sql)
	}
	// The district of source D: secretaries are 41.5 years old on average, all have been to senior high school, one in three to college.
	now, err := figure.ParsePeriod(thisQuarter)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int64{"cadre.secretary_age": 415, "cadre.secretary_senior_high": 1000} {
		if d, err := a.Figure.Get(ctx, actor, name, places[0].ID, now); err != nil || d.Live.Amount != want {
			t.Errorf("%s is %d, want %d (%v)", name, d.Live.Amount, want, err)
		}
	}
	if something < 200 {
		t.Errorf("only %d of the values compared are not 0: the demonstration shows too little", something)
	}
}

// where is the condition that keeps rows to a place.
func where(t *testing.T, a *app.App, p figure.Place) string {
	switch p.Kind {
	case organisation.District:
		return "1 = 1"
	case organisation.Working:
		return "community_id IN (SELECT id FROM organisation WHERE parent_id = " + p.ID.String() + ")"
	}
	return "community_id = " + p.ID.String()
}

// recordsAgree adds the records of a figure up.
func recordsAgree(t *testing.T, a *app.App, actor authz.Actor, d figure.Detail) {
	t.Helper()
	var sum, n int64
	seen := map[id.ID]bool{}
	err := a.Figure.EachRecord(t.Context(), actor, figure.Query{Figure: d.Figure.ID, Place: d.Place.ID, Period: d.Period}, func(r figure.Record) error {
		sum += r.Amount
		n++
		if seen[r.ID] && !d.Figure.Ordered {
			t.Errorf("%s: record %s comes twice", d.Figure.ID, r.ID)
		}
		seen[r.ID] = true
		return nil
	})
	hidden, left := a.Figure.LeftOut(t.Context(), actor, figure.Query{Figure: d.Figure.ID, Place: d.Place.ID, Period: d.Period})
	if left != nil {
		t.Error(left)
	}
	if err != nil || hidden == 0 && sum != d.Live.Amount || n+hidden != d.Live.Records {
		t.Errorf("%s at %s: %d records add up to %d, the figure is %+v, %v", d.Figure.ID, d.Place.Name, n, sum, d.Live, err)
	}
}
