package figure_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
)

// world is a district full of random rows in every table that figures read. The rows are written as they are stored, so that odd ones come
// up too: a member of no community, a community without a sub-district, somebody without a birthday.
type world struct {
	t                   *testing.T
	d                   *db.DB
	r                   *rand.Rand
	today               calendar.Date
	root, street, other id.ID
	communities, units  []id.ID
	persons, members    []id.ID
	activities, offers  []id.ID
	places              []id.ID // district, both sub-districts, all communities
	tenant              int64
}

func newWorld(t *testing.T, d *db.DB, seed uint64, tenant int64) *world {
	w := &world{t: t, d: d, r: rand.New(rand.NewPCG(seed, 7)), today: calendar.DateOf(d.Now()), tenant: tenant}
	for _, k := range []string{"hotline", "opinion", "window"} {
		w.insert("case_kind", "code name list open_to_all confidential", k, k, k, true, false)
	}
	w.root = w.org("district_committee", 0, 0)
	w.street, w.other = w.org("working_committee", w.root, 0), w.org("working_committee", w.root, 0)
	for i := range 5 {
		parent := []id.ID{w.street, w.street, w.other, w.root, w.street}[i]
		w.communities = append(w.communities, w.org("community_party", parent, 0))
	}
	w.places = append([]id.ID{w.root, w.street, w.other}, w.communities...)
	for range 6 {
		w.units = append(w.units, w.org("unit", w.root, w.community()))
	}
	for _, k := range []string{"committee", "party_branch", "party_branch", "party_group", "residents_committee", "service_station"} {
		w.org(k, w.pick(append(w.communities, w.units...)), 0)
	}
	for range 25 {
		w.person()
	}
	for range 90 {
		w.anything()
	}
	return w
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	err := w.d.WithTx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), query, args...)
		return err
	})
	if err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
}

// insert writes a row given as "column column …" with its values; the tenant comes first.
func (w *world) insert(table, columns string, values ...any) {
	w.t.Helper()
	cols := append([]string{"tenant_id"}, strings.Fields(columns)...)
	a := &db.Args{}
	var at []string
	for _, v := range append([]any{w.tenant}, values...) {
		at = append(at, a.Add(v))
	}
	w.exec("INSERT INTO "+table+" ("+strings.Join(cols, ", ")+") VALUES ("+strings.Join(at, ", ")+")", a.Values()...)
}

func (w *world) pick(of []id.ID) id.ID { return of[w.r.IntN(len(of))] }

func (w *world) of(list ...string) string { return list[w.r.IntN(len(list))] }

// community is one of them, or none.
func (w *world) community() id.ID {
	if w.r.IntN(6) == 0 {
		return 0
	}
	return w.pick(w.communities)
}

// day lies in the last two years; maybe is a day or none.
func (w *world) day() string { return w.today.AddDays(-w.r.IntN(700)).String() }

func (w *world) maybe() string {
	if w.r.IntN(2) == 0 {
		return ""
	}
	return w.day()
}

func (w *world) instant() int64 {
	return db.Micros(w.today.AddDays(-w.r.IntN(700)).Time()) + int64(w.r.IntN(86_400_000_000))
}

func (w *world) later() int64 {
	if w.r.IntN(2) == 0 {
		return 0
	}
	return w.instant()
}

func (w *world) org(kind string, parent, community id.ID) id.ID {
	o := id.New()
	name := fmt.Sprintf("%s %d", kind, w.r.IntN(1000))
	ended := ""
	if kind != "district_committee" && w.r.IntN(8) == 0 {
		ended = w.day()
	}
	w.insert("organisation", "id kind name name_key path parent_id community_id sector established_on dissolved_on created_at updated_at",
		o, kind, name, name, "/"+o.String()+"/", parent, community, w.of("", "s1", "s2"), w.maybe(), ended, 1, 1)
	return o
}

func (w *world) born() string {
	if w.r.IntN(6) == 0 {
		return ""
	}
	return w.today.AddDays(-w.r.IntN(36_000)).String()
}

func (w *world) person() {
	p := id.New()
	w.persons = append(w.persons, p)
	w.insert("person", "id community_id name name_key sex born_on schooling residence moved_in_on moved_out_on died_on created_at updated_at",
		p, w.community(), "N", "n", w.of("0", "1", "2"), w.born(), w.of("", "11", "21", "31", "41", "61", "70", "81"), w.of("", "1", "2", "4"),
		w.maybe(), w.of("", "", w.day()), w.of("", "", "", w.day()), 1, 1)
	if w.r.IntN(3) > 0 {
		return
	}
	m := id.New()
	w.members = append(w.members, m)
	w.insert("member", "id person_id kind name name_key home_id unit_id community_id standing joined_on full_on plaque_shown since ended_on created_at updated_at",
		m, p, w.of("community", "in_service", "floating"), "N", "n", w.community(), w.pick(w.units), w.community(), w.of("full", "probationary"),
		w.maybe(), w.maybe(), w.r.IntN(2) == 0, w.maybe(), w.of("", "", w.day()), 1, 1)
}

// anything writes one row of a table chosen by chance.
func (w *world) anything() {
	if len(w.members) == 0 {
		w.person()
		return
	}
	m, p, c := w.pick(w.members), w.pick(w.persons), w.pick(w.communities)
	i := id.New()
	tables := []func(){
		func() { w.person() },
		func() {
			w.insert("organisation_act", "id organisation_id kind on_date at", i, w.pick(append(w.units, c)), w.of("found", "rename"), w.day(), 1)
		},
		func() {
			w.insert("organisation_relation", "id kind from_id to_id valid_from", i, w.of("merged_into", "area"), w.pick(w.units), c, w.day())
		},
		func() { w.insert("quarter_area", "id community_id name ended_on", i, c, i.String(), w.of("", w.day())) },
		func() {
			w.insert("grid", "id community_id code name worker_name ended_on", i, c, i.String(), "g", w.of("", "x"), w.of("", w.day()))
		},
		func() {
			w.insert("building", "id community_id name name_key ended_on", i, c, i.String(), i.String(), w.of("", w.day()))
		},
		func() { w.insert("household", "id community_id", i, c) },
		func() {
			w.exec(`INSERT INTO person_category (tenant_id, person_id, category, valid_from, valid_to) VALUES ($1,$2,$3,$4,$5) ON CONFLICT DO NOTHING`,
				w.tenant, p, w.of("03", "04", "06", "10", "12", "13", "15", "16"), w.day(), w.maybe())
		},
		func() {
			w.insert("consent", "id person_id purpose_code text_version channel answer at withdrawn_at", i, p, w.of("message", "survey"), "1", "paper", w.of("agreed", "declined"), w.instant(), w.later())
		},
		func() {
			w.insert("registration", "id member_id person_id community_id unit_id started_by state proposed_at proposed_by decided_at", i, m, p, c, w.pick(w.units), w.of("unit", "member", "community"),
				w.of("returned", "withdrawn", "ended"), w.instant(), 0, w.later())
		},
		func() {
			w.insert("contact", "id member_id person_id community_id kind on_date note account_id at", i, m, p, w.community(), w.of("visit", "call"), w.day(), "", 0, 1)
		},
		func() {
			w.insert("promise", "id member_id person_id community_id body state made_at closed_at", i, m, p, w.community(), "b", w.of("open", "kept", "not_kept"), w.instant(), w.later())
		},
		func() {
			w.insert("absence_reason", "id member_id person_id community_id reason valid_from valid_to account_id at", i, m, p, c, w.of("health", "distance"), w.day(), w.day(), 0, 1)
		},
		func() {
			w.insert("floating_move", "id member_id person_id community_id direction place from_on back_on last_contact account_id at", i, m, p, c, w.of("out", "in"), "x", w.day(), w.day(), w.maybe(), 0, 1)
		},
		func() {
			w.insert("paper", "id kind subject_id number code content_hash issued_at issued_by valid_to revoked_at", i, w.of("certificate", "slip"), m, i.String(), i.String(), "", w.instant(), 0, w.maybe(), w.later())
		},
		func() {
			w.offers = append(w.offers, i)
			w.insert("responsibility", "id community_id kind name duties capacity open created_at", i, c, w.of("area", "post"), "n", "d", 1+w.r.IntN(5), w.r.IntN(2) == 0, w.instant())
		},
		func() {
			w.insert("claim", "id responsibility_id member_id person_id community_id state terms content_hash from_on to_on created_at agreed_at ended_on", i, w.pick(append(w.offers, 1)), m, p, c,
				w.of("ended", "renewed"), "", "", w.day(), w.today.AddDays(w.r.IntN(400)-200).String(), w.instant(), w.later(), w.of("", w.day()))
		},
		func() {
			w.activities = append(w.activities, i)
			at := w.instant()
			w.insert("activity", "id community_id kind_code title place starts_at ends_at state gives_hours organiser_id created_at", i, c, w.of("meeting", "party_day", "patrol"), "t", "p", at, at+1,
				w.of("draft", "published", "held", "closed", "cancelled"), true, 0, 1)
		},
		func() {
			w.insert("appointment", "id organisation_id post post_rank sole person_id way origin from_on ended_on created_by created_at updated_at", i, c, w.of("secretary", "deputy_secretary", "committee_member"), "10", false, p,
				"elected", w.of("local", "seconded"), w.day(), w.of("", "", w.day()), 0, 1, 1)
		},
		func() {
			owner := w.pick([]id.ID{c, w.street, w.street})
			w.insert("meeting", "id kind_code owner_id body_id title title_key starts_at ends_at on_day state created_at", i, w.of("joint_conference", "street_meeting", "exchange_meeting", "members_meeting"), owner, w.pick([]id.ID{0, 1}), "t", "t",
				1, 2, w.day(), w.of("planned", "held", "held", "cancelled"), 1)
			for range w.r.IntN(3) {
				w.insert("meeting_resolution", "id meeting_id text passed at", id.New(), i, "t", w.r.IntN(3) > 0, 1)
			}
		},
		func() {
			w.insert("project", "id no community_id lead_id title title_key goal kind from_on to_on state ended_on created_at", i, i.String(), w.pick([]id.ID{c, w.street}), c, "t", "t", "g", w.of("people", "mixed"), w.day(), w.day(),
				w.of("running", "finished", "finished", "stopped"), w.day(), 1)
		},
		func() {
			w.insert("cobuild", "id no kind community_id goal goal_key valid_from valid_to state begun_by moved_by moved_at agreed_at ended_on created_at", i, i.String(), w.of("general", "twin"), w.pick([]id.ID{c, w.street}), "t", "t",
				w.day(), w.today.AddDays(300-w.r.IntN(600)).String(), w.of("talks", "agreed", "agreed"), c, c, 1, w.instant(), w.of("", "", w.day()), 1)
			for n := range w.r.IntN(4) {
				w.insert("cobuild_task", "id cobuild_id item_id community_id org_id due_on state", id.New(), i, id.ID(n+1), c, c, w.today.AddDays(40-w.r.IntN(400)).String(), w.of("open", "said", "confirmed", "dropped"))
			}
		},
		func() {
			w.exec(`INSERT INTO enrolment (tenant_id, id, activity_id, member_id, person_id, community_id, state, at, by_account) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,0) ON CONFLICT DO NOTHING`,
				w.tenant, i, w.pick(append(w.activities, 1)), m, p, c, w.of("enrolled", "waiting"), w.instant())
		},
		func() {
			member := w.pick([]id.ID{0, m, m})
			w.exec(`INSERT INTO attendance (tenant_id, id, activity_id, member_id, person_id, community_id, unit_id, in_at, proof, state, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,1) ON CONFLICT DO NOTHING`,
				w.tenant, i, i, member, p, c, w.pick(w.units), w.instant(), w.of("timed", "vouched"), w.of("in", "out", "void"))
		},
		func() {
			day := calendar.MustParse(w.day())
			w.insert("posting", "id account member_id person_id community_id unit_id on_date quarter amount proof source_kind source_id posted_at posted_by", i, w.of("hours", "deeds"), m, p, w.community(), w.pick(w.units),
				day.String(), calendar.QuarterOf(day).String(), w.r.IntN(1500)-100, w.of("timed", "countersigned", "vouched"), "attendance", i, 1, 0)
		},
		func() {
			w.insert("deed", "id member_id person_id community_id title on_date state proof proposed_by proposed_at decided_at", i, m, p, c, "t", w.day(), w.of("proposed", "confirmed", "withdrawn"), "vouched", 0, w.instant(), w.later())
		},
		func() {
			w.exec(`INSERT INTO slip (tenant_id, id, quarter, community_id, unit_id, state, members, minutes, deeds, version_no, sent_at, created_at) VALUES ($1,$2,$3,$4,$5,$6,1,1,1,$7,$8,1) ON CONFLICT DO NOTHING`,
				w.tenant, i, calendar.QuarterOf(calendar.MustParse(w.day())).String(), c, w.pick(w.units), w.of("draft", "sent", "answered"), w.r.IntN(3), w.later())
		},
		func() {
			w.insert("correction", "id slip_id member_id person_id community_id body state at", i, i, m, p, c, "b", w.of("open", "accepted", "declined"), w.instant())
		},
		func() {
			w.exec(`INSERT INTO evaluation (tenant_id, member_id, year, person_id, community_id, name, minutes, deeds, activities, state) VALUES ($1,$2,$3,$4,$5,'N',1,1,1,$6) ON CONFLICT DO NOTHING`,
				w.tenant, m, w.today.Year()-w.r.IntN(2), p, c, w.of("open", "decided"))
		},
		func() {
			w.exec(`INSERT INTO form_use (tenant_id, day, form, role_code, uses, fields, filled, typed, seconds) VALUES ($1,$2,$3,$4,$5,$6,$7,1,$8) ON CONFLICT DO NOTHING`,
				w.tenant, w.day(), w.of("a", "b"), w.of("x", "y"), 1+w.r.IntN(3), w.r.IntN(9), w.r.IntN(9), w.r.IntN(99))
		},
		func() {
			request := id.New()
			w.insert("request", "id owner_id office ground title search_key every first_due_on from_on ends_on form_id form_name state created_at changed_at", request, c,
				w.of("民政局", "残联"), w.of("", "x"), "t", "t", "month", w.day(), w.day(), w.day(), 0, "f", w.of("open", "ended"), 1, 1)
			for n := range 1 + w.r.IntN(3) {
				due := id.New()
				w.insert("request_due", "id request_id organisation_id period due_on answered", due, request, w.community(), fmt.Sprint(n), w.today.AddDays(40-w.r.IntN(700)).String(), true)
				for edition := range 1 + w.r.IntN(2) {
					asked := w.r.IntN(50)
					w.insert("request_answer", "id request_id due_id organisation_id edition way file_name rows_asked fields_asked fields_filled minutes answered_on answered_at replaced_at", id.New(), request, due,
						w.community(), edition+1, "program", "f", 1, asked, w.r.IntN(asked+1), 1+w.r.IntN(9), w.day(), 1, []int64{0, 9}[edition])
				}
			}
		},
		func() {
			w.insert("two_new", "id kind name name_key search_key uscc community_id full_members probationary_members listed_on ended_on created_at updated_at", i, w.of("economic", "social"), "n", "n", "n", i.String(),
				c, w.r.IntN(5), w.r.IntN(2), w.day(), w.of("", "", w.day()), 1, 1)
			if w.r.IntN(3) == 0 {
				w.exec(`UPDATE organisation SET uscc = $1 WHERE tenant_id = $2 AND id = $3`, i.String(), w.tenant, w.pick(w.units))
			}
			day := w.r.IntN(700)
			for n := range w.r.IntN(4) { // steps one after the other, the last in force
				until := w.today.AddDays(n*90 - day + 90).String()
				if n == 2 || w.r.IntN(2) == 0 {
					until = ""
				}
				w.insert("two_new_step", "id two_new_id kind on_date until_on document branch_id member_id struck_at at", id.New(), i, w.of("none", "union", "instructor", "joint_branch", "own_branch"),
					w.today.AddDays(n*90-day).String(), until, "d", c, w.pick([]id.ID{0, m}), w.r.IntN(5)/4, 1)
				if until == "" {
					break
				}
			}
		},
		func() {
			w.insert("need", "id no kind community_id wanted due_on channel state received_at", i, i.String(), w.of("people", "goods"), c, 1, w.day(), "web", w.of("asked", "open", "done", "refused"), w.instant())
			w.insert("resource", "id kind title title_key place_id terms valid_until ended_at created_at", i, w.of("people", "goods", "place"), "t", "t", w.pick([]id.ID{c, w.street, w.root}), "free",
				w.today.AddDays(300-w.r.IntN(600)).String(), w.later(), w.instant())
		},
		func() {
			ended := w.of("", "", w.day())
			w.insert("pairing_household", "id org_id person_id difficulty state entered_on ended_on", i, c, 0, w.of("elderly", "illness"), w.of("waiting", "paired"), w.day(), ended)
			for range w.r.IntN(3) {
				w.insert("pairing_pair", "id household_id org_id member_id from_on ended_on", id.New(), i, c, id.New(), w.day(), w.of("", w.day()))
			}
		},
		func() {
			w.insert("outlet", "id level element name name_key search_key same_key community_id address terms checked_on ended_on created_at", i, w.of("centre", "station", "point", "point"), w.of("eat", "health"), "n", "n", "n", i.String(),
				w.pick([]id.ID{c, c, w.street}), "a", "free", w.day(), w.of("", "", w.day()), w.instant())
		},
		func() {
			w.insert("employment_certificate", "id seeker_id org_id difficulty number entitles from_on to_on uses_max uses issued_on ended_on", i, i, c, w.of("laid_off", "hardship"), i.String(), "tax", w.day(),
				w.today.AddDays(400-w.r.IntN(600)).String(), 2, 0, w.day(), w.of("", "", w.day()))
			for range w.r.IntN(3) {
				w.insert("employment_use", "id certificate_id org_id unit_id entitlement used_on created_at", id.New(), i, c, w.pick(w.units), w.of("tax", "training"), w.day(), 1)
			}
		},
		func() {
			w.insert("audit_entry", "id at account_id actor_name actor_role action subject_kind person_id organisation_id digest", i, w.instant(), 0, "a", "r", w.of("resident.see", "resident.reveal", "other.act"), "person", p, c, "")
		},
		func() {
			w.insert("import", "id kind file_name file_hash state dry_run take_good inserted updated created_at finished_at", i, w.of("residents", "units"), "f", "h", w.of("done", "failed"), w.r.IntN(4) == 0, true, w.r.IntN(9), w.r.IntN(9), 1, w.instant())
		},
		func() {
			at, done := w.instant(), w.later()
			closed := int64(0)
			if done != 0 {
				closed = w.later()
			}
			w.insert("service_case", "id no kind_code community_id title title_key channel code_key state org_id received_at accepted_at respond_at done_at closed_at clock_at due_at late outcome solved rating updated_at", i, i.String(),
				w.of("window", "hotline", "opinion", "gone"), c, "t", "t", w.of("web", "phone"), i.String(), w.of("received", "working", "done", "closed", "merged"), c, at, w.later(), w.instant(), done, closed, at, w.later(),
				w.r.IntN(2) == 0, w.of("", "done", "half", "outside", "refused"), w.of("", "yes", "partly", "no"), w.r.IntN(6), at)
		},
		func() {
			w.insert("technician", "id name search_key org_id ended_on created_at updated_at", i, "n", "n", w.pick(append(w.units, c, w.street)), w.of("", "", w.day()), w.instant(), 1)
		},
		func() {
			home := id.New()
			for range 1 + w.r.IntN(3) {
				w.insert("patrol_entry", "id account_id key kind community_id household_id received_at", id.New(), 1, id.New().String(), w.of("visit", "visit", "event"), c, w.pick([]id.ID{home, home, 0}), w.instant())
			}
		},
		func() {
			w.insert("complaint", "id account_id page body state created_at answered_at", i, 0, "/", "b", w.of("open", "answered", "declined"), w.instant(), w.later())
		},
	}
	tables[w.r.IntN(len(tables))]()
}

// change changes something that is there: somebody moves, ends, is reached again, or a row goes.
func (w *world) change() {
	m, p, c := w.pick(w.members), w.pick(w.persons), w.community()
	changes := []func(){
		func() { w.exec(`UPDATE person SET community_id = $1 WHERE tenant_id = $2 AND id = $3`, c, w.tenant, p) },
		func() {
			w.exec(`UPDATE person SET moved_out_on = $1 WHERE tenant_id = $2 AND id = $3`, w.maybe(), w.tenant, p)
		},
		func() {
			w.exec(`UPDATE person SET born_on = $1, sex = $2 WHERE tenant_id = $3 AND id = $4`, w.born(), w.of("1", "2"), w.tenant, p)
		},
		func() {
			w.exec(`UPDATE member SET community_id = $1, since = $2 WHERE tenant_id = $3 AND id = $4`, c, w.maybe(), w.tenant, m)
		},
		func() {
			w.exec(`UPDATE member SET ended_on = $1 WHERE tenant_id = $2 AND id = $3`, w.day(), w.tenant, m)
		},
		func() {
			w.exec(`UPDATE attendance SET community_id = $1 WHERE tenant_id = $2 AND member_id = $3`, w.pick(w.communities), w.tenant, m)
		},
		func() {
			w.exec(`UPDATE organisation SET community_id = $1 WHERE tenant_id = $2 AND id = $3`, c, w.tenant, w.pick(w.units))
		},
		func() {
			w.exec(`UPDATE organisation SET parent_id = $1 WHERE tenant_id = $2 AND id = $3`, w.pick([]id.ID{w.street, w.other, w.root}), w.tenant, w.pick(w.communities))
		},
		func() {
			w.exec(`UPDATE slip SET state = 'answered', version_no = 2 WHERE tenant_id = $1 AND unit_id = $2`, w.tenant, w.pick(w.units))
		},
		func() {
			w.exec(`UPDATE request SET ground = '' WHERE tenant_id = $1 AND office = '残联'`, w.tenant)
		},
		func() {
			w.exec(`UPDATE request_answer SET replaced_at = 5 WHERE tenant_id = $1 AND organisation_id = $2`, w.tenant, c)
		},
		func() {
			w.exec(`UPDATE service_case SET state = 'merged' WHERE tenant_id = $1 AND community_id = $2 AND rating > 3`, w.tenant, c)
		},
		func() { w.exec(`DELETE FROM contact WHERE tenant_id = $1 AND member_id = $2`, w.tenant, m) },
		func() { w.anything() },
		func() { w.anything() },
		func() { w.anything() },
	}
	changes[w.r.IntN(len(changes))]()
}
