package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/testkit"
)

// notOfTheField are the tables of the foundation: they hold nothing that a form about the field asks for.
var notOfTheField = []string{"tenant", "policy", "calendar_day", "account", "session", "api_token", "role", "role_grant", "audit_entry", "audit_link", "job", "rate_limit",
	"idempotency", "file", "import", "import_problem", "form_use", "complaint", "paper", "countersign", "goose_db_version",
	"retention_run", "audit_cut", "attachment", "attachment_part", "own_fact", "own_value", "fact_label", "fact_register", "office_form", "figure_value", "figure_period", "audit_check", "question_round", "question", "saved_table", "table_schedule", "table_run", "request", "request_party", "request_field", "request_due", "request_answer", "request_change",
	"body", "body_seat", "body_rules", "body_reading", "meeting_kind", "meeting_kind_holder", "meeting", "meeting_duty", "meeting_recipient", "meeting_minutes", "meeting_topic", "meeting_resolution", "meeting_task", "meeting_progress", "calendar_feed", "two_new", "two_new_decision", "two_new_step", "workplan", "workplan_item", "workplan_review", "workplan_entry", "patrol_entry", "household_check", "case_kind", "service_case", "case_entry", "case_party", "case_pause", "case_step", "case_route",
	"case_words", "technician", "technician_skill", "technician_area", "technician_certificate", "technician_shift", "technician_day", "technician_job", "technician_charge", "resident_account", "resident_code", "resident_session", "resident_slip", "data_request",
	"bank_account", "bank_journal", "bank_line", "bank_draw", "bank_item", "bank_order", "bank_donation", "bank_accord", "bank_transfer", "region_share", "region_period", "region_value",
	"need", "need_pledge", "need_help", "need_entry", "need_proposal", "resource", "outlet",
	"cobuild", "cobuild_party", "cobuild_item", "cobuild_task", "cobuild_entry", "cobuild_person", "cobuild_posts", "programme",
	"project", "project_need", "project_partner", "project_step", "project_line", "project_expense", "project_change", "project_person", "project_activity", "project_entry",
	"hall", "hall_hours", "hall_counter", "hall_counter_window", "hall_ticket", "hall_ticket_entry", "case_takeover", "case_paper",
	"venue", "venue_hours", "venue_day", "venue_booking", "venue_slot", "venue_entry",
	"employment_seeker", "employment_job", "employment_match", "employment_result", "employment_certificate", "employment_use", "employment_event",
	"pairing_household", "pairing_pair", "pairing_item", "pairing_visit",
	"volunteer", "volunteer_team", "volunteer_membership", "volunteer_shift", "volunteer_signup", "volunteer_cover", "volunteer_clearance", "volunteer_thanks", "volunteer_certificate", "club", "club_member", "club_activity",
	"counselling_post", "counselling_hours", "counselling_file", "counselling_session",
	"mediation", "mediation_committee", "mediation_member", "mediation_party", "mediation_mediator", "mediation_session", "mediation_duty", "mediation_visit", "mediation_entry",
	"notice_contact", "notice_refusal", "notice_message", "notice_template", "notice_switch", "notice_choice", "webhook_subscription", "webhook_delivery",
	"catalogue_class", "catalogue_item", "catalogue_edition", "catalogue_class_edition",
	"rubric", "assessment", "assessment_party", "assessment_finding", "assessment_sheet", "assessment_appeal"}

// TestEveryStoredColumnIsAFactOrDeclared holds the schema against the catalogue: whatever the field stores is either something that a form
// can be filled from, or its owner says why it is not.
func TestEveryStoredColumnIsAFactOrDeclared(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		known := map[string]bool{}
		for _, f := range a.Facts.Facts() {
			for _, c := range f.Columns {
				known[c] = true
			}
		}
		internal := a.Facts.Internal()
		columns := columnsOf(t, d)
		if len(columns) < 200 {
			t.Fatalf("found only %d columns; the test is looking in the wrong place", len(columns))
		}
		there := map[string]bool{}
		for _, c := range columns {
			table, column, _ := strings.Cut(c, ".")
			there[c], there[table+".*"] = true, true
			if slices.Contains(notOfTheField, table) || column == "tenant_id" || column == "id" || column == "version" || known[c] || internal[table+".*"] != "" || internal[c] != "" {
				continue
			}
			if slices.Contains([]string{"created_at", "updated_at"}, column) {
				continue
			}
			t.Errorf("column %s is neither named by a fact nor declared internal: add a fact or a reason to facts.go of the package that owns the table", c)
		}
		for _, c := range slices.Sorted(mapsKeys(known)) {
			if !there[c] && !strings.HasPrefix(c, "own_value.") {
				t.Errorf("a fact is read from %s, which does not exist", c)
			}
		}
		for c := range internal {
			if !there[c] {
				t.Errorf("%s is declared internal and does not exist", c)
			}
			if known[c] {
				t.Errorf("%s is declared internal and is a fact", c)
			}
		}
	})
}

func mapsKeys(m map[string]bool) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// columnsOf lists every column of the schema as "table.column".
func columnsOf(t *testing.T, d *db.DB) []string {
	t.Helper()
	query := `SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`
	if d.Engine() == db.Postgres {
		query = `SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema()`
	}
	all, err := db.Column[string](t.Context(), d, query)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestEveryFactCanBeRead runs the SQL behind every fact and every link on both engines.
func TestEveryFactCanBeRead(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		facts := a.Facts.Facts()
		if len(facts) < 150 {
			t.Errorf("%d facts, want 150 at least", len(facts))
		}
		actors := map[string]authz.Actor{"the platform": authz.System(testkit.Tenant, "test"), "a community": testkit.Actor(testkit.Tenant, []id.ID{1, 2}, app.Permissions()...)}
		for who, actor := range actors {
			for _, s := range fact.Subjects() {
				var refs []fact.Ref
				for _, r := range a.Facts.Reach(s) {
					refs = append(refs, r.Ref)
				}
				v, err := a.Facts.Read(t.Context(), actor, fact.Ask{Subject: s, IDs: []id.ID{1, 2}, Refs: refs, Opening: &fact.Opening{Purpose: "verify"}})
				if err != nil {
					t.Fatalf("%s reads all of %s: %v", who, s, err)
				}
				for _, r := range refs {
					if v.At(0, r).Known {
						t.Errorf("%s: %s of nothing is %+v", who, r, v.At(0, r))
					}
				}
				for _, l := range a.Facts.Links(s) {
					if _, err := a.Facts.ReadLink(t.Context(), actor, l, []id.ID{1, 2}, testDay); err != nil {
						t.Errorf("%s: link %s of %s: %v", who, l.Name, s, err)
					}
				}
				for _, p := range a.Facts.Parts(s) {
					if _, err := a.Facts.ReadPart(t.Context(), actor, p, []id.ID{1, 2}, testDay); err != nil {
						t.Errorf("%s: block %s of %s: %v", who, p.Name, s, err)
					}
				}
				if _, err := a.Facts.IDs(t.Context(), actor, s, fact.Within{Org: 1, After: 1}); err != nil {
					t.Errorf("%s: rows of %s: %v", who, s, err)
				}
				if _, err := a.Facts.Names(t.Context(), actor, s, []id.ID{1, 2}); err != nil {
					t.Errorf("%s: names of %s: %v", who, s, err)
				}
			}
		}
	})
}

// TestNamesOfFactsAreDistinct keeps two facts of a subject from bearing one name: a form could not tell them apart.
func TestNamesOfFactsAreDistinct(t *testing.T) {
	a := open(t, testkit.SQLite(t, nowClock))
	for _, s := range fact.Subjects() {
		names := map[string]string{}
		for _, f := range a.Facts.Facts() {
			if f.Subject != s {
				continue
			}
			key := fact.Key(f.Name.In(i18n.ZH))
			if other := names[key]; other != "" {
				t.Errorf("%s and %s are both called %s", other, f.ID, f.Name.In(i18n.ZH))
			}
			names[key] = f.ID
		}
	}
}

// TestLabelsOfOffices looks up what offices print, on the rows they print it on.
func TestLabelsOfOffices(t *testing.T) {
	a := open(t, testkit.SQLite(t, nowClock))
	ed, err := a.Facts.Edition(t.Context(), testkit.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	cases := map[fact.Subject]map[string]fact.Ref{
		fact.Person: {
			"户主姓名": "household/head/person.name", "户主身份证号码": "household/head/person.id_number", "家庭 人口": "household/household.size",
			"居住地址": "household/household.address", "现居住地": "household/household.address", "房号": "household/household.room", "单元": "household/household.stairwell",
			"楼栋": "building/building.name", "所属网格": "grid/grid.name", "网格员": "grid/grid.worker", "小区名称": "building/quarter/quarter.name",
			"所属社区": "community/organisation.label", "所在街道": "community/organisation.street", "入党时间": "member/member.joined_on", "党龄": "member/member.party_age",
			"是否党员": "person.is_party", "是否低保户": "person.relief", "是否退役军人": "person.veteran", "年 龄": "person.age", "是否60周岁以上": "person.age60",
			"所在党支部": "member/home/organisation.name", "配偶姓名": "spouse/person.name", "与户主关系": "person.head_relation", "是否为在保对象:": "person.relief",
		},
		fact.Member: {
			"姓名": "member.name", "性别": "person/person.sex", "公民身份号码": "person/person.id_number", "出生年月": "person/person.born_on", "学历": "person/person.schooling",
			"转正时间": "member.full_on", "工作单位": "unit/organisation.name", "党支部": "home/organisation.name", "报到社区": "registered/organisation.label",
			"服务时长": "member.hours_year", "办实事件数": "member.deeds_year", "认领岗位": "member.claims", "家庭住址": "person/household/household.address", "特长": "member.skills",
		},
		fact.Organisation: {"单位名称": "organisation.name", "统一社会信用代码": "organisation.uscc", "联系人": "organisation.contact_name", "联系电话": "organisation.contact_phone",
			"党员人数": "organisation.members", "所在社区": "community/organisation.label", "成立时间": "organisation.established_on", "上级党组织": "parent/organisation.name"},
		fact.Household:  {"户主": "head/person.name", "户主联系电话": "head/person.phone", "人口数": "household.size", "门牌号": "household.room", "网格": "grid/grid.name"},
		fact.Building:   {"楼栋名称": "building.name", "小区": "quarter/quarter.name", "楼层数": "building.floors", "户数": "building.households", "网格员": "grid/grid.worker"},
		fact.Attendance: {"姓名": "attendance.name", "活动名称": "activity/activity.title", "服务时长": "attendance.hours", "签到时刻": "attendance.in"},
	}
	for s, labels := range cases {
		for label, want := range labels {
			c := ed.Lookup(s, label)
			if len(c) == 0 {
				t.Errorf("%s: %q means nothing, want %s", s, label, want)
				continue
			}
			if c[0].Ref != want || c[0].Grade < fact.Inherit {
				var all []string
				for _, o := range c {
					all = append(all, fmt.Sprintf("%s(%d)", o.Ref, o.Grade))
				}
				t.Errorf("%s: %q means %s, want %s", s, label, strings.Join(all, " "), want)
			}
		}
	}
	for _, label := range []string{"父亲姓名", "联系人电话2", "是否接种疫苗", "月工资收入", "备注", "经办人", "护理人员", "血型"} {
		if c := ed.Lookup(fact.Person, label); len(c) > 0 && c[0].Grade > fact.Guess {
			t.Errorf("%q means %s (%d), want nothing sure", label, c[0].Ref, c[0].Grade)
		}
	}
}

var testDay = calendar.MustParse("2026-09-15")

func nowClock() time.Time { return testkit.NewClock().Now() }
