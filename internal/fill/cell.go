package fill

import (
	"linli/internal/fact"
	"linli/internal/id"
)

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
			r.out.differs(Difference{Subject: subject, ID: row.ID, Ref: sl.Ref, Label: sl.Label(), Sheet: sh.Name, Row: row.Row, Cell: text, Record: value.Text}, sl.Fact)
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
	count.saw(value)
	content, ok := any(nil), false
	if sl.Meaning == Sure {
		content, ok = sl.style.into(r.printed(sh, sl, r0, c0), sl.Fact, value)
	}
	if ok {
		r.out.Filled++
		count.Filled++
		return pen.set(r0, c0, content)
	}
	r.out.Unknown++
	count.Unknown++
	if value.Known && value.Hidden {
		r.out.Hidden++
		count.Hidden++
	}
	if sl.Meaning == Sure && !value.Known {
		r.out.Missing = append(r.out.Missing, Missing{Subject: subject, ID: row.ID, Ref: sl.Ref, Label: sl.Label(), Sheet: sh.Name, Row: row.Row})
	}
	return pen.mark(r0, c0)
}

// printed is what is printed in a cell that is to be filled: choices, or the places of a date.
func (r *run) printed(sh *Sheet, sl *Slot, r0, c0 int) string {
	v := clean(valueAt(r.b.values[sh.Name], r0, c0))
	if isPrinted(v) {
		return v
	}
	return ""
}
