package fill

import (
	"context"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/id"
)

// Found says how the row of a half-filled list was found in the records.
type Found string

// The ways, and the ways in which it was not.
const (
	ByNumber  Found = "number"    // by ID number or another number that only one has
	ByName    Found = "name"      // by name together with what else stands in the row
	ByChoice  Found = "choice"    // somebody chose among several
	TwoFit    Found = "two_fit"   // several fit: asked, never guessed
	NameAlone Found = "name_only" // one fits by name alone, in more than one community: asked
	NotFound  Found = "not_found" // nobody in scope fits
)

// Row is one row of a list with whom it is about.
type Row struct {
	Row        int // as a person counts it, from 1
	Name       string
	ID         id.ID // 0 unless it is known
	How        Found
	Candidates []id.ID // of an ambiguous row
	Subject    fact.Subject
	cells      map[int]string
}

// strong are facts in which a person cannot differ from the record: another value means somebody else.
var strong = map[string]bool{"person.born_on": true, "person.sex": true, "person.id_number": true, "person.phone": true, "organisation.uscc": true,
	"person.age": true, "member.joined_on": true}

// identity are the facts by which a row of a subject is found, and whether it takes more than the name.
func nameSlot(sh *Sheet) int {
	own := map[fact.Subject][]string{
		fact.Person: {"person.name"}, fact.Member: {"member.name", "person/person.name"}, fact.Organisation: {"organisation.name", "organisation.short_name"},
		fact.Building: {"building.name"}, fact.Grid: {"grid.code", "grid.name"}, fact.Quarter: {"quarter.name"}, fact.Activity: {"activity.title"},
		fact.Household: {"household.address", "head/person.name", "household.number"}, fact.Responsibility: {"responsibility.name"},
	}[sh.Subject]
	for _, want := range own {
		for i, s := range sh.Slots {
			if s.Meaning == Sure && (string(s.Ref) == want || strings.HasSuffix(string(s.Ref), "/"+want)) {
				return i
			}
		}
	}
	return -1
}

// numberSlot is the column with ID numbers, -1 if there is none.
func numberSlot(sh *Sheet) int {
	for i, s := range sh.Slots {
		if s.Meaning == Sure && s.Fact.ID == "person.id_number" && (string(s.Ref) == "person.id_number" || string(s.Ref) == "person/person.id_number") {
			return i
		}
	}
	return -1
}

// rowsOf reads the rows of a list: what stands in the columns that have a meaning.
func rowsOf(sh *Sheet, s *sheet, values [][]string) []Row {
	t := sh.lay.tables[sh.main]
	last := t.last
	if t.open {
		last = max(last, len(values)-1)
	}
	var out []Row
	for r := t.first; r <= last; r++ {
		if slices.Contains(t.sums, r) {
			continue
		}
		row := Row{Row: r + 1, cells: map[int]string{}}
		for i, sl := range sh.Slots {
			v := clean(valueAt(values, r, sl.at.col))
			if v != "" && sl.Meaning != Serial && !isPrinted(v) {
				row.cells[i] = v
			}
		}
		out = append(out, row)
	}
	return out
}

// keyed says whether a row says whom it is about.
func keyed(row Row, name, number int) bool { return row.cells[name] != "" || row.cells[number] != "" }

func (p planner) countRows(sh Sheet, s *sheet, values [][]string) (withKey, blank int) {
	name, number := nameSlot(&sh), numberSlot(&sh)
	for _, r := range rowsOf(&sh, s, values) {
		if keyed(r, name, number) {
			withKey++
		} else if len(r.cells) == 0 {
			blank++
		}
	}
	return withKey, blank
}

// People finds people by ID number, within what the actor may see. It is given by the package that keeps the numbers.
type People interface {
	// ByIDNumbers gives the person of each number that is registered in scope.
	ByIDNumbers(ctx context.Context, actor authz.Actor, numbers []string) (map[string]id.ID, error)
}

// Places knows the communities and what belongs to an organisation. It is given by the package that keeps the organisations.
type Places interface {
	// CommunityNamed gives the one community of a name that the actor may see, 0 if there is none or more than one.
	CommunityNamed(ctx context.Context, actor authz.Actor, name string) (id.ID, error)
	// Subtree gives an organisation and everything below it.
	Subtree(ctx context.Context, q db.Querier, tenant int64, org id.ID) ([]id.ID, error)
}

// finder finds the rows of one sheet in the records.
type finder struct {
	s      *Service
	ed     *fact.Edition
	actor  authz.Actor
	sh     *Sheet
	within fact.Within
	chosen map[int]id.ID // by row number
	local  bool          // the sheet is about one community, so that a name that one has there is enough
}

// find fills in whom each keyed row is about.
func (f *finder) find(ctx context.Context, rows []Row) error {
	name, number := nameSlot(f.sh), numberSlot(f.sh)
	byNumber, err := f.byNumber(ctx, rows, number)
	if err != nil {
		return err
	}
	var names []string
	for i := range rows {
		if name >= 0 && rows[i].cells[name] != "" {
			rows[i].Name = rows[i].cells[name]
			names = append(names, rows[i].Name)
		}
	}
	byName, err := f.byName(ctx, name, names)
	if err != nil {
		return err
	}
	var all []id.ID
	for i := range rows {
		r := &rows[i]
		if !keyed(*r, name, number) {
			continue
		}
		if n := r.cells[number]; number >= 0 && n != "" {
			r.How = NotFound
			if found, ok := byNumber[squeeze(n)]; ok {
				r.ID, r.How = found, ByNumber
				all = append(all, found)
				continue
			}
			if looksWhole(n) {
				continue // the number is nobody's here; the name may be anybody's
			}
		}
		r.How = NotFound
		r.Candidates = byName[nameKey(r.Name)]
		all = append(all, r.Candidates...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	check, err := f.ed.Read(ctx, f.actor, fact.Ask{Subject: f.sh.Subject, IDs: all, Refs: f.refs(rows), Day: f.sh.Day})
	if err != nil {
		return err
	}
	at := map[id.ID]int{}
	for i, x := range all {
		at[x] = i
	}
	for i := range rows {
		f.decide(&rows[i], check, at, name)
	}
	return nil
}

// looksWhole says whether an ID number is given in full, not masked.
func looksWhole(n string) bool {
	q := squeeze(n)
	return len(q) >= 15 && !strings.Contains(q, "*")
}

// refs are the facts by which candidates are compared with what stands in the rows.
func (f *finder) refs(rows []Row) []fact.Ref {
	var out []fact.Ref
	for i, s := range f.sh.Slots {
		if s.Meaning != Sure || slices.Contains(out, s.Ref) {
			continue
		}
		for _, r := range rows {
			if r.cells[i] != "" {
				out = append(out, s.Ref)
				break
			}
		}
	}
	return out
}

// decide keeps the candidates that nothing in the row contradicts.
func (f *finder) decide(r *Row, check *fact.Values, at map[id.ID]int, name int) {
	if c, ok := f.chosen[r.Row]; ok && (c == r.ID || slices.Contains(r.Candidates, c)) {
		r.ID, r.How, r.Candidates = c, ByChoice, nil
		return
	}
	if r.How == ByNumber {
		// the number is right; another name beside it means that somebody mixed two people up
		if name >= 0 && r.Name != "" {
			if same, told := f.sh.Slots[name].style.agrees(f.sh.Slots[name].Fact, r.Name, check.At(at[r.ID], f.sh.Slots[name].Ref)); told && !same {
				r.Candidates, r.ID, r.How = []id.ID{r.ID}, 0, TwoFit
			}
		}
		return
	}
	if len(r.Candidates) == 0 {
		return
	}
	var fit []id.ID
	best, proofs := -1, map[id.ID]int{}
	for _, c := range r.Candidates {
		agree, against := 0, false
		for i, s := range f.sh.Slots {
			if i == name || r.cells[i] == "" || s.Meaning != Sure {
				continue
			}
			same, told := s.style.agrees(s.Fact, r.cells[i], check.At(at[c], s.Ref))
			switch {
			case told && same:
				agree++
			case told && strong[s.Fact.ID]:
				against = true
			}
		}
		if against {
			continue
		}
		proofs[c] = agree
		fit = append(fit, c)
		best = max(best, agree)
	}
	fit = slices.DeleteFunc(fit, func(c id.ID) bool { return proofs[c] < best })
	r.Candidates = fit
	switch {
	case len(fit) == 0:
		r.How = NotFound
	case len(fit) > 1:
		r.How = TwoFit
	case best > 0 || f.local || f.sh.Subject != fact.Person && f.sh.Subject != fact.Member:
		r.ID, r.How, r.Candidates = fit[0], ByName, nil
	default:
		r.How = NameAlone
	}
}

func (f *finder) byNumber(ctx context.Context, rows []Row, number int) (map[string]id.ID, error) {
	if number < 0 {
		return nil, nil
	}
	var numbers []string
	for _, r := range rows {
		if n := r.cells[number]; n != "" {
			numbers = append(numbers, squeeze(n))
		}
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	found, err := f.s.people.ByIDNumbers(ctx, f.actor, numbers)
	if err != nil || f.sh.Subject == fact.Person {
		return found, err
	}
	var people []id.ID
	for _, p := range found {
		people = append(people, p)
	}
	for _, l := range f.s.facts.Links(fact.Person) {
		if l.To != f.sh.Subject {
			continue
		}
		to := map[id.ID]id.ID{}
		for part := range slices.Chunk(people, fact.BatchSize) {
			some, err := f.s.facts.ReadLink(ctx, f.actor, l, part, f.sh.Day)
			if err != nil {
				return nil, err
			}
			for k, v := range some {
				to[k] = v
			}
		}
		for n, p := range found {
			if m, ok := to[p]; ok {
				found[n] = m
			} else {
				delete(found, n)
			}
		}
		return found, nil
	}
	return nil, nil
}

// nameKey is the form in which names are compared.
func nameKey(s string) string { return squeeze(s) }

// byName finds rows by name, or, where the list has another column to go by, by that.
func (f *finder) byName(ctx context.Context, name int, names []string) (map[string][]id.ID, error) {
	if name < 0 || len(names) == 0 {
		return nil, nil
	}
	return f.s.named(ctx, f.actor, f.sh.Subject, f.sh.Slots[name].Ref, names, f.within)
}
