package fill

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Ask is what a person wants done with a form.
type Ask struct {
	Choice
	Community id.ID             // rows of a blank list, and names, come from here; 0 for all in scope
	Where     []Condition       // rows of a blank list; nil for what its title says
	All       bool              // rows of a blank list: all in scope, whatever its title says
	Rows      map[string]id.ID  // whom a row is about that several fit, by RowKey
	One       map[string]id.ID  // whom a card is about, by sheet
	Named     map[string]string // the same by name, as somebody typed it
	Purpose   string            // for sealed data
	Reason    string
}

// RowKey is the key of a row in Ask.Rows.
func RowKey(sheet string, row int) string { return sheet + "\n" + strconv.Itoa(row) }

// Missing is a cell that was asked for and that nobody knows yet.
type Missing struct {
	Subject fact.Subject
	ID      id.ID
	Ref     fact.Ref
	Label   string // as the form calls it
	Sheet   string
	Row     int // as a person counts it; 0 on a card
}

// Difference is a cell that somebody filled in already and that does not say what the record says.
type Difference struct {
	Subject fact.Subject
	ID      id.ID
	Ref     fact.Ref
	Label   string
	Sheet   string
	Row     int
	Cell    string // what stands there, canonical where it can be read
	Record  string // what the record says; a mask for sealed facts
}

// SlotCount is what became of one slot.
type SlotCount struct {
	Sheet   string
	Label   string
	Fact    string
	Filled  int
	Unknown int
	Kept    int
}

// Outcome is what came of filling a form.
type Outcome struct {
	Rows      int // that the form is about
	Cells     int // that were asked for and blank
	Filled    int
	Unknown   int // asked for, and not known (of rows that were found)
	Ambiguous int // cells of rows that several fit, or that fit by name alone
	Absent    int // cells of rows that nobody in scope fits
	Kept      int // cells that held something already
	Slots     []SlotCount
	Unclear   []Row // rows that were not found for certain, by sheet in Sheets
	Sheets    []string
	Missing   []Missing
	Differs   []Difference
	File      []byte
}

// Percent is how much of what was asked was filled in; -1 where nothing was.
func (o Outcome) Percent() int {
	if o.Cells == 0 {
		return -1
	}
	return o.Filled * 100 / o.Cells
}

// Understand reads a form and says what it asks (PermFill). Nothing is kept.
func (s *Service) Understand(ctx context.Context, actor authz.Actor, name string, data []byte, choice Choice) (*Form, error) {
	if !actor.Can(PermFill) {
		return nil, errs.ErrForbidden
	}
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	b, err := open(name, data, ed, choice, calendar.DateOf(s.db.Now()))
	if err != nil {
		return nil, err
	}
	defer b.close()
	return &b.form, nil
}

// run is one filling under way.
type run struct {
	s     *Service
	ctx   context.Context //nolint:containedctx // lives for one call only
	actor authz.Actor
	ed    *fact.Edition
	b     *book
	ask   Ask
	out   Outcome
}

// Fill fills a form in within what the actor may see (PermFill), in its own file with its layout kept. What is not known is marked, never
// guessed. Sealed columns need a purpose and are recorded for each person; without one they stay blank and count as unknown.
func (s *Service) Fill(ctx context.Context, actor authz.Actor, name string, data []byte, ask Ask) (*Form, *Outcome, error) {
	if !actor.Can(PermFill) {
		return nil, nil, errs.ErrForbidden
	}
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return nil, nil, err
	}
	b, err := open(name, data, ed, ask.Choice, calendar.DateOf(s.db.Now()))
	if err != nil {
		return nil, nil, err
	}
	defer b.close()
	r := &run{s: s, ctx: ctx, actor: actor, ed: ed, b: b, ask: ask}
	for i := range b.form.Sheets {
		sh := &b.form.Sheets[i]
		switch sh.Kind {
		case List:
			err = r.list(sh)
		case Card:
			err = r.card(sh)
		case Numbers:
			err = r.numbers(sh)
		}
		if err != nil {
			return &b.form, nil, err
		}
	}
	buf, err := b.file.WriteToBuffer()
	if err != nil {
		return &b.form, nil, err
	}
	r.out.File = buf.Bytes()
	return &b.form, &r.out, nil
}

func (r *run) opening() *fact.Opening {
	if r.ask.Purpose == "" {
		return nil
	}
	return &fact.Opening{Purpose: r.ask.Purpose, Reason: r.ask.Reason}
}

// within narrows rows to the community chosen, or to the one that the sheet is named after.
func (r *run) within(sh *Sheet) (fact.Within, bool, error) {
	if r.ask.Community != 0 {
		return fact.Within{Org: r.ask.Community}, true, nil
	}
	for _, name := range []string{sh.Name, abovePlaceOf(sh)} {
		if len([]rune(name)) < 2 {
			continue
		}
		org, err := r.s.places.CommunityNamed(r.ctx, r.actor, name)
		if err != nil {
			return fact.Within{}, false, err
		}
		if org != 0 {
			return fact.Within{Org: org}, true, nil
		}
	}
	one := r.actor.Scope(PermFill)
	return fact.Within{}, !one.All() && len(one.Organisations()) == 1, nil
}

// abovePlaceOf is what stands behind "社区:" over a list.
func abovePlaceOf(sh *Sheet) string {
	for _, a := range sh.Above {
		if a.Meaning == abovePlace && a.field.inline {
			_, v, _ := strings.Cut(squeeze(a.Label()), ":")
			return v
		}
	}
	return ""
}

// list fills a list: the rows that are named already, or, where it is blank, the rows that it is to hold.
func (r *run) list(sh *Sheet) error {
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
	if err := r.write(sh, rows, sh.Slots, sh.Subject, -1); err != nil {
		return err
	}
	return r.above(sh)
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

// cell fills one cell of a list.
func (r *run) cell(pen *pen, sh *Sheet, sl *Slot, row Row, n int, v *fact.Values, at map[id.ID]int, subject fact.Subject, count *SlotCount) error {
	r0, c0 := row.Row-1, sl.at.col
	if sl.Meaning == Serial {
		free, err := pen.free(r0, c0)
		if err != nil || !free || clean(valueAt(r.b.values[sh.Name], r0, c0)) != "" && row.How != ByChoice {
			return err
		}
		return pen.set(r0, c0, n+1)
	}
	if !asks(sl.Meaning) {
		return nil
	}
	var value fact.Value
	if row.ID != 0 && sl.Meaning == Sure {
		value = v.At(at[row.ID], sl.Ref)
	}
	if have, filled := row.cells[r.slotAt(sh, sl)]; filled {
		r.out.Kept++
		count.Kept++
		if same, told := sl.style.agrees(sl.Fact, have, value); sl.Meaning == Sure && told && !same {
			text, _, _ := sl.style.comparable(sl.Fact, have)
			r.out.Differs = append(r.out.Differs, Difference{Subject: subject, ID: row.ID, Ref: sl.Ref, Label: sl.Label(), Sheet: sh.Name, Row: row.Row,
				Cell: text, Record: value.Text})
		}
		return nil
	}
	free, err := pen.free(r0, c0)
	if err != nil || !free {
		return err
	}
	return r.put(pen, sh, sl, row, r0, c0, value, subject, count)
}

// asks says whether a slot asks the platform for something.
func asks(v Verdict) bool {
	return v == Sure || v == Maybe || v == Several || v == Unknown || v == OfOther
}

func (r *run) slotAt(sh *Sheet, sl *Slot) int {
	for i := range sh.Slots {
		if &sh.Slots[i] == sl {
			return i
		}
	}
	return -1
}

// put writes a value into a blank cell, or marks the cell.
func (r *run) put(pen *pen, sh *Sheet, sl *Slot, row Row, r0, c0 int, value fact.Value, subject fact.Subject, count *SlotCount) error {
	r.out.Cells++
	if row.ID == 0 {
		if row.How == NotFound {
			r.out.Absent++
		} else {
			r.out.Ambiguous++
		}
		return pen.mark(r0, c0)
	}
	content, ok := any(nil), false
	if sl.Meaning == Sure {
		if printed := r.printed(sh, sl, r0, c0); printed != "" {
			if opts := options(printed); opts != nil {
				if i := sl.style.chosen(sl.Fact, value, opts); i >= 0 {
					content, ok = tick(printed, opts[i]), true
				}
			} else {
				content, ok = sl.style.written(sl.Fact, value)
			}
		} else {
			content, ok = sl.style.written(sl.Fact, value)
		}
	}
	if ok {
		r.out.Filled++
		count.Filled++
		return pen.set(r0, c0, content)
	}
	r.out.Unknown++
	count.Unknown++
	if sl.Meaning == Sure && !value.Known {
		r.out.Missing = append(r.out.Missing, Missing{Subject: subject, ID: row.ID, Ref: sl.Ref, Label: sl.Label(), Sheet: sh.Name, Row: row.Row})
	}
	return pen.mark(r0, c0)
}

// printed is what is printed in a cell that is to be filled: choices, or the places of a date.
func (r *run) printed(sh *Sheet, sl *Slot, r0, c0 int) string {
	v := clean(valueAt(r.b.values[sh.Name], r0, c0))
	if options(v) != nil || isPlaceholder(v) {
		return v
	}
	return ""
}

// card fills a form about one row, and the small tables in it.
func (r *run) card(sh *Sheet) error {
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
		if v := clean(valueAt(r.b.values[sh.Name], s.field.value.top, s.field.value.left)); v != "" && options(v) == nil && !isPlaceholder(v) && !s.field.inline {
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
		return pen.set(r0, c0, have+textOf(content))
	case have != "" && options(have) == nil && !isPlaceholder(have):
		r.out.Kept++
		if same, told := sl.style.agrees(sl.Fact, have, value); sl.Meaning == Sure && told && !same {
			text, _, _ := sl.style.comparable(sl.Fact, have)
			r.out.Differs = append(r.out.Differs, Difference{Subject: sh.Subject, ID: one, Ref: sl.Ref, Label: sl.Label(), Sheet: sh.Name, Cell: text, Record: value.Text})
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

// numbers leaves a report of numbers for its figures; none of its cells is guessed.
func (r *run) numbers(sh *Sheet) error {
	t := sh.lay.tables[sh.main]
	r.out.Rows += len(t.heads)
	pen := r.b.pen(sh.Name)
	for _, h := range t.heads {
		for _, s := range sh.Slots {
			free, err := pen.free(h.row, s.at.col)
			if err != nil {
				return err
			}
			if !free || clean(valueAt(r.b.values[sh.Name], h.row, s.at.col)) != "" || !asks(s.Meaning) {
				continue
			}
			r.out.Cells++
			r.out.Unknown++
			if err := pen.mark(h.row, s.at.col); err != nil {
				return err
			}
		}
	}
	return r.above(sh)
}

// above fills in what stands over and under a list: which office, who, when.
func (r *run) above(sh *Sheet) error {
	pen := r.b.pen(sh.Name)
	for _, s := range sh.Above {
		var text string
		switch s.Meaning {
		case aboveOffice, abovePlace:
			text = r.office()
		case aboveDay:
			text = dateWords.write(calendar.DateOf(r.s.db.Now()))
		case aboveFiller:
			text = r.actor.Name
		}
		if text == "" || s.Meaning == abovePlace && r.ask.Community == 0 && len(r.actor.Grants) != 1 {
			continue
		}
		v := s.field.value
		have := clean(valueAt(r.b.values[sh.Name], v.top, v.left))
		switch {
		case v.top > sh.lay.tables[sh.main].last && len(r.b.sheets[sh.Name].blocks) > 0 && !sh.lay.tables[sh.main].open:
			continue // under a list that may have grown
		case s.field.inline:
			text = have + text
		case have != "" && !isPlaceholder(have):
			continue
		}
		if err := pen.set(v.top, v.left, text); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) office() string {
	if len(r.actor.Grants) > 0 {
		return r.actor.Grants[0].RootName
	}
	return ""
}

// named finds rows by what names them on a form.
func (s *Service) named(ctx context.Context, actor authz.Actor, subject fact.Subject, ref fact.Ref, names []string, w fact.Within) (map[string][]id.ID, error) {
	via, _ := ref.Split()
	if len(via) == 0 || subject == fact.Member {
		return s.facts.Named(ctx, actor, subject, names, w)
	}
	// over one link: 户主姓名 of a household
	reached, ok := s.edge(subject, via[0])
	if !ok || len(via) > 1 {
		return nil, nil
	}
	there, err := s.facts.Named(ctx, actor, reached.To, names, w)
	if err != nil {
		return nil, err
	}
	return s.back(ctx, actor, subject, reached, there)
}

func (s *Service) edge(from fact.Subject, name string) (fact.Link, bool) {
	links := s.facts.Links(from)
	i := slices.IndexFunc(links, func(l fact.Link) bool { return l.Name == name })
	if i < 0 {
		return fact.Link{}, false
	}
	return links[i], true
}

// back goes from rows at the end of a link to the rows at its beginning: a person is the head of the household in which they live only if
// the link says so.
func (s *Service) back(ctx context.Context, actor authz.Actor, from fact.Subject, l fact.Link, there map[string][]id.ID) (map[string][]id.ID, error) {
	var home fact.Link
	for _, b := range s.facts.Links(l.To) {
		if b.To == from {
			home = b
		}
	}
	if home.Name == "" {
		return nil, nil
	}
	day := calendar.DateOf(s.db.Now())
	nameOf := map[id.ID]string{}
	var all []id.ID
	for name, ids := range there {
		for _, x := range ids {
			nameOf[x] = name
			all = append(all, x)
		}
	}
	slices.Sort(all)
	out := map[string][]id.ID{}
	for part := range slices.Chunk(all, fact.BatchSize) {
		homes, err := s.facts.ReadLink(ctx, actor, home, part, day)
		if err != nil {
			return nil, err
		}
		var rows []id.ID
		for _, h := range homes {
			rows = append(rows, h)
		}
		slices.Sort(rows)
		heads, err := s.facts.ReadLink(ctx, actor, l, slices.Compact(rows), day)
		if err != nil {
			return nil, err
		}
		for h, head := range heads {
			if name, ok := nameOf[head]; ok && slices.Contains(part, head) {
				out[name] = append(out[name], h)
			}
		}
	}
	for _, rows := range out {
		slices.Sort(rows)
	}
	return out, nil
}
