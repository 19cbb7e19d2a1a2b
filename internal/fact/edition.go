package fact

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Edition is the catalogue as one district has it: with its own facts, with the labels that people taught it, and with the lists that
// were declared complete. It is a picture of one moment; ask for a new one for each task.
type Edition struct {
	c         *Catalogue
	tenant    int64
	own       []OwnFact
	ownByID   map[string]*known
	labels    map[Subject]map[string]Label
	registers map[string]Declaration
	indexes   map[Subject]*index // of own facts
}

// Label is a label that somebody taught the catalogue.
type Label struct {
	ID       id.ID
	Subject  Subject
	Label    string
	Ref      Ref
	TaughtBy string
	At       time.Time
	key      string
}

// Declaration says that a list is complete as of a day.
type Declaration struct {
	ID         id.ID
	FactID     string
	CompleteOn calendar.Date
	Note       string
	DeclaredBy string
	At         time.Time
}

// Edition reads what a district has of its own.
func (c *Catalogue) Edition(ctx context.Context, tenant int64) (*Edition, error) {
	ed := &Edition{c: c, tenant: tenant, ownByID: map[string]*known{}, labels: map[Subject]map[string]Label{}, registers: map[string]Declaration{},
		indexes: map[Subject]*index{}}
	var err error
	if ed.own, err = ownFacts(ctx, c.db, tenant); err != nil {
		return nil, err
	}
	for i := range ed.own {
		f := ed.own[i].Fact()
		ed.ownByID[f.ID] = &known{Fact: f, own: &ed.own[i]}
	}
	taught, err := labels(ctx, c.db, tenant)
	if err != nil {
		return nil, err
	}
	for _, l := range taught {
		if ed.labels[l.Subject] == nil {
			ed.labels[l.Subject] = map[string]Label{}
		}
		ed.labels[l.Subject][l.key] = l
	}
	declared, err := declarations(ctx, c.db, tenant)
	for _, d := range declared {
		ed.registers[d.FactID] = d
	}
	return ed, err
}

// Facts are all facts, the packages' first and then the district's own that are in force or were.
func (ed *Edition) Facts() []Fact {
	out := ed.c.Facts()
	for _, o := range ed.own {
		out = append(out, o.Fact())
	}
	return out
}

// Fact finds a fact by its ID.
func (ed *Edition) Fact(factID string) (Fact, bool) {
	if k := ed.c.byID[factID]; k != nil {
		return k.Fact, true
	}
	if k := ed.ownByID[factID]; k != nil {
		return k.Fact, true
	}
	return Fact{}, false
}

// Find finds the fact that a Ref names as seen from a row of a subject.
func (ed *Edition) Find(s Subject, r Ref) (Reached, bool) {
	k, ok := ed.find(s, r)
	if !ok {
		return Reached{}, false
	}
	for _, known := range ed.Reach(s) {
		if known.Ref == r {
			return known, true
		}
	}
	return Reached{Ref: r, Fact: k.Fact, Name: k.Name, labels: k.Labels()}, true
}

func (ed *Edition) find(s Subject, r Ref) (*known, bool) {
	via, factID := r.Split()
	if k := ed.ownByID[factID]; k != nil {
		for _, name := range via {
			l, ok := ed.c.link(s, name)
			if !ok {
				return nil, false
			}
			s = l.To
		}
		return k, k.Subject == s
	}
	return ed.c.find(s, r)
}

// Reach lists the facts that can be said about a row of a subject, with the district's own.
func (ed *Edition) Reach(s Subject) []Reached {
	if len(ed.own) == 0 {
		return ed.c.reach[s]
	}
	return append(slices.Clone(ed.c.reach[s]), ed.ownReach(s)...)
}

func (ed *Edition) ownReach(s Subject) []Reached {
	today := calendar.DateOf(ed.c.db.Now())
	var facts []Fact
	for _, o := range ed.own {
		if o.InForce(today) {
			facts = append(facts, o.Fact())
		}
	}
	return ed.c.walk(s, facts)
}

// Parts are the blocks of rows that a form about one row of the subject may hold.
func (ed *Edition) Parts(s Subject) []Part { return ed.c.parts[s] }

// PartFor finds the block that a label means, such as "members of the family".
func (ed *Edition) PartFor(s Subject, label string) (Part, bool) {
	key := Bare(label)
	for _, p := range ed.c.parts[s] {
		for _, l := range p.Term.Labels() {
			if Key(l) == key {
				return p, true
			}
		}
	}
	return Part{}, false
}

// Lookup gives the facts that a label on a form about rows of a subject may mean, best first. Nothing certain is said by Guess; see Grade.
func (ed *Edition) Lookup(s Subject, label string) []Candidate {
	out := ed.c.index(s).find(label)
	if len(ed.own) > 0 {
		x := ed.indexes[s]
		if x == nil {
			x = newIndex(ed.ownReach(s))
			ed.indexes[s] = x
		}
		out = append(out, x.find(label)...)
	}
	if c, ok := ed.taught(s, label); ok {
		out = slices.DeleteFunc(out, func(o Candidate) bool { return o.Ref == c.Ref })
		out = append(out, c)
	}
	slices.SortStableFunc(out, better)
	if len(out) > 0 && out[0].Grade >= Inherit {
		out = slices.DeleteFunc(out, func(c Candidate) bool { return c.Grade < Inherit })
	}
	return out
}

// taught finds a label that somebody taught for this subject and whose fact still exists.
func (ed *Edition) taught(s Subject, label string) (Candidate, bool) {
	l, ok := ed.labels[s][Key(label)]
	if !ok {
		return Candidate{}, false
	}
	r, ok := ed.Find(s, l.Ref)
	return Candidate{Reached: r, Grade: Taught, Hops: strings.Count(string(l.Ref), "/"), Label: l.Label, Taught: l.TaughtBy}, ok
}

// Show gives a value as people read it in language l.
func (ed *Edition) Show(s Subject, r Ref, v Value, l i18n.Lang) string {
	k, ok := ed.find(s, r)
	if !ok {
		return ""
	}
	return k.Show(v, l)
}

// Declared gives the declaration that a list is complete, if there is one.
func (ed *Edition) Declared(factID string) (Declaration, bool) {
	d, ok := ed.registers[factID]
	return d, ok
}

// settle makes the "no" of a list unknown unless the list was declared complete on a day when the row stood in the records already: the
// AsOf of such a "no" is the day on which the row came in.
func (ed *Edition) settle(k *known, col []Value, day calendar.Date) {
	if !k.Register {
		return
	}
	d, declared := ed.registers[k.ID]
	for i, v := range col {
		if !v.Known || v.Text != No {
			continue
		}
		if !declared || d.CompleteOn.After(day) || v.AsOf.After(d.CompleteOn) {
			col[i] = Value{}
			continue
		}
		col[i].AsOf = d.CompleteOn
	}
}

// allow refuses a purpose that does not cover a sealed fact.
func (ed *Edition) allow(ctx context.Context, actor authz.Actor, k *known, purpose string) error {
	if k.own != nil {
		if k.own.Purpose != purpose {
			return errs.Field("purpose", i18n.FactPurposeOther)
		}
		return nil
	}
	if k.column.Sealed.Allow == nil {
		ok, err := ed.c.purposes.HasPurpose(ctx, ed.c.db, actor.Tenant, purpose)
		if err == nil && !ok {
			err = errs.Field("purpose", i18n.ErrBadChoice)
		}
		return err
	}
	return k.column.Sealed.Allow(ctx, ed.c.db, actor, purpose)
}
