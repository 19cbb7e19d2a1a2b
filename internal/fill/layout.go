package fill

// layout is what was found on a sheet.
type layout struct {
	title  string
	tables []table
	fields []field
	notes  []string // notes and hints under or over the tables
}

// known tells how surely somebody knows a label; 0 if not at all. It steers where headers are looked for.
type known func(path []string) float64

// find finds the tables and fields of a sheet.
func (s *sheet) find(know known) layout {
	var l layout
	taken := map[*block]bool{}
	s.findDown(know)
	for _, t := range s.tables(know) {
		s.complete(&t)
		for _, b := range s.blocks {
			if b.overlaps(t.area) || t.groupArea.height() > 0 && b.area == t.groupArea && t.group != "" ||
				b.top >= t.first && b.top <= t.last && b.left >= t.left && b.right <= t.right {
				taken[b] = true
			}
		}
		l.tables = append(l.tables, t)
	}
	s.loose(&l, taken, know)
	return l
}

// loose finds the title, the fields outside tables, and the notes.
func (s *sheet) loose(l *layout, taken map[*block]bool, know known) {
	section := ""
	values := map[area]bool{}
	for _, b := range s.blocks {
		if b.text == "" || taken[b] || values[b.area] {
			continue
		}
		switch {
		case isNote(b.text):
			l.notes = append(l.notes, b.text)
		case l.title == "" && s.alone(b) && !endsOpen(b.text) && (b.width() > 1 || b.top < 3) && len(l.fields) == 0:
			l.title = b.text
		case s.alone(b) && b.width() > 1 && s.blankRight(b) == nil && !endsOpen(b.text) && s.headsFields(b):
			section = b.text
		case isPrinted(b.text):
			// choices without a label are a value that was claimed or belongs to nobody
		default:
			if f, ok := s.field(b, taken, know); ok {
				if section != "" {
					f.path = append([]string{section}, f.path...)
				}
				values[f.value] = true
				l.fields = append(l.fields, f)
			}
		}
	}
}

// alone says whether a block is the only text of its row.
func (s *sheet) alone(b *block) bool {
	for c := range s.cols {
		if o := s.block(b.top, c); o != nil && o != b && o.text != "" {
			return false
		}
	}
	return true
}

func isHan(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }
