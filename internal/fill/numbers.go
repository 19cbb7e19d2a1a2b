package fill

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
