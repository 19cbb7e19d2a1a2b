package fact

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/seal"
)

// Catalogue is all sources put together. It does not change after it is made.
type Catalogue struct {
	db       *db.DB
	ring     *seal.Ring
	purposes Purposes
	facts    []Fact // in the order of the sources
	byID     map[string]*known
	rows     map[Subject]Rows
	links    map[Subject][]Link
	parts    map[Subject][]Part
	internal map[string]string
	reach    map[Subject][]Reached
	indexes  map[Subject]func() *index // made when somebody first looks for a label
	writers  map[string]*Writer        // by fact
}

// Purposes is the register of purposes, which the catalogue uses and does not keep.
type Purposes interface {
	// HasPurpose says whether the register of a tenant has a purpose.
	HasPurpose(ctx context.Context, q db.Querier, tenant int64, code string) (bool, error)
}

// known is a fact with the one way in which it is read.
type known struct {
	Fact
	table  *Table
	column *Column
	reader *Reader
	derive *Derived
	own    *OwnFact
}

// New puts the sources together. It panics on sources that contradict each other (an ID twice, a fact of an unknown subject, a link to
// nowhere): that is a fault of the program, and every test sees it.
func New(d *db.DB, ring *seal.Ring, purposes Purposes, sources ...Source) *Catalogue {
	c := &Catalogue{db: d, ring: ring, purposes: purposes, byID: map[string]*known{}, rows: map[Subject]Rows{}, links: map[Subject][]Link{},
		parts: map[Subject][]Part{}, internal: map[string]string{}, reach: map[Subject][]Reached{}, indexes: map[Subject]func() *index{}, writers: map[string]*Writer{}}
	for _, s := range sources {
		c.addRows(s)
	}
	for _, s := range sources {
		c.addFacts(s)
		maps.Copy(c.internal, s.Internal)
		for _, l := range s.Links {
			c.addLink(l)
		}
		for _, p := range s.Parts {
			if c.rows[p.From].From == "" || c.rows[p.To].From == "" || (p.Column == "") == (p.Read == nil) {
				panic("fact: block " + p.Name + " leads from or to nowhere, or is read in no way")
			}
			c.parts[p.From] = append(c.parts[p.From], p)
		}
	}
	for _, s := range Subjects() {
		if _, ok := c.rows[s]; ok {
			c.reach[s] = c.walk(s, c.facts)
			c.indexes[s] = sync.OnceValue(func() *index { return newIndex(c.reach[s]) })
		}
	}
	c.checkDerived()
	for _, s := range sources {
		c.addWriters(s)
	}
	return c
}

func (c *Catalogue) addRows(s Source) {
	for _, r := range s.Rows {
		if _, twice := c.rows[r.Subject]; twice {
			panic("fact: two sources give the rows of " + string(r.Subject))
		}
		c.rows[r.Subject] = r
	}
}

func (c *Catalogue) addFacts(s Source) {
	for ti := range s.Tables {
		t := &s.Tables[ti]
		for i := range t.Columns {
			col := &t.Columns[i]
			c.add(s.Owner, &known{Fact: col.Fact, table: t, column: col})
		}
	}
	for ri := range s.Readers {
		r := &s.Readers[ri]
		for _, f := range r.Facts {
			c.add(s.Owner, &known{Fact: f, reader: r})
		}
	}
	for di := range s.Derived {
		d := &s.Derived[di]
		if len(d.From) == 0 {
			panic("fact: " + d.ID + " is worked out from nothing")
		}
		c.add(s.Owner, &known{Fact: d.Fact, derive: d})
	}
}

func (c *Catalogue) add(owner string, k *known) {
	k.Owner = owner
	if k.Subject == "" {
		subject, _, _ := strings.Cut(k.ID, ".")
		k.Subject = Subject(subject)
	}
	if k.Sensitivity == "" {
		k.Sensitivity = Personal
	}
	if err := k.check(); err != nil {
		panic("fact: " + err.Error())
	}
	if c.byID[k.ID] != nil {
		panic("fact: " + k.ID + " is given twice")
	}
	c.byID[k.ID] = k
	c.facts = append(c.facts, k.Fact)
}

func (k *known) check() error {
	switch {
	case !k.Subject.Valid() || !strings.HasPrefix(k.ID, string(k.Subject)+"."):
		return fmt.Errorf("%s has no subject", k.ID)
	case k.Name.IsZero() || k.Doc.IsZero():
		return fmt.Errorf("%s has no name or no meaning", k.ID)
	case k.Type.Text().IsZero():
		return fmt.Errorf("%s has no type", k.ID)
	case (k.Type == Choice) != (k.List != nil):
		return fmt.Errorf("%s: a choice has a list, and nothing else has", k.ID)
	case k.own == nil && (k.Sensitivity == Sealed) != (k.column != nil && k.column.Sealed != nil):
		return fmt.Errorf("%s: a sealed fact says how it is opened, and no other does", k.ID)
	case strings.ContainsAny(k.ID, "/ "):
		return fmt.Errorf("%s: an ID has no blank and no slash", k.ID)
	}
	return nil
}

func (c *Catalogue) addLink(l Link) {
	switch {
	case c.rows[l.From].From == "" || c.rows[l.To].From == "":
		panic("fact: link " + l.Name + " leads from or to nowhere")
	case (l.Column == "") == (l.Read == nil && l.Back == ""):
		panic("fact: link " + l.Name + " is read in one way")
	case slices.ContainsFunc(c.links[l.From], func(o Link) bool { return o.Name == l.Name }):
		panic("fact: link " + l.Name + " is given twice")
	}
	c.links[l.From] = append(c.links[l.From], l)
}

func (c *Catalogue) checkDerived() {
	for _, k := range c.byID {
		for _, r := range k.From {
			if _, ok := c.find(k.Subject, r); !ok {
				panic("fact: " + k.ID + " is worked out from " + string(r) + ", which cannot be reached")
			}
		}
	}
}

// link finds a link by its name.
func (c *Catalogue) link(from Subject, name string) (Link, bool) {
	for _, l := range c.links[from] {
		if l.Name == name {
			return l, true
		}
	}
	return Link{}, false
}

// find follows a Ref from a subject to the fact at its end.
func (c *Catalogue) find(from Subject, r Ref) (*known, bool) {
	via, factID := r.Split()
	for _, name := range via {
		l, ok := c.link(from, name)
		if !ok {
			return nil, false
		}
		from = l.To
	}
	k := c.byID[factID]
	return k, k != nil && k.Subject == from
}

// Facts are all facts of the packages, in the order in which they stand. A district's own are in Edition.
func (c *Catalogue) Facts() []Fact { return slices.Clone(c.facts) }

// Internal says which stored columns are declared to be no facts, and why.
func (c *Catalogue) Internal() map[string]string { return maps.Clone(c.internal) }

// Parts are the blocks of rows that a form about one row of the subject may hold.
func (c *Catalogue) Parts(s Subject) []Part { return c.parts[s] }

// Links are the ways from a subject to others.
func (c *Catalogue) Links(s Subject) []Link { return c.links[s] }

// Rows says how the rows of a subject are found.
func (c *Catalogue) Rows(s Subject) (Rows, bool) {
	r, ok := c.rows[s]
	return r, ok
}

// Reached is a fact that can be said about a row, over links or directly.
type Reached struct {
	Ref    Ref
	Fact   Fact
	Name   i18n.Text // as it is called on this row: "name of the head of household"
	At     i18n.Text // what stands at the end of the last link: "head of household"; none for the row's own facts
	labels []string  // what it is called on forms about the row
	plain  []string  // labels of the other end itself, which a fact nearer by may also have
}

// deepest is how many links a Ref has at most.
const deepest = 3

// index finds facts by label.
func (c *Catalogue) index(s Subject) *index {
	if made := c.indexes[s]; made != nil {
		return made()
	}
	return newIndex(nil)
}

// walk lists which of facts can be reached from a subject, nearest first.
func (c *Catalogue) walk(from Subject, facts []Fact) []Reached {
	type step struct {
		at      Subject
		via     Ref
		link    Link
		plain   bool
		visited []Subject
	}
	var out []Reached
	for _, f := range facts {
		if f.Subject == from {
			out = append(out, Reached{Ref: Ref(f.ID), Fact: f, Name: f.Name, labels: f.Labels()})
		}
	}
	// The same fact by a longer way says nothing more: the grid of a person's household is the person's grid.
	nearest := map[string]bool{}
	queue := []step{{at: from, plain: true, visited: []Subject{from}}}
	for depth := 0; depth < deepest; depth++ {
		var next []step
		for _, s := range queue {
			if !s.plain {
				continue // behind "the head of household" stands the head, and nothing further
			}
			for _, l := range c.links[s.at] {
				if l.Plain && slices.Contains(s.visited, l.To) {
					continue
				}
				n := step{at: l.To, via: s.via + Ref(l.Name+"/"), link: l, plain: l.Plain, visited: append(slices.Clone(s.visited), l.To)}
				next = append(next, n)
				for _, f := range facts {
					role := l.Name
					if l.Plain {
						role = ""
					}
					if key := role + "/" + f.ID; f.Subject == l.To && !nearest[key] {
						nearest[key] = true
						out = append(out, reached(n.via, l, f))
					}
				}
			}
		}
		queue = next
	}
	return out
}

func reached(via Ref, l Link, f Fact) Reached {
	r := Reached{Ref: via + Ref(f.ID), Fact: f, Name: i18n.Joined(l.Term.Name, f.Name), At: l.Term.Name}
	switch {
	case l.Plain:
		r.Name, r.plain = f.Name, f.Labels()
	case strings.HasPrefix(f.Name.In(i18n.ZH), l.Term.Name.In(i18n.ZH)): // the population of a community is not "community population of the community"
		r.Name = f.Name
	}
	for _, who := range l.Term.Labels() {
		for _, what := range f.Labels() {
			r.labels = append(r.labels, who+what)
		}
	}
	if own, ok := l.Labels[f.ID]; ok {
		r.Name, r.labels = own.Name, append(own.Labels(), r.labels...)
	}
	return r
}

// Reach lists the facts that can be said about a row of a subject: its own, then those over links, nearest first.
func (c *Catalogue) Reach(s Subject) []Reached { return c.reach[s] }
