package fact

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Writer puts what somebody answered into the record, with the checks, the scope and the entry in the audit that the record's own form
// has. A package gives one for its facts that an answer can settle; a district's own facts need none.
type Writer struct {
	Subject Subject
	Facts   []string         // IDs of its facts
	Edit    authz.Permission // what a change of the record needs
	Write   func(ctx context.Context, tx *db.Tx, actor authz.Actor, row id.ID, factID, text string) error
}

func (c *Catalogue) addWriters(s Source) {
	for i := range s.Writers {
		w := &s.Writers[i]
		for _, f := range w.Facts {
			if k := c.byID[f]; k == nil || k.Subject != w.Subject || k.Derived() || c.writers[f] != nil {
				panic("fact: " + f + " cannot be written, or is written twice")
			}
			c.writers[f] = w
		}
	}
}

// Writable gives the permission that a change of the fact needs at its row; false where no answer can be put into the record.
func (ed *Edition) Writable(factID string) (authz.Permission, bool) {
	if k := ed.ownByID[factID]; k != nil {
		rows := ed.c.rows[k.Subject]
		if len(rows.Edit) == 0 {
			return "", false
		}
		return rows.Edit[0], true
	}
	if w := ed.c.writers[factID]; w != nil {
		return w.Edit, true
	}
	return "", false
}

// WriteTx records what a fact is at a row, as somebody said it: any style of date, the words for yes and no, the label of a choice. What
// cannot be read is Invalid under "value"; source says how it came in.
func (ed *Edition) WriteTx(ctx context.Context, tx *db.Tx, actor authz.Actor, factID string, row id.ID, text, source string) error {
	f, ok := ed.Fact(factID)
	if !ok {
		return errs.ErrNotFound
	}
	canonical, err := f.Parse(text)
	switch e := errs.As(err); {
	case e != nil:
		return errs.Field("value", e.Message.Text, e.Message.Args...)
	case err != nil:
		return err
	case canonical == "":
		return errs.Field("value", i18n.ErrRequired)
	}
	if _, own := ed.OwnFact(factID); own {
		return ed.c.RecordTx(ctx, tx, actor, factID, []Entry{{Row: row, Value: canonical, Source: source}})
	}
	w := ed.c.writers[factID]
	if w == nil {
		return errs.New(errs.Conflict, i18n.FactNotWritten, f.Name)
	}
	return w.Write(ctx, tx, actor, row, factID, canonical)
}

// Bases gives the facts that somebody can be asked in place of a fact: itself, or, where it is worked out, what it is worked out from. A base
// stands at the same row.
func (ed *Edition) Bases(s Subject, ref Ref) []Ref {
	x, ok := ed.Find(s, ref)
	if !ok {
		return nil
	}
	if !x.Fact.Derived() {
		return []Ref{ref}
	}
	var out []Ref
	for _, from := range x.Fact.From {
		out = append(out, ed.Bases(s, ref.prefix()+from)...)
	}
	return out
}

// Ends gives, for each of ids that has one, the row at which the fact of a Ref stands, and what it is about.
func (ed *Edition) Ends(ctx context.Context, actor authz.Actor, s Subject, ref Ref, ids []id.ID) (Subject, map[id.ID]id.ID, error) {
	r := &reading{ed: ed, actor: actor, ask: Ask{Subject: s}}
	out := make(map[id.ID]id.ID, len(ids))
	for start := 0; start < len(ids); start += BatchSize {
		part := ids[start:min(start+BatchSize, len(ids))]
		rows, err := r.follow(ctx, map[Ref][]id.ID{"": part}, ref.prefix())
		if err != nil {
			return "", nil, err
		}
		for i, from := range part {
			if rows[i] != 0 {
				out[from] = rows[i]
			}
		}
	}
	return ed.c.at(s, ref.prefix()), out, nil
}

// Owned says to whom a row belongs: up to two organisations, in the order of the subject's own columns, and a person.
type Owned struct {
	ID       id.ID
	Orgs     [2]id.ID
	PersonID id.ID
}

// Owners says to whom rows belong that the actor may see.
func (c *Catalogue) Owners(ctx context.Context, actor authz.Actor, s Subject, ids []id.ID) (map[id.ID]Owned, error) {
	rows := c.rows[s]
	out := make(map[id.ID]Owned, len(ids))
	orgs := [2]string{"0", "0"}
	copy(orgs[:], rows.Owner.Orgs)
	for start := 0; start < len(ids); start += BatchSize {
		a := &db.Args{}
		where := scope(actor, rows.See).Where(a, rows.Owner) + " AND " + db.In(a, rows.ID, ids[start:min(start+BatchSize, len(ids))])
		err := db.Each(ctx, c.db, func(o *Owned) []any { return []any{&o.ID, &o.Orgs[0], &o.Orgs[1], &o.PersonID} }, func(o Owned) error {
			out[o.ID] = o
			return nil
		}, "SELECT "+rows.ID+", "+orgs[0]+", "+orgs[1]+", "+orZero(rows.Person)+" FROM "+rows.From+" WHERE "+where, a.Values()...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
