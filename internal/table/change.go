package table

import (
	"context"
	"hash/maphash"
	"slices"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/file"
	"linli/internal/id"
)

// Change is a row that two editions have differently.
type Change struct {
	ID    id.ID
	Name  string // as the actor may read it; "" if they do not see the row any more
	What  Changed
	Cells []ChangedCell // of a row that is in both: what differs
}

// Changed says how a row differs.
type Changed string

// How a row differs.
const (
	Added   Changed = "added"
	Left    Changed = "removed"
	Altered Changed = "changed"
)

// ChangedCell is one cell before and after; both are masks in a sealed column.
type ChangedCell struct{ Heading, Was, Is string }

// mostChanges is how many rows of each kind are shown.
const mostChanges = 500

// layout says where the columns stand that two sheets share, first in the old and then in the new one.
type layout struct {
	was, is  []int
	headings []string
	sealed   []bool
}

func common(was, is Sheet) layout {
	var out layout
	for i, c := range is.Columns {
		if c.Key == "" {
			continue
		}
		if j := slices.IndexFunc(was.Columns, func(o SheetColumn) bool { return o.Key == c.Key }); j >= 0 {
			out.was, out.is = append(out.was, j), append(out.is, i)
			out.headings, out.sealed = append(out.headings, c.Heading), append(out.sealed, c.Sealed || was.Columns[j].Sealed)
		}
	}
	return out
}

func pickCells(l Line, at []int) []string {
	out := make([]string, len(at))
	for i, j := range at {
		if j < len(l.Cells) {
			out[i] = l.Cells[j]
		}
	}
	return out
}

var seed = maphash.MakeSeed()

func digest(cells []string) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, c := range cells {
		_, _ = h.WriteString(c) // never fails
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

// difference is what two kept sheets differ in: counts, and the first rows of each kind. Of the old one only a digest of each row is held.
type difference struct {
	added, removed, changed int64
	rows                    []Change
}

func differ(was, is []byte) (difference, error) {
	var d difference
	old, err := unpack(was, nil)
	if err != nil {
		return d, err
	}
	now, err := unpack(is, nil)
	if err != nil {
		return d, err
	}
	in := common(old, now)
	before := map[id.ID]uint64{}
	if _, err := unpack(was, func(l Line) error { before[l.ID] = digest(pickCells(l, in.was)); return nil }); err != nil {
		return d, err
	}
	changed := map[id.ID]int{}
	_, err = unpack(is, func(l Line) error {
		cells := pickCells(l, in.is)
		sum, there := before[l.ID]
		delete(before, l.ID)
		switch {
		case !there:
			if d.added++; d.added <= mostChanges {
				d.rows = append(d.rows, Change{ID: l.ID, What: Added})
			}
		case sum != digest(cells):
			if d.changed++; d.changed <= mostChanges {
				changed[l.ID] = len(d.rows)
				c := Change{ID: l.ID, What: Altered}
				for i, text := range cells {
					c.Cells = append(c.Cells, ChangedCell{Heading: in.headings[i], Is: text})
				}
				d.rows = append(d.rows, c)
			}
		}
		return nil
	})
	if err != nil {
		return d, err
	}
	_, err = unpack(was, func(l Line) error {
		if _, gone := before[l.ID]; gone {
			if d.removed++; d.removed <= mostChanges {
				d.rows = append(d.rows, Change{ID: l.ID, What: Left})
			}
		}
		if at, ok := changed[l.ID]; ok {
			d.rows[at].Cells = altered(d.rows[at].Cells, pickCells(l, in.was), in.sealed)
		}
		return nil
	})
	return d, err
}

// altered keeps the cells that differ; those of sealed columns as masks, also where the file has them open.
func altered(cells []ChangedCell, was []string, sealed []bool) []ChangedCell {
	var out []ChangedCell
	for i, c := range cells {
		if c.Is == was[i] {
			continue
		}
		c.Was = was[i]
		if sealed[i] {
			c.Was, c.Is = fact.Mask(c.Was), fact.Mask(c.Is)
		}
		out = append(out, c)
	}
	return out
}

// compare counts what changed since the edition before, where its file is still kept.
func (s *Service) compare(ctx context.Context, tenant int64, r *Run, content []byte) error {
	last, err := lastEdition(ctx, s.db, tenant, *r)
	if err != nil || last.ID == 0 {
		return err
	}
	was, err := file.Content(ctx, s.db, s.ring, tenant, last.fileID)
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	d, err := differ(was, content)
	r.PreviousID, r.Added, r.Removed, r.Changed = last.ID, d.added, d.removed, d.changed
	return err
}

// Changes gives the rows in which one of the actor's editions differs from the one before, at most some hundred of each kind.
func (s *Service) Changes(ctx context.Context, actor authz.Actor, runID id.ID) (Run, []Change, error) {
	r, err := findRun(ctx, s.db, actor, runID)
	if err != nil || r.PreviousID == 0 {
		return r, nil, err
	}
	last, err := findRun(ctx, s.db, actor, r.PreviousID)
	if errs.KindOf(err) == errs.NotFound {
		return r, nil, nil // removed meanwhile
	}
	if err != nil {
		return r, nil, err
	}
	was, err := file.Content(ctx, s.db, s.ring, actor.Tenant, last.fileID)
	if errs.KindOf(err) == errs.NotFound {
		return r, nil, nil
	}
	if err != nil {
		return r, nil, err
	}
	is, err := file.Content(ctx, s.db, s.ring, actor.Tenant, r.fileID)
	if err != nil {
		return r, nil, err
	}
	var sh Sheet
	for _, content := range [][]byte{was, is} {
		if sh, err = s.opening(ctx, actor, content); err != nil {
			return r, nil, err
		}
	}
	d, err := differ(was, is)
	if err != nil {
		return r, nil, err
	}
	ids := make([]id.ID, len(d.rows))
	for i, c := range d.rows {
		ids[i] = c.ID
	}
	names, err := s.facts.Names(ctx, actor, sh.Subject, ids)
	for i := range d.rows {
		d.rows[i].Name = names[d.rows[i].ID]
	}
	return r, d.rows, err
}
