package fill

import (
	"strings"

	"linli/internal/calendar"
	"linli/internal/fact"
	"linli/internal/id"
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

// above fills in what stands over and under a form: which office, who, when, in which place.
func (r *run) above(sh *Sheet) error {
	pen := r.b.pen(sh.Name)
	var at placeNames
	for _, s := range sh.Above {
		var text string
		switch s.Meaning {
		case aboveOffice:
			text = r.office()
		case abovePlace, aboveStreet, aboveCounty:
			if !at.read {
				var err error
				if at, err = r.placeNames(sh); err != nil {
					return err
				}
			}
			text = at.of[s.Meaning]
		case aboveDay:
			text = dateWords.write(calendar.DateOf(r.s.db.Now()))
		case aboveFiller:
			text = r.actor.Name
		}
		v := s.field.value
		have := clean(valueAt(r.b.values[sh.Name], v.top, v.left))
		switch {
		case text == "":
			continue
		case s.field.inline:
			text = s.field.before + text
		case have != "" && !isPlaceholder(have):
			continue
		}
		free, err := pen.free(v.top, v.left)
		if err != nil {
			return err
		}
		if !free {
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

// placeNames are the names of the place that a form is filled in for, as far as it is one.
type placeNames struct {
	read bool
	of   map[Verdict]string
}

// The facts of an organisation that say where it is.
const (
	orgKind     fact.Ref = "organisation.kind"
	orgLabel    fact.Ref = "organisation.label"
	orgStreet   fact.Ref = "organisation.street"
	orgCounty   fact.Ref = "organisation.county"
	orgDivision fact.Ref = "organisation.division"
)

// placeNames reads where a form is filled in: in the community chosen, or in the one place for which the actor works.
func (r *run) placeNames(sh *Sheet) (placeNames, error) {
	out := placeNames{read: true, of: map[Verdict]string{}}
	within, _, err := r.within(sh)
	if err != nil {
		return out, err
	}
	org := within.Org
	if org == 0 && len(r.actor.Grants) == 1 {
		org = r.actor.Grants[0].Root
	}
	if org == 0 {
		return out, nil
	}
	v, err := r.ed.Read(r.ctx, r.actor, fact.Ask{Subject: fact.Organisation, IDs: []id.ID{org}, Day: sh.Day,
		Refs: []fact.Ref{orgKind, orgLabel, orgStreet, orgCounty, orgDivision}})
	if err != nil {
		return out, err
	}
	out.of[aboveStreet], out.of[aboveCounty] = v.At(0, orgStreet).Text, v.At(0, orgCounty).Text
	switch v.At(0, orgKind).Text {
	case "community_party":
		out.of[abovePlace] = v.At(0, orgLabel).Text
	case "working_committee":
		out.of[aboveStreet] = v.At(0, orgDivision).Text
	case "district_committee":
		out.of[aboveStreet], out.of[aboveCounty] = "", v.At(0, orgDivision).Text
	default:
		out.of = nil // a unit is not a place
	}
	return out, nil
}
