package person

import (
	"context"
	"strconv"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
)

// categoryFacts are the categories as facts, by code.
var categoryFacts = []struct {
	code, id string
	term     i18n.Term
}{
	{"01", "employed", i18n.FactCatEmployed}, {"02", "retired", i18n.FactCatRetired}, {"03", "laid_off", i18n.FactCatLaidOff},
	{"04", "unemployed", i18n.FactCatUnemployed}, {"05", "foreign_firm", i18n.FactCatForeign}, {"06", "migrant_worker", i18n.FactCatMigrant},
	{"07", "new_employment", i18n.FactCatNewJob}, {"08", "self_employed", i18n.FactCatSelf}, {"09", "student", i18n.FactCatStudent},
	{"10", "veteran", i18n.FactCatVeteran}, {"11", "army_family", i18n.FactCatArmyFamily}, {"12", "living_alone", i18n.FactCatAlone},
	{"13", "relief", i18n.FactCatRelief}, {"14", "special_need", i18n.FactCatPoor}, {"15", "disabled", i18n.FactCatDisabled},
	{"16", "child_in_need", i18n.FactCatChild}, {"17", "volunteer", i18n.FactCatVolunteer},
}

const categoriesFact = "person.categories"

var categoryColumns = []string{"person_category.category", "person_category.valid_from"}

// categoryReader reads the categories that hold on the day, in one query. Who is not listed under a category is a "no" as of the day on
// which the record came in: whether that counts, the declaration about the list decides.
func categoryReader() fact.Reader {
	r := fact.Reader{Subject: fact.Person, Read: readCategories}
	byCode := make(map[string]string, len(categoryFacts))
	for _, c := range categoryFacts {
		byCode[c.code] = "person." + c.id
		r.Facts = append(r.Facts, fact.Fact{ID: "person." + c.id, Term: c.term, Type: fact.YesNo, Purpose: "assist", Columns: categoryColumns, Register: true})
	}
	r.Listed = func(a *db.Args, tenant int64, day calendar.Date, factID string) (string, bool) {
		on := day.String()
		for c, of := range byCode {
			if of == factID {
				return "SELECT c.person_id FROM person_category c WHERE c.tenant_id = " + a.Add(tenant) + " AND c.category = " + a.Add(c) +
					" AND c.valid_from <= " + a.Add(on) + " AND (c.valid_to = '' OR c.valid_to >= " + a.Add(on) + ")", true
			}
		}
		return "", false
	}
	r.Facts = append(r.Facts, fact.Fact{ID: categoriesFact, Term: i18n.FactPersonCategories, Type: fact.Text, Purpose: PurposeView, Columns: categoryColumns})
	return r
}

func readCategories(ctx context.Context, q db.Querier, b *fact.Batch) error {
	type row struct {
		person         id.ID
		created        int64
		category, from string
	}
	a := &db.Args{}
	day := a.Add(b.Day.String())
	from := ` FROM person p LEFT JOIN person_category c ON c.tenant_id = p.tenant_id AND c.person_id = p.id AND c.valid_from <= ` + day +
		` AND (c.valid_to = '' OR c.valid_to >= ` + day + `)`
	where := seeScope(b.Actor).Where(a, scopeColumns) + " AND " + db.In(a, "p.id", b.IDs)
	type listed struct {
		created calendar.Date
		since   map[string]calendar.Date
		labels  []string
		last    calendar.Date
	}
	people := make(map[id.ID]*listed, len(b.IDs))
	err := db.Each(ctx, q, func(r *row) []any { return []any{&r.person, &r.created, &r.category, &r.from} }, func(r row) error {
		l := people[r.person]
		if l == nil {
			l = &listed{created: calendar.DateOf(db.FromMicros(r.created)), since: map[string]calendar.Date{}}
			people[r.person] = l
		}
		if r.category == "" {
			return nil
		}
		since, err := calendar.Parse(r.from)
		if err != nil {
			return err
		}
		if since.After(l.last) {
			l.last = since
		}
		l.since[r.category] = since
		l.labels = append(l.labels, code.ResidentCategories.Label(r.category).In(i18n.ZH)) // as a form writes it
		return nil
	}, "SELECT p.id, p.created_at, coalesce(c.category, ''), coalesce(c.valid_from, '')"+from+" WHERE "+where+" ORDER BY p.id, c.category", a.Values()...)
	if err != nil {
		return err
	}
	for person, l := range people {
		for _, c := range categoryFacts {
			if since, yes := l.since[c.code]; yes {
				b.Set(person, "person."+c.id, fact.Whether(true, since))
			} else {
				b.Set(person, "person."+c.id, fact.Whether(false, l.created))
			}
		}
		b.Set(person, categoriesFact, fact.Is(strings.Join(l.labels, i18n.FactListJoin), l.last))
	}
	return nil
}

// bands are the age groups, by the age at which each begins.
var bands = []struct {
	from int
	code string
	text i18n.Text
}{{0, "0", i18n.FactBand0}, {7, "7", i18n.FactBand7}, {18, "18", i18n.FactBand18}, {60, "60", i18n.FactBand60}, {70, "70", i18n.FactBand70},
	{80, "80", i18n.FactBand80}, {90, "90", i18n.FactBand90}, {100, "100", i18n.FactBand100}}

func bandList() *code.List {
	items := make([]code.Item, len(bands))
	for i, b := range bands {
		items[i] = code.Item{Code: b.code, Label: b.text}
	}
	return code.NewList(i18n.FactBandList, "", items)
}

// aged gives a fact of the age on the day from birthday and day of death: who died has the age of that day.
func aged(work func(age int) string) func(calendar.Date, []fact.Value) fact.Value {
	return func(day calendar.Date, in []fact.Value) fact.Value {
		p := Person{BornOn: in[0].Day(), DiedOn: in[1].Day()}
		if p.BornOn.IsZero() || p.BornOn.After(day) {
			return fact.Value{}
		}
		return fact.Is(work(p.Age(day)), in[0].AsOf)
	}
}

func flag(yes bool) string {
	if yes {
		return fact.Yes
	}
	return fact.No
}

// derivedFacts are worked out from the record.
func derivedFacts() []fact.Derived {
	life := []fact.Ref{"person.born_on", "person.died_on"}
	age := func(factID string, t i18n.Term, ty fact.Type, work func(int) string) fact.Derived {
		return fact.Work(fact.Fact{ID: "person." + factID, Term: t, Type: ty, Purpose: PurposeView}, life, aged(work))
	}
	from := func(n int) func(int) string { return func(a int) string { return flag(a >= n) } }
	narrow := func(d fact.Derived, years func(fact.Condition) (int, int, bool)) fact.Derived {
		d.Narrow = fact.NarrowAge("person.born_on", "person.died_on", years)
		return d
	}
	over := func(factID string, t i18n.Term, n int) fact.Derived {
		return narrow(age(factID, t, fact.YesNo, from(n)), fact.AgeFlag(n, true))
	}
	years := age("age", i18n.FactPersonAge, fact.Number, strconv.Itoa)
	years.Unit = i18n.FactYears
	band := age("age_band", i18n.FactPersonBand, fact.Choice, func(a int) string {
		c := ""
		for _, b := range bands {
			if a >= b.from {
				c = b.code
			}
		}
		return c
	})
	band.List = bandList()
	out := []fact.Derived{narrow(years, fact.AgeOf), band,
		over("age60", i18n.FactPerson60, 60), over("age65", i18n.FactPerson65, 65), over("age70", i18n.FactPerson70, 70),
		over("age80", i18n.FactPerson80, 80), over("age90", i18n.FactPerson90, 90), over("adult", i18n.FactPersonAdult, 18),
		narrow(age("minor", i18n.FactPersonMinor, fact.YesNo, func(a int) string { return flag(a < 18) }), fact.AgeFlag(18, false)),
		narrow(age("preschool", i18n.FactPersonPreschool, fact.YesNo, func(a int) string { return flag(a < 7) }), fact.AgeFlag(7, false)),
	}
	return append(append(out, birthFacts()...), stateFacts()...)
}

func birthFacts() []fact.Derived {
	born := func(factID string, t i18n.Term, ty fact.Type, work func(calendar.Date) string) fact.Derived {
		return fact.Work(fact.Fact{ID: "person." + factID, Term: t, Type: ty, Purpose: PurposeView}, []fact.Ref{"person.born_on"},
			func(_ calendar.Date, in []fact.Value) fact.Value {
				d := in[0].Day()
				if d.IsZero() {
					return fact.Value{}
				}
				return fact.Is(work(d), in[0].AsOf)
			})
	}
	return []fact.Derived{
		born("born_year", i18n.FactPersonBornYear, fact.Number, func(d calendar.Date) string { return strconv.Itoa(d.Year()) }),
		born("born_month", i18n.FactPersonBornMonth, fact.Number, func(d calendar.Date) string { return strconv.Itoa(int(d.Month())) }),
		born("birthday", i18n.FactPersonBirthday, fact.Text, func(d calendar.Date) string { return d.String()[5:] }),
	}
}

func stateFacts() []fact.Derived {
	chosen := func(factID string, t i18n.Term, from fact.Ref, purpose string, work func(string) string) fact.Derived {
		return fact.Work(fact.Fact{ID: "person." + factID, Term: t, Type: fact.YesNo, Purpose: purpose}, []fact.Ref{from},
			func(_ calendar.Date, in []fact.Value) fact.Value {
				if !in[0].Known {
					return fact.Value{}
				}
				return fact.Is(work(in[0].Text), in[0].AsOf)
			})
	}
	one := func(codes ...string) func(string) string {
		return func(s string) string {
			for _, c := range codes {
				if s == c {
					return fact.Yes
				}
			}
			return fact.No
		}
	}
	state := func(_ calendar.Date, in []fact.Value) fact.Value {
		switch p := (Person{MovedOutOn: in[1].Day(), DiedOn: in[2].Day()}); {
		case !in[0].Known: // not seen at all
			return fact.Value{}
		default:
			return fact.Is(p.State(), in[0].AsOf)
		}
	}
	whole := []fact.Ref{"person.name", "person.moved_out_on", "person.died_on"}
	states := code.NewList(i18n.FactStateList, "", []code.Item{{Code: Living, Label: i18n.FactLiving}, {Code: MovedOut, Label: i18n.FactMovedOut}, {Code: Dead, Label: i18n.FactDead}})
	local := code.NewList(i18n.FactLocalList, "", []code.Item{{Code: "1", Label: i18n.FactLocal, Also: i18n.FactLocalWords}, {Code: "2", Label: i18n.FactElsewhere, Also: i18n.FactAwayWords}})
	stands := func(factID string, t i18n.Term, yes string) fact.Derived {
		return fact.Work(fact.Fact{ID: "person." + factID, Term: t, Type: fact.YesNo, Purpose: PurposeView}, whole, func(day calendar.Date, in []fact.Value) fact.Value {
			v := state(day, in)
			if v.Known {
				v.Text = flag(v.Text == yes)
			}
			return v
		})
	}
	return []fact.Derived{
		chosen("is_head", i18n.FactPersonIsHead, "person.head_relation", PurposeView, one("02")),
		chosen("is_league", i18n.FactPersonIsLeague, "person.political", "party", one("03")),
		chosen("is_floating", i18n.FactPersonFloating, "person.residence", PurposeView, one("4")),
		chosen("is_split", i18n.FactPersonSplit, "person.residence", PurposeView, one("2", "3")),
		chosen("is_together", i18n.FactPersonTogether, "person.residence", PurposeView, one("1")),
		fact.Work(fact.Fact{ID: "person.state", Term: i18n.FactPersonState, Type: fact.Choice, List: states, Purpose: PurposeView}, whole, state),
		stands("is_here", i18n.FactPersonHere, Living), stands("is_dead", i18n.FactPersonDead, Dead),
		fact.Work(fact.Fact{ID: "person.local", Term: i18n.FactPersonLocalKind, Type: fact.Choice, List: local, Purpose: PurposeView}, []fact.Ref{"person.residence"},
			func(_ calendar.Date, in []fact.Value) fact.Value {
				switch in[0].Text {
				case "1", "3":
					return fact.Is("1", in[0].AsOf)
				case "2", "4":
					return fact.Is("2", in[0].AsOf)
				}
				return fact.Value{}
			}),
	}
}

// communityLabels are what facts of the community are called on the row of somebody who lives there.
var communityLabels = map[string]i18n.Term{"organisation.name": i18n.FactLinkCommunityFull, "organisation.label": i18n.FactLinkCommunityName,
	"organisation.street": i18n.FactLinkStreet, "organisation.county": i18n.FactLinkCounty, "organisation.city": i18n.FactLinkCity,
	"organisation.province": i18n.FactLinkProvince}

func links() []fact.Link {
	return []fact.Link{
		{Name: "household", From: fact.Person, To: fact.Household, Term: i18n.FactLinkHousehold, Plain: true, Column: "p.household_id"},
		{Name: "building", From: fact.Person, To: fact.Building, Term: i18n.FactLinkBuilding, Plain: true, Column: "p.building_id"},
		{Name: "grid", From: fact.Person, To: fact.Grid, Term: i18n.FactLinkGrid, Plain: true, Column: "p.grid_id"},
		{Name: "community", From: fact.Person, To: fact.Organisation, Term: i18n.FactLinkCommunity, Column: "p.community_id", Labels: communityLabels},
		{Name: "spouse", From: fact.Person, To: fact.Person, Term: i18n.FactLinkSpouse, Read: readSpouses,
			Labels: map[string]i18n.Term{"person.name": i18n.FactLinkSpouseName}},
		{Name: "head", From: fact.Household, To: fact.Person, Term: i18n.FactLinkHead, Read: readHeads,
			Labels: map[string]i18n.Term{"person.name": i18n.FactLinkHeadName}},
		{Name: "building", From: fact.Household, To: fact.Building, Term: i18n.FactLinkBuilding, Plain: true, Column: "h.building_id"},
		{Name: "grid", From: fact.Household, To: fact.Grid, Term: i18n.FactLinkGrid, Plain: true, Column: "h.grid_id"},
		{Name: "community", From: fact.Household, To: fact.Organisation, Term: i18n.FactLinkCommunity, Column: "h.community_id", Labels: communityLabels},
	}
}

func parts() []fact.Part {
	const order = "CASE WHEN p.head_relation = '02' THEN 0 ELSE 1 END, p.born_on"
	return []fact.Part{
		{Name: "people", From: fact.Household, To: fact.Person, Term: i18n.FactPartPeople, Column: "p.household_id", Order: order},
		{Name: "family", From: fact.Person, To: fact.Person, Term: i18n.FactPartFamily, Read: readFamilies},
		{Name: "people", From: fact.Building, To: fact.Person, Term: i18n.FactPartResidents, Column: "p.building_id", Order: "p.household_id, " + order},
		{Name: "people", From: fact.Grid, To: fact.Person, Term: i18n.FactPartResidents, Column: "p.grid_id", Order: "p.household_id, " + order},
		{Name: "people", From: fact.Organisation, To: fact.Person, Term: i18n.FactPartResidents, Column: "p.community_id", Order: "p.name_key"},
		{Name: "households", From: fact.Building, To: fact.Household, Term: i18n.FactPartHouseholds, Column: "h.building_id", Order: "h.stairwell, h.room"},
		{Name: "households", From: fact.Grid, To: fact.Household, Term: i18n.FactPartHouseholds, Column: "h.grid_id", Order: "h.address"},
		{Name: "households", From: fact.Organisation, To: fact.Household, Term: i18n.FactPartHouseholds, Column: "h.community_id", Order: "h.address"},
	}
}

// housemate is somebody living in a household.
type housemate struct {
	household, person id.ID
	relation          string
}

func (h *housemate) dest() []any { return []any{&h.household, &h.person, &h.relation} }

// housemates gives who lives in households, the head first. The whole household is read, so that two heads are seen as two; it is in
// scope as a whole, because its people live in one community.
func housemates(ctx context.Context, q db.Querier, actor authz.Actor, households []id.ID) (map[id.ID][]housemate, error) {
	out := map[id.ID][]housemate{}
	a := &db.Args{}
	where := actor.Scope(PermSee).Where(a, scopeColumns) + " AND p.household_id <> 0 AND " + personRows.Here + " AND " + db.In(a, "p.household_id", households)
	err := db.Each(ctx, q, (*housemate).dest, func(h housemate) error {
		out[h.household] = append(out[h.household], h)
		return nil
	}, "SELECT p.household_id, p.id, p.head_relation FROM person p WHERE "+where+" ORDER BY CASE WHEN p.head_relation = '02' THEN 0 ELSE 1 END, p.born_on, p.id", a.Values()...)
	return out, err
}

// only gives the one person of a relation to the head; 0 for none and for several.
func only(all []housemate, relation string) (one id.ID) {
	for _, h := range all {
		if h.relation != relation {
			continue
		}
		if one != 0 {
			return 0
		}
		one = h.person
	}
	return one
}

func readHeads(ctx context.Context, q db.Querier, actor authz.Actor, ids []id.ID, _ calendar.Date) (map[id.ID]id.ID, error) {
	all, err := housemates(ctx, q, actor, ids)
	out := make(map[id.ID]id.ID, len(all))
	for household, people := range all {
		if head := only(people, "02"); head != 0 {
			out[household] = head
		}
	}
	return out, err
}

// homes gives the households of people in scope.
func homes(ctx context.Context, q db.Querier, actor authz.Actor, ids []id.ID) (map[id.ID]id.ID, []id.ID, error) {
	type pair struct{ person, household id.ID }
	at := make(map[id.ID]id.ID, len(ids))
	seen := map[id.ID]bool{}
	var households []id.ID
	a := &db.Args{}
	where := seeScope(actor).Where(a, scopeColumns) + " AND p.household_id <> 0 AND " + db.In(a, "p.id", ids)
	err := db.Each(ctx, q, func(p *pair) []any { return []any{&p.person, &p.household} }, func(p pair) error {
		at[p.person] = p.household
		if !seen[p.household] {
			seen[p.household], households = true, append(households, p.household)
		}
		return nil
	}, "SELECT p.id, p.household_id FROM person p WHERE "+where, a.Values()...)
	return at, households, err
}

// readSpouses joins the head and the spouse of the head, where there is one of each.
func readSpouses(ctx context.Context, q db.Querier, actor authz.Actor, ids []id.ID, _ calendar.Date) (map[id.ID]id.ID, error) {
	at, households, err := homes(ctx, q, actor, ids)
	if err != nil || len(households) == 0 {
		return nil, err
	}
	all, err := housemates(ctx, q, actor, households)
	out := map[id.ID]id.ID{}
	for person, household := range at {
		head, spouse := only(all[household], "02"), only(all[household], "10")
		switch {
		case head == 0 || spouse == 0:
		case person == head:
			out[person] = spouse
		case person == spouse:
			out[person] = head
		}
	}
	return out, err
}

// readFamilies gives the others in somebody's household.
func readFamilies(ctx context.Context, q db.Querier, actor authz.Actor, ids []id.ID, _ calendar.Date) (map[id.ID][]id.ID, error) {
	at, households, err := homes(ctx, q, actor, ids)
	if err != nil || len(households) == 0 {
		return nil, err
	}
	all, err := housemates(ctx, q, actor, households)
	out := map[id.ID][]id.ID{}
	for person, household := range at {
		for _, h := range all[household] {
			if h.person != person {
				out[person] = append(out[person], h.person)
			}
		}
	}
	return out, err
}
