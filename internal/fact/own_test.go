package fact_test

import (
	"testing"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/testkit"
)

var alarm = fact.OwnFact{Subject: fact.Person, Code: "alarm", Name: "是否装烟感", Question: "装了烟感吗？", Doc: "消防检查", Type: fact.YesNo, Sensitivity: fact.Personal,
	Purpose: "safety", AskedBy: "消防大队"}

func TestOwnFacts(t *testing.T) {
	testkit.EachDBAt(t, testkit.NewClock().Now, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		today := calendar.DateOf(d.Now())
		bad := alarm
		if _, err := w.Define(t.Context(), w.admin, bad); !hasField(err, "valid_to") {
			t.Errorf("without an end: %v", err)
		}
		bad.ValidTo = today.AddYears(4)
		if _, err := w.Define(t.Context(), w.admin, bad); !hasField(err, "valid_to") {
			t.Errorf("an end too far ahead: %v", err)
		}
		bad.ValidTo, bad.Purpose = today.AddYears(1), "nothing"
		if _, err := w.Define(t.Context(), w.admin, bad); !hasField(err, "purpose") {
			t.Errorf("a purpose that nobody registered: %v", err)
		}
		bad.Purpose, bad.Name = "safety", "出生 日期"
		if _, err := w.Define(t.Context(), w.admin, bad); !hasField(err, "name") {
			t.Errorf("a fact that the platform holds already: %v", err)
		}
		good := alarm
		good.ValidTo = today.AddYears(1)
		worker := testkit.Actor(testkit.Tenant, []id.ID{east}, person.PermSee, person.PermEdit, fact.PermSee, fact.PermDefine)
		if _, err := w.Define(t.Context(), worker, good); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("a community defines a fact: %v", err)
		}
		o, err := w.Define(t.Context(), w.admin, good)
		if err != nil {
			t.Fatal(err)
		}
		ref := fact.Ref(o.FactID())
		record := func(row id.ID, v string) error {
			return w.Record(t.Context(), worker, o.FactID(), []fact.Entry{{Row: row, Value: v, Source: "入户"}})
		}
		if err := record(w.li, "有"); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a value outside the scope: %v", err)
		}
		if err := record(w.wang, "也许"); errs.KindOf(err) != errs.Invalid {
			t.Errorf("neither yes nor no: %v", err)
		}
		if w.read(t, w.admin, w.wang, ref, nil).Known {
			t.Error("a refused value is known")
		}
		for _, v := range []string{"有", "无"} {
			if err := record(w.wang, v); err != nil {
				t.Fatal(err)
			}
		}
		if v := w.read(t, worker, w.wang, ref, nil); v.Text != fact.No || v.AsOf != today {
			t.Errorf("the newer value is %+v", v)
		}
		past, err := w.History(t.Context(), worker, o.FactID(), w.wang)
		if err != nil || len(past) != 2 || past[0].Value.Text != fact.No || past[1].GoneAt.IsZero() {
			t.Errorf("history %+v (%v)", past, err)
		}
		other := testkit.Actor(testkit.Tenant+1, nil, allPerms...)
		if _, err := w.History(t.Context(), other, o.FactID(), w.wang); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another district reads the history: %v", err)
		}
		ed, err := w.Edition(t.Context(), testkit.Tenant)
		if err != nil {
			t.Fatal(err)
		}
		if c := ed.Lookup(fact.Person, "是否装烟感"); len(c) == 0 || c[0].Ref != ref {
			t.Errorf("an own fact is not found by its name: %+v", c)
		}
		if s, err := w.Share(t.Context(), w.admin, o.FactID()); err != nil || s.Known != 1 || s.Of != 2 || s.Percent() != 50 {
			t.Errorf("share %+v (%v)", s, err)
		}
		if err := w.End(t.Context(), w.admin, o.ID, today, 0); err != nil {
			t.Fatal(err)
		}
		testkit.Exec(t, d, `UPDATE own_fact SET valid_from = '2020-01-01', valid_to = '2020-12-31' WHERE tenant_id = $1`, testkit.Tenant)
		if err := record(w.wang, "有"); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a value after the end: %v", err)
		}
	})
}

func TestSealedOwnFacts(t *testing.T) {
	testkit.EachDBAt(t, testkit.NewClock().Now, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		in := alarm
		in.Name, in.Code, in.Type, in.Sensitivity, in.ValidTo = "银行卡号", "bank_card", fact.Text, fact.Sealed, calendar.DateOf(d.Now()).AddYears(1)
		o, err := w.Define(t.Context(), w.admin, in)
		if err != nil {
			t.Fatal(err)
		}
		const card = "6222020000000000123"
		if err := w.Record(t.Context(), w.admin, o.FactID(), []fact.Entry{{Row: w.wang, Value: card}}); err != nil {
			t.Fatal(err)
		}
		n, err := db.Value[int64](t.Context(), d, `SELECT count(*) FROM own_value WHERE value LIKE '%622202%'`)
		if err != nil || n != 0 {
			t.Errorf("the value stands open in the table (%d, %v)", n, err)
		}
		ref := fact.Ref(o.FactID())
		if v := w.read(t, w.admin, w.wang, ref, nil); !v.Hidden || v.Text == card {
			t.Errorf("not opened: %+v", v)
		}
		if v := w.read(t, w.admin, w.wang, ref, &fact.Opening{Purpose: "safety"}); v.Text != card || v.Hidden {
			t.Errorf("opened: %+v", v)
		}
		if _, err := w.Read(t.Context(), w.admin, fact.Ask{Subject: fact.Person, IDs: []id.ID{w.wang}, Refs: []fact.Ref{ref}, Opening: &fact.Opening{Purpose: "contact"}}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("for a purpose it is not held for: %v", err)
		}
		looks, err := db.Value[int64](t.Context(), d, `SELECT count(*) FROM audit_entry WHERE person_id = $1 AND purpose = 'safety'`, w.wang)
		if err != nil || looks != 1 {
			t.Errorf("%d looks recorded (%v), want 1", looks, err)
		}
	})
}

func TestNotListedIsNotNo(t *testing.T) {
	testkit.EachDBAt(t, testkit.NewClock().Now, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		today := calendar.DateOf(d.Now())
		if err := w.people.SetCategories(t.Context(), w.admin, w.wang, []string{"10"}); err != nil {
			t.Fatal(err)
		}
		veteran := fact.Ref("person.veteran")
		if v := w.read(t, w.admin, w.wang, veteran, nil); v.Text != fact.Yes {
			t.Errorf("listed: %+v", v)
		}
		if v := w.read(t, w.admin, w.li, veteran, nil); v.Known {
			t.Errorf("not listed, nothing declared: %+v, want unknown", v)
		}
		if err := w.DeclareComplete(t.Context(), w.admin, "person.veteran", today.AddDays(1), ""); !hasField(err, "complete_on") {
			t.Errorf("declared for tomorrow: %v", err)
		}
		if err := w.DeclareComplete(t.Context(), w.admin, "person.name", today, ""); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a fact that follows from no list: %v", err)
		}
		if err := w.DeclareComplete(t.Context(), w.admin, "person.veteran", today.AddDays(-1), ""); err != nil {
			t.Fatal(err)
		}
		if v := w.read(t, w.admin, w.li, veteran, nil); v.Known {
			t.Errorf("whoever came in after the declaration: %+v, want unknown", v)
		}
		if err := w.DeclareComplete(t.Context(), w.admin, "person.veteran", today, "年度核对"); err != nil {
			t.Fatal(err)
		}
		if v := w.read(t, w.admin, w.li, veteran, nil); v.Text != fact.No || v.AsOf != today {
			t.Errorf("declared complete: %+v, want no", v)
		}
		if err := w.WithdrawComplete(t.Context(), w.admin, "person.veteran"); err != nil {
			t.Fatal(err)
		}
		if v := w.read(t, w.admin, w.li, veteran, nil); v.Known {
			t.Errorf("withdrawn: %+v, want unknown", v)
		}
	})
}

func TestFamiliesAndAges(t *testing.T) {
	testkit.EachDBAt(t, testkit.NewClock().Now, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		home := person.Address{Quarter: "新村", Building: "3", Room: "501"}
		enter := func(name, born, relation string, sex code.Sex) id.ID {
			p, err := w.people.Create(t.Context(), w.admin, person.NewPerson{CommunityID: east, Address: home,
				Fields: person.Fields{Name: name, BornOn: calendar.MustParse(born), HeadRelation: relation, Sex: sex}})
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		head, wife, son := enter("陈大", "1960-02-29", "02", code.Male), enter("林二", "1966-09-15", "10", code.Female), enter("陈三", "2010-01-01", "20", code.Male)
		want := map[id.ID]map[fact.Ref]string{
			head: {"household/household.size": "3", "household/household.elders": "2", "household/household.minors": "1", "spouse/person.name": "林二",
				"household/head/person.name": "陈大", "person.is_head": "1", "person.age": "66", "household/household.room": "501"},
			wife: {"spouse/person.name": "陈大", "person.age60": "1", "person.age": "60", "person.is_head": "0"},
			son:  {"spouse/person.name": "", "household/head/person.name": "陈大", "person.minor": "1", "person.age_band": "7", "person.head_relation": "20"},
		}
		for row, refs := range want {
			for ref, text := range refs {
				if v := w.read(t, w.admin, row, ref, nil); v.Text != text {
					t.Errorf("%s of %v = %+v, want %q", ref, row, v, text)
				}
			}
		}
		v, err := w.Read(t.Context(), w.admin, fact.Ask{Subject: fact.Person, IDs: []id.ID{wife}, Refs: []fact.Ref{"person.age"}, Day: calendar.MustParse("2026-09-14")})
		if err != nil || v.At(0, "person.age").Text != "59" {
			t.Errorf("the day before the birthday: %+v (%v)", v.At(0, "person.age"), err)
		}
		for _, p := range w.Parts(fact.Person) {
			if p.Name == "family" {
				got, err := w.ReadPart(t.Context(), w.admin, p, []id.ID{son}, calendar.DateOf(d.Now()))
				if err != nil || len(got[son]) != 2 || got[son][0] != head {
					t.Errorf("family %v (%v)", got, err)
				}
			}
		}
		ed, err := w.Edition(t.Context(), testkit.Tenant)
		if err != nil || ed.Show(fact.Person, "person.sex", w.read(t, w.admin, head, "person.sex", nil), i18n.ZH) != "男" {
			t.Errorf("shown as %q (%v)", ed.Show(fact.Person, "person.sex", w.read(t, w.admin, head, "person.sex", nil), i18n.ZH), err)
		}
	})
}

func hasField(err error, name string) bool {
	e := errs.As(err)
	return e != nil && e.Kind == errs.Invalid && !e.Fields[name].Text.IsZero()
}
