package app_test

import (
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/config"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/policy"
	"linli/internal/retention"
	"linli/internal/testkit"
)

// past is a district in which something of every kind is old, with the same of yesterday beside it.
type past struct {
	*app.App
	t      *testing.T
	d      *db.DB
	clock  *testkit.Clock
	tenant int64
	sys    authz.Actor
	home   id.ID
	keeper id.ID // account of whoever sets the periods
}

func newPast(t *testing.T, d *db.DB, clock *testkit.Clock) *past {
	t.Helper()
	cfg := config.Defaults()
	cfg.DB, cfg.KeyFile = d.URL(), filepath.Join(t.TempDir(), "keys")
	a, err := app.Open(t.Context(), cfg, app.Options{Clock: clock.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() }) // the database is dropped next
	tenant, root, err := a.CreateTenant(t.Context(), "320902", "亭湖区")
	if err != nil {
		t.Fatal(err)
	}
	p := &past{a, t, d, clock, tenant, authz.System(tenant, "test"), root, id.New()}
	testkit.Exec(t, d, `INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1, $2, 'keeper', 'Test', 1)`, tenant, p.keeper)
	return p
}

func (p *past) resident(name, phone string) id.ID {
	p.t.Helper()
	i, err := p.Person.Create(p.t.Context(), p.sys, person.NewPerson{CommunityID: p.home, Fields: person.Fields{Name: name, Phone: phone}})
	if err != nil {
		p.t.Fatal(err)
	}
	return i
}

func (p *past) count(query string, args ...any) int64 {
	p.t.Helper()
	n, err := db.Value[int64](p.t.Context(), p.d, query, args...)
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

func (p *past) set(name string, n int64) {
	p.t.Helper()
	if err := p.Policy.Set(p.t.Context(), p.by(policy.PermSet), policy.Change{Name: name, Value: n}); err != nil {
		p.t.Fatal(err)
	}
}

// by is an actor with a permission in the whole tenant, whose account exists.
func (p *past) by(perm authz.Permission) authz.Actor {
	a := testkit.Actor(p.tenant, nil, perm)
	a.AccountID = p.keeper
	return a
}

func (p *past) clean() {
	p.t.Helper()
	if _, err := audit.Chain(p.t.Context(), p.d, p.tenant); err != nil {
		p.t.Fatal(err)
	}
	found, err := p.Verify(p.t.Context(), nil)
	if err != nil || len(found) > 0 {
		p.t.Errorf("Verify = %v, %v", found, err)
	}
}

func TestWhatIsPastItsPeriodGoes(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		p := newPast(t, d, clock)
		ctx, rows := t.Context(), testkit.NewRows(t, d, p.tenant)
		today := calendar.DateOf(clock.Now())
		old, recent := today.AddMonths(-30), today.AddMonths(-3)

		gone, lately, dead, kept := p.resident("张迁出", "13800138001"), p.resident("李新迁", "13800138002"), p.resident("王去世", "13800138003"), p.resident("赵在住", "13800138004")
		testkit.Exec(t, d, `UPDATE person SET moved_out_on = $1 WHERE id = $2`, old.String(), gone)
		testkit.Exec(t, d, `UPDATE person SET moved_out_on = $1 WHERE id = $2`, recent.String(), lately)
		testkit.Exec(t, d, `UPDATE person SET died_on = $1 WHERE id = $2`, old.String(), dead)
		testkit.Exec(t, d, `INSERT INTO own_fact (tenant_id, id, subject, code, name, type, sensitivity, purpose, valid_from, valid_to, created_at, created_by)
			VALUES ($1, 1, 'person', 'x', 'x', 'text', 'personal', 'service', '2024-01-01', '2027-01-01', 1, $2)`, p.tenant, p.keeper)
		testkit.Exec(t, d, `INSERT INTO activity (tenant_id, id, community_id, kind_code, title, place, starts_at, ends_at, state, gives_hours, organiser_id, created_at)
			VALUES ($1, 5, $2, 'service', '义诊', '广场', 1, 2, 'closed', TRUE, $3, 1)`, p.tenant, p.home, p.keeper)
		testkit.Exec(t, d, `INSERT INTO own_value (tenant_id, id, fact_id, subject_id, value, on_date, at) VALUES ($1, 1, 1, $2, 'x', '2024-01-01', 1)`, p.tenant, gone)

		// A member who left the register and moved away, with hours in the book.
		left := p.resident("钱党员", "13800138005")
		testkit.Exec(t, d, `UPDATE person SET moved_out_on = $1 WHERE id = $2`, old.String(), left)
		m := rows.Member(left, p.home, 0, "钱党员")
		testkit.Exec(t, d, `UPDATE registration SET state = 'ended', reason = '搬走' WHERE member_id = $1`, m)
		testkit.Exec(t, d, `UPDATE member SET ended_on = $1, community_id = 0, skills = '木工' WHERE id = $2`, old.String(), m)
		testkit.Exec(t, d, `INSERT INTO deed (tenant_id, id, member_id, person_id, community_id, title, on_date, state, proof, helped_name, proposed_by, proposed_at)
			VALUES ($1, 77, $2, $3, $4, '修灯', $5, 'confirmed', 'vouched', '孙奶奶', 0, 1)`, p.tenant, m, left, p.home, old.String())
		testkit.Exec(t, d, `INSERT INTO posting (tenant_id, id, account, member_id, person_id, community_id, on_date, quarter, amount, proof, source_kind, source_id, posted_at, posted_by)
			VALUES ($1, 78, 'deeds', $2, $3, $4, $5, $6, 1, 'vouched', 'deed', 77, 1, 0)`, p.tenant, m, left, p.home, old.String(), calendar.QuarterOf(old).String())

		guest := func(i int, on calendar.Date, name string, who id.ID) {
			testkit.Exec(t, d, `INSERT INTO attendance (tenant_id, id, activity_id, community_id, person_id, guest_name, guest_phone, guest_phone_index, guest_phone_mask, guest_key, in_at, out_at, minutes, proof, state, at)
				VALUES ($1, $2, 5, $3, $4, $5, $6, 'i', 'm', $5, $7, $7, 60, 'timed', 'out', 1)`, p.tenant, i, p.home, who, name, p.Ring.Seal("attendance", "guest_phone", id.ID(i), "13900139000"), db.Micros(on.Time()))
		}
		guest(101, old, "来宾甲", 0)
		guest(102, today.AddDays(-2), "来宾乙", 0)
		guest(103, today.AddDays(-2), "来宾丙", kept)
		testkit.Exec(t, d, `INSERT INTO consent (tenant_id, id, person_id, purpose_code, text_version, channel, answer, at, withdrawn_at, account_id) VALUES ($1, 201, $2, 'activity', '1', 'web', 'agreed', 1, $3, 0)`,
			p.tenant, kept, db.Micros(old.Time()))
		testkit.Exec(t, d, `INSERT INTO consent (tenant_id, id, person_id, purpose_code, text_version, channel, answer, at, withdrawn_at, account_id) VALUES ($1, 202, $2, 'activity', '1', 'web', 'declined', 1, 0, 0)`, p.tenant, kept)
		long := db.Micros(old.Time())
		appeal := func(i int, state string, at int64) {
			testkit.Exec(t, d, `INSERT INTO assessment_appeal (tenant_id, id, assessment_id, organisation_id, indicator, body, state, answer, made_by, made_at, answered_by, answered_at)
				VALUES ($1, $2, 300, $3, '1', '不服', $4, '已核', $5, 1, $5, $6)`, p.tenant, i, p.home, state, p.keeper, at)
		}
		testkit.Exec(t, d, `INSERT INTO rubric (tenant_id, id, code, edition, title, subject, every, body, content_hash, created_at) VALUES ($1, 299, 'r', 1, 'r', 'organisation', 'quarter', $2, 'h', 1)`, p.tenant,
			`{"id":"r","title":"r","subject":"organisation","period":"quarter","total":10,"complete":true,"source":"s","indicators":[{"code":"1","name":"n","points":10,"rules":[{"type":"deduct_per","unit":"u","points":1}]}]}`)
		testkit.Exec(t, d, `INSERT INTO assessment (tenant_id, id, rubric_id, organiser_id, title, period, state, opened_at) VALUES ($1, 300, 299, $2, 'a', '2024Q1', 'frozen', 1)`, p.tenant, p.home)
		appeal(301, "declined", long)
		appeal(302, "declined", db.Micros(recent.Time()))
		appeal(303, "open", 0)
		round := func(i int, at int64, state string, said int64) {
			testkit.Exec(t, d, `INSERT INTO question_round (tenant_id, id, title, account_id, created_at) VALUES ($1, $2, '问', $3, $4)`, p.tenant, i, p.keeper, at)
			testkit.Exec(t, d, `INSERT INTO question (tenant_id, id, round_id, subject, row_id, fact, owner_id, person_id, state, said_at, created_at) VALUES ($1, $2, $2, 'person', $3, $4, $5, $3, $6, $7, $8)`,
				p.tenant, i, kept, "person.x"+state+strconv.Itoa(i), p.home, state, said, at)
		}
		round(401, long, "answered", long)
		round(402, long, "open", 0)
		round(403, db.Micros(recent.Time()), "answered", db.Micros(recent.Time()))
		round(404, long, "unknown", db.Micros(recent.Time()))
		p.clean()

		// Without a period nothing is removed.
		if got, err := p.Retention.Run(ctx, p.tenant, nil); err != nil || len(got) != 0 {
			t.Fatalf("without periods: %v, %v", got, err)
		}
		for name, n := range map[string]int64{"retention.resident_months": 24, "retention.member_months": 24, "retention.guest_days": 30, "retention.withdrawn_days": 1,
			"retention.deed_helped_months": 12, "retention.consent_months": 12, "retention.appeal_months": 12, "retention.question_months": 12} {
			p.set(name, n)
		}
		want := map[string]int64{"resident.left": 2, "member.ended": 1, "activity.guest": 1, "activity.withdrawn": 1, "deed.helped": 1, "consent.withdrawn": 1, "assess.appeal": 1, "question.round": 1}
		listed := map[string]int64{}
		list, err := p.Retention.Preview(ctx, p.tenant, func(st retention.Standing, _ id.ID) error { listed[st.Code]++; return nil })
		if err != nil {
			t.Fatal(err)
		}
		for _, st := range list {
			if listed[st.Code] != want[st.Code] || st.Due != want[st.Code] {
				t.Errorf("dry run of %s: %d listed, %d counted, want %d", st.Code, listed[st.Code], st.Due, want[st.Code])
			}
			if st.Code == "activity.guest" && st.Soon != 2 {
				t.Errorf("%d guests follow within 90 days, want 2", st.Soon)
			}
		}
		if n := p.count(`SELECT count(*) FROM person WHERE anonymised_on <> ''`); n != 0 {
			t.Errorf("a dry run made %d people anonymous", n)
		}

		// The member's person follows on the same night, because members come first.
		want["resident.left"] = 3
		got, err := p.Retention.Run(ctx, p.tenant, nil)
		if err != nil {
			t.Fatal(err)
		}
		for kind, n := range want {
			if got[kind] != n {
				t.Errorf("%s: removed %d, want %d", kind, got[kind], n)
			}
		}
		if again, err := p.Retention.Run(ctx, p.tenant, nil); err != nil || len(again) != 0 {
			t.Errorf("a second run: %v, %v", again, err)
		}
		p.clean()

		for query, n := range map[string]int64{
			`SELECT count(*) FROM person WHERE anonymised_on <> '' AND name = '（已匿名）' AND phone IS NULL AND phone_index = ''`: 3,
			`SELECT count(*) FROM person WHERE anonymised_on = ''`:                                                            2,
			`SELECT count(*) FROM person_gram WHERE gram IN ('张', '钱', '王')`:                                                  0,
			`SELECT count(*) FROM own_value`:                                                                                  0,
			`SELECT count(*) FROM member WHERE name = '（已匿名）' AND skills = ''`:                                                1,
			`SELECT count(*) FROM posting WHERE amount = 1`:                                                                   1,
			`SELECT count(*) FROM deed WHERE helped_name = '' AND title = '修灯'`:                                               1,
			`SELECT count(*) FROM attendance WHERE guest_name <> '' AND guest_phone IS NOT NULL`:                              1,
			`SELECT count(*) FROM attendance WHERE minutes = 60`:                                                              3,
			`SELECT count(*) FROM consent`:                                                                                    1,
			`SELECT count(*) FROM assessment_appeal WHERE body = '不服' AND answer = '已核'`:                                      2,
			`SELECT count(*) FROM question_round`:                                                                             3,
			`SELECT count(*) FROM question`:                                                                                   3,
			`SELECT count(*) FROM retention_run WHERE removed > 0`:                                                            8,
		} {
			if got := p.count(query); got != n {
				t.Errorf("%s = %d, want %d", query, got, n)
			}
		}
		if _, err := p.Person.Record(ctx, p.sys, gone); errs.KindOf(err) != errs.NotFound {
			t.Errorf("Record of an anonymous person = %v", err)
		}
		for _, state := range []string{"all", person.MovedOut, person.Dead} {
			l, err := p.Person.List(ctx, p.sys, person.Filter{State: state})
			for _, it := range l.Items {
				if strings.Contains(it.Name, "匿名") {
					t.Errorf("list %s shows %s", state, it.Name)
				}
			}
			if err != nil {
				t.Error(err)
			}
		}
		told, err := audit.Search(ctx, d, testkit.Actor(p.tenant, nil, audit.PermRead).Scope(audit.PermRead), audit.Filter{Action: "retention.run"})
		if err != nil || len(told.Items) != 8 {
			t.Errorf("audit entries = %d, %v", len(told.Items), err)
		}
		for _, e := range told.Items {
			if strings.ContainsAny(e.Detail, "张钱王来宾孙") {
				t.Errorf("the audit entry names somebody: %s", e.Detail)
			}
		}
		if _, err := p.Retention.List(ctx, authz.Actor{Tenant: p.tenant}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("List by nobody = %v", err)
		}
		if l, err := p.Retention.Runs(ctx, testkit.Actor(testkit.Other, nil, retention.PermSee), db.Page{}); err != nil || len(l.Items) != 0 {
			t.Errorf("another district sees %d runs, %v", len(l.Items), err)
		}
	})
}

func TestOldAuditRecordsAreCutOffAndTheChainStillHolds(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now().AddDate(-5, 0, 0))
		p := newPast(t, d, clock)
		for range 30 {
			p.resident("张三", "")
			clock.Advance(24 * time.Hour)
		}
		p.clean()
		clock.Set(testkit.NewClock().Now())
		p.resident("李四", "")
		clock.Advance(time.Minute)
		p.clean()
		if err := p.Policy.Set(t.Context(), testkit.Actor(p.tenant, nil, policy.PermSet), policy.Change{Name: "retention.audit_months", Value: 35}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("less than three years = %v", err)
		}
		p.set("retention.audit_months", 36)
		before := p.count(`SELECT count(*) FROM audit_entry WHERE action = 'resident.create'`)
		got, err := p.Retention.Run(t.Context(), p.tenant, nil)
		if err != nil || got["audit.old"] < 30 {
			t.Fatalf("Run = %v, %v", got, err)
		}
		if after := p.count(`SELECT count(*) FROM audit_entry WHERE action = 'resident.create'`); before != 31 || after != 1 {
			t.Errorf("%d entries of residents before, %d after, want 31 and 1", before, after)
		}
		clock.Advance(time.Minute)
		p.clean()
		testkit.Exec(t, d, `UPDATE audit_cut SET seq = seq + 1, hash = (SELECT hash FROM audit_link l WHERE l.tenant_id = audit_cut.tenant_id AND l.seq = audit_cut.seq + 1)`)
		testkit.Exec(t, d, `DELETE FROM audit_link WHERE seq = (SELECT seq FROM audit_cut)`)
		if rep, err := audit.Verify(t.Context(), d, p.tenant); err != nil || len(rep.Faults) == 0 {
			t.Errorf("a cut that nobody recorded is not seen: %+v, %v", rep, err)
		}
	})
}
