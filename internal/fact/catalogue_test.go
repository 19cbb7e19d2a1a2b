package fact_test

import (
	"context"
	"testing"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/person"
	"linli/internal/place"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// ID numbers of nobody: born before 1906.
func number(serial string) string { return code.WithCheck("32090219010203" + serial) }

var east, west = id.ID(101), id.ID(102)

var allPerms = []authz.Permission{person.PermSee, person.PermEdit, person.PermReveal, place.PermSee, organisation.PermSee, fact.PermSee, fact.PermTeach, fact.PermDefine}

type world struct {
	*fact.Catalogue
	people *person.Service
	admin  authz.Actor
	wang   id.ID // in the east, with everything known
	li     id.ID // in the west, with a name alone
}

func setup(t testing.TB, d *db.DB) world {
	t.Helper()
	for org, name := range map[id.ID]string{east: "朝阳", west: "雅和"} {
		testkit.Exec(t, d, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, short_name, path, created_at, updated_at)
			VALUES ($1,$2,'community_party',$3,$3,$4,$5,1,1)`, testkit.Tenant, org, name+"社区党委", name+"社区", "/"+org.String()+"/")
	}
	ring := seal.Ephemeral()
	w := world{people: person.New(d, ring), admin: testkit.Actor(testkit.Tenant, nil, allPerms...)}
	w.Catalogue = fact.New(d, ring, w.people, w.people.Facts(), place.New(d).Facts(), organisation.New(d, ring).Facts())
	create := func(in person.NewPerson) id.ID {
		p, err := w.people.Create(context.Background(), w.admin, in)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	w.wang = create(person.NewPerson{CommunityID: east, Fields: person.Fields{Name: "王芳", IDNumber: number("002"), Phone: "13800138000", Schooling: "21"}})
	w.li = create(person.NewPerson{CommunityID: west, Fields: person.Fields{Name: "李雷"}})
	return w
}

// read reads one fact of one person.
func (w world) read(t testing.TB, actor authz.Actor, row id.ID, ref fact.Ref, o *fact.Opening) fact.Value {
	t.Helper()
	v, err := w.Read(context.Background(), actor, fact.Ask{Subject: fact.Person, IDs: []id.ID{row}, Refs: []fact.Ref{ref}, Opening: o})
	if err != nil {
		t.Fatalf("Read(%s) = %v", ref, err)
	}
	return v.At(0, ref)
}

func TestReadKeepsToTheScope(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		refs := []fact.Ref{"person.name", "person.born_on", "person.sex", "person.schooling"}
		v, err := w.Read(t.Context(), w.admin, fact.Ask{Subject: fact.Person, IDs: []id.ID{w.li, w.wang, 77, w.wang}, Refs: refs})
		if err != nil {
			t.Fatal(err)
		}
		if got := v.At(1, "person.born_on"); got.Text != "1901-02-03" || got.AsOf != calendar.DateOf(d.Now()) || v.At(3, "person.name").Text != "王芳" {
			t.Errorf("born %+v", got)
		}
		if v.At(0, "person.sex").Known || v.At(0, "person.born_on").Known || v.At(2, "person.name").Known {
			t.Error("what nobody recorded is known")
		}
		eastern := testkit.Actor(testkit.Tenant, []id.ID{east}, person.PermSee)
		if w.read(t, eastern, w.li, "person.name", nil).Known || !w.read(t, eastern, w.wang, "person.name", nil).Known {
			t.Error("the scope is not kept")
		}
		other := testkit.Actor(testkit.Tenant+1, nil, allPerms...)
		if w.read(t, other, w.wang, "person.name", nil).Known {
			t.Error("another district reads our people")
		}
		if _, err := w.Read(t.Context(), w.admin, fact.Ask{Subject: fact.Person, Refs: []fact.Ref{"person.nothing"}}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("an unknown fact: %v", err)
		}
	})
}

func TestSealedFactsAreOpenedForAPurposeAndRecorded(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		looks := func() int64 {
			n, err := db.Value[int64](t.Context(), d, "SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND person_id = $2 AND purpose = 'verify'",
				testkit.Tenant, w.wang)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if v := w.read(t, w.admin, w.wang, "person.id_number", nil); !v.Known || !v.Hidden || v.Text == number("002") {
			t.Errorf("without an opening: %+v", v)
		}
		if looks() != 0 {
			t.Error("a mask is recorded as a look")
		}
		open := &fact.Opening{Purpose: "verify", Reason: "年度核对"}
		if v := w.read(t, w.admin, w.wang, "person.id_number", open); v.Hidden || v.Text != number("002") {
			t.Errorf("opened: %+v", v)
		}
		if looks() != 1 {
			t.Errorf("%d looks recorded, want 1", looks())
		}
		for _, bad := range []string{"", "contact", "nothing"} {
			_, err := w.Read(t.Context(), w.admin, fact.Ask{Subject: fact.Person, IDs: []id.ID{w.wang}, Refs: []fact.Ref{"person.id_number"},
				Opening: &fact.Opening{Purpose: bad}})
			if errs.KindOf(err) != errs.Invalid {
				t.Errorf("purpose %q: %v, want invalid", bad, err)
			}
		}
		seeing := testkit.Actor(testkit.Tenant, []id.ID{east}, person.PermSee)
		if v := w.read(t, seeing, w.wang, "person.id_number", open); !v.Hidden {
			t.Errorf("opened without the permission: %+v", v)
		}
	})
}

func TestLookup(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		ed, err := w.Edition(t.Context(), testkit.Tenant)
		if err != nil {
			t.Fatal(err)
		}
		for label, want := range map[string]fact.Ref{
			"姓 名": "person.name", "性别[1]": "person.sex", "出生 日期(公历)": "person.born_on", "公民身份证号码": "person.id_number",
			"1、身份证号码*": "person.id_number", "申请人联系电话": "person.phone", "文化程度：": "person.schooling", "（二）与户主 关系": "person.head_relation",
		} {
			c := ed.Lookup(fact.Person, label)
			if len(c) == 0 || c[0].Ref != want || c[0].Grade < fact.Likely {
				t.Errorf("Lookup(%q) = %+v, want %s", label, c, want)
			}
		}
		for _, label := range []string{"父亲姓名", "代理人地址", "母亲公民身份证号码", "备注", "", "0", "□", "入党介绍人姓名"} {
			if c := ed.Lookup(fact.Person, label); len(c) > 0 {
				t.Errorf("Lookup(%q) = %s (%d), want nothing", label, c[0].Ref, c[0].Grade)
			}
		}
		if err := w.Teach(t.Context(), w.admin, fact.Person, "大 名", "person.name"); err != nil {
			t.Fatal(err)
		}
		if ed, err = w.Edition(t.Context(), testkit.Tenant); err != nil {
			t.Fatal(err)
		}
		if c := ed.Lookup(fact.Person, "大名"); len(c) != 1 || c[0].Ref != "person.name" || c[0].Grade != fact.Taught {
			t.Errorf("a taught label: %+v", c)
		}
	})
}
