package fill

import (
	"strings"

	"linli/internal/calendar"
)

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
