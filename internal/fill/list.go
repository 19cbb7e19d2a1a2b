package fill

import (
	"slices"
	"strconv"
	"strings"

	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
)

// list fills a list: the rows that are named already, or, where it is blank, the rows that it is to hold.
func (r *run) list(sh *Sheet) error {
	// First what stands around it: the rows of a list that grows move down what stands below.
	if err := r.above(sh); err != nil {
		return err
	}
	rows := rowsOf(sh, r.b.sheets[sh.Name], r.b.values[sh.Name])
	within, local, err := r.within(sh)
	if err != nil {
		return err
	}
	if sh.Keyed > 0 {
		f := &finder{s: r.s, ed: r.ed, actor: r.actor, sh: sh, within: within, chosen: r.chosenRows(sh.Name), local: local}
		if err := f.find(r.ctx, rows); err != nil {
			return err
		}
		name, number := nameSlot(sh), numberSlot(sh)
		rows = slices.DeleteFunc(rows, func(x Row) bool { return !keyed(x, name, number) })
	} else if rows, err = r.newRows(sh, rows, within); err != nil {
		return err
	}
	return r.write(sh, rows, sh.Slots, sh.Subject, -1)
}

func (r *run) chosenRows(sheet string) map[int]id.ID {
	out := map[int]id.ID{}
	for k, v := range r.ask.Rows {
		i := strings.LastIndexByte(k, '\n')
		if i < 0 || k[:i] != sheet {
			continue
		}
		if row, err := strconv.Atoi(k[i+1:]); err == nil {
			out[row] = v
		}
	}
	return out
}

// newRows chooses the rows of a blank list and makes room for them.
func (r *run) newRows(sh *Sheet, blank []Row, within fact.Within) ([]Row, error) {
	known := slices.ContainsFunc(sh.Slots, func(s Slot) bool { return s.Meaning == Sure })
	if !known {
		return nil, nil // it asks nothing that the catalogue knows: who is to stand in it makes no difference
	}
	where := r.ask.Where
	if where == nil && !r.ask.All {
		var clear bool
		if where, clear = rowsMeant(r.ed, sh.Subject, sh.Title); !clear {
			return nil, errs.Field("rows", i18n.FillRowsUnclear, sh.Title)
		}
	}
	ids, err := r.choose(sh, within, where)
	if err != nil {
		return nil, err
	}
	t := sh.lay.tables[sh.main]
	blank = slices.DeleteFunc(blank, func(x Row) bool { return len(x.cells) > 0 })
	has := max(0, min(t.last-t.first+1, len(blank)))
	if len(ids) > has {
		if err := r.b.pen(sh.Name).rows(t, t.last-t.first+1, t.last-t.first+1+len(ids)-has, false); err != nil {
			return nil, err
		}
	}
	var rows []Row
	for i, x := range ids {
		row := Row{ID: x, How: ByChoice, cells: map[int]string{}}
		if i < has {
			row.Row = blank[i].Row
		} else {
			row.Row = t.last + 2 + i - has
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// choose lists the rows of a subject that meet the conditions.
func (r *run) choose(sh *Sheet, within fact.Within, where []Condition) ([]id.ID, error) {
	var out []id.ID
	var refs []fact.Ref
	for _, c := range where {
		refs = append(refs, c.Ref)
	}
	if len(where) == 0 {
		within.Limit = r.ask.Sample // 0: a batch
	}
	for {
		ids, err := r.s.facts.IDs(r.ctx, r.actor, sh.Subject, within)
		if err != nil {
			return nil, err
		}
		if len(ids) == 0 {
			break
		}
		within.After = ids[len(ids)-1]
		if len(where) > 0 {
			v, err := r.ed.Read(r.ctx, r.actor, fact.Ask{Subject: sh.Subject, IDs: ids, Refs: refs, Day: sh.Day})
			if err != nil {
				return nil, err
			}
			for i, x := range ids {
				ok := true
				for _, c := range where {
					ok = ok && c.holds(v.At(i, c.Ref))
				}
				if ok {
					out = append(out, x)
				}
			}
		} else {
			out = append(out, ids...)
		}
		if r.ask.Sample > 0 && len(out) >= r.ask.Sample {
			out = out[:r.ask.Sample]
			break
		}
		if len(out) > maxPeople {
			return nil, errs.Field("community", i18n.FillTooManyPeople, i18n.Number(maxPeople))
		}
	}
	names, err := r.s.facts.Names(r.ctx, r.actor, sh.Subject, out)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(out, func(a, b id.ID) int { return strings.Compare(gram.Key(names[a]), gram.Key(names[b])) })
	return out, nil
}

// write reads what the slots ask for the rows and puts it into their cells. table is the small table of a card, -1 for the main one.
func (r *run) write(sh *Sheet, rows []Row, slots []Slot, subject fact.Subject, table int) error {
	var ids []id.ID
	at := map[id.ID]int{}
	for _, row := range rows {
		if _, seen := at[row.ID]; row.ID != 0 && !seen {
			at[row.ID] = len(ids)
			ids = append(ids, row.ID)
		}
	}
	refs := r.refs(slots)
	v, err := r.ed.Read(r.ctx, r.actor, fact.Ask{Subject: subject, IDs: ids, Refs: refs, Day: sh.Day, Opening: r.opening()})
	if err != nil {
		return err
	}
	pen := r.b.pen(sh.Name)
	counts := make([]SlotCount, len(slots))
	r.out.Rows += len(rows)
	for n, row := range rows {
		if row.ID == 0 {
			row.Subject = subject
			r.out.Unclear = append(r.out.Unclear, row)
			r.out.Sheets = append(r.out.Sheets, sh.Name)
		}
		for i := range slots {
			if err := r.cell(pen, sh, &slots[i], row, n, v, at, subject, &counts[i]); err != nil {
				return err
			}
		}
	}
	for i, s := range slots {
		if s.Meaning == Sure {
			counts[i].Sheet, counts[i].Label, counts[i].Fact = sh.Name, s.Label(), string(s.Ref)
			r.out.Slots = append(r.out.Slots, counts[i])
		}
	}
	return nil
}

func (r *run) refs(slots []Slot) []fact.Ref {
	var refs []fact.Ref
	for _, s := range slots {
		if s.Meaning == Sure && !slices.Contains(refs, s.Ref) {
			refs = append(refs, s.Ref)
		}
	}
	return refs
}
