package fill

import (
	"slices"
	"strconv"
	"strings"

	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
)

// card fills a form about one row, and the small tables in it.
func (r *run) card(sh *Sheet) error {
	if err := r.above(sh); err != nil {
		return err
	}
	one, err := r.whom(sh)
	if err != nil {
		return err
	}
	if one == 0 {
		if len(r.out.Unclear) > 0 {
			return nil // somebody chooses among those who fit
		}
		for _, s := range sh.Slots {
			if s.Meaning == Sure {
				return errs.Field("one", i18n.FillNobodyChosen)
			}
		}
		return nil
	}
	var fields []Slot
	tables := map[int][]Slot{}
	for _, s := range sh.Slots {
		if s.inTable >= 0 {
			tables[s.inTable] = append(tables[s.inTable], s)
		} else {
			fields = append(fields, s)
		}
	}
	v, err := r.ed.Read(r.ctx, r.actor, fact.Ask{Subject: sh.Subject, IDs: []id.ID{one}, Refs: r.refs(fields), Day: sh.Day, Opening: r.opening()})
	if err != nil {
		return err
	}
	r.out.Rows++
	pen := r.b.pen(sh.Name)
	for i := range fields {
		if err := r.fieldOf(pen, sh, &fields[i], one, v); err != nil {
			return err
		}
	}
	// From below upwards: rows that are added do not move what is still to be written.
	for i := len(sh.lay.tables) - 1; i >= 0; i-- {
		if err := r.partOf(sh, i, tables[i], one); err != nil {
			return err
		}
	}
	return nil
}

// whom says whom a card is about: as chosen, or as its own name or number says.
func (r *run) whom(sh *Sheet) (id.ID, error) {
	if one, ok := r.ask.One[sh.Name]; ok {
		return one, nil
	}
	if name := strings.TrimSpace(r.ask.Named[sh.Name]); name != "" {
		return r.typed(sh, name)
	}
	row := Row{Row: 1, cells: map[int]string{}}
	for i, s := range sh.Slots {
		if s.inTable >= 0 {
			continue
		}
		if v := clean(valueAt(r.b.values[sh.Name], s.field.value.top, s.field.value.left)); v != "" && !isPrinted(v) && !s.field.inline {
			row.cells[i] = v
		}
	}
	within, local, err := r.within(sh)
	if err != nil {
		return 0, err
	}
	rows := []Row{row}
	f := &finder{s: r.s, ed: r.ed, actor: r.actor, sh: sh, within: within, chosen: r.chosenRows(sh.Name), local: local}
	if err := f.find(r.ctx, rows); err != nil {
		return 0, err
	}
	if rows[0].ID == 0 && len(rows[0].Candidates) > 0 {
		r.out.Unclear = append(r.out.Unclear, rows[0])
		r.out.Sheets = append(r.out.Sheets, sh.Name)
	}
	return rows[0].ID, nil
}

// typed finds whom somebody named for a card.
func (r *run) typed(sh *Sheet, name string) (id.ID, error) {
	found, err := r.s.facts.Named(r.ctx, r.actor, sh.Subject, []string{name}, fact.Within{Org: r.ask.Community})
	if err != nil {
		return 0, err
	}
	row := Row{Row: 1, Name: name, How: TwoFit, Subject: sh.Subject}
	for _, ids := range found {
		row.Candidates = append(row.Candidates, ids...)
	}
	if c, ok := r.chosenRows(sh.Name)[1]; ok && slices.Contains(row.Candidates, c) {
		return c, nil
	}
	switch len(row.Candidates) {
	case 0:
		return 0, errs.Field("one", i18n.FillNotOne, name)
	case 1:
		return row.Candidates[0], nil
	}
	r.out.Unclear = append(r.out.Unclear, row)
	r.out.Sheets = append(r.out.Sheets, sh.Name)
	return 0, nil
}

func (r *run) fieldOf(pen *pen, sh *Sheet, sl *Slot, one id.ID, v *fact.Values) error {
	if !asks(sl.Meaning) {
		return nil
	}
	var count SlotCount
	value := fact.Value{}
	if sl.Meaning == Sure {
		value = v.At(0, sl.Ref)
	}
	r0, c0 := sl.field.value.top, sl.field.value.left
	have := clean(valueAt(r.b.values[sh.Name], r0, c0))
	row := Row{ID: one, How: ByChoice}
	switch {
	case sl.field.inline:
		r.out.Cells++
		content, ok := sl.style.written(sl.Fact, value)
		if sl.Meaning != Sure || !ok {
			r.out.Unknown++
			if sl.Meaning == Sure {
				r.out.Missing = append(r.out.Missing, Missing{Subject: sh.Subject, ID: one, Ref: sl.Ref, Label: sl.Label(), Sheet: sh.Name})
			}
			return nil
		}
		r.out.Filled++
		return pen.set(r0, c0, sl.field.before+textOf(content))
	case have != "" && !isPrinted(have):
		r.out.Kept++
		if same, told := sl.style.agrees(sl.Fact, have, value); sl.Meaning == Sure && told && !same {
			text, _, _ := sl.style.comparable(sl.Fact, have)
			r.out.differs(Difference{Subject: sh.Subject, ID: one, Ref: sl.Ref, Label: sl.Label(), Sheet: sh.Name, Cell: text, Record: value.Text}, sl.Fact)
		}
		return nil
	}
	free, err := pen.free(r0, c0)
	if err != nil || !free {
		return err
	}
	if err := r.put(pen, sh, sl, row, r0, c0, value, sh.Subject, &count); err != nil {
		return err
	}
	if sl.Meaning == Sure {
		count.Sheet, count.Label, count.Fact = sh.Name, sl.Label(), string(sl.Ref)
		r.out.Slots = append(r.out.Slots, count)
	}
	return nil
}

func textOf(content any) string {
	switch c := content.(type) {
	case string:
		return c
	case float64:
		return strconv.FormatFloat(c, 'f', -1, 64)
	}
	return ""
}

// partOf fills a small table of a card with the rows that belong to what the card is about.
func (r *run) partOf(sh *Sheet, table int, slots []Slot, one id.ID) error {
	if len(slots) == 0 || slots[0].Part == "" {
		return nil
	}
	parts := r.ed.Parts(sh.Subject)
	i := slices.IndexFunc(parts, func(p fact.Part) bool { return p.Name == slots[0].Part })
	if i < 0 {
		return nil
	}
	found, err := r.s.facts.ReadPart(r.ctx, r.actor, parts[i], []id.ID{one}, sh.Day)
	if err != nil {
		return err
	}
	ids := found[one]
	t := sh.lay.tables[table]
	has := t.last - t.first + 1
	if err := r.b.pen(sh.Name).rows(t, has, len(ids), true); err != nil {
		return err
	}
	var rows []Row
	for n, x := range ids {
		rows = append(rows, Row{Row: t.first + n + 1, ID: x, How: ByChoice, cells: map[int]string{}})
	}
	before := r.out.Rows
	err = r.write(sh, rows, slots, parts[i].To, table)
	r.out.Rows = before // the card counts as one
	return err
}
