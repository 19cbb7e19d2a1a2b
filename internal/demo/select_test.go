package demo_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/id"
	"linli/internal/testkit"
)

// TestConditionsKeepTheRowsThatReadingWouldKeep holds the SQL of conditions against the model: all rows read, each value tried. It is asked
// for every fact that can be said of every subject, over links too, for the whole district and for one community, on both engines.
func TestConditionsKeepTheRowsThatReadingWouldKeep(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { conditionsHold(t, sqlite(t), 10) })
	t.Run("postgres", func(t *testing.T) { conditionsHold(t, postgres(t), 30) })
}

// conditionsHold tries one of so many conditions, chosen by chance.
func conditionsHold(t *testing.T, database string, oneOf int) {
	a, _ := built(t, database, hamlet)
	ctx := context.Background()
	tenants, err := a.Tenants(ctx)
	if err != nil {
		t.Fatal(err)
	}
	tenant := tenants[0]
	community, err := db.Value[id.ID](ctx, a.DB, `SELECT min(community_id) FROM person WHERE tenant_id = $1 AND community_id <> 0`, tenant)
	if err != nil {
		t.Fatal(err)
	}
	// A list that was declared complete makes "no" known for those who stood there.
	if err := a.Facts.DeclareComplete(ctx, authz.System(tenant, "test"), "person.relief", calendar.DateOf(a.DB.Now()), ""); err != nil {
		t.Fatal(err)
	}
	ed, err := a.Facts.Edition(ctx, tenant)
	if err != nil {
		t.Fatal(err)
	}
	m := model{t: t, a: a, ed: ed, rand: rand.New(rand.NewPCG(1, 2)), oneOf: oneOf, day: calendar.DateOf(a.DB.Now())}
	for _, s := range fact.Subjects() {
		m.subject(testkit.Actor(tenant, nil, app.Permissions()...), s)
		m.subject(testkit.Actor(tenant, []id.ID{community}, app.Permissions()...), s)
	}
	t.Logf("%d conditions, %d of them kept some rows and not all", m.tried, m.told)
	if m.told < 100 {
		t.Errorf("only %d conditions told rows apart", m.told)
	}
}

type model struct {
	t           *testing.T
	a           *app.App
	ed          *fact.Edition
	rand        *rand.Rand
	oneOf       int
	day         calendar.Date
	tried, told int
}

func (m *model) subject(actor authz.Actor, s fact.Subject) {
	m.t.Helper()
	ctx := context.Background()
	rows, err := m.a.Facts.IDs(ctx, actor, s, fact.Within{All: true, Limit: 1000})
	if err != nil {
		m.t.Fatal(err)
	}
	if len(rows) == 1000 {
		m.t.Logf("%s: more rows than the model reads", s)
	}
	var refs []fact.Ref
	facts := map[fact.Ref]fact.Fact{}
	for _, r := range m.ed.Reach(s) {
		refs = append(refs, r.Ref)
		facts[r.Ref] = r.Fact
	}
	values, err := m.ed.Read(ctx, actor, fact.Ask{Subject: s, IDs: rows, Refs: refs, Day: m.day})
	if err != nil {
		m.t.Fatal(err)
	}
	last := id.ID(0)
	if len(rows) > 0 {
		last = rows[len(rows)-1]
	}
	for _, ref := range refs {
		for _, c := range m.conditions(ref, facts[ref], values.Column(ref)) {
			if m.rand.IntN(m.oneOf) > 0 {
				continue
			}
			var want []id.ID
			began := time.Now()
			for i, row := range rows {
				if c.Holds(facts[ref], values.At(i, ref)) {
					want = append(want, row)
				}
			}
			var got []id.ID
			err := m.ed.Each(ctx, actor, fact.Query{Subject: s, Where: []fact.Condition{c}, All: true, Day: m.day}, func(ids []id.ID) error {
				for _, x := range ids {
					if x <= last { // the model's rows are the first of all
						got = append(got, x)
					}
				}
				return nil
			})
			if err != nil {
				m.t.Fatalf("%s where %+v: %v", s, c, err)
			}
			if took := time.Since(began); took > time.Second {
				m.t.Logf("%s where %+v took %v", s, c, took)
			}
			m.tried++
			if len(want) > 0 && len(want) < len(rows) {
				m.told++
			}
			if !slices.Equal(got, want) {
				m.t.Errorf("%s where %+v: %d rows, want %d (of %d)", s, c, len(got), len(want), len(rows))
			}
		}
	}
}

// conditions makes conditions on a fact from the values that it has.
func (m *model) conditions(ref fact.Ref, f fact.Fact, col []fact.Value) []fact.Condition {
	var seen []string
	for _, v := range col {
		if v.Known && !v.Hidden && len([]rune(v.Text)) <= 100 {
			seen = append(seen, v.Text)
		}
	}
	some := func() string { return seen[m.rand.IntN(len(seen))] }
	var out []fact.Condition
	for _, test := range f.Allows() {
		c := fact.Condition{Ref: ref, Test: test}
		switch {
		case test == fact.Known, test == fact.Unknown:
		case len(seen) == 0:
			continue
		case test == fact.Equals:
			c.Values = []string{some()}
			if f.Type == fact.YesNo && m.rand.IntN(2) == 0 {
				c.Values = []string{fact.No}
			}
			if f.Type != fact.YesNo && m.rand.IntN(2) == 0 {
				c.Values = append(c.Values, some())
			}
		case test == fact.Contains:
			r := []rune(some())
			i := m.rand.IntN(len(r))
			c.Values = []string{string(r[i:min(len(r), i+1+m.rand.IntN(2))])}
		case test == fact.Between:
			c.From, c.To = some(), some()
			if c.From > c.To {
				c.From, c.To = c.To, c.From
			}
			switch m.rand.IntN(3) {
			case 0:
				c.From = ""
			case 1:
				c.To = ""
			}
		}
		checked, err := c.Check(f)
		if err != nil {
			continue // a blank taken out of a text
		}
		out = append(out, checked)
	}
	return out
}
